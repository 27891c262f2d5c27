//! Building a [`Database`] from named parts: the half that both readers share.
//!
//! Readers know text; this module knows what must hold of the result: names resolve, reactions
//! balance, parameters join species of the right charges.

use std::collections::HashMap;
use std::fmt;

use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::database::{
    Component, ComponentId, Database, HeatCapacityTerms, Interaction, InteractionKind, LogK,
    Mineral, Provenance, Species, SpeciesId, VolumeTerms,
};
use crate::formula::{Formula, FormulaError};
use crate::message::{catalogue, phrase};

/// Why a database could not be read, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct DatabaseError {
    /// File or table the text came from.
    pub file: String,
    /// Line in it, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub problem: DatabaseProblem,
}

/// What is wrong with a database.
#[derive(Clone, Debug, PartialEq)]
pub enum DatabaseProblem {
    /// `database.formula`: a formula or species name that cannot be read.
    Formula(FormulaError),
    /// `database.bad_number`: a number was expected.
    BadNumber {
        /// The text as written.
        text: String,
        /// What it should have been.
        expected: &'static str,
    },
    /// `database.bad_reaction`: not a reaction of the accepted form.
    BadReaction {
        /// The text as written.
        text: String,
        /// What is accepted.
        expected: &'static str,
    },
    /// `database.unbalanced`: an element or the charge is not conserved.
    Unbalanced {
        /// The species or mineral whose reaction it is.
        name: String,
        /// Element symbol, or `charge`.
        element: String,
        /// Amount on the product side in excess, mol per mol.
        excess: f64,
    },
    /// `database.unknown_species`: a name that nothing defines.
    UnknownSpecies {
        /// The name.
        name: String,
    },
    /// `database.unknown_source`: a source key that the table of sources does not list.
    UnknownSource {
        /// The key.
        key: String,
    },
    /// `database.circular`: reactions that define each other.
    Circular {
        /// One of the species.
        name: String,
    },
    /// `database.wrong_charges`: a parameter between species it cannot act between.
    WrongCharges {
        /// The parameter kind, `B0`, `PSI`, …
        kind: &'static str,
        /// The species, joined by spaces.
        species: String,
        /// What the kind joins.
        expected: &'static str,
    },
    /// `database.duplicate`: the same thing given twice.
    Duplicate {
        /// What it is.
        what: String,
    },
    /// `database.missing`: something that every database must have, or a blank cell that must be filled.
    Missing {
        /// What is missing.
        what: String,
    },
    /// `database.unexpected_text`: text that means nothing where it stands.
    UnexpectedText {
        /// The text.
        text: String,
        /// What is accepted.
        expected: &'static str,
    },
    /// `database.empty_range`: a temperature range whose end is not above its start.
    EmptyRange {
        /// Lower end, °C.
        t_min_degc: f64,
        /// Upper end, °C.
        t_max_degc: f64,
    },
}

impl DatabaseError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// `pitzer.dat, line 12`, or the file alone where all of it is meant.
    fn place(&self, lang: Lang) -> String {
        let line = match self.line {
            0 => String::new(),
            n => lang.pick(format!(", line {n}"), format!(" 第 {n} 行")),
        };
        format!("{}{line}", self.file)
    }
}

impl Message for DatabaseError {
    fn code(&self) -> &'static str {
        self.problem.code()
    }

    fn fields(&self, lang: Lang) -> Fields {
        self.problem.fields(lang)
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }

    fn text(&self, lang: Lang) -> String {
        let colon = lang.pick(": ", "：");
        format!("{}{colon}{}", self.place(lang), self.problem.text(lang))
    }
}

