//! One side of a column or of a row.

use crate::programme::Programme;

/// A column or a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum At {
    /// A column.
    Column(usize),
    /// A row.
    Row(usize),
}

/// Which of its two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// At least.
    Lower,
    /// At most.
    Upper,
}

/// One side of a column or of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bound {
    /// Of what.
    pub at: At,
    /// Which.
    pub side: Side,
}

impl Bound {
    /// At least, of a column.
    pub(super) fn column_low(column: usize) -> Bound {
        Bound {
            at: At::Column(column),
            side: Side::Lower,
        }
    }

    /// At most, of a column.
    pub(crate) fn column_high(column: usize) -> Bound {
        Bound {
            at: At::Column(column),
            side: Side::Upper,
        }
    }

    /// At least, of a row.
    pub(crate) fn row_low(row: usize) -> Bound {
        Bound {
            at: At::Row(row),
            side: Side::Lower,
        }
    }

    /// At most, of a row.
    pub(crate) fn row_high(row: usize) -> Bound {
        Bound {
            at: At::Row(row),
            side: Side::Upper,
        }
    }

    /// Its row.
    pub(crate) fn row(self) -> Option<usize> {
        match self.at {
            At::Row(row) => Some(row),
            At::Column(_) => None,
        }
    }

    /// Its column.
    pub(crate) fn column(self) -> Option<usize> {
        match self.at {
            At::Column(column) => Some(column),
            At::Row(_) => None,
        }
    }

    /// Its value in a programme.
    pub fn value<N>(self, programme: &Programme<N>) -> f64 {
        match (self.at, self.side) {
            (At::Column(c), Side::Lower) => programme.lower[c],
            (At::Column(c), Side::Upper) => programme.upper[c],
            (At::Row(r), Side::Lower) => programme.row_lower[r],
            (At::Row(r), Side::Upper) => programme.row_upper[r],
        }
    }

    /// Sets its value in a programme.
    pub fn set<N>(self, programme: &mut Programme<N>, value: f64) {
        let place = match (self.at, self.side) {
            (At::Column(c), Side::Lower) => &mut programme.lower[c],
            (At::Column(c), Side::Upper) => &mut programme.upper[c],
            (At::Row(r), Side::Lower) => &mut programme.row_lower[r],
            (At::Row(r), Side::Upper) => &mut programme.row_upper[r],
        };
        *place = value;
    }

    /// Moves it outwards by an amount.
    pub fn widen<N>(self, programme: &mut Programme<N>, by: f64) {
        let value = self.value(programme);
        self.set(
            programme,
            match self.side {
                Side::Lower => value - by,
                Side::Upper => value + by,
            },
        );
    }
}

/// Some bounds of a programme and what they touch, as a programme of its own.
pub(crate) struct Part {
    pub(crate) programme: Programme<()>,
    /// Column of the whole that each column is.
    columns: Vec<usize>,
    /// Row of the whole that each row is.
    rows: Vec<usize>,
}

impl Part {
    /// A programme in which no bound holds but those given.
    pub(crate) fn of<N: Copy + PartialEq>(
        programme: &Programme<N>,
        bounds: impl IntoIterator<Item = Bound>,
    ) -> Part {
        let bounds: Vec<Bound> = bounds.into_iter().collect();
        let mut rows: Vec<usize> = bounds.iter().filter_map(|b| b.row()).collect();
        rows.sort_unstable();
        rows.dedup();
        let new_row = places(&rows, programme.row_count());
        let of_rows = |row: u32| new_row[row as usize] != usize::MAX;
        let entries: Vec<_> = programme
            .entries
            .iter()
            .filter(|entry| of_rows(entry.row))
            .collect();
        let mut columns: Vec<usize> = entries.iter().map(|entry| entry.column as usize).collect();
        columns.extend(bounds.iter().filter_map(|b| b.column()));
        columns.sort_unstable();
        columns.dedup();
        let new_column = places(&columns, programme.column_count());
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let mut own = Programme::<()>::default();
        own.add_rows((), rows.len(), free);
        own.add_columns((), columns.len(), free, 0.0);
        for entry in entries {
            let (row, column) = (entry.row as usize, entry.column as usize);
            own.enter(new_row[row], new_column[column], entry.value);
        }
        for bound in bounds {
            let at = match bound.at {
                At::Row(row) => At::Row(new_row[row]),
                At::Column(column) => At::Column(new_column[column]),
            };
            Bound { at, ..bound }.set(&mut own, bound.value(programme));
        }
        let whole = programme.whole.iter().map(|c| new_column[*c as usize]);
        own.whole = whole
            .filter(|c| *c != usize::MAX)
            .map(|c| c as u32)
            .collect();
        Part {
            programme: own,
            columns,
            rows,
        }
    }

    /// A bound of the whole as one of this part; `None` if it is not in it.
    pub(super) fn own(&self, bound: Bound) -> Option<Bound> {
        let at = match bound.at {
            At::Row(row) => At::Row(self.rows.binary_search(&row).ok()?),
            At::Column(column) => At::Column(self.columns.binary_search(&column).ok()?),
        };
        Some(Bound { at, ..bound })
    }

    /// A bound of this part as one of the whole.
    pub(crate) fn whole(&self, bound: Bound) -> Bound {
        let at = match bound.at {
            At::Row(row) => At::Row(self.rows[row]),
            At::Column(column) => At::Column(self.columns[column]),
        };
        Bound { at, ..bound }
    }
}

/// Where each of all indices stands among those chosen; the greatest number where it does not.
fn places(chosen: &[usize], count: usize) -> Vec<usize> {
    let mut places = vec![usize::MAX; count];
    for (place, &index) in chosen.iter().enumerate() {
        places[index] = place;
    }
    places
}
