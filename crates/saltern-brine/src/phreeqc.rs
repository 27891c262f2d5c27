//! Reads PHREEQC Pitzer databases (`pitzer.dat`, `frezchem.dat`, `ColdChem.dat`).
//!
//! Pure: text in, [`Database`] out. What the brine model has no use for is left out: redox (`e-`),
//! gases, exchange, surfaces, rates, diffusion; so are species of pseudo-elements such as PHREEQC's
//! redox-uncoupled `Hdg`. Everything left out that would change an answer is named in
//! [`Database::left_out`].

use std::collections::HashSet;

use crate::assembly::{
    Assembly, DatabaseError, DatabaseProblem, MineralDraft, Reaction, SpeciesDraft, canonical_name,
    kind_arity, kind_name, kind_of_name, parse_reaction,
};
use crate::database::{Database, InteractionKind, LogK, Provenance, Source, VolumeTerms};

/// Text of a database file: UTF-8 if it is, else Windows-1252, in which the files are written.
pub fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_string(),
        Err(_) => bytes.iter().map(|&b| windows_1252(b)).collect(),
    }
}

fn windows_1252(byte: u8) -> char {
    // 0x80–0x9F are the only bytes that differ from Latin-1; unassigned ones stay as they are.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Reads a PHREEQC Pitzer database. `name` is the file's name for people and errors.
pub fn parse(text: &str, name: &str) -> Result<Database, DatabaseError> {
    let mut reader = Reader::default();
    let at = |line: usize| {
        move |problem| DatabaseError {
            file: name.to_string(),
            line,
            problem,
        }
    };
    let mut block = Block::Other;
    for statement in statements(text) {
        if let Some(next) = Block::named(statement.first_word()) {
            block = next;
            continue;
        }
        reader
            .statement(block, &statement)
            .map_err(at(statement.line))?;
    }
    reader
        .finish(name)
        .map_err(|(line, problem)| at(line)(problem))
}

/// One statement: a line, or a part of it between semicolons, without its comment.
struct Statement<'a> {
    line: usize,
    text: &'a str,
    comment: &'a str,
}

impl<'a> Statement<'a> {
    fn first_word(&self) -> &'a str {
        self.text.split_whitespace().next().unwrap_or("")
    }

    fn rest(&self) -> &'a str {
        self.text[self.first_word().len()..].trim_start()
    }
}

