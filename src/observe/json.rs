//! Events in JSON: what CloudWatch Logs, its exports, Insights and subscriptions print, and the
//! JSON log format of functions. Documents are visited, never built.

use super::line::{self, At, time_in};
use super::report::Record;
use super::{Observed, function_of_group};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// What the surroundings of an event say.
#[derive(Clone, Debug, Default)]
struct Surroundings {
    function: Option<String>,
    row: Fields,
}

/// The members of an object, or the cells of a row of Insights, that matter.
#[derive(Clone, Debug, Default)]
struct Fields {
    message: Option<String>,
    time: Option<i64>,
}

/// Reads one JSON value, a whole export or one line, into `observed`.
pub(super) struct Reader<'o> {
    pub observed: &'o mut Observed,
    pub origin: &'o str,
    pub function: &'o str,
}

impl<'o> Reader<'o> {
    /// Visits the next value of `deserializer`.
    pub fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let mut around = Surroundings::default();
        Node { reader: self, around: &mut around }.deserialize(deserializer)
    }

    fn at<'a>(&'a self, around: &'a Surroundings) -> (&'o str, String) {
        (self.origin, around.function.clone().unwrap_or_else(|| self.function.to_owned()))
    }
}

struct Node<'r, 'o, 'a> {
    reader: &'r mut Reader<'o>,
    around: &'a mut Surroundings,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a log event")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let row = std::mem::take(&mut self.around.row);
        while items.next_element_seed(Node { reader: self.reader, around: self.around })?.is_some() {}
        let cells = std::mem::replace(&mut self.around.row, row);
        if let Some(message) = cells.message {
            emit(self.reader, self.around, cells.time, message.as_bytes());
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { reader, around } = self;
        let mut own = Fields::default();
        let (mut kind, mut level, mut field, mut value): (
            Option<String>,
            Option<String>,
            Option<String>,
            Option<String>,
        ) = (None, None, None, None);
        let (mut error, mut error_message, mut stack, mut record) = (None::<String>, None::<String>, None, None);
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match &*key {
                "message" | "@message" => match map.next_value::<Message>()? {
                    Message::Text(text) => own.message = Some(text),
                    Message::Error(failed) => {
                        error = failed.error.or(error);
                        error_message = failed.message.or(error_message);
                        stack = failed.stack.or(stack);
                    }
                    Message::Other(_) => {}
                },
                "timestamp" | "@timestamp" | "time" => own.time = map.next_value::<Time>()?.0,
                "logGroup" | "logGroupName" | "log_group" => {
                    let group: Option<String> = map.next_value::<Text>()?.0;
                    around.function = group.map(|group| function_of_group(&group).to_owned());
                }
                "type" => kind = map.next_value::<Text>()?.0,
                "level" | "log.level" => level = map.next_value::<Text>()?.0,
                "errorType" => error = map.next_value::<Text>()?.0,
                "errorMessage" => error_message = map.next_value::<Text>()?.0,
                "stackTrace" | "stack" => stack = map.next_value::<Stack>()?.0,
                "field" => field = map.next_value::<Text>()?.0,
                "value" => value = map.next_value::<Text>()?.0,
                "record" => record = map.next_value::<MaybeRecord>()?.0,
                _ => map.next_value_seed(Node { reader, around })?,
            }
        }
        if let (Some(field), Some(value)) = (field, value) {
            match &*field {
                "@message" => around.row.message = Some(value),
                "@timestamp" => around.row.time = time_in(&value),
                "@log" => around.function = Some(function_of_group(&value).to_owned()),
                _ => {}
            }
            return Ok(());
        }
        let (origin, function) = reader.at(around);
        if let (Some(kind), Some(record)) = (kind.as_deref().filter(|kind| kind.starts_with("platform.")), &record) {
            platform(reader.observed, At { origin, function: &function, time: own.time }, kind, record);
        } else if let (Some(level), message) = (level, &own.message) {
            reader.observed.events += 1;
            if matches!(&*level.to_ascii_uppercase(), "ERROR" | "FATAL" | "CRITICAL") {
                let log = reader.observed.function(&function);
                let failed = error.is_some() || error_message.is_some();
                log.failures.1 += u64::from(failed);
                let text = match (error, error_message, message) {
                    (None, None, message) => message.clone().unwrap_or_default(),
                    (kind, text, message) => {
                        let text = text.or_else(|| message.clone()).unwrap_or_default();
                        kind.map_or(text.clone(), |kind| format!("{kind}: {text}"))
                    }
                };
                log.errors.add(&text, stack.as_deref());
            }
        } else if let Some(message) = own.message {
            emit(reader, around, own.time, message.as_bytes());
        }
        Ok(())
    }
}

