//! One brine speciated, and how its activities change with a parameter or with what is dissolved.
//!
//! The molalities solve F(x, p) = 0, x = ln m: one mass balance for each component (or its activity, where a pH
//! is imposed) and one mass action for each other species, per kilogram of liquid water. A combination
//! y = Σ κ_c ln a_c of activities then has
//!
//! ```text
//! dy/dp = ∂y/∂p − λᵀ ∂F/∂p,   (∂F/∂x)ᵀ λ = ∂y/∂x
//! ```
//!
//! one linear system for each y, whatever the number of parameters. ln γ and ln a_w are linear in every Pitzer
//! coefficient, so that their derivative by one is what that coefficient alone, at one, adds to a model without any.

use saltern_numerics::lu::Lu;

use crate::database::{ComponentId, Database, HYDROGEN, SpeciesId, WATER};
use crate::equilibrium::Equilibrium;
use crate::pitzer::{Activity, ActivitySlopes, PitzerModel};
use crate::water::MOLES_PER_KG;

/// Activity models by the species they hold: brines of one make-up share theirs.
#[derive(Clone, Debug)]
pub struct Models<'d> {
    database: &'d Database,
    /// Row of the interaction that each parameter of the fit is, if it is one.
    rows: &'d [Option<usize>],
    sets: Vec<(Vec<SpeciesId>, PitzerModel)>,
}

impl<'d> Models<'d> {
    /// Models on a database, and the interactions whose part in them is asked for.
    pub fn new(database: &'d Database, rows: &'d [Option<usize>]) -> Models<'d> {
        Models {
            database,
            rows,
            sets: Vec::new(),
        }
    }

    fn of(&mut self, species: &[SpeciesId], temperature_k: f64) -> &PitzerModel {
        let found = self.sets.iter().position(|(held, _)| held == species);
        let index = found.unwrap_or_else(|| {
            let model = PitzerModel::new(self.database, species);
            self.sets.push((species.to_vec(), model));
            self.sets.len() - 1
        });
        let model = &mut self.sets[index].1;
        model.set_temperature(temperature_k);
        model
    }

    /// Whether an interaction acts between species that are all there.
    fn joins(&self, row: usize, species: &[SpeciesId]) -> bool {
        let (a, b, c) = self.database.interactions[row].species;
        let all = [Some(a), Some(b), c];
        all.iter().flatten().all(|s| species.contains(s))
    }
}

/// A combination of ln activities of components, water among them.
pub type Combination = Vec<(ComponentId, f64)>;

/// A speciated brine with what its derivatives need.
#[derive(Clone, Debug)]
pub struct State {
    temperature_k: f64,
    /// Species present.
    species: Vec<SpeciesId>,
    molality: Vec<f64>,
    activity: Activity,
    /// Components present, and where their master species stand in `species`.
    components: Vec<(ComponentId, usize)>,
    /// ∂F/∂x, transposed, row-major; F: a row a species, in their order (a component's balance in the row of its
    /// master species).
    transposed: Vec<f64>,
    ln_activity: Vec<f64>,
    ph_imposed: bool,
    /// What each interaction of the fit adds; `None` where its species are not all present.
    shares: Vec<Option<Share>>,
}

/// What a coefficient of one adds to each ln γ and to ln a_w.
#[derive(Clone, Debug, Default)]
pub struct Share {
    ln_gamma: Vec<f64>,
    ln_water_activity: f64,
}

impl State {
    /// From an equilibrium without solids. With `ph_imposed` the activity of H+ is held, else its total.
    pub fn of(models: &mut Models<'_>, equilibrium: &Equilibrium, ph_imposed: bool) -> State {
        let database = models.database;
        let species: Vec<SpeciesId> = (0..database.species.len())
            .filter(|&s| equilibrium.molality_mol_kgw[s] > 0.0)
            .collect();
        let molality = species
            .iter()
            .map(|&s| equilibrium.molality_mol_kgw[s])
            .collect();
        let components = database
            .components
            .iter()
            .enumerate()
            .filter_map(|(c, component)| {
                let place = species.iter().position(|s| Some(*s) == component.species)?;
                Some((c, place))
            })
            .collect();
        let mut state = State {
            temperature_k: equilibrium.temperature_k,
            species,
            molality,
            activity: Activity::default(),
            components,
            transposed: Vec::new(),
            ln_activity: equilibrium.ln_activity.clone(),
            ph_imposed,
            shares: Vec::new(),
        };
        let model = models.of(&state.species, state.temperature_k);
        // The entering water activity sets the pressure part of A_φ.
        state.activity.ln_water_activity = equilibrium.water_activity.ln();
        model.evaluate(&state.molality, &mut state.activity);
        let model = model.clone();
        let mut slopes = ActivitySlopes::default();
        let share = |row: &Option<usize>| {
            let row = row.filter(|&row| models.joins(row, &state.species))?;
            model.interaction_slopes(row, &state.molality, &mut slopes);
            Some(Share {
                ln_gamma: slopes.ln_gamma.clone(),
                ln_water_activity: slopes.ln_water_activity,
            })
        };
        state.shares = models.rows.iter().map(share).collect();
        state.transposed = state.jacobian_transposed(database);
        state
    }

    /// What each interaction of the fit adds to the activities here; `None` where its species are not all present.
    pub fn shares(&self) -> &[Option<Share>] {
        &self.shares
    }

