//! The book as frames, and back.
//!
//! | frame | one row | columns |
//! |---|---|---|
//! | `nodes` | a node | `node`, `kind` |
//! | `streams` | a stream | `stream`, `from`, `to`, `kind` |
//! | `substances` | an element or mineral | `substance`, `kind`, `molar_mass [kg/mol]` |
//! | `postings` | a stream and day | `date`, `stream`, `mass [kg]`, `volume [m3]`, `water [kg]`, `energy [J]`, `element X [mol]`, `mineral Y [mol]` (blank: liquid or vapour) |
//! | `stocks` | a node and moment | `moment` (`opening`, `month_end`, `closing`), `date`, `node`, `brine X [mol]`, `solid X [mol]`, `mineral Y [mol]` |
//!
//! A stock's date is the day at whose end it is held; the opening stock has the day before the first.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use saltern_base::book::{Book, Node, NodeKind, Posting, Stock, Stream, StreamKind};
use saltern_base::frame::{Column, Frame, Values};

use crate::error::RunError;
use crate::table;

/// Names of the book's frames, in the order of [`frames`].
pub const NAMES: [&str; 5] = ["nodes", "streams", "substances", "postings", "stocks"];

/// The frames of a book: nodes, streams, substances, postings, stocks.
pub fn frames(book: &Book) -> Vec<Frame> {
    vec![
        nodes(book),
        streams(book),
        substances(book),
        postings(book),
        stocks(book),
    ]
}

fn node_id(book: &Book, node: usize) -> String {
    book.nodes
        .get(node)
        .map(|n| n.id.clone())
        .unwrap_or_default()
}

fn nodes(book: &Book) -> Frame {
    let id = Column::texts("node", book.nodes.iter().map(|n| n.id.clone()));
    let kind = Column::texts("kind", book.nodes.iter().map(|n| n.kind.name().to_owned()));
    Frame::new("nodes", vec![id, kind])
}

fn streams(book: &Book) -> Frame {
    Frame::new(
        "streams",
        vec![
            Column::texts("stream", book.streams.iter().map(|s| s.id.clone())),
            Column::texts("from", book.streams.iter().map(|s| node_id(book, s.from))),
            Column::texts("to", book.streams.iter().map(|s| node_id(book, s.to))),
            Column::texts(
                "kind",
                book.streams.iter().map(|s| s.kind.name().to_owned()),
            ),
        ],
    )
}

fn substances(book: &Book) -> Frame {
    let kinds = book
        .elements
        .iter()
        .map(|_| "element")
        .chain(book.minerals.iter().map(|_| "mineral"));
    Frame::new(
        "substances",
        vec![
            Column::texts(
                "substance",
                book.elements.iter().chain(&book.minerals).cloned(),
            ),
            Column::texts("kind", kinds.map(str::to_owned)),
            Column::numbers(
                "molar_mass",
                "kg/mol",
                book.element_kg_mol
                    .iter()
                    .chain(&book.mineral_kg_mol)
                    .copied(),
            ),
        ],
    )
}

/// Day `offset` of the book (0 = the first).
fn day(book: &Book, offset: i64) -> Date {
    // A book of so many days that the calendar ends is held at its last day.
    book.from.saturating_add(offset.days())
}

/// Column `i` of amounts; blank where a row carries none.
fn amounts<'a>(
    prefix: &str,
    names: &'a [String],
    rows: impl Iterator<Item = &'a [f64]> + Clone + 'a,
) -> Vec<Column> {
    let cell = |row: &[f64], i: usize| row.get(i).copied().unwrap_or(f64::NAN);
    names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            Column::numbers(
                format!("{prefix} {name}"),
                "mol",
                rows.clone().map(|row| cell(row, i)),
            )
        })
        .collect()
}

fn postings(book: &Book) -> Frame {
    let rows = &book.postings;
    let stream_id = |p: &Posting| {
        book.streams
            .get(p.stream)
            .map(|s| s.id.clone())
            .unwrap_or_default()
    };
    let mut columns = vec![
        crate::columns::DATE.dates(rows.iter().map(|p| day(book, i64::from(p.day))).collect()),
        Column::texts("stream", rows.iter().map(stream_id)),
        Column::numbers("mass", "kg", rows.iter().map(|p| p.mass_kg)),
        Column::numbers("volume", "m3", rows.iter().map(|p| p.volume_m3)),
        Column::numbers("water", "kg", rows.iter().map(|p| p.water_kg)),
        Column::numbers("energy", "J", rows.iter().map(|p| p.energy_j)),
    ];
    columns.extend(amounts(
        "element",
        &book.elements,
        rows.iter().map(|p| p.elements_mol.as_slice()),
    ));
    columns.extend(amounts(
        "mineral",
        &book.minerals,
        rows.iter().map(|p| p.minerals_mol.as_slice()),
    ));
    Frame::new("postings", columns)
}

const OPENING: &str = "opening";
const MONTH_END: &str = "month_end";
const CLOSING: &str = "closing";

