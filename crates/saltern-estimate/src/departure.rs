//! How the truth may depart from the base as it stands: a row of numbers, all zero where it does not.
//!
//! Levels, salt and brine with which a march begins; leak and wind of every pond; what flowed over what meters said; wind of all
//! ponds, as a whole and by the week. A march with departures is a march of the simulator like any other, so whatever is estimated holds
//! its mass, its charges and its equilibria.

use crate::error::EstimateError;
use saltern_base::model::{Base, PondId, Schedule, State};
use saltern_brine::database::{Database, HYDROGEN};
use saltern_climate::Forcing;
use saltern_simulate::{BrineAmounts, Inputs, Next, Simulation, Start, simulate};

/// Days of weather that share a departure of the wind.
const WEEK: usize = 7;
/// Hours in a day.
const HOURS: usize = 24;
/// Seconds in a day.
const DAY_S: f64 = 86_400.0;
/// Depth with which a march begins at the least, m.
const DEPTH_M_MIN: f64 = 0.005;

/// What a number of a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Departure {
    /// Leak beyond that of the base, mm/d. What would be less than no leak is none.
    Leak(PondId),
    /// Logarithm of the wind's effect on a pond over that of the base.
    Wind(PondId),
    /// Depth of the brine with which the march begins, mm.
    Depth(PondId),
    /// Logarithm of the salt with which it begins.
    Salt(PondId),
    /// Logarithm of the molality of a component with which it begins.
    Ion(PondId, usize),
    /// Logarithm of what flowed through a link over what its meter said.
    Meter(usize),
    /// Logarithm of the wind's effect on all ponds.
    Sky,
    /// The same in a week, counted from 0.
    Week(usize),
}

impl Departure {
    /// Its kind, what it is of, and its unit, as tables have them.
    pub fn named(self, base: &Base, database: &Database) -> (&'static str, String, &'static str) {
        let pond = |p: PondId| base.ponds[p].id.clone();
        match self {
            Departure::Leak(p) => ("leak", pond(p), "mm/d"),
            Departure::Wind(p) => ("wind", pond(p), "ln"),
            Departure::Depth(p) => ("opening depth", pond(p), "mm"),
            Departure::Salt(p) => ("opening salt", pond(p), "ln"),
            Departure::Ion(p, c) => {
                let of = format!("{} {}", pond(p), database.components[c].name);
                ("opening ion", of, "ln")
            }
            Departure::Meter(l) => ("meter", base.links[l].id.clone(), "ln"),
            Departure::Sky => ("wind of all ponds", String::new(), "ln"),
            Departure::Week(w) => ("wind of all ponds in a week", (w + 1).to_string(), "ln"),
        }
    }
}

/// Standard deviations of departures beforehand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// Leak, mm/d.
    pub leak_mm_d: f64,
    /// Wind of a pond. Evaporation moves by about half as much.
    pub wind: f64,
    /// Depth, mm.
    pub depth_mm: f64,
    /// Salt, relative.
    pub salt: f64,
    /// Molality of a component, relative: the error of an assay.
    pub ion: f64,
    /// Class of the meters, relative.
    pub meter: f64,
    /// Wind of all ponds.
    pub sky: f64,
    /// Wind of all ponds in a week.
    pub week: f64,
}

impl Default for Prior {
    /// Assumed, but for what meters, gauges and laboratories say of themselves.
    fn default() -> Self {
        Prior {
            leak_mm_d: 1.0,
            wind: 0.1,
            depth_mm: 5.0,
            salt: 0.1,
            ion: 0.02,
            meter: 0.005,
            sky: 0.15,
            week: 0.05,
        }
    }
}

/// Which numbers a row has, and how wide each may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// What each is of.
    pub departures: Vec<Departure>,
    /// Standard deviation of each beforehand.
    pub sigmas: Vec<f64>,
    /// The component that is adjusted for the charges, by brine: the anion that carries most.
    balance: Vec<Option<usize>>,
}