fn statements(text: &str) -> impl Iterator<Item = Statement<'_>> {
    text.lines().enumerate().flat_map(|(i, line)| {
        let (code, comment) = line.split_once('#').unwrap_or((line, ""));
        code.split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(move |part| Statement {
                line: i + 1,
                text: part,
                comment: comment.trim(),
            })
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Block {
    MasterSpecies,
    Species,
    Phases,
    Pitzer,
    Other,
}

impl Block {
    /// The block that a keyword opens; `None` if the word is no keyword.
    fn named(word: &str) -> Option<Block> {
        const OTHERS: [&str; 38] = [
            "END",
            "DATABASE",
            "EXCHANGE",
            "EXCHANGE_MASTER_SPECIES",
            "EXCHANGE_SPECIES",
            "SURFACE",
            "SURFACE_MASTER_SPECIES",
            "SURFACE_SPECIES",
            "GAS_BINARY_PARAMETERS",
            "GAS_PHASE",
            "MEAN_GAMMAS",
            "RATES",
            "KINETICS",
            "SIT",
            "NAMED_EXPRESSIONS",
            "NAMED_ANALYTICAL_EXPRESSIONS",
            "LLNL_AQUEOUS_MODEL_PARAMETERS",
            "ISOTOPES",
            "ISOTOPE_RATIOS",
            "ISOTOPE_ALPHAS",
            "CALCULATE_VALUES",
            "SOLID_SOLUTIONS",
            "SOLUTION",
            "SOLUTION_SPREAD",
            "EQUILIBRIUM_PHASES",
            "REACTION",
            "REACTION_TEMPERATURE",
            "REACTION_PRESSURE",
            "MIX",
            "USE",
            "SAVE",
            "TITLE",
            "KNOBS",
            "PRINT",
            "SELECTED_OUTPUT",
            "USER_PRINT",
            "USER_PUNCH",
            "TRANSPORT",
        ];
        let word = word.to_ascii_uppercase();
        match word.as_str() {
            "SOLUTION_MASTER_SPECIES" => Some(Block::MasterSpecies),
            "SOLUTION_SPECIES" => Some(Block::Species),
            "PHASES" => Some(Block::Phases),
            "PITZER" => Some(Block::Pitzer),
            other => OTHERS.contains(&other).then_some(Block::Other),
        }
    }
}

/// What a PITZER option line has opened.
#[derive(Clone, Copy, Default, PartialEq)]
enum Parameters {
    Of(InteractionKind),
    DebyeHueckel,
    #[default]
    Skipped,
}

/// Options given under a species or phase.
#[derive(Clone, Default)]
struct Options {
    log_k: Option<f64>,
    enthalpy_kj_mol: f64,
    analytic: Option<[f64; 6]>,
    volume: Option<([f64; 10], String)>,
    viscosity: Option<[f64; 7]>,
    diffusion: Option<[f64; 2]>,
    unchecked: bool,
    comment: String,
}

impl Options {
    /// An analytic expression overrides log K and enthalpy, as in PHREEQC.
    fn log_k(&self) -> Option<LogK> {
        match (self.analytic, self.log_k) {
            (Some(terms), _) if terms.iter().any(|&a| a != 0.0) => Some(LogK(terms)),
            (_, Some(log_k)) => Some(LogK::van_t_hoff(log_k, self.enthalpy_kj_mol)),
            _ => None,
        }
    }

    fn provenance(&self) -> Provenance {
        Provenance {
            source: Some(0),
            note: self.comment.clone(),
            ..Provenance::default()
        }
    }
}

/// A species or phase as read, before names are resolved.
struct Entry {
    line: usize,
    name: String,
    reaction: Option<Reaction>,
    options: Options,
}

struct ParameterRow {
    line: usize,
    kind: InteractionKind,
    names: Vec<String>,
    terms: [f64; 6],
    comment: String,
}

#[derive(Default)]
struct Reader {
    /// (element, master species), in the order read.
    masters: Vec<(String, String)>,
    species: Vec<Entry>,
    phases: Vec<Entry>,
    rows: Vec<ParameterRow>,
    parameters: Parameters,
    a_phi: Option<[f64; 6]>,
    left_out: Vec<String>,
}

impl Reader {
    fn statement(&mut self, block: Block, statement: &Statement) -> Result<(), DatabaseProblem> {
        match block {
            Block::MasterSpecies => self.master(statement),
            Block::Species => self.species_line(statement)?,
            Block::Phases => self.phase_line(statement)?,
            Block::Pitzer => self.pitzer_line(statement)?,
            Block::Other => (),
        }
        Ok(())
    }

    fn master(&mut self, statement: &Statement) {
        let mut words = statement.text.split_whitespace();
        if let (Some(element), Some(species)) = (words.next(), words.next()) {
            self.masters
                .push((element.to_string(), canonical_name(species)));
        }
    }

    fn species_line(&mut self, statement: &Statement) -> Result<(), DatabaseProblem> {
        if let Some(option) = Choice::of(statement.first_word()) {
            return match self.species.last_mut() {
                Some(entry) => option.read(statement, &mut entry.options),
                None => Err(unexpected(statement, "a reaction before its options")),
            };
        }
        let reaction = parse_reaction(statement.text)?;
        // PHREEQC defines the species that stands first on the right.
        let name = reaction
            .right
            .first()
            .map(|(name, _)| name.clone())
            .unwrap_or_default();
        self.species.retain(|entry| entry.name != name);
        self.species.push(entry(statement, name, Some(reaction)));
        Ok(())
    }

    fn phase_line(&mut self, statement: &Statement) -> Result<(), DatabaseProblem> {
        if let Some(option) = Choice::of(statement.first_word()) {
            return match self.phases.last_mut() {
                Some(entry) => option.read(statement, &mut entry.options),
                None => Err(unexpected(
                    statement,
                    "the name of a phase before its options",
                )),
            };
        }
        if !statement.text.contains('=') {
            let name = statement.first_word().to_string();
            self.phases.push(entry(statement, name, None));
            return Ok(());
        }
        match self.phases.last_mut() {
            Some(entry) if entry.reaction.is_none() => {
                entry.reaction = Some(parse_reaction(statement.text)?)
            }
            _ => {
                return Err(unexpected(
                    statement,
                    "the name of a phase before its reaction",
                ));
            }
        }
        Ok(())
    }

    fn pitzer_line(&mut self, statement: &Statement) -> Result<(), DatabaseProblem> {
        let word = statement.first_word();
        if let Some(option) = word
            .strip_prefix('-')
            .filter(|o| o.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            self.parameters = match kind_of_name(option) {
                Some(kind) => Parameters::Of(kind),
                None if option.eq_ignore_ascii_case("aphi") => Parameters::DebyeHueckel,
                None => self.switch(option, statement.rest()),
            };
            return Ok(());
        }
        match self.parameters {
            Parameters::Of(kind) => self.parameter_row(kind, statement),
            Parameters::DebyeHueckel => {
                self.a_phi = Some(numbers(statement.text)?);
                Ok(())
            }
            Parameters::Skipped => Ok(()),
        }
    }

    /// Options without parameters. The model always takes unsymmetrical mixing and never MacInnes scaling.
    fn switch(&mut self, option: &str, value: &str) -> Parameters {
        if option.eq_ignore_ascii_case("use_etheta") && value.to_ascii_lowercase().starts_with('f')
        {
            self.left_out
                .push("-use_etheta false: unsymmetrical mixing is always on".to_string());
        }
        Parameters::Skipped
    }

    fn parameter_row(
        &mut self,
        kind: InteractionKind,
        statement: &Statement,
    ) -> Result<(), DatabaseProblem> {
        let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '(');
        let names: Vec<String> = statement
            .text
            .split_whitespace()
            .take_while(is_name)
            .map(canonical_name)
            .collect();
        if names.len() != kind_arity(kind) {
            return Err(unexpected(
                statement,
                "two species (three for PSI, ZETA, MU, ETA), then numbers",
            ));
        }
        let after = statement.text.split_whitespace().skip(names.len());
        let terms = numbers_of(after)?;
        let comment = statement.comment.to_string();
        self.rows.push(ParameterRow {
            line: statement.line,
            kind,
            names,
            terms,
            comment,
        });
        Ok(())
    }

    fn finish(mut self, name: &str) -> Result<Database, (usize, DatabaseProblem)> {
        let mut assembly = Assembly::new(name);
        let reference = format!("PHREEQC database file {name}");
        assembly.database.sources.push(Source {
            key: "file".to_string(),
            reference,
        });
        let mut dropped = self.add_components(&mut assembly);
        if assembly.database.components.len() == 2 {
            let what = "SOLUTION_MASTER_SPECIES with at least one species beside H+ and H2O";
            return Err((
                0,
                DatabaseProblem::Missing {
                    what: what.to_string(),
                },
            ));
        }
        self.add_species(&mut assembly, &mut dropped)?;
        self.add_minerals(&mut assembly, &dropped)?;
        self.add_interactions(&mut assembly, &dropped)?;
        assembly.database.a_phi = self.a_phi;
        assembly.database.left_out = self.left_out;
        Ok(assembly.database)
    }

    /// Adds one component per element; returns the species that fall away.
    fn add_components(&mut self, assembly: &mut Assembly) -> HashSet<String> {
        let mut dropped = HashSet::from(["e-".to_string()]);
        let mut seen =
            HashSet::from(["Alkalinity".to_string(), "E".into(), "O".into(), "H".into()]);
        for (element, species) in std::mem::take(&mut self.masters) {
            let element = element.split('(').next().unwrap_or("").to_string();
            // A second valence state of an element is redox; `S(6)` beside `S` is the same species.
            if assembly.knows(&species) || !seen.insert(element.clone()) {
                continue;
            }
            if let Err(problem) = assembly.add_component(&species, &element) {
                self.left_out.push(format!("{species}: {problem}"));
                dropped.insert(species);
            }
        }
        dropped
    }

    fn add_species(
        &mut self,
        assembly: &mut Assembly,
        dropped: &mut HashSet<String>,
    ) -> Result<(), (usize, DatabaseProblem)> {
        let mut entries = std::mem::take(&mut self.species);
        // What needs a dropped species is dropped with it, and so on.
        while let Some(i) = entries.iter().position(|entry| entry.needs(dropped)) {
            let entry = entries.remove(i);
            if dropped.insert(entry.name.clone()) {
                self.left_out.push(format!(
                    "{}: its reaction needs a species that is left out",
                    entry.name
                ));
            }
        }
        let mut drafts = Vec::new();
        for entry in entries.into_iter().filter(|entry| entry.name != "H2O") {
            let line = entry.line;
            drafts.push(
                entry
                    .species_draft(assembly)
                    .map_err(|problem| (line, problem))?,
            );
        }
        assembly.add_species(drafts)
    }

    fn add_minerals(
        &mut self,
        assembly: &mut Assembly,
        dropped: &HashSet<String>,
    ) -> Result<(), (usize, DatabaseProblem)> {
        for entry in std::mem::take(&mut self.phases) {
            if entry.name.to_ascii_lowercase().ends_with("(g)") {
                continue;
            }
            if entry.needs(dropped) {
                self.left_out.push(format!(
                    "{}: its reaction needs a species that is left out",
                    entry.name
                ));
                continue;
            }
            let line = entry.line;
            let draft = entry.mineral_draft().map_err(|problem| (line, problem))?;
            assembly
                .add_mineral(draft)
                .map_err(|problem| (line, problem))?;
        }
        Ok(())
    }

    fn add_interactions(
        &mut self,
        assembly: &mut Assembly,
        dropped: &HashSet<String>,
    ) -> Result<(), (usize, DatabaseProblem)> {
        for row in std::mem::take(&mut self.rows) {
            if let Some(name) = row.names.iter().find(|name| !assembly.knows(name)) {
                if !dropped.contains(name) {
                    self.left_out.push(format!(
                        "{} {}: no species {name}",
                        kind_name(row.kind),
                        row.names.join(" ")
                    ));
                }
                continue;
            }
            let provenance = Provenance {
                source: Some(0),
                note: row.comment,
                ..Provenance::default()
            };
            assembly
                .add_interaction(row.kind, &row.names, row.terms, provenance)
                .map_err(|problem| (row.line, problem))?;
        }
        Ok(())
    }
}

fn entry(statement: &Statement, name: String, reaction: Option<Reaction>) -> Entry {
    let options = Options {
        comment: statement.comment.to_string(),
        ..Options::default()
    };
    Entry {
        line: statement.line,
        name,
        reaction,
        options,
    }
}

impl Entry {
    fn needs(&self, dropped: &HashSet<String>) -> bool {
        let sides = self
            .reaction
            .iter()
            .flat_map(|r| r.left.iter().chain(&r.right));
        sides.into_iter().any(|(name, _)| dropped.contains(name))
    }

    fn species_draft(self, assembly: &Assembly) -> Result<SpeciesDraft, DatabaseProblem> {
        let is_master = assembly.knows(&self.name);
        let log_k = match self.options.log_k() {
            _ if is_master => LogK::default(),
            Some(log_k) => log_k,
            None => {
                return Err(DatabaseProblem::Missing {
                    what: format!("log_k of {}", self.name),
                });
            }
        };
        let volume = self
            .options
            .volume
            .as_ref()
            .map(|(terms, _)| VolumeTerms(*terms));
        let mut formation = Vec::new();
        if !is_master {
            let reaction = self.reaction.unwrap_or_default();
            let mut products = reaction.right.into_iter();
            if products.next().is_none_or(|(_, n)| n != 1.0) {
                return Err(not_one(&self.name));
            }
            formation.extend(reaction.left);
            formation.extend(products.map(|(name, n)| (name, -n)));
        }
        Ok(SpeciesDraft {
            line: self.line,
            name: self.name,
            formation,
            log_k,
            checked: !self.options.unchecked,
            volume,
            viscosity: self.options.viscosity,
            diffusion: self.options.diffusion,
            heat_capacity: None,
            provenance: self.options.provenance(),
            property_sources: [None; 3],
        })
    }

    fn mineral_draft(self) -> Result<MineralDraft, DatabaseProblem> {
        let missing = |what: &str| DatabaseProblem::Missing {
            what: format!("{what} of {}", self.name),
        };
        let reaction = self
            .reaction
            .clone()
            .ok_or_else(|| missing("the reaction"))?;
        let log_k = self.options.log_k().ok_or_else(|| missing("log_k"))?;
        let provenance = self.options.provenance();
        let mut reactants = reaction.left.into_iter();
        let (formula_text, n) = reactants.next().ok_or_else(|| missing("the formula"))?;
        if n != 1.0 {
            return Err(not_one(&self.name));
        }
        let mut dissolution = reaction.right;
        dissolution.extend(reactants.map(|(name, n)| (name, -n)));
        let molar_volume_m3_mol = match &self.options.volume {
            Some((terms, unit)) => Some(terms[0] * volume_unit_m3(unit)?),
            None => None,
        };
        Ok(MineralDraft {
            name: self.name,
            formula_text,
            dissolution,
            log_k,
            checked: !self.options.unchecked,
            molar_volume_m3_mol,
            provenance,
        })
    }
}

fn not_one(name: &str) -> DatabaseProblem {
    let expected = "one mole of what the reaction defines";
    DatabaseProblem::BadReaction {
        text: name.to_string(),
        expected,
    }
}

fn volume_unit_m3(unit: &str) -> Result<f64, DatabaseProblem> {
    match unit.to_ascii_lowercase().trim_end_matches("/mol") {
        "" | "cm3" => Ok(1e-6),
        "dm3" => Ok(1e-3),
        "m3" => Ok(1.0),
        _ => Err(DatabaseProblem::UnexpectedText {
            text: unit.to_string(),
            expected: "cm3/mol, dm3/mol or m3/mol",
        }),
    }
}

/// Options of species and phases that matter here.
enum Choice {
    LogK,
    Enthalpy,
    Analytic,
    Volume,
    Viscosity,
    Diffusion,
    Unchecked,
    Ignored,
}

impl Choice {
    /// With a leading `-` any word is an option, and a beginning of a name is enough; without it the
    /// spelling must be one that PHREEQC knows.
    fn of(word: &str) -> Option<Choice> {
        const BARE: [&str; 17] = [
            "t_c",
            "p_c",
            "omega",
            "gamma",
            "erm_ddl",
            "millero",
            "mole_balance",
            "llnl_gamma",
            "co2_llnl_gamma",
            "activity_water",
            "add_logk",
            "add_log_k",
            "add_constant",
            "check",
            "mass_balance",
            "mb",
            "viscosity",
        ];
        let dashed = word
            .strip_prefix('-')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        let lower = dashed.unwrap_or(word).to_ascii_lowercase();
        let begins =
            |full: &str, shortest: usize| lower.len() >= shortest && full.starts_with(&lower);
        if begins("log_k", 3) || begins("logk", 3) {
            Some(Choice::LogK)
        } else if begins("delta_h", 5) || begins("deltah", 5) {
            Some(Choice::Enthalpy)
        } else if begins("analytical_expression", 4)
            || begins("analytic_expression", 4)
            || lower == "a_e"
            || lower == "ae"
        {
            Some(Choice::Analytic)
        } else if lower == "vm" {
            Some(Choice::Volume)
        } else if begins("viscosity", 4) {
            Some(Choice::Viscosity)
        } else if lower == "dw" {
            Some(Choice::Diffusion)
        } else if begins("no_check", 4) {
            Some(Choice::Unchecked)
        } else {
            (dashed.is_some() || BARE.contains(&lower.as_str())).then_some(Choice::Ignored)
        }
    }

    fn read(self, statement: &Statement, options: &mut Options) -> Result<(), DatabaseProblem> {
        let text = statement.rest();
        match self {
            Choice::LogK => options.log_k = Some(numbers::<1>(text)?[0]),
            Choice::Enthalpy => options.enthalpy_kj_mol = enthalpy_kj_mol(text)?,
            Choice::Analytic => options.analytic = Some(numbers(text)?),
            Choice::Volume => {
                let unit = text
                    .split_whitespace()
                    .nth(1)
                    .filter(|word| word.parse::<f64>().is_err());
                options.volume = Some((numbers(text)?, unit.unwrap_or("").to_string()));
            }
            Choice::Viscosity => options.viscosity = Some(numbers(text)?),
            // Of little weight: what cannot be read is left out.
            Choice::Diffusion => {
                options.diffusion = numbers(text).ok();
                return Ok(());
            }
            Choice::Unchecked => options.unchecked = true,
            Choice::Ignored => return Ok(()),
        }
        if !statement.comment.is_empty() {
            options.comment = statement.comment.to_string();
        }
        Ok(())
    }
}

/// Reaction enthalpy in kJ/mol; kJ unless the text names another unit.
fn enthalpy_kj_mol(text: &str) -> Result<f64, DatabaseProblem> {
    let value = numbers::<1>(text)?[0];
    let unit = text
        .split_whitespace()
        .nth(1)
        .unwrap_or("kJ")
        .to_ascii_lowercase();
    let factor = match unit.split('/').next().unwrap_or("") {
        "kj" | "kjoules" | "kjoule" => 1.0,
        "kcal" | "kcals" => 4.184,
        "cal" | "cals" => 4.184e-3,
        "j" | "joules" | "joule" => 1e-3,
        _ => {
            return Err(DatabaseProblem::UnexpectedText {
                text: unit,
                expected: "kJ, J, kcal or cal per mol",
            });
        }
    };
    Ok(value * factor)
}

/// Up to N numbers, the rest zero; at least one; words behind them are not read.
fn numbers<const N: usize>(text: &str) -> Result<[f64; N], DatabaseProblem> {
    numbers_of(text.split_whitespace())
}

fn numbers_of<'a, const N: usize>(
    mut words: impl Iterator<Item = &'a str>,
) -> Result<[f64; N], DatabaseProblem> {
    let mut values = [0.0; N];
    for (i, value) in values.iter_mut().enumerate() {
        let word = words.next().unwrap_or("");
        match word.parse::<f64>() {
            Ok(number) if number.is_finite() => *value = number,
            _ if i > 0 && !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => break,
            _ => {
                return Err(DatabaseProblem::BadNumber {
                    text: word.to_string(),
                    expected: "a finite number",
                });
            }
        }
    }
    Ok(values)
}

