//! Where energy comes from: cases that can be reckoned by hand, and what holds in any network.

use crate::folder::made_of;
use proptest::prelude::*;
use saltern_base::energy::Energy;
use saltern_plan::dispatch::{
    self, Ends, Origin, Outcome, Outside, Rules, Series, Tracing, User, trace,
};
use saltern_plan::solution::Status;
use saltern_plan::solver::{Options, Solver};

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{found} for {expected}"
    );
}

/// A dispatch of a day in which nothing happens.
fn still(energy: &Energy, series: &Series) -> Outcome {
    let zeros = |units: usize| vec![vec![0.0; 24]; units];
    Outcome {
        steps: 24,
        generation: zeros(energy.generators.len()),
        available: zeros(energy.generators.len()),
        charge: zeros(energy.stores.len()),
        discharge: zeros(energy.stores.len()),
        start: vec![0.0; energy.stores.len()],
        level: zeros(energy.stores.len()),
        conversion: zeros(energy.converters.len()),
        line: zeros(energy.lines.len()),
        import: zeros(energy.grids.len()),
        export: zeros(energy.grids.len()),
        shortage: zeros(energy.nodes.len()),
        ..Outcome::nothing(energy, series)
    }
}

fn given(files: &[(&str, &str)]) -> (Energy, Series, Outcome) {
    let energy = made_of(files);
    let series = Series::of(&energy, &Outside::default());
    let outcome = still(&energy, &series);
    (energy, series, outcome)
}

fn share(tracing: &Tracing, origin: Origin, node: usize, step: usize) -> f64 {
    let index = tracing.origins.iter().position(|o| *o == origin);
    tracing.shares(node, step)[index.expect("a source")]
}

const BUS: (&str, &str) = ("energy_nodes.csv", "id,carrier\nbus,electricity\n");

/// Four nodes, six lines: 400 MW of water at a, 114 MW of fuel at b, 300 MW taken at c and 214 MW at d.
///
/// b has 60 of water in 174. d gets 115 of water and 174 from b, so (115 + 60) / 289 is water. c gets 225 of water and 75 from d.
fn mesh(ring: f64) -> Tracing {
    let (energy, series, mut outcome) = given(&[
        (
            "energy_nodes.csv",
            "id,carrier\na,electricity\nb,electricity\nc,electricity\nd,electricity\n",
        ),
        (
            "generators.csv",
            "id,kind,node,capacity [MW],carbon [t/MWh]\nwater,hydro,a,400,\nfuel,fuel,b,114,0.8\n",
        ),
        (
            "lines.csv",
            "id,from,to,capacity [MW]\nab,a,b,999\nac,a,c,999\nad,a,d,999\nbd,b,d,999\ncd,c,d,999\nda,d,a,999\n",
        ),
        (
            "energy_demands.csv",
            "id,node,power [MW]\nc1,c,300\nd1,d,214\n",
        ),
    ]);
    outcome.generation = vec![vec![400.0; 24], vec![114.0; 24]];
    // A ring a → b → d → a, by a line of its own.
    let flows = [60.0 + ring, 225.0, 115.0, 174.0 + ring, -75.0, ring];
    outcome.line = flows.map(|flow| vec![flow; 24]).to_vec();
    trace(&energy, &series, &outcome)
}

#[test]
fn a_mesh_is_shared_in_proportion() {
    let tracing = mesh(0.0);
    let (water, fuel) = (Origin::Generator(0), Origin::Generator(1));
    close(share(&tracing, water, 1, 5), 60.0 / 174.0);
    close(share(&tracing, water, 3, 5), 175.0 / 289.0);
    let from_d = 75.0 * 114.0 / 289.0;
    close(share(&tracing, fuel, 2, 5), from_d / 300.0);
    close(tracing.intensity(2, 5).0, 800.0 * from_d / 300.0);
    close(tracing.clean_share(2, 5), 1.0 - from_d / 300.0);
    close(tracing.matched(0).score(), 1.0 - from_d / 300.0);
    close(tracing.matched_base().direct_kg, 24.0 * 114.0 * 800.0);
}

/// 500 MW that run round a → b → d → a serve nobody and change nothing.
#[test]
fn a_ring_changes_nothing() {
    let (plain, ringed) = (mesh(0.0), mesh(500.0));
    for node in 0..4 {
        for (a, b) in plain.shares(node, 7).iter().zip(ringed.shares(node, 7)) {
            close(*b, *a);
        }
    }
}

