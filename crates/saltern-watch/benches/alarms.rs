//! How long a second of 10,000 alarms takes: `cargo bench -p saltern-watch`. One iteration is one second of a base with 10,000
//! tags at 1 Hz and an alarm on each; the share of a core is its time over one second.

use divan::Bencher;
use saltern_base::tags::Priority;
use saltern_history::{Sample, TagId};
use saltern_watch::alarm::condition::Watched;
use saltern_watch::alarm::machine::Rules;
use saltern_watch::alarm::{Board, Definition, SECOND_US, Settings};

fn main() {
    divan::main();
}

const ALARMS: u32 = 10_000;

fn definitions() -> Vec<Definition> {
    (0..ALARMS)
        .map(|i| Definition {
            id: format!("a{i}"),
            tag: i,
            reference: None,
            watched: match i % 5 {
                0 => Watched::Below {
                    limit: -10.0,
                    deadband: 0.1,
                },
                1 => Watched::Silent {
                    window_us: 60 * SECOND_US,
                },
                2 => Watched::Rate {
                    limit_per_h: 1e9,
                    deadband_per_h: 0.0,
                    window_us: 600 * SECOND_US,
                },
                _ => Watched::Above {
                    limit: 10.0,
                    deadband: 0.1,
                },
            },
            on_delay_us: 5 * SECOND_US,
            off_delay_us: 5 * SECOND_US,
            realarm_us: None,
            shelve_max_us: 0,
            rules: Rules::default(),
            priority: Priority::Medium,
            group: Some(i / 100),
        })
        .collect()
}

fn second(
    board: &mut Board,
    at: i64,
    amplitude: f64,
    journal: &mut Vec<saltern_watch::alarm::Entry>,
) {
    let now = at * SECOND_US;
    for tag in 0..ALARMS {
        let value = amplitude * ((f64::from(tag) + at as f64 * 0.1).sin());
        board.feed(TagId(tag), &Sample::good(now, value), now, journal);
    }
    board.tick(now, journal);
}

/// Nothing alarms.
#[divan::bench]
fn a_quiet_second(bencher: Bencher) {
    let mut board = Board::new(definitions(), Settings::default(), 0);
    let (mut at, mut journal) = (0, Vec::new());
    bencher.bench_local(|| {
        at += 1;
        second(&mut board, at, 5.0, &mut journal);
    });
    assert!(journal.is_empty());
}

/// Thousands of alarms come and go.
#[divan::bench]
fn a_second_of_flood(bencher: Bencher) {
    let mut board = Board::new(definitions(), Settings::default(), 0);
    let (mut at, mut journal) = (0, Vec::new());
    bencher.bench_local(|| {
        at += 1;
        second(&mut board, at, 40.0, &mut journal);
        journal.clear();
    });
}
