//! Decisions: levels, grades, seasons, schedules, harvests, and starting again.

use saltern_base::book::StreamKind;
use saltern_base::model::*;
use saltern_simulate::{BrineAmounts, Inputs, Next, SimulateError, Start, simulate_with};

use crate::world::*;

fn fed_pond(rule: Rule) -> Base {
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.ponds = vec![pond("p")];
    base.sources = vec![source("wells", 0, 0.01)];
    base.outlets = vec![outlet("lake")];
    base.links = vec![link("feed", End::Source(0), End::Pond(0), 0.01, rule)];
    base
}

fn feed() -> [BrineAmounts; 1] {
    [toy_brine(3.0, 0.5, 1.0, 0.02)]
}

#[test]
fn a_level_is_kept_while_the_feed_can() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.ponds[0].opening.depth_m = 0.1;
    let run = march(&base, &feed(), &weather(60, 0, 0.0));
    let depth = series(&run, "p", "depth");
    // 0.01 m³/s on a hectare is 86 mm a day: 0.1 m rises to 0.3 m on the third day.
    assert!((depth[1] - 0.27).abs() < 0.01, "{}", depth[1]);
    assert!(
        depth[3..].iter().all(|d| (d - 0.3).abs() < 0.003),
        "{depth:?}"
    );
}

#[test]
fn brine_above_the_crest_runs_over() {
    let mut base = fed_pond(Rule::Constant);
    base.links.push(link(
        "over",
        End::Pond(0),
        End::Outlet(0),
        f64::INFINITY,
        Rule::Overflow,
    ));
    let run = march(&base, &feed(), &weather(30, 0, 0.0));
    let level = series(&run, "p", "level");
    assert!(
        level[10..].iter().all(|l| (l - 0.6).abs() < 0.005),
        "{level:?}"
    );
    assert!(closure(&run.book) < 1e-12);
}

#[test]
fn a_pump_stops_at_the_least_depth() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.links = vec![link(
        "out",
        End::Pond(0),
        End::Outlet(0),
        0.01,
        Rule::Constant,
    )];
    base.ponds[0].depth_m_min = 0.12;
    let run = march(&base, &feed(), &weather(6, 0, 0.0));
    let (depth, out) = (series(&run, "p", "depth"), series(&run, "p", "outflow"));
    assert!((out[0] - 864.0).abs() < 1.0 && out[4] == 0.0, "{out:?}");
    assert!(depth[5] < 0.12 && depth[5] > 0.09);
}

#[test]
fn a_grade_opens_a_link() {
    let mut base = fed_pond(Rule::KeepLevel);
    let grade = Rule::Grade {
        quantity: GradeQuantity::Element("Mg".into()),
        above: true,
        limit: 40.0,
    };
    base.links
        .push(link("on", End::Pond(0), End::Outlet(0), 0.003, grade));
    base.ponds[0].cells = 1;
    let run = march(&base, &feed(), &weather(200, 0, 0.0));
    let (mg, out) = (series(&run, "p", "Mg"), series(&run, "p", "outflow"));
    let first = out.iter().position(|q| *q > 0.0).unwrap();
    assert!(
        first > 20 && mg[first - 2] < 41.0 && mg[first] > 38.0,
        "{first} {}",
        mg[first]
    );
}

#[test]
fn seasons_and_schedules_rule_the_pumps() {
    let mut base = fed_pond(Rule::Constant);
    base.links[0].season = Some(((4, 11), (4, 20)));
    let schedule = Schedule {
        flows: vec![ScheduledFlow {
            link: 0,
            from: jiff::civil::date(2023, 4, 15),
            to: jiff::civil::date(2023, 4, 25),
            flow_m3_s: 0.002,
        }],
        ..Schedule::default()
    };
    let run = march_from(
        &base,
        &feed(),
        &weather(30, 0, 0.0),
        Start::Opening,
        Some(&schedule),
    );
    let inflow = series(&run, "p", "inflow");
    assert_eq!((inflow[9], inflow[25]), (0.0, 0.0));
    assert!(
        (inflow[10] - 864.0).abs() < 1e-6 && (inflow[20] - 172.8).abs() < 1e-6,
        "{inflow:?}"
    );
}

#[test]
fn blended_inflows_share_the_demand_by_capacity() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.brines.push(named("second"));
    base.sources.push(source("river", 1, 0.1));
    base.links.push(link(
        "river",
        End::Source(1),
        End::Pond(0),
        0.03,
        Rule::KeepLevel,
    ));
    let brines = [
        toy_brine(3.0, 0.5, 1.0, 0.02),
        toy_brine(0.1, 0.0, 0.0, 0.0),
    ];
    let run = march(&base, &brines, &weather(40, 0, 0.0));
    let volume = |id: &str| -> f64 {
        let stream = run.book.streams.iter().position(|s| s.id == id).unwrap();
        run.book
            .postings
            .iter()
            .filter(|p| p.stream == stream)
            .map(|p| p.volume_m3)
            .sum()
    };
    assert!((volume("river") / volume("feed") - 3.0).abs() < 1e-9);
}

