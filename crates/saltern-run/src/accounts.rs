//! The accounts of a run, or of some of its days: its book, read with the tables that a base may hand in.
//!
//! A book says what moved. What a stream is *for*, what was used beside matter and which factors count it stand in tables
//! of the base ([`TABLES`]); each may be missing, and what needs it is then left out or says so.

mod by_node;
mod path;
mod tables;

pub use by_node::NodeUse;
pub use tables::shown_unit;

use std::collections::BTreeMap;
use std::ops::Range;

use saltern_account::carbon::{self, Choice, Factors, Footprint, Use};
use saltern_account::grades::{self, Graded};
use saltern_account::indicators::{self, Definition, Figure, Inputs};
use saltern_account::recovery::{self, Stage};
use saltern_account::sankey::{self, Carrier, Sankey};
use saltern_account::statement::{MATTER, Statement};
use saltern_account::{AccountError, measure::Basis};
use saltern_base::book::StreamKind;
use saltern_units::Lang;
use saltern_units::table::Table;

use crate::contents::{BaseSnapshot, PlantStreamSnapshot, RunContents};

/// Tables that accounts read beside the book, by file name.
///
/// | file | columns |
/// |---|---|
/// | `roles.csv` | `stream`, `role`, if wanted `product`: what a stream is for |
/// | `stages.csv` | `element`, `stage`, `node`: the way from resource to product, in order |
/// | `utilities.csv` | `id`, `carrier`, `from`, `to`, `amount`, `unit`, if wanted `role`: what was used beside matter |
/// | `carbon.csv` | `what`, `factor`, if wanted `by`, `counted`: which factor counts which carrier |
/// | `factors.csv` | the base's own emission factors, on top of those built in |
/// | `indicators.csv` | the base's own definitions, in place of built-in ones with the same id |
/// | `inputs.csv` | `id`, `value`, `unit`, `source`: numbers that indicators name |
/// | `sets.csv` | `set`, `member`: sets of elements that indicators name |
pub const TABLES: [&str; 8] = [
    "roles.csv",
    "stages.csv",
    UTILITIES,
    "carbon.csv",
    "factors.csv",
    "indicators.csv",
    "inputs.csv",
    "sets.csv",
];

/// The table of [`TABLES`] that says what was used beside matter in the whole period.
pub const UTILITIES: &str = "utilities.csv";

/// Elements that are followed stage by stage.
pub const FOLLOWED: [&str; 4] = ["K", "Li", "Mg", "Na"];

/// Links of a Sankey diagram below this share of the largest are left out.
const LINK_SHARE_MIN: f64 = 1e-3;

/// The accounts of a run.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// The book of the period as flows.
    pub statement: Statement,
    /// Each followed element along its way.
    pub ways: Vec<Way>,
    /// Where each followed element goes.
    pub sankeys: Vec<Sankey>,
    /// Definitions that the figures are of.
    pub definitions: Vec<Definition>,
    /// Indicators.
    pub figures: Vec<Figure>,
    /// What was used beside matter: carrier and sum.
    pub utilities: Vec<Utility>,
    /// The same by plant, against its own products.
    pub uses_by_node: Vec<NodeUse>,
    /// CO₂; `None` where nothing is known to have been used.
    pub footprint: Option<Footprint>,
    /// Products against grade classes.
    pub grades: Vec<ProductGrades>,
}

/// An element from resource to product.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Symbol.
    pub element: String,
    /// Name of each stage.
    pub names: Vec<String>,
    /// Stages; the last is where it ends.
    pub stages: Vec<Stage>,
    /// What streams of the role `resource` brought, kg.
    pub drawn_kg: f64,
}

impl Way {
    /// What arrived at the end over what was drawn; `None` where nothing was drawn.
    pub fn overall(&self) -> Option<f64> {
        let won_kg = self.stages.last()?.onward_kg;
        (self.drawn_kg > 0.0).then(|| won_kg / self.drawn_kg)
    }
}

