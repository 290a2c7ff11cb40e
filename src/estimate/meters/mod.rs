//! What an event at a resource costs, and what a resource costs without any: one file a
//! service.

pub mod api_gateway;
mod appsync;
mod cloudfront;
pub mod cloudwatch;
mod cognito;
pub mod dynamodb;
mod eventbridge;
mod firehose;
mod kinesis;
pub mod lambda;
pub mod s3;
pub mod secrets;
pub mod sns;
pub mod sqs;
pub mod step_functions;
mod unpriced;
mod vpc;
mod xray;

pub use unpriced::is_charged;

use super::model::Model;
use super::traffic::ty;
use super::usage::Key;
use super::variables::Quantity;
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::{EdgeRef, NodeKind, NodeRef, Part};

/// Kilobytes of a gigabyte.
pub const KB_PER_GB: f64 = 1_048_576.0;
/// Seconds of the month that prices are stated for.
const SECONDS: f64 = HOURS_PER_MONTH * 3600.0;

/// Adds what `node` costs, or why that is not known.
pub fn charge(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    match node.kind() {
        NodeKind::Function => lambda::function(model, node),
        NodeKind::Alias | NodeKind::Version => lambda::provisioned(model, node),
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi => api_gateway::api(model, node),
        NodeKind::Stage => api_gateway::stage(model, node),
        NodeKind::GraphQlApi => appsync::api(model, node),
        NodeKind::Queue => sqs::queue(model, node),
        NodeKind::Topic => sns::topic(model, node),
        NodeKind::Bus => eventbridge::bus(model, node),
        NodeKind::Schedule => eventbridge::schedule(model, node),
        NodeKind::Pipe => eventbridge::pipe(model, node),
        NodeKind::Table => dynamodb::table(model, node),
        NodeKind::Stream => kinesis::stream(model, node),
        NodeKind::Firehose => firehose::delivery_stream(model, node),
        NodeKind::Bucket => s3::bucket(model, node),
        NodeKind::LogGroup => cloudwatch::log_group(model, node),
        NodeKind::Alarm => cloudwatch::alarm(model, node),
        NodeKind::Dashboard => model.baseline(node, "cloudwatch.dashboards", 1.0),
        NodeKind::UserPool => cognito::user_pool(model, node),
        NodeKind::Secret => secrets::secret(model, node),
        NodeKind::Key => secrets::key(model, node),
        NodeKind::Network => vpc::network(model, node),
        _ => match ty(node) {
            "AWS::Lambda::EventSourceMapping" => lambda::pollers(model, node),
            "AWS::Lambda::Url" => lambda::url(model, node),
            "AWS::Lambda::CapacityProvider" => lambda::capacity_provider(model, node),
            "AWS::Events::Archive" => eventbridge::archive(model, node),
            "AWS::EventSchemas::Discoverer" => eventbridge::discoverer(model, node),
            "AWS::Kinesis::StreamConsumer" => kinesis::consumer(model, node),
            "AWS::Logs::MetricFilter" => model.baseline(node, "cloudwatch.metrics", 1.0),
            "AWS::CloudFront::Distribution" => cloudfront::distribution(model, node),
            "AWS::KMS::ReplicaKey" => model.baseline(node, "kms.keys", 1.0),
            "AWS::EC2::EIP" => model.baseline(node, "vpc.ipv4-hours", HOURS_PER_MONTH),
            "AWS::Route53::HostedZone" => model.baseline(node, "route53.zones", 1.0),
            "AWS::WAFv2::WebACL" => {
                model.baseline(node, "waf.web-acls", 1.0);
                let rules = node.property(&["Rules"]).known().and_then(|value| value.as_list().map(<[_]>::len));
                model.baseline(node, "waf.rules", rules.unwrap_or(0) as f64);
            }
            _ => {}
        },
    }
    if let Some(reason) = unpriced::reason(node) {
        model.unpriced(node, reason);
    }
}

/// The properties of a node.
fn part(node: NodeRef<'_>) -> Option<Part<'_>> {
    node.resource().map(Part::of)
}

/// Chunks of `kb` that an event of `node` is charged as; one at least.
pub fn chunks(model: &mut Model<'_, '_>, node: NodeRef<'_>, kb: f64) -> Quantity {
    let size = model.variables.of(node, Key::RequestSizeKb);
    Box::new(move |point| (point.at(size) / kb).ceil().max(1.0))
}

/// Records of one batch of a mapping or pipe.
pub fn batch(model: &mut Model<'_, '_>, edge: EdgeRef<'_>) -> Quantity {
    let source = edge.source();
    let default = if source.kind() == NodeKind::Queue { 10 } else { 100 };
    let mapping = edge.via().and_then(|via| source.graph().node(via.id()));
    let size = match (mapping, edge.target().kind()) {
        (Some(mapping), _) => mapping.property(&["BatchSize"]).int(),
        (None, NodeKind::Pipe) => {
            let name = match source.kind() {
                NodeKind::Queue => "SqsQueueParameters",
                NodeKind::Stream => "KinesisStreamParameters",
                _ => "DynamoDBStreamParameters",
            };
            Some(edge.target().property(&["SourceParameters", name, "BatchSize"]).int().unwrap_or(1))
        }
        _ => Some(1),
    };
    let size = size.unwrap_or(default).clamp(1, 10_000) as f64;
    let fill = model.variables.of(mapping.unwrap_or(edge.target()), Key::BatchFill);
    Box::new(move |point| 1.0 + (size - 1.0) * point.at(fill).clamp(0.0, 1.0))
}

/// Whether something refers to the resource by a scaling target, and its least capacity.
fn scaled_to(node: NodeRef<'_>, dimension: &str) -> Option<f64> {
    let graph = node.graph();
    graph.resources_of("AWS::ApplicationAutoScaling::ScalableTarget").find_map(|target| {
        let of = target.property(&["ScalableDimension"]).text()?;
        let id = target.property(&["ResourceId"]).symbolic()?;
        let own = node.logical_id()?;
        let name = node.property(&["TableName"]).text();
        let words = || id.split(|c: char| !c.is_ascii_alphanumeric());
        let refers = words().any(|word| word == own) || name.is_some_and(|name| id.ends_with(&format!("/{name}")));
        let capacity = target.property(&["MinCapacity"]).int()?;
        (of == dimension && refers).then_some(capacity.max(0) as f64)
    })
}
