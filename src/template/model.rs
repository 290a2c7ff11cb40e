//! The typed view of a lowered template.

use super::artifacts::Artifact;
use super::dialect::Dialect;
use super::eval::Eval;
use super::lowering::{Inputs, Warmed};
use super::problem::Problem;
use super::truth::{Given, Truth};
use super::value::{Entry, Kind, Map, Origin, Text, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// A lowered template: one CloudFormation-level tree with its index.
#[derive(Debug)]
pub struct Template {
    /// The dialect it was written in.
    pub dialect: Dialect,
    /// The CloudFormation-level tree.
    pub root: Value,
    /// What lowering had to say.
    pub problems: Vec<Problem>,
    inputs: Inputs,
    definitions: BTreeMap<Text, Value>,
    artifacts: BTreeMap<Text, Artifact>,
    warmed: Vec<Warmed>,
    children: BTreeMap<Text, Template>,
    parameters: HashMap<Text, Value>,
    /// Where the section of resources stands in the root.
    section: Option<usize>,
    resources: HashMap<Text, usize>,
    /// Resources by type, in the order of the template.
    by_type: Vec<(Text, usize)>,
    pub(super) truth: OnceLock<Truth>,
}

impl Template {
    /// The typed view of `root`.
    pub fn new(dialect: Dialect, root: Value, problems: Vec<Problem>, inputs: Inputs) -> Self {
        let section = |name: &str| root.get(name).and_then(Value::as_map);
        let resources = section("Resources").into_iter().flat_map(Map::iter).enumerate();
        let (mut by_id, mut by_type) = (HashMap::new(), Vec::new());
        for (index, entry) in resources {
            by_id.insert(entry.key.clone(), index);
            if let Kind::Map(body) = &entry.value.kind {
                let ty = match body.get("Type").map(|ty| &ty.kind) {
                    Some(Kind::Str(ty)) => ty.clone(),
                    _ => Text::default(),
                };
                by_type.push((ty, index));
            }
        }
        by_type.sort_unstable();
        let place = root.as_map().and_then(|sections| sections.keys().position(|key| key == "Resources"));
        let parameters = section("Parameters").into_iter().flat_map(Map::iter);
        let parameters =
            parameters.filter_map(|entry| Some((entry.key.clone(), parameter_value(entry, &inputs)?))).collect();
        Self {
            dialect,
            problems,
            inputs,
            definitions: BTreeMap::new(),
            artifacts: BTreeMap::new(),
            warmed: Vec::new(),
            children: BTreeMap::new(),
            parameters,
            section: place,
            resources: by_id,
            by_type,
            truth: OnceLock::new(),
            root,
        }
    }

    /// The same with state machine definitions that stand in files of their own.
    #[must_use]
    pub fn with_definitions(self, definitions: BTreeMap<Text, Value>) -> Self {
        Self { definitions, ..self }
    }

    /// The same with built code that is at hand.
    #[must_use]
    pub fn with_artifacts(self, artifacts: BTreeMap<Text, Artifact>) -> Self {
        Self { artifacts, ..self }
    }

    /// The package of a function or layer, where it is at hand.
    pub fn artifact(&self, id: &str) -> Option<&Artifact> {
        self.artifacts.get(id)
    }

    /// The same with functions that others call to keep them warm.
    #[must_use]
    pub fn with_warmed(self, warmed: Vec<Warmed>) -> Self {
        Self { warmed, ..self }
    }

    /// Functions that others call by a plugin's code to keep them warm.
    pub fn warmed(&self) -> &[Warmed] {
        &self.warmed
    }

    /// The same with the templates of its nested stacks, by logical id.
    #[must_use]
    pub(super) fn with_children(self, children: BTreeMap<Text, Template>) -> Self {
        Self { children, ..self }
    }

    /// Takes the templates of nested stacks out, by logical id.
    pub fn take_children(&mut self) -> BTreeMap<Text, Template> {
        std::mem::take(&mut self.children)
    }

    /// The definition of a state machine that stands in a file of its own.
    pub fn definition_file(&self, id: &str) -> Option<&Value> {
        self.definitions.get(id)
    }

    /// Whether functions come from a framework's service file, which makes log groups, roles
    /// and the like by keys of its provider.
    pub fn is_service(&self) -> bool {
        self.dialect == Dialect::Serverless
    }

    /// The provider of a service that is not deployed to AWS, or `compose` for a file that
    /// composes services: what has resources of its own kinds and no stack of its own.
    pub fn elsewhere(&self) -> Option<&str> {
        let marked = self.root.get("Elsewhere").filter(|marked| self.is_service() && marked.origin.is_generated());
        marked?.get("Provider")?.as_str()
    }

    /// What the user said about the deployment.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// A top-level section that is a map.
    pub fn section(&self, name: &str) -> Option<&Map> {
        self.root.get(name)?.as_map()
    }

    /// The value a parameter has: given, or its default.
    pub fn parameter_value(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    /// The value of a pseudo parameter, where it is known.
    pub fn pseudo_parameter(&self, name: &str) -> Option<Text> {
        match name {
            "AWS::Region" => self.inputs.region.as_deref().map(Text::from),
            "AWS::Partition" if self.inputs.region.is_some() => Some(self.inputs.partition().into()),
            "AWS::URLSuffix" if self.inputs.region.is_some() => {
                Some(if self.inputs.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }.into())
            }
            _ => None,
        }
    }

    /// All resources in order, those that are not maps left out.
    pub fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        self.numbered().map(|(_, resource)| resource)
    }

    /// All resources with their places in the section.
    pub fn numbered(&self) -> impl Iterator<Item = (usize, Resource<'_>)> {
        let entries = self.entries().unwrap_or_default().iter().enumerate();
        let resources = entries.filter(|(_, entry)| entry.value.as_map().is_some());
        resources.map(|(index, entry)| (index, Resource { template: self, entry }))
    }

    /// The resources of a type, in order.
    pub fn resources_of(&self, ty: &str) -> impl Iterator<Item = Resource<'_>> {
        let start = self.by_type.partition_point(|(known, _)| &**known < ty);
        let alike = self.by_type[start..].iter().take_while(move |(known, _)| known == ty).count();
        self.by_type[start..start + alike].iter().filter_map(|(_, index)| self.resource_at(*index))
    }

    /// The entries of the section of resources.
    fn entries(&self) -> Option<&[Entry]> {
        Some(self.root.as_map()?.entries().get(self.section?)?.value.as_map()?.entries())
    }

    /// The resource at a place of the section.
    pub fn resource_at(&self, index: usize) -> Option<Resource<'_>> {
        let entry = self.entries()?.get(index)?;
        entry.value.as_map().map(|_| Resource { template: self, entry })
    }

    /// The resource of a logical id.
    pub fn resource(&self, id: &str) -> Option<Resource<'_>> {
        self.resource_at(*self.resources.get(id)?)
    }

    /// A logical id that the template does not have: the letters and digits of `base`, with a
    /// number where needed.
    pub fn fresh_id(&self, base: &str) -> String {
        let base: String = base.chars().filter(char::is_ascii_alphanumeric).collect();
        let ids = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}{number}")));
        ids.into_iter().find(|id| self.resource(id).is_none()).unwrap_or(base)
    }
}

