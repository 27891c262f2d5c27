//! The settings of a unit: numbers in SI, words, numbers by name, as declared in `attributes.csv` for its kind.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use saltern_base::attributes::{self, Attribute, Kind as Type};
use saltern_brine::database::{ComponentId, MineralId};
use saltern_brine::phases;
use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::place::Place;
use saltern_units::quantity::significant;
use saltern_units::table::Table;

use crate::drives;
use crate::kinds;
use crate::matter::{Matter, SubstanceId};
use crate::message::catalogue;

/// A setting as given.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A number in SI.
    Number(f64),
    /// A word or a list of names.
    Text(String),
    /// Numbers in SI by name.
    Shares(Vec<(String, f64)>),
}

/// The settings of one unit, complete with the defaults of its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    kind: &'static str,
    /// Where the unit stands, for what is wrong with a name.
    pub place: Place,
    values: BTreeMap<String, Setting>,
}

/// What is wrong with a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingError {
    /// `plants.unknown_setting`
    Unknown {
        /// Where.
        place: Place,
        /// Kind of the unit.
        kind: &'static str,
        /// The setting.
        setting: String,
        /// Those it has.
        accepted: Vec<String>,
    },
    /// `plants.missing_setting`
    Missing {
        /// Where.
        place: Place,
        /// Kind of the unit.
        kind: &'static str,
        /// Its declaration.
        attribute: &'static Attribute,
    },
    /// `plants.wrong_setting`
    Wrong {
        /// Where.
        place: Place,
        /// The setting.
        setting: String,
        /// As given.
        value: String,
        /// What is accepted.
        accepted: String,
    },
    /// `plants.unknown_matter`
    UnknownMatter {
        /// Where.
        place: Place,
        /// The setting.
        setting: String,
        /// The name.
        value: String,
        /// What it should be one of.
        accepted: &'static str,
    },
}

/// Settings of every kind of unit.
pub fn declared() -> &'static [Attribute] {
    static ALL: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
        let table = Table::read("attributes.csv", include_str!("../attributes.csv"));
        table
            .and_then(|table| attributes::read(&table))
            .unwrap_or_default()
    });
    &ALL
}

/// Settings of a kind of unit: its own, then those of the motors that any unit may have.
pub fn of_kind(kind: &str) -> impl Iterator<Item = &'static Attribute> {
    let known = kinds::find(kind).is_some();
    let own = declared().iter().filter(move |a| a.table == kind);
    let of_drives = declared().iter().filter(|a| a.table == drives::TABLE);
    own.chain(of_drives.filter(move |_| known))
}

/// Markdown that lists the settings of every kind of unit under its ports, and of the motors that any may have.
pub fn reference(lang: Lang) -> String {
    let head = |table: &str| match kinds::find(table) {
        Some(kind) => {
            let [inlets, outlets] = [kind.inlets, kind.outlets].map(|ports| ports.join(", "));
            format!("`plants/ID.toml` `kind = \"{table}\"`\n\n{inlets} → {outlets}\n\n")
        }
        None => lang
            .pick(
                "`plants/ID.toml`: motors of any unit\n\n",
                "`plants/ID.toml`：任一单元的电机\n\n",
            )
            .to_owned(),
    };
    attributes::listed(declared(), &head, lang)
}

impl Settings {
    /// Checks what is given for a kind and fills in its defaults.
    ///
    /// # Errors
    /// [`SettingError`], the first that is found.
    pub fn new(
        kind: &'static str,
        place: Place,
        given: &[(&str, Setting)],
    ) -> Result<Settings, SettingError> {
        let mut settings = Settings {
            kind,
            place,
            values: BTreeMap::new(),
        };
        for (name, setting) in given {
            settings.set(name, setting.clone())?;
        }
        for attribute in of_kind(kind) {
            if settings.values.contains_key(&attribute.name) {
                continue;
            }
            if let Some(number) = attribute.default_si() {
                let number = Setting::Number(number);
                settings.values.insert(attribute.name.clone(), number);
            } else if !attribute.default.is_empty() {
                let text = Setting::Text(attribute.default.clone());
                settings.values.insert(attribute.name.clone(), text);
            } else if attribute.required {
                return Err(SettingError::Missing {
                    place: settings.place,
                    kind,
                    attribute,
                });
            }
        }
        Ok(settings)
    }

    /// Sets one, checked against its declaration.
    ///
    /// # Errors
    /// [`SettingError`]
    pub fn set(&mut self, name: &str, setting: Setting) -> Result<(), SettingError> {
        let attribute =
            of_kind(self.kind)
                .find(|a| a.name == name)
                .ok_or_else(|| SettingError::Unknown {
                    place: self.place.clone(),
                    kind: self.kind,
                    setting: name.to_owned(),
                    accepted: of_kind(self.kind).map(|a| a.name.clone()).collect(),
                })?;
        let fits = match (&attribute.kind, &setting) {
            (Type::Quantity(_) | Type::Number | Type::Count, Setting::Number(n)) => {
                self.within(attribute, *n)
            }
            (Type::Shares(_), Setting::Shares(shares)) => {
                shares.iter().all(|(_, n)| self.within(attribute, *n))
            }
            (Type::Choice(words), Setting::Text(text)) => words.contains(text),
            (Type::Text | Type::Names, Setting::Text(_)) => true,
            _ => false,
        };
        if !fits {
            return Err(self.wrong(attribute, &setting));
        }
        self.values.insert(name.to_owned(), setting);
        Ok(())
    }

