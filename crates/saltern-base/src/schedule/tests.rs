use super::*;
use crate::state::tests::base;
use jiff::ToSpan;
use jiff::civil::date;

const SCHEDULE: &str = "action,id,from,to,flow [m3/h],days\nflow,l1,2025-04-01,2025-04-10,360,\n\
                        flow,l1,2025-05-01,,0,\nharvest,h1,2025-10-01,,,20\n";

fn period() -> (Date, Date) {
    (date(2025, 1, 1), date(2025, 12, 31))
}

/// The one error of the table with one text replaced.
fn the_error(old: &str, new: &str) -> String {
    assert!(SCHEDULE.contains(old));
    let errors = read(
        "plan.csv",
        &SCHEDULE.replacen(old, new, 1),
        &base(),
        period(),
    )
    .expect_err("an error");
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].to_string()
}

#[test]
fn a_schedule_is_read_in_si() {
    let schedule = read("plan.csv", SCHEDULE, &base(), period()).expect("a schedule");
    let flow = &schedule.flows[0];
    assert_eq!(
        (flow.link, flow.from, flow.to),
        (0, date(2025, 4, 1), date(2025, 4, 10))
    );
    assert!((flow.flow_m3_s - 0.1).abs() < 1e-15);
    assert_eq!(
        (schedule.flows[1].from, schedule.flows[1].to),
        (date(2025, 5, 1), date(2025, 5, 1))
    );
    assert_eq!(
        schedule.harvests,
        [ScheduledHarvest {
            harvest: 0,
            from: date(2025, 10, 1),
            days: 20,
            rate_kg_s: None,
        }]
    );
}

#[test]
fn mistakes_in_a_schedule_are_shown_with_row_and_column() {
    assert_eq!(
        the_error("flow,l1,2025-04", "flow,l9,2025-04"),
        "plan.csv, row 2, column id: there is no “l9” (did you mean “l1”?); there are: l1"
    );
    assert_eq!(
        the_error("h1", "l1"),
        "plan.csv, row 4, column id: there is no “l1” (did you mean “h1”?); there are: h1"
    );
    assert_eq!(
        the_error("2025-10-01", "2026-10-01"),
        "plan.csv, row 4, column from: 2026-10-01 is outside the period; accepted: 2025-01-01 to 2025-12-31"
    );
    assert!(
        the_error("2025-04-10", "2025-03-10")
            .contains("the last day 2025-03-10 is before the first day")
    );
    assert!(the_error("2025-04-10", "2025-13-40").contains("“2025-13-40” is not a day"));
    assert!(
        the_error("2025-05-01,,0", "2025-04-05,,0")
            .contains("“l1” is already set for that day in row 2")
    );
    assert!(the_error(",360,", ",-360,").ends_with("“-360” is negative"));
    assert!(the_error(",360,", ",,").contains("row 2, column flow [m3/h]: the cell is blank"));
    assert!(the_error(",,,20", ",,,").contains("row 4, column days: the cell is blank"));
    assert!(
        the_error("harvest,", "plow,")
            .ends_with("“plow” is not accepted; accepted: flow, harvest, plant")
    );
}

#[test]
fn a_schedule_is_written_as_it_is_read() {
    use crate::frame::Values;
    let schedule = read("plan.csv", SCHEDULE, &base(), period()).expect("a schedule");
    let frame = frame(&schedule, &base());
    let cell = |values: &Values, row: usize| match values {
        Values::Number(v) if v[row].is_nan() => String::new(),
        Values::Number(v) => v[row].to_string(),
        Values::Integer(v) => v[row].to_string(),
        Values::Text(v) => v[row].clone(),
        Values::Date(v) => v[row].to_string(),
    };
    let mut text: String = frame
        .columns
        .iter()
        .map(|column| column.header())
        .collect::<Vec<_>>()
        .join(",");
    for row in 0..3 {
        let cells: Vec<String> = frame
            .columns
            .iter()
            .map(|column| cell(&column.values, row))
            .collect();
        text = format!("{text}\n{}", cells.join(","));
    }
    let again = read("again.csv", &text, &base(), period()).expect(&text);
    assert_eq!(again.harvests, schedule.harvests);
    for (a, b) in again.flows.iter().zip(&schedule.flows) {
        assert_eq!((a.link, a.from, a.to), (b.link, b.from, b.to));
        assert!((a.flow_m3_s - b.flow_m3_s).abs() < 1e-15);
    }
}

#[test]
fn a_harvest_is_moved_within_its_period_and_nothing_else_is() {
    let mut schedule = read("plan.csv", SCHEDULE, &base(), period()).expect("a schedule");
    let before = schedule.clone();
    let by = |days: i32, id: &str, from: i8| Shift {
        id: id.into(),
        from: date(2025, from, 1),
        to: date(2025, 12, 1),
        days,
    };
    for (wrong, why) in [
        (by(7, "h2", 10), Unmoved::Nothing),
        (by(7, "h1", 11), Unmoved::Nothing),
        // It lasts from 1 to 20 October: 72 days later it ends on the last day of the year.
        (by(73, "h1", 10), Unmoved::Outside),
        (by(-274, "h1", 10), Unmoved::Outside),
    ] {
        assert_eq!(shift(&mut schedule, &base(), &wrong, period()), Err(why));
        assert_eq!(schedule, before);
    }
    shift(&mut schedule, &base(), &by(72, "h1", 10), period()).expect("room");
    assert_eq!(schedule.harvests[0].from, date(2025, 12, 12));
    assert_eq!(schedule.flows, before.flows);
}

#[test]
fn a_schedule_without_rows_leaves_all_to_the_rules_and_their_campaigns_can_be_moved() {
    let header = SCHEDULE.lines().next().expect("a header");
    let mut schedule = read("plan.csv", header, &base(), period()).expect("no rows");
    assert_eq!(schedule, Schedule::default());
    let harvest = &base().harvests[0];
    let (month, day) = harvest.start;
    let from = date(2025, month, day);
    let by = Shift {
        id: harvest.id.clone(),
        from,
        to: from,
        days: -3,
    };
    shift(&mut schedule, &base(), &by, period()).expect("room");
    let of_pond = base()
        .harvests
        .iter()
        .filter(|h| h.pond == harvest.pond)
        .count();
    assert_eq!(schedule.harvests.len(), of_pond);
    let moved = schedule.harvests.iter().find(|row| row.harvest == 0);
    assert_eq!(
        moved.map(|row| row.from),
        Some(from.saturating_add((-3i64).days()))
    );
}
