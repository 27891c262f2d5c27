//! What faults and set-points ask of one day. A day is marched as a whole, so what holds for a part of it counts by its share.

use jiff::civil::Date;
use saltern_base::model::{Base, DAY_US, Site};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, FaultKind, STORM_US};

/// mm a day in m/s.
const MM_D: f64 = 1e-3 / 86_400.0;
/// Hours of a day.
const HOURS: usize = 24;
const HOUR_US: i64 = DAY_US / HOURS as i64;

/// A set-point that was written.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SetPoint {
    /// Link, by its place in the base.
    pub(crate) link: usize,
    /// Largest flow from then on, m³/s.
    pub(crate) flow_m3_s: f64,
    /// When, µs since 1970.
    pub(crate) from_us: i64,
}

/// Orders of one day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Orders {
    /// Leakage beyond the base's own, by pond, m/s.
    pub(crate) leakage_m_s: Vec<f64>,
    /// Largest flow over the day, by link, m³/s; what a pump that stands could not do is taken off.
    pub(crate) capacity_m3_s: Vec<f64>,
    /// What each link is set to in the end, m³/s.
    pub(crate) set_m3_s: Vec<f64>,
    /// Share of the day in which each link can run.
    pub(crate) running: Vec<f64>,
    /// Rain beyond the weather's, by hour, m/s.
    pub(crate) rain_m_s: [f64; HOURS],
}

impl Orders {
    /// Of a day; what has no end yet is taken to last to its evening.
    pub(crate) fn of(base: &Base, date: Date, faults: &[Fault], set: &[SetPoint]) -> Orders {
        let day = Day::of(&base.site, date);
        let mut orders = Orders {
            leakage_m_s: vec![0.0; base.ponds.len()],
            capacity_m3_s: (0..base.links.len())
                .map(|link| day.set_point(base, link, set))
                .collect(),
            set_m3_s: (0..base.links.len())
                .map(|link| day.last_set(base, link, set))
                .collect(),
            running: vec![1.0; base.links.len()],
            rain_m_s: [0.0; HOURS],
        };
        for fault in faults {
            let share = day.share(fault.from_us, fault.until_us);
            match fault.kind {
                FaultKind::Leak => {
                    if let Some(pond) = base.ponds.iter().position(|p| p.id == fault.target) {
                        orders.leakage_m_s[pond] += share * fault.size * MM_D;
                    }
                }
                FaultKind::Trip => {
                    if let Some(link) = base.links.iter().position(|l| l.id == fault.target) {
                        orders.running[link] = (orders.running[link] - share).max(0.0);
                    }
                }
                FaultKind::Storm => orders.storm(&day, fault),
                FaultKind::Stuck | FaultKind::Drift | FaultKind::Down => {}
            }
        }
        for (capacity, running) in orders.capacity_m3_s.iter_mut().zip(&orders.running) {
            // An overflow has none, and no pump that could stand.
            if capacity.is_finite() {
                *capacity *= running;
            }
        }
        orders
    }

    /// One that is ended early brings less.
    fn storm(&mut self, day: &Day, fault: &Fault) {
        let rate_m_s = fault.size * 1e-3 / (STORM_US as f64 * 1e-6);
        for (hour, rain_m_s) in self.rain_m_s.iter_mut().enumerate() {
            let from_us = day.from_us + hour as i64 * HOUR_US;
            let share = share(from_us, from_us + HOUR_US, fault.from_us, fault.until_us);
            *rain_m_s += share * rate_m_s;
        }
    }
}

/// A day as instants.
struct Day {
    from_us: i64,
}

impl Day {
    fn of(site: &Site, date: Date) -> Day {
        Day {
            from_us: site.midnight_us(date),
        }
    }

    fn share(&self, from_us: i64, until_us: Option<i64>) -> f64 {
        share(self.from_us, self.from_us + DAY_US, from_us, until_us)
    }

    /// What a link was last set to before the day's evening.
    fn last_set(&self, base: &Base, link: usize, set: &[SetPoint]) -> f64 {
        let end_us = self.from_us + DAY_US;
        let own = set.iter().filter(|s| s.link == link && s.from_us < end_us);
        let last = own.max_by_key(|s| s.from_us);
        last.map_or(base.links[link].capacity_m3_s, |s| s.flow_m3_s)
    }

    /// Mean over the day of what a link is set to.
    fn set_point(&self, base: &Base, link: usize, set: &[SetPoint]) -> f64 {
        let own = base.links[link].capacity_m3_s;
        let mut own_set: Vec<&SetPoint> = set.iter().filter(|s| s.link == link).collect();
        if own_set.is_empty() || !own.is_finite() {
            return own;
        }
        own_set.sort_by_key(|s| s.from_us);
        let first_us = own_set[0].from_us;
        let before = self.share(i64::MIN, Some(first_us)) * own;
        let each = own_set.iter().enumerate().map(|(i, s)| {
            let until_us = own_set.get(i + 1).map(|next| next.from_us);
            self.share(s.from_us, until_us) * s.flow_m3_s
        });
        before + each.sum::<f64>()
    }
}

/// Share of one span that another covers.
fn share(begin_us: i64, end_us: i64, from_us: i64, until_us: Option<i64>) -> f64 {
    let until_us = until_us.unwrap_or(i64::MAX).min(end_us);
    let covered_us = until_us.saturating_sub(from_us.max(begin_us)).max(0);
    covered_us as f64 / (end_us - begin_us) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_day_counts_by_its_share() {
        assert_eq!(share(0, 100, 25, None), 0.75);
        assert_eq!(share(0, 100, 25, Some(50)), 0.25);
        assert_eq!(share(0, 100, -50, Some(50)), 0.5);
        assert_eq!(share(0, 100, 150, None), 0.0);
        assert_eq!(share(0, 100, i64::MIN, Some(20)), 0.2);
    }
}
