//! Halogens in a brine and above it: what chlorine makes of bromide, and how much of that air carries off.
//!
//! ```text
//! BrCl + Cl− ⇌ BrCl2−   K₁ = 6.0 L/mol       BrCl + Br− ⇌ Br2Cl−   K₂ = 1.8·10⁴ L/mol
//! Br2 + Cl− ⇌ Br2Cl−    K₃ = 1.3 L/mol                                              (25 °C, 1 mol/L)
//! Cl2 + Br− → BrCl + Cl−   K₀ = 10⁶
//! H = s H₂₅ exp[E (1/T − 1/298.15)]          Br2 7.2·10⁻³ (4400 K), Cl2 9.2·10⁻⁴ mol/(m³ Pa) (2000 K), BrCl 1.3 Br2
//! ```
//!
//! K₁ to K₃: Wang, Kelley, Cooper, Beckwith and Margerum 1994, Inorg. Chem. 33, 5872. K₀ is of that order by the enthalpies
//! and entropies of NBS 1982 (recalled); it leaves no chlorine beside bromide and its figure bears on nothing. H: the
//! recommended values of Sander 2015 (Atmos. Chem. Phys. 15, 4399; from Sander et al. 2011), BrCl 0.94 mol/(L atm) (table
//! of a model of cloud chemistry, "Halogen activation in tropospheric clouds"). H is that of all that is dissolved,
//! complexes too: `s` is what a brine dissolves of bromine over what water does. Dubik, Titova and Loshakova (1987, in
//! Sander 2015) measured 1.8·10⁻² mol/(m³ Pa) over natural brines: s = 2.5, the sum of the complex with chloride, which
//! holds bromine (1 + K₃ Cl), and of salting out.
//!
//! With all bromine and all its complexes Z, all bromine chloride Y, chlorine W and bromide b, in mol/m³:
//!
//! ```text
//! Z = p Y b,  W = q Y/b,   X = Y + Z + W,   B = b + Y + 2 Z      p = (K₂/K₃) (1 + K₃c)/(1 + K₁c)/c,   q = c/[K₀ (1 + K₁c)]
//! ```
//!
//! **Range.** The constants are of 25 °C and 1 mol/L; in stronger and colder brine only their ratios matter, which are taken
//! as they are. Tribromide (K = 16 L/mol) is left out: below 10 g/L of bromine it is a few percent of Br2Cl−. Bromine does
//! not hydrolyse below pH 4.

/// K₁, m³/mol.
const BROMINE_CHLORIDE_WITH_CHLORIDE: f64 = 6.0e-3;
/// K₂/K₃.
const BROMINE_FROM_BROMINE_CHLORIDE: f64 = 1.8e4 / 1.3;
/// K₃, m³/mol.
const BROMINE_WITH_CHLORIDE: f64 = 1.3e-3;
/// K₀.
const CHLORINE_WITH_BROMIDE: f64 = 1e6;
/// Chloride is taken as this at least, mol/m³.
const LEAST_CHLORIDE_MOL_M3: f64 = 1.0;

/// Solubility of bromine in water at 25 °C, mol/(m³ Pa), and its fall with temperature, K.
const BROMINE_IN_WATER: (f64, f64) = (7.2e-3, 4400.0);
/// The same of chlorine.
const CHLORINE_IN_WATER: (f64, f64) = (9.2e-4, 2000.0);
/// Solubility of BrCl in water over that of bromine: 0.94 mol/(L atm) are 9.3e-3 mol/(m³ Pa).
const BROMINE_CHLORIDE_OVER_BROMINE: f64 = 9.28e-3 / 7.2e-3;

/// Two numbers for each stage: halogen molecules and bromine atoms, whether oxidised or not.
pub(super) type Pair = [f64; 2];

/// Equilibria in a brine and with a gas above it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Halogens {
    /// Z = p Y b, m³/mol.
    p: f64,
    /// W = q Y/b, mol/m³.
    q: f64,
    /// Carried off by gas a volume of brine over what the brine holds: bromine, bromine chloride, chlorine.
    lift: [f64; 3],
}

/// What a brine holds, mol/m³.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Held {
    /// Bromide.
    pub(super) bromide: f64,
    /// Bromine with its complexes.
    pub(super) bromine: f64,
    /// Bromine chloride with its complexes.
    pub(super) mixed: f64,
    /// Chlorine.
    pub(super) chlorine: f64,
}

