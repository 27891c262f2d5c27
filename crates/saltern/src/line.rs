//! Lines of CSV, fast: numbers in the fewest digits that read back as the same value.

/// A line being written.
pub(crate) struct Line<'a> {
    bytes: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Line<'a> {
    /// A new line at the end of what is there.
    pub(crate) fn new(bytes: &'a mut Vec<u8>) -> Line<'a> {
        Line { bytes, first: true }
    }

    fn next_cell(&mut self) {
        if !self.first {
            self.bytes.push(b',');
        }
        self.first = false;
    }

    /// A number; blank where there is none (NaN, infinity).
    pub(crate) fn number(&mut self, value: f64) {
        self.next_cell();
        if value.is_finite() {
            let mut digits = zmij::Buffer::new();
            let text = digits.format_finite(value);
            self.bytes
                .extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
        }
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, value: usize) {
        self.text(&value.to_string());
    }

    /// A text, quoted where it must be.
    pub(crate) fn text(&mut self, text: &str) {
        self.next_cell();
        if text.contains([',', '"', '\n', '\r']) {
            self.bytes.push(b'"');
            self.bytes
                .extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    /// A cell without content.
    pub(crate) fn blank(&mut self) {
        self.next_cell();
    }

    /// Ends the line.
    pub(crate) fn end(self) {
        self.bytes.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_text_is_quoted() {
        let values = [0.1 + 0.2, -0.0, 1e-300, 6.02214076e23, 5.0, f64::NAN];
        let mut bytes = Vec::new();
        let mut line = Line::new(&mut bytes);
        values.iter().for_each(|v| line.number(*v));
        line.text("a,\"b\"");
        line.blank();
        line.end();
        let text = String::from_utf8(bytes).expect("UTF-8");
        let cells: Vec<&str> = text.split(',').collect();
        for (value, cell) in values.iter().zip(&cells).take(5) {
            assert_eq!(cell.parse::<f64>().expect("a number"), *value, "{cell}");
        }
        assert_eq!(cells[5], "");
        assert!(text.ends_with(",\"a,\"\"b\"\"\",\n"), "{text}");
    }
}
