//! Alarms and calculated tags of a base together.

use crate::alarm::{Act, Board, Deed, Entry, Settings, board, definition};
use crate::calculate::{self, Calculator, Program};
use crate::error::WatchError;
use saltern_base::tags::Tags;
use saltern_samples::Reading;
use serde::{Deserialize, Serialize};

/// Everything a watch remembers, for a restart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Alarms.
    pub board: board::Saved,
    /// Calculated tags.
    pub calculator: calculate::Saved,
}

/// What came of what was taken in: emptied by who reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Values of calculated tags.
    pub calculated: Vec<Reading>,
    /// Lines of the journal.
    pub journal: Vec<Entry>,
}

impl Outcome {
    /// Empties both, keeping their room.
    pub fn clear(&mut self) {
        self.calculated.clear();
        self.journal.clear();
    }
}

/// Alarms and calculated tags of a base. Tags are numbered as its table lists them.
#[derive(Clone, Debug)]
pub struct Watch {
    board: Board,
    calculator: Calculator,
    suppressions: Vec<(u32, bool)>,
}

impl Watch {
    /// A watch over a base where everything is normal and nothing is known.
    ///
    /// # Errors
    /// What is wrong with the formulas of the base.
    pub fn new(live: &Tags, settings: Settings, now_us: i64) -> Result<Watch, Vec<WatchError>> {
        Ok(Watch {
            board: Board::new(definition::of_base(live), settings, now_us),
            calculator: Calculator::new(Program::of_base(live)?),
            suppressions: Vec::new(),
        })
    }

    /// A watch that goes on where another stopped; alarms that are gone from the base are handed back by their ids.
    ///
    /// # Errors
    /// What is wrong with the formulas of the base.
    pub fn restored(
        live: &Tags,
        settings: Settings,
        saved: Saved,
        now_us: i64,
    ) -> Result<(Watch, Vec<String>), Vec<WatchError>> {
        let program = Program::of_base(live)?;
        let definitions = definition::of_base(live);
        let (board, gone) = Board::restored(definitions, settings, saved.board, now_us);
        let mut calculator = Calculator::restored(program, saved.calculator);
        for alarm in 0..board.definitions().len() as u32 {
            let state = board.state(alarm).unwrap_or_default();
            calculator.hear(alarm, state.phase.is_active());
        }
        let watch = Watch {
            board,
            calculator,
            suppressions: Vec::new(),
        };
        Ok((watch, gone))
    }

    /// What is to be kept for a restart.
    pub fn saved(&self) -> Saved {
        Saved {
            board: self.board.saved(),
            calculator: self.calculator.saved(),
        }
    }

    /// The alarms.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Takes values, in the order in which they came.
    pub fn take(&mut self, readings: &[Reading], now_us: i64, outcome: &mut Outcome) {
        let from = outcome.journal.len();
        for Reading { tag, sample } in readings {
            self.calculator.take(*tag, sample);
        }
        // Conditions first: what they hide must not ask in the meantime.
        self.calculate(now_us, outcome);
        for Reading { tag, sample } in readings {
            self.board.feed(*tag, sample, now_us, &mut outcome.journal);
        }
        self.settle(from, now_us, outcome);
    }

    /// Lets time pass.
    pub fn tick(&mut self, now_us: i64, outcome: &mut Outcome) {
        let from = outcome.journal.len();
        self.board.tick(now_us, &mut outcome.journal);
        self.settle(from, now_us, outcome);
    }

    /// Does what an operator asks for.
    ///
    /// # Errors
    /// As [`Board::act`].
    pub fn act(
        &mut self,
        alarm: u32,
        deed: Deed,
        act: &Act<'_>,
        now_us: i64,
        outcome: &mut Outcome,
    ) -> Result<(), WatchError> {
        self.board
            .act(alarm, deed, act, now_us, &mut outcome.journal)
    }

    /// Evaluates what waits; suppresses and feeds alarms with what comes of it.
    fn calculate(&mut self, now_us: i64, outcome: &mut Outcome) {
        let from = outcome.calculated.len();
        self.calculator
            .settle(now_us, &mut outcome.calculated, &mut self.suppressions);
        for (alarm, on) in self.suppressions.drain(..) {
            self.board.suppress(alarm, on, now_us, &mut outcome.journal);
        }
        for Reading { tag, sample } in &outcome.calculated[from..] {
            self.board.feed(*tag, sample, now_us, &mut outcome.journal);
        }
    }

    /// Lets alarms and formulas hear of each other. A calculated value may raise an alarm that a formula asks for, whose value
    /// raises another; whatever is not settled after a few rounds waits for the next value.
    fn settle(&mut self, mut from: usize, now_us: i64, outcome: &mut Outcome) {
        const ROUNDS: usize = 8;
        for _ in 0..ROUNDS {
            let to = outcome.journal.len();
            if to == from {
                return;
            }
            for entry in &outcome.journal[from..to] {
                if let Some(alarm) = entry.alarm {
                    self.calculator.hear(alarm, entry.after.phase.is_active());
                }
            }
            from = to;
            self.calculate(now_us, outcome);
        }
    }
}
