//! A dispatch as it is shown: units with what they do step by step, and what it comes to.

use std::collections::{HashMap, HashSet};

use saltern_base::frame::{Column, Frame, Values};
use saltern_run::contents::Name;
use saltern_run::plan::{
    ColumnKind, ConsumerAnswer, MatchingAnswer, PlanAnswer, PlanCase, PlanCause, PlanCost,
    PlanUnit, QuotaAnswer, ServiceAnswer, SourceAnswer, TIME,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Sentence;
use crate::routes::views::number;

/// What a dispatch is shown from.
pub(crate) struct Sources<'a> {
    pub(crate) plan: &'a PlanAnswer,
    pub(crate) dispatch: &'a Frame,
    pub(crate) tracing: Option<&'a Frame>,
}

/// A dispatch: figures are of all of the plan, columns of the steps that were asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct DispatchView {
    /// `optimal`, `time_limit`; `infeasible` and others for a run without a plan.
    status: String,
    /// Currency of all money.
    #[schema(example = "CNY")]
    currency: String,
    /// Minutes in a step.
    step_min: u32,
    /// What the plan costs; null where there is none. What stores hold more at the end than at the beginning is taken off at its worth.
    objective: Option<f64>,
    /// Direct carbon dioxide of fuel and bought power, t.
    carbon_t: f64,
    /// Ids of grids whose carbon is not counted for want of a factor.
    carbon_uncounted: Vec<String>,
    /// What a tonne of it costs in the plan.
    carbon_price: f64,
    /// What sun and wind could have given and did not, MWh.
    curtailed_mwh: f64,
    /// The same without storage and without work that waits, where that was asked.
    without_flexibility: Option<CaseView>,
    /// How long it took to solve, s.
    solve_s: f64,
    /// Beginning of each step, local standard time.
    #[schema(example = json!(["2027-07-02T00:00"]))]
    times: Vec<String>,
    /// What every unit does in every step.
    units: Vec<UnitView>,
    /// How much of what is used in each step is clean, %; null where nothing is used.
    clean_percent: Vec<Option<f64>>,
    /// Direct carbon dioxide of what is used in each step, kg/MWh.
    carbon_kg_mwh: Vec<Option<f64>>,
    /// Where the energy of consumers comes from.
    matching: Option<MatchingView>,
    /// Quotas and what was used of them.
    quotas: Vec<QuotaView>,
    /// How each class of work was served; none of a window, before which work may have come.
    service: Vec<ServiceView>,
    /// Costs and earnings by unit.
    costs: Vec<CostView>,
    /// What cannot hold together, where there is no plan.
    conflict: Vec<CauseView>,
    /// The cheapest changes that would make a plan possible.
    relaxation: Vec<CauseView>,
}

/// A column of a dispatch.
#[derive(Serialize, ToSchema)]
#[schema(as = DispatchUnit)]
struct UnitView {
    /// Name of the column.
    column: String,
    /// Id of the unit.
    unit: String,
    /// Its name.
    name: Sentence,
    /// Id of its node.
    node: String,
    /// `pv`, `wind`, `solar_field`, `hydro`, `fuel`, `made`, `taken`, `charge`, `discharge`, `level`, `line`, `import`, `export`,
    /// `shortage`, `demand`, `hall`, `backlog`, `may_wait`, `available`, `price`, `flexible`, `limit`, `quota`.
    kind: String,
    /// How a step counts at the node per unit of the column: above zero given, below taken, 0 for levels and prices.
    sign: f64,
    /// Capacity, if it has one.
    capacity: Option<f64>,
    /// Unit of the values.
    written_in: String,
    /// A value a step.
    values: Vec<Option<f64>>,
}

/// Another way to run the same base.
#[derive(Serialize, ToSchema)]
#[schema(as = DispatchCase)]
struct CaseView {
    /// Cost; null where there is no such plan.
    objective: Option<f64>,
    /// Direct carbon dioxide, t.
    carbon_t: f64,
    /// What sun and wind could have given and did not, MWh.
    curtailed_mwh: f64,
}

