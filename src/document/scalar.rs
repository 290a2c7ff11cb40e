//! What a plain scalar means: YAML 1.1 as CloudFormation and SAM read it, js-yaml's core
//! schema as the Serverless Framework reads it, and JSON.

/// The rules by which plain scalars get a type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Schema {
    /// YAML 1.1 with `PyYAML`'s resolver, as CloudFormation tools behave.
    Yaml11,
    /// js-yaml 4's default schema (YAML 1.2 core, timestamps, merge keys).
    JsYaml,
}

/// A typed scalar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scalar<'a> {
    /// `null`, `~`, or nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// A floating point number, or an integer beyond 64 bits.
    Float(f64),
    /// A date or time, as written.
    Timestamp(&'a str),
    /// Everything else.
    Str(&'a str),
}

/// The type of the plain scalar `text` under `schema`. Quoted scalars are always strings and
/// need no resolution.
pub fn resolve(text: &str, schema: Schema) -> Scalar<'_> {
    match schema {
        Schema::Yaml11 => yaml11(text),
        Schema::JsYaml => js_yaml(text),
    }
}

fn yaml11(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Scalar::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Scalar::Bool(false),
        _ => {}
    }
    if !matches!(text.as_bytes()[0], b'0'..=b'9' | b'+' | b'-' | b'.') {
        return Scalar::Str(text);
    }
    if let Some(value) = yaml11_float(text) {
        return Scalar::Float(value);
    }
    if let Some(value) = yaml11_int(text) {
        return value;
    }
    if is_timestamp(text.as_bytes()) { Scalar::Timestamp(text) } else { Scalar::Str(text) }
}

fn sign(text: &str) -> (i64, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    }
}

fn radix(sign: i64, digits: &str, radix: u32) -> Option<Scalar<'static>> {
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    Some(match i64::from_str_radix(&digits, radix) {
        Ok(value) => Scalar::Int(sign * value),
        Err(_) => Scalar::Float(
            sign as f64
                * digits.chars().fold(0.0, |sum, c| sum * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0))),
        ),
    })
}

fn yaml11_int(text: &str) -> Option<Scalar<'static>> {
    let (sign, digits) = sign(text);
    match digits.as_bytes() {
        [] => None,
        [b'0'] => Some(Scalar::Int(0)),
        [b'0', b'b', ..] => radix(sign, &digits[2..], 2),
        [b'0', b'x', ..] => radix(sign, &digits[2..], 16),
        [b'0', ..] => radix(sign, &digits[1..], 8),
        [b'1'..=b'9', ..] if digits.contains(':') => sexagesimal(digits).map(|value| Scalar::Int(sign * value as i64)),
        [b'1'..=b'9', ..] => radix(sign, digits, 10),
        _ => None,
    }
}

/// `12:30:45` as base-60 digits; every part behind the first is below 60.
fn sexagesimal(text: &str) -> Option<f64> {
    let mut total = 0.0;
    for (index, part) in text.split(':').enumerate() {
        let part: String = part.chars().filter(|c| *c != '_' || index > 0).collect();
        let whole = part.split('.').next().unwrap_or_default();
        if whole.is_empty() || !part.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return None;
        }
        if index > 0 && (whole.len() > 2 || whole.parse::<u8>().is_ok_and(|value| value > 59)) {
            return None;
        }
        total = total * 60.0 + part.parse::<f64>().ok()?;
    }
    Some(total)
}

fn yaml11_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let (sign, digits) = sign(text);
    if digits.contains(':') {
        // Base 60 with a fraction: the dot comes behind the last colon.
        let dot = digits.rfind('.')?;
        let starts_with_digit = digits.as_bytes()[0].is_ascii_digit();
        return (starts_with_digit && dot > digits.rfind(':')? && !digits[..dot].contains('.'))
            .then(|| sexagesimal(digits).map(|value| sign as f64 * value))
            .flatten();
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let dot = mantissa.find('.')?;
    let (whole, fraction) = (&mantissa[..dot], &mantissa[dot + 1..]);
    let digit = |b: u8| b.is_ascii_digit() || b == b'_';
    if !whole.bytes().all(digit) || !fraction.bytes().all(digit) {
        return None;
    }
    // `.5` takes no sign in this resolver, and a lone dot is no number.
    if whole.is_empty() && (text.len() != digits.len() || !fraction.as_bytes().first().is_some_and(u8::is_ascii_digit))
    {
        return None;
    }
    if !whole.is_empty() && !whole.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    if let Some(exponent) = exponent {
        let bytes = exponent.as_bytes();
        if bytes.len() < 2 || !matches!(bytes[0], b'+' | b'-') || !bytes[1..].iter().all(u8::is_ascii_digit) {
            return None;
        }
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    plain.parse::<f64>().ok().map(|value| sign as f64 * value)
}

/// `yyyy-mm-dd`, or a date and a time with an optional zone.
fn is_timestamp(s: &[u8]) -> bool {
    let digit = |i: usize| s.get(i).is_some_and(u8::is_ascii_digit);
    if !((0..4).all(digit) && s.get(4) == Some(&b'-') && digit(5)) {
        return false;
    }
    if s.len() == 10 && digit(6) && s[7] == b'-' && digit(8) && digit(9) {
        return true;
    }
    let mut i = if digit(6) { 7 } else { 6 };
    if s.get(i) != Some(&b'-') || !digit(i + 1) {
        return false;
    }
    i += if digit(i + 2) { 3 } else { 2 };
    match s.get(i) {
        Some(b'T' | b't') => i += 1,
        Some(b' ' | b'\t') => {
            while matches!(s.get(i), Some(b' ' | b'\t')) {
                i += 1;
            }
        }
        _ => return false,
    }
    if !digit(i) {
        return false;
    }
    i += if digit(i + 1) { 2 } else { 1 };
    for _ in 0..2 {
        if s.get(i) != Some(&b':') || !digit(i + 1) || !digit(i + 2) {
            return false;
        }
        i += 3;
    }
    if s.get(i) == Some(&b'.') {
        i += 1;
        while digit(i) {
            i += 1;
        }
    }
    while matches!(s.get(i), Some(b' ' | b'\t')) {
        i += 1;
    }
    match s.get(i) {
        None => true,
        Some(b'Z') => i + 1 == s.len(),
        Some(b'+' | b'-') if digit(i + 1) => {
            i += if digit(i + 2) { 3 } else { 2 };
            i == s.len() || (s.get(i) == Some(&b':') && digit(i + 1) && digit(i + 2) && i + 3 == s.len())
        }
        _ => false,
    }
}

fn js_yaml(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    if !matches!(text.as_bytes()[0], b'0'..=b'9' | b'+' | b'-' | b'.') || text.ends_with('_') {
        return Scalar::Str(text);
    }
    let (sign, digits) = sign(text);
    let int = match digits.as_bytes() {
        [b'0', b'b', ..] => radix(sign, &digits[2..], 2),
        [b'0', b'x', ..] => radix(sign, &digits[2..], 16),
        [b'0', b'o', ..] => radix(sign, &digits[2..], 8),
        [b'0'..=b'9', ..] => radix(sign, digits, 10),
        _ => None,
    };
    if let Some(int) = int {
        return int;
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let shape = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'e' | b'E' | b'+' | b'-'));
    let starts = digits.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || *b == b'.');
    if shape && starts && plain.bytes().any(|b| b.is_ascii_digit()) {
        if let Ok(value) = plain.parse::<f64>() {
            return Scalar::Float(sign as f64 * value);
        }
    }
    if is_timestamp(text.as_bytes()) { Scalar::Timestamp(text) } else { Scalar::Str(text) }
}
