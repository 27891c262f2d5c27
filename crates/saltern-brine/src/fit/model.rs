//! What the model says a measurement should be, its residual, and how that changes with the unknowns.
//!
//! | quantity | residual times its standard deviation |
//! |---|---|
//! | osmotic coefficient | φ − φ measured, φ = −ln a_w / (M_w Σ m) over the analysed components (and H⁺ or OH⁻, unless C or B is there) |
//! | water activity | a_w − a_w measured |
//! | mean activity coefficient | ln γ± − ln γ± measured, γ± from activities over total molalities |
//! | saturation | −(ln IAP − ln K)/D for each solid, D = d ln IAP/d ln m |
//! | density | ρ − ρ measured |
//! | heat capacity | c_p − c_p measured, at fixed speciation |
//! | enthalpy of solution | RT² d ln K/dT − ΔH measured |
//!
//! m in D is the molality of the solid's scarcest constituent while the solid's constituents other than water
//! dissolve in a constant mass of water; so the residual reads as the relative error of the solid's solubility.
//! Near congruent melting D goes through zero, and solubility says little there: |D| below one counts as one.
//! For ice, m is that of all solutes.

use std::f64::consts::LN_10;

use super::FitError;
use super::data::{Measurement, Quantity};
use super::parameters::{Plan, volume_slope};
use super::state::{Combination, Models, Share, State};
use crate::assay::Brine;
use crate::database::{Database, GAS_CONSTANT_J_MOL_K, HYDROGEN, LogK, MineralId, WATER};
use crate::equilibrium::{self, Equilibrium, Protons, Solver};
use crate::layer::Slot;
use crate::properties::heat::HeatModel;
use crate::water::{MOLES_PER_KG, Water};

/// The model's word on a measurement; a saturation with several solids has one for each.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// Index of the measurement.
    pub measurement: usize,
    /// The solid, for a saturation.
    pub solid: Option<MineralId>,
    /// The measured value, SI; zero for a saturation.
    pub measured: f64,
    /// The model's value, SI; log10(IAP/K) for a saturation.
    pub model: f64,
    /// Relative difference, model from measured; of the solubility for a saturation.
    pub relative: f64,
    /// Difference over standard deviation.
    pub residual: f64,
    /// ∂residual/∂unknown.
    pub slope: Vec<f64>,
    /// D of a saturation at this state; 1 otherwise.
    pub divisor: f64,
    /// Ionic strength, mol/kgw.
    pub ionic_strength: f64,
}

impl Prediction {
    /// Whether the model has an answer at these unknowns.
    pub fn is_answered(&self) -> bool {
        self.residual.is_finite() && self.slope.iter().all(|v| v.is_finite())
    }
}

/// Smallest D of a solid that holds ions.
const DIVISOR_MIN: f64 = 1.0;
/// Smallest D of ice: that of a brine of some 0.03 mol/kgw.
const ICE_DIVISOR_MIN: f64 = 1e-3;

/// A plan and measurements, ready to be compared at any unknowns.
#[derive(Clone, Debug)]
pub struct Model<'a> {
    plan: &'a Plan,
    measurements: &'a [Measurement],
    /// Row of the interaction that each parameter is, if it is one with free terms.
    rows: Vec<Option<usize>>,
}

impl<'a> Model<'a> {
    /// Puts them together.
    pub fn new(plan: &'a Plan, measurements: &'a [Measurement]) -> Model<'a> {
        let rows = plan.parameters.iter().map(|p| match p.slot {
            Slot::Interaction(row) if !p.free.is_empty() => Some(row),
            _ => None,
        });
        Model {
            plan,
            measurements,
            rows: rows.collect(),
        }
    }

    /// Every prediction at given unknowns, in the order of the measurements. `divisors` are the D to use, in the
    /// order of the predictions; `None` takes those of this state. A brine that has no answer at these unknowns has
    /// predictions that are not finite ([`Prediction::is_answered`]).
    ///
    /// # Errors
    /// [`FitError::Assay`] where an analysis is wrong.
    pub fn predict(
        &self,
        unknowns: &[f64],
        divisors: Option<&[f64]>,
    ) -> Result<Vec<Prediction>, FitError> {
        let mut database = self.plan.database.clone();
        self.plan.apply(unknowns, &mut database);
        self.predict_on(&database, divisors)
    }

    /// Every prediction with the parameters that the database had before the fit; new ones where they start.
    ///
    /// # Errors
    /// As [`Model::predict`].
    pub fn predict_before(&self) -> Result<Vec<Prediction>, FitError> {
        let mut database = self.plan.database.clone();
        self.plan.apply(&self.plan.start, &mut database);
        for parameter in &self.plan.parameters {
            if let Some(terms) = &parameter.base {
                parameter.slot.set(&mut database, terms);
            }
        }
        self.predict_on(&database, None)
    }

    fn predict_on(
        &self,
        database: &Database,
        divisors: Option<&[f64]>,
    ) -> Result<Vec<Prediction>, FitError> {
        let mut solver = Solver::new(database, &[]);
        let mut models = Models::new(database, &self.rows);
        let mut predictions = Vec::new();
        for (index, measurement) in self.measurements.iter().enumerate() {
            if let Quantity::EnthalpyOfSolution(solid) = measurement.quantity {
                predictions.push(self.enthalpy(database, index, solid));
                continue;
            }
            let state = measurement
                .dissolve(&mut solver)
                .and_then(|brine| speciated(brine, &mut solver, measurement));
            let (brine, equilibrium) = match state {
                Ok(state) if state.1.state == equilibrium::State::Wet => state,
                Err(error) if error.is_input() => return Err(error),
                _ => {
                    self.unanswered(index, &mut predictions);
                    continue;
                }
            };
            let reader = Reader {
                model: self,
                database,
                measurement,
                index,
                brine: &brine,
                equilibrium: &equilibrium,
            };
            reader.read(divisors, &mut models, &mut predictions);
        }
        Ok(predictions)
    }
}

