//! What units take beside matter: each drive against a hand calculation, and the balance of electricity and heat of every
//! plant, by unit and over the whole.

use saltern_brine::thermo::default_database;
use saltern_plants::drives::{Drive, Drives};
use saltern_plants::flowsheet::Flowsheet;
use saltern_plants::kinds::{self, Motors};
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::settings::{Setting, SettingError, Settings};
use saltern_plants::solve::{Solution, solve};
use saltern_plants::stream::Stream;
use saltern_plants::utilities::NotCounted;
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::place::Place;

use crate::reference;
use crate::support::{feed, flowsheet, number, stream, text, unit, water};

/// All plants of the example.
const PLANTS: [&str; 14] = [
    "alkali",
    "boric_acid",
    "bromine",
    "kcl",
    "kcl_reverse",
    "lithium",
    "magnesium",
    "magnesium_bischofite",
    "magnesium_hydroxide",
    "magnesium_metal",
    "potassium_sulfate",
    "residual",
    "rubidium",
    "soda_ash",
];

fn drives(kind: &str, settings: &[(&str, Setting)]) -> Result<Drives, SettingError> {
    let kind = kinds::find(kind).expect("a kind");
    let settings = Settings::new(kind.name, Place::entry("test", kind.name), settings)?;
    Drives::new(kind, &settings)
}

/// Power of one drive for one stream, W.
fn power_w(kind: &str, settings: &[(&str, Setting)], drive: Drive, inlet: &Stream) -> f64 {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let drives = drives(kind, settings).unwrap_or_else(|error| panic!("{error}"));
    let powers = drives.powers_w(&[(0, inlet)], &mut Room::new(&matter));
    let found = powers.iter().find(|(d, _)| *d == drive);
    found.map_or(0.0, |(_, w)| *w)
}

fn close(got: f64, expected: f64, within: f64) {
    let error = got / expected - 1.0;
    assert!(error.abs() < within, "{got} for {expected}");
}

/// 1 kg/s of water at 25 degC, 997.05 kg/m³ (CRC handbook), by hand.
#[test]
fn each_drive_is_its_equation() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let water = water(&matter);
    // 30 m at 65 %: 9.80665 · 30 / 0.65.
    let got = power_w("pump", &[("pump_head", number(30.0))], Drive::Pump, &water);
    close(got, 452.615, 1e-5);
    // 500 W/m³ for 10 min: 500 · 600 / 997.05.
    let stirred = [
        ("agitation", number(500.0)),
        ("residence_time", number(600.0)),
    ];
    let temperature = ("temperature", number(288.15));
    let got = power_w("tank", &stirred, Drive::Agitation, &water);
    close(got, 300.888, 2e-4);
    // Six cells of 2 min, a tenth gas: 1500 · 720 / 997.05 / 0.9.
    let bank = [
        ("froth_solids", number(0.3)),
        ("agitation", number(1500.0)),
        ("gas_holdup", number(0.1)),
    ];
    let got = power_w("flotation", &bank, Drive::Agitation, &water);
    close(got, 1203.55, 2e-4);
    // A Rushton turbine (n_p 5) of 0.5 m at 90 rpm in 2 m³ of water: 5 · 997.05 · 1.5³ · 0.5⁵ = 525.8 W at the shaft.
    let turbine = [
        ("power_number", number(5.0)),
        ("impeller_speed", number(1.5)),
        ("impeller_diameter", number(0.5)),
        ("tank_volume", number(2.0)),
        ("motor_efficiency", number(1.0)),
        ("residence_time", number(2.0 * 997.05)),
        temperature,
    ];
    let got = power_w("decomposer", &turbine, Drive::Agitation, &water);
    close(got, 525.79, 2e-4);
    // Air at 1 m³/(m³ min) blown with 30 kPa into 10 min of it: 0.010029 m³/s · 101325 · 3.5 · (1.29607^0.285714 − 1) / 0.6.
    let blown = [
        ("aeration", number(1.0 / 60.0)),
        ("air_pressure", number(30e3)),
        ("residence_time", number(600.0)),
    ];
    let got = power_w("tank", &blown, Drive::Air, &water);
    close(got, 455.6, 1e-3);
    // 2 kg/s of salt: 3 kWh/t are 21.6 kW; 100 m³/t of air drawn at half an atmosphere 0.2 · 101325 · 3.5 · (2^0.285714 − 1)/0.6.
    let salt = feed(&matter, 25.0, &[], &[("Halite", 2.0)]);
    let machine = [("electricity_per_solids", number(3.0 * 3600.0))];
    let got = power_w("separator", &machine, Drive::Machine, &salt);
    close(got, 21_600.0, 1e-9);
    let drawn = [
        ("air_per_solids", number(0.1)),
        ("vacuum", number(0.5 * 101_325.0)),
    ];
    let got = power_w("separator", &drawn, Drive::Air, &salt);
    close(got, 25_891.0, 1e-3);
}

