//! What can be wrong with what people hand in for accounting, with the evidence.

use crate::message::catalogue;
use jiff::civil::Date;
use saltern_units::Lang;
use saltern_units::formula::FormulaError;
use saltern_units::message::{Catalogue, Fields, Message, nearest};
use saltern_units::place::Place;
use saltern_units::quantity::significant;
use saltern_units::table::TableError;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A measured or unmeasured quantity of a reconciliation.
    Quantity,
    /// A function of formulas.
    Function,
    /// A choice of a function, `from`.
    Choice,
    /// A node.
    Node,
    /// A stream.
    Stream,
    /// An element.
    Element,
    /// A role of streams.
    Role,
    /// A carrier.
    Carrier,
    /// A kind of node or stream.
    Kind,
    /// A set of elements.
    Set,
    /// An input or a coefficient.
    Input,
    /// A flow or activity of an inventory.
    Exchange,
    /// An emission factor.
    Factor,
    /// A component of a stream.
    Component,
}

impl Named {
    fn text(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Named::Quantity => ("quantity", "变量"),
            Named::Function => ("function", "函数"),
            Named::Choice => ("choice", "选项"),
            Named::Node => ("node", "节点"),
            Named::Stream => ("stream", "物流"),
            Named::Element => ("element", "元素"),
            Named::Role => ("role", "用途"),
            Named::Carrier => ("carrier", "载体"),
            Named::Kind => ("kind", "类型"),
            Named::Set => ("set", "集合"),
            Named::Input => ("input", "输入量"),
            Named::Exchange => ("activity or flow", "活动或流"),
            Named::Factor => ("factor", "排放因子"),
            Named::Component => ("component", "组分"),
        };
        lang.pick(en, zh)
    }
}