#[test]
fn a_dry_harvest_drains_the_pond_and_leaves_the_floor_asked_for() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.links.push(link(
        "on",
        End::Pond(0),
        End::Outlet(0),
        0.02,
        Rule::Constant,
    ));
    base.links[1].season = Some(((1, 1), (1, 1)));
    base.ponds[0].opening.floor = vec![("Halite".into(), 0.2)];
    base.harvests = vec![harvest("salt", 0, HarvestMethod::Dry, (4, 10), 12)];
    let run = march(
        &base,
        &[toy_brine(6.0, 0.5, 0.0, 0.0)],
        &weather(21, 0, 0.0),
    );
    let (depth, salt) = (
        series(&run, "p", "depth"),
        series(&run, "p", "salt_thickness"),
    );
    // Drained in the first four days, scraped in the eight that follow.
    assert!(depth[8] > 0.25 && depth[12] < 0.01, "{depth:?}");
    assert!(salt[12] > 0.2 && (salt[20] - 0.01).abs() < 1e-6, "{salt:?}");
    let mass = |kind| -> f64 {
        (run.book.postings.iter())
            .filter(|p| run.book.streams[p.stream].kind == kind)
            .map(|p| p.mass_kg)
            .sum()
    };
    let (dry, wet) = (mass(StreamKind::Harvest), mass(StreamKind::Entrainment));
    // Halite (58.44 g/mol in 27 cm³) at a quarter of pores on a hectare.
    let lay = (salt[12] - 0.01) * 0.75 * 58.44e-3 / 27e-6 * 1e4;
    assert!((dry / lay - 1.0).abs() < 0.01, "{dry} {lay}");
    assert!((wet / dry - 0.1).abs() < 1e-6, "{wet} {dry}");
    assert!(closure(&run.book) < 1e-12);
}

#[test]
fn a_dredge_takes_its_rate_as_far_as_salt_is_there() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.ponds[0].opening.floor = vec![("Halite".into(), 0.2)];
    base.harvests = vec![harvest("salt", 0, HarvestMethod::Dredge, (4, 3), 5)];
    let taken = |rate_t_d: f64| -> Vec<f64> {
        let schedule = Schedule {
            harvests: vec![ScheduledHarvest {
                harvest: 0,
                from: jiff::civil::date(2023, 4, 10),
                days: 3,
                rate_kg_s: Some(rate_t_d * 1e3 / 86_400.0),
            }],
            ..Schedule::default()
        };
        let weather = weather(20, 0, 0.0);
        let run = march_from(&base, &feed(), &weather, Start::Opening, Some(&schedule));
        (run.book.postings.iter())
            .filter(|p| run.book.streams[p.stream].kind == StreamKind::Harvest)
            .map(|p| p.mass_kg * 1e-3)
            .collect()
    };
    let slow = taken(50.0);
    assert_eq!(slow.len(), 3);
    assert!(
        slow.iter().all(|t| (t / 50.0 - 1.0).abs() < 1e-9),
        "{slow:?}"
    );
    // All that is above the floor goes on the first day; what forms afterwards is little or nothing.
    let fast = taken(1e6);
    let later: f64 = fast[1..].iter().sum();
    assert!(fast[0] > 500.0 && later < 0.1 * fast[0], "{fast:?}");
}

#[test]
fn a_scheduled_harvest_replaces_the_yearly_one() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.ponds[0].opening.floor = vec![("Halite".into(), 0.2)];
    base.harvests = vec![harvest("salt", 0, HarvestMethod::Dredge, (4, 3), 5)];
    let harvests = vec![ScheduledHarvest {
        harvest: 0,
        from: jiff::civil::date(2023, 4, 20),
        days: 2,
        rate_kg_s: None,
    }];
    let schedule = Schedule {
        harvests,
        ..Schedule::default()
    };
    let run = march_from(
        &base,
        &feed(),
        &weather(30, 0, 0.0),
        Start::Opening,
        Some(&schedule),
    );
    let days: Vec<u32> = (run.book.postings.iter())
        .filter(|p| run.book.streams[p.stream].kind == StreamKind::Harvest)
        .map(|p| p.day)
        .collect();
    assert_eq!(days, [19, 20]);
}

#[test]
fn the_same_run_gives_the_same_bits_and_can_be_cut_in_two() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.ponds.push(pond("q"));
    base.links.push(link(
        "on",
        End::Pond(0),
        End::Pond(1),
        0.003,
        Rule::KeepLevel,
    ));
    base.links.push(link(
        "back",
        End::Pond(1),
        End::Pond(0),
        0.0005,
        Rule::Constant,
    ));
    let hours = weather(60, 9, 6.0);
    let (one, two) = (march(&base, &feed(), &hours), march(&base, &feed(), &hours));
    assert_eq!(one.book, two.book);

    let first = march(&base, &feed(), &hours[..30 * 24]);
    let database = toy_database();
    let from = first.end.date;
    let inputs = Inputs {
        base: &base,
        database: &database,
        allowed: &[0, 1, 2],
        brines: &feed(),
        hours: &hours[30 * 24..],
        start: Start::Snapshot(&first.end),
        schedule: None,
        from,
        to: from.checked_add(jiff::Span::new().days(29)).unwrap(),
    };
    let second = simulate_with(&inputs, &mut Toy::default(), &mut |_| Next::Continue).unwrap();
    assert_eq!(second.book.opening, first.book.closing);
    assert_eq!(second.book.closing, one.book.closing);
}