/// How much of what is used is clean.
#[derive(Serialize, ToSchema)]
struct MatchingView {
    /// Used in the base, MWh; what is sold is not.
    used_mwh: f64,
    /// Hourly score of 24/7 carbon-free energy, 0 to 1.
    score: Option<f64>,
    /// Carbon-free energy delivered, sold energy included, over what is used.
    annual_share: Option<f64>,
    /// Direct carbon dioxide of what is used, kg/MWh.
    direct_kg_mwh: Option<f64>,
    /// Share of the steps in which at least 99.9 % is clean.
    clean_steps: f64,
    /// Consumers.
    consumers: Vec<ConsumerView>,
    /// Sources.
    sources: Vec<SourceView>,
}

/// A consumer.
#[derive(Serialize, ToSchema)]
struct ConsumerView {
    /// Id of the demand, hall or grid.
    unit: String,
    /// Its name.
    name: Sentence,
    /// `demand`, `hall` or `export`.
    kind: String,
    /// Used, MWh.
    used_mwh: f64,
    /// Hourly score, 0 to 1.
    score: Option<f64>,
    /// Direct carbon dioxide, kg/MWh.
    direct_kg_mwh: Option<f64>,
    /// Share of its steps in which at least 99.9 % is clean.
    clean_steps: f64,
    /// Share of each source, in their order.
    shares: Vec<f64>,
    /// What it uses in each step, MW.
    power_mw: Vec<Option<f64>>,
}

/// A source.
#[derive(Serialize, ToSchema)]
struct SourceView {
    /// Id of the unit.
    unit: String,
    /// Its name.
    name: Sentence,
    /// As kinds of units; `level` is what a store held at the start.
    kind: String,
    /// Given, MWh.
    given_mwh: f64,
    /// Lost on the way, MWh.
    lost_mwh: f64,
    /// Share of it that is carbon-free.
    clean: f64,
}

/// A quota.
#[derive(Serialize, ToSchema)]
struct QuotaView {
    /// Id.
    unit: String,
    /// Its name.
    name: Sentence,
    /// `t` of direct carbon dioxide or `MWh` bought.
    amounts: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Limit; of a window what the rest of the period does not need.
    limit: f64,
    /// What the plan uses.
    used: f64,
    /// What is left.
    left: f64,
    /// What one more would save, money.
    price: Option<f64>,
}

/// Service of a class of work.
#[derive(Serialize, ToSchema)]
struct ServiceView {
    /// Id of the class.
    class: String,
    /// Its name.
    name: Sentence,
    /// Arrived, MWh.
    arrived_mwh: f64,
    /// Done by its deadline, MWh.
    in_time_mwh: f64,
    /// Given up, MWh.
    dropped_mwh: f64,
    /// Least time between an end and its deadline, h.
    worst_slack_h: Option<f64>,
    /// Mean time between arrival and end, h.
    mean_wait_h: f64,
}

/// A cost.
#[derive(Serialize, ToSchema)]
struct CostView {
    /// Id of the unit.
    unit: String,
    /// Its name.
    name: Sentence,
    /// `import`, `export`, `deviation` for a grid; `level`, what a store holds at the end, at its worth; `shortage`; else null.
    kind: Option<String>,
    /// Money; below zero is earned.
    money: f64,
}

/// A part of why there is no plan.
#[derive(Serialize, ToSchema)]
struct CauseView {
    /// Id of the unit.
    unit: String,
    /// File and row.
    place: String,
    /// In words.
    text: Sentence,
}

