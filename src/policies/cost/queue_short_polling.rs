use super::super::{grants, measure};
use crate::estimate::SECONDS_PER_MONTH;
use crate::estimate::meters::sqs;
use crate::graph::{Certainty, EdgeKind, Graph, NodeKind, NodeRef, Role};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// Code reads a queue that answers at once, also when it has nothing to give.
    ///
    /// Reported are queues without a waiting time that something in the template surely reads by itself: a
    /// task, an instance or a service whose role names the queue, or a function that has the queue in a
    /// variable and may receive from it, and not send to it. Queues that an event source mapping or a pipe
    /// reads are left alone: these wait whatever the queue says.
    ///
    /// ## Why it matters
    ///
    /// Every request is billed, an empty answer like any other. And without a waiting time SQS asks only some
    /// of the servers that hold the queue: an answer may be empty although messages are there.
    ///
    /// ## How to fix
    ///
    /// Set `ReceiveMessageWaitTimeSeconds: 20`. A message that arrives ends the wait. A function is billed while
    /// it waits: give it a second or two, or feed it by an event source mapping.
    ///
    /// ## When to suppress
    ///
    /// When the code asks with `WaitTimeSeconds` of its own, which goes before the setting of the queue.
    ///
    /// ## Source
    ///
    /// Amazon SQS developer guide, "Amazon SQS short and long polling"; Amazon SQS pricing; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {JOBS: !Ref Jobs}}, Policies: [{SQSPollerPolicy: {QueueName: !GetAtt Jobs.QueueName}}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {JOBS: !Ref Jobs}}, Events: {Feed: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue}
    ///     Worker:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com}}]}
    ///         Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: [sqs:ReceiveMessage, sqs:DeleteMessage], Resource: {Fn::GetAtt: [Jobs, Arn]}}]}}]
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {ReceiveMessageWaitTimeSeconds: 20}}
    ///     Worker:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ecs-tasks.amazonaws.com}}]}
    ///         Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: [sqs:ReceiveMessage, sqs:DeleteMessage], Resource: {Fn::GetAtt: [Jobs, Arn]}}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {ReceiveMessageWaitTimeSeconds: 0}}
    ///   Worker:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}]}
    ///       Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:ReceiveMessage, Resource: !GetAtt Jobs.Arn}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Orders}}
    ///   Worker:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}]}
    ///       Policies: [{PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: sqs:ReceiveMessage, Resource: !GetAtt Jobs.Arn}]}}]
    /// ```
    pub(super) static POLICY = "queue-short-polling" {
        category: Cost, severity: Low, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

const WAIT: [&str; 1] = ["ReceiveMessageWaitTimeSeconds"];
/// The longest a queue lets a reader wait, seconds.
const LONGEST: f64 = 20.0;
/// Services whose roles are those of code that runs on and on.
const RUNNERS: [&str; 4] =
    ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com", "tasks.apprunner.amazonaws.com"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for node in graph.nodes_of(NodeKind::Queue) {
        let Some(queue) = node.resource().filter(|queue| queue.exists() != Some(false)) else { continue };
        let at_once = !queue.is_incomplete() && measure::bounds(queue, &WAIT, 0).is_some_and(|wait| wait.max == 0);
        if !at_once || node.outgoing().any(|edge| edge.kind() == EdgeKind::Polls) {
            continue;
        }
        let Some(reader) = reader(graph, node) else { continue };
        let id = queue.id();
        if reader.kind() == NodeKind::Function {
            cx.report(
                Place::property(queue, &WAIT),
                format!(
                    "{} reads {id}, which answers at once: maybe with nothing although messages are there",
                    reader.name()
                ),
            )
            .help(format!(
                "set ReceiveMessageWaitTimeSeconds of {id} to 1 or 2, or feed {} by an event source mapping",
                reader.name()
            ))
            .related(reader, format!("{} has the queue in a variable and may receive from it", reader.name()));
            continue;
        }
        let costs = cx.costs();
        let price = costs.price(sqs::meter(node)).map(|price| {
            let (each, waiting) = (SECONDS_PER_MONTH * price, SECONDS_PER_MONTH / LONGEST * price);
            let (each, waiting) = (costs.money(each), costs.money(waiting));
            format!(": asked once a second, a month of nothing costs {each} in place of {waiting}{}", costs.basis())
        });
        let wait = LONGEST as i64;
        cx.report(
            Place::property(queue, &WAIT),
            format!("{} reads {id}, which does not wait for messages{}", reader.name(), price.unwrap_or_default()),
        )
        .help(format!("set ReceiveMessageWaitTimeSeconds of {id} to {wait}"))
        .remedy(Remedy::risky(format!("Let readers of {id} wait {wait} s")).put(queue, &WAIT, wait))
        .related(reader, format!("{} may receive from {id}", reader.name()));
    }
}

/// What surely reads the queue by code of its own.
fn reader<'g>(graph: &'g Graph, queue: NodeRef<'g>) -> Option<NodeRef<'g>> {
    let mut runners = graph.roles().filter(|role| RUNNERS.iter().any(|service| grants::serves(*role, service)));
    let reads = |role: &Role<'g>| !grants::of_role(*role, queue, &["sqs:ReceiveMessage"]).is_empty();
    let role = runners.find(|role| reads(role) && role.users().all(|user| user.kind() != NodeKind::Function));
    role.map(Role::node).or_else(|| {
        graph.nodes_of(NodeKind::Function).find(|function| {
            let edges = |kind: EdgeKind, certainty: Certainty| {
                function
                    .outgoing()
                    .any(|edge| edge.kind() == kind && edge.certainty() == certainty && edge.target() == queue)
            };
            // A role that several functions share says little about any one of them.
            let own = || function.targets(EdgeKind::Assumes).all(|role| role.sources(EdgeKind::Assumes).count() == 1);
            // Whoever sends to the queue has its name for that.
            measure::function(*function).is_some()
                && !edges(EdgeKind::Publishes, Certainty::Granted)
                && edges(EdgeKind::DependsOn, Certainty::Hinted)
                && edges(EdgeKind::Reads, Certainty::Granted)
                && own()
        })
    })
}
