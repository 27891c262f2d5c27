//! Wash of a wet cake, by displacement on the filter or by repulping.
//!
//! **Displacement**: wash liquor pushes the liquor of the cake out, mass for mass:
//!
//! ```text
//! displaced = min(E · entrained, wash),   the cake keeps as much liquor as it had
//! ```
//!
//! E is the displacement efficiency. What is displaced leaves as it is; the wash, or the share of it that comes to
//! equilibrium, dissolves of the solids, mixed with the liquor that stayed.
//!
//! **Repulping**: cake and wash are stirred, come to equilibrium (or a share of them does), and are filtered to a
//! cake of given moisture and solids recovery.
//!
//! Wash is taken as it comes, or in kg a kg of dry solids from a feed on demand (`wash_ratio`).

use saltern_brine::database::MineralId;

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::parting;
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// Displacement wash.
pub const DISPLACEMENT: Kind = Kind {
    name: "washer",
    inlets: &["cake", "wash"],
    outlets: &["cake", "liquor"],
    open_to_air: true,
    motors: Motors::Driven,
    build: displacement,
};

/// Repulp wash.
pub const REPULPING: Kind = Kind {
    name: "repulper",
    inlets: &["cake", "wash"],
    outlets: &["cake", "liquor"],
    open_to_air: true,
    motors: Motors::Driven,
    build: repulping,
};

#[derive(Debug)]
struct Contact {
    temperature_k: f64,
    phases: Vec<MineralId>,
    approach: f64,
    wash_kg_kg: Option<f64>,
}

impl Contact {
    fn new(settings: &Settings, matter: &Matter<'_>) -> Result<Contact, SettingError> {
        Ok(Contact {
            temperature_k: settings.number("temperature"),
            phases: settings.minerals("phases", matter)?,
            approach: settings.number("approach"),
            wash_kg_kg: settings.optional_number("wash_ratio"),
        })
    }

    /// The wash that is used, and what was taken of what is offered.
    fn wash(&self, inlets: &[Stream], matter: &Matter<'_>) -> (Stream, Vec<(usize, f64)>) {
        let offered_kg_s = inlets[1].mass_kg_s(matter);
        match self.wash_kg_kg {
            Some(ratio) if offered_kg_s > 0.0 => {
                let factor = ratio * parting::solids_kg_s(&inlets[0], matter) / offered_kg_s;
                (inlets[1].times(factor), vec![(1, factor)])
            }
            _ => (inlets[1].clone(), Vec::new()),
        }
    }

    /// Equilibrium of a share of what is stirred together.
    fn stirred(&self, slurry: &Stream, room: &mut Room<'_>) -> Result<Stream, UnitError> {
        let reacting = slurry.times(self.approach);
        let mut passing = slurry.less(&reacting);
        let (settled, _) = room.settle(0, &self.phases, &reacting, self.temperature_k)?;
        passing.temperature_k = self.temperature_k;
        passing.add(&settled);
        Ok(passing)
    }
}

#[derive(Debug)]
struct Washer {
    contact: Contact,
    efficiency: f64,
}

fn displacement(
    settings: &Settings,
    matter: &Matter<'_>,
) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Washer {
        contact: Contact::new(settings, matter)?,
        efficiency: settings.number("efficiency"),
    }))
}

impl Operation for Washer {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let (wash, taken) = self.contact.wash(inlets, matter);
        let mut cake = inlets[0].clone();
        let held_kg_s = cake.liquid_kg_s(matter);
        let displaced_kg_s = (self.efficiency * held_kg_s).min(wash.liquid_kg_s(matter));
        let mut displaced = Stream::nothing(matter);
        displaced.temperature_k = self.contact.temperature_k;
        cake = parting::with_liquor(&mut displaced, &cake, displaced_kg_s, matter);
        cake.add(&wash);
        let wetted = self.contact.stirred(&cake, room)?;
        let all = |_| 1.0;
        let mut washed = parting::solids(&wetted, matter, all, 1.0);
        let mut liquor = parting::with_liquor(&mut washed, &wetted, held_kg_s, matter);
        liquor.add(&displaced);
        Ok(Outcome {
            outlets: vec![washed, liquor],
            taken,
            ..Outcome::default()
        })
    }
}

#[derive(Debug)]
struct Repulper {
    contact: Contact,
    recovery: f64,
    liquor_kg_kg: f64,
}

fn repulping(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Repulper {
        contact: Contact::new(settings, matter)?,
        recovery: settings.number("solids_recovery"),
        liquor_kg_kg: parting::liquor_kg_kg(settings.number("moisture")),
    }))
}

impl Operation for Repulper {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let matter = room.matter;
        let (wash, taken) = self.contact.wash(inlets, matter);
        let mut slurry = inlets[0].clone();
        slurry.add(&wash);
        let slurry = self.contact.stirred(&slurry, room)?;
        let mut cake = parting::solids(&slurry, matter, |_| self.recovery, self.recovery);
        let liquor_kg_s = self.liquor_kg_kg * parting::solids_kg_s(&cake, matter);
        let liquor = parting::with_liquor(&mut cake, &slurry, liquor_kg_s, matter);
        Ok(Outcome {
            outlets: vec![cake, liquor],
            taken,
            ..Outcome::default()
        })
    }
}
