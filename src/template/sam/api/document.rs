//! What Swagger 2 and `OpenAPI` 3 documents have in common: paths, methods, integrations, and
//! the conditions (`Fn::If`) that may stand around any of them.

use crate::template::sam::intrinsics;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Text, Value};

/// The key of an integration.
pub const INTEGRATION: &str = "x-amazon-apigateway-integration";
/// The method that stands for any.
pub const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

/// Whether `version` is one of `OpenAPI` 3.
pub fn is_openapi_3(version: &Value) -> bool {
    is_version(version, &['3'])
}

/// Whether `version` is one of Swagger 2 or `OpenAPI` 3.
pub fn is_supported_version(version: &Value) -> bool {
    is_version(version, &['2', '3'])
}

fn is_version(version: &Value, majors: &[char]) -> bool {
    let text = python::display(version);
    let mut parts = text.trim_end_matches('\n').split('.');
    let major = parts.next().is_some_and(|major| majors.iter().any(|c| major.len() == 1 && major.starts_with(*c)));
    let rest: Vec<&str> = parts.collect();
    major
        && (1..=2).contains(&rest.len())
        && rest.iter().all(|p| p.len() == 1 && p.starts_with(|c: char| c.is_ascii_digit()))
}

/// The method's name in a document.
pub fn normalize_method(method: &str) -> String {
    let method = method.to_lowercase();
    if method == "any" { ANY_METHOD.to_owned() } else { method }
}

/// The parts of `item` that conditions choose among; `item` itself when there is no condition.
pub fn contents(item: &mut Value) -> Outcome<Vec<&mut Value>> {
    if item.get("Fn::If").is_none() {
        return Ok(vec![item]);
    }
    let origin = item.origin;
    match item.get_mut("Fn::If").and_then(Value::as_list_mut) {
        Some(items) => Ok(items.iter_mut().skip(1).filter(|item| !intrinsics::is_no_value(item)).collect()),
        None => refusal::document(origin, "Value of Fn::If must be a list."),
    }
}

/// The same without the right to change.
pub fn contents_of(item: &Value) -> Outcome<Vec<&Value>> {
    match item.get("Fn::If") {
        None => Ok(vec![item]),
        Some(argument) => match argument.as_list() {
            Some(items) => Ok(items.iter().skip(1).filter(|item| !intrinsics::is_no_value(item)).collect()),
            None => refusal::document(item.origin, "Value of Fn::If must be a list."),
        },
    }
}

/// Refuses a path that is no map.
pub fn path_item<'v>(item: &'v mut Value, path: &str) -> Outcome<&'v mut Map> {
    let origin = item.origin;
    match item.as_map_mut() {
        Some(map) => Ok(map),
        None => {
            refusal::document(origin, format!("Value of '{path}' path must be a dictionary according to Swagger spec."))
        }
    }
}

/// Refuses a method that is no map.
pub fn method_definition<'v>(item: &'v mut Value, path: &str, method: &str) -> Outcome<&'v mut Map> {
    let origin = item.origin;
    match item.as_map_mut() {
        Some(map) => Ok(map),
        None => {
            refusal::document(origin, format!("Definition of method '{method}' for path '{path}' should be a map."))
        }
    }
}

/// The paths of `document`.
pub fn paths(document: &mut Value) -> Outcome<&mut Map> {
    let origin = document.origin;
    match document.get_mut("paths").and_then(Value::as_map_mut) {
        Some(map) => Ok(map),
        None => refusal::document(origin, "Value of paths must be a dictionary according to Swagger spec."),
    }
}

/// The names of the paths of `document`.
pub fn path_names(document: &Value) -> Vec<Text> {
    document.get("paths").and_then(Value::as_map).into_iter().flatten().map(|entry| entry.key.clone()).collect()
}

/// Whether the method stands in every branch of the path.
fn has_path(document: &Value, path: &str, method: &str) -> Outcome<bool> {
    let Some(item) = document.at(&["paths", path]) else { return Ok(false) };
    Ok(contents_of(item)?.into_iter().all(|item| item.get(method).is_some()))
}

