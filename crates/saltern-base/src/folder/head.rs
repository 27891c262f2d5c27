//! `base.toml`: what the base is, where it lies, and what drives it.

use crate::document::{Document, FILE, join_names};
use crate::error::BaseError;
use crate::model::{Chemistry, Label, Site, WeatherChoice};
use jiff::civil::{Date, Time};
use saltern_units::place::Place;

/// What `base.toml` says.
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) name: Label,
    pub(crate) caveats: Vec<Label>,
    pub(crate) shifts: Vec<Time>,
    pub(crate) site: Site,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) weather: Option<WeatherChoice>,
    pub(crate) chemistry: Chemistry,
}

/// Reads it; weather may be missing where `needs_weather` is false.
pub(crate) fn read(
    base_id: &str,
    files: &dyn Fn(&str) -> Option<String>,
    needs_weather: bool,
    errors: &mut Vec<BaseError>,
) -> Option<Head> {
    let Some(text) = files(FILE) else {
        errors.push(BaseError::MissingFile {
            file: FILE.into(),
            asked_by: None,
        });
        return None;
    };
    let document = Document::parse(&text, errors)?;
    let id = document
        .text("base", "id", errors)
        .unwrap_or_else(|| base_id.into());
    let name = name(&document, errors);
    let caveats = document.labels("base", "caveats", errors);
    let shifts = shifts(&document, errors);
    let site = site(&document, errors);
    let period = period(&document, errors);
    let chemistry = chemistry(&document, errors);
    let weather = weather(&document, files, needs_weather, errors);
    let (from, to) = period?;
    Some(Head {
        id,
        name: name?,
        caveats: caveats?,
        shifts: shifts?,
        site: site?,
        from,
        to,
        weather: weather?,
        chemistry: chemistry?,
    })
}

fn name(document: &Document<'_>, errors: &mut Vec<BaseError>) -> Option<Label> {
    let en = document.text("base", "name", errors)?;
    let zh = document
        .text("base", "name_zh", errors)
        .unwrap_or_else(|| en.clone());
    Some(Label { en, zh })
}

/// Hours at which shifts begin.
fn shifts(document: &Document<'_>, errors: &mut Vec<BaseError>) -> Option<Vec<Time>> {
    let (section, name) = ("base", "shifts");
    let mut shifts: Vec<Time> = Vec::new();
    for value in document.names(section, name, errors)? {
        let hour = Time::strptime("%H:%M", &value).ok();
        match hour.filter(|hour| shifts.last().is_none_or(|last| last < hour)) {
            Some(hour) => shifts.push(hour),
            None => errors.push(BaseError::Shift {
                place: document.place_of(section, name),
                value,
            }),
        }
    }
    Some(shifts)
}

fn site(document: &Document<'_>, errors: &mut Vec<BaseError>) -> Option<Site> {
    let latitude = document.quantity("site", "latitude", errors);
    let longitude = document.quantity("site", "longitude", errors);
    let elevation = document.quantity("site", "elevation", errors);
    let utc_offset_s = document.quantity("site", "utc_offset", errors);
    Some(Site {
        latitude_deg: latitude?,
        longitude_deg: longitude?,
        elevation_m: elevation?,
        utc_offset_h: utc_offset_s? / 3600.0,
    })
}

fn period(document: &Document<'_>, errors: &mut Vec<BaseError>) -> Option<(Date, Date)> {
    let from = document.date("period", "from", errors);
    let to = document.date("period", "to", errors);
    let ((from, _), (to, place)) = (from?, to?);
    if to < from {
        errors.push(BaseError::DatesReversed { place, from, to });
    }
    Some((from, to))
}

fn chemistry(document: &Document<'_>, errors: &mut Vec<BaseError>) -> Option<Chemistry> {
    let section = "chemistry";
    let database = if document.has(section, "database") {
        document.text(section, "database", errors)
    } else {
        crate::attributes::find(section, "database").map(|a| a.default.clone())
    };
    let phases = document.names(section, "phases", errors);
    let suppress = document.names(section, "suppress", errors);
    Some(Chemistry {
        database: database?,
        phases: join_names(&phases?),
        suppress: suppress?,
    })
}

/// What drives the base; `Some(None)` where nothing does and nothing must.
fn weather(
    document: &Document<'_>,
    files: &dyn Fn(&str) -> Option<String>,
    needed: bool,
    errors: &mut Vec<BaseError>,
) -> Option<Option<WeatherChoice>> {
    let section = "weather";
    let seed = document.count(section, "seed", errors);
    match (
        document.has(section, "file"),
        document.has(section, "normals"),
    ) {
        (true, false) => {
            let path = existing_file(document, "file", files, errors)?;
            Some(Some(WeatherChoice::File { path }))
        }
        (false, true) => {
            let path = existing_file(document, "normals", files, errors)?;
            Some(Some(WeatherChoice::Normals { path, seed: seed? }))
        }
        (false, false) if !needed => Some(None),
        _ => {
            let place = Place::entry(FILE, "[weather]");
            errors.push(BaseError::OneOf {
                place,
                entries: ["file", "normals"],
            });
            None
        }
    }
}

/// The path of a file that an entry names and that is there.
fn existing_file(
    document: &Document<'_>,
    name: &str,
    files: &dyn Fn(&str) -> Option<String>,
    errors: &mut Vec<BaseError>,
) -> Option<String> {
    let path = document.text("weather", name, errors)?;
    if files(&path).is_none() {
        let asked_by = Some(document.place_of("weather", name));
        errors.push(BaseError::MissingFile {
            file: path.clone(),
            asked_by,
        });
    }
    Some(path)
}
