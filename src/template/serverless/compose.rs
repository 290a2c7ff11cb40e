//! `serverless-compose.yml`: services that are deployed together, linked by their outputs.
//!
//! Each becomes a part with the service's file below it, as a nested stack has its template; the
//! outputs that one service hands another as a parameter lead from part to part.

use super::service::{get, text};
use crate::document::{Document, Schema};
use crate::source::{FileId, closest, normalize};
use crate::template::lower;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::unknown;
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Text, Value};
use std::collections::BTreeMap;

/// Files that may hold a service, the ones that are code last.
const NAMES: [&str; 6] =
    ["serverless.yml", "serverless.yaml", "serverless.json", "serverless.ts", "serverless.js", "serverless.cjs"];
/// Names of the file itself.
const COMPOSED: [&str; 3] = ["serverless-compose.yml", "serverless-compose.yaml", "serverless-compose.json"];
/// Folders above a service that are looked into.
const MAX_ABOVE: usize = 6;

/// Whether the file composes services.
pub fn is_composition(root: &Value) -> bool {
    root.get("provider").is_none() && root.get("services").is_some_and(|services| services.as_map().is_some())
}

/// The parts that `root` composes.
pub fn expand(root: &Value, cx: &mut Lowering<'_>) -> Value {
    let maker = Maker::new(root.origin);
    let empty = Map::new();
    let services = root.get("services").and_then(Value::as_map).unwrap_or(&empty);
    let mut resources = Map::new();
    for entry in services {
        if entry.value.as_map().is_none() {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    entry.value.origin,
                    format!("the service `{}` is {}, not a map", entry.key, entry.value.type_name()),
                )
                .help("give it a `path`"),
            );
            continue;
        }
        let part = service(entry, services, cx);
        resources.insert_at(entry.key.clone(), entry.key_origin, part);
    }
    cycles(&resources, cx);
    let mut all = Map::new();
    all.insert("Elsewhere", maker.map([("Provider", maker.str("compose"))]));
    all.insert("Resources", Value::new(Kind::Map(resources), root.origin.generated()));
    Value::new(Kind::Map(all), root.origin.generated())
}

fn service(entry: &Entry, services: &Map, cx: &mut Lowering<'_>) -> Value {
    let maker = Maker::new(entry.key_origin);
    let mut properties = Vec::new();
    if let Some(file) = file(entry, cx) {
        properties.push(("Path", file));
    }
    let given = get(&entry.value, &["params"]).and_then(Value::as_map);
    let passed: Vec<(Text, Value)> =
        given.into_iter().flatten().map(|p| (p.key.clone(), parameter(&p.value, entry, services, cx))).collect();
    if !passed.is_empty() {
        properties.push(("Parameters", maker.map(passed)));
    }
    let mut part = vec![("Type", maker.str("Elsewhere::Service")), ("Properties", maker.map(properties))];
    let first = get(&entry.value, &["dependsOn"]);
    let names = first.map_or(Vec::new(), |first| first.as_list().map_or_else(|| vec![first.clone()], <[_]>::to_vec));
    let mut known = Vec::new();
    for name in names {
        let Some(text) = name.as_str() else { continue };
        if named(text, name.origin, entry, services, cx) {
            known.push(name);
        }
    }
    if !known.is_empty() {
        part.push(("DependsOn", maker.list(known)));
    }
    maker.map(part)
}

/// The service's file, at the place of its path.
fn file(entry: &Entry, cx: &mut Lowering<'_>) -> Option<Value> {
    let Some(path) = get(&entry.value, &["path"]) else {
        // Components of the vendor have no path of their own.
        if entry.value.get("component").is_none() {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    entry.key_origin,
                    format!("the service `{}` has no `path`", entry.key),
                )
                .help("add `path`, the folder of its serverless.yml"),
            );
        }
        return None;
    };
    let folder = text(path).filter(|folder| !folder.contains("${"))?;
    let base = cx.directory(path.origin.span().file);
    let config = get(&entry.value, &["config"]).and_then(text);
    let names: Vec<&str> = config.as_deref().map_or(NAMES.to_vec(), |name| vec![name]);
    let found = names.iter().find(|name| {
        let full = normalize(&base, &format!("{folder}/{name}"));
        full.is_some_and(|full| cx.files.exists(&full))
    });
    match found {
        Some(name) if name.ends_with("ts") || name.ends_with("js") => None,
        Some(name) => Some(Value::new(Kind::Str(format!("{folder}/{name}").into()), path.origin)),
        None => {
            let name = names.first().copied().unwrap_or_default();
            cx.report(
                Problem::new(
                    ProblemKind::Include,
                    path.origin,
                    format!("the service `{}` is not there: `{folder}/{name}` is no file of the project", entry.key),
                )
                .help("check the path; it is relative to this file and must stay inside the project"),
            );
            None
        }
    }
}

/// Whether the service `name` exists and is another one; says so if not.
fn named(name: &str, origin: Origin, from: &Entry, services: &Map, cx: &mut Lowering<'_>) -> bool {
    if services.contains_key(name) {
        return true;
    }
    let help = match closest(name, services.keys(), 1).first() {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "add it to `services`".to_owned(),
    };
    cx.report(
        Problem::new(
            ProblemKind::UnresolvedReference,
            origin,
            format!("`{}` refers to the service `{name}`, which is not among the services", from.key),
        )
        .help(help)
        .resource(from.key.clone()),
    );
    false
}

