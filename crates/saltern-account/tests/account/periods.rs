//! Locked periods and restatements.

use jiff::civil::date;
use saltern_account::Lang;
use saltern_account::periods::{Closing, Period};

#[test]
fn a_locked_figure_changes_only_with_a_reason_and_keeps_what_it_was() {
    let april = Period::new(date(2026, 4, 1), date(2026, 4, 30)).unwrap();
    let may = Period::new(date(2026, 5, 1), date(2026, 5, 31)).unwrap();
    let mut closing = Closing::default();
    closing
        .record("element_recovery K", april, 61.2, "%", date(2026, 5, 2))
        .unwrap();
    closing
        .record("element_recovery K", april, 60.9, "%", date(2026, 5, 3))
        .unwrap();
    closing.lock(april, date(2026, 5, 10), "audit").unwrap();
    let refused = closing
        .record("element_recovery K", april, 65.0, "%", date(2026, 5, 11))
        .unwrap_err();
    assert_eq!(
        refused.text(Lang::Zh),
        "2026-04-01 至 2026-04-30 已于 2026-05-10 锁定；更改须以重述方式进行并说明理由"
    );
    closing
        .record("element_recovery K", may, 62.0, "%", date(2026, 6, 2))
        .unwrap();
    let on = date(2026, 6, 15);
    let code = |r: Result<(), saltern_account::AccountError>| r.unwrap_err().code();
    let unreasoned = closing
        .restate("element_recovery K", april, 59.8, on, "audit", "  ")
        .map(|_| ());
    assert_eq!(code(unreasoned), "period.no_reason");
    let figure = closing
        .restate(
            "element_recovery K",
            april,
            59.8,
            on,
            "audit",
            "flow meter FT-3 read 2 % high",
        )
        .unwrap();
    assert_eq!((figure.value, figure.current()), (60.9, 59.8));
    assert_eq!(figure.restatements[0].old, 60.9);
    // Every day sees the figure of that day.
    let seen = |day| closing.as_of("element_recovery K", april, day);
    assert_eq!(seen(date(2026, 5, 1)), None);
    assert_eq!(seen(date(2026, 6, 14)), Some(60.9));
    assert_eq!(seen(date(2026, 6, 15)), Some(59.8));
    let mut later = closing.clone();
    let back = later
        .restate(
            "element_recovery K",
            april,
            59.9,
            date(2026, 6, 1),
            "audit",
            "typing error",
        )
        .map(|_| ());
    assert_eq!(code(back), "period.reversed");
    let none = later
        .restate("element_recovery Li", april, 1.0, on, "audit", "x")
        .map(|_| ());
    assert_eq!(code(none), "period.no_figure");
    let half = Period::new(date(2026, 4, 15), date(2026, 5, 15)).unwrap();
    assert_eq!(code(later.lock(half, on, "audit")), "period.overlap");
    assert_eq!(code(later.lock(april, on, "audit")), "period.locked");
    assert_eq!(
        Period::new(date(2026, 4, 2), date(2026, 4, 1))
            .unwrap_err()
            .code(),
        "period.reversed"
    );
}
