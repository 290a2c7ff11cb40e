//! Where variables look for their values.

use super::dotenv;
use super::resolve::{MAX_CHAIN, Property, Resolver};
use super::syntax::{Argument, Literal, Source};
use super::values::{step, to_text};
use crate::document::Schema;
use crate::source::ReadError;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::compose;
use crate::template::serverless::plugins::{self, lift};
use crate::template::unknown;
use crate::template::value::{Kind, Map, Origin, Value};
use std::collections::BTreeMap;

/// What a source answers.
pub enum Found {
    /// A value; `null` makes the variable go on to its fallback.
    Value(Value),
    /// Nothing: go on to the fallback.
    Nothing,
    /// Nothing here, and that is no mistake: the value is given where the service is deployed.
    NotHere(String),
    /// A value that exists elsewhere, by this name.
    Symbol(String),
    /// The lookup itself is wrong.
    Problem(Box<Problem>),
}

/// The largest file that is parsed, in bytes: ten times what CloudFormation takes as a template.
const MAX_FILE: u64 = 8 << 20;

/// The code of whatever goes wrong with one variable.
pub(super) const VARIABLE_ERROR: &str = "VARIABLES_RESOLUTION_ERROR";

fn problem(kind: ProblemKind, origin: Origin, message: impl Into<String>, help: &str) -> Found {
    let code = match kind {
        ProblemKind::UnresolvedVariable => "UNRECOGNIZED_VARIABLE_SOURCES",
        _ => VARIABLE_ERROR,
    };
    Found::Problem(Box::new(Problem::new(kind, origin, message).help(help).code(code)))
}

/// Asks the source `kind`.
pub fn look_up(
    resolver: &mut Resolver<'_, '_>,
    kind: &str,
    parameters: Option<&[Value]>,
    address: Option<&str>,
    origin: Origin,
) -> Found {
    let first = parameters.and_then(<[Value]>::first);
    let symbol = || {
        let parameters: Vec<String> = parameters.unwrap_or_default().iter().filter_map(to_text).collect();
        let parameters = if parameters.is_empty() { String::new() } else { format!("({})", parameters.join(",")) };
        format!("{kind}{parameters}{}", address.map(|address| format!(":{address}")).unwrap_or_default())
    };
    let missing_address = || {
        problem(
            ProblemKind::InvalidVariable,
            origin,
            format!("the variable source `{kind}` has no address"),
            "write what to look for behind the colon",
        )
    };
    if address.is_some_and(unknown::is_unknown) {
        return Found::Symbol(symbol());
    }
    match (kind, address) {
        ("self", _) => self_property(resolver, address, origin, symbol()),
        ("opt", None) => Found::Value(options(resolver, origin)),
        ("opt", Some(name)) => options(resolver, origin).get(name).cloned().map_or(Found::Nothing, Found::Value),
        ("env" | "sls" | "param", None) => missing_address(),
        ("env", Some(name)) => match environment(resolver).get(name) {
            Some(text) => Found::Value(Value::new(Kind::Str(text.as_str().into()), origin.secret())),
            None => Found::NotHere(symbol()),
        },
        ("sls", Some("instanceId")) => Found::Value(string(&instance_id(resolver), origin)),
        ("sls", Some("stage")) => Found::Value(string(&stage(resolver), origin)),
        ("aws", Some("region")) => Found::Value(string(&region(resolver), origin)),
        ("aws", Some("accountId")) => match &resolver.cx.inputs.account {
            Some(account) => Found::Value(string(&account.clone(), origin)),
            None => Found::Symbol(symbol()),
        },
        ("aws", Some(name)) if name.starts_with("ssm:") || name.starts_with("s3:") || name.starts_with("cf:") => {
            Found::Symbol(symbol())
        }
        ("aws", None) => missing_address(),
        ("sls" | "aws", Some(name)) => problem(
            ProblemKind::InvalidVariable,
            origin,
            format!("the variable source `{kind}` knows no `{name}`"),
            if kind == "sls" { "it knows `stage` and `instanceId`" } else { "it knows `region` and `accountId`" },
        ),
        ("param", Some(name)) => parameter(resolver, name, origin),
        ("file", _) => file(resolver, first, address, origin, symbol()),
        ("strToBool", _) => boolean(first, origin),
        ("cf" | "ssm" | "s3", Some(_)) => Found::Symbol(symbol()),
        ("cf" | "ssm" | "s3", None) => missing_address(),
        ("construct", Some(address))
            if resolver.cx.inputs.plugins && plugins::lists(&resolver.tree, "serverless-lift") =>
        {
            match lift::variable(&resolver.tree, address, origin) {
                Some(value) => Found::Value(value),
                None => Found::NotHere(symbol()),
            }
        }
        // Values that plugins and the vendor's dashboard hold.
        (name, _) if is_resolver(&resolver.tree, name) => Found::Symbol(symbol()),
        ("output" | "secrets" | "state" | "git" | "construct" | "terraform" | "vault" | "doppler" | "bref", _) => {
            Found::NotHere(symbol())
        }
        _ => problem(
            ProblemKind::UnresolvedVariable,
            origin,
            format!("`{kind}` is no known variable source"),
            "check the spelling, or the plugin that brings the source; the value is treated as unknown",
        ),
    }
}

