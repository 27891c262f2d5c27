//! Sankey diagrams: nodes in columns, flows between them as ribbons whose width is mass.

use super::numbers;
use super::svg::{Anchor, Svg};
use super::view::View;

/// A flow between two nodes of the diagram, kg.
pub(super) struct Flow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kg: f64,
}

/// A node of the diagram: column, label, colour.
pub(super) struct Node {
    pub(super) column: usize,
    pub(super) label: String,
    pub(super) color: String,
}

/// Nodes and the flows between them. What begins stands in column 0, what ends in the last.
pub(super) struct Diagram {
    pub(super) nodes: Vec<Node>,
    pub(super) flows: Vec<Flow>,
}

/// Flows of the same ends summed.
pub(super) fn merged(flows: Vec<Flow>) -> Vec<Flow> {
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

/// Draws a diagram; `symbol` names what flows.
pub(super) fn draw(view: &View<'_>, diagram: &Diagram, symbol: &str) -> String {
    let through = through(diagram);
    let places = places(diagram, &through);
    let bottom = places.iter().map(|p| p.y + p.height).fold(0.0, f64::max);
    let mut svg = Svg::new(WIDTH, bottom + 18.0);
    let scale = scale(diagram, &through);
    ribbons(view, diagram, &places, scale, symbol, &mut svg);
    let available: f64 = diagram
        .flows
        .iter()
        .filter(|f| diagram.nodes[f.from].column == 0)
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
            next[node.column].max(TOP + 16.0 + 14.0 * (node.column - 1) as f64)
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
        let begins = diagram.nodes[flow.from].column == 0;
        let color = &diagram.nodes[if begins { flow.to } else { flow.from }].color;
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
