//! Decisions the day before that must suit whatever comes.

use crate::folder::made_of;
use proptest::prelude::*;
use saltern_base::energy::Energy;
use saltern_plan::dispatch::stages::{
    Answer, decided_for, here_and_now, met, scenario, wait_and_see,
};
use saltern_plan::dispatch::{self, Ends, Name, Outcome, Outside, Plan, Rules, Series};
use saltern_plan::solution::Status;
use saltern_plan::solver::Options;

const EXACT: Options = Options {
    gap: 0.0,
    ..Options::DEFAULT
};

/// A load of 100 MW, up to 90 MW of wind (given in the tests, so that the unit needs no profile), a grid at 100 CNY/MWh whose schedule may be left for 50 more or 80 CNY/MWh.
fn news(generators: &str) -> Energy {
    made_of(&[
        ("energy_nodes.csv", "id,carrier\nbus,electricity\n"),
        ("energy_demands.csv", "id,node,power [MW]\nload,bus,100\n"),
        ("generators.csv", generators),
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh],extra_price [CNY/MWh],less_price [CNY/MWh]\n\
             grid,bus,200,100,50,80\n",
        ),
    ])
}

const WIND: &str = "id,kind,node,capacity [MW]\nwind,hydro,bus,90\n";

/// Series in which the first generator has these powers, the same in all steps.
fn with_wind(energy: &Energy, powers: &[f64]) -> Vec<Series> {
    let series = Series::of(energy, &Outside::default());
    let of = |power: &f64| {
        let mut own = series.clone();
        own.generation[0].high.fill(*power);
        own
    };
    powers.iter().map(of).collect()
}

fn plans(energy: &Energy, series: &[Series]) -> Vec<Plan> {
    let of = |own: &Series| scenario(energy, own, &Ends::Whole, Rules::default());
    series.iter().map(of).collect()
}

/// Expected cost here and now, of decisions for the mean, and wait and see.
fn costs(energy: &Energy, powers: &[f64]) -> (Answer, f64, f64) {
    let series = with_wind(energy, powers);
    let plans = plans(energy, &series);
    let staged = here_and_now(&plans, &EXACT).unwrap();
    assert_eq!(staged.status, Status::Optimal);
    let mean = scenario(
        energy,
        &Series::mean(&series),
        &Ends::Whole,
        Rules::default(),
    );
    let decisions = decided_for(&mean, &EXACT).unwrap().unwrap();
    let of_mean = met(&plans, decisions, &EXACT).unwrap().unwrap();
    let known = wait_and_see(&plans, &EXACT).unwrap().unwrap();
    let known = known.iter().sum::<f64>() / known.len() as f64;
    (staged.answer.unwrap(), of_mean.cost, known)
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-6 * expected.abs().max(1.0),
        "{found} for {expected}"
    );
}

/// The newsvendor: what the wind leaves to be bought is 10, 20, … 100 MW with equal likelihood. A MWh too little costs 50 more,
/// a MWh too much 80, so that the schedule is the quantile at 50/(50 + 80) = 0.385: 40 MW. By hand, for each hour:
/// 100·55 for the energy; 50·21 + 80·6 for deviations from 40, 50·12.5 + 80·12.5 from the mean, 55.
#[test]
fn purchases_are_scheduled_at_the_critical_fractile() {
    let energy = news(WIND);
    let powers: Vec<f64> = (0..10).map(|i| 10.0 * f64::from(i)).collect();
    let (here, of_mean, known) = costs(&energy, &powers);
    let (_, scheduled) = here
        .decisions
        .blocks
        .iter()
        .find(|(name, _)| *name == Name::Scheduled(0))
        .unwrap();
    assert!(scheduled.iter().all(|mw| (mw - 40.0).abs() < 1e-6));
    close(here.cost, 24.0 * (5500.0 + 1050.0 + 480.0));
    close(of_mean, 24.0 * (5500.0 + 625.0 + 1000.0));
    close(known, 24.0 * 5500.0);
}

/// Of one scenario there is nothing to hedge: all three are what a dispatch costs.
#[test]
fn of_one_scenario_all_cost_the_same() {
    let energy = news(WIND);
    let (here, of_mean, known) = costs(&energy, &[30.0]);
    for cost in [here.cost, of_mean, known] {
        close(cost, 24.0 * 70.0 * 100.0);
    }
}

/// An engine of 40 MW at 60 CNY/MWh that runs at 20 MW at least and costs 30 000 to start. With 0 or 90 MW of wind: on, it
/// saves 40·40 CNY an hour or, where 10 MW are wanted, gives 20 for 1200 instead of buying for 1000, unless wind is spilt.
/// Not knowing, it is decided before: the mean of 45 MW would say on.
#[test]
fn units_are_on_or_off_in_all_scenarios_alike() {
    let generators = "id,kind,node,capacity [MW],cost [CNY/MWh],load_min [%],start_cost [CNY]\n\
        wind,hydro,bus,90,0,,\nengine,fuel,bus,40,60,50,30000\n";
    let energy = news(generators);
    let (here, of_mean, known) = costs(&energy, &[0.0, 90.0]);
    let on: Vec<&Vec<f64>> = here
        .decisions
        .blocks
        .iter()
        .filter(|(name, _)| matches!(name, Name::On(_)))
        .map(|(_, values)| values)
        .collect();
    assert_eq!(on.len(), 1);
    assert!(on[0].iter().all(|u| u.fract() == 0.0));
    assert!(known <= here.cost + 1e-6 && here.cost <= of_mean + 1e-6);
    for (plan, solution) in &here.scenarios {
        let columns = plan
            .programme
            .columns_of(Name::On(dispatch::OnOff::Generator(1)));
        assert_eq!(&solution.columns[columns.unwrap()], &on[0][..]);
    }
}

/// The mean of the scenarios' dispatches balances as each does.
#[test]
fn the_mean_of_scenarios_closes() {
    let energy = news(WIND);
    let series = with_wind(&energy, &[0.0, 20.0, 85.0]);
    let staged = here_and_now(&plans(&energy, &series), &EXACT).unwrap();
    let scenarios = staged.answer.unwrap().scenarios;
    let outcomes: Vec<Outcome> = scenarios
        .iter()
        .zip(&series)
        .map(|((plan, solution), own)| Outcome::of(&energy, own, plan, solution, &Ends::Whole))
        .collect();
    let mean = Outcome::mean(&outcomes);
    close(mean.import[0][5], 65.0);
    let (_, closure) = dispatch::book(&energy, &Series::mean(&series), &mean);
    assert!(closure["electricity"] < 1e-12, "{closure:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Wait and see ≤ here and now ≤ what is decided for the mean, whatever comes and whatever units there are.
    #[test]
    fn knowing_is_never_worse_and_counting_with_scenarios_neither(
        powers in prop::collection::vec(0.0..90.0_f64, 2..5),
        capacity in 10.0..80.0_f64,
        cost in 20.0..160.0_f64,
        start in 0.0..40_000.0_f64,
        load_min in 0.0..90.0_f64,
    ) {
        let generators = format!(
            "id,kind,node,capacity [MW],cost [CNY/MWh],load_min [%],start_cost [CNY]\n\
             wind,hydro,bus,90,0,,\nengine,fuel,bus,{capacity},{cost},{load_min},{start}\n"
        );
        let (here, of_mean, known) = costs(&news(&generators), &powers);
        let slack = 1e-6 * here.cost.abs();
        prop_assert!(known <= here.cost + slack, "{known} {}", here.cost);
        prop_assert!(here.cost <= of_mean + slack, "{} {of_mean}", here.cost);
    }
}
