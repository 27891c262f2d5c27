//! The run folder on disk: written whole or not at all, read back with clear errors.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use saltern_base::frame::Frame;
use saltern_units::Lang;
use serde::{Deserialize, Serialize};

use crate::contents::{BaseSnapshot, Name, Notice, RunContents, RunMeta, WeatherOrigin, Weathers};
use crate::error::RunError;
use crate::report;
use crate::{book_frames, columnar, columns};

/// Number of the layout that this program writes, and the highest that it reads.
pub const LAYOUT: u32 = 1;

const META_FILE: &str = "run.json";
const BASE_FILE: &str = "base.json";
const PLAN_FILE: &str = "plan.json";
const SCHEDULE_FILE: &str = "schedule.csv";
const NOTICES_FILE: &str = "notices.json";
const REPORT_FILE: &str = "report.html";
const BOOK_FOLDER: &str = "book";
const SERIES_FOLDER: &str = "series";
const TABLES_FOLDER: &str = "tables";

/// How a run is written.
pub struct WriteOptions<'a> {
    /// Replace a run that is already there. A folder that holds no run is never replaced.
    pub overwrite: bool,
    /// Language of `report.html`.
    pub lang: Lang,
    /// Asked between files; `true` stops the writing and removes what was written. A signal handler sets what this reads.
    pub cancelled: &'a dyn Fn() -> bool,
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        WriteOptions {
            overwrite: false,
            lang: Lang::En,
            cancelled: &|| false,
        }
    }
}

/// Whether a run may be written at `path`: asked before a long simulation, so that it does not end in a refusal.
pub fn check_target(path: &Path, overwrite: bool) -> Result<(), RunError> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    let is_empty_folder = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty_folder {
        return Ok(());
    }
    if !path.join(META_FILE).is_file() {
        return Err(RunError::NotARun {
            path: path.to_path_buf(),
            expected: META_FILE,
        });
    }
    if overwrite {
        Ok(())
    } else {
        Err(RunError::Exists {
            path: path.to_path_buf(),
        })
    }
}

/// Writes a run to `path`: into a hidden sibling folder first, which is renamed when everything is in it.
///
/// Whatever goes wrong, `path` is as it was before and nothing else is left.
pub fn write(path: &Path, run: &RunContents, options: &WriteOptions<'_>) -> Result<(), RunError> {
    check_target(path, options.overwrite)?;
    let files = render(run, options.lang)?;
    let staging = Staging::create(path)?;
    for (name, bytes) in &files {
        if (options.cancelled)() {
            return Err(RunError::Cancelled {
                path: path.to_path_buf(),
            });
        }
        staging.write(name, bytes)?;
    }
    staging.publish(path)
}

/// The files of a run by their path inside the folder; `run.json` last, so that a folder with it is complete.
fn render(run: &RunContents, lang: Lang) -> Result<Vec<(String, Vec<u8>)>, RunError> {
    let mut files = Vec::new();
    for frame in book_frames::frames(&run.book) {
        files.push(parquet_file(BOOK_FOLDER, &frame)?);
    }
    for frame in &run.series {
        columns::check(frame)?;
        files.push(parquet_file(SERIES_FOLDER, frame)?);
    }
    files.push((BASE_FILE.to_owned(), json(BASE_FILE, &run.base)?));
    files.push((NOTICES_FILE.to_owned(), json(NOTICES_FILE, &run.notices)?));
    for (name, text) in &run.tables {
        let name = format!("{TABLES_FOLDER}/{name}");
        files.push((name, text.clone().into_bytes()));
    }
    if let Some(plan) = &run.plan {
        files.push((PLAN_FILE.to_owned(), json(PLAN_FILE, plan)?));
        let frame = run
            .frame(crate::plan::DISPATCH)
            .or_else(|| run.frame(crate::plan::SCHEDULE));
        if let Some(frame) = frame {
            files.push((SCHEDULE_FILE.to_owned(), crate::export::csv_bytes(frame)?));
        }
        let others = [
            crate::plan::TRACING,
            crate::plan::LIMITS,
            crate::expansion::EXPANSION,
            crate::forecast::FORECAST,
            crate::forecast::SCORES,
            crate::scenarios::SCENARIOS,
            crate::scenarios::DECISIONS,
        ];
        for name in others {
            if let Some(frame) = run.frame(name) {
                files.push((format!("{name}.csv"), crate::export::csv_bytes(frame)?));
            }
        }
    }
    files.push((
        REPORT_FILE.to_owned(),
        report::html(run, lang)?.into_bytes(),
    ));
    files.push((META_FILE.to_owned(), json(META_FILE, &MetaFile::from(run))?));
    Ok(files)
}

