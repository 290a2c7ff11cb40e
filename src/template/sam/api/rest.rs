//! `AWS::Serverless::Api`

use super::domain;
use super::{document, gateway_responses, postprocess, rest_body, usage_plan};
use crate::template::sam::expander::Expander;
use crate::template::sam::function::propagate_tags;
use crate::template::sam::include;
use crate::template::sam::intrinsics;
use crate::template::sam::location::S3Location;
use crate::template::sam::naming;
use crate::template::sam::python::{self, COMPACT, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource, tag_list};
use crate::template::value::{Maker, Value};

/// Properties that a stage has under the same name.
const STAGE: [&str; 7] = [
    "CacheClusterEnabled",
    "CacheClusterSize",
    "Variables",
    "MethodSettings",
    "AccessLogSetting",
    "CanarySetting",
    "TracingEnabled",
];

/// Expands the API `node`.
pub fn expand(cx: &mut Expander, mut node: Node) -> Outcome<Vec<Resource>> {
    for name in ["BinaryMediaTypes", "Domain", "Auth"] {
        if let Some(value) = node.properties.get_mut(name) {
            cx.parameters.resolve(value)?;
        }
    }
    let api = rest_api(cx, &node)?;
    let domain = domain::expand(cx, &mut node)?;
    let mut deployment = node.made(format!("{}Deployment", node.id), "AWS::ApiGateway::Deployment", node.key_origin)?;
    deployment.set("RestApiId", deployment.make().reference(node.id.clone()));
    if node.truthy("OpenApiVersion").is_none() {
        deployment.set("StageName", deployment.make().str("Stage"));
    }
    let stage = stage(cx, &node, &api, &mut deployment)?;
    let mut permissions = Vec::new();
    if let Some(auth) = node.truthy("Auth").and_then(Value::as_map) {
        for authorizer in rest_body::authorizers(&node, auth, false, cx.partition)? {
            if let Some(function) = authorizer.function_to_permit() {
                permissions.push(permission(cx, &node, &authorizer.name, authorizer.key_origin, function)?);
            }
        }
    }
    let plan = usage_plan::expand(cx, &node, &stage)?;
    let mut made = vec![api, deployment, stage];
    made.extend(permissions);
    made.extend(domain);
    made.extend(plan);
    propagate_tags(&node, &mut made);
    Ok(made)
}

fn rest_api(cx: &Expander, node: &Node) -> Outcome<Resource> {
    let uri = node.truthy("DefinitionUri");
    let mut body = node.get("DefinitionBody").cloned().unwrap_or_else(|| node.make().null());
    if let Some(uri) = uri {
        if python::truthy(&body) {
            return node
                .refuse(uri.origin, "Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.");
        }
        if let Some(merge) = node.truthy("MergeDefinitions") {
            return node.refuse(merge.origin, "Cannot set 'MergeDefinitions' to True when using `DefinitionUri`.");
        }
    }
    let version = node.truthy("OpenApiVersion");
    if let Some(version) = version.filter(|version| !document::is_supported_version(version)) {
        return node.refuse(version.origin, "The OpenApiVersion value must be of the format '3.0.0'.");
    }
    let mut api = node.main("AWS::ApiGateway::RestApi");
    api.set_some("BinaryMediaTypes", node.get("BinaryMediaTypes"));
    api.copy(&node.properties, &["MinimumCompressionSize"]);
    if let Some(endpoint) = node.truthy("EndpointConfiguration") {
        endpoint_configuration(node, &mut api, endpoint)?;
    } else if cx.partition.starts_with("aws-iso") || matches!(cx.partition, "aws-us-gov" | "aws-cn" | "aws-eusc") {
        endpoint_configuration(node, &mut api, &node.make().str("REGIONAL"))?;
    }
    // What a macro puts into the document is not known here.
    if !include::is_transform(&body) {
        rest_body::cors(node, &mut body)?;
        rest_body::auth(node, &mut body, cx.partition)?;
        gateway_responses::write(node, &mut body)?;
        rest_body::binary_media_types(node.get("BinaryMediaTypes"), &mut body)?;
        rest_body::models(node, &mut body)?;
    }
    if node.truthy("FailOnWarnings").is_some() {
        api.copy(&node.properties, &["FailOnWarnings"]);
    }
    if !include::is_transform(&body) {
        rest_body::endpoint(node, &mut body)?;
    }
    if let Some(uri) = uri {
        let location = S3Location::definition(&node.id, uri)?;
        api.set("BodyS3Location", location.into_body(Maker::new(uri.origin)));
    } else if python::truthy(&body) {
        postprocess::run(&mut body, node.get("OpenApiVersion"))?;
        let origin = node.properties.entry("DefinitionBody").map_or(body.origin, |entry| entry.key_origin);
        api.properties.insert_at("Body", origin, body);
    }
    for name in ["Name", "Description", "Mode", "ApiKeySourceType", "Policy", "SecurityPolicy", "EndpointAccessMode"] {
        if node.truthy(name).is_some() {
            api.copy(&node.properties, &[name]);
        }
    }
    Ok(api)
}

