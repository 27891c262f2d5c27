//! A case of logistics that can be done by hand, and a small base whose plan is simulated.

use std::collections::HashMap;

use jiff::civil::date;
use saltern_base::energy::Energy;
use saltern_base::model::Base;
use saltern_base::production::{self, Demand, Product, Production, Route};
use saltern_brine::{phases, thermo};
use saltern_climate::{Forcing, Hour, air};
use saltern_simulate::{BrineAmounts, Inputs, Next, Start, simulate};
use saltern_units::place::Place;

use saltern_units::Lang;
use saltern_units::message::Message;

use super::energy::{EnergyCosts, EnergySide};
use super::logistics::Market;
use super::*;
use crate::dispatch::{Outside, Series};
use crate::programme::Programme;
use crate::solver::{Options as SolverOptions, Solver};

fn place() -> Place {
    Place::file("sales.csv")
}

fn product(name: &str, price: f64, stock_kg_max: f64) -> Product {
    Product {
        name: name.into(),
        streams: vec![],
        price,
        end_value: 0.8 * price,
        stock_kg_max,
        place: place(),
    }
}

/// Plant store, rail, far warehouse and market over twelve months; the same programme solved with scipy.optimize.linprog
/// (HiGHS 1.x) gave 2 650 998 520 CNY. By hand: 1.2 Mt made; 880 kt sold at 2500 less 180 of freight; the rest lies in
/// the two stores at 2000, moved as far as it was, and a thousandth of a yuan a month for what lies.
#[test]
fn twelve_months_of_three_nodes_agree_with_another_program() {
    let demand = |months: Vec<i8>, most_kg| Demand {
        product: 0,
        months,
        most_kg,
        least_kg: 0.0,
        place: place(),
    };
    let production = Production {
        currency: "CNY".into(),
        products: vec![product("KCl", 2.5, 150e6)],
        demands: vec![
            demand(vec![2, 3, 4], 250e6),
            demand(vec![1, 5, 6, 7, 8, 9, 10, 11, 12], 60e6),
        ],
        routes: vec![Route {
            id: "rail".into(),
            products: vec![0],
            rate_kg_s: 60.0 * 60e3 / 86_400.0,
            wagon_kg: 60e3,
            freight: 0.18,
            warehouse_kg_max: 200e6,
            place: place(),
        }],
        ..Production::default()
    };
    let steps = step::months(date(2027, 1, 1), date(2027, 12, 31));
    let market = Market::of(&production, &steps, &[vec![100e3; 12]]).expect("a plan");
    let money = market.earned;
    assert!((money / 2_650_998_520.0 - 1.0).abs() < 1e-6, "{money}");
}

#[test]
fn weeks_cover_the_period_and_the_rest_belongs_to_the_last() {
    let weeks = step::weeks(date(2027, 1, 1), date(2027, 12, 31));
    assert_eq!(weeks.len(), 52);
    assert_eq!(weeks.iter().map(|w| w.days).sum::<u32>(), 365);
    assert_eq!((weeks[51].days, weeks[51].last()), (8, date(2027, 12, 31)));
    let winter = Some(((11, 1), (2, 28)));
    assert_eq!(weeks[0].days_in(winter), 7);
    assert_eq!(weeks[30].days_in(winter), 0);
}

const BASE: &str = r#"
[base]
name = "One pond"

[site]
latitude = "37 deg"
longitude = "95 deg"
elevation = "2680 m"
utc_offset = "8 h"

[period]
from = "2027-04-01"
to = "2027-05-26"

[weather]
file = "none.csv"
"#;

/// Salt of the heap is sold as it is.
const SALE: &str = r#"
[plant]
name = "Sale"

[units.belt]
kind = "mixer"

[streams.salt]
to = "belt"
rate = "10 t/h"
brine = "brine"

[streams.sold]
from = "belt"
"#;