/// A stretch of the text of a parameter.
enum Stretch<'t> {
    Text(&'t str),
    /// `${service.output}`
    Output(&'t str, &'t str),
    /// Any other variable.
    Variable(&'t str),
}

fn stretches(text: &str) -> Vec<Stretch<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("${") {
        let Some(close) = rest[open..].find('}') else { break };
        if open > 0 {
            found.push(Stretch::Text(&rest[..open]));
        }
        let inner = rest[open + 2..open + close].trim();
        let word =
            |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        found.push(match inner.split_once('.') {
            Some((service, output)) if word(service) && word(output) => Stretch::Output(service, output),
            _ => Stretch::Variable(inner),
        });
        rest = &rest[open + close + 1..];
    }
    if !rest.is_empty() {
        found.push(Stretch::Text(rest));
    }
    found
}

/// A parameter with references to outputs in place of its variables.
fn parameter(value: &Value, from: &Entry, services: &Map, cx: &mut Lowering<'_>) -> Value {
    let Some(text) = value.as_str().filter(|text| text.contains("${")) else { return value.clone() };
    let maker = Maker::new(value.origin);
    let mut parts = Vec::new();
    for stretch in stretches(text) {
        parts.push(match stretch {
            Stretch::Text(text) => maker.str(text),
            Stretch::Output(service, output) if named(service, value.origin, from, services, cx) => {
                maker.get_att(service, format!("Outputs.{output}"))
            }
            Stretch::Output(service, output) => maker.str(unknown::mark(&format!("{service}.{output}"))),
            Stretch::Variable("sls:stage") => maker.str(cx.inputs.stage.as_deref().unwrap_or("dev")),
            Stretch::Variable(name) => maker.str(unknown::mark(name)),
        });
    }
    if parts.len() == 1 {
        return parts.remove(0);
    }
    maker.join("", parts)
}

/// Services that wait for each other's outputs.
fn cycles(resources: &Map, cx: &mut Lowering<'_>) {
    let mut waits: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in resources {
        let mut on = Vec::new();
        targets(&entry.value, &mut on);
        let depends = entry.value.get("DependsOn").and_then(Value::as_list).unwrap_or_default();
        on.extend(depends.iter().filter_map(Value::as_str));
        waits.insert(&entry.key, on);
    }
    // What waits for nothing that is left can be deployed; what never gets there waits in a circle.
    loop {
        let free: Vec<&str> = waits
            .iter()
            .filter(|(_, on)| !on.iter().any(|name| waits.contains_key(name)))
            .map(|(name, _)| *name)
            .collect();
        if free.is_empty() {
            break;
        }
        for name in free {
            waits.remove(name);
        }
    }
    let names: Vec<String> = waits.keys().map(|name| format!("`{name}`")).collect();
    if let Some(entry) = resources.iter().find(|entry| waits.contains_key(&*entry.key)) {
        let message = match names.as_slice() {
            [one] => format!("the service {one} waits for itself"),
            all => format!("the services {} wait for each other", all.join(", ")),
        };
        cx.report(
            Problem::new(ProblemKind::CircularDependency, entry.key_origin, message)
                .help("hand one of the values over in another way, or move what both need into a third service")
                .resource(entry.key.clone()),
        );
    }
}

fn targets<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    if let Some([id, _]) = value.get("Fn::GetAtt").and_then(Value::as_list) {
        found.extend(id.as_str());
    }
    match &value.kind {
        Kind::Map(map) => map.values().for_each(|below| targets(below, found)),
        Kind::List(items) => items.iter().for_each(|below| targets(below, found)),
        _ => {}
    }
}

/// The parameters that a composition in a folder above hands the service at `place`; what it
/// takes from other services is unknown, by the names of service and output.
pub fn handed(place: Origin, cx: &Lowering<'_>) -> BTreeMap<String, Text> {
    let own = cx.sources.get(place.span().file).path();
    let mut above = cx.directory(place.span().file);
    for _ in 0..MAX_ABOVE {
        for name in COMPOSED {
            let Some(path) = normalize(&above, name).filter(|path| cx.files.exists(path)) else { continue };
            let Ok(file) = cx.files.read(&path) else { continue };
            let document = Document::parse(FileId(0), &file);
            let root = lower::document(&document, Schema::JsYaml, &mut Vec::new());
            return of_service(&root, &above, own);
        }
        let up = if above.is_empty() { ".." } else { &above };
        let Some(next) = normalize(up, "..").filter(|_| !above.is_empty()) else { break };
        if next == above {
            break;
        }
        above = next;
    }
    BTreeMap::new()
}

fn of_service(root: &Value, folder: &str, own: &str) -> BTreeMap<String, Text> {
    let services = root.get("services").and_then(Value::as_map).into_iter().flat_map(Map::values);
    let is_own = |service: &&Value| {
        let Some(path) = get(service, &["path"]).and_then(text) else { return false };
        let config = get(service, &["config"]).and_then(text);
        let names = config.as_deref().map_or(NAMES.to_vec(), |name| vec![name]);
        names.iter().any(|name| normalize(folder, &format!("{path}/{name}")).is_some_and(|full| full == own))
    };
    let mut found = BTreeMap::new();
    let Some(service) = services.into_iter().find(is_own) else { return found };
    for entry in get(service, &["params"]).and_then(Value::as_map).into_iter().flatten() {
        let Some(written) = text(&entry.value) else { continue };
        let shown: String = stretches(&written)
            .into_iter()
            .map(|stretch| match stretch {
                Stretch::Text(text) => text.to_owned(),
                Stretch::Output(service, output) => unknown::mark(&format!("{service}.{output}")).to_string(),
                Stretch::Variable(name) => unknown::mark(name).to_string(),
            })
            .collect();
        found.insert(entry.key.to_string(), shown.into());
    }
    found
}
