use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

/// Property, least and greatest number, unit (SQS quotas page, 2026-09).
const RANGES: [(&str, i64, i64, &str); 6] = [
    ("VisibilityTimeout", 0, 43_200, " s"),
    ("MessageRetentionPeriod", 60, 1_209_600, " s"),
    ("DelaySeconds", 0, 900, " s"),
    ("ReceiveMessageWaitTimeSeconds", 0, 20, " s"),
    ("MaximumMessageSize", 1024, 1_048_576, " bytes"),
    ("KmsDataKeyReusePeriodSeconds", 60, 86_400, " s"),
];
/// Properties that only FIFO queues have.
const FIFO_ONLY: [&str; 3] = ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

policy! {
    /// A setting of a queue is outside the range that SQS accepts.
    ///
    /// ## Why it matters
    ///
    /// SQS accepts visibility timeouts up to 12 hours (43,200 s), retention of one minute to 14 days,
    /// delays up to 15 minutes, long polling up to 20 s and messages of 1 KiB to 1 MiB. FIFO queues
    /// need `FifoQueue: true` and a name that ends in `.fifo`. Anything else fails the deployment.
    ///
    /// ## How to fix
    ///
    /// Choose a number in the range that the message names. For a FIFO queue, set `FifoQueue: true`
    /// and let the name end in `.fifo`.
    ///
    /// ## When to suppress
    ///
    /// Never: SQS refuses the value.
    ///
    /// ## Source
    ///
    /// Amazon SQS API reference, `CreateQueue` (attributes and their ranges); cfn-lint E3034, E3501; as of
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {DelaySeconds: 3600}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {DelaySeconds: 900}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {QueueName: jobs, FifoQueue: true}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {QueueName: jobs.fifo, FifoQueue: true}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {VisibilityTimeout: 50000}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::SQS::Queue
    ///     Properties: {VisibilityTimeout: 180}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 30}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
    /// ```
    pub(super) static POLICY = "queue-ranges" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for queue in cx.graph.existing("AWS::SQS::Queue") {
        for (name, least, greatest, unit) in RANGES {
            let outside = |number: i64| !(least..=greatest).contains(&number);
            let Some(number) = read::number(queue, &[name], outside) else { continue };
            cx.report(
                Place::property(queue, &[name]),
                format!("{} sets {name} to {number}{unit}, but SQS accepts {least} to {greatest}{unit}", queue.id()),
            )
            .help(format!("set {name} to {}", number.clamp(least, greatest)))
            .remedy(remedies::set(queue, &[name], number.clamp(least, greatest)));
        }
        let fifo = queue.property(&["FifoQueue"]);
        let name = queue.property(&["QueueName"]).symbolic();
        let named = queue.property(&["QueueName"]).text().map(|name| {
            Remedy::safe(format!("Name {} {name}.fifo", queue.id())).put(queue, &["QueueName"], format!("{name}.fifo"))
        });
        let ends_in_fifo = name.as_deref().map(|name| name.ends_with(".fifo"));
        if fifo.bool() == Some(true) && queue.property(&["QueueName"]).text().is_some() && ends_in_fifo == Some(false) {
            cx.report(
                Place::property(queue, &["QueueName"]),
                format!(
                    "{} is a FIFO queue, but its name {} does not end in .fifo",
                    queue.id(),
                    name.unwrap_or_default()
                ),
            )
            .help("let the name end in .fifo")
            .remedy(named);
        } else if (fifo.is_absent() || fifo.bool() == Some(false)) && ends_in_fifo == Some(true) {
            cx.report(
                Place::property(queue, &["QueueName"]),
                format!("{} has a name that ends in .fifo but is a standard queue", queue.id()),
            )
            .help("set FifoQueue: true, or choose a name without .fifo")
            .remedy(Remedy::risky(format!("Make {} a FIFO queue", queue.id())).put(
                queue,
                &["FifoQueue"],
                true,
            ));
        }
        if fifo.is_absent() {
            // A string such as `false` is still a property of a FIFO queue; absence decides.
            for name in FIFO_ONLY {
                let value = queue.property(&[name]);
                if value.known().is_some() && value.bool() != Some(false) {
                    cx.report(
                        Place::property(queue, &[name]),
                        format!("{} sets {name}, which only FIFO queues have", queue.id()),
                    )
                    .help(format!("remove {name}, or set FifoQueue: true and a name that ends in .fifo"))
                    .remedy(
                        Remedy::risky(format!("Remove {name} from {}", queue.id())).remove_property(queue, &[name]),
                    );
                }
            }
        }
    }
}
