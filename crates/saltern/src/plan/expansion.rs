//! `plan --what expansion`: what to build in which stage, checked in all hours of each, to a run folder with its report.

use std::path::PathBuf;
use std::time::Instant;

use saltern_base::energy::{Energy, Expansion, Identity, UnitRef};
use saltern_base::frame::{Column, Frame};
use saltern_base::model::Label;
use saltern_plan::dispatch::{self, Outcome, Outside, Series};
use saltern_plan::expansion::{
    self as planning, Checked, Choosing, Expanding, ExpansionPlan, Part, StagePlan,
};
use saltern_plan::solution::Status;
use saltern_plan::solver::{Method, Options};
use saltern_run::contents::Name;
use saltern_run::expansion::{BuildAnswer, EXPANSION, ExpansionAnswer, StageAnswer, WeekAnswer};
use saltern_run::folder::{WriteOptions, check_target};
use saltern_run::plan::{ColumnKind, PlanAnswer};
use saltern_run::{RunContents, RunMeta, WeatherOrigin};
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::quantity::significant;

use super::failure::PlanFailure;
use super::{Solved, answer, outside, plants, reasons, refused, summary};
use crate::args::PlanArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::simulate::{Folder, run_failure};

/// Runs the command.
pub(super) fn run(args: &PlanArgs, lang: Lang) -> Result<(), Failure> {
    let started = Instant::now();
    let folder = Folder::open(&args.base)?;
    let mut energy = super::energy(args, &folder)?;
    let steps = super::steps(args, &energy)?;
    plants::read(&folder, &mut energy, args.run.as_deref(), steps)?;
    if energy
        .expansion
        .as_ref()
        .is_none_or(|e| e.choices.is_empty())
    {
        return Err(PlanFailure::NothingToBuild.into());
    }
    let by_year = super::options(args)?;
    // Capacities couple all hours, on which the simplex is slow, above all where nothing can be had; a year's dispatch is
    // what it is fast on.
    let options = match args.method {
        None => Options {
            method: Method::InteriorPoint,
            ..by_year
        },
        Some(_) => by_year,
    };
    let target = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-expansion", energy.base)));
    check_target(&target, args.overwrite).map_err(run_failure)?;
    let (outside, weather) = outside::read(&folder, &energy)?;
    energy.caveats.extend(left_out(&energy));
    let asked = Asked {
        energy: &energy,
        outside: &outside,
        steps,
        options: &options,
        by_year: &by_year,
    };
    let made = asked.plan(args.weeks as usize)?;
    let run = asked.contents(&folder, weather, &made, started);
    let write = WriteOptions {
        overwrite: args.overwrite,
        lang,
        cancelled: &interrupt::requested,
    };
    saltern_run::folder::write(&target, &run, &write).map_err(run_failure)?;
    print!("{}", text(&run, lang));
    println!("  {}", summary::report(&target, lang));
    match made.plan.status {
        Status::Optimal => Ok(()),
        Status::Limit if made.plan.objective.is_some() => {
            Err(PlanFailure::AtLimit { gap: made.plan.gap }.into())
        }
        Status::Limit => Err(PlanFailure::NoneInTime.into()),
        status => Err(PlanFailure::NoPlan {
            status: answer::status(status),
        }
        .into()),
    }
}

/// What of the base's own year doesn't count in a plan of other years.
fn left_out(energy: &Energy) -> Option<Label> {
    let any =
        !(energy.quotas.is_empty() && energy.orders.is_empty() && energy.hall_limits.is_empty());
    any.then(|| Label {
        en: "Orders, quotas and published limits of the base are of its own year and left out; units that would be on or off may be partly on.".into(),
        zh: "基地的调度指令、配额与已公布的上限属于其本年度，不计入；启停机组可部分投运。".into(),
    })
}

/// What is asked of a plan.
struct Asked<'a> {
    energy: &'a Energy,
    outside: &'a Outside,
    steps: usize,
    options: &'a Options,
    /// How the dispatch of a year is solved.
    by_year: &'a Options,
}

/// A plan as it was found.
struct Made {
    expanding: Expanding,
    plan: ExpansionPlan,
    checked: Vec<Checked>,
    why: Option<planning::Impossible>,
    build_s: f64,
    solve_s: f64,
}

