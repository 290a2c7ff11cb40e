//! What one event at a resource uses, and what a resource costs at no traffic.

use super::assumptions::Point;
use super::traffic::batch;
use crate::facts::{prices::HOURS_PER_MONTH, quotas};
use crate::graph::{EdgeKind, NodeKind, NodeRef};

/// Units of one meter.
pub type Use = (&'static str, f64);

/// What a function is configured to.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionShape {
    /// Memory, MB.
    pub memory_mb: f64,
    /// Timeout, seconds.
    pub timeout_s: f64,
    /// Whether it runs on arm64.
    pub arm: bool,
    /// The runtime; none for an image or when unknown.
    pub runtime: Option<String>,
    /// Whether the code is a container image.
    pub image: bool,
}

/// Reads the configuration of a function.
pub fn shape(node: NodeRef<'_>) -> FunctionShape {
    let number = |name: &str, default: i64| node.property(&[name]).int().filter(|n| *n > 0).unwrap_or(default) as f64;
    let arm = node
        .property(&["Architectures"])
        .known()
        .and_then(|value| value.as_list().map(|items| items.iter().any(|item| item.as_str() == Some("arm64"))));
    FunctionShape {
        memory_mb: number("MemorySize", quotas::lambda::DEFAULT_MEMORY_MB),
        timeout_s: number("Timeout", quotas::lambda::DEFAULT_TIMEOUT),
        arm: arm.unwrap_or(false),
        runtime: node.property(&["Runtime"]).text().map(|text| text.to_string()),
        image: node.property(&["PackageType"]).text().is_some_and(|text| text == "Image"),
    }
}

/// Duration of a call under an assumption; never beyond the timeout.
pub fn duration_s(shape: &FunctionShape, point: &Point) -> f64 {
    (point.duration_ms / 1000.0).min(shape.timeout_s)
}

/// What one event at `node` uses.
pub fn per_event(node: NodeRef<'_>, point: &Point) -> Vec<Use> {
    let fifo = |name: &str| node.property(&[name]).bool() == Some(true);
    match node.kind() {
        NodeKind::Function => {
            let shape = shape(node);
            let gb_s = duration_s(&shape, point) * shape.memory_mb / 1024.0;
            let meter = if shape.arm { "lambda.duration.arm" } else { "lambda.duration.x86" };
            let mut used = vec![("lambda.requests", 1.0), (meter, gb_s)];
            let extra = node.property(&["EphemeralStorage", "Size"]).int().unwrap_or(512) as f64 - 512.0;
            if extra > 0.0 {
                used.push(("lambda.ephemeral-storage", duration_s(&shape, point) * extra / 1024.0));
            }
            used.push(("logs.lambda-ingested", point.log_kb / 1024.0 / 1024.0));
            used
        }
        NodeKind::RestApi => vec![("apigateway.rest-requests", 1.0)],
        NodeKind::HttpApi => vec![("apigateway.http-requests", 1.0)],
        NodeKind::WebSocketApi => vec![("apigateway.websocket-messages", 1.0)],
        NodeKind::GraphQlApi => vec![("appsync.queries", 1.0)],
        NodeKind::Queue => {
            let meter = if fifo("FifoQueue") { "sqs.fifo" } else { "sqs.standard" };
            // Sent once, then received and deleted by the batch.
            let polled = node.outgoing().filter(|edge| edge.kind() == EdgeKind::Polls);
            let taken: f64 = polled.map(|edge| 2.0 / batch(edge, point)).sum();
            vec![(meter, 1.0 + taken)]
        }
        NodeKind::Topic if fifo("FifoTopic") => vec![("sns.fifo-publishes", 1.0)],
        NodeKind::Topic => vec![("sns.publishes", 1.0)],
        NodeKind::Bus => vec![("events.custom", 1.0)],
        NodeKind::Schedule => vec![("events.scheduler", 1.0)],
        NodeKind::Pipe => vec![("events.pipes", 1.0)],
        NodeKind::StateMachine => {
            let express = node.property(&["StateMachineType"]).text().is_some_and(|text| text == "EXPRESS");
            let states = states(node);
            if express {
                let seconds = states * point.duration_ms / 1000.0;
                vec![("states.express-requests", 1.0), ("states.express-duration", seconds * 64.0 / 1024.0)]
            } else {
                vec![("states.transitions", states + 1.0)]
            }
        }
        NodeKind::Table if !provisioned(node) => {
            let mut used = Vec::new();
            let reached = |kind| node.incoming().any(|edge| edge.kind() == kind);
            let (reads, writes) = (reached(EdgeKind::Reads), reached(EdgeKind::Writes));
            let sides = f64::from(u8::from(reads) + u8::from(writes)).max(1.0);
            if reads {
                used.push(("dynamodb.read-units", 0.5 / sides));
            }
            if writes {
                used.push(("dynamodb.write-units", 1.0 / sides));
            }
            used
        }
        NodeKind::Stream => vec![("kinesis.put-units", 1.0)],
        _ => Vec::new(),
    }
}

/// States of a state machine, each of which one execution enters once: an upper bound for
/// choices, a lower bound for maps and retries. Five when the definition is not at hand.
fn states(node: NodeRef<'_>) -> f64 {
    let definition = node.property(&["Definition", "States"]);
    if let Some(count) = definition.known().and_then(|value| value.as_map().map(crate::graph::Map::len)) {
        return count as f64;
    }
    let text = node.property(&["DefinitionString"]).symbolic();
    let parsed = text.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let count =
        parsed.and_then(|value| value.get("States").and_then(|states| states.as_object().map(serde_json::Map::len)));
    count.unwrap_or(5) as f64
}

