//! Values, and what follows from a new one.

use super::compile::{Node, Program, Target};
use super::steps::{Function, Step};
use super::window::{Window, made_of};
use saltern_samples::{Quality, Reading, Sample, TagId};
use saltern_units::formula::{Operator, Test};
use serde::{Deserialize, Serialize};

/// What is known of a tag, in SI.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Known {
    time_us: i64,
    value: Option<f64>,
    quality: u8,
    last_good: Option<f64>,
}

/// What a calculator remembers, for a restart: values by tag, windows by tag and length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    values: Vec<(String, Known)>,
    windows: Vec<(String, Window)>,
}

/// A value on the stack.
#[derive(Clone, Copy, Debug)]
struct Value {
    number: f64,
    quality: Quality,
}

/// Evaluates the formulas of a base as values come.
#[derive(Clone, Debug)]
pub struct Calculator {
    program: Program,
    values: Vec<Option<Known>>,
    windows: Vec<Window>,
    alarms: Vec<bool>,
    /// Formulas to be evaluated, a bit each.
    waiting: Vec<u64>,
    suppressed: Vec<Option<bool>>,
    stack: Vec<Value>,
}

impl Calculator {
    /// One that knows no values yet. Conditions without tags are evaluated first.
    pub fn new(program: Program) -> Calculator {
        let windows = program
            .windows
            .iter()
            .map(|(_, us)| Window::new(*us))
            .collect();
        let mut calculator = Calculator {
            values: vec![None; program.ids.len()],
            windows,
            alarms: vec![false; program.hanging_on_alarm.len()],
            waiting: vec![0; program.nodes.len().div_ceil(64)],
            suppressed: vec![None; program.hanging_on_alarm.len()],
            stack: Vec::with_capacity(32),
            program,
        };
        for i in 0..calculator.program.nodes.len() {
            if calculator.program.nodes[i].inputs.is_empty() {
                calculator.wait(i as u32);
            }
        }
        calculator
    }

    /// One that goes on where another stopped; what is gone from the base is forgotten.
    pub fn restored(program: Program, saved: Saved) -> Calculator {
        let mut calculator = Calculator::new(program);
        for (id, known) in saved.values {
            if let Some(i) = calculator.program.ids.iter().position(|other| *other == id) {
                calculator.values[i] = Some(known);
                for k in 0..calculator.program.hanging_on[i].len() {
                    calculator.wait(calculator.program.hanging_on[i][k]);
                }
            }
        }
        for (id, window) in saved.windows {
            let same = |(tag, us): &(u32, i64)| {
                calculator.program.ids[*tag as usize] == id && *us == window.length_us()
            };
            if let Some(i) = calculator.program.windows.iter().position(same) {
                calculator.windows[i] = window;
            }
        }
        calculator
    }

    /// What is to be kept for a restart.
    pub fn saved(&self) -> Saved {
        let ids = &self.program.ids;
        let values = self.values.iter().enumerate();
        let windows = self.program.windows.iter().zip(&self.windows);
        Saved {
            values: values
                .filter_map(|(i, known)| Some((ids[i].clone(), (*known)?)))
                .collect(),
            windows: windows
                .map(|((tag, _), window)| (ids[*tag as usize].clone(), window.clone()))
                .collect(),
        }
    }

    /// Takes a value; what hangs on it waits for [`Calculator::settle`]. Values older than the last one are not taken.
    pub fn take(&mut self, tag: TagId, sample: &Sample) {
        let i = tag.0 as usize;
        let Some(scale) = self.program.scales.get(i) else {
            return;
        };
        if self.values[i].is_some_and(|known| sample.time_us < known.time_us) {
            return;
        }
        let value_si = scale.to_si(sample.value);
        let value = (sample.is_usable() && value_si.is_finite()).then_some(value_si);
        let before = self.values[i].and_then(|known| known.last_good);
        let quality = match (value, sample.quality.is_usable()) {
            (None, true) => Quality::BAD,
            _ => sample.quality,
        };
        self.values[i] = Some(Known {
            time_us: sample.time_us,
            value,
            quality: quality.byte(),
            last_good: value.or(before),
        });
        let uncertain = made_of(quality) == Quality::ESTIMATED;
        for &window in &self.program.windows_of[i] {
            self.windows[window as usize].take(sample.time_us, value, uncertain);
        }
        for k in 0..self.program.hanging_on[i].len() {
            self.wait(self.program.hanging_on[i][k]);
        }
    }

