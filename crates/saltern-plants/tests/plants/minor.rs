//! Reference plants of potassium sulfate, rubidium and caesium, and boric acid.

use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;

use crate::random_feeds::holds;
use crate::reference::{at, give, plant, set, set_to, solved};
use crate::support::{element_kg_s, feed, mineral_kg_s, shares};

/// Two of kainite give one of schoenite at most, that and two of KCl two of K2SO4; a part of the potassium stays in the
/// magnesium chloride liquor (18 to 50 mol MgCl2 in 1000 of water: US 2,902,344).
#[test]
fn kainite_and_kcl_become_potassium_sulfate() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (plant, solution) = solved("potassium_sulfate", &matter);
    let at = |id| at(&plant, &solution, id);
    let potassium = |id| element_kg_s(at(id), "K", &matter);
    let product = at("product");
    let grade = mineral_kg_s(product, "Arcanite", &matter) / product.mass_kg_s(&matter);
    let recovery = potassium("product") / (potassium("mixed_salt") + potassium("kcl"));
    let liquor = at("liquor");
    let of = |name: &str| liquor.brine_mol_s[database.component(name).unwrap()];
    // MgCl2 by what chloride is not with sodium and potassium.
    let mg_cl2 = 0.5 * (of("Cl-") - of("Na+") - of("K+"));
    let per_thousand = 1e3 * mg_cl2 / of("H2O");
    println!(
        "K2SO4 {:.2} %, K recovery {:.2} %, liquor {per_thousand:.1} mol MgCl2 in 1000 of water",
        100.0 * grade,
        100.0 * recovery
    );
    assert!(grade > 0.98, "{grade}");
    assert!((0.5..0.8).contains(&recovery), "{recovery}");
    assert!((18.0..50.0).contains(&per_thousand), "{per_thousand}");
}

/// Three stages by Kremser: 94.3 % of the rubidium, 99.998 % of the caesium; stripped 99.15 and 99.98 %.
#[test]
fn rubidium_and_caesium_come_out_of_the_potash_liquor() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (plant, solution) = solved("rubidium", &matter);
    let recovery = |symbol: &str| {
        let of = |id| element_kg_s(at(&plant, &solution, id), symbol, &matter);
        (of("chlorides") + of("potassium_salt")) / of("liquor")
    };
    println!(
        "Rb {:.4}, Cs {:.4}, K {:.4}",
        recovery("Rb"),
        recovery("Cs"),
        recovery("K")
    );
    assert!((recovery("Rb") - 0.943 * 0.9915).abs() < 1e-3);
    assert!((recovery("Cs") - 0.9998).abs() < 1e-4);
    let remarks = solution.units.iter().flat_map(|u| &u.outcome.remarks);
    assert_eq!(remarks.count(), 0, "the strip has acid enough");
}

/// Extraction and strip leave 0.9673 · 0.9881 of the boron in the strip liquor; the mother liquor returns, so that the
/// purge alone takes from it.
#[test]
fn boric_acid_crystallises_from_the_strip_liquor() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (plant, solution) = solved("boric_acid", &matter);
    let boron = |id: &str| {
        element_kg_s(at(&plant, &solution, id), "B", &matter)
            / element_kg_s(at(&plant, &solution, "brine"), "B", &matter)
    };
    assert!((boron("product") + boron("purged") - 0.9673 * 0.9881).abs() < 1e-4);
    assert!(boron("product") > 0.85, "{}", boron("product"));
    let product = at(&plant, &solution, "product");
    let grade = mineral_kg_s(product, "Sassolite", &matter) / product.mass_kg_s(&matter);
    println!("B recovery {:.4}, H3BO3 {grade:.5}", boron("product"));
    assert!(grade > 0.985, "{grade}");
}

