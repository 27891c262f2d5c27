//! The measured flows and shares of each run made to close over the plant's units.
//!
//! Every unit balances in mass and in each element that was analysed. A measured share times a flow is bilinear; where the
//! share of a stream is not measured its flow of the element is one unknown, which keeps that balance linear. What the run
//! states of a feed enters: its rate, and its composition where that is stated without an error; so do elements that a
//! stream does not hold (water, vapour). Samples of one place and run are equal. All else is left open: what the plant's file
//! assumes is not evidence against a meter.

use saltern_account::AccountError;
use saltern_account::reconcile::gross::{Elimination, eliminate};
use saltern_account::reconcile::{Class, Knowledge, Problem, Product, Settings, reconcile};
use saltern_base::frame::{Column, Frame, Values};
use saltern_plants::fit::data::What;
use saltern_plants::fit::model::Model;
use saltern_plants::flowsheet::{Flowsheet, StreamId};
use saltern_plants::matter::Matter;
use saltern_plants::measure::Of;
use saltern_plants::solve::Solution;
use saltern_plants::target::Target;
use saltern_units::Lang;
use saltern_units::message::{Catalogue, Fields, Message};
use saltern_units::place::Place;
use saltern_units::quantity::significant;

use crate::args::PilotArgs;
use crate::failure::{At, Failure, catalogue};
use crate::reconcile::account_failure;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Balance {
    /// Degrees of freedom that it took.
    pub(crate) freedom: usize,
    /// Sum of squared adjustments.
    pub(crate) objective: f64,
    /// What does not balance, what was taken out.
    pub(crate) notices: Vec<Notice>,
    /// Measured beside reconciled.
    pub(crate) frame: Option<Frame>,
}

/// What a reader should know.
#[derive(Debug)]
pub(crate) enum Notice {
    /// `pilot.does_not_balance`: a run whose measurements disagree.
    DoesNotBalance {
        /// Cell of the likeliest culprit.
        place: Place,
        /// The run.
        run: String,
        /// J, what it may be, its degrees of freedom.
        objective: f64,
        limit: f64,
        freedom: usize,
        /// The likeliest culprit and its z.
        worst: String,
        z: f64,
    },
    /// `pilot.taken_out`
    TakenOut {
        place: Place,
        run: String,
        what: String,
        z: f64,
        limit: f64,
        /// Those whose errors would look the same.
        others: Vec<String>,
    },
}

/// What a quantity of the problem came from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Measurement(usize),
    /// Index of an unknown of the run.
    Stated(usize),
}

struct Network {
    problem: Problem,
    sources: Vec<(usize, Source)>,
}

/// Reconciles every run and writes what came of it into the model.
pub(crate) fn reconcile_runs(
    model: &mut Model<'_>,
    matter: &Matter<'_>,
    args: &PilotArgs,
) -> Result<Balance, Failure> {
    let runs = model.pilot.runs.len();
    let settings = Settings {
        // Shared out over the runs, so that the chance holds for the table.
        significance: 1.0 - (1.0 - args.significance).powf(1.0 / runs.max(1) as f64),
        ..Settings::default()
    };
    let mut balance = Balance::default();
    let mut rows = Rows::default();
    for run in 0..runs {
        let Some(network) = network(model, matter, run) else {
            continue;
        };
        let found = if args.eliminate {
            eliminate(&network.problem, &settings)
        } else {
            reconcile(&network.problem, &settings).map(|reconciliation| Elimination {
                removed: Vec::new(),
                problem: network.problem.clone(),
                reconciliation,
            })
        };
        let found = found.map_err(|error| failed(model, run, error))?;
        balance.freedom += found.reconciliation.global.freedom;
        balance.objective += found.reconciliation.global.objective;
        notices(model, run, &network, &found, &mut balance.notices);
        rows.add(model, run, &network, &found);
        take(model, &network, &found);
    }
    balance.frame = Some(rows.frame());
    Ok(balance)
}

fn failed(model: &Model<'_>, run: usize, error: AccountError) -> Failure {
    let first = model.pilot.measurements.iter().find(|m| m.run == run);
    let place = first.map_or_else(Place::default, |m| m.place.clone());
    match error {
        AccountError::NotConverged { .. } => Failure::job(At {
            place,
            message: error,
        }),
        error => account_failure(error),
    }
}

