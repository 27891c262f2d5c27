//! `simulate` and the commands on runs, on a base of two ponds and a few days.

use std::path::Path;

use crate::harness::{Room, names};

const FILES: [(&str, &str); 8] = [
    (
        "base.toml",
        "[base]\nname = \"Little lake\"\nname_zh = \"小盐湖\"\n\
         caveats = [{ en = \"All figures are synthetic.\", zh = \"全部为合成数据。\" }]\n\n\
         [site]\nlatitude = \"36.8 deg\"\nlongitude = \"95.3 deg\"\nelevation = \"2680 m\"\nutc_offset = \"8 h\"\n\n\
         [period]\nfrom = 2025-06-01\nto = 2025-06-10\n\n\
         [weather]\nfile = \"weather.csv\"\n\n\
         [chemistry]\nphases = \"metastable\"\n",
    ),
    (
        "brines.csv",
        "id,temperature [degC],Na [mol/kgw],K [mol/kgw],Mg [mol/kgw],Cl [mol/kgw]\nfeed,15,5,0.3,0.3,5.9\n",
    ),
    (
        "ponds.csv",
        "id,name,stage,area [ha],depth_max [m],depth_target [m],cells,leakage [mm/d],opening_brine,opening_depth [m],opening_temperature [degC]\n\
         p1,First,halite,10,0.8,0.4,2,0.5,feed,0.4,15\n\
         p2,Second,halite,5,0.8,0.4,2,0.5,feed,0.3,15\n",
    ),
    ("sources.csv", "id,name\nwells,Well field\n"),
    (
        "source_schedule.csv",
        "source,from,rate [m3/h],brine,temperature [degC]\nwells,,100,feed,12\n",
    ),
    ("outlets.csv", "id\nlake\n"),
    (
        "links.csv",
        "id,from,to,capacity [m3/h],rule\nl1,wells,p1,100,keep_level\nl2,p1,p2,50,keep_level\nl3,p2,lake,,overflow\n",
    ),
    (
        "harvests.csv",
        "id,pond,stockpile,method,start,days\nh1,p2,pile,dredge,06-05,3\n",
    ),
];

/// Hourly weather of June 2025: a warm dry day, again and again.
fn weather() -> String {
    let mut text = String::from(
        "time,air_temperature [degC],relative_humidity [%],wind [m/s],global [W/m2],pressure [kPa],rain [mm/h]\n",
    );
    for day in 1..=30 {
        for hour in 0..24 {
            let sun = (std::f64::consts::PI * (f64::from(hour) - 5.5) / 14.0)
                .sin()
                .max(0.0);
            let daylight = if (6..20).contains(&hour) { sun } else { 0.0 };
            let air = 12.0 + 8.0 * daylight;
            text += &format!(
                "2025-06-{day:02}T{hour:02}:00,{air:.2},35,4,{:.1},73,0\n",
                850.0 * daylight
            );
        }
    }
    text
}

pub(crate) fn base(room: &Room) {
    for (name, text) in FILES {
        room.file(&format!("lake/{name}"), text);
    }
    room.file("lake/weather.csv", &weather());
}

/// The base with a text replaced in one file.
fn broken(file: &str, old: &str, new: &str) -> Room {
    let room = Room::new();
    base(&room);
    let path = room.path("lake").join(file);
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains(old), "{file} holds no {old}");
    std::fs::write(&path, text.replacen(old, new, 1)).expect("a file");
    room
}

fn refused(room: &Room, more: &[&str], code: &str, words: &[&str]) {
    room.run(&[&["simulate", "lake", "-o", "run"], more].concat())
        .refused(code, words);
    assert_eq!(room.names(), ["lake"], "something was left behind");
}

