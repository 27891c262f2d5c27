//! The saltworks of the examples, played.

use std::path::Path;

use jiff::civil::Date;
use saltern_base::model::{Base, DAY_US};
use saltern_base::tags::{self, Tags};
use saltern_brine::assay::{Analyte, Assay, Balance};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::Solver;
use saltern_climate::generator::{Normals, generate};
use saltern_climate::{Site, Weather};
use saltern_samples::Quality;
use saltern_simulate::{BrineAmounts, Inputs, Next, Start, simulate};
use saltern_units::place::Place;

use crate::day::Day;
use crate::fault::{Fault, FaultKind, STORM_US, Wish};
use crate::instrument::Instrument;
use crate::orders::{Orders, SetPoint};
use crate::play::{Demo, Settings};
use crate::world::{Parts, PowerUnit, World};

const FIRST: Date = Date::constant(2027, 5, 1);
const HOUR_US: i64 = DAY_US / 24;

const TAGS: &str = "id,asset,unit,quantity,component,low,high,resolution,source,period [s],writable,write_min,write_max\n\
    e1.level,e1,m,level,,0,0.8,0.001,manual,60,,,\n\
    e1.density,e1,g/cm3,density,,1,1.4,0.0001,manual,600,,,\n\
    e1.Mg,e1,g/L,assay,Mg,,,,lab,604800,,,\n\
    e1.SO4,e1,g/L,assay,SO4,,,,lab,604800,,,\n\
    r_e1.flow,r_e1,m3/h,flow,,0,5000,1,manual,10,,,\n\
    r_e1.state,r_e1,1,state,,0,2,1,manual,10,,,\n\
    r_e1.setpoint,r_e1,m3/h,flow,,0,4000,1,manual,60,yes,0,4000\n\
    sea.density,sea,g/cm3,density,,0.9,1.4,0.0001,manual,600,,,\n\
    station.rain,station,mm,level,,0,300,0.01,manual,600,,,\n\
    nobody.knows,station,1,other,,,,,manual,60,,,\n";
const ASSETS: &str =
    "id,level,node\nworks,site,\ne1,unit,e1\nr_e1,unit,\nsea,unit,sea\nstation,unit,\n";

fn file(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/seawater");
    match name {
        "tags.csv" => Some(TAGS.into()),
        "assets.csv" => Some(ASSETS.into()),
        _ => std::fs::read_to_string(folder.join(name)).ok(),
    }
}

fn parts() -> Parts {
    let (mut base, _) = saltern_base::folder::read("seawater", &file).expect("the example");
    base.from = FIRST;
    let database = saltern_brine::thermo::default_database();
    let brines = brines(&base, &database);
    Parts {
        allowed: saltern_brine::phases::metastable(&database),
        brines,
        weather: weather(&base),
        power: Vec::new(),
        database,
        base,
    }
}

fn brines(base: &Base, database: &Database) -> Vec<BrineAmounts> {
    let mut solver = Solver::new(database, &[]);
    let chloride = Analyte::Cl.component(database).expect("chloride");
    let resolved = base.brines.iter().map(|brine| {
        let place = Place::row("brines.csv", brine.row);
        let assay = Assay::from_cells(&place, &brine.id, &brine.cells, 298.15).expect("an assay");
        let dissolved = assay.dissolve(&mut solver, Balance::Ion(chloride));
        BrineAmounts {
            amounts_mol_kgw: dissolved.expect("a brine").amounts_mol,
        }
    });
    resolved.collect()
}

fn weather(base: &Base) -> Weather {
    let site = Site {
        latitude_deg: base.site.latitude_deg,
        longitude_deg: base.site.longitude_deg,
        elevation_m: base.site.elevation_m,
        utc_offset_h: base.site.utc_offset_h,
    };
    let text = file("normals.csv").expect("normals");
    let (normals, _) = Normals::read(&text, "normals.csv", &site).expect("normals");
    generate(&normals, &site, 3).expect("weather").0
}

fn live() -> Tags {
    tags::read(&file).expect("the tags")
}

fn day(count: i32) -> Date {
    FIRST
        .checked_add(jiff::Span::new().days(count))
        .expect("a day")
}

/// A world on its day `count`, under these faults and set-points.
fn world(count: i32, faults: &[Fault], set: &[SetPoint]) -> World {
    let parts = parts();
    let orders = Orders::of(&parts.base, FIRST, faults, set);
    let mut world = World::begin(parts, FIRST, &orders).expect("a first day");
    for next in 1..=count {
        let orders = Orders::of(world.base(), day(next), faults, set);
        world.next(&orders).expect("a day");
    }
    world
}

