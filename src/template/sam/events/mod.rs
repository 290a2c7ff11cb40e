//! Events of functions.

mod api;
mod cognito;
mod eventbridge;
mod http_api;
mod iot;
mod logs;
mod pull;
mod pull_kafka;
mod pull_policies;
mod rest_auth;
mod s3;
pub mod scheduler;
mod sns;

pub use api::{RestEvent, link_rest_api, rest_event};
pub use eventbridge::{Dlq, dead_letter_queue, rule_state, target_id};
pub use rest_auth::write as write_rest_auth;

use super::expander::Expander;
use super::naming;
use super::order;
use super::property::{self, Property};
use super::python;
use super::refusal::{self, Failure, Outcome};
use super::resource::{Node, Resource, Target};
use super::specification::events as specifications;
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Text, Value};

/// Whose events they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A function.
    Function,
    /// A state machine.
    StateMachine,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub id: Text,
    /// Its name behind the owner's logical id.
    pub full_id: String,
    /// Its type.
    pub kind: Text,
    /// Where its name stands.
    pub key_origin: Origin,
    /// Where it stands.
    pub origin: Origin,
    /// Its properties.
    pub properties: Map,
    /// The suffix of REST permissions: the stage.
    pub stage: String,
}

impl Event {
    /// Makes values caused by the event.
    pub fn make(&self) -> Maker {
        Maker::new(self.key_origin)
    }

    /// Refuses the event for what stands at `origin`.
    pub fn refuse<T>(&self, origin: Origin, text: impl AsRef<str>) -> Outcome<T> {
        refusal::event(&self.id, origin, text)
    }

    /// A permission for `principal` to invoke `target`.
    pub fn permission(&self, target: &Target, principal: &str) -> Outcome<Resource> {
        self.permission_with(target, principal, &self.full_id, "")
    }

    /// A permission whose logical id is made of other parts.
    pub fn permission_with(&self, target: &Target, principal: &str, prefix: &str, suffix: &str) -> Outcome<Resource> {
        let id = naming::suffixed(&format!("{prefix}Permission"), suffix);
        let mut permission = target.made(id, "AWS::Lambda::Permission", self.key_origin)?;
        let make = permission.make();
        permission.set("Action", make.str("lambda:InvokeFunction"));
        permission.set("FunctionName", target.name.clone());
        permission.set("Principal", make.str(principal));
        Ok(permission)
    }
}

fn specification(kind: &str, owner: Owner) -> Option<&'static [Property]> {
    Some(match (kind, owner) {
        ("ScheduleV2", _) => specifications::SCHEDULE_V2,
        ("Schedule", Owner::StateMachine) => specifications::MACHINE_SCHEDULE,
        ("CloudWatchEvent" | "EventBridgeRule", Owner::StateMachine) => specifications::MACHINE_CLOUD_WATCH_EVENT,
        ("Api", Owner::StateMachine) => specifications::MACHINE_API,
        (_, Owner::StateMachine) => return None,
        ("Schedule", _) => specifications::SCHEDULE,
        ("CloudWatchEvent" | "EventBridgeRule", _) => specifications::CLOUD_WATCH_EVENT,
        ("S3", _) => specifications::S3,
        ("SNS", _) => specifications::SNS,
        ("Api", _) => specifications::API,
        ("HttpApi", _) => specifications::HTTP_API,
        ("AlexaSkill", _) => specifications::ALEXA_SKILL,
        ("IoTRule", _) => specifications::IOT_RULE,
        ("Cognito", _) => specifications::COGNITO,
        ("CloudWatchLogs", _) => specifications::CLOUD_WATCH_LOGS,
        ("Kinesis", _) => specifications::KINESIS,
        ("DynamoDB", _) => specifications::DYNAMO_DB,
        ("SQS", _) => specifications::SQS,
        ("MSK", _) => specifications::MSK,
        ("MQ", _) => specifications::MQ,
        ("DocumentDB", _) => specifications::DOCUMENT_DB,
        ("SelfManagedKafka", _) => specifications::SELF_MANAGED_KAFKA,
        _ => return None,
    })
}

