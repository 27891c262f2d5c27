//! A plant at work: the world kept in step with the clock, instruments looked at, servers told.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use saltern_base::model::{DAY_US, State};
use saltern_base::tags::{Source, Tags};
use saltern_connect::opcua::WriteRefusal;
use saltern_samples::{Reading, Sample, TagId};

use crate::clock::Clock;
use crate::error::DemoError;
use crate::faces::{Face, Write};
use crate::fault::{Fault, FaultKind, STORM_US, Wish};
use crate::instrument::Instrument;
use crate::orders::{Orders, SetPoint};
use crate::record::Record;
use crate::world::{Parts, World};

/// How often instruments are looked at, by the wall's clock.
const LOOK: Duration = Duration::from_millis(200);
/// How often the clock is written down, by the wall's clock.
const KEEP: Duration = Duration::from_secs(5);
/// The hour at which stores and the laboratory hand in their tables.
const OFFICE_HOUR: i64 = 8;
const HOUR_US: i64 = DAY_US / 24;
/// How far back the plant has a past when it is first played, days; the last of them in finer steps.
const PAST_DAYS: i32 = 90;
const FINE_DAYS: i32 = 7;
/// How long before it is first seen its ponds were surveyed, days.
const SURVEY_DAYS: i32 = 45;
const COARSE_US: i64 = HOUR_US;
const FINE_US: i64 = HOUR_US / 6;

/// How a plant is played.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where what is kept of it is.
    pub folder: PathBuf,
    /// Where relative folders of dropped files are.
    pub drops: PathBuf,
    /// How many times real time.
    pub speed: f64,
    /// The instant at which it begins when it is first played, µs since 1970; the middle of the base's period if `None`.
    pub at_us: Option<i64>,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// The plant's clock, µs since 1970.
    pub now_us: i64,
    /// How many times real time.
    pub speed: f64,
    /// Faults that hold.
    pub faults: Vec<Fault>,
    /// What is wrong with the play itself.
    pub trouble: Option<DemoError>,
}

/// What there is of a plant from before it is first seen.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Readings, by row of the tag.
    pub readings: Vec<Reading>,
    /// A survey of the ponds on an evening some weeks before.
    pub survey: Option<(Date, State)>,
}

/// A plant that is played. All who hold it hold the same.
#[derive(Clone)]
pub struct Demo(Arc<Shared>);

struct Shared {
    clock: Clock,
    tags: Tags,
    settings: Settings,
    stage: Mutex<Stage>,
}

/// What changes.
struct Stage {
    world: World,
    record: Record,
    instruments: Vec<Instrument>,
    /// When each instrument last looked, by its place.
    looked_us: Vec<i64>,
    trouble: Option<DemoError>,
}

