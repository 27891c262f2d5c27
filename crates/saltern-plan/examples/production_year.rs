//! Plans the production of a base folder over its period and prints the loop, timed:
//! `cargo run --release -p saltern-plan --example production_year [FOLDER]`.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::Instant;

use saltern_base::model::{Schedule, WeatherChoice};
use saltern_brine::assay::{Analyte, Assay, Balance};
use saltern_brine::equilibrium::Solver;
use saltern_brine::{phases, thermo};
use saltern_climate::generator::{Normals, generate};
use saltern_plan::production::{Options, plan, step};
use saltern_simulate::{BrineAmounts, Inputs, Next, Start, simulate};
use saltern_units::place::Place;

fn main() {
    let folder = PathBuf::from(
        (std::env::args().nth(1))
            .unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/qarhan").into()),
    );
    let simulations: usize = std::env::args().nth(2).map_or(12, |n| n.parse().unwrap());
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let (base, _) = saltern_base::folder::read("base", &text).unwrap();
    let production = saltern_base::production::read(&base, &text).unwrap();
    let database = thermo::default_database();
    let allowed = phases::select(&database, &base.chemistry.phases, "").unwrap();
    let mut solver = Solver::new(&database, &[]);
    let chloride = Analyte::Cl.component(&database).unwrap();
    let brines: Vec<BrineAmounts> = (base.brines.iter())
        .map(|brine| {
            let place = Place::row("brines.csv", brine.row);
            let assay = Assay::from_cells(&place, &brine.id, &brine.cells, 298.15).unwrap();
            let brine = assay.dissolve(&mut solver, Balance::Ion(chloride)).unwrap();
            BrineAmounts {
                amounts_mol_kgw: brine.amounts_mol,
            }
        })
        .collect();
    let site = saltern_climate::Site {
        latitude_deg: base.site.latitude_deg,
        longitude_deg: base.site.longitude_deg,
        elevation_m: base.site.elevation_m,
        utc_offset_h: base.site.utc_offset_h,
    };
    let WeatherChoice::Normals { path, seed } = &base.weather else {
        println!("only weather from normals");
        return;
    };
    let (normals, _) = Normals::read(&text(path).unwrap(), path, &site).unwrap();
    let (weather, _) = generate(&normals, &site, *seed).unwrap();
    let days = (base.from.series(jiff::Span::new().days(1))).take_while(|day| *day <= base.to);
    let hours: Vec<_> = days.flat_map(|day| weather.forcing(day).unwrap()).collect();

    let started = Instant::now();
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
        let begun = Instant::now();
        let simulation = simulate(&inputs, &mut |_| Next::Continue);
        println!("  simulated in {:.1} s", begun.elapsed().as_secs_f64());
        simulation
    };
    let steps = step::weeks(base.from, base.to);
    let options = Options {
        threads: 2,
        simulations_max: simulations,
        ..Options::default()
    };
    let plan = plan(&base, &production, &steps, &march, &options).unwrap();
    println!(
        "{} weeks, {} columns, {} rows, {} simulations, {:.1} s",
        steps.len(),
        plan.size.0,
        plan.size.1,
        plan.simulations,
        started.elapsed().as_secs_f64()
    );
    for turn in &plan.turns {
        println!(
            "  promised {:.2} M, simulated {:.2} M, gap {:.2} %, box {:.3}/{:.3}, {} iterations{}",
            turn.promised / 1e6,
            turn.simulated / 1e6,
            100.0 * turn.gap,
            turn.factor_box,
            turn.amount_box,
            turn.iterations,
            if turn.kept { ", kept" } else { "" }
        );
    }
    println!(
        "objective {:.2} M; by the rules {:.2} M",
        plan.objective / 1e6,
        plan.by_rules / 1e6
    );
    for figures in &plan.products {
        println!(
            "  {:14} planned {:10.0} t, simulated {:10.0} t, by the rules {:10.0} t, gap {:.2} %",
            production.products[figures.product].name,
            figures.planned_t,
            figures.simulated_t,
            figures.by_rules_t,
            100.0 * figures.gap()
        );
    }
    for binding in plan.bindings.iter().take(12) {
        println!("  {binding:?}");
    }
    for bar in &plan.bars {
        println!("  {bar:?}");
    }
    println!(
        "schedule: {} flows, {} harvests, {} loads",
        plan.schedule.flows.len(),
        plan.schedule.harvests.len(),
        plan.schedule.loads.len()
    );
}
