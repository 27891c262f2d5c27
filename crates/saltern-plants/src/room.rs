//! The room that units work in: solvers on one database, the memory of where each unit was last, heats.

use std::collections::BTreeMap;

use saltern_brine::database::{MineralId, WATER};
use saltern_brine::equilibrium::{BrineError, Equilibrium, Solver, State};
use saltern_brine::properties::heat::HeatModel;
use saltern_numerics::root::{Sharpness, falling};

use crate::matter::{Matter, REFERENCE_TEMPERATURE_K};
use crate::operation::UnitError;
use crate::stream::Stream;

/// Coldest and hottest a search for a temperature of what holds liquid water goes, K: −20 and 110 °C, the range of the
/// default set.
const BRINE_K: (f64, f64) = (253.15, 383.15);
/// The same for what holds no liquid water: gases, dry solids.
const DRY_K: (f64, f64) = (200.0, 2000.0);

/// How near an end of the range a temperature is that lies beyond it, K.
const AT_AN_END_K: f64 = 1e-6;

/// Secants that are tried for a temperature before it is bracketed.
const SECANTS: u32 = 8;
/// The first of them, where no heat capacity is known yet, K.
const FIRST_STEP_K: f64 = 1.0;

/// What tells the slots of streams that arrive at a port apart from that of their mixture.
const ARRIVING: usize = 1 << 20;

/// Share of an amount that is rounding when all of it is taken away.
const ROUNDING: f64 = 1e-12;

/// Work space for units of plants. One serves one thread.
#[derive(Debug)]
pub struct Room<'m> {
    /// What can flow.
    pub matter: &'m Matter<'m>,
    solvers: Vec<(Vec<MineralId>, Solver<'m>)>,
    heat: HeatModel<'m>,
    memory: BTreeMap<(usize, usize), Equilibrium>,
    numbers: BTreeMap<(usize, usize), f64>,
    /// Where each search for a temperature ended, K, and how its enthalpy rises there, W/K.
    warmings: BTreeMap<(usize, usize), (f64, f64)>,
    unit: usize,
    formation_offset_j_mol: Vec<f64>,
    /// Equilibria solved so far.
    pub equilibria: u64,
}

impl<'m> Room<'m> {
    /// A room with nothing remembered.
    pub fn new(matter: &'m Matter<'m>) -> Self {
        let heat = HeatModel::new(matter.database);
        let offsets = matter.component_formation_j_mol.iter().enumerate();
        let formation_offset_j_mol = offsets
            .map(|(c, formation)| {
                formation.unwrap_or(0.0) - heat.component_enthalpy_j_mol(c, REFERENCE_TEMPERATURE_K)
            })
            .collect();
        Room {
            matter,
            solvers: Vec::new(),
            heat,
            memory: BTreeMap::new(),
            numbers: BTreeMap::new(),
            warmings: BTreeMap::new(),
            unit: 0,
            formation_offset_j_mol,
            equilibria: 0,
        }
    }

    /// Forgets every state and number of earlier passes, so that what follows depends on what it is given alone.
    pub fn forget(&mut self) {
        self.memory.clear();
        self.numbers.clear();
        self.warmings.clear();
    }

    /// Says whose turn it is: states are remembered by unit.
    pub fn enter(&mut self, unit: usize) {
        self.unit = unit;
    }

    /// A number that the unit kept in an earlier pass to start a search from.
    pub fn recall(&self, slot: usize) -> Option<f64> {
        self.numbers.get(&(self.unit, slot)).copied()
    }

    /// Keeps a number for [`Room::recall`].
    pub fn keep(&mut self, slot: usize, value: f64) {
        self.numbers.insert((self.unit, slot), value);
    }

