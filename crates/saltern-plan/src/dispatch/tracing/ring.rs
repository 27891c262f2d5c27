//! Flows that run in a ring of lossless lines, taken out.
//!
//! Such a flow costs nothing and reaches nobody, so that an optimal plan may hold any amount of it; with it, proportional sharing would mix
//! what it passes by.

/// Takes all rings out of flows between nodes; `(from, to, energy)`, energy ≥ 0. What is left has no ring.
pub(super) fn cut(flows: &mut [(usize, usize, f64)], least: f64) {
    while let Some(ring) = find(flows, least) {
        let smallest = ring.iter().map(|f| flows[*f].2);
        let smallest = smallest.fold(f64::INFINITY, f64::min);
        for f in ring {
            flows[f].2 -= smallest;
            // The smallest is gone whatever rounding says, so that there is an end.
            if flows[f].2 <= least {
                flows[f].2 = 0.0;
            }
        }
    }
}

/// A ring of flows above the least, in order.
fn find(flows: &[(usize, usize, f64)], least: f64) -> Option<Vec<usize>> {
    let nodes = flows.iter().map(|f| f.0.max(f.1) + 1).max().unwrap_or(0);
    let mut done = vec![false; nodes];
    for start in 0..nodes {
        let mut on_path = vec![false; nodes];
        let mut path = Vec::new();
        if let Some(ring) = follow(flows, least, start, &mut done, &mut on_path, &mut path) {
            return Some(ring);
        }
    }
    None
}

fn follow(
    flows: &[(usize, usize, f64)],
    least: f64,
    node: usize,
    done: &mut [bool],
    on_path: &mut [bool],
    path: &mut Vec<usize>,
) -> Option<Vec<usize>> {
    if done[node] {
        return None;
    }
    on_path[node] = true;
    for (f, (from, to, energy)) in flows.iter().enumerate() {
        if *from != node || *energy <= least {
            continue;
        }
        path.push(f);
        if on_path[*to] {
            let begin = path.iter().position(|f| flows[*f].0 == *to)?;
            return Some(path[begin..].to_vec());
        }
        if let Some(ring) = follow(flows, least, *to, done, on_path, path) {
            return Some(ring);
        }
        path.pop();
    }
    on_path[node] = false;
    done[node] = true;
    None
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_ring_is_taken_out_and_what_goes_through_it_stays() {
        // 10 round the ring 0 → 1 → 2 → 0, of which 4 go from 0 to 2 and end there.
        let mut flows = [(0, 1, 14.0), (1, 2, 14.0), (2, 0, 10.0), (3, 0, 4.0)];
        cut(&mut flows, 1e-9);
        assert_eq!(flows.map(|f| f.2), [4.0, 4.0, 0.0, 4.0]);
        // Two lines between the same nodes, one each way.
        let mut pair = [(0, 1, 3.0), (1, 0, 5.0)];
        cut(&mut pair, 1e-9);
        assert_eq!(pair.map(|f| f.2), [0.0, 2.0]);
    }
}
