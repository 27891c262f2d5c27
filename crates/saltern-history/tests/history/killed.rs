//! `kill -9` at full ingest: what was acknowledged is there afterwards, once.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use saltern_history::{Embedded, Options};
use saltern_samples::{Reading, Sample};

use crate::room::{MARCH_US, Room, tags};

const WRITERS: usize = 4;
const BATCH: i64 = 500;
/// Says to the child which folder it writes to.
const FOLDER: &str = "SALTERN_HISTORY_KILLED";
/// How many times a store is killed; 20 where nothing is said.
const CYCLES: &str = "SALTERN_KILLS";

fn names() -> Vec<String> {
    (0..WRITERS).map(|i| format!("writer{i}")).collect()
}

fn open(folder: &Path) -> Embedded {
    // Small generations, so that the process is also killed while it writes out and merges.
    let options = Options {
        generation: 30_000,
        window: Duration::from_millis(1),
        ..Options::default()
    };
    Embedded::open(folder, options).expect("a store")
}

/// Not a test of its own: what is killed. Each writer numbers its samples and says which number is acknowledged.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = open(Path::new(&folder));
    let names = names();
    let ids = tags(
        &store,
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    std::thread::scope(|scope| {
        for (writer, tag) in ids.iter().enumerate() {
            let store = &store;
            scope.spawn(move || {
                let mut number = store.series(*tag, 0, i64::MAX).expect("read").len() as i64;
                loop {
                    let readings = (number..number + BATCH).map(|n| Reading {
                        tag: *tag,
                        sample: Sample::good(MARCH_US + n, n as f64),
                    });
                    store.append(readings.collect()).expect("stored");
                    number += BATCH;
                    writeln!(std::io::stdout(), "ack {writer} {number}").expect("said");
                }
            });
        }
    });
}

/// Lets a child write for a while and kills it; the numbers that it said were acknowledged.
fn write_and_kill(folder: &Path, after: Duration) -> [i64; WRITERS] {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "killed::child", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let out = BufReader::new(child.stdout.take().expect("its words"));
    let killer = std::thread::spawn(move || {
        std::thread::sleep(after);
        child.kill().expect("killed");
        child.wait().expect("gone");
    });
    let mut acknowledged = [0; WRITERS];
    for line in out.lines().map_while(Result::ok) {
        // The words of the test harness may stand before the first.
        let mut words = line.split("ack ").nth(1).unwrap_or_default().split(' ');
        let writer = words.next().and_then(|w| w.parse::<usize>().ok());
        let number = words.next().and_then(|n| n.parse::<i64>().ok());
        if let (Some(writer), Some(number)) = (writer, number) {
            acknowledged[writer] = number;
        }
    }
    killer.join().expect("killed");
    acknowledged
}

#[test]
fn what_was_acknowledged_survives_being_killed() {
    let room = Room::new();
    let cycles = std::env::var(CYCLES).map_or(20, |n| n.parse().expect("a number"));
    let (mut acknowledged, mut slowest) = ([0; WRITERS], Duration::ZERO);
    for cycle in 0..cycles {
        let said = write_and_kill(&room.path(), Duration::from_millis(60 + 37 * (cycle % 9)));
        for (all, said) in acknowledged.iter_mut().zip(said) {
            *all = said.max(*all);
        }
        let begun = Instant::now();
        let store = open(&room.path());
        slowest = slowest.max(begun.elapsed());
        let mut there = 0;
        for (name, acknowledged) in names().iter().zip(acknowledged) {
            let tag = tags(&store, &[name])[0];
            let series = store.series(tag, 0, i64::MAX).expect("read");
            there += series.len() as u64;
            assert!(
                series.len() as i64 >= acknowledged,
                "cycle {cycle}: {name} lost samples"
            );
            let numbers = series.values.iter().enumerate();
            assert!(
                numbers.clone().all(|(at, n)| *n == at as f64),
                "cycle {cycle}: {name} has holes"
            );
        }
        let counts = store.counts();
        assert_eq!(
            counts.waiting as u64 + counts.filed,
            there,
            "cycle {cycle}: stored twice"
        );
    }
    assert!(acknowledged.iter().sum::<i64>() > 0);
    let total: i64 = acknowledged.iter().sum();
    writeln!(
        std::io::stderr(),
        "{cycles} kills, {total} samples acknowledged, opened again in {slowest:?} at most"
    )
    .expect("said");
}
