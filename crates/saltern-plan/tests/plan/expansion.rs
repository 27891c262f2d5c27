//! Expansion: the benchmark P2 against a separate implementation, and what must hold of any base.

use crate::folder::{example, made_of, shortened, try_made_of};
use saltern_base::energy::{Choice, Energy, Expansion, Stage, Terms, UnitRef};
use saltern_plan::dispatch::Outside;
use saltern_plan::expansion::{self, Choosing, Expanding, ExpansionPlan, Part, What};
use saltern_plan::solution::Status;
use saltern_plan::solver::{Options, Solver};
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::place::Place;

const MW: f64 = 1e6;
const MWH: f64 = 3.6e9;

fn stage(year: i64, years: u64) -> Stage {
    Stage {
        year,
        years,
        demand: 1.0,
        work: 1.0,
        budget: None,
        carbon_kg: None,
        place: Place::row("expansion_stages.csv", 2),
    }
}

/// P2 of `facts/energy-and-planning.md` §2: everything built from nothing, money a year for a MW or MWh.
fn p2(steps: usize) -> Energy {
    let mut energy = shortened(example("energy-one-bus"), steps);
    let choice = |unit: UnitRef, id: &str, per_mw: f64, per_mwh: f64, hours: Option<f64>| Choice {
        unit,
        id: id.into(),
        existing: 0.0,
        terms: vec![Some(Terms {
            capex_w: per_mw / MW,
            capex_j: per_mwh / MWH,
            hours_s: hours.map(|h| h * 3600.0),
            lifetime_a: 1.0,
            power_w: (0.0, 20_000.0 * MW),
            energy_j: (0.0, 20_000.0 * MWH),
            place: Place::row("expansion.csv", 2),
        })],
    };
    let choices = vec![
        choice(UnitRef::Generator(0), "pv", 260_000.0, 0.0, None),
        choice(UnitRef::Generator(1), "wind", 520_000.0, 0.0, None),
        choice(UnitRef::Generator(2), "field", 140_000.0, 0.0, None),
        choice(UnitRef::Converter(0), "turbine", 330_000.0 * 0.4, 0.0, None),
        choice(UnitRef::Store(0), "tank", 0.0, 9000.0, None),
        choice(UnitRef::Store(1), "battery", 330_000.0, 0.0, Some(4.0)),
        choice(UnitRef::Converter(1), "electrolyser", 300_000.0, 0.0, None),
        choice(UnitRef::Store(2), "h2_tank", 0.0, 1200.0, None),
    ];
    let mut only = stage(2027, 1);
    only.carbon_kg = Some(6e7);
    energy.expansion = Some(Expansion {
        discount: 0.0,
        stages: vec![only],
        choices,
    });
    energy
}

/// Without deferrable work, which isn't handed on from week to week.
fn without_work(mut energy: Energy) -> Energy {
    energy.classes.clear();
    energy.halls.clear();
    energy
}

fn solved(energy: &Energy, choosing: Choosing) -> (Expanding, ExpansionPlan) {
    let steps = energy.window.steps;
    let built = expansion::build(energy, &Outside::default(), steps, choosing);
    let built = built.expect("something to build");
    let plan = expansion::plan(energy, &built, &Options::default()).expect("an answer");
    (built, plan)
}

fn objective(energy: &Energy, choosing: Choosing) -> f64 {
    let (_, plan) = solved(energy, choosing);
    assert_eq!(plan.status, Status::Optimal);
    plan.objective.expect("a plan")
}

fn close(found: f64, expected: f64, within: f64) {
    let off = (found / expected - 1.0).abs();
    assert!(off < within, "{found} for {expected}: {off:e}");
}

fn whole(steps: usize) -> Choosing {
    Choosing {
        count: 1,
        hours: steps as f64,
    }
}

/// P2-336 of the facts' own definition, written a second time for SciPy 1.17.1 (its HiGHS, dual simplex) with a row for each
/// bound: 47 356 085.599 CNY over 336 h, a tonne of the cap worth 794.311 CNY.
#[test]
fn the_expansion_benchmark_of_two_weeks() {
    let energy = p2(336);
    let (built, plan) = solved(&energy, whole(336));
    let per_year = 8760.0 / 336.0;
    close(
        plan.objective.expect("a plan"),
        47_356_085.599 * per_year,
        1e-6,
    );
    let stage = &plan.stages[0];
    let of = |part: Part| stage.standing[plan.parts.iter().position(|p| *p == part).unwrap()];
    close(of(Part::Power(1)), 675.428, 1e-4);
    close(of(Part::Power(2)), 3426.914, 1e-4);
    close(of(Part::Energy(4)), 12_292.204, 1e-4);
    close(of(Part::Power(6)), 175.692, 1e-4);
    close(stage.carbon_worth.expect("a cap"), 794.311, 1e-4);
    close(stage.carbon_t, 60_000.0, 1e-6);
    close(
        stage.capital + stage.running,
        plan.objective.expect("a plan"),
        1e-9,
    );
    assert_eq!(built.weeks.weight.iter().sum::<f64>() * 336.0, 8760.0);
}

