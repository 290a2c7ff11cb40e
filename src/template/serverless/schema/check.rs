//! Checks a configuration against the schema and gives its values the types the schema asks
//! for, as JSON Schema validation with type coercion does.
//!
//! A text of which a part is unknown may fit everywhere, and is never a mismatch.

use super::pattern::Pattern;
use super::table::{Additional, Node, NodeId, Table};
use super::values::{coerce, equals, is, is_truthy, is_uri, repeated};
use crate::template::serverless::service::is_unknown;
use crate::template::value::{Kind, Origin, Value};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// Whether a value fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    Maybe,
    Yes,
}
use Fit::{Maybe, No, Yes};

impl std::ops::BitAndAssign for Fit {
    fn bitand_assign(&mut self, other: Self) {
        *self = (*self).min(other);
    }
}

/// One way in which a value does not fit.
#[derive(Clone, Debug)]
pub struct Mismatch {
    /// Keys down to the value, each behind a slash.
    pub instance: String,
    /// Keywords down to the one that is not met, each behind a slash.
    pub schema: String,
    /// That keyword.
    pub keyword: &'static str,
    /// What the value must be.
    pub message: String,
    /// The type that the schema around the keyword names, `const` for a constant.
    pub ty: Option<String>,
    /// Where it is.
    pub origin: Origin,
    /// The key that should not be there.
    pub extra: Option<(String, NodeId)>,
}

/// Checks `value` against the whole schema.
pub fn check(value: &mut Value) -> Vec<Mismatch> {
    let table = Table::get();
    let mut checker =
        Checker { table, mismatches: Vec::new(), quiet: 0, instance: String::new(), schema: String::new() };
    checker.node(value, table.root());
    checker.mismatches
}

/// Gives IAM statements the types the schema asks for: one action becomes a list of one.
pub fn coerce_statements(value: &mut Value) {
    let table = Table::get();
    let below = |node: NodeId, key: &str| {
        table.node(node).properties.iter().find(|(name, _)| name == key).map(|(_, node)| *node)
    };
    let provider = below(table.root(), "provider");
    let Some(statements) = provider.and_then(|provider| below(provider, "iamRoleStatements")) else { return };
    let mut checker =
        Checker { table, mismatches: Vec::new(), quiet: 1, instance: String::new(), schema: String::new() };
    checker.node(value, statements);
}

/// Gives the values of one function the types the schema asks for.
pub fn coerce_function(value: &mut Value) {
    let table = Table::get();
    let functions = table.node(table.root()).properties.iter().find(|(name, _)| name == "functions");
    let Some((_, functions)) = functions else { return };
    let Some((_, function)) = table.node(*functions).pattern_properties.first() else { return };
    let mut checker =
        Checker { table, mismatches: Vec::new(), quiet: 1, instance: String::new(), schema: String::new() };
    checker.node(value, *function);
}

struct Checker {
    table: &'static Table,
    mismatches: Vec<Mismatch>,
    /// Above 0, mismatches are counted but not kept.
    quiet: usize,
    instance: String,
    schema: String,
}

impl Checker {
    fn mismatch(
        &mut self,
        node: &Node,
        keyword: &'static str,
        origin: Origin,
        message: impl FnOnce() -> String,
    ) -> Fit {
        if self.quiet == 0 {
            let ty =
                if node.constant.as_ref().is_some_and(is_truthy) { Some("const".to_owned()) } else { node.ty.clone() };
            self.mismatches.push(Mismatch {
                instance: self.instance.clone(),
                schema: format!("{}/{keyword}", self.schema),
                keyword,
                message: message(),
                ty,
                origin,
                extra: None,
            });
        }
        No
    }

