//! Flowsheets of plants at their steady state, as somebody solves them who knows plants: the command line hands it in.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, Sentence};

/// Solves a plant of the base by its id.
pub type SolvePlant = Box<dyn Fn(&str) -> Result<Plant, Problem> + Send + Sync>;

/// A plant at the steady state that its file describes. A plant at another load has all flows, heats and powers times that.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PlantView)]
pub struct Plant {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Sentence,
    /// What is assumed or not measured about it.
    pub caveats: Vec<Sentence>,
    /// Units.
    pub units: Vec<PlantUnit>,
    /// Streams.
    pub streams: Vec<PlantStream>,
    /// What the plant declares: recoveries, grades.
    pub measures: Vec<PlantMeasure>,
    /// What enters and leaves the plant, by element.
    pub elements: Vec<ElementBalance>,
    /// Worst share of an element's throughput that is missing at a unit or over the plant.
    pub closure: f64,
    /// Electricity that is counted, kW.
    pub electricity_kw: f64,
    /// Heat that is bought, kW.
    pub heating_kw: f64,
    /// Heat that is cooled away, kW.
    pub cooling_kw: f64,
    /// What of electricity and heat is not counted.
    pub not_counted: Vec<Sentence>,
}

/// A unit of a plant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlantUnit {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Sentence,
    /// Kind, as files name it.
    pub kind: String,
    /// Electricity of the process and its motors, kW; null where motors are not described.
    pub electricity_kw: Option<f64>,
    /// Heat taken up, kW, negative where it is taken away; null where an enthalpy is not known.
    pub heat_kw: Option<f64>,
    /// What the unit has to say.
    pub remarks: Vec<Sentence>,
}

/// A stream of a plant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PlantStreamView)]
pub struct PlantStream {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Sentence,
    /// What it is to the base where it comes from or goes outside: `raw`, `reagent`, `water`, `product`, `tailings`, `liquor`, `gas`.
    pub role: Option<&'static str>,
    /// Index of the unit that it leaves; null for a feed.
    pub from: Option<usize>,
    /// Index of the unit that it enters; null where it leaves the plant.
    pub to: Option<usize>,
    /// Whether it closes a recycle.
    pub is_recycle: bool,
    /// Temperature, °C.
    pub temperature_degc: f64,
    /// All of it, t/h.
    pub mass_t_h: f64,
    /// Its liquid, t/h.
    pub liquid_t_h: f64,
    /// Solids and other substances, the largest first.
    pub solids: Vec<PartOfStream>,
    /// What is dissolved in its liquid, and its water, the largest first.
    pub dissolved: Vec<PartOfStream>,
    /// Elements, dissolved or not, t/h, in the order of the plant's balance.
    pub elements_t_h: Vec<f64>,
}

/// Something in a stream.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PartOfStream {
    /// Name.
    pub name: Sentence,
    /// t/h.
    pub mass_t_h: f64,
}

/// A recovery, a grade.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlantMeasure {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Sentence,
    /// Value, in `unit`.
    pub value: f64,
    /// Half of its 95 % band; null where nothing was fitted.
    pub half: Option<f64>,
    /// Unit.
    pub unit: &'static str,
}

/// What of an element enters and leaves a plant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ElementBalance {
    /// Symbol.
    pub element: String,
    /// t/h.
    pub enters_t_h: f64,
    /// t/h.
    pub leaves_t_h: f64,
}
