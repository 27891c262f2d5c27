//! Heats of reaction by [`Room::enthalpy_w`] against numbers from elsewhere: Hess cycles over the tables.

use saltern_brine::database::{HYDROGEN, WATER};
use saltern_brine::thermo::default_database;
use saltern_plants::matter::{Matter, REFERENCE_TEMPERATURE_K};
use saltern_plants::room::Room;
use saltern_plants::stream::Stream;

/// A very dilute brine holds 1 mol in this many moles of water: what is left of the heat of dilution is small.
const DILUTE: f64 = 1e6;

struct Heats<'m> {
    matter: &'m Matter<'m>,
    room: Room<'m>,
}

impl Heats<'_> {
    fn new<'m>(matter: &'m Matter<'m>) -> Heats<'m> {
        Heats {
            matter,
            room: Room::new(matter),
        }
    }

    /// kJ of amounts by name at a temperature: components as ions in `water` mol of water, minerals, substances.
    fn kj(&mut self, amounts: &[(&str, f64)], water: f64) -> f64 {
        let mut stream = Stream::nothing(self.matter);
        stream.temperature_k = REFERENCE_TEMPERATURE_K;
        stream.brine_mol_s[WATER] = water;
        for &(name, n) in amounts {
            let database = self.matter.database;
            if name == "OH-" {
                stream.brine_mol_s[WATER] += n;
                stream.brine_mol_s[HYDROGEN] -= n;
            } else if let Some(s) = self.matter.substance(name) {
                stream.others_mol_s[s] += n;
            } else if let Some(m) = database.mineral(name) {
                stream.solids_mol_s[m] += n;
            } else {
                stream.brine_mol_s[database.component(name).expect(name)] += n;
            }
        }
        1e-3 * self.room.enthalpy_w(0, &stream).expect("a dilute brine")
    }

    /// kJ taken up from left to right, water of the brine alike on both sides but for what reacts.
    fn reaction(&mut self, left: &[(&str, f64)], right: &[(&str, f64)]) -> f64 {
        self.kj(right, DILUTE) - self.kj(left, DILUTE)
    }
}

/// Numbers of handbooks, each from its own measurement. Bands cover rounding and the unlike editions.
#[test]
fn hess_cycles_close_on_independent_numbers() {
    let database = default_database();
    let matter = Matter::new(&database).expect("tables");
    let mut heats = Heats::new(&matter);
    let near = |what: &str, kj: f64, expected: f64, within: f64| {
        assert!((kj - expected).abs() < within, "{what}: {kj} kJ");
    };
    let h = &mut heats;
    // Gas into water: -74.8 kJ/mol (integral heat of solution at infinite dilution, handbook).
    let kj = h.reaction(&[("HCl", 1.0)], &[("H+", 1.0), ("Cl-", 1.0)]);
    near("HCl(g) dissolves", kj, -74.8, 0.2);
    // Strong acid and base: -55.8 kJ/mol at infinite dilution; here through the database's own log K of water.
    let base = h.kj(&[("Na+", 1.0), ("OH-", 1.0)], DILUTE);
    let acid = h.kj(&[("H+", 1.0), ("Cl-", 1.0)], DILUTE);
    let salt = h.kj(&[("Na+", 1.0), ("Cl-", 1.0), ("H2O", 1.0)], 2.0 * DILUTE);
    let kj = salt - base - acid;
    near("neutralisation", kj, -55.8, 0.6);
    // Slaking of magnesia: -37 kJ/mol; of lime: -65 kJ/mol.
    let kj = h.reaction(&[("MgO", 1.0), ("H2O", 1.0)], &[("Brucite", 1.0)]);
    near("MgO slakes", kj, -37.1, 0.8);
    let kj = h.reaction(&[("CaO", 1.0), ("H2O", 1.0)], &[("Portlandite", 1.0)]);
    near("CaO slakes", kj, -65.2, 0.5);
    // Magnesium hydroxide into acid: -111.3 kJ/mol by llnl.dat's enthalpy of reaction.
    let kj = h.reaction(
        &[("Brucite", 1.0), ("H+", 2.0)],
        &[("Mg+2", 1.0), ("H2O", 2.0)],
    );
    near("brucite dissolves in acid", kj, -111.34, 3.0);
    // Anhydrous MgCl2 dissolves with -158.8 kJ/mol, quicklime in acid with -193.8 (llnl.dat).
    let kj = h.reaction(&[("MgCl2", 1.0)], &[("Mg+2", 1.0), ("Cl-", 2.0)]);
    near("MgCl2 dissolves", kj, -158.8, 1.5);
    let kj = h.reaction(&[("CaO", 1.0), ("H+", 2.0)], &[("Ca+2", 1.0), ("H2O", 1.0)]);
    near("CaO dissolves in acid", kj, -193.83, 0.5);
}

