//! What the blocks of an expansion programme are.

use crate::dispatch;

/// What is built of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Its power, MW; index of the choice.
    Power(usize),
    /// The energy of a store, MWh; index of the choice.
    Energy(usize),
}

impl Part {
    /// The choice.
    pub fn choice(self) -> usize {
        match self {
            Part::Power(choice) | Part::Energy(choice) => choice,
        }
    }
}

/// A block of columns or rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A block of a week's dispatch.
    Week {
        /// The stage.
        stage: usize,
        /// The chosen week.
        week: usize,
        /// What it is there.
        name: dispatch::Name,
    },
    /// Column, by stage: what is built.
    Built(Part),
    /// Column, by stage: what stands.
    Standing(Part),
    /// Row, by stage: what stands is what was there and what was built.
    Stands(Part),
    /// Row, by stage: energy and power of a store are built together.
    Together(usize),
    /// Row, by step: power is at most what stands of a part; by week of a stage.
    AtMost {
        /// The part.
        part: Part,
        /// The stage.
        stage: usize,
        /// The chosen week.
        week: usize,
    },
    /// Column, by week of the year and one more: what a store holds as a week begins, MWh.
    Begins {
        /// The store.
        store: usize,
        /// The stage.
        stage: usize,
    },
    /// Column: most or least of what a chosen week adds to a store, MWh; row: it is that.
    Reach {
        /// The store.
        store: usize,
        /// The stage.
        stage: usize,
        /// The chosen week.
        week: usize,
    },
    /// Row, by week of the year: a store goes on from week to week.
    GoesOn {
        /// The store.
        store: usize,
        /// The stage.
        stage: usize,
    },
    /// Row: a store holds at least nothing.
    Holds {
        /// The store.
        store: usize,
        /// The stage.
        stage: usize,
    },
    /// Row: a store holds at most what it can.
    Room {
        /// The store.
        store: usize,
        /// The stage.
        stage: usize,
    },
    /// Row: money of a stage, millions.
    Budget(usize),
    /// Row: carbon dioxide of a year of a stage, kt.
    Carbon(usize),
}
