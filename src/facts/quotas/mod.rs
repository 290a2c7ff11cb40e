//! Quotas, ranges and defaults of the services, as AWS documents them.
//!
//! Every block names the page (below `https://docs.aws.amazon.com/`) that states the values. They
//! were written down from knowledge of those pages and not compared with the live pages. Times
//! are seconds and sizes bytes unless a name says otherwise.

use std::ops::RangeInclusive;

pub mod event_source;
pub mod lambda;

/// The month the values were written down.
pub const AS_OF: &str = "2026-10";

/// API Gateway: `apigateway/latest/developerguide/limits.html` and the pages it links to.
pub mod api_gateway {
    use super::RangeInclusive;

    /// Integration timeout of a REST API, milliseconds; regional and private APIs may have the
    /// upper end raised.
    pub const REST_TIMEOUT_MS: RangeInclusive<i64> = 50..=29_000;
    /// Integration timeout of an HTTP API, milliseconds; cannot be raised.
    pub const HTTP_TIMEOUT_MS: RangeInclusive<i64> = 50..=30_000;
    /// Integration timeout of a WebSocket API, milliseconds.
    pub const WEBSOCKET_TIMEOUT_MS: RangeInclusive<i64> = 50..=29_000;
    /// A Lambda authorizer of an HTTP API must answer within this time, milliseconds.
    pub const HTTP_AUTHORIZER_TIMEOUT_MS: i64 = 10_000;
    /// Payload of a REST or HTTP API.
    pub const PAYLOAD_BYTES: u64 = 10 << 20;
    /// Payload of one WebSocket message, and of one of its frames.
    pub const WEBSOCKET_MESSAGE_BYTES: u64 = 128 << 10;
    /// See [`WEBSOCKET_MESSAGE_BYTES`].
    pub const WEBSOCKET_FRAME_BYTES: u64 = 32 << 10;
    /// A WebSocket connection lasts at most this long, and this long without a message.
    pub const WEBSOCKET_CONNECTION: i64 = 7200;
    /// See [`WEBSOCKET_CONNECTION`].
    pub const WEBSOCKET_IDLE: i64 = 600;
    /// Requests a second of an account in a region, and the burst, until raised.
    pub const ACCOUNT_RATE: i64 = 10_000;
    /// See [`ACCOUNT_RATE`].
    pub const ACCOUNT_BURST: i64 = 5_000;
    /// Time an authorizer's answer is kept by a REST API.
    pub const REST_AUTHORIZER_TTL: RangeInclusive<i64> = 0..=3600;
    /// The value when none is written.
    pub const DEFAULT_REST_AUTHORIZER_TTL: i64 = 300;
    /// Bytes of an HTTP API that are charged as one request.
    pub const HTTP_REQUEST_UNIT_BYTES: u64 = 512 << 10;
    /// Bytes of a WebSocket message that are charged as one message.
    pub const WEBSOCKET_MESSAGE_UNIT_BYTES: u64 = 32 << 10;
}

/// `AppSync`: `general/latest/gr/appsync.html`.
pub mod app_sync {
    /// A request ends after this time.
    pub const REQUEST_TIMEOUT: i64 = 30;
    /// Largest response of a resolver to a request.
    pub const RESPONSE_BYTES: u64 = 5 << 20;
}

/// SQS: `AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html`, `quotas-messages.html`.
pub mod sqs {
    use super::RangeInclusive;

    /// `VisibilityTimeout`.
    pub const VISIBILITY_TIMEOUT: RangeInclusive<i64> = 0..=43_200;
    /// The value when none is written.
    pub const DEFAULT_VISIBILITY_TIMEOUT: i64 = 30;
    /// `MessageRetentionPeriod`.
    pub const RETENTION: RangeInclusive<i64> = 60..=1_209_600;
    /// The value when none is written: four days.
    pub const DEFAULT_RETENTION: i64 = 345_600;
    /// `DelaySeconds`.
    pub const DELAY: RangeInclusive<i64> = 0..=900;
    /// `ReceiveMessageWaitTimeSeconds`.
    pub const RECEIVE_WAIT: RangeInclusive<i64> = 0..=20;
    /// `MaximumMessageSize`.
    pub const MESSAGE_BYTES: RangeInclusive<i64> = 1024..=1_048_576;
    /// `KmsDataKeyReusePeriodSeconds`.
    pub const KEY_REUSE: RangeInclusive<i64> = 60..=86_400;
    /// `maxReceiveCount` of a redrive policy.
    pub const MAX_RECEIVE_COUNT: RangeInclusive<i64> = 1..=1000;
    /// AWS advises at least this `maxReceiveCount` for a queue that Lambda reads.
    pub const ADVISED_RECEIVE_COUNT: i64 = 5;
    /// Messages in flight of a standard queue.
    pub const IN_FLIGHT: i64 = 120_000;
    /// Messages in flight of a FIFO queue.
    pub const IN_FLIGHT_FIFO: i64 = 120_000;
    /// Bytes of a message that are charged as one request.
    pub const REQUEST_UNIT_BYTES: u64 = 64 << 10;
    /// Characters of a queue's name.
    pub const NAME_CHARACTERS: usize = 80;
}