impl Model<'_> {
    /// The predictions of a brine without an answer: as many as it would have, none finite.
    fn unanswered(&self, index: usize, out: &mut Vec<Prediction>) {
        let quantity = &self.measurements[index].quantity;
        let solids = match quantity {
            Quantity::Saturation(solids) => solids.iter().copied().map(Some).collect(),
            _ => vec![None],
        };
        let measured = match quantity {
            Quantity::Saturation(_) => 0.0,
            _ => self.measurements[index].value,
        };
        out.extend(solids.into_iter().map(|solid| Prediction {
            measurement: index,
            solid,
            measured,
            model: f64::NAN,
            relative: f64::NAN,
            residual: f64::NAN,
            slope: vec![0.0; self.plan.unknowns()],
            divisor: 1.0,
            ionic_strength: f64::NAN,
        }));
    }

    /// RT² d ln K/dT of a solid.
    fn enthalpy(&self, database: &Database, index: usize, solid: MineralId) -> Prediction {
        let m = &self.measurements[index];
        let t = m.temperature_k();
        let model = database.minerals[solid].log_k.enthalpy_j_mol(t);
        let mut slope = vec![0.0; self.plan.unknowns()];
        for parameter in &self.plan.parameters {
            if parameter.slot == Slot::Mineral(solid) {
                for (k, &term) in parameter.free.iter().enumerate() {
                    let unit = std::array::from_fn(|i| if i == term { 1.0 } else { 0.0 });
                    slope[parameter.first + k] = LogK(unit).enthalpy_j_mol(t) / m.deviation;
                }
            }
        }
        Prediction {
            measurement: index,
            solid: Some(solid),
            measured: m.value,
            model,
            relative: (model - m.value) / m.value.abs(),
            residual: (model - m.value) / m.deviation,
            slope,
            divisor: 1.0,
            ionic_strength: 0.0,
        }
    }
}

/// The brine's species; amounts that follow from the analysis alone have not been speciated yet.
fn speciated(
    mut brine: Brine,
    solver: &mut Solver<'_>,
    measurement: &Measurement,
) -> Result<(Brine, Equilibrium), FitError> {
    let equilibrium = match brine.speciated.take() {
        Some(equilibrium) => equilibrium,
        None => solver
            .speciate(
                &mut brine.amounts_mol,
                measurement.temperature_k(),
                Protons::AsGiven,
            )
            .map_err(|error| crate::assay::AssayError::NoStart {
                place: measurement.place.clone(),
                error,
            })?,
    };
    Ok((brine, equilibrium))
}

/// One measurement at one state.
struct Reader<'r, 'a> {
    model: &'r Model<'a>,
    database: &'r Database,
    measurement: &'r Measurement,
    index: usize,
    brine: &'r Brine,
    equilibrium: &'r Equilibrium,
}

/// Value of a combination and its derivative by each unknown.
struct Line {
    value: f64,
    slope: Vec<f64>,
    lambda: Vec<f64>,
}

