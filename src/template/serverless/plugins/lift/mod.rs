//! `serverless-lift`: constructs, one file for each kind. Ids are those that the AWS CDK makes
//! from paths of names.

mod queue;
mod server_side;
mod storage;
mod table;
mod vpc;
mod webhook;
mod website;

use crate::template::json;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::merge::merge;
use crate::template::serverless::naming;
use crate::template::serverless::output::Output;
use crate::template::serverless::service::{Function, Service, get, text, truthy};
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Value};

/// A logical id as the AWS CDK makes it from a path of names.
fn cdk_id(path: &[&str]) -> String {
    let hash = naming::md5(&path.join("/"));
    let mut human = String::new();
    for name in path.iter().filter(|name| **name != "Resource") {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        if !human.ends_with(&name) {
            human.push_str(&name);
        }
    }
    format!("{human}{}", hash[..8].to_uppercase())
}

/// What a construct is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Queue,
    ServerSide,
    SinglePage,
    Static,
    Storage,
    Table,
    Vpc,
    Webhook,
}

/// One construct of a service.
#[derive(Clone, Copy)]
struct Construct<'c> {
    name: &'c str,
    ty: Type,
    config: &'c Value,
    origin: Origin,
}

impl<'c> Construct<'c> {
    fn of(entry: &'c Entry) -> Option<Self> {
        let ty = match entry.value.get("type").and_then(Value::as_str)? {
            "queue" => Type::Queue,
            "server-side-website" => Type::ServerSide,
            "single-page-app" => Type::SinglePage,
            "static-website" => Type::Static,
            "storage" => Type::Storage,
            "database/dynamodb-single-table" => Type::Table,
            "vpc" => Type::Vpc,
            "webhook" => Type::Webhook,
            _ => return None,
        };
        Some(Self { name: &entry.key, ty, config: &entry.value, origin: entry.key_origin })
    }

    /// The id of the part at `path`.
    fn id(self, path: &[&str]) -> String {
        cdk_id(&[&[self.name], path].concat())
    }

    /// The id of the resource behind the part `name`.
    fn resource(self, name: &str) -> String {
        self.id(&[name, "Resource"])
    }

    fn maker(self) -> Maker {
        Maker::new(self.origin)
    }

    fn setting(self, name: &str) -> Option<&'c Value> {
        get(self.config, &[name])
    }

    fn flag(self, name: &str) -> bool {
        self.setting(name).and_then(Value::as_bool) == Some(true)
    }

    /// Adds a resource from its data.
    fn put(self, out: &mut Output, id: String, resource: serde_json::Value) {
        let origin = self.maker().origin();
        out.resources.insert_at(id, origin, json::from_json(resource, origin));
    }

    /// What `${construct:name.attribute}` stands for.
    fn variable(self, attribute: &str, maker: Maker) -> Option<Value> {
        match self.ty {
            Type::Queue => queue::variable(self, attribute, maker),
            Type::ServerSide => server_side::variable(self, attribute, maker),
            Type::SinglePage | Type::Static => website::variable(self, attribute, maker),
            Type::Storage => storage::variable(self, attribute, maker),
            Type::Table => table::variable(self, attribute, maker),
            Type::Vpc => None,
            Type::Webhook => webhook::variable(self, attribute, maker),
        }
    }

    /// The ids of the resources that `extensions` names.
    fn extensible(self) -> Vec<(&'static str, String)> {
        match self.ty {
            Type::Queue => vec![
                ("queue", self.resource("Queue")),
                ("dlq", self.resource("Dlq")),
                ("alarm", self.resource("Alarm")),
            ],
            Type::ServerSide => vec![("distribution", self.resource("CDN")), ("bucket", self.resource("Assets"))],
            Type::SinglePage | Type::Static => {
                vec![("distribution", self.resource("CDN")), ("bucket", self.resource("Bucket"))]
            }
            Type::Storage => vec![("bucket", self.resource("Bucket"))],
            Type::Table => vec![("table", self.resource("Table"))],
            Type::Vpc => Vec::new(),
            Type::Webhook => vec![("api", self.resource("HttpApi")), ("bus", self.resource("Bus"))],
        }
    }
}

fn constructs(config: &Value) -> impl Iterator<Item = Construct<'_>> {
    config.get("constructs").and_then(Value::as_map).into_iter().flatten().filter_map(Construct::of)
}

/// What `${construct:name.attribute}` stands for.
pub fn variable(config: &Value, address: &str, origin: Origin) -> Option<Value> {
    let (name, attribute) = address.split_once('.')?;
    constructs(config).find(|construct| construct.name == name)?.variable(attribute, Maker::new(origin))
}

