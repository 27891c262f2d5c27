//! Reads our own thermodynamic tables (`data/thermo/*.csv`) and holds the default set made of them.
//!
//! One row a parameter, each with its source and temperature range; the units stand in the headers
//! and are part of the format: a table with another unit has another header and is refused.

use std::collections::HashMap;

use crate::assembly::{
    Assembly, DatabaseError, DatabaseProblem, MineralDraft, SpeciesDraft, kind_arity, kind_of_name,
    parse_dissolution, parse_formation,
};
use crate::database::{
    Database, HeatCapacityTerms, LogK, MineralId, MixingEnergy, Provenance, SolidSolution, Source,
    VolumeTerms,
};

/// Tables of a database folder, in the order they are read.
pub const TABLES: [&str; 9] = [
    "sources.csv",
    "components.csv",
    "species.csv",
    "volumes.csv",
    "viscosities.csv",
    "heat_capacities.csv",
    "minerals.csv",
    "solid_solutions.csv",
    "interactions.csv",
];

pub(crate) const LOG_K: [&str; 6] = [
    "A1 [-]",
    "A2 [1/K]",
    "A3 [K]",
    "A4 [-]",
    "A5 [K2]",
    "A6 [1/K2]",
];
pub(crate) const TERMS: [&str; 6] = [
    "a0 [*]",
    "a1 [* K]",
    "a2 [*]",
    "a3 [*/K]",
    "a4 [*/K2]",
    "a5 [* K2]",
];
pub(crate) const VOLUME: [&str; 10] = [
    "a1 [cal/mol/bar]",
    "a2 [cal/mol]",
    "a3 [cal K/mol/bar]",
    "a4 [cal K/mol]",
    "W [cal/mol]",
    "a0 [Angstrom]",
    "i1 [cm3/mol]",
    "i2 [cm3 K/mol]",
    "i3 [cm3/mol/K]",
    "i4 [-]",
];
const VISCOSITY: [&str; 9] = [
    "b0 [kg/mol]",
    "b1 [kg/mol]",
    "b2 [1/degC]",
    "d1 [*]",
    "d2 [1/degC]",
    "d3 [-]",
    "tan [-]",
    "Dw [m2/s]",
    "dw_t [K]",
];
pub(crate) const HEAT_CAPACITY: [&str; 4] = [
    "c0 [J/mol/K]",
    "c1 [J K/mol]",
    "c2 [J/mol/K2]",
    "c3 [J/mol/K3]",
];
/// |W/(R T)| from which a regular solution unmixes, and where it must stay below, K.
const STRONGEST_MIXING: f64 = 2.0;
const MIXING_RANGE_K: [f64; 2] = [253.15, 383.15];
const ORIGIN: [&str; 4] = ["t_min [degC]", "t_max [degC]", "source", "note"];

/// The set that ships with the program, meant for -20 to 110 °C; each parameter has its own range.
///
/// # Panics
/// Never: the tables are part of the program and a test reads them.
pub fn default_database() -> Database {
    let files = |name: &str| embedded(name);
    read("default", &files).expect("the tables of the program itself are read by a test")
}

/// Text of one of the tables of the default set.
pub fn embedded(name: &str) -> Option<&'static str> {
    Some(match name {
        "sources.csv" => include_str!("../../../data/thermo/sources.csv"),
        "components.csv" => include_str!("../../../data/thermo/components.csv"),
        "species.csv" => include_str!("../../../data/thermo/species.csv"),
        "volumes.csv" => include_str!("../../../data/thermo/volumes.csv"),
        "viscosities.csv" => include_str!("../../../data/thermo/viscosities.csv"),
        "heat_capacities.csv" => include_str!("../../../data/thermo/heat_capacities.csv"),
        "minerals.csv" => include_str!("../../../data/thermo/minerals.csv"),
        "solid_solutions.csv" => include_str!("../../../data/thermo/solid_solutions.csv"),
        "interactions.csv" => include_str!("../../../data/thermo/interactions.csv"),
        _ => return None,
    })
}