fn pond(world: &World, id: &str) -> usize {
    let found = world.base().ponds.iter().position(|pond| pond.id == id);
    found.expect("a pond")
}

fn link(world: &World, id: &str) -> usize {
    let found = world.base().links.iter().position(|link| link.id == id);
    found.expect("a link")
}

fn fault(kind: FaultKind, target: &str, size: f64, from_us: i64, until_us: Option<i64>) -> Fault {
    Fault {
        number: 1,
        kind,
        target: target.into(),
        size,
        from_us,
        until_us,
    }
}

#[test]
fn a_world_marched_by_days_is_the_march_of_the_whole() {
    let parts = parts();
    let last = day(5);
    let mut hours = Vec::new();
    for count in 0..=5 {
        hours.extend(parts.weather.forcing(day(count)).expect("weather"));
    }
    let inputs = Inputs {
        base: &parts.base,
        database: &parts.database,
        allowed: &parts.allowed,
        brines: &parts.brines,
        hours: &hours,
        start: Start::Opening,
        schedule: None,
        from: FIRST,
        to: last,
    };
    let whole = simulate(&inputs, &mut |_| Next::Continue).expect("a march");
    let mut evening = whole.clone();
    let frame = evening
        .series
        .iter_mut()
        .find(|frame| frame.name == "ponds");
    for column in &mut frame.expect("ponds").columns {
        use saltern_base::frame::Values;
        let from = parts.base.ponds.len() * 5;
        match &mut column.values {
            Values::Number(values) => drop(values.drain(..from)),
            Values::Integer(values) => drop(values.drain(..from)),
            Values::Text(values) => drop(values.drain(..from)),
            Values::Date(values) => drop(values.drain(..from)),
        }
    }
    let told = Day::of(&parts.base, &evening, Vec::new());
    assert_eq!(world(5, &[], &[]).day().ponds, told.ponds);
}

#[test]
fn a_leak_from_noon_takes_half_a_day_of_it() {
    let mut world = world(3, &[], &[]);
    let e1 = pond(&world, "e1");
    let noon_us = world.midnight_us() + DAY_US / 2;
    let evening_us = world.midnight_us() + DAY_US;
    let before = (world.pond(e1, noon_us), world.pond(e1, evening_us));
    // So strong that what keeps the level cannot: pumps stand as well.
    let faults = [
        fault(FaultKind::Leak, "e1", 100.0, noon_us, None),
        fault(FaultKind::Trip, "r_e1", 0.0, noon_us, None),
        fault(FaultKind::Trip, "e1_e2", 0.0, noon_us, None),
    ];
    let leak = [faults[0].clone()];
    let dry = &faults[1..];
    let orders = Orders::of(world.base(), world.date(), dry, &[]);
    world.again(noon_us, &orders).expect("a day");
    let tight = world.pond(e1, evening_us).level_m;
    let both = [&leak[..], dry].concat();
    let orders = Orders::of(world.base(), world.date(), &both, &[]);
    world.again(noon_us, &orders).expect("a day");
    let leaky = world.pond(e1, evening_us).level_m;
    let lost_mm = (tight - leaky) * 1e3;
    assert!((lost_mm - 50.0).abs() < 2.0, "{lost_mm} mm");
    // What was seen at noon stays what it was.
    assert_eq!(world.pond(e1, noon_us), before.0);
    assert!(leaky < before.1.level_m);
}

#[test]
fn a_storm_brings_its_rain_and_no_more() {
    let plain = world(2, &[], &[]);
    let from_us = plain.midnight_us() + 20 * HOUR_US;
    // Over midnight, so that two days have a part of it.
    let storm = [fault(
        FaultKind::Storm,
        "",
        30.0,
        from_us,
        Some(from_us + STORM_US),
    )];
    let mut rained_m = 0.0;
    for count in 2..=3 {
        let (wet, plain) = (world(count, &storm, &[]), world(count, &[], &[]));
        let of =
            |world: &World| -> f64 { world.day().hours.iter().map(|h| h.rain_m_s * 3600.0).sum() };
        rained_m += of(&wet) - of(&plain);
    }
    assert!((rained_m - 0.030).abs() < 1e-9, "{rained_m} m");
    // With all pumps at rest, the level of a pond tells it as well.
    let at_rest = |id: &str| fault(FaultKind::Trip, id, 0.0, 0, None);
    let rest: Vec<Fault> = plain.base().links.iter().map(|l| at_rest(&l.id)).collect();
    let both = [&storm[..], &rest].concat();
    let (wet, dry) = (world(3, &both, &[]), world(3, &rest, &[]));
    let level = |world: &World| world.day().ponds[pond(world, "feed")].level_m;
    let rise_mm = (level(&wet) - level(&dry)) * 1e3;
    assert!((rise_mm - 30.0).abs() < 2.0, "{rise_mm} mm");
}

