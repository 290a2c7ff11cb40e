//! What starts state machines: schedules, rules and REST endpoints.

use super::{described, machine_id, service_role};
use crate::template::json;
use crate::template::serverless::api::rest::foreign::{Foreign, methods, path_and_method};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow};
use crate::template::serverless::service::{Service, get, text, truthy};
use crate::template::unknown;
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Value};

/// Adds schedules, endpoints and rules of all machines.
pub fn events(service: &Service, out: &mut Output) {
    let machines = described(service);
    for machine in &machines {
        for (number, (written, origin)) in of(machine, &["schedule"]).into_iter().enumerate() {
            schedule(service, machine, number + 1, &written, origin, out);
        }
    }
    endpoints(service, &machines, out);
    for machine in &machines {
        for (number, (written, origin)) in of(machine, &["cloudwatchEvent", "eventBridge"]).into_iter().enumerate() {
            rule(service, machine, number + 1, &written, origin, out);
        }
    }
}

fn of(machine: &Entry, kinds: &[&str]) -> Vec<(Value, Origin)> {
    let events = get(&machine.value, &["events"]).and_then(Value::as_list).unwrap_or_default();
    let mut found = Vec::new();
    for event in events.iter().filter_map(Value::as_map) {
        let entry = kinds.iter().find_map(|kind| event.entry(kind).filter(|entry| truthy(&entry.value)));
        found.extend(entry.map(|entry| (entry.value.clone(), entry.key_origin)));
    }
    found
}

fn as_text(value: &Value) -> Value {
    match value.as_str() {
        Some(_) => value.clone(),
        None => Value::new(Kind::Str(json::to_json(value).to_string().into()), value.origin),
    }
}

fn target(event: &Value, machine: &Entry, id: &str, role: Value, maker: Maker) -> Value {
    let setting = |name: &str| get(event, &[name]).filter(|value| truthy(value));
    let mut target = Vec::new();
    target.extend(setting("input").map(|input| ("Input", as_text(input))));
    target.extend(setting("inputPath").map(|path| ("InputPath", path.clone())));
    if let Some(transformer) = setting("inputTransformer") {
        let names = [("inputPathsMap", "InputPathsMap"), ("inputTemplate", "InputTemplate")];
        let entries = names.iter().filter_map(|(name, property)| Some((*property, get(transformer, &[name])?.clone())));
        target.push(("InputTransformer", Maker::new(transformer.origin).map(entries)));
    }
    target.push(("Arn", maker.reference(machine_id(machine))));
    target.push(("Id", maker.str(id)));
    target.extend(
        setting("deadLetterConfig").map(|arn| ("DeadLetterConfig", Maker::new(arn.origin).map([("Arn", arn.clone())]))),
    );
    if let Some(policy) = setting("retryPolicy") {
        let names = [
            ("maximumEventAgeInSeconds", "MaximumEventAgeInSeconds"),
            ("maximumRetryAttempts", "MaximumRetryAttempts"),
        ];
        let entries = names.iter().filter_map(|(name, property)| Some((*property, get(policy, &[name])?.clone())));
        target.push(("RetryPolicy", Maker::new(policy.origin).map(entries)));
    }
    target.push(("RoleArn", role));
    maker.map(target)
}

/// The role by which `principal` starts the machine.
fn starter(service: &Service, machine: &Entry, id: &str, principal: &str, kind: &str, maker: Maker) -> Resource {
    let start = maker.map([
        ("Effect", maker.str("Allow")),
        ("Action", maker.list([maker.str("states:StartExecution")])),
        ("Resource", maker.reference(machine_id(machine))),
    ]);
    let name = [&service.stage, &service.region, &service.name, &*machine.key, kind].join("-");
    let principal = maker.map([("Service", maker.str(principal))]);
    service_role(service, id, principal, &name, maker.list([start]), maker)
}

fn state(event: &Value, maker: Maker) -> Value {
    match event.get("enabled").filter(|enabled| enabled.as_bool() == Some(false)) {
        Some(enabled) => Maker::new(enabled.origin).str("DISABLED"),
        None => maker.str("ENABLED"),
    }
}