fn parquet_file(folder: &str, frame: &Frame) -> Result<(String, Vec<u8>), RunError> {
    check_name(&frame.name)?;
    let name = format!("{folder}/{}.parquet", frame.name);
    let bytes = columnar::encode(frame).map_err(|e| RunError::corrupt(Path::new(&name), e))?;
    Ok((name, bytes))
}

/// A frame's name becomes a file name and a sheet name: keep it to what every system takes.
pub(crate) fn check_name(name: &str) -> Result<(), RunError> {
    let fine = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if fine {
        Ok(())
    } else {
        Err(RunError::BadName {
            name: name.to_owned(),
        })
    }
}

fn json<T: Serialize>(name: &str, value: &T) -> Result<Vec<u8>, RunError> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|e| RunError::corrupt(Path::new(name), e))?;
    text.push(b'\n');
    Ok(text)
}

/// A hidden folder beside the run that is being written; gone when dropped, unless published.
struct Staging {
    path: PathBuf,
}

impl Staging {
    fn create(target: &Path) -> Result<Staging, RunError> {
        let path = sibling(target, "partial")?;
        if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(|e| RunError::io(parent, "create", &e))?;
        }
        fs::create_dir(&path).map_err(|e| RunError::io(&path, "create", &e))?;
        Ok(Staging { path })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), RunError> {
        let file = self.path.join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|e| RunError::io(folder, "create", &e))?;
        }
        fs::write(&file, bytes).map_err(|e| RunError::io(&file, "write", &e))
    }

    /// Puts the folder in place of `target`, which is set aside first if it exists and put back if that fails.
    fn publish(self, target: &Path) -> Result<(), RunError> {
        let rename = |from: &Path, to: &Path| {
            fs::rename(from, to).map_err(|e| RunError::io(to, "rename", &e))
        };
        if fs::symlink_metadata(target).is_err() {
            return rename(&self.path, target);
        }
        let aside = sibling(target, "replaced")?;
        rename(target, &aside)?;
        if let Err(error) = rename(&self.path, target) {
            rename(&aside, target)?;
            return Err(error);
        }
        fs::remove_dir_all(&aside).map_err(|e| RunError::io(&aside, "remove", &e))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After publishing there is nothing at this path any more, and an error here has nobody to go to.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// `.<name>.<what>-<process>` beside `target`.
fn sibling(target: &Path, what: &str) -> Result<PathBuf, RunError> {
    let name = target
        .file_name()
        .ok_or_else(|| RunError::BadName {
            name: target.display().to_string(),
        })?
        .to_string_lossy()
        .into_owned();
    Ok(target.with_file_name(format!(".{name}.{what}-{}", std::process::id())))
}

/// Reads a run.
pub fn read(path: &Path) -> Result<RunContents, RunError> {
    let meta_file = read_meta(path)?;
    let base: BaseSnapshot = read_json(&path.join(BASE_FILE))?;
    let notices: Vec<Notice> = read_json(&path.join(NOTICES_FILE))?;
    let book = read_book(path, &meta_file)?;
    let series = meta_file
        .series
        .iter()
        .map(|name| read_frame(path, SERIES_FOLDER, name))
        .collect::<Result<_, _>>()?;
    let meta = meta_file.into_meta(&path.join(META_FILE))?;
    Ok(RunContents {
        base,
        meta,
        book,
        series,
        notices,
        tables: read_tables(path)?,
        plan: read_plan(path)?,
    })
}

/// The tables that accounts read; runs without any are as good.
fn read_tables(path: &Path) -> Result<BTreeMap<String, String>, RunError> {
    let mut tables = BTreeMap::new();
    for name in crate::accounts::TABLES {
        let file = path.join(TABLES_FOLDER).join(name);
        if file.is_file() {
            let text = String::from_utf8(read_bytes(&file)?);
            let text = text.map_err(|e| RunError::corrupt(&file, e))?;
            tables.insert(name.to_owned(), text);
        }
    }
    Ok(tables)
}

/// The plan of a run that is one.
fn read_plan(path: &Path) -> Result<Option<crate::plan::PlanAnswer>, RunError> {
    let file = path.join(PLAN_FILE);
    file.is_file().then(|| read_json(&file)).transpose()
}

/// Puts tables for accounts into a run that is there, and the report that is made with them.
///
/// # Errors
/// [`RunError::Io`].
pub fn write_tables(path: &Path, run: &RunContents, lang: Lang) -> Result<(), RunError> {
    let folder = path.join(TABLES_FOLDER);
    if !run.tables.is_empty() {
        fs::create_dir_all(&folder).map_err(|e| RunError::io(&folder, "create", &e))?;
    }
    for (name, text) in &run.tables {
        let file = folder.join(name);
        fs::write(&file, text).map_err(|e| RunError::io(&file, "write", &e))?;
    }
    let file = path.join(REPORT_FILE);
    fs::write(&file, report::html(run, lang)?).map_err(|e| RunError::io(&file, "write", &e))
}

/// What was run and over which days, without the book and the series.
///
/// # Errors
/// As [`read`].
pub fn read_what_was_run(path: &Path) -> Result<RunMeta, RunError> {
    read_meta(path)?.into_meta(&path.join(META_FILE))
}

/// What a run is a plan of (`dispatch`, `production`, …); `None` for a simulation.
///
/// # Errors
/// As [`read`].
pub fn read_what_was_planned(path: &Path) -> Result<Option<String>, RunError> {
    let file = path.join(PLAN_FILE);
    let plan: Option<WhatOnly> = file.is_file().then(|| read_json(&file)).transpose()?;
    Ok(plan.map(|plan| plan.what))
}

/// The table of decisions of a plan, as `simulate --schedule` reads that of production.
pub fn schedule_of(path: &Path) -> PathBuf {
    path.join(SCHEDULE_FILE)
}

fn read_meta(path: &Path) -> Result<MetaFile, RunError> {
    if !path.is_dir() {
        return Err(if path.exists() {
            RunError::NotARun {
                path: path.to_path_buf(),
                expected: META_FILE,
            }
        } else {
            RunError::Missing {
                path: path.to_path_buf(),
            }
        });
    }
    let file = path.join(META_FILE);
    if !file.is_file() {
        return Err(RunError::NotARun {
            path: path.to_path_buf(),
            expected: META_FILE,
        });
    }
    // The layout first: a newer run.json need not have the shape that is read here.
    let layout: LayoutOnly = read_json(&file)?;
    if layout.layout > LAYOUT {
        return Err(RunError::Newer {
            path: path.to_path_buf(),
            found: layout.layout,
            supported: LAYOUT,
        });
    }
    read_json(&file)
}

fn read_bytes(file: &Path) -> Result<Vec<u8>, RunError> {
    fs::read(file).map_err(|e| match e.kind() {
        ErrorKind::NotFound => RunError::MissingPart {
            path: file.to_path_buf(),
        },
        _ => RunError::io(file, "read", &e),
    })
}

fn read_json<T: for<'de> Deserialize<'de>>(file: &Path) -> Result<T, RunError> {
    serde_json::from_slice(&read_bytes(file)?).map_err(|e| RunError::corrupt(file, e))
}

fn read_frame(path: &Path, folder: &str, name: &str) -> Result<Frame, RunError> {
    check_name(name)?;
    let file = path.join(folder).join(format!("{name}.parquet"));
    columnar::decode(name, read_bytes(&file)?).map_err(|e| RunError::corrupt(&file, e))
}

fn read_book(path: &Path, meta: &MetaFile) -> Result<saltern_base::book::Book, RunError> {
    let frames = book_frames::NAMES
        .iter()
        .map(|name| read_frame(path, BOOK_FOLDER, name))
        .collect::<Result<Vec<_>, _>>()?;
    let from = parse_date(&meta.book.from, &path.join(META_FILE))?;
    book_frames::book(from, meta.book.days, &frames).map_err(|e| {
        RunError::corrupt(
            &path.join(BOOK_FOLDER).join(format!("{}.parquet", e.table)),
            e.reason,
        )
    })
}

fn parse_date(text: &str, file: &Path) -> Result<Date, RunError> {
    text.parse().map_err(|_| {
        RunError::corrupt(
            file,
            format!("{text:?} is not a date; accepted: 2024-12-31"),
        )
    })
}

#[derive(Deserialize)]
struct WhatOnly {
    what: String,
}

#[derive(Deserialize)]
struct LayoutOnly {
    layout: u32,
}

/// `run.json`, key by key.
#[derive(Serialize, Deserialize)]
struct MetaFile {
    saltern: String,
    layout: u32,
    base: String,
    inputs: BTreeMap<String, String>,
    from: String,
    to: String,
    days: u32,
    elapsed_s: f64,
    equilibria: u64,
    failures: u64,
    /// JSON has no NaN: an element that could not be closed at all is null.
    closure: BTreeMap<String, Option<f64>>,
    weather: WeatherFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weathers: Option<WeathersFile>,
    database: String,
    caveats: Vec<Name>,
    book: BookPeriod,
    series: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct BookPeriod {
    from: String,
    days: u32,
}

#[derive(Serialize, Deserialize)]
struct WeatherFile {
    name: String,
    synthetic: bool,
    seed: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct WeathersFile {
    members: u32,
    seed: Option<u64>,
    first_days: Vec<String>,
}

impl From<&Weathers> for WeathersFile {
    fn from(weathers: &Weathers) -> Self {
        WeathersFile {
            members: weathers.members,
            seed: weathers.seed,
            first_days: weathers.first_days.iter().map(Date::to_string).collect(),
        }
    }
}

impl WeathersFile {
    fn into_weathers(self, file: &Path) -> Result<Weathers, RunError> {
        let days = self.first_days.iter().map(|day| parse_date(day, file));
        Ok(Weathers {
            members: self.members,
            seed: self.seed,
            first_days: days.collect::<Result<_, _>>()?,
        })
    }
}

fn nullable(values: &BTreeMap<String, f64>) -> BTreeMap<String, Option<f64>> {
    values
        .iter()
        .map(|(k, v)| (k.clone(), v.is_finite().then_some(*v)))
        .collect()
}

fn with_nan(values: BTreeMap<String, Option<f64>>) -> BTreeMap<String, f64> {
    values
        .into_iter()
        .map(|(k, v)| (k, v.unwrap_or(f64::NAN)))
        .collect()
}

impl From<&RunContents> for MetaFile {
    fn from(run: &RunContents) -> Self {
        let meta = &run.meta;
        let (name, seed) = match &meta.weather {
            WeatherOrigin::File { name } => (name, None),
            WeatherOrigin::Synthetic { name, seed } => (name, Some(*seed)),
            WeatherOrigin::None => (&String::new(), None),
        };
        MetaFile {
            saltern: meta.saltern.clone(),
            layout: LAYOUT,
            base: meta.base.clone(),
            inputs: meta.inputs.clone(),
            from: meta.from.to_string(),
            to: meta.to.to_string(),
            days: meta.days,
            elapsed_s: meta.elapsed_s,
            equilibria: meta.equilibria,
            failures: meta.failures,
            closure: nullable(&meta.closure),
            weather: WeatherFile {
                name: name.clone(),
                synthetic: seed.is_some(),
                seed,
            },
            weathers: meta.weathers.as_ref().map(WeathersFile::from),
            database: meta.database.clone(),
            caveats: meta.caveats.iter().map(Name::from).collect(),
            book: BookPeriod {
                from: run.book.from.to_string(),
                days: run.book.days,
            },
            series: run.series.iter().map(|frame| frame.name.clone()).collect(),
        }
    }
}

impl MetaFile {
    fn into_meta(self, file: &Path) -> Result<RunMeta, RunError> {
        let name = self.weather.name;
        let weathers = self.weathers.map(|all| all.into_weathers(file));
        Ok(RunMeta {
            weathers: weathers.transpose()?,
            from: parse_date(&self.from, file)?,
            to: parse_date(&self.to, file)?,
            saltern: self.saltern,
            base: self.base,
            inputs: self.inputs,
            days: self.days,
            elapsed_s: self.elapsed_s,
            equilibria: self.equilibria,
            failures: self.failures,
            closure: with_nan(self.closure),
            weather: match self.weather.seed {
                Some(seed) if self.weather.synthetic => WeatherOrigin::Synthetic { name, seed },
                _ if name.is_empty() => WeatherOrigin::None,
                _ => WeatherOrigin::File { name },
            },
            database: self.database,
            caveats: self.caveats.iter().map(Into::into).collect(),
        })
    }
}
