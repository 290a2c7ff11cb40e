//! Settings that the framework refuses because they contradict each other.

use super::naming;
use super::service::{Event, Service, get, is_unknown, text, truthy};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Origin, Value};

/// Reports what makes the framework stop although every part can be read.
pub fn check(service: &Service, cx: &mut Lowering<'_>) {
    external_apis(service, cx);
    stage_name(service, cx);
    schedules(service, cx);
    inputs(service, cx);
    sources(service, cx);
    edge(service, cx);
}

fn complain(cx: &mut Lowering<'_>, origin: Origin, code: &'static str, message: impl Into<String>, help: &str) {
    cx.report(Problem::new(ProblemKind::FrameworkConfiguration, origin, message).help(help).code(code));
}

fn about(cx: &mut Lowering<'_>, event: &Event<'_>, code: &'static str, message: String, help: &str) {
    let problem = Problem::new(ProblemKind::FrameworkConfiguration, event.origin, message).help(help).code(code);
    cx.report(problem.resource(naming::function(&event.function.key)));
}

/// Settings of an API that another stack owns.
fn external_apis(service: &Service, cx: &mut Lowering<'_>) {
    let set = |path: &[&str]| service.setting(path);
    let has_rest = service.events("http").next().is_some();
    if let Some(id) = set(&["apiGateway", "restApiId"]).filter(|id| truthy(id) && has_rest) {
        if set(&["apiGateway", "restApiRootResourceId"]).is_none() {
            complain(
                cx,
                id.origin,
                "API_GATEWAY_MISSING_REST_API_ROOT_RESOURCE_ID",
                "`restApiId` names an API of another stack, but `restApiRootResourceId` is missing",
                "give the id of that API's root resource",
            );
        }
        let ineffective = [
            (["tracing", "apiGateway"], "API_GATEWAY_EXTERNAL_API_TRACING"),
            (["logs", "restApi"], "API_GATEWAY_EXTERNAL_API_LOGS"),
        ];
        for (path, code) in ineffective {
            if let Some(value) = set(&path) {
                complain(
                    cx,
                    value.origin,
                    code,
                    format!("`provider.{}` has no effect on an API of another stack", path.join(".")),
                    "remove it, and set it in the service that owns the API",
                );
            }
        }
    }
    if let Some(id) = set(&["httpApi", "id"]).filter(|id| truthy(id)) {
        let refused = [
            (["httpApi", "cors"], "EXTERNAL_HTTP_API_CORS_CONFIG"),
            (["httpApi", "authorizers"], "EXTERNAL_HTTP_API_AUTHORIZERS_CONFIG"),
            (["logs", "httpApi"], "EXTERNAL_HTTP_API_LOGS_CONFIG"),
        ];
        for (path, code) in refused {
            if let Some(value) = set(&path).filter(|value| truthy(value)) {
                cx.report(
                    Problem::new(
                        ProblemKind::FrameworkConfiguration,
                        value.origin,
                        format!("`provider.{}` cannot be set for an HTTP API of another stack", path.join(".")),
                    )
                    .help("remove it, and set it in the service that owns the API")
                    .code(code)
                    .related(id.origin, "the API is named here"),
                );
            }
        }
    } else {
        for event in service.events("httpApi") {
            if let Some(id) = get(event.value, &["authorizer", "id"]).filter(|id| truthy(id)) {
                complain(
                    cx,
                    id.origin,
                    "EXTERNAL_HTTP_API_AUTHORIZER_WITHOUT_EXTERNAL_HTTP_API",
                    "an authorizer is named by `id`, but the HTTP API is part of this stack",
                    "define it in `provider.httpApi.authorizers` and name it",
                );
            }
        }
    }
    let private = set(&["endpointType"]).and_then(text).is_some_and(|kind| kind.eq_ignore_ascii_case("private"));
    if let (Some(ids), Some(_), false) = (set(&["vpcEndpointIds"]), set(&["endpointType"]), private) {
        complain(
            cx,
            ids.origin,
            "API_GATEWAY_INVALID_VPC_ENDPOINT_IDS_CONFIG",
            "`vpcEndpointIds` is set, but the API is not private",
            "set `endpointType: PRIVATE`, or remove the ids",
        );
    }
    let plans = set(&["apiGateway", "usagePlan"]).and_then(Value::as_list).unwrap_or_default();
    for key in set(&["apiGateway", "apiKeys"]).and_then(Value::as_list).unwrap_or_default() {
        let Some(entry) = key.as_map().and_then(|map| map.iter().next()) else { continue };
        let known = plans.iter().any(|plan| plan.get(&entry.key).is_some());
        if entry.value.as_list().is_some() && !known {
            complain(
                cx,
                entry.key_origin,
                "API_GATEWAY_KEY_WITHOUT_USAGE_PLAN",
                format!("the API keys of `{}` have no usage plan", entry.key),
                "define a plan of that name in `provider.apiGateway.usagePlan`",
            );
        }
    }
}

fn stage_name(service: &Service, cx: &mut Lowering<'_>) {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let known = !crate::template::unknown::is_unknown(&service.stage);
    if known && !service.stage.bytes().all(allowed) && service.events("http").next().is_some() {
        complain(
            cx,
            service.setting(&["stage"]).map_or(service.provider_origin, |stage| stage.origin),
            "API_GATEWAY_INVALID_STAGE_NAME",
            format!("the stage `{}` cannot be the name of an API stage", service.stage),
            "use letters, digits, dashes and underscores",
        );
    }
}

