//! Brokers that say anything: packets, plain values and lives of edge nodes, damaged.

use saltern_fuzz::withstands;

use super::super::packet::Version;
use super::*;
use crate::sparkplug::payload::{Property, PropertyContent, PropertySet, QUALITY};
use crate::stage::{Stage, alone, live, monologue, said, slots};

const TAGS: &str = "id,asset,unit,source,period [s]\n\
    up,a,1,mqtt:spBv1.0/g/NDATA/n#up,0.2\n\
    m,a,1,mqtt:spBv1.0/g/DDATA/n/d#m3,0.2\n\
    number,a,1,mqtt:plain/number,0.2\n\
    field,a,1,mqtt:plain/json#data.0.v,0.2\n";

fn metric(name: &str, alias: u64, value: Content) -> Metric {
    Metric {
        name: Some(name.into()).filter(|name: &String| !name.is_empty()),
        alias: Some(alias),
        timestamp: Some(1_795_262_399_000),
        datatype: Some(datatype::DOUBLE),
        properties: Some(PropertySet {
            keys: vec![QUALITY.into()],
            values: vec![Property {
                datatype: Some(datatype::INT32),
                value: Some(PropertyContent::Int(192)),
            }],
        }),
        value: Some(value),
        ..Metric::default()
    }
}

fn payload(seq: u64, metrics: Vec<Metric>) -> Vec<u8> {
    let payload = Payload {
        timestamp: Some(1_795_262_399_000),
        metrics,
        seq: Some(seq),
    };
    payload.encode_to_vec()
}

/// What a broker says in a session: that it heard us, and messages on all topics that we asked for.
fn words(version: Version) -> Vec<u8> {
    let publish = |topic: &str, payload: Vec<u8>, qos: u8| {
        Packet::Publish(Publish {
            topic: topic.into(),
            payload,
            qos,
            id: u16::from(qos) * 7,
            ..Publish::default()
        })
    };
    let bd_seq = metric("bdSeq", 9, Content::Long(3));
    let birth = vec![bd_seq.clone(), metric("up", 1, Content::Double(1.5))];
    let birth_of_device = vec![metric("m3", 2, Content::Int(7))];
    let data = vec![metric("", 1, Content::Float(2.5))];
    let data_of_device = vec![metric("", 2, Content::Text("8".into()))];
    let packets = [
        Packet::SubAck {
            id: 1,
            codes: vec![0x80, 1, 1, 1],
        },
        publish("spBv1.0/g/NBIRTH/n", payload(0, birth), 0),
        publish("spBv1.0/g/DBIRTH/n/d", payload(1, birth_of_device), 0),
        publish("spBv1.0/g/NDATA/n", payload(2, data), 1),
        publish("spBv1.0/g/DDATA/n/d", payload(3, data_of_device), 1),
        publish("spBv1.0/g/DDEATH/n/d", payload(4, Vec::new()), 0),
        publish("spBv1.0/g/NDEATH/n", payload(5, vec![bd_seq]), 0),
        publish("plain/number", b"4.5".to_vec(), 1),
        publish("plain/json", br#"{"data":[{"v":1e3}]}"#.to_vec(), 0),
        publish(
            "spBv1.0/STATE/broker",
            br#"{"online":false,"timestamp":1}"#.to_vec(),
            1,
        ),
        Packet::PingResp,
        Packet::Disconnect { code: 0 },
    ];
    said(&packets, version)
}

#[test]
fn brokers_say_anything() {
    let base = live("id,protocol,endpoint\nbroker,mqtt,mqtt://127.0.0.1\n", TAGS);
    let slots = slots(&base);
    let plan = Plan::new(&base.connections[0], &slots).expect("a plan");
    let runtime = alone();
    let hear = |version: Version, words: &[u8]| {
        let mut stage = Stage::of(&slots);
        let mut session = Session {
            plan: &plan,
            wire: Wire::new("there".into(), version, Box::new(monologue(words))),
            host: Host::new(plan.metrics.iter().cloned()),
            line: stage.line,
            asked: HashMap::new(),
            to_ask: HashSet::new(),
            state: "spBv1.0/STATE/broker".into(),
            since_ms: 0,
        };
        runtime
            .block_on(async {
                session.subscribe().await?;
                session.listen().await
            })
            .expect_err("it falls silent");
        std::iter::from_fn(|| stage.outlet.try_recv().ok())
            .map(|batch| batch.readings.len())
            .sum::<usize>()
    };
    let versions = [Version::V3, Version::V5];
    let examples = versions.map(words);
    for (version, example) in versions.into_iter().zip(&examples) {
        // A gap for the topic that is not to be heard, a value of every tag twice or once, and the ends of both series.
        assert_eq!(hear(version, example), 9, "the example is sound");
    }
    withstands(
        "brokers",
        2_000,
        &examples,
        &[b"spBv1.0/g/NBIRTH/n", b"data"],
        |which, words| {
            hear(versions[which], words);
        },
    );
}
