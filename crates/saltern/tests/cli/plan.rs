//! `saltern plan --what dispatch`: the benchmark through the command line, and what is refused.

use crate::harness::{Room, Said};

const ONE_BUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/energy-one-bus");

const HEAD: &str = "[base]\nname = \"Park\"\nname_zh = \"园区\"\n[site]\nlatitude = \"36 deg\"\nlongitude = \"95 deg\"\n\
    elevation = \"2700 m\"\nutc_offset = \"8 h\"\n[period]\nfrom = \"2027-01-01\"\nto = \"2027-01-01\"\n";

/// A bus with a load of 50 MW, sun at noon, a battery and a grid of 60 MW.
fn park() -> Room {
    let room = Room::new();
    let profile: String = (0..24)
        .map(|t| format!("{t},{}\n", if (9..16).contains(&t) { 0.8 } else { 0.0 }))
        .collect();
    let files = [
        ("base.toml", HEAD.to_string()),
        (
            "energy_nodes.csv",
            "id,name,name_zh,carrier\nbus,Bus,母线,electricity\n".into(),
        ),
        (
            "generators.csv",
            "id,kind,node,capacity [MW],profile,cost [CNY/MWh]\nsun,pv,bus,80,sun,1\n".into(),
        ),
        (
            "stores.csv",
            "id,node,capacity [MWh],charge [MW],discharge [MW],efficiency_in [1],efficiency_out [1]\n\
             battery,bus,40,20,20,0.95,0.95\n"
                .into(),
        ),
        (
            "energy_demands.csv",
            "id,node,power [MW]\nload,bus,50\n".into(),
        ),
        (
            "grids.csv",
            "id,node,import [MW],import_tariff,carbon [t/MWh]\ngrid,bus,60,day,0.1796\n".into(),
        ),
        (
            "tariffs.csv",
            "tariff,from,to,price [CNY/MWh]\nday,08:00,22:00,500\nday,22:00,08:00,300\n".into(),
        ),
        ("profiles.csv", format!("step,sun\n{profile}")),
    ];
    for (name, text) in files {
        room.file(&format!("park/{name}"), &text);
    }
    room
}

fn plan(room: &Room) -> Said {
    room.line("plan park --what dispatch -o out --overwrite")
}

/// The number behind a key of plan.json.
fn figure(room: &Room, run: &str, key: &str) -> f64 {
    let json = std::fs::read_to_string(room.path(run).join("plan.json")).expect("plan.json");
    let (_, rest) = json
        .split_once(&format!("\"{key}\": "))
        .unwrap_or_else(|| panic!("no {key}"));
    let text = rest.split([',', '\n']).next().unwrap_or_default();
    text.parse().unwrap_or_else(|_| panic!("{key}: {text}"))
}

#[test]
fn two_weeks_of_the_benchmark() {
    let room = Room::new();
    let said = room
        .run(&[
            "plan",
            ONE_BUS,
            "--what",
            "dispatch",
            "--steps",
            "336",
            "--compare",
            "-o",
            "run",
        ])
        .done();
    // The objective that PyPSA and two other programs agree on.
    let off = figure(&room, "run", "objective") / 23_180_968.626 - 1.0;
    assert!(off.abs() < 1e-6, "{off:e}");
    assert_eq!(figure(&room, "run", "rows"), 1680.0);
    assert!(said.stdout.contains("23 180 969 CNY"), "{}", said.stdout);
    assert!(said.stdout.contains("flexibility earns"), "{}", said.stdout);
    let schedule = std::fs::read_to_string(room.path("run/schedule.csv")).expect("schedule");
    assert_eq!(schedule.lines().count(), 337);
    let schedule = schedule.trim_start_matches('\u{feff}');
    assert!(schedule.starts_with("time,pv [MW],"), "{}", &schedule[..80]);
    for (lang, word) in [("en", "Who gives, who takes"), ("zh", "谁供给、谁使用")] {
        let file = format!("{lang}.html");
        room.run(&["report", "run", "--lang", lang, "-o", &file])
            .done();
        let html = std::fs::read_to_string(room.path(&file)).expect("report");
        assert!(html.contains(word), "{lang}");
    }
}