    /// Runs `inner` with both paths extended.
    fn below<T>(&mut self, key: Option<&str>, schema: &[&str], inner: impl FnOnce(&mut Self) -> T) -> T {
        let lengths = (self.instance.len(), self.schema.len());
        if self.quiet == 0 {
            if let Some(key) = key {
                self.instance.push('/');
                self.instance.push_str(key);
            }
            for part in schema {
                self.schema.push('/');
                self.schema.push_str(&part.replace('/', "~1"));
            }
        }
        let result = inner(self);
        self.instance.truncate(lengths.0);
        self.schema.truncate(lengths.1);
        result
    }

    fn node(&mut self, value: &mut Value, id: NodeId) -> Fit {
        let table = self.table;
        let node = table.node(id);
        if value.is_null() {
            return Yes;
        }
        if is_unknown(value) {
            return self.unknown(value, node);
        }
        let mut fits = self.types(value, node);
        fits &= match &value.kind {
            Kind::Int(_) | Kind::Float(_) => self.number(value, node),
            Kind::Str(_) => self.text(value, node),
            Kind::List(_) => self.list(value, node),
            Kind::Map(_) => self.map(value, id),
            Kind::Bool(_) | Kind::Null => Yes,
        };
        if let Some(values) = &node.values
            && !values.iter().any(|wanted| equals(value, wanted))
        {
            fits = self.mismatch(node, "enum", value.origin, || {
                let mut message = "must be equal to one of the allowed values".to_owned();
                if let Some(texts) = values.iter().map(Json::as_str).collect::<Option<Vec<_>>>() {
                    let _ = write!(message, " [{}]", texts.join(", "));
                }
                message
            });
        }
        if let Some(constant) = &node.constant
            && !equals(value, constant)
        {
            fits = self.mismatch(node, "const", value.origin, || "must be equal to constant".into());
        }
        fits &= self.alternatives(value, node);
        fits
    }

    /// A text that is not known stands where any text, number or boolean may stand.
    fn unknown(&mut self, value: &mut Value, node: &Node) -> Fit {
        let open = node.pattern.is_none() && node.regexp.is_none() && node.values.is_none() && node.constant.is_none();
        let mut fits = match node.ty.as_deref() {
            Some("string") | None if open => Yes,
            Some("array") => {
                *value = Value::new(Kind::List(vec![value.clone()]), value.origin.incomplete());
                return self.list(value, node);
            }
            _ => Maybe,
        };
        fits &= self.alternatives(value, node);
        fits
    }

    fn types(&mut self, value: &mut Value, node: &Node) -> Fit {
        let Some(ty) = node.ty.as_deref() else { return Yes };
        if is(value, ty) {
            return Yes;
        }
        if let Kind::List(items) = &value.kind
            && let [only] = items.as_slice()
            && !matches!(ty, "object" | "array")
        {
            let mut only = only.clone();
            if is(&only, ty) || is_unknown(&only) || coerce(&mut only, ty) {
                value.kind = only.kind;
                return if is(value, ty) { Yes } else { Maybe };
            }
        } else if coerce(value, ty) {
            return Yes;
        }
        self.mismatch(node, "type", value.origin, || format!("must be {ty}"))
    }

    fn number(&mut self, value: &Value, node: &Node) -> Fit {
        #[allow(clippy::cast_precision_loss)] // limits are far below where it matters
        let number = match value.kind {
            Kind::Int(number) => number as f64,
            Kind::Float(number) => number,
            _ => return Yes,
        };
        let mut fits = Yes;
        if let Some(limit) = node.minimum.filter(|limit| number < *limit) {
            fits = self.mismatch(node, "minimum", value.origin, || format!("must be >= {limit}"));
        }
        if let Some(limit) = node.maximum.filter(|limit| number > *limit) {
            fits = self.mismatch(node, "maximum", value.origin, || format!("must be <= {limit}"));
        }
        fits
    }