impl Message for DatabaseProblem {
    fn code(&self) -> &'static str {
        match self {
            DatabaseProblem::Formula(_) => "database.formula",
            DatabaseProblem::BadNumber { .. } => "database.bad_number",
            DatabaseProblem::BadReaction { .. } => "database.bad_reaction",
            DatabaseProblem::Unbalanced { .. } => "database.unbalanced",
            DatabaseProblem::UnknownSpecies { .. } => "database.unknown_species",
            DatabaseProblem::UnknownSource { .. } => "database.unknown_source",
            DatabaseProblem::Circular { .. } => "database.circular",
            DatabaseProblem::WrongCharges { .. } => "database.wrong_charges",
            DatabaseProblem::Duplicate { .. } => "database.duplicate",
            DatabaseProblem::Missing { .. } => "database.missing",
            DatabaseProblem::UnexpectedText { .. } => "database.unexpected_text",
            DatabaseProblem::EmptyRange { .. } => "database.empty_range",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            DatabaseProblem::Formula(error) => error.fields(lang),
            DatabaseProblem::BadNumber { text, expected }
            | DatabaseProblem::BadReaction { text, expected }
            | DatabaseProblem::UnexpectedText { text, expected } => {
                vec![("text", text.clone()), ("expected", phrase(lang, expected))]
            }
            DatabaseProblem::Unbalanced {
                name,
                element,
                excess,
            } => vec![
                ("name", name.clone()),
                ("element", element.clone()),
                ("excess", excess.to_string()),
            ],
            DatabaseProblem::UnknownSpecies { name } | DatabaseProblem::Circular { name } => {
                vec![("name", name.clone())]
            }
            DatabaseProblem::UnknownSource { key } => vec![("key", key.clone())],
            DatabaseProblem::WrongCharges {
                kind,
                species,
                expected,
            } => vec![
                ("kind", kind.to_string()),
                ("species", species.clone()),
                ("expected", phrase(lang, expected)),
            ],
            DatabaseProblem::Duplicate { what } | DatabaseProblem::Missing { what } => {
                vec![("what", phrase(lang, what))]
            }
            DatabaseProblem::EmptyRange {
                t_min_degc,
                t_max_degc,
            } => vec![
                ("from", t_min_degc.to_string()),
                ("to", t_max_degc.to_string()),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            DatabaseProblem::Formula(error) => Message::text(error, lang),
            _ => catalogue().render(self.code(), lang, &self.fields(lang)),
        }
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl fmt::Display for DatabaseProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for DatabaseError {}

/// A reaction as written: (name, coefficient) on each side, names in canonical spelling.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reaction {
    pub(crate) left: Vec<(String, f64)>,
    pub(crate) right: Vec<(String, f64)>,
}

/// Reads `A + 2 B = 3C - D`.
pub(crate) fn parse_reaction(text: &str) -> Result<Reaction, DatabaseProblem> {
    let bad = |expected| DatabaseProblem::BadReaction {
        text: text.trim().to_string(),
        expected,
    };
    let (left, right) = text
        .split_once('=')
        .ok_or_else(|| bad("`reactants = products`"))?;
    let side = |side: &str| {
        parse_side(side).ok_or_else(|| bad("species with coefficients, joined by ` + ` or ` - `"))
    };
    let reaction = Reaction {
        left: side(left)?,
        right: side(right)?,
    };
    if reaction.left.is_empty() || reaction.right.is_empty() {
        return Err(bad("at least one species on each side"));
    }
    Ok(reaction)
}

/// The formation of a species from a reaction that has one mole of it among the products: reactants with
/// positive coefficients.
pub(crate) fn parse_formation(
    name: &str,
    text: &str,
) -> Result<Vec<(String, f64)>, DatabaseProblem> {
    let reaction = parse_reaction(text)?;
    let mut formation = reaction.left;
    let mut defined = false;
    for (product, n) in reaction.right {
        if product == name && n == 1.0 {
            defined = true;
        } else {
            formation.push((product, -n));
        }
    }
    if defined {
        Ok(formation)
    } else {
        Err(DatabaseProblem::BadReaction {
            text: text.to_string(),
            expected: "one mole of the species among the products",
        })
    }
}

/// The formula of a solid and its dissolution from a reaction that has the solid first on the left: products
/// with positive coefficients.
pub(crate) fn parse_dissolution(
    text: &str,
) -> Result<(String, Vec<(String, f64)>), DatabaseProblem> {
    let reaction = parse_reaction(text)?;
    let mut reactants = reaction.left.into_iter();
    let (formula_text, _) = reactants.next().unwrap_or_default();
    let mut dissolution = reaction.right;
    dissolution.extend(reactants.map(|(name, n)| (name, -n)));
    Ok((formula_text, dissolution))
}

fn parse_side(text: &str) -> Option<Vec<(String, f64)>> {
    let (mut terms, mut sign, mut coefficient) = (Vec::new(), None, None);
    for token in text.split_whitespace() {
        match token {
            "+" | "-" if sign.is_some() || coefficient.is_some() => return None,
            "+" => sign = Some(1.0),
            "-" => sign = Some(-1.0),
            _ => {
                let (number, name) = split_coefficient(token)?;
                if name.is_empty() {
                    coefficient = Some(coefficient.unwrap_or(1.0) * number?);
                    continue;
                }
                let size = coefficient.unwrap_or(1.0) * number.unwrap_or(1.0);
                terms.push((canonical_name(name), sign.unwrap_or(1.0) * size));
                (sign, coefficient) = (None, None);
            }
        }
    }
    (sign.is_none() && coefficient.is_none()).then_some(terms)
}

/// Splits `6H2O` into 6 and `H2O`; the outer `None` is a number out of range.
fn split_coefficient(token: &str) -> Option<(Option<f64>, &str)> {
    let end = token
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(token.len());
    let (digits, name) = token.split_at(end);
    if digits.is_empty() {
        return Some((None, name));
    }
    let value = digits.parse::<f64>().ok().filter(|v| v.is_finite())?;
    Some((Some(value), name))
}

/// A species name with its charge spelled in one way: `SO4--` and `SO4-2`, `Mg++` and `Mg+2` are the same.
pub(crate) fn canonical_name(name: &str) -> String {
    for sign in ['+', '-'] {
        let base = name.trim_end_matches(sign);
        let repeats = name.len() - base.len();
        if repeats > 1 && !base.is_empty() {
            return format!("{base}{sign}{repeats}");
        }
    }
    for one in ["+1", "-1"] {
        if let Some(base) = name.strip_suffix(one)
            && !base.is_empty()
        {
            return format!("{base}{}", &one[..1]);
        }
    }
    name.to_string()
}

/// A species before its formation reaction is written in components.
#[derive(Clone, Debug)]
pub(crate) struct SpeciesDraft {
    pub(crate) line: usize,
    pub(crate) name: String,
    /// Formation: reactants with positive coefficients; empty for a master species.
    pub(crate) formation: Vec<(String, f64)>,
    pub(crate) log_k: LogK,
    /// Whether elements and charge must balance.
    pub(crate) checked: bool,
    pub(crate) volume: Option<VolumeTerms>,
    pub(crate) viscosity: Option<[f64; 7]>,
    pub(crate) diffusion: Option<[f64; 2]>,
    pub(crate) heat_capacity: Option<HeatCapacityTerms>,
    pub(crate) provenance: Provenance,
    pub(crate) property_sources: [Option<usize>; 3],
}

/// A mineral before its dissolution reaction is written in components.
#[derive(Clone, Debug)]
pub(crate) struct MineralDraft {
    pub(crate) name: String,
    pub(crate) formula_text: String,
    /// Products with positive coefficients, further reactants with negative ones.
    pub(crate) dissolution: Vec<(String, f64)>,
    pub(crate) log_k: LogK,
    /// Whether elements and charge must balance.
    pub(crate) checked: bool,
    pub(crate) molar_volume_m3_mol: Option<f64>,
    pub(crate) provenance: Provenance,
}

/// A reaction written in components, and its log K.
type Resolved = (Vec<(ComponentId, f64)>, LogK);

/// A growing database with its name tables.
pub(crate) struct Assembly {
    pub(crate) database: Database,
    components: HashMap<String, ComponentId>,
    species: HashMap<String, SpeciesId>,
    parameters: HashMap<(InteractionKind, SpeciesId, SpeciesId, Option<SpeciesId>), usize>,
}

impl Assembly {
    /// Starts with the water and hydrogen components.
    pub(crate) fn new(name: &str) -> Self {
        let mut assembly = Assembly {
            database: Database {
                name: name.to_string(),
                ..Database::default()
            },
            components: HashMap::new(),
            species: HashMap::new(),
            parameters: HashMap::new(),
        };
        let water = Formula {
            elements: vec![("H".into(), 2.0), ("O".into(), 1.0)],
            charge: 0.0,
        };
        let hydrogen = Formula {
            elements: vec![("H".into(), 1.0)],
            charge: 1.0,
        };
        assembly.push_component("H2O", "O", water, false);
        assembly.push_component("H+", "H", hydrogen, true);
        assembly
    }

