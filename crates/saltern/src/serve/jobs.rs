//! Jobs of a server: this program again, as a person would call it.

use std::path::Path;
use std::process::Command;

use saltern_server::{JobKind, JobOrder, MakeCommand, TELL, TOLD};

/// Threads of a plan of production and of many weathers: a server has other work.
const THREADS: &str = "1";

/// Makes the command of a job; none where this program does not know where it is.
pub(super) fn commands(base: &Path) -> Option<MakeCommand> {
    let (program, base) = (std::env::current_exe().ok()?, base.to_path_buf());
    Some(Box::new(move |order| command(&program, &base, order)))
}

fn command(program: &Path, base: &Path, order: &JobOrder) -> Command {
    let mut command = Command::new(program);
    match order.kind {
        JobKind::Simulate => command.arg("simulate").arg(base),
        JobKind::Dispatch => {
            let plan = command.arg("plan").arg(base);
            plan.args(["--what", "dispatch", "--compare"])
        }
        JobKind::Forecast => command.arg("plan").arg(base).args(["--what", "forecast"]),
        JobKind::Production => {
            let plan = command.arg("plan").arg(base);
            plan.args(["--what", "production", "--threads", THREADS])
        }
    };
    let days = [("--from", order.from), ("--to", order.to)];
    for (option, day) in days {
        if let Some(day) = day {
            command.arg(option).arg(day.to_string());
        }
    }
    let files = [("--state", &order.state), ("--schedule", &order.schedule)];
    for (option, file) in files {
        if let Some(file) = file {
            command.arg(option).arg(file);
        }
    }
    let numbers = [
        ("--weathers", order.weathers.map(u64::from)),
        ("--seed", order.seed),
    ];
    for (option, number) in numbers {
        if let Some(number) = number {
            command.arg(option).arg(number.to_string());
        }
    }
    if order.weathers.is_some() {
        command.args(["--threads", THREADS]);
    }
    command.arg("--output").arg(&order.out);
    command.env(TELL, TOLD);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Verb};
    use clap::Parser;
    use jiff::civil::date;
    use saltern_units::Lang;

    fn order(kind: JobKind) -> JobOrder {
        let is_simulation = kind == JobKind::Simulate;
        JobOrder {
            kind,
            from: is_simulation.then(|| date(2027, 7, 2)),
            to: Some(date(2027, 7, 9)),
            state: is_simulation.then(|| "state.csv".into()),
            schedule: is_simulation.then(|| "plan/schedule.csv".into()),
            weathers: is_simulation.then_some(20),
            seed: is_simulation.then_some(7),
            out: "runs/wet".into(),
        }
    }

    #[test]
    fn what_is_ordered_is_a_command_that_this_program_takes() {
        for kind in [
            JobKind::Simulate,
            JobKind::Dispatch,
            JobKind::Production,
            JobKind::Forecast,
        ] {
            let command = command(Path::new("saltern"), Path::new("lake"), &order(kind));
            let words = std::iter::once(command.get_program()).chain(command.get_args());
            let cli =
                Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
            assert_eq!(Lang::from(cli.lang), Lang::En);
            match cli.verb {
                Verb::Simulate(args) => {
                    assert_eq!(args.state.as_deref(), Some(Path::new("state.csv")));
                    assert_eq!(args.from.as_deref(), Some("2027-07-02"));
                    assert_eq!((args.weathers, args.seed), (Some(20), Some(7)));
                }
                Verb::Plan(args) => assert_eq!(args.to.as_deref(), Some("2027-07-09")),
                other => panic!("{other:?}"),
            }
        }
    }
}
