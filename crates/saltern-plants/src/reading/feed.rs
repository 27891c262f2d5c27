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
                match kind {
                    "solids" => self.add_solid(&mut stream, name, kg_s, &entry.place)?,
                    "gases" => self.add_gas(&mut stream, name, kg_s, &entry.place)?,
                    _ => self.add_dissolved(&mut stream, name, kg_s, &entry.place)?,
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
                self.add_liquid(&mut stream, name, rest * rate, place)?;
            }
            _ if rest > 1e-9 => {
                self.missing(section, "brine = \"…\" (or \"water\") for the rest");
                return None;
            }
            _ => {}
        }
        Some(stream)
    }

    fn add_solid(
        &mut self,
        stream: &mut Stream,
        name: &str,
        kg_s: f64,
        place: &Place,
    ) -> Option<()> {
        if let Some(m) = self.matter.database.mineral(name) {
            stream.solids_mol_s[m] += kg_s / self.matter.mineral_kg_mol(m);
            return Some(());
        }
        self.add_substance(stream, name, kg_s, |phase| phase == Phase::Solid)
            .or_else(|| self.refuse(place, name, "a mineral or a solid substance"))
    }

    fn add_gas(&mut self, stream: &mut Stream, name: &str, kg_s: f64, place: &Place) -> Option<()> {
        self.add_substance(stream, name, kg_s, |phase| phase == Phase::Gas)
            .or_else(|| self.refuse(place, name, "a gas"))
    }

    /// A salt, acid or base by its formula, as the ions that it gives.
    fn add_dissolved(
        &mut self,
        stream: &mut Stream,
        name: &str,
        kg_s: f64,
        place: &Place,
    ) -> Option<()> {
        let database = self.matter.database;
        let amounts = Formula::parse(name)
            .ok()
            .and_then(|formula| component_amounts_mol(database, &formula));
        let Some(amounts) = amounts else {
            return self.refuse(place, name, "the formula of a salt, an acid or a base");
        };
        let masses = amounts.iter().zip(&database.components);
        let kg_mol: f64 = masses.map(|(n, c)| n * c.molar_mass_kg_mol).sum();
        for (n, each) in stream.brine_mol_s.iter_mut().zip(&amounts) {
            *n += each * kg_s / kg_mol;
        }
        Some(())
    }

    fn add_substance(
        &self,
        stream: &mut Stream,
        name: &str,
        kg_s: f64,
        fits: fn(Phase) -> bool,
    ) -> Option<()> {
        let s = self.matter.substance(name)?;
        let substance = &self.matter.substances[s];
        fits(substance.phase).then(|| {
            stream.others_mol_s[s] += kg_s / substance.molar_mass_kg_mol;
        })
    }

    fn refuse(&mut self, place: &Place, name: &str, accepted: &str) -> Option<()> {
        self.entry(place.clone(), name, accepted);
        None
    }

    /// A brine of the base, water, or a gas or liquid that is no brine.
    fn add_liquid(
        &mut self,
        stream: &mut Stream,
        name: &str,
        kg_s: f64,
        place: &Place,
    ) -> Option<()> {
        if name == "water" {
            stream.add(&Stream::water(self.matter, kg_s, stream.temperature_k));
            return Some(());
        }
        if let Some(brine) = self.brines.iter().find(|b| b.id == name) {
            for (n, per_kg) in stream.brine_mol_s.iter_mut().zip(&brine.amounts_mol_kg) {
                *n += per_kg * kg_s;
            }
            return Some(());
        }
        let mut known: Vec<&str> = self.brines.iter().map(|b| b.id.as_str()).collect();
        known.push("water");
        let known = known.join(", ");
        self.add_substance(stream, name, kg_s, |phase| phase != Phase::Solid)
            .or_else(|| self.refuse(place, name, &known))
    }
}
