//! Schedules.

use super::incomplete;
use crate::template::json;
use crate::template::lowering::Lowering;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow, permission};
use crate::template::serverless::service::{Event, Service, get, is_unknown, text, truthy};
use crate::template::value::{Kind, Maker, Value};

/// Rules and schedules with their permissions.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let mut scheduled = Vec::new();
    let mut scheduler_origin = None;
    for function in &service.functions {
        let mut number = 0;
        let mut uses_scheduler = None;
        for event in function.events("schedule") {
            let object = event.value.as_map().is_some();
            let expressions: Vec<Value> = match (object, event.get("rate")) {
                (false, _) => vec![event.value.clone()],
                (true, Some(rate)) => rate.as_list().map_or_else(|| vec![rate.clone()], <[Value]>::to_vec),
                (true, None) => {
                    incomplete(&event, None, "has a schedule without `rate`", cx);
                    continue;
                }
            };
            let scheduler = event.get("method").and_then(Value::as_str) == Some("scheduler");
            for expression in expressions {
                number += 1;
                if scheduler {
                    uses_scheduler = Some(event.origin);
                    schedule(service, &event, number, expression, out);
                } else {
                    rule(service, &event, number, expression, out);
                }
            }
        }
        if let Some(origin) = uses_scheduler {
            scheduler_origin = scheduler_origin.or(Some(origin));
            let maker = Maker::new(origin);
            let name = text(&function.name).unwrap_or_default();
            let arn = format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}");
            scheduled.extend([maker.sub(arn.as_str()), maker.sub(format!("{arn}:*"))]);
        }
    }
    if let Some(origin) = scheduler_origin {
        out.trust("scheduler.amazonaws.com");
        out.state(allow(Maker::new(origin), &["lambda:InvokeFunction"], scheduled));
    }
}

fn state(event: &Event<'_>) -> Value {
    match event.value.get("enabled").filter(|_| event.value.as_map().is_some()) {
        Some(enabled) if enabled.as_bool() == Some(false) => Maker::new(enabled.origin).str("DISABLED"),
        Some(enabled) if is_unknown(enabled) => enabled.clone(),
        _ => event.maker().str("ENABLED"),
    }
}

/// The input as the JSON text that the function gets.
pub fn input(event: &Event<'_>) -> Option<Value> {
    let input = event.truthy("input")?;
    if input.as_str().is_some() {
        return Some(input.clone());
    }
    let mut data = json::to_json(input);
    // A body that is itself JSON text is sent as data.
    if let Some(parsed) =
        data.get("body").and_then(serde_json::Value::as_str).and_then(|body| serde_json::from_str(body).ok())
        && let Some(map) = data.as_object_mut()
    {
        map.insert("body".into(), parsed);
    }
    Some(Value::new(Kind::Str(data.to_string().into()), input.origin))
}

/// `InputTransformer` of a rule's target.
pub fn transformer(event: &Event<'_>) -> Option<Value> {
    let written = event.truthy("inputTransformer")?;
    let maker = Maker::new(written.origin);
    let mut entries = Vec::new();
    entries.extend(get(written, &["inputTemplate"]).map(|template| ("InputTemplate", template.clone())));
    let paths = get(written, &["inputPathsMap"]).filter(|paths| truthy(paths));
    entries.extend(paths.map(|paths| ("InputPathsMap", paths.clone())));
    Some(maker.map(entries))
}

fn rule(service: &Service, event: &Event<'_>, number: usize, expression: Value, out: &mut Output) {
    let (function, maker) = (event.function, event.maker());
    let normalized = naming::normalized(&function.key);
    let id = format!("{normalized}EventsRuleSchedule{number}");
    let target = service.target(function, maker);
    let mut entries = Vec::new();
    let object = event.value.as_map().is_some();
    if object {
        entries.extend(input(event).map(|input| ("Input", input)));
        entries.extend(event.truthy("inputPath").map(|path| ("InputPath", path.clone())));
        entries.extend(transformer(event).map(|transformer| ("InputTransformer", transformer)));
    }
    entries.push(("Arn", target.clone()));
    entries.push(("Id", maker.str(format!("{}Schedule", function.key))));
    let setting = |name: &str| event.truthy(name).filter(|_| object).cloned();
    out.put(
        Resource::new(id.as_str(), "AWS::Events::Rule", maker)
            .set("ScheduleExpression", expression)
            .set("State", state(event))
            .opt("Name", setting("name"))
            .opt("Description", setting("description"))
            .set("Targets", maker.list([maker.map(entries)]))
            .after(function.alias_id()),
    );
    out.put(
        permission(
            format!("{normalized}LambdaPermissionEventsRuleSchedule{number}"),
            maker,
            target,
            maker.str("events.amazonaws.com"),
        )
        .set("SourceArn", maker.get_att(id, "Arn"))
        .after(function.alias_id()),
    );
}

fn schedule(service: &Service, event: &Event<'_>, number: usize, expression: Value, out: &mut Output) {
    let (function, maker) = (event.function, event.maker());
    let role = out
        .properties(&naming::function(&function.key))
        .and_then(|properties| properties.get("Role").cloned())
        .map(|role| Value::new(role.kind, maker.origin()));
    let mut target = vec![("Arn", service.target(function, maker))];
    target.extend(role.map(|role| ("RoleArn", role)));
    target.extend(input(event).map(|input| ("Input", input)));
    out.put(
        Resource::new(
            format!("{}SchedulerSchedule{number}", naming::normalized(&function.key)),
            "AWS::Scheduler::Schedule",
            maker,
        )
        .set("ScheduleExpression", expression)
        .set("State", state(event))
        .set("Target", maker.map(target))
        .set("FlexibleTimeWindow", maker.map([("Mode", maker.str("OFF"))]))
        .opt("Name", event.get("name").cloned())
        .opt("Description", event.get("description").cloned())
        .opt("ScheduleExpressionTimezone", event.get("timezone").cloned())
        .after(function.alias_id()),
    );
}
