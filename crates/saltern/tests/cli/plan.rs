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

/// Shares of sources add up for every consumer and hour, and a price of carbon costs no more than what it would on the plan
/// that doesn't know it.
#[test]
fn power_is_traced_and_carbon_has_a_price() {
    let room = park();
    plan(&room).done();
    let traced = std::fs::read_to_string(room.path("out/tracing.csv")).expect("tracing.csv");
    let mut lines = traced.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let sources = header.iter().position(|h| h.starts_with("from "));
    let sources = sources.expect("sources");
    assert!(
        header[1] == "consumer" && header[sources..].len() >= 2,
        "{header:?}"
    );
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.iter().filter(|row| row[1] == "load").count(), 24);
    for row in rows.iter().filter(|row| row[1] == "load") {
        let shares = row[sources..].iter().map(|share| share.parse::<f64>());
        let sum: f64 = shares.map(|share| share.expect("a share")).sum();
        assert!((sum - 100.0).abs() < 1e-6, "{row:?}");
    }
    let (cost, carbon) = (
        figure(&room, "out", "objective"),
        figure(&room, "out", "carbon_t"),
    );
    let args = "plan park --what dispatch -o priced --carbon-price".split(' ');
    let args: Vec<&str> = args.chain(["80 CNY/t"]).collect();
    room.run(&args).done();
    let priced = figure(&room, "priced", "objective");
    assert!(carbon > 1.0 && priced > cost + 1.0, "{cost} {priced}");
    assert!(
        priced <= cost + 80.0 * carbon + 1e-3,
        "{cost} {priced} {carbon}"
    );
}

#[test]
fn limits_of_flexible_work_are_published() {
    let room = Room::new();
    let args = [
        "--steps",
        "336",
        "--limits",
        "--limits-margin",
        "10 %",
        "-o",
        "run",
    ];
    let first = ["plan", ONE_BUS, "--what", "dispatch"];
    room.run(&[&first[..], &args[..]].concat()).done();
    let limits = std::fs::read_to_string(room.path("run/hall_limits.csv")).expect("limits");
    // Hours of one limit together, without a gap from the first to the last.
    let rows: Vec<Vec<&str>> = limits
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    let rows = &rows[1..];
    assert_eq!(rows[0][1], "2027-01-01T00:00");
    assert_eq!(rows[rows.len() - 1][2], "2027-01-15T00:00");
    assert!(
        rows.windows(2).all(|pair| pair[0][2] == pair[1][1]),
        "{limits}"
    );
    assert!(
        rows.iter()
            .all(|row| row[3].parse::<f64>().is_ok_and(|mw| mw >= 0.0))
    );
}

/// The tank takes 20 kWh a tonne of what comes in; the grid sells at 400 CNY/MWh. What the plan pays is what the run's
/// electricity costs there.
#[test]
fn production_pays_what_the_dispatch_says() {
    let room = crate::plants::lake();
    let plant = std::fs::read_to_string(room.path("lake/plants/dissolving.toml")).expect("a plant");
    let plant = plant.replace(
        "kind = \"tank\"",
        "kind = \"tank\"\nelectricity_per_feed = \"20 kWh/t\"",
    );
    let files = [
        ("plants/dissolving.toml", &*plant),
        (
            "sales.csv",
            "product,streams,price [CNY/t],end_value [CNY/t],stock_max [t]\nsalt,dissolving.rest,100,0,\n",
        ),
        ("energy_nodes.csv", "id,carrier\nbus,electricity\n"),
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh]\ngrid,bus,50,400\n",
        ),
        ("energy_demands.csv", "id,node,power [MW]\nload,bus,1\n"),
    ];
    for (name, text) in files {
        room.file(&format!("lake/{name}"), text);
    }
    let line = "plan lake --what production --simulations 1 -o planned --node";
    room.line(&format!("{line} nowhere"))
        .refused("option.bad_value", &["--node", "bus"]);
    let said = room.line(&format!("{line} bus")).done();
    assert!(
        said.stdout.contains("electricity of these plants"),
        "{}",
        said.stdout
    );
    let cost = figure(&room, "planned", "energy_cost");
    // At most 100 t/d of salt, and as much brine and half as much water beside it, on ten days.
    let most = 0.4 * 20.0 * 250.0 * 10.0;
    assert!(
        cost > 0.5 * most && cost <= most * (1.0 + 1e-9),
        "{cost} {most}"
    );
}

