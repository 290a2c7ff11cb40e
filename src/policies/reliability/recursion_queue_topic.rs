use super::super::{flows, grants};
use crate::graph::{Certainty, EdgeKind, NodeId, NodeKind, NodeRef, Origin};
use crate::policy;
use crate::policy::{Context, Place};
use flows::Flow;
use std::collections::{BTreeSet, VecDeque};

policy! {
    /// Messages can travel in a circle: a function sends to a queue or topic that leads back to it.
    ///
    /// ## Why it matters
    ///
    /// A message that causes another message to the same function never ends. Each round costs
    /// requests and run time, and with more than one message a round the load doubles until the
    /// account's concurrency is used up. Lambda stops only chains it can follow, after about 16
    /// rounds, and drops the message then.
    ///
    /// ## How to fix
    ///
    /// Send the results to a queue of their own. To try again later, let the queue's redrive policy
    /// do it, or return the message as failed instead of sending it again.
    ///
    /// ## When to suppress
    ///
    /// The function counts rounds in the message and stops at a limit.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops" (about
    /// 16 rounds through SQS, SNS and S3); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Work:
    ///     Type: AWS::SQS::Queue
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [SQSSendMessagePolicy: {QueueName: !GetAtt Work.QueueName}],
    ///        Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Work:
    ///     Type: AWS::SQS::Queue
    ///   Results:
    ///     Type: AWS::SQS::Queue
    ///   Worker:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [SQSSendMessagePolicy: {QueueName: !GetAtt Results.QueueName}],
    ///        Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Work.Arn}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Results: {Type: AWS::SQS::Queue}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Results.Arn}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Work.Arn}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: sns:Publish, Resource: !Ref Paid}]}}
    /// functions:
    ///   invoice: {handler: app.main, events: [{sns: {arn: !Ref Paid, topicName: paid}}]}
    /// resources:
    ///   Resources:
    ///     Paid: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: sns:Publish, Resource: !Ref Invoiced}]}}
    /// functions:
    ///   invoice: {handler: app.main, events: [{sns: {arn: !Ref Paid, topicName: paid}}]}
    /// resources:
    ///   Resources:
    ///     Paid: {Type: AWS::SNS::Topic}
    ///     Invoiced: {Type: AWS::SNS::Topic}
    /// ```
    pub(super) static POLICY = "recursion-queue-topic" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08", "SAS-09"], check: check,
    }
}

/// One step of a way: to where, and what declares it.
type Step<'g> = (NodeRef<'g>, Origin, bool);

fn check(cx: &mut Context<'_>) {
    let flows = flows::flows(cx);
    for function in cx.graph.nodes_of(NodeKind::Function) {
        let Some(circle) = circle(flows, function) else { continue };
        // A circle of several functions is told once, at the first of them.
        let first = circle.iter().filter(|step| step.0.kind() == NodeKind::Function).map(|step| step.0.index()).min();
        if first.is_some_and(|first| first < function.index()) {
            continue;
        }
        let way: Vec<&str> = circle.iter().map(|step| step.0.name()).collect();
        let message = format!(
            "messages can circle: {} → {}, which starts {} again",
            function.name(),
            way.join(" → "),
            function.name()
        );
        let Some((place, more)) = circle.split_first() else { continue };
        let mut report = cx
            .report(Place::from(place.1), message)
            .resource(function.name())
            .label(format!("{} may send to {}", function.name(), place.0.name()))
            .help(format!("send the results of {} somewhere that does not lead back to it", function.name()));
        for (node, origin, sends) in more {
            let verb = if *sends { "is sent to" } else { "is delivered to" };
            report = report.related(*origin, format!("and {verb} {}", node.name()));
        }
    }
}

/// The shortest way from `function` back to itself.
fn circle<'g>(flows: &[Flow<'g>], function: NodeRef<'g>) -> Option<Vec<Step<'g>>> {
    let mut seen: BTreeSet<NodeId> = BTreeSet::new();
    let mut open: VecDeque<(NodeRef<'g>, Vec<Step<'g>>)> = VecDeque::from([(function, Vec::new())]);
    while let Some((at, path)) = open.pop_front() {
        for step in steps(flows, at) {
            if step.0 == function {
                return Some([path, vec![step]].concat());
            }
            if seen.insert(step.0.index()) {
                open.push_back((step.0, [path.clone(), vec![step]].concat()));
            }
        }
    }
    None
}

fn steps<'g>(flows: &[Flow<'g>], at: NodeRef<'g>) -> Vec<Step<'g>> {
    let passes = |kind| matches!(kind, NodeKind::Function | NodeKind::Queue | NodeKind::Topic);
    if at.kind() != NodeKind::Function {
        let leaving = flows.iter().filter(|flow| flow.source.is_some_and(|source| source == at));
        return leaving
            .filter(|flow| passes(flow.target.kind()))
            .map(|flow| (flow.target, flow.origin, false))
            .collect();
    }
    let mut found: Vec<Step<'g>> = Vec::new();
    for edge in at.outgoing().filter(|edge| edge.kind() == EdgeKind::Publishes) {
        let target = edge.target();
        let action = match target.kind() {
            NodeKind::Queue => "sqs:SendMessage",
            NodeKind::Topic => "sns:Publish",
            _ => continue,
        };
        // What the service sends there on failure is no message of the function.
        if at.targets(EdgeKind::DeadLettersTo).any(|node| node == target) || found.iter().any(|step| step.0 == target) {
            continue;
        }
        match edge.certainty() {
            Certainty::Declared => found.push((target, edge.origin(), true)),
            Certainty::Granted => {
                let consumes = |node| flows::reached(flows, target).iter().any(|(consumer, _)| *consumer == node);
                let grants = grants::grants(at, target, &[action]);
                let own = grants.iter().find(|grant| {
                    !grants::is_explained_elsewhere(grant.role, consumes) || grant.role.users().count() == 1
                });
                found.extend(own.map(|grant| (target, grant.origin(), true)));
            }
            Certainty::Hinted => {}
        }
    }
    found
}
