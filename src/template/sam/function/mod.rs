//! `AWS::Serverless::Function`

mod alias;
mod code;
mod invoke_config;
mod role;
mod url;
mod validation;

use super::events;
use super::expander::{Expander, Expansion};
use super::python;
use super::refusal::Outcome;
use super::resource::{Node, Resource, Target, tag, tag_list};
use crate::template::value::{Kind, Maker, Map, Value};

/// Tags that the transform reserves.
const RESERVED_TAGS: [&str; 3] = ["lambda:createdBy", "serverlessrepo:applicationId", "serverlessrepo:semanticVersion"];

/// Properties that a function of CloudFormation has under the same name.
const SAME: [&str; 23] = [
    "Handler",
    "Runtime",
    "Description",
    "MemorySize",
    "Timeout",
    "VpcConfig",
    "Role",
    "Environment",
    "KmsKeyArn",
    "ReservedConcurrentExecutions",
    "Layers",
    "FileSystemConfigs",
    "ImageConfig",
    "PackageType",
    "Architectures",
    "SnapStart",
    "EphemeralStorage",
    "CodeSigningConfigArn",
    "RuntimeManagementConfig",
    "LoggingConfig",
    "TenancyConfig",
    "RecursiveLoop",
    "DurableConfig",
];

/// Expands the function `node`.
pub fn expand(cx: &mut Expander, node: Node) -> Outcome<Expansion> {
    let (list, refused) = events::link(cx, &node, events::Owner::Function);
    match expand_linked(cx, node, list) {
        Ok(expansion) => Ok(Expansion { failure: refused.or(expansion.failure), ..expansion }),
        Err(error) => Err(refused.unwrap_or(error)),
    }
}

fn expand_linked(cx: &mut Expander, mut node: Node, list: Vec<events::Event>) -> Outcome<Expansion> {
    validation::rules(&node)?;
    validation::dead_letter_queue(&node)?;
    validation::tenancy(cx, &node)?;
    let mut function = main(cx, &mut node)?;
    if let Some(provisioned) = node.truthy("ProvisionedConcurrencyConfig")
        && node.truthy("AutoPublishAlias").is_none()
    {
        return node.refuse(
            provisioned.origin,
            "To set ProvisionedConcurrencyConfig AutoPublishALias must be defined on the function",
        );
    }
    let mut made = Vec::new();
    let mut alias = alias::publish(cx, &mut node, &mut function, &mut made)?;
    url::expand(&node, alias.as_ref(), &mut made)?;
    alias::deployment(cx, &mut node, alias.as_mut())?;
    let alias_name = alias.as_ref().and_then(|alias| alias.properties.get("Name")).cloned();
    let mut inline = Vec::new();
    if node.truthy("EventInvokeConfig").is_some() {
        inline = invoke_config::expand(cx, &mut node, alias.as_ref(), alias_name, &mut made)?;
    }
    let mut role = role::construct(cx, &mut node, inline)?;
    let own_role = role::attach(cx, &mut node, &mut function, &mut role)?;
    let make = node.make();
    let target = Target {
        id: alias.as_ref().map_or_else(|| node.id.clone(), |alias| alias.id.clone()),
        key_origin: node.key_origin,
        arn: alias
            .as_ref()
            .map_or_else(|| make.get_att(node.id.clone(), "Arn"), |alias| make.reference(alias.id.clone())),
        name: make.reference(alias.as_ref().map_or_else(|| node.id.clone(), |alias| alias.id.clone())),
        inherited: node.inherited(),
    };
    let mut resources = vec![function];
    resources.append(&mut made);
    resources.extend(alias);
    let (event_resources, failure) = events::expand(cx, &node.id, &target, list, &mut role);
    if own_role {
        resources.push(role);
    }
    resources.extend(event_resources);
    propagate_tags(&node, &mut resources);
    Ok(Expansion { resources, failure })
}