fn parameter_value(entry: &Entry, inputs: &Inputs) -> Option<Value> {
    let default = entry.value.get("Default");
    let kind = entry.value.get("Type").and_then(Value::as_str).unwrap_or("String");
    // What the service looks up at deployment is not its key.
    if kind.starts_with("AWS::SSM::Parameter::Value<") {
        return None;
    }
    let value = match inputs.parameters.get(&*entry.key) {
        Some(given) => Value::new(Kind::Str(given.into()), entry.key_origin),
        None => default?.clone(),
    };
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    match (is_list, value.as_str()) {
        (true, Some(text)) => {
            let made = super::value::Maker::new(value.origin);
            Some(made.list(text.split(',').map(|item| made.str(item.trim()))))
        }
        _ => Some(value),
    }
}

/// One resource of a template.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'t> {
    template: &'t Template,
    entry: &'t Entry,
}

impl<'t> Resource<'t> {
    /// The template it belongs to.
    pub fn template(self) -> &'t Template {
        self.template
    }

    /// The logical id.
    pub fn id(self) -> &'t str {
        &self.entry.key
    }

    /// The type, e.g. `AWS::Lambda::Function`; empty when it is not text.
    pub fn ty(self) -> &'t str {
        self.entry.value.get("Type").and_then(Value::as_str).unwrap_or_default()
    }

    /// Where the resource is named; for a generated one, what caused it.
    pub fn origin(self) -> Origin {
        self.entry.key_origin
    }

    /// The whole body.
    pub fn body(self) -> &'t Value {
        &self.entry.value
    }

    /// The properties, when they are a map.
    pub fn properties(self) -> Option<&'t Value> {
        self.entry.value.get("Properties").filter(|value| value.as_map().is_some())
    }

    /// Whether parts of the body or the properties are not known, so that what is missing
    /// may still exist.
    pub fn is_incomplete(self) -> bool {
        self.body().origin.is_incomplete()
            || self.entry.value.get("Properties").is_some_and(|value| value.origin.is_incomplete())
    }

    /// Whether the resource is created: `Some(true)` when it has no condition or the
    /// condition holds, `None` when that is undecided.
    pub fn exists(self) -> Option<bool> {
        match self.condition() {
            Some(name) => self.template.condition(name),
            None => Some(true),
        }
    }

    /// The condition it is created under.
    pub fn condition(self) -> Option<&'t str> {
        self.entry.value.get("Condition").and_then(Value::as_str)
    }

    /// Whether some deployment creates both.
    pub fn can_coexist(self, other: Resource<'_>) -> bool {
        match (self.condition(), other.condition()) {
            (Some(one), Some(other)) => self.template.can_coexist(one, other),
            _ => true,
        }
    }

    /// The property at `path`, evaluated on the way as it is where the resource is created.
    pub fn property(self, path: &[&str]) -> Eval<'t> {
        match self.properties() {
            Some(properties) => match self.condition() {
                Some(condition) => self.template.walk_given(properties, path, Given::Where(&[(condition, true)])),
                None => self.template.walk(properties, path),
            },
            None if self.is_incomplete() => Eval::Unknown(self.origin()),
            None => Eval::Absent,
        }
    }

    /// Where the property at `path` is written, the deepest part that exists; the resource's
    /// own place when nothing is.
    pub fn place(self, path: &[&str]) -> Origin {
        let Some(mut value) = self.properties() else { return self.origin() };
        let mut origin = self.origin();
        for key in path {
            match value.get(key) {
                Some(next) => (value, origin) = (next, next.origin),
                None => break,
            }
        }
        origin
    }

    /// Names in `DependsOn`.
    pub fn depends_on(self) -> Vec<&'t Value> {
        match self.entry.value.get("DependsOn") {
            Some(value) => value.as_list().map_or_else(|| vec![value], |items| items.iter().collect()),
            None => Vec::new(),
        }
    }
}

