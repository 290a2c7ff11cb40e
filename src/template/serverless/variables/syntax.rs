//! What variables are made of: sources, parameters, addresses and literals.

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

    /// Counts its bytes from `by`.
    pub(super) fn shift(&mut self, by: usize) {
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

impl Literal {
    /// The literal that `word` is by JavaScript's reading of numbers.
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "true" => return Some(Self::Bool(true)),
            "false" => return Some(Self::Bool(false)),
            "null" => return Some(Self::Null),
            _ => {}
        }
        let radix = |prefix: [&str; 2], radix| {
            let digits = word.strip_prefix(prefix[0]).or_else(|| word.strip_prefix(prefix[1]))?;
            u32::from_str_radix(digits, radix).ok().map(|number| Self::Number(f64::from(number)))
        };
        if let Some(number) =
            radix(["0x", "0X"], 16).or_else(|| radix(["0o", "0O"], 8)).or_else(|| radix(["0b", "0B"], 2))
        {
            return Some(number);
        }
        let plain = word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
        (plain && word.bytes().any(|byte| byte.is_ascii_digit())).then(|| word.parse().ok().map(Self::Number)).flatten()
    }
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
