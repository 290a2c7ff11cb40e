//! Services that call functions in ways of their own.

use super::super::edge::EdgeKind;
use super::super::node::{NodeId, NodeKind};
use super::super::part::Part;
use super::super::view::delivery::DeliveryKind;
use super::super::{Eval, Resource};
use super::Links;
use super::deliveries::{blank, push};

/// All of them, by resource type.
pub(super) fn triggers(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes() {
        let Some(resource) = node.resource() else { continue };
        let own = node.index();
        let part = Part::of(resource);
        match resource.ty() {
            "AWS::Cognito::UserPool" => {
                for (_, _, trigger) in part.entries(&["LambdaConfig"]) {
                    // Newer triggers come with a version around the ARN.
                    let nested = trigger.get(&["LambdaArn"]);
                    let arn = if nested.is_absent() || trigger.eval().is_unknown() { trigger.eval() } else { &nested };
                    call(links, own, EdgeKind::InvokesSync, arn);
                }
            }
            "AWS::Lambda::Url" => call(links, own, EdgeKind::InvokesSync, &part.get(&["TargetFunctionArn"])),
            "AWS::AppSync::DataSource" => data_source(links, own, resource, &part),
            "AWS::AppSync::Resolver" | "AWS::AppSync::FunctionConfiguration" => {
                links.from(&part.get(&["ApiId"]), EdgeKind::Contains, own, Some(NodeKind::GraphQlApi), None);
            }
            "AWS::KinesisFirehose::DeliveryStream" => firehose(links, own, &part),
            "AWS::CloudFront::Distribution" => {
                let config = part.part(&["DistributionConfig"]);
                let mut behaviours = config.all(&["DefaultCacheBehavior"]);
                behaviours.extend(config.each(&["CacheBehaviors"]));
                for behaviour in behaviours {
                    for item in behaviour.each(&["LambdaFunctionAssociations"]) {
                        call(links, own, EdgeKind::InvokesSync, &item.get(&["LambdaFunctionARN"]));
                    }
                }
            }
            "AWS::ElasticLoadBalancingV2::TargetGroup" => {
                for target in part.each(&["Targets"]) {
                    call(links, own, EdgeKind::InvokesSync, &target.get(&["Id"]));
                }
            }
            "AWS::SecretsManager::RotationSchedule" => {
                call(links, own, EdgeKind::InvokesAsync, &part.get(&["RotationLambdaARN"]));
            }
            "AWS::IoT::TopicRule" => {
                for action in part.each(&["TopicRulePayload", "Actions"]) {
                    iot(links, own, resource, &action);
                }
            }
            "AWS::SES::ReceiptRule" => {
                for action in part.each(&["Rule", "Actions"]) {
                    call(links, own, EdgeKind::InvokesAsync, &action.get(&["LambdaAction", "FunctionArn"]));
                }
            }
            "AWS::Config::ConfigRule" => {
                call(links, own, EdgeKind::InvokesAsync, &part.get(&["Source", "SourceIdentifier"]));
            }
            "AWS::S3ObjectLambda::AccessPoint" => {
                for item in part.each(&["ObjectLambdaConfiguration", "TransformationConfigurations"]) {
                    let arn = item.get(&["ContentTransformation", "AwsLambda", "FunctionArn"]);
                    call(links, own, EdgeKind::InvokesSync, &arn);
                }
            }
            _ if node.kind() == NodeKind::Custom => {
                call(links, own, EdgeKind::InvokesAsync, &part.get(&["ServiceToken"]));
            }
            _ => {}
        }
    }
}

fn call(links: &mut Links<'_>, from: NodeId, kind: EdgeKind, function: &Eval<'_>) {
    let found = links.graph.find(function, Some(NodeKind::Function));
    let kind = match found.node().map(|node| links.graph.net[node].kind) {
        Some(NodeKind::Function) | None => kind,
        // A custom resource may also stand behind a topic.
        Some(_) => EdgeKind::Publishes,
    };
    links.to(from, kind, function, Some(NodeKind::Function), None);
}

/// The API calls through its data sources; the edge starts at the API.
fn data_source<'g>(links: &mut Links<'g>, own: NodeId, resource: Resource<'g>, part: &Part<'_>) {
    let graph = links.graph;
    let api = graph.find(&part.get(&["ApiId"]), Some(NodeKind::GraphQlApi)).node();
    let (from, via) = match api {
        Some(api) => {
            links.add(api, EdgeKind::Contains, own, resource.origin(), None);
            (api, Some(resource))
        }
        None => (own, None),
    };
    let function = part.get(&["LambdaConfig", "LambdaFunctionArn"]);
    links.to(from, EdgeKind::InvokesSync, &function, Some(NodeKind::Function), via);
    let table = part.get(&["DynamoDBConfig", "TableName"]);
    links.to(from, EdgeKind::Reads, &table, Some(NodeKind::Table), via);
    links.to(from, EdgeKind::Writes, &table, Some(NodeKind::Table), via);
    let bus = part.get(&["EventBridgeConfig", "EventBusArn"]);
    links.to(from, EdgeKind::Publishes, &bus, Some(NodeKind::Bus), via);
    links.to(own, EdgeKind::Assumes, &part.get(&["ServiceRoleArn"]), Some(NodeKind::Role), None);
}

/// Source, transforming function and destinations of a delivery stream.
fn firehose(links: &mut Links<'_>, own: NodeId, part: &Part<'_>) {
    let source = part.get(&["KinesisStreamSourceConfiguration", "KinesisStreamARN"]);
    links.from(&source, EdgeKind::Polls, own, Some(NodeKind::Stream), None);
    for (name, _, config) in part.entries(&[]) {
        if !name.ends_with("DestinationConfiguration") {
            continue;
        }
        for processor in config.each(&["ProcessingConfiguration", "Processors"]) {
            for parameter in processor.each(&["Parameters"]) {
                if parameter.text(&["ParameterName"]).as_deref() == Some("LambdaArn") {
                    call(links, own, EdgeKind::InvokesSync, &parameter.get(&["ParameterValue"]));
                }
            }
        }
        links.to(own, EdgeKind::Writes, &config.get(&["BucketARN"]), Some(NodeKind::Bucket), None);
        links.to(own, EdgeKind::Assumes, &config.get(&["RoleARN"]), Some(NodeKind::Role), None);
    }
}

fn iot<'g>(links: &mut Links<'g>, own: NodeId, resource: Resource<'g>, action: &Part<'_>) {
    const ACTIONS: [(&str, &str, NodeKind); 7] = [
        ("Lambda", "FunctionArn", NodeKind::Function),
        ("Sqs", "QueueUrl", NodeKind::Queue),
        ("Sns", "TargetArn", NodeKind::Topic),
        ("StepFunctions", "StateMachineName", NodeKind::StateMachine),
        ("Kinesis", "StreamName", NodeKind::Stream),
        ("Firehose", "DeliveryStreamName", NodeKind::Firehose),
        ("DynamoDBv2", "PutItem", NodeKind::Table),
    ];
    for (name, property, kind) in ACTIONS {
        let target = match kind {
            NodeKind::Table => action.get(&[name, property, "TableName"]),
            _ => action.get(&[name, property]),
        };
        if !target.is_absent() {
            let delivery = blank(DeliveryKind::IotRule, Some(own), resource, action.origin());
            push(links, delivery, &target, Some(kind), None);
        }
    }
}
