//! What a plain scalar means: YAML 1.1 as CloudFormation and SAM read it, js-yaml's default
//! schema as the Serverless Framework reads it.

mod js_yaml;
mod timestamp;
mod yaml11;

pub use timestamp::iso_instant;

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
        Schema::Yaml11 => yaml11::resolve(text),
        Schema::JsYaml => js_yaml::resolve(text),
    }
}

/// Whether the sign is negative, and what follows it.
fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The integer that `digits` (with `_` between them) are in base `radix`; `None` where there
/// is no digit or another character. Beyond 64 bits it is a float.
fn integer(negative: bool, digits: &str, radix: u32) -> Option<Scalar<'static>> {
    let mut whole: Option<i128> = None;
    let mut float = 0.0_f64;
    for c in digits.chars().filter(|c| *c != '_') {
        let digit = c.to_digit(radix)?;
        whole = Some(whole.unwrap_or(0).saturating_mul(i128::from(radix)).saturating_add(i128::from(digit)));
        float = float * f64::from(radix) + f64::from(digit);
    }
    let whole = whole?;
    Some(match i64::try_from(if negative { -whole } else { whole }) {
        Ok(value) => Scalar::Int(value),
        Err(_) => Scalar::Float(decimal(negative, digits, radix).unwrap_or(if negative { -float } else { float })),
    })
}

/// A long decimal integer as the float nearest to it.
fn decimal(negative: bool, digits: &str, radix: u32) -> Option<f64> {
    if radix != 10 {
        return None;
    }
    number(negative, digits)
}

/// A decimal number, `_` ignored.
fn number(negative: bool, digits: &str) -> Option<f64> {
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    plain.parse::<f64>().ok().map(|value| if negative { -value } else { value })
}

/// How many bytes at the start of `text` are digits or `_`.
fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count()
}
