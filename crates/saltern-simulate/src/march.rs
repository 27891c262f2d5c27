//! The march: day by day through sky, flows, chemistry, harvest and book.

use jiff::civil::Date;
use saltern_base::model::{End, Rule};
use saltern_climate::{Forcing, Surface};
use saltern_plants::matter::Matter as PlantMatter;

use crate::ahead::Ahead;
use crate::calendar::{days_between, in_season};
use crate::cell::Cell;
use crate::chemistry::{Chemistry, Pitzer};
use crate::energy::{self, HOURS, SurfaceDay};
use crate::error::SimulateError;
use crate::harvest::{self, Work};
use crate::inputs::{Inputs, Next, Progress, SimulateReport, Simulation, Start};
use crate::ledger::Ledger;
use crate::matter::Matter;
use crate::network::{Day, Flows, Network, Order};
use crate::notice::{Notice, NoticeKind, Notices};
use crate::opening::{self, SourceSupply};
use crate::plants::{self, PlantSeries, Plants};
use crate::pond::Pond;
use crate::react::Reactor;
use crate::series::{BRINE_HEAT_J_M3_K, EnergySeries, FloorSeries, PondDay, PondSeries};
use crate::sighting::Sightings;
use crate::snapshot::Snapshot;
use crate::solids::Solids;
use crate::transport::{Sky, SourceBrine, Transport};

mod reacting;
mod sky;
mod working;

/// Seconds in a day.
const DAY_S: f64 = 86_400.0;

/// Share of a cell's brine that may be replaced in one step of the transport.
const TURNOVER_MAX: f64 = 0.22;

/// Most steps of the transport in a day; mixing is implicit, so more flow is still conserved.
const STEPS_MAX: f64 = 24.0;

/// Share of the brine above the film that may evaporate in a day. Bischofite takes 2.7 mol of its
/// brine's water out of the liquid for each mol that evaporates, so this leaves a liquid.
const EVAPORATED_SHARE_MAX: f64 = 0.3;

/// Marches a base through weather with the Pitzer chemistry.
///
/// Pure: same inputs, same bits. The callback is asked after each day whether to go on.
pub fn simulate(
    inputs: &Inputs,
    progress: &mut dyn FnMut(Progress) -> Next,
) -> Result<Simulation, SimulateError> {
    let plant_matter = PlantMatter::new(inputs.database).map_err(SimulateError::Tables)?;
    let (matter, plants) = checked(inputs, &plant_matter)?;
    let reacting: Vec<_> = matter
        .minerals
        .iter()
        .filter(|m| m.reacts)
        .map(|m| m.id)
        .collect();
    let mut chemistry = Pitzer::new(inputs.database, &reacting);
    March::new(inputs, matter, plants, &mut chemistry)?.run(progress)
}

/// Marches a base with any chemistry.
pub fn simulate_with(
    inputs: &Inputs,
    chemistry: &mut dyn Chemistry,
    progress: &mut dyn FnMut(Progress) -> Next,
) -> Result<Simulation, SimulateError> {
    let plant_matter = PlantMatter::new(inputs.database).map_err(SimulateError::Tables)?;
    let (matter, plants) = checked(inputs, &plant_matter)?;
    March::new(inputs, matter, plants, chemistry)?.run(progress)
}

fn days_of(inputs: &Inputs) -> u32 {
    (days_between(inputs.from, inputs.to) + 1).max(0) as u32
}

fn checked<'m>(
    inputs: &Inputs,
    plant_matter: &'m PlantMatter<'m>,
) -> Result<(Matter, Plants<'m>), SimulateError> {
    let days = days_of(inputs);
    if days == 0 {
        return Err(SimulateError::PeriodReversed {
            from: inputs.from,
            to: inputs.to,
        });
    }
    let needed = days as usize * HOURS;
    let hours = inputs.hours.len();
    if hours < needed {
        return Err(SimulateError::WeatherTooShort { hours, needed });
    }
    let finite = |h: &Forcing| {
        (h.short_wave_w_m2 + h.long_wave_down_w_m2 + h.air_temperature_k + h.rain_kg_m2_s)
            .is_finite()
            && (h.transfer_w_m2_pa + h.vapour_pressure_pa + h.psychrometric_pa_k).is_finite()
    };
    if let Some(hour) = inputs.hours[..needed].iter().position(|h| !finite(h)) {
        return Err(SimulateError::WeatherNotFinite { hour });
    }
    let wrong = |errors| SimulateError::Plants { errors };
    let models = plants::read(inputs.base, inputs.brines, plant_matter).map_err(wrong)?;
    let matter = opening::matter_of(inputs, &models, plant_matter)?;
    Ok((matter, Plants::new(models, plant_matter)))
}

