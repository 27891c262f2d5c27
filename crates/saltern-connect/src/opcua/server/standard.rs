//! The part of the standard's own namespace that clients ask for: folders, the server object, types of references, of
//! objects, of variables and of data that our nodes use.
//!
//! `standard.csv` holds the nodes by the numbers and names of the standard (OPC 10000-5 and its list of node ids): what a
//! node hangs on and by which reference, what kind it is, what it holds. The whole standard namespace has thousands of
//! nodes that nobody asks a gateway for; with it a server takes seconds to start.

use opcua_nodes::{
    DataTypeBuilder, ObjectBuilder, ObjectTypeBuilder, ReferenceTypeBuilder, VariableBuilder,
    VariableTypeBuilder,
};
use opcua_server::ServerInfo;
use opcua_server::address_space::AddressSpace;
use opcua_server::node_manager::ServerContext;
use opcua_types::{
    DateTime, ExtensionObject, LocalizedText, NodeId, QualifiedName, ReferenceTypeId,
    ServerStatusDataType, VariableId as V, Variant,
};

/// Name of the standard's namespace.
pub(super) const NAMESPACE: &str = "http://opcfoundation.org/UA/";

/// A node of the standard.
struct Row<'t> {
    class: &'t str,
    id: u32,
    name: &'t str,
    /// What it hangs on.
    on: Option<u32>,
    /// By which reference.
    by: Option<u32>,
    /// Its type definition.
    kind: Option<u32>,
    /// Type of its data.
    holds: Option<u32>,
    /// Whether it is a list.
    many: bool,
    /// Whether only kinds of it are used.
    is_abstract: bool,
    /// Name of a reference seen from its end; empty where it is the same.
    inverse: &'t str,
}

fn rows() -> impl Iterator<Item = Row<'static>> {
    include_str!("standard.csv").lines().skip(1).filter_map(row)
}

fn row(line: &str) -> Option<Row<'_>> {
    let cells: Vec<&str> = line.split(',').collect();
    let [
        class,
        id,
        name,
        on,
        by,
        kind,
        holds,
        many,
        is_abstract,
        inverse,
    ] = cells[..]
    else {
        return None;
    };
    Some(Row {
        class,
        id: id.parse().ok()?,
        name,
        on: on.parse().ok(),
        by: by.parse().ok(),
        kind: kind.parse().ok(),
        holds: holds.parse().ok(),
        many: many == "yes",
        is_abstract: is_abstract == "yes",
        inverse,
    })
}

fn node(id: u32) -> NodeId {
    NodeId::new(0, id)
}

/// Makes the nodes.
pub(super) fn build(to: &mut AddressSpace) {
    for row in rows() {
        make(&row, to);
        let id = node(row.id);
        if let (Some(on), Some(by)) = (row.on, row.by) {
            to.insert_reference(&node(on), &id, node(by));
        }
        if let Some(kind) = row.kind {
            to.insert_reference(&id, &node(kind), ReferenceTypeId::HasTypeDefinition);
        }
    }
}

fn make(row: &Row<'_>, to: &mut AddressSpace) {
    let id = node(row.id);
    let browse = QualifiedName::new(0, row.name);
    let display = LocalizedText::new("en", row.name);
    let holds = row.holds.map_or_else(NodeId::null, node);
    match row.class {
        "object" => ObjectBuilder::new(&id, browse, display).insert(to),
        "variable" => VariableBuilder::new(&id, browse, display)
            .data_type(holds)
            .value_rank(if row.many { 1 } else { -1 })
            .insert(to),
        "object_type" => ObjectTypeBuilder::new(&id, browse, display)
            .is_abstract(row.is_abstract)
            .insert(to),
        "variable_type" => VariableTypeBuilder::new(&id, browse, display)
            .data_type(holds)
            .is_abstract(row.is_abstract)
            .insert(to),
        "data_type" => DataTypeBuilder::new(&id, browse, display)
            .is_abstract(row.is_abstract)
            .insert(to),
        _ => {
            let kind = ReferenceTypeBuilder::new(&id, browse, display)
                .is_abstract(row.is_abstract)
                .symmetric(row.inverse.is_empty());
            if row.inverse.is_empty() {
                kind.insert(to)
            } else {
                kind.inverse_name(LocalizedText::new("en", row.inverse))
                    .insert(to)
            }
        }
    };
}

