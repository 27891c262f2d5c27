//! Rolling dispatch of the one-bus benchmark.

use crate::folder::{example, shortened};
use saltern_plan::dispatch::{self, Ends, Guide, Outside, Rolling, Rules, Series};
use saltern_plan::solver::{Options, Solver};

fn rolled(steps: usize, guided: bool) -> f64 {
    let energy = shortened(example("energy-one-bus"), steps);
    let series = Series::of(&energy, &Outside::default());
    let guide = guided.then(|| {
        let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
        let mut solver = Solver::new(&plan.programme, &Options::default()).unwrap();
        Guide::of(&energy, &series, &plan, &solver.solve().unwrap())
    });
    let rolling = Rolling {
        window: 168,
        guide,
        start: vec![0.0; energy.stores.len()],
    };
    let options = Options::default();
    let rolled = dispatch::roll(&energy, &series, &rolling, &options, &mut |_, _| {}).unwrap();
    assert_eq!(rolled.outcome.steps, steps);
    assert_eq!(rolled.costs.len(), steps.div_ceil(168));
    rolled.cost
}

#[test]
fn trial() {
    println!("R-672 {}", rolled(672, false));
    println!("R-672 guided {}", rolled(672, true));
    println!("R-8760 {}", rolled(8760, false));
}
