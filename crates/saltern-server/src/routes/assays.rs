//! Analyses of the laboratory, what the assay desk made of them, and what people decide.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_records::{Decision, Judged};
use saltern_samples::bucket::DAY_US;
use saltern_samples::{Quality, Reading, Sample, TagId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Asked, Body};
use super::views::{Span, When, ms};
use crate::access::Caller;
use crate::audit::note;
use crate::desk::{self, Told};
use crate::error::{Both, ServerError};
use crate::house::House;
use crate::operation::{Live, Word};
use crate::problem::Problem;

/// How far back is looked if nothing is said.
const LENGTH_US: i64 = 90 * DAY_US;

/// Most figures of an analysis.
const MOST_FIGURES: usize = 100;

/// Which analyses.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Of this asset alone.
    asset: Option<String>,
    /// Only those that are doubted.
    doubted: Option<bool>,
}

/// An analysis and what was made of it.
#[derive(Serialize, ToSchema)]
pub(super) struct AnalysisView {
    /// Id of the asset that was sampled.
    asset: String,
    /// When the sample was taken, milliseconds since 1970 UTC.
    time_ms: f64,
    /// When it was judged, milliseconds since 1970 UTC.
    judged_ms: f64,
    /// Whether anything of it is doubted.
    doubted: bool,
    /// What was made of it; null where this version cannot read what an older one wrote.
    judgement: Option<Told>,
    /// What a person decided; null where nobody did.
    decision: Option<DecisionView>,
}

/// What a person decided.
#[derive(Serialize, ToSchema)]
struct DecisionView {
    /// Whether the doubted figures hold all the same.
    accepted: bool,
    /// Who.
    who: String,
    /// Why.
    why: String,
    /// When, milliseconds since 1970 UTC.
    decided_ms: f64,
}

impl AnalysisView {
    fn of(judged: Judged) -> AnalysisView {
        AnalysisView {
            judgement: serde_json::from_str(&judged.body).ok(),
            asset: judged.asset,
            time_ms: ms(judged.time_us),
            judged_ms: ms(judged.judged_us),
            doubted: judged.doubted,
            decision: judged.decision.map(|decision| DecisionView {
                accepted: decision.accepted,
                who: decision.who,
                why: decision.why,
                decided_ms: ms(decision.decided_us),
            }),
        }
    }

    /// Whether the caller may see all of its figures.
    fn is_seen(&self, live: &Live, caller: &Caller) -> bool {
        let figures = self.judgement.iter().flat_map(|told| &told.figures);
        let mut rows = figures.map(|figure| live.row(&figure.tag));
        rows.all(|row| row.is_some_and(|row| caller.sees(live, row)))
    }
}

/// Analyses of the last ninety days or of a span, in order of time.
#[utoipa::path(get, path = "/api/assays", tag = "assays", params(Span, Which), responses(
    (status = 200, body = Vec<AnalysisView>), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(span): Asked<Span>,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<AnalysisView>>, Problem> {
    let (from_us, to_us) = span.us_or(house.now_us(), LENGTH_US)?;
    let judged = house
        .ask(move |records| records.analyses(from_us, to_us))
        .await?;
    let live = house.live();
    let views = judged.into_iter().map(AnalysisView::of).filter(|view| {
        let is_of = which.asset.as_ref().is_none_or(|of| *of == view.asset);
        is_of && (view.doubted || which.doubted != Some(true)) && view.is_seen(&live, &caller)
    });
    Ok(Json(views.collect()))
}

/// An analysis as people enter it.
#[derive(Deserialize, ToSchema)]
pub(super) struct Entered {
    /// When the sample was taken: milliseconds since 1970 UTC, or RFC 3339.
    time: When,
    /// Figures, each of a tag that the laboratory tells.
    #[schema(max_items = 100)]
    figures: Vec<EnteredFigure>,
}

/// A figure of an analysis that is entered.
#[derive(Deserialize, ToSchema)]
pub(super) struct EnteredFigure {
    /// Id of its tag.
    tag: String,
    /// In the tag's unit.
    value: f64,
}

/// What became of an analysis that was entered.
#[derive(Serialize, ToSchema)]
pub(super) struct EnteredView {
    /// Figures that are on disk. They are uncertain until the desk has judged them, a moment later.
    stored: usize,
}

