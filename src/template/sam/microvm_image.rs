//! `AWS::Serverless::MicrovmImage`

use super::capacity_provider::{created_tags, or, propagate_tags};
use super::expander::Expander;
use super::iam;
use super::intrinsics;
use super::refusal::Outcome;
use super::resource::{Node, Resource};
use super::shape::{self, Field, INTEGER, MAY, MUST, Shape, TEXT};
use crate::template::value::{Maker, Text, Value};

const HOOK: Shape = Shape::Either(&[Shape::Map, Shape::Enum(&["ENABLED", "DISABLED"])]);
const MICROVM_HOOKS: &[Field] = &[
    Field("Run", MAY, HOOK),
    Field("RunTimeoutInSeconds", MAY, INTEGER),
    Field("Resume", MAY, HOOK),
    Field("ResumeTimeoutInSeconds", MAY, INTEGER),
    Field("Suspend", MAY, HOOK),
    Field("SuspendTimeoutInSeconds", MAY, INTEGER),
    Field("Terminate", MAY, HOOK),
    Field("TerminateTimeoutInSeconds", MAY, INTEGER),
];
const IMAGE_HOOKS: &[Field] = &[
    Field("Ready", MAY, HOOK),
    Field("ReadyTimeoutInSeconds", MAY, INTEGER),
    Field("Validate", MAY, HOOK),
    Field("ValidateTimeoutInSeconds", MAY, INTEGER),
];
const HOOKS: &[Field] = &[
    Field("Port", MAY, INTEGER),
    Field("MicrovmHooks", MAY, Shape::Fields(MICROVM_HOOKS)),
    Field("MicrovmImageHooks", MAY, Shape::Fields(IMAGE_HOOKS)),
];
const LOGGING: &[Field] = &[
    Field("Disabled", MAY, Shape::Flag),
    Field("CloudWatch", MAY, Shape::Fields(&[Field("LogGroup", MAY, TEXT), Field("LogStream", MAY, TEXT)])),
];
const ARCHITECTURE: Shape = Shape::Either(&[Shape::Map, Shape::Enum(&["ARM_64"])]);
const CAPABILITY: Shape = Shape::Either(&[Shape::Map, Shape::Enum(&["ALL"])]);

const FIELDS: &[Field] = &[
    Field("Name", MUST, TEXT),
    Field("CodeUri", MUST, TEXT),
    Field("BaseImageArn", MUST, TEXT),
    Field("BaseImageVersion", MUST, TEXT),
    Field("BuildRoleArn", MAY, TEXT),
    Field("Description", MAY, TEXT),
    Field("Tags", MAY, Shape::Map),
    Field("Logging", MAY, Shape::Fields(LOGGING)),
    Field("EgressNetworkConnectors", MAY, shape::TEXTS),
    Field("CpuConfigurations", MAY, Shape::List(&Shape::Fields(&[Field("Architecture", MUST, ARCHITECTURE)]))),
    Field("Resources", MAY, Shape::List(&Shape::Fields(&[Field("MinimumMemoryInMiB", MUST, INTEGER)]))),
    Field("AdditionalOsCapabilities", MAY, Shape::List(&CAPABILITY)),
    Field("Hooks", MAY, Shape::Fields(HOOKS)),
    Field("EnvironmentVariables", MAY, Shape::Map),
    Field("PropagateTags", MAY, Shape::Flag),
];

/// Expands the image `node`.
pub fn expand(cx: &Expander, node: &mut Node) -> Outcome<Vec<Resource>> {
    shape::read_all(node, FIELDS)?;
    let make = node.make();
    let mut made = Vec::new();
    let role_arn = match node.truthy("BuildRoleArn") {
        Some(role) => role.clone(),
        None => {
            let role = build_role(cx, node)?;
            let arn = role.get_att("Arn");
            made.push(role);
            arn
        }
    };
    let mut image = node.main("AWS::Lambda::MicrovmImage");
    image.copy(&node.properties, &["Name", "BaseImageArn", "BaseImageVersion"]);
    if let Some(uri) = node.get("CodeUri") {
        image.set("CodeArtifact", Maker::new(uri.origin).map([("Uri", uri.clone())]));
    }
    image.set("BuildRoleArn", role_arn);
    image.set("Description", or(node.get("Description"), make.str("")));
    image.set("Tags", make.list(created_tags(node, true)));
    for name in ["Logging", "Hooks"] {
        image.set(name, or(node.get(name), make.map::<Text>([])));
    }
    for name in ["EgressNetworkConnectors", "CpuConfigurations", "Resources", "AdditionalOsCapabilities"] {
        image.set(name, or(node.get(name), make.list([])));
    }
    let variables = node.get("EnvironmentVariables").and_then(Value::as_map);
    let variables = variables.into_iter().flatten().map(|entry| {
        let make = Maker::new(entry.key_origin);
        make.map([("Key", make.str(entry.key.clone())), ("Value", entry.value.clone())])
    });
    image.set("EnvironmentVariables", make.list(variables));
    made.push(image);
    propagate_tags(node, &mut made);
    Ok(made)
}

fn build_role(cx: &Expander, node: &mut Node) -> Outcome<Resource> {
    let objects = code_objects(cx, node)?;
    let make = node.make();
    let mut role = node.made(format!("{}BuildRole", node.id), "AWS::IAM::Role", node.key_origin)?;
    role.set("AssumeRolePolicyDocument", iam::assume_role(make, "lambda.amazonaws.com"));
    let logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
    let statements =
        make.list([iam::allow_all(make, &["s3:GetObject"], objects), iam::allow_all(make, &logs, make.str("*"))]);
    let document = make.map([("Version", make.str(iam::VERSION)), ("Statement", statements)]);
    let policy = make.map([("PolicyName", make.str("MicrovmImageBuildPolicy")), ("PolicyDocument", document)]);
    role.set("Policies", make.list([policy]));
    role.set("Tags", make.list(created_tags(node, false)));
    Ok(role)
}

/// The objects that the image may be built from.
fn code_objects(cx: &Expander, node: &mut Node) -> Outcome<Value> {
    let resolved = cx.parameters.resolved_entry(&mut node.properties, "CodeUri")?;
    let Some(uri) = node.get("CodeUri") else { return Ok(node.make().null()) };
    let make = Maker::new(uri.origin);
    let place = resolved.as_ref().and_then(Value::as_str).and_then(|text| text.strip_prefix("s3://"));
    if let Some(place) = place {
        let bucket = place.split('/').next().unwrap_or_default();
        if bucket.is_empty() {
            return node
                .refuse(uri.origin, "CodeUri must be a valid S3 URI with a bucket name (e.g. s3://bucket/key.zip).");
        }
        return Ok(make.sub(format!("arn:${{AWS::Partition}}:s3:::{bucket}/*")));
    }
    let split = make.map([("Fn::Split", make.list([make.str("/"), uri.clone()]))]);
    let bucket = make.map([("Fn::Select", make.list([make.int(2), split]))]);
    Ok(intrinsics::sub_with(make, "arn:${AWS::Partition}:s3:::${Bucket}/*", vec![("Bucket", bucket)]))
}