fn endpoint_configuration(node: &Node, api: &mut Resource, value: &Value) -> Outcome<()> {
    let make = Maker::new(value.origin);
    let Some(kind) = value.truthy("Type") else {
        api.set("EndpointConfiguration", make.map([("Types", make.list([value.clone()]))]));
        api.set("Parameters", make.map([("endpointConfigurationTypes", value.clone())]));
        return Ok(());
    };
    let mut configuration = vec![("Types", make.list([kind.clone()]))];
    if let (Some(_), Some(second)) = (value.get("VPCEndpointIds"), value.get("VpcEndpointIds")) {
        return node.refuse(
            second.origin,
            "'VPCEndpointIds' and 'VpcEndpointIds' cannot be used together in EndpointConfiguration.",
        );
    }
    if value.get("VPCEndpointIds").is_some() || value.get("VpcEndpointIds").is_some() {
        let ids = value.truthy("VPCEndpointIds").or_else(|| value.get("VpcEndpointIds"));
        configuration.push(("VpcEndpointIds", ids.cloned().unwrap_or_else(|| make.null())));
    }
    if let Some(addresses) = value.get("IpAddressType") {
        configuration.push(("IpAddressType", addresses.clone()));
    }
    api.set("EndpointConfiguration", make.map(configuration));
    api.set("Parameters", make.map([("endpointConfigurationTypes", kind.clone())]));
    Ok(())
}

fn stage(cx: &Expander, node: &Node, api: &Resource, deployment: &mut Resource) -> Outcome<Resource> {
    let name = node.get("StageName");
    let text = name.and_then(Value::as_str).unwrap_or_default();
    let id = if naming::is_alphanumeric(text) {
        format!("{}{text}Stage", node.id)
    } else {
        naming::suffixed(&format!("{}Stage", node.id), text)
    };
    let cause = name.map_or(node.key_origin, |name| name.origin);
    let mut stage = node.made(id, "AWS::ApiGateway::Stage", cause)?;
    let make = stage.make();
    stage.set("RestApiId", make.reference(node.id.clone()));
    stage.copy(&node.properties, &["StageName"]);
    stage.copy(&node.properties, &STAGE);
    let content = api.properties.get("Body").or_else(|| api.properties.get("BodyS3Location"));
    if let Some(content) = content.filter(|content| python::truthy(content)) {
        let digest = deployment_digest(cx, node, content);
        deployment.id = format!("{}{}", deployment.id, digest.get(..10).unwrap_or(&digest)).into();
        deployment.set("Description", make.str(format!("RestApi deployment id: {digest}")));
    }
    stage.set("DeploymentId", make.reference(deployment.id.clone()));
    if let Some(tags) = node.get("Tags") {
        stage.set("Tags", Maker::new(tags.origin).list(tag_list(tags.as_map())));
    }
    Ok(stage)
}

/// What a new deployment is made for when it changes. The reference hashes a printed form
/// that no other tool prints; any other text that changes with the same content serves.
fn deployment_digest(cx: &Expander, node: &Node, content: &Value) -> String {
    let mut parts = vec![python::json(content, COMPACT)];
    for name in ["OpenApiVersion", "Domain"] {
        parts.extend(node.truthy(name).map(|value| python::json(value, COMPACT)));
    }
    parts.extend(function_names(cx, node));
    naming::digest(&parts.join("||"))
}

/// Names of the functions whose events name this API.
fn function_names(cx: &Expander, node: &Node) -> Option<String> {
    let mut names = String::new();
    for entry in &cx.resources {
        let Some(properties) =
            entry.value.get("Properties").filter(|_| entry.value.is("Type", "AWS::Serverless::Function"))
        else {
            continue;
        };
        for event in
            properties.get("Events").and_then(Value::as_map).into_iter().flat_map(crate::template::value::Map::values)
        {
            let api = event.at(&["Properties", "RestApiId"]).map(intrinsics::referenced).and_then(Value::as_str);
            if event.is("Type", "Api")
                && api == Some(&node.id)
                && let Some(mut name) = properties.some("FunctionName").cloned()
            {
                let _ = cx.parameters.resolve(&mut name);
                names.push_str(&python::display(&name));
            }
        }
    }
    (!names.is_empty()).then_some(names)
}

fn permission(
    cx: &Expander,
    node: &Node,
    name: &str,
    cause: crate::template::value::Origin,
    function: &Value,
) -> Outcome<Resource> {
    let id = format!("{}{name}AuthorizerPermission", node.id);
    let mut permission = node.made(id, "AWS::Lambda::Permission", cause)?;
    let make = permission.make();
    let arn =
        format!("arn:{}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/authorizers/*", cx.partition);
    let api = make.reference(node.id.clone());
    permission.set("Action", make.str("lambda:InvokeFunction"));
    permission.set("FunctionName", function.clone());
    permission.set("Principal", make.str("apigateway.amazonaws.com"));
    permission.set("SourceArn", intrinsics::sub_with(make, arn, vec![("__ApiId__", api)]));
    Ok(permission)
}