/// By hand: ten hours cost 300, seven 500, in seven the sun serves all. At night the battery takes 20/0.95² MWh, which give 20
/// in the one dear hour before the sun; then 40/0.95 of what the sun has left over, which give 38 in the dear evening.
#[test]
fn a_day_that_can_be_reckoned_by_hand() {
    let room = park();
    plan(&room).done();
    let dear = 7.0 * 50.0 - 20.0 - 38.0;
    let cheap = 10.0 * 50.0 + 20.0 / (0.95 * 0.95);
    let sun = 7.0 * 50.0 + 40.0 / 0.95;
    let cost = 500.0 * dear + 300.0 * cheap + sun;
    assert!(
        (figure(&room, "out", "objective") - cost).abs() < 1e-6,
        "{cost}"
    );
    let carbon = 0.1796 * (dear + cheap);
    assert!(
        (figure(&room, "out", "carbon_t") - carbon).abs() < 1e-9,
        "{carbon}"
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let cases = [
        (
            "generators.csv",
            "id,kind,node,capacity [MW],profile\nsun,pv,bus,-80,sun\n",
            "table.negative",
            "generators.csv",
        ),
        (
            "profiles.csv",
            "step,sun\n0,0.5\n1,0.5\n",
            "base.profile_length",
            "profiles.csv",
        ),
        (
            "stores.csv",
            "id,node,capacity [MWh],efficiency_in [1]\nbattery,bus,40,1.2\n",
            "table.out_of_range",
            "stores.csv",
        ),
        (
            "grids.csv",
            "id,node,import [MW]\ngrid,bus,60\n",
            "base.missing_price",
            "grids.csv",
        ),
        (
            "tariffs.csv",
            "tariff,from,to,price [CNY/MWh]\nday,08:00+08:00,22:00,500\nday,22:00,08:00,300\n",
            "base.wrong_type",
            "08:00+08:00",
        ),
        (
            "tariffs.csv",
            "tariff,from,to,price [CNY/MWh]\nday,08:00,22:00,500\nday,23:00,08:00,300\n",
            "base.tariff_cover",
            "22:00",
        ),
        (
            "tariffs.csv",
            "tariff,from,to,price [USD/MWh]\nday,08:00,22:00,500\nday,22:00,08:00,300\n",
            "base.two_currencies",
            "USD",
        ),
    ];
    for (file, text, code, word) in cases {
        let room = park();
        room.file(&format!("park/{file}"), text);
        plan(&room).refused(code, &[word]);
        assert!(!room.path("out").exists(), "{file}: nothing is written");
    }
}

#[test]
fn a_gap_in_a_profile_is_a_blank_cell() {
    let room = park();
    let gap: String = (0..24)
        .map(|t| {
            if t == 7 {
                "7,\n".into()
            } else {
                format!("{t},0\n")
            }
        })
        .collect();
    room.file("park/profiles.csv", &format!("step,sun\n{gap}"));
    plan(&room).refused("table.blank", &["profiles.csv", "9"]);
}

#[test]
fn a_load_that_nothing_can_serve_has_no_plan() {
    let room = park();
    room.file(
        "park/energy_demands.csv",
        "id,node,power [MW]\nload,bus,500\n",
    );
    let said = plan(&room);
    assert_eq!(said.code, 1, "{}", said.stderr);
    assert!(said.stderr.contains("plan.none"), "{}", said.stderr);
    let json = std::fs::read_to_string(room.path("out/plan.json")).expect("plan.json");
    assert!(json.contains("\"status\": \"infeasible\""), "{json}");
    // The load and the grid stand against each other, with their rows; the way out is a larger grid.
    for words in [
        "these cannot hold together",
        "energy_demands.csv",
        "grids.csv",
    ] {
        assert!(said.stdout.contains(words), "{words}: {}", said.stdout);
    }
    assert!(
        said.stdout.contains("the cheapest way out"),
        "{}",
        said.stdout
    );
}

/// A part of the base's period is planned: the reasons were once looked for with the whole base's profiles and the
/// part's steps, which ended in a crash.
#[test]
fn reasons_are_found_for_a_part_of_the_period() {
    let room = park();
    room.file(
        "park/energy_demands.csv",
        "id,node,power [MW]\nload,bus,70\n",
    );
    let said = room.line("plan park --what dispatch --steps 6 -o out");
    assert_eq!(said.code, 1, "{}", said.stderr);
    assert!(said.stdout.contains("grids.csv"), "{}", said.stdout);
}

#[test]
fn production_is_planned_simulated_and_can_be_simulated_again() {
    let room = crate::plants::lake();
    room.file(
        "lake/sales.csv",
        "product,streams,price [CNY/t],end_value [CNY/t],stock_max [t]\nsalt,dissolving.rest,100,0,\n",
    );
    let line = "plan lake --what production --simulations 3 -o planned";
    let said = room.line(line).done();
    assert!(said.stdout.contains("salt: "), "{}", said.stdout);
    let json = std::fs::read_to_string(room.path("planned/plan.json")).expect("plan.json");
    assert!(json.contains("\"what\": \"production\""), "{json}");
    let worth = figure(&room, "planned", "objective");
    assert!(worth >= figure(&room, "planned", "by_rules"), "{json}");
    for (lang, words) in [("en", "The plan of production"), ("zh", "生产计划")] {
        room.line(&format!("report planned --lang {lang} -o page.html"))
            .done();
        let page = std::fs::read_to_string(room.path("page.html")).expect("a page");
        assert!(page.contains(words), "{lang}");
    }
    let schedule = std::fs::read_to_string(room.path("planned/schedule.csv")).expect("schedule");
    if schedule.lines().count() > 1 {
        room.line("simulate lake --schedule planned/schedule.csv -o again")
            .done();
    }
}

#[test]
fn production_without_products_is_refused() {
    let room = crate::plants::lake();
    room.line("plan lake --what production -o planned")
        .refused("plan.nothing_to_sell", &["sales.csv"]);
}
