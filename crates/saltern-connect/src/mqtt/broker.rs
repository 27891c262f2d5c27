//! A small MQTT broker within the process, for a plant that is played and for tests: everything that Sparkplug asks of one
//! (quality 0 and 1, retained messages, wills, wildcards; 3.1.1 and 5) and no more. It keeps nothing on disk, knows no
//! users, and sends nothing again after a connection broke: a plant that is real has a real broker.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Duration, timeout};

use super::packet::{Connect, LONGEST, Packet, Publish};
use super::wire::{Stream, Wire};
use crate::error::ConnectError;

/// Messages that may wait for a client; one that is slower than that is dropped, so that others don't wait for it.
const WAITING: usize = 10_000;
/// How long a client may take to say who it is.
const GREETING: Duration = Duration::from_secs(10);

/// A broker at work; it ends when this goes out of sight.
pub struct Broker {
    address: SocketAddr,
    house: Shared,
    task: JoinHandle<()>,
}

impl Broker {
    /// Begins to listen, within a Tokio runtime.
    ///
    /// # Errors
    /// What the system says where it can't.
    pub async fn listen(address: SocketAddr) -> io::Result<Broker> {
        let listener = TcpListener::bind(address).await?;
        let house = Shared::default();
        Ok(Broker {
            address: listener.local_addr()?,
            task: tokio::spawn(welcome(listener, Arc::clone(&house))),
            house,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Passes a message on as if a client had sent it, and keeps it for those who come later.
    pub fn tell(&self, topic: &str, payload: Vec<u8>) {
        house(&self.house).pass_on(Publish {
            topic: topic.into(),
            payload,
            retain: true,
            ..Publish::default()
        });
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A client that is there.
struct Guest {
    /// Tells this visit from an earlier one of the same name.
    visit: u64,
    filters: Vec<(String, u8)>,
    letters: mpsc::Sender<Publish>,
}

#[derive(Default)]
struct House {
    visits: u64,
    guests: HashMap<String, Guest>,
    retained: BTreeMap<String, Publish>,
}

type Shared = Arc<Mutex<House>>;

fn house(shared: &Shared) -> MutexGuard<'_, House> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn welcome(listener: TcpListener, shared: Shared) {
    // Guests leave with the broker.
    let mut visits = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            came = listener.accept() => {
                if let Ok((stream, who)) = came {
                    let _ = stream.set_nodelay(true);
                    visits.spawn(visit(shared.clone(), Box::new(stream), who.to_string()));
                }
            }
            Some(_) = visits.join_next() => {}
        }
    }
}

/// Serves one who came from `who`, from the first word to the last.
async fn visit(shared: Shared, stream: Box<dyn Stream>, who: String) {
    let greeted = timeout(GREETING, Wire::accept(who.clone(), stream)).await;
    let Ok(Ok((mut wire, connect))) = greeted else {
        return;
    };
    let (letters, inbox) = mpsc::channel(WAITING);
    let name = match connect.client.is_empty() {
        true => who,
        false => connect.client.clone(),
    };
    let visit = house(&shared).enter(&name, letters);
    let stay = stay(&shared, &name, visit, &connect, &mut wire, inbox).await;
    let mut house = house(&shared);
    house.leave(&name, visit);
    // One that says good-bye leaves no will.
    if let (Err(_), Some(will)) = (stay, connect.will) {
        house.pass_on(will);
    }
}

/// Serves a client until it goes: well, or not.
async fn stay(
    shared: &Shared,
    name: &str,
    visit: u64,
    connect: &Connect,
    wire: &mut Wire,
    mut inbox: mpsc::Receiver<Publish>,
) -> Result<(), ConnectError> {
    let welcome = Packet::ConnAck {
        code: 0,
        receive_maximum: 1000,
        maximum_packet: LONGEST as u32,
    };
    wire.send(&welcome).await?;
    let patience = match connect.keep_alive_s {
        0 => Duration::from_secs(86_400),
        s => Duration::from_secs_f64(1.5 * f64::from(s)),
    };
    let mut heard = tokio::time::Instant::now();
    loop {
        tokio::select! {
            packet = wire.receive() => {
                heard = tokio::time::Instant::now();
                match packet? {
                    Packet::Publish(message) => {
                        let (id, qos) = (message.id, message.qos);
                        house(shared).pass_on(message);
                        if qos > 0 {
                            wire.send(&Packet::PubAck { id, code: 0 }).await?;
                        }
                    }
                    Packet::Subscribe { id, filters } => {
                        let codes = filters.iter().map(|(_, qos)| (*qos).min(1)).collect();
                        wire.send(&Packet::SubAck { id, codes }).await?;
                        house(shared).subscribe(name, visit, filters);
                    }
                    Packet::Unsubscribe { id, filters } => {
                        let codes = filters.len();
                        house(shared).unsubscribe(name, &filters);
                        wire.send(&Packet::UnsubAck { id, codes }).await?;
                    }
                    Packet::PingReq => wire.send(&Packet::PingResp).await?,
                    // In version 5 one may leave and want the will to be told (code 4).
                    Packet::Disconnect { code: 0 } => return Ok(()),
                    Packet::PubAck { .. } => {}
                    _ => return Err(ConnectError::Stopped),
                }
            }
            letter = inbox.recv() => {
                // Someone of the same name came, or it was too slow.
                let mut letter = letter.ok_or(ConnectError::Stopped)?;
                if letter.qos > 0 {
                    letter.id = wire.id();
                }
                wire.send(&Packet::Publish(letter)).await?;
            }
            () = tokio::time::sleep_until(heard + patience) => return Err(ConnectError::Stopped),
        }
    }
}

impl House {
    /// Lets a client in; an earlier one of its name goes.
    fn enter(&mut self, name: &str, letters: mpsc::Sender<Publish>) -> u64 {
        self.visits += 1;
        let guest = Guest {
            visit: self.visits,
            filters: Vec::new(),
            letters,
        };
        self.guests.insert(name.into(), guest);
        self.visits
    }

    fn leave(&mut self, name: &str, visit: u64) {
        if self
            .guests
            .get(name)
            .is_some_and(|guest| guest.visit == visit)
        {
            self.guests.remove(name);
        }
    }

    fn subscribe(&mut self, name: &str, visit: u64, filters: Vec<(String, u8)>) {
        let Some(guest) = self
            .guests
            .get_mut(name)
            .filter(|guest| guest.visit == visit)
        else {
            return;
        };
        for (filter, qos) in filters {
            for message in self
                .retained
                .values()
                .filter(|m| matches(&filter, &m.topic))
            {
                let letter = Publish {
                    qos: message.qos.min(qos),
                    retain: true,
                    ..message.clone()
                };
                let _ = guest.letters.try_send(letter);
            }
            guest.filters.retain(|(known, _)| *known != filter);
            guest.filters.push((filter, qos.min(1)));
        }
    }

    fn unsubscribe(&mut self, name: &str, filters: &[String]) {
        if let Some(guest) = self.guests.get_mut(name) {
            guest.filters.retain(|(known, _)| !filters.contains(known));
        }
    }

    /// Passes a message on to all who asked for it; those who don't keep up are let go.
    fn pass_on(&mut self, message: Publish) {
        let asked = |guest: &Guest| {
            let fitting = guest
                .filters
                .iter()
                .filter(|(f, _)| matches(f, &message.topic));
            fitting.map(|(_, qos)| *qos).max()
        };
        self.guests.retain(|_, guest| {
            let Some(qos) = asked(guest) else { return true };
            let letter = Publish {
                qos: message.qos.min(qos),
                retain: false,
                again: false,
                ..message.clone()
            };
            guest.letters.try_send(letter).is_ok()
        });
        if message.retain && message.payload.is_empty() {
            self.retained.remove(&message.topic);
        } else if message.retain {
            self.retained.insert(message.topic.clone(), message);
        }
    }
}

/// Whether a topic is one of those that a filter asks for (5.0, 4.7).
fn matches(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && !filter.starts_with('$') {
        return false;
    }
    let mut levels = topic.split('/');
    for part in filter.split('/') {
        match (part, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (part, Some(level)) if part == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the standard (5.0, 4.7.1).
    #[test]
    fn filters_match_as_the_standard_has_it() {
        for (filter, topic, fits) in [
            ("sport/tennis/player1/#", "sport/tennis/player1", true),
            (
                "sport/tennis/player1/#",
                "sport/tennis/player1/ranking",
                true,
            ),
            ("sport/tennis/player1/#", "sport/tennis/player2", false),
            ("sport/tennis/+", "sport/tennis/player1", true),
            ("sport/tennis/+", "sport/tennis/player1/ranking", false),
            ("sport/+", "sport", false),
            ("sport/+", "sport/", true),
            ("+/+", "/finance", true),
            ("+", "/finance", false),
            ("#", "$SYS/uptime", false),
            ("$SYS/#", "$SYS/uptime", true),
        ] {
            assert_eq!(matches(filter, topic), fits, "{filter} {topic}");
        }
    }
}