fn provisioned(node: NodeRef<'_>) -> bool {
    // A table without a billing mode is provisioned; a global table always has one.
    node.property(&["BillingMode"]).text().map_or_else(
        || node.property(&["BillingMode"]).is_absent() && !node.property(&["ProvisionedThroughput"]).is_absent(),
        |mode| mode == "PROVISIONED",
    )
}

/// What `node` uses in a month without any traffic.
pub fn baseline(node: NodeRef<'_>) -> Vec<Use> {
    let ty = node.resource().map(crate::graph::Resource::ty).unwrap_or_default();
    let int = |path: &[&str], default: i64| node.property(path).int().unwrap_or(default).max(0) as f64;
    match node.kind() {
        NodeKind::Queue => {
            let fifo = node.property(&["FifoQueue"]).bool() == Some(true);
            let mappings =
                node.outgoing().filter(|edge| edge.kind() == EdgeKind::Polls && edge.via().is_some()).count();
            // Pollers of an idle mapping each ask every 20 seconds.
            let polls = quotas::event_source::SQS_INITIAL_POLLERS as f64 * HOURS_PER_MONTH * 180.0 * mappings as f64;
            if mappings > 0 { vec![(if fifo { "sqs.fifo" } else { "sqs.standard" }, polls)] } else { Vec::new() }
        }
        NodeKind::Alias | NodeKind::Version => {
            let kept = int(&["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"], 0)
                .max(int(&["ProvisionedConcurrencyConfiguration", "ProvisionedConcurrentExecutions"], 0));
            let function = node.targets(EdgeKind::Qualifies).find(|node| node.kind() == NodeKind::Function);
            match function.map(shape) {
                Some(shape) if kept > 0.0 => {
                    let meter = if shape.arm { "lambda.provisioned.arm" } else { "lambda.provisioned.x86" };
                    vec![(meter, kept * HOURS_PER_MONTH * 3600.0 * shape.memory_mb / 1024.0)]
                }
                _ => Vec::new(),
            }
        }
        NodeKind::Table if provisioned(node) => vec![
            ("dynamodb.read-capacity", int(&["ProvisionedThroughput", "ReadCapacityUnits"], 0) * HOURS_PER_MONTH),
            ("dynamodb.write-capacity", int(&["ProvisionedThroughput", "WriteCapacityUnits"], 0) * HOURS_PER_MONTH),
        ],
        NodeKind::Stream => {
            let mode = node.property(&["StreamModeDetails", "StreamMode"]).text();
            if mode.is_some_and(|mode| mode == "ON_DEMAND") || node.property(&["ShardCount"]).is_absent() {
                vec![("kinesis.on-demand-hours", HOURS_PER_MONTH)]
            } else {
                vec![("kinesis.shard-hours", int(&["ShardCount"], 1) * HOURS_PER_MONTH)]
            }
        }
        NodeKind::Alarm if ty == "AWS::CloudWatch::CompositeAlarm" => vec![("cloudwatch.composite-alarms", 1.0)],
        NodeKind::Alarm => {
            let fast = node.property(&["Period"]).int().is_some_and(|period| period < 60);
            vec![(if fast { "cloudwatch.high-resolution-alarms" } else { "cloudwatch.alarms" }, 1.0)]
        }
        NodeKind::Dashboard => vec![("cloudwatch.dashboards", 1.0)],
        NodeKind::Secret if ty == "AWS::SecretsManager::Secret" => vec![("secrets.secrets", 1.0)],
        NodeKind::Key => vec![("kms.keys", 1.0)],
        _ if ty == "AWS::EC2::NatGateway" => vec![("vpc.nat-hours", HOURS_PER_MONTH)],
        _ if ty == "AWS::EC2::VPCEndpoint"
            && node.property(&["VpcEndpointType"]).text().is_some_and(|text| text == "Interface") =>
        {
            let subnets = node.property(&["SubnetIds"]).known().and_then(|value| value.as_list().map(<[_]>::len));
            vec![("vpc.endpoint-hours", subnets.unwrap_or(1).max(1) as f64 * HOURS_PER_MONTH)]
        }
        _ => Vec::new(),
    }
}

/// Why a resource has no price here; `None` for what is priced or costs nothing itself.
pub fn unpriced(node: NodeRef<'_>) -> Option<&'static str> {
    let ty = node.resource().map(crate::graph::Resource::ty)?;
    match node.kind() {
        NodeKind::Bucket => Some("storage and requests depend on the objects, which a template does not tell"),
        NodeKind::Firehose => Some("charged by the data delivered"),
        NodeKind::UserPool => Some("charged by monthly active users"),
        NodeKind::Custom => Some("what a custom resource creates is not known"),
        NodeKind::Stack => Some("a nested stack: estimate its own template"),
        NodeKind::Other => {
            const CHARGED: [&str; 21] = [
                "AWS::Athena",
                "AWS::Backup",
                "AWS::Batch",
                "AWS::Bedrock",
                "AWS::CloudFront::Distribution",
                "AWS::CodeBuild",
                "AWS::CodePipeline",
                "AWS::EC2::Instance",
                "AWS::ECS",
                "AWS::EFS",
                "AWS::ElastiCache",
                "AWS::ElasticLoadBalancing",
                "AWS::Glue",
                "AWS::IoT::",
                "AWS::MSK",
                "AWS::OpenSearch",
                "AWS::RDS",
                "AWS::Redshift",
                "AWS::Route53::HostedZone",
                "AWS::SageMaker",
                "AWS::WAFv2::WebACL",
            ];
            CHARGED
                .iter()
                .skip(1)
                .any(|prefix| ty.starts_with(prefix))
                .then_some("no price of its service in the table")
        }
        _ => None,
    }
}