impl Asked<'_> {
    fn plan(&self, weeks: usize) -> Result<Made, Failure> {
        let started = Instant::now();
        let (energy, outside, steps) = (self.energy, self.outside, self.steps);
        let expanding = planning::build(energy, outside, steps, Choosing::weeks(weeks));
        let expanding = expanding.ok_or(PlanFailure::NothingToBuild)?;
        let build_s = started.elapsed().as_secs_f64();
        let started = Instant::now();
        let plan = planning::plan(energy, &expanding, self.options).map_err(refused)?;
        let mut progress = Progress::new(plan.stages.len());
        let mut checked = Vec::new();
        for s in 0..plan.stages.len() {
            let found = planning::check(energy, outside, &plan, s, steps, self.by_year);
            checked.extend(found.map_err(refused)?);
            progress.at(s + 1);
        }
        let hopeless = matches!(
            plan.status,
            Status::Infeasible | Status::InfeasibleOrUnbounded
        );
        let why = match hopeless {
            true => planning::impossible(energy, &expanding, self.options).map_err(refused)?,
            false => None,
        };
        Ok(Made {
            expanding,
            plan,
            checked,
            why,
            build_s,
            solve_s: started.elapsed().as_secs_f64(),
        })
    }

    fn contents(
        &self,
        folder: &Folder,
        weather: WeatherOrigin,
        made: &Made,
        started: Instant,
    ) -> RunContents {
        let energy = self.energy;
        let mut answer = self.answer(made);
        let mut frames = Vec::new();
        if let Some(expansion) = &answer.expansion {
            frames.push(frame(expansion, &energy.currency));
        }
        // The dispatch of the last stage in all hours is shown beside the plan.
        let last = made.checked.last();
        let last = last.and_then(|checked| Some((checked, solved(checked)?)));
        let whole = Series::of(energy, self.outside);
        let (series, (book, closure)) = match &last {
            Some((checked, solved)) => {
                answer.units = answer::units(&checked.energy, &checked.series, solved, &[]);
                frames.push(answer::frame(&checked.energy, &checked.series, solved, &[]));
                let outcome = solved.outcome.as_ref();
                let nothing = Outcome::nothing(&checked.energy, &checked.series);
                let outcome = outcome.unwrap_or(&nothing);
                let book = dispatch::book(&checked.energy, &checked.series, outcome);
                (&checked.series, book)
            }
            None => {
                let nothing = Outcome::nothing(energy, &whole);
                (&whole, dispatch::book(energy, &whole, &nothing))
            }
        };
        let meta = RunMeta {
            saltern: env!("CARGO_PKG_VERSION").into(),
            base: energy.base.clone(),
            inputs: folder.hashes(),
            from: series.window.start.date(),
            to: series.window.moment(self.steps - 1).date(),
            days: super::days(series),
            elapsed_s: started.elapsed().as_secs_f64(),
            equilibria: 0,
            failures: 0,
            closure,
            weather,
            weathers: None,
            database: String::new(),
            caveats: energy.caveats.clone(),
        };
        RunContents::of_plan(energy, meta, book, frames, answer)
    }

    fn answer(&self, made: &Made) -> PlanAnswer {
        let (energy, plan) = (self.energy, &made.plan);
        let last = made.checked.last();
        let totals = last.and_then(|checked| checked.totals.as_ref());
        let told = |h: &planning::Hindrance| reasons::told(&h.id, &h.places, |lang| h.text(lang));
        let gives = |r: &planning::Relief| reasons::told(&r.id, &r.places, |lang| r.text(lang));
        let why = made.why.as_ref();
        PlanAnswer {
            status: answer::status(plan.status).into(),
            objective: plan.objective,
            currency: energy.currency.clone(),
            rows: made.expanding.programme.row_count(),
            columns: made.expanding.programme.column_count(),
            build_s: made.build_s,
            solve_s: made.solve_s,
            gap: plan.gap,
            conflict: why.map_or_else(Vec::new, |why| why.conflict.iter().map(told).collect()),
            relaxation: why.map_or_else(Vec::new, |why| why.relaxation.iter().map(gives).collect()),
            what: "expansion".into(),
            step_min: energy.window.step_min,
            iterations: plan.iterations,
            carbon_t: totals.map_or(0.0, |totals| totals.carbon_t),
            carbon_uncounted: totals.map_or_else(Vec::new, |totals| {
                let ids = totals.uncounted.iter();
                ids.map(|g| energy.grids[*g].who.id.clone()).collect()
            }),
            curtailed_mwh: totals.map_or(0.0, |totals| totals.curtailed_mwh),
            carbon_price: energy.carbon_price * 1e3,
            expansion: energy
                .expansion
                .as_ref()
                .map(|expansion| self.expansion(expansion, made)),
            ..PlanAnswer::default()
        }
    }

    fn expansion(&self, expansion: &Expansion, made: &Made) -> ExpansionAnswer {
        let (energy, plan, weeks) = (self.energy, &made.plan, &made.expanding.weeks);
        let week = |(k, chosen): (usize, &usize)| WeekAnswer {
            from: {
                let moment = energy.window.moment(chosen * weeks.steps);
                moment.strftime("%Y-%m-%dT%H:%M").to_string()
            },
            weight: weeks.weight[k],
            extreme: *chosen == weeks.extreme,
        };
        let stages = plan.stages.iter().zip(&made.checked).zip(&expansion.stages);
        let stages = stages.map(|((plan, checked), own)| stage(plan, checked, own));
        let unit = |(p, part): (usize, &Part)| {
            let choice = &expansion.choices[part.choice()];
            let (who, kind) = identity(energy, choice.unit);
            let by_stage = |of: &dyn Fn(&StagePlan) -> f64| plan.stages.iter().map(of).collect();
            let price = |s: usize| {
                choice.terms[s].as_ref().map_or(0.0, |terms| match part {
                    Part::Power(_) => terms.capex_w * 1e6,
                    Part::Energy(_) => terms.capex_j * 3.6e9,
                })
            };
            let built: Vec<f64> = by_stage(&|stage| stage.built[p]);
            BuildAnswer {
                unit: who.id.clone(),
                name: Name::from(&who.name),
                kind,
                amounts: match part {
                    Part::Power(_) => "MW".into(),
                    Part::Energy(_) => "MWh".into(),
                },
                invested: built
                    .iter()
                    .enumerate()
                    .map(|(s, b)| b * price(s))
                    .collect(),
                built,
                standing: by_stage(&|stage| stage.standing[p]),
                worth: by_stage(&|stage| stage.build_worth[p]),
            }
        };
        ExpansionAnswer {
            discount: expansion.discount,
            weeks: weeks.chosen.iter().enumerate().map(week).collect(),
            stages: stages.collect(),
            units: plan.parts.iter().enumerate().map(unit).collect(),
        }
    }
}