/// Reads a database from its tables. `files` gives the text of a table by its name ([`TABLES`]).
pub fn read<'a>(
    name: &str,
    files: &dyn Fn(&str) -> Option<&'a str>,
) -> Result<Database, DatabaseError> {
    let table = |file: &'static str, columns: &[&[&'static str]]| {
        let missing = DatabaseProblem::Missing {
            what: "the table".to_string(),
        };
        let text = files(file).ok_or(DatabaseError {
            file: file.to_string(),
            line: 0,
            problem: missing,
        })?;
        Table::read(file, text, &columns.concat())
    };
    let mut reader = Reader {
        assembly: Assembly::new(name),
        sources: HashMap::new(),
    };
    reader.sources(&table("sources.csv", &[&["key", "reference"]])?)?;
    reader.components(&table("components.csv", &[&["component", "element"]])?)?;
    let reactions = table("species.csv", &[&["species", "reaction"], &LOG_K, &ORIGIN])?;
    let volumes = table("volumes.csv", &[&["species"], &VOLUME, &["source"]])?;
    let viscosities = table("viscosities.csv", &[&["species"], &VISCOSITY, &["source"]])?;
    let heats = table(
        "heat_capacities.csv",
        &[&["species"], &HEAT_CAPACITY, &ORIGIN],
    )?;
    reader.species(&reactions, &volumes, &viscosities, &heats)?;
    let solid = ["mineral", "reaction"];
    reader.minerals(&table(
        "minerals.csv",
        &[&solid, &LOG_K, &["molar_volume [cm3/mol]"], &ORIGIN],
    )?)?;
    reader.solid_solutions(&table(
        "solid_solutions.csv",
        &[
            &["phase", "member1", "member2", "sites [-]"],
            &["W0 [J/mol]", "W1 [J/mol/K]"],
            &ORIGIN,
        ],
    )?)?;
    let pair = ["kind", "species1", "species2", "species3"];
    reader.interactions(&table("interactions.csv", &[&pair, &TERMS, &ORIGIN])?)?;
    Ok(reader.assembly.database)
}

struct Reader {
    assembly: Assembly,
    sources: HashMap<String, usize>,
}

impl Reader {
    fn sources(&mut self, table: &Table) -> Result<(), DatabaseError> {
        for row in &table.rows {
            let key = row.filled("key")?.to_string();
            let index = self.assembly.database.sources.len();
            if self.sources.insert(key.clone(), index).is_some() {
                return Err(row.duplicate(format!("source {key}")));
            }
            let reference = row.filled("reference")?.to_string();
            self.assembly
                .database
                .sources
                .push(Source { key, reference });
        }
        Ok(())
    }

    fn components(&mut self, table: &Table) -> Result<(), DatabaseError> {
        for row in &table.rows {
            let added = self
                .assembly
                .add_component(row.filled("component")?, row.filled("element")?);
            added.map_err(|problem| row.error(problem))?;
        }
        Ok(())
    }

    fn species(
        &mut self,
        reactions: &Table,
        volumes: &Table,
        viscosities: &Table,
        heats: &Table,
    ) -> Result<(), DatabaseError> {
        let mut volumes = self.numbers_by_species(volumes, &VOLUME)?;
        let mut viscosities = self.numbers_by_species(viscosities, &VISCOSITY)?;
        let mut heats = self.numbers_by_species(heats, &HEAT_CAPACITY)?;
        let masters: Vec<String> = self
            .assembly
            .database
            .species
            .iter()
            .map(|s| s.name.clone())
            .collect();
        let mut drafts: Vec<SpeciesDraft> = masters.into_iter().map(blank_draft).collect();
        for row in &reactions.rows {
            let draft = self.species_draft(row)?;
            if drafts.iter().any(|other| other.name == draft.name) {
                return Err(row.duplicate(format!("species {}", draft.name)));
            }
            drafts.push(draft);
        }
        for draft in &mut drafts {
            if let Some(found) = volumes.remove(&draft.name) {
                draft.volume = Some(VolumeTerms(found.numbers));
                draft.property_sources[0] = Some(found.source);
            }
            if let Some(found) = viscosities.remove(&draft.name) {
                let [b0, b1, b2, d1, d2, d3, tan, dw, dw_t] = found.numbers;
                draft.viscosity = Some([b0, b1, b2, d1, d2, d3, tan]);
                draft.diffusion = Some([dw, dw_t]);
                draft.property_sources[1] = Some(found.source);
            }
            // Other species have theirs from their formation reactions.
            if draft.formation.is_empty()
                && let Some(found) = heats.remove(&draft.name)
            {
                draft.heat_capacity = Some(HeatCapacityTerms(found.numbers));
                draft.property_sources[2] = Some(found.source);
            }
        }
        none_left("volumes.csv", &volumes)?;
        none_left("viscosities.csv", &viscosities)?;
        none_left("heat_capacities.csv", &heats)?;
        self.assembly
            .add_species(drafts)
            .map_err(|(line, problem)| DatabaseError {
                file: "species.csv".to_string(),
                line,
                problem,
            })
    }