impl Demo {
    /// Marches a base from its first day to the instant at which the plant is first seen, or was last. `on_day` is told how
    /// many days are done, of how many. Gives the plant's past beside it, where it is first played.
    ///
    /// # Errors
    /// Days that cannot be marched, or a record that cannot be read.
    pub fn prepare(
        parts: Parts,
        tags: Tags,
        settings: Settings,
        on_day: &mut dyn FnMut(usize, usize),
    ) -> Result<(Demo, Past), DemoError> {
        let kept = Record::read(&path(&settings.folder))?;
        let base = &parts.base;
        let site = base.site;
        let begin_us = match (&kept, settings.at_us) {
            (Some(record), _) => record.clock_us,
            (None, Some(at_us)) => at_us,
            (None, None) => (site.midnight_us(base.from) + site.midnight_us(base.to)) / 2,
        };
        let is_first = kept.is_none();
        let record = kept.unwrap_or_else(|| Record {
            first: base.from.to_string(),
            clock_us: begin_us,
            faults: Vec::new(),
            set_points: Vec::new(),
        });
        let first: Date = record.first.parse().unwrap_or(base.from);
        let (today, _) = site.local_day(begin_us);
        if today < first {
            let at = Timestamp::from_microsecond(begin_us).unwrap_or_default();
            return Err(DemoError::Before {
                at: at.to_string(),
                first: first.to_string(),
            });
        }
        let days = (today - first).get_days();
        let mut instruments = Instrument::all(base, &parts.power, &tags);
        let orders = |base: &_, date| Orders::of(base, date, &record.faults, &record.set_points);
        let first_orders = orders(base, first);
        let mut world = World::begin(parts, first, &first_orders)?;
        let mut past = Past::default();
        for done in 0..=days {
            if done > 0 {
                let next = world.date().tomorrow().unwrap_or(world.date());
                let orders = orders(world.base(), next);
                world.next(&orders)?;
            }
            if is_first && days - done <= PAST_DAYS {
                let step_us = match days - done < FINE_DAYS {
                    true => FINE_US,
                    false => COARSE_US,
                };
                let readings = &mut past.readings;
                remember(&world, &tags, &mut instruments, step_us, begin_us, readings);
            }
            if is_first && days - done == SURVEY_DAYS {
                past.survey = Some((world.date(), world.state().clone()));
            }
            on_day(done as usize, days as usize);
        }
        let shared = Shared {
            clock: Clock::new(begin_us, settings.speed)?,
            settings,
            stage: Mutex::new(Stage {
                // Whoever comes first finds values; tables are handed in at their hour.
                looked_us: instruments
                    .iter()
                    .map(|i| match is_handed_in(&tags.tags[i.tag].source) {
                        true => begin_us,
                        false => i64::MIN,
                    })
                    .collect(),
                world,
                record,
                instruments,
                trouble: None,
            }),
            tags,
        };
        Ok((Demo(Arc::new(shared)), past))
    }

    /// The plant's clock.
    pub fn clock(&self) -> saltern_connect::Clock {
        let clock = self.0.clock.clone();
        Arc::new(move || clock.now_us())
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        let now_us = self.0.clock.now_us();
        let stage = self.0.stage();
        let faults = stage.record.faults.iter();
        Status {
            now_us,
            speed: self.0.clock.speed(),
            faults: faults
                .filter(|fault| fault.holds(now_us))
                .cloned()
                .collect(),
            trouble: stage.trouble.clone(),
        }
    }

    /// Goes on at another pace.
    ///
    /// # Errors
    /// A pace that is not played.
    pub fn set_speed(&self, speed: f64) -> Result<(), DemoError> {
        self.0.clock.set_speed(speed)
    }

    /// Begins a fault now.
    ///
    /// # Errors
    /// A wish that does not fit the base.
    pub fn begin(&self, wish: &Wish) -> Result<Fault, DemoError> {
        let now_us = self.0.clock.now_us();
        let mut stage = self.0.stage();
        let size = wish.check(stage.world.base(), &self.0.tags)?;
        let number = stage.record.faults.len() as u32 + 1;
        let fault = Fault {
            number,
            kind: wish.kind,
            target: wish.target.clone(),
            size,
            from_us: now_us,
            until_us: (wish.kind == FaultKind::Storm).then_some(now_us + STORM_US),
        };
        stage.record.faults.push(fault.clone());
        stage.orders_changed(now_us);
        self.0.keep(&mut stage);
        Ok(fault)
    }

    /// Ends a fault now.
    ///
    /// # Errors
    /// No fault of that number holds.
    pub fn end(&self, number: u32) -> Result<Fault, DemoError> {
        let now_us = self.0.clock.now_us();
        let mut stage = self.0.stage();
        let mut faults = stage.record.faults.iter_mut();
        let fault = faults.find(|fault| fault.number == number && fault.holds(now_us));
        let fault = fault.ok_or(DemoError::UnknownFault { number })?;
        fault.until_us = Some(now_us);
        let fault = fault.clone();
        stage.orders_changed(now_us);
        self.0.keep(&mut stage);
        Ok(fault)
    }

