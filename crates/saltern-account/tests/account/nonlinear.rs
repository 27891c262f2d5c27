//! Nonlinear problems of the literature: Cencic's example, Pai & Fisher, Swartz.

use saltern_account::reconcile::{
    Class, Knowledge, Problem, Product, Reconciliation, Settings, reconcile,
};

fn measured(value: f64, sigma: f64) -> Knowledge {
    Knowledge::Measured { value, sigma }
}

fn near(got: f64, expected: f64) {
    assert!((got / expected - 1.0).abs() < 6e-6, "{got} for {expected}");
}

fn value(result: &Reconciliation, id: &str) -> f64 {
    result.estimates[result.find(id).unwrap()].value.unwrap()
}

/// Cencic 2016, Sustain. Environ. Res. 26, 291, the worked example of STAN 2.
#[test]
fn the_stan_example() {
    let mut problem = Problem::default();
    problem.add("F1", measured(100.0, 10.0));
    problem.add("F2", Knowledge::Known(50.0));
    problem.add("F3", measured(300.0, 30.0));
    problem.add("F4", Knowledge::Unmeasured { guess: 1.0 });
    problem.add("F5", measured(160.0, 16.0));
    problem.add("TC", measured(0.5, 0.05));
    problem.add("F6", Knowledge::Unmeasured { guess: 1.0 });
    problem.add("F7", Knowledge::Unmeasured { guess: 1.0 });
    problem.constrain(
        "a",
        [(1.0, 0), (1.0, 1), (1.0, 3), (-1.0, 2)]
            .map(|(c, i)| Product::of(c, i))
            .to_vec(),
    );
    problem.equation("b", "F3 = F4 + F5").unwrap();
    problem.equation("c", "F4 = TC * F3").unwrap();
    problem.equation("d", "F5 = F6 + F7").unwrap();
    let result = reconcile(&problem, &Settings::default()).unwrap();
    for (id, value, sigma) in [
        ("F1", 102.425960, 7.882792),
        ("F3", 302.416229, 22.608614),
        ("F4", 149.990270, 21.2133),
        ("F5", 152.425960, 7.882792),
        ("TC", 0.495973, 0.037681),
    ] {
        let estimate = &result.estimates[result.find(id).unwrap()];
        near(estimate.value.unwrap(), value);
        let got = estimate.sigma.unwrap();
        assert!((got / sigma - 1.0).abs() < 2e-5, "{id}: {got} for {sigma}");
    }
    let class = |id: &str| result.estimates[result.find(id).unwrap()].class;
    assert_eq!(class("F4"), Class::Observable);
    assert_eq!(
        (class("F6"), class("F7")),
        (Class::Unobservable, Class::Unobservable)
    );
    assert_eq!((class("F1"), class("F2")), (Class::Redundant, Class::Known));
    assert_eq!(result.global.freedom, 2);
    assert!(result.closure <= 1e-11, "{}", result.closure);
    // The band of a quotient of two reconciled flows is that of the coefficient itself.
    let (f3, f4) = (result.find("F3").unwrap(), result.find("F4").unwrap());
    let (ratio, sigma) = result.propagate(|x| x[f4] / x[f3]);
    near(ratio, value(&result, "TC"));
    assert!((sigma / 0.037681 - 1.0).abs() < 2e-5, "{sigma}");
    println!("STAN: {} steps", result.iterations);
}

/// Pai & Fisher 1988, AIChE J. 34, 873; answer to 9 digits by SQP with a Gauss–Newton Hessian in NumPy.
fn pai_fisher(guesses: [f64; 3]) -> Problem {
    let mut problem = Problem::default();
    for (i, x) in [4.4, 5.5, 1.7, 1.6, 5.0].into_iter().enumerate() {
        problem.add(format!("x{}", i + 1), measured(x, 1.0));
    }
    for (i, guess) in guesses.into_iter().enumerate() {
        problem.add(format!("u{}", i + 1), Knowledge::Unmeasured { guess });
    }
    for (i, text) in [
        "0.5*x1^2 - 0.7*x2 + x3*u1 + x2^2*u1*u2 + 2*x3*u3^2 = 255.8",
        "x1 - 2*x2 + 3*x1*x3 - 2*x2*u1 - x2*u2*u3 = -111.2",
        "x3*u1 - x1 + 3*x2 + x1*u2 - x3*sqrt(u3) = 33.57",
        "x4 - x1 - x3^2 + u2 + 3*u3 = 0",
        "x5 - 2*x3*u2*u3 = 0",
        "2*x1 + x2*x3*u1 + u2 - u3 = 126.6",
    ]
    .into_iter()
    .enumerate()
    {
        problem.equation(format!("e{}", i + 1), text).unwrap();
    }
    problem
}

