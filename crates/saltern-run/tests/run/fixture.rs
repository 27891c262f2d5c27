//! A made-up base and run for tests: twelve ponds, toy chemistry, every number invented. It is no lake and
//! no result; it only has the shape of one, and its book closes.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use saltern_base::book::{Book, Node, NodeKind, Posting, Stock, Stream, StreamKind};
use saltern_base::frame::Frame;
use saltern_base::model::*;
use saltern_run::columns;
use saltern_run::{Notice, RunContents, RunMeta, WeatherOrigin};

pub(crate) const ELEMENTS: [&str; 8] = ["H", "O", "Na", "K", "Mg", "Li", "Cl", "S"];
const KG_MOL: [f64; 8] = [
    1.008e-3, 15.999e-3, 22.99e-3, 39.098e-3, 24.305e-3, 6.94e-3, 35.45e-3, 32.06e-3,
];
const MINERALS: [&str; 3] = ["Halite", "Carnallite", "Bischofite"];
/// Elements of a mole of each mineral, in the order of ELEMENTS.
const MAKEUP: [[f64; 8]; 3] = [
    [0., 0., 1., 0., 0., 0., 1., 0.],
    [12., 6., 0., 1., 1., 0., 3., 0.],
    [12., 6., 0., 0., 1., 0., 2., 0.],
];
const BULK_KG_M3: f64 = 1500.0;
const STAGES: [&str; 12] = [
    "halite",
    "halite",
    "halite",
    "halite",
    "halite",
    "carnallite",
    "carnallite",
    "carnallite",
    "carnallite",
    "bischofite",
    "bischofite",
    "old brine",
];
const DEPTH_M: f64 = 0.5;

fn area_m2(pond: usize) -> f64 {
    [
        2.4e6, 2.2e6, 2.0e6, 1.8e6, 1.5e6, 0.9e6, 0.85e6, 0.8e6, 0.7e6, 0.5e6, 0.45e6, 0.3e6,
    ][pond]
}

#[derive(Clone)]
struct Pool {
    brine: [f64; 8],
    salt: [f64; 3],
}

fn kg(elements: &[f64; 8]) -> f64 {
    elements.iter().zip(KG_MOL).map(|(n, m)| n * m).sum()
}

impl Pool {
    fn water_kg(&self) -> f64 {
        self.brine[0] / 2.0 * 18.015e-3
    }
    fn molality(&self, i: usize) -> f64 {
        self.brine[i] / self.water_kg()
    }
    fn density(&self) -> f64 {
        1000.0 * (1.0 + 0.9 * (1.0 - self.water_kg() / kg(&self.brine)))
    }
    fn volume(&self) -> f64 {
        kg(&self.brine) / self.density()
    }
    fn activity(&self) -> f64 {
        (1.0 - 0.045 * self.molality(2) - 0.03 * self.molality(3) - 0.115 * self.molality(4))
            .clamp(0.3, 1.0)
    }
    fn move_out(&mut self, share: f64) -> [f64; 8] {
        let out = self.brine.map(|n| n * share);
        for (n, o) in self.brine.iter_mut().zip(out) {
            *n -= o;
        }
        out
    }
    /// Toy precipitation: caps on molalities.
    fn settle(&mut self) {
        for _ in 0..20 {
            let (na, k, mg) = (self.molality(2), self.molality(3), self.molality(4));
            let water = self.water_kg();
            let na_cap = (6.1 - 1.45 * mg).max(0.15);
            let k_cap = if mg > 3.0 {
                (1.0 * (-(mg - 3.0) * 1.3).exp()).max(0.02)
            } else {
                9.0
            };
            self.drop_salt(0, (na - na_cap).max(0.0) * water * 0.7);
            self.drop_salt(1, (k - k_cap).max(0.0) * water * 0.5);
            self.drop_salt(2, (mg - 5.6).max(0.0) * water * 0.3);
        }
    }
    fn drop_salt(&mut self, mineral: usize, mol: f64) {
        self.salt[mineral] += mol;
        for (n, m) in self.brine.iter_mut().zip(MAKEUP[mineral]) {
            *n -= m * mol;
        }
    }
    fn salt_elements(&self) -> [f64; 8] {
        let mut sum = [0.0; 8];
        for (mol, makeup) in self.salt.iter().zip(MAKEUP) {
            for (s, m) in sum.iter_mut().zip(makeup) {
                *s += mol * m;
            }
        }
        sum
    }
    fn salt_kg(&self) -> f64 {
        kg(&self.salt_elements())
    }
    fn stock(&self, node: usize) -> Stock {
        Stock {
            node,
            brine_elements_mol: self.brine.to_vec(),
            solid_elements_mol: self.salt_elements().to_vec(),
            minerals_mol: self.salt.to_vec(),
        }
    }
}

