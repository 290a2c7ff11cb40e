//! `AWS::Serverless::WebFunction`

mod regions;
mod validation;

use super::expander::Expander;
use super::function::created_tags;
use super::iam;
use super::intrinsics::{self, is_intrinsic};
use super::location::S3Location;
use super::policies::{self, RoleParts};
use super::python;
use super::refusal::Outcome;
use super::resource::{Node, Resource};
use crate::template::value::{Kind, Maker, Map, Origin, Text, Value};

/// Letters of the logical id that fit into a function's name.
const NAME: usize = 55;

/// Expands the web function `node`.
pub fn expand(cx: &Expander, node: &mut Node) -> Outcome<Vec<Resource>> {
    validation::check(cx, node)?;
    let make = node.make();
    let mut made = Vec::new();
    let role_arn = match node.get("ExecutionRoleArn") {
        Some(role) => role.clone(),
        None => {
            let parts = RoleParts {
                assume: iam::assume_role(make, "lambda.amazonaws.com"),
                managed: vec![cx.managed(make, "service-role/AWSLambdaBasicExecutionRole")],
                inline: Vec::new(),
                policies: None,
                path: None,
                boundary: None,
                tags: created_tags(node)?,
            };
            let role = policies::role(node, cx.partition, node.key_origin, parts)?;
            let arn = role.get_att("Arn");
            made.push(role);
            arn
        }
    };
    let mut function = node.main("AWS::Lambda::WebFunction");
    function.set("FunctionName", name(node));
    function.set("Tags", make.list(created_tags(node)?));
    made.push(function);
    let revision = revision(node, role_arn)?;
    let endpoint = endpoint(node, &revision)?;
    made.extend([revision, endpoint]);
    Ok(made)
}

fn name(node: &Node) -> Value {
    let make = node.make();
    if let Some(name) = node.truthy("FunctionName") {
        return name.clone();
    }
    let select = |index: i64, list: Value| make.map([("Fn::Select", make.list([make.int(index), list]))]);
    let split = |by: &str, text: Value| make.map([("Fn::Split", make.list([make.str(by), text]))]);
    let stack = select(2, split("/", make.reference("AWS::StackId")));
    let suffix = select(0, split("-", stack));
    let kept: String = node.id.chars().take(NAME).collect();
    intrinsics::sub_with(make, format!("{kept}-${{StackIdSuffix}}"), vec![("StackIdSuffix", suffix)])
}

fn revision(node: &Node, role: Value) -> Outcome<Resource> {
    let id = format!("{}Revision", node.id);
    let mut revision = node.made(id, "AWS::Lambda::WebFunctionRevision", node.key_origin)?;
    let make = revision.make();
    revision.depends_on = Some(make.list([make.str(node.id.clone())]));
    revision.set("FunctionName", name(node));
    revision.copy_as(&node.properties, "RevisionDescription", "Description");
    revision.copy(&node.properties, &["KmsKeyArn"]);
    let code = make.map([("S3Object", code(node)?)]);
    let Some(runtime) = node.get("Runtime") else {
        return node.refuse(node.properties_origin, "'Runtime' is required.");
    };
    let runtime = make.map([("Runtime", runtime.clone())]);
    revision.set("BuildConfig", make.map([("CodeConfig", code), ("RuntimeConfig", runtime)]));
    revision.set("ServiceConfig", service(node, role)?);
    Ok(revision)
}

fn code(node: &Node) -> Outcome<Value> {
    if let (Some(_), Some(inline)) = (node.get("CodeUri"), node.get("InlineCode")) {
        return node.refuse(inline.origin, "Only one of 'InlineCode' or 'CodeUri' can be set.");
    }
    if let Some(uri) = node.truthy("CodeUri") {
        let make = Maker::new(uri.origin);
        let location = S3Location::code(&node.id, uri, "CodeUri")?;
        let mut code = vec![("Bucket", location.bucket), ("Key", location.key)];
        code.extend(location.version.map(|version| ("VersionId", version)));
        return Ok(make.map(code));
    }
    if let Some(inline) = node.truthy("InlineCode") {
        return node.refuse(
            inline.origin,
            "'InlineCode' is not yet supported for 'AWS::Serverless::WebFunction'. Please use 'CodeUri' instead.",
        );
    }
    node.refuse(node.properties_origin, "Either 'InlineCode' or 'CodeUri' must be set.")
}

