//! The accounts of a run or a measured book, or of some of its days: recovery, indicators, energy, carbon, grades.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_account::carbon::Footprint;
use saltern_account::indicators::{Definition, Figure};
use saltern_account::recovery::Stage;
use saltern_run::RunContents;
use saltern_run::accounts::{self, Accounts, NodeUse, ProductGrades, Way, shown_unit};
use serde::Serialize;
use utoipa::ToSchema;

use super::CONCERN;
use super::period::{Days, Period};
use crate::access::Caller;
use crate::house::House;
use crate::problem::{Problem, Sentence};
use crate::routes::closings::blocking;
use crate::routes::extract::{Asked, At};
use crate::routes::views::{number, sentence};

const TONNE_KG: f64 = 1000.0;
const PERCENT: f64 = 100.0;

/// How good it was.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountsView {
    /// First day.
    from: String,
    /// Last day.
    to: String,
    /// Elements from resource to product.
    ways: Vec<WayView>,
    /// Indicators, each with its definition; those without a value say why.
    indicators: Vec<IndicatorView>,
    /// What each plant used beside matter.
    uses: Vec<UseView>,
    /// CO2e; null where nothing is known to have been used.
    carbon: Option<CarbonView>,
    /// Products against grade classes.
    grades: Vec<GradeView>,
}

/// An element from resource to product.
#[derive(Serialize, ToSchema)]
struct WayView {
    /// Symbol.
    element: String,
    /// Stages in order; the last is where it ends.
    stages: Vec<StageView>,
    /// What was drawn from the resource, t.
    drawn_t: Option<f64>,
    /// Share of what was drawn that arrives at the end, %; null where nothing was drawn.
    overall_percent: Option<f64>,
}

/// A stage of a way.
#[derive(Serialize, ToSchema)]
struct StageView {
    /// Its name.
    name: Sentence,
    /// What came in, t.
    received_t: Option<f64>,
    /// What went on, t.
    onward_t: Option<f64>,
    /// What left for other places, t.
    elsewhere_t: Option<f64>,
    /// What it holds more than before, t.
    stayed_t: Option<f64>,
    /// Onward over received, %.
    recovery_percent: Option<f64>,
    /// Onward over what was worked up, %: where stocks are still filling.
    of_throughput_percent: Option<f64>,
}

/// An indicator.
#[derive(Serialize, ToSchema)]
struct IndicatorView {
    /// Id of its definition.
    id: String,
    /// Its name.
    name: Sentence,
    /// Member of a set that it is of.
    member: Option<String>,
    /// Its value; null where there is none.
    value: Option<f64>,
    /// Unit.
    unit: String,
    /// Why it has no value.
    reason: Option<Sentence>,
    /// What a standard asks for at least.
    at_least: Option<f64>,
    /// What a standard asks for at most.
    at_most: Option<f64>,
    /// Whether it meets what is asked for.
    meets: Option<bool>,
    /// Standard and year, or whose definition it is.
    edition: Sentence,
    /// The formula.
    definition: String,
    /// Where the definition comes from.
    source: Sentence,
}

/// What a plant used of a carrier.
#[derive(Serialize, ToSchema)]
struct UseView {
    /// Who.
    by: Sentence,
    /// What.
    carrier: Sentence,
    /// Amount.
    amount: Option<f64>,
    /// Unit.
    unit: String,
    /// Amount a tonne of its products; null where it makes none.
    per_tonne: Option<f64>,
    /// What it makes.
    products: Vec<Sentence>,
}

/// A footprint.
#[derive(Serialize, ToSchema)]
struct CarbonView {
    /// Sum, t CO2e.
    total_t: Option<f64>,
    /// What it is a sum of.
    meaning: Sentence,
    /// By scope.
    scopes: Vec<ScopeView>,
    /// Factors that count, with their sources.
    factors: Vec<FactorView>,
    /// What should have a factor and has none: it's missing in the sum.
    without_factor: Vec<Sentence>,
    /// What is to be known beside the figure.
    notices: Vec<Sentence>,
}

/// A scope's part.
#[derive(Serialize, ToSchema)]
struct ScopeView {
    /// `1`, `2`, `3`, or several that can't be taken apart.
    scopes: String,
    /// t CO2e.
    total_t: Option<f64>,
}

/// An emission factor.
#[derive(Serialize, ToSchema)]
struct FactorView {
    /// Id.
    id: String,
    /// Value.
    value: f64,
    /// Unit.
    unit: String,
    /// `direct` or `life-cycle`.
    kind: String,
    /// Where it holds; empty for everywhere.
    region: Sentence,
    /// Year of its data.
    year: Option<u16>,
    /// Where it comes from.
    source: Sentence,
}

/// A product against a class.
#[derive(Serialize, ToSchema)]
struct GradeView {
    /// Product.
    product: Sentence,
    /// Standard and class.
    class: Sentence,
    /// Verdict.
    verdict: Sentence,
}

