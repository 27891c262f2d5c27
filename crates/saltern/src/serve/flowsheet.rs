//! A plant of a served base at its steady state: the same that `plant` prints.

use std::path::Path;

use saltern_base::glossary;
use saltern_base::model::Label;
use saltern_base::plant::PlantFile;
use saltern_plants::bench::Bench;
use saltern_plants::fitted;
use saltern_plants::flowsheet::{Flowsheet, Link};
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::solve::{Solution, solve};
use saltern_plants::stream::Stream;
use saltern_plants::utilities::NotCounted;
use saltern_server::plants::{
    ElementBalance, PartOfStream, Plant, PlantMeasure, PlantStream, PlantUnit, SolvePlant,
};
use saltern_server::{Problem, Sentence, ServerError};
use saltern_units::Lang;
use saltern_units::message::Message;

use crate::brine::diagram::palette::formula;
use crate::failure::Failure;
use crate::fit::summary::shown_in;
use crate::plant;
use crate::simulate::Folder;

use super::chemistry::ion_name;

/// A tonne an hour, kg/s.
const T_H: f64 = 1e3 / 3600.0;
/// Share of a stream below which something in it is not told.
const TRACE: f64 = 1e-7;

/// Solves plants of a base, which is read anew each time: it may have been edited.
pub(super) fn solver(base: &Path) -> SolvePlant {
    let base = base.to_path_buf();
    Box::new(move |id| solved(&base, id).map_err(first))
}

/// The first of what went wrong.
fn first(failure: Failure) -> Problem {
    let problem = failure.into_problems().into_iter().next();
    problem.unwrap_or_else(|| ServerError::NoFlowsheets.into())
}

fn solved(base: &Path, id: &str) -> Result<Plant, Failure> {
    let folder = Folder::open(base)?;
    // What is said on the terminal is not said here: caveats are part of the answer.
    let (database, brines) = plant::chemistry(&folder, Lang::En)?;
    let matter = Matter::new(&database).map_err(Failure::input)?;
    let files = plant::plants(&folder, Some(id))?;
    let Some(file) = files.first() else {
        return Err(Failure::input(ServerError::UnknownPlant {
            plant: id.into(),
        }));
    };
    let mut sheet = plant::flowsheet(file, &brines, &matter)?;
    let mut room = Room::new(&matter);
    let solution = solve(&mut sheet, &mut room, None).map_err(Failure::job)?;
    let told = Told {
        file,
        sheet: &sheet,
        solution: &solution,
        matter: &matter,
    };
    let plant = told.plant();
    Ok(Plant {
        measures: measures(sheet, &matter)?,
        ..plant
    })
}

/// What is told of a plant.
struct Told<'a> {
    file: &'a PlantFile,
    sheet: &'a Flowsheet,
    solution: &'a Solution,
    matter: &'a Matter<'a>,
}

