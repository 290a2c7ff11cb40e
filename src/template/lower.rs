//! Document to value tree: scalars get their type, short forms of intrinsic functions their
//! long form, merge keys and aliases their contents.

use super::problem::{Problem, ProblemKind};
use super::value::{Entry, Kind, Map, Origin, Text, Value};
use crate::document::{self, Document, NodeRef, Scalar, Schema, Style};
use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};

/// Nodes that aliases may add before expansion stops.
const ALIAS_BUDGET: u32 = 250_000;
/// Repeated keys that are reported of one file.
const MAX_DUPLICATES: usize = 1000;
/// Aliases within aliases; deeper ones are cut off.
const MAX_DEPTH: u16 = 400;

/// The value tree of `document`. Syntax errors, duplicate keys and bad aliases go to
/// `problems`. An empty file is `null`.
pub fn document(document: &Document, schema: Schema, problems: &mut Vec<Problem>) -> Value {
    for error in document.errors() {
        problems.push(
            Problem::new(ProblemKind::Syntax, Origin::written(error.span), error.message.clone()).help(error.help),
        );
    }
    if let Some(at) = document.source().invalid_utf8() {
        let span = crate::source::Span::new(document.file(), at, at + 3);
        problems.push(
            Problem::new(ProblemKind::Encoding, Origin::written(span), "the file is not UTF-8 from here on")
                .help("save the file as UTF-8"),
        );
    }
    if document.source().is_utf16() {
        let span = crate::source::Span::new(document.file(), 0, document.source().line_text(0).len() as u32);
        problems.push(
            Problem::new(
                ProblemKind::Encoding,
                Origin::written(span),
                "the file is UTF-16, which CloudFormation does not read",
            )
            .help("save the file as UTF-8"),
        );
    }
    for (first, again) in document.duplicate_keys().take(MAX_DUPLICATES) {
        problems.push(
            Problem::new(
                ProblemKind::DuplicateKey,
                Origin::written(again.span()),
                format!("the key `{}` stands twice in this map", again.text()),
            )
            .help("remove one of the two; most tools silently keep only the last")
            .related(Origin::written(first.span()), "first written here"),
        );
    }
    if let Some(second) = document.roots().nth(1) {
        let at = document.start_marker(second);
        problems.push(
            Problem::new(ProblemKind::Structure, Origin::written(at), "a second YAML document starts here")
                .help("split the file: a template is one document, and what follows the first is not deployed"),
        );
    }
    let mut lowerer = Lowerer { document, schema, problems, budget: ALIAS_BUDGET, inside_alias: false, cut: false };
    match document.root() {
        Some(root) => lowerer.value(root, 0),
        None => Value::new(Kind::Null, Origin::written(crate::source::Span::new(document.file(), 0, 0))),
    }
}

struct Lowerer<'d, 'p> {
    document: &'d Document,
    schema: Schema,
    problems: &'p mut Vec<Problem>,
    budget: u32,
    inside_alias: bool,
    /// Whether it was said that expansion was cut off.
    cut: bool,
}

