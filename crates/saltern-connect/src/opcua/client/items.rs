//! Which nodes are watched, and how: one monitored item a tag, in calls of a few hundred.

use std::time::Duration;

use opcua_client::UARequest;
use opcua_client::services::{CreateMonitoredItems, CreateSubscription, DeleteSubscriptions};
use opcua_types::{
    AttributeId, DataChangeFilter, DataChangeTrigger, ExtensionObject, MonitoredItemCreateRequest,
    MonitoringMode, MonitoringParameters, NamespaceMap, NodeId, ReadValueId, StatusCode,
    TimestampsToReturn,
};
use saltern_base::tags::Source;
use saltern_base::tags::address::{Identifier, Namespace, Node};
use saltern_samples::Quality;

use super::{Door, Open, named};
use crate::error::ConnectError;
use crate::line::Line;
use crate::treatment::{Arrival, Slot};

/// Items that are made in one call; many servers take no more than 1000, and slow ones must answer in time.
const CALL: usize = 250;
/// Values of one message, so that none becomes too large for small servers.
const NOTIFICATIONS: u32 = 5_000;
/// Values are kept for so long in the server when we can't take them.
const KEPT: Duration = Duration::from_secs(10);
/// A subscription of which the server hears nothing is forgotten after so long.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// What small servers say to a filter, be it the usual one.
const NO_FILTER: [StatusCode; 2] = [
    StatusCode::BadMonitoredItemFilterUnsupported,
    StatusCode::BadFilterNotAllowed,
];

/// A node that is to be watched.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The tag's place among those of the connection.
    pub(super) slot: usize,
    /// The node.
    pub(super) node: NodeId,
    /// Whether it is said in so many words that changes of status count.
    filtered: bool,
}

/// A subscription as the server revised it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subscribed {
    pub(super) id: u32,
    /// Within which time the server says something, be it that there is nothing new.
    pub(super) keep_alive: Duration,
}

/// The nodes of the connection's tags. Addresses that name a namespace by its URI are looked up; one that can't be read is
/// a fault of its tag alone.
pub(super) async fn items(
    door: &Door,
    session: &Open,
    line: &mut Line,
) -> Result<Vec<Item>, ConnectError> {
    let slots = line.slots();
    let address = |slot: &Slot| match &slot.source {
        Source::OpcUa(address) => address.clone(),
        other => other.text(),
    };
    let named_by_uri = slots.iter().any(|slot| address(slot).starts_with("nsu="));
    let namespaces = if named_by_uri {
        let read = session.read_namespace_array().await;
        read.map_err(|error| door.failed(&error))?
    } else {
        NamespaceMap::new()
    };
    let mut items = Vec::with_capacity(slots.len());
    for (at, slot) in slots.iter().enumerate() {
        let address = address(slot);
        match node(&address, &namespaces) {
            Ok(node) => items.push(Item {
                slot: at,
                node,
                filtered: true,
            }),
            Err(status) => refuse(line, at, &slot.id, &address, status),
        }
    }
    Ok(items)
}

/// The node of an address (OPC 10000-6, 5.3.1.10 and .11).
pub(super) fn node(address: &str, namespaces: &NamespaceMap) -> Result<NodeId, StatusCode> {
    let read = Node::read(address).ok_or(StatusCode::BadNodeIdInvalid)?;
    let index = match read.namespace {
        Namespace::Index(index) => index,
        Namespace::Uri(uri) => {
            let index = namespaces.get_index(&uri);
            index.ok_or(StatusCode::BadNodeIdUnknown)?
        }
    };
    match read.identifier {
        Identifier::Numeric(number) => Ok(NodeId::new(index, number)),
        Identifier::Text(text) => Ok(NodeId::new(index, text)),
        Identifier::Guid(guid) => format!("ns={index};g={guid}").parse(),
        Identifier::Opaque(bytes) => format!("ns={index};b={bytes}").parse(),
    }
}

/// Says of a tag that there is nothing at its address.
fn refuse(line: &mut Line, slot: usize, tag: &str, address: &str, status: StatusCode) {
    line.refuse(ConnectError::UnknownAddress {
        tag: tag.to_string(),
        address: address.to_string(),
        reason: named(status).into(),
    });
    line.take(slot, Arrival::none(Quality::CONFIGURATION_ERROR));
}

/// Asks to be told of changes. Servers take so many items to a subscription: what does not go into one goes into the next.
/// What the server does not have is a fault of that tag alone and is given back to be asked for later.
pub(super) async fn subscribe(
    door: &Door,
    session: &Open,
    line: &mut Line,
    mut items: Vec<Item>,
    subscribed: &mut Vec<Subscribed>,
) -> Result<Vec<Item>, ConnectError> {
    let slots = line.slots();
    let mut missing = Vec::new();
    let mut current = subscribed.last().copied();
    while !items.is_empty() {
        let is_new = current.is_none();
        let subscription = match current {
            Some(subscription) => subscription,
            None => {
                let opened = open(door, session, &slots).await?;
                subscribed.push(opened);
                opened
            }
        };
        let (mut left, mut again, before) = (Vec::new(), Vec::new(), items.len());
        for part in items.chunks(CALL) {
            let statuses = create(door, session, subscription.id, part, &slots).await?;
            line.heard();
            for (item, status) in part.iter().zip(statuses) {
                if status == StatusCode::BadTooManyMonitoredItems {
                    left.push(item.clone());
                } else if item.filtered && NO_FILTER.contains(&status) {
                    again.push(Item {
                        filtered: false,
                        ..item.clone()
                    });
                } else if status.is_bad() {
                    refuse_item(line, item, &slots, status);
                    missing.push(item.clone());
                }
            }
        }
        if is_new && left.len() == before {
            // Not even a subscription of its own has room: the server takes no more.
            for item in &left {
                refuse_item(line, item, &slots, StatusCode::BadTooManyMonitoredItems);
            }
            missing.append(&mut left);
            subscribed.pop();
            let given_up = DeleteSubscriptions::new(session).subscription(subscription.id);
            let deleted = given_up.send(session.channel()).await;
            deleted.map_err(|error| door.failed(&error))?;
        }
        // What could do without a filter has room here, what had no room needs another.
        current = left.is_empty().then_some(subscription);
        items = left;
        items.append(&mut again);
    }
    Ok(missing)
}