    /// Hears whether an alarm is active.
    pub fn hear(&mut self, alarm: u32, active: bool) {
        let Some(known) = self.alarms.get_mut(alarm as usize) else {
            return;
        };
        if std::mem::replace(known, active) != active {
            for k in 0..self.program.hanging_on_alarm[alarm as usize].len() {
                self.wait(self.program.hanging_on_alarm[alarm as usize][k]);
            }
        }
    }

    /// Evaluates what waits, each formula once and after all that it is made of. Calculated values are appended to
    /// `readings`, alarms whose suppression changes to `suppressions`. A value is as old as the newest that it is made of; one
    /// that asks for alarms, or for nothing, is of now.
    pub fn settle(
        &mut self,
        now_us: i64,
        readings: &mut Vec<Reading>,
        suppressions: &mut Vec<(u32, bool)>,
    ) {
        for word in 0..self.waiting.len() {
            // A formula makes only later ones wait, which may be in the same word.
            while self.waiting[word] != 0 {
                let bit = self.waiting[word].trailing_zeros();
                self.waiting[word] &= !(1 << bit);
                let node = word * 64 + bit as usize;
                match self.program.nodes[node].target {
                    Target::Tag(tag) => readings.extend(self.calculate(node, tag, now_us)),
                    Target::Suppression(alarm) => {
                        let value = self.evaluate(node);
                        // What isn't known suppresses nothing: better one alarm too many.
                        let on = value.quality.is_usable() && value.number != 0.0;
                        let known = &mut self.suppressed[alarm as usize];
                        if *known != Some(on) && (on || known.is_some()) {
                            suppressions.push((alarm, on));
                        }
                        *known = Some(on);
                    }
                }
            }
        }
    }

    fn wait(&mut self, node: u32) {
        self.waiting[node as usize / 64] |= 1 << (node % 64);
    }

    /// Evaluates a calculated tag and takes its value; `None` until something it is made of is known.
    fn calculate(&mut self, node: usize, tag: u32, now_us: i64) -> Option<Reading> {
        let Node { inputs, alarms, .. } = &self.program.nodes[node];
        let time_us = if inputs.is_empty() || !alarms.is_empty() {
            now_us
        } else {
            let known = inputs.iter().filter_map(|tag| self.values[*tag as usize]);
            known.map(|known| known.time_us).max()?
        };
        let value = self.evaluate(node);
        let own = self.program.scales[tag as usize].from_si(value.number);
        let sample = if value.quality.is_usable() && own.is_finite() {
            Sample {
                time_us,
                value: own,
                quality: value.quality,
            }
        } else {
            Sample::gap(
                time_us,
                if value.quality.is_usable() {
                    Quality::BAD
                } else {
                    value.quality
                },
            )
        };
        let tag = TagId(tag);
        self.take(tag, &sample);
        Some(Reading { tag, sample })
    }

    fn evaluate(&mut self, node: usize) -> Value {
        self.stack.clear();
        for step in &self.program.nodes[node].steps {
            let value = match *step {
                Step::Constant(number) => good(number),
                Step::Value(tag) => self.values[tag as usize].map_or(UNKNOWN, |known| Value {
                    number: known.value.unwrap_or(f64::NAN),
                    quality: made_of(Quality::from_byte(known.quality)),
                }),
                Step::LastGood(tag) => last_good(self.values[tag as usize]),
                Step::Alarm(alarm) => good(f64::from(u8::from(self.alarms[alarm as usize]))),
                Step::Average(window) => of(self.windows[window as usize].average()),
                Step::Rate(window) => of(self.windows[window as usize].rate()),
                Step::Delta(window) => of(self.windows[window as usize].delta()),
                _ => apply(*step, &mut self.stack),
            };
            self.stack.push(value);
        }
        self.stack.pop().unwrap_or(UNKNOWN)
    }
}

const UNKNOWN: Value = Value {
    number: f64::NAN,
    quality: Quality::NOT_CONNECTED,
};

fn good(number: f64) -> Value {
    Value {
        number,
        quality: Quality::GOOD,
    }
}

fn of((number, quality): (f64, Quality)) -> Value {
    Value { number, quality }
}

