//! Lives of edge nodes, message by message.

use proptest::prelude::*;

use super::super::payload::{Content, datatype};
use super::*;

fn who(device: Option<&str>) -> Who {
    Who {
        group: "g".into(),
        node: "n".into(),
        device: device.map(String::from),
    }
}

/// A host with the node's `a` in slot 0 and the device's `b` in slot 1.
fn host() -> Host {
    Host::new([(0, who(None), "a".into()), (1, who(Some("d")), "b".into())])
}

fn metric(name: Option<&str>, alias: u64, value: f64) -> Metric {
    Metric {
        name: name.map(String::from),
        alias: Some(alias),
        datatype: name.map(|_| datatype::DOUBLE),
        value: Some(Content::Double(value)),
        ..Metric::default()
    }
}

fn bd(number: u64) -> Metric {
    Metric {
        name: Some("bdSeq".into()),
        value: Some(Content::Long(number)),
        ..Metric::default()
    }
}

fn payload(seq: Option<u64>, metrics: &[Metric]) -> Vec<u8> {
    let payload = Payload {
        timestamp: Some(1_000),
        metrics: metrics.to_vec(),
        seq,
    };
    payload.encode_to_vec()
}

type Said = Vec<(usize, Option<f64>, Quality)>;

fn hear(host: &mut Host, topic: &str, bytes: &[u8]) -> (Upshot, Said) {
    let mut said = Vec::new();
    let upshot = host.hear(topic, bytes, &mut |told| {
        let value = match told.arrival.value {
            Value::Number(value) => Some(value),
            _ => None,
        };
        said.push((told.slot, value, told.arrival.quality));
    });
    (upshot, said)
}

const GOOD: Quality = Quality::GOOD;
const GONE: Quality = Quality::COMM_FAILURE;
const NBIRTH: &str = "spBv1.0/g/NBIRTH/n";
const NDATA: &str = "spBv1.0/g/NDATA/n";
const NDEATH: &str = "spBv1.0/g/NDEATH/n";
const DBIRTH: &str = "spBv1.0/g/DBIRTH/n/d";
const DDATA: &str = "spBv1.0/g/DDATA/n/d";
const DDEATH: &str = "spBv1.0/g/DDEATH/n/d";

/// A host whose node and device are born.
fn born() -> Host {
    let mut host = host();
    let birth = payload(Some(0), &[bd(3), metric(Some("a"), 1, 1.0)]);
    assert_eq!(
        hear(&mut host, NBIRTH, &birth),
        (Upshot::Fine, vec![(0, Some(1.0), GOOD)])
    );
    let birth = payload(Some(1), &[metric(Some("b"), 2, 2.0)]);
    assert_eq!(
        hear(&mut host, DBIRTH, &birth),
        (Upshot::Fine, vec![(1, Some(2.0), GOOD)])
    );
    host
}

/// The field holds any number of 64 bits, and the one after the greatest does not fit into them: the session panicked.
#[test]
fn a_birth_may_have_any_number() {
    let mut host = host();
    let birth = payload(Some(u64::MAX), &[bd(3), metric(Some("a"), 1, 1.0)]);
    assert_eq!(hear(&mut host, NBIRTH, &birth).0, Upshot::Fine);
    let data = payload(Some(0), &[metric(None, 1, 5.0)]);
    let heard = hear(&mut host, NDATA, &data);
    assert_eq!(heard, (Upshot::Fine, vec![(0, Some(5.0), GOOD)]));
}

#[test]
fn a_life_from_birth_to_death() {
    let mut host = born();
    let data = payload(Some(2), &[metric(None, 1, 5.0)]);
    assert_eq!(
        hear(&mut host, NDATA, &data),
        (Upshot::Fine, vec![(0, Some(5.0), GOOD)])
    );
    let data = payload(Some(3), &[metric(None, 2, 6.0)]);
    assert_eq!(
        hear(&mut host, DDATA, &data),
        (Upshot::Fine, vec![(1, Some(6.0), GOOD)])
    );
    let death = payload(Some(4), &[]);
    assert_eq!(
        hear(&mut host, DDEATH, &death),
        (Upshot::Fine, vec![(1, None, GONE)])
    );
    // The will of an earlier session says nothing of this one.
    assert_eq!(
        hear(&mut host, NDEATH, &payload(None, &[bd(2)])),
        (Upshot::Fine, vec![])
    );
    let (_, said) = hear(&mut host, NDEATH, &payload(None, &[bd(3)]));
    assert_eq!(said, [(0, None, GONE), (1, None, GONE)]);
    // Nobody dies twice, and the dead don't speak.
    assert_eq!(hear(&mut host, NDEATH, &payload(None, &[bd(3)])).1, []);
    assert_eq!(
        hear(&mut host, NDATA, &payload(Some(5), &[metric(None, 1, 1.0)])).0,
        Upshot::AskBirth
    );
}

