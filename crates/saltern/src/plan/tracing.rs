//! Where each consumer's energy comes from, as the run folder tells it.

use saltern_base::energy::{Energy, GeneratorKind, Identity};
use saltern_base::frame::{Column, Frame, Values};
use saltern_plan::dispatch::{Consumer, Matched, Origin, Series, Tracing, User};
use saltern_run::contents::Name;
use saltern_run::plan::{ColumnKind, ConsumerAnswer, MatchingAnswer, SourceAnswer, TIME, TRACING};

/// What of a tracing goes into `plan.json`.
pub(super) fn answer(energy: &Energy, tracing: &Tracing) -> MatchingAnswer {
    let base = tracing.matched_base();
    let known = all_factors_known(energy, tracing);
    let kept = kept(tracing);
    MatchingAnswer {
        used_mwh: base.used_mwh,
        score: finite(base.score()),
        annual_share: finite(tracing.annual_share()),
        direct_kg_mwh: finite(base.intensity().0).filter(|_| known),
        clean_steps: clean_steps(&base),
        consumers: (0..tracing.consumers.len())
            .map(|c| consumer(energy, tracing, c, &kept, known))
            .collect(),
        sources: kept.iter().map(|s| source(energy, tracing, *s)).collect(),
    }
}

/// Whether every grid that something was bought from has a factor.
fn all_factors_known(energy: &Energy, tracing: &Tracing) -> bool {
    let given = tracing.origins.iter().zip(&tracing.given_mwh);
    given.into_iter().all(|(origin, given)| match origin {
        Origin::Grid(g) => energy.grids[*g].has_factor() || *given == 0.0,
        _ => true,
    })
}

/// Sources of which there is anything.
fn kept(tracing: &Tracing) -> Vec<usize> {
    let amounts = tracing.given_mwh.iter().zip(&tracing.opening_mwh);
    let any = |(_, (given, opening)): &(usize, (&f64, &f64))| **given + **opening > 1e-6;
    let kept = amounts.enumerate().filter(any);
    kept.map(|(s, _)| s).collect()
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn clean_steps(matched: &Matched) -> f64 {
    matched.clean_steps as f64 / matched.steps.max(1) as f64
}

fn who<'a>(energy: &'a Energy, consumer: &Consumer) -> (&'a Identity, ColumnKind) {
    match consumer.user {
        User::Demand(d) => (&energy.demands[d].who, ColumnKind::Demand),
        User::Hall(h) => (&energy.halls[h].who, ColumnKind::Hall),
        User::Export(g) => (&energy.grids[g].who, ColumnKind::Export),
    }
}

fn consumer(
    energy: &Energy,
    tracing: &Tracing,
    index: usize,
    kept: &[usize],
    known: bool,
) -> ConsumerAnswer {
    let consumer = &tracing.consumers[index];
    let matched = tracing.matched(index);
    let (who, kind) = who(energy, consumer);
    let used = tracing.used_mwh(index);
    ConsumerAnswer {
        unit: who.id.clone(),
        name: Name::from(&who.name),
        kind,
        node: energy.nodes[consumer.node].who.id.clone(),
        used_mwh: matched.used_mwh,
        score: finite(matched.score()),
        direct_kg_mwh: finite(matched.intensity().0).filter(|_| known),
        clean_steps: clean_steps(&matched),
        shares: kept
            .iter()
            .map(|s| used[*s] / matched.used_mwh.max(f64::MIN_POSITIVE))
            .collect(),
    }
}

fn source(energy: &Energy, tracing: &Tracing, s: usize) -> SourceAnswer {
    let origin = tracing.origins[s];
    let (who, kind) = match origin {
        Origin::Generator(g) => {
            let kind = match energy.generators[g].kind {
                GeneratorKind::Pv => ColumnKind::Pv,
                GeneratorKind::Wind => ColumnKind::Wind,
                GeneratorKind::SolarField => ColumnKind::SolarField,
                GeneratorKind::Hydro => ColumnKind::Hydro,
                GeneratorKind::Fuel => ColumnKind::Fuel,
            };
            (&energy.generators[g].who, kind)
        }
        Origin::Grid(g) => (&energy.grids[g].who, ColumnKind::Import),
        Origin::Start(s) => (&energy.stores[s].who, ColumnKind::Level),
        Origin::Surroundings(c) => (&energy.converters[c].who, ColumnKind::Made),
        Origin::Short(n) => (&energy.nodes[n].who, ColumnKind::Shortage),
    };
    let clean = &tracing.clean[s];
    SourceAnswer {
        column: column(energy, origin),
        unit: who.id.clone(),
        name: Name::from(&who.name),
        kind,
        given_mwh: tracing.given_mwh[s] + tracing.opening_mwh[s],
        lost_mwh: tracing.lost_mwh[s],
        clean: clean.iter().sum::<f64>() / clean.len().max(1) as f64,
    }
}

fn column(energy: &Energy, origin: Origin) -> String {
    match origin {
        Origin::Generator(g) => energy.generators[g].who.id.clone(),
        Origin::Grid(g) => energy.grids[g].who.id.clone(),
        Origin::Start(s) => format!("{}.start", energy.stores[s].who.id),
        Origin::Surroundings(c) => format!("{}.surroundings", energy.converters[c].who.id),
        Origin::Short(n) => format!("{}.shortage", energy.nodes[n].who.id),
    }
}

/// The frame: consumers one behind the other, of each all steps.
pub(super) fn frame(energy: &Energy, series: &Series, tracing: &Tracing) -> Frame {
    let kept = kept(tracing);
    let (mut time, mut consumers) = (Vec::new(), Vec::new());
    let (mut power, mut clean, mut carbon) = (Vec::new(), Vec::new(), Vec::new());
    let mut shares = vec![Vec::new(); kept.len()];
    for consumer in &tracing.consumers {
        let (who, kind) = who(energy, consumer);
        let id = match kind {
            ColumnKind::Export => format!("{}.export", who.id),
            _ => who.id.clone(),
        };
        for (t, mw) in consumer.power.iter().enumerate() {
            let moment = series.window.moment(t);
            time.push(moment.strftime("%Y-%m-%dT%H:%M").to_string());
            consumers.push(id.clone());
            power.push(*mw);
            clean.push(100.0 * tracing.clean_share(consumer.node, t));
            carbon.push(tracing.intensity(consumer.node, t).0);
            let all = tracing.shares(consumer.node, t);
            for (own, s) in shares.iter_mut().zip(&kept) {
                own.push(100.0 * all[*s]);
            }
        }
    }
    let text = |name: &str, values| Column {
        name: name.into(),
        unit: String::new(),
        values: Values::Text(values),
    };
    let numbers = |name: &str, unit: &str, values| Column {
        name: name.into(),
        unit: unit.into(),
        values: Values::Number(values),
    };
    let mut columns = vec![
        text(TIME, time),
        text("consumer", consumers),
        numbers("power", "MW", power),
        numbers("clean", "%", clean),
        numbers("direct_carbon", "kg/MWh", carbon),
    ];
    for (s, values) in kept.iter().zip(shares) {
        let name = format!("from {}", column(energy, tracing.origins[*s]));
        columns.push(numbers(&name, "%", values));
    }
    Frame {
        name: TRACING.into(),
        columns,
    }
}