/// SNS: `general/latest/gr/sns.html`, `sns/latest/dg/sns-subscription-filter-policies.html`.
pub mod sns {
    /// Largest message.
    pub const MESSAGE_BYTES: u64 = 256 << 10;
    /// Bytes of a message that are charged as one request.
    pub const REQUEST_UNIT_BYTES: u64 = 64 << 10;
    /// Keys of a filter policy.
    pub const FILTER_KEYS: usize = 5;
    /// Combinations of values of a filter policy.
    pub const FILTER_COMBINATIONS: usize = 150;
}

/// EventBridge, Scheduler and Pipes: `eventbridge/latest/userguide/eb-quota.html`.
pub mod event_bridge {
    use super::RangeInclusive;

    /// Largest entry of `PutEvents`.
    pub const EVENT_BYTES: u64 = 1 << 20;
    /// Bytes of an event that are charged as one.
    pub const EVENT_UNIT_BYTES: u64 = 64 << 10;
    /// Targets of a rule.
    pub const TARGETS: usize = 5;
    /// Rules of a bus, until raised.
    pub const RULES: usize = 300;
    /// Largest event pattern.
    pub const PATTERN_BYTES: usize = 2048;
    /// `MaximumEventAgeInSeconds` of a target or schedule.
    pub const EVENT_AGE: RangeInclusive<i64> = 60..=86_400;
    /// `MaximumRetryAttempts` of a target or schedule; also the value when none is written.
    pub const RETRIES: RangeInclusive<i64> = 0..=185;
    /// A pipe waits this long for an enrichment or a target that answers.
    pub const PIPE_CALL_TIMEOUT: i64 = 300;
    /// An API destination must answer within this time.
    pub const API_DESTINATION_TIMEOUT: i64 = 5;
}

/// Step Functions: `step-functions/latest/dg/service-quotas.html`.
pub mod step_functions {
    /// An express execution lasts at most this long.
    pub const EXPRESS_DURATION: i64 = 300;
    /// A standard execution lasts at most this long: a year.
    pub const STANDARD_DURATION: i64 = 31_536_000;
    /// Events in the history of a standard execution.
    pub const HISTORY_EVENTS: i64 = 25_000;
    /// Input or output of a state.
    pub const PAYLOAD_BYTES: u64 = 256 << 10;
    /// Definition of a state machine.
    pub const DEFINITION_BYTES: usize = 1 << 20;
    /// Characters of the name of a state machine or a state.
    pub const NAME_CHARACTERS: usize = 80;
    /// Iterations of an inline map that run at a time.
    pub const INLINE_MAP_CONCURRENCY: i64 = 40;
    /// Executions that a distributed map runs at a time.
    pub const DISTRIBUTED_MAP_CONCURRENCY: i64 = 10_000;
    /// `TimeoutSeconds` of a task when none is written (effectively without end).
    pub const DEFAULT_TASK_TIMEOUT: i64 = 99_999_999;
    /// `MaxAttempts`, `IntervalSeconds` and `BackoffRate` of a retrier when none is written.
    pub const DEFAULT_RETRY: (i64, i64, f64) = (3, 1, 2.0);
}

/// DynamoDB: `amazondynamodb/latest/developerguide/ServiceQuotas.html`.
pub mod dynamo_db {
    /// Largest item.
    pub const ITEM_BYTES: u64 = 400 << 10;
    /// Global secondary indexes of a table, until raised.
    pub const GLOBAL_INDEXES: usize = 20;
    /// Local secondary indexes of a table.
    pub const LOCAL_INDEXES: usize = 5;
    /// Records stay in a table's stream this long.
    pub const STREAM_RETENTION: i64 = 86_400;
    /// Functions that may read one shard of a table's stream at a time.
    pub const STREAM_READERS: usize = 2;
    /// Bytes of one write request unit.
    pub const WRITE_UNIT_BYTES: u64 = 1 << 10;
    /// Bytes of one read request unit.
    pub const READ_UNIT_BYTES: u64 = 4 << 10;
}

/// Kinesis and Firehose: `streams/latest/dev/service-sizes-and-limits.html`, `firehose/latest/dev/limits.html`.
pub mod kinesis {
    use super::RangeInclusive;

    /// `RetentionPeriodHours`.
    pub const RETENTION_HOURS: RangeInclusive<i64> = 24..=8760;
    /// The value when none is written.
    pub const DEFAULT_RETENTION_HOURS: i64 = 24;
    /// Records a second into one shard.
    pub const SHARD_RECORDS_PER_SECOND: i64 = 1000;
    /// Bytes a second into one shard.
    pub const SHARD_BYTES_PER_SECOND: i64 = 1 << 20;
    /// Bytes of one put payload unit.
    pub const PUT_UNIT_BYTES: u64 = 25 << 10;
    /// A transformation function of Firehose must answer within this time.
    pub const FIREHOSE_TRANSFORM_TIMEOUT: i64 = 300;
    /// AWS advises at least this timeout for a transformation function.
    pub const FIREHOSE_ADVISED_TIMEOUT: i64 = 60;
}

