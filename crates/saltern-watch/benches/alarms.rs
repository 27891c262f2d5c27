//! How long a second of 10,000 alarms or formulas takes: `cargo bench -p saltern-watch`. One iteration is one second of a base with 10,000
//! tags at 1 Hz and an alarm on each; the share of a core is its time over one second.

use divan::Bencher;
use saltern_base::tags::Priority;
use saltern_samples::{Sample, TagId};
use saltern_watch::alarm::condition::Watched;
use saltern_watch::alarm::machine::Rules;
use saltern_watch::alarm::{Board, Definition, SECOND_US, Settings};
use saltern_watch::calculate::{Calculator, Program};

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

/// 10,000 tags at 1 Hz and a formula on each: a sum, or a mean or slope of ten minutes.
#[divan::bench]
fn a_second_of_formulas(bencher: Bencher) {
    let mut tags = String::from("id,asset,unit,source\n");
    let mut formulas = String::from("tag,expression\n");
    for i in 0..ALARMS {
        tags.push_str(&format!("t{i},c,m,lab\n"));
    }
    for i in 0..ALARMS {
        let (unit, formula) = match i % 4 {
            0 => ("m", format!("avg(t{i}, 10 min)")),
            1 => ("mm/d", format!("rate(t{i}, 10 min)")),
            _ => ("cm", format!("if(t{i} > 1 m, t{i} * 2, 0 m) + 1 cm")),
        };
        tags.push_str(&format!("y{i},c,{unit},calculated\n"));
        formulas.push_str(&format!("y{i},\"{formula}\"\n"));
    }
    let live = saltern_base::tags::read(&|file| match file {
        "assets.csv" => Some("id,level\nc,unit\n".into()),
        "tags.csv" => Some(tags.clone()),
        "calculated.csv" => Some(formulas.clone()),
        _ => None,
    });
    let Some(program) = live.ok().and_then(|live| Program::of_base(&live).ok()) else {
        return;
    };
    let mut calculator = Calculator::new(program);
    let (mut at, mut readings) = (0, Vec::new());
    let mut second = || {
        at += 1;
        for tag in 0..ALARMS {
            let value = (f64::from(tag) + at as f64 * 0.1).sin();
            calculator.take(TagId(tag), &Sample::good(at * SECOND_US, value));
        }
        readings.clear();
        calculator.settle(at * SECOND_US, &mut readings, &mut Vec::new());
    };
    // Windows are full before the clock runs.
    (0..700).for_each(|_| second());
    bencher.bench_local(second);
}