fn schedule(service: &Service, machine: &Entry, number: usize, event: &Value, origin: Origin, out: &mut Output) {
    let maker = Maker::new(origin);
    let normalized = naming::normalized(&machine.key);
    let setting = |name: &str| get(event, &[name]).filter(|value| truthy(value)).cloned();
    let expression = if event.as_map().is_some() { setting("rate") } else { Some(event.clone()) };
    let role_id = format!("{normalized}ScheduleToStepFunctionsRole");
    let role = setting("role").unwrap_or_else(|| maker.get_att(role_id.as_str(), "Arn"));
    let scheduler = setting("method").as_ref().and_then(Value::as_str) == Some("scheduler");
    let (resource, principal) = if scheduler {
        let mut target = vec![("Arn", maker.reference(machine_id(machine))), ("RoleArn", role)];
        target.extend(setting("input").map(|input| ("Input", as_text(&input))));
        let resource = Resource::new(
            format!("{normalized}StepFunctionsSchedulerSchedule{number}"),
            "AWS::Scheduler::Schedule",
            maker,
        )
        .set("Target", maker.map(target))
        .set("FlexibleTimeWindow", maker.map([("Mode", maker.str("OFF"))]))
        .opt("ScheduleExpressionTimezone", setting("timezone"));
        (resource, "scheduler.amazonaws.com")
    } else {
        let target = target(event, machine, &format!("{}StepFunctionsSchedule", machine.key), role, maker);
        let id = format!("{normalized}StepFunctionsEventsRuleSchedule{number}");
        (Resource::new(id, "AWS::Events::Rule", maker).set("Targets", maker.list([target])), "events.amazonaws.com")
    };
    out.merge(
        resource
            .opt("ScheduleExpression", expression)
            .set("State", state(event, maker))
            .opt("Name", setting("name"))
            .opt("Description", setting("description")),
    );
    if setting("role").is_none() {
        out.merge(starter(service, machine, &role_id, principal, "schedule", maker));
    }
}

fn rule(service: &Service, machine: &Entry, number: usize, event: &Value, origin: Origin, out: &mut Output) {
    let maker = Maker::new(origin);
    let normalized = naming::normalized(&machine.key);
    let setting = |name: &str| get(event, &[name]).filter(|value| truthy(value)).cloned();
    let role_id = format!("{normalized}EventToStepFunctionsRole");
    let role = setting("iamRole").unwrap_or_else(|| maker.get_att(role_id.as_str(), "Arn"));
    let target = target(event, machine, &format!("{}CloudWatchEvent", machine.key), role, maker);
    out.merge(
        Resource::new(format!("{normalized}EventsRuleCloudWatchEvent{number}"), "AWS::Events::Rule", maker)
            .opt("EventBusName", setting("eventBusName"))
            .opt("EventPattern", setting("event"))
            .set("State", state(event, maker))
            .opt("Description", setting("description"))
            .opt("Name", setting("name"))
            .set("Targets", maker.list([target])),
    );
    if setting("iamRole").is_none() {
        out.merge(starter(service, machine, &role_id, "events.amazonaws.com", "event", maker));
    }
}

fn endpoints(service: &Service, machines: &[Entry], out: &mut Output) {
    let mut all = Vec::new();
    let mut actions = vec!["states:StartExecution".to_owned()];
    let mut role_maker = None;
    for machine in machines {
        for (event, origin) in of(machine, &["http"]) {
            let Some((path, method)) = path_and_method(&event) else { continue };
            let maker = Maker::new(origin);
            if get(&event, &["iamRole"]).is_none() {
                role_maker.get_or_insert(maker);
            }
            if let Some(action) = get(&event, &["action"]).and_then(text) {
                let action = format!("states:{action}");
                if !actions.contains(&action) {
                    actions.push(action);
                }
            }
            let private = get(&event, &["private"]).is_some_and(truthy);
            let mut properties = vec![
                ("RequestParameters", maker.map::<&str>([])),
                ("ApiKeyRequired", maker.bool(private)),
                ("Integration", integration(machine, &event, maker)),
                ("MethodResponses", responses(&event, maker)),
            ];
            properties.extend(authorization(&event, maker));
            let cors = get(&event, &["cors"]).filter(|cors| truthy(cors)).cloned();
            all.push(Foreign { path, method, maker, cors, properties });
        }
    }
    methods(service, all, false, out);
    if let Some(maker) = role_maker {
        let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
        let mut statement = allow(maker, &actions, Vec::new());
        if let Some(map) = statement.as_map_mut() {
            map.insert("Resource", maker.str("*"));
        }
        let principal = maker.map([("Service", maker.str("apigateway.amazonaws.com"))]);
        let id = "ApigatewayToStepFunctionsRole";
        out.merge(service_role(service, id, principal, "apigatewaytostepfunctions", maker.list([statement]), maker));
    }
}