/// Callers of functions that wait only so long.
pub mod callers {
    /// Cognito waits this long for a trigger (`cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html`).
    pub const COGNITO_TRIGGER_TIMEOUT: i64 = 5;
    /// `CloudFront` waits this long for a function on a viewer event
    /// (`AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html`).
    pub const EDGE_VIEWER_TIMEOUT: i64 = 5;
    /// `CloudFront` waits this long for a function on an origin event.
    pub const EDGE_ORIGIN_TIMEOUT: i64 = 30;
    /// Memory of a function on a viewer event, MB.
    pub const EDGE_VIEWER_MEMORY_MB: i64 = 128;
    /// Idle timeout of an application load balancer when none is written
    /// (`elasticloadbalancing/latest/application/load-balancer-limits.html`).
    pub const ALB_IDLE_TIMEOUT: i64 = 60;
    /// Request and response body of a function behind a load balancer.
    pub const ALB_BODY_BYTES: u64 = 1 << 20;
    /// CloudFormation waits this long for a custom resource when no `ServiceTimeout` is written
    /// (`AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html`).
    pub const CUSTOM_RESOURCE_TIMEOUT: i64 = 3600;
}

/// CloudWatch: `AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html`,
/// `AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
/// `AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html`.
pub mod cloud_watch {
    /// `RetentionInDays` takes these values only.
    pub const RETENTION_DAYS: &[i64] =
        &[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
    /// Subscription filters of a log group.
    pub const SUBSCRIPTION_FILTERS: usize = 2;
    /// Metric filters of a log group.
    pub const METRIC_FILTERS: usize = 100;
    /// Characters of a log group's name.
    pub const LOG_GROUP_NAME_CHARACTERS: usize = 512;
    /// Evaluation periods times period of an alarm on metrics of at least a minute.
    pub const ALARM_WINDOW: i64 = 7 * 86_400;
    /// The same for an alarm whose period is less than an hour.
    pub const ALARM_WINDOW_SHORT_PERIOD: i64 = 86_400;
    /// Periods below a minute that an alarm may have.
    pub const HIGH_RESOLUTION_PERIODS: &[i64] = &[10, 20, 30];
    /// Metrics of one alarm's expression.
    pub const ALARM_METRICS: usize = 10;
    /// Widgets of a dashboard.
    pub const DASHBOARD_WIDGETS: usize = 500;
    /// Metrics of a dashboard.
    pub const DASHBOARD_METRICS: usize = 2500;

    /// The allowed retention nearest above `days`.
    pub fn retention_at_least(days: i64) -> Option<i64> {
        RETENTION_DAYS.iter().copied().find(|allowed| *allowed >= days)
    }
}

/// CloudFormation: `AWSCloudFormation/latest/UserGuide/cloudformation-limits.html`.
pub mod cloud_formation {
    /// Template in a request.
    pub const TEMPLATE_BODY_BYTES: usize = 51_200;
    /// Template in a bucket.
    pub const TEMPLATE_BYTES: usize = 1 << 20;
    /// Resources of a template.
    pub const RESOURCES: usize = 500;
    /// Parameters of a template.
    pub const PARAMETERS: usize = 200;
    /// Outputs of a template.
    pub const OUTPUTS: usize = 200;
    /// Mappings of a template.
    pub const MAPPINGS: usize = 200;
    /// Characters of a logical id.
    pub const LOGICAL_ID_CHARACTERS: usize = 255;
    /// Bytes of a parameter's value.
    pub const PARAMETER_VALUE_BYTES: usize = 4096;
}

/// IAM: `IAM/latest/UserGuide/reference_iam-quotas.html`. White space does not count.
pub mod iam {
    /// All inline policies of a role, characters.
    pub const ROLE_INLINE_CHARACTERS: usize = 10_240;
    /// A managed policy, characters.
    pub const MANAGED_POLICY_CHARACTERS: usize = 6144;
    /// Managed policies attached to a role, until raised.
    pub const ATTACHED_POLICIES: usize = 10;
    /// A trust policy, characters.
    pub const TRUST_POLICY_CHARACTERS: usize = 2048;
    /// Characters of a role's name.
    pub const ROLE_NAME_CHARACTERS: usize = 64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searched_lists_are_sorted() {
        assert!(lambda::RESERVED_ENVIRONMENT.is_sorted());
        assert!(cloud_watch::RETENTION_DAYS.is_sorted());
    }

    #[test]
    fn wrappers_may_be_set_and_regions_not() {
        assert!(lambda::is_reserved_environment("AWS_REGION"));
        assert!(!lambda::is_reserved_environment("AWS_LAMBDA_EXEC_WRAPPER"));
        assert!(lambda::SETTABLE_ENVIRONMENT.iter().all(|key| !lambda::is_reserved_environment(key)));
    }

    #[test]
    fn retention_is_rounded_up() {
        assert_eq!(cloud_watch::retention_at_least(8), Some(14));
        assert_eq!(cloud_watch::retention_at_least(3653), Some(3653));
        assert_eq!(cloud_watch::retention_at_least(4000), None);
    }
}
