//! Formulas as people write them in tables: `F1 + F2 = F3`, `mass(element=K, role=product) / mass(role=feed)`.
//!
//! Numbers, names, `+ − × ÷ ^`, parentheses, calls. A number may carry a unit in brackets, `0.1229 [kgce/kWh]`. A
//! name with signs in it stands in quotation marks, `"canal-3"`. A call takes formulas or named choices
//! (`from=p1|p2`); `mean(x in approved: …)` and `sum(x in …: …)` take a formula for each member of a set.
//! What names and calls mean is the business of whoever evaluates: reconciliation, indicators, calculated tags.
//!
//! With conditions ([`Formula::read_with_conditions`]) it also reads `< <= > >= == !=`, `and`, `or`, `not`, and units of one
//! word without brackets, `1 h`.

mod error;
mod parse;
mod write;

pub use error::{Expected, FormulaError};

/// A formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number and the unit written behind it, empty where none is.
    Number(f64, String),
    /// A name.
    Name(String),
    /// −a.
    Minus(Box<Formula>),
    /// a + b and so on.
    Binary(Operator, Box<Formula>, Box<Formula>),
    /// `name(…)`.
    Call(Call),
    /// `mean(x in set: body)`.
    Each(Each),
    /// `a < b`, `a and b` and so on.
    Test(Test, Box<Formula>, Box<Formula>),
    /// `not a`.
    Not(Box<Formula>),
}

/// What is asked of two formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// <
    Below,
    /// <=
    AtMost,
    /// >
    Above,
    /// >=
    AtLeast,
    /// ==
    Equal,
    /// !=
    Unequal,
    /// and
    And,
    /// or
    Or,
}

impl Test {
    /// As written.
    pub fn symbol(self) -> &'static str {
        match self {
            Test::Below => "<",
            Test::AtMost => "<=",
            Test::Above => ">",
            Test::AtLeast => ">=",
            Test::Equal => "==",
            Test::Unequal => "!=",
            Test::And => "and",
            Test::Or => "or",
        }
    }
}

/// An operator between two formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// +
    Add,
    /// −
    Subtract,
    /// ×
    Multiply,
    /// ÷
    Divide,
    /// ^
    Power,
}

impl Operator {
    /// As written.
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Power => "^",
        }
    }
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Name of the function.
    pub name: String,
    /// Formulas given in order.
    pub arguments: Vec<Formula>,
    /// Choices given by name: `from=p1|p2`.
    pub choices: Vec<Choice>,
}

/// A named choice: any of some ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen by, `from`.
    pub name: String,
    /// What is accepted there.
    pub any_of: Vec<String>,
}

/// A formula for each member of a set, gathered.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// `mean` or `sum`.
    pub name: String,
    /// What a member is called in the body.
    pub variable: String,
    /// Name of the set.
    pub set: String,
    /// The formula for one member.
    pub body: Box<Formula>,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`FormulaError`] where something else should stand.
    pub fn read(text: &str) -> Result<Formula, FormulaError> {
        parse::formula(text, false)
    }

    /// Reads a formula in which conditions may stand.
    ///
    /// # Errors
    /// [`FormulaError`] where something else should stand.
    pub fn read_with_conditions(text: &str) -> Result<Formula, FormulaError> {
        parse::formula(text, true)
    }
}

/// Reads an equation, `left = right`.
///
/// # Errors
/// [`FormulaError`] where something else should stand.
pub fn equation(text: &str) -> Result<(Formula, Formula), FormulaError> {
    parse::equation(text)
}
