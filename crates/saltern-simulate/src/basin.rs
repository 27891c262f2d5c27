//! The shape of a pond: how level, wetted area and volume hang together.

/// A level–area table above the bare floor, with its integral. Between rows the area is linear;
/// above the last row the walls are vertical.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Basin {
    level_m: Vec<f64>,
    area_m2: Vec<f64>,
    volume_m3: Vec<f64>,
}

impl Basin {
    /// From the rows of a bathymetry table, or vertical walls where there are none.
    pub(crate) fn new(area_m2: f64, bathymetry: &[(f64, f64)]) -> Self {
        let mut rows: Vec<(f64, f64)> = bathymetry.to_vec();
        if rows.is_empty() {
            rows.push((0.0, area_m2));
        }
        if rows[0].0 > 0.0 {
            rows.insert(0, (0.0, rows[0].1));
        }
        let mut volume_m3 = vec![0.0];
        for pair in rows.windows(2) {
            let slab = 0.5 * (pair[0].1 + pair[1].1) * (pair[1].0 - pair[0].0);
            volume_m3.push(volume_m3[volume_m3.len() - 1] + slab);
        }
        let (level_m, area_m2) = rows.into_iter().unzip();
        Basin {
            level_m,
            area_m2,
            volume_m3,
        }
    }

    fn row_below(&self, column: &[f64], value: f64) -> usize {
        column.partition_point(|&x| x <= value).saturating_sub(1)
    }

    /// Rise of the area with the level above row `i`, m.
    fn slope(&self, i: usize) -> f64 {
        match self.level_m.get(i + 1) {
            Some(&next) if next > self.level_m[i] => {
                (self.area_m2[i + 1] - self.area_m2[i]) / (next - self.level_m[i])
            }
            _ => 0.0,
        }
    }

    /// Wetted area at a level, m².
    pub(crate) fn area_at(&self, level_m: f64) -> f64 {
        let i = self.row_below(&self.level_m, level_m);
        self.area_m2[i] + self.slope(i) * (level_m - self.level_m[i]).max(0.0)
    }

    /// Volume of salt and brine below a level, m³.
    pub(crate) fn volume_at(&self, level_m: f64) -> f64 {
        let i = self.row_below(&self.level_m, level_m);
        let rise = level_m - self.level_m[i];
        self.volume_m3[i] + rise * (self.area_m2[i] + 0.5 * self.slope(i) * rise)
    }

    /// Level at which salt and brine fill a volume, m.
    pub(crate) fn level_of(&self, volume_m3: f64) -> f64 {
        let i = self.row_below(&self.volume_m3, volume_m3);
        let (area, slope, more) = (
            self.area_m2[i],
            self.slope(i),
            volume_m3 - self.volume_m3[i],
        );
        // The root of area·x + slope·x²/2 = more in the form that does not cancel for a small slope.
        let root = (area * area + 2.0 * slope * more).max(0.0).sqrt();
        self.level_m[i] + 2.0 * more / (area + root)
    }
}

#[cfg(test)]
mod tests {
    use super::Basin;

    #[test]
    fn a_box_has_volume_area_times_level() {
        let basin = Basin::new(200.0, &[]);
        assert_eq!(basin.volume_at(0.4), 80.0);
        assert_eq!(basin.level_of(80.0), 0.4);
        assert_eq!(basin.area_at(3.0), 200.0);
    }

    #[test]
    fn level_and_volume_are_inverse_on_a_sloping_shore() {
        let basin = Basin::new(300.0, &[(0.0, 100.0), (0.5, 200.0), (1.0, 300.0)]);
        assert!((basin.volume_at(0.5) - 75.0).abs() < 1e-12);
        for level in [0.0, 0.1, 0.5, 0.77, 1.0, 1.3] {
            assert!((basin.level_of(basin.volume_at(level)) - level).abs() < 1e-12);
        }
        assert!((basin.area_at(0.25) - 150.0).abs() < 1e-12);
    }
}
