//! The grammar of `${source(parameters):address, fallback}`.
//!
//! Text in `${…}` that does not start like a variable (`${AWS::Region}`) belongs to somebody
//! else and is left alone, but variables nested in it are found.

/// A stretch of text that resolution replaces.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// `${…}`
    Variable {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
        /// Where to look, in order.
        sources: Vec<Source>,
    },
    /// Backslashes before a `${`, and what they stand for.
    Escape {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
        /// The text that remains.
        text: String,
    },
}

impl Piece {
    /// The bytes it stands on.
    pub fn range(&self) -> (usize, usize) {
        match self {
            Self::Variable { start, end, .. } | Self::Escape { start, end, .. } => (*start, *end),
        }
    }

    fn shift(&mut self, by: usize) {
        match self {
            Self::Variable { start, end, .. } | Self::Escape { start, end, .. } => {
                *start -= by;
                *end -= by;
            }
        }
    }
}

/// One place to look for a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A literal fallback.
    Literal(Literal),
    /// `type(parameters):address`
    Typed {
        /// The type, `self`, `opt`, …
        name: String,
        /// The parameters, if there are brackets.
        parameters: Option<Vec<Argument>>,
        /// The address, if there is one.
        address: Option<Argument>,
    },
}

/// A literal value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// A parameter or an address.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// What is written.
    pub value: Literal,
    /// Variables in it, by position in the text.
    pub pieces: Vec<Piece>,
}

/// Why text is not well formed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// Something else where a type has to stand.
    #[error("there is no variable type at position {0}")]
    Type(usize),
    /// A bad address.
    #[error("the address at position {0} is not well formed")]
    Address(usize),
    /// A bad parameter.
    #[error("the parameter at position {0} is not well formed")]
    Parameter(usize),
    /// A bad fallback.
    #[error("the fallback at position {0} is neither a variable source nor a literal")]
    Source(usize),
    /// A bare word as fallback.
    #[error("the fallback `{0}` has to be quoted to be text")]
    Literal(String),
    /// A double-quoted text that is not well formed.
    #[error("the quoted text at position {0} is not well formed")]
    Quoted(usize),
    /// No closing bracket.
    #[error("the closing `}}` is missing")]
    Unterminated,
    /// Variables within variables beyond reason.
    #[error("variables are nested too deeply")]
    Depth,
}

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
                    let literal = literal(word).ok_or_else(|| SyntaxError::Literal(word.to_owned()))?;
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
                        literal(&text).unwrap_or(Literal::Text(text))
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

/// The literal that `word` is by JavaScript's reading of numbers.
fn literal(word: &str) -> Option<Literal> {
    match word {
        "true" => return Some(Literal::Bool(true)),
        "false" => return Some(Literal::Bool(false)),
        "null" => return Some(Literal::Null),
        _ => {}
    }
    let radix = |prefix: [&str; 2], radix| {
        let digits = word.strip_prefix(prefix[0]).or_else(|| word.strip_prefix(prefix[1]))?;
        u32::from_str_radix(digits, radix).ok().map(|number| Literal::Number(f64::from(number)))
    };
    if let Some(number) = radix(["0x", "0X"], 16).or_else(|| radix(["0o", "0O"], 8)).or_else(|| radix(["0b", "0B"], 2))
    {
        return Some(number);
    }
    let plain = word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    (plain && word.bytes().any(|byte| byte.is_ascii_digit())).then(|| word.parse().ok().map(Literal::Number)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        match parse(text) {
            Ok(pieces) => pieces.iter().map(show).collect::<Vec<_>>().join(" "),
            Err(error) => format!("error: {error}"),
        }
    }

    fn show(piece: &Piece) -> String {
        match piece {
            Piece::Escape { start, end, text } => format!("{start}..{end}={text}"),
            Piece::Variable { start, end, sources } => {
                let sources: Vec<_> = sources.iter().map(source).collect();
                format!("{start}..{end}[{}]", sources.join("|"))
            }
        }
    }

    fn source(source: &Source) -> String {
        match source {
            Source::Literal(value) => word(value),
            Source::Typed { name, parameters, address } => {
                let parameters = parameters
                    .as_ref()
                    .map(|all| format!("({})", all.iter().map(argument).collect::<Vec<_>>().join(",")))
                    .unwrap_or_default();
                let address = address.as_ref().map(|one| format!(":{}", argument(one))).unwrap_or_default();
                format!("{name}{parameters}{address}")
            }
        }
    }

    fn argument(argument: &Argument) -> String {
        let inner: Vec<_> = argument.pieces.iter().map(show).collect();
        format!(
            "{}{}",
            word(&argument.value),
            if inner.is_empty() { String::new() } else { format!("<{}>", inner.join(" ")) }
        )
    }

    fn word(value: &Literal) -> String {
        match value {
            Literal::Null => "null".into(),
            Literal::Bool(value) => value.to_string(),
            Literal::Number(value) => value.to_string(),
            Literal::Text(text) => format!("'{text}'"),
        }
    }

    #[test]
    fn grammar() {
        let table = [
            ("plain", ""),
            ("${self:a.b}", "0..11[self:'a.b']"),
            ("x-${opt:stage}-y", "2..14[opt:'stage']"),
            ("${opt:stage, self:provider.stage, 'dev'}", "0..40[opt:'stage'|self:'provider.stage'|'dev']"),
            ("${opt:n, 3}", "0..11[opt:'n'|3]"),
            ("${opt:n, null}", "0..14[opt:'n'|null]"),
            ("${file(a.yml):x}", "0..16[file('a.yml'):'x']"),
            ("${file( './a b.yml' , 2 ):x}", "0..28[file('./a b.yml',2):'x']"),
            ("${file(a-${opt:s}.yml)}", "0..23[file('a-${opt:s}.yml'<2..10[opt:'s']>)]"),
            ("${self:a.${opt:s}.c}", "0..20[self:'a.${opt:s}.c'<2..10[opt:'s']>]"),
            ("${cf(eu-west-1):stack.Out}", "0..26[cf('eu-west-1'):'stack.Out']"),
            ("${self:}", "0..8[self]"),
            ("$${opt:s}", "0..9[opt:'s']"),
            // Somebody else's.
            ("${AWS::Region}", ""),
            ("${foo}", ""),
            ("${foo::bar}", ""),
            ("${Foo-${opt:s}}", "6..14[opt:'s']"),
            ("${}", ""),
            // Escapes.
            ("\\${opt:s}", "0..2=$"),
            ("\\\\${opt:s}", "0..2=\\ 2..10[opt:'s']"),
            ("\\\\\\${opt:s}", "0..4=\\$"),
            // Errors.
            ("${opt:stage, dev}", "error: the fallback `dev` has to be quoted to be text"),
            ("${opt:s", "error: the closing `}` is missing"),
            ("${self:a.${AWS::Region}}", "error: there is no variable type at position 11"),
            ("${opt:s, 'a', 'b'}", "error: the fallback at position 9 is neither a variable source nor a literal"),
            ("${file(a}", "error: the parameter at position 7 is not well formed"),
            ("${opt(a)::b}", "error: the address at position 9 is not well formed"),
            ("${s:\u{e9}$\u{e9}}", "0..10[s:'\u{e9}$\u{e9}']"),
        ];
        for (text, expected) in table {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert_eq!(parse(&"${a:".repeat(5000)), Err(SyntaxError::Depth));
        assert_eq!(parse(&"${A ".repeat(5000)), Err(SyntaxError::Depth));
    }
}
