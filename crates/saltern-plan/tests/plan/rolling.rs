//! Rolling dispatch of the one-bus benchmark.

use crate::folder::{example, made_of, profile, shortened};
use saltern_plan::dispatch::{
    self, Ends, Foreseen, Guide, Outside, Rolled, Rolling, Rules, Series,
};
use saltern_plan::forecast::{Ahead, Observed, Settings, foreseen};
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
        execute: 168,
        foreseen: None,
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

/// Nine weeks of the benchmark, each window of two days carried out for four hours. What comes is known, forecast or
/// taken for persistent. By the duality of linear programmes no plan is cheaper, with what it leaves in the stores at the
/// whole plan's prices, than the whole plan itself.
#[test]
fn forecasts_cost_more_than_knowing_and_less_than_persistence() {
    const STEPS: usize = 9 * 168;
    let energy = shortened(example("energy-one-bus"), STEPS);
    let series = Series::of(&energy, &Outside::default());
    let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
    let mut solver = Solver::new(&plan.programme, &Options::default()).unwrap();
    let solution = solver.solve().unwrap();
    let whole = dispatch::Outcome::of(&energy, &series, &plan, &solution, &Ends::Whole);
    let guide = Guide::of(&energy, &series, &plan, &solution);
    let observed = Observed::of(&energy, &Outside::default());
    let rolled = |foreseen: Option<Foreseen>| -> Rolled {
        let rolling = Rolling {
            window: 48,
            execute: 4,
            foreseen,
            guide: Some(guide.clone()),
            start: whole.start.clone(),
        };
        let options = Options::default();
        dispatch::roll(&energy, &series, &rolling, &options, &mut |_, _| {}).unwrap()
    };
    let seen = |pick: &dyn Fn(&Ahead) -> f64| {
        let settings = Settings::ahead(44);
        foreseen(&observed, energy.generators.len(), &settings, 4, pick)
    };
    let net = |rolled: Rolled| rolled.cost - rolled.left;
    let knowing = net(rolled(None));
    let forecast = net(rolled(Some(seen(&|ahead| ahead.expected))));
    let persistent = net(rolled(Some(seen(&|ahead| ahead.persistence))));
    let left: f64 = whole
        .start
        .iter()
        .zip(guide.worth_at(STEPS - 1))
        .map(|(level, worth)| level * worth)
        .sum();
    let best = solution.objective - left;
    eprintln!("{best} {knowing} {forecast} {persistent}");
    assert!(best <= knowing * (1.0 + 1e-9), "{best} {knowing}");
    assert!(
        knowing < forecast && forecast < persistent,
        "{knowing} {forecast} {persistent}"
    );
}

/// What stands in the forecast and not in what comes is never carried out, and what is foreseen rightly costs nothing.
#[test]
fn the_truth_foreseen_is_the_truth() {
    let energy = shortened(example("energy-one-bus"), 168);
    let series = Series::of(&energy, &Outside::default());
    let rolled = |foreseen: Option<Foreseen>| {
        let rolling = Rolling {
            window: 24,
            execute: 6,
            foreseen,
            guide: None,
            start: vec![0.0; energy.stores.len()],
        };
        let options = Options::default();
        dispatch::roll(&energy, &series, &rolling, &options, &mut |_, _| {}).unwrap()
    };
    let windows = |g: usize| {
        let high = &series.generation[g].high;
        let of = |w: usize| high[(6 * (w + 1)).min(168)..(6 * w + 24).min(168)].to_vec();
        Some((0..28).map(of).collect())
    };
    let generation = (0..energy.generators.len()).map(windows).collect();
    let (known, foreseen) = (rolled(None), rolled(Some(Foreseen { generation })));
    assert_eq!(known, foreseen);
    let nothing = Foreseen {
        generation: vec![Some(vec![vec![0.0; 18]; 28]); energy.generators.len()],
    };
    let blind = rolled(Some(nothing));
    for (power, most) in blind.outcome.generation.iter().zip(&series.generation) {
        assert!(
            power
                .iter()
                .zip(&most.high)
                .all(|(p, most)| *p <= most + 1e-9)
        );
    }
    assert!(blind.cost > known.cost);
}

/// An engine that must run an hour at eight and an hour at twelve costs two starts however short the windows are, and none
/// more where it may not be stopped in between. Windows once forgot what units did before them, and never paid a start.
#[test]
fn units_go_on_from_what_they_did_in_the_window_before() {
    let with = |up_min: usize, ramp: &str| {
        let load = profile("load [MW]", |t| if t == 8 || t == 12 { 30.0 } else { 0.0 });
        let engine = format!(
            "id,kind,node,capacity [MW],cost [CNY/MWh],load_min [%],start_cost [CNY],up_min [h],ramp [%/h]\n\
             engine,fuel,bus,30,10,50,5000,{up_min},{ramp}\n"
        );
        made_of(&[
            (
                "energy_nodes.csv",
                "id,carrier,shortage_price [CNY/MWh]\nbus,electricity,1000\n",
            ),
            ("profiles.csv", &load),
            ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
            ("generators.csv", &engine),
            (
                "grids.csv",
                "id,node,import [MW],export [MW],import_price [CNY/MWh]\ngrid,bus,0,30,0\n",
            ),
        ])
    };
    for (up_min, ramp) in [(1, ""), (3, ""), (5, ""), (1, "20")] {
        let energy = with(up_min, ramp);
        let series = Series::of(&energy, &Outside::default());
        let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
        let options = Options {
            gap: 0.0,
            ..Options::default()
        };
        let whole = Solver::new(&plan.programme, &options)
            .unwrap()
            .solve()
            .unwrap();
        let rolling = Rolling {
            window: 12,
            execute: 1,
            foreseen: None,
            guide: None,
            start: Vec::new(),
        };
        let rolled = dispatch::roll(&energy, &series, &rolling, &options, &mut |_, _| {}).unwrap();
        let (found, best) = (rolled.cost, whole.objective);
        assert!(
            (found - best).abs() < 1e-6 * best,
            "{up_min} {ramp}: {found} for {best}"
        );
    }
}