    /// Goes on with a finished database.
    pub(crate) fn resume(database: Database) -> Self {
        let named = |items: Vec<&String>| {
            let numbered = items.into_iter().enumerate();
            numbered.map(|(id, name)| (name.clone(), id)).collect()
        };
        let parameters = database
            .interactions
            .iter()
            .enumerate()
            .map(|(row, i)| ((i.kind, i.species.0, i.species.1, i.species.2), row))
            .collect();
        Assembly {
            components: named(database.components.iter().map(|c| &c.name).collect()),
            species: named(database.species.iter().map(|s| &s.name).collect()),
            parameters,
            database,
        }
    }

    /// Where the parameter of a kind between named species stands, if there is one.
    pub(crate) fn interaction(&self, kind: InteractionKind, names: &[String]) -> Option<usize> {
        let ids: Option<Vec<SpeciesId>> =
            names.iter().map(|n| self.species.get(n).copied()).collect();
        let (a, b, c) = self.ordered(kind, &ids?)?;
        self.parameters.get(&(kind, a, b, c)).copied()
    }

    /// Adds a species, or gives a known one another reaction and log K. A master species is refused.
    pub(crate) fn set_species(
        &mut self,
        draft: SpeciesDraft,
    ) -> Result<SpeciesId, DatabaseProblem> {
        let name = draft.name.clone();
        let master = self.database.components.iter().any(|c| c.name == name);
        if let (Some(&id), false) = (self.species.get(&name), master) {
            let solved = self.in_components(&draft.formation, &draft.log_k, 1.0, |_| None)?;
            let (formation, log_k) =
                solved.ok_or(DatabaseProblem::Circular { name: name.clone() })?;
            if formation.is_empty() {
                return Err(DatabaseProblem::Circular { name });
            }
            let formula = Formula::parse(&name).map_err(DatabaseProblem::Formula)?;
            self.check_balance(&name, &formula, &formation)?;
            let species = &mut self.database.species[id];
            (species.formation, species.log_k) = (formation, log_k);
            species.provenance = draft.provenance;
            return Ok(id);
        }
        if master {
            let what = format!("component {name}");
            return Err(DatabaseProblem::Duplicate { what });
        }
        self.add_species(vec![draft])
            .map_err(|(_, problem)| problem)?;
        Ok(self.database.species.len() - 1)
    }

