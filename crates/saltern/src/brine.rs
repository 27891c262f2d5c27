//! The `brine` commands.

mod add;
mod check;
mod columns;
mod database;
mod decompose;
pub(crate) mod diagram;
mod dissolve;
mod each;
mod equilibrate;
mod evaporate;
mod fit;
mod mix;
mod path;
mod physical;
mod properties;
mod report;
mod session;
mod solubility;
mod speciate;
mod temperature;

use saltern_units::Lang;

pub(crate) use properties::speciated;

use crate::args::BrineVerb;
use crate::failure::Failure;

/// Runs a `brine` command.
pub(crate) fn run(verb: &BrineVerb, lang: Lang) -> Result<(), Failure> {
    match verb {
        BrineVerb::Check(args) => check::run(args, lang),
        BrineVerb::Properties(args) => properties::run(args, lang),
        BrineVerb::Equilibrate(args) => equilibrate::run(args, lang),
        BrineVerb::Evaporate(args) => evaporate::run(args, lang),
        BrineVerb::Solubility(args) => solubility::run(args, lang),
        BrineVerb::Speciate(args) => speciate::run(args, lang),
        BrineVerb::Temperature(args) => temperature::run(args, lang),
        BrineVerb::Mix(args) => mix::run(args, lang),
        BrineVerb::Dissolve(args) => dissolve::run(args, lang),
        BrineVerb::Add(args) => add::run(args, lang),
        BrineVerb::Decompose(args) => decompose::run(args, lang),
        BrineVerb::Invariant(args) => diagram::invariant(args, lang),
        BrineVerb::Diagram(args) => diagram::run(args, lang),
        BrineVerb::Database(args) => database::run(args, lang),
        BrineVerb::Fit(args) => fit::run(args, lang),
    }
}
