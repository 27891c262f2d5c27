//! Journals and outboxes that hold anything: files with wrong bytes, and sound files with wrong rows; and stores that are asked
//! for any span.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::Value;
use saltern_fuzz::withstands;
use saltern_samples::{Quality, Reading, Sample, TagId};

use crate::{Embedded, HistoryError, Options, Outbox, Rule};

/// 2026-03-01T00:00:00 UTC.
const MARCH_US: i64 = 1_772_323_200_000_000;
const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 1440 * MINUTE_US;
const TAGS: [&str; 2] = ["a", "湖/水位"];

fn room() -> tempfile::TempDir {
    let room = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    room.expect("a folder")
}

fn options() -> Options {
    Options {
        window: Duration::ZERO,
        clock: Arc::new(|| MARCH_US + 2 * DAY_US),
        tended: false,
        ..Options::default()
    }
}

/// A store with a closed day in files and the next in the journal.
fn store(folder: &Path) -> Result<(), HistoryError> {
    let store = Embedded::open(folder, options())?;
    let tags = store.register(&TAGS.map(|tag| (tag, Rule::KEEP_ALL)))?;
    for day in 0..2 {
        for tag in &tags {
            let at = |i: i64| MARCH_US + day * DAY_US + i * MINUTE_US;
            let sample = |i: i64| match i % 9 {
                0 => Sample::gap(at(i), Quality::COMM_FAILURE),
                _ => Sample::good(at(i), i as f64 / 10.0),
            };
            let readings = (0..60).map(|i| Reading {
                tag: *tag,
                sample: sample(i),
            });
            store.append(readings.collect())?;
        }
        if day == 0 {
            store.tend()?;
        }
    }
    Ok(())
}

/// Files of a store's folder by their paths within.
fn files(folder: &Path, within: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.join(within)).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{within}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(folder, &format!("{name}/")));
        } else {
            found.push((name.into(), fs::read(entry.path()).expect("a file")));
        }
    }
    found
}

/// Makes a folder that holds these files and no others.
fn lay(folder: &Path, files: &[(PathBuf, Vec<u8>)]) {
    let _ = fs::remove_dir_all(folder);
    for (path, bytes) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder");
        fs::write(path, bytes).expect("written");
    }
}

/// All that a store does, as far as it can be done; how many samples it reads.
fn use_store(folder: &Path) -> usize {
    let Ok(store) = Embedded::open(folder, options()) else {
        return 0;
    };
    let mut read = 0;
    for tag in TAGS {
        let Ok(tag) = store.tag(tag) else { continue };
        let _ = store.latest(tag);
        read += store.series(tag, 0, i64::MAX).map_or(0, |s| s.len());
        let _ = store.buckets(tag, MARCH_US, MARCH_US + 2 * DAY_US, 10);
        let sample = Sample::good(MARCH_US + DAY_US + 7, 1.0);
        let _ = store.append(vec![Reading { tag, sample }]);
    }
    let _ = store.tend();
    let _ = store.counts();
    read
}

#[test]
fn journals_have_any_bytes() {
    let room = room();
    let (made, tried) = (room.path().join("made"), room.path().join("tried"));
    store(&made).expect("a store");
    let mut files = files(&made, "");
    let journal = files
        .iter()
        .position(|(path, _)| path.ends_with("journal.sqlite"));
    let journal = journal.expect("a journal");
    lay(&tried, &files);
    assert_eq!(use_store(&tried), 240, "the example is sound");
    let examples = [files[journal].1.clone()];
    withstands(
        "journals",
        60,
        &examples,
        &[b"samples_", b"parts"],
        |_, bytes| {
            files[journal].1 = bytes.to_vec();
            lay(&tried, &files);
            use_store(&tried);
        },
    );
}

/// What may be written where in a journal.
const CELLS: [&str; 14] = [
    "tags SET id",
    "tags SET name",
    "generations SET id",
    "parts SET id",
    "parts SET kind",
    "parts SET day",
    "parts SET level",
    "parts SET file",
    "parts SET rows",
    "parts SET bytes",
    "parts SET first_tag",
    "parts SET last_tag",
    "samples_2 SET tag",
    "samples_2 SET time",
];

