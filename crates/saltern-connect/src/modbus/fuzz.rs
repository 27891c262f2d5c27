//! Devices that answer anything, and clients that ask anything.

use saltern_fuzz::withstands;

use super::*;
use crate::stage::{Stage, alone, live, monologue, slots};

const TAGS: &str = "id,asset,unit,source,period [s]\n\
    float,a,1,modbus:1/holding/0:f32*0.1,0.2\n\
    double,a,1,modbus:1/holding/4:f64,0.2\n\
    whole,a,1,modbus:1/holding/8:i64,0.2\n\
    bit,a,1,modbus:1/coil/3,0.2\n\
    last,a,1,modbus:1/coil/12,0.2\n";

/// The first answer with its head (Modbus Messaging on TCP/IP 1.0b, 3.1.3): transaction, protocol, length, unit.
fn answer(pdu: &[u8]) -> Vec<u8> {
    let head = [0, 0, 0, 0, 0, pdu.len() as u8 + 1, 1];
    [&head[..], pdu].concat()
}

#[test]
fn devices_answer_anything() {
    let base = live("id,protocol,endpoint\nplc,modbus,127.0.0.1\n", TAGS);
    let (slots, runtime) = (slots(&base), alone());
    let plan = Plan::new(&base.connections[0], &slots).expect("a plan");
    let [coils, registers] = &plan.blocks[..] else {
        panic!("{:?}", plan.blocks);
    };
    let hear = |block: &Block, words: &[u8]| {
        let mut line = Stage::of(&slots).line;
        let mut wire = Wire {
            plan: &plan,
            context: tcp::attach(monologue(words)),
        };
        if let Ok(answer) = runtime.block_on(wire.read(block)) {
            let mut poll = Poll {
                block: block.clone(),
                due: Instant::now(),
                failed: None,
            };
            tell(&plan, &mut poll, answer, &mut line);
        }
        line.pending()
    };
    let numbers: Vec<u8> = [3, 24].into_iter().chain(0..24).collect();
    let examples = [
        (coils, answer(&[1, 2, 0b1, 0b10])),
        (registers, answer(&numbers)),
        (coils, answer(&[0x81, 2])),
        (registers, answer(&[0x83, 4])),
    ];
    let heard = examples.each_ref().map(|(block, words)| hear(block, words));
    assert_eq!(heard, [2, 3, 2, 3], "the examples are sound");
    let (blocks, words): (Vec<&Block>, Vec<Vec<u8>>) = examples.into_iter().unzip();
    withstands("devices", 2_000, &words, &[], |which, words| {
        hear(blocks[which], words);
    });
}

#[test]
fn clients_ask_anything() {
    let points = [
        "1/holding/0:f64",
        "1/coil/3",
        "1/input/65535",
        "2/discrete/0",
    ];
    let points = points.map(|text| Register::read(text).expect("an address"));
    let runtime = alone();
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let server = ModbusServer::listen(
        address,
        points.map(|point| (point, 0.0)).to_vec(),
        WordOrder::UpperFirst,
    );
    let server = runtime.block_on(server).expect("a server");
    let request = |unit: u8, pdu: &[u8]| {
        let head = [0, 7, 0, 0, 0, pdu.len() as u8 + 1, unit];
        [&head[..], pdu].concat()
    };
    let examples = [
        request(1, &[3, 0, 0, 0, 4]),
        request(1, &[1, 0, 3, 0, 1]),
        request(1, &[4, 0xFF, 0xFF, 0, 1]),
        request(2, &[2, 0, 0, 0, 1]),
        request(1, &[6, 0, 0, 0, 1]),
        request(1, &[43, 14, 1, 0]),
        request(1, &[15, 0, 0, 0, 9, 2, 1, 1]),
        request(1, &[16, 0, 0, 0, 1, 2, 0, 5]),
        request(1, &[23, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 5]),
    ];
    let hear = |bytes: &[u8]| {
        // The session ends where the words do.
        let _ = runtime.block_on(session::serve(monologue(bytes), &server.face));
    };
    let refused = server.face.answer(1, &[16, 0, 0, 0xFF, 0xFF, 2, 0, 5]);
    assert_eq!(refused, [0x90, 1], "false counts are no more than refused");
    withstands("clients", 2_000, &examples, &[], |_, bytes| hear(bytes));
}
