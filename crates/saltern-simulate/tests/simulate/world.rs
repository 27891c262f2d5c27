//! Small bases built in memory, weather made by hand, and a chemistry simple enough to be checked by eye.

use jiff::civil::{Date, date};
use saltern_base::book::{Book, NodeKind};
use saltern_base::frame::Values;
use saltern_base::model::*;
use saltern_brine::database::{Component, Database, LogK, Mineral, Provenance, Species};
use saltern_brine::equilibrium::{BrineError, Equilibrium};
use saltern_brine::formula::Formula;
use saltern_climate::{Forcing, Hour, air};
use saltern_simulate::chemistry::Chemistry;
use saltern_simulate::{BrineAmounts, Inputs, Next, Simulation, Start, simulate_with};

pub(crate) const WATER_MOL_KG: f64 = 1.0 / 0.018015;

/// First day of the made-up weather.
pub(crate) const FROM: Date = date(2023, 4, 1);

/// A base without ponds on a dry plateau.
pub(crate) fn empty_base() -> Base {
    Base {
        id: "test".into(),
        name: Label::default(),
        caveats: vec![],
        shifts: Vec::new(),
        site: Site {
            latitude_deg: 37.0,
            longitude_deg: 95.0,
            elevation_m: 2680.0,
            utc_offset_h: 8.0,
        },
        from: FROM,
        to: FROM,
        weather: WeatherChoice::File {
            path: String::new(),
        },
        chemistry: Chemistry_ {
            database: "default".into(),
            phases: "stable".into(),
            suppress: vec![],
        },
        brines: vec![],
        ponds: vec![],
        sources: vec![],
        outlets: vec![],
        links: vec![],
        harvests: vec![],
        stockpiles: vec![],
        plants: vec![],
    }
}

use saltern_base::model::Chemistry as Chemistry_;

/// A box of 10,000 m² with 0.3 m of brine 0.
pub(crate) fn pond(id: &str) -> Pond {
    Pond {
        id: id.into(),
        name: Label::default(),
        stage: "halite".into(),
        area_m2: 1e4,
        bathymetry: vec![],
        depth_m_max: 0.6,
        depth_m_min: 0.05,
        depth_m_target: 0.3,
        cells: 4,
        leakage_m_s: 0.0,
        albedo: 0.07,
        wind_factor: 1.0,
        floor_porosity: 0.25,
        reactive_layer_m: 0.02,
        opening: PondOpening {
            brine: 0,
            depth_m: 0.3,
            temperature_k: 288.15,
            floor: vec![],
        },
        outline_m: vec![],
    }
}

/// A source that gives brine at a constant rate.
pub(crate) fn source(id: &str, brine: BrineId, rate_m3_s: f64) -> Source {
    let step = SourceStep {
        from: None,
        rate_m3_s,
        brine,
        temperature_k: None,
    };
    Source {
        id: id.into(),
        name: Label::default(),
        schedule: vec![step],
    }
}

pub(crate) fn link(id: &str, from: End, to: End, capacity_m3_s: f64, rule: Rule) -> Link {
    Link {
        id: id.into(),
        from,
        to,
        capacity_m3_s,
        rule,
        season: None,
    }
}

pub(crate) fn outlet(id: &str) -> Outlet {
    Outlet {
        id: id.into(),
        name: Label::default(),
    }
}

pub(crate) fn harvest(
    id: &str,
    pond: PondId,
    method: HarvestMethod,
    start: (i8, i8),
    days: u32,
) -> Harvest {
    Harvest {
        id: id.into(),
        pond,
        stockpile: "stockpile".into(),
        method,
        start,
        days,
        leave_m: 0.01,
        entrainment_kg_kg: 0.1,
    }
}

/// A named brine whose amounts the test hands over itself.
pub(crate) fn named(id: &str) -> NamedBrine {
    NamedBrine {
        id: id.into(),
        cells: vec![],
        row: 2,
    }
}