    /// Equilibrium of component amounts with the solids that are allowed. `slot` tells apart the states that one unit
    /// remembers to start from.
    ///
    /// # Errors
    /// [`BrineError`]
    pub fn equilibrate(
        &mut self,
        slot: usize,
        allowed: &[MineralId],
        amounts_mol: &[f64],
        temperature_k: f64,
    ) -> Result<Equilibrium, BrineError> {
        self.equilibria += 1;
        let known = self.solvers.iter().position(|(a, _)| a == allowed);
        let k = known.unwrap_or_else(|| {
            let solver = Solver::new(self.matter.database, allowed);
            self.solvers.push((allowed.to_vec(), solver));
            self.solvers.len() - 1
        });
        let key = (self.unit, slot);
        let warm = self.memory.get(&key);
        let state = self.solvers[k]
            .1
            .equilibrate(amounts_mol, temperature_k, warm)?;
        self.memory.insert(key, state.clone());
        Ok(state)
    }

    /// A stream brought to equilibrium at a temperature: its brine and those of its solids that are allowed react,
    /// all else stays.
    ///
    /// # Errors
    /// [`BrineError`]
    pub fn settle(
        &mut self,
        slot: usize,
        allowed: &[MineralId],
        stream: &Stream,
        temperature_k: f64,
    ) -> Result<(Stream, Option<Equilibrium>), BrineError> {
        let mut out = stream.clone();
        out.temperature_k = temperature_k;
        for &m in allowed {
            let n = std::mem::take(&mut out.solids_mol_s[m]);
            for &(c, nu) in self.matter.mineral_components(m) {
                out.brine_mol_s[c] += nu * n;
            }
        }
        if out.brine_mol_s.iter().all(|n| *n == 0.0) {
            return Ok((out, None));
        }
        let state = self.equilibrate(slot, allowed, &out.brine_mol_s, temperature_k)?;
        let before = std::mem::take(&mut out.brine_mol_s);
        out.brine_mol_s = state.liquid_amounts_mol(self.matter.database, &before);
        for (c, (n, before)) in out.brine_mol_s.iter_mut().zip(&before).enumerate() {
            // All of it in solids: what is left is rounding, and a negative amount is no brine.
            if *n < 0.0 && -*n < ROUNDING * before && !self.matter.may_be_negative(c) {
                *n = 0.0;
            }
        }
        for (n, held) in out.solids_mol_s.iter_mut().zip(&state.solids_mol) {
            *n += held;
        }
        Ok((out, Some(state)))
    }

    /// State of a stream's liquid as it is, nothing forming; `None` without liquid.
    ///
    /// # Errors
    /// [`BrineError`]
    pub fn speciate(
        &mut self,
        slot: usize,
        stream: &Stream,
    ) -> Result<Option<Equilibrium>, BrineError> {
        if stream.brine_mol_s[WATER] <= 0.0 {
            return Ok(None);
        }
        let state = self.equilibrate(slot, &[], &stream.brine_mol_s, stream.temperature_k)?;
        Ok((state.state == State::Wet).then_some(state))
    }

    /// Flow of enthalpy of a stream, W: formation from the elements at 25 °C included.
    ///
    /// # Errors
    /// [`BrineError`] of the speciation of its liquid.
    pub fn enthalpy_w(&mut self, slot: usize, stream: &Stream) -> Result<f64, BrineError> {
        let t = stream.temperature_k;
        let components = stream.components_mol_s(self.matter);
        let offsets = components.iter().zip(&self.formation_offset_j_mol);
        let formation: f64 = offsets.map(|(n, j)| n * j).sum();
        let liquid = match self.speciate(slot, stream)? {
            Some(state) => self.heat.enthalpy_j(&state),
            None => {
                let dry = stream.brine_mol_s.iter().enumerate();
                dry.map(|(c, n)| n * self.heat.component_enthalpy_j_mol(c, t))
                    .sum()
            }
        };
        let solids = stream.solids_mol_s.iter().enumerate();
        let solids: f64 = solids
            .filter(|(_, n)| **n != 0.0)
            .map(|(m, n)| n * self.solid_enthalpy_j_mol(m, t))
            .sum();
        let others = stream.others_mol_s.iter().zip(&self.matter.substances);
        let others: f64 = others
            .filter(|(n, _)| **n != 0.0)
            .map(|(n, s)| {
                let sensible = s.heat_capacity_j_mol_k.unwrap_or(f64::NAN);
                n * (s.formation_j_mol.unwrap_or(f64::NAN)
                    + sensible * (t - REFERENCE_TEMPERATURE_K))
            })
            .sum();
        Ok(formation + liquid + solids + others)
    }

