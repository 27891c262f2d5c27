//! Plants that make KCl, as drafts: recoveries of single units are those of a plant survey or assumed, as marked.

use saltern_plants::flowsheet::{StreamDraft, UnitDraft};
use saltern_plants::matter::Matter;
use saltern_plants::settings::Setting;
use saltern_plants::stream::Stream;

use crate::support::{feed, number, on_demand, shares, stream, unit};

/// Units and streams.
pub(crate) type Draft = (Vec<UnitDraft>, Vec<StreamDraft>);

/// What is different from one run to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    /// kg/s of ore.
    pub(crate) ore_kg_s: f64,
    /// Mass fractions; the rest is adhering brine.
    pub(crate) carnallite: f64,
    pub(crate) halite: f64,
    pub(crate) clay: f64,
    pub(crate) celsius: f64,
    /// Water of decomposition over the least.
    pub(crate) excess: f64,
    /// Share of the mineral that is to float.
    pub(crate) floats: f64,
    /// kg of wash a kg of solids.
    pub(crate) wash: f64,
}

/// The middle of the ore of `facts/plants.md` §5.2 (halite 15–25 %, carnallite 70–84 %); the rest is assumed.
pub(crate) const MIDDLE: Case = Case {
    ore_kg_s: 10.0,
    carnallite: 0.77,
    halite: 0.18,
    clay: 0.005,
    celsius: 15.0,
    excess: 1.05,
    floats: 0.8822,
    wash: 0.6,
};

/// Ore: carnallite, halite, clay and a brine of 33.57 MgCl2 in 61.15 water (the medium of §5.2, without its traces).
pub(crate) fn ore(matter: &Matter<'_>, case: &Case) -> Stream {
    let brine = case.ore_kg_s * (1.0 - case.carnallite - case.halite - case.clay);
    let per = brine / (33.57 + 0.84 + 0.39 + 61.15);
    feed(
        matter,
        case.celsius,
        &[
            ("MgCl2", 33.57 * per),
            ("NaCl", 0.84 * per),
            ("KCl", 0.39 * per),
            ("H2O", 61.15 * per),
        ],
        &[
            ("Carnallite", case.ore_kg_s * case.carnallite),
            ("Halite", case.ore_kg_s * case.halite),
            ("Inert", case.ore_kg_s * case.clay),
        ],
    )
}

fn medium(matter: &Matter<'_>, kg_s: f64, celsius: f64) -> Stream {
    let per = kg_s / 95.95;
    let salts = [
        ("MgCl2", 33.57 * per),
        ("NaCl", 0.84 * per),
        ("KCl", 0.39 * per),
    ];
    feed(
        matter,
        celsius,
        &[salts[0], salts[1], salts[2], ("H2O", 61.15 * per)],
        &[],
    )
}

/// Decomposition, flotation, wash and centrifuge, with the stage recoveries of the survey (fixture B). `back` says
/// whether the wash liquor and the liquor of the centrifuge go to the decomposition.
pub(crate) fn surveyed(matter: &Matter<'_>, case: &Case, back: (bool, bool)) -> Draft {
    let t = ("temperature", number(case.celsius + 273.15));
    let water = || Stream::water(matter, 1.0, case.celsius + 273.15);
    let units = vec![
        unit(
            "decomposition",
            "decomposer",
            &[t.clone(), ("excess", number(case.excess))],
        ),
        unit(
            "flotation",
            "flotation",
            &[
                ("recovery", shares(&[("Sylvite", case.floats)])),
                ("entrainment", shares(&[("Halite", 0.125)])),
                ("froth_solids", number(0.35)),
            ],
        ),
        unit("filter", "separator", &[("moisture", number(0.10))]),
        unit(
            "wash",
            "repulper",
            &[
                t,
                ("wash_ratio", number(case.wash)),
                ("moisture", number(0.10)),
            ],
        ),
        unit(
            "centrifuge",
            "separator",
            &[
                ("solids_recovery", number(0.7949)),
                ("moisture", number(0.06)),
            ],
        ),
    ];
    let to = |back: bool| if back { "decomposition.in" } else { "-" };
    let streams = vec![
        stream("ore", "- -> decomposition.in", Some(ore(matter, case))),
        on_demand("water", "decomposition.water", water()),
        stream("decomposed", "decomposition -> flotation", None),
        stream("froth", "flotation.froth -> filter", None),
        stream("tails", "flotation.sink -> -", None),
        stream("cake", "filter.solids -> wash.cake", None),
        stream("filtrate", "filter.liquor -> -", None),
        on_demand("wash_water", "wash.wash", water()),
        stream("washed", "wash.cake -> centrifuge", None),
        stream(
            "wash_liquor",
            &format!("wash.liquor -> {}", to(back.0)),
            None,
        ),
        stream("product", "centrifuge.solids -> -", None),
        stream(
            "centrate",
            &format!("centrifuge.liquor -> {}", to(back.1)),
            None,
        ),
    ];
    (units, streams)
}

