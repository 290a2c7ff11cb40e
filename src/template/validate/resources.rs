//! The `Resources` section: types, attributes and properties.

use super::Validation;
use super::call::{is_macro_key, is_no_value, value_call};
use super::checker::{Checker, Place};
use super::object::each_at;
use super::words::{listed, nearest, quoted, shown};
use crate::schema::{List, ResourceType};
use crate::template::value::{Entry, Map, Origin, Value};
use crate::template::{ProblemKind, Repair};

/// Attributes every resource may have.
const ATTRIBUTES: [&str; 10] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
];
/// Attributes only the SAM transform reads.
const SAM_ATTRIBUTES: [&str; 2] = ["Connectors", "IgnoreGlobals"];
/// Rules about IAM policy documents.
const POLICY_RULES: [&str; 4] = ["E3510", "E3512", "E3513", "E3530"];
/// Most resources of one template.
const MAX_RESOURCES: usize = 500;
/// Longest logical id.
const MAX_NAME: usize = 255;

impl<'v> Validation<'_, 'v> {
    /// Checks the section.
    pub(super) fn resources(&mut self, section: &'v Entry) {
        let Some(resources) = section.value.as_map() else { return };
        if resources.len() > MAX_RESOURCES {
            let message =
                format!("the template declares {} resources; CloudFormation takes {MAX_RESOURCES}", resources.len());
            self.report(ProblemKind::TemplateLimit, section.key_origin, message, "move some into a nested stack");
        }
        for entry in resources {
            if is_macro_key(&entry.key) {
                continue;
            }
            self.resource = Some(&entry.key);
            self.where_it_exists(entry.value.as_map(), |validation| validation.one_resource(entry));
            self.resource = None;
        }
    }

    fn one_resource(&mut self, entry: &'v Entry) {
        if !entry.key.chars().all(|c| c.is_ascii_alphanumeric()) || entry.key.is_empty() {
            let message = format!("the logical id {} is not made of letters and digits alone", quoted(&entry.key));
            self.report(ProblemKind::InvalidName, entry.key_origin, message, "remove the other characters");
        } else if entry.key.len() > MAX_NAME {
            let message = format!("the logical id {} is longer than {MAX_NAME} characters", quoted(&entry.key));
            self.report(ProblemKind::TemplateLimit, entry.key_origin, message, "shorten it");
        }
        if self.index.parameters.contains_key(&*entry.key)
            && self.parameters_of_text().is_some_and(|map| map.contains_key(&entry.key))
        {
            let message = format!("a parameter and a resource are both called `{}`", entry.key);
            self.report(ProblemKind::InvalidName, entry.key_origin, message, "rename one of the two");
        }
        let Some(body) = entry.value.as_map() else { return };
        let kind = body.get("Type").and_then(Value::as_str);
        self.attributes(entry, body, kind);
        self.depends_on(entry, body);
        let substitutions = entry.value.at(&["Properties", "DefinitionSubstitutions"]).and_then(Value::as_map);
        self.substituted = substitutions.into_iter().flat_map(Map::keys).collect();
        for attribute in body {
            if !matches!(&*attribute.key, "Type" | "DependsOn" | "Condition") {
                self.walk(&attribute.value, &attribute.key, 0);
            }
        }
        if let Some(kind) = kind {
            self.type_and_properties(entry, body, kind);
        }
    }

    fn attributes(&mut self, entry: &'v Entry, body: &'v Map, kind: Option<&'v str>) {
        for attribute in body {
            let name = &*attribute.key;
            if SAM_ATTRIBUTES.contains(&name) {
                if !self.index.sam {
                    let message = format!("`{name}` is an attribute of SAM, and the template has no SAM transform");
                    self.report(
                        ProblemKind::SamConfiguration,
                        attribute.key_origin,
                        message,
                        "add `Transform: AWS::Serverless-2016-10-31` or remove it",
                    );
                } else if name == "IgnoreGlobals" {
                    self.ignored_globals(attribute, kind);
                }
                continue;
            }
            if !ATTRIBUTES.contains(&name) && (self.index.macros || kind.is_none()) {
                continue;
            }
            if !ATTRIBUTES.contains(&name) && !is_macro_key(name) {
                let free = ATTRIBUTES.into_iter().filter(|known| !body.contains_key(known));
                let meant = nearest(name, free);
                let help = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        format!("a resource has {}; properties belong under `Properties`", listed(ATTRIBUTES, "and"))
                    }
                };
                // The SAM transform drops what it does not know.
                let dropped = kind.is_some_and(|kind| kind.starts_with("AWS::Serverless::"));
                let problem = if dropped { ProblemKind::IgnoredAttribute } else { ProblemKind::InvalidResource };
                let before = self.problems.len();
                self.report(
                    problem,
                    attribute.key_origin,
                    format!("`{name}` is not an attribute of a resource"),
                    &help,
                );
                let remove = || dropped.then_some(Repair::Remove { place: attribute.key_origin });
                self.repair(before, Repair::respell(attribute.key_origin, name, meant).or_else(remove));
                continue;
            }
            let custom = kind.is_some_and(is_custom);
            match name {
                "Condition" => self.condition_attribute(attribute),
                "DeletionPolicy" | "UpdateReplacePolicy" => {
                    self.deletion_policy(attribute, kind, name == "DeletionPolicy");
                    self.one_sided_policy(attribute, body);
                }
                "Version" if !custom && kind.is_some() => {
                    self.report(
                        ProblemKind::InvalidResource,
                        attribute.key_origin,
                        "`Version` is an attribute of custom resources only",
                        "remove it",
                    );
                }
                "CreationPolicy" | "UpdatePolicy" if custom => {
                    let message = format!("custom resources take no `{name}`");
                    self.report(ProblemKind::InvalidResource, attribute.key_origin, message, "remove it");
                }
                "CreationPolicy" | "UpdatePolicy" | "Metadata"
                    if self.never_a_map(&attribute.value)
                        && !attribute.value.origin.is_incomplete()
                        && (name != "Metadata" || attribute.value.as_list().is_none()) =>
                {
                    let message = format!("`{name}` must be a map, and is {}", shown(&attribute.value));
                    self.report(ProblemKind::InvalidResource, attribute.key_origin, message, "write a map");
                }
                _ => {}
            }
        }
        if body.contains_key("UpdatePolicy")
            && let Some(policy) = self.table.resource_type("#template/update-policy")
        {
            let mut checker = self.checker();
            checker.only = Some(ProblemKind::InvalidResource);
            checker.check(policy.properties(), &entry.value, Place::new(entry.key_origin, &entry.key));
        }
    }

    fn type_and_properties(&mut self, entry: &'v Entry, body: &'v Map, kind: &'v str) {
        let type_origin = body.get("Type").map_or(entry.key_origin, |value| value.origin);
        if kind.starts_with("AWS::Serverless::") && !self.index.sam && !self.index.open {
            let message = format!("`{kind}` is a SAM type, and the template has no SAM transform");
            self.report(
                ProblemKind::SamConfiguration,
                type_origin,
                message,
                "add `Transform: AWS::Serverless-2016-10-31`",
            );
        }
        // Of two resources with one id the index has the first.
        let known = self.index.resources.get(&*entry.key).filter(|known| known.kind == Some(kind));
        let resource_type = known.map_or_else(|| self.table.resource_type(kind), |known| known.schema);
        let Some(resource_type) = resource_type else {
            return self.unknown_type(kind, type_origin);
        };
        self.availability(&entry.key, resource_type, type_origin);
        let (place, value) = match body.entry("Properties") {
            Some(given) => (Place::new(given.key_origin, "Properties"), &given.value),
            None => (Place::new(entry.key_origin, "Properties"), self.empty),
        };
        if resource_type.lifecycle().is_some_and(|lifecycle| lifecycle.status == "shutdown") {
            self.report(
                ProblemKind::RetiredResourceType,
                place.origin,
                format!("{kind} cannot be created: its service was shut down"),
                "move to another service",
            );
        } else if let Some(lifecycle) = resource_type.lifecycle() {
            let what = match lifecycle.status {
                "sunset" => "is being shut down",
                _ => "takes no new customers",
            };
            let date = if lifecycle.date.is_empty() { String::new() } else { format!(" ({})", lifecycle.date) };
            self.report(
                ProblemKind::RetiringResourceType,
                place.origin,
                format!("the service of {kind} {what}{date}"),
                "plan to move to another service",
            );
        }
        if body.contains_key("Properties") && (value.is_null() && !value.origin.is_incomplete() || is_no_value(value)) {
            return self.report(
                ProblemKind::WrongType,
                place.origin,
                "`Properties` must be a map",
                "write the properties, or remove the key",
            );
        }
        if self.index.macros || entry.value.origin.is_incomplete() && !body.contains_key("Properties") {
            return;
        }
        self.properties(resource_type, value, place);
    }

    pub(super) fn properties(&mut self, resource_type: ResourceType, value: &'v Value, place: Place<'v>) {
        if matches!(resource_type.name(), "AWS::Lambda::Function" | "AWS::Serverless::Function") {
            self.runtime(value, place);
        }
        let table = self.table;
        let mut packaged = Vec::new();
        for path in resource_type.packaged().into_iter().flat_map(List::texts) {
            each_at(value, place, path, &mut |found, _| {
                if found.as_str().is_some() {
                    packaged.push(found.origin);
                }
            });
        }
        self.cross_checks(resource_type.name(), value, place);
        let expanding = self.expanding;
        let mut checker = self.checker();
        checker.owner = resource_type.name();
        checker.expanded = expanding;
        checker.packaged = packaged;
        checker.check(resource_type.properties(), value, place);
        let tagged = value.get("Tags").is_some_and(|tags| tags.as_list().is_some());
        if tagged
            && resource_type.tag_property() == Some("Tags")
            && let Some(tags) = table.resource_type("#tags")
        {
            checker.check(tags.properties(), value, place);
        }
        for rule in resource_type.rules().iter().filter(|rule| rule.source.starts_with('E')) {
            let policy = POLICY_RULES.contains(&rule.source);
            each_at(value, place, rule.path, &mut |found, at| {
                // A policy document may also be given as text.
                if policy && (value_call(found).is_some() || found.as_str().is_some()) {
                    return;
                }
                checker.only =
                    Some(if policy { ProblemKind::InvalidPolicyDocument } else { ProblemKind::PropertyConflict });
                checker.resource_policy = matches!(rule.source, "E3512" | "E3513");
                checker.check(rule.node, found, at);
                checker.resource_policy = false;
            });
        }
        if resource_type.name().starts_with("AWS::Serverless::") {
            return;
        }
        for path in resource_type.set_by_aws() {
            each_at(value, place, path, &mut |_, at| {
                let before = self.problems.len();
                self.report(
                    ProblemKind::ReadOnlyProperty,
                    at.origin,
                    format!("`{}` is set by AWS and cannot be given", at.name),
                    "remove it; read it with `Fn::GetAtt`",
                );
                self.repair(before, Some(Repair::Remove { place: at.origin }));
            });
        }
    }

    /// Whether every region of the deployment has the type, or the one it is expanded to.
    fn availability(&mut self, id: &str, resource_type: ResourceType, origin: Origin) {
        if self.index.regions.is_empty() {
            return;
        }
        let expanded = self.index.resources.get(id).and_then(|resource| resource.expanded_schema);
        let deployed = expanded.unwrap_or(resource_type);
        let regions = self.index.regions.iter().copied();
        let missing = listed(regions.filter(|region| deployed.available_in(region) == Some(false)), "and");
        if !missing.is_empty() {
            let message = format!("{} does not exist in {missing}", resource_type.name());
            self.report(ProblemKind::UnavailableResourceType, origin, message, "choose another region or type");
        }
    }

    fn unknown_type(&mut self, kind: &str, origin: Origin) {
        // Types of other namespaces may be registered privately; macros may define more.
        if is_custom(kind) || !kind.starts_with("AWS::") && !kind.starts_with("Alexa::") && kind.contains("::") {
            return;
        }
        let names = self.table.type_names();
        let meant = nearest(kind, names);
        let before = self.problems.len();
        let help =
            meant.map_or("see the list of resource types".to_owned(), |meant| format!("did you mean `{meant}`?"));
        self.report(
            ProblemKind::UnknownResourceType,
            origin,
            format!("there is no resource type {}", quoted(kind)),
            &help,
        );
        self.repair(before, Repair::respell(origin, kind, meant));
    }

    pub(super) fn checker(&mut self) -> Checker<'_, 'v> {
        let mut checker = Checker::new(self.table, self.patterns, &self.index, &mut self.problems);
        checker.given.clone_from(&self.worlds.given);
        checker.resource = self.resource;
        checker.strict = self.configured.strict_types;
        checker
    }
}

/// Whether resources of `kind` are the user's own.
pub(super) fn is_custom(kind: &str) -> bool {
    kind == "AWS::CloudFormation::CustomResource" || kind.starts_with("Custom::") || kind.ends_with("::MODULE")
}
