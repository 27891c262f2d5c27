//! `brine diagram`: phase diagrams as drawings, with their numbers beside them.

mod canvas;
pub(crate) mod isolines;
mod map;
mod overlay;
pub(crate) mod palette;
mod paper;
mod polytherm;
pub(crate) mod section;
mod tables;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use saltern_brine::diagram::{Map, Projection, Section, Shape, System, SystemError};
use saltern_brine::diagram::{map as field_map, polytherm as over_temperature, section as curve};
use saltern_brine::equilibrium::Solver;
use saltern_brine::evaporation::{self, Until};
use saltern_brine::phases;
use saltern_units::Lang;
use saltern_units::place::Place;

use super::session::{Brines, Model, refused, temperature_k};
use crate::args::{Assays, DiagramArgs, InvariantArgs, Mode};
use crate::failure::{At, Failure};
use crate::output::Output;
use crate::{interrupt, talk};
use map::Scene;
use overlay::Overlay;
use palette::{formula, solid_name};
use polytherm::Binary;
use section::{Ternary, degrees};

/// Temperatures of a polytherm unless asked otherwise, K.
const COLD_K: f64 = 223.15;
const WARM_K: f64 = 383.15;

/// Runs the command.
pub(crate) fn run(args: &DiagramArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let projection = projection(&args.system, args.saturated_with.as_ref(), &model, lang)?;
    let temperatures = args
        .temperature
        .iter()
        .map(|t| temperature_k(t, lang))
        .collect::<Result<Vec<f64>, _>>()?;
    let drawing = Drawing {
        args,
        model: &model,
        projection: &projection,
        lang,
        folder: args.chemistry.output.as_deref().unwrap_or(Path::new(".")),
    };
    match projection.shape {
        Shape::Point => drawing.polytherm(&temperatures),
        _ if temperatures.is_empty() => Err(refused(
            "--temperature",
            "",
            lang.pick(
                "one or more temperatures, such as \"25 degC\"",
                "一个或多个温度，例如 \"25 degC\"",
            ),
        )),
        Shape::Line => drawing.sections(&temperatures),
        Shape::Triangle | Shape::Square => drawing.maps(&temperatures),
    }
}

/// The paper for what was asked. A quinary that names no salt is drawn over halite where it has its ions.
fn projection(
    system: &str,
    saturated_with: Option<&String>,
    model: &Model,
    lang: Lang,
) -> Result<Projection, Failure> {
    let database = &model.database;
    let system = System::parse(system, database).map_err(Failure::input)?;
    let named = match saturated_with {
        Some(name) => Some(phases::find(database, name).map_err(|message| {
            let place = Place::file("--saturated-with");
            Failure::input(At { place, message })
        })?),
        None => None,
    };
    match Projection::new(system.clone(), named, &model.allowed, database) {
        Err(SystemError::WrongSize { .. }) if named.is_none() => {
            let halite = database.mineral("Halite");
            let over = Projection::new(system, halite, &model.allowed, database)
                .map_err(Failure::input)?;
            talk(lang.pick(
                "drawn over halite, which is always present (--saturated-with names another salt)",
                "以石盐始终饱和作图（可用 --saturated-with 指定其他盐）",
            ));
            Ok(over)
        }
        other => other.map_err(Failure::input),
    }
}

/// `brine invariant`: the points of a diagram without the drawing.
pub(crate) fn invariant(args: &InvariantArgs, lang: Lang) -> Result<(), Failure> {
    let model = Model::open(&args.chemistry)?;
    let projection = projection(&args.system, args.saturated_with.as_ref(), &model, lang)?;
    let mut temperatures = Vec::new();
    for text in &args.temperature {
        temperatures.push(temperature_k(text, lang)?);
    }
    let (database, allowed) = (&model.database, &model.allowed);
    if temperatures.is_empty() && projection.shape != Shape::Point {
        let accepted = lang.pick(
            "one or more temperatures, such as \"25 degC\"",
            "一个或多个温度，例如 \"25 degC\"",
        );
        return Err(refused("--temperature", "", accepted));
    }
    let files = match projection.shape {
        Shape::Point => {
            let polytherm =
                over_temperature::draw(database, &projection, allowed, (COLD_K, WARM_K));
            tables::of_polytherm(&Binary {
                database,
                projection: &projection,
                polytherm: &polytherm,
                range_k: (COLD_K, WARM_K),
                lang,
            })
        }
        Shape::Line => {
            let draw = |t: f64| curve::draw(database, &projection, allowed, t, curve::FINENESS);
            let sections = each(&temperatures, model.threads, draw)?;
            tables::of_sections(&Ternary {
                database,
                projection: &projection,
                sections: &sections,
                lang,
            })
        }
        Shape::Triangle | Shape::Square => {
            let draw =
                |t: f64| field_map::draw(database, &projection, allowed, t, field_map::FINENESS);
            let maps = each(&temperatures, model.threads, draw)?;
            let scene = |map| Scene {
                database,
                projection: &projection,
                map,
                path: None,
                lang,
            };
            let scenes: Vec<Scene<'_>> = maps.iter().map(scene).collect();
            tables::of_maps(&scenes)
        }
    };
    let points = files.into_iter().find(|(name, _)| *name == "points.csv");
    let mut output = Output::open(args.chemistry.output.as_deref())?;
    output.write(
        points
            .map_or(String::new(), |(_, content)| content)
            .as_bytes(),
    )?;
    output.finish()
}

