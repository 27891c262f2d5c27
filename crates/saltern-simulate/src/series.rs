//! The series that come with a book: ponds by day, floors and energy by month.
//!
//! Column names and units are those that the run folder documents.

use jiff::civil::Date;
use saltern_base::frame::{Column, Frame, Values};
use saltern_base::model::Base;
use saltern_climate::Fluxes;

use crate::cell::Cell;
use crate::matter::Matter;
use crate::pond::Pond;

/// Volumetric heat capacity at which advected heat is reported, J/m³/K (1260 kg/m³ × 2900 J/kg/K).
pub(crate) const BRINE_HEAT_J_M3_K: f64 = 1260.0 * 2900.0;

const ZERO_CELSIUS_K: f64 = 273.15;

/// What a day did to a pond, beside the state it left.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PondDay {
    pub(crate) evaporation_mm: f64,
    pub(crate) evaporation_fresh_mm: f64,
    pub(crate) rain_mm: f64,
    pub(crate) leakage_mm: f64,
    pub(crate) inflow_m3: f64,
    pub(crate) outflow_m3: f64,
    pub(crate) freezing: bool,
    pub(crate) dry: bool,
}

const NUMBERS: [(&str, &str); 15] = [
    ("depth", "m"),
    ("volume", "m3"),
    ("area", "m2"),
    ("temperature", "degC"),
    ("water_activity", "-"),
    ("density", "kg/m3"),
    ("salt_thickness", "m"),
    ("evaporation", "mm"),
    ("evaporation_fresh", "mm"),
    ("rain", "mm"),
    ("leakage", "mm"),
    ("inflow", "m3"),
    ("outflow", "m3"),
    ("level", "m"),
    ("pore_brine", "m3"),
];

/// Collects the rows of the frame `ponds`.
#[derive(Debug)]
pub(crate) struct PondSeries {
    dates: Vec<Date>,
    ponds: Vec<String>,
    numbers: Vec<Vec<f64>>,
    freezing: Vec<i64>,
    dry: Vec<i64>,
    /// Elements of the book whose concentration is given, with their column.
    elements: Vec<usize>,
    grades: Vec<Vec<f64>>,
    scratch_mol: Vec<f64>,
}

impl PondSeries {
    pub(crate) fn new(matter: &Matter, rows: usize) -> Self {
        let elements: Vec<usize> = (0..matter.elements.len())
            .filter(|&e| matter.elements[e] != "H" && matter.elements[e] != "O")
            .collect();
        PondSeries {
            dates: Vec::with_capacity(rows),
            ponds: Vec::with_capacity(rows),
            numbers: vec![Vec::with_capacity(rows); NUMBERS.len()],
            freezing: Vec::with_capacity(rows),
            dry: Vec::with_capacity(rows),
            grades: vec![Vec::with_capacity(rows); elements.len()],
            elements,
            scratch_mol: vec![0.0; matter.elements.len()],
        }
    }

    pub(crate) fn record(
        &mut self,
        date: Date,
        id: &str,
        pond: &Pond,
        day: &PondDay,
        matter: &Matter,
    ) {
        let volume_m3: f64 = pond.cells.iter().map(|c| c.volume_m3).sum();
        let mean = |of: &dyn Fn(&Cell) -> f64| -> f64 {
            pond.cells.iter().map(|c| c.volume_m3 * of(c)).sum::<f64>() / volume_m3
        };
        let thickness_m = pond.salt_m3() / pond.area_m2;
        let pores_m3: f64 = (pond.cells.iter())
            .map(|c| {
                c.volume_m3.min(c.floor.top_pores_m3())
                    + c.floor.buried.iter().map(|l| l.pore_m3).sum::<f64>()
            })
            .sum();
        let row = [
            pond.depth_m(),
            pond.free_m3(),
            pond.wetted_m2(),
            mean(&|c| c.mean_k) - ZERO_CELSIUS_K,
            mean(&|c| c.water_activity),
            mean(&|c| c.density_kg_m3),
            thickness_m,
            day.evaporation_mm,
            day.evaporation_fresh_mm,
            day.rain_mm,
            day.leakage_mm,
            day.inflow_m3,
            day.outflow_m3,
            pond.level_m(),
            pores_m3,
        ];
        self.dates.push(date);
        self.ponds.push(id.to_string());
        for (column, value) in self.numbers.iter_mut().zip(row) {
            column.push(value);
        }
        self.freezing.push(i64::from(day.freezing));
        self.dry.push(i64::from(day.dry));
        self.record_grades(pond, volume_m3, day.dry, matter);
    }

    fn record_grades(&mut self, pond: &Pond, volume_m3: f64, dry: bool, matter: &Matter) {
        self.scratch_mol.fill(0.0);
        for cell in &pond.cells {
            matter.add_elements(&cell.brine_mol, &mut self.scratch_mol);
        }
        for (column, &e) in self.grades.iter_mut().zip(&self.elements) {
            let kg_m3 = self.scratch_mol[e] * matter.element_kg_mol[e] / volume_m3;
            column.push(if dry { f64::NAN } else { kg_m3 });
        }
    }

