//! Plans under uncertainty through the command line: forecasts, rolling on them, scenarios.

use crate::harness::Room;

const ONE_BUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/energy-one-bus");

/// The one-bus park with deviations from the schedule of purchases at a price, and an engine that is on or off.
fn park() -> Room {
    let room = Room::new();
    for file in std::fs::read_dir(ONE_BUS).expect("the example") {
        let file = file.expect("an entry").path();
        let name = file.file_name().expect("a name").to_string_lossy();
        if let Ok(text) = std::fs::read_to_string(&file) {
            room.file(&format!("park/{name}"), &text);
        }
    }
    room.file(
        "park/grids.csv",
        "id,name,name_zh,node,import [MW],export [MW],import_tariff,export_price [CNY/MWh],extra_price [CNY/MWh],less_price [CNY/MWh]\n\
         grid,Grid,电网,bus,400,300,time_of_use,100,150,120\n",
    );
    let generators = std::fs::read_to_string(room.path("park/generators.csv")).expect("a table");
    let mut rows = generators.trim_end().lines();
    let header = rows.next().unwrap_or_default();
    let rows: String = rows.map(|row| format!("{row},,\n")).collect();
    room.file(
        "park/generators.csv",
        &format!(
            "{header},load_min [%],start_cost [CNY]\n{rows}engine,Engine,燃机,fuel,bus,150,,420,50,40000\n"
        ),
    );
    room
}

/// plan.json from a word on.
fn told(room: &Room, run: &str, from: &str) -> String {
    let text = std::fs::read_to_string(room.path(run).join("plan.json")).expect("plan.json");
    let (_, rest) = text
        .split_once(from)
        .unwrap_or_else(|| panic!("no {from}: {text}"));
    rest.to_owned()
}

/// The first number behind a key.
fn number(json: &str, key: &str) -> f64 {
    let (_, rest) = json
        .split_once(&format!("\"{key}\": "))
        .unwrap_or_else(|| panic!("no {key}: {json}"));
    let text = rest.split([',', '\n']).next().unwrap_or_default();
    text.parse().unwrap_or_else(|_| panic!("{key}: {text}"))
}

fn page(room: &Room, run: &str, lang: &str) -> String {
    room.line(&format!("report {run} --lang {lang} -o page.html"))
        .done();
    std::fs::read_to_string(room.path("page.html")).expect("a page")
}

#[test]
fn sun_wind_and_load_are_forecast_with_bands_and_scores() {
    let room = Room::new();
    let line = format!("plan {ONE_BUS} --what forecast --steps 1440 --ahead 24 -o told");
    let said = room.line(&line).done();
    for words in ["Photovoltaics: RMSE ", "Wind: RMSE ", "against persistence"] {
        assert!(said.stdout.contains(words), "{words}: {}", said.stdout);
    }
    for unit in ["pv", "wind", "field"] {
        let series = told(&room, "told", &format!("\"unit\": \"{unit}\""));
        let score = |key: &str| number(&series, key);
        assert!(series.contains("\"beats_persistence\": true"), "{unit}");
        assert!(score("rmse_mw") < score("persistence_mw"), "{unit}");
        assert!((score("within_80") - 0.8).abs() < 0.1, "{unit}");
    }
    let table = |name: &str| {
        let text = std::fs::read_to_string(room.path("told").join(name)).expect("a table");
        text.trim_start_matches('\u{feff}').to_owned()
    };
    let steps = table("forecast.csv");
    let head = "series,issued,time,lead [h],actual [MW],expected [MW],p05 [MW],p10 [MW]";
    assert!(steps.starts_with(head), "{}", &steps[..120]);
    // The first forecast is issued when 28 days have been seen.
    let first = steps.lines().nth(1).expect("a row");
    assert!(
        first.starts_with("pv,2027-01-29T00:00,2027-01-29T00:00,1,"),
        "{first}"
    );
    assert!(table("scores.csv").contains("skill_persistence [%]"));
    for (lang, words) in [("en", "How good the forecasts are"), ("zh", "预测效果")] {
        assert!(page(&room, "told", lang).contains(words), "{lang}");
    }
    let said = room.line(&format!("{line} --overwrite --lang zh")).done();
    assert!(said.stdout.contains("光伏：RMSE "), "{}", said.stdout);
}