/// All weeks of a period, each for itself and linked by what stores hold, are the period.
#[test]
fn all_weeks_are_the_year() {
    let energy = without_work(p2(336));
    let linked = objective(&energy, Choosing::weeks(2));
    close(linked, objective(&energy, whole(336)), 1e-7);
    // With work that must be done by the end of each week it costs hardly more, and never less.
    let energy = p2(336);
    let (linked, at_once) = (
        objective(&energy, Choosing::weeks(2)),
        objective(&energy, whole(336)),
    );
    assert!(linked >= at_once * (1.0 - 1e-9), "{linked} {at_once}");
    close(linked, at_once, 1e-2);
}

/// Levels go on from week to week, stay between nothing and what is built, and end as they began.
#[test]
fn levels_go_on_over_weeks_that_stand_for_others() {
    let energy = without_work(p2(1344));
    let (built, plan) = solved(&energy, Choosing::weeks(3));
    assert_eq!(built.weeks.chosen.len(), 3);
    assert!(built.weeks.chosen.contains(&built.weeks.extreme));
    let sum: f64 = built.weeks.weight.iter().sum();
    close(sum, 8760.0 / 168.0, 1e-12);
    let mut solver = Solver::new(&built.programme, &Options::default()).unwrap();
    let solution = solver.solve().unwrap();
    for (store, part) in [
        (0, Part::Energy(4)),
        (1, Part::Energy(5)),
        (2, Part::Energy(7)),
    ] {
        let kept: f64 = 1.0 - energy.stores[store].loss_per_h;
        let room = plan.stages[0].standing[plan.parts.iter().position(|p| *p == part).unwrap()];
        let levels = built.levels(&solution, kept, 0, store);
        let begins = built.begins(&solution, 0, store);
        let slack = 1e-5 * (1.0 + room);
        assert!(levels.iter().all(|l| *l > -slack && *l < room + slack));
        for (i, begin) in begins.iter().enumerate().skip(1) {
            assert!((levels[i * 168 - 1] - begin).abs() < slack, "{store} {i}");
        }
        assert!((begins[0] - begins[8]).abs() < slack);
    }
}

#[test]
fn more_money_never_costs_more_and_a_cap_is_kept_or_told() {
    let mut energy = without_work(p2(672));
    let mut last = f64::INFINITY;
    for budget in [2e8, 6e8, 1e12] {
        let expansion = energy.expansion.as_mut().unwrap();
        expansion.stages[0].budget = Some(budget);
        expansion.stages[0].carbon_kg = None;
        let (_, plan) = solved(&energy, Choosing::weeks(2));
        let cost = plan.objective.expect("a plan");
        assert!(cost <= last * (1.0 + 1e-9), "{budget}: {cost} > {last}");
        assert!(plan.stages[0].invested <= budget * (1.0 + 1e-9));
        last = cost;
    }
    energy.expansion.as_mut().unwrap().stages[0].carbon_kg = Some(6e7);
    let (_, plan) = solved(&energy, Choosing::weeks(2));
    let checked = expansion::check(
        &energy,
        &Outside::default(),
        &plan,
        0,
        672,
        &Options::default(),
    );
    let checked = checked.expect("an answer").expect("a stage");
    let carbon = checked.carbon_t().expect("a year that can be served");
    assert_eq!(checked.cap_kept, Some(carbon <= 60_000.0 * (1.0 + 1e-6)));
}

const TABLES: [(&str, &str); 4] = [
    ("energy_nodes.csv", "id,carrier\nbus,electricity\n"),
    (
        "generators.csv",
        "id,kind,node,capacity [MW]\nriver,hydro,bus,10\n",
    ),
    ("energy_demands.csv", "id,node,power [MW]\nload,bus,10\n"),
    (
        "grids.csv",
        "id,node,import [MW],import_price [CNY/MWh],carbon [t/MWh]\ngrid,bus,15,500,0.5\n",
    ),
];

