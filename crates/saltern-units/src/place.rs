//! Where in a person's files something stands.

use crate::message::Lang;

/// A file, and a row and column in it where that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// File name as the person knows it.
    pub file: String,
    /// Row as a spreadsheet shows it: the first line of the file is row 1.
    pub row: Option<usize>,
    /// Column header, or the path of a TOML entry (`site.latitude`).
    pub column: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Place {
        Place {
            file: file.into(),
            row: None,
            column: None,
        }
    }

    /// A row of a file.
    pub fn row(file: impl Into<String>, row: usize) -> Place {
        Place {
            file: file.into(),
            row: Some(row),
            column: None,
        }
    }

    /// A cell of a file.
    pub fn cell(file: impl Into<String>, row: usize, column: impl Into<String>) -> Place {
        Place {
            file: file.into(),
            row: Some(row),
            column: Some(column.into()),
        }
    }

    /// An entry of a file that has no rows.
    pub fn entry(file: impl Into<String>, column: impl Into<String>) -> Place {
        Place {
            file: file.into(),
            row: None,
            column: Some(column.into()),
        }
    }

    /// In words: `ponds.csv, row 3, column area [m2]`.
    pub fn text(&self, lang: Lang) -> String {
        let row = self
            .row
            .map(|r| lang.pick(format!(", row {r}"), format!(" 第 {r} 行")));
        let column = self.column.as_ref().map(|c| match (self.row, lang) {
            (Some(_), Lang::En) => format!(", column {c}"),
            (Some(_), Lang::Zh) => format!("“{c}”列"),
            (None, Lang::En) => format!(", {c}"),
            (None, Lang::Zh) => format!(" “{c}”"),
        });
        format!(
            "{}{}{}",
            self.file,
            row.unwrap_or_default(),
            column.unwrap_or_default()
        )
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}
