//! Services for other providers than AWS: what their functions, triggers and settings have in
//! common, in words of no provider. There is no `CloudFormation` template behind them, so
//! nothing here has a type of AWS.

mod providers;
mod triggers;

use super::output::{Output, Resource};
use super::service::{get, is_unknown, truthy};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::unknown;
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Value};
use providers::Provider;

/// The parts of the service `config` for the provider `name`, which is written at `origin`.
pub fn expand(config: &Value, name: &str, origin: Origin, cx: &mut Lowering<'_>) -> Value {
    cx.report(
        Problem::new(
            ProblemKind::UnsupportedProvider,
            origin,
            format!("for the provider `{name}` only what needs no facts about it is checked"),
        )
        .help("runtimes, secrets, open triggers, CORS and defaults are checked; there is no template to expand"),
    );
    let provider = providers::get(name);
    let settings = config.get("provider").filter(|provider| provider.as_map().is_some());
    let mut out = Output::default();
    let mut complete = true;
    match config.get("functions").map(|functions| &functions.kind) {
        Some(Kind::Map(map)) => {
            complete = config.get("functions").is_none_or(|functions| !functions.origin.is_incomplete());
            for entry in map {
                if entry.value.as_map().is_some() {
                    function(entry, provider, settings, &mut out);
                } else {
                    // An empty function is one, whatever its settings are.
                    let maker = Maker::new(entry.key_origin);
                    let unknown = !entry.value.is_null();
                    out.put(Resource::new(entry.key.clone(), "Elsewhere::Function", maker).partial(unknown));
                }
            }
        }
        Some(Kind::Null) | None => {}
        Some(_) => complete = false,
    }
    api(settings, &mut out);
    let mut root = Map::new();
    let maker = Maker::new(origin.generated());
    root.insert("Elsewhere", maker.map([("Provider", maker.str(name))]));
    let origin = if complete { config.origin.generated() } else { config.origin.generated().incomplete() };
    root.insert("Resources", Value::new(Kind::Map(out.resources), origin));
    Value::new(Kind::Map(root), origin)
}

/// The function behind `entry`, with the provider's settings where it has none of its own.
fn function(entry: &Entry, provider: Option<&Provider>, settings: Option<&Value>, out: &mut Output) {
    let maker = Maker::new(entry.key_origin);
    let own = |name: &str| get(&entry.value, &[name]).filter(|value| truthy(value));
    let shared = |name: &str| settings.and_then(|settings| get(settings, &[name])).filter(|value| truthy(value));
    // What the provider has no setting for is no decision that its author left out.
    let limit = |names: Option<&[&str]>| match names {
        Some(names) => names.iter().find_map(|name| own(name).or_else(|| shared(name))).cloned(),
        None => Some(maker.str(unknown::mark("the provider"))),
    };
    let mut function = Resource::new(entry.key.clone(), "Elsewhere::Function", maker)
        .opt("Handler", own("handler").cloned())
        .opt("Runtime", own("runtime").or_else(|| shared("runtime")).cloned())
        .opt("MemorySize", limit(provider.and_then(|provider| provider.memory)))
        .opt("Timeout", limit(provider.and_then(|provider| provider.timeout)));
    if let Some(variables) = environment(provider, &entry.value, settings, maker) {
        function = function.set("Environment", maker.map([("Variables", variables)]));
    }
    let sequence = own("sequence").and_then(Value::as_list).unwrap_or_default();
    let calls: Vec<Value> = sequence
        .iter()
        .filter_map(|step| Some(Maker::new(step.origin).reference(step.as_str()?.rsplit('/').next()?)))
        .collect();
    if !calls.is_empty() {
        function = function.set("Calls", maker.list(calls));
    }
    out.put(function);
    triggers::triggers(entry, provider, out);
}

/// The environment variables, the function's laid over the provider's.
fn environment(provider: Option<&Provider>, function: &Value, settings: Option<&Value>, maker: Maker) -> Option<Value> {
    let names = provider.map_or(&["environment"][..], |provider| provider.environment);
    let mut variables = Map::new();
    let mut known = true;
    for holder in settings.into_iter().chain([function]) {
        for name in names {
            let Some(value) = get(holder, &[name]) else { continue };
            known &= !is_unknown(value) && !value.origin.is_incomplete();
            for entry in value.as_map().into_iter().flatten() {
                variables.remove(&entry.key);
                variables.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
            }
        }
    }
    if variables.is_empty() && known {
        return None;
    }
    let origin = if known { maker.origin() } else { maker.origin().incomplete() };
    Some(Value::new(Kind::Map(variables), origin))
}

/// The API in front of all functions, where the provider section sets its CORS.
fn api(settings: Option<&Value>, out: &mut Output) {
    let Some(settings) = settings else { return };
    for path in [&["cors"][..], &["apim", "cors"], &["functionApp", "cors"]] {
        if let Some(cors) = get(settings, path).and_then(triggers::cors) {
            let maker = Maker::new(cors.origin);
            out.put(Resource::new("Api", "Elsewhere::Api", maker).set("Cors", cors));
            return;
        }
    }
}
