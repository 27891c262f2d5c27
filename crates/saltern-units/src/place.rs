//! Where in a person's files something stands.

use crate::message::Lang;

/// A file, and a row and column in it where that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// File name as the person knows it.
    pub file: String,
    /// Row as a spreadsheet shows it, or line of a TOML file: the first one is 1.
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

    /// In words: `ponds.csv, row 3, column area [m2]`, `base.toml, line 7, site.latitude`.
    pub fn text(&self, lang: Lang) -> String {
        let toml = self.file.ends_with(".toml");
        let word = if toml { "line" } else { "row" };
        let in_words = |r| lang.pick(format!(", {word} {r}"), format!(" 第 {r} 行"));
        let row = self.row.map(in_words);
        let column = self.column.as_ref().map(|c| match (self.row, lang) {
            (Some(_), Lang::En) if !toml => format!(", column {c}"),
            (Some(_), Lang::Zh) if !toml => format!("“{c}”列"),
            (_, Lang::En) => format!(", {c}"),
            (_, Lang::Zh) => format!(" “{c}”"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_said_as_people_find_them() {
        let cell = Place::cell("ponds.csv", 3, "area [m2]");
        assert_eq!(cell.to_string(), "ponds.csv, row 3, column area [m2]");
        assert_eq!(cell.text(Lang::Zh), "ponds.csv 第 3 行“area [m2]”列");
        let entry = Place::cell("base.toml", 7, "site.latitude");
        assert_eq!(entry.to_string(), "base.toml, line 7, site.latitude");
        assert_eq!(entry.text(Lang::Zh), "base.toml 第 7 行 “site.latitude”");
    }
}