#[test]
fn a_base_becomes_a_run_that_closes_and_can_be_read_again() {
    let room = Room::new();
    base(&room);
    room.line("base check lake").done();
    let said = room.line("simulate lake -o runs/a").done();
    for word in ["Little lake", "K:", "closure", "report.html"] {
        assert!(said.stdout.contains(word), "{word}: {}", said.stdout);
    }
    let json = std::fs::read_to_string(room.path("runs/a/run.json")).expect("run.json");
    for word in [
        "\"saltern\"",
        "\"base\": \"lake\"",
        "\"days\": 10",
        "\"failures\": 0",
        "\"closure\"",
        "\"ponds.csv\"",
    ] {
        assert!(json.contains(word), "{word}: {json}");
    }
    assert_eq!(names(&room.path("runs")), ["a"]);

    let again = room.line("simulate lake -o runs/a");
    again.refused("run.exists", &["runs/a"]);
    room.line("simulate lake -o runs/a --overwrite").done();

    let shorter = [
        "simulate",
        "lake",
        "--from",
        "2025-06-02",
        "--to",
        "2025-06-04",
        "-o",
        "runs/b",
        "--lang",
        "zh",
    ];
    assert!(room.run(&shorter).done().stdout.contains("小盐湖"));
    let compared = room.line("compare runs/a runs/b").done();
    assert!(
        compared.stdout.starts_with("figure,unit,runs/a,runs/b"),
        "{}",
        compared.stdout
    );

    room.line("report runs/a --lang zh -o zh.html").done();
    let page = std::fs::read_to_string(room.path("zh.html")).expect("a page");
    assert!(
        page.contains("小盐湖") && page.contains("lang=\"zh"),
        "a Chinese page"
    );
    room.line("export runs/a --csv tables").done();
    assert!(
        names(&room.path("tables"))
            .iter()
            .any(|n| n.ends_with(".csv"))
    );
    room.line("export runs/a --xlsx a.xlsx").done();
    assert!(room.path("a.xlsx").is_file());
}

#[test]
fn the_same_base_gives_the_same_book() {
    let room = Room::new();
    base(&room);
    for run in ["a", "b"] {
        room.run(&["simulate", "lake", "-o", run]).done();
    }
    let read = |run: &str, file: &str| std::fs::read(room.path(run).join(file)).expect("a file");
    for file in [
        "book/postings.parquet",
        "book/stocks.parquet",
        "report.html",
    ] {
        let same = read("a", file) == read("b", file);
        assert!(same || file == "report.html", "{file} differs");
    }
}

#[test]
fn a_state_and_a_schedule_replace_opening_and_rules() {
    let room = Room::new();
    base(&room);
    room.file(
        "state.csv",
        "pond,depth [m],temperature [degC]\np1,0.2,18\n",
    );
    room.file(
        "plan.csv",
        "action,id,from,to,flow [m3/h]\nflow,l1,2025-06-01,2025-06-10,0\n",
    );
    let args = "simulate lake --state state.csv --schedule plan.csv -o run";
    room.line(args).done();
    let json = std::fs::read_to_string(room.path("run/run.json")).expect("run.json");
    assert!(
        json.contains("state.csv") && json.contains("plan.csv"),
        "inputs are hashed"
    );
    room.line("simulate lake -o rules").done();
    let compared = room.line("compare run rules").done().stdout;
    let feed = compared
        .lines()
        .find(|l| l.starts_with("feed,"))
        .expect("a figure");
    let cells: Vec<f64> = feed
        .split(',')
        .skip(2)
        .map(|c| c.parse().unwrap_or(f64::NAN))
        .collect();
    assert!(cells[0] == 0.0 && cells[1] > 0.0, "{feed}");
}