/// A carrier used in the period.
#[derive(Clone, Debug, PartialEq)]
pub struct Utility {
    /// `electricity`, `soda_ash`, …
    pub carrier: String,
    /// Sum in base units.
    pub amount: f64,
    /// Its base units: kg, m³ or J.
    pub basis: Basis,
    /// Per kg of all products; `None` where no stream is a product.
    pub per_product_kg: Option<f64>,
}

/// A product stream against the classes of its product.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductGrades {
    /// Stream.
    pub stream: String,
    /// Product.
    pub product: String,
    /// Shares of its dry mass, by component.
    pub composition: Vec<(String, f64)>,
    /// Classes and verdicts; empty where no class is known.
    pub classes: Vec<Graded>,
}

impl Accounts {
    /// Makes the accounts of a run with its own tables, [`RunContents::tables`].
    ///
    /// # Errors
    /// What is wrong with a table, with file, row and column.
    pub fn of(run: &RunContents) -> Result<Accounts, AccountError> {
        Accounts::with(run, &run.tables)
    }

    /// Makes the accounts of a run with other tables: text by the names of [`TABLES`].
    ///
    /// # Errors
    /// As [`Accounts::of`].
    pub fn with(
        run: &RunContents,
        texts: &BTreeMap<String, String>,
    ) -> Result<Accounts, AccountError> {
        Accounts::within(run, texts, 0..run.book.days)
    }

    /// Makes the accounts of some days of a run, counted from its first. Amounts of `utilities.csv` are of the whole period:
    /// they count in accounts of all its days only.
    ///
    /// # Errors
    /// As [`Accounts::of`].
    pub fn within(
        run: &RunContents,
        texts: &BTreeMap<String, String>,
        days: Range<u32>,
    ) -> Result<Accounts, AccountError> {
        let table = |name: &'static str| texts.get(name).map(|text| (name, text.as_str()));
        let is_whole = days.start == 0 && days.end >= run.book.days;
        let mut statement = Statement::of(&run.book, days);
        if let Some((file, text)) = table(UTILITIES).filter(|_| is_whole) {
            statement.use_utilities(file, text)?;
        }
        for stream in &run.base.plant_streams {
            statement.play(&stream.id, roles_of(stream));
        }
        if let Some((file, text)) = table("roles.csv") {
            statement.assign(file, text)?;
        }
        let given = path::given(&statement, table("stages.csv"))?;
        let mut ways = Vec::new();
        let mut sankeys = Vec::new();
        for element in followed(&statement, &given) {
            ways.extend(way(run, &statement, &element, &given)?);
            sankeys.push(sankey::sankey(
                &statement,
                Carrier::Element(&element),
                LINK_SHARE_MIN,
            )?);
        }
        let definitions = definitions(table("indicators.csv"))?;
        let mut inputs = indicators::built_in_inputs()?;
        if let Some((file, text)) = table("inputs.csv") {
            inputs.read_values(file, text)?;
        }
        if let Some((file, text)) = table("sets.csv") {
            sets(&mut inputs, file, text)?;
        }
        let figures = indicators::evaluate(&statement, &definitions, &inputs);
        let uses = statement.uses();
        let footprint = footprint(
            &statement.uses_with_carbon(),
            table("factors.csv"),
            table("carbon.csv"),
            is_whole,
        )?;
        Ok(Accounts {
            ways,
            sankeys,
            definitions,
            figures,
            utilities: utilities(&statement, &uses),
            uses_by_node: by_node::uses_by_node(&statement, &uses),
            footprint,
            grades: product_grades(&statement)?,
            statement,
        })
    }
}

/// What is called a product, summed over its streams.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// What it is called in `roles.csv`; the id of its stream where it has no name there.
    pub name: String,
    /// Nodes it comes from.
    pub from: Vec<String>,
    /// Mass, kg, as it leaves.
    pub kg: f64,
}