    /// Enthalpy of a mineral on the footing of the database, J/mol: where calorimetry is known apart, what its
    /// components bring along by their formation is taken off again.
    fn solid_enthalpy_j_mol(&self, mineral: MineralId, temperature_k: f64) -> f64 {
        match self.matter.solid_heats[mineral] {
            None => self.heat.solid_enthalpy_j_mol(mineral, temperature_k),
            Some(heat) => {
                let components = self.matter.mineral_components(mineral).iter();
                let brought: f64 = components
                    .map(|&(c, nu)| nu * self.formation_offset_j_mol[c])
                    .sum();
                heat.enthalpy_j_mol(temperature_k) - brought
            }
        }
    }

    /// Streams put together without reacting, at the temperature that leaves their enthalpy as it is.
    ///
    /// # Errors
    /// [`UnitError::Brine`]; [`UnitError::OutOfRange`] where no temperature in reach has that enthalpy.
    pub fn blend(&mut self, slot: usize, streams: &[Stream]) -> Result<Stream, UnitError> {
        let mut flowing = streams.iter().filter(|s| !s.is_nothing());
        let Some(first) = flowing.next() else {
            return Ok(Stream::nothing(self.matter));
        };
        let mut sum = first.clone();
        let mut level = true;
        for stream in flowing {
            sum.add(stream);
            level &= (stream.temperature_k - first.temperature_k).abs() < 1e-9;
        }
        if level {
            return Ok(sum);
        }
        let mut enthalpy_w = 0.0;
        for (i, stream) in streams.iter().enumerate().filter(|(_, s)| !s.is_nothing()) {
            // Each arriving stream starts from its own last state, not from its neighbour's.
            enthalpy_w += self.enthalpy_w(slot + ARRIVING * (i + 1), stream)?;
        }
        let range_k = range_k(&sum);
        let near_k = mean_temperature_k(streams);
        let temperature_k = self.temperature_of(slot, enthalpy_w, near_k, range_k, |room, t| {
            sum.temperature_k = t;
            room.enthalpy_w(slot, &sum)
        })?;
        sum.temperature_k = temperature_k;
        Ok(sum)
    }

    /// A stream brought to equilibrium at the temperature at which its enthalpy flow is the given one.
    ///
    /// # Errors
    /// [`UnitError::Brine`]; [`UnitError::OutOfRange`] where no temperature in reach has that enthalpy.
    pub fn settle_adiabatic(
        &mut self,
        slot: usize,
        allowed: &[MineralId],
        stream: &Stream,
        enthalpy_w: f64,
    ) -> Result<(Stream, Option<Equilibrium>), UnitError> {
        let (near_k, range_k) = (stream.temperature_k, range_k(stream));
        let temperature_k = self.temperature_of(slot, enthalpy_w, near_k, range_k, |room, t| {
            let (settled, _) = room.settle(slot, allowed, stream, t)?;
            room.enthalpy_w(slot + 1, &settled)
        })?;
        Ok(self.settle(slot, allowed, stream, temperature_k)?)
    }

