//! What a template declares, by name.

use super::call::is_macro_key;
use crate::schema::{ResourceType, Table};
use crate::template::value::{Entry, Kind, Map, Origin, Value};
use crate::template::{Dialect, Inputs, Template};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// One declared resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'v> {
    /// The entry in `Resources`.
    pub entry: &'v Entry,
    /// Its type, when that is text.
    pub kind: Option<&'v str>,
    /// The schema of its type.
    pub schema: Option<ResourceType>,
    /// The type it is expanded to, when that is another one.
    pub expanded: Option<&'v str>,
    /// The schema of that type.
    pub expanded_schema: Option<ResourceType>,
    /// Whether a transform made it.
    pub generated: bool,
}

impl<'v> Resource<'v> {
    /// A property by name.
    pub fn property(&self, name: &str) -> Option<&'v Value> {
        self.entry.value.get("Properties")?.get(name)
    }
}

/// The declarations of one template.
#[derive(Debug, Default)]
pub(super) struct Index<'v> {
    pub parameters: BTreeMap<&'v str, &'v Entry>,
    pub mappings: BTreeMap<&'v str, &'v Entry>,
    pub conditions: BTreeMap<&'v str, &'v Entry>,
    pub resources: BTreeMap<&'v str, Resource<'v>>,
    /// Whether the SAM transform runs.
    pub sam: bool,
    /// Whether every SAM resource was expanded.
    pub expanded: bool,
    /// Whether `AWS::LanguageExtensions` runs.
    pub extensions: bool,
    /// Whether something that is not known may add to any section.
    pub open: bool,
    /// Whether a macro may change every part of the template.
    pub macros: bool,
    /// The regions of the deployment, when they are known.
    pub regions: Vec<&'v str>,
    /// Values that the deployment gives to parameters.
    pub given: Option<&'v BTreeMap<String, String>>,
    /// SAM's `Globals` section.
    pub globals: Option<&'v Value>,
    /// The template.
    root: Option<&'v Value>,
    /// What is the same in every deployment, made when it is first asked for.
    constants: OnceCell<Template>,
}

/// What SAM resources are asked for as `Resource.Part`.
pub(super) const GENERATED_PARTS: [&str; 8] =
    ["Alias", "Deployment", "DestinationQueue", "DestinationTopic", "DomainName", "Role", "Stage", "Version"];

/// Transforms that declare nothing a template refers to.
const HARMLESS_TRANSFORMS: [&str; 4] =
    ["AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen", "AWS::SecretsManager", "AWS::ServiceCatalog"];

impl<'v> Index<'v> {
    /// Reads the sections of `root`, and what `expanded` adds to them.
    pub fn new(table: Table, root: &'v Value, expanded: &'v Value, dialect: Dialect, inputs: &'v Inputs) -> Self {
        let mut index = Self {
            open: root.origin.is_incomplete(),
            globals: root.get("Globals"),
            root: Some(root),
            ..Self::default()
        };
        index.given = Some(&inputs.parameters);
        index.regions = inputs.region.iter().chain(&inputs.regions).map(String::as_str).collect();
        if index.regions.is_empty() {
            let asked = root.at(&["Metadata", "cfn-lint", "config", "regions"]).and_then(Value::as_list);
            index.regions = asked.unwrap_or_default().iter().filter_map(Value::as_str).collect();
        }
        index.regions.sort_unstable();
        index.regions.dedup();
        index.sam = dialect == Dialect::Sam && transforms(root).any(|name| name.starts_with("AWS::Serverless-"));
        index.extensions = transforms(root).any(|name| name == "AWS::LanguageExtensions");
        let harmless = |name: &str| {
            name.starts_with("AWS::Serverless-") || HARMLESS_TRANSFORMS.iter().any(|known| name.starts_with(known))
        };
        index.open |= transforms(root).any(|name| !harmless(name));
        index.macros = transforms(root).any(|name| !name.starts_with("AWS::"));
        let expanded_resources = expanded.get("Resources").and_then(Value::as_map);
        index.expanded = expanded_resources.is_some_and(|resources| {
            let kind = |entry: &'v Entry| entry.value.get("Type").and_then(Value::as_str).unwrap_or_default();
            !resources.iter().any(|entry| kind(entry).starts_with("AWS::Serverless::"))
        });
        let second = (!std::ptr::eq(root, expanded)).then_some(expanded);
        for tree in std::iter::once(root).chain(second) {
            for section in ["Parameters", "Mappings", "Conditions", "Resources"] {
                let Some(map) = tree.get(section).and_then(Value::as_map) else { continue };
                index.section(table, section, map, !std::ptr::eq(tree, root));
            }
        }
        index
    }

    /// The template without defaults, in which only that has a value which has it in every deployment.
    pub fn constants(&self) -> &Template {
        self.constants.get_or_init(|| constants_of(self.root))
    }

