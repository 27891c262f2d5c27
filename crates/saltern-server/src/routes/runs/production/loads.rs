//! Loads of plants over the steps of a plan, as simulated.

use jiff::ToSpan;
use jiff::civil::Date;
use saltern_base::frame::{Frame, Values};
use saltern_run::RunContents;
use saltern_run::columns::{ColumnName, DATE, LOAD, PLANT, PLANTS};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Sentence;

/// Loads that are this near are one.
const NEAR: f64 = 0.02;

/// Consecutive steps of a plant at about one load.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = PlanLoadView)]
pub(super) struct LoadView {
    /// Id of the plant.
    id: String,
    /// Its name.
    name: Sentence,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Mean load, 0 … 1 of its capacity.
    load: f64,
}

/// What each plant did, step by step; steps in which it stood are left out.
pub(super) fn of(run: &RunContents, step_days: u32) -> Vec<LoadView> {
    let Some((dates, plants, loads)) = run.frame(PLANTS).and_then(columns) else {
        return Vec::new();
    };
    let mut views = Vec::new();
    for plant in &run.base.plants {
        let days = (dates.iter().zip(plants).zip(loads))
            .filter(|((_, id), _)| **id == plant.id)
            .map(|((day, _), load)| (*day, *load));
        let steps = steps(run.meta.from, step_days, days);
        let name = Sentence {
            en: plant.name.en.clone(),
            zh: plant.name.zh.clone(),
        };
        views.extend(
            stretches(&steps)
                .into_iter()
                .map(|(from, to, load)| LoadView {
                    id: plant.id.clone(),
                    name: name.clone(),
                    from: from.to_string(),
                    to: to.to_string(),
                    load,
                }),
        );
    }
    views
}

fn columns(frame: &Frame) -> Option<(&[Date], &[String], &[f64])> {
    let values = |name: ColumnName| {
        let column = frame.columns.iter().find(|column| column.name == name.name);
        column.map(|column| &column.values)
    };
    match (values(DATE)?, values(PLANT)?, values(LOAD)?) {
        (Values::Date(dates), Values::Text(plants), Values::Number(loads)) => {
            Some((dates, plants, loads))
        }
        _ => None,
    }
}

/// First day, last day and mean load of each step.
fn steps(
    first: Date,
    step_days: u32,
    days: impl Iterator<Item = (Date, f64)>,
) -> Vec<(Date, Date, f64)> {
    let mut steps: Vec<(Date, Vec<f64>)> = Vec::new();
    for (day, load) in days {
        let since = (day - first).get_days().max(0);
        let begins = first.saturating_add((since - since % step_days as i32).days());
        match steps.last_mut() {
            Some((from, loads)) if *from == begins => loads.push(load),
            _ => steps.push((begins, vec![load])),
        }
    }
    let whole = |(from, loads): (Date, Vec<f64>)| {
        let to = from.saturating_add((loads.len() as i64 - 1).days());
        let mean = loads.iter().sum::<f64>() / loads.len() as f64;
        (from, to, mean)
    };
    steps.into_iter().map(whole).collect()
}

/// Steps that follow each other at about one load as one; those without any left out.
fn stretches(steps: &[(Date, Date, f64)]) -> Vec<(Date, Date, f64)> {
    let mut stretches: Vec<(Date, Date, f64)> = Vec::new();
    for &(from, to, load) in steps.iter().filter(|(_, _, load)| *load > NEAR) {
        match stretches.last_mut() {
            Some((_, end, known))
                if (*known - load).abs() < NEAR && end.tomorrow().is_ok_and(|d| d == from) =>
            {
                *end = to;
            }
            _ => stretches.push((from, to, load)),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_at_one_load_are_one_and_a_week_at_rest_parts_them() {
        let loads = [1.0, 1.0, 0.0, 0.5, 0.51];
        let days = (0..34i64).map(|day| {
            let load = loads[(day / 7) as usize];
            (date(2027, 1, 1).saturating_add(day.days()), load)
        });
        let found = stretches(&steps(date(2027, 1, 1), 7, days));
        let ends: Vec<_> = found.iter().map(|(from, to, _)| (*from, *to)).collect();
        assert_eq!(
            ends,
            [
                (date(2027, 1, 1), date(2027, 1, 14)),
                (date(2027, 1, 22), date(2027, 2, 3))
            ]
        );
    }
}
