//! A plant on paper: units, the streams between them, feeds and design specs. [`Flowsheet::new`] sees to it that all is
//! connected; [`crate::solve`] finds its steady state.

use saltern_base::model::Label;
use saltern_units::message::{Catalogue, Fields, Lang, Message, nearest};
use saltern_units::place::Place;
use saltern_units::unit::Dimension;

use crate::drives::Drives;
use crate::fitted::Fitted;
use crate::kinds::{self, Kind};
use crate::matter::Matter;
use crate::measure::Measure;
use crate::message::catalogue;
use crate::operation::Operation;
use crate::order;
use crate::role::Role;
use crate::settings::{Setting, SettingError, Settings};
use crate::stream::Stream;
use crate::target::Target;

/// Index into [`Flowsheet::units`].
pub type UnitId = usize;
/// Index into [`Flowsheet::streams`].
pub type StreamId = usize;

/// A unit as a file describes it.
#[derive(Clone, Debug)]
pub struct UnitDraft {
    /// Id.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// Kind.
    pub kind: String,
    /// Settings given.
    pub settings: Vec<(String, Setting)>,
    /// Where it stands.
    pub place: Place,
}

/// A stream as a file describes it.
#[derive(Clone, Debug)]
pub struct StreamDraft {
    /// Id.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// What it is to the base, where it comes from or goes outside.
    pub role: Option<Role>,
    /// `unit` or `unit.port`; none for a feed.
    pub from: Option<String>,
    /// `unit` or `unit.port`; none for a product.
    pub to: Option<String>,
    /// What flows, for a feed.
    pub feed: Option<Stream>,
    /// Whether the unit takes of the feed what it needs; its flow is then that of the unit, its composition as given.
    pub on_demand: bool,
    /// Where it stands.
    pub place: Place,
}

/// A unit.
#[derive(Debug)]
pub struct Unit {
    /// Id.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// Kind.
    pub kind: &'static Kind,
    /// Settings, complete.
    pub settings: Settings,
    /// What it does.
    pub operation: Box<dyn Operation>,
    /// The motors it has beside.
    pub drives: Drives,
}

/// One end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Unit.
    pub unit: UnitId,
    /// Index of the port in the kind's ports of that side.
    pub port: usize,
}

/// A stream between units, from outside or to outside.
#[derive(Clone, Debug)]
pub struct Link {
    /// Id.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// What it is to the base, where it comes from or goes outside.
    pub role: Option<Role>,
    /// Outlet it comes from.
    pub from: Option<End>,
    /// Inlet it goes to.
    pub to: Option<End>,
    /// What flows, for a feed.
    pub feed: Option<Stream>,
    /// Whether the unit takes of the feed what it needs.
    pub on_demand: bool,
}

/// What is to hold, and what may be changed to that end.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Id.
    pub id: String,
    /// What is measured.
    pub measure: Measure,
    /// What it should be, SI.
    pub target: f64,
    /// What is changed, as the file calls it.
    pub varies: String,
    /// What that is.
    pub vary: Target,
    /// Lowest value of what is changed, SI.
    pub lowest: f64,
    /// Highest value, SI.
    pub highest: f64,
}

/// A measure that the plant declares: a recovery, a grade.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedMeasure {
    /// Id.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// What it measures.
    pub dimension: Dimension,
    /// How.
    pub measure: Measure,
}

/// A plant on paper, complete and connected.
#[derive(Debug)]
pub struct Flowsheet {
    /// Units.
    pub units: Vec<Unit>,
    /// Streams.
    pub streams: Vec<Link>,
    /// Design specs.
    pub specs: Vec<Spec>,
    /// Measures that the plant declares.
    pub measures: Vec<NamedMeasure>,
    /// Settings that were fitted; they stand in the units already.
    pub fitted: Vec<Fitted>,
}

/// What is wrong with a flowsheet.
#[derive(Clone, Debug, PartialEq)]
pub enum FlowsheetError {
    /// A setting of a unit.
    Setting(SettingError),
    /// `plants.unknown_kind`
    UnknownKind {
        /// Where.
        place: Place,
        /// As written.
        value: String,
    },
    /// `plants.unknown_end`
    UnknownEnd {
        /// Where.
        place: Place,
        /// As written.
        value: String,
        /// What is accepted.
        accepted: Vec<String>,
    },
    /// `plants.no_source`
    NoSource {
        /// Where.
        place: Place,
    },
    /// `plants.two_sources`
    TwoSources {
        /// Where.
        place: Place,
        /// The unit.
        value: String,
    },
    /// `plants.no_outlet`
    NoOutlet {
        /// The unit.
        place: Place,
        /// Unit and port.
        value: String,
    },
    /// `plants.port_taken`
    PortTaken {
        /// The second stream.
        place: Place,
        /// Unit and port.
        value: String,
    },
    /// `plants.no_exit`
    NoExit {
        /// The plant.
        place: Place,
        /// Units of the recycle.
        value: String,
    },
}

