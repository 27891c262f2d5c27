//! The frames of a run and their columns: the one place where they are named.
//!
//! Whoever simulates builds frames with these names; the report, the comparison and the exports read
//! them by these names. A column is (name, unit); its header is `depth [m]`.
//!
//! | frame | one row | columns |
//! |---|---|---|
//! | [`PONDS`] | a pond and day, value at the end of the day or sum over it | [`DATE`], [`POND`], [`DEPTH`], [`VOLUME`], [`TEMPERATURE`], [`WATER_ACTIVITY`], [`DENSITY`], one [`concentration`] an element of the book except H and O, [`SALT_THICKNESS`], [`EVAPORATION`], [`RAIN`], [`LEAKAGE`], [`INFLOW`], [`OUTFLOW`], [`FREEZING`], [`DRY`]; optional [`AREA`], [`EVAPORATION_FRESH`] |
//! | [`FLOOR`] | a pond, mineral and month end; the opening day too; rows of zero may be left out | [`DATE`], [`POND`], [`MINERAL`], [`MASS`] |
//! | [`MONTHS_AHEAD`] | a stage and day (or month end) | [`DATE`], [`STAGE`], [`AHEAD`] |
//! | [`MONTHS_AHEAD_BANDS`] | a stage and day, over many weathers; the stage [`ALL`] is their sum | [`DATE`], [`STAGE`], [`P10`], [`P50`], [`P90`], [`MEMBERS`] |
//! | [`PRODUCT_BANDS`] | a product and month end, made since the first day, over many weathers | [`DATE`], [`PRODUCT`], [`P10`], [`P50`], [`P90`], [`MEMBERS`] |
//! | [`ENERGY`] | a pond and month, dated its last day | [`DATE`], [`POND`], [`ENERGY_TERMS`] |
//! | [`PLANTS`] | a plant and day; absent where no plant runs with the ponds | [`DATE`], [`PLANT`], [`LOAD`], [`LEAD_FEED`], [`ELECTRICITY`], [`HEAT`], [`COOLING`], [`STANDS`] |
//!
//! A frame that is absent leaves its section of the report out, with a line that says so. A missing
//! number is NaN (a dry pond has no concentration). Ponds keep the order of the base, days rise.

use jiff::civil::Date;
use saltern_base::frame::{Column, Frame, Values};

use crate::error::RunError;

/// Name and unit of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnName {
    /// Name without unit.
    pub name: &'static str,
    /// Unit; empty for text, dates and flags.
    pub unit: &'static str,
}

const fn column(name: &'static str, unit: &'static str) -> ColumnName {
    ColumnName { name, unit }
}

impl ColumnName {
    /// Header with unit.
    pub fn header(&self) -> String {
        header(self.name, self.unit)
    }

    /// A column of numbers.
    pub fn numbers(&self, values: Vec<f64>) -> Column {
        self.with(Values::Number(values))
    }

    /// A column of whole numbers or flags.
    pub fn integers(&self, values: Vec<i64>) -> Column {
        self.with(Values::Integer(values))
    }

    /// A column of texts.
    pub fn texts(&self, values: Vec<String>) -> Column {
        self.with(Values::Text(values))
    }

    /// A column of days.
    pub fn dates(&self, values: Vec<Date>) -> Column {
        self.with(Values::Date(values))
    }

    fn with(&self, values: Values) -> Column {
        Column {
            name: self.name.to_owned(),
            unit: self.unit.to_owned(),
            values,
        }
    }
}

/// Header of a column, `depth [m]`.
pub fn header(name: &str, unit: &str) -> String {
    if unit.is_empty() {
        name.to_owned()
    } else {
        format!("{name} [{unit}]")
    }
}

/// Frame: state and flows of each pond and day.
pub const PONDS: &str = "ponds";
/// Frame: salt on the floor at month ends.
pub const FLOOR: &str = "floor";
/// Frame: months of feed ahead of the harvest ponds.
pub const MONTHS_AHEAD: &str = "months_ahead";
/// Frame: quantiles of [`MONTHS_AHEAD`] over many weathers.
pub const MONTHS_AHEAD_BANDS: &str = "months_ahead_bands";
/// Frame: quantiles of what is made of each product over many weathers.
pub const PRODUCT_BANDS: &str = "product_bands";
/// Frame: energy balance of each pond and month.
pub const ENERGY: &str = "energy";

/// Frame: load and energy of each plant and day.
pub const PLANTS: &str = "plants";

/// Calendar day.
pub const DATE: ColumnName = column("date", "");
/// Pond id.
pub const POND: ColumnName = column("pond", "");
/// Stage of a pond, as in the base.
pub const STAGE: ColumnName = column("stage", "");
/// Stage of a band that is the sum of all.
pub const ALL: &str = "all";
/// Product, as `sales.csv` names it.
pub const PRODUCT: ColumnName = column("product", "");
/// Quantile below which a tenth of the weathers lies, in the unit of what the frame is of.
pub const P10: &str = "p10";
/// Median over the weathers.
pub const P50: &str = "p50";
/// Quantile above which a tenth of the weathers lies.
pub const P90: &str = "p90";
/// Weathers that have the figure.
pub const MEMBERS: &str = "members";
/// Mineral name as the database spells it.
pub const MINERAL: ColumnName = column("mineral", "");

