//! A day of the plants.

use jiff::civil::Date;
use saltern_base::model::{Base, Schedule};
use saltern_brine::database::WATER;
use saltern_plants::matter::Matter as PlantMatter;
use saltern_plants::room::Room;
use saltern_plants::solve::{Solution, SolveError, solve};
use saltern_plants::stream::Stream;
use saltern_plants::utilities::NotCounted;

use super::{Joint, JointNode, PlantModel};
use crate::calendar::in_season;
use crate::error::SimulateError;
use crate::ledger::Ledger;
use crate::matter::{Matter, WATER_KG_M3};
use crate::pond::Pond;

const DAY_S: f64 = 86_400.0;

/// Share of the brine of the cell that is drawn from that a plant may take in a day: the cells above follow only as
/// the pond mixes.
const DRAWN_SHARE_MAX: f64 = 0.5;

/// What is left over below this load is crumbs.
const LOAD_MIN: f64 = 1e-6;

/// Coldest and hottest that a feed from the open may be, K (assumed: colder salt is warmed by what it is mixed with).
const OPEN_K: (f64, f64) = (258.15, 323.15);

/// A pond's brine poured by a plant has no density of its own yet; the next equilibrium, the same day, gives it one.
const LIQUOR_KG_M3: f64 = 1250.0;

/// The plants of a base with what their days need.
pub(crate) struct Plants<'m> {
    pub(crate) models: Vec<PlantModel>,
    room: Room<'m>,
    matter: &'m PlantMatter<'m>,
    /// The first failure of each plant.
    failures: Vec<Option<SolveError>>,
    /// The last steady state of each plant: where the next search starts.
    pub(crate) earlier: Vec<Option<Solution>>,
}

/// What is around the plants.
pub(crate) struct Surroundings<'a> {
    pub(crate) base: &'a Base,
    pub(crate) schedule: Option<&'a Schedule>,
    pub(crate) matter: &'a Matter,
    pub(crate) ponds: &'a mut [Pond],
    pub(crate) ledger: &'a mut Ledger,
    /// What each source gives today: mol/m³ of each component, m³/s, K.
    pub(crate) sources: &'a [SourceToday<'a>],
    pub(crate) air_k: f64,
}

/// What a source gives today.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceToday<'a> {
    pub(crate) amounts_mol_m3: &'a [f64],
    pub(crate) rate_m3_s: f64,
    pub(crate) temperature_k: f64,
}

/// What a plant did in a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PlantDay {
    pub(crate) load: f64,
    pub(crate) lead_kg: f64,
    pub(crate) electricity_j: f64,
    pub(crate) heat_j: f64,
    pub(crate) cooling_j: f64,
    /// Why it stood, if it did.
    pub(crate) stands: Option<Stands>,
}

/// Why a plant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Out of season, or shut by the schedule.
    Shut,
    /// A feed has nothing to give.
    NoFeed,
    /// The least feed would make less than the least load.
    BelowLeastLoad,
    /// No steady state was found.
    Failed,
    /// It would pour into a pond what no brine holds.
    CannotPour,
}

impl Stands {
    /// Name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Stands::Shut => "shut",
            Stands::NoFeed => "no_feed",
            Stands::BelowLeastLoad => "below_least_load",
            Stands::Failed => "failed",
            Stands::CannotPour => "cannot_pour",
        }
    }
}

impl<'m> Plants<'m> {
    pub(crate) fn new(models: Vec<PlantModel>, plant_matter: &'m PlantMatter<'m>) -> Self {
        Plants {
            failures: vec![None; models.len()],
            earlier: vec![None; models.len()],
            models,
            room: Room::new(plant_matter),
            matter: plant_matter,
        }
    }

    /// What flows through the plants.
    pub(crate) fn matter(&self) -> &'m PlantMatter<'m> {
        self.matter
    }

