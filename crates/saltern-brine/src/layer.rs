//! Layers on a database: tables whose rows replace parameters or add them.
//!
//! A layer is one table with the columns of those in `data/thermo` together (the units stand in the headers):
//!
//! ```text
//! kind, species1, species2, species3, reaction, molar_volume [cm3/mol],
//! a0 [*] … a5 [* K2], A1 [-] … A6 [1/K2], t_min [degC], t_max [degC], source, reference, note
//! ```
//!
//! `kind` is B0, B1, B2, C0, ALPHAS, THETA, LAMBDA, PSI, ZETA, MU, ETA, or `LOG_K` of the solid or species in
//! `species1`. A blank term is zero. A row replaces the parameter of the same kind and species, whatever their
//! order, or adds it; a solid or species that the database lacks needs its `reaction`. `source` is a key; one
//! that the database lacks is added with the text in `reference`. Columns that begin with `se ` hold standard
//! errors and are passed over.
//!
//! log K belongs to the reaction in master species. A solid whose reaction the base wrote with another species
//! keeps its log K in master species when a layer changes that species.

use saltern_units::message::{Catalogue, Fields, Lang, Message};
use saltern_units::place::Place;
use saltern_units::table::{Row, Table, TableError};

use crate::assembly::{
    Assembly, DatabaseProblem, MineralDraft, SpeciesDraft, canonical_name, kind_arity, kind_name,
    kind_of_name, parse_dissolution, parse_formation,
};
use crate::database::{Database, InteractionKind, LogK, MineralId, Provenance, Source, SpeciesId};
use crate::thermo::{LOG_K, TERMS, blank_draft};

/// What a parameter of a layer or a fit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A Pitzer coefficient.
    Interaction(InteractionKind),
    /// log10 K of a solid or an aqueous species.
    LogK,
}

impl Kind {
    /// As tables write it: `PSI`, `LOG_K`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Interaction(kind) => kind_name(kind),
            Kind::LogK => "LOG_K",
        }
    }

    /// By name, in any case.
    pub fn from_name(name: &str) -> Option<Kind> {
        if name.eq_ignore_ascii_case("LOG_K") {
            return Some(Kind::LogK);
        }
        kind_of_name(name).map(Kind::Interaction)
    }

    /// How many species it joins.
    pub fn arity(self) -> usize {
        match self {
            Kind::Interaction(kind) => kind_arity(kind),
            Kind::LogK => 1,
        }
    }
}

/// Where a parameter stands in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A row of [`Database::interactions`].
    Interaction(usize),
    /// log K of a solid.
    Mineral(MineralId),
    /// log K of an aqueous species.
    Species(SpeciesId),
}

impl Slot {
    /// Gives the parameter there other terms.
    pub(crate) fn set(self, database: &mut Database, terms: [f64; 6]) {
        match self {
            Slot::Interaction(row) => database.interactions[row].terms = terms,
            Slot::Mineral(id) => database.minerals[id].log_k = LogK(terms),
            Slot::Species(id) => database.species[id].log_k = LogK(terms),
        }
    }
}

/// A parameter as a row gives it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) names: Vec<String>,
    pub(crate) reaction: Option<String>,
    pub(crate) molar_volume_m3_mol: Option<f64>,
    pub(crate) terms: [f64; 6],
    pub(crate) provenance: Provenance,
}

impl Entry {
    /// Puts the parameter into a database.
    pub(crate) fn put(&self, assembly: &mut Assembly) -> Result<Slot, DatabaseProblem> {
        match self.kind {
            Kind::Interaction(kind) => {
                let provenance = self.provenance.clone();
                assembly.add_interaction(kind, &self.names, self.terms, provenance)?;
                assembly
                    .interaction(kind, &self.names)
                    .map(Slot::Interaction)
                    .ok_or(DatabaseProblem::UnknownSpecies {
                        name: self.names.join(" "),
                    })
            }
            Kind::LogK => self.put_log_k(assembly),
        }
    }

