//! Triggers: the keys of events, whatever provider they are of, and who may fire them.

use super::super::naming::upper_first;
use super::super::output::{Output, Resource};
use super::super::service::{get, text, truthy};
use super::providers::Provider;
use crate::template::value::{Entry, Kind, Maker, Origin, Value};

/// Kinds of triggers, by the keys that name them in lower case.
const KINDS: [(&str, &[&str]); 7] = [
    ("Route", &["http", "httpapi", "apigw", "apigateway", "https"]),
    ("Schedule", &["schedule", "timer", "cron", "alarm"]),
    ("Queue", &["queue", "servicebus", "mq", "cmq", "mns"]),
    ("Topic", &["topic", "pubsub", "sns"]),
    ("Stream", &["eventhub", "stream", "kafka", "ckafka", "message_hub", "log", "cls"]),
    ("Bucket", &["blob", "oss", "cos", "s3", "storage", "bucket"]),
    ("Table", &["cosmosdb", "cloudant", "firestore", "database", "tablestore", "ots"]),
];

/// Parts of a Google event type that tell what sends it.
const SENDERS: [(&str, &str); 4] =
    [("pubsub", "Topic"), ("storage", "Bucket"), ("firestore", "Table"), ("firebase.database", "Table")];

/// The triggers of the function behind `entry`.
pub fn triggers(entry: &Entry, provider: Option<&Provider>, out: &mut Output) {
    let mut count = 0;
    let mut routes = false;
    for event in get(&entry.value, &["events"]).and_then(Value::as_list).unwrap_or_default() {
        let Some(trigger) = Trigger::read(event) else { continue };
        count += 1;
        routes |= trigger.kind == "Route";
        let id = format!("{}{}{count}", entry.key, upper_first(trigger.key));
        let maker = Maker::new(trigger.origin);
        let mut resource = Resource::new(id, &format!("Elsewhere::{}", trigger.kind), maker)
            .set("Function", maker.reference(entry.key.clone()));
        match trigger.kind {
            "Route" => {
                let open = open_event(event, trigger.value).or_else(|| open_function(&entry.value));
                resource = resource
                    .opt("Path", trigger.setting(&["path", "url", "route"]))
                    .opt("Method", trigger.setting(&["method", "methods"]))
                    .opt("Auth", open.map(|origin| Maker::new(origin).str("anonymous")))
                    .opt("Cors", trigger.cors(event).or_else(|| get(&entry.value, &["cors"]).and_then(cors)));
            }
            "Schedule" => {
                let rate = (!trigger.value.as_str().unwrap_or_default().is_empty()).then(|| trigger.value.clone());
                resource = resource.opt("Expression", rate.or_else(|| trigger.setting(&["rate", "schedule", "cron"])));
            }
            _ => resource = resource.opt("Source", trigger.source()),
        }
        out.put(resource);
    }
    if routes {
        return;
    }
    // Functions that are reachable without an event: a switch of the function opens them.
    let own = if provider.is_some_and(|provider| provider.name == "spotinst") {
        get(&entry.value, &["access"]).filter(|access| access.as_str() == Some("public")).map(|access| access.origin)
    } else {
        open_function(&entry.value)
    };
    if let Some(origin) = own {
        let maker = Maker::new(origin);
        out.put(
            Resource::new(format!("{}Http", entry.key), "Elsewhere::Route", maker)
                .set("Function", maker.reference(entry.key.clone()))
                .set("Auth", maker.str("anonymous"))
                .opt("Cors", get(&entry.value, &["cors"]).and_then(cors)),
        );
    }
}

struct Trigger<'v> {
    kind: &'static str,
    key: &'v str,
    origin: Origin,
    value: &'v Value,
}

impl<'v> Trigger<'v> {
    fn read(event: &'v Value) -> Option<Self> {
        let Some(map) = event.as_map() else {
            let key = event.as_str().filter(|key| !crate::template::unknown::is_unknown(key))?;
            return Some(Self { kind: kind(key).unwrap_or("Event"), key, origin: event.origin, value: event });
        };
        // What a function writes to stands among its events with Azure.
        let out = [&["direction"][..], &["x-azure-settings", "direction"]];
        if out.iter().any(|path| event.at(path).and_then(Value::as_str) == Some("out")) {
            return None;
        }
        let entry = map.iter().find(|entry| kind(&entry.key).is_some()).or_else(|| map.iter().next())?;
        let mut found = kind(&entry.key).unwrap_or("Event");
        let sender = get(&entry.value, &["eventType"]).and_then(Value::as_str);
        if let Some((_, kind)) = sender.and_then(|sender| SENDERS.iter().find(|(part, _)| sender.contains(part))) {
            found = kind;
        }
        Some(Self { kind: found, key: &entry.key, origin: entry.key_origin, value: &entry.value })
    }

    fn setting(&self, names: &[&str]) -> Option<Value> {
        names.iter().find_map(|name| get(self.value, &[name])).cloned()
    }

    /// The name of what sends events.
    fn source(&self) -> Option<Value> {
        match &self.value.kind {
            Kind::Str(name) if !name.is_empty() => Some(self.value.clone()),
            Kind::Map(_) => self.setting(&["resource", "name", "topic", "queue", "bucket", "db", "arn"]),
            _ => None,
        }
    }

    fn cors(&self, event: &Value) -> Option<Value> {
        get(self.value, &["cors"]).or_else(|| get(event, &["cors"])).and_then(cors)
    }
}

fn kind(key: &str) -> Option<&'static str> {
    let key = key.to_lowercase();
    KINDS.iter().find(|(_, keys)| keys.contains(&key.as_str())).map(|(kind, _)| *kind)
}

/// Where an event says that anybody may send requests.
fn open_event(event: &Value, value: &Value) -> Option<Origin> {
    let level =
        [get(event, &["x-azure-settings", "authLevel"]), get(event, &["authLevel"]), get(value, &["authLevel"])];
    let level = level.into_iter().flatten().find(|level| text(level).is_some_and(|text| text == "anonymous"));
    level.map(|level| level.origin)
}

/// Where a function says so.
fn open_function(function: &Value) -> Option<Origin> {
    if let Some(open) = get(function, &["allowUnauthenticated"]).filter(|open| open.as_bool() == Some(true)) {
        return Some(open.origin);
    }
    let annotation = |name: &str| get(function, &["annotations", name]);
    let web = annotation("web-export").filter(|web| web.as_bool() == Some(true))?;
    annotation("require-whisk-auth").is_none_or(|auth| !truthy(auth)).then_some(web.origin)
}

/// CORS settings, of which the allowed origins count.
pub fn cors(settings: &Value) -> Option<Value> {
    if get(settings, &["enabled"]).is_some_and(|enabled| !truthy(enabled)) {
        return None;
    }
    let names = ["origin", "origins", "allowOrigin", "allowOrigins", "allowedOrigin", "allowedOrigins"];
    let origins = names.iter().find_map(|name| get(settings, &[name]))?;
    let maker = Maker::new(settings.origin);
    let origins = if origins.as_list().is_some() { origins.clone() } else { maker.list([origins.clone()]) };
    Some(maker.map([("AllowOrigins", origins)]))
}
