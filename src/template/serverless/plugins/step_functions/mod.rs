//! `serverless-step-functions`: state machines, their roles, and what starts them.

mod alarms;
mod definition;
mod events;
mod permissions;

pub use events::events;

use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::functions::tag_list;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{Service, get, is_unknown, text, truthy};
use crate::template::value::{Entry, Kind, Maker, Map, Value};

/// The state machines that the service describes.
fn described(service: &Service) -> Vec<Entry> {
    let section = get(&service.config, &["stepFunctions", "stateMachines"]).cloned();
    let Some(section) = section.map(super::super::merge::collapse) else { return Vec::new() };
    let map = section.as_map().cloned().unwrap_or_default();
    map.into_iter().filter(|entry| entry.value.as_map().is_some()).collect()
}

/// The logical id of a machine.
fn machine_id(entry: &Entry) -> String {
    let own = ["id", "name"].iter().find_map(|name| get(&entry.value, &[name]).filter(|v| truthy(v)).and_then(text));
    match own {
        Some(name) => naming::normalized(&name),
        None => format!("{}StepFunctionsStateMachine", naming::normalized(&entry.key)),
    }
}

/// Adds machines, roles, activities and alarms.
pub fn machines(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let settings = get(&service.config, &["stepFunctions"]);
    let outputs = settings.and_then(|settings| settings.get("noOutput")).is_none_or(|value| !truthy(value));
    for entry in described(service) {
        machine(service, &entry, outputs, out, cx);
        alarms::alarms(service, &entry, out);
    }
    let activities = settings.and_then(|settings| get(settings, &["activities"])).and_then(Value::as_list);
    for activity in activities.unwrap_or_default() {
        let maker = Maker::new(activity.origin);
        let name = text(activity).unwrap_or_default();
        let id = format!("{}StepFunctionsActivity", naming::normalized(&name));
        out.merge(Resource::new(id.as_str(), "AWS::StepFunctions::Activity", maker).set("Name", activity.clone()));
        out.output(&format!("{id}Arn"), maker, Some("Current StateMachine Arn"), maker.reference(id.as_str()));
    }
}

fn machine(service: &Service, entry: &Entry, outputs: bool, out: &mut Output, cx: &mut Lowering<'_>) {
    let maker = Maker::new(entry.key_origin);
    let config = &entry.value;
    let setting = |name: &str| get(config, &[name]).filter(|value| truthy(value));
    let id = machine_id(entry);
    if setting("definition").is_none() && !config.origin.is_incomplete() {
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                entry.key_origin,
                format!("the state machine `{}` has no `definition`", entry.key),
            )
            .help("describe its states in `definition`")
            .resource(id.as_str()),
        );
    }
    let mut depends = Vec::new();
    let role = if let Some(role) = setting("role") {
        role.clone()
    } else {
        let role = format!("{id}Role");
        out.merge(role_resource(service, entry, &role, out));
        let arn = maker.get_att(role.as_str(), "Arn");
        depends.push(maker.str(role));
        arn
    };
    match setting("dependsOn").map(|value| &value.kind) {
        Some(Kind::List(items)) => depends.extend(items.iter().cloned()),
        Some(kind) => depends.push(Value::new(kind.clone(), maker.origin())),
        None => {}
    }
    let mut resource = Resource::new(id.as_str(), "AWS::StepFunctions::StateMachine", maker)
        .opt("DefinitionString", setting("definition").map(|written| definition::text(service, written, out)))
        .set("RoleArn", role)
        .opt("StateMachineType", setting("type").cloned())
        .opt("StateMachineName", setting("name").cloned())
        .opt("LoggingConfiguration", setting("loggingConfig").map(logging))
        .opt("TracingConfiguration", setting("tracingConfig").map(tracing))
        .opt("Tags", tags(service, config, maker))
        .attribute("DependsOn", maker.list(depends));
    if setting("retain").is_some() {
        resource = resource.attribute("DeletionPolicy", maker.str("Retain"));
    }
    out.merge(resource);
    if outputs {
        let name = if setting("id").or_else(|| setting("name")).is_some() {
            format!("{id}Arn")
        } else {
            format!("{}StepFunctionsStateMachineArn", naming::normalized(&entry.key))
        };
        out.output(&name, maker, Some("Current StateMachine Arn"), maker.reference(id));
    }
}

