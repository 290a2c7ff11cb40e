//! Where values come from.

use crate::source::{FileId, Span};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Origin {
    file: FileId,
    flags: u16,
    start: u32,
    end: u32,
}

const GENERATED: u16 = 1;
const INCOMPLETE: u16 = 2;
const SECRET: u16 = 4;

impl Origin {
    /// A value that stands in the text as `span`.
    pub fn written(span: Span) -> Self {
        Self { file: span.file, flags: 0, start: span.start, end: span.end }
    }

    /// The same place, for a value that a transform made because of it.
    #[must_use]
    pub fn generated(self) -> Self {
        Self { flags: (self.flags | GENERATED) & !INCOMPLETE, ..self }
    }

    /// The same place, for a collection of which parts are not known (broken text, a macro,
    /// an unresolved variable): what is not in it may still exist.
    #[must_use]
    pub fn incomplete(self) -> Self {
        Self { flags: self.flags | INCOMPLETE, ..self }
    }

    /// The same place, for a value that must never be printed.
    #[must_use]
    pub fn secret(self) -> Self {
        Self { flags: self.flags | SECRET, ..self }
    }

    /// The bytes.
    pub fn span(self) -> Span {
        Span::new(self.file, self.start, self.end)
    }

    /// Whether a transform made the value.
    pub fn is_generated(self) -> bool {
        self.flags & GENERATED != 0
    }

    /// Whether parts of the collection are not known.
    pub fn is_incomplete(self) -> bool {
        self.flags & INCOMPLETE != 0
    }

    /// Whether the value must not be printed.
    pub fn is_secret(self) -> bool {
        self.flags & SECRET != 0
    }
}