/// What to do about a variable without a value.
pub fn how_to_give(last: Option<&Source>) -> String {
    let Some(Source::Typed { name, address, parameters }) = last else {
        return "add a fallback: `${…, 'value'}`".into();
    };
    let text = |argument: &Argument| match &argument.value {
        Literal::Text(text) => text.clone(),
        _ => String::new(),
    };
    let address = address.as_ref().map(text).unwrap_or_default();
    match name.as_str() {
        "self" => format!("set `{address}` in this service, or add a fallback behind a comma"),
        "opt" => format!("add a fallback behind a comma, or pass `--{address}` where the service is deployed"),
        "param" => format!("pass `--param {address}=VALUE`, or set `params.default.{address}`"),
        "file" => {
            let path = parameters.iter().flatten().next().map(text).unwrap_or_default();
            let key = if address.is_empty() { String::new() } else { format!(" and holds `{address}`") };
            format!("check that `{path}` exists{key}, or add a fallback behind a comma")
        }
        _ => "add a fallback behind a comma".into(),
    }
}

fn string(text: &str, origin: Origin) -> Value {
    Value::new(Kind::Str(text.into()), origin)
}

fn options(resolver: &Resolver<'_, '_>, origin: Origin) -> Value {
    let mut map = Map::new();
    for (name, value) in [("stage", &resolver.cx.inputs.stage), ("region", &resolver.cx.inputs.region)] {
        if let Some(value) = value {
            map.insert(name, string(value, origin));
        }
    }
    Value::new(Kind::Map(map), origin)
}

fn self_property(resolver: &mut Resolver<'_, '_>, address: Option<&str>, origin: Origin, symbol: String) -> Found {
    let keys: Vec<&str> = address.map(|address| address.split('.').collect()).unwrap_or_default();
    if resolver.waiting() > MAX_CHAIN {
        let message = format!("values refer to one another more than {MAX_CHAIN} times in a row");
        return problem(ProblemKind::InvalidVariable, origin, message, "write one of the values out");
    }
    match resolver.property(&keys) {
        Property::Value(value) => match value.kind {
            // A scalar is found where the variable stands: that is the line its author edits.
            Kind::Map(_) | Kind::List(_) => Found::Value(value),
            kind => Found::Value(Value::new(kind, if value.origin.is_secret() { origin.secret() } else { origin })),
        },
        Property::Missing => Found::Nothing,
        Property::Unknown => Found::NotHere(symbol),
        Property::Circular => {
            let (here, there) = (shown_path(resolver.current()), address.unwrap_or("self"));
            let (message, help) = if here == there {
                (format!("`{here}` refers to itself"), "write the value out")
            } else {
                (format!("`{here}` and `{there}` refer to each other"), "write one of the two values out")
            };
            problem(ProblemKind::InvalidVariable, origin, message, help)
        }
    }
}

fn shown_path(path: &str) -> String {
    path.replace('\0', ".")
}

