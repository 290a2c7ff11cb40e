//! Intrinsic functions: where they stand, what they are given.

use super::Validation;
use super::call::{Call, is_no_value, value_call};
use super::output::output;
use super::words::{listed, shown};
use crate::schema::Types;
use crate::template::ProblemKind;
use crate::template::unknown;
use crate::template::value::{Kind, Origin, Value};

/// Functions within functions; deeper ones are not checked.
pub(super) const MAX_DEPTH: u32 = 100;

/// What an argument may be: types, and functions that may give it.
pub(super) struct Argument {
    pub types: u8,
    pub functions: &'static [&'static str],
    /// What it is, for messages.
    pub what: &'static str,
}

const SINGLE: &[&str] = &[
    "Fn::Base64",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::GetStackOutput",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Select",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Fn::Cidr",
    "Ref",
];
const LISTS: &[&str] = &[
    "Fn::Cidr",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::GetAZs",
    "Fn::If",
    "Fn::Split",
    "Fn::Select",
    "Fn::Transform",
    "Ref",
];
const KEYS: &[&str] =
    &["Fn::FindInMap", "Fn::Join", "Fn::Sub", "Fn::If", "Fn::Select", "Fn::Length", "Fn::ToJsonString", "Ref"];
const PLAIN: &[&str] = &[
    "Fn::Base64",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::GetAZs",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Select",
    "Fn::Sub",
    "Ref",
];
impl<'v> Validation<'_, 'v> {
    /// Checks every function in `value`. `name` is the property it belongs to.
    pub(super) fn walk(&mut self, value: &'v Value, name: &'v str, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(call) = value_call(value) {
            return self.function(call, name, depth);
        }
        match &value.kind {
            Kind::List(items) => {
                for item in items {
                    self.walk(item, name, depth + 1);
                }
            }
            Kind::Map(map) => {
                for entry in map {
                    self.walk(&entry.value, &entry.key, depth + 1);
                }
            }
            Kind::Str(text) if text.contains('{') => {
                if text.contains("${") {
                    self.plain_text(text, value.origin, name);
                }
                if text.contains("{{") {
                    self.dynamic_references(text, value.origin, name);
                }
            }
            _ => {}
        }
    }

    fn function(&mut self, call: Call<'v>, name: &'v str, depth: u32) {
        let argument = call.argument();
        if argument.origin.is_incomplete() || call.name == "Fn::GetAZs" && argument.is_null() {
            return;
        }
        match call.name {
            "Ref" => self.reference(call),
            "Fn::GetAtt" => self.get_att(call, depth),
            "Fn::Sub" => self.substitution(call, depth),
            "Fn::FindInMap" => self.find_in_map(call, depth),
            "Fn::If" => self.choice(call, name, depth),
            "Fn::Join" => self.join(call, depth),
            "Fn::Select" => self.select(call, depth),
            "Fn::Split" => self.split(call, depth),
            "Fn::Cidr" => self.cidr(call, depth),
            "Fn::Base64" => self.argument(
                call,
                argument,
                call.entry.key_origin,
                depth,
                &Argument { types: Types::SCALAR, functions: SINGLE, what: "a text" },
            ),
            "Fn::GetAZs" => self.argument(
                call,
                argument,
                call.entry.key_origin,
                depth,
                &Argument {
                    types: Types::STRING,
                    functions: &["Fn::GetAtt", "Fn::If", "Fn::Join", "Fn::Select", "Fn::Sub", "Fn::FindInMap", "Ref"],
                    what: "the name of a region",
                },
            ),
            "Fn::ImportValue" => {
                self.argument(
                    call,
                    argument,
                    call.entry.key_origin,
                    depth,
                    &Argument {
                        types: Types::STRING,
                        functions: &[
                            "Fn::Base64",
                            "Fn::FindInMap",
                            "Fn::If",
                            "Fn::Join",
                            "Fn::Select",
                            "Fn::Sub",
                            "Ref",
                        ],
                        what: "the name of an export",
                    },
                );
            }
            "Fn::Length" | "Fn::ToJsonString" if !self.index.extensions && !self.index.open => {
                let message = format!("`{}` needs the transform `AWS::LanguageExtensions`", call.name);
                self.report(ProblemKind::Intrinsic, call.entry.key_origin, message, "add it to `Transform`");
            }
            name if is_foreign(name) => {}
            _ => self.walk(argument, name, depth + 1),
        }
    }

    /// A problem of a function's arguments.
    pub(super) fn malformed(&mut self, origin: Origin, message: String, help: &str) {
        self.report(ProblemKind::Intrinsic, origin, message, help);
    }

    /// The arguments of a function that takes a list of `least` to `most`.
    pub(super) fn items(&mut self, call: Call<'v>, least: usize, most: usize, form: &str) -> Option<&'v [Value]> {
        let argument = call.argument();
        match argument.as_list() {
            Some(items) if (least..=most).contains(&items.len()) => Some(items),
            Some(items) => {
                let message = format!("`{}` takes {}, and has {} items", call.name, count(least, most), items.len());
                self.malformed(call.entry.key_origin, message, form);
                None
            }
            None if value_call(argument).is_some_and(|inner| inner.name == "Fn::Transform") => None,
            None => {
                let message =
                    format!("`{}` takes a list of {}, and has {}", call.name, count(least, most), shown(argument));
                self.malformed(call.entry.key_origin, message, form);
                None
            }
        }
    }

    /// One argument against what it may be, and the functions inside it.
    pub(super) fn argument(&mut self, call: Call<'v>, value: &'v Value, origin: Origin, depth: u32, wanted: &Argument) {
        if value.origin.is_incomplete() || is_no_value(value) {
            return;
        }
        if let Some(inner) = value_call(value) {
            if is_foreign(inner.name) {
                return;
            }
            if !wanted.functions.contains(&inner.name) {
                let message =
                    format!("`{}` takes {}, and cannot take it from `{}`", call.name, wanted.what, inner.name);
                return self.malformed(
                    origin,
                    message,
                    &format!("it can come from {}", listed(wanted.functions.iter().copied(), "or")),
                );
            }
            if inner.name == "Fn::If"
                && let Some([_, yes, no]) = inner.argument().as_list()
            {
                for branch in [yes, no].into_iter().filter(|branch| !is_no_value(branch)) {
                    if value_call(branch).is_none() {
                        self.argument(call, branch, branch.origin, depth, wanted);
                    }
                }
            }
            let result = output(&self.index, self.table, inner);
            if !result.fits(wanted.types) {
                let message =
                    format!("`{}` takes {}, and `{}` gives {}", call.name, wanted.what, inner.name, result.words());
                self.report(ProblemKind::WrongType, inner.entry.key_origin, message, "use a value of the right type");
            }
            return self.function(inner, call.name, depth + 1);
        }
        let fits = match &value.kind {
            Kind::List(_) => wanted.types & Types::ARRAY != 0,
            Kind::Map(_) => wanted.types & Types::OBJECT != 0,
            Kind::Null => false,
            Kind::Str(text) if wanted.types & Types::SCALAR == Types::INTEGER => {
                unknown::is_unknown(text) || text.contains("{{resolve:") || text.trim().parse::<i64>().is_ok()
            }
            _ => wanted.types & Types::SCALAR != 0,
        };
        if !fits {
            let message = format!("`{}` takes {}, and has {}", call.name, wanted.what, shown(value));
            return self.malformed(origin, message, "write the argument in the form the function takes");
        }
        self.walk(value, call.name, depth + 1);
    }

    fn choice(&mut self, call: Call<'v>, name: &'v str, depth: u32) {
        let form = "write `Fn::If: [condition name, value if true, value if false]`";
        let items = self.items(call, 3, 3, form);
        let Some(condition) = items.or(call.argument().as_list()).and_then(<[Value]>::first) else { return };
        match condition.as_str() {
            Some(name) => self.condition_name(name, condition.origin),
            None if items.is_none() => {}
            None => {
                let message =
                    format!("the first item of `Fn::If` is the name of a condition, and not {}", shown(condition));
                self.malformed(condition.origin, message, form);
            }
        }
        if items.is_some() {
            self.branches(call, name, depth);
        }
    }

    fn join(&mut self, call: Call<'v>, depth: u32) {
        let form = "write `Fn::Join: [delimiter, [values]]`";
        let Some([delimiter, values]) = self.items(call, 2, 2, form) else { return };
        self.literal(call, delimiter, "delimiter", form);
        match values.as_list() {
            Some(parts) => {
                for part in parts {
                    self.argument(
                        call,
                        part,
                        part.origin,
                        depth,
                        &Argument { types: Types::SCALAR, functions: SINGLE, what: "single values to join" },
                    );
                }
            }
            None => self.argument(
                call,
                values,
                call.entry.key_origin,
                depth,
                &Argument { types: Types::ARRAY, functions: LISTS, what: "a list to join" },
            ),
        }
    }

    /// An argument that must be written out.
    fn literal(&mut self, call: Call<'v>, value: &'v Value, what: &str, form: &str) {
        if !matches!(value.kind, Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Bool(_))
            && !value.origin.is_incomplete()
        {
            let message = format!("the {what} of `{}` must be text, and is {}", call.name, shown(value));
            self.malformed(value.origin, message, form);
        }
    }

    fn select(&mut self, call: Call<'v>, depth: u32) {
        let form = "write `Fn::Select: [index, [values]]`; the first index is 0";
        let Some([index, values]) = self.items(call, 2, 2, form) else { return };
        let before = self.problems.len();
        self.argument(
            call,
            index,
            index.origin,
            depth,
            &Argument { types: Types::INTEGER, functions: &["Ref", "Fn::FindInMap", "Fn::Length"], what: "an index" },
        );
        let number = match &index.kind {
            Kind::Int(number) => Some(*number),
            Kind::Str(text) => text.trim().parse().ok(),
            _ => None,
        };
        if self.problems.len() == before && number.is_some_and(|number| number < 0) {
            self.malformed(
                index.origin,
                format!("the index of `Fn::Select` is {}, and starts at 0", shown(index)),
                form,
            );
        }
        match values.as_list() {
            Some(items) => {
                let conditional = items.iter().any(|item| value_call(item).is_some_and(|inner| inner.name == "Fn::If"));
                if let Some(number) = number.filter(|number| *number >= items.len() as i64 && !conditional) {
                    let message =
                        format!("`Fn::Select` asks for index {number}, and the list has {} items", items.len());
                    self.malformed(call.entry.key_origin, message, "choose a smaller index; the first is 0");
                }
                for item in items {
                    self.walk(item, call.name, depth + 1);
                }
            }
            None => self.argument(
                call,
                values,
                values.origin,
                depth,
                &Argument { types: Types::ARRAY, functions: LISTS, what: "a list to select from" },
            ),
        }
    }

    fn split(&mut self, call: Call<'v>, depth: u32) {
        let form = "write `Fn::Split: [delimiter, text]`";
        let Some([delimiter, text]) = self.items(call, 2, 2, form) else { return };
        self.literal(call, delimiter, "delimiter", form);
        self.argument(
            call,
            text,
            text.origin,
            depth,
            &Argument { types: Types::SCALAR, functions: PLAIN, what: "a text to split" },
        );
    }

    fn cidr(&mut self, call: Call<'v>, depth: u32) {
        let form = "write `Fn::Cidr: [address block, count, bits per block]`";
        let Some(items) = self.items(call, 2, 3, form) else { return };
        for (at, item) in items.iter().enumerate() {
            let (types, what) =
                if at == 0 { (Types::STRING, "an address block") } else { (Types::INTEGER, "a number") };
            let functions =
                &["Fn::FindInMap", "Fn::GetAtt", "Fn::If", "Fn::ImportValue", "Fn::Select", "Fn::Sub", "Ref"];
            self.argument(
                call,
                item,
                item.origin,
                depth,
                &Argument { types: if value_call(item).is_some() { Types::SCALAR } else { types }, functions, what },
            );
        }
    }

    fn find_in_map(&mut self, call: Call<'v>, depth: u32) {
        let most = if self.index.extensions || self.index.open { 4 } else { 3 };
        let form = "write `Fn::FindInMap: [map, first key, second key]`";
        let Some(items) = self.items(call, 3, most, form) else { return };
        match items.first().map(Value::as_str) {
            Some(Some(name)) => _ = self.used.mappings.insert(name),
            _ => self.used.any_mapping = true,
        }
        let functions = if self.index.extensions || self.index.open { KEYS } else { &["Fn::FindInMap", "Ref"] };
        for item in items.iter().take(3) {
            self.argument(
                call,
                item,
                item.origin,
                depth,
                &Argument { types: Types::SCALAR, functions, what: "names of a map and its keys" },
            );
        }
        if let Some(options) = items.get(3) {
            self.walk(options, call.name, depth + 1);
        } else {
            self.mapping_keys(call, items);
        }
    }
}

fn count(least: usize, most: usize) -> String {
    if least == most {
        format!("{least} item{}", if least == 1 { "" } else { "s" })
    } else {
        format!("{least} to {most} items")
    }
}

/// Whether a function is a loop or belongs to a preprocessor.
fn is_foreign(name: &str) -> bool {
    name.trim_start_matches("Fn::").contains("::")
}
