//! Run folders: whole or not at all, and equal when read back.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use saltern_run::folder::{self, WriteOptions};
use saltern_run::{RunContents, RunError};

use crate::fixture;

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn write(path: &Path, run: &RunContents) -> Result<(), RunError> {
    folder::write(path, run, &WriteOptions::default())
}

#[test]
fn a_run_reads_back_equal() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    let mut run = fixture::run(40);
    run.notices[0].place = "P01 \"quoted\", 池".into();
    write(&path, &run).unwrap();
    let again = folder::read(&path).unwrap();
    // One by one and without assert_eq: a difference would print a whole year.
    assert!(again.meta == run.meta, "{:?}", again.meta);
    assert!(again.base == run.base, "base");
    assert!(again.notices == run.notices, "notices");
    assert!(again.series == run.series, "series");
    assert!(again.book == run.book, "book");
    assert_eq!(names_in(place.path()), ["run"]);
    assert_eq!(
        names_in(&path),
        [
            "base.json",
            "book",
            "notices.json",
            "report.html",
            "run.json",
            "series"
        ]
    );
}

#[test]
fn missing_numbers_stay_missing() {
    use saltern_base::frame::Values;
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    let mut run = fixture::run(2);
    let depth = |run: &mut RunContents| match &mut run.series[0].columns[2].values {
        Values::Number(v) => v.clone(),
        _ => panic!("depth is a number"),
    };
    match &mut run.series[0].columns[2].values {
        Values::Number(v) => v[3] = f64::NAN,
        _ => panic!("depth is a number"),
    }
    write(&path, &run).unwrap();
    let mut again = folder::read(&path).unwrap();
    let (before, after) = (depth(&mut run), depth(&mut again));
    assert!(after[3].is_nan());
    assert_eq!(before[..3], after[..3]);
    assert_eq!(before[4..], after[4..]);
}

#[test]
fn run_json_has_the_keys_of_the_contract() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    write(&path, &fixture::run(3)).unwrap();
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(path.join("run.json")).unwrap()).unwrap();
    for key in [
        "saltern",
        "base",
        "inputs",
        "from",
        "to",
        "days",
        "elapsed_s",
        "equilibria",
        "failures",
        "closure",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
    assert_eq!(json["from"], "2024-01-01");
    assert_eq!(json["to"], "2024-01-03");
    assert_eq!(json["days"], 3);
    assert_eq!(json["failures"], 0);
    assert!(json["closure"]["Li"].as_f64().unwrap() < 1e-9);
    assert_eq!(json["inputs"]["base.toml"].as_str().unwrap().len(), 64);
}

#[test]
fn what_is_there_is_not_replaced_unasked() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    write(&path, &fixture::run(2)).unwrap();
    let error = write(&path, &fixture::run(3)).unwrap_err();
    assert_eq!(error.code(), "run.exists");
    assert_eq!(folder::read(&path).unwrap().meta.days, 2);
    let overwrite = WriteOptions {
        overwrite: true,
        ..WriteOptions::default()
    };
    folder::write(&path, &fixture::run(3), &overwrite).unwrap();
    assert_eq!(folder::read(&path).unwrap().meta.days, 3);
    assert_eq!(names_in(place.path()), ["run"]);
}

#[test]
fn a_folder_that_is_no_run_is_never_replaced() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("thesis");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("chapter1.txt"), "years of work").unwrap();
    for overwrite in [false, true] {
        let options = WriteOptions {
            overwrite,
            ..WriteOptions::default()
        };
        let error = folder::write(&path, &fixture::run(2), &options).unwrap_err();
        assert_eq!(error.code(), "run.not_a_run");
    }
    let file = place.path().join("notes.txt");
    fs::write(&file, "x").unwrap();
    assert_eq!(
        write(&file, &fixture::run(2)).unwrap_err().code(),
        "run.not_a_run"
    );
    assert_eq!(names_in(&path), ["chapter1.txt"]);
    assert_eq!(names_in(place.path()), ["notes.txt", "thesis"]);
}

#[test]
fn an_empty_folder_becomes_a_run() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    fs::create_dir(&path).unwrap();
    write(&path, &fixture::run(2)).unwrap();
    assert_eq!(folder::read(&path).unwrap().meta.days, 2);
}

#[test]
fn cancelling_midway_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    let asked = Cell::new(0);
    let cancelled = || {
        asked.set(asked.get() + 1);
        if asked.get() == 4 {
            assert_eq!(
                names_in(place.path()).len(),
                1,
                "the partial folder is there midway"
            );
        }
        asked.get() > 4
    };
    let options = WriteOptions {
        cancelled: &cancelled,
        ..WriteOptions::default()
    };
    assert_eq!(
        folder::write(&path, &fixture::run(2), &options)
            .unwrap_err()
            .code(),
        "run.cancelled"
    );
    assert_eq!(names_in(place.path()), Vec::<String>::new());
}

#[test]
fn cancelling_an_overwrite_keeps_the_old_run() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    write(&path, &fixture::run(2)).unwrap();
    let options = WriteOptions {
        overwrite: true,
        cancelled: &|| true,
        ..WriteOptions::default()
    };
    assert_eq!(
        folder::write(&path, &fixture::run(3), &options)
            .unwrap_err()
            .code(),
        "run.cancelled"
    );
    assert_eq!(folder::read(&path).unwrap().meta.days, 2);
    assert_eq!(names_in(place.path()), ["run"]);
}

#[test]
fn a_bad_frame_is_refused_before_anything_is_written() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("run");
    let mut run = fixture::run(2);
    run.series[0].columns.retain(|c| c.name != "depth");
    let error = write(&path, &run).unwrap_err();
    assert_eq!(error.code(), "run.missing_column");
    assert!(error.to_string().contains("`depth [m]`"), "{error}");
    let mut run = fixture::run(2);
    run.series[1].name = "../floor".into();
    assert_eq!(write(&path, &run).unwrap_err().code(), "run.bad_name");
    assert_eq!(names_in(place.path()), Vec::<String>::new());
}

#[test]
fn bad_runs_are_told_apart() {
    let place = tempfile::tempdir().unwrap();
    let code = |path: &Path| folder::read(path).unwrap_err().code();
    assert_eq!(code(&place.path().join("nowhere")), "run.missing");
    assert_eq!(code(place.path()), "run.not_a_run");
    let path = place.path().join("run");
    write(&path, &fixture::run(2)).unwrap();
    let json = fs::read_to_string(path.join("run.json")).unwrap();
    fs::write(
        path.join("run.json"),
        json.replace("\"layout\": 1", "\"layout\": 99"),
    )
    .unwrap();
    assert_eq!(code(&path), "run.newer");
    fs::write(path.join("run.json"), &json[..json.len() / 2]).unwrap();
    assert_eq!(code(&path), "run.corrupt");
    fs::write(path.join("run.json"), &json).unwrap();
    let postings = path.join("book/postings.parquet");
    let bytes = fs::read(&postings).unwrap();
    fs::write(&postings, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(code(&path), "run.corrupt");
    fs::remove_file(&postings).unwrap();
    assert_eq!(code(&path), "run.missing_part");
}
