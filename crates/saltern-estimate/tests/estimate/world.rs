//! A base of twelve ponds, a truth that departs from it, and what instruments and laboratory would say of that truth.
//!
//! All of it is synthetic, and every error is stated here: levels 2 mm (as issue 6 asks), assays 0.5 % or what a test says, meters
//! of class 0.25 (wrong by 0.25 % of reading, the same all the time) that scatter 1 % by the day, wind that the ponds feel 10 % off in all
//! and 6 % off in each, its daily mean 10 % off the station's, densities 0.5 kg/m³, floors of 0.2 m surveyed to 1 cm.

use jiff::civil::{Date, date};
use saltern_base::model::*;
use saltern_brine::database::Database;
use saltern_climate::{Forcing, Hour, air};
use saltern_estimate::departure::{Campaign, Prior};
use saltern_estimate::observation::{Observation, Quantity};
use saltern_estimate::state::Settings;
use saltern_estimate::track::Track;
use saltern_numerics::random::Random;
use saltern_simulate::{BrineAmounts, Inputs, Next, Simulation, Start, simulate};

/// First day of the weather.
pub(crate) const FIRST: Date = date(2023, 4, 1);
/// Trains of ponds, and ponds in each.
const TRAINS: usize = 4;
const PONDS: usize = 3;
/// Standard deviation of a level, m.
pub(crate) const LEVEL_SIGMA_M: f64 = 2e-3;
/// Standard deviation of a density, kg/m³.
pub(crate) const DENSITY_SIGMA: f64 = 0.5;
/// Thickness of a floor by survey, relative.
pub(crate) const SURVEY: f64 = 0.05;
/// Class of a meter.
pub(crate) const METER: f64 = 0.0025;

pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) allowed: Vec<usize>,
    pub(crate) base: Base,
    pub(crate) brines: Vec<BrineAmounts>,
    pub(crate) hours: Vec<Forcing>,
}

impl World {
    /// Four trains of three ponds, weather of so many days from [`FIRST`].
    pub(crate) fn new(days: usize) -> World {
        World::of_trains(days, TRAINS)
    }

    /// So many trains of three ponds.
    pub(crate) fn of_trains(days: usize, trains: usize) -> World {
        let database = saltern_brine::thermo::default_database();
        let allowed = saltern_brine::phases::metastable(&database);
        let parts = [
            ("Na+", 3.6),
            ("K+", 0.3),
            ("Li+", 0.02),
            ("Mg+2", 1.1),
            ("Ca+2", 0.02),
            ("SO4-2", 0.05),
        ];
        let brines = vec![brine(&database, &parts)];
        World {
            base: base(trains),
            brines,
            allowed,
            hours: weather(days),
            database,
        }
    }

    /// Marches a base of this world from day `from` over so many days.
    pub(crate) fn march(
        &self,
        base: &Base,
        hours: &[Forcing],
        start: Start<'_>,
        schedule: Option<&Schedule>,
        from: usize,
        days: usize,
    ) -> Simulation {
        let inputs = Inputs {
            base,
            database: &self.database,
            allowed: &self.allowed,
            brines: &self.brines,
            hours: &hours[from * 24..(from + days) * 24],
            start,
            schedule,
            from: day(from),
            to: day(from + days - 1),
        };
        simulate(&inputs, &mut |_| Next::Continue).unwrap()
    }

    /// The brine of each pond of a state, each ion wrong by so much, chloride for the balance.
    pub(crate) fn assayed(
        &self,
        state: &State,
        relative: f64,
        random: &mut Random,
    ) -> Vec<BrineAmounts> {
        let mut brines = Vec::new();
        for pond in &state.ponds {
            let mut parts = Vec::new();
            for (header, text) in &pond.assay {
                let element = header.split(' ').next().unwrap();
                let ion = match element {
                    "Na" | "K" | "Li" => format!("{element}+"),
                    "Mg" | "Ca" => format!("{element}+2"),
                    "SO4" => "SO4-2".into(),
                    _ => continue,
                };
                let value: f64 = text.parse().unwrap();
                parts.push((ion, value * (1.0 + relative * random.normal())));
            }
            let parts: Vec<(&str, f64)> = parts.iter().map(|(n, v)| (n.as_str(), *v)).collect();
            brines.push(brine(&self.database, &parts));
        }
        brines
    }

