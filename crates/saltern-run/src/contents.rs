//! What a run holds, in memory.

use std::collections::BTreeMap;

use crate::plan::PlanAnswer;
use jiff::civil::Date;
use saltern_base::book::Book;
use saltern_base::energy::Energy;
use saltern_base::frame::Frame;
use saltern_base::model::{Base, End, HarvestMethod, Label, Rule};
use saltern_base::plant::{Section, Written};
use saltern_units::Lang;
use saltern_units::message::Message;
use serde::{Deserialize, Serialize};

/// A run: what was simulated, the book and the series that came out, and what there is to say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunContents {
    /// The base as far as a reader of the run needs it.
    pub base: BaseSnapshot,
    /// What was run and how well it went.
    pub meta: RunMeta,
    /// The book.
    pub book: Book,
    /// Series: see [`crate::columns`] for the frames that the report draws. Others are kept and exported too.
    pub series: Vec<Frame>,
    /// Warnings and remarks.
    pub notices: Vec<Notice>,
    /// Tables of the base that accounts read, text by file name: see [`crate::accounts::TABLES`].
    pub tables: BTreeMap<String, String>,
    /// What a plan found; none for a simulation.
    pub plan: Option<PlanAnswer>,
}

impl RunContents {
    /// A run of `base`, without tables for accounts.
    pub fn new(
        base: &Base,
        meta: RunMeta,
        book: Book,
        series: Vec<Frame>,
        notices: Vec<Notice>,
    ) -> Self {
        RunContents {
            base: BaseSnapshot::from(base),
            meta,
            book,
            series,
            notices,
            tables: BTreeMap::new(),
            plan: None,
        }
    }

    /// A plan of the energy side of a base.
    pub fn of_plan(
        energy: &Energy,
        meta: RunMeta,
        book: Book,
        series: Vec<Frame>,
        plan: PlanAnswer,
    ) -> Self {
        RunContents {
            base: BaseSnapshot::from(energy),
            meta,
            book,
            series,
            notices: Vec::new(),
            tables: BTreeMap::new(),
            plan: Some(plan),
        }
    }

    /// The series frame of that name.
    pub fn frame(&self, name: &str) -> Option<&Frame> {
        self.series.iter().find(|frame| frame.name == name)
    }
}

/// What was run, from which inputs, and how well it went: `run.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct RunMeta {
    /// Version of saltern that wrote the run.
    pub saltern: String,
    /// Id of the base.
    pub base: String,
    /// SHA-256 of each input file by its name.
    pub inputs: BTreeMap<String, String>,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Days simulated.
    pub days: u32,
    /// Wall time, s.
    pub elapsed_s: f64,
    /// Equilibria solved.
    pub equilibria: u64,
    /// Equilibria that failed.
    pub failures: u64,
    /// Worst closure of each element: |Δstock − in + out| / max(initial stock, throughput), all nodes.
    pub closure: BTreeMap<String, f64>,
    /// Where the weather came from.
    pub weather: WeatherOrigin,
    /// All weathers of the bands, its own the first; none where it has no bands.
    pub weathers: Option<Weathers>,
    /// Name of the thermodynamic database.
    pub database: String,
    /// What is not measured, said at the top of the report.
    pub caveats: Vec<Label>,
}

/// Where the weather came from.
#[derive(Clone, Debug, PartialEq)]
pub enum WeatherOrigin {
    /// Measured or modelled by others: a file.
    File {
        /// File name.
        name: String,
    },
    /// Generated from normals: synthetic.
    Synthetic {
        /// The normals.
        name: String,
        /// Seed of the generator.
        seed: u64,
    },
    /// Nothing hangs on weather, or it is in profiles that the base gives.
    None,
}

/// Weathers that a run has bands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weathers {
    /// How many.
    pub members: u32,
    /// Seed of the first; each next one has the seed after it. None of a measured file.
    pub seed: Option<u64>,
    /// First day of each in its file; that of the run for made-up weathers.
    pub first_days: Vec<Date>,
}

