//! A small book: wells → pond → plant → products, with evaporation, leakage, residue returned to the ground.

use jiff::civil::date;
use saltern_account::statement::Statement;
use saltern_base::book::{Book, Node, NodeKind, Posting, Stock, Stream, StreamKind};

const ELEMENTS: [(&str, f64); 4] = [
    ("K", 0.0390983),
    ("Li", 0.00694),
    ("Cl", 0.03545),
    ("O", 0.015999),
];

/// Tonnes of each element on each stream, one posting a month on its first and second day.
const STREAMS: [(&str, usize, usize, StreamKind, [f64; 4]); 7] = [
    (
        "wells.p1",
        0,
        2,
        StreamKind::Feed,
        [100.0, 10.0, 400.0, 900.0],
    ),
    (
        "p1.evaporation",
        2,
        1,
        StreamKind::Evaporation,
        [0.0, 0.0, 0.0, 500.0],
    ),
    (
        "p1.leakage",
        2,
        4,
        StreamKind::Leakage,
        [5.0, 0.5, 20.0, 30.0],
    ),
    (
        "p1.plant",
        2,
        3,
        StreamKind::Transfer,
        [85.0, 9.0, 340.0, 330.0],
    ),
    (
        "plant.kcl",
        3,
        5,
        StreamKind::Transfer,
        [60.0, 0.0, 54.4, 0.0],
    ),
    (
        "plant.li2co3",
        3,
        5,
        StreamKind::Transfer,
        [0.0, 6.0, 0.0, 20.7],
    ),
    (
        "plant.return",
        3,
        4,
        StreamKind::Transfer,
        [25.0, 3.0, 285.6, 309.3],
    ),
];

pub(crate) fn book() -> Book {
    let node = |id: &str, kind| Node {
        id: id.into(),
        kind,
    };
    let mol = |tonnes: &[f64; 4], share: f64| -> Vec<f64> {
        tonnes
            .iter()
            .zip(ELEMENTS)
            .map(|(t, (_, kg))| share * 1000.0 * t / kg)
            .collect()
    };
    let stock = |node, tonnes: [f64; 4]| Stock {
        node,
        brine_elements_mol: mol(&tonnes, 1.0),
        solid_elements_mol: vec![0.0; 4],
        minerals_mol: vec![0.0],
    };
    let mut postings = Vec::new();
    for (day, share) in [(0, 0.25), (1, 0.75)] {
        for (stream, (.., tonnes)) in STREAMS.iter().enumerate() {
            let kg: f64 = tonnes.iter().sum::<f64>() * 1000.0 * share;
            postings.push(Posting {
                stream,
                day,
                elements_mol: mol(tonnes, share),
                minerals_mol: if stream == 4 {
                    vec![share * 114.4e3 / 0.0745513]
                } else {
                    Vec::new()
                },
                mass_kg: kg,
                volume_m3: if stream == 0 { kg / 1220.0 } else { 0.0 },
                water_kg: f64::NAN,
                energy_j: 0.0,
            });
        }
    }
    Book {
        from: date(2026, 4, 1),
        days: 2,
        elements: ELEMENTS.iter().map(|(e, _)| e.to_string()).collect(),
        element_kg_mol: ELEMENTS.iter().map(|(_, kg)| *kg).collect(),
        minerals: vec!["Sylvite".into()],
        mineral_kg_mol: vec![0.0745513],
        nodes: vec![
            node("wells", NodeKind::Source),
            node("sky", NodeKind::Sky),
            node("p1", NodeKind::Pond),
            node("plant", NodeKind::Stockpile),
            node("ground", NodeKind::Ground),
            node("rail", NodeKind::Market),
        ],
        streams: STREAMS
            .iter()
            .map(|(id, from, to, kind, _)| Stream {
                id: id.to_string(),
                from: *from,
                to: *to,
                kind: *kind,
            })
            .collect(),
        postings,
        opening: vec![stock(2, [50.0, 5.0, 200.0, 450.0]), stock(3, [0.0; 4])],
        closing: vec![stock(2, [60.0, 5.5, 240.0, 490.0]), stock(3, [0.0; 4])],
        monthly: Vec::new(),
    }
}

pub(crate) const ROLES: &str = "\
stream,role,product
wells.p1,resource,
plant.kcl,product,KCl
plant.li2co3,product,Li2CO3
plant.return,returned,
plant.return,recycled,
fresh,fresh_water,
";

pub(crate) const UTILITIES: &str = "\
id,carrier,from,to,amount,unit
grid.plant,electricity,grid,plant,120,MWh
gas.plant,natural_gas,gas-main,plant,20000,m3
fresh,water,river,plant,240,m3
";

pub(crate) fn statement() -> Statement {
    let mut statement = Statement::of_book(&book());
    statement.use_utilities("utilities.csv", UTILITIES).unwrap();
    statement.assign("roles.csv", ROLES).unwrap();
    statement
}