    /// Content of an element in the feed, kg/m³ at 15 °C: what the first pond would hold had nothing evaporated.
    pub(crate) fn feed_kg_m3(&self, element: &str) -> f64 {
        let mut base = self.base.clone();
        base.ponds.truncate(1);
        base.links.clear();
        base.ponds[0].opening.floor.clear();
        base.ponds[0].opening.temperature_k = 288.15;
        let mut hours = self.hours[..24].to_vec();
        for hour in &mut hours {
            hour.transfer_w_m2_pa *= 1e-6;
            hour.short_wave_w_m2 = 0.0;
            hour.long_wave_down_w_m2 = 0.97 * 5.670374419e-8 * 288.15_f64.powi(4);
            hour.rain_kg_m2_s = 0.0;
            hour.air_temperature_k = 288.15;
        }
        let run = self.march(&base, &hours, Start::Opening, None, 0, 1);
        let track = Track::of(&run, &base).unwrap();
        let e = track.element(element).unwrap();
        track.contents[e][0]
    }
}

pub(crate) fn day(offset: usize) -> Date {
    FIRST
        .checked_add(jiff::Span::new().days(offset as i64))
        .unwrap()
}

fn brine(database: &Database, parts: &[(&str, f64)]) -> BrineAmounts {
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

fn base(trains: usize) -> Base {
    let mut ponds = Vec::new();
    let mut links = Vec::new();
    for train in 0..trains {
        for i in 0..PONDS {
            let p = train * PONDS + i;
            ponds.push(pond(&format!("p{p}")));
            let from = match i {
                0 => End::Source(0),
                _ => End::Pond(p - 1),
            };
            links.push(link(&format!("l{p}"), from, End::Pond(p), Rule::KeepLevel));
        }
        let end = End::Pond(train * PONDS + PONDS - 1);
        let mut last = link(&format!("end{train}"), end, End::Outlet(0), Rule::Constant);
        // 4 mm of its own pond a day.
        last.capacity_m3_s = 4e-3 * 1e6 / 86_400.0;
        links.push(last);
    }
    Base {
        id: "twelve".into(),
        name: Label::default(),
        caveats: vec![],
        shifts: Vec::new(),
        site: Site {
            latitude_deg: 37.0,
            longitude_deg: 95.0,
            elevation_m: 2680.0,
            utc_offset_h: 8.0,
        },
        from: FIRST,
        to: FIRST,
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
        ponds,
        sources: vec![Source {
            id: "wells".into(),
            name: Label::default(),
            schedule: vec![SourceStep {
                from: None,
                rate_m3_s: 10.0,
                brine: 0,
                temperature_k: None,
            }],
        }],
        outlets: vec![Outlet {
            id: "plant".into(),
            name: Label::default(),
        }],
        links,
        harvests: vec![],
        stockpiles: vec![],
        plants: vec![],
    }
}

fn pond(id: &str) -> Pond {
    Pond {
        id: id.into(),
        name: Label::default(),
        stage: "halite".into(),
        area_m2: 1e6,
        bathymetry: vec![],
        depth_m_max: 3.0,
        depth_m_min: 0.05,
        depth_m_target: 0.5,
        cells: 1,
        leakage_m_s: 0.0,
        albedo: 0.1,
        wind_factor: 1.0,
        floor_porosity: 0.25,
        reactive_layer_m: 0.03,
        opening: PondOpening {
            brine: 0,
            depth_m: 0.5,
            temperature_k: 283.15,
            floor: vec![("Halite".into(), 0.2)],
        },
        outline_m: vec![],
    }
}

fn link(id: &str, from: End, to: End, rule: Rule) -> Link {
    Link {
        id: id.into(),
        from,
        to,
        capacity_m3_s: 1.0,
        rule,
        season: None,
    }
}

/// Weather of a salt desert in the shape of a day and of a year, 3 mm of rain on every 17th day.
fn weather(days: usize) -> Vec<Forcing> {
    (0..days * 24)
        .map(|h| {
            let (day, hour) = (h / 24, (h % 24) as f64);
            let year = ((day as f64 + 91.0 - 200.0) / 365.0 * std::f64::consts::TAU).cos();
            let sun = ((hour - 12.0) / 24.0 * std::f64::consts::TAU).cos();
            let air_k = 273.15 + 3.0 + 14.0 * year + 7.0 * sun;
            let hour = Hour {
                air_temperature_k: air_k,
                vapour_pressure_pa: 0.35 * air::saturation_vapour_pressure_pa(276.15 + 14.0 * year),
                wind_m_s: 3.5 + 1.5 * sun,
                global_w_m2: (640.0 + 230.0 * year) * sun.max(0.0),
                pressure_pa: 73_000.0,
                rain_m_s: match day % 17 {
                    5 => 3e-3 / 86_400.0,
                    _ => 0.0,
                },
                long_wave_down_w_m2: None,
                diffuse_w_m2: None,
                direct_normal_w_m2: None,
            };
            Forcing::new(&hour, 2.0)
        })
        .collect()
}

/// What departs from the base.
pub(crate) struct Truth {
    pub(crate) base: Base,
    pub(crate) hours: Vec<Forcing>,
    /// What a meter says over what flowed.
    pub(crate) meters: Vec<f64>,
}

impl Truth {
    /// Winds and meters drawn from a seed.
    pub(crate) fn draw(world: &World, random: &mut Random) -> Truth {
        let mut base = world.base.clone();
        let all = (0.10 * random.normal()).exp();
        for pond in &mut base.ponds {
            pond.wind_factor *= all * (0.06 * random.normal()).exp();
        }
        let mut hours = world.hours.clone();
        for day in hours.chunks_mut(24) {
            let wind = (0.10 * random.normal()).exp();
            day.iter_mut().for_each(|h| h.transfer_w_m2_pa *= wind);
        }
        let links = 0..base.links.len();
        let meters = links.map(|_| (METER * random.normal()).exp()).collect();
        Truth {
            base,
            hours,
            meters,
        }
    }

    /// Lets a pond leak, mm/d.
    pub(crate) fn leak(&mut self, pond: usize, mm_d: f64) {
        self.base.ponds[pond].leakage_m_s += mm_d * 1e-3 / 86_400.0;
    }

    /// What meters said of the flows of a track that began on day `from`.
    pub(crate) fn metered(&self, track: &Track, from: usize, random: &mut Random) -> Schedule {
        let mut schedule = Schedule::default();
        for (l, days) in track.flows_m3.iter().enumerate() {
            for (d, m3) in days.iter().enumerate() {
                let reading = m3 / self.meters[l] * (1.0 + 0.01 * random.normal());
                schedule.flows.push(ScheduledFlow {
                    link: l,
                    from: day(from + d),
                    to: day(from + d),
                    flow_m3_s: reading.max(0.0) / 86_400.0,
                });
            }
        }
        schedule
    }
}

/// Levels and densities every evening, assays of these elements every seventh.
pub(crate) fn observe(
    track: &Track,
    elements: &[&str],
    assay_relative: f64,
    random: &mut Random,
) -> Vec<Observation> {
    let mut all = Vec::new();
    for day in 0..track.days {
        for pond in 0..track.ponds {
            let mut add = |quantity: Quantity, sigma: f64, relative: f64| {
                let truth = track.value(day, pond, &quantity).unwrap();
                let sigma = sigma + relative * truth;
                all.push(Observation {
                    pond,
                    day,
                    quantity,
                    value: truth + sigma * random.normal(),
                    sigma,
                });
            };
            add(Quantity::Level, LEVEL_SIGMA_M, 0.0);
            add(Quantity::Density, DENSITY_SIGMA, 0.0);
            if day % 7 == 6 {
                for element in elements {
                    let quantity = Quantity::Content(element.to_string());
                    add(quantity, 0.0, assay_relative);
                }
            }
        }
    }
    all
}

/// The truth from its own state on.
pub(crate) fn go_on(
    world: &World,
    truth: &Truth,
    before: &Simulation,
    from: usize,
    days: usize,
) -> Simulation {
    let brines = world.assayed(&before.state, 0.0, &mut Random::new(0));
    let start = Start::State {
        state: &before.state,
        brines: &brines,
    };
    world.march(&truth.base, &truth.hours, start, None, from, days)
}

/// What is believed of a state: levels read, floors surveyed.
pub(crate) fn believed(state: &State, random: &mut Random) -> State {
    let mut believed = state.clone();
    for pond in &mut believed.ponds {
        pond.depth_m += LEVEL_SIGMA_M * random.normal();
        for (_, thickness_m) in &mut pond.floor {
            let error_m = SURVEY * *thickness_m * random.normal();
            pond.depth_m -= error_m;
            *thickness_m += error_m;
        }
    }
    believed
}

/// What is assayed.
pub(crate) const ELEMENTS: [&str; 4] = ["Na", "K", "Mg", "Li"];

/// What is known of such ponds beforehand: the errors that this world makes.
pub(crate) fn settings(assay: f64, seed: u64) -> Settings {
    Settings {
        prior: Prior {
            leak_mm_d: 0.3,
            depth_mm: 3.0,
            salt: SURVEY,
            ion: assay,
            meter: METER,
            wind: 0.06,
            sky: 0.10,
            week: 0.04,
        },
        seed,
        ..Settings::default()
    }
}

/// Days of a truth with leaks of its own, what was measured of it, and what was believed when they began.
pub(crate) struct Season {
    from: usize,
    pub(crate) truth: Truth,
    pub(crate) leaks_mm_d: Vec<f64>,
    pub(crate) run: Simulation,
    pub(crate) track: Track,
    pub(crate) observations: Vec<Observation>,
    metered: Schedule,
    state: State,
    brines: Vec<BrineAmounts>,
}

impl Season {
    /// So many days of a world, after as many `before` in which the truth finds its own state.
    pub(crate) fn draw(world: &World, seed: u64, assay: f64, before: usize, days: usize) -> Season {
        let mut random = Random::new(seed);
        let mut truth = Truth::draw(world, &mut random);
        let own = world.march(&truth.base, &truth.hours, Start::Opening, None, 0, before);
        let ponds = 0..world.base.ponds.len();
        let leaks_mm_d: Vec<f64> = ponds.map(|_| (0.3 * random.normal()).max(0.0)).collect();
        for (p, leak) in leaks_mm_d.iter().enumerate() {
            truth.leak(p, *leak);
        }
        let run = go_on(world, &truth, &own, before, days);
        let track = Track::of(&run, &truth.base).unwrap();
        let observations = observe(&track, &ELEMENTS, assay, &mut random);
        let metered = truth.metered(&track, before, &mut random);
        let state = believed(&own.state, &mut random);
        let brines = world.assayed(&own.state, assay, &mut random);
        Season {
            from: before,
            truth,
            leaks_mm_d,
            run,
            track,
            observations,
            metered,
            state,
            brines,
        }
    }

    /// What an estimate begins with.
    pub(crate) fn campaign<'a>(&'a self, world: &'a World) -> Campaign<'a> {
        let days = self.track.days as usize;
        Campaign {
            inputs: Inputs {
                base: &world.base,
                database: &world.database,
                allowed: &world.allowed,
                brines: &world.brines,
                hours: &world.hours[self.from * 24..(self.from + days) * 24],
                start: Start::Opening,
                schedule: None,
                from: day(self.from),
                to: day(self.from + days - 1),
            },
            state: &self.state,
            brines: &self.brines,
            metered: &self.metered,
        }
    }
}
