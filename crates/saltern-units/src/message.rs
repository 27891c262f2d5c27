//! Texts by code: a message is a stable code and some evidence; its English and Chinese sentences
//! stand side by side in one embedded table, so that a face translates by code and never by text.

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 简体中文.
    Zh,
}

impl Lang {
    /// `en` or `zh` (also `zh-CN` and the like), as given on a command line.
    pub fn from_code(code: &str) -> Option<Lang> {
        match code.to_ascii_lowercase().split(['-', '_']).next() {
            Some("en") => Some(Lang::En),
            Some("zh") => Some(Lang::Zh),
            _ => None,
        }
    }

    /// One of two texts.
    pub fn pick<T>(self, en: T, zh: T) -> T {
        match self {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// Puts texts in a row: `a, b, c` or `a、b、c`.
    pub fn list<S: AsRef<str>>(self, items: &[S]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(self.pick(", ", "、"))
    }
}

/// The evidence of a message: names of placeholders and what stands in their place.
pub type Fields = Vec<(&'static str, String)>;

/// Something that can be said in both languages: an error or a notice.
pub trait Message {
    /// Stable code, `table.not_a_number`.
    fn code(&self) -> &'static str;
    /// The evidence, worded for a language.
    fn fields(&self, lang: Lang) -> Fields;
    /// The catalogue that holds the sentences.
    fn catalogue(&self) -> &'static Catalogue;
    /// The sentence.
    fn text(&self, lang: Lang) -> String {
        self.catalogue()
            .render(self.code(), lang, &self.fields(lang))
    }
}

/// Sentences by code, with `{placeholders}` for the evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    entries: Vec<Entry>,
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Code.
    pub code: String,
    /// English template.
    pub en: String,
    /// Chinese template.
    pub zh: String,
}

impl Catalogue {
    /// Reads an embedded table with the columns code, en, zh. Rows that lack a column are left out;
    /// a test of each catalogue sees to it that none does.
    pub fn read(csv_text: &str) -> Catalogue {
        let mut reader = csv::Reader::from_reader(csv_text.as_bytes());
        let entries = reader
            .records()
            .flatten()
            .filter_map(|row| {
                Some(Entry {
                    code: row.get(0)?.into(),
                    en: row.get(1)?.into(),
                    zh: row.get(2)?.into(),
                })
            })
            .collect();
        Catalogue { entries }
    }

    /// All entries in the order of the table.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is wrong with a table of sentences, for the test of each catalogue: rows that were left out, codes that come
    /// twice, a translation that is missing or the same, and placeholders that one language shows and the other does not.
    pub fn faults(csv_text: &str) -> Vec<String> {
        let catalogue = Catalogue::read(csv_text);
        let rows = csv::Reader::from_reader(csv_text.as_bytes())
            .into_byte_records()
            .count();
        let read = catalogue.entries.len();
        let lost = (read != rows).then(|| format!("{read} of {rows} rows could be read"));
        let mut faults: Vec<String> = lost.into_iter().collect();
        let mut seen = std::collections::BTreeSet::new();
        for entry in &catalogue.entries {
            if !seen.insert(&entry.code) {
                faults.push(format!("{}: twice", entry.code));
            }
            if entry.zh.is_empty() || entry.zh == entry.en {
                faults.push(format!("{}: not translated", entry.code));
            }
            if placeholders(&entry.en) != placeholders(&entry.zh) {
                faults.push(format!("{}: different evidence", entry.code));
            }
        }
        faults
    }

    /// How many codes the lines `… => "a.code"` of these sources name, and which of those have no sentence; for the test of
    /// each catalogue.
    pub fn unsaid(&self, sources: &[&str]) -> (usize, Vec<String>) {
        let lines = sources.iter().flat_map(|source| source.lines());
        let codes = lines.filter_map(|line| line.split_once("=> \"")?.1.split('"').next());
        let codes: Vec<&str> = codes.filter(|code| code.contains('.')).collect();
        let is_said = |code: &&&str| self.entries.iter().any(|entry| entry.code == **code);
        let unsaid = codes.iter().filter(|code| !is_said(code));
        (codes.len(), unsaid.map(|code| code.to_string()).collect())
    }

    /// The sentence of a code with its evidence filled in. A code without a sentence is shown with
    /// its evidence, since saying something is better than hiding an error.
    pub fn render(&self, code: &str, lang: Lang, fields: &[(&'static str, String)]) -> String {
        match self.entries.iter().find(|e| e.code == code) {
            Some(entry) => fill(lang.pick(&entry.en, &entry.zh), fields),
            None => {
                let evidence: Vec<String> =
                    fields.iter().map(|(k, v)| format!("{k}: {v}")).collect();
                format!("{code} ({})", evidence.join("; "))
            }
        }
    }
}

/// Names of the placeholders of a template, in order, each once.
fn placeholders(template: &str) -> std::collections::BTreeSet<&str> {
    let after = template.split('{').skip(1);
    after.filter_map(|rest| rest.split('}').next()).collect()
}

/// Replaces `{name}` by its field in one pass, so that evidence holding braces is left as it is.
fn fill(template: &str, fields: &[(&'static str, String)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        match fields.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = tail;
    }
    out + rest
}

/// The entry of `known` nearest to what was typed, if it is near enough to be a slip of the finger.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = 1 + typed.chars().count() / 4;
    known
        .into_iter()
        .map(|name| {
            (
                edit_distance(&typed.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Insertions, deletions and replacements between two words (Levenshtein distance).
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_filled_in_either_language() {
        let catalogue =
            Catalogue::read("code,en,zh\na.b,\"{file}: no {what}\",{file}:没有 {what}\n");
        let fields = [
            ("file", "x.csv".to_string()),
            ("what", "{file}".to_string()),
        ];
        assert_eq!(
            catalogue.render("a.b", Lang::En, &fields),
            "x.csv: no {file}"
        );
        assert_eq!(
            catalogue.render("a.b", Lang::Zh, &fields),
            "x.csv:没有 {file}"
        );
        assert_eq!(
            catalogue.render("a.c", Lang::En, &fields[..1]),
            "a.c (file: x.csv)"
        );
    }

    #[test]
    fn a_catalogue_at_fault_is_told_of() {
        let good = "code,en,zh\na.b,\"{x} of {y}\",\"{y}的{x}\"\n";
        assert!(Catalogue::faults(good).is_empty());
        let bad = "code,en,zh\na,{x},{y}\nb,one,\nb,two,二\nc\n";
        let told = Catalogue::faults(bad);
        assert_eq!(
            told,
            [
                "3 of 4 rows could be read",
                "a: different evidence",
                "b: not translated",
                "b: twice"
            ]
        );
    }

    #[test]
    fn codes_without_a_sentence_are_found() {
        let catalogue = Catalogue::read("code,en,zh\na.b,one,一\n");
        let source = "A => \"a.b\",\nB { .. } => \"a.c\",\nname => \"word\",\n";
        assert_eq!(catalogue.unsaid(&[source]), (2, vec!["a.c".to_string()]));
    }

    #[test]
    fn slips_of_the_finger_are_recognised_and_other_words_are_not() {
        assert_eq!(nearest("lenght", ["depth", "length"]), Some("length"));
        assert_eq!(nearest("Area", ["area"]), Some("area"));
        assert_eq!(nearest("colour", ["depth", "length"]), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }

    #[test]
    fn languages_are_known_by_their_codes() {
        assert_eq!(Lang::from_code("zh-CN"), Some(Lang::Zh));
        assert_eq!(Lang::from_code("EN"), Some(Lang::En));
        assert_eq!(Lang::from_code("fr"), None);
    }
}
