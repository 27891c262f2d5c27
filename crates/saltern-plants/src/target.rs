//! What can be set on a flowsheet, by its path: `flotation.froth_solids`, `flotation.recovery.Sylvite`, `ore.rate`,
//! `ore.temperature`, `ore.Carnallite`. Fits move them, runs of a test differ in them, a plant's file states them as fitted.

use saltern_base::attributes::{Attribute, Kind as Type};
use saltern_brine::database::MineralId;
use saltern_units::place::Place;
use saltern_units::quantity::significant;
use saltern_units::unit::{self, Dimension, Unit};

use crate::flowsheet::{Flowsheet, StreamId, UnitId};
use crate::matter::{Matter, Phase, SubstanceId};
use crate::settings::{self, Setting, SettingError};
use crate::stream::Stream;

/// A number of a flowsheet that can be set.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A setting of a unit.
    Setting(UnitId, &'static Attribute),
    /// One of the numbers by name of a setting.
    Share(UnitId, &'static Attribute, String),
    /// Mass flow of a feed, kg/s; its composition stays.
    FeedRate(StreamId),
    /// Temperature of a feed, K.
    FeedTemperature(StreamId),
    /// Mass fraction of a solid in a feed; its liquid makes up the rest.
    FeedSolid(StreamId, Solid),
}

/// A solid of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solid {
    /// Of the brine database.
    Mineral(MineralId),
    /// Beside it.
    Substance(SubstanceId),
}

impl Target {
    /// What a path stands for; `None` where it stands for nothing that is a number.
    pub fn named(path: &str, flowsheet: &Flowsheet, matter: &Matter<'_>) -> Option<Target> {
        let (head, rest) = path.split_once('.').unwrap_or((path, "rate"));
        if let Some(unit) = flowsheet.unit(head).filter(|_| path != head) {
            let (setting, name) = match rest.split_once('.') {
                Some((setting, name)) => (setting, Some(name)),
                None => (rest, None),
            };
            let kind = flowsheet.units[unit].kind.name;
            let attribute = settings::of_kind(kind).find(|a| a.name == setting)?;
            return match (&attribute.kind, name) {
                (Type::Quantity(_) | Type::Number | Type::Count, None) => {
                    Some(Target::Setting(unit, attribute))
                }
                (Type::Shares(_), Some(name)) => {
                    Some(Target::Share(unit, attribute, name.to_owned()))
                }
                _ => None,
            };
        }
        let stream = flowsheet.stream(head)?;
        flowsheet.streams[stream].feed.as_ref()?;
        let mineral = || matter.database.mineral(rest).map(Solid::Mineral);
        let substance = || {
            let s = matter.substance(rest)?;
            (matter.substances[s].phase == Phase::Solid).then_some(Solid::Substance(s))
        };
        match rest {
            "rate" => Some(Target::FeedRate(stream)),
            "temperature" => Some(Target::FeedTemperature(stream)),
            _ => {
                let solid = mineral().or_else(substance)?;
                Some(Target::FeedSolid(stream, solid))
            }
        }
    }

    /// Paths there are, for error messages: numbers of units and feeds; `NAME` stands for a mineral, ion or substance.
    pub fn paths(flowsheet: &Flowsheet) -> Vec<String> {
        let mut paths = Vec::new();
        for unit in &flowsheet.units {
            for attribute in settings::of_kind(unit.kind.name) {
                match attribute.kind {
                    Type::Quantity(_) | Type::Number => {
                        paths.push(format!("{}.{}", unit.id, attribute.name));
                    }
                    Type::Shares(_) => {
                        let given = unit.settings.shares(&attribute.name);
                        let names = given.iter().map(|(name, _)| name.as_str());
                        let names = names.chain(given.is_empty().then_some("NAME"));
                        let full = names.map(|n| format!("{}.{}.{n}", unit.id, attribute.name));
                        paths.extend(full);
                    }
                    _ => {}
                }
            }
        }
        for stream in flowsheet.streams.iter().filter(|s| s.feed.is_some()) {
            let entries = ["rate", "temperature", "MINERAL"];
            paths.extend(entries.map(|entry| format!("{}.{entry}", stream.id)));
        }
        paths
    }

    /// What it measures.
    pub fn dimension(&self) -> Dimension {
        match self {
            Target::Setting(_, a) | Target::Share(_, a, _) => match a.kind {
                Type::Quantity(d) | Type::Shares(d) => d,
                _ => Dimension::Fraction,
            },
            Target::FeedRate(_) => Dimension::MassFlow,
            Target::FeedTemperature(_) => Dimension::Temperature,
            Target::FeedSolid(..) => Dimension::MassFraction,
        }
    }