fn stocks(book: &Book) -> Frame {
    let opening = book.opening.iter().map(|s| (OPENING, -1, s));
    let monthly = book
        .monthly
        .iter()
        .map(|(d, s)| (MONTH_END, i64::from(*d), s));
    let closing = book
        .closing
        .iter()
        .map(|s| (CLOSING, i64::from(book.days) - 1, s));
    let rows: Vec<(&str, i64, &Stock)> = opening.chain(monthly).chain(closing).collect();
    let mut columns = vec![
        Column::texts("moment", rows.iter().map(|r| r.0.to_owned())),
        crate::columns::DATE.dates(rows.iter().map(|r| day(book, r.1)).collect()),
        Column::texts("node", rows.iter().map(|r| node_id(book, r.2.node))),
    ];
    columns.extend(amounts(
        "brine",
        &book.elements,
        rows.iter().map(|r| r.2.brine_elements_mol.as_slice()),
    ));
    columns.extend(amounts(
        "solid",
        &book.elements,
        rows.iter().map(|r| r.2.solid_elements_mol.as_slice()),
    ));
    columns.extend(amounts(
        "mineral",
        &book.minerals,
        rows.iter().map(|r| r.2.minerals_mol.as_slice()),
    ));
    Frame::new("stocks", columns)
}

/// A book from its frames (in the order of [`NAMES`]), its first day and its number of days.
pub fn book(from: Date, days: u32, frames: &[Frame]) -> Result<Book, BookFrameError> {
    let get = |name: &'static str| {
        frames
            .iter()
            .find(|f| f.name == name)
            .ok_or(BookFrameError {
                table: name,
                reason: "missing".to_owned(),
            })
    };
    let mut book = Book::empty(from, days, Vec::new(), Vec::new());
    read_substances(get("substances")?, &mut book)?;
    read_nodes(get("nodes")?, &mut book)?;
    read_streams(get("streams")?, &mut book)?;
    read_postings(get("postings")?, &mut book)?;
    read_stocks(get("stocks")?, &mut book)?;
    Ok(book)
}

/// A frame of a book that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookFrameError {
    /// Frame.
    pub table: &'static str,
    /// What is wrong.
    pub reason: String,
}

impl BookFrameError {
    fn column(table: &'static str) -> impl Fn(RunError) -> BookFrameError {
        move |error| BookFrameError {
            table,
            reason: error.to_string(),
        }
    }
}

fn texts<'a>(
    frame: &'a Frame,
    name: &str,
    table: &'static str,
) -> Result<&'a [String], BookFrameError> {
    match frame
        .columns
        .iter()
        .find(|c| c.name == name)
        .map(|c| &c.values)
    {
        Some(Values::Text(v)) => Ok(v),
        _ => Err(BookFrameError {
            table,
            reason: format!("no text column `{name}`"),
        }),
    }
}

fn kind_of<K: Copy>(
    kinds: &[K],
    name_of: fn(K) -> &'static str,
    name: &str,
    table: &'static str,
) -> Result<K, BookFrameError> {
    let found = kinds.iter().find(|kind| name_of(**kind) == name);
    found.copied().ok_or_else(|| {
        let accepted: Vec<&str> = kinds.iter().map(|kind| name_of(*kind)).collect();
        BookFrameError {
            table,
            reason: format!("kind {name:?}; accepted: {}", accepted.join(", ")),
        }
    })
}

fn read_substances(frame: &Frame, book: &mut Book) -> Result<(), BookFrameError> {
    let names = texts(frame, "substance", "substances")?;
    let kinds = texts(frame, "kind", "substances")?;
    let masses = table::numbers_of(frame, "molar_mass", "kg/mol")
        .map_err(BookFrameError::column("substances"))?;
    for ((name, kind), mass) in names.iter().zip(kinds).zip(masses) {
        let (list, weights) = match kind.as_str() {
            "element" => (&mut book.elements, &mut book.element_kg_mol),
            _ => (&mut book.minerals, &mut book.mineral_kg_mol),
        };
        list.push(name.clone());
        weights.push(*mass);
    }
    Ok(())
}

fn read_nodes(frame: &Frame, book: &mut Book) -> Result<(), BookFrameError> {
    let ids = texts(frame, "node", "nodes")?;
    let kinds = texts(frame, "kind", "nodes")?;
    for (id, kind) in ids.iter().zip(kinds) {
        book.nodes.push(Node {
            id: id.clone(),
            kind: kind_of(&NodeKind::ALL, NodeKind::name, kind, "nodes")?,
        });
    }
    Ok(())
}

fn index_of(
    ids: &HashMap<&str, usize>,
    id: &str,
    table: &'static str,
) -> Result<usize, BookFrameError> {
    ids.get(id).copied().ok_or_else(|| BookFrameError {
        table,
        reason: format!("unknown id {id:?}"),
    })
}