impl Flowsheet {
    /// Builds the units and connects the streams.
    ///
    /// # Errors
    /// Every [`FlowsheetError`] there is, so that one reading mends all.
    pub fn new(
        units: &[UnitDraft],
        streams: &[StreamDraft],
        matter: &Matter<'_>,
    ) -> Result<Flowsheet, Vec<FlowsheetError>> {
        let mut errors = Vec::new();
        let mut built = Vec::new();
        for draft in units {
            match unit(draft, matter) {
                Ok(unit) => built.push(unit),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors); // every end of a stream at a broken unit would be a second mistake
        }
        let links: Vec<Link> = streams
            .iter()
            .map(|draft| link(draft, &built, &mut errors))
            .collect();
        let flowsheet = Flowsheet {
            units: built,
            streams: links,
            specs: Vec::new(),
            measures: Vec::new(),
            fitted: Vec::new(),
        };
        flowsheet.check_outlets(units, streams, &mut errors);
        if errors.is_empty() {
            flowsheet.check_recycles(&mut errors);
        }
        if errors.is_empty() {
            Ok(flowsheet)
        } else {
            Err(errors)
        }
    }

    /// Index of a unit by id.
    pub fn unit(&self, id: &str) -> Option<UnitId> {
        self.units.iter().position(|unit| unit.id == id)
    }

    /// Index of a stream by id.
    pub fn stream(&self, id: &str) -> Option<StreamId> {
        self.streams.iter().position(|stream| stream.id == id)
    }

    /// Changes a setting and builds the unit anew.
    ///
    /// # Errors
    /// [`SettingError`]; the unit then stays as it was.
    pub fn set(
        &mut self,
        unit: UnitId,
        name: &str,
        setting: Setting,
        matter: &Matter<'_>,
    ) -> Result<(), SettingError> {
        let unit = &mut self.units[unit];
        let mut settings = unit.settings.clone();
        settings.set(name, setting)?;
        let drives = Drives::new(unit.kind, &settings)?;
        unit.operation = (unit.kind.build)(&settings, matter)?;
        unit.drives = drives;
        unit.settings = settings;
        Ok(())
    }

    fn check_outlets(
        &self,
        units: &[UnitDraft],
        drafts: &[StreamDraft],
        errors: &mut Vec<FlowsheetError>,
    ) {
        for (u, unit) in self.units.iter().enumerate() {
            for (port, name) in unit.kind.outlets.iter().enumerate() {
                let end = End { unit: u, port };
                let leaving = self.streams.iter().zip(drafts);
                let mut leaving = leaving.filter(|(link, _)| link.from == Some(end));
                let value = format!("{}.{name}", unit.id);
                if leaving.next().is_none() {
                    errors.push(FlowsheetError::NoOutlet {
                        place: units[u].place.clone(),
                        value,
                    });
                } else if let Some((_, second)) = leaving.next() {
                    errors.push(FlowsheetError::PortTaken {
                        place: second.place.clone(),
                        value,
                    });
                }
            }
        }
    }

    /// A recycle that something feeds must have a way out.
    fn check_recycles(&self, errors: &mut Vec<FlowsheetError>) {
        for group in order::groups(self) {
            let inside = |end: Option<End>| end.is_some_and(|end| group.contains(&end.unit));
            let recycles = self.streams.iter().any(|s| inside(s.from) && inside(s.to));
            let fed = self.streams.iter().any(|s| !inside(s.from) && inside(s.to));
            let leaves = self.streams.iter().any(|s| inside(s.from) && !inside(s.to));
            if recycles && fed && !leaves {
                let ids: Vec<&str> = group.iter().map(|u| self.units[*u].id.as_str()).collect();
                errors.push(FlowsheetError::NoExit {
                    place: self.units[group[0]].settings.place.clone(),
                    value: ids.join(", "),
                });
            }
        }
    }
}

