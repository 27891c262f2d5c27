//! All alarms of a base: samples and deeds go in, lines of the journal come out.
//!
//! Who calls says what time it is. Delays are measured by the times of the source between samples and by the server's clock
//! while nothing comes; whichever is over first counts, so that a burst of buffered samples and a silent sensor both alarm
//! when they should. Samples older than the last one of their tag don't move alarms (history takes them), samples from the
//! future are refused; both are counted.

use super::condition::{Slope, Verdict, Watched};
use super::definition::Definition;
use super::flood::Flood;
use super::journal::{Entry, Event};
use super::machine::{self, Phase, Shelf, State, Step};
use crate::error::WatchError;
use saltern_samples::{Sample, TagId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

pub use super::flood::Limits;

/// What a board is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Floods.
    pub flood: Limits,
    /// How far ahead of the server's clock a source may be, µs.
    pub future_us: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            flood: Limits::default(),
            future_us: 60 * super::SECOND_US,
        }
    }
}

/// Who does something, and why. Neither may be blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act<'t> {
    /// Who.
    pub who: &'t str,
    /// Why.
    pub why: &'t str,
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Knows of it.
    Acknowledge,
    /// Takes that back.
    Unacknowledge,
    /// Has done what was to be done.
    Confirm,
    /// Resets a latched alarm.
    Reset,
    /// Hides it for so many µs.
    Shelve(i64),
    /// Hides it until it clears once, or the longest shelving is over.
    ShelveOnce,
    /// Takes it from the shelf.
    Unshelve,
    /// Takes it out of service.
    OutOfService,
    /// Puts it back into service.
    IntoService,
}

/// What a delay runs towards.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Pending {
    /// Raise or clear.
    raises: bool,
    source_us: i64,
    server_us: i64,
}

/// What an alarm remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Memory {
    state: State,
    pending: Option<Pending>,
    /// When the last value was taken at its source.
    value_us: Option<i64>,
    /// The last value, where it may be used.
    value: Option<f64>,
    reference_us: Option<i64>,
    reference: Option<f64>,
    /// When the server heard of the tag last.
    heard_us: i64,
    acknowledged_us: i64,
    shelf_ends_us: i64,
    raised_us: i64,
    first_in_group: bool,
    slope: Option<Box<Slope>>,
}

/// What a board remembers, for a restart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    sequence: u64,
    now_us: i64,
    flood: Flood,
    alarms: Vec<(String, Memory)>,
}

/// Samples that did not move alarms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// Older than the last of its tag.
    pub late: u64,
    /// From the future.
    pub early: u64,
}

/// All alarms.
#[derive(Clone, Debug)]
pub struct Board {
    settings: Settings,
    definitions: Vec<Definition>,
    memories: Vec<Memory>,
    /// When each alarm has to be looked at without a sample.
    due_us: Vec<i64>,
    /// Alarms by tag: those of tag t are `by_tag[first[t]..first[t + 1]]`.
    first: Vec<u32>,
    by_tag: Vec<u32>,
    /// Members of each group that are shown.
    shown_in_group: Vec<u32>,
    flood: Flood,
    sequence: u64,
    now_us: i64,
    ignored: Ignored,
}

const NEVER: i64 = i64::MAX;

impl Board {
    /// A board where everything is normal and every tag was heard of now.
    pub fn new(definitions: Vec<Definition>, settings: Settings, now_us: i64) -> Board {
        let memory = |definition: &Definition| Memory {
            heard_us: now_us,
            slope: matches!(definition.watched, Watched::Rate { .. }).then(Box::default),
            ..Memory::default()
        };
        let memories = definitions.iter().map(memory).collect();
        Board::with(definitions, memories, settings, now_us)
    }