fn stage(resolver: &mut Resolver<'_, '_>) -> String {
    if let Some(stage) = &resolver.cx.inputs.stage {
        return stage.clone();
    }
    match resolver.property(&["provider", "stage"]) {
        Property::Value(value) => to_text(&value).filter(|text| !text.is_empty()).unwrap_or_else(|| "dev".into()),
        _ => "dev".into(),
    }
}

fn region(resolver: &mut Resolver<'_, '_>) -> String {
    if let Some(region) = &resolver.cx.inputs.region {
        return region.clone();
    }
    match resolver.property(&["provider", "region"]) {
        Property::Value(value) => to_text(&value).filter(|text| !text.is_empty()).unwrap_or_else(|| "us-east-1".into()),
        _ => "us-east-1".into(),
    }
}

/// What stands for the moment of packaging; it must not differ from run to run.
fn instance_id(resolver: &Resolver<'_, '_>) -> String {
    crate::template::serverless::naming::instance_id(resolver.cx)
}

fn parameter(resolver: &mut Resolver<'_, '_>, name: &str, origin: Origin) -> Found {
    if let Some(value) = resolver.cx.inputs.parameters.get(name) {
        return Found::Value(string(&value.clone(), origin));
    }
    let stage = stage(resolver);
    for path in [["params", &stage, name], ["params", "default", name], ["stages", &stage, name]] {
        let path: &[&str] = if path[0] == "stages" { &["stages", path[1], "params", name] } else { &path };
        match resolver.property(path) {
            Property::Value(value) if !value.is_null() => return Found::Value(value),
            Property::Unknown => return Found::Symbol(format!("param:{name}")),
            _ => {}
        }
    }
    match resolver.property(&["stages", "default", "params", name]) {
        Property::Value(value) => Found::Value(value),
        _ => composed(resolver, name, origin),
    }
}

/// The parameter that a `serverless-compose.yml` above hands this service.
fn composed(resolver: &mut Resolver<'_, '_>, name: &str, origin: Origin) -> Found {
    if resolver.composed.is_none() {
        let place = resolver.tree.origin;
        resolver.composed = Some(compose::handed(place, resolver.cx));
    }
    match resolver.composed.as_ref().and_then(|handed| handed.get(name)) {
        Some(text) if unknown::marks(text).next().is_some_and(|(mark, _)| unknown::mark(mark) == *text) => {
            let mark = unknown::marks(text).next().map_or("", |(mark, _)| mark);
            Found::Symbol(mark.to_owned())
        }
        Some(text) => Found::Value(string(text, origin)),
        None => Found::Nothing,
    }
}

/// Whether version 4 of the framework knows `name` as a resolver of a stage.
fn is_resolver(config: &Value, name: &str) -> bool {
    let stages = config.get("stages").and_then(Value::as_map);
    stages.into_iter().flat_map(Map::values).any(|stage| stage.at(&["resolvers", name]).is_some())
}

fn boolean(input: Option<&Value>, origin: Origin) -> Found {
    let Some(text) = input.and_then(to_text) else {
        return problem(ProblemKind::InvalidVariable, origin, "`strToBool` has no input", "write `${strToBool(…)}`");
    };
    if unknown::is_unknown(&text) {
        return Found::Symbol(format!("strToBool({text})"));
    }
    match text.trim().to_lowercase().as_str() {
        "true" | "1" => Found::Value(Value::new(Kind::Bool(true), origin)),
        "false" | "0" => Found::Value(Value::new(Kind::Bool(false), origin)),
        _ => problem(
            ProblemKind::InvalidVariable,
            origin,
            format!("`strToBool` cannot read `{text}`"),
            "it reads `true`, `false`, `1` and `0`",
        ),
    }
}

/// The environment: what the user gives, then `.env` files when the service asks for them.
fn environment<'r>(resolver: &'r mut Resolver<'_, '_>) -> &'r BTreeMap<String, String> {
    if resolver.environment.is_none() {
        let given = resolver.cx.inputs.environment.clone();
        // Files may need `${env:…}` for the stage: those see what the user gives.
        resolver.environment = Some(given.clone());
        let wanted =
            matches!(resolver.property(&["useDotenv"]), Property::Value(value) if value.as_bool() == Some(true));
        let stage = if wanted { stage(resolver) } else { String::new() };
        let base = service_directory(resolver);
        let mut all = given.clone();
        for name in [format!(".env.{stage}"), ".env".to_owned()] {
            if !wanted {
                break;
            }
            let Ok(file) = resolver.cx.read(&base, &name) else { continue };
            for (name, value) in dotenv::parse(resolver.cx.sources.get(file).text(), &given) {
                all.entry(name).or_insert(value);
            }
            break;
        }
        resolver.environment = Some(all);
    }
    resolver.environment.get_or_insert_default()
}