    /// ln activity of a component; −∞ when absent.
    pub fn ln_activity(&self, component: ComponentId) -> f64 {
        self.ln_activity[component]
    }

    /// Value of a combination.
    pub fn value(&self, combination: &Combination) -> f64 {
        combination
            .iter()
            .map(|&(c, factor)| factor * self.ln_activity[c])
            .sum()
    }

    /// The rows of F are written as the species' formation; a master species' row is its component's balance.
    fn jacobian_transposed(&self, database: &Database) -> Vec<f64> {
        let n = self.species.len();
        let mut transposed = vec![0.0; n * n];
        for i in 0..n {
            let row = match self.components.iter().find(|(_, place)| *place == i) {
                Some(&(HYDROGEN, _)) if self.ph_imposed => self.slope_of(&vec![(HYDROGEN, 1.0)]),
                Some(&(component, _)) => self.balance_row(database, component),
                None => self.action_row(database, i),
            };
            for (j, value) in row.into_iter().enumerate() {
                transposed[j * n + i] = value;
            }
        }
        transposed
    }

    /// ∂/∂x of Σ ν m.
    fn balance_row(&self, database: &Database, component: ComponentId) -> Vec<f64> {
        let share = |(&s, m): (&SpeciesId, &f64)| {
            let formation = &database.species[s].formation;
            let nu = formation.iter().find(|(c, _)| *c == component);
            nu.map_or(0.0, |(_, nu)| nu * m)
        };
        self.species.iter().zip(&self.molality).map(share).collect()
    }

    /// ∂/∂x of ln m + ln γ − Σ ν ln a.
    fn action_row(&self, database: &Database, i: usize) -> Vec<f64> {
        let n = self.species.len();
        let mut row = self.slope_of(&self.components_of(database, i));
        for (j, value) in row.iter_mut().enumerate() {
            *value = self.activity.hessian[i * n + j] * self.molality[j] - *value;
        }
        row[i] += 1.0;
        row
    }

    fn components_of(&self, database: &Database, i: usize) -> Combination {
        database.species[self.species[i]].formation.clone()
    }

    /// ∂/∂x of a combination of activities.
    fn slope_of(&self, combination: &Combination) -> Vec<f64> {
        let n = self.species.len();
        let mut slope = vec![0.0; n];
        for &(component, factor) in combination {
            if component == WATER {
                for j in 0..n {
                    slope[j] += factor * self.activity.water_slope[j] * self.molality[j];
                }
            } else if let Some(i) = self.place(component) {
                slope[i] += factor;
                for j in 0..n {
                    slope[j] += factor * self.activity.hessian[i * n + j] * self.molality[j];
                }
            }
        }
        slope
    }

    fn place(&self, component: ComponentId) -> Option<usize> {
        let found = self.components.iter().find(|(c, _)| *c == component);
        found.map(|(_, place)| *place)
    }

    /// λ of a combination: how it answers to each row of F. `None` where the system is singular.
    pub fn answer(&self, combination: &Combination) -> Option<Vec<f64>> {
        let mut lambda = self.slope_of(combination);
        Lu::default().solve(&self.transposed, &mut lambda).ok()?;
        Some(lambda)
    }

    /// dy/dP of a combination by a Pitzer coefficient's value.
    pub fn by_coefficient(
        &self,
        database: &Database,
        combination: &Combination,
        lambda: &[f64],
        share: &Share,
    ) -> f64 {
        let mut sum = self.sum_of(combination, share);
        for i in 0..self.species.len() {
            let in_row = match self.components.iter().find(|(_, place)| *place == i) {
                Some(&(HYDROGEN, _)) if self.ph_imposed => share.ln_gamma[i],
                Some(_) => 0.0,
                None => share.ln_gamma[i] - self.sum_of(&self.components_of(database, i), share),
            };
            sum -= lambda[i] * in_row;
        }
        sum
    }

    fn sum_of(&self, combination: &Combination, share: &Share) -> f64 {
        let of = |&(component, factor): &(ComponentId, f64)| {
            let change = if component == WATER {
                share.ln_water_activity
            } else {
                self.place(component).map_or(0.0, |i| share.ln_gamma[i])
            };
            factor * change
        };
        combination.iter().map(of).sum()
    }

    /// dy/d ln K of a species' formation.
    pub fn by_formation(&self, species: SpeciesId, lambda: &[f64]) -> f64 {
        let place = self.species.iter().position(|s| *s == species);
        place.map_or(0.0, |i| lambda[i])
    }

    /// dy per mole of components dissolved in a kilogram of water, the water in `amounts` not counted.
    pub fn by_dissolving(&self, amounts: &[(ComponentId, f64)], lambda: &[f64]) -> f64 {
        let of = |&(component, mol): &(ComponentId, f64)| {
            self.place(component).map_or(0.0, |i| lambda[i] * mol)
        };
        amounts.iter().map(of).sum()
    }

    /// What a coefficient at one adds to G/RT, mol/kgw: Σ m ln γ − (φ − 1) Σ m.
    pub fn gibbs(&self, share: &Share) -> f64 {
        let terms = self.molality.iter().zip(&share.ln_gamma);
        terms.map(|(m, g)| m * g).sum::<f64>() + MOLES_PER_KG * share.ln_water_activity
    }
}