/// Elements that were analysed anywhere in a run.
fn analysed(model: &Model<'_>, run: usize) -> Vec<usize> {
    let mut elements = Vec::new();
    for m in model.pilot.measurements.iter().filter(|m| m.run == run) {
        if let What::Share(_, Of::Element(e)) = m.what
            && !elements.contains(&e)
        {
            elements.push(e);
        }
    }
    elements
}

struct Builder<'a, 'b> {
    model: &'a Model<'b>,
    matter: &'a Matter<'a>,
    sheet: &'a Flowsheet,
    state: &'a Solution,
    run: usize,
    out: Network,
}

/// The balances of a run; none where nothing was measured that balances.
fn network(model: &Model<'_>, matter: &Matter<'_>, run: usize) -> Option<Network> {
    let state = model.state(run)?;
    let elements = analysed(model, run);
    let mut builder = Builder {
        model,
        matter,
        sheet: model.sheet(run),
        state,
        run,
        out: Network {
            problem: Problem::default(),
            sources: Vec::new(),
        },
    };
    let streams = builder.sheet.streams.len();
    let flows: Vec<usize> = (0..streams).map(|s| builder.flow(s)).collect();
    builder.balance("mass", &|s| Some(Product::of(1.0, flows[s])));
    for e in elements {
        let terms: Vec<Option<Product>> = (0..streams)
            .map(|s| builder.content(s, e, flows[s]))
            .collect();
        let name = matter.elements[e].clone();
        builder.balance(&name, &|s| terms[s]);
    }
    (!builder.out.sources.is_empty()).then_some(builder.out)
}

impl Builder<'_, '_> {
    /// The flow of a stream.
    fn flow(&mut self, s: StreamId) -> usize {
        let id = self.sheet.streams[s].id.clone();
        let found = self.measured(&id, |what| what == What::Mass(s));
        found.or_else(|| self.stated(s, &id)).unwrap_or_else(|| {
            let guess = self.state.streams[s].mass_kg_s(self.matter);
            self.out.problem.add(id, Knowledge::Unmeasured { guess })
        })
    }

    /// What a stream holds of an element, as a term of its balance; none where it holds nothing of it.
    fn content(&mut self, s: StreamId, e: usize, flow: usize) -> Option<Product> {
        let id = format!("{} {}", self.sheet.streams[s].id, self.matter.elements[e]);
        let share = self.measured(&id, |what| what == What::Share(s, Of::Element(e)));
        if let Some(share) = share {
            return Some(Product::of_two(1.0, flow, share));
        }
        let stream = &self.state.streams[s];
        let kg_s = Of::Element(e).mass_kg_s(stream, self.matter);
        if kg_s == 0.0 {
            return None;
        }
        if self.composition_is_stated(s) {
            return Some(Product::of(kg_s / stream.mass_kg_s(self.matter), flow));
        }
        let content = self
            .out
            .problem
            .add(id, Knowledge::Unmeasured { guess: kg_s });
        Some(Product::of(1.0, content))
    }

    /// The quantity of measurements of one thing; further samples are made equal to the first.
    fn measured(&mut self, id: &str, is: impl Fn(What) -> bool) -> Option<usize> {
        let all = self.model.pilot.measurements.iter().enumerate();
        let here = all.filter(|(_, m)| m.run == self.run && m.counted && is(m.what));
        let mut first = None;
        for (k, m) in here {
            let knowledge = Knowledge::Measured {
                value: m.measured,
                sigma: m.sigma,
            };
            let name = match first {
                None => id.to_owned(),
                Some(_) => format!("{id} ({})", k + 1),
            };
            let quantity = self.out.problem.add(name, knowledge);
            self.out.sources.push((quantity, Source::Measurement(k)));
            match first {
                None => first = Some(quantity),
                Some(first) => {
                    let same = vec![Product::of(1.0, first), Product::of(-1.0, quantity)];
                    self.out.problem.constrain(format!("samples of {id}"), same);
                }
            }
        }
        first
    }