#[test]
fn too_few_days_and_nothing_that_changes_are_refused() {
    let room = park();
    room.line("plan park --what forecast --steps 600 -o told")
        .refused("plan.too_short", &["25", "29"]);
    room.line("plan park --what dispatch --scenarios 3 --day 2027-01-20 -o told")
        .refused("plan.too_early", &["2027-01-20", "2027-01-30"]);
    room.line("plan park --what dispatch --scenarios 3 --day 2028-01-20 -o told")
        .refused("option.bad_value", &["--day", "2027-12-31"]);
    assert!(!room.path("told").exists());
}

/// Here and now lies between knowing and deciding for the mean; the same seed draws the same, whatever runs beside.
#[test]
fn a_day_is_decided_for_scenarios() {
    let room = park();
    let line = "plan park --what dispatch --steps 1440 --day 2027-02-20 --scenarios 6";
    let said = room.line(&format!("{line} --seed 7 -o one")).done();
    assert!(
        said.stdout.contains("6 scenarios (seed 7)"),
        "{}",
        said.stdout
    );
    let told = told(&room, "one", "\"scenarios\": ");
    let cost = |key: &str| number(&told, key);
    let slack = 1e-3 * cost("here_and_now").abs();
    assert!(cost("wait_and_see") < cost("here_and_now"), "{told}");
    assert!(cost("here_and_now") <= cost("of_mean") + slack, "{told}");
    assert!(cost("known") <= cost("came") + slack, "{told}");
    assert!(told.contains("\"from\": \"2027-02-20T00:00\""), "{told}");
    let read = |run: &str, name: &str| {
        std::fs::read_to_string(room.path(run).join(name)).expect("a table")
    };
    let decisions = read("one", "decisions.csv");
    let head = "time,engine.on [-],grid.scheduled [MW]";
    assert!(decisions.contains(head), "{}", &decisions[..80]);
    assert_eq!(decisions.lines().count(), 25);
    // What came stands first, then each scenario.
    assert_eq!(read("one", "scenarios.csv").lines().count(), 1 + 7 * 24);
    room.line(&format!("{line} --seed 7 -o same")).done();
    room.line(&format!("{line} --seed 8 -o other")).done();
    for name in ["scenarios.csv", "decisions.csv", "schedule.csv"] {
        assert_eq!(read("one", name), read("same", name), "{name}");
    }
    assert_ne!(read("one", "scenarios.csv"), read("other", "scenarios.csv"));
    for (lang, words) in [
        ("en", "Decided for many scenarios"),
        ("zh", "面向多情景的决策"),
    ] {
        assert!(page(&room, "one", lang).contains(words), "{lang}");
    }
}

#[test]
fn rolling_on_forecasts_is_told_beside_knowing_and_persistence() {
    let room = Room::new();
    let line = format!(
        "plan {ONE_BUS} --what dispatch --steps 1440 --window 36 --execute 6 --forecast -o rolled"
    );
    let said = room.line(&line).done();
    assert!(said.stdout.contains("on forecasts"), "{}", said.stdout);
    let told = told(&room, "rolled", "\"foresight\": ");
    let cost = |key: &str| number(&told, key);
    assert!(cost("knowing") < cost("forecast"), "{told}");
    assert!(cost("forecast") < cost("persistence"), "{told}");
    for (lang, words) in [("en", "What forecasts are worth"), ("zh", "预测的价值")] {
        assert!(page(&room, "rolled", lang).contains(words), "{lang}");
    }
}
