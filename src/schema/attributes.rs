//! What `Fn::GetAtt` may read of a resource, and the schema of what it gives.

use super::facts::Attributes;
use super::node::Field;
use super::resource_type::ResourceType;
use super::table::{NodeId, Table};

/// References followed to find a property.
const MAX_HOPS: u32 = 6;

impl ResourceType {
    /// The node of a property or attribute, dotted, through references and lists.
    pub fn node_at(self, path: &str) -> Option<NodeId> {
        let table = self.table();
        path.split('.')
            .try_fold(self.properties(), |node, name| step(table, node, name, 0))
            .map(|node| resolved(table, node))
    }

    /// Whether resources of the type have `attribute`; `None` when that cannot be said.
    pub fn has_attribute(self, attribute: &str) -> Option<bool> {
        let outputs = attribute.starts_with("Outputs.");
        match self.name() {
            "AWS::CloudFormation::CustomResource" => return None,
            "AWS::CloudFormation::Stack" | "AWS::Serverless::Application" => return Some(outputs),
            "AWS::ServiceCatalog::CloudFormationProvisionedProduct" if outputs => return Some(true),
            _ => {}
        }
        match self.attributes() {
            Attributes::All => return Some(self.node_at(attribute).is_some()),
            Attributes::More(list) if list.has(attribute) => return Some(true),
            _ => {}
        }
        Some(self.read_only().texts().any(|known| known == attribute || wildcard(known, attribute)))
    }

    /// The attributes of the type, sorted.
    pub fn attribute_names(self) -> Vec<&'static str> {
        let table = self.table();
        let mut names: Vec<&str> = self.read_only().texts().collect();
        match self.attributes() {
            Attributes::All => {
                names.extend(table.node(self.properties()).by_name(Field::Properties).map(|(name, _)| name));
            }
            Attributes::More(list) => names.extend(list.texts()),
            Attributes::ReadOnly => {}
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

fn step(table: Table, id: NodeId, name: &str, hops: u32) -> Option<NodeId> {
    let node = table.node(id);
    if let Some(found) = node.property(name) {
        return Some(found);
    }
    if hops > MAX_HOPS {
        return None;
    }
    if name == "*"
        && let Some(items) = node.child(Field::Items)
    {
        return Some(items);
    }
    node.child(Field::Ref).and_then(|other| step(table, other, name, hops + 1))
}

/// The node itself, or the one it only refers to.
fn resolved(table: Table, id: NodeId) -> NodeId {
    let node = table.node(id);
    match node.child(Field::Ref) {
        Some(other) if node.types().is_any() && !node.has(Field::Format) => other,
        _ => id,
    }
}

/// Whether `attribute` is `pattern`, whose `*` stands for any name.
fn wildcard(pattern: &str, attribute: &str) -> bool {
    pattern.contains('*')
        && pattern.split('.').count() == attribute.split('.').count()
        && pattern.split('.').zip(attribute.split('.')).all(|(known, given)| known == "*" || known == given)
}