impl Reader<'_, '_> {
    fn read(&self, divisors: Option<&[f64]>, models: &mut Models<'_>, out: &mut Vec<Prediction>) {
        let m = self.measurement;
        if m.quantity == Quantity::Density {
            out.push(self.density());
            return;
        }
        let state = State::of(models, self.equilibrium, m.ph_imposed());
        let shares = state.shares();
        if m.quantity == Quantity::HeatCapacity {
            out.push(self.heat_capacity(&state, shares));
            return;
        }
        match &m.quantity {
            Quantity::OsmoticCoefficient => {
                let line = self.line(&state, shares, &vec![(WATER, 1.0)]);
                let factor = -MOLES_PER_KG / self.particles();
                out.push(self.linear(&line, factor * line.value, factor));
            }
            Quantity::WaterActivity => {
                let line = self.line(&state, shares, &vec![(WATER, 1.0)]);
                let activity = line.value.exp();
                out.push(self.linear(&line, activity, activity));
            }
            Quantity::MeanActivityCoefficient(salt) => {
                let ions: f64 = salt.iter().map(|(_, n)| n).sum();
                let combination = salt.iter().map(|&(c, n)| (c, n / ions)).collect();
                let line = self.line(&state, shares, &combination);
                out.push(self.mean_activity(&line, &combination));
            }
            Quantity::Saturation(solids) => {
                for &solid in solids {
                    let given = divisors.map(|d| d[out.len()]);
                    out.push(self.saturation(&state, shares, solid, given));
                }
            }
            Quantity::Density | Quantity::HeatCapacity | Quantity::EnthalpyOfSolution(_) => {}
        }
    }

    fn line(&self, state: &State, shares: &[Option<Share>], combination: &Combination) -> Line {
        let n = self.model.plan.unknowns();
        let mut slope = vec![0.0; n];
        let lambda = state
            .answer(combination)
            .unwrap_or_else(|| vec![0.0; self.database.species.len()]);
        let temperature_k = self.measurement.temperature_k();
        for (parameter, share) in self.model.plan.parameters.iter().zip(shares) {
            let by_value = match (parameter.slot, share) {
                (Slot::Interaction(_), Some(share)) => {
                    state.by_coefficient(self.database, combination, &lambda, share)
                }
                (Slot::Species(id), _) => LN_10 * state.by_formation(id, &lambda),
                _ => continue,
            };
            for (k, basis) in parameter.basis(temperature_k).into_iter().enumerate() {
                slope[parameter.first + k] = by_value * basis;
            }
        }
        Line {
            value: state.value(combination),
            slope,
            lambda,
        }
    }

    fn linear(&self, line: &Line, model: f64, factor: f64) -> Prediction {
        let m = self.measurement;
        self.prediction(
            None,
            model,
            model / m.value - 1.0,
            (model - m.value) / m.deviation,
            scaled(&line.slope, factor / m.deviation),
        )
    }

    fn mean_activity(&self, line: &Line, combination: &Combination) -> Prediction {
        let m = self.measurement;
        let totals: f64 = combination
            .iter()
            .map(|&(c, factor)| factor * self.brine.amounts_mol[c].ln())
            .sum();
        let ln_gamma = line.value - totals;
        self.prediction(
            None,
            ln_gamma.exp(),
            ln_gamma.exp() / m.value - 1.0,
            (ln_gamma - m.value.ln()) / m.deviation,
            scaled(&line.slope, 1.0 / m.deviation),
        )
    }

    fn saturation(
        &self,
        state: &State,
        shares: &[Option<Share>],
        solid: MineralId,
        divisor: Option<f64>,
    ) -> Prediction {
        let m = self.measurement;
        let mineral = &self.database.minerals[solid];
        let mut line = self.line(state, shares, &mineral.dissolution);
        let temperature_k = m.temperature_k();
        for parameter in &self.model.plan.parameters {
            if parameter.slot == Slot::Mineral(solid) {
                for (k, basis) in parameter.basis(temperature_k).into_iter().enumerate() {
                    line.slope[parameter.first + k] -= LN_10 * basis;
                }
            }
        }
        let excess = line.value - LN_10 * mineral.log_k.at(temperature_k);
        let here = self.divisor(state, solid, &line.lambda);
        let factor = -1.0 / divisor.unwrap_or(here);
        let mut prediction = self.prediction(
            Some(solid),
            excess / LN_10,
            excess * factor,
            excess * factor / m.deviation,
            scaled(&line.slope, factor / m.deviation),
        );
        prediction.measured = 0.0;
        prediction.divisor = here;
        prediction
    }

    /// D, held off zero.
    fn divisor(&self, state: &State, solid: MineralId, lambda: &[f64]) -> f64 {
        let constituents: Vec<_> = self.database.minerals[solid]
            .dissolution
            .iter()
            .copied()
            .filter(|&(c, _)| c != WATER)
            .collect();
        if constituents.is_empty() {
            let all: Vec<_> = (0..self.brine.amounts_mol.len())
                .filter(|&c| c != WATER)
                .map(|c| (c, self.brine.amounts_mol[c]))
                .collect();
            let slope = state.by_dissolving(&all, lambda);
            return slope.min(-ICE_DIVISOR_MIN);
        }
        let scarcest = constituents
            .iter()
            .filter(|&&(c, nu)| c != HYDROGEN && nu > 0.0)
            .map(|&(c, nu)| self.brine.amounts_mol[c] / nu)
            .fold(f64::INFINITY, f64::min);
        let slope = state.by_dissolving(&constituents, lambda) * scarcest;
        if slope.is_finite() {
            slope.abs().max(DIVISOR_MIN)
        } else {
            DIVISOR_MIN
        }
    }