/// Makes items in a subscription; the outcome of each.
async fn create(
    door: &Door,
    session: &Open,
    subscription: u32,
    part: &[Item],
    slots: &[Slot],
) -> Result<Vec<StatusCode>, ConnectError> {
    let requests = part.iter().map(|item| request(item, &slots[item.slot]));
    let made = CreateMonitoredItems::new(subscription, session)
        .timestamps_to_return(TimestampsToReturn::Both)
        .items_to_create(requests.collect())
        .send(session.channel())
        .await;
    let made = made.map_err(|error| door.failed(&error))?;
    let statuses = made
        .results
        .into_iter()
        .map(|created| created.result.status_code);
    Ok(statuses.collect())
}

fn refuse_item(line: &mut Line, item: &Item, slots: &[Slot], status: StatusCode) {
    let tag = &slots[item.slot].id;
    refuse(line, item.slot, tag, &item.node.to_string(), status);
}

/// How often the server gathers what it has to say: often enough that a value is not late by more than a tenth of its
/// period.
fn publishing(slots: &[Slot]) -> Duration {
    let periods = slots.iter().map(|slot| slot.period_s);
    let least = periods.fold(f64::INFINITY, f64::min);
    Duration::from_secs_f64((least / 10.0).clamp(0.1, 1.0))
}

/// How often the server looks at a tag: twice in its period, so that no change within a period is missed.
fn sampling(slot: &Slot) -> Duration {
    Duration::from_secs_f64((slot.period_s / 2.0).clamp(0.05, 60.0))
}

async fn open(door: &Door, session: &Open, slots: &[Slot]) -> Result<Subscribed, ConnectError> {
    let interval = publishing(slots);
    let count = |span: Duration| (span.as_secs_f64() / interval.as_secs_f64()).ceil() as u32;
    // Three signs of life may go missing before a server counts as silent.
    let keep_alive = (door.silence / 4).clamp(interval, Duration::from_secs(5));
    let made = CreateSubscription::new(session)
        .publishing_interval(interval)
        .max_keep_alive_count(count(keep_alive).max(1))
        .max_lifetime_count(count(FORGOTTEN).max(3 * count(keep_alive)))
        .max_notifications_per_publish(NOTIFICATIONS)
        .publishing_enabled(true)
        .send(session.channel())
        .await;
    let made = made.map_err(|error| door.failed(&error))?;
    let interval_s = (made.revised_publishing_interval / 1000.0).clamp(0.001, 3600.0);
    let keep_alive_s = interval_s * f64::from(made.revised_max_keep_alive_count.max(1));
    Ok(Subscribed {
        id: made.subscription_id,
        keep_alive: Duration::from_secs_f64(keep_alive_s),
    })
}

fn request(item: &Item, slot: &Slot) -> MonitoredItemCreateRequest {
    let sampling = sampling(slot);
    let kept = (KEPT.as_secs_f64() / sampling.as_secs_f64()).ceil() as u32;
    MonitoredItemCreateRequest {
        item_to_monitor: ReadValueId {
            node_id: item.node.clone(),
            attribute_id: AttributeId::Value as u32,
            ..ReadValueId::default()
        },
        monitoring_mode: MonitoringMode::Reporting,
        requested_parameters: MonitoringParameters {
            // Zero is no handle for the protocol crate.
            client_handle: item.slot as u32 + 1,
            sampling_interval: sampling.as_secs_f64() * 1000.0,
            filter: match item.filtered {
                true => ExtensionObject::from_message(DataChangeFilter {
                    // A value that stands still must be told from a source that does.
                    trigger: DataChangeTrigger::StatusValueTimestamp,
                    deadband_type: 0,
                    deadband_value: 0.0,
                }),
                false => ExtensionObject::null(),
            },
            queue_size: kept.clamp(2, 200),
            discard_oldest: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_namespaces_by_number_or_by_uri() {
        let mut namespaces = NamespaceMap::new();
        namespaces.add_namespace("http://opcfoundation.org/UA/");
        namespaces.add_namespace("urn:plc");
        let found = |address: &str| node(address, &namespaces).map(|node| node.to_string());
        assert_eq!(found("ns=2;s=n0.level"), Ok("ns=2;s=n0.level".into()));
        assert_eq!(found("nsu=urn:plc;i=7"), Ok("ns=1;i=7".into()));
        assert_eq!(found("i=2258"), Ok("i=2258".into()));
        assert_eq!(
            found("nsu=urn:other;i=7"),
            Err(StatusCode::BadNodeIdUnknown)
        );
        assert!(found("n0.level").is_err());
    }
}
