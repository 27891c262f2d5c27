//! `plant`: the steady state of the plants of a base, each by itself.

use std::path::Path;

use saltern_base::plant::{self, PlantFile};
use saltern_brine::database::Database;
use saltern_plants::bench::Bench;
use saltern_plants::drives::Drive;
use saltern_plants::fitted;
use saltern_plants::flowsheet::{End, Flowsheet};
use saltern_plants::kinds::Kind;
use saltern_plants::matter::Matter;
use saltern_plants::reading::{self, NamedBrine};
use saltern_plants::room::Room;
use saltern_plants::solve::{Solution, solve};
use saltern_plants::utilities::NotCounted;
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::quantity::significant;

use crate::args::PlantArgs;
use crate::failure::{CliError, Failure};
use crate::fit;
use crate::line::Line;
use crate::output::Output;
use crate::simulate::brines::Resolver;
use crate::simulate::folder::{Folder, failures};

/// A tonne an hour, kg/s.
const T_H: f64 = 1e3 / 3600.0;

/// Runs the command.
pub(crate) fn run(args: &PlantArgs, lang: Lang) -> Result<(), Failure> {
    let folder = Folder::open(&args.base)?;
    let (database, brines) = chemistry(&folder, lang)?;
    let matter = Matter::new(&database).map_err(Failure::input)?;
    let files = plants(&folder, args.plant.as_deref())?;
    let mut output = Output::open(args.output.as_deref())?;
    for (k, file) in files.iter().enumerate() {
        let mut sheet = flowsheet(file, &brines, &matter)?;
        let mut room = Room::new(&matter);
        let solution = solve(&mut sheet, &mut room, None).map_err(Failure::job)?;
        for caveat in &file.caveats {
            crate::talk(lang.pick(&caveat.en, &caveat.zh));
        }
        crate::talk(&summary(file, &sheet, &solution, &matter, lang));
        output.write(&table(file, &sheet, &solution, &matter, k == 0))?;
        if !sheet.measures.is_empty() {
            crate::talk(&measures(sheet, &matter, lang)?);
        }
    }
    output.finish()
}

/// The database of a base, and its brines as feeds name them.
pub(crate) fn chemistry(
    folder: &Folder,
    lang: Lang,
) -> Result<(Database, Vec<NamedBrine>), Failure> {
    let (base, _) = folder.base()?;
    let database = folder.database(&base.chemistry.database)?;
    let mut resolver = Resolver::new(&database);
    let amounts = resolver.of_base(&base)?;
    resolver.warn(lang);
    let pairs = base.brines.iter().zip(&amounts);
    let named = pairs
        .map(|(brine, amounts)| NamedBrine::new(&brine.id, &amounts.amounts_mol_kgw, &database));
    let named = named.collect();
    Ok((database, named))
}

/// The flowsheet of a plant's file.
pub(crate) fn flowsheet(
    file: &PlantFile,
    brines: &[NamedBrine],
    matter: &Matter<'_>,
) -> Result<Flowsheet, Failure> {
    let sheet = reading::flowsheet(file, brines, matter);
    sheet.map_err(|errors| Failure::Several(errors.into_iter().map(Failure::input).collect()))
}

/// The plant asked for, or all of the base.
pub(crate) fn plants(folder: &Folder, asked: Option<&str>) -> Result<Vec<PlantFile>, Failure> {
    let ids = match asked {
        Some(id) => vec![id.to_owned()],
        None => folder.plants(),
    };
    if ids.is_empty() {
        return Err(CliError::NotFound {
            path: Path::new("plants").into(),
        }
        .into());
    }
    let files = |file: &str| folder.text(file).ok();
    ids.iter()
        .map(|id| plant::read_whole(id, &files).map_err(failures))
        .collect()
}