    fn text(&mut self, value: &Value, node: &Node) -> Fit {
        let Some(text) = value.as_str() else { return Yes };
        let mut fits = Yes;
        let unmet = |pattern: &Option<Pattern>| pattern.as_ref().is_some_and(|pattern| !pattern.matches(text));
        let length = text.chars().count();
        if let Some(limit) = node.max_length.filter(|limit| length > *limit) {
            fits = self
                .mismatch(node, "maxLength", value.origin, || format!("must NOT have more than {limit} characters"));
        }
        if let Some(limit) = node.min_length.filter(|limit| length < *limit) {
            fits = self
                .mismatch(node, "minLength", value.origin, || format!("must NOT have fewer than {limit} characters"));
        }
        if unmet(&node.pattern) {
            let pattern = node.pattern.as_ref().map_or("", Pattern::text);
            fits = self.mismatch(node, "pattern", value.origin, || format!("must match pattern \"{pattern}\""));
        }
        if unmet(&node.regexp) {
            let pattern = node.regexp.as_ref().map_or("", Pattern::text);
            let shown = if value.origin.is_secret() { "…" } else { text };
            fits = self.mismatch(node, "regexp", value.origin, || {
                format!("value '{shown}' does not satisfy pattern {pattern}")
            });
        }
        if node.format.as_deref() == Some("uri") && !is_uri(text) {
            fits = self.mismatch(node, "format", value.origin, || "must match format \"uri\"".into());
        }
        fits
    }

    fn list(&mut self, value: &mut Value, node: &Node) -> Fit {
        let origin = value.origin;
        let Some(items) = value.as_list_mut() else { return Yes };
        let count = items.len();
        let mut fits = Yes;
        if let Some(limit) = node.max_items.filter(|limit| count > *limit) {
            fits = self.mismatch(node, "maxItems", origin, || format!("must NOT have more than {limit} items"));
        }
        if let Some(limit) = node.min_items.filter(|limit| count < *limit && !origin.is_incomplete()) {
            fits = self.mismatch(node, "minItems", origin, || format!("must NOT have fewer than {limit} items"));
        }
        let prefix = node.prefix_items.len();
        if node.additional_items == Some(false) && prefix > 0 && count > prefix {
            fits = self.mismatch(node, "additionalItems", origin, || format!("must NOT have more than {prefix} items"));
        }
        if node.unique_items
            && let Some((i, j)) = repeated(items)
        {
            fits = self.mismatch(node, "uniqueItems", origin, || {
                format!("must NOT have duplicate items (items ## {j} and {i} are identical)")
            });
        }
        for (at, item) in items.iter_mut().enumerate() {
            let below = node.prefix_items.get(at).copied().or(node.items.filter(|_| at >= prefix));
            if let Some(below) = below {
                fits &= self.below(Some(&at.to_string()), &["items"], |inner| inner.node(item, below));
            }
        }
        fits
    }