    /// Adds a component and its master species.
    pub(crate) fn add_component(
        &mut self,
        name: &str,
        element: &str,
    ) -> Result<(), DatabaseProblem> {
        let formula = Formula::parse(name).map_err(DatabaseProblem::Formula)?;
        if self.components.contains_key(name) {
            return Err(DatabaseProblem::Duplicate {
                what: format!("component {name}"),
            });
        }
        self.push_component(name, element, formula, true);
        Ok(())
    }

    fn push_component(&mut self, name: &str, element: &str, formula: Formula, has_species: bool) {
        let component = self.database.components.len();
        let species = has_species.then_some(self.database.species.len());
        if let Some(id) = species {
            self.species.insert(name.to_string(), id);
            self.database.species.push(Species {
                name: name.to_string(),
                charge: formula.charge,
                formation: vec![(component, 1.0)],
                log_k: LogK::default(),
                volume: None,
                viscosity: None,
                diffusion: None,
                heat_capacity: None,
                provenance: Provenance::default(),
                property_sources: [None; 3],
            });
        }
        self.components.insert(name.to_string(), component);
        self.database.components.push(Component {
            name: name.into(),
            element: element.into(),
            species,
            molar_mass_kg_mol: formula.molar_mass_kg_mol(),
            formula,
        });
    }

    /// Whether a name is a component or a species.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.components.contains_key(name) || self.species.contains_key(name)
    }

