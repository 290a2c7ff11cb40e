//! Properties of events.

use crate::template::sam::property::{Property, Type};

/// Properties of `Schedule` events of functions.
pub const SCHEDULE: &[Property] = &[
    Property::new("Schedule", Type::Str).required(),
    Property::new("RuleName", Type::Str),
    Property::new("Input", Type::Str),
    Property::new("Enabled", Type::Bool),
    Property::new("State", Type::Str),
    Property::new("Name", Type::Str),
    Property::new("Description", Type::Str),
    Property::new("DeadLetterConfig", Type::Map),
    Property::new("RetryPolicy", Type::Map),
];

/// Properties of `CloudWatchEvent` events of functions.
pub const CLOUD_WATCH_EVENT: &[Property] = &[
    Property::new("EventBusName", Type::Str),
    Property::new("RuleName", Type::Str),
    Property::new("Pattern", Type::Map),
    Property::new("DeadLetterConfig", Type::Map),
    Property::new("RetryPolicy", Type::Map),
    Property::new("Input", Type::Str),
    Property::new("InputPath", Type::Str),
    Property::new("Target", Type::Map),
    Property::new("Enabled", Type::Bool),
    Property::new("State", Type::Str),
    Property::new("InputTransformer", Type::Map),
];

/// Properties of `S3` events of functions.
pub const S3: &[Property] = &[
    Property::new("Bucket", Type::Str).required(),
    Property::new("Events", Type::StrOrStrs).required().literal(),
    Property::new("Filter", Type::MapOfStrs),
];

/// Properties of `SNS` events of functions.
pub const SNS: &[Property] = &[
    Property::new("Topic", Type::Str).required(),
    Property::new("Region", Type::Str),
    Property::new("FilterPolicy", Type::Any),
    Property::new("FilterPolicyScope", Type::Any),
    Property::new("SqsSubscription", Type::BoolOrMap),
    Property::new("RedrivePolicy", Type::Map),
];

/// Properties of `Api` events of functions.
pub const API: &[Property] = &[
    Property::new("Path", Type::Str).required(),
    Property::new("Method", Type::Str).required(),
    Property::new("RestApiId", Type::Str).required(),
    Property::new("Stage", Type::Str),
    Property::new("Auth", Type::Map),
    Property::new("RequestModel", Type::Map),
    Property::new("RequestParameters", Type::List),
    Property::new("TimeoutInMillis", Type::Int),
    Property::new("ResponseTransferMode", Type::Str),
];

/// Properties of `AlexaSkill` events of functions.
pub const ALEXA_SKILL: &[Property] = &[Property::new("SkillId", Type::Str)];

/// Properties of `IoTRule` events of functions.
pub const IOT_RULE: &[Property] =
    &[Property::new("Sql", Type::Str).required(), Property::new("AwsIotSqlVersion", Type::Str)];

/// Properties of `Cognito` events of functions.
pub const COGNITO: &[Property] =
    &[Property::new("UserPool", Type::Str).required(), Property::new("Trigger", Type::StrOrStrs).required().literal()];

/// Properties of `HttpApi` events of functions.
pub const HTTP_API: &[Property] = &[
    Property::new("Path", Type::Str),
    Property::new("Method", Type::Str),
    Property::new("ApiId", Type::Str),
    Property::new("Stage", Type::Str),
    Property::new("Auth", Type::Map),
    Property::new("TimeoutInMillis", Type::Int),
    Property::new("RouteSettings", Type::Map),
    Property::new("PayloadFormatVersion", Type::Str),
];

/// Properties of `Kinesis` events of functions.
pub const KINESIS: &[Property] = &[
    Property::new("BatchSize", Type::Int),
    Property::new("StartingPosition", Type::Any).required(),
    Property::new("StartingPositionTimestamp", Type::Any),
    Property::new("Enabled", Type::Bool),
    Property::new("MaximumBatchingWindowInSeconds", Type::Int),
    Property::new("MaximumRetryAttempts", Type::Int),
    Property::new("BisectBatchOnFunctionError", Type::Bool),
    Property::new("MaximumRecordAgeInSeconds", Type::Int),
    Property::new("DestinationConfig", Type::Map),
    Property::new("ParallelizationFactor", Type::Int),
    Property::new("Topics", Type::List),
    Property::new("Queues", Type::List),
    Property::new("SourceAccessConfigurations", Type::List),
    Property::new("SecretsManagerKmsKeyId", Type::Str),
    Property::new("TumblingWindowInSeconds", Type::Int),
    Property::new("FunctionResponseTypes", Type::List),
    Property::new("KafkaBootstrapServers", Type::List),
    Property::new("FilterCriteria", Type::Map),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ConsumerGroupId", Type::Str),
    Property::new("ScalingConfig", Type::Map),
    Property::new("ProvisionedPollerConfig", Type::Map),
    Property::new("SchemaRegistryConfig", Type::Map),
    Property::new("MetricsConfig", Type::Map),
    Property::new("LoggingConfig", Type::Map),
    Property::new("Stream", Type::Any).required(),
];

