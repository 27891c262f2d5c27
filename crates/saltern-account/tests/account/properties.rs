//! What must hold of every reconciliation.

use crate::linear::problem;
use proptest::prelude::*;
use saltern_account::reconcile::{Knowledge, Problem, Product, Relation, Settings, reconcile};

fn measured(value: f64, sigma: f64) -> Knowledge {
    Knowledge::Measured { value, sigma }
}

/// Two splitters and a mixer with a recycle, three components: 8 streams, 4 nodes.
fn flotation(noise: &[f64], flow_sigma: f64, share_sigma: f64) -> Problem {
    // id, from, to, flow, shares; flows and shares close exactly.
    let streams: [(&str, i32, i32, f64, [f64; 2]); 6] = [
        ("feed", 0, 1, 100.0, [0.20, 0.30]),
        ("rougher", 1, 2, 60.0, [0.0, 0.0]),
        ("tails", 1, 0, 70.0, [0.05, 0.32]),
        ("concentrate", 2, 0, 30.0, [0.55, 0.0]),
        ("recycle", 2, 1, 30.0, [0.10, 0.20]),
        ("spare", 0, 0, 1.0, [0.5, 0.5]),
    ];
    let mut problem = Problem::default();
    let mut noise = noise.iter().cycle();
    let mut index = Vec::new();
    let share = |k: usize, s: &str| -> f64 {
        let (conc, rec) = (&streams[3], &streams[4]);
        match s {
            // What leaves the second node came in.
            "rougher" => (conc.3 * conc_share(conc.4[k], k) + rec.3 * rec.4[k]) / 60.0,
            "concentrate" => conc_share(conc.4[k], k),
            _ => streams.iter().find(|x| x.0 == s).unwrap().4[k],
        }
    };
    fn conc_share(given: f64, k: usize) -> f64 {
        // 100·feed − 70·tails = 30·concentrate.
        if k == 0 {
            (20.0 - 3.5) / 30.0
        } else {
            (30.0 - 22.4) / 30.0 + 0.0 * given
        }
    }
    for (id, _, _, flow, _) in &streams {
        let n = noise.next().unwrap();
        let flow = problem.add(
            *id,
            measured(flow * (1.0 + flow_sigma * n), flow_sigma * flow),
        );
        let mut shares = Vec::new();
        for k in 0..2 {
            let value = share(k, id);
            let n = noise.next().unwrap();
            shares.push(problem.add(
                format!("{id}.{k}"),
                measured(value + share_sigma * n, share_sigma),
            ));
        }
        index.push((flow, shares));
    }
    for node in 1..=2 {
        let sign = |s: &(&str, i32, i32, f64, [f64; 2])| {
            f64::from(i8::from(s.2 == node) - i8::from(s.1 == node))
        };
        let sum = |term: &dyn Fn(f64, usize) -> Product| -> Vec<Product> {
            (0..6)
                .filter(|&i| sign(&streams[i]) != 0.0)
                .map(|i| term(sign(&streams[i]), i))
                .collect()
        };
        problem.constrain(
            format!("node {node}"),
            sum(&|s, i| Product::of(s, index[i].0)),
        );
        for k in 0..2 {
            problem.constrain(
                format!("{k} node {node}"),
                sum(&|s, i| Product::of_two(s, index[i].0, index[i].1[k])),
            );
        }
    }
    problem
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_bilinear_network_closes_whatever_the_noise(noise in prop::collection::vec(-2.5..2.5f64, 18)) {
        let result = reconcile(&flotation(&noise, 0.03, 0.01), &Settings::default()).unwrap();
        prop_assert!(result.closure <= 1e-11, "{}", result.closure);
        prop_assert_eq!(result.global.freedom, 6);
        // The adjustments are shorter than the noise: the truth meets the constraints too.
        let truth: f64 = noise.iter().map(|n| n * n).sum();
        prop_assert!(result.global.objective <= truth * (1.0 + 1e-9));
        // Reconciling never widens a band.
        for estimate in &result.estimates {
            prop_assert!(estimate.sigma.unwrap() <= estimate.measured.unwrap().1 * (1.0 + 1e-12));
        }
    }

    #[test]
    fn the_unit_of_the_measurements_changes_nothing(scale in 1e-6..1e6f64, id in prop::sample::select(vec!["P5", "P10", "P15", "P16"])) {
        let (network, _) = problem(id);
        let plain = reconcile(&network.problem, &Settings::default()).unwrap();
        let mut scaled = network.problem.clone();
        for quantity in &mut scaled.quantities {
            let (value, sigma) = quantity.knowledge.measurement().unwrap();
            quantity.knowledge = measured(value * scale, sigma * scale);
        }
        let result = reconcile(&scaled, &Settings::default()).unwrap();
        prop_assert!((result.global.objective / plain.global.objective - 1.0).abs() < 1e-9);
        for (a, b) in result.estimates.iter().zip(&plain.estimates) {
            prop_assert!((a.value.unwrap() / (scale * b.value.unwrap()) - 1.0).abs() < 1e-10);
            prop_assert!((a.z.unwrap() - b.z.unwrap()).abs() < 1e-7 * (1.0 + b.z.unwrap()));
        }
    }

    #[test]
    fn the_order_of_streams_and_balances_changes_nothing(seed in 0u64..1_000_000, id in prop::sample::select(vec!["P9", "P13", "P15"])) {
        let (network, _) = problem(id);
        let plain = reconcile(&network.problem, &Settings::default()).unwrap();
        let n = network.problem.quantities.len();
        let mut order: Vec<usize> = (0..n).collect();
        let mut state = seed;
        for i in (1..n).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(i, (state >> 33) as usize % (i + 1));
        }
        let mut shuffled = Problem::default();
        for &i in &order {
            shuffled.quantities.push(network.problem.quantities[i].clone());
        }
        let place = |i: usize| order.iter().position(|&o| o == i).unwrap();
        for constraint in network.problem.constraints.iter().rev() {
            let Relation::Sum(sum) = &constraint.relation else { unreachable!() };
            let sum = sum.iter().rev().map(|p| Product::of(-3.0 * p.coefficient, place(p.first.unwrap()))).collect();
            shuffled.constrain(constraint.id.clone(), sum);
        }
        let result = reconcile(&shuffled, &Settings::default()).unwrap();
        for (i, estimate) in plain.estimates.iter().enumerate() {
            let same = &result.estimates[place(i)];
            prop_assert!((same.value.unwrap() / estimate.value.unwrap() - 1.0).abs() < 1e-11);
            prop_assert!((same.z.unwrap() - estimate.z.unwrap()).abs() < 1e-8 * (1.0 + estimate.z.unwrap()));
        }
    }
}

