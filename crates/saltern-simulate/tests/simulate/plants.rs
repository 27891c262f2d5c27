//! Plants beside the ponds: what they take and give, when they stand, and that nothing is lost on the way.

use saltern_base::book::{Book, NodeKind, StreamKind};
use saltern_base::model::*;
use saltern_base::plant;
use saltern_simulate::{
    BrineAmounts, Inputs, Next, NoticeKind, SimulateError, Simulation, Start, simulate,
};
use saltern_units::place::Place;

use crate::world::*;

/// Pond brine diluted with river water; half goes back to the pond, half to a tank.
const DILUTION: &str = r#"
[plant]
name = "Dilution"

[units.tank]
kind = "mixer"

[units.split]
kind = "splitter"
share = "50 %"

[streams.brine]
to = "tank"
rate = "10 t/h"
brine = "water"

[streams.water]
to = "tank"
rate = "5 t/h"
brine = "water"

[streams.mixed]
from = "tank"
to = "split"

[streams.back]
from = "split.first"

[streams.made]
from = "split.second"
"#;

/// What lies in the tank is sold.
const SALE: &str = r#"
[plant]
name = "Sale"

[units.pump]
kind = "mixer"

[streams.liquor]
to = "pump"
rate = "10 t/h"
brine = "water"

[streams.sold]
from = "pump"
"#;

fn place() -> Place {
    Place::file("plants.csv")
}

fn joined(stream: &str, node: PlantNode) -> PlantStream {
    PlantStream {
        stream: stream.into(),
        node,
        place: Place::row("plant_streams.csv", 2),
    }
}

fn plant_of(id: &str, text: &str, lead: &str, streams: Vec<PlantStream>) -> Plant {
    Plant {
        id: id.into(),
        file: plant::read(&format!("plants/{id}.toml"), text).unwrap(),
        lead: lead.into(),
        capacity_kg_s: None,
        load_min: 0.0,
        season: None,
        streams,
        place: place(),
    }
}

/// A pond, a river, a tank and the two plants.
fn base() -> Base {
    let mut base = empty_base();
    base.brines = vec![named("feed"), named("water")];
    base.sources = vec![source("river", 1, 0.01)];
    base.outlets = vec![outlet("market")];
    base.ponds = vec![pond("p0")];
    base.stockpiles = vec![Stockpile {
        id: "tank".into(),
        name: Label::default(),
    }];
    let dilution = vec![
        joined("brine", PlantNode::Pond(0)),
        joined("water", PlantNode::Source(0)),
        joined("back", PlantNode::Pond(0)),
        joined("made", PlantNode::Stockpile(0)),
    ];
    let sale = vec![
        joined("liquor", PlantNode::Stockpile(0)),
        joined("sold", PlantNode::Outlet(0)),
    ];
    base.plants = vec![
        plant_of("dilution", DILUTION, "brine", dilution),
        plant_of("sale", SALE, "liquor", sale),
    ];
    base
}

fn brines() -> [BrineAmounts; 2] {
    let (database, _) = default_chemistry();
    let parts = [("Na+", 1.989), ("K+", 0.44021), ("Mg+2", 2.3605)];
    [brine(&database, &parts), brine(&database, &[])]
}

fn try_run(
    base: &Base,
    days: usize,
    start: Start,
    schedule: Option<&Schedule>,
    first: i64,
) -> Result<Simulation, SimulateError> {
    let (database, allowed) = default_chemistry();
    let hours = weather(first as usize + days, 0, 0.0);
    let after = |days: i64| FROM.checked_add(jiff::Span::new().days(days)).unwrap();
    let inputs = Inputs {
        base,
        database: &database,
        allowed: &allowed,
        brines: &brines(),
        hours: &hours[first as usize * 24..],
        start,
        schedule,
        from: after(first),
        to: after(first + days as i64 - 1),
    };
    simulate(&inputs, &mut |_| Next::Continue)
}

fn run(base: &Base, days: usize, schedule: Option<&Schedule>) -> Simulation {
    try_run(base, days, Start::Opening, schedule, 0).unwrap()
}

/// Mass moved on a stream on each day, kg.
fn daily_kg(book: &Book, stream: &str) -> Vec<f64> {
    let s = book.streams.iter().position(|s| s.id == stream).unwrap();
    let mut daily = vec![0.0; book.days as usize];
    for posting in book.postings.iter().filter(|p| p.stream == s) {
        daily[posting.day as usize] += posting.mass_kg;
    }
    daily
}

/// A column of numbers of the frame `plants`, for one plant.
fn column(run: &Simulation, plant: &str, name: &str) -> Vec<f64> {
    numbers(run, ("plants", "plant", plant), name)
}

fn told(run: &Simulation, kind: NoticeKind, plant: &str) -> u32 {
    let mine = |n: &&saltern_simulate::Notice| n.kind == kind && n.about == plant;
    run.notices.iter().find(mine).map_or(0, |n| n.days)
}

