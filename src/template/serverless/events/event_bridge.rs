//! `EventBridge` rules.

use super::s3_existing::{functions_arn, statement};
use crate::template::json;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::custom_resources::{self, EVENT_BRIDGE};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Event, Service, get, is_object, is_unknown, text, truthy};
use crate::template::value::{Kind, Maker, Map, Value};

struct Rule<'s> {
    event: Event<'s>,
    number: usize,
    name: Value,
    shown: String,
    state: Value,
    transformer: Option<Value>,
}

/// Rules, buses and permissions, or the resources that the framework's own handler serves.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let native = service
        .setting(&["eventBridge"])
        .is_none_or(|settings| get(settings, &["useCloudFormation"]).is_some_and(truthy));
    let mut statements = Vec::new();
    let mut first: Option<Maker> = None;
    for event in service.events("eventBridge") {
        let rule = rule(event, cx);
        first.get_or_insert(event.maker());
        if native {
            compile(service, &rule, out);
        } else {
            compile_custom(&rule, &mut statements, out);
        }
    }
    let Some(maker) = first.filter(|_| !native) else { return };
    let rules = maker.join(
        ":",
        [
            maker.str("arn"),
            maker.reference("AWS::Partition"),
            maker.str("events"),
            maker.reference("AWS::Region"),
            maker.reference("AWS::AccountId"),
            maker.str("rule/*"),
        ],
    );
    let actions = ["events:PutRule", "events:RemoveTargets", "events:PutTargets", "events:DeleteRule"];
    statements.push(statement(maker, rules, &actions));
    statements.push(statement(maker, functions_arn(maker), &["lambda:AddPermission", "lambda:RemovePermission"]));
    custom_resources::add(service, EVENT_BRIDGE, statements, maker, out);
}

fn hashed(name: &str, suffix: &str) -> String {
    format!("{}{}-{suffix}", naming::cut(name, 31usize.saturating_sub(suffix.len())), naming::md5(name))
}

fn rule<'s>(event: Event<'s>, cx: &mut Lowering<'_>) -> Rule<'s> {
    let maker = event.maker();
    let number = event.index + 1;
    let function = text(&event.function.name).unwrap_or_default();
    let name = event.truthy("name").cloned().unwrap_or_else(|| {
        let name = format!("{function}-rule-{number}");
        maker.str(if name.chars().count() > 64 { hashed(&name, &format!("rule-{number}")) } else { name })
    });
    let inputs = ["input", "inputPath", "inputTransformer"].iter().filter(|name| event.truthy(name).is_some()).count();
    if inputs > 1 {
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                event.origin,
                "an `eventBridge` event has more than one of `input`, `inputPath` and `inputTransformer`",
            )
            .help("keep one of them")
            .code("EVENTBRIDGE_MULTIPLE_INPUT_PROPERTIES")
            .resource(naming::function(&event.function.key)),
        );
    }
    let state = match event.value.get("enabled") {
        Some(enabled) if enabled.as_bool() == Some(false) => Maker::new(enabled.origin).str("DISABLED"),
        Some(enabled) if is_unknown(enabled) => enabled.clone(),
        _ => maker.str("ENABLED"),
    };
    let transformer = event.truthy("inputTransformer").map(|written| {
        let mut map = Map::new();
        for entry in written.as_map().into_iter().flatten() {
            map.insert_at(naming::upper_first(&entry.key), entry.key_origin, entry.value.clone());
        }
        Value::new(Kind::Map(map), written.origin)
    });
    let shown = text(&name).unwrap_or_default();
    Rule { event, number, name, shown, state, transformer }
}

