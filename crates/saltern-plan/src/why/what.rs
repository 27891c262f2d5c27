//! What a bound means to the people of a base.

use crate::dispatch::OnOff;
use saltern_base::energy::UnitRef;

/// What a bound means; numbers are those of the unit in its table of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Demand of a node.
    Demand(usize),
    /// What a node gets must go somewhere.
    Surplus(usize),
    /// A node without demand gives what it gets.
    Balance(usize),
    /// Work of a class that arrives.
    Arriving(usize),
    /// Deadline of a class.
    Deadline(usize),
    /// Least power that an order sets.
    OrderLeast(usize),
    /// Most power that an order sets.
    OrderMost(usize),
    /// Most power of a unit: its capacity, what the weather leaves of it, the limit of a grid or line.
    Most(UnitRef),
    /// Most that a store holds.
    Level(usize),
    /// Least that a store holds at the end.
    EndLevel(usize),
    /// A store holds what it was given, less losses.
    Stored(usize),
    /// Most that is sold to a grid.
    Export(usize),
    /// Most shortage of a node.
    Shortage(usize),
    /// Published limit of flexible work in a hall.
    Flexible(usize),
    /// Quota.
    Quota(usize),
    /// Reserve of a node.
    Reserve(usize),
    /// Most change of a unit's power.
    Ramp(OnOff),
    /// Least load of a unit that runs.
    LeastLoad(OnOff),
    /// Least time on or off.
    Stay(OnOff),
}

impl What {
    /// Whether it holds by nature and not by a figure that a person gave.
    pub fn is_nature(self) -> bool {
        matches!(self, What::Balance(_) | What::Surplus(_) | What::Stored(_))
    }

    /// Order in which causes are told: what is wanted, what was decided, what limits, what holds by nature.
    pub(super) fn rank(self) -> u8 {
        match self {
            What::Demand(_) | What::Arriving(_) => 0,
            What::Deadline(_) | What::Reserve(_) | What::EndLevel(_) => 1,
            What::OrderLeast(_) | What::OrderMost(_) | What::Flexible(_) => 2,
            What::Quota(_) | What::Shortage(_) => 3,
            _ if self.is_nature() => 5,
            _ => 4,
        }
    }
}