impl Halogens {
    /// In a brine of so much chloride at a temperature, under a gas of which `gas_mol_m3_pa` are moles a volume of brine
    /// over the pressure; `solubility` is that of bromine over the one in water.
    pub(super) fn new(
        chloride_mol_m3: f64,
        temperature_k: f64,
        solubility: f64,
        gas_mol_m3_pa: f64,
    ) -> Halogens {
        let c = chloride_mol_m3.max(LEAST_CHLORIDE_MOL_M3);
        let with_mixed = 1.0 + BROMINE_CHLORIDE_WITH_CHLORIDE * c;
        let with_bromine = 1.0 + BROMINE_WITH_CHLORIDE * c;
        let at = |(mol_m3_pa, fall_k): (f64, f64)| {
            mol_m3_pa * (fall_k * (1.0 / temperature_k - 1.0 / 298.15)).exp()
        };
        let bromine = solubility * at(BROMINE_IN_WATER);
        // Salting out is the same for both; what differs is how much of each chloride holds.
        let mixed = bromine * BROMINE_CHLORIDE_OVER_BROMINE * with_mixed / with_bromine;
        let solubilities = [bromine, mixed, at(CHLORINE_IN_WATER)];
        Halogens {
            p: BROMINE_FROM_BROMINE_CHLORIDE * with_bromine / with_mixed / c,
            q: c / (CHLORINE_WITH_BROMIDE * with_mixed),
            lift: solubilities.map(|h| gas_mol_m3_pa / h),
        }
    }

    /// Gas that carries off bromine, over the least that could carry all of it off.
    pub(super) fn stripping_factor(&self) -> f64 {
        self.lift[0]
    }

    /// What a brine holds, from its halogen molecules and its bromine atoms, mol/m³.
    pub(super) fn held(&self, [halogen, bromine]: Pair) -> Held {
        self.solved([halogen, bromine]).0
    }

    /// What gas carries off, mol a m³ of brine: halogen molecules and bromine atoms; and how that changes with what the
    /// brine holds of the two.
    pub(super) fn lifted(&self, liquid: Pair) -> (Pair, [Pair; 2]) {
        let (held, slopes) = self.solved(liquid);
        let [z, y, w] = self.lift;
        let both = |bromine: f64, mixed: f64, chlorine: f64| {
            [
                z * bromine + y * mixed + w * chlorine,
                2.0 * z * bromine + y * mixed,
            ]
        };
        let gas = both(held.bromine, held.mixed, held.chlorine);
        let [by_halogen, by_bromine] = slopes.map(|s| both(s.bromine, s.mixed, s.chlorine));
        let turned = [
            [by_halogen[0], by_bromine[0]],
            [by_halogen[1], by_bromine[1]],
        ];
        (gas, turned)
    }

    /// What a brine holds, and its slopes with halogen and with bromine.
    fn solved(&self, [x, b_all]: Pair) -> (Held, [Held; 2]) {
        let (p, q) = (self.p, self.q);
        let b = self.bromide(x, b_all);
        if x <= 0.0 || b <= 0.0 {
            return bare(x.max(0.0), b_all.max(0.0));
        }
        let share = 1.0 + p * b + q / b;
        let mixed = x / share;
        let rise = self.rise(x, b_all, b);
        let slope = |b_slope: f64, x_slope: f64| {
            let mixed_slope = x_slope / share - mixed / share * (p - q / (b * b)) * b_slope;
            Held {
                bromide: b_slope,
                bromine: p * (mixed_slope * b + mixed * b_slope),
                mixed: mixed_slope,
                chlorine: q * (mixed_slope / b - mixed / (b * b) * b_slope),
            }
        };
        let with_x = slope(-(2.0 * p * b + 1.0) * b / rise, 1.0);
        let with_b = slope(((p * b + 1.0) * b + q) / rise, 0.0);
        let held = Held {
            bromide: b,
            bromine: p * mixed * b,
            mixed,
            chlorine: q * mixed / b,
        };
        (held, [with_x, with_b])
    }

    /// Slope of the cubic that the bromide is the root of.
    fn rise(&self, x: f64, b_all: f64, b: f64) -> f64 {
        let (p, q) = (self.p, self.q);
        (3.0 * p * b + 2.0 * (1.0 + p * (2.0 * x - b_all))) * b + (q + x - b_all)
    }

