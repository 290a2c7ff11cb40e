//! Resource policies of REST APIs.

use super::document::{self, ANY_METHOD};
use crate::template::sam::iam;
use crate::template::sam::intrinsics;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::value::{Kind, Maker, Map, Text, Value};

const KEY: &str = "x-amazon-apigateway-policy";

/// Adds what `policy` asks for at one path.
pub fn add(body: &mut Value, policy: &Value, path: &str, stage: &Value, make: Maker) -> Outcome<()> {
    if policy.as_map().is_none() {
        return refusal::document(policy.origin, "Resource Policy is not a valid dictionary.");
    }
    let resources = resources(body, path, stage, make)?;
    let Some(document) = section(body, make) else { return Ok(()) };
    for (key, effect) in [("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")] {
        if let Some(accounts) = policy.truthy(key) {
            by_account(document, accounts, effect, &resources, make)?;
        }
    }
    for (key, operator) in [("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")] {
        if let Some(ranges) = policy.truthy(key) {
            let ranges = as_list(ranges, make);
            by_condition(document, operator, make.map([("aws:SourceIp", ranges)]), &resources, make);
        }
    }
    for (list, operator) in [("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")] {
        by_network(document, policy, list, operator, &resources, make)?;
    }
    Ok(())
}

/// Adds the author's own statements.
pub fn add_custom(body: &mut Value, statements: &Value, make: Maker) {
    let Some(document) = section(body, make) else { return };
    document.insert("Version", make.str(iam::VERSION));
    if document.some("Statement").is_none() {
        document.insert("Statement", statements.clone());
        return;
    }
    let new = match &statements.kind {
        Kind::List(items) => items.clone(),
        _ => vec![statements.clone()],
    };
    push(document, new, true, make);
}

fn section(body: &mut Value, make: Maker) -> Option<&mut Map> {
    let map = body.as_map_mut()?;
    if map.truthy(KEY).is_none() {
        map.insert(KEY, make.map::<Text>([]));
    }
    map.get_mut(KEY)?.as_map_mut()
}

fn as_list(value: &Value, make: Maker) -> Value {
    if value.as_list().is_some() { value.clone() } else { make.list([value.clone()]) }
}

fn push(document: &mut Map, new: Vec<Value>, unique: bool, make: Maker) {
    let old = document.get("Statement").cloned();
    let mut list = match old {
        Some(Value { kind: Kind::List(items), .. }) => items,
        Some(other) if !other.is_null() => vec![other],
        _ => Vec::new(),
    };
    for statement in new {
        if !unique || !list.contains(&statement) {
            list.push(statement);
        }
    }
    document.insert("Statement", make.list(list));
}

fn resources(body: &mut Value, path: &str, stage: &Value, make: Maker) -> Outcome<Value> {
    let origin = body.origin;
    let starred = document::star_parameters(path, true);
    let Some(item) = document::paths(body)?.get_mut(path) else {
        let text = format!("Value of '{path}' path must be a dictionary according to Swagger spec.");
        return refusal::document(origin, text);
    };
    let mut out = Vec::new();
    for item in document::contents(item)? {
        for method in document::path_item(item, path)?.keys() {
            let lower = method.to_lowercase();
            let method = if lower == ANY_METHOD || lower == "any" { "*".to_owned() } else { method.to_uppercase() };
            let arn = format!("execute-api:/${{__Stage__}}/{method}{starred}");
            out.push(intrinsics::sub_with(make, arn, vec![("__Stage__", stage.clone())]));
        }
    }
    Ok(make.list(out))
}

fn statement(make: Maker, effect: &str, resources: &Value, principal: Value) -> Map {
    let mut map = Map::new();
    map.insert("Effect", make.str(effect));
    map.insert("Action", make.str("execute-api:Invoke"));
    map.insert("Resource", resources.clone());
    map.insert("Principal", principal);
    map
}

fn by_account(document: &mut Map, accounts: &Value, effect: &str, resources: &Value, make: Maker) -> Outcome<()> {
    if accounts.as_map().is_none() && accounts.as_list().is_none() {
        return refusal::document(
            accounts.origin,
            format!("Type of '{}' must be a list or dictionary", python::display(accounts)),
        );
    }
    let place = Maker::new(accounts.origin);
    let principal = place.map([("AWS", as_list(accounts, place))]);
    let statement = Value::new(Kind::Map(statement(place, effect, resources, principal)), place.origin());
    document.insert("Version", make.str(iam::VERSION));
    if document.some("Statement").is_none() {
        document.insert("Statement", statement);
    } else {
        push(document, vec![statement], false, make);
    }
    Ok(())
}

fn by_condition(document: &mut Map, operator: &str, condition: Value, resources: &Value, make: Maker) {
    document.insert("Version", make.str(iam::VERSION));
    let allow = statement(make, "Allow", resources, make.str("*"));
    let mut deny = statement(make, "Deny", resources, make.str("*"));
    deny.insert("Condition", make.map([(operator, condition)]));
    let both = [allow, deny].map(|map| Value::new(Kind::Map(map), make.origin()));
    push(document, both.into(), true, make);
}

fn by_network(
    document: &mut Map,
    policy: &Value,
    list: &str,
    operator: &str,
    resources: &Value,
    make: Maker,
) -> Outcome<()> {
    let (mut networks, mut endpoints) = (Vec::new(), Vec::new());
    if let Some(given) = policy.some(&format!("SourceVpc{list}")) {
        let items = given.as_list().unwrap_or_default();
        if items.iter().any(|item| item.as_str().is_none()) || given.as_map().is_some() {
            return refusal::document(
                given.origin,
                format!(
                    "SourceVpc{list} must be a list of strings. Use IntrinsicVpc{list} instead for values that use Intrinsic Functions"
                ),
            );
        }
        for item in items {
            match item.as_str() {
                Some(text) if text.starts_with("vpce-") => endpoints.push(item.clone()),
                Some(text) if text.starts_with("vpc-") => networks.push(item.clone()),
                _ => {}
            }
        }
    }
    let more = |key: &str| policy.some(key).and_then(Value::as_list).unwrap_or_default().iter().cloned();
    networks.extend(more(&format!("IntrinsicVpc{list}")));
    endpoints.extend(more(&format!("IntrinsicVpce{list}")));
    if networks.is_empty() && endpoints.is_empty() {
        return Ok(());
    }
    let mut condition = Vec::new();
    if !networks.is_empty() || policy.some(&format!("IntrinsicVpc{list}")).is_some() {
        condition.push(("aws:SourceVpc", make.list(networks)));
    }
    if !endpoints.is_empty() || policy.some(&format!("IntrinsicVpce{list}")).is_some() {
        condition.push(("aws:SourceVpce", make.list(endpoints)));
    }
    by_condition(document, operator, make.map(condition), resources, make);
    Ok(())
}
