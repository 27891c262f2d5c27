//! Modbus TCP against pymodbus, and our two ends of it against each other.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use saltern_base::tags::WordOrder;
use saltern_base::tags::address::Register;
use saltern_connect::{ModbusServer, Phase};
use saltern_samples::{Quality, Reading, TagId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::peer::{BACK, Peer, Plant, free_port, listening, live, plant, restarts};

const TAGS: usize = 1000;

fn device(port: u16, registers: usize) -> Peer {
    Peer::script(
        "modbus_server.py",
        &[port.to_string(), registers.to_string()],
    )
}

fn base(port: u16, rows: &str) -> Plant {
    base_in(port, "upper_first", rows)
}

/// The same for a device with the registers of a number in an order.
fn base_in(port: u16, order: &str, rows: &str) -> Plant {
    let connections = format!(
        "id,protocol,endpoint,word_order,timeout [s],silence [s]\nplc,modbus,127.0.0.1:{port},{order},1,3\n"
    );
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

/// A register of every type and what is told in it; one has a factor, one stands at the end of its table.
const TOLD: [(&str, f64); 14] = [
    ("1/holding/0:u16", 65_535.0),
    ("1/holding/1:i16", -32_768.0),
    ("1/holding/2:u32", 4_294_967_295.0),
    ("1/holding/4:i32", -2_147_483_648.0),
    ("1/holding/6:u64", 9_007_199_254_740_991.0),
    ("1/holding/10:i64", -9_007_199_254_740_991.0),
    ("1/holding/14:f32", 0.5),
    ("1/holding/16:f64", -0.1),
    ("1/input/65532:f64", 1e300),
    ("2/input/0:i16*0.1", -7.3),
    ("1/coil/0", 1.0),
    ("1/coil/1", 0.0),
    ("1/discrete/7", 1.0),
    ("2/discrete/0", 0.0),
];

/// A server that holds all of it.
async fn face(port: u16, order: WordOrder) -> ModbusServer {
    // What it holds at first and what it is told later, in turn.
    let first = |at: usize, value: f64| if at.is_multiple_of(2) { value } else { 0.0 };
    let points = TOLD.iter().enumerate().map(|(at, (address, value))| {
        let register = Register::read(address).expect("an address");
        (register, first(at, *value))
    });
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = ModbusServer::listen(address, points.collect(), order).await;
    let server = server.expect("a server");
    let later = TOLD.iter().map(|(_, value)| *value).enumerate();
    let later: Vec<(usize, f64)> = later.filter(|(at, _)| at % 2 == 1).collect();
    server.publish(&later);
    server
}

/// What pymodbus's client is told, an answer an ask.
async fn asked(port: u16, order: &str, asks: &[&str]) -> Vec<String> {
    let mut arguments = vec![port.to_string(), order.into()];
    arguments.extend(asks.iter().map(ToString::to_string));
    let client = Peer::script("modbus_client.py", &arguments);
    let hear = move || {
        let word = || client.said.recv_timeout(Duration::from_secs(60)).ok();
        std::iter::from_fn(word).collect()
    };
    let said: Vec<String> = tokio::task::spawn_blocking(hear).await.expect("its words");
    assert_eq!(said.len(), asks.len(), "{said:?}");
    let words = said.iter().zip(asks);
    words
        .map(|(line, ask)| line[ask.len() + 1..].to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_register_is_shown_to_another_client() {
    for (order, theirs) in [
        (WordOrder::UpperFirst, "big"),
        (WordOrder::LowerFirst, "little"),
    ] {
        let server = face(0, order).await;
        let port = server.address().port();
        let asks = [
            ("1/holding/0:u16", "65535"),
            ("1/holding/1:i16", "-32768"),
            ("1/holding/2:u32", "4294967295"),
            ("1/holding/4:i32", "-2147483648"),
            ("1/holding/6:u64", "9007199254740991"),
            ("1/holding/10:i64", "-9007199254740991"),
            ("1/holding/14:f32", "0.5"),
            ("1/holding/16:f64", "-0.1"),
            ("1/input/65532:f64", "1e+300"),
            // Told as −7.3, of which the register holds tenths.
            ("2/input/0:i16", "-73"),
            ("1/coil/0#2", "1 0"),
            ("1/discrete/7#1", "1"),
            ("2/discrete/0#1", "0"),
            // A range with a hole, one that ends beyond what is there, a unit that is none.
            ("1/discrete/6#2", "refused 2"),
            ("1/holding/0#21", "refused 2"),
            ("3/holding/0#1", "refused 2"),
            ("1/holding/65535#2", "refused 2"),
            // More than an answer has room for (Application Protocol 1.1b3, 6.3).
            ("1/holding/0#126", "refused 3"),
            // Nothing is written to.
            ("1/holding/0=5", "refused 1"),
            ("1/coil/1=1", "refused 1"),
            // And the session goes on after all that.
            ("1/holding/0#2", "65535 32768"),
        ];
        let said = asked(port, theirs, &asks.map(|(ask, _)| ask)).await;
        for ((ask, expected), said) in asks.iter().zip(&said) {
            assert_eq!(said, expected, "{ask}, {theirs}");
        }
        // One that does not fit leaves its register as it was; the others are told.
        server.publish(&[(0, 65_536.0), (1, 4.0), (TOLD.len(), 1.0)]);
        let said = asked(port, theirs, &["1/holding/0:u16", "1/holding/1:i16"]).await;
        assert_eq!(said, ["65535", "4"]);
    }
}

/// Multiple writes whose counts are false: the server of the protocol crate panicked at them.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_with_false_counts_is_refused_and_the_session_goes_on() {
    let server = face(0, WordOrder::UpperFirst).await;
    let mut stream = TcpStream::connect(server.address()).await.expect("in");
    let mut ask = async |pdu: &[u8]| {
        let head = [0x12, 0x34, 0, 0, 0, pdu.len() as u8 + 1, 1];
        stream
            .write_all(&[&head[..], pdu].concat())
            .await
            .expect("asked");
        let mut head = [0; 7];
        stream.read_exact(&mut head).await.expect("an answer");
        assert_eq!(head[..5], [0x12, 0x34, 0, 0, 0]);
        let mut answer = vec![0; usize::from(head[5]) - 1];
        stream.read_exact(&mut answer).await.expect("an answer");
        answer
    };
    for pdu in [
        // 65535 coils in one byte; 32768 registers, whose bytes are none by 16 bits; a half of one; nothing but its function.
        &[0x0F, 0, 0, 0xFF, 0xFF, 1, 1][..],
        &[0x10, 0, 0, 0x80, 0, 0],
        &[0x10, 0, 0, 0, 1, 2, 5],
        &[0x17, 0, 0, 0, 1, 0, 0, 0x80, 0, 0],
        &[0x17],
    ] {
        assert_eq!(ask(pdu).await, [pdu[0] | 0x80, 1], "{pdu:?}");
    }
    // Reading with more or less than an address and a number.
    for pdu in [&[3][..], &[3, 0, 0, 0, 1, 0], &[1, 0, 0, 0]] {
        assert_eq!(ask(pdu).await, [pdu[0] | 0x80, 3], "{pdu:?}");
    }
    assert_eq!(ask(&[3, 0, 0, 0, 1]).await, [3, 2, 0xFF, 0xFF]);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_client_reads_our_server_and_finds_it_again() {
    for (order, named) in [
        (WordOrder::UpperFirst, "upper_first"),
        (WordOrder::LowerFirst, "lower_first"),
    ] {
        let mut server = face(0, order).await;
        let port = server.address().port();
        let mut rows: String = TOLD
            .iter()
            .enumerate()
            .map(|(i, (address, _))| format!("t{i},a,1,modbus:{address},0.2,,,\n"))
            .collect();
        rows.push_str("set,a,1,modbus:1/holding/0,0.2,yes,0,100\n");
        let mut plant = base_in(port, named, &rows);
        plant.until("every value", all_as_told()).await;
        let refused = plant.connections.write(TagId(TOLD.len() as u32), 5.0).await;
        assert_eq!(refused.map_err(|e| e.code()), Err("connect.write_refused"));

        for _ in 0..restarts() {
            server.stop().await;
            let mut gone = std::collections::HashSet::new();
            let gap = |r: Reading| {
                if r.sample.quality == Quality::COMM_FAILURE {
                    gone.insert(r.tag);
                }
                gone.len() > TOLD.len()
            };
            plant.until("all gaps", gap).await;
            // The port is free as soon as it is said to be.
            server = face(port, order).await;
            let mut all = all_as_told();
            plant.within(BACK, "every value again", &mut all).await;
        }
        plant.connections.stop().await;
    }
}

/// Whether every register was read with what it was told; until then it holds zero.
fn all_as_told() -> impl FnMut(Reading) -> bool {
    let mut seen = std::collections::HashSet::new();
    move |Reading { tag, sample }| {
        if let Some((address, told)) = TOLD.get(tag.0 as usize)
            && sample.quality == Quality::GOOD
        {
            let is_told = (sample.value - told).abs() < 1e-9;
            assert!(is_told || sample.value == 0.0, "{address}: {sample:?}");
            if is_told {
                seen.insert(tag);
            }
        }
        seen.len() == TOLD.len()
    }
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
