//! Ponds on the real chemistry.

use saltern_base::book::StreamKind;
use saltern_base::model::*;
use saltern_brine::equilibrium::Solver;
use saltern_brine::evaporation::{Mode, Until, evaporate};
use saltern_climate::Forcing;
use saltern_simulate::{BrineAmounts, Inputs, Next, Simulation, Start, simulate};

use crate::world::*;

fn run(base: &Base, brines: &[BrineAmounts], hours: &[Forcing]) -> Simulation {
    let (database, allowed) = default_chemistry();
    let days = (hours.len() / 24) as i64;
    let inputs = Inputs {
        base,
        database: &database,
        allowed: &allowed,
        brines,
        hours,
        start: Start::Opening,
        schedule: None,
        from: FROM,
        to: FROM.checked_add(jiff::Span::new().days(days - 1)).unwrap(),
    };
    simulate(&inputs, &mut |_| Next::Continue).unwrap()
}

fn qarhan() -> BrineAmounts {
    let (database, _) = default_chemistry();
    let parts = [
        ("Na+", 1.989),
        ("K+", 0.44021),
        ("Li+", 0.016531),
        ("Mg+2", 2.3605),
        ("Ca+2", 0.027923),
        ("SO4-2", 0.059017),
    ];
    brine(&database, &parts)
}

fn seawater() -> BrineAmounts {
    let (database, _) = default_chemistry();
    let parts = [
        ("Na+", 0.4861),
        ("K+", 0.01058),
        ("Mg+2", 0.05475),
        ("Ca+2", 0.01065),
        ("SO4-2", 0.02927),
    ];
    brine(&database, &parts)
}

/// Weather that holds the brine at 25 °C (the air takes up all heat) and evaporates a few mm a day.
fn steady_weather(days: usize) -> Vec<Forcing> {
    let mut hour = weather(1, 0, 0.0)[0];
    hour.air_temperature_k = 298.15;
    hour.vapour_pressure_pa = 500.0;
    hour.short_wave_w_m2 = 260.0;
    hour.psychrometric_pa_k *= 1e4;
    vec![hour; days * 24]
}

/// Minerals on the floors of a base at the end, in the book's order of names.
fn on_floors(run: &Simulation) -> Vec<String> {
    let held = |m: usize| run.book.closing.iter().any(|s| s.minerals_mol[m] > 0.0);
    (0..run.book.minerals.len())
        .filter(|&m| held(m))
        .map(|m| run.book.minerals[m].clone())
        .collect()
}

/// First step at which each mineral is there.
fn first_seen(sets: impl Iterator<Item = Vec<String>>) -> Vec<(String, usize)> {
    let mut seen: Vec<(String, usize)> = Vec::new();
    for (step, set) in sets.enumerate() {
        for name in set {
            if !seen.iter().any(|(known, _)| *known == name) {
                seen.push((name, step));
            }
        }
    }
    seen.sort();
    seen
}