#[test]
fn bands_are_those_of_repeated_measurement() {
    // 400 noisy copies of one truth: the spread of the reconciled values is the band reported.
    let mut state = 7u64;
    let mut normal = || {
        // Sum of twelve uniforms less six: variance one.
        (0..12)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 11) as f64 / (1u64 << 53) as f64
            })
            .sum::<f64>()
            - 6.0
    };
    let copies = 400;
    let mut sums: Vec<(f64, f64)> = Vec::new();
    let mut bands = Vec::new();
    let mut objective = 0.0;
    for _ in 0..copies {
        let noise: Vec<f64> = (0..18).map(|_| normal()).collect();
        let result = reconcile(&flotation(&noise, 0.02, 0.005), &Settings::default()).unwrap();
        sums.resize(result.estimates.len(), (0.0, 0.0));
        for (sum, value) in sums.iter_mut().zip(result.values()) {
            *sum = (sum.0 + value, sum.1 + value * value);
        }
        bands = result.estimates.iter().map(|e| e.sigma.unwrap()).collect();
        objective += result.global.objective;
    }
    let n = f64::from(copies);
    for (i, (sum, square)) in sums.iter().enumerate() {
        let spread = ((square - sum * sum / n) / (n - 1.0)).sqrt();
        // Standard error of a standard deviation from 400: 3.5 %; five of them, and the bands vary a little.
        assert!(
            (spread / bands[i] - 1.0).abs() < 0.2,
            "{i}: {spread} {}",
            bands[i]
        );
    }
    // J of sound measurements has the mean of its degrees of freedom.
    assert!(
        (objective / n / 6.0 - 1.0).abs() < 0.15,
        "{}",
        objective / n
    );
}

/// What isn't measured and not well guessed is found or refused, never made up.
#[test]
fn unmeasured_quantities_converge_or_say_so() {
    let mut state = 11u64;
    let mut uniform = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut converged, mut refused) = (0, 0);
    for _ in 0..2000 {
        let noise: Vec<f64> = (0..18).map(|_| 4.0 * uniform() - 2.0).collect();
        let mut problem = flotation(&noise, 0.03, 0.01);
        for _ in 0..4 {
            let i = (uniform() * 15.0) as usize;
            let share = !i.is_multiple_of(3);
            let guess = if share {
                0.5 * uniform()
            } else {
                5.0 + 100.0 * uniform()
            };
            problem.quantities[i].knowledge = Knowledge::Unmeasured { guess };
        }
        match reconcile(&problem, &Settings::default()) {
            Ok(result) => {
                converged += 1;
                assert!(result.closure <= 1e-11);
                let bounded = result.values().iter().all(|v| v.is_nan() || v.abs() < 1e4);
                assert!(bounded, "{:?}", result.values());
            }
            Err(error) => {
                refused += 1;
                assert!(
                    ["reconcile.not_converged", "reconcile.contradiction"].contains(&error.code()),
                    "{error}"
                );
            }
        }
    }
    println!("four of fifteen unmeasured: {converged} converged, {refused} refused");
    assert!(refused <= 20, "{refused} of 2000");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_breaks_a_reader(text in "[a-z0-9 ()*+/^=,.:|\"\\[\\]\n%-]{0,80}") {
        use saltern_account::carbon::{Choice, Factors};
        use saltern_units::formula::{Formula, equation};
        use saltern_account::reconcile::tables::{Network, Texts};
        let _ = Formula::read(&text);
        let _ = equation(&text);
        let _ = Factors::read("f.csv", &text);
        let _ = Choice::read("c.csv", &text);
        let streams = format!("id,from,to,flow [t/h],flow_sigma [%]\n{text}");
        let _ = Network::read(&Texts { streams: ("s.csv", &streams), ..Texts::default() });
        let equations = format!("id,equation\ne,\"{}\"", text.replace('"', ""));
        let streams = "id,from,to,flow [t/h],flow_sigma [%]\na,x,y,1,1\nb,y,z,1,1\n";
        let read = Network::read(&Texts { streams: ("s.csv", streams), equations: Some(("e.csv", &equations)), ..Texts::default() });
        if let Some(Ok(result)) = read.ok().map(|n| reconcile(&n.problem, &Settings::default())) {
            prop_assert!(result.closure <= 1e-11);
        }
    }
}
