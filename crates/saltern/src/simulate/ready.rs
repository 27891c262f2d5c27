//! A base with all that a simulation of it needs, read.

use std::collections::BTreeMap;

use jiff::civil::Date;
use saltern_base::Notice as BaseNotice;
use saltern_base::model::Base;
use saltern_brine::database::{Database, MineralId};
use saltern_run::{Notice, RunContents, RunMeta};
use saltern_simulate::{BrineAmounts, Inputs, Simulation, Start};

use super::folder::Folder;
use super::{allowed, caveats, period, run_notice, weather};
use crate::failure::Failure;

/// A base ready to be marched over a period.
pub(crate) struct Ready {
    pub(crate) base: Base,
    pub(crate) period: (Date, Date),
    pub(crate) database: Database,
    notices: Vec<BaseNotice>,
    tables: BTreeMap<String, String>,
    weather: weather::Period,
    allowed: Vec<MineralId>,
}

impl Ready {
    /// Reads weather, database and allowed solids of a base over the days asked for, else its own.
    pub(crate) fn read(
        folder: &Folder,
        (base, notices): (Base, Vec<BaseNotice>),
        tables: BTreeMap<String, String>,
        asked: (Option<Date>, Option<Date>),
    ) -> Result<Ready, Failure> {
        let period = period(&base, asked)?;
        let weather = weather::read(folder, &base, period)?;
        let database = folder.database(&base.chemistry.database)?;
        let allowed = allowed(folder, &base, &database)?;
        Ok(Ready {
            base,
            period,
            database,
            notices,
            tables,
            weather,
            allowed,
        })
    }

    /// What is simulated: from the openings of the base, by its rules.
    pub(crate) fn inputs<'a>(&'a self, brines: &'a [BrineAmounts]) -> Inputs<'a> {
        Inputs {
            base: &self.base,
            database: &self.database,
            allowed: &self.allowed,
            brines,
            hours: &self.weather.hours,
            start: Start::Opening,
            schedule: None,
            from: self.period.0,
            to: self.period.1,
        }
    }

    /// A simulation as a run, its elapsed time left at zero; `brines` is what there is to say about those.
    pub(crate) fn contents(
        &self,
        folder: &Folder,
        simulation: Simulation,
        brines: Vec<Notice>,
    ) -> Result<RunContents, Failure> {
        let closure = simulation.book.close().map_err(Failure::job)?;
        let mut notices: Vec<Notice> = self.notices.iter().map(|n| run_notice(n, "", 1)).collect();
        notices.extend(self.weather.notices.iter().cloned());
        notices.extend(brines);
        let of_run = simulation.notices.iter();
        notices.extend(of_run.map(|n| run_notice(n, &n.about, n.days)));
        let meta = RunMeta {
            saltern: env!("CARGO_PKG_VERSION").into(),
            base: self.base.id.clone(),
            inputs: folder.hashes(),
            from: self.period.0,
            to: self.period.1,
            days: simulation.report.days,
            elapsed_s: 0.0,
            equilibria: simulation.report.chemistry.equilibria,
            failures: simulation.report.chemistry.failures,
            closure: closure
                .elements
                .iter()
                .map(|e| (e.element.clone(), e.closure))
                .collect(),
            weather: self.weather.origin.clone(),
            weathers: None,
            database: self.database.name.clone(),
            caveats: caveats(&self.base),
        };
        let mut run = RunContents::new(
            &self.base,
            meta,
            simulation.book,
            simulation.series,
            notices,
        );
        run.tables = self.tables.clone();
        Ok(run)
    }
}