/// Weather of a salt desert, in the shape of a day and of a year; rain on every `rain_every`th day.
pub(crate) fn weather(days: usize, rain_every: usize, rain_mm: f64) -> Vec<Forcing> {
    (0..days * 24)
        .map(|h| {
            let (day, hour) = (h / 24, (h % 24) as f64);
            let year = ((day as f64 + 91.0 - 200.0) / 365.0 * std::f64::consts::TAU).cos();
            let sun = ((hour - 12.0) / 24.0 * std::f64::consts::TAU).cos();
            let air_k = 273.15 + 3.0 + 14.0 * year + 7.0 * sun;
            let rains = rain_every > 0 && day % rain_every == 0;
            let hour = Hour {
                air_temperature_k: air_k,
                vapour_pressure_pa: 0.35 * air::saturation_vapour_pressure_pa(276.15 + 14.0 * year),
                wind_m_s: 3.5 + 1.5 * sun,
                global_w_m2: (640.0 + 230.0 * year) * sun.max(0.0),
                pressure_pa: 73_000.0,
                rain_m_s: if rains {
                    rain_mm * 1e-3 / 86_400.0
                } else {
                    0.0
                },
                long_wave_down_w_m2: None,
                diffuse_w_m2: None,
                direct_normal_w_m2: None,
            };
            Forcing::new(&hour, 2.0)
        })
        .collect()
}

/// Water, protons, Na, K, Mg, Li and Cl with three salts: enough for a pond chain, no parameters.
pub(crate) fn toy_database() -> Database {
    let names = ["H2O", "H+", "Na+", "K+", "Mg+2", "Li+", "Cl-"];
    let component = |(i, name): (usize, &&str)| Component {
        name: name.to_string(),
        element: name.trim_end_matches(['+', '-', '2']).to_string(),
        species: i.checked_sub(1),
        formula: Formula::parse(name).unwrap(),
        molar_mass_kg_mol: Formula::parse(name).unwrap().molar_mass_kg_mol(),
    };
    let species = |(i, name): (usize, &&str)| Species {
        name: name.to_string(),
        charge: Formula::parse(name).unwrap().charge,
        formation: vec![(i, 1.0)],
        ..Species::default()
    };
    let mineral = |name: &str, text: &str, dissolution: &[(usize, f64)], volume_cm3: f64| Mineral {
        name: name.to_string(),
        formula_text: text.to_string(),
        dissolution: dissolution.to_vec(),
        log_k: LogK::default(),
        molar_volume_m3_mol: Some(volume_cm3 * 1e-6),
        provenance: Provenance::default(),
    };
    Database {
        name: "toy".into(),
        components: names.iter().enumerate().map(component).collect(),
        species: names.iter().enumerate().skip(1).map(species).collect(),
        minerals: vec![
            mineral("Halite", "NaCl", &[(2, 1.0), (6, 1.0)], 27.0),
            mineral("Sylvite", "KCl", &[(3, 1.0), (6, 1.0)], 37.5),
            mineral(
                "Bischofite",
                "MgCl2:6H2O",
                &[(4, 1.0), (6, 2.0), (0, 6.0)],
                127.0,
            ),
        ],
        ..Database::default()
    }
}

/// A chemistry in which each salt has a fixed solubility, mol/kgw, whatever else is dissolved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Toy {
    /// Calls so far.
    pub(crate) calls: u64,
    /// Every call of this number fails, if not zero.
    pub(crate) fail_every: u64,
}

/// Highest molality of Na, K and Mg.
const SOLUBILITY: [(usize, usize, f64, f64); 3] =
    [(0, 2, 6.0, 0.0), (1, 3, 4.5, 0.0), (2, 4, 5.8, 6.0)];

impl Chemistry for Toy {
    fn equilibrate(
        &mut self,
        amounts_mol: &[f64],
        temperature_k: f64,
        _warm: Option<&Equilibrium>,
    ) -> Result<Equilibrium, BrineError> {
        self.calls += 1;
        if self.fail_every > 0 && self.calls.is_multiple_of(self.fail_every) {
            return Err(BrineError::NotConverged {
                what: "toy",
                iterations: 1,
                residual: 1.0,
                temperature_k,
            });
        }
        let mut left = amounts_mol.to_vec();
        let mut solids_mol = vec![0.0; 3];
        // Bischofite binds water, so it goes first; the others then fit what water is left.
        for &(mineral, ion, limit, water) in SOLUBILITY.iter().rev() {
            let room = limit * left[0] / WATER_MOL_KG;
            let excess = (left[ion] - room) / (1.0 - limit * water / WATER_MOL_KG);
            let n = excess.max(0.0).min(left[ion]);
            solids_mol[mineral] = n;
            left[ion] -= n;
            left[0] -= water * n;
        }
        let water_kg = left[0] / WATER_MOL_KG;
        let ions: f64 = left[2..6].iter().sum();
        Ok(Equilibrium {
            temperature_k,
            water_kg,
            water_activity: (1.0 - 0.03 * ions / water_kg - 0.07 * left[4] / water_kg).max(0.05),
            solids_mol,
            ..Equilibrium::default()
        })
    }

    fn density_kg_m3(&self, equilibrium: &Equilibrium) -> f64 {
        1000.0 + 300.0 * (1.0 - equilibrium.water_activity)
    }
}

