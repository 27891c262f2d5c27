//! Nothing is lost, whatever happens to a pond.

use proptest::prelude::*;
use saltern_base::book::StreamKind;
use saltern_base::model::*;
use saltern_simulate::{Inputs, Next, NoticeKind, Start, simulate_with};

use crate::world::*;

/// Closure that rounding alone may leave over a year.
const ROUNDING: f64 = 1e-12;

fn chain(ponds: usize) -> Base {
    let mut base = empty_base();
    base.brines = vec![named("feed"), named("late")];
    base.ponds = (0..ponds).map(|i| pond(&format!("p{i}"))).collect();
    base.sources = vec![source("wells", 0, 0.01)];
    base.outlets = vec![outlet("lake")];
    base.links.push(link(
        "feed",
        End::Source(0),
        End::Pond(0),
        0.01,
        Rule::KeepLevel,
    ));
    for i in 1..ponds {
        let id = format!("c{i}");
        base.links.push(link(
            &id,
            End::Pond(i - 1),
            End::Pond(i),
            0.005,
            Rule::KeepLevel,
        ));
    }
    let last = End::Pond(ponds - 1);
    base.links.push(link(
        "over",
        last,
        End::Outlet(0),
        f64::INFINITY,
        Rule::Overflow,
    ));
    base
}

fn brines() -> [saltern_simulate::BrineAmounts; 2] {
    [
        toy_brine(3.0, 0.5, 1.0, 0.02),
        toy_brine(1.0, 1.0, 4.0, 0.1),
    ]
}

#[test]
fn a_year_of_a_chain_closes_to_rounding() {
    let mut base = chain(3);
    base.ponds[1].leakage_m_s = 0.5e-3 / 86_400.0;
    base.harvests = vec![
        harvest("h0", 0, HarvestMethod::Dry, (9, 1), 20),
        harvest("h2", 2, HarvestMethod::Dredge, (7, 1), 60),
    ];
    let run = march(&base, &brines(), &weather(365, 11, 4.0));
    let worst = closure(&run.book);
    assert!(worst < ROUNDING, "{worst:e}");
    assert!(moved(&run.book, StreamKind::Harvest, "Na") > 0.0);
    assert!(moved(&run.book, StreamKind::Entrainment, "Li") > 0.0);
    assert!(moved(&run.book, StreamKind::Leakage, "Li") > 0.0);
    assert_eq!(run.book.opening.len(), 4);
    assert_eq!(run.book.monthly.len(), 11 * 4);
    assert_eq!(run.report.chemistry.failures, 0);
}

#[test]
fn evaporation_loses_no_lithium() {
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.ponds = vec![pond("p")];
    let run = march(&base, &brines()[..1], &weather(60, 0, 0.0));
    let (before, after) = (
        held(&run.book, &run.book.opening, "Li"),
        held(&run.book, &run.book.closing, "Li"),
    );
    assert!(moved(&run.book, StreamKind::Evaporation, "O") > 0.0);
    assert!((after / before - 1.0).abs() < 1e-13, "{before} {after}");
}

#[test]
fn a_pond_that_dries_out_keeps_a_film_and_its_salt() {
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.ponds = vec![pond("p")];
    base.ponds[0].opening.depth_m = 0.03;
    let run = march(
        &base,
        &[toy_brine(5.5, 0.0, 0.0, 0.01)],
        &weather(90, 0, 0.0),
    );
    assert!(closure(&run.book) < ROUNDING);
    let (dry, depth) = (series(&run, "p", "dry"), series(&run, "p", "depth"));
    assert_eq!(dry[89], 1.0);
    assert!(depth.iter().all(|d| *d > 0.0005), "{depth:?}");
    assert!(
        run.notices
            .iter()
            .any(|n| n.kind == NoticeKind::Dry && n.about == "p")
    );
    let evaporation = series(&run, "p", "evaporation");
    assert!(evaporation[0] > 2.0 && evaporation[89] == 0.0);
}

#[test]
fn rain_brings_a_dry_pond_back() {
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.ponds = vec![pond("p")];
    base.ponds[0].opening.depth_m = 0.01;
    let run = march(
        &base,
        &[toy_brine(5.5, 0.0, 0.0, 0.01)],
        &weather(60, 30, 40.0),
    );
    assert!(closure(&run.book) < ROUNDING);
    let dry = series(&run, "p", "dry");
    assert_eq!((dry[29], dry[30]), (1.0, 0.0));
    assert!(run.report.chemistry.phase_changes > 0);
}

#[test]
fn a_fresh_pond_freezes_and_is_held_there() {
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.ponds = vec![pond("p")];
    let mut winter = weather(290, 0, 0.0);
    winter.drain(..240 * 24);
    let run = march(&base, &[toy_brine(0.1, 0.0, 0.0, 0.0)], &winter);
    assert!(closure(&run.book) < ROUNDING);
    assert!(run.notices.iter().any(|n| n.kind == NoticeKind::Freezing));
    let coldest = series(&run, "p", "temperature")
        .into_iter()
        .fold(f64::INFINITY, f64::min);
    assert!(coldest > -1.0 && coldest < 0.5, "{coldest}");
}

