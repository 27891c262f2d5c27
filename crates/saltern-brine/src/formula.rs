//! Chemical formulas: elements, charge and molar mass.
//!
//! The grammar is the union of what PHREEQC databases and chemists write: element symbols with
//! counts (`O7.5`), nested groups (`Na2(B4O5(OH)4)`), addends after `:` or `·` with a unit
//! multiplier (`:4H2O`, `· 2.75 H2O`) and a charge at the end (`-2`, `--`, `+`). Spaces may stand
//! between any two of these.

use std::fmt;
use std::iter::Peekable;
use std::str::{CharIndices, FromStr};

use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::message::catalogue;

/// Elements of a chemical formula with their counts, and its charge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formula {
    /// (element symbol, atoms), in order of first appearance.
    pub elements: Vec<(String, f64)>,
    /// Charge number.
    pub charge: f64,
}

/// Why a formula could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct FormulaError {
    /// The text that was being read.
    pub text: String,
    /// Byte offset of the offending character in `text`; its length when the text ends too early.
    pub position: usize,
    /// What is wrong there.
    pub problem: FormulaProblem,
}

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum FormulaProblem {
    /// `formula.empty`: an element symbol or `(` is expected.
    Empty,
    /// `formula.unexpected_character`: a character that no formula holds at this place.
    UnexpectedCharacter {
        /// The character.
        found: char,
    },
    /// `formula.unknown_element`: no element has this symbol.
    UnknownElement {
        /// The symbol as written.
        symbol: String,
    },
    /// `formula.bad_number`: digits that form no finite count.
    BadNumber {
        /// The digits as written.
        digits: String,
    },
    /// `formula.unclosed_group`: a `(` without its `)`.
    UnclosedGroup,
    /// `formula.too_deep`: more nested groups than any substance has.
    TooDeep,
}

impl FormulaError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }
}

impl Message for FormulaError {
    fn code(&self) -> &'static str {
        match self.problem {
            FormulaProblem::Empty => "formula.empty",
            FormulaProblem::UnexpectedCharacter { .. } => "formula.unexpected_character",
            FormulaProblem::UnknownElement { .. } => "formula.unknown_element",
            FormulaProblem::BadNumber { .. } => "formula.bad_number",
            FormulaProblem::UnclosedGroup => "formula.unclosed_group",
            FormulaProblem::TooDeep => "formula.too_deep",
        }
    }

    fn fields(&self, _lang: Lang) -> Fields {
        let mut fields = vec![
            ("text", self.text.clone()),
            ("position", (self.position + 1).to_string()),
        ];
        match &self.problem {
            FormulaProblem::Empty | FormulaProblem::UnclosedGroup => {}
            FormulaProblem::UnexpectedCharacter { found } => {
                fields.push(("found", found.to_string()));
            }
            FormulaProblem::UnknownElement { symbol } => fields.push(("symbol", symbol.clone())),
            FormulaProblem::BadNumber { digits } => fields.push(("digits", digits.clone())),
            FormulaProblem::TooDeep => fields.push(("most", DEPTH_MAX.to_string())),
        }
        fields
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Message::text(self, Lang::En))
    }
}

impl std::error::Error for FormulaError {}

/// Nested groups beyond this are refused, so that hostile text cannot exhaust the stack.
const DEPTH_MAX: usize = 16;

impl Formula {
    /// Reads a formula such as `Na2Mg(SO4)2:4H2O`, `KCl:MgSO4:2.75H2O` or `B(OH)4-`.
    pub fn parse(text: &str) -> Result<Formula, FormulaError> {
        let mut parser = Parser {
            text,
            chars: text.char_indices().peekable(),
            depth: 0,
        };
        let mut formula = Formula::default();
        parser.addends(&mut formula, 1.0)?;
        formula.charge = parser.charge()?;
        match parser.peek() {
            None => Ok(formula),
            Some((at, found)) => {
                Err(parser.error(at, FormulaProblem::UnexpectedCharacter { found }))
            }
        }
    }

