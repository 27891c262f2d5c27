//! The assay desk at work: what the laboratory says is stored at once, as uncertain, and believed when it was judged.
//!
//! The figures of an asset at an instant are an analysis. They may come one by one, so an analysis is judged when no more of it
//! came for a moment, and again if more come later. What was made of it goes back through the keeper as the qualities of its
//! figures, and into the records with its reasons, where a person may decide otherwise.

mod file;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use saltern_records::Judged;
use saltern_samples::{Quality, Reading, Sample};
use saltern_units::Lang;
use saltern_units::unit::Dimension;
use saltern_watch::assay::Judgement;
use saltern_watch::desk::{Chemistry, Precision, review};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::house::House;
use crate::operation::{Condition, Live, Word};
use crate::problem::{Problem, Sentence};

/// Charge of a component: equivalents in a kg, negative for anions, 0 for what carries none.
pub type Charge = Box<dyn Fn(&str) -> f64 + Send + Sync>;
/// Density, kg/m³, of a brine with such contents by component, in kg/m³ or kg/kg as the dimension says, at a temperature, K; NaN
/// where the model has no answer.
pub type Model = Box<dyn Fn(&[(String, f64)], Dimension, f64) -> f64 + Send + Sync>;

/// What the desk knows of brines.
pub struct Laboratory {
    /// Charges.
    pub charge: Charge,
    /// Densities.
    pub density: Model,
}

/// How long nothing more of an analysis must have come before it is judged.
const SETTLED: Duration = Duration::from_secs(1);
/// How often what waits is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Analyses of the past that say what is usual.
const PAST: usize = 12;

/// What was made of an analysis, as the records keep it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Told {
    /// Its figures.
    pub(crate) figures: Vec<Figure>,
    /// 100 (Σ⁺ − Σ⁻)/(Σ⁺ + Σ⁻) of what was analysed, %.
    charge_error_percent: Option<f64>,
    /// Density that was measured on the brine at that time, kg/m³.
    density_kg_m3: Option<f64>,
    /// Measured less modelled density, kg/m³, after what is usual at this place.
    density_error_kg_m3: Option<f64>,
    /// Whether the density is suspected, and not the analysis.
    pub(crate) density_suspected: bool,
    /// How much all figures together disagree, χ².
    chi_squared: f64,
    /// What that may be.
    limit: f64,
    /// Why.
    reasons: Vec<Sentence>,
}

/// A figure of an analysis.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Figure {
    /// Id of its tag.
    pub(crate) tag: String,
    /// Component.
    component: String,
    /// Unit of the tag.
    unit: String,
    /// In its unit.
    pub(crate) value: f64,
    /// What everything else says it should be, where it is suspected.
    implied: Option<f64>,
    /// OPC DA quality byte: from 192 on good, from 64 on uncertain, below bad.
    pub(crate) quality: u8,
}

/// Figures that wait to be judged.
struct Waiting {
    of: Arc<Live>,
    readings: Vec<Reading>,
}

/// The way to the desk.
pub(crate) struct Inlet(Mutex<Sender<Waiting>>);

impl Inlet {
    /// Takes what the laboratory says: hands the figures to the desk, and what is to be stored until they are judged.
    pub(crate) fn take(&self, of: &Arc<Live>, readings: &mut [Reading]) {
        let mut taken = Vec::new();
        for reading in readings {
            let is_new = reading.sample.quality == Quality::GOOD;
            if is_new && of.is_analysis(reading.tag.0) {
                taken.push(*reading);
                reading.sample.quality = Quality::UNCERTAIN;
            }
        }
        if taken.is_empty() {
            return;
        }
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The desk is gone only when the house is.
        let _ = sender.send(Waiting {
            of: Arc::clone(of),
            readings: taken,
        });
    }
}

/// Opens a desk: what goes in, and what comes out for [`work`].
pub(crate) fn open() -> (Inlet, Arrivals) {
    let (sender, receiver) = std::sync::mpsc::channel();
    (Inlet(Mutex::new(sender)), Arrivals(receiver))
}

/// What arrives at the desk.
pub(crate) struct Arrivals(Receiver<Waiting>);

/// An analysis that is not complete yet: values by the ids of tags, since the base may change meanwhile.
struct Open {
    values: BTreeMap<String, f64>,
    since: Instant,
}