fn stage(plan: &StagePlan, checked: &Checked, own: &saltern_base::energy::Stage) -> StageAnswer {
    let step_h = checked.series.window.step_h();
    let shortage = checked.outcome.as_ref().map_or(0.0, |outcome| {
        outcome.shortage.iter().flatten().sum::<f64>() * step_h * checked.per_year
    });
    StageAnswer {
        year: own.year,
        years: own.years,
        demand: own.demand,
        work: own.work,
        budget: own.budget,
        carbon_cap_t: own.carbon_kg.map(|kg| kg / 1e3),
        invested: plan.invested,
        capital: plan.capital,
        running: plan.running,
        running_checked: checked.running(),
        carbon_t: plan.carbon_t,
        carbon_checked_t: checked.carbon_t(),
        shortage_mwh: shortage,
        cap_kept: checked.cap_kept,
        budget_worth: plan.budget_worth,
        carbon_worth: plan.carbon_worth,
    }
}

/// The check of a stage as a plan of a dispatch.
fn solved(checked: &Checked) -> Option<Solved> {
    let outcome = checked.outcome.clone()?;
    Some(Solved {
        quotas: dispatch::quotas(
            &checked.energy,
            &checked.series,
            &checked.plan,
            &checked.solution,
            &outcome,
        ),
        plan: checked.plan.clone(),
        solution: checked.solution.clone(),
        outcome: Some(outcome),
        totals: checked.totals.clone(),
        rolled: None,
        size: None,
        build_s: 0.0,
        solve_s: 0.0,
    })
}

/// Who a unit is, and as what it is drawn.
fn identity(energy: &Energy, unit: UnitRef) -> (&Identity, ColumnKind) {
    match unit {
        UnitRef::Generator(g) => {
            let generator = &energy.generators[g];
            (&generator.who, super::answer::kind_of(generator.kind))
        }
        UnitRef::Store(s) | UnitRef::Charge(s) => (&energy.stores[s].who, ColumnKind::Level),
        UnitRef::Converter(c) => (&energy.converters[c].who, ColumnKind::Made),
        UnitRef::Line(l) => (&energy.lines[l].who, ColumnKind::Line),
        UnitRef::Grid(g) => (&energy.grids[g].who, ColumnKind::Import),
        UnitRef::Hall(h) => (&energy.halls[h].who, ColumnKind::Hall),
    }
}

/// What is built and stands, a row a stage and part of a unit.
fn frame(answer: &ExpansionAnswer, currency: &str) -> Frame {
    let rows: Vec<(usize, &BuildAnswer)> = (0..answer.stages.len())
        .flat_map(|s| answer.units.iter().map(move |unit| (s, unit)))
        .collect();
    let numbers = |name: &str, unit: &str, of: &dyn Fn(usize, &BuildAnswer) -> f64| {
        Column::numbers(name, unit, rows.iter().map(|(s, unit)| of(*s, unit)))
    };
    let only = |amounts: &'static str, of: fn(&BuildAnswer) -> &Vec<f64>| {
        move |s: usize, unit: &BuildAnswer| match unit.amounts == amounts {
            true => of(unit)[s],
            false => f64::NAN,
        }
    };
    let years = rows.iter().map(|(s, _)| answer.stages[*s].year.to_string());
    let units = rows.iter().map(|(_, unit)| unit.unit.clone());
    let columns = vec![
        Column::texts("stage", years),
        Column::texts("unit", units),
        numbers("built", "MW", &only("MW", |unit| &unit.built)),
        numbers("standing", "MW", &only("MW", |unit| &unit.standing)),
        numbers("built_energy", "MWh", &only("MWh", |unit| &unit.built)),
        numbers(
            "standing_energy",
            "MWh",
            &only("MWh", |unit| &unit.standing),
        ),
        numbers("invested", currency, &|s, unit| unit.invested[s]),
    ];
    Frame::new(EXPANSION, columns)
}

