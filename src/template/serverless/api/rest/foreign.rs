//! Methods that plugins add to the REST API, beside those of `http` events.

use super::cors::{Cors, preflight};
use super::resources::Resources;
use super::{Api, rest_api};
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::Service;
use crate::template::value::{Maker, Value};

/// One method.
pub struct Foreign {
    /// Without slashes at its ends.
    pub path: String,
    /// In lower case.
    pub method: String,
    /// What causes it.
    pub maker: Maker,
    /// The `cors` setting, if it is on.
    pub cors: Option<Value>,
    /// Its properties beside path and method.
    pub properties: Vec<(&'static str, Value)>,
}

/// Path and method of an event: `POST orders`, or a map of both.
pub fn path_and_method(event: &Value) -> Option<(String, String)> {
    use crate::template::serverless::service::text;
    let (method, path) = match event.as_str() {
        Some(short) => short.split_once(' ').map(|(method, path)| (method.to_owned(), path.to_owned()))?,
        None => (event.get("method").and_then(text)?, event.get("path").and_then(text)?),
    };
    let path = path.strip_prefix('/').unwrap_or(&path);
    Some((path.strip_suffix('/').unwrap_or(path).to_owned(), method.to_lowercase()))
}

/// Adds `methods` with what they need: the API, its paths, `OPTIONS` methods and a deployment.
/// `shared` says that the plugin makes the API by the framework's own means, whose policy has
/// no limits and whose deployment waits for `OPTIONS` methods too.
pub fn methods(service: &Service, methods: Vec<Foreign>, shared: bool, out: &mut Output) {
    let Some(first) = methods.first() else { return };
    let maker = first.maker;
    let paths: Vec<_> = methods.iter().map(|method| (method.path.as_str(), method.maker.origin())).collect();
    let resources = Resources::of_paths(service, &paths);
    let mut api = Api { service, endpoints: Vec::new(), resources, maker, methods: Vec::new() };
    if !out.resources.contains_key("ApiGatewayRestApi") {
        rest_api(&api, out);
        if let Some(properties) = out.properties("ApiGatewayRestApi")
            && !shared
            && properties.get("Policy").and_then(Value::as_str) == Some("")
        {
            properties.remove("Policy");
        }
    }
    api.resources.compile(&api, out);
    for method in methods {
        let id = api.resources.method_id(&method.path, &method.method);
        let mut resource = Resource::new(id.as_str(), "AWS::ApiGateway::Method", method.maker)
            .set("HttpMethod", method.maker.str(method.method.to_uppercase()))
            .set("ResourceId", api.resources.reference(&api, &method.path, method.maker))
            .set("RestApiId", api.id(method.maker));
        for (name, value) in method.properties {
            resource = resource.set(name, value);
        }
        out.merge(resource);
        api.methods.push(id);
        if let Some(cors) = &method.cors {
            let id = api.resources.method_id(&method.path, "options");
            let cors = Cors::new(cors, &method.method);
            out.merge(preflight(&api, &method.path, &cors, &id, method.maker));
            if shared {
                api.methods.push(id);
            }
        }
    }
    deploy(&api, out);
}

/// Makes the deployment wait for the methods; adds one when there is none.
fn deploy(api: &Api<'_>, out: &mut Output) {
    let (service, maker) = (api.service, api.maker);
    let ids = api.methods.iter().map(|id| maker.str(id.as_str()));
    let known = out
        .resources
        .iter_mut()
        .find(|entry| entry.value.get("Type").and_then(Value::as_str) == Some("AWS::ApiGateway::Deployment"));
    match known.and_then(|entry| entry.value.get_mut("DependsOn")).and_then(Value::as_list_mut) {
        Some(depends) => depends.extend(ids),
        None => out.put(
            Resource::new(api.deployment(), "AWS::ApiGateway::Deployment", maker)
                .set("RestApiId", api.id(maker))
                .set("StageName", maker.str(service.stage.as_str()))
                .after_all(api.methods.iter().map(String::as_str)),
        ),
    }
    let address = maker.join(
        "",
        [
            maker.str("https://"),
            api.id(maker),
            maker.str(".execute-api."),
            maker.reference("AWS::Region"),
            maker.str("."),
            maker.reference("AWS::URLSuffix"),
            maker.str(format!("/{}", service.stage)),
        ],
    );
    out.output("ServiceEndpoint", maker, Some("URL of the service endpoint"), address);
}
