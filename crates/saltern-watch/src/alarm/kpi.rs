//! What a journal says about how the alarms themselves do: how many an operator is asked to answer, from where, and how
//! often in bursts.
//!
//! At least 30 days make meaningful figures (the platform facts, 3.3). Targets are settings, since secondary sources
//! of the standard differ.

use super::SECOND_US;
use super::definition::Definition;
use super::journal::{Entry, Event};
use saltern_base::tags::Priority;

/// What the figures are measured by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets {
    /// Alarms a day that one operator can answer. 150: Inductive Automation, self-audit.
    pub per_day: f64,
    /// Alarms in 10 minutes, mean. 1: ISA-18.2 table, recalled.
    pub per_10_min: f64,
    /// Share of 10-minute periods with more than [`Targets::flood_above`]. 1 %: recalled.
    pub busy_share: f64,
    /// Alarms in 10 minutes above which a period is busy. 10: Inductive Automation, self-audit.
    pub flood_above: u32,
    /// Share of the time that is flood. 1 %: recalled.
    pub flood_share: f64,
    /// Share of all alarms that the ten busiest sources make. 5 %: recalled.
    pub top_share: f64,
    /// Raised-and-cleared changes in a minute that make chattering. 3: self-audit.
    pub chattering_changes: usize,
    /// Time after which a standing alarm is stale, s. 24 h: self-audit.
    pub stale_s: f64,
    /// Stale alarms at the end. 5: recalled.
    pub stale: usize,
    /// Share of alarms of critical and high priority. 5 %: self-audit for critical; 80/15/5 recalled.
    pub critical_share: f64,
}

impl Default for Targets {
    fn default() -> Self {
        Targets {
            per_day: 150.0,
            per_10_min: 1.0,
            busy_share: 0.01,
            flood_above: 10,
            flood_share: 0.01,
            top_share: 0.05,
            chattering_changes: 3,
            stale_s: 86_400.0,
            stale: 5,
            critical_share: 0.05,
        }
    }
}

/// A source of alarms and how many it made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Source {
    /// Alarm, by its number.
    pub alarm: u32,
    /// Times it asked, or chattered.
    pub count: u32,
    /// Share of all.
    pub share: f64,
}

/// The figures of a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Length, days.
    pub days: f64,
    /// Times an alarm asked an operator.
    pub announced: u32,
    /// Of these a day.
    pub per_day: f64,
    /// Of these in 10 minutes, mean.
    pub per_10_min: f64,
    /// Most in one period of 10 minutes, counted from the beginning.
    pub most_in_10_min: u32,
    /// Share of periods of 10 minutes that are busy.
    pub busy_share: f64,
    /// Floods that began.
    pub floods: u32,
    /// Share of the time that was flood.
    pub flood_share: f64,
    /// The ten busiest sources, busiest first.
    pub top: Vec<Source>,
    /// Their share together.
    pub top_share: f64,
    /// Alarms that chattered, and how many times.
    pub chattering: Vec<Source>,
    /// Alarms that had stood for too long at the end.
    pub stale: Vec<u32>,
    /// Shares of critical, high, medium, low.
    pub mix: [f64; 4],
}

/// A figure against its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Which, as the fields of [`Figures`] are called.
    pub figure: &'static str,
    /// What it is.
    pub value: f64,
    /// What it may be at most.
    pub target: f64,
}

impl Judged {
    /// Whether the target is met.
    pub fn meets(&self) -> bool {
        self.value <= self.target
    }
}

impl Figures {
    /// The figures that have targets.
    pub fn judged(&self, targets: &Targets) -> Vec<Judged> {
        let judged = |figure, value, target| Judged {
            figure,
            value,
            target,
        };
        vec![
            judged("per_day", self.per_day, targets.per_day),
            judged("per_10_min", self.per_10_min, targets.per_10_min),
            judged("busy_share", self.busy_share, targets.busy_share),
            judged("flood_share", self.flood_share, targets.flood_share),
            judged("top_share", self.top_share, targets.top_share),
            judged("chattering", self.chattering.len() as f64, 0.0),
            judged("stale", self.stale.len() as f64, targets.stale as f64),
            judged("critical_share", self.mix[0], targets.critical_share),
        ]
    }
}

const TEN_MINUTES_US: i64 = 600 * SECOND_US;
const MINUTE_US: i64 = 60 * SECOND_US;

/// Events by which something stands or is over: the last of each alarm before a period, and the last flood's, say what stood
/// when it began, and since when.
pub const TURNS: [Event; 4] = [
    Event::Raised,
    Event::Cleared,
    Event::FloodBegan,
    Event::FloodEnded,
];

