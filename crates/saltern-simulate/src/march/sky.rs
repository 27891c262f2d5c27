//! What the sky does to the ponds: the hourly balance of every surface.

use jiff::civil::Date;
use saltern_climate::{Forcing, Surface};

use super::{DAY_S, EVAPORATED_SHARE_MAX, March};
use crate::energy::{self, Activity, SurfaceDay};
use crate::freezing::freezing_point_k;
use crate::matter::WATER_KG_M3;
use crate::notice::NoticeKind;
use crate::react::totals;
use crate::series::PondDay;

impl March<'_> {
    /// The hourly balance of every surface, with the water activity of yesterday's equilibrium.
    pub(super) fn meet_sky(&mut self, date: Date, hours: &[Forcing]) {
        let rain_kg_m2 = energy::rain_kg_m2(hours);
        for (p, pond) in self.ponds.iter_mut().enumerate() {
            let (wetted_m2, depth_m) = (pond.wetted_m2(), pond.depth_m());
            let wetted_share = wetted_m2 / pond.area_m2;
            self.today.wetted_share[p] = wetted_share;
            let (albedo, wind_factor) = (pond.albedo, pond.wind_factor);
            let limit_kg_m2 = EVAPORATED_SHARE_MAX
                * WATER_KG_M3
                * (depth_m - pond.film_m3() / wetted_m2).max(0.0);
            let (mut loss_kg, mut frozen, mut heat) = (0.0, false, 0.0);
            for (i, cell) in pond.cells.iter_mut().enumerate() {
                let id = self.transport.first_cell[p] + i;
                let heat_capacity =
                    cell.heat_capacity_j_m2_k(&self.matter, cell.area_m2 * wetted_share);
                heat += heat_capacity;
                let surface = Surface {
                    albedo,
                    wind_factor,
                    heat_capacity_j_m2_k: heat_capacity,
                    freezing_point_k: freezing_point_k(cell.water_activity),
                    ..Surface::default()
                };
                let mut day = if cell.is_dry() {
                    SurfaceDay::of_crust(hours)
                } else {
                    let activity = Activity::constant(cell.water_activity);
                    SurfaceDay::march(&surface, hours, cell.temperature_k, activity)
                };
                self.today.limited[id] = cell.is_dry() || day.evaporation_kg_m2 > limit_kg_m2;
                day.evaporation_kg_m2 = day.evaporation_kg_m2.min(limit_kg_m2);
                frozen |= day.frozen_h > 0;
                loss_kg +=
                    day.evaporation_kg_m2 * cell.area_m2 * wetted_share - rain_kg_m2 * cell.area_m2;
                self.today.surface[id] = surface;
                self.today.start_k[id] = cell.temperature_k;
                self.today.start_activity[id] = cell.water_activity;
                totals(cell, &self.matter, &mut self.today.start_mol[id]);
                cell.temperature_k = day.end_k;
                cell.mean_k = day.mean_k;
                self.today.surfaces[id] = day;
            }
            self.today.loss_m3_s[p] = loss_kg / WATER_KG_M3 / DAY_S
                + if pond.movable_m3() > 0.0 {
                    pond.leakage_m_s * wetted_m2
                } else {
                    0.0
                };
            self.today.rows[p] = PondDay {
                freezing: frozen,
                ..PondDay::default()
            };
            if frozen {
                self.notices.note(NoticeKind::Freezing, p, date);
            }
            let fresh = Surface {
                albedo,
                wind_factor,
                heat_capacity_j_m2_k: heat / pond.cells.len() as f64,
                freezing_point_k: 273.15,
                ..Surface::default()
            };
            let fresh_day =
                SurfaceDay::march(&fresh, hours, self.fresh_k[p], Activity::constant(1.0));
            self.fresh_k[p] = fresh_day.end_k;
            self.today.rows[p].evaporation_fresh_mm = fresh_day.evaporation_kg_m2;
        }
    }
}
