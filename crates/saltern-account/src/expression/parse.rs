//! From text to formula, by recursive descent.

use super::{Call, Choice, Each, Formula, Operator};
use crate::error::{AccountError, Expected};

/// Parentheses may stand this deep; nobody writes more, and a stack is finite.
const DEPTH_MAX: usize = 100;
/// A formula may be this long; every term of a sum is one more level of the tree.
const LENGTH_MAX: usize = 4000;

pub(super) fn formula(text: &str) -> Result<Formula, AccountError> {
    let mut reader = Reader::new(text)?;
    let formula = reader.sum()?;
    reader.end()?;
    Ok(formula)
}

pub(super) fn equation(text: &str) -> Result<(Formula, Formula), AccountError> {
    let mut reader = Reader::new(text)?;
    let left = reader.sum()?;
    if !reader.take(&['=']) {
        return Err(reader.unexpected(Expected::Equals));
    }
    let right = reader.sum()?;
    reader.end()?;
    Ok((left, right))
}

struct Reader<'t> {
    text: &'t str,
    characters: Vec<char>,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Result<Self, AccountError> {
        let mut reader = Reader {
            text,
            characters: text.chars().collect(),
            at: 0,
            depth: 0,
        };
        if reader.characters.len() > LENGTH_MAX {
            reader.at = LENGTH_MAX;
            return Err(reader.unexpected(Expected::End));
        }
        Ok(reader)
    }

    fn peek(&mut self) -> Option<char> {
        while self
            .characters
            .get(self.at)
            .is_some_and(|c| c.is_whitespace())
        {
            self.at += 1;
        }
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, accepted: &[char]) -> bool {
        let found = self.peek().is_some_and(|c| accepted.contains(&c));
        self.at += usize::from(found);
        found
    }

    fn require(&mut self, accepted: &[char], expected: Expected) -> Result<(), AccountError> {
        if self.take(accepted) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    fn end(&mut self) -> Result<(), AccountError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected(Expected::Operator)),
        }
    }

    fn unexpected(&mut self, expected: Expected) -> AccountError {
        AccountError::Unexpected {
            text: self.text.into(),
            found: self.peek().map(String::from).unwrap_or_default(),
            at: self.at + 1,
            expected,
        }
    }

    fn sum(&mut self) -> Result<Formula, AccountError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.unexpected(Expected::FewerParentheses));
        }
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some('+' | '＋') => Operator::Add,
                Some('-' | '−' | '－') => Operator::Subtract,
                _ => break,
            };
            self.at += 1;
            left = binary(operator, left, self.product()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, AccountError> {
        let mut left = self.signed()?;
        loop {
            let operator = match self.peek() {
                Some('*' | '×' | '·') => Operator::Multiply,
                Some('/' | '÷') => Operator::Divide,
                _ => return Ok(left),
            };
            self.at += 1;
            left = binary(operator, left, self.signed()?);
        }
    }

    fn signed(&mut self) -> Result<Formula, AccountError> {
        let mut negative = false;
        while let Some(sign @ ('-' | '−' | '－' | '+')) = self.peek() {
            negative ^= sign != '+';
            self.at += 1;
        }
        let inner = self.power()?;
        Ok(if negative {
            Formula::Minus(Box::new(inner))
        } else {
            inner
        })
    }

    fn power(&mut self) -> Result<Formula, AccountError> {
        let base = self.atom()?;
        if !self.take(&['^']) {
            return Ok(base);
        }
        let negative = self.take(&['-', '−']);
        let exponent = self.atom()?;
        let exponent = if negative {
            Formula::Minus(Box::new(exponent))
        } else {
            exponent
        };
        Ok(binary(Operator::Power, base, exponent))
    }

    fn atom(&mut self) -> Result<Formula, AccountError> {
        match self.peek() {
            Some('(' | '（') => {
                self.at += 1;
                let inner = self.sum()?;
                self.require(&[')', '）'], Expected::Closing)?;
                Ok(inner)
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if begins_name(c) || c == '"' => self.name_or_call(),
            _ => Err(self.unexpected(Expected::Value)),
        }
    }

    fn number(&mut self) -> Result<Formula, AccountError> {
        let start = self.at;
        self.digits();
        if self.characters.get(self.at) == Some(&'.') {
            self.at += 1;
            self.digits();
        }
        if matches!(self.characters.get(self.at), Some('e' | 'E')) {
            let before = self.at;
            self.at += 1;
            if matches!(self.characters.get(self.at), Some('+' | '-')) {
                self.at += 1;
            }
            let first = self.at;
            self.digits();
            if self.at == first {
                self.at = before;
            }
        }
        let written: String = self.characters[start..self.at].iter().collect();
        let number = written.parse().ok().filter(|n: &f64| n.is_finite());
        let Some(number) = number else {
            self.at = start;
            return Err(self.unexpected(Expected::Value));
        };
        Ok(Formula::Number(number, self.unit()?))
    }

    fn digits(&mut self) {
        while self
            .characters
            .get(self.at)
            .is_some_and(char::is_ascii_digit)
        {
            self.at += 1;
        }
    }

    fn unit(&mut self) -> Result<String, AccountError> {
        if !self.take(&['[']) {
            return Ok(String::new());
        }
        let start = self.at;
        while self.characters.get(self.at).is_some_and(|c| *c != ']') {
            self.at += 1;
        }
        let unit: String = self.characters[start..self.at].iter().collect();
        self.require(&[']'], Expected::Closing)?;
        Ok(unit.trim().into())
    }

    fn name(&mut self) -> Result<String, AccountError> {
        if self.take(&['"']) {
            let start = self.at;
            while self.characters.get(self.at).is_some_and(|c| *c != '"') {
                self.at += 1;
            }
            let name = self.characters[start..self.at].iter().collect();
            self.require(&['"'], Expected::Closing)?;
            return Ok(name);
        }
        if !self.peek().is_some_and(begins_name) {
            return Err(self.unexpected(Expected::Name));
        }
        let start = self.at;
        while self
            .characters
            .get(self.at)
            .is_some_and(|c| continues_name(*c))
        {
            self.at += 1;
        }
        Ok(self.characters[start..self.at].iter().collect())
    }

    fn name_or_call(&mut self) -> Result<Formula, AccountError> {
        let name = self.name()?;
        if !self.take(&['(', '（']) {
            return Ok(Formula::Name(name));
        }
        let mut call = Call {
            name,
            arguments: Vec::new(),
            choices: Vec::new(),
        };
        if self.take(&[')', '）']) {
            return Ok(Formula::Call(call));
        }
        loop {
            let start = self.at;
            match self.word_before() {
                Some((name, Follows::Equals)) => {
                    let any_of = self.any_of()?;
                    call.choices.push(Choice { name, any_of });
                }
                Some((variable, Follows::In)) if call.arguments.is_empty() => {
                    return self.each(call.name, variable);
                }
                _ => {
                    self.at = start;
                    call.arguments.push(self.sum()?);
                }
            }
            if self.take(&[')', '）']) {
                return Ok(Formula::Call(call));
            }
            self.require(&[',', '，'], Expected::CommaOrClosing)?;
        }
    }

    /// A name with `=` or `in` behind it, taken.
    fn word_before(&mut self) -> Option<(String, Follows)> {
        let name = self.name().ok()?;
        if self.take(&['=']) {
            return Some((name, Follows::Equals));
        }
        (self.name().ok()? == "in").then_some((name, Follows::In))
    }

    fn each(&mut self, name: String, variable: String) -> Result<Formula, AccountError> {
        let set = self.name()?;
        self.require(&[':', '：'], Expected::Colon)?;
        let body = Box::new(self.sum()?);
        self.require(&[')', '）'], Expected::Closing)?;
        Ok(Formula::Each(Each {
            name,
            variable,
            set,
            body,
        }))
    }

    /// `p1|"canal-3"`: ids may hold signs here, up to what ends a choice.
    fn any_of(&mut self) -> Result<Vec<String>, AccountError> {
        let mut any_of = Vec::new();
        loop {
            any_of.push(self.id()?);
            if !self.take(&['|']) {
                return Ok(any_of);
            }
        }
    }

    fn id(&mut self) -> Result<String, AccountError> {
        if self.peek() == Some('"') {
            return self.name();
        }
        let start = self.at;
        let ends = |c: &char| matches!(c, ',' | '，' | '|' | ')' | '）' | '=' | '(');
        while self.characters.get(self.at).is_some_and(|c| !ends(c)) {
            self.at += 1;
        }
        let id: String = self.characters[start..self.at].iter().collect();
        let id = id.trim().to_string();
        if id.is_empty() {
            return Err(self.unexpected(Expected::Name));
        }
        Ok(id)
    }
}

enum Follows {
    Equals,
    In,
}

fn binary(operator: Operator, left: Formula, right: Formula) -> Formula {
    Formula::Binary(operator, Box::new(left), Box::new(right))
}

fn begins_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        fn write(formula: &Formula) -> String {
            match formula {
                Formula::Number(n, unit) => format!("{n}{unit}"),
                Formula::Name(name) => name.clone(),
                Formula::Minus(a) => format!("(-{})", write(a)),
                Formula::Binary(o, a, b) => format!("({}{}{})", write(a), o.symbol(), write(b)),
                Formula::Call(call) => format!(
                    "{}<{}>{:?}",
                    call.name,
                    call.arguments
                        .iter()
                        .map(write)
                        .collect::<Vec<_>>()
                        .join(","),
                    call.choices
                        .iter()
                        .map(|c| format!("{}={}", c.name, c.any_of.join("|")))
                        .collect::<Vec<_>>()
                ),
                Formula::Each(e) => {
                    format!(
                        "{}<{} in {}: {}>",
                        e.name,
                        e.variable,
                        e.set,
                        write(&e.body)
                    )
                }
            }
        }
        match formula(text) {
            Ok(f) => write(&f),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn products_bind_before_sums_and_powers_before_signs() {
        assert_eq!(shape("a + b*c - d/e"), "((a+(b*c))-(d/e))");
        assert_eq!(shape("-x^2 * 2e3"), "((-(x^2))*2000)");
        assert_eq!(shape("a − b × c ÷ 2"), "(a-((b*c)/2))");
        assert_eq!(shape("0.1229 [kgce/kWh] * E"), "(0.1229kgce/kWh*E)");
    }

    #[test]
    fn calls_take_formulas_choices_and_sets() {
        assert_eq!(shape("sqrt(u3)"), "sqrt<u3>[]");
        assert_eq!(
            shape("mass(element=K, from=p1|canal-3, to=\"x, y\")"),
            "mass<>[\"element=K\", \"from=p1|canal-3\", \"to=x, y\"]"
        );
        assert_eq!(
            shape("mean(x in approved: mass(element=x) / 2)"),
            "mean<x in approved: (mass<>[\"element=x\"]/2)>"
        );
        assert_eq!(shape("mean(a, b)"), "mean<a,b>[]");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(
            shape("a + * b"),
            "“a + * b”: “*” at character 5; accepted: a number, a name, a call or a parenthesis"
        );
        assert!(
            shape("(a + b").contains("the end at character 7"),
            "{}",
            shape("(a + b")
        );
        assert!(shape("a b").contains("“b” at character 3"));
        assert!(shape(&"(".repeat(3000)).contains("fewer parentheses"));
        assert!(shape(&"1+".repeat(5000)).contains("at most 4000 characters"));
        assert!(equation("a + b").is_err());
    }
}