#[test]
fn a_pump_that_trips_stands_and_runs_again() {
    let morning_us = world(2, &[], &[]).midnight_us();
    let trip = [fault(
        FaultKind::Trip,
        "r_e1",
        0.0,
        morning_us,
        Some(morning_us + DAY_US),
    )];
    let stands = world(2, &trip, &[]);
    let runs = world(3, &trip, &[]);
    let r_e1 = link(&stands, "r_e1");
    assert_eq!(stands.day().links_m3_s[r_e1], 0.0);
    let noon_us = |world: &World| world.midnight_us() + DAY_US / 2;
    assert_eq!(stands.flow_m3_s(r_e1, noon_us(&stands)), 0.0);
    assert!(runs.flow_m3_s(r_e1, noon_us(&runs)) > 0.0);
    // It does not jump at midnight.
    assert_eq!(runs.flow_m3_s(r_e1, runs.midnight_us()), 0.0);
}

#[test]
fn a_set_point_bounds_the_flow() {
    let morning_us = world(2, &[], &[]).midnight_us();
    let set = |flow_m3_s| SetPoint {
        link: 1,
        flow_m3_s,
        from_us: morning_us,
    };
    let free = world(2, &[], &[]);
    assert_eq!(free.base().links[1].id, "r_e1");
    let half = free.day().links_m3_s[1] / 2.0;
    let bound = world(2, &[], &[set(half)]);
    assert!((bound.day().links_m3_s[1] / half - 1.0).abs() < 1e-6);
    assert_eq!(bound.set_point_m3_s(1), half);
}

/// Gives as many MW as hours have passed since the first midnight, out of what holds enough for two days of that.
#[test]
fn meters_of_the_park_show_what_the_dispatch_has_in_their_hour() {
    const HOUR_US: i64 = 3_600_000_000;
    let mut parts = parts();
    let power_mw = |hour: usize| hour as f64;
    let given_mwh = |hours: usize| (0..hours).map(power_mw).sum::<f64>();
    parts.power = vec![PowerUnit {
        id: "battery".into(),
        from: FIRST,
        step_s: 3600.0,
        power_w: (0..48).map(|hour| power_mw(hour) * 1e6).collect(),
        held_j: (0..=48)
            .map(|hours| (given_mwh(48) - given_mwh(hours)) * 3.6e9)
            .collect(),
    }];
    let units = parts.power.clone();
    let tags = tags::read(&|name| match name {
        "tags.csv" => Some(format!(
            "{TAGS}battery.power,battery,MW,power,,-100,100,0.001,manual,60,,,\n\
             battery.energy,battery,MWh,energy,,0,2000,0.001,manual,60,,,\n"
        )),
        "assets.csv" => Some(format!("{ASSETS}battery,unit,\n")),
        other => file(other),
    });
    let tags = tags.expect("the tags");
    let orders = Orders::of(&parts.base, FIRST, &[], &[]);
    let world = World::begin(parts, FIRST, &orders).expect("a first day");
    let mut instruments = Instrument::all(world.base(), &units, &tags);
    let none = vec![false; world.base().links.len()];
    let mut shown = |id: &str, time_us: i64| {
        let mut meters = instruments.iter_mut();
        let meter = meters.find(|i| i.id == id).expect("the meter");
        let tag = &tags.tags[meter.tag];
        meter.look(&world, tag, &[], &none, time_us).value
    };
    for hour in [0, 7, 23] {
        let half_past_us = world.midnight_us() + hour as i64 * HOUR_US + HOUR_US / 2;
        // Half a percent of noise.
        let near = |shown: f64, truth: f64| (shown - truth).abs() <= 0.03 * truth;
        let power = shown("battery.power", half_past_us);
        assert!(near(power, power_mw(hour)), "{power} {hour}");
        let held = shown("battery.energy", half_past_us);
        let truth = given_mwh(48) - given_mwh(hour) - 0.5 * power_mw(hour);
        assert!(near(held, truth), "{held} {truth}");
    }
    let (midnight_us, day_us) = (world.midnight_us(), 24 * HOUR_US);
    assert!(world.power_w(0, midnight_us - 1).is_nan());
    assert!(world.held_j(0, midnight_us - 1).is_nan());
    assert!(world.power_w(0, midnight_us + 2 * day_us).is_nan());
    assert!(world.held_j(0, midnight_us + 2 * day_us + HOUR_US).is_nan());
}

