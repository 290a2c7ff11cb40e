//! YAML 1.1 as `PyYAML`'s safe loader resolves it.

use super::{Scalar, digits, integer, number, split_sign, timestamp};

pub(super) fn resolve(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Scalar::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Scalar::Bool(false),
        _ => {}
    }
    if !matches!(text.as_bytes().first(), Some(b'0'..=b'9' | b'+' | b'-' | b'.')) {
        return Scalar::Str(text);
    }
    float(text)
        .map(Scalar::Float)
        .or_else(|| int(text))
        .or_else(|| timestamp::matches(text).then_some(Scalar::Timestamp(text)))
        .unwrap_or(Scalar::Str(text))
}

fn int(text: &str) -> Option<Scalar<'static>> {
    let (negative, digits) = split_sign(text);
    match digits.as_bytes() {
        [b'0', b'b', ..] => integer(negative, &digits[2..], 2),
        [b'0', b'x', ..] => integer(negative, &digits[2..], 16),
        [b'0', ..] => integer(negative, digits, 8),
        [b'1'..=b'9', ..] if digits.contains(':') => {
            let value = sexagesimal(digits)?;
            let value = if negative { -value } else { value };
            // Beyond 53 bits an integer in base 60 is no time of day any more.
            Some(if value.abs() < 9e15 { Scalar::Int(value as i64) } else { Scalar::Float(value) })
        }
        [b'1'..=b'9', ..] => integer(negative, digits, 10),
        _ => None,
    }
}

fn float(text: &str) -> Option<f64> {
    let (negative, unsigned) = split_sign(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(if negative { f64::NEG_INFINITY } else { f64::INFINITY }),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    let bytes = unsigned.as_bytes();
    // `.5` takes no sign in this resolver.
    if bytes.first() == Some(&b'.') {
        let plain = unsigned.len() == text.len() && bytes.get(1).is_some_and(u8::is_ascii_digit);
        return (plain && is_exponent(&bytes[1 + digits(&bytes[1..])..])).then(|| number(false, unsigned)).flatten();
    }
    if !bytes.first()?.is_ascii_digit() {
        return None;
    }
    let whole = digits(bytes);
    match bytes.get(whole)? {
        b'.' => {
            let fraction = &bytes[whole + 1..];
            is_exponent(&fraction[digits(fraction)..]).then(|| number(negative, unsigned)).flatten()
        }
        b':' => {
            let value = unsigned.contains('.').then(|| sexagesimal(unsigned)).flatten()?;
            Some(if negative { -value } else { value })
        }
        _ => None,
    }
}

/// Nothing, or `e` with a sign and digits.
fn is_exponent(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b'e' | b'E', b'+' | b'-', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// `12:30:45` or `12:30.5` in base 60; every part behind the first has one or two digits and
/// is below 60, the last may have a fraction.
fn sexagesimal(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut parts = text.split(':').enumerate().peekable();
    while let Some((index, part)) = parts.next() {
        let whole = if parts.peek().is_none() { part.split('.').next().unwrap_or_default() } else { part };
        let is_whole = match whole.as_bytes() {
            bytes if index == 0 => digits(bytes) == bytes.len() && bytes.first().is_some_and(u8::is_ascii_digit),
            [b'0'..=b'5', b'0'..=b'9'] | [b'0'..=b'9'] => true,
            _ => false,
        };
        let fraction = part.get(whole.len()..)?.strip_prefix('.').unwrap_or_default();
        if !is_whole || digits(fraction.as_bytes()) != fraction.len() {
            return None;
        }
        total = total * 60.0 + number(false, part)?;
    }
    Some(total)
}
