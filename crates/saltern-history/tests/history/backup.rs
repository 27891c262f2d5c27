//! A copy made while samples come in is a store with everything that was acknowledged before it began.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use saltern_history::Embedded;
use saltern_samples::Sample;

use crate::room::{DAY_US, MARCH_US, Room, SECOND_US, reading, tags};

#[test]
fn a_copy_made_at_work_opens_as_a_store() {
    let room = Room::new();
    let store = room.open();
    let tag = tags(&store, &["a"])[0];
    let append = |second: i64| {
        let samples = (0..20).map(|i| {
            let time = MARCH_US - DAY_US + (second * 20 + i) * SECOND_US;
            reading(tag, Sample::good(time, (second + i) as f64))
        });
        store.append(samples.collect()).expect("stored");
    };
    (0..50).for_each(append);
    room.set_clock(MARCH_US + DAY_US);
    store.tend().expect("tended");
    (50..100).for_each(append);
    let (stop, done) = (AtomicBool::new(false), AtomicI64::new(100));
    let copy = room.path().with_file_name("copy");
    let before = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                append(done.fetch_add(1, Ordering::Relaxed));
            }
        });
        while done.load(Ordering::Relaxed) < 110 {
            std::thread::yield_now();
        }
        let before = store.counts().stored;
        store.back_up(&copy).expect("copied");
        stop.store(true, Ordering::Relaxed);
        before
    });
    let copied = Embedded::open(&copy, room.options()).expect("a store");
    let of_copy = copied
        .series(copied.tag("a").expect("known"), 0, i64::MAX)
        .expect("read");
    let of_store = store.series(tag, 0, i64::MAX).expect("read");
    assert!(
        of_copy.len() as u64 >= before,
        "{} of {before}",
        of_copy.len()
    );
    assert!(
        of_copy
            .iter()
            .zip(of_store.iter())
            .all(|(a, b)| a.is_same(&b))
    );
    // The copy lives on its own.
    drop(store);
    copied.tend().expect("tended");
    assert_eq!(
        copied
            .series(copied.tag("a").expect("known"), 0, i64::MAX)
            .expect("read"),
        of_copy
    );
}
