//! `IoT` topic rules, and fleet provisioning.

use crate::template::json;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Service, get};
use crate::template::value::{Kind, Maker, Value};

fn one_line(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => Value::new(Kind::Str(text.replace("\r\n", "").replace('\n', "").into()), value.origin),
        None => value.clone(),
    }
}

/// Topic rules and their permissions.
pub fn rules(service: &Service, out: &mut Output) {
    for function in &service.functions {
        for (index, event) in function.events("iot").enumerate() {
            let (maker, number) = (event.maker(), index + 1);
            let normalized = naming::normalized(&function.key);
            let id = format!("{normalized}IotTopicRule{number}");
            let disabled = match event.get("enabled").filter(|enabled| enabled.as_bool() == Some(false)) {
                Some(enabled) => Maker::new(enabled.origin).bool(true),
                None => maker.bool(false),
            };
            let mut payload = vec![("RuleDisabled", disabled)];
            payload.extend(get(event.value, &["sql"]).map(|sql| ("Sql", one_line(sql))));
            let target = maker.map([("FunctionArn", service.target(function, maker))]);
            payload.push(("Actions", maker.list([maker.map([("Lambda", target)])])));
            payload.extend(event.truthy("description").map(|value| ("Description", one_line(value))));
            payload.extend(event.truthy("sqlVersion").map(|value| ("AwsIotSqlVersion", one_line(value))));
            out.merge(
                Resource::new(id.as_str(), "AWS::IoT::TopicRule", maker)
                    .set("TopicRulePayload", maker.map(payload))
                    .opt("RuleName", event.truthy("name").map(one_line))
                    .after(function.alias_id()),
            );
            let arn = maker.join(
                "",
                [
                    maker.str("arn:"),
                    maker.reference("AWS::Partition"),
                    maker.str(":iot:"),
                    maker.reference("AWS::Region"),
                    maker.str(":"),
                    maker.reference("AWS::AccountId"),
                    maker.str(":rule/"),
                    maker.reference(id),
                ],
            );
            out.merge(
                permission(
                    format!("{normalized}LambdaPermissionIotTopicRule{number}"),
                    maker,
                    service.target(function, maker),
                    maker.str("iot.amazonaws.com"),
                )
                .set("SourceArn", arn)
                .after(function.alias_id()),
            );
        }
    }
}

/// Provisioning templates and their permissions.
pub fn provisioning(service: &Service, out: &mut Output) {
    for event in service.events("iotFleetProvisioning") {
        let (function, maker) = (event.function, event.maker());
        let normalized = naming::normalized(&function.key);
        let permission_id = format!("{normalized}LambdaPermissionIotProvisioningTemplate");
        let body = event
            .get("templateBody")
            .map(|body| Value::new(Kind::Str(json::to_json(body).to_string().into()), body.origin));
        let mut depends = vec![permission_id.clone()];
        depends.extend(function.alias_id().map(str::to_owned));
        out.put(
            Resource::new(format!("{normalized}IotProvisioningTemplate"), "AWS::IoT::ProvisioningTemplate", maker)
                .set("Enabled", event.get("enabled").cloned().unwrap_or_else(|| maker.bool(true)))
                .set("PreProvisioningHook", maker.map([("TargetArn", service.target(function, maker))]))
                .opt("ProvisioningRoleArn", event.get("provisioningRoleArn").cloned())
                .opt("TemplateBody", body)
                .opt("TemplateName", event.truthy("templateName").cloned())
                .after_all(depends),
        );
        out.put(
            permission(permission_id, maker, service.target(function, maker), maker.str("iot.amazonaws.com"))
                .after(function.alias_id()),
        );
    }
}
