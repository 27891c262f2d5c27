//! Two balances of a pond, for small departures from a march of the model.
//!
//! A pond of wetted area A holds brine and the salt that settled from it. Its level h above the bare floor encloses both,
//! pores and all, so porosity does not enter. With flows Q, evaporation E (m/d of water) and leak L (m/d of brine),
//!
//! - water:  A dh/dt = Σ Q_in − Σ Q_out − κ A E − A L + rain, κ the volume that goes with a volume of evaporated water when
//!   what it held settles as salt;
//! - conservative ion, N = c V: dN/dt = Σ Q_in c_in − Σ Q_out c − L A c. Evaporation carries none.
//!
//! This is the balance of Butts' six streams (facts/ponds.md §9.1) in two unknowns a pond. The march gives h, c, V, Q, E
//! and how much solid σ settles with a volume of evaporated water; what is estimated are departures: δh, n = δN/N,
//! s (salt that takes the place of brine, m), L, the logarithm of evaporation over that of the march φ = φ_shared + φ_pond, and the logarithm g of what flowed
//! over what its meter said. To first order, a day on,
//!
//! δh' = δh − L − κ E φ + Σ (Q_in/A) g − Σ (Q_out/A) g
//! s'  = s + σ E φ
//! n'  = n + Σ Q_in c_in/(V c) (g + γ_in − n) − Σ Q_out/V (g + γ − n) − L A/V, where γ = δ ln c = n − (δh − s) A/V.
//!
//! A leak takes brine as it is, so γ does not see it at first: levels do. Evaporation is in both. Whence the two can be told apart.

use super::kalman::{Kalman, Row};
use crate::track::Track;
use saltern_base::model::{Base, End, PondId};

/// What is known beforehand, as standard deviations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knowledge {
    /// Leak of each pond beyond that of the march, m/d (assumed: wide beside what ponds leak).
    pub leak_m_d: f64,
    /// Evaporation over that of the march, in all ponds alike, relative (assumed; wind and albedo of a site).
    pub evaporation_shared: f64,
    /// And in each pond by itself, relative (assumed; shelter, colour).
    pub evaporation_own: f64,
    /// The same that comes and goes by the day, in all ponds alike, relative (assumed).
    pub evaporation_daily: f64,
    /// Reading of a meter over what flowed, relative, the same all the time: its class.
    pub meter: f64,
    /// The same that comes and goes by the day, relative.
    pub meter_daily: f64,
    /// Rain over that of the march, relative, by the day (assumed: a gauge beside a large pond).
    pub rain: f64,
    /// Level of a pond that is colder than 3 °C, by the day, m (fitted here). Hydrohalite (below 0.1 °C) and mirabilite take
    /// water up and give it back within days, and when is a matter of tenths of a degree.
    pub cold_daily_m: f64,
    /// Level with which the march began, m.
    pub opening_level_m: f64,
    /// Content of the ion with which the march began, relative.
    pub opening_content: f64,
    /// Thickness of the salt with which the march began, relative: what is taken for salt is missed as brine.
    pub opening_salt: f64,
}

impl Default for Knowledge {
    fn default() -> Self {
        Knowledge {
            leak_m_d: 1e-3,
            evaporation_shared: 0.1,
            evaporation_own: 0.03,
            evaporation_daily: 0.1,
            meter: 0.005,
            meter_daily: 0.01,
            rain: 0.2,
            cold_daily_m: 2e-3,
            opening_level_m: 0.01,
            opening_content: 0.03,
            opening_salt: 0.1,
        }
    }
}

/// Brine that leaves or enters a pond, in terms of its depth and holding.
struct Joint {
    link: usize,
    from: Option<PondId>,
    to: Option<PondId>,
}

/// The linear system of a window.
pub(super) struct Balance<'t> {
    track: &'t Track,
    element: usize,
    knowledge: Knowledge,
    joints: Vec<Joint>,
    /// κ and σ of each pond.
    by_water: Vec<(f64, f64)>,
    /// Brine that exchanges with the pond: above the salt and in the pores of its reactive layer, m³, by row of the track.
    exchanging_m3: Vec<f64>,
    source_kg_m3: Vec<f64>,
}

/// Volume that goes with a volume of evaporated water, and solid that settles with it, where too little evaporates to tell: that of a
/// brine saturated with halite at 25 °C (0.359 kg NaCl/kg water, densities 1.198 and 2.165 t/m³, facts/ponds.md §2.3).
const BY_WATER: (f64, f64) = (0.966, 0.166);

/// A pond is cold below this, °C.
const COLD_C: f64 = 3.0;

