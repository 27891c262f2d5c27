//! `plan --what forecast`: what a base's sun, wind and load were forecast to be, with bands, and how good that was.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use saltern_base::book::Book;
use saltern_base::energy::{Energy, Identity};
use saltern_base::frame::{Column, Frame, Values};
use saltern_plan::dispatch::Outside;
use saltern_plan::forecast::{
    Ahead, Issue, Kind, LEVELS, Method, Observed, Score, Scores, Settings, follow, level,
};
use saltern_run::contents::Name;
use saltern_run::folder::{WriteOptions, check_target};
use saltern_run::forecast::{
    FORECAST, ForecastAnswer, ForecastKind, ForecastScore, ForecastSeries, SCORES,
};
use saltern_run::plan::{PlanAnswer, TIME};
use saltern_run::{RunContents, RunMeta, WeatherOrigin};
use saltern_units::Lang;
use saltern_units::quantity::significant;

use super::failure::PlanFailure;
use super::outside;
use crate::args::PlanArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::simulate::{Folder, run_failure};

/// Quantiles that are written: 5, 10, 25, 50, 75, 90, 95 %.
const WRITTEN: [usize; 7] = [0, 1, 4, 9, 14, 17, 18];

/// Runs the command.
pub(super) fn run(args: &PlanArgs, lang: Lang) -> Result<(), Failure> {
    let started = Instant::now();
    let folder = Folder::open(&args.base)?;
    let mut energy = folder.energy()?;
    let steps = super::steps(args, &energy)?;
    super::plants::read(&folder, &mut energy, args.run.as_deref(), steps)?;
    let target = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-forecast", energy.base)));
    check_target(&target, args.overwrite).map_err(run_failure)?;
    let (outside, weather) = outside::read(&folder, &energy)?;
    let settings = settings(args, &energy);
    let observed = observed(&energy, &outside, steps)?;
    let made = made(&energy, &observed, &settings);
    let run = contents(&folder, &energy, (steps, weather), made, &settings, started);
    let write = WriteOptions {
        overwrite: args.overwrite,
        lang,
        cancelled: &interrupt::requested,
    };
    saltern_run::folder::write(&target, &run, &write).map_err(run_failure)?;
    print!("{}", summary(&run, &target, lang));
    Ok(())
}

/// A day ahead unless something else is asked.
fn settings(args: &PlanArgs, energy: &Energy) -> Settings {
    let day = (24 * 60 / energy.window.step_min.max(1)) as usize;
    Settings::ahead(args.ahead.map_or(day, |n| n as usize))
}

/// The series of a base that change, as far as they are planned for; refused where there are none or too few days.
pub(super) fn observed(
    energy: &Energy,
    outside: &Outside,
    steps: usize,
) -> Result<Vec<Observed>, Failure> {
    let mut observed = Observed::of(energy, outside);
    if observed.is_empty() {
        return Err(PlanFailure::NothingToForecast.into());
    }
    let per_day = observed[0].per_day;
    let days = steps / per_day.max(1);
    let settings = Settings::ahead(per_day);
    if days <= settings.learning_days {
        return Err(PlanFailure::TooShort {
            days,
            wanted: settings.learning_days + 1,
        }
        .into());
    }
    for one in &mut observed {
        one.values.truncate(steps);
    }
    Ok(observed)
}

/// A series, its scores, and its forecasts of each midnight.
struct Made<'a> {
    observed: &'a Observed,
    scores: Scores,
    issues: Vec<Issue>,
}

/// Forecasts every series from every step on; keeps those issued at midnight.
fn made<'a>(energy: &Energy, observed: &'a [Observed], settings: &Settings) -> Vec<Made<'a>> {
    let mut bar = Progress::new(observed.len());
    let first = energy.window.start.time();
    let minutes = i64::from(first.hour()) * 60 + i64::from(first.minute());
    let of = |(i, one): (usize, &'a Observed)| {
        let mut made = Made {
            observed: one,
            scores: Scores::new(settings.horizon),
            issues: Vec::new(),
        };
        let minutes_at =
            |step: usize| (minutes + step as i64 * i64::from(energy.window.step_min)) % (24 * 60);
        follow(one, settings, &|_| true, &mut |issue| {
            made.scores.add(one, &issue);
            if minutes_at(issue.origin) == 0 {
                made.issues.push(issue);
            }
        });
        bar.at(i + 1);
        made
    };
    observed.iter().enumerate().map(of).collect()
}

