//! Boards of alarms: delays, deadbands, groups, floods, shelves, and a restart that nobody notices.

use proptest::prelude::*;
use saltern_base::tags::Priority;
use saltern_samples::{Quality, Sample, TagId};
use saltern_watch::Lang;
use saltern_watch::alarm::board::{Act, Board, Deed, Saved, Settings};
use saltern_watch::alarm::condition::Watched;
use saltern_watch::alarm::definition::Definition;
use saltern_watch::alarm::journal::{Entry, Event};
use saltern_watch::alarm::machine::{Phase, Rules};

pub(crate) const S: i64 = 1_000_000;
const ACT: Act<'static> = Act {
    who: "li",
    why: "seen on site",
};

pub(crate) fn high(id: &str, tag: u32) -> Definition {
    Definition {
        id: id.into(),
        tag,
        reference: None,
        watched: Watched::Above {
            limit: 10.0,
            deadband: 1.0,
        },
        on_delay_us: 0,
        off_delay_us: 0,
        realarm_us: None,
        shelve_max_us: 3600 * S,
        rules: Rules::default(),
        priority: Priority::Medium,
        group: None,
    }
}

struct Bench {
    board: Board,
    journal: Vec<Entry>,
    now: i64,
}

impl Bench {
    fn of(definitions: Vec<Definition>) -> Bench {
        Bench {
            board: Board::new(definitions, Settings::default(), 0),
            journal: Vec::new(),
            now: 0,
        }
    }

    /// At second `at` the tag has a value.
    fn value(&mut self, tag: u32, at: i64, value: f64) {
        self.sample(tag, Sample::good(at * S, value));
    }

    fn sample(&mut self, tag: u32, sample: Sample) {
        self.now = self.now.max(sample.time_us);
        self.board
            .feed(TagId(tag), &sample, self.now, &mut self.journal);
    }

    fn tick(&mut self, at: i64) {
        self.now = self.now.max(at * S);
        self.board.tick(self.now, &mut self.journal);
    }

    fn act(&mut self, alarm: u32, deed: Deed) -> Result<(), String> {
        let done = self
            .board
            .act(alarm, deed, &ACT, self.now, &mut self.journal);
        done.map_err(|error| error.code().to_string())
    }

    fn phase(&self, alarm: u32) -> Phase {
        self.board.state(alarm).expect("an alarm").phase
    }

    fn events(&self) -> Vec<Event> {
        self.journal.iter().map(|entry| entry.event).collect()
    }
}

#[test]
fn a_limit_is_left_by_its_deadband() {
    let mut bench = Bench::of(vec![high("a", 0)]);
    for (at, value) in [
        (0, 10.0),
        (1, 10.1),
        (2, 9.5),
        (3, 10.5),
        (4, 9.0),
        (5, 9.9),
    ] {
        bench.value(0, at, value);
    }
    assert_eq!(bench.events(), [Event::Raised, Event::Cleared]);
    assert_eq!(bench.journal[0].source_us, S);
    assert_eq!(bench.journal[0].value, Some(10.1));
    assert_eq!(bench.journal[1].source_us, 4 * S);
    assert_eq!(bench.phase(0), Phase::ReturnedUnacknowledged);
}

#[test]
fn delays_are_over_by_samples_or_by_the_clock_whichever_is_first() {
    let slow = Definition {
        on_delay_us: 60 * S,
        off_delay_us: 30 * S,
        ..high("a", 0)
    };
    let mut bench = Bench::of(vec![slow.clone()]);
    bench.value(0, 0, 11.0);
    bench.value(0, 59, 11.0);
    bench.tick(59);
    assert_eq!(bench.phase(0), Phase::Normal);
    bench.tick(60);
    assert_eq!(
        bench.phase(0),
        Phase::Unacknowledged,
        "the value is held while nothing comes"
    );
    bench.value(0, 100, 5.0);
    bench.value(0, 131, 5.0);
    assert_eq!(bench.phase(0), Phase::ReturnedUnacknowledged);
    // A dip takes the delay back.
    let mut bench = Bench::of(vec![slow.clone()]);
    for (at, value) in [(0, 11.0), (30, 9.8), (40, 11.0), (99, 11.0)] {
        bench.value(0, at, value);
    }
    bench.tick(99);
    assert_eq!(bench.phase(0), Phase::Normal);
    bench.tick(100);
    assert_eq!(bench.phase(0), Phase::Unacknowledged);
    // Ten minutes that were buffered and come at once alarm at once.
    let mut bench = Bench::of(vec![slow]);
    bench.now = 1000 * S;
    for at in 0..10 {
        bench.value(0, 60 * at, 11.0);
    }
    assert_eq!(bench.journal[0].source_us, 60 * S);
    assert_eq!(bench.journal[0].server_us, 1000 * S);
}