/// Everything that is marched.
struct March<'a> {
    inputs: &'a Inputs<'a>,
    matter: Matter,
    chemistry: &'a mut dyn Chemistry,
    network: Network,
    supplies: Vec<SourceSupply>,
    ponds: Vec<Pond>,
    /// Temperature of fresh water beside each pond, K: the reference of its evaporation ratio.
    fresh_k: Vec<f64>,
    reactor: Reactor,
    transport: Transport,
    plants: Plants<'a>,
    flows: Flows,
    ledger: Ledger,
    notices: Notices,
    pond_series: PondSeries,
    floor_series: FloorSeries,
    energy_series: EnergySeries,
    plant_series: PlantSeries,
    ahead: Ahead,
    harvestable_kg: Vec<Vec<f64>>,
    sightings: Sightings,
    flow_steps: u64,
    today: Today,
}

/// Work space of a day.
#[derive(Debug)]
struct Today {
    orders: Vec<Order>,
    work: Vec<Option<Work>>,
    source_m3_s: Vec<f64>,
    source_step: Vec<usize>,
    source_k: Vec<f64>,
    loss_m3_s: Vec<f64>,
    wetted_share: Vec<f64>,
    /// Of each cell, numbered through.
    surfaces: Vec<SurfaceDay>,
    surface: Vec<Surface>,
    start_k: Vec<f64>,
    start_activity: Vec<f64>,
    start_mol: Vec<Vec<f64>>,
    limited: Vec<bool>,
    end_mol: Vec<f64>,
    rows: Vec<PondDay>,
}

impl<'a> March<'a> {
    fn new(
        inputs: &'a Inputs<'a>,
        matter: Matter,
        mut plants: Plants<'a>,
        chemistry: &'a mut dyn Chemistry,
    ) -> Result<Self, SimulateError> {
        let base = inputs.base;
        let mut reactor = Reactor::new(&matter);
        let supplies = opening::sources(inputs, &matter, chemistry)?;
        let solids = Solids::new(
            &matter,
            (!plants.models.is_empty()).then(|| plants.matter()),
        );
        let days = days_of(inputs);
        let mut ledger = Ledger::new(base, &matter, solids, &plants.models, inputs.from, days);
        let (ponds, fresh_k) = match inputs.start {
            Start::Snapshot(snapshot) => {
                ledger.restock(&snapshot.stockpiles)?;
                plants.resume(&snapshot.plants)?;
                restored(snapshot, inputs, &matter)?
            }
            _ => {
                let ponds = opening::ponds(inputs, &matter, chemistry, &mut reactor)?;
                let fresh_k = ponds.iter().map(|p| p.last().temperature_k).collect();
                (ponds, fresh_k)
            }
        };
        let network = Network::new(base);
        let rows = days as usize * base.ponds.len();
        let transport = Transport::new(&ponds, &network, matter.components());
        Ok(March {
            ledger,
            plants,
            plant_series: PlantSeries::default(),
            flows: Flows::new(&network, base.sources.len()),
            today: Today::new(inputs, &ponds, &matter),
            pond_series: PondSeries::new(&matter, rows),
            floor_series: FloorSeries::default(),
            energy_series: EnergySeries::new(base.ponds.len()),
            ahead: Ahead::new(base, &matter),
            harvestable_kg: vec![Vec::with_capacity(days as usize); base.harvests.len()],
            notices: Notices::default(),
            sightings: Sightings::new(&ponds, &matter),
            flow_steps: 0,
            inputs,
            matter,
            chemistry,
            network,
            supplies,
            ponds,
            fresh_k,
            reactor,
            transport,
        })
    }

    fn run(
        mut self,
        progress: &mut dyn FnMut(Progress) -> Next,
    ) -> Result<Simulation, SimulateError> {
        let days = days_of(self.inputs);
        let opening = self.stocks();
        self.ledger.open(opening);
        self.floor_series.record(
            self.inputs.from,
            self.inputs.base,
            &self.ponds,
            &self.matter,
        );
        let mut date = self.inputs.from;
        for day in 0..days {
            self.march_day(day, date);
            let tomorrow = date.tomorrow().unwrap_or(date);
            if tomorrow.month() != date.month() || day + 1 == days {
                self.end_month(day, date, day + 1 == days);
            }
            date = tomorrow;
            if progress(Progress { day: day + 1, days }) == Next::Stop && day + 1 < days {
                return Err(SimulateError::Stopped { day: day + 1 });
            }
        }
        Ok(self.finish(days, date))
    }

