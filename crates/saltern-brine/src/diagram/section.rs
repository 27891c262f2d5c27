//! The solubility curve of two salts in water: the isothermal ternary.

use crate::database::{Database, MineralId};
use crate::diagram::projection::Projection;
use crate::diagram::surface::{Saturated, Surface};
use crate::equilibrium::Equilibrium;

/// A solubility curve.
#[derive(Clone, Debug)]
pub struct Section {
    /// Temperature, K.
    pub temperature_k: f64,
    /// Brines saturated with one solid, each piece from its end nearer the first salt on.
    pub pieces: Vec<Piece>,
    /// Brines saturated with two.
    pub invariants: Vec<Invariant>,
    /// Brines in contact with ice, from the first salt to the second; empty above 0 °C.
    pub ice: Vec<Equilibrium>,
    /// Equilibria solved.
    pub equilibria: usize,
}

/// The curve of one solid.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The solid.
    pub mineral: MineralId,
    /// Share of the second salt (pairs of charges) and the brine.
    pub points: Vec<(f64, Equilibrium)>,
}

/// A brine saturated with two solids.
#[derive(Clone, Debug)]
pub struct Invariant {
    /// The solids, that of the first salt first.
    pub minerals: [MineralId; 2],
    /// Share of the second salt.
    pub share: f64,
    /// The brine.
    pub brine: Equilibrium,
}

/// Points along the curve unless asked otherwise.
pub const FINENESS: usize = 80;

/// The section of a projection on a line for the solids of `allowed` at a temperature in K.
pub fn draw(
    database: &Database,
    projection: &Projection,
    allowed: &[MineralId],
    temperature_k: f64,
    fineness: usize,
) -> Section {
    let mut surface = Surface::new(database, projection, allowed, temperature_k);
    let mut section = Section {
        temperature_k,
        pieces: Vec::new(),
        invariants: Vec::new(),
        ice: Vec::new(),
        equilibria: 0,
    };
    let mut last: Option<(f64, Saturated)> = None;
    for k in 0..=fineness {
        // Closer to the ends, where a trace of the other salt may bring a double salt.
        let share = 0.5 * (1.0 - (std::f64::consts::PI * k as f64 / fineness as f64).cos());
        let near = last.as_ref().map(|(_, s)| s);
        let found = surface
            .saturated([share, 0.0], near)
            .or_else(|| surface.saturated([share, 0.0], None));
        let Some(found) = found else {
            last = None;
            continue;
        };
        if let Some((from, before)) = &last {
            section.between(&mut surface, (*from, before), (share, &found), 0);
        }
        section.extend(found.mineral, share, &found.brine);
        section.ice.extend(iced(&mut surface, share, &found));
        last = Some((share, found));
    }
    section.equilibria = surface.equilibria;
    section
}

impl Section {
    fn extend(&mut self, mineral: MineralId, share: f64, brine: &Equilibrium) {
        let point = (share, brine.clone());
        match self.pieces.last_mut() {
            Some(piece) if piece.mineral == mineral => piece.points.push(point),
            _ => self.pieces.push(Piece {
                mineral,
                points: vec![point],
            }),
        }
    }

    /// Adds the invariant points between two brines of the curve.
    fn between(
        &mut self,
        surface: &mut Surface<'_>,
        (from, before): (f64, &Saturated),
        (to, after): (f64, &Saturated),
        depth: usize,
    ) {
        if before.mineral == after.mineral || depth > 12 {
            return;
        }
        let solids = [before.mineral, after.mineral];
        let exact = surface
            .saturated_with_all(&solids, &before.brine)
            .filter(|brine| surface.nearest(brine).1 < 1e-6);
        let place = exact
            .as_ref()
            .and_then(|brine| {
                surface
                    .projection
                    .place(&brine.liquid_mol_kgw(surface.database()))
            })
            .map(|p| p[0]);
        if let (Some(brine), Some(share)) = (exact, place) {
            self.extend(before.mineral, share, &brine);
            self.invariants.push(Invariant {
                minerals: solids,
                share,
                brine: brine.clone(),
            });
            self.extend(after.mineral, share, &brine);
            return;
        }
        // Another solid lies between the two.
        let middle = 0.5 * (from + to);
        if let Some(found) = surface.saturated([middle, 0.0], Some(before)) {
            self.between(surface, (from, before), (middle, &found), depth + 1);
            self.extend(found.mineral, middle, &found.brine);
            self.between(surface, (middle, &found), (to, after), depth + 1);
        }
    }
}

/// The brine of a ratio that ice is in contact with.
fn iced(surface: &mut Surface<'_>, share: f64, salt: &Saturated) -> Option<Equilibrium> {
    surface.frozen([share, 0.0], salt).map(|s| s.brine)
}
