use super::super::mappings;
use crate::estimate::meters::sqs;
use crate::facts::prices::HOURS_PER_MONTH;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Event source mappings ask queues for messages day and night, and every empty answer is billed.
    ///
    /// Reported once for a template, where the polls of all its mappings on empty queues, and the pollers that
    /// `ProvisionedPollerConfig` keeps, come to a dollar a month or more: from four mappings on in us-east-1, or
    /// one with pollers of its own.
    ///
    /// ## Why it matters
    ///
    /// A mapping on a queue keeps five long polls open as long as it is enabled. That is little for a queue in
    /// use, but every copy of the stack, for every branch and every stage, pays it again, and the first million
    /// requests that are free are used up by two mappings.
    ///
    /// ## How to fix
    ///
    /// Set `Enabled: false` and leave `ProvisionedPollerConfig` out in stages that nobody uses, let work of one
    /// kind share a queue, or trigger the function without a queue where nothing must be kept.
    ///
    /// ## When to suppress
    ///
    /// When the queues are in use, or the sum is none.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Using Lambda with Amazon SQS" (five pollers to begin with; each waits up to
    /// 20 seconds; provisioned mode); Amazon SQS pricing; AWS Lambda pricing (event poller units); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: app.main
    ///       CodeUri: src/
    ///       Events:
    ///         A: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:a"}}
    ///         B: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:b"}}
    ///         C: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:c"}}
    ///         D: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:d"}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: app.main
    ///       CodeUri: src/
    ///       Events:
    ///         A: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:a"}}
    ///         B: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:b", Enabled: false}}
    ///         C: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:c", Enabled: false}}
    ///         D: {Type: SQS, Properties: {Queue: "arn:aws:sqs:us-east-1:123456789012:d", Enabled: false}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders:
    ///     handler: app.main
    ///     events:
    ///       - sqs: arn:aws:sqs:us-east-1:123456789012:a
    ///       - sqs: arn:aws:sqs:us-east-1:123456789012:b
    ///       - sqs: arn:aws:sqs:us-east-1:123456789012:c
    ///       - sqs: arn:aws:sqs:us-east-1:123456789012:d
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders:
    ///     handler: app.main
    ///     events:
    ///       - sqs: arn:aws:sqs:us-east-1:123456789012:a
    ///       - sqs: arn:aws:sqs:us-east-1:123456789012:b
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   A: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:a.fifo", FunctionName: !Ref Orders}}
    ///   B: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:b.fifo", FunctionName: !Ref Orders}}
    ///   C: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:c.fifo", FunctionName: !Ref Orders}}
    ///   D: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:d.fifo", FunctionName: !Ref Orders}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   A: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:a", FunctionName: !Ref Orders, ProvisionedPollerConfig: {MinimumPollers: 2}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   A: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: "arn:aws:sqs:us-east-1:123456789012:a", FunctionName: !Ref Orders}}
    /// ```
    pub(super) static POLICY = "idle-queue-polling" {
        category: Cost, severity: Info, profile: Strict, fix: None, since: "0.1.0", check: check,
    }
}

/// Dollars a month that are worth a finding.
const WORTH: f64 = 1.0;

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let polling = graph.existing("AWS::Lambda::EventSourceMapping").filter(|mapping| {
        let enabled = mapping.property(&["Enabled"]);
        mappings::reads_queue(graph, *mapping) && (enabled.is_absent() || enabled.bool() == Some(true))
    });
    let polling: Vec<_> = polling.collect();
    let Some((first, others)) = polling.split_first() else { return };
    let costs = cx.costs();
    let mut paid = 0.0;
    let mut kept = 0.0;
    for mapping in &polling {
        let source = mapping.property(&["EventSourceArn"]);
        let fifo = match graph.target_of(&source, None).node() {
            Some(queue) => sqs::meter(queue) == sqs::FIFO,
            None => source.text().is_some_and(|arn| arn.ends_with(".fifo")),
        };
        let Some(price) = costs.price(if fifo { sqs::FIFO } else { sqs::STANDARD }) else { return };
        paid += price * sqs::POLLS_A_MONTH;
        let pollers = mapping.property(&["ProvisionedPollerConfig", "MinimumPollers"]).int();
        kept += pollers.zip(costs.price("lambda.poller.sqs")).map_or(0.0, |(count, price)| count as f64 * price);
    }
    let kept = kept * HOURS_PER_MONTH;
    if paid + kept < WORTH {
        return;
    }
    let requests = sqs::POLLS_A_MONTH * polling.len() as f64 / 1e6;
    let whose = if others.is_empty() {
        format!("{} asks its queue", first.id())
    } else {
        format!("{} mappings ask their queues", others.len() + 1)
    };
    let pollers =
        if kept > 0.0 { format!(" and {} for pollers that are kept", costs.money(kept)) } else { String::new() };
    cx.report(
        Place::property(*first, &["EventSourceArn"]),
        format!(
            "{whose} {requests:.1} million times a month when nothing comes, for {}{pollers}{}",
            costs.money(paid),
            costs.basis()
        ),
    )
    .help("set Enabled: false in stages that nobody uses; every copy of the stack pays this again");
}
