//! Routes and authorizers of an API whose definition is an `OpenAPI` document in `Body`.

use super::super::edge::{EdgeKind, Qualifier};
use super::super::node::{NodeId, NodeKind, NodeRef};
use super::super::part::{Part, Setting};
use super::super::view::api::{Auth, AuthorizerData, AuthorizerKind, RouteData};
use super::super::{Origin, Resource, Text};
use super::integrations::{self, OPENAPI};
use super::{Links, apis, edge};

const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"];
const INTEGRATION: &str = "x-amazon-apigateway-integration";
const AUTHORIZER: &str = "x-amazon-apigateway-authorizer";

/// One security scheme of the document.
struct Scheme {
    name: Text,
    auth: Option<Auth>,
    api_key: bool,
    authorizer: Option<NodeId>,
}

/// Reads the document of one API.
pub(super) fn body<'g>(links: &mut Links<'g>, api: NodeRef<'g>, resource: Resource<'g>, body: &Part<'g>) {
    let mut schemes = Vec::new();
    for place in [&["securityDefinitions"][..], &["components", "securitySchemes"]] {
        for (name, origin, scheme) in body.entries(place) {
            schemes.push(read_scheme(links, api, resource, name, origin, &scheme));
        }
    }
    let everywhere = security(body, &schemes, body.origin());
    for (path, _, item) in body.entries(&["paths"]) {
        if !path.starts_with('/') && !path.starts_with('$') {
            continue;
        }
        for (method, origin, operation) in item.entries(&[]) {
            if METHODS.contains(&method) {
                let written = Written { path, method, origin };
                route(links, api, resource, &written, &operation, &schemes, &everywhere);
            }
        }
    }
}

/// What a route's security comes to.
#[derive(Clone)]
struct Security {
    auth: Setting<Auth>,
    api_key: Setting<bool>,
    authorizer: Option<NodeId>,
}

struct Written<'g> {
    path: &'g str,
    method: &'g str,
    origin: Origin,
}

fn route<'g>(
    links: &mut Links<'g>,
    api: NodeRef<'g>,
    resource: Resource<'g>,
    written: &Written<'g>,
    operation: &Part<'g>,
    schemes: &[Scheme],
    everywhere: &Security,
) {
    let graph = links.graph;
    let Written { path, method, origin } = *written;
    let method: Text = match method {
        "x-amazon-apigateway-any-method" => "ANY".into(),
        other => other.to_ascii_uppercase().into(),
    };
    let (name, path): (Text, Text) = if path == "/$default" || path == "$default" {
        ("$default".into(), "$default".into())
    } else {
        (format!("{method} {path}").into(), path.into())
    };
    let node = links.node(NodeKind::Route, name, origin);
    links.add(api.index(), EdgeKind::Contains, node, origin, None);
    let read = |part: &Part<'_>| integrations::read(graph, part, &OPENAPI, Some(api.kind()), origin);
    let mut branches = operation.all(&[INTEGRATION]).into_iter();
    let integration = branches.next().map_or_else(|| read(&operation.part(&[INTEGRATION])), |part| read(&part));
    integrations::link(links, node, &integration);
    let mut security = match operation.has(&["security"]) {
        Some(false) => everywhere.clone(),
        _ => security(operation, schemes, origin),
    };
    if let Some(sort) = operation.text(&["x-amazon-apigateway-auth", "type"]) {
        let at = operation.part(&["x-amazon-apigateway-auth"]).origin();
        match &*sort {
            "AWS_IAM" => security.auth = Setting::Set(Auth::Iam, at),
            "NONE" => security.auth = Setting::Set(Auth::None, at),
            _ => {}
        }
    }
    links.details.routes.push(RouteData {
        node,
        api: Some(api.index()),
        method: Some(method),
        path: Some(path),
        auth: security.auth,
        authorizer: security.authorizer,
        api_key: security.api_key,
        integration,
        owner: resource.id().into(),
    });
}

