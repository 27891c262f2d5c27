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

use crate::database::{
    ComponentId, Database, HYDROGEN, Interaction, InteractionKind, SpeciesId, WATER,
};
use crate::equilibrium::Equilibrium;
use crate::pitzer::{Activity, PitzerModel};
use crate::water::MOLES_PER_KG;

/// Activities that a coefficient of one adds: a database with nothing else in it, and one with it.
#[derive(Clone, Debug)]
pub struct Probe {
    database: Database,
    /// The coefficient; `None` for the one without any.
    interaction: Option<Interaction>,
}

impl Probe {
    /// A database without coefficients (its α stay).
    pub fn bare(database: &Database) -> Probe {
        let mut bare = Database {
            components: database.components.clone(),
            species: database.species.clone(),
            a_phi: database.a_phi,
            ..Database::default()
        };
        bare.interactions = database
            .interactions
            .iter()
            .filter(|i| i.kind == InteractionKind::Alphas)
            .cloned()
            .collect();
        Probe {
            database: bare,
            interaction: None,
        }
    }

    /// The same with one coefficient, at one.
    pub fn with(&self, interaction: &Interaction) -> Probe {
        let mut unit = interaction.clone();
        unit.terms = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let mut database = self.database.clone();
        database.interactions.push(unit.clone());
        Probe {
            database,
            interaction: Some(unit),
        }
    }

    fn joins(&self, species: &[SpeciesId]) -> bool {
        self.interaction.as_ref().is_none_or(|i| {
            let (a, b, c) = i.species;
            [Some(a), Some(b), c]
                .iter()
                .flatten()
                .all(|s| species.contains(s))
        })
    }
}

/// Activity models by the species they hold: brines of one make-up share theirs.
#[derive(Clone, Debug)]
pub struct Models<'d> {
    database: &'d Database,
    bare: &'d Probe,
    probes: &'d [Option<Probe>],
    sets: Vec<Set>,
}

/// The models of one list of species.
#[derive(Clone, Debug)]
struct Set {
    species: Vec<SpeciesId>,
    full: PitzerModel,
    bare: PitzerModel,
    probes: Vec<Option<PitzerModel>>,
}

impl<'d> Models<'d> {
    /// Models on a database, and of what each probe adds.
    pub fn new(database: &'d Database, bare: &'d Probe, probes: &'d [Option<Probe>]) -> Models<'d> {
        Models {
            database,
            bare,
            probes,
            sets: Vec::new(),
        }
    }

    fn of(&mut self, species: &[SpeciesId], temperature_k: f64) -> &Set {
        let found = self.sets.iter().position(|set| set.species == species);
        let index = found.unwrap_or_else(|| {
            let probe = |probe: &Option<Probe>| {
                let probe = probe.as_ref().filter(|p| p.joins(species))?;
                Some(PitzerModel::new(&probe.database, species))
            };
            self.sets.push(Set {
                species: species.to_vec(),
                full: PitzerModel::new(self.database, species),
                bare: PitzerModel::new(&self.bare.database, species),
                probes: self.probes.iter().map(probe).collect(),
            });
            self.sets.len() - 1
        });
        let set = &mut self.sets[index];
        set.full.set_temperature(temperature_k);
        set.bare.set_temperature(temperature_k);
        for model in set.probes.iter_mut().flatten() {
            model.set_temperature(temperature_k);
        }
        set
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
    /// What each probe adds; `None` where its species are not all present.
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
        let set = models.of(&state.species, state.temperature_k);
        // The entering water activity sets the pressure part of A_φ.
        state.activity = state.activities(&set.full, equilibrium.water_activity.ln());
        let bare = state.activities(&set.bare, 0.0);
        let share = |model: &Option<PitzerModel>| {
            let with = state.activities(model.as_ref()?, 0.0);
            let pairs = with.ln_gamma.iter().zip(&bare.ln_gamma);
            Some(Share {
                ln_gamma: pairs.map(|(a, b)| a - b).collect(),
                ln_water_activity: with.ln_water_activity - bare.ln_water_activity,
            })
        };
        state.shares = set.probes.iter().map(share).collect();
        state.transposed = state.jacobian_transposed(database);
        state
    }

    fn activities(&self, model: &PitzerModel, ln_water_activity: f64) -> Activity {
        let mut activity = Activity::default();
        activity.ln_water_activity = ln_water_activity;
        model.evaluate(&self.molality, &mut activity);
        activity
    }

    /// What each probe adds to the activities here; `None` where its species are not all present.
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
