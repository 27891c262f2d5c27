//! Pump: hands on what comes in; its power is that of its drive, head over efficiency ([`crate::drives`]).
//!
//! A place of its own for a pump that belongs to no unit: wells, transport lines, circulation. The slurry keeps its
//! temperature; the power leaves as heat to the air (0.1 K for 30 m).

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "pump",
    inlets: &["in"],
    outlets: &["out"],
    open_to_air: true,
    motors: Motors::Driven,
    build,
};

#[derive(Debug)]
struct Pump;

fn build(_: &Settings, _: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Pump))
}

impl Operation for Pump {
    fn run(&self, inlets: &[Stream], _: &mut Room<'_>) -> Result<Outcome, UnitError> {
        Ok(Outcome::of(vec![inlets[0].clone()]))
    }
}
