//! One alarm: its state, and what an event makes of it. A function of both and of nothing else.

use saltern_units::Lang;
use serde::{Deserialize, Serialize};

/// Where an alarm stands between its condition and those who answer it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// The condition is false and nobody is asked for anything.
    #[default]
    Normal,
    /// The condition holds and nobody has answered.
    Unacknowledged,
    /// The condition holds and someone knows.
    Acknowledged,
    /// The condition is over and nobody has answered.
    ReturnedUnacknowledged,
    /// The condition is over, someone knows, and it waits to be reset.
    Latched,
}

impl Phase {
    /// All.
    pub const ALL: [Phase; 5] = [
        Phase::Normal,
        Phase::Unacknowledged,
        Phase::Acknowledged,
        Phase::ReturnedUnacknowledged,
        Phase::Latched,
    ];

    /// Whether the condition holds.
    pub fn is_active(self) -> bool {
        matches!(self, Phase::Unacknowledged | Phase::Acknowledged)
    }

    /// Whether it waits to be acknowledged.
    pub fn is_unacknowledged(self) -> bool {
        matches!(self, Phase::Unacknowledged | Phase::ReturnedUnacknowledged)
    }

    /// In words.
    pub fn text(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Phase::Normal => ("normal", "正常"),
            Phase::Unacknowledged => ("unacknowledged", "未确认"),
            Phase::Acknowledged => ("acknowledged", "已确认"),
            Phase::ReturnedUnacknowledged => ("returned, unacknowledged", "已恢复未确认"),
            Phase::Latched => ("latched", "锁存待复位"),
        };
        lang.pick(en, zh)
    }
}

/// How an alarm is shelved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Shelf {
    /// Not at all.
    #[default]
    None,
    /// For some time.
    Timed,
    /// Until it clears once.
    OneShot,
}

/// The state of an alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    /// Where it stands.
    pub phase: Phase,
    /// Whether it was acknowledged and what was done about it still has to be confirmed.
    pub unconfirmed: bool,
    /// Whether it was raised while hidden, so that nobody has seen it.
    pub unseen: bool,
    /// Shelved by an operator.
    pub shelf: Shelf,
    /// Suppressed by design.
    pub suppressed: bool,
    /// Out of service.
    pub out_of_service: bool,
}

impl State {
    /// Whether it asks nobody: shelved, suppressed or out of service.
    pub fn is_hidden(self) -> bool {
        self.shelf != Shelf::None || self.suppressed || self.out_of_service
    }

    /// Whether an operator sees it in a list of what is going on.
    pub fn is_shown(self) -> bool {
        !self.is_hidden() && (self.phase != Phase::Normal || self.unconfirmed)
    }
}

/// What differs between alarms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Whether it stays until someone resets it.
    pub latching: bool,
    /// Whether it is confirmed after it was acknowledged.
    pub confirm: bool,
}

/// What happens to an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The condition holds, for long enough.
    Raise,
    /// The condition is over, for long enough.
    Clear,
    /// Someone knows.
    Acknowledge,
    /// Someone takes that back: it asks again.
    Unacknowledge,
    /// It was acknowledged long ago, still holds, and asks again.
    Realarm,
    /// What was to be done is done.
    Confirm,
    /// Someone resets a latched alarm.
    Reset,
    /// Someone hides it, for some time or until it clears once.
    Shelve {
        /// Until it clears once.
        one_shot: bool,
    },
    /// Someone takes it from the shelf.
    Unshelve,
    /// The time on the shelf is over.
    ShelfEnds,
    /// A condition hides it by design.
    Suppress,
    /// That condition is over.
    Unsuppress,
    /// Someone takes it out of service.
    OutOfService,
    /// Someone puts it back.
    IntoService,
}

/// Why a step makes nothing of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing to acknowledge.
    NothingToAcknowledge,
    /// It isn't acknowledged.
    NotAcknowledged,
    /// There is nothing to confirm.
    NothingToConfirm,
    /// It isn't latched.
    NotLatched,
    /// It is on the shelf already: taken down first, so that no shelving is prolonged without end.
    AlreadyShelved,
    /// It isn't on the shelf.
    NotShelved,
    /// It is so already.
    Already,
}