fn river(stages: &str, expansion: &str) -> Vec<(&'static str, String)> {
    let mut files: Vec<(&str, String)> = TABLES.map(|(f, t)| (f, t.to_string())).to_vec();
    files.push(("expansion_stages.csv", stages.into()));
    files.push(("expansion.csv", expansion.into()));
    files
}

fn borrowed<'a>(files: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    files.iter().map(|(f, t)| (*f, t.as_str())).collect()
}

/// By hand: a day counts a year. 10 MW of 2026 grow to 20 in 2030; a MW of river costs 1 000 000, stands 20 years and is free, a
/// MWh bought costs 500: 4.38 million a MW and year, so ten MW are built in 2030, and none in 2026.
#[test]
fn a_river_that_can_be_reckoned_by_hand() {
    let files = river(
        "stage,years,demand [%]\n2026,4,100\n2030,5,200\n",
        "unit,capex [CNY/MW],lifetime [a]\nriver,1e6,20\n",
    );
    let energy = made_of(&borrowed(&files));
    let (_, plan) = solved(&energy, Choosing::weeks(6));
    assert!(plan.stages[0].built[0].abs() < 1e-6);
    close(plan.stages[1].built[0], 10.0, 1e-6);
    close(plan.stages[1].standing[0], 20.0, 1e-6);
    let annuity = 0.08 / (1.0 - 1.08_f64.powi(-20));
    let years: f64 = (4..9).map(|y| 1.08_f64.powi(-y)).sum();
    close(plan.objective.unwrap(), 1e7 * annuity * years, 1e-9);
    let checked = expansion::check(
        &energy,
        &Outside::default(),
        &plan,
        1,
        24,
        &Options::default(),
    );
    let checked = checked.unwrap().unwrap();
    assert!(checked.running().unwrap().abs() < 1e-3);
}

/// 10 MW more, of which a budget of 5 million pays 5 and a cap of 8760 t lets 2 be bought: 3 MW are missing.
#[test]
fn caps_that_cannot_both_hold_are_told_with_their_rows() {
    let files = river(
        "stage,demand [%],budget [CNY],carbon [t]\n2026,200,5e6,8760\n",
        "unit,capex [CNY/MW],lifetime [a]\nriver,1e6,20\n",
    );
    let energy = made_of(&borrowed(&files));
    let (built, plan) = solved(&energy, Choosing::weeks(6));
    assert_eq!(plan.objective, None);
    let why = expansion::impossible(&energy, &built, &Options::default());
    let why = why.unwrap().expect("reasons");
    let whats: Vec<What> = why.conflict.iter().map(|h| h.what).collect();
    assert_eq!(whats, [What::Budget, What::Carbon, What::Demand(0)]);
    for hindrance in &why.conflict[..2] {
        assert_eq!(
            hindrance.places[0].text(Lang::En),
            "expansion_stages.csv, row 2"
        );
        assert!(!hindrance.text(Lang::Zh).contains('{'));
    }
    let text = why.conflict[0].text(Lang::En);
    assert!(text.contains("5 million"), "{text}");
    // A tonne weighs as a MWh bought: what is cheapest gives way, and then there is a plan.
    let relief = &why.relaxation[0];
    let mut eased = energy.clone();
    let stage = &mut eased.expansion.as_mut().unwrap().stages[0];
    match relief.what {
        What::Carbon => stage.carbon_kg = stage.carbon_kg.map(|kg| kg + relief.by * 1e3 * 1.0001),
        What::Budget => stage.budget = stage.budget.map(|money| money + relief.by * 1.0001),
        other => panic!("{other:?}"),
    }
    assert!(solved(&eased, Choosing::weeks(6)).1.objective.is_some());
}

#[test]
fn what_is_wrong_in_the_tables_is_told() {
    let terms = "unit,stage,capex [CNY/MW],lifetime [a]\n";
    let stages = "stage\n2026\n2030\n";
    for (stages, rows, code) in [
        (stages, "grid,,1,20\n", "base.unknown_id"),
        (stages, "river,2031,1,20\n", "base.unknown_id"),
        (stages, "river,,1,20\nriver,,2,20\n", "base.duplicate_id"),
        ("stage\n2030\n2026\n", "river,,1,20\n", "base.wrong_type"),
    ] {
        let files = river(stages, &format!("{terms}{rows}"));
        let errors = try_made_of(&borrowed(&files)).expect_err("a mistake");
        assert_eq!(errors[0].code(), code, "{rows}");
    }
}
