use super::super::flows;
use crate::graph::{NodeKind, NodeRef, Origin, Part, Resource};
use crate::policy;
use crate::policy::{Context, Place};
use flows::Way;

policy! {
    /// A service is to send to a queue or topic that does not let it.
    ///
    /// ## Why it matters
    ///
    /// SNS, EventBridge and S3 need a statement in the queue's or topic's own policy. Without it
    /// the subscription or rule exists, but nothing arrives; with a dead-letter queue, what failed is
    /// lost after all.
    ///
    /// ## How to fix
    ///
    /// Add an `AWS::SQS::QueuePolicy` (or `AWS::SNS::TopicPolicy`) that allows the service
    /// `sqs:SendMessage` (`sns:Publish`), with `aws:SourceArn` of the topic, rule or bucket.
    ///
    /// ## When to suppress
    ///
    /// When another stack or tool adds the policy.
    ///
    /// ## Source
    ///
    /// Amazon SNS developer guide, "Fanout to Amazon SQS queues" and Amazon S3 user guide, "Granting
    /// permissions to publish event notification messages to a destination"; as of 2026-10.
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
    ///     Properties: {TopicArn: !Ref Paid, Protocol: sqs, Endpoint: !GetAtt Work.Arn}
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
    ///   Policy:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties:
    ///       Queues: [!Ref Work]
    ///       PolicyDocument:
    ///         Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !GetAtt Work.Arn, Condition: {ArnEquals: {'aws:SourceArn': !Ref Paid}}}]
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Paid: {Type: AWS::SNS::Topic}
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Subscription:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Paid, Protocol: sqs, Endpoint: !GetAtt Work.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Paid: {Type: AWS::SNS::Topic}
    ///   Work: {Type: AWS::SQS::Queue}
    ///   Subscription:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Paid, Protocol: sqs, Endpoint: !GetAtt Work.Arn}
    ///   Policy:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties:
    ///       Queues: [!Ref Work]
    ///       PolicyDocument:
    ///         Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !GetAtt Work.Arn, Condition: {ArnEquals: {'aws:SourceArn': !Ref Paid}}}]
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue}
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: work, Arn: !GetAtt Work.Arn}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue}
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: work, Arn: !GetAtt Work.Arn}]}
    ///     Policy:
    ///       Type: AWS::SQS::QueuePolicy
    ///       Properties:
    ///         Queues: [!Ref Work]
    ///         PolicyDocument:
    ///           Statement: [{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: 'sqs:SendMessage', Resource: !GetAtt Work.Arn}]
    /// ```
    pub(super) static POLICY = "delivery-policy-missing" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-03"], check: check,
    }
}

/// A service that sends, for what, to where.
struct Delivery<'g> {
    service: &'static str,
    source: Option<NodeRef<'g>>,
    sender: String,
    target: NodeRef<'g>,
    owner: Resource<'g>,
    place: Origin,
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for one in deliveries(cx) {
        let action = match one.target.kind() {
            NodeKind::Queue => "sqs:SendMessage",
            NodeKind::Topic => "sns:Publish",
            _ => continue,
        };
        if graph.lets_service(one.target, one.service, action, one.source) != Some(false) {
            continue;
        }
        cx.report(
            Place::within(one.owner, one.place),
            format!(
                "{} is to send to {}, but no policy lets {} do so: nothing will arrive",
                one.sender,
                one.target.name(),
                one.service
            ),
        )
        .help(format!(
            "add a policy on {} that allows {} the action {action} with aws:SourceArn of {}",
            one.target.name(),
            one.service,
            one.sender
        ))
        .related(one.target, format!("{} is defined here", one.target.name()));
    }
}

fn deliveries<'a>(cx: &Context<'a>) -> Vec<Delivery<'a>> {
    let graph = cx.graph;
    let mut found = Vec::new();
    for flow in flows::flows(cx) {
        let service = match flow.way {
            Way::Subscription => "sns.amazonaws.com",
            Way::Notification => "s3.amazonaws.com",
            // A target with a role is reached by what the role allows.
            Way::RuleTarget if flow.settings.get(&["RoleArn"]).is_absent() => "events.amazonaws.com",
            _ => continue,
        };
        let sender = flow.source.map_or_else(|| flow.owner.id(), |source| source.name()).to_owned();
        found.push(Delivery {
            service,
            source: flow.source,
            sender,
            target: flow.target,
            owner: flow.owner,
            place: flow.origin,
        });
    }
    for rule in graph.existing("AWS::Events::Rule") {
        for target in Part::of(rule).each(&["Targets"]) {
            let arn = target.get(&["DeadLetterConfig", "Arn"]);
            let Some(queue) = graph.resolve_eval(&arn, Some(NodeKind::Queue)).node() else { continue };
            found.push(Delivery {
                service: "events.amazonaws.com",
                source: graph.node(rule.id()),
                sender: rule.id().to_owned(),
                target: queue,
                owner: rule,
                place: arn.origin().unwrap_or(rule.origin()),
            });
        }
    }
    for subscription in graph.existing("AWS::SNS::Subscription") {
        let part = Part::of(subscription);
        let policy = part.part(&["RedrivePolicy"]);
        let Some(queue) = flows::dead_letter_queue(graph, &policy) else { continue };
        let topic = graph.resolve_eval(&part.get(&["TopicArn"]), Some(NodeKind::Topic)).node();
        found.push(Delivery {
            service: "sns.amazonaws.com",
            source: topic,
            sender: topic.map_or_else(|| subscription.id(), |topic| topic.name()).to_owned(),
            target: queue,
            owner: subscription,
            place: policy.origin(),
        });
    }
    found
}