#[test]
fn bad_values_neither_raise_nor_clear_a_limit() {
    let bad = Definition {
        watched: Watched::BadQuality,
        ..high("bad", 0)
    };
    let mut bench = Bench::of(vec![high("a", 0), bad]);
    bench.value(0, 0, 11.0);
    bench.sample(0, Sample::gap(S, Quality::COMM_FAILURE));
    assert_eq!(
        (bench.phase(0), bench.phase(1)),
        (Phase::Unacknowledged, Phase::Unacknowledged)
    );
    bench.sample(
        0,
        Sample {
            time_us: 2 * S,
            value: f64::NAN,
            quality: Quality::GOOD,
        },
    );
    assert_eq!(
        (bench.phase(0), bench.phase(1)),
        (Phase::Unacknowledged, Phase::Unacknowledged)
    );
    bench.value(0, 3, 0.0);
    assert_eq!(bench.phase(0), Phase::ReturnedUnacknowledged);
    assert_eq!(bench.phase(1), Phase::ReturnedUnacknowledged);
}

#[test]
fn silence_rates_deviations_and_states_alarm() {
    let of = |watched| Definition {
        watched,
        ..high("x", 0)
    };
    let mut bench = Bench::of(vec![
        of(Watched::Silent { window_us: 60 * S }),
        of(Watched::Rate {
            limit_per_h: 3600.0,
            deadband_per_h: 1800.0,
            window_us: 80 * S,
        }),
        Definition {
            reference: Some(1),
            ..of(Watched::Deviation {
                limit: 5.0,
                deadband: 1.0,
            })
        },
        of(Watched::State { value: 2.0 }),
    ]);
    bench.tick(59);
    assert_eq!(bench.phase(0), Phase::Normal);
    bench.tick(60);
    assert_eq!(
        bench.phase(0),
        Phase::Unacknowledged,
        "nothing came since the start"
    );
    bench.value(1, 60, 100.0);
    for at in 61..200 {
        bench.value(0, at, 100.0 + 1.5 * (at - 61) as f64);
    }
    assert_eq!(bench.phase(0), Phase::ReturnedUnacknowledged);
    assert_eq!(
        bench.phase(1),
        Phase::Unacknowledged,
        "1.5 a second is 5400 an hour"
    );
    let raised = bench
        .journal
        .iter()
        .find(|e| e.alarm == Some(1))
        .expect("raised");
    assert!(
        (130..145).contains(&(raised.source_us / S)),
        "{}",
        raised.source_us
    );
    assert_eq!(bench.phase(2), Phase::Unacknowledged);
    // The reference comes up to it.
    bench.value(1, 200, 305.0);
    assert_eq!(bench.phase(2), Phase::ReturnedUnacknowledged);
    for at in 201..400 {
        bench.value(0, at, 2.0);
    }
    assert_eq!(
        bench.phase(1),
        Phase::ReturnedUnacknowledged,
        "it stands still"
    );
    assert_eq!(bench.phase(3), Phase::Unacknowledged);
}