/// What a person wants to know when the plan has ended.
fn text(run: &RunContents, lang: Lang) -> String {
    let Some(plan) = &run.plan else {
        return String::new();
    };
    let name = lang.pick(&run.base.name.en, &run.base.name.zh);
    let status = plan.status_text(lang);
    let mut lines = vec![lang.pick(
        format!("{name}: expansion: {status}"),
        format!("{name}：扩建：{status}"),
    )];
    let millions = |money: f64| significant(money / 1e6, 5);
    if let (Some(objective), Some(answer)) = (plan.objective, &plan.expansion) {
        let (cost, currency) = (millions(objective), &plan.currency);
        lines.push(lang.pick(
            format!("  cost of all stages, discounted: {cost} million {currency}"),
            format!("  各阶段折现总成本：{cost} 百万 {currency}"),
        ));
        for (s, stage) in answer.stages.iter().enumerate() {
            lines.extend(of_stage(answer, s, stage, lang));
        }
    }
    lines.extend(
        summary::reasons(plan, lang)
            .into_iter()
            .map(|line| format!("  {line}")),
    );
    let (rows, columns) = (plan.rows, plan.columns);
    let (build, solve) = (significant(plan.build_s, 2), significant(plan.solve_s, 3));
    lines.push(lang.pick(
        format!(
            "  {rows} rows, {columns} columns; built in {build} s, solved and checked in {solve} s"
        ),
        format!("  {rows} 行、{columns} 列；构建 {build} s，求解与复核 {solve} s"),
    ));
    lines.join("\n") + "\n"
}

fn of_stage(answer: &ExpansionAnswer, s: usize, stage: &StageAnswer, lang: Lang) -> Vec<String> {
    let built: Vec<String> = answer
        .units
        .iter()
        .filter(|unit| unit.built[s] > 1e-3)
        .map(|unit| {
            let name = lang.pick(&unit.name.en, &unit.name.zh);
            format!("{name} {} {}", significant(unit.built[s], 4), unit.amounts)
        })
        .collect();
    let built = match built.is_empty() {
        true => lang.pick("nothing", "无").to_string(),
        false => built.join(lang.pick(", ", "、")),
    };
    let year = stage.year;
    let mut lines = vec![lang.pick(
        format!("  {year}: builds {built}"),
        format!("  {year} 年：新建 {built}"),
    )];
    let invested = significant(stage.invested / 1e6, 4);
    let running = significant(stage.running / 1e6, 4);
    let told = match (stage.running_checked, stage.gap()) {
        (Some(checked), Some(gap)) => {
            let (checked, gap) = (significant(checked / 1e6, 4), significant(100.0 * gap, 2));
            let carbon = significant(stage.carbon_checked_t.unwrap_or(f64::NAN), 4);
            let cap = match stage.cap_kept {
                Some(true) => lang.pick(", cap kept", "，符合上限"),
                Some(false) => lang.pick(", CAP NOT KEPT", "，超出上限"),
                None => "",
            };
            let short = match stage.shortage_mwh > 0.5 {
                true => {
                    let mwh = significant(stage.shortage_mwh, 3);
                    lang.pick(
                        format!("; {mwh} MWh NOT SERVED: plan with more weeks"),
                        format!("；缺供 {mwh} MWh：请增加典型周数"),
                    )
                }
                false => String::new(),
            };
            lang.pick(
                format!("running {running} million a year by the weeks, {checked} in all hours ({gap} % of the year's cost); CO2 {carbon} t{cap}{short}"),
                format!("典型周运行成本每年 {running} 百万，逐时 {checked} 百万（相差 {gap} %）；CO2 {carbon} t{cap}{short}"),
            )
        }
        _ => lang
            .pick(
                "the year cannot be served in all hours: plan with more weeks",
                "逐时复核无法满足需求：请增加典型周数",
            )
            .to_string(),
    };
    lines.push(lang.pick(
        format!("    invested {invested} million; {told}"),
        format!("    投资 {invested} 百万；{told}"),
    ));
    lines
}