/// A closed pond evaporates through the minerals of the plain path of its brine, in their order.
fn follows_the_path(feed: BrineAmounts, depth_m: f64, days: usize) {
    let (database, allowed) = default_chemistry();
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.ponds = vec![pond("p")];
    base.ponds[0].cells = 1;
    base.ponds[0].reactive_layer_m = 10.0;
    base.ponds[0].depth_m_max = 3.0;
    base.ponds[0].opening.depth_m = depth_m;
    base.ponds[0].opening.temperature_k = 298.15;
    let day = steady_weather(1);
    let mut sets: Vec<Vec<String>> = Vec::new();
    let mut start = None;
    let mut from = FROM;
    let mut last_activity = 1.0;
    // A day at a time, each from the end of the one before.
    for _ in 0..days {
        let inputs = Inputs {
            base: &base,
            database: &database,
            allowed: &allowed,
            brines: std::slice::from_ref(&feed),
            hours: &day,
            start: start.as_ref().map_or(Start::Opening, Start::Snapshot),
            schedule: None,
            from,
            to: from,
        };
        let part = simulate(&inputs, &mut |_| Next::Continue).unwrap();
        assert_eq!(part.report.chemistry.failures, 0);
        assert!((series(&part, "p", "temperature")[0] - 25.0).abs() < 0.1);
        last_activity = series(&part, "p", "water_activity")[0];
        sets.push(on_floors(&part));
        from = part.end.date;
        start = Some(part.end);
    }
    let pond = first_seen(sets.into_iter());
    let mut solver = Solver::new(&database, &allowed);
    let (mode, until) = (Mode::Equilibrium, Until::WaterShare(0.003));
    let path = evaporate(&mut solver, &feed.amounts_mol_kgw, 298.15, mode, until, 600).unwrap();
    let reached = path
        .iter()
        .take_while(|s| s.state.water_activity >= last_activity - 1e-4);
    let path = first_seen(reached.map(|step| {
        let held = |m: &usize| step.state.solids_mol[*m] > 0.0;
        allowed
            .iter()
            .filter(|m| held(m))
            .map(|&m| database.minerals[m].name.clone())
            .collect()
    }));
    let names =
        |seen: &[(String, usize)]| -> Vec<String> { seen.iter().map(|s| s.0.clone()).collect() };
    assert!(path.len() >= 4, "{path:?}");
    assert_eq!(
        names(&pond),
        names(&path),
        "pond {pond:?}, path {path:?}, a_w {last_activity}"
    );
    for (a, b) in pond.iter().zip(&path) {
        for (c, d) in pond.iter().zip(&path) {
            assert!(
                a.1 + 1 >= c.1 || b.1 <= d.1,
                "{} and {}: pond {pond:?}, path {path:?}",
                a.0,
                c.0
            );
        }
    }
}

#[test]
fn a_pond_of_qarhan_brine_follows_its_evaporation_path() {
    follows_the_path(qarhan(), 0.4, 90);
}

#[test]
fn a_pond_of_seawater_follows_its_evaporation_path() {
    follows_the_path(seawater(), 1.5, 300);
}

/// A chain of ponds fed with a brine: halite first, then potash, then bischofite, each downstream of
/// the other; and the chain as a whole lays down what the plain path does.
#[test]
fn a_chain_sorts_the_salts_along_its_path() {
    let (database, allowed) = default_chemistry();
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.sources = vec![source("wells", 0, 1.0)];
    base.ponds = (0..4).map(|i| pond(&format!("p{i}"))).collect();
    for (i, pond) in base.ponds.iter_mut().enumerate() {
        pond.area_m2 = [5e3, 1e4, 1e4, 1e4][i];
        // Room for a year's salt.
        pond.depth_m_max = 5.0;
        pond.opening.temperature_k = 298.15;
        let from = if i == 0 {
            End::Source(0)
        } else {
            End::Pond(i - 1)
        };
        base.links.push(link(
            &format!("l{i}"),
            from,
            End::Pond(i),
            1.0,
            Rule::KeepLevel,
        ));
    }
    let run = run(&base, &[qarhan()], &steady_weather(300));
    assert_eq!(run.report.chemistry.failures, 0);
    assert!(closure(&run.book) < 1e-12);
    let column = |name: &str| run.book.minerals.iter().position(|m| m == name).unwrap();
    let share = |pond: usize, name: &str| {
        let stock = &run.book.closing[pond];
        let mass = |m: usize| stock.minerals_mol[m] * run.book.mineral_kg_mol[m];
        mass(column(name)) / (0..stock.minerals_mol.len()).map(mass).sum::<f64>()
    };
    assert!(share(0, "Halite") > 0.6, "{}", share(0, "Halite"));
    assert!(share(3, "Bischofite") > 0.5, "{}", share(3, "Bischofite"));
    assert!(share(0, "Bischofite") == 0.0 && share(3, "Halite") < share(0, "Halite"));
    let mut solver = Solver::new(&database, &allowed);
    let feed = qarhan().amounts_mol_kgw;
    let path = evaporate(
        &mut solver,
        &feed,
        298.15,
        Mode::Fractional,
        Until::WaterShare(0.25),
        60,
    )
    .unwrap();
    let last = path.last().unwrap();
    for (m, mineral) in database.minerals.iter().enumerate() {
        if last.removed_mol[m] > 0.02 {
            let on_a_floor = run.book.closing.iter().any(|s| {
                run.book
                    .minerals
                    .iter()
                    .position(|x| *x == mineral.name)
                    .is_some_and(|c| s.minerals_mol[c] > 0.0)
            });
            assert!(
                on_a_floor,
                "{} forms on the path but in no pond",
                mineral.name
            );
        }
    }
}

