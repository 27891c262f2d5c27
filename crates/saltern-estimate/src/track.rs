//! What a march says of every pond, evening by evening, and of every link, day by day.

use crate::error::EstimateError;
use crate::observation::Quantity;
use saltern_base::frame::{Frame, Values};
use saltern_base::model::{Base, PondId};
use saltern_simulate::Simulation;

/// The ponds of a march by evening.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Ponds.
    pub ponds: usize,
    /// Days.
    pub days: u32,
    /// Level of the brine above the bare floor, m.
    pub level_m: Vec<f64>,
    /// Depth of the brine above the salt, m.
    pub depth_m: Vec<f64>,
    /// Brine above the salt, m³.
    pub free_m3: Vec<f64>,
    /// Wetted area, m².
    pub area_m2: Vec<f64>,
    /// Density, kg/m³.
    pub density_kg_m3: Vec<f64>,
    /// Water activity.
    pub water_activity: Vec<f64>,
    /// Temperature, °C.
    pub temperature_c: Vec<f64>,
    /// Water lost to the air in the day, mm.
    pub evaporation_mm: Vec<f64>,
    /// Rain of the day, mm.
    pub rain_mm: Vec<f64>,
    /// Salt with its pores over the whole floor, m.
    pub salt_m: Vec<f64>,
    /// Elements whose content is known, in the order of [`Track::contents`].
    pub elements: Vec<String>,
    /// Content of each element, kg/m³; NaN where the pond is dry.
    pub contents: Vec<Vec<f64>>,
    /// Volume that flowed through each link of the base, m³ a day: `[link][day]`.
    pub flows_m3: Vec<Vec<f64>>,
}

impl Track {
    /// The track of a march of a base.
    ///
    /// # Errors
    /// [`EstimateError::NoColumn`] where the series are not those of a march.
    pub fn of(simulation: &Simulation, base: &Base) -> Result<Track, EstimateError> {
        let frame = simulation.series.iter().find(|f| f.name == "ponds");
        let frame = frame.ok_or_else(|| EstimateError::NoColumn {
            column: "ponds".into(),
        })?;
        let numbers = |name: &str| numbers(frame, name);
        let elements = frame.columns.iter().filter(|c| c.unit == "g/L");
        let elements: Vec<String> = elements.map(|c| c.name.clone()).collect();
        let contents: Result<Vec<_>, _> = elements.iter().map(|e| numbers(e)).collect();
        Ok(Track {
            ponds: base.ponds.len(),
            days: simulation.report.days,
            level_m: numbers("level")?,
            depth_m: numbers("depth")?,
            free_m3: numbers("volume")?,
            area_m2: numbers("area")?,
            density_kg_m3: numbers("density")?,
            water_activity: numbers("water_activity")?,
            temperature_c: numbers("temperature")?,
            evaporation_mm: numbers("evaporation")?,
            rain_mm: numbers("rain")?,
            salt_m: numbers("salt_thickness")?,
            contents: contents?,
            elements,
            flows_m3: flows(simulation, base),
        })
    }

    /// Where the row of a pond on a day stands in every column.
    pub fn row(&self, day: u32, pond: PondId) -> usize {
        day as usize * self.ponds + pond
    }

    /// What the march says of a quantity; `None` for an element it does not know.
    pub fn value(&self, day: u32, pond: PondId, quantity: &Quantity) -> Option<f64> {
        let row = self.row(day, pond);
        match quantity {
            Quantity::Level => Some(self.level_m[row]),
            Quantity::Density => Some(self.density_kg_m3[row]),
            Quantity::Content(element) => Some(self.contents[self.element(element)?][row]),
        }
    }

    /// Index of an element.
    pub fn element(&self, name: &str) -> Option<usize> {
        self.elements.iter().position(|e| e == name)
    }
}

fn numbers(frame: &Frame, name: &str) -> Result<Vec<f64>, EstimateError> {
    let column = frame.columns.iter().find(|c| c.name == name);
    match column.map(|c| &c.values) {
        Some(Values::Number(values)) => Ok(values.clone()),
        _ => Err(EstimateError::NoColumn {
            column: name.to_string(),
        }),
    }
}

fn flows(simulation: &Simulation, base: &Base) -> Vec<Vec<f64>> {
    let book = &simulation.book;
    let mut flows = vec![vec![0.0; book.days as usize]; base.links.len()];
    let link_of: Vec<Option<usize>> = (book.streams.iter())
        .map(|s| base.links.iter().position(|l| l.id == s.id))
        .collect();
    for posting in &book.postings {
        if let Some(link) = link_of[posting.stream] {
            flows[link][posting.day as usize] += posting.volume_m3;
        }
    }
    flows
}
