//! Gradual deployments of functions with `CodeDeploy`.

use super::expander::Expander;
use super::iam;
use super::intrinsics::{self, IF_ARGUMENTS};
use super::python::{self, Lookup};
use super::refusal::{self, Outcome};
use super::resource::{Node, Resource, tag_list};
use crate::template::value::{Kind, Maker, Map, Origin, Text, Value};

const ROLE: &str = "CodeDeployServiceRole";
const APPLICATION: &str = "ServerlessDeploymentApplication";
const CONDITION: &str = "ServerlessCodeDeployCondition";
const PREDEFINED: [&str; 9] = [
    "Canary10Percent5Minutes",
    "Canary10Percent10Minutes",
    "Canary10Percent15Minutes",
    "Canary10Percent30Minutes",
    "Linear10PercentEvery1Minute",
    "Linear10PercentEvery2Minutes",
    "Linear10PercentEvery3Minutes",
    "Linear10PercentEvery10Minutes",
    "AllAtOnce",
];

#[derive(Debug)]
struct Preference {
    function: Text,
    key_origin: Origin,
    origin: Origin,
    enabled: bool,
    settings: Map,
    condition: Option<Text>,
    tags: Option<Map>,
}

/// The gradual deployments of one template.
#[derive(Debug, Default)]
pub struct Deployments(Vec<Preference>);

impl Deployments {
    /// Notes the deployment of `node`; answers whether it is on.
    pub fn add(&mut self, node: &Node, passes_condition: bool) -> Outcome<bool> {
        let Some(preference) = node.get("DeploymentPreference") else { return Ok(false) };
        let Some(settings) = preference.as_map() else { return Ok(false) };
        let enabled = settings
            .get("Enabled")
            .is_none_or(|enabled| python::truthy(enabled) && !matches!(enabled.as_str(), Some("false" | "False")));
        if enabled {
            if !settings.contains_key("Type") {
                return node.refuse(preference.origin, "'DeploymentPreference' is missing required Property 'Type'");
            }
            if let Some(hooks) = settings.get("Hooks").filter(|hooks| hooks.as_map().is_none()) {
                return node.refuse(hooks.origin, "'Hooks' property of 'DeploymentPreference' must be a dictionary");
            }
        }
        let condition = node.attributes.some("Condition").and_then(Value::as_str).map(Text::from);
        let tags = node.truthy("PropagateTags").and_then(|_| node.truthy("Tags")).and_then(Value::as_map);
        self.0.push(Preference {
            function: node.id.clone(),
            key_origin: node.key_origin,
            origin: preference.origin,
            enabled,
            settings: settings.clone(),
            condition: condition.filter(|_| enabled && passes_condition),
            tags: tags.filter(|_| enabled).cloned(),
        });
        Ok(enabled)
    }

    /// How the alias of `function` is updated.
    pub fn update_policy(&self, function: &str) -> Option<Value> {
        let preference = self.0.iter().find(|preference| preference.function == function)?;
        let make = Maker::new(preference.origin);
        let mut policy = vec![
            ("ApplicationName", make.reference(APPLICATION)),
            ("DeploymentGroupName", make.reference(format!("{function}DeploymentGroup"))),
        ];
        let hooks = preference.settings.get("Hooks");
        for (name, key) in [("PreTraffic", "BeforeAllowTrafficHook"), ("PostTraffic", "AfterAllowTrafficHook")] {
            policy.extend(hooks.and_then(|hooks| hooks.some(name)).map(|hook| (key, hook.clone())));
        }
        Some(make.map([("CodeDeployLambdaAliasUpdate", make.map(policy))]))
    }

    fn enabled(&self) -> impl Iterator<Item = &Preference> {
        self.0.iter().filter(|preference| preference.enabled)
    }

    fn conditions(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.0.iter().filter_map(|preference| preference.condition.as_ref()).map(Text::to_string).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The condition of what all deployments share.
    fn shared_condition(&self) -> Option<String> {
        if self.enabled().any(|preference| preference.condition.is_none()) {
            return None;
        }
        match self.conditions().as_slice() {
            [one] => Some(one.clone()),
            _ => Some(CONDITION.to_owned()),
        }
    }

    fn tags(&self) -> Vec<Value> {
        let mut merged = Map::new();
        for entry in self.enabled().filter_map(|preference| preference.tags.as_ref()).flatten() {
            merged.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
        }
        tag_list(Some(&merged))
    }
}

impl Expander {
    /// Adds what gradual deployments need.
    pub fn deployments(&mut self) {
        let deployments = std::mem::take(&mut self.deployments);
        let Some(first) = deployments.enabled().next() else { return };
        if let Err(failure) = self.deployment_resources(&deployments, first) {
            self.refusals.add(failure);
        }
    }