#[test]
fn pai_and_fisher() {
    for guesses in [[11.07, 0.6147, 2.0504], [10.0, 1.0, 1.0], [15.0, 0.5, 3.0]] {
        let result = reconcile(&pai_fisher(guesses), &Settings::default()).unwrap();
        for (id, expected) in [
            ("x1", 4.51243001),
            ("x2", 5.58186754),
            ("x3", 1.92595722),
            ("x4", 1.45599905),
            ("x5", 4.85453205),
            ("u1", 11.07032365),
            ("u2", 0.61466867),
            ("u3", 2.05035784),
        ] {
            near(value(&result, id), expected);
        }
        near(result.global.objective, 0.11229667);
        assert_eq!(result.global.freedom, 3);
        assert!(result.closure <= 1e-11);
        println!("Pai & Fisher from {guesses:?}: {} steps", result.iterations);
    }
}

const STREAMS: [&str; 15] = [
    "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B1", "B2", "B3", "C1", "C2", "D1", "D2",
];

/// Swartz 1989, as example 5.4 of Romagnoli & Sánchez 1999: 15 streams of four fluids, flows and temperatures.
fn swartz() -> Problem {
    let flows = [
        ("A1", 1000.0, 954.4),
        ("A3", 401.7, 401.7),
        ("A6", 552.7, 552.7),
        ("B1", 253.2, 253.2),
        ("C1", 308.1, 308.1),
        ("D2", 680.1, 680.1),
    ];
    let temperatures = [
        ("A1", 466.33),
        ("A3", 481.78),
        ("A4", 530.09),
        ("A5", 616.31),
        ("A7", 619.0),
        ("A8", 614.92),
        ("B1", 618.11),
        ("C1", 694.99),
        ("D1", 667.84),
        ("D2", 558.34),
    ];
    let mut problem = Problem::default();
    for stream in STREAMS {
        let flow = flows.iter().find(|f| f.0 == stream);
        // What isn't measured starts from the mean of what is.
        let unmeasured = Knowledge::Unmeasured { guess: 530.0 };
        problem.add(
            format!("F.{stream}"),
            flow.map_or(unmeasured, |f| measured(f.1, 0.02 * f.2)),
        );
        let temperature = temperatures.iter().find(|t| t.0 == stream);
        let unmeasured = Knowledge::Unmeasured { guess: 580.0 };
        problem.add(
            format!("T.{stream}"),
            temperature.map_or(unmeasured, |t| measured(t.1, 0.75)),
        );
    }
    let heat = |stream: &str| {
        let [a, b, c] = match &stream[..1] {
            "A" => [-6.8909, 0.0991, 1.1081e-4],
            "B" => [-14.8538, 0.1333, 7.539e-5],
            "C" => [-28.2807, 0.1385, 9.043e-5],
            _ => [-11.4172, 0.1229, 7.94e-5],
        };
        format!("F.{stream}*({a} + {b}*T.{stream} + {c}*T.{stream}^2)")
    };
    let equal = [
        "A1=A2", "A3=A4", "A4=A5", "A6=A7", "B1=B2", "B2=B3", "C1=C2", "D1=D2",
    ];
    let mut equations: Vec<String> = equal
        .iter()
        .filter_map(|e| e.split_once('='))
        .map(|(a, b)| format!("F.{a} = F.{b}"))
        .collect();
    equations.push("F.A2 = F.A3 + F.A6".into());
    equations.push("F.A5 + F.A7 = F.A8".into());
    for (plus, minus) in [
        (["A1", "B2"].as_slice(), ["A2", "B3"].as_slice()),
        (&["A3", "B1"], &["A4", "B2"]),
        (&["A4", "C1"], &["A5", "C2"]),
        (&["A5", "A7"], &["A8"]),
        (&["A6", "D1"], &["A7", "D2"]),
    ] {
        let side = |s: &[&str]| s.iter().map(|s| heat(s)).collect::<Vec<_>>().join(" + ");
        equations.push(format!("{} = {}", side(plus), side(minus)));
    }
    equations.push("T.A2 = T.A3".into());
    equations.push("T.A2 = T.A6".into());
    for (i, equation) in equations.iter().enumerate() {
        problem.equation(format!("e{}", i + 1), equation).unwrap();
    }
    problem
}

