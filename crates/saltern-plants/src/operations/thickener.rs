//! Thickener: solids settle into an underflow of given thickness, clear liquor overflows with a little of the solids.
//!
//! ```text
//! underflow solids = n (1 − l),   liquor of the underflow = (1 − x)/x · (mass of its solids)
//! ```
//!
//! x is the mass fraction of solids in the underflow, l the share of the solids lost with the overflow. A feed thicker
//! than the underflow has nothing to give: all its liquor goes down, and a remark says so.

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, Remark, UnitError};
use crate::parting::{self, ByMineral};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "thickener",
    inlets: &["in"],
    outlets: &["underflow", "overflow"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Thickener {
    underflow_solids: f64,
    loss: ByMineral,
}

fn build(settings: &Settings, matter: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Thickener {
        underflow_solids: settings.number("underflow_solids"),
        loss: ByMineral {
            single: settings.mineral_shares("loss_by_mineral", matter)?,
            rest: settings.number("overflow_loss"),
        },
    }))
}

impl Operation for Thickener {
    fn run(&self, inlets: &[Stream], room: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let (slurry, matter) = (&inlets[0], room.matter);
        let kept = |m| 1.0 - self.loss.of(m);
        let mut underflow = parting::solids(slurry, matter, kept, 1.0 - self.loss.rest);
        let solids_kg_s = parting::solids_kg_s(&underflow, matter);
        let liquor_kg_s = (1.0 - self.underflow_solids) / self.underflow_solids * solids_kg_s;
        let mut remarks = Vec::new();
        if solids_kg_s > 0.0 && liquor_kg_s >= slurry.liquid_kg_s(matter) {
            remarks.push(Remark::NothingToDo { what: "thickening" });
        }
        let overflow = parting::with_liquor(&mut underflow, slurry, liquor_kg_s, matter);
        Ok(Outcome {
            outlets: vec![underflow, overflow],
            remarks,
            ..Outcome::default()
        })
    }
}
