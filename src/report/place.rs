//! Spans as lines and columns, in the units formats ask for.

use crate::source::{Position, SourceFile, Span};
use serde::Serialize;

/// `{"start": …, "end": …}` with lines and columns from 1, columns in characters, offsets in
/// bytes; the end is exclusive.
#[derive(Serialize)]
pub(super) struct Characters {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
    offset: u32,
}

/// Where `span` begins and ends.
pub(super) fn characters(source: &SourceFile, span: Span) -> Characters {
    let point = |offset: u32| {
        let Position { line, column, offset } = source.position(offset);
        Point { line, column, offset }
    };
    Characters { start: point(span.start), end: point(span.end) }
}

/// Line and column from 1, the column in UTF-16 code units.
pub(super) fn utf16(source: &SourceFile, offset: u32) -> (u32, u32) {
    (source.position(offset).line, source.utf16_column(offset) + 1)
}

/// Line and column from 1, the column in bytes.
pub(super) fn bytes(source: &SourceFile, offset: u32) -> (u32, u32) {
    let position = source.position(offset);
    let start = source.line_starts().get(position.line as usize - 1).copied().unwrap_or_default();
    (position.line, position.offset - start + 1)
}

/// `path` with everything percent-encoded that a URI reference does not hold.
pub(super) fn uri(path: &str) -> String {
    use std::fmt::Write;
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(byte as char);
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