#[test]
fn a_failed_equilibrium_is_counted_and_loses_nothing() {
    let base = chain(2);
    let (database, brines, hours) = (toy_database(), brines(), weather(30, 7, 5.0));
    let inputs = Inputs {
        base: &base,
        database: &database,
        allowed: &[0, 1, 2],
        brines: &brines,
        hours: &hours,
        start: Start::Opening,
        schedule: None,
        from: FROM,
        to: FROM.checked_add(jiff::Span::new().days(29)).unwrap(),
    };
    let mut toy = Toy {
        fail_every: 17,
        ..Toy::default()
    };
    let run = simulate_with(&inputs, &mut toy, &mut |_| Next::Continue).unwrap();
    assert!(run.report.chemistry.failures > 0);
    assert!(
        run.notices
            .iter()
            .any(|n| n.kind == NoticeKind::FailedEquilibrium)
    );
    assert!(closure(&run.book) < ROUNDING);
}

fn a_pond() -> impl Strategy<Value = Pond> {
    (
        1usize..6,
        0.02..0.5f64,
        0.0..2e-8f64,
        0.0..0.05f64,
        0.0..0.4f64,
        any::<bool>(),
        0.0..0.1f64,
    )
        .prop_map(
            |(cells, depth_m, leakage_m_s, reactive_layer_m, floor_porosity, sloped, salt_m)| {
                let mut p = pond("p");
                let bathymetry = if sloped {
                    vec![(0.0, 5e3), (0.5, 1e4)]
                } else {
                    vec![]
                };
                (p.cells, p.leakage_m_s, p.reactive_layer_m) =
                    (cells, leakage_m_s, reactive_layer_m);
                (p.floor_porosity, p.bathymetry) = (floor_porosity, bathymetry);
                p.opening.depth_m = depth_m;
                p.opening.floor = vec![("Halite".into(), salt_m)];
                p
            },
        )
}

fn a_rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Overflow),
        Just(Rule::Constant),
        Just(Rule::KeepLevel),
        Just(Rule::Grade {
            quantity: GradeQuantity::WaterActivity,
            above: false,
            limit: 0.75
        }),
        Just(Rule::Grade {
            quantity: GradeQuantity::Element("Mg".into()),
            above: true,
            limit: 30.0
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Random ponds and links, rings of pumps among them, under weather with rain: every book closes.
    #[test]
    fn books_of_random_networks_close(
        mut ponds in prop::collection::vec(a_pond(), 1..5),
        links in prop::collection::vec((0usize..5, 0usize..5, 1e-4..0.02f64, a_rule()), 0..8),
        harvests in prop::collection::vec((0usize..5, any::<bool>(), 4i8..7, 1u32..30), 0..3),
        rain_every in 0usize..9,
        rain_mm in 0.0..30.0f64,
        fed in 0usize..5,
    ) {
        let mut base = empty_base();
        let n = ponds.len();
        for (i, p) in ponds.iter_mut().enumerate() {
            p.id = format!("p{i}");
            p.opening.brine = i % 2;
        }
        base.brines = vec![named("feed"), named("late")];
        base.ponds = ponds;
        base.sources = vec![source("wells", 0, 0.02)];
        base.outlets = vec![outlet("lake")];
        base.links.push(link("feed", End::Source(0), End::Pond(fed % n), 0.01, Rule::KeepLevel));
        for (i, (from, to, capacity, rule)) in links.into_iter().enumerate() {
            // Overflows run down the list only: the base reader refuses rings of them.
            let (mut from, mut to) = (from % n, to % (n + 1));
            if rule == Rule::Overflow && to <= from {
                (from, to) = (to.min(n - 1), n);
            }
            let end = if to == n { End::Outlet(0) } else { End::Pond(to) };
            base.links.push(link(&format!("l{i}"), End::Pond(from), end, capacity, rule));
        }
        for (i, (p, dry, month, days)) in harvests.into_iter().enumerate() {
            let method = if dry { HarvestMethod::Dry } else { HarvestMethod::Dredge };
            base.harvests.push(harvest(&format!("h{i}"), p % n, method, (month, 3), days));
        }
        let run = march(&base, &brines(), &weather(100, rain_every, rain_mm));
        let worst = closure(&run.book);
        prop_assert!(worst < ROUNDING, "closure {worst:e}");
        for stock in &run.book.closing {
            for n in stock.brine_elements_mol.iter().chain(&stock.minerals_mol) {
                prop_assert!(*n >= -1e-6 && n.is_finite(), "{stock:?}");
            }
        }
    }
}