fn unit(draft: &UnitDraft, matter: &Matter<'_>) -> Result<Unit, FlowsheetError> {
    let kind = kinds::find(&draft.kind).ok_or_else(|| FlowsheetError::UnknownKind {
        place: draft.place.clone(),
        value: draft.kind.clone(),
    })?;
    let given = draft.settings.iter().map(|(n, s)| (n.as_str(), s.clone()));
    let given: Vec<(&str, Setting)> = given.collect();
    let settings =
        Settings::new(kind.name, draft.place.clone(), &given).map_err(FlowsheetError::Setting)?;
    let operation = (kind.build)(&settings, matter).map_err(FlowsheetError::Setting)?;
    let drives = Drives::new(kind, &settings).map_err(FlowsheetError::Setting)?;
    Ok(Unit {
        id: draft.id.clone(),
        name: draft.name.clone(),
        kind,
        settings,
        operation,
        drives,
    })
}

fn link(draft: &StreamDraft, units: &[Unit], errors: &mut Vec<FlowsheetError>) -> Link {
    let mut end = |text: &Option<String>, ports: fn(&Kind) -> &'static [&'static str]| {
        let text = text.as_deref()?;
        let found = find_end(text, units, ports);
        if found.is_none() {
            errors.push(FlowsheetError::UnknownEnd {
                place: draft.place.clone(),
                value: text.to_owned(),
                accepted: ends(units, ports),
            });
        }
        found
    };
    let from = end(&draft.from, |kind| kind.outlets);
    let to = end(&draft.to, |kind| kind.inlets);
    match (&draft.from, &draft.feed) {
        (None, None) => errors.push(FlowsheetError::NoSource {
            place: draft.place.clone(),
        }),
        (Some(unit), Some(_)) => errors.push(FlowsheetError::TwoSources {
            place: draft.place.clone(),
            value: unit.clone(),
        }),
        _ => {}
    }
    Link {
        id: draft.id.clone(),
        name: draft.name.clone(),
        role: draft.role,
        from,
        to,
        feed: draft.feed.clone(),
        on_demand: draft.on_demand,
    }
}

/// `unit.port`, or `unit` where it has but one port on that side.
fn find_end(
    text: &str,
    units: &[Unit],
    ports: fn(&Kind) -> &'static [&'static str],
) -> Option<End> {
    let (id, port) = match text.split_once('.') {
        Some((id, port)) => (id, Some(port)),
        None => (text, None),
    };
    let unit = units.iter().position(|u| u.id == id)?;
    let known = ports(units[unit].kind);
    let port = match port {
        Some(port) => known.iter().position(|p| *p == port)?,
        None if known.len() == 1 => 0,
        None => return None,
    };
    Some(End { unit, port })
}

fn ends(units: &[Unit], ports: fn(&Kind) -> &'static [&'static str]) -> Vec<String> {
    let all = units.iter().flat_map(|unit| {
        let ports = ports(unit.kind).iter();
        ports.map(move |port| format!("{}.{port}", unit.id))
    });
    all.collect()
}

impl Message for FlowsheetError {
    fn code(&self) -> &'static str {
        match self {
            FlowsheetError::Setting(error) => error.code(),
            FlowsheetError::UnknownKind { .. } => "plants.unknown_kind",
            FlowsheetError::UnknownEnd { .. } => "plants.unknown_end",
            FlowsheetError::NoSource { .. } => "plants.no_source",
            FlowsheetError::TwoSources { .. } => "plants.two_sources",
            FlowsheetError::NoOutlet { .. } => "plants.no_outlet",
            FlowsheetError::PortTaken { .. } => "plants.port_taken",
            FlowsheetError::NoExit { .. } => "plants.no_exit",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let listed = |value: &str, accepted: &[String]| {
            let likely = nearest(value, accepted.iter().map(String::as_str));
            match likely {
                Some(likely) => lang.pick(
                    format!("{} (did you mean {likely}?)", lang.list(accepted)),
                    format!("{}（是否指 {likely}？）", lang.list(accepted)),
                ),
                None => lang.list(accepted),
            }
        };
        match self {
            FlowsheetError::Setting(error) => error.fields(lang),
            FlowsheetError::UnknownKind { place, value } => {
                let known: Vec<String> = kinds::all().iter().map(|k| k.name.to_owned()).collect();
                vec![
                    ("place", place.text(lang)),
                    ("value", value.clone()),
                    ("accepted", listed(value, &known)),
                ]
            }
            FlowsheetError::UnknownEnd {
                place,
                value,
                accepted,
            } => vec![
                ("place", place.text(lang)),
                ("value", value.clone()),
                ("accepted", listed(value, accepted)),
            ],
            FlowsheetError::NoSource { place } => vec![("place", place.text(lang))],
            FlowsheetError::TwoSources { place, value }
            | FlowsheetError::NoOutlet { place, value }
            | FlowsheetError::PortTaken { place, value }
            | FlowsheetError::NoExit { place, value } => {
                vec![("place", place.text(lang)), ("value", value.clone())]
            }
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for FlowsheetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for FlowsheetError {}