/// What is marched: a window of days that begins with a state by pond and goes on with metered flows.
#[derive(Clone, Copy, Debug)]
pub struct Campaign<'a> {
    /// All of a simulation; its start is passed over.
    pub inputs: Inputs<'a>,
    /// What is believed of every pond in the first morning, in the order of the base.
    pub state: &'a State,
    /// The brine of each.
    pub brines: &'a [BrineAmounts],
    /// What meters said: a flow of every link on every day, or rules where there is no meter.
    pub metered: &'a Schedule,
}

impl Layout {
    /// All departures of a campaign. Ions depart where they are among `assayed` elements or carry a hundredth of the charge; what is
    /// neither measured nor much stays as it was believed.
    pub fn of(campaign: &Campaign<'_>, prior: &Prior, assayed: &[&str]) -> Layout {
        let base = campaign.inputs.base;
        let database = campaign.inputs.database;
        let balance: Vec<_> = (campaign.brines.iter())
            .map(|brine| counter_ion(brine, database))
            .collect();
        let mut all: Vec<(Departure, f64)> = Vec::new();
        for (entry, (state, brine)) in campaign.state.ponds.iter().zip(campaign.brines).enumerate()
        {
            let p = state.pond;
            all.push((Departure::Leak(p), prior.leak_mm_d));
            all.push((Departure::Wind(p), prior.wind));
            all.push((Departure::Depth(p), prior.depth_mm));
            if !state.floor.is_empty() {
                all.push((Departure::Salt(p), prior.salt));
            }
            let share = |c: usize| {
                let equivalents = |c: usize| {
                    (database.components[c].formula.charge * brine.amounts_mol_kgw[c]).abs()
                };
                equivalents(c) / balance[entry].map_or(1.0, equivalents)
            };
            let departs = |c: &usize| {
                let named = assayed.contains(&database.components[*c].element.as_str());
                let amount = brine.amounts_mol_kgw[*c];
                amount > 0.0 && balance[entry] != Some(*c) && (named || share(*c) > 0.01)
            };
            let ions = (HYDROGEN + 1..database.components.len()).filter(departs);
            all.extend(ions.map(|c| (Departure::Ion(p, c), prior.ion)));
        }
        let metered = |l: &usize| campaign.metered.flows.iter().any(|f| f.link == *l);
        let links = (0..base.links.len()).filter(metered);
        all.extend(links.map(|l| (Departure::Meter(l), prior.meter)));
        all.push((Departure::Sky, prior.sky));
        let weeks = (campaign.inputs.hours.len() / HOURS).div_ceil(WEEK);
        all.extend((0..weeks).map(|w| (Departure::Week(w), prior.week)));
        let (departures, sigmas) = all.into_iter().unzip();
        Layout {
            departures,
            sigmas,
            balance,
        }
    }

    /// How many numbers a row has.
    pub fn len(&self) -> usize {
        self.departures.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.departures.is_empty()
    }

    /// Place of a departure.
    pub fn place(&self, of: Departure) -> Option<usize> {
        self.departures.iter().position(|d| *d == of)
    }

    /// The base with the leaks and winds of a row: what stays when the window is over.
    pub fn base(&self, base: &Base, row: &[f64]) -> Base {
        let mut base = base.clone();
        for (departure, x) in self.departures.iter().zip(row) {
            match *departure {
                Departure::Leak(p) => {
                    let leak_m_s = &mut base.ponds[p].leakage_m_s;
                    *leak_m_s = (*leak_m_s + x * 1e-3 / DAY_S).max(0.0);
                }
                Departure::Wind(p) => base.ponds[p].wind_factor *= x.exp(),
                _ => {}
            }
        }
        base
    }

    /// Factor of a row on the wind's effect on all ponds.
    pub fn sky(&self, row: &[f64]) -> f64 {
        self.place(Departure::Sky).map_or(1.0, |k| row[k].exp())
    }

