//! The embedded tables: policy templates, connector profiles, managed policies.
//!
//! Lines are sorted by bytes, so that one is found by bisection and nothing is parsed that a
//! template does not use.

use crate::template::value::{Entry, Kind, Map, Origin, Value};

const POLICY_TEMPLATES: &str = include_str!("../../../schemas/sam-policy-templates.tsv");
const CONNECTOR_PROFILES: &str = include_str!("../../../schemas/sam-connector-profiles.tsv");
const CONNECTOR_RESOURCES: &str = include_str!("../../../schemas/sam-connector-resources.tsv");
const MANAGED_POLICIES: &str = include_str!("../../../schemas/sam-managed-policies.tsv");

/// The rest of the first line of `table` that begins with `key` and a tab.
fn line(table: &'static str, key: &str) -> Option<&'static str> {
    lines(table, key).next()
}

/// The rests of all lines of `table` that begin with `key` and a tab.
fn lines<'k>(table: &'static str, key: &'k str) -> impl Iterator<Item = &'static str> + use<'k> {
    let wanted = format!("{key}\t");
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = table.as_bytes()[..low.midpoint(high)].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let middle = middle.max(low);
        let rest = table.get(middle..).unwrap_or_default();
        let text = rest.split('\n').next().unwrap_or_default();
        // Head lines begin with `#`, which sorts before every letter.
        if text.as_bytes() < wanted.as_bytes() {
            low = middle + text.len() + 1;
        } else {
            high = middle;
        }
    }
    let rest = table.get(low..).unwrap_or_default();
    rest.split('\n').map_while(move |text| text.strip_prefix(wanted.as_str()))
}

/// A policy template.
#[derive(Clone, Copy, Debug)]
pub struct PolicyTemplate {
    parameters: &'static str,
    definition: &'static str,
}

impl PolicyTemplate {
    /// The template `name`.
    pub fn find(name: &str) -> Option<Self> {
        let (parameters, definition) = line(POLICY_TEMPLATES, name)?.split_once('\t')?;
        Some(Self { parameters, definition })
    }

    /// Names of its parameters, all of them required.
    pub fn parameters(self) -> impl Iterator<Item = &'static str> {
        self.parameters.split(',').filter(|name| !name.is_empty())
    }

    /// Its policy document.
    pub fn definition(self, origin: Origin) -> Value {
        parse(self.definition, origin)
    }
}

/// What a connector between two types of resources grants.
#[derive(Debug)]
pub struct ConnectorProfile {
    /// The kind of policy.
    pub kind: &'static str,
    /// Its properties.
    pub properties: Value,
    /// Access categories with what each grants.
    pub categories: Vec<(String, Value)>,
}

/// The profile of a connector from `source` to `destination`.
pub fn connector_profile(source: &str, destination: &str, origin: Origin) -> Option<ConnectorProfile> {
    let rest = line(CONNECTOR_PROFILES, &format!("{source}\t{destination}"))?;
    let mut columns = rest.split('\t');
    let (kind, properties, categories) = (columns.next()?, columns.next()?, columns.next()?);
    let categories = parse(categories, origin)
        .as_list()
        .into_iter()
        .flatten()
        .filter_map(|pair| match pair.as_list()? {
            [name, body] => Some((name.as_str()?.to_owned(), body.clone())),
            _ => None,
        })
        .collect();
    Some(ConnectorProfile { kind, properties: parse(properties, origin), categories })
}

/// What connectors can read from a resource of type `kind`.
pub fn connector_resource(kind: &str, origin: Origin) -> Option<Value> {
    line(CONNECTOR_RESOURCES, kind).map(|json| parse(json, origin))
}

/// The path of the AWS managed policy `name` in `partition`.
pub fn managed_policy(name: &str, partition: &str) -> Option<&'static str> {
    lines(MANAGED_POLICIES, name).find_map(|rest| {
        let (path, partitions) = rest.split_once('\t')?;
        partitions.split(',').any(|known| known == partition).then_some(path)
    })
}

fn parse(json: &str, origin: Origin) -> Value {
    serde_json::from_str(json).map_or_else(|_| Value::new(Kind::Null, origin), |json| value(json, origin))
}

fn value(json: serde_json::Value, origin: Origin) -> Value {
    let kind = match json {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(value) => Kind::Bool(value),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| Kind::Float(number.as_f64().unwrap_or_default()), Kind::Int)
        }
        serde_json::Value::String(text) => Kind::Str(text.into()),
        serde_json::Value::Array(items) => Kind::List(items.into_iter().map(|item| value(item, origin)).collect()),
        serde_json::Value::Object(map) => Kind::Map(
            map.into_iter()
                .map(|(key, item)| Entry { key: key.into(), key_origin: origin, value: value(item, origin) })
                .collect::<Map>(),
        ),
    };
    Value::new(kind, origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found() {
        for table in [POLICY_TEMPLATES, CONNECTOR_RESOURCES, MANAGED_POLICIES] {
            for text in table.lines().filter(|text| !text.starts_with('#')) {
                let (key, rest) = text.split_once('\t').unwrap_or_default();
                assert!(lines(table, key).any(|found| found == rest), "{key}");
            }
        }
        assert!(line(MANAGED_POLICIES, "NoSuchPolicy").is_none());
        assert!(line(MANAGED_POLICIES, "").is_none());
    }

    #[test]
    fn policies_have_their_path() {
        assert_eq!(managed_policy("AmazonS3ReadOnlyAccess", "aws"), Some("AmazonS3ReadOnlyAccess"));
        assert_eq!(
            managed_policy("AWSLambdaBasicExecutionRole", "aws-cn"),
            Some("service-role/AWSLambdaBasicExecutionRole")
        );
        assert_eq!(managed_policy("AmazonS3ReadOnlyAccess", "nowhere"), None);
    }
}
