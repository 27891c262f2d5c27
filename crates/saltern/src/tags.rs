//! `base tags`: assets, connections, tags, alarms and formulas of a base out to spreadsheets and back.

use std::collections::BTreeMap;
use std::path::Path;

use saltern_base::tags::{self, Tags};
use saltern_run::RunError;
use saltern_run::spreadsheet::{is_xlsx, read_xlsx_as_csv};
use saltern_units::Lang;

use crate::failure::{CliError, Failure};
use crate::simulate::{Folder, run_failure};
use crate::tables::{write, write_csv, write_xlsx};
use crate::{files, talk};

/// The tables, by the names of their sheets and files.
const TABLES: [&str; 5] = ["assets", "connections", "tags", "alarms", "calculated"];

/// Writes the tables to a workbook, or to a folder as CSV.
pub(crate) fn export(base: &Path, output: &Path, lang: Lang) -> Result<(), Failure> {
    let live = Folder::open(base)?.tags()?;
    let frames = tags::frames(&live);
    match is_workbook(output) {
        true => write_xlsx(output, &frames)?,
        false => write_csv(output, &frames)?,
    }
    let (count, alarms) = (live.tags.len(), live.alarms.len());
    let output = output.display();
    talk(&lang.pick(
        format!("{count} tags, {alarms} alarms: {output}"),
        format!("{count} 个位号、{alarms} 个报警：{output}"),
    ));
    Ok(())
}

/// Takes the tables of a workbook or a folder into a base: all of them, or none where anything is wrong.
pub(crate) fn import(base: &Path, from: &Path, lang: Lang) -> Result<(), Failure> {
    let folder = Folder::open(base)?;
    let before = folder.tags()?;
    let brought = brought(from)?;
    let after = folder.tags_with(&brought)?;
    for (name, text) in &brought {
        write(&base.join(format!("{name}.csv")), text.as_bytes())?;
    }
    talk(&told(&before, &after, lang));
    Ok(())
}

fn is_workbook(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    extension.eq_ignore_ascii_case("xlsx")
}

/// Texts of the tables that are there, by name.
fn brought(from: &Path) -> Result<BTreeMap<&'static str, String>, Failure> {
    let mut brought = BTreeMap::new();
    if from.is_dir() {
        for name in TABLES {
            let path = from.join(format!("{name}.csv"));
            if path.is_file() {
                brought.insert(name, files::table_text(&path, files::bytes(&path)?)?);
            }
        }
        return some(brought, from);
    }
    let bytes = files::bytes(from)?;
    let file = from.display().to_string();
    for name in TABLES.into_iter().filter(|_| is_xlsx(&bytes)) {
        match read_xlsx_as_csv(&file, &bytes, Some(name)) {
            Ok(text) => drop(brought.insert(name, text)),
            Err(RunError::NoSheet { .. }) => {}
            Err(error) => return Err(run_failure(error)),
        }
    }
    some(brought, from)
}

/// Refuses what brings nothing.
fn some(
    brought: BTreeMap<&'static str, String>,
    from: &Path,
) -> Result<BTreeMap<&'static str, String>, Failure> {
    if brought.is_empty() {
        return Err(CliError::NoTables {
            path: from.into(),
            accepted: TABLES.join(", "),
        }
        .into());
    }
    Ok(brought)
}

/// What came, went and changed.
fn told(before: &Tags, after: &Tags, lang: Lang) -> String {
    let known = |live: &'_ Tags, id: &str| live.tag(id);
    let new = after
        .tags
        .iter()
        .filter(|tag| known(before, &tag.who.id).is_none());
    let gone = before
        .tags
        .iter()
        .filter(|tag| known(after, &tag.who.id).is_none());
    let changed = after.tags.iter().filter(|tag| {
        let earlier = known(before, &tag.who.id).map(|row| &before.tags[row]);
        earlier.is_some_and(|earlier| !same(earlier, before, tag, after))
    });
    let (new, gone, changed) = (new.count(), gone.count(), changed.count());
    let (tags, alarms) = (after.tags.len(), after.alarms.len());
    lang.pick(
        format!("{tags} tags ({new} new, {changed} changed, {gone} gone), {alarms} alarms"),
        format!("{tags} 个位号（新增 {new}、修改 {changed}、删除 {gone}），{alarms} 个报警"),
    )
}

/// Whether a tag is what it was; rows of assets and connections may be others.
fn same(
    earlier: &saltern_base::tags::Tag,
    before: &Tags,
    tag: &saltern_base::tags::Tag,
    after: &Tags,
) -> bool {
    let way = |live: &Tags, row: Option<usize>| row.map(|row| live.connections[row].who.id.clone());
    let moved = saltern_base::tags::Tag {
        who: tag.who.clone(),
        asset: tag.asset,
        connection: tag.connection,
        ..earlier.clone()
    };
    moved == *tag
        && earlier.who.name == tag.who.name
        && before.assets[earlier.asset].who.id == after.assets[tag.asset].who.id
        && way(before, earlier.connection) == way(after, tag.connection)
}