    /// The unit people give it in.
    pub fn unit(&self) -> &'static Unit {
        let own = match self {
            Target::Setting(_, a) | Target::Share(_, a, _) => a.own_unit(),
            Target::FeedRate(_) => unit::find(Some("t/h"), Dimension::MassFlow).ok(),
            Target::FeedTemperature(_) => unit::find(Some("degC"), Dimension::Temperature).ok(),
            Target::FeedSolid(..) => unit::find(Some("wt%"), Dimension::MassFraction).ok(),
        };
        own.unwrap_or_else(|| self.dimension().si())
    }

    /// Between what it must lie, SI.
    pub fn range_si(&self) -> (f64, f64) {
        match self {
            Target::Setting(_, a) | Target::Share(_, a, _) => {
                let si = |n: f64| a.own_unit().map_or(n, |unit| unit.to_si(n));
                (
                    a.range.0.map_or(f64::NEG_INFINITY, si),
                    a.range.1.map_or(f64::INFINITY, si),
                )
            }
            Target::FeedRate(_) => (0.0, f64::INFINITY),
            Target::FeedTemperature(_) => (253.15, 383.15), // of the default set
            Target::FeedSolid(..) => (0.0, 1.0),
        }
    }

    /// Its value, SI; `None` where none is given.
    pub fn value(&self, flowsheet: &Flowsheet, matter: &Matter<'_>) -> Option<f64> {
        match self {
            Target::Setting(u, a) => flowsheet.units[*u].settings.optional_number(&a.name),
            Target::Share(u, a, name) => {
                let shares = flowsheet.units[*u].settings.shares(&a.name).iter();
                shares.into_iter().find(|(n, _)| n == name).map(|(_, v)| *v)
            }
            Target::FeedRate(s) => Some(feed(flowsheet, *s)?.mass_kg_s(matter)),
            Target::FeedTemperature(s) => Some(feed(flowsheet, *s)?.temperature_k),
            Target::FeedSolid(s, solid) => {
                let feed = feed(flowsheet, *s)?;
                Some(solid.mass_kg_s(feed, matter) / feed.mass_kg_s(matter))
            }
        }
    }

    /// Sets it, SI, and builds the unit anew.
    ///
    /// # Errors
    /// [`SettingError`] where it lies outside its range; all then stays as it was.
    pub fn apply(
        &self,
        value_si: f64,
        flowsheet: &mut Flowsheet,
        matter: &Matter<'_>,
    ) -> Result<(), SettingError> {
        match self {
            Target::Setting(u, a) => flowsheet.set(*u, &a.name, Setting::Number(value_si), matter),
            Target::Share(u, a, name) => {
                let mut shares = flowsheet.units[*u].settings.shares(&a.name).to_vec();
                match shares.iter_mut().find(|(n, _)| n == name) {
                    Some((_, value)) => *value = value_si,
                    None => shares.push((name.clone(), value_si)),
                }
                flowsheet.set(*u, &a.name, Setting::Shares(shares), matter)
            }
            Target::FeedRate(s) => self.change(*s, value_si, flowsheet, |feed| {
                let now = feed.mass_kg_s(matter);
                (now > 0.0).then(|| feed.times(value_si / now))
            }),
            Target::FeedTemperature(s) => self.change(*s, value_si, flowsheet, |feed| {
                let mut feed = feed.clone();
                feed.temperature_k = value_si;
                Some(feed)
            }),
            Target::FeedSolid(s, solid) => self.change(*s, value_si, flowsheet, |feed| {
                solid.at_share(value_si, feed, matter)
            }),
        }
    }

    fn change(
        &self,
        stream: StreamId,
        value_si: f64,
        flowsheet: &mut Flowsheet,
        changed: impl Fn(&Stream) -> Option<Stream>,
    ) -> Result<(), SettingError> {
        let (low, high) = self.range_si();
        let link = &mut flowsheet.streams[stream];
        let within = value_si.is_finite() && value_si >= low && value_si <= high;
        match link.feed.as_ref().filter(|_| within).and_then(changed) {
            Some(feed) => {
                link.feed = Some(feed);
                Ok(())
            }
            None => {
                let unit = self.unit();
                let shown = |si: f64| significant(unit.from_si(si), 6);
                let accepted = match self {
                    // As much as the liquid can make room for.
                    Target::FeedSolid(..) => "0 … 100 wt% with all solids".to_owned(),
                    _ if high.is_infinite() => format!("≥ {} {}", shown(low), unit.symbol),
                    _ => format!("{} … {} {}", shown(low), shown(high), unit.symbol),
                };
                Err(SettingError::Wrong {
                    place: Place::file(format!("streams.{}", link.id)),
                    setting: link.id.clone(),
                    value: format!("{} {}", shown(value_si), unit.symbol),
                    accepted,
                })
            }
        }
    }
}