impl Told<'_> {
    fn plant(&self) -> Plant {
        let taken = self.solution.utilities();
        let not_counted = NotCounted::of(self.sheet, Some(self.solution));
        let elements = self.present();
        let pairs = || self.sheet.streams.iter().zip(&self.solution.streams);
        let sum = |element: usize, of: fn(&Link) -> bool| {
            let flows = pairs().filter(|(link, _)| of(link));
            let flows = flows.map(|(_, stream)| self.element_t_h(stream, element));
            flows.sum::<f64>()
        };
        Plant {
            id: self.file.id.clone(),
            name: label(&self.file.name),
            caveats: self.file.caveats.iter().map(label).collect(),
            units: self.units(),
            streams: pairs()
                .enumerate()
                .map(|(k, (link, stream))| self.stream(k, link, stream, &elements))
                .collect(),
            measures: Vec::new(),
            elements: elements
                .iter()
                .map(|&element| ElementBalance {
                    element: self.matter.elements[element].clone(),
                    enters_t_h: sum(element, |link| link.from.is_none()),
                    leaves_t_h: sum(element, |link| link.to.is_none()),
                })
                .collect(),
            closure: self.solution.closure,
            electricity_kw: taken.electricity_w / 1e3,
            heating_kw: taken.heating_w / 1e3,
            cooling_kw: taken.cooling_w / 1e3,
            not_counted: not_counted.iter().map(|told| said(told)).collect(),
        }
    }

    fn units(&self) -> Vec<PlantUnit> {
        let units = self.sheet.units.iter().zip(&self.solution.units);
        let view = |(unit, result): (
            &saltern_plants::flowsheet::Unit,
            &saltern_plants::solve::UnitResult,
        )| PlantUnit {
            id: unit.id.clone(),
            name: label(&unit.name),
            kind: unit.kind.name.into(),
            electricity_kw: (unit.drives.known()).then(|| result.electricity_w() / 1e3),
            heat_kw: result.heat_w.map(|w| w / 1e3),
            remarks: result.outcome.remarks.iter().map(|r| said(r)).collect(),
        };
        units.map(view).collect()
    }

    /// Elements that any stream holds.
    fn present(&self) -> Vec<usize> {
        let all = 0..self.matter.elements.len();
        let is_there = |element: &usize| {
            let mut streams = self.solution.streams.iter();
            streams.any(|stream| {
                let mass_t_h = stream.mass_kg_s(self.matter) / T_H;
                self.element_t_h(stream, *element) > TRACE * mass_t_h
            })
        };
        all.filter(is_there).collect()
    }

    fn element_t_h(&self, stream: &Stream, element: usize) -> f64 {
        stream.elements_mol_s(self.matter)[element] * self.matter.element_kg_mol[element] / T_H
    }

    fn stream(&self, k: usize, link: &Link, stream: &Stream, elements: &[usize]) -> PlantStream {
        let mut tears = self.solution.loops.iter().flat_map(|of| &of.tears);
        let mass_t_h = stream.mass_kg_s(self.matter) / T_H;
        PlantStream {
            id: link.id.clone(),
            name: label(&link.name),
            role: link.role.map(|role| role.word()),
            from: link.from.map(|end| end.unit),
            to: link.to.map(|end| end.unit),
            is_recycle: tears.any(|(torn, _)| *torn == k),
            temperature_degc: stream.temperature_k - 273.15,
            mass_t_h,
            liquid_t_h: stream.liquid_kg_s(self.matter) / T_H,
            solids: largest_first(self.solids(stream), mass_t_h),
            dissolved: largest_first(self.dissolved(stream), mass_t_h),
            elements_t_h: elements
                .iter()
                .map(|&element| self.element_t_h(stream, element))
                .collect(),
        }
    }

    fn solids(&self, stream: &Stream) -> Vec<PartOfStream> {
        let minerals = stream.solids_mol_s.iter().enumerate();
        let minerals = minerals.map(|(m, n)| PartOfStream {
            name: named(&self.matter.database.minerals[m].name),
            mass_t_h: n * self.matter.mineral_kg_mol(m) / T_H,
        });
        let others = stream.others_mol_s.iter().zip(&self.matter.substances);
        let others = others.map(|(n, substance)| PartOfStream {
            name: Sentence {
                en: formula(&substance.name),
                zh: substance.name_zh.clone(),
            },
            mass_t_h: n * substance.molar_mass_kg_mol / T_H,
        });
        minerals.chain(others).collect()
    }

    fn dissolved(&self, stream: &Stream) -> Vec<PartOfStream> {
        let liquid = stream.liquid().components_mol_s(self.matter);
        let components = liquid.iter().zip(&self.matter.database.components);
        let part = |(n, component): (&f64, &saltern_brine::database::Component)| PartOfStream {
            name: plain(ion_name(component)),
            mass_t_h: n * component.molar_mass_kg_mol / T_H,
        };
        components.map(part).collect()
    }
}

/// What is more than a trace, the largest first.
fn largest_first(parts: Vec<PartOfStream>, of_t_h: f64) -> Vec<PartOfStream> {
    let mut parts: Vec<PartOfStream> = parts
        .into_iter()
        .filter(|part| part.mass_t_h > TRACE * of_t_h)
        .collect();
    parts.sort_by(|a, b| b.mass_t_h.total_cmp(&a.mass_t_h));
    parts
}