/// Properties of `DynamoDB` events of functions.
pub const DYNAMO_DB: &[Property] = &[
    Property::new("BatchSize", Type::Int),
    Property::new("StartingPosition", Type::Any).required(),
    Property::new("StartingPositionTimestamp", Type::Any),
    Property::new("Enabled", Type::Bool),
    Property::new("MaximumBatchingWindowInSeconds", Type::Int),
    Property::new("MaximumRetryAttempts", Type::Int),
    Property::new("BisectBatchOnFunctionError", Type::Bool),
    Property::new("MaximumRecordAgeInSeconds", Type::Int),
    Property::new("DestinationConfig", Type::Map),
    Property::new("ParallelizationFactor", Type::Int),
    Property::new("Topics", Type::List),
    Property::new("Queues", Type::List),
    Property::new("SourceAccessConfigurations", Type::List),
    Property::new("SecretsManagerKmsKeyId", Type::Str),
    Property::new("TumblingWindowInSeconds", Type::Int),
    Property::new("FunctionResponseTypes", Type::List),
    Property::new("KafkaBootstrapServers", Type::List),
    Property::new("FilterCriteria", Type::Map),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ConsumerGroupId", Type::Str),
    Property::new("ScalingConfig", Type::Map),
    Property::new("ProvisionedPollerConfig", Type::Map),
    Property::new("SchemaRegistryConfig", Type::Map),
    Property::new("MetricsConfig", Type::Map),
    Property::new("LoggingConfig", Type::Map),
    Property::new("Stream", Type::Any).required(),
];

/// Properties of `SQS` events of functions.
pub const SQS: &[Property] = &[
    Property::new("BatchSize", Type::Int),
    Property::new("StartingPosition", Type::Any),
    Property::new("StartingPositionTimestamp", Type::Any),
    Property::new("Enabled", Type::Bool),
    Property::new("MaximumBatchingWindowInSeconds", Type::Int),
    Property::new("MaximumRetryAttempts", Type::Int),
    Property::new("BisectBatchOnFunctionError", Type::Bool),
    Property::new("MaximumRecordAgeInSeconds", Type::Int),
    Property::new("DestinationConfig", Type::Map),
    Property::new("ParallelizationFactor", Type::Int),
    Property::new("Topics", Type::List),
    Property::new("Queues", Type::List),
    Property::new("SourceAccessConfigurations", Type::List),
    Property::new("SecretsManagerKmsKeyId", Type::Str),
    Property::new("TumblingWindowInSeconds", Type::Int),
    Property::new("FunctionResponseTypes", Type::List),
    Property::new("KafkaBootstrapServers", Type::List),
    Property::new("FilterCriteria", Type::Map),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ConsumerGroupId", Type::Str),
    Property::new("ScalingConfig", Type::Map),
    Property::new("ProvisionedPollerConfig", Type::Map),
    Property::new("SchemaRegistryConfig", Type::Map),
    Property::new("MetricsConfig", Type::Map),
    Property::new("LoggingConfig", Type::Map),
    Property::new("Queue", Type::Any).required(),
];

