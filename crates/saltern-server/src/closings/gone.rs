//! What is kept of figures that cannot be told again: samples are kept for a time only, and nights may be lost.

use saltern_account::periods::{Closing, Figure, Recorded};

use super::period::Period;

/// Figures as they are made now, save where less can be told now than was told before: there what was told stands.
pub(super) fn beside_what_is_gone(
    closing: &Closing,
    period: Period,
    made: Vec<Figure>,
    uncovered: &[String],
) -> Vec<Figure> {
    let told = |id: &str| {
        let figure = closing.figure(id, period.days());
        figure.map_or(0.0, Recorded::current)
    };
    let days = made.iter().find(|figure| figure.id == "days");
    if days.is_some_and(|days| days.value < told("days")) {
        return closing.figures.iter().map(as_told).collect();
    }
    let is_lost = |id: &str| {
        let tag = id.rsplit_once('.').map(|(tag, _)| tag);
        tag.is_some_and(|tag| {
            uncovered.iter().any(|uncovered| uncovered == tag) && told(&format!("{tag}.good")) > 0.0
        })
    };
    let kept = closing.figures.iter().filter(|figure| is_lost(&figure.id));
    let mut figures: Vec<Figure> = made.into_iter().filter(|made| !is_lost(&made.id)).collect();
    figures.extend(kept.map(as_told));
    figures
}

fn as_told(figure: &Recorded) -> Figure {
    Figure {
        deviation: figure.current_deviation(),
        planned: figure.planned,
        ..Figure::new(&figure.id, figure.current(), &figure.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn drafted(period: Period, figures: &[(&str, f64)]) -> Closing {
        let mut closing = Closing::default();
        for (id, value) in figures {
            let figure = Figure::new(*id, *value, "-");
            let on = date(2027, 6, 2);
            closing.record(&figure, period.days(), on).expect("a draft");
        }
        closing
    }

    fn values(figures: &[Figure]) -> Vec<(&str, f64)> {
        let mut values: Vec<_> = figures.iter().map(|f| (f.id.as_str(), f.value)).collect();
        values.sort_by_key(|(id, _)| *id);
        values
    }

    #[test]
    fn a_meter_without_samples_leaves_what_it_said_and_others_are_followed() {
        let shift = Period::Shift(date(2027, 6, 1), time(8, 0, 0, 0));
        let draft = drafted(
            shift,
            &[
                ("p1.flow.good", 75.0),
                ("p1.flow.volume", 60.0),
                ("p2.flow.good", 0.0),
                ("p2.flow.volume", 0.0),
            ],
        );
        let now = |id: &str, value| Figure::new(id, value, "-");
        let made = vec![
            now("p1.flow.good", 0.0),
            now("p1.flow.volume", 0.0),
            now("p2.flow.good", 100.0),
            now("p2.flow.volume", 9.0),
        ];
        // The second never said anything before: what it says now, of less than a whole shift, is more than that.
        let uncovered = ["p1.flow".to_string(), "p2.flow".to_string()];
        let stands = beside_what_is_gone(&draft, shift, made.clone(), &uncovered);
        let expected = [
            ("p1.flow.good", 75.0),
            ("p1.flow.volume", 60.0),
            ("p2.flow.good", 100.0),
            ("p2.flow.volume", 9.0),
        ];
        assert_eq!(values(&stands), expected);
        let followed = beside_what_is_gone(&draft, shift, made.clone(), &[]);
        assert_eq!(values(&followed), values(&made));
    }

    #[test]
    fn a_month_is_not_made_anew_from_fewer_days() {
        let month = Period::Month(date(2027, 6, 1));
        let draft = drafted(month, &[("c1.inflow", 300.0), ("days", 30.0)]);
        let made = |days: f64| {
            vec![
                Figure::new("c1.inflow", 10.0 * days + 1.0, "-"),
                Figure::new("days", days, "-"),
            ]
        };
        let fewer = beside_what_is_gone(&draft, month, made(12.0), &[]);
        assert_eq!(values(&fewer), [("c1.inflow", 300.0), ("days", 30.0)]);
        let again = beside_what_is_gone(&draft, month, made(30.0), &[]);
        assert_eq!(values(&again), [("c1.inflow", 301.0), ("days", 30.0)]);
    }
}