    fn march_day(&mut self, day: u32, date: Date) {
        let hours = &self.inputs.hours[day as usize * HOURS..(day as usize + 1) * HOURS];
        self.give_orders(date);
        self.open_sources(date, hours);
        self.meet_sky(date, hours);
        self.move_brine(hours);
        self.run_plants(date, hours);
        self.react(date, hours);
        self.harvest(date);
        for cell in self.ponds.iter_mut().flat_map(|p| &mut p.cells) {
            cell.turn_floor(&self.matter);
        }
        self.record(date, hours);
        self.sightings.look(day, &self.ponds, &self.matter);
        self.ahead
            .add_day(self.inputs.base, &self.ledger, &self.matter);
        self.ledger.close_day(&self.matter, day);
    }

    /// What people and seasons decide for each link and pond today.
    fn give_orders(&mut self, date: Date) {
        let (base, schedule) = (self.inputs.base, self.inputs.schedule);
        harvest::work_of_day(base, schedule, date, &mut self.today.work);
        for (l, link) in base.links.iter().enumerate() {
            let drained = |end: End| match end {
                End::Pond(p) => self.today.work[p].and_then(|w| w.drain_days),
                _ => None,
            };
            let in_season = link.season.is_none_or(|season| in_season(date, season));
            let fed_by_rule = link.rule != Rule::Overflow && drained(link.to).is_some();
            self.today.orders[l] = match drained(link.from) {
                Some(days) if self.drains(l) => Order::Drain(days),
                _ if !in_season || fed_by_rule => Order::Closed,
                _ => Order::Rule,
            };
        }
        for flow in schedule.map_or(&[][..], |s| &s.flows[..]) {
            if flow.from <= date && date <= flow.to && flow.link < base.links.len() {
                self.today.orders[flow.link] = Order::Set(flow.flow_m3_s);
            }
        }
    }

    /// A pond is drained through all links that leave it but its overflow, or through that if it has
    /// nothing else.
    fn drains(&self, l: usize) -> bool {
        let End::Pond(p) = self.network.links[l].from else {
            return false;
        };
        let overflow = |l: usize| self.network.links[l].rule == Rule::Overflow;
        !overflow(l) || self.network.out_of[p].iter().all(|&k| overflow(k))
    }

    fn open_sources(&mut self, date: Date, hours: &[Forcing]) {
        let air_k = energy::air_k(hours).max(273.15);
        for (s, source) in self.inputs.base.sources.iter().enumerate() {
            let step = SourceSupply::step_on(source, date);
            let now = step.map(|i| &source.schedule[i]);
            self.today.source_step[s] = step.unwrap_or(0);
            self.today.source_m3_s[s] = now.map_or(0.0, |n| n.rate_m3_s);
            self.today.source_k[s] = now.and_then(|n| n.temperature_k).unwrap_or(air_k);
        }
    }

    fn move_brine(&mut self, hours: &[Forcing]) {
        let sources: Vec<SourceBrine> = (self.supplies.iter().enumerate())
            .map(|(s, supply)| SourceBrine {
                amounts_mol_m3: supply
                    .steps_mol_m3
                    .get(self.today.source_step[s])
                    .map_or(&[][..], |step| &step[..]),
                temperature_k: self.today.source_k[s],
            })
            .collect();
        let sky = Sky {
            surfaces: &self.today.surfaces,
            rain_kg_m2: energy::rain_kg_m2(hours),
        };
        let mut day = Day {
            elapsed_s: 0.0,
            orders: &self.today.orders,
            source_m3_s: &self.today.source_m3_s,
            loss_m3_s: &self.today.loss_m3_s,
        };
        self.transport.start_day();
        self.flows
            .decide(&self.network, &self.ponds, &self.matter, &day, DAY_S);
        let turnover = self.flows.turnover(&self.ponds) / TURNOVER_MAX;
        let steps = turnover.ceil().clamp(1.0, STEPS_MAX);
        for step in 0..steps as u32 {
            day.elapsed_s = DAY_S * f64::from(step) / steps;
            if steps > 1.0 {
                self.flows.decide(
                    &self.network,
                    &self.ponds,
                    &self.matter,
                    &day,
                    DAY_S / steps,
                );
            }
            self.transport.step(
                &mut self.ponds,
                &self.network,
                &self.flows,
                &sources,
                &sky,
                1.0 / steps,
                &self.matter,
                &mut self.ledger,
            );
            self.flow_steps += 1;
        }
    }