#[test]
fn who_shelves_says_for_how_long_and_is_bounded() {
    let mut bench = Bench::of(vec![
        high("a", 0),
        Definition {
            shelve_max_us: 0,
            ..high("b", 0)
        },
    ]);
    assert_eq!(
        bench.act(0, Deed::Shelve(3601 * S)),
        Err("alarm.shelved_too_long".into())
    );
    assert_eq!(
        bench.act(1, Deed::ShelveOnce),
        Err("alarm.shelved_too_long".into())
    );
    assert_eq!(bench.act(0, Deed::Shelve(3600 * S)), Ok(()));
    assert_eq!(
        bench.act(0, Deed::Shelve(S)),
        Err("alarm.already_shelved".into())
    );
    bench.value(0, 10, 11.0);
    assert_eq!(
        bench.journal.iter().filter(|e| e.announced).count(),
        1,
        "only the other one asks"
    );
    bench.tick(3599);
    assert!(bench.board.state(0).expect("an alarm").is_hidden());
    bench.tick(3600);
    assert_eq!(bench.events().last(), Some(&Event::ShelfEnded));
    assert_eq!(bench.phase(0), Phase::Unacknowledged);
    assert!(bench.journal.last().is_some_and(|entry| entry.announced));
    // One shot has the longest time as its end.
    assert_eq!(bench.act(0, Deed::ShelveOnce), Ok(()));
    bench.tick(7199);
    assert!(bench.board.state(0).expect("an alarm").is_hidden());
    bench.tick(7200);
    assert!(!bench.board.state(0).expect("an alarm").is_hidden());
}

#[test]
fn every_deed_has_who_and_why_and_makes_sense() {
    let mut bench = Bench::of(vec![high("a", 0)]);
    bench.value(0, 0, 11.0);
    let blank = Act {
        who: "li",
        why: " ",
    };
    let refused = bench
        .board
        .act(0, Deed::Acknowledge, &blank, 0, &mut bench.journal);
    let refused = refused.expect_err("no reason");
    assert_eq!(
        refused.text(Lang::En),
        "“a”: no reason is given; accepted: any text"
    );
    assert_eq!(refused.text(Lang::Zh), "“a”：未注明原因；必须填写");
    let nobody = Act { who: "", why: "x" };
    assert!(
        bench
            .board
            .act(0, Deed::Acknowledge, &nobody, 0, &mut bench.journal)
            .is_err()
    );
    assert_eq!(bench.act(7, Deed::Acknowledge), Err("alarm.unknown".into()));
    assert_eq!(bench.act(0, Deed::Reset), Err("alarm.not_latched".into()));
    assert_eq!(bench.act(0, Deed::Acknowledge), Ok(()));
    assert_eq!(
        bench.act(0, Deed::Acknowledge),
        Err("alarm.nothing_to_acknowledge".into())
    );
    let entry = bench.journal.last().expect("a line");
    assert_eq!(
        (entry.who.as_deref(), entry.why.as_deref()),
        (Some("li"), Some("seen on site"))
    );
    assert_eq!(bench.journal.len(), 2, "what is refused leaves no line");
}

#[test]
fn an_alarm_that_stands_asks_again() {
    let mut bench = Bench::of(vec![Definition {
        realarm_us: Some(600 * S),
        ..high("a", 0)
    }]);
    bench.value(0, 0, 11.0);
    bench.tick(100);
    assert_eq!(bench.act(0, Deed::Acknowledge), Ok(()));
    bench.tick(699);
    assert_eq!(bench.phase(0), Phase::Acknowledged);
    bench.tick(700);
    assert_eq!(bench.events().last(), Some(&Event::Realarmed));
    assert!(bench.journal.last().is_some_and(|entry| entry.announced));
}

#[test]
fn the_first_of_a_group_is_marked_until_the_group_is_quiet() {
    let member = |id: &str, tag| Definition {
        group: Some(0),
        ..high(id, tag)
    };
    let mut bench = Bench::of(vec![member("a", 0), member("b", 1)]);
    bench.value(1, 0, 11.0);
    bench.value(0, 1, 11.0);
    assert!(bench.board.is_first_in_group(1) && !bench.board.is_first_in_group(0));
    bench.value(1, 2, 0.0);
    assert_eq!(bench.act(1, Deed::Acknowledge), Ok(()));
    bench.value(1, 3, 11.0);
    assert!(
        !bench.board.is_first_in_group(1),
        "the other one still stands"
    );
}

#[test]
fn late_and_early_samples_move_nothing_and_are_counted() {
    let mut bench = Bench::of(vec![high("a", 0)]);
    bench.value(0, 100, 0.0);
    bench.sample(0, Sample::good(50 * S, 11.0));
    bench.board.feed(
        TagId(0),
        &Sample::good(400 * S, 11.0),
        100 * S,
        &mut bench.journal,
    );
    bench.board.feed(
        TagId(9),
        &Sample::good(100 * S, 11.0),
        100 * S,
        &mut bench.journal,
    );
    assert!(bench.journal.is_empty());
    let ignored = bench.board.ignored();
    assert_eq!((ignored.late, ignored.early), (1, 1));
}

