//! Standard normal draws (Box and Muller 1958, Ann. Math. Statist. 29, 610).

use saltern_numerics::random::Random;

/// A standard normal.
pub(crate) fn normal(random: &mut Random) -> f64 {
    let (u, v) = (random.open(), random.open());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
