//! Global radiation into what comes from the sun and what comes from the sky.

use crate::sun::Sunlit;
use crate::weather::Hour;

/// Below this global radiation, W/m², a diffuse part of nothing may be true.
const DARK_W_M2: f64 = 1.0;

/// Sine of three degrees. With the sun lower than that clearness is the ratio of two small numbers, and a
/// direct part taken from it can be anything.
const SINE_MIN: f64 = 0.052_335_956_242_943_83;

/// Radiation of an hour, means over the whole of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Split {
    pub(super) global_w_m2: f64,
    pub(super) diffuse_w_m2: f64,
    pub(super) direct_normal_w_m2: f64,
}

/// Diffuse share of the global radiation of an hour, from its clearness: global over that above the air
/// on the horizontal.
///
/// Erbs, Klein & Duffie (Solar Energy 28, 1982, 293–302; eq. 2.10.1 of Duffie & Beckman; recalled, and
/// checked against pvlib). It was fitted to a few stations in the United States; the thin air of a high
/// plateau lets more through, and clearness beyond 0.8, rare there, all has the last share.
pub fn diffuse_share(clearness: f64) -> f64 {
    let k = clearness.max(0.0);
    if k <= 0.22 {
        1.0 - 0.09 * k
    } else if k <= 0.8 {
        0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336)))
    } else {
        0.165
    }
}

/// What a file states is taken as it is: the diffuse part not above the global, the direct not above
/// that outside the air. Of the two a missing one follows from the other and the global radiation;
/// where both are missing the diffuse share is that of Erbs, and what would be more direct radiation
/// than there is outside the air counts as diffuse; below three degrees all does, as in pvlib. A diffuse part of zero under a bright
/// sky is how some files write that they do not know.
pub(super) fn split(hour: &Hour, lit: &Sunlit, outside_w_m2: f64) -> Split {
    let global = hour.global_w_m2.max(0.0);
    let horizontal_outside = outside_w_m2 * lit.share * lit.sine_mean;
    let known_diffuse = hour
        .diffuse_w_m2
        .filter(|diffuse| *diffuse > 0.0 || global < DARK_W_M2);
    let known_direct = hour
        .direct_normal_w_m2
        .filter(|direct| *direct > 0.0 || known_diffuse.is_some())
        .map(|direct| direct.clamp(0.0, outside_w_m2 * lit.share));
    let diffuse = match (known_diffuse, known_direct) {
        (Some(diffuse), _) => diffuse.clamp(0.0, global),
        (None, Some(direct)) => (global - direct * lit.sine_mean).max(0.0),
        (None, None) => global * diffuse_share(global / horizontal_outside),
    };
    let limit = outside_w_m2 * lit.share;
    let direct = (global - diffuse) / lit.sine_mean;
    let (diffuse, direct) = match known_direct {
        Some(known) => (diffuse, known),
        None if lit.sine_mean < SINE_MIN => (global, 0.0),
        None if direct > limit => (global - limit * lit.sine_mean, limit),
        None => (diffuse, direct),
    };
    Split {
        global_w_m2: global,
        diffuse_w_m2: diffuse,
        direct_normal_w_m2: direct,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sun::Direction;

    /// pvlib 0.16.1, `irradiance.erbs`.
    #[test]
    fn erbs_agrees_with_pvlib() {
        for (clearness, share) in [
            (0.146_973_471_758_874_8, 0.986_772_387_541_701_4),
            (0.395_092_005_521_002, 0.847_154_384_761_908_1),
            (0.611_588_943_636_234_5, 0.414_083_942_387_424_5),
            (0.797_954_263_405_355_9, 0.164_951_552_481_232_6),
            (0.876_608_757_154_896_6, 0.165),
        ] {
            assert!(
                (diffuse_share(clearness) - share).abs() < 1e-9,
                "{clearness}"
            );
        }
    }

    /// Duffie & Beckman example 2.10.1 (recalled): clearness 0.445 has a diffuse share of 0.766.
    #[test]
    fn erbs_agrees_with_the_textbook() {
        assert!(
            (diffuse_share(0.445) - 0.766).abs() < 2e-3,
            "{}",
            diffuse_share(0.445)
        );
    }

    const LIT: Sunlit = Sunlit {
        sun: Direction {
            east: 0.0,
            north: -0.866_025_403_784_438_6,
            up: 0.5,
        },
        share: 1.0,
        sine_mean: 0.5,
    };

    fn hour(diffuse: Option<f64>, direct: Option<f64>) -> Split {
        let hour = Hour {
            global_w_m2: 400.0,
            diffuse_w_m2: diffuse,
            direct_normal_w_m2: direct,
            ..Hour::default()
        };
        split(&hour, &LIT, 1367.0)
    }

    #[test]
    fn the_missing_part_follows_from_the_other() {
        assert_eq!(hour(Some(100.0), None).direct_normal_w_m2, 600.0);
        assert_eq!(hour(None, Some(600.0)).diffuse_w_m2, 100.0);
        let both = hour(Some(100.0), Some(580.0));
        assert_eq!((both.diffuse_w_m2, both.direct_normal_w_m2), (100.0, 580.0));
    }

    #[test]
    fn zeros_under_a_bright_sky_are_not_known() {
        let erbs = hour(None, None);
        assert!(erbs.diffuse_w_m2 > 50.0 && erbs.direct_normal_w_m2 > 100.0);
        assert_eq!(hour(Some(0.0), Some(0.0)), erbs);
        assert_eq!(hour(Some(400.0), Some(0.0)).direct_normal_w_m2, 0.0);
    }

    #[test]
    fn at_the_horizon_all_is_diffuse_unless_the_file_knows() {
        let low = Sunlit {
            sine_mean: 0.05,
            ..LIT
        };
        let hour = Hour {
            global_w_m2: 60.0,
            ..Hour::default()
        };
        let split = |hour: &Hour| super::split(hour, &low, 1367.0);
        assert_eq!(
            (split(&hour).diffuse_w_m2, split(&hour).direct_normal_w_m2),
            (60.0, 0.0)
        );
        let known = Hour {
            direct_normal_w_m2: Some(300.0),
            ..hour
        };
        assert_eq!(split(&known).direct_normal_w_m2, 300.0);
    }

    #[test]
    fn a_doubtful_file_stays_within_what_the_sun_gives() {
        let split = hour(Some(900.0), Some(5000.0));
        assert_eq!(
            (split.diffuse_w_m2, split.direct_normal_w_m2),
            (400.0, 1367.0)
        );
    }
}
