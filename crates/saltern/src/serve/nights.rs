//! The night's work of a server: the command `estimate` on its samples.

use std::path::Path;

use clap::Parser;
use saltern_server::{Night, Nights, Problem};
use saltern_units::Lang;

use crate::args::{EstimateArgs, ServeArgs};
use crate::estimate;
use crate::failure::Failure;

/// How far ahead is looked by night, days, and through how many weathers.
const AHEAD_DAYS: u16 = 90;
const WEATHERS: u16 = 3;
/// Fewer marches than by day: a server has other work.
const MEMBERS: u16 = 20;

/// The command's own defaults.
#[derive(Parser)]
struct Defaults {
    #[command(flatten)]
    estimate: EstimateArgs,
}

/// Nights as they are asked for; none without ponds.
pub(super) fn nights(args: &ServeArgs, has_ponds: bool, lang: Lang) -> Option<Nights> {
    let base = args.base.clone();
    (args.estimate > 0 && has_ponds).then(|| Nights {
        make: Box::new(move |night| make(&base, night, lang)),
        days: args.estimate,
    })
}

fn make(base: &Path, night: &Night<'_>, lang: Lang) -> Result<(), Vec<Problem>> {
    let said = [
        base.as_os_str(),
        "--samples".as_ref(),
        night.samples.as_os_str(),
    ];
    let asked = ["estimate".as_ref()].into_iter().chain(said);
    let asked = asked.chain(["--output".as_ref(), night.out.as_os_str()]);
    // All that is needed is given.
    let Ok(Defaults { estimate: defaults }) = Defaults::try_parse_from(asked) else {
        return Ok(());
    };
    let args = EstimateArgs {
        state: night.state.map(Path::to_path_buf),
        days: night.days,
        members: MEMBERS,
        ahead: Some(AHEAD_DAYS),
        weathers: WEATHERS,
        threads: Some(1),
        overwrite: true,
        ..defaults
    };
    estimate::make(&args, lang)
        .map(drop)
        .map_err(Failure::into_problems)
}
