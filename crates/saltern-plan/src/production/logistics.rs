//! From the plant's store over the rails to the market: stocks, wagons, warehouses, demand.
//!
//! A flow of many periods, not a routing of vehicles: per product and step
//! `store' = store + made − shipped − sold here − spilt`, `far' = far + shipped − sold`, with room for both, wagons that
//! the products of a route share, and a market that takes so much a month. A product without a route is sold at the base.

use jiff::civil::Date;
use saltern_base::production::{Demand, Production};

use super::name::Name;
use super::step::Step;
use crate::programme::Programme;
use crate::solver::{Options, Solver, SolverError};

/// kg in a t.
pub(super) const T: f64 = 1e3;

/// Money that a tonne costs that lies about for a step: small, so that of equal plans the earlier is chosen.
pub(super) const LYING: f64 = 1e-3;

/// What a tonne costs that a contract asks for and that isn't delivered, as a multiple of its price: dear enough that no
/// other sale is preferred.
const FAILED: f64 = 10.0;

/// Adds the market to a programme. Rows [`Name::Store`] want what is made, with sign −1, besides.
pub(super) fn add(programme: &mut Programme<Name>, production: &Production, steps: &[Step]) {
    let n = steps.len();
    let any = (0.0, f64::INFINITY);
    for (i, product) in production.products.iter().enumerate() {
        let route = production.routes.iter().find(|r| r.products.contains(&i));
        let room = (0.0, product.stock_kg_max / T);
        let store = programme.add_columns(Name::Store(i), n, room, LYING);
        let sold = programme.add_columns(Name::Sold(i), n, any, -product.price * T);
        let spilt = programme.add_columns(Name::Spilt(i), n, any, 0.0);
        let store_row = programme.add_rows(Name::Store(i), n, (0.0, 0.0));
        for (s, step) in steps.iter().enumerate() {
            programme.upper[sold + s] = demand_t(production, i, step);
            balance(programme, store_row, store, s);
            programme.enter(store_row + s, spilt + s, 1.0);
        }
        let mut last = store;
        match route {
            None => (0..n).for_each(|s| programme.enter(store_row + s, sold + s, 1.0)),
            Some(route) => {
                let freight = route.freight * T;
                let shipped = programme.add_columns(Name::Shipped(i), n, any, freight);
                let far = programme.add_columns(Name::Far(i), n, any, LYING);
                let far_row = programme.add_rows(Name::Far(i), n, (0.0, 0.0));
                for s in 0..n {
                    programme.enter(store_row + s, shipped + s, 1.0);
                    balance(programme, far_row, far, s);
                    programme.enter(far_row + s, shipped + s, -1.0);
                    programme.enter(far_row + s, sold + s, 1.0);
                }
                last = far;
            }
        }
        if let Some(s) = n.checked_sub(1) {
            programme.cost[store + s] -= product.end_value * T;
            if last != store {
                programme.cost[last + s] -= product.end_value * T;
            }
        }
    }
    add_contracts(programme, production, steps);
    for (r, route) in production.routes.iter().enumerate() {
        let wagons = programme.add_rows(Name::Wagons(r), n, (f64::NEG_INFINITY, 0.0));
        let room = (f64::NEG_INFINITY, route.warehouse_kg_max / T);
        let warehouse = programme.add_rows(Name::Warehouse(r), n, room);
        for (s, step) in steps.iter().enumerate() {
            programme.row_upper[wagons + s] = route.rate_kg_s * 86_400.0 * f64::from(step.days) / T;
        }
        for &i in &route.products {
            let shipped = programme.columns_of(Name::Shipped(i));
            let far = programme.columns_of(Name::Far(i));
            if let (Some(shipped), Some(far)) = (shipped, far) {
                for s in 0..n {
                    programme.enter(wagons + s, shipped.start + s, 1.0);
                    programme.enter(warehouse + s, far.start + s, 1.0);
                }
            }
        }
    }
}

