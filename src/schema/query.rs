//! What may stand at a place: the one question validation, completion and hover ask the table.
//!
//! A place is a resource type and a path below its `Properties`. A schema describes a place by
//! several nodes: some hold in any case, some only in one of several forms. [`Place`] reads all
//! of them as one answer, and [`Place::given`] narrows the forms to those that a neighbouring
//! value leaves open, such as the `Type` of a SAM event.

use super::node::{Field, Types};
use super::resource_type::ResourceType;
use super::table::{NodeId, Table};
use std::collections::BTreeSet;

/// A step to the items of a list, or to the values of a map whose keys are free.
pub const ANY: &str = "*";
/// References followed from one node.
const MAX_DEPTH: usize = 16;

/// What a change of a property does to a resource that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// The resource stays; its service may still interrupt it.
    InPlace,
    /// The resource may be replaced, depending on the change.
    MayReplace,
    /// The resource is replaced by a new one.
    Replaces,
    /// Not known: the type belongs to a transform.
    Unknown,
}

/// One node of a place.
#[derive(Clone, Copy, Debug)]
struct Part {
    node: NodeId,
    /// Whether it holds in any case, not in one of several forms.
    sure: bool,
}

/// A place below the properties of a resource type, and what may stand there.
#[derive(Clone, Debug)]
pub struct Place {
    table: Table,
    owner: ResourceType,
    path: Vec<String>,
    roots: Vec<Part>,
    parts: Vec<Part>,
}

/// A property of the map at a place.
#[derive(Clone, Debug)]
pub struct Property {
    /// The name.
    pub name: &'static str,
    /// Whether it must be there, whatever else is.
    pub required: bool,
    /// What may stand there.
    pub place: Place,
}

impl ResourceType {
    /// The place of `Properties` itself.
    pub fn place(self) -> Place {
        let roots = vec![Part { node: self.properties(), sure: true }];
        Place::new(self.table(), self, Vec::new(), roots, &[])
    }

    /// The place at `path` below `Properties`: property names, and [`ANY`] for list items.
    /// `None` when the type has no such place.
    pub fn at<'p>(self, path: impl IntoIterator<Item = &'p str>) -> Option<Place> {
        path.into_iter().try_fold(self.place(), |place, step| place.step(step))
    }
}

impl Place {
    fn new(table: Table, owner: ResourceType, path: Vec<String>, roots: Vec<Part>, given: &[(&str, &str)]) -> Self {
        let mut place = Self { table, owner, path, roots, parts: Vec::new() };
        for root in place.roots.clone() {
            place.expand(root, given, 0);
        }
        place
    }

    /// Adds a node and those it refers to.
    fn expand(&mut self, part: Part, given: &[(&str, &str)], depth: usize) {
        let known = self.parts.iter().any(|other| other.node == part.node && (other.sure || !part.sure));
        if known || depth > MAX_DEPTH {
            return;
        }
        self.parts.push(part);
        let node = self.table.node(part.node);
        for child in node.child(Field::Ref).into_iter().chain(node.children(Field::AllOf)) {
            self.expand(Part { node: child, ..part }, given, depth + 1);
        }
        for field in [Field::AnyOf, Field::OneOf] {
            let open: Vec<NodeId> = node.children(field).filter(|child| !self.excludes(*child, given, 0)).collect();
            let sure = part.sure && open.len() == 1;
            for child in open {
                self.expand(Part { node: child, sure }, given, depth + 1);
            }
        }
        for child in [Field::Then, Field::Else].into_iter().filter_map(|field| node.child(field)) {
            self.expand(Part { node: child, sure: false }, given, depth + 1);
        }
    }

    /// Whether a form does not allow one of the given values.
    fn excludes(&self, id: NodeId, given: &[(&str, &str)], depth: usize) -> bool {
        let node = self.table.node(id);
        let excluded = given.iter().any(|(name, value)| {
            let allowed = node.property(name).and_then(|child| self.table.node(child).list(Field::Enum));
            allowed.is_some_and(|allowed| !allowed.has(value))
        });
        excluded
            || depth < MAX_DEPTH
                && node
                    .child(Field::Ref)
                    .into_iter()
                    .chain(node.children(Field::AllOf))
                    .any(|child| self.excludes(child, given, depth + 1))
    }

    /// The place with only those forms that allow the values `given` to properties of its map.
    #[must_use]
    pub fn given(&self, given: &[(&str, &str)]) -> Self {
        Self::new(self.table, self.owner, self.path.clone(), self.roots.clone(), given)
    }

