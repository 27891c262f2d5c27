//! The one-bus benchmark: objectives that PyPSA, HiGHS from Rust and a separate re-implementation agree on
//! (`facts/energy-and-planning.md` §1.4, PyPSA 1.4.0, HiGHS 1.15.1, agreeing to 0.001 CNY).

use crate::folder::{example, shortened};
use saltern_plan::dispatch::{self, Ends, Outside, Rules, Series};
use saltern_plan::solution::Status;
use saltern_plan::solver::{Options, Solver};

fn objective(steps: usize) -> (f64, usize, usize) {
    let energy = shortened(example("energy-one-bus"), steps);
    let series = Series::of(&energy, &Outside::default());
    let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
    let mut solver = Solver::new(&plan.programme, &Options::default()).expect("a programme");
    let solution = solver.solve().expect("an answer");
    assert_eq!(solution.status, Status::Optimal);
    let p = &plan.programme;
    (solution.objective, p.row_count(), p.column_count())
}

fn close(found: f64, expected: f64) {
    let off = (found / expected - 1.0).abs();
    assert!(off < 1e-6, "{found} for {expected}: {off:e}");
}

#[test]
fn two_weeks() {
    close(objective(336).0, 23_180_968.626);
}

#[test]
fn a_quarter() {
    close(objective(2190).0, 138_459_293.202);
}

#[test]
fn a_year_with_five_rows_and_fifteen_columns_an_hour() {
    let (objective, rows, columns) = objective(8760);
    close(objective, 531_394_070.978);
    assert_eq!((rows, columns), (43_800, 131_399));
}
