//! What ought to be watched, by kind of resource.
//!
//! The metrics are those that the services publish for failures, for work that piles up, and for
//! callers that wait (documentation of each service's CloudWatch metrics, as of 2026-10).

use super::Means;
use crate::graph::{EdgeKind, Graph, NodeKind, NodeRef};

/// Something that ought to be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What it is, in a word or two: `errors`.
    pub name: &'static str,
    /// What watches it.
    pub means: Means,
    /// The metrics any of which an alarm may watch; empty for other means.
    pub metrics: &'static [&'static str],
}

const fn alarm(name: &'static str, metrics: &'static [&'static str]) -> Signal {
    Signal { name, means: Means::Alarm, metrics }
}

const ERRORS: Signal = alarm("errors", &["Errors"]);
const THROTTLES: Signal = alarm("throttles", &["Throttles"]);
const DURATION: Signal = alarm("duration", &["Duration"]);
const ITERATOR_AGE: Signal = alarm("iterator age", &["IteratorAge", "OffsetLag"]);
const DROPPED: Signal = alarm(
    "dropped events",
    &["AsyncEventsDropped", "AsyncEventAge", "DeadLetterErrors", "DestinationDeliveryFailures"],
);
const CONCURRENCY: Signal =
    alarm("concurrency", &["ConcurrentExecutions", "ClaimedAccountConcurrency", "UnreservedConcurrentExecutions"]);
const SPILLOVER: Signal = alarm(
    "provisioned concurrency",
    &["ProvisionedConcurrencySpilloverInvocations", "ProvisionedConcurrencyUtilization"],
);
const DEPTH: Signal = alarm("depth", &["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"]);
const AGE: Signal = alarm("age or depth", &["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"]);
const LATENCY: Signal = alarm("latency", &["Latency", "IntegrationLatency"]);

const DASHBOARD: Signal = Signal { name: "dashboard", means: Means::Dashboard, metrics: &[] };
const TRACES: Signal = Signal { name: "traces", means: Means::Trace, metrics: &[] };
const RETENTION: Signal = Signal { name: "log retention", means: Means::Log, metrics: &[] };
const ACCESS_LOG: Signal = Signal { name: "access log", means: Means::Log, metrics: &[] };
const LOG: Signal = Signal { name: "log", means: Means::Log, metrics: &[] };

/// The signals of a resource; none where its kind is not watched.
pub fn signals_of(graph: &Graph, node: NodeRef<'_>) -> Vec<Signal> {
    match node.kind() {
        NodeKind::Function => function(graph, node),
        NodeKind::RestApi => {
            vec![alarm("5xx", &["5XXError"]), LATENCY, DASHBOARD, TRACES, ACCESS_LOG]
        }
        // The service publishes no traces for these two.
        NodeKind::HttpApi => vec![alarm("5xx", &["5xx", "5XXError"]), LATENCY, DASHBOARD, ACCESS_LOG],
        NodeKind::WebSocketApi => {
            vec![alarm("errors", &["IntegrationError", "ExecutionError"]), DASHBOARD, ACCESS_LOG]
        }
        NodeKind::GraphQlApi => vec![alarm("5xx", &["5XXError"]), LATENCY, DASHBOARD, TRACES, LOG],
        NodeKind::Queue => {
            let keeps_failures = node.sources(EdgeKind::DeadLettersTo).next().is_some();
            let is_read = node.targets(EdgeKind::Polls).next().is_some();
            vec![if keeps_failures && !is_read { DEPTH } else { AGE }, DASHBOARD]
        }
        NodeKind::Stream => vec![
            alarm("throttles", &["WriteProvisionedThroughputExceeded", "ReadProvisionedThroughputExceeded"]),
            alarm("iterator age", &["GetRecords.IteratorAgeMilliseconds"]),
            DASHBOARD,
        ],
        NodeKind::Firehose => vec![
            alarm(
                "late data",
                &[
                    "DeliveryToS3.DataFreshness",
                    "DeliveryToRedshift.DataFreshness",
                    "DeliveryToAmazonOpenSearchService.DataFreshness",
                    "DeliveryToHttpEndpoint.DataFreshness",
                    "DeliveryToSplunk.DataFreshness",
                    "DeliveryToSnowflake.DataFreshness",
                ],
            ),
            DASHBOARD,
        ],
        NodeKind::StateMachine => vec![
            alarm("failures", &["ExecutionsFailed"]),
            alarm("time-outs", &["ExecutionsTimedOut"]),
            alarm("throttles", &["ExecutionThrottled"]),
            DASHBOARD,
            TRACES,
            LOG,
        ],
        NodeKind::Table => vec![
            alarm("throttles", &["ThrottledRequests", "ReadThrottleEvents", "WriteThrottleEvents"]),
            alarm("system errors", &["SystemErrors"]),
            DASHBOARD,
        ],
        NodeKind::Topic => {
            vec![alarm("failed deliveries", &["NumberOfNotificationsFailed", "NumberOfNotificationsRedrivenToDlq"])]
        }
        NodeKind::Rule => {
            vec![alarm("failed invocations", &["FailedInvocations", "InvocationsFailedToBeSentToDlq"])]
        }
        _ => Vec::new(),
    }
}

/// A function's signals depend on how it is called and which capacity is set aside for it.
fn function(graph: &Graph, node: NodeRef<'_>) -> Vec<Signal> {
    let mut signals = vec![ERRORS, THROTTLES, DURATION];
    if graph.mappings_to(node).any(|mapping| mapping.source_kind().is_stream()) {
        signals.push(ITERATOR_AGE);
    }
    if node.async_triggers().next().is_some() {
        signals.push(DROPPED);
    }
    if node.property(&["ReservedConcurrentExecutions"]).int().is_some() {
        signals.push(CONCURRENCY);
    }
    let provisions = |alias: NodeRef<'_>| !alias.property(&["ProvisionedConcurrencyConfig"]).is_absent();
    if node.sources(EdgeKind::Qualifies).any(provisions) {
        signals.push(SPILLOVER);
    }
    signals.extend([DASHBOARD, TRACES, RETENTION]);
    signals
}