impl Template {
    /// The value at `path` below `value`, evaluated at every step.
    pub fn walk<'t>(&'t self, value: &'t Value, path: &[&str]) -> Eval<'t> {
        self.walk_given(value, path, Given::Where(&[]))
    }

    /// As [`Template::walk`], where the conditions `given` hold or do not.
    fn walk_given<'t>(&'t self, value: &'t Value, path: &[&str], given: Given<'_>) -> Eval<'t> {
        let mut at = self.eval_given(value, given);
        for key in path {
            let map = match &at {
                Eval::Known(std::borrow::Cow::Borrowed(value)) => *value,
                // Evaluation makes only scalars and lists of scalars: no keys below them.
                Eval::Known(_) => return Eval::Absent,
                _ => return at,
            };
            let next = match map.get(key) {
                Some(next) if next.is_null() => Eval::Absent,
                Some(next) => self.eval_given(next, given),
                None if map.origin.is_incomplete() || holds_macro(map) => Eval::Unknown(map.origin),
                None => Eval::Absent,
            };
            at = next;
        }
        at
    }
}

/// Whether a macro or loop inside the map may add keys to it.
fn holds_macro(value: &Value) -> bool {
    value.as_map().is_some_and(|map| map.keys().any(|key| key == "Fn::Transform" || key.starts_with("Fn::ForEach")))
}
