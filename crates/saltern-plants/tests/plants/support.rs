//! Small flowsheets without a file.

use saltern_plants::flowsheet::{Flowsheet, FlowsheetError, StreamDraft, UnitDraft};
use saltern_plants::matter::Matter;
use saltern_plants::settings::Setting;
use saltern_plants::stream::Stream;
use saltern_units::place::Place;

pub(crate) fn unit(id: &str, kind: &str, settings: &[(&str, Setting)]) -> UnitDraft {
    UnitDraft {
        id: id.to_owned(),
        kind: kind.to_owned(),
        settings: settings
            .iter()
            .map(|(n, s)| ((*n).to_owned(), s.clone()))
            .collect(),
        place: Place::entry("plant.toml", format!("units.{id}")),
    }
}

pub(crate) fn number(value: f64) -> Setting {
    Setting::Number(value)
}

/// `from -> to`, either of them `-` for outside.
pub(crate) fn stream(id: &str, way: &str, feed: Option<Stream>) -> StreamDraft {
    let (from, to) = way.split_once(" -> ").expect("an arrow");
    let end = |text: &str| (text != "-").then(|| text.to_owned());
    StreamDraft {
        id: id.to_owned(),
        from: end(from),
        to: end(to),
        feed,
        on_demand: false,
        place: Place::entry("plant.toml", format!("streams.{id}")),
    }
}

pub(crate) fn flowsheet(
    matter: &Matter<'_>,
    units: &[UnitDraft],
    streams: &[StreamDraft],
) -> Result<Flowsheet, Vec<FlowsheetError>> {
    Flowsheet::new(units, streams, matter)
}
