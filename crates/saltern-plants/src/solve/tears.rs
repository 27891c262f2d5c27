//! The torn streams of a loop: a fixed point of one pass over its units.

use saltern_numerics::fixed_point;

use super::{LoopReport, Run, SolveError, TOLERANCE};
use crate::flowsheet::{Flowsheet, StreamId};
use crate::matter::Matter;
use crate::order::Group;
use crate::room::Room;

/// An amount below this share of its stream is measured against the share, not against itself.
const TRACE: f64 = 1e-4;
/// The same, once the bulk has converged: a trace element must close by its own throughput.
const FINE_TRACE: f64 = 1e-8;
/// A torn stream that is this many times what it was when its tolerance was set has that set anew.
const GROWN: f64 = 10.0;
/// How often at most tolerances are set.
const ROUNDS: u32 = 3;
/// Temperatures between which a torn stream is sought, K.
const TEMPERATURES_K: (f64, f64) = (200.0, 2000.0);
/// What a temperature's residual is measured by, K.
const TEMPERATURE_SCALE_K: f64 = 100.0;

impl Run<'_> {
    /// Finds the torn streams of a group.
    pub(super) fn close(
        &mut self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        group: &Group,
    ) -> Result<(), SolveError> {
        self.first_passes(flowsheet, room, group)?;
        let (found, shares, failure) = self.search(flowsheet, room, group);
        let width = shares.len() / group.tears.len();
        let tears = group.tears.iter().enumerate().map(|(k, &s)| {
            let own = &shares[k * width..(k + 1) * width];
            (s, own.iter().copied().fold(0.0, f64::max))
        });
        let tears: Vec<(StreamId, f64)> = tears.collect();
        if !found.converged {
            return Err(match failure {
                Some(failure) if found.size.is_infinite() => failure,
                failure => SolveError::NotConverged {
                    tears: tears
                        .iter()
                        .map(|(s, r)| (flowsheet.streams[*s].id.clone(), *r))
                        .collect(),
                    residual: found.size,
                    passes: found.passes,
                    worst: self.worst(flowsheet, room.matter, group, &shares),
                    failure: failure.map(Box::new),
                },
            });
        }
        // The answer is a pass from the converged point, so that every stream belongs to it.
        self.unpack(group, &found.x);
        self.pass(flowsheet, room, group)?;
        let finer = self.refine(flowsheet, room, group)?;
        self.loops.push(LoopReport {
            units: group.units.clone(),
            tears,
            passes: found.passes + 2 + finer,
            method: found.method,
        });
        Ok(())
    }

    /// Passes that tell what flows, and how much.
    fn first_passes(
        &mut self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        group: &Group,
    ) -> Result<(), SolveError> {
        // One honest pass from what is known: nothing, or the earlier solution.
        self.pass(flowsheet, room, group)?;
        // A torn stream that comes late in a pass knows nothing yet of those that come back: more passes, until none of
        // them doubles any more, so that every stream is measured by what it will hold.
        for _ in 1..group.tears.len() {
            let before = self.torn_totals(group);
            self.pass(flowsheet, room, group)?;
            let after = self.torn_totals(group);
            if before.iter().zip(&after).all(|(b, a)| *a <= 2.0 * b) {
                break;
            }
        }
        Ok(())
    }

    /// The fixed point, the share of its tolerance's measure that each number is off, and what failed last on the way.
    fn search(
        &mut self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        group: &Group,
    ) -> (fixed_point::FixedPoint, Vec<f64>, Option<SolveError>) {
        let mut failure = None;
        let mut rounds = 0;
        loop {
            let start = self.packed(group);
            let settings = self.settings(room.matter, group, TRACE);
            let found = fixed_point::solve(&start, &settings, &mut |x| {
                self.unpack(group, x);
                match self.pass(flowsheet, room, group) {
                    Ok(()) => Some(self.packed(group)),
                    Err(error) => {
                        failure = Some(error);
                        None
                    }
                }
            });
            rounds += 1;
            let last = found.converged || rounds == ROUNDS || {
                // A stream that hardly flowed in the first pass may have grown beyond what its tolerance was measured by.
                self.unpack(group, &found.x);
                let now = self.settings(room.matter, group, TRACE).scale;
                let grown = |(now, was): (&f64, &f64)| *now > GROWN * was;
                !now.iter().zip(&settings.scale).any(grown)
            };
            if last {
                let shares = settings.shares(&found.x, &found.residual);
                let shares = shares.map(f64::abs).collect();
                return (found, shares, failure);
            }
        }
    }

    /// Traces that go round for long are not there yet by their own measure; the passes it took to get them there.
    fn refine(
        &mut self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        group: &Group,
    ) -> Result<u32, SolveError> {
        if group.tears.len() < 2 {
            return Ok(0);
        }
        let start = self.packed(group);
        let settings = self.settings(room.matter, group, FINE_TRACE);
        let finer = fixed_point::solve(&start, &settings, &mut |x| {
            self.unpack(group, x);
            let passed = self.pass(flowsheet, room, group);
            passed.is_ok().then(|| self.packed(group))
        });
        let best = if finer.converged { &finer.x } else { &start };
        self.unpack(group, best);
        self.pass(flowsheet, room, group)?;
        Ok(finer.passes + 1)
    }

    /// Mol/s in each torn stream.
    fn torn_totals(&self, group: &Group) -> Vec<f64> {
        let tears = group.tears.iter();
        tears
            .map(|&s| self.streams[s].amounts().map(f64::abs).sum())
            .collect()
    }

    fn packed(&self, group: &Group) -> Vec<f64> {
        let mut x = Vec::new();
        for &s in &group.tears {
            x.extend(self.streams[s].amounts());
            x.push(self.streams[s].temperature_k);
        }
        x
    }

    fn unpack(&mut self, group: &Group, x: &[f64]) {
        let width = x.len() / group.tears.len();
        for (&s, values) in group.tears.iter().zip(x.chunks(width)) {
            self.streams[s].set_amounts(values);
            self.streams[s].temperature_k = values[width - 1];
        }
    }

    fn settings(&self, matter: &Matter<'_>, group: &Group, trace: f64) -> fixed_point::Settings {
        let mut settings = fixed_point::Settings::free(0);
        settings.tolerance = TOLERANCE;
        for &s in &group.tears {
            let stream = &self.streams[s];
            let inflow = self.largest_flow();
            let total: f64 = stream
                .amounts()
                .map(f64::abs)
                .sum::<f64>()
                .max(1e-6 * inflow);
            for (k, n) in stream.amounts().enumerate() {
                let negative = k < stream.brine_mol_s.len() && matter.may_be_negative(k);
                settings
                    .lowest
                    .push(if negative { f64::NEG_INFINITY } else { 0.0 });
                settings.highest.push(f64::INFINITY);
                settings.scale.push(n.abs().max(trace * total));
            }
            settings.lowest.push(TEMPERATURES_K.0);
            settings.highest.push(TEMPERATURES_K.1);
            settings.scale.push(TEMPERATURE_SCALE_K);
        }
        settings
    }

    fn largest_flow(&self) -> f64 {
        let totals = self.streams.iter().map(|s| s.amounts().map(f64::abs).sum());
        totals.fold(f64::MIN_POSITIVE, f64::max)
    }

    /// Where the residual is largest: the unit that makes the torn stream, and what in it.
    fn worst(
        &self,
        flowsheet: &Flowsheet,
        matter: &Matter<'_>,
        group: &Group,
        shares: &[f64],
    ) -> String {
        let width = shares.len() / group.tears.len();
        let largest = (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]));
        let Some(k) = largest else {
            return String::new();
        };
        let link = &flowsheet.streams[group.tears[k / width]];
        let unit = link
            .from
            .map_or("", |end| flowsheet.units[end.unit].id.as_str());
        let database = matter.database;
        let (brine, solids) = (database.components.len(), database.minerals.len());
        let what = match k % width {
            k if k < brine => database.components[k].name.as_str(),
            k if k < brine + solids => database.minerals[k - brine].name.as_str(),
            k if k + 1 == width => "temperature",
            k => matter.substances[k - brine - solids].name.as_str(),
        };
        format!("{what} from {unit}")
    }
}
