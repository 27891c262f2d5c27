//! What a checked formula is made of.

use saltern_units::formula::{Operator, Test};

/// One step: takes from the top of a stack of values and puts its result there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// A number in SI.
    Constant(f64),
    /// The value of a slot.
    Value(u32),
    /// The last usable value of a slot.
    LastGood(u32),
    /// Whether an alarm is active.
    Alarm(u32),
    /// Mean over a window.
    Average(u32),
    /// Change per second over a window.
    Rate(u32),
    /// Change since the beginning of a window.
    Delta(u32),
    /// −a.
    Minus,
    /// not a.
    Not,
    /// a + b and so on.
    Binary(Operator),
    /// a < b and so on.
    Test(Test),
    /// One of two by a condition below them.
    If,
    /// Function of one value.
    Function(Function),
    /// The least of so many.
    Least(u32),
    /// The greatest of so many.
    Greatest(u32),
    /// The mean of so many.
    Mean(u32),
    /// A value held between two bounds above it.
    Clamp,
}

/// Functions of one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Function {
    /// |a|
    Abs,
    /// √a
    Sqrt,
    /// e^a
    Exp,
    /// ln a
    Ln,
}
