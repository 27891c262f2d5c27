//! The server itself as an asset with tags and alarms, so that its troubles are answered, journalled and counted like any
//! other: a store that can't write, samples lost, a base folder that can't be read, an estimate that was
//! not made, a connection that is down.

use std::sync::LazyLock;

use saltern_base::energy::Identity;
use saltern_base::model::Label;
use saltern_base::tags::{Alarm, AlarmKind, Asset, Level, Priority, Quantity, Source, Tag, Tags};
use saltern_units::place::Place;
use saltern_units::table::{Table, TableError};
use saltern_units::unit;

/// What ids of the server's own tags begin with.
pub(crate) const PREFIX: &str = "saltern.";

/// A condition of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Condition {
    /// The store can't write.
    Store,
    /// Samples were lost because they could not be stored for too long.
    Lost,
    /// The records can't be written.
    Records,
    /// The base folder was changed and can't be read.
    Folder,
    /// Readings for systems above were dropped because they could not be reached for too long.
    Dropped,
    /// The last estimate by night was not made.
    Nights,
    /// The last analysis of a place is doubted and waits for a decision, or analyses can't be judged.
    Assay,
}

impl Condition {
    pub(crate) const ALL: [Condition; 7] = [
        Condition::Store,
        Condition::Lost,
        Condition::Records,
        Condition::Folder,
        Condition::Dropped,
        Condition::Nights,
        Condition::Assay,
    ];

    /// Its word in `system.csv`.
    fn id(self) -> &'static str {
        match self {
            Condition::Store => "store",
            Condition::Lost => "lost",
            Condition::Records => "records",
            Condition::Folder => "folder",
            Condition::Dropped => "dropped",
            Condition::Nights => "nights",
            Condition::Assay => "assay",
        }
    }
}

/// The word of a connection that is down.
const CONNECTION: &str = "connection";

/// What is said of a condition, and how urgent it is.
#[derive(Clone, Debug)]
struct Texts {
    id: String,
    priority: Priority,
    name: Label,
    cause: Label,
    consequence: Label,
    action: Label,
}

impl Texts {
    fn of(id: &str) -> Texts {
        static ALL: LazyLock<Vec<Texts>> =
            LazyLock::new(|| read(include_str!("system.csv")).unwrap_or_default());
        let found = ALL.iter().find(|texts| texts.id == id).cloned();
        // A test sees to it that none is missing.
        let bare = || Label {
            en: id.into(),
            zh: id.into(),
        };
        found.unwrap_or_else(|| Texts {
            id: id.into(),
            priority: Priority::High,
            name: bare(),
            cause: bare(),
            consequence: bare(),
            action: bare(),
        })
    }
}

fn read(text: &str) -> Result<Vec<Texts>, TableError> {
    let table = Table::read("system.csv", text)?;
    let words = Priority::ALL.map(|(_, word)| word);
    let texts = |row| {
        let cell = |name: &str| Ok(table.cell(row, table.column(name)?));
        let label = |name: &str| {
            Ok(Label {
                en: cell(name)?.text()?.into(),
                zh: cell(&format!("{name}_zh"))?.text()?.into(),
            })
        };
        Ok(Texts {
            id: cell("id")?.text()?.into(),
            priority: Priority::ALL[cell("priority")?.choice(&words)?].0,
            name: label("name")?,
            cause: label("cause")?,
            consequence: label("consequence")?,
            action: label("action")?,
        })
    };
    table.rows.iter().map(texts).collect()
}

/// Rows of the server's own tags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// Of each condition, in the order of [`Condition::ALL`].
    conditions: Vec<u32>,
    /// Of each connection.
    connections: Vec<u32>,
}

impl Rows {
    pub(crate) fn condition(&self, condition: Condition) -> u32 {
        let place = Condition::ALL.iter().position(|c| *c == condition);
        place.map_or(u32::MAX, |place| self.conditions[place])
    }

    pub(crate) fn connections(&self) -> &[u32] {
        &self.connections
    }
}

/// Adds the server's own asset, tags and alarms.
pub(crate) fn extend(live: &mut Tags) -> Rows {
    let asset = live.assets.len();
    live.assets.push(Asset {
        who: who(
            "saltern",
            Label {
                en: "Server".into(),
                zh: "服务器".into(),
            },
        ),
        level: Level::Equipment,
        level_name: "control_module",
        parent: None,
        node: None,
        tenant: None,
    });
    let mut rows = Rows::default();
    for condition in Condition::ALL {
        let texts = Texts::of(condition.id());
        let row = state(
            live,
            asset,
            who(&format!("{PREFIX}{}", texts.id), texts.name.clone()),
        );
        rows.conditions.push(row as u32);
        live.alarms.push(alarm(live, row, 1.0, &texts));
    }
    let connections: Vec<Identity> = live.connections.iter().map(|c| c.who.clone()).collect();
    let texts = Texts::of(CONNECTION);
    for Identity { id, name, .. } in connections {
        let label = Label {
            en: texts.name.en.replace("{name}", &name.en),
            zh: texts.name.zh.replace("{name}", &name.zh),
        };
        let row = state(live, asset, who(&format!("{PREFIX}connection.{id}"), label));
        rows.connections.push(row as u32);
        live.alarms.push(alarm(live, row, 2.0, &texts));
    }
    rows
}

/// A tag that is a number of a state.
fn state(live: &mut Tags, asset: usize, who: Identity) -> usize {
    live.tags.push(Tag {
        who,
        asset,
        unit: unit::Dimension::Fraction.si(),
        quantity: Quantity::State,
        component: None,
        low: None,
        high: None,
        resolution: Some(1.0),
        source: Source::Calculated,
        connection: None,
        period_s: 60.0,
        deadband: 0.0,
        retention_s: None,
        writing: None,
    });
    live.tags.len() - 1
}

fn alarm(live: &Tags, tag: usize, limit: f64, texts: &Texts) -> Alarm {
    Alarm {
        who: live.tags[tag].who.clone(),
        tag,
        kind: AlarmKind::State,
        limit,
        reference: None,
        window_s: 0.0,
        deadband: 0.0,
        on_delay_s: 5.0,
        off_delay_s: 5.0,
        realarm_s: None,
        latching: false,
        confirm: false,
        priority: texts.priority,
        class: Some("system".into()),
        group: None,
        shelve_max_s: 8.0 * 3600.0,
        suppress_when: None,
        cause: texts.cause.clone(),
        consequence: texts.consequence.clone(),
        action: texts.action.clone(),
        source: None,
    }
}

fn who(id: &str, name: Label) -> Identity {
    Identity {
        id: id.into(),
        name,
        place: Place::file("saltern"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_may_happen_to_a_server_is_said_in_both_languages() {
        let all = read(include_str!("system.csv")).expect("a table");
        let words: Vec<&str> = all.iter().map(|texts| texts.id.as_str()).collect();
        let conditions = Condition::ALL.map(Condition::id);
        assert_eq!(words, [&conditions[..], &[CONNECTION]].concat());
        for texts in &all {
            let labels = [&texts.name, &texts.cause, &texts.consequence, &texts.action];
            for Label { en, zh } in labels {
                let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
                assert!(en.is_ascii() && zh.contains(is_chinese), "{en}: {zh}");
                assert_eq!(en.contains("{name}"), zh.contains("{name}"), "{en}");
            }
        }
    }
}