impl Refusal {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Refusal::NothingToAcknowledge => "alarm.nothing_to_acknowledge",
            Refusal::NotAcknowledged => "alarm.not_acknowledged",
            Refusal::NothingToConfirm => "alarm.nothing_to_confirm",
            Refusal::NotLatched => "alarm.not_latched",
            Refusal::AlreadyShelved => "alarm.already_shelved",
            Refusal::NotShelved => "alarm.not_shelved",
            Refusal::Already => "alarm.already",
        }
    }
}

/// What a step makes of a state.
///
/// Manually unshelved, an alarm that holds is acknowledged (who took it down has seen it); automatically unshelved it is
/// unacknowledged (ISA-18.2, 11.7.3, as quoted in alerta #933). When suppression or service ends, an alarm raised meanwhile
/// is unacknowledged and one that was known before stays known. What was raised and cleared while hidden was never shown.
///
/// # Errors
/// Why the step is refused; the state stays as it is.
pub fn step(state: State, step: Step, rules: Rules) -> Result<State, Refusal> {
    let mut next = state;
    match step {
        Step::Raise => {
            if state.phase.is_active() {
                return Err(Refusal::Already);
            }
            next.phase = Phase::Unacknowledged;
            next.unconfirmed = false;
            next.unseen = state.is_hidden();
        }
        Step::Clear => {
            if !state.phase.is_active() {
                return Err(Refusal::Already);
            }
            next.phase = match state.phase {
                _ if state.unseen => Phase::Normal,
                Phase::Unacknowledged => Phase::ReturnedUnacknowledged,
                _ => answered(rules),
            };
            next.unseen = false;
            if state.shelf == Shelf::OneShot {
                next.shelf = Shelf::None;
            }
        }
        Step::Acknowledge => {
            next.phase = match state.phase {
                Phase::Unacknowledged => Phase::Acknowledged,
                Phase::ReturnedUnacknowledged => answered(rules),
                _ => return Err(Refusal::NothingToAcknowledge),
            };
            next.unseen = false;
            next.unconfirmed = rules.confirm;
        }
        Step::Unacknowledge | Step::Realarm => {
            if state.phase != Phase::Acknowledged {
                return Err(Refusal::NotAcknowledged);
            }
            next.phase = Phase::Unacknowledged;
            next.unconfirmed = false;
        }
        Step::Confirm => {
            if !state.unconfirmed {
                return Err(Refusal::NothingToConfirm);
            }
            next.unconfirmed = false;
        }
        Step::Reset => {
            if state.phase != Phase::Latched {
                return Err(Refusal::NotLatched);
            }
            next.phase = Phase::Normal;
        }
        Step::Shelve { one_shot } => {
            if state.shelf != Shelf::None {
                return Err(Refusal::AlreadyShelved);
            }
            next.shelf = if one_shot {
                Shelf::OneShot
            } else {
                Shelf::Timed
            };
        }
        Step::Unshelve | Step::ShelfEnds => {
            if state.shelf == Shelf::None {
                return Err(Refusal::NotShelved);
            }
            next.shelf = Shelf::None;
            if !next.is_hidden() {
                next = taken_down(next, step == Step::Unshelve, rules);
            }
        }
        Step::Suppress => set(&mut next.suppressed, true)?,
        Step::OutOfService => set(&mut next.out_of_service, true)?,
        Step::Unsuppress => set(&mut next.suppressed, false)?,
        Step::IntoService => set(&mut next.out_of_service, false)?,
    }
    if !next.is_hidden() {
        next.unseen = false;
    }
    Ok(next)
}

/// Where an alarm goes that is over and known.
fn answered(rules: Rules) -> Phase {
    if rules.latching {
        Phase::Latched
    } else {
        Phase::Normal
    }
}

fn set(flag: &mut bool, to: bool) -> Result<(), Refusal> {
    if *flag == to {
        return Err(Refusal::Already);
    }
    *flag = to;
    Ok(())
}

fn taken_down(mut state: State, by_hand: bool, rules: Rules) -> State {
    state.phase = match (state.phase, by_hand) {
        (Phase::Unacknowledged, true) => Phase::Acknowledged,
        (Phase::ReturnedUnacknowledged, true) => answered(rules),
        (Phase::Acknowledged, false) => Phase::Unacknowledged,
        (phase, _) => phase,
    };
    if state.phase == Phase::Unacknowledged {
        state.unconfirmed = false;
    }
    state
}
