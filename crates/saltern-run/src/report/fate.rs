//! Where the elements went: Sankey diagrams of K, Li, Mg and Na through the stages, and shares for every element.

use saltern_base::book::{NodeKind, StreamKind};

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
            body += &figure("full scroll", &title, &sankey(view, *i, symbol));
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

/// A flow between two nodes of the diagram, kg.
struct Flow {
    from: usize,
    to: usize,
    kg: f64,
}

/// A node of the diagram: column, label, colour.
struct Node {
    column: usize,
    label: String,
    color: String,
}

/// Nodes: feed, opening stock, the stages, the ends; and the flows between them.
struct Diagram {
    nodes: Vec<Node>,
    flows: Vec<Flow>,
}

const FEED: usize = 0;
const OPENING: usize = 1;
const FIRST_STAGE: usize = 2;

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
    merged(flows)
}

/// Brine of a pond that leaves the base.
fn out_of_base(view: &View<'_>, node: usize, count: Count) -> f64 {
    let book = &view.run.book;
    let leaves = |to: usize| book.nodes.get(to).is_some_and(|n| n.kind != NodeKind::Pond);
    book.streams
        .iter()
        .zip(&view.totals)
        .filter(|(s, _)| s.kind == StreamKind::Transfer && s.from == node && leaves(s.to))
        .map(|(_, t)| figures::mass_kg(book, count, &t.elements_mol))
        .sum()
}

fn merged(flows: Vec<Flow>) -> Vec<Flow> {
    let mut sums = std::collections::BTreeMap::new();
    for flow in flows {
        *sums.entry((flow.from, flow.to)).or_insert(0.0) += flow.kg;
    }
    sums.into_iter()
        .map(|((from, to), kg)| Flow { from, to, kg })
        .collect()
}

const WIDTH: f64 = 1136.0;
const LEFT: f64 = 116.0;
const RIGHT: f64 = 950.0;
const TOP: f64 = 22.0;
const TALLEST: f64 = 300.0;
const GAP: f64 = 20.0;
const BAR: f64 = 11.0;

/// Where a node stands: left edge, top, height.
#[derive(Clone, Copy, Default)]
struct Place {
    x: f64,
    y: f64,
    height: f64,
}

fn sankey(view: &View<'_>, element: usize, symbol: &str) -> String {
    let diagram = diagram(view, element);
    let through = through(&diagram);
    let places = places(&diagram, &through);
    let bottom = places.iter().map(|p| p.y + p.height).fold(0.0, f64::max);
    let mut svg = Svg::new(WIDTH, bottom + 18.0);
    let scale = scale(&diagram, &through);
    ribbons(view, &diagram, &places, scale, symbol, &mut svg);
    let available: f64 = diagram
        .flows
        .iter()
        .filter(|f| f.from < FIRST_STAGE)
        .map(|f| f.kg)
        .sum();
    for ((node, place), kg) in diagram
        .nodes
        .iter()
        .zip(&places)
        .zip(&through)
        .filter(|((_, p), _)| p.height > 0.0)
    {
        svg.rect(
            place.x,
            place.y,
            BAR,
            place.height.max(1.0),
            &format!("fill:{}", node.color),
            "",
        );
        let mass = numbers::mass(view.lang, *kg);
        let last = diagram.nodes.iter().map(|n| n.column).max().unwrap_or(0);
        let middle = place.y + place.height / 2.0;
        if node.column == 0 {
            svg.text(place.x - 8.0, middle - 2.0, Anchor::End, "st", &node.label);
            svg.text(place.x - 8.0, middle + 12.0, Anchor::End, "lb", &mass);
        } else if node.column == last {
            let share = numbers::percent(kg / available);
            svg.text(
                place.x + BAR + 8.0,
                middle - 2.0,
                Anchor::Start,
                "st",
                &node.label,
            );
            svg.text(
                place.x + BAR + 8.0,
                middle + 12.0,
                Anchor::Start,
                "lb",
                &format!("{mass} · {share}"),
            );
        } else {
            svg.text(
                place.x + BAR / 2.0,
                place.y - 7.0,
                Anchor::Middle,
                "st halo",
                &format!("{} {mass}", node.label),
            );
        }
    }
    svg.finish("wide", symbol)
}

