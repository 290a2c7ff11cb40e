use super::super::{read, remedies, written};
use crate::graph::{NodeKind, Part};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// Messages that a topic cannot deliver to a subscriber are lost.
    ///
    /// ## Why it matters
    ///
    /// SNS retries an HTTP endpoint for about an hour and AWS endpoints for 23 days; after that, or
    /// at once when a permission is missing or the subscriber was deleted, the message is gone.
    ///
    /// ## How to fix
    ///
    /// Set `RedrivePolicy: {deadLetterTargetArn: …}` on the subscription (in serverless.yml,
    /// `redrivePolicy` of the `sns` event), and allow SNS to send to that queue.
    ///
    /// ## When to suppress
    ///
    /// When a lost message is made good by the next one.
    ///
    /// ## Source
    ///
    /// Amazon SNS developer guide, "Amazon SNS dead-letter queues" and "Message delivery retries";
    /// serverless-rules ES7000; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   ToJobs:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}
    ///   Topic: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   ToJobs:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn, RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     ToJobs:
    ///       Type: AWS::SNS::Subscription
    ///       Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}
    ///     Topic: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     ToJobs:
    ///       Type: AWS::SNS::Subscription
    ///       Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn, RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   ToJobs:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}
    ///   Topic: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   ToJobs:
    ///     Type: AWS::SNS::Subscription
    ///     Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn, RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn}}
    /// ```
    pub(super) static POLICY = "sns-subscription-no-redrive" {
        category: Reliability, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for subscription in cx.graph.existing("AWS::SNS::Subscription") {
        let protocol = read::text(subscription, &["Protocol"], |protocol| {
            matches!(protocol, "lambda" | "sqs" | "http" | "https" | "firehose")
        });
        let Some(protocol) = protocol else { continue };
        if subscription.property(&["RedrivePolicy"]).is_absent() {
            let part = Part::of(subscription);
            let topic = cx.graph.target_of(&part.get(&["TopicArn"]), Some(NodeKind::Topic)).node();
            let endpoint = cx.graph.target_of(&part.get(&["Endpoint"]), None).node();
            let from = topic.map_or_else(String::new, |topic| format!(" of {}", topic.name()));
            let to = endpoint.map_or_else(|| format!("its {protocol} endpoint"), |node| node.name().to_owned());
            let remedy = written::said(subscription, "TopicArn").and_then(|source| {
                let title = format!("Keep messages that {} cannot deliver in a queue", subscription.id());
                let (queue, remedy) = remedies::dead_letters(cx, Remedy::risky(title), subscription, false)?;
                let remedy = remedies::let_send(cx, remedy, subscription, &queue, "sns.amazonaws.com", &source);
                let path = ["RedrivePolicy", "deadLetterTargetArn"];
                Some(remedy.put(subscription, &path, written::attribute(&queue, "Arn")))
            });
            let report = cx
                .report(
                    Place::property(subscription, &["Endpoint"]),
                    format!("messages{from} that {} cannot deliver to {to} are lost", subscription.id()),
                )
                .help("set RedrivePolicy.deadLetterTargetArn to the ARN of a queue")
                .remedy(remedy);
            if let Some(topic) = topic {
                report.related(topic, format!("{} sends them", topic.name()));
            }
        }
    }
}
