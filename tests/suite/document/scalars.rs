//! Types of plain scalars, as `PyYAML` 6.0 (YAML 1.1) and js-yaml 4.3 answer them.

#![allow(clippy::float_cmp, clippy::format_collect)] // a test may fail, and compares exact figures

use Expected::{Bool, Float, Int, Null, Text, Time};
use dewline::document::{Scalar, Schema, iso_instant, resolve};

#[derive(Clone, Copy, Debug)]
enum Expected {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A timestamp, as JavaScript writes it into JSON.
    Time(&'static str),
    Text,
}

fn agrees(scalar: Scalar<'_>, text: &str, expected: Expected) -> bool {
    match (scalar, expected) {
        (Scalar::Null, Null) => true,
        (Scalar::Bool(found), Bool(expected)) => found == expected,
        (Scalar::Int(found), Int(expected)) => found == expected,
        (Scalar::Float(found), Float(expected)) => found == expected || found.is_nan() && expected.is_nan(),
        (Scalar::Timestamp(found), Time(expected)) => found == text && iso_instant(found).as_deref() == Some(expected),
        (Scalar::Str(found), Text) => found == text,
        _ => false,
    }
}

#[rustfmt::skip]
#[allow(clippy::excessive_precision, clippy::unreadable_literal)]
const TABLE: &[(&str, Expected, Expected)] = &[
    ("yes", Bool(true), Text),
    ("No", Bool(false), Text),
    ("on", Bool(true), Text),
    ("OFF", Bool(false), Text),
    ("y", Text, Text),
    ("n", Text, Text),
    ("tRue", Text, Text),
    ("TRUE", Bool(true), Bool(true)),
    ("true", Bool(true), Bool(true)),
    ("false", Bool(false), Bool(false)),
    ("null", Null, Null),
    ("NULL", Null, Null),
    ("~", Null, Null),
    ("012345678901", Text, Int(12345678901)),
    ("012345670123", Int(1402433619), Int(12345670123)),
    ("0123", Int(83), Int(123)),
    ("0o17", Text, Int(15)),
    ("0_", Int(0), Text),
    ("0", Int(0), Int(0)),
    ("-0", Int(0), Int(0)),
    ("00", Int(0), Int(0)),
    ("08", Text, Int(8)),
    ("1_000", Int(1000), Text),
    ("1_", Int(1), Text),
    ("0b101", Int(5), Int(5)),
    ("0b2", Text, Text),
    ("0x", Text, Text),
    ("0xFf", Int(255), Int(255)),
    ("22:22", Int(1342), Text),
    ("12:30:45", Int(45045), Text),
    ("1:60", Text, Text),
    ("1:5:59", Int(3959), Text),
    ("1:30.5", Float(90.5), Text),
    ("190:20:30.15", Float(685230.15), Text),
    ("1e3", Text, Float(1000.0)),
    ("1e+3", Text, Float(1000.0)),
    ("1.e+3", Float(1000.0), Float(1000.0)),
    ("3.14e1", Text, Float(31.4)),
    ("1.0e+3", Float(1000.0), Float(1000.0)),
    (".5", Float(0.5), Float(0.5)),
    ("-.5", Text, Text),
    ("+.5", Text, Text),
    (".", Text, Text),
    ("1.", Float(1.0), Float(1.0)),
    ("1.5.2", Text, Text),
    ("2010-09-09", Time("2010-09-09T00:00:00.000Z"), Time("2010-09-09T00:00:00.000Z")),
    ("2012-10-17", Time("2012-10-17T00:00:00.000Z"), Time("2012-10-17T00:00:00.000Z")),
    ("2012-1-1", Text, Text),
    ("2012-10-17T00:00:00Z", Time("2012-10-17T00:00:00.000Z"), Time("2012-10-17T00:00:00.000Z")),
    ("2012-13-45", Time("2013-02-14T00:00:00.000Z"), Time("2013-02-14T00:00:00.000Z")),
    ("2001-12-14t21:59:43.10-05:00", Time("2001-12-15T02:59:43.100Z"), Time("2001-12-15T02:59:43.100Z")),
    (".inf", Float(f64::INFINITY), Float(f64::INFINITY)),
    ("-.inf", Float(f64::NEG_INFINITY), Float(f64::NEG_INFINITY)),
    (".nan", Float(f64::NAN), Float(f64::NAN)),
    ("-.nan", Text, Text),
    ("123456789012345678", Int(123456789012345678), Int(123456789012345680)),
    ("9223372036854775807", Int(i64::MAX), Int(i64::MAX)),
    ("9223372036854775808", Float(9.223372036854776e18), Float(9.223372036854776e18)),
    ("-9223372036854775808", Int(i64::MIN), Int(i64::MIN)),
    ("1e400", Text, Text),
    ("+", Text, Text),
    ("-", Text, Text),
    ("--", Text, Text),
    ("1:2:", Text, Text),
    ("<<", Text, Text),
    ("=", Text, Text),
    ("0X1F", Text, Text),
    ("0.1", Float(0.1), Float(0.1)),
    ("9007199254740993", Int(9007199254740993), Int(9007199254740992)),
    ("10.0.0.0/16", Text, Text),
    ("2001-12-14 21:59:43 -11:30", Time("2001-12-15T09:29:43.000Z"), Time("2001-12-15T09:29:43.000Z")),
    ("+12", Int(12), Int(12)),
    ("-12", Int(-12), Int(-12)),
    ("+.5", Text, Text),
    ("arn:aws:s3", Text, Text),
    ("0b1_0", Int(2), Text),
    ("", Null, Null),
];

#[test]
fn plain_scalars_get_the_types_of_the_reference_loaders() {
    let wrong: Vec<String> = TABLE
        .iter()
        .flat_map(|(text, yaml11, js)| [(text, Schema::Yaml11, yaml11), (text, Schema::JsYaml, js)])
        .filter(|(text, schema, expected)| !agrees(resolve(text, *schema), text, **expected))
        .map(|(text, schema, expected)| format!("{text:?} {schema:?} {expected:?} {:?}", resolve(text, schema)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
