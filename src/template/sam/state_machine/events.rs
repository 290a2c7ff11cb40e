//! Events that start a state machine.

use crate::template::sam::api::{document, swagger};
use crate::template::sam::events::scheduler::{self, Invokes};
use crate::template::sam::events::{
    Dlq, Event, RestEvent, dead_letter_queue, rest_event, rule_state, target_id, write_rest_auth,
};
use crate::template::sam::expander::Expander;
use crate::template::sam::iam;
use crate::template::sam::implicit::MANAGED;
use crate::template::sam::include;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Kind, Map, Value};

/// The resources of one event.
pub fn expand(cx: &mut Expander, event: Event, target: &Target, boundary: Option<&Value>) -> Outcome<Vec<Resource>> {
    let mut made = match &*event.kind {
        "Schedule" => schedule(&event, target, boundary),
        "ScheduleV2" => scheduler::expand(&event, target, Invokes::StateMachine),
        "Api" => api(cx, &event, target, boundary),
        _ => rule(&event, target, boundary),
    }?;
    made.iter_mut().for_each(|resource| resource.attribute(target.key_origin));
    Ok(made)
}

fn role(event: &Event, target: &Target, principal: &str, boundary: Option<&Value>) -> Outcome<Resource> {
    let id = format!("{}Role", event.full_id);
    let mut role = target.made(id.as_str(), "AWS::IAM::Role", event.key_origin)?;
    let make = role.make();
    role.set("AssumeRolePolicyDocument", iam::assume_role(make, principal));
    role.set("Policies", make.list([iam::start_execution(make, &id, target.arn.clone())]));
    role.set_some("PermissionsBoundary", boundary.filter(|boundary| python::truthy(boundary)));
    Ok(role)
}

fn event_target(event: &Event, target: &Target, role: Value, dlq: Option<&Dlq>, inputs: &[&str]) -> Value {
    let make = event.make();
    let id = event.properties.truthy("Target").and_then(|target| target.get("Id")).cloned();
    let mut out = Map::new();
    out.insert("Arn", target.arn.clone());
    out.insert("Id", id.unwrap_or_else(|| make.str(target_id(&event.full_id, "StepFunctionsTarget"))));
    out.insert("RoleArn", role);
    for name in inputs {
        if let Some(entry) = event.properties.entry(name).filter(|entry| !entry.value.is_null()) {
            out.insert_at(*name, entry.key_origin, entry.value.clone());
        }
    }
    if let Some(dlq) = dlq {
        out.insert("DeadLetterConfig", make.map([("Arn", dlq.arn.clone())]));
    }
    Value::new(Kind::Map(out), make.origin())
}

fn schedule(event: &Event, target: &Target, boundary: Option<&Value>) -> Outcome<Vec<Resource>> {
    let mut rule = target.made(event.full_id.as_str(), "AWS::Events::Rule", event.key_origin)?;
    let make = rule.make();
    rule.copy_as(&event.properties, "Schedule", "ScheduleExpression");
    rule_state(event, &mut rule)?;
    rule.copy(&event.properties, &["Name", "Description"]);
    let mut made = Vec::new();
    let role_arn = match event.properties.some("RoleArn") {
        Some(arn) => arn.clone(),
        None => {
            let role = role(event, target, "events.amazonaws.com", boundary)?;
            let arn = role.get_att("Arn");
            made.push(role);
            arn
        }
    };
    let dlq = dead_letter_queue(event, target, Some(rule.get_att("Arn")))?;
    let inputs = ["Input", "RetryPolicy"];
    rule.set("Targets", make.list([event_target(event, target, role_arn, dlq.as_ref(), &inputs)]));
    made.insert(0, rule);
    made.extend(dlq.into_iter().flat_map(|dlq| dlq.made));
    Ok(made)
}

fn rule(event: &Event, target: &Target, boundary: Option<&Value>) -> Outcome<Vec<Resource>> {
    let mut rule = target.made(event.full_id.as_str(), "AWS::Events::Rule", event.key_origin)?;
    let make = rule.make();
    rule.copy(&event.properties, &["EventBusName"]);
    rule.copy_as(&event.properties, "Pattern", "EventPattern");
    rule.copy_as(&event.properties, "RuleName", "Name");
    if event.properties.truthy("State").is_some() {
        rule.copy(&event.properties, &["State"]);
    }
    let role = role(event, target, "events.amazonaws.com", boundary)?;
    let dlq = dead_letter_queue(event, target, Some(rule.get_att("Arn")))?;
    let inputs = ["Input", "InputPath", "RetryPolicy", "InputTransformer"];
    let out = event_target(event, target, role.get_att("Arn"), dlq.as_ref(), &inputs);
    rule.set("Targets", make.list([out]));
    let mut made = vec![rule, role];
    made.extend(dlq.into_iter().flat_map(|dlq| dlq.made));
    Ok(made)
}

fn api(cx: &mut Expander, event: &Event, target: &Target, boundary: Option<&Value>) -> Outcome<Vec<Resource>> {
    let rest = rest_event(event);
    let role = role(event, target, "apigateway.amazonaws.com", boundary)?;
    let arn = role.get_att("Arn");
    let properties = cx.resources.get_mut(&rest.api).and_then(|api| api.get_mut("Properties"));
    let Some(mut api) = properties.map(python::take) else { return Ok(vec![role]) };
    let outcome = write(cx, event, &rest, target, &arn, &mut api);
    if let Some(place) = cx.resources.get_mut(&rest.api).and_then(|api| api.get_mut("Properties")) {
        *place = api;
    }
    outcome.map(|()| vec![role])
}

fn write(
    cx: &Expander,
    event: &Event,
    rest: &RestEvent,
    target: &Target,
    role: &Value,
    api: &mut Value,
) -> Outcome<()> {
    if api.truthy(MANAGED).is_none() {
        return Ok(());
    }
    let body = api.get_mut("DefinitionBody").filter(|body| !body.is_null() && !include::is_transform(body));
    let Some(mut body) = body.map(python::take) else { return Ok(()) };
    let outcome =
        document::undo_on_failure(&mut body, &rest.path, |body| write_into(cx, event, rest, target, role, api, body));
    if let Some(place) = api.get_mut("DefinitionBody") {
        *place = body;
    }
    outcome
}

fn write_into(
    cx: &Expander,
    event: &Event,
    rest: &RestEvent,
    target: &Target,
    role: &Value,
    api: &mut Value,
    body: &mut Value,
) -> Outcome<()> {
    let make = event.make();
    swagger::check(body)?;
    if document::has_integration(body, &rest.path, &rest.method)? {
        return event.refuse(
            event.key_origin,
            format!("API method \"{}\" defined multiple times for path \"{}\".", rest.method, rest.path),
        );
    }
    let machine = &target.id;
    let text = if event.properties.truthy("UnescapeMappingTemplate").is_some() {
        format!(
            r#"{{"input": "$util.escapeJavaScript($input.json('$')).replaceAll("\\'","'")", "stateMachineArn": "${{{machine}}}"}}"#
        )
    } else {
        format!(r#"{{"input": "$util.escapeJavaScript($input.json('$'))", "stateMachineArn": "${{{machine}}}"}}"#)
    };
    let template = make.map([("application/json", make.sub(text))]);
    swagger::add_state_machine(body, rest.route(event), role, &template, target.condition(), make)?;
    if let Some(auth) = event.properties.truthy("Auth") {
        write_rest_auth(cx, event, rest, auth, api, body)?;
    }
    Ok(())
}
