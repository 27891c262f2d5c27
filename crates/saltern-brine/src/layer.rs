//! Layers on a database: tables whose rows replace parameters or add them.
//!
//! A layer is one table with the columns of those in `data/thermo` together (the units stand in the headers):
//!
//! ```text
//! kind, species1, species2, species3, reaction, molar_volume [cm3/mol],
//! a0 [*] … a5 [* K2], A1 [-] … A6 [1/K2], c0 [J/mol/K] … c3 [J/mol/K3], volume a1 [cal/mol/bar] … volume i4 [-],
//! t_min [degC], t_max [degC], source, reference, note
//! ```
//!
//! `kind` is B0, B1, B2, C0, ALPHAS, THETA, LAMBDA, PSI, ZETA, MU, ETA, or `LOG_K` of the solid or species in
//! `species1`, or `HEAT_CAPACITY` or `VOLUME` of the species there. A blank term is zero. A row replaces the parameter of the same kind and species, whatever their
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
use crate::database::{
    Database, HeatCapacityTerms, InteractionKind, LogK, MineralId, Provenance, Source, SpeciesId,
    VolumeTerms,
};
use crate::thermo::{HEAT_CAPACITY, LOG_K, TERMS, VOLUME, blank_draft};

/// What a parameter of a layer or a fit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A Pitzer coefficient.
    Interaction(InteractionKind),
    /// log10 K of a solid or an aqueous species.
    LogK,
    /// Heat capacity of a master species at infinite dilution.
    HeatCapacity,
    /// Apparent molar volume of a species.
    Volume,
}

impl Kind {
    /// As tables write it: `PSI`, `LOG_K`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Interaction(kind) => kind_name(kind),
            Kind::LogK => "LOG_K",
            Kind::HeatCapacity => "HEAT_CAPACITY",
            Kind::Volume => "VOLUME",
        }
    }

    /// By name, in any case.
    pub fn from_name(name: &str) -> Option<Kind> {
        [Kind::LogK, Kind::HeatCapacity, Kind::Volume]
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
            .or_else(|| kind_of_name(name).map(Kind::Interaction))
    }

    /// Its terms as the tables of data/thermo head them, unit included.
    pub fn terms(self) -> &'static [&'static str] {
        match self {
            Kind::Interaction(_) => &TERMS,
            Kind::LogK => &LOG_K,
            Kind::HeatCapacity => &HEAT_CAPACITY,
            Kind::Volume => &VOLUME,
        }
    }

    /// A term as a layer heads it: the volume's a0 and a1 are not the coefficients'.
    pub fn layer_header(self, term: usize) -> String {
        let prefix = if self == Kind::Volume { "volume " } else { "" };
        format!("{prefix}{}", self.terms()[term])
    }

    /// How many species it joins.
    pub fn arity(self) -> usize {
        match self {
            Kind::Interaction(kind) => kind_arity(kind),
            Kind::LogK | Kind::HeatCapacity | Kind::Volume => 1,
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
    /// Heat capacity of an aqueous species.
    HeatCapacity(SpeciesId),
    /// Volume of an aqueous species.
    Volume(SpeciesId),
}

impl Slot {
    /// Gives the parameter there other terms; missing ones are zero.
    pub(crate) fn set(self, database: &mut Database, terms: &[f64]) {
        match self {
            Slot::Interaction(row) => database.interactions[row].terms = filled(terms),
            Slot::Mineral(id) => database.minerals[id].log_k = LogK(filled(terms)),
            Slot::Species(id) => database.species[id].log_k = LogK(filled(terms)),
            Slot::HeatCapacity(id) => {
                database.species[id].heat_capacity = Some(HeatCapacityTerms(filled(terms)));
            }
            Slot::Volume(id) => database.species[id].volume = Some(VolumeTerms(filled(terms))),
        }
    }

    /// Terms of the parameter there, if it has any.
    pub(crate) fn terms(self, database: &Database) -> Option<Vec<f64>> {
        match self {
            Slot::Interaction(row) => Some(database.interactions[row].terms.to_vec()),
            Slot::Mineral(id) => Some(database.minerals[id].log_k.0.to_vec()),
            Slot::Species(id) => Some(database.species[id].log_k.0.to_vec()),
            Slot::HeatCapacity(id) => database.species[id].heat_capacity.map(|c| c.0.to_vec()),
            Slot::Volume(id) => database.species[id].volume.map(|v| v.0.to_vec()),
        }
    }
}

fn filled<const N: usize>(terms: &[f64]) -> [f64; N] {
    std::array::from_fn(|k| terms.get(k).copied().unwrap_or(0.0))
}

/// A parameter as a row gives it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    pub(crate) names: Vec<String>,
    pub(crate) reaction: Option<String>,
    pub(crate) molar_volume_m3_mol: Option<f64>,
    pub(crate) terms: Vec<f64>,
    pub(crate) provenance: Provenance,
}