fn feed(flowsheet: &Flowsheet, stream: StreamId) -> Option<&Stream> {
    flowsheet.streams[stream].feed.as_ref()
}

impl Solid {
    fn mass_kg_s(self, stream: &Stream, matter: &Matter<'_>) -> f64 {
        match self {
            Solid::Mineral(m) => stream.solids_mol_s[m] * matter.mineral_kg_mol(m),
            Solid::Substance(s) => stream.others_mol_s[s] * matter.substances[s].molar_mass_kg_mol,
        }
    }

    /// The feed with this solid at a mass fraction and the liquid as the rest of the same mass; `None` where there is no
    /// liquid to give way.
    fn at_share(self, share: f64, feed: &Stream, matter: &Matter<'_>) -> Option<Stream> {
        let (mass, liquid) = (feed.mass_kg_s(matter), feed.liquid_kg_s(matter));
        let more = share * mass - self.mass_kg_s(feed, matter);
        if liquid <= 0.0 || more > liquid * (1.0 + 1e-9) {
            return None;
        }
        let mut out = feed.clone();
        let left = (liquid - more).max(0.0) / liquid;
        out.brine_mol_s.iter_mut().for_each(|n| *n *= left);
        match self {
            Solid::Mineral(m) => out.solids_mol_s[m] += more / matter.mineral_kg_mol(m),
            Solid::Substance(s) => {
                out.others_mol_s[s] += more / matter.substances[s].molar_mass_kg_mol;
            }
        }
        Some(out)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::flowsheet::{StreamDraft, UnitDraft};
    use saltern_base::model::Label;
    use saltern_brine::thermo::default_database;

    fn sheet(matter: &Matter<'_>) -> Flowsheet {
        let mut ore = Stream::water(matter, 0.3, 283.15);
        let carnallite = matter.database.mineral("Carnallite").unwrap();
        ore.solids_mol_s[carnallite] = 0.7 / matter.mineral_kg_mol(carnallite);
        let unit = UnitDraft {
            id: "bank".into(),
            name: Label::default(),
            kind: "flotation".into(),
            settings: vec![
                ("froth_solids".into(), Setting::Number(0.3)),
                (
                    "recovery".into(),
                    Setting::Shares(vec![("Sylvite".into(), 0.9)]),
                ),
            ],
            place: Place::default(),
        };
        let stream = |id: &str, from: Option<&str>, to: Option<&str>, feed| StreamDraft {
            id: id.into(),
            name: Label::default(),
            role: None,
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            feed,
            on_demand: false,
            place: Place::default(),
        };
        let streams = [
            stream("ore", None, Some("bank"), Some(ore)),
            stream("froth", Some("bank.froth"), None, None),
            stream("sink", Some("bank.sink"), None, None),
        ];
        Flowsheet::new(&[unit], &streams, matter).unwrap()
    }

    #[test]
    fn what_is_set_is_read_back_and_a_feed_keeps_its_mass() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut sheet = sheet(&matter);
        for (path, value) in [
            ("bank.froth_solids", 0.4),
            ("bank.recovery.Sylvite", 0.8),
            ("bank.recovery.Halite", 0.05),
            ("ore", 2.0),
            ("ore.temperature", 290.0),
            ("ore.Carnallite", 0.6),
            ("ore.Halite", 0.1),
            ("ore.Inert", 0.01),
        ] {
            let target = Target::named(path, &sheet, &matter).unwrap();
            target.apply(value, &mut sheet, &matter).unwrap();
            let now = target.value(&sheet, &matter).unwrap();
            assert!((now - value).abs() < 1e-14, "{path} {now}");
        }
        let ore = sheet.streams[0].feed.as_ref().unwrap();
        assert!((ore.mass_kg_s(&matter) - 2.0).abs() < 1e-13);
        assert!((ore.liquid_kg_s(&matter) - 0.29 * 2.0).abs() < 1e-13);
    }

    #[test]
    fn what_cannot_be_is_refused_and_changes_nothing() {
        let database = default_database();
        let matter = Matter::new(&database).unwrap();
        let mut sheet = sheet(&matter);
        for (path, value) in [
            ("bank.recovery.Sylvite", 1.2),
            ("ore.Carnallite", 1.1),
            ("ore", -1.0),
        ] {
            let target = Target::named(path, &sheet, &matter).unwrap();
            let before = target.value(&sheet, &matter);
            assert!(target.apply(value, &mut sheet, &matter).is_err(), "{path}");
            assert_eq!(target.value(&sheet, &matter), before);
        }
        for path in [
            "bank",
            "bank.recovery",
            "bank.phases",
            "froth",
            "ore.Steam",
            "mill.x",
        ] {
            assert_eq!(Target::named(path, &sheet, &matter), None, "{path}");
        }
    }
}
