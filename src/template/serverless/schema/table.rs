//! The framework's configuration schema, read from the embedded table.
//!
//! Source: the schema that osls 3.77.1 (a superset of serverless 3.40.0) holds at run time with
//! its AWS provider, 2026-11-23; written by `schemas/generate-serverless.py`.

use super::pattern::Pattern;
use serde::Deserialize;
use serde_json::Value as Json;
use std::sync::LazyLock;

/// A node's line in the table.
pub type NodeId = usize;

/// One node, with the keywords of JSON Schema.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Node {
    #[serde(rename = "type")]
    pub ty: Option<String>,
    #[serde(rename = "enum")]
    pub values: Option<Vec<Json>>,
    #[serde(rename = "const", deserialize_with = "present")]
    pub constant: Option<Json>,
    pub pattern: Option<Pattern>,
    /// The framework's own keyword: a pattern between slashes, with flags.
    pub regexp: Option<Pattern>,
    pub format: Option<String>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub min_length: Option<usize>,
    pub max_length: Option<usize>,
    pub min_items: Option<usize>,
    pub max_items: Option<usize>,
    pub min_properties: Option<usize>,
    pub max_properties: Option<usize>,
    pub unique_items: bool,
    pub required: Vec<String>,
    #[serde(deserialize_with = "pairs")]
    pub properties: Vec<(String, NodeId)>,
    #[serde(deserialize_with = "pairs")]
    pub pattern_properties: Vec<(Pattern, NodeId)>,
    pub additional_properties: Additional,
    pub property_names: Option<NodeId>,
    pub dependencies: std::collections::BTreeMap<String, Vec<String>>,
    pub items: Option<NodeId>,
    pub prefix_items: Vec<NodeId>,
    pub additional_items: Option<bool>,
    pub any_of: Vec<NodeId>,
    pub one_of: Vec<NodeId>,
    pub all_of: Vec<NodeId>,
    pub not: Option<NodeId>,
}

/// What a map may hold beside the properties it names.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(from = "Json")]
pub enum Additional {
    /// Anything.
    #[default]
    Open,
    /// Nothing.
    Closed,
    /// What the node says.
    Node(NodeId),
}

impl From<Json> for Additional {
    fn from(json: Json) -> Self {
        match json.as_u64().and_then(|id| usize::try_from(id).ok()) {
            Some(id) => Self::Node(id),
            None if json == Json::Bool(false) => Self::Closed,
            None => Self::Open,
        }
    }
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// A map as pairs in the order it is written.
fn pairs<'de, D: serde::Deserializer<'de>, K: Deserialize<'de>>(deserializer: D) -> Result<Vec<(K, NodeId)>, D::Error> {
    struct Pairs<K>(std::marker::PhantomData<K>);
    impl<'de, K: Deserialize<'de>> serde::de::Visitor<'de> for Pairs<K> {
        type Value = Vec<(K, NodeId)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a map of nodes")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }
    deserializer.deserialize_map(Pairs(std::marker::PhantomData))
}

/// The schema.
#[derive(Debug)]
pub struct Table {
    nodes: Vec<Node>,
}

impl Table {
    /// The embedded schema.
    pub fn get() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(|| {
            let text = include_str!("../../../../schemas/serverless-framework.jsonl");
            Table { nodes: text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect() }
        });
        &TABLE
    }

    /// The node of the whole configuration.
    pub fn root(&self) -> NodeId {
        self.nodes.len().saturating_sub(1)
    }

    /// The node at `id`.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn every_line_is_a_node() {
        let text = include_str!("../../../../schemas/serverless-framework.jsonl");
        let table = Table::get();
        assert_eq!(table.nodes.len(), text.lines().count());
        assert!(table.node(table.root()).properties.iter().any(|(name, _)| name == "functions"));
        for node in &table.nodes {
            for pattern in node.pattern.iter().chain(&node.regexp).chain(node.pattern_properties.iter().map(|(p, _)| p))
            {
                assert!(pattern.can_check(), "{}", pattern.text());
            }
        }
    }
}
