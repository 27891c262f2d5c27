//! Splitter: one stream into two of the same composition.

use crate::kinds::{Kind, Motors};
use crate::matter::Matter;
use crate::operation::{Operation, Outcome, UnitError};
use crate::room::Room;
use crate::settings::{SettingError, Settings};
use crate::stream::Stream;

/// What it is in files.
pub const KIND: Kind = Kind {
    name: "splitter",
    inlets: &["in"],
    outlets: &["first", "second"],
    open_to_air: true,
    motors: Motors::Without,
    build,
};

#[derive(Debug)]
struct Splitter {
    share: f64,
}

fn build(settings: &Settings, _: &Matter<'_>) -> Result<Box<dyn Operation>, SettingError> {
    Ok(Box::new(Splitter {
        share: settings.number("share"),
    }))
}

impl Operation for Splitter {
    fn run(&self, inlets: &[Stream], _: &mut Room<'_>) -> Result<Outcome, UnitError> {
        let first = inlets[0].times(self.share);
        let second = inlets[0].less(&first);
        Ok(Outcome::of(vec![first, second]))
    }
}
