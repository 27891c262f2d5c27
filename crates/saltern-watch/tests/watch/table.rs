//! The state machine against tables written down apart from it: states × events, and what a screen shows.

use proptest::prelude::*;
use saltern_watch::alarm::machine::{Phase, Rules, Shelf, State, Step, step};

/// Columns: normal, unacknowledged, acknowledged, returned, latched. A dot refuses, L is latched or normal as the alarm is
/// made, and lower case marks what only a shown alarm does.
const SHOWN: [(&str, [char; 5]); 7] = [
    ("raise", ['U', '.', '.', 'U', 'U']),
    ("clear", ['.', 'R', 'L', '.', '.']),
    ("acknowledge", ['.', 'A', '.', 'L', '.']),
    ("unacknowledge", ['.', '.', 'U', '.', '.']),
    ("realarm", ['.', '.', 'U', '.', '.']),
    ("reset", ['.', '.', '.', '.', 'N']),
    ("by hand", ['N', 'A', 'A', 'L', 'X']),
];
/// What a shelf that ends by itself leaves.
const BY_ITSELF: [char; 5] = ['N', 'U', 'U', 'R', 'X'];

#[derive(Clone, Copy, Debug, PartialEq)]
struct Model {
    /// One of N U A R X (latched).
    letter: char,
    unconfirmed: bool,
    /// Raised behind the curtain.
    unseen: bool,
    shelf: u8,
    suppressed: bool,
    out: bool,
}

fn column(letter: char) -> usize {
    "NUARX".find(letter).expect("a letter of the table")
}

impl Model {
    fn curtain(&self) -> bool {
        self.shelf > 0 || self.suppressed || self.out
    }

    fn put(&mut self, letter: char, latching: bool) {
        self.letter = match letter {
            'L' if latching => 'X',
            'L' => 'N',
            letter => letter,
        };
    }

    /// `None` where the event is refused.
    fn after(mut self, event: Step, rules: Rules) -> Option<Model> {
        let row = match event {
            Step::Raise => 0,
            Step::Clear => 1,
            Step::Acknowledge => 2,
            Step::Unacknowledge => 3,
            Step::Realarm => 4,
            Step::Reset => 5,
            _ => return self.curtains(event, rules),
        };
        let letter = SHOWN[row].1[column(self.letter)];
        if letter == '.' {
            return None;
        }
        let hidden_birth = row == 1 && self.unseen;
        self.put(if hidden_birth { 'N' } else { letter }, rules.latching);
        match row {
            0 => {
                self.unconfirmed = false;
                self.unseen = self.curtain();
            }
            1 => {
                self.unseen = false;
                if self.shelf == 2 {
                    self.shelf = 0;
                }
            }
            2 => {
                self.unconfirmed = rules.confirm;
                self.unseen = false;
            }
            3 | 4 => self.unconfirmed = false,
            _ => {}
        }
        Some(self.seen())
    }

    fn curtains(mut self, event: Step, rules: Rules) -> Option<Model> {
        match event {
            Step::Confirm if self.unconfirmed => self.unconfirmed = false,
            Step::Shelve { one_shot } if self.shelf == 0 => self.shelf = 1 + u8::from(one_shot),
            Step::Unshelve | Step::ShelfEnds if self.shelf > 0 => {
                self.shelf = 0;
                if !self.curtain() {
                    let table = if event == Step::Unshelve {
                        SHOWN[6].1
                    } else {
                        BY_ITSELF
                    };
                    self.put(table[column(self.letter)], rules.latching);
                    if self.letter == 'U' {
                        self.unconfirmed = false;
                    }
                }
            }
            Step::Suppress if !self.suppressed => self.suppressed = true,
            Step::Unsuppress if self.suppressed => self.suppressed = false,
            Step::OutOfService if !self.out => self.out = true,
            Step::IntoService if self.out => self.out = false,
            _ => return None,
        }
        Some(self.seen())
    }

    fn seen(mut self) -> Model {
        self.unseen &= self.curtain();
        self
    }