    /// ρ = M/V; V is linear in the terms of the species' volumes that may be free.
    fn density(&self) -> Prediction {
        let (m, state) = (self.measurement, self.equilibrium);
        let model = state.density_kg_m3(self.database);
        let volume_m3 = state.liquid_volume_m3(self.database) / state.water_kg;
        let water = Water::at(state.temperature_k);
        let mut slope = vec![0.0; self.model.plan.unknowns()];
        for parameter in &self.model.plan.parameters {
            let Slot::Volume(id) = parameter.slot else {
                continue;
            };
            let species = &self.database.species[id];
            let (Some(terms), molality) = (&species.volume, state.molality_mol_kgw[id]) else {
                continue;
            };
            for (k, &term) in parameter.free.iter().enumerate() {
                let by_term = volume_slope(
                    terms,
                    term,
                    species.charge,
                    &water,
                    state.temperature_k,
                    state.ionic_strength_mol_kgw,
                );
                slope[parameter.first + k] = -model / volume_m3 * molality * by_term / m.deviation;
            }
        }
        self.prediction(
            None,
            model,
            model / m.value - 1.0,
            (model - m.value) / m.deviation,
            slope,
        )
    }

    /// c_p per kilogram of brine. A coefficient P(T) brings −R (2T P′ + T² P″) g, g its share of G at one; a master
    /// species its heat capacity for every mole of the component.
    fn heat_capacity(&self, state: &State, shares: &[Option<Share>]) -> Prediction {
        let (m, equilibrium) = (self.measurement, self.equilibrium);
        let t = equilibrium.temperature_k;
        let heat = HeatModel::new(self.database).liquid(equilibrium);
        let mass_kg = equilibrium.density_kg_m3(self.database)
            * equilibrium.liquid_volume_m3(self.database)
            / equilibrium.water_kg;
        let model = heat.map_or(f64::NAN, |h| h.heat_capacity_j_k_kgw) / mass_kg;
        let mut slope = vec![0.0; self.model.plan.unknowns()];
        for (parameter, share) in self.model.plan.parameters.iter().zip(shares) {
            let factors: Vec<f64> = match (parameter.slot, share) {
                (Slot::Interaction(_), Some(share)) => {
                    let g = -GAS_CONSTANT_J_MOL_K * state.gibbs(share);
                    let by = |&term: &usize| g * heat_of_term(term, t);
                    parameter.free.iter().map(by).collect()
                }
                (Slot::HeatCapacity(id), _) => {
                    let component = self.database.species[id].formation[0].0;
                    let total = equilibrium.total_molality_mol_kgw(self.database, component);
                    parameter.basis(t).iter().map(|b| b * total).collect()
                }
                _ => continue,
            };
            for (k, factor) in factors.into_iter().enumerate() {
                slope[parameter.first + k] = factor / mass_kg / m.deviation;
            }
        }
        self.prediction(
            None,
            model,
            model / m.value - 1.0,
            (model - m.value) / m.deviation,
            slope,
        )
    }

    fn prediction(
        &self,
        solid: Option<MineralId>,
        model: f64,
        relative: f64,
        residual: f64,
        slope: Vec<f64>,
    ) -> Prediction {
        Prediction {
            measurement: self.index,
            solid,
            measured: self.measurement.value,
            model,
            relative,
            residual,
            slope,
            divisor: 1.0,
            ionic_strength: self.equilibrium.ionic_strength_mol_kgw,
        }
    }

    /// Moles of analysed components in a kilogram of water; acid, or the hydroxide that a lack of it is, counts
    /// unless a weak acid is there.
    fn particles(&self) -> f64 {
        let amounts = &self.brine.amounts_mol;
        let components = &self.database.components;
        let weak = |c: &usize| matches!(components[*c].element.as_str(), "C" | "B" | "Si");
        let has_weak = (0..amounts.len()).any(|c| amounts[c] > 0.0 && weak(&c));
        let acid = if has_weak {
            0.0
        } else {
            amounts[HYDROGEN].abs()
        };
        amounts[HYDROGEN + 1..].iter().sum::<f64>() + acid
    }
}

/// 2T f′ + T² f″ of what multiplies a0 … a5.
fn heat_of_term(term: usize, t: f64) -> f64 {
    match term {
        2 => 1.0,
        3 => 2.0 * t,
        4 => 6.0 * t * t,
        5 => 2.0 / (t * t),
        _ => 0.0,
    }
}

fn scaled(slope: &[f64], factor: f64) -> Vec<f64> {
    slope.iter().map(|v| v * factor).collect()
}
