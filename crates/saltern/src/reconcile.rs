//! `reconcile`: measured flows made to close, and what each meter is worth.

use std::fmt::Write as _;
use std::path::Path;

use saltern_account::reconcile::gross::{Elimination, eliminate, keep_all};
use saltern_account::reconcile::tables::{Network, Texts};
use saltern_account::reconcile::{Loss, Problem, Reconciliation, Settings};
use saltern_account::{AccountError, frames};
use saltern_base::frame::{Column, Frame};
use saltern_run::compare::text_table;
use saltern_units::Lang;
use saltern_units::quantity::significant;

use crate::args::ReconcileArgs;
use crate::failure::{CliError, Failure};
use crate::{files, tables, talk};

/// Leaks told at most.
const LEAKS_TOLD: usize = 5;

/// Runs the command.
pub(crate) fn run(args: &ReconcileArgs, lang: Lang) -> Result<(), Failure> {
    let settings = settings(args)?;
    let streams = Text::read(&args.streams)?;
    let parameters = args.parameters.as_deref().map(Text::read).transpose()?;
    let equations = args.equations.as_deref().map(Text::read).transpose()?;
    let network = Network::read(&Texts {
        streams: streams.pair(),
        parameters: parameters.as_ref().map(Text::pair),
        equations: equations.as_ref().map(Text::pair),
    })
    .map_err(account_failure)?;
    let found = search(&network.problem, &settings, args.eliminate).map_err(account_failure)?;
    if let Some(folder) = &args.output {
        tables::write_csv(folder, &all_frames(&network, &found, lang))?;
        talk(&folder.display().to_string());
    }
    for notice in found.notices() {
        use saltern_units::message::Message as _;
        let text = notice.text(lang);
        talk(&format!("warning[{}]: {text}", notice.code()));
    }
    print!("{}", summary(&network, &found, lang));
    Ok(())
}

fn settings(args: &ReconcileArgs) -> Result<Settings, Failure> {
    check_significance(args.significance)?;
    Ok(Settings {
        loss: Loss::standard(&args.loss).unwrap_or_default(),
        significance: args.significance,
        ..Settings::default()
    })
}

/// Whether `--significance` is a chance.
pub(crate) fn check_significance(chance: f64) -> Result<(), Failure> {
    if chance > 0.0 && chance < 1.0 {
        return Ok(());
    }
    Err(CliError::BadOption {
        option: "--significance",
        value: chance.to_string(),
        accepted: "0 < CHANCE < 1, 0.05".into(),
    }
    .into())
}

/// Reconciles; gross errors are taken out where asked for.
pub(crate) fn search(
    problem: &Problem,
    settings: &Settings,
    take_out: bool,
) -> Result<Elimination, AccountError> {
    if take_out {
        eliminate(problem, settings)
    } else {
        keep_all(problem, settings)
    }
}

/// A search that did not end is a failed job; all else is in what was handed in.
pub(crate) fn account_failure(error: AccountError) -> Failure {
    match error {
        AccountError::NotConverged { .. } => Failure::job(error),
        _ => Failure::input(error),
    }
}

/// A table's file and text.
pub(crate) struct Text {
    file: String,
    text: String,
}

impl Text {
    /// Reads CSV or XLSX.
    pub(crate) fn read(path: &Path) -> Result<Text, Failure> {
        Ok(Text {
            file: path.display().to_string(),
            text: files::table_text(path, files::bytes(path)?)?,
        })
    }

    /// As the crates take it.
    pub(crate) fn pair(&self) -> (&str, &str) {
        (&self.file, &self.text)
    }
}

fn all_frames(network: &Network, found: &Elimination, lang: Lang) -> Vec<Frame> {
    let result = &found.reconciliation;
    vec![
        frames::reconciled(network, result, lang),
        frames::tests(result, lang),
        frames::leaks(&found.problem, result, lang),
        frames::removed(found, lang),
    ]
}

/// Reconciled values, the tests, what was taken out, where a leak is likely.
fn summary(network: &Network, found: &Elimination, lang: Lang) -> String {
    let result = &found.reconciliation;
    let mut out = text_table(&named(frames::reconciled(network, result, lang), lang));
    out.push('\n');
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", global(result, lang));
    for removed in &found.removed {
        let id = &found.problem.quantities[removed.quantity].id;
        let (z, limit) = (significant(removed.z, 3), significant(removed.limit, 3));
        let _ = writeln!(
            out,
            "{}",
            lang.pick(
                format!("taken out: {id} (z {z}, limit {limit})"),
                format!("已剔除：{id}（z {z}，限值 {limit}）"),
            )
        );
    }
    let _ = writeln!(out, "{}", leaks(found, lang));
    out
}

fn global(result: &Reconciliation, lang: Lang) -> String {
    let test = &result.global;
    if test.freedom == 0 {
        return lang
            .pick(
                "nothing checks anything: no degrees of freedom",
                "无冗余：自由度为零，无法检验",
            )
            .into();
    }
    let (j, limit, p) = (
        significant(test.objective, 4),
        significant(test.limit, 4),
        significant(test.probability, 2),
    );
    let (n, z) = (test.freedom, significant(result.z_limit, 4));
    let verdict = match test.passes() {
        true => lang.pick("the measurements agree", "测量值相互一致"),
        false => lang.pick("at least one measurement is wrong", "至少有一个测量值有误"),
    };
    lang.pick(
        format!("χ² test: {verdict}: J {j}, limit {limit}, {n} degrees of freedom, probability {p}; limit of z {z}"),
        format!("χ² 检验：{verdict}：J = {j}，限值 {limit}，自由度 {n}，概率 {p}；z 限值 {z}"),
    )
}

fn leaks(found: &Elimination, lang: Lang) -> String {
    let result = &found.reconciliation;
    let limit = result.z_limit.powi(2);
    let mut leaks = result.leaks();
    leaks.retain(|leak| leak.ratio > limit);
    leaks.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    if leaks.is_empty() {
        return lang.pick("leaks: none found", "泄漏检验：未发现").into();
    }
    let told: Vec<String> = leaks
        .iter()
        .take(LEAKS_TOLD)
        .map(|leak| {
            let id = &found.problem.constraints[leak.constraint].id;
            let (size, sigma) = (significant(leak.estimate, 3), significant(leak.sigma, 2));
            format!("{id} ({size} ± {sigma})")
        })
        .collect();
    let told = lang.list(&told);
    lang.pick(
        format!("leaks (in − out) that would explain it: {told}"),
        format!("可解释偏差的泄漏（进 − 出）：{told}"),
    )
}

/// Headers as a person reads them.
fn named(frame: Frame, lang: Lang) -> Frame {
    const NAMES: [(&str, &str, &str); 11] = [
        ("quantity", "quantity", "变量"),
        ("unit", "unit", "单位"),
        ("measured", "measured", "测量值"),
        ("measured_sigma", "± σ", "± σ"),
        ("value", "reconciled", "校正值"),
        ("sigma", "± σ", "± σ"),
        ("class", "class", "类别"),
        ("z", "z", "z"),
        ("visibility", "visibility", "可见度"),
        ("smallest_bias", "smallest bias found", "可检出的最小偏差"),
        ("weight", "weight", "权重"),
    ];
    let column = |column: Column| {
        let name = NAMES.iter().find(|(id, ..)| *id == column.name);
        Column {
            name: name.map_or(column.name, |(_, en, zh)| lang.pick(*en, *zh).into()),
            unit: String::new(),
            values: column.values,
        }
    };
    Frame {
        name: frame.name,
        columns: frame.columns.into_iter().map(column).collect(),
    }
}
