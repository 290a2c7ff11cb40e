//! Types: the framework rewrites values of another type than its schema asks for (`"30"` for
//! a timeout, one text where a list belongs) before it uses them.

use super::service::is_unknown;
use crate::template::value::{Kind, Text, Value};

#[derive(Clone, Copy, PartialEq)]
enum Type {
    Text,
    Number,
    Bool,
    List,
    /// One ARN stands alone, anything else in a list.
    Arns,
}
use Type::{Arns, Bool, List, Number, Text as Str};

/// Settings by place: `*` is any key, `[]` any item of a list.
const SETTINGS: &[(&str, Type)] = &[
    ("provider.environment.*", Str),
    ("provider.tags.*", Str),
    ("provider.stackTags.*", Str),
    ("provider.runtime", Str),
    ("provider.memorySize", Number),
    ("provider.timeout", Number),
    ("provider.logRetentionInDays", Number),
    ("provider.versionFunctions", Bool),
    ("provider.layers", List),
    ("provider.vpc.securityGroupIds", List),
    ("provider.vpc.subnetIds", List),
    ("provider.vpcEndpointIds", List),
    ("provider.iamManagedPolicies", List),
    ("provider.iamRoleStatements.[].Action", List),
    ("provider.iamRoleStatements.[].NotAction", List),
    ("provider.iamRoleStatements.[].Resource", Arns),
    ("provider.iamRoleStatements.[].NotResource", Arns),
    ("provider.iam.role.managedPolicies", List),
    ("provider.iam.role.statements.[].Action", List),
    ("provider.iam.role.statements.[].NotAction", List),
    ("provider.iam.role.statements.[].Resource", Arns),
    ("provider.iam.role.statements.[].NotResource", Arns),
    ("provider.iam.role.tags.*", Str),
    ("provider.resourcePolicy.[].Action", List),
    ("provider.apiGateway.binaryMediaTypes", List),
    ("provider.apiGateway.apiKeys", List),
    ("provider.apiGateway.disableDefaultEndpoint", Bool),
    ("provider.apiGateway.minimumCompressionSize", Number),
    ("provider.apiGateway.shouldStartNameWithService", Bool),
    ("provider.apiGateway.resourcePolicy.[].Action", List),
    ("provider.apiGateway.resourcePolicy.[].NotAction", List),
    ("provider.apiGateway.resourcePolicy.[].Resource", Arns),
    ("provider.apiGateway.resourcePolicy.[].NotResource", Arns),
    ("provider.apiGateway.usagePlan.quota.limit", Number),
    ("provider.apiGateway.usagePlan.quota.offset", Number),
    ("provider.apiGateway.usagePlan.throttle.burstLimit", Number),
    ("provider.apiGateway.usagePlan.throttle.rateLimit", Number),
    ("provider.deploymentBucket.blockPublicAccess", Bool),
    ("provider.deploymentBucket.skipPolicySetup", Bool),
    ("provider.deploymentBucket.versioning", Bool),
    ("provider.deploymentBucket.tags.*", Str),
    ("provider.eventBridge.useCloudFormation", Bool),
    ("provider.httpApi.cors", Bool),
    ("provider.httpApi.cors.allowedOrigins", List),
    ("provider.httpApi.cors.allowedHeaders", List),
    ("provider.httpApi.cors.allowedMethods", List),
    ("provider.httpApi.cors.exposedResponseHeaders", List),
    ("provider.httpApi.cors.allowCredentials", Bool),
    ("provider.httpApi.cors.maxAge", Number),
    ("provider.httpApi.payload", Str),
    ("provider.httpApi.metrics", Bool),
    ("provider.httpApi.disableDefaultEndpoint", Bool),
    ("provider.httpApi.shouldStartNameWithService", Bool),
    ("provider.httpApi.authorizers.*.resultTtlInSeconds", Number),
    ("provider.httpApi.authorizers.*.enableSimpleResponses", Bool),
    ("provider.httpApi.authorizers.*.managedExternally", Bool),
    ("provider.logs.frameworkLambda", Bool),
    ("provider.logs.httpApi", Bool),
    ("provider.logs.restApi", Bool),
    ("provider.logs.restApi.accessLogging", Bool),
    ("provider.logs.restApi.executionLogging", Bool),
    ("provider.logs.restApi.fullExecutionData", Bool),
    ("provider.logs.websocket", Bool),
    ("provider.logs.websocket.accessLogging", Bool),
    ("provider.logs.websocket.executionLogging", Bool),
    ("provider.logs.websocket.fullExecutionData", Bool),
    ("provider.tracing.apiGateway", Bool),
    ("provider.tracing.lambda", Bool),
    ("provider.websocket.useProviderTags", Bool),
    ("functions.*.iamRoleStatements.[].Action", List),
    ("functions.*.iamRoleStatements.[].NotAction", List),
    ("functions.*.iamRoleStatements.[].Resource", Arns),
    ("functions.*.iamRoleStatements.[].NotResource", Arns),
    ("functions.*.environment.*", Str),
    ("functions.*.tags.*", Str),
    ("functions.*.description", Str),
    ("functions.*.handler", Str),
    ("functions.*.name", Str),
    ("functions.*.memorySize", Number),
    ("functions.*.timeout", Number),
    ("functions.*.ephemeralStorageSize", Number),
    ("functions.*.logRetentionInDays", Number),
    ("functions.*.maximumEventAge", Number),
    ("functions.*.maximumRetryAttempts", Number),
    ("functions.*.provisionedConcurrency", Number),
    ("functions.*.reservedConcurrency", Number),
    ("functions.*.disableLogs", Bool),
    ("functions.*.snapStart", Bool),
    ("functions.*.tracing", Bool),
    ("functions.*.versionFunction", Bool),
    ("functions.*.url", Bool),
    ("functions.*.url.cors", Bool),
    ("functions.*.url.cors.allowCredentials", Bool),
    ("functions.*.url.cors.allowedHeaders", List),
    ("functions.*.url.cors.allowedMethods", List),
    ("functions.*.url.cors.allowedOrigins", List),
    ("functions.*.url.cors.exposedResponseHeaders", List),
    ("functions.*.url.cors.maxAge", Number),
    ("functions.*.layers", List),
    ("functions.*.dependsOn", List),
    ("functions.*.vpc.securityGroupIds", List),
    ("functions.*.vpc.subnetIds", List),
    ("functions.*.image.command", List),
    ("functions.*.image.entryPoint", List),
    ("functions.*.httpApi.payload", Str),
    ("layers.*.compatibleRuntimes", List),
    ("layers.*.compatibleArchitectures", List),
    ("layers.*.allowedAccounts", List),
    ("layers.*.retain", Bool),
    ("resources.Transform", List),
    ("resources.Resources.*.DependsOn", List),
    ("resources.extensions.*.DependsOn", List),
];