/// A Qarhan-like year with winter, rain, leakage and harvests on the real chemistry.
#[test]
fn a_year_on_the_real_chemistry_closes_without_a_failure() {
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.sources = vec![source("wells", 0, 1.0)];
    base.outlets = vec![outlet("lake")];
    base.ponds = (0..4).map(|i| pond(&format!("p{i}"))).collect();
    for (i, pond) in base.ponds.iter_mut().enumerate() {
        pond.leakage_m_s = 0.2e-3 / 86_400.0;
        let from = if i == 0 {
            End::Source(0)
        } else {
            End::Pond(i - 1)
        };
        base.links.push(link(
            &format!("l{i}"),
            from,
            End::Pond(i),
            1.0,
            Rule::KeepLevel,
        ));
    }
    base.links.push(link(
        "end",
        End::Pond(3),
        End::Outlet(0),
        1e-4,
        Rule::Constant,
    ));
    base.harvests = vec![
        harvest("salt", 1, HarvestMethod::Dry, (10, 1), 20),
        harvest("potash", 2, HarvestMethod::Dredge, (8, 1), 60),
    ];
    let run = run(&base, &[qarhan()], &weather(365, 13, 4.0));
    assert_eq!(run.report.chemistry.failures, 0);
    let worst = closure(&run.book);
    assert!(worst < 1e-12, "{worst:e}");
    assert!(moved(&run.book, StreamKind::Evaporation, "Li") == 0.0);
    let li: f64 = [StreamKind::Leakage, StreamKind::Entrainment]
        .map(|k| moved(&run.book, k, "Li"))
        .iter()
        .sum();
    assert!(li > 0.0);
}

/// A floor that reacts back turns early sylvite into carnallite; one that does not keeps it
/// (facts/brine.md §9.2: 0.1347 mol of sylvite stay in fractional mode, none in equilibrium).
#[test]
fn a_reactive_floor_takes_its_sylvite_back() {
    let sylvite = |reactive_layer_m: f64| {
        let mut base = empty_base();
        base.brines = vec![named("feed")];
        base.ponds = vec![pond("p")];
        base.ponds[0].cells = 1;
        base.ponds[0].reactive_layer_m = reactive_layer_m;
        base.ponds[0].opening.temperature_k = 298.15;
        let run = run(&base, &[qarhan()], &steady_weather(70));
        let m = run
            .book
            .minerals
            .iter()
            .position(|x| x == "Sylvite")
            .unwrap();
        run.book.closing[0].minerals_mol[m]
    };
    let (reactive, fractional) = (sylvite(10.0), sylvite(0.0));
    assert!(
        fractional > 0.0 && reactive < 0.05 * fractional,
        "{reactive} {fractional}"
    );
}

/// A day on which salt first appears is cut there: what evaporates lies between a day at the water
/// activity of its start and one at that of its end.
#[test]
fn a_phase_change_cuts_its_day() {
    let (database, _) = default_chemistry();
    let mut base = empty_base();
    base.brines = vec![named("feed")];
    base.ponds = vec![pond("p")];
    base.ponds[0].cells = 1;
    // Shallow, so that the water activity moves within a day.
    base.ponds[0].opening.depth_m = 0.1;
    base.ponds[0].opening.temperature_k = 298.15;
    let feed = brine(&database, &[("Na+", 5.0)]);
    let run = run(&base, &[feed], &steady_weather(5));
    assert!(run.report.chemistry.phase_changes >= 1 && run.report.chemistry.cut_days >= 1);
    let (evaporation, activity) = (
        series(&run, "p", "evaporation"),
        series(&run, "p", "water_activity"),
    );
    // At a fixed temperature evaporation is linear in the water activity: E = c (a_w e_s − e_a).
    let rate = |a_w: f64| a_w * saltern_climate::air::saturation_vapour_pressure_pa(298.15) - 500.0;
    let c = evaporation[4] / rate(activity[4]);
    let onset = activity
        .windows(2)
        .position(|w| w[1] < 0.755 && w[0] > 0.755)
        .unwrap()
        + 1;
    let (slow, fast) = (c * rate(activity[onset]), c * rate(activity[onset - 1]));
    assert!(
        slow < evaporation[onset] && evaporation[onset] < fast,
        "{evaporation:?} {activity:?}"
    );
}
