//! Reference plant of bromine: blown out of old brine, absorbed by sulfur dioxide, driven out of its acid.

use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::stream::Stream;

use crate::random_feeds::holds;
use crate::reference::{at, give, plant, set, solved};
use crate::support::{element_kg_s, feed};

/// By stoichiometry a tonne of bromine takes 0.4437 t of chlorine in the brine and as much again in the acid, 0.401 t of
/// sulfur dioxide in between: whatever more it takes is the surplus that the settings ask for and what is lost. All sulfur
/// leaves with the brine, as the acid that acidified it.
#[test]
fn old_brine_gives_bromine_for_chlorine_and_sulfur_dioxide() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let (plant, solution) = solved("bromine", &matter);
    let at = |id| at(&plant, &solution, id);
    let bromine = |id| element_kg_s(at(id), "Br", &matter);
    let made_kg_s = at("bromine").mass_kg_s(&matter);
    let recovery = bromine("bromine") / bromine("brine");
    let per = |id| at(id).mass_kg_s(&matter) / made_kg_s;
    let (chlorine, still_chlorine) = (per("chlorine"), per("still_chlorine"));
    let sulfur_dioxide = per("sulfur_dioxide");
    let utilities = solution.utilities();
    let kwh_t = utilities.electricity_w / made_kg_s / 3.6e3;
    let heat_gj_t = utilities.heating_w / made_kg_s / 1e6;
    let acid = at("acid_brine");
    let mut room = Room::new(&matter);
    let ph = |stream: &Stream, room: &mut Room<'_>| room.speciate(0, stream).unwrap().unwrap().ph();
    println!(
        "bromine {:.1} kg/h, recovery {recovery:.4}, Cl2 {chlorine:.4} + {still_chlorine:.4} t/t, SO2 {sulfur_dioxide:.4} t/t, \
         {kwh_t:.1} kWh/t, heat {heat_gj_t:.2} GJ/t, cooling {:.2} GJ/t, water of steam {:.2} t/t, pH {:.2}, out {:.2}, closure {:.1e}",
        3600.0 * made_kg_s,
        utilities.cooling_w / made_kg_s / 1e6,
        per("steam_water"),
        ph(acid, &mut room),
        ph(at("debrominated"), &mut room),
        solution.closure,
    );
    assert!((0.7..0.98).contains(&recovery), "{recovery}");
    // 70.906/159.808 of the bromide that comes in, a tenth more, and what takes the sulfur dioxide that comes back.
    let in_brine = bromine("acid_brine") / made_kg_s;
    assert!(
        chlorine > 0.4437 * 1.1 && chlorine < 0.4437 * 1.1 * in_brine * 1.05,
        "{chlorine}"
    );
    assert!(
        (still_chlorine / (0.4437 * 1.02) - 1.0).abs() < 0.01,
        "{still_chlorine}"
    );
    assert!(
        sulfur_dioxide > 0.401 && sulfur_dioxide < 0.55,
        "{sulfur_dioxide}"
    );
    let sulfur = |id| element_kg_s(at(id), "S", &matter);
    let given = sulfur("brine") + sulfur("sulfur_dioxide");
    assert!((sulfur("debrominated") / given - 1.0).abs() < 1e-3);
    assert!(ph(acid, &mut room) < 3.5, "acid enough");
    assert!(solution.units.iter().all(|unit| unit.heat_w.is_some()));
    assert!(plant.unknown_electricity().is_empty());
}

/// Random feeds over the declared range: magnesium chloride liquors and sodium chloride brines of 0.1–5 g/kg of bromide
/// (sea-water bitterns to the Dead Sea's end brines), too little chlorine to a half too much.
#[test]
fn bromine_plant_holds_over_its_range() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let mut plant = plant("bromine", &matter);
    holds("bromine", &mut plant, &matter, |dice, plant| {
        let magnesium = dice.between(0.0, 0.32);
        // Sodium chloride as far as it dissolves beside.
        let sodium = dice.between(0.0, 0.24) * (1.0 - magnesium / 0.33);
        let bromide = 1e-4 * 50.0_f64.powf(dice.between(0.0, 1.0));
        let kg_s = dice.between(5.0, 50.0);
        let salts = [
            ("H2O", kg_s * (1.0 - magnesium - sodium - bromide)),
            ("MgCl2", kg_s * magnesium),
            ("NaCl", kg_s * sodium),
            ("NaBr", kg_s * bromide),
        ];
        let celsius = dice.between(0.0, 40.0);
        give(plant, "brine", feed(&matter, celsius, &salts, &[]));
        let air_kg_s = kg_s * dice.between(0.001, 0.006);
        let air = [("N2", 0.767 * air_kg_s), ("O2", 0.233 * air_kg_s)];
        give(plant, "makeup_air", feed(&matter, 15.0, &[], &air));
        let figures = [
            ("tower.chlorine_ratio", dice.between(0.8, 1.5)),
            ("tower.stages", dice.between(2.0, 12.0).round()),
            ("tower.solubility", dice.between(1.0, 6.0)),
            ("absorber.absorbed", dice.between(0.85, 1.0)),
            ("absorber.sulfur_dioxide_ratio", dice.between(0.9, 1.2)),
            ("absorber.acid_strength", dice.between(0.05, 0.25)),
            ("still.chlorine_ratio", dice.between(0.9, 1.2)),
            ("still.reflux", dice.between(0.5, 5.0)),
            ("recuperator.approach", dice.between(5.0, 40.0)),
            ("bleed.share", dice.between(0.01, 0.2)),
        ];
        for (what, value) in figures {
            set(plant, what, value, &matter);
        }
        format!("{salts:?} {celsius:.1} degC, air {air_kg_s} {figures:?}")
    });
}
