//! Moves brine and water through one step: between ponds, and cell by cell inside them.
//!
//! Each cell first takes what comes in, then passes on what must leave, mixed (implicit upwind): that
//! is positive for any step. Ponds are worked through from upstream down. All cells of a pond share a
//! level, so the flows between them follow from the volumes.

use saltern_base::book::StreamId;
use saltern_base::model::{End, PondId};

use crate::energy::SurfaceDay;
use crate::ledger::Ledger;
use crate::matter::{Matter, WATER_KG_M3};
use crate::network::{Flows, Network};
use crate::pond::Pond;

/// Share of a cell's movable brine that leakage may take in one step.
const LEAK_SHARE_MAX: f64 = 0.5;

/// The brine a source gives: amounts per m³, and its temperature.
#[derive(Clone, Debug)]
pub(crate) struct SourceBrine<'a> {
    pub(crate) amounts_mol_m3: &'a [f64],
    pub(crate) temperature_k: f64,
}

/// Brine on its way along a link.
#[derive(Clone, Debug)]
struct Parcel {
    amounts_mol: Vec<f64>,
    volume_m3: f64,
    mean_k: f64,
    waiting: bool,
}

/// Work space of the transport.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    parcels: Vec<Parcel>,
    moved: Vec<bool>,
    shipped: Vec<bool>,
    scratch_mol: Vec<f64>,
    beds_m3: Vec<f64>,
    between_m3: Vec<f64>,
    passed: Vec<bool>,
    /// Water evaporated from each cell so far today, kg; cells numbered through.
    pub(crate) evaporated_kg: Vec<f64>,
    /// Heat carried by brine into each pond so far today, as volume times temperature, m³·K.
    pub(crate) advected_m3_k: Vec<f64>,
    /// First cell of each pond.
    pub(crate) first_cell: Vec<usize>,
}

/// What the weather does to each pond and cell today.
pub(crate) struct Sky<'a> {
    /// Of each cell, numbered through.
    pub(crate) surfaces: &'a [SurfaceDay],
    /// Rain, kg/m².
    pub(crate) rain_kg_m2: f64,
}

impl Transport {
    pub(crate) fn new(ponds: &[Pond], network: &Network, components: usize) -> Self {
        let parcel = Parcel {
            amounts_mol: vec![0.0; components],
            volume_m3: 0.0,
            mean_k: 0.0,
            waiting: false,
        };
        let mut first_cell = vec![0];
        for pond in ponds {
            first_cell.push(first_cell[first_cell.len() - 1] + pond.cells.len());
        }
        let longest = ponds.iter().map(|p| p.cells.len()).max().unwrap_or(0);
        Transport {
            parcels: vec![parcel; network.links.len()],
            moved: vec![false; ponds.len()],
            shipped: vec![false; network.links.len()],
            scratch_mol: vec![0.0; components],
            beds_m3: Vec::with_capacity(longest),
            between_m3: vec![0.0; longest + 1],
            passed: vec![false; longest],
            evaporated_kg: vec![0.0; first_cell[ponds.len()]],
            advected_m3_k: vec![0.0; ponds.len()],
            first_cell,
        }
    }

    pub(crate) fn start_day(&mut self) {
        self.evaporated_kg.fill(0.0);
        self.advected_m3_k.fill(0.0);
    }

    /// Carries out the flows of a step that is `day_share` of the day.
    pub(crate) fn step(
        &mut self,
        ponds: &mut [Pond],
        network: &Network,
        flows: &Flows,
        sources: &[SourceBrine],
        sky: &Sky,
        day_share: f64,
        matter: &Matter,
        ledger: &mut Ledger,
    ) {
        self.moved.fill(false);
        self.shipped.fill(false);
        self.bypass(network, flows, sources, ledger);
        for &p in &network.downstream {
            self.take_in(ponds, network, flows, sources, p, ledger);
            self.meet_sky_and_ground(&mut ponds[p], p, sky, day_share, matter, ledger);
            self.pass_on(ponds, network, flows, p, ledger);
            self.moved[p] = true;
        }
    }

