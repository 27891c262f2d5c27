//! Takes what the server publishes. A few requests are always with it; each that is answered is replaced once its values
//! were handed on, so a slow store slows the server and nothing is lost on the way.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{FuturesOrdered, FuturesUnordered};
use opcua_client::UARequest;
use opcua_client::services::Publish;
use opcua_types::{
    AttributeId, DataChangeNotification, DataValue, Error, NodeId, PublishResponse, ReadValueId,
    StatusChangeNotification, StatusCode, SubscriptionAcknowledgement, TimestampsToReturn,
    VariableId, VariantScalarTypeId,
};
use tokio::time::{Instant, sleep_until, timeout};

use super::items::{Item, Subscribed, items, subscribe};
use super::{Door, Open, write};
use crate::asked::Asked;
use crate::error::ConnectError;
use crate::line::Line;
use crate::opcua::{quality, value};
use crate::reason::Reason;
use crate::treatment::{Arrival, Value};

/// Publish requests that are with the server at a time: one for each of two answers under way and some to spare.
const REQUESTS: usize = 4;
/// So many keep-alives may go missing before the server counts as silent.
const KEEP_ALIVES: u32 = 3;
/// How often nodes that the server did not have are asked for again: its program may have been changed.
const ASK_AGAIN: Duration = Duration::from_secs(60);
/// A publish request is not given up while the server lives; whether it does is watched here.
const PATIENT: Duration = Duration::from_secs(24 * 3600);

/// What is known of the nodes in this session.
pub(super) struct Nodes {
    /// By slot.
    pub(super) of: HashMap<usize, Node>,
}

/// A node.
pub(super) struct Node {
    pub(super) id: NodeId,
    /// What its values are, where one was seen.
    pub(super) kind: Option<VariantScalarTypeId>,
}

/// Subscribes and takes values until something is wrong.
pub(super) async fn watch(
    door: &Door,
    session: &Open,
    line: &mut Line,
) -> Result<Infallible, ConnectError> {
    let items = items(door, session, line).await?;
    let node = |item: &Item| {
        let id = item.node.clone();
        (item.slot, Node { id, kind: None })
    };
    let mut nodes = Nodes {
        of: items.iter().map(node).collect(),
    };
    let mut subscribed = Vec::new();
    let mut missing = subscribe(door, session, line, items, &mut subscribed).await?;
    line.send().await?;

    let mut told = Told::default();
    let mut publishes = FuturesOrdered::new();
    for _ in 0..REQUESTS {
        publishes.push_back(publish(session.clone(), None));
    }
    let mut writes = FuturesUnordered::new();
    let mut again = Instant::now() + ASK_AGAIN;
    let mut heard = Instant::now();
    let mut asked = heard;
    loop {
        let patience = patience(door, &subscribed);
        tokio::select! {
            Some(answer) = publishes.next() => {
                let acknowledged = told.take(door, line, &mut nodes, answer)?;
                line.heard();
                line.send().await?;
                heard = Instant::now();
                match acknowledged {
                    Next::Acknowledge(one) => publishes.push_back(publish(session.clone(), Some(one))),
                    Next::Ask => publishes.push_back(publish(session.clone(), None)),
                    Next::Fewer if publishes.is_empty() => {
                        return Err(door.lost(StatusCode::BadTooManyPublishRequests));
                    }
                    Next::Fewer => {}
                }
            }
            Some(command) = line.commands.recv() => {
                let slots = line.slots();
                let place = slots.iter().position(|slot| slot.tag == command.tag);
                let node = place.and_then(|place| nodes.of.get(&place));
                writes.push(write::write(session.clone(), command, node, &slots));
            }
            Some(()) = writes.next() => {}
            () = sleep_until(heard + patience) => {
                return Err(ConnectError::Silent {
                    endpoint: door.endpoint.clone(),
                    seconds: patience.as_secs_f64(),
                });
            }
            () = sleep_until(again), if !missing.is_empty() => {
                again = Instant::now() + ASK_AGAIN;
                missing = subscribe(door, session, line, missing, &mut subscribed).await?;
                line.send().await?;
                heard = Instant::now();
            }
            // A server that speaks more rarely than silence allows is asked whether it lives.
            () = sleep_until(heard.max(asked) + door.silence / 2), if patience > door.silence => {
                alive(door, session, line).await?;
                asked = Instant::now();
            }
        }
    }
}

