//! The live side of a base: assets, the tags that tell of them, alarms on tags, and tags that are calculated.
//!
//! Read apart from ponds, like the energy side: a base without ponds may have tags, and a base without tags has none.
//! Figures of a tag (range, deadband, limits) stand in the tag's own unit, as its values do.

use crate::energy::Identity;
use crate::model::Label;
use saltern_units::formula::Formula;
use saltern_units::place::Place;
use saltern_units::unit::{Dimension, Unit};

pub mod address;
mod alarms;
mod connection;
mod frames;
mod read;
mod ways;

pub use connection::{Broker, Connection, Protocol, WordOrder, host_and_port};
pub use frames::{frames, texts};
pub use read::read;

/// Components that an assay may be of, as columns of `brines.csv` name them.
pub const COMPONENTS: [&str; 19] = [
    "Na",
    "K",
    "Mg",
    "Ca",
    "Li",
    "Rb",
    "Cs",
    "Sr",
    "Cl",
    "Br",
    "SO4",
    "HCO3",
    "CO3",
    "alkalinity",
    "C",
    "B",
    "B2O3",
    "H3BO3",
    "NO3",
];

/// Assets, tags, alarms and formulas of a base.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags {
    /// Assets, a whole before its parts unless the table says otherwise.
    pub assets: Vec<Asset>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Ways to other systems.
    pub connections: Vec<Connection>,
    /// Alarms.
    pub alarms: Vec<Alarm>,
    /// Formulas of calculated tags.
    pub calculated: Vec<Calculated>,
}

impl Tags {
    /// Index of a tag.
    pub fn tag(&self, id: &str) -> Option<usize> {
        self.tags.iter().position(|tag| tag.who.id == id)
    }

    /// Enterprise that an asset belongs to: its own, or that of the nearest whole that has one.
    pub fn tenant(&self, asset: usize) -> Option<&str> {
        let mut at = Some(asset);
        // A tree is never deeper than it has assets.
        for _ in 0..self.assets.len() {
            let asset = self.assets.get(at?)?;
            if asset.tenant.is_some() {
                return asset.tenant.as_deref();
            }
            at = asset.parent;
        }
        None
    }
}

/// Levels of the equipment hierarchy, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The enterprise.
    Enterprise,
    /// A place where it works.
    Site,
    /// A part of a site.
    Area,
    /// What work is done in: a process cell, a production unit or line, a storage zone.
    WorkCenter,
    /// A unit of a process cell.
    Unit,
    /// A piece of equipment.
    Equipment,
}

/// Something that tags tell of.
#[derive(Clone, Debug, PartialEq)]
pub struct Asset {
    /// Who it is.
    pub who: Identity,
    /// Level.
    pub level: Level,
    /// Level as the table names it, `storage_zone`.
    pub level_name: &'static str,
    /// What it is a part of.
    pub parent: Option<usize>,
    /// The node of the base that it is.
    pub node: Option<String>,
    /// Enterprise of its own.
    pub tenant: Option<String>,
}

/// What a tag measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Depth or level.
    Level,
    /// Density of a brine.
    Density,
    /// Temperature.
    Temperature,
    /// Content of a component.
    Assay,
    /// Volume per time.
    Flow,
    /// Mass per time.
    MassFlow,
    /// Speed, depth per time.
    Speed,
    /// Power.
    Power,
    /// Energy.
    Energy,
    /// Power per area.
    HeatFlux,
    /// Pressure.
    Pressure,
    /// Mass.
    Mass,
    /// Volume.
    Volume,
    /// A share.
    Fraction,
    /// A state by number.
    State,
    /// A count.
    Count,
    /// A price.
    Price,
    /// Anything else.
    Other,
}

impl Quantity {
    /// All, with their words in tables.
    pub const ALL: [(Quantity, &'static str); 18] = [
        (Quantity::Level, "level"),
        (Quantity::Density, "density"),
        (Quantity::Temperature, "temperature"),
        (Quantity::Assay, "assay"),
        (Quantity::Flow, "flow"),
        (Quantity::MassFlow, "mass_flow"),
        (Quantity::Speed, "speed"),
        (Quantity::Power, "power"),
        (Quantity::Energy, "energy"),
        (Quantity::HeatFlux, "heat_flux"),
        (Quantity::Pressure, "pressure"),
        (Quantity::Mass, "mass"),
        (Quantity::Volume, "volume"),
        (Quantity::Fraction, "fraction"),
        (Quantity::State, "state"),
        (Quantity::Count, "count"),
        (Quantity::Price, "price"),
        (Quantity::Other, "other"),
    ];

    /// Its word in tables.
    pub fn name(self) -> &'static str {
        let found = Quantity::ALL.iter().find(|(quantity, _)| *quantity == self);
        found.map_or("other", |(_, name)| name)
    }