    /// A board that goes on where a saved one stopped. Alarms are known by their ids; new ones begin normal, and the ids of
    /// those that are gone are handed back.
    pub fn restored(
        definitions: Vec<Definition>,
        settings: Settings,
        saved: Saved,
        now_us: i64,
    ) -> (Board, Vec<String>) {
        let mut board = Board::new(definitions, settings, now_us.max(saved.now_us));
        let ids = board.definitions.iter().map(|d| d.id.clone());
        let places: HashMap<String, usize> = ids.zip(0..).collect();
        let mut gone = Vec::new();
        for (id, memory) in saved.alarms {
            let Some(i) = places.get(&id).copied() else {
                gone.push(id);
                continue;
            };
            let slope = board.memories[i].slope.take();
            let rates = slope.is_some();
            board.memories[i] = memory;
            // The kind may have changed.
            if rates != board.memories[i].slope.is_some() {
                board.memories[i].slope = slope;
            }
        }
        board.flood = saved.flood;
        board.sequence = saved.sequence;
        board.now_us = saved.now_us;
        for i in 0..board.memories.len() {
            board.count_in_group(i, false, board.memories[i].state.is_shown());
            board.schedule(i);
        }
        (board, gone)
    }

    /// What is to be kept for a restart.
    pub fn saved(&self) -> Saved {
        let ids = self.definitions.iter().map(|d| d.id.clone());
        Saved {
            sequence: self.sequence,
            now_us: self.now_us,
            flood: self.flood.clone(),
            alarms: ids.zip(self.memories.iter().cloned()).collect(),
        }
    }

    fn with(
        definitions: Vec<Definition>,
        memories: Vec<Memory>,
        settings: Settings,
        now_us: i64,
    ) -> Board {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (i, definition) in definitions.iter().enumerate() {
            pairs.push((definition.tag, i as u32));
            let other = definition.reference.filter(|tag| *tag != definition.tag);
            pairs.extend(other.map(|tag| (tag, i as u32)));
        }
        pairs.sort_unstable();
        let tags = pairs.last().map_or(0, |(tag, _)| *tag as usize + 1);
        let first = (0..=tags)
            .map(|tag| pairs.partition_point(|(other, _)| (*other as usize) < tag) as u32)
            .collect();
        let groups = definitions.iter().filter_map(|d| d.group).max();
        let mut board = Board {
            due_us: vec![NEVER; definitions.len()],
            shown_in_group: vec![0; groups.map_or(0, |last| last as usize + 1)],
            first,
            by_tag: pairs.into_iter().map(|(_, alarm)| alarm).collect(),
            settings,
            definitions,
            memories,
            flood: Flood::default(),
            sequence: 0,
            now_us,
            ignored: Ignored::default(),
        };
        for i in 0..board.memories.len() {
            board.schedule(i);
        }
        board
    }

    /// What the alarms are.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// State of an alarm.
    pub fn state(&self, alarm: u32) -> Option<State> {
        self.memories.get(alarm as usize).map(|memory| memory.state)
    }

    /// When an alarm was raised last, by the server's clock; `None` if it never was or has returned to normal.
    pub fn raised_us(&self, alarm: u32) -> Option<i64> {
        let memory = self.memories.get(alarm as usize)?;
        (memory.state.phase != Phase::Normal).then_some(memory.raised_us)
    }

    /// Whether it was the first of its group.
    pub fn is_first_in_group(&self, alarm: u32) -> bool {
        let memory = self.memories.get(alarm as usize);
        memory.is_some_and(|memory| memory.first_in_group)
    }

    /// Whether there is a flood.
    pub fn is_in_flood(&self) -> bool {
        self.flood.is_on
    }

    /// Samples that did not move alarms.
    pub fn ignored(&self) -> Ignored {
        self.ignored
    }