/// The story: a leak begun in the demo plant after its first day leaked nothing, because ponds obeyed what the base said when
/// they were opened.
#[test]
fn a_leak_that_opened_since_the_snapshot_leaks() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.links.clear();
    let hours = weather(2, 0, 0.0);
    let first = march(&base, &feed(), &hours[..24]);
    let database = toy_database();
    let on = |base: &Base| {
        let inputs = Inputs {
            base,
            database: &database,
            allowed: &[0, 1, 2],
            brines: &feed(),
            hours: &hours[24..],
            start: Start::Snapshot(&first.end),
            schedule: None,
            from: first.end.date,
            to: first.end.date,
        };
        let run = simulate_with(&inputs, &mut Toy::default(), &mut |_| Next::Continue).unwrap();
        series(&run, "p", "leakage")[0]
    };
    let tight_mm = on(&base);
    base.ponds[0].leakage_m_s += 2e-3 / 86_400.0;
    assert!((on(&base) - tight_mm - 2.0).abs() < 1e-9);
}

#[test]
fn a_state_written_and_read_opens_the_same_pond() {
    let mut base = fed_pond(Rule::KeepLevel);
    base.ponds[0].cells = 1;
    base.ponds[0].opening.floor = vec![("Halite".into(), 0.05)];
    let run = march(&base, &feed(), &weather(20, 0, 0.0));
    let database = toy_database();
    let hours = weather(1, 0, 0.0);
    let mut inputs = Inputs {
        base: &base,
        database: &database,
        allowed: &[0, 1, 2],
        brines: &feed(),
        hours: &hours,
        start: Start::Opening,
        schedule: None,
        from: FROM,
        to: FROM,
    };
    let state = run.state.clone();
    assert!((state.ponds[0].depth_m - series(&run, "p", "depth")[19]).abs() < 1e-9);
    let mut amounts_mol_kgw = vec![0.0; 7];
    amounts_mol_kgw[0] = WATER_MOL_KG;
    for (header, value) in &state.ponds[0].assay {
        let name = header.split_once(" [").unwrap().0;
        let c = database
            .components
            .iter()
            .position(|c| c.element == name)
            .unwrap();
        amounts_mol_kgw[c] = value.parse().unwrap();
    }
    let brines = [BrineAmounts { amounts_mol_kgw }];
    inputs.start = Start::State {
        state: &state,
        brines: &brines,
    };
    let again = simulate_with(&inputs, &mut Toy::default(), &mut |_| Next::Continue).unwrap();
    for element in ["Na", "K", "Mg", "Li", "Cl"] {
        let (before, after) = (
            held(&run.book, &run.book.closing, element),
            held(&again.book, &again.book.opening, element),
        );
        assert!(
            (after / before - 1.0).abs() < 5e-3,
            "{element} {before} {after}"
        );
    }
}

#[test]
fn bad_inputs_are_refused_with_their_evidence() {
    let mut base = fed_pond(Rule::KeepLevel);
    let database = toy_database();
    let hours = weather(3, 0, 0.0);
    let run = |base: &Base, brines: &[BrineAmounts], days: i64| {
        let inputs = Inputs {
            base,
            database: &database,
            allowed: &[0, 1, 2],
            brines,
            hours: &hours,
            start: Start::Opening,
            schedule: None,
            from: FROM,
            to: FROM.checked_add(jiff::Span::new().days(days - 1)).unwrap(),
        };
        simulate_with(&inputs, &mut Toy::default(), &mut |_| Next::Continue)
            .map(|_| ())
            .unwrap_err()
    };
    assert_eq!(run(&base, &feed(), 0).code(), "simulate.period_reversed");
    assert_eq!(
        run(&base, &feed(), 4),
        SimulateError::WeatherTooShort {
            hours: 72,
            needed: 96
        }
    );
    assert_eq!(run(&base, &[], 3).code(), "simulate.brine_missing");
    let mut bad = feed();
    bad[0].amounts_mol_kgw[3] = f64::NAN;
    assert_eq!(run(&base, &bad, 3).code(), "simulate.bad_brine");
    base.ponds[0].opening.floor = vec![("Halit".into(), 0.1)];
    let SimulateError::UnknownMineral { nearest, .. } = run(&base, &feed(), 3) else {
        panic!()
    };
    assert_eq!(nearest.as_deref(), Some("Halite"));
}
