use super::super::{remedies, written};
use crate::finding::Severity;
use crate::graph::{EdgeRef, Graph, NodeKind, NodeRef, Part, Resource, Target};
use crate::policy;
use crate::policy::{Context, Remedy};

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
        category: Reliability, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05", "SAS-10"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    if graph.is_open() {
        return;
    }
    for function in graph.nodes_of(NodeKind::Function) {
        let Some(resource) = function.resource().filter(|function| function.exists() != Some(false)) else { continue };
        let triggers: Vec<EdgeRef<'_>> = function.async_triggers().filter(|edge| is_event(*edge)).collect();
        let Some(first) = triggers.first() else { continue };
        if keeps_failures(graph, function) != Some(false) {
            continue;
        }
        let more = match triggers.len() {
            1 => String::new(),
            number => format!(" (and {} more)", number - 1),
        };
        let remedy = Remedy::risky(format!("Keep events that {} fails to process in a queue", function.name()));
        let remedy = remedies::dead_letters(cx, remedy, resource, false).and_then(|(queue, remedy)| {
            let arn = written::attribute(&queue, "Arn");
            let name = format!("{}Failures", function.name());
            let remedy = remedies::let_function(remedy, function, &name, "sqs:SendMessage", &arn)?;
            Some(remedy.put(resource, &["DeadLetterConfig", "TargetArn"], arn))
        });
        let (id, sender) = (function.name(), first.source().name());
        let report = cx
            .report(
                resource,
                format!("events from {sender}{more} that {id} fails to process are lost after two retries"),
            )
            .severity(if triggers.iter().all(|edge| is_periodic(*edge)) { Severity::Low } else { Severity::High })
            .help(format!("give {id} an on-failure destination or a dead-letter queue"))
            .remedy(remedy);
        report.related(first.origin(), format!("{sender} triggers {id} here"));
    }
}

/// Whether the trigger is an event. Whoever deploys a custom resource or rotates a secret sees
/// its failure there, and configuration is looked at again.
fn is_event(edge: EdgeRef<'_>) -> bool {
    const SEEN: [&str; 2] = ["AWS::SecretsManager::RotationSchedule", "AWS::Config::ConfigRule"];
    let source = edge.source();
    let exist = [source.resource(), edge.via()].into_iter().flatten().all(|one| one.exists() != Some(false));
    let seen = source.resource().map(Resource::ty).is_some_and(|ty| SEEN.contains(&ty));
    exist && !seen && source.kind() != NodeKind::Custom
}

/// Whether the trigger comes again by itself.
fn is_periodic(edge: EdgeRef<'_>) -> bool {
    let source = edge.source();
    match source.kind() {
        NodeKind::Schedule => {
            source.property(&["ScheduleExpression"]).text().is_none_or(|expression| !expression.starts_with("at("))
        }
        NodeKind::Rule => !source.property(&["ScheduleExpression"]).is_absent(),
        _ => false,
    }
}

/// Whether failures of asynchronous calls are kept; `None` when that is not known.
fn keeps_failures(graph: &Graph, function: NodeRef<'_>) -> Option<bool> {
    match function.property(&["DeadLetterConfig"]) {
        crate::graph::Eval::Absent => {}
        crate::graph::Eval::Unknown(_) => return None,
        _ => return Some(true),
    }
    for config in graph.existing("AWS::Lambda::EventInvokeConfig") {
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