#[test]
fn wrong_bases_are_refused_with_their_place() {
    let cases: [(&str, &str, &str, &str, &[&str]); 8] = [
        (
            "base.toml",
            "[chemistry]",
            "[[[broken",
            "base.broken_toml",
            &["base.toml"],
        ),
        (
            "base.toml",
            "weather.csv",
            "gone.csv",
            "base.missing_file",
            &["gone.csv", "base.toml"],
        ),
        (
            "base.toml",
            "2025-06-10",
            "2025-08-01",
            "weather.date_outside",
            &["2025-07-01"],
        ),
        (
            "weather.csv",
            "2025-06-03T05:00,12.00,35,4,0.0,73,0\n",
            "",
            "weather.gap",
            &["weather.csv", "row"],
        ),
        (
            "brines.csv",
            "Mg [mol/kgw]",
            "Mg [furlong]",
            "assay.unknown_unit",
            &["brines.csv", "Mg", "furlong"],
        ),
        (
            "brines.csv",
            ",5,0.3",
            ",-5,0.3",
            "table.negative",
            &["brines.csv", "row 2", "-5"],
        ),
        (
            "ponds.csv",
            "area [ha]",
            "area [h]",
            "units.wrong_dimension",
            &["ponds.csv", "area", "ha"],
        ),
        (
            "links.csv",
            "l3,p2,lake,,overflow",
            "l3,p2,p1,,overflow\nl4,p1,p2,,overflow",
            "base.ring",
            &["links.csv"],
        ),
    ];
    for (file, old, new, code, words) in cases {
        refused(&broken(file, old, new), &[], code, words);
    }
    let room = Room::new();
    room.line("simulate nowhere -o run")
        .refused("file.not_found", &["nowhere"]);
    assert_eq!(room.names(), Vec::<String>::new());
}

/// Refused by `base check` and by `simulate` alike, before anything runs.
fn refused_by_both(room: &Room, code: &str, words: &[&str]) {
    room.line("base check lake").refused(code, words);
    refused(room, &[], code, words);
}

#[test]
fn a_grade_rule_on_an_unknown_element_is_refused_and_never_stands_open() {
    let grade = |quantity: &str| {
        let room = broken(
            "links.csv",
            ",rule\n",
            ",rule,grade_quantity,grade_side,grade_limit\n",
        );
        let path = room.path("lake/links.csv");
        let text = std::fs::read_to_string(&path).expect("a file");
        let text = text
            .replace("keep_level\n", "keep_level,,,\n")
            .replace(
                "l2,p1,p2,50,keep_level,,,",
                &format!("l2,p1,p2,50,grade,{quantity},below,1 g/L"),
            )
            .replace("overflow\n", "overflow,,,\n");
        std::fs::write(&path, text).expect("a file");
        room
    };
    refused_by_both(
        &grade("Xx"),
        "base.unknown_grade",
        &[
            "links.csv, row 3, column grade_quantity",
            "“Xx”",
            "density, water_activity, ",
            "Na",
            "Li",
        ],
    );
    grade("Li").line("base check lake").done();
}

#[test]
fn a_misspelt_mineral_is_refused_wherever_it_stands() {
    let room = Room::new();
    base(&room);
    room.file(
        "lake/floors.csv",
        "pond,mineral,thickness [m]\np1,Halite,0.1\np2,Halitte,0.1\n",
    );
    refused_by_both(
        &room,
        "base.unknown_mineral",
        &[
            "floors.csv, row 3, column mineral",
            "“Halitte”",
            "did you mean “Halite”",
        ],
    );

    let room = Room::new();
    base(&room);
    let state = "pond,depth [m],temperature [degC],floor Carnalite [m]\np1,0.2,18,0.1\n";
    room.file("lake/state.csv", state);
    refused(
        &room,
        &["--state", "lake/state.csv"],
        "base.unknown_mineral",
        &[
            "state.csv, row 1, column floor Carnalite [m]",
            "did you mean “Carnallite”",
        ],
    );

    refused_by_both(
        &broken("base.toml", "\"metastable\"", "\"metastabel\""),
        "base.unknown_mineral",
        &[
            "base.toml, line 20, chemistry.phases",
            "“metastabel”",
            "did you mean “metastable”",
        ],
    );
    refused_by_both(
        &broken(
            "base.toml",
            "\"metastable\"",
            "\"stable\"\nsuppress = [\"Sylvinite\"]",
        ),
        "base.unknown_mineral",
        &[
            "base.toml, line 21, chemistry.suppress",
            "“Sylvinite”",
            "Sylvite",
        ],
    );
}

#[test]
fn a_database_that_is_not_there_is_named_with_its_entry() {
    refused_by_both(
        &broken(
            "base.toml",
            "[chemistry]\n",
            "[chemistry]\ndatabase = \"gone.dat\"\n",
        ),
        "base.missing_file",
        &[
            "the file gone.dat is missing",
            "base.toml, line 20, chemistry.database",
        ],
    );
}