/// A battery that holds a mixture: 0.8 in, 0.9 out.
#[test]
fn a_store_mixes_what_it_takes_and_keeps_its_carbon() {
    let (energy, series, mut outcome) = given(&[
        BUS,
        (
            "generators.csv",
            "id,kind,node,capacity [MW],carbon [t/MWh]\nwater,hydro,bus,999,\nfuel,fuel,bus,999,0.8\n",
        ),
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh],carbon [t/MWh],carbon_free [%]\ngrid,bus,999,1,0.2,50\n",
        ),
        (
            "stores.csv",
            "id,node,capacity [MWh],charge [MW],discharge [MW],efficiency_in [1],efficiency_out [1],start [%]\n\
             battery,bus,999,999,999,0.8,0.9,0\n",
        ),
        ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
        (
            "profiles.csv",
            &crate::folder::profile("load [MW]", |hour| match hour {
                1 => 100.0,
                3 => 81.0,
                _ => 0.0,
            }),
        ),
    ]);
    // 100 of water and 25 of fuel are 125, of which 100 MWh are held: 80 and 20, with 20 t of carbon dioxide.
    outcome.generation[0][0] = 100.0;
    outcome.generation[1][0] = 25.0;
    outcome.charge[0][0] = 125.0;
    // 45 of 50 MWh arrive; 55 are bought.
    outcome.discharge[0][1] = 45.0;
    outcome.import[0][1] = 55.0;
    // 50 of water put 40 MWh beside the 50 that are left: 80 of water and 10 of fuel, with the 10 t that are left.
    outcome.generation[0][2] = 50.0;
    outcome.charge[0][2] = 50.0;
    outcome.discharge[0][3] = 81.0;
    outcome.level[0][..3].copy_from_slice(&[100.0, 50.0, 90.0]);
    let tracing = trace(&energy, &series, &outcome);
    let (water, fuel, grid) = (Origin::Generator(0), Origin::Generator(1), Origin::Grid(0));
    for (origin, expected) in [(water, 0.36), (fuel, 0.09), (grid, 0.55)] {
        close(share(&tracing, origin, 0, 1), expected);
    }
    close(
        tracing.intensity(0, 1).0,
        (50.0 * 200.0 + 55.0 * 200.0) / 100.0,
    );
    close(share(&tracing, water, 0, 3), 80.0 / 90.0);
    close(tracing.intensity(0, 3).0, 10_000.0 / 81.0);
    let matched = tracing.matched(0);
    close(matched.clean_mwh, 36.0 + 27.5 + 72.0);
    close(matched.direct_kg, 31_000.0);
    close(matched.score(), 135.5 / 181.0);
    // Of water 150, lost 20 and 10 on the way in, 4 and 8 on the way out.
    close(tracing.lost_mwh[0], 42.0);
    close(tracing.stranded_kg, 0.0);
}

/// A store that goes round: it begins with 100 MWh, takes 50 of water and 50 of fuel, gives 100. In the long run half of
/// it is fuel's, with 400 kg/MWh; one that stands still is of unknown origin for ever.
#[test]
fn a_cyclic_store_begins_as_it_ends() {
    let (energy, series, mut outcome) = given(&[
        BUS,
        (
            "generators.csv",
            "id,kind,node,capacity [MW],carbon [t/MWh]\nwater,hydro,bus,999,\nfuel,fuel,bus,999,0.8\n",
        ),
        (
            "stores.csv",
            "id,node,capacity [MWh],charge [MW],discharge [MW],efficiency_in [1],efficiency_out [1]\n\
             moving,bus,999,999,999,1,1\nidle,bus,999,999,999,1,1\n",
        ),
        ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
        (
            "profiles.csv",
            &crate::folder::profile("load [MW]", |hour| if hour == 1 { 100.0 } else { 0.0 }),
        ),
    ]);
    outcome.generation[0][0] = 50.0;
    outcome.generation[1][0] = 50.0;
    outcome.charge[0][0] = 100.0;
    outcome.discharge[0][1] = 100.0;
    outcome.start = vec![100.0, 30.0];
    outcome.level = vec![vec![100.0; 24], vec![30.0; 24]];
    outcome.level[0][0] = 200.0;
    let tracing = trace(&energy, &series, &outcome);
    close(share(&tracing, Origin::Generator(0), 0, 1), 0.5);
    close(tracing.intensity(0, 1).0, 400.0);
    close(tracing.opening_kg, tracing.closing_kg);
    for (opening, closing) in tracing.opening_mwh.iter().zip(&tracing.closing_mwh) {
        close(*closing, *opening);
    }
    let idle = tracing.origins.iter().position(|o| *o == Origin::Start(1));
    close(tracing.closing_mwh[idle.unwrap()], 30.0);
}