    fn put_log_k(&self, assembly: &mut Assembly) -> Result<Slot, DatabaseProblem> {
        let name = &self.names[0];
        let Some(reaction) = &self.reaction else {
            return self.replace_log_k(&mut assembly.database);
        };
        if let Ok(formation) = parse_formation(&canonical_name(name), reaction) {
            let draft = SpeciesDraft {
                formation,
                log_k: LogK(self.terms),
                provenance: self.provenance.clone(),
                ..blank_draft(canonical_name(name))
            };
            return assembly.set_species(draft).map(Slot::Species);
        }
        let (formula_text, dissolution) = parse_dissolution(reaction)?;
        let known = assembly.database.mineral(name);
        let known_volume = known.and_then(|m| assembly.database.minerals[m].molar_volume_m3_mol);
        assembly.add_mineral(MineralDraft {
            name: name.clone(),
            formula_text,
            dissolution,
            log_k: LogK(self.terms),
            checked: true,
            molar_volume_m3_mol: self.molar_volume_m3_mol.or(known_volume),
            provenance: self.provenance.clone(),
        })?;
        let last = assembly.database.minerals.len() - 1;
        Ok(Slot::Mineral(known.unwrap_or(last)))
    }

    /// log K of a solid or species that is there, its reaction kept.
    fn replace_log_k(&self, database: &mut Database) -> Result<Slot, DatabaseProblem> {
        let name = &self.names[0];
        if let Some(id) = database.mineral(name) {
            let mineral = &mut database.minerals[id];
            mineral.log_k = LogK(self.terms);
            mineral.molar_volume_m3_mol = self.molar_volume_m3_mol.or(mineral.molar_volume_m3_mol);
            mineral.provenance = self.provenance.clone();
            return Ok(Slot::Mineral(id));
        }
        let master = database.components.iter().any(|c| c.name == *name);
        match database.species(&canonical_name(name)) {
            Some(id) if !master => {
                database.species[id].log_k = LogK(self.terms);
                database.species[id].provenance = self.provenance.clone();
                Ok(Slot::Species(id))
            }
            Some(_) => Err(DatabaseProblem::UnexpectedText {
                text: name.clone(),
                expected: "a solid or a species that is no component",
            }),
            None => Err(DatabaseProblem::Missing {
                what: format!("`reaction` ({name})"),
            }),
        }
    }
}

/// Why a layer could not be applied.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerError {
    /// `table.…`: the table or a cell of it.
    Table(TableError),
    /// `database.…`: a row that does not fit the database.
    Parameter {
        /// The row or cell.
        place: Place,
        /// What is wrong.
        problem: Box<DatabaseProblem>,
    },
}

impl From<TableError> for LayerError {
    fn from(error: TableError) -> Self {
        LayerError::Table(error)
    }
}

impl Message for LayerError {
    fn code(&self) -> &'static str {
        match self {
            LayerError::Table(error) => error.code(),
            LayerError::Parameter { problem, .. } => problem.code(),
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            LayerError::Table(error) => error.fields(lang),
            LayerError::Parameter { problem, .. } => problem.fields(lang),
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            LayerError::Table(error) => error.catalogue(),
            LayerError::Parameter { problem, .. } => problem.catalogue(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            LayerError::Table(error) => error.text(lang),
            LayerError::Parameter { place, problem } => {
                let colon = lang.pick(": ", "：");
                format!("{}{colon}{}", place.text(lang), problem.text(lang))
            }
        }
    }
}

impl std::fmt::Display for LayerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for LayerError {}

/// Lays a table over a database.
///
/// # Errors
/// [`LayerError`] at the first row that is not understood; the database is then lost.
pub fn apply(database: Database, table: &Table) -> Result<Database, LayerError> {
    let columns = Columns::of(table)?;
    let mut assembly = Assembly::resume(database);
    for row in &table.rows {
        let entry = columns.entry(table, row, &mut assembly.database.sources)?;
        entry
            .put(&mut assembly)
            .map_err(|problem| at(table, row, problem))?;
    }
    Ok(assembly.database)
}

fn at(table: &Table, row: &Row, problem: DatabaseProblem) -> LayerError {
    LayerError::Parameter {
        place: Place::row(&table.file, row.number),
        problem: Box::new(problem),
    }
}

/// Columns beside the terms: name and unit.
const OTHERS: [(&str, &str); 10] = [
    ("kind", ""),
    ("species1", ""),
    ("species2", ""),
    ("species3", ""),
    ("reaction", ""),
    ("molar_volume", "cm3/mol"),
    ("t_min", "degC"),
    ("t_max", "degC"),
    ("source", ""),
    ("reference", ""),
];

/// Which columns of a table hold what.
struct Columns {
    interaction: [Option<usize>; 6],
    log_k: [Option<usize>; 6],
}