/// Cl of the one brine that makes the charges balance, and others: 100 (5.9 − Cl)/(5.9 + Cl).
#[test]
fn a_brine_that_does_not_balance_is_told_by_name_and_beyond_bounds_refused() {
    // +8.3 %: a person may go on, `base check` does not call it in order.
    let room = broken("brines.csv", ",5.9", ",5");
    let said = ["brines.csv, row 2, “feed”: charge error +8.3 %"];
    let checked = room.line("base check lake");
    assert_eq!((checked.code, checked.stdout.as_str()), (2, ""));
    let error = format!("error[base.charge_error]: {}", said[0]);
    assert!(checked.stderr.contains(&error), "{}", checked.stderr);
    let done = room.line("simulate lake -o run").done();
    assert!(
        done.stderr.contains("warning[base.charge_error]") && done.stderr.contains(said[0]),
        "{}",
        done.stderr
    );
    let page = std::fs::read_to_string(room.path("run/report.html")).expect("a report");
    assert!(page.contains(said[0]), "the report says so");

    // +1.7 % is told and in order.
    let room = broken("brines.csv", ",5.9", ",5.7");
    let done = room.line("base check lake").done();
    assert!(
        done.stderr
            .contains("brines.csv, row 2, “feed”: charge error +1.7 %"),
        "{}",
        done.stderr
    );
    assert!(done.stdout.contains("in order"));

    // +28 % is no brine.
    refused_by_both(
        &broken("brines.csv", ",5.9", ",3.3"),
        "base.unbalanced_brine",
        &[
            "brines.csv, row 2, “feed”: charge error +28 %",
            "within ±5 %",
        ],
    );
}

#[test]
fn slips_of_spreadsheets_are_told_as_such() {
    let room = Room::new();
    base(&room);
    let links = FILES[6].1.replace(',', ";");
    room.file("lake/links.csv", &links);
    refused_by_both(
        &room,
        "base.semicolons",
        &["links.csv, row 1", "id;from;to", "commas", "hint: "],
    );
    refused_by_both(
        &broken("harvests.csv", "06-05", "02-30"),
        "base.no_such_day",
        &[
            "harvests.csv, row 2, column start",
            "“02-30” does not exist",
        ],
    );
    let room = Room::new();
    base(&room);
    room.file("lake/harvests.csv", "id,pond,stockpile,method,start,days\n");
    room.line("base check lake").done();
}

