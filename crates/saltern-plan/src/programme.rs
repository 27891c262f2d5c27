//! A sparse linear, mixed-integer or quadratic programme: columns, rows, entries.
//!
//! Minimise `offset + cᵀx + ½ xᵀQx` with `l ≤ x ≤ u`, `L ≤ Ax ≤ U` and some `x` whole. Bounds of a column are bounds, never
//! rows. Columns and rows come in *blocks*: one quantity of one unit over consecutive steps. A block has a name of
//! the caller's own type, so that no text is made while a programme is built and every index can be named afterwards.

use std::ops::Range;

/// One entry of the matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Row.
    pub row: u32,
    /// Column.
    pub column: u32,
    /// Coefficient.
    pub value: f64,
}

/// Consecutive columns or rows that are one quantity over steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block<N> {
    /// What it is.
    pub name: N,
    /// Index of its first step.
    pub first: usize,
    /// Steps.
    pub len: usize,
}

impl<N> Block<N> {
    /// Its indices.
    pub fn range(&self) -> Range<usize> {
        self.first..self.first + self.len
    }
}

/// A programme under construction, or built.
#[derive(Clone, Debug)]
pub struct Programme<N> {
    /// Constant part of the objective.
    pub offset: f64,
    /// Cost of each column per unit.
    pub cost: Vec<f64>,
    /// Lower bound of each column.
    pub lower: Vec<f64>,
    /// Upper bound of each column.
    pub upper: Vec<f64>,
    /// Columns that take whole values.
    pub whole: Vec<u32>,
    /// Lower bound of each row.
    pub row_lower: Vec<f64>,
    /// Upper bound of each row.
    pub row_upper: Vec<f64>,
    /// Entries of the matrix in any order; two at one place add up.
    pub entries: Vec<Entry>,
    /// Entries of Q at and below its diagonal.
    pub quadratic: Vec<Entry>,
    columns: Vec<Block<N>>,
    rows: Vec<Block<N>>,
}

impl<N> Default for Programme<N> {
    fn default() -> Self {
        Programme {
            offset: 0.0,
            cost: Vec::new(),
            lower: Vec::new(),
            upper: Vec::new(),
            whole: Vec::new(),
            row_lower: Vec::new(),
            row_upper: Vec::new(),
            entries: Vec::new(),
            quadratic: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }
}

impl<N: Copy + PartialEq> Programme<N> {
    /// An empty programme with room for so many columns, rows and entries.
    pub fn with_capacity(columns: usize, rows: usize, entries: usize) -> Self {
        Programme {
            cost: Vec::with_capacity(columns),
            lower: Vec::with_capacity(columns),
            upper: Vec::with_capacity(columns),
            row_lower: Vec::with_capacity(rows),
            row_upper: Vec::with_capacity(rows),
            entries: Vec::with_capacity(entries),
            ..Programme::default()
        }
    }

    /// Adds a block of columns with the same bounds and cost; answers the index of its first.
    pub fn add_columns(
        &mut self,
        name: N,
        len: usize,
        (lower, upper): (f64, f64),
        cost: f64,
    ) -> usize {
        let first = self.cost.len();
        self.columns.push(Block { name, first, len });
        self.cost.resize(first + len, cost);
        self.lower.resize(first + len, lower);
        self.upper.resize(first + len, upper);
        first
    }

    /// Adds a block of rows with the same bounds; answers the index of its first.
    pub fn add_rows(&mut self, name: N, len: usize, (lower, upper): (f64, f64)) -> usize {
        let first = self.row_lower.len();
        self.rows.push(Block { name, first, len });
        self.row_lower.resize(first + len, lower);
        self.row_upper.resize(first + len, upper);
        first
    }

    /// Adds an entry; two at one place add up.
    pub fn enter(&mut self, row: usize, column: usize, value: f64) {
        self.entries.push(Entry {
            row: row as u32,
            column: column as u32,
            value,
        });
    }

    /// Puts another programme behind this one, its costs times a weight and its blocks under other names; answers where its
    /// first column and row are now.
    pub fn append<M: Copy>(
        &mut self,
        other: &Programme<M>,
        weight: f64,
        rename: impl Fn(M) -> N,
    ) -> (usize, usize) {
        let (column, row) = (self.column_count(), self.row_count());
        let renamed = |blocks: &[Block<M>], ahead: usize| -> Vec<Block<N>> {
            let block = |block: &Block<M>| Block {
                name: rename(block.name),
                first: block.first + ahead,
                len: block.len,
            };
            blocks.iter().map(block).collect()
        };
        self.columns.extend(renamed(&other.columns, column));
        self.rows.extend(renamed(&other.rows, row));
        self.offset += weight * other.offset;
        self.cost
            .extend(other.cost.iter().map(|cost| weight * cost));
        self.lower.extend_from_slice(&other.lower);
        self.upper.extend_from_slice(&other.upper);
        self.row_lower.extend_from_slice(&other.row_lower);
        self.row_upper.extend_from_slice(&other.row_upper);
        let whole = other.whole.iter().map(|c| c + column as u32);
        self.whole.extend(whole);
        for entry in &other.entries {
            self.enter(
                entry.row as usize + row,
                entry.column as usize + column,
                entry.value,
            );
        }
        (column, row)
    }

    /// Sets both bounds of a row to a value.
    pub fn fix_row(&mut self, row: usize, value: f64) {
        self.row_lower[row] = value;
        self.row_upper[row] = value;
    }

    /// Demands whole values of a block's columns.
    pub fn make_whole(&mut self, columns: Range<usize>) {
        self.whole.extend(columns.map(|c| c as u32));
    }

