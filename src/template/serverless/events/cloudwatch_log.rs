//! Subscriptions to log groups.

use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Service, is_object, text};
use crate::template::value::{Kind, Value};

fn one_line(text: &str) -> String {
    text.replace("\r\n", "").replace('\n', "")
}

/// Filters, and one permission per function.
pub fn events(service: &Service, out: &mut Output) {
    for function in &service.functions {
        let normalized = naming::normalized(&function.key);
        let permission_id = format!("{normalized}LambdaPermissionLogsSubscriptionFilterCloudWatchLog");
        let mut groups: Vec<String> = Vec::new();
        for (index, event) in function.events("cloudwatchLog").enumerate() {
            let maker = event.maker();
            let object = is_object(event.value);
            let group = if object { event.get("logGroup") } else { Some(event.value) };
            let Some((group, name)) = group.and_then(|group| Some((group, one_line(&text(group)?)))) else { continue };
            groups.push(name.clone());
            let filter = event.truthy("filter").filter(|_| object);
            let filter = match filter {
                Some(filter) => {
                    let pattern = unescape(&one_line(&text(filter).unwrap_or_default()));
                    Value::new(Kind::Str(pattern.into()), filter.origin)
                }
                None => maker.str(""),
            };
            let mut depends = vec![permission_id.clone()];
            depends.extend(function.alias_id().map(str::to_owned));
            out.merge(
                Resource::new(
                    format!("{normalized}LogsSubscriptionFilterCloudWatchLog{}", index + 1),
                    "AWS::Logs::SubscriptionFilter",
                    maker,
                )
                .set("LogGroupName", Value::new(Kind::Str(name.into()), group.origin))
                .set("FilterPattern", filter)
                .set("DestinationArn", service.target(function, maker))
                .after_all(depends),
            );
            let principal =
                maker.join("", [maker.str("logs."), maker.reference("AWS::Region"), maker.str(".amazonaws.com")]);
            let arn = maker.join(
                "",
                [
                    maker.str("arn:"),
                    maker.reference("AWS::Partition"),
                    maker.str(":logs:"),
                    maker.reference("AWS::Region"),
                    maker.str(":"),
                    maker.reference("AWS::AccountId"),
                    maker.str(":log-group:"),
                    maker.str(common(&groups)),
                    maker.str(":*"),
                ],
            );
            let mut resource = permission(permission_id.as_str(), maker, service.target(function, maker), principal)
                .set("SourceArn", arn);
            if let Some(alias) = function.alias_id() {
                resource = resource.after_all([alias]);
            }
            out.merge(resource);
        }
    }
}

/// Quotes that were escaped for the sake of YAML.
fn unescape(pattern: &str) -> String {
    match (pattern.find('\\'), pattern.find('"')) {
        (Some(slash), Some(quote)) if quote > slash => pattern.replace("\\\"", "\"").replace("\\\\'", "'"),
        _ => pattern.to_owned(),
    }
}

/// What all names start with, as a pattern.
fn common(names: &[String]) -> String {
    let Some(first) = names.first() else { return String::new() };
    let mut length = first.chars().count();
    for name in names {
        let same = first.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        length = length.min(same);
    }
    let mut text: String = first.chars().take(length).collect();
    if names.len() > 1 && !text.ends_with('*') {
        text.push('*');
    }
    text
}
