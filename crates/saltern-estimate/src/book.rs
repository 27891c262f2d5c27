//! The measured book: what moved on every stream, reconciled, with bands.
//!
//! Reconciliation asks for the flows that are nearest to what was measured, in standard deviations, and yet balance. Here the balances are
//! those of a march: whatever the most probable march posted conserves every element, day by day, evaporation and leak have their
//! chemistry, and meters, levels, densities and assays have moved it as far as their errors let them. So its book *is* the measured book;
//! `Simulation::book` of [`Estimate::run`] is closed, kept and compared like any other. What is added here is how far each figure may
//! be off, from the books of the members, and what that says of each meter.

use crate::state::{Band, Estimate};
use saltern_base::model::{Base, Schedule};

/// What moved on a stream over the window.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamBand {
    /// Index into the streams of the book.
    pub stream: usize,
    /// Mass, kg: that of the book, and the deviation of the members.
    pub mass_kg: Band,
    /// Volume of liquid, m³.
    pub volume_m3: Band,
}

/// Every stream on which something moved.
pub fn streams(estimate: &Estimate) -> Vec<StreamBand> {
    let band = |stream: usize, of: fn(&(f64, f64)) -> f64| Band {
        mean: of(&estimate.central.moved[stream]),
        ..Band::of(estimate.members.iter().map(|m| of(&m.moved[stream])))
    };
    let moved = |s: &usize| estimate.central.moved[*s] != (0.0, 0.0);
    (0..estimate.central.moved.len())
        .filter(moved)
        .map(|stream| StreamBand {
            stream,
            mass_kg: band(stream, |m| m.0),
            volume_m3: band(stream, |m| m.1),
        })
        .collect()
}

/// A meter against the book.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeterCheck {
    /// The link.
    pub link: usize,
    /// What the meter said over the days on which it said anything, m³.
    pub metered_m3: f64,
    /// What the book has on those days, m³.
    pub booked_m3: f64,
    /// The logarithm of what flowed over what the meter said, in deviations of its class: beyond 3 the meter is not what it says.
    pub z: f64,
}

/// Every link that has a meter.
pub fn meters(estimate: &Estimate, base: &Base, metered: &Schedule, class: f64) -> Vec<MeterCheck> {
    let mut checks = Vec::new();
    let from = estimate.run.book.from;
    for link in 0..base.links.len() {
        let (mut metered_m3, mut booked_m3) = (0.0, 0.0);
        for flow in metered.flows.iter().filter(|f| f.link == link) {
            metered_m3 += flow.flow_m3_s * 86_400.0;
            let day = usize::try_from((flow.from - from).get_days()).ok();
            let booked = day.and_then(|d| estimate.central.track.flows_m3[link].get(d));
            booked_m3 += booked.copied().unwrap_or(0.0);
        }
        let place = estimate
            .layout
            .place(crate::departure::Departure::Meter(link));
        if let Some(k) = place {
            checks.push(MeterCheck {
                link,
                metered_m3,
                booked_m3,
                z: estimate.central.departures[k] / class,
            });
        }
    }
    checks
}