fn unexpected(statement: &Statement, expected: &'static str) -> DatabaseProblem {
    DatabaseProblem::UnexpectedText {
        text: statement.text.to_string(),
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::tests::reference;
    use proptest::prelude::*;

    fn count(database: &Database, kind: InteractionKind) -> usize {
        database
            .interactions
            .iter()
            .filter(|i| i.kind == kind)
            .count()
    }

    fn counts(database: &Database) -> [usize; 8] {
        use InteractionKind::*;
        [Beta0, Beta1, Beta2, CPhi, Theta, Psi, Lambda, Zeta].map(|kind| count(database, kind))
    }

    // Counts below are of the files' own lines (counted by another program), less what is left out:
    // pitzer.dat has 72 phases, 7 of them gases, and 5 λ and 4 ζ of the pseudo-element `Sg`.
    #[test]
    fn pitzer_dat_is_read_whole() {
        let Some(db) = reference("pitzer.dat") else {
            return;
        };
        assert_eq!(counts(&db), [54, 48, 8, 32, 30, 59, 19, 5]);
        assert_eq!(
            (db.components.len(), db.species.len(), db.minerals.len()),
            (17, 29, 65)
        );
        assert_eq!(db.components[0].name, "H2O");
        assert_eq!(db.components[1].name, "H+");
        assert_eq!(db.components[2].name, "B(OH)3");
        assert!(db.minerals.iter().all(|m| !m.name.contains("(g)")));
        assert!(db.left_out.iter().any(|line| line.starts_with("Hdg")));
        assert_eq!(db.component_of_element("C"), db.component("CO3-2"));
    }

    #[test]
    fn frezchem_and_coldchem_are_read_whole() {
        let Some(db) = reference("frezchem.dat") else {
            return;
        };
        assert_eq!(counts(&db), [20, 19, 3, 14, 19, 41, 6, 8]);
        assert_eq!(
            (db.minerals.len(), db.a_phi, db.left_out.len()),
            (36, None, 0)
        );
        let Some(db) = reference("ColdChem.dat") else {
            return;
        };
        assert_eq!(counts(&db), [8, 8, 8, 8, 7, 16, 0, 0]);
        assert_eq!(
            (db.minerals.len(), count(&db, InteractionKind::Alphas)),
            (33, 8)
        );
        assert_eq!(db.a_phi.map(|a| a[0]), Some(0.391475));
    }

    /// log K at 25 °C as PHREEQC evaluates it, read from the file by hand.
    #[test]
    fn log_k_follows_the_expression_that_counts() {
        let Some(db) = reference("pitzer.dat") else {
            return;
        };
        let log_k = |name: &str, t: f64| db.minerals[db.mineral(name).expect(name)].log_k.at(t);
        // -analytic over log_k: 7.526 - 0.01114·298.15 + 115.7/298.15
        assert!((log_k("Bischofite", 298.15) - 4.592_669).abs() < 1e-6);
        // delta_h in kJ by default, log_k at 25 °C
        assert!((log_k("Glaserite", 298.15) + 3.803).abs() < 1e-12);
        let slope = 25.0 / (std::f64::consts::LN_10 * 8.3147e-3) * (1.0 / 298.15 - 1.0 / 273.15);
        assert!((log_k("Glaserite", 273.15) + 3.803 - slope).abs() < 1e-12);
        // Brucite is written with OH-: Mg(OH)2 + 2 H+ = Mg+2 + 2 H2O has log K = -10.88 + 2·13.99475
        let water = db.species[db.species("OH-").expect("OH-")].log_k.at(298.15);
        assert!((water + 13.994_751_5).abs() < 1e-6);
        assert!((log_k("Brucite", 298.15) - (-10.88 - 2.0 * water)).abs() < 1e-9);
        let brucite = &db.minerals[db.mineral("Brucite").expect("Brucite")];
        let hydrogen = brucite
            .dissolution
            .iter()
            .find(|(c, _)| *c == crate::database::HYDROGEN);
        assert_eq!(hydrogen, Some(&(crate::database::HYDROGEN, -2.0)));
        assert_eq!(brucite.molar_volume_m3_mol, Some(24.6e-6));
    }

    const SMALL: &str = "SOLUTION_MASTER_SPECIES
E e- 1 0 0\nH H+ -1 H 1.008\nO H2O 0 O 16\nNa Na+ 0 Na 22.99\nCl Cl- 0 Cl 35.45
Fe Fe+2 0 Fe 55.8\nFe(3) Fe+3 0 Fe
SOLUTION_SPECIES
H2O = H2O\nNa+ = Na+; -Vm 2.28 -4.38\nH2O = OH- + H+; -log_k -14; delta_h 10 kcal\nFe+2 = Fe+3 + e-; log_k -13
PHASES
Halite # salt
  NaCl = Cl- + Na+ ; log_k 1.57; -delta_h 3.85 kJ/mol; vm 0.0271 dm3/mol
Soda\n NaOH = Na+ + OH-; log_K 1
Rust\n FeOOH + 3H+ = Fe+3 + 2H2O; log_k 1
Gas(g)\n HCl = H+ + Cl-; log_k 6
PITZER\n-B0\nCl- Na+ 0.0765 # source 1\n-LAMDA\n-MacInnes false\n-psi\n";

    #[test]
    fn semicolons_units_and_redox() {
        let db = parse(SMALL, "small").expect("readable");
        assert_eq!(
            db.species
                .iter()
                .map(|s| s.name.as_str())
                .collect::<Vec<_>>(),
            ["H+", "Na+", "Cl-", "Fe+2", "OH-"]
        );
        assert_eq!(
            db.minerals
                .iter()
                .map(|m| m.name.as_str())
                .collect::<Vec<_>>(),
            ["Halite", "Soda"]
        );
        let volume = db.minerals[0].molar_volume_m3_mol.expect("given");
        assert!((volume - 27.1e-6).abs() < 1e-18);
        assert!((db.minerals[1].log_k.at(298.15) - 15.0).abs() < 1e-12);
        assert_eq!(db.interactions[0].provenance.note, "source 1");
        assert_eq!(db.left_out.len(), 2, "{:?}", db.left_out);
    }

    #[test]
    fn errors_name_the_line() {
        let broken = |from: &str, to: &str| {
            let error = parse(&SMALL.replace(from, to), "small").expect_err(to);
            (error.code(), error.line)
        };
        assert_eq!(broken("0.0765", "0.0x"), ("database.bad_number", 25));
        assert_eq!(
            broken("NaCl = Cl-", "NaCl2 = Cl-"),
            ("database.unbalanced", 15)
        );
        assert_eq!(
            broken("Na+ + OH-", "Na+ + OOH-"),
            ("database.unknown_species", 17)
        );
        assert_eq!(
            broken("10 kcal", "10 pound"),
            ("database.unexpected_text", 12)
        );
        assert_eq!(
            broken("Cl- Na+ 0.0765", "Cl- Cl- 0.0765"),
            ("database.wrong_charges", 25)
        );
        assert_eq!(
            parse("", "none").expect_err("empty").code(),
            "database.missing"
        );
    }

    #[test]
    fn windows_1252_files_are_read() {
        assert_eq!(decode(b"25\xb0C \x80\n"), "25\u{b0}C €\n");
        assert_eq!(decode("Möller".as_bytes()), "Möller");
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = parse(&text, "any");
        }

        /// Damage at any place of a good file is read or refused, never a panic.
        #[test]
        fn never_panics_on_damaged_files(at in 0..SMALL.len(), length in 0usize..20, with in "[ -~\n]{0,12}") {
            let mut text = SMALL.to_string();
            let end = (at + length).min(text.len());
            text.replace_range(at..end, &with);
            if let Err(error) = parse(&text, "damaged") {
                prop_assert!(error.to_string().starts_with("damaged"));
            }
        }
    }
}
