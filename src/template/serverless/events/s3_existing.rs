//! Notifications of buckets that exist already.

use super::incomplete;
use crate::template::json;
use crate::template::lowering::Lowering;
use crate::template::serverless::custom_resources::{self, S3};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{Service, is_object};
use crate::template::value::{Maker, Value};

/// One resource per function that the framework's own handler serves.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let mut statements = Vec::new();
    let mut users: Vec<(String, Vec<String>)> = Vec::new();
    let mut first = None;
    for function in &service.functions {
        let mut configs = Vec::new();
        let mut made: Option<(Value, Maker)> = None;
        for event in function.events("s3") {
            if !is_object(event.value) || event.truthy("existing").is_none() {
                continue;
            }
            let Some(bucket) = event.get("bucket") else {
                incomplete(&event, None, "is an `s3` event without `bucket`", cx);
                continue;
            };
            let maker = event.maker();
            first.get_or_insert(maker);
            let rules = event.get("rules").and_then(Value::as_list).unwrap_or_default().iter().filter_map(|rule| {
                let entry = rule.as_map()?.iter().next()?;
                Some(Maker::new(entry.key_origin).map([(naming::start_case(&entry.key), entry.value.clone())]))
            });
            let kind = event.truthy("event").cloned().unwrap_or_else(|| maker.str("s3:ObjectCreated:*"));
            configs.push(maker.map([("Event", kind), ("Rules", maker.list(rules))]));
            match &made {
                None => made = Some((bucket.clone(), maker)),
                Some((known, _)) if known != bucket => {
                    incomplete(
                        &event,
                        Some("S3_MULTIPLE_BUCKETS_PER_FUNCTION"),
                        "names a second existing bucket; a function may have one",
                        cx,
                    );
                }
                Some(_) => {}
            }
        }
        let Some((bucket, maker)) = made else { continue };
        let id = format!("{}CustomS31", naming::normalized(&function.key));
        let shown = bucket.as_str().map_or_else(|| json::to_json(&bucket).to_string(), str::to_owned);
        let arn = maker.join(
            ":",
            [
                maker.str("arn"),
                maker.reference("AWS::Partition"),
                maker.str("s3"),
                maker.str(""),
                maker.str(""),
                bucket.clone(),
            ],
        );
        statements.push(statement(maker, arn, &["s3:PutBucketNotification", "s3:GetBucketNotification"]));
        let mut depends = vec![naming::function(&function.key), S3.function()];
        // Two changes of one bucket must not happen at the same time.
        match users.iter_mut().find(|(bucket, _)| *bucket == shown) {
            Some((_, ids)) => {
                depends.extend(ids.last().cloned());
                ids.push(id.clone());
            }
            None => users.push((shown, vec![id.clone()])),
        }
        out.merge(
            Resource::new(id, "Custom::S3", maker)
                .attribute("Version", maker.int(1))
                .set("ServiceToken", maker.get_att(S3.function(), "Arn"))
                .set("FunctionName", function.name.clone())
                .set("BucketName", bucket)
                .set("BucketConfigs", maker.list(configs))
                .after_all(depends),
        );
    }
    let Some(maker) = first else { return };
    statements.push(statement(maker, functions_arn(maker), &["lambda:AddPermission", "lambda:RemovePermission"]));
    custom_resources::add(service, S3, statements, maker, out);
}

/// The ARN of every function of the account.
pub fn functions_arn(maker: Maker) -> Value {
    maker.join(
        ":",
        [
            maker.str("arn"),
            maker.reference("AWS::Partition"),
            maker.str("lambda"),
            maker.reference("AWS::Region"),
            maker.reference("AWS::AccountId"),
            maker.str("function"),
            maker.str("*"),
        ],
    )
}

/// A statement of a handler's role.
pub fn statement(maker: Maker, resource: Value, actions: &[&str]) -> Value {
    maker.map([
        ("Effect", maker.str("Allow")),
        ("Resource", resource),
        ("Action", maker.list(actions.iter().map(|action| maker.str(*action)))),
    ])
}
