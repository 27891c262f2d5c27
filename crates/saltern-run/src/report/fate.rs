//! Where the elements went: Sankey diagrams of K, Li, Mg and Na through the stages, and shares for every element.

use saltern_base::book::{NodeKind, StreamKind};

use super::sankey::{self, Diagram, Flow, Node};
use super::svg::{Anchor, Svg};
use super::texts::{self, Text};
use super::view::View;
use super::{figure, legend, numbers, theme, titled};
use crate::figures::{self, Count, Fate};

/// Where something can end up, in the order it is drawn: won first.
const ENDS: [(Text, &str); 6] = [
    (texts::NODE_HARVESTED, "carnallite"),
    (texts::NODE_END, "lithium"),
    (texts::NODE_BRINE, "halite"),
    (texts::NODE_FLOOR, "sylvite"),
    (texts::NODE_ENTRAINED, "mixed"),
    (texts::NODE_LEAKED, "oldbrine"),
];

pub(super) fn section(view: &View<'_>) -> String {
    let lang = view.lang;
    let tracked = view.elements(&["K", "Li", "Mg", "Na"]);
    let mut body = String::new();
    for (symbol, i) in &tracked {
        let fate = figures::fate(&view.run.book, &view.totals, Count::Element(*i));
        if fate.available_kg() > 0.0 {
            let total = numbers::mass(lang, fate.available_kg());
            let title = texts::FATE_OF.with(lang, &[("element", symbol), ("mass", &total)]);
            body += &figure(
                "full scroll",
                &title,
                &sankey::draw(view, &diagram(view, *i), symbol),
            );
        }
    }
    if tracked.is_empty() {
        body += &format!("<p class=\"note full\">{}</p>", texts::FATE_NONE.get(lang));
    }
    let entries: Vec<_> = ENDS
        .iter()
        .map(|(text, key)| (text.get(lang).to_owned(), theme::color(key)))
        .collect();
    body += &figure(
        "full",
        texts::FATE_SHARES.get(lang),
        &(legend(&entries) + &shares(view)),
    );
    titled(
        lang,
        texts::FATE,
        texts::FATE_NOTE.get(lang),
        &format!("<div class=\"grid\">{body}</div>"),
    )
}

fn ends_of(fate: &Fate) -> [f64; 6] {
    [
        fate.harvested_kg,
        fate.sold_kg,
        fate.closing_brine_kg,
        fate.closing_salt_kg,
        fate.entrained_kg,
        fate.leaked_kg,
    ]
}

/// One bar an element: shares of opening stock and feed.
fn shares(view: &View<'_>) -> String {
    let book = &view.run.book;
    let (width, left, right, row) = (1136.0, 96.0, 1120.0, 24.0);
    let listed: Vec<(&String, Fate)> = book
        .elements
        .iter()
        .enumerate()
        .filter(|(_, e)| *e != "H" && *e != "O")
        .map(|(i, e)| (e, figures::fate(book, &view.totals, Count::Element(i))))
        .filter(|(_, f)| f.available_kg() > 0.0)
        .collect();
    let mut svg = Svg::new(width, row * listed.len() as f64 + 4.0);
    for (i, (element, fate)) in listed.iter().enumerate() {
        let y = row * i as f64;
        svg.text(20.0, y + 14.0, Anchor::End, "st", element);
        svg.text(
            left - 8.0,
            y + 14.0,
            Anchor::End,
            "lb",
            &numbers::mass(view.lang, fate.available_kg()),
        );
        let ends = ends_of(fate).map(|kg| kg.max(0.0));
        let sum: f64 = ends.iter().sum();
        let mut x = left;
        for ((text, key), kg) in ENDS.iter().zip(ends) {
            let size = (right - left) * kg / sum.max(f64::MIN_POSITIVE);
            let percent = numbers::percent(kg / sum);
            let hint = format!(
                "{element} {}: {} ({percent})",
                text.get(view.lang),
                numbers::mass(view.lang, kg)
            );
            svg.rect(
                x,
                y + 2.0,
                size,
                row - 7.0,
                &format!(
                    "fill:{};stroke:var(--paper);stroke-width:.8",
                    theme::color(key)
                ),
                &hint,
            );
            if size > 46.0 {
                svg.text(x + size / 2.0, y + 14.5, Anchor::Middle, "on", &percent);
            }
            x += size;
        }
    }
    format!(
        "<div class=\"scroll\">{}</div>",
        svg.finish("wide", texts::FATE_SHARES.get(view.lang))
    )
}

const FEED: usize = 0;
const OPENING: usize = 1;
const RETURNED: usize = 2;
const FIRST_STAGE: usize = 3;