/// Alternatives are taken as the service takes them: any one named counts.
fn security(part: &Part<'_>, schemes: &[Scheme], place: Origin) -> Security {
    let mut found = Security {
        auth: Setting::Default(Auth::None, place),
        api_key: Setting::Default(false, place),
        authorizer: None,
    };
    for requirement in part.each(&["security"]) {
        if !requirement.is_known() {
            found.auth = Setting::Unknown(requirement.origin());
            found.api_key = Setting::Unknown(requirement.origin());
            return found;
        }
        for (name, origin, _) in requirement.entries(&[]) {
            if name == "NONE" {
                found.auth = Setting::Set(Auth::None, origin);
                continue;
            }
            let Some(scheme) = schemes.iter().find(|scheme| scheme.name == name) else {
                found.auth = if name == "AWS_IAM" || name == "sigv4" {
                    Setting::Set(Auth::Iam, origin)
                } else {
                    Setting::Unknown(origin)
                };
                continue;
            };
            if scheme.api_key {
                found.api_key = Setting::Set(true, origin);
            } else {
                found.auth = scheme.auth.map_or(Setting::Unknown(origin), |auth| Setting::Set(auth, origin));
                found.authorizer = scheme.authorizer;
            }
        }
    }
    found
}

fn read_scheme<'g>(
    links: &mut Links<'g>,
    api: NodeRef<'g>,
    resource: Resource<'g>,
    name: &'g str,
    origin: Origin,
    scheme: &Part<'g>,
) -> Scheme {
    let mut read = Scheme { name: name.into(), auth: None, api_key: false, authorizer: None };
    let sort = scheme.text(&["x-amazon-apigateway-authtype"]).map(|text| text.to_ascii_lowercase());
    let declared = scheme.part(&[AUTHORIZER]);
    let kind = declared.text(&["type"]).map(|text| text.to_ascii_lowercase());
    let kind = match kind.as_deref() {
        Some("token") => AuthorizerKind::Token,
        Some("request") => AuthorizerKind::Request,
        Some("cognito_user_pools") => AuthorizerKind::Cognito,
        Some("jwt") => AuthorizerKind::Jwt,
        _ => AuthorizerKind::Unknown,
    };
    if declared.eval().is_absent() {
        let header = scheme.text(&["name"]).map(|text| text.to_ascii_lowercase());
        match (sort.as_deref(), header.as_deref()) {
            (Some("awssigv4"), _) => read.auth = Some(Auth::Iam),
            (_, Some("x-api-key")) => read.api_key = true,
            _ => {}
        }
        return read;
    }
    read.auth = match kind {
        AuthorizerKind::Token | AuthorizerKind::Request => Some(Auth::Custom),
        AuthorizerKind::Cognito => Some(Auth::Cognito),
        AuthorizerKind::Jwt => Some(Auth::Jwt),
        AuthorizerKind::Unknown => None,
    };
    let node = links.node(NodeKind::Authorizer, name.into(), origin);
    links.add(api.index(), EdgeKind::Contains, node, origin, None);
    links.add(node, EdgeKind::Protects, api.index(), origin, None);
    let uri = declared.get(&["authorizerUri"]);
    let (function, qualifier) =
        if uri.is_absent() { (None, Qualifier::None) } else { apis::function(links.graph, &uri) };
    if let Some(function) = function {
        let at = uri.origin().unwrap_or(origin);
        links.add_edge(node, function, edge(EdgeKind::InvokesSync, qualifier, at, None));
    }
    let default = if api.kind() == NodeKind::RestApi { 300 } else { 0 };
    links.details.authorizers.push(AuthorizerData {
        node,
        api: Some(api.index()),
        kind,
        function,
        qualifier,
        ttl: declared.int_or(&["authorizerResultTtlInSeconds"], default),
        owner: resource.id().into(),
    });
    read.authorizer = Some(node);
    read
}
