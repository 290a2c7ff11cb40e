//! Schedules of EventBridge Scheduler.

use super::{Event, dead_letter_queue};
use crate::template::sam::iam;
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Map, Value};

/// What the schedule invokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invokes {
    /// A function.
    Function,
    /// A state machine.
    StateMachine,
}

/// The schedule, its dead-letter queue and its role.
pub fn expand(event: &Event, target: &Target, invokes: Invokes) -> Outcome<Vec<Resource>> {
    let id = event.full_id.as_str();
    let properties = &event.properties;
    let mut schedule = target.made(id, "AWS::Scheduler::Schedule", event.key_origin)?;
    let make = schedule.make();
    schedule.copy(properties, &["ScheduleExpression"]);
    if properties.truthy("State").is_some() {
        schedule.copy(properties, &["State"]);
    }
    let name = properties.truthy("Name");
    if properties.truthy("OmitName").is_some() {
        if let Some(name) = name {
            return refusal::event(id, name.origin, "Name cannot be set when OmitName is True");
        }
    } else if name.is_some() {
        schedule.copy(properties, &["Name"]);
    } else {
        schedule.set("Name", make.str(id));
    }
    if properties.truthy("FlexibleTimeWindow").is_some() {
        schedule.copy(properties, &["FlexibleTimeWindow"]);
    } else {
        schedule.set("FlexibleTimeWindow", make.map([("Mode", make.str("OFF"))]));
    }
    schedule.copy(
        properties,
        &["Description", "StartDate", "EndDate", "ScheduleExpressionTimezone", "GroupName", "KmsKeyArn"],
    );
    let dlq = dead_letter_queue(event, target, None)?;
    let mut made: Vec<Resource> = Vec::new();
    let role_arn = match properties.truthy("RoleArn") {
        Some(role) => role.clone(),
        None => {
            let mut role = target.made(format!("{id}Role"), "AWS::IAM::Role", event.key_origin)?;
            role.set("AssumeRolePolicyDocument", iam::assume_role(make, "scheduler.amazonaws.com"));
            let mut policies = vec![match invokes {
                Invokes::Function => iam::invoke(make, id, target.arn.clone()),
                Invokes::StateMachine => iam::start_execution(make, id, target.arn.clone()),
            }];
            policies.extend(dlq.as_ref().map(|dlq| iam::send_message(make, id, dlq.arn.clone())));
            role.set("Policies", make.list(policies));
            if properties.truthy("PermissionsBoundary").is_some() {
                role.copy(properties, &["PermissionsBoundary"]);
            }
            let arn = role.get_att("Arn");
            made.push(role);
            arn
        }
    };
    let mut out = Map::new();
    out.insert("Arn", target.arn.clone());
    out.insert("RoleArn", role_arn);
    for name in ["Input", "RetryPolicy"] {
        if let Some(entry) = properties.entry(name).filter(|entry| !entry.value.is_null()) {
            out.insert_at(name, entry.key_origin, entry.value.clone());
        }
    }
    if let Some(dlq) = &dlq {
        out.insert("DeadLetterConfig", make.map([("Arn", dlq.arn.clone())]));
    }
    schedule.set("Target", Value::new(crate::template::value::Kind::Map(out), make.origin()));
    made.insert(0, schedule);
    made.extend(dlq.into_iter().flat_map(|dlq| dlq.made));
    Ok(made)
}
