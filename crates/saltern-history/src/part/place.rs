//! Where a tag's rows are in a file: a line a place in its footer, sorted by tag, so that one is found without reading all.

use std::cmp::Ordering;

/// Key in the footer.
pub(super) const KEY: &str = "saltern.tags";

/// Rows of a tag in one row group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Tag.
    pub(crate) tag: String,
    /// Row group.
    pub(crate) group: usize,
    /// First row in it.
    pub(crate) first_row: usize,
    /// How many.
    pub(crate) rows: usize,
    /// First instant.
    pub(crate) from_us: i64,
    /// Last instant.
    pub(crate) to_us: i64,
}

/// The lines of a footer.
pub(crate) struct Places(String);

/// Lines of places that are sorted by tag: tag, row group, first row, rows, first and last instant, between tabs.
pub(super) fn lines(places: &[Place]) -> String {
    let mut text = String::new();
    for p in places {
        let line = [
            p.tag.clone(),
            p.group.to_string(),
            p.first_row.to_string(),
            p.rows.to_string(),
            p.from_us.to_string(),
            p.to_us.to_string(),
        ];
        text += &line.join("\t");
        text.push('\n');
    }
    text
}

impl Places {
    pub(super) fn new(lines: &str) -> Places {
        Places(lines.to_owned())
    }

    /// All, in the order of their tags; `None` where a line is none.
    pub(crate) fn all(&self) -> impl Iterator<Item = Option<Place>> + '_ {
        self.0.lines().map(place)
    }

    /// Those of a tag.
    pub(crate) fn of<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = Option<Place>> + 'a {
        let begin = self.first_not_before(tag);
        self.0[begin..]
            .lines()
            .take_while(move |line| tag_of(line) == tag)
            .map(place)
    }

    /// Where the first line begins whose tag is not before this one.
    fn first_not_before(&self, tag: &str) -> usize {
        let (mut low, mut high) = (0, self.0.len());
        while low < high {
            let middle = floor_char(&self.0, low + (high - low) / 2);
            let line = self.0[..middle].rfind('\n').map_or(0, |at| at + 1).max(low);
            let end = self.0[middle..]
                .find('\n')
                .map_or(self.0.len(), |at| middle + at + 1);
            match tag_of(&self.0[line..end]).cmp(tag) {
                Ordering::Less => low = end,
                Ordering::Equal | Ordering::Greater => high = line,
            }
        }
        low
    }
}

fn floor_char(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn tag_of(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}

fn place(line: &str) -> Option<Place> {
    let mut cells = line.split('\t');
    Some(Place {
        tag: cells.next()?.to_owned(),
        group: cells.next()?.parse().ok()?,
        first_row: cells.next()?.parse().ok()?,
        rows: cells.next()?.parse().ok()?,
        from_us: cells.next()?.parse().ok()?,
        to_us: cells.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_tag_is_found_among_others(
            mut tags in prop::collection::vec("[a-c盐湖/.]{0,4}", 0..40),
            asked in "[a-c盐湖/.]{0,4}",
        ) {
            tags.sort();
            let places: Vec<Place> = tags
                .iter()
                .enumerate()
                .map(|(row, tag)| Place {
                    tag: tag.clone(),
                    group: row / 3,
                    first_row: row,
                    rows: 1,
                    from_us: -5,
                    to_us: row as i64,
                })
                .collect();
            let written = Places::new(&lines(&places));
            let all: Option<Vec<Place>> = written.all().collect();
            prop_assert_eq!(all, Some(places.clone()));
            for tag in tags.iter().chain([&asked]) {
                let found: Option<Vec<Place>> = written.of(tag).collect();
                let expected: Vec<Place> = places.iter().filter(|p| p.tag == *tag).cloned().collect();
                prop_assert_eq!(found, Some(expected));
            }
        }
    }
}
