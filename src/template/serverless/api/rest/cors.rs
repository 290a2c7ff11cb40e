//! Cross-origin requests: the `OPTIONS` method of a path, and headers of responses.

use super::Api;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{get, text, truthy};
use crate::template::value::{Maker, Origin, Value};

const HEADERS: [&str; 7] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
];

/// What browsers of other origins may do.
#[derive(Clone)]
pub struct Cors {
    origin: Option<String>,
    origins: Vec<String>,
    methods: Vec<String>,
    headers: Vec<String>,
    credentials: bool,
    max_age: Option<String>,
    cache_control: Option<String>,
    at: Origin,
}

fn strings(value: &Value) -> Vec<String> {
    match value.as_list() {
        Some(items) => items.iter().filter_map(text).collect(),
        None => text(value).into_iter().collect(),
    }
}

fn union(new: &[String], old: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for item in new.iter().chain(old) {
        if !all.contains(item) {
            all.push(item.clone());
        }
    }
    all
}

impl Cors {
    /// The setting of one endpoint.
    pub fn new(written: &Value, method: &str) -> Self {
        let setting = |name: &str| get(written, &[name]);
        let object = written.as_map().is_some();
        let origins = setting("origins").map(strings).unwrap_or_default();
        let origin = match setting("origin").and_then(text) {
            Some(origin) => Some(origin),
            None if object && setting("origins").is_some_and(truthy) => None,
            None => Some("*".into()),
        };
        let mut methods = match written.get("methods") {
            Some(value) => strings(value),
            None => vec!["OPTIONS".into()],
        };
        for name in ["OPTIONS".to_owned(), method.to_uppercase()] {
            if !methods.contains(&name) {
                methods.push(name);
            }
        }
        let headers = setting("headers")
            .filter(|value| truthy(value))
            .map_or_else(|| HEADERS.map(str::to_owned).to_vec(), strings);
        Self {
            origin,
            origins,
            methods,
            headers,
            credentials: setting("allowCredentials").is_some_and(truthy),
            max_age: setting("maxAge").filter(|value| truthy(value)).and_then(text),
            cache_control: setting("cacheControl").filter(|value| truthy(value)).and_then(text),
            at: written.origin,
        }
    }

    /// Headers that responses of an integration carry.
    pub fn response_headers(&self, maker: Maker) -> Vec<(&'static str, Value)> {
        let origin = if self.origins.is_empty() {
            self.origin.clone().unwrap_or_else(|| "undefined".into())
        } else {
            self.origins.join(",")
        };
        let mut headers = vec![("Access-Control-Allow-Origin", maker.str(format!("'{origin}'")))];
        if self.credentials {
            headers.push(("Access-Control-Allow-Credentials", maker.str("true")));
        }
        headers
    }
}

/// The `OPTIONS` method of every path that wants one.
pub fn preflights(api: &mut Api<'_>, out: &mut Output) {
    let mut paths: Vec<(String, Cors)> = Vec::new();
    for endpoint in &api.endpoints {
        let Some(cors) = &endpoint.cors else { continue };
        match paths.iter_mut().find(|(path, _)| *path == endpoint.path) {
            Some((_, known)) => {
                known.headers = union(&cors.headers, &known.headers);
                known.methods = union(&cors.methods, &known.methods);
                known.origins = union(&cors.origins, &known.origins);
                known.origin.clone_from(&cors.origin);
                known.credentials |= cors.credentials;
                known.max_age = cors.max_age.clone().or(known.max_age.take());
                known.cache_control = cors.cache_control.clone().or(known.cache_control.take());
            }
            None => paths.push((endpoint.path.clone(), cors.clone())),
        }
    }
    for (path, cors) in paths {
        let maker = Maker::new(cors.at);
        let id = api.resources.method_id(&path, "options");
        api.methods.push(id.clone());
        out.merge(preflight(api, &path, &cors, &id, maker));
    }
}

/// The `OPTIONS` method of `path`.
pub fn preflight(api: &Api<'_>, path: &str, cors: &Cors, id: &str, maker: Maker) -> Resource {
    let mut origin = cors.origin.clone();
    let mut origins = cors.origins.clone();
    if let Some(list) = origin.as_deref().filter(|origin| origin.contains(',')) {
        origins = list.split(',').map(|item| item.trim().to_owned()).collect();
    }
    if let Some(first) = origins.first() {
        origin = Some(first.clone());
    }
    let mut methods = cors.methods.join(",");
    if cors.methods.iter().any(|method| method == "ANY") {
        methods = methods.replacen("ANY", "DELETE,GET,HEAD,PATCH,POST,PUT", 1);
    }
    let mut headers = vec![
        ("Access-Control-Allow-Origin", format!("'{}'", origin.unwrap_or_else(|| "undefined".into()))),
        ("Access-Control-Allow-Headers", format!("'{}'", cors.headers.join(","))),
        ("Access-Control-Allow-Methods", format!("'{methods}'")),
    ];
    if cors.credentials {
        headers.push(("Access-Control-Allow-Credentials", "'true'".into()));
    }
    headers.extend(cors.max_age.as_ref().map(|age| ("Access-Control-Max-Age", format!("'{age}'"))));
    headers.extend(cors.cache_control.as_ref().map(|value| ("Cache-Control", format!("'{value}'"))));
    let name = |header: &str| format!("method.response.header.{header}");
    let method_response = maker.map([
        ("StatusCode", maker.str("200")),
        ("ResponseParameters", maker.map(headers.iter().map(|(header, _)| (name(header), maker.bool(true))))),
        ("ResponseModels", maker.map::<&str>([])),
    ]);
    let template = if origins.is_empty() { String::new() } else { origin_template(&origins) };
    let integration_response = maker.map([
        ("StatusCode", maker.str("200")),
        (
            "ResponseParameters",
            maker.map(headers.iter().map(|(header, value)| (name(header), maker.str(value.as_str())))),
        ),
        ("ResponseTemplates", maker.map([("application/json", maker.str(template))])),
    ]);
    Resource::new(id, "AWS::ApiGateway::Method", maker)
        .set("AuthorizationType", maker.str("NONE"))
        .set("HttpMethod", maker.str("OPTIONS"))
        .set("MethodResponses", maker.list([method_response]))
        .set("RequestParameters", maker.map::<&str>([]))
        .set(
            "Integration",
            maker.map([
                ("Type", maker.str("MOCK")),
                ("RequestTemplates", maker.map([("application/json", maker.str("{statusCode:200}"))])),
                ("ContentHandling", maker.str("CONVERT_TO_TEXT")),
                ("IntegrationResponses", maker.list([integration_response])),
            ]),
        )
        .set("ResourceId", api.resources.reference(api, path, maker))
        .set("RestApiId", api.id(maker))
}

/// The mapping that answers with the caller's origin when it is one of several.
fn origin_template(origins: &[String]) -> String {
    let tests: Vec<String> = origins
        .iter()
        .map(|origin| format!("$origin.matches(\"{}\")", origin.replace('.', "[.]").replacen('*', ".+", 1)))
        .collect();
    let lines = [
        "#set($origin = $input.params(\"Origin\"))".to_owned(),
        "#if($origin == \"\") #set($origin = $input.params(\"origin\")) #end".to_owned(),
        format!(
            "#if({}) #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin) #end",
            tests.join(" || ")
        ),
    ];
    lines.join("\n")
}
