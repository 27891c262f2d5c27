//! What a base is: its site, ponds, sources, links, harvests and chemistry, in SI units.
//!
//! Plain data with every reference resolved to an index and every number converted; [`crate::folder`]
//! reads it and points at the file, row and column of whatever is wrong.

use crate::plant::PlantFile;
use jiff::civil::{Date, Time};
use saltern_units::Lang;
use saltern_units::place::Place;

/// Index into [`Base::ponds`].
pub type PondId = usize;
/// Index into [`Base::sources`].
pub type SourceId = usize;
/// Index into [`Base::outlets`].
pub type OutletId = usize;
/// Index into [`Base::brines`].
pub type BrineId = usize;
/// Index into [`Base::stockpiles`].
pub type StockpileId = usize;

/// A base: what the folder describes.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// Id: the folder's name.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// What is not measured about it, said wherever results are shown; empty when all is measured.
    pub caveats: Vec<Label>,
    /// When shifts begin, hours of local standard time, rising; empty where nobody works in shifts.
    pub shifts: Vec<Time>,
    /// Where it lies.
    pub site: Site,
    /// Default period of a simulation.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Where the weather comes from.
    pub weather: WeatherChoice,
    /// Database and allowed solids.
    pub chemistry: Chemistry,
    /// Named brine analyses (`brines.csv`): raw assay rows, resolved by the chemistry.
    pub brines: Vec<NamedBrine>,
    /// Ponds in the order of the file.
    pub ponds: Vec<Pond>,
    /// Sources of brine or water.
    pub sources: Vec<Source>,
    /// Where brine leaves the base: markets, plants, return to the lake.
    pub outlets: Vec<Outlet>,
    /// Canals, pumps and overflows.
    pub links: Vec<Link>,
    /// Harvest campaigns.
    pub harvests: Vec<Harvest>,
    /// Stockpiles: those of harvests first, then those of plants.
    pub stockpiles: Vec<Stockpile>,
    /// Plants that run with the ponds, upstream first as far as the file has them so.
    pub plants: Vec<Plant>,
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

impl Label {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.zh)
    }
}

/// Where the base lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Metres above the sea.
    pub elevation_m: f64,
    /// Hours ahead of UTC of the local standard time.
    pub utc_offset_h: f64,
}

/// Microseconds in a day.
pub const DAY_US: i64 = 86_400_000_000;

impl Site {
    /// The day of an instant in local standard time, and microseconds since its midnight.
    pub fn local_day(&self, time_us: i64) -> (Date, i64) {
        let local_us = time_us.saturating_add(self.offset_us());
        let days = jiff::Span::new().try_days(local_us.div_euclid(DAY_US));
        let date = days.and_then(|days| Date::constant(1970, 1, 1).checked_add(days));
        (date.unwrap_or(Date::MIN), local_us.rem_euclid(DAY_US))
    }

    /// The instant at which a day begins in local standard time, µs since 1970 UTC.
    pub fn midnight_us(&self, date: Date) -> i64 {
        let days = (date - Date::constant(1970, 1, 1)).get_days();
        i64::from(days) * DAY_US - self.offset_us()
    }

    fn offset_us(&self) -> i64 {
        (self.utc_offset_h * 3.6e9) as i64
    }
}

/// Where the weather comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum WeatherChoice {
    /// A file in the folder (EPW, TMY3, PVGIS CSV or our own CSV), its format found from its content.
    File {
        /// Path relative to the folder.
        path: String,
    },
    /// Generated from monthly or annual normals; labelled synthetic in every output.
    Normals {
        /// Path of the normals table relative to the folder.
        path: String,
        /// Seed of the generator.
        seed: u64,
    },
}

/// Database and allowed solids.
#[derive(Clone, Debug, PartialEq)]
pub struct Chemistry {
    /// `default`, or a database file relative to the folder.
    pub database: String,
    /// `stable`, `metastable`, or a list of mineral names.
    pub phases: String,
    /// Minerals left out.
    pub suppress: Vec<String>,
}

/// A brine analysis by name: header and cells of its row in the assay table, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedBrine {
    /// Id.
    pub id: String,
    /// Cells as (column header with unit, text), blanks left out.
    pub cells: Vec<(String, String)>,
    /// Row in `brines.csv`, counted from 1 with the header as row 1.
    pub row: usize,
}

