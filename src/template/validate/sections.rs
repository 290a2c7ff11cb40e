//! The sections around the resources.

use super::Validation;
use super::call::{is_macro_key, value_call};
use super::checker::Place;
use super::output::output;
use super::words::{listed, nearest, quoted, shown};
use crate::schema::Types;
use crate::template::ProblemKind;
use crate::template::value::{Entry, Kind, Map};

/// Sections of a template.
const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
];
const OUTPUT_ATTRIBUTES: [&str; 4] = ["Condition", "Description", "Export", "Value"];
const MAX_DESCRIPTION: usize = 1024;
const MAX_ENTRIES: usize = 200;

impl<'v> Validation<'_, 'v> {
    /// The sections themselves.
    pub(super) fn sections(&mut self, root: &'v Map) {
        let partial = self.root.origin.is_incomplete();
        for entry in root {
            let name = &*entry.key;
            if name != "Transform" && !SECTIONS.contains(&name) && !is_macro_key(name) && !partial {
                let help = nearest(name, SECTIONS.into_iter().filter(|known| !root.contains_key(known))).map_or_else(
                    || format!("a template has {}", listed(SECTIONS, "and")),
                    |meant| format!("did you mean `{meant}`?"),
                );
                self.report(
                    ProblemKind::TemplateSection,
                    entry.key_origin,
                    format!("`{name}` is not a section of a template"),
                    &help,
                );
            }
            match name {
                "AWSTemplateFormatVersion" if !matches!(entry.value.as_str(), Some("2010-09-09") | None) => {
                    let message = format!("there is no template format version {}", shown(&entry.value));
                    self.report(ProblemKind::TemplateSection, entry.value.origin, message, "write `2010-09-09`");
                }
                "Description" => self.description(entry, MAX_DESCRIPTION),
                "Globals" if entry.value.as_map().is_none() && !entry.value.origin.is_incomplete() => {
                    let message = format!("`{name}` must be a map, and is {}", shown(&entry.value));
                    self.report(ProblemKind::TemplateSection, entry.key_origin, message, "write one entry per name");
                }
                _ => {}
            }
        }
        if !root.contains_key("Resources") && !partial && !root.keys().any(is_macro_key) {
            self.report(
                ProblemKind::TemplateSection,
                self.root.origin,
                "the template has no `Resources`",
                "declare at least one resource",
            );
        }
        self.globals(root);
    }

    fn description(&mut self, entry: &'v Entry, most: usize) {
        if entry.value.origin.is_incomplete() {
            return;
        }
        let origin = Place::new(entry.key_origin, &entry.key).of(&entry.value);
        match &entry.value.kind {
            Kind::Str(text) if text.len() > most => {
                let message = format!("the description has {} bytes; CloudFormation takes {most}", text.len());
                self.report(ProblemKind::TemplateLimit, origin, message, "shorten it");
            }
            Kind::List(_) | Kind::Map(_) => {
                let message = format!("`Description` must be text, and is {}", shown(&entry.value));
                self.report(
                    ProblemKind::TemplateSection,
                    origin,
                    message,
                    "write text; intrinsic functions are not allowed here",
                );
            }
            _ => {}
        }
    }

    fn globals(&mut self, root: &'v Map) {
        let Some(globals) = root.entry("Globals") else { return };
        if !self.index.sam && !self.index.open {
            let message = "`Globals` is a section of SAM, and the template has no SAM transform";
            return self.report(
                ProblemKind::SamConfiguration,
                globals.key_origin,
                message,
                "add `Transform: AWS::Serverless-2016-10-31`",
            );
        }
        if globals.value.as_map().is_none() {
            return;
        }
        if let Some(function) = globals.value.as_map().and_then(|map| map.entry("Function")) {
            self.runtime(&function.value, Place::new(function.key_origin, "Function"));
        }
        let Some(table) = self.table.resource_type("#sam/globals") else { return };
        let mut checker = self.checker();
        checker.only = Some(ProblemKind::SamConfiguration);
        checker.check(table.properties(), &globals.value, Place::new(globals.key_origin, "Globals"));
    }

    /// The `Mappings` section.
    pub(super) fn mappings(&mut self, section: &'v Entry) {
        let Some(mappings) = section.value.as_map() else { return };
        if mappings.len() > MAX_ENTRIES {
            let message = format!("the template has {} mappings; CloudFormation takes {MAX_ENTRIES}", mappings.len());
            self.report(ProblemKind::TemplateLimit, section.key_origin, message, "combine some");
        }
        for entry in mappings.iter().filter(|entry| !is_macro_key(&entry.key)) {
            if !entry.key.chars().all(|c| c.is_ascii_alphanumeric()) {
                let message =
                    format!("the name of the mapping {} is not made of letters and digits alone", quoted(&entry.key));
                self.report(ProblemKind::InvalidMapping, entry.key_origin, message, "remove the other characters");
                continue;
            }
            let Some(rows) = self.level(entry, &entry.key) else { continue };
            for row in rows.iter().filter(|row| !is_macro_key(&row.key)) {
                if !row.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-') {
                    let message = format!(
                        "the key {} of the mapping `{}` has characters that are not allowed",
                        quoted(&row.key),
                        entry.key
                    );
                    self.report(
                        ProblemKind::InvalidMapping,
                        row.key_origin,
                        message,
                        "use letters, digits, `.` and `-`",
                    );
                }
                let Some(columns) = self.level(row, &entry.key) else { continue };
                for column in columns.iter().filter(|column| !is_macro_key(&column.key)) {
                    let flat =
                        !matches!(column.value.kind, Kind::Map(_) | Kind::Null) || column.value.origin.is_incomplete();
                    if !flat {
                        let message = format!(
                            "`{}` in the mapping `{}` must be a single value or a list, and is {}",
                            column.key,
                            entry.key,
                            shown(&column.value)
                        );
                        self.report(
                            ProblemKind::InvalidMapping,
                            column.key_origin,
                            message,
                            "mappings have two levels of keys",
                        );
                    }
                }
            }
        }
    }

    fn level(&mut self, entry: &'v Entry, mapping: &str) -> Option<&'v Map> {
        let map = entry.value.as_map();
        if map.is_none_or(Map::is_empty) && !entry.value.origin.is_incomplete() {
            let message = format!(
                "`{}` in the mapping `{mapping}` must be a map with keys, and is {}",
                entry.key,
                shown(&entry.value)
            );
            self.report(ProblemKind::InvalidMapping, entry.key_origin, message, "mappings have two levels of keys");
            return None;
        }
        map
    }

    /// The `Conditions` section.
    pub(super) fn conditions(&mut self, section: &'v Entry) {
        let Some(conditions) = section.value.as_map() else { return };
        self.in_resources = false;
        for entry in conditions.iter().filter(|entry| !is_macro_key(&entry.key)) {
            if !entry.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '&' || c == '_') {
                let message =
                    format!("the name of the condition {} has characters that are not allowed", quoted(&entry.key));
                self.report(ProblemKind::InvalidCondition, entry.key_origin, message, "use letters and digits");
                continue;
            }
            let before = self.problems.len();
            self.condition(&entry.value, entry.key_origin, 0);
            if self.problems.len() == before {
                self.constant(entry);
            }
        }
        self.in_resources = true;
    }

    /// The `Outputs` section.
    pub(super) fn outputs(&mut self, section: &'v Entry) {
        let Some(outputs) = section.value.as_map() else { return };
        if outputs.len() > MAX_ENTRIES {
            let message = format!("the template has {} outputs; CloudFormation takes {MAX_ENTRIES}", outputs.len());
            self.report(ProblemKind::TemplateLimit, section.key_origin, message, "remove those nobody reads");
        }
        for entry in outputs {
            if is_macro_key(&entry.key) {
                continue;
            }
            if !entry.key.chars().all(|c| c.is_ascii_alphanumeric()) {
                let message = format!("the output name {} is not made of letters and digits alone", quoted(&entry.key));
                self.report(ProblemKind::InvalidName, entry.key_origin, message, "remove the other characters");
            }
            self.in_outputs = true;
            self.where_it_exists(entry.value.as_map(), |validation| validation.output(entry));
            self.in_outputs = false;
        }
    }

    fn output(&mut self, entry: &'v Entry) {
        let Some(body) = entry.value.as_map() else {
            if !entry.value.origin.is_incomplete() {
                self.report(
                    ProblemKind::InvalidOutput,
                    entry.key_origin,
                    format!("the output `{}` must be a map, and is {}", entry.key, shown(&entry.value)),
                    "give it a `Value`",
                );
            }
            return;
        };
        if !body.contains_key("Value") && !entry.value.origin.is_incomplete() && !body.keys().any(is_macro_key) {
            self.report(
                ProblemKind::InvalidOutput,
                entry.key_origin,
                format!("the output `{}` has no `Value`", entry.key),
                "add `Value`",
            );
        }
        for attribute in body {
            match &*attribute.key {
                "Value" => {
                    self.text_output(attribute, entry);
                    self.walk(&attribute.value, "Value", 0);
                }
                "Condition" => match attribute.value.as_str() {
                    Some(name) => self.condition_name(name, attribute.value.origin),
                    None => {
                        let message =
                            format!("`Condition` must be the name of a condition, and is {}", shown(&attribute.value));
                        self.report(ProblemKind::InvalidOutput, attribute.key_origin, message, "write the name");
                    }
                },
                "Export" => self.export(attribute),
                "Description" => self.description(attribute, MAX_DESCRIPTION),
                name if is_macro_key(name) => {}
                name => {
                    let help = nearest(name, OUTPUT_ATTRIBUTES).map_or_else(
                        || format!("an output has {}", listed(OUTPUT_ATTRIBUTES, "and")),
                        |meant| format!("did you mean `{meant}`?"),
                    );
                    self.report(
                        ProblemKind::InvalidOutput,
                        attribute.key_origin,
                        format!("`{name}` is not an attribute of an output"),
                        &help,
                    );
                }
            }
        }
    }

    fn export(&mut self, export: &'v Entry) {
        let Some(body) = export.value.as_map() else {
            if !export.value.origin.is_incomplete() {
                self.report(
                    ProblemKind::InvalidOutput,
                    export.key_origin,
                    format!("`Export` must be a map with a `Name`, and is {}", shown(&export.value)),
                    "write `Export: {Name: …}`",
                );
            }
            return;
        };
        if value_call(&export.value).is_some() {
            return;
        }
        match body.entry("Name") {
            Some(name) => {
                self.text_output(name, export);
                self.walk(&name.value, "Name", 0);
            }
            None => self.report(ProblemKind::InvalidOutput, export.key_origin, "`Export` has no `Name`", "add `Name`"),
        }
    }

    /// A value that must be text.
    fn text_output(&mut self, attribute: &'v Entry, of: &'v Entry) {
        let value = &attribute.value;
        let Some(call) = value_call(value) else {
            if matches!(value.kind, Kind::List(_) | Kind::Map(_) | Kind::Null) && !value.origin.is_incomplete() {
                let message = format!("`{}` of `{}` must be text, and is {}", attribute.key, of.key, shown(value));
                self.report(ProblemKind::InvalidOutput, attribute.key_origin, message, "join lists with `Fn::Join`");
            }
            return;
        };
        // CloudFormation joins texts alone here.
        let joined = (call.name == "Fn::Join").then(|| call.argument().as_list()?.get(1)?.as_list()).flatten();
        let calls = std::iter::once(call).chain(joined.unwrap_or_default().iter().filter_map(value_call));
        let misfit = calls.map(|call| (call, output(&self.index, self.table, call)));
        if let Some((call, result)) = misfit.into_iter().find(|(_, result)| !result.fits(Types::STRING)) {
            let message = format!(
                "`{}` of `{}` must be text, and `{}` gives {}",
                attribute.key,
                of.key,
                call.name,
                result.words()
            );
            self.report(
                ProblemKind::InvalidOutput,
                call.entry.key_origin,
                message,
                "use an attribute that is text, or join a list with `Fn::Join`",
            );
        }
    }
}
