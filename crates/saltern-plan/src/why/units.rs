//! Bounds of units, with and without the dispatcher's orders.

use super::Question;
use super::bound::{At, Bound, Side};
use crate::dispatch::{Bounds, Name, OnOff, Series};
use saltern_base::energy::{Energy, UnitRef};

/// The unit whose least or most power a bound is, with the step.
pub(super) fn unit_of(question: &Question<'_>, bound: Bound) -> Option<(UnitRef, usize)> {
    let programme = &question.plan.programme;
    let (name, step) = match bound.at {
        At::Column(column) => programme.column_name(column)?,
        At::Row(row) => programme.row_name(row)?,
    };
    let unit = match name {
        Name::Generation(g) | Name::RoomOfGenerator(g) => UnitRef::Generator(g),
        Name::Charge(s) => UnitRef::Charge(s),
        Name::Discharge(s) | Name::RoomOfStore(s) => UnitRef::Store(s),
        Name::Conversion(c) => UnitRef::Converter(c),
        Name::Sent(l) | Name::SentBack(l) => UnitRef::Line(l),
        Name::Import(g) | Name::RoomOfGrid(g) => UnitRef::Grid(g),
        Name::Computed { hall, .. } | Name::HallPower(hall) => UnitRef::Hall(hall),
        _ => return None,
    };
    Some((unit, step))
}

/// The unit that is on or off.
pub(super) fn unit_on_off(unit: OnOff) -> UnitRef {
    match unit {
        OnOff::Generator(g) => UnitRef::Generator(g),
        OnOff::Converter(c) => UnitRef::Converter(c),
    }
}

/// Whether it matters that a unit is on or off.
pub(super) fn is_on_off(energy: &Energy, unit: UnitRef) -> bool {
    match unit {
        UnitRef::Generator(g) => energy.generators[g].commitment.is_on_off(),
        UnitRef::Converter(c) => energy.converters[c].commitment.is_on_off(),
        _ => false,
    }
}

/// Bounds of a unit in a series.
fn bounds(series: &Series, unit: UnitRef) -> &Bounds {
    match unit {
        UnitRef::Generator(i) => &series.generation[i],
        UnitRef::Store(i) => &series.discharge[i],
        UnitRef::Charge(i) => &series.charge[i],
        UnitRef::Converter(i) => &series.conversion[i],
        UnitRef::Line(i) => &series.line[i],
        UnitRef::Grid(i) => &series.import[i],
        UnitRef::Hall(i) => &series.hall[i],
    }
}

/// Orders that hold for a unit and step, with what bounds would be without them.
pub(super) struct Orders {
    /// The base's series as if nothing were ordered.
    free: Series,
    /// Step of the base at which the question's first step lies.
    offset: usize,
    /// Steps of the base that each order holds for.
    steps: Vec<std::ops::Range<usize>>,
}

impl Orders {
    pub(super) fn of(question: &Question<'_>) -> Orders {
        let energy = question.energy;
        let window = energy.window;
        let free = Energy {
            orders: Vec::new(),
            jobs: Vec::new(),
            ..energy.clone()
        };
        let at = |moment| window.steps_before(moment).unwrap_or(0).min(window.steps);
        let steps = energy
            .orders
            .iter()
            .map(|order| at(order.from)..at(order.to));
        Orders {
            steps: steps.collect(),
            offset: at(question.series.window.start),
            free: Series::of(&free, question.outside),
        }
    }

    /// Step of the base at which the question's first step lies.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Orders for a unit that hold in a step of the question.
    pub(super) fn at<'a>(
        &'a self,
        energy: &'a Energy,
        unit: UnitRef,
        step: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        let step = step + self.offset;
        let orders = energy.orders.iter().enumerate();
        orders
            .filter(move |(o, order)| order.unit == unit && self.steps[*o].contains(&step))
            .map(|(o, _)| o)
    }

    /// Bound of a unit in a step where only the orders that `kept` keeps are given, MW.
    pub(super) fn bound(
        &self,
        energy: &Energy,
        (unit, step): (UnitRef, usize),
        side: Side,
        kept: &dyn Fn(usize) -> bool,
    ) -> f64 {
        let free = bounds(&self.free, unit);
        let orders = self.at(energy, unit, step).filter(|o| kept(*o));
        match side {
            Side::Lower => orders
                .filter_map(|o| energy.orders[o].low_w)
                .fold(free.low[step + self.offset], |low, w| low.max(w / 1e6)),
            Side::Upper => orders
                .filter_map(|o| energy.orders[o].high_w)
                .fold(free.high[step + self.offset], |high, w| high.min(w / 1e6)),
        }
    }

    /// The first order that sets a bound of a unit in a step, if one does.
    pub(super) fn setting(
        &self,
        energy: &Energy,
        place: (UnitRef, usize),
        side: Side,
        kept: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        let bound = self.bound(energy, place, side, kept);
        if self.bound(energy, place, side, &|_| false) == bound {
            return None;
        }
        self.at(energy, place.0, place.1).find(|&o| {
            let order = &energy.orders[o];
            let own = match side {
                Side::Lower => order.low_w,
                Side::Upper => order.high_w,
            };
            kept(o) && own.is_some_and(|w| w / 1e6 == bound)
        })
    }
}
