//! Functions at the edge.

use crate::template::json;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::merge::assign;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource, allow, permission};
use crate::template::serverless::service::{Event, Service, get, text, truthy};
use crate::template::value::{Kind, Maker, Map, Value};

/// The cache policy that AWS calls `CachingOptimized`.
const MANAGED_POLICY: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/// The distribution with its origins, behaviours and cache policies.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    policies(service, out);
    let mut origins: Vec<Value> = Vec::new();
    let mut behaviors: Vec<Value> = Vec::new();
    let mut default_origin = None;
    let mut first: Option<Maker> = None;
    for event in service.events("cloudFront") {
        let maker = event.maker();
        first.get_or_insert(maker);
        let (id, origin) = origin(&event);
        match origins.iter_mut().find(|known| known.get("Id").and_then(Value::as_str) == Some(&*id)) {
            Some(known) => extend(known, &origin),
            None => origins.push(origin),
        }
        if event.truthy("isDefaultOrigin").is_some() {
            default_origin = Some(id.clone());
        }
        let version = version(&event, out);
        let behavior = behavior(&event, &id, version.as_deref(), cx);
        let same = |known: &&mut Value| {
            known.get("PathPattern") == behavior.get("PathPattern")
                && known.get("TargetOriginId") == behavior.get("TargetOriginId")
        };
        match behaviors.iter_mut().find(same) {
            Some(known) => extend(known, &behavior),
            None => behaviors.push(behavior),
        }
        let target = version.map_or_else(|| service.target(event.function, maker), |id| maker.reference(id));
        invoke_permission(&event, target, out);
    }
    let Some(maker) = first else { return };
    behaviors.sort_by_key(|behavior| behavior.get("PathPattern").is_some_and(truthy));
    if behaviors.first().is_some_and(|behavior| behavior.get("PathPattern").is_some_and(truthy)) {
        let id = default_origin
            .or_else(|| origins.first().and_then(|origin| origin.get("Id")).and_then(text))
            .unwrap_or_default();
        if let Some(mut behavior) = behaviors.first().cloned() {
            if let Some(map) = behavior.as_map_mut() {
                map.remove("PathPattern");
                map.remove("LambdaFunctionAssociations");
                map.insert("TargetOriginId", maker.str(id));
            }
            behaviors.insert(0, behavior);
        }
    }
    out.trust("edgelambda.amazonaws.com");
    let actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource"];
    out.state(allow(maker, &actions, vec![maker.sub("arn:${AWS::Partition}:logs:*:*:*")]));
    let mut behaviors = behaviors.into_iter();
    let mut config =
        vec![("Comment", maker.str(format!("{} {}", service.name, service.stage))), ("Enabled", maker.bool(true))];
    config.extend(behaviors.next().map(|behavior| ("DefaultCacheBehavior", behavior)));
    config.push(("Origins", maker.list(origins)));
    let rest: Vec<Value> = behaviors.collect();
    if !rest.is_empty() {
        config.push(("CacheBehaviors", maker.list(rest)));
    }
    out.put(
        Resource::new("CloudFrontDistribution", "AWS::CloudFront::Distribution", maker)
            .set("DistributionConfig", maker.map(config)),
    );
    out.output(
        "CloudFrontDistribution",
        maker,
        Some("CloudFront Distribution Id"),
        maker.reference("CloudFrontDistribution"),
    );
    out.output(
        "CloudFrontDistributionDomainName",
        maker,
        Some("CloudFront Distribution Domain Name"),
        maker.get_att("CloudFrontDistribution", "DomainName"),
    );
}

fn policy_id(name: &str) -> String {
    format!("CloudFrontCachePolicy{}", naming::normalized(name))
}

fn policies(service: &Service, out: &mut Output) {
    let policies = service.setting(&["cloudFront", "cachePolicies"]).and_then(Value::as_map);
    for entry in policies.into_iter().flatten() {
        let maker = Maker::new(entry.key_origin);
        let mut config = entry.value.as_map().cloned().unwrap_or_default();
        config.insert("Name", maker.str(format!("{}-{}-{}", service.name, service.stage, entry.key)));
        out.put(
            Resource::new(policy_id(&entry.key), "AWS::CloudFront::CachePolicy", maker)
                .set("CachePolicyConfig", Value::new(Kind::Map(config), entry.value.origin)),
        );
    }
}

/// Lays lists of `new` behind those of `known`, without repetitions.
fn extend(known: &mut Value, new: &Value) {
    let (Some(known), Some(new)) = (known.as_map_mut(), new.as_map()) else { return };
    for entry in new {
        match known.get_mut(&entry.key) {
            None => {
                known.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
            }
            Some(value) if value.as_map().is_some() => extend(value, &entry.value),
            Some(value) => {
                if let (Some(items), Some(more)) = (value.as_list_mut(), entry.value.as_list()) {
                    for item in more {
                        if !items.contains(item) {
                            items.push(item.clone());
                        }
                    }
                }
            }
        }
    }
}

