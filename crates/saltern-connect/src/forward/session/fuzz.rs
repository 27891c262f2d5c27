//! A broker above that says anything, and letters on disk that hold anything.

use saltern_fuzz::withstands;

use super::*;
use crate::mqtt::packet::Version;
use crate::stage::{Stage, alone, live, monologue, said, slots};

const CONNECTIONS: &str = "id,protocol,endpoint\nabove,forward,mqtt://127.0.0.1/up/lake\n";
const TAGS: &str = "id,asset,unit,source\nx,a,t,manual\n湖.y,a,g/L,manual\n";

/// A plan whose store lies in a folder.
fn plan(folder: &std::path::Path, live: &Tags) -> Plan {
    let ids = live.tags.iter().map(|tag| tag.who.id.clone()).collect();
    let store = Store::open(&folder.join("outbox.sqlite"), 1 << 20, ids).expect("a store");
    Plan::new(&live.connections[0], live, Arc::new(store)).expect("a plan")
}

fn wish(version: Version) -> Vec<u8> {
    let rebirth = Metric {
        name: Some("Node Control/Rebirth".into()),
        datatype: Some(datatype::BOOLEAN),
        value: Some(Content::Boolean(true)),
        ..Metric::default()
    };
    let message = Publish {
        topic: "spBv1.0/up/NCMD/lake".into(),
        payload: body(7, None, vec![number("bdSeq", 1), rebirth]),
        qos: 1,
        id: 7,
        ..Publish::default()
    };
    let packets = [
        Packet::SubAck {
            id: 1,
            codes: vec![1],
        },
        Packet::PubAck { id: 2, code: 0 },
        Packet::Publish(message),
        Packet::PingResp,
        Packet::Disconnect { code: 0x8B },
    ];
    said(&packets, version)
}

#[test]
fn brokers_above_say_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = live(CONNECTIONS, TAGS);
    let plan = plan(folder.path(), &base);
    let (slots, runtime) = (slots(&base), alone());
    let hear = |version: Version, words: &[u8]| {
        let stage = Stage::of(&slots);
        let mut session = Session {
            plan: &plan,
            wire: Wire::new("above".into(), version, Box::new(monologue(words))),
            line: stage.line,
            bd_seq: 0,
            seq: 0,
            rebirth: false,
            ping: Instant::now(),
        };
        runtime.block_on(async {
            while let Ok(packet) = session.wire.receive().await {
                if session.hear(packet).await.is_err() {
                    break;
                }
            }
        });
        session.rebirth
    };
    let versions = [Version::V3, Version::V5];
    let examples = versions.map(wish);
    for (version, example) in versions.into_iter().zip(&examples) {
        assert!(hear(version, example), "the example is sound");
    }
    withstands(
        "brokers_above",
        2_000,
        &examples,
        &[b"Node Control/Rebirth"],
        |which, words| {
            hear(versions[which], words);
        },
    );
}

#[test]
fn letters_hold_anything() {
    let sample = Sample::good(1_795_262_399_000_000, 4.5);
    let gap = Sample::gap(1_795_262_400_000_000, Quality::COMM_FAILURE);
    let examples = [
        letter::write([("x", sample), ("湖.y", gap), ("x", gap)]),
        letter::write([("", sample)]),
    ];
    assert_eq!(letter::read(&examples[0]).len(), 3, "the example is sound");
    withstands("letters", 2_000, &examples, &[], |_, bytes| {
        let read = letter::read(bytes);
        let metrics = read
            .iter()
            .map(|(id, sample)| metric(id.len(), *sample, true));
        let _ = body(0, Some(0), metrics.collect());
    });
}