/// Properties of `MSK` events of functions.
pub const MSK: &[Property] = &[
    Property::new("BatchSize", Type::Int),
    Property::new("StartingPosition", Type::Any).required(),
    Property::new("StartingPositionTimestamp", Type::Any),
    Property::new("Enabled", Type::Bool),
    Property::new("MaximumBatchingWindowInSeconds", Type::Int),
    Property::new("MaximumRetryAttempts", Type::Int),
    Property::new("BisectBatchOnFunctionError", Type::Bool),
    Property::new("MaximumRecordAgeInSeconds", Type::Int),
    Property::new("DestinationConfig", Type::Map),
    Property::new("ParallelizationFactor", Type::Int),
    Property::new("Topics", Type::List),
    Property::new("Queues", Type::List),
    Property::new("SourceAccessConfigurations", Type::List),
    Property::new("SecretsManagerKmsKeyId", Type::Str),
    Property::new("TumblingWindowInSeconds", Type::Int),
    Property::new("FunctionResponseTypes", Type::List),
    Property::new("KafkaBootstrapServers", Type::List),
    Property::new("FilterCriteria", Type::Map),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ConsumerGroupId", Type::Str),
    Property::new("ScalingConfig", Type::Map),
    Property::new("ProvisionedPollerConfig", Type::Map),
    Property::new("SchemaRegistryConfig", Type::Map),
    Property::new("MetricsConfig", Type::Map),
    Property::new("LoggingConfig", Type::Map),
    Property::new("Stream", Type::Any).required(),
];

/// Properties of `MQ` events of functions.
pub const MQ: &[Property] = &[
    Property::new("BatchSize", Type::Int),
    Property::new("StartingPosition", Type::Any),
    Property::new("StartingPositionTimestamp", Type::Any),
    Property::new("Enabled", Type::Bool),
    Property::new("MaximumBatchingWindowInSeconds", Type::Int),
    Property::new("MaximumRetryAttempts", Type::Int),
    Property::new("BisectBatchOnFunctionError", Type::Bool),
    Property::new("MaximumRecordAgeInSeconds", Type::Int),
    Property::new("DestinationConfig", Type::Map),
    Property::new("ParallelizationFactor", Type::Int),
    Property::new("Topics", Type::List),
    Property::new("Queues", Type::List),
    Property::new("SourceAccessConfigurations", Type::List),
    Property::new("SecretsManagerKmsKeyId", Type::Str),
    Property::new("TumblingWindowInSeconds", Type::Int),
    Property::new("FunctionResponseTypes", Type::List),
    Property::new("KafkaBootstrapServers", Type::List),
    Property::new("FilterCriteria", Type::Map),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ConsumerGroupId", Type::Str),
    Property::new("ScalingConfig", Type::Map),
    Property::new("ProvisionedPollerConfig", Type::Map),
    Property::new("SchemaRegistryConfig", Type::Map),
    Property::new("MetricsConfig", Type::Map),
    Property::new("LoggingConfig", Type::Map),
    Property::new("Broker", Type::Any).required(),
    Property::new("DynamicPolicyName", Type::Bool).literal(),
];

/// Properties of `DocumentDB` events of functions.
pub const DOCUMENT_DB: &[Property] = &[
    Property::new("BatchSize", Type::Int),
    Property::new("StartingPosition", Type::Any),
    Property::new("StartingPositionTimestamp", Type::Any),
    Property::new("Enabled", Type::Bool),
    Property::new("MaximumBatchingWindowInSeconds", Type::Int),
    Property::new("MaximumRetryAttempts", Type::Int),
    Property::new("BisectBatchOnFunctionError", Type::Bool),
    Property::new("MaximumRecordAgeInSeconds", Type::Int),
    Property::new("DestinationConfig", Type::Map),
    Property::new("ParallelizationFactor", Type::Int),
    Property::new("Topics", Type::List),
    Property::new("Queues", Type::List),
    Property::new("SourceAccessConfigurations", Type::List),
    Property::new("SecretsManagerKmsKeyId", Type::Str),
    Property::new("TumblingWindowInSeconds", Type::Int),
    Property::new("FunctionResponseTypes", Type::List),
    Property::new("KafkaBootstrapServers", Type::List),
    Property::new("FilterCriteria", Type::Map),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ConsumerGroupId", Type::Str),
    Property::new("ScalingConfig", Type::Map),
    Property::new("ProvisionedPollerConfig", Type::Map),
    Property::new("SchemaRegistryConfig", Type::Map),
    Property::new("MetricsConfig", Type::Map),
    Property::new("LoggingConfig", Type::Map),
    Property::new("Cluster", Type::Any).required(),
    Property::new("DatabaseName", Type::Any).required(),
    Property::new("CollectionName", Type::Any),
    Property::new("FullDocument", Type::Any),
];