impl<'d> Lowerer<'d, '_> {
    fn origin(&self, node: NodeRef<'d>) -> Origin {
        let origin = Origin::written(node.span());
        let span = node.span();
        if self.document.is_repaired(span) { origin.incomplete() } else { origin }
    }

    fn value(&mut self, node: NodeRef<'d>, depth: u16) -> Value {
        let origin = self.origin(node);
        if self.inside_alias {
            self.budget = self.budget.saturating_sub(1);
        }
        if depth > MAX_DEPTH || self.budget == 0 {
            return Value::new(Kind::Null, origin);
        }
        let kind = match node.kind() {
            document::Kind::Missing => Kind::Null,
            document::Kind::Scalar => self.scalar(node),
            document::Kind::Seq => Kind::List(node.children().map(|item| self.value(item, depth + 1)).collect()),
            document::Kind::Map => Kind::Map(self.map(node, depth)),
            document::Kind::Alias => return self.alias(node, depth),
        };
        let value = Value::new(kind, origin);
        match node.tag() {
            Some(tag) => self.tagged(node, tag, value),
            None => value,
        }
    }

    fn scalar(&mut self, node: NodeRef<'d>) -> Kind {
        let text = node.text();
        match node.tag() {
            Some("!!int" | "!!bool" | "!!float" | "!!null" | "!!timestamp") => {}
            None if node.style() == Style::Plain => {}
            _ => return Kind::Str(text.into()),
        }
        if self.schema == Schema::Yaml11 && matches!(text, "=" | "<<") && node.tag().is_none() {
            let origin = self.origin(node);
            self.problems.push(
                Problem::new(
                    ProblemKind::Structure,
                    origin,
                    format!("a plain `{text}` has a meaning of its own in YAML 1.1 and is refused as a value"),
                )
                .help("put it in quotes"),
            );
        }
        match document::resolve(text, self.schema) {
            Scalar::Null => Kind::Null,
            Scalar::Bool(value) => Kind::Bool(value),
            Scalar::Int(value) => Kind::Int(value),
            Scalar::Float(value) => Kind::Float(value),
            // The Serverless Framework sends its configuration through JSON.
            Scalar::Timestamp(text) if self.schema == Schema::JsYaml => {
                Kind::Str(document::iso_instant(text).map_or_else(|| text.into(), Into::into))
            }
            Scalar::Str(text) | Scalar::Timestamp(text) => Kind::Str(text.into()),
        }
    }

    fn map(&mut self, node: NodeRef<'d>, depth: u16) -> Map {
        let mut entries: Vec<Entry> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut merged = Vec::new();
        for (key, value) in node.pairs() {
            if key.text() == "<<" && key.style() == Style::Plain {
                merged.push(value);
                continue;
            }
            let key_origin = self.origin(key);
            let span = value.span();
            let mut value = self.value(value, depth + 1);
            // What broke the lines between a key and its map may have been the map's first entries.
            let gap = crate::source::Span { start: key.span().end, end: span.start, ..span };
            if gap.start < gap.end && self.document.is_repaired(gap) && value.as_map().is_some() {
                value.origin = value.origin.incomplete();
            }
            let name = self.key(key);
            // The last of two equal keys wins, as in every loader that accepts them.
            match places.entry(name) {
                Slot::Occupied(slot) => {
                    if let Some(entry) = entries.get_mut(*slot.get()) {
                        entry.value = value;
                    }
                }
                Slot::Vacant(slot) => {
                    slot.insert(entries.len());
                    entries.push(Entry { key: name.into(), key_origin, value });
                }
            }
        }
        let mut map = Map::from_iter(entries);
        if merged.is_empty() {
            return map;
        }
        let mut names: HashSet<Text> = map.keys().map(Into::into).collect();
        for source in merged {
            let merged = self.value(source, depth + 1);
            let sources = match merged.kind {
                Kind::List(items) => items,
                _ => vec![merged],
            };
            for entry in sources
                .into_iter()
                .filter_map(|source| if let Kind::Map(map) = source.kind { Some(map) } else { None })
                .flatten()
            {
                if names.insert(entry.key.clone()) {
                    map.push(entry);
                }
            }
        }
        map
    }

    /// The name of a key. Keys that no template can have are reported.
    fn key(&mut self, key: NodeRef<'d>) -> &'d str {
        let scalar = if key.kind() == document::Kind::Alias { key.target() } else { Some(key) };
        let scalar = scalar.filter(|key| key.kind() == document::Kind::Scalar);
        let problem = match scalar {
            None => Some("a map, a list or an alias of one stands where the name of a key belongs"),
            Some(key) if key.style() == Style::Plain && document::resolve(key.text(), self.schema) == Scalar::Null => {
                Some("this key has no name: nothing, `~` or `null` stands for the null value")
            }
            Some(_) => None,
        };
        if let Some(message) = problem {
            let origin = self.origin(key);
            if !origin.is_incomplete() {
                self.problems.push(
                    Problem::new(ProblemKind::Structure, origin, message)
                        .help("write a plain or quoted name before the colon"),
                );
            }
        }
        scalar.map_or("", NodeRef::text)
    }

    fn alias(&mut self, node: NodeRef<'d>, depth: u16) -> Value {
        let origin = self.origin(node);
        let Some(target) = node.target() else {
            self.problems.push(
                Problem::new(ProblemKind::Alias, origin, "this alias has no anchor before it")
                    .help("define the anchor (`&name`) earlier in the file, or quote the text if it is no alias"),
            );
            return Value::new(Kind::Null, origin.incomplete());
        };
        if target.span().encloses(node.span()) {
            self.problems.push(
                Problem::new(ProblemKind::Alias, origin, "this alias stands inside the node it names")
                    .help("move the anchor to a node that does not contain the alias"),
            );
            return Value::new(Kind::Null, origin.incomplete());
        }
        let outer = std::mem::replace(&mut self.inside_alias, true);
        let value = self.value(target, depth + 1);
        self.inside_alias = outer;
        if (self.budget == 0 || depth >= MAX_DEPTH) && !self.cut {
            self.cut = true;
            let message = if self.budget == 0 {
                format!("aliases expand to more than {ALIAS_BUDGET} nodes")
            } else {
                format!("aliases and maps are nested deeper than {MAX_DEPTH} levels")
            };
            self.problems.push(
                Problem::new(ProblemKind::Alias, origin, message).help("reduce the nesting of aliases within aliases"),
            );
        }
        value
    }

    /// Reports a tag that names no type of YAML 1.1.
    fn standard_tag(&mut self, node: NodeRef<'d>, tag: &str) {
        let name = tag.strip_prefix("!!").or_else(|| tag.strip_prefix("!<tag:yaml.org,2002:")?.strip_suffix('>'));
        let known = matches!(
            name,
            Some(
                "str"
                    | "int"
                    | "float"
                    | "bool"
                    | "null"
                    | "map"
                    | "seq"
                    | "binary"
                    | "timestamp"
                    | "omap"
                    | "pairs"
                    | "set"
                    | "merge"
            )
        );
        if known || tag == "!" {
            return;
        }
        let origin = node.tag_span().map_or_else(|| self.origin(node), Origin::written);
        self.problems.push(
            Problem::new(ProblemKind::Structure, origin, format!("`{tag}` is no type that YAML knows"))
                .help("remove the tag; functions of CloudFormation are written with one `!`"),
        );
    }

    /// `!Name value` as the one-key map that stands for it.
    fn tagged(&mut self, node: NodeRef<'d>, tag: &str, value: Value) -> Value {
        let Some(name) = tag.strip_prefix('!').filter(|name| !name.starts_with(['!', '<']) && !name.is_empty()) else {
            self.standard_tag(node, tag);
            return value;
        };
        let key: smol_str::SmolStr = match name {
            "Ref" | "Condition" => name.into(),
            _ => format!("Fn::{name}").into(),
        };
        let tag_origin = node.tag_span().map_or(value.origin, Origin::written);
        let whole = crate::source::Span { start: tag_origin.span().start, ..value.span() };
        let mut origin = Origin::written(whole);
        if value.origin.is_incomplete() {
            origin = origin.incomplete();
        }
        let argument = if name == "GetAtt" { split_get_att(value) } else { value };
        let entry = Entry { key, key_origin: tag_origin, value: argument };
        Value::new(Kind::Map(Map::from_iter([entry])), origin)
    }
}

/// `!GetAtt A.B.C` takes text; its long form is `[A, B.C]`.
fn split_get_att(value: Value) -> Value {
    let Kind::Str(text) = &value.kind else { return value };
    let Some((id, attribute)) = text.split_once('.') else { return value };
    let span = value.span();
    // Positions of the two parts are exact when the text is written without quotes or escapes.
    let exact = span.end - span.start == text.len() as u32;
    let part = |from: u32, to: u32| {
        if exact {
            Origin::written(crate::source::Span { start: span.start + from, end: span.start + to, ..span })
        } else {
            value.origin
        }
    };
    let dot = id.len() as u32;
    let items = vec![
        Value::new(Kind::Str(id.into()), part(0, dot)),
        Value::new(Kind::Str(attribute.into()), part(dot + 1, text.len() as u32)),
    ];
    Value::new(Kind::List(items), value.origin)
}
