//! Phase diagrams, as somebody makes them who knows chemistry: the command line hands it in, the server keeps what was
//! asked for last.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Problem, Sentence};

/// Makes the diagram of a system.
pub type MakeDiagram = Box<dyn Fn(&DiagramOf) -> Result<Diagram, Problem> + Send + Sync>;
/// Follows a brine of a diagram to dryness.
pub type FollowBrine = Box<dyn Fn(&BrineOf) -> Result<BrinePath, Problem> + Send + Sync>;

/// What diagrams are made by.
pub struct DiagramMaker {
    /// Fields, lines and points.
    pub diagram: MakeDiagram,
    /// What a brine does.
    pub brine: FollowBrine,
}

/// Diagrams that are held in memory after they were made: who moves a temperature comes back to it.
const HELD: usize = 24;

/// Makes diagrams and remembers the last ones.
pub(crate) struct Diagrams {
    maker: DiagramMaker,
    held: Mutex<Vec<(DiagramOf, Arc<Diagram>)>>,
}

impl Diagrams {
    pub(crate) fn new(maker: DiagramMaker) -> Diagrams {
        Diagrams {
            maker,
            held: Mutex::default(),
        }
    }

    /// The diagram of a system. Others are made meanwhile: only what is held is locked.
    pub(crate) fn diagram(&self, of: &DiagramOf) -> Result<Arc<Diagram>, Problem> {
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = held().iter().find(|(known, _)| known == of) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new((self.maker.diagram)(of)?);
        let mut held = held();
        if held.len() >= HELD {
            held.remove(0);
        }
        held.push((of.clone(), Arc::clone(&made)));
        Ok(made)
    }

    pub(crate) fn brine(&self, of: &BrineOf) -> Result<BrinePath, Problem> {
        (self.maker.brine)(of)
    }
}

/// Which diagram.
#[derive(Clone, Debug, PartialEq, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct DiagramOf {
    /// Ions, or salts of a common ion.
    #[param(example = "Na,K,Mg//Cl,SO4")]
    #[schema(example = "Na,K,Mg//Cl,SO4")]
    pub system: String,
    /// A salt that is always present, such as `Halite`; none if left out.
    pub over: Option<String>,
    /// Temperature, °C, -60 to 300.
    pub temperature_degc: f64,
}

/// A brine of a diagram.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
pub struct BrineOf {
    /// Its diagram.
    pub diagram: DiagramOf,
    /// Where it lies. On a triangle or a square its coordinates 0…1: the brine saturated there with the first salt is meant. On
    /// the paper of two salts in water their mass fractions, 0…1: the mixture is meant, whatever it is.
    pub place: [f64; 2],
    /// What becomes of the salts that form.
    pub mode: PathMode,
}

/// What becomes of salts that form while a brine evaporates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PathMode {
    /// They stay with the brine and may dissolve again.
    Equilibrium,
    /// They are taken away as they form.
    Fractional,
}

/// The paper of a diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// Shares of three counted ions; x of the second, y of the third.
    Triangle,
    /// Two cations and two anions; x is the share of the second cation, y of the second anion.
    Square,
    /// Two salts in water; x and y are their mass fractions.
    Line,
}

/// A phase diagram.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = DiagramView)]
pub struct Diagram {
    /// Its system, as ions.
    pub system: String,
    /// Temperature, °C.
    pub temperature_degc: f64,
    /// Its paper.
    pub paper: Paper,
    /// Names of the corners: of a triangle the origin, x = 1, y = 1; of a square (0,0), (1,0), (0,1), (1,1); of two salts in
    /// water the salts.
    pub corners: Vec<String>,
    /// What the coordinates count: all of a triangle or line, of a square two cations, then two anions.
    pub counted: Vec<CountedIon>,
    /// The salt that is always present, as its hydrates: indices of `solids`.
    pub over: Vec<usize>,
    /// Solids of the diagram.
    pub solids: Vec<Solid>,
    /// Fields of a triangle or square.
    pub fields: Vec<SolidField>,
    /// Lines between two fields.
    pub lines: Vec<SaturationLine>,
    /// Brines saturated with as many salts as they can be.
    pub points: Vec<InvariantPoint>,
    /// Solubility curves of two salts in water, a salt (or ice) each.
    pub curves: Vec<SolubilityCurve>,
    /// Lines of equal water on a triangle or square.
    pub waters: Vec<WaterLine>,
    /// What the water is counted for: `K2 + Mg + SO4`.
    pub basis: String,
    /// Outlines of paper on which no solid is known that ends the concentration, or no brine exists.
    pub blank: Vec<Vec<[f64; 2]>>,
    /// Whether the surface of saturation folds over itself somewhere: of two brines at a place the more dilute one is drawn.
    pub folds: bool,
    /// Solids whose fields are too small to be drawn.
    pub unresolved: Vec<usize>,
    /// Parameters of the model between what the system holds, at this temperature.
    pub parameters: Vec<Parameter>,
    /// Name of the database.
    pub database: String,
}

impl Diagram {
    /// Paper with nothing on it yet.
    pub fn blank(of: &DiagramOf, paper: Paper) -> Diagram {
        Diagram {
            system: of.system.clone(),
            temperature_degc: of.temperature_degc,
            paper,
            corners: Vec::new(),
            counted: Vec::new(),
            over: Vec::new(),
            solids: Vec::new(),
            fields: Vec::new(),
            lines: Vec::new(),
            points: Vec::new(),
            curves: Vec::new(),
            waters: Vec::new(),
            basis: String::new(),
            blank: Vec::new(),
            folds: false,
            unresolved: Vec::new(),
            parameters: Vec::new(),
            database: String::new(),
        }
    }
}

