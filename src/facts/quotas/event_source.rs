//! Event source mappings: `lambda/latest/dg/invocation-eventsourcemapping.html` and the page of
//! each source, `AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html`.

use std::ops::RangeInclusive;

/// What an event source mapping reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A standard SQS queue.
    Sqs,
    /// A FIFO SQS queue.
    SqsFifo,
    /// A Kinesis stream.
    Kinesis,
    /// The stream of a DynamoDB table.
    DynamoDb,
    /// Managed or self-managed Apache Kafka.
    Kafka,
    /// Amazon MQ.
    Mq,
    /// `DocumentDB`.
    DocumentDb,
}

impl Source {
    /// `BatchSize` when none is written.
    pub fn default_batch_size(self) -> i64 {
        match self {
            Self::Sqs | Self::SqsFifo => 10,
            _ => 100,
        }
    }

    /// Largest `BatchSize`.
    pub fn max_batch_size(self) -> i64 {
        if self == Self::SqsFifo { 10 } else { 10_000 }
    }

    /// Whether records come in order by shard.
    pub fn is_stream(self) -> bool {
        matches!(self, Self::Kinesis | Self::DynamoDb)
    }
}

/// A standard queue with a larger `BatchSize` needs a batching window of at least a second.
pub const SQS_BATCH_WITHOUT_WINDOW: i64 = 10;
/// `MaximumBatchingWindowInSeconds`.
pub const BATCHING_WINDOW: RangeInclusive<i64> = 0..=300;
/// `ParallelizationFactor`.
pub const PARALLELIZATION_FACTOR: RangeInclusive<i64> = 1..=10;
/// `MaximumRecordAgeInSeconds`, besides -1 for no limit.
pub const RECORD_AGE: RangeInclusive<i64> = 60..=604_800;
/// `MaximumRetryAttempts`; -1 is no limit and the value when none is written.
pub const RETRIES: RangeInclusive<i64> = -1..=10_000;
/// `TumblingWindowInSeconds`.
pub const TUMBLING_WINDOW: RangeInclusive<i64> = 0..=900;
/// `ScalingConfig.MaximumConcurrency`.
pub const MAXIMUM_CONCURRENCY: RangeInclusive<i64> = 2..=1000;
/// Pollers that a mapping on a standard queue starts with.
pub const SQS_INITIAL_POLLERS: i64 = 5;
/// Filters of a mapping, until raised.
pub const FILTERS: usize = 5;
/// Filters of a mapping with a raised quota.
pub const FILTERS_RAISED: usize = 10;
/// Characters of a filter pattern.
pub const FILTER_CHARACTERS: usize = 4096;
/// A queue's visibility timeout should be this many times the function's timeout
/// (`lambda/latest/dg/services-sqs-configure.html`).
pub const VISIBILITY_FACTOR: i64 = 6;