impl DispatchView {
    /// Of the steps that `is_shown` says of their beginning.
    pub(crate) fn of(sources: &Sources<'_>, is_shown: impl Fn(&str) -> bool) -> DispatchView {
        let Sources { plan, dispatch, .. } = sources;
        let times = texts(dispatch, TIME);
        let rows: Vec<usize> = (0..times.len())
            .filter(|row| is_shown(&times[*row]))
            .collect();
        let times: Vec<String> = rows.iter().map(|row| times[*row].clone()).collect();
        let (clean_percent, carbon_kg_mwh) = match sources.tracing {
            Some(tracing) => matched(plan, tracing, &times),
            None => (vec![None; times.len()], vec![None; times.len()]),
        };
        let units = plan.units.iter();
        DispatchView {
            status: plan.status.clone(),
            currency: plan.currency.clone(),
            step_min: plan.step_min,
            objective: plan.objective,
            carbon_t: plan.carbon_t,
            carbon_uncounted: plan.carbon_uncounted.clone(),
            carbon_price: plan.carbon_price,
            curtailed_mwh: plan.curtailed_mwh,
            without_flexibility: plan.without_flexibility.as_ref().map(CaseView::of),
            solve_s: plan.solve_s,
            units: units
                .filter_map(|unit| UnitView::of(unit, dispatch, &rows))
                .collect(),
            clean_percent,
            carbon_kg_mwh,
            matching: plan.matching.as_ref().map(|matching| {
                let powers = |id: &str| powers(sources.tracing, id, &times);
                MatchingView::of(matching, powers)
            }),
            quotas: plan.quotas.iter().map(QuotaView::of).collect(),
            service: plan.service.iter().map(ServiceView::of).collect(),
            costs: plan.costs.iter().map(CostView::of).collect(),
            conflict: plan.conflict.iter().map(CauseView::of).collect(),
            relaxation: plan.relaxation.iter().map(CauseView::of).collect(),
            times,
        }
    }
}

fn sentence(name: &Name) -> Sentence {
    Sentence {
        en: name.en.clone(),
        zh: name.zh.clone(),
    }
}

/// A kind as the run folder spells it.
fn spelt(kind: ColumnKind) -> String {
    let spelt = serde_json::to_value(kind).ok();
    let spelt = spelt.as_ref().and_then(|value| value.as_str());
    spelt.unwrap_or_default().into()
}

impl UnitView {
    fn of(unit: &PlanUnit, dispatch: &Frame, rows: &[usize]) -> Option<UnitView> {
        let column = column(dispatch, &unit.column)?;
        let values = numbers(column)?;
        Some(UnitView {
            column: unit.column.clone(),
            unit: unit.unit.clone(),
            name: sentence(&unit.name),
            node: unit.node.clone(),
            kind: spelt(unit.kind),
            sign: unit.sign,
            capacity: unit.capacity,
            written_in: column.unit.clone(),
            values: rows.iter().map(|row| number(values[*row])).collect(),
        })
    }
}

impl CaseView {
    fn of(case: &PlanCase) -> CaseView {
        CaseView {
            objective: case.objective,
            carbon_t: case.carbon_t,
            curtailed_mwh: case.curtailed_mwh,
        }
    }
}

impl MatchingView {
    fn of(matching: &MatchingAnswer, powers: impl Fn(&str) -> Vec<Option<f64>>) -> MatchingView {
        let consumers = matching.consumers.iter();
        let consumers = consumers.map(|one| ConsumerView::of(one, powers(&traced_as(one))));
        MatchingView {
            used_mwh: matching.used_mwh,
            score: matching.score,
            annual_share: matching.annual_share,
            direct_kg_mwh: matching.direct_kg_mwh,
            clean_steps: matching.clean_steps,
            consumers: consumers.collect(),
            sources: matching.sources.iter().map(SourceView::of).collect(),
        }
    }
}

impl ConsumerView {
    fn of(consumer: &ConsumerAnswer, power_mw: Vec<Option<f64>>) -> ConsumerView {
        ConsumerView {
            unit: consumer.unit.clone(),
            name: sentence(&consumer.name),
            kind: spelt(consumer.kind),
            used_mwh: consumer.used_mwh,
            score: consumer.score,
            direct_kg_mwh: consumer.direct_kg_mwh,
            clean_steps: consumer.clean_steps,
            shares: consumer.shares.clone(),
            power_mw,
        }
    }
}

impl SourceView {
    fn of(source: &SourceAnswer) -> SourceView {
        SourceView {
            unit: source.unit.clone(),
            name: sentence(&source.name),
            kind: spelt(source.kind),
            given_mwh: source.given_mwh,
            lost_mwh: source.lost_mwh,
            clean: source.clean,
        }
    }
}

impl QuotaView {
    fn of(quota: &QuotaAnswer) -> QuotaView {
        QuotaView {
            unit: quota.unit.clone(),
            name: sentence(&quota.name),
            amounts: quota.amounts.clone(),
            from: quota.from.clone(),
            to: quota.to.clone(),
            limit: quota.limit,
            used: quota.used,
            left: quota.left,
            price: quota.price,
        }
    }
}

