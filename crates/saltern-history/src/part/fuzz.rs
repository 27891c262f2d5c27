//! Files of a day that hold anything.

use std::sync::atomic::AtomicU64;

use saltern_fuzz::withstands;
use saltern_samples::bucket::{Bucket, MINUTE_US};
use saltern_samples::{Quality, Sample, Series};

use super::*;

const DAY: i64 = 20_000;
const TAGS: [&str; 3] = ["a", "b", "湖/水位"];

/// In memory where the machine has a folder for that: a file is written for every input.
fn room() -> tempfile::TempDir {
    let room = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    room.expect("a folder")
}

/// Samples of a tag: whole, in hundredths or any, with a gap now and then.
fn series(tag: usize) -> Series {
    let sample = |i: i64| match i % 9 {
        0 => Sample::gap(i * MINUTE_US, Quality::COMM_FAILURE),
        _ if tag == 1 => Sample::good(i * MINUTE_US, (i as f64).sqrt()),
        _ => Sample::good(i * MINUTE_US, i as f64 / 100.0),
    };
    (0..60).map(sample).collect()
}

/// Files of samples and of rollups as they are written.
fn examples(room: &Path) -> Vec<Vec<u8>> {
    let next = AtomicU64::new(1);
    let mut samples = SampleWriter::new(room, DAY, 0, &next);
    let mut rollups = RollupWriter::new(room, Kind::Minutes, DAY, &next);
    for (i, tag) in TAGS.iter().enumerate() {
        samples.add(tag, &series(i)).expect("written");
        let bucket = |sample: Sample| {
            let mut bucket = Bucket::empty(sample.time_us);
            bucket.add(&sample);
            bucket
        };
        let buckets: Vec<Bucket> = series(i).iter().map(bucket).collect();
        rollups.add(tag, &buckets).expect("written");
    }
    let mut made = samples.finish().expect("closed");
    made.join(rollups.finish().expect("closed"));
    let files = made.parts_mut().iter().map(|part| room.join(&part.file));
    files
        .map(|file| std::fs::read(file).expect("a file"))
        .collect()
}

/// How many rows can be read in all ways in which a file is read.
fn rows(path: &Path) -> usize {
    let Ok(file) = spans(path) else { return 0 };
    let (mut series, mut rows) = (Series::default(), 0);
    for place in file.places().unwrap_or_default() {
        let _ = file.samples(&place, &mut series);
        rows += file.buckets(&place).map_or(0, |buckets| buckets.len());
    }
    for tag in TAGS {
        if let Ok(found) = find(path, tag, 0, 30 * MINUTE_US) {
            let _ = found.append(0, 30 * MINUTE_US, &mut series);
        }
        let _ = read_buckets(path, tag, 0, 30 * MINUTE_US, &mut |_| rows += 1);
    }
    rows + series.len()
}

#[test]
fn files_of_a_day_hold_anything() {
    let room = room();
    let examples = examples(room.path());
    let path = room.path().join("x.parquet");
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        rows(&path)
    };
    let all: usize = examples.iter().map(|example| read(example)).sum();
    assert_eq!(all, 2 * TAGS.len() * 90, "the examples are sound");
    withstands(
        "parquet",
        1_000,
        &examples,
        &[b"\t0\t", b"saltern.tags"],
        |_, bytes| {
            read(bytes);
        },
    );
}

/// The Parquet crate panics at some damaged pages, and a thread that merges files did so with it and merged no more.
#[test]
fn bytes_of_a_file_may_be_wrong() {
    let room = room();
    let path = room.path().join("x.parquet");
    for example in examples(room.path()) {
        for at in (0..example.len()).step_by(5) {
            let mut bytes = example.clone();
            bytes[at] ^= 0xFF;
            std::fs::write(&path, &bytes).expect("written");
            rows(&path);
        }
    }
}

/// Places in a footer were believed: a row group that is not there and more rows than there are panicked.
#[test]
fn places_in_a_footer_may_lead_nowhere() {
    let room = room();
    let path = room.path().join("x.parquet");
    let example = examples(room.path()).remove(0);
    for wrong in ["\t9\t60\t60\t", "\t0\t60\t99\t", "\t0\t99\t60\t"] {
        let right = b"\t0\t60\t60\t";
        let mut bytes = example.clone();
        let at = bytes.windows(right.len()).position(|part| part == right);
        let at = at.expect("the place of the second tag");
        bytes[at..at + right.len()].copy_from_slice(wrong.as_bytes());
        std::fs::write(&path, &bytes).expect("written");
        let file = spans(&path).expect("a sound file");
        let place = file.places().expect("places").remove(1);
        let refused = file.samples(&place, &mut Series::default());
        let said = refused.expect_err(wrong).to_string();
        assert!(said.contains("there is no row group"), "{said}");
    }
}