    /// Takes a sample; what follows from it is appended to `journal`.
    pub fn feed(&mut self, tag: TagId, sample: &Sample, now_us: i64, journal: &mut Vec<Entry>) {
        let now_us = self.forward(now_us);
        if sample.time_us > now_us.saturating_add(self.settings.future_us) {
            self.ignored.early += 1;
            return;
        }
        let tag = tag.0 as usize;
        let (Some(&from), Some(&to)) = (self.first.get(tag), self.first.get(tag + 1)) else {
            return;
        };
        let mut late = false;
        for k in from..to {
            let i = self.by_tag[k as usize] as usize;
            late |= !self.look(i, tag as u32, sample, now_us, journal);
        }
        self.ignored.late += u64::from(late);
    }

    /// Looks at what time alone changes: delays, silence, re-alarms, shelves, the end of a flood.
    pub fn tick(&mut self, now_us: i64, journal: &mut Vec<Entry>) {
        let now_us = self.forward(now_us);
        for i in 0..self.due_us.len() {
            if self.due_us[i] <= now_us {
                self.time_passes(i, now_us, journal);
                self.schedule(i);
            }
        }
        if self.flood.ends(now_us, &self.settings.flood) {
            self.note_flood(Event::FloodEnded, now_us, journal);
        }
    }

    /// Hides an alarm by design, or no longer; saying the same again is nothing.
    pub fn suppress(&mut self, alarm: u32, on: bool, now_us: i64, journal: &mut Vec<Entry>) {
        let now_us = self.forward(now_us);
        let step = if on { Step::Suppress } else { Step::Unsuppress };
        if (alarm as usize) < self.memories.len() {
            // A refusal says that it is so already.
            let _ = self.change(alarm as usize, step, (now_us, now_us), None, journal);
        }
    }

    /// Does what an operator asks for.
    ///
    /// # Errors
    /// [`WatchError`] where it makes no sense or may not be; nothing has changed then.
    pub fn act(
        &mut self,
        alarm: u32,
        deed: Deed,
        act: &Act<'_>,
        now_us: i64,
        journal: &mut Vec<Entry>,
    ) -> Result<(), WatchError> {
        let now_us = self.forward(now_us);
        let i = alarm as usize;
        let Some(definition) = self.definitions.get(i) else {
            return Err(WatchError::UnknownAlarm { alarm });
        };
        let id = || definition.id.clone();
        if act.who.trim().is_empty() {
            return Err(WatchError::NoOne { alarm: id() });
        }
        if act.why.trim().is_empty() {
            return Err(WatchError::NoReason { alarm: id() });
        }
        let longest_us = definition.shelve_max_us;
        let asked_us = match deed {
            Deed::Shelve(asked_us) => asked_us,
            _ => longest_us,
        };
        let shelves = matches!(deed, Deed::Shelve(_) | Deed::ShelveOnce);
        if shelves && (asked_us <= 0 || asked_us > longest_us) {
            return Err(WatchError::ShelvedTooLong {
                alarm: id(),
                asked_us,
                longest_us,
            });
        }
        let step = match deed {
            Deed::Acknowledge => Step::Acknowledge,
            Deed::Unacknowledge => Step::Unacknowledge,
            Deed::Confirm => Step::Confirm,
            Deed::Reset => Step::Reset,
            Deed::Shelve(_) => Step::Shelve { one_shot: false },
            Deed::ShelveOnce => Step::Shelve { one_shot: true },
            Deed::Unshelve => Step::Unshelve,
            Deed::OutOfService => Step::OutOfService,
            Deed::IntoService => Step::IntoService,
        };
        let refused = |refusal| WatchError::Refused {
            alarm: self.definitions[i].id.clone(),
            refusal,
            phase: self.memories[i].state.phase,
        };
        machine::step(self.memories[i].state, step, self.definitions[i].rules).map_err(refused)?;
        if shelves {
            self.memories[i].shelf_ends_us = now_us.saturating_add(asked_us);
        }
        let _ = self.change(i, step, (now_us, now_us), Some(act), journal);
        Ok(())
    }

    /// The server's clock, which never goes back here.
    fn forward(&mut self, now_us: i64) -> i64 {
        self.now_us = self.now_us.max(now_us);
        self.now_us
    }

