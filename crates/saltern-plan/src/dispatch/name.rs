//! What the blocks of a dispatch programme are.

/// A unit that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnOff {
    /// A generator.
    Generator(usize),
    /// A converter.
    Converter(usize),
}

/// A block of columns or rows; numbers are those of the unit in its table of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// Column: power of a generator, MW.
    Generation(usize),
    /// Column: power taken by a store, MW.
    Charge(usize),
    /// Column: power given by a store, MW.
    Discharge(usize),
    /// Column: energy held by a store at the end of the step, MWh.
    Level(usize),
    /// Column: power taken by a converter, MW.
    Conversion(usize),
    /// Column: power that enters a line at its first end, MW.
    Sent(usize),
    /// Column: power that enters a line at its other end, MW.
    SentBack(usize),
    /// Column: power bought from a grid, MW.
    Import(usize),
    /// Column: power sold to a grid, MW.
    Export(usize),
    /// Column: power that is bought from a grid by the schedule of the day before, MW.
    Scheduled(usize),
    /// Column: power that is bought from a grid above the schedule, MW.
    Extra(usize),
    /// Column: power that is scheduled and isn't bought, MW.
    Less(usize),
    /// Column: demand of a node that isn't served, MW.
    Shortage(usize),
    /// Column: computing power of a queue in a hall, MW. Queues are those of the series, each of a class.
    Computed {
        /// The queue.
        queue: usize,
        /// The hall.
        hall: usize,
    },
    /// Column: work of a queue that waits at the end of the step, MWh.
    Backlog(usize),
    /// Column: work of a queue that is given up, MW.
    Dropped(usize),
    /// Column: running work of a queue that is stopped, MW.
    Stopped(usize),
    /// Column: whether a unit is on.
    On(OnOff),
    /// Column: whether a unit is started.
    Start(OnOff),
    /// Column: power that a generator keeps spare, MW.
    SpareOfGenerator(usize),
    /// Column: power that a store keeps spare, MW.
    SpareOfStore(usize),
    /// Column: power that a grid keeps spare, MW.
    SpareOfGrid(usize),
    /// Row: what a node gets less what it gives is its demand, MW.
    Balance(usize),
    /// Row: what a store holds, MWh.
    Stored(usize),
    /// Row: work of a queue that arrives is done, waits or is given up, MWh.
    Work(usize),
    /// Row: computing power of a hall, MW.
    HallPower(usize),
    /// Row: computing power of a hall for work that may wait, MW.
    HallFlexible(usize),
    /// Row: a stop is the fall of computing power, MW.
    Stopping(usize),
    /// Row: power of a unit that is on is at most its capacity.
    AtMost(OnOff),
    /// Row: power of a unit that is on is at least its least load.
    AtLeast(OnOff),
    /// Row: a unit that is on and was not has been started.
    Starting(OnOff),
    /// Row: a unit that is on in the first step and was not before has been started.
    Begins(OnOff),
    /// Row: a started unit stays on.
    StayOn(OnOff),
    /// Row: a stopped unit stays off.
    StayOff(OnOff),
    /// Row: rise of power.
    RampUp(OnOff),
    /// Row: fall of power.
    RampDown(OnOff),
    /// Row: a generator's power and spare.
    RoomOfGenerator(usize),
    /// Row: a store's power and spare.
    RoomOfStore(usize),
    /// Row: a store's spare energy.
    EnergyOfStore(usize),
    /// Row: a grid's power and spare.
    RoomOfGrid(usize),
    /// Row: spare power of a node.
    Reserve(usize),
    /// Row: what is bought is what was scheduled, and more or less, MW.
    Deviating(usize),
    /// Row: a quota over its days.
    Quota(usize),
}
