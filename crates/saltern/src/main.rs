//! The saltern command line: verbs on brines, bases and runs. Data goes to stdout, talk to stderr;
//! exit codes are 0 done, 1 the job failed, 2 the input is wrong.

// The one place that speaks to a terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod account;
mod args;
mod brine;
mod database;
mod estimate;
mod failure;
mod files;
mod fit;
mod interrupt;
mod line;
mod output;
mod plan;
mod plant;
mod progress;
mod reconcile;
mod rows;
mod runs;
mod serve;
mod simulate;
mod tables;
mod tags;

use std::process::ExitCode;

use clap::Parser;
use saltern_units::Lang;

use args::{BaseVerb, Cli, Verb};
use failure::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let lang = Lang::from(cli.lang);
    interrupt::listen();
    let is_told = progress::is_told();
    if is_told {
        interrupt::listen_to_input();
    }
    match run(&cli.verb, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let exit = failure.exit_code();
            if is_told {
                for problem in failure.into_problems() {
                    eprintln!("{}", problem.told().line());
                }
            } else {
                eprint!("{}", failure.text(lang));
            }
            ExitCode::from(exit)
        }
    }
}

fn run(verb: &Verb, lang: Lang) -> Result<(), Failure> {
    match verb {
        Verb::Brine(verb) => brine::run(verb, lang),
        Verb::Simulate(args) => simulate::run(args, lang),
        Verb::Plant(args) => plant::run(args, lang),
        Verb::Fit(args) => fit::run(args, lang),
        Verb::Plan(args) => plan::run(args, lang),
        Verb::Estimate(args) => estimate::run(args, lang),
        Verb::Compare(args) => runs::compare(args, lang),
        Verb::Report(args) => runs::report(args, lang),
        Verb::Export(args) => runs::export(args),
        Verb::Account(args) => account::run(args, lang),
        Verb::Reconcile(args) => reconcile::run(args, lang),
        Verb::Serve(args) => serve::run(args, lang),
        Verb::Backup(args) => serve::copies::back_up(args, lang),
        Verb::Restore(args) => serve::copies::restore(args, lang),
        Verb::Api => serve::describe(),
        Verb::Base(BaseVerb::Check { base }) => simulate::check(base, lang),
        Verb::Base(BaseVerb::Tags {
            base,
            output,
            import,
        }) => match (output, import) {
            (_, Some(from)) => tags::import(base, from, lang),
            (Some(output), None) => tags::export(base, output, lang),
            // Either is asked for by the parser.
            (None, None) => Ok(()),
        },
        Verb::Reference => {
            print!("{}", saltern_base::attributes::reference(lang));
            print!("{}", saltern_plants::settings::reference(lang));
            Ok(())
        }
    }
}

/// Says something that is not data.
fn talk(text: &str) {
    eprintln!("{text}");
}
