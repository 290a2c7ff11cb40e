//! Usage plans of REST APIs, one an API or one for all.

use crate::template::sam::expander::Expander;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Kind, Maker, Map, Text, Value};

const CONDITION: &str = "SharedUsagePlanCondition";
const KEYS: [&str; 6] = ["CreateUsagePlan", "Description", "Quota", "Tags", "Throttle", "UsagePlanName"];
const CHOICES: [&str; 3] = ["SHARED", "PER_API", "NONE"];

/// The plan that APIs share, as far as it is known.
#[derive(Debug, Default)]
pub struct SharedUsagePlan {
    apis: Vec<Value>,
    stages: Vec<Value>,
    keys: Vec<Value>,
    conditions: Vec<Text>,
    any_without_condition: bool,
    deletion: Option<Value>,
    replacement: Option<Value>,
}

/// The usage plan, the API key and their link.
pub fn expand(cx: &mut Expander, node: &Node, stage: &Resource) -> Outcome<Vec<Resource>> {
    let Some(plan) = node.truthy("Auth").and_then(|auth| auth.some("UsagePlan")) else { return Ok(Vec::new()) };
    let Some(given) = plan.as_map() else {
        return node.refuse(plan.origin, "'UsagePlan' must be a dictionary");
    };
    if let Some(unknown) = given.iter().find(|entry| !KEYS.contains(&&*entry.key)) {
        return node.refuse(unknown.key_origin, "Invalid property for 'UsagePlan'");
    }
    let Some(create) = given.some("CreateUsagePlan") else {
        return node.refuse(plan.origin, "'CreateUsagePlan' is a required field for UsagePlan.");
    };
    let shared = match create.as_str() {
        Some("SHARED") => true,
        Some("PER_API") => false,
        Some("NONE") => return Ok(Vec::new()),
        _ => {
            return node
                .refuse(create.origin, format!("'CreateUsagePlan' accepts one of {}.", python::repr_texts(&CHOICES)));
        }
    };
    let make = Maker::new(plan.origin);
    let prefix: Text = if shared { "Serverless".into() } else { node.id.clone() };
    let api = make.reference(node.id.clone());
    let stage_ref = make.reference(stage.id.clone());
    let api_stage = make.map([("ApiId", api.clone()), ("Stage", stage_ref.clone())]);
    let stage_key = make.map([("RestApiId", api), ("StageName", stage_ref)]);
    let attributes = if shared { combined(cx, node, make)? } else { node.inherited() };
    let own = make.str(node.id.clone());
    let (apis, stages, keys) = if shared {
        let plan = &mut cx.usage_plan;
        push(&mut plan.apis, own);
        push(&mut plan.stages, api_stage);
        push(&mut plan.keys, stage_key);
        (plan.apis.clone(), plan.stages.clone(), plan.keys.clone())
    } else {
        (vec![own], vec![api_stage], vec![stage_key])
    };
    let new = |suffix: &str, kind: &'static str| {
        Resource::new(format!("{prefix}{suffix}"), kind, node.key_origin, plan.origin, attributes.clone())
    };
    let mut usage = new("UsagePlan", "AWS::ApiGateway::UsagePlan")?;
    usage.depends_on = Some(make.list(apis));
    usage.set("ApiStages", make.list(stages));
    for name in ["UsagePlanName", "Description", "Quota", "Tags", "Throttle"] {
        if given.truthy(name).is_some() {
            usage.copy(given, &[name]);
        }
    }
    let mut key = new("ApiKey", "AWS::ApiGateway::ApiKey")?;
    key.depends_on = Some(make.list([make.str(usage.id.clone())]));
    key.set("Enabled", make.bool(true));
    key.set("StageKeys", make.list(keys));
    let mut link = new("UsagePlanKey", "AWS::ApiGateway::UsagePlanKey")?;
    link.depends_on = Some(make.list([make.str(key.id.clone())]));
    link.set("KeyId", key.reference());
    link.set("KeyType", make.str("API_KEY"));
    link.set("UsagePlanId", usage.reference());
    Ok(vec![usage, key, link])
}

fn push(list: &mut Vec<Value>, value: Value) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// The attributes of the shared plan, once `node` shares it.
fn combined(cx: &mut Expander, node: &Node, make: Maker) -> Outcome<Map> {
    let policy = |name: &str| node.attributes.truthy(name).cloned();
    let plan = &mut cx.usage_plan;
    if let Some(new) = policy("DeletionPolicy")
        && (plan.deletion.is_none() || new.as_str() == Some("Retain"))
    {
        plan.deletion = Some(new);
    }
    if let Some(new) = policy("UpdateReplacePolicy") {
        let old = plan.replacement.as_ref().and_then(Value::as_str);
        let stronger = match new.as_str() {
            Some("Retain") => true,
            Some("Snapshot") => old == Some("Delete"),
            _ => false,
        };
        if plan.replacement.is_none() || stronger {
            plan.replacement = Some(new);
        }
    }
    match node.attributes.some("Condition").and_then(Value::as_str) {
        None => {
            plan.any_without_condition = true;
            if let Some(conditions) = cx.conditions.as_mut().and_then(Value::as_map_mut) {
                conditions.remove(CONDITION);
            }
        }
        Some(_) if plan.any_without_condition => {}
        Some(condition) => {
            if cx.conditions.is_none() {
                return refusal::template(
                    node.origin,
                    "Can't have condition without having 'Conditions' section in the template",
                );
            }
            if !plan.conditions.iter().any(|known| known == condition) {
                plan.conditions.push(condition.into());
                let definition = match plan.conditions.as_slice() {
                    [one] => make.str(one.clone()),
                    several => {
                        let items = several.iter().map(|name| make.map([("Condition", make.str(name.clone()))]));
                        make.map([("Fn::Or", make.list(items))])
                    }
                };
                cx.add_condition(CONDITION, definition);
            }
        }
    }
    let plan = &cx.usage_plan;
    let mut out = Map::new();
    if let Some(deletion) = &plan.deletion {
        out.insert("DeletionPolicy", deletion.clone());
    }
    if let Some(replacement) = &plan.replacement {
        out.insert("UpdateReplacePolicy", replacement.clone());
    }
    if !plan.conditions.is_empty() && !plan.any_without_condition {
        out.insert("Condition", Value::new(Kind::Str(CONDITION.into()), make.origin()));
    }
    Ok(out)
}