/// Figures of the time from `from_us` until `to_us`, by the server's clock. The journal may begin earlier: what was raised
/// before the period and still stands counts as standing. Of what came before, the last of [`TURNS`] of each alarm will do.
pub fn figures(
    journal: &[Entry],
    definitions: &[Definition],
    (from_us, to_us): (i64, i64),
    targets: &Targets,
) -> Figures {
    let span_us = (to_us - from_us).max(0);
    let days = span_us as f64 / 8.64e10;
    let within = |entry: &&Entry| (from_us..to_us).contains(&entry.server_us);
    let periods = (span_us + TEN_MINUTES_US - 1) / TEN_MINUTES_US;
    let mut by_period = vec![0u32; periods.max(0) as usize];
    let mut by_alarm = vec![0u32; definitions.len()];
    let mut mix = [0u32; 4];
    let mut announced = 0;
    for entry in journal
        .iter()
        .filter(within)
        .filter(|entry| entry.announced)
    {
        let Some((alarm, definition)) = known(entry, definitions) else {
            continue;
        };
        announced += 1;
        by_alarm[alarm] += 1;
        by_period[((entry.server_us - from_us) / TEN_MINUTES_US) as usize] += 1;
        let of = Priority::ALL
            .iter()
            .position(|(p, _)| *p == definition.priority);
        mix[of.unwrap_or(3)] += 1;
    }
    let share = |count: f64, of: f64| if of > 0.0 { count / of } else { 0.0 };
    let all = f64::from(announced);
    let busy = by_period
        .iter()
        .filter(|count| **count > targets.flood_above)
        .count();
    let (floods, flood_us) = flood_time(journal, from_us, to_us);
    let top = busiest(&by_alarm, all);
    Figures {
        days,
        announced,
        per_day: share(all, days),
        per_10_min: share(all, periods as f64),
        most_in_10_min: by_period.iter().copied().max().unwrap_or_default(),
        busy_share: share(busy as f64, periods as f64),
        floods,
        flood_share: share(flood_us as f64, span_us as f64),
        // The sum of nothing is −0, which a person would read.
        top_share: top.iter().fold(0.0, |sum, source| sum + source.share),
        top,
        chattering: chattering(journal, definitions, (from_us, to_us), targets),
        stale: standing(journal, definitions, to_us, targets),
        mix: mix.map(|count| share(f64::from(count), all)),
    }
}

fn known<'d>(entry: &Entry, definitions: &'d [Definition]) -> Option<(usize, &'d Definition)> {
    let alarm = entry.alarm? as usize;
    definitions.get(alarm).map(|definition| (alarm, definition))
}

fn busiest(by_alarm: &[u32], all: f64) -> Vec<Source> {
    let mut sources: Vec<Source> = by_alarm
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(alarm, count)| Source {
            alarm: alarm as u32,
            count: *count,
            share: f64::from(*count) / all,
        })
        .collect();
    sources.sort_by_key(|source| (std::cmp::Reverse(source.count), source.alarm));
    sources.truncate(10);
    sources
}

/// Floods that began in the period, and how much of it was flood, µs.
fn flood_time(journal: &[Entry], from_us: i64, to_us: i64) -> (u32, i64) {
    let mut since: Option<i64> = None;
    let (mut floods, mut time_us) = (0, 0);
    let mut add =
        |since: i64, until: i64| time_us += (until.min(to_us) - since.max(from_us)).max(0);
    for entry in journal {
        match entry.event {
            Event::FloodBegan => {
                since = Some(entry.server_us);
                floods += u32::from((from_us..to_us).contains(&entry.server_us));
            }
            Event::FloodEnded => {
                if let Some(since) = since.take() {
                    add(since, entry.server_us);
                }
            }
            _ => {}
        }
    }
    if let Some(since) = since {
        add(since, to_us);
    }
    (floods, time_us)
}

/// Alarms that were raised and cleared so many times within a minute; each burst counts once.
fn chattering(
    journal: &[Entry],
    definitions: &[Definition],
    (from_us, to_us): (i64, i64),
    targets: &Targets,
) -> Vec<Source> {
    let mut changes: Vec<Vec<i64>> = vec![Vec::new(); definitions.len()];
    for entry in journal {
        let turns = matches!(entry.event, Event::Raised | Event::Cleared);
        let within = (from_us..to_us).contains(&entry.server_us);
        if let (true, Some((alarm, _))) = (turns && within, known(entry, definitions)) {
            changes[alarm].push(entry.source_us);
        }
    }
    let mut found = Vec::new();
    let needed = targets.chattering_changes.max(1);
    for (alarm, times) in changes.iter().enumerate() {
        let (mut bursts, mut i) = (0u32, 0);
        while i + needed <= times.len() {
            if times[i + needed - 1] - times[i] <= MINUTE_US {
                bursts += 1;
                i += needed;
            } else {
                i += 1;
            }
        }
        if bursts > 0 {
            found.push(Source {
                alarm: alarm as u32,
                count: bursts,
                share: (bursts as usize * needed) as f64 / times.len() as f64,
            });
        }
    }
    found.sort_by_key(|source| (std::cmp::Reverse(source.count), source.alarm));
    found
}

/// Alarms that had stood for too long at the end.
fn standing(
    journal: &[Entry],
    definitions: &[Definition],
    to_us: i64,
    targets: &Targets,
) -> Vec<u32> {
    let mut since: Vec<Option<i64>> = vec![None; definitions.len()];
    for entry in journal.iter().filter(|entry| entry.server_us < to_us) {
        match (known(entry, definitions), entry.event) {
            (Some((alarm, _)), Event::Raised) => since[alarm] = Some(entry.server_us),
            (Some((alarm, _)), Event::Cleared) => since[alarm] = None,
            _ => {}
        }
    }
    let too_long = |since: &Option<i64>| {
        since.is_some_and(|since| (to_us - since) as f64 > targets.stale_s * SECOND_US as f64)
    };
    let stale = since
        .iter()
        .enumerate()
        .filter(|(_, since)| too_long(since));
    stale.map(|(alarm, _)| alarm as u32).collect()
}