/// A toy brine, mol/kgw of Na, K, Mg and Li, neutral as chlorides.
pub(crate) fn toy_brine(na: f64, k: f64, mg: f64, li: f64) -> BrineAmounts {
    let cl = na + k + 2.0 * mg + li;
    BrineAmounts {
        amounts_mol_kgw: vec![WATER_MOL_KG, 0.0, na, k, mg, li, cl],
    }
}

/// Marches a base with the toy chemistry.
pub(crate) fn march(base: &Base, brines: &[BrineAmounts], hours: &[Forcing]) -> Simulation {
    march_from(base, brines, hours, Start::Opening, None)
}

pub(crate) fn march_from(
    base: &Base,
    brines: &[BrineAmounts],
    hours: &[Forcing],
    start: Start,
    schedule: Option<&Schedule>,
) -> Simulation {
    let database = toy_database();
    let days = (hours.len() / 24) as i64;
    let inputs = Inputs {
        base,
        database: &database,
        allowed: &[0, 1, 2],
        brines,
        hours,
        start,
        schedule,
        from: FROM,
        to: FROM.checked_add(jiff::Span::new().days(days - 1)).unwrap(),
    };
    simulate_with(&inputs, &mut Toy::default(), &mut |_| Next::Continue).unwrap()
}

/// Worst |Δstock − in + out| / max(opening stock, throughput) over nodes that keep stock and elements.
pub(crate) fn closure(book: &Book) -> f64 {
    book.close().unwrap().worst().map_or(0.0, |w| w.closure)
}

/// Sum of an element over the postings of streams of a kind, mol.
pub(crate) fn moved(book: &Book, kind: saltern_base::book::StreamKind, element: &str) -> f64 {
    let e = book.elements.iter().position(|x| x == element).unwrap();
    (book.postings.iter())
        .filter(|p| book.streams[p.stream].kind == kind)
        .map(|p| p.elements_mol[e])
        .sum()
}

/// An element in all ponds, brine and solids, mol.
pub(crate) fn held(book: &Book, stocks: &[saltern_base::book::Stock], element: &str) -> f64 {
    let e = book.elements.iter().position(|x| x == element).unwrap();
    (stocks.iter())
        .filter(|s| book.nodes[s.node].kind == NodeKind::Pond)
        .map(|s| s.brine_elements_mol[e] + s.solid_elements_mol[e])
        .sum()
}

/// Numbers of a column of the frame `ponds` for one pond.
pub(crate) fn series(simulation: &Simulation, pond: &str, column: &str) -> Vec<f64> {
    numbers(simulation, ("ponds", "pond", pond), column)
}

/// Numbers of a column of a frame in the rows that are of something: `("plants", "plant", "sale")`.
pub(crate) fn numbers(
    simulation: &Simulation,
    (frame, key, of): (&str, &str, &str),
    column: &str,
) -> Vec<f64> {
    let frame = simulation.series.iter().find(|f| f.name == frame).unwrap();
    let find = |name: &str| {
        let column = frame.columns.iter().find(|c| c.name == name);
        &column.unwrap_or_else(|| panic!("no column {name}")).values
    };
    let Values::Text(keys) = find(key) else {
        panic!("{key} is text")
    };
    let rows = (0..keys.len()).filter(|&i| keys[i] == of);
    match find(column) {
        Values::Number(values) => rows.map(|i| values[i]).collect(),
        Values::Integer(values) => rows.map(|i| values[i] as f64).collect(),
        _ => panic!("{column} is not a number"),
    }
}

/// The database that ships, and the minerals it lets form in ponds.
pub(crate) fn default_chemistry() -> (Database, Vec<usize>) {
    let database = saltern_brine::thermo::default_database();
    let allowed = saltern_brine::phases::metastable(&database);
    (database, allowed)
}

/// A neutral brine by molalities of components, mol/kgw, with chloride for the balance.
pub(crate) fn brine(database: &Database, parts: &[(&str, f64)]) -> BrineAmounts {
    let mut amounts_mol_kgw = vec![0.0; database.components.len()];
    amounts_mol_kgw[0] = 1.0 / database.components[0].molar_mass_kg_mol;
    let mut charge = 0.0;
    for (name, molality) in parts {
        let c = database.component(name).unwrap();
        amounts_mol_kgw[c] = *molality;
        charge += molality * database.components[c].formula.charge;
    }
    amounts_mol_kgw[database.component("Cl-").unwrap()] = charge;
    BrineAmounts { amounts_mol_kgw }
}
