//! Rules of AWS `IoT`.

use super::Event;
use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics;
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Resource, Target};
use crate::template::value::{Map, Value};

/// The permission and the rule.
pub fn expand(cx: &Expander, event: &Event, target: &Target) -> Outcome<Vec<Resource>> {
    let mut rule = target.made(event.full_id.as_str(), "AWS::IoT::TopicRule", event.key_origin)?;
    let make = rule.make();
    let mut permission = event.permission(target, "iot.amazonaws.com")?;
    let arn = format!("arn:{}:iot:${{AWS::Region}}:${{AWS::AccountId}}:rule/${{RuleName}}", cx.partition);
    permission.set("SourceArn", intrinsics::sub_with(make, arn, vec![("RuleName", rule.reference())]));
    permission.set("SourceAccount", make.sub("${AWS::AccountId}"));
    let mut payload = Map::new();
    if let Some(entry) = event.properties.entry("Sql") {
        payload.insert_at("Sql", entry.key_origin, entry.value.clone());
    }
    payload.insert("RuleDisabled", make.bool(false));
    let action = make.map([("Lambda", make.map([("FunctionArn", target.arn.clone())]))]);
    payload.insert("Actions", make.list([action]));
    if let Some(version) = event.properties.truthy("AwsIotSqlVersion") {
        payload.insert("AwsIotSqlVersion", version.clone());
    }
    rule.set("TopicRulePayload", Value::new(crate::template::value::Kind::Map(payload), make.origin()));
    Ok(vec![permission, rule])
}
