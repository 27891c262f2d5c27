//! What our server answers: values from one table, writes handed on.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use opcua_core::sync::RwLock as SpaceLock;
use opcua_server::CreateMonitoredItem;
use opcua_server::address_space::{AddressSpace, validate_node_write};
use opcua_server::diagnostics::NamespaceMetadata;
use opcua_server::node_manager::memory::InMemoryNodeManagerImpl;
use opcua_server::node_manager::{
    MonitoredItemRef, ParsedReadValueId, RequestContext, ServerContext, SyncSampler, WriteNode,
};
use opcua_types::{
    AttributeId, DataValue, DateTime, MonitoringMode, NodeId, NumericRange, StatusCode,
    TimestampsToReturn, VariableId,
};
use saltern_samples::Sample;
use tokio::sync::{mpsc, oneshot};

use super::space::{Kind, Space, point_id};
use super::standard;
use crate::opcua::{quality, value};

/// How long an answer to a write is waited for.
const WRITE_PATIENCE: Duration = Duration::from_secs(10);
/// How often the server's clock is looked at for those who watch it.
const CLOCK_PERIOD: Duration = Duration::from_secs(1);

/// A sampling interval that holds nothing back, ms.
const AT_ONCE_MS: f64 = 0.001;

/// A client wants to write. Whoever takes it decides, and says how it went; the value shows once it is published.
#[derive(Debug)]
pub struct WriteRequest {
    /// The variable, by its place in the list.
    pub point: usize,
    /// The value.
    pub value: f64,
    /// Who wants it; `None` for those who did not say.
    pub user: Option<String>,
    /// Where the outcome goes.
    pub answer: oneshot::Sender<Result<(), WriteRefusal>>,
}

/// Why a write was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteRefusal {
    /// Not within what may be written.
    OutOfRange,
    /// Not by this user.
    Denied,
    /// The plant did not take it.
    Failed,
}

impl WriteRefusal {
    fn status(self) -> StatusCode {
        match self {
            WriteRefusal::OutOfRange => StatusCode::BadOutOfRange,
            WriteRefusal::Denied => StatusCode::BadUserAccessDenied,
            WriteRefusal::Failed => StatusCode::BadDeviceFailure,
        }
    }
}

/// The nodes' values and what is done with writes.
pub(super) struct Face {
    server: ServerContext,
    namespaces: Vec<String>,
    kinds: Vec<Kind>,
    ids: Vec<NodeId>,
    places: HashMap<NodeId, usize>,
    values: RwLock<Vec<DataValue>>,
    writes: Option<mpsc::Sender<WriteRequest>>,
    clock: SyncSampler,
}

impl Face {
    /// Without values yet. `namespaces` are all of the server in their order.
    pub(super) fn new(
        server: ServerContext,
        namespaces: Vec<String>,
        space: &Space,
        index: u16,
        writes: Option<mpsc::Sender<WriteRequest>>,
    ) -> Face {
        let ids: Vec<NodeId> = space
            .points
            .iter()
            .map(|point| point_id(index, &point.id))
            .collect();
        let places = ids.iter().cloned().zip(0..).collect();
        let waiting = DataValue {
            status: Some(StatusCode::BadWaitingForInitialData),
            ..DataValue::default()
        };
        Face {
            server,
            namespaces,
            kinds: space.points.iter().map(|point| point.kind).collect(),
            values: RwLock::new(vec![waiting; ids.len()]),
            ids,
            places,
            writes,
            clock: SyncSampler::new(),
        }
    }

    /// Tells of new values, all in one go. What is older than what is shown is passed over (the present is shown here, the
    /// past is in the history), and so are places beyond the list.
    pub(super) fn publish(&self, updates: &[(usize, Sample)]) {
        let now = DateTime::now();
        let mut news = Vec::with_capacity(updates.len());
        {
            let values = self.values.write();
            let mut values = values.unwrap_or_else(PoisonError::into_inner);
            for (place, sample) in updates {
                let Some(shown) = values.get_mut(*place) else {
                    continue;
                };
                let value = told(sample, self.kinds[*place], now);
                if shown.source_timestamp <= value.source_timestamp {
                    shown.clone_from(&value);
                    news.push((value, *place));
                }
            }
        }
        let changes = news
            .into_iter()
            .map(|(value, place)| (value, &self.ids[place], AttributeId::Value));
        self.server.subscriptions.notify_data_change(changes);
    }

