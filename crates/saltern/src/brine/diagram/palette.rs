//! Names and fills of solids.

use saltern_base::glossary;
use saltern_brine::database::{Database, MineralId};
use saltern_units::Lang;

/// Fills after Paul Tol's "light" scheme: pale enough for black words, told apart with any colour vision.
const FILLS: [&str; 9] = [
    "#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#44bb99", "#bbcc33", "#aaaa00",
    "#dddddd",
];

/// Fills that solids like to take, so that one solid looks the same in every diagram.
const LIKED: [(&str, usize); 24] = [
    ("Halite", 0),
    ("Hydrohalite", 4),
    ("Sylvite", 1),
    ("Carnallite", 3),
    ("Bischofite", 2),
    ("Thenardite", 2),
    ("Mirabilite", 4),
    ("Glaserite", 6),
    ("Bloedite", 5),
    ("Schoenite", 7),
    ("Leonite", 0),
    ("Kainite", 8),
    ("Epsomite", 4),
    ("Hexahydrite", 5),
    ("Kieserite", 6),
    ("Arcanite", 3),
    ("Gypsum", 8),
    ("Natron", 4),
    ("Trona", 5),
    ("Nahcolite", 3),
    ("Thermonatrite", 2),
    ("Burkeite", 6),
    ("LiCl:H2O", 6),
    ("Antarcticite", 2),
];

/// The fill of each solid, no two neighbours alike where nine colours allow it.
pub(crate) fn fills(
    database: &Database,
    solids: &[MineralId],
    neighbours: &[[MineralId; 2]],
) -> Vec<&'static str> {
    let tints = tints(database, solids, neighbours);
    tints.into_iter().map(|tint| FILLS[tint]).collect()
}

/// The same as one of nine tints.
pub(crate) fn tints(
    database: &Database,
    solids: &[MineralId],
    neighbours: &[[MineralId; 2]],
) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    for (k, &solid) in solids.iter().enumerate() {
        let name = database.minerals[solid].name.as_str();
        let liked = LIKED
            .iter()
            .find(|(n, _)| *n == name)
            .map_or(k % FILLS.len(), |(_, c)| *c);
        let beside = |c: usize| {
            solids[..k].iter().zip(&chosen).any(|(&other, &taken)| {
                taken == c
                    && neighbours
                        .iter()
                        .any(|p| p.contains(&solid) && p.contains(&other))
            })
        };
        let order = || (0..FILLS.len()).map(|d| (liked + d) % FILLS.len());
        let free = order()
            .find(|c| *c == liked && !beside(*c))
            .or_else(|| order().find(|c| !chosen.contains(c)))
            .or_else(|| order().find(|&c| !beside(c)));
        chosen.push(free.unwrap_or(liked));
    }
    chosen
}

/// What people call a solid: the glossary's word, else its formula.
pub(crate) fn solid_name(database: &Database, solid: MineralId, lang: Lang) -> String {
    let name = &database.minerals[solid].name;
    match glossary::find(name) {
        Some(entry) => {
            let word = lang.pick(&entry.en, &entry.zh);
            let word = word.split(['(', '（']).next().unwrap_or(word).trim();
            // A name made of words is longer than the formula it says.
            if word.contains(' ') && !entry.symbol.is_empty() {
                formula(&entry.symbol)
            } else {
                word.to_string()
            }
        }
        None => formula(name),
    }
}

/// A formula with its numbers set low: `MgCl2:6H2O` as MgCl₂·6H₂O.
pub(crate) fn formula(text: &str) -> String {
    let mut out = String::new();
    let mut after_atom = false;
    for ch in text.chars() {
        match ch {
            ':' | '·' => {
                out.push('·');
                after_atom = false;
            }
            '0'..='9' if after_atom => {
                let digit = u32::from(ch) - u32::from('0');
                out.push(char::from_u32(0x2080 + digit).unwrap_or(ch));
            }
            _ => {
                out.push(ch);
                after_atom = ch.is_alphabetic() || ch == ')';
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_have_low_numbers() {
        assert_eq!(formula("MgCl2:6H2O"), "MgCl₂·6H₂O");
        assert_eq!(formula("Na2(B4O5(OH)4):8H2O"), "Na₂(B₄O₅(OH)₄)·8H₂O");
        assert_eq!(formula("K2"), "K₂");
    }

    #[test]
    fn solids_are_named_in_both_languages() {
        let database = saltern_brine::thermo::default_database();
        let named =
            |name: &str, lang| solid_name(&database, database.mineral(name).expect("there"), lang);
        assert_eq!(named("Glaserite", Lang::En), "glaserite");
        assert_eq!(named("Glaserite", Lang::Zh), "钾芒硝");
        assert!(!named("LiCl:H2O", Lang::En).contains(':'));
    }
}