fn bank(mineral: &str, recovery: f64, fines: &str, entrained: f64) -> Vec<(&'static str, Setting)> {
    vec![
        ("recovery", shares(&[(mineral, recovery)])),
        ("entrainment", shares(&[(fines, entrained)])),
        ("froth_solids", number(0.30)),
    ]
}

/// KCl by cold decomposition and flotation: 20 units; scavenger and cleaner return to the conditioning within the loop
/// of the flotation brine, wash liquor to the decomposition.
pub(crate) fn direct(matter: &Matter<'_>, case: &Case) -> Draft {
    let t = ("temperature", number(case.celsius + 273.15));
    let water = || Stream::water(matter, 1.0, case.celsius + 273.15);
    let units = vec![
        unit(
            "screen",
            "screen",
            &[("coarse", number(0.03)), ("moisture", number(0.05))],
        ),
        unit(
            "decomposition",
            "decomposer",
            &[t.clone(), ("excess", number(case.excess))],
        ),
        unit("conditioning", "mixer", std::slice::from_ref(&t)),
        unit(
            "rougher",
            "flotation",
            &bank("Sylvite", case.floats, "Halite", 0.125),
        ),
        unit(
            "scavenger",
            "flotation",
            &bank("Sylvite", 0.6, "Halite", 0.125),
        ),
        unit(
            "cleaner",
            "flotation",
            &bank("Sylvite", 0.9, "Halite", 0.125),
        ),
        unit("filter", "separator", &[("moisture", number(0.10))]),
        unit(
            "tails_thickener",
            "thickener",
            &[
                ("underflow_solids", number(0.5)),
                ("overflow_loss", number(0.01)),
            ],
        ),
        unit("tails_filter", "separator", &[("moisture", number(0.12))]),
        unit("brine_tank", "mixer", std::slice::from_ref(&t)),
        unit("brine_split", "splitter", &[("share", number(0.6))]),
        unit(
            "wash",
            "repulper",
            &[
                t.clone(),
                ("wash_ratio", number(case.wash)),
                ("moisture", number(0.10)),
                ("solids_recovery", number(0.97)),
            ],
        ),
        unit(
            "rinse",
            "washer",
            &[
                t.clone(),
                ("wash_ratio", number(0.1)),
                ("efficiency", number(0.8)),
            ],
        ),
        unit("wash_tank", "mixer", std::slice::from_ref(&t)),
        unit("centrifuge", "separator", &[("moisture", number(0.05))]),
        unit(
            "dryer",
            "dryer",
            &[("temperature", number(353.15)), ("moisture", number(0.005))],
        ),
        unit("cooler", "heater", &[("temperature", number(298.15))]),
        unit(
            "dust",
            "screen",
            &[("coarse", number(0.98)), ("moisture", number(0.004))],
        ),
        unit("liquor_tank", "mixer", std::slice::from_ref(&t)),
        unit("tails_heap", "mixer", &[t]),
    ];
    let streams = vec![
        stream("ore", "- -> screen", Some(ore(matter, case))),
        stream("oversize", "screen.oversize -> tails_heap", None),
        stream("undersize", "screen.undersize -> decomposition.in", None),
        on_demand("water", "decomposition.water", water()),
        stream("decomposed", "decomposition -> conditioning", None),
        stream("pulp", "conditioning -> rougher", None),
        stream("rough", "rougher.froth -> cleaner", None),
        stream("rough_sink", "rougher.sink -> scavenger", None),
        stream("scavenged", "scavenger.froth -> conditioning", None),
        stream("scavenger_sink", "scavenger.sink -> tails_thickener", None),
        stream("clean", "cleaner.froth -> filter", None),
        stream("cleaner_sink", "cleaner.sink -> conditioning", None),
        stream("cake", "filter.solids -> wash.cake", None),
        stream("filtrate", "filter.liquor -> brine_tank", None),
        stream("thick", "tails_thickener.underflow -> tails_filter", None),
        stream("overflow", "tails_thickener.overflow -> brine_tank", None),
        stream("salt", "tails_filter.solids -> tails_heap", None),
        stream("salt_liquor", "tails_filter.liquor -> liquor_tank", None),
        stream("brine", "brine_tank -> brine_split", None),
        stream("brine_back", "brine_split.first -> conditioning", None),
        stream("brine_out", "brine_split.second -> liquor_tank", None),
        on_demand("wash_water", "wash.wash", water()),
        stream("washed", "wash.cake -> rinse.cake", None),
        stream("wash_liquor", "wash.liquor -> wash_tank", None),
        on_demand("rinse_water", "rinse.wash", water()),
        stream("rinsed", "rinse.cake -> centrifuge", None),
        stream("rinse_liquor", "rinse.liquor -> wash_tank", None),
        stream("wet", "centrifuge.solids -> dryer", None),
        stream("centrate", "centrifuge.liquor -> wash_tank", None),
        stream("wash_back", "wash_tank -> decomposition.in", None),
        stream("dry", "dryer.out -> cooler", None),
        stream("vapour", "dryer.vapour -> -", None),
        stream("cooled", "cooler -> dust", None),
        stream("product", "dust.oversize -> -", None),
        stream("dust_kcl", "dust.undersize -> -", None),
        stream("liquor", "liquor_tank -> -", None),
        stream("tails", "tails_heap -> -", None),
    ];
    (units, streams)
}