    /// Goes on from the steady states of a snapshot.
    pub(crate) fn resume(&mut self, earlier: &[Option<Solution>]) -> Result<(), SimulateError> {
        let same = |(model, state): (&PlantModel, &Option<Solution>)| {
            let streams = model.flowsheet.streams.len();
            state.as_ref().is_none_or(|s| s.streams.len() == streams)
        };
        if earlier.len() != self.models.len() || !self.models.iter().zip(earlier).all(same) {
            return Err(SimulateError::SnapshotMismatch { what: "plants" });
        }
        self.earlier = earlier.to_vec();
        Ok(())
    }

    /// Why a plant first failed.
    pub(crate) fn why(&self, id: &str) -> Option<SolveError> {
        let p = self.models.iter().position(|model| model.id == id)?;
        self.failures[p].clone()
    }

    /// What of the utilities of each plant is not counted, by its index.
    pub(crate) fn not_counted(&self) -> Vec<(usize, NotCounted)> {
        let plants = self.models.iter().zip(&self.earlier).enumerate();
        let told = plants.flat_map(|(p, (model, solution))| {
            let told = NotCounted::of(&model.flowsheet, solution.as_ref());
            told.into_iter().map(move |told| (p, told))
        });
        told.collect()
    }

    /// Runs one plant for a day.
    pub(crate) fn run(&mut self, p: usize, date: Date, around: &mut Surroundings<'_>) -> PlantDay {
        match self.try_run(p, date, around) {
            Ok(day) => day,
            Err(stands) => PlantDay {
                stands: Some(stands),
                ..PlantDay::default()
            },
        }
    }

    fn try_run(
        &mut self,
        p: usize,
        date: Date,
        around: &mut Surroundings<'_>,
    ) -> Result<PlantDay, Stands> {
        let ordered = ordered_load(p, date, around);
        if ordered <= 0.0 {
            return Err(Stands::Shut);
        }
        self.models[p].reset(self.matter);
        let offers = self.offer(p, around)?;
        let solution = self.solve(p)?;
        let model = &self.models[p];
        let full_s = model.scale * DAY_S;
        let mut load = ordered;
        for (joint, offer_kg) in model.joints.iter().zip(&offers) {
            let needed_kg = solution.streams[joint.stream].mass_kg_s(self.matter) * full_s;
            if let Some(offer_kg) = offer_kg
                && needed_kg > 0.0
            {
                load = load.min(offer_kg / needed_kg);
            }
        }
        if load < LOAD_MIN {
            return Err(Stands::NoFeed);
        }
        if load < around.base.plants[p].load_min {
            return Err(Stands::BelowLeastLoad);
        }
        let pours = |joint: &Joint| matches!(joint.node, JointNode::Pond(_)) && !joint.inward;
        let foreign = |joint: &Joint| {
            let others = &solution.streams[joint.stream].others_mol_s;
            others.iter().any(|n| *n != 0.0)
        };
        if model.joints.iter().any(|j| pours(j) && foreign(j)) {
            return Err(Stands::CannotPour);
        }
        self.move_matter(p, &solution, full_s * load, around);
        Ok(self.move_energy(p, &solution, load, around))
    }

    /// Puts what is there today into the feeds; returns what each joint can give, kg, where that is limited.
    fn offer(&mut self, p: usize, around: &Surroundings<'_>) -> Result<Vec<Option<f64>>, Stands> {
        let model = &mut self.models[p];
        let mut offers = Vec::with_capacity(model.joints.len());
        for joint in &model.joints {
            let offer = joint
                .inward
                .then(|| offer_of(joint.node, around, self.matter));
            let Some((fed, kg)) = offer.flatten() else {
                offers.push(None);
                continue;
            };
            if kg <= 0.0 {
                return Err(Stands::NoFeed);
            }
            let fed_kg = fed.mass_kg_s(self.matter);
            let mut feed = fed.times(joint.rate_kg_s / fed_kg);
            feed.temperature_k = fed.temperature_k;
            model.flowsheet.streams[joint.stream].feed = Some(feed);
            offers.push(Some(kg));
        }
        Ok(offers)
    }

