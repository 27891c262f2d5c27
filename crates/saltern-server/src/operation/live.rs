//! The tags in force, with their numbers in the store, whose they are, and what is known of them now.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use saltern_base::model::{Base, Label};
use saltern_base::tags::{Quantity, Source, Tag, Tags};
use saltern_history::Rule;
use saltern_samples::{Reading, Sample, TagId};
use saltern_units::unit::Dimension;

use super::system::{self, Rows};
use crate::nights;

/// Seconds in a day.
const DAY_S: f64 = 86_400.0;

/// A base as it was read: what serves pages and what is watched.
#[derive(Clone, Debug)]
pub struct Lake {
    /// Id of the base.
    pub id: String,
    /// Name.
    pub name: Label,
    /// What is not measured about it.
    pub caveats: Vec<Label>,
    /// Ponds, plants and the rest; `None` for a base without ponds.
    pub base: Option<Base>,
    /// Who gives, stores, buys and uses energy; empty for a base without an energy side.
    pub power: Vec<PowerPlace>,
    /// Assets, tags, connections, alarms and formulas.
    pub tags: Tags,
}

/// A unit of the energy side, as a place of the base.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerPlace {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Label,
    /// What it is: `power` for what gives, stores or trades, `hall` for computers.
    pub kind: &'static str,
}

/// The tags in force.
pub(crate) struct Live {
    /// Rises with every change of the base folder.
    pub(crate) generation: u64,
    /// The base, with the server's own tags.
    pub(crate) lake: Lake,
    /// Rows of the server's own tags.
    pub(crate) system: Rows,
    /// Rows of soft sensors.
    pub(crate) soft: nights::Rows,
    /// Numbers in the store by row.
    pub(crate) stored: Vec<TagId>,
    /// What is asked of samples, by row.
    pub(crate) rules: Vec<Rule>,
    rows: HashMap<String, u32>,
    alarms: HashMap<String, u32>,
    /// Enterprise of each tag, by row.
    tenants: Vec<Option<String>>,
    latest: RwLock<Vec<Option<Sample>>>,
}

impl Live {
    /// Puts soft sensors, where nights are worked, and the server's own tags beside those of a base. Numbers in the store are to be asked for by [`Live::names`].
    pub(crate) fn new(generation: u64, mut lake: Lake, has_nights: bool) -> Live {
        let soft = match &lake.base {
            Some(base) if has_nights => nights::extend(&mut lake.tags, base),
            _ => nights::Rows::default(),
        };
        let system = system::extend(&mut lake.tags);
        let tags = &lake.tags;
        let ids = |who: &str, row: usize| (who.to_string(), row as u32);
        let rows = tags.tags.iter().enumerate();
        let alarms = tags.alarms.iter().enumerate();
        Live {
            generation,
            system,
            soft,
            stored: Vec::new(),
            rules: tags.tags.iter().map(rule).collect(),
            rows: rows.map(|(row, tag)| ids(&tag.who.id, row)).collect(),
            alarms: alarms.map(|(row, alarm)| ids(&alarm.who.id, row)).collect(),
            tenants: tags
                .tags
                .iter()
                .map(|tag| tags.tenant(tag.asset).map(String::from))
                .collect(),
            latest: RwLock::new(vec![None; tags.tags.len()]),
            lake,
        }
    }

    /// Names and rules for the store.
    pub(crate) fn names(&self) -> Vec<(&str, Rule)> {
        let tags = self.lake.tags.tags.iter().zip(&self.rules);
        tags.map(|(tag, rule)| (tag.who.id.as_str(), *rule))
            .collect()
    }

    /// Row of a tag.
    pub(crate) fn row(&self, id: &str) -> Option<u32> {
        self.rows.get(id).copied()
    }

    /// Number of an alarm.
    pub(crate) fn alarm(&self, id: &str) -> Option<u32> {
        self.alarms.get(id).copied()
    }

    /// A tag by its row.
    pub(crate) fn tag(&self, row: u32) -> &Tag {
        &self.lake.tags.tags[row as usize]
    }

    /// Whether a tag is a figure of the laboratory's analyses: content by volume or mass that people or files bring, not an
    /// analyser on the line, which is an instrument like any other.
    pub(crate) fn is_analysis(&self, row: u32) -> bool {
        let tag = self.tag(row);
        let is_brought = matches!(
            tag.source,
            Source::Lab | Source::Manual | Source::File(_) | Source::Http(_)
        );
        let is_content = matches!(
            tag.unit.dimension,
            Dimension::Concentration | Dimension::MassFraction
        );
        tag.quantity == Quantity::Assay && tag.component.is_some() && is_brought && is_content
    }

    /// Enterprise of a tag; `None` for what the park shares.
    pub(crate) fn tenant(&self, row: u32) -> Option<&str> {
        self.tenants.get(row as usize)?.as_deref()
    }

    /// All enterprises that have something here.
    pub(crate) fn tenants(&self) -> HashSet<&str> {
        self.tenants.iter().flatten().map(String::as_str).collect()
    }

    /// Latest samples by row.
    pub(crate) fn latest(&self) -> RwLockReadGuard<'_, Vec<Option<Sample>>> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what came; late samples change nothing.
    pub(crate) fn learn(&self, readings: &[Reading]) {
        let mut latest = self.latest.write().unwrap_or_else(PoisonError::into_inner);
        for Reading { tag, sample } in readings {
            let Some(known) = latest.get_mut(tag.0 as usize) else {
                continue;
            };
            if known.is_none_or(|known| known.time_us <= sample.time_us) {
                *known = Some(*sample);
            }
        }
    }
}

/// What is asked of the samples of a tag.
pub(crate) fn rule(tag: &Tag) -> Rule {
    Rule {
        resolution: tag.resolution,
        keep_days: tag
            .retention_s
            .map(|retention| (retention / DAY_S).ceil() as u32),
    }
}
