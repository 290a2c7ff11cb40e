//! The `Parameters` section.

use super::Validation;
use super::scalar::scalar_text;
use super::words::{listed, nearest, quoted, shown};
use crate::template::ProblemKind;
use crate::template::unknown;
use crate::template::value::{Entry, Kind, Value};
use regex_lite::Regex;

const ATTRIBUTES: [&str; 11] = [
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];
/// Attributes numbers do not have.
const TEXT_ONLY: [&str; 3] = ["AllowedPattern", "MaxLength", "MinLength"];
/// Attributes only numbers have.
const NUMBER_ONLY: [&str; 2] = ["MaxValue", "MinValue"];
const MAX_PARAMETERS: usize = 200;

impl<'v> Validation<'_, 'v> {
    /// Checks the section.
    pub(super) fn parameters(&mut self, section: &'v Entry) {
        let Some(parameters) = section.value.as_map() else { return };
        if parameters.len() > MAX_PARAMETERS {
            let message =
                format!("the template has {} parameters; CloudFormation takes {MAX_PARAMETERS}", parameters.len());
            self.report(ProblemKind::TemplateLimit, section.key_origin, message, "combine some into lists");
        }
        for entry in parameters {
            if super::call::is_macro_key(&entry.key) {
                continue;
            }
            if !entry.key.chars().all(|c| c.is_ascii_alphanumeric()) {
                let message =
                    format!("the parameter name {} is not made of letters and digits alone", quoted(&entry.key));
                self.report(ProblemKind::InvalidName, entry.key_origin, message, "remove the other characters");
                continue;
            }
            self.parameter(entry);
        }
    }

    fn invalid(&mut self, origin: crate::template::value::Origin, message: String, help: &str) {
        self.report(ProblemKind::InvalidParameter, origin, message, help);
    }

    fn parameter(&mut self, entry: &'v Entry) {
        let Some(body) = entry.value.as_map() else {
            if !entry.value.origin.is_incomplete() {
                self.invalid(
                    entry.key_origin,
                    format!("the parameter `{}` must be a map, and is {}", entry.key, shown(&entry.value)),
                    "give it a `Type`",
                );
            }
            return;
        };
        let kind = body.get("Type").and_then(Value::as_str);
        if body.get("Type").is_none_or(Value::is_null) && !entry.value.origin.is_incomplete() {
            self.invalid(
                body.entry("Type").map_or(entry.key_origin, |given| given.key_origin),
                format!("the parameter `{}` has no `Type`", entry.key),
                "add `Type: String`",
            );
        }
        if let (Some(kind), Some(value)) = (kind, body.get("Type"))
            && self.table.parameter_type(kind).is_none()
            && !kind.starts_with("AWS::SSM::Parameter::Value<")
        {
            let help = nearest(kind, self.table.parameter_types())
                .map_or("use `String`, `Number`, `CommaDelimitedList` or a type of AWS".to_owned(), |meant| {
                    format!("did you mean `{meant}`?")
                });
            self.invalid(value.origin, format!("there is no parameter type {}", quoted(kind)), &help);
        }
        for attribute in body {
            let name = &*attribute.key;
            if !ATTRIBUTES.contains(&name) {
                let help = nearest(name, ATTRIBUTES).map_or_else(
                    || format!("a parameter has {}", listed(ATTRIBUTES, "and")),
                    |meant| format!("did you mean `{meant}`?"),
                );
                self.invalid(attribute.key_origin, format!("`{name}` is not an attribute of a parameter"), &help);
                continue;
            }
            let misplaced = match kind {
                Some("Number") => TEXT_ONLY.contains(&name),
                Some(_) => NUMBER_ONLY.contains(&name),
                None => false,
            };
            if misplaced {
                self.invalid(
                    attribute.key_origin,
                    format!("`{name}` does not apply to parameters of the type `{}`", kind.unwrap_or_default()),
                    "remove it",
                );
                continue;
            }
            self.attribute_value(attribute);
        }
        if let Some(kind) = kind {
            self.values(entry, body.entry("Default"), kind);
        }
    }

    fn attribute_value(&mut self, attribute: &'v Entry) {
        let value = &attribute.value;
        if value.origin.is_incomplete() {
            return;
        }
        let origin = super::checker::Place::new(attribute.key_origin, &attribute.key).of(value);
        let is_number = scalar_text(value).is_some_and(|text| text.trim().parse::<f64>().is_ok());
        let is_integer = scalar_text(value).is_some_and(|text| text.trim().parse::<i64>().is_ok());
        let is_scalar = matches!(value.kind, Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Bool(_));
        let name = &*attribute.key;
        let (fits, wanted) = match name {
            "Type" if value.is_null() => return,
            "AllowedValues" => {
                for item in value.as_list().unwrap_or_default() {
                    if !matches!(item.kind, Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Bool(_))
                        && !item.origin.is_incomplete()
                    {
                        self.invalid(
                            item.origin,
                            format!("`AllowedValues` lists single values, and has {}", shown(item)),
                            "write texts or numbers",
                        );
                    }
                }
                (value.as_list().is_some(), "a list")
            }
            "MaxLength" | "MinLength" => (is_integer, "an integer"),
            "MaxValue" | "MinValue" => (is_number, "a number"),
            "NoEcho" => {
                let text = scalar_text(value).unwrap_or_default();
                (
                    matches!(value.kind, Kind::Bool(_))
                        || text.eq_ignore_ascii_case("true")
                        || text.eq_ignore_ascii_case("false"),
                    "a boolean",
                )
            }
            _ => (is_scalar, "text"),
        };
        if !fits {
            self.invalid(
                origin,
                format!("`{name}` must be {wanted}, and is {}", shown(value)),
                "write it in that form",
            );
        }
    }

    /// The default, and the value that is given, against the constraints beside it.
    fn values(&mut self, parameter: &'v Entry, default: Option<&'v Entry>, kind: &str) {
        // A parameter from the parameter store gives the name of the value.
        if kind.starts_with("AWS::SSM::Parameter::Value<") {
            return;
        }
        let name = &parameter.key;
        let list = self.table.parameter_type(kind) == Some(true);
        if let Some(default) = default
            && let Some(text) = scalar_text(&default.value).filter(|text| !unknown::is_unknown(text))
        {
            for part in parts(parameter, &text, list) {
                if kind == "Number" && part.trim().parse::<f64>().is_err() {
                    let message = format!("the default {} of the parameter `{name}` is not a number", quoted(part));
                    let help = "write a number, or make the parameter a `String`";
                    return self.report(ProblemKind::MismatchedDefault, default.value.origin, message, help);
                }
                if let Some((words, help)) = violated(parameter, part) {
                    let message = format!("the default {} of the parameter `{name}` {words}", quoted(part));
                    let help =
                        if help.is_empty() { format!("change the default or the {}", limit(words)) } else { help };
                    return self.invalid(default.value.origin, message, &help);
                }
            }
        }
        let Some(given) = self.inputs.parameters.get(&**name) else { return };
        for part in parts(parameter, given, list) {
            let number = kind != "Number" || part.trim().parse::<f64>().is_ok();
            let found = if number { violated(parameter, part) } else { Some(("is not a number", String::new())) };
            if let Some((words, help)) = found {
                let message = format!("the value given for the parameter `{name}` {words}");
                let help = if help.is_empty() { "give another value".to_owned() } else { help };
                return self.invalid(parameter.key_origin, message, &help);
            }
        }
    }
}