    /// Flows from sources straight to outlets.
    fn bypass(
        &mut self,
        network: &Network,
        flows: &Flows,
        sources: &[SourceBrine],
        ledger: &mut Ledger,
    ) {
        for (l, link) in network.links.iter().enumerate() {
            if let (End::Source(s), End::Outlet(_)) = (link.from, link.to) {
                let volume_m3 = flows.link_m3[l];
                self.fill_scratch(sources[s].amounts_mol_m3, volume_m3);
                ledger.note(ledger.links[l], &self.scratch_mol, volume_m3);
            }
        }
    }

    fn fill_scratch(&mut self, amounts_mol_m3: &[f64], volume_m3: f64) {
        for (n, per_m3) in self.scratch_mol.iter_mut().zip(amounts_mol_m3) {
            *n = per_m3 * volume_m3;
        }
    }

    fn take_in(
        &mut self,
        ponds: &mut [Pond],
        network: &Network,
        flows: &Flows,
        sources: &[SourceBrine],
        p: PondId,
        ledger: &mut Ledger,
    ) {
        for &l in &network.into[p] {
            if flows.link_m3[l] <= 0.0 {
                continue;
            }
            let (volume_m3, mean_k) = match network.links[l].from {
                End::Source(s) => {
                    self.fill_scratch(sources[s].amounts_mol_m3, flows.link_m3[l]);
                    ledger.note(ledger.links[l], &self.scratch_mol, flows.link_m3[l]);
                    (flows.link_m3[l], sources[s].temperature_k)
                }
                End::Pond(from) if self.moved[from] => self.unload(l),
                // A ring: brine comes back from a pond that is worked through later.
                End::Pond(from) => {
                    self.shipped[l] = true;
                    self.draw(&mut ponds[from], flows.link_m3[l], ledger.links[l], ledger)
                }
                End::Outlet(_) => continue,
            };
            let first = &mut ponds[p].cells[0];
            self.advected_m3_k[p] += volume_m3 * (mean_k - first.mean_k);
            first.pour(&self.scratch_mol, volume_m3, mean_k);
        }
    }

    /// Puts a waiting parcel into the scratch amounts.
    fn unload(&mut self, l: usize) -> (f64, f64) {
        let parcel = &mut self.parcels[l];
        if !parcel.waiting {
            self.scratch_mol.fill(0.0);
            return (0.0, parcel.mean_k);
        }
        parcel.waiting = false;
        self.scratch_mol.copy_from_slice(&parcel.amounts_mol);
        (parcel.volume_m3, parcel.mean_k)
    }

    /// Draws brine from the last cell of a pond into the scratch amounts.
    fn draw(
        &mut self,
        pond: &mut Pond,
        volume_m3: f64,
        stream: StreamId,
        ledger: &mut Ledger,
    ) -> (f64, f64) {
        let last = pond.cells.len() - 1;
        let cell = &mut pond.cells[last];
        let volume_m3 = volume_m3.min(cell.movable_m3().max(0.0));
        let drawn_m3 = cell.draw(volume_m3, &mut self.scratch_mol);
        ledger.note(stream, &self.scratch_mol, drawn_m3);
        (drawn_m3, cell.mean_k)
    }

    fn meet_sky_and_ground(
        &mut self,
        pond: &mut Pond,
        p: PondId,
        sky: &Sky,
        day_share: f64,
        matter: &Matter,
        ledger: &mut Ledger,
    ) {
        let streams = ledger.ponds[p];
        let wetted_share = pond.wetted_m2() / pond.area_m2;
        for (i, cell) in pond.cells.iter_mut().enumerate() {
            let rain_kg = sky.rain_kg_m2 * day_share * cell.area_m2;
            ledger.note_water(streams.rain, cell.add_water_kg(matter, rain_kg));

            let id = self.first_cell[p] + i;
            let wanted_kg =
                sky.surfaces[id].evaporation_kg_m2 * day_share * cell.area_m2 * wetted_share;
            let there_kg = 0.5 * cell.movable_m3().max(0.0) * WATER_KG_M3;
            let evaporated_kg = wanted_kg.min(there_kg);
            let gained_mol = cell.add_water_kg(matter, -evaporated_kg);
            ledger.note_water(streams.evaporation, -gained_mol);
            self.evaporated_kg[id] += evaporated_kg;

            let leak_m3 = pond.leakage_m_s * 86_400.0 * day_share * cell.area_m2 * wetted_share;
            let leak_m3 = leak_m3.min(LEAK_SHARE_MAX * cell.movable_m3().max(0.0));
            if leak_m3 > 0.0 {
                let leaked_m3 = cell.draw(leak_m3, &mut self.scratch_mol);
                ledger.note(streams.leakage, &self.scratch_mol, leaked_m3);
            }
        }
    }