    fn harvest(&mut self, date: Date) {
        for p in 0..self.ponds.len() {
            let Some(work) = self.today.work[p] else {
                continue;
            };
            if work.take_share > 0.0 {
                let pond = &mut self.ponds[p];
                if work.drain_days.is_some() && pond.free_m3() > 10.0 * pond.film_m3() {
                    self.notices.note(NoticeKind::NotDrained, p, date);
                }
                harvest::take(
                    self.inputs.base,
                    &work,
                    pond,
                    &self.matter,
                    &mut self.ledger,
                    &mut self.today.end_mol,
                );
            }
        }
    }

    fn record(&mut self, date: Date, hours: &[Forcing]) {
        let rain_mm = energy::rain_kg_m2(hours);
        for (p, pond) in self.ponds.iter().enumerate() {
            let cells = self.transport.first_cell[p]..self.transport.first_cell[p + 1];
            let wetted_m2 = self.today.wetted_share[p] * pond.area_m2;
            let evaporated_kg: f64 = self.transport.evaporated_kg[cells.clone()].iter().sum();
            let row = &mut self.today.rows[p];
            let volume = |l: &usize| self.ledger.volume_today_m3(self.ledger.links[*l]);
            row.evaporation_mm = evaporated_kg / wetted_m2;
            row.rain_mm = rain_mm;
            row.leakage_mm =
                1e3 * self.ledger.volume_today_m3(self.ledger.ponds[p].leakage) / wetted_m2;
            row.inflow_m3 = self.network.into[p].iter().map(volume).sum();
            row.outflow_m3 = self.network.out_of[p].iter().map(volume).sum();
            row.dry = pond.cells.iter().all(Cell::is_dry);
            let over_m3 = pond.free_m3() - pond.brine_at_crest_m3();
            if row.dry {
                self.notices.note(NoticeKind::Dry, p, date);
            }
            if over_m3 > 0.02 * pond.area_m2 {
                self.notices.note(NoticeKind::OverCrest, p, date);
            }
            if pond.salt_m3() >= pond.basin.volume_at(pond.crest_m) {
                self.notices.note(NoticeKind::FullOfSalt, p, date);
            }
            let share = 1.0 / pond.cells.len() as f64;
            let mut fluxes = saltern_climate::Fluxes::default();
            for day in &self.today.surfaces[cells] {
                energy::add(&mut fluxes, &day.fluxes, share);
            }
            let advected_w_m2 =
                self.transport.advected_m3_k[p] * BRINE_HEAT_J_M3_K / (wetted_m2 * DAY_S);
            self.energy_series.add(p, &fluxes, advected_w_m2);
            self.pond_series
                .record(date, &self.inputs.base.ponds[p].id, pond, row, &self.matter);
        }
        self.energy_series.end_day();
        for (harvest, series) in (self.inputs.base.harvests.iter()).zip(&mut self.harvestable_kg) {
            let pond = &self.ponds[harvest.pond];
            series.push(harvest::harvestable_kg(pond, harvest.leave_m, &self.matter));
        }
    }

    fn stocks(&self) -> Vec<saltern_base::book::Stock> {
        self.ledger
            .stocks(&self.matter, self.ponds.iter().map(|p| &p.cells[..]))
    }

    fn end_month(&mut self, day: u32, date: Date, last: bool) {
        let base = self.inputs.base;
        if !last {
            let stocks = self.stocks();
            self.ledger.close_month(day, stocks);
        }
        self.floor_series
            .record(date, base, &self.ponds, &self.matter);
        self.energy_series.end_month(date, base);
        self.ahead.end_month(date, &self.ponds, &self.matter);
    }

