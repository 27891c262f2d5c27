//! A year of 30 ponds of 4 cells on the real chemistry, timed, on the default set or a PHREEQC database:
//! `cargo run --release --example thirty_ponds [DATABASE.dat]`.
//!
//! Weather and brine are made up (Qarhan-like); the point is the effort.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::Instant;

use jiff::civil::date;
use saltern_base::model::*;
use saltern_brine::database::Database;
use saltern_brine::equilibrium::{BrineError, Equilibrium};
use saltern_brine::{phases, phreeqc, thermo};
use saltern_climate::{Forcing, Hour, air};
use saltern_simulate::chemistry::{Chemistry as BrineChemistry, Pitzer};
use saltern_simulate::{BrineAmounts, Inputs, Next, Start, simulate_with};

/// A chemistry that is timed.
struct Timed<'a> {
    inner: Pitzer<'a>,
    seconds: f64,
    worst_s: f64,
}

impl BrineChemistry for Timed<'_> {
    fn equilibrate(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        warm: Option<&Equilibrium>,
    ) -> Result<Equilibrium, BrineError> {
        let start = Instant::now();
        let solved = self.inner.equilibrate(amounts_mol, temperature_k, warm);
        let seconds = start.elapsed().as_secs_f64();
        self.seconds += seconds;
        self.worst_s = self.worst_s.max(seconds);
        if let Err(error) = &solved {
            println!("{error} {amounts_mol:?}");
        }
        solved
    }

    fn density_kg_m3(&self, equilibrium: &Equilibrium) -> f64 {
        self.inner.density_kg_m3(equilibrium)
    }
}

fn main() {
    let database = match std::env::args().nth(1) {
        Some(path) => {
            phreeqc::parse(&phreeqc::decode(&std::fs::read(&path).unwrap()), &path).unwrap()
        }
        None => thermo::default_database(),
    };
    let allowed = phases::metastable(&database);
    let base = base(30, 4);
    let brines = [brine(&database)];
    let hours = weather(365);
    let inputs = Inputs {
        base: &base,
        database: &database,
        allowed: &allowed,
        brines: &brines,
        hours: &hours,
        start: Start::Opening,
        schedule: None,
        from: date(2023, 1, 1),
        to: date(2023, 12, 31),
    };
    let mut chemistry = Timed {
        inner: Pitzer::new(&database, &allowed),
        seconds: 0.0,
        worst_s: 0.0,
    };
    let start = Instant::now();
    let run = simulate_with(&inputs, &mut chemistry, &mut |_| Next::Continue).unwrap();
    let all = start.elapsed().as_secs_f64();
    let report = run.report.chemistry;
    let energy = energy_alone(&hours, base.ponds.len() * 5);
    let rest = all - chemistry.seconds - energy;
    println!(
        "{all:.2} s in all: chemistry {:.2} s, energy balance {energy:.2} s, flows and book {rest:.2} s",
        chemistry.seconds
    );
    println!(
        "{} equilibria ({:.1} us, worst {:.1} ms, {:.2} iterations each), {} failures",
        report.equilibria,
        1e6 * chemistry.seconds / report.equilibria as f64,
        1e3 * chemistry.worst_s,
        report.iterations as f64 / report.equilibria as f64,
        report.failures
    );
    println!(
        "{report:?}, {} flow steps, {} postings",
        run.report.flow_steps,
        run.book.postings.len()
    );
    for notice in &run.notices {
        println!("{notice:?}");
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status
            .lines()
            .filter(|l| l.starts_with("VmHWM"))
            .for_each(|l| println!("{l}"));
    }
    for stock in &run.book.closing {
        let held: Vec<String> = (run.book.minerals.iter().zip(&stock.minerals_mol))
            .filter(|(_, n)| **n > 0.0)
            .map(|(name, n)| format!("{name} {n:.3e}"))
            .collect();
        println!("{}: {}", run.book.nodes[stock.node].id, held.join(", "));
    }
}

/// Seconds that the hourly balance of so many surfaces takes by itself: the march runs one for each
/// cell and one of fresh water for each pond.
fn energy_alone(hours: &[Forcing], surfaces: usize) -> f64 {
    let start = Instant::now();
    let surface = saltern_climate::Surface::default();
    let mut evaporated = 0.0;
    for s in 0..surfaces {
        let mut temperature_k = 270.0;
        for forcing in hours {
            let water_activity = 0.7 - 1e-3 * s as f64;
            let step = surface.step(forcing, temperature_k, water_activity, 3600.0, 0.0);
            temperature_k = step.temperature_k;
            evaporated += step.evaporation_kg_m2_s;
        }
    }
    assert!(evaporated > 0.0);
    start.elapsed().as_secs_f64()
}

