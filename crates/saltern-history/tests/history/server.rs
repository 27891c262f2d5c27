//! The same, on a real PostgreSQL.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use proptest::test_runner::{Config, TestRunner};
use saltern_history::{History, HistoryError, Rule};
use saltern_samples::Sample;
use tempfile::TempDir;

use crate::model::{is_a_map, steps};
use crate::room::{MARCH_US, Room, reading};

/// A database server of this test's own, on a socket in a folder; gone when dropped.
struct Cluster {
    programs: PathBuf,
    folder: TempDir,
}

impl Cluster {
    /// `None` where the machine has no PostgreSQL; `scripts/setup` installs one.
    fn start() -> Option<Cluster> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let programs = versions.flatten().map(|v| v.path().join("bin")).max()?;
        let cluster = Cluster {
            programs,
            folder: tempfile::tempdir().expect("a folder"),
        };
        // PostgreSQL doesn't run as root.
        let chown = Command::new("chown")
            .arg("postgres")
            .arg(cluster.folder.path())
            .status();
        let _ = chown.expect("chown");
        let data = cluster.data();
        let made = cluster.run(
            "initdb",
            &["-D", &data, "-U", "saltern", "-A", "trust", "-N"],
        );
        assert!(made.status.success(), "{made:?}");
        cluster.control("start");
        Some(cluster)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, args: &[&str]) -> Output {
        let path = self.programs.join(program);
        let root = Path::new("/root").read_dir().is_ok();
        let mut command = if root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command
            .current_dir("/")
            .args(args)
            .output()
            .expect("a program")
    }

    fn control(&self, verb: &str) {
        let socket = format!("-c listen_addresses='' -k {}", self.folder.path().display());
        let log = self.folder.path().join("log").display().to_string();
        let data = self.data();
        let args = [
            "-D",
            &data,
            "-o",
            &socket,
            "-l",
            &log,
            "-m",
            "immediate",
            "-w",
            verb,
        ];
        let args: Vec<&str> = args
            .into_iter()
            .filter(|a| verb == "stop" || !matches!(*a, "-m" | "immediate"))
            .collect();
        let done = self.run("pg_ctl", &args);
        assert!(done.status.success(), "{done:?}");
    }

    fn address(&self) -> String {
        format!(
            "host={} user=saltern dbname=postgres",
            self.folder.path().display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.control("stop");
    }
}

#[test]
fn a_server_is_a_map_and_comes_back() {
    let Some(cluster) = Cluster::start() else {
        writeln!(std::io::stderr(), "skipped: no PostgreSQL on this machine").expect("said");
        return;
    };
    let room = Room::in_memory();
    let open = || {
        let store = History::open(&room.path(), Some(&cluster.address()), room.options());
        store.expect("a store")
    };
    let mut runner = TestRunner::new(Config::with_cases(12));
    let case = std::cell::Cell::new(0);
    let result = runner.run(&steps(), |steps| {
        case.set(case.get() + 1);
        is_a_map(&open, &room, &format!("case{}/", case.get()), steps);
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");

    // Killed and started again: what was acknowledged is there, and the store goes on by itself.
    room.set_clock(MARCH_US);
    let store = open();
    let tag = store
        .register(&[("killed/a", Rule::KEEP_ALL)])
        .expect("registered")[0];
    let append = |n: i64| store.append(vec![reading(tag, Sample::good(MARCH_US - n, n as f64))]);
    append(1).expect("stored");
    cluster.control("stop");
    assert!(matches!(append(2), Err(HistoryError::Server { .. })));
    assert!(store.trouble().is_some());
    cluster.control("start");
    append(3).expect("stored again");
    assert_eq!(store.trouble(), None);
    let series = store.series(tag, 0, i64::MAX).expect("read");
    assert_eq!(series.values, [3.0, 1.0]);
}