fn service(node: &Node, role: Value) -> Outcome<Value> {
    let make = node.make();
    let mut config = vec![("ExecutionRoleArn", role)];
    let variables = node.truthy("EnvironmentVariables");
    let entry_point = node.truthy("EntryPoint");
    match variables.filter(|variables| is_intrinsic(variables)) {
        Some(variables) => {
            if let Some(entry_point) = entry_point {
                return node.refuse(
                    entry_point.origin,
                    "'EntryPoint' cannot be used when 'EnvironmentVariables' is an intrinsic function.",
                );
            }
            config.push(("EnvironmentVariables", variables.clone()));
        }
        None => {
            let mut map = Map::new();
            for entry in variables.and_then(Value::as_map).into_iter().flatten() {
                map.insert_at(entry.key.clone(), entry.key_origin, as_text(&entry.value));
            }
            if let Some(entry_point) = entry_point {
                map.insert("AWS_LAMBDA_NODEJS_ENTRYPOINT", entry_point.clone());
            }
            if !map.is_empty() {
                let origin: Origin = variables.map_or(make.origin(), |variables| variables.origin);
                config.push(("EnvironmentVariables", Value::new(Kind::Map(map), origin)));
            }
        }
    }
    if let Some(logging) = node.truthy("LoggingConfig") {
        config.push(("TelemetryConfig", make.map([("LoggingConfig", logging.clone())])));
    }
    for name in ["MaxConcurrencyPerEnvironment", "EgressNetworkConnectorArn"] {
        config.extend(node.get(name).map(|value| (name, value.clone())));
    }
    config.push(("TimeoutSeconds", node.truthy("Timeout").cloned().unwrap_or_else(|| make.int(30))));
    Ok(make.map(config))
}

fn as_text(value: &Value) -> Value {
    let text: Text = match &value.kind {
        Kind::Bool(value) => if *value { "true" } else { "false" }.into(),
        Kind::Int(_) | Kind::Float(_) => python::display(value).into(),
        _ => return value.clone(),
    };
    Value::new(Kind::Str(text), value.origin)
}

fn endpoint(node: &Node, revision: &Resource) -> Outcome<Resource> {
    let id = format!("{}Endpoint", node.id);
    let mut endpoint = node.made(id, "AWS::Lambda::WebFunctionEndpoint", node.key_origin)?;
    let make = endpoint.make();
    let dependencies = [make.str(node.id.clone()), make.str(revision.id.clone())];
    endpoint.depends_on = Some(make.list(dependencies));
    endpoint.set("FunctionName", name(node));
    for (name, default) in [("EndpointName", "prod"), ("EndpointType", "HomeRegion")] {
        endpoint.set(name, node.truthy(name).cloned().unwrap_or_else(|| make.str(default)));
    }
    endpoint.copy(&node.properties, &["AuthType", "ScalingConfig", "ThrottleConfig"]);
    endpoint.copy_as(&node.properties, "EndpointDescription", "Description");
    let weight = |id: Value, weight: Value| make.map([("RevisionId", id), ("Weight", weight)]);
    let weights: Vec<Value> = match node.truthy("RevisionWeights").and_then(Value::as_map) {
        Some(map) => map.iter().map(|entry| weight(make.str(entry.key.clone()), entry.value.clone())).collect(),
        None => vec![weight(revision.get_att("RevisionId"), make.int(100))],
    };
    endpoint.set("RevisionWeights", make.list(weights));
    if let Some(regions) = regions::expand(node)? {
        endpoint.set("Regions", regions);
    }
    Ok(endpoint)
}