    /// The same programme without names, costs and demands of whole values: what of it may conflict.
    pub fn bare(&self) -> Programme<()> {
        let mut bare = Programme::with_capacity(
            self.column_count() + 64,
            self.row_count(),
            self.entries.len(),
        );
        bare.add_columns((), self.column_count(), (0.0, 0.0), 0.0);
        bare.add_rows((), self.row_count(), (0.0, 0.0));
        bare.lower.copy_from_slice(&self.lower);
        bare.upper.copy_from_slice(&self.upper);
        bare.row_lower.copy_from_slice(&self.row_lower);
        bare.row_upper.copy_from_slice(&self.row_upper);
        bare.entries.extend_from_slice(&self.entries);
        bare
    }

    /// Number of columns.
    pub fn column_count(&self) -> usize {
        self.cost.len()
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.row_lower.len()
    }

    /// Blocks of columns in order.
    pub fn column_blocks(&self) -> &[Block<N>] {
        &self.columns
    }

    /// Blocks of rows in order.
    pub fn row_blocks(&self) -> &[Block<N>] {
        &self.rows
    }

    /// Columns of a name; `None` if nothing is called that.
    pub fn columns_of(&self, name: N) -> Option<Range<usize>> {
        self.columns
            .iter()
            .find(|block| block.name == name)
            .map(Block::range)
    }

    /// Rows of a name; `None` if nothing is called that.
    pub fn rows_of(&self, name: N) -> Option<Range<usize>> {
        self.rows
            .iter()
            .find(|block| block.name == name)
            .map(Block::range)
    }

    /// Name and step of a column.
    pub fn column_name(&self, column: usize) -> Option<(N, usize)> {
        named(&self.columns, column)
    }

    /// Name and step of a row.
    pub fn row_name(&self, row: usize) -> Option<(N, usize)> {
        named(&self.rows, row)
    }

    /// The matrix by columns.
    pub fn matrix(&self) -> Matrix {
        Matrix::by_columns(self.column_count(), &self.entries)
    }
}

fn named<N: Copy>(blocks: &[Block<N>], index: usize) -> Option<(N, usize)> {
    let after = blocks.partition_point(|block| block.first <= index);
    // Empty blocks share their first index with the next one, which is the one that holds it.
    let block = blocks[..after]
        .iter()
        .rev()
        .find(|block| block.range().contains(&index))?;
    Some((block.name, index - block.first))
}

/// A sparse matrix by columns, rows rising within each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Where each column's entries begin; one more than there are columns.
    pub starts: Vec<i32>,
    /// Row of each entry.
    pub rows: Vec<i32>,
    /// Value of each entry.
    pub values: Vec<f64>,
}

impl Matrix {
    /// Sorts entries by column and row, adding up those at one place.
    ///
    /// Two passes of counting (by row, then by column, each stable), so the time is linear in the entries.
    pub fn by_columns(columns: usize, entries: &[Entry]) -> Matrix {
        let by_row = counted(entries, |e| e.row as usize);
        let by_column = counted(&by_row, |e| e.column as usize);
        let mut starts = vec![0_i32; columns + 1];
        let mut rows = Vec::with_capacity(entries.len());
        let mut values: Vec<f64> = Vec::with_capacity(entries.len());
        let mut last = None;
        for entry in &by_column {
            let place = (entry.row, entry.column);
            match values.last_mut() {
                Some(value) if last == Some(place) => *value += entry.value,
                _ => {
                    rows.push(entry.row as i32);
                    values.push(entry.value);
                    starts[entry.column as usize + 1] += 1;
                }
            }
            last = Some(place);
        }
        for c in 0..columns {
            starts[c + 1] += starts[c];
        }
        Matrix {
            starts,
            rows,
            values,
        }
    }
}

/// Entries in the order of a key, those with the same key as they were.
fn counted(entries: &[Entry], key: impl Fn(&Entry) -> usize) -> Vec<Entry> {
    let top = entries.iter().map(&key).max().map_or(0, |top| top + 1);
    let mut next = vec![0_u32; top + 1];
    for entry in entries {
        next[key(entry) + 1] += 1;
    }
    for k in 0..top {
        next[k + 1] += next[k];
    }
    let blank = Entry {
        row: 0,
        column: 0,
        value: 0.0,
    };
    let mut sorted = vec![blank; entries.len()];
    for entry in entries {
        let place = &mut next[key(entry)];
        sorted[*place as usize] = *entry;
        *place += 1;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_at_one_place_add_up_and_rows_rise() {
        let mut programme = Programme::<u8>::default();
        programme.add_columns(1, 2, (0.0, 1.0), 0.0);
        programme.add_rows(1, 3, (0.0, 0.0));
        for (row, column, value) in [(2, 1, 5.0), (0, 1, 1.0), (2, 1, 0.5), (1, 0, 2.0)] {
            programme.enter(row, column, value);
        }
        let matrix = programme.matrix();
        assert_eq!(matrix.starts, [0, 1, 3]);
        assert_eq!(matrix.rows, [1, 0, 2]);
        assert_eq!(matrix.values, [2.0, 1.0, 5.5]);
    }

    #[test]
    fn an_index_is_named_by_its_block_and_step() {
        let mut programme = Programme::<&str>::default();
        programme.add_columns("pv", 3, (0.0, 1.0), 0.0);
        programme.add_columns("nothing", 0, (0.0, 1.0), 0.0);
        programme.add_columns("wind", 2, (0.0, 1.0), 0.0);
        assert_eq!(programme.column_name(2), Some(("pv", 2)));
        assert_eq!(programme.column_name(3), Some(("wind", 0)));
        assert_eq!(programme.column_name(5), None);
        assert_eq!(programme.columns_of("wind"), Some(3..5));
    }
}
