//! Where a falling function of a positive unknown meets zero; ±∞ are values like others (a brine that is dry, a salt
//! that cannot be there).

/// First stride from the start, as a factor; squared each time it does not suffice.
const STRIDE: f64 = 1.02;
const MAX_TRIES: u32 = 100;

/// The root of `f` between bounds, to a relative precision, from a start above zero; `f` is above zero at the lower
/// bound. `None` where it is above zero at the upper as well. Secant steps held in the bracket (Illinois), the middle
/// where a value is infinite.
///
/// # Errors
/// Those of `f`.
pub(crate) fn falling<E>(
    start: f64,
    bounds: (f64, f64),
    sharp: f64,
    f: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<Option<f64>, E> {
    let Some(((mut a, mut fa), (mut b, mut fb))) = bracket(start, bounds, f)? else {
        return Ok(None);
    };
    let mut last_high = None;
    let mut width = f64::INFINITY;
    for step_number in 1..=MAX_TRIES {
        let step = 0.5 * sharp * b;
        if fa == 0.0 || fb == 0.0 || b - a <= 2.0 * step {
            break;
        }
        let secant = b - fb * (b - a) / (fb - fa);
        // Three steps that do not halve the bracket are steps along a wall.
        let slow = step_number % 3 == 0 && b - a > 0.5 * width;
        if step_number % 3 == 0 {
            width = b - a;
        }
        let next = if secant >= a && secant <= b && !slow {
            // A step that is lost in rounding still moves, so that the bracket closes.
            secant.clamp(a + step, b - step)
        } else {
            0.5 * (a + b)
        };
        let value = f(next)?;
        let high = value > 0.0;
        if high {
            (a, fa) = (next, value);
            if last_high == Some(true) {
                fb *= 0.5;
            }
        } else {
            (b, fb) = (next, value);
            if last_high == Some(false) {
                fa *= 0.5;
            }
        }
        last_high = Some(high);
    }
    Ok(Some(if fa == 0.0 { a } else { b }))
}

type Place = (f64, f64);

/// A place above zero and one at or below it.
fn bracket<E>(
    start: f64,
    (low, high): (f64, f64),
    f: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<Option<(Place, Place)>, E> {
    let mut x = start.clamp(low, high);
    let mut value = f(x)?;
    let up = value > 0.0;
    let mut stride = STRIDE;
    loop {
        let end = if up { high } else { low };
        if x == end {
            // The lower bound is above zero by promise.
            return Ok((!up).then_some(((low, f64::INFINITY), (x, value))));
        }
        let next = if up { x * stride } else { x / stride };
        let next = if next < 1e-9 * start {
            low
        } else {
            next.clamp(low, high)
        };
        let there = if next == low { f64::INFINITY } else { f(next)? };
        if (there > 0.0) != up {
            let (here, there) = ((x, value), (next, there));
            return Ok(Some(if up { (here, there) } else { (there, here) }));
        }
        (x, value) = (next, there);
        stride *= stride;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(start: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
        falling(start, (0.0, 1e6), 1e-13, &mut |x| Ok::<_, ()>(f(x))).unwrap()
    }

    #[test]
    fn roots_near_and_far_of_the_start_are_found() {
        for at in [1e-3, 0.7, 1.0, 3.0, 5e5] {
            let found = root(1.0, |x| (at / x).ln()).unwrap();
            assert!((found / at - 1.0).abs() < 1e-12, "{found} {at}");
            let cut = |x: f64| {
                if x < 0.9 * at {
                    f64::INFINITY
                } else {
                    (at / x).powi(3) - 1.0
                }
            };
            let found = root(1.0, cut).unwrap();
            assert!((found / at - 1.0).abs() < 1e-12, "{found} {at}");
        }
        assert_eq!(root(1.0, |_| 1.0), None);
    }

    #[test]
    fn a_step_is_found_to_the_bit() {
        let step = |x: f64| {
            if x < 0.3 {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            }
        };
        assert!((root(1.0, step).unwrap() - 0.3).abs() < 1e-12);
    }
}
