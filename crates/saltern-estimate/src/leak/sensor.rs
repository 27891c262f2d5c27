//! Leak and evaporation of every pond over a window of days.

use super::balance::{Balance, Knowledge};
use super::kalman::Kalman;
use crate::error::EstimateError;
use crate::observation::{Observation, Quantity, check};
use crate::track::Track;
use saltern_base::model::{Base, PondId};

/// An observation further than this from what was expected, in deviations, is set aside.
const SET_ASIDE: f64 = 6.0;

/// What a window holds.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// The base as it was marched.
    pub base: &'a Base,
    /// The march, with the flows that were metered.
    pub track: &'a Track,
    /// Element of the conservative ion, `Li` or, where no carnallite or bischofite forms, `Mg`.
    pub ion: &'a str,
    /// Content of the ion in what each link of the base brings from its source, kg/m³; anything for other links.
    pub source_kg_m3: &'a [f64],
    /// What is known beforehand.
    pub knowledge: Knowledge,
}

/// What is estimated of a pond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PondLoss {
    /// Leak beyond that of the march, m/d.
    pub leak_m_d: f64,
    /// Its standard deviation, m/d.
    pub leak_sigma_m_d: f64,
    /// Evaporation over that of the march.
    pub evaporation: f64,
    /// Its standard deviation.
    pub evaporation_sigma: f64,
    /// Relative departure of the ion's content from the march.
    pub content: f64,
}

impl PondLoss {
    /// The leak in deviations.
    pub fn z(&self) -> f64 {
        self.leak_m_d / self.leak_sigma_m_d
    }
}

/// What a window tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What is known on the evenings of looks: `[look][pond]`.
    pub looks: Vec<Vec<PondLoss>>,
    /// Observations that were set aside because they were too far from what was expected.
    pub set_aside: Vec<Observation>,
    /// Observations that were used.
    pub used: usize,
}

/// Estimates leak and evaporation from levels and contents of the ion; other observations are passed over. `looks` are days on
/// whose evenings the estimate is asked for, ascending.
///
/// # Errors
/// [`EstimateError::UnknownComponent`] for an ion that the march does not know, [`EstimateError::Outside`] and
/// [`EstimateError::BadValue`] for observations that cannot be.
pub fn read(
    window: &Window<'_>,
    observations: &[Observation],
    looks: &[u32],
) -> Result<Reading, EstimateError> {
    check(window.base, window.track.days, observations)?;
    run(
        window,
        observations,
        looks,
        &mut |kalman, h, departure, variance| {
            let (mean, own) = kalman.of(h);
            let fits = (departure - mean).abs() <= SET_ASIDE * (own + variance).sqrt();
            if fits {
                kalman.observe(h, departure, variance);
            }
            fits
        },
    )
}

/// How well leak and evaporation can be known at all with such observations, whatever they say: for a linear system with normal
/// errors the covariance of the filter is the bound of Cramér and Rao with prior knowledge (van Trees 1968, Detection,
/// Estimation, and Modulation Theory I, section 2.4; recalled), and no unbiased estimate is better.
///
/// # Errors
/// As [`read`].
pub fn bound(
    window: &Window<'_>,
    observations: &[Observation],
    looks: &[u32],
) -> Result<Reading, EstimateError> {
    check(window.base, window.track.days, observations)?;
    run(
        window,
        observations,
        looks,
        &mut |kalman, h, _, variance| {
            let (mean, _) = kalman.of(h);
            kalman.observe(h, mean, variance);
            true
        },
    )
}

type Take<'a> = dyn FnMut(&mut Kalman, &super::kalman::Row, f64, f64) -> bool + 'a;

fn run(
    window: &Window<'_>,
    observations: &[Observation],
    looks: &[u32],
    take: &mut Take<'_>,
) -> Result<Reading, EstimateError> {
    let track = window.track;
    let element = track.element(window.ion);
    let element = element.ok_or_else(|| EstimateError::UnknownComponent {
        component: window.ion.to_string(),
        pond: String::new(),
    })?;
    let balance = Balance::new(
        track,
        window.base,
        element,
        window.knowledge,
        window.source_kg_m3,
    );
    let mut by_day: Vec<Vec<&Observation>> = vec![Vec::new(); track.days as usize];
    for o in observations {
        by_day[o.day as usize].push(o);
    }
    let mut kalman = balance.start();
    let mut reading = Reading::default();
    for day in 0..track.days {
        balance.advance(&mut kalman, day);
        for o in &by_day[day as usize] {
            let (h, departure, sigma) = match departure(window, &balance, element, o) {
                Some(known) => known,
                None => continue,
            };
            if take(&mut kalman, &h, departure, sigma * sigma) {
                reading.used += 1;
            } else {
                reading.set_aside.push((*o).clone());
            }
        }
        if looks.contains(&day) {
            let ponds = 0..track.ponds;
            let losses = ponds.map(|p| loss(&kalman, &balance, day, p)).collect();
            reading.looks.push(losses);
        }
    }
    Ok(reading)
}

/// What an observation is of, in terms of the filter, how far it is from the march, and its deviation.
fn departure(
    window: &Window<'_>,
    balance: &Balance<'_>,
    element: usize,
    o: &Observation,
) -> Option<(super::kalman::Row, f64, f64)> {
    let row = window.track.row(o.day, o.pond);
    match &o.quantity {
        Quantity::Level => {
            let departure = o.value - window.track.level_m[row];
            Some((balance.level(o.pond), departure, o.sigma))
        }
        Quantity::Content(name) if name == window.ion => {
            let modelled = window.track.contents[element][row];
            let departure = (o.value / modelled).ln();
            departure.is_finite().then(|| {
                let h = balance.content(o.day, o.pond);
                (h, departure, o.sigma / o.value)
            })
        }
        _ => None,
    }
}

fn loss(kalman: &Kalman, balance: &Balance<'_>, day: u32, p: PondId) -> PondLoss {
    let (leak, leak_variance) = kalman.of(&balance.leak(p));
    let (phi, phi_variance) = kalman.of(&balance.evaporation(p));
    PondLoss {
        leak_m_d: leak,
        leak_sigma_m_d: leak_variance.sqrt(),
        evaporation: phi.exp(),
        evaporation_sigma: phi.exp() * phi_variance.sqrt(),
        content: kalman.of(&balance.content(day, p)).0,
    }
}
