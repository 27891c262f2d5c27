//! Bases whose plants run with the ponds: `base check`, `simulate`, `account` and what is refused.

use crate::base::base;
use crate::harness::Room;

/// Bought salt is dissolved in brine of the second pond and water; what is left over is sold, the brine goes back.
const DISSOLVING: &str = r#"
[plant]
name = "Dissolving"
name_zh = "溶盐"

[units.tank]
kind = "tank"
temperature = "15 degC"

[units.filter]
kind = "separator"
moisture = "10 %"

[streams.salt]
role = "raw"
to = "tank"
rate = "10 t/h"
solids = { Halite = "100 %" }

[streams.water]
role = "water"
to = "tank"
rate = "5 t/h"
brine = "water"

[streams.drawn]
to = "tank"
rate = "10 t/h"
brine = "water"

[streams.slurry]
from = "tank"
to = "filter"

[streams.brine]
name = "Dissolver brine"
name_zh = "溶盐卤水"
role = "liquor"
from = "filter.liquor"

[streams.rest]
role = "product"
from = "filter.solids"
"#;

/// The lake with a plant.
pub(crate) fn lake() -> Room {
    let room = Room::new();
    base(&room);
    room.file("lake/plants/dissolving.toml", DISSOLVING);
    room.file(
        "lake/plants.csv",
        "id,lead,capacity [t/d]\ndissolving,salt,100\n",
    );
    room.file(
        "lake/plant_streams.csv",
        "plant,stream,node\ndissolving,drawn,p2\ndissolving,brine,p1\ndissolving,rest,lake\n",
    );
    room
}

#[test]
fn ponds_and_plants_run_together_and_are_accounted_for() {
    let room = lake();
    let checked = room.line("base check lake").done();
    assert!(checked.stdout.contains("1 plants"), "{}", checked.stdout);
    let said = room.line("simulate lake -o run").done();
    assert!(said.stdout.contains("products: "), "{}", said.stdout);
    assert!(said.stdout.contains("1 plants"), "{}", said.stdout);
    // Nothing is said of motors: their electricity is not counted, and that is told here and in the accounts.
    let untold =
        "the electricity of 2 of its units is not given in its file and not counted: tank, filter";
    assert!(said.stdout.contains(untold), "{}", said.stdout);
    room.line("export run --csv tables").done();
    let plants = std::fs::read_to_string(room.path("tables/plants.csv")).expect("plants.csv");
    assert!(
        plants.contains("date,plant,load [-],lead_feed [t]"),
        "{plants}"
    );
    let ran = plants.lines().filter(|l| l.ends_with(',')).count();
    assert_eq!(ran, 10, "{plants}");
    let accounts = room.line("account run").done().stdout;
    assert!(accounts.contains(untold), "{accounts}");
    for (lang, words) in [
        ("en", ["From ponds to products", "Dissolving", "no feed"]),
        ("zh", ["从盐田到产品", "溶盐", "无料"]),
    ] {
        room.line(&format!("report run --lang {lang} -o page.html"))
            .done();
        let page = std::fs::read_to_string(room.path("page.html")).expect("a page");
        for word in words {
            assert!(page.contains(word), "{lang}: {word}");
        }
    }
}

#[test]
fn plants_that_do_not_fit_are_refused_with_their_place() {
    let changed = |file: &str, old: &str, new: &str, code: &str, words: &[&str]| {
        let room = lake();
        let path = room.path("lake").join(file);
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(old), "{file} holds no {old}");
        std::fs::write(&path, text.replacen(old, new, 1)).expect("a file");
        room.line("simulate lake -o run").refused(code, words);
        room.line("base check lake").refused(code, words);
    };
    let streams = "plant_streams.csv";
    let unknown = "simulate.plant_stream_unknown";
    changed(
        streams,
        ",drawn,",
        ",drawm,",
        unknown,
        &["row 2", "did you mean drawn?"],
    );
    let unjoined = "simulate.plant_outlet_unjoined";
    changed(
        streams,
        "dissolving,rest,lake\n",
        "",
        unjoined,
        &["plants.csv", "rest"],
    );
    changed(
        streams,
        "rest,lake",
        "rest,lak",
        "base.unknown_id",
        &["row 4", "lake"],
    );
    let file = "plants/dissolving.toml";
    changed(
        file,
        "kind = \"tank\"",
        "kind = \"tonk\"",
        "plants.unknown_kind",
        &["tank"],
    );
    changed(
        file,
        "\"10 t/h\"",
        "\"10\"",
        "plants.quantity",
        &["streams.salt.rate"],
    );
}

#[test]
fn a_shutdown_by_schedule_stops_a_plant() {
    let room = lake();
    room.file(
        "plan.csv",
        "action,id,from,to,load [%]\nplant,dissolving,2025-06-01,2025-06-10,0\n",
    );
    room.line("simulate lake --schedule plan.csv -o run").done();
    room.line("export run --csv tables").done();
    let plants = std::fs::read_to_string(room.path("tables/plants.csv")).expect("plants.csv");
    let rows = plants.lines().skip(1);
    assert!(
        rows.into_iter().all(|row| row.ends_with(",shut")),
        "{plants}"
    );
}
