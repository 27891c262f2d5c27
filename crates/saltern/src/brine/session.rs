//! What every brine command begins with: database, allowed solids, assays.

use saltern_brine::assay::{self, Analyte, Assay, Balance};
use saltern_brine::cautions::{Caution, Limits};
use saltern_brine::database::{ComponentId, Database, MineralId};
use saltern_brine::equilibrium::Equilibrium;
use saltern_brine::phases;
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::place::Place;
use saltern_units::quantity;
use saltern_units::table::Table;
use saltern_units::unit::Dimension;

use super::columns::Reachable;
use crate::args::{Assays, Chemistry};
use crate::failure::{CliError, Failure};
use crate::{database, files, rows};

/// The model that a command works with.
pub(crate) struct Model {
    pub(crate) database: Database,
    pub(crate) allowed: Vec<MineralId>,
    pub(crate) threads: usize,
    /// Where the database's numbers end.
    limits: Limits,
}

impl Model {
    pub(crate) fn open(options: &Chemistry) -> Result<Model, Failure> {
        let database = database::open(&options.database)?;
        let allowed = phases::select(&database, &options.phases, &options.suppress)
            .map_err(Failure::input)?;
        Ok(Model {
            limits: Limits::of(&database),
            database,
            allowed,
            threads: rows::threads(options.threads),
        })
    }

    /// Adds to a row's notices what to bear in mind with its result.
    pub(crate) fn caution(&self, state: &Equilibrium, lang: Lang, notices: &mut String) {
        for caution in self.limits.cautions(state, &self.database) {
            append(notices, &caution.text(lang));
        }
    }

    /// Adds whether a brine brought to another temperature, K, leaves the range of more parameters than where it is.
    pub(crate) fn caution_at(
        &self,
        state: &Equilibrium,
        temperature_k: f64,
        lang: Lang,
        notices: &mut String,
    ) {
        let outside = |state: &Equilibrium| {
            let mut cautions = self.limits.cautions(state, &self.database).into_iter();
            cautions.find_map(|caution| match caution {
                Caution::ParametersOutsideRange {
                    ref largest, more, ..
                } => Some((largest.len() + more, caution)),
                _ => None,
            })
        };
        let here = outside(state).map_or(0, |(count, _)| count);
        let there = Equilibrium {
            temperature_k,
            ..state.clone()
        };
        if let Some((_, caution)) = outside(&there).filter(|&(count, _)| count > here) {
            append(notices, &caution.text(lang));
        }
    }

    pub(crate) fn balance(&self, text: &str) -> Result<Balance, Failure> {
        Balance::parse(text, &self.database).ok_or_else(|| {
            let ions: Vec<String> = Analyte::ALL
                .iter()
                .filter(|a| a.charge() != 0.0 && a.component(&self.database).is_some())
                .map(|a| a.name().to_string())
                .collect();
            let accepted = format!("none, pH, {}", ions.join(", "));
            CliError::BadOption {
                option: "--balance",
                value: text.into(),
                accepted,
            }
            .into()
        })
    }
}

/// Adds a remark to those of a row.
pub(crate) fn append(notices: &mut String, text: &str) {
    if !notices.is_empty() {
        notices.push_str("; ");
    }
    notices.push_str(text);
}

/// The assays of a command, and how their charges are balanced.
pub(crate) struct Brines {
    pub(crate) file: String,
    pub(crate) assays: Vec<Assay>,
    pub(crate) balance: Balance,
}

impl Brines {
    pub(crate) fn read(options: &Assays, model: &Model) -> Result<Brines, Failure> {
        let table: Table = files::table(&options.assays)?;
        let assays = assay::read(&table)?;
        let balance = model.balance(&options.balance)?;
        for assay in &assays {
            assay.check_against(&model.database, balance)?;
        }
        Ok(Brines {
            file: table.file,
            assays,
            balance,
        })
    }

    /// The one brine of an id.
    pub(crate) fn by_id(&self, id: &str) -> Result<&Assay, Failure> {
        let named: Vec<&Assay> = self.assays.iter().filter(|a| a.id == id).collect();
        let place = Place::file(&self.file);
        match named[..] {
            [one] => Ok(one),
            [] => {
                let ids = self.assays.iter().map(|a| a.id.clone()).collect();
                Err(CliError::UnknownId {
                    place,
                    id: id.into(),
                    ids,
                }
                .into())
            }
            _ => {
                let rows = named
                    .iter()
                    .filter_map(|a| a.place.row)
                    .map(|r| r.to_string())
                    .collect();
                Err(CliError::AmbiguousId {
                    place,
                    id: id.into(),
                    rows,
                }
                .into())
            }
        }
    }

    /// Which components any of some brines holds: these decide the columns of a table.
    pub(crate) fn components<'a>(
        &self,
        assays: impl IntoIterator<Item = &'a Assay>,
        database: &Database,
    ) -> Vec<ComponentId> {
        let mut present = Vec::new();
        for x in assays
            .into_iter()
            .flat_map(|a| &a.analysed)
            .filter(|x| x.value != 0.0)
        {
            present.extend(x.analyte.component(database));
        }
        if let Balance::Ion(ion) = self.balance {
            present.push(ion);
        }
        present.sort_unstable();
        present.dedup();
        present
    }
}

/// Everything that can exist in any of some brines.
pub(crate) fn reachable(brines: &Brines, model: &Model) -> Reachable {
    let components = brines.components(&brines.assays, &model.database);
    Reachable::from(&model.database, components)
}

/// The value of `--temperature`, K.
pub(crate) fn temperature_k(text: &str, lang: Lang) -> Result<f64, Failure> {
    temperature_of("--temperature", text, lang)
}

/// The temperature that an option gives, K.
pub(crate) fn temperature_of(option: &'static str, text: &str, lang: Lang) -> Result<f64, Failure> {
    let refused = |accepted: String| CliError::BadOption {
        option,
        value: text.into(),
        accepted,
    };
    let kelvin =
        quantity::parse(text, Dimension::Temperature).map_err(|e| refused(e.text(lang)))?;
    if (213.15..=573.15).contains(&kelvin) {
        Ok(kelvin)
    } else {
        Err(refused(
            lang.pick("-60 degC to 300 degC", "-60 degC 至 300 degC")
                .into(),
        )
        .into())
    }
}

/// An option that is not accepted.
pub(crate) fn refused(option: &'static str, value: &str, accepted: &str) -> Failure {
    CliError::BadOption {
        option,
        value: value.into(),
        accepted: accepted.into(),
    }
    .into()
}