    fn standard(&self, node: &NodeId) -> Option<VariableId> {
        node.as_variable_id().ok()
    }

    fn read(
        &self,
        context: &RequestContext,
        space: &AddressSpace,
        node: &ParsedReadValueId,
        max_age: f64,
        stamps: TimestampsToReturn,
    ) -> DataValue {
        if let Err(status) = space.validate_node_read(context, node) {
            return DataValue {
                status: Some(status),
                ..DataValue::default()
            };
        }
        let mut found = if let Some(place) = self.places.get(&node.node_id) {
            let values = self.values.read();
            values.unwrap_or_else(PoisonError::into_inner)[*place].clone()
        } else if let Some(id) = self.standard(&node.node_id) {
            DataValue::new_now(standard::value(id, &self.server, &self.namespaces))
        } else {
            return space.read(context, node, max_age, stamps);
        };
        if node.index_range != NumericRange::None
            && let Some(value) = &found.value
        {
            match value.range_of(&node.index_range) {
                Ok(part) => found.value = Some(part),
                Err(status) => (found.value, found.status) = (None, Some(status)),
            }
        }
        let source = matches!(
            stamps,
            TimestampsToReturn::Source | TimestampsToReturn::Both
        );
        let server = matches!(
            stamps,
            TimestampsToReturn::Server | TimestampsToReturn::Both
        );
        found.source_timestamp = found.source_timestamp.filter(|_| source);
        found.server_timestamp = found.server_timestamp.filter(|_| server);
        found
    }

    /// Hands a write on and waits for the outcome.
    async fn hand_on(&self, point: usize, value: f64, user: Option<String>) -> StatusCode {
        let Some(writes) = &self.writes else {
            return StatusCode::BadNotWritable;
        };
        let (answer, outcome) = oneshot::channel();
        let request = WriteRequest {
            point,
            value,
            user,
            answer,
        };
        let asked = async {
            writes.send(request).await.ok()?;
            outcome.await.ok()
        };
        match tokio::time::timeout(WRITE_PATIENCE, asked).await {
            Ok(Some(Ok(()))) => StatusCode::Good,
            Ok(Some(Err(refusal))) => refusal.status(),
            Ok(None) => StatusCode::BadShutdown,
            Err(_) => StatusCode::BadTimeout,
        }
    }
}

/// A sample as clients are told of it.
fn told(sample: &Sample, kind: Kind, now: DateTime) -> DataValue {
    use opcua_types::VariantScalarTypeId as Scalar;
    let scalar = match kind {
        Kind::Number => Scalar::Double,
        Kind::State => Scalar::Int32,
        Kind::Switch => Scalar::Boolean,
    };
    let value = Some(sample.value).filter(|value| !value.is_nan());
    let value = value.map(|number| value::scalar(number, scalar));
    let (value, status) = match value {
        Some(Some(value)) => (Some(value), quality::status_of(sample.quality)),
        // A number that this variable can't hold.
        Some(None) => (None, StatusCode::BadOutOfRange),
        None if sample.quality.is_usable() => (None, StatusCode::BadNoData),
        None => (None, quality::status_of(sample.quality)),
    };
    DataValue {
        value,
        status: Some(status),
        source_timestamp: Some(value::instant(sample.time_us)),
        server_timestamp: Some(now),
        source_picoseconds: None,
        server_picoseconds: None,
    }
}

#[async_trait]
impl InMemoryNodeManagerImpl for Face {
    async fn init(&self, _space: &mut AddressSpace, context: ServerContext) {
        self.clock.run(CLOCK_PERIOD, context.subscriptions.clone());
    }

    fn name(&self) -> &str {
        "saltern"
    }

    fn namespaces(&self) -> Vec<NamespaceMetadata> {
        let each = self.namespaces.iter().zip(0..);
        each.map(|(uri, index)| NamespaceMetadata {
            namespace_uri: uri.clone(),
            namespace_index: index,
            ..NamespaceMetadata::default()
        })
        .collect()
    }