/// A made-up chloride brine, a cubic metre of it.
fn feed() -> [f64; 8] {
    let (na, k, mg, li, s) = (3.6, 0.42, 1.15, 0.012, 0.06);
    let cl = na + k + 2.0 * mg + li - 2.0 * s;
    let water_mol = 1000.0 / 18.015e-3 * 0.9;
    let w = 900.0;
    [
        2.0 * water_mol,
        water_mol + 4.0 * s * w,
        na * w,
        k * w,
        mg * w,
        li * w,
        cl * w,
        s * w,
    ]
}

fn concentrated(factor: f64, volume_m3: f64) -> Pool {
    let mut pool = Pool {
        brine: feed(),
        salt: [0.0; 3],
    };
    let water = pool.brine[0] * (1.0 - 1.0 / factor);
    pool.brine[0] -= water;
    pool.brine[1] -= water / 2.0;
    pool.settle();
    let scale = volume_m3 / pool.volume();
    Pool {
        brine: pool.brine.map(|n| n * scale),
        salt: [0.0; 3],
    }
}

fn label(en: &str, zh: &str) -> Label {
    Label {
        en: en.into(),
        zh: zh.into(),
    }
}

pub(crate) fn base() -> Base {
    let ponds = (0..12).map(pond).collect::<Vec<_>>();
    let mut links: Vec<Link> = (0..11)
        .map(|i| link(i, End::Pond(i), End::Pond(i + 1)))
        .collect();
    links.push(link(11, End::Pond(11), End::Outlet(0)));
    links.push(link(12, End::Source(0), End::Pond(0)));
    Base {
        id: "fixture".into(),
        name: label("Fixture lake (invented)", "虚构盐湖（测试）"),
        caveats: vec![
            label(
                "Every number of this base is invented for tests.",
                "本基地的全部数字均为测试而虚构。",
            ),
            label(
                "The feed brine is a fixture, not an analysis.",
                "进料卤水为虚构，并非化验结果。",
            ),
        ],
        shifts: Vec::new(),
        site: Site {
            latitude_deg: 36.8,
            longitude_deg: 95.2,
            elevation_m: 2670.0,
            utc_offset_h: 8.0,
        },
        from: date(2024, 1, 1),
        to: date(2024, 12, 31),
        weather: WeatherChoice::Normals {
            path: "normals.csv".into(),
            seed: 7,
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
            name: label("Well field", "采卤井"),
            schedule: vec![SourceStep {
                from: None,
                rate_m3_s: 2.0,
                brine: 0,
                temperature_k: None,
            }],
        }],
        outlets: vec![Outlet {
            id: "lake".into(),
            name: label("Back to the lake", "回湖"),
        }],
        links,
        harvests: vec![],
        stockpiles: vec![],
        plants: vec![],
    }
}

fn link(i: usize, from: End, to: End) -> Link {
    Link {
        id: format!("canal-{i}"),
        from,
        to,
        capacity_m3_s: 3.0,
        rule: Rule::KeepLevel,
        season: None,
    }
}

