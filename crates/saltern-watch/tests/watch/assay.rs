//! The assay desk: planted errors are found, good analyses believed as often as promised.

use saltern_samples::Quality;
use saltern_watch::Lang;
use saltern_watch::assay::{Density, Expected, Figure, NetCharge, Which, judge};

/// All that carries charge was analysed.
const BALANCED: Option<NetCharge> = Some(NetCharge {
    expected: 0.0,
    sigma: 0.0,
});

/// A chloride brine, g/L: Na 60, K 10, Mg 40 and the chloride that balances them; 0.5 % each.
fn brine() -> Vec<Figure> {
    let charge = |mass_g_mol: f64, z: f64| z / mass_g_mol;
    let cations = [
        ("Na", 60.0, charge(22.990, 1.0)),
        ("K", 10.0, charge(39.098, 1.0)),
        ("Mg", 40.0, charge(24.305, 2.0)),
    ];
    let chloride = cations.iter().map(|(_, v, c)| v * c).sum::<f64>() * 35.453;
    let figure = |name: &str, value: f64, charge| Figure {
        name: name.into(),
        value,
        sigma: 0.005 * value,
        charge,
        expected: Some(Expected {
            value,
            sigma: 0.03 * value,
            shared_sigma: 0.0,
        }),
    };
    let mut all: Vec<Figure> = cations
        .iter()
        .map(|(name, v, c)| figure(name, *v, *c))
        .collect();
    all.push(figure("Cl", chloride, charge(35.453, -1.0)));
    all
}

/// A density in kg/m3 that is linear in the figures, as brines nearly are.
fn model(values: &[f64]) -> f64 {
    997.0
        + values
            .iter()
            .zip([0.70, 0.65, 0.95, 0.62])
            .map(|(v, k)| v * k)
            .sum::<f64>()
}

fn density(value: f64) -> Density<'static> {
    Density {
        value,
        sigma: 0.5,
        model: &model,
        model_sigma: 1.0,
    }
}

#[test]
fn a_good_analysis_is_believed() {
    let figures = brine();
    let values: Vec<f64> = figures.iter().map(|f| f.value).collect();
    let found = judge(&figures, BALANCED, Some(&density(model(&values))), 0.05);
    assert!(found.is_believed());
    assert!(found.charge_error_percent.abs() < 1e-9 && found.chi_squared < 1e-9);
    // χ² of six residuals at 5 %: 12.592, as tables print it.
    assert!((found.limit - 12.592).abs() < 1e-3, "{}", found.limit);
    assert_eq!(found.quality("K"), Quality::GOOD);
    assert!(found.reasons(Lang::En)[0].starts_with("the figures agree with each other: 0"));
}

#[test]
fn a_planted_error_is_found_with_its_size() {
    for planted in 0..4 {
        let mut figures = brine();
        let values: Vec<f64> = figures.iter().map(|f| f.value).collect();
        let truth = values[planted];
        figures[planted].value *= 1.15;
        let found = judge(&figures, BALANCED, Some(&density(model(&values))), 0.05);
        assert_eq!(found.suspects.len(), 1, "{found:?}");
        let suspect = &found.suspects[0];
        assert_eq!(suspect.which, Which::Component(planted), "{found:?}");
        assert!((suspect.implied / truth - 1.0).abs() < 0.02, "{suspect:?}");
        assert!(found.agrees, "without it the rest does");
        assert_eq!(found.quality(&figures[planted].name), Quality::BAD);
        assert_eq!(
            found.quality(&figures[(planted + 1) % 4].name),
            Quality::GOOD
        );
        assert!(found.reasons(Lang::Zh).iter().any(|r| r.contains("可疑")));
    }
    // A density meter that is 20 kg/m3 off.
    let figures = brine();
    let values: Vec<f64> = figures.iter().map(|f| f.value).collect();
    let found = judge(
        &figures,
        BALANCED,
        Some(&density(model(&values) + 20.0)),
        0.05,
    );
    assert_eq!(found.suspects[0].which, Which::Density);
    assert!((found.suspects[0].implied - model(&values)).abs() < 0.1);
}

#[test]
fn with_charges_alone_nobody_can_be_told_from_another() {
    let mut figures = brine();
    for figure in &mut figures {
        figure.expected = None;
    }
    figures[0].value *= 1.2;
    let found = judge(&figures, BALANCED, None, 0.05);
    assert_eq!(found.suspects[0].or.len(), 3, "{found:?}");
    assert_eq!(found.quality("K"), Quality::UNCERTAIN);
    assert!(!found.is_believed());
    let reasons = found.reasons(Lang::En).join("\n");
    assert!(reasons.contains("which one cannot be told"), "{reasons}");
}

#[test]
fn an_analysis_that_is_wrong_all_over_is_done_again() {
    let mut figures = brine();
    for (figure, by) in figures.iter_mut().zip([1.3, 0.6, 1.4, 1.9]) {
        figure.value *= by;
    }
    let found = judge(&figures, BALANCED, Some(&density(1100.0)), 0.05);
    assert!(!found.agrees);
    assert!(
        found
            .reasons(Lang::En)
            .iter()
            .any(|r| r.contains("done again"))
    );
    // Without anything to compare with, it can't be doubted either.
    let bare = [Figure {
        charge: 0.0,
        expected: None,
        ..brine().remove(0)
    }];
    assert!(judge(&bare, BALANCED, None, 0.05).is_believed());
    // The story: potassium alone was told to have a charge error of 100 %.
    let alone = judge(&brine()[1..2], None, None, 0.05);
    assert!(alone.charge_error_percent.is_nan(), "{alone:?}");
    assert!(!alone.reasons(Lang::En).iter().any(|r| r.contains("charge")));
}

/// Of 2000 analyses with honest noise one in twenty is doubted.
#[test]
fn good_analyses_are_doubted_as_often_as_promised() {
    // Sums of twelve uniform numbers are normal enough; the generator is that of Lehmer.
    let mut seed = 12_345u64;
    let mut normal = || {
        let sum: f64 = (0..12)
            .map(|_| {
                seed = seed * 48_271 % 2_147_483_647;
                seed as f64 / 2_147_483_647.0
            })
            .sum();
        sum - 6.0
    };
    let truth: Vec<f64> = brine().iter().map(|f| f.value).collect();
    let doubted = (0..2000)
        .filter(|_| {
            let mut figures = brine();
            for (figure, truth) in figures.iter_mut().zip(&truth) {
                figure.value = truth + figure.sigma * normal();
                figure.expected = Some(Expected {
                    value: truth + 0.03 * truth * normal(),
                    sigma: 0.03 * truth,
                    shared_sigma: 0.0,
                });
            }
            let measured = model(&truth) + 0.5 * normal() + 1.0 * normal();
            !judge(&figures, BALANCED, Some(&density(measured)), 0.05).is_believed()
        })
        .count();
    assert!((70..135).contains(&doubted), "{doubted} of 2000");
}