/// What a variable of the server holds now.
pub(super) fn value(id: V, server: &ServerContext, namespaces: &[String]) -> Variant {
    let info: &ServerInfo = &server.info;
    let limits = &info.config.limits;
    let operational = &limits.operational;
    let count = |count: usize| Variant::from(u32::try_from(count).unwrap_or(u32::MAX));
    let few = |count: usize| Variant::from(u16::try_from(count).unwrap_or(u16::MAX));
    let build = server.status.build_info();
    match id {
        V::Server_ServerArray => info.servers.clone().into(),
        V::Server_NamespaceArray => namespaces.to_vec().into(),
        V::Server_ServerStatus => ExtensionObject::from_message(status(server)).into(),
        V::Server_ServerStatus_StartTime => server.status.start_time().into(),
        V::Server_ServerStatus_CurrentTime => DateTime::now().into(),
        V::Server_ServerStatus_State => (server.status.state() as i32).into(),
        V::Server_ServerStatus_BuildInfo => ExtensionObject::from_message(build).into(),
        V::Server_ServerStatus_BuildInfo_ProductUri => build.product_uri.into(),
        V::Server_ServerStatus_BuildInfo_ManufacturerName => build.manufacturer_name.into(),
        V::Server_ServerStatus_BuildInfo_ProductName => build.product_name.into(),
        V::Server_ServerStatus_BuildInfo_SoftwareVersion => build.software_version.into(),
        V::Server_ServerStatus_BuildInfo_BuildNumber => build.build_number.into(),
        V::Server_ServerStatus_BuildInfo_BuildDate => build.build_date.into(),
        V::Server_ServerStatus_SecondsTillShutdown => 0u32.into(),
        V::Server_ServerStatus_ShutdownReason => LocalizedText::null().into(),
        V::Server_ServiceLevel => info
            .service_level
            .load(std::sync::atomic::Ordering::Relaxed)
            .into(),
        V::Server_Auditing | V::Server_ServerDiagnostics_EnabledFlag => false.into(),
        V::Server_ServerRedundancy_RedundancySupport => 0i32.into(),
        V::Server_ServerCapabilities_ServerProfileArray => {
            info.capabilities.profiles.clone().into()
        }
        V::Server_ServerCapabilities_LocaleIdArray => info.config.locale_ids.clone().into(),
        V::Server_ServerCapabilities_MinSupportedSampleRate => {
            limits.subscriptions.min_sampling_interval_ms.into()
        }
        V::Server_ServerCapabilities_MaxBrowseContinuationPoints => {
            few(limits.max_browse_continuation_points)
        }
        V::Server_ServerCapabilities_MaxQueryContinuationPoints
        | V::Server_ServerCapabilities_MaxHistoryContinuationPoints => 0u16.into(),
        V::Server_ServerCapabilities_MaxArrayLength => count(limits.max_array_length),
        V::Server_ServerCapabilities_MaxStringLength => count(limits.max_string_length),
        V::Server_ServerCapabilities_OperationLimits_MaxNodesPerRead => {
            count(operational.max_nodes_per_read)
        }
        V::Server_ServerCapabilities_OperationLimits_MaxNodesPerWrite => {
            count(operational.max_nodes_per_write)
        }
        V::Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse => {
            count(operational.max_nodes_per_browse)
        }
        V::Server_ServerCapabilities_OperationLimits_MaxNodesPerRegisterNodes => {
            count(operational.max_nodes_per_register_nodes)
        }
        V::Server_ServerCapabilities_OperationLimits_MaxNodesPerTranslateBrowsePathsToNodeIds => {
            count(operational.max_nodes_per_translate_browse_paths_to_node_ids)
        }
        V::Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall => {
            count(operational.max_monitored_items_per_call)
        }
        V::Server_ServerCapabilities_OperationLimits_MaxNodesPerMethodCall => 0u32.into(),
        _ => Variant::Empty,
    }
}

fn status(server: &ServerContext) -> ServerStatusDataType {
    ServerStatusDataType {
        start_time: server.status.start_time(),
        current_time: DateTime::now(),
        state: server.status.state(),
        build_info: server.status.build_info(),
        seconds_till_shutdown: 0,
        shutdown_reason: LocalizedText::null(),
    }
}

#[cfg(test)]
mod tests {
    use opcua_types::{DataTypeId, ObjectId, ObjectTypeId, VariableTypeId};

    use super::*;

    /// The protocol crate's enumerations are made from the standard's own list.
    #[test]
    fn numbers_and_names_are_those_of_the_standard() {
        let mut seen = 0;
        for row in rows() {
            let id = row.id;
            let known = match row.class {
                "object" => ObjectId::try_from(id).map(|id| format!("{id:?}")),
                "variable" => V::try_from(id).map(|id| format!("{id:?}")),
                "object_type" => ObjectTypeId::try_from(id).map(|id| format!("{id:?}")),
                "variable_type" => VariableTypeId::try_from(id).map(|id| format!("{id:?}")),
                "data_type" => DataTypeId::try_from(id).map(|id| format!("{id:?}")),
                _ => ReferenceTypeId::try_from(id).map(|id| format!("{id:?}")),
            };
            let known = known.unwrap_or_default();
            let own = known.rsplit('_').next().unwrap_or_default();
            let own = match row.class {
                "object" => own.trim_end_matches("Folder"),
                _ => own,
            };
            assert_eq!(own, row.name, "{id}");
            seen += 1;
        }
        assert_eq!(seen, include_str!("standard.csv").lines().count() - 1);
    }

    #[test]
    fn every_node_hangs_on_another() {
        let ids: Vec<u32> = rows().map(|row| row.id).collect();
        for row in rows().filter(|row| row.name != "Root") {
            let hangs = row.on.is_some_and(|on| ids.contains(&on));
            assert!(
                hangs && row.by.is_some_and(|by| ids.contains(&by)),
                "{}",
                row.name
            );
            assert!(
                row.kind.is_none_or(|kind| ids.contains(&kind)),
                "{}",
                row.name
            );
        }
    }
}
