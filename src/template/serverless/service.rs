//! The service as configured: typed access to what the compilers read.

use super::naming;
use super::variables::values::to_text;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::unknown;
use crate::template::value::{Kind, Maker, Map, Origin, Text, Value};

/// A service whose variables are resolved.
#[derive(Debug)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The stage it is packaged for.
    pub stage: String,
    /// The region it is packaged for.
    pub region: String,
    /// What stands for this packaging in ids.
    pub instance: String,
    /// The whole configuration.
    pub config: Value,
    /// The `provider` section; an empty map when there is none.
    pub provider: Value,
    /// Where the `provider` key stands.
    pub provider_origin: Origin,
    /// Functions in order.
    pub functions: Vec<Function>,
    /// The bucket to deploy from, when the author names one.
    pub bucket: Option<Value>,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its key.
    pub key: Text,
    /// Where the key stands.
    pub origin: Origin,
    /// Its configuration.
    pub config: Value,
    /// Its name in the account.
    pub name: Value,
    /// The alias that events go to, if there is one.
    pub alias: Option<Alias>,
}

/// An alias of a function.
#[derive(Clone, Debug)]
pub struct Alias {
    /// Its name.
    pub name: &'static str,
    /// Its logical id.
    pub id: String,
}

/// One event of a function.
#[derive(Clone, Copy, Debug)]
pub struct Event<'s> {
    /// The function.
    pub function: &'s Function,
    /// Its position among the events of the function, from 0.
    pub index: usize,
    /// Its configuration.
    pub value: &'s Value,
    /// Where its key stands.
    pub origin: Origin,
}

impl Event<'_> {
    /// Makes values that this event causes.
    pub fn maker(&self) -> Maker {
        Maker::new(self.origin)
    }

    /// The setting `name`, if it is set.
    pub fn get(&self, name: &str) -> Option<&Value> {
        get(self.value, &[name])
    }

    /// The setting `name`, if it is set to something that counts as true.
    pub fn truthy(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| truthy(value))
    }
}

/// Whether a script would take `value` for true.
pub fn truthy(value: &Value) -> bool {
    match &value.kind {
        Kind::Null => false,
        Kind::Bool(value) => *value,
        Kind::Int(number) => *number != 0,
        Kind::Float(number) => *number != 0.0 && !number.is_nan(),
        Kind::Str(text) => !text.is_empty(),
        Kind::List(_) | Kind::Map(_) => true,
    }
}

/// The value at `path` unless it is `null`.
pub fn get<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    value.at(path).filter(|value| !value.is_null())
}

/// Whether `value` is a text of which a part is not known.
pub fn is_unknown(value: &Value) -> bool {
    value.as_str().is_some_and(unknown::is_unknown)
}

/// Whether `value` is an object or a list, as scripts count them.
pub fn is_object(value: &Value) -> bool {
    matches!(value.kind, Kind::Map(_) | Kind::List(_))
}

/// A scalar as text.
pub fn text(value: &Value) -> Option<String> {
    to_text(value)
}

impl Service {
    /// Reads the resolved configuration.
    pub fn new(config: Value, cx: &mut Lowering<'_>) -> Self {
        let provider_origin =
            config.as_map().and_then(|map| map.entry("provider")).map_or(config.origin, |e| e.key_origin);
        let provider = match config.get("provider") {
            Some(value) if value.as_map().is_some() => value.clone(),
            other => Value::new(Kind::Map(Map::new()), other.map_or(config.origin, |value| value.origin)),
        };
        // The old notation `service: {name: …}` still names the service.
        let name = config.get("service").and_then(|service| match service.get("name") {
            Some(name) => text(name),
            None => text(service),
        });
        let stage = cx
            .inputs
            .stage
            .clone()
            .or_else(|| provider.get("stage").and_then(text).filter(|stage| !stage.is_empty()))
            .unwrap_or_else(|| "dev".into());
        let region = cx
            .inputs
            .region
            .clone()
            .or_else(|| provider.get("region").and_then(text).filter(|region| !region.is_empty()))
            .unwrap_or_else(|| "us-east-1".into());
        let name = name.unwrap_or_else(|| unknown::mark("service").to_string());
        let functions = functions(&config, &name, &stage, cx);
        let bucket = get(&provider, &["deploymentBucket"]).and_then(|bucket| match bucket.get("name") {
            Some(name) => Some(name.clone()).filter(truthy),
            None if bucket.as_map().is_some() => None,
            None => Some(bucket.clone()).filter(truthy),
        });
        let instance = naming::instance_id(cx);
        Self { name, stage, region, instance, config, provider, provider_origin, functions, bucket }
    }

    /// The setting of the provider at `path`, if it is set.
    pub fn setting(&self, path: &[&str]) -> Option<&Value> {
        get(&self.provider, path)
    }

    /// Where the setting of the provider stands: its key, or the `provider` key.
    pub fn setting_origin(&self, name: &str) -> Origin {
        self.provider.as_map().and_then(|map| map.entry(name)).map_or(self.provider_origin, |entry| entry.key_origin)
    }

    /// Makes values that the provider section as a whole causes.
    pub fn maker(&self) -> Maker {
        Maker::new(self.provider_origin)
    }

    /// Makes values that a setting of the provider causes.
    pub fn maker_of(&self, name: &str) -> Maker {
        Maker::new(self.setting_origin(name))
    }

