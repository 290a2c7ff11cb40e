use super::super::{read, remedies, written};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// Events that a rule, a schedule or a pipe cannot deliver are lost.
    ///
    /// Schedules that come again by themselves are left out, and so are pipes that read a queue: what they
    /// cannot deliver goes to the queue's own dead-letter queue.
    ///
    /// ## Why it matters
    ///
    /// EventBridge retries a target for 24 hours; then, or at once when permission or target is
    /// missing, it drops the event. Without a dead-letter queue nothing shows that it ever existed.
    ///
    /// ## How to fix
    ///
    /// Give the target a `DeadLetterConfig` with the ARN of a queue (SAM: `DeadLetterConfig: {Type:
    /// SQS}`; serverless.yml: `deadLetterQueueArn`), and allow EventBridge to send to it.
    ///
    /// ## When to suppress
    ///
    /// Events that another one soon replaces, such as cache refreshes, need no queue.
    ///
    /// ## Source
    ///
    /// Amazon EventBridge user guide, "Using dead-letter queues to process undelivered events" (185
    /// attempts over 24 hours, then dropped); serverless-rules ES4000; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Paid:
    ///       Type: AWS::Events::Rule
    ///       Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn, DeadLetterConfig: {Arn: !GetAtt Lost.Arn}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Paid:
    ///     Type: AWS::Events::Rule
    ///     Properties: {EventPattern: {source: [shop]}, Targets: [{Id: q, Arn: !GetAtt Queue.Arn, DeadLetterConfig: {Arn: !GetAtt Lost.Arn}}]}
    /// ```
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
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Paid: {Type: EventBridgeRule, Properties: {Pattern: {source: [shop]}, DeadLetterConfig: {Type: SQS}}}}}
    /// ```
    pub(super) static POLICY = "eventbridge-target-no-dlq" {
        category: Reliability, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for rule in cx.graph.existing("AWS::Events::Rule") {
        // A periodic rule comes again by itself; an event does not.
        if !rule.property(&["ScheduleExpression"]).is_absent() {
            continue;
        }
        for (index, target) in read::list(rule, &["Targets"]).borrowed().enumerate() {
            if !cx.template().walk(target, &["DeadLetterConfig"]).is_absent() {
                continue;
            }
            let id = cx.template().walk(target, &["Id"]).text().unwrap_or_default();
            let node = cx.graph.target_of(&cx.template().walk(target, &["Arn"]), None).node();
            let to = node.map_or_else(|| format!("its target {id}"), |node| node.name().to_owned());
            let remedy = Remedy::risky(format!("Keep events that {} cannot deliver to {to} in a queue", rule.id()));
            let remedy = remedies::dead_letters(cx, remedy, rule, false).map(|(queue, remedy)| {
                let source = written::attribute(rule.id(), "Arn");
                let remedy = remedies::let_send(cx, remedy, rule, &queue, "events.amazonaws.com", &source);
                let arn = written::attribute(&queue, "Arn");
                if target.origin.is_generated() {
                    remedy.put(rule, &["Targets", &index.to_string(), "DeadLetterConfig", "Arn"], arn)
                } else {
                    remedy.put_within(target.origin, &["DeadLetterConfig", "Arn"], arn)
                }
            });
            let report = cx
                .report(
                    Place::within(rule, target.origin),
                    format!("events that {} cannot deliver to {to} are lost", rule.id()),
                )
                .label(format!("{} to {id}", rule.id()))
                .help("give the target a DeadLetterConfig with the ARN of a queue")
                .remedy(remedy);
            if let Some(node) = node {
                report.related(node, format!("{} is to get them", node.name()));
            }
        }
    }
    for schedule in cx.graph.existing("AWS::Scheduler::Schedule") {
        let once = read::text(schedule, &["ScheduleExpression"], |expression| expression.starts_with("at(")).is_some();
        if !once || !schedule.property(&["Target", "DeadLetterConfig"]).is_absent() {
            continue;
        }
        let node = cx.graph.target_of(&schedule.property(&["Target", "Arn"]), None).node();
        let to = node.map_or("its target", |node| node.name());
        cx.report(
            Place::property(schedule, &["Target", "Arn"]),
            format!("the one event of {} is lost when {to} does not take it", schedule.id()),
        )
        .label(schedule.id())
        .help("give the target a DeadLetterConfig with the ARN of a queue");
    }
    for pipe in cx.graph.existing("AWS::Pipes::Pipe") {
        // Messages of a queue go to the queue's own dead-letter queue.
        for source in ["KinesisStreamParameters", "DynamoDBStreamParameters"] {
            let path = ["SourceParameters", source];
            let parameters = pipe.property(&path);
            if parameters.is_absent() || !pipe.property(&[path[0], source, "DeadLetterConfig"]).is_absent() {
                continue;
            }
            let node = cx.graph.target_of(&pipe.property(&["Source"]), None).node();
            let from = node.map_or("its source", |node| node.name());
            cx.report(
                Place::property(pipe, &path),
                format!("records of {from} that {} cannot deliver are lost", pipe.id()),
            )
            .label(pipe.id())
            .help("give the source parameters a DeadLetterConfig with the ARN of a queue");
        }
    }
}