impl Columns {
    fn of(table: &Table) -> Result<Columns, LayerError> {
        let find = |headers: &[&str; 6]| {
            headers.map(|header| table.columns.iter().position(|c| c.text() == header))
        };
        for (index, column) in table.columns.iter().enumerate() {
            let text = column.text();
            let known = TERMS.contains(&text.as_str())
                || LOG_K.contains(&text.as_str())
                || OTHERS.contains(&(column.name.as_str(), column.unit.as_str()))
                || column.name == "note"
                || column.name.starts_with("se ");
            if !known {
                return Err(LayerError::Parameter {
                    place: table.header_place(index),
                    problem: Box::new(DatabaseProblem::UnexpectedText {
                        text,
                        expected: "a column of this table, its unit as in the format",
                    }),
                });
            }
        }
        for needed in ["kind", "species1", "source"] {
            table.column(needed)?;
        }
        Ok(Columns {
            interaction: find(&TERMS),
            log_k: find(&LOG_K),
        })
    }

    fn entry(
        &self,
        table: &Table,
        row: &Row,
        sources: &mut Vec<Source>,
    ) -> Result<Entry, LayerError> {
        let problem = |problem| at(table, row, problem);
        let text = |name: &str| {
            let column = table.find(name);
            column.map_or("", |c| table.cell(row, c).raw())
        };
        let kind = kind_in(table, row)?;
        let names = names_in(table, row, kind).map_err(problem)?;
        let columns = match kind {
            Kind::Interaction(_) => &self.interaction,
            Kind::LogK => &self.log_k,
        };
        let mut terms = [0.0; 6];
        for (term, column) in terms.iter_mut().zip(columns) {
            if let Some(column) = column {
                *term = table.cell(row, *column).optional_number()?.unwrap_or(0.0);
            }
        }
        let key = table.cell(row, table.column("source")?).text()?;
        let number = |name: &str| -> Result<Option<f64>, TableError> {
            let cell = table.find(name).map(|c| table.cell(row, c));
            cell.map_or(Ok(None), |cell| cell.optional_number())
        };
        let (t_min, t_max) = (number("t_min")?, number("t_max")?);
        if let (Some(t_min_degc), Some(t_max_degc)) = (t_min, t_max)
            && t_max_degc < t_min_degc
        {
            return Err(problem(DatabaseProblem::EmptyRange {
                t_min_degc,
                t_max_degc,
            }));
        }
        let reaction = text("reaction");
        Ok(Entry {
            kind,
            names,
            reaction: (!reaction.is_empty()).then(|| reaction.to_string()),
            molar_volume_m3_mol: number("molar_volume")?.map(|v| v * 1e-6),
            terms,
            provenance: Provenance {
                source: Some(source(sources, key, text("reference"))),
                temperature_k_min: t_min.map(|t| t + 273.15),
                temperature_k_max: t_max.map(|t| t + 273.15),
                note: text("note").to_string(),
            },
        })
    }
}

/// The kind a row names.
pub(crate) fn kind_in(table: &Table, row: &Row) -> Result<Kind, LayerError> {
    let cell = table.cell(row, table.column("kind")?);
    let word = cell.text()?;
    Kind::from_name(word).ok_or_else(|| LayerError::Parameter {
        place: cell.place(),
        problem: Box::new(DatabaseProblem::UnexpectedText {
            text: word.to_string(),
            expected: "B0, B1, B2, C0, ALPHAS, THETA, LAMBDA, PSI, ZETA, MU, ETA or LOG_K",
        }),
    })
}

/// The species a row names: as many as its kind joins.
pub(crate) fn names_in(
    table: &Table,
    row: &Row,
    kind: Kind,
) -> Result<Vec<String>, DatabaseProblem> {
    let mut names = Vec::new();
    for (index, column) in ["species1", "species2", "species3"].into_iter().enumerate() {
        let text = table.find(column).map_or("", |c| table.cell(row, c).raw());
        let needed = index < kind.arity();
        match (needed, text) {
            (true, "") => {
                let what = format!("`{column}`");
                return Err(DatabaseProblem::Missing { what });
            }
            (true, name) if kind == Kind::LogK => names.push(name.to_string()),
            (true, name) => names.push(canonical_name(name)),
            (false, "") => {}
            (false, text) => {
                return Err(DatabaseProblem::UnexpectedText {
                    text: text.to_string(),
                    expected: "blank: this kind joins fewer species",
                });
            }
        }
    }
    Ok(names)
}

