//! Figures of journals that were written by hand, against counts by hand.

use crate::board::{S, high};
use saltern_base::tags::Priority;
use saltern_watch::alarm::journal::{Entry, Event};
use saltern_watch::alarm::kpi::{Targets, figures};
use saltern_watch::alarm::{Definition, Phase, State};

fn entry(event: Event, alarm: Option<u32>, at_s: i64) -> Entry {
    Entry {
        sequence: 0,
        event,
        alarm,
        before: Phase::Normal,
        after: State::default(),
        source_us: at_s * S,
        server_us: at_s * S,
        value: None,
        announced: event == Event::Raised,
        first_in_group: false,
        who: None,
        why: None,
    }
}

#[test]
fn figures_are_what_one_counts_by_hand() {
    let definitions = [
        Definition {
            priority: Priority::Critical,
            ..high("a", 0)
        },
        Definition {
            priority: Priority::Low,
            ..high("b", 1)
        },
    ];
    let mut journal = vec![entry(Event::Raised, Some(1), -10)];
    // Two days; in the second hour one alarm comes and goes every 20 s for four minutes.
    for k in 0..12 {
        journal.push(entry(Event::Raised, Some(0), 3600 + 20 * k));
        journal.push(entry(Event::Cleared, Some(0), 3610 + 20 * k));
    }
    journal.push(entry(Event::FloodBegan, None, 3820));
    journal.push(entry(Event::FloodEnded, None, 3820 + 1728));
    let found = figures(
        &journal,
        &definitions,
        (0, 172_800 * S),
        &Targets::default(),
    );
    assert_eq!((found.days, found.announced, found.per_day), (2.0, 12, 6.0));
    assert_eq!(found.per_10_min, 12.0 / 288.0);
    assert_eq!((found.most_in_10_min, found.busy_share), (12, 1.0 / 288.0));
    assert_eq!((found.floods, found.flood_share), (1, 0.01));
    assert_eq!(
        (found.top[0].alarm, found.top[0].count, found.top_share),
        (0, 12, 1.0)
    );
    // 24 changes 10 s apart: eight times three within a minute.
    assert_eq!(
        (found.chattering[0].alarm, found.chattering[0].count),
        (0, 8)
    );
    assert_eq!(
        found.stale,
        [1],
        "raised before the period and never cleared"
    );
    assert_eq!(found.mix, [1.0, 0.0, 0.0, 0.0]);
    let judged = found.judged(&Targets::default());
    let missed: Vec<_> = judged
        .iter()
        .filter(|j| !j.meets())
        .map(|j| j.figure)
        .collect();
    assert_eq!(missed, ["top_share", "chattering", "critical_share"]);
}

#[test]
fn a_period_without_alarms_or_without_length_has_figures() {
    let none = figures(&[], &[], (0, 86_400 * S), &Targets::default());
    assert_eq!(
        (none.announced, none.top_share, none.mix),
        (0, 0.0, [0.0; 4])
    );
    let judged = none.judged(&Targets::default());
    let negative = judged.iter().find(|one| one.value.is_sign_negative());
    assert_eq!(negative, None, "a minus before nothing");
    let nothing = figures(&[], &[], (5, 5), &Targets::default());
    assert_eq!(nothing.per_day, 0.0);
}
