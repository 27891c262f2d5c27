//! The steady state of a flowsheet.
//!
//! Groups of units are solved upstream first. A group that recycles is a fixed point of its torn streams, found by
//! [`saltern_numerics::fixed_point`] from one honest pass with nothing in them; loops within loops are closed at once.
//! Design specs are roots of what they measure, around that. What does not converge is an error with the residual
//! of every tear and the worst quantity; there is no result then.

use saltern_numerics::fixed_point::{self, Method};
use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::quantity::significant;

use crate::flowsheet::{End, Flowsheet, StreamId, UnitId, Vary};
use crate::matter::Matter;
use crate::message::catalogue;
use crate::operation::{Outcome, UnitError};
use crate::order::{self, Group};
use crate::room::Room;
use crate::settings::{Setting, SettingError};
use crate::stream::Stream;

/// Largest residual of a torn stream, as a share of what flows in it.
pub const TOLERANCE: f64 = 1e-11;
/// An amount below this share of its stream is measured against the share, not against itself.
const TRACE: f64 = 1e-4;
/// The same, once the bulk has converged: a trace element must close by its own throughput.
const FINE_TRACE: f64 = 1e-8;
/// Largest share of an element's throughput that may be missing at a unit.
pub const CLOSED: f64 = 1e-9;
/// A torn stream that is this many times what it was when its tolerance was set has that set anew.
const GROWN: f64 = 10.0;
/// How often at most tolerances are set.
const ROUNDS: u32 = 3;
/// Temperatures between which a torn stream is sought, K.
const TEMPERATURES_K: (f64, f64) = (200.0, 2000.0);
/// What a temperature's residual is measured by, K.
const TEMPERATURE_SCALE_K: f64 = 100.0;
/// How closely a design spec is met, as a share of its target.
const SPEC_TOLERANCE: f64 = 1e-9;
/// A target below this, SI, is met as closely as this would be.
const LEAST_TARGET: f64 = 1e-6;

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
    /// Heat taken up from outside, W; negative where it must be taken away. `None` where an enthalpy is not known.
    pub heat_w: Option<f64>,
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

/// Why a flowsheet has no steady state to show.
#[derive(Clone, Debug, PartialEq)]
pub enum SolveError {
    /// `plants.unit_failed`
    Unit {
        /// Id of the unit.
        unit: String,
        /// Why.
        error: UnitError,
    },
    /// `plants.not_converged`
    NotConverged {
        /// Ids of the torn streams, each with its residual.
        tears: Vec<(String, f64)>,
        /// Largest residual.
        residual: f64,
        /// Passes made.
        passes: u32,
        /// Unit and quantity of the largest residual.
        worst: String,
        /// The last failure of a unit on the way, if any.
        failure: Option<Box<SolveError>>,
    },
    /// `plants.not_closed`
    NotClosed {
        /// Id of the unit.
        unit: String,
        /// Element.
        element: String,
        /// Missing share.
        error: f64,
    },
    /// `plants.spec_not_reached`
    SpecNotReached {
        /// Id of the spec.
        spec: String,
        /// Target.
        asked: f64,
        /// What was changed.
        manipulated: String,
        /// Between what.
        range: (f64, f64),
        /// What the measure did.
        reached: (f64, f64),
    },
    /// A design spec sets what cannot be set.
    Setting(SettingError),
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
    let specs = run.meet(flowsheet, room)?;
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

