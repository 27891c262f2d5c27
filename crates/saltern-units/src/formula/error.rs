//! What is wrong with a formula.

use crate::message::{Catalogue, Fields, Lang, Message};

/// What may stand at a place of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A number, a name, a call or a parenthesis.
    Value,
    /// An operator, or the end.
    Operator,
    /// A name.
    Name,
    /// What closes a parenthesis, a bracket or a quotation.
    Closing,
    /// A comma or a closing parenthesis.
    CommaOrClosing,
    /// The colon behind `x in set`.
    Colon,
    /// The `=` of an equation.
    Equals,
    /// Less nesting.
    FewerParentheses,
    /// The end, long before.
    End,
}

impl Expected {
    fn text(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Expected::Value => (
                "a number, a name, a call or a parenthesis",
                "数值、名称、函数或括号",
            ),
            Expected::Operator => ("an operator or the end", "运算符或公式结尾"),
            Expected::Name => ("a name", "名称"),
            Expected::Closing => (
                "a closing parenthesis, bracket or quotation mark",
                "右括号或右引号",
            ),
            Expected::CommaOrClosing => ("a comma or a closing parenthesis", "逗号或右括号"),
            Expected::Colon => ("a colon and a formula", "冒号和公式"),
            Expected::Equals => ("an equals sign", "等号"),
            Expected::End => (
                "the end: formulas are at most 4000 characters long",
                "公式结尾：公式最多 4000 个字符",
            ),
            Expected::FewerParentheses => ("fewer parentheses within each other", "较少的括号嵌套"),
        };
        lang.pick(en, zh)
    }
}

/// `formula.unexpected`: something else should stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaError {
    /// The formula.
    pub text: String,
    /// What stands there; empty at the end.
    pub found: String,
    /// Which character, from 1.
    pub at: usize,
    /// What may stand there.
    pub expected: Expected,
}

/// The beginning of a long text.
fn abridged(text: &str) -> String {
    const SHOWN: usize = 200;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

impl Message for FormulaError {
    fn code(&self) -> &'static str {
        "formula.unexpected"
    }

    fn fields(&self, lang: Lang) -> Fields {
        let found = match self.found.as_str() {
            "" => lang.pick("the end", "公式结尾").into(),
            found => format!("“{found}”"),
        };
        vec![
            ("text", abridged(&self.text)),
            ("found", found),
            ("at", self.at.to_string()),
            ("accepted", self.expected.text(lang).into()),
        ]
    }

    fn catalogue(&self) -> &'static Catalogue {
        crate::quantity::catalogue()
    }
}

impl std::fmt::Display for FormulaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for FormulaError {}
