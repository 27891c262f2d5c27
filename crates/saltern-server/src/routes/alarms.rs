//! Alarms: what is going on, what was, how well the alarms do, and what people do about them.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_records::Span as JournalSpan;
use saltern_watch::alarm::kpi::{self, Targets};
use saltern_watch::alarm::machine::Shelf;
use saltern_watch::alarm::{Deed, Entry, Phase};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use utoipa::{IntoParams, ToSchema};

use super::extract::{Asked, At, Body};
use super::views::{Span, ms, number, sentence};
use crate::access::Caller;
use crate::audit::note;
use crate::error::ServerError;
use crate::house::House;
use crate::operation::{Live, Word};
use crate::problem::{Problem, Sentence};

/// Most lines of a journal.
const MOST_LINES: usize = 10_000;

/// Which alarms.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Quiet ones too; otherwise only what stands, is shelved, suppressed or out of service.
    #[serde(default)]
    all: bool,
}

/// An alarm and where it stands.
#[derive(Serialize, ToSchema)]
pub(super) struct AlarmView {
    /// Id.
    id: String,
    /// Name.
    name: Sentence,
    /// Id of its tag.
    tag: String,
    /// Unit of its limit.
    unit: &'static str,
    /// What raises it.
    kind: &'static str,
    /// Limit; null for kinds without one.
    limit: Option<f64>,
    /// `critical`, `high`, `medium` or `low`.
    priority: &'static str,
    /// `normal`, `unacknowledged`, `acknowledged`, `returned` or `latched`.
    phase: &'static str,
    /// Whether it asks for an answer now: it stands or was not answered, and is not hidden.
    shown: bool,
    /// Whether what was to be done still has to be confirmed.
    unconfirmed: bool,
    /// `none`, `timed` or `one_shot`.
    shelf: &'static str,
    /// Whether it is suppressed by design.
    suppressed: bool,
    /// Whether it is out of service.
    out_of_service: bool,
    /// Whether it was the first of its group.
    first_in_group: bool,
    /// When it was raised, milliseconds since 1970 UTC.
    raised_ms: Option<f64>,
    /// Longest shelving, h; 0 forbids it.
    shelve_max_h: f64,
    /// Whether the caller may act on it.
    yours: bool,
    /// What usually leads to it.
    cause: Sentence,
    /// What happens if nobody answers.
    consequence: Sentence,
    /// What the operator does.
    action: Sentence,
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Normal => "normal",
        Phase::Unacknowledged => "unacknowledged",
        Phase::Acknowledged => "acknowledged",
        Phase::ReturnedUnacknowledged => "returned",
        Phase::Latched => "latched",
    }
}

fn shelf(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::None => "none",
        Shelf::Timed => "timed",
        Shelf::OneShot => "one_shot",
    }
}

/// Alarms, the most urgent first.
#[utoipa::path(get, path = "/api/alarms", tag = "alarms", params(Which), responses(
    (status = 200, body = Vec<AlarmView>), (status = "4XX", body = Problem)
))]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(which): Asked<Which>,
) -> Json<Vec<AlarmView>> {
    let live = house.live();
    let watch = house.watch();
    let board = watch.board();
    let alarms = (0u32..).zip(&live.lake.tags.alarms);
    let mut views = Vec::new();
    for (n, alarm) in alarms {
        let tag = alarm.tag as u32;
        let Some(state) = board.state(n).filter(|_| caller.sees(&live, tag)) else {
            continue;
        };
        if !(which.all || state.is_shown() || state.is_hidden()) {
            continue;
        }
        let view = AlarmView {
            id: alarm.who.id.clone(),
            name: sentence(&alarm.who.name),
            tag: live.tag(tag).who.id.clone(),
            unit: live.tag(tag).unit.symbol,
            kind: alarm.kind.name(),
            limit: number(alarm.limit),
            priority: alarm.priority.name(),
            phase: phase(state.phase),
            shown: state.is_shown(),
            unconfirmed: state.unconfirmed,
            shelf: shelf(state.shelf),
            suppressed: state.suppressed,
            out_of_service: state.out_of_service,
            first_in_group: board.is_first_in_group(n),
            raised_ms: board.raised_us(n).map(ms),
            shelve_max_h: alarm.shelve_max_s / 3600.0,
            yours: caller.handles(&live, tag),
            cause: sentence(&alarm.cause),
            consequence: sentence(&alarm.consequence),
            action: sentence(&alarm.action),
        };
        let unanswered = state.phase.is_unacknowledged();
        views.push((
            !state.is_shown(),
            std::cmp::Reverse(alarm.priority),
            !unanswered,
            view,
        ));
    }
    drop(watch);
    views.sort_by(|a, b| {
        let raised = |view: &AlarmView| view.raised_ms.unwrap_or_default();
        (a.0, a.1, a.2)
            .cmp(&(b.0, b.1, b.2))
            .then(raised(&b.3).total_cmp(&raised(&a.3)))
    });
    Json(views.into_iter().map(|(.., view)| view).collect())
}

