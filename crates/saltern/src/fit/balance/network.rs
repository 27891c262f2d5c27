//! The balances of one run as a problem of reconciliation.
//!
//! Every unit balances in mass and in each element that was analysed. A measured share times a flow is bilinear; where the
//! share of a stream is not measured its flow of the element is one unknown, which keeps that balance linear. What the run
//! states of a feed enters: its rate, and its composition where that is stated without an error; so do elements that a
//! stream does not hold (water, vapour). Samples of one place and run are equal. All else is left open: what the plant's file
//! assumes is not evidence against a meter.

use saltern_account::reconcile::{Knowledge, Problem, Product};
use saltern_plants::fit::data::What;
use saltern_plants::fit::model::{Model, Unknown};
use saltern_plants::flowsheet::{Flowsheet, StreamId};
use saltern_plants::matter::Matter;
use saltern_plants::measure::Of;
use saltern_plants::solve::Solution;
use saltern_plants::target::Target;
use saltern_units::place::Place;

/// What a quantity of the problem came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    /// Index of a measurement.
    Measurement(usize),
    /// Index of an unknown of the run.
    Stated(usize),
}

/// The problem of one run.
pub(super) struct Network {
    pub(super) problem: Problem,
    /// Quantities that stand for something measured or stated.
    pub(super) sources: Vec<(usize, Source)>,
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
pub(super) fn network(model: &Model<'_>, matter: &Matter<'_>, run: usize) -> Option<Network> {
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
        let own = |u: &Unknown| u.run == Some(self.run) && u.target == Target::FeedRate(s);
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

/// Cell and name of what a quantity came from.
pub(super) fn origin(
    model: &Model<'_>,
    run: usize,
    network: &Network,
    quantity: usize,
) -> (Place, String) {
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