/// Evaporation below which its error no longer falls with it, mm/d (fitted here: with less, the sensor is surer of itself in winter
/// than its errors in synthetic years allow).
const LEAST_EVAPORATION_MM: f64 = 1.0;

impl<'t> Balance<'t> {
    /// Of a march; `source_kg_m3` is the content of the ion in what each link brings from a source.
    pub(super) fn new(
        track: &'t Track,
        base: &Base,
        element: usize,
        knowledge: Knowledge,
        source_kg_m3: &[f64],
    ) -> Self {
        let pond = |end: End| match end {
            End::Pond(p) => Some(p),
            _ => None,
        };
        let joints: Vec<Joint> = (base.links.iter().enumerate())
            .map(|(link, l)| Joint {
                link,
                from: pond(l.from),
                to: pond(l.to),
            })
            .collect();
        let rows = track.level_m.len();
        let exchanging_m3 = (0..rows)
            .map(|row| {
                let pond = &base.ponds[row % track.ponds];
                let reactive_m = track.salt_m[row].min(pond.reactive_layer_m);
                track.free_m3[row] + reactive_m * pond.floor_porosity * pond.area_m2
            })
            .collect();
        let by_water = (0..track.ponds).map(|p| by_water(track, base, p)).collect();
        Balance {
            track,
            element,
            knowledge,
            joints,
            by_water,
            exchanging_m3,
            source_kg_m3: source_kg_m3.to_vec(),
        }
    }

    /// Evaporation of a day that an error of it is relative to, m: in the cold a small difference of two large fluxes, which wind and
    /// sky move by more than their share.
    fn uncertain_m(&self, row: usize) -> f64 {
        self.track.evaporation_mm[row].max(LEAST_EVAPORATION_MM) * 1e-3
    }

    fn ponds(&self) -> usize {
        self.track.ponds
    }

    /// δh of a pond.
    pub(super) fn level(&self, p: PondId) -> Row {
        vec![(p, 1.0)]
    }

    /// L of a pond, m/d.
    pub(super) fn leak(&self, p: PondId) -> Row {
        vec![(3 * self.ponds() + p, 1.0)]
    }

    /// φ of a pond.
    pub(super) fn evaporation(&self, p: PondId) -> Row {
        vec![
            (4 * self.ponds() + p, 1.0),
            (5 * self.ponds() + self.joints.len(), 1.0),
        ]
    }

    fn meter(&self, link: usize) -> usize {
        5 * self.ponds() + link
    }

    /// γ of a pond on an evening.
    pub(super) fn content(&self, day: u32, p: PondId) -> Row {
        let n = self.ponds();
        let row = self.track.row(day, p);
        let over = self.track.area_m2[row] / self.exchanging_m3[row];
        vec![(n + p, 1.0), (p, -over), (2 * n + p, over)]
    }

    /// The filter before the first day.
    pub(super) fn start(&self) -> Kalman {
        let k = &self.knowledge;
        let n = self.ponds();
        let mut sigmas = Vec::new();
        sigmas.extend(vec![0.0; n]);
        sigmas.extend(vec![k.opening_content; n]);
        sigmas.extend(vec![0.0; n]);
        sigmas.extend(vec![k.leak_m_d; n]);
        sigmas.extend(vec![k.evaporation_own; n]);
        sigmas.extend(vec![k.meter; self.joints.len()]);
        sigmas.push(k.evaporation_shared);
        let mut kalman = Kalman::new(&sigmas);
        // What stands higher, or on less salt, holds more brine of the content that was measured.
        for p in 0..n {
            let row = self.track.row(0, p);
            let over = self.track.area_m2[row] / self.exchanging_m3[row];
            let level_m = k.opening_level_m;
            let salt_m = k.opening_salt * self.track.salt_m[row];
            kalman.disturb(&vec![(p, level_m), (n + p, level_m * over)]);
            kalman.disturb(&vec![(2 * n + p, salt_m), (n + p, -salt_m * over)]);
        }
        kalman
    }