/// A warning or remark about the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable code, `simulate.pond_dry`.
    pub code: String,
    /// What it is about: a pond, a file and row; empty for the whole run.
    pub place: String,
    /// Text in English.
    pub en: String,
    /// Text in Chinese; empty = only English is to be had.
    pub zh: String,
    /// How often it occurred.
    pub count: u64,
}

impl Notice {
    /// A notice from a message of any crate.
    pub fn of<M: Message>(message: &M, place: impl Into<String>, count: u64) -> Notice {
        Notice {
            code: message.code().to_owned(),
            place: place.into(),
            en: message.text(Lang::En),
            zh: message.text(Lang::Zh),
            count,
        }
    }
}

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

impl From<&Label> for Name {
    fn from(label: &Label) -> Self {
        Name {
            en: label.en.clone(),
            zh: label.zh.clone(),
        }
    }
}

impl From<&Name> for Label {
    fn from(name: &Name) -> Self {
        Label {
            en: name.en.clone(),
            zh: name.zh.clone(),
        }
    }
}

/// The base as far as a reader of the run needs it: `base.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaseSnapshot {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Name,
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Metres above the sea.
    pub elevation_m: f64,
    /// Allowed solids: `stable`, `metastable` or a list.
    pub phases: String,
    /// Minerals left out.
    pub suppress: Vec<String>,
    /// Ponds in the order of the base.
    pub ponds: Vec<PondSnapshot>,
    /// Sources.
    pub sources: Vec<PlaceSnapshot>,
    /// Outlets.
    pub outlets: Vec<PlaceSnapshot>,
    /// Links.
    pub links: Vec<LinkSnapshot>,
    /// Harvest campaigns.
    pub harvests: Vec<HarvestSnapshot>,
    /// Stockpiles.
    #[serde(default)]
    pub stockpiles: Vec<PlaceSnapshot>,
    /// Plants that ran with the ponds.
    #[serde(default)]
    pub plants: Vec<PlaceSnapshot>,
    /// Feeds and outlets of those plants, by their ids in the book.
    #[serde(default)]
    pub plant_streams: Vec<PlantStreamSnapshot>,
}

/// A pond in [`BaseSnapshot`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PondSnapshot {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Name,
    /// Stage: what it is meant to drop.
    pub stage: String,
    /// Wetted area when full, m².
    pub area_m2: f64,
    /// Least depth of brine drawn from, m.
    pub depth_m_min: f64,
    /// Depth that inflow rules keep, m.
    pub depth_m_target: f64,
    /// Crest, m.
    pub depth_m_max: f64,
    /// Outline, (x m, y m); empty = drawn as a box.
    pub outline_m: Vec<(f64, f64)>,
}

/// A source, an outlet, a stockpile or a plant in [`BaseSnapshot`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceSnapshot {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Name,
}

/// A feed or an outlet of a plant in [`BaseSnapshot`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlantStreamSnapshot {
    /// Id in the book, `kcl.product`.
    pub id: String,
    /// Name.
    pub name: Name,
    /// What it is for, as the plant's file says (`product`, `tailings`, `water`, …); empty where it says nothing.
    pub role: String,
    /// Whether it is a feed.
    pub inward: bool,
}

/// A link in [`BaseSnapshot`]; its ends are ids of ponds, sources or outlets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSnapshot {
    /// Id.
    pub id: String,
    /// Id of the upstream end.
    pub from: String,
    /// Id of the downstream end.
    pub to: String,
    /// `overflow`, `constant`, `keep_level` or `grade`.
    pub rule: String,
}

/// A harvest campaign in [`BaseSnapshot`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HarvestSnapshot {
    /// Id.
    pub id: String,
    /// Id of the pond.
    pub pond: String,
    /// Stockpile.
    pub stockpile: String,
    /// `dry` or `dredge`.
    pub method: String,
}

