//! Lambda functions: `lambda/latest/dg/gettingstarted-limits.html`,
//! `AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html`.

use std::ops::RangeInclusive;

/// `Timeout` of a function.
pub const TIMEOUT: RangeInclusive<i64> = 1..=900;
/// `Timeout` of a function on Lambda Managed Instances (`CapacityProviderConfig`).
pub const TIMEOUT_MANAGED_INSTANCES: RangeInclusive<i64> = 1..=5400;
/// `Timeout` when none is written.
pub const DEFAULT_TIMEOUT: i64 = 3;
/// `timeout` that the Serverless Framework writes when none is given.
pub const SERVERLESS_DEFAULT_TIMEOUT: i64 = 6;
/// `MemorySize`, MB.
pub const MEMORY_MB: RangeInclusive<i64> = 128..=10_240;
/// `MemorySize` on Lambda Managed Instances, MB.
pub const MEMORY_MB_MANAGED_INSTANCES: RangeInclusive<i64> = 128..=32_768;
/// `MemorySize` when none is written, MB.
pub const DEFAULT_MEMORY_MB: i64 = 128;
/// `memorySize` that the Serverless Framework writes when none is given, MB.
pub const SERVERLESS_DEFAULT_MEMORY_MB: i64 = 1024;
/// Memory at which a function has one full virtual CPU, MB.
pub const ONE_VCPU_MB: i64 = 1769;
/// `EphemeralStorage.Size`, MB.
pub const EPHEMERAL_STORAGE_MB: RangeInclusive<i64> = 512..=10_240;
/// `EphemeralStorage.Size` on Lambda Managed Instances, MB.
pub const EPHEMERAL_STORAGE_MB_MANAGED_INSTANCES: RangeInclusive<i64> = 512..=32_768;
/// `EphemeralStorage.Size` when none is written, and what is free of charge, MB.
pub const DEFAULT_EPHEMERAL_STORAGE_MB: i64 = 512;
/// All environment keys and values of a function together.
pub const ENVIRONMENT_BYTES: usize = 4096;
/// Layers of a function.
pub const LAYERS: usize = 5;
/// Deployment package, zipped, uploaded directly.
pub const ZIPPED_BYTES: u64 = 50 << 20;
/// Deployment package and layers, unzipped.
pub const UNZIPPED_BYTES: u64 = 250 << 20;
/// Container image, uncompressed.
pub const IMAGE_BYTES: u64 = 10 << 30;
/// `Code.ZipFile`.
pub const INLINE_CODE_BYTES: usize = 4 << 20;
/// Resource-based policy of a function.
pub const RESOURCE_POLICY_BYTES: usize = 20_480;
/// Payload of a synchronous call, each way.
pub const SYNC_PAYLOAD_BYTES: u64 = 6 << 20;
/// Streamed response.
pub const STREAMED_RESPONSE_BYTES: u64 = 200 << 20;
/// Payload of an asynchronous call.
pub const ASYNC_PAYLOAD_BYTES: u64 = 1 << 20;
/// Concurrent executions of an account in a region, until raised.
pub const ACCOUNT_CONCURRENCY: i64 = 1000;
/// What reserving concurrency must leave to the functions without a reservation.
pub const UNRESERVED_MINIMUM: i64 = 100;
/// Requests a second per unit of concurrency of a synchronously called function.
pub const REQUESTS_PER_CONCURRENCY: i64 = 10;
/// Environments that a function may gain in ten seconds.
pub const SCALING_PER_10_S: i64 = 1000;
/// The init phase may last this long before it is repeated within the first call.
pub const INIT_TIMEOUT: i64 = 10;
/// `Description` of a function, characters.
pub const DESCRIPTION_CHARACTERS: usize = 256;

/// `MaximumRetryAttempts` of asynchronous calls (`invocation-async-error-handling.html`).
pub const ASYNC_RETRIES: RangeInclusive<i64> = 0..=2;
/// The value when none is written.
pub const DEFAULT_ASYNC_RETRIES: i64 = 2;
/// `MaximumEventAgeInSeconds` of asynchronous calls.
pub const ASYNC_EVENT_AGE: RangeInclusive<i64> = 60..=21_600;
/// The value when none is written.
pub const DEFAULT_ASYNC_EVENT_AGE: i64 = 21_600;
/// Pauses before the first and the second retry of an asynchronous call.
pub const ASYNC_BACKOFF: [i64; 2] = [60, 120];

/// `DurableConfig.ExecutionTimeout` (`lambda/latest/dg/durable-configuration.html`).
pub const DURABLE_EXECUTION_TIMEOUT: RangeInclusive<i64> = 1..=31_622_400;
/// A durable function that is called synchronously ends with the call.
pub const DURABLE_SYNC_TIMEOUT: i64 = 900;
/// `DurableConfig.RetentionPeriodInDays`.
pub const DURABLE_RETENTION_DAYS: RangeInclusive<i64> = 1..=90;

/// Environment keys that Lambda sets itself and refuses to take
/// (`lambda/latest/dg/configuration-envvars.html`).
pub const RESERVED_ENVIRONMENT: &[&str] = &[
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_METADATA_API",
    "AWS_LAMBDA_METADATA_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
];

/// Environment keys that look reserved and may be set, with what they do.
pub const SETTABLE_ENVIRONMENT: &[&str] = &[
    "AWS_LAMBDA_EXEC_WRAPPER",
    "AWS_LAMBDA_DOTNET_PREJIT",
    "AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "AWS_XRAY_TRACING_NAME",
];

/// Whether Lambda refuses the environment key.
pub fn is_reserved_environment(key: &str) -> bool {
    RESERVED_ENVIRONMENT.binary_search(&key).is_ok()
}