    /// Opens the plant's servers and plays until nobody holds it any more. To be called within a Tokio runtime.
    ///
    /// # Errors
    /// A server that cannot be opened.
    pub async fn play(&self) -> Result<(), DemoError> {
        let shared = &self.0;
        let instruments = shared.stage().instruments.clone();
        let Settings { folder, drops, .. } = &shared.settings;
        let clock = self.clock();
        let mut faces = Face::all(&shared.tags, &instruments, folder, drops, &clock)?;
        let first = Arc::clone(shared).step(false);
        for face in &mut faces {
            face.set_up(true).await?;
            face.tell(&first.samples).await?;
        }
        tokio::spawn(run(Arc::downgrade(shared), faces));
        Ok(())
    }
}

/// Plays while somebody holds the plant.
async fn run(shared: std::sync::Weak<Shared>, mut faces: Vec<Face>) {
    let mut kept = Instant::now();
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let keep = kept.elapsed() >= KEEP;
        if keep {
            kept = Instant::now();
        }
        // Marching a day takes a while, and others shall not wait for it.
        let stepped = tokio::task::spawn_blocking(move || shared.step(keep)).await;
        let Ok(step) = stepped else { return };
        for face in &mut faces {
            let is_up = !step.down.iter().any(|down| down == face.connection());
            let done = face.set_up(is_up).await;
            let told = face.tell(&step.samples).await;
            for write in face.writes() {
                step.shared.write(write);
            }
            step.shared.tell_trouble(done.and(told));
        }
    }
}

/// What one look brought.
struct Step {
    shared: Arc<Shared>,
    samples: Vec<(usize, Sample)>,
    /// Connections whose other side is down.
    down: Vec<String>,
}

impl Shared {
    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down where it is, so far ahead that the clock never goes back however it ends.
    fn keep(&self, stage: &mut Stage) {
        let ahead_us = 2.0 * KEEP.as_secs_f64() * 1e6 * self.clock.speed();
        stage.record.clock_us = self.clock.now_us().saturating_add(ahead_us as i64);
        if let Err(error) = stage.record.write(&path(&self.settings.folder)) {
            stage.trouble = Some(error);
        }
    }

    fn tell_trouble(&self, done: Result<(), DemoError>) {
        if let Err(error) = done {
            self.stage().trouble = Some(error);
        }
    }

    /// Brings the world to the present and looks at the instruments that are due.
    fn step(self: Arc<Self>, keep: bool) -> Step {
        let now_us = self.clock.now_us();
        let mut stage = self.stage();
        stage.catch_up(now_us);
        let samples = stage.look(&self.tags, now_us, self.clock.speed());
        let holding = stage
            .record
            .faults
            .iter()
            .filter(|fault| fault.holds(now_us));
        let down = holding.filter(|fault| fault.kind == FaultKind::Down);
        let down = down.map(|fault| fault.target.clone()).collect();
        if keep {
            self.keep(&mut stage);
        }
        drop(stage);
        Step {
            shared: self,
            samples,
            down,
        }
    }

    /// A set-point that a client writes.
    fn write(&self, (row, write): Write) {
        let outcome = self.set(row, write.value);
        // Who asked may be gone.
        let _ = write.answer.send(outcome);
    }

    fn set(&self, row: usize, value: f64) -> Result<(), WriteRefusal> {
        let tag = self.tags.tags.get(row).ok_or(WriteRefusal::Failed)?;
        let limits = tag.writing.as_ref().ok_or(WriteRefusal::Denied)?;
        if !(limits.low..=limits.high).contains(&value) {
            return Err(WriteRefusal::OutOfRange);
        }
        let now_us = self.clock.now_us();
        let mut stage = self.stage();
        let mut instruments = stage.instruments.iter();
        let found = instruments.find(|instrument| instrument.tag == row);
        let link = found
            .and_then(Instrument::sets)
            .ok_or(WriteRefusal::Failed)?;
        stage.record.set_points.push(SetPoint {
            link,
            flow_m3_s: tag.unit.to_si(value),
            from_us: now_us,
        });
        stage.orders_changed(now_us);
        self.keep(&mut stage);
        Ok(())
    }
}

