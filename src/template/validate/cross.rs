//! Rules between parts of a resource, or between resources, that no schema states.

use super::Validation;
use super::call::value_call;
use super::checker::Place;
use super::output::get_att_parts;
use super::scalar::scalar_text;
use super::words::{listed, nearest};
use crate::template::ProblemKind;
use crate::template::value::{Entry, Kind, Map, Value};
use std::collections::BTreeSet;

/// Parts of APIs that belong to one API: type, the property that refers to the part, the type of
/// the part, and the property that both have the API in.
const OF_ONE_API: [(&str, &str, &str, &str); 9] = [
    ("AWS::ApiGateway::Stage", "DeploymentId", "AWS::ApiGateway::Deployment", "RestApiId"),
    ("AWS::ApiGateway::Method", "ResourceId", "AWS::ApiGateway::Resource", "RestApiId"),
    ("AWS::ApiGateway::Method", "AuthorizerId", "AWS::ApiGateway::Authorizer", "RestApiId"),
    ("AWS::ApiGateway::Method", "RequestValidatorId", "AWS::ApiGateway::RequestValidator", "RestApiId"),
    ("AWS::ApiGateway::Resource", "ParentId", "AWS::ApiGateway::Resource", "RestApiId"),
    ("AWS::ApiGatewayV2::Route", "AuthorizerId", "AWS::ApiGatewayV2::Authorizer", "ApiId"),
    ("AWS::ApiGatewayV2::Stage", "DeploymentId", "AWS::ApiGatewayV2::Deployment", "ApiId"),
    ("AWS::AppSync::Resolver", "DataSourceName", "AWS::AppSync::DataSource", "ApiId"),
    ("AWS::AppSync::FunctionConfiguration", "DataSourceName", "AWS::AppSync::DataSource", "ApiId"),
];

