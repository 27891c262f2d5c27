//! What is measured on streams: for design specs, for reports, for fits.

use saltern_brine::database::{ComponentId, MineralId};
use saltern_brine::equilibrium::BrineError;

use crate::flowsheet::StreamId;
use crate::matter::{Matter, SubstanceId};
use crate::room::Room;
use crate::stream::Stream;

/// A measure of one or more streams.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// Mass flow, of all or of one thing, kg/s.
    Mass(StreamId, Of),
    /// Temperature, K.
    Temperature(StreamId),
    /// log10(IAP/K) of a mineral in the liquid.
    SaturationIndex(StreamId, MineralId),
    /// One measure as a share of another: a mass fraction, a recovery.
    Ratio(Box<Measure>, Box<Measure>),
    /// Sum of measures.
    Sum(Vec<Measure>),
}

/// Of what the mass is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// All.
    All,
    /// The liquid.
    Liquid,
    /// All solids.
    Solids,
    /// An element, wherever it is bound.
    Element(usize),
    /// A component, dissolved or in solids, as its ion.
    Component(ComponentId),
    /// A solid.
    Mineral(MineralId),
    /// A substance beside the brine.
    Substance(SubstanceId),
}

impl Of {
    /// What a name stands for: `liquid`, `solids`, an element, a mineral, a substance, an ion.
    pub fn named(name: &str, matter: &Matter<'_>) -> Option<Of> {
        match name {
            "liquid" => return Some(Of::Liquid),
            "solids" => return Some(Of::Solids),
            _ => {}
        }
        let element = matter.element(name).map(Of::Element);
        let mineral = || matter.database.mineral(name).map(Of::Mineral);
        let substance = || matter.substance(name).map(Of::Substance);
        let component = || matter.database.component(name).map(Of::Component);
        element
            .or_else(mineral)
            .or_else(substance)
            .or_else(component)
    }

    /// Its mass flow in a stream, kg/s.
    pub fn mass_kg_s(self, stream: &Stream, matter: &Matter<'_>) -> f64 {
        match self {
            Of::All => stream.mass_kg_s(matter),
            Of::Liquid => stream.liquid_kg_s(matter),
            Of::Solids => stream.mass_kg_s(matter) - stream.liquid_kg_s(matter),
            Of::Element(e) => stream.elements_mol_s(matter)[e] * matter.element_kg_mol[e],
            Of::Component(c) => {
                let kg_mol = matter.database.components[c].molar_mass_kg_mol;
                stream.component_mol_s(matter, c) * kg_mol
            }
            Of::Mineral(m) => stream.solids_mol_s[m] * matter.mineral_kg_mol(m),
            Of::Substance(s) => stream.others_mol_s[s] * matter.substances[s].molar_mass_kg_mol,
        }
    }
}

impl Measure {
    /// Its value, SI; not a number where it is undefined (a share of nothing).
    ///
    /// # Errors
    /// [`BrineError`] of the speciation of a liquid.
    pub fn value(&self, streams: &[Stream], room: &mut Room<'_>) -> Result<f64, BrineError> {
        Ok(match self {
            Measure::Mass(s, of) => of.mass_kg_s(&streams[*s], room.matter),
            Measure::Temperature(s) => streams[*s].temperature_k,
            Measure::SaturationIndex(s, mineral) => {
                room.enter(usize::MAX);
                let state = room.speciate(*s, &streams[*s])?;
                state.map_or(f64::NAN, |state| {
                    state.saturation_index_of(room.matter.database, *mineral)
                })
            }
            Measure::Ratio(a, b) => a.value(streams, room)? / b.value(streams, room)?,
            Measure::Sum(terms) => {
                let mut sum = 0.0;
                for term in terms {
                    sum += term.value(streams, room)?;
                }
                sum
            }
        })
    }
}