/// Units with their heats and powers, loops and specs, for people.
fn summary(
    file: &PlantFile,
    sheet: &Flowsheet,
    solution: &Solution,
    matter: &Matter<'_>,
    lang: Lang,
) -> String {
    let mut text = format!("{}\n", lang.pick(&file.name.en, &file.name.zh));
    for (unit, result) in sheet.units.iter().zip(&solution.units) {
        let heat = result
            .heat_w
            .map_or("–".to_owned(), |w| significant(w / 1e3, 4));
        let power = match unit.drives.known() {
            true => significant(result.electricity_w() / 1e3, 4),
            false => "–".to_owned(),
        };
        let (heat_is, power_is) = lang.pick(("heat", "power"), ("热量", "电力"));
        text.push_str(&format!(
            "  {:<16} {:<14} {heat_is} {heat} kW  {power_is} {power} kW\n",
            unit.id, unit.kind.name
        ));
        for remark in &result.outcome.remarks {
            text.push_str(&format!("    {}\n", Message::text(remark, lang)));
        }
    }
    text.push_str(&utilities(sheet, solution, lang));
    for closed in &solution.loops {
        let tears = closed.tears.iter();
        let tears = tears.map(|(s, r)| format!("{} ({r:.0e})", sheet.streams[*s].id));
        let tears = lang.list(&tears.collect::<Vec<_>>());
        text.push_str(&lang.pick(
            format!(
                "  recycle through {tears}: {} passes, {:?}\n",
                closed.passes, closed.method
            ),
            format!(
                "  循环 {tears}：{} 轮，{:?}\n",
                closed.passes, closed.method
            ),
        ));
    }
    for (spec, report) in sheet.specs.iter().zip(&solution.specs) {
        text.push_str(&lang.pick(
            format!(
                "  {}: {} with {} after {} tries\n",
                spec.id,
                significant(report.reached, 6),
                significant(report.value, 6),
                report.tries
            ),
            format!(
                "  {}：取 {} 时为 {}，试算 {} 次\n",
                spec.id,
                significant(report.value, 6),
                significant(report.reached, 6),
                report.tries
            ),
        ));
    }
    let products = sheet.streams.iter().zip(&solution.streams);
    for (link, stream) in products.filter(|(link, _)| link.to.is_none()) {
        let flow = significant(stream.mass_kg_s(matter) / T_H, 4);
        text.push_str(&format!("  → {:<14} {flow} t/h\n", link.id));
    }
    let closes = lang.pick("elements close within", "元素平衡误差不超过");
    text.push_str(&format!("  {closes} {:.1e}\n", solution.closure));
    text
}

/// What the plant takes beside matter, by what takes electricity; then what of it is not counted.
fn utilities(sheet: &Flowsheet, solution: &Solution, lang: Lang) -> String {
    let taken = solution.utilities();
    let kw = |w: f64| significant(w / 1e3, 4);
    let mut by_drive: Vec<(Drive, f64)> = Vec::new();
    for (drive, w) in solution.units.iter().flat_map(|unit| &unit.drives) {
        match by_drive.iter_mut().find(|(d, _)| d == drive) {
            Some((_, sum)) => *sum += w,
            None => by_drive.push((*drive, *w)),
        }
    }
    let process_w: f64 = solution.units.iter().map(|u| u.outcome.power_w).sum();
    let mut parts: Vec<String> = by_drive
        .iter()
        .map(|(drive, w)| format!("{} {} kW", drive.text(lang), kw(*w)))
        .collect();
    if process_w > 0.0 {
        let process = lang.pick("processes", "工艺");
        parts.insert(0, format!("{process} {} kW", kw(process_w)));
    }
    let parts = match parts.is_empty() {
        true => String::new(),
        false => lang.pick(
            format!(" ({})", lang.list(&parts)),
            format!("（{}）", lang.list(&parts)),
        ),
    };
    let (electricity, heat, cooling) = (
        kw(taken.electricity_w),
        kw(taken.heating_w),
        kw(taken.cooling_w),
    );
    let mut text = lang.pick(
        format!(
            "  takes electricity {electricity} kW{parts}, heat {heat} kW, cooling {cooling} kW\n"
        ),
        format!("  共耗电 {electricity} kW{parts}、热 {heat} kW、冷却 {cooling} kW\n"),
    );
    for told in NotCounted::of(sheet, Some(solution)) {
        text.push_str(&format!("  {}\n", Message::text(&told, lang)));
    }
    text
}

