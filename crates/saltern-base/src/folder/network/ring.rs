//! Rings: links that lead back to where they began.

use crate::error::BaseError;
use crate::folder::Reader;
use crate::model::{Base, End, Link, Rule};
use crate::notice::Notice;
use saltern_units::place::Place;

/// Refuses rings in which every link runs whatever the levels and grades: brine would go round
/// without end. Every ring that can be found by taking away one link a time is reported once.
pub(super) fn refuse(links: &[Link], places: &[Place], ponds: &[String], reader: &mut Reader<'_>) {
    let unconditional = |link: &Link| matches!(link.rule, Rule::Overflow | Rule::Constant);
    let mut kept: Vec<usize> = (0..links.len())
        .filter(|&i| unconditional(&links[i]))
        .collect();
    while let Some(ring) = find(links, &kept) {
        let Some(&last) = ring.iter().max() else {
            break;
        };
        reader.errors.push(BaseError::Ring {
            place: places[last].clone(),
            ponds: around(links, &ring, ponds),
        });
        kept.retain(|&i| i != last);
    }
}

/// Tells of a ring that some rule may open and close, such as the return of old brine for blending.
pub(super) fn notice(base: &Base, reader: &mut Reader<'_>) {
    let all: Vec<usize> = (0..base.links.len()).collect();
    let Some(ring) = find(&base.links, &all) else {
        return;
    };
    let ids: Vec<String> = base.ponds.iter().map(|pond| pond.id.clone()).collect();
    let ponds = around(&base.links, &ring, &ids).join(" → ");
    let place = Place::file("links.csv");
    reader.notices.push(Notice::at(
        "base.returning_flow",
        place,
        &[("ponds", &ponds)],
    ));
}

/// Links of some ring among the kept ones, in flow order.
fn find(links: &[Link], kept: &[usize]) -> Option<Vec<usize>> {
    let mut done = Vec::new();
    kept.iter()
        .find_map(|&start| walk(links, kept, start, &mut Vec::new(), &mut done))
}

/// Depth-first search along the flow; `path` holds the links walked, `done` those that lead into no ring.
fn walk(
    links: &[Link],
    kept: &[usize],
    link: usize,
    path: &mut Vec<usize>,
    done: &mut Vec<usize>,
) -> Option<Vec<usize>> {
    if done.contains(&link) {
        return None;
    }
    path.push(link);
    if let Some(first) = path
        .iter()
        .position(|&walked| links[walked].from == links[link].to)
    {
        return Some(path[first..].to_vec());
    }
    let next = kept
        .iter()
        .filter(|&&other| links[other].from == links[link].to);
    for &other in next {
        if let Some(ring) = walk(links, kept, other, path, done) {
            return Some(ring);
        }
    }
    path.pop();
    done.push(link);
    None
}

/// Ponds around a ring, the first one again at the end.
fn around(links: &[Link], ring: &[usize], ponds: &[String]) -> Vec<String> {
    let name = |end: End| match end {
        End::Pond(i) => ponds.get(i).cloned(),
        _ => None,
    };
    let first = ring.first().and_then(|&link| name(links[link].from));
    first
        .into_iter()
        .chain(ring.iter().filter_map(|&link| name(links[link].to)))
        .collect()
}