impl ServiceView {
    fn of(service: &ServiceAnswer) -> ServiceView {
        ServiceView {
            class: service.class.clone(),
            name: sentence(&service.name),
            arrived_mwh: service.arrived_mwh,
            in_time_mwh: service.in_time_mwh,
            dropped_mwh: service.dropped_mwh,
            worst_slack_h: service.worst_slack_h,
            mean_wait_h: service.mean_wait_h,
        }
    }
}

impl CostView {
    fn of(cost: &PlanCost) -> CostView {
        CostView {
            unit: cost.unit.clone(),
            name: sentence(&cost.name),
            kind: cost.kind.map(spelt),
            money: cost.money,
        }
    }
}

impl CauseView {
    fn of(cause: &PlanCause) -> CauseView {
        CauseView {
            unit: cause.unit.clone(),
            place: cause.place.clone(),
            text: sentence(&cause.text),
        }
    }
}

fn column<'a>(frame: &'a Frame, name: &str) -> Option<&'a Column> {
    frame.columns.iter().find(|column| column.name == name)
}

fn numbers(column: &Column) -> Option<&[f64]> {
    match &column.values {
        Values::Number(values) => Some(values),
        _ => None,
    }
}

fn texts<'a>(frame: &'a Frame, name: &str) -> &'a [String] {
    match column(frame, name).map(|column| &column.values) {
        Some(Values::Text(texts)) => texts,
        _ => &[],
    }
}

/// How the frame of the tracing names a consumer.
fn traced_as(consumer: &ConsumerAnswer) -> String {
    match consumer.kind {
        ColumnKind::Export => format!("{}.export", consumer.unit),
        _ => consumer.unit.clone(),
    }
}

/// What a consumer uses in each step, MW.
fn powers(tracing: Option<&Frame>, id: &str, times: &[String]) -> Vec<Option<f64>> {
    let Some(tracing) = tracing else {
        return vec![None; times.len()];
    };
    let power = column(tracing, "power")
        .and_then(numbers)
        .unwrap_or_default();
    let who = texts(tracing, "consumer").iter().zip(texts(tracing, TIME));
    let own = who.zip(power).filter(|((consumer, _), _)| *consumer == id);
    let known: HashMap<&str, f64> = own.map(|((_, time), mw)| (time.as_str(), *mw)).collect();
    let at = |time: &String| known.get(time.as_str()).and_then(|mw| number(*mw));
    times.iter().map(at).collect()
}

/// Clean share, %, and direct carbon, kg/MWh, of all that is used in each step: means over consumers by what each uses. What is
/// sold is not used.
fn matched(
    plan: &PlanAnswer,
    tracing: &Frame,
    times: &[String],
) -> (Vec<Option<f64>>, Vec<Option<f64>>) {
    let consumers = plan
        .matching
        .iter()
        .flat_map(|matching| &matching.consumers);
    let sold: HashSet<String> = consumers
        .filter(|consumer| consumer.kind == ColumnKind::Export)
        .map(traced_as)
        .collect();
    let steps: HashMap<&str, usize> = times.iter().enumerate().map(|(t, at)| (&**at, t)).collect();
    let (mut used, mut clean, mut carbon) = (
        vec![0.0; times.len()],
        vec![0.0; times.len()],
        vec![0.0; times.len()],
    );
    let of = |name: &str| column(tracing, name).and_then(numbers).unwrap_or_default();
    let who = texts(tracing, "consumer").iter().zip(texts(tracing, TIME));
    let powers = who.zip(of("power"));
    let rows = powers.zip(of("clean").iter().zip(of("direct_carbon")));
    for (((consumer, time), power), (share, factor)) in rows {
        let Some(t) = steps
            .get(time.as_str())
            .filter(|_| !sold.contains(consumer))
        else {
            continue;
        };
        if *power > 0.0 {
            used[*t] += power;
            clean[*t] += power * share;
            carbon[*t] += power * factor;
        }
    }
    let mean = |sums: Vec<f64>| {
        let means = sums.iter().zip(&used).map(|(sum, used)| number(sum / used));
        means.collect()
    };
    (mean(clean), mean(carbon))
}
