//! Attributes of resources beside their properties: conditions, policies, dependencies.

use super::Validation;
use super::call::value_call;
use super::checker::Place;
use super::output::output;
use super::words::{listed, nearest, quoted, shown};
use crate::schema::Types;
use crate::template::value::{Entry, Kind, Map, Origin, Value};
use crate::template::{ProblemKind, Repair};

impl<'v> Validation<'_, 'v> {
    /// Whether `value` cannot be a map once its functions are evaluated.
    pub(super) fn never_a_map(&self, value: &'v Value) -> bool {
        match value_call(value) {
            Some(call) => !output(&self.index, self.table, call).fits(Types::OBJECT),
            None => value.as_map().is_none(),
        }
    }

    pub(super) fn condition_attribute(&mut self, attribute: &'v Entry) {
        let Some(name) = attribute.value.as_str() else {
            let message = format!("`Condition` must be the name of a condition, and is {}", shown(&attribute.value));
            return self.report(
                ProblemKind::InvalidResource,
                attribute.key_origin,
                message,
                "define a condition under `Conditions` and name it here",
            );
        };
        self.condition_name(name, attribute.value.origin);
    }

    pub(super) fn deletion_policy(&mut self, attribute: &'v Entry, kind: Option<&'v str>, deletion: bool) {
        if value_call(&attribute.value).is_some() {
            return self.policy_function(attribute);
        }
        let snapshot = kind.is_some_and(|kind| self.table.takes_snapshots(kind));
        let mut allowed = vec!["Delete", "Retain"];
        if deletion {
            allowed.push("RetainExceptOnCreate");
        }
        if snapshot {
            allowed.push("Snapshot");
        }
        if attribute.value.as_str().is_some_and(|given| allowed.contains(&given))
            || attribute.value.origin.is_incomplete()
        {
            return;
        }
        let message = match attribute.value.as_str() {
            Some("Snapshot") => format!("{} cannot leave a snapshot behind", kind.unwrap_or("this type")),
            _ => format!("`{}` cannot be {}", attribute.key, shown(&attribute.value)),
        };
        let help = format!("allowed are {}", listed(allowed.iter().copied(), "and"));
        let origin = Place::new(attribute.key_origin, &attribute.key).of(&attribute.value);
        let before = self.problems.len();
        self.report(ProblemKind::InvalidDeletionPolicy, origin, message, &help);
        if let Some(given) = attribute.value.as_str() {
            let meant = nearest(given, allowed.iter().copied());
            self.repair(before, Repair::respell(attribute.value.origin, given, meant));
        }
    }

    /// A resource kept at one of two occasions on which it goes away.
    pub(super) fn one_sided_policy(&mut self, attribute: &'v Entry, body: &'v Map) {
        let (other, occasion) = match &*attribute.key {
            "DeletionPolicy" => ("UpdateReplacePolicy", "an update replaces it"),
            _ => ("DeletionPolicy", "it is removed from the template"),
        };
        let keeps = attribute.value.as_str().is_some_and(|policy| policy != "Delete");
        if keeps && !body.contains_key(other) && !body.keys().any(super::call::is_macro_key) {
            let message =
                format!("`{}` keeps the resource, and without `{other}` it is lost when {occasion}", attribute.key);
            let help = format!("add `{other}` as well");
            self.report(ProblemKind::OneSidedDeletionPolicy, attribute.key_origin, message, &help);
        }
    }

    /// Functions in a deletion policy: few are taken, and only those that need no resource.
    fn policy_function(&mut self, attribute: &'v Entry) {
        let Some(call) = value_call(&attribute.value) else { return };
        let resource =
            call.name == "Ref" && call.argument().as_str().is_some_and(|id| self.index.resources.contains_key(id));
        if !["Ref", "Fn::If", "Fn::FindInMap", "Fn::Sub", "Fn::Select"].contains(&call.name) || resource {
            let message = format!("`{}` cannot be given by `{}` here", attribute.key, call.name);
            self.report(
                ProblemKind::InvalidDeletionPolicy,
                attribute.key_origin,
                message,
                "write one of the policies, or refer to a parameter",
            );
        }
    }

    pub(super) fn depends_on(&mut self, entry: &'v Entry, body: &'v Map) {
        let Some(given) = body.entry("DependsOn") else { return };
        match &given.value.kind {
            Kind::Str(_) => self.dependency(entry, &given.value, given.value.origin),
            Kind::List(items) => {
                for item in items {
                    self.dependency(entry, item, item.origin);
                }
            }
            _ if given.value.origin.is_incomplete() => {}
            _ => {
                let message = format!(
                    "`DependsOn` must be the id of a resource or a list of ids, and is {}",
                    shown(&given.value)
                );
                self.report(
                    ProblemKind::InvalidResource,
                    given.key_origin,
                    message,
                    "name the resources that must exist first",
                );
            }
        }
    }

    fn dependency(&mut self, entry: &'v Entry, item: &'v Value, origin: Origin) {
        let Some(id) = item.as_str() else {
            let message = format!("`DependsOn` must name resources, and has {}", shown(item));
            return self.report(
                ProblemKind::InvalidResource,
                origin,
                message,
                "write logical ids; intrinsic functions are not allowed here",
            );
        };
        if id == entry.key {
            // Of resources that are not expanded this is a cycle, and told as one.
            if !entry
                .value
                .get("Type")
                .and_then(Value::as_str)
                .is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
            {
                return;
            }
            self.report(
                ProblemKind::UnresolvedReference,
                origin,
                format!("`{id}` cannot depend on itself"),
                "remove it",
            );
        } else if !self.index.resources.contains_key(id) && !self.index.may_be_generated(id) && !self.index.open {
            let names = self.index.resources.keys().copied().filter(|name| *name != entry.key);
            let meant = nearest(id, names);
            let before = self.problems.len();
            let help =
                meant.map_or("name a resource of this template".to_owned(), |meant| format!("did you mean `{meant}`?"));
            self.report(
                ProblemKind::UnresolvedReference,
                origin,
                format!("`DependsOn` names {}, which is no resource of this template", quoted(id)),
                &help,
            );
            self.repair(before, Repair::respell(origin, id, meant));
        }
    }
}