/// Products of a statement, in the order of their first streams; those of which nothing was made are left out.
pub fn products(statement: &Statement) -> Vec<Product> {
    let mut all: Vec<Product> = Vec::new();
    let flows = statement.flows.iter();
    for flow in flows.filter(|f| f.roles.iter().any(|r| r == "product") && f.mass_kg > 0.0) {
        let name = flow.product.as_ref().unwrap_or(&flow.id);
        let at = all.iter().position(|p| p.name == *name).unwrap_or_else(|| {
            all.push(Product {
                name: name.clone(),
                from: Vec::new(),
                kg: 0.0,
            });
            all.len() - 1
        });
        let product = &mut all[at];
        product.kg += flow.mass_kg;
        let from = &statement.nodes[flow.from].id;
        if !product.from.contains(from) {
            product.from.push(from.clone());
        }
    }
    all
}

/// A node or stage as a person reads it: its name in the base, or in the glossary, or its id.
pub fn name(base: &BaseSnapshot, id: &str, lang: Lang) -> String {
    let ponds = base.ponds.iter().map(|p| (&p.id, &p.name));
    let others = base.sources.iter().chain(&base.outlets);
    let others = others.chain(&base.stockpiles).chain(&base.plants);
    let streams = base.plant_streams.iter().map(|s| (&s.id, &s.name));
    let mut places = ponds.chain(others.map(|p| (&p.id, &p.name))).chain(streams);
    let own = places.find(|(known, _)| *known == id).map(|(_, name)| {
        let (first, second) = lang.pick((&name.en, &name.zh), (&name.zh, &name.en));
        if first.is_empty() { second } else { first }
    });
    match own.filter(|name| !name.is_empty()) {
        Some(name) => name.clone(),
        None => crate::report::texts::name(lang, id),
    }
}

/// What a plant's stream is for in the accounts, by its role in the plant's file: where `roles.csv` does not say otherwise.
fn roles_of(stream: &PlantStreamSnapshot) -> &'static [&'static str] {
    match (stream.role.as_str(), stream.inward) {
        ("product", false) => &["product"],
        ("tailings", false) => &["waste"],
        ("water", true) => &["fresh", "fresh_water"],
        ("reagent", true) => &["reagent"],
        _ => &[],
    }
}

/// Elements of the book that are followed: the usual ones, and those that a table gives a way.
fn followed(statement: &Statement, given: &path::Given) -> Vec<String> {
    let usual = FOLLOWED.iter().map(|e| e.to_string());
    let mut all: Vec<String> = usual.filter(|e| statement.elements.contains(e)).collect();
    for (element, _) in given {
        if !all.contains(element) {
            all.push(element.clone());
        }
    }
    all
}

fn way(
    run: &RunContents,
    statement: &Statement,
    element: &str,
    given: &path::Given,
) -> Result<Option<Way>, AccountError> {
    let column = statement.element(element)?;
    let own = given.iter().find(|(e, _)| e == element);
    let steps = match own {
        Some((_, steps)) => steps.clone(),
        None => path::usual(&run.base, statement, column),
    };
    if steps.len() < 2 {
        return Ok(None);
    }
    let (names, nodes): (Vec<String>, Vec<Vec<String>>) = steps.into_iter().unzip();
    let stages = recovery::stages(statement, element, &nodes)?;
    let resource = |f: &&saltern_account::statement::Flow| f.roles.iter().any(|r| r == "resource");
    let drawn_kg = statement
        .flows
        .iter()
        .filter(resource)
        .map(|f| f.elements_kg[column])
        .sum();
    Ok(Some(Way {
        element: element.into(),
        names,
        stages,
        drawn_kg,
    }))
}

fn definitions(own: Option<(&str, &str)>) -> Result<Vec<Definition>, AccountError> {
    let mut all = indicators::built_in()?;
    if let Some((file, text)) = own {
        let own = Definition::read(file, text)?;
        all.retain(|d| !own.iter().any(|o| o.id == d.id));
        all.extend(own);
    }
    Ok(all)
}

