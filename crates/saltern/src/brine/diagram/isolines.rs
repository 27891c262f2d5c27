//! Lines of equal value over a lattice of triangles.

use saltern_brine::diagram::map::Node;

/// Segments where a value crosses a level, chained into lines.
pub(crate) fn isoline(
    nodes: &[Node],
    triangles: &[[usize; 3]],
    value: impl Fn(&Node) -> f64,
    level: f64,
) -> Vec<Vec<[f64; 2]>> {
    let mut segments = Vec::new();
    for t in triangles {
        let v = t.map(|n| value(&nodes[n]) - level);
        if v.iter().any(|x| !x.is_finite()) {
            continue;
        }
        let cut = |i: usize, j: usize| {
            let (i, j) = if t[i] < t[j] { (i, j) } else { (j, i) };
            let s = v[i] / (v[i] - v[j]);
            let (p, q) = (nodes[t[i]].place, nodes[t[j]].place);
            (
                (t[i], t[j]),
                [p[0] + s * (q[0] - p[0]), p[1] + s * (q[1] - p[1])],
            )
        };
        let crossed: Vec<_> = [(0, 1), (1, 2), (2, 0)]
            .into_iter()
            .filter(|&(i, j)| (v[i] > 0.0) != (v[j] > 0.0))
            .map(|(i, j)| cut(i, j))
            .collect();
        if let [a, b] = crossed[..] {
            segments.push((a, b));
        }
    }
    chained(segments)
}

type End = ((usize, usize), [f64; 2]);

fn chained(mut segments: Vec<(End, End)>) -> Vec<Vec<[f64; 2]>> {
    let mut lines = Vec::new();
    while let Some((a, b)) = segments.pop() {
        let (mut keys, mut line) = ((a.0, b.0), vec![a.1, b.1]);
        loop {
            let next = segments
                .iter()
                .position(|(p, q)| [p.0, q.0].iter().any(|k| *k == keys.0 || *k == keys.1));
            let Some(at) = next else { break };
            let (p, q) = segments.swap_remove(at);
            if p.0 == keys.1 {
                (keys.1, _) = (q.0, line.push(q.1));
            } else if q.0 == keys.1 {
                (keys.1, _) = (p.0, line.push(p.1));
            } else if p.0 == keys.0 {
                (keys.0, _) = (q.0, line.insert(0, q.1));
            } else {
                (keys.0, _) = (p.0, line.insert(0, p.1));
            }
        }
        lines.push(line);
    }
    lines
}

/// About so many round values between two ends, spread as the logarithm is.
pub(crate) fn levels(low: f64, high: f64) -> Vec<f64> {
    const ROUND: [f64; 22] = [
        1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0,
        60.0, 80.0, 100.0, 150.0, 200.0, 300.0,
    ];
    let mut list: Vec<f64> = ROUND
        .into_iter()
        .filter(|v| *v > low && *v < high)
        .collect();
    while list.len() > 9 {
        let mut keep = false;
        list.retain(|_| {
            keep = !keep;
            keep
        });
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_of_a_plane_is_one_straight_line() {
        let node = |x: f64, y: f64| Node {
            place: [x, y],
            mineral: None,
            water_mol: x,
            water_activity: 1.0,
        };
        let nodes = [
            node(0.0, 0.0),
            node(1.0, 0.0),
            node(0.0, 1.0),
            node(1.0, 1.0),
        ];
        let lines = isoline(&nodes, &[[0, 1, 2], [1, 3, 2]], |n| n.water_mol, 0.25);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|p| (p[0] - 0.25).abs() < 1e-12));
        assert_eq!(lines[0].len(), 3);
    }
}