#[test]
fn contracts_that_cannot_be_kept_are_told_with_their_rows() {
    let room = crate::plants::lake();
    room.file(
        "lake/sales.csv",
        "product,streams,price [CNY/t],end_value [CNY/t],stock_max [t]\nsalt,dissolving.rest,100,0,\n",
    );
    room.file(
        "lake/demand.csv",
        "product,months,most [t],least [t]\nsalt,6,90000,60000\n",
    );
    for (lang, words) in [("en", "a contract asks for"), ("zh", "合同要求")] {
        let line = format!("plan lake --what production --overwrite -o planned --lang {lang}");
        let said = room.line(&line);
        assert_eq!(said.code, 1, "{}", said.stderr);
        assert!(said.stdout.contains(words), "{}", said.stdout);
        assert!(said.stdout.contains("demand.csv"), "{}", said.stdout);
    }
    let json = std::fs::read_to_string(room.path("planned/plan.json")).expect("plan.json");
    assert!(json.contains("\"status\": \"infeasible\""), "{json}");
}

/// The tank takes 20 kWh a tonne of what comes in; a demand that names it takes of the bus what the run says.
#[test]
fn what_plants_take_comes_from_a_run() {
    let room = crate::plants::lake();
    let plant = std::fs::read_to_string(room.path("lake/plants/dissolving.toml")).expect("a plant");
    let plant = plant.replace(
        "kind = \"tank\"",
        "kind = \"tank\"\nelectricity_per_feed = \"20 kWh/t\"",
    );
    let demand = "id,node,power [MW],plant\nload,bus,1,\nplant,bus,,dissolving\n";
    let files = [
        ("plants/dissolving.toml", &*plant),
        (
            "energy_nodes.csv",
            "id,carrier\nbus,electricity\nmain,hydrogen\n",
        ),
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh]\ngrid,bus,50,400\n",
        ),
        ("energy_demands.csv", demand),
    ];
    for (name, text) in files {
        room.file(&format!("lake/{name}"), text);
    }
    let line = "plan lake --what dispatch --overwrite -o power";
    let row = "energy_demands.csv, row 3";
    room.line(line)
        .refused("base.plant_without_run", &[row, "dissolving", "--run"]);
    room.line("simulate lake -o run").done();
    room.line("simulate lake -o short --to 2025-06-03").done();
    room.line(&format!("{line} --run nowhere"))
        .refused("run.missing", &["nowhere"]);
    room.line(&format!("{line} --run short"))
        .refused("base.run_too_short", &[row, "--to"]);
    let said = room.line(&format!("{line} --run run")).done();
    assert!(said.stdout.contains("optimal"), "{}", said.stdout);
    // 1 MW on each of ten days beside the plant, all at 400 CNY/MWh.
    room.line("export run --csv tables").done();
    let postings = std::fs::read_to_string(room.path("tables/postings.csv")).expect("postings");
    let head: Vec<&str> = postings
        .lines()
        .next()
        .expect("a head")
        .split(',')
        .collect();
    let column = |name: &str| {
        head.iter()
            .position(|h| h.contains(name))
            .expect("a column")
    };
    let (stream, energy) = (column("stream"), column("energy ["));
    let posted: f64 = postings
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|cells| cells[stream] == "dissolving.electricity")
        .map(|cells| cells[energy].parse::<f64>().expect("a number"))
        .sum();
    assert!(head[energy].contains("energy [J]"), "{}", head[energy]);
    let posted = posted / 3.6e9;
    let cost = figure(&room, "power", "objective");
    let expected = 400.0 * (posted + 240.0);
    assert!(
        posted > 1.0 && (cost / expected - 1.0).abs() < 1e-6,
        "{cost} {expected}"
    );
    // A profile holds where no run is given, and a run goes before it.
    let profile = (0..10 * 24).map(|hour| format!("{hour},2\n"));
    let profile: String = profile.collect();
    room.file(
        "lake/profiles.csv",
        &format!("step,typical [MW]\n{profile}"),
    );
    let both = "id,node,plant,profile\nplant,bus,dissolving,typical\n";
    room.file("lake/energy_demands.csv", both);
    for (run, mwh) in [("", 480.0), (" --run run", posted)] {
        room.line(&format!("{line}{run}")).done();
        let cost = figure(&room, "power", "objective");
        let expected = 400.0 * mwh;
        assert!(
            (cost / expected - 1.0).abs() < 1e-6,
            "{run}: {cost} {expected}"
        );
    }
    // What is wrong with the energy side is told with the base.
    room.line("base check lake").done();
    room.file(
        "lake/energy_demands.csv",
        "id,node,power [MW]\nload,moon,1\n",
    );
    room.line("base check lake")
        .refused("base.unknown_id", &["energy_demands.csv", "moon"]);
    for (demand, code, words) in [
        (
            "id,node,plant\nplant,bus,mill\n",
            "base.unknown_id",
            "dissolving",
        ),
        (
            "id,node,plant\nplant,main,dissolving\n",
            "base.plant_takes_none",
            "hydrogen",
        ),
        (
            "id,node,power [MW],plant\nplant,bus,2,dissolving\n",
            "base.one_of",
            "plant",
        ),
    ] {
        room.file("lake/energy_demands.csv", demand);
        room.line(&format!("{line} --run run"))
            .refused(code, &["energy_demands.csv, row 2", words]);
    }
}

