//! What the dispatcher and the clock impose on a plan: orders that lock units, and searches that end before the best is found.

use crate::harness::Room;

const HEAD: &str = "[base]\nname = \"Park\"\nname_zh = \"园区\"\n[site]\nlatitude = \"36 deg\"\nlongitude = \"95 deg\"\n\
    elevation = \"2700 m\"\nutc_offset = \"8 h\"\n[period]\nfrom = \"2027-01-01\"\nto = \"2027-01-01\"\n";

/// The first number behind a key of plan.json.
fn figure(room: &Room, run: &str, key: &str) -> f64 {
    let json = std::fs::read_to_string(room.path(run).join("plan.json")).expect("plan.json");
    let (_, rest) = json
        .split_once(&format!("\"{key}\": "))
        .unwrap_or_else(|| panic!("no {key}: {json}"));
    let text = rest.split([',', '\n']).next().unwrap_or_default();
    text.parse().unwrap_or_else(|_| panic!("{key}: {text}"))
}

fn read(room: &Room, file: &str) -> String {
    std::fs::read_to_string(room.path(file)).expect("a file")
}

/// Seven engines that run at full power or not at all, and a load that they can seldom meet together.
fn engines() -> Room {
    let room = Room::new();
    let engines: String = (0..7)
        .map(|i| {
            let (mw, price) = (17 + (i * 13) % 29, 60 + (i * 37) % 11);
            format!("engine{i},fuel,bus,{mw},{price},100,500\n")
        })
        .collect();
    let load: String = (0..24)
        .map(|t| format!("{t},{}\n", 60 + (t * 37) % 53))
        .collect();
    let files = [
        ("base.toml", HEAD.to_owned()),
        (
            "energy_nodes.csv",
            "id,name,name_zh,carrier,shortage_price [CNY/MWh]\nbus,Bus,母线,electricity,5000\n"
                .into(),
        ),
        (
            "generators.csv",
            format!(
                "id,kind,node,capacity [MW],cost [CNY/MWh],load_min [%],start_cost [CNY]\n{engines}"
            ),
        ),
        (
            "energy_demands.csv",
            "id,node,profile\nload,bus,load\n".into(),
        ),
        ("profiles.csv", format!("step,load [MW]\n{load}")),
    ];
    for (name, text) in files {
        room.file(&format!("park/{name}"), &text);
    }
    room
}

/// After one node the search has a plan and isn't done: the plan is written with its gap, and the exit code is 1. The plan
/// costs no less than with units partly on, and no more than a day unserved; its gap holds what a longer search finds.
#[test]
fn a_search_that_ends_early_hands_out_the_best_plan_found() {
    let room = engines();
    let line = "plan park --what dispatch --nodes 1";
    let said = room.line(&format!("{line} -o early"));
    assert_eq!(said.code, 1, "{}", said.stderr);
    assert!(
        said.stderr.starts_with("error[plan.at_limit]: "),
        "{}",
        said.stderr
    );
    assert!(read(&room, "early/plan.json").contains("\"status\": \"time_limit\""));
    let (cost, gap) = (
        figure(&room, "early", "objective"),
        figure(&room, "early", "gap"),
    );
    assert!(gap > 0.01, "{gap}");
    assert_eq!(read(&room, "early/schedule.csv").lines().count(), 25);
    room.line("plan park --what dispatch --relaxed -o relaxed")
        .done();
    assert!(cost > figure(&room, "relaxed", "objective"));
    room.line("plan park --what dispatch --nodes 40 -o later");
    let later = figure(&room, "later", "objective");
    assert!(
        later <= cost && later >= cost * (1.0 - gap) - 1e-6,
        "{later} {cost} {gap}"
    );
    assert!(figure(&room, "later", "gap") < gap);
    // The same plan whenever it is asked for.
    let said = room.line(&format!("{line} -o again --lang zh"));
    assert!(said.stderr.contains("时间或节点数用尽"), "{}", said.stderr);
    assert!(
        said.stdout.contains("到达时间或节点限制"),
        "{}",
        said.stdout
    );
    assert_eq!(
        read(&room, "early/schedule.csv"),
        read(&room, "again/schedule.csv")
    );
}

/// No time at all: there is no plan, which is told as such and not as if none were possible.
#[test]
fn without_any_time_there_is_no_plan_yet() {
    let room = engines();
    for (lang, words) in [
        ("en", "before any plan was found"),
        ("zh", "尚未找到任何方案"),
    ] {
        let line = format!(
            "plan park --what dispatch --time-limit '0 s' -o run --overwrite --lang {lang}"
        );
        let said = room.line(&line);
        assert_eq!(said.code, 1, "{}", said.stderr);
        assert!(
            said.stderr.starts_with("error[plan.none_in_time]: "),
            "{}",
            said.stderr
        );
        assert!(said.stderr.contains(words), "{}", said.stderr);
        let json = read(&room, "run/plan.json");
        assert!(json.contains("\"status\": \"time_limit\""), "{json}");
        assert!(json.contains("\"objective\": null"), "{json}");
    }
}