#[test]
fn a_flood_of_a_thousand_is_written_down_whole() {
    let mut bench = Bench::of((0..1000).map(|i| high(&format!("a{i}"), i)).collect());
    for i in 0..1000u32 {
        bench.value(i, i64::from(i) / 100, 11.0);
    }
    assert!(bench.board.is_in_flood());
    let raised: std::collections::BTreeSet<_> = bench
        .journal
        .iter()
        .filter(|e| e.event == Event::Raised)
        .map(|e| e.alarm)
        .collect();
    assert_eq!(raised.len(), 1000);
    assert_eq!(bench.journal.len(), 1001, "and the flood itself");
    assert_eq!(
        bench.journal[11].event,
        Event::FloodBegan,
        "with the eleventh"
    );
    bench.tick(608);
    assert!(bench.board.is_in_flood());
    bench.tick(609);
    assert_eq!(bench.events().last(), Some(&Event::FloodEnded));
    assert!(
        bench
            .journal
            .windows(2)
            .all(|w| w[1].sequence == w[0].sequence + 1)
    );
}

/// What may happen to a board, in a property.
#[derive(Clone, Debug)]
enum Happens {
    Sample(u32, f64, i64),
    Bad(u32),
    Deed(u32, u8),
    Suppress(u32, bool),
    Time(i64),
}

fn happenings() -> impl Strategy<Value = Vec<Happens>> {
    let one = prop_oneof![
        4 => (0..4u32, 0.0..20.0f64, -5..30i64).prop_map(|(t, v, at)| Happens::Sample(t, v, at)),
        1 => (0..4u32).prop_map(Happens::Bad),
        2 => (0..8u32, 0..9u8).prop_map(|(a, d)| Happens::Deed(a, d)),
        1 => (0..8u32, any::<bool>()).prop_map(|(a, on)| Happens::Suppress(a, on)),
        2 => (0..200i64).prop_map(Happens::Time),
    ];
    proptest::collection::vec(one, 0..120)
}

fn eight() -> Vec<Definition> {
    (0..8u32)
        .map(|i| Definition {
            on_delay_us: i64::from(i % 3) * 20 * S,
            off_delay_us: i64::from(i % 2) * 15 * S,
            realarm_us: (i % 4 == 0).then_some(100 * S),
            rules: Rules {
                latching: i % 3 == 1,
                confirm: i % 5 == 2,
            },
            group: Some(i % 2),
            reference: (i == 5).then_some(0),
            watched: match i {
                4 => Watched::Silent { window_us: 50 * S },
                5 => Watched::Deviation {
                    limit: 5.0,
                    deadband: 0.5,
                },
                6 => Watched::Rate {
                    limit_per_h: 900.0,
                    deadband_per_h: 10.0,
                    window_us: 60 * S,
                },
                7 => Watched::BadQuality,
                _ => high("", 0).watched,
            },
            ..high(&format!("a{i}"), i % 4)
        })
        .collect()
}

fn happen(board: &mut Board, now: &mut i64, what: &Happens, journal: &mut Vec<Entry>) {
    match what {
        Happens::Sample(tag, value, ahead) => {
            *now += 3 * S;
            board.feed(
                TagId(*tag),
                &Sample::good(*now + ahead * S, *value),
                *now,
                journal,
            );
        }
        Happens::Bad(tag) => {
            board.feed(TagId(*tag), &Sample::gap(*now, Quality::BAD), *now, journal);
        }
        Happens::Deed(alarm, deed) => {
            let deed = match deed {
                0 => Deed::Acknowledge,
                1 => Deed::Unacknowledge,
                2 => Deed::Confirm,
                3 => Deed::Reset,
                4 => Deed::Shelve(77 * S),
                5 => Deed::ShelveOnce,
                6 => Deed::Unshelve,
                7 => Deed::OutOfService,
                _ => Deed::IntoService,
            };
            let _ = board.act(*alarm, deed, &ACT, *now, journal);
        }
        Happens::Suppress(alarm, on) => board.suppress(*alarm, *on, *now, journal),
        Happens::Time(seconds) => {
            *now += seconds * S;
            board.tick(*now, journal);
        }
    }
}

