//! A plan of production: what it does and when, what stands in the way of more, and why it does not do what it leaves undone.

mod loads;

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_run::RunContents;
use saltern_run::contents::{BaseSnapshot, Name};
use saltern_run::plan::{BarAnswer, BindingAnswer, PlanAnswer, PlanCause, ProductionAnswer};
use saltern_run::plan::{ProductAnswer, TurnAnswer, UndoneAnswer};
use serde::Serialize;
use utoipa::ToSchema;

use super::CONCERN;
use crate::access::Caller;
use crate::error::ServerError;
use crate::house::House;
use crate::problem::{Problem, Sentence};
use crate::routes::closings::blocking;
use crate::routes::extract::At;
use crate::routes::views::number;
use loads::LoadView;

/// A plan of production as it was simulated.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProductionView {
    /// `optimal` or `infeasible`.
    status: String,
    /// Currency of all money.
    currency: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Days in a step.
    step_days: u32,
    /// What the plan is worth, as simulated; null where there is none.
    worth: Option<f64>,
    /// What the base's own rules are worth, as simulated.
    by_rules: Option<f64>,
    /// What the electricity of the plants costs, a part of the worth.
    energy_cost: Option<f64>,
    /// Simulations made.
    simulations: usize,
    /// Harvests and flows over time.
    bars: Vec<BarView>,
    /// Harvests of the base, those among them that the plan does not do.
    harvests: Vec<HarvestView>,
    /// Loads of plants over time.
    loads: Vec<LoadView>,
    /// Products.
    products: Vec<ProductView>,
    /// Limits that stand in the way of more, the most worth first.
    bindings: Vec<BindingView>,
    /// What is done less of than the folder lets it, and why.
    undone: Vec<UndoneView>,
    /// Turns of programme and simulation.
    turns: Vec<TurnView>,
    /// What cannot hold together, where nothing can be planned.
    conflict: Vec<CauseView>,
    /// The cheapest changes that would make a plan possible.
    relaxation: Vec<CauseView>,
}

/// Consecutive steps of a harvest or a flow.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanBarView)]
struct BarView {
    /// `harvest` or `flow`.
    of: &'static str,
    /// Id of the harvest or the link.
    id: String,
    /// What it is in or between.
    name: Sentence,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// t of dry salt, or m³ of brine.
    amount: f64,
    /// `t` or `m3`.
    unit: String,
}

/// A harvest of the base.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanHarvestView)]
struct HarvestView {
    /// Id.
    id: String,
    /// Name of its pond.
    name: Sentence,
    /// Id of its pond.
    pond: String,
}

/// A product, t.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanProductView)]
struct ProductView {
    /// Name, as `sales.csv` has it.
    name: String,
    /// In the programme.
    planned_t: f64,
    /// In the simulation: what the plan is.
    simulated_t: f64,
    /// By the base's own rules.
    by_rules_t: f64,
    /// |programme − simulation| over the simulation.
    gap: Option<f64>,
}

/// A limit.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanBindingView)]
struct BindingView {
    /// What it is.
    what: Sentence,
    /// What it limits, by its id in the folder; blank in plans of before.
    id: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Money that one more t a step would earn; of a crew, that another crew would.
    worth: f64,
    /// Rows of the folder that say it.
    places: Vec<String>,
}

/// Something that is done less of than the folder lets it.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanUndoneView)]
struct UndoneView {
    /// `harvest`, `plant` or `flow`.
    of: String,
    /// Id in the folder.
    id: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Share of the most there is that is not done, 0 … 1.
    left: Option<f64>,
    /// Stable code of the reason.
    #[schema(example = "undone.salt")]
    because: String,
    /// The reason.
    why: Sentence,
    /// What it is worth: money per t more; zero where it has no price.
    worth: f64,
    /// Rows of the folder that say it.
    places: Vec<String>,
}

/// A turn of programme and simulation.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanTurnView)]
struct TurnView {
    /// Objective that the programme promised.
    promised: f64,
    /// Objective that the simulation gave.
    simulated: f64,
    /// Worst gap of a product, as a share.
    gap: Option<f64>,
    /// Whether it was kept.
    kept: bool,
}

/// Part of an answer why nothing can be planned.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanCauseView)]
struct CauseView {
    /// What it is about, by its id in the folder.
    id: String,
    /// Rows of the folder that say it.
    place: String,
    /// The sentence.
    text: Sentence,
}