/// Harvested late by its yearly campaign, so that the plant stands for weeks.
const FILES: [(&str, &str); 11] = [
    ("base.toml", BASE),
    // Weather is made below; the folder only has to name a file that is there.
    ("none.csv", ""),
    ("plants/sale.toml", SALE),
    (
        "brines.csv",
        "id,Na [mol/kgw],Cl [mol/kgw]\nbrine,5.9,5.9\n",
    ),
    (
        "ponds.csv",
        "id,stage,area [m2],depth_max [m],depth_min [m],depth_target [m],cells,leakage [mm/d],opening_brine,opening_depth [m]\n\
         p,halite,100000,2,0.05,0.5,2,0,brine,0.5\n",
    ),
    ("floors.csv", "pond,mineral,thickness [m]\np,Halite,0.25\n"),
    (
        "harvests.csv",
        "id,pond,stockpile,method,start,days,leave [m],entrainment [kg/kg]\nh,p,heap,dredge,05-06,20,0.05,0.1\n",
    ),
    (
        "plants.csv",
        "id,lead,capacity [t/d],load_min [%]\nsale,salt,500,0\n",
    ),
    (
        "plant_streams.csv",
        "plant,stream,node\nsale,salt,heap\nsale,sold,store\n",
    ),
    ("stockpiles.csv", "id,name\nheap,Heap\nstore,Store\n"),
    (
        "sales.csv",
        "product,streams,price [CNY/t],end_value [CNY/t]\nsalt,sale.sold,100,50\n",
    ),
];

const CHOICES: &str = "action,id,from,to,rate [t/d]\nharvest,h,04-01,12-31,2000\n";

