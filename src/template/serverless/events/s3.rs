//! Buckets that events create.

use super::incomplete;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, permission};
use crate::template::serverless::service::{Event, Service, is_object, is_unknown, text, truthy};
use crate::template::value::{Kind, Maker, Map, Value};

struct Bucket<'s> {
    name: Value,
    shown: String,
    /// The key in `provider.s3`, when the bucket is described there.
    key: Option<String>,
    events: Vec<Event<'s>>,
}

/// Buckets with their notifications and permissions.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let mut buckets: Vec<Bucket<'_>> = Vec::new();
    for event in service.events("s3") {
        let object = is_object(event.value);
        if object && event.truthy("existing").is_some() {
            continue;
        }
        let written = if object { event.get("bucket") } else { Some(event.value) };
        let Some(key) = written.and_then(text) else {
            let what = if written.is_some() {
                "names a new bucket by an intrinsic function; only an `existing: true` bucket may be"
            } else {
                "is an `s3` event without `bucket`"
            };
            incomplete(&event, None, what, cx);
            continue;
        };
        let described = service.setting(&["s3", &key]).filter(|value| truthy(value));
        let name = described
            .and_then(|bucket| bucket.get("name"))
            .filter(|name| truthy(name))
            .or(written)
            .cloned()
            .unwrap_or_else(|| event.value.clone());
        let shown = text(&name).unwrap_or_else(|| key.clone());
        if !valid_name(&shown) && !is_unknown(&name) {
            cx.report(
                Problem::new(ProblemKind::FrameworkConfiguration, name.origin, format!("`{shown}` is no bucket name"))
                    .help("bucket names have 3 to 63 lower-case letters, digits, dots and dashes")
                    .code("S3_INVALID_BUCKET_PATTERN")
                    .resource(naming::bucket(&key)),
            );
        }
        match buckets.iter_mut().find(|bucket| bucket.shown == shown) {
            Some(bucket) => bucket.events.push(event),
            None => buckets.push(Bucket { name, shown, key: described.map(|_| key), events: vec![event] }),
        }
    }
    for bucket in &buckets {
        bucket_resource(service, bucket, out);
    }
    for bucket in &buckets {
        for event in &bucket.events {
            bucket_permission(service, bucket, event, out);
        }
    }
}

fn valid_name(name: &str) -> bool {
    let dotted_number = name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u16>().is_ok());
    (3..=63).contains(&name.len())
        && !dotted_number
        && name.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        })
}

impl Bucket<'_> {
    fn reference(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.shown)
    }

    fn permission_id(&self, event: &Event<'_>) -> String {
        let function = naming::normalized(&event.function.key);
        format!("{function}LambdaPermission{}S3", naming::alphanumeric(self.reference()))
    }
}

fn notification(service: &Service, event: &Event<'_>) -> Value {
    let maker = event.maker();
    let object = is_object(event.value);
    let kind = event.truthy("event").filter(|_| object).cloned();
    let mut entries = vec![
        ("Event", kind.unwrap_or_else(|| maker.str("s3:ObjectCreated:*"))),
        ("Function", service.target(event.function, maker)),
    ];
    if let Some(rules) = event.truthy("rules").filter(|_| object) {
        let maker = Maker::new(rules.origin);
        let rules = rules.as_list().unwrap_or_default().iter().filter_map(|rule| {
            let entry = rule.as_map()?.iter().next()?;
            let maker = Maker::new(entry.key_origin);
            Some(maker.map([("Name", maker.str(entry.key.clone())), ("Value", entry.value.clone())]))
        });
        let rules = maker.map([("Rules", maker.list(rules))]);
        entries.push(("Filter", maker.map([("S3Key", rules)])));
    }
    maker.map(entries)
}

fn bucket_resource(service: &Service, bucket: &Bucket<'_>, out: &mut Output) {
    let Some(first) = bucket.events.first() else { return };
    let maker = first.maker();
    let mut notifications = Map::new();
    let list = maker.list(bucket.events.iter().map(|event| notification(service, event)));
    notifications.insert("LambdaConfigurations", list);
    let described = bucket.key.as_deref().and_then(|key| service.setting(&["s3", key])).and_then(Value::as_map);
    let mut resource = Resource::new(naming::bucket(bucket.reference()), "AWS::S3::Bucket", maker)
        .set("BucketName", bucket.name.clone());
    for entry in described.into_iter().flatten().filter(|entry| entry.key != "name") {
        let property = naming::upper_first(&entry.key);
        if property == "NotificationConfiguration" {
            for entry in entry.value.as_map().into_iter().flatten() {
                notifications.remove(&entry.key);
                notifications.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
            }
        } else {
            resource = resource.set(&property, entry.value.clone());
        }
    }
    let mut depends = Vec::new();
    for event in &bucket.events {
        depends.push(bucket.permission_id(event));
        depends.extend(event.function.alias_id().map(str::to_owned));
    }
    out.merge(
        resource
            .set("NotificationConfiguration", Value::new(Kind::Map(notifications), maker.origin()))
            .after_all(depends),
    );
}

fn bucket_permission(service: &Service, bucket: &Bucket<'_>, event: &Event<'_>, out: &mut Output) {
    let maker = event.maker();
    let arn = maker
        .join("", [maker.str("arn:"), maker.reference("AWS::Partition"), maker.str(format!(":s3:::{}", bucket.shown))]);
    out.merge(
        permission(
            bucket.permission_id(event),
            maker,
            service.target(event.function, maker),
            maker.str("s3.amazonaws.com"),
        )
        .set("SourceArn", arn)
        .set("SourceAccount", maker.reference("AWS::AccountId"))
        .after(event.function.alias_id()),
    );
}