fn contents(
    folder: &Folder,
    energy: &Energy,
    (steps, weather): (usize, WeatherOrigin),
    made: Vec<Made<'_>>,
    settings: &Settings,
    started: Instant,
) -> RunContents {
    let step_h = energy.window.step_h();
    let series: Vec<ForecastSeries> = made.iter().map(|m| series(energy, m, step_h)).collect();
    let frames = vec![steps_frame(energy, &made), scores_frame(&series)];
    let last = energy.window.moment(steps - 1).date();
    let days = last.duration_since(energy.window.start.date()).as_hours() / 24 + 1;
    let meta = RunMeta {
        saltern: env!("CARGO_PKG_VERSION").into(),
        base: energy.base.clone(),
        inputs: folder.hashes(),
        from: energy.window.start.date(),
        to: last,
        days: days as u32,
        elapsed_s: started.elapsed().as_secs_f64(),
        equilibria: 0,
        failures: 0,
        closure: BTreeMap::new(),
        weather,
        weathers: None,
        database: String::new(),
        caveats: energy.caveats.clone(),
    };
    let answer = PlanAnswer {
        status: "optimal".into(),
        currency: energy.currency.clone(),
        what: "forecast".into(),
        step_min: energy.window.step_min,
        forecast: Some(ForecastAnswer {
            horizon: settings.horizon,
            learning_days: settings.learning_days,
            series,
        }),
        ..PlanAnswer::default()
    };
    let book = Book::empty(meta.from, meta.days, Vec::new(), Vec::new());
    RunContents::of_plan(energy, meta, book, frames, answer)
}

fn series(energy: &Energy, made: &Made<'_>, step_h: f64) -> ForecastSeries {
    let by_lead = made.scores.by_lead.iter().enumerate();
    let horizon = made.scores.by_lead.len();
    ForecastSeries {
        unit: made.observed.id.clone(),
        name: name(energy, &made.observed.id),
        kind: match made.observed.kind {
            Kind::Sun => ForecastKind::Sun,
            Kind::Wind => ForecastKind::Wind,
            Kind::Load => ForecastKind::Load,
        },
        beats_persistence: made.scores.beats_persistence(),
        all: score(&made.scores.all(), horizon as f64 * step_h),
        by_lead: by_lead
            .map(|(k, own)| score(own, (k + 1) as f64 * step_h))
            .collect(),
    }
}

/// Name of the unit with an id.
fn name(energy: &Energy, id: &str) -> Name {
    let generators = energy.generators.iter().map(|g| &g.who);
    let nodes = energy.nodes.iter().map(|n| &n.who);
    let classes = energy.classes.iter().map(|c| &c.who);
    let mut all = generators.chain(nodes).chain(classes);
    let found: Option<&Identity> = all.find(|who| who.id == id);
    found.map_or_else(Name::default, |who| Name::from(&who.name))
}

fn score(score: &Score, lead_h: f64) -> ForecastScore {
    if score.count == 0 {
        return ForecastScore {
            lead_h,
            ..ForecastScore::default()
        };
    }
    let [within_50, within_80, within_90] = score.coverage();
    ForecastScore {
        lead_h,
        count: score.count,
        mae_mw: score.mae(Method::Forecast),
        rmse_mw: score.rmse(Method::Forecast),
        bias_mw: score.bias(Method::Forecast),
        crps_mw: score.crps(),
        within_50,
        within_80,
        within_90,
        persistence_mw: score.rmse(Method::Persistence),
        day_before_mw: score.rmse(Method::DayBefore),
        climatology_mw: score.rmse(Method::Climatology),
    }
}

fn numbers(name: &str, unit: &str, values: Vec<f64>) -> Column {
    Column {
        name: name.into(),
        unit: unit.into(),
        values: Values::Number(values),
    }
}

fn texts(name: &str, values: Vec<String>) -> Column {
    Column {
        name: name.into(),
        unit: String::new(),
        values: Values::Text(values),
    }
}