    pub(crate) fn finish(self, matter: &Matter) -> Frame {
        let mut columns = vec![
            Column::dates("date", self.dates),
            Column::texts("pond", self.ponds),
        ];
        for ((name, unit), values) in NUMBERS.iter().zip(self.numbers) {
            columns.push(Column::numbers(*name, unit, values));
        }
        columns.push(Column::new("freezing", "", Values::Integer(self.freezing)));
        columns.push(Column::new("dry", "", Values::Integer(self.dry)));
        for (e, values) in self.elements.iter().zip(self.grades) {
            columns.push(Column::numbers(matter.elements[*e].as_str(), "g/L", values));
        }
        Frame::new("ponds", columns)
    }
}

/// Collects the rows of the frame `floor`.
#[derive(Debug, Default)]
pub(crate) struct FloorSeries {
    dates: Vec<Date>,
    ponds: Vec<String>,
    minerals: Vec<String>,
    mass_t: Vec<f64>,
}

impl FloorSeries {
    pub(crate) fn record(&mut self, date: Date, base: &Base, ponds: &[Pond], matter: &Matter) {
        let mut minerals_mol = vec![0.0; matter.minerals.len()];
        for (spec, pond) in base.ponds.iter().zip(ponds) {
            minerals_mol.fill(0.0);
            pond.cells
                .iter()
                .for_each(|c| c.floor.add_minerals(&mut minerals_mol));
            for (n, mineral) in minerals_mol.iter().zip(&matter.minerals) {
                if *n > 0.0 {
                    self.dates.push(date);
                    self.ponds.push(spec.id.clone());
                    self.minerals.push(mineral.name.clone());
                    self.mass_t.push(n * mineral.kg_mol * 1e-3);
                }
            }
        }
    }

    pub(crate) fn finish(self) -> Frame {
        Frame::new(
            "floor",
            vec![
                Column::dates("date", self.dates),
                Column::texts("pond", self.ponds),
                Column::texts("mineral", self.minerals),
                Column::numbers("mass", "t", self.mass_t),
            ],
        )
    }
}

/// Collects the rows of the frame `energy`: monthly means by pond.
#[derive(Debug)]
pub(crate) struct EnergySeries {
    sums: Vec<(Fluxes, f64)>,
    days: u32,
    dates: Vec<Date>,
    ponds: Vec<String>,
    terms: [Vec<f64>; 7],
}

const TERMS: [&str; 7] = [
    "shortwave_net",
    "longwave_net",
    "sensible",
    "latent",
    "ground",
    "advected",
    "storage",
];

impl EnergySeries {
    pub(crate) fn new(ponds: usize) -> Self {
        EnergySeries {
            sums: vec![(Fluxes::default(), 0.0); ponds],
            days: 0,
            dates: Vec::new(),
            ponds: Vec::new(),
            terms: Default::default(),
        }
    }

    /// Adds a day of a pond: mean fluxes, and heat advected with brine, W/m².
    pub(crate) fn add(&mut self, pond: usize, fluxes: &Fluxes, advected_w_m2: f64) {
        crate::energy::add(&mut self.sums[pond].0, fluxes, 1.0);
        self.sums[pond].1 += advected_w_m2;
    }

    pub(crate) fn end_day(&mut self) {
        self.days += 1;
    }

    pub(crate) fn end_month(&mut self, date: Date, base: &Base) {
        let share = 1.0 / f64::from(self.days.max(1));
        for (spec, (f, advected)) in base.ponds.iter().zip(&mut self.sums) {
            let mut row = [
                f.short_wave_w_m2,
                f.long_wave_in_w_m2 + f.long_wave_out_w_m2,
                f.sensible_w_m2,
                f.latent_w_m2,
                f.ground_w_m2,
                *advected + f.rain_w_m2 + f.extra_w_m2,
                0.0,
            ];
            row.iter_mut().for_each(|term| *term *= share);
            row[6] = row[..6].iter().sum();
            self.dates.push(date);
            self.ponds.push(spec.id.clone());
            for (column, value) in self.terms.iter_mut().zip(row) {
                column.push(value);
            }
            (*f, *advected) = (Fluxes::default(), 0.0);
        }
        self.days = 0;
    }

    pub(crate) fn finish(self) -> Frame {
        let mut columns = vec![
            Column::dates("date", self.dates),
            Column::texts("pond", self.ponds),
        ];
        for (name, values) in TERMS.iter().zip(self.terms) {
            columns.push(Column::numbers(*name, "W/m2", values));
        }
        Frame::new("energy", columns)
    }
}

/// Builds the frame `months_ahead`.
pub(crate) fn months_ahead_frame(dates: Vec<Date>, stages: Vec<String>, months: Vec<f64>) -> Frame {
    Frame::new(
        "months_ahead",
        vec![
            Column::dates("date", dates),
            Column::texts("stage", stages),
            Column::numbers("months_ahead", "months", months),
        ],
    )
}