    /// The temperature at which a rising function of it is `enthalpy_w`, between two: by secants from where the last pass
    /// ended, with its heat capacity, or by a bracket where those lead nowhere.
    fn temperature_of(
        &mut self,
        slot: usize,
        enthalpy_w: f64,
        near_k: f64,
        (coldest_k, hottest_k): (f64, f64),
        mut enthalpy: impl FnMut(&mut Self, f64) -> Result<f64, BrineError>,
    ) -> Result<f64, UnitError> {
        let range_k = (coldest_k + AT_AN_END_K, hottest_k - AT_AN_END_K);
        if let Some(t) = self.by_secants(slot, enthalpy_w, near_k, range_k, &mut enthalpy)? {
            return Ok(t);
        }
        let sharp = Sharpness {
            relative: 1e-10,
            absolute: 0.0,
            value: 1e-12 * enthalpy_w.abs(),
        };
        let mut known = true;
        let found = falling(near_k, (coldest_k, hottest_k), &sharp, &mut |t| {
            let lacking = enthalpy_w - enthalpy(self, t)?;
            known &= !lacking.is_nan();
            Ok::<_, BrineError>(lacking)
        })?;
        let out_of_range = |value_k: f64| UnitError::OutOfRange {
            what: "temperature without heat exchanged, degC",
            value: value_k - 273.15,
            accepted: format!("{:.0} … {:.0}", coldest_k - 273.15, hottest_k - 273.15),
        };
        if !known {
            return Err(out_of_range(f64::NAN));
        }
        let t = found.map_or(hottest_k, |bracket| bracket.secant());
        if t - coldest_k > AT_AN_END_K && hottest_k - t > AT_AN_END_K {
            return Ok(t);
        }
        // What takes up no heat (nothing; ions without water) stays as warm as it came.
        let (cold_w, hot_w) = (enthalpy(self, coldest_k)?, enthalpy(self, hottest_k)?);
        if (hot_w - cold_w).abs() <= ROUNDING * enthalpy_w.abs() {
            return Ok(near_k);
        }
        Err(out_of_range(t))
    }

    /// Secants for [`Room::temperature_of`]; `None` where they leave the range or do not arrive soon.
    fn by_secants(
        &mut self,
        slot: usize,
        enthalpy_w: f64,
        near_k: f64,
        (coldest_k, hottest_k): (f64, f64),
        enthalpy: &mut impl FnMut(&mut Self, f64) -> Result<f64, BrineError>,
    ) -> Result<Option<f64>, BrineError> {
        let key = (self.unit, slot);
        let inside = |t: f64| t > coldest_k && t < hottest_k;
        let last = self.warmings.get(&key).filter(|last| inside(last.0));
        let (mut t, known_w_k) = last.map_or((near_k, None), |&(t, w_k)| (t, Some(w_k)));
        if !inside(t) {
            return Ok(None);
        }
        let mut lacking_w = enthalpy_w - enthalpy(self, t)?;
        let mut w_k = known_w_k;
        for _ in 0..SECANTS {
            let next = match w_k {
                None => t + FIRST_STEP_K,
                Some(w_k) => t + lacking_w / w_k,
            };
            // Not a number, or not rising: somebody else's case.
            if !w_k.is_none_or(|w_k| w_k > 0.0) || !inside(next) {
                return Ok(None);
            }
            if let Some(w_k) = w_k
                && (lacking_w.abs() <= 1e-12 * enthalpy_w.abs() || (next - t).abs() <= 1e-10 * t)
            {
                self.warmings.insert(key, (next, w_k));
                return Ok(Some(next));
            }
            let next_lacking_w = enthalpy_w - enthalpy(self, next)?;
            w_k = Some((lacking_w - next_lacking_w) / (next - t));
            (t, lacking_w) = (next, next_lacking_w);
        }
        Ok(None)
    }
}

/// Mean temperature of streams, by moles: near that of their mixture.
fn mean_temperature_k(streams: &[Stream]) -> f64 {
    let moles = |stream: &Stream| stream.amounts().map(f64::abs).sum::<f64>();
    let total: f64 = streams.iter().map(moles).sum();
    let weighted: f64 = streams.iter().map(|s| moles(s) * s.temperature_k).sum();
    weighted / total
}

/// Between which temperatures a stream is believed.
fn range_k(stream: &Stream) -> (f64, f64) {
    if stream.brine_mol_s[WATER] > 0.0 {
        BRINE_K
    } else {
        DRY_K
    }
}