    fn finish(self, days: u32, date: Date) -> Simulation {
        let base = self.inputs.base;
        let closing = self.stocks();
        let mut notices = matter_notices(&self.matter, &closing);
        let name = |kind: NoticeKind, p: usize| match kind.is_of_plants() {
            true => base.plants[p].id.clone(),
            false => base.ponds[p].id.clone(),
        };
        let mut told = self.notices.finish(name);
        for notice in &mut told {
            if notice.kind == NoticeKind::PlantFailed {
                notice.why = self.plants.why(&notice.about);
            }
        }
        notices.extend(told);
        let utilities = self.plants.not_counted();
        let utilities = utilities
            .iter()
            .map(|(p, told)| Notice::of_utilities(&base.plants[*p].id, told));
        notices.extend(utilities);
        let end = Snapshot {
            date,
            minerals: self
                .matter
                .minerals
                .iter()
                .map(|m| m.name.clone())
                .collect(),
            ponds: self.ponds,
            fresh_k: self.fresh_k,
            stockpiles: self.ledger.stockpiles.clone(),
            plants: self.plants.earlier,
        };
        let mut series = vec![
            self.pond_series.finish(&self.matter),
            self.floor_series.finish(),
            self.ahead.finish(),
            self.energy_series.finish(),
        ];
        series.extend(self.plant_series.finish());
        Simulation {
            series,
            state: end.to_state(self.inputs.database, &self.matter),
            end,
            harvestable_kg: self.harvestable_kg,
            sightings: self.sightings.finish(),
            report: SimulateReport {
                chemistry: self.reactor.report,
                flow_steps: self.flow_steps,
                days,
            },
            book: self.ledger.finish(days, closing),
            notices,
        }
    }
}

impl Today {
    fn new(inputs: &Inputs, ponds: &[Pond], matter: &Matter) -> Self {
        let base = inputs.base;
        let cells: usize = ponds.iter().map(|p| p.cells.len()).sum();
        Today {
            orders: vec![Order::Rule; base.links.len()],
            work: vec![None; base.ponds.len()],
            source_m3_s: vec![0.0; base.sources.len()],
            source_step: vec![0; base.sources.len()],
            source_k: vec![273.15; base.sources.len()],
            loss_m3_s: vec![0.0; base.ponds.len()],
            wetted_share: vec![1.0; base.ponds.len()],
            surfaces: vec![SurfaceDay::default(); cells],
            surface: vec![Surface::default(); cells],
            start_k: vec![273.15; cells],
            start_activity: vec![1.0; cells],
            start_mol: vec![vec![0.0; matter.components()]; cells],
            limited: vec![false; cells],
            end_mol: vec![0.0; matter.components()],
            rows: vec![PondDay::default(); base.ponds.len()],
        }
    }
}

/// Ponds as a snapshot holds them, if it is of this base. What they hold is the snapshot's, what they obey is the base's: a
/// leak that opened since, a target that was changed.
fn restored(
    snapshot: &Snapshot,
    inputs: &Inputs,
    matter: &Matter,
) -> Result<(Vec<Pond>, Vec<f64>), SimulateError> {
    let same_ponds = snapshot.ponds.len() == inputs.base.ponds.len()
        && (snapshot.ponds.iter().zip(&inputs.base.ponds))
            .all(|(a, b)| a.cells.len() == b.cells && a.area_m2 == b.area_m2);
    if !same_ponds {
        return Err(SimulateError::SnapshotMismatch { what: "ponds" });
    }
    let names = matter.minerals.iter().map(|m| m.name.as_str());
    if !names.eq(snapshot.minerals.iter().map(String::as_str)) {
        return Err(SimulateError::SnapshotMismatch { what: "minerals" });
    }
    let components = |p: &Pond| {
        p.cells
            .iter()
            .all(|c| c.brine_mol.len() == matter.components())
    };
    if !snapshot.ponds.iter().all(components) {
        return Err(SimulateError::SnapshotMismatch { what: "components" });
    }
    let mut ponds = snapshot.ponds.clone();
    for (pond, spec) in ponds.iter_mut().zip(&inputs.base.ponds) {
        pond.obey(spec);
    }
    Ok((ponds, snapshot.fresh_k.clone()))
}

/// Minerals that lie inert, and those on a floor whose volume had to be assumed.
fn matter_notices(matter: &Matter, closing: &[saltern_base::book::Stock]) -> Vec<Notice> {
    let lies = |m: usize| closing.iter().any(|s| s.minerals_mol[m] > 0.0);
    let mut notices = Vec::new();
    let on_floors = matter.minerals.iter().enumerate().filter(|(m, _)| lies(*m));
    for (_, mineral) in on_floors {
        let mut say = |kind| {
            let about = mineral.name.clone();
            notices.push(Notice {
                kind,
                about,
                first: None,
                days: 0,
                why: None,
                units: Vec::new(),
            });
        };
        if mineral.volume_assumed {
            say(NoticeKind::VolumeAssumed);
        }
        if !mineral.reacts {
            say(NoticeKind::InertFloor);
        }
    }
    notices
}
