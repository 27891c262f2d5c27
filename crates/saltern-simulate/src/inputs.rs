//! What a simulation is given and what it gives back.

use jiff::civil::Date;
use saltern_base::book::Book;
use saltern_base::frame::Frame;
use saltern_base::model::{Base, Schedule, State};
use saltern_brine::database::{Database, MineralId};
use saltern_climate::Forcing;

use crate::notice::Notice;
use crate::react::ChemistryReport;
use crate::snapshot::Snapshot;

/// Component amounts of a brine, resolved from an assay by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct BrineAmounts {
    /// mol per kg of water, in the order of [`Database::components`]; water is 1 / its molar mass.
    pub amounts_mol_kgw: Vec<f64>,
}

/// All that a simulation depends on.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The base.
    pub base: &'a Base,
    /// The thermodynamic database.
    pub database: &'a Database,
    /// Minerals that may form. Ice is left out: freezing is flagged, not modelled.
    pub allowed: &'a [MineralId],
    /// The brines of [`Base::brines`], in that order.
    pub brines: &'a [BrineAmounts],
    /// Hourly weather, from 00:00 of the first day, 24 a day.
    pub hours: &'a [Forcing],
    /// From what the ponds start.
    pub start: Start<'a>,
    /// Decisions that replace rules.
    pub schedule: Option<&'a Schedule>,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
}

/// From what the ponds start.
#[derive(Clone, Copy, Debug, Default)]
pub enum Start<'a> {
    /// The openings of the base.
    #[default]
    Opening,
    /// A state by pond; ponds it does not name start from their opening.
    State {
        /// The state.
        state: &'a State,
        /// The brine of each entry of [`State::ponds`].
        brines: &'a [BrineAmounts],
    },
    /// The end of an earlier simulation of the same base, to the last bit. Leakage, limits and surfaces are those of the base
    /// that is simulated now.
    Snapshot(&'a Snapshot),
}

/// How far a simulation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Days done.
    pub day: u32,
    /// Days in all.
    pub days: u32,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// March the next day.
    Continue,
    /// Stop: the simulation returns [`crate::SimulateError::Stopped`].
    Stop,
}

/// A simulated period.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// Who held what and what moved.
    pub book: Book,
    /// Frames `ponds`, `floor`, `months_ahead`, `energy`.
    pub series: Vec<Frame>,
    /// The ponds at the end, to go on from.
    pub end: Snapshot,
    /// The ponds at the end as rows of a state table: for each pond its depth, temperature, mixed brine
    /// and floor by mineral. Differences between its cells and the order of its salt are lost.
    pub state: State,
    /// Dry salt that each harvest of the base could take in the evening of each day, kg: `[harvest][day]`.
    pub harvestable_kg: Vec<Vec<f64>>,
    /// Minerals that came to lie on floors where they did not lie in the first morning, in the order of their days.
    pub sightings: Vec<Sighting>,
    /// Effort and failures.
    pub report: SimulateReport,
    /// What there is to say about it.
    pub notices: Vec<Notice>,
}

/// The first evening on which a mineral lies on the floor of a pond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Index of the pond.
    pub pond: usize,
    /// The mineral.
    pub mineral: String,
    /// Day, counted from 0 on the first.
    pub day: u32,
}

/// Effort and failures of a simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SimulateReport {
    /// The chemistry.
    pub chemistry: ChemistryReport,
    /// Steps of the transport; a day has one or more.
    pub flow_steps: u64,
    /// Days.
    pub days: u32,
}
