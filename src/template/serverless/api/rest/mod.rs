//! REST APIs, from `http` events.

mod authorizer;
mod cors;
mod endpoint;
pub mod foreign;
mod integration;
mod keys;
mod methods;
mod models;
mod resources;

use super::super::custom_resources;
use super::super::naming;
use super::super::output::{Output, Resource, execute_api_arn, permission};
use super::super::service::{Service, get, text, truthy};
use crate::template::lowering::Lowering;
use crate::template::value::{Kind, Maker, Value};
use endpoint::Endpoint;

/// What the compilers of one REST API share.
struct Api<'s> {
    service: &'s Service,
    endpoints: Vec<Endpoint<'s>>,
    resources: resources::Resources,
    /// Made for the API as a whole: its settings, or else its first event.
    maker: Maker,
    /// Ids of methods in the order they were made.
    methods: Vec<String>,
}

impl Api<'_> {
    /// The id of the API, which may live in another stack.
    fn id(&self, maker: Maker) -> Value {
        match self.setting("restApiId") {
            Some(id) => id.clone(),
            None => maker.reference("ApiGatewayRestApi"),
        }
    }

    fn setting(&self, name: &str) -> Option<&Value> {
        self.service.setting(&["apiGateway", name]).filter(|value| truthy(value))
    }

    fn deployment(&self) -> String {
        format!("ApiGatewayDeployment{}", self.service.instance)
    }
}

/// The REST API of the service, if it has `http` events.
pub fn api(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let endpoints = endpoint::endpoints(service, cx);
    let Some(first) = endpoints.first() else { return };
    let maker = if service.provider.get("apiGateway").is_some() {
        service.maker_of("apiGateway")
    } else {
        Maker::new(first.origin)
    };
    let resources = resources::Resources::new(service, &endpoints);
    let mut api = Api { service, endpoints, resources, maker, methods: Vec::new() };
    rest_api(&api, out);
    api.resources.compile(&api, out);
    cors::preflights(&mut api, out);
    methods::methods(&mut api, out);
    models::validators(&api, out);
    authorizer::authorizers(&api, out);
    deployment(&api, out);
    keys::keys(&api, out);
    keys::usage_plans(&api, out);
    keys::plan_keys(&api, out);
    permissions(&api, out);
    logs(&api, out);
}

fn rest_api(api: &Api<'_>, out: &mut Output) {
    if api.setting("restApiId").is_some() {
        return;
    }
    let (service, maker) = (api.service, api.maker);
    let endpoint_type = service.setting(&["endpointType"]).filter(|value| truthy(value));
    let types = match endpoint_type {
        Some(value) => {
            let upper = text(value).unwrap_or_default().to_uppercase();
            Value::new(Kind::Str(upper.into()), value.origin)
        }
        None => maker.str("EDGE"),
    };
    let mut configuration = vec![("Types", maker.list([types]))];
    if endpoint_type.is_some() {
        let ids = service.setting(&["vpcEndpointIds"]).filter(|value| truthy(value));
        configuration.extend(ids.map(|ids| ("VpcEndpointIds", ids.clone())));
    }
    let own_name = service.setting(&["apiName"]).filter(|name| truthy(name));
    let name = own_name.map_or_else(
        || {
            let service_first = api.setting("shouldStartNameWithService").is_some();
            let (a, b) = if service_first { (&service.name, &service.stage) } else { (&service.stage, &service.name) };
            maker.str(format!("{a}-{b}"))
        },
        Value::clone,
    );
    let policy = match api.setting("resourcePolicy") {
        Some(statements) if statements.as_list().is_none_or(|items| !items.is_empty()) => {
            let maker = Maker::new(statements.origin);
            maker.map([("Version", maker.str("2012-10-17")), ("Statement", statements.clone())])
        }
        _ => maker.str(""),
    };
    let source = api
        .setting("apiKeySourceType")
        .map(|value| Value::new(Kind::Str(text(value).unwrap_or_default().to_uppercase().into()), value.origin));
    out.merge(
        Resource::new("ApiGatewayRestApi", "AWS::ApiGateway::RestApi", maker)
            .set("Name", name)
            .opt("BinaryMediaTypes", api.setting("binaryMediaTypes").cloned())
            .opt("DisableExecuteApiEndpoint", service.setting(&["apiGateway", "disableDefaultEndpoint"]).cloned())
            .set("EndpointConfiguration", maker.map(configuration))
            .set("Policy", policy)
            .opt("ApiKeySourceType", source)
            .opt("MinimumCompressionSize", service.setting(&["apiGateway", "minimumCompressionSize"]).cloned())
            .opt("Description", api.setting("description").cloned()),
    );
}

fn deployment(api: &Api<'_>, out: &mut Output) {
    let (service, maker) = (api.service, api.maker);
    let stage = match api.setting("stage") {
        Some(stage) => stage.clone(),
        None => maker.str(service.stage.as_str()),
    };
    out.merge(
        Resource::new(api.deployment(), "AWS::ApiGateway::Deployment", maker)
            .set("RestApiId", api.id(maker))
            .set("StageName", stage)
            .opt("Description", api.setting("description").cloned())
            .after_all(api.methods.iter().map(String::as_str)),
    );
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

fn permissions(api: &Api<'_>, out: &mut Output) {
    for endpoint in &api.endpoints {
        let (function, maker) = (endpoint.function, Maker::new(endpoint.origin));
        let arn = || execute_api_arn(maker, api.id(maker), "/*/*");
        let gateway = || maker.str("apigateway.amazonaws.com");
        out.put(
            permission(
                format!("{}LambdaPermissionApiGateway", naming::normalized(&function.key)),
                maker,
                api.service.target(function, maker),
                gateway(),
            )
            .set("SourceArn", arn())
            .after(function.alias_id()),
        );
        let Some(authorizer) = &endpoint.authorizer else { continue };
        let Some(target) = authorizer.arn.clone().filter(truthy) else { continue };
        let id = format!("{}LambdaPermissionApiGateway", naming::normalized(&authorizer.name));
        if authorizer.is_cognito() || out.resources.contains_key(&id) || authorizer.external {
            continue;
        }
        let target = match &authorizer.alias {
            Some(alias) => maker.reference(alias.as_str()),
            None => target,
        };
        out.put(permission(id, maker, target, gateway()).set("SourceArn", arn()));
    }
}

/// The log group of access logs, with the account-wide role that writes them.
fn logs(api: &Api<'_>, out: &mut Output) {
    let service = api.service;
    let Some(logs) = service.setting(&["logs", "restApi"]).filter(|logs| truthy(logs)) else { return };
    if get(logs, &["accessLogging"]).is_some_and(|value| !truthy(value)) {
        return;
    }
    let maker = Maker::new(logs.origin);
    let mut group = Resource::new("ApiGatewayLogGroup", "AWS::Logs::LogGroup", maker)
        .set("LogGroupName", maker.str(format!("/aws/api-gateway/{}-{}", service.name, service.stage)));
    for (property, value) in service.log_settings(None) {
        group = group.opt(property, value);
    }
    out.merge(group);
    custom_resources::cloud_watch_role(service, maker, out);
}