    fn map(&mut self, value: &mut Value, id: NodeId) -> Fit {
        let table = self.table;
        let node = table.node(id);
        let origin = value.origin;
        let Some(map) = value.as_map_mut() else { return Yes };
        let mut fits = Yes;
        let count = map.values().filter(|value| !value.is_null()).count();
        if let Some(limit) = node.max_properties.filter(|limit| count > *limit) {
            fits =
                self.mismatch(node, "maxProperties", origin, || format!("must NOT have more than {limit} properties"));
        }
        if let Some(limit) = node.min_properties.filter(|limit| count < *limit) {
            fits =
                self.mismatch(node, "minProperties", origin, || format!("must NOT have fewer than {limit} properties"));
        }
        for name in &node.required {
            if map.get(name).is_none_or(Value::is_null) && !origin.is_incomplete() {
                fits = self.mismatch(node, "required", origin, || format!("must have required property '{name}'"));
            }
        }
        for (name, others) in &node.dependencies {
            if map.get(name).is_some_and(|value| !value.is_null()) {
                for other in others.iter().filter(|other| map.get(other).is_none_or(Value::is_null)) {
                    fits = self.mismatch(node, "dependencies", origin, || {
                        format!("must have property {other} when property {name} is present")
                    });
                }
            }
        }
        for entry in map.iter_mut().filter(|entry| !entry.value.is_null()) {
            let key = entry.key.as_str();
            if let Some(names) = node.property_names {
                let mut name = Value::new(Kind::Str(entry.key.clone()), entry.key_origin);
                let named = self.below(None, &["propertyNames"], |inner| inner.node(&mut name, names));
                if named == No {
                    fits =
                        self.mismatch(node, "propertyNames", entry.key_origin, || "property name must be valid".into());
                }
            }
            let mut known = false;
            if let Some((_, id)) = node.properties.iter().find(|(name, _)| name == key) {
                known = true;
                fits &= self.below(Some(key), &["properties", key], |inner| inner.node(&mut entry.value, *id));
            }
            for (pattern, id) in node.pattern_properties.iter().filter(|(pattern, _)| pattern.matches(key)) {
                known = true;
                let schema = ["patternProperties", pattern.text()];
                fits &= self.below(Some(key), &schema, |inner| inner.node(&mut entry.value, *id));
            }
            match node.additional_properties {
                Additional::Node(id) if !known => {
                    let schema = ["additionalProperties"];
                    fits &= self.below(Some(key), &schema, |inner| inner.node(&mut entry.value, id));
                }
                Additional::Closed if !known && !crate::template::unknown::is_unknown(key) => {
                    let functions = self.instance == "/functions";
                    fits = self.mismatch(node, "additionalProperties", entry.key_origin, || {
                        if functions {
                            format!("name '{key}' must be alphanumeric")
                        } else {
                            format!("unrecognized property '{key}'")
                        }
                    });
                    if self.quiet == 0
                        && let Some(mismatch) = self.mismatches.last_mut()
                    {
                        mismatch.extra = Some((key.to_owned(), id));
                    }
                }
                _ => {}
            }
        }
        fits
    }

    fn alternatives(&mut self, value: &mut Value, node: &Node) -> Fit {
        let mut fits = Yes;
        if let Some(not) = node.not {
            fits = match self.quietly(|inner| inner.node(value, not)) {
                No => Yes,
                Maybe => Maybe,
                Yes => self.mismatch(node, "not", value.origin, || "must NOT be valid".into()),
            };
        }
        if !node.any_of.is_empty() {
            let mut best = No;
            for id in &node.any_of {
                best = best.max(self.quietly(|inner| inner.node(value, *id)));
                if best == Yes {
                    break;
                }
            }
            if best == No {
                self.each(value, "anyOf", &node.any_of);
                self.mismatch(node, "anyOf", value.origin, || "must match a schema in anyOf".into());
            }
            fits &= best;
        }
        if !node.one_of.is_empty() {
            let each: Vec<Fit> = node.one_of.iter().map(|id| self.quietly(|inner| inner.node(value, *id))).collect();
            let count = |wanted| each.iter().filter(|fit| **fit == wanted).count();
            fits &= match (count(Yes), count(Maybe)) {
                (1, _) => Yes,
                (0, 1..) => Maybe,
                (some, _) => {
                    if some == 0 {
                        self.each(value, "oneOf", &node.one_of);
                    }
                    self.mismatch(node, "oneOf", value.origin, || "must match exactly one schema in oneOf".into())
                }
            };
        }
        for (at, id) in node.all_of.iter().enumerate() {
            fits &= self.below(None, &["allOf", &at.to_string()], |inner| inner.node(value, *id));
        }
        fits
    }

    fn quietly(&mut self, inner: impl FnOnce(&mut Self) -> Fit) -> Fit {
        self.quiet += 1;
        let fits = inner(self);
        self.quiet -= 1;
        fits
    }

    /// Says why none of `ids` fits.
    fn each(&mut self, value: &mut Value, keyword: &str, ids: &[NodeId]) {
        if self.quiet > 0 {
            return;
        }
        for (at, id) in ids.iter().enumerate() {
            self.below(None, &[keyword, &at.to_string()], |inner| inner.node(value, *id));
        }
    }
}