/// A heat pump of COP 3 on bought power of 600 kg/MWh gives heat of 200; a plant of 0.3 power and 0.5 heat on gas of 200 gives
/// both at 250; hydrogen at 65 % has the carbon of its power over 0.65.
#[test]
fn converters_hand_their_carbon_on() {
    let (energy, series, mut outcome) = given(&[
        (
            "energy_nodes.csv",
            "id,carrier\nbus,electricity\nheat,heat\ngas,hydrogen\ncold,heat\nh2,hydrogen\n",
        ),
        (
            "generators.csv",
            "id,kind,node,capacity [MW],carbon [t/MWh]\ngas_main,fuel,gas,999,0.2\n",
        ),
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh],carbon [t/MWh]\ngrid,bus,999,1,0.6\n",
        ),
        (
            "converters.csv",
            "id,kind,from,to,efficiency [1],cop,also_to,also_efficiency [1]\npump,heat_pump,bus,heat,,3,,\n\
             chp,fuel_cell,gas,cold,0.5,,h2,0.3\n",
        ),
        (
            "energy_demands.csv",
            "id,node,power [MW]\nwarm,heat,30\nx,cold,50\ny,h2,30\n",
        ),
    ]);
    outcome.import = vec![vec![10.0; 24]];
    outcome.generation = vec![vec![100.0; 24]];
    outcome.conversion = vec![vec![10.0; 24], vec![100.0; 24]];
    let tracing = trace(&energy, &series, &outcome);
    close(tracing.intensity(1, 4).0, 200.0);
    close(share(&tracing, Origin::Surroundings(0), 1, 4), 2.0 / 3.0);
    close(tracing.clean_share(1, 4), 2.0 / 3.0);
    close(tracing.intensity(3, 4).0, 250.0);
    close(tracing.intensity(4, 4).0, 250.0);
    let direct: f64 = (0..3).map(|c| tracing.matched(c).direct_kg).sum();
    close(direct, 24.0 * (10.0 * 600.0 + 100.0 * 200.0));
}

/// 100 of water by day of which half is sold, 50 bought by night: half is matched by the hour, all of it over the year.
#[test]
fn what_is_sold_counts_over_the_year_and_not_by_the_hour() {
    let day = |hour: usize| hour < 12;
    let (energy, series, mut outcome) = given(&[
        BUS,
        (
            "generators.csv",
            "id,kind,node,capacity [MW]\nwater,hydro,bus,999\n",
        ),
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh],export [MW],carbon [t/MWh]\ngrid,bus,999,1,999,0.6\n",
        ),
        ("energy_demands.csv", "id,node,power [MW]\nload,bus,50\n"),
    ]);
    for hour in 0..24 {
        if day(hour) {
            outcome.generation[0][hour] = 100.0;
            outcome.export[0][hour] = 50.0;
        } else {
            outcome.import[0][hour] = 50.0;
        }
    }
    let tracing = trace(&energy, &series, &outcome);
    let base = tracing.matched_base();
    close(base.score(), 0.5);
    close(tracing.annual_share(), 1.0);
    assert_eq!((base.steps, base.clean_steps), (24, 12));
    close(base.intensity().0, 300.0);
    assert_eq!(tracing.consumers[1].user, User::Export(0));
    close(tracing.matched(1).score(), 1.0);
}