    /// Atoms of one element, zero if it has none.
    pub fn count(&self, element: &str) -> f64 {
        self.elements
            .iter()
            .find(|(e, _)| e == element)
            .map_or(0.0, |(_, n)| *n)
    }

    /// Molar mass, kg/mol, from [`atomic_mass_g_mol`]; the mass of missing or extra electrons is left out.
    pub fn molar_mass_kg_mol(&self) -> f64 {
        self.elements
            .iter()
            .map(|(e, n)| n * atomic_mass_g_mol(e).unwrap_or(f64::NAN))
            .sum::<f64>()
            * 1e-3
    }

    /// The element that an analysis by this formula tells of, and kg of it in a kg: an ion or oxide is told by its first
    /// element but oxygen and hydrogen, SO4 by S, B2O3 by B. `None` of water and the like.
    pub fn told_by(&self) -> Option<(String, f64)> {
        let mut elements = self.elements.iter();
        let (element, atoms) = elements.find(|(e, _)| e != "O" && e != "H")?;
        let alone_kg_mol = atomic_mass_g_mol(element)? * 1e-3;
        Some((
            element.clone(),
            atoms * alone_kg_mol / self.molar_mass_kg_mol(),
        ))
    }

    /// Adds `weight` times another formula, charge included.
    pub fn add(&mut self, weight: f64, other: &Formula) {
        for (element, n) in &other.elements {
            self.add_atoms(element, weight * n);
        }
        self.charge += weight * other.charge;
    }

    fn add_atoms(&mut self, element: &str, atoms: f64) {
        match self.elements.iter_mut().find(|(e, _)| e == element) {
            Some((_, n)) => *n += atoms,
            None => self.elements.push((element.to_string(), atoms)),
        }
    }
}

impl FromStr for Formula {
    type Err = FormulaError;
    fn from_str(text: &str) -> Result<Self, FormulaError> {
        Formula::parse(text)
    }
}

/// Element counts in the stored order, then the charge as PHREEQC writes it: `Na2MgS2O12H8`, `SO4-2`.
impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (element, n) in &self.elements {
            if *n == 1.0 {
                write!(f, "{element}")?;
            } else {
                write!(f, "{element}{n}")?;
            }
        }
        write!(f, "{}", charge_suffix(self.charge))
    }
}

/// A charge as the end of a species name: empty, `+`, `-2`.
pub fn charge_suffix(charge: f64) -> String {
    let sign = if charge < 0.0 { '-' } else { '+' };
    match charge.abs() {
        0.0 => String::new(),
        1.0 => sign.to_string(),
        size => format!("{sign}{size}"),
    }
}