fn read(changed: &[(&'static str, &str)]) -> (Base, Production) {
    let mut files: HashMap<&str, &str> = HashMap::from(FILES);
    files.extend(changed.iter().copied());
    let text = |name: &str| files.get(name).map(|text| text.to_string());
    let (base, _) = saltern_base::folder::read("test", &text).expect("a base");
    let production = production::read(&base, &text).expect("what is sold");
    (base, production)
}

fn hours(days: usize) -> Vec<Forcing> {
    let of_hour = |h: usize| {
        let sun = (((h % 24) as f64 - 12.0) / 24.0 * std::f64::consts::TAU).cos();
        let hour = Hour {
            air_temperature_k: 283.15 + 7.0 * sun,
            vapour_pressure_pa: 0.35 * air::saturation_vapour_pressure_pa(283.15),
            wind_m_s: 3.5,
            global_w_m2: 700.0 * sun.max(0.0),
            pressure_pa: 73_000.0,
            rain_m_s: 0.0,
            long_wave_down_w_m2: None,
            diffuse_w_m2: None,
            direct_normal_w_m2: None,
        };
        Forcing::new(&hour, 2.0)
    };
    (0..days * 24).map(of_hour).collect()
}

fn planned(choices: &str, threads: usize) -> ProductionPlan {
    answered(&[("choices.csv", choices)], threads).expect("a plan")
}

/// What the base with some tables changed is answered.
fn answered(
    changed: &[(&'static str, &str)],
    threads: usize,
) -> Result<ProductionPlan, ProductionError> {
    let (base, production) = read(changed);
    let database = thermo::default_database();
    let allowed = phases::metastable(&database);
    let mut amounts_mol_kgw = vec![0.0; database.components.len()];
    for (c, component) in database.components.iter().enumerate() {
        amounts_mol_kgw[c] = match component.element.as_str() {
            "Na" | "Cl" => 5.9,
            _ => 0.0,
        };
    }
    amounts_mol_kgw[saltern_brine::database::WATER] = 1.0 / 0.018_015_28;
    let brines = [BrineAmounts { amounts_mol_kgw }];
    let steps = step::weeks(base.from, base.to);
    let days: u32 = steps.iter().map(|step| step.days).sum();
    let hours = hours(days as usize);
    let march = |schedule: Option<&Schedule>| {
        let inputs = Inputs {
            base: &base,
            database: &database,
            allowed: &allowed,
            brines: &brines,
            hours: &hours,
            start: Start::Opening,
            schedule,
            from: base.from,
            to: base.to,
        };
        simulate(&inputs, &mut |_| Next::Continue)
    };
    let options = Options {
        threads,
        simulations_max: 6,
        ..Options::default()
    };
    let energy = supplied(changed);
    let series = energy
        .as_ref()
        .map(|energy| Series::of(energy, &Outside::default()));
    let side = energy.as_ref().zip(series.as_ref());
    let side = side.map(|(energy, series)| EnergySide {
        energy,
        series,
        node: 0,
    });
    plan(&base, &production, &steps, &march, side, &options)
}

/// The energy side, where the tables have one.
fn supplied(changed: &[(&'static str, &str)]) -> Option<Energy> {
    let mut files: HashMap<&str, &str> = HashMap::from(FILES);
    files.extend(changed.iter().copied());
    let text = |name: &str| files.get(name).map(|text| text.to_string());
    text("energy_nodes.csv")?;
    Some(saltern_base::energy::read("test", &text).expect("an energy side"))
}

#[test]
fn a_plan_harvests_earlier_than_the_rules_and_is_what_was_simulated() {
    let plan = planned(CHOICES, 1);
    let salt = &plan.products[0];
    assert!(plan.objective > 1.2 * plan.by_rules, "{:?}", plan.turns);
    // At most 500 t/d on 55 days, since on the first day nothing lies on the heap yet.
    assert!(salt.simulated_t <= 500.0 * 55.0 + 1e-6, "{salt:?}");
    assert!(salt.simulated_t > 0.97 * 500.0 * 55.0, "{salt:?}");
    assert!(salt.gap() < 0.02, "{salt:?}");
    let (base, production) = read(&[("choices.csv", CHOICES)]);
    let made = plan.trajectory.made_t(&base, &production);
    assert!((made[0].iter().sum::<f64>() - salt.simulated_t).abs() < 1e-9);
    assert!(plan.bars.iter().any(|bar| bar.of == BarOf::Harvest(0)));
}

/// What the plan says of its harvest in the week of a day.
fn of_harvest(plan: &ProductionPlan, day: jiff::civil::Date) -> Option<&undone::Undone> {
    let at = plan
        .steps
        .iter()
        .position(|step| step.dates().any(|d| d == day))?;
    let mut all = plan.undone.iter();
    all.find(|u| u.of == undone::Doable::Harvest(0) && (u.from..=u.to).contains(&at))
}

/// The harvest is let from 15 April: before, its season is in the way, and the row of the choice says so. Then the plant's
/// 500 t/d are the limit: 2000 t/d could be taken, and what is not would only lie on the heap.
#[test]
fn what_is_left_undone_has_its_reason_and_its_row() {
    let choices = "action,id,from,to,rate [t/d]\nharvest,h,04-15,12-31,2000\n";
    let changed = [("choices.csv", choices)];
    let plan = answered(&changed, 1).expect("a plan");
    let (base, production) = read(&changed);
    let early = of_harvest(&plan, date(2027, 4, 3)).expect("a reason");
    assert_eq!(early.because, undone::Because::Season, "{:?}", plan.undone);
    let rows = early.places(&base, &production);
    assert_eq!(
        (rows[0].file.as_str(), rows[0].row),
        ("choices.csv", Some(2))
    );
    let late = of_harvest(&plan, date(2027, 5, 12)).expect("a reason");
    assert!(late.left > 0.5, "{late:?}");
    let stood = (plan.undone.iter()).find(|u| u.of == undone::Doable::Plant(0) && u.from == 0);
    let stood = stood.expect("the plant stands until there is salt");
    assert_eq!(stood.because, undone::Because::Heap(0), "{stood:?}");
    for undone in &plan.undone {
        let told = undone::Told {
            undone,
            base: &base,
            production: &production,
        };
        let texts = [told.text(Lang::En), told.text(Lang::Zh)];
        assert!(texts.iter().all(|text| !text.contains('{')), "{texts:?}");
    }
    let plant = plan
        .bindings
        .iter()
        .find(|b| b.what() == Some(why::What::Plant(0)));
    assert!(plant.is_some_and(|b| b.worth > 0.0), "{:?}", plan.bindings);
}

/// A programme with whole numbers has prices as well, with these held where they came to.
#[test]
fn a_plan_with_campaigns_says_why_as_well() {
    let choices = "action,id,from,to,rate [t/d],rate_min [t/d],campaign_min [d]\nharvest,h,04-01,12-31,2000,1200,21\n";
    let plan = planned(choices, 1);
    assert!(!plan.bindings.is_empty() && !plan.undone.is_empty());
}

#[test]
fn a_plan_does_not_depend_on_threads() {
    let (one, two) = (planned(CHOICES, 1), planned(CHOICES, 2));
    assert_eq!(one.schedule, two.schedule);
    assert_eq!(one.objective.to_bits(), two.objective.to_bits());
    assert_eq!(one.turns, two.turns);
    assert_eq!(one.undone, two.undone);
}

#[test]
fn without_choices_the_rules_remain() {
    let plan = planned("action,id,from,to,rate [t/d]\n", 1);
    assert!(plan.objective >= plan.by_rules);
    assert!(plan.schedule.harvests.is_empty() && plan.schedule.flows.is_empty());
}

/// Asks why, checks what every answer promises, and compares the rows that are named with those that were planted.
fn names(changed: &[(&'static str, &str)], planted: &[&str]) -> why::Impossible {
    let mut tables = vec![("choices.csv", CHOICES)];
    tables.extend(changed);
    let Err(ProductionError::Impossible { why, .. }) = answered(&tables, 1) else {
        panic!("a plan, or another error");
    };
    let why = *why.expect("why");
    let feasible = |programme: &Programme<()>| {
        let solver = Solver::new(programme, &SolverOptions::default());
        solver.unwrap().solve().unwrap().feasible
    };
    let said = |message: &dyn Message| {
        let texts = [message.text(Lang::En), message.text(Lang::Zh)];
        assert!(texts.iter().all(|text| !text.contains('{')), "{texts:?}");
        texts[0].clone()
    };
    let told: Vec<String> = why.conflict.iter().map(|o| said(o)).collect();
    assert!(
        why.irreducible && !feasible(&why.conflicting(None)),
        "{told:?}"
    );
    for (o, text) in told.iter().enumerate() {
        assert!(feasible(&why.conflicting(Some(o))), "not needed: {text}");
    }
    assert!(why.relaxation.iter().all(|relief| !said(relief).is_empty()));
    assert!(!why.relaxation.is_empty() && feasible(&why.relaxed()));
    let places = why.conflict.iter().flat_map(|obstacle| &obstacle.places);
    let mut rows: Vec<String> = places
        .map(|place| format!("{}:{}", place.file, place.row.unwrap()))
        .collect();
    rows.sort();
    rows.dedup();
    assert_eq!(rows, planted, "{told:?}");
    why
}

/// April by contract.
fn april(least_t: u32) -> String {
    format!("product,months,most [t],least [t]\nsalt,4,90000,{least_t}\nsalt,5,90000,0\n")
}

/// The salt takes 100 kWh/t on its way and power is dear in April and cheap in May: 1 CNY/kWh leaves nothing of the price of
/// 100 CNY/t, 0.1 leaves 90. Half of the season's salt is left to May by the cuts; without them April sells as well.
#[test]
fn dear_power_moves_work_to_cheap_weeks() {
    let sale = SALE.replace(
        "kind = \"mixer\"",
        "kind = \"mixer\"\nelectricity_per_feed = \"100 kWh/t\"",
    );
    let tariff = "tariff,months,from,to,price [CNY/MWh]\nt,4,00:00,24:00,1000\nt,1-3,00:00,24:00,100\nt,5-12,00:00,24:00,100\n";
    let changed = [
        ("choices.csv", CHOICES),
        ("plants/sale.toml", &*sale),
        ("energy_nodes.csv", "id,carrier\nbus,electricity\n"),
        (
            "grids.csv",
            "id,node,import [MW],import_tariff\ngrid,bus,50,t\n",
        ),
        ("tariffs.csv", tariff),
        ("energy_demands.csv", "id,node,power [MW]\nload,bus,1\n"),
    ];
    let plan = answered(&changed, 1).expect("a plan");
    let fed = &plan.trajectory.feed_t[0];
    let (april, may): (f64, f64) = (fed[..4].iter().sum(), fed[5..].iter().sum());
    assert!(april < 0.05 * may && may > 9000.0, "{fed:?}");
    // 500 t/d of 100 kWh at 0.1 CNY/kWh.
    let mwh: f64 = plan.trajectory.electricity_mwh[0][5..].iter().sum();
    assert!((mwh / (0.1 * may) - 1.0).abs() < 1e-3, "{mwh}");
    assert!(
        (plan.energy_cost / (100.0 * mwh) - 1.0).abs() < 0.1,
        "{}",
        plan.energy_cost
    );
    let without = answered(&changed[..2], 1).expect("a plan");
    let april: f64 = without.trajectory.feed_t[0][..4].iter().sum();
    assert!(april > 5000.0);
}

/// Two grids, 1 MW at 100 and any at 300 CNY/MWh, and 1 MW of load beside the plants: for a week of 168 h the first tonne
/// costs 300 a MWh, and nothing is saved where the load is already beyond the first grid.
#[test]
fn cuts_are_the_cost_of_the_dispatch() {
    let grids = "id,node,import [MW],import_price [CNY/MWh]\na,bus,2,100\nb,bus,1,300\n";
    let energy = supplied(&[
        ("energy_nodes.csv", "id,carrier\nbus,electricity\n"),
        ("grids.csv", grids),
        ("energy_demands.csv", "id,node,power [MW]\nload,bus,1\n"),
    ]);
    let energy = energy.unwrap();
    let series = Series::of(&energy, &Outside::default());
    let side = EnergySide {
        energy: &energy,
        series: &series,
        node: 0,
    };
    // 1 MW is left of the first grid, 1 MW is what the second has: 168 MWh at 100, 168 more at 300, no more.
    let costs = EnergyCosts::of(
        &side,
        &[0..168, 168..336],
        &[252.0, 504.0],
        &SolverOptions::default(),
    );
    let costs = costs.unwrap().expect("a dispatch");
    for (mwh, cost) in [
        (0.0, 0.0),
        (84.0, 8400.0),
        (168.0, 16_800.0),
        (252.0, 16_800.0 + 84.0 * 300.0),
    ] {
        assert!(
            (costs.cost(0, mwh) - cost).abs() < 1e-6 * (1.0 + cost),
            "{mwh}"
        );
    }
    assert_eq!(costs.most_mwh, [f64::INFINITY, 336.0]);
}

/// Salt at 300 t/d for as long as the plant can take it; in campaigns of three weeks at no less than 1200 t/d it is taken
/// in whole campaigns, as planned and as simulated.
#[test]
fn campaigns_last_and_keep_their_least_rate() {
    let choices = "action,id,from,to,rate [t/d],rate_min [t/d],campaign_min [d]\nharvest,h,04-01,12-31,2000,1200,21\n";
    let plan = planned(choices, 1);
    let taken = &plan.trajectory.taken_t[0];
    let weeks: Vec<bool> = taken.iter().map(|t| *t > 1.0).collect();
    let campaigns: Vec<usize> = weeks
        .chunk_by(|a, b| a == b)
        .filter(|run| run[0])
        .map(<[bool]>::len)
        .collect();
    assert!(
        !campaigns.is_empty() && campaigns.iter().all(|weeks| *weeks >= 3),
        "{taken:?}"
    );
    let at_work = taken.iter().filter(|t| **t > 1.0);
    assert!(
        at_work.clone().all(|t| *t > 0.999 * 1200.0 * 7.0),
        "{taken:?}"
    );
    assert!(plan.objective > plan.by_rules);
}

#[test]
fn a_contract_beyond_the_capacity_of_a_plant() {
    // 30 days of 500 t; what it takes to keep it is said in tonnes.
    let why = names(
        &[("demand.csv", &april(16_000))],
        &["demand.csv:2", "plants.csv:2"],
    );
    let [relief] = &why.relaxation[..] else {
        panic!("{:?}", why.relaxation)
    };
    assert_eq!(
        relief.text(Lang::En),
        "salt: 1000 t less delivered by contract, 2027-04-01 to 2027-04-30 (demand.csv, row 2)"
    );
}

#[test]
fn a_contract_in_a_month_in_which_the_plant_stands_for_maintenance() {
    let plants =
        "id,lead,capacity [t/d],load_min [%],season_from,season_to\nsale,salt,500,0,05-01,12-31\n";
    names(
        &[("demand.csv", &april(4000)), ("plants.csv", plants)],
        &["demand.csv:2", "plants.csv:2"],
    );
}

#[test]
fn a_contract_beyond_what_a_dredge_can_take() {
    let choices = "action,id,from,to,rate [t/d]\nharvest,h,04-01,12-31,300\n";
    names(
        &[("demand.csv", &april(11_000)), ("choices.csv", choices)],
        &["choices.csv:2", "demand.csv:2"],
    );
}

#[test]
fn a_contract_beyond_the_salt_that_is_there() {
    let choices = "action,id,from,to,rate [t/d]\nharvest,h,04-01,12-31,20000\n";
    let plants = "id,lead,capacity [t/d],load_min [%]\nsale,salt,5000,0\n";
    names(
        &[
            ("demand.csv", &april(60_000)),
            ("choices.csv", choices),
            ("plants.csv", plants),
        ],
        &["choices.csv:2", "demand.csv:2"],
    );
}

#[test]
fn a_contract_beyond_the_wagons() {
    let transport = "id,products,wagons,wagon [t],freight [CNY/t]\nrail,salt,5,60,1\n";
    names(
        &[("demand.csv", &april(12_000)), ("transport.csv", transport)],
        &["demand.csv:2", "transport.csv:2"],
    );
}

#[test]
fn a_contract_that_wants_more_in_stock_than_there_is_room_for() {
    let demand = "product,months,most [t],least [t]\nsalt,5,90000,17500\n";
    let sales = "product,streams,price [CNY/t],end_value [CNY/t],stock_max [t]\nsalt,sale.sold,100,50,1000\n";
    names(
        &[("demand.csv", demand), ("sales.csv", sales)],
        &["demand.csv:2", "plants.csv:2", "sales.csv:2"],
    );
}

#[test]
fn a_grade_that_no_salt_has() {
    // Halite is 39.3 % sodium.
    let choices = "action,id,from,to,rate [t/d],element,grade [%]\nharvest,h,04-01,12-31,2000,,\ngrade,sale,04-01,12-31,,Na,45\n";
    let why = names(
        &[("demand.csv", &april(5000)), ("choices.csv", choices)],
        &["choices.csv:2", "choices.csv:3", "demand.csv:2"],
    );
    let told = why.conflict.iter().map(|o| o.text(Lang::En));
    let told: Vec<String> = told.collect();
    assert!(
        told.iter().any(|text| text.contains("at least 45 %")),
        "{told:?}"
    );
}

#[test]
fn a_grade_and_a_contract_that_can_be_kept_are() {
    let choices = "action,id,from,to,rate [t/d],element,grade [%]\nharvest,h,04-01,12-31,2000,,\ngrade,sale,04-01,12-31,,Na,35\n";
    let changed = [("demand.csv", &*april(9000)), ("choices.csv", choices)];
    let plan = answered(&changed, 1).expect("a plan");
    assert_eq!(plan.market.failed_t, [0.0, 0.0]);
    let fed = plan.trajectory.fed_share[0]
        .iter()
        .filter(|share| share.is_finite());
    assert!(
        fed.clone().count() > 6 && fed.clone().all(|share| *share > 0.35),
        "{fed:?}"
    );
}

#[test]
fn mistakes_in_the_tables_are_shown_with_row_and_column() {
    let error = |name: &str, table: &str| {
        let mut files: HashMap<&str, &str> = HashMap::from(FILES);
        files.insert(name, table);
        let text = |name: &str| files.get(name).map(|text| text.to_string());
        let (base, _) = saltern_base::folder::read("test", &text).expect("a base");
        let errors = production::read(&base, &text).expect_err("an error");
        assert_eq!(errors.len(), 1, "{errors:#?}");
        errors[0].to_string()
    };
    let sales = "product,streams,price [CNY/t]\nsalt,sale.soled,100\n";
    assert!(
        error("sales.csv", sales)
            .starts_with("sales.csv, row 2, column streams: there is no “sale.soled”")
    );
    let choices = "action,id,from,to\nharvest,h,04-01,12-31\n";
    let said = error("choices.csv", choices);
    assert!(
        said.starts_with("choices.csv") && said.contains("rate"),
        "{said}"
    );
    let demand = "product,most [t],least [t]\nsalt,100,200\n";
    assert!(error("demand.csv", demand).starts_with("demand.csv, row 2, column least"));
    let choices = "action,id,from,to,grade [%]\ngrade,sale,04-01,12-31,30\n";
    assert!(error("choices.csv", choices).contains("element"));
    let demand = "product,most [t]\nsugar,1\n";
    assert!(error("demand.csv", demand).starts_with("demand.csv, row 2, column product"));
}