fn compile(service: &Service, rule: &Rule<'_>, out: &mut Output) {
    let (event, function, maker) = (&rule.event, rule.event.function, rule.event.maker());
    let written = event.truthy("eventBus").cloned();
    let is_arn = written.as_ref().and_then(Value::as_str).is_some_and(|bus| bus.starts_with("arn"));
    let exists = is_arn || written.as_ref().is_some_and(|bus| is_object(bus) || is_unknown(bus));
    let bus = written.map(|bus| match bus.as_str().filter(|_| is_arn) {
        Some(arn) => Value::new(Kind::Str(arn.split_once('/').map_or(arn, |(_, name)| name).into()), bus.origin),
        None => bus,
    });
    let default = bus.as_ref().and_then(Value::as_str) == Some("default");
    let mut depends = function.alias_id().map(str::to_owned);
    if let Some(bus) = bus.as_ref().filter(|_| !exists && !default) {
        let id = format!("{}EventBridgeEventBus", naming::normalized(&text(bus).unwrap_or_default()));
        out.put(Resource::new(id.as_str(), "AWS::Events::EventBus", Maker::new(bus.origin)).set("Name", bus.clone()));
        depends = Some(id);
    }
    let mut target_id = format!("{}-target", rule.shown);
    if target_id.chars().count() > 64 {
        target_id = hashed(&target_id, "target");
    }
    let mut target = vec![("Arn", service.target(function, maker)), ("Id", maker.str(target_id))];
    if let Some(policy) = event.truthy("retryPolicy") {
        let maker = Maker::new(policy.origin);
        let names = [("maximumEventAge", "MaximumEventAgeInSeconds"), ("maximumRetryAttempts", "MaximumRetryAttempts")];
        let entries = names.iter().filter_map(|(name, property)| Some((*property, get(policy, &[name])?.clone())));
        target.push(("RetryPolicy", maker.map(entries)));
    }
    if let Some(arn) = event.truthy("deadLetterQueueArn") {
        target.push(("DeadLetterConfig", Maker::new(arn.origin).map([("Arn", arn.clone())])));
    }
    if let Some(input) = event.truthy("input") {
        target.push(("Input", Value::new(Kind::Str(json::to_json(input).to_string().into()), input.origin)));
    } else if let Some(path) = event.truthy("inputPath") {
        target.push(("InputPath", path.clone()));
    } else if let Some(transformer) = &rule.transformer {
        target.push(("InputTransformer", transformer.clone()));
    }
    let plain = format!("{}-rule-{}", text(&function.name).unwrap_or_default(), rule.number);
    out.put(
        Resource::new(format!("{}EventBridgeRule", naming::alphanumeric(&plain)), "AWS::Events::Rule", maker)
            .opt("Description", event.get("description").cloned())
            .opt("EventBusName", bus.clone().filter(|_| !default))
            .opt("EventPattern", event.get("pattern").cloned())
            .set("Name", rule.name.clone())
            .opt("ScheduleExpression", event.get("schedule").cloned())
            .set("State", rule.state.clone())
            .set("Targets", maker.list([maker.map(target)]))
            .after(depends.as_deref()),
    );
    let mut path = vec![maker.str("rule")];
    path.extend(bus);
    path.push(rule.name.clone());
    let arn = maker.join(
        ":",
        [
            maker.str("arn"),
            maker.reference("AWS::Partition"),
            maker.str("events"),
            maker.reference("AWS::Region"),
            maker.reference("AWS::AccountId"),
            maker.join("/", path),
        ],
    );
    out.put(
        permission(
            format!("{}EventBridgeLambdaPermission{}", naming::normalized(&function.key), rule.number),
            maker,
            service.target(function, maker),
            maker.str("events.amazonaws.com"),
        )
        .set("SourceArn", arn)
        .after(function.alias_id()),
    );
}

fn compile_custom(rule: &Rule<'_>, statements: &mut Vec<Value>, out: &mut Output) {
    let (event, function, maker) = (&rule.event, rule.event.function, rule.event.maker());
    let bus = event.truthy("eventBus").cloned();
    let mut config = vec![("RuleName", rule.name.clone()), ("State", rule.state.clone())];
    config.extend(bus.clone().map(|bus| ("EventBus", bus)));
    for (name, property) in
        [("schedule", "Schedule"), ("pattern", "Pattern"), ("input", "Input"), ("inputPath", "InputPath")]
    {
        config.extend(event.get(name).map(|value| (property, value.clone())));
    }
    config.extend(rule.transformer.clone().map(|value| ("InputTransformer", value)));
    out.put(
        Resource::new(
            format!("{}CustomEventBridge{}", naming::normalized(&function.key), rule.number),
            "Custom::EventBridge",
            maker,
        )
        .attribute("Version", maker.int(1))
        .set("ServiceToken", maker.get_att(EVENT_BRIDGE.function(), "Arn"))
        .set("FunctionName", function.name.clone())
        .set("EventBridgeConfig", maker.map(config))
        .after_all([naming::function(&function.key), EVENT_BRIDGE.function()]),
    );
    let named = bus.as_ref().is_some_and(|bus| bus.as_str() != Some("default"));
    if named && statements.is_empty() {
        let buses = maker.join(
            ":",
            [
                maker.str("arn"),
                maker.reference("AWS::Partition"),
                maker.str("events"),
                maker.reference("AWS::Region"),
                maker.reference("AWS::AccountId"),
                maker.str("event-bus/*"),
            ],
        );
        statements.push(statement(maker, buses, &["events:CreateEventBus", "events:DeleteEventBus"]));
    }
}