/// The items of a value.
fn parts<'t>(parameter: &Entry, text: &'t str, list: bool) -> Vec<&'t str> {
    let whole = attribute_list(parameter).iter().any(|allowed| *allowed == text);
    if list && !whole { text.split(',').map(str::trim).collect() } else { vec![text] }
}

/// Which constraint a value breaks, in words, and what it could be.
fn violated(parameter: &Entry, part: &str) -> Option<(&'static str, String)> {
    let attribute = |name: &str| parameter.value.get(name);
    let number = |name: &str| attribute(name).and_then(scalar_text).and_then(|text| text.trim().parse::<f64>().ok());
    let allowed: Option<Vec<_>> =
        attribute("AllowedValues").and_then(Value::as_list).map(|items| items.iter().filter_map(scalar_text).collect());
    if let Some(allowed) = allowed.filter(|allowed| !allowed.iter().any(|value| value == part)) {
        let help = format!("allowed are {}", listed(allowed.iter().map(AsRef::as_ref), "and"));
        return Some(("is none of its allowed values", help));
    }
    let pattern = attribute("AllowedPattern").and_then(Value::as_str);
    if pattern.and_then(|pattern| Regex::new(&format!("^(?:{pattern})$")).ok()).is_some_and(|p| !p.is_match(part)) {
        return Some(("does not match its `AllowedPattern`", String::new()));
    }
    let length = part.chars().count() as f64;
    let value = part.trim().parse::<f64>().ok();
    let broken = [
        (number("MaxLength").is_some_and(|most| length > most), "is longer than `MaxLength`"),
        (number("MinLength").is_some_and(|least| length < least), "is shorter than `MinLength`"),
        (value.zip(number("MaxValue")).is_some_and(|(value, most)| value > most), "is above `MaxValue`"),
        (value.zip(number("MinValue")).is_some_and(|(value, least)| value < least), "is below `MinValue`"),
    ];
    broken.into_iter().find(|(is_broken, _)| *is_broken).map(|(_, words)| (words, String::new()))
}

fn limit(words: &str) -> &'static str {
    if words.contains("AllowedPattern") { "pattern" } else { "limit" }
}

/// The allowed values of a parameter, as text.
fn attribute_list(parameter: &Entry) -> Vec<String> {
    let values = parameter.value.get("AllowedValues").and_then(Value::as_list).unwrap_or_default();
    values.iter().filter_map(scalar_text).map(std::borrow::Cow::into_owned).collect()
}
