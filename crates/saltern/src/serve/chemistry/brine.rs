//! A brine in numbers.

use saltern_brine::equilibrium::{Equilibrium, State};
use saltern_server::diagrams::{BrineView, IonView};

use super::Chemistry;

/// The liquid of a state; `None` where there is none.
pub(super) fn view(chemistry: &Chemistry<'_>, state: &Equilibrium) -> Option<BrineView> {
    if state.state == State::Dry {
        return None;
    }
    let system = &chemistry.projection.system;
    let amounts = state.liquid_mol_kgw(chemistry.database);
    let mass_kg = chemistry.mass_kg(&amounts);
    let density_kg_m3 = state.density_kg_m3(chemistry.database);
    let ions = system.ions().zip(system.ions_in_mol(&amounts));
    let ion = |(ion, mol_kgw): (&saltern_brine::diagram::Ion, f64)| {
        // A rounding error of an ion that isn't there is nothing.
        let mol_kgw = if mol_kgw.abs() < 1e-12 { 0.0 } else { mol_kgw };
        let mass_fraction = mol_kgw * ion.molar_mass_kg_mol / mass_kg;
        IonView {
            name: ion.name.clone(),
            mol_kgw,
            mass_fraction,
            kg_m3: mass_fraction * density_kg_m3,
        }
    };
    Some(BrineView {
        water_activity: state.water_activity,
        osmotic_coefficient: state.osmotic_coefficient,
        ionic_strength_mol_kgw: state.ionic_strength_mol_kgw,
        density_kg_m3,
        ions: ions.map(ion).collect(),
    })
}