impl From<&Base> for BaseSnapshot {
    fn from(base: &Base) -> Self {
        BaseSnapshot {
            id: base.id.clone(),
            name: Name::from(&base.name),
            latitude_deg: base.site.latitude_deg,
            longitude_deg: base.site.longitude_deg,
            elevation_m: base.site.elevation_m,
            phases: base.chemistry.phases.clone(),
            suppress: base.chemistry.suppress.clone(),
            ponds: base.ponds.iter().map(pond).collect(),
            sources: base.sources.iter().map(|s| place(&s.id, &s.name)).collect(),
            outlets: base.outlets.iter().map(|o| place(&o.id, &o.name)).collect(),
            links: base
                .links
                .iter()
                .map(|link| LinkSnapshot {
                    id: link.id.clone(),
                    from: end_id(base, link.from),
                    to: end_id(base, link.to),
                    rule: rule_name(&link.rule).to_owned(),
                })
                .collect(),
            harvests: base
                .harvests
                .iter()
                .map(|harvest| HarvestSnapshot {
                    id: harvest.id.clone(),
                    pond: end_id(base, End::Pond(harvest.pond)),
                    stockpile: harvest.stockpile.clone(),
                    method: method_name(harvest.method).to_owned(),
                })
                .collect(),
            stockpiles: base
                .stockpiles
                .iter()
                .map(|s| place(&s.id, &s.name))
                .collect(),
            plants: base
                .plants
                .iter()
                .map(|p| place(&p.id, &p.file.name))
                .collect(),
            plant_streams: base.plants.iter().flat_map(plant_streams).collect(),
        }
    }
}

impl From<&Energy> for BaseSnapshot {
    fn from(energy: &Energy) -> Self {
        BaseSnapshot {
            id: energy.base.clone(),
            name: Name::from(&energy.name),
            latitude_deg: energy.site.latitude_deg,
            longitude_deg: energy.site.longitude_deg,
            elevation_m: energy.site.elevation_m,
            phases: String::new(),
            suppress: Vec::new(),
            ponds: Vec::new(),
            sources: Vec::new(),
            outlets: Vec::new(),
            links: Vec::new(),
            harvests: Vec::new(),
            stockpiles: Vec::new(),
            plants: Vec::new(),
            plant_streams: Vec::new(),
        }
    }
}

fn pond(pond: &saltern_base::model::Pond) -> PondSnapshot {
    PondSnapshot {
        id: pond.id.clone(),
        name: Name::from(&pond.name),
        stage: pond.stage.clone(),
        area_m2: pond.area_m2,
        depth_m_min: pond.depth_m_min,
        depth_m_target: pond.depth_m_target,
        depth_m_max: pond.depth_m_max,
        outline_m: pond.outline_m.clone(),
    }
}

fn place(id: &str, name: &Label) -> PlaceSnapshot {
    PlaceSnapshot {
        id: id.to_owned(),
        name: Name::from(name),
    }
}

/// Streams of a plant that come from outside or go there.
fn plant_streams(plant: &saltern_base::model::Plant) -> Vec<PlantStreamSnapshot> {
    let outside = |s: &&Section| s.entry("from").is_none() || s.entry("to").is_none();
    let text = |section: &Section, name: &str| match section.entry(name).map(|e| &e.value) {
        Some(Written::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let sections = plant.file.streams.iter().filter(outside);
    let snapshot = sections.map(|section| PlantStreamSnapshot {
        id: format!("{}.{}", plant.id, section.id),
        name: Name {
            en: text(section, "name"),
            zh: text(section, "name_zh"),
        },
        role: text(section, "role"),
        inward: section.entry("from").is_none(),
    });
    snapshot.collect()
}

fn end_id(base: &Base, end: End) -> String {
    let id = match end {
        End::Source(i) => base.sources.get(i).map(|s| &s.id),
        End::Pond(i) => base.ponds.get(i).map(|p| &p.id),
        End::Outlet(i) => base.outlets.get(i).map(|o| &o.id),
    };
    id.cloned().unwrap_or_default()
}

fn rule_name(rule: &Rule) -> &'static str {
    match rule {
        Rule::Overflow => "overflow",
        Rule::Constant => "constant",
        Rule::KeepLevel => "keep_level",
        Rule::Grade { .. } => "grade",
    }
}

fn method_name(method: HarvestMethod) -> &'static str {
    match method {
        HarvestMethod::Dry => "dry",
        HarvestMethod::Dredge => "dredge",
    }
}