    /// Adds species in the given order, whatever the order in which their reactions need each other.
    /// Drafts of master species carry their volumes and provenance.
    pub(crate) fn add_species(
        &mut self,
        drafts: Vec<SpeciesDraft>,
    ) -> Result<(), (usize, DatabaseProblem)> {
        let mut solved: Vec<Option<Resolved>> = vec![None; drafts.len()];
        let by_name: HashMap<&str, usize> = drafts
            .iter()
            .enumerate()
            .map(|(i, d)| (d.name.as_str(), i))
            .collect();
        loop {
            let mut progress = false;
            for (i, draft) in drafts.iter().enumerate() {
                if solved[i].is_none() {
                    solved[i] = self
                        .in_components(&draft.formation, &draft.log_k, 1.0, |name| {
                            by_name.get(name).map(|&j| solved[j].clone())
                        })
                        .map_err(|problem| (draft.line, problem))?;
                    progress |= solved[i].is_some();
                }
            }
            if !progress {
                break;
            }
        }
        for (draft, solution) in drafts.into_iter().zip(solved) {
            let (line, name) = (draft.line, draft.name.clone());
            let Some((formation, log_k)) = solution else {
                return Err((line, DatabaseProblem::Circular { name }));
            };
            self.push_species(draft, formation, log_k)
                .map_err(|problem| (line, problem))?;
        }
        Ok(())
    }

    fn push_species(
        &mut self,
        draft: SpeciesDraft,
        formation: Vec<(ComponentId, f64)>,
        log_k: LogK,
    ) -> Result<(), DatabaseProblem> {
        if let Some(&id) = self.species.get(&draft.name) {
            let species = &mut self.database.species[id];
            (species.volume, species.viscosity) = (draft.volume, draft.viscosity);
            (species.diffusion, species.heat_capacity) = (draft.diffusion, draft.heat_capacity);
            species.provenance = draft.provenance;
            species.property_sources = draft.property_sources;
            return Ok(());
        }
        let formula = Formula::parse(&draft.name).map_err(DatabaseProblem::Formula)?;
        if draft.checked {
            self.check_balance(&draft.name, &formula, &formation)?;
        }
        self.species
            .insert(draft.name.clone(), self.database.species.len());
        self.database.species.push(Species {
            charge: formula.charge,
            formation,
            log_k,
            name: draft.name,
            volume: draft.volume,
            viscosity: draft.viscosity,
            diffusion: draft.diffusion,
            heat_capacity: draft.heat_capacity,
            provenance: draft.provenance,
            property_sources: draft.property_sources,
        });
        Ok(())
    }

