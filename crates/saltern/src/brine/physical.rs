//! The physical properties of `brine properties`: viscosity, heat, vapour pressure, boiling and freezing.

use saltern_brine::cautions::property_cautions;
use saltern_brine::database::{Database, MineralId};
use saltern_brine::equilibrium::{BrineError, Equilibrium, Solver};
use saltern_brine::properties::heat::HeatModel;
use saltern_brine::properties::phase_change::{
    FirstSolid, boiling_point_k, boiling_point_of_water_k, first_solid_on_cooling, freezing_point_k,
};
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::quantity;
use saltern_units::unit::Dimension;

use crate::failure::{CliError, Failure};
use crate::line::Line;

/// Headers of the columns, in order.
pub(crate) const HEADER: [&str; 9] = [
    "viscosity [mPa.s]",
    "heat_capacity [J/kg/K]",
    "enthalpy [kJ/kg]",
    "vapour_pressure [kPa]",
    "boiling_point [degC]",
    "boiling_rise [K]",
    "freezing_point [degC]",
    "first_solid",
    "first_solid_at [degC]",
];

/// Coldest temperature at which a first solid is looked for, K.
const COLDEST_K: f64 = 253.15;
/// Digits of temperatures that come from an iteration, °C.
const DIGITS: f64 = 1e6;

/// Physical properties of one brine; NaN where not known.
#[derive(Clone, Debug)]
pub(crate) struct Physical {
    viscosity_pa_s: f64,
    heat_capacity_j_kg_k: f64,
    enthalpy_j_kg: f64,
    vapour_pressure_pa: f64,
    boiling_point_k: f64,
    boiling_rise_k: f64,
    freezing_point_k: f64,
    first_solid: Option<FirstSolid>,
    /// What to bear in mind with them.
    pub(crate) notices: Vec<String>,
}

/// Finds physical properties; one serves one thread.
pub(crate) struct Physics<'a> {
    database: &'a Database,
    solids: &'a [MineralId],
    heat: HeatModel<'a>,
    pressure_pa: f64,
    lang: Lang,
}

impl<'a> Physics<'a> {
    pub(crate) fn new(
        database: &'a Database,
        solids: &'a [MineralId],
        pressure_pa: f64,
        lang: Lang,
    ) -> Self {
        Physics {
            database,
            solids,
            heat: HeatModel::new(database),
            pressure_pa,
            lang,
        }
    }

    /// The properties of a brine of some component amounts; `None` when it is dry. `solver` allows no solids.
    pub(crate) fn of(
        &mut self,
        state: &Equilibrium,
        amounts_mol: &[f64],
        solver: &mut Solver<'_>,
    ) -> Option<Physical> {
        let heat = self.heat.liquid(state)?;
        let brine_kg = state.brine_kg_kgw(self.database);
        let cautions = property_cautions(state, self.database);
        let mut notices: Vec<String> = cautions.iter().map(|c| c.text(self.lang)).collect();
        // Where the way to another temperature cannot be solved, the brine as it is still stands.
        let mut solved = |found: Result<Option<f64>, BrineError>| match found {
            Ok(found) => found,
            Err(error) => {
                notices.push(error.text(self.lang));
                None
            }
        };
        let boiling_point = solved(boiling_point_k(solver, amounts_mol, self.pressure_pa));
        let of_water = boiling_point_of_water_k(self.pressure_pa);
        let rise = boiling_point.zip(of_water).map(|(b, w)| b - w);
        let freezing_point = solved(freezing_point_k(solver, amounts_mol));
        let (from_k, solids) = (state.temperature_k, self.solids);
        let first_solid = first_solid_on_cooling(solver, amounts_mol, solids, from_k, COLDEST_K);
        Some(Physical {
            viscosity_pa_s: state.viscosity_pa_s(self.database),
            heat_capacity_j_kg_k: heat.heat_capacity_j_k_kgw / brine_kg,
            enthalpy_j_kg: heat.enthalpy_j_kgw / brine_kg,
            vapour_pressure_pa: state.vapour_pressure_pa(),
            boiling_point_k: boiling_point.unwrap_or(f64::NAN),
            boiling_rise_k: rise.unwrap_or(f64::NAN),
            freezing_point_k: freezing_point.unwrap_or(f64::NAN),
            first_solid: first_solid.unwrap_or_else(|error| {
                notices.push(error.text(self.lang));
                None
            }),
            notices,
        })
    }
}

impl Physical {
    /// Other temperatures that the model was taken to.
    pub(crate) fn elsewhere_k(&self) -> impl Iterator<Item = f64> {
        let temperatures = [self.freezing_point_k, self.boiling_point_k];
        temperatures.into_iter().filter(|t| t.is_finite())
    }

    /// Writes the cells of [`HEADER`].
    pub(crate) fn write(&self, database: &Database, line: &mut Line<'_>) {
        let degc = |kelvin: f64| ((kelvin - 273.15) * DIGITS).round() / DIGITS;
        line.number(1e3 * self.viscosity_pa_s);
        line.number(self.heat_capacity_j_kg_k);
        line.number(self.enthalpy_j_kg / 1e3);
        line.number(self.vapour_pressure_pa / 1e3);
        line.number(degc(self.boiling_point_k));
        line.number((self.boiling_rise_k * DIGITS).round() / DIGITS);
        line.number(degc(self.freezing_point_k));
        match self.first_solid {
            Some(found) => {
                line.text(&database.minerals[found.mineral].name);
                line.number(degc(found.temperature_k));
            }
            None => (0..2).for_each(|_| line.blank()),
        }
    }
}

/// `70 kPa`: the pressure a brine boils at, Pa.
pub(crate) fn pressure_pa(text: &str) -> Result<f64, Failure> {
    let parsed = quantity::parse(text, Dimension::Pressure).ok();
    parsed
        .filter(|pascal| (1e3..=1e6).contains(pascal))
        .ok_or_else(|| {
            CliError::BadOption {
                option: "--pressure",
                value: text.into(),
                accepted: "1 kPa to 1000 kPa, such as \"70 kPa\"".into(),
            }
            .into()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressures_have_units() {
        assert_eq!(pressure_pa("70 kPa").ok(), Some(70e3));
        assert_eq!(pressure_pa("1 bar").ok(), Some(1e5));
        for bad in ["70", "0 kPa", "-1 bar", "70 degC", "NaN kPa"] {
            assert!(pressure_pa(bad).is_err(), "{bad}");
        }
    }
}