fn last_good(known: Option<Known>) -> Value {
    let Some(known) = known else { return UNKNOWN };
    match (known.value, known.last_good) {
        (Some(number), _) => Value {
            number,
            quality: made_of(Quality::from_byte(known.quality)),
        },
        (None, Some(number)) => Value {
            number,
            quality: Quality::ESTIMATED,
        },
        (None, None) => UNKNOWN,
    }
}

/// Applies a step to the top of the stack.
fn apply(step: Step, stack: &mut Vec<Value>) -> Value {
    let mut pop = || stack.pop().unwrap_or(UNKNOWN);
    let one = |a: Value, number: f64| finite(number, a.quality);
    let two = |a: Value, b: Value, number: f64| finite(number, a.quality.worst(b.quality));
    let truth = |it: bool| f64::from(u8::from(it));
    match step {
        Step::Minus => {
            let a = pop();
            one(a, -a.number)
        }
        Step::Not => {
            let a = pop();
            one(a, truth(a.number == 0.0))
        }
        Step::Function(function) => {
            let a = pop();
            one(
                a,
                match function {
                    Function::Abs => a.number.abs(),
                    Function::Sqrt => a.number.sqrt(),
                    Function::Exp => a.number.exp(),
                    Function::Ln => a.number.ln(),
                },
            )
        }
        Step::Binary(operator) => {
            let (b, a) = (pop(), pop());
            let number = match operator {
                Operator::Add => a.number + b.number,
                Operator::Subtract => a.number - b.number,
                Operator::Multiply => a.number * b.number,
                Operator::Divide => a.number / b.number,
                Operator::Power => a.number.powf(b.number),
            };
            two(a, b, number)
        }
        Step::Test(test @ (Test::And | Test::Or)) => {
            let (b, a) = (pop(), pop());
            logic(test == Test::Or, a, b)
        }
        Step::Test(test) => {
            let (b, a) = (pop(), pop());
            let (left, right) = (a.number, b.number);
            let number = truth(match test {
                Test::Below => left < right,
                Test::AtMost => left <= right,
                Test::Above => left > right,
                Test::AtLeast => left >= right,
                Test::Equal => left == right,
                _ => left != right,
            });
            two(a, b, number)
        }
        Step::If => {
            let (b, a, condition) = (pop(), pop(), pop());
            let chosen = if condition.number != 0.0 { a } else { b };
            two(condition, chosen, chosen.number)
        }
        Step::Clamp => {
            let (high, low, a) = (pop(), pop(), pop());
            let quality = a.quality.worst(low.quality).worst(high.quality);
            // Bounds the wrong way round leave nothing; `clamp` of the standard library would panic.
            finite(
                if low.number <= high.number {
                    a.number.max(low.number).min(high.number)
                } else {
                    f64::NAN
                },
                quality,
            )
        }
        Step::Least(count) => gather(count, stack, f64::min),
        Step::Greatest(count) => gather(count, stack, f64::max),
        Step::Mean(count) => {
            let sum = gather(count, stack, |a, b| a + b);
            one(sum, sum.number / f64::from(count.max(1)))
        }
        // Those that put a value there are not applied.
        _ => UNKNOWN,
    }
}

/// A number with its quality; what is not finite is bad, as after a division by zero.
fn finite(number: f64, quality: Quality) -> Value {
    if quality.is_usable() && number.is_finite() {
        return Value { number, quality };
    }
    let quality = if quality.is_usable() {
        Quality::BAD
    } else {
        quality
    };
    Value {
        number: f64::NAN,
        quality,
    }
}

/// `and`, or `or`: one side that is known decides where it can.
fn logic(or: bool, a: Value, b: Value) -> Value {
    let decides = |v: &Value| v.quality.is_usable() && (v.number != 0.0) == or;
    match (decides(&a), decides(&b)) {
        (true, false) => a,
        (false, true) => b,
        (true, true) if a.quality.trust() < b.quality.trust() => b,
        (true, true) => a,
        (false, false) => finite(f64::from(u8::from(!or)), a.quality.worst(b.quality)),
    }
}

fn gather(count: u32, stack: &mut Vec<Value>, join: fn(f64, f64) -> f64) -> Value {
    let from = stack.len().saturating_sub(count as usize);
    let joined = stack
        .drain(from..)
        .reduce(|a, b| finite(join(a.number, b.number), a.quality.worst(b.quality)));
    joined.unwrap_or(UNKNOWN)
}
