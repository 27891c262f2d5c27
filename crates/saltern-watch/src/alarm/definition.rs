//! What an alarm is, with its texts left in the base and its figures ready for use.

use super::SECOND_US;
use super::condition::Watched;
use super::machine::Rules;
use saltern_base::tags::{Alarm, AlarmKind, Priority, Tags};

/// An alarm as the state machine needs it. Values are in the unit of the tag, times in µs.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its id, by which its state outlives a restart.
    pub id: String,
    /// Tag that it watches, by its number.
    pub tag: u32,
    /// Tag that a deviation is from.
    pub reference: Option<u32>,
    /// What raises and clears it.
    pub watched: Watched,
    /// How long the condition must hold.
    pub on_delay_us: i64,
    /// How long it must be over.
    pub off_delay_us: i64,
    /// Time after which an acknowledged alarm asks again; `None` for never.
    pub realarm_us: Option<i64>,
    /// Longest shelving; 0 forbids it.
    pub shelve_max_us: i64,
    /// What differs between machines.
    pub rules: Rules,
    /// Priority.
    pub priority: Priority,
    /// Group, by its number.
    pub group: Option<u32>,
}

/// All alarms of a base in the order of its table. Tags are numbered as the base lists them, groups as they are met.
pub fn of_base(live: &Tags) -> Vec<Definition> {
    let mut groups: Vec<&str> = Vec::new();
    let mut definitions = Vec::with_capacity(live.alarms.len());
    for alarm in &live.alarms {
        let group = alarm.group.as_deref().map(|name| {
            let found = groups.iter().position(|other| *other == name);
            let number = found.unwrap_or_else(|| {
                groups.push(name);
                groups.len() - 1
            });
            number as u32
        });
        definitions.push(definition(alarm, group));
    }
    definitions
}

fn definition(alarm: &Alarm, group: Option<u32>) -> Definition {
    let (limit, deadband) = (alarm.limit, alarm.deadband);
    let window_us = micros(alarm.window_s);
    Definition {
        id: alarm.who.id.clone(),
        tag: alarm.tag as u32,
        reference: alarm.reference.map(|tag| tag as u32),
        watched: match alarm.kind {
            AlarmKind::HighHigh | AlarmKind::High => Watched::Above { limit, deadband },
            AlarmKind::Low | AlarmKind::LowLow => Watched::Below { limit, deadband },
            AlarmKind::Rate => Watched::Rate {
                limit_per_h: limit,
                deadband_per_h: deadband,
                window_us,
            },
            AlarmKind::Deviation => Watched::Deviation { limit, deadband },
            AlarmKind::State => Watched::State { value: limit },
            AlarmKind::BadQuality => Watched::BadQuality,
            AlarmKind::Stale => Watched::Silent { window_us },
        },
        on_delay_us: micros(alarm.on_delay_s),
        off_delay_us: micros(alarm.off_delay_s),
        realarm_us: alarm.realarm_s.map(micros),
        shelve_max_us: micros(alarm.shelve_max_s),
        rules: Rules {
            latching: alarm.latching,
            confirm: alarm.confirm,
        },
        priority: alarm.priority,
        group,
    }
}

/// Seconds as µs.
pub(crate) fn micros(seconds: f64) -> i64 {
    (seconds * SECOND_US as f64).round() as i64
}
