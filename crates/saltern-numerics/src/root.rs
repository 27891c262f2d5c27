//! Where a function of one unknown meets zero: secant steps kept in a bracket.
//!
//! The secant between the ends of the bracket (regula falsi), with the value of an end that stands still halved
//! (Illinois; Dowell & Jarratt 1971, BIT 11:168), and the middle where a value is infinite or three steps have not
//! halved the bracket. ±∞ are values like others.

/// A place and the value there.
pub type Point = (f64, f64);

/// Two places between which a function changes its sign, the lower first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// Lower end.
    pub low: Point,
    /// Upper end.
    pub high: Point,
}

/// When a bracket is closed enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sharpness {
    /// Width as a share of the unknown.
    pub relative: f64,
    /// Width.
    pub absolute: f64,
    /// Value of the function that is none.
    pub value: f64,
}

/// Evaluations at most; a jump is closed by then to the last bit.
const MAX_TRIES: u32 = 200;
/// First stride of [`falling`] from the start, as a factor; squared each time it does not suffice.
const STRIDE: f64 = 1.02;

impl Bracket {
    /// Of two points in any order.
    pub fn between(a: Point, b: Point) -> Bracket {
        let (low, high) = if a.0 <= b.0 { (a, b) } else { (b, a) };
        Bracket { low, high }
    }

    /// The end with the smaller value.
    pub fn nearer(&self) -> Point {
        if self.low.1.abs() < self.high.1.abs() {
            self.low
        } else {
            self.high
        }
    }

    /// Where the straight line between the ends meets zero; the upper end where it does not.
    pub fn secant(&self) -> f64 {
        let ((a, fa), (b, fb)) = (self.low, self.high);
        let x = b - fb * (b - a) / (fb - fa);
        if x >= a && x <= b { x } else { b }
    }

    /// The bracket drawn together about the sign change.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn closed<E>(
        self,
        sharp: &Sharpness,
        f: &mut dyn FnMut(f64) -> Result<f64, E>,
    ) -> Result<Bracket, E> {
        let Bracket { mut low, mut high } = self;
        // Shares of the values of the ends: an end that stands still counts for less each time.
        let (mut of_low, mut of_high) = (1.0, 1.0);
        let mut last_was_low = None;
        let mut width = f64::INFINITY;
        for tries in 1..=MAX_TRIES {
            let step = 0.5 * (sharp.relative * high.0.abs() + sharp.absolute);
            let least = low.1.abs().min(high.1.abs());
            if least <= sharp.value || high.0 - low.0 <= 2.0 * step {
                break;
            }
            let (fa, fb) = (of_low * low.1, of_high * high.1);
            let secant = high.0 - fb * (high.0 - low.0) / (fb - fa);
            let slow = tries % 3 == 0 && high.0 - low.0 > 0.5 * width;
            if tries % 3 == 0 {
                width = high.0 - low.0;
            }
            let next = if secant >= low.0 && secant <= high.0 && !slow {
                // A step that is lost in rounding still moves, so that the bracket closes.
                secant.clamp(low.0 + step, high.0 - step)
            } else {
                0.5 * (low.0 + high.0)
            };
            if next <= low.0 || next >= high.0 {
                break; // nothing between
            }
            let value = f(next)?;
            let is_low = (value > 0.0) == (low.1 > 0.0);
            if is_low {
                (low, of_low) = ((next, value), 1.0);
                if last_was_low == Some(true) {
                    of_high *= 0.5;
                }
            } else {
                (high, of_high) = ((next, value), 1.0);
                if last_was_low == Some(false) {
                    of_low *= 0.5;
                }
            }
            last_was_low = Some(is_low);
        }
        Ok(Bracket { low, high })
    }
}

/// The sign change of a function that falls, between bounds that are not negative, from a start above zero. It is taken
/// to be above zero at the lower bound, where it is not asked. `None` where it is above zero at the upper as well.
///
/// # Errors
/// Those of `f`.
pub fn falling<E>(
    start: f64,
    bounds: (f64, f64),
    sharp: &Sharpness,
    f: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<Option<Bracket>, E> {
    match bracket(start, bounds, sharp.value, f)? {
        Some(bracket) => bracket.closed(sharp, f).map(Some),
        None => Ok(None),
    }
}

/// A place above zero and one at or below it; twice the same where it is a root by its value.
fn bracket<E>(
    start: f64,
    (low, high): (f64, f64),
    none: f64,
    f: &mut dyn FnMut(f64) -> Result<f64, E>,
) -> Result<Option<Bracket>, E> {
    let mut x = start.clamp(low, high);
    let mut value = f(x)?;
    if value.abs() <= none {
        return Ok(Some(Bracket::between((x, value), (x, value))));
    }
    let up = value > 0.0;
    let mut stride = STRIDE;
    loop {
        let end = if up { high } else { low };
        if x == end {
            // The lower bound is above zero by promise.
            return Ok((!up).then_some(Bracket {
                low: (low, f64::INFINITY),
                high: (x, value),
            }));
        }
        let next = if up { x * stride } else { x / stride };
        let next = if next < 1e-9 * start {
            low
        } else {
            next.clamp(low, high)
        };
        let there = if next == low { f64::INFINITY } else { f(next)? };
        if (there > 0.0) != up {
            return Ok(Some(Bracket::between((x, value), (next, there))));
        }
        (x, value) = (next, there);
        stride *= stride;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARP: Sharpness = Sharpness {
        relative: 1e-13,
        absolute: 0.0,
        value: 0.0,
    };

    fn root(start: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
        let found = falling(start, (0.0, 1e6), &SHARP, &mut |x| Ok::<_, ()>(f(x)));
        found.unwrap().map(|bracket| bracket.high.0)
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
        assert_eq!(root(0.7, |_| 0.0), Some(0.7));
    }

    #[test]
    fn a_step_is_found_to_the_bit() {
        for (above, below) in [(f64::INFINITY, f64::NEG_INFINITY), (2.0, -1e-3)] {
            let step = |x: f64| if x < 0.3 { above } else { below };
            assert!((root(1.0, step).unwrap() - 0.3).abs() < 1e-12);
        }
    }

    /// The secant of the closed bracket is nearer than its ends: ln 2 of exp(x) − 2, to rounding.
    #[test]
    fn the_last_secant_is_nearer_still() {
        let sharp = Sharpness {
            value: 1e-6,
            ..SHARP
        };
        let start = Bracket::between((2.0, 2.0f64.exp() - 2.0), (0.0, -1.0));
        let mut f = |x: f64| Ok::<_, ()>(x.exp() - 2.0);
        let closed = start.closed(&sharp, &mut f).unwrap();
        assert!(closed.nearer().1.abs() <= 1e-6);
        assert!((closed.secant() - 2.0f64.ln()).abs() < 1e-9);
    }
}