/// A value that a cell of a journal does not hold.
fn odd(which: u8) -> Value {
    match which % 12 {
        0 => Value::Integer(i64::MAX),
        1 => Value::Integer(i64::MIN),
        2 => Value::Integer(-1),
        3 => Value::Integer(0),
        4 => Value::Integer(99),
        5 => Value::Integer(MARCH_US / DAY_US - 1_000_000),
        6 => Value::Null,
        7 => Value::Real(f64::INFINITY),
        8 => Value::Text(String::new()),
        9 => Value::Text("samples/2026-03/2026-03-01-18446744073709551615-d1.parquet".into()),
        10 => Value::Text("minutes".into()),
        _ => Value::Blob(vec![0xFF; 3]),
    }
}

#[test]
fn journals_have_any_rows() {
    let room = room();
    let (made, tried) = (room.path().join("made"), room.path().join("tried"));
    store(&made).expect("a store");
    let files = files(&made, "");
    let examples = [vec![0, 0, 0, 6, 1, 1], vec![7, 9, 0, 12, 2, 1, 13, 1, 0]];
    let choices: Vec<[u8; 3]> = (0..CELLS.len() as u8)
        .flat_map(|cell| (0..12).map(move |value| [cell, value, 0]))
        .collect();
    let tokens: Vec<&[u8]> = choices.iter().map(|choice| &choice[..]).collect();
    withstands("rows", 60, &examples, &tokens, |_, bytes| {
        lay(&tried, &files);
        let journal = rusqlite::Connection::open(tried.join("journal.sqlite")).expect("opened");
        for change in bytes.chunks_exact(3) {
            let cell = CELLS[usize::from(change[0]) % CELLS.len()];
            let change = format!("UPDATE {cell} = ?1 WHERE rowid % 2 = {}", change[2] % 2);
            // What the tables themselves don't take stays as it was.
            let _ = journal.execute(&change, [odd(bytes[1])]);
        }
        drop(journal);
        use_store(&tried);
    });
}

#[test]
fn outboxes_have_any_bytes() {
    let room = room();
    let path = room.path().join("outbox.sqlite");
    let mut outbox = Outbox::open(&path, 4_000).expect("an outbox");
    for i in 0..20_u8 {
        outbox.push([&[i; 300][..]]).expect("kept");
    }
    drop(outbox);
    let examples = [fs::read(&path).expect("a file")];
    let use_outbox = |bytes: &[u8]| {
        for more in ["-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(room.path().join(format!("outbox.sqlite{more}")));
        }
        fs::write(&path, bytes).expect("written");
        let mut outbox = Outbox::open(&path, 4_000).ok()?;
        let oldest = outbox.oldest(1_000).ok()?;
        let _ = outbox.push([&[7; 300][..], &[8; 3000][..]]);
        let _ = outbox.confirm(oldest.last()?.number);
        Some(outbox.waiting().messages)
    };
    assert!(use_outbox(&examples[0]).is_some(), "the example is sound");
    withstands("outboxes", 60, &examples, &[b"dropped"], |_, bytes| {
        use_outbox(bytes);
    });
}

#[test]
fn stores_are_asked_for_any_span() {
    let room = room();
    store(room.path()).expect("a store");
    let store = Embedded::open(room.path(), options()).expect("a store");
    let asked = |from: i64, to: i64, most: u16| {
        let asked = [from.to_be_bytes(), to.to_be_bytes()].concat();
        [asked, most.to_be_bytes().to_vec()].concat()
    };
    let examples = [
        asked(MARCH_US, MARCH_US + DAY_US, 10),
        asked(MARCH_US - 1, MARCH_US + 2 * DAY_US + 1, 1),
        asked(i64::MIN, i64::MAX, 0),
        asked(0, 1, u16::MAX),
    ];
    withstands("spans", 60, &examples, &[], |_, bytes| {
        let Some((from, rest)) = bytes.split_first_chunk() else {
            return;
        };
        let Some((to, rest)) = rest.split_first_chunk() else {
            return;
        };
        let Some((most, _)) = rest.split_first_chunk() else {
            return;
        };
        let (from, to) = (i64::from_be_bytes(*from), i64::from_be_bytes(*to));
        let _ = store.series(TagId(1), from, to);
        let _ = store.buckets(TagId(1), from, to, u16::from_be_bytes(*most).into());
        // A sample of any instant is turned away or stored.
        let sample = Sample::good(from, 1.0);
        let _ = store.append(vec![Reading {
            tag: TagId(2),
            sample,
        }]);
        if from % 8 == 0 {
            store.tend().expect("tended");
        }
    });
}