/// Ponds in three rows of four, slightly slanted.
fn pond(i: usize) -> Pond {
    let (row, column) = (
        i / 4,
        if (i / 4).is_multiple_of(2) {
            i % 4
        } else {
            3 - i % 4
        },
    );
    let height = 1200.0;
    let width = 1500.0;
    let (x, y) = (
        column as f64 * 1750.0 + row as f64 * 160.0,
        (2 - row) as f64 * 1450.0,
    );
    Pond {
        id: format!("P{:02}", i + 1),
        name: label(&format!("Pond {}", i + 1), &format!("{} 号池", i + 1)),
        stage: STAGES[i].into(),
        area_m2: area_m2(i),
        bathymetry: vec![],
        depth_m_max: 0.9,
        depth_m_min: 0.1,
        depth_m_target: DEPTH_M,
        cells: 4,
        leakage_m_s: 1e-9,
        albedo: 0.1,
        wind_factor: 1.0,
        floor_porosity: 0.25,
        reactive_layer_m: 0.05,
        opening: PondOpening {
            brine: 0,
            depth_m: DEPTH_M,
            temperature_k: 280.0,
            floor: vec![],
        },
        outline_m: vec![
            (x, y),
            (x + width, y + 60.0),
            (x + width + 90.0, y + height),
            (x + 70.0, y + height - 40.0),
        ],
    }
}

struct Recorder {
    dates: Vec<Date>,
    ponds: Vec<String>,
    numbers: BTreeMap<&'static str, Vec<f64>>,
    elements: Vec<Vec<f64>>,
    flags: [Vec<i64>; 2],
}

