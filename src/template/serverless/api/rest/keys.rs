//! API keys and usage plans.

use super::Api;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{get, is_object, truthy};
use crate::template::value::{Entry, Maker, Value};

/// A key with its place: the plan it belongs to, and its number there.
struct Key<'v> {
    plan: Option<&'v str>,
    number: usize,
    value: &'v Value,
}

fn plans<'a>(api: &'a Api<'_>) -> Option<Vec<&'a Entry>> {
    let list = api.setting("usagePlan")?.as_list()?;
    Some(list.iter().filter_map(|plan| plan.as_map()?.iter().next()).collect())
}

fn all<'a>(api: &'a Api<'_>) -> Vec<Key<'a>> {
    let plans = plans(api).unwrap_or_default();
    let mut keys = Vec::new();
    let mut number = 0;
    for value in api.setting("apiKeys").and_then(Value::as_list).unwrap_or_default() {
        let entry = value.as_map().and_then(|map| map.iter().next());
        if let Some(entry) = entry.filter(|entry| plans.iter().any(|plan| plan.key == entry.key)) {
            number = 0;
            for value in entry.value.as_list().unwrap_or_default() {
                number += 1;
                keys.push(Key { plan: Some(&entry.key), number, value });
            }
        } else {
            number += 1;
            keys.push(Key { plan: None, number, value });
        }
    }
    keys
}

fn suffix(plan: Option<&str>) -> String {
    plan.map(naming::upper_first).unwrap_or_default()
}

/// The keys.
pub fn keys(api: &Api<'_>, out: &mut Output) {
    for Key { plan, number, value } in all(api) {
        let maker = Maker::new(value.origin);
        let object = is_object(value);
        let setting = |name: &str| get(value, &[name]).filter(|_| object).cloned();
        let name = if object { setting("name") } else { Some(value.clone()) };
        let stage = maker.map([("RestApiId", api.id(maker)), ("StageName", maker.str(api.service.stage.as_str()))]);
        out.merge(
            Resource::new(format!("ApiGatewayApiKey{}{number}", suffix(plan)), "AWS::ApiGateway::ApiKey", maker)
                .set("Enabled", setting("enabled").unwrap_or_else(|| maker.bool(true)))
                .opt("Name", name)
                .opt("Value", setting("value").filter(truthy))
                .opt("Description", setting("description"))
                .opt("CustomerId", setting("customerId"))
                .set("StageKeys", maker.list([stage]))
                .after(Some(&api.deployment())),
        );
    }
}

/// The usage plans; one plan for all when keys are not grouped.
pub fn usage_plans(api: &Api<'_>, out: &mut Output) {
    let written = api.setting("usagePlan");
    if written.is_none() && api.setting("apiKeys").is_none() {
        return;
    }
    match plans(api) {
        Some(plans) => {
            for plan in plans {
                let maker = Maker::new(plan.key_origin);
                out.merge(usage_plan(api, Some(&plan.key), Some(&plan.value), maker));
            }
        }
        None => out.merge(usage_plan(api, None, written, written.map_or(api.maker, |plan| Maker::new(plan.origin)))),
    }
}

fn usage_plan(api: &Api<'_>, name: Option<&str>, written: Option<&Value>, maker: Maker) -> Resource {
    let (service, stage) = (&api.service.name, &api.service.stage);
    let (title, description) = match name.filter(|name| *name != "default") {
        Some(name) => {
            (format!("{service}-{name}-{stage}"), format!("Usage plan \"{name}\" for {service} {stage} stage"))
        }
        None => (format!("{service}-{stage}"), format!("Usage plan for {service} {stage} stage")),
    };
    let limits = |group: &str, names: &[(&str, &'static str)]| {
        let group = get(written?, &[group]).filter(|value| truthy(value))?;
        let entries = names.iter().filter_map(|(name, property)| Some((*property, get(group, &[name])?.clone())));
        Some(Maker::new(group.origin).map(entries))
    };
    let of_stage = maker.map([("ApiId", api.id(maker)), ("Stage", maker.str(stage.as_str()))]);
    Resource::new(format!("ApiGatewayUsagePlan{}", suffix(name)), "AWS::ApiGateway::UsagePlan", maker)
        .set("ApiStages", maker.list([of_stage]))
        .set("Description", maker.str(description))
        .set("UsagePlanName", maker.str(title))
        .opt("Quota", limits("quota", &[("limit", "Limit"), ("offset", "Offset"), ("period", "Period")]))
        .opt("Throttle", limits("throttle", &[("burstLimit", "BurstLimit"), ("rateLimit", "RateLimit")]))
        .after(Some(&api.deployment()))
}

/// Which key belongs to which plan.
pub fn plan_keys(api: &Api<'_>, out: &mut Output) {
    for Key { plan, number, value } in all(api) {
        let maker = Maker::new(value.origin);
        let suffix = suffix(plan);
        out.merge(
            Resource::new(format!("ApiGatewayUsagePlanKey{suffix}{number}"), "AWS::ApiGateway::UsagePlanKey", maker)
                .set("KeyId", maker.reference(format!("ApiGatewayApiKey{suffix}{number}")))
                .set("KeyType", maker.str("API_KEY"))
                .set("UsagePlanId", maker.reference(format!("ApiGatewayUsagePlan{suffix}"))),
        );
    }
}