fn read_streams(frame: &Frame, book: &mut Book) -> Result<(), BookFrameError> {
    let table = "streams";
    let nodes: HashMap<&str, usize> = book
        .nodes
        .iter()
        .enumerate()
        .map(|(i, n)| (n.id.as_str(), i))
        .collect();
    let ids = texts(frame, "stream", table)?;
    let (froms, tos) = (texts(frame, "from", table)?, texts(frame, "to", table)?);
    let kinds = texts(frame, "kind", table)?;
    let mut streams = Vec::with_capacity(ids.len());
    for (((id, from), to), kind) in ids.iter().zip(froms).zip(tos).zip(kinds) {
        streams.push(Stream {
            id: id.clone(),
            from: index_of(&nodes, from, table)?,
            to: index_of(&nodes, to, table)?,
            kind: kind_of(&StreamKind::ALL, StreamKind::name, kind, table)?,
        });
    }
    book.streams = streams;
    Ok(())
}

type NumberColumns<'a> = Vec<&'a [f64]>;

fn columns_of<'a>(
    frame: &'a Frame,
    prefix: &str,
    names: &[String],
    table: &'static str,
) -> Result<NumberColumns<'a>, BookFrameError> {
    names
        .iter()
        .map(|name| {
            table::numbers_of(frame, &format!("{prefix} {name}"), "mol")
                .map_err(BookFrameError::column(table))
        })
        .collect()
}

fn row_of(columns: &NumberColumns<'_>, row: usize) -> Vec<f64> {
    columns.iter().map(|c| c[row]).collect()
}

/// As [`row_of`], but no amounts at all where every one is blank.
fn row_or_none(columns: &NumberColumns<'_>, row: usize) -> Vec<f64> {
    let amounts = row_of(columns, row);
    if amounts.iter().all(|x| x.is_nan()) {
        Vec::new()
    } else {
        amounts
    }
}

/// Days from the first day of the book; the opening stock's is -1.
fn offset(book: &Book, date: Date) -> i64 {
    date.duration_since(book.from).as_hours() / 24
}

fn whole_offset(book: &Book, date: Date, table: &'static str) -> Result<u32, BookFrameError> {
    u32::try_from(offset(book, date)).map_err(|_| BookFrameError {
        table,
        reason: format!("{date} is before the book's first day {}", book.from),
    })
}

fn read_postings(frame: &Frame, book: &mut Book) -> Result<(), BookFrameError> {
    let table = "postings";
    let streams: HashMap<&str, usize> = book
        .streams
        .iter()
        .enumerate()
        .map(|(i, s)| (s.id.as_str(), i))
        .collect();
    let dates = table::dates(frame, crate::columns::DATE).map_err(BookFrameError::column(table))?;
    let ids = texts(frame, "stream", table)?;
    let mass = table::numbers_of(frame, "mass", "kg").map_err(BookFrameError::column(table))?;
    let volume = table::numbers_of(frame, "volume", "m3").map_err(BookFrameError::column(table))?;
    let water = table::numbers_of(frame, "water", "kg").map_err(BookFrameError::column(table))?;
    let energy = table::numbers_of(frame, "energy", "J").map_err(BookFrameError::column(table))?;
    let elements = columns_of(frame, "element", &book.elements, table)?;
    let minerals = columns_of(frame, "mineral", &book.minerals, table)?;
    let mut postings = Vec::with_capacity(ids.len());
    for row in 0..ids.len() {
        postings.push(Posting {
            stream: index_of(&streams, &ids[row], table)?,
            day: whole_offset(book, dates[row], table)?,
            elements_mol: row_of(&elements, row),
            minerals_mol: row_or_none(&minerals, row),
            mass_kg: mass[row],
            volume_m3: volume[row],
            water_kg: water[row],
            energy_j: energy[row],
        });
    }
    book.postings = postings;
    Ok(())
}

fn read_stocks(frame: &Frame, book: &mut Book) -> Result<(), BookFrameError> {
    let table = "stocks";
    let nodes: HashMap<String, usize> = book
        .nodes
        .iter()
        .enumerate()
        .map(|(i, n)| (n.id.clone(), i))
        .collect();
    let nodes: HashMap<&str, usize> = nodes.iter().map(|(id, i)| (id.as_str(), *i)).collect();
    let moments = texts(frame, "moment", table)?;
    let dates = table::dates(frame, crate::columns::DATE).map_err(BookFrameError::column(table))?;
    let ids = texts(frame, "node", table)?;
    let brine = columns_of(frame, "brine", &book.elements, table)?;
    let solid = columns_of(frame, "solid", &book.elements, table)?;
    let minerals = columns_of(frame, "mineral", &book.minerals, table)?;
    for row in 0..ids.len() {
        let stock = Stock {
            node: index_of(&nodes, &ids[row], table)?,
            brine_elements_mol: row_of(&brine, row),
            solid_elements_mol: row_of(&solid, row),
            minerals_mol: row_of(&minerals, row),
        };
        match moments[row].as_str() {
            OPENING => book.opening.push(stock),
            CLOSING => book.closing.push(stock),
            MONTH_END => {
                let day = whole_offset(book, dates[row], table)?;
                book.monthly.push((day, stock));
            }
            other => {
                return Err(BookFrameError {
                    table,
                    reason: format!("moment {other:?}"),
                });
            }
        }
    }
    Ok(())
}