/// A battery of 40 MWh, a grid of 60 MW that is dear by day, a load of 50 MW, an engine; and what the dispatcher orders.
fn locked(orders: &str) -> Room {
    let room = Room::new();
    let files = [
        ("base.toml", HEAD),
        (
            "energy_nodes.csv",
            "id,name,name_zh,carrier\nbus,Bus,母线,electricity\n",
        ),
        (
            "generators.csv",
            "id,name,name_zh,kind,node,capacity [MW],cost [CNY/MWh],load_min [%]\nengine,Engine,燃机,fuel,bus,30,400,50\n",
        ),
        (
            "stores.csv",
            "id,node,capacity [MWh],charge [MW],discharge [MW],efficiency_in [1],efficiency_out [1]\n\
             battery,bus,40,20,20,1,1\n",
        ),
        ("energy_demands.csv", "id,node,power [MW]\nload,bus,50\n"),
        (
            "grids.csv",
            "id,node,import [MW],import_tariff\ngrid,bus,60,day\n",
        ),
        (
            "tariffs.csv",
            "tariff,from,to,price [CNY/MWh]\nday,08:00,22:00,500\nday,22:00,08:00,300\n",
        ),
        ("unit_orders.csv", orders),
    ];
    for (name, text) in files {
        room.file(&format!("park/{name}"), text);
    }
    room
}

/// Values of a column of schedule.csv.
fn column(room: &Room, name: &str) -> Vec<f64> {
    let text = read(room, "run/schedule.csv");
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let head: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let at = head
        .iter()
        .position(|h| *h == name)
        .unwrap_or_else(|| panic!("{name}: {head:?}"));
    lines
        .map(|line| {
            line.split(',')
                .nth(at)
                .expect("a cell")
                .parse()
                .expect("a number")
        })
        .collect()
}

/// At 400 CNY/MWh the engine runs by day and stands at night. It is locked at 20 MW from two to four, and off from ten to
/// noon; the battery stands from noon to two, takes 5 MW from three to four and gives 7 MW from four to five.
#[test]
fn orders_lock_units_at_a_power_or_off() {
    let orders = "unit,from,to,low [MW],high [MW],reason\n\
        engine,2027-01-01T02:00,2027-01-01T04:00,20,20,test run\n\
        engine,2027-01-01T10:00,2027-01-01T12:00,,0,overhaul\n\
        battery,2027-01-01T12:00,2027-01-01T14:00,0,0,inspection\n\
        battery.charge,2027-01-01T12:00,2027-01-01T14:00,0,0,inspection\n\
        battery.charge,2027-01-01T15:00,2027-01-01T16:00,5,5,test\n\
        battery,2027-01-01T16:00,2027-01-01T17:00,7,7,test\n";
    let room = locked(orders);
    room.line("plan park --what dispatch -o run").done();
    let engine = column(&room, "engine [MW]");
    assert_eq!(&engine[..6], [0.0, 0.0, 20.0, 20.0, 0.0, 0.0]);
    assert_eq!(&engine[8..14], [30.0, 30.0, 0.0, 0.0, 30.0, 30.0]);
    // Of a store an order is for the power given; what it takes has an order of its own.
    let discharge = column(&room, "battery.discharge [MW]");
    let charge = column(&room, "battery.charge [MW]");
    assert_eq!(
        (discharge[12], discharge[13], discharge[16]),
        (0.0, 0.0, 7.0)
    );
    assert_eq!((charge[12], charge[13], charge[15]), (0.0, 0.0, 5.0));
}

/// Locked off while the grid alone cannot serve the load: the order is named with its row and its reason, in both
/// languages, and giving it up is the way out.
#[test]
fn a_lock_shows_among_the_reasons_why_there_is_no_plan() {
    let orders = "unit,from,to,low [MW],high [MW],reason\n\
        grid,2027-01-01T03:00,2027-01-01T09:00,,10,line works\n\
        engine,2027-01-01T05:00,2027-01-01T08:00,,0,overhaul\n";
    let room = locked(orders);
    let cases = [
        ("en", "an order allows at most 0 MW", "the cheapest way out"),
        ("zh", "指令要求不高于 0 MW", "代价最小的调整"),
    ];
    for (lang, order, way_out) in cases {
        let line = format!("plan park --what dispatch -o run --overwrite --lang {lang}");
        let said = room.line(&line);
        assert_eq!(said.code, 1, "{}", said.stderr);
        for words in [order, "overhaul", "unit_orders.csv", way_out] {
            assert!(said.stdout.contains(words), "{words}: {}", said.stdout);
        }
        let page = read(&room, "run/report.html");
        assert!(
            page.contains("overhaul") && page.contains("unit_orders.csv"),
            "{lang}"
        );
    }
}
