//! Plants beside the ponds: each at steady state, a day at a time.
//!
//! ```text
//! pond, stockpile, source ─► composition of the feeds ─► flowsheet at the rates of its file ─► flows × load
//!                                                                                              │
//!              load = least of: what is ordered, what each feed can give                       ▼
//!                                                             ponds, stockpiles, markets, sky, ground
//! ```
//!
//! A plant keeps no stock: what it takes in a day it gives back that day, element by element. It stands where nothing can
//! be fed, where its load would be below its least, where it is shut, and where its steady state is not found: nothing
//! moves then. A day's steady state is sought from that of the day before, and from nothing where that leads nowhere.

mod day;
mod read;
mod series;

use saltern_plants::flowsheet::{Flowsheet, StreamId, UnitId};
use saltern_plants::matter::Matter;
use saltern_plants::settings::Setting;
use saltern_plants::stream::Stream;

pub(crate) use day::{Plants, SourceToday, Stands, Surroundings};
pub use read::{PlantError, read};
pub(crate) use series::PlantSeries;

/// A plant ready to run.
#[derive(Debug)]
pub struct PlantModel {
    /// Id.
    pub id: String,
    pub(crate) flowsheet: Flowsheet,
    /// What it is joined to.
    pub(crate) joints: Vec<Joint>,
    /// Feed by which its load is counted.
    pub(crate) lead: StreamId,
    /// Flows at full load over those of the flowsheet.
    pub(crate) scale: f64,
    /// Feeds as the file has them: design specs change some.
    feeds: Vec<Option<Stream>>,
    /// Settings that design specs change, as the file has them.
    settings: Vec<(UnitId, String, Setting)>,
}

impl PlantModel {
    /// Undoes what design specs changed, so that a day's are its own.
    pub(crate) fn reset(&mut self, matter: &Matter<'_>) {
        for (link, feed) in self.flowsheet.streams.iter_mut().zip(&self.feeds) {
            link.feed.clone_from(feed);
        }
        for (unit, name, setting) in &self.settings {
            // What was set before can be set again.
            let _ = self.flowsheet.set(*unit, name, setting.clone(), matter);
        }
    }
}

/// A stream between a plant and the base.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Joint {
    /// Id in the plant's file.
    pub(crate) id: String,
    pub(crate) stream: StreamId,
    pub(crate) node: JointNode,
    /// Into the plant.
    pub(crate) inward: bool,
    /// What a feed's file says flows, kg/s; what is fed has this mass at full flow of the file.
    pub(crate) rate_kg_s: f64,
}

/// What a plant's stream is joined to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JointNode {
    Pond(usize),
    Source(usize),
    Outlet(usize),
    Stockpile(usize),
    Sky,
    Ground,
    /// Bought: reagents and utilities that the plant's file describes.
    Supply,
}
