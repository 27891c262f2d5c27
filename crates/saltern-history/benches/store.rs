//! What a store does with the samples of 10,000 tags: `cargo bench -p saltern-history`.
//!
//! Rates are those of this machine's disk, so the floor is measured in the same run: the same batches written one after
//! another to a plain file, 17 bytes a sample, with one sync a batch and nothing to find them again by.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use saltern_history::{Embedded, Options, Rule};
use saltern_samples::{Bucket, Grid, Reading, Sample, TagId};

const TAGS: usize = 10_000;
const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;
const BEGIN_US: i64 = 1_772_323_200_000_000;
/// Scans of all tags, one a second.
const SCANS: i64 = 500;

fn main() {
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| writeln!(out, "{line}").expect("stdout");
    let folder = tempfile::tempdir().expect("a folder");
    let floor = plain_file(&folder.path().join("plain"));
    say(format!(
        "plain file, a sync a scan          {floor:>10.0} samples/s"
    ));
    let (rate, cpu, bytes) = ingest(&folder.path().join("ingest"), usize::MAX);
    say(format!(
        "journal alone                      {rate:>10.0} samples/s ({:.2} of the plain file), {bytes:.0} B written a sample, {:.2} CPU µs a sample",
        rate / floor,
        cpu * 1e6
    ));
    let (rate, cpu, bytes) = ingest(&folder.path().join("compacting"), 500_000);
    say(format!(
        "with compaction beside it          {rate:>10.0} samples/s ({:.2} of the plain file), {bytes:.0} B written a sample, {:.2} CPU µs a sample",
        rate / floor,
        cpu * 1e6
    ));
    let month = Month::make(&folder.path().join("month"));
    say(format!(
        "closed days                        {:>10.2} B a sample, {} files",
        month.bytes, month.files
    ));
    for (what, work) in [
        ("rollups", Month::by_rollups as fn(&Month) -> u64),
        ("samples", Month::by_samples),
    ] {
        let (wall, cpu, count) = median(|| work(&month));
        say(format!(
            "a month in 1000 buckets, {what}   {wall:>10.2} ms, {cpu:.1} CPU ms ({count} samples)"
        ));
    }
    assert_eq!(month.by_rollups(), month.by_samples());
}

fn scan(tags: &[TagId], second: i64) -> Vec<Reading> {
    let readings = tags.iter().map(|tag| {
        let value = ((second * 7919 + i64::from(tag.0) * 104_729) % 1000) as f64 / 1000.0;
        let sample = Sample::good(BEGIN_US + second * SECOND_US, value);
        Reading { tag: *tag, sample }
    });
    readings.collect()
}

fn plain_file(path: &Path) -> f64 {
    let mut file = File::create(path).expect("a file");
    let begun = Instant::now();
    for second in 0..SCANS / 5 {
        let bytes = vec![second as u8; TAGS * 17];
        file.write_all(&bytes).expect("written");
        file.sync_data().expect("synced");
    }
    (SCANS / 5 * TAGS as i64) as f64 / begun.elapsed().as_secs_f64()
}

/// User and system seconds, and bytes handed to the disk, of this process.
fn used() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok())
        .sum();
    let io = fs::read_to_string("/proc/self/io").unwrap_or_default();
    let written = io.lines().find_map(|l| l.strip_prefix("write_bytes: "));
    (
        ticks / 100.0,
        written.and_then(|w| w.parse().ok()).unwrap_or(f64::NAN),
    )
}

fn open(folder: &Path, generation: usize, tended: bool) -> (Embedded, Arc<AtomicI64>, Vec<TagId>) {
    let clock = Arc::new(AtomicI64::new(BEGIN_US + DAY_US));
    let shared = Arc::clone(&clock);
    let options = Options {
        generation,
        clock: Arc::new(move || shared.load(Ordering::Relaxed)),
        window: Duration::from_millis(20),
        tended,
        ..Options::default()
    };
    let store = Embedded::open(folder, options).expect("a store");
    let names: Vec<String> = (0..TAGS)
        .map(|i| format!("area{}/tag{i}", i / 100))
        .collect();
    let rule = Rule {
        resolution: Some(0.001),
        ..Rule::KEEP_ALL
    };
    let tags: Vec<(&str, Rule)> = names.iter().map(|n| (n.as_str(), rule)).collect();
    let ids = store.register(&tags).expect("registered");
    (store, clock, ids)
}