/// Contracts: `Σ sold · (days in the month / days of the step) + failed ≥ least · (days of the month in the period / its days)`.
fn add_contracts(programme: &mut Programme<Name>, production: &Production, steps: &[Step]) {
    for (d, demand) in production.demands.iter().enumerate() {
        let Some(sold) = programme.columns_of(Name::Sold(demand.product)) else {
            continue;
        };
        let months = months_of(demand, steps);
        if demand.least_kg <= 0.0 || months.is_empty() {
            continue;
        }
        let price = production.products[demand.product].price.abs() * T;
        let any = (0.0, f64::INFINITY);
        let n = months.len();
        let failed = programme.add_columns(Name::Contract(d), n, any, FAILED * price);
        let rows = programme.add_rows(Name::Contract(d), n, any);
        for (m, month) in months.iter().enumerate() {
            let within: u32 = steps.iter().map(|step| days_of(step, *month)).sum();
            let days = f64::from(month.days_in_month());
            programme.row_lower[rows + m] = demand.least_kg / T * f64::from(within) / days;
            programme.enter(rows + m, failed + m, 1.0);
            for (s, step) in steps.iter().enumerate() {
                let days = days_of(step, *month);
                if days > 0 {
                    let share = f64::from(days) / f64::from(step.days);
                    programme.enter(rows + m, sold.start + s, share);
                }
            }
        }
    }
}

/// Months of the period, by a day of each, that a row holds for.
pub(super) fn months_of(demand: &Demand, steps: &[Step]) -> Vec<Date> {
    let mut months: Vec<Date> = Vec::new();
    for day in steps.iter().flat_map(Step::dates) {
        let known = months.last().map(|d| (d.year(), d.month()));
        if demand.months.contains(&day.month()) && known != Some((day.year(), day.month())) {
            months.push(day);
        }
    }
    months
}

fn days_of(step: &Step, month: Date) -> u32 {
    let within = |day: &Date| (day.year(), day.month()) == (month.year(), month.month());
    step.dates().filter(within).count() as u32
}

/// `stock[s] − stock[s − 1]` in a row.
pub(super) fn balance(programme: &mut Programme<Name>, row: usize, stock: usize, s: usize) {
    programme.enter(row + s, stock + s, 1.0);
    if s > 0 {
        programme.enter(row + s, stock + s - 1, -1.0);
    }
}

/// Most that is sold of a product in a step, t; a month's demand is spread over its days.
fn demand_t(production: &Production, product: usize, step: &Step) -> f64 {
    let rows = || production.demands.iter().filter(|d| d.product == product);
    if rows().next().is_none() {
        return f64::INFINITY;
    }
    let of_day = |month: i8, days: i8| -> f64 {
        let rows = rows().filter(|d| d.months.contains(&month));
        rows.map(|d| d.most_kg / T / f64::from(days)).sum()
    };
    step.dates()
        .map(|day| of_day(day.month(), day.days_in_month()))
        .sum()
}

/// How given production is stored, moved and sold at best; t by product and step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Market {
    /// Money: sales less freight, and what is left at the end.
    pub earned: f64,
    /// Stock at the base at the end of a step.
    pub store_t: Vec<Vec<f64>>,
    /// Moved to the far warehouse; nothing for a product without a route.
    pub shipped_t: Vec<Vec<f64>>,
    /// Stock in the far warehouse at the end of a step; nothing for a product without a route.
    pub far_t: Vec<Vec<f64>>,
    /// Sold.
    pub sold_t: Vec<Vec<f64>>,
    /// Made without room for it.
    pub spilt_t: Vec<Vec<f64>>,
    /// Not delivered of each contract over the period.
    pub failed_t: Vec<f64>,
}

impl Market {
    /// The best for given production. `made_t` by product and step.
    ///
    /// # Errors
    /// Where the solver refuses, or finds no best.
    pub fn of(
        production: &Production,
        steps: &[Step],
        made_t: &[Vec<f64>],
    ) -> Result<Market, SolverError> {
        let mut programme = Programme::default();
        add(&mut programme, production, steps);
        for (i, made) in made_t.iter().enumerate() {
            if let Some(rows) = programme.rows_of(Name::Store(i)) {
                for (row, made) in rows.zip(made) {
                    programme.fix_row(row, *made);
                }
            }
        }
        let solution = Solver::new(&programme, &Options::default())?.solve()?;
        if !solution.feasible {
            return Err(SolverError::Refused { call: "run" });
        }
        let by_step = |name: fn(usize) -> Name| {
            let of = |i| match programme.columns_of(name(i)) {
                Some(block) => solution.columns[block].to_vec(),
                None => vec![0.0; steps.len()],
            };
            (0..production.products.len()).map(of).collect()
        };
        Ok(Market {
            earned: -solution.objective,
            store_t: by_step(Name::Store),
            shipped_t: by_step(Name::Shipped),
            far_t: by_step(Name::Far),
            sold_t: by_step(Name::Sold),
            spilt_t: by_step(Name::Spilt),
            failed_t: (0..production.demands.len())
                .map(|d| match programme.columns_of(Name::Contract(d)) {
                    Some(block) => solution.columns[block].iter().sum(),
                    None => 0.0,
                })
                .collect(),
        })
    }
}