/// One row a series, a midnight and a step ahead.
fn steps_frame(energy: &Energy, made: &[Made<'_>]) -> Frame {
    let rows: Vec<(&Observed, usize, &Ahead)> = made
        .iter()
        .flat_map(|m| m.issues.iter().map(move |issue| (m.observed, issue)))
        .flat_map(|(observed, issue)| {
            let ahead = issue.ahead.iter();
            ahead.map(move |ahead| (observed, issue.origin, ahead))
        })
        .collect();
    let moment = |step: usize| {
        let moment = energy.window.moment(step);
        moment.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let step_h = energy.window.step_h();
    let mw = |name: &str, of: &dyn Fn(&Ahead) -> f64| {
        numbers(name, "MW", rows.iter().map(|(.., a)| of(a)).collect())
    };
    let mut columns = vec![
        texts("series", rows.iter().map(|(o, ..)| o.id.clone()).collect()),
        texts(
            "issued",
            rows.iter().map(|(_, at, _)| moment(*at)).collect(),
        ),
        texts(TIME, rows.iter().map(|(.., a)| moment(a.step)).collect()),
        numbers(
            "lead",
            "h",
            rows.iter()
                .map(|(_, at, a)| (a.step + 1 - at) as f64 * step_h)
                .collect(),
        ),
        numbers(
            "actual",
            "MW",
            rows.iter().map(|(o, _, a)| o.values[a.step]).collect(),
        ),
        mw("expected", &|a| a.expected),
    ];
    for q in WRITTEN.into_iter().filter(|q| *q < LEVELS) {
        let name = format!("p{:02.0}", 100.0 * level(q));
        columns.push(mw(&name, &|a| a.quantiles[q]));
    }
    columns.push(mw("persistence", &|a| a.persistence));
    columns.push(mw("day_before", &|a| a.day_before));
    columns.push(mw("climatology", &|a| a.climatology));
    Frame {
        name: FORECAST.into(),
        columns,
    }
}

/// One row a series and lead, and one over all leads whose lead is blank.
fn scores_frame(series: &[ForecastSeries]) -> Frame {
    let rows: Vec<(&ForecastSeries, &ForecastScore, f64)> = series
        .iter()
        .flat_map(|s| {
            let by_lead = s.by_lead.iter().map(move |score| (s, score, score.lead_h));
            by_lead.chain(std::iter::once((s, &s.all, f64::NAN)))
        })
        .filter(|(_, score, _)| score.count > 0)
        .collect();
    let column = |name: &str, unit: &str, of: &dyn Fn(&ForecastScore) -> f64| {
        numbers(name, unit, rows.iter().map(|(_, s, _)| of(s)).collect())
    };
    Frame {
        name: SCORES.into(),
        columns: vec![
            texts(
                "series",
                rows.iter().map(|(s, ..)| s.unit.clone()).collect(),
            ),
            numbers("lead", "h", rows.iter().map(|(.., lead)| *lead).collect()),
            column("count", "-", &|s| s.count as f64),
            column("mae", "MW", &|s| s.mae_mw),
            column("rmse", "MW", &|s| s.rmse_mw),
            column("bias", "MW", &|s| s.bias_mw),
            column("crps", "MW", &|s| s.crps_mw),
            column("within_50", "%", &|s| 100.0 * s.within_50),
            column("within_80", "%", &|s| 100.0 * s.within_80),
            column("within_90", "%", &|s| 100.0 * s.within_90),
            column("rmse_persistence", "MW", &|s| s.persistence_mw),
            column("rmse_day_before", "MW", &|s| s.day_before_mw),
            column("rmse_climatology", "MW", &|s| s.climatology_mw),
            column("skill_persistence", "%", &|s| {
                100.0 * s.skill(s.persistence_mw)
            }),
            column("skill_day_before", "%", &|s| {
                100.0 * s.skill(s.day_before_mw)
            }),
            column("skill_climatology", "%", &|s| {
                100.0 * s.skill(s.climatology_mw)
            }),
        ],
    }
}

/// What a person wants to know: each series with its error and its skill.
fn summary(run: &RunContents, target: &Path, lang: Lang) -> String {
    let mut out = String::new();
    let Some(answer) = run.plan.as_ref().and_then(|plan| plan.forecast.as_ref()) else {
        return out;
    };
    let name = lang.pick(&run.base.name.en, &run.base.name.zh);
    let hours = answer.series.first().map_or(0.0, |s| s.all.lead_h);
    let hours = significant(hours, 3);
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}",
        lang.pick(
            format!("{name}: forecasts up to {hours} h ahead"),
            format!("{name}：提前 {hours} h 以内的预测"),
        )
    );
    for series in &answer.series {
        let _ = writeln!(out, "  {}", line(series, lang));
    }
    let _ = writeln!(out, "  {}", super::summary::report(target, lang));
    out
}

fn line(series: &ForecastSeries, lang: Lang) -> String {
    let all = &series.all;
    let name = lang.pick(&series.name.en, &series.name.zh);
    let name = if name.is_empty() { &series.unit } else { name };
    let rmse = significant(all.rmse_mw, 3);
    let skill = |other: f64| match all.skill(other) {
        // What does not err cannot be beaten.
        skill if skill.is_nan() => "–".to_string(),
        skill => significant(100.0 * skill, 2),
    };
    let (persistence, day) = (skill(all.persistence_mw), skill(all.day_before_mw));
    let climatology = skill(all.climatology_mw);
    let within = significant(100.0 * all.within_80, 3);
    let beats = match series.beats_persistence {
        true => "",
        false => lang.pick("; DOES NOT BEAT PERSISTENCE", "；未优于持续性预测"),
    };
    lang.pick(
        format!(
            "{name}: RMSE {rmse} MW; skill {persistence} % against persistence, {day} % the day before, {climatology} % climatology; {within} % within the 80 % band{beats}"
        ),
        format!(
            "{name}：RMSE {rmse} MW；技巧评分：对持续性 {persistence} %，对前一日 {day} %，对气候均值 {climatology} %；{within} % 落入 80 % 区间{beats}"
        ),
    )
}