    fn of(state: State) -> Model {
        Model {
            letter: match state.phase {
                Phase::Normal => 'N',
                Phase::Unacknowledged => 'U',
                Phase::Acknowledged => 'A',
                Phase::ReturnedUnacknowledged => 'R',
                Phase::Latched => 'X',
            },
            unconfirmed: state.unconfirmed,
            unseen: state.unseen,
            shelf: match state.shelf {
                Shelf::None => 0,
                Shelf::Timed => 1,
                Shelf::OneShot => 2,
            },
            suppressed: state.suppressed,
            out: state.out_of_service,
        }
    }
}

const STEPS: [Step; 15] = [
    Step::Raise,
    Step::Clear,
    Step::Acknowledge,
    Step::Unacknowledge,
    Step::Realarm,
    Step::Confirm,
    Step::Reset,
    Step::Shelve { one_shot: false },
    Step::Shelve { one_shot: true },
    Step::Unshelve,
    Step::ShelfEnds,
    Step::Suppress,
    Step::Unsuppress,
    Step::OutOfService,
    Step::IntoService,
];

/// Every state there is, times every event, times every kind of alarm.
#[test]
fn the_machine_is_the_table() {
    let mut compared = 0;
    for phase in Phase::ALL {
        for bits in 0..32u8 {
            for shelf in [Shelf::None, Shelf::Timed, Shelf::OneShot] {
                let bit = |i: u8| bits & (1 << i) != 0;
                let state = State {
                    phase,
                    unconfirmed: bit(0),
                    unseen: bit(1),
                    shelf,
                    suppressed: bit(2),
                    out_of_service: bit(3),
                };
                let rules = Rules {
                    latching: bit(4),
                    confirm: bit(0),
                };
                if state.unseen && !(state.is_hidden() && phase == Phase::Unacknowledged) {
                    continue;
                }
                for event in STEPS {
                    let machine = step(state, event, rules).ok().map(Model::of);
                    let model = Model::of(state).after(event, rules);
                    assert_eq!(machine, model, "{state:?} {event:?} {rules:?}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 4000, "{compared}");
}

/// What people were promised, said once more in words.
#[test]
fn manual_unshelving_acknowledges_and_automatic_does_not() {
    let rules = Rules::default();
    let walk = |steps: &[Step]| {
        let mut state = State::default();
        for event in steps {
            state = step(state, *event, rules).expect("a step that makes sense");
        }
        state
    };
    let shelve = Step::Shelve { one_shot: false };
    assert_eq!(
        walk(&[shelve, Step::Raise, Step::Unshelve]).phase,
        Phase::Acknowledged
    );
    assert_eq!(
        walk(&[shelve, Step::Raise, Step::ShelfEnds]).phase,
        Phase::Unacknowledged
    );
    let known = [Step::Raise, Step::Acknowledge, shelve, Step::ShelfEnds];
    assert_eq!(walk(&known).phase, Phase::Unacknowledged);
    let once = walk(&[Step::Raise, Step::Shelve { one_shot: true }, Step::Clear]);
    assert_eq!(
        (once.shelf, once.phase),
        (Shelf::None, Phase::ReturnedUnacknowledged)
    );
    let suppressed = [Step::Suppress, Step::Raise, Step::Unsuppress];
    assert_eq!(walk(&suppressed).phase, Phase::Unacknowledged);
    let never_seen = [Step::Suppress, Step::Raise, Step::Clear, Step::Unsuppress];
    assert_eq!(walk(&never_seen), State::default());
    // What asked before it was suppressed asks afterwards.
    let asked = [Step::Raise, Step::Clear, Step::Suppress, Step::Unsuppress];
    assert_eq!(walk(&asked).phase, Phase::ReturnedUnacknowledged);
}

proptest! {
    #[test]
    fn any_sequence_of_events_goes_as_the_table_says(
        events in proptest::collection::vec(0..STEPS.len(), 0..200),
        latching: bool,
        confirm: bool,
    ) {
        let rules = Rules { latching, confirm };
        let mut state = State::default();
        let mut model = Model::of(state);
        for event in events {
            let event = STEPS[event];
            if let Ok(next) = step(state, event, rules) {
                state = next;
            }
            model = model.after(event, rules).unwrap_or(model);
            prop_assert_eq!(Model::of(state), model);
            // An alarm that holds is never shown as normal, and one that asks is never lost without a deed.
            prop_assert!(!state.unseen || state.is_hidden());
        }
    }
}