    /// Levels the cells of a pond and sends on what leaves it.
    fn pass_on(
        &mut self,
        ponds: &mut [Pond],
        network: &Network,
        flows: &Flows,
        p: PondId,
        ledger: &mut Ledger,
    ) {
        let leaving = |l: &usize| !self.shipped[*l] && flows.link_m3[*l] > 0.0;
        let out_m3: f64 = network.out_of[p]
            .iter()
            .filter(|l| leaving(l))
            .map(|&l| flows.link_m3[l])
            .sum();
        let pond = &mut ponds[p];
        let total_m3: f64 = pond.cells.iter().map(|c| c.movable_m3()).sum();
        let out_m3 = out_m3.min(total_m3.max(0.0));
        self.plan_cells(pond, total_m3 - out_m3, out_m3);
        self.move_cells(pond);
        for &l in &network.out_of[p] {
            if self.shipped[l] || flows.link_m3[l] <= 0.0 {
                continue;
            }
            let (volume_m3, mean_k) =
                self.draw(&mut ponds[p], flows.link_m3[l], ledger.links[l], ledger);
            if let End::Pond(_) = network.links[l].to {
                let parcel = &mut self.parcels[l];
                parcel.amounts_mol.copy_from_slice(&self.scratch_mol);
                (parcel.volume_m3, parcel.mean_k, parcel.waiting) = (volume_m3, mean_k, true);
            }
        }
    }

    /// Volumes that pass from each cell to the next so that all end at one level, with `out_m3` more
    /// in the last cell, about to leave.
    fn plan_cells(&mut self, pond: &Pond, left_m3: f64, out_m3: f64) {
        let n = pond.cells.len();
        self.beds_m3.clear();
        self.beds_m3
            .extend(pond.cells.iter().map(|c| c.floor.bulk_m3() + c.film_m3()));
        self.between_m3.fill(0.0);
        if left_m3 < 0.0 {
            return;
        }
        let fill_m3 = Pond::common_fill_m3(&self.beds_m3, left_m3);
        for i in 0..n - 1 {
            let goal_m3 = (fill_m3 - self.beds_m3[i]).max(0.0);
            let before_m3 = if i > 0 { self.between_m3[i - 1] } else { 0.0 };
            self.between_m3[i] = before_m3 + pond.cells[i].movable_m3() - goal_m3;
        }
        debug_assert!(out_m3 >= 0.0);
    }

    /// Carries the planned flows out, each cell after those that feed it.
    fn move_cells(&mut self, pond: &mut Pond) {
        let n = pond.cells.len();
        self.passed.fill(false);
        for _ in 0..n {
            for i in 0..n {
                let waits_left = i > 0 && self.between_m3[i - 1] > 0.0 && !self.passed[i - 1];
                let waits_right = i + 1 < n && self.between_m3[i] < 0.0 && !self.passed[i + 1];
                if !self.passed[i] && !waits_left && !waits_right {
                    self.empty_cell(pond, i);
                    self.passed[i] = true;
                }
            }
        }
    }

    /// Sends a cell's surplus to its neighbours.
    fn empty_cell(&mut self, pond: &mut Pond, i: usize) {
        if i > 0 && self.between_m3[i - 1] < 0.0 {
            self.move_between(pond, i, i - 1, -self.between_m3[i - 1]);
        }
        if i + 1 < pond.cells.len() && self.between_m3[i] > 0.0 {
            self.move_between(pond, i, i + 1, self.between_m3[i]);
        }
    }

    fn move_between(&mut self, pond: &mut Pond, from: usize, to: usize, volume_m3: f64) {
        let volume_m3 = volume_m3.min(pond.cells[from].movable_m3().max(0.0));
        let moved_m3 = pond.cells[from].draw(volume_m3, &mut self.scratch_mol);
        let mean_k = pond.cells[from].mean_k;
        pond.cells[to].pour(&self.scratch_mol, moved_m3, mean_k);
    }
}
