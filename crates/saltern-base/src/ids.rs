//! Ids: who is called what, and where it was said first.

use crate::error::BaseError;
use saltern_units::place::Place;

/// Ids of one table in the order of its rows. Unknown as a whole where the table couldn't be read,
/// so that one broken table doesn't make every reference to it an error as well.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    known: Option<Vec<(String, Place)>>,
    /// Whether an id stands there twice: one of the two was meant to be another, and a reference to
    /// that other one is no second mistake.
    doubtful: bool,
}

impl Ids {
    /// Ids of a table that was read.
    pub(crate) fn known(ids: Vec<(String, Place)>) -> Ids {
        let twice =
            |(i, (id, _)): (usize, &(String, Place))| ids[..i].iter().any(|(other, _)| other == id);
        Ids {
            doubtful: ids.iter().enumerate().any(twice),
            known: Some(ids),
        }
    }

    /// Ids of a table that isn't there and needn't be.
    pub(crate) fn none() -> Ids {
        Ids::known(Vec::new())
    }

    /// Index of an id. `Err(None)` where the ids are not known for sure.
    pub(crate) fn index(&self, id: &str, place: &Place) -> Result<usize, Option<Box<BaseError>>> {
        let known = self.known.as_ref().ok_or(None)?;
        known
            .iter()
            .position(|(other, _)| other == id)
            .ok_or_else(|| {
                self.are_known().then(|| {
                    Box::new(BaseError::UnknownId {
                        place: place.clone(),
                        id: id.into(),
                        known: self.names(),
                    })
                })
            })
    }

    /// Whether the table was read and says who is who.
    pub(crate) fn are_known(&self) -> bool {
        self.known.is_some() && !self.doubtful
    }

    /// Names in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.entries().iter().map(|(id, _)| id.clone()).collect()
    }

    /// Names with their places.
    pub(crate) fn entries(&self) -> &[(String, Place)] {
        self.known.as_deref().unwrap_or_default()
    }
}

/// One error for each id that was used before.
pub(crate) fn duplicates<'a>(ids: impl IntoIterator<Item = &'a (String, Place)>) -> Vec<BaseError> {
    let mut seen: Vec<&(String, Place)> = Vec::new();
    let mut errors = Vec::new();
    for entry in ids {
        match seen.iter().find(|(id, _)| *id == entry.0) {
            Some((id, first)) => errors.push(BaseError::DuplicateId {
                place: entry.1.clone(),
                id: id.clone(),
                first: Box::new(first.clone()),
            }),
            None => seen.push(entry),
        }
    }
    errors
}
