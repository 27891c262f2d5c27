//! Many days, many tags: sizes on disk and spikes kept.

use std::io::Write;

use saltern_history::Rule;
use saltern_samples::{Reading, Sample};

use crate::room::{DAY_US, MARCH_US, Room, SECOND_US};

/// Reproducible noise (SplitMix64).
fn noise(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A day of tags at a period; bytes a sample once it is closed.
fn bytes_a_sample(
    tags: usize,
    period_s: i64,
    jitter: bool,
    value: impl Fn(i64, u64) -> f64,
) -> f64 {
    let room = Room::new();
    let store = room.open();
    let names: Vec<String> = (0..tags).map(|i| format!("pond{i}/level")).collect();
    let named: Vec<(&str, Rule)> = names.iter().map(|n| (n.as_str(), Rule::KEEP_ALL)).collect();
    let ids = store.register(&named).expect("registered");
    room.set_clock(MARCH_US + DAY_US);
    let mut state = 7;
    for chunk in 0..24 {
        let mut readings = Vec::new();
        for second in (chunk * 3600..(chunk + 1) * 3600).step_by(period_s as usize) {
            for tag in &ids {
                // Milliseconds of delay, as devices have.
                let late = if jitter {
                    (noise(&mut state) % 50) as i64 * 1000
                } else {
                    0
                };
                let sample = Sample::good(
                    MARCH_US + second * SECOND_US + late,
                    value(second, noise(&mut state)),
                );
                readings.push(Reading { tag: *tag, sample });
            }
        }
        store.append(readings).expect("stored");
    }
    room.set_clock(MARCH_US + 3 * DAY_US);
    store.tend().expect("tended");
    let counts = store.counts();
    assert_eq!(counts.filed as i64, tags as i64 * 86_400 / period_s);
    counts.filed_bytes as f64 / counts.filed as f64
}

fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("said");
}

/// The bars of the platform: at most 4 bytes at a resolution with ten bits of noise, 8 with every bit of it.
#[test]
fn closed_days_are_small() {
    let stepped = |second: i64, noise: u64| {
        let level = 1500 + (second as f64 / 7000.0).sin() as i64 * 100;
        (level + (noise % 1024) as i64) as f64 / 1000.0
    };
    let full = |_: i64, noise: u64| 1.0 + (noise >> 12) as f64 / (1u64 << 52) as f64;
    for (tags, period, jitter) in [(3, 1, false), (3, 1, true), (200, 60, true)] {
        let at_resolution = bytes_a_sample(tags, period, jitter, stepped);
        say(&format!(
            "{tags} tags every {period} s, jitter {jitter}: {at_resolution:.2} B a sample"
        ));
        assert!(
            at_resolution <= 4.0,
            "{tags} tags at {period} s: {at_resolution} B"
        );
    }
    let every_bit = bytes_a_sample(3, 1, false, full);
    say(&format!("every bit noise: {every_bit:.2} B a sample"));
    assert!(every_bit <= 8.0, "{every_bit} B");
}

/// One wild second in a month is in the picture of it.
#[test]
fn a_spike_survives_a_month_in_few_buckets() {
    let room = Room::new();
    let store = room.open();
    let tag = store
        .register(&[("a", Rule::KEEP_ALL)])
        .expect("registered")[0];
    room.set_clock(MARCH_US + 31 * DAY_US);
    let spike_us = MARCH_US + 11 * DAY_US + 12_345 * SECOND_US;
    for day in 0..30 {
        let readings = (0..8640).map(|i| {
            let time_us = MARCH_US + day * DAY_US + i * 10 * SECOND_US;
            Reading {
                tag,
                sample: Sample::good(time_us, 1.0),
            }
        });
        store.append(readings.collect()).expect("stored");
    }
    store
        .append(vec![Reading {
            tag,
            sample: Sample::good(spike_us, 99.0),
        }])
        .expect("stored");
    store.tend().expect("tended");
    let month = store
        .buckets(tag, MARCH_US, MARCH_US + 30 * DAY_US, 1000)
        .expect("read");
    assert_eq!(month.iter().map(|b| b.count).sum::<u64>(), 30 * 8640 + 1);
    let spikes: Vec<_> = month.iter().filter(|b| b.max == 99.0).collect();
    assert_eq!(spikes.len(), 1);
    assert!(spikes[0].start_us <= spike_us && spike_us < spikes[0].start_us + 44 * 60 * SECOND_US);
}
