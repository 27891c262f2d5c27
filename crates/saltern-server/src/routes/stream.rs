//! The live stream: server-sent events, one way. Values come in rounds, all of each tag, so that a trend can be drawn from
//! them; whoever is too slow is told how many rounds they missed and given the latest values again.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use utoipa::IntoParams;

use super::alarms::Line;
use super::extract::Asked;
use super::values;
use super::views::Value;
use crate::access::Caller;
use crate::house::House;
use crate::operation::{Flash, Live};
use crate::problem::Problem;

/// How long rounds are gathered before they are sent together.
const GATHER: Duration = Duration::from_millis(50);
/// How often it is looked whether whoever listens may still do so.
const LOOK: Duration = Duration::from_secs(10);

/// What is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Ids of tags with commas between; all that may be seen if left out.
    tags: Option<String>,
}

/// Values and lines of the journal as they come, as server-sent events: `base` (the generation of numbers), `values`
/// (a list as `/api/values` has it), `journal` (a list as `/api/journal` has it), `missed` (rounds that were missed),
/// `ended` (signed out).
#[utoipa::path(get, path = "/api/stream", tag = "values", params(Wanted), responses(
    (status = 200, content_type = "text/event-stream", body = String), (status = "4XX", body = Problem)
))]
pub(super) async fn stream(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let tags = wanted.tags.as_deref().map(|tags| {
        let tags = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty());
        tags.map(String::from).collect::<HashSet<String>>()
    });
    if let Some(tags) = &tags {
        let live = house.live();
        for tag in tags {
            caller.row(&live, tag)?;
        }
    }
    house.tally.streams.fetch_add(1, Relaxed);
    let flashes = house.flashes();
    let listener = Listener {
        live: house.live(),
        house,
        caller,
        tags,
        flashes,
        waiting: Vec::new(),
        look: tokio::time::Instant::now() + LOOK,
        is_over: false,
    };
    let first = listener.beginning();
    let events = stream::unfold((listener, first), |(mut listener, ready)| async move {
        let mut ready = ready;
        while ready.is_empty() {
            ready = listener.next().await?;
        }
        let event = ready.remove(0);
        Some((Ok(event), (listener, ready)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default().interval(Duration::from_secs(5))))
}

struct Listener {
    house: Arc<House>,
    caller: Caller,
    live: Arc<Live>,
    tags: Option<HashSet<String>>,
    flashes: Receiver<Flash>,
    waiting: Vec<Flash>,
    look: tokio::time::Instant,
    /// Whether whoever listens was told that they may no longer.
    is_over: bool,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.house.tally.streams.fetch_sub(1, Relaxed);
    }
}

impl Listener {
    /// What comes first: which numbers hold, and the latest values.
    fn beginning(&self) -> Vec<Event> {
        let values = values::known(&self.live, &self.caller);
        let wanted = values.into_iter().filter(|value| self.wants(value.n()));
        let wanted: Vec<Value> = wanted.collect();
        vec![
            event("base", &self.live.generation),
            event("values", &wanted),
        ]
    }

    fn wants(&self, row: u32) -> bool {
        self.caller.sees(&self.live, row)
            && match &self.tags {
                Some(tags) => tags.contains(&self.live.tag(row).who.id),
                None => true,
            }
    }

    /// The next events; `None` where the stream ends.
    async fn next(&mut self) -> Option<Vec<Event>> {
        if self.is_over {
            return None;
        }
        let mut events = Vec::new();
        tokio::select! {
            flash = self.flashes.recv() => match flash {
                Ok(flash) => self.waiting.push(flash),
                Err(RecvError::Lagged(missed)) => events.extend(self.missed(missed)),
                Err(RecvError::Closed) => return None,
            },
            () = tokio::time::sleep_until(self.look) => {
                self.look += LOOK;
                // Whoever can't be asked for is not turned away for it.
                match self.caller.again(&self.house).await {
                    Ok(Some(caller)) => self.caller = caller,
                    Ok(None) => {
                        self.is_over = true;
                        events.push(event("ended", &()));
                    }
                    Err(_) => {}
                }
                return Some(events);
            }
        }
        tokio::time::sleep(GATHER).await;
        loop {
            match self.flashes.try_recv() {
                Ok(flash) => self.waiting.push(flash),
                Err(TryRecvError::Lagged(missed)) => {
                    self.waiting.clear();
                    events.extend(self.missed(missed));
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        self.send(&mut events);
        Some(events)
    }

    fn missed(&mut self, rounds: u64) -> Vec<Event> {
        self.house.tally.missed.fetch_add(rounds, Relaxed);
        self.live = self.house.live();
        let mut events = vec![event("missed", &rounds)];
        events.extend(self.beginning());
        events
    }

    fn send(&mut self, events: &mut Vec<Event>) {
        let (mut values, mut lines) = (Vec::new(), Vec::new());
        for flash in std::mem::take(&mut self.waiting) {
            if flash.live.generation != self.live.generation {
                self.say(&mut values, &mut lines, events);
                self.live = Arc::clone(&flash.live);
                events.extend(self.beginning());
            }
            let readings = flash.readings.iter();
            let wanted = readings.filter(|reading| self.wants(reading.tag.0));
            values.extend(wanted.map(|reading| Value::of(reading.tag.0, &reading.sample)));
            let entries = flash.entries.iter();
            lines.extend(entries.filter_map(|entry| Line::of(entry, &self.live, &self.caller)));
        }
        self.say(&mut values, &mut lines, events);
    }

    fn say(&self, values: &mut Vec<Value>, lines: &mut Vec<Line>, events: &mut Vec<Event>) {
        if !values.is_empty() {
            events.push(event("values", values));
            values.clear();
        }
        if !lines.is_empty() {
            events.push(event("journal", lines));
            lines.clear();
        }
    }
}

fn event(name: &str, data: &impl Serialize) -> Event {
    let event = Event::default().event(name);
    // Numbers, words and texts always have a form in JSON.
    event.json_data(data).unwrap_or_default()
}
