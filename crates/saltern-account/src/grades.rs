//! Grades of products: a composition against the classes of a standard, kept as data.

use crate::error::{AccountError, Named};
use crate::statement::{Statement, unknown};
use saltern_units::Lang;
use saltern_units::product::{K2O_PER_K, LCE_PER_LI};
use saltern_units::table::Table;
use saltern_units::unit::Dimension;

/// One limit of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Product, `KCl`.
    pub product: String,
    /// Standard, `GB 6549`.
    pub standard: String,
    /// Class in English.
    pub class_en: String,
    /// Class in Chinese.
    pub class_zh: String,
    /// Component, `K2O`, `moisture`.
    pub component: String,
    /// Least mass fraction.
    pub at_least: Option<f64>,
    /// Largest mass fraction.
    pub at_most: Option<f64>,
    /// Where the limit was read.
    pub source: String,
}

/// How a product stands to a class.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Every limit known here is met.
    Meets,
    /// These components are outside.
    Fails(Vec<String>),
    /// Nothing is outside, but these were not analysed.
    Open(Vec<String>),
}

impl Verdict {
    /// In words.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Verdict::Meets => lang.pick("meets the limits known", "符合已知限值").into(),
            Verdict::Fails(components) => {
                let components = named(components, lang);
                lang.pick(
                    format!("fails in {components}"),
                    format!("不合格：{components}"),
                )
            }
            Verdict::Open(components) => {
                let components = named(components, lang);
                lang.pick(
                    format!("open: {components} not analysed"),
                    format!("待定：未分析 {components}"),
                )
            }
        }
    }
}

/// Components as a person reads them: symbols as they are, words in the language.
fn named(components: &[String], lang: Lang) -> String {
    let name = |component: &String| match (component.as_str(), lang) {
        ("moisture", Lang::Zh) => "水分".to_owned(),
        ("magnetic", Lang::Zh) => "磁性物质".to_owned(),
        ("magnetic", Lang::En) => "magnetic matter".to_owned(),
        (symbol, _) => symbol.to_owned(),
    };
    let names: Vec<String> = components.iter().map(name).collect();
    lang.list(&names)
}

/// A class and the verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Graded {
    /// Standard.
    pub standard: String,
    /// Class in English.
    pub class_en: String,
    /// Class in Chinese.
    pub class_zh: String,
    /// Verdict.
    pub verdict: Verdict,
}

impl Graded {
    /// Class in a language.
    pub fn class(&self, lang: Lang) -> &str {
        lang.pick(&self.class_en, &self.class_zh)
    }
}

/// The built-in table: file and text. It holds what could be read of the standards, not all of their limits.
pub const CLASSES: (&str, &str) = (
    "classes.csv",
    include_str!("../../../data/grades/classes.csv"),
);

/// Reads limits.
///
/// # Errors
/// What is wrong, with its place; a limit without source is [`AccountError::Needed`].
pub fn read(file: &str, text: &str) -> Result<Vec<Limit>, AccountError> {
    let table = Table::read(file, text)?;
    let mut columns = [0; 8];
    let names = [
        "product",
        "standard",
        "class_en",
        "class_zh",
        "component",
        "at_least",
        "at_most",
        "source",
    ];
    for (column, name) in columns.iter_mut().zip(names) {
        *column = table.column(name)?;
    }
    let limit = |row| {
        let cell = |i: usize| table.cell(row, columns[i]);
        if cell(7).is_blank() {
            return Err(AccountError::Needed {
                place: cell(7).place(),
                what: "source",
                id: cell(0).raw().into(),
            });
        }
        Ok(Limit {
            product: cell(0).text()?.into(),
            standard: cell(1).text()?.into(),
            class_en: cell(2).text()?.into(),
            class_zh: cell(3).text()?.into(),
            component: cell(4).text()?.into(),
            at_least: cell(5).optional_quantity(Dimension::MassFraction)?,
            at_most: cell(6).optional_quantity(Dimension::MassFraction)?,
            source: cell(7).raw().into(),
        })
    };
    table.rows.iter().map(limit).collect()
}

/// What a stream of a statement holds, as shares of its dry mass: every element, K2O as potassium is counted in trade, Li2CO3
/// as if all lithium were that, and every mineral. `moisture` is a share of the wet mass: from the liquid
/// water of the book, or from the laboratory; without it the mass counts as dry.
///
/// # Errors
/// [`AccountError::UnknownName`] for a stream that doesn't exist.
pub fn composition(
    statement: &Statement,
    stream: &str,
    moisture: Option<f64>,
) -> Result<Vec<(String, f64)>, AccountError> {
    let known = || statement.flows.iter().map(|f| f.id.clone()).collect();
    let flow = statement.flows.iter().find(|f| f.id == stream);
    let flow = flow.ok_or_else(|| unknown(Named::Stream, stream, known()))?;
    let dry_kg = flow.mass_kg * (1.0 - moisture.unwrap_or(0.0));
    let mut shares: Vec<(String, f64)> = Vec::new();
    for (element, kg) in statement.elements.iter().zip(&flow.elements_kg) {
        let counted = match element.as_str() {
            "K" => Some(("K2O", K2O_PER_K)),
            "Li" => Some(("Li2CO3", LCE_PER_LI)),
            _ => None,
        };
        shares.extend(counted.map(|(name, factor)| (name.into(), factor * kg / dry_kg)));
        shares.push((element.clone(), kg / dry_kg));
    }
    for (mineral, kg) in statement.minerals.iter().zip(&flow.minerals_kg) {
        shares.push((mineral.clone(), kg / dry_kg));
    }
    shares.extend(moisture.map(|m| ("moisture".to_string(), m)));
    Ok(shares)
}

/// Holds a composition (component and mass fraction) against every class of a product, in the order of the table.
pub fn grade(limits: &[Limit], product: &str, composition: &[(String, f64)]) -> Vec<Graded> {
    let mut graded: Vec<Graded> = Vec::new();
    for limit in limits.iter().filter(|l| l.product == product) {
        let same = |g: &Graded| g.standard == limit.standard && g.class_en == limit.class_en;
        let index = graded.iter().position(same).unwrap_or_else(|| {
            graded.push(Graded {
                standard: limit.standard.clone(),
                class_en: limit.class_en.clone(),
                class_zh: limit.class_zh.clone(),
                verdict: Verdict::Meets,
            });
            graded.len() - 1
        });
        let found = composition.iter().find(|(c, _)| *c == limit.component);
        let verdict = &mut graded[index].verdict;
        match found.map(|(_, share)| limit.holds(*share)) {
            Some(true) => {}
            Some(false) => match verdict {
                Verdict::Fails(components) => components.push(limit.component.clone()),
                _ => *verdict = Verdict::Fails(vec![limit.component.clone()]),
            },
            None => match verdict {
                Verdict::Open(components) => components.push(limit.component.clone()),
                Verdict::Meets => *verdict = Verdict::Open(vec![limit.component.clone()]),
                Verdict::Fails(_) => {}
            },
        }
    }
    graded
}

impl Limit {
    fn holds(&self, share: f64) -> bool {
        self.at_least.is_none_or(|least| share >= least)
            && self.at_most.is_none_or(|most| share <= most)
    }
}