    /// What its unit may measure; empty for anything.
    pub fn dimensions(self) -> &'static [Dimension] {
        match self {
            Quantity::Level => &[Dimension::Length],
            Quantity::Density => &[Dimension::Density],
            Quantity::Temperature => &[Dimension::Temperature],
            Quantity::Assay => &[
                Dimension::Concentration,
                Dimension::MassFraction,
                Dimension::Molality,
                Dimension::Molarity,
            ],
            Quantity::Flow => &[Dimension::VolumeFlow],
            Quantity::MassFlow => &[Dimension::MassFlow],
            Quantity::Speed => &[Dimension::Velocity],
            Quantity::Power => &[Dimension::Power],
            Quantity::Energy => &[Dimension::Energy],
            Quantity::HeatFlux => &[Dimension::Irradiance],
            Quantity::Pressure => &[Dimension::Pressure],
            Quantity::Mass => &[Dimension::Mass],
            Quantity::Volume => &[Dimension::Volume],
            Quantity::Fraction | Quantity::State | Quantity::Count => &[Dimension::Fraction],
            Quantity::Price => &[
                Dimension::EnergyPrice,
                Dimension::MassPrice,
                Dimension::PowerPrice,
            ],
            Quantity::Other => &[],
        }
    }
}

/// Where values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Entered by people.
    Manual,
    /// From the laboratory.
    Lab,
    /// By a formula.
    Calculated,
    /// OPC UA, a node id.
    OpcUa(String),
    /// MQTT, a topic, or a Sparkplug metric.
    Mqtt(String),
    /// Modbus TCP, an address in a register map.
    Modbus(String),
    /// Sent to us over HTTP under this key.
    Http(String),
    /// A column of dropped files.
    File(String),
}

impl Source {
    /// As tables write it.
    pub fn text(&self) -> String {
        match self {
            Source::Manual => "manual".into(),
            Source::Lab => "lab".into(),
            Source::Calculated => "calculated".into(),
            Source::OpcUa(address) => format!("opcua:{address}"),
            Source::Mqtt(address) => format!("mqtt:{address}"),
            Source::Modbus(address) => format!("modbus:{address}"),
            Source::Http(address) => format!("http:{address}"),
            Source::File(address) => format!("file:{address}"),
        }
    }

    /// The protocol that a connection of it speaks; `None` where none is needed.
    pub fn protocol(&self) -> Option<Protocol> {
        match self {
            Source::Manual | Source::Lab | Source::Calculated | Source::Http(_) => None,
            Source::OpcUa(_) => Some(Protocol::OpcUa),
            Source::Mqtt(_) => Some(Protocol::Mqtt),
            Source::Modbus(_) => Some(Protocol::Modbus),
            Source::File(_) => Some(Protocol::File),
        }
    }

    /// What its address may be, where it is not one of its protocol.
    pub fn fault(&self) -> Option<&'static str> {
        match self {
            Source::OpcUa(text) if address::Node::read(text).is_none() => {
                Some(address::ACCEPTED_OPC_UA)
            }
            Source::Mqtt(text) if address::Topic::read(text).is_none() => {
                Some(address::ACCEPTED_MQTT)
            }
            Source::Modbus(text) if address::Register::read(text).is_none() => {
                Some(address::ACCEPTED_MODBUS)
            }
            _ => None,
        }
    }

    /// Reads what [`Source::text`] writes.
    pub fn read(text: &str) -> Option<Source> {
        let (protocol, address) = match text.split_once(':') {
            Some((protocol, address)) => (protocol, address.trim()),
            None => (text, ""),
        };
        let address = |kind: fn(String) -> Source| {
            Some(kind(address.to_string())).filter(|_| !address.is_empty())
        };
        match protocol.trim() {
            "opcua" => address(Source::OpcUa),
            "mqtt" => address(Source::Mqtt),
            "modbus" => address(Source::Modbus),
            "http" => address(Source::Http),
            "file" => address(Source::File),
            _ => match text.trim() {
                "manual" => Some(Source::Manual),
                "lab" => Some(Source::Lab),
                "calculated" => Some(Source::Calculated),
                _ => None,
            },
        }
    }
}

/// How a tag may be written to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Writing {
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// Whether a second person must agree.
    pub two_persons: bool,
}

