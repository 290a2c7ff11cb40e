//! Reader for the embedded tab-separated tables.

/// The rows of an embedded table: comment lines (`#`), empty lines and the header left out.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = Row> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1).map(|line| Row { line })
}

/// One row of an embedded table.
#[derive(Clone, Copy)]
pub(super) struct Row {
    line: &'static str,
}

impl Row {
    /// The cells; cells beyond the last are empty.
    pub(super) fn cells<const N: usize>(self) -> [&'static str; N] {
        let mut cells = [""; N];
        for (cell, text) in cells.iter_mut().zip(self.line.split('\t')) {
            *cell = text.trim();
        }
        cells
    }
}

/// The text of a cell that is not empty.
pub(super) fn present(cell: &'static str) -> Option<&'static str> {
    (!cell.is_empty()).then_some(cell)
}
