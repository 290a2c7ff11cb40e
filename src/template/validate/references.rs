//! References by name: `Ref`, `Fn::GetAtt`, variables of `Fn::Sub`, keys of mappings.

use super::Validation;
use super::call::{Call, value_call};
use super::index::is_pseudo_parameter;
use super::output::{get_att_parts, output};
use super::resources::is_custom;
use super::words::{listed, nearest, quoted, shown};
use crate::schema::Types;
use crate::template::intrinsic::{SubPart, sub_parts};
use crate::template::unknown;
use crate::template::value::{Map, Origin, Value};
use crate::template::{ProblemKind, Repair};

/// Variables that stand in plain text for other services than CloudFormation.
const FOREIGN_PREFIXES: [&str; 1] = ["stageVariables."];

impl<'v> Validation<'_, 'v> {
    pub(super) fn reference(&mut self, call: Call<'v>) {
        let argument = call.argument();
        let Some(id) = argument.as_str() else {
            if self.index.extensions && value_call(argument).is_some() {
                return self.walk(argument, call.name, 1);
            }
            let message = format!("`Ref` takes the name of a parameter or resource, and has {}", shown(argument));
            return self.malformed(call.entry.key_origin, message, "write one name; use `Fn::GetAtt` for attributes");
        };
        self.name(id, call.entry.key_origin, "`Ref` names", argument.origin);
        self.existence(id, call.entry.key_origin);
        self.used(id);
    }

    /// A parameter, resource or pseudo parameter called `id`.
    fn name(&mut self, id: &'v str, origin: Origin, by: &str, word: Origin) {
        if self.index.open || unknown::is_unknown(id) || self.index.can_refer_to(id) {
            let outside =
                !self.in_resources && self.index.resources.contains_key(id) && !self.index.parameters.contains_key(id);
            if outside && !self.index.open {
                let message = format!("{by} the resource `{id}`, and conditions and rules cannot depend on resources");
                self.report(ProblemKind::UnresolvedReference, origin, message, "refer to a parameter");
            }
            return;
        }
        let meant = nearest(id, self.index.referable());
        let before = self.problems.len();
        let help = meant
            .map_or("declare it under `Parameters` or `Resources`, or correct the name".to_owned(), |meant| {
                format!("did you mean `{meant}`?")
            });
        let message = format!("{by} {}, which is neither a parameter nor a resource of this template", quoted(id));
        self.report(ProblemKind::UnresolvedReference, origin, message, &help);
        self.repair(before, Repair::respell(word, id, meant));
    }

    pub(super) fn get_att(&mut self, call: Call<'v>, depth: u32) {
        let argument = call.argument();
        let form = "write `Fn::GetAtt: [logical id, attribute]`";
        let origins = match argument.as_list() {
            Some([id, attribute]) => {
                for part in [id, attribute] {
                    if part.as_str().is_none() && value_call(part).is_none() && !part.origin.is_incomplete() {
                        let message =
                            format!("`Fn::GetAtt` takes a logical id and an attribute, and has {}", shown(part));
                        return self.malformed(part.origin, message, form);
                    }
                    self.walk(part, call.name, depth + 1);
                }
                (id.origin, attribute.origin)
            }
            Some(items) => {
                let message =
                    format!("`Fn::GetAtt` takes a logical id and an attribute, and has {} items", items.len());
                return self.malformed(call.entry.key_origin, message, form);
            }
            None if argument.as_str().is_some_and(|text| text.contains('.') || unknown::is_unknown(text)) => {
                (call.entry.key_origin, call.entry.key_origin)
            }
            None => {
                let message = format!("`Fn::GetAtt` takes a logical id and an attribute, and has {}", shown(argument));
                return self.malformed(call.entry.key_origin, message, form);
            }
        };
        if let Some((id, attribute)) = get_att_parts(&self.index, argument) {
            self.used(id);
            self.attribute(id, attribute, origins, "`Fn::GetAtt` names");
            self.existence(id, call.entry.key_origin);
        }
    }

    /// `id.attribute`, of which both are given as text.
    fn attribute(&mut self, id: &'v str, attribute: &'v str, origins: (Origin, Origin), by: &str) {
        if self.index.open || unknown::is_unknown(id) || unknown::is_unknown(attribute) {
            return;
        }
        if self.index.may_be_generated(id) {
            return;
        }
        let Some(resource) = self.index.resources.get(id) else {
            let meant = nearest(id, self.index.resources.keys().copied());
            let help =
                meant.map_or("name a resource of this template".to_owned(), |meant| format!("did you mean `{meant}`?"));
            let message = format!("{by} {}, which is no resource of this template", quoted(id));
            let before = self.problems.len();
            self.report(ProblemKind::UnresolvedReference, origins.0, message, &help);
            return self.repair(before, Repair::respell(origins.0, id, meant));
        };
        let Some(kind) = resource.kind.filter(|kind| !is_custom(kind)) else { return };
        if (kind.starts_with("AWS::Serverless::") || resource.generated) && self.index.sam {
            let first = attribute.split('.').next().unwrap_or("");
            if super::index::GENERATED_PARTS.contains(&first) {
                return;
            }
        }
        let Some(resource_type) = resource.schema else { return };
        if resource.expanded_schema.is_some_and(|kind| kind.has_attribute(attribute) != Some(false)) {
            return;
        }
        if resource_type.has_attribute(attribute) != Some(false) {
            return;
        }
        let names = resource_type.attribute_names();
        let meant = nearest(attribute, names.iter().copied());
        let before = self.problems.len();
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if names.is_empty() => format!("{kind} has no attributes; use `Ref`"),
            None => format!("{kind} has {}", listed(names, "and")),
        };
        self.report(
            ProblemKind::UnknownAttribute,
            origins.1,
            format!("`{id}` ({kind}) has no attribute {}", quoted(attribute)),
            &help,
        );
        self.repair(before, Repair::respell(origins.1, attribute, meant));
    }

    pub(super) fn substitution(&mut self, call: Call<'v>, depth: u32) {
        let argument = call.argument();
        let form = "write `Fn::Sub: text`, or `Fn::Sub: [text, map of names to values]`";
        let (text, locals) = match argument.as_list() {
            Some([text, locals]) => (text, Some(locals)),
            Some(items) => {
                let message = format!("`Fn::Sub` takes a text and a map of names, and has {} items", items.len());
                return self.malformed(call.entry.key_origin, message, form);
            }
            None => (argument, None),
        };
        if value_call(text).is_some_and(|inner| inner.name.trim_start_matches("Fn::").contains("::")) {
            return;
        }
        let Some(text) = text.as_str() else {
            let message = format!("`Fn::Sub` takes a text, and has {}", shown(text));
            return self.malformed(call.entry.key_origin, message, form);
        };
        let locals = match locals.map(|locals| (locals, locals.as_map())) {
            Some((_, Some(map))) => Some(map),
            Some((other, None)) if !other.origin.is_incomplete() => {
                let message =
                    format!("the second item of `Fn::Sub` is a map of names to values, and not {}", shown(other));
                return self.malformed(call.entry.key_origin, message, form);
            }
            _ => None,
        };
        for entry in locals.into_iter().flat_map(Map::iter) {
            self.local(call, &entry.value, depth);
        }
        if text.contains("{{resolve:") {
            self.dynamic_references(text, call.entry.key_origin, "");
        }
        let (mut variables, mut taken) = (0, Vec::new());
        for part in sub_parts(text) {
            let SubPart::Name(name, _) = part else { continue };
            variables += 1;
            taken.push(name);
            if !locals.is_some_and(|locals| locals.contains_key(name)) {
                self.variable(name, call.entry.key_origin);
            }
        }
        for entry in locals.into_iter().flat_map(Map::iter) {
            if variables > 0 && !taken.contains(&&*entry.key) && !unknown::is_unknown(text) && !entry.key.contains("::")
            {
                let message = format!("`Fn::Sub` gives `{}` a value, and the text does not use it", entry.key);
                self.report(ProblemKind::NeedlessSub, entry.key_origin, message, "use it in the text, or remove it");
            }
        }
        if variables == 0 && !text.contains("${!") && !unknown::is_unknown(text) {
            let before = self.problems.len();
            self.report(
                ProblemKind::NeedlessSub,
                call.entry.key_origin,
                "this `Fn::Sub` has no variable",
                "write the text without it",
            );
            let plain = call.argument().as_str().is_some();
            let unwrap = Repair::Unwrap { place: call.argument().origin, text: text.to_owned() };
            self.repair(before, plain.then_some(unwrap));
        }
    }

    fn local(&mut self, call: Call<'v>, value: &'v Value, depth: u32) {
        if let Some(inner) = value_call(value) {
            let result = output(&self.index, self.table, inner);
            if !result.fits(Types::STRING) {
                let message =
                    format!("`Fn::Sub` replaces names with text, and `{}` gives {}", inner.name, result.words());
                self.report(
                    ProblemKind::WrongType,
                    inner.entry.key_origin,
                    message,
                    "use a single value, or `Fn::Join` a list",
                );
            }
        } else if value.as_map().is_some() || value.as_list().is_some() {
            let message = format!("`Fn::Sub` replaces names with text, and has {}", shown(value));
            return self.malformed(call.entry.key_origin, message, "give each name a single value");
        }
        self.walk(value, call.name, depth + 1);
    }

    fn variable(&mut self, name: &'v str, origin: Origin) {
        if name.is_empty() {
            return;
        }
        if is_pseudo_parameter(name) || !name.contains('.') {
            self.name(name, origin, "`Fn::Sub` names", origin.generated());
            self.used(name);
            self.existence(name, origin);
            if !self.index.open
                && self
                    .index
                    .parameters
                    .get(name)
                    .is_some_and(|parameter| is_list_parameter(self.table, &parameter.value))
            {
                let message = format!("`Fn::Sub` replaces names with text, and the parameter `{name}` is a list");
                self.report(ProblemKind::WrongType, origin, message, "join it with `Fn::Join` first");
            }
            return;
        }
        let Some((id, attribute)) = name.split_once('.') else { return };
        self.used(id);
        self.existence(id, origin);
        let before = self.problems.len();
        self.attribute(id, attribute, (origin, origin), "`Fn::Sub` names");
        if self.problems.len() == before {
            let result = super::output::attribute_output(&self.index, self.table, id, attribute);
            if !result.fits(Types::STRING) {
                let message = format!("`Fn::Sub` replaces names with text, and `{name}` is {}", result.words());
                self.report(ProblemKind::WrongType, origin, message, "use an attribute that is text");
            }
        }
    }

    /// Plain text with `${…}` of a name only `Fn::Sub` would replace.
    pub(super) fn plain_text(&mut self, text: &'v str, origin: Origin, property: &'v str) {
        if property == "TemplateBody" || unknown::is_unknown(text) || self.index.open {
            return;
        }
        for part in sub_parts(text) {
            let SubPart::Name(name, _) = part else { continue };
            let simple = name.chars().all(|c| c.is_ascii_alphanumeric() || "_:.".contains(c));
            if !simple
                || self.substituted.contains(&name)
                || FOREIGN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
                || self.configured.is_foreign_variable(name)
            {
                continue;
            }
            if self.is_replaceable(name) {
                let message = format!("`${{{name}}}` in plain text stays as it is: only `Fn::Sub` replaces it");
                let before = self.problems.len();
                self.report(ProblemKind::MissingSub, origin, message, "put the text under `Fn::Sub`");
                let all = sub_parts(text).all(|part| match part {
                    SubPart::Name(name, _) => self.is_replaceable(name),
                    _ => true,
                });
                return self.repair(before, all.then(|| Repair::Wrap { place: origin, text: text.to_owned() }));
            }
        }
    }

    /// Whether `Fn::Sub` surely has a value for a name.
    fn is_replaceable(&self, name: &str) -> bool {
        match name.split_once('.') {
            Some((id, attribute)) if !is_pseudo_parameter(name) => {
                let schema = self.index.resources.get(id).and_then(|resource| resource.schema);
                schema.is_some_and(|kind| kind.has_attribute(attribute) == Some(true))
            }
            _ => self.index.declares(name),
        }
    }

    /// The map and keys of a look-up, as far as they are written out.
    pub(super) fn mapping_keys(&mut self, call: Call<'v>, items: &'v [Value]) {
        let [map, first, second] = items else { return };
        if self.index.open {
            return;
        }
        let Some(name) = map.as_str() else { return };
        let Some(mapping) = self.index.mappings.get(name) else {
            let meant = nearest(name, self.index.mappings.keys().copied());
            let help =
                meant.map_or("declare it under `Mappings`".to_owned(), |meant| format!("did you mean `{meant}`?"));
            let before = self.problems.len();
            self.report(
                ProblemKind::UnknownMapping,
                call.entry.key_origin,
                format!("there is no mapping {}", quoted(name)),
                &help,
            );
            return self.repair(before, Repair::respell(map.origin, name, meant));
        };
        let Some(rows) = mapping.value.as_map().filter(|rows| !rows.keys().any(super::call::is_macro_key)) else {
            return;
        };
        let Some(row) = first.as_str() else { return };
        let Some(columns) = rows.get(row).map(Value::as_map) else {
            let meant = nearest(row, rows.keys());
            let before = self.problems.len();
            let help = meant.map_or_else(
                || format!("it has {}", listed(rows.keys(), "and")),
                |meant| format!("did you mean `{meant}`?"),
            );
            self.report(
                ProblemKind::UnknownMapping,
                call.entry.key_origin,
                format!("the mapping `{name}` has no key {}", quoted(row)),
                &help,
            );
            return self.repair(before, Repair::respell(first.origin, row, meant));
        };
        let (Some(columns), Some(column)) = (columns, second.as_str()) else { return };
        if !columns.contains_key(column) && !columns.keys().any(super::call::is_macro_key) {
            let meant = nearest(column, columns.keys());
            let before = self.problems.len();
            let help = meant.map_or_else(
                || format!("it has {}", listed(columns.keys(), "and")),
                |meant| format!("did you mean `{meant}`?"),
            );
            self.report(
                ProblemKind::UnknownMapping,
                call.entry.key_origin,
                format!("`{row}` of the mapping `{name}` has no key {}", quoted(column)),
                &help,
            );
            self.repair(before, Repair::respell(second.origin, column, meant));
        }
    }
}

/// Whether a parameter declaration is of a list type.
pub(super) fn is_list_parameter(table: crate::schema::Table, parameter: &Value) -> bool {
    parameter.get("Type").and_then(Value::as_str).and_then(|kind| table.parameter_type(kind)) == Some(true)
}
