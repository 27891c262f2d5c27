//! Deferrable work against brute force: the cheapest way to do unit jobs by their deadlines, found by trying all.

use crate::folder::made_of;
use proptest::prelude::*;
use saltern_plan::dispatch::{self, Ends, Outside, Rules, Series};
use saltern_plan::solution::Status;
use saltern_plan::solver::{Options, Solver};

/// Steps of the small cases.
const STEPS: usize = 6;

#[derive(Clone, Debug)]
struct Case {
    /// Price of each step.
    prices: Vec<u32>,
    /// Jobs of one MWh: step of arrival and deadline in steps after it.
    jobs: Vec<(usize, usize)>,
    /// Most jobs in a step.
    room: usize,
}

fn case() -> impl Strategy<Value = Case> {
    let prices = proptest::collection::vec(1_u32..100, STEPS);
    let jobs = proptest::collection::vec((0..STEPS, 0..4_usize), 1..7);
    (prices, jobs, 1..3_usize).prop_map(|(prices, jobs, room)| Case { prices, jobs, room })
}

/// The least cost over all ways to give each job a step within its time; none if there is no way.
fn brute_force(case: &Case) -> Option<u32> {
    fn place(case: &Case, job: usize, used: &mut [usize]) -> Option<u32> {
        let Some(&(arrives, deadline)) = case.jobs.get(job) else {
            return Some(0);
        };
        let last = (arrives + deadline).min(STEPS - 1);
        let mut best: Option<u32> = None;
        for step in arrives..=last {
            if used[step] < case.room {
                used[step] += 1;
                if let Some(rest) = place(case, job + 1, used) {
                    let cost = rest + case.prices[step];
                    best = Some(best.map_or(cost, |b| b.min(cost)));
                }
                used[step] -= 1;
            }
        }
        best
    }
    place(case, 0, &mut [0; STEPS])
}

fn planned(case: &Case) -> Option<f64> {
    let prices: String = (0..24)
        .map(|t| format!("{t},{}\n", case.prices.get(t).unwrap_or(&1000)))
        .collect();
    let jobs: String = case
        .jobs
        .iter()
        .enumerate()
        .map(|(j, (arrives, deadline))| {
            format!("j{j},batch,2027-01-01T{arrives:02}:00,1,{deadline}\n")
        })
        .collect();
    let room = case.room;
    let energy = made_of(&[
        ("energy_nodes.csv", "id,carrier\nbus,electricity\n"),
        (
            "grids.csv",
            "id,node,import [MW],import_profile\ngrid,bus,100,price\n",
        ),
        ("profiles.csv", &format!("step,price [CNY/MWh]\n{prices}")),
        (
            "halls.csv",
            &format!("id,node,power [MW]\nhall,bus,{room}\n"),
        ),
        (
            "job_classes.csv",
            "id,kind,halls,deadline [h]\nbatch,deferrable,hall,1\n",
        ),
        (
            "jobs.csv",
            &format!("id,class,arrives,energy [MWh],deadline [h]\n{jobs}"),
        ),
    ]);
    let mut series = Series::of(&energy, &Outside::default());
    series.truncate(STEPS);
    let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
    let mut solver = Solver::new(&plan.programme, &Options::default()).expect("a programme");
    let solution = solver.solve().expect("an answer");
    (solution.status == Status::Optimal).then_some(solution.objective)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The programme treats work as a fluid; since all jobs are of one size and steps hold whole numbers of them, an optimal
    /// vertex is whole (an interval matrix is totally unimodular), so both must agree to the last digit. Jobs may overtake:
    /// one queue for all once let a job that came later and was due earlier be done before it came.
    #[test]
    fn deferred_work_costs_what_the_best_of_all_ways_costs(case in case()) {
        let (best, found) = (brute_force(&case), planned(&case));
        match (best, found) {
            (None, None) => {}
            (Some(best), Some(found)) => prop_assert!((found - f64::from(best)).abs() < 1e-6, "{found} for {best}"),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
