//! Which solids may form: the named lists `stable` and `metastable`, explicit lists, suppression.

use std::fmt;

use saltern_units::message::{Catalogue, Fields, Lang, Message, edit_distance};

use crate::database::{Database, Mineral, MineralId};
use crate::message::catalogue;

/// Why a list of phases was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum PhaseError {
    /// `phases.unknown_mineral`: the database has no mineral of this name.
    UnknownMineral {
        /// The name as given.
        name: String,
        /// The database searched.
        database: String,
        /// Minerals of the database with similar names, best first.
        near: Vec<String>,
    },
    /// `phases.unclosed_quote`: a quoted name without its end.
    UnclosedQuote {
        /// The text from the opening quote on.
        text: String,
    },
    /// `phases.empty_name`: nothing between two commas.
    EmptyName {
        /// The whole list.
        list: String,
    },
}

impl PhaseError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }
}

impl Message for PhaseError {
    fn code(&self) -> &'static str {
        match self {
            PhaseError::UnknownMineral { .. } => "phases.unknown_mineral",
            PhaseError::UnclosedQuote { .. } => "phases.unclosed_quote",
            PhaseError::EmptyName { .. } => "phases.empty_name",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            PhaseError::UnknownMineral {
                name,
                database,
                near,
            } => vec![
                ("name", name.clone()),
                ("database", database.clone()),
                ("accepted", accepted(near, lang)),
            ],
            PhaseError::UnclosedQuote { text } => vec![("text", text.clone())],
            PhaseError::EmptyName { list } => vec![("list", list.clone())],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

/// What may have been meant, else what is accepted.
fn accepted(near: &[String], lang: Lang) -> String {
    let names = lang.list(near);
    if near.is_empty() {
        lang.pick(
            "accepted: `stable`, `metastable`, `reagent` or names of its minerals",
            "可用：stable、metastable、reagent 或其中的矿物名",
        )
        .to_string()
    } else {
        lang.pick(
            format!("did you mean {names}?"),
            format!("是否指 {names}？"),
        )
    }
}

impl fmt::Display for PhaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for PhaseError {}

/// Solids left out of every named list; silicates, which are known by their element, join them.
///
/// They are meant by these very names, not by their synonyms: the `Boric_acid,s` of PHREEQC's files is left
/// out, the `Sassolite` of the default set, whose log K follows temperature, is not. Without it boric
/// acid would pile up in lithium brines to tens of mol/kgw, where no activity model holds.
const NEVER: [&str; 9] = [
    "Brucite",
    "Portlandite",
    "Aragonite",
    "Misenite",
    "Boric_acid,s",
    "Boric_acid",
    "Dolomite",
    "Magnesite",
    "Huntite",
];

/// Solids that are stable but that ponds pass by.
const SLUGGISH: [&str; 12] = [
    "Polyhalite",
    "Kieserite",
    "Leonhardite",
    "Goergeyite",
    "Glauberite",
    "Leonite",
    "Pentahydrite",
    "Labile_S",
    "Anhydrite",
    "Syngenite",
    // Of the default set, beside the list of the contract: salts of hot brines, which ponds do not drop.
    "Na2Ca5(SO4)6:3H2O",
    "Dansite",
];

/// Names of one substance in the databases in use; the first is ours.
const SYNONYMS: [&[&str]; 12] = [
    &["Schoenite", "Picromerite"],
    &["Glaserite", "Aphthitalite"],
    &["Bloedite", "Blodite", "Astrakanite", "Astrakhanite"],
    &["Labile_S", "Labile_Salt", "Labile"],
    &["Leonhardite", "Starkeyite"],
    &["Sassolite", "Boric_acid,s", "Boric_acid"],
    &["Goergeyite", "Gorgeyite"],
    &["Ice", "Ice(s)"],
    &["Meridianiite", "Meridianite"],
    &["Hydrohalite", "NaCl:2H2O"],
    &["Sylvite", "Sylvine"],
    &["Natron", "Na2CO3:10H2O"],
];

/// The minerals that a `--phases` list allows, less those of a `--suppress` list, in database order.
///
/// `phases` is `stable`, `metastable`, `reagent` or names joined by commas; a name that holds a comma is quoted.
/// Names match in any case and by the synonyms of the databases in use.
pub fn select(
    database: &Database,
    phases: &str,
    suppress: &str,
) -> Result<Vec<MineralId>, PhaseError> {
    let mut allowed = match phases.trim().to_ascii_lowercase().as_str() {
        "stable" => stable(database),
        "metastable" => metastable(database),
        "reagent" => reagent(database),
        _ => named(database, phases)?,
    };
    if !suppress.trim().is_empty() {
        let suppressed = named(database, suppress)?;
        allowed.retain(|id| !suppressed.contains(id));
    }
    Ok(allowed)
}

/// Every solid that can form in a pond if given time.
pub fn stable(database: &Database) -> Vec<MineralId> {
    minerals(database, |m| may_form(database, m))
}

/// Hydroxides that ponds do not make but lime and caustic soda do.
const HYDROXIDES: [&str; 2] = ["Brucite", "Portlandite"];

/// What forms in a stirred tank when a reagent is added: the stable solids with brucite and portlandite. Dolomite,
/// magnesite and huntite, which take months at ordinary temperatures, stay out, and so does aragonite, since calcite
/// tells the equilibrium.
pub fn reagent(database: &Database) -> Vec<MineralId> {
    minerals(database, |m| {
        may_form(database, m) || HYDROXIDES.iter().any(|name| plain(name) == plain(&m.name))
    })
}

/// What ponds make: the stable solids without those that nucleate too slowly.
pub fn metastable(database: &Database) -> Vec<MineralId> {
    minerals(database, |m| may_form(database, m) && !is_sluggish(m))
}

/// The minerals of a list of names, in database order, each once.
pub fn named(database: &Database, list: &str) -> Result<Vec<MineralId>, PhaseError> {
    let mut ids = Vec::new();
    for name in split_list(list)? {
        ids.push(find(database, &name)?);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The mineral of a name: as the database spells it, else in another case or by a synonym.
pub fn find(database: &Database, name: &str) -> Result<MineralId, PhaseError> {
    let same = |m: &Mineral| substance(&m.name) == substance(name);
    database
        .mineral(name)
        .or_else(|| database.minerals.iter().position(same))
        .ok_or_else(|| PhaseError::UnknownMineral {
            name: name.to_string(),
            database: database.name.clone(),
            near: near(database, name),
        })
}

/// Splits a list at commas outside quotes.
pub fn split_list(list: &str) -> Result<Vec<String>, PhaseError> {
    let (mut names, mut name, mut quote) = (Vec::new(), String::new(), None);
    for (at, c) in list.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some((c, at)),
            (Some((open, _)), _) if c == open => quote = None,
            (None, ',') => names.push(std::mem::take(&mut name)),
            _ => name.push(c),
        }
    }
    if let Some((_, at)) = quote {
        return Err(PhaseError::UnclosedQuote {
            text: list[at..].to_string(),
        });
    }
    names.push(name);
    let names: Vec<String> = names.iter().map(|name| name.trim().to_string()).collect();
    if names.iter().any(String::is_empty) {
        return Err(PhaseError::EmptyName {
            list: list.to_string(),
        });
    }
    Ok(names)
}

fn minerals(database: &Database, wanted: impl Fn(&Mineral) -> bool) -> Vec<MineralId> {
    (0..database.minerals.len())
        .filter(|&id| wanted(&database.minerals[id]))
        .collect()
}

fn may_form(database: &Database, mineral: &Mineral) -> bool {
    let never = NEVER.iter().any(|name| plain(name) == plain(&mineral.name));
    !never && !is_silicate(database, mineral)
}

/// Whether a mineral is stable but nucleates too slowly for ponds.
pub(crate) fn is_sluggish(mineral: &Mineral) -> bool {
    SLUGGISH
        .iter()
        .any(|name| substance(name) == substance(&mineral.name))
}

fn is_silicate(database: &Database, mineral: &Mineral) -> bool {
    mineral
        .dissolution
        .iter()
        .any(|&(c, _)| database.components[c].formula.count("Si") > 0.0)
}

/// A name as compared: letters and digits in lower case, the first of its synonyms.
fn substance(name: &str) -> String {
    let plain = plain(name);
    let group = SYNONYMS
        .iter()
        .find(|group| group.iter().any(|other| self::plain(other) == plain));
    group.map_or(plain, |group| self::plain(group[0]))
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Up to three minerals whose names a typing error or a missing end may have meant.
fn near(database: &Database, name: &str) -> Vec<String> {
    let wanted = plain(name);
    let score = |m: &Mineral| {
        let have = plain(&m.name);
        if wanted.len() >= 3 && (have.starts_with(&wanted) || wanted.starts_with(&have)) {
            0
        } else {
            edit_distance(&wanted, &have)
        }
    };
    let limit = wanted.chars().count() / 3 + 1;
    let mut scored: Vec<_> = database
        .minerals
        .iter()
        .map(|m| (score(m), &m.name))
        .collect();
    scored.retain(|(distance, _)| *distance <= limit.min(3));
    scored.sort();
    scored
        .into_iter()
        .take(3)
        .map(|(_, name)| name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::tests::reference;

    /// A database that holds only names.
    fn with_minerals(names: &[&str]) -> Database {
        let mineral = |name: &&str| Mineral {
            name: name.to_string(),
            formula_text: String::new(),
            dissolution: Vec::new(),
            log_k: Default::default(),
            molar_volume_m3_mol: None,
            provenance: Default::default(),
        };
        let minerals = names.iter().map(mineral).collect();
        Database {
            name: "small".into(),
            minerals,
            ..Database::default()
        }
    }

    fn names(database: &Database, ids: &[MineralId]) -> Vec<String> {
        ids.iter()
            .map(|&id| database.minerals[id].name.clone())
            .collect()
    }

    #[test]
    fn named_lists_hold_what_the_contract_says() {
        let Some(db) = reference("pitzer.dat") else {
            return;
        };
        let (stable, metastable) = (stable(&db), metastable(&db));
        // 65 solids less 7 of the contract's list present in the file (brucite, portlandite, aragonite,
        // misenite, boric acid, dolomite, magnesite, huntite are 8) and 14 with silicon.
        let silicates = db.minerals.iter().filter(|m| is_silicate(&db, m)).count();
        assert_eq!(stable.len(), 65 - 8 - silicates);
        let known = SLUGGISH.iter().filter(|name| db.mineral(name).is_some());
        assert_eq!(stable.len() - metastable.len(), known.count());
        for name in [
            "Halite",
            "Carnallite",
            "Polyhalite",
            "Anhydrite",
            "Borax",
            "Calcite",
        ] {
            assert!(names(&db, &stable).contains(&name.to_string()), "{name}");
        }
        assert!(
            !names(&db, &stable)
                .iter()
                .any(|n| n == "Boric_acid,s" || n == "Quartz")
        );
        assert!(
            !names(&db, &metastable)
                .iter()
                .any(|n| n == "Leonite" || n == "Labile_S")
        );
    }

    #[test]
    fn the_default_set_keeps_its_boric_acid() {
        let db = crate::thermo::default_database();
        let (stable, metastable) = (names(&db, &stable(&db)), names(&db, &metastable(&db)));
        for name in ["Sassolite", "Ice", "Hydrohalite", "Borax"] {
            assert!(metastable.contains(&name.to_string()), "{name}");
        }
        assert!(!stable.contains(&"Dolomite".to_string()));
        assert!(
            stable.contains(&"Leonhardite".to_string())
                && !metastable.contains(&"Leonhardite".to_string())
        );
    }

    #[test]
    fn spellings_of_the_other_databases_count() {
        let Some(db) = reference("ColdChem.dat") else {
            return;
        };
        let allowed = names(&db, &metastable(&db));
        for name in [
            "Labile_Salt",
            "Starkeyite",
            "Leonite",
            "Kieserite",
            "Syngenite",
        ] {
            assert!(!allowed.contains(&name.to_string()), "{name}");
        }
        assert_eq!(
            names(
                &db,
                &named(&db, "schoenite, ICE, Astrakanite").expect("known")
            ),
            ["Bloedite", "Picromerite", "Ice(s)"]
        );
    }

    #[test]
    fn quoted_names_hold_commas() {
        let db = with_minerals(&["Halite", "Boric_acid,s", "Sylvite"]);
        let ids = named(&db, r#"sylvite , "Boric_acid,s""#).expect("known");
        assert_eq!(names(&db, &ids), ["Boric_acid,s", "Sylvite"]);
        assert_eq!(
            named(&db, "\"Halite").expect_err("open").code(),
            "phases.unclosed_quote"
        );
        assert_eq!(
            named(&db, "Halite,,Sylvite").expect_err("blank").code(),
            "phases.empty_name"
        );
    }

    #[test]
    fn suppression_removes_and_checks_its_names() {
        let db = with_minerals(&["Halite", "Sylvite", "Polyhalite"]);
        assert_eq!(
            names(&db, &select(&db, "Stable", "sylvite").expect("ok")),
            ["Halite", "Polyhalite"]
        );
        assert_eq!(
            names(&db, &select(&db, "metastable", "").expect("ok")),
            ["Halite", "Sylvite"]
        );
        assert_eq!(
            select(&db, "stable", "Sylvit").expect_err("typo").code(),
            "phases.unknown_mineral"
        );
    }

    #[test]
    fn unknown_names_bring_near_ones() {
        let db = with_minerals(&["Halite", "Hydrohalite", "Epsomite", "Hexahydrite"]);
        let near = |name: &str| match find(&db, name) {
            Err(PhaseError::UnknownMineral { near, .. }) => near,
            other => panic!("{other:?}"),
        };
        assert_eq!(near("Hallite"), ["Halite"]);
        assert_eq!(near("Hexa"), ["Hexahydrite"]);
        assert_eq!(near("Epsonite"), ["Epsomite"]);
        assert!(near("Quartz").is_empty());
    }
}