    fn species_draft(&self, row: &Row) -> Result<SpeciesDraft, DatabaseError> {
        let name = row.filled("species")?.to_string();
        let formation = parse_formation(&name, row.filled("reaction")?)
            .map_err(|problem| row.error(problem))?;
        Ok(SpeciesDraft {
            formation,
            log_k: LogK(row.numbers(&LOG_K)?),
            provenance: self.provenance(row)?,
            line: row.line,
            ..blank_draft(name)
        })
    }

    fn numbers_by_species<const N: usize>(
        &self,
        table: &Table,
        columns: &[&str; N],
    ) -> Result<HashMap<String, Numbers<N>>, DatabaseError> {
        let mut found = HashMap::new();
        for row in &table.rows {
            let name = row.filled("species")?.to_string();
            let numbers = Numbers {
                line: row.line,
                source: self.source(row)?,
                numbers: row.numbers(columns)?,
            };
            if found.insert(name.clone(), numbers).is_some() {
                return Err(row.duplicate(format!("species {name}")));
            }
        }
        Ok(found)
    }

    fn minerals(&mut self, table: &Table) -> Result<(), DatabaseError> {
        for row in &table.rows {
            let name = row.filled("mineral")?.to_string();
            let (formula_text, dissolution) =
                parse_dissolution(row.filled("reaction")?).map_err(|problem| row.error(problem))?;
            let volume_cm3_mol = row.optional_number("molar_volume [cm3/mol]")?;
            let draft = MineralDraft {
                name: name.clone(),
                formula_text,
                dissolution,
                log_k: LogK(row.numbers(&LOG_K)?),
                checked: true,
                molar_volume_m3_mol: volume_cm3_mol.map(|v| v * 1e-6),
                provenance: self.provenance(row)?,
            };
            if self
                .assembly
                .add_mineral(draft)
                .map_err(|problem| row.error(problem))?
            {
                return Err(row.duplicate(format!("mineral {name}")));
            }
        }
        Ok(())
    }

    fn solid_solutions(&mut self, table: &Table) -> Result<(), DatabaseError> {
        for row in &table.rows {
            let name = row.filled("phase")?.to_string();
            let members = [self.mineral(row, "member1")?, self.mineral(row, "member2")?];
            let [sites, constant_j_mol, slope_j_mol_k] =
                row.numbers(&["sites [-]", "W0 [J/mol]", "W1 [J/mol/K]"])?;
            let energy = MixingEnergy {
                members,
                constant_j_mol,
                slope_j_mol_k,
            };
            let strongest = MIXING_RANGE_K.map(|t| energy.over_rt(t).abs());
            if strongest.iter().any(|w| *w >= STRONGEST_MIXING) {
                return Err(row.error(DatabaseProblem::UnexpectedText {
                    text: row.filled("W0 [J/mol]")?.to_string(),
                    expected: "|W0 + W1 T| below 2 R T from -20 to 110 degC: with more the crystals unmix",
                }));
            }
            let provenance = self.provenance(row)?;
            let solutions = &mut self.assembly.database.solid_solutions;
            let index = solutions.iter().position(|other| other.name == name);
            let index = index.unwrap_or_else(|| {
                solutions.push(SolidSolution {
                    name,
                    members: Vec::new(),
                    sites,
                    interactions: Vec::new(),
                    provenance,
                });
                solutions.len() - 1
            });
            let solution = &mut solutions[index];
            for member in members {
                if !solution.members.contains(&member) {
                    solution.members.push(member);
                }
            }
            solution.interactions.push(energy);
        }
        Ok(())
    }

    fn mineral(&self, row: &Row, column: &str) -> Result<MineralId, DatabaseError> {
        let name = row.filled(column)?;
        self.assembly.database.mineral(name).ok_or_else(|| {
            let name = name.to_string();
            row.error(DatabaseProblem::UnknownSpecies { name })
        })
    }

    fn interactions(&mut self, table: &Table) -> Result<(), DatabaseError> {
        for row in &table.rows {
            let word = row.filled("kind")?;
            let kind = kind_of_name(word).ok_or_else(|| {
                let expected = "B0, B1, B2, C0, ALPHAS, THETA, LAMBDA, PSI, ZETA, MU or ETA";
                row.error(DatabaseProblem::UnexpectedText {
                    text: word.to_string(),
                    expected,
                })
            })?;
            let mut names = vec![
                row.filled("species1")?.to_string(),
                row.filled("species2")?.to_string(),
            ];
            if kind_arity(kind) == 3 {
                names.push(row.filled("species3")?.to_string());
            } else if !row.text("species3").is_empty() {
                let expected = "blank: this kind joins two species";
                let text = row.text("species3").to_string();
                return Err(row.error(DatabaseProblem::UnexpectedText { text, expected }));
            }
            let (terms, provenance) = (row.numbers(&TERMS)?, self.provenance(row)?);
            let added = self
                .assembly
                .add_interaction(kind, &names, terms, provenance);
            if added.map_err(|problem| row.error(problem))? {
                return Err(row.duplicate(format!("{word} of {}", names.join(" "))));
            }
        }
        Ok(())
    }