/// Enter an analysis: all of its figures or none.
#[utoipa::path(post, path = "/api/assays", tag = "assays", request_body = Entered, responses(
    (status = 200, body = EnteredView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn enter(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(entered): Body<Entered>,
) -> Result<Json<EnteredView>, Problem> {
    let wrong = |value: String, accepted: Both| ServerError::WrongValue {
        name: "figures",
        value,
        accepted,
    };
    let time_us = entered.time.us().ok_or_else(|| ServerError::WrongValue {
        name: "time",
        value: format!("{:?}", entered.time),
        accepted: (
            "milliseconds since 1970, or 2026-07-01T08:00:00+08:00",
            "自 1970 年起的毫秒数，或 2026-07-01T08:00:00+08:00",
        ),
    })?;
    if entered.figures.is_empty() || entered.figures.len() > MOST_FIGURES {
        let count = entered.figures.len().to_string();
        return Err(wrong(count, ("1 to 100 figures", "1 至 100 个数值")).into());
    }
    let live = house.live();
    let now_us = house.now_us();
    let mut readings = Vec::new();
    for figure in &entered.figures {
        let row = caller.row(&live, &figure.tag)?;
        caller.check_handles(&live, row)?;
        if !live.is_analysis(row) {
            let tag = figure.tag.clone();
            return Err(wrong(
                tag,
                (
                    "tags of assays that the laboratory or people tell",
                    "由化验室或人员填报的分析位号",
                ),
            )
            .into());
        }
        let sample = Sample::good(time_us, figure.value);
        let rule = live.rules[row as usize];
        let admitted = rule.admit(sample, now_us, now_us + house.ahead_us);
        admitted.map_err(Problem::refusal)?;
        let tag = TagId(row);
        readings.push(Reading { tag, sample });
    }
    let tags: Vec<&str> = entered.figures.iter().map(|f| f.tag.as_str()).collect();
    let detail = serde_json::json!({ "time_ms": ms(time_us), "tags": tags }).to_string();
    note(
        &house,
        &caller,
        "control",
        "assay.entered",
        tags[0],
        &detail,
    )
    .await?;
    let accepted = super::samples::stored(&house, live, readings).await?;
    Ok(Json(EnteredView {
        stored: accepted.stored,
    }))
}

/// A decision about a doubted analysis.
#[derive(Deserialize, ToSchema)]
pub(super) struct Decided {
    /// Id of the asset that was sampled.
    asset: String,
    /// When the sample was taken: milliseconds since 1970 UTC, or RFC 3339.
    time: When,
    /// Whether the doubted figures hold all the same. Those that do are good, entered by hand; the others are bad.
    accepted: bool,
    /// Why; not blank.
    why: String,
}

/// Decide whether doubted figures of an analysis hold. The last decision counts.
#[utoipa::path(post, path = "/api/assays/decision", tag = "assays", request_body = Decided, responses(
    (status = 200, body = AnalysisView), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn decide(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Body(decided): Body<Decided>,
) -> Result<Json<AnalysisView>, Problem> {
    let asset = decided.asset.clone();
    let none = || ServerError::NoAnalysis {
        asset: asset.clone(),
    };
    let time_us = decided.time.us().ok_or_else(none)?;
    let live = house.live();
    let of = asset.clone();
    let found = house
        .ask(move |records| records.analysis(&of, time_us))
        .await?;
    let view = found.map(AnalysisView::of).ok_or_else(none)?;
    if !view.doubted || !view.is_seen(&live, &caller) {
        return Err(none().into());
    }
    let told = view.judgement.ok_or_else(none)?;
    for figure in &told.figures {
        let row = caller.row(&live, &figure.tag)?;
        caller.check_handles(&live, row)?;
    }
    if decided.why.trim().is_empty() {
        return Err(ServerError::UndecidedWhy { asset }.into());
    }
    let detail = serde_json::json!({
        "time_ms": ms(time_us), "accepted": decided.accepted, "why": decided.why
    });
    let detail = detail.to_string();
    note(&house, &caller, "control", "assay.decided", &asset, &detail).await?;
    let decision = Decision {
        accepted: decided.accepted,
        who: caller.name.clone(),
        why: decided.why,
        decided_us: house.wall_us(),
    };
    let of = asset.clone();
    let kept = house
        .ask(move |records| records.decide_analysis(&of, time_us, &decision))
        .await?;
    let readings = desk::readings(&live, &told, time_us, |byte| {
        match (Quality::from_byte(byte), decided.accepted) {
            (Quality::GOOD, _) => Quality::GOOD,
            (_, true) => Quality::GOOD_OVERRIDE,
            (_, false) => Quality::BAD,
        }
    });
    house.tell(Word::Judged { of: live, readings }).await?;
    let looks = Arc::clone(&house);
    let looked = tokio::task::spawn_blocking(move || desk::count_doubts(&looks)).await;
    looked.map_err(|_| ServerError::Failed)?;
    Ok(Json(kept.map(AnalysisView::of).ok_or_else(none)?))
}
