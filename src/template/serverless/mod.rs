//! Serverless Framework services, expanded as `serverless package` packages them.
//!
//! The order is the framework's: variables are resolved, values get the types its schema asks
//! for, then the template grows from the deployment bucket over functions and events to what
//! the author and plugins lay over it.

mod api;
mod author;
mod checks;
mod compose;
mod core;
mod custom_resources;
mod destinations;
mod elsewhere;
mod events;
mod functions;
mod generation;
pub mod keys;
mod layers;
mod merge;
pub mod naming;
mod output;
mod plugins;
mod role;
mod schema;
mod service;
#[cfg(test)]
mod tests;
mod url;
mod variables;
mod versions;

use super::lowering::Lowering;
use super::problem::{Problem, ProblemKind};
use super::value::{Kind, Map, Origin, Value};
use output::Output;
use service::Service;

/// The CloudFormation-level tree of the service configuration `root`, which is the tree of
/// `serverless.yml` as written (file 0 of `cx.sources`). Variables without a value become
/// unknown text; nothing stops the expansion.
pub fn expand(root: Value, cx: &mut Lowering<'_>) -> Value {
    if compose::is_composition(&root) {
        return compose::expand(&root, cx);
    }
    if root.as_map().is_none() {
        cx.report(
            Problem::new(
                ProblemKind::Structure,
                root.origin,
                format!("the service configuration is {}, not a map", root.type_name()),
            )
            .help("start with `service`, `provider` and `functions`")
            .code("INVALID_CONFIGURATION_EXPORT"),
        );
        return empty(root.origin);
    }
    let mut config = variables::resolve(root, cx);
    let origin = config.origin;
    merge::sections(&mut config);
    match deployed_to(&config, cx) {
        Deployed::Aws => {}
        Deployed::Elsewhere(name, place) => return elsewhere::expand(&config, &name, place, cx),
        Deployed::Unknown => return empty(origin),
    }
    name_provider(&mut config);
    let plugins = plugins::Plugins::new(&config, cx);
    schema::apply(&mut config, |place, key| plugins.may_define(place, key), cx);
    if config.get("service").is_none_or(|service| !service::truthy(service)) {
        cx.report(
            Problem::new(ProblemKind::FrameworkConfiguration, origin, "the service has no name")
                .help("add `service: my-service`")
                .code("SERVICE_NAME_MISSING"),
        );
    }
    let mut service = Service::new(config, cx);
    cx.region = Some(service.region.clone()).filter(|region| !super::unknown::is_unknown(region));
    plugins.configure(&mut service, cx);
    checks::check(&service, cx);
    let mut out = Output::default();
    core::bucket(&service, &mut out);
    role::log_groups(&service, &mut out);
    role::role(&service, &mut out);
    layers::layers(&service, &mut out);
    functions::functions(&mut service, &mut out, cx);
    plugins.before_events(&service, &mut out, cx);
    events::events(&service, &mut out, cx);
    plugins.after_events(&service, &mut out, cx);
    let mut template = author::template(&service, out, cx);
    plugins.finish(&service, &mut template);
    template
}

/// `provider: aws` is short for `provider: {name: aws}`.
fn name_provider(config: &mut Value) {
    if let Some(provider) = config.get_mut("provider")
        && provider.as_str().is_some()
    {
        let mut map = Map::new();
        map.insert("name", provider.clone());
        *provider = Value::new(Kind::Map(map), provider.origin);
    }
}

fn empty(origin: Origin) -> Value {
    let mut map = Map::new();
    map.insert("Resources", Value::new(Kind::Map(Map::new()), origin.generated().incomplete()));
    Value::new(Kind::Map(map), origin.generated().incomplete())
}

/// Whom a service is for.
enum Deployed {
    Aws,
    /// Another provider, and where it is named.
    Elsewhere(String, Origin),
    Unknown,
}

fn deployed_to(config: &Value, cx: &mut Lowering<'_>) -> Deployed {
    let provider = config.get("provider");
    let name =
        provider.and_then(|provider| provider.get("name").or(Some(provider)).filter(|name| name.as_map().is_none()));
    let Some(name) = name.and_then(service::text).filter(|name| !name.is_empty()) else {
        if provider.is_some_and(service::is_unknown) {
            return Deployed::Aws;
        }
        let origin = provider.map_or(config.origin, |provider| provider.origin);
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                origin,
                "the service does not say which provider it is for: `provider.name` is missing",
            )
            .help("add `provider.name: aws`")
            .code("INVALID_CONFIGURATION_PROVIDER_NAME_MISSING"),
        );
        // A component or a file that others include: what it deploys is not known.
        let functions =
            provider.is_some_and(|provider| provider.as_map().is_some()) && config.get("functions").is_some();
        return if functions { Deployed::Aws } else { Deployed::Unknown };
    };
    if name == "aws" || super::unknown::is_unknown(&name) {
        return Deployed::Aws;
    }
    let origin =
        provider.and_then(|provider| provider.get("name")).or(provider).map_or(config.origin, |value| value.origin);
    Deployed::Elsewhere(name, origin)
}