    fn source(&self, row: &Row) -> Result<usize, DatabaseError> {
        let key = row.filled("source")?;
        let index = self.sources.get(key).copied();
        index.ok_or_else(|| {
            row.error(DatabaseProblem::UnknownSource {
                key: key.to_string(),
            })
        })
    }

    fn provenance(&self, row: &Row) -> Result<Provenance, DatabaseError> {
        let [t_min_degc, t_max_degc] = row.numbers(&["t_min [degC]", "t_max [degC]"])?;
        // A value measured at one temperature has a range of one point.
        if t_max_degc < t_min_degc {
            return Err(row.error(DatabaseProblem::EmptyRange {
                t_min_degc,
                t_max_degc,
            }));
        }
        Ok(Provenance {
            source: Some(self.source(row)?),
            temperature_k_min: Some(t_min_degc + 273.15),
            temperature_k_max: Some(t_max_degc + 273.15),
            note: row.text("note").to_string(),
        })
    }
}

/// The numbers of a species in one table.
struct Numbers<const N: usize> {
    line: usize,
    source: usize,
    numbers: [f64; N],
}

/// A species of which only the name is known.
pub(crate) fn blank_draft(name: String) -> SpeciesDraft {
    SpeciesDraft {
        line: 0,
        name,
        formation: Vec::new(),
        log_k: LogK::default(),
        checked: true,
        volume: None,
        viscosity: None,
        diffusion: None,
        heat_capacity: None,
        provenance: Provenance::default(),
        property_sources: [None; 3],
    }
}

/// Volumes and viscosities of species that nothing defines are an error.
fn none_left<const N: usize>(
    file: &str,
    left: &HashMap<String, Numbers<N>>,
) -> Result<(), DatabaseError> {
    match left.iter().min_by_key(|(_, numbers)| numbers.line) {
        None => Ok(()),
        Some((name, &Numbers { line, .. })) => {
            let problem = DatabaseProblem::UnknownSpecies { name: name.clone() };
            Err(DatabaseError {
                file: file.to_string(),
                line,
                problem,
            })
        }
    }
}

/// A table with exactly the expected columns, in any order.
struct Table {
    rows: Vec<Row>,
}

struct Row {
    file: &'static str,
    line: usize,
    cells: HashMap<&'static str, String>,
}

impl Table {
    fn read(
        file: &'static str,
        text: &str,
        columns: &[&'static str],
    ) -> Result<Table, DatabaseError> {
        let at = |line: usize, problem| DatabaseError {
            file: file.to_string(),
            line,
            problem,
        };
        let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        let header = lines
            .next()
            .map(|(_, line)| split_csv(line))
            .unwrap_or_default();
        let mut order = Vec::new();
        for title in &header {
            let known = columns.iter().find(|column| *column == title);
            let expected = "a column of this table, its unit as in the format";
            let unknown = || DatabaseProblem::UnexpectedText {
                text: title.clone(),
                expected,
            };
            order.push(*known.ok_or_else(|| at(1, unknown()))?);
        }
        if let Some(column) = columns
            .iter()
            .find(|column| order.iter().filter(|c| c == column).count() != 1)
        {
            let what = format!("exactly one column `{column}`");
            return Err(at(1, DatabaseProblem::Missing { what }));
        }
        let mut rows = Vec::new();
        for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let cells = split_csv(line);
            if cells.len() != order.len() {
                let expected = "as many cells as the header has columns";
                return Err(at(
                    index + 1,
                    DatabaseProblem::UnexpectedText {
                        text: line.to_string(),
                        expected,
                    },
                ));
            }
            rows.push(Row {
                file,
                line: index + 1,
                cells: order.iter().copied().zip(cells).collect(),
            });
        }
        Ok(Table { rows })
    }
}

impl Row {
    fn error(&self, problem: DatabaseProblem) -> DatabaseError {
        DatabaseError {
            file: self.file.to_string(),
            line: self.line,
            problem,
        }
    }

