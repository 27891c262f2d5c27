//! A store against a map from instants to samples, under everything that can happen to it.

use std::collections::BTreeMap;

use proptest::prelude::*;
use saltern_history::{History, Rule};
use saltern_samples::{Bucket, Quality, Sample, TagId};

use crate::room::{DAY_US, MARCH_US, Room, SECOND_US, reading};

const NAMES: [&str; 3] = ["b/level", "a/flow", "盐湖/密度"];

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Samples of a tag: (seconds before the clock, value in hundredths or a gap).
    Append(usize, Vec<(i64, Option<i32>)>),
    /// Time passes, seconds.
    Pass(i64),
    Tend,
    Reopen,
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let seconds = prop_oneof![0i64..50, 0i64..400_000];
    let value = prop_oneof![9 => (-500i32..500).prop_map(Some), 1 => Just(None)];
    let step = prop_oneof![
        6 => (0usize..3, prop::collection::vec((seconds, value), 1..12))
            .prop_map(|(tag, samples)| Step::Append(tag, samples)),
        3 => (1i64..100_000).prop_map(Step::Pass),
        3 => Just(Step::Tend),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..60)
}

type Model = BTreeMap<i64, Sample>;

fn check(store: &History, tag: TagId, model: &Model, from_us: i64, to_us: i64) {
    let read = store.series(tag, from_us, to_us).expect("read");
    let expected: Vec<&Sample> = model.range(from_us..to_us).map(|(_, s)| s).collect();
    assert_eq!(read.len(), expected.len());
    assert!(read.iter().zip(&expected).all(|(a, b)| a.is_same(b)));
    for most in [7, 300] {
        let buckets = store.buckets(tag, from_us, to_us, most).expect("read");
        assert!(buckets.len() <= most);
        let width = buckets
            .get(1)
            .map_or(to_us - from_us, |b| b.start_us - buckets[0].start_us);
        for bucket in &buckets {
            let mut expected = Bucket::empty(bucket.start_us);
            for sample in model
                .range(bucket.start_us..bucket.start_us + width)
                .map(|(_, s)| s)
            {
                expected.add(sample);
            }
            let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
            assert!(
                same(bucket.min, expected.min)
                    && same(bucket.max, expected.max)
                    && same(bucket.first, expected.first)
                    && same(bucket.last, expected.last)
                    && (bucket.sum - expected.sum).abs() <= 1e-9 * (1.0 + expected.sum.abs())
                    && (bucket.count, bucket.bad) == (expected.count, expected.bad),
                "{bucket:?} {expected:?}"
            );
        }
    }
}

/// Late, doubled and corrected samples, gaps, days that close and open again, restarts: one series as if written in order.
pub(crate) fn is_a_map(open: &dyn Fn() -> History, room: &Room, prefix: &str, steps: Vec<Step>) {
    let names: Vec<String> = NAMES.iter().map(|name| format!("{prefix}{name}")).collect();
    let rules: Vec<(&str, Rule)> = names.iter().map(|n| (n.as_str(), Rule::KEEP_ALL)).collect();
    let mut store = open();
    let ids = store.register(&rules).expect("registered");
    let mut models = vec![Model::new(); NAMES.len()];
    let mut now = MARCH_US;
    room.set_clock(now);
    for step in steps {
        match step {
            Step::Append(tag, samples) => {
                let sample = |(ago, value): &(i64, Option<i32>)| {
                    let time = now - ago * SECOND_US;
                    value.map_or(Sample::gap(time, Quality::COMM_FAILURE), |value| {
                        Sample::good(time, f64::from(value) / 100.0)
                    })
                };
                let samples: Vec<Sample> = samples.iter().map(sample).collect();
                models[tag].extend(samples.iter().map(|s| (s.time_us, *s)));
                let readings = samples.into_iter().map(|s| reading(ids[tag], s)).collect();
                let accepted = store.append(readings).expect("stored");
                assert!(accepted.refused.is_empty());
            }
            Step::Pass(seconds) => {
                now += seconds * SECOND_US;
                room.set_clock(now);
            }
            Step::Tend => store.tend().expect("tended"),
            Step::Reopen => {
                drop(store);
                store = open();
                assert_eq!(store.register(&rules).expect("registered"), ids);
            }
        }
    }
    for (tag, model) in ids.iter().zip(&models) {
        check(&store, *tag, model, MARCH_US - 6 * DAY_US, now + 1);
        check(&store, *tag, model, MARCH_US - DAY_US / 3, now - DAY_US / 5);
        let last = model.values().next_back();
        if let (Some(last), Some(latest)) = (last, store.latest(*tag).expect("known")) {
            assert!(latest.is_same(last) || latest.time_us <= last.time_us);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48 * ProptestConfig::default().cases / 256, ..ProptestConfig::default() })]

    #[test]
    fn a_folder_is_a_map(steps in steps()) {
        let room = Room::in_memory();
        is_a_map(&|| History::Embedded(room.open()), &room, "", steps);
    }
}