    /// The rate of a feed as the run states it.
    fn stated(&mut self, s: StreamId, id: &str) -> Option<usize> {
        let settings = &self.model.pilot.runs[self.run].settings;
        let rate = settings.iter().find(|x| x.target == Target::FeedRate(s))?;
        let Some(sigma) = rate.sigma else {
            return Some(self.out.problem.add(id, Knowledge::Known(rate.value)));
        };
        let own = |u: &saltern_plants::fit::model::Unknown| {
            u.run == Some(self.run) && u.target == Target::FeedRate(s)
        };
        let unknown = self.model.unknowns.iter().position(own)?;
        let knowledge = Knowledge::Measured {
            value: rate.value,
            sigma,
        };
        let quantity = self.out.problem.add(id, knowledge);
        self.out.sources.push((quantity, Source::Stated(unknown)));
        Some(quantity)
    }

    /// Whether the run states what a feed is made of, without an error, and nothing of it is fitted.
    fn composition_is_stated(&self, s: StreamId) -> bool {
        let solid = |t: &Target| matches!(t, Target::FeedSolid(of, _) if *of == s);
        let settings = &self.model.pilot.runs[self.run].settings;
        let mut stated = settings.iter().filter(|x| solid(&x.target)).peekable();
        let fitted = self
            .model
            .unknowns
            .iter()
            .any(|u| u.run.is_none() && solid(&u.target));
        stated.peek().is_some() && !fitted && stated.all(|x| x.sigma.is_none())
    }

    /// In less out at every unit.
    fn balance(&mut self, of: &str, term: &dyn Fn(StreamId) -> Option<Product>) {
        for (u, unit) in self.sheet.units.iter().enumerate() {
            let mut sum = Vec::new();
            for (s, link) in self.sheet.streams.iter().enumerate() {
                for (end, sign) in [(link.to, 1.0), (link.from, -1.0)] {
                    if end.is_some_and(|end| end.unit == u)
                        && let Some(mut product) = term(s)
                    {
                        product.coefficient *= sign;
                        sum.push(product);
                    }
                }
            }
            if !sum.is_empty() {
                self.out
                    .problem
                    .constrain(format!("{of} of {}", unit.id), sum);
            }
        }
    }
}

