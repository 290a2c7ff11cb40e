//! The keys of serverless.yml, for completion and hover. Names, shapes and values are those of
//! the framework's configuration schema (release 3.40, read 2026-11); the sentences are ours.

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text, a number or a boolean.
    Scalar,
    /// A boolean.
    Bool,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A list.
    List,
    /// A map.
    Map,
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Where it stands: keys joined with `.`, `*` for any key or item.
    pub path: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// What it does.
    pub help: &'static str,
}

const fn key(path: &'static str, name: &'static str, shape: Shape, help: &'static str) -> Key {
    Key { path, name, shape, help }
}

use Shape::{Bool, List, Map, OneOf, Scalar};

const RUNTIMES: Shape = OneOf(&[
    "nodejs24.x",
    "nodejs22.x",
    "nodejs20.x",
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "java25",
    "java21",
    "java17",
    "java11",
    "dotnet10",
    "dotnet8",
    "ruby3.4",
    "ruby3.3",
    "provided.al2023",
    "provided.al2",
]);
const ARCHITECTURES: Shape = OneOf(&["x86_64", "arm64"]);
const STARTING: Shape = OneOf(&["LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"]);
const EVENT: &str = "functions.*.events.*";
const FUNCTION: &str = "functions.*";

/// All keys, in the order in which they are offered.
pub static KEYS: &[Key] = &[
    key("", "service", Scalar, "Name of the service; stack and resource names begin with it."),
    key("", "provider", Map, "Where and how the service is deployed, and defaults of its functions."),
    key("", "functions", Map, "The functions of the service, by name."),
    key("", "resources", Map, "CloudFormation that is merged into the generated template."),
    key("", "custom", Map, "Values of your own and settings of plugins; read with `${self:custom.…}`."),
    key("", "plugins", List, "Plugins that are loaded, in this order."),
    key("", "package", Map, "What goes into the deployment packages."),
    key("", "params", Map, "Parameters by stage; read with `${param:…}`."),
    key("", "layers", Map, "Lambda layers that are built and deployed with the service."),
    key("", "frameworkVersion", Scalar, "Versions of the framework that may deploy the service."),
    key("", "useDotenv", Bool, "Whether `.env` files are read before variables are resolved."),
    key(
        "",
        "configValidationMode",
        OneOf(&["error", "warn", "off"]),
        "What happens when the configuration does not fit the schema.",
    ),
    key("", "deprecationNotificationMode", OneOf(&["error", "warn", "warn:summary"]), "How deprecations are told."),
    key("", "disabledDeprecations", List, "Deprecations that are not told."),
    key("provider", "name", OneOf(&["aws"]), "The provider."),
    key("provider", "runtime", RUNTIMES, "Runtime of functions that name none."),
    key("provider", "stage", Scalar, "Stage unless `--stage` gives another; `dev` by default."),
    key("provider", "region", Scalar, "Region unless `--region` gives another; `us-east-1` by default."),
    key("provider", "memorySize", Scalar, "Memory of functions that name none, in MB; 1024 by default."),
    key("provider", "timeout", Scalar, "Timeout of functions that name none, in seconds; 6 by default."),
    key("provider", "architecture", ARCHITECTURES, "Instruction set of functions that name none."),
    key("provider", "environment", Map, "Environment variables of every function."),
    key("provider", "iam", Map, "Role of the functions, and the role that deploys."),
    key("provider.iam", "role", Map, "The role of the functions: its statements and managed policies, or an ARN."),
    key("provider.iam", "deploymentRole", Scalar, "The role CloudFormation deploys with."),
    key("provider.iam.role", "statements", List, "IAM statements added to the role of the functions."),
    key("provider.iam.role", "managedPolicies", List, "Managed policies attached to the role."),
    key("provider.iam.role", "name", Scalar, "Name of the role."),
    key("provider.iam.role", "permissionsBoundary", Scalar, "ARN of the permissions boundary of the role."),
    key("provider.iam.role", "tags", Map, "Tags of the role."),
    key(
        "provider.iam.role.statements.*",
        "Effect",
        OneOf(&["Allow", "Deny"]),
        "Whether the statement allows or denies.",
    ),
    key("provider.iam.role.statements.*", "Action", List, "Actions the statement is about."),
    key("provider.iam.role.statements.*", "Resource", List, "Resources the statement is about."),
    key("provider.iam.role.statements.*", "Condition", Map, "When the statement holds."),
    key("provider", "tracing", Map, "X-Ray tracing of functions and of the API."),
    key("provider.tracing", "lambda", OneOf(&["true", "false", "Active", "PassThrough"]), "Tracing of functions."),
    key("provider.tracing", "apiGateway", Bool, "Tracing of the REST API."),
    key("provider", "logs", Map, "Logs of APIs and functions."),
    key("provider.logs", "restApi", Map, "Logs of the REST API."),
    key("provider.logs", "httpApi", Map, "Access log of the HTTP API."),
    key("provider.logs", "websocket", Map, "Logs of the WebSocket API."),
    key("provider", "logRetentionInDays", Scalar, "Days the logs of functions are kept; for ever unless given."),
    key("provider", "logDataProtectionPolicy", Map, "Data protection policy of the log groups."),
    key("provider", "httpApi", Map, "Settings of the HTTP API."),
    key("provider.httpApi", "cors", Map, "CORS of the HTTP API, `true` for the defaults."),
    key("provider.httpApi", "timeout", Scalar, "Integration timeout in seconds, at most 30."),
    key("provider.httpApi", "authorizers", Map, "Authorizers of the HTTP API, by name."),
    key("provider.httpApi", "payload", OneOf(&["1.0", "2.0"]), "Payload format of the events."),
    key("provider.httpApi", "metrics", Bool, "Whether detailed metrics are on."),
    key("provider.httpApi", "id", Scalar, "An HTTP API that exists, which the service adds its routes to."),
    key("provider.httpApi", "disableDefaultEndpoint", Bool, "Whether only the custom domain answers."),
    key("provider", "apiGateway", Map, "Settings of the REST API."),
    key("provider.apiGateway", "apiKeys", List, "API keys."),
    key("provider.apiGateway", "usagePlan", Map, "Quota and throttling of API keys."),
    key("provider.apiGateway", "minimumCompressionSize", Scalar, "Bytes from which on answers are compressed."),
    key("provider.apiGateway", "resourcePolicy", List, "Who may call the API."),
    key("provider.apiGateway", "binaryMediaTypes", List, "Media types passed as binary."),
    key("provider.apiGateway", "metrics", Bool, "Whether detailed metrics are on."),
    key(
        "provider.apiGateway",
        "shouldStartNameWithService",
        Bool,
        "Whether the name of the API begins with the service's.",
    ),
    key("provider", "endpointType", OneOf(&["EDGE", "REGIONAL", "PRIVATE"]), "Endpoint of the REST API."),
    key("provider", "eventBridge", Map, "How event buses are made."),
    key("provider", "vpc", Map, "VPC of every function."),
    key("provider.vpc", "securityGroupIds", List, "Security groups."),
    key("provider.vpc", "subnetIds", List, "Subnets."),
    key("provider", "layers", List, "Layers of every function."),
    key("provider", "tags", Map, "Tags of functions."),
    key("provider", "stackTags", Map, "Tags of the stack and all its resources."),
    key("provider", "stackName", Scalar, "Name of the stack."),
    key("provider", "deploymentBucket", Map, "The bucket packages are uploaded to."),
    key("provider", "deploymentMethod", OneOf(&["changesets", "direct"]), "How the stack is updated."),
    key("provider", "notificationArns", List, "Topics told about the stack's events."),
    key("provider", "rollbackConfiguration", Map, "Alarms that roll a deployment back."),
    key("provider", "kmsKeyArn", Scalar, "Key that encrypts environment variables."),
    key("provider", "versionFunctions", Bool, "Whether every deployment publishes versions; `true` by default."),
    key("provider", "runtimeManagement", OneOf(&["auto", "onFunctionUpdate"]), "When runtimes are updated."),
    key("provider", "ecr", Map, "Container images that functions run."),
    key("provider", "alb", Map, "Defaults of load balancer events."),
    key("provider", "cloudFront", Map, "Cache policies of CloudFront events."),
    key("provider", "s3", Map, "Settings of buckets that events make."),
    key("provider", "websocketsApiName", Scalar, "Name of the WebSocket API."),
    key("provider", "websocketsApiRouteSelectionExpression", Scalar, "What routes messages."),
    key("provider", "profile", Scalar, "Profile of the credentials that deploy."),
    key("package", "patterns", List, "What goes in (`path/**`) and what stays out (`!path/**`)."),
    key("package", "individually", Bool, "Whether every function gets a package of its own."),
    key("package", "artifact", Scalar, "A package that is built already."),
    key("package", "excludeDevDependencies", Bool, "Whether development dependencies stay out; `true` by default."),
    key(FUNCTION, "handler", Scalar, "File and function that are called, `src/orders.main`."),
    key(FUNCTION, "events", List, "What triggers the function."),
    key(FUNCTION, "runtime", RUNTIMES, "Runtime; the provider's unless given."),
    key(FUNCTION, "memorySize", Scalar, "Memory in MB."),
    key(FUNCTION, "timeout", Scalar, "Seconds after which a call is ended, 1 to 900."),
    key(FUNCTION, "environment", Map, "Environment variables, beside the provider's."),
    key(FUNCTION, "description", Scalar, "What the function does."),
    key(FUNCTION, "name", Scalar, "Name of the function; service, stage and key unless given."),
    key(FUNCTION, "image", Scalar, "Container image the function runs."),
    key(FUNCTION, "architecture", ARCHITECTURES, "Instruction set."),
    key(FUNCTION, "role", Scalar, "A role of its own: a logical id or an ARN."),
    key(FUNCTION, "layers", List, "Layers, in place of the provider's."),
    key(FUNCTION, "reservedConcurrency", Scalar, "The most calls that run at a time."),
    key(FUNCTION, "provisionedConcurrency", Scalar, "Environments kept warm."),
    key(FUNCTION, "ephemeralStorageSize", Scalar, "Size of `/tmp` in MB, 512 to 10240."),
    key(FUNCTION, "onError", Scalar, "Topic or queue that takes events that failed."),
    key(FUNCTION, "destinations", Map, "Where results of asynchronous calls go."),
    key("functions.*.destinations", "onSuccess", Scalar, "Who is told of success."),
    key("functions.*.destinations", "onFailure", Scalar, "Who is told of failure."),
    key(FUNCTION, "maximumRetryAttempts", Scalar, "Retries of asynchronous calls, 0 to 2."),
    key(FUNCTION, "maximumEventAge", Scalar, "Seconds an asynchronous event is kept, 60 to 21600."),
    key(FUNCTION, "tracing", OneOf(&["true", "false", "Active", "PassThrough"]), "X-Ray tracing."),
    key(FUNCTION, "url", Map, "A function URL, `true` for an open one."),
    key("functions.*.url", "authorizer", OneOf(&["aws_iam"]), "Who may call the URL."),
    key("functions.*.url", "cors", Map, "CORS of the URL."),
    key("functions.*.url", "invokeMode", OneOf(&["BUFFERED", "RESPONSE_STREAM"]), "Whether answers are streamed."),
    key(FUNCTION, "vpc", Map, "VPC, in place of the provider's."),
    key(FUNCTION, "tags", Map, "Tags, beside the provider's."),
    key(FUNCTION, "package", Map, "What goes into its package."),
    key(FUNCTION, "logRetentionInDays", Scalar, "Days its log is kept."),
    key(FUNCTION, "disableLogs", Bool, "Whether it has no log group."),
    key(FUNCTION, "snapStart", Bool, "Whether SnapStart is on."),
    key(FUNCTION, "versionFunction", Bool, "Whether deployments publish a version."),
    key(FUNCTION, "kmsKeyArn", Scalar, "Key that encrypts its environment variables."),
    key(FUNCTION, "condition", Scalar, "Condition under which it exists."),
    key(FUNCTION, "dependsOn", List, "Resources that are made before it."),
    key(FUNCTION, "fileSystemConfig", Map, "An EFS file system that is mounted."),
    key(FUNCTION, "runtimeManagement", OneOf(&["auto", "onFunctionUpdate"]), "When its runtime is updated."),
    key(EVENT, "http", Map, "A route of the REST API."),
    key(EVENT, "httpApi", Map, "A route of the HTTP API."),
    key(EVENT, "sqs", Map, "Messages of a queue."),
    key(EVENT, "sns", Map, "Messages of a topic."),
    key(EVENT, "schedule", Scalar, "A schedule, `rate(5 minutes)` or `cron(…)`."),
    key(EVENT, "s3", Map, "Events of a bucket."),
    key(EVENT, "stream", Map, "Records of a DynamoDB or Kinesis stream."),
    key(EVENT, "eventBridge", Map, "Events of a bus."),
    key(EVENT, "websocket", Scalar, "A route of the WebSocket API."),
    key(EVENT, "alb", Map, "Requests of a load balancer."),
    key(EVENT, "activemq", Map, "Messages of an ActiveMQ broker."),
    key(EVENT, "alexaSkill", Scalar, "An Alexa skill."),
    key(EVENT, "alexaSmartHome", Scalar, "An Alexa smart home skill."),
    key(EVENT, "cloudFront", Map, "Requests of a CloudFront distribution."),
    key(EVENT, "cloudwatchEvent", Map, "Events of the default bus."),
    key(EVENT, "cloudwatchLog", Scalar, "Lines of a log group."),
    key(EVENT, "cognitoUserPool", Map, "A trigger of a user pool."),
    key(EVENT, "iot", Map, "Messages of IoT Core."),
    key(EVENT, "iotFleetProvisioning", Map, "Devices that are provisioned."),
    key(EVENT, "kafka", Map, "Records of a Kafka cluster of your own."),
    key(EVENT, "msk", Map, "Records of an MSK cluster."),
    key(EVENT, "rabbitmq", Map, "Messages of a RabbitMQ broker."),
    key("functions.*.events.*.http", "path", Scalar, "Path of the route."),
    key(
        "functions.*.events.*.http",
        "method",
        OneOf(&["get", "post", "put", "patch", "delete", "options", "head", "any"]),
        "Method of the route.",
    ),
    key("functions.*.events.*.http", "cors", Map, "CORS of the route, `true` for the defaults."),
    key("functions.*.events.*.http", "private", Bool, "Whether an API key is needed."),
    key("functions.*.events.*.http", "authorizer", Map, "Who may call the route."),
    key("functions.*.events.*.http", "async", Bool, "Whether the call does not wait for the function."),
    key("functions.*.events.*.http", "timeoutInMillis", Scalar, "Integration timeout, 50 to 29000 ms."),
    key(
        "functions.*.events.*.http",
        "integration",
        OneOf(&["lambda-proxy", "lambda", "http", "http-proxy", "mock"]),
        "Kind of the integration.",
    ),
    key("functions.*.events.*.http", "request", Map, "Checks and mapping of requests."),
    key("functions.*.events.*.http", "response", Map, "Mapping of answers."),
    key("functions.*.events.*.http", "operationId", Scalar, "Name of the operation."),
    key("functions.*.events.*.httpApi", "path", Scalar, "Path of the route."),
    key(
        "functions.*.events.*.httpApi",
        "method",
        OneOf(&["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "*"]),
        "Method of the route.",
    ),
    key("functions.*.events.*.httpApi", "authorizer", Map, "Who may call the route."),
    key("functions.*.events.*.sqs", "arn", Scalar, "ARN of the queue."),
    key("functions.*.events.*.sqs", "batchSize", Scalar, "Messages of one call, at most."),
    key("functions.*.events.*.sqs", "maximumBatchingWindow", Scalar, "Seconds a batch is gathered, at most 300."),
    key(
        "functions.*.events.*.sqs",
        "functionResponseType",
        OneOf(&["ReportBatchItemFailures"]),
        "Whether a call may fail in part.",
    ),
    key("functions.*.events.*.sqs", "filterPatterns", List, "Which messages are taken."),
    key(
        "functions.*.events.*.sqs",
        "maximumConcurrency",
        Scalar,
        "The most calls at a time for this queue, 2 to 1000.",
    ),
    key("functions.*.events.*.sqs", "enabled", Bool, "Whether the trigger is on."),
    key("functions.*.events.*.sns", "arn", Scalar, "ARN of the topic."),
    key("functions.*.events.*.sns", "topicName", Scalar, "Name of a topic that is made."),
    key("functions.*.events.*.sns", "displayName", Scalar, "Display name of the topic."),
    key("functions.*.events.*.sns", "filterPolicy", Map, "Which messages are delivered."),
    key(
        "functions.*.events.*.sns",
        "filterPolicyScope",
        OneOf(&["MessageAttributes", "MessageBody"]),
        "What the filter looks at.",
    ),
    key("functions.*.events.*.sns", "redrivePolicy", Map, "Queue that takes what cannot be delivered."),
    key("functions.*.events.*.schedule", "rate", List, "Expressions, `rate(…)` or `cron(…)`."),
    key("functions.*.events.*.schedule", "enabled", Bool, "Whether the schedule is on."),
    key("functions.*.events.*.schedule", "name", Scalar, "Name of the rule."),
    key("functions.*.events.*.schedule", "description", Scalar, "Description of the rule."),
    key("functions.*.events.*.schedule", "input", Map, "What the function is handed."),
    key(
        "functions.*.events.*.schedule",
        "method",
        OneOf(&["eventBus", "scheduler"]),
        "The service that keeps the time.",
    ),
    key("functions.*.events.*.schedule", "timezone", Scalar, "Time zone (scheduler only)."),
    key("functions.*.events.*.s3", "bucket", Scalar, "The bucket; it is made unless `existing` is set."),
    key(
        "functions.*.events.*.s3",
        "event",
        OneOf(&[
            "s3:ObjectCreated:*",
            "s3:ObjectCreated:Put",
            "s3:ObjectRemoved:*",
            "s3:ObjectRestore:*",
            "s3:ReducedRedundancyLostObject",
        ]),
        "Which events.",
    ),
    key("functions.*.events.*.s3", "rules", List, "Prefix and suffix of keys."),
    key("functions.*.events.*.s3", "existing", Bool, "Whether the bucket exists already."),
    key("functions.*.events.*.stream", "type", OneOf(&["dynamodb", "kinesis"]), "Kind of the stream."),
    key("functions.*.events.*.stream", "arn", Scalar, "ARN of the stream."),
    key("functions.*.events.*.stream", "batchSize", Scalar, "Records of one call, at most."),
    key("functions.*.events.*.stream", "batchWindow", Scalar, "Seconds a batch is gathered, at most 300."),
    key("functions.*.events.*.stream", "startingPosition", STARTING, "Where reading begins."),
    key("functions.*.events.*.stream", "bisectBatchOnFunctionError", Bool, "Whether a batch that fails is halved."),
    key("functions.*.events.*.stream", "maximumRetryAttempts", Scalar, "Retries of a batch, -1 for ever."),
    key("functions.*.events.*.stream", "maximumRecordAgeInSeconds", Scalar, "Age up to which records are tried."),
    key("functions.*.events.*.stream", "parallelizationFactor", Scalar, "Calls at a time for each shard, 1 to 10."),
    key("functions.*.events.*.stream", "destinations", Map, "Where batches go that failed."),
    key(
        "functions.*.events.*.stream",
        "functionResponseType",
        OneOf(&["ReportBatchItemFailures"]),
        "Whether a call may fail in part.",
    ),
    key("functions.*.events.*.stream", "filterPatterns", List, "Which records are taken."),
    key("functions.*.events.*.stream", "consumer", Scalar, "Enhanced fan-out: `true` or the ARN of a consumer."),
    key("functions.*.events.*.stream", "tumblingWindowInSeconds", Scalar, "Window of aggregation, at most 900."),
    key("functions.*.events.*.stream", "enabled", Bool, "Whether the trigger is on."),
    key("functions.*.events.*.eventBridge", "eventBus", Scalar, "Name or ARN of the bus."),
    key("functions.*.events.*.eventBridge", "pattern", Map, "Which events."),
    key("functions.*.events.*.eventBridge", "schedule", Scalar, "A schedule in place of a pattern."),
    key("functions.*.events.*.eventBridge", "retryPolicy", Map, "How often and how long delivery is tried."),
    key("functions.*.events.*.eventBridge", "deadLetterQueueArn", Scalar, "Queue that takes what cannot be delivered."),
    key("functions.*.events.*.eventBridge", "input", Map, "What the function is handed."),
    key("functions.*.events.*.eventBridge", "enabled", Bool, "Whether the rule is on."),
    key("functions.*.events.*.websocket", "route", OneOf(&["$connect", "$disconnect", "$default"]), "The route."),
    key("functions.*.events.*.websocket", "authorizer", Map, "Who may connect."),
    key("functions.*.events.*.cognitoUserPool", "pool", Scalar, "Name of the user pool."),
    key(
        "functions.*.events.*.cognitoUserPool",
        "trigger",
        OneOf(&[
            "PreSignUp",
            "PostConfirmation",
            "PreAuthentication",
            "PostAuthentication",
            "PreTokenGeneration",
            "CustomMessage",
            "DefineAuthChallenge",
            "CreateAuthChallenge",
            "VerifyAuthChallengeResponse",
            "UserMigration",
            "CustomSMSSender",
            "CustomEmailSender",
        ]),
        "Which trigger.",
    ),
    key("functions.*.events.*.cognitoUserPool", "existing", Bool, "Whether the pool exists already."),
    key("layers.*", "path", Scalar, "Folder with the layer's content."),
    key("layers.*", "name", Scalar, "Name of the layer."),
    key("layers.*", "description", Scalar, "What the layer holds."),
    key("layers.*", "compatibleRuntimes", List, "Runtimes it is for."),
    key("layers.*", "compatibleArchitectures", List, "Instruction sets it is for."),
    key("layers.*", "retain", Bool, "Whether old versions are kept."),
    key("resources", "Resources", Map, "CloudFormation resources, by logical id."),
    key("resources", "Outputs", Map, "CloudFormation outputs, by name."),
    key("resources", "Conditions", Map, "CloudFormation conditions, by name."),
    key("resources", "Parameters", Map, "CloudFormation parameters, by name."),
    key("resources", "Mappings", Map, "CloudFormation mappings, by name."),
    key("resources", "extensions", Map, "Changes of generated resources, by logical id."),
];

/// Where the values of variables come from, with what follows the name.
pub static VARIABLES: &[(&str, &str)] = &[
    ("self:", "A value of this file."),
    ("file(", "A value of another file, or the whole file."),
    ("opt:", "An option of the command line."),
    ("env:", "An environment variable."),
    ("param:", "A parameter of the stage."),
    ("sls:stage", "The stage."),
    ("sls:instanceId", "A text that differs with every run."),
    ("aws:accountId", "The account that is deployed to."),
    ("aws:region", "The region that is deployed to."),
    ("ssm:", "A parameter of Systems Manager."),
    ("cf:", "An output of another stack."),
    ("s3:", "An object of a bucket."),
    ("strToBool(", "A text as a boolean."),
];

/// The keys of the map at `path`.
pub fn keys_at<'p>(path: &'p [&'p str]) -> impl Iterator<Item = &'static Key> + use<'p> {
    KEYS.iter().filter(move |key| matches(key.path, path))
}

/// The key `name` of the map at `path`.
pub fn find(path: &[&str], name: &str) -> Option<&'static Key> {
    keys_at(path).find(|key| key.name == name)
}

fn matches(pattern: &str, path: &[&str]) -> bool {
    let steps: Vec<&str> = pattern.split('.').filter(|step| !step.is_empty()).collect();
    steps.len() == path.len() && steps.iter().zip(path).all(|(step, name)| *step == "*" || step == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_their_path() {
        assert!(find(&["functions", "worker"], "handler").is_some());
        assert!(find(&["functions", "worker", "events", "0", "sqs"], "arn").is_some());
        assert!(find(&["functions"], "handler").is_none());
        assert_eq!(keys_at(&[]).next().map(|key| key.name), Some("service"));
    }

    #[test]
    fn no_key_stands_twice() {
        for (at, key) in KEYS.iter().enumerate() {
            assert!(!KEYS[..at].iter().any(|other| (other.path, other.name) == (key.path, key.name)), "{}", key.name);
        }
    }
}