/// 12.6 kWh a short ton from 10 mm to 100 um at W_i 14 (Bond's own formula), 13.89 a tonne.
#[test]
fn a_mill_follows_bond_in_tonnes() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let salt = feed(&matter, 25.0, &[], &[("Halite", 1.0)]);
    let kwh_t = 3600.0;
    let settings = [
        ("work_index", number(14.0 / 0.907_184_74 * kwh_t)),
        ("feed_size", number(0.01)),
        ("product_size", number(1e-4)),
        ("efficiency", number(1.0)),
    ];
    let mut room = Room::new(&matter);
    let outcome =
        crate::trial::run("mill", &settings, std::slice::from_ref(&salt), &mut room).unwrap();
    close(outcome.power_w, 12.6 / 0.907_184_74 * kwh_t, 1e-9);
    assert_eq!(outcome.outlets[0], salt);
    // Nothing to grind: no work, and it says so.
    let coarse = [
        settings[0].clone(),
        ("feed_size", number(1e-3)),
        ("product_size", number(1e-2)),
    ];
    let outcome = crate::trial::run("mill", &coarse, &[salt], &mut room).unwrap();
    assert!(outcome.power_w == 0.0 && outcome.remarks.len() == 1);
}

/// A setting that lacks another is told with its name.
#[test]
fn what_lacks_another_setting_is_told() {
    let lacks = |given: &[(&str, Setting)], name: &str| {
        let error = drives(
            "thickener",
            &[&[("underflow_solids", number(0.5))], given].concat(),
        );
        let error = error.expect_err(name).to_string();
        assert!(error.contains(name), "{error}");
    };
    lacks(&[("agitation", number(100.0))], "residence_time");
    lacks(
        &[
            ("power_number", number(5.0)),
            ("residence_time", number(60.0)),
        ],
        "impeller_speed",
    );
    lacks(&[("air_per_solids", number(0.1))], "air_pressure");
    lacks(
        &[("vacuum", number(90e3)), ("ambient_pressure", number(75e3))],
        "vacuum",
    );
}

/// What is not given is unknown, not nothing; `motors = "none"` is nothing; kinds say who needs which.
#[test]
fn what_is_not_given_is_not_counted_and_told() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let plant = |settings: &[(&str, Setting)]| {
        let units = [
            unit("tank", "tank", settings),
            unit("tee", "splitter", &[("share", number(0.5))]),
        ];
        let streams = [
            stream("brine", "- -> tank", Some(water(&matter))),
            stream("out", "tank -> tee", None),
            stream("a", "tee.first -> -", None),
            stream("b", "tee.second -> -", None),
        ];
        flowsheet(&matter, &units, &streams).unwrap()
    };
    let told = NotCounted::of(&plant(&[]), None);
    assert_eq!(
        told,
        [NotCounted::Electricity {
            units: vec!["tank".to_owned()]
        }]
    );
    for (lang, words) in [(Lang::En, "not counted: tank"), (Lang::Zh, "未计入：tank")] {
        let sentence = Message::text(&told[0], lang);
        assert!(sentence.contains(words), "{sentence}");
    }
    assert!(NotCounted::of(&plant(&[("motors", text("none"))]), None).is_empty());
    assert!(NotCounted::of(&plant(&[("pump_head", number(0.0))]), None).is_empty());
    let of = |motors: Motors| {
        let kinds = kinds::all()
            .iter()
            .filter(move |kind| kind.motors == motors);
        kinds.map(|kind| kind.name).collect::<Vec<_>>()
    };
    assert_eq!(of(Motors::Without), ["mixer", "splitter", "exchanger"]);
    assert_eq!(of(Motors::Modelled).len(), 7);
}

/// Heat that goes in and comes out over the ends of a plant, W: product enthalpies less feed enthalpies.
fn gained_w(plant: &Flowsheet, solution: &Solution, room: &mut Room<'_>) -> (f64, f64) {
    let (mut gained, mut passing) = (0.0, 0.0);
    for (s, (link, stream)) in plant.streams.iter().zip(&solution.streams).enumerate() {
        let sign = match (link.from.is_none(), link.to.is_none()) {
            (true, false) => -1.0,
            (false, true) => 1.0,
            _ => continue,
        };
        let w = room.enthalpy_w(50_000 + s, stream).expect("an enthalpy");
        gained += sign * w;
        passing += w.abs();
    }
    (gained, passing)
}