/// A small network of random costs, losses and demands, with loops of lines, a battery and a pair of converters that could run in circles.
fn random_network(seed: &[f64]) -> (Energy, Series, Outcome) {
    let r = |i: usize| seed[i % seed.len()];
    let loss = |i: usize| if r(i) < 0.5 { 0.0 } else { 0.1 * r(i + 1) };
    let demand = crate::folder::profile("load [MW]", |hour| 20.0 + 60.0 * r(hour * 7 + 3));
    let lines = format!(
        "id,from,to,capacity [MW],loss [1]\nab,a,b,80,{}\nbc,b,c,80,{}\nca,c,a,80,{}\ncd,c,d,60,{}\nda,d,a,60,0\n",
        loss(1),
        loss(2),
        loss(5),
        loss(8)
    );
    let generators = format!(
        "id,kind,node,capacity [MW],cost [CNY/MWh],carbon [t/MWh]\nwater,hydro,a,{},5,\nfuel,fuel,c,200,{},{}\n",
        60.0 + 80.0 * r(11),
        100.0 + 200.0 * r(12),
        r(13)
    );
    let grids = format!(
        "id,node,import [MW],import_price [CNY/MWh],export [MW],export_price [CNY/MWh],carbon [t/MWh],carbon_free [%]\n\
         grid,b,300,{},50,{},{},{}\n",
        80.0 + 200.0 * r(14),
        60.0 * r(15),
        r(16),
        100.0 * r(17)
    );
    let energy = made_of(&[
        (
            "energy_nodes.csv",
            "id,carrier,shortage_price [CNY/MWh]\na,electricity,9000\nb,electricity,9000\nc,electricity,9000\n\
             d,electricity,9000\nh,hydrogen,9000\n",
        ),
        ("lines.csv", &lines),
        ("generators.csv", &generators),
        ("grids.csv", &grids),
        ("profiles.csv", &demand),
        (
            "stores.csv",
            "id,node,capacity [MWh],charge [MW],discharge [MW],efficiency_in [1],efficiency_out [1],loss [%/h],start [%]\n\
             battery,d,100,40,40,0.95,0.9,0.1,\ntank,h,200,,,1,1,,50\n",
        ),
        (
            "converters.csv",
            "id,kind,from,to,capacity [MW],efficiency [1]\nelz,electrolyser,c,h,60,0.65\ncell,fuel_cell,h,b,30,0.5\n",
        ),
        (
            "energy_demands.csv",
            "id,node,power [MW],profile\nl1,b,,load\nl2,d,15,\nl3,d,5,\nh2,h,8,\n",
        ),
    ]);
    let series = Series::of(&energy, &Outside::default());
    let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
    let mut solver = Solver::new(&plan.programme, &Options::default()).expect("a programme");
    let solution = solver.solve().expect("an answer");
    assert_eq!(solution.status, Status::Optimal);
    let outcome = Outcome::of(&energy, &series, &plan, &solution, &Ends::Whole);
    (energy, series, outcome)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Energy of each source is used, lost or held; carbon is used or held; shares are shares.
    #[test]
    fn nothing_is_lost_of_any_source(seed in prop::collection::vec(0.0..1.0_f64, 31)) {
        let (energy, series, outcome) = random_network(&seed);
        let tracing = trace(&energy, &series, &outcome);
        for (s, origin) in tracing.origins.iter().enumerate() {
            let used: f64 = (0..tracing.consumers.len()).map(|c| tracing.used_mwh(c)[s]).sum();
            let into = tracing.given_mwh[s] + tracing.opening_mwh[s];
            let out = used + tracing.lost_mwh[s] + tracing.closing_mwh[s];
            prop_assert!((into - out).abs() < 1e-4, "{origin:?}: {into} in, {out} out");
        }
        let mut emitted = 0.0;
        for (power, factors) in outcome.import.iter().zip(&series.import_carbon) {
            emitted += power.iter().zip(factors).map(|(p, f)| p * f * 1e3).sum::<f64>();
        }
        for (power, generator) in outcome.generation.iter().zip(&energy.generators) {
            emitted += power.iter().sum::<f64>() * generator.carbon_kg_j * 3.6e9;
        }
        let used: f64 = (0..tracing.consumers.len()).map(|c| tracing.matched(c).direct_kg).sum();
        let into = emitted + tracing.opening_kg;
        let out = used + tracing.closing_kg + tracing.stranded_kg;
        prop_assert!((into - out).abs() < 1e-6 * into.max(1.0) + 1e-2, "{into} kg in, {out} kg out");
        for consumer in &tracing.consumers {
            for (t, power) in consumer.power.iter().enumerate() {
                if *power > 1e-4 {
                    let sum: f64 = tracing.shares(consumer.node, t).iter().sum();
                    prop_assert!((sum - 1.0).abs() < 1e-6, "{sum} at step {t}");
                }
            }
        }
    }
}