/// A pond: N mixed cells in series over one salt floor.
#[derive(Clone, Debug, PartialEq)]
pub struct Pond {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Label,
    /// What it is meant to drop: colours the map (`halite`, `sylvite`, `carnallite`, `bischofite`, `old brine`, `lithium`, …).
    pub stage: String,
    /// Wetted area when full, m².
    pub area_m2: f64,
    /// Level–area table above the bare floor, (depth m, area m²), rising; empty = vertical walls.
    pub bathymetry: Vec<(f64, f64)>,
    /// Crest: brine above this depth overflows, m.
    pub depth_m_max: f64,
    /// Depth below which nothing is drawn from it, m.
    pub depth_m_min: f64,
    /// Depth that its inflow rules keep, m.
    pub depth_m_target: f64,
    /// Mixed cells in series.
    pub cells: usize,
    /// Leakage through the floor while wet, m/s.
    pub leakage_m_s: f64,
    /// Albedo of the brine surface over its floor.
    pub albedo: f64,
    /// Factor on the wind function for shelter or exposure (1 = as measured).
    pub wind_factor: f64,
    /// Porosity of the salt that settles.
    pub floor_porosity: f64,
    /// Thickness of the top layer that reacts with the brine, m.
    pub reactive_layer_m: f64,
    /// Opening state.
    pub opening: PondOpening,
    /// Outline on the map, (x m, y m); empty = drawn as a box in a row.
    pub outline_m: Vec<(f64, f64)>,
}

/// What a pond holds at the start unless a state says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct PondOpening {
    /// Brine in it.
    pub brine: BrineId,
    /// Depth of brine above the salt, m.
    pub depth_m: f64,
    /// Temperature, K.
    pub temperature_k: f64,
    /// Salt on the floor: (mineral name, thickness m including pores).
    pub floor: Vec<(String, f64)>,
}

/// A source of brine or water.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Label,
    /// What it can give, from each date on: rate and brine. Sorted by date.
    pub schedule: Vec<SourceStep>,
}

/// One step of a source's schedule: holds from its date until the next step.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceStep {
    /// First day; `None` = from the beginning.
    pub from: Option<Date>,
    /// Highest rate, m³/s.
    pub rate_m3_s: f64,
    /// Brine.
    pub brine: BrineId,
    /// Temperature, K; `None` = air temperature of the day, not below freezing.
    pub temperature_k: Option<f64>,
}

/// Where brine leaves the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlet {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Label,
}

/// One end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// A source.
    Source(SourceId),
    /// A pond.
    Pond(PondId),
    /// An outlet.
    Outlet(OutletId),
}

/// A canal, pump or overflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Id.
    pub id: String,
    /// From.
    pub from: End,
    /// To.
    pub to: End,
    /// Largest flow, m³/s; infinite for an overflow without one.
    pub capacity_m3_s: f64,
    /// When it runs.
    pub rule: Rule,
    /// Runs only inside this yearly window (month, day)–(month, day), if given.
    pub season: Option<((i8, i8), (i8, i8))>,
}

/// When a link runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Brine above the crest of the upstream pond runs over.
    Overflow,
    /// Runs at capacity as long as upstream has brine above its least depth.
    Constant,
    /// Runs at capacity so as to keep the downstream pond at its target depth.
    KeepLevel,
    /// Runs while a grade of the upstream brine is on the named side of a limit, and upstream has brine
    /// above its least depth and downstream room below its crest.
    Grade {
        /// What is measured: `density`, `water_activity`, or an element in g/L.
        quantity: GradeQuantity,
        /// `true`: runs while the value is at or above the limit; `false`: while at or below.
        above: bool,
        /// The limit in SI (kg/m³, –, kg/m³ of element).
        limit: f64,
    },
}

/// What a grade rule measures.
#[derive(Clone, Debug, PartialEq)]
pub enum GradeQuantity {
    /// Density, kg/m³.
    Density,
    /// Water activity.
    WaterActivity,
    /// Concentration of an element, kg/m³.
    Element(String),
}

/// A harvest campaign of one pond, yearly.
#[derive(Clone, Debug, PartialEq)]
pub struct Harvest {
    /// Id.
    pub id: String,
    /// Pond.
    pub pond: PondId,
    /// Stockpile the salt goes to.
    pub stockpile: String,
    /// Dry (brine drained first) or dredge (under brine).
    pub method: HarvestMethod,
    /// First day each year (month, day).
    pub start: (i8, i8),
    /// Days the campaign lasts.
    pub days: u32,
    /// Salt left as a floor, m.
    pub leave_m: f64,
    /// Brine carried away per dry salt, kg/kg.
    pub entrainment_kg_kg: f64,
}