/// Depth of free brine above the salt at the end of the day, mean over the pond.
pub const DEPTH: ColumnName = column("depth", "m");
/// Volume of free brine at the end of the day.
pub const VOLUME: ColumnName = column("volume", "m3");
/// Wetted area at the end of the day; optional.
pub const AREA: ColumnName = column("area", "m2");
/// Brine temperature, mean over the day and the pond.
pub const TEMPERATURE: ColumnName = column("temperature", "degC");
/// Water activity of the mixed brine at the end of the day.
pub const WATER_ACTIVITY: ColumnName = column("water_activity", "-");
/// Density of the mixed brine at the end of the day.
pub const DENSITY: ColumnName = column("density", "kg/m3");
/// Thickness of salt on the floor including its pores, mean over the pond.
pub const SALT_THICKNESS: ColumnName = column("salt_thickness", "m");
/// Water evaporated during the day over the wetted area; negative = vapour taken up.
pub const EVAPORATION: ColumnName = column("evaporation", "mm");
/// What fresh water would have evaporated under the same forcing; optional.
pub const EVAPORATION_FRESH: ColumnName = column("evaporation_fresh", "mm");
/// Rain of the day.
pub const RAIN: ColumnName = column("rain", "mm");
/// Brine leaked through the floor during the day.
pub const LEAKAGE: ColumnName = column("leakage", "mm");
/// Brine let in during the day, from sources and ponds.
pub const INFLOW: ColumnName = column("inflow", "m3");
/// Brine let out during the day, to ponds and outlets.
pub const OUTFLOW: ColumnName = column("outflow", "m3");
/// 1 on days on which the brine would have frozen, else 0.
pub const FREEZING: ColumnName = column("freezing", "");
/// 1 on days that end without free brine, else 0.
pub const DRY: ColumnName = column("dry", "");
/// Dry salt of a mineral on the floor.
pub const MASS: ColumnName = column("mass", "t");
/// Months of feed that the brine in ponds of a stage holds for the harvest ponds at their mean demand
/// over the period; the stages' values add up to the whole stock ahead of the harvest.
pub const AHEAD: ColumnName = column("months_ahead", "months");

/// Plant id.
pub const PLANT: ColumnName = column("plant", "");
/// Load of a plant, 0 … 1 of its capacity.
pub const LOAD: ColumnName = column("load", "-");
/// Leading feed of a plant on the day.
pub const LEAD_FEED: ColumnName = column("lead_feed", "t");
/// Electricity that a plant took.
pub const ELECTRICITY: ColumnName = column("electricity", "MWh");
/// Heat that the heated units of a plant took up.
pub const HEAT: ColumnName = column("heat", "MWh");
/// Heat taken from the cooled units of a plant.
pub const COOLING: ColumnName = column("cooling", "MWh");
/// Why a plant stood: `shut`, `no_feed`, `below_least_load`, `failed`, `cannot_pour`; empty where it ran.
pub const STANDS: ColumnName = column("stands", "");

/// Short-wave radiation absorbed, monthly mean.
pub const SHORTWAVE: ColumnName = column("shortwave_net", "W/m2");
/// Long-wave radiation, net gain, monthly mean.
pub const LONGWAVE: ColumnName = column("longwave_net", "W/m2");
/// Sensible heat, gain positive.
pub const SENSIBLE: ColumnName = column("sensible", "W/m2");
/// Latent heat, gain positive (evaporation is negative).
pub const LATENT: ColumnName = column("latent", "W/m2");
/// Heat from the ground, gain positive.
pub const GROUND: ColumnName = column("ground", "W/m2");
/// Heat advected with brine in, out and rain, gain positive.
pub const ADVECTED: ColumnName = column("advected", "W/m2");
/// Heat stored in the brine: the sum of the other terms.
pub const STORAGE: ColumnName = column("storage", "W/m2");

/// Terms of the energy balance in the order they are drawn; [`STORAGE`] is their sum.
pub const ENERGY_TERMS: [ColumnName; 7] = [
    SHORTWAVE, LONGWAVE, SENSIBLE, LATENT, GROUND, ADVECTED, STORAGE,
];

/// Concentration of an element in the brine of a pond: name is the element, `K [g/L]`.
pub fn concentration(element: &str, values_g_l: Vec<f64>) -> Column {
    Column {
        name: element.to_owned(),
        unit: CONCENTRATION_UNIT.to_owned(),
        values: Values::Number(values_g_l),
    }
}

/// Unit of [`concentration`] columns.
pub const CONCENTRATION_UNIT: &str = "g/L";

/// Columns a frame must have for the report to draw it; none for frames unknown here.
pub fn required(frame: &str) -> Vec<ColumnName> {
    match frame {
        PONDS => vec![
            DATE,
            POND,
            DEPTH,
            VOLUME,
            TEMPERATURE,
            WATER_ACTIVITY,
            DENSITY,
            SALT_THICKNESS,
            EVAPORATION,
            RAIN,
            LEAKAGE,
            INFLOW,
            OUTFLOW,
            FREEZING,
            DRY,
        ],
        FLOOR => vec![DATE, POND, MINERAL, MASS],
        MONTHS_AHEAD => vec![DATE, STAGE, AHEAD],
        MONTHS_AHEAD_BANDS => vec![DATE, STAGE],
        PRODUCT_BANDS => vec![DATE, PRODUCT],
        ENERGY => [&[DATE, POND][..], &ENERGY_TERMS[..]].concat(),
        PLANTS => vec![
            DATE,
            PLANT,
            LOAD,
            LEAD_FEED,
            ELECTRICITY,
            HEAT,
            COOLING,
            STANDS,
        ],
        _ => Vec::new(),
    }
}

/// Checks that a frame has its required columns, with their units, and that all its columns are equally long.
pub fn check(frame: &Frame) -> Result<(), RunError> {
    for wanted in required(&frame.name) {
        if !frame
            .columns
            .iter()
            .any(|c| c.name == wanted.name && c.unit == wanted.unit)
        {
            return Err(RunError::MissingColumn {
                table: frame.name.clone(),
                column: wanted.header(),
                present: frame.columns.iter().map(Column::header).collect(),
            });
        }
    }
    crate::table::check_even(frame)
}
