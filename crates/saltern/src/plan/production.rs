//! The plan of a year's production: planned, simulated, written as the run of its simulation.

mod answer;
mod limits;
mod market;
mod supply;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use saltern_base::model::Schedule;
use saltern_base::production::Production;
use saltern_base::schedule;
use saltern_plan::production::{self as planning, Options, ProductionError, ProductionPlan, step};
use saltern_run::folder::{WriteOptions, check_target};
use saltern_run::{RunContents, figures};
use saltern_simulate::{Inputs, Next};
use saltern_units::Lang;
use saltern_units::quantity::{self, significant};
use saltern_units::unit::Dimension;

use saltern_plan::production::energy::EnergySide;

use super::failure::PlanFailure;
use super::refused;
use crate::account;
use crate::args::{PlanArgs, StepLength};
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::simulate::{self, Folder, Ready, run_failure};
use supply::Supply;

/// J in a MWh.
const MWH: f64 = 3.6e9;

/// Runs `plan --what production`.
pub(super) fn run(args: &PlanArgs, lang: Lang) -> Result<(), Failure> {
    let started = Instant::now();
    let folder = Folder::open(&args.base)?;
    let base = folder.base()?;
    let production = folder.production(&base.0)?;
    if production.products.is_empty() {
        return Err(PlanFailure::NothingToSell.into());
    }
    let target = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-plan", base.0.id)));
    check_target(&target, args.overwrite).map_err(run_failure)?;
    let tables = account::tables(|name| folder.table(name))?;
    let to = args
        .to
        .as_deref()
        .map(|to| super::day("--to", to))
        .transpose()?;
    let ready = Ready::read(&folder, base, tables, (None, to))?;
    simulate::names(&folder, &ready.database)?;
    let mut resolved = simulate::brines::Resolver::new(&ready.database);
    let brines = resolved.of_base(&ready.base)?;
    resolved.warn(lang);
    let notices = resolved.notices;
    let options = options(args)?;
    let inputs = ready.inputs(&brines);
    let supply = args
        .node
        .as_deref()
        .map(|node| Supply::read(&folder, node, args.run.as_deref()))
        .transpose()?;
    let side = supply.as_ref().map(Supply::side);
    let (answer, frames, simulation) =
        match plan(&ready, &production, &inputs, &options, side, args.by) {
            Ok(plan) => {
                let frames = vec![
                    schedule::frame(&plan.schedule, &ready.base),
                    market::frame(&production, &plan, &ready.base),
                ];
                let answer = answer::of(&ready.base, &production, &plan, started);
                (answer, frames, plan.simulation)
            }
            Err(ProductionError::Impossible { why, simulation }) => {
                let answer = answer::impossible(&production, why.as_deref(), started);
                (answer, Vec::new(), *simulation)
            }
            Err(ProductionError::NoEnergy) => return Err(PlanFailure::NoEnergy.into()),
            Err(ProductionError::Simulate(error)) => return Err(simulate::march_failure(error)),
            Err(ProductionError::Solver(error)) => return Err(refused(error)),
        };
    let mut run = ready.contents(&folder, simulation, notices)?;
    run.meta.elapsed_s = started.elapsed().as_secs_f64();
    run.series.extend(frames);
    run.plan = Some(answer);
    let write = WriteOptions {
        overwrite: args.overwrite,
        lang,
        cancelled: &interrupt::requested,
    };
    saltern_run::folder::write(&target, &run, &write).map_err(run_failure)?;
    let target = target.display().to_string();
    match run.plan.as_ref().filter(|plan| plan.production.is_none()) {
        None => {
            print!("{}", summary(&run, &target, lang));
            simulate::verdict(&run)
        }
        Some(plan) => {
            for line in super::summary::reasons(plan, lang) {
                println!("{line}");
            }
            let status = answer::INFEASIBLE;
            Err(PlanFailure::NoPlan { status }.into())
        }
    }
}