/// Reads one formula; the position of every error is a byte offset into `text`.
struct Parser<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, position: usize, problem: FormulaProblem) -> FormulaError {
        FormulaError {
            text: self.text.to_string(),
            position,
            problem,
        }
    }

    /// The next character that is not a space.
    fn peek(&mut self) -> Option<(usize, char)> {
        while self.chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        self.chars.peek().copied()
    }

    /// `part (: part)*`
    fn addends(&mut self, formula: &mut Formula, weight: f64) -> Result<(), FormulaError> {
        loop {
            let multiplier = self.number()?.unwrap_or(1.0);
            self.units(formula, weight * multiplier)?;
            match self.peek() {
                Some((_, ':' | '·' | '•' | '*')) => self.chars.next(),
                _ => return Ok(()),
            };
        }
    }

    /// One or more elements or groups, each with its count.
    fn units(&mut self, formula: &mut Formula, weight: f64) -> Result<(), FormulaError> {
        let mut seen = false;
        loop {
            match self.peek() {
                Some((_, c)) if c.is_ascii_uppercase() => self.element(formula, weight)?,
                Some((_, '(')) => self.group(formula, weight)?,
                Some(_) if seen => return Ok(()),
                Some((at, found)) => {
                    return Err(self.error(at, FormulaProblem::UnexpectedCharacter { found }));
                }
                None if seen => return Ok(()),
                None => return Err(self.error(self.text.len(), FormulaProblem::Empty)),
            }
            seen = true;
        }
    }

    fn element(&mut self, formula: &mut Formula, weight: f64) -> Result<(), FormulaError> {
        let (at, first) = self.peek().unwrap_or((self.text.len(), '?'));
        let mut symbol = String::from(first);
        self.chars.next();
        while let Some((_, c)) = self.chars.next_if(|(_, c)| c.is_ascii_lowercase()) {
            symbol.push(c);
        }
        if atomic_mass_g_mol(&symbol).is_none() {
            return Err(self.error(at, FormulaProblem::UnknownElement { symbol }));
        }
        let count = self.count()?;
        formula.add_atoms(&symbol, weight * count);
        Ok(())
    }

    fn group(&mut self, formula: &mut Formula, weight: f64) -> Result<(), FormulaError> {
        let (at, _) = self.peek().unwrap_or((self.text.len(), '('));
        self.chars.next();
        if self.depth == DEPTH_MAX {
            return Err(self.error(at, FormulaProblem::TooDeep));
        }
        self.depth += 1;
        let mut inner = Formula::default();
        self.addends(&mut inner, 1.0)?;
        self.depth -= 1;
        match self.peek() {
            Some((_, ')')) => self.chars.next(),
            Some((at, found)) => {
                return Err(self.error(at, FormulaProblem::UnexpectedCharacter { found }));
            }
            None => return Err(self.error(at, FormulaProblem::UnclosedGroup)),
        };
        let count = self.count()?;
        formula.add(weight * count, &inner);
        Ok(())
    }

    /// A count right behind its element or group; none means one. A number after a space is no
    /// count: in `K2SO4 2H2O` nothing says what it multiplies.
    fn count(&mut self) -> Result<f64, FormulaError> {
        match self.chars.peek() {
            Some((_, c)) if c.is_ascii_digit() || *c == '.' => Ok(self.number()?.unwrap_or(1.0)),
            _ => Ok(1.0),
        }
    }

    /// A decimal number without sign or exponent.
    fn number(&mut self) -> Result<Option<f64>, FormulaError> {
        let Some((at, _)) = self.peek() else {
            return Ok(None);
        };
        let mut digits = String::new();
        while let Some((_, c)) = self.chars.next_if(|(_, c)| c.is_ascii_digit() || *c == '.') {
            digits.push(c);
        }
        if digits.is_empty() {
            return Ok(None);
        }
        match digits.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.error(at, FormulaProblem::BadNumber { digits })),
        }
    }

    /// `+`, `-2`, `--` or nothing.
    fn charge(&mut self) -> Result<f64, FormulaError> {
        let Some((_, sign @ ('+' | '-'))) = self.peek() else {
            return Ok(0.0);
        };
        let mut size = 0.0;
        while self.chars.next_if(|(_, c)| *c == sign).is_some() {
            size += 1.0;
        }
        if size == 1.0
            && let Some((_, c)) = self.chars.peek()
            && c.is_ascii_digit()
        {
            size = self.number()?.unwrap_or(1.0);
        }
        Ok(if sign == '-' { -size } else { size })
    }
}

/// Atomic mass, g/mol: abridged standard atomic weights of IUPAC 2021 (Prohaska et al. 2022, Pure
/// Appl. Chem. 94, 573; five figures). `None` for a symbol without a standard atomic weight.
pub fn atomic_mass_g_mol(symbol: &str) -> Option<f64> {
    ATOMIC_MASSES_G_MOL
        .iter()
        .find(|(s, _)| *s == symbol)
        .map(|(_, m)| *m)
}