/// Properties of `CloudWatchLogs` events of functions.
pub const CLOUD_WATCH_LOGS: &[Property] =
    &[Property::new("LogGroupName", Type::Str).required(), Property::new("FilterPattern", Type::Str).required()];

/// Properties of `ScheduleV2` events of functions.
pub const SCHEDULE_V2: &[Property] = &[
    Property::new("PermissionsBoundary", Type::Str),
    Property::new("ScheduleExpression", Type::Str).required(),
    Property::new("FlexibleTimeWindow", Type::Map),
    Property::new("Name", Type::Str),
    Property::new("State", Type::Str),
    Property::new("Description", Type::Str),
    Property::new("StartDate", Type::Str),
    Property::new("EndDate", Type::Str),
    Property::new("ScheduleExpressionTimezone", Type::Str),
    Property::new("GroupName", Type::Str),
    Property::new("KmsKeyArn", Type::Str),
    Property::new("Input", Type::Str),
    Property::new("RoleArn", Type::Str),
    Property::new("DeadLetterConfig", Type::Map),
    Property::new("RetryPolicy", Type::Map),
    Property::new("OmitName", Type::Bool).literal(),
];

/// Properties of `Schedule` events of state machines.
pub const MACHINE_SCHEDULE: &[Property] = &[
    Property::new("Schedule", Type::Str).required(),
    Property::new("Input", Type::Str),
    Property::new("Enabled", Type::Bool),
    Property::new("State", Type::Str),
    Property::new("Name", Type::Str),
    Property::new("Description", Type::Str),
    Property::new("DeadLetterConfig", Type::Map),
    Property::new("RetryPolicy", Type::Map),
    Property::new("Target", Type::Map).literal(),
    Property::new("RoleArn", Type::Str).literal(),
];

/// Properties of `CloudWatchEvent` events of state machines.
pub const MACHINE_CLOUD_WATCH_EVENT: &[Property] = &[
    Property::new("EventBusName", Type::Str),
    Property::new("RuleName", Type::Str),
    Property::new("Pattern", Type::Map),
    Property::new("Input", Type::Str),
    Property::new("InputPath", Type::Str),
    Property::new("DeadLetterConfig", Type::Map),
    Property::new("RetryPolicy", Type::Map),
    Property::new("State", Type::Str),
    Property::new("Target", Type::Map).literal(),
    Property::new("InputTransformer", Type::Map),
];

/// Properties of `Api` events of state machines.
pub const MACHINE_API: &[Property] = &[
    Property::new("Path", Type::Str).required(),
    Property::new("Method", Type::Str).required(),
    Property::new("RestApiId", Type::Str).required(),
    Property::new("Stage", Type::Str),
    Property::new("Auth", Type::Map),
    Property::new("UnescapeMappingTemplate", Type::Bool).literal(),
];

/// Properties of `SelfManagedKafka` events of functions.
pub const SELF_MANAGED_KAFKA: &[Property] = &[
    Property::new("BatchSize", Type::Int),
    Property::new("StartingPosition", Type::Any),
    Property::new("StartingPositionTimestamp", Type::Any),
    Property::new("Enabled", Type::Bool),
    Property::new("MaximumBatchingWindowInSeconds", Type::Int),
    Property::new("MaximumRetryAttempts", Type::Int),
    Property::new("BisectBatchOnFunctionError", Type::Bool),
    Property::new("MaximumRecordAgeInSeconds", Type::Int),
    Property::new("DestinationConfig", Type::Map),
    Property::new("ParallelizationFactor", Type::Int),
    Property::new("Topics", Type::List),
    Property::new("Queues", Type::List),
    Property::new("SourceAccessConfigurations", Type::List),
    Property::new("SecretsManagerKmsKeyId", Type::Str),
    Property::new("TumblingWindowInSeconds", Type::Int),
    Property::new("FunctionResponseTypes", Type::List),
    Property::new("KafkaBootstrapServers", Type::List),
    Property::new("FilterCriteria", Type::Map),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ConsumerGroupId", Type::Str),
    Property::new("ScalingConfig", Type::Map),
    Property::new("ProvisionedPollerConfig", Type::Map),
    Property::new("SchemaRegistryConfig", Type::Map),
    Property::new("MetricsConfig", Type::Map),
    Property::new("LoggingConfig", Type::Map),
];
