//! `account`: what the book of a run says about recovery, water, energy, carbon and grades.

mod closing;
mod summary;

use std::collections::BTreeMap;

use saltern_run::accounts::{Accounts, TABLES};
use saltern_run::folder;
use saltern_units::Lang;
use saltern_units::message::Message as _;

use crate::args::AccountArgs;
use crate::failure::Failure;
use crate::reconcile::account_failure;
use crate::simulate::{Folder, run_failure};
use crate::{tables as files, talk};

/// Runs the command.
pub(crate) fn run(args: &AccountArgs, lang: Lang) -> Result<(), Failure> {
    let mut run = folder::read(&args.run).map_err(run_failure)?;
    if let Some(with) = &args.with {
        let own = Folder::open(with)?;
        run.tables.extend(tables(|name| own.table(name))?);
    }
    let accounts = Accounts::of(&run).map_err(account_failure)?;
    let closed = match &args.closing {
        Some(books) => closing::close(books, &args.close, &run, &accounts, lang)?,
        None => String::new(),
    };
    let frames = accounts.frames(lang);
    let target = args.output.as_ref().unwrap_or(&args.run);
    files::write_csv(&target.join("account"), &frames)?;
    let json = format!("{:#}\n", accounts.json(&run));
    files::write(&target.join("account.json"), json.as_bytes())?;
    if args.output.is_none() {
        folder::write_tables(&args.run, &run, lang).map_err(run_failure)?;
    }
    if let Some(file) = &args.xlsx {
        files::write_xlsx(file, &frames)?;
        talk(&file.display().to_string());
    }
    if run.tables.is_empty() {
        talk(lang.pick(
            "note: no roles.csv, utilities.csv or other table with this run: what needs them is left out (`saltern account --help`)",
            "提示：此运行没有 roles.csv、utilities.csv 等表格，凡需要它们的结果均从略（见 `saltern account --help`）",
        ));
    }
    for notice in accounts.footprint.iter().flat_map(|f| f.notices()) {
        talk(&format!(
            "warning[{}]: {}",
            notice.code(),
            notice.text(lang)
        ));
    }
    print!("{}{closed}", summary::text(&run, &accounts, lang));
    talk(&target.join("account.json").display().to_string());
    Ok(())
}

/// The tables that accounts read, as far as a folder has them.
pub(crate) fn tables(
    text: impl Fn(&str) -> Result<Option<String>, Failure>,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut tables = BTreeMap::new();
    for name in TABLES {
        if let Some(text) = text(name)? {
            tables.insert(name.to_string(), text);
        }
    }
    Ok(tables)
}
