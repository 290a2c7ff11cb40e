//! Byte offsets to the positions a client counts in, and back.

use crate::source::{SourceFile, Span};
use lsp_types::{InitializeParams, Position, PositionEncodingKind, Range};

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every client understands.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The cheapest encoding the client offers.
    pub fn negotiate(parameters: &InitializeParams) -> Self {
        let general = parameters.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32) && !offered.contains(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    fn width(self, c: char) -> u32 {
        match self {
            Self::Utf8 => c.len_utf8() as u32,
            Self::Utf16 => c.len_utf16() as u32,
            Self::Utf32 => 1,
        }
    }
}

/// The position of a byte offset.
pub(super) fn position(file: &SourceFile, offset: u32, encoding: Encoding) -> Position {
    let at = file.position(offset);
    let line = at.line - 1;
    let start = file.line_starts().get(line as usize).copied().unwrap_or(0);
    let before = file.text().get(start as usize..at.offset as usize).unwrap_or_default();
    Position { line, character: before.chars().map(|c| encoding.width(c)).sum() }
}

/// The range of a span.
pub(super) fn range(file: &SourceFile, span: Span, encoding: Encoding) -> Range {
    Range { start: position(file, span.start, encoding), end: position(file, span.end, encoding) }
}

/// The byte offset of a position; past the end of a line it is the line's end.
pub(super) fn offset(file: &SourceFile, position: Position, encoding: Encoding) -> usize {
    let Some(start) = file.line_starts().get(position.line as usize) else { return file.text().len() };
    let line = file.line_text(position.line);
    let mut left = position.character;
    let mut at = *start as usize;
    for c in line.chars() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(encoding.width(c));
        at += c.len_utf8();
    }
    at
}