fn service_directory(resolver: &Resolver<'_, '_>) -> String {
    resolver.cx.directory(resolver.tree.origin.span().file)
}

fn file(
    resolver: &mut Resolver<'_, '_>,
    path: Option<&Value>,
    address: Option<&str>,
    origin: Origin,
    symbol: String,
) -> Found {
    let Some(path) = path.and_then(to_text).filter(|path| !path.is_empty()) else {
        return problem(
            ProblemKind::InvalidVariable,
            origin,
            "the variable source `file` has no path",
            "write `${file(path.yml)}`",
        );
    };
    if unknown::is_unknown(&path) {
        return Found::Symbol(symbol);
    }
    let base = service_directory(resolver);
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, end)| end);
    if matches!(extension, "js" | "cjs" | "mjs" | "ts") {
        // Code is never run. A file that is not there gives nothing, as when it is run.
        let there = crate::source::normalize(&base, &path).is_some_and(|full| resolver.cx.files.exists(&full));
        return if there { Found::Symbol(symbol) } else { Found::Nothing };
    }
    let place = resolver.current().to_owned();
    let what = format!("{path}\0{}", address.unwrap_or_default());
    let inside = |outer: &str| place == *outer || place.starts_with(&format!("{outer}\0"));
    if resolver.expansions.iter().any(|(outer, known)| *known == what && inside(outer) && *outer != place) {
        return problem(
            ProblemKind::Include,
            origin,
            format!("`{path}` includes itself"),
            "include a part of the file that does not lead back here",
        );
    }
    let content = match content(resolver, &base, &path, extension, origin) {
        Ok(Some(content)) => content,
        Ok(None) | Err(ReadError::Missing) => return Found::Nothing,
        Err(error) => {
            let kind = if error == ReadError::Outside { ProblemKind::OutsideProject } else { ProblemKind::Include };
            return problem(
                kind,
                origin,
                format!("`{path}` cannot be included: {error}"),
                "check the path; it is read relative to the service and must stay inside the project",
            );
        }
    };
    let mut value = content;
    for key in address.into_iter().flat_map(|address| address.split('.')) {
        if let Kind::Str(text) = &value.kind
            && text.contains("${")
        {
            let text = text.to_string();
            value = resolver.text(&text, value.origin, 10);
        }
        if value.as_str().is_some_and(unknown::is_unknown) {
            return Found::Symbol(symbol);
        }
        match step(&value, key) {
            Some(inner) => value = inner.clone(),
            None => return Found::Nothing,
        }
    }
    if matches!(value.kind, Kind::Map(_) | Kind::List(_)) {
        resolver.expansions.push((place, what));
        return Found::Value(value);
    }
    Found::Value(Value::new(value.kind, origin))
}

/// The content of a file: parsed when it is data, as text otherwise.
fn content(
    resolver: &mut Resolver<'_, '_>,
    base: &str,
    path: &str,
    extension: &str,
    origin: Origin,
) -> Result<Option<Value>, ReadError> {
    if !matches!(extension, "yml" | "yaml" | "json" | "tfstate") {
        let file = resolver.cx.read(base, path)?;
        return Ok(Some(string(resolver.cx.sources.get(file).text(), origin)));
    }
    if let Some(known) = resolver.included.get(path) {
        return Ok(known.clone());
    }
    let full = crate::source::normalize(base, path);
    if full.and_then(|full| resolver.cx.files.size(&full)).is_some_and(|size| size > MAX_FILE) {
        return Err(ReadError::TooLarge(MAX_FILE >> 20));
    }
    let value = resolver.cx.include(base, path, Schema::JsYaml)?;
    resolver.included.insert(path.to_owned(), Some(value.clone()));
    Ok(Some(value))
}