impl Entry {
    /// Puts the parameter into a database.
    pub(crate) fn put(&self, assembly: &mut Assembly) -> Result<Slot, DatabaseProblem> {
        match self.kind {
            Kind::Interaction(kind) => {
                let provenance = self.provenance.clone();
                assembly.add_interaction(kind, &self.names, filled(&self.terms), provenance)?;
                assembly
                    .interaction(kind, &self.names)
                    .map(Slot::Interaction)
                    .ok_or(DatabaseProblem::UnknownSpecies {
                        name: self.names.join(" "),
                    })
            }
            Kind::LogK => self.put_log_k(assembly),
            Kind::HeatCapacity | Kind::Volume => self.put_property(&mut assembly.database),
        }
    }

    /// Heat capacity or volume of a species.
    fn put_property(&self, database: &mut Database) -> Result<Slot, DatabaseProblem> {
        let name = canonical_name(&self.names[0]);
        let unknown = || DatabaseProblem::UnknownSpecies { name: name.clone() };
        let id = database.species(&name).ok_or_else(unknown)?;
        let master = database.components.iter().any(|c| c.species == Some(id));
        let slot = match self.kind {
            Kind::HeatCapacity if !master => {
                return Err(DatabaseProblem::UnexpectedText {
                    text: name,
                    expected: "the master species of a component",
                });
            }
            Kind::HeatCapacity => {
                database.species[id].property_sources[2] = self.provenance.source;
                Slot::HeatCapacity(id)
            }
            _ => {
                database.species[id].property_sources[0] = self.provenance.source;
                Slot::Volume(id)
            }
        };
        slot.set(database, &self.terms);
        Ok(slot)
    }

    fn put_log_k(&self, assembly: &mut Assembly) -> Result<Slot, DatabaseProblem> {
        let name = &self.names[0];
        let Some(reaction) = &self.reaction else {
            return self.replace_log_k(&mut assembly.database);
        };
        if let Ok(formation) = parse_formation(&canonical_name(name), reaction) {
            let draft = SpeciesDraft {
                formation,
                log_k: LogK(filled(&self.terms)),
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
            log_k: LogK(filled(&self.terms)),
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
            mineral.log_k = LogK(filled(&self.terms));
            mineral.molar_volume_m3_mol = self.molar_volume_m3_mol.or(mineral.molar_volume_m3_mol);
            mineral.provenance = self.provenance.clone();
            return Ok(Slot::Mineral(id));
        }
        let master = database.components.iter().any(|c| c.name == *name);
        match database.species(&canonical_name(name)) {
            Some(id) if !master => {
                database.species[id].log_k = LogK(filled(&self.terms));
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

/// One kind of each form of terms.
pub(crate) const FORMS: [Kind; 4] = [
    Kind::Interaction(InteractionKind::Beta0),
    Kind::LogK,
    Kind::HeatCapacity,
    Kind::Volume,
];

/// Which columns hold the terms of each of [`FORMS`].
struct Columns([Vec<Option<usize>>; 4]);

impl Columns {
    fn of(table: &Table) -> Result<Columns, LayerError> {
        let headers = |kind: Kind| (0..kind.terms().len()).map(move |k| kind.layer_header(k));
        for (index, column) in table.columns.iter().enumerate() {
            let text = column.text();
            let known = FORMS.into_iter().flat_map(headers).any(|h| h == text)
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
        let find = |header: String| table.columns.iter().position(|c| c.text() == header);
        Ok(Columns(FORMS.map(|kind| headers(kind).map(find).collect())))
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
        let form = FORMS.iter().position(|form| form.terms() == kind.terms());
        let columns = &self.0[form.unwrap_or(0)];
        let mut terms = vec![0.0; columns.len()];
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
            expected: "B0, B1, B2, C0, ALPHAS, THETA, LAMBDA, PSI, ZETA, MU, ETA, LOG_K, HEAT_CAPACITY or VOLUME",
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
             PSI,Li+,Cl-,Ca+2,,-0.01,,0,50,mine,,x\n\
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