#[test]
fn wrong_options_of_simulate_are_refused() {
    let room = Room::new();
    base(&room);
    refused(
        &room,
        &["--from", "2025-13-40"],
        "option.bad_value",
        &["--from", "2025-13-40", "YYYY-MM-DD"],
    );
    refused(
        &room,
        &["--to", "2025-05-01"],
        "option.bad_value",
        &["--to", "2025-06-01"],
    );
    refused(
        &room,
        &["--from", "2025-01-01"],
        "weather.date_outside",
        &["2025-01-01"],
    );
    refused(
        &room,
        &["--state", "today.csv"],
        "file.not_found",
        &["today.csv"],
    );
    room.line("simulate lake -o lake")
        .refused("run.not_a_run", &["lake"]);
    room.line("report lake")
        .refused("run.not_a_run", &["run.json"]);
    room.line("compare nowhere lake")
        .refused("run.missing", &["nowhere"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_behind() {
    use std::process::{Command, Stdio};
    let room = Room::new();
    base(&room);
    // A typical year that repeats makes a period long enough to be interrupted.
    let typical = weather().replace("2025-06-", "06-");
    let rows: Vec<&str> = typical
        .lines()
        .skip(1)
        .filter(|l| l.starts_with("06-01"))
        .collect();
    let mut year = typical.lines().next().unwrap_or_default().to_string() + "\n";
    for (month, days) in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .iter()
        .enumerate()
    {
        for day in 1..=*days {
            for row in &rows {
                year += &format!("{:02}-{day:02}{}\n", month + 1, &row[5..]);
            }
        }
    }
    room.file("lake/weather.csv", &year);
    let mut program = Command::new(env!("CARGO_BIN_EXE_saltern"))
        .current_dir(room.path(""))
        .args(["simulate", "lake", "--to", "2225-06-10", "-o", "run"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let interrupted = Command::new("kill")
        .args(["-INT", &program.id().to_string()])
        .status()
        .expect("kill");
    assert!(interrupted.success(), "the program was over too soon");
    assert_eq!(program.wait().expect("an end").code(), Some(130));
    assert!(!Path::new(&room.path("run")).exists());
    assert_eq!(room.names(), ["lake"]);
}

/// The little lake with made-up weather.
fn made_up(room: &Room) {
    base(room);
    let toml = room.path("lake/base.toml");
    let text = std::fs::read_to_string(&toml).expect("a file");
    let text = text.replace(
        "file = \"weather.csv\"",
        "normals = \"normals.csv\"\nseed = 3",
    );
    std::fs::write(&toml, text).expect("a file");
    let normals = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan/normals.csv");
    room.file(
        "lake/normals.csv",
        &std::fs::read_to_string(normals).expect("normals"),
    );
}

fn read(room: &Room, run: &str) -> saltern_run::RunContents {
    saltern_run::folder::read(&room.path(run)).expect("a run")
}

fn numbers<'a>(run: &'a saltern_run::RunContents, frame: &str, column: &str) -> &'a [f64] {
    let frame = run.frame(frame).expect("the frame");
    let column = frame.columns.iter().find(|c| c.name == column);
    match &column.expect("the column").values {
        saltern_base::frame::Values::Number(values) => values,
        other => panic!("{other:?}"),
    }
}

#[test]
fn many_weathers_give_bands_that_do_not_depend_on_threads() {
    let room = Room::new();
    made_up(&room);
    room.line("simulate lake --weathers 5 --threads 1 -o one")
        .done();
    room.line("simulate lake --weathers 5 --threads 3 -o three")
        .done();
    let (one, three) = (read(&room, "one"), read(&room, "three"));
    let bands = ["p10", "p50", "p90"].map(|name| numbers(&one, "months_ahead_bands", name));
    let rows = bands[0].len();
    assert!(
        rows > 0 && (0..rows).all(|r| bands[0][r] <= bands[1][r] && bands[1][r] <= bands[2][r])
    );
    assert!((0..rows).any(|r| bands[0][r] < bands[2][r]), "{bands:?}");
    assert!(
        numbers(&one, "months_ahead_bands", "members")
            .iter()
            .all(|members| *members == 5.0)
    );
    assert_eq!((&one.series, &one.book), (&three.series, &three.book));
    let weathers = one.meta.weathers.expect("weathers");
    assert_eq!((weathers.members, weathers.seed), (5, Some(3)));
    assert!(
        one.meta
            .caveats
            .iter()
            .any(|c| c.en.contains("monthly means"))
    );
}

#[test]
fn one_weather_is_the_plain_run_and_its_bands_are_what_it_holds() {
    let room = Room::new();
    made_up(&room);
    room.line("simulate lake -o plain").done();
    room.line("simulate lake --weathers 1 -o one").done();
    room.line("simulate lake --seed 4 -o other").done();
    let (plain, one, other) = (
        read(&room, "plain"),
        read(&room, "one"),
        read(&room, "other"),
    );
    assert_eq!(plain.book, one.book);
    assert_ne!(plain.book, other.book);
    assert_eq!(plain.series[..], one.series[..plain.series.len()]);
    let months = numbers(&plain, "months_ahead", "months_ahead");
    // One stage lies upstream of the harvest: its rows and those of all stages take turns.
    let of_stage = |name| -> Vec<f64> {
        let all = numbers(&one, "months_ahead_bands", name).iter();
        all.step_by(2).copied().collect()
    };
    for name in ["p10", "p50", "p90"] {
        assert_eq!(of_stage(name), months, "{name}");
    }
}

#[test]
fn a_measured_file_has_as_many_weathers_as_years() {
    let room = Room::new();
    base(&room);
    room.line("simulate lake --weathers 2 -o run")
        .refused("simulate.few_weathers", &["weather.csv", "1 years"]);
    room.line("simulate lake --seed 2 -o run")
        .refused("option.bad_value", &["--seed", "weather.csv"]);
    assert!(!room.path("run").exists());
}
