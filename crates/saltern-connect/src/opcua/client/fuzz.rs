//! Servers that publish anything, and addresses that are anything.

use std::collections::HashMap;

use opcua_types::{
    BinaryDecodable, BinaryEncodable, ContextOwned, DataChangeNotification, DataValue, DateTime,
    ExtensionObject, MonitoredItemNotification, NamespaceMap, NodeId, NotificationMessage,
    PublishResponse, StatusChangeNotification, Variant,
};
use saltern_base::tags::address::{Register, Topic};
use saltern_base::tags::{Broker, host_and_port};
use saltern_fuzz::withstands;

use super::watch::{Node, Nodes, Told};
use super::*;
use crate::opcua::value;
use crate::stage::{Stage, live, slots};

const TAGS: &str = "id,asset,unit,source,period [s]\n\
    x,a,1,opcua:ns=2;s=x,0.2\n\
    y,a,1,opcua:ns=2;s=y,0.2\n\
    z,a,1,opcua:ns=2;s=z,0.2\n";

fn door(folder: &std::path::Path, connection: &Connection) -> Door {
    let application = Application {
        uri: "urn:saltern:test:fuzz".into(),
        name: "fuzz".into(),
        hosts: vec!["localhost".into()],
    };
    let certificates = Certificates::open(folder, &application).expect("certificates");
    Door::of(connection, &application, certificates, &|_| None).expect("a door")
}

/// A value of the node with a handle, told at noon of 2026-11-22.
fn change(client_handle: u32, value: impl Into<Variant>) -> MonitoredItemNotification {
    let noon = value::instant(1_795_262_400_000_000);
    MonitoredItemNotification {
        client_handle,
        value: DataValue {
            source_timestamp: Some(noon),
            server_timestamp: Some(DateTime::ymd(2026, 11, 21)),
            ..DataValue::value_only(value)
        },
    }
}

fn response(sequence_number: u32, data: Vec<ExtensionObject>) -> PublishResponse {
    PublishResponse {
        subscription_id: 7,
        notification_message: NotificationMessage {
            sequence_number,
            publish_time: DateTime::ymd(2026, 11, 22),
            notification_data: Some(data),
        },
        ..PublishResponse::default()
    }
}

#[test]
fn servers_publish_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = live(
        "id,protocol,endpoint\nplc,opcua,opc.tcp://127.0.0.1\n",
        TAGS,
    );
    let (door, slots) = (door(folder.path(), &base.connections[0]), slots(&base));
    let owned = ContextOwned::default();
    let context = owned.context();
    let numbers = [
        change(1, 4.5f64),
        change(2, 0.1f32),
        change(3, "7.5"),
        change(1, u64::MAX),
        change(2, true),
    ];
    let others = [
        change(3, Variant::Variant(Box::new(Variant::from(5i16)))),
        change(2, vec![1i32, 2]),
        change(1, Variant::Empty),
    ];
    let data = |changes: &[MonitoredItemNotification]| {
        ExtensionObject::from_message(DataChangeNotification {
            monitored_items: Some(changes.to_vec()),
            diagnostic_infos: None,
        })
    };
    let status = ExtensionObject::from_message(StatusChangeNotification {
        status: StatusCode::Good,
        ..StatusChangeNotification::default()
    });
    let examples = [
        response(1, vec![data(&numbers)]),
        response(2, vec![data(&others), status]),
    ];
    let examples = examples.map(|response| response.encode_to_vec(&context));
    let hear = |bytes: &[u8]| {
        let Ok(response) = PublishResponse::decode(&mut &bytes[..], &context) else {
            return 0;
        };
        let mut stage = Stage::of(&slots);
        let node = |slot| {
            (
                slot,
                Node {
                    id: NodeId::null(),
                    kind: None,
                },
            )
        };
        let mut nodes = Nodes {
            of: HashMap::from([0, 1, 2].map(node)),
        };
        let taken = Told::default().take(&door, &mut stage.line, &mut nodes, Ok(response));
        if let Err(error) = taken {
            let _ = error.to_string();
        }
        stage.line.pending()
    };
    assert_eq!(
        examples.each_ref().map(|e| hear(e)),
        [5, 3],
        "the examples are sound"
    );
    withstands("servers", 2_000, &examples, &[], |_, bytes| {
        hear(bytes);
    });
}

#[test]
fn addresses_are_anything() {
    let mut namespaces = NamespaceMap::new();
    namespaces.add_namespace("urn:plc");
    let examples = [
        "ns=2;s=n0.level",
        "nsu=urn:plc;i=7",
        "ns=1;g=72962b91-fa75-4ae6-8d28-b404dc7daf63",
        "ns=1;b=YWJj",
        "1/holding/100:f32*0.1",
        "spBv1.0/g/DDATA/n/d#Pumps/P1 on",
        "plant/a#data.0.value",
        "mqtts://broker.local:8883/up/lake",
        "opc.tcp://[::1]:4840/path",
    ];
    let examples = examples.map(|text| text.as_bytes().to_vec());
    withstands(
        "addresses",
        2_000,
        &examples,
        &[b";", b"65536", b"*-"],
        |_, bytes| {
            let text = String::from_utf8_lossy(bytes);
            let _ = items::node(&text, &namespaces);
            let _ = (Register::read(&text), Topic::read(&text));
            let _ = (Broker::read(&text), host_and_port(&text, 502));
        },
    );
}
