use super::super::{flows, read};
use crate::finding::Severity;
use crate::graph::{EdgeKind, Graph, NodeKind, NodeRef, Part, Target};
use crate::policy;
use crate::policy::Context;
use flows::{Flow, Way};

policy! {
    /// Events that a function fails to process are lost.
    ///
    /// ## Why it matters
    ///
    /// S3, SNS, EventBridge and others hand their events over and go on. When the function fails,
    /// Lambda tries twice more and then drops the event, unless the function has a failure
    /// destination or a dead-letter queue. The only trace is a line in the log.
    ///
    /// ## How to fix
    ///
    /// Set an on-failure destination (SAM: `EventInvokeConfig.DestinationConfig.OnFailure`;
    /// serverless.yml: `destinations.onFailure`) or a dead-letter queue (SAM: `DeadLetterQueue`;
    /// serverless.yml: `onError`), and an alarm on it.
    ///
    /// ## When to suppress
    ///
    /// A schedule that runs again soon makes a lost run harmless; such functions are reported with
    /// low severity.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Retaining records of asynchronous invocations" (two retries, then the
    /// event is discarded); serverless-rules ES1007; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Paid: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Lost: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Paid: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}}}},
    ///        EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Lost.Arn}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sns: paid}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{sns: paid}], destinations: {onFailure: "arn:aws:sqs:eu-west-1:123456789012:lost"}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Lost: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r', DeadLetterConfig: {TargetArn: !GetAtt Lost.Arn}}
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: orders, Arn: !GetAtt Orders.Arn}]}
    /// ```
    pub(super) static POLICY = "async-no-failure-destination" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-05", "SAS-10"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    if graph.is_open() {
        return;
    }
    let flows = flows::flows(graph);
    for function in graph.nodes_of(NodeKind::Function) {
        let Some(resource) = function.resource().filter(|function| function.exists() != Some(false)) else { continue };
        let triggers: Vec<&Flow<'_>> = flows
            .iter()
            .filter(|flow| flow.target == function && !matches!(flow.way, Way::Mapping | Way::Pipe))
            .collect();
        let routes = function
            .incoming()
            .find(|edge| edge.kind() == EdgeKind::InvokesAsync && edge.source().kind() == NodeKind::Route);
        let (first, origin) = match (triggers.first(), routes) {
            (Some(flow), _) => (sender(flow), flow.origin),
            (None, Some(edge)) => (edge.source().name().to_owned(), edge.origin()),
            (None, None) => continue,
        };
        if keeps_failures(graph, function) != Some(false) {
            continue;
        }
        let periodic = !triggers.is_empty() && triggers.iter().all(|flow| is_periodic(flow));
        let more = match triggers.len() {
            0 | 1 => String::new(),
            number => format!(" (and {} more)", number - 1),
        };
        cx.report(
            resource,
            format!("events from {first}{more} that {} fails to process are lost after two retries", function.name()),
        )
        .severity(if periodic { Severity::Low } else { Severity::High })
        .help(format!("give {} an on-failure destination or a dead-letter queue", function.name()))
        .related(origin, "the events come from here");
    }
}

fn sender(flow: &Flow<'_>) -> String {
    flow.source.map_or_else(|| flow.owner.id().to_owned(), |source| source.name().to_owned())
}

fn is_periodic(flow: &Flow<'_>) -> bool {
    flow.way == Way::Schedule
        || (flow.way == Way::RuleTarget && !flow.owner.property(&["ScheduleExpression"]).is_absent())
}

/// Whether failures of asynchronous calls are kept; `None` when that is not known.
fn keeps_failures(graph: &Graph, function: NodeRef<'_>) -> Option<bool> {
    match function.property(&["DeadLetterConfig"]) {
        crate::graph::Eval::Absent => {}
        crate::graph::Eval::Unknown(_) => return None,
        _ => return Some(true),
    }
    for config in read::existing(graph, "AWS::Lambda::EventInvokeConfig") {
        match graph.resolve_eval(&config.property(&["FunctionName"]), Some(NodeKind::Function)) {
            Target::Node(node, _)
                if node == function && Part::of(config).has(&["DestinationConfig", "OnFailure"]) != Some(false) =>
            {
                return Some(true);
            }
            Target::Unknown => return None,
            _ => {}
        }
    }
    Some(false)
}