#[test]
fn instruments_err_drift_and_stick_as_asked() {
    let world = world(2, &[], &[]);
    let tags = live();
    let mut instruments = Instrument::all(world.base(), &[], &tags);
    let played: Vec<&str> = instruments.iter().map(|i| i.id.as_str()).collect();
    assert!(
        !played.contains(&"nobody.knows") && played.len() == 9,
        "{played:?}"
    );
    let none = vec![false; world.base().links.len()];
    let midnight_us = world.midnight_us();
    let e1 = pond(&world, "e1");
    let at = |id: &str, instruments: &[Instrument]| {
        instruments
            .iter()
            .position(|i| i.id == id)
            .expect("an instrument")
    };
    let mut look = |id: &str, faults: &[Fault], time_us: i64| {
        let at = at(id, &instruments);
        let tag = &tags.tags[instruments[at].tag];
        instruments[at].look(&world, tag, faults, &none, time_us)
    };
    // 2 mm of noise: over a thousand looks the root mean square is near it.
    let errors = (0..1000).map(|i| {
        let time_us = midnight_us + i * 60_000_000;
        look("e1.level", &[], time_us).value - world.pond(e1, time_us).level_m
    });
    let squares: f64 = errors.map(|e| e * e).sum();
    let rms_mm = (squares / 1000.0).sqrt() * 1e3;
    assert!((rms_mm - 2.0).abs() < 0.2, "{rms_mm} mm");
    // The same look shows the same.
    assert_eq!(
        look("e1.level", &[], midnight_us),
        look("e1.level", &[], midnight_us)
    );

    let stuck = [fault(FaultKind::Stuck, "e1.level", 0.0, midnight_us, None)];
    let held = look("e1.level", &stuck, midnight_us).value;
    for hour in 1..24 {
        let shown = look("e1.level", &stuck, midnight_us + hour * HOUR_US);
        assert_eq!((shown.value, shown.quality), (held, Quality::GOOD));
    }
    let drift = [fault(
        FaultKind::Drift,
        "e1.density",
        0.01,
        midnight_us,
        None,
    )];
    let late_us = midnight_us + 12 * HOUR_US;
    let gone = look("e1.density", &drift, late_us).value - look("e1.density", &[], late_us).value;
    assert!((gone - 0.005).abs() < 2e-4, "{gone}");

    // Mg and SO4 of an evaporated seawater stand as in seawater: 1.28 and 2.71 g/kg at salinity 35 (Millero 2008).
    let ratio = look("e1.SO4", &[], midnight_us).value / look("e1.Mg", &[], midnight_us).value;
    assert!((ratio / (2.712 / 1.284) - 1.0).abs() < 0.04, "{ratio}");
    let sea = look("sea.density", &[], midnight_us).value;
    assert!((sea - 1.026).abs() < 0.004, "{sea}");
}

#[test]
fn a_plant_goes_on_after_a_restart_as_if_nothing_had_been() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = |at_us| Settings {
        folder: folder.path().to_path_buf(),
        drops: folder.path().join("drops"),
        speed: 1.0,
        at_us,
    };
    let mut told = 0;
    let at_us = parts().base.site.midnight_us(day(4)) + 10 * HOUR_US;
    let begun = Demo::prepare(parts(), live(), settings(Some(at_us)), &mut |_, _| {
        told += 1
    });
    let (demo, past) = begun.expect("a plant");
    assert_eq!(told, 5);
    // Levels of the days before are there, and nothing later than the clock.
    let level = live().tag("e1.level").expect("a tag") as u32;
    let levels = past.readings.iter().filter(|r| r.tag.0 == level).count();
    assert_eq!(levels, 4 * 144 + 60);
    assert!(past.readings.iter().all(|r| r.sample.time_us < at_us));

    let wish = |text: &str| Wish::read(text).expect("a wish");
    let leak = demo.begin(&wish("leak:e1:20")).expect("a leak");
    demo.begin(&wish("storm::10")).expect("a storm");
    assert_eq!(demo.status().faults.len(), 2);
    demo.end(leak.number).expect("an end");
    assert!(demo.end(leak.number).is_err());
    for bad in [
        "leak:nowhere:1",
        "leak:e1",
        "leak:e1:-1",
        "stuck:e1.level:2",
        "down:e1",
    ] {
        assert!(demo.begin(&wish(bad)).is_err(), "{bad}");
    }
    let before = demo.status();
    drop(demo);

    let again = Demo::prepare(parts(), live(), settings(None), &mut |_, _| ());
    let (again, past) = again.expect("the plant again");
    assert!(past.readings.is_empty());
    let after = again.status();
    assert!(after.now_us >= before.now_us);
    assert_eq!(after.faults, before.faults);
}