/// What the plant declares, with bands where settings were fitted.
fn measures(sheet: Flowsheet, matter: &Matter<'_>, lang: Lang) -> Result<String, Failure> {
    let mut bench = Bench::new(sheet, matter);
    let bands = fitted::bands(&mut bench).map_err(Failure::job)?;
    let half = fitted::half_width(&bench.sheet().fitted);
    let mut text = String::new();
    for (measure, band) in bench.sheet().measures.iter().zip(&bands) {
        let name = lang.pick(&measure.name.en, &measure.name.zh);
        let shown = fit::summary::figure(measure.dimension, band.value, half * band.sigma);
        text.push_str(&format!("  {name}{} {shown}\n", lang.pick(":", "：")));
    }
    for fitted in &bench.sheet().fitted {
        let (value, sd) =
            fit::summary::with_error(fitted.target.unit(), fitted.value, fitted.sigma);
        text.push_str(&lang.pick(
            format!(
                "  fitted {}: {value} ± {sd} ({})\n",
                fitted.path, fitted.data
            ),
            format!(
                "  拟合 {}：{value} ± {sd}（{}）\n",
                fitted.path, fitted.data
            ),
        ));
    }
    Ok(text)
}

/// Streams as CSV: flows of all, of every ion wherever it is bound, of every solid and other substance.
fn table(
    file: &PlantFile,
    sheet: &Flowsheet,
    solution: &Solution,
    matter: &Matter<'_>,
    with_header: bool,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    if with_header {
        header(&mut bytes, matter);
    }
    for (link, stream) in sheet.streams.iter().zip(&solution.streams) {
        let mut line = Line::new(&mut bytes);
        line.text(&file.id);
        line.text(&link.id);
        line.text(&end(sheet, link.from, |kind| kind.outlets));
        line.text(&end(sheet, link.to, |kind| kind.inlets));
        line.number(stream.temperature_k - 273.15);
        let (mass, liquid) = (stream.mass_kg_s(matter), stream.liquid_kg_s(matter));
        for kg_s in [mass, liquid, mass - liquid] {
            line.number(kg_s / T_H);
        }
        let components = stream.components_mol_s(matter);
        for (n, component) in components.iter().zip(&matter.database.components) {
            line.number(n * component.molar_mass_kg_mol / T_H);
        }
        for (m, n) in stream.solids_mol_s.iter().enumerate() {
            line.number(n * matter.mineral_kg_mol(m) / T_H);
        }
        for (n, substance) in stream.others_mol_s.iter().zip(&matter.substances) {
            line.number(n * substance.molar_mass_kg_mol / T_H);
        }
        line.end();
    }
    bytes
}

fn header(bytes: &mut Vec<u8>, matter: &Matter<'_>) {
    let mut line = Line::new(bytes);
    for name in ["plant", "stream", "from", "to", "temperature [degC]"] {
        line.text(name);
    }
    for name in ["mass [t/h]", "liquid [t/h]", "solids [t/h]"] {
        line.text(name);
    }
    for component in &matter.database.components {
        line.text(&format!("total {} [t/h]", component.name));
    }
    for mineral in &matter.database.minerals {
        line.text(&format!("solid {} [t/h]", mineral.name));
    }
    for substance in &matter.substances {
        line.text(&format!("{} [t/h]", substance.name));
    }
    line.end();
}

fn end(sheet: &Flowsheet, end: Option<End>, ports: fn(&Kind) -> &'static [&'static str]) -> String {
    end.map_or(String::new(), |end| {
        let unit = &sheet.units[end.unit];
        format!("{}.{}", unit.id, ports(unit.kind)[end.port])
    })
}