/// Settings of events, by kind and place.
const EVENTS: &[(&str, &str, Type)] = &[
    ("schedule", "rate", List),
    ("schedule", "enabled", Bool),
    ("s3", "existing", Bool),
    ("s3", "forceDeploy", Bool),
    ("s3", "rules", List),
    ("http", "async", Bool),
    ("http", "private", Bool),
    ("http", "cors", Bool),
    ("http", "cors.headers", List),
    ("http", "cors.methods", List),
    ("http", "cors.origins", List),
    ("http", "cors.allowCredentials", Bool),
    ("http", "cors.maxAge", Number),
    ("http", "authorizer.claims", List),
    ("http", "authorizer.scopes", List),
    ("http", "authorizer.resultTtlInSeconds", Number),
    ("http", "authorizer.managedExternally", Bool),
    ("http", "request.parameters.querystrings.*", Bool),
    ("http", "request.parameters.headers.*", Bool),
    ("http", "request.parameters.paths.*", Bool),
    ("http", "request.parameters.querystrings.*.required", Bool),
    ("http", "request.parameters.headers.*.required", Bool),
    ("http", "request.parameters.paths.*.required", Bool),
    ("httpApi", "authorizer.scopes", List),
    ("websocket", "authorizer.identitySource", List),
    ("stream", "batchSize", Number),
    ("stream", "parallelizationFactor", Number),
    ("stream", "startingPositionTimestamp", Number),
    ("stream", "enabled", Bool),
    ("stream", "batchWindow", Number),
    ("stream", "maximumRetryAttempts", Number),
    ("stream", "bisectBatchOnFunctionError", Bool),
    ("stream", "maximumRecordAgeInSeconds", Number),
    ("stream", "tumblingWindowInSeconds", Number),
    ("stream", "filterPatterns", List),
    ("stream", "consumer", Bool),
    ("kafka", "batchSize", Number),
    ("kafka", "maximumBatchingWindow", Number),
    ("kafka", "enabled", Bool),
    ("kafka", "bootstrapServers", List),
    ("kafka", "filterPatterns", List),
    ("kafka", "accessConfigurations.*", List),
    ("activemq", "batchSize", Number),
    ("activemq", "maximumBatchingWindow", Number),
    ("activemq", "enabled", Bool),
    ("activemq", "filterPatterns", List),
    ("rabbitmq", "batchSize", Number),
    ("rabbitmq", "maximumBatchingWindow", Number),
    ("rabbitmq", "enabled", Bool),
    ("rabbitmq", "filterPatterns", List),
    ("msk", "batchSize", Number),
    ("msk", "maximumBatchingWindow", Number),
    ("msk", "enabled", Bool),
    ("msk", "filterPatterns", List),
    ("alb", "authorizer", List),
    ("alb", "conditions.host", List),
    ("alb", "conditions.ip", List),
    ("alb", "conditions.method", List),
    ("alb", "conditions.path", List),
    ("alb", "conditions.header", List),
    ("alb", "healthCheck", Bool),
    ("alb", "multiValueHeaders", Bool),
    ("alb", "priority", Number),
    ("iot", "enabled", Bool),
    ("iotFleetProvisioning", "enabled", Bool),
    ("cloudwatchEvent", "enabled", Bool),
    ("cognitoUserPool", "existing", Bool),
    ("cognitoUserPool", "forceDeploy", Bool),
    ("eventBridge", "enabled", Bool),
    ("eventBridge", "retryPolicy.maximumEventAge", Number),
    ("eventBridge", "retryPolicy.maximumRetryAttempts", Number),
    ("sqs", "batchSize", Number),
    ("sqs", "enabled", Bool),
    ("sqs", "maximumBatchingWindow", Number),
    ("sqs", "maximumConcurrency", Number),
    ("sqs", "filterPatterns", List),
    ("cloudFront", "isDefaultOrigin", Bool),
    ("cloudFront", "includeBody", Bool),
    ("cloudFront", "behavior.Compress", Bool),
    ("cloudFront", "behavior.SmoothStreaming", Bool),
    ("cloudFront", "behavior.ForwardedValues.QueryString", Bool),
    ("cloudFront", "behavior.MaxTTL", Number),
    ("cloudFront", "behavior.MinTTL", Number),
    ("cloudFront", "behavior.DefaultTTL", Number),
];