    /// The base, state, brines, schedule and weather of a row.
    pub fn departed(&self, campaign: &Campaign<'_>, row: &[f64]) -> Departed {
        let inputs = &campaign.inputs;
        let mut departed = Departed {
            base: self.base(inputs.base, row),
            state: campaign.state.clone(),
            brines: campaign.brines.to_vec(),
            schedule: campaign.metered.clone(),
            hours: inputs.hours.to_vec(),
        };
        let mut meters = vec![1.0; inputs.base.links.len()];
        let entry = |p: PondId| campaign.state.ponds.iter().position(|s| s.pond == p);
        for (departure, x) in self.departures.iter().zip(row) {
            match *departure {
                Departure::Leak(_) | Departure::Wind(_) => {}
                Departure::Depth(p) => {
                    if let Some(i) = entry(p) {
                        let depth_m = &mut departed.state.ponds[i].depth_m;
                        *depth_m = (*depth_m + x * 1e-3).max(DEPTH_M_MIN);
                    }
                }
                Departure::Salt(p) => {
                    if let Some(i) = entry(p) {
                        thicken(&mut departed.state.ponds[i], x.exp());
                    }
                }
                Departure::Ion(p, c) => {
                    if let Some(i) = entry(p) {
                        let brine = &mut departed.brines[i];
                        change_ion(brine, c, x.exp(), self.balance[i], inputs.database);
                    }
                }
                Departure::Meter(l) => meters[l] = x.exp(),
                Departure::Sky => blow(&mut departed.hours, x.exp()),
                Departure::Week(w) => {
                    let last = departed.hours.len();
                    let from = (w * WEEK * HOURS).min(last);
                    let to = ((w + 1) * WEEK * HOURS).min(last);
                    blow(&mut departed.hours[from..to], x.exp());
                }
            }
        }
        for flow in &mut departed.schedule.flows {
            flow.flow_m3_s *= meters[flow.link];
        }
        departed
    }
}

/// Salt thicker by a factor under the same level: what it takes, the brine above has less.
fn thicken(pond: &mut saltern_base::model::PondState, factor: f64) {
    for (_, thickness_m) in &mut pond.floor {
        let more_m = *thickness_m * (factor - 1.0);
        *thickness_m += more_m;
        pond.depth_m = (pond.depth_m - more_m).max(DEPTH_M_MIN);
    }
}

pub(crate) fn blow(hours: &mut [Forcing], factor: f64) {
    for hour in hours {
        hour.transfer_w_m2_pa *= factor;
    }
}

/// The anion that carries most charge.
fn counter_ion(brine: &BrineAmounts, database: &Database) -> Option<usize> {
    let equivalents = |c: &usize| {
        let charge = database.components[*c].formula.charge;
        -charge * brine.amounts_mol_kgw[*c]
    };
    let anions = (HYDROGEN + 1..database.components.len()).filter(|c| equivalents(c) > 0.0);
    anions.max_by(|a, b| equivalents(a).total_cmp(&equivalents(b)))
}

/// Changes a component by a factor and the counter-ion by the charge that comes or goes.
fn change_ion(
    brine: &mut BrineAmounts,
    c: usize,
    factor: f64,
    balance: Option<usize>,
    database: &Database,
) {
    let charge = |c: usize| database.components[c].formula.charge;
    let more = brine.amounts_mol_kgw[c] * (factor - 1.0);
    brine.amounts_mol_kgw[c] += more;
    if let Some(b) = balance {
        let counter = &mut brine.amounts_mol_kgw[b];
        *counter = (*counter - more * charge(c) / charge(b)).max(0.0);
    }
}

/// What a row makes of a campaign.
#[derive(Clone, Debug)]
pub struct Departed {
    /// The base, with its leaks and winds.
    pub base: Base,
    /// With what the march begins.
    pub state: State,
    /// The brine of each pond of it.
    pub brines: Vec<BrineAmounts>,
    /// What flowed.
    pub schedule: Schedule,
    /// The weather that the ponds felt.
    pub hours: Vec<Forcing>,
}

impl Departed {
    /// Marches it.
    ///
    /// # Errors
    /// [`EstimateError::March`] where a march cannot begin.
    pub fn march(&self, campaign: &Campaign<'_>) -> Result<Simulation, EstimateError> {
        let inputs = Inputs {
            base: &self.base,
            hours: &self.hours,
            start: Start::State {
                state: &self.state,
                brines: &self.brines,
            },
            schedule: Some(&self.schedule),
            ..campaign.inputs
        };
        Ok(simulate(&inputs, &mut |_| Next::Continue)?)
    }
}