#[test]
fn what_was_missed_is_asked_for() {
    // Data before birth: the name is enough for the value, yet the birth is wanted.
    let named = payload(Some(7), &[metric(Some("a"), 1, 4.0)]);
    assert_eq!(
        hear(&mut host(), NDATA, &named),
        (Upshot::AskBirth, vec![(0, Some(4.0), GOOD)])
    );
    // A gap in the numbers; the value counts.
    let data = payload(Some(4), &[metric(None, 1, 5.0)]);
    assert_eq!(
        hear(&mut born(), NDATA, &data),
        (Upshot::AskBirth, vec![(0, Some(5.0), GOOD)])
    );
    // An alias that nobody gave, or gave to another device.
    for alias in [9, 2] {
        let data = payload(Some(2), &[metric(None, alias, 5.0)]);
        assert_eq!(hear(&mut born(), NDATA, &data), (Upshot::AskBirth, vec![]));
    }
    // After 255 comes 0.
    let mut host = born();
    for seq in 2..600u64 {
        let data = payload(Some(seq % 256), &[]);
        assert_eq!(hear(&mut host, NDATA, &data).0, Upshot::Fine);
    }
}

/// A host that joined late passed on values by their names while it waited for the birth that it had asked for. The node died
/// before it was born, and its death was taken for another's: its last values stood as if they were live.
#[test]
fn who_dies_before_its_birth_was_heard_is_gone_all_the_same() {
    let mut host = host();
    let named = payload(Some(7), &[metric(Some("a"), 1, 3.0)]);
    let (upshot, said) = hear(&mut host, NDATA, &named);
    assert!(matches!(upshot, Upshot::AskBirth));
    assert_eq!(said, [(0, Some(3.0), GOOD)]);
    let (_, said) = hear(&mut host, NDEATH, &payload(None, &[bd(4)]));
    assert_eq!(said, [(0, None, GONE), (1, None, GONE)]);
}

#[test]
fn a_second_birth_replaces_the_first() {
    let mut host = born();
    let birth = payload(Some(0), &[bd(3), metric(Some("a"), 7, 8.0)]);
    assert_eq!(
        hear(&mut host, NBIRTH, &birth),
        (Upshot::Fine, vec![(0, Some(8.0), GOOD)])
    );
    // The old alias is void, and the device must be born again.
    assert_eq!(
        hear(&mut host, NDATA, &payload(Some(1), &[metric(None, 1, 1.0)])).0,
        Upshot::AskBirth
    );
    assert_eq!(
        hear(
            &mut host,
            DDATA,
            &payload(Some(2), &[metric(Some("b"), 2, 1.0)])
        )
        .0,
        Upshot::AskBirth
    );
}

#[test]
fn null_and_quality_are_kept() {
    let mut host = born();
    let null = Metric {
        is_null: Some(true),
        ..metric(None, 1, 0.0)
    };
    let (_, said) = hear(&mut host, NDATA, &payload(Some(2), &[null]));
    assert_eq!(said, [(0, None, Quality::BAD)]);
    assert_eq!(hear(&mut host, NDATA, b"\xFF").0, Upshot::Refused);
    assert_eq!(
        hear(&mut host, "spBv1.0/g/NDATA/other", b"\xFF").0,
        Upshot::Fine
    );
    assert_eq!(hear(&mut host, "spBv1.0/STATE/h", b"{}").0, Upshot::Fine);
}

proptest! {
    /// Whatever comes in whatever order, nothing breaks, and nobody is told of who is not asked for.
    #[test]
    fn any_messages_are_survived(messages in prop::collection::vec(
        (0usize..6, prop::option::of(0u64..300), prop::collection::vec((prop::option::of("[ab]"), 0u64..4), 0..4),
         prop::option::of(prop::collection::vec(any::<u8>(), 0..40))), 0..40)) {
        let mut host = host();
        for (topic, seq, metrics, noise) in messages {
            let topic = [NBIRTH, NDATA, NDEATH, DBIRTH, DDATA, DDEATH][topic];
            let metrics: Vec<Metric> = metrics.iter()
                .map(|(name, alias)| metric(name.as_deref(), *alias, 1.0)).collect();
            let bytes = noise.unwrap_or_else(|| payload(seq, &metrics));
            let (_, said) = hear(&mut host, topic, &bytes);
            prop_assert!(said.iter().all(|(slot, ..)| *slot < 2));
        }
    }

    /// So are messages of a life, each of them damaged.
    #[test]
    fn damaged_messages_are_survived(edits in prop::collection::vec(prop::option::of(crate::damage::edits()), 8)) {
        let mut host = host();
        let quality = super::super::payload::PropertySet {
            keys: vec!["Quality".into()],
            values: vec![super::super::payload::Property {
                datatype: Some(3),
                value: Some(super::super::payload::PropertyContent::Int(500)),
            }],
        };
        let told = Metric { properties: Some(quality), is_historical: Some(true), ..metric(None, 2, 3.0) };
        let life = [
            (NBIRTH, payload(Some(0), &[bd(3), metric(Some("a"), 1, 1.0)])),
            (DBIRTH, payload(Some(1), &[metric(Some("b"), 2, 2.0)])),
            (NDATA, payload(Some(2), &[metric(None, 1, 5.0)])),
            (DDATA, payload(Some(3), &[told])),
            (DDEATH, payload(Some(4), &[])),
            (DBIRTH, payload(Some(5), &[metric(Some("b"), 2, 2.0)])),
            (NDEATH, payload(None, &[bd(3)])),
            (NBIRTH, payload(Some(0), &[bd(4), metric(Some("a"), 1, 1.0)])),
        ];
        for ((topic, bytes), edits) in life.iter().zip(edits) {
            let bytes = edits.map_or(bytes.clone(), |edits| crate::damage::damaged(bytes, &edits));
            hear(&mut host, topic, &bytes);
        }
    }
}