    fn duplicate(&self, what: String) -> DatabaseError {
        self.error(DatabaseProblem::Duplicate { what })
    }

    fn text(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn filled(&self, column: &str) -> Result<&str, DatabaseError> {
        match self.text(column) {
            "" => Err(self.error(DatabaseProblem::Missing {
                what: format!("`{column}`"),
            })),
            text => Ok(text),
        }
    }

    fn optional_number(&self, column: &str) -> Result<Option<f64>, DatabaseError> {
        if self.text(column).is_empty() {
            Ok(None)
        } else {
            self.numbers(&[column]).map(|[v]| Some(v))
        }
    }

    /// Numbers of the named columns; a blank cell is an error, never a zero.
    fn numbers<const N: usize>(&self, columns: &[&str; N]) -> Result<[f64; N], DatabaseError> {
        let mut values = [0.0; N];
        for (value, column) in values.iter_mut().zip(columns) {
            let text = self.filled(column)?;
            let bad = || DatabaseProblem::BadNumber {
                text: text.to_string(),
                expected: "a finite number",
            };
            *value = text
                .parse()
                .ok()
                .filter(|v: &f64| v.is_finite())
                .ok_or_else(|| self.error(bad()))?;
        }
        Ok(values)
    }
}

/// Cells of one CSV line, trimmed; a quoted cell may hold commas and doubled quotes, not line ends.
fn split_csv(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell).trim().to_string()),
            _ => cell.push(c),
        }
    }
    cells.push(cell.trim().to_string());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pitzer::{Activity, PitzerModel};
    use crate::solubility::{Saturation, saturated_brine};
    use proptest::prelude::*;

    /// Reads the default tables with one of them changed.
    fn with(table: &str, change: impl Fn(&str) -> String) -> Result<Database, DatabaseError> {
        let changed = change(embedded(table).expect("a table of the default set"));
        read("changed", &|name| {
            if name == table {
                Some(changed.as_str())
            } else {
                embedded(name)
            }
        })
    }

    fn refused(table: &str, from: &str, to: &str) -> (&'static str, usize) {
        let text = embedded(table).expect("a table of the default set");
        assert!(text.contains(from), "{table} has no `{from}`");
        let error = with(table, |text| text.replacen(from, to, 1)).expect_err(to);
        assert_eq!(error.file, table, "{error}");
        (error.code(), error.line)
    }

    #[test]
    fn every_value_of_the_default_set_has_source_and_range() {
        let db = default_database();
        let reactions = db
            .species
            .iter()
            .filter(|s| s.formation.len() > 1)
            .map(|s| (&s.name, &s.provenance));
        let minerals = db.minerals.iter().map(|m| (&m.name, &m.provenance));
        let parameters = db
            .interactions
            .iter()
            .map(|i| (&db.species[i.species.0].name, &i.provenance));
        for (name, origin) in reactions.chain(minerals).chain(parameters) {
            let source = origin.source.and_then(|i| db.sources.get(i));
            assert!(source.is_some_and(|s| s.reference.len() > 10), "{name}");
            let (low, high) = (origin.temperature_k_min, origin.temperature_k_max);
            assert!(
                low.zip(high)
                    .is_some_and(|(low, high)| low <= high && low > 200.0 && high < 600.0),
                "{name}"
            );
        }
    }

    #[test]
    fn every_source_is_used() {
        let text = |table: &str| embedded(table).expect("a table of the default set");
        for source in default_database().sources {
            let key = format!(",{}", source.key);
            assert!(
                TABLES
                    .iter()
                    .skip(1)
                    .any(|table| text(table).contains(&key)),
                "{key}"
            );
        }
    }

    /// A bare constant where the same solid has a temperature function would be an accident.
    #[test]
    fn ponds_minerals_depend_on_temperature() {
        let db = default_database();
        for name in [
            "Halite",
            "Sylvite",
            "Carnallite",
            "Bischofite",
            "Epsomite",
            "Mirabilite",
            "Gypsum",
        ] {
            let mineral = &db.minerals[db.mineral(name).expect(name)];
            let slope = mineral.log_k.at(303.15) - mineral.log_k.at(273.15);
            assert!(slope.abs() > 1e-3 && slope.abs() < 2.0, "{name}: {slope}");
        }
    }

    /// The data that a fit was made with are still met: the median of |log10 IAP/K| over the solutions of strong
    /// ions. (Not every row is: sources disagree, and the fit is robust.)
    #[test]
    fn the_data_of_the_fits_are_met() {
        let db = default_database();
        let table = include_str!("../../../data/thermo/fits/sulfate.data.csv");
        let mut lines = table.lines().filter(|line| !line.starts_with('#'));
        let header = split_csv(lines.next().expect("a header"));
        let mut misfits: Vec<f64> = lines
            .filter(|line| line.contains(",saturation,"))
            .map(|line| {
                let cells = split_csv(line);
                let cell =
                    |name: &str| cells[header.iter().position(|h| h == name).expect(name)].as_str();
                let composition: Vec<String> = header
                    .iter()
                    .zip(&cells)
                    .filter_map(|(h, c)| Some((h.strip_suffix(" [mol/kgw]")?, c)))
                    .filter(|(_, c)| !c.is_empty())
                    .map(|(ion, c)| format!("{}={c}", ion.trim_end_matches("O4")))
                    .collect();
                let mineral = &db.minerals[db.mineral(cell("of")).expect(line)];
                let temperature_k = cell("temperature [degC]").parse::<f64>().expect(line) + 273.15;
                let iap = log_iap(&db, mineral, &composition.join(" "), temperature_k);
                (iap - mineral.log_k.at(temperature_k)).abs()
            })
            .collect();
        misfits.sort_by(f64::total_cmp);
        let median = misfits[misfits.len() / 2];
        assert!(misfits.len() > 1000 && median < 0.02, "{median}");
    }

    /// log10 of the ion activity product of a mineral in a solution written `Na=1.2 S=0.6`.
    fn log_iap(
        db: &Database,
        mineral: &crate::database::Mineral,
        composition: &str,
        temperature_k: f64,
    ) -> f64 {
        let part = |text: &str| {
            let (element, molality) = text.split_once('=').expect(text);
            (
                db.component_of_element(element).expect(text),
                molality.parse::<f64>().expect(text),
            )
        };
        let parts: Vec<_> = composition.split(' ').map(part).collect();
        let species: Vec<_> = parts
            .iter()
            .map(|&(c, _)| db.components[c].species.expect("an ion"))
            .collect();
        let molalities: Vec<f64> = parts.iter().map(|&(_, m)| m).collect();
        let mut model = PitzerModel::new(db, &species);
        model.set_temperature(temperature_k);
        let mut activity = Activity::default();
        model.evaluate(&molalities, &mut activity);
        let ln_activity = |component| match parts.iter().position(|&(c, _)| c == component) {
            Some(i) => molalities[i].ln() + activity.ln_gamma[i],
            None => activity.ln_water_activity,
        };
        mineral
            .dissolution
            .iter()
            .map(|&(c, n)| n * ln_activity(c))
            .sum::<f64>()
            / std::f64::consts::LN_10
    }

    /// Molality of a component in the brine saturated with salts, nothing else forming.
    fn saturated(db: &Database, salts: &[&str], component: &str, celsius: f64) -> f64 {
        let ids: Vec<_> = salts
            .iter()
            .map(|name| db.mineral(name).expect(name))
            .collect();
        let component = db.component(component).expect(component);
        match saturated_brine(db, &ids, &ids, celsius + 273.15) {
            Ok(Saturation::Saturated(brine)) => {
                let per_species = |(s, m): (&crate::database::Species, &f64)| {
                    s.formation
                        .iter()
                        .find(|(c, _)| *c == component)
                        .map_or(0.0, |(_, n)| n * m)
                };
                db.species
                    .iter()
                    .zip(&brine.molality_mol_kgw)
                    .map(per_species)
                    .sum()
            }
            other => panic!("{salts:?} at {celsius} degC: {other:?}"),
        }
    }

    /// Measured: CRC Handbook 91st ed.; Pabalan & Pitzer 1987 (sulfates of Na and Mg, 15 and 30 °C
    /// halite, 10 °C sylvite), mol of the component per kg of water. Tolerances are the scatter of the tables.
    #[test]
    fn measured_solubilities_are_met() {
        let db = default_database();
        let points = [
            (
                "Halite",
                "Na+",
                [(0.0, 6.0997), (15.0, 6.117), (25.0, 6.146), (30.0, 6.168)],
                0.3,
            ),
            (
                "Sylvite",
                "K+",
                [(0.0, 3.7262), (10.0, 4.15), (25.0, 4.79), (30.0, 4.963)],
                0.5,
            ),
            (
                "Mirabilite",
                "SO4-2",
                [(0.0, 0.308), (15.0, 0.924), (25.0, 1.967), (30.0, 2.899)],
                1.3,
            ),
            (
                "Epsomite",
                "Mg+2",
                [(0.0, 2.181), (25.0, 3.018), (30.0, 3.216), (35.0, 3.436)],
                0.6,
            ),
            (
                "Bischofite",
                "Mg+2",
                [(0.0, 5.586), (10.0, 5.676), (25.0, 5.811), (35.0, 5.946)],
                0.7,
            ),
            (
                "Natron",
                "CO3-2",
                [
                    (0.0, 0.6494),
                    (20.0, 2.0571),
                    (25.0, 2.8983),
                    (30.0, 3.7978),
                ],
                3.5,
            ),
            (
                "Nahcolite",
                "CO3-2",
                [
                    (0.0, 0.8248),
                    (20.0, 1.1386),
                    (25.0, 1.2235),
                    (30.0, 1.3094),
                ],
                0.5,
            ),
            (
                "Sassolite",
                "B(OH)3",
                [
                    (0.0, 0.4334),
                    (20.0, 0.8101),
                    (25.0, 0.9376),
                    (30.0, 1.0818),
                ],
                0.3,
            ),
            (
                "Borax",
                "B(OH)3",
                [
                    (0.0, 0.2476),
                    (20.0, 0.5096),
                    (25.0, 0.6296),
                    (30.0, 0.7896),
                ],
                2.0,
            ),
            (
                "Zabuyelite",
                "CO3-2",
                [
                    (0.0, 0.2117),
                    (20.0, 0.1824),
                    (25.0, 0.1755),
                    (30.0, 0.1699),
                ],
                0.5,
            ),
            (
                "Li2SO4:H2O",
                "SO4-2",
                [
                    (0.0, 3.2457),
                    (20.0, 3.1296),
                    (25.0, 3.1132),
                    (30.0, 3.0805),
                ],
                0.5,
            ),
        ];
        for (mineral, component, curve, tolerance_percent) in points {
            for (celsius, measured) in curve {
                let got = saturated(&db, &[mineral], component, celsius);
                let off = 100.0 * (got / measured - 1.0);
                assert!(
                    off.abs() < tolerance_percent,
                    "{mineral} at {celsius} degC: {got} not {measured} ({off:.2} %)"
                );
            }
        }
    }

    /// Neither fitted: halite and sylvite together at 0 °C (phreeqc3 mytest nakcl.csv: K 1.349, Na 5.407).
    #[test]
    fn halite_with_sylvite_in_winter_is_near_the_measured_point() {
        let db = default_database();
        let potassium = saturated(&db, &["Halite", "Sylvite"], "K+", 0.0);
        let sodium = saturated(&db, &["Halite", "Sylvite"], "Na+", 0.0);
        assert!((potassium / 1.349 - 1.0).abs() < 0.03, "{potassium}");
        assert!((sodium / 5.407 - 1.0).abs() < 0.01, "{sodium}");
    }

    /// log10(IAP/K) of a mineral in the brine saturated with others.
    fn saturation_index(db: &Database, salts: &[&str], mineral: &str, celsius: f64) -> f64 {
        let ids: Vec<_> = salts
            .iter()
            .map(|name| db.mineral(name).expect(name))
            .collect();
        match saturated_brine(db, &ids, &ids, celsius + 273.15) {
            Ok(Saturation::Saturated(brine)) => {
                brine.saturation_index(db)[db.mineral(mineral).expect(mineral)]
            }
            other => panic!("{salts:?} at {celsius} degC: {other:?}"),
        }
    }

    /// Transition temperatures that no fit was told: on either side of each, the right solid is stable.
    #[test]
    fn transitions_fall_where_they_are_known() {
        let db = default_database();
        let cases: [(&[&str], &str, f64, f64); 10] = [
            (&["Thenardite"], "Mirabilite", 31.5, 33.0),
            (&["Halite"], "Hydrohalite", -0.5, 0.7),
            (&["Hexahydrite"], "Epsomite", 46.5, 49.5),
            (&["Mirabilite", "Epsomite"], "Bloedite", 22.0, 19.5),
            (&["Natron", "Nahcolite"], "Trona", 22.5, 19.5),
            (&["Bischofite"], "MgCl2:8H2O", -5.5, -2.0),
            (&["Hexahydrite"], "Kieserite", 70.0, 66.0),
            (&["Schoenite", "Epsomite"], "Leonite", 43.0, 39.0),
            (&["Halite", "Mirabilite"], "Thenardite", 19.0, 16.0),
            (&["Borax"], "Kernite", 63.0, 55.0),
        ];
        for (salts, other, stable_celsius, unstable_celsius) in cases {
            let stable = saturation_index(&db, salts, other, stable_celsius);
            let unstable = saturation_index(&db, salts, other, unstable_celsius);
            assert!(
                stable > 0.0 && unstable < 0.0,
                "{other} over {salts:?}: {stable} and {unstable}"
            );
        }
    }

    /// Seawater of salinity 35 freezes at -1.92 °C (UNESCO 1983); 3 mol/kg NaCl at -10.9 °C (Weast,
    /// CRC Handbook): ice is saturated there.
    #[test]
    fn brines_freeze_where_they_should() {
        let db = default_database();
        let water_activity = |composition: &[(&str, f64)], celsius: f64| {
            let ids: Vec<_> = composition
                .iter()
                .map(|(name, _)| db.species(name).expect(name))
                .collect();
            let molalities: Vec<f64> = composition.iter().map(|(_, m)| *m).collect();
            let mut model = PitzerModel::new(&db, &ids);
            model.set_temperature(celsius + 273.15);
            let mut activity = Activity::default();
            model.evaluate(&molalities, &mut activity);
            activity.ln_water_activity / std::f64::consts::LN_10
        };
        let ice = &db.minerals[db.mineral("Ice").expect("Ice")];
        let seawater = [
            ("Na+", 0.4861),
            ("K+", 0.01058),
            ("Mg+2", 0.05475),
            ("Ca+2", 0.01065),
            ("Cl-", 0.5658),
            ("SO4-2", 0.02927),
        ];
        let salt = [("Na+", 3.0), ("Cl-", 3.0)];
        // 4.2e-3 in log10 is one degree.
        assert!((water_activity(&seawater, -1.92) - ice.log_k.at(271.23)).abs() < 2e-4);
        assert!((water_activity(&salt, -10.9) - ice.log_k.at(262.25)).abs() < 1.5e-3);
        assert!(ice.log_k.at(273.15).abs() < 1e-6);
    }

    #[test]
    fn errors_name_table_and_line() {
        let code = |table: &str, from: &str, to: &str| refused(table, from, to).0;
        assert_eq!(
            refused("components.csv", "Na+,Na", "Xx+,Na"),
            ("database.formula", 2)
        );
        assert_eq!(
            code("components.csv", "K+,K", "Na+,Na"),
            "database.duplicate"
        );
        assert_eq!(
            code("minerals.csv", "NaCl = ", "NaCl2 = "),
            "database.unbalanced"
        );
        assert_eq!(
            code("minerals.csv", "\nSylvite,KCl", "\nHalite,KCl"),
            "database.duplicate"
        );
        assert_eq!(
            code("minerals.csv", "A1 [-]", "A1 [K]"),
            "database.unexpected_text"
        );
        assert_eq!(
            code("interactions.csv", "\nB0,Cl-,Li+", "\nB0,Cl-,Fr+"),
            "database.unknown_species"
        );
        assert_eq!(
            code("interactions.csv", "\nB0,", "\nB9,"),
            "database.unexpected_text"
        );
        assert_eq!(
            code("interactions.csv", "\nB1,", "\nB0,"),
            "database.duplicate"
        );
        assert_eq!(
            code("interactions.csv", "appelo2015", "apelo2015"),
            "database.unknown_source"
        );
        assert_eq!(
            code("interactions.csv", "0,200,appelo2015", "200,0,appelo2015"),
            "database.empty_range"
        );
        assert_eq!(
            code("interactions.csv", "0,200,appelo2015", ",200,appelo2015"),
            "database.missing"
        );
        assert_eq!(
            code("viscosities.csv", "Na+,", "Fr+,"),
            "database.unknown_species"
        );
        assert_eq!(
            read("none", &|_| None).expect_err("no tables").code(),
            "database.missing"
        );
    }

    #[test]
    fn quoted_cells_hold_commas_and_quotes() {
        assert_eq!(
            split_csv(r#"a, "b, ""c""" ,,d"#),
            ["a", r#"b, "c""#, "", "d"]
        );
    }

    proptest! {
        /// Damage at any place of a table is read or refused with its line, never a panic.
        #[test]
        fn never_panics_on_damaged_tables(which in 0..TABLES.len(), at in 0usize..4000, with_text in "[ -~\n]{0,8}") {
            let damage = |text: &str| {
                let mut cut = at.min(text.len());
                while !text.is_char_boundary(cut) {
                    cut -= 1;
                }
                format!("{}{}{}", &text[..cut], with_text, &text[cut..])
            };
            if let Err(error) = with(TABLES[which], damage) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