    /// Looks at a sample of an alarm's tag or reference; `false` if it is late.
    fn look(
        &mut self,
        i: usize,
        tag: u32,
        sample: &Sample,
        now_us: i64,
        journal: &mut Vec<Entry>,
    ) -> bool {
        let definition = &self.definitions[i];
        let memory = &mut self.memories[i];
        // What no finite number stands for can't be kept either.
        let usable = (sample.is_usable() && sample.value.is_finite()).then_some(sample.value);
        let rate = if tag == definition.tag {
            if memory.value_us.is_some_and(|last| sample.time_us < last) {
                return false;
            }
            memory.value_us = Some(sample.time_us);
            memory.value = usable;
            memory.heard_us = now_us;
            match (definition.watched, &mut memory.slope, usable) {
                (Watched::Rate { window_us, .. }, Some(slope), Some(value)) => {
                    slope.take(sample.time_us, value, window_us)
                }
                _ => None,
            }
        } else {
            if memory
                .reference_us
                .is_some_and(|last| sample.time_us < last)
            {
                return false;
            }
            memory.reference_us = Some(sample.time_us);
            memory.reference = usable;
            None
        };
        let verdict = if tag == definition.tag {
            definition.watched.verdict(sample, memory.reference, rate)
        } else {
            // The reference moved: the own value is judged anew.
            let own = memory.value.unwrap_or(f64::NAN);
            let own = Sample::good(sample.time_us, own);
            definition.watched.verdict(&own, memory.reference, None)
        };
        self.heed(i, verdict, sample.time_us, now_us, journal);
        true
    }

    /// Follows a verdict, through the delays.
    fn heed(
        &mut self,
        i: usize,
        verdict: Verdict,
        source_us: i64,
        now_us: i64,
        journal: &mut Vec<Entry>,
    ) {
        let active = self.memories[i].state.phase.is_active();
        let turns = match verdict {
            Verdict::Holds => !active,
            Verdict::Over => active,
            Verdict::AsItWas => false,
        };
        if !turns {
            if self.memories[i].pending.take().is_some() {
                self.schedule(i);
            }
            return;
        }
        let pending = *self.memories[i].pending.get_or_insert(Pending {
            raises: !active,
            source_us,
            server_us: now_us,
        });
        if source_us.saturating_sub(pending.source_us) >= self.delay_us(i, pending) {
            self.turn(i, (source_us, now_us), journal);
        }
        self.schedule(i);
    }

    fn delay_us(&self, i: usize, pending: Pending) -> i64 {
        if pending.raises {
            self.definitions[i].on_delay_us
        } else {
            self.definitions[i].off_delay_us
        }
    }

    /// Raises or clears, as is pending.
    fn turn(&mut self, i: usize, times: (i64, i64), journal: &mut Vec<Entry>) {
        let Some(pending) = self.memories[i].pending.take() else {
            return;
        };
        let step = if pending.raises {
            Step::Raise
        } else {
            Step::Clear
        };
        let _ = self.change(i, step, times, None, journal);
    }

    fn time_passes(&mut self, i: usize, now_us: i64, journal: &mut Vec<Entry>) {
        let silent = match self.definitions[i].watched {
            Watched::Silent { window_us } => now_us - self.memories[i].heard_us >= window_us,
            _ => false,
        };
        if silent && !self.memories[i].state.phase.is_active() && self.memories[i].pending.is_none()
        {
            self.heed(i, Verdict::Holds, now_us, now_us, journal);
        }
        if let Some(pending) = self.memories[i].pending {
            let delay_us = self.delay_us(i, pending);
            if now_us.saturating_sub(pending.server_us) >= delay_us {
                let source_us = pending.source_us.saturating_add(delay_us).min(now_us);
                self.turn(i, (source_us, now_us), journal);
            }
        }
        let memory = &self.memories[i];
        if memory.state.shelf != Shelf::None && memory.shelf_ends_us <= now_us {
            let _ = self.change(i, Step::ShelfEnds, (now_us, now_us), None, journal);
        }
        if self.realarm_due_us(i) <= now_us {
            let _ = self.change(i, Step::Realarm, (now_us, now_us), None, journal);
        }
    }

