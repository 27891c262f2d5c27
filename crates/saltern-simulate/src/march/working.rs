//! The plants at work beside the ponds.

use jiff::civil::Date;
use saltern_climate::Forcing;

use super::March;
use crate::energy;
use crate::notice::NoticeKind;
use crate::plants::{SourceToday, Surroundings};

impl March<'_> {
    /// The plants, one after the other: what one brings to a stockpile the next may take the same day.
    pub(super) fn run_plants(&mut self, date: Date, hours: &[Forcing]) {
        if self.plants.models.is_empty() {
            return;
        }
        let sources: Vec<SourceToday> = (self.supplies.iter().enumerate())
            .map(|(s, supply)| SourceToday {
                amounts_mol_m3: supply
                    .steps_mol_m3
                    .get(self.today.source_step[s])
                    .map_or(&[][..], |step| &step[..]),
                rate_m3_s: self.today.source_m3_s[s],
                temperature_k: self.today.source_k[s],
            })
            .collect();
        for p in 0..self.plants.models.len() {
            let mut around = Surroundings {
                base: self.inputs.base,
                schedule: self.inputs.schedule,
                matter: &self.matter,
                ponds: &mut self.ponds,
                ledger: &mut self.ledger,
                sources: &sources,
                air_k: energy::air_k(hours),
            };
            let day = self.plants.run(p, date, &mut around);
            if let Some(kind) = day.stands.and_then(NoticeKind::of_plant) {
                self.notices.note(kind, p, date);
            }
            self.plant_series
                .record(date, &self.plants.models[p].id, &day);
        }
    }
}
