//! A disk that is full, read-only or cannot sync: nothing acknowledged is lost, the rest is refused with its reason, and
//! the store goes on by itself when the disk does.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use saltern_history::{Embedded, HistoryError};
use saltern_samples::{Sample, TagId};

use crate::room::{DAY_US, MARCH_US, Room, reading, tags};

/// Says to a child where its store is.
const STORE: &str = "SALTERN_HISTORY_FAILING";
/// Says to a child, and to the library under it, where the names of failures are.
const FAILING: &str = "SALTERN_FAILING";

/// Runs one of the children below.
fn run(command: &mut Command) {
    let output = command.output().expect("a child");
    let words = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && words.contains("1 passed"),
        "{words}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn skipped(what: &str) {
    writeln!(std::io::stderr(), "skipped: {what}").expect("said");
}

/// Samples with numbers as values; those below `stored` are acknowledged.
struct Writer {
    tag: TagId,
    stored: i64,
}

impl Writer {
    fn append(&mut self, store: &Embedded) -> Result<(), HistoryError> {
        let numbers = self.stored..self.stored + 1000;
        // Not smooth, so that files of them have a size.
        let samples = numbers.map(|n| Sample::good(MARCH_US - DAY_US + n, (n as f64).sin()));
        store.append(samples.map(|s| reading(self.tag, s)).collect())?;
        self.stored += 1000;
        Ok(())
    }

    fn check(&self, store: &Embedded) {
        let series = store.series(self.tag, 0, i64::MAX).expect("read");
        assert!(
            series.len() as i64 >= self.stored,
            "{} of {}",
            series.len(),
            self.stored
        );
        let times = series.times_us.iter().enumerate();
        assert!(
            times
                .clone()
                .all(|(at, time)| *time == MARCH_US - DAY_US + at as i64)
        );
    }
}

#[test]
fn a_disk_that_cannot_write_or_sync_refuses_and_recovers() {
    let room = tempfile::tempdir().expect("a folder");
    let library = room.path().join("failing_disk.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history/failing_disk.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([library.as_path(), source.as_path()])
        .arg("-ldl")
        .status();
    if !cfg!(target_os = "linux") || !built.is_ok_and(|status| status.success()) {
        return skipped("no C compiler on Linux, so no failing disk");
    }
    run(Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "failing::child_of_a_failing_disk"])
        .env("LD_PRELOAD", &library)
        .env(STORE, room.path().join("history"))
        .env(FAILING, room.path()));
}

/// Not a test of its own: what runs over the failing disk.
#[test]
fn child_of_a_failing_disk() {
    let (Some(folder), Some(failures)) = (std::env::var_os(STORE), std::env::var_os(FAILING))
    else {
        return;
    };
    let (folder, failures) = (Path::new(&folder), Path::new(&failures));
    let room = Room::new();
    let open = || Embedded::open(folder, room.options()).expect("a store");
    let store = open();
    let mut writer = Writer {
        tag: tags(&store, &["a"])[0],
        stored: 0,
    };
    type Expected = fn(&HistoryError) -> bool;
    let cases: [(&str, Expected); 3] = [
        ("full", |e| matches!(e, HistoryError::Full { .. })),
        ("read_only", |e| {
            matches!(
                e,
                HistoryError::NotWritten { .. } | HistoryError::ReadOnly { .. }
            )
        }),
        ("sync", |e| matches!(e, HistoryError::NotWritten { .. })),
    ];
    for (how, expected) in cases {
        writer.append(&store).expect("stored");
        std::fs::File::create(failures.join(how)).expect("a failure");
        for _ in 0..3 {
            let error = writer.append(&store).expect_err("refused");
            assert!(expected(&error), "{how}: {error:?}");
            assert_eq!(store.trouble(), Some(error));
            assert!(store.tend().is_err(), "{how}");
        }
        writer.check(&store);
        std::fs::remove_file(failures.join(how)).expect("mended");
        writer.append(&store).expect("stored again");
        assert_eq!(store.trouble(), None);
        store.tend().expect("tended again");
        writer.append(&store).expect("stored again");
        writer.check(&store);
    }
    drop(store);
    let store = open();
    writer.check(&store);
}

#[test]
fn a_full_disk_refuses_and_recovers() {
    let inside = "mount -t tmpfs -o size=12m tmpfs \"$0\" && exec \"$@\"";
    let room = tempfile::tempdir().expect("a folder");
    let can = Command::new("unshare").args(["-rm", "true"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        return skipped("no mount of one's own on this machine, so no full disk");
    }
    run(Command::new("unshare")
        .args(["-rm", "sh", "-c", inside])
        .arg(room.path())
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "failing::child_of_a_full_disk"])
        .env(STORE, room.path()));
}

/// Not a test of its own: what runs on a disk of a few megabytes.
#[test]
fn child_of_a_full_disk() {
    let Some(disk) = std::env::var_os(STORE) else {
        return;
    };
    let disk = Path::new(&disk);
    let remount = |how: &str| {
        let status = Command::new("mount").args(["-o", how]).arg(disk).status();
        assert!(status.expect("mount").success());
    };
    let room = Room::new();
    let folder = disk.join("history");
    remount("remount,ro");
    let refused = Embedded::open(&folder, room.options()).err();
    assert!(
        matches!(refused, Some(HistoryError::ReadOnly { .. })),
        "{refused:?}"
    );
    remount("remount,rw,size=12m");
    std::fs::write(disk.join("ballast"), vec![1u8; 6 << 20]).expect("ballast");
    let store = Embedded::open(&folder, room.options()).expect("a store");
    let mut writer = Writer {
        tag: tags(&store, &["a"])[0],
        stored: 0,
    };
    let error = loop {
        if let Err(error) = writer.append(&store) {
            break error;
        }
    };
    assert!(matches!(error, HistoryError::Full { .. }), "{error:?}");
    assert!(writer.stored > 0);
    for _ in 0..5 {
        assert!(writer.append(&store).is_err() || writer.stored > 0);
        writer.check(&store);
    }
    std::fs::remove_file(disk.join("ballast")).expect("removed");
    writer.append(&store).expect("stored again");
    store.tend().expect("tended");
    writer.append(&store).expect("stored again");
    writer.check(&store);
    drop(store);
    writer.check(&Embedded::open(&folder, room.options()).expect("a store"));
}
