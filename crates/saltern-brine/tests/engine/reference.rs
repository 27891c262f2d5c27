//! The reference folder and its tables.

use saltern_brine::database::Database;
use std::collections::HashMap;
use std::path::PathBuf;

/// The folder `shared/reference` beside the checkout, if it is there.
pub(crate) fn folder() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no reference data beside the checkout");
    None
}

/// PHREEQC's pitzer.dat.
pub(crate) fn pitzer_dat() -> Option<Database> {
    phreeqc("pitzer.dat")
}

/// A database of PHREEQC's form: `pitzer.dat`, `frezchem.dat` or `ColdChem.dat`.
pub(crate) fn phreeqc(name: &str) -> Option<Database> {
    let bytes = std::fs::read(folder()?.join("phreeqc").join(name)).unwrap();
    let text = saltern_brine::phreeqc::decode(&bytes);
    Some(saltern_brine::phreeqc::parse(&text, name).unwrap())
}

/// A CSV table as one map a row.
pub(crate) fn table(name: &str) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(folder().unwrap().join(name)).unwrap();
    let mut lines = text.lines().filter(|l| !l.starts_with('#'));
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| {
            header
                .iter()
                .map(|h| h.to_string())
                .zip(cells(line))
                .collect()
        })
        .collect()
}

fn cells(line: &str) -> Vec<String> {
    let (mut out, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}

/// A number of a row; blank is none.
pub(crate) fn number(row: &HashMap<String, String>, key: &str) -> Option<f64> {
    row.get(key).and_then(|v| v.parse().ok())
}
