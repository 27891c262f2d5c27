//! Feeds as files write them: shares of solids, gases and dissolved salts in the mass of the feed, a brine or water for
//! the rest.

use saltern_base::plant::{Section, Written};
use saltern_brine::formula::Formula;
use saltern_brine::substance::component_amounts_mol;
use saltern_units::place::Place;
use saltern_units::unit::Dimension;

use super::Reader;
use crate::matter::Phase;
use crate::stream::Stream;

/// What feeds are at where none is given, K.
const ORDINARY_K: f64 = 298.15;

/// A part of a feed.
struct Part<'e> {
    name: &'e str,
    kg_s: f64,
    /// The entry that says so.
    place: &'e Place,
}

impl Reader<'_, '_> {
    /// What flows in a feed.
    pub(super) fn feed(&mut self, section: &Section, on_demand: bool) -> Option<Stream> {
        let rate = match self.quantity(section, "rate", Dimension::MassFlow) {
            Some(rate) => rate,
            None if on_demand => 1.0, // a unit takes of it what it needs
            None => {
                self.missing(section, "rate = \"… t/h\"");
                return None;
            }
        };
        let mut stream = Stream::nothing(self.matter);
        stream.temperature_k = self
            .quantity(section, "temperature", Dimension::Temperature)
            .unwrap_or(ORDINARY_K);
        let mut rest = 1.0;
        for kind in ["solids", "gases", "dissolved"] {
            let Some(entry) = section.entry(kind) else {
                continue;
            };
            let Written::Table(pairs) = &entry.value else {
                self.entry(entry.place.clone(), "", "{ NAME = \"… %\", … }");
                return None;
            };
            for (name, text) in pairs {
                let share = self.si(text, Dimension::MassFraction, &entry.place)?;
                let kg_s = share * rate;
                let place = &entry.place;
                let part = Part { name, kg_s, place };
                match kind {
                    "solids" => self.add_solid(&mut stream, &part)?,
                    "gases" => self.add_gas(&mut stream, &part)?,
                    _ => self.add_dissolved(&mut stream, &part)?,
                }
                rest -= share;
            }
        }
        if rest < -1e-9 {
            self.missing(section, "shares of 100 % at most");
            return None;
        }
        let brine = section.entry("brine");
        match brine.map(|entry| (&entry.value, &entry.place)) {
            Some((Written::Text(name), place)) => {
                let kg_s = rest * rate;
                self.add_liquid(&mut stream, &Part { name, kg_s, place })?;
            }
            _ if rest > 1e-9 => {
                self.missing(section, "brine = \"…\" (or \"water\") for the rest");
                return None;
            }
            _ => {}
        }
        Some(stream)
    }

    fn add_solid(&mut self, stream: &mut Stream, part: &Part<'_>) -> Option<()> {
        if let Some(m) = self.matter.database.mineral(part.name) {
            stream.solids_mol_s[m] += part.kg_s / self.matter.mineral_kg_mol(m);
            return Some(());
        }
        self.add_substance(stream, part, |phase| phase == Phase::Solid)
            .or_else(|| self.refuse(part, "a mineral or a solid substance"))
    }

    fn add_gas(&mut self, stream: &mut Stream, part: &Part<'_>) -> Option<()> {
        self.add_substance(stream, part, |phase| phase == Phase::Gas)
            .or_else(|| self.refuse(part, "a gas"))
    }

    /// A salt, acid or base by its formula, as the ions that it gives.
    fn add_dissolved(&mut self, stream: &mut Stream, part: &Part<'_>) -> Option<()> {
        let database = self.matter.database;
        let amounts = Formula::parse(part.name)
            .ok()
            .and_then(|formula| component_amounts_mol(database, &formula));
        let Some(amounts) = amounts else {
            return self.refuse(part, "the formula of a salt, an acid or a base");
        };
        let masses = amounts.iter().zip(&database.components);
        let kg_mol: f64 = masses.map(|(n, c)| n * c.molar_mass_kg_mol).sum();
        for (n, each) in stream.brine_mol_s.iter_mut().zip(&amounts) {
            *n += each * part.kg_s / kg_mol;
        }
        Some(())
    }

    fn add_substance(
        &self,
        stream: &mut Stream,
        part: &Part<'_>,
        fits: fn(Phase) -> bool,
    ) -> Option<()> {
        let s = self.matter.substance(part.name)?;
        let substance = &self.matter.substances[s];
        fits(substance.phase).then(|| {
            stream.others_mol_s[s] += part.kg_s / substance.molar_mass_kg_mol;
        })
    }

    fn refuse(&mut self, part: &Part<'_>, accepted: &str) -> Option<()> {
        self.entry(part.place.clone(), part.name, accepted);
        None
    }

    /// A brine of the base, water, or a gas or liquid that is no brine.
    fn add_liquid(&mut self, stream: &mut Stream, part: &Part<'_>) -> Option<()> {
        if part.name == "water" {
            stream.add(&Stream::water(self.matter, part.kg_s, stream.temperature_k));
            return Some(());
        }
        if let Some(brine) = self.brines.iter().find(|b| b.id == part.name) {
            for (n, per_kg) in stream.brine_mol_s.iter_mut().zip(&brine.amounts_mol_kg) {
                *n += per_kg * part.kg_s;
            }
            return Some(());
        }
        let mut known: Vec<&str> = self.brines.iter().map(|b| b.id.as_str()).collect();
        known.push("water");
        let known = known.join(", ");
        self.add_substance(stream, part, |phase| phase != Phase::Solid)
            .or_else(|| self.refuse(part, &known))
    }
}