/// How salt is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HarvestMethod {
    /// The pond is drained through its links first, then scraped.
    Dry,
    /// Salt is dredged under brine.
    Dredge,
}

/// A heap, a tank or a store: begins empty, keeps what is brought until it is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Stockpile {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Label,
}

/// A plant that runs with the ponds.
#[derive(Clone, Debug, PartialEq)]
pub struct Plant {
    /// Id.
    pub id: String,
    /// Its file: units, streams and design specs.
    pub file: PlantFile,
    /// Feed by which its load is counted.
    pub lead: String,
    /// Leading feed at full load, kg/s; `None` = the rate in its file.
    pub capacity_kg_s: Option<f64>,
    /// Load below which it stands, 0 … 1.
    pub load_min: f64,
    /// Runs only inside this yearly window (month, day)–(month, day), if given.
    pub season: Option<((i8, i8), (i8, i8))>,
    /// Where its feeds come from and where what leaves it goes to.
    pub streams: Vec<PlantStream>,
    /// Its row.
    pub place: Place,
}

/// A feed or an outlet of a plant and the node it is joined to.
#[derive(Clone, Debug, PartialEq)]
pub struct PlantStream {
    /// Id in the plant's file.
    pub stream: String,
    /// Node.
    pub node: PlantNode,
    /// Its row.
    pub place: Place,
}

/// What a plant's stream may be joined to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlantNode {
    /// A pond.
    Pond(PondId),
    /// A source.
    Source(SourceId),
    /// An outlet: a market, a neighbour, the lake.
    Outlet(OutletId),
    /// A stockpile.
    Stockpile(StockpileId),
    /// The atmosphere.
    Sky,
    /// The ground.
    Ground,
}

/// A measured or computed state to start from (`--state`): overrides [`PondOpening`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// One entry a pond that is named in the state table.
    pub ponds: Vec<PondState>,
}

/// State of one pond.
#[derive(Clone, Debug, PartialEq)]
pub struct PondState {
    /// Pond.
    pub pond: PondId,
    /// Depth of brine above the salt, m.
    pub depth_m: f64,
    /// Temperature, K.
    pub temperature_k: f64,
    /// Assay of the brine, as in [`NamedBrine::cells`].
    pub assay: Vec<(String, String)>,
    /// Salt on the floor: (mineral name, thickness m including pores).
    pub floor: Vec<(String, f64)>,
}

/// Decisions that replace rules (`--schedule`), one a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    /// Flows set by people: link, first day, last day, m³/s.
    pub flows: Vec<ScheduledFlow>,
    /// Harvests set by people: (pond, first day, days). Where any is given for a pond its yearly campaigns are off.
    pub harvests: Vec<ScheduledHarvest>,
    /// Loads of plants set by people: a plant named here obeys it alone on the days it names.
    pub loads: Vec<ScheduledLoad>,
}

/// The load of a plant over some days.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledLoad {
    /// Index into [`Base::plants`].
    pub plant: usize,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Load, 0 … 1; 0 is a shutdown.
    pub load: f64,
}

/// A flow on a link over some days; a link named in a schedule obeys it alone on the days it names.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledFlow {
    /// Index into [`Base::links`].
    pub link: usize,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Flow, m³/s.
    pub flow_m3_s: f64,
}

/// A harvest on given days.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledHarvest {
    /// Index into [`Base::harvests`]: method, stockpile, entrainment as there.
    pub harvest: usize,
    /// First day.
    pub from: Date,
    /// Days.
    pub days: u32,
    /// Dry salt taken, kg/s, as far as it is there; `None` = the days are spread over all that may be taken.
    pub rate_kg_s: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_the_midnight_of_the_site() {
        let site = Site {
            latitude_deg: 36.8,
            longitude_deg: 95.2,
            elevation_m: 2680.0,
            utc_offset_h: 8.0,
        };
        let date = Date::constant(2027, 7, 1);
        let midnight_us = site.midnight_us(date);
        let known: jiff::Timestamp = "2027-06-30T16:00:00Z".parse().expect("an instant");
        assert_eq!(midnight_us, known.as_microsecond());
        assert_eq!(site.local_day(midnight_us), (date, 0));
        let before = Date::constant(2027, 6, 30);
        assert_eq!(site.local_day(midnight_us - 1), (before, DAY_US - 1));
    }
}