impl AccountsView {
    fn of(run: &RunContents, days: &Days) -> Result<AccountsView, Problem> {
        let accounts = Accounts::within(run, &run.tables, days.places())?;
        let named = |id: &str| Sentence::of(|lang| accounts::name(&run.base, id, lang));
        let figures = accounts.figures.iter();
        Ok(AccountsView {
            from: days.from.to_string(),
            to: days.to.to_string(),
            ways: accounts
                .ways
                .iter()
                .map(|way| WayView::of(way, named))
                .collect(),
            indicators: figures
                .map(|figure| IndicatorView::of(figure, &accounts.definitions[figure.definition]))
                .collect(),
            uses: accounts
                .uses_by_node
                .iter()
                .map(|used| UseView::of(used, named))
                .collect(),
            carbon: accounts
                .footprint
                .as_ref()
                .map(|footprint| CarbonView::of(footprint, named)),
            grades: accounts
                .grades
                .iter()
                .flat_map(|product| GradeView::of(product, named))
                .collect(),
        })
    }
}

impl WayView {
    fn of(way: &Way, named: impl Fn(&str) -> Sentence) -> WayView {
        let stages = way.names.iter().zip(&way.stages);
        WayView {
            element: way.element.clone(),
            stages: stages
                .map(|(name, stage)| StageView::of(named(name), stage))
                .collect(),
            drawn_t: number(way.drawn_kg / TONNE_KG),
            overall_percent: way.overall().and_then(|share| number(share * PERCENT)),
        }
    }
}

impl StageView {
    fn of(name: Sentence, stage: &Stage) -> StageView {
        let tonnes = |kg: f64| number(kg / TONNE_KG);
        let percent = |share: Option<f64>| share.and_then(|share| number(share * PERCENT));
        StageView {
            name,
            received_t: tonnes(stage.input_kg),
            onward_t: tonnes(stage.onward_kg),
            elsewhere_t: tonnes(stage.elsewhere_kg.iter().map(|(_, kg)| kg).sum()),
            stayed_t: tonnes(stage.stock_change_kg),
            recovery_percent: percent(stage.recovery()),
            of_throughput_percent: percent(stage.recovery_of_throughput()),
        }
    }
}

impl IndicatorView {
    fn of(figure: &Figure, definition: &Definition) -> IndicatorView {
        let reason = figure.value.as_ref().err();
        IndicatorView {
            id: definition.id.clone(),
            name: sentence(&definition.name),
            member: figure.member.clone(),
            value: figure.value.as_ref().ok().and_then(|value| number(*value)),
            unit: definition.unit.clone(),
            reason: reason.map(|error| Sentence::of(|lang| error.text(lang))),
            at_least: definition.asked(true),
            at_most: definition.asked(false),
            meets: figure.meets,
            edition: sentence(&definition.edition),
            definition: definition.text.clone(),
            source: sentence(&definition.source),
        }
    }
}

impl UseView {
    fn of(used: &NodeUse, named: impl Fn(&str) -> Sentence) -> UseView {
        let (unit, size) = shown_unit(used.basis);
        let per_kg = used.per_product_kg;
        UseView {
            by: named(&used.by),
            carrier: named(&used.carrier),
            amount: number(used.amount / size),
            unit: unit.into(),
            per_tonne: per_kg.and_then(|per_kg| number(per_kg * TONNE_KG / size)),
            products: used.products.iter().map(|id| named(id)).collect(),
        }
    }
}

impl CarbonView {
    fn of(footprint: &Footprint, named: impl Fn(&str) -> Sentence) -> CarbonView {
        let scopes = footprint.by_scope().into_iter();
        let factors = footprint.factors.iter();
        CarbonView {
            total_t: number(footprint.total.kg() / TONNE_KG),
            meaning: Sentence::of(|lang| footprint.total.text(lang).into()),
            scopes: scopes
                .map(|(scopes, kg)| ScopeView {
                    scopes: scopes.text(),
                    total_t: number(kg / TONNE_KG),
                })
                .collect(),
            factors: factors
                .map(|factor| {
                    let terms = factor.terms();
                    FactorView {
                        id: terms.id.clone(),
                        value: terms.value,
                        unit: terms.unit.clone(),
                        kind: factor.kind().into(),
                        region: sentence(&terms.region),
                        year: terms.year,
                        source: sentence(&terms.source),
                    }
                })
                .collect(),
            without_factor: footprint
                .without_factor
                .iter()
                .map(|what| named(what))
                .collect(),
            notices: footprint
                .notices()
                .iter()
                .map(|notice| Sentence::of(|lang| notice.text(lang)))
                .collect(),
        }
    }
}

impl GradeView {
    fn of<'p>(
        product: &'p ProductGrades,
        named: impl Fn(&str) -> Sentence + 'p,
    ) -> impl Iterator<Item = GradeView> + 'p {
        product.classes.iter().map(move |graded| GradeView {
            product: named(&product.stream),
            class: Sentence::of(|lang| format!("{} {}", graded.standard, graded.class(lang))),
            verdict: Sentence::of(|lang| graded.verdict.text(lang)),
        })
    }
}

/// The accounts of a run or a measured book, or of some of its days. Amounts that a table gives for the whole period count only
/// where it is asked for whole.
#[utoipa::path(get, path = "/api/runs/{name}/accounts", tag = "runs",
    params(("name" = String, Path, description = "Name of a run"), Period),
    responses((status = 200, body = AccountsView), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn accounts(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(name): At<String>,
    Asked(period): Asked<Period>,
) -> Result<Json<AccountsView>, Problem> {
    caller.check_park(CONCERN)?;
    blocking(&house, move |house| {
        let run = house.runs.read(&house.runs.find(&name)?)?;
        let days = period.of(&run)?;
        Ok(Json(AccountsView::of(&run, &days)?))
    })
    .await
}
