//! Writes to the plant.

use std::future::Future;

use opcua_types::{
    AttributeId, DataValue, NodeId, ReadValueId, StatusCode, TimestampsToReturn, Variant,
    VariantScalarTypeId, WriteValue,
};

use super::watch::Node;
use super::{Open, named};
use crate::batch::Command;
use crate::error::ConnectError;
use crate::opcua::value;
use crate::treatment::Slot;

/// Writes a value as the node's own type and says how it went.
pub(super) fn write(
    session: Open,
    command: Command,
    node: Option<&Node>,
    slots: &[Slot],
) -> impl Future<Output = ()> + Send + use<> {
    let tag = slots.iter().find(|slot| slot.tag == command.tag);
    let tag = tag.map_or_else(String::new, |slot| slot.id.clone());
    let node = node.map(|node| (node.id.clone(), node.kind));
    async move {
        let status = match node {
            Some((id, kind)) => written(&session, id, kind, command.value).await,
            None => StatusCode::BadNodeIdUnknown,
        };
        let outcome = if status.is_bad() {
            Err(ConnectError::WriteRefused {
                tag,
                reason: named(status).into(),
            })
        } else {
            Ok(())
        };
        // Who asked may have gone.
        let _ = command.answer.send(outcome);
    }
}

async fn written(
    session: &Open,
    id: NodeId,
    kind: Option<VariantScalarTypeId>,
    number: f64,
) -> StatusCode {
    let kind = match kind {
        Some(kind) => kind,
        None => match declared(session, &id).await {
            Ok(kind) => kind,
            Err(status) => return status,
        },
    };
    let Some(value) = value::scalar(number, kind) else {
        return StatusCode::BadOutOfRange;
    };
    let wanted = WriteValue {
        node_id: id,
        attribute_id: AttributeId::Value as u32,
        index_range: Default::default(),
        // Without instants: many servers refuse values that bring their own.
        value: DataValue::value_only(value),
    };
    match session.write(&[wanted]).await {
        Ok(statuses) => statuses.first().copied().unwrap_or(StatusCode::Bad),
        Err(error) => error.status(),
    }
}

/// The type that a node declares; kinds of numbers and enumerations are taken as what their values usually are.
async fn declared(session: &Open, id: &NodeId) -> Result<VariantScalarTypeId, StatusCode> {
    let asked = [ReadValueId {
        node_id: id.clone(),
        attribute_id: AttributeId::DataType as u32,
        ..ReadValueId::default()
    }];
    let read = session.read(&asked, TimestampsToReturn::Neither, 0.0).await;
    let read = read.map_err(|error| error.status())?;
    let Some(Variant::NodeId(found)) = read.first().and_then(|value| value.value.as_ref()) else {
        return Err(StatusCode::BadTypeMismatch);
    };
    Ok(VariantScalarTypeId::try_from(&**found).unwrap_or(VariantScalarTypeId::Double))
}