    /// The steady state, sought from the last one; from nothing where that leads nowhere.
    fn solve(&mut self, p: usize) -> Result<Solution, Stands> {
        let earlier = self.earlier[p].take();
        let flowsheet = &mut self.models[p].flowsheet;
        self.room.forget();
        let mut found = solve(flowsheet, &mut self.room, earlier.as_ref());
        if found.is_err() && earlier.is_some() {
            self.room.forget();
            found = solve(flowsheet, &mut self.room, None);
        }
        match found {
            Ok(solution) => {
                self.earlier[p] = Some(solution.clone());
                Ok(solution)
            }
            Err(error) => {
                self.failures[p].get_or_insert(error);
                Err(Stands::Failed)
            }
        }
    }

    /// Takes the feeds and hands on what leaves; `seconds` turns flows of the file into amounts of the day.
    fn move_matter(
        &mut self,
        p: usize,
        solution: &Solution,
        seconds: f64,
        around: &mut Surroundings<'_>,
    ) {
        let model = &self.models[p];
        for (j, joint) in model.joints.iter().enumerate() {
            let stream = around.ledger.plants[p].joints[j];
            let moved = solution.streams[joint.stream].times(seconds);
            let mut solids_mol = self.solids_of(&moved, around.ledger);
            let mut brine_mol = moved.brine_mol_s.clone();
            let mut volume_m3 = 0.0;
            match (joint.node, joint.inward) {
                (JointNode::Pond(pond), true) => {
                    if let Some(cell) = around.ponds[pond].cells.last_mut() {
                        let held_kg = around.matter.mass_kg(&cell.brine_mol);
                        let share = moved.liquid_kg_s(self.matter) / held_kg;
                        volume_m3 = cell.draw(share * cell.volume_m3, &mut brine_mol);
                    }
                }
                (JointNode::Pond(pond), false) => {
                    let poured_mol = moved.components_mol_s(self.matter);
                    volume_m3 = moved.mass_kg_s(self.matter) / LIQUOR_KG_M3;
                    let cell = &mut around.ponds[pond].cells[0];
                    cell.pour(&poured_mol, volume_m3, moved.temperature_k);
                }
                (JointNode::Stockpile(pile), true) => {
                    let pile = &mut around.ledger.stockpiles[pile];
                    let held_kg = pile.mass_kg(around.matter, &around.ledger.solids);
                    let share = moved.mass_kg_s(self.matter) / held_kg;
                    (brine_mol, solids_mol) = pile.take(share);
                }
                (JointNode::Stockpile(pile), false) => {
                    around.ledger.stockpiles[pile].bring(&brine_mol, &solids_mol);
                }
                (JointNode::Source(source), true) => {
                    let per_m3 = around.sources[source].amounts_mol_m3;
                    volume_m3 = moved.liquid_kg_s(self.matter) / around.matter.mass_kg(per_m3);
                }
                _ => {}
            }
            let only_water = brine_mol.iter().skip(WATER + 1).all(|n| *n == 0.0);
            if volume_m3 == 0.0 && solids_mol.is_empty() && only_water {
                volume_m3 = moved.liquid_kg_s(self.matter) / WATER_KG_M3;
            }
            if !moved.is_nothing() {
                let (ledger, matter) = (&mut around.ledger, around.matter);
                ledger.note_plant(matter, stream, &brine_mol, solids_mol, volume_m3);
            }
        }
    }

    /// Solids and substances of a stream by column of the book; empty where it has none.
    fn solids_of(&self, stream: &Stream, ledger: &Ledger) -> Vec<f64> {
        let solids = stream.solids_mol_s.iter().chain(&stream.others_mol_s);
        if solids.into_iter().all(|n| *n == 0.0) {
            return Vec::new();
        }
        let mut columns = vec![0.0; ledger.solids.len()];
        for (m, n) in stream.solids_mol_s.iter().enumerate() {
            columns[ledger.solids.mineral(m)] += n;
        }
        for (s, n) in stream.others_mol_s.iter().enumerate() {
            columns[ledger.solids.substance(s)] += n;
        }
        columns
    }