    /// The place one step below: a property, or an item ([`ANY`]).
    #[must_use]
    pub fn step(&self, name: &str) -> Option<Self> {
        let mut roots = Vec::new();
        for part in &self.parts {
            let node = self.table.node(part.node);
            let mut add = |node| roots.push(Part { node, sure: part.sure });
            if let Some(child) = node.property(name) {
                add(child);
                continue;
            }
            if name == ANY {
                node.child(Field::Items).into_iter().chain(node.children(Field::PrefixItems)).for_each(&mut add);
            }
            node.named(Field::PatternProperties).for_each(|(_, child)| add(child));
            node.child(Field::Additional).into_iter().for_each(&mut add);
        }
        if roots.is_empty() {
            return None;
        }
        let path = self.path.iter().cloned().chain([name.to_owned()]).collect();
        Some(Self::new(self.table, self.owner, path, roots, &[]))
    }

    /// The resource type.
    pub fn resource_type(&self) -> ResourceType {
        self.owner
    }

    /// The path below `Properties`.
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// The types a value may have; any when nothing is said.
    pub fn types(&self) -> Types {
        let given = |sure: bool| {
            let parts = self.parts.iter().filter(move |part| part.sure == sure);
            parts.map(|part| self.table.node(part.node).types()).filter(|types| !types.is_any())
        };
        given(true).reduce(Types::both).or_else(|| given(false).reduce(Types::either)).unwrap_or_default()
    }

    /// The properties of the map that may stand here, sorted by name.
    pub fn properties(&self) -> Vec<Property> {
        let mut names = BTreeSet::new();
        let mut required = BTreeSet::new();
        for part in &self.parts {
            let node = self.table.node(part.node);
            let allowed = |child: &NodeId| !self.table.node(*child).has(Field::Never);
            names.extend(node.by_name(Field::Properties).filter(|(_, child)| allowed(child)).map(|(name, _)| name));
            if part.sure {
                required.extend(node.list(Field::Required).into_iter().flat_map(super::List::texts));
            }
        }
        let property = |name: &'static str| {
            let place = self.step(name)?;
            Some(Property { name, required: required.contains(name), place })
        };
        names.into_iter().filter_map(property).collect()
    }

    /// The place of the items, when a list may stand here.
    pub fn items(&self) -> Option<Self> {
        let list = self.parts.iter().any(|part| {
            let node = self.table.node(part.node);
            node.has(Field::Items) || node.has(Field::PrefixItems)
        });
        list.then(|| self.step(ANY)).flatten()
    }

    /// The values a text may have, in the order of the schema; `None` when any will do.
    pub fn allowed(&self) -> Option<Vec<&'static str>> {
        let lists = |sure: bool| {
            let parts = self.parts.iter().filter(move |part| part.sure == sure);
            parts.filter_map(|part| {
                let node = self.table.node(part.node);
                node.list(Field::Enum).or_else(|| node.list(Field::EnumIgnoreCase))
            })
        };
        if let Some(list) = lists(true).next() {
            return Some(list.texts().collect());
        }
        let mut all: Vec<&str> = Vec::new();
        for text in lists(false).flat_map(super::List::texts) {
            if !all.contains(&text) {
                all.push(text);
            }
        }
        Some(all).filter(|all| !all.is_empty())
    }

    /// A limit that holds in any case (`MaxLength` to `MaxUniqueItems`).
    pub fn limit(&self, field: Field) -> Option<f64> {
        self.sure().find_map(|part| self.table.node(part.node).number(field))
    }

    /// The pattern of the text.
    pub fn pattern(&self) -> Option<&'static str> {
        self.string(Field::Pattern)
    }

    /// What kind of identifier the text is, such as `AWS::IAM::Role.Arn`.
    pub fn format(&self) -> Option<&'static str> {
        self.string(Field::Format)
    }

    /// The default, as JSON.
    pub fn default(&self) -> Option<&'static str> {
        self.string(Field::Default)
    }

    fn sure(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.sure)
    }

    fn string(&self, field: Field) -> Option<&'static str> {
        self.sure().find_map(|part| self.table.node(part.node).string(field)).map(|id| self.table.text(id))
    }

    /// What a change of the value does to a resource that exists.
    pub fn update(&self) -> Update {
        if !self.owner.name().contains("::") || self.owner.name().starts_with("AWS::Serverless::") {
            return Update::Unknown;
        }
        if self.is_in(self.owner.create_only()) {
            Update::Replaces
        } else if self.is_in(self.owner.conditional_create_only()) {
            Update::MayReplace
        } else {
            Update::InPlace
        }
    }

    /// Whether only AWS sets the value.
    pub fn is_read_only(&self) -> bool {
        self.is_in(self.owner.read_only()) && !self.is_in(self.owner.create_only())
    }

    /// Whether the value can be set and never read.
    pub fn is_write_only(&self) -> bool {
        self.is_in(self.owner.write_only())
    }

    /// Whether the property is no longer to be used.
    pub fn is_deprecated(&self) -> bool {
        self.is_in(self.owner.deprecated())
    }

    /// Whether the path, or one above it, is among `paths`.
    fn is_in(&self, paths: super::List) -> bool {
        paths.texts().any(|path| {
            let mut own = self.path.iter();
            !self.path.is_empty()
                && path.split('.').all(|step| own.next().is_some_and(|name| name == step || step == ANY))
        })
    }

    /// Where AWS documents the type, or the property of the type that the place is in.
    pub fn documentation(&self) -> String {
        let name = self.owner.name();
        let mut parts = name.split("::").skip(1);
        let (service, resource) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (page, anchor) = match name.strip_prefix("AWS::Serverless::") {
            Some(resource) => (
                format!("serverless-application-model/latest/developerguide/sam-resource-{resource}.html"),
                format!("sam-{resource}"),
            ),
            None => (
                format!("AWSCloudFormation/latest/TemplateReference/aws-resource-{service}-{resource}.html"),
                format!("cfn-{service}-{resource}"),
            ),
        };
        let property = self.path.first().map(|first| format!("#{anchor}-{first}")).unwrap_or_default();
        format!("https://docs.aws.amazon.com/{}{}", lower_page(&page), property.to_ascii_lowercase())
    }
}