/// KCl by reverse flotation and cold crystallisation: halite floats off carnallite in a circulating brine of which a
/// fifth is bled (assumed), the low-sodium carnallite is decomposed, wash liquor returns to that.
pub(crate) fn reverse(matter: &Matter<'_>, case: &Case) -> Draft {
    let t = ("temperature", number(case.celsius + 273.15));
    let water = || Stream::water(matter, 1.0, case.celsius + 273.15);
    let fresh = medium(matter, 0.4 * case.ore_kg_s, case.celsius);
    let thick = |solids: f64, loss: f64| {
        [
            ("underflow_solids", number(solids)),
            ("overflow_loss", number(loss)),
        ]
    };
    let units = vec![
        unit(
            "screen",
            "screen",
            &[("coarse", number(0.03)), ("moisture", number(0.05))],
        ),
        unit("slurrying", "tank", std::slice::from_ref(&t)),
        unit(
            "flotation",
            "flotation",
            &bank("Halite", case.floats, "Carnallite", 0.1),
        ),
        unit("froth_thickener", "thickener", &thick(0.5, 0.0)),
        unit("low_na_thickener", "thickener", &thick(0.5, 0.01)),
        unit("debrining", "separator", &[("moisture", number(0.06))]),
        unit("brine_tank", "mixer", std::slice::from_ref(&t)),
        unit("brine_split", "splitter", &[("share", number(0.8))]),
        unit(
            "crystalliser",
            "decomposer",
            &[t.clone(), ("excess", number(case.excess))],
        ),
        unit("kcl_thickener", "thickener", &thick(0.4, 0.02)),
        unit("centrifuge", "separator", &[("moisture", number(0.08))]),
        unit(
            "wash",
            "repulper",
            &[
                t,
                ("wash_ratio", number(case.wash)),
                ("moisture", number(0.05)),
                ("solids_recovery", number(0.98)),
            ],
        ),
        unit(
            "dryer",
            "dryer",
            &[("temperature", number(353.15)), ("moisture", number(0.005))],
        ),
    ];
    let streams = vec![
        stream("ore", "- -> screen", Some(ore(matter, case))),
        stream("oversize", "screen.oversize -> -", None),
        stream("undersize", "screen.undersize -> slurrying", None),
        stream("medium", "- -> slurrying", Some(fresh)),
        stream("pulp", "slurrying -> flotation", None),
        stream("froth", "flotation.froth -> froth_thickener", None),
        stream("tails", "froth_thickener.underflow -> -", None),
        stream(
            "froth_brine",
            "froth_thickener.overflow -> brine_tank",
            None,
        ),
        stream("low_na", "flotation.sink -> low_na_thickener", None),
        stream("thick", "low_na_thickener.underflow -> debrining", None),
        stream("thin", "low_na_thickener.overflow -> brine_tank", None),
        stream("carnallite", "debrining.solids -> crystalliser.in", None),
        stream("debrined", "debrining.liquor -> brine_tank", None),
        stream("brine", "brine_tank -> brine_split", None),
        stream("brine_back", "brine_split.first -> slurrying", None),
        stream("bleed", "brine_split.second -> -", None),
        on_demand("water", "crystalliser.water", water()),
        stream("kcl_slurry", "crystalliser -> kcl_thickener", None),
        stream("kcl_thick", "kcl_thickener.underflow -> centrifuge", None),
        stream("mother", "kcl_thickener.overflow -> -", None),
        stream("coarse", "centrifuge.solids -> wash.cake", None),
        stream("mother_too", "centrifuge.liquor -> -", None),
        on_demand("wash_water", "wash.wash", water()),
        stream("refined", "wash.cake -> dryer", None),
        stream("wash_back", "wash.liquor -> crystalliser.in", None),
        stream("product", "dryer.out -> -", None),
        stream("vapour", "dryer.vapour -> -", None),
    ];
    (units, streams)
}
