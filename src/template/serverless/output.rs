//! The template under construction.

use super::merge::merge;
use super::naming;
use crate::template::value::{Entry, Kind, Maker, Map, Text, Value};

/// Resources and outputs made so far.
#[derive(Debug, Default)]
pub struct Output {
    /// By logical id.
    pub resources: Map,
    /// By name.
    pub outputs: Map,
}

/// One resource to be added.
#[derive(Debug)]
pub struct Resource {
    id: Text,
    maker: Maker,
    attributes: Map,
    properties: Map,
    partial: bool,
}

impl Resource {
    /// A resource of type `kind`, caused by what `maker` names.
    pub fn new(id: impl Into<Text>, kind: &str, maker: Maker) -> Self {
        let mut attributes = Map::new();
        attributes.insert("Type", maker.str(kind));
        Self { id: id.into(), maker, attributes, properties: Map::new(), partial: false }
    }

    /// Sets a property.
    #[must_use]
    pub fn set(mut self, name: &str, value: Value) -> Self {
        self.properties.insert(name, value);
        self
    }

    /// Sets a property if there is a value.
    #[must_use]
    pub fn opt(self, name: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Sets an attribute beside the properties.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: Value) -> Self {
        self.attributes.insert(name, value);
        self
    }

    /// `DependsOn` of one id, as plain text; nothing for `None`.
    #[must_use]
    pub fn after(self, id: Option<&str>) -> Self {
        let maker = self.maker;
        match id {
            Some(id) => self.attribute("DependsOn", maker.str(id)),
            None => self,
        }
    }

    /// `DependsOn` as a list.
    #[must_use]
    pub fn after_all<T: Into<Text>>(self, ids: impl IntoIterator<Item = T>) -> Self {
        let maker = self.maker;
        let ids: Vec<Value> = ids.into_iter().map(|id| maker.str(id)).collect();
        self.attribute("DependsOn", maker.list(ids))
    }

    /// Says that further properties exist which are not known.
    #[must_use]
    pub fn partial(mut self, partial: bool) -> Self {
        self.partial |= partial;
        self
    }

    fn into_entry(self) -> Entry {
        let Self { id, maker, mut attributes, properties, partial } = self;
        let origin = if partial { maker.origin().incomplete() } else { maker.origin() };
        attributes.insert("Properties", Value::new(Kind::Map(properties), origin));
        Entry { key: id, key_origin: maker.origin(), value: Value::new(Kind::Map(attributes), maker.origin()) }
    }
}

impl Output {
    /// Adds `resource` in place of one with the same id.
    pub fn put(&mut self, resource: Resource) {
        let Entry { key, key_origin, value } = resource.into_entry();
        self.resources.insert_at(key, key_origin, value);
    }

    /// Adds `resource`, merging it into one with the same id.
    pub fn merge(&mut self, resource: Resource) {
        let Entry { key, key_origin, value } = resource.into_entry();
        match self.resources.get_mut(&key) {
            Some(known) => merge(known, value),
            None => {
                self.resources.insert_at(key, key_origin, value);
            }
        }
    }

    /// Adds an output.
    pub fn output(&mut self, name: &str, maker: Maker, description: Option<&str>, value: Value) {
        let mut entries = Vec::new();
        if let Some(description) = description {
            entries.push(("Description", maker.str(description)));
        }
        entries.push(("Value", value));
        let value = maker.map(entries);
        self.outputs.insert_at(name, maker.origin(), value);
    }

    /// The properties of a resource, to change them.
    pub fn properties(&mut self, id: &str) -> Option<&mut Map> {
        self.resources.get_mut(id)?.get_mut("Properties")?.as_map_mut()
    }

    /// The statements of the shared role, if it exists.
    pub fn statements(&mut self) -> Option<&mut Vec<Value>> {
        let policies = self.properties(naming::ROLE)?.get_mut("Policies")?.as_list_mut()?;
        policies.first_mut()?.get_mut("PolicyDocument")?.get_mut("Statement")?.as_list_mut()
    }

    /// Adds a statement to the shared role, if it exists.
    pub fn state(&mut self, statement: Value) {
        if let Some(statements) = self.statements() {
            statements.push(statement);
        }
    }

    /// Adds a statement to the shared role unless an equal one is there.
    pub fn state_once(&mut self, statement: Value) {
        if let Some(statements) = self.statements()
            && !statements.contains(&statement)
        {
            statements.push(statement);
        }
    }

    /// Lets another service assume the shared role.
    pub fn trust(&mut self, service: &str) {
        let Some(statements) = self
            .properties(naming::ROLE)
            .and_then(|role| role.get_mut("AssumeRolePolicyDocument"))
            .and_then(|document| document.get_mut("Statement"))
            .and_then(Value::as_list_mut)
        else {
            return;
        };
        for statement in statements {
            let Some(services) =
                statement.get_mut("Principal").and_then(|p| p.get_mut("Service")).and_then(Value::as_list_mut)
            else {
                continue;
            };
            if let Some(first) = services.iter().find(|known| known.as_str() == Some("lambda.amazonaws.com")) {
                let value = Maker::new(first.origin).str(service);
                services.push(value);
                return;
            }
        }
    }
}

/// `{Effect: Allow, Action: […], Resource: […]}`
pub fn allow(maker: Maker, actions: &[&str], resources: Vec<Value>) -> Value {
    maker.map([
        ("Effect", maker.str("Allow")),
        ("Action", maker.list(actions.iter().map(|action| maker.str(*action)))),
        ("Resource", maker.list(resources)),
    ])
}

/// The ARN of an execute-api resource of the API `id`, ending in `suffix`.
pub fn execute_api_arn(maker: Maker, id: Value, suffix: &str) -> Value {
    maker.join(
        "",
        [
            maker.str("arn:"),
            maker.reference("AWS::Partition"),
            maker.str(":execute-api:"),
            maker.reference("AWS::Region"),
            maker.str(":"),
            maker.reference("AWS::AccountId"),
            maker.str(":"),
            id,
            maker.str(suffix),
        ],
    )
}

/// The URI by which an API calls the function `target`.
pub fn invocation_uri(maker: Maker, target: impl IntoIterator<Item = Value>) -> Value {
    let mut parts = vec![
        maker.str("arn:"),
        maker.reference("AWS::Partition"),
        maker.str(":apigateway:"),
        maker.reference("AWS::Region"),
        maker.str(":lambda:path/2015-03-31/functions/"),
    ];
    parts.extend(target);
    parts.push(maker.str("/invocations"));
    maker.join("", parts)
}

/// A `AWS::Lambda::Permission` that lets `principal` invoke `target`.
pub fn permission(id: impl Into<Text>, maker: Maker, target: Value, principal: Value) -> Resource {
    Resource::new(id, "AWS::Lambda::Permission", maker)
        .set("FunctionName", target)
        .set("Action", maker.str("lambda:InvokeFunction"))
        .set("Principal", principal)
}