/// What is wrong. The stable code stands in front of each.
#[derive(Clone, Debug, PartialEq)]
pub enum AccountError {
    /// `table.…`, `units.…`: a table that cannot be read.
    Table(Box<TableError>),
    /// An error in a cell: the code is that of the error within.
    At {
        /// The cell.
        place: Place,
        /// What is wrong in it.
        error: Box<AccountError>,
    },
    /// `formula.unexpected`: a formula that cannot be read.
    Formula(FormulaError),
    /// `formula.arguments`.
    Arguments {
        /// The function.
        function: String,
        /// How it is called.
        accepted: &'static str,
    },
    /// `formula.dimensions`: sums of unlike things.
    Dimensions {
        /// What the formula does.
        operator: &'static str,
        /// Unit on the left, in base units.
        left: String,
        /// Unit on the right.
        right: String,
    },
    /// `formula.unit`: a formula whose result is not in its unit.
    ResultUnit {
        /// What it comes to, in base units.
        found: String,
        /// The unit of the definition.
        unit: String,
    },
    /// `formula.divided_by_zero`, the mean of nothing among it.
    DividedByZero,
    /// `account.unknown_name`.
    UnknownName {
        /// What it should name.
        named: Named,
        /// As written.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// `account.unknown_unit`.
    UnknownUnit {
        /// As written; empty where none is.
        unit: String,
    },
    /// `account.duplicate`.
    Duplicate {
        /// The second use.
        place: Place,
        /// What comes twice.
        id: String,
    },
    /// `account.needed`: a cell that must be filled, and why.
    Needed {
        /// The cell.
        place: Place,
        /// `unit`, `source`.
        what: &'static str,
        /// Id of the row.
        id: String,
    },
    /// `reconcile.sigma`: a standard deviation that is negative or no number.
    Sigma {
        /// Quantity.
        id: String,
        /// As given.
        sigma: f64,
    },
    /// `reconcile.contradiction`: constraints that no values meet.
    Contradiction {
        /// The constraint.
        constraint: String,
        /// How far it stays off, of the largest of its terms.
        off: f64,
    },
    /// `reconcile.not_converged`.
    NotConverged {
        /// Steps taken.
        iterations: u32,
        /// Worst constraint, of the largest of its terms.
        closure: f64,
        /// Its id.
        constraint: String,
    },
    /// `reconcile.no_value`: an equation without a value at the measured values and first guesses.
    NoValue {
        /// The equation.
        constraint: String,
    },
    /// `reconcile.no_units`.
    NoUnitsToBalance,
    /// `reconcile.undetermined`: quantities without a value where all are needed.
    Undetermined {
        /// The quantities.
        ids: Vec<String>,
    },
    /// `reconcile.volumes`: a book wants masses.
    Volumes,
    /// `carbon.singular`.
    Singular {
        /// An activity whose amount is not determined.
        activity: String,
    },
    /// `carbon.output`: an activity without, or with more than one, output of its own.
    Output {
        /// The activity.
        activity: String,
        /// Rows that give its output.
        count: usize,
    },
    /// `carbon.unit`: amounts of one flow in units that don't fit each other.
    UnitOf {
        /// The flow.
        id: String,
        /// Unit found.
        unit: String,
        /// Unit asked for.
        accepted: String,
    },
    /// `period.locked`.
    Locked {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
        /// When it was locked.
        on: Date,
    },
    /// `period.no_reason`.
    NoReason {
        /// The figure.
        figure: String,
    },
    /// `period.no_figure`.
    NoFigure {
        /// The figure.
        figure: String,
        /// First day of the period.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// `period.not_as_recorded`: a restatement of a value that the figure did not have.
    NotAsRecorded {
        /// The figure.
        figure: String,
        /// What the restatement says it was.
        old: f64,
        /// What it was.
        was: f64,
    },
    /// `period.reversed`: a last day before the first, or a change dated before what it changes.
    Reversed {
        /// The earlier day.
        from: Date,
        /// The later one.
        to: Date,
    },
    /// `period.overlap`: a period that shares days with a locked one but is not that one.
    Overlap {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
        /// First day of the locked one.
        locked_from: Date,
        /// Last day of the locked one.
        locked_to: Date,
    },
}

impl AccountError {
    /// The same error in a cell.
    pub fn at(self, place: Place) -> AccountError {
        AccountError::At {
            place,
            error: Box::new(self),
        }
    }

    /// Stable code, `reconcile.contradiction`.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }

    /// Where the trouble is, if it is in a file.
    pub fn place(&self) -> Option<&Place> {
        match self {
            AccountError::Table(error) => Some(error.place()),
            AccountError::At { place, .. }
            | AccountError::Duplicate { place, .. }
            | AccountError::Needed { place, .. } => Some(place),
            _ => None,
        }
    }
}

fn hint(name: &str, known: &[String], lang: Lang) -> String {
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => lang.pick(
            format!(" (did you mean “{near}”?)"),
            format!("（是否应为“{near}”？）"),
        ),
        None => String::new(),
    }
}

/// So many names are listed; a base may have hundreds.
const NAMES_MAX: usize = 24;

fn listed(known: &[String], lang: Lang) -> String {
    match known.len() {
        0 => lang.pick("none", "无").into(),
        n if n > NAMES_MAX => format!("{} …", lang.list(&known[..NAMES_MAX])),
        _ => lang.list(known),
    }
}

impl Message for AccountError {
    fn code(&self) -> &'static str {
        match self {
            AccountError::Table(error) => error.code(),
            AccountError::At { error, .. } => Message::code(error.as_ref()),
            AccountError::Formula(error) => error.code(),
            AccountError::Arguments { .. } => "formula.arguments",
            AccountError::Dimensions { .. } => "formula.dimensions",
            AccountError::ResultUnit { .. } => "formula.unit",
            AccountError::DividedByZero => "formula.divided_by_zero",
            AccountError::UnknownName { .. } => "account.unknown_name",
            AccountError::UnknownUnit { .. } => "account.unknown_unit",
            AccountError::Duplicate { .. } => "account.duplicate",
            AccountError::Needed { .. } => "account.needed",
            AccountError::Sigma { .. } => "reconcile.sigma",
            AccountError::Contradiction { .. } => "reconcile.contradiction",
            AccountError::NotConverged { .. } => "reconcile.not_converged",
            AccountError::NoValue { .. } => "reconcile.no_value",
            AccountError::NoUnitsToBalance => "reconcile.no_units",
            AccountError::Undetermined { .. } => "reconcile.undetermined",
            AccountError::Volumes => "reconcile.volumes",
            AccountError::Singular { .. } => "carbon.singular",
            AccountError::Output { .. } => "carbon.output",
            AccountError::UnitOf { .. } => "carbon.unit",
            AccountError::Locked { .. } => "period.locked",
            AccountError::NoReason { .. } => "period.no_reason",
            AccountError::NoFigure { .. } => "period.no_figure",
            AccountError::NotAsRecorded { .. } => "period.not_as_recorded",
            AccountError::Reversed { .. } => "period.reversed",
            AccountError::Overlap { .. } => "period.overlap",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            AccountError::Table(error) => error.fields(lang),
            AccountError::At { error, .. } => error.fields(lang),
            AccountError::Formula(error) => error.fields(lang),
            AccountError::Arguments { function, accepted } => vec![
                ("function", function.clone()),
                ("accepted", accepted.to_string()),
            ],
            AccountError::Dimensions {
                operator,
                left,
                right,
            } => vec![
                ("operator", operator.to_string()),
                ("left", left.clone()),
                ("right", right.clone()),
            ],
            AccountError::ResultUnit { found, unit } => {
                vec![("found", found.clone()), ("unit", unit.clone())]
            }
            AccountError::UnknownName { named, name, known } => vec![
                ("what", named.text(lang).into()),
                ("name", name.clone()),
                ("hint", hint(name, known, lang)),
                ("known", listed(known, lang)),
            ],
            AccountError::UnknownUnit { unit } => vec![("unit", unit.clone())],
            AccountError::Duplicate { place, id } => {
                vec![("place", place.text(lang)), ("id", id.clone())]
            }
            AccountError::Needed { place, what, id } => vec![
                ("place", place.text(lang)),
                ("what", what.to_string()),
                ("id", id.clone()),
            ],
            AccountError::Sigma { id, sigma } => {
                vec![("id", id.clone()), ("sigma", sigma.to_string())]
            }
            AccountError::Contradiction { constraint, off } => vec![
                ("constraint", constraint.clone()),
                ("off", format!("{off:.2e}")),
            ],
            AccountError::NotConverged {
                iterations,
                closure,
                constraint,
            } => vec![
                ("iterations", iterations.to_string()),
                ("closure", format!("{closure:.2e}")),
                ("constraint", constraint.clone()),
            ],
            AccountError::NoValue { constraint } => vec![("constraint", constraint.clone())],
            AccountError::DividedByZero
            | AccountError::NoUnitsToBalance
            | AccountError::Volumes => Vec::new(),
            AccountError::Undetermined { ids } => vec![("ids", listed(ids, lang))],
            AccountError::Singular { activity } => vec![("activity", activity.clone())],
            AccountError::Output { activity, count } => {
                vec![("activity", activity.clone()), ("count", count.to_string())]
            }
            AccountError::UnitOf { id, unit, accepted } => vec![
                ("id", id.clone()),
                ("unit", unit.clone()),
                ("accepted", accepted.clone()),
            ],
            AccountError::Locked { from, to, on } => vec![
                ("from", from.to_string()),
                ("to", to.to_string()),
                ("on", on.to_string()),
            ],
            AccountError::NoReason { figure } => vec![("figure", figure.clone())],
            AccountError::NoFigure { figure, from, to } => vec![
                ("figure", figure.clone()),
                ("from", from.to_string()),
                ("to", to.to_string()),
            ],
            AccountError::NotAsRecorded { figure, old, was } => vec![
                ("figure", figure.clone()),
                ("old", old.to_string()),
                ("was", was.to_string()),
            ],
            AccountError::Reversed { from, to } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
            AccountError::Overlap {
                from,
                to,
                locked_from,
                locked_to,
            } => vec![
                ("from", from.to_string()),
                ("to", to.to_string()),
                ("locked_from", locked_from.to_string()),
                ("locked_to", locked_to.to_string()),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            AccountError::Table(error) => error.catalogue(),
            AccountError::Formula(error) => error.catalogue(),
            AccountError::At { error, .. } => error.catalogue(),
            _ => catalogue(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            AccountError::Table(error) => error.text(lang),
            AccountError::At { place, error } => format!(
                "{}{}{}",
                place.text(lang),
                lang.pick(": ", "："),
                error.text(lang)
            ),
            _ => self
                .catalogue()
                .render(Message::code(self), lang, &self.fields(lang)),
        }
    }
}

impl From<FormulaError> for AccountError {
    fn from(error: FormulaError) -> Self {
        AccountError::Formula(error)
    }
}

impl From<TableError> for AccountError {
    fn from(error: TableError) -> Self {
        AccountError::Table(Box::new(error))
    }
}

impl std::fmt::Display for AccountError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for AccountError {}

/// A figure for people: six significant digits.
pub(crate) fn shown(value: f64) -> String {
    significant(value, 6)
}