    /// Finds the torn streams of a group.
    fn close(
        &mut self,
        flowsheet: &Flowsheet,
        room: &mut Room<'_>,
        group: &Group,
    ) -> Result<(), SolveError> {
        // One honest pass from what is known (nothing, or the earlier solution) tells what flows, and how much.
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
        let mut failure = None;
        let mut rounds = 0;
        let (start, settings, found) = loop {
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
            if found.converged || rounds == ROUNDS {
                break (start, settings, found);
            }
            // A stream that hardly flowed in the first pass may have grown beyond what its tolerance was measured by.
            self.unpack(group, &found.x);
            let grown = self.settings(room.matter, group, TRACE).scale;
            if !grown
                .iter()
                .zip(&settings.scale)
                .any(|(now, was)| *now > GROWN * was)
            {
                break (start, settings, found);
            }
        };
        let width = start.len() / group.tears.len();
        let shares = found.residual.iter().zip(&settings.scale).zip(&found.x);
        let shares: Vec<f64> = shares
            .map(|((r, s), x)| r.abs() / s.max(x.abs().min(1e3 * s)))
            .collect();
        let tears = group.tears.iter().enumerate().map(|(k, &s)| {
            let own = &shares[k * width..(k + 1) * width];
            (s, own.iter().copied().fold(0.0, f64::max))
        });
        let tears: Vec<(StreamId, f64)> = tears.collect();
        if !found.converged {
            if found.size.is_infinite()
                && let Some(failure) = failure
            {
                return Err(failure);
            }
            return Err(SolveError::NotConverged {
                tears: tears
                    .iter()
                    .map(|(s, r)| (flowsheet.streams[*s].id.clone(), *r))
                    .collect(),
                residual: found.size,
                passes: found.passes,
                worst: self.worst(flowsheet, room.matter, group, &shares),
                failure: failure.map(Box::new),
            });
        }
        // The answer is a pass from the converged point, so that every stream belongs to it.
        self.unpack(group, &found.x);
        self.pass(flowsheet, room, group)?;
        let mut passes = found.passes + 2;
        // Traces that go round for long are not there yet by their own measure.
        if group.tears.len() > 1 {
            let start = self.packed(group);
            let settings = self.settings(room.matter, group, FINE_TRACE);
            let finer = fixed_point::solve(&start, &settings, &mut |x| {
                self.unpack(group, x);
                let passed = self.pass(flowsheet, room, group);
                passed.is_ok().then(|| self.packed(group))
            });
            passes += finer.passes + 1;
            let best = if finer.converged { &finer.x } else { &start };
            self.unpack(group, best);
            self.pass(flowsheet, room, group)?;
        }
        self.loops.push(LoopReport {
            units: group.units.clone(),
            tears,
            passes,
            method: found.method,
        });
        Ok(())
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

    /// Solves with every design spec met.
    fn meet(
        &mut self,
        flowsheet: &mut Flowsheet,
        room: &mut Room<'_>,
    ) -> Result<Vec<SpecReport>, SolveError> {
        self.meet_from(flowsheet, room, 0)
    }

    /// Specs from the `k`th on: the first of them is a root of its measure with all behind it met.
    fn meet_from(
        &mut self,
        flowsheet: &mut Flowsheet,
        room: &mut Room<'_>,
        k: usize,
    ) -> Result<Vec<SpecReport>, SolveError> {
        let Some(spec) = flowsheet.specs.get(k).cloned() else {
            self.pass_all(flowsheet, room)?;
            return Ok(Vec::new());
        };
        let mut tries = 0;
        let mut last: Result<Vec<SpecReport>, SolveError> = Ok(Vec::new());
        let start = current(flowsheet, room.matter, &spec.vary).clamp(spec.lowest, spec.highest);
        let standing = std::cell::Cell::new(f64::NAN);
        let mut measured = |p: f64| -> Option<f64> {
            tries += 1;
            standing.set(p);
            last = apply(flowsheet, room.matter, &spec.vary, p)
                .map_err(SolveError::Setting)
                .and_then(|()| self.meet_from(flowsheet, room, k + 1));
            last.is_ok().then_some(())?;
            let value = spec.measure.value(&self.streams, room).ok()?;
            value.is_finite().then_some(value)
        };
        let tolerance = SPEC_TOLERANCE * spec.target.abs().max(LEAST_TARGET);
        let found = root(
            spec.target,
            tolerance,
            start,
            (spec.lowest, spec.highest),
            &mut measured,
        );
        if let Ok((value, _)) = found
            && value != standing.get()
        {
            // The streams are those of the last try, which need not be the one taken.
            measured(value);
        }
        match found {
            Ok((value, reached)) => {
                let mut reports = vec![SpecReport {
                    reached,
                    value,
                    tries,
                }];
                reports.extend(last?);
                Ok(reports)
            }
            Err(reached) if reached.0.is_finite() => Err(SolveError::SpecNotReached {
                spec: spec.id.clone(),
                asked: spec.target,
                manipulated: manipulated(flowsheet, &spec.vary),
                range: (spec.lowest, spec.highest),
                reached,
            }),
            Err(_) => Err(last.err().unwrap_or(SolveError::SpecNotReached {
                spec: spec.id.clone(),
                asked: spec.target,
                manipulated: manipulated(flowsheet, &spec.vary),
                range: (spec.lowest, spec.highest),
                reached: (f64::NAN, f64::NAN),
            })),
        }
    }

    /// Heats and balances of the converged state.
    fn finish(
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
            units.push(UnitResult {
                heat_w: self.heat_w(flowsheet, room, u),
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

    fn heat_w(&self, flowsheet: &Flowsheet, room: &mut Room<'_>, unit: UnitId) -> Option<f64> {
        let mut heat_w = -self.outcomes[unit].power_w;
        for (s, (link, stream)) in flowsheet.streams.iter().zip(&self.streams).enumerate() {
            let at = |end: Option<End>| end.is_some_and(|end| end.unit == unit);
            for (here, sign) in [(at(link.from), 1.0), (at(link.to), -1.0)] {
                if here {
                    heat_w += sign * room.enthalpy_w(HEATS + s, stream).ok()?;
                }
            }
        }
        heat_w.is_finite().then_some(heat_w)
    }
}

/// Slots of a unit's memory for the blends of its inlets and for the heats of streams.
const BLENDS: usize = 1000;
const HEATS: usize = 2000;

fn current(flowsheet: &Flowsheet, matter: &Matter<'_>, vary: &Vary) -> f64 {
    match vary {
        Vary::Setting(unit, name) => flowsheet.units[*unit].settings.number(name),
        Vary::FeedRate(stream) => {
            let feed = &flowsheet.streams[*stream].feed;
            feed.as_ref().map_or(f64::NAN, |f| f.mass_kg_s(matter))
        }
    }
}

fn manipulated(flowsheet: &Flowsheet, vary: &Vary) -> String {
    match vary {
        Vary::Setting(unit, name) => format!("{}.{name}", flowsheet.units[*unit].id),
        Vary::FeedRate(stream) => flowsheet.streams[*stream].id.clone(),
    }
}

fn apply(
    flowsheet: &mut Flowsheet,
    matter: &Matter<'_>,
    vary: &Vary,
    value: f64,
) -> Result<(), SettingError> {
    match vary {
        Vary::Setting(unit, name) => flowsheet.set(*unit, name, Setting::Number(value), matter),
        Vary::FeedRate(stream) => {
            if let Some(feed) = &mut flowsheet.streams[*stream].feed {
                let now = feed.mass_kg_s(matter);
                *feed = feed.times(value / now);
            }
            Ok(())
        }
    }
}

/// Share of the range by which a root is first bracketed.
const FIRST_STRIDE: f64 = 0.02;
const MAX_TRIES: u32 = 80;
/// How many tolerances a measure may be off where its bracket has closed; more is a jump, and the target is not reached.
const JUMP: f64 = 1e3;

/// Where a measure meets its target between bounds: strides from the start until the sign changes, then secant steps
/// kept within the bracket (Illinois). `Err` has the least and most that was measured.
fn root(
    target: f64,
    tolerance: f64,
    start: f64,
    bounds: (f64, f64),
    measured: &mut dyn FnMut(f64) -> Option<f64>,
) -> Result<(f64, f64), (f64, f64)> {
    let mut reached = (f64::INFINITY, f64::NEG_INFINITY);
    let mut excess = |p: f64| -> Option<f64> {
        let value = measured(p)?;
        reached = (reached.0.min(value), reached.1.max(value));
        Some(value - target)
    };
    let Some((mut a, mut fa, mut b, mut fb)) = bracket(start, bounds, tolerance, &mut excess)
    else {
        return Err(reached);
    };
    for _ in 0..MAX_TRIES {
        if fb.abs() <= tolerance || a == b {
            return Ok((b, fb + target));
        }
        let mut next = b - fb * (b - a) / (fb - fa);
        if !(next > a.min(b) && next < a.max(b)) {
            next = 0.5 * (a + b);
        }
        if (next - b).abs() <= 1e-14 * (bounds.1 - bounds.0) {
            // The bracket has closed: on a root as sharp as rounding lets it be, or on a jump past the target.
            let sharp = fb.abs() <= JUMP * tolerance;
            return if sharp {
                Ok((b, fb + target))
            } else {
                Err(reached)
            };
        }
        let Some(fnext) = excess(next) else {
            return Err(reached);
        };
        if fnext * fb < 0.0 {
            (a, fa) = (b, fb);
        } else {
            fa *= 0.5;
        }
        (b, fb) = (next, fnext);
    }
    Err(reached)
}

/// Two places with the target between them, the second the nearer.
fn bracket(
    start: f64,
    (lowest, highest): (f64, f64),
    tolerance: f64,
    excess: &mut dyn FnMut(f64) -> Option<f64>,
) -> Option<(f64, f64, f64, f64)> {
    let mut here = if start.is_finite() {
        start
    } else {
        0.5 * (lowest + highest)
    };
    let mut f_here = excess(here)?;
    if f_here.abs() <= tolerance {
        return Some((here, f_here, here, f_here));
    }
    let begin = (here, f_here);
    for direction in [1.0, -1.0] {
        (here, f_here) = begin;
        let mut stride = FIRST_STRIDE * (highest - lowest);
        loop {
            let next = (here + direction * stride).clamp(lowest, highest);
            if next == here {
                break;
            }
            let Some(f_next) = excess(next) else { break };
            if f_next * f_here <= 0.0 {
                return Some((here, f_here, next, f_next));
            }
            // Away from the target: the other way is tried before the end of this one.
            if f_next.abs() > f_here.abs() && direction > 0.0 && here == begin.0 {
                break;
            }
            (here, f_here) = (next, f_next);
            stride *= 2.0;
        }
    }
    // Both ends, in case the measure turns on the way.
    let (f_low, f_high) = (excess(lowest), excess(highest));
    match (f_low, f_high) {
        (Some(l), _) if l * begin.1 <= 0.0 => Some((begin.0, begin.1, lowest, l)),
        (_, Some(h)) if h * begin.1 <= 0.0 => Some((begin.0, begin.1, highest, h)),
        _ => None,
    }
}

impl Message for SolveError {
    fn code(&self) -> &'static str {
        match self {
            SolveError::Unit { .. } => "plants.unit_failed",
            SolveError::NotConverged { .. } => "plants.not_converged",
            SolveError::NotClosed { .. } => "plants.not_closed",
            SolveError::SpecNotReached { .. } => "plants.spec_not_reached",
            SolveError::Setting(error) => error.code(),
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            SolveError::Unit { unit, error } => {
                vec![
                    ("unit", unit.clone()),
                    ("error", Message::text(error, lang)),
                ]
            }
            SolveError::NotConverged {
                tears,
                residual,
                passes,
                worst,
                ..
            } => {
                let tears = tears.iter().map(|(id, r)| format!("{id} ({r:.1e})"));
                vec![
                    ("tears", lang.list(&tears.collect::<Vec<_>>())),
                    ("residual", format!("{residual:.1e}")),
                    ("tolerance", format!("{TOLERANCE:.0e}")),
                    ("passes", passes.to_string()),
                    ("worst", worst.clone()),
                ]
            }
            SolveError::NotClosed {
                unit,
                element,
                error,
            } => vec![
                ("unit", unit.clone()),
                ("element", element.clone()),
                ("error", format!("{error:.1e}")),
            ],
            SolveError::SpecNotReached {
                spec,
                asked,
                manipulated,
                range,
                reached,
            } => vec![
                ("spec", spec.clone()),
                ("asked", significant(*asked, 6)),
                ("manipulated", manipulated.clone()),
                ("lowest", significant(range.0, 6)),
                ("highest", significant(range.1, 6)),
                ("least", significant(reached.0, 6)),
                ("most", significant(reached.1, 6)),
            ],
            SolveError::Setting(error) => error.fields(lang),
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for SolveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for SolveError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_past_the_target_is_not_a_root() {
        let mut step = |x: f64| Some(if x < 0.3 { 0.0 } else { 2.0 });
        let missed = root(1.0, 1e-9, 0.1, (0.0, 1.0), &mut step);
        assert_eq!(missed, Err((0.0, 2.0)));
        let (at, value) = root(1.0, 1e-9, 0.1, (0.0, 1.0), &mut |x| Some(3.0 * x * x)).unwrap();
        assert!((at - (1.0f64 / 3.0).sqrt()).abs() < 1e-8 && (value - 1.0).abs() < 1e-9);
    }
}
