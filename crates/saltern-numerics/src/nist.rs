//! Data of the NIST Statistical Reference Datasets (nonlinear regression, www.itl.nist.gov/div898/strd) that more than one
//! test is held to.

use crate::least_squares::Evaluation;

/// BoxBOD: days, mg/L.
pub(crate) const BOXBOD: [(f64, f64); 6] = [
    (1.0, 109.0),
    (2.0, 149.0),
    (3.0, 149.0),
    (5.0, 191.0),
    (7.0, 213.0),
    (10.0, 224.0),
];

/// Misra1a: pressure, volume.
pub(crate) const MISRA1A: [(f64, f64); 14] = [
    (77.6, 10.07),
    (114.9, 14.73),
    (141.1, 17.94),
    (190.8, 23.93),
    (239.9, 29.61),
    (289.0, 35.18),
    (332.8, 40.02),
    (378.4, 44.82),
    (434.8, 50.76),
    (477.3, 55.05),
    (536.8, 61.01),
    (593.1, 66.40),
    (689.1, 75.47),
    (760.0, 81.78),
];

/// y = a (1 − exp(−b x)), the model of both, with its derivatives.
pub(crate) fn saturating(points: &[(f64, f64)]) -> impl FnMut(&[f64]) -> Option<Evaluation> {
    move |p: &[f64]| {
        let (a, b) = (p[0], p[1]);
        let decay = |x: f64| (-b * x).exp();
        let residual = |&(x, y): &(f64, f64)| a * (1.0 - decay(x)) - y;
        let slopes = |&(x, _): &(f64, f64)| [1.0 - decay(x), a * x * decay(x)];
        Some(Evaluation {
            residuals: points.iter().map(residual).collect(),
            jacobian: points.iter().flat_map(slopes).collect(),
        })
    }
}
