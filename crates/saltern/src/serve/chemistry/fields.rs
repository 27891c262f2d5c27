//! Fields of a triangle or square.

use saltern_brine::diagram::map::{self, FINENESS};
use saltern_brine::diagram::{Line, Map};
use saltern_server::diagrams::{Diagram, InvariantPoint, SaturationLine, SolidField, WaterLine};

use super::{Chemistry, brine, solids};
use crate::brine::diagram::isolines::{isoline, levels};

pub(super) fn draw(chemistry: &Chemistry<'_>, blank: Diagram) -> Diagram {
    let map = map::draw(
        chemistry.database,
        &chemistry.projection,
        &chemistry.allowed,
        chemistry.temperature_k,
        FINENESS,
    );
    let neighbours: Vec<_> = map.lines.iter().map(|line| line.minerals).collect();
    let named = map.fields.iter().map(|field| field.mineral);
    let small = map.unresolved.iter().copied();
    let solids = solids::Solids::new(chemistry, named.chain(small), &neighbours);
    let fields = map.fields.iter().filter_map(|field| {
        Some(SolidField {
            solid: solids.index(field.mineral)?,
            outlines: field.outlines.clone(),
            centre: field.centre.0,
            room: field.centre.1,
            share: field.area,
        })
    });
    let points = map.invariants.iter().filter_map(|point| {
        Some(InvariantPoint {
            solids: solids.indices(&point.minerals),
            place: point.place,
            brine: brine::view(chemistry, &point.brine)?,
        })
    });
    Diagram {
        fields: fields.collect(),
        lines: map
            .lines
            .iter()
            .filter_map(|line| saturation_line(&solids, line))
            .collect(),
        points: points.collect(),
        waters: waters(&map),
        blank: map.blank.clone(),
        folds: map.lines.iter().any(|l| l.points.iter().any(|p| !p.both)),
        unresolved: solids.indices(&map.unresolved),
        over: solids.indices(&chemistry.projection.saturating),
        solids: solids.views(),
        ..blank
    }
}

/// A line, turned so that the activity of water falls along it.
fn saturation_line(solids: &solids::Solids<'_>, line: &Line) -> Option<SaturationLine> {
    let (first, last) = (line.points.first()?, line.points.last()?);
    let mut ends = [first.brine.water_activity, last.brine.water_activity];
    let mut points: Vec<[f64; 2]> = line.points.iter().map(|point| point.place).collect();
    if ends[0] < ends[1] {
        points.reverse();
        ends.reverse();
    }
    Some(SaturationLine {
        solids: [
            solids.index(line.minerals[0])?,
            solids.index(line.minerals[1])?,
        ],
        points,
        both: line.points.iter().all(|point| point.both),
        water_activities: ends,
    })
}

fn waters(map: &Map) -> Vec<WaterLine> {
    let there = || {
        let waters = map.nodes.iter().map(|node| node.water_mol);
        waters.filter(|water| water.is_finite())
    };
    let (low, high) = (
        there().fold(f64::INFINITY, f64::min),
        there().fold(0.0, f64::max),
    );
    let line = |level: f64| WaterLine {
        water_mol: level,
        pieces: isoline(&map.nodes, &map.triangles, |node| node.water_mol, level),
    };
    levels(low, high).into_iter().map(line).collect()
}