/// The instant of a sample may be the first that there is: its day begins before it can be counted, and writing it out panicked,
/// or lost it where overflow goes unseen.
#[test]
fn the_first_instant_of_all_is_kept() {
    let room = room();
    let first = i64::MIN;
    {
        let store = Embedded::open(room.path(), options()).expect("a store");
        let tag = store.register(&[("a", Rule::KEEP_ALL)]).expect("a tag")[0];
        let sample = Sample::good(first, 1.5);
        store.append(vec![Reading { tag, sample }]).expect("stored");
        store.tend().expect("tended");
    }
    let store = Embedded::open(room.path(), options()).expect("a store");
    let tag = store.tag("a").expect("a tag");
    let read = store.series(tag, first, 0).expect("read");
    assert_eq!(read.get(0), Some(Sample::good(first, 1.5)));
}

/// A name of a file in the list may bear the greatest number there is, after which there is none: opening panicked.
#[test]
fn the_number_of_a_listed_file_may_be_any() {
    let room = room();
    store(room.path()).expect("a store");
    let journal = rusqlite::Connection::open(room.path().join("journal.sqlite")).expect("opened");
    let name = odd(9);
    let changed = journal.execute(
        "UPDATE parts SET file = ?1 WHERE rowid = (SELECT max(rowid) FROM parts)",
        [name],
    );
    assert_eq!(changed, Ok(1));
    drop(journal);
    let store = Embedded::open(room.path(), options()).expect("a store");
    let tag = store.tag("a").expect("a tag");
    // What the list names and is not there is told, what can be written is.
    assert!(store.series(tag, 0, i64::MAX).is_err() || store.counts().files > 0);
    let sample = Sample::good(MARCH_US + DAY_US + 7, 1.0);
    store.append(vec![Reading { tag, sample }]).expect("stored");
}

/// Rows and bytes of listed files may be any numbers: their sum did not fit.
#[test]
fn the_sizes_of_listed_files_may_be_any() {
    let room = room();
    store(room.path()).expect("a store");
    let journal = rusqlite::Connection::open(room.path().join("journal.sqlite")).expect("opened");
    let changed = journal.execute(
        "UPDATE parts SET rows = ?1, bytes = -1 WHERE kind = 'samples'",
        [i64::MAX],
    );
    assert!(changed.is_ok_and(|changed| changed > 0));
    drop(journal);
    let store = Embedded::open(room.path(), options()).expect("a store");
    let counts = store.counts();
    assert!(
        counts.filed >= i64::MAX as u64 && counts.filed_bytes == 0,
        "{counts:?}"
    );
}

/// An outbox may hold more than was put into it, and may have dropped less than nothing: counting down from there panicked.
#[test]
fn the_counts_of_an_outbox_may_be_wrong() {
    let room = room();
    let path = room.path().join("outbox.sqlite");
    drop(Outbox::open(&path, 1_000).expect("an outbox"));
    let file = rusqlite::Connection::open(&path).expect("opened");
    let doubling = "CREATE TRIGGER doubling AFTER INSERT ON messages BEGIN INSERT INTO messages (body) VALUES (x'00FF'); END;
        UPDATE fate SET dropped = -1;";
    file.execute_batch(doubling).expect("changed");
    drop(file);
    let mut outbox = Outbox::open(&path, 1_000).expect("an outbox");
    outbox.push([&[7; 600][..], &[8; 600][..]]).expect("kept");
    let last = outbox
        .oldest(usize::MAX)
        .expect("read")
        .pop()
        .expect("a message");
    outbox.confirm(last.number).expect("confirmed");
    assert_eq!((outbox.waiting().messages, outbox.waiting().bytes), (0, 0));
}
