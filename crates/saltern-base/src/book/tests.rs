use super::*;
use crate::frame::Values;
use jiff::civil::date;
use proptest::prelude::*;
use saltern_units::Lang;

/// One pond between a source, a stockpile, sky, ground and a market, over 40 days from 20 January;
/// elements Na and H. Nodes: 0 source, 1 pond, 2 pile, 3 sky, 4 ground, 5 market.
fn book(
    postings: &[(StreamId, u32, [f64; 2])],
    opening: [f64; 2],
    closing: [f64; 2],
    pile: [f64; 2],
) -> Book {
    let node = |id: &str, kind| Node {
        id: id.into(),
        kind,
    };
    let stream = |id: &str, from, to, kind| Stream {
        id: id.into(),
        from,
        to,
        kind,
    };
    let stock = |node, elements: [f64; 2]| Stock {
        node,
        brine_elements_mol: elements.map(|n| 0.75 * n).to_vec(),
        solid_elements_mol: elements.map(|n| 0.25 * n).to_vec(),
        minerals_mol: vec![],
    };
    let posting = |&(stream, day, elements): &(StreamId, u32, [f64; 2])| Posting {
        stream,
        day,
        elements_mol: elements.to_vec(),
        minerals_mol: vec![],
        mass_kg: 0.023 * elements[0] + 0.001 * elements[1],
        volume_m3: 0.0,
        water_kg: f64::NAN,
        energy_j: 0.0,
    };
    Book {
        from: date(2025, 1, 20),
        days: 40,
        elements: vec!["Na".into(), "H".into()],
        element_kg_mol: vec![0.023, 0.001],
        minerals: vec![],
        mineral_kg_mol: vec![],
        nodes: vec![
            node("wells", NodeKind::Source),
            node("p1", NodeKind::Pond),
            node("pile", NodeKind::Stockpile),
            node("sky", NodeKind::Sky),
            node("ground", NodeKind::Ground),
            node("lake", NodeKind::Market),
        ],
        streams: vec![
            stream("feed", 0, 1, StreamKind::Feed),
            stream("out", 1, 5, StreamKind::Transfer),
            stream("leak", 1, 4, StreamKind::Leakage),
            stream("sky", 1, 3, StreamKind::Evaporation),
            stream("rain", 3, 1, StreamKind::Rain),
            stream("harvest", 1, 2, StreamKind::Harvest),
            stream("entrainment", 1, 2, StreamKind::Entrainment),
        ],
        postings: postings.iter().map(posting).collect(),
        opening: vec![stock(1, opening)],
        closing: vec![stock(1, closing), stock(2, pile)],
        monthly: vec![],
    }
}

/// Feed 100 Na and 1000 H; leak, evaporate (with a night of uptake), rain, harvest and entrain some.
fn small() -> Book {
    book(
        &[
            (0, 0, [100.0, 1000.0]),
            (2, 0, [1.0, 10.0]),
            (3, 1, [0.0, 300.0]),
            (3, 2, [0.0, -4.0]),
            (4, 2, [0.0, 50.0]),
            (5, 30, [40.0, 0.0]),
            (6, 30, [2.0, 20.0]),
            (1, 39, [5.0, 50.0]),
        ],
        [10.0, 100.0],
        [62.0, 774.0],
        [42.0, 20.0],
    )
}

#[test]
fn a_book_that_balances_closes() {
    let closure = small().close().expect("a book");
    assert_eq!(
        closure
            .elements
            .iter()
            .map(|e| e.closure)
            .collect::<Vec<_>>(),
        [0.0, 0.0]
    );
    assert_eq!(closure.require(0.0), Ok(()));
}

#[test]
fn what_is_missing_is_named_with_its_node_and_measured_by_throughput() {
    let mut book = small();
    book.closing[0].brine_elements_mol[1] -= 1.05;
    let closure = book.close().expect("a book");
    let worst = closure.worst().expect("an element");
    assert_eq!((worst.element.as_str(), worst.node.as_str()), ("H", "p1"));
    // 1.05 mol of max(opening 100, in 1050, out 384) mol.
    assert!((worst.closure - 1e-3).abs() < 1e-12);
    let error = closure.require(1e-9).expect_err("open");
    assert_eq!(
        error.to_string(),
        "the book does not close: H of p1 is off by 1.000e-3 of its stock or throughput; accepted: at most 1e-9"
    );
    assert!(error.text(Lang::Zh).contains("账本不闭合"));
    assert_eq!(error.code(), "book.not_closed");
}

#[test]
fn a_stockpile_must_close_too() {
    let mut book = small();
    book.closing[1].solid_elements_mol[0] += 4.2;
    let closure = book.close().expect("a book");
    assert_eq!(closure.elements[0].node, "pile");
    assert!((closure.elements[0].closure - 0.1).abs() < 1e-12);
}

#[test]
fn an_amount_that_is_no_number_never_closes() {
    let mut book = small();
    book.postings[0].elements_mol[0] = f64::NAN;
    let closure = book.close().expect("a book");
    assert_eq!(closure.elements[0].closure, f64::INFINITY);
    assert!(closure.require(1e300).is_err());
}

