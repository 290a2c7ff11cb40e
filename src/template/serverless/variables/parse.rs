//! The grammar of `${source(parameters):address, fallback}`.
//!
//! Text in `${…}` that does not start like a variable (`${AWS::Region}`) belongs to somebody
//! else and is left alone, but variables nested in it are found.

use super::syntax::{Argument, Literal, Piece, Source, SyntaxError};

const MAX_DEPTH: usize = 60;

/// The pieces of `text`, in order; none when there is nothing to resolve.
pub fn parse(text: &str) -> Result<Vec<Piece>, SyntaxError> {
    if !text.contains("${") {
        return Ok(Vec::new());
    }
    let mut parser = Parser { text, bytes: text.as_bytes(), pieces: Vec::new(), depth: 0 };
    parser.outside()?;
    Ok(parser.pieces)
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    pieces: Vec<Piece>,
    depth: usize,
}

/// What a `${` turned out to be.
enum Opened {
    Variable(Vec<Source>, usize),
    /// Not ours; the position behind it.
    Foreign(usize),
}

fn type_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-'
}

impl Parser<'_> {
    fn at(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn spaces(&self, mut at: usize) -> usize {
        while self.at(at) == Some(b' ') {
            at += 1;
        }
        at
    }

    /// Plain text outside any variable, with backslash escapes.
    fn outside(&mut self) -> Result<(), SyntaxError> {
        let mut at = 0;
        while let Some(byte) = self.at(at) {
            match byte {
                b'\\' => {
                    let start = at;
                    while self.at(at) == Some(b'\\') {
                        at += 1;
                    }
                    let count = at - start;
                    if self.at(at) != Some(b'$') || self.at(at + 1) != Some(b'{') {
                        continue;
                    }
                    let mut text = "\\".repeat(count / 2);
                    if count % 2 == 1 {
                        text.push('$');
                        self.pieces.push(Piece::Escape { start, end: at + 1, text });
                        at += 2;
                    } else {
                        self.pieces.push(Piece::Escape { start, end: at, text });
                        at = self.dollar(at, false)?;
                    }
                }
                b'$' => at = self.dollar(at, false)?,
                _ => at += 1,
            }
        }
        Ok(())
    }

    /// A `$` at `at`; answers the position behind what it starts.
    fn dollar(&mut self, at: usize, nested: bool) -> Result<usize, SyntaxError> {
        let mut next = at + 1;
        while self.at(next) == Some(b'$') {
            next += 1;
        }
        if self.at(next) != Some(b'{') {
            // The character behind a lone dollar is skipped with it.
            let rest = self.text.get(next..).unwrap_or_default();
            return Ok(next + rest.chars().next().map_or(0, char::len_utf8));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxError::Depth);
        }
        let opened = self.opened(next + 1, nested);
        self.depth -= 1;
        match opened? {
            Opened::Variable(sources, end) => {
                self.pieces.push(Piece::Variable { start: at, end, sources });
                Ok(end)
            }
            Opened::Foreign(end) => Ok(end),
        }
    }

    /// Behind `${`.
    fn opened(&mut self, start: usize, nested: bool) -> Result<Opened, SyntaxError> {
        let unfinished =
            |this: &Self| if nested { Err(SyntaxError::Unterminated) } else { Ok(Opened::Foreign(this.bytes.len())) };
        let Some(first) = self.at(start) else { return unfinished(self) };
        if !first.is_ascii_lowercase() {
            return if nested { Err(SyntaxError::Type(start)) } else { self.foreign(start) };
        }
        let mut at = start;
        while self.at(at).is_some_and(type_byte) {
            at += 1;
        }
        let name = self.text[start..at].to_owned();
        match self.at(at) {
            None => unfinished(self),
            Some(b':') => {
                let behind = self.spaces(at + 1);
                if self.at(behind) == Some(b':') {
                    return if nested { Err(SyntaxError::Address(behind)) } else { self.foreign(behind) };
                }
                self.sources(name, None, at).map(|(sources, end)| Opened::Variable(sources, end))
            }
            Some(b'(') => {
                let (parameters, behind) = self.parameters(at + 1)?;
                self.sources(name, Some(parameters), behind).map(|(sources, end)| Opened::Variable(sources, end))
            }
            Some(_) if nested => Err(SyntaxError::Type(start)),
            Some(_) => self.foreign(at),
        }
    }

    /// Text that is not a variable, up to its closing bracket.
    fn foreign(&mut self, mut at: usize) -> Result<Opened, SyntaxError> {
        while let Some(byte) = self.at(at) {
            match byte {
                b'}' => return Ok(Opened::Foreign(at + 1)),
                b'$' => at = self.dollar(at, false)?,
                _ => at += 1,
            }
        }
        Ok(Opened::Foreign(at))
    }

    /// Behind the type (and parameters) of the first source, at its `:`, `,` or `}`.
    fn sources(
        &mut self,
        mut name: String,
        mut parameters: Option<Vec<Argument>>,
        mut at: usize,
    ) -> Result<(Vec<Source>, usize), SyntaxError> {
        let mut sources = Vec::new();
        loop {
            let mut address = None;
            at = self.spaces(at);
            if self.at(at) == Some(b':') {
                at = self.spaces(at + 1);
                if self.at(at) == Some(b':') {
                    return Err(SyntaxError::Address(at));
                }
                if !matches!(self.at(at), Some(b',' | b'}') | None) {
                    let (found, behind) = self.address(at)?;
                    (address, at) = (Some(found), behind);
                }
            }
            sources.push(Source::Typed { name, parameters, address });
            match self.at(at) {
                None => return Err(SyntaxError::Unterminated),
                Some(b'}') => return Ok((sources, at + 1)),
                Some(b',') => {}
                Some(_) => return Err(SyntaxError::Address(at)),
            }
            let start = self.spaces(at + 1);
            match self.at(start) {
                None => return Err(SyntaxError::Unterminated),
                Some(b'"' | b'\'') => {
                    let (text, behind) = self.quoted(start)?;
                    return match self.at(behind) {
                        Some(b'}') => {
                            sources.push(Source::Literal(Literal::Text(text)));
                            Ok((sources, behind + 1))
                        }
                        None => Err(SyntaxError::Unterminated),
                        Some(_) => Err(SyntaxError::Source(start)),
                    };
                }
                Some(byte) if type_byte(byte) => {}
                Some(_) => return Err(SyntaxError::Source(start)),
            }
            at = start;
            while self.at(at).is_some_and(|byte| type_byte(byte) || byte == b' ') {
                at += 1;
            }
            let written = &self.text[start..at];
            match self.at(at) {
                None => return Err(SyntaxError::Unterminated),
                Some(b'}') => {
                    let word = written.trim();
                    let literal = Literal::read(word).ok_or_else(|| SyntaxError::Literal(word.to_owned()))?;
                    sources.push(Source::Literal(literal));
                    return Ok((sources, at + 1));
                }
                Some(b':' | b'(') if is_type(written) => {
                    name = written.to_owned();
                    parameters = None;
                    if self.at(at) == Some(b'(') {
                        let (found, behind) = self.parameters(at + 1)?;
                        (parameters, at) = (Some(found), behind);
                    }
                }
                Some(_) => return Err(SyntaxError::Source(start)),
            }
        }
    }

    /// Behind the opening bracket; answers the position behind the closing one.
    fn parameters(&mut self, mut at: usize) -> Result<(Vec<Argument>, usize), SyntaxError> {
        let mut found = Vec::new();
        loop {
            at = self.spaces(at);
            match self.at(at) {
                None => return Err(SyntaxError::Unterminated),
                Some(b')') => break,
                Some(b',') => {
                    found.push(Argument { value: Literal::Null, pieces: Vec::new() });
                    at += 1;
                }
                Some(b'}') => return Err(SyntaxError::Parameter(at)),
                Some(b'"' | b'\'') => {
                    let start = at;
                    let (text, behind) = self.quoted(at)?;
                    found.push(Argument { value: Literal::Text(text), pieces: Vec::new() });
                    match self.at(behind) {
                        None => return Err(SyntaxError::Unterminated),
                        Some(b')') => {
                            at = behind;
                            break;
                        }
                        Some(b',') => at = behind + 1,
                        Some(_) => return Err(SyntaxError::Parameter(start)),
                    }
                }
                Some(_) => {
                    let (text, pieces, behind) = self.raw(at, b')', |at| Err(SyntaxError::Parameter(at)))?;
                    let value = if pieces.is_empty() {
                        Literal::read(&text).unwrap_or(Literal::Text(text))
                    } else {
                        Literal::Text(text)
                    };
                    found.push(Argument { value, pieces });
                    at = behind;
                    if self.at(at) == Some(b')') {
                        break;
                    }
                    at += 1;
                }
            }
        }
        let behind = self.spaces(at + 1);
        match self.at(behind) {
            None => Err(SyntaxError::Unterminated),
            Some(b':' | b'}' | b',') => Ok((found, behind)),
            Some(_) => Err(SyntaxError::Address(behind)),
        }
    }

    /// An address; answers the position of the `,` or `}` behind it.
    fn address(&mut self, at: usize) -> Result<(Argument, usize), SyntaxError> {
        if matches!(self.at(at), Some(b'"' | b'\'')) {
            let (text, behind) = self.quoted(at)?;
            return match self.at(behind) {
                Some(b',' | b'}') => Ok((Argument { value: Literal::Text(text), pieces: Vec::new() }, behind)),
                None => Err(SyntaxError::Unterminated),
                Some(_) => Err(SyntaxError::Address(at)),
            };
        }
        let (text, pieces, behind) = self.raw(at, b'}', |_| Err(SyntaxError::Unterminated))?;
        Ok((Argument { value: Literal::Text(text), pieces }, behind))
    }

    /// Unquoted text with nested variables up to `,` or `close`.
    fn raw(
        &mut self,
        start: usize,
        close: u8,
        unexpected: impl Fn(usize) -> Result<(), SyntaxError>,
    ) -> Result<(String, Vec<Piece>, usize), SyntaxError> {
        let outer = std::mem::take(&mut self.pieces);
        let mut at = start;
        let end = loop {
            match self.at(at) {
                None => return Err(SyntaxError::Unterminated),
                Some(b',') => break at,
                Some(byte) if byte == close => break at,
                Some(b'}') => unexpected(start)?,
                Some(b'$') => {
                    at = self.dollar(at, true)?;
                    continue;
                }
                Some(_) => {}
            }
            at += 1;
        };
        let mut pieces = std::mem::replace(&mut self.pieces, outer);
        for piece in &mut pieces {
            piece.shift(start);
        }
        Ok((self.text[start..end].trim_end().to_owned(), pieces, end))
    }

    /// A quoted text; answers the position of what stands behind it and the spaces.
    fn quoted(&self, start: usize) -> Result<(String, usize), SyntaxError> {
        let quote = self.at(start).unwrap_or(b'"');
        let mut at = start + 1;
        loop {
            match self.at(at) {
                None => return Err(SyntaxError::Unterminated),
                Some(b'\\') if quote == b'"' => at += 2,
                Some(byte) if byte == quote => break,
                Some(_) => at += 1,
            }
        }
        let behind = self.spaces(at + 1);
        let written = self.text.get(start..=at).ok_or(SyntaxError::Quoted(start))?;
        if quote == b'\'' {
            return Ok((self.text[start + 1..at].to_owned(), behind));
        }
        serde_json::from_str::<String>(written).map(|text| (text, behind)).map_err(|_| SyntaxError::Quoted(start))
    }
}

fn is_type(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_lowercase) && bytes.iter().all(u8::is_ascii_alphanumeric)
}
