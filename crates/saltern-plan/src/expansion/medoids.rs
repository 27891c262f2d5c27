//! Medoids: members of a set that stand for the others.
//!
//! PAM (L. Kaufman, P. J. Rousseeuw, Finding Groups in Data, Wiley 1990, ch. 2): medoids are added one by one, each the
//! one that brings all members nearest; then a medoid is exchanged for another member as long as that helps. There is no
//! chance in it: the same distances give the same medoids.

/// `count` medoids, `fixed` among them, rising. `distance[i][j]` is symmetric.
pub(super) fn medoids(distance: &[Vec<f64>], fixed: &[usize], count: usize) -> Vec<usize> {
    let all = distance.len();
    let mut chosen = fixed.to_vec();
    while chosen.len() < count.min(all) {
        let others = (0..all).filter(|i| !chosen.contains(i));
        let best = others.min_by(|a, b| {
            total(distance, &with(&chosen, *a)).total_cmp(&total(distance, &with(&chosen, *b)))
        });
        chosen.extend(best);
    }
    while let Some(better) = exchanged(distance, &chosen, fixed.len()) {
        chosen = better;
    }
    chosen.sort_unstable();
    chosen
}

/// The nearest medoid of each member, as an index into the medoids; a medoid is its own.
pub(super) fn nearest(distance: &[Vec<f64>], medoids: &[usize]) -> Vec<usize> {
    let of = |member: usize| {
        let own = medoids.iter().position(|medoid| *medoid == member);
        let near = |m: &usize| distance[member][medoids[*m]];
        own.unwrap_or_else(|| {
            (0..medoids.len())
                .min_by(|a, b| near(a).total_cmp(&near(b)))
                .unwrap_or(0)
        })
    };
    (0..distance.len()).map(of).collect()
}

fn with(chosen: &[usize], one: usize) -> Vec<usize> {
    let mut chosen = chosen.to_vec();
    chosen.push(one);
    chosen
}

/// Sum of the distances of all members to the nearest medoid.
fn total(distance: &[Vec<f64>], medoids: &[usize]) -> f64 {
    let nearest = |row: &Vec<f64>| {
        let own = medoids.iter().map(|medoid| row[*medoid]);
        own.fold(f64::INFINITY, f64::min)
    };
    distance.iter().map(nearest).sum()
}

/// The best exchange of a medoid that isn't fixed; `None` where none helps.
fn exchanged(distance: &[Vec<f64>], chosen: &[usize], fixed: usize) -> Option<Vec<usize>> {
    let now = total(distance, chosen);
    let mut best: Option<(f64, Vec<usize>)> = None;
    for place in fixed..chosen.len() {
        for other in (0..distance.len()).filter(|i| !chosen.contains(i)) {
            let mut tried = chosen.to_vec();
            tried[place] = other;
            let sum = total(distance, &tried);
            let limit = best.as_ref().map_or(now * (1.0 - 1e-12), |(sum, _)| *sum);
            if sum < limit {
                best = Some((sum, tried));
            }
        }
    }
    best.map(|(_, tried)| tried)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distances(points: &[f64]) -> Vec<Vec<f64>> {
        let row = |a: &f64| points.iter().map(|b| (a - b) * (a - b)).collect();
        points.iter().map(row).collect()
    }

    /// Two heaps on a line: their middles stand for them, and the sum is the least of all pairs.
    #[test]
    fn middles_of_two_heaps() {
        let points = [0.0, 1.0, 2.0, 10.0, 11.0, 13.0];
        let distance = distances(&points);
        let found = medoids(&distance, &[], 2);
        assert_eq!(found, [1, 4]);
        assert_eq!(nearest(&distance, &found), [0, 0, 0, 1, 1, 1]);
        let pairs = (0..6).flat_map(|a| (a + 1..6).map(move |b| [a, b]));
        let least = pairs
            .map(|pair| total(&distance, &pair))
            .fold(f64::INFINITY, f64::min);
        assert_eq!(total(&distance, &found), least);
    }

    #[test]
    fn what_is_fixed_stays() {
        let distance = distances(&[0.0, 1.0, 2.0, 10.0, 11.0, 13.0]);
        assert!(medoids(&distance, &[5], 2).contains(&5));
        assert_eq!(medoids(&distance, &[5], 9), [0, 1, 2, 3, 4, 5]);
    }
}