/// One event with its text, which may be JSON of its own.
fn emit(reader: &mut Reader<'_>, around: &Surroundings, time: Option<i64>, message: &[u8]) {
    let (origin, function) = reader.at(around);
    let start = message.trim_ascii_start();
    if start.starts_with(b"{") {
        inner(reader.observed, At { origin, function: &function, time }, start);
    } else {
        line::event(reader.observed, At { origin, function: &function, time }, message);
    }
}

/// A line or message that is a JSON object.
pub(super) fn inner(observed: &mut Observed, at: At<'_>, text: &[u8]) {
    let (events, before) = (observed.events, text.len() as u64 + 26);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let mut reader = Reader { observed, origin: at.origin, function: at.function };
    // Subscriptions put one object behind the other.
    let mut read = Ok(());
    while read.is_ok() && deserializer.end().is_err() {
        read = reader.read(&mut deserializer);
    }
    if let Err(error) = read {
        observed.events += u64::from(observed.events == events);
        observed.broken(at.origin, &error.to_string());
        return;
    }
    // An object that says nothing of an event is a line of the application.
    if observed.events == events {
        observed.events += 1;
        observed.function(at.function).log_bytes += before;
    }
}

fn platform(observed: &mut Observed, at: At<'_>, kind: &str, record: &Record) {
    observed.events += 1;
    match kind {
        "platform.report" => match record.report() {
            Some(report) => observed.function(at.function).report(&report, at.time),
            None => observed.broken(at.origin, "a platform.report without a duration"),
        },
        "platform.initReport" if record.status.as_deref().is_some_and(|status| status != "success") => {
            observed.function(at.function).failed_inits += 1;
        }
        _ => {}
    }
}

/// `message` of an event: text, or an object of an application's log.
enum Message {
    Text(String),
    Error(AppError),
    Other(#[allow(dead_code)] IgnoredAny),
}

impl<'de> serde::Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Error(AppError),
            Other(IgnoredAny),
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Text(text) => Self::Text(text),
            Form::Error(error) => Self::Error(error),
            Form::Other(other) => Self::Other(other),
        })
    }
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct AppError {
    #[serde(rename = "errorType", alias = "name")]
    error: Option<String>,
    #[serde(rename = "errorMessage", alias = "message")]
    message: Option<String>,
    #[serde(rename = "stackTrace", alias = "stack", deserialize_with = "stack")]
    stack: Option<String>,
}

fn stack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(<Stack as serde::Deserialize>::deserialize(deserializer)?.0)
}

/// First line of a stack that is a list or one text.
struct Stack(Option<String>);

impl<'de> serde::Deserialize<'de> for Stack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Lines(Vec<String>),
            Other(#[allow(dead_code)] IgnoredAny),
        }
        let place = |line: &&str| {
            let line = line.trim_start();
            line.starts_with("at ") || line.starts_with("File \"")
        };
        Ok(Self(match Form::deserialize(deserializer)? {
            Form::Text(text) => text.lines().find(place).map(str::to_owned),
            Form::Lines(lines) => lines
                .iter()
                .map(String::as_str)
                .find(place)
                .or_else(|| lines.first().map(String::as_str))
                .map(str::to_owned),
            Form::Other(_) => None,
        }))
    }
}

/// A text, or nothing where something else stands.
struct Text(Option<String>);

impl<'de> serde::Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            Other(#[allow(dead_code)] IgnoredAny),
        }
        Ok(Self(if let Form::Text(text) = Form::deserialize(deserializer)? { Some(text) } else { None }))
    }
}

/// Milliseconds since 1970, or a text with a time.
struct Time(Option<i64>);

impl<'de> serde::Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(i64),
            Text(String),
            Other(#[allow(dead_code)] IgnoredAny),
        }
        Ok(Self(match Form::deserialize(deserializer)? {
            Form::Number(number) => Some(number),
            Form::Text(text) => time_in(&text),
            Form::Other(_) => None,
        }))
    }
}

/// A record of the platform, or nothing where the member means something else.
struct MaybeRecord(Option<Record>);

impl<'de> serde::Deserialize<'de> for MaybeRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Record(Record),
            Other(#[allow(dead_code)] IgnoredAny),
        }
        Ok(Self(if let Form::Record(record) = Form::deserialize(deserializer)? { Some(record) } else { None }))
    }
}
