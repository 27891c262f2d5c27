//! Answers an engineer asks, against numbers from elsewhere: PHREEQC on the same database, hand balances.

use crate::brines::amounts;
use crate::reference::pitzer_dat;
use saltern_brine::blending::{mass_kg, pure_water_mol};
use saltern_brine::database::{Database, HYDROGEN, WATER};
use saltern_brine::decomposition::least_water;
use saltern_brine::dosing::{dose, saturate};
use saltern_brine::equilibrium::{Solver, State};
use saltern_brine::evaporation::{self, Mode, evaporate};
use saltern_brine::formula::Formula;
use saltern_brine::phases;
use saltern_brine::substance::component_amounts_mol;
use saltern_brine::temperature::{self, change};
use saltern_brine::thermo::default_database;

fn id(database: &Database, name: &str) -> usize {
    database.mineral(name).unwrap()
}

fn brine(database: &Database, totals: &[(&str, f64)]) -> Vec<f64> {
    amounts(database, totals, 1.0)
}

fn substance(database: &Database, formula: &str) -> Vec<f64> {
    component_amounts_mol(database, &Formula::parse(formula).unwrap()).unwrap()
}

/// Seawater of `facts/brine.md` §9.2 without its weak acids, neutral.
const SEA: [(&str, f64); 6] = [
    ("Na", 0.4861),
    ("K", 0.01058),
    ("Mg", 0.05475),
    ("Ca", 0.01065),
    ("Cl", 0.56894),
    ("S", 0.02927),
];

#[test]
fn a_path_ends_at_the_asked_water_activity() {
    let database = default_database();
    let allowed = phases::metastable(&database);
    let amounts = brine(&database, &SEA);
    for mode in [Mode::Equilibrium, Mode::Fractional] {
        for target in [0.95, 0.74, 0.6] {
            let mut solver = Solver::new(&database, &allowed);
            let until = evaporation::Until::WaterActivity(target);
            let path = evaporate(&mut solver, &amounts, 298.15, mode, until, 200).unwrap();
            let end = path.last().unwrap().state.water_activity;
            assert!((end - target).abs() < 1e-6, "{mode:?} {target}: {end}");
            assert!(
                path.iter()
                    .rev()
                    .skip(1)
                    .all(|row| row.state.water_activity > target)
            );
        }
    }
}

#[test]
fn water_dissolves_of_each_salt_what_phreeqc_says() {
    let Some(database) = pitzer_dat() else { return };
    // Single salts at 25 °C, mol/kgw of the salt's first ion (`facts/brine.md` §8). A hydrate brings its water, so
    // what is compared is the brine.
    for (salt, element, molality) in [
        ("Halite", "Na", 6.1292),
        ("Sylvite", "K", 4.7913),
        ("Bischofite", "Mg", 5.8431),
        ("Epsomite", "Mg", 3.0051),
        ("Arcanite", "K", 1.269),
    ] {
        let m = id(&database, salt);
        let mut solver = Solver::new(&database, &[m]);
        let done = saturate(&mut solver, &pure_water_mol(&database), 298.15, m)
            .unwrap()
            .unwrap();
        let got = done
            .state
            .total_molality_mol_kgw(&database, database.component_of_element(element).unwrap());
        assert!(
            (got / molality - 1.0).abs() < 5e-5,
            "{salt}: {got} not {molality}"
        );
        // What went in is what is dissolved.
        let dissolved = got * done.state.water_kg;
        let in_salt: f64 = if salt == "Arcanite" { 2.0 } else { 1.0 };
        assert!(
            (done.salt_mol * in_salt / dissolved - 1.0).abs() < 1e-6,
            "{salt}"
        );
    }
}

#[test]
fn a_saturated_brine_dissolves_no_more_and_drives_out_another_salt() {
    let database = default_database();
    let allowed = phases::stable(&database);
    let (halite, sylvite) = (id(&database, "Halite"), id(&database, "Sylvite"));
    let mut solver = Solver::new(&database, &allowed);
    let mut amounts = brine(&database, &[("Na", 6.14), ("Cl", 6.14)]);
    amounts[HYDROGEN] = 0.0;
    let done = saturate(&mut solver, &amounts, 298.15, sylvite)
        .unwrap()
        .unwrap();
    // Sylvite dissolves and salts halite out: the brine of both, K 2.1 and Na 5.1 mol/kgw (PHREEQC 2.09, 5.11).
    let total = |e: &str| {
        done.state
            .total_molality_mol_kgw(&database, database.component_of_element(e).unwrap())
    };
    assert!((total("K") - 2.09).abs() < 0.04 && (total("Na") - 5.107).abs() < 0.04);
    assert!(
        (done.state.solids_mol[halite] - 1.03).abs() < 0.05,
        "{}",
        done.state.solids_mol[halite]
    );
}

