//! Every example base: a year, as the issue demands it.

use std::path::PathBuf;

use crate::harness::Room;

/// Folders of examples/ that hold a base with ponds.
fn bases() -> Vec<PathBuf> {
    let examples = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"));
    let entries = std::fs::read_dir(examples).expect("examples");
    let mut bases: Vec<PathBuf> = entries
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.join("ponds.csv").is_file())
        .collect();
    bases.sort();
    bases
}

/// The value behind a key of a flat JSON object, as text.
fn value<'a>(json: &'a str, key: &str) -> &'a str {
    let (_, rest) = json
        .split_once(&format!("\"{key}\": "))
        .unwrap_or_else(|| panic!("no {key}"));
    rest.split([',', '\n']).next().unwrap_or_default()
}

/// Energy used over a dispatch with the profiles of a base, and with what its plants took in a run.
fn plants_take_what_their_profiles_say(room: &Room, base: &str, run: &str) {
    let used_mwh = |more: &[&str]| {
        let line = [
            "plan",
            base,
            "--what",
            "dispatch",
            "--overwrite",
            "-o",
            "power",
        ];
        room.run(&[&line[..], more].concat()).done();
        let json = std::fs::read_to_string(room.path("power/plan.json")).expect("plan.json");
        let used = value(&json, "used_mwh").parse::<f64>();
        used.expect("a number")
    };
    let (told, took) = (used_mwh(&[]), used_mwh(&["--run", run]));
    assert!((told / took - 1.0).abs() < 1e-3, "{run}: {told} {took}");
}

#[test]
fn a_year_of_every_example_closes_without_a_failed_equilibrium() {
    let room = Room::new();
    for base in bases() {
        let name = base
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let said = room
            .run(&["simulate", base.to_str().expect("UTF-8"), "-o", &name])
            .done();
        println!("{}", said.stdout);
        let json = std::fs::read_to_string(room.path(&name).join("run.json")).expect("run.json");
        assert!(
            value(&json, "days").parse::<u32>().is_ok_and(|d| d >= 365),
            "{name}"
        );
        assert!(
            value(&json, "equilibria")
                .parse::<u64>()
                .is_ok_and(|n| n >= 365),
            "{name}"
        );
        assert_eq!(value(&json, "failures"), "0", "{name}");
        let (_, closure) = json.split_once("\"closure\": {").expect("closures");
        let entries: Vec<&str> = closure
            .split('}')
            .next()
            .unwrap_or_default()
            .split(',')
            .collect();
        assert!(entries.len() >= 5, "{name}: {closure}");
        for entry in entries {
            let worst: f64 = entry
                .split(": ")
                .nth(1)
                .and_then(|x| x.trim().parse().ok())
                .unwrap_or(f64::NAN);
            assert!(worst <= 1e-9, "{name}: {entry}");
        }
        assert!(room.path(&name).join("report.html").is_file());
        if base.join("energy_nodes.csv").is_file() {
            plants_take_what_their_profiles_say(&room, base.to_str().expect("UTF-8"), &name);
        }
    }
    assert!(!bases().is_empty());
}