/// How long the server may publish nothing.
fn patience(door: &Door, subscribed: &[Subscribed]) -> Duration {
    let slowest = subscribed.iter().map(|one| one.keep_alive).max();
    slowest
        .map_or(door.silence, |keep_alive| keep_alive * KEEP_ALIVES)
        .max(door.silence)
}

async fn publish(
    session: Open,
    acknowledged: Option<SubscriptionAcknowledgement>,
) -> Result<PublishResponse, Error> {
    Publish::new(&session)
        .acks(acknowledged.into_iter().collect())
        .timeout(PATIENT)
        .send(session.channel())
        .await
}

/// Asks for the server's state; its answer is a sign of life.
async fn alive(door: &Door, session: &Open, line: &Line) -> Result<(), ConnectError> {
    let state = ReadValueId {
        node_id: VariableId::Server_ServerStatus_State.into(),
        attribute_id: AttributeId::Value as u32,
        ..ReadValueId::default()
    };
    let asked = [state];
    let read = session.read(&asked, TimestampsToReturn::Neither, 0.0);
    match timeout(door.timeout, read).await {
        Ok(Ok(_)) => {
            line.heard();
            Ok(())
        }
        Ok(Err(error)) => Err(door.failed(&error)),
        Err(_) => Err(door.too_slow(Asked::State, door.timeout)),
    }
}

/// What follows an answer.
pub(super) enum Next {
    Acknowledge(SubscriptionAcknowledgement),
    Ask,
    /// The server has more requests than it wants.
    Fewer,
}

/// What was told so far: the last number of every subscription.
#[derive(Default)]
pub(super) struct Told {
    last: HashMap<u32, u32>,
}

impl Told {
    /// Hands on what is new in an answer, and says what follows it.
    pub(super) fn take(
        &mut self,
        door: &Door,
        line: &mut Line,
        nodes: &mut Nodes,
        answer: Result<PublishResponse, Error>,
    ) -> Result<Next, ConnectError> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.status() == StatusCode::BadTooManyPublishRequests => {
                return Ok(Next::Fewer);
            }
            Err(error) => return Err(door.failed(&error)),
        };
        let (subscription, message) = (answer.subscription_id, answer.notification_message);
        let Some(data) = message.notification_data.filter(|data| !data.is_empty()) else {
            // Nothing new; the number is that of the next message.
            return Ok(Next::Ask);
        };
        let number = message.sequence_number;
        let due = self.last.insert(subscription, number).map(after);
        if let Some(due) = due.filter(|due| *due != number) {
            return Err(ConnectError::Lost {
                endpoint: door.endpoint.clone(),
                reason: Reason::Number { number, due },
            });
        }
        for part in data {
            if let Some(changes) = part.inner_as::<DataChangeNotification>() {
                for change in changes.monitored_items.iter().flatten() {
                    arrive(line, nodes, change.client_handle, &change.value);
                }
            } else if let Some(change) = part.inner_as::<StatusChangeNotification>()
                && change.status.is_bad()
            {
                return Err(door.lost(change.status));
            }
        }
        Ok(Next::Acknowledge(SubscriptionAcknowledgement {
            subscription_id: subscription,
            sequence_number: number,
        }))
    }
}

/// The number of the message after one: they go from 1 to the greatest and begin again at 1 (OPC 10000-4, 7.22).
fn after(number: u32) -> u32 {
    number.checked_add(1).unwrap_or(1)
}

/// A value of the node with a handle.
fn arrive(line: &mut Line, nodes: &mut Nodes, handle: u32, told: &DataValue) {
    let slot = handle.wrapping_sub(1) as usize;
    let Some(node) = nodes.of.get_mut(&slot) else {
        return;
    };
    let status = told.status.unwrap_or(StatusCode::Good);
    if status.overflow() {
        let tag = line.slots()[slot].id.clone();
        line.refuse(ConnectError::Overflow { tag });
    }
    if let Some(kind) = told.value.as_ref().and_then(|value| value.scalar_type_id()) {
        node.kind = Some(kind);
    }
    let time = told.source_timestamp.or(told.server_timestamp);
    let time_us = time.map(value::micros).filter(|micros| *micros > 0);
    line.take(
        slot,
        Arrival {
            value: told.value.as_ref().map_or(Value::Nothing, value::of),
            quality: quality::quality_of(status),
            time_us,
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_messages_begin_again_at_one() {
        assert_eq!(
            (after(1), after(u32::MAX - 1), after(u32::MAX)),
            (2, u32::MAX, 1)
        );
    }
}
