use super::super::written;
use crate::graph::{Eval, Graph, NodeKind, Part, Resource, Target};
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use crate::template::unknown;

policy! {
    /// A subscription's endpoint is not what its protocol needs.
    ///
    /// ## Why it matters
    ///
    /// SNS checks the endpoint when the subscription is created: the ARN of a queue for `sqs`, of a
    /// function for `lambda`, of a delivery stream for `firehose`, a URL for `https`, an address for
    /// `email`. Anything else fails the deployment.
    ///
    /// ## How to fix
    ///
    /// Correct `Protocol`, or give the endpoint in the form it needs. `Ref` of a queue is its URL and of
    /// a function its name: use `!GetAtt Queue.Arn`.
    ///
    /// ## When to suppress
    ///
    /// Never: SNS refuses the subscription.
    ///
    /// ## Source
    ///
    /// Amazon SNS API reference, `Subscribe` (protocols and endpoints); cfn-lint W3694; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Paid: {Type: AWS::SNS::Topic}
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Subscription:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Paid, Protocol: lambda, Endpoint: !GetAtt Work.Arn}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Paid: {Type: AWS::SNS::Topic}
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Subscription:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Paid, Protocol: sqs, Endpoint: !GetAtt Work.Arn}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid: {Type: AWS::SNS::Topic}
    ///     Work: {Type: AWS::SQS::Queue}
    ///     Subscription:
    ///       Type: AWS::SNS::Subscription
    ///       Properties: {TopicArn: !Ref Paid, Protocol: lambda, Endpoint: !GetAtt Work.Arn}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid: {Type: AWS::SNS::Topic}
    ///     Work: {Type: AWS::SQS::Queue}
    ///     Subscription:
    ///       Type: AWS::SNS::Subscription
    ///       Properties: {TopicArn: !Ref Paid, Protocol: sqs, Endpoint: !GetAtt Work.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Paid: {Type: AWS::SNS::Topic}
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Subscription:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Paid, Protocol: lambda, Endpoint: !GetAtt Work.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Paid: {Type: AWS::SNS::Topic}
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Subscription:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Paid, Protocol: sqs, Endpoint: !GetAtt Work.Arn}
    /// ```
    pub(super) static POLICY = "sns-endpoint-protocol-mismatch" {
        category: Reliability, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for subscription in graph.existing("AWS::SNS::Subscription") {
        one(cx, graph, subscription, &Part::of(subscription));
    }
    for topic in graph.existing("AWS::SNS::Topic") {
        for item in Part::of(topic).each(&["Subscription"]) {
            one(cx, graph, topic, &item);
        }
    }
}

fn one<'g>(cx: &mut Context<'_>, graph: &'g Graph, owner: Resource<'g>, part: &Part<'g>) {
    let Some(protocol) = part.text(&["Protocol"]) else { return };
    let endpoint = part.get(&["Endpoint"]);
    let Some(origin) = endpoint.origin() else { return };
    let (kind, noun, reference) = match &*protocol {
        "sqs" => (NodeKind::Queue, "the ARN of a queue", "Arn"),
        "lambda" => (NodeKind::Function, "the ARN of a function", "Arn"),
        "firehose" => (NodeKind::Firehose, "the ARN of a delivery stream", "Arn"),
        "http" | "https" => {
            let expected = format!("{protocol}://");
            if endpoint.text().is_some_and(|text| !text.starts_with(&expected)) {
                cx.report(
                    Place::within(owner, origin),
                    format!("the protocol is {protocol}, but the endpoint is no {protocol} URL"),
                )
                .help(format!("let the endpoint begin with {expected}, or correct the protocol"));
            }
            return;
        }
        "email" | "email-json" => {
            if endpoint.text().is_some_and(|text| text.starts_with("arn:") || text.contains("://")) {
                cx.report(
                    Place::within(owner, origin),
                    format!("the protocol is {protocol}, but the endpoint is no e-mail address"),
                )
                .help("give an address, or correct the protocol");
            }
            return;
        }
        _ => return,
    };
    match graph.resolve_eval(&endpoint, Some(kind)) {
        Target::Node(node, _) if node.kind() != kind => {
            // The kind of what only lies around a resource says nothing about it.
            if !matches!(
                node.kind(),
                NodeKind::Queue
                    | NodeKind::Function
                    | NodeKind::Topic
                    | NodeKind::Firehose
                    | NodeKind::Bucket
                    | NodeKind::Stream
                    | NodeKind::StateMachine
            ) {
                return;
            }
            let meant = match node.kind() {
                NodeKind::Queue => Some("sqs"),
                NodeKind::Function => Some("lambda"),
                _ => None,
            };
            let meant = meant.zip(part.get(&["Protocol"]).origin()).map(|(meant, place)| {
                Remedy::risky(format!("Set Protocol to {meant}")).replace(place, &protocol, meant)
            });
            cx.report(
                Place::within(owner, origin),
                format!("the protocol is {protocol}, but the endpoint {} is a {}", node.name(), node.kind().noun()),
            )
            .help(format!("give {noun}, or correct the protocol"))
            .remedy(meant)
            .related(node, format!("{} is defined here", node.name()));
        }
        Target::Node(node, _) if is_plain_reference(&endpoint, node.name()) && kind != NodeKind::Firehose => {
            let what = if kind == NodeKind::Queue { "the queue's URL" } else { "the function's name" };
            cx.report(
                Place::within(owner, origin),
                format!("the endpoint is {what}, but the protocol {protocol} needs its ARN"),
            )
            .help(format!("write !GetAtt {}.{reference}", node.name()))
            .remedy(
                Remedy::safe(format!("Write !GetAtt {}.{reference}", node.name()))
                    .rewrite(origin, written::attribute(node.name(), reference)),
            );
        }
        Target::Outside(text) => {
            let service = text.split(':').nth(2).unwrap_or_default();
            if text.starts_with("arn:") && !unknown::is_unknown(service) && service != &*protocol {
                cx.report(
                    Place::within(owner, origin),
                    format!("the protocol is {protocol}, but the endpoint is the ARN of a resource of {service}"),
                )
                .help(format!("give {noun}, or correct the protocol"));
            }
        }
        _ => {}
    }
}

/// Whether the text is `Ref` of the resource and nothing more.
fn is_plain_reference(value: &Eval<'_>, id: &str) -> bool {
    value.symbolic().is_some_and(|text| text == unknown::mark(id))
}