#[test]
fn lime_takes_magnesium_out_as_brucite_mole_for_mole() {
    let Some(database) = pitzer_dat() else { return };
    let allowed = phases::reagent(&database);
    let brucite = id(&database, "Brucite");
    assert!(allowed.contains(&brucite) && allowed.contains(&id(&database, "Portlandite")));
    let amounts = brine(&database, &[("Mg", 1.0), ("Cl", 2.0)]);
    let lime = substance(&database, "Ca(OH)2");
    let mut solver = Solver::new(&database, &allowed);
    let path = dose(&mut solver, &amounts, 298.15, &lime, 1.2, 24).unwrap();
    for (k, row) in path.iter().enumerate() {
        let added = 0.05 * k as f64;
        let formed = row.state.solids_mol[brucite];
        // Until the magnesium is gone each mole of lime makes one of brucite.
        if added > 0.04 && added < 0.96 {
            assert!((formed - added).abs() < 0.01, "{added}: {formed}");
        }
        assert_eq!(row.state.state, State::Wet);
    }
    let last = &path.last().unwrap().state;
    assert!((last.solids_mol[brucite] - 1.0).abs() < 1e-3);
    assert!(last.solids_mol[id(&database, "Portlandite")] > 0.1);
    // pH climbs when the magnesium is used up.
    assert!(path[10].state.ph() < 10.5 && last.ph() > 11.0);
}

#[test]
fn soda_ash_takes_lithium_out_as_its_carbonate() {
    let database = default_database();
    let allowed = phases::reagent(&database);
    let zabuyelite = id(&database, "Zabuyelite");
    let amounts = brine(&database, &[("Li", 3.0), ("Cl", 3.0)]);
    let soda = substance(&database, "Na2CO3");
    let mut solver = Solver::new(&database, &allowed);
    let path = dose(&mut solver, &amounts, 363.15, &soda, 1.5, 3).unwrap();
    let formed = path.last().unwrap().state.solids_mol[zabuyelite];
    // Two lithium a carbonate, less what stays dissolved (tenths of a mole): yield of 80 to 95 % in plants (recalled).
    assert!(formed > 1.2 && formed < 1.5, "{formed}");
}

#[test]
fn carnallite_takes_the_water_of_the_hand_balance() {
    let database = default_database();
    let allowed = phases::stable(&database);
    let [carnallite, halite, sylvite] =
        ["Carnallite", "Halite", "Sylvite"].map(|n| id(&database, n));
    let mut solver = Solver::new(&database, &allowed);
    let solids = [(carnallite, 1.0), (halite, 1.0)];
    let done = least_water(&mut solver, &solids, carnallite, 288.15)
        .unwrap()
        .unwrap();
    let state = &done.state;
    let total = |e: &str| {
        state.total_molality_mol_kgw(&database, database.component_of_element(e).unwrap())
    };
    // The balance with the model's own liquor: its water less what the carnallite brought.
    let water_kg = 1.0 / total("Mg") - 6.0 * 0.018_015_28;
    assert!(
        (done.water_kg / water_kg - 1.0).abs() < 1e-3,
        "{} {water_kg}",
        done.water_kg
    );
    let potassium = database.component_of_element("K").unwrap();
    let recovered = done.share_in_solids(&database, potassium);
    assert!((recovered - (1.0 - total("K") / total("Mg"))).abs() < 1e-9);
    assert!(state.solids_mol[halite] > 0.8 && state.solids_mol[sylvite] > 0.8);
    // The plant balance at 15 °C with a measured liquor (36.5 MgCl2, 3.9 KCl, 1.9 NaCl g per 100 g of water): 152.8 g
    // of water and 86.35 % of the KCl (`facts/plants.md` §5.1, fixture A). Its liquor holds a little more KCl and less
    // MgCl2 than an equilibrium.
    assert!((done.water_kg - 0.1528).abs() < 0.02, "{}", done.water_kg);
    assert!((recovered - 0.8635).abs() < 0.045, "{recovered}");
    // Nothing is lost.
    let mut all = state.liquid_amounts_mol(&database, &done.amounts_mol);
    all[WATER] = all[WATER].max(0.0);
    assert!(mass_kg(&database, &all) > 0.0);
}

#[test]
fn cooling_finds_where_the_first_solid_comes() {
    let Some(database) = pitzer_dat() else { return };
    let allowed = phases::stable(&database);
    let mut solver = Solver::new(&database, &allowed);
    // Saturated with mirabilite at 15 °C (PHREEQC 0.9545 mol/kgw of Na2SO4, `facts/brine.md` §8).
    let amounts = brine(&database, &[("Na", 1.909), ("S", 0.9545)]);
    let ends = (298.15, 273.15);
    let path = change(
        &mut solver,
        &amounts,
        ends,
        Mode::Equilibrium,
        temperature::Until::FirstSolid,
        25,
    )
    .unwrap();
    let [(mineral, at_k)] = path.appearances[..] else {
        panic!()
    };
    assert_eq!(database.minerals[mineral].name, "Mirabilite");
    assert!((at_k - 288.15).abs() < 0.02, "{at_k}");
    assert_eq!(path.steps.last().unwrap().state.temperature_k, at_k);
    // Down to 0 °C what stays is the brine saturated there, 0.2996 mol/kgw.
    let path = change(
        &mut solver,
        &amounts,
        ends,
        Mode::Fractional,
        temperature::Until::Temperature,
        25,
    )
    .unwrap();
    let last = &path.steps.last().unwrap().state;
    let sulfur = database.component_of_element("S").unwrap();
    assert!((last.total_molality_mol_kgw(&database, sulfur) - 0.2996).abs() < 2e-4);
}