    fn deployment_resources(&mut self, all: &Deployments, first: &Preference) -> Outcome<()> {
        let make = Maker::new(first.origin);
        let shared = |id: &str, kind: &'static str| -> Outcome<Resource> {
            let mut resource = Resource::new(id, kind, first.key_origin, first.origin, Map::new())?;
            if let Some(condition) = all.shared_condition() {
                resource.attributes.insert("Condition", make.str(condition));
            }
            let tags = all.tags();
            if !tags.is_empty() {
                resource.set("Tags", make.list(tags));
            }
            Ok(resource)
        };
        let mut application = shared(APPLICATION, "AWS::CodeDeploy::Application")?;
        application.set("ComputePlatform", make.str("Lambda"));
        self.add(application);
        if all.shared_condition().is_some() && self.conditions.is_some() {
            for (name, definition) in intrinsics::combine(make, &all.conditions(), CONDITION) {
                self.add_condition(name, definition);
            }
        }
        if !all.enabled().all(|preference| preference.settings.truthy("Role").is_some()) {
            let mut role = shared(ROLE, "AWS::IAM::Role")?;
            role.set("AssumeRolePolicyDocument", iam::assume_role(make, "codedeploy.amazonaws.com"));
            let limited = matches!(self.partition, "aws-iso" | "aws-iso-b");
            let name = if limited { "AWSCodeDeployRoleForLambdaLimited" } else { "AWSCodeDeployRoleForLambda" };
            let arn = self.managed(make, &format!("service-role/{name}"));
            role.set("ManagedPolicyArns", make.list([arn]));
            self.add(role);
        }
        for preference in all.enabled() {
            match group(preference) {
                Ok(group) => self.add(group),
                Err(failure) => self.refusals.add(failure),
            }
        }
        Ok(())
    }
}

fn group(preference: &Preference) -> Outcome<Resource> {
    let make = Maker::new(preference.origin);
    let mut attributes = Map::new();
    if let Some(condition) = &preference.condition {
        attributes.insert("Condition", make.str(condition.clone()));
    }
    let id = format!("{}DeploymentGroup", preference.function);
    let kind = "AWS::CodeDeploy::DeploymentGroup";
    let mut group = Resource::new(id, kind, preference.key_origin, preference.origin, attributes)?;
    let settings = &preference.settings;
    if let Some(alarms) = settings.truthy("Alarms").filter(|alarms| !intrinsics::is_no_value(alarms)) {
        group.set("AlarmConfiguration", alarm_configuration(preference, alarms)?);
    }
    group.set("ApplicationName", make.reference(APPLICATION));
    let events = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];
    group.set(
        "AutoRollbackConfiguration",
        make.map([("Enabled", make.bool(true)), ("Events", make.list(events.map(|event| make.str(event))))]),
    );
    if let Some(kind) = settings.get("Type") {
        group.set("DeploymentConfigName", configuration_name(kind, None));
    }
    group.set(
        "DeploymentStyle",
        make.map([("DeploymentType", make.str("BLUE_GREEN")), ("DeploymentOption", make.str("WITH_TRAFFIC_CONTROL"))]),
    );
    group.set("ServiceRoleArn", settings.truthy("Role").cloned().unwrap_or_else(|| make.get_att(ROLE, "Arn")));
    if settings.truthy("TriggerConfigurations").is_some() {
        group.copy(settings, &["TriggerConfigurations"]);
    }
    if let Some(tags) = &preference.tags {
        group.set("Tags", make.list(tag_list(Some(tags))));
    }
    Ok(group)
}

fn alarm_configuration(preference: &Preference, alarms: &Value) -> Outcome<Value> {
    let Some(argument) = intrinsics::if_argument(alarms) else { return alarm_list(preference, alarms) };
    let Some((condition, then, otherwise)) = intrinsics::if_arguments(argument) else {
        return refusal::resource(&preference.function, alarms.origin, IF_ARGUMENTS);
    };
    let (then, otherwise) = (alarm_list(preference, then)?, alarm_list(preference, otherwise)?);
    Ok(intrinsics::either(Maker::new(alarms.origin), condition.clone(), then, otherwise))
}

fn alarm_list(preference: &Preference, alarms: &Value) -> Outcome<Value> {
    let make = Maker::new(alarms.origin);
    let Some(items) = alarms.as_list() else {
        return refusal::resource(&preference.function, alarms.origin, "Alarms must be a list");
    };
    if items.first().is_none_or(intrinsics::is_no_value) {
        return Ok(make.map::<Text>([]));
    }
    let named = items.iter().map(|alarm| Maker::new(alarm.origin).map([("Name", alarm.clone())]));
    Ok(make.map([("Enabled", make.bool(true)), ("Alarms", make.list(named))]))
}

/// Names of predefined configurations get the prefix that `CodeDeploy` knows them by, wherever
/// they stand.
fn configuration_name(value: &Value, function: Option<&str>) -> Value {
    let make = Maker::new(value.origin);
    match &value.kind {
        Kind::List(items) => {
            let items = items.iter().map(|item| configuration_name(item, None)).collect();
            Value::new(Kind::List(items), value.origin)
        }
        Kind::Map(_) if intrinsics::is_intrinsic(value) => {
            let mut value = value.clone();
            for entry in value.as_map_mut().into_iter().flat_map(Map::iter_mut) {
                entry.value = configuration_name(&entry.value, Some(&entry.key));
            }
            value
        }
        Kind::Str(name) if PREDEFINED.contains(&&**name) => {
            let variables = make.map([("ConfigName", value.clone())]);
            let arguments = make.list([make.str("CodeDeployDefault.Lambda${ConfigName}"), variables]);
            if function == Some("Fn::Sub") { arguments } else { make.map([("Fn::Sub", arguments)]) }
        }
        _ => value.clone(),
    }
}
