//! Cold decomposition of carnallite against the hand balance of a plant and against co-saturation points.

use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::settings::Setting;
use saltern_plants::solve::{Solution, solve};
use saltern_plants::stream::Stream;

use crate::support::{
    element_kg_s, feed, flowsheet, mineral_kg_s, number, on_demand, shares, stream, unit,
};

const KCL_PER_K: f64 = 74.5513 / 39.0983;
const MGCL2_PER_MG: f64 = 95.211 / 24.305;

/// Fixture A of `facts/plants.md` §5.1 in g/100 g as kg/s: the ore as carnallite, halite and what adheres.
fn ore(matter: &Matter<'_>) -> Stream {
    let [carnallite, kcl, mgcl2, water] = [277.853, 74.5513, 95.211, 18.01528];
    let mol = 13.13 / kcl;
    feed(
        matter,
        15.0,
        &[
            ("MgCl2", 30.99 - mol * mgcl2),
            ("H2O", 41.92 - mol * 6.0 * water),
        ],
        &[
            ("Carnallite", mol * carnallite),
            ("Halite", 12.41),
            ("Inert", 1.53),
        ],
    )
}

fn liquor() -> Setting {
    shares(&[("MgCl2", 0.365), ("KCl", 0.039), ("NaCl", 0.019)])
}

/// Decomposer and filter: `out`, `cake`, `liquor`, `water`.
fn decomposed(
    matter: &Matter<'_>,
    ore: Stream,
    settings: &[(&str, Setting)],
    filter: (&str, f64),
) -> impl Fn(&str) -> Stream + use<> {
    let units = [
        unit("tank", "decomposer", settings),
        unit("filter", "separator", &[(filter.0, number(filter.1))]),
    ];
    let temperature_k = ore.temperature_k;
    let streams = [
        stream("ore", "- -> tank.in", Some(ore)),
        on_demand(
            "water",
            "tank.water",
            Stream::water(matter, 1.0, temperature_k),
        ),
        stream("out", "tank -> filter", None),
        stream("cake", "filter.solids -> -", None),
        stream("liquor", "filter.liquor -> -", None),
    ];
    let mut plant = flowsheet(matter, &units, &streams).expect("a flowsheet");
    let mut room = Room::new(matter);
    let solution: Solution = solve(&mut plant, &mut room, None).expect("a solution");
    assert!(solution.closure < 1e-12, "{}", solution.closure);
    let ids: Vec<String> = plant.streams.iter().map(|s| s.id.clone()).collect();
    move |id| solution.streams[ids.iter().position(|i| i == id).expect("a stream")].clone()
}

#[test]
fn the_hand_balance_of_a_plant_comes_out() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let settings = [("temperature", number(288.15)), ("liquor", liquor())];
    // 2.58 g of free water entrained as liquor on 22.14556 g of solids.
    let entrained = 2.58 * 1.423 / 22.145_56;
    let of = decomposed(
        &matter,
        ore(&matter),
        &settings,
        ("entrained_liquor", entrained),
    );
    let near = |value: f64, published: f64, share: f64, what: &str| {
        assert!(
            (value / published - 1.0).abs() < share,
            "{what}: {value}, published {published}"
        );
    };
    near(of("water").mass_kg_s(&matter), 42.984_11, 1e-4, "water");
    let out = of("out");
    near(
        mineral_kg_s(&out, "Sylvite", &matter),
        9.818_74,
        1e-4,
        "KCl",
    );
    near(
        mineral_kg_s(&out, "Halite", &matter),
        10.796_82,
        1e-4,
        "NaCl",
    );
    assert_eq!(mineral_kg_s(&out, "Carnallite", &matter), 0.0);
    let grades = |cake: &Stream| {
        let total = cake.mass_kg_s(&matter);
        let kcl = element_kg_s(cake, "K", &matter) * KCL_PER_K;
        let mgcl2 = element_kg_s(cake, "Mg", &matter) * MGCL2_PER_MG;
        (total, kcl / total, mgcl2 / total, kcl / 13.13)
    };
    let (total, kcl, mgcl2, yielded) = grades(&of("cake"));
    near(total, 25.816_90, 1e-4, "cake");
    near(kcl, 0.384_219_6, 1e-4, "KCl grade");
    near(mgcl2, 0.036_476_1, 2e-4, "MgCl2 grade");
    near(yielded, 0.755_472_9, 1e-4, "yield");
    let of = decomposed(&matter, ore(&matter), &settings, ("moisture", 0.10));
    let (_, kcl, mgcl2, yielded) = grades(&of("cake"));
    near(kcl, 0.401_776_2, 1e-4, "KCl grade, wet cake");
    near(mgcl2, 0.025_650_0, 2e-4, "MgCl2 grade, wet cake");
    near(yielded, 0.752_945_7, 1e-4, "yield, wet cake");
    // A mole of pure carnallite.
    let pure = feed(&matter, 15.0, &[], &[("Carnallite", 277.853)]);
    let of = decomposed(&matter, pure, &settings, ("moisture", 0.0));
    near(
        of("water").mass_kg_s(&matter),
        152.762_05,
        1e-3,
        "water, pure",
    );
    let left = mineral_kg_s(&of("cake"), "Sylvite", &matter) / 74.5513;
    near(left, 0.863_54, 1e-4, "yield, pure");
}