/// Reconciled values into the model: the fit is to meet them with the standard deviations of the measurements.
fn take(model: &mut Model<'_>, network: &Network, found: &Elimination) {
    for &(quantity, source) in &network.sources {
        let removed = found.removed.iter().any(|r| r.quantity == quantity);
        let value = found.reconciliation.estimates[quantity].value;
        match source {
            Source::Measurement(k) => {
                let m = &mut model.pilot.measurements[k];
                m.counted = !removed;
                m.value = value.unwrap_or(m.measured);
            }
            Source::Stated(k) => {
                let unknown = &mut model.unknowns[k];
                match (&mut unknown.prior, value) {
                    // A rate that is wrong is as good as not stated: it keeps a start, not a say.
                    (Some((mean, sigma)), Some(value)) if removed => {
                        (*mean, *sigma) = (value, value.abs());
                        unknown.first = value;
                    }
                    (Some((mean, _)), Some(value)) => {
                        *mean = value;
                        unknown.first = value;
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Cell and name of what a quantity came from.
fn origin(model: &Model<'_>, run: usize, network: &Network, quantity: usize) -> (Place, String) {
    let source = network
        .sources
        .iter()
        .find(|(q, _)| *q == quantity)
        .map(|(_, s)| *s);
    match source {
        Some(Source::Measurement(k)) => {
            let m = &model.pilot.measurements[k];
            (m.place.clone(), m.label())
        }
        Some(Source::Stated(k)) => {
            let unknown = &model.unknowns[k];
            let settings = &model.pilot.runs[run].settings;
            let stated = settings.iter().find(|s| s.target == unknown.target);
            let place = stated.map_or_else(Place::default, |s| s.place.clone());
            (place, unknown.path.clone())
        }
        None => (
            Place::default(),
            network.problem.quantities[quantity].id.clone(),
        ),
    }
}

fn notices(
    model: &Model<'_>,
    run: usize,
    network: &Network,
    found: &Elimination,
    out: &mut Vec<Notice>,
) {
    let name = || model.pilot.runs[run].id.clone();
    for removed in &found.removed {
        let (place, what) = origin(model, run, network, removed.quantity);
        let others = removed.indistinguishable.iter();
        out.push(Notice::TakenOut {
            place,
            run: name(),
            what,
            z: removed.z,
            limit: removed.limit,
            others: others.map(|q| origin(model, run, network, *q).1).collect(),
        });
    }
    let (result, test) = (&found.reconciliation, &found.reconciliation.global);
    if test.passes() && result.worst().is_none() {
        return;
    }
    let z = |q: usize| result.estimates[q].z.unwrap_or(0.0);
    let sources = network.sources.iter().map(|(q, _)| *q);
    let Some(worst) = sources.max_by(|a, b| z(*a).total_cmp(&z(*b))) else {
        return;
    };
    let (place, what) = origin(model, run, network, worst);
    out.push(Notice::DoesNotBalance {
        place,
        run: name(),
        objective: test.objective,
        limit: test.limit,
        freedom: test.freedom,
        worst: what,
        z: z(worst),
    });
}

/// Rows of the table of what was reconciled.
#[derive(Default)]
struct Rows {
    texts: [Vec<String>; 5],
    numbers: [Vec<f64>; 6],
}

impl Rows {
    fn add(&mut self, model: &Model<'_>, run: usize, network: &Network, found: &Elimination) {
        for &(q, source) in &network.sources {
            let Source::Measurement(k) = source else {
                continue;
            };
            let m = &model.pilot.measurements[k];
            let estimate = &found.reconciliation.estimates[q];
            let removed = found.removed.iter().find(|r| r.quantity == q);
            let class = if removed.is_some() {
                "taken out"
            } else {
                estimate.class.name()
            };
            let texts = [
                &model.pilot.runs[run].id,
                &m.at,
                &m.name,
                m.unit.symbol,
                class,
            ];
            for (column, text) in self.texts.iter_mut().zip(texts.map(str::to_owned)) {
                column.push(text);
            }
            let (value, sigma) = (estimate.value, estimate.sigma);
            let z = removed
                .map(|r| r.z)
                .or(estimate.z)
                .filter(|_| removed.is_some() || estimate.class == Class::Redundant);
            let numbers = [
                m.reported(m.measured),
                m.reported_difference(m.sigma),
                value.map_or(f64::NAN, |v| m.reported(v)),
                sigma.map_or(f64::NAN, |v| m.reported_difference(v)),
                z.unwrap_or(f64::NAN),
                found.reconciliation.z_limit,
            ];
            for (column, number) in self.numbers.iter_mut().zip(numbers) {
                column.push(number);
            }
        }
    }

    fn frame(self) -> Frame {
        let column = |name: &str, values| Column {
            name: name.to_owned(),
            unit: String::new(),
            values,
        };
        let names = ["run", "place", "what", "unit", "class"];
        let texts = names
            .iter()
            .zip(self.texts)
            .map(|(n, v)| column(n, Values::Text(v)));
        let names = [
            "measured",
            "sd",
            "reconciled",
            "reconciled_sd",
            "z",
            "z_limit",
        ];
        let finite = |v: Vec<f64>| -> Vec<f64> {
            let blank = |x: f64| if x.is_finite() { x } else { f64::NAN };
            v.into_iter().map(blank).collect()
        };
        let numbers = names.iter().zip(self.numbers);
        let numbers = numbers.map(|(n, v)| column(n, Values::Number(finite(v))));
        Frame {
            name: "reconciliation".into(),
            columns: texts.chain(numbers).collect(),
        }
    }
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        match self {
            Notice::DoesNotBalance { .. } => "pilot.does_not_balance",
            Notice::TakenOut { others, .. } if others.is_empty() => "pilot.taken_out",
            Notice::TakenOut { .. } => "pilot.taken_out_unclear",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Notice::DoesNotBalance {
                place,
                run,
                objective,
                limit,
                freedom,
                worst,
                z,
            } => vec![
                ("place", place.text(lang)),
                ("run", run.clone()),
                ("objective", significant(*objective, 3)),
                ("limit", significant(*limit, 3)),
                ("freedom", freedom.to_string()),
                ("worst", worst.clone()),
                ("z", significant(*z, 3)),
            ],
            Notice::TakenOut {
                place,
                run,
                what,
                z,
                limit,
                others,
            } => vec![
                ("place", place.text(lang)),
                ("run", run.clone()),
                ("what", what.clone()),
                ("z", significant(*z, 3)),
                ("limit", significant(*limit, 3)),
                ("others", lang.list(others)),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}