fn schedules(service: &Service, cx: &mut Lowering<'_>) {
    for event in service.events("schedule").filter(|event| event.value.as_map().is_some()) {
        let scheduler = event.get("method").and_then(Value::as_str) == Some("scheduler");
        let rates = event.get("rate").and_then(Value::as_list).map_or(1, <[Value]>::len);
        if let Some(name) = event.truthy("name").filter(|_| rates > 1) {
            let help = "remove the name, or give every rate an event of its own";
            about(
                cx,
                &event,
                "SCHEDULE_NAME_NOT_ALLOWED_MULTIPLE_RATES",
                format!("one name, `{}`, is given to {rates} schedules", shown(name)),
                help,
            );
        }
        for name in ["inputPath", "inputTransformer"] {
            if scheduler && event.truthy(name).is_some() {
                let help = "use `input`, or the method `eventBus`";
                about(
                    cx,
                    &event,
                    "SCHEDULE_PARAMETER_NOT_SUPPORTED",
                    format!("`{name}` does not work with the method `scheduler`"),
                    help,
                );
            }
        }
        if !scheduler && event.truthy("timezone").is_some() {
            let message = "`timezone` works with the method `scheduler` only".to_owned();
            about(cx, &event, "SCHEDULE_PARAMETER_NOT_SUPPORTED", message, "add `method: scheduler`");
        }
    }
}

fn shown(value: &Value) -> String {
    text(value).unwrap_or_default()
}

/// Events that say in several ways what the function gets.
fn inputs(service: &Service, cx: &mut Lowering<'_>) {
    for event in service.events("cloudwatchEvent") {
        let given: Vec<&str> = ["input", "inputPath", "inputTransformer"]
            .into_iter()
            .filter(|name| event.truthy(name).is_some())
            .collect();
        if given.len() > 1 {
            let message = format!("a `cloudwatchEvent` has {} at the same time", given.join(" and "));
            about(cx, &event, "CLOUDWATCH_MULTIPLE_INPUT_PROPERTIES", message, "keep one of them");
        }
    }
    let custom = service
        .setting(&["eventBridge"])
        .is_some_and(|settings| !get(settings, &["useCloudFormation"]).is_some_and(truthy));
    for event in service.events("eventBridge").filter(|_| custom) {
        let unsupported = [
            ("retryPolicy", "ERROR_INVALID_RETRY_POLICY_TO_EVENT_BUS_CUSTOM_RESOURCE"),
            ("deadLetterQueueArn", "ERROR_INVALID_DEAD_LETTER_CONFIG_TO_EVENT_BUS_CUSTOM_RESOURCE"),
        ];
        for (name, code) in unsupported {
            if event.truthy(name).is_some() {
                let message = format!("`{name}` needs rules that CloudFormation makes");
                about(cx, &event, code, message, "set `provider.eventBridge.useCloudFormation: true`");
            }
        }
    }
}

fn sources(service: &Service, cx: &mut Lowering<'_>) {
    let kinds = [
        ("stream", "FUNCTION_STREAM_STARTING_POSITION_TIMESTAMP_INVALID"),
        ("msk", "FUNCTION_MSK_STARTING_POSITION_TIMESTAMP_INVALID"),
        ("kafka", "FUNCTION_KAFKA_STARTING_POSITION_TIMESTAMP_INVALID"),
    ];
    for (kind, code) in kinds {
        for event in service.events(kind) {
            let at_time = event.get("startingPosition").and_then(Value::as_str) == Some("AT_TIMESTAMP");
            if at_time && event.get("startingPositionTimestamp").is_none() {
                let message = format!("a `{kind}` event starts at a time, but does not say which");
                about(cx, &event, code, message, "add `startingPositionTimestamp`");
            }
        }
    }
    for event in service.events("kafka") {
        let has = |name: &str| get(event.value, &["accessConfigurations", name]).is_some();
        if has("vpcSubnet") != has("vpcSecurityGroup") {
            let missing = if has("vpcSubnet") { "vpcSecurityGroup" } else { "vpcSubnet" };
            let message = format!("the access to Kafka in a VPC lacks `{missing}`");
            about(
                cx,
                &event,
                "FUNCTION_KAFKA_VPC_ACCESS_CONFIGURATION_INVALID",
                message,
                "give subnets and security groups together",
            );
        }
    }
    for function in &service.functions {
        if let Some(second) = function.events("iotFleetProvisioning").nth(1) {
            let message = format!("the function `{}` has more than one `iotFleetProvisioning` event", function.key);
            about(cx, &second, "MULTIPLE_IOT_PROVISIONING_TEMPLATE_HOOK", message, "keep one per function");
        }
    }
}

fn edge(service: &Service, cx: &mut Lowering<'_>) {
    for event in service.events("cloudFront") {
        if service.region != "us-east-1" && !crate::template::unknown::is_unknown(&service.region) {
            let message = format!("an edge function cannot be deployed to `{}`", service.region);
            about(cx, &event, "CLOUDFRONT_INVALID_REGION", message, "deploy it to us-east-1");
        }
        let viewer = event.get("eventType").and_then(Value::as_str).is_none_or(|kind| kind.starts_with("viewer"));
        let (memory, timeout) = if viewer { (128, 5) } else { (10_240, 30) };
        let limits = [
            ("memorySize", memory, "LAMBDA_EDGE_UNSUPPORTED_MEMORY_SIZE"),
            ("timeout", timeout, "LAMBDA_EDGE_UNSUPPORTED_TIMEOUT_VALUE"),
        ];
        for (name, limit, code) in limits {
            let value = event.function.get(name).filter(|value| !is_unknown(value)).and_then(Value::as_int);
            if let Some(value) = value.filter(|value| *value > limit) {
                let key = &event.function.key;
                let message = format!("`{name}` of the edge function `{key}` is {value}; at most {limit} is allowed");
                about(cx, &event, code, message, "lower it");
            }
        }
    }
}
