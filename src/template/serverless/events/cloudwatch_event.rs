//! Rules on the default event bus.

use super::schedule::transformer;
use crate::template::json;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Event, Service, is_unknown};
use crate::template::value::{Kind, Maker, Value};

/// Rules and their permissions.
pub fn events(service: &Service, out: &mut Output) {
    for function in &service.functions {
        for (index, event) in function.events("cloudwatchEvent").enumerate() {
            rule(service, &event, index + 1, out);
        }
    }
}

fn state(event: &Event<'_>) -> Value {
    match event.value.get("enabled") {
        Some(enabled) if enabled.as_bool() == Some(false) => Maker::new(enabled.origin).str("DISABLED"),
        Some(enabled) if is_unknown(enabled) => enabled.clone(),
        _ => event.maker().str("ENABLED"),
    }
}

fn rule(service: &Service, event: &Event<'_>, number: usize, out: &mut Output) {
    let (function, maker) = (event.function, event.maker());
    let normalized = naming::normalized(&function.key);
    let id = format!("{normalized}EventsRuleCloudWatchEvent{number}");
    let target = service.target(function, maker);
    let input = event.truthy("input").map(|input| match input.as_str() {
        Some(_) => input.clone(),
        None => Value::new(Kind::Str(json::to_json(input).to_string().into()), input.origin),
    });
    let mut entries = Vec::new();
    entries.extend(input.map(|input| ("Input", input)));
    entries.extend(event.truthy("inputPath").map(|path| ("InputPath", path.clone())));
    entries.extend(transformer(event).map(|transformer| ("InputTransformer", transformer)));
    entries.push(("Arn", target.clone()));
    entries.push(("Id", maker.str(format!("{}CloudWatchEvent", function.key))));
    out.merge(
        Resource::new(id.as_str(), "AWS::Events::Rule", maker)
            .opt("EventPattern", event.get("event").cloned())
            .set("State", state(event))
            .opt("Description", event.truthy("description").cloned())
            .opt("Name", event.truthy("name").cloned())
            .set("Targets", maker.list([maker.map(entries)]))
            .after(function.alias_id()),
    );
    out.merge(
        permission(
            format!("{normalized}LambdaPermissionEventsRuleCloudWatchEvent{number}"),
            maker,
            target,
            maker.str("events.amazonaws.com"),
        )
        .set("SourceArn", maker.get_att(id, "Arn"))
        .after(function.alias_id()),
    );
}