    /// Takes the filter over a day.
    pub(super) fn advance(&self, kalman: &mut Kalman, day: u32) {
        let n = self.ponds();
        let (mut level, mut ion, mut solid) = (Vec::new(), Vec::new(), Vec::new());
        for p in 0..n {
            let row = self.track.row(day, p);
            let (kappa, sigma) = self.by_water[p];
            let water_m = self.uncertain_m(row);
            let phi = self.evaporation(p);
            let scaled = |a: f64| phi.iter().map(move |(j, one)| (*j, a * one));
            let leak = self.leak(p)[0].0;
            level.push(vec![(p, 1.0), (leak, -1.0)]);
            level[p].extend(scaled(-kappa * water_m));
            solid.push(vec![(2 * n + p, 1.0)]);
            solid[p].extend(scaled(sigma * water_m));
            let over = self.track.area_m2[row] / self.exchanging_m3[row];
            ion.push(vec![(n + p, 1.0), (leak, -over)]);
        }
        let mut meters = vec![Row::new(); self.joints.len()];
        for joint in &self.joints {
            let flow_m3 = self.track.flows_m3[joint.link][day as usize];
            let meter = self.meter(joint.link);
            if let Some(p) = joint.from {
                let row = self.track.row(day, p);
                let a = flow_m3 / self.track.area_m2[row];
                let share = flow_m3 / self.exchanging_m3[row];
                level[p].push((meter, -a));
                ion[p].extend([(meter, -share), (n + p, share)]);
                for (j, one) in self.content(day, p) {
                    ion[p].push((j, -share * one));
                }
                meters[joint.link].extend([(p, -a), (n + p, -share)]);
            }
            if let Some(p) = joint.to {
                let row = self.track.row(day, p);
                let a = flow_m3 / self.track.area_m2[row];
                let here = self.track.contents[self.element][row];
                let there = joint.from.map_or(self.source_kg_m3[joint.link], |q| {
                    self.track.contents[self.element][self.track.row(day, q)]
                });
                let mut share = flow_m3 * there / (self.exchanging_m3[row] * here);
                if !share.is_finite() {
                    share = 0.0;
                }
                level[p].push((meter, a));
                ion[p].extend([(meter, share), (n + p, -share)]);
                if let Some(q) = joint.from {
                    for (j, one) in self.content(day, q) {
                        ion[p].push((j, share * one));
                    }
                }
                meters[joint.link].extend([(p, a), (n + p, share)]);
            }
        }
        let mut changed: Vec<(usize, Row)> = Vec::with_capacity(3 * n);
        changed.extend(level.into_iter().enumerate());
        changed.extend(ion.into_iter().enumerate().map(|(p, r)| (n + p, r)));
        changed.extend(solid.into_iter().enumerate().map(|(p, r)| (2 * n + p, r)));
        kalman.advance(&changed);
        self.disturb(kalman, day, &meters);
    }

    fn disturb(&self, kalman: &mut Kalman, day: u32, meters: &[Row]) {
        let (k, n) = (&self.knowledge, self.ponds());
        let (mut sky, mut rain) = (Row::new(), Row::new());
        for p in 0..n {
            let row = self.track.row(day, p);
            let (kappa, sigma) = self.by_water[p];
            let water_m = self.uncertain_m(row) * k.evaporation_daily;
            sky.extend([(p, -kappa * water_m), (2 * n + p, sigma * water_m)]);
            let rain_m = self.track.rain_mm[row] * 1e-3 * k.rain;
            if rain_m > 0.0 {
                rain.push((p, rain_m));
            }
            if self.track.temperature_c[row] < COLD_C {
                kalman.disturb(&vec![(p, k.cold_daily_m)]);
            }
        }
        kalman.disturb(&sky);
        if !rain.is_empty() {
            kalman.disturb(&rain);
        }
        for along in meters {
            let daily = along.iter().map(|(j, a)| (*j, a * k.meter_daily));
            kalman.disturb(&daily.collect());
        }
    }
}

/// κ and σ of a pond over the window: what level and salt did, over what evaporated.
fn by_water(track: &Track, base: &Base, p: PondId) -> (f64, f64) {
    let first = p;
    let last = track.row(track.days - 1, p);
    let spec = &base.ponds[p];
    let mut water_m3 = 0.0;
    for day in 1..track.days {
        let row = track.row(day, p);
        water_m3 += (track.evaporation_mm[row] - track.rain_mm[row]) * 1e-3 * track.area_m2[row];
    }
    let settled_m3 =
        (track.salt_m[last] - track.salt_m[first]) * (1.0 - spec.floor_porosity) * spec.area_m2;
    let sigma = settled_m3 / water_m3;
    if water_m3 < 0.03 * spec.area_m2 || !(0.0..0.4).contains(&sigma) {
        return BY_WATER;
    }
    // A brine's own volume shrinks by about the water; what settles takes its place again in part. Between dilute and
    // halite-saturated brine κ stays within 0.95 … 1.0, which moves a leak by less than a twentieth of the evaporation's error.
    (BY_WATER.0, sigma)
}