impl ProductionView {
    fn of(run: &RunContents, plan: &PlanAnswer) -> ProductionView {
        let base = &run.base;
        let nothing = ProductionAnswer::default();
        let found = plan.production.as_ref();
        let production = found.unwrap_or(&nothing);
        let step_days = (plan.step_min / (24 * 60)).max(1);
        ProductionView {
            status: plan.status.clone(),
            currency: plan.currency.clone(),
            from: run.meta.from.to_string(),
            to: run.meta.to.to_string(),
            step_days,
            worth: plan.objective.and_then(number),
            by_rules: found.and_then(|found| number(found.by_rules)),
            energy_cost: production.energy_cost.and_then(number),
            simulations: production.simulations,
            bars: (production.bars.iter())
                .map(|bar| BarView::of(base, bar))
                .collect(),
            harvests: base
                .harvests
                .iter()
                .map(|harvest| HarvestView {
                    id: harvest.id.clone(),
                    name: place_name(base, &harvest.pond),
                    pond: harvest.pond.clone(),
                })
                .collect(),
            loads: loads::of(run, step_days),
            products: production.products.iter().map(ProductView::of).collect(),
            bindings: production.bindings.iter().map(BindingView::of).collect(),
            undone: production.undone.iter().map(UndoneView::of).collect(),
            turns: production.turns.iter().map(TurnView::of).collect(),
            conflict: plan.conflict.iter().map(CauseView::of).collect(),
            relaxation: plan.relaxation.iter().map(CauseView::of).collect(),
        }
    }
}

impl BarView {
    fn of(base: &BaseSnapshot, bar: &BarAnswer) -> BarView {
        let harvest = base.harvests.iter().find(|harvest| harvest.id == bar.id);
        let link = base.links.iter().find(|link| link.id == bar.id);
        let name = match (harvest, link) {
            (Some(harvest), _) => place_name(base, &harvest.pond),
            (None, Some(link)) => {
                let ends = [&link.from, &link.to].map(|end| place_name(base, end));
                Sentence {
                    en: format!("{} → {}", ends[0].en, ends[1].en),
                    zh: format!("{} → {}", ends[0].zh, ends[1].zh),
                }
            }
            (None, None) => same(&bar.id),
        };
        BarView {
            of: if link.is_some() && harvest.is_none() {
                "flow"
            } else {
                "harvest"
            },
            id: bar.id.clone(),
            name,
            from: bar.from.clone(),
            to: bar.to.clone(),
            amount: bar.amount,
            unit: bar.unit.clone(),
        }
    }
}

impl ProductView {
    fn of(product: &ProductAnswer) -> ProductView {
        ProductView {
            name: product.name.clone(),
            planned_t: product.planned_t,
            simulated_t: product.simulated_t,
            by_rules_t: product.by_rules_t,
            gap: number(product.gap),
        }
    }
}

impl BindingView {
    fn of(binding: &BindingAnswer) -> BindingView {
        BindingView {
            what: said(&binding.what),
            id: binding.id.clone(),
            from: binding.from.clone(),
            to: binding.to.clone(),
            worth: binding.worth,
            places: binding.places.clone(),
        }
    }
}

impl UndoneView {
    fn of(undone: &UndoneAnswer) -> UndoneView {
        UndoneView {
            of: undone.of.clone(),
            id: undone.id.clone(),
            from: undone.from.clone(),
            to: undone.to.clone(),
            left: number(undone.left),
            because: undone.because.clone(),
            why: said(&undone.why),
            worth: undone.worth,
            places: undone.places.clone(),
        }
    }
}

impl TurnView {
    fn of(turn: &TurnAnswer) -> TurnView {
        TurnView {
            promised: turn.promised,
            simulated: turn.simulated,
            gap: number(turn.gap),
            kept: turn.kept,
        }
    }
}

impl CauseView {
    fn of(cause: &PlanCause) -> CauseView {
        CauseView {
            id: cause.unit.clone(),
            place: cause.place.clone(),
            text: said(&cause.text),
        }
    }
}

fn said(name: &Name) -> Sentence {
    Sentence {
        en: name.en.clone(),
        zh: name.zh.clone(),
    }
}

fn same(id: &str) -> Sentence {
    Sentence {
        en: id.into(),
        zh: id.into(),
    }
}

/// Name of a pond, a source, an outlet or a plant; its id where it has none.
fn place_name(base: &BaseSnapshot, id: &str) -> Sentence {
    let pond = base.ponds.iter().find(|pond| pond.id == id);
    let mut places = (base.sources.iter())
        .chain(&base.outlets)
        .chain(&base.plants);
    let name = pond
        .map(|pond| &pond.name)
        .or_else(|| places.find(|place| place.id == id).map(|place| &place.name));
    name.map_or_else(|| same(id), said)
}

/// A plan of production.
#[utoipa::path(get, path = "/api/runs/{name}/production", tag = "runs",
    params(("name" = String, Path, description = "Name of a run that is a plan of production")),
    responses((status = 200, body = ProductionView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn production(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
) -> Result<Json<ProductionView>, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let plan = run.plan.as_ref().filter(|plan| plan.what == "production");
        let plan = plan.ok_or(ServerError::NoSchedule { run: name })?;
        Ok(Json(ProductionView::of(&run, plan)))
    })
    .await
}