/// What passes each node: the larger of in and out.
fn through(diagram: &Diagram) -> Vec<f64> {
    let sum = |of: &dyn Fn(&Flow) -> bool| {
        diagram
            .flows
            .iter()
            .filter(|f| of(f))
            .map(|f| f.kg)
            .sum::<f64>()
    };
    (0..diagram.nodes.len())
        .map(|i| sum(&|f| f.from == i).max(sum(&|f| f.to == i)))
        .collect()
}

/// Pixels a kg, so that the fullest column is as tall as may be.
fn scale(diagram: &Diagram, through: &[f64]) -> f64 {
    let columns = diagram.nodes.iter().map(|n| n.column).max().unwrap_or(0);
    let sum = |c: usize| {
        diagram
            .nodes
            .iter()
            .zip(through)
            .filter(|(n, _)| n.column == c)
            .map(|(_, kg)| kg)
            .sum::<f64>()
    };
    let most = (0..=columns).map(sum).fold(0.0, f64::max);
    if most > 0.0 { TALLEST / most } else { 0.0 }
}

fn places(diagram: &Diagram, through: &[f64]) -> Vec<Place> {
    let scale = scale(diagram, through);
    let columns = diagram
        .nodes
        .iter()
        .map(|n| n.column)
        .max()
        .unwrap_or(0)
        .max(1);
    let step = (RIGHT - LEFT) / columns as f64;
    let mut next = vec![TOP; columns + 1];
    let mut places = Vec::new();
    for (node, kg) in diagram.nodes.iter().zip(through) {
        let stage = node.column > 0 && node.column < columns;
        let height = kg * scale;
        // Stages step down a little, so that ribbons to the ends pass below those behind them.
        let top = if stage {
            TOP + 16.0 + 14.0 * (node.column - 1) as f64
        } else {
            next[node.column]
        };
        if height > 0.0 {
            // An end or a beginning needs room for two lines of text.
            next[node.column] = top + height.max(14.0) + GAP;
        }
        places.push(Place {
            x: LEFT + step * node.column as f64,
            y: top,
            height,
        });
    }
    places
}

fn ribbons(
    view: &View<'_>,
    diagram: &Diagram,
    places: &[Place],
    scale: f64,
    symbol: &str,
    svg: &mut Svg,
) {
    let mut order: Vec<&Flow> = diagram.flows.iter().collect();
    // Leave a node from top to bottom in the order of where the flows end.
    order.sort_by(|a, b| {
        (a.from, places[a.to].y)
            .partial_cmp(&(b.from, places[b.to].y))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut out: Vec<f64> = places.iter().map(|p| p.y).collect();
    let starts: Vec<f64> = order
        .iter()
        .map(|f| {
            let y = out[f.from];
            out[f.from] += f.kg * scale;
            y
        })
        .collect();
    let mut arrivals: Vec<usize> = (0..order.len()).collect();
    arrivals.sort_by(|a, b| {
        (order[*a].to, starts[*a])
            .partial_cmp(&(order[*b].to, starts[*b]))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut into: Vec<f64> = places.iter().map(|p| p.y).collect();
    for i in arrivals {
        let flow = order[i];
        let height = (flow.kg * scale).max(0.5);
        let y = into[flow.to];
        into[flow.to] += flow.kg * scale;
        let hint = format!(
            "{symbol} {} → {}: {}",
            diagram.nodes[flow.from].label,
            diagram.nodes[flow.to].label,
            numbers::mass(view.lang, flow.kg)
        );
        let color = &diagram.nodes[if flow.from < FIRST_STAGE {
            flow.to
        } else {
            flow.from
        }]
        .color;
        let d = ribbon(
            (places[flow.from].x + BAR, starts[i]),
            (places[flow.to].x, y),
            height,
        );
        svg.path(&d, &format!("fill:{color};fill-opacity:.34"), &hint);
    }
}

fn ribbon(from: (f64, f64), to: (f64, f64), height: f64) -> String {
    let bend = (from.0 + to.0) / 2.0;
    format!(
        "M{:.1} {:.1}C{bend:.1} {:.1} {bend:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}C{bend:.1} {:.1} {bend:.1} {:.1} {:.1} {:.1}Z",
        from.0,
        from.1,
        from.1,
        to.1,
        to.0,
        to.1,
        to.0,
        to.1 + height,
        to.1 + height,
        from.1 + height,
        from.0,
        from.1 + height
    )
}
