use super::{SEAWATER, brine, spread};
use crate::reference::{folder, number, table};
use saltern_brine::database::Database;
use saltern_brine::thermo::default_database;

/// Relative error of the model's density.
fn error(database: &Database, totals: &[(&str, f64)], celsius: f64, measured_kg_m3: f64) -> f64 {
    brine(database, totals, celsius).density_kg_m3(database) / measured_kg_m3 - 1.0
}

/// Lang 1996 (J. Chem. Eng. Data 41, 516), 25 °C.
#[test]
fn nacl_kcl_mixtures_are_as_dense_as_measured() {
    if folder().is_none() {
        return;
    }
    let database = default_database();
    let mut errors = Vec::new();
    for row in table("measured/density_viscosity_nacl_kcl_25c.csv") {
        let Some(density) = number(&row, "density_g_per_cm3") else {
            continue;
        };
        let m = number(&row, "total_chloride_mol_per_kg_water").unwrap();
        let x = number(&row, "nacl_mole_fraction_of_salt").unwrap();
        errors.push(error(
            &database,
            &[("Na", x * m), ("K", (1.0 - x) * m)],
            25.0,
            1e3 * density,
        ));
    }
    let worst = errors.iter().fold(0.0_f64, |w, e| w.max(e.abs()));
    println!(
        "density of {} NaCl-KCl mixtures: worst {:.3} %",
        errors.len(),
        100.0 * worst
    );
    assert!(worst < 1e-3);
}

/// Mixed Na, K, Mg, Ca chlorides, 5–99 °C; sources in the file. Those at 5.9 atm are compared at 1 atm: the 5 atm
/// make 0.02 %, taken off with the compressibility of water.
#[test]
fn mixed_chlorides_are_as_dense_as_measured() {
    let database = default_database();
    let mut errors = Vec::new();
    let mut groups: Vec<(String, Vec<f64>)> = Vec::new();
    for line in include_str!("../../data/density_mixtures.csv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .skip(1)
    {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers: Vec<f64> = cells[1..].iter().map(|c| c.parse().unwrap()).collect();
        let [celsius, atm, na, k, mg, ca, density] = numbers[..] else {
            panic!("{line}")
        };
        let at_1_atm = density * (1.0 - 4.5e-5 * (atm - 1.0));
        let totals = [("Na", na), ("K", k), ("Mg", mg), ("Ca", ca)];
        let e = error(&database, &totals, celsius, at_1_atm);
        errors.push(e);
        let group = format!("{} {celsius} degC", cells[0]);
        match groups.last_mut().filter(|(name, _)| *name == group) {
            Some((_, list)) => list.push(e),
            None => groups.push((group, vec![e])),
        }
    }
    for (group, list) in &groups {
        let (rms, p95) = spread(list);
        println!(
            "{group}: n {} rms {:.3} %, 95th percentile {:.3} %",
            list.len(),
            100.0 * rms,
            100.0 * p95
        );
    }
    let (rms, p95) = spread(&errors);
    println!(
        "{} mixtures: rms {:.3} %, 95th percentile {:.3} %",
        errors.len(),
        100.0 * rms,
        100.0 * p95
    );
    // The bar is 0.15 %. The worst are those of 5 degC: dense as no other table has such brines (1.3552 m Ca,
    // 0.9345 m Na lie 0.5 % above the same file's at 25 and 49 degC led to 5 degC).
    assert!(p95 < 1.1e-3);
}

/// Evaporating seawater (Chambers et al. 1993, as in phreeqc3), density against ionic strength, 25 °C: halite is
/// let out where it saturates, and gypsum.
#[test]
fn evaporating_seawater_is_as_dense_as_measured() {
    if folder().is_none() {
        return;
    }
    let database = default_database();
    let solids = ["Halite", "Gypsum"].map(|m| database.mineral(m).unwrap());
    let mut solver = saltern_brine::equilibrium::Solver::new(&database, &solids);
    let amounts = super::amounts(&database, &SEAWATER);
    let mut path = Vec::new();
    let mut water = amounts.clone();
    for _ in 0..400 {
        let state = solver.equilibrate(&water, 298.15, None).unwrap();
        if state.ionic_strength_mol_kgw > 9.5 {
            break;
        }
        path.push((state.ionic_strength_mol_kgw, state.density_kg_m3(&database)));
        water[0] *= 0.985;
    }
    let mut errors = Vec::new();
    for row in table("measured/density_evaporating_seawater.csv") {
        let strength = number(&row, "ionic_strength_mol_per_kg_water").unwrap();
        let after = path.iter().position(|p| p.0 >= strength).unwrap().max(1);
        let ((i0, d0), (i1, d1)) = (path[after - 1], path[after]);
        let density = d0 + (d1 - d0) * (strength - i0) / (i1 - i0);
        errors.push(density / (1e3 * number(&row, "density_g_per_cm3").unwrap()) - 1.0);
    }
    let (rms, _) = spread(&errors);
    println!(
        "evaporating seawater: {} points, rms {:.2} %",
        errors.len(),
        100.0 * rms
    );
    assert!(rms < 5e-3);
}

/// TEOS-10 (IAPWS-08) at 1 atm, absolute salinity 35.16504 g/kg, as gsw 3.6.23 evaluates it.
#[test]
fn seawater_is_as_dense_as_the_standard() {
    let database = default_database();
    for (celsius, density) in [(0.0, 1028.11), (25.0, 1023.34)] {
        let e = error(&database, &SEAWATER, celsius, density);
        assert!(e.abs() < 5e-4, "{celsius}: {e}");
    }
}

/// Conde 2004 (Int. J. Therm. Sci. 43, 367), LiCl and CaCl2 (a correlation of measurements).
#[test]
fn strong_licl_and_cacl2_are_nearly_as_dense_as_measured() {
    if folder().is_none() {
        return;
    }
    let database = default_database();
    for (salt, element, strongest) in [("LiCl", "Li", 20.0), ("CaCl2", "Ca", 6.0)] {
        let mut errors = Vec::new();
        for row in table("measured/water_activity_licl_cacl2_conde2004.csv") {
            let m = number(&row, "molality_mol_per_kg_water").unwrap();
            if row["salt"] != salt || m > strongest {
                continue;
            }
            let celsius = number(&row, "temperature_c").unwrap();
            let density = number(&row, "density_kg_per_m3").unwrap();
            let e = error(&database, &[(element, m)], celsius, density);
            if e.abs() > 0.01 {
                println!("{salt} {m} m {celsius} degC: {:.2} %", 100.0 * e);
            }
            errors.push(e);
        }
        let (rms, p95) = spread(&errors);
        println!(
            "{salt} to {strongest} m: n {} rms {:.2} %, 95th percentile {:.2} %",
            errors.len(),
            100.0 * rms,
            100.0 * p95
        );
        assert!(rms < 0.005, "{salt}: {rms}");
    }
}
