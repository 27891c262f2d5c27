//! What waits for someone who cannot be reached.

use std::collections::VecDeque;

use proptest::prelude::*;
use saltern_history::Outbox;

use crate::room::Room;

/// Four days without upstream, a message of a thousand samples each minute: bounded on disk, the newest kept in order, what
/// was dropped counted, and all of that after a restart too.
#[test]
fn four_days_of_outage_stay_within_the_limit() {
    const LIMIT: u64 = 4 << 20;
    let room = Room::in_memory();
    let folder = room.path();
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("outbox.sqlite");
    let mut outbox = Outbox::open(&path, LIMIT).expect("an outbox");
    let minutes = 4 * 24 * 60;
    let body = |minute: u64| {
        let mut body = minute.to_le_bytes().to_vec();
        body.resize(3000 + (minute % 7) as usize * 500, minute as u8);
        body
    };
    let mut most_on_disk = 0;
    for hour in 0..minutes / 60 {
        let bodies: Vec<Vec<u8>> = (hour * 60..(hour + 1) * 60).map(body).collect();
        outbox.push(bodies.iter().map(Vec::as_slice)).expect("kept");
        let sizes = std::fs::read_dir(&folder).expect("files");
        let bytes: u64 = sizes
            .flatten()
            .filter_map(|f| f.metadata().ok())
            .map(|m| m.len())
            .sum();
        most_on_disk = most_on_disk.max(bytes);
    }
    assert!(most_on_disk < 3 * LIMIT, "{most_on_disk}");
    let waiting = outbox.waiting();
    assert_eq!(waiting.messages + waiting.dropped, minutes);
    assert!(waiting.bytes <= LIMIT && waiting.bytes > LIMIT * 9 / 10);
    drop(outbox);
    let mut outbox = Outbox::open(&path, LIMIT).expect("an outbox");
    assert_eq!(outbox.waiting(), waiting);
    let mut expected = waiting.dropped;
    loop {
        let messages = outbox.oldest(100_000).expect("read");
        let Some(last) = messages.last() else {
            break;
        };
        for message in &messages {
            assert_eq!(message.body, body(expected));
            expected += 1;
        }
        outbox.confirm(last.number).expect("confirmed");
    }
    assert_eq!(expected, minutes);
    assert_eq!(outbox.waiting().messages, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24 * ProptestConfig::default().cases / 256, ..ProptestConfig::default() })]

    #[test]
    fn an_outbox_is_a_bounded_queue(steps in prop::collection::vec(
        (prop::collection::vec(0usize..300, 0..6), 0usize..500, any::<bool>()), 1..40))
    {
        const LIMIT: u64 = 2000;
        let room = Room::in_memory();
        std::fs::create_dir_all(room.path()).expect("a folder");
        let path = room.path().join("outbox.sqlite");
        let mut outbox = Outbox::open(&path, LIMIT).expect("an outbox");
        let (mut model, mut dropped, mut next) = (VecDeque::new(), 0, 0u8);
        for (sizes, ask, reopen) in steps {
            let mut bodies: Vec<Vec<u8>> = Vec::new();
            for size in sizes {
                next = next.wrapping_add(1);
                bodies.push(vec![next; size]);
            }
            outbox.push(bodies.iter().map(Vec::as_slice)).expect("kept");
            model.extend(bodies);
            let size = |model: &VecDeque<Vec<u8>>| model.iter().map(|b| b.len() as u64 + 16).sum::<u64>();
            while size(&model) > LIMIT {
                model.pop_front();
                dropped += 1;
            }
            if reopen {
                drop(outbox);
                outbox = Outbox::open(&path, LIMIT).expect("an outbox");
            }
            let waiting = outbox.waiting();
            prop_assert_eq!((waiting.messages, waiting.dropped), (model.len() as u64, dropped));
            let messages = outbox.oldest(ask).expect("read");
            prop_assert_eq!(messages.is_empty(), model.is_empty());
            for message in &messages {
                prop_assert_eq!(Some(&message.body), model.front());
                model.pop_front();
            }
            if let Some(last) = messages.last() {
                outbox.confirm(last.number).expect("confirmed");
            }
        }
    }
}