#[test]
fn a_book_that_does_not_hold_together_is_refused() {
    let broken: [fn(&mut Book); 6] = [
        |b| b.postings[0].stream = 99,
        |b| b.postings[0].day = 40,
        |b| b.postings[0].elements_mol.push(0.0),
        |b| b.streams[0].to = 99,
        |b| b.closing.truncate(1),
        |b| b.opening.clear(),
    ];
    for breaks in broken {
        let mut book = small();
        breaks(&mut book);
        assert_eq!(
            book.close().expect_err("malformed").code(),
            "book.malformed"
        );
    }
}

#[test]
fn the_ledger_sums_streams_by_kind_and_period() {
    let ledgers = small().ledger(0..40);
    let of = |stream: LedgerStream| ledgers[0].entry(stream).elements_mol.clone();
    assert_eq!(of(LedgerStream::Feed), [100.0, 1000.0]);
    assert_eq!(of(LedgerStream::Exit), [5.0, 50.0]);
    assert_eq!(of(LedgerStream::Leakage), [1.0, 10.0]);
    assert_eq!(of(LedgerStream::Entrainment), [2.0, 20.0]);
    assert_eq!(of(LedgerStream::Salts), [40.0, 0.0]);
    assert_eq!(of(LedgerStream::Evaporation), [0.0, 246.0]);
    assert_eq!(
        (ledgers[0].gain_mol(0), ledgers[0].gain_mol(1)),
        (52.0, 674.0)
    );
    assert_eq!(
        (ledgers[1].gain_mol(0), ledgers[1].gain_mol(1)),
        (42.0, 20.0)
    );
    let january = small().ledger(0..12);
    assert_eq!(
        january[0].entry(LedgerStream::Salts).elements_mol,
        [0.0, 0.0]
    );
}

#[test]
fn the_ledger_table_has_a_row_a_month_node_and_stream() {
    let frame = small().ledger_frame();
    let headers: Vec<String> = frame.columns.iter().map(|c| c.header()).collect();
    assert_eq!(
        headers,
        [
            "month",
            "node",
            "stream",
            "mass [kg]",
            "volume [m3]",
            "Na [kg]",
            "H [kg]"
        ]
    );
    let Values::Date(months) = &frame.columns[0].values else {
        panic!("months")
    };
    // 20–31 January and 1–28 February, two nodes, six streams.
    assert_eq!(months.len(), 2 * 2 * 6);
    assert_eq!(
        (months[0], months[12]),
        (date(2025, 1, 20), date(2025, 2, 1))
    );
    let Values::Number(na) = &frame.columns[5].values else {
        panic!("numbers")
    };
    assert_eq!(na[12 + 4], 40.0 * 0.023);
}

type Amounts = Vec<(StreamId, u32, [f64; 2])>;

fn amounts() -> impl Strategy<Value = Amounts> {
    let one = (0usize..7, 0u32..40, [-1e6..1e6f64, -1e9..1e9f64]);
    prop::collection::vec(one, 0..60)
}

/// Stocks that follow from the postings.
fn stocks(postings: &Amounts, opening: [f64; 2]) -> ([f64; 2], [f64; 2]) {
    let mut pond = opening;
    let mut pile = [0.0; 2];
    for (stream, _, elements) in postings {
        for e in 0..2 {
            match stream {
                0 | 4 => pond[e] += elements[e],
                _ => pond[e] -= elements[e],
            }
            if *stream >= 5 {
                pile[e] += elements[e];
            }
        }
    }
    (pond, pile)
}

proptest! {
    #[test]
    fn stocks_that_follow_from_the_postings_close(postings in amounts(), opening in [0.0..1e6f64, 0.0..1e9f64]) {
        let (pond, pile) = stocks(&postings, opening);
        let closure = book(&postings, opening, pond, pile).close().expect("a book");
        prop_assert!(closure.require(1e-12).is_ok(), "{closure:?}");
    }

    #[test]
    fn a_change_of_one_stock_is_measured_exactly(postings in amounts(), opening in [1.0..1e6f64, 1.0..1e9f64], off in 1e-6..1e3f64) {
        let (mut pond, pile) = stocks(&postings, opening);
        pond[0] += off;
        let book = book(&postings, opening, pond, pile);
        let into: f64 = postings.iter().filter(|p| [0, 4].contains(&p.0)).map(|p| p.2[0].abs()).sum();
        let out: f64 = postings.iter().filter(|p| ![0, 4].contains(&p.0)).map(|p| p.2[0].abs()).sum();
        let scale = opening[0].max(into).max(out);
        let found = book.close().expect("a book").elements[0].closure;
        prop_assert!((found - off / scale).abs() <= 1e-11, "{found} {}", off / scale);
    }

    #[test]
    fn ledgers_of_two_periods_add_up_to_the_gain(postings in amounts(), opening in [0.0..1e6f64, 0.0..1e9f64], cut in 0u32..=40) {
        let (pond, pile) = stocks(&postings, opening);
        let book = book(&postings, opening, pond, pile);
        let (early, late) = (book.ledger(0..cut), book.ledger(cut..40));
        for e in 0..2 {
            let scale: f64 = opening[e] + postings.iter().map(|p| p.2[e].abs()).sum::<f64>();
            let gain = early[0].gain_mol(e) + late[0].gain_mol(e);
            prop_assert!((gain - (pond[e] - opening[e])).abs() <= 1e-12 * scale.max(1.0));
            let piled = early[1].gain_mol(e) + late[1].gain_mol(e);
            prop_assert!((piled - pile[e]).abs() <= 1e-12 * scale.max(1.0));
        }
    }
}