fn main(cx: &mut Expander, node: &mut Node) -> Outcome<Resource> {
    let mut function = node.main("AWS::Lambda::Function");
    if node.truthy("FunctionName").is_some() {
        function.copy(&node.properties, &["FunctionName"]);
    }
    function.copy(&node.properties, &SAME);
    function.set("Code", code::code(node)?);
    function.set("Tags", node.make().list(created_tags(node)?));
    let traced = is_traced(cx, node)?;
    if let Some(tracing) = node.get("Tracing").filter(|_| traced) {
        let make = Maker::new(tracing.origin);
        function.set("TracingConfig", make.map([("Mode", tracing.clone())]));
    }
    if let Some(queue) = node.truthy("DeadLetterQueue")
        && let Some(target) = queue.get("TargetArn")
    {
        let make = Maker::new(queue.origin);
        function.set("DeadLetterConfig", make.map([("TargetArn", target.clone())]));
    }
    if let Some(config) = node.truthy("CapacityProviderConfig") {
        function.set("CapacityProviderConfig", validation::capacity_provider(node, config)?);
    }
    if node.truthy("FunctionScalingConfig").is_some() {
        function.copy(&node.properties, &["FunctionScalingConfig"]);
    }
    function.copy(&node.properties, &["PublishToLatestPublished"]);
    validation::package_type(node, &function)?;
    Ok(function)
}

/// Whether tracing is on, as far as that is known here.
fn is_traced(cx: &Expander, node: &mut Node) -> Outcome<bool> {
    let resolved = cx.parameters.resolved_entry(&mut node.properties, "Tracing")?;
    let on = node.truthy("Tracing").is_some();
    Ok(on && resolved.is_none_or(|tracing| tracing.as_str() != Some("Disabled")))
}

/// The tags of resources that the function causes.
pub fn created_tags(node: &Node) -> Outcome<Vec<Value>> {
    created_tags_with(node, Vec::new())
}

/// The same with further tags of the transform.
pub fn created_tags_with(node: &Node, more: Vec<Value>) -> Outcome<Vec<Value>> {
    let given = node.get("Tags").and_then(Value::as_map);
    for reserved in RESERVED_TAGS {
        if let Some(entry) = given.and_then(|tags| tags.entry(reserved)) {
            return node.refuse(
                entry.key_origin,
                format!(
                    "{reserved} is a reserved Tag key name and cannot be set on your resource. Please change the tag key in the input."
                ),
            );
        }
    }
    let mut tags = vec![tag(node.make(), "lambda:createdBy", "SAM")];
    tags.extend(more);
    tags.extend(tag_list(given));
    Ok(tags)
}

/// Types of generated resources that have `Tags`.
const TAGGED: [&str; 16] = [
    "AWS::Lambda::Function",
    "AWS::IAM::Role",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::S3::Bucket",
    "AWS::IoT::TopicRule",
    "AWS::StepFunctions::StateMachine",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGateway::DomainNameV2",
    "AWS::ApiGateway::UsagePlan",
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGateway::DomainNameAccessAssociation",
    "AWS::Lambda::CapacityProvider",
    "AWS::DynamoDB::Table",
];

/// Gives the resources the tags of `node` when it says `PropagateTags`.
pub fn propagate_tags(node: &Node, resources: &mut [Resource]) {
    let Some(tags) = node.truthy("Tags").filter(|_| node.truthy("PropagateTags").is_some()) else { return };
    assign_tags(tags, resources);
}

/// Sets `tags` on the resources that can have some.
pub fn assign_tags(tags: &Value, resources: &mut [Resource]) {
    let Some(map) = tags.as_map().filter(|_| python::truthy(tags)) else { return };
    let list = Value::new(Kind::List(tag_list(Some(map))), tags.origin);
    for resource in resources {
        match resource.kind {
            "AWS::ApiGatewayV2::Stage" | "AWS::ApiGatewayV2::DomainName" => resource.set("Tags", tags.clone()),
            "AWS::ApiGatewayV2::Api" if resource.properties.get("ProtocolType").is_some() => {
                resource.set("Tags", tags.clone());
            }
            kind if TAGGED.contains(&kind) => resource.set("Tags", list.clone()),
            _ => {}
        }
    }
}

/// A copy of `map` with `entry` set, for hashing.
fn with(mut map: Map, key: &str, value: Value) -> Map {
    map.insert(key, value);
    map
}
