//! Which dialect a document is written in, if any.

use crate::document::{Document, Kind, NodeRef};

/// A template language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Plain AWS CloudFormation.
    CloudFormation,
    /// AWS SAM: CloudFormation with the serverless transform.
    Sam,
    /// A Serverless Framework service.
    Serverless,
}

impl Dialect {
    /// The stable name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::CloudFormation => "cloudformation",
            Self::Sam => "sam",
            Self::Serverless => "serverless",
        }
    }
}

/// Whether `text` could be a template at all: a look at the bytes, microseconds, before any
/// parsing. May be wrong only by saying yes.
pub fn may_be_template(text: &str) -> bool {
    text.contains("Resources")
        || text.contains("AWSTemplateFormatVersion")
        || text.contains("AWS::")
        || (text.contains("service")
            && (text.contains("provider") || text.contains("path:") || text.contains("\"path\"")))
}

/// The dialect of `document`; `None` when it is no template.
pub fn detect(document: &Document) -> Option<Dialect> {
    let root = document.root().filter(|root| root.kind() == Kind::Map)?;
    let resources = root.get("Resources");
    let types: Vec<&str> = resources
        .into_iter()
        .flat_map(NodeRef::pairs)
        .filter_map(|(_, body)| resolve(body).get("Type"))
        .map(NodeRef::text)
        .collect();
    if root.get("Transform").is_some_and(names_sam) || types.iter().any(|ty| ty.starts_with("AWS::Serverless::")) {
        return Some(Dialect::Sam);
    }
    if root.get("AWSTemplateFormatVersion").is_some() || !types.is_empty() {
        return Some(Dialect::CloudFormation);
    }
    let path = document.source().path();
    let file = path.rsplit('/').next().unwrap_or(path);
    let named = file.starts_with("serverless.") || file.starts_with("serverless-");
    if file.starts_with("serverless-compose.")
        && root.get("services").is_some_and(|services| services.kind() == Kind::Map)
    {
        return Some(Dialect::Serverless);
    }
    let service = root.get("service").is_some();
    let provider = root.get("provider");
    if provider.is_some() && (service || root.get("functions").is_some()) || named && (service || provider.is_some()) {
        return Some(Dialect::Serverless);
    }
    // A `Resources` section that is broken is still a template when nothing else explains it.
    let sections =
        ["Parameters", "Outputs", "Transform", "Mappings", "Conditions", "Description", "Globals", "Metadata"];
    let only_sections = root.pairs().all(|(key, _)| key.text() == "Resources" || sections.contains(&key.text()));
    (resources.is_some() && only_sections).then_some(Dialect::CloudFormation)
}

fn resolve(node: NodeRef<'_>) -> NodeRef<'_> {
    node.target().unwrap_or(node)
}

fn names_sam(transform: NodeRef<'_>) -> bool {
    transform.text().starts_with("AWS::Serverless-")
        || transform.children().any(|item| item.text().starts_with("AWS::Serverless-"))
}