    /// The function `key`.
    pub fn function(&self, key: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.key == key)
    }

    /// The stack's name.
    pub fn stack(&self) -> String {
        match self.provider.get("stackName").and_then(Value::as_str).filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => format!("{}-{}", self.name, self.stage),
        }
    }

    /// All events of `kind`, function by function.
    pub fn events<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = Event<'s>> {
        self.functions.iter().flat_map(move |function| function.events(kind))
    }

    /// A top-level section, if it is a map.
    pub fn section(&self, name: &str) -> Option<&Map> {
        self.config.get(name)?.as_map()
    }

    /// The folder of artefacts in the deployment bucket.
    pub fn artifact_directory(&self) -> String {
        let prefix = self.provider.get("deploymentPrefix").and_then(text).unwrap_or_else(|| "serverless".into());
        format!("{prefix}/{}/{}/{}", self.name, self.stage, self.instance)
    }

    /// The bucket that holds the code.
    pub fn code_bucket(&self, maker: Maker) -> Value {
        self.bucket.clone().unwrap_or_else(|| maker.reference("ServerlessDeploymentBucket"))
    }

    /// The role given for all functions, if any.
    pub fn provider_role(&self) -> Option<&Value> {
        self.setting(&["iam", "role"])
            .filter(|role| existing_role(role))
            .or_else(|| self.setting(&["role"]).filter(|role| truthy(role)))
    }

    /// The role that is given for `function`, if any.
    pub fn given_role<'s>(&'s self, function: &'s Function) -> Option<&'s Value> {
        get(&function.config, &["role"]).filter(|role| truthy(role)).or_else(|| self.provider_role())
    }

    /// The id of the role's resource, if it is one of this template.
    pub fn role_resource(&self, function: &Function) -> Option<String> {
        let Some(role) = self.given_role(function) else { return Some(naming::ROLE.to_owned()) };
        if let Some(text) = role.as_str() {
            return (!text.contains(':') && !unknown::is_unknown(text)).then(|| text.to_owned());
        }
        if let Some([id, attribute]) = role.get("Fn::GetAtt").and_then(Value::as_list)
            && let (Some(id), Some("Arn")) = (id.as_str(), attribute.as_str())
        {
            return Some(id.to_owned());
        }
        let elsewhere = ["Fn::ImportValue", "Ref", "Fn::Sub"].iter().any(|name| role.get(name).is_some_and(truthy));
        (!elsewhere).then(|| naming::ROLE.to_owned())
    }

    /// The ARN that events of `function` go to.
    #[allow(clippy::unused_self)] // functions belong to the service
    pub fn target(&self, function: &Function, maker: Maker) -> Value {
        let arn = maker.get_att(naming::function(&function.key), "Arn");
        match &function.alias {
            Some(alias) => maker.join(":", [arn, maker.str(alias.name)]),
            None => arn,
        }
    }

    /// Retention and data protection of log groups, as the provider section sets them.
    pub fn log_settings(&self, function: Option<&Function>) -> [(&'static str, Option<Value>); 2] {
        let setting = |name: &str| {
            function
                .and_then(|function| get(&function.config, &[name]).filter(|value| truthy(value)))
                .or_else(|| self.setting(&[name]).filter(|value| truthy(value)))
                .cloned()
        };
        [
            ("RetentionInDays", setting("logRetentionInDays")),
            ("DataProtectionPolicy", setting("logDataProtectionPolicy")),
        ]
    }
}

/// Whether `role` names a role that exists, rather than describing the one to be made.
pub fn existing_role(role: &Value) -> bool {
    role.as_str().is_some() || role.as_map().is_some_and(|map| map.keys().any(|key| key.contains("::")))
}

impl Function {
    /// Its events of `kind`.
    pub fn events<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = Event<'s>> {
        let events = self.config.get("events").and_then(Value::as_list).unwrap_or_default();
        events.iter().enumerate().filter_map(move |(index, event)| {
            let entry = event.as_map()?.entry(kind)?;
            truthy(&entry.value).then_some(Event {
                function: self,
                index,
                value: &entry.value,
                origin: entry.key_origin,
            })
        })
    }

    /// The setting `name`, if it is set.
    pub fn get(&self, name: &str) -> Option<&Value> {
        get(&self.config, &[name])
    }

    /// The setting `name`, if it counts as true.
    pub fn truthy(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| truthy(value))
    }

    /// Makes values that the function causes.
    pub fn maker(&self) -> Maker {
        Maker::new(self.origin)
    }

    /// The id of the alias that events go to.
    pub fn alias_id(&self) -> Option<&str> {
        self.alias.as_ref().map(|alias| alias.id.as_str())
    }
}

fn functions(config: &Value, service: &str, stage: &str, cx: &mut Lowering<'_>) -> Vec<Function> {
    let Some(section) = config.get("functions").filter(|value| !value.is_null()) else { return Vec::new() };
    let Some(map) = section.as_map() else {
        if !is_unknown(section) {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    section.origin,
                    format!("`functions` is {}, not a map of functions", section.type_name()),
                )
                .help("write one key per function below `functions`")
                .code("NON_OBJECT_FUNCTIONS_CONFIGURATION"),
            );
        }
        return Vec::new();
    };
    let mut functions = Vec::new();
    for entry in map {
        match &entry.value.kind {
            Kind::Null => {}
            Kind::Map(_) => {
                let name = match get(&entry.value, &["name"]).filter(|name| truthy(name)) {
                    Some(name) => name.clone(),
                    None => Maker::new(entry.key_origin).str(format!("{service}-{stage}-{}", entry.key)),
                };
                let (key, origin, config) = (entry.key.clone(), entry.key_origin, entry.value.clone());
                functions.push(Function { key, origin, config, name, alias: None });
            }
            _ if is_unknown(&entry.value) => {}
            _ => cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    entry.value.origin,
                    format!("the function `{}` is {}, not a map", entry.key, entry.value.type_name()),
                )
                .help("give it at least a `handler`")
                .code("NON_OBJECT_FUNCTION_CONFIGURATION_ERROR"),
            ),
        }
    }
    functions
}
