//! A pond as it stands: cells side by side under one level.

use crate::basin::Basin;
use crate::cell::{Cell, FILM_M};

/// A pond.
#[derive(Clone, Debug)]
pub(crate) struct Pond {
    pub(crate) basin: Basin,
    /// Area of the full pond, m²: rain is caught on it.
    pub(crate) area_m2: f64,
    pub(crate) crest_m: f64,
    pub(crate) depth_m_min: f64,
    pub(crate) depth_m_target: f64,
    pub(crate) leakage_m_s: f64,
    pub(crate) albedo: f64,
    pub(crate) wind_factor: f64,
    /// In the order of the flow: the first is fed, the last is drawn from.
    pub(crate) cells: Vec<Cell>,
}

impl Pond {
    /// Takes what may change while a pond is in use from the base: limits, leakage, surface.
    pub(crate) fn obey(&mut self, spec: &saltern_base::model::Pond) {
        self.crest_m = spec.depth_m_max;
        self.depth_m_min = spec.depth_m_min;
        self.depth_m_target = spec.depth_m_target;
        self.leakage_m_s = spec.leakage_m_s;
        self.albedo = spec.albedo;
        self.wind_factor = spec.wind_factor;
    }

    /// Salt with pores, m³.
    pub(crate) fn salt_m3(&self) -> f64 {
        self.cells.iter().map(|c| c.floor.bulk_m3()).sum()
    }

    /// Brine above the salt, m³.
    pub(crate) fn free_m3(&self) -> f64 {
        self.cells.iter().map(Cell::free_m3).sum()
    }

    /// Film of the whole pond, m³.
    pub(crate) fn film_m3(&self) -> f64 {
        FILM_M * self.area_m2
    }

    /// Brine that can flow, m³.
    pub(crate) fn movable_m3(&self) -> f64 {
        self.cells.iter().map(|c| c.movable_m3().max(0.0)).sum()
    }

    /// Level of the brine above the bare floor, m.
    pub(crate) fn level_m(&self) -> f64 {
        self.basin.level_of(self.salt_m3() + self.free_m3())
    }

    /// Wetted area, m².
    pub(crate) fn wetted_m2(&self) -> f64 {
        self.basin.area_at(self.level_m()).max(1e-6 * self.area_m2)
    }

    /// Mean depth of the brine over the wetted floor, m.
    pub(crate) fn depth_m(&self) -> f64 {
        self.free_m3() / self.wetted_m2()
    }

    /// Brine that the pond holds when it stands at a depth above its salt, m³, the crest permitting.
    pub(crate) fn brine_at_depth_m3(&self, depth_m: f64) -> f64 {
        let salt_m3 = self.salt_m3();
        let level_m = (self.basin.level_of(salt_m3) + depth_m).min(self.crest_m);
        (self.basin.volume_at(level_m) - salt_m3).max(self.film_m3())
    }

    /// Brine that the pond holds when it is full to the crest, m³.
    pub(crate) fn brine_at_crest_m3(&self) -> f64 {
        (self.basin.volume_at(self.crest_m) - self.salt_m3()).max(self.film_m3())
    }

    /// The cell that is drawn from.
    pub(crate) fn last(&self) -> &Cell {
        &self.cells[self.cells.len() - 1]
    }

    /// Level shared by all cells, as volume of salt, film and brine of one cell: `filled_m3` of brine
    /// lie on `beds_m3` (salt and film of each cell). Cells whose bed stands higher fall dry.
    pub(crate) fn common_fill_m3(beds_m3: &[f64], filled_m3: f64) -> f64 {
        let mut fill = f64::INFINITY;
        // Each round but the last leaves out at least one bed.
        for _ in 0..=beds_m3.len() {
            let under = beds_m3.iter().filter(|b| **b < fill);
            let (beds, count) = under.fold((0.0, 0usize), |(sum, n), bed| (sum + bed, n + 1));
            let next = (filled_m3 + beds) / count.max(1) as f64;
            if count == 0 || next >= fill {
                break;
            }
            fill = next;
        }
        fill
    }
}

#[cfg(test)]
mod tests {
    use super::Pond;

    #[test]
    fn brine_stands_level_over_uneven_beds() {
        assert_eq!(Pond::common_fill_m3(&[1.0, 2.0, 3.0], 6.0), 4.0);
        // The third bed is above the brine: 3 m³ over beds 1 and 2 stand at 3.
        assert_eq!(Pond::common_fill_m3(&[1.0, 2.0, 9.0], 3.0), 3.0);
        assert_eq!(Pond::common_fill_m3(&[5.0], 2.0), 7.0);
    }
}