/// An ion that a coordinate counts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CountedIon {
    /// Name without charge.
    pub name: String,
    /// Name of as much of it as carries two charges, `K2`.
    pub pair: String,
    /// Charge number.
    pub charge: f64,
    /// Molar mass, kg/mol.
    pub molar_mass_kg_mol: f64,
}

/// A solid of a diagram.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Solid {
    /// Id in the database.
    pub id: String,
    /// What people call it.
    pub name: Sentence,
    /// Which of nine tints it likes.
    pub tint: usize,
    /// How it dissolves.
    pub reaction: String,
    /// log10 of its solubility product at the temperature.
    pub log10_k: f64,
    /// Where that comes from.
    pub origin: Origin,
}

/// Where a number comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Origin {
    /// Source; blank where none is known.
    pub source: String,
    /// From which temperature on it holds, °C.
    pub from_degc: Option<f64>,
    /// Up to which.
    pub to_degc: Option<f64>,
    /// What else is to be known.
    pub note: String,
}

/// A parameter of the model.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Parameter {
    /// Kind: `B0`, `B1`, `C0`, `THETA`, `PSI` …
    pub kind: String,
    /// The species it is between.
    pub species: Vec<String>,
    /// Its value at the temperature, in kg/mol to the power of its kind.
    pub value: f64,
    /// Where it comes from.
    pub origin: Origin,
}

/// The field of a solid.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SolidField {
    /// Index of the solid.
    pub solid: usize,
    /// Its outlines; one inside another is a hole.
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// A place well inside.
    pub centre: [f64; 2],
    /// Distance of the centre from the border.
    pub room: f64,
    /// Share of the paper, 0…1.
    pub share: f64,
}

/// A line of brines saturated with two solids.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SaturationLine {
    /// Indices of the solids.
    pub solids: [usize; 2],
    /// Places, in the direction in which the activity of water falls.
    pub points: Vec<[f64; 2]>,
    /// Whether both solids are in contact all along; a fold is not.
    pub both: bool,
    /// Activity of water at its first and last place.
    pub water_activities: [f64; 2],
}

/// A brine saturated with as many solids as it can be.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct InvariantPoint {
    /// Indices of the solids.
    pub solids: Vec<usize>,
    /// Where.
    pub place: [f64; 2],
    /// The brine.
    pub brine: BrineView,
}

/// The solubility curve of a solid in brines of two salts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SolubilityCurve {
    /// Index of the solid; null for ice.
    pub solid: Option<usize>,
    /// Mass fractions of the two salts.
    pub points: Vec<[f64; 2]>,
}

/// A line of equal water.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WaterLine {
    /// Moles of water for one mole of what is counted.
    pub water_mol: f64,
    /// Pieces.
    pub pieces: Vec<Vec<[f64; 2]>>,
}

/// A brine in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BrineView {
    /// Activity of water.
    pub water_activity: f64,
    /// Osmotic coefficient.
    pub osmotic_coefficient: f64,
    /// Ionic strength, mol per kg of water.
    pub ionic_strength_mol_kgw: f64,
    /// Density, kg/m³.
    pub density_kg_m3: f64,
    /// Its ions.
    pub ions: Vec<IonView>,
}

/// How much of an ion a brine holds.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct IonView {
    /// Name without charge.
    pub name: String,
    /// mol per kg of water.
    pub mol_kgw: f64,
    /// Mass fraction of the brine, 0…1.
    pub mass_fraction: f64,
    /// kg/m³, which is g/L.
    pub kg_m3: f64,
}

/// What a tonne of brine does while it evaporates to dryness.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BrinePath {
    /// The brine as it begins; null where nothing is liquid.
    pub brine: Option<BrineView>,
    /// Salt whose field the place is in; null where there is none.
    pub first: Option<Solid>,
    /// Solids that form on the way.
    pub solids: Vec<Solid>,
    /// Steps.
    pub steps: Vec<PathStep>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PathStep {
    /// Where the brine lies; null where it holds nothing that counts, or nothing is liquid.
    pub place: Option<[f64; 2]>,
    /// Share of the first brine's water that is still in the brine, 0…1.
    pub water_share: f64,
    /// Activity of water; null where nothing is liquid.
    pub water_activity: Option<f64>,
    /// Brine left, kg.
    pub brine_kg: f64,
    /// Density of the brine, kg/m³; null where nothing is liquid.
    pub density_kg_m3: Option<f64>,
    /// Salts there are by now, those taken away included, kg, in the order of `solids`.
    pub solids_kg: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn of(temperature_degc: f64) -> DiagramOf {
        DiagramOf {
            system: "NaCl-KCl-H2O".into(),
            over: None,
            temperature_degc,
        }
    }

    #[test]
    fn what_was_asked_lately_is_not_made_again_and_memory_is_bounded() {
        let made = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&made);
        let diagrams = Diagrams::new(DiagramMaker {
            diagram: Box::new(move |of| {
                count.fetch_add(1, Ordering::Relaxed);
                Ok(Diagram::blank(of, Paper::Line))
            }),
            brine: Box::new(|_| unreachable!("nobody asks")),
        });
        for k in 0..2 * HELD {
            diagrams.diagram(&of(k as f64)).expect("a diagram");
        }
        let last = (2 * HELD - 1) as f64;
        let known = diagrams.diagram(&of(last)).expect("a diagram");
        assert_eq!(known.temperature_degc, last);
        assert_eq!(made.load(Ordering::Relaxed), 2 * HELD);
        assert_eq!(diagrams.held.lock().expect("held").len(), HELD);
        diagrams.diagram(&of(0.0)).expect("a diagram");
        assert_eq!(made.load(Ordering::Relaxed), 2 * HELD + 1);
    }
}
