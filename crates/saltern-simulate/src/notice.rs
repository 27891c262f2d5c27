//! What there is to say about a simulation: one notice for each kind and place, with its first day.

use std::sync::LazyLock;

use jiff::civil::Date;
use saltern_plants::solve::SolveError;
use saltern_plants::utilities::NotCounted;
use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::matter::SALT_DENSITY_ASSUMED_KG_M3;
use crate::plants::Stands;

/// Sentences of notices and errors.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

/// A remark that travels with the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// Pond, plant or mineral it is about.
    pub about: String,
    /// First day, where it has one.
    pub first: Option<Date>,
    /// How many days (or cells and days) it happened.
    pub days: u32,
    /// Why, where a plant failed: the first failure.
    pub why: Option<SolveError>,
    /// Units of a plant, where it is about some of them.
    pub units: Vec<String>,
}

impl Notice {
    /// What of the utilities of a plant is not counted.
    pub(crate) fn of_utilities(plant: &str, told: &NotCounted) -> Notice {
        Notice {
            kind: match told {
                NotCounted::Electricity { .. } => NoticeKind::PlantElectricityNotGiven,
                NotCounted::Heat { .. } => NoticeKind::PlantHeatNotKnown,
            },
            about: plant.to_owned(),
            first: None,
            days: 0,
            why: None,
            units: told.units().to_vec(),
        }
    }
}

/// Kinds of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// `simulate.failed_equilibrium`
    FailedEquilibrium,
    /// `simulate.dry`
    Dry,
    /// `simulate.floor_apart`
    FloorApart,
    /// `simulate.dry_unreacted`
    DryUnreacted,
    /// `simulate.freezing`
    Freezing,
    /// `simulate.over_crest`
    OverCrest,
    /// `simulate.full_of_salt`
    FullOfSalt,
    /// `simulate.not_drained`
    NotDrained,
    /// `simulate.volume_assumed`
    VolumeAssumed,
    /// `simulate.inert_floor`
    InertFloor,
    /// `simulate.plant_no_feed`
    PlantNoFeed,
    /// `simulate.plant_below_least_load`
    PlantBelowLeastLoad,
    /// `simulate.plant_failed`
    PlantFailed,
    /// `simulate.plant_cannot_pour`
    PlantCannotPour,
    /// `simulate.plant_electricity_not_given`
    PlantElectricityNotGiven,
    /// `simulate.plant_heat_not_known`
    PlantHeatNotKnown,
}

impl NoticeKind {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            NoticeKind::FailedEquilibrium => "simulate.failed_equilibrium",
            NoticeKind::Dry => "simulate.dry",
            NoticeKind::FloorApart => "simulate.floor_apart",
            NoticeKind::DryUnreacted => "simulate.dry_unreacted",
            NoticeKind::Freezing => "simulate.freezing",
            NoticeKind::OverCrest => "simulate.over_crest",
            NoticeKind::FullOfSalt => "simulate.full_of_salt",
            NoticeKind::NotDrained => "simulate.not_drained",
            NoticeKind::VolumeAssumed => "simulate.volume_assumed",
            NoticeKind::InertFloor => "simulate.inert_floor",
            NoticeKind::PlantNoFeed => "simulate.plant_no_feed",
            NoticeKind::PlantBelowLeastLoad => "simulate.plant_below_least_load",
            NoticeKind::PlantFailed => "simulate.plant_failed",
            NoticeKind::PlantCannotPour => "simulate.plant_cannot_pour",
            NoticeKind::PlantElectricityNotGiven => "simulate.plant_electricity_not_given",
            NoticeKind::PlantHeatNotKnown => "simulate.plant_heat_not_known",
        }
    }

    /// What is said of a plant that stands; nothing of one that was shut.
    pub(crate) fn of_plant(stands: Stands) -> Option<NoticeKind> {
        Some(match stands {
            Stands::Shut => return None,
            Stands::NoFeed => NoticeKind::PlantNoFeed,
            Stands::BelowLeastLoad => NoticeKind::PlantBelowLeastLoad,
            Stands::Failed => NoticeKind::PlantFailed,
            Stands::CannotPour => NoticeKind::PlantCannotPour,
        })
    }

    /// Whether it is about a plant.
    pub(crate) fn is_of_plants(self) -> bool {
        matches!(
            self,
            NoticeKind::PlantNoFeed
                | NoticeKind::PlantBelowLeastLoad
                | NoticeKind::PlantFailed
                | NoticeKind::PlantCannotPour
        )
    }
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        self.kind.code()
    }

    fn fields(&self, lang: Lang) -> Fields {
        let why = self.why.as_ref().map(|why| Message::text(why, lang));
        vec![
            ("why", why.unwrap_or_default()),
            ("plant", self.about.clone()),
            ("pond", self.about.clone()),
            ("mineral", self.about.clone()),
            ("days", self.days.to_string()),
            ("count", self.units.len().to_string()),
            ("units", lang.list(&self.units)),
            (
                "date",
                self.first.map(|d| d.to_string()).unwrap_or_default(),
            ),
            ("density", SALT_DENSITY_ASSUMED_KG_M3.to_string()),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// Notices by pond while a base is marched: no text is made in the loop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notices {
    seen: Vec<(NoticeKind, usize, Date, u32)>,
}

impl Notices {
    /// One more day of something at a pond.
    pub(crate) fn note(&mut self, kind: NoticeKind, pond: usize, day: Date) {
        match self
            .seen
            .iter_mut()
            .find(|(k, p, ..)| (*k, *p) == (kind, pond))
        {
            Some((.., days)) => *days += 1,
            None => self.seen.push((kind, pond, day, 1)),
        }
    }

    pub(crate) fn finish(&self, name: impl Fn(NoticeKind, usize) -> String) -> Vec<Notice> {
        self.seen
            .iter()
            .map(|&(kind, pond, first, days)| Notice {
                kind,
                about: name(kind, pond),
                first: Some(first),
                days,
                why: None,
                units: Vec::new(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_sentence_in_both_languages() {
        use NoticeKind::*;
        for kind in [
            FailedEquilibrium,
            Dry,
            FloorApart,
            DryUnreacted,
            Freezing,
            OverCrest,
            FullOfSalt,
            NotDrained,
            VolumeAssumed,
            InertFloor,
            PlantNoFeed,
            PlantBelowLeastLoad,
            PlantFailed,
            PlantCannotPour,
        ] {
            let has = |e: &saltern_units::message::Entry| {
                e.code == kind.code() && !e.en.is_empty() && !e.zh.is_empty()
            };
            assert!(catalogue().entries().iter().any(has), "{}", kind.code());
        }
    }
}
