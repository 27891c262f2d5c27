//! The steady state of a flowsheet.
//!
//! Groups of units are solved upstream first. A group that recycles is a fixed point of its torn streams, found by
//! [`saltern_numerics::fixed_point`] from one honest pass with nothing in them; loops within loops are closed at once.
//! Design specs are roots of what they measure, around that. What does not converge is an error with the residual
//! of every tear and the worst quantity; there is no result then.

use saltern_numerics::fixed_point::Method;

use crate::drives::Drive;
use crate::flowsheet::{End, Flowsheet, StreamId, UnitId};
use crate::operation::{Outcome, UnitError, Utilities};
use crate::order::{self, Group};
use crate::room::Room;
use crate::stream::Stream;

mod balance;
mod error;
mod specs;
mod tears;

pub use error::SolveError;

/// Largest residual of a torn stream, as a share of what flows in it.
pub const TOLERANCE: f64 = 1e-11;
/// Largest share of an element's throughput that may be missing at a unit.
pub const CLOSED: f64 = 1e-9;

/// Slots of a unit's memory for the blends of its inlets.
const BLENDS: usize = 1000;

/// The steady state of a flowsheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// Streams, in the order of [`Flowsheet::streams`].
    pub streams: Vec<Stream>,
    /// Units, in the order of [`Flowsheet::units`].
    pub units: Vec<UnitResult>,
    /// Loops, upstream first.
    pub loops: Vec<LoopReport>,
    /// Design specs.
    pub specs: Vec<SpecReport>,
    /// Worst |in − out| of an element at a unit or over the plant, as a share of what passes.
    pub closure: f64,
}

/// A unit at steady state.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitResult {
    /// Heat taken up from outside, W: what the streams gain less the electricity, of process and drives. Negative where
    /// it must be taken away, `None` where an enthalpy is not known.
    pub heat_w: Option<f64>,
    /// What of it is bought and what must be cooled away.
    pub utilities: Option<Utilities>,
    /// Electricity of the motors beside the process, W.
    pub drives: Vec<(Drive, f64)>,
    /// What the unit itself says.
    pub outcome: Outcome,
}

/// How a loop was closed.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopReport {
    /// Units in the order in which they ran.
    pub units: Vec<UnitId>,
    /// Torn streams and the residual of each, as a share of its flow.
    pub tears: Vec<(StreamId, f64)>,
    /// Passes over the units.
    pub passes: u32,
    /// What closed it.
    pub method: Method,
}

/// How a design spec was met.
#[derive(Clone, Debug, PartialEq)]
pub struct SpecReport {
    /// What is measured, SI.
    pub reached: f64,
    /// What was changed, SI.
    pub value: f64,
    /// Solutions tried.
    pub tries: u32,
}

/// Finds the steady state, from an earlier one where there is one.
///
/// # Errors
/// [`SolveError`]
pub fn solve(
    flowsheet: &mut Flowsheet,
    room: &mut Room<'_>,
    earlier: Option<&Solution>,
) -> Result<Solution, SolveError> {
    let groups = order::plan(flowsheet);
    let mut run = Run {
        groups: &groups,
        streams: match earlier {
            Some(solution) => solution.streams.clone(),
            None => vec![Stream::nothing(room.matter); flowsheet.streams.len()],
        },
        outcomes: vec![Outcome::default(); flowsheet.units.len()],
        loops: Vec::new(),
    };
    let specs = run.meet_from(flowsheet, room, 0)?;
    run.finish(flowsheet, room, specs)
}

struct Run<'g> {
    groups: &'g [Group],
    streams: Vec<Stream>,
    outcomes: Vec<Outcome>,
    loops: Vec<LoopReport>,
}

impl Run<'_> {
    /// Solves all groups at the settings as they are.
    fn pass_all(&mut self, flowsheet: &Flowsheet, room: &mut Room<'_>) -> Result<(), SolveError> {
        self.loops.clear();
        for (stream, link) in self.streams.iter_mut().zip(&flowsheet.streams) {
            if let Some(feed) = &link.feed {
                stream.clone_from(feed);
            }
        }
        for group in self.groups {
            if group.tears.is_empty() {
                self.pass(flowsheet, room, group)?;
            } else {
                self.close(flowsheet, room, group)?;
            }
        }
        Ok(())
    }

    /// Runs the units of a group once.
    fn pass(
        &mut self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        group: &Group,
    ) -> Result<(), SolveError> {
        for &u in &group.units {
            let failed = |error: UnitError| SolveError::Unit {
                unit: flowsheet.units[u].id.clone(),
                error,
            };
            room.enter(u);
            let inlets = self.inlets(flowsheet, room, u).map_err(failed)?;
            let outcome = flowsheet.units[u]
                .operation
                .run(&inlets, room)
                .map_err(failed)?;
            for (s, link) in flowsheet.streams.iter().enumerate() {
                if let Some(End { unit, port }) = link.from
                    && unit == u
                {
                    self.streams[s].clone_from(&outcome.outlets[port]);
                }
                if let (Some(feed), Some(End { unit, port })) = (&link.feed, link.to)
                    && unit == u
                    && let Some((_, factor)) = outcome.taken.iter().find(|(p, _)| *p == port)
                {
                    self.streams[s] = feed.times(*factor);
                }
            }
            self.outcomes[u] = outcome;
        }
        Ok(())
    }

    /// What arrives at each inlet port of a unit.
    fn inlets(
        &self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        unit: UnitId,
    ) -> Result<Vec<Stream>, UnitError> {
        let ports = flowsheet.units[unit].kind.inlets.len();
        let arriving = |port: usize| -> Vec<Stream> {
            let links = flowsheet.streams.iter().zip(&self.streams);
            let here = links.filter(|(link, _)| link.to == Some(End { unit, port }));
            let offered = here.map(|(link, stream)| match &link.feed {
                Some(feed) if link.on_demand => feed.clone(),
                _ => stream.clone(),
            });
            offered.collect()
        };
        (0..ports)
            .map(|port| room.blend(BLENDS + port, &arriving(port)))
            .collect()
    }
}