/// Qarhan-like brine, mol/kgw, with sulfate and calcium (facts: brine.md 9.2, `qarhan 0`).
fn brine(database: &Database) -> BrineAmounts {
    let mut amounts_mol_kgw = vec![0.0; database.components.len()];
    amounts_mol_kgw[0] = 1.0 / 0.018015;
    let parts = [
        ("Na+", 1.989),
        ("K+", 0.44021),
        ("Li+", 0.016531),
        ("Mg+2", 2.3605),
        ("Ca+2", 0.027923),
        ("SO4-2", 0.059017),
    ];
    let mut charge = 0.0;
    for (name, molality) in parts {
        let Some(c) = database.component(name) else {
            continue;
        };
        amounts_mol_kgw[c] = molality;
        charge += molality * database.components[c].formula.charge;
    }
    amounts_mol_kgw[database.component("Cl-").unwrap()] = charge;
    BrineAmounts { amounts_mol_kgw }
}

fn base(ponds: usize, cells: usize) -> Base {
    let label = Label::default;
    let mut base = Base {
        id: "thirty".into(),
        name: label(),
        caveats: vec![],
        shifts: Vec::new(),
        site: Site {
            latitude_deg: 37.0,
            longitude_deg: 95.0,
            elevation_m: 2680.0,
            utc_offset_h: 8.0,
        },
        from: date(2023, 1, 1),
        to: date(2023, 12, 31),
        weather: WeatherChoice::File {
            path: String::new(),
        },
        chemistry: Chemistry {
            database: "default".into(),
            phases: "metastable".into(),
            suppress: vec![],
        },
        brines: vec![NamedBrine {
            id: "feed".into(),
            cells: vec![],
            row: 2,
        }],
        ponds: vec![],
        sources: vec![Source {
            id: "wells".into(),
            name: label(),
            schedule: vec![SourceStep {
                from: None,
                rate_m3_s: 2.0,
                brine: 0,
                temperature_k: None,
            }],
        }],
        outlets: vec![Outlet {
            id: "old-brine".into(),
            name: label(),
        }],
        links: vec![],
        harvests: vec![],
        stockpiles: vec![],
        plants: vec![],
    };
    for i in 0..ponds {
        base.ponds.push(Pond {
            id: format!("p{i}"),
            name: label(),
            stage: if i < 18 {
                "halite"
            } else if i < 25 {
                "carnallite"
            } else {
                "bischofite"
            }
            .into(),
            area_m2: 1e6,
            bathymetry: vec![],
            depth_m_max: 0.8,
            depth_m_min: 0.05,
            depth_m_target: 0.35,
            cells,
            leakage_m_s: 0.1e-3 / 86_400.0,
            albedo: 0.1,
            wind_factor: 1.0,
            floor_porosity: 0.25,
            reactive_layer_m: 0.02,
            opening: PondOpening {
                brine: 0,
                depth_m: 0.35,
                temperature_k: 270.15,
                floor: vec![],
            },
            outline_m: vec![],
        });
        let from = if i % 10 == 0 {
            End::Source(0)
        } else {
            End::Pond(i - 1)
        };
        base.links.push(Link {
            id: format!("l{i}"),
            from,
            to: End::Pond(i),
            capacity_m3_s: 0.6,
            rule: Rule::KeepLevel,
            season: None,
        });
    }
    for i in [9, 19, 29] {
        base.links.push(Link {
            id: format!("end{i}"),
            from: End::Pond(i),
            to: End::Outlet(0),
            capacity_m3_s: 0.02,
            rule: Rule::Grade {
                quantity: GradeQuantity::WaterActivity,
                above: false,
                limit: 0.35,
            },
            season: None,
        });
    }
    for i in 0..ponds {
        base.harvests.push(Harvest {
            id: format!("h{i}"),
            pond: i,
            stockpile: "salt".into(),
            method: if i % 2 == 0 {
                HarvestMethod::Dredge
            } else {
                HarvestMethod::Dry
            },
            start: (10, 1),
            days: 30,
            leave_m: 0.05,
            entrainment_kg_kg: 0.1,
        });
    }
    base
}

fn weather(days: usize) -> Vec<Forcing> {
    (0..days * 24)
        .map(|h| {
            let (day, hour) = (h / 24, (h % 24) as f64);
            let year = ((day as f64 - 200.0) / 365.0 * std::f64::consts::TAU).cos();
            let sun = ((hour - 12.0) / 24.0 * std::f64::consts::TAU).cos();
            let noise = ((day * 7919 % 101) as f64 / 101.0 - 0.5) * 6.0;
            let hour = Hour {
                air_temperature_k: 273.15 + 4.0 + 14.0 * year + 7.0 * sun + noise,
                vapour_pressure_pa: 0.33 * air::saturation_vapour_pressure_pa(277.15 + 14.0 * year),
                wind_m_s: 3.6 + 1.5 * sun,
                global_w_m2: (640.0 + 230.0 * year) * sun.max(0.0),
                pressure_pa: 73_000.0,
                rain_m_s: if day % 29 == 11 { 5e-3 / 86_400.0 } else { 0.0 },
                long_wave_down_w_m2: None,
                diffuse_w_m2: None,
                direct_normal_w_m2: None,
            };
            Forcing::new(&hour, 2.0)
        })
        .collect()
}
