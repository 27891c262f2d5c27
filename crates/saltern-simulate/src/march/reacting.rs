//! The chemistry of a day: each cell brought to equilibrium, its evaporation corrected.

use jiff::civil::Date;
use saltern_climate::Forcing;

use super::{EVAPORATED_SHARE_MAX, March};
use crate::energy::{Activity, HOURS, SurfaceDay};
use crate::matter::WATER_KG_M3;
use crate::notice::NoticeKind;
use crate::react::{Contact, Outcome, totals};

/// A day is cut, or its evaporation corrected, where the water activity moves by more than this.
const ACTIVITY_MOVE: f64 = 0.005;

impl March<'_> {
    /// The daily equilibrium of each cell, with the evaporation corrected where the water activity
    /// moved during the day.
    pub(super) fn react(&mut self, date: Date, hours: &[Forcing]) {
        for p in 0..self.ponds.len() {
            for i in 0..self.ponds[p].cells.len() {
                let id = self.transport.first_cell[p] + i;
                let before = self.ponds[p].cells[i].assemblage;
                let cell = &mut self.ponds[p].cells[i];
                match self
                    .reactor
                    .react(cell, Contact::Floor, &self.matter, self.chemistry)
                {
                    Outcome::Reacted => {
                        let moved = cell.water_activity - self.today.start_activity[id];
                        if moved.abs() > ACTIVITY_MOVE && !self.today.limited[id] {
                            self.cut_day(p, i, before, date, hours);
                        }
                    }
                    Outcome::Failed => self.notices.note(NoticeKind::FailedEquilibrium, p, date),
                    Outcome::Dry => self.give_vapour_back(p, i, date),
                }
            }
        }
    }

    /// Marches the surface again with the water activity that the chemistry found: one value before
    /// a phase change and another after it, or the mean of the day where no phase changed.
    fn cut_day(&mut self, p: usize, i: usize, before: u128, date: Date, hours: &[Forcing]) {
        let id = self.transport.first_cell[p] + i;
        let cell = &mut self.ponds[p].cells[i];
        let (start, end) = (self.today.start_activity[id], cell.water_activity);
        let mut activity = Activity::constant(0.5 * (start + end));
        if cell.assemblage != before {
            totals(cell, &self.matter, &mut self.today.end_mol);
            let change = self.reactor.locate_change(
                &self.today.start_mol[id],
                before,
                &self.today.end_mol,
                cell,
                &self.matter,
                self.chemistry,
            );
            if let Some(change) = change {
                let at = if change.before.is_nan() {
                    start
                } else {
                    change.before
                };
                activity = Activity {
                    early: 0.5 * (start + at),
                    late: 0.5 * (change.after + end),
                    switch_h: change.share * HOURS as f64,
                };
                self.reactor.report.cut_days += 1;
            }
        }
        let old = self.today.surfaces[id];
        let new = SurfaceDay::march(
            &self.today.surface[id],
            hours,
            self.today.start_k[id],
            activity,
        );
        let cell = &mut self.ponds[p].cells[i];
        let more_kg = (new.evaporation_kg_m2 - old.evaporation_kg_m2)
            * cell.area_m2
            * self.today.wetted_share[p];
        let there_kg = EVAPORATED_SHARE_MAX * cell.movable_m3().max(0.0) * WATER_KG_M3;
        self.evaporate_more(p, i, more_kg.min(there_kg));
        self.today.surfaces[id] = new;
        let cell = &mut self.ponds[p].cells[i];
        cell.temperature_k += new.end_k - old.end_k;
        cell.mean_k += new.mean_k - old.mean_k;
        match self
            .reactor
            .react(cell, Contact::Floor, &self.matter, self.chemistry)
        {
            Outcome::Reacted => {}
            Outcome::Failed => self.notices.note(NoticeKind::FailedEquilibrium, p, date),
            Outcome::Dry => self.give_vapour_back(p, i, date),
        }
    }

    /// Takes more water out of a cell as today's evaporation; negative gives some back.
    fn evaporate_more(&mut self, p: usize, i: usize, more_kg: f64) {
        let id = self.transport.first_cell[p] + i;
        let cell = &mut self.ponds[p].cells[i];
        let gained_mol = cell.add_water_kg(&self.matter, -more_kg);
        self.ledger
            .note_water(self.ledger.ponds[p].evaporation, -gained_mol);
        self.transport.evaporated_kg[id] += more_kg;
    }

    /// A cell whose liquid would vanish did not evaporate that much: half of today's evaporation is
    /// given back, then the rest. Where its floor still takes up all liquid (a hydrate richer in water
    /// that forms in the cold), the floor is kept apart from the brine for the day.
    fn give_vapour_back(&mut self, p: usize, i: usize, date: Date) {
        let id = self.transport.first_cell[p] + i;
        let mut outcome = Outcome::Dry;
        for share in [0.5, 1.0] {
            let back_kg = share * self.transport.evaporated_kg[id];
            if outcome == Outcome::Dry && back_kg > 0.0 {
                self.evaporate_more(p, i, -back_kg);
                outcome = self.react_cell(p, i, Contact::Floor);
            }
        }
        if outcome == Outcome::Dry {
            self.notices.note(NoticeKind::FloorApart, p, date);
            outcome = self.react_cell(p, i, Contact::None);
        }
        match outcome {
            Outcome::Reacted => {}
            Outcome::Dry => self.notices.note(NoticeKind::DryUnreacted, p, date),
            Outcome::Failed => self.notices.note(NoticeKind::FailedEquilibrium, p, date),
        }
    }

    fn react_cell(&mut self, p: usize, i: usize, contact: Contact) -> Outcome {
        let cell = &mut self.ponds[p].cells[i];
        self.reactor
            .react(cell, contact, &self.matter, self.chemistry)
    }
}