#[test]
fn what_goes_in_comes_out_and_the_book_closes() {
    let run = run(&base(), 20, None);
    assert!(closure(&run.book) < 1e-12, "{:e}", closure(&run.book));
    // By hand: 10 t/h of brine and 5 t/h of water, a day long, in halves.
    for (stream, kg) in [
        ("dilution.brine", 240e3),
        ("dilution.water", 120e3),
        ("dilution.back", 180e3),
        ("dilution.made", 180e3),
    ] {
        for moved in daily_kg(&run.book, stream) {
            assert!((moved / kg - 1.0).abs() < 1e-12, "{stream}: {moved}");
        }
    }
    // The tank is emptied the day it is filled, since less comes than could be sold: three quarters of 240 t.
    for (made, sold) in daily_kg(&run.book, "dilution.made")
        .iter()
        .zip(daily_kg(&run.book, "sale.sold"))
    {
        assert!((sold / made - 1.0).abs() < 1e-12);
    }
    assert!((column(&run, "sale", "load")[3] - 0.75).abs() < 1e-12);
    let plants = run.book.nodes.iter().filter(|n| n.kind == NodeKind::Plant);
    assert_eq!(plants.count(), 2);
    // Water is posted with its volume, so that fresh water can be counted in cubic metres.
    let water = run
        .book
        .streams
        .iter()
        .position(|s| s.id == "dilution.water");
    let posting = run.book.postings.iter().find(|p| Some(p.stream) == water);
    assert!((posting.unwrap().volume_m3 - 120.0).abs() < 0.2);
}

/// Electricity of a pump by hand: 30 m over 65 % for what is moved, once, on the stream from the grid; heat of what is
/// open to the air is bought of nobody; and what has motors of which nothing is said is told, with its units.
#[test]
fn what_plants_take_is_posted_once_and_what_is_not_given_is_told() {
    let mut base = base();
    let pumped = SALE.replace("kind = \"mixer\"", "kind = \"pump\"\npump_head = \"30 m\"");
    base.plants[1].file = plant::read("plants/sale.toml", &pumped).unwrap();
    let stirred = DILUTION.replace("kind = \"mixer\"", "kind = \"tank\"");
    base.plants[0].file = plant::read("plants/dilution.toml", &stirred).unwrap();
    let run = run(&base, 5, None);
    let electricity = run
        .book
        .streams
        .iter()
        .position(|s| s.kind == StreamKind::Electricity && run.book.nodes[s.to].id == "sale");
    let postings = run.book.postings.iter();
    let posted = postings.filter(|p| Some(p.stream) == electricity);
    let posted: Vec<f64> = posted.map(|p| p.energy_j).collect();
    let sold = daily_kg(&run.book, "sale.sold");
    assert_eq!(posted.len(), sold.len());
    for (joules, kg) in posted.iter().zip(&sold) {
        let by_hand = 9.806_65 * 30.0 / 0.65 * kg;
        assert!(
            (joules / by_hand - 1.0).abs() < 1e-9,
            "{joules} J, {by_hand} J"
        );
    }
    let mwh: f64 = column(&run, "sale", "electricity").iter().sum();
    let all: f64 = posted.iter().sum();
    assert!((mwh * 3.6e9 / all - 1.0).abs() < 1e-12);
    assert!(column(&run, "sale", "heat").iter().all(|mwh| *mwh == 0.0));
    let of = |plant: &str| {
        let kind = NoticeKind::PlantElectricityNotGiven;
        let found = run
            .notices
            .iter()
            .find(|n| n.kind == kind && n.about == plant);
        found.map(|n| n.units.clone())
    };
    assert_eq!(of("sale"), None);
    assert_eq!(of("dilution"), Some(vec!["tank".to_owned()]));
}

#[test]
fn a_plant_without_joints_to_ponds_leaves_them_as_they_were() {
    let mut alone = base();
    alone.plants.clear();
    let mut with = base();
    for stream in &mut with.plants[0].streams {
        if stream.node == PlantNode::Pond(0) {
            stream.node = PlantNode::Outlet(0);
        }
    }
    let (alone, with) = (run(&alone, 10, None), run(&with, 10, None));
    assert_eq!(
        series(&alone, "p0", "depth"),
        series(&with, "p0", "depth"),
        "a plant beside a pond must not change it"
    );
}

#[test]
fn seasons_and_schedules_rule_the_plants() {
    let mut base = base();
    base.plants[0].season = Some(((4, 3), (4, 8)));
    let schedule = Schedule {
        loads: vec![
            ScheduledLoad {
                plant: 0,
                from: jiff::civil::date(2023, 4, 5),
                to: jiff::civil::date(2023, 4, 5),
                load: 0.0,
            },
            ScheduledLoad {
                plant: 0,
                from: jiff::civil::date(2023, 4, 10),
                to: jiff::civil::date(2023, 4, 10),
                load: 0.5,
            },
        ],
        ..Schedule::default()
    };
    let run = run(&base, 12, Some(&schedule));
    let loads = column(&run, "dilution", "load");
    let expected = [0., 0., 1., 1., 0., 1., 1., 1., 0., 0.5, 0., 0.];
    assert_eq!(loads, expected);
    // A shutdown is nothing to be told.
    assert_eq!(told(&run, NoticeKind::PlantNoFeed, "dilution"), 0);
    let halved = daily_kg(&run.book, "dilution.brine")[9];
    assert!((halved / 120e3 - 1.0).abs() < 1e-12);
}