fn parse(cx: &Expander, node: &Node, owner: Owner, id: &Text, key_origin: Origin, value: &Value) -> Outcome<Event> {
    if value.as_map().is_none() {
        let name = if cx.keeps_order { python::template_type_name(value) } else { python::type_name(value) };
        let text = format!("'{name}' object has no attribute 'get'");
        return refusal::event(id, value.origin, text);
    }
    let kind = value.get("Type");
    let known = kind.and_then(Value::as_str).and_then(|kind| Some((Text::from(kind), specification(kind, owner)?)));
    let Some((kind, specification)) = known else {
        return refusal::event(
            id,
            kind.map_or(value.origin, |kind| kind.origin),
            format!(
                "Resource dict has missing or invalid value for key Type. Event Type is: {}.",
                kind.map_or_else(|| "None".to_owned(), |kind| python::display_kept(kind, cx.keeps_order))
            ),
        );
    };
    let full_id = format!("{}{id}", node.id);
    super::resource::check_id(&full_id, key_origin)?;
    let (properties, origin) = match value.get("Properties") {
        None => (Map::new(), value.origin),
        Some(Value { kind: Kind::Map(map), origin }) => (map.clone(), *origin),
        Some(other) => {
            return refusal::resource(&full_id, other.origin, "Properties of a resource must be an object.");
        }
    };
    property::check(&full_id, &kind, origin, &properties, specification, cx.keeps_order)?;
    Ok(Event { id: id.clone(), full_id, kind, key_origin, origin, properties, stage: "Prod".to_owned() })
}

/// The entries of `Events` in the order of the reference.
pub fn written<'n>(cx: &Expander, node: &'n Node) -> Vec<&'n Entry> {
    let Some(events) = node.get("Events").and_then(Value::as_map) else { return Vec::new() };
    if !cx.keeps_order {
        return events.iter().collect();
    }
    order::of_names(events.keys()).iter().filter_map(|name| events.entry(name)).collect()
}

/// Reads the events of `node` and checks what they refer to. Refused ones are left out; the
/// first refusal is answered.
pub fn link(cx: &Expander, node: &Node, owner: Owner) -> (Vec<Event>, Option<Failure>) {
    let mut failure = None;
    let mut events = Vec::new();
    for entry in written(cx, node) {
        let outcome = parse(cx, node, owner, &entry.key, entry.key_origin, &entry.value).and_then(|mut event| {
            match &*event.kind {
                "Api" => event.stage = link_rest_api(cx, &event)?,
                "HttpApi" => http_api::link(cx, &event)?,
                "S3" => s3::link(cx, &event)?,
                "Cognito" => cognito::link(cx, &event)?,
                _ => {}
            }
            Ok(event)
        });
        match outcome {
            Ok(event) => events.push(event),
            Err(error) => {
                failure.get_or_insert(error.event_of(&node.id));
            }
        }
    }
    (events, failure)
}

/// Makes the resources of the events. A refused one is left out; the first refusal is
/// answered.
pub fn expand(
    cx: &mut Expander,
    owner_id: &str,
    target: &Target,
    mut events: Vec<Event>,
    role: &mut Resource,
) -> (Vec<Resource>, Option<Failure>) {
    let mut failure = None;
    let mut resources = Vec::new();
    events.sort_by(|a, b| {
        let key = |event: &Event| event.properties.get("Path").map_or_else(|| event.id.to_string(), python::display);
        key(a).cmp(&key(b))
    });
    for event in events {
        let outcome = match &*event.kind {
            "Schedule" => eventbridge::schedule(&event, target),
            "CloudWatchEvent" | "EventBridgeRule" => eventbridge::rule(&event, target),
            "ScheduleV2" => scheduler::expand(&event, target, scheduler::Invokes::Function),
            "S3" => s3::expand(cx, &event, target),
            "SNS" => sns::expand(cx, &event, target, role),
            "Api" => api::expand(cx, event, target),
            "HttpApi" => http_api::expand(cx, event, target),
            "AlexaSkill" => alexa(&event, target),
            "IoTRule" => iot::expand(cx, &event, target),
            "Cognito" => cognito::expand(cx, &event, target),
            "CloudWatchLogs" => logs::expand(cx, &event, target),
            _ => pull::expand(cx, event, target, role),
        };
        match outcome {
            Ok(mut made) => {
                made.iter_mut().for_each(|resource| resource.attribute(target.key_origin));
                resources.append(&mut made);
            }
            Err(error) => {
                failure.get_or_insert(error.event_of(owner_id));
            }
        }
    }
    (resources, failure)
}

fn alexa(event: &Event, target: &Target) -> Outcome<Vec<Resource>> {
    let mut permission = event.permission(target, "alexa-appkit.amazon.com")?;
    permission.copy_as(&event.properties, "SkillId", "EventSourceToken");
    Ok(vec![permission])
}