proptest! {
    /// Whatever happens, the journal is in order, tells every change, and alone leads to the state.
    #[test]
    fn the_journal_is_in_order_and_whole(happens in happenings()) {
        let mut board = Board::new(eight(), Settings::default(), 0);
        let (mut journal, mut now) = (Vec::new(), 0);
        let mut told = [saltern_watch::alarm::State::default(); 8];
        for what in &happens {
            let from = journal.len();
            happen(&mut board, &mut now, what, &mut journal);
            for entry in &journal[from..] {
                let Some(alarm) = entry.alarm else { continue };
                prop_assert_eq!(told[alarm as usize].phase, entry.before);
                told[alarm as usize] = entry.after;
            }
            for (i, state) in told.iter().enumerate() {
                prop_assert_eq!(board.state(i as u32), Some(*state));
            }
        }
        for (i, pair) in journal.windows(2).enumerate() {
            prop_assert_eq!(pair[1].sequence, i as u64 + 2);
            prop_assert!(pair[1].server_us >= pair[0].server_us);
        }
    }

    /// A board that was put to disk and taken up again goes on as if nothing had been.
    #[test]
    fn a_restart_in_the_middle_is_no_restart(happens in happenings(), at in 0..120usize) {
        let (mut board, mut now, mut journal) = (Board::new(eight(), Settings::default(), 0), 0, Vec::new());
        let (mut other, mut other_now, mut other_journal) = (board.clone(), 0, Vec::new());
        for (i, what) in happens.iter().enumerate() {
            if i == at {
                let text = serde_json::to_string(&other.saved()).expect("a text");
                let saved: Saved = serde_json::from_str(&text).expect("a state");
                let (again, gone) = Board::restored(eight(), Settings::default(), saved, other_now);
                prop_assert!(gone.is_empty());
                other = again;
            }
            happen(&mut board, &mut now, what, &mut journal);
            happen(&mut other, &mut other_now, what, &mut other_journal);
        }
        prop_assert_eq!(journal, other_journal);
        prop_assert_eq!(board.saved(), other.saved());
    }
}

#[test]
fn a_changed_table_keeps_what_is_still_there() {
    let mut bench = Bench::of(vec![high("a", 0), high("b", 1)]);
    bench.value(1, 0, 11.0);
    let saved = bench.board.saved();
    let (board, gone) = Board::restored(
        vec![high("b", 5), high("c", 0)],
        Settings::default(),
        saved,
        S,
    );
    assert_eq!(gone, ["a"]);
    assert_eq!(board.state(0).map(|s| s.phase), Some(Phase::Unacknowledged));
    assert_eq!(board.state(1).map(|s| s.phase), Some(Phase::Normal));
}

#[test]
fn the_exported_journal_is_the_journal_row_for_row() {
    let mut bench = Bench::of(vec![high("a", 0)]);
    bench.value(0, 1, 11.0);
    let hard = Act {
        who: "li, wei",
        why: "\"seen\"\non site",
    };
    bench
        .board
        .act(0, Deed::Acknowledge, &hard, 2 * S, &mut bench.journal)
        .expect("a deed");
    bench.value(0, 3, 1.0);
    let frame =
        saltern_watch::alarm::frames::journal(&bench.journal, bench.board.definitions(), Lang::Zh);
    let (file, text) = saltern_base::tags::texts(&frame);
    let table = saltern_units::table::Table::read(&file, &text).expect("a table");
    assert_eq!(table.rows.len(), bench.journal.len());
    let cell =
        |row: usize, name: &str| table.rows[row].cells[table.find(name).expect(name)].clone();
    assert_eq!(cell(0, "event_text"), "触发");
    assert_eq!(
        (cell(1, "who"), cell(1, "why")),
        ("li, wei".into(), "\"seen\"\non site".into())
    );
    assert_eq!(
        (cell(2, "source_time"), cell(2, "after")),
        ("3".into(), "正常".into())
    );
}