#[test]
fn a_plant_waits_until_its_least_load_is_there() {
    let mut base = base();
    // 180 t a day arrive; nine tenths of 720 t make it run: on every fourth day, with all that has gathered.
    base.plants[1].capacity_kg_s = Some(720e3 / 86_400.0);
    base.plants[1].load_min = 0.9;
    let run = run(&base, 9, None);
    let loads = column(&run, "sale", "load");
    for (day, load) in loads.iter().enumerate() {
        let expected = if day % 4 == 3 { 1.0 } else { 0.0 };
        assert!((load - expected).abs() < 1e-12, "day {day}: {load}");
    }
    assert_eq!(told(&run, NoticeKind::PlantBelowLeastLoad, "sale"), 7);
    let tank = run.book.node("tank").unwrap();
    let stock = run.book.closing.iter().find(|s| s.node == tank).unwrap();
    let kg: f64 = (stock.brine_elements_mol.iter())
        .zip(&run.book.element_kg_mol)
        .map(|(n, m)| n * m)
        .sum();
    assert!((kg / 180e3 - 1.0).abs() < 1e-9, "{kg}");
    assert!(closure(&run.book) < 1e-12);
}

#[test]
fn a_plant_stands_where_nothing_can_be_fed() {
    let mut base = base();
    base.ponds[0].depth_m_min = 0.5; // more than there is
    let run = run(&base, 5, None);
    assert_eq!(told(&run, NoticeKind::PlantNoFeed, "dilution"), 5);
    let moved: f64 = run
        .book
        .postings
        .iter()
        .filter(|p| run.book.streams[p.stream].kind == StreamKind::PlantFeed)
        .map(|p| p.mass_kg)
        .sum();
    assert_eq!(moved, 0.0);
}

#[test]
fn a_plant_without_a_steady_state_moves_nothing_and_says_why() {
    let mut base = base();
    let wish = "\n[specs.wish]\nmeasure = \"mass(made) / mass(brine)\"\ntarget = \"99 %\"\nvary = \"split.share\"\nbetween = [\"80 %\", \"90 %\"]\n";
    let text = format!("{DILUTION}{wish}");
    base.plants[0].file = plant::read("plants/dilution.toml", &text).unwrap();
    let run = run(&base, 3, None);
    let notice = run
        .notices
        .iter()
        .find(|n| n.kind == NoticeKind::PlantFailed);
    let notice = notice.expect("told");
    assert_eq!((notice.about.as_str(), notice.days), ("dilution", 3));
    let text = saltern_units::message::Message::text(notice, saltern_units::Lang::En);
    assert!(text.contains("wish"), "{text}");
    assert!(
        daily_kg(&run.book, "dilution.brine")
            .iter()
            .all(|kg| *kg == 0.0)
    );
}

/// The story: heaps and steady states belong to what a run goes on from, or the second half starts with empty heaps.
#[test]
fn a_run_goes_on_from_a_snapshot_as_if_it_had_never_stopped() {
    let mut base = base();
    base.plants[1].capacity_kg_s = Some(500e3 / 86_400.0);
    base.plants[1].load_min = 0.9;
    let whole = run(&base, 11, None);
    let first = run(&base, 5, None);
    let second = try_run(&base, 6, Start::Snapshot(&first.end), None, 5).unwrap();
    let last = |run: &Simulation| run.book.closing.clone();
    assert_eq!(last(&whole), last(&second));
    let both = [
        column(&first, "sale", "load"),
        column(&second, "sale", "load"),
    ]
    .concat();
    assert_eq!(column(&whole, "sale", "load"), both);
}

#[test]
fn joints_that_do_not_fit_are_told_with_their_rows() {
    let said = |change: &dyn Fn(&mut Plant)| {
        let mut base = base();
        change(&mut base.plants[0]);
        match try_run(&base, 1, Start::Opening, None, 0) {
            Err(SimulateError::Plants { errors }) => {
                let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
                told.join("\n")
            }
            other => panic!("{other:?}"),
        }
    };
    let misspelt = said(&|p| p.streams[0].stream = "brin".into());
    assert!(misspelt.contains("plant_streams.csv, row 2"), "{misspelt}");
    assert!(misspelt.contains("did you mean brine?"), "{misspelt}");
    let unjoined = said(&|p| p.streams.truncate(2));
    assert!(
        unjoined.contains("nothing says where “back” goes"),
        "{unjoined}"
    );
    let from_sky = said(&|p| p.streams[0].node = PlantNode::Sky);
    assert!(from_sky.contains("“brine” cannot be joined"), "{from_sky}");
    let no_lead = said(&|p| p.lead = "made".into());
    assert!(no_lead.contains("there are: brine, water"), "{no_lead}");
}
