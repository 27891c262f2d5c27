//! Modbus TCP against pymodbus.

use std::collections::HashMap;

use saltern_connect::Phase;
use saltern_samples::{Quality, Reading, TagId};

use crate::peer::{BACK, Peer, Plant, free_port, listening, live, plant, restarts};

const TAGS: usize = 1000;

fn device(port: u16, registers: usize) -> Peer {
    Peer::script(
        "modbus_server.py",
        &[port.to_string(), registers.to_string()],
    )
}

fn base(port: u16, rows: &str) -> Plant {
    let connections =
        format!("id,protocol,endpoint,timeout [s],silence [s]\nplc,modbus,127.0.0.1:{port},1,3\n");
    let tags = format!("id,asset,unit,source,period [s],writable,write_min,write_max\n{rows}");
    plant(&live(&connections, &tags))
}

#[tokio::test(flavor = "multi_thread")]
async fn registers_are_read_and_written() {
    let port = free_port();
    let _device = device(port, 100);
    listening(port).await;
    let mut plant = base(
        port,
        "float,a,1,modbus:1/input/0:f32*2,0.2,,,\n\
         bit,a,1,modbus:1/discrete/2,0.2,,,\n\
         word,a,1,modbus:1/holding/95,0.2,yes,0,100\n\
         pair,a,1,modbus:1/holding/96:i32*0.1,0.2,yes,-100,100\n\
         coil,a,1,modbus:1/coil/7,0.2,yes,0,1\n\
         nowhere,a,1,modbus:1/holding/101,0.2,yes,0,1\n",
    );
    let mut seen: HashMap<u32, (f64, Quality)> = HashMap::new();
    let mut keep = |Reading { tag, sample }: Reading| {
        seen.insert(tag.0, (sample.value, sample.quality));
        seen.len() == 6
    };
    plant.until("all tags", &mut keep).await;
    assert_eq!(seen[&0], (7.0, Quality::GOOD));
    assert_eq!(seen[&1], (1.0, Quality::GOOD));
    assert_eq!(seen[&2], (0.0, Quality::GOOD));
    // The one beside it is read all the same.
    assert_eq!(seen[&5].1, Quality::CONFIGURATION_ERROR);

    for (tag, value) in [(2, 42.0), (3, -7.3), (4, 1.0)] {
        let done = plant.connections.write(TagId(tag), value).await;
        assert_eq!(done, Ok(()), "{tag}");
        let read = |r: Reading| r.tag.0 == tag && (r.sample.value - value).abs() < 1e-9;
        plant.until("what was written", read).await;
    }
    let refused = plant.connections.write(TagId(5), 1.0).await;
    assert_eq!(refused.map_err(|e| e.code()), Err("connect.write_refused"));
    let refused = plant.connections.write(TagId(0), 1.0).await;
    assert_eq!(refused.map_err(|e| e.code()), Err("connect.write_refused"));
    let health = plant.connections.health();
    assert_eq!(health[0].1.phase, Phase::Live);
    assert!(health[0].1.refused >= 1);
    plant.connections.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_killed_is_found_again() {
    let port = free_port();
    let mut peer = device(port, TAGS + 10);
    listening(port).await;
    let rows: String = (0..TAGS)
        .map(|i| format!("t{i},a,1,modbus:1/holding/{i},0.5,,,\n"))
        .collect();
    let mut plant = base(port, &rows);
    let mut all = Live::default();
    plant.until("all live", |r| all.counts(r)).await;
    let mut worst = std::time::Duration::ZERO;
    for cycle in 0..restarts() {
        peer.kill();
        let mut gone = Live::default();
        plant.until("all gaps", |r| gone.gaps(r)).await;
        // It stays away for longer than the longest wait now and then.
        tokio::time::sleep(std::time::Duration::from_millis(700 * (cycle as u64 % 7))).await;
        peer = device(port, TAGS + 10);
        listening(port).await;
        let mut back = Live::default();
        let mut lives = |r: Reading| {
            assert!(r.sample.quality == Quality::GOOD, "one gap in an outage");
            back.counts(r)
        };
        worst = worst.max(plant.within(BACK, "all live again", &mut lives).await);
    }
    println!(
        "{} restarts of a Modbus device, {TAGS} tags: live again within {worst:?}",
        restarts()
    );
    let health = &plant.connections.health()[0].1;
    assert_eq!(
        (health.gaps, health.reconnects),
        (restarts() as u64, restarts() as u64)
    );
}

#[derive(Default)]
struct Live(std::collections::HashSet<u32>);

impl Live {
    fn counts(&mut self, reading: Reading) -> bool {
        if reading.sample.quality == Quality::GOOD {
            self.0.insert(reading.tag.0);
        }
        self.0.len() == TAGS
    }

    fn gaps(&mut self, reading: Reading) -> bool {
        if reading.sample.quality == Quality::COMM_FAILURE {
            assert!(self.0.insert(reading.tag.0), "one gap in an outage");
        }
        self.0.len() == TAGS
    }
}
