//! Every kind of unit over the whole of its declared range: each number anywhere between its bounds, often at one, each
//! choice, optional settings given or not. What comes in is what the unit is for, of any strength, and now and then
//! nothing. A unit either does it, every element and number in order (held by `trial`), or says what it cannot do and
//! how far it gets; the chemistry behind it never fails, and it fails in this way only where the reason is known.

use saltern_base::attributes::{Attribute, Kind as Type};
use saltern_brine::thermo::default_database;
use saltern_plants::kinds::{self, Kind};
use saltern_plants::matter::Matter;
use saltern_plants::operation::UnitError;
use saltern_plants::room::Room;
use saltern_plants::settings::{Setting, of_kind};
use saltern_plants::stream::Stream;

use crate::random_feeds::Dice;
use crate::support::{feed, reagent, water};
use crate::trial::run;

/// Runs of each kind: 25, or as many as `SALTERN_RANDOM_UNITS` says.
fn runs() -> u32 {
    let given = std::env::var("SALTERN_RANDOM_UNITS").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(25)
}

/// A number of a declared range: at either bound a fifth of the time each; wide ranges by powers of ten.
fn within(attribute: &Attribute, dice: &mut Dice) -> Option<f64> {
    let (low, high) = (attribute.range.0?, attribute.range.1?);
    let value = match dice.between(0.0, 5.0) {
        at if at < 1.0 => low,
        at if at < 2.0 => high,
        _ if low > 0.0 && high / low > 100.0 => low * (high / low).powf(dice.between(0.0, 1.0)),
        _ => dice.between(low, high),
    };
    Some(attribute.own_unit().map_or(value, |unit| unit.to_si(value)))
}

/// What shares may be told of: minerals for what parts solids, ions for what parts ions.
fn names(kind: &str) -> &'static [&'static str] {
    match kind {
        "membrane" | "electrodialysis" | "adsorber" | "extractor" => &["Li", "Na", "K", "Mg"],
        _ => &["Halite", "Sylvite", "Carnallite"],
    }
}

fn settings(kind: &Kind, dice: &mut Dice) -> Vec<(&'static str, Setting)> {
    let mut given = Vec::new();
    for attribute in of_kind(kind.name) {
        if !attribute.required && dice.between(0.0, 1.0) < 0.4 {
            continue;
        }
        let setting = match &attribute.kind {
            Type::Quantity(_) | Type::Number => within(attribute, dice).map(Setting::Number),
            Type::Count => within(attribute, dice).map(|n| Setting::Number(n.round())),
            Type::Shares(_) if attribute.name != "liquor" => {
                let shares = names(kind.name).iter();
                let shares = shares.map(|n| Some(((*n).to_owned(), within(attribute, dice)?)));
                shares.collect::<Option<_>>().map(Setting::Shares)
            }
            Type::Choice(words) => {
                let k = dice.between(0.0, words.len() as f64) as usize;
                words.get(k).map(|word| Setting::Text(word.clone()))
            }
            _ => None,
        };
        given.extend(setting.map(|s| (attribute.name.as_str(), s)));
    }
    // Two ways to say one thing are not given together.
    let both =
        |a: &str, b: &str| given.iter().any(|(n, _)| *n == a) && given.iter().any(|(n, _)| *n == b);
    for (a, b) in [("moisture", "entrained_liquor"), ("liquor", "excess")] {
        if both(a, b) {
            given.retain(|(n, _)| *n != b);
            break;
        }
    }
    complete(&mut given);
    given
}