    fn within(&self, attribute: &Attribute, value_si: f64) -> bool {
        value_si.is_finite() && attribute.check(value_si, "", &self.place).is_ok()
    }

    fn wrong(&self, attribute: &Attribute, setting: &Setting) -> SettingError {
        let number = |si: f64| {
            let own = attribute.own_unit();
            let value = significant(own.map_or(si, |unit| unit.from_si(si)), 6);
            format!("{value} {}", attribute.unit).trim().to_owned()
        };
        let value = match setting {
            Setting::Number(n) => number(*n),
            Setting::Text(text) => text.clone(),
            Setting::Shares(shares) => shares
                .iter()
                .map(|(name, n)| format!("{name} {}", number(*n)))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let accepted = match &attribute.kind {
            Type::Choice(words) => words.join(", "),
            _ => attribute.range_text(),
        };
        SettingError::Wrong {
            place: self.place.clone(),
            setting: attribute.name.clone(),
            value,
            accepted,
        }
    }

    /// A number, SI. Declared settings with a default always have one; an optional one that is not given is NaN.
    pub fn number(&self, name: &str) -> f64 {
        self.optional_number(name).unwrap_or(f64::NAN)
    }

    /// A number that need not be given, SI.
    pub fn optional_number(&self, name: &str) -> Option<f64> {
        match self.values.get(name) {
            Some(Setting::Number(n)) => Some(*n),
            _ => None,
        }
    }

    /// A word; empty where none is given.
    pub fn text(&self, name: &str) -> &str {
        match self.values.get(name) {
            Some(Setting::Text(text)) => text,
            _ => "",
        }
    }

    /// Numbers by name.
    pub fn shares(&self, name: &str) -> &[(String, f64)] {
        match self.values.get(name) {
            Some(Setting::Shares(shares)) => shares,
            _ => &[],
        }
    }

    /// Minerals that may form, from a setting that names a list (`stable`, `metastable`, `reagent` or names).
    ///
    /// # Errors
    /// [`SettingError::UnknownMatter`]
    pub fn minerals(
        &self,
        name: &str,
        matter: &Matter<'_>,
    ) -> Result<Vec<MineralId>, SettingError> {
        let list = self.text(name);
        if let Some(known) = matter.phases(list) {
            return Ok(known.to_vec());
        }
        phases::select(matter.database, list, "").map_err(|_| self.unknown(name, list, "minerals"))
    }

    /// One mineral.
    ///
    /// # Errors
    /// [`SettingError::UnknownMatter`]
    pub fn mineral(&self, name: &str, matter: &Matter<'_>) -> Result<MineralId, SettingError> {
        self.mineral_named(name, self.text(name), matter)
    }

    /// One mineral that a unit needs whatever its settings; `setting` says where it is named.
    pub(crate) fn mineral_named(
        &self,
        setting: &str,
        name: &str,
        matter: &Matter<'_>,
    ) -> Result<MineralId, SettingError> {
        let mineral = matter.database.mineral(name);
        mineral.ok_or_else(|| self.unknown(setting, name, "minerals"))
    }

    /// Numbers by mineral.
    ///
    /// # Errors
    /// [`SettingError::UnknownMatter`]
    pub fn mineral_shares(
        &self,
        name: &str,
        matter: &Matter<'_>,
    ) -> Result<Vec<(MineralId, f64)>, SettingError> {
        let shares = self.shares(name).iter();
        shares
            .map(|(m, n)| Ok((self.mineral_named(name, m, matter)?, *n)))
            .collect()
    }

    /// Numbers by component, named by its element (`Li`, `Mg`, `SO4`).
    ///
    /// # Errors
    /// [`SettingError::UnknownMatter`]
    pub fn component_shares(
        &self,
        name: &str,
        matter: &Matter<'_>,
    ) -> Result<Vec<(ComponentId, f64)>, SettingError> {
        let shares = self.shares(name).iter();
        shares
            .map(|(c, n)| Ok((self.component_named(name, c, matter)?, *n)))
            .collect()
    }

    /// One component, named by its element or its ion.
    ///
    /// # Errors
    /// [`SettingError::UnknownMatter`]
    pub fn component(&self, name: &str, matter: &Matter<'_>) -> Result<ComponentId, SettingError> {
        self.component_named(name, self.text(name), matter)
    }

    /// One component that a unit needs whatever its settings.
    pub(crate) fn component_named(
        &self,
        setting: &str,
        name: &str,
        matter: &Matter<'_>,
    ) -> Result<ComponentId, SettingError> {
        let database = matter.database;
        let ion = || {
            let mut names = database.components.iter();
            names.position(|c| {
                c.name
                    .trim_end_matches(|d: char| "+-0123456789".contains(d))
                    == name
            })
        };
        let found = database
            .component_of_element(name)
            .or_else(|| database.component(name))
            .or_else(ion);
        found.ok_or_else(|| self.unknown(setting, name, "ions"))
    }

    /// One substance beside the brine.
    ///
    /// # Errors
    /// [`SettingError::UnknownMatter`]
    pub fn substance(&self, name: &str, matter: &Matter<'_>) -> Result<SubstanceId, SettingError> {
        self.substance_named(name, self.text(name), matter)
    }

    /// One substance that a unit needs whatever its settings.
    pub(crate) fn substance_named(
        &self,
        setting: &str,
        name: &str,
        matter: &Matter<'_>,
    ) -> Result<SubstanceId, SettingError> {
        let substance = matter.substance(name);
        substance.ok_or_else(|| self.unknown(setting, name, "substances"))
    }

    /// A setting that another one needs and that is not given.
    pub(crate) fn missing(&self, setting: &str) -> SettingError {
        match of_kind(self.kind).find(|a| a.name == setting) {
            Some(attribute) => SettingError::Missing {
                place: self.place.clone(),
                kind: self.kind,
                attribute,
            },
            None => self.unknown(setting, "", "substances"),
        }
    }

    /// A number that another one rules out.
    pub(crate) fn refused(&self, setting: &str) -> SettingError {
        let attribute = of_kind(self.kind).find(|a| a.name == setting);
        let given = self.values.get(setting);
        match attribute.zip(given) {
            Some((attribute, given)) => self.wrong(attribute, given),
            None => self.missing(setting),
        }
    }

    fn unknown(&self, setting: &str, value: &str, accepted: &'static str) -> SettingError {
        SettingError::UnknownMatter {
            place: self.place.clone(),
            setting: setting.to_owned(),
            value: value.to_owned(),
            accepted,
        }
    }
}

impl Message for SettingError {
    fn code(&self) -> &'static str {
        match self {
            SettingError::Unknown { .. } => "plants.unknown_setting",
            SettingError::Missing { .. } => "plants.missing_setting",
            SettingError::Wrong { .. } => "plants.wrong_setting",
            SettingError::UnknownMatter { .. } => "plants.unknown_matter",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            SettingError::Unknown {
                place,
                kind,
                setting,
                accepted,
            } => vec![
                ("place", place.text(lang)),
                ("kind", (*kind).to_owned()),
                ("setting", setting.clone()),
                ("accepted", lang.list(accepted)),
            ],
            SettingError::Missing {
                place,
                kind,
                attribute,
            } => vec![
                ("place", place.text(lang)),
                ("kind", (*kind).to_owned()),
                ("setting", attribute.name.clone()),
                (
                    "meaning",
                    lang.pick(&attribute.meaning.en, &attribute.meaning.zh)
                        .clone(),
                ),
            ],
            SettingError::Wrong {
                place,
                setting,
                value,
                accepted,
            } => vec![
                ("place", place.text(lang)),
                ("setting", setting.clone()),
                ("value", value.clone()),
                ("accepted", accepted.clone()),
            ],
            SettingError::UnknownMatter {
                place,
                setting,
                value,
                accepted,
            } => vec![
                ("place", place.text(lang)),
                ("setting", setting.clone()),
                ("value", value.clone()),
                (
                    "accepted",
                    match *accepted {
                        "minerals" => lang.pick("minerals of the database", "数据库中的矿物"),
                        "ions" => lang.pick("ions of the database", "数据库中的离子"),
                        _ => lang.pick("substances known", "已知物质"),
                    }
                    .to_owned(),
                ),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl std::fmt::Display for SettingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for SettingError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_names_every_setting_in_both_languages() {
        for (lang, words) in [(Lang::En, "Pump head"), (Lang::Zh, "泵扬程")] {
            let text = reference(lang);
            assert!(text.contains(words) && text.contains("kind = \"flotation\""));
            for attribute in declared() {
                assert!(
                    text.contains(&format!("`{}", attribute.name)),
                    "{}",
                    attribute.name
                );
            }
        }
    }

    #[test]
    fn every_row_is_read_and_every_kind_is_declared_and_known() {
        let lines = include_str!("../attributes.csv").lines().count();
        assert_eq!(declared().len(), lines - 1);
        for attribute in declared() {
            let of_drives = attribute.table == drives::TABLE;
            assert!(
                of_drives || kinds::find(&attribute.table).is_some(),
                "{}",
                attribute.table
            );
            assert!(!attribute.meaning.en.is_empty() && !attribute.meaning.zh.is_empty());
        }
    }
}