/// Utilities of a solution: by unit they add up to the plant's, none is negative, every one has a unit whose heat it is,
/// and over the ends of the plant what streams gain is electricity and heat, once each.
fn balanced(id: &str, plant: &Flowsheet, solution: &Solution, room: &mut Room<'_>) {
    let sum = solution.utilities();
    let (mut electricity_w, mut heating_w, mut cooling_w, mut heat_w) = (0.0, 0.0, 0.0, 0.0);
    for (unit, result) in plant.units.iter().zip(&solution.units) {
        let id = format!("{id}.{}", unit.id);
        let drives_w: f64 = result.drives.iter().map(|(_, w)| w).sum();
        assert!(result.outcome.power_w >= 0.0, "{id}");
        assert!(result.drives.iter().all(|(_, w)| *w > 0.0), "{id}");
        assert_eq!(
            result.electricity_w(),
            result.outcome.power_w + drives_w,
            "{id}"
        );
        electricity_w += result.electricity_w();
        let heat = result.heat_w.unwrap_or_else(|| panic!("{id}: no heat"));
        heat_w += heat;
        let own = result.utilities.expect("utilities where the heat is known");
        assert!(
            own.heating_w >= 0.0 && own.cooling_w >= 0.0,
            "{id}: {own:?}"
        );
        heating_w += own.heating_w;
        cooling_w += own.cooling_w;
        // What is bought less what is cooled away is the heat, or lies above it by what a fuel loses; what is open to the
        // air takes and gives the difference there.
        let bought = own.heating_w - own.cooling_w;
        let slack = 1e-6 * (own.heating_w + own.cooling_w + heat.abs());
        if !unit.kind.open_to_air {
            assert!(bought >= heat - slack, "{id}: {bought} W for {heat} W");
            let fuelled = solution_burns(unit.kind.name);
            assert!(
                fuelled || bought <= heat + slack,
                "{id}: {bought} W for {heat} W"
            );
        }
    }
    assert_eq!(sum.electricity_w, electricity_w, "{id}");
    assert_eq!(
        (sum.heating_w, sum.cooling_w),
        (heating_w, cooling_w),
        "{id}"
    );
    let (gained, passing) = gained_w(plant, solution, room);
    let error = (gained - electricity_w - heat_w) / passing;
    assert!(
        error.abs() < 1e-7,
        "{id}: {gained} W, {electricity_w} W, {heat_w} W"
    );
    println!(
        "{id}: electricity {:.1} kW, heating {:.1} kW, cooling {:.1} kW, energy closes by {error:.1e}; not counted: {:?}",
        1e-3 * electricity_w,
        1e-3 * heating_w,
        1e-3 * cooling_w,
        NotCounted::of(plant, Some(solution))
    );
}

/// Kinds that burn a fuel, of which a share is lost.
fn solution_burns(kind: &str) -> bool {
    ["boiler", "calciner", "carbonate_kiln"].contains(&kind)
}

#[test]
fn every_plant_balances_its_utilities() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    for id in PLANTS {
        let (plant, solution) = reference::solved(id, &matter);
        balanced(id, &plant, &solution, &mut Room::new(&matter));
    }
}

/// The same plant with and without motors: the streams are the same to the bit, electricity is more by the motors, heat
/// less by them, unit by unit.
#[test]
fn motors_turn_into_heat() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (mut plant, still) = reference::solved("kcl", &matter);
    let before: Vec<f64> = still.units.iter().map(|u| u.electricity_w()).collect();
    for unit in ["decomposition", "dryer", "rougher"] {
        let more = Setting::Number(3.6e3 * 20.0);
        let unit = plant.unit(unit).unwrap();
        plant
            .set(unit, "electricity_per_solids", more, &matter)
            .unwrap();
    }
    let driven = solve(&mut plant, &mut Room::new(&matter), None).unwrap();
    for (k, unit) in plant.units.iter().enumerate() {
        let more_w = driven.units[k].electricity_w() - before[k];
        let less_w = still.units[k].heat_w.unwrap() - driven.units[k].heat_w.unwrap();
        assert!(
            (more_w - less_w).abs() < 1e-3 * more_w.abs() + 10.0,
            "{}: {more_w} W, {less_w} W",
            unit.id
        );
        if unit.id == "dryer" {
            assert!(more_w > 1e5, "{more_w}");
            let (a, b) = (
                still.units[k].utilities.unwrap(),
                driven.units[k].utilities.unwrap(),
            );
            let saved_w = a.heating_w - b.heating_w;
            assert!((saved_w - more_w).abs() < 10.0, "{saved_w} W of {more_w} W");
        }
    }
    assert_eq!(still.streams, driven.streams);
    balanced("kcl", &plant, &driven, &mut Room::new(&matter));
}
