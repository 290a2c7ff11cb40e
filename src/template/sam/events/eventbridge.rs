//! Rules of EventBridge, on a schedule or by pattern.

use super::Event;
use crate::template::sam::iam;
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Map, Value};

const PRINCIPAL: &str = "events.amazonaws.com";
/// The longest id of a target.
const TARGET_ID: usize = 64;

/// The id of the target of the rule `id`.
pub fn target_id(id: &str, suffix: &str) -> String {
    let kept: String = id.chars().take(TARGET_ID.saturating_sub(suffix.len())).collect();
    format!("{kept}{suffix}")
}

/// Sets the state that `State` or `Enabled` asks for.
pub fn rule_state(event: &Event, rule: &mut Resource) -> Outcome<()> {
    let state = event.properties.truthy("State");
    let enabled = event.properties.some("Enabled");
    if let (Some(_), Some(enabled)) = (state, enabled) {
        return event.refuse(enabled.origin, "State and Enabled Properties cannot both be specified.");
    }
    if state.is_some() {
        rule.copy(&event.properties, &["State"]);
    }
    if let Some(enabled) = enabled {
        let make = crate::template::value::Maker::new(enabled.origin);
        let on = crate::template::sam::python::truthy(enabled);
        rule.set("State", make.str(if on { "ENABLED" } else { "DISABLED" }));
    }
    Ok(())
}

/// A dead-letter queue.
#[derive(Debug)]
pub struct Dlq {
    /// Its ARN.
    pub arn: Value,
    /// The queue and its policy, when they are made.
    pub made: Vec<Resource>,
}

/// The dead-letter queue that the event asks for. `rule` is the ARN of the rule that writes
/// into it; without one no queue policy is made.
pub fn dead_letter_queue(event: &Event, target: &Target, rule: Option<Value>) -> Outcome<Option<Dlq>> {
    let Some(config) = event.properties.some("DeadLetterConfig") else { return Ok(None) };
    let id = event.full_id.as_str();
    let (arn, kind) = (config.get("Arn"), config.get("Type"));
    match (arn, kind) {
        (Some(_), Some(kind)) => {
            let text = "You can either define 'Arn' or 'Type' property of DeadLetterConfig.";
            return refusal::event(id, kind.origin, text);
        }
        (_, Some(kind)) if kind.as_str() != Some("SQS") => {
            let text = "The only valid value for 'Type' property of DeadLetterConfig is 'SQS'.";
            return refusal::event(id, kind.origin, text);
        }
        (None, None) => {
            return refusal::event(id, config.origin, "No 'Arn' or 'Type' property provided for DeadLetterConfig.");
        }
        _ => {}
    }
    if let Some(arn) = arn.filter(|arn| !arn.is_null()) {
        return Ok(Some(Dlq { arn: arn.clone(), made: Vec::new() }));
    }
    let queue_id = match config.some("QueueLogicalId") {
        Some(given) => match given.as_str() {
            Some(text) => text.to_owned(),
            None => return refusal::event(id, given.origin, "QueueLogicalId must be a string"),
        },
        None => String::new(),
    };
    let queue_id = if queue_id.is_empty() { format!("{id}Queue") } else { queue_id };
    let queue = target.made(queue_id, "AWS::SQS::Queue", config.origin)?;
    let arn = queue.get_att("Arn");
    let url = queue.reference();
    let mut made = vec![queue];
    if let Some(rule) = rule {
        let mut policy = target.made(format!("{id}QueuePolicy"), "AWS::SQS::QueuePolicy", config.origin)?;
        let make = policy.make();
        let principal = make.map([("Service", make.str(PRINCIPAL))]);
        policy.set("PolicyDocument", iam::queue_policy(make, principal, arn.clone(), rule));
        policy.set("Queues", make.list([url]));
        made.push(policy);
    }
    Ok(Some(Dlq { arn, made }))
}

fn event_target(event: &Event, id: Value, target: &Target, dlq: Option<&Dlq>, inputs: &[&str]) -> Value {
    let make = event.make();
    let mut out = Map::new();
    out.insert("Arn", target.arn.clone());
    out.insert("Id", id);
    for name in inputs {
        if let Some(entry) = event.properties.entry(name).filter(|entry| !entry.value.is_null()) {
            out.insert_at(*name, entry.key_origin, entry.value.clone());
        }
    }
    if let Some(dlq) = dlq {
        out.insert("DeadLetterConfig", make.map([("Arn", dlq.arn.clone())]));
    }
    Value::new(crate::template::value::Kind::Map(out), make.origin())
}

/// A rule on a schedule.
pub fn schedule(event: &Event, target: &Target) -> Outcome<Vec<Resource>> {
    let mut rule = target.made(event.full_id.as_str(), "AWS::Events::Rule", event.key_origin)?;
    let make = rule.make();
    rule.copy_as(&event.properties, "Schedule", "ScheduleExpression");
    rule_state(event, &mut rule)?;
    rule.copy(&event.properties, &["Name", "Description"]);
    let arn = rule.get_att("Arn");
    let dlq = dead_letter_queue(event, target, Some(arn.clone()))?;
    let id = make.str(target_id(&event.full_id, "LambdaTarget"));
    rule.set("Targets", make.list([event_target(event, id, target, dlq.as_ref(), &["Input", "RetryPolicy"])]));
    let mut permission = event.permission(target, PRINCIPAL)?;
    permission.set("SourceArn", arn);
    let mut made = vec![rule];
    made.extend(dlq.into_iter().flat_map(|dlq| dlq.made));
    made.push(permission);
    Ok(made)
}

/// A rule by pattern.
pub fn rule(event: &Event, target: &Target) -> Outcome<Vec<Resource>> {
    const INPUTS: [&str; 4] = ["Input", "InputPath", "RetryPolicy", "InputTransformer"];
    let mut rule = target.made(event.full_id.as_str(), "AWS::Events::Rule", event.key_origin)?;
    let make = rule.make();
    rule.copy(&event.properties, &["EventBusName"]);
    rule.copy_as(&event.properties, "Pattern", "EventPattern");
    rule.copy_as(&event.properties, "RuleName", "Name");
    let arn = rule.get_att("Arn");
    let dlq = dead_letter_queue(event, target, Some(arn.clone()))?;
    rule_state(event, &mut rule)?;
    let id = event.properties.truthy("Target").and_then(|target| target.get("Id")).cloned();
    let id = id.unwrap_or_else(|| make.str(target_id(&event.full_id, "LambdaTarget")));
    rule.set("Targets", make.list([event_target(event, id, target, dlq.as_ref(), &INPUTS)]));
    let mut permission = event.permission(target, PRINCIPAL)?;
    permission.set("SourceArn", arn);
    let mut made: Vec<Resource> = dlq.into_iter().flat_map(|dlq| dlq.made).collect();
    made.extend([rule, permission]);
    Ok(made)
}
