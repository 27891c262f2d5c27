//! Guests that say anything.

use saltern_fuzz::withstands;

use super::super::packet::Version;
use super::*;
use crate::stage::{alone, monologue, said};

/// A visit from the first word to the last: everything that a guest may ask for.
fn words(version: Version) -> Vec<u8> {
    let message = |topic: &str, qos: u8, retain: bool| Publish {
        topic: topic.into(),
        payload: b"4.5".to_vec(),
        qos,
        retain,
        id: u16::from(qos) * 7,
        ..Publish::default()
    };
    let filters = [("sport/+/a", 1), ("#", 0), ("$SYS/#", 1)];
    let filters = filters.map(|(filter, qos)| (String::from(filter), qos));
    let packets = [
        Packet::Connect(Connect {
            version,
            client: "guest".into(),
            clean: true,
            keep_alive_s: 60,
            user: Some("ann".into()),
            password: Some(b"right".to_vec()),
            will: Some(message("sport/b/a", 0, true)),
        }),
        Packet::Publish(message("sport/c/a", 1, true)),
        Packet::Subscribe {
            id: 1,
            filters: filters.to_vec(),
        },
        Packet::Publish(message("sport/c/a", 0, false)),
        Packet::Unsubscribe {
            id: 2,
            filters: vec!["#".into()],
        },
        Packet::PingReq,
        Packet::PubAck { id: 1, code: 0 },
    ];
    said(&packets, version)
}

#[test]
fn guests_say_anything() {
    let runtime = alone();
    let hear = |words: &[u8]| {
        let shared = Shared::default();
        let stream = Box::new(monologue(words));
        runtime.block_on(visit(shared.clone(), stream, "there".into()));
        let house = house(&shared);
        assert!(house.guests.is_empty(), "who is gone is forgotten");
        house.retained.len()
    };
    let examples = [words(Version::V3), words(Version::V5)];
    for example in &examples {
        // What was told to be kept, and the will of one who left without a word.
        assert_eq!(hear(example), 2, "the example is sound");
    }
    withstands(
        "guests",
        2_000,
        &examples,
        &[b"+", b"#", b"MQTT"],
        |_, words| {
            hear(words);
        },
    );
}