/// What the electrolyses and the synthesis of HCl take or give, without any brine or beside one.
#[test]
fn electrolyses_take_their_enthalpies_of_decomposition() {
    let database = default_database();
    let matter = Matter::new(&database).expect("tables");
    let mut heats = Heats::new(&matter);
    let kj = heats.reaction(&[("MgCl2", 1.0)], &[("Mg", 1.0), ("Cl2", 1.0)]);
    assert!((kj - 641.3).abs() < 0.1, "{kj}");
    let kj = heats.reaction(&[("H2", 1.0), ("Cl2", 1.0)], &[("HCl", 2.0)]);
    assert!((kj + 184.6).abs() < 0.2, "{kj}");
    // 2 NaCl(aq) + 2 H2O → 2 NaOH(aq) + Cl2 + H2: 446 kJ, 223 a NaOH, at infinite dilution.
    let kj = heats.reaction(
        &[("Na+", 2.0), ("Cl-", 2.0), ("H2O", 2.0)],
        &[("Na+", 2.0), ("OH-", 2.0), ("Cl2", 1.0), ("H2", 1.0)],
    );
    assert!((0.5 * kj - 223.0).abs() < 1.0, "{kj}");
}

/// Bischofite is as its solubility has it: 4 kJ/mol more heat of crystallisation than by calorimetry (dissolution
/// with -17 kJ/mol, from −2499 kJ/mol of NBS 1982). Against the 400 kJ/mol that it takes to dry it, 1 %.
#[test]
fn bischofite_follows_its_log_k_and_is_that_far_from_calorimetry() {
    let database = default_database();
    let matter = Matter::new(&database).expect("tables");
    let mut heats = Heats::new(&matter);
    let kj = heats.reaction(
        &[("Bischofite", 1.0)],
        &[("Mg+2", 1.0), ("Cl-", 2.0), ("H2O", 6.0)],
    );
    assert!((kj + 21.0).abs() < 0.5, "{kj}");
    assert!((kj + 17.1).abs() < 4.5, "{kj}");
    // To the dihydrate and steam: 252 kJ/mol; to anhydrous MgCl2: 407 kJ/mol (Hess over llnl.dat and NBS 1982).
    let kj = heats.reaction(
        &[("Bischofite", 1.0)],
        &[("MgCl2_dihydrate", 1.0), ("Steam", 4.0)],
    );
    assert!((kj - 252.0).abs() < 4.5, "{kj}");
    let kj = heats.reaction(&[("Bischofite", 1.0)], &[("MgCl2", 1.0), ("Steam", 6.0)]);
    assert!((kj - 406.7).abs() < 4.5, "{kj}");
}

/// Two gases of one heat capacity, equal amounts at 200 and 400 degC, come to 300 degC: a mixture hotter than any
/// brine once came out at 110 degC. Brine cannot be heated so, and that is told.
#[test]
fn hot_gases_mix_at_their_own_temperature() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut room = Room::new(&matter);
    let gas = |celsius: f64| {
        let mut stream = Stream::nothing(&matter);
        stream.temperature_k = 273.15 + celsius;
        stream.others_mol_s[matter.substance("Cl2").unwrap()] = 2.0;
        stream
    };
    let blend = room.blend(0, &[gas(200.0), gas(400.0)]).unwrap();
    assert!(
        (blend.temperature_k - 573.15).abs() < 1e-6,
        "{}",
        blend.temperature_k
    );
    let water = Stream::water(&matter, 1e-3, 298.15);
    let error = room.blend(0, &[gas(900.0), water]).unwrap_err();
    assert!(error.to_string().contains("-20 … 110"), "{error}");
}
