//! The numbers of a diagram as CSV.

use saltern_brine::database::{ComponentId, Database, MineralId};
use saltern_brine::diagram::{Projection, Shape};
use saltern_brine::equilibrium::{Equilibrium, State};

use super::map::Scene;
use super::overlay::Overlay;
use super::polytherm::Binary;
use super::section::Ternary;
use crate::brine::columns::total_name;
use crate::line::Line;

/// A file: its name and content.
type File = (&'static str, String);

/// A table being written.
#[derive(Default)]
struct Table(Vec<u8>);

impl Table {
    fn row(&mut self, cells: impl FnOnce(&mut Line<'_>)) {
        let mut line = Line::new(&mut self.0);
        cells(&mut line);
        line.end();
    }

    fn text(self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

/// Names of the coordinates: shares of pairs of charges.
fn coordinate_names(projection: &Projection) -> Vec<String> {
    let ions: Vec<_> = projection.system.ions().collect();
    let name = |k: usize| ions[projection.counted[k]].pair_name();
    match projection.shape {
        Shape::Square => vec![
            format!("{} of {}+{} [mol %]", name(1), name(0), name(1)),
            format!("{} of {}+{} [mol %]", name(3), name(2), name(3)),
        ],
        _ => (0..projection.counted.len())
            .map(|k| format!("{} [mol %]", name(k)))
            .collect(),
    }
}

fn coordinates(projection: &Projection, place: [f64; 2]) -> Vec<f64> {
    let [x, y] = place;
    match projection.shape {
        Shape::Square => vec![100.0 * x, 100.0 * y],
        Shape::Line => vec![100.0 * (1.0 - x), 100.0 * x],
        _ => vec![100.0 * (1.0 - x - y), 100.0 * x, 100.0 * y],
    }
}

fn celsius(temperature_k: f64) -> f64 {
    // Nine decimals undo the rounding of °C → K → °C.
    ((temperature_k - 273.15) * 1e9).round() / 1e9
}

/// What is said of a brine in every table.
fn brine_header(line: &mut Line<'_>, database: &Database, components: &[ComponentId]) {
    line.text("water_activity [-]");
    line.text("ionic_strength [mol/kgw]");
    line.text("density [kg/m3]");
    for &c in components {
        line.text(&format!("total {} [mol/kgw]", total_name(database, c)));
    }
}

fn brine_cells(
    line: &mut Line<'_>,
    database: &Database,
    components: &[ComponentId],
    brine: &Equilibrium,
) {
    line.number(brine.water_activity);
    line.number(brine.ionic_strength_mol_kgw);
    line.number(brine.density_kg_m3(database));
    for &c in components {
        line.number(brine.total_molality_mol_kgw(database, c));
    }
}

fn joined(database: &Database, solids: &[MineralId]) -> String {
    let names: Vec<&str> = solids
        .iter()
        .map(|m| database.minerals[*m].name.as_str())
        .collect();
    names.join(" + ")
}

fn basis(projection: &Projection) -> String {
    let ions: Vec<_> = projection.system.ions().collect();
    let names: Vec<String> = projection
        .counted
        .iter()
        .map(|&i| ions[i].pair_name())
        .collect();
    match projection.shape {
        Shape::Square => names[..2].join("+"),
        _ => names.join("+"),
    }
}

/// Points, lines and the lattice of some maps.
pub(crate) fn of_maps(scenes: &[Scene<'_>]) -> Vec<File> {
    let Some(first) = scenes.first() else {
        return Vec::new();
    };
    let (database, projection) = (first.database, first.projection);
    let components = projection.system.components();
    let water = format!("water per {} [mol/mol]", basis(projection));
    let head = |line: &mut Line<'_>, lead: &[&str]| {
        line.text("temperature [degC]");
        lead.iter().for_each(|c| line.text(c));
        coordinate_names(projection)
            .iter()
            .for_each(|c| line.text(c));
        line.text(&water);
        brine_header(line, database, &components);
    };
    let (mut points, mut lines, mut nodes) = (Table::default(), Table::default(), Table::default());
    points.row(|line| head(line, &["number", "solids"]));
    lines.row(|line| head(line, &["solids", "kind", "point"]));
    nodes.row(|line| {
        line.text("temperature [degC]");
        coordinate_names(projection)
            .iter()
            .for_each(|c| line.text(c));
        line.text("solid");
        line.text(&water);
        line.text("water_activity [-]");
    });
    for scene in scenes {
        let t = celsius(scene.map.temperature_k);
        for (k, i) in scene.map.invariants.iter().enumerate() {
            points.row(|line| {
                line.number(t);
                line.integer(k + 1);
                line.text(&joined(database, &i.minerals));
                coordinates(projection, i.place)
                    .into_iter()
                    .for_each(|v| line.number(v));
                line.number(scene.water_mol(&i.brine));
                brine_cells(line, database, &components, &i.brine);
            });
        }
        for l in &scene.map.lines {
            for (k, p) in l.points.iter().enumerate() {
                lines.row(|line| {
                    line.number(t);
                    line.text(&joined(database, &l.minerals));
                    line.text(if p.both { "univariant" } else { "fold" });
                    line.integer(k + 1);
                    coordinates(projection, p.place)
                        .into_iter()
                        .for_each(|v| line.number(v));
                    line.number(scene.water_mol(&p.brine));
                    brine_cells(line, database, &components, &p.brine);
                });
            }
        }
        for n in &scene.map.nodes {
            nodes.row(|line| {
                line.number(t);
                coordinates(projection, n.place)
                    .into_iter()
                    .for_each(|v| line.number(v));
                line.text(n.mineral.map_or("", |m| &database.minerals[m].name));
                line.number(n.water_mol);
                line.number(n.water_activity);
            });
        }
    }
    vec![
        ("points.csv", points.text()),
        ("lines.csv", lines.text()),
        ("fields.csv", nodes.text()),
    ]
}

/// The steps of a path.
pub(crate) fn of_path(path: &Overlay, projection: &Projection, database: &Database) -> String {
    let components = projection.system.components();
    let mut table = Table::default();
    table.row(|line| {
        line.text("id");
        line.text("step");
        coordinate_names(projection)
            .iter()
            .for_each(|c| line.text(c));
        line.text("water [kg]");
        line.text("solids");
        brine_header(line, database, &components);
    });
    for (k, place) in &path.places {
        let state = &path.steps[*k].state;
        if state.state == State::Dry {
            continue;
        }
        let solids: Vec<MineralId> = (0..state.solids_mol.len())
            .filter(|&m| state.solids_mol[m] > 0.0)
            .collect();
        table.row(|line| {
            line.text(&path.id);
            line.integer(*k);
            coordinates(projection, *place)
                .into_iter()
                .for_each(|v| line.number(v));
            line.number(state.water_kg);
            line.text(&joined(database, &solids));
            brine_cells(line, database, &components, state);
        });
    }
    table.text()
}

/// Points and curves of some ternaries.
pub(crate) fn of_sections(ternary: &Ternary<'_>) -> Vec<File> {
    let database = ternary.database;
    let components = ternary.projection.system.components();
    let salts = ternary.salts();
    let head = |line: &mut Line<'_>| {
        line.text("temperature [degC]");
        line.text("solids");
        coordinate_names(ternary.projection)
            .iter()
            .for_each(|c| line.text(c));
        for salt in &salts {
            line.text(&format!("{salt} [wt%]"));
        }
        for salt in &salts {
            line.text(&format!("{salt} [mol/kgw]"));
        }
        brine_header(line, database, &components);
    };
    let cells = |line: &mut Line<'_>, t: f64, solids: &str, share: f64, brine: &Equilibrium| {
        line.number(celsius(t));
        line.text(solids);
        coordinates(ternary.projection, [share, 0.0])
            .into_iter()
            .for_each(|v| line.number(v));
        ternary
            .mass_fractions(brine)
            .into_iter()
            .for_each(|v| line.number(100.0 * v));
        ternary
            .molalities(brine)
            .into_iter()
            .for_each(|v| line.number(v));
        brine_cells(line, database, &components, brine);
    };
    let (mut points, mut curve) = (Table::default(), Table::default());
    points.row(head);
    curve.row(head);
    for section in ternary.sections {
        let t = section.temperature_k;
        for i in &section.invariants {
            points.row(|line| cells(line, t, &joined(database, &i.minerals), i.share, &i.brine));
        }
        for piece in &section.pieces {
            for (share, brine) in &piece.points {
                curve
                    .row(|line| cells(line, t, &joined(database, &[piece.mineral]), *share, brine));
            }
        }
        for brine in &section.ice {
            let place = ternary.projection.place(&brine.liquid_mol_kgw(database));
            let share = place.map_or(f64::NAN, |p| p[0]);
            curve.row(|line| cells(line, t, "Ice", share, brine));
        }
    }
    vec![("points.csv", points.text()), ("curves.csv", curve.text())]
}

/// Transitions and curves of a polytherm.
pub(crate) fn of_polytherm(binary: &Binary<'_>) -> Vec<File> {
    let database = binary.database;
    let components = binary.projection.system.components();
    let salt = binary.salt();
    let head = |line: &mut Line<'_>| {
        line.text("temperature [degC]");
        line.text("solids");
        line.text(&format!("{salt} [wt%]"));
        brine_header(line, database, &components);
    };
    let cells = |line: &mut Line<'_>, solids: &str, brine: &Equilibrium| {
        line.number(celsius(brine.temperature_k));
        line.text(solids);
        line.number(100.0 * binary.mass_fraction(brine));
        brine_cells(line, database, &components, brine);
    };
    let (mut points, mut curve) = (Table::default(), Table::default());
    points.row(head);
    curve.row(head);
    for t in &binary.polytherm.transitions {
        points.row(|line| cells(line, &joined(database, &t.minerals), &t.brine));
    }
    for brine in &binary.polytherm.ice {
        curve.row(|line| cells(line, "Ice", brine));
    }
    for piece in &binary.polytherm.pieces {
        for brine in &piece.points {
            curve.row(|line| cells(line, &joined(database, &[piece.mineral]), brine));
        }
    }
    vec![("points.csv", points.text()), ("curves.csv", curve.text())]
}