impl Stage {
    /// Marches on until the world's day is that of an instant. A day that can't be marched is told of and tried again.
    fn catch_up(&mut self, now_us: i64) {
        while now_us >= self.world.midnight_us() + DAY_US {
            let next = self.world.date().tomorrow().unwrap_or(self.world.date());
            let orders = self.orders(next);
            if let Err(error) = self.world.next(&orders) {
                self.trouble = Some(error);
                return;
            }
        }
    }

    fn orders(&self, date: Date) -> Orders {
        let (faults, set) = (&self.record.faults, &self.record.set_points);
        Orders::of(self.world.base(), date, faults, set)
    }

    /// Faults or set-points changed: the day in hand is marched once more.
    fn orders_changed(&mut self, now_us: i64) {
        self.catch_up(now_us);
        let orders = self.orders(self.world.date());
        if let Err(error) = self.world.again(now_us, &orders) {
            self.trouble = Some(error);
        }
    }

    /// What instruments show that are due: each at the last instant at which it should have looked.
    fn look(&mut self, tags: &Tags, now_us: i64, speed: f64) -> Vec<(usize, Sample)> {
        let tripped = tripped(&self.world, &self.record.faults, now_us);
        let mut shown = Vec::new();
        let all = self.looked_us.iter_mut().zip(&mut self.instruments);
        for (looked_us, instrument) in all {
            let tag = &tags.tags[instrument.tag];
            let at_us = match is_handed_in(&tag.source) {
                true => last_office_us(&self.world, instrument.period_us, now_us),
                false => instrument.last_look_us(now_us, speed),
            };
            // Only the day in hand can be looked at.
            if at_us > *looked_us && at_us >= self.world.midnight_us() {
                let (world, faults) = (&self.world, &self.record.faults);
                let sample = instrument.look(world, tag, faults, &tripped, at_us);
                shown.push((instrument.tag, sample));
                *looked_us = at_us;
            }
        }
        shown
    }
}

/// Whether people hand it in as a table.
fn is_handed_in(source: &Source) -> bool {
    matches!(source, Source::Lab | Source::File(_))
}

/// The last office hour, of every day or of every so many, up to an instant.
fn last_office_us(world: &World, period_us: i64, now_us: i64) -> i64 {
    let period_us = period_us.max(DAY_US);
    let office_us =
        world.base().site.midnight_us(Date::constant(1970, 1, 1)) + OFFICE_HOUR * HOUR_US;
    now_us - (now_us - office_us).rem_euclid(period_us)
}

/// Links whose pumps stand by a fault.
fn tripped(world: &World, faults: &[Fault], now_us: i64) -> Vec<bool> {
    let links = world.base().links.iter();
    let stands = |id: &str| {
        let mut holding = faults.iter().filter(|fault| fault.holds(now_us));
        holding.any(|fault| fault.kind == FaultKind::Trip && fault.target == id)
    };
    links.map(|link| stands(&link.id)).collect()
}

/// What instruments showed on the world's day, up to an instant.
fn remember(
    world: &World,
    tags: &Tags,
    instruments: &mut [Instrument],
    step_us: i64,
    until_us: i64,
    past: &mut Vec<Reading>,
) {
    let none = tripped(world, &[], until_us);
    let midnight_us = world.midnight_us();
    for instrument in instruments {
        let tag = &tags.tags[instrument.tag];
        let step_us = step_us.max(instrument.period_us).min(DAY_US);
        let is_handed_in = is_handed_in(&tag.source);
        let end_us = (midnight_us + DAY_US).min(until_us);
        let mut at_us = match is_handed_in {
            true => last_office_us(world, instrument.period_us, midnight_us + DAY_US - 1),
            false => midnight_us,
        };
        while at_us >= midnight_us && at_us < end_us {
            let sample = instrument.look(world, tag, &[], &none, at_us);
            past.push(Reading {
                tag: TagId(instrument.tag as u32),
                sample,
            });
            at_us += step_us;
        }
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("demo.json")
}