/// What someone does about an alarm.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answering {
    /// Knows of it.
    Acknowledge,
    /// Takes that back.
    Unacknowledge,
    /// Has done what was to be done.
    Confirm,
    /// Resets a latched alarm.
    Reset,
    /// Hides it for `hours`.
    Shelve,
    /// Hides it until it clears once.
    ShelveOnce,
    /// Takes it from the shelf.
    Unshelve,
}

/// What is done, and why.
#[derive(Deserialize, ToSchema)]
pub(super) struct Answered {
    /// What.
    deed: Answering,
    /// Why; not blank.
    why: String,
    /// How long it is shelved, h.
    hours: Option<f64>,
}

/// Answer an alarm.
#[utoipa::path(post, path = "/api/alarms/{id}/answer", tag = "alarms", request_body = Answered,
    params(("id" = String, Path, description = "Id of an alarm")),
    responses((status = 204), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn answer(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(answered): Body<Answered>,
) -> Result<axum::http::StatusCode, Problem> {
    let deed = match answered.deed {
        Answering::Acknowledge => Deed::Acknowledge,
        Answering::Unacknowledge => Deed::Unacknowledge,
        Answering::Confirm => Deed::Confirm,
        Answering::Reset => Deed::Reset,
        Answering::Shelve => Deed::Shelve(shelving_us(answered.hours)?),
        Answering::ShelveOnce => Deed::ShelveOnce,
        Answering::Unshelve => Deed::Unshelve,
    };
    act(&house, &caller, &id, deed, answered.why).await
}

/// Out of service, or back.
#[derive(Deserialize, ToSchema)]
pub(super) struct Service {
    /// Whether it is to be in service.
    in_service: bool,
    /// Why; not blank.
    why: String,
}

/// Take an alarm out of service or put it back.
#[utoipa::path(post, path = "/api/alarms/{id}/service", tag = "alarms", request_body = Service,
    params(("id" = String, Path, description = "Id of an alarm")),
    responses((status = 204), (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn service(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(service): Body<Service>,
) -> Result<axum::http::StatusCode, Problem> {
    let deed = if service.in_service {
        Deed::IntoService
    } else {
        Deed::OutOfService
    };
    act(&house, &caller, &id, deed, service.why).await
}

fn shelving_us(hours: Option<f64>) -> Result<i64, ServerError> {
    let us = hours.map(|hours| (hours * 3.6e9).round());
    let us = us.filter(|us| (1.0..=1e16).contains(us));
    us.map(|us| us as i64).ok_or(ServerError::WrongValue {
        name: "hours",
        value: hours.map_or_else(String::new, |hours| hours.to_string()),
        accepted: ("a number of hours above 0", "大于 0 的小时数"),
    })
}

async fn act(
    house: &Arc<House>,
    caller: &Caller,
    id: &str,
    deed: Deed,
    why: String,
) -> Result<axum::http::StatusCode, Problem> {
    let live = house.live();
    let unknown = || ServerError::UnknownAlarm { alarm: id.into() };
    let number = live.alarm(id).ok_or_else(unknown)?;
    let tag = live.lake.tags.alarms[number as usize].tag as u32;
    if !caller.sees(&live, tag) {
        return Err(unknown().into());
    }
    caller.check_handles(&live, tag)?;
    let detail = serde_json::json!({ "deed": format!("{deed:?}"), "why": why }).to_string();
    note(house, caller, "control", "alarm.answered", id, &detail).await?;
    let (answer, answered) = oneshot::channel();
    let word = Word::Deed {
        alarm: number,
        deed,
        who: caller.name.clone(),
        why,
        answer,
    };
    house.tell(word).await?;
    answered.await.map_err(|_| ServerError::Stopping)??;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// A line of the journal.
#[derive(Serialize, ToSchema)]
pub(super) struct Line {
    /// When the server learnt of it, milliseconds since 1970 UTC.
    time_ms: f64,
    /// When the source says it happened.
    source_ms: f64,
    /// Stable code, such as `alarm.raised`.
    event: &'static str,
    /// In words.
    text: Sentence,
    /// Id of the alarm; null for what concerns all, as a flood.
    alarm: Option<String>,
    /// Where the alarm stood then.
    phase: &'static str,
    /// The value then.
    value: Option<f64>,
    /// Whether it asked someone.
    announced: bool,
    /// Whether it was the first of its group.
    first_in_group: bool,
    /// Who did it, where a person did.
    who: Option<String>,
    /// Why.
    why: Option<String>,
}

impl Line {
    /// A line of the present, if the caller may see it.
    pub(super) fn of(entry: &Entry, live: &Live, caller: &Caller) -> Option<Line> {
        let alarm = match entry.alarm {
            Some(n) => Some(live.lake.tags.alarms.get(n as usize)?),
            None => None,
        };
        if alarm.is_some_and(|alarm| !caller.sees(live, alarm.tag as u32)) {
            return None;
        }
        Some(Line::from(entry, alarm.map(|alarm| alarm.who.id.clone())))
    }

    fn from(entry: &Entry, alarm: Option<String>) -> Line {
        Line {
            time_ms: ms(entry.server_us),
            source_ms: ms(entry.source_us),
            event: entry.event.code(),
            text: Sentence::of(|lang| entry.event.text(lang)),
            alarm,
            phase: phase(entry.after.phase),
            value: entry.value.and_then(number),
            announced: entry.announced,
            first_in_group: entry.first_in_group,
            who: entry.who.clone(),
            why: entry.why.clone(),
        }
    }
}

/// How many lines.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Most {
    /// Most lines, the latest kept; 1000 if left out.
    #[param(minimum = 1, maximum = 10000)]
    most: Option<usize>,
}

/// The journal of alarms, in order.
#[utoipa::path(get, path = "/api/journal", tag = "alarms", params(Span, Most), responses(
    (status = 200, body = Vec<Line>), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn journal(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(span): Asked<Span>,
    Asked(most): Asked<Most>,
) -> Result<Json<Vec<Line>>, Problem> {
    let (from_us, to_us) = span.us(house.now_us())?;
    let most = most.most.unwrap_or(1000);
    if !(1..=MOST_LINES).contains(&most) {
        return Err(ServerError::WrongValue {
            name: "most",
            value: most.to_string(),
            accepted: ("1 to 10000", "1 至 10000"),
        }
        .into());
    }
    let lines = entries(&house, from_us, to_us, most).await?;
    let live = house.live();
    let seen = lines
        .into_iter()
        .filter(|(alarm, _)| sees(&live, &caller, alarm));
    let lines = seen.map(|(alarm, entry)| Line::from(&entry, alarm));
    Ok(Json(lines.collect()))
}

/// An alarm that is gone from the base is the park's alone.
fn sees(live: &Live, caller: &Caller, alarm: &Option<String>) -> bool {
    let Some(id) = alarm else {
        return true;
    };
    match live.alarm(id) {
        Some(n) => caller.sees(live, live.lake.tags.alarms[n as usize].tag as u32),
        None => caller.tenant.is_none(),
    }
}

/// Lines of the records with the ids of their alarms.
async fn entries(
    house: &Arc<House>,
    from_us: i64,
    to_us: i64,
    most: usize,
) -> Result<Told, Problem> {
    let span = JournalSpan {
        from_us,
        to_us,
        most,
    };
    let lines = house.ask(move |records| records.journal(span)).await?;
    Ok(read(lines))
}

/// Of each alarm the line by which it stood or was over at an instant, however long ago that was.
async fn standing(house: &Arc<House>, at_us: i64) -> Result<Told, Problem> {
    // By their words in the entries of the journal.
    let word = |turn| serde_json::to_value(turn).ok()?.as_str().map(String::from);
    let events: Vec<String> = kpi::TURNS.into_iter().filter_map(word).collect();
    let asked = house.ask(move |records| {
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        records.journal_before(at_us, &events)
    });
    Ok(read(asked.await?))
}

/// Entries with the ids of their alarms.
type Told = Vec<(Option<String>, Entry)>;

fn read(lines: Vec<saltern_records::Line>) -> Told {
    let entries = lines.into_iter().filter_map(|line| {
        let entry: Entry = serde_json::from_str(&line.entry).ok()?;
        Some((line.alarm, entry))
    });
    entries.collect()
}

/// A figure about the alarms themselves.
#[derive(Serialize, ToSchema)]
pub(super) struct FigureView {
    /// What.
    figure: &'static str,
    /// How much.
    value: Option<f64>,
    /// How much it should be at most.
    target: f64,
    /// Whether it is.
    meets: bool,
}

/// How well the alarms do (ISA-18.2): figures of the last 30 days unless a span is given. Less than 30 days says little.
#[utoipa::path(get, path = "/api/alarms/figures", tag = "alarms", params(Span), responses(
    (status = 200, body = Vec<FigureView>), (status = "4XX", body = Problem), (status = 503, body = Problem)
))]
pub(super) async fn figures(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
    Asked(span): Asked<Span>,
) -> Result<Json<Vec<FigureView>>, Problem> {
    let month_us = 30 * saltern_samples::bucket::DAY_US;
    let (from_us, to_us) = span.us_or(house.now_us(), month_us)?;
    let mut lines = standing(&house, from_us).await?;
    lines.extend(entries(&house, from_us, to_us, usize::MAX).await?);
    let live = house.live();
    let seen = lines
        .into_iter()
        .filter(|(alarm, _)| sees(&live, &caller, alarm));
    let entries: Vec<Entry> = seen
        .filter_map(|(id, entry)| {
            // Numbers of alarms change with the base; their ids don't.
            let alarm = match id {
                Some(id) => Some(live.alarm(&id)?),
                None => None,
            };
            Some(Entry { alarm, ..entry })
        })
        .collect();
    let targets = Targets::default();
    let figures = {
        let watch = house.watch();
        kpi::figures(
            &entries,
            watch.board().definitions(),
            (from_us, to_us),
            &targets,
        )
    };
    let views = figures
        .judged(&targets)
        .into_iter()
        .map(|judged| FigureView {
            figure: judged.figure,
            value: number(judged.value),
            target: judged.target,
            meets: judged.meets(),
        });
    Ok(Json(views.collect()))
}