fn options(args: &PlanArgs) -> Result<Options, Failure> {
    let price = match &args.electricity {
        None => 0.0,
        Some(text) => quantity::parse(text, Dimension::EnergyPrice).map_err(Failure::input)? * MWH,
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(Options {
        simulations_max: usize::from(args.simulations),
        threads: args.threads.map_or(cores, usize::from),
        electricity_price: price,
        ..Options::default()
    })
}

/// Plans, with a line of progress a simulation.
fn plan(
    ready: &Ready,
    production: &Production,
    inputs: &Inputs<'_>,
    options: &Options,
    side: Option<EnergySide<'_>>,
    by: StepLength,
) -> Result<ProductionPlan, ProductionError> {
    let done = AtomicUsize::new(0);
    let bar = Mutex::new(Progress::new(options.simulations_max));
    let march = |schedule: Option<&Schedule>| {
        let inputs = Inputs {
            schedule,
            ..*inputs
        };
        let result = saltern_simulate::simulate(&inputs, &mut |_| {
            if let Ok(mut bar) = bar.try_lock() {
                bar.at(done.load(Ordering::Relaxed).min(options.simulations_max));
            }
            if interrupt::requested() {
                Next::Stop
            } else {
                Next::Continue
            }
        });
        done.fetch_add(1, Ordering::Relaxed);
        result
    };
    let (from, to) = ready.period;
    let steps = match by {
        StepLength::Week => step::weeks(from, to),
        StepLength::Month => step::months(from, to),
    };
    planning::plan(&ready.base, production, &steps, &march, side, options)
}

/// What a person wants to know when a plan of production has ended.
fn summary(run: &RunContents, target: &str, lang: Lang) -> String {
    let Some(plan) = &run.plan else {
        return String::new();
    };
    let Some(production) = &plan.production else {
        return String::new();
    };
    let millions = |money: f64| format!("{:.1}", money / 1e6);
    let (worth, rules) = (
        millions(plan.objective.unwrap_or(f64::NAN)),
        millions(production.by_rules),
    );
    let name = lang.pick(&run.base.name.en, &run.base.name.zh);
    let (simulations, currency) = (production.simulations, &plan.currency);
    let seconds = significant(run.meta.elapsed_s, 3);
    let mut lines = vec![
        lang.pick(
            format!(
                "{name}: production, {} to {}, {simulations} simulations in {seconds} s",
                run.meta.from, run.meta.to
            ),
            format!(
                "{name}：生产计划，{} 至 {}，模拟 {simulations} 次，{seconds} s",
                run.meta.from, run.meta.to
            ),
        ),
        lang.pick(
            format!(
                "  worth, simulated: {worth} million {currency}; by the base's own rules {rules}"
            ),
            format!("  价值（模拟）：{worth} 百万 {currency}；按基地自身规则 {rules}"),
        ),
    ];
    for product in &production.products {
        let [simulated, rules] =
            [product.simulated_t, product.by_rules_t].map(|t| significant(t, 4));
        let gap = significant(100.0 * product.gap, 2);
        let name = &product.name;
        lines.push(lang.pick(
            format!("  {name}: {simulated} t (by the rules {rules} t; programme off by {gap} %)"),
            format!("  {name}：{simulated} t（按规则 {rules} t；规划偏差 {gap} %）"),
        ));
    }
    if let Some(cost) = production.energy_cost.filter(|cost| *cost != 0.0) {
        let cost = millions(cost);
        lines.push(lang.pick(
            format!("  electricity of these plants: {cost} million {currency}"),
            format!("  上述工厂的电费：{cost} 百万 {currency}"),
        ));
    }
    let worst = figures::worst(run.meta.closure.values());
    lines.push(lang.pick(
        format!(
            "  closure: {worst:.1e}; {} equilibria failed",
            run.meta.failures
        ),
        format!("  闭合差：{worst:.1e}；{} 次平衡失败", run.meta.failures),
    ));
    lines.push(lang.pick(
        format!("  report: {target}/report.html; schedule: {target}/schedule.csv"),
        format!("  报告：{target}/report.html；日程：{target}/schedule.csv"),
    ));
    lines.join("\n") + "\n"
}