/// Samples a second, CPU seconds and bytes written a sample; every scan is acknowledged before its sender sends the next.
fn ingest(folder: &Path, generation: usize) -> (f64, f64, f64) {
    let (store, _clock, ids) = open(folder, generation, true);
    let next = AtomicI64::new(0);
    let (cpu, bytes) = used();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let second = next.fetch_add(1, Ordering::Relaxed);
                    if second >= SCANS {
                        break;
                    }
                    let accepted = store.append(scan(&ids, second)).expect("stored");
                    assert_eq!(accepted.stored, TAGS);
                }
            });
        }
    });
    let wall = begun.elapsed().as_secs_f64();
    let samples = (SCANS * TAGS as i64) as f64;
    drop(store);
    let (cpu_after, bytes_after) = used();
    (
        samples / wall,
        (cpu_after - cpu) / samples,
        (bytes_after - bytes) / samples,
    )
}

/// Thirty closed days: one tag every second, the others every hour.
struct Month {
    store: Embedded,
    tag: TagId,
    bytes: f64,
    files: usize,
}

impl Month {
    fn make(folder: &Path) -> Month {
        let (store, clock, ids) = open(folder, 16_000_000, false);
        for day in 0..30 {
            let begin = BEGIN_US + day * DAY_US;
            clock.store(begin + DAY_US, Ordering::Relaxed);
            for hour in 0..24 {
                let mut readings = scan(&ids[1..], day * 86_400 + hour * 3600);
                readings.extend((0..3600).map(|second| {
                    let second = hour * 3600 + second;
                    let value = ((second / 600) * 10 + (second * 7919) % 1000) as f64 / 1000.0;
                    let sample = Sample::good(begin + second * SECOND_US, value);
                    Reading {
                        tag: ids[0],
                        sample,
                    }
                }));
                store.append(readings).expect("stored");
            }
            store.tend().expect("tended");
        }
        clock.store(BEGIN_US + 32 * DAY_US, Ordering::Relaxed);
        store.tend().expect("tended");
        let counts = store.counts();
        Month {
            tag: ids[0],
            bytes: counts.filed_bytes as f64 / counts.filed as f64,
            files: counts.files,
            store,
        }
    }

    fn span() -> (i64, i64) {
        (BEGIN_US, BEGIN_US + 30 * DAY_US)
    }

    fn by_rollups(&self) -> u64 {
        let (from, to) = Month::span();
        let buckets = self.store.buckets(self.tag, from, to, 1000).expect("read");
        buckets.iter().map(|b| b.count).sum()
    }

    fn by_samples(&self) -> u64 {
        let (from, to) = Month::span();
        let grid = Grid::over(from, to, 1000);
        let mut buckets: Vec<Bucket> = grid.buckets();
        let series = self.store.series(self.tag, from, to).expect("read");
        grid.fill(&series, &mut buckets);
        buckets.iter().map(|b| b.count).sum()
    }
}

/// Runs of a query.
const RUNS: usize = 25;

/// Median milliseconds of the runs, their mean CPU milliseconds, and what they answered.
fn median(work: impl Fn() -> u64) -> (f64, f64, u64) {
    let mut times: Vec<f64> = Vec::new();
    let mut answer = 0;
    let (cpu, _) = used();
    for _ in 0..RUNS {
        let begun = Instant::now();
        answer = work();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let cpu_ms = (used().0 - cpu) * 1e3 / RUNS as f64;
    (times[RUNS / 2], cpu_ms, answer)
}