/// Adds functions and settings that constructs bring.
pub fn configure(service: &mut Service, cx: &mut Lowering<'_>) {
    for entry in service.section("constructs").into_iter().flatten() {
        if Construct::of(entry).is_none() {
            let kind = entry.value.get("type").and_then(text).unwrap_or_default();
            cx.report(
                Problem::new(
                    ProblemKind::UnknownPlugin,
                    entry.key_origin,
                    format!("the construct `{}` of the type `{kind}` is not known", entry.key),
                )
                .help("findings about the resources it makes are missing"),
            );
        }
    }
    let config = service.config.clone();
    for construct in constructs(&config) {
        match construct.ty {
            Type::Queue => queue::configure(construct, service),
            Type::Vpc => vpc::configure(construct, service),
            Type::Webhook => webhook::configure(construct, service, cx),
            _ => {}
        }
    }
}

/// Adds the function `key` that a construct brings, unless the service has it.
fn add_function(service: &mut Service, construct: Construct<'_>, key: &str, config: &Value) {
    if config.as_map().is_none() || service.function(key).is_some() {
        return;
    }
    let name = match get(config, &["name"]).filter(|name| truthy(name)) {
        Some(name) => name.clone(),
        None => construct.maker().str(format!("{}-{}-{key}", service.name, service.stage)),
    };
    let (origin, mut config) = (construct.origin, config.clone());
    crate::template::serverless::schema::coerce_function(&mut config);
    service.functions.push(Function { key: key.into(), origin, config, name, alias: None });
}

/// Lets functions use the constructs.
pub fn grant(service: &Service, out: &mut Output) {
    if get(&service.config, &["lift", "automaticPermissions"]).is_some_and(|value| value.as_bool() == Some(false)) {
        return;
    }
    for construct in constructs(&service.config) {
        match construct.ty {
            Type::Queue => out.state(queue::statement(construct)),
            Type::Storage => out.state(storage::statement(construct)),
            Type::Table => out.state(table::statement(construct)),
            _ => {}
        }
    }
}

/// Adds the resources and outputs of constructs.
pub fn resources(service: &Service, template: &mut Value) {
    let mut out = Output::default();
    for construct in constructs(&service.config) {
        match construct.ty {
            Type::Queue => queue::resources(construct, service, &mut out),
            Type::ServerSide => server_side::resources(construct, service, &mut out),
            Type::SinglePage | Type::Static => website::resources(construct, service, &mut out),
            Type::Storage => storage::resources(construct, &mut out),
            Type::Table => table::resources(construct, &mut out),
            Type::Vpc => vpc::resources(construct, &mut out),
            Type::Webhook => webhook::resources(construct, service, &mut out),
        }
        for (name, id) in construct.extensible() {
            let extension = get(construct.config, &["extensions", name]).filter(|value| value.as_map().is_some());
            if let (Some(extension), Some(resource)) = (extension, out.resources.get_mut(&id)) {
                merge(resource, extension.clone());
            }
        }
    }
    let mut add = |section: &str, new: Map| {
        if let Some(known) = template.get_mut(section).and_then(Value::as_map_mut) {
            for entry in new {
                if !known.contains_key(&entry.key) {
                    known.push(entry);
                }
            }
        }
    };
    add("Resources", out.resources);
    add("Outputs", out.outputs);
}

/// Keys with their first letter in upper case, as settings of buckets become properties.
fn capitalized(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Map(map) => Kind::Map(
            map.iter()
                .map(|entry| Entry {
                    key: naming::upper_first(&entry.key).into(),
                    key_origin: entry.key_origin,
                    value: capitalized(&entry.value),
                })
                .collect(),
        ),
        Kind::List(items) => Kind::List(items.iter().map(capitalized).collect()),
        other => other.clone(),
    };
    Value::new(kind, value.origin)
}

/// `name`, cut to `length` characters with a mark of what was cut off.
fn cut_name(name: &str, length: usize) -> String {
    if name.chars().count() <= length {
        return name.to_owned();
    }
    format!("{}-{}", naming::cut(name, length - 7), &naming::md5(name)[..6])
}

#[cfg(test)]
mod tests {
    use super::cdk_id;

    #[test]
    fn ids_of_paths() {
        assert_eq!(cdk_id(&["jobs", "Queue", "Resource"]), "jobsQueueCEDBAE3E");
        assert!(cdk_id(&["mailQueue", "Queue", "Resource"]).starts_with("mailQueue"));
        assert!(!cdk_id(&["mailQueue", "Queue", "Resource"]).starts_with("mailQueueQueue"));
    }
}