    fn section(&mut self, table: Table, section: &str, map: &'v Map, expanded: bool) {
        self.open |= map.iter().any(|entry| {
            is_macro_key(&entry.key) && (entry.key == "Fn::Transform" || self.extensions)
                || entry.value.origin.is_incomplete() && entry.value.is_null()
        });
        for entry in map {
            let name = &*entry.key;
            match section {
                "Parameters" => {
                    self.parameters.entry(name).or_insert(entry);
                }
                "Mappings" => {
                    self.mappings.entry(name).or_insert(entry);
                }
                "Conditions" => {
                    self.conditions.entry(name).or_insert(entry);
                }
                _ => {
                    let kind = entry.value.get("Type").and_then(Value::as_str);
                    // A type that is no text is left to a preprocessor, which may add others.
                    self.open |= entry.value.get("Type").is_some_and(|kind| kind.as_map().is_some());
                    match self.resources.get_mut(name) {
                        Some(written) if expanded && written.kind != kind => {
                            written.expanded = kind;
                            written.expanded_schema = kind.and_then(|kind| table.resource_type(kind));
                        }
                        Some(_) => {}
                        None => {
                            let schema = kind.and_then(|kind| table.resource_type(kind));
                            let (expanded, generated) = (None, expanded);
                            let resource = Resource { entry, kind, schema, expanded, expanded_schema: None, generated };
                            self.resources.insert(name, resource);
                        }
                    }
                }
            }
        }
    }

    /// Whether the template or CloudFormation itself declares `id`.
    pub fn declares(&self, id: &str) -> bool {
        self.parameters.contains_key(id) || self.resources.contains_key(id) || is_pseudo_parameter(id)
    }

    /// Whether `Ref` may name `id`.
    pub fn can_refer_to(&self, id: &str) -> bool {
        self.declares(id) || self.may_be_generated(id)
    }

    /// Whether the SAM transform may make a resource called `id`: `Function.Alias` in any
    /// case; another name only while not every SAM resource could be expanded.
    pub fn may_be_generated(&self, id: &str) -> bool {
        let module = |resource: &Resource<'_>| resource.kind.is_some_and(|kind| kind.ends_with("::MODULE"));
        if self.resources.iter().any(|(name, resource)| id.starts_with(name) && module(resource)) {
            return true;
        }
        if !self.sam {
            return false;
        }
        if let Some((resource, part)) = id.split_once('.') {
            let sam = self.resources.get(resource).and_then(|resource| resource.kind);
            let generated = self.resources.get(resource).is_some_and(|resource| resource.generated);
            return (generated || sam.is_some_and(|kind| kind.starts_with("AWS::Serverless::")))
                && GENERATED_PARTS.contains(&part);
        }
        if self.expanded {
            return false;
        }
        let by_prefix = self.resources.iter().any(|(name, resource)| {
            id.starts_with(name) && resource.kind.is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
        });
        by_prefix
            || id.starts_with("ServerlessRestApi")
            || id.starts_with("ServerlessHttpApi")
            || id.starts_with("ServerlessDeploymentApplication")
    }

    /// Names `Ref` may have, for suggestions.
    pub fn referable(&self) -> impl Iterator<Item = &'v str> {
        let declared = self.parameters.keys().copied();
        declared.chain(self.resources.iter().filter(|(_, r)| !r.generated).map(|(id, _)| *id)).chain(PSEUDO_PARAMETERS)
    }
}

/// The names in the `Transform` section.
pub(super) fn transforms(root: &Value) -> impl Iterator<Item = &str> {
    let section = root.get("Transform");
    let list = section.and_then(Value::as_list).unwrap_or_default();
    section.into_iter().chain(list).filter_map(|item| item.as_str().or_else(|| item.get("Name")?.as_str()))
}

/// What CloudFormation declares itself.
pub(super) const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// Whether CloudFormation declares `name` itself.
pub(super) fn is_pseudo_parameter(name: &str) -> bool {
    PSEUDO_PARAMETERS.contains(&name)
}

/// The part of `root` that conditions and look-ups depend on. A default is one value of many.
fn constants_of(root: Option<&Value>) -> Template {
    let mut sections = Map::new();
    for name in ["Parameters", "Mappings", "Conditions", "Rules"] {
        let Some(section) = root.and_then(|root| root.get(name)) else { continue };
        let mut section = section.clone();
        if name == "Parameters" {
            for parameter in section.as_map_mut().into_iter().flat_map(Map::iter_mut) {
                if let Some(body) = parameter.value.as_map_mut() {
                    body.remove("Default");
                }
            }
        }
        sections.insert(name, section);
    }
    let root = Value::new(Kind::Map(sections), root.map_or(Origin::default(), |root| root.origin));
    Template::new(Dialect::CloudFormation, root, Vec::new(), Inputs::default())
}
