//! Sentences of the crate in both languages; those of assays stand beside their code.

use std::sync::LazyLock;

use saltern_units::message::{Catalogue, Fields, Lang, Message};

use crate::equilibrium::BrineError;

/// Sentences of formulas, databases, phase lists, equilibria and cautions.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(include_str!("messages.csv")));
    &CATALOGUE
}

/// Evidence that is worded (`a finite number`), in a language; names and formulas stay as they are.
pub(crate) fn phrase(lang: Lang, en: &str) -> String {
    let same = catalogue()
        .entries()
        .iter()
        .find(|e| e.code.starts_with("phrase.") && e.en == en);
    same.map_or(en, |e| lang.pick(&e.en, &e.zh)).to_string()
}

impl Message for BrineError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            BrineError::NotConverged {
                what,
                iterations,
                residual,
                temperature_k,
            } => vec![
                ("what", phrase(lang, what)),
                ("iterations", iterations.to_string()),
                ("residual", format!("{residual:.1e}")),
                ("temperature", format!("{:.2}", temperature_k - 273.15)),
            ],
            BrineError::BadAmount {
                component,
                amount_mol,
            } => vec![
                ("component", component.clone()),
                ("amount", amount_mol.to_string()),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        catalogue()
    }
}

#[cfg(test)]
mod tests;
