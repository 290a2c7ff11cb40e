//! One file's text with its line index.

use std::sync::OnceLock;

/// The text of one file, decoded once. Offsets are bytes of this text.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: String,
    invalid_utf8: Option<u32>,
    utf16: bool,
    lines: OnceLock<Vec<u32>>,
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in characters (Unicode scalar values).
    pub column: u32,
    /// In bytes, from 0.
    pub offset: u32,
}

impl SourceFile {
    /// A file from text that is already decoded. `path` is what reports show.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), invalid_utf8: None, utf16: false, lines: OnceLock::new() }
    }

    /// Decodes `bytes`. Bytes that are not UTF-8 become U+FFFD, and the offset of the first
    /// is kept for a located finding. A file that says by its byte order mark that it is UTF-16
    /// is read as such.
    pub fn from_bytes(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        let wide = match bytes.get(..2) {
            Some([0xff, 0xfe]) => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
            Some([0xfe, 0xff]) => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
            _ => None,
        };
        if let Some(unit) = wide {
            let units = bytes[2..].as_chunks::<2>().0.iter().map(|pair| unit(*pair));
            let text: String =
                char::decode_utf16(units).map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            return Self { utf16: true, ..Self::new(path, text) };
        }
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(path, text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to() as u32;
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Self { invalid_utf8: Some(at), ..Self::new(path, text) }
            }
        }
    }

    /// The path as reports show it: relative to the working directory, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Offset of the first byte that was not UTF-8.
    pub fn invalid_utf8(&self) -> Option<u32> {
        self.invalid_utf8
    }

    /// Whether the file is UTF-16.
    pub fn is_utf16(&self) -> bool {
        self.utf16
    }

    /// Byte offsets at which lines start; the first is 0.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// Number of the line (from 0) that holds `offset`.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.line_starts().partition_point(|start| *start <= offset) as u32 - 1
    }

    /// The text of line `line` (from 0) without its line break; empty past the end.
    pub fn line_text(&self, line: u32) -> &str {
        let starts = self.line_starts();
        let Some(&start) = starts.get(line as usize) else { return "" };
        let end = starts.get(line as usize + 1).map_or(self.text.len(), |next| *next as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }

    /// Line and column of `offset`, which is moved back to a character boundary if need be.
    pub fn position(&self, offset: u32) -> Position {
        let offset = self.boundary(offset);
        let line = self.line_of(offset);
        let start = self.line_starts()[line as usize];
        let column = self.text[start as usize..offset as usize].chars().count() as u32 + 1;
        Position { line: line + 1, column, offset }
    }

    /// Column of `offset` in UTF-16 code units, from 0.
    pub fn utf16_column(&self, offset: u32) -> u32 {
        let offset = self.boundary(offset);
        let start = self.line_starts()[self.line_of(offset) as usize];
        self.text[start as usize..offset as usize].encode_utf16().count() as u32
    }

    /// The nearest character boundary at or before `offset`.
    fn boundary(&self, offset: u32) -> u32 {
        self.text.floor_char_boundary((offset as usize).min(self.text.len())) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    #[test]
    fn wide_files_are_read_by_their_byte_order_mark() {
        let text = "Resources: {} # ü";
        let little: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            let file = SourceFile::from_bytes("a.yaml", bytes);
            assert!(file.is_utf16());
            assert_eq!(file.text(), text);
        }
        let narrow = SourceFile::from_bytes("a.yaml", text.as_bytes().to_vec());
        assert!(!narrow.is_utf16() && narrow.invalid_utf8().is_none());
        assert_eq!(SourceFile::from_bytes("a.yaml", b"a: \xff".to_vec()).invalid_utf8(), Some(3));
    }
}
