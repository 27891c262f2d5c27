//! Heats and balances of a converged state.

use super::{CLOSED, Run, Solution, SolveError, SpecReport, UnitResult};
use crate::drives::Drive;
use crate::flowsheet::{End, Flowsheet, UnitId};
use crate::matter::Matter;
use crate::operation::Utilities;
use crate::room::Room;
use crate::stream::Stream;

/// Slots of a unit's memory for the heats of streams.
const HEATS: usize = 2000;
/// What is open to the air and no hotter than this takes its heat from it, K; assumed.
const WARMED_BY_AIR_K: f64 = 308.15;
/// Share of the enthalpies that pass a unit below which its heat is rounding: about 0.5 W for 100 t/h of brine.
const ROUNDING: f64 = 1e-9;

impl Run<'_> {
    /// Heats and balances of the converged state.
    pub(super) fn finish(
        self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        specs: Vec<SpecReport>,
    ) -> Result<Solution, SolveError> {
        let mut closure: f64 = 0.0;
        let mut units = Vec::new();
        for (u, outcome) in self.outcomes.iter().enumerate() {
            room.enter(u);
            let error = self.imbalance(flowsheet, room.matter, Some(u))?;
            closure = closure.max(error);
            let drives = self.drives(flowsheet, room, u);
            let drives_w: f64 = drives.iter().map(|(_, w)| w).sum();
            let heat_w = self.heat_w(flowsheet, room, u, outcome.power_w + drives_w);
            let utilities = match outcome.utilities {
                Some(own) => Some(self.warmed(flowsheet, u, own, drives_w)),
                None => heat_w.map(|heat_w| self.utilities(flowsheet, u, heat_w)),
            };
            units.push(UnitResult {
                heat_w,
                utilities,
                drives,
                outcome: outcome.clone(),
            });
        }
        closure = closure.max(self.imbalance(flowsheet, room.matter, None)?);
        Ok(Solution {
            streams: self.streams,
            units,
            loops: self.loops,
            specs,
            closure,
        })
    }

    /// Worst missing share of an element at a unit, or over the whole plant.
    fn imbalance(
        &self,
        flowsheet: &Flowsheet,
        matter: &Matter<'_>,
        unit: Option<UnitId>,
    ) -> Result<f64, SolveError> {
        let mut net = vec![0.0; matter.elements.len()];
        let mut passing = vec![0.0; matter.elements.len()];
        for (link, stream) in flowsheet.streams.iter().zip(&self.streams) {
            let at = |end: Option<End>| end.map(|end| end.unit) == unit;
            // Over the plant: what comes from no unit comes in, what goes to none goes out.
            let (comes, goes) = match unit {
                Some(_) => (at(link.to), at(link.from)),
                None => (link.from.is_none(), link.to.is_none()),
            };
            if comes == goes {
                continue;
            }
            let sign = if comes { 1.0 } else { -1.0 };
            for (e, n) in stream.elements_mol_s(matter).into_iter().enumerate() {
                net[e] += sign * n;
                passing[e] += 0.5 * n.abs();
            }
        }
        let shares = net.iter().zip(&passing);
        let share = |(n, p): (&f64, &f64)| if *p > 0.0 { n.abs() / p } else { 0.0 };
        let shares: Vec<f64> = shares.map(share).collect();
        let worst = (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]));
        let worst = worst.unwrap_or(0);
        if shares[worst] > CLOSED {
            return Err(SolveError::NotClosed {
                unit: unit.map_or("plant".to_owned(), |u| flowsheet.units[u].id.clone()),
                element: matter.elements[worst].clone(),
                error: shares[worst],
            });
        }
        Ok(shares[worst])
    }

    /// Electricity of the motors of a unit, for what comes into it.
    fn drives(
        &self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        unit: UnitId,
    ) -> Vec<(Drive, f64)> {
        let streams = flowsheet.streams.iter().zip(&self.streams).enumerate();
        let inlets = streams.filter(|(_, (link, _))| link.to.is_some_and(|end| end.unit == unit));
        let inlets: Vec<(usize, &Stream)> = inlets.map(|(s, (_, t))| (HEATS + s, t)).collect();
        flowsheet.units[unit].drives.powers_w(&inlets, room)
    }

    /// What a unit that states its own heat buys when its motors warm it; one open to the air gives that away.
    fn warmed(
        &self,
        flowsheet: &Flowsheet,
        unit: UnitId,
        own: Utilities,
        drives_w: f64,
    ) -> Utilities {
        if flowsheet.units[unit].kind.open_to_air {
            return own;
        }
        Utilities {
            heating_w: (own.heating_w - drives_w).max(0.0),
            cooling_w: own.cooling_w + (drives_w - own.heating_w).max(0.0),
        }
    }

    /// Heat bought and heat cooled away, from the net heat. What is open to the air loses heat to it by itself, and
    /// takes heat from it unless it is hotter.
    fn utilities(&self, flowsheet: &Flowsheet, unit: UnitId, heat_w: f64) -> Utilities {
        let outlets = &self.outcomes[unit].outlets;
        let flowing = outlets.iter().filter(|stream| !stream.is_nothing());
        let hottest_k = flowing.map(|s| s.temperature_k).fold(0.0, f64::max);
        let open = flowsheet.units[unit].kind.open_to_air;
        let by_air = open && (heat_w < 0.0 || hottest_k <= WARMED_BY_AIR_K);
        let bought = if by_air { 0.0 } else { heat_w };
        Utilities {
            heating_w: bought.max(0.0),
            cooling_w: (-bought).max(0.0),
        }
    }

    /// What the streams gain less the electricity; nothing where that is rounding of what passes.
    fn heat_w(
        &self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        unit: UnitId,
        electricity_w: f64,
    ) -> Option<f64> {
        let mut heat_w = -electricity_w;
        let mut passing_w = electricity_w;
        for (s, (link, stream)) in flowsheet.streams.iter().zip(&self.streams).enumerate() {
            let at = |end: Option<End>| end.is_some_and(|end| end.unit == unit);
            for (here, sign) in [(at(link.from), 1.0), (at(link.to), -1.0)] {
                if here {
                    let enthalpy_w = room.enthalpy_w(HEATS + s, stream).ok()?;
                    heat_w += sign * enthalpy_w;
                    passing_w += enthalpy_w.abs();
                }
            }
        }
        let told_w = if heat_w.abs() < ROUNDING * passing_w {
            0.0
        } else {
            heat_w
        };
        heat_w.is_finite().then_some(told_w)
    }
}
