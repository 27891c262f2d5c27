//! The one-bus year: building its programme, handing it to the solver, and rolling through it week by week, in one
//! solver that is kept and, as the baseline, in a new solver for every week.

use divan::Bencher;
use saltern_base::energy::{self, Energy};
use saltern_plan::dispatch::{self, Ends, Outside, Rolling, Rules, Series};
use saltern_plan::solver::{Options, Solver};
use std::path::PathBuf;

fn main() {
    divan::main();
}

/// The example, whole.
fn one_bus() -> (Energy, Series) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/energy-one-bus");
    let files = |file: &str| std::fs::read_to_string(folder.join(file)).ok();
    let energy = energy::read("energy-one-bus", &files).expect("the example");
    let series = Series::of(&energy, &Outside::default());
    (energy, series)
}

#[divan::bench]
fn build_a_year(bencher: Bencher) {
    let (energy, series) = one_bus();
    bencher.bench_local(|| dispatch::build(&energy, &series, &Ends::Whole, Rules::default()));
}

#[divan::bench]
fn build_a_year_and_hand_it_over(bencher: Bencher) {
    let (energy, series) = one_bus();
    bencher.bench_local(|| {
        let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
        Solver::new(&plan.programme, &Options::default()).expect("a programme")
    });
}

fn rolling(energy: &Energy) -> Rolling {
    Rolling {
        window: 168,
        execute: 168,
        foreseen: None,
        guide: None,
        start: vec![0.0; energy.stores.len()],
    }
}

#[divan::bench(sample_count = 5)]
fn roll_through_53_weeks_in_one_solver(bencher: Bencher) {
    let (energy, series) = one_bus();
    bencher.bench_local(|| {
        let options = Options::default();
        dispatch::roll(
            &energy,
            &series,
            &rolling(&energy),
            &options,
            &mut |_, _| {},
        )
        .expect("windows")
    });
}

/// The same weeks, each as a base of its own that begins with empty stores: what it costs to build and solve from nothing.
#[divan::bench(sample_count = 5)]
fn solve_53_weeks_each_from_nothing(bencher: Bencher) {
    let (energy, series) = one_bus();
    let mut week = series.clone();
    week.truncate(168);
    bencher.bench_local(|| {
        for _ in 0..53 {
            let plan = dispatch::build(&energy, &week, &Ends::Whole, Rules::default());
            let mut solver =
                Solver::new(&plan.programme, &Options::default()).expect("a programme");
            divan::black_box(solver.solve().expect("an answer"));
        }
    });
}