/// A run of the fixture: `days` days from 2024-01-01.
pub(crate) fn run(days: u32) -> RunContents {
    let base = base();
    let sky = 12;
    let ground = 13;
    let wells = 14;
    let lake = 15;
    let pile = 16;
    let mut nodes: Vec<Node> = base
        .ponds
        .iter()
        .map(|p| Node {
            id: p.id.clone(),
            kind: NodeKind::Pond,
        })
        .collect();
    for (id, kind) in [
        ("sky", NodeKind::Sky),
        ("ground", NodeKind::Ground),
        ("wells", NodeKind::Source),
        ("lake", NodeKind::Market),
        ("carnallite-pile", NodeKind::Stockpile),
    ] {
        nodes.push(Node {
            id: id.into(),
            kind,
        });
    }
    let mut streams = vec![Stream {
        id: "feed".into(),
        from: wells,
        to: 0,
        kind: StreamKind::Feed,
    }];
    for i in 0..12 {
        let to = if i < 11 { i + 1 } else { lake };
        streams.push(Stream {
            id: format!("canal-{i}"),
            from: i,
            to,
            kind: StreamKind::Transfer,
        });
        streams.push(Stream {
            id: format!("P{i}.evaporation"),
            from: i,
            to: sky,
            kind: StreamKind::Evaporation,
        });
        streams.push(Stream {
            id: format!("P{i}.rain"),
            from: sky,
            to: i,
            kind: StreamKind::Rain,
        });
        streams.push(Stream {
            id: format!("P{i}.leakage"),
            from: i,
            to: ground,
            kind: StreamKind::Leakage,
        });
        streams.push(Stream {
            id: format!("P{i}.harvest"),
            from: i,
            to: pile,
            kind: StreamKind::Harvest,
        });
        streams.push(Stream {
            id: format!("P{i}.entrainment"),
            from: i,
            to: pile,
            kind: StreamKind::Entrainment,
        });
    }
    let stream = |i: usize, k: usize| 1 + 6 * i + k;
    let mut pools: Vec<Pool> = (0..12)
        .map(|i| {
            concentrated(
                [1.2, 1.35, 1.6, 1.9, 2.3, 2.8, 3.1, 3.5, 4.0, 4.6, 5.0, 5.3][i],
                area_m2(i) * DEPTH_M,
            )
        })
        .collect();
    for (i, pool) in pools.iter_mut().enumerate() {
        pool.salt[if i < 5 {
            0
        } else if i < 9 {
            1
        } else {
            2
        }] += area_m2(i) * 90.0;
        if i >= 5 {
            pool.salt[0] += area_m2(i) * 300.0;
        }
    }
    let mut heap = Pool {
        brine: [0.0; 8],
        salt: [0.0; 3],
    };
    let mut opening: Vec<Stock> = pools.iter().enumerate().map(|(i, p)| p.stock(i)).collect();
    opening.push(heap.stock(pile));
    let mut postings: Vec<Posting> = Vec::new();
    let mut monthly = Vec::new();
    let mut rec = Recorder {
        dates: vec![],
        ponds: vec![],
        numbers: BTreeMap::new(),
        elements: vec![vec![]; 6],
        flags: [vec![], vec![]],
    };
    let mut floor = (vec![], vec![], vec![], vec![]);
    let mut ahead = (vec![], vec![], vec![]);
    let mut energy = (vec![], vec![], vec![vec![]; 7]);
    let liquid = |s: usize, day: u32, e: [f64; 8], v: f64| Posting {
        stream: s,
        day,
        elements_mol: e.to_vec(),
        minerals_mol: vec![],
        mass_kg: kg(&e),
        volume_m3: v,
        water_kg: 0.0,
        energy_j: 0.0,
    };
    for day in 0..days {
        let today = base.from + i64::from(day).days();
        let season = 0.5 - 0.5 * ((f64::from(day) - 15.0) / 366.0 * std::f64::consts::TAU).cos();
        let wobble = 0.5 + 0.5 * (f64::from(day) * 0.9).sin() * (f64::from(day) * 0.37).cos();
        let mut inflow = [0.0; 13];
        let mut evaporation = [0.0; 12];
        let rain_mm = if day % 29 == 3 && season > 0.4 {
            2.5
        } else {
            0.0
        };
        for i in (0..12).rev() {
            // Fill to the target, from upstream.
            let room = (area_m2(i) * DEPTH_M - pools[i].volume()).max(0.0);
            if i == 0 {
                let e = feed().map(|n| {
                    n * room
                        / Pool {
                            brine: feed(),
                            salt: [0.0; 3],
                        }
                        .volume()
                });
                for (n, x) in pools[0].brine.iter_mut().zip(e) {
                    *n += x;
                }
                postings.push(liquid(0, day, e, room));
                inflow[0] = room;
            } else {
                let share = (room / pools[i - 1].volume()).min(0.6);
                let volume = pools[i - 1].volume() * share;
                let e = pools[i - 1].move_out(share);
                for (n, x) in pools[i].brine.iter_mut().zip(e) {
                    *n += x;
                }
                postings.push(liquid(stream(i - 1, 0), day, e, volume));
                inflow[i] = volume;
            }
        }
        if pools[11].molality(4) > 5.2 {
            let share = 0.012;
            let volume = pools[11].volume() * share;
            let e = pools[11].move_out(share);
            postings.push(liquid(stream(11, 0), day, e, volume));
            inflow[12] = volume;
        }
        for i in 0..12 {
            let area = area_m2(i);
            let pool = &mut pools[i];
            let drive = (pool.activity() - 0.28) / 0.72;
            let mm = (0.4 + 8.5 * season * (0.7 + 0.6 * wobble)) * drive;
            evaporation[i] = mm;
            let mol = mm * area / 18.015e-3;
            pool.brine[0] -= 2.0 * mol;
            pool.brine[1] -= mol;
            postings.push(liquid(
                stream(i, 1),
                day,
                [2.0 * mol, mol, 0., 0., 0., 0., 0., 0.],
                0.0,
            ));
            if rain_mm > 0.0 {
                let mol = rain_mm * area / 18.015e-3;
                pool.brine[0] += 2.0 * mol;
                pool.brine[1] += mol;
                postings.push(liquid(
                    stream(i, 2),
                    day,
                    [2.0 * mol, mol, 0., 0., 0., 0., 0., 0.],
                    rain_mm * area / 1e3,
                ));
            }
            let leak_m3 = 0.25e-3 * area;
            let share = leak_m3 / pool.volume();
            let e = pool.move_out(share);
            postings.push(liquid(stream(i, 3), day, e, leak_m3));
            pool.settle();
            if (5..9).contains(&i) && (275..305).contains(&day) {
                let out = pool.salt.map(|n| n * 0.06);
                let mut e = [0.0; 8];
                for (m, mol) in out.iter().enumerate() {
                    pool.salt[m] -= mol;
                    heap.salt[m] += mol;
                    for (x, a) in e.iter_mut().zip(MAKEUP[m]) {
                        *x += a * mol;
                    }
                }
                let mut posting = liquid(stream(i, 4), day, e, 0.0);
                posting.minerals_mol = out.to_vec();
                let share = (0.12 * posting.mass_kg / kg(&pool.brine)).min(0.2);
                postings.push(posting);
                let volume = pool.volume() * share;
                let e = pool.move_out(share);
                for (n, x) in heap.brine.iter_mut().zip(e) {
                    *n += x;
                }
                postings.push(liquid(stream(i, 5), day, e, volume));
            }
            let volume = pool.volume();
            let freezing = season < 0.06 && i < 4;
            rec.dates.push(today);
            rec.ponds.push(base.ponds[i].id.clone());
            let mut put = |name: &'static str, x: f64| rec.numbers.entry(name).or_default().push(x);
            put("depth", volume / area);
            put("volume", volume);
            put("temperature", -9.0 + 27.0 * season + 0.3 * i as f64);
            put("water_activity", pool.activity());
            put("density", pool.density());
            put("salt_thickness", pool.salt_kg() / BULK_KG_M3 / area);
            put("evaporation", evaporation[i]);
            put("evaporation_fresh", evaporation[i] / drive.max(0.1) * 1.0);
            put("rain", rain_mm);
            put("leakage", 0.25);
            put("inflow", inflow[i]);
            put("outflow", inflow[i + 1]);
            for (k, column) in rec.elements.iter_mut().enumerate() {
                column.push(pool.brine[k + 2] * KG_MOL[k + 2] / volume);
            }
            rec.flags[0].push(i64::from(freezing));
            rec.flags[1].push(0);
        }
        let month_end = today.last_of_month() == today || day + 1 == days;
        if month_end || day == 0 {
            for i in 0..12 {
                for (m, mineral) in MINERALS.iter().enumerate() {
                    floor.0.push(today);
                    floor.1.push(base.ponds[i].id.clone());
                    floor.2.push((*mineral).to_owned());
                    let molar: f64 = MAKEUP[m].iter().zip(KG_MOL).map(|(a, b)| a * b).sum();
                    floor.3.push(pools[i].salt[m] * molar / 1e3);
                }
            }
        }
        if month_end {
            for (i, pool) in pools.iter().enumerate() {
                monthly.push((day, pool.stock(i)));
                energy.0.push(today);
                energy.1.push(base.ponds[i].id.clone());
                let short = 110.0 + 170.0 * season;
                let latent = -28.4 * evaporation[i];
                let long = -75.0 - 10.0 * season;
                let terms = [
                    short,
                    long,
                    -(short + long + latent) * 0.8,
                    latent,
                    3.0 - 6.0 * season,
                    4.0,
                ];
                for (column, x) in energy.2.iter_mut().zip(terms) {
                    column.push(x);
                }
                energy.2[6].push(terms.iter().sum());
            }
        }
        if day % 7 == 0 {
            for (stage, range) in [("halite", 0..5), ("carnallite", 5..9)] {
                ahead.0.push(today);
                ahead.1.push(stage.to_owned());
                let volume: f64 = range.map(|i: usize| pools[i].volume()).sum();
                ahead.2.push(volume / 1.35e6 * (1.0 - 0.15 * season));
            }
        }
    }
    let mut closing: Vec<Stock> = pools.iter().enumerate().map(|(i, p)| p.stock(i)).collect();
    closing.push(heap.stock(pile));
    let mineral_kg_mol = MAKEUP
        .map(|m| m.iter().zip(KG_MOL).map(|(a, b)| a * b).sum())
        .to_vec();
    let book = Book {
        from: base.from,
        days,
        elements: ELEMENTS.map(str::to_owned).to_vec(),
        element_kg_mol: KG_MOL.to_vec(),
        minerals: MINERALS.map(str::to_owned).to_vec(),
        mineral_kg_mol,
        nodes,
        streams,
        postings,
        opening,
        closing,
        monthly,
    };
    let series = vec![
        ponds_frame(rec),
        Frame {
            name: columns::FLOOR.into(),
            columns: vec![
                columns::DATE.dates(floor.0),
                columns::POND.texts(floor.1),
                columns::MINERAL.texts(floor.2),
                columns::MASS.numbers(floor.3),
            ],
        },
        Frame {
            name: columns::MONTHS_AHEAD.into(),
            columns: vec![
                columns::DATE.dates(ahead.0),
                columns::STAGE.texts(ahead.1),
                columns::AHEAD.numbers(ahead.2),
            ],
        },
        Frame {
            name: columns::ENERGY.into(),
            columns: [columns::DATE.dates(energy.0), columns::POND.texts(energy.1)]
                .into_iter()
                .chain(
                    columns::ENERGY_TERMS
                        .iter()
                        .zip(energy.2)
                        .map(|(c, v)| c.numbers(v)),
                )
                .collect(),
        },
    ];
    let notices = vec![
        Notice {
            code: "simulate.freezing".into(),
            place: "P01".into(),
            en: "Brine would have frozen; evaporation was held at zero on these days.".into(),
            zh: "卤水将结冰；这些日子的蒸发按零计。".into(),
            count: 31,
        },
        Notice {
            code: "brine.out_of_range".into(),
            place: "P12".into(),
            en: "Mg above the fitted range of the parameters.".into(),
            zh: String::new(),
            count: 120,
        },
    ];
    let meta = RunMeta {
        saltern: "0.1.0".into(),
        base: base.id.clone(),
        inputs: [
            (
                "base.toml".to_owned(),
                saltern_run::digest::sha256_hex(b"fixture base"),
            ),
            (
                "ponds.csv".to_owned(),
                saltern_run::digest::sha256_hex(b"fixture ponds"),
            ),
            (
                "brines.csv".to_owned(),
                saltern_run::digest::sha256_hex(b"fixture brines"),
            ),
        ]
        .into(),
        from: base.from,
        to: base.from + i64::from(days - 1).days(),
        days,
        elapsed_s: 4.2,
        equilibria: 48 * u64::from(days),
        failures: 0,
        closure: ELEMENTS
            .iter()
            .enumerate()
            .map(|(i, e)| ((*e).to_owned(), 1e-13 * (i + 1) as f64))
            .collect(),
        weather: WeatherOrigin::Synthetic {
            name: "normals.csv".into(),
            seed: 7,
        },
        weathers: None,
        database: "default".into(),
        caveats: base.caveats.clone(),
    };
    RunContents::new(&base, meta, book, series, notices)
}

fn ponds_frame(mut rec: Recorder) -> Frame {
    let mut list = vec![
        columns::DATE.dates(rec.dates),
        columns::POND.texts(rec.ponds),
    ];
    for column in [
        columns::DEPTH,
        columns::VOLUME,
        columns::TEMPERATURE,
        columns::WATER_ACTIVITY,
        columns::DENSITY,
        columns::SALT_THICKNESS,
        columns::EVAPORATION,
        columns::EVAPORATION_FRESH,
        columns::RAIN,
        columns::LEAKAGE,
        columns::INFLOW,
        columns::OUTFLOW,
    ] {
        list.push(column.numbers(rec.numbers.remove(column.name).unwrap_or_default()));
    }
    for (symbol, values) in ELEMENTS[2..].iter().zip(rec.elements) {
        list.push(columns::concentration(symbol, values));
    }
    let [freezing, dry] = rec.flags;
    list.push(columns::FREEZING.integers(freezing));
    list.push(columns::DRY.integers(dry));
    Frame {
        name: columns::PONDS.into(),
        columns: list,
    }
}
