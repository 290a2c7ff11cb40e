//! `serverless-plugin-log-retention`: how long log groups of functions are kept.

use crate::template::serverless::naming;
use crate::template::serverless::service::{Service, get, truthy};
use crate::template::value::Value;

/// Sets the retention of every function's log group, unless the function has one of its own.
pub fn retain(service: &Service, template: &mut Value) {
    let shared = get(&service.config, &["custom", "logRetentionInDays"]).filter(|days| truthy(days));
    for function in &service.functions {
        let Some(days) = function.get("logRetentionInDays").or(shared) else { continue };
        let group = template.get_mut("Resources").and_then(|all| all.get_mut(&naming::log_group(&function.key)));
        let properties = group.and_then(|group| group.get_mut("Properties")).and_then(Value::as_map_mut);
        if let Some(properties) = properties {
            properties.insert("RetentionInDays", days.clone());
        }
    }
}