    fn move_energy(
        &mut self,
        p: usize,
        solution: &Solution,
        load: f64,
        around: &mut Surroundings<'_>,
    ) -> PlantDay {
        let model = &self.models[p];
        let seconds = model.scale * DAY_S * load;
        let taken = solution.utilities();
        let day = PlantDay {
            load,
            lead_kg: solution.streams[model.lead].mass_kg_s(self.matter) * seconds,
            electricity_j: taken.electricity_w * seconds,
            heat_j: taken.heating_w * seconds,
            cooling_j: taken.cooling_w * seconds,
            stands: None,
        };
        let streams = around.ledger.plants[p].clone();
        let moved = [
            (streams.electricity, day.electricity_j),
            (streams.heat, day.heat_j),
            (streams.cooling, day.cooling_j),
        ];
        for (stream, energy_j) in moved {
            around.ledger.note_energy(around.matter, stream, energy_j);
        }
        day
    }
}

/// The load that the schedule, or else the season, asks for.
fn ordered_load(p: usize, date: Date, around: &Surroundings<'_>) -> f64 {
    let loads = around.schedule.map_or(&[][..], |s| &s.loads[..]);
    let set =
        |l: &&saltern_base::model::ScheduledLoad| l.plant == p && l.from <= date && date <= l.to;
    match loads.iter().find(set) {
        Some(set) => set.load,
        None => match around.base.plants[p].season {
            Some(season) if !in_season(date, season) => 0.0,
            _ => 1.0,
        },
    }
}

/// What a node offers today: its composition and how many kilograms of it; `None` where the plant's file says what
/// flows and there is no end of it.
fn offer_of(
    node: JointNode,
    around: &Surroundings<'_>,
    plant_matter: &PlantMatter<'_>,
) -> Option<(Stream, f64)> {
    let open_k = |k: f64| k.clamp(OPEN_K.0, OPEN_K.1);
    let mut fed = Stream::nothing(plant_matter);
    match node {
        JointNode::Pond(p) => {
            let pond = &around.ponds[p];
            let cell = pond.last();
            fed.brine_mol_s.clone_from(&cell.brine_mol);
            fed.temperature_k = open_k(cell.mean_k);
            let above_m3 = pond.free_m3() - pond.brine_at_depth_m3(pond.depth_m_min);
            let free_m3 = (DRAWN_SHARE_MAX * cell.movable_m3()).min(above_m3).max(0.0);
            let density_kg_m3 = around.matter.mass_kg(&cell.brine_mol) / cell.volume_m3;
            Some((fed, free_m3 * density_kg_m3))
        }
        JointNode::Stockpile(s) => {
            let pile = &around.ledger.stockpiles[s];
            fed.brine_mol_s.clone_from(&pile.brine_mol);
            let solids = &around.ledger.solids;
            for (m, n) in fed.solids_mol_s.iter_mut().enumerate() {
                *n = pile.solids_mol[solids.mineral(m)];
            }
            for (s, n) in fed.others_mol_s.iter_mut().enumerate() {
                *n = pile.solids_mol[solids.substance(s)];
            }
            fed.temperature_k = open_k(around.air_k);
            let held_kg = pile.mass_kg(around.matter, solids);
            Some((fed, held_kg))
        }
        JointNode::Source(s) => {
            let source = &around.sources[s];
            fed.brine_mol_s.copy_from_slice(source.amounts_mol_m3);
            fed.temperature_k = source.temperature_k;
            let m3 = source.rate_m3_s * DAY_S;
            Some((fed, m3 * around.matter.mass_kg(source.amounts_mol_m3)))
        }
        _ => None,
    }
}
