//! What the assay desk of a server knows of brines: charges of what is analysed, and densities by the model.

use std::sync::Arc;

use saltern_brine::assay::{Analysed, Analyte, Assay, Balance};
use saltern_brine::database::Database;
use saltern_brine::equilibrium::Solver;
use saltern_server::Laboratory;
use saltern_units::place::Place;
use saltern_units::unit::Dimension;

use crate::brine::speciated;

pub(super) fn laboratory() -> Laboratory {
    let database = Arc::new(saltern_brine::thermo::default_database());
    Laboratory {
        charge: Box::new(|name| {
            let analyte = Analyte::from_name(name);
            analyte.map_or(0.0, |of| of.charge() / of.molar_mass_kg_mol())
        }),
        density: Box::new(move |contents, dimension, temperature_k| {
            density(&database, contents, dimension, temperature_k).unwrap_or(f64::NAN)
        }),
    }
}

/// Density of a brine of which some things may not be analysed: its residual charge is carried as it is. What dissolves by pH,
/// boron and carbonate, is left out, since nobody tells the pH.
fn density(
    database: &Database,
    contents: &[(String, f64)],
    dimension: Dimension,
    temperature_k: f64,
) -> Option<f64> {
    let analysed = contents.iter().filter_map(|(name, value)| {
        let analyte = Analyte::from_name(name).filter(|analyte| analyte.charge() != 0.0)?;
        let unit = dimension.si();
        let value = *value;
        (value > 0.0).then_some(Analysed {
            analyte,
            value,
            unit,
        })
    });
    let assay = Assay {
        id: String::new(),
        place: Place::file("analysis"),
        temperature_k,
        density_kg_m3: None,
        ph: None,
        analysed: analysed.collect(),
    };
    let mut solver = Solver::new(database, &[]);
    let mut brine = assay.dissolve(&mut solver, Balance::None).ok()?;
    let equilibrium = speciated(&mut brine, &mut solver).ok()?;
    Some(equilibrium.density_kg_m3(database))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sodium chloride of 20 % by mass at 20 °C has 1.1478 g/cm³ (CRC Handbook of Chemistry and Physics, concentrative properties of
    /// aqueous solutions), told by mass and by volume.
    #[test]
    fn a_brine_of_salt_is_as_dense_as_handbooks_say() {
        let laboratory = laboratory();
        let (na, cl) = (0.2 * 22.990 / 58.443, 0.2 * 35.453 / 58.443);
        let brine = |density: f64| {
            vec![
                ("Na".to_string(), na * density),
                ("Cl".to_string(), cl * density),
            ]
        };
        let by_mass = (laboratory.density)(&brine(1.0), Dimension::MassFraction, 293.15);
        let by_volume = (laboratory.density)(&brine(1147.8), Dimension::Concentration, 293.15);
        assert!((by_mass / 1147.8 - 1.0).abs() < 0.001, "{by_mass}");
        assert!((by_volume / by_mass - 1.0).abs() < 1e-3, "{by_volume}");
        let neutral: f64 = [("Na", na), ("Cl", cl)]
            .iter()
            .map(|(name, share)| (laboratory.charge)(name) * share)
            .sum();
        assert!(neutral.abs() < 1e-3, "{neutral}");
        assert_eq!((laboratory.charge)("something"), 0.0);
    }
}