/// Rewrites `config` in place.
pub fn coerce(config: &mut Value) {
    for (path, ty) in SETTINGS {
        let keys: Vec<&str> = path.split('.').collect();
        walk(config, &keys, *ty);
    }
    for (kind, path, ty) in EVENTS {
        let mut keys = vec!["functions", "*", "events", "[]", *kind];
        keys.extend(path.split('.'));
        walk(config, &keys, *ty);
    }
}

/// Rewrites the settings of one function that a plugin adds.
pub fn function(config: &mut Value) {
    for (path, ty) in SETTINGS {
        if let Some(path) = path.strip_prefix("functions.*.") {
            let keys: Vec<&str> = path.split('.').collect();
            walk(config, &keys, *ty);
        }
    }
    for (kind, path, ty) in EVENTS {
        let mut keys = vec!["events", "[]", *kind];
        keys.extend(path.split('.'));
        walk(config, &keys, *ty);
    }
}

fn walk(value: &mut Value, keys: &[&str], ty: Type) {
    let Some((key, rest)) = keys.split_first() else {
        convert(value, ty);
        return;
    };
    match (&mut value.kind, *key) {
        (Kind::Map(map), "*") => map.iter_mut().for_each(|entry| walk(&mut entry.value, rest, ty)),
        (Kind::Map(map), key) => {
            if let Some(inner) = map.get_mut(key) {
                walk(inner, rest, ty);
            }
        }
        (Kind::List(items), "[]") => items.iter_mut().for_each(|item| walk(item, rest, ty)),
        // Sections that are written as lists of maps.
        (Kind::List(items), _) if matches!(*key, "*") => items.iter_mut().for_each(|item| walk(item, keys, ty)),
        _ => {}
    }
}

/// ARNs of a statement: lists of one become their item, single names that are no ARN a list.
fn arns(value: &mut Value) {
    let is_arn = |text: &str| text.starts_with("arn:") || text.starts_with("execute-api:/");
    match &value.kind {
        Kind::List(items) => {
            if let [only] = items.as_slice()
                && only.as_str().is_some_and(is_arn)
            {
                value.kind = only.kind.clone();
            }
        }
        Kind::Str(text) if text != "*" && !is_arn(text) => convert(value, List),
        _ => {}
    }
}

fn convert(value: &mut Value, ty: Type) {
    if ty == Arns {
        arns(value);
        return;
    }
    if ty != List
        && let Kind::List(items) = &value.kind
        && let [only] = items.as_slice()
        && !matches!(only.kind, Kind::List(_) | Kind::Map(_) | Kind::Null)
    {
        value.kind = only.kind.clone();
    }
    let origin = value.origin;
    let kind = match (&value.kind, ty) {
        (Kind::Map(_) | Kind::List(_) | Kind::Null, _) => return,
        (_, List) => {
            let inner = value.clone();
            if is_unknown(value) {
                value.origin = origin.incomplete();
            }
            Kind::List(vec![inner])
        }
        (Kind::Bool(value), Str) => Kind::Str(Text::new(if *value { "true" } else { "false" })),
        (Kind::Int(number), Str) => Kind::Str(number.to_string().into()),
        (Kind::Float(number), Str) => Kind::Str(number.to_string().into()),
        (Kind::Str(text), Number) => match number(text) {
            Some(kind) => kind,
            None => return,
        },
        (Kind::Bool(value), Number) => Kind::Int(i64::from(*value)),
        (Kind::Str(text), Bool) if text == "true" => Kind::Bool(true),
        (Kind::Str(text), Bool) if text == "false" => Kind::Bool(false),
        (Kind::Int(1), Bool) => Kind::Bool(true),
        (Kind::Int(0), Bool) => Kind::Bool(false),
        _ => return,
    };
    value.kind = kind;
}

/// Text that is a number.
fn number(text: &str) -> Option<Kind> {
    let text = text.trim();
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Kind::Int(number));
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Kind::Float)
}
