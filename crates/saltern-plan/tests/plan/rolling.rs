//! Rolling dispatch of the one-bus benchmark.

use crate::folder::{example, shortened};
use saltern_plan::dispatch::{self, Ends, Guide, Outside, Rolling, Rules, Series};
use saltern_plan::solver::{Options, Solver};

fn rolled(steps: usize, guided: bool) -> f64 {
    let energy = shortened(example("energy-one-bus"), steps);
    let series = Series::of(&energy, &Outside::default());
    let guide = guided.then(|| {
        let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
        let mut solver = Solver::new(&plan.programme, &Options::default()).expect("a programme");
        Guide::of(&energy, &series, &plan, &solver.solve().expect("an answer"))
    });
    let rolling = Rolling {
        window: 168,
        guide,
        start: vec![0.0; energy.stores.len()],
    };
    let options = Options::default();
    let rolled =
        dispatch::roll(&energy, &series, &rolling, &options, &mut |_, _| {}).expect("windows");
    assert_eq!(rolled.outcome.steps, steps);
    assert_eq!(rolled.costs.len(), steps.div_ceil(168));
    rolled.cost
}

/// R-672 and R-8760 of `facts/energy-and-planning.md` §2: stores begin empty, their last level is worth nothing. The numbers are
/// those of a separate implementation from the definition (highspy 1.15.1, each window a model of its own).
#[test]
fn windows_without_a_guide_cost_what_the_definition_says() {
    for (steps, expected) in [(672, 56_959_844.571_653), (8760, 633_623_514.075_230)] {
        let found = rolled(steps, false);
        assert!(
            (found / expected - 1.0).abs() < 1e-9,
            "{found} for {expected}"
        );
    }
}

/// Without worth at its end every window empties the stores: the guide of the whole period saves some per cent.
#[test]
fn water_values_keep_stores_from_being_emptied() {
    let (without, with) = (rolled(672, false), rolled(672, true));
    assert!(with < 0.95 * without, "{with} against {without}");
}
