//! Alexa skills.

use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, permission};
use crate::template::serverless::service::{Event, Service, is_object};
use crate::template::value::{Maker, Value};

/// Permissions of custom skills.
pub fn skills(service: &Service, out: &mut Output) {
    all(service, "alexaSkill", "AlexaSkill", "alexa-appkit.amazon.com", out);
}

/// Permissions of smart-home skills.
pub fn smart_homes(service: &Service, out: &mut Output) {
    all(service, "alexaSmartHome", "AlexaSmartHome", "alexa-connectedhome.amazon.com", out);
}

fn all(service: &Service, kind: &'static str, label: &str, principal: &str, out: &mut Output) {
    for function in &service.functions {
        for (index, event) in function.events(kind).enumerate() {
            let maker = event.maker();
            let id = format!("{}LambdaPermission{label}{}", naming::normalized(&function.key), index + 1);
            out.merge(
                permission(id, maker, service.target(function, maker), maker.str(principal))
                    .set("Action", action(&event))
                    .opt("EventSourceToken", token(&event))
                    .after(function.alias_id()),
            );
        }
    }
}

fn token(event: &Event<'_>) -> Option<Value> {
    if is_object(event.value) { event.truthy("appId").cloned() } else { Some(event.value.clone()) }
}

fn action(event: &Event<'_>) -> Value {
    match event.get("enabled").filter(|enabled| enabled.as_bool() == Some(false)) {
        Some(enabled) => Maker::new(enabled.origin).str("lambda:DisableInvokeFunction"),
        None => event.maker().str("lambda:InvokeFunction"),
    }
}