/// Index of a source, added if it is new.
pub(crate) fn source(sources: &mut Vec<Source>, key: &str, reference: &str) -> usize {
    if let Some(found) = sources.iter().position(|s| s.key == key) {
        return found;
    }
    let reference = if reference.is_empty() { key } else { reference };
    sources.push(Source {
        key: key.to_string(),
        reference: reference.to_string(),
    });
    sources.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thermo::default_database;

    fn layered(text: &str) -> Result<Database, LayerError> {
        let table = Table::read("layer.csv", text).expect("a table");
        apply(default_database(), &table)
    }

    #[test]
    fn a_row_replaces_what_is_there_and_adds_what_is_not() {
        let base = default_database();
        let db = layered(
            "kind,species1,species2,species3,reaction,a0 [*],A1 [-],t_min [degC],t_max [degC],source,reference,note\n\
             B0,Cl-,Na+,,,0.08,,0,50,mine,Mine 2026,\n\
             PSI,Li+,Cl-,Na+,,-0.01,,0,50,mine,,x\n\
             LOG_K,Halite,,,,,1.6,0,50,mine,,\n\
             LOG_K,Li-carnallite,,,LiMgCl3:7H2O = Li+ + Mg+2 + 3 Cl- + 7 H2O,,5,0,50,mine,,\n\
             LOG_K,LiSO4-,,,Li+ + SO4-2 = LiSO4-,,0.6,0,50,mine,,\n",
        )
        .expect("a layer");
        assert_eq!(db.interactions.len(), base.interactions.len() + 1);
        assert_eq!(db.minerals.len(), base.minerals.len() + 1);
        assert_eq!(db.species.len(), base.species.len() + 1);
        let b0 = db
            .interactions
            .iter()
            .find(|i| {
                i.kind == InteractionKind::Beta0
                    && db.species[i.species.0].name == "Na+"
                    && db.species[i.species.1].name == "Cl-"
            })
            .expect("NaCl");
        assert_eq!(b0.terms, [0.08, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(
            db.sources[b0.provenance.source.expect("a source")].reference,
            "Mine 2026"
        );
        let halite = &db.minerals[db.mineral("Halite").expect("Halite")];
        assert_eq!(halite.log_k.0[0], 1.6);
        assert!(halite.molar_volume_m3_mol.is_some(), "kept from the base");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_in_both_languages() {
        let head = "kind,species1,species2,species3,reaction,a0 [*],A1 [-],t_min [degC],t_max [degC],source\n";
        let cases = [
            (
                "B7,Na+,Cl-,,,1,,0,1,x\n",
                "database.unexpected_text",
                "row 2",
            ),
            (
                "B0,Na+,Qq-,,,1,,0,1,x\n",
                "database.unknown_species",
                "row 2",
            ),
            ("B0,Na+,,,,1,,0,1,x\n", "database.missing", "row 2"),
            ("B0,Na+,K+,,,1,,0,1,x\n", "database.wrong_charges", "row 2"),
            (
                "B0,Na+,Cl-,K+,,1,,0,1,x\n",
                "database.unexpected_text",
                "row 2",
            ),
            (
                "B0,Na+,Cl-,,,one,,0,1,x\n",
                "table.not_a_number",
                "row 2, column a0 [*]",
            ),
            ("B0,Na+,Cl-,,,1,,10,1,x\n", "database.empty_range", "row 2"),
            (
                "LOG_K,Unobtainite,,,,,1,0,1,x\n",
                "database.missing",
                "row 2",
            ),
            (
                "LOG_K,Na+,,,,,1,0,1,x\n",
                "database.unexpected_text",
                "row 2",
            ),
            (
                "LOG_K,X,,,NaCl2 = Na+ + Cl-,,1,0,1,x\n",
                "database.unbalanced",
                "row 2",
            ),
            (
                "B0,Na+,Cl-,,,1,,0,1,\n",
                "table.blank",
                "row 2, column source",
            ),
        ];
        for (row, code, place) in cases {
            let error = layered(&format!("{head}{row}")).expect_err(row);
            assert_eq!(error.code(), code, "{row}: {error}");
            let (en, zh) = (error.text(Lang::En), error.text(Lang::Zh));
            assert!(en.starts_with(&format!("layer.csv, {place}")), "{en}");
            assert!(zh.starts_with("layer.csv 第 2 行") && zh != en, "{zh}");
            assert!(!zh.contains("expected"), "{zh}");
        }
        let error =
            layered("kind,species1,source,a0\nB0,Na+,x,1\n").expect_err("a unit is missing");
        assert!(
            error.to_string().starts_with("layer.csv, row 1, column a0"),
            "{error}"
        );
    }
}