impl<'v> Validation<'_, 'v> {
    /// Checks what belongs together in `properties` of a resource of `kind`.
    pub(super) fn cross_checks(&mut self, kind: &str, properties: &'v Value, place: Place<'v>) {
        match kind {
            "AWS::DynamoDB::Table" => self.key_attributes(properties, place),
            "AWS::SQS::Queue" => self.dead_letter_queue(properties, place),
            "AWS::Lambda::EventSourceMapping" => self.batch_size(properties),
            "AWS::CodeBuild::Project" => self.role_by_name(properties),
            "AWS::S3::BucketPolicy" => self.bucket_policy(properties),
            _ => {}
        }
        for (_, property, target, shared) in OF_ONE_API.iter().filter(|(of, ..)| *of == kind) {
            self.of_one_api(properties, property, target, shared);
        }
    }

    /// A property that refers to a part of an API, which must be the API of the resource itself.
    fn of_one_api(&mut self, properties: &'v Value, property: &str, target: &str, shared: &str) {
        let Some(given) = properties.get(property) else { return };
        let Some(id) = self.target(given) else { return };
        let Some(part) = self.index.resources.get(id).filter(|resource| resource.kind == Some(target)) else { return };
        let (Some(ours), Some(theirs)) = (properties.get(shared), part.property(shared)) else { return };
        if let (Some(own), Some(other)) = (self.target(ours), self.target(theirs))
            && own != other
            && self.index.resources.contains_key(own)
            && self.index.resources.contains_key(other)
        {
            let message = format!("`{property}` names `{id}`, which belongs to the API `{other}`, and this to `{own}`");
            let origin = value_call(given).map_or(given.origin, |call| call.entry.key_origin);
            self.report(ProblemKind::PropertyConflict, origin, message, "refer to a part of the same API");
        }
    }

    /// A bucket's policy speaks of the bucket and its objects, by ARN.
    fn bucket_policy(&mut self, properties: &'v Value) {
        let Some(document) = properties.get("PolicyDocument") else { return };
        let statements = document.get("Statement");
        let list = statements.map(|given| given.as_list().unwrap_or(std::slice::from_ref(given)));
        for statement in list.unwrap_or_default() {
            for name in ["Resource", "NotResource"] {
                let given = statement.get(name).map(|value| value.as_list().unwrap_or(std::slice::from_ref(value)));
                for resource in given.unwrap_or_default() {
                    let wrong = resource.as_str().filter(|text| {
                        !text.starts_with("arn:")
                            && !text.contains("${")
                            && !text.contains("{{resolve:")
                            && !crate::template::unknown::is_unknown(text)
                    });
                    if let Some(text) = wrong {
                        let message =
                            format!("S3 takes the ARN of the bucket or of its objects here, and not `{text}`");
                        let help = "write `arn:aws:s3:::bucket/*`, or the bucket's `Arn` attribute";
                        self.report(ProblemKind::InvalidPolicyDocument, resource.origin, message, help);
                    }
                }
            }
        }
    }

    /// Attributes of a table are those its keys use, no more and no less.
    fn key_attributes(&mut self, properties: &'v Value, place: Place<'v>) {
        let Some(defined) = attribute_names(properties.get("AttributeDefinitions")) else { return };
        let Some(mut used) = attribute_names(properties.get("KeySchema")) else { return };
        for section in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            match properties.get(section).map(|value| &value.kind) {
                None => {}
                Some(Kind::List(indexes)) => {
                    for index in indexes {
                        let Some(names) = attribute_names(index.get("KeySchema")) else { return };
                        used.extend(names);
                    }
                }
                Some(_) => return,
            }
        }
        let idle: Vec<&str> = defined.difference(&used).copied().collect();
        let missing: Vec<&str> = used.difference(&defined).copied().collect();
        let (message, help) = if !missing.is_empty() {
            let names = listed(missing, "and");
            (
                format!("the keys use {names}, and `AttributeDefinitions` does not define it"),
                "add it to `AttributeDefinitions`",
            )
        } else if !idle.is_empty() {
            let names = listed(idle, "and");
            (
                format!("`AttributeDefinitions` defines {names}, and no key uses it"),
                "define key attributes only; other attributes need no definition",
            )
        } else {
            return;
        };
        self.report(ProblemKind::PropertyConflict, place.origin, message, help);
    }

    /// The logical id that a property's value refers to.
    fn target(&self, value: &'v Value) -> Option<&'v str> {
        let call = value_call(value)?;
        match call.name {
            "Ref" => call.argument().as_str(),
            "Fn::GetAtt" => get_att_parts(&self.index, call.argument()).map(|(id, _)| id),
            _ => None,
        }
    }

    /// The queue that a property's value refers to, and whether it is a FIFO queue.
    fn queue(&self, value: &'v Value) -> Option<(&'v str, bool)> {
        let id = self.target(value)?;
        let queue = self.index.resources.get(id).filter(|resource| resource.kind == Some("AWS::SQS::Queue"))?;
        Some((id, is_true(queue.property("FifoQueue"))?))
    }

    /// A dead-letter queue is of the same kind as its queue.
    fn dead_letter_queue(&mut self, properties: &'v Value, place: Place<'v>) {
        let Some(target) = properties.at(&["RedrivePolicy", "deadLetterTargetArn"]) else { return };
        let (Some((id, theirs)), Some(ours)) = (self.queue(target), is_true(properties.get("FifoQueue"))) else {
            return;
        };
        if theirs != ours {
            let origin = properties
                .as_map()
                .and_then(|map| map.entry("FifoQueue"))
                .map_or(place.origin, |entry| entry.key_origin);
            let kind = |fifo| if fifo { "a FIFO queue" } else { "a standard queue" };
            let message = format!("this is {}, and its dead-letter queue `{id}` is {}", kind(ours), kind(theirs));
            self.report(ProblemKind::PropertyConflict, origin, message, "make both queues of one kind");
        }
    }

    /// A FIFO queue hands out ten messages at most.
    fn batch_size(&mut self, properties: &'v Value) {
        let Some(source) = properties.get("EventSourceArn") else { return };
        let Some((id, true)) = self.queue(source) else { return };
        let Some(size) = properties.get("BatchSize") else { return };
        if size.as_int().is_some_and(|number| number > 10) {
            let message = format!(
                "the FIFO queue `{id}` hands out at most 10 messages at once, and `BatchSize` is {}",
                size.as_int().unwrap_or_default()
            );
            self.report(ProblemKind::PropertyConflict, size.origin, message, "use a batch size of 1 to 10");
        }
    }

    /// `Ref` gives the name of a role without its path.
    fn role_by_name(&mut self, properties: &'v Value) {
        let Some(role) = properties.get("ServiceRole") else { return };
        let Some(call) = value_call(role).filter(|call| call.name == "Ref") else { return };
        let Some(id) = call.argument().as_str() else { return };
        let path = self.index.resources.get(id).and_then(|role| role.property("Path")).and_then(Value::as_str);
        if let Some(path) = path.filter(|path| *path != "/") {
            let message = format!("the role `{id}` has the path `{path}`, and `Ref` gives its name alone");
            self.report(ProblemKind::InvalidIdentifier, call.entry.key_origin, message, "use `Fn::GetAtt` with `Arn`");
        }
    }

    /// `IgnoreGlobals` of a SAM resource names globals that are there.
    pub(super) fn ignored_globals(&mut self, attribute: &'v Entry, kind: Option<&'v str>) {
        let (Some(globals), Some(section)) =
            (self.index.globals, kind.and_then(|kind| kind.strip_prefix("AWS::Serverless::")))
        else {
            return;
        };
        let names: Vec<&str> = globals.get(section).and_then(Value::as_map).into_iter().flat_map(Map::keys).collect();
        for item in attribute.value.as_list().unwrap_or_default() {
            let Some(name) = item.as_str().filter(|name| !names.contains(name)) else { continue };
            let help = match nearest(name, names.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("`Globals` gives {}", listed(names.iter().copied(), "and")),
            };
            let message = format!("`IgnoreGlobals` names `{name}`, which `Globals` does not give to a {section}");
            self.report(ProblemKind::SamConfiguration, item.origin, message, &help);
        }
    }
}

/// The attribute names of a key schema; `None` when one is not known.
fn attribute_names(list: Option<&Value>) -> Option<BTreeSet<&str>> {
    list.map_or(Some(BTreeSet::new()), |list| {
        list.as_list()?.iter().map(|item| item.get("AttributeName")?.as_str()).collect()
    })
}

/// A boolean that is false when it is not given; `None` when it is not known.
fn is_true(value: Option<&Value>) -> Option<bool> {
    let Some(value) = value else { return Some(false) };
    match scalar_text(value)?.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}