/// A tag. All figures in its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// Who it is.
    pub who: Identity,
    /// Asset that it tells of.
    pub asset: usize,
    /// Unit of its values.
    pub unit: &'static Unit,
    /// What it measures.
    pub quantity: Quantity,
    /// Component of an assay.
    pub component: Option<String>,
    /// Least value that the instrument can give.
    pub low: Option<f64>,
    /// Greatest value that the instrument can give.
    pub high: Option<f64>,
    /// Least step between values.
    pub resolution: Option<f64>,
    /// Where values come from.
    pub source: Source,
    /// The connection that they come over; `None` for sources without one.
    pub connection: Option<usize>,
    /// How often a value is expected, s.
    pub period_s: f64,
    /// Change below which a connector passes nothing on.
    pub deadband: f64,
    /// How long samples are kept, s; `None` for ever.
    pub retention_s: Option<f64>,
    /// How it may be written to; `None` where it may not.
    pub writing: Option<Writing>,
}

/// What raises an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlarmKind {
    /// Above the second limit.
    HighHigh,
    /// Above the limit.
    High,
    /// Below the limit.
    Low,
    /// Below the second limit.
    LowLow,
    /// A change per hour beyond the limit either way.
    Rate,
    /// Too far from another tag.
    Deviation,
    /// In a state.
    State,
    /// Of bad quality.
    BadQuality,
    /// Silent for too long.
    Stale,
}

impl AlarmKind {
    /// All, with their words in tables.
    pub const ALL: [(AlarmKind, &'static str); 9] = [
        (AlarmKind::HighHigh, "high_high"),
        (AlarmKind::High, "high"),
        (AlarmKind::Low, "low"),
        (AlarmKind::LowLow, "low_low"),
        (AlarmKind::Rate, "rate"),
        (AlarmKind::Deviation, "deviation"),
        (AlarmKind::State, "state"),
        (AlarmKind::BadQuality, "bad_quality"),
        (AlarmKind::Stale, "stale"),
    ];

    /// Its word in tables.
    pub fn name(self) -> &'static str {
        let found = AlarmKind::ALL.iter().find(|(kind, _)| *kind == self);
        found.map_or("state", |(_, name)| name)
    }

    /// Whether it has a limit.
    pub fn has_limit(self) -> bool {
        !matches!(self, AlarmKind::BadQuality | AlarmKind::Stale)
    }
}

/// How soon an alarm must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Last.
    Low,
    /// Middle.
    Medium,
    /// Soon.
    High,
    /// At once.
    Critical,
}

impl Priority {
    /// All, the most urgent first, with their words in tables.
    pub const ALL: [(Priority, &'static str); 4] = [
        (Priority::Critical, "critical"),
        (Priority::High, "high"),
        (Priority::Medium, "medium"),
        (Priority::Low, "low"),
    ];

    /// Its word in tables.
    pub fn name(self) -> &'static str {
        let found = Priority::ALL.iter().find(|(priority, _)| *priority == self);
        found.map_or("medium", |(_, name)| name)
    }
}

/// An alarm with its rationalisation record. Figures in the unit of its tag.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Who it is.
    pub who: Identity,
    /// Tag that it watches.
    pub tag: usize,
    /// What raises it.
    pub kind: AlarmKind,
    /// Limit, per hour for a rate; NaN for kinds without one.
    pub limit: f64,
    /// Tag that a deviation is from.
    pub reference: Option<usize>,
    /// Time of a rate, or after which a silent tag is stale, s; 0 for other kinds.
    pub window_s: f64,
    /// How far the value must come back before it clears.
    pub deadband: f64,
    /// How long the condition must hold, s.
    pub on_delay_s: f64,
    /// How long it must be over, s.
    pub off_delay_s: f64,
    /// Time after which an acknowledged alarm asks again, s.
    pub realarm_s: Option<f64>,
    /// Whether it stays until it is reset.
    pub latching: bool,
    /// Whether it must be confirmed after it was acknowledged.
    pub confirm: bool,
    /// Priority.
    pub priority: Priority,
    /// Class.
    pub class: Option<String>,
    /// Group within which the first is marked.
    pub group: Option<String>,
    /// Longest shelving, s; 0 forbids it.
    pub shelve_max_s: f64,
    /// Condition while which it is suppressed by design.
    pub suppress_when: Option<Formula>,
    /// What usually leads to it.
    pub cause: Label,
    /// What happens if nobody answers.
    pub consequence: Label,
    /// What the operator does.
    pub action: Label,
    /// Where its figures come from.
    pub source: Option<String>,
}

/// The formula of a calculated tag.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculated {
    /// Tag.
    pub tag: usize,
    /// Formula.
    pub formula: Formula,
    /// Where it stands.
    pub place: Place,
}

#[cfg(test)]
mod tests;