/// What one setting of motors takes of others, and what it rules out.
fn complete(given: &mut Vec<(&'static str, Setting)>) {
    let has = |given: &[(&str, Setting)], name: &str| given.iter().any(|(n, _)| *n == name);
    let number = |given: &[(&str, Setting)], name: &str, default: f64| {
        let found = given.iter().find(|(n, _)| *n == name);
        match found {
            Some((_, Setting::Number(n))) => *n,
            _ => default,
        }
    };
    let impeller = [
        "power_number",
        "impeller_speed",
        "impeller_diameter",
        "tank_volume",
    ];
    if !impeller.iter().all(|name| has(given, name)) {
        given.retain(|(n, _)| !impeller.contains(n));
    }
    let in_cells = has(given, "froth_solids"); // a bank has its time of stay from its cells
    if !has(given, "residence_time") && !in_cells {
        let stirred = ["agitation", "aeration"];
        given.retain(|(n, _)| !stirred.contains(n) && !impeller.contains(n));
    }
    let ambient = number(given, "ambient_pressure", 101_325.0);
    if number(given, "vacuum", 0.0) >= ambient {
        given.retain(|(n, _)| *n != "vacuum");
    }
    let pressed = number(given, "vacuum", 0.0) + number(given, "air_pressure", 0.0) > 0.0;
    if !pressed {
        given.retain(|(n, _)| *n != "aeration" && *n != "air_per_solids");
    }
}

/// kg of salts in a kg of water, from traces to near saturation of each alone.
fn any_brine(matter: &Matter<'_>, dice: &mut Dice) -> Stream {
    let mut salts = vec![("H2O", 1.0)];
    let scale = dice.between(0.0, 1.0);
    for (salt, most) in [
        ("NaCl", 0.15),
        ("KCl", 0.1),
        ("MgCl2", 0.3),
        ("LiCl", 0.1),
        ("CaCl2", 0.02),
        ("MgSO4", 0.05),
        ("H3BO3", 0.005),
    ] {
        let share = dice.between(-0.3, 1.0).max(0.0);
        salts.push((salt, scale * most * share * share));
    }
    feed(matter, dice.between(-5.0, 90.0), &salts, &[])
}

fn any_slurry(matter: &Matter<'_>, dice: &mut Dice) -> Stream {
    let mut slurry = any_brine(matter, dice);
    let mut kg = || dice.between(-0.3, 1.0).max(0.0);
    let solids = [
        ("Carnallite", kg()),
        ("Halite", kg()),
        ("Sylvite", kg()),
        ("Bischofite", 0.3 * kg()),
        ("Inert", 0.1 * kg()),
    ];
    let t = slurry.temperature_k - 273.15;
    slurry.add(&feed(matter, t, &[], &solids));
    slurry
}

fn gas(matter: &Matter<'_>, celsius: f64, kg: &[(&str, f64)]) -> Stream {
    feed(matter, celsius, &[], kg)
}

/// What a port is for.
fn inlet(kind: &str, port: &str, matter: &Matter<'_>, dice: &mut Dice) -> Stream {
    let mut some = || dice.between(0.0, 1.0);
    match (kind, port) {
        (_, "wash" | "strip" | "rinse" | "water") => water(matter),
        ("adsorber", "recycled") => water(matter).times(some()),
        ("slurrier" | "carbonator", "recycled") => match kind {
            "slurrier" => any_brine(matter, dice).times(0.3),
            _ => gas(matter, 60.0, &[("CO2", 0.1 * some())]),
        },
        ("ion_exchanger", "acid") => reagent(matter, &[("H+", 3.0), ("Cl-", 3.0)]),
        (_, "base") => reagent(matter, &[("H+", -3.0), ("Na+", 3.0)]),
        ("precipitator", "reagent") => reagent(matter, &[("Na+", 4.0), ("CO3-2", 2.0)]),
        ("hydroxide_precipitator", "reagent") => {
            feed(matter, 40.0, &[("H2O", 0.8)], &[("Portlandite", 0.2)])
        }
        ("magnesium_dehydrator", "gas") => match some() {
            at if at < 0.5 => gas(matter, 150.0, &[("N2", 0.767), ("O2", 0.233)]),
            _ => gas(matter, 300.0, &[("HCl", 1.0)]),
        },
        ("hcl_synthesis", "chlorine") => gas(matter, 50.0, &[("Cl2", some())]),
        ("hcl_synthesis", "hydrogen") => gas(matter, 50.0, &[("H2", some())]),
        ("hcl_absorber" | "gas_dryer", _) => {
            let shares = [("HCl", some()), ("N2", some()), ("Steam", 0.3 * some())];
            gas(matter, 30.0 + 270.0 * some(), &shares)
        }
        ("carbonator", "gas") => gas(matter, 20.0, &[("CO2", 1.0)]),
        ("carbonator" | "decarbonator", "in") => {
            let (lithium, sodium) = (0.1 * some(), 0.1 * some());
            let salts = [("H2O", 1.0), ("LiHCO3", lithium), ("NaCl", sodium)];
            let solids = [("Zabuyelite", 0.05 * some())];
            feed(matter, 20.0 + 60.0 * some(), &salts, &solids)
        }
        ("ammonia_soda", "brine") => {
            let salts = [
                ("H2O", 1.0),
                ("NaCl", 0.35 * some()),
                ("MgCl2", 0.01 * some()),
            ];
            feed(matter, 40.0 * some(), &salts, &[])
        }
        ("ammonia_soda", "gas") => gas(
            matter,
            60.0 * some(),
            &[
                ("CO2", 0.3 * some()),
                ("N2", some()),
                ("Steam", 0.1 * some()),
            ],
        ),
        ("ammonia_soda", "lime") => gas(matter, 100.0, &[("CaO", 0.2 * some())]),
        ("ammonia_soda", _) => gas(matter, 25.0, &[("NH3", 0.01)]),
        ("carbonate_kiln", "fuel") => gas(matter, 20.0, &[("C", 0.85), ("Inert", 0.15)]),
        ("carbonate_kiln", "air") => gas(matter, 20.0, &[("N2", 0.767), ("O2", 0.233)]),
        ("carbonate_kiln", _) => {
            let solids = [
                ("Calcite", some()),
                ("Nahcolite", some()),
                ("Inert", 0.1 * some()),
            ];
            feed(matter, 60.0 * some(), &[("H2O", 0.2 * some())], &solids)
        }
        ("bromine_tower", "brine") => {
            let bromide = 0.03 * some() * some();
            let salts = [
                ("H2O", 1.0),
                ("MgCl2", 0.3 * some()),
                ("NaCl", 0.05 * some()),
                ("NaBr", bromide),
                ("HCl", 0.01 * some()),
            ];
            feed(matter, 50.0 * some(), &salts, &[])
        }
        ("bromine_tower" | "bromine_still", "chlorine") => gas(matter, 25.0, &[("Cl2", 1.0)]),
        ("bromine_tower" | "bromine_absorber", "air") => {
            let halogens = 0.02 * some();
            let kg = [
                ("N2", some()),
                ("O2", 0.3 * some()),
                ("Br2_gas", halogens),
                ("Cl2", halogens * some()),
                ("SO2", 0.002 * some()),
            ];
            gas(matter, 40.0 * some(), &kg)
        }
        ("bromine_absorber", "sulfur_dioxide") => gas(matter, 20.0, &[("SO2", 1.0)]),
        ("bromine_still", "acid") => {
            let (bromide, sulfate) = (0.25 * some(), 0.15 * some());
            let acids = [("H2O", 1.0), ("HBr", bromide), ("H2SO4", sulfate)];
            feed(matter, 20.0 + 75.0 * some(), &acids, &[])
        }
        ("calciner", _) => {
            let solids = [
                ("Brucite", some()),
                ("Bischofite", some()),
                ("Halite", 0.1 * some()),
            ];
            feed(
                matter,
                60.0 * some(),
                &[("H2O", some()), ("MgCl2", 0.1 * some())],
                &solids,
            )
        }
        ("magnesium_dehydrator", _) => {
            let solids = [("Bischofite", 1.0), ("Carnallite", 0.1 * some())];
            feed(matter, 25.0, &[("H2O", 0.1 * some())], &solids)
        }
        ("magnesium_electrolyser", _) => {
            let solids = [
                ("MgCl2", 1.0),
                ("MgOHCl", 0.1 * some()),
                ("Halite", 0.1 * some()),
            ];
            feed(matter, 100.0 * some(), &[], &solids)
        }
        ("chlor_alkali", _) => {
            let salts = [("H2O", 1.0), ("NaCl", 0.3 * some()), ("KCl", 0.01 * some())];
            feed(matter, 80.0 * some(), &salts, &[])
        }
        ("boiler", _) => water(matter),
        (_, "cake") => any_slurry(matter, dice),
        ("adsorber" | "ion_exchanger" | "membrane" | "electrodialysis", _)
        | ("extractor" | "evaporator" | "exchanger" | "precipitator", _)
        | ("hydroxide_precipitator" | "bischofite_crystalliser", _) => any_brine(matter, dice),
        _ => any_slurry(matter, dice),
    }
}

#[test]
fn every_kind_holds_over_its_whole_declared_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut failures = Vec::new();
    for kind in kinds::all() {
        let mut room = Room::new(&matter);
        let mut dice = Dice::new(7);
        let mut cannot: Vec<&str> = Vec::new();
        for n in 0..runs() {
            let given = settings(kind, &mut dice);
            let inlets: Vec<Stream> = kind
                .inlets
                .iter()
                .map(|port| match dice.between(0.0, 1.0) {
                    at if at < 0.03 => Stream::nothing(&matter),
                    _ => inlet(kind.name, port, &matter, &mut dice),
                })
                .collect();
            match run(kind.name, &given, &inlets, &mut room) {
                Ok(_) => {}
                Err(UnitError::Cannot { what, .. } | UnitError::OutOfRange { what, .. }) => {
                    cannot.push(what);
                }
                Err(error) => failures.push(format!("{} {n}: {error}; {given:?}", kind.name)),
            }
        }
        cannot.sort_unstable();
        let told = cannot.len();
        cannot.dedup();
        println!(
            "{}: {} of {} run, else {cannot:?}",
            kind.name,
            runs() as usize - told,
            runs()
        );
    }
    for failure in failures.iter().take(20) {
        println!("{failure}");
    }
    assert!(failures.is_empty(), "{} failed", failures.len());
}