/// Whether the method has an integration in every branch of the path.
pub fn has_integration(document: &Value, path: &str, method: &str) -> Outcome<bool> {
    let method = normalize_method(method);
    if !has_path(document, path, &method)? {
        return Ok(false);
    }
    let Some(item) = document.at(&["paths", path]) else { return Ok(false) };
    for item in contents_of(item)? {
        let Some(definition) = item.get(&method).filter(|definition| definition.as_map().is_some()) else {
            return Ok(false);
        };
        let mut found = false;
        for definition in contents_of(definition)? {
            if definition.as_map().is_none() {
                let text = format!("Definition of method '{method}' for path '{path}' should be a map.");
                return refusal::document(definition.origin, text);
            }
            found |= definition.truthy(INTEGRATION).is_some();
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Where the parts of a route are written.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// The path.
    pub path: &'a str,
    /// Where it is written.
    pub path_origin: Origin,
    /// The method.
    pub method: &'a str,
    /// Where it is written.
    pub method_origin: Origin,
}

/// Adds path and method, empty, where they are missing.
pub fn add_path(document: &mut Value, route: Route<'_>) -> Outcome<()> {
    let method = normalize_method(route.method);
    let make = Maker::new(route.method_origin);
    let paths = paths(document)?;
    if !paths.contains_key(route.path) {
        let value = Value::new(Kind::Map(Map::new()), route.path_origin.generated());
        paths.push(Entry { key: route.path.into(), key_origin: route.path_origin, value });
    }
    let Some(item) = paths.get_mut(route.path) else { return Ok(()) };
    path_item(item, route.path)?;
    for item in contents(item)? {
        if let Some(map) = item.as_map_mut()
            && !map.contains_key(&method)
        {
            map.insert_at(method.as_str(), route.method_origin, make.map::<Text>([]));
        }
    }
    Ok(())
}

/// Puts the path under `condition`.
pub fn make_path_conditional(document: &mut Value, path: &str, condition: &str, make: Maker) -> Outcome<()> {
    if let Some(item) = paths(document)?.get_mut(path) {
        let old = std::mem::replace(item, make.null());
        *item = intrinsics::conditional(make, make.str(condition), old);
    }
    Ok(())
}

/// Calls `visit` with every definition of the method at the path. Without `all`, only with
/// those that have an integration.
pub fn each_method(
    document: &mut Value,
    path: &str,
    method: &str,
    all: bool,
    mut visit: impl FnMut(&mut Map) -> Outcome<()>,
) -> Outcome<()> {
    let normalized = normalize_method(method);
    let origin = document.origin;
    let paths = paths(document)?;
    let Some(item) = paths.get_mut(path) else {
        return refusal::document(
            origin,
            format!("Value of '{path}' path must be a dictionary according to Swagger spec."),
        );
    };
    for item in contents(item)? {
        let item = path_item(item, path)?;
        let Some(definition) = item.get_mut(&normalized) else {
            return refusal::document(
                origin,
                format!("Definition of method '{method}' for path '{path}' should be a map."),
            );
        };
        for definition in contents(definition)? {
            let definition = method_definition(definition, path, method)?;
            if all || definition.truthy(INTEGRATION).is_some() {
                visit(definition)?;
            }
        }
    }
    Ok(())
}

/// The existing `security` of a method.
pub fn security(definition: &Map, path: &str, method: &str) -> Outcome<Vec<Value>> {
    match definition.get("security") {
        None => Ok(Vec::new()),
        Some(Value { kind: Kind::List(items), .. }) => Ok(items.clone()),
        Some(other) => {
            refusal::document(other.origin, format!("Type of security for path {path} method {method} must be a list"))
        }
    }
}

/// Sets the timeout of the method's integration.
pub fn add_timeout(document: &mut Value, path: &str, method: &str, timeout: &Value) -> Outcome<()> {
    each_method(document, path, method, false, |definition| {
        if let Some(integration) = definition.get_mut(INTEGRATION).and_then(Value::as_map_mut) {
            integration.insert("timeoutInMillis", timeout.clone());
        }
        Ok(())
    })
}

/// Walks down `path`, where every step must be a map; says which one is not.
pub fn deep_get<'v>(value: &'v Value, path: &[&str]) -> Result<Option<&'v Value>, String> {
    let mut current = value;
    let mut walked = String::new();
    for step in path {
        if current.is_null() {
            return Ok(None);
        }
        if current.as_map().is_none() {
            return Err(not_a_map(&walked));
        }
        match current.get(step) {
            Some(next) => current = next,
            None => return Ok(None),
        }
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(step);
    }
    Ok(Some(current).filter(|value| !value.is_null()))
}

/// What the reference says of a step that is not a map.
pub fn not_a_map(path: &str) -> String {
    if path.is_empty() { "It should be a map".to_owned() } else { format!("The value of '{path}' should be a map") }
}

/// `path` with its parameters as `*`, as resource policies and permissions name it.
pub fn star_parameters(path: &str, greedy: bool) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let name = from.find('}').map(|end| &from[1..end]);
        let plain = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        };
        let is_parameter = name
            .is_some_and(|name| plain(name) || name == "proxy+" || greedy && name.strip_suffix('+').is_some_and(plain));
        if is_parameter {
            out.push('*');
            rest = &from[name.map_or(0, str::len) + 2..];
        } else {
            out.push('{');
            rest = &from[1..];
        }
    }
    out.push_str(rest);
    out
}

/// `path` without one trailing slash.
pub fn without_trailing_slash(path: &str) -> &str {
    if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path }
}

/// Runs `change` on the document; when it fails, the path is as it was before.
pub fn undo_on_failure(
    document: &mut Value,
    path: &str,
    change: impl FnOnce(&mut Value) -> Outcome<()>,
) -> Outcome<()> {
    let before = document.at(&["paths", path]).cloned();
    let outcome = change(document);
    if outcome.is_err()
        && let Some(paths) = document.get_mut("paths").and_then(Value::as_map_mut)
    {
        match before {
            Some(before) => {
                paths.insert(path, before);
            }
            None => {
                paths.remove(path);
            }
        }
    }
    outcome
}
