//! Two salts in water: solubility curves by mass.

use saltern_brine::diagram::section::{self, FINENESS};
use saltern_brine::equilibrium::Equilibrium;
use saltern_server::diagrams::{Diagram, InvariantPoint, SolubilityCurve};
use saltern_units::Lang;

use super::{Chemistry, brine, solids};
use crate::brine::diagram::section::Ternary;

pub(super) fn draw(chemistry: &Chemistry<'_>, blank: Diagram) -> Diagram {
    let section = section::draw(
        chemistry.database,
        &chemistry.projection,
        &chemistry.allowed,
        chemistry.temperature_k,
        FINENESS,
    );
    let ids = section.pieces.iter().map(|piece| piece.mineral);
    let neighbours: Vec<_> = section.invariants.iter().map(|p| p.minerals).collect();
    let solids = solids::Solids::new(chemistry, ids, &neighbours);
    let curves = section.pieces.iter().map(|piece| SolubilityCurve {
        solid: solids.index(piece.mineral),
        points: piece
            .points
            .iter()
            .map(|(_, state)| fractions(chemistry, state))
            .collect(),
    });
    let ice: Vec<[f64; 2]> = section
        .ice
        .iter()
        .map(|state| fractions(chemistry, state))
        .collect();
    let ice = (!ice.is_empty()).then_some(SolubilityCurve {
        solid: None,
        points: ice,
    });
    let points = section.invariants.iter().filter_map(|point| {
        Some(InvariantPoint {
            solids: solids.indices(&point.minerals),
            place: fractions(chemistry, &point.brine),
            brine: brine::view(chemistry, &point.brine)?,
        })
    });
    Diagram {
        corners: ternary(chemistry).salts().into(),
        curves: curves.chain(ice).collect(),
        points: points.collect(),
        over: solids.indices(&chemistry.projection.saturating),
        solids: solids.views(),
        ..blank
    }
}

/// The same curves as the drawing of the command line weighs them.
fn ternary<'a>(chemistry: &'a Chemistry<'_>) -> Ternary<'a> {
    Ternary {
        database: chemistry.database,
        projection: &chemistry.projection,
        sections: &[],
        lang: Lang::En,
    }
}

/// Mass of one pair of charges of each of the two salts, kg.
pub(super) fn pair_masses_kg(chemistry: &Chemistry<'_>) -> [f64; 2] {
    [[0.0, 0.0], [1.0, 0.0]]
        .map(|place| chemistry.mass_kg(&chemistry.projection.amounts_mol(place)))
}

/// Mass fractions of the two salts in the liquid of a state.
pub(super) fn fractions(chemistry: &Chemistry<'_>, state: &Equilibrium) -> [f64; 2] {
    // A rounding error of a salt that isn't there is nothing.
    let tidy = |x: f64| if x.abs() < 1e-12 { 0.0 } else { x };
    ternary(chemistry).mass_fractions(state).map(tidy)
}
