//! What a plant takes beside matter: electricity, heat, cooling, by its units; and what is not known of it.

use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::flowsheet::{Flowsheet, UnitId};
use crate::message::catalogue;
use crate::solve::{Solution, UnitResult};

/// What a plant takes beside matter: the sums over its units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlantUtilities {
    /// Electricity of processes and drives, W.
    pub electricity_w: f64,
    /// Heat bought, W.
    pub heating_w: f64,
    /// Heat taken away by cooling, W.
    pub cooling_w: f64,
}

impl UnitResult {
    /// Electricity of the process and of the drives, W.
    pub fn electricity_w(&self) -> f64 {
        self.outcome.power_w + self.drives.iter().map(|(_, w)| w).sum::<f64>()
    }
}

impl Solution {
    /// What the plant takes: each unit's once. Heats that are not known are not in it ([`Solution::unknown_heats`]).
    pub fn utilities(&self) -> PlantUtilities {
        let mut sum = PlantUtilities::default();
        for unit in &self.units {
            sum.electricity_w += unit.electricity_w();
            if let Some(own) = unit.utilities {
                sum.heating_w += own.heating_w;
                sum.cooling_w += own.cooling_w;
            }
        }
        sum
    }

    /// Units whose heat is not known, because an enthalpy of what passes is not.
    pub fn unknown_heats(&self) -> Vec<UnitId> {
        let units = self.units.iter().enumerate();
        units
            .filter(|(_, unit)| unit.utilities.is_none())
            .map(|(u, _)| u)
            .collect()
    }
}

impl Flowsheet {
    /// Units that have motors of which nothing is said: their electricity is not counted.
    pub fn unknown_electricity(&self) -> Vec<UnitId> {
        let units = self.units.iter().enumerate();
        units
            .filter(|(_, unit)| !unit.drives.known())
            .map(|(u, _)| u)
            .collect()
    }
}

/// What of a plant's utilities is not counted.
#[derive(Clone, Debug, PartialEq)]
pub enum NotCounted {
    /// `plants.electricity_not_given`
    Electricity {
        /// Ids of the units.
        units: Vec<String>,
    },
    /// `plants.heat_not_known`
    Heat {
        /// Ids of the units.
        units: Vec<String>,
    },
}

impl NotCounted {
    /// What is not counted of a plant: electricity by its settings, heat by its steady state where there is one.
    pub fn of(flowsheet: &Flowsheet, solution: Option<&Solution>) -> Vec<NotCounted> {
        let ids = |units: Vec<UnitId>| -> Vec<String> {
            let ids = units.iter().map(|u| flowsheet.units[*u].id.clone());
            ids.collect()
        };
        let electricity = ids(flowsheet.unknown_electricity());
        let heat = ids(solution.map(Solution::unknown_heats).unwrap_or_default());
        let all = [
            NotCounted::Electricity { units: electricity },
            NotCounted::Heat { units: heat },
        ];
        all.into_iter().filter(|n| !n.units().is_empty()).collect()
    }

    /// Ids of the units.
    pub fn units(&self) -> &[String] {
        match self {
            NotCounted::Electricity { units } | NotCounted::Heat { units } => units,
        }
    }
}

impl Message for NotCounted {
    fn code(&self) -> &'static str {
        match self {
            NotCounted::Electricity { .. } => "plants.electricity_not_given",
            NotCounted::Heat { .. } => "plants.heat_not_known",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let units = self.units();
        vec![
            ("count", units.len().to_string()),
            ("units", lang.list(units)),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}
