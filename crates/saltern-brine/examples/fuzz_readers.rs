//! Feeds damaged files to the readers of databases and assays: whatever comes in, they answer or refuse, and never panic.
//!
//! `fuzz_readers SECONDS [READER…]`, each reader for so many seconds of processor time. Real files are cut, joined, and sprinkled with
//! bytes, tokens and odd numbers; the stream is fixed, so that a find can be found again.

#![allow(clippy::print_stdout)]

use saltern_brine::database::Database;
use saltern_brine::fit::{data, parameters::Plan};
use saltern_brine::thermo::{default_database, embedded};
use saltern_brine::{assay, layer, phreeqc, thermo};
use saltern_units::table::Table;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// An input that keeps a reader busy longer than this is a find too.
const SLOW: Duration = Duration::from_secs(5);
/// Tokens that files of their own seldom hold.
const ODD: [&str; 20] = [
    "",
    "NaN",
    "inf",
    "-1e308",
    "1e-320",
    "1e400",
    "-0",
    "99999999999999999999",
    "é",
    "\u{feff}",
    "\"",
    "\"\"",
    ",",
    "\r",
    "((((((((",
    "H+ = H+",
    "[",
    "]",
    ":",
    "=",
];
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
    // A panic is told below, with its input.
    std::panic::set_hook(Box::new(|panic| println!("{panic}")));
    let mut found = false;
    for reader in ["phreeqc", "thermo", "layer", "assay", "fit"] {
        if named.is_empty() || named.iter().any(|n| n == reader) {
            found |= fuzz(reader, Duration::from_secs_f64(seconds));
        }
    }
    std::process::exit(i32::from(found));
}

/// Whether a panic or a slow input was found.
fn fuzz(reader: &str, time: Duration) -> bool {
    let files = files(reader);
    let pieces = files
        .iter()
        .flat_map(|f| f.split([',', ' ', '\t', '\n', '[', ']']));
    let tokens: Vec<&str> = pieces.chain(ODD).collect();
    let database = default_database();
    let mut random = Random(reader.bytes().map(u64::from).sum());
    let (start, mut inputs) = (on_processor(), 0_u64);
    // The processor's time is asked for now and then only: the question costs as much as a small input.
    while inputs % 64 != 0 || on_processor().saturating_sub(start) < time {
        let which = random.below(files.len());
        let bytes = damaged(&files, which, &tokens, &mut random);
        let again = || catch_unwind(AssertUnwindSafe(|| read(reader, which, &bytes, &database)));
        let (begun, outcome) = (Instant::now(), again());
        inputs += 1;
        let mut slow = begun.elapsed() > SLOW;
        if slow {
            // On a crowded machine the clock runs on while others work.
            let before = on_processor();
            drop(again());
            slow = on_processor().saturating_sub(before) > SLOW;
        }
        if outcome.is_err() || slow {
            let what = if outcome.is_err() {
                "panics"
            } else {
                "is slow"
            };
            let path = std::env::temp_dir().join(format!("fuzz-{reader}-{inputs}.txt"));
            let kept = std::fs::write(&path, &bytes).is_ok();
            println!(
                "{reader} {what} on input {inputs} (file {which}; kept: {kept}, {})",
                path.display()
            );
            return true;
        }
    }
    println!(
        "{reader}: {inputs} inputs in {:.0} s of processor time, no panic",
        on_processor().saturating_sub(start).as_secs_f64()
    );
    false
}

/// Processor time of this thread where the system tells it (Linux), else the time of day.
fn on_processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH);
    nanoseconds.map_or_else(|| clock().unwrap_or_default(), Duration::from_nanos)
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

/// One of the files with a few damages.
fn damaged(files: &[String], which: usize, tokens: &[&str], random: &mut Random) -> Vec<u8> {
    let mut bytes = files[which].clone().into_bytes();
    // Mostly a piece of it, so that damage is dense and reading quick.
    if random.below(4) > 0 {
        let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
        let from = random.below(lines.len());
        let to = lines.len().min(from + random.below(30));
        bytes = [&lines[..1], &lines[from..to]].concat().join(&b'\n');
    }
    for _ in 0..1 + random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        let with: Vec<u8> = match random.below(6) {
            0 => vec![random.below(256) as u8],
            1 | 2 => tokens[random.below(tokens.len())].as_bytes().to_vec(),
            3 => ODD[random.below(ODD.len())].as_bytes().to_vec(),
            4 => Vec::new(),
            _ => {
                let other = files[random.below(files.len())].as_bytes();
                let from = random.below(other.len());
                other[from..(from + random.below(80)).min(other.len())].to_vec()
            }
        };
        let over = if random.below(2) == 0 { end } else { at };
        bytes.splice(at..over, with);
    }
    bytes
}

/// SplitMix64 (Steele et al. 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}