#[test]
fn the_heat_exchangers_of_swartz() {
    let problem = swartz();
    assert_eq!(problem.constraints.len(), 17);
    let result = reconcile(&problem, &Settings::default()).unwrap();
    let flows = [
        964.5092, 964.5092, 408.2766, 408.2766, 408.2766, 556.2325, 556.2325, 964.5092, 253.2,
        253.2, 253.2, 308.1, 308.1, 689.8278, 689.8278,
    ];
    let temperatures = [
        466.33, 481.92, 481.92, 530.09, 615.5132, 481.92, 617.7517, 616.8047, 618.11, 543.8334,
        486.3584, 694.99, 594.6955, 668.033, 558.1617,
    ];
    for (stream, (flow, temperature)) in STREAMS.iter().zip(flows.iter().zip(temperatures)) {
        near(value(&result, &format!("F.{stream}")), *flow);
        near(value(&result, &format!("T.{stream}")), temperature);
    }
    assert!(
        (result.global.objective - 15.1123).abs() < 6e-5,
        "{}",
        result.global.objective
    );
    for id in ["F.B1", "F.C1", "T.A1", "T.A4", "T.B1", "T.C1"] {
        let estimate = &result.estimates[result.find(id).unwrap()];
        assert_eq!(estimate.class, Class::NonRedundant, "{id}");
        near(estimate.value.unwrap(), estimate.measured.unwrap().0);
    }
    assert!(
        result
            .estimates
            .iter()
            .all(|e| e.class != Class::Unobservable)
    );
    println!(
        "Swartz: {} steps, J {}",
        result.iterations, result.global.objective
    );
}

#[test]
fn what_cannot_be_is_an_error_and_never_a_result() {
    let code = |problem: &Problem| reconcile(problem, &Settings::default()).unwrap_err().code();
    let mut problem = Problem::default();
    problem.add("a", Knowledge::Known(1.0));
    problem.add("b", Knowledge::Known(2.0));
    problem.add("c", measured(3.0, 1.0));
    problem.constrain("same", vec![Product::of(1.0, 0), Product::of(-1.0, 1)]);
    assert_eq!(code(&problem), "reconcile.contradiction");
    let mut problem = Problem::default();
    problem.add("a", measured(3.0, 1.0));
    problem.equation("square", "a^2 = -1").unwrap();
    assert!(["reconcile.not_converged", "reconcile.contradiction"].contains(&code(&problem)));
    let mut problem = Problem::default();
    problem.add("a", measured(-3.0, 1.0));
    problem.equation("root", "sqrt(a) = 1").unwrap();
    assert_eq!(code(&problem), "reconcile.no_value");
    let mut problem = Problem::default();
    problem.add("a", measured(3.0, 0.0));
    assert_eq!(code(&problem), "reconcile.sigma");
    // Without any constraint a measurement stays, and what isn't measured has no value.
    let mut problem = Problem::default();
    problem.add("a", measured(3.0, 1.0));
    problem.add("b", Knowledge::Unmeasured { guess: 1.0 });
    let result = reconcile(&problem, &Settings::default()).unwrap();
    assert_eq!(result.estimates[0].value, Some(3.0));
    assert_eq!(
        (result.estimates[0].class, result.estimates[1].class),
        (Class::NonRedundant, Class::Unobservable)
    );
    assert!(result.global.passes() && result.worst().is_none() && result.leaks().is_empty());
    // Nothing measured at all: what is known determines the rest.
    let mut problem = Problem::default();
    problem.add("a", Knowledge::Known(3.0));
    problem.add("b", Knowledge::Unmeasured { guess: 1.0 });
    problem.equation("sum", "a + b = 5").unwrap();
    let result = reconcile(&problem, &Settings::default()).unwrap();
    near(result.estimates[1].value.unwrap(), 2.0);
    assert_eq!(result.estimates[1].class, Class::Observable);
    let error = Problem::default().equation("e", "F1 = 2").unwrap_err();
    assert_eq!(error.code(), "account.unknown_name");
}