    fn realarm_due_us(&self, i: usize) -> i64 {
        let memory = &self.memories[i];
        let waits = memory.state.phase == Phase::Acknowledged && !memory.state.is_hidden();
        match self.definitions[i].realarm_us {
            Some(after_us) if waits => memory.acknowledged_us.saturating_add(after_us),
            _ => NEVER,
        }
    }

    /// When an alarm has to be looked at again without a sample.
    fn schedule(&mut self, i: usize) {
        let memory = &self.memories[i];
        let pending = memory.pending.map_or(NEVER, |pending| {
            pending.server_us.saturating_add(self.delay_us(i, pending))
        });
        let silence = match self.definitions[i].watched {
            Watched::Silent { window_us }
                if !memory.state.phase.is_active() && memory.pending.is_none() =>
            {
                memory.heard_us.saturating_add(window_us)
            }
            _ => NEVER,
        };
        let shelf = match memory.state.shelf {
            Shelf::None => NEVER,
            _ => memory.shelf_ends_us,
        };
        let realarm = self.realarm_due_us(i);
        self.due_us[i] = pending.min(silence).min(shelf).min(realarm);
    }

    /// Takes a step and writes it down.
    fn change(
        &mut self,
        i: usize,
        step: Step,
        (source_us, server_us): (i64, i64),
        act: Option<&Act<'_>>,
        journal: &mut Vec<Entry>,
    ) -> Result<(), machine::Refusal> {
        let before = self.memories[i].state;
        let after = machine::step(before, step, self.definitions[i].rules)?;
        let asks = |state: State| state.phase == Phase::Unacknowledged && !state.is_hidden();
        let announced = asks(after) && !asks(before);
        let alone = self.definitions[i]
            .group
            .is_some_and(|group| self.shown_in_group[group as usize] == 0);
        let memory = &mut self.memories[i];
        memory.state = after;
        if step == Step::Raise {
            memory.raised_us = server_us;
            memory.first_in_group = alone && !after.is_hidden();
        }
        if after.phase == Phase::Acknowledged && before.phase != Phase::Acknowledged {
            memory.acknowledged_us = server_us;
        }
        let first_in_group = memory.first_in_group;
        if after.phase == Phase::Normal {
            memory.first_in_group = false;
        }
        let value = memory.value;
        self.count_in_group(i, before.is_shown(), after.is_shown());
        self.sequence += 1;
        journal.push(Entry {
            sequence: self.sequence,
            event: step.into(),
            alarm: Some(i as u32),
            before: before.phase,
            after,
            source_us,
            server_us,
            value,
            announced,
            first_in_group,
            who: act.map(|act| act.who.into()),
            why: act.map(|act| act.why.into()),
        });
        if announced && self.flood.count(server_us, &self.settings.flood) {
            self.note_flood(Event::FloodBegan, server_us, journal);
        }
        self.schedule(i);
        Ok(())
    }

    fn count_in_group(&mut self, i: usize, before: bool, after: bool) {
        let Some(group) = self.definitions[i].group else {
            return;
        };
        let count = &mut self.shown_in_group[group as usize];
        *count = *count + u32::from(after && !before) - u32::from(before && !after);
    }

    fn note_flood(&mut self, event: Event, now_us: i64, journal: &mut Vec<Entry>) {
        self.sequence += 1;
        journal.push(Entry {
            sequence: self.sequence,
            event,
            alarm: None,
            before: Phase::Normal,
            after: State::default(),
            source_us: now_us,
            server_us: now_us,
            value: None,
            announced: false,
            first_in_group: false,
            who: None,
            why: None,
        });
    }
}