/// What the plant declares, with bands where settings were fitted.
fn measures(sheet: Flowsheet, matter: &Matter<'_>) -> Result<Vec<PlantMeasure>, Failure> {
    let mut bench = Bench::new(sheet, matter);
    let bands = fitted::bands(&mut bench).map_err(Failure::job)?;
    let half = fitted::half_width(&bench.sheet().fitted);
    let pairs = bench.sheet().measures.iter().zip(&bands);
    let view = |(measure, band): (
        &saltern_plants::flowsheet::NamedMeasure,
        &saltern_plants::fit::bands::Band,
    )| {
        let unit = shown_in(measure.dimension);
        let half = unit.from_si(half * band.sigma) - unit.from_si(0.0);
        PlantMeasure {
            id: measure.id.clone(),
            name: label(&measure.name),
            value: unit.from_si(band.value),
            half: (half.is_finite() && half > 0.0).then_some(half),
            unit: unit.symbol,
        }
    };
    Ok(pairs.map(view).collect())
}

fn label(label: &Label) -> Sentence {
    Sentence {
        en: label.en.clone(),
        zh: label.zh.clone(),
    }
}

fn said(message: &dyn Message) -> Sentence {
    Sentence::of(|lang| message.text(lang))
}

/// A formula, which both languages write alike.
fn plain(text: String) -> Sentence {
    Sentence::of(|_| text.clone())
}

/// A mineral as people call it.
fn named(name: &str) -> Sentence {
    Sentence::of(|lang| match glossary::find(name) {
        Some(entry) => lang.pick(&entry.en, &entry.zh).to_string(),
        None => formula(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plant(id: &str) -> Plant {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan");
        solver(&base)(id).expect("a plant")
    }

    /// The potash plant as `saltern plant examples/qarhan kcl` prints it: 15.73 t/h of product and 77.52 % of the potassium.
    #[test]
    fn the_potash_plant_is_told_as_the_command_prints_it() {
        let kcl = plant("kcl");
        let stream = |id: &str| kcl.streams.iter().find(|s| s.id == id).expect("a stream");
        let product = stream("product");
        assert!(
            (product.mass_t_h - 15.73).abs() < 0.005,
            "{}",
            product.mass_t_h
        );
        assert_eq!((product.role, product.to), (Some("product"), None));
        assert!(product.solids[0].name.en.contains("sylvite"));
        assert_eq!(stream("liquor").dissolved[0].name.en, "H₂O");
        assert!((kcl.measures[0].value - 77.52).abs() < 0.005);
        assert!(kcl.streams.iter().any(|stream| stream.is_recycle));
        let potassium = kcl.elements.iter().find(|of| of.element == "K");
        let potassium = potassium.expect("potassium");
        let apart = potassium.enters_t_h - potassium.leaves_t_h;
        assert!(apart.abs() < 1e-9 * potassium.enters_t_h, "{apart}");
    }

    #[test]
    fn every_plant_of_the_example_closes_and_each_stream_hangs_together() {
        for id in [
            "kcl",
            "alkali",
            "lithium",
            "magnesium_hydroxide",
            "residual",
        ] {
            let plant = plant(id);
            assert!(plant.closure < 1e-9, "{id}");
            for stream in &plant.streams {
                assert!(stream.from.is_some() || stream.to.is_some(), "{id}");
                let solids: f64 = stream.solids.iter().map(|part| part.mass_t_h).sum();
                let told = solids + stream.liquid_t_h;
                let most = 1e-5 * stream.mass_t_h.max(1e-9);
                assert!((told - stream.mass_t_h).abs() <= most, "{id} {}", stream.id);
            }
            for of in &plant.elements {
                let apart = (of.enters_t_h - of.leaves_t_h).abs();
                assert!(apart <= 1e-8 * of.enters_t_h.max(1e-9), "{id} {of:?}");
            }
        }
    }

    #[test]
    fn a_plant_that_is_not_there_is_said() {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan");
        assert!(solver(&base)("nothing").is_err());
    }
}