/// Judges until the house is closed.
pub(crate) fn work(house: &Arc<House>, laboratory: Laboratory, arrivals: Arrivals) {
    count_doubts(house);
    let house = Arc::downgrade(house);
    let run = move || {
        let mut open: BTreeMap<(String, i64), Open> = BTreeMap::new();
        if let Some(house) = house.upgrade() {
            lay_out(&mut open, &left_over(&house));
        }
        loop {
            match arrivals.0.recv_timeout(LOOK) {
                Ok(waiting) => lay_out(&mut open, &waiting),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let settled: Vec<(String, i64)> = (open.iter())
                .filter(|(_, analysis)| analysis.since.elapsed() >= SETTLED)
                .map(|(key, _)| key.clone())
                .collect();
            for key in settled {
                let Some(analysis) = open.remove(&key) else {
                    continue;
                };
                if !judge(&house, &laboratory, &key, &analysis.values) {
                    return;
                }
            }
        }
    };
    // Without this thread analyses stay uncertain, and everything else is there.
    let _ = std::thread::Builder::new().name("desk".into()).spawn(run);
}

/// Analyses that came before a stop and were not judged.
fn left_over(house: &House) -> Waiting {
    let of = house.live();
    let latest = of.latest().clone();
    let unjudged = (0u32..).zip(latest).filter_map(|(row, sample)| {
        let sample = sample.filter(|sample| sample.quality == Quality::UNCERTAIN)?;
        let asset = &of.lake.tags.assets[of.tag(row).asset].who.id;
        let is_new = || matches!(house.records.analysis(asset, sample.time_us), Ok(None));
        let tag = saltern_samples::TagId(row);
        (of.is_analysis(row) && is_new()).then_some(Reading { tag, sample })
    });
    let readings = unjudged.collect();
    Waiting { of, readings }
}

fn lay_out(open: &mut BTreeMap<(String, i64), Open>, waiting: &Waiting) {
    for reading in &waiting.readings {
        let tag = waiting.of.tag(reading.tag.0);
        let asset = &waiting.of.lake.tags.assets[tag.asset].who.id;
        let key = (asset.clone(), reading.sample.time_us);
        let analysis = open.entry(key).or_insert_with(|| Open {
            values: BTreeMap::new(),
            since: Instant::now(),
        });
        analysis.since = Instant::now();
        analysis
            .values
            .insert(tag.who.id.clone(), reading.sample.value);
    }
}

/// Judges one; false when the house is closed.
fn judge(
    house: &Weak<House>,
    laboratory: &Laboratory,
    (asset, time_us): &(String, i64),
    came: &BTreeMap<String, f64>,
) -> bool {
    let Some(house) = house.upgrade() else {
        return false;
    };
    let live = house.live();
    let judged = file::sheet(&house, &live, asset, *time_us, came).and_then(|sheet| {
        let Some(sheet) = sheet else { return Ok(None) };
        let past = file::past(&house, &live, &sheet, PAST)?;
        Ok(Some((judged(laboratory, &sheet, &past), sheet)))
    });
    match judged {
        Ok(Some((judgement, sheet))) => {
            let told = told(&live, &sheet, &judgement);
            keep(&house, &live, asset, *time_us, &told, &judgement);
        }
        // Its tags are gone.
        Ok(None) => {}
        Err(problem) => house.set_trouble(Condition::Assay, Some(problem)),
    }
    true
}

fn judged(
    laboratory: &Laboratory,
    sheet: &file::Sheet,
    past: &[saltern_watch::desk::Analysis],
) -> Judgement {
    let density = |contents: &[(String, f64)], temperature_k: f64| {
        (laboratory.density)(contents, sheet.dimension, temperature_k)
    };
    let chemistry = Chemistry {
        charge_eq_kg: &*laboratory.charge,
        density_kg_m3: &density,
    };
    review(&sheet.analysis, past, chemistry, &Precision::default())
}

fn told(live: &Live, sheet: &file::Sheet, judgement: &Judgement) -> Told {
    let rows = sheet.rows.iter().zip(&sheet.analysis.contents);
    let figures = rows.map(|((row, value), (component, _))| {
        let tag = live.tag(*row);
        let mut suspects = judgement.suspects.iter();
        let suspect = suspects.find(|suspect| suspect.name == *component);
        Figure {
            tag: tag.who.id.clone(),
            component: component.clone(),
            unit: tag.unit.symbol.into(),
            value: *value,
            implied: suspect.map(|suspect| tag.unit.from_si(suspect.implied)),
            quality: judgement.quality(component).byte(),
        }
    });
    let (en, zh) = (judgement.reasons(Lang::En), judgement.reasons(Lang::Zh));
    let density = judgement.quality("density");
    Told {
        figures: figures.collect(),
        charge_error_percent: Some(judgement.charge_error_percent).filter(|v| v.is_finite()),
        density_kg_m3: sheet.analysis.density_kg_m3,
        density_error_kg_m3: judgement.density_error,
        density_suspected: density != Quality::GOOD,
        chi_squared: judgement.chi_squared,
        limit: judgement.limit,
        reasons: en
            .into_iter()
            .zip(zh)
            .map(|(en, zh)| Sentence { en, zh })
            .collect(),
    }
}

/// Sends the qualities to the keeper and writes down why.
fn keep(
    house: &Arc<House>,
    live: &Arc<Live>,
    asset: &str,
    time_us: i64,
    told: &Told,
    judgement: &Judgement,
) {
    let doubted = !judgement.is_believed();
    let readings = readings(live, told, time_us, Quality::from_byte);
    let of = Arc::clone(live);
    // The keeper is gone only when the server stops.
    let _ = house.words.blocking_send(Word::Judged { of, readings });
    let kept = house.records.keep_analysis(&Judged {
        asset: asset.into(),
        time_us,
        judged_us: house.now_us(),
        doubted,
        // It is made of numbers and texts: it always has a form in JSON.
        body: serde_json::to_string(told).unwrap_or_default(),
        decision: None,
    });
    house.set_trouble(Condition::Records, kept.err().map(Into::into));
    tracing::info!(asset, doubted, "analysis");
    count_doubts(house);
}

/// The figures of an analysis as readings, with what is made of the quality of each.
pub(crate) fn readings(
    live: &Live,
    told: &Told,
    time_us: i64,
    quality: impl Fn(u8) -> Quality,
) -> Vec<Reading> {
    let readings = told.figures.iter().filter_map(|figure| {
        let tag = saltern_samples::TagId(live.row(&figure.tag)?);
        let sample = Sample {
            time_us,
            value: figure.value,
            quality: quality(figure.quality),
        };
        Some(Reading { tag, sample })
    });
    readings.collect()
}

/// Looks how many places wait for a decision; while any does, the server says so.
pub(crate) fn count_doubts(house: &House) {
    let trouble = match house.records.assets_in_doubt() {
        Ok(assets) if assets.is_empty() => None,
        Ok(assets) => Some(Problem::from(crate::error::ServerError::InDoubt { assets })),
        Err(error) => Some(error.into()),
    };
    house.set_trouble(Condition::Assay, trouble);
}
