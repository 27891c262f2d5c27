//! Feeds damaged files to the readers of databases and assays: whatever comes in, they answer or refuse, and never panic.
//!
//! `fuzz_readers SECONDS [READER…]`, each reader for so many seconds of processor time. Real files are cut, joined, and sprinkled with
//! bytes, tokens and odd numbers; the stream is fixed, so that a find can be found again.

#![allow(clippy::print_stdout)]

use saltern_brine::database::Database;
use saltern_brine::fit::{data, parameters::Plan};
use saltern_brine::thermo::{default_database, embedded};
use saltern_brine::{assay, layer, phreeqc, thermo};
use saltern_fuzz::{Effort, Trial};
use saltern_units::table::Table;
use std::path::Path;

/// Tokens that files of their own seldom hold.
const ODD: [&str; 2] = ["H+ = H+", "="];
const TABLES: [&str; 7] = [
    "components.csv",
    "species.csv",
    "volumes.csv",
    "viscosities.csv",
    "heat_capacities.csv",
    "minerals.csv",
    "interactions.csv",
];
const ASSAY: &str = "id,temperature [degC],density [g/cm3],pH,Na [g/L],K [mg/L],Mg [wt%],Cl [mol/kgw],SO4 [g/kg],\
    alkalinity [mg/L],B [ppm],Li [mmol/kgw],note\na,25,1.2,7.5,80,9000,1.5,4,20,300,40,20,\"x, y\"\n\
    b,-10,,,1,2,3,4,5,,,6,\nc,110,1.05,9,10,,,,,,,,\n";
const LAYER: &str = "kind,species1,species2,species3,reaction,a0 [*],a1 [* K],A1 [-],A3 [K],t_min [degC],t_max [degC],\
    source,reference,note\nPSI,Li+,Na+,Cl-,,0.01,,,,0,50,x,some paper,\nLOG_K,Halite,,,,,,1.5,20,0,100,x,,\n\
    LOG_K,Odd,,,NaCl:3H2O = Na+ + Cl- + 3 H2O,,,1.2,,,,x,,\n";
const SMALL_DAT: &str = "SOLUTION_MASTER_SPECIES\nH H+ -1 H 1.008\nO H2O 0 O 16\nNa Na+ 0 Na 22.99\nCl Cl- 0 Cl 35.45\n\
    SOLUTION_SPECIES\nH+ = H+\nH2O = H2O\nNa+ = Na+\n-gamma 4 0.075\nCl- = Cl-\nH2O = OH- + H+\nlog_k -14\n\
    delta_h 13.3 kcal\n-analytic 1 2 3 4 5\nPHASES\nHalite\nNaCl = Cl- + Na+\nlog_k 1.57\n-Vm 27.1\nPITZER\n-B0\n\
    Na+ Cl- 0.0765 -777 -4.47 0.008\n-ALPHAS\nNa+ Cl- 2 12\nEND\n";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seconds: f64 = arguments
        .next()
        .and_then(|v| v.parse().ok())
        .unwrap_or(10.0);
    let named: Vec<String> = arguments.collect();
    // Where it panicked; the input is told below.
    std::panic::set_hook(Box::new(|panic| println!("{panic}")));
    let mut found = false;
    for reader in ["phreeqc", "thermo", "layer", "assay", "fit"] {
        if named.is_empty() || named.iter().any(|n| n == reader) {
            found |= fuzz(reader, seconds);
        }
    }
    std::process::exit(i32::from(found));
}

/// Whether a panic or a slow input was found.
fn fuzz(reader: &str, seconds: f64) -> bool {
    let files: Vec<Vec<u8>> = files(reader).into_iter().map(String::into_bytes).collect();
    let database = default_database();
    let trial = Trial {
        reader,
        examples: &files,
        tokens: &ODD.map(str::as_bytes),
        effort: Effort::Seconds(seconds),
    };
    let outcome = trial.run(|which, bytes| read(reader, which, bytes, &database));
    match &outcome {
        Ok(tried) => println!("{reader}: {tried}"),
        Err(find) => println!("{find}"),
    }
    outcome.is_err()
}

/// The real files a reader starts from.
fn files(reader: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = |path: &&str| {
        std::fs::read(root.join(path))
            .ok()
            .map(|b| phreeqc::decode(&b))
    };
    match reader {
        "phreeqc" => {
            let paths = [
                "../shared/reference/phreeqc/pitzer.dat",
                "../shared/reference/phreeqc/frezchem.dat",
                "../shared/reference/phreeqc/ColdChem.dat",
            ];
            let mut files: Vec<String> = paths.iter().filter_map(text).collect();
            files.push(SMALL_DAT.to_string());
            files
        }
        "thermo" => TABLES
            .iter()
            .filter_map(|t| embedded(t))
            .map(str::to_string)
            .collect(),
        "layer" => vec![LAYER.to_string()],
        "assay" => vec![ASSAY.to_string()],
        _ => [
            "data/thermo/fits/sulfate.data.csv",
            "data/thermo/fits/sulfate.parameters.csv",
        ]
        .iter()
        .filter_map(text)
        .collect(),
    }
}

fn read(reader: &str, which: usize, bytes: &[u8], database: &Database) {
    let text = phreeqc::decode(bytes);
    let table = || Table::read("fuzz", &text).ok();
    match reader {
        "phreeqc" => drop(phreeqc::parse(&text, "fuzz")),
        "thermo" => {
            let file = |name: &str| match name == TABLES[which] {
                true => Some(text.as_str()),
                false => embedded(name),
            };
            drop(thermo::read("fuzz", &file));
        }
        "layer" => drop(table().map(|t| layer::apply(database.clone(), &t))),
        "assay" => drop(table().map(|t| assay::read(&t))),
        _ => drop(table().map(|t| (data::read(&t, database), Plan::read(database.clone(), &t)))),
    }
}