fn authorization(event: &Value, maker: Maker) -> Vec<(&'static str, Value)> {
    let Some(authorizer) = get(event, &["authorizer"]).filter(|value| truthy(value)) else {
        return vec![("AuthorizationType", maker.str("NONE"))];
    };
    let setting = |name: &str| get(authorizer, &[name]).filter(|value| truthy(value)).cloned();
    let kind = setting("type").and_then(|kind| text(&kind)).or_else(|| text(authorizer));
    if kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("aws_iam")) {
        return vec![("AuthorizationType", maker.str("AWS_IAM"))];
    }
    let mut found = Vec::new();
    if let (Some(kind), Some(id)) = (setting("type"), setting("authorizerId")) {
        found.extend([("AuthorizationType", kind), ("AuthorizerId", id)]);
        found.extend(setting("scopes").map(|scopes| ("AuthorizationScopes", scopes)));
        return found;
    }
    let name = setting("name").and_then(|name| text(&name)).or_else(|| text(authorizer)).unwrap_or_default();
    let pool = setting("arn").is_some_and(|arn| arn.as_str().is_some_and(|arn| arn.contains(":cognito-idp")));
    let kind = if pool { "COGNITO_USER_POOLS" } else { "CUSTOM" };
    found.push(("AuthorizationType", maker.str(kind)));
    found.push(("AuthorizerId", maker.reference(format!("{}ApiGatewayAuthorizer", naming::normalized(&name)))));
    found.extend(setting("scopes").filter(|_| pool).map(|scopes| ("AuthorizationScopes", scopes)));
    found
}

/// The header that lets browsers of other origins read a response.
fn origin_header(event: &Value, parameters: &mut Map, maker: Maker) {
    let Some(cors) = get(event, &["cors"]).filter(|cors| truthy(cors)) else { return };
    let origins = get(cors, &["origins"]).and_then(Value::as_list).filter(|origins| !origins.is_empty());
    let origin = match origins {
        Some(origins) => origins.iter().filter_map(text).collect::<Vec<_>>().join(","),
        None => get(cors, &["origin"]).and_then(text).unwrap_or_else(|| "*".into()),
    };
    let name = "method.response.header.Access-Control-Allow-Origin";
    parameters.insert(name, maker.str(format!("'{origin}'")));
}

fn integration(machine: &Entry, event: &Value, maker: Maker) -> Value {
    let role = get(event, &["iamRole"]).cloned();
    let action = get(event, &["action"]).filter(|action| truthy(action)).and_then(text);
    let uri = maker.join(
        "",
        [
            maker.str("arn:"),
            maker.reference("AWS::Partition"),
            maker.str(":apigateway:"),
            maker.reference("AWS::Region"),
            maker.str(format!(":states:action/{}", action.as_deref().unwrap_or("StartExecution"))),
        ],
    );
    let written = get(event, &["request", "template"]);
    let mut templates = Map::new();
    if action.is_none() || written.is_some() {
        // The plugin's own mapping text hands the request to the machine.
        let own = maker.map([(
            "Fn::Sub",
            maker.list([
                maker.str(unknown::mark("plugin request template")),
                maker.map([("StateMachineArn", maker.reference(machine_id(machine)))]),
            ]),
        )]);
        for content in ["application/json", "application/x-www-form-urlencoded"] {
            templates.insert(content, own.clone());
        }
        super::super::super::merge::assign(&mut templates, written.and_then(Value::as_map).unwrap_or(&Map::new()));
    }
    let response = |status: i64, pattern: &str| {
        let headers = get(event, &["response", "headers"]).and_then(Value::as_map).filter(|_| status == 200);
        let mut parameters = Map::new();
        for entry in headers.into_iter().flatten() {
            let name = format!("method.response.header.{}", entry.key);
            parameters.insert_at(name, entry.key_origin, entry.value.clone());
        }
        origin_header(event, &mut parameters, maker);
        let template = get(event, &["response", "template"]).filter(|_| status == 200).cloned();
        maker.map([
            ("StatusCode", maker.int(status)),
            ("SelectionPattern", maker.str(pattern)),
            ("ResponseParameters", Value::new(Kind::Map(parameters), maker.origin())),
            ("ResponseTemplates", template.unwrap_or_else(|| maker.map::<&str>([]))),
        ])
    };
    maker.map([
        ("IntegrationHttpMethod", maker.str("POST")),
        ("Type", maker.str("AWS")),
        ("Credentials", role.unwrap_or_else(|| maker.get_att("ApigatewayToStepFunctionsRole", "Arn"))),
        ("Uri", uri),
        ("PassthroughBehavior", maker.str(if action.is_some() { "WHEN_NO_TEMPLATES" } else { "NEVER" })),
        ("RequestTemplates", Value::new(Kind::Map(templates), maker.origin())),
        ("IntegrationResponses", maker.list([response(200, ""), response(400, "400")])),
    ])
}

fn responses(event: &Value, maker: Maker) -> Value {
    let one = |status: i64| {
        let headers = get(event, &["response", "headers"]).and_then(Value::as_map).filter(|_| status == 200);
        let mut parameters = Map::new();
        for entry in headers.into_iter().flatten() {
            let name = format!("method.response.header.{}", entry.key);
            parameters.insert_at(name, entry.key_origin, entry.value.clone());
        }
        origin_header(event, &mut parameters, maker);
        maker.map([
            ("ResponseParameters", Value::new(Kind::Map(parameters), maker.origin())),
            ("ResponseModels", maker.map::<&str>([])),
            ("StatusCode", maker.int(status)),
        ])
    };
    maker.list([one(200), one(400)])
}