/// Page names are in lower case; the folders before them are not.
fn lower_page(page: &str) -> String {
    let (folder, file) = page.rsplit_once('/').unwrap_or(("", page));
    format!("{folder}/{}", file.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(resource_type: &str, path: &[&str]) -> Place {
        let found = Table::embedded().resource_type(resource_type).unwrap();
        found.at(path.iter().copied()).unwrap_or_else(|| panic!("{resource_type} {path:?}"))
    }

    #[test]
    fn a_property_is_described() {
        let memory = at("AWS::Lambda::Function", &["MemorySize"]);
        assert!(memory.types().any(Types::INTEGER) && !memory.types().any(Types::STRING));
        assert_eq!((memory.limit(Field::Minimum), memory.limit(Field::Maximum)), (Some(128.0), Some(32768.0)));
        assert_eq!(memory.update(), Update::InPlace);
        assert_eq!(
            memory.documentation(),
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html\
             #cfn-lambda-function-memorysize"
        );
        assert_eq!(at("AWS::Lambda::Function", &["FunctionName"]).update(), Update::Replaces);
        assert_eq!(at("AWS::Lambda::Function", &["TenancyConfig", "TenantIsolationMode"]).update(), Update::Replaces);
        assert!(at("AWS::Lambda::Function", &["Arn"]).is_read_only());
        assert!(at("AWS::Lambda::Function", &["Code", "ZipFile"]).is_write_only());
        let mode = at("AWS::Lambda::Function", &["TracingConfig", "Mode"]);
        assert_eq!(mode.allowed(), Some(vec!["Active", "PassThrough"]));
        assert!(Table::embedded().resource_type("AWS::Lambda::Function").unwrap().at(["Nothing"]).is_none());
    }

    #[test]
    fn properties_are_listed_with_what_is_required() {
        let function = at("AWS::Lambda::Function", &[]);
        let required: Vec<&str> = function.properties().iter().filter(|p| p.required).map(|p| p.name).collect();
        assert_eq!(required, ["Code", "Role"]);
        let tag = at("AWS::Lambda::Function", &["Tags"]).items().unwrap();
        let names: Vec<&str> = tag.properties().iter().map(|property| property.name).collect();
        assert_eq!(names, ["Key", "Value"]);
    }

    #[test]
    fn a_neighbour_narrows_the_forms() {
        let event = at("AWS::Serverless::Function", &["Events", "Upload"]);
        let kinds = event.step("Type").unwrap().allowed().unwrap();
        assert!(["Api", "S3", "Schedule", "SQS"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
        let schedule = event.given(&[("Type", "Schedule")]).step("Properties").unwrap();
        let names: Vec<&str> = schedule.properties().iter().map(|property| property.name).collect();
        assert!(names.contains(&"Schedule") && !names.contains(&"Bucket"), "{names:?}");
    }

    #[test]
    fn every_sam_type_answers() {
        let table = Table::embedded();
        let sam: Vec<_> = table.resource_types().filter(|kind| kind.name().starts_with("AWS::Serverless::")).collect();
        assert_eq!(sam.len(), 14);
        for kind in sam {
            let place = kind.place();
            assert!(!place.properties().is_empty(), "{}", kind.name());
            assert!(place.documentation().contains("sam-resource-"));
            assert_eq!(place.update(), Update::Unknown);
        }
    }

    #[test]
    fn every_property_of_every_type_answers() {
        for kind in Table::embedded().resource_types() {
            for property in kind.place().properties() {
                let place = &property.place;
                let _ = (place.types(), place.allowed(), place.items(), place.update(), place.documentation());
            }
        }
    }
}
