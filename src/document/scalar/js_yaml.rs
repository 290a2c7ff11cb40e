//! js-yaml 4's default schema, as of 4.3 (older ones take `1_000` as a number).

use super::{Scalar, digits, integer, number, split_sign, timestamp};

/// Largest integer that JavaScript holds exactly.
const MAX_SAFE: u64 = (1 << 53) - 1;

pub(super) fn resolve(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        _ => {}
    }
    if !matches!(text.as_bytes().first(), Some(b'0'..=b'9' | b'+' | b'-' | b'.')) || text.contains('_') {
        return Scalar::Str(text);
    }
    int(text)
        .or_else(|| float(text).map(Scalar::Float))
        .or_else(|| timestamp::matches(text).then_some(Scalar::Timestamp(text)))
        .unwrap_or(Scalar::Str(text))
}

fn int(text: &str) -> Option<Scalar<'static>> {
    let (negative, unsigned) = split_sign(text);
    let int = match unsigned.as_bytes() {
        [b'0', b'b', ..] => integer(negative, &unsigned[2..], 2),
        [b'0', b'x', ..] => integer(negative, &unsigned[2..], 16),
        [b'0', b'o', ..] => integer(negative, &unsigned[2..], 8),
        [b'0'..=b'9', ..] => integer(negative, unsigned, 10),
        _ => None,
    }?;
    Some(match int {
        // All numbers are doubles there.
        Scalar::Int(value) if value.unsigned_abs() > MAX_SAFE => Scalar::Int(value as f64 as i64),
        int => int,
    })
}

fn float(text: &str) -> Option<f64> {
    let (negative, unsigned) = split_sign(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(if negative { f64::NEG_INFINITY } else { f64::INFINITY }),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    let bytes = unsigned.as_bytes();
    let signed = unsigned.len() != text.len();
    let fraction = |at: usize| bytes.get(at..).map_or(0, digits);
    let mantissa = match bytes.first()? {
        b'.' if !signed && fraction(1) > 0 => 1 + fraction(1),
        b'0'..=b'9' => {
            let whole = digits(bytes);
            if bytes.get(whole) == Some(&b'.') { whole + 1 + fraction(whole + 1) } else { whole }
        }
        _ => return None,
    };
    let exponent = match bytes.get(mantissa..)? {
        [] => true,
        [b'e' | b'E', b'+' | b'-', rest @ ..] | [b'e' | b'E', rest @ ..] => {
            !rest.is_empty() && rest.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    let value = if exponent { number(negative, unsigned) } else { None };
    value.filter(|value| value.is_finite())
}