/// The same ore with the liquor of the model at 15 °C, an equilibrium of halite, sylvite and carnallite: 37.3 g MgCl2,
/// 3.6 g KCl and 3.1 g NaCl in 100 g of water where the plant gives 36.5, 3.9 and 1.9. More MgCl2 a kilogram of water
/// means less water for the same ore (41.1 in place of 43.0 g), less KCl a MgCl2 a better yield (77.3 in place of 74.8 %
/// before entrainment); the plant's NaCl is less than halite would give and touches neither. The test holds that these
/// two numbers of the liquor explain the whole difference.
#[test]
fn our_own_liquor_differs_by_what_the_table_says() {
    let database = default_database();
    let matter = Matter::new(&database).unwrap();
    let cases = [
        (
            "plant",
            vec![("temperature", number(288.15)), ("liquor", liquor())],
        ),
        ("model", vec![("temperature", number(288.15))]),
    ];
    println!("liquor   water  MgCl2   KCl   NaCl   KCl in solids, %");
    println!("         g/100 g ore   g/100 g water");
    let mut rows = Vec::new();
    for (name, settings) in cases {
        let of = decomposed(&matter, ore(&matter), &settings, ("moisture", 0.0));
        let out = of("out").liquid();
        let water = out.brine_mol_s[0] * 0.018_015_28;
        let per = |symbol: &str, factor: f64| {
            100.0 * factor * element_kg_s(&out, symbol, &matter) / water
        };
        let (mgcl2, kcl) = (per("Mg", MGCL2_PER_MG), per("K", KCL_PER_K));
        let nacl = per("Na", 58.4428 / 22.989_77);
        let added = of("water").mass_kg_s(&matter);
        let kept = 100.0 * mineral_kg_s(&of("out"), "Sylvite", &matter) / 13.13;
        println!("{name}  {added:8.2} {mgcl2:6.2} {kcl:5.2} {nacl:6.2} {kept:8.2}");
        rows.push((added, mgcl2, kcl, kept));
    }
    let [plant, model] = rows[..] else { panic!() };
    // Water follows the MgCl2 of the liquor, and the yield its ratio of KCl to MgCl2, each to a part in a thousand.
    let water = |mgcl2: f64| 100.0 * 30.99 / mgcl2 - 41.92;
    assert!((model.0 - water(model.1)).abs() < 0.05, "{model:?}");
    assert!((plant.0 - water(plant.1)).abs() < 0.05, "{plant:?}");
    let lost = |row: (f64, f64, f64, f64)| 100.0 * 30.99 * row.2 / row.1 / 13.13;
    assert!((100.0 - model.3 - lost(model)).abs() < 0.05);
    assert!((model.3 - plant.3 - (lost(plant) - lost(model))).abs() < 0.05);
}

/// `pitzer.dat` beside the checkout, if it is there.
fn pitzer_dat() -> Option<saltern_brine::database::Database> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/phreeqc"
    );
    let Ok(bytes) = std::fs::read(format!("{folder}/pitzer.dat")) else {
        eprintln!("skipped: no shared/reference beside the checkout");
        return None;
    };
    let text = saltern_brine::phreeqc::decode(&bytes);
    saltern_brine::phreeqc::parse(&text, "pitzer.dat").ok()
}

/// Pure carnallite with halite to saturate: yield and water as reckoned from the co-saturation points of PHREEQC with
/// the same database (`facts/reference-base.md`; points in `facts/brine.md` §8).
#[test]
fn ideal_decomposition_is_that_of_the_co_saturation_points() {
    let Some(database) = pitzer_dat() else { return };
    let matter = Matter::new(&database).unwrap();
    let own = default_database();
    let own_matter = Matter::new(&own).unwrap();
    println!("degC   yield %, t water/t KCl: table, pitzer.dat, default set");
    for (celsius, yielded, water) in [
        (0.0, 0.931, 2.12),
        (15.0, 0.899, 2.08),
        (25.0, 0.878, 2.04),
        (35.0, 0.856, 2.01),
    ] {
        let run = |matter: &Matter<'_>| {
            let solids = [("Carnallite", 277.853), ("Halite", 60.0)];
            let settings = [("temperature", number(celsius + 273.15))];
            let pure = feed(matter, celsius, &[], &solids);
            let of = decomposed(matter, pure, &settings, ("moisture", 0.0));
            let kcl = mineral_kg_s(&of("out"), "Sylvite", matter);
            (kcl / 74.5513, of("water").mass_kg_s(matter) / kcl)
        };
        let (y, w) = run(&matter);
        let (yo, wo) = run(&own_matter);
        println!(
            "{celsius:4}   {:.1} {water:.2}   {:.1} {w:.3}   {:.1} {wo:.3}",
            100.0 * yielded,
            100.0 * y,
            100.0 * yo
        );
        assert!((y / yielded - 1.0).abs() < 0.01, "{celsius}: {y}");
        assert!((w / water - 1.0).abs() < 0.01, "{celsius}: {w}");
    }
}