fn diagram(view: &View<'_>, element: usize) -> Diagram {
    let lang = view.lang;
    let stages = view.stages.names();
    let node = |column, label: String, color: String| Node {
        column,
        label,
        color,
    };
    let mut nodes = vec![
        node(
            0,
            texts::NODE_FEED.get(lang).to_owned(),
            "var(--muted)".to_owned(),
        ),
        node(
            0,
            texts::NODE_OPENING.get(lang).to_owned(),
            "var(--muted)".to_owned(),
        ),
        node(
            0,
            texts::NODE_RETURNED.get(lang).to_owned(),
            "var(--muted)".to_owned(),
        ),
    ];
    nodes.extend(
        stages
            .iter()
            .enumerate()
            .map(|(i, s)| node(1 + i, texts::name(lang, s), view.stages.color(s))),
    );
    let last = 1 + stages.len();
    nodes.extend(
        ENDS.iter()
            .map(|(text, key)| node(last, text.get(lang).to_owned(), theme::color(key))),
    );
    let mut flows = between(view, element);
    flows.extend(in_and_out(view, element));
    let total: f64 = flows
        .iter()
        .filter(|f| f.from < FIRST_STAGE)
        .map(|f| f.kg)
        .sum();
    // Threads thinner than this would only be dust on the page.
    flows.retain(|f| f.kg > 1e-4 * total);
    Diagram { nodes, flows }
}

/// What ponds of one stage hand on to ponds of another, net.
fn between(view: &View<'_>, element: usize) -> Vec<Flow> {
    let count = view.stages.names().len();
    let mut matrix = vec![vec![0.0; count]; count];
    for (stream, total) in view.run.book.streams.iter().zip(&view.totals) {
        if let (Some(a), Some(b)) = (
            view.stage_of_node(stream.from),
            view.stage_of_node(stream.to),
        ) {
            matrix[a][b] +=
                figures::mass_kg(&view.run.book, Count::Element(element), &total.elements_mol);
        }
    }
    let mut flows = Vec::new();
    for a in 0..count {
        for b in a + 1..count {
            let net = matrix[a][b] - matrix[b][a];
            let (from, to) = if net > 0.0 { (a, b) } else { (b, a) };
            flows.push(Flow {
                from: FIRST_STAGE + from,
                to: FIRST_STAGE + to,
                kg: net.abs(),
            });
        }
    }
    flows
}

/// What each stage had, was fed, won, lost and kept.
fn in_and_out(view: &View<'_>, element: usize) -> Vec<Flow> {
    let book = &view.run.book;
    let count = Count::Element(element);
    let first_end = FIRST_STAGE + view.stages.names().len();
    let mut flows = Vec::new();
    for (node, _) in figures::nodes_of(book, NodeKind::Pond) {
        let Some(stage) = view.stage_of_node(node) else {
            continue;
        };
        let stage = FIRST_STAGE + stage;
        let ledger = figures::ledger(book, &view.totals, node, count);
        let closing = figures::stock(&book.closing, node);
        let brine = closing.map_or(0.0, |s| {
            figures::mass_kg(book, count, &s.brine_elements_mol)
        });
        let salt = closing.map_or(0.0, |s| {
            figures::mass_kg(book, count, &s.solid_elements_mol)
        });
        flows.push(Flow {
            from: FEED,
            to: stage,
            kg: ledger.feed_kg,
        });
        flows.push(Flow {
            from: OPENING,
            to: stage,
            kg: ledger.opening_kg,
        });
        flows.push(Flow {
            from: RETURNED,
            to: stage,
            kg: ledger.from_plants_kg,
        });
        let ends = [
            ledger.harvest_kg,
            out_of_base(view, node, count),
            brine,
            salt,
            ledger.entrainment_kg,
            ledger.leakage_kg,
        ];
        flows.extend(ends.into_iter().enumerate().map(|(i, kg)| Flow {
            from: stage,
            to: first_end + i,
            kg,
        }));
    }
    sankey::merged(flows)
}

/// Brine of a pond that goes to plants or leaves the base.
fn out_of_base(view: &View<'_>, node: usize, count: Count) -> f64 {
    let book = &view.run.book;
    let leaves = |to: usize| book.nodes.get(to).is_some_and(|n| n.kind != NodeKind::Pond);
    book.streams
        .iter()
        .zip(&view.totals)
        .filter(|(s, _)| {
            let brine = matches!(s.kind, StreamKind::Transfer | StreamKind::PlantFeed);
            brine && s.from == node && leaves(s.to)
        })
        .map(|(_, t)| figures::mass_kg(book, count, &t.elements_mol))
        .sum()
}