/// Sets of elements: a member that is no element would be passed over without a word.
fn sets(inputs: &mut Inputs, file: &str, text: &str) -> Result<(), AccountError> {
    inputs.read_sets(file, text)?;
    let table = Table::read(file, text)?;
    let column = table.column("member")?;
    for cell in table.cells(column) {
        if !ELEMENTS.contains(&cell.raw()) {
            return Err(AccountError::UnknownName {
                named: saltern_account::error::Named::Element,
                name: cell.raw().into(),
                known: ELEMENTS.map(String::from).to_vec(),
            }
            .at(cell.place()));
        }
    }
    Ok(())
}

/// Elements that a brine or a salt of a base may hold.
const ELEMENTS: [&str; 19] = [
    "H", "O", "Na", "K", "Mg", "Ca", "Li", "Rb", "Cs", "Sr", "Ba", "B", "C", "N", "S", "Cl", "Br",
    "I", "F",
];

fn footprint(
    uses: &[Use],
    factors: Option<(&str, &str)>,
    choices: Option<(&str, &str)>,
    is_whole: bool,
) -> Result<Option<Footprint>, AccountError> {
    let mut all = carbon::data::factors()?;
    if let Some((file, text)) = factors {
        all = all.with(Factors::read(file, text)?);
    }
    let chosen = match choices {
        Some((file, text)) => {
            let mut chosen = Choice::read(file, text)?;
            if is_whole && !uses.is_empty() {
                check_choices(uses, &all, &chosen, &Table::read(file, text)?)?;
            } else {
                // What the tables use of the whole period is not used in a part of it, and what was measured has no uses.
                chosen.retain(|choice| uses.iter().any(|used| used.what == choice.what));
            }
            chosen
        }
        None => Vec::new(),
    };
    if uses.is_empty() {
        return Ok(None);
    }
    carbon::footprint(uses, &all, &chosen).map(Some)
}

/// A choice that cannot be is told with its row.
fn check_choices(
    uses: &[Use],
    factors: &Factors,
    chosen: &[Choice],
    table: &Table,
) -> Result<(), AccountError> {
    for (choice, row) in chosen.iter().zip(&table.rows) {
        let wrong = factors.find(&choice.factor).is_none();
        let column = table.column(if wrong { "factor" } else { "what" })?;
        carbon::footprint(uses, factors, std::slice::from_ref(choice))
            .map_err(|error| error.at(table.cell(row, column).place()))?;
    }
    Ok(())
}

fn utilities(statement: &Statement, uses: &[Use]) -> Vec<Utility> {
    let product_kg: f64 = statement
        .flows
        .iter()
        .filter(|f| f.carrier == MATTER && f.roles.iter().any(|r| r == "product"))
        .map(|f| f.mass_kg)
        .sum();
    let mut sums: Vec<Utility> = Vec::new();
    for used in uses {
        let same = |u: &&mut Utility| u.carrier == used.what && u.basis == used.basis;
        match sums.iter_mut().find(same) {
            Some(sum) => sum.amount += used.amount,
            None => sums.push(Utility {
                carrier: used.what.clone(),
                amount: used.amount,
                basis: used.basis,
                per_product_kg: None,
            }),
        }
    }
    for sum in &mut sums {
        sum.per_product_kg = (product_kg > 0.0).then(|| sum.amount / product_kg);
    }
    sums
}

fn product_grades(statement: &Statement) -> Result<Vec<ProductGrades>, AccountError> {
    let limits = grades::read(grades::CLASSES.0, grades::CLASSES.1)?;
    let products = statement
        .flows
        .iter()
        .filter(|f| f.mass_kg > 0.0)
        .filter_map(|f| Some((f, f.product.as_ref()?)));
    products
        .map(|(flow, product)| {
            let moisture = flow.water_kg / flow.mass_kg;
            // Of brine handed on as a product nobody asks the moisture.
            let made = flow.kind == Some(StreamKind::PlantOutlet) && moisture.is_finite();
            let composition = grades::composition(statement, &flow.id, made.then_some(moisture))?;
            Ok(ProductGrades {
                stream: flow.id.clone(),
                product: product.clone(),
                classes: grades::grade(&limits, product, &composition),
                composition,
            })
        })
        .collect()
}
