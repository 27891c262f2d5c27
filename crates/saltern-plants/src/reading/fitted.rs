//! Fitted settings as files write them.

use saltern_base::plant::{Section, Written};
use saltern_units::unit::Dimension;

use super::Reader;
use super::error::ReadingError;
use crate::fitted::Fitted;
use crate::flowsheet::{Flowsheet, FlowsheetError};
use crate::target::Target;

const FITTED: [&str; 5] = ["value", "sd", "freedom", "correlation", "data"];

impl Reader<'_, '_> {
    /// Takes a fitted setting: it is set, and its worth is kept.
    pub(super) fn fitted(&mut self, section: &Section, flowsheet: &mut Flowsheet) -> Option<()> {
        self.refuse_unknown(section, &FITTED);
        let Some(target) = Target::named(&section.id, flowsheet, self.matter) else {
            let paths = Target::paths(flowsheet).join(", ");
            self.entry(section.place.clone(), &section.id, &paths);
            return None;
        };
        let dimension = target.dimension();
        let Some(value) = self.quantity(section, "value", dimension) else {
            self.missing(section, "value = \"… …\"");
            return None;
        };
        let Some(sigma) = self
            .quantity(section, "sd", dimension)
            .filter(|sd| *sd >= 0.0)
        else {
            self.missing(section, "sd = \"… …\"");
            return None;
        };
        let freedom = match section.entry("freedom") {
            Some(_) => self
                .quantity(section, "freedom", Dimension::Fraction)
                .map(|n| n as usize),
            None => None,
        };
        let mut correlation = Vec::new();
        if let Some(entry) = section.entry("correlation") {
            let Written::Table(pairs) = &entry.value else {
                self.entry(entry.place.clone(), "", "{ \"UNIT.SETTING\" = 0.5 }");
                return None;
            };
            for (path, text) in pairs {
                let r = self.si(text, Dimension::Fraction, &entry.place)?;
                if r.abs() > 1.0 {
                    self.entry(entry.place.clone(), text, "-1 … 1");
                    return None;
                }
                correlation.push((path.clone(), r));
            }
        }
        if let Err(error) = target.apply(value, flowsheet, self.matter) {
            self.errors
                .push(ReadingError::Flowsheet(FlowsheetError::Setting(error)));
            return None;
        }
        flowsheet.fitted.push(Fitted {
            path: section.id.clone(),
            target,
            value,
            sigma,
            freedom,
            correlation,
            data: super::written(section, "data").unwrap_or_default(),
        });
        Some(())
    }
}