// The frequent elements of brines first: the search is linear.
const ATOMIC_MASSES_G_MOL: [(&str, f64); 84] = [
    ("H", 1.0080),
    ("O", 15.999),
    ("Na", 22.990),
    ("K", 39.098),
    ("Mg", 24.305),
    ("Ca", 40.078),
    ("Cl", 35.45),
    ("S", 32.06),
    ("C", 12.011),
    ("B", 10.81),
    ("Li", 6.94),
    ("Br", 79.904),
    ("Sr", 87.62),
    ("Rb", 85.468),
    ("Cs", 132.91),
    ("N", 14.007),
    ("Si", 28.085),
    ("Ba", 137.33),
    ("Fe", 55.845),
    ("Mn", 54.938),
    ("He", 4.0026),
    ("Be", 9.0122),
    ("F", 18.998),
    ("Ne", 20.180),
    ("Al", 26.982),
    ("P", 30.974),
    ("Ar", 39.95),
    ("Sc", 44.956),
    ("Ti", 47.867),
    ("V", 50.942),
    ("Cr", 51.996),
    ("Co", 58.933),
    ("Ni", 58.693),
    ("Cu", 63.546),
    ("Zn", 65.38),
    ("Ga", 69.723),
    ("Ge", 72.630),
    ("As", 74.922),
    ("Se", 78.971),
    ("Kr", 83.798),
    ("Y", 88.906),
    ("Zr", 91.224),
    ("Nb", 92.906),
    ("Mo", 95.95),
    ("Ru", 101.07),
    ("Rh", 102.91),
    ("Pd", 106.42),
    ("Ag", 107.87),
    ("Cd", 112.41),
    ("In", 114.82),
    ("Sn", 118.71),
    ("Sb", 121.76),
    ("Te", 127.60),
    ("I", 126.90),
    ("Xe", 131.29),
    ("La", 138.91),
    ("Ce", 140.12),
    ("Pr", 140.91),
    ("Nd", 144.24),
    ("Sm", 150.36),
    ("Eu", 151.96),
    ("Gd", 157.25),
    ("Tb", 158.93),
    ("Dy", 162.50),
    ("Ho", 164.93),
    ("Er", 167.26),
    ("Tm", 168.93),
    ("Yb", 173.05),
    ("Lu", 174.97),
    ("Hf", 178.49),
    ("Ta", 180.95),
    ("W", 183.84),
    ("Re", 186.21),
    ("Os", 190.23),
    ("Ir", 192.22),
    ("Pt", 195.08),
    ("Au", 196.97),
    ("Hg", 200.59),
    ("Tl", 204.38),
    ("Pb", 207.2),
    ("Bi", 208.98),
    ("Th", 232.04),
    ("Pa", 231.04),
    ("U", 238.03),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, printed: &str) {
        assert_eq!(
            Formula::parse(text).expect(text).to_string(),
            printed,
            "{text}"
        );
    }

    /// Atomic masses S 32.06, B 10.81, O 15.999 (IUPAC 2021, abridged).
    #[test]
    fn ions_and_oxides_are_told_by_their_element() {
        for (text, element, share) in [
            ("SO4-2", "S", 32.06 / 96.056),
            ("B2O3", "B", 21.62 / 69.617),
            ("K", "K", 1.0),
        ] {
            let told = Formula::parse(text).ok().and_then(|f| f.told_by());
            let (found, of) = told.expect("an element");
            assert!(
                found == element && (of - share).abs() < 1e-4,
                "{text}: {of}"
            );
        }
        assert_eq!(Formula::parse("H2O").ok().and_then(|f| f.told_by()), None);
    }

    #[test]
    fn reads_what_databases_write() {
        check("Na2Mg(SO4)2:4H2O", "Na2MgS2O12H8");
        check("KCl:MgSO4:2.75H2O", "KClMgSO6.75H5.5");
        check("NaCl:2H2O", "NaClH4O2");
        check("Ca0.5(CO3)0.5", "Ca0.5C0.5O1.5");
        check("SO4-2", "SO4-2");
        check("SO4--", "SO4-2");
        check("Mg++", "Mg+2");
        check("B(OH)4-", "BO4H4-");
        check("Na+", "Na+");
        check("K2Ca5(SO4)6H2O", "K2Ca5S6O25H2");
        check("CaCl2:(MgCl2)2:12H2O", "CaCl6Mg2H24O12");
        check("Na2(B4O5(OH)4):8H2O", "Na2B4O17H20");
        check("Mg2Si3O7.5OH:3H2O", "Mg2Si3O11.5H7");
        check("Na2CO3 · 10 H2O", "Na2CO13H20");
        check("(MgCO3)3:Mg(OH)2:3H2O", "Mg4C3O14H8");
    }

    #[test]
    fn molar_masses_match_hand_sums() {
        let mass = |text: &str| Formula::parse(text).expect(text).molar_mass_kg_mol();
        // 22.990 + 35.45; 39.098 + 24.305 + 3·35.45 + 6·18.015; sulfate 32.06 + 4·15.999
        assert!((mass("NaCl") - 58.440e-3).abs() < 1e-12);
        assert!((mass("KMgCl3:6H2O") - 277.843e-3).abs() < 1e-12);
        assert!((mass("SO4-2") - 96.056e-3).abs() < 1e-12);
    }

    #[test]
    fn errors_say_where() {
        let at = |text: &str| {
            let error = Formula::parse(text).expect_err(text);
            (error.code(), error.position)
        };
        assert_eq!(at(""), ("formula.empty", 0));
        assert_eq!(at("NaXx2"), ("formula.unknown_element", 2));
        assert_eq!(at("Mg(OH"), ("formula.unclosed_group", 2));
        assert_eq!(at("Mg)OH"), ("formula.unexpected_character", 2));
        assert_eq!(at("Na1.2.3"), ("formula.bad_number", 2));
        assert_eq!(at("Na+Cl"), ("formula.unexpected_character", 3));
        assert_eq!(at("K2SO4 2H2O"), ("formula.unexpected_character", 6));
        assert_eq!(at(&"(".repeat(40)).0, "formula.too_deep");
    }

    fn any_formula() -> impl Strategy<Value = Formula> {
        let pick = 0..ATOMIC_MASSES_G_MOL.len();
        let atoms = (1u32..400).prop_map(|n| f64::from(n) / 4.0);
        (proptest::collection::vec((pick, atoms), 1..8), -4i32..5).prop_map(|(parts, charge)| {
            let mut formula = Formula {
                elements: Vec::new(),
                charge: f64::from(charge),
            };
            for (i, n) in parts {
                formula.add_atoms(ATOMIC_MASSES_G_MOL[i].0, n);
            }
            formula
        })
    }

    proptest! {
        #[test]
        fn printing_then_parsing_is_identity(formula in any_formula()) {
            prop_assert_eq!(Formula::parse(&formula.to_string()), Ok(formula));
        }

        #[test]
        fn addends_and_groups_add_up(a in any_formula(), b in any_formula(), n in 1u32..20) {
            let neutral = |f: &Formula| Formula { charge: 0.0, ..f.clone() }.to_string();
            let text = format!("({}){n}:{n}{}", neutral(&a), neutral(&b));
            let read = Formula::parse(&text).expect("built from parts");
            for (element, _) in &read.elements {
                let expected = f64::from(n) * (a.count(element) + b.count(element));
                prop_assert!((read.count(element) - expected).abs() < 1e-9 * expected);
            }
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = Formula::parse(&text);
        }

        #[test]
        fn never_panics_near_formulas(text in "[A-Za-z0-9()+:·. -]{0,24}") {
            if let Err(error) = Formula::parse(&text) {
                prop_assert!(error.position <= text.len());
            }
        }
    }
}