/// A day counts a year: 50 MW now, 75 MW in 2030; the grid gives at most 60.
#[test]
fn what_to_build_is_planned_checked_and_reported() {
    let room = park();
    let line = "plan park --what expansion --overwrite -o built";
    room.line(line)
        .refused("plan.nothing_to_build", &["expansion_stages.csv"]);
    room.file(
        "park/expansion_stages.csv",
        "stage,demand [%],budget [亿元],carbon [t]\n2026,100,,\n2030,150,10,60000\n",
    );
    room.file(
        "park/expansion.csv",
        "unit,stage,capex [CNY/kW],capex_energy [CNY/kWh],lifetime [a],existing [%]\n\
         sun,,3000,,25,50\nbattery,2030,200,300,15,\n",
    );
    let said = room.line(line).done();
    for words in ["2026: builds", "2030: builds", "in all hours"] {
        assert!(said.stdout.contains(words), "{}", said.stdout);
    }
    // A day is a week that stands for itself: what it says and what all hours say is the same.
    assert!(said.stdout.contains("(0 % of"), "{}", said.stdout);
    let csv = std::fs::read_to_string(room.path("built/expansion.csv")).expect("expansion.csv");
    let head = csv.trim_start_matches('\u{feff}').lines().next();
    assert_eq!(
        head,
        Some(
            "stage,unit,built [MW],standing [MW],built_energy [MWh],standing_energy [MWh],invested [CNY]"
        )
    );
    // Two stages of the sun's power, the battery's power and its energy.
    assert_eq!(csv.lines().count(), 7);
    for (lang, word) in [("en", "What stands"), ("zh", "各阶段规模")] {
        let file = format!("{lang}.html");
        room.run(&["report", "built", "--lang", lang, "-o", &file])
            .done();
        let html = std::fs::read_to_string(room.path(&file)).expect("report");
        assert!(html.contains(word), "{lang}");
    }
    room.line("export built --csv tables").done();
    assert!(room.path("tables/expansion.csv").is_file());
    room.file(
        "park/expansion_stages.csv",
        "stage,demand [%],budget [CNY],carbon [t]\n2026,150,0,\n",
    );
    room.file(
        "park/expansion.csv",
        "unit,capex [CNY/kW],capex_energy [CNY/kWh],lifetime [a]\nsun,3000,,25\nbattery,200,300,15\n",
    );
    let said = room.line(line);
    assert_eq!(said.code, 1, "{}", said.stdout);
    assert!(
        said.stdout
            .contains("the budget of 2026 is 0 million (expansion_stages.csv, row 2)"),
        "{}",
        said.stdout
    );
}