fn origin(event: &Event<'_>) -> (String, Value) {
    let maker = event.maker();
    let mut map = Map::new();
    match event.get("origin") {
        Some(value) if value.as_map().is_some() => assign(&mut map, value.as_map().unwrap_or(&Map::new())),
        Some(value) => {
            let maker = Maker::new(value.origin);
            let address = text(value).unwrap_or_default();
            let (protocol, rest) = address.split_once("://").unwrap_or(("", &address));
            let at = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(at);
            let host = host.rsplit('@').next().unwrap_or(host).split(':').next().unwrap_or_default();
            map.insert("DomainName", maker.str(host));
            if path.len() > 1 {
                map.insert("OriginPath", maker.str(path));
            }
            if protocol == "s3" {
                map.insert("S3OriginConfig", maker.map::<&str>([]));
            } else {
                map.insert("CustomOriginConfig", maker.map([("OriginProtocolPolicy", maker.str("match-viewer"))]));
            }
        }
        None => {}
    }
    let domain = map.get("DomainName").map_or_else(String::new, |domain| match domain.as_str() {
        Some(text) => text.to_owned(),
        None => naming::alphanumeric(&json::to_json(domain).to_string()),
    });
    let kind = if map.get("S3OriginConfig").is_some_and(truthy) { "s3" } else { "custom" };
    let path = map.get("OriginPath").filter(|path| truthy(path)).and_then(text).unwrap_or_default();
    let id = format!("{kind}/{domain}{path}");
    map.insert("Id", maker.str(id.as_str()));
    (id, Value::new(Kind::Map(map), maker.origin()))
}

/// The id of the function's version: edge functions are called by version.
fn version(event: &Event<'_>, out: &Output) -> Option<String> {
    let function = naming::function(&event.function.key);
    let of_function = |value: &Value| {
        value.get("Type").and_then(Value::as_str) == Some("AWS::Lambda::Version")
            && value.at(&["Properties", "FunctionName", "Ref"]).and_then(Value::as_str) == Some(&*function)
    };
    out.resources.iter().find(|entry| of_function(&entry.value)).map(|entry| entry.key.to_string())
}

fn behavior(event: &Event<'_>, origin: &str, version: Option<&str>, cx: &mut Lowering<'_>) -> Value {
    let maker = event.maker();
    let written = event.get("behavior");
    let mut map = Map::new();
    map.insert("ViewerProtocolPolicy", maker.str("allow-all"));
    if let Some(written) = written.and_then(Value::as_map) {
        assign(&mut map, written);
    }
    let has = |name: &str| written.and_then(|behavior| get(behavior, &[name])).is_some();
    let mut policy = ["CachePolicyId", "ForwardedValues", "MaxTTL", "MinTTL", "DefaultTTL"]
        .iter()
        .all(|name| !has(name))
        .then(|| maker.str(MANAGED_POLICY));
    if let Some(own) = event.truthy("cachePolicy") {
        let maker = Maker::new(own.origin);
        let name = get(own, &["name"]).and_then(text);
        policy = match (get(own, &["id"]).filter(|id| truthy(id)), name) {
            (Some(id), _) => Some(id.clone()),
            (None, Some(name)) => Some(maker.reference(policy_id(&name))),
            (None, None) => policy,
        };
    }
    if let Some(policy) = policy {
        map.remove("CachePolicyId");
        map.insert("CachePolicyId", policy);
    }
    map.insert("TargetOriginId", maker.str(origin));
    let mut association = Vec::new();
    match event.get("eventType") {
        Some(kind) => association.push(("EventType", kind.clone())),
        None => cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                event.origin,
                format!("a `cloudFront` event of the function `{}` has no `eventType`", event.function.key),
            )
            .help("write `viewer-request`, `origin-request`, `origin-response` or `viewer-response`"),
        ),
    }
    association.extend(version.map(|id| ("LambdaFunctionARN", maker.reference(id))));
    association.extend(event.get("includeBody").map(|value| ("IncludeBody", value.clone())));
    map.insert("LambdaFunctionAssociations", maker.list([maker.map(association)]));
    if let Some(pattern) = event.get("pathPattern").filter(|pattern| pattern.as_str().is_some_and(|p| !p.is_empty())) {
        map.insert("PathPattern", pattern.clone());
    }
    Value::new(Kind::Map(map), maker.origin())
}

fn invoke_permission(event: &Event<'_>, target: Value, out: &mut Output) {
    let maker = event.maker();
    let arn = maker.join(
        "",
        [
            maker.str(""),
            maker.str("arn:"),
            maker.reference("AWS::Partition"),
            maker.str(":cloudfront::"),
            maker.reference("AWS::AccountId"),
            maker.str(":distribution/"),
            maker.reference("CloudFrontDistribution"),
        ],
    );
    out.put(
        permission(
            format!("{}InvokePermission", naming::function(&event.function.key)),
            maker,
            target,
            maker.str("edgelambda.amazonaws.com"),
        )
        .set("SourceArn", arn),
    );
}
