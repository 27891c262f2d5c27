//! The `brine` commands.

mod check;
mod columns;
mod database;
mod each;
mod equilibrate;
mod evaporate;
mod fit;
mod properties;
mod report;
mod session;
mod solubility;

use saltern_units::Lang;

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
        BrineVerb::Database(args) => database::run(args, lang),
        BrineVerb::Fit(args) => fit::run(args, lang),
    }
}