fn tags(service: &Service, config: &Value, maker: Maker) -> Option<Value> {
    let shared = service.setting(&["tags"]).and_then(Value::as_map);
    let inherits = config.get("inheritGlobalTags").and_then(Value::as_bool) != Some(false);
    let own = get(config, &["tags"]).and_then(Value::as_map);
    let as_text = |map: &Map| -> Map {
        let convert = |entry: &Entry| {
            let kind = text(&entry.value).map_or_else(|| entry.value.kind.clone(), |text| Kind::Str(text.into()));
            Entry { value: Value::new(kind, entry.value.origin), ..entry.clone() }
        };
        map.iter().map(convert).collect()
    };
    let maps: Vec<Map> = [shared.filter(|_| inherits), own].into_iter().flatten().map(as_text).collect();
    let mut items = Vec::new();
    for map in &maps {
        items.extend(tag_list(maker, [map]).as_list().unwrap_or_default().iter().cloned());
    }
    (!items.is_empty()).then(|| maker.list(items))
}

fn logging(config: &Value) -> Value {
    let maker = Maker::new(config.origin);
    let mut entries = Vec::new();
    entries.extend(get(config, &["level"]).map(|level| ("Level", level.clone())));
    let data = get(config, &["includeExecutionData"]);
    entries.extend(data.map(|data| ("IncludeExecutionData", data.clone())));
    if let Some(arns) = get(config, &["destinations"]).and_then(Value::as_list).filter(|arns| !arns.is_empty()) {
        let destinations = arns.iter().map(|arn| {
            let maker = Maker::new(arn.origin);
            maker.map([("CloudWatchLogsLogGroup", maker.map([("LogGroupArn", arn.clone())]))])
        });
        entries.push(("Destinations", maker.list(destinations)));
    }
    maker.map(entries)
}

fn tracing(config: &Value) -> Value {
    let enabled = get(config, &["enabled"]).map(|enabled| ("Enabled", enabled.clone()));
    Maker::new(config.origin).map(enabled)
}

fn role_resource(service: &Service, entry: &Entry, id: &str, out: &Output) -> Resource {
    let maker = Maker::new(entry.key_origin);
    let principal = maker.map([("Service", maker.sub("states.${AWS::Region}.amazonaws.com"))]);
    let name = format!("{}-{}-statemachine", service.stage, service.name);
    let mut statements = maker.list(permissions::statements(service, entry, out));
    if get(&entry.value, &["definition"]).is_some_and(is_unknown) {
        statements.origin = statements.origin.incomplete();
    }
    service_role(service, id, principal, &name, statements, maker)
}

/// A role that a service of AWS assumes.
fn service_role(
    service: &Service,
    id: &str,
    principal: Value,
    policy: &str,
    statements: Value,
    maker: Maker,
) -> Resource {
    let trust =
        maker.map([("Effect", maker.str("Allow")), ("Principal", principal), ("Action", maker.str("sts:AssumeRole"))]);
    let document = |statements: Value| maker.map([("Version", maker.str("2012-10-17")), ("Statement", statements)]);
    let policies =
        maker.list([maker.map([("PolicyName", maker.str(policy)), ("PolicyDocument", document(statements))])]);
    Resource::new(id, "AWS::IAM::Role", maker)
        .set("AssumeRolePolicyDocument", document(maker.list([trust])))
        .set("Policies", policies)
        .opt("PermissionsBoundary", service.setting(&["rolePermissionsBoundary"]).cloned())
        .opt("Path", service.setting(&["iam", "role", "path"]).cloned())
}
