//! From text to formula, by recursive descent.

use super::{Call, Choice, Each, Expected, Formula, FormulaError, Operator, Test};

/// Parentheses may stand this deep; nobody writes more, and a stack is finite.
const DEPTH_MAX: usize = 100;
/// A formula may be this long; every term of a sum is one more level of the tree.
const LENGTH_MAX: usize = 4000;

pub(super) fn formula(text: &str, conditions: bool) -> Result<Formula, FormulaError> {
    let mut reader = Reader::new(text)?;
    reader.conditions = conditions;
    let formula = reader.whole()?;
    reader.end()?;
    Ok(formula)
}

pub(super) fn equation(text: &str) -> Result<(Formula, Formula), FormulaError> {
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
    /// Whether comparisons, `and`, `or`, `not` and units without brackets are read.
    conditions: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Result<Self, FormulaError> {
        let mut reader = Reader {
            text,
            characters: text.chars().collect(),
            at: 0,
            depth: 0,
            conditions: false,
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

    fn require(&mut self, accepted: &[char], expected: Expected) -> Result<(), FormulaError> {
        if self.take(accepted) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    fn end(&mut self) -> Result<(), FormulaError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected(Expected::Operator)),
        }
    }

    fn unexpected(&mut self, expected: Expected) -> FormulaError {
        FormulaError {
            text: self.text.into(),
            found: self.peek().map(String::from).unwrap_or_default(),
            at: self.at + 1,
            expected,
        }
    }

    /// What may stand in parentheses and in calls.
    fn whole(&mut self) -> Result<Formula, FormulaError> {
        if !self.conditions {
            return self.sum();
        }
        let mut left = self.both()?;
        while self.word("or") {
            left = test(Test::Or, left, self.both()?);
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Formula, FormulaError> {
        let mut left = self.negated()?;
        while self.word("and") {
            left = test(Test::And, left, self.negated()?);
        }
        Ok(left)
    }

    fn negated(&mut self) -> Result<Formula, FormulaError> {
        let mut negative = None;
        while self.word("not") {
            negative = Some(!negative.unwrap_or(false));
        }
        let inner = self.comparison()?;
        let not = |inner| Formula::Not(Box::new(inner));
        Ok(match negative {
            None => inner,
            Some(true) => not(inner),
            Some(false) => not(not(inner)),
        })
    }

    fn comparison(&mut self) -> Result<Formula, FormulaError> {
        let left = self.sum()?;
        let first = self.peek();
        let second = self.characters.get(self.at + 1).copied();
        let (found, length) = match (first, second) {
            (Some('<'), Some('=')) => (Test::AtMost, 2),
            (Some('>'), Some('=')) => (Test::AtLeast, 2),
            (Some('='), Some('=')) => (Test::Equal, 2),
            (Some('!'), Some('=')) => (Test::Unequal, 2),
            (Some('≤'), _) => (Test::AtMost, 1),
            (Some('≥'), _) => (Test::AtLeast, 1),
            (Some('≠'), _) => (Test::Unequal, 1),
            (Some('<'), _) => (Test::Below, 1),
            (Some('>'), _) => (Test::Above, 1),
            _ => return Ok(left),
        };
        self.at += length;
        Ok(test(found, left, self.sum()?))
    }

    /// Whether this word comes next; it is taken then.
    fn word(&mut self, word: &str) -> bool {
        self.peek();
        let end = self.at + word.chars().count();
        let same = self
            .characters
            .get(self.at..end)
            .is_some_and(|c| c.iter().copied().eq(word.chars()));
        let whole = same && !self.characters.get(end).is_some_and(|c| continues_name(*c));
        if whole {
            self.at = end;
        }
        whole
    }

    fn sum(&mut self) -> Result<Formula, FormulaError> {
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

    fn product(&mut self) -> Result<Formula, FormulaError> {
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

    fn signed(&mut self) -> Result<Formula, FormulaError> {
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

    fn power(&mut self) -> Result<Formula, FormulaError> {
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

    fn atom(&mut self) -> Result<Formula, FormulaError> {
        match self.peek() {
            Some('(' | '（') => {
                self.at += 1;
                let inner = self.whole()?;
                self.require(&[')', '）'], Expected::Closing)?;
                Ok(inner)
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if begins_name(c) || c == '"' => self.name_or_call(),
            _ => Err(self.unexpected(Expected::Value)),
        }
    }

    fn number(&mut self) -> Result<Formula, FormulaError> {
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

    fn unit(&mut self) -> Result<String, FormulaError> {
        if !self.take(&['[']) {
            return Ok(self.bare_unit());
        }
        let start = self.at;
        while self.characters.get(self.at).is_some_and(|c| *c != ']') {
            self.at += 1;
        }
        let unit: String = self.characters[start..self.at].iter().collect();
        self.require(&[']'], Expected::Closing)?;
        Ok(unit.trim().into())
    }

    /// A unit of one word behind a number: `1 h`, `25 °C`, `5 %`.
    fn bare_unit(&mut self) -> String {
        let begins = |c: char| c.is_alphabetic() || matches!(c, '°' | '%');
        if !self.conditions || !self.peek().is_some_and(begins) {
            return String::new();
        }
        let start = self.at;
        if ["and", "or", "not", "in"].iter().any(|w| self.word(w)) {
            self.at = start;
            return String::new();
        }
        let continues = |c: &char| c.is_alphanumeric() || matches!(c, '°' | '%');
        while self.characters.get(self.at).is_some_and(continues) {
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    fn name(&mut self) -> Result<String, FormulaError> {
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

    fn name_or_call(&mut self) -> Result<Formula, FormulaError> {
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
                    call.arguments.push(self.whole()?);
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
        let double = |reader: &Self| reader.characters.get(reader.at + 1) == Some(&'=');
        if self.peek() == Some('=') && !double(self) {
            self.at += 1;
            return Some((name, Follows::Equals));
        }
        (self.name().ok()? == "in").then_some((name, Follows::In))
    }

    fn each(&mut self, name: String, variable: String) -> Result<Formula, FormulaError> {
        let set = self.name()?;
        self.require(&[':', '：'], Expected::Colon)?;
        let body = Box::new(self.whole()?);
        self.require(&[')', '）'], Expected::Closing)?;
        Ok(Formula::Each(Each {
            name,
            variable,
            set,
            body,
        }))
    }

    /// `p1|"canal-3"`: ids may hold signs here, up to what ends a choice.
    fn any_of(&mut self) -> Result<Vec<String>, FormulaError> {
        let mut any_of = Vec::new();
        loop {
            any_of.push(self.id()?);
            if !self.take(&['|']) {
                return Ok(any_of);
            }
        }
    }

    fn id(&mut self) -> Result<String, FormulaError> {
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

fn test(test: Test, left: Formula, right: Formula) -> Formula {
    Formula::Test(test, Box::new(left), Box::new(right))
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
        match formula(text, false) {
            Ok(f) => f.to_string(),
            Err(e) => e.to_string(),
        }
    }

    fn condition(text: &str) -> String {
        match formula(text, true) {
            Ok(f) => f.to_string(),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn products_bind_before_sums_and_powers_before_signs() {
        assert_eq!(shape("a + b*c - d/e"), "a + b * c - d / e");
        assert_eq!(shape("a - (b - c)"), "a - (b - c)");
        assert_eq!(shape("(a - b) - c"), "a - b - c");
        assert_eq!(shape("-x^2 * 2e3"), "-x ^ 2 * 2000");
        assert_eq!(shape("(-x)^2"), "(-x) ^ 2");
        assert_eq!(shape("a − b × c ÷ 2"), "a - b * c / 2");
        assert_eq!(shape("0.1229[kgce/kWh] * E"), "0.1229 [kgce/kWh] * E");
    }

    #[test]
    fn calls_take_formulas_choices_and_sets() {
        assert_eq!(shape("sqrt( u3 )"), "sqrt(u3)");
        assert_eq!(
            shape("mass(element=K, from=p1|canal-3, to=\"x, y\")"),
            "mass(element=\"K\", from=\"p1\"|\"canal-3\", to=\"x, y\")"
        );
        assert_eq!(
            shape("mean(x in approved: mass(element=x) / 2)"),
            "mean(x in approved: mass(element=\"x\") / 2)"
        );
        assert_eq!(shape("mean(a, \"b-1\")"), "mean(a, \"b-1\")");
    }

    #[test]
    fn conditions_are_read_where_they_are_asked_for() {
        assert_eq!(
            condition("if(a<=1 h and not b==c or d>2,x,y)"),
            "if(a <= 1 [h] and not b == c or d > 2, x, y)"
        );
        assert_eq!(
            condition("if((a or b) and c, 1, 2)"),
            "if((a or b) and c, 1, 2)"
        );
        assert_eq!(
            condition("avg(t, 10 min) - 25 °C"),
            "avg(t, 10 [min]) - 25 [°C]"
        );
        assert_eq!(condition("1 and order"), "1 and order");
        assert_eq!(condition("(a < b) < c"), "(a < b) < c");
        assert!(shape("a < b").contains("“<” at character 3"));
        assert!(shape("1 h").contains("“h” at character 3"));
        assert!(condition("a < b < c").contains("“<” at character 7"));
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

    proptest::proptest! {
        /// Any text is read or refused; what is read is written so that it is read as the same.
        #[test]
        fn any_text_is_read_or_refused(text in "[ -~°≤（）ab中]{0,60}", conditions: bool) {
            if let Ok(read) = formula(&text, conditions) {
                proptest::prop_assert_eq!(formula(&read.to_string(), conditions), Ok(read));
            }
        }

        #[test]
        fn texts_of_the_language_are_read_as_they_are_written(
            words in proptest::collection::vec(
                proptest::sample::select(vec![
                    "a", "b.c", "1", "2.5", "1 h", "3 [mm/d]", "+", "-", "*", "/", "^", "(", ")", ",", "<", ">=", "==",
                    "and", "or", "not", "if(", "avg(", "x=y", "\"q-1\"", "sum(x in s:",
                ]),
                0..24,
            ),
        ) {
            let text = words.join(" ");
            if let Ok(read) = formula(&text, true) {
                proptest::prop_assert_eq!(formula(&read.to_string(), true), Ok(read));
            }
        }
    }
}