    /// Adds a mineral. An earlier one of the same name is replaced, as PHREEQC does; returns whether one was.
    pub(crate) fn add_mineral(&mut self, draft: MineralDraft) -> Result<bool, DatabaseProblem> {
        // A species in a dissolution reaction is replaced by its own formation, log K included.
        let solved = self.in_components(&draft.dissolution, &draft.log_k, -1.0, |_| None)?;
        let (dissolution, log_k) = solved.ok_or(DatabaseProblem::Circular {
            name: draft.name.clone(),
        })?;
        let formula = Formula::parse(&draft.formula_text).map_err(DatabaseProblem::Formula)?;
        if draft.checked {
            self.check_balance(&draft.name, &formula, &dissolution)?;
        }
        let mineral = Mineral {
            name: draft.name,
            formula_text: draft.formula_text,
            dissolution,
            log_k,
            molar_volume_m3_mol: draft.molar_volume_m3_mol,
            provenance: draft.provenance,
        };
        match self
            .database
            .minerals
            .iter()
            .position(|m| m.name == mineral.name)
        {
            Some(id) => self.database.minerals[id] = mineral,
            None => {
                self.database.minerals.push(mineral);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes terms in components. The formation log K of every other species is added with `sign`:
    /// +1 where terms are consumed (formation), -1 where they are set free (dissolution).
    /// `None` when a species that `pending` knows has no formation yet.
    fn in_components(
        &self,
        terms: &[(String, f64)],
        log_k: &LogK,
        sign: f64,
        pending: impl Fn(&str) -> Option<Option<Resolved>>,
    ) -> Result<Option<Resolved>, DatabaseProblem> {
        let mut total = *log_k;
        let mut sum: Vec<(ComponentId, f64)> = Vec::new();
        for (name, coefficient) in terms {
            if let Some(&component) = self.components.get(name) {
                add_term(&mut sum, component, *coefficient);
                continue;
            }
            let (formation, formation_log_k) = match (self.species.get(name), pending(name)) {
                (Some(&id), _) => {
                    let species = &self.database.species[id];
                    (species.formation.clone(), species.log_k)
                }
                (None, Some(Some(solved))) => solved,
                (None, Some(None)) => return Ok(None),
                (None, None) => return Err(DatabaseProblem::UnknownSpecies { name: name.clone() }),
            };
            for (component, n) in formation {
                add_term(&mut sum, component, coefficient * n);
            }
            total = total.plus(sign * coefficient, &formation_log_k);
        }
        sum.retain(|(_, n)| n.abs() > 1e-12);
        sum.sort_by_key(|(component, _)| *component);
        Ok(Some((sum, total)))
    }

    fn check_balance(
        &self,
        name: &str,
        formula: &Formula,
        terms: &[(ComponentId, f64)],
    ) -> Result<(), DatabaseProblem> {
        let mut difference = Formula::default();
        difference.add(-1.0, formula);
        for &(component, n) in terms {
            difference.add(n, &self.database.components[component].formula);
        }
        let charge = ("charge".to_string(), difference.charge);
        match difference
            .elements
            .into_iter()
            .chain([charge])
            .find(|(_, n)| n.abs() > 1e-6)
        {
            Some((element, excess)) => Err(DatabaseProblem::Unbalanced {
                name: name.to_string(),
                element,
                excess,
            }),
            None => Ok(()),
        }
    }

    /// Adds a Pitzer parameter between named species. An earlier one of the same kind and species is
    /// replaced, as PHREEQC does; returns whether one was.
    pub(crate) fn add_interaction(
        &mut self,
        kind: InteractionKind,
        names: &[String],
        terms: [f64; 6],
        provenance: Provenance,
    ) -> Result<bool, DatabaseProblem> {
        let mut ids = Vec::with_capacity(3);
        for name in names {
            let id = self.species.get(name);
            ids.push(*id.ok_or_else(|| DatabaseProblem::UnknownSpecies { name: name.clone() })?);
        }
        let ordered = self
            .ordered(kind, &ids)
            .ok_or_else(|| DatabaseProblem::WrongCharges {
                kind: kind_name(kind),
                species: names.join(" "),
                expected: kind_joins(kind),
            })?;
        let interaction = Interaction {
            kind,
            species: ordered,
            terms,
            provenance,
        };
        let key = (kind, ordered.0, ordered.1, ordered.2);
        if let Some(&row) = self.parameters.get(&key) {
            self.database.interactions[row] = interaction;
            return Ok(true);
        }
        self.parameters
            .insert(key, self.database.interactions.len());
        self.database.interactions.push(interaction);
        Ok(false)
    }

    /// The one order in which species of a parameter are stored; `None` if their charges do not fit.
    fn ordered(
        &self,
        kind: InteractionKind,
        ids: &[SpeciesId],
    ) -> Option<(SpeciesId, SpeciesId, Option<SpeciesId>)> {
        let charge = |id: SpeciesId| self.database.species[id].charge;
        let mut cations: Vec<_> = ids.iter().copied().filter(|&id| charge(id) > 0.0).collect();
        let mut anions: Vec<_> = ids.iter().copied().filter(|&id| charge(id) < 0.0).collect();
        let mut neutrals: Vec<_> = ids
            .iter()
            .copied()
            .filter(|&id| charge(id) == 0.0)
            .collect();
        for group in [&mut cations, &mut anions, &mut neutrals] {
            group.sort_unstable();
        }
        use InteractionKind::*;
        match (
            kind,
            cations.as_slice(),
            anions.as_slice(),
            neutrals.as_slice(),
        ) {
            (Beta0 | Beta1 | Beta2 | CPhi | Alphas, &[c], &[a], &[]) => Some((c, a, None)),
            (Theta, &[i, j], &[], &[]) | (Theta, &[], &[i, j], &[]) if i != j => Some((i, j, None)),
            (Lambda, &[i], &[], &[n]) | (Lambda, &[], &[i], &[n]) | (Lambda, &[], &[], &[n, i]) => {
                Some((n, i, None))
            }
            (Psi, &[i, j], &[k], &[]) | (Psi, &[k], &[i, j], &[]) if i != j => {
                Some((i, j, Some(k)))
            }
            (Zeta, &[c], &[a], &[n]) => Some((n, c, Some(a))),
            (Mu, &[], &[], &[i, j, k]) => Some((i, j, Some(k))),
            (Eta, &[i, j], &[], &[n]) | (Eta, &[], &[i, j], &[n]) if i != j => {
                Some((n, i, Some(j)))
            }
            _ => None,
        }
    }
}

fn add_term(sum: &mut Vec<(ComponentId, f64)>, component: ComponentId, n: f64) {
    match sum.iter_mut().find(|(c, _)| *c == component) {
        Some((_, total)) => *total += n,
        None => sum.push((component, n)),
    }
}

/// The short name of a parameter kind, as our tables and PHREEQC write it.
pub fn kind_name(kind: InteractionKind) -> &'static str {
    use InteractionKind::*;
    match kind {
        Beta0 => "B0",
        Beta1 => "B1",
        Beta2 => "B2",
        CPhi => "C0",
        Theta => "THETA",
        Lambda => "LAMBDA",
        Psi => "PSI",
        Zeta => "ZETA",
        Mu => "MU",
        Eta => "ETA",
        Alphas => "ALPHAS",
    }
}

/// The parameter kind of a short name, in any case; `LAMDA` is PHREEQC's other spelling.
pub fn kind_of_name(name: &str) -> Option<InteractionKind> {
    use InteractionKind::*;
    const ALL: [InteractionKind; 11] = [
        Beta0, Beta1, Beta2, CPhi, Theta, Lambda, Psi, Zeta, Mu, Eta, Alphas,
    ];
    if name.eq_ignore_ascii_case("LAMDA") {
        return Some(Lambda);
    }
    ALL.into_iter()
        .find(|&kind| kind_name(kind).eq_ignore_ascii_case(name))
}

/// How many species a parameter kind joins.
pub(crate) fn kind_arity(kind: InteractionKind) -> usize {
    use InteractionKind::*;
    if matches!(kind, Psi | Zeta | Mu | Eta) {
        3
    } else {
        2
    }
}

fn kind_joins(kind: InteractionKind) -> &'static str {
    use InteractionKind::*;
    match kind {
        Beta0 | Beta1 | Beta2 | CPhi | Alphas => "a cation and an anion",
        Theta => "two different ions of like sign",
        Lambda => "a neutral species and any other",
        Psi => "two different ions of like sign and one of the other",
        Zeta => "a neutral species, a cation and an anion",
        Mu => "three neutral species",
        Eta => "a neutral species and two different ions of like sign",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A database file of the reference folder, or `None` (and a line saying so) where it is absent.
    #[allow(clippy::print_stdout)]
    pub(crate) fn reference(name: &str) -> Option<Database> {
        let root = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/reference/phreeqc/"
        );
        let Ok(bytes) = std::fs::read(format!("{root}{name}")) else {
            println!("skipped: {name} is not beside this checkout");
            return None;
        };
        Some(
            crate::phreeqc::parse(&crate::phreeqc::decode(&bytes), name)
                .expect("a file that PHREEQC ships"),
        )
    }

    #[test]
    fn reactions_are_read_with_glued_and_spaced_coefficients() {
        let read = |text: &str| parse_reaction(text).expect(text);
        assert_eq!(
            read("K2SO4  =  + 1.0000 SO4-- + 2.0000 K+"),
            read("K2SO4 = SO4-2 + 2K+")
        );
        let silicate = read("MgSiO3 + 2 H+ = - H2O + Mg++ + H4SiO4");
        assert_eq!(silicate.right[0], ("H2O".to_string(), -1.0));
        assert_eq!(silicate.right[1], ("Mg+2".to_string(), 1.0));
        for bad in [
            "NaCl",
            "= Na+",
            "NaCl = ",
            "NaCl = 2",
            "NaCl = Na+ + + Cl-  -",
        ] {
            assert!(parse_reaction(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn charges_are_spelled_in_one_way() {
        for (written, canonical) in [
            ("SO4--", "SO4-2"),
            ("Mg++", "Mg+2"),
            ("Na+1", "Na+"),
            ("B(OH)4-", "B(OH)4-"),
        ] {
            assert_eq!(canonical_name(written), canonical);
        }
    }
}