#[test]
fn refused_samples_are_counted_and_the_rest_goes_on() {
    use saltern_history::Refusal;
    let room = Room::new();
    let store = room.open();
    let rule = Rule {
        resolution: Some(0.01),
        keep_days: Some(30),
    };
    let tag = store.register(&[("a", rule)]).expect("registered")[0];
    let accepted = store
        .append(vec![
            reading(tag, Sample::good(MARCH_US, 1.234)),
            reading(tag, Sample::good(MARCH_US + DAY_US, 1.0)),
            reading(TagId(77), Sample::good(MARCH_US, 1.0)),
            reading(tag, Sample::good(MARCH_US - 31 * DAY_US, 1.0)),
            reading(tag, Sample::good(MARCH_US - 1, f64::NAN)),
            reading(tag, Sample::good(MARCH_US - 2, f64::NEG_INFINITY)),
            reading(tag, Sample::good(MARCH_US + 1, 5.678)),
        ])
        .expect("stored");
    assert_eq!(accepted.stored, 2);
    let why: Vec<(usize, Refusal)> = vec![
        (1, Refusal::Future),
        (2, Refusal::UnknownTag),
        (3, Refusal::TooOld),
        (4, Refusal::NotANumber),
        (5, Refusal::NotFinite),
    ];
    assert_eq!(accepted.refused, why);
    let read = store.series(tag, 0, i64::MAX).expect("read");
    assert_eq!(read.values, [1.23, 5.68]);
    let counts = store.counts();
    assert_eq!((counts.stored, counts.refused.len()), (2, 5));
    assert!(store.tag("b").is_err() && store.series(TagId(9), 0, 1).is_err());
    for name in ["", "a\tb", "a\n"] {
        assert!(
            store.register(&[(name, Rule::KEEP_ALL)]).is_err(),
            "{name:?}"
        );
    }
}

/// What is no longer kept goes, tag by tag; rollups of it stay.
#[test]
fn old_samples_go_when_their_time_is_over() {
    let room = Room::new();
    let store = room.open();
    let short = Rule {
        resolution: None,
        keep_days: Some(5),
    };
    let ids = store
        .register(&[("short", short), ("long", Rule::KEEP_ALL)])
        .expect("registered");
    for second in 0..600 {
        let samples = ids.iter().map(|tag| {
            reading(
                *tag,
                Sample::good(MARCH_US - second * SECOND_US, second as f64),
            )
        });
        store.append(samples.collect()).expect("stored");
    }
    room.set_clock(MARCH_US + 3 * DAY_US);
    store.tend().expect("tended");
    assert_eq!(store.series(ids[0], 0, i64::MAX).expect("read").len(), 600);
    room.set_clock(MARCH_US + 20 * DAY_US);
    store.tend().expect("tended");
    // The second tending finds a late sample of the same days and closes them again.
    let late = Sample::good(MARCH_US - 900 * SECOND_US, 7.0);
    store.append(vec![reading(ids[1], late)]).expect("stored");
    store.tend().expect("tended");
    assert_eq!(store.series(ids[0], 0, i64::MAX).expect("read").len(), 0);
    assert_eq!(store.series(ids[1], 0, i64::MAX).expect("read").len(), 601);
    let days = store
        .buckets(ids[0], MARCH_US - DAY_US, MARCH_US + DAY_US, 100)
        .expect("read");
    assert_eq!(days.iter().map(|b| b.count).sum::<u64>(), 600);
    assert_eq!(days.iter().map(|b| b.max).fold(0.0, f64::max), 599.0);
}