    async fn read_values(
        &self,
        context: &RequestContext,
        space: &SpaceLock<AddressSpace>,
        nodes: &[&ParsedReadValueId],
        max_age: f64,
        stamps: TimestampsToReturn,
    ) -> Vec<DataValue> {
        let space = space.read();
        nodes
            .iter()
            .map(|node| self.read(context, &space, node, max_age, stamps))
            .collect()
    }

    async fn create_value_monitored_items(
        &self,
        context: &RequestContext,
        space: &SpaceLock<AddressSpace>,
        items: &mut [&mut &mut CreateMonitoredItem],
    ) {
        let space = space.read();
        for item in items {
            let stamps = item.timestamps_to_return();
            let first = self.read(context, &space, item.item_to_monitor(), 0.0, stamps);
            if let Some(
                status @ (StatusCode::BadNodeIdUnknown
                | StatusCode::BadUserAccessDenied
                | StatusCode::BadNotReadable
                | StatusCode::BadAttributeIdInvalid),
            ) = first.status
            {
                item.set_status(status);
                continue;
            }
            // Values are told when they come, not when they are looked at. Anything slower makes the protocol crate hold
            // back what comes sooner and move its instant.
            item.revise_sampling_interval(AT_ONCE_MS);
            item.set_initial_value(first);
            item.set_status(StatusCode::Good);
            self.watch_clock(item);
        }
    }

    async fn set_monitoring_mode(
        &self,
        _context: &RequestContext,
        mode: MonitoringMode,
        items: &[&MonitoredItemRef],
    ) {
        for item in items {
            self.clock
                .set_sampler_mode(item.node_id(), item.attribute(), item.handle(), mode);
        }
    }

    async fn delete_monitored_items(&self, _context: &RequestContext, items: &[&MonitoredItemRef]) {
        for item in items {
            self.clock
                .remove_sampler(item.node_id(), item.attribute(), item.handle());
        }
    }

    async fn write(
        &self,
        context: &RequestContext,
        space: &SpaceLock<AddressSpace>,
        nodes: &mut [&mut WriteNode],
    ) -> Result<(), StatusCode> {
        for node in nodes {
            let wanted = self.wanted(context, space, node);
            let status = match wanted {
                Ok((point, value)) => {
                    let user = &context.token;
                    let user = (!user.is_anonymous()).then(|| user.0.clone());
                    self.hand_on(point, value, user).await
                }
                Err(status) => status,
            };
            node.set_status(status);
        }
        Ok(())
    }
}

impl Face {
    /// Where a monitored item watches the server's clock, it is looked at now and then.
    fn watch_clock(&self, item: &CreateMonitoredItem) {
        let Some(
            id @ (VariableId::Server_ServerStatus_CurrentTime | VariableId::Server_ServerStatus),
        ) = self.standard(&item.item_to_monitor().node_id)
        else {
            return;
        };
        let (server, namespaces) = (self.server.clone(), self.namespaces.clone());
        self.clock.add_sampler(
            item.item_to_monitor().node_id.clone(),
            AttributeId::Value,
            move || {
                Some(DataValue::new_now(standard::value(
                    id,
                    &server,
                    &namespaces,
                )))
            },
            item.monitoring_mode(),
            item.handle(),
            CLOCK_PERIOD,
        );
    }

    /// Which variable a write is for, and the number, where it may be written at all.
    fn wanted(
        &self,
        context: &RequestContext,
        space: &SpaceLock<AddressSpace>,
        node: &WriteNode,
    ) -> Result<(usize, f64), StatusCode> {
        let asked = node.value();
        {
            let space = space.read();
            let found = space.find(&asked.node_id);
            let found = found.ok_or(StatusCode::BadNodeIdUnknown)?;
            validate_node_write(found, context, asked, &*context.type_tree.read())?;
        }
        let point = self.places.get(&asked.node_id);
        let point = *point.ok_or(StatusCode::BadNotWritable)?;
        if asked.attribute_id != AttributeId::Value || asked.index_range != NumericRange::None {
            return Err(StatusCode::BadNotWritable);
        }
        let value = asked.value.value.as_ref().and_then(value::number);
        Ok((point, value.ok_or(StatusCode::BadTypeMismatch)?))
    }
}
