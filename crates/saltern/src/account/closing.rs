//! Closing a period: the figures of a run go into a folder of closed books. Once a period is locked its figures change by
//! restatement only, which keeps the old one and the reason.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use saltern_account::AccountError;
use saltern_account::periods::{Closing, Figure, Period, Texts};
use saltern_run::RunContents;
use saltern_run::accounts::Accounts;
use saltern_units::Lang;
use saltern_units::date;
use saltern_units::quantity::significant;

use crate::args::ClosingArgs;
use crate::failure::{CliError, Failure};
use crate::reconcile::account_failure;
use crate::simulate::Folder;
use crate::tables as files;

/// Records, locks or restates the figures of a run in `folder`; returns what a person is told.
pub(crate) fn close(
    folder: &Path,
    args: &ClosingArgs,
    run: &RunContents,
    accounts: &Accounts,
    lang: Lang,
) -> Result<String, Failure> {
    let on = day(args.on.as_deref())?;
    let by = args.by.as_deref().unwrap_or_default();
    let mut closing = read(folder)?;
    let period = Period::new(run.meta.from, run.meta.to).map_err(account_failure)?;
    let figures = figures(accounts);
    let mut text = match (closing.lock_of(period).is_some(), &args.restate) {
        (true, Some(reason)) => restate(&mut closing, period, &figures, (on, by, reason), lang)?,
        (true, None) => unchanged(&closing, period, &figures, lang)?,
        (false, _) => record(&mut closing, period, &figures, on, lang)?,
    };
    if args.lock {
        closing.lock(period, on, by).map_err(account_failure)?;
        let (from, to) = (period.from, period.to);
        text += &lang.pick(
            format!("{from} to {to} is locked\n"),
            format!("{from} 至 {to} 已锁定\n"),
        );
    }
    // A table without rows would be an error when it is read again.
    let empty = [
        closing.figures.is_empty(),
        closing.locks.is_empty(),
        closing.figures.iter().all(|f| f.restatements.is_empty()),
    ];
    let frames = closing.frames().into_iter().zip(empty);
    let frames: Vec<_> = frames.filter(|(_, empty)| !empty).map(|(f, _)| f).collect();
    files::write_csv(folder, &frames)?;
    Ok(text)
}

fn read(folder: &Path) -> Result<Closing, Failure> {
    if !folder.is_dir() {
        return Ok(Closing::default());
    }
    let own = Folder::open(folder)?;
    let names = ["figures.csv", "locks.csv", "restatements.csv"];
    let mut texts = Vec::new();
    for name in names {
        texts.push(own.table(name)?);
    }
    let text = |k: usize| texts[k].as_deref().map(|text| (names[k], text));
    let texts = Texts {
        figures: text(0),
        locks: text(1),
        restatements: text(2),
    };
    Closing::read(&texts).map_err(account_failure)
}

/// Every indicator that has a value, and the CO₂ of the period.
fn figures(accounts: &Accounts) -> Vec<Figure> {
    let indicators = accounts.figures.iter().filter_map(|figure| {
        let definition = &accounts.definitions[figure.definition];
        let value = *figure.value.as_ref().ok()?;
        let id = match &figure.member {
            Some(member) => format!("{}[{member}]", definition.id),
            None => definition.id.clone(),
        };
        Some(Figure::new(id, value, &definition.unit))
    });
    let carbon = accounts.footprint.as_ref().map(|footprint| {
        let id = format!("co2e_{}", footprint.total.kind());
        Figure::new(id, footprint.total.kg(), "kg")
    });
    indicators.chain(carbon).collect()
}

fn record(
    closing: &mut Closing,
    period: Period,
    figures: &[Figure],
    on: Date,
    lang: Lang,
) -> Result<String, Failure> {
    for figure in figures {
        closing
            .record(figure, period, on)
            .map_err(account_failure)?;
    }
    let (n, from, to) = (figures.len(), period.from, period.to);
    Ok(lang.pick(
        format!("{n} figures of {from} to {to} recorded\n"),
        format!("已记录 {from} 至 {to} 的 {n} 项数据\n"),
    ))
}

/// A locked period is left as it is; figures that are others now are refused.
fn unchanged(
    closing: &Closing,
    period: Period,
    figures: &[Figure],
    lang: Lang,
) -> Result<String, Failure> {
    let changed = !closing.changed(period, figures).is_empty();
    match closing.lock_of(period) {
        Some(lock) if changed || lock.period != period => {
            Err(account_failure(AccountError::Locked {
                from: lock.period.from,
                to: lock.period.to,
                on: lock.on,
            }))
        }
        _ => Ok(lang
            .pick(
                "the figures are those that were closed\n",
                "数据与已结账的一致\n",
            )
            .into()),
    }
}

fn restate(
    closing: &mut Closing,
    period: Period,
    figures: &[Figure],
    (on, by, reason): (Date, &str, &str),
    lang: Lang,
) -> Result<String, Failure> {
    let mut text = String::new();
    let others = closing.changed(period, figures).into_iter();
    let others: Vec<&Figure> = others.chain(closing.appeared(period, figures)).collect();
    for figure in others {
        let restated = closing
            .take_over(figure, period, on, by, reason)
            .map_err(account_failure)?;
        let shown = |x: f64| significant(x, 6);
        let old = restated.restatements.last().and_then(|r| r.old);
        let (old, new) = (old.map_or("–".into(), shown), shown(figure.value));
        text += &format!("{}: {old} → {new} {}\n", figure.id, figure.unit);
    }
    if text.is_empty() {
        return unchanged(closing, period, figures, lang);
    }
    Ok(lang.pick("restated:\n", "已重述：\n").to_owned() + &text)
}

fn day(text: Option<&str>) -> Result<Date, Failure> {
    let Some(text) = text else {
        return Ok(jiff::Timestamp::now().to_zoned(TimeZone::UTC).date());
    };
    date::parse(text).ok_or_else(|| {
        CliError::BadOption {
            option: "--on",
            value: text.into(),
            accepted: date::ACCEPTED.into(),
        }
        .into()
    })
}