#[test]
fn potassium_sulfate_plant_holds_over_its_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut plant = plant("potassium_sulfate", &matter);
    holds("potassium_sulfate", &mut plant, &matter, |dice, plant| {
        let kainite = dice.between(0.5, 0.8);
        let solids = [
            ("Kainite", kainite),
            ("Halite", dice.between(0.1, 0.95 - kainite)),
        ];
        let liquor = [("H2O", 0.04), ("MgCl2", 0.012)];
        give(plant, "mixed_salt", feed(&matter, 20.0, &liquor, &solids));
        let recovery = dice.between(0.5, 0.95);
        // As the schoenite takes it: what lacks would leave schoenite that water alone must dissolve.
        let kcl = [
            ("Sylvite", kainite * recovery * dice.between(0.29, 0.36)),
            ("Halite", dice.between(0.0, 0.01)),
        ];
        give(plant, "kcl", feed(&matter, 20.0, &[], &kcl));
        let water = kainite * dice.between(0.5, 1.0);
        give(
            plant,
            "water_1",
            feed(&matter, 20.0, &[("H2O", water)], &[]),
        );
        set_to(
            plant,
            "flotation.recovery",
            shares(&[("Schoenite", recovery)]),
            &matter,
        );
        let wash = dice.between(0.05, 0.4);
        set(plant, "wash.wash_ratio", wash, &matter);
        let excess = dice.between(1.0, 1.2);
        set(plant, "reaction.excess", excess, &matter);
        format!("{solids:?} {kcl:?} water {water} recovery {recovery} wash {wash} excess {excess}")
    });
}

/// Random feeds over the declared range: liquors of 3–12 % KCl with 20–400 times less rubidium and less caesium still (the
/// facts know no analysis of a potash liquor; 0.01 and 0.001 mol/kg are the example's), one to three stages.
#[test]
fn rubidium_plant_holds_over_its_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut plant = plant("rubidium", &matter);
    holds("rubidium", &mut plant, &matter, |dice, plant| {
        let kcl = dice.between(0.03, 0.12);
        let rbcl = kcl / dice.between(20.0, 400.0);
        let cscl = rbcl * dice.between(0.02, 0.5);
        let liquor = [
            ("H2O", 1.0 - kcl),
            ("KCl", kcl),
            ("RbCl", rbcl),
            ("CsCl", cscl),
        ];
        let celsius = dice.between(5.0, 40.0);
        give(plant, "liquor", feed(&matter, celsius, &liquor, &[]));
        let caustic = dice.between(0.01, 0.1);
        let alkali = [("H2O", 0.68 * caustic), ("NaOH", 0.32 * caustic)];
        give(plant, "caustic", feed(&matter, 20.0, &alkali, &[]));
        let figures = [
            ("extraction.phase_ratio", dice.between(0.8, 2.0)),
            ("evaporator.evaporated", dice.between(0.5, 0.92)),
        ];
        for (what, value) in figures {
            set(plant, what, value, &matter);
        }
        format!("{liquor:?} {celsius:.1} degC, caustic {caustic} {figures:?}")
    });
}

/// Random feeds over the declared range: brines of 20–32 % MgCl2 with 0.5–2 % boric acid (the facts' 9.84 g/L B2O3 are 1.4 %).
#[test]
fn boric_acid_plant_holds_over_its_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut plant = plant("boric_acid", &matter);
    holds("boric_acid", &mut plant, &matter, |dice, plant| {
        let (salt, boric) = (dice.between(0.2, 0.32), dice.between(0.005, 0.02));
        let halite = dice.between(0.002, 0.01);
        let brine = [
            ("H2O", 1.0 - salt - boric - halite),
            ("MgCl2", salt),
            ("NaCl", halite),
            ("H3BO3", boric),
        ];
        let celsius = dice.between(5.0, 35.0);
        give(plant, "brine", feed(&matter, celsius, &brine, &[]));
        let acid = dice.between(0.001, 0.005);
        let strength = [("H2O", 0.69 * acid), ("HCl", 0.31 * acid)];
        give(plant, "acid", feed(&matter, 20.0, &strength, &[]));
        let figures = [
            ("extraction.strip", dice.between(0.3, 1.0)),
            ("evaporator.evaporated", dice.between(0.3, 0.6)),
            ("purge.share", dice.between(0.03, 0.3)),
        ];
        for (what, value) in figures {
            set(plant, what, value, &matter);
        }
        format!("{brine:?} {celsius:.1} degC, acid {acid} {figures:?}")
    });
}
