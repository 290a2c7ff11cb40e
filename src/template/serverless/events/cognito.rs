//! Cognito user pools: triggers of new and of existing pools.

use super::incomplete;
use super::s3_existing::statement;
use crate::template::lowering::Lowering;
use crate::template::serverless::custom_resources::{self, USER_POOL};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Event, Service, text};
use crate::template::value::{Kind, Maker, Map, Value};

const CUSTOM_SENDERS: [&str; 2] = ["CustomSMSSender", "CustomEmailSender"];

fn trigger(event: &Event<'_>) -> Option<String> {
    event.get("trigger").and_then(text)
}

/// New pools, with their triggers and permissions.
pub fn events(service: &Service, out: &mut Output) {
    let mut pools: Vec<(String, Vec<(Event<'_>, String)>)> = Vec::new();
    for event in service.events("cognitoUserPool").filter(|event| event.truthy("existing").is_none()) {
        let (Some(pool), Some(trigger)) = (event.get("pool").and_then(text), trigger(&event)) else { continue };
        match pools.iter_mut().find(|(name, _)| *name == pool) {
            Some((_, events)) => events.push((event, trigger)),
            None => pools.push((pool, vec![(event, trigger)])),
        }
    }
    for (pool, events) in &pools {
        let Some((first, _)) = events.first() else { continue };
        let maker = first.maker();
        let id = format!("CognitoUserPool{}", naming::alphanumeric(pool));
        let mut config = Map::new();
        let mut depends = Vec::new();
        for (event, trigger) in events {
            let (function, maker) = (event.function, event.maker());
            let arn = service.target(function, maker);
            config.remove(trigger);
            if CUSTOM_SENDERS.contains(&trigger.as_str()) {
                let version = event.truthy("lambdaVersion").cloned().unwrap_or_else(|| maker.str("V1_0"));
                config.insert(trigger.as_str(), maker.map([("LambdaArn", arn), ("LambdaVersion", version)]));
                if let Some(key) = event.get("kmsKeyId") {
                    config.insert("KMSKeyID", key.clone());
                }
            } else {
                config.insert(trigger.as_str(), arn);
            }
            depends.push(function.alias_id().map_or_else(|| naming::function(&function.key), str::to_owned));
        }
        out.merge(
            Resource::new(id.as_str(), "AWS::Cognito::UserPool", maker)
                .set("UserPoolName", maker.str(pool.as_str()))
                .set("LambdaConfig", Value::new(Kind::Map(config), maker.origin()))
                .after_all(depends),
        );
        for (event, trigger) in events {
            let (function, maker) = (event.function, event.maker());
            out.merge(
                permission(
                    format!(
                        "{}LambdaPermissionCognitoUserPool{}TriggerSource{}",
                        naming::normalized(&function.key),
                        naming::alphanumeric(pool),
                        naming::alphanumeric(trigger)
                    ),
                    maker,
                    service.target(function, maker),
                    maker.str("cognito-idp.amazonaws.com"),
                )
                .set("SourceArn", maker.get_att(id.as_str(), "Arn"))
                .after(function.alias_id()),
            );
        }
    }
}

/// Triggers of pools that exist already, one resource per function.
pub fn existing(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let mut statements = Vec::new();
    let mut users: Vec<(String, Vec<String>)> = Vec::new();
    let mut first: Option<Maker> = None;
    for function in &service.functions {
        let mut configs = Vec::new();
        let mut made: Option<(Value, String, Maker)> = None;
        for event in function.events("cognitoUserPool").filter(|event| event.truthy("existing").is_some()) {
            let (Some(pool), Some(trigger)) = (event.get("pool"), trigger(&event)) else {
                incomplete(&event, None, "is a `cognitoUserPool` event without `pool` or `trigger`", cx);
                continue;
            };
            let maker = event.maker();
            first.get_or_insert(maker);
            let custom = CUSTOM_SENDERS.contains(&trigger.as_str());
            let mut config = vec![("Trigger", maker.str(trigger.as_str()))];
            if custom {
                let version = event.truthy("lambdaVersion").cloned().unwrap_or_else(|| maker.str("V1_0"));
                config.push(("LambdaVersion", version));
                config.extend(event.get("kmsKeyId").map(|key| ("KMSKeyID", key.clone())));
            }
            configs.push(maker.map(config));
            if made.is_none() {
                if let Some(key) = event.get("kmsKeyId").filter(|_| custom) {
                    statements.push(statement(maker, key.clone(), &["kms:CreateGrant"]));
                }
                let actions =
                    ["cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool", "cognito-idp:UpdateUserPool"];
                statements.push(statement(maker, maker.str("*"), &actions));
                made = Some((pool.clone(), text(pool).unwrap_or_default(), maker));
            }
        }
        let Some((pool, shown, maker)) = made else { continue };
        let id = format!("{}CustomCognitoUserPool1", naming::normalized(&function.key));
        let mut depends = vec![naming::function(&function.key), USER_POOL.function()];
        match users.iter_mut().find(|(name, _)| *name == shown) {
            Some((_, ids)) => {
                depends.extend(ids.last().cloned());
                ids.push(id.clone());
            }
            None => users.push((shown, vec![id.clone()])),
        }
        out.merge(
            Resource::new(id, "Custom::CognitoUserPool", maker)
                .attribute("Version", maker.int(1))
                .set("ServiceToken", maker.get_att(USER_POOL.function(), "Arn"))
                .set("FunctionName", function.name.clone())
                .set("UserPoolName", pool)
                .set("UserPoolConfigs", maker.list(configs))
                .after_all(depends),
        );
        let name = text(&function.name).unwrap_or_default();
        let arn = maker.sub(format!("arn:${{AWS::Partition}}:lambda:*:*:function:{name}"));
        statements.push(statement(maker, arn, &["lambda:AddPermission", "lambda:RemovePermission"]));
    }
    let Some(maker) = first else { return };
    statements.push(statement(maker, maker.sub("arn:${AWS::Partition}:iam::*:role/*"), &["iam:PassRole"]));
    custom_resources::add(service, USER_POOL, statements, maker, out);
}