/// What every kind of diagram needs.
struct Drawing<'a> {
    args: &'a DiagramArgs,
    model: &'a Model,
    projection: &'a Projection,
    lang: Lang,
    folder: &'a Path,
}

impl Drawing<'_> {
    fn write(&self, name: &str, content: &str) -> Result<(), Failure> {
        let mut output = Output::open(Some(&self.folder.join(name)))?;
        output.write(content.as_bytes())?;
        output.finish()
    }

    fn told(&self, files: &[String]) {
        let folder = self.folder.display();
        let files = self.lang.list(files);
        talk(&self.lang.pick(
            format!("written to {folder}: {files}"),
            format!("已写入 {folder}：{files}"),
        ));
    }

    fn system_name(&self) -> String {
        let name = |ions: &[saltern_brine::diagram::Ion]| {
            let names: Vec<String> = ions.iter().map(|i| formula(&i.name)).collect();
            names.join(", ")
        };
        let system = &self.projection.system;
        format!(
            "{} // {} – H₂O",
            name(&system.cations),
            name(&system.anions)
        )
    }

    fn saturated(&self, over: &str) -> String {
        match over.is_empty() {
            true => String::new(),
            false => self
                .lang
                .pick(format!(", saturated with {over}"), format!("，{over}饱和")),
        }
    }

    /// Where the numbers come from.
    fn source(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let database = &self.model.database.name;
        let options = &self.args.chemistry;
        let suppressed = if options.suppress.trim().is_empty() {
            String::new()
        } else {
            self.lang.pick(
                format!(" without {}", options.suppress),
                format!("（不含 {}）", options.suppress),
            )
        };
        self.lang.pick(
            format!("Computed with saltern {version}, database {database}, solids: {}{suppressed}; Pitzer model, 1 atm.", options.phases),
            format!("由 saltern {version} 计算；数据库 {database}；固相：{}{suppressed}；Pitzer 模型，1 atm。", options.phases),
        )
    }

    fn maps(&self, temperatures: &[f64]) -> Result<(), Failure> {
        let draw = |t: f64| {
            let allowed = &self.model.allowed;
            field_map::draw(
                &self.model.database,
                self.projection,
                allowed,
                t,
                field_map::FINENESS,
            )
        };
        let maps: Vec<Map> = each(temperatures, self.model.threads, draw)?;
        let path = self.path(temperatures)?;
        let scenes: Vec<Scene<'_>> = maps
            .iter()
            .map(|map| Scene {
                database: &self.model.database,
                projection: self.projection,
                map,
                path: path
                    .as_ref()
                    .filter(|(t, _)| *t == map.temperature_k)
                    .map(|(_, p)| p),
                lang: self.lang,
            })
            .collect();
        let mut files = Vec::new();
        for scene in &scenes {
            let t = scene.map.temperature_k;
            let name = match scenes.len() {
                1 => "diagram.svg".to_string(),
                _ => format!("diagram_{}.svg", file_degrees(t)),
            };
            let title = self.title(t, &scene.saturating_name());
            self.write(&name, &map::sheet(scene, &title, &self.notes(scene)))?;
            files.push(name);
        }
        if scenes.len() > 1 {
            let captions: Vec<String> = scenes
                .iter()
                .map(|s| degrees(s.map.temperature_k))
                .collect();
            let over = scenes.first().map_or(String::new(), Scene::saturating_name);
            let title = format!("{}{}", self.system_name(), self.saturated(&over));
            self.write(
                "diagram.svg",
                &map::multiples(&scenes, &captions, &title, &[self.source()]),
            )?;
            files.push("diagram.svg".into());
        }
        for (name, content) in tables::of_maps(&scenes) {
            self.write(name, &content)?;
            files.push(name.into());
        }
        if let Some((_, path)) = &path {
            self.write(
                "path.csv",
                &tables::of_path(path, self.projection, &self.model.database),
            )?;
            files.push("path.csv".into());
        }
        self.told(&files);
        Ok(())
    }

    fn title(&self, temperature_k: f64, over: &str) -> String {
        let (system, t, over) = (
            self.system_name(),
            degrees(temperature_k),
            self.saturated(over),
        );
        self.lang.pick(
            format!("{system} at {t}{over}"),
            format!("{system}，{t}{over}"),
        )
    }

    /// The salt that is always present in a ternary, as the first of its hydrates.
    fn over(&self) -> String {
        let first = self.projection.saturating.first();
        first.map_or(String::new(), |m| {
            solid_name(&self.model.database, *m, self.lang)
        })
    }

    /// What is to be known about a map, the source last.
    fn notes(&self, scene: &Scene<'_>) -> Vec<String> {
        let (map, lang) = (scene.map, self.lang);
        let mut notes = Vec::new();
        if map.lines.iter().any(|l| l.points.iter().any(|p| !p.both)) {
            notes.push(lang.pick(
                "Dashed borders: the surface of saturation folds over itself; at a place that two brines share the more dilute one is drawn.",
                "虚线边界：饱和面在此自身重叠；同一位置有两种卤水时，图示为较稀者。",
            ).to_string());
        }
        if !map.blank.is_empty() {
            notes.push(
                lang.pick(
                    "Grey: no solid is known here that ends the concentration, or no brine exists.",
                    "灰色：此处没有已知固相限制浓缩，或不存在卤水。",
                )
                .to_string(),
            );
        }
        if !map.unresolved.is_empty() {
            let names: Vec<String> = map
                .unresolved
                .iter()
                .map(|m| solid_name(&self.model.database, *m, lang))
                .collect();
            let names = names.join(", ");
            notes.push(lang.pick(
                format!("Too small to be drawn: {names}."),
                format!("区域过小未绘出：{names}。"),
            ));
        }
        notes.push(self.source());
        notes
    }

    /// The evaporation path asked for, and its temperature.
    fn path(&self, temperatures: &[f64]) -> Result<Option<(f64, Overlay)>, Failure> {
        let (Some(file), Some(&temperature_k)) = (&self.args.path, temperatures.first()) else {
            return Ok(None);
        };
        let assays = Assays {
            assays: file.clone(),
            balance: self.args.balance.clone(),
        };
        let brines = Brines::read(&assays, self.model)?;
        let assay = match &self.args.id {
            Some(id) => brines.by_id(id)?,
            None => match &brines.assays[..] {
                [one] => one,
                _ => {
                    let ids: Vec<String> = brines.assays.iter().map(|a| a.id.clone()).collect();
                    return Err(refused("--id", "", &ids.join(", ")));
                }
            },
        };
        let mut solver = Solver::new(&self.model.database, &self.model.allowed);
        let brine = assay.dissolve(&mut solver, brines.balance)?;
        let mode = match self.args.mode {
            Mode::Equilibrium => evaporation::Mode::Equilibrium,
            Mode::Fractional => evaporation::Mode::Fractional,
        };
        let steps = evaporation::evaporate(
            &mut solver,
            &brine.amounts_mol,
            temperature_k,
            mode,
            Until::Dry,
            self.args.steps as usize,
        )
        .map_err(|message| {
            let place = assay.place.clone();
            Failure::job(At { place, message })
        })?;
        let overlay = Overlay::new(&assay.id, steps, self.projection, &self.model.database);
        Ok(Some((temperature_k, overlay)))
    }

    fn sections(&self, temperatures: &[f64]) -> Result<(), Failure> {
        self.no_path()?;
        let draw = |t: f64| {
            curve::draw(
                &self.model.database,
                self.projection,
                &self.model.allowed,
                t,
                curve::FINENESS,
            )
        };
        let sections: Vec<Section> = each(temperatures, self.model.threads, draw)?;
        let ternary = |sections| Ternary {
            database: &self.model.database,
            projection: self.projection,
            sections,
            lang: self.lang,
        };
        let mut files = Vec::new();
        let notes = [self.source()];
        if let [_, _, ..] = sections[..] {
            for one in &sections {
                let name = format!("diagram_{}.svg", file_degrees(one.temperature_k));
                let sheet = ternary(std::slice::from_ref(one))
                    .sheet(&self.title(one.temperature_k, &self.over()), &notes);
                self.write(&name, &sheet)?;
                files.push(name);
            }
        }
        let title = match &sections[..] {
            [one] => self.title(one.temperature_k, &self.over()),
            _ => format!("{}{}", self.system_name(), self.saturated(&self.over())),
        };
        self.write("diagram.svg", &ternary(&sections).sheet(&title, &notes))?;
        files.push("diagram.svg".into());
        for (name, content) in tables::of_sections(&ternary(&sections)) {
            self.write(name, &content)?;
            files.push(name.into());
        }
        self.told(&files);
        Ok(())
    }

    fn polytherm(&self, temperatures: &[f64]) -> Result<(), Failure> {
        self.no_path()?;
        let low = temperatures
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min)
            .min(WARM_K);
        let high = temperatures.iter().copied().fold(COLD_K, f64::max);
        let range_k = match temperatures.len() {
            0 => (COLD_K, WARM_K),
            _ if low < high => (low, high),
            _ => {
                let accepted = self.lang.pick(
                    "two temperatures, the ends of the range, for one salt in water",
                    "单盐–水体系需给出两个温度（范围两端）",
                );
                return Err(refused(
                    "--temperature",
                    &self.args.temperature.join(", "),
                    accepted,
                ));
            }
        };
        let polytherm = over_temperature::draw(
            &self.model.database,
            self.projection,
            &self.model.allowed,
            range_k,
        );
        interrupt::check()?;
        let coldest = polytherm
            .pieces
            .first()
            .and_then(|p| p.points.first())
            .map_or(range_k.0, |b| b.temperature_k);
        // Down to a little below the eutectic, where nothing is liquid.
        let shown = (range_k.0.max(coldest - 6.0), range_k.1);
        let binary = Binary {
            database: &self.model.database,
            projection: self.projection,
            polytherm: &polytherm,
            range_k: shown,
            lang: self.lang,
        };
        let title = format!("{} – H₂O", formula(&binary.salt()));
        self.write("diagram.svg", &binary.sheet(&title, &[self.source()]))?;
        let mut files = vec!["diagram.svg".to_string()];
        for (name, content) in tables::of_polytherm(&binary) {
            self.write(name, &content)?;
            files.push(name.into());
        }
        self.told(&files);
        Ok(())
    }

    fn no_path(&self) -> Result<(), Failure> {
        match &self.args.path {
            None => Ok(()),
            Some(path) => Err(refused(
                "--path",
                &path.display().to_string(),
                self.lang.pick(
                    "a triangle or square: a system with two ratios of ions",
                    "仅适用于三角形或正方形相图（两个独立离子比的体系）",
                ),
            )),
        }
    }
}

/// `25degC`, `-5degC`.
fn file_degrees(temperature_k: f64) -> String {
    let celsius = ((temperature_k - 273.15) * 100.0).round() / 100.0;
    format!("{}degC", if celsius == 0.0 { 0.0 } else { celsius })
}

/// Draws at every temperature, several at a time; the order is that of the temperatures.
fn each<T: Send>(
    temperatures: &[f64],
    threads: usize,
    draw: impl Fn(f64) -> T + Sync,
) -> Result<Vec<T>, Failure> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, temperatures.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let k = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&t) = temperatures.get(k) else {
                        return;
                    };
                    if interrupt::check().is_err() {
                        return;
                    }
                    let drawn = draw(t);
                    // A poisoned lock means that another thread panicked, which ends the program anyway.
                    if let Ok(mut done) = done.lock() {
                        done.push((k, drawn));
                    }
                }
            });
        }
    });
    interrupt::check()?;
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(k, _)| *k);
    Ok(done.into_iter().map(|(_, t)| t).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_temperature() {
        assert_eq!(file_degrees(298.15), "25degC");
        assert_eq!(file_degrees(273.15), "0degC");
        assert_eq!(file_degrees(268.15), "-5degC");
    }
}