    /// Bromide: the one root above zero of p b³ + (1 + 2pX − pB) b² + (q + X − B) b − q B, by Newton's steps in a bracket.
    fn bromide(&self, x: f64, b_all: f64) -> f64 {
        if b_all <= 0.0 || x <= 0.0 {
            return b_all.max(0.0);
        }
        let (p, q) = (self.p, self.q);
        let (mut low, mut high) = (0.0, b_all);
        let mut b = f64::max(b_all - 2.0 * x, 1e-3 * b_all);
        for _ in 0..STEPS {
            let second = 1.0 + p * (2.0 * x - b_all);
            let value = ((p * b + second) * b + (q + x - b_all)) * b - q * b_all;
            if value > 0.0 {
                high = b;
            } else {
                low = b;
            }
            let rise = self.rise(x, b_all, b);
            let mut next = b - value / rise;
            if !(rise > 0.0 && next > low && next < high) {
                next = if low > 0.0 {
                    0.5 * (low + high)
                } else {
                    1e-2 * high
                };
            }
            let done = (next - b).abs() <= 1e-15 * b;
            b = next;
            if done {
                break;
            }
        }
        b
    }
}

/// Steps that the bromide takes at most; a few do unless there is next to none.
const STEPS: u32 = 200;

/// A brine without bromine, or one without halogen.
fn bare(halogen: f64, bromide: f64) -> (Held, [Held; 2]) {
    let held = |bromide: f64, chlorine: f64| Held {
        bromide,
        bromine: 0.0,
        mixed: 0.0,
        chlorine,
    };
    (held(bromide, halogen), [held(0.0, 1.0), held(1.0, 0.0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bromine's own vapour pressure at 25 °C, 28.7 kPa, over 0.214 mol/L, what water takes up of it (CRC handbook,
    /// recalled), are 7.5e-3 mol/(m³ Pa), 4 % from the one here. Over brine, Dubik et al. have 1.8e-2 and 3600 K; with the
    /// 4400 K of water that is met within a tenth from 15 to 35 °C.
    #[test]
    fn bromine_leaves_water_as_its_vapour_pressure_and_solubility_say() {
        let of = |solubility, t: f64| Halogens::new(1.0, t, solubility, 1.0);
        let mol_m3_pa = 1.0 / of(1.0, 298.15).lift[0];
        assert!((mol_m3_pa / (214.0 / 28.7e3) - 1.0).abs() < 0.04);
        let brine = |t: f64| 1.8e-2 * (3600.0 * (1.0 / t - 1.0 / 298.15)).exp();
        for t in [288.15, 298.15, 308.15] {
            let error = 1.0 / of(2.5, t).lift[0] / brine(t) - 1.0;
            assert!(error.abs() < 0.1, "{t} K: {error}");
        }
    }

    /// Wang et al. have K₂ = [Br2Cl−]/([BrCl][Br−]) = 1.8e4 L/mol and K₃ = [Br2Cl−]/([Br2][Cl−]) = 1.3: back out of the
    /// sums, in a brine of 1 mol/L of chloride.
    #[test]
    fn the_constants_come_back_out() {
        let halogens = Halogens::new(1000.0, 298.15, 1.0, 1.0);
        for (x, b_all) in [(0.5, 1.0), (5.0, 8.0), (0.02, 30.0), (3.0, 2.9)] {
            let held = halogens.held([x, b_all]);
            let total = held.bromide + 2.0 * held.bromine + held.mixed;
            assert!((total / b_all - 1.0).abs() < 1e-9, "{held:?}");
            let oxidised = held.bromine + held.mixed + held.chlorine;
            assert!((oxidised / x - 1.0).abs() < 1e-9, "{held:?}");
            // Free Br2 and BrCl, mol/L; Br2Cl− = 1.3 Br2 Cl.
            let (br2, brcl) = (held.bromine / 2.3e3, held.mixed / 7.0e3);
            let k2 = 1.3 * br2 / (brcl * held.bromide / 1e3);
            assert!((k2 / 1.8e4 - 1.0).abs() < 1e-9, "{k2}");
        }
    }

    #[test]
    fn slopes_are_those_of_differences() {
        let halogens = Halogens::new(9000.0, 288.15, 2.5, 0.05);
        for at in [
            [14.0, 30.0],
            [1.0, 30.0],
            [28.0, 30.0],
            [31.0, 30.0],
            [2.0, 2.0],
        ] {
            let (_, slopes) = halogens.lifted(at);
            for j in [0, 1] {
                let mut beside = [at, at];
                beside[0][j] *= 1.0 + 1e-6;
                beside[1][j] *= 1.0 - 1e-6;
                let [up, down] = beside.map(|pair| halogens.lifted(pair).0);
                for i in [0, 1] {
                    let slope = (up[i] - down[i]) / (2e-6 * at[j]);
                    let scale = halogens.lift[2];
                    assert!(
                        (slopes[i][j] - slope).abs() < 2e-4 * scale,
                        "{at:?} {i} {j}"
                    );
                }
            }
        }
    }
}
