//! Puts values in place of variables, lazily: a property is resolved when somebody needs it,
//! so that included files may refer to properties that stand beside them.

use super::parse;
use super::sources::{self, Found};
use super::syntax::{Argument, Literal, Piece, Source};
use super::values::{bytes, literal_kind, name, shown_name, step, to_text};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::unknown;
use crate::template::value::{Kind, Origin, Text, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Values within values; deeper ones are given up.
const MAX_NEST: usize = 10;
/// Variables that one service may hold, those of included files counted each time.
const MAX_VARIABLES: usize = 200_000;
/// Bytes of memory that variables may fill, about.
const MAX_BYTES: usize = 16 << 20;
/// Properties that may wait for one another.
pub(super) const MAX_CHAIN: usize = 100;

/// A place in the configuration: its keys, joined.
pub type Path = String;

/// `path` and one more key.
pub fn child(path: &str, key: &str) -> Path {
    if path.is_empty() { key.to_owned() } else { format!("{path}\0{key}") }
}

/// The configuration with every variable replaced.
pub fn resolve(root: Value, cx: &mut Lowering<'_>) -> Value {
    let mut resolver = Resolver {
        tree: root,
        cx,
        done: BTreeSet::new(),
        walked: BTreeSet::new(),
        pending: Vec::new(),
        included: BTreeMap::new(),
        expansions: Vec::new(),
        environment: None,
        budget: MAX_VARIABLES,
        room: MAX_BYTES,
        full: false,
        composed: None,
    };
    resolver.deep("", 0);
    let tree = resolver.tree;
    // The framework needs these before anything else, and refuses a service that keeps them open.
    for path in [["provider", "name"], ["provider", "stage"]] {
        let Some(value) = tree.at(&path).filter(|value| value.as_str().is_some_and(unknown::is_unknown)) else {
            continue;
        };
        let same = |problem: &&mut Problem| problem.origin == value.origin;
        if let Some(problem) = cx.problems.iter_mut().filter(same).find(|problem| problem.code.is_some()) {
            problem.code = Some("INACCESSIBLE_CONFIGURATION_PROPERTY");
        }
    }
    tree
}

/// The state of one resolution.
pub struct Resolver<'c, 'a> {
    pub(super) tree: Value,
    pub(super) cx: &'c mut Lowering<'a>,
    /// Strings that need no further look.
    done: BTreeSet<Path>,
    /// Collections below which nothing is left to do.
    walked: BTreeSet<Path>,
    /// Strings being resolved, innermost last.
    pending: Vec<Path>,
    /// Included files by path.
    pub(super) included: BTreeMap<String, Option<Value>>,
    /// Which file content was put where, to find files that include themselves.
    pub(super) expansions: Vec<(Path, String)>,
    /// Environment variables, read when first needed.
    pub(super) environment: Option<BTreeMap<String, String>>,
    /// What a file that composes services hands this one, read when first needed.
    pub(super) composed: Option<BTreeMap<String, Text>>,
    /// Variables that may still be looked up.
    budget: usize,
    /// Bytes that may still be put in place.
    room: usize,
    /// Whether it was said that there are too many.
    full: bool,
}

/// What a property lookup gives.
pub enum Property {
    /// Its value.
    Value(Value),
    /// There is none.
    Missing,
    /// It lies inside something that is not known.
    Unknown,
    /// It is being resolved right now.
    Circular,
}

impl Resolver<'_, '_> {
    fn node(&self, path: &str) -> Option<&Value> {
        if path.is_empty() {
            return Some(&self.tree);
        }
        path.split('\0').try_fold(&self.tree, |value, key| step(value, key))
    }

    fn node_mut(&mut self, path: &str) -> Option<&mut Value> {
        if path.is_empty() {
            return Some(&mut self.tree);
        }
        path.split('\0').try_fold(&mut self.tree, |value, key| match &mut value.kind {
            Kind::Map(map) => map.get_mut(key),
            Kind::List(items) => key.parse::<usize>().ok().and_then(|at| items.get_mut(at)),
            _ => None,
        })
    }

    /// Resolves everything at and below `path`. Says whether that met a string that is being
    /// resolved already.
    fn deep(&mut self, path: &str, depth: usize) -> bool {
        if depth > 300 || self.walked.contains(path) {
            return false;
        }
        let mut circular = self.shallow(path);
        let keys: Vec<String> = match self.node(path).map(|value| &value.kind) {
            Some(Kind::Map(map)) => map.keys().map(str::to_owned).collect(),
            Some(Kind::List(items)) => (0..items.len()).map(|at| at.to_string()).collect(),
            _ => return circular,
        };
        for key in keys {
            circular |= self.deep(&child(path, &key), depth + 1);
        }
        if !circular {
            self.walked.insert(path.to_owned());
        }
        circular
    }

    /// Resolves the string at `path`, if it is one, until it is a value without variables of
    /// its own. Answers whether it is being resolved already.
    fn shallow(&mut self, path: &str) -> bool {
        let Some(node) = self.node(path) else { return false };
        let Kind::Str(text) = &node.kind else { return false };
        if !text.contains("${") || self.done.contains(path) {
            return false;
        }
        if self.pending.iter().any(|pending| pending == path) {
            return true;
        }
        let (text, origin) = (text.to_string(), node.origin);
        self.pending.push(path.to_owned());
        let value = self.text(&text, origin, MAX_NEST);
        self.pending.pop();
        if value.as_str().is_some() {
            self.done.insert(path.to_owned());
        }
        if let Some(node) = self.node_mut(path) {
            *node = value;
        }
        false
    }

    /// The value of `text` and of what its variables give in turn.
    pub(super) fn text(&mut self, text: &str, origin: Origin, nest: usize) -> Value {
        let pieces = match parse::parse(text) {
            Ok(pieces) => pieces,
            Err(error) => {
                self.cx.report(
                    Problem::new(
                        ProblemKind::InvalidVariable,
                        origin,
                        format!("the variable in `{}` is not well formed: {error}", unknown::shown(text)),
                    )
                    .help("write `${source:address, fallback}`; text fallbacks are quoted")
                    .code(sources::VARIABLE_ERROR),
                );
                return Value::new(Kind::Str(unknown::mark(&text.replace("${", "{"))), origin);
            }
        };
        if pieces.is_empty() {
            return Value::new(Kind::Str(text.into()), origin);
        }
        if nest == 0 {
            self.cx.report(
                Problem::new(
                    ProblemKind::InvalidVariable,
                    origin,
                    "variables give further variables more than ten levels deep",
                )
                .help("break the chain; it usually means that two values refer to each other")
                .code(sources::VARIABLE_ERROR),
            );
            return Value::new(Kind::Str(unknown::mark("nested")), origin);
        }
        self.pieces(text, &pieces, origin, nest)
    }

    fn pieces(&mut self, text: &str, pieces: &[Piece], origin: Origin, nest: usize) -> Value {
        if let [Piece::Variable { start: 0, end, sources }] = pieces
            && *end == text.len()
        {
            let value = self.variable(sources, text, origin);
            return match &value.kind {
                Kind::Str(inner) if inner.contains("${") => {
                    let inner = inner.to_string();
                    let secret = value.origin.is_secret();
                    let value = self.text(&inner, origin, nest - 1);
                    if secret { Value::new(value.kind, value.origin.secret()) } else { value }
                }
                _ => value,
            };
        }
        let mut out = String::new();
        let mut last = 0;
        let mut origin = origin;
        for piece in pieces {
            let (start, end) = piece.range();
            out.push_str(text.get(last..start).unwrap_or_default());
            last = end;
            match piece {
                Piece::Escape { text, .. } => out.push_str(text),
                Piece::Variable { sources, .. } => {
                    let written = text.get(start..end).unwrap_or_default();
                    let value = self.variable(sources, written, origin);
                    // What a variable gives is scanned by itself, never joined with its neighbours.
                    let value = match &value.kind {
                        Kind::Str(inner) if inner.contains("${") => {
                            let inner = inner.to_string();
                            let secret = value.origin.is_secret();
                            let value = self.text(&inner, origin, nest - 1);
                            if secret { Value::new(value.kind, value.origin.secret()) } else { value }
                        }
                        _ => value,
                    };
                    if value.origin.is_secret() {
                        origin = origin.secret();
                    }
                    if let Some(text) = to_text(&value) {
                        out.push_str(&text);
                    } else {
                        self.cx.report(
                            Problem::new(
                                ProblemKind::InvalidVariable,
                                origin,
                                format!(
                                    "`{}` gives {} and stands inside text",
                                    unknown::shown(written),
                                    value.type_name()
                                ),
                            )
                            .help("let the variable be the whole value, or refer to a text, number or boolean")
                            .code(sources::VARIABLE_ERROR),
                        );
                        out.push_str(&unknown::mark(name(sources).as_str()));
                    }
                }
            }
        }
        out.push_str(text.get(last..).unwrap_or_default());
        Value::new(Kind::Str(out.into()), origin)
    }

    /// The value that the first of `sources` gives. Problems are reported here; the answer is
    /// then an unknown text.
    fn variable(&mut self, sources: &[Source], written: &str, origin: Origin) -> Value {
        self.budget = self.budget.saturating_sub(1);
        let value = if self.budget == 0 || self.room == 0 { None } else { Some(self.first(sources, written, origin)) };
        if let Some(value) = value {
            self.room = self.room.saturating_sub(bytes(&value, self.room));
            if self.room > 0 {
                return value;
            }
        }
        if !self.full {
            self.full = true;
            let message = format!("the variables of this service grow without end at `{}`", unknown::shown(written));
            self.cx.report(
                Problem::new(ProblemKind::InvalidVariable, origin, message)
                    .help(
                        "let values refer to smaller ones; everything beyond 16 MiB or 200,000 variables stays unknown",
                    )
                    .code(sources::VARIABLE_ERROR),
            );
        }
        Value::new(Kind::Str(unknown::mark("too much")), origin)
    }

    /// The value that the first of `sources` gives, whatever its size.
    fn first(&mut self, sources: &[Source], written: &str, origin: Origin) -> Value {
        let symbol = |name: &str| Value::new(Kind::Str(unknown::mark(name)), origin);
        let mut outside = None;
        for source in sources {
            let (kind, parameters, address) = match source {
                Source::Literal(literal) => return Value::new(literal_kind(literal), origin),
                Source::Typed { name, parameters, address } => (name, parameters, address),
            };
            let mut values = Vec::new();
            for parameter in parameters.iter().flatten() {
                values.push(self.argument(parameter, origin));
            }
            let address = match address {
                Some(address) => match to_text(&self.argument(address, origin)) {
                    Some(text) => Some(text),
                    None => return symbol(&name(sources)),
                },
                None => None,
            };
            let parameters = parameters.as_ref().map(|_| values.as_slice());
            match sources::look_up(self, kind, parameters, address.as_deref(), origin) {
                Found::Value(value) if value.is_null() => {}
                Found::Value(value) => return value,
                Found::Nothing => {}
                Found::NotHere(name) => outside = Some(name),
                Found::Symbol(name) => return symbol(&name),
                Found::Problem(problem) => {
                    self.cx.report(*problem);
                    return symbol(&shown_name(kind, address.as_deref()));
                }
            }
        }
        if let Some(default) = self.default(sources) {
            return Value::new(Kind::Str(default.into()), origin);
        }
        if let Some(name) = outside {
            return symbol(&name);
        }
        let written = unknown::shown(written);
        self.cx.report(
            Problem::new(ProblemKind::UnresolvedVariable, origin, format!("`{written}` has no value"))
                .help(sources::how_to_give(sources.last()))
                .code(sources::VARIABLE_ERROR),
        );
        symbol(&name(sources))
    }

    /// What stage and region are when nobody says.
    fn default(&self, sources: &[Source]) -> Option<String> {
        sources.iter().find_map(|source| {
            let Source::Typed { name, address: Some(address), .. } = source else { return None };
            let Literal::Text(address) = &address.value else { return None };
            match (name.as_str(), address.as_str()) {
                ("opt", "stage") | ("self", "provider.stage") => {
                    Some(self.cx.inputs.stage.clone().unwrap_or_else(|| "dev".into()))
                }
                ("opt", "region") | ("self", "provider.region") => Some(self.cx.inputs.region_or_default().to_owned()),
                _ => None,
            }
        })
    }

    /// The value of a parameter or an address, everything in it resolved.
    fn argument(&mut self, argument: &Argument, origin: Origin) -> Value {
        match &argument.value {
            Literal::Text(text) if !argument.pieces.is_empty() => self.pieces(text, &argument.pieces, origin, MAX_NEST),
            literal => Value::new(literal_kind(literal), origin),
        }
    }

    /// The property at `keys`, everything in it resolved.
    pub(super) fn property(&mut self, keys: &[&str]) -> Property {
        let mut path = String::new();
        for key in keys {
            if self.shallow(&path) {
                return Property::Circular;
            }
            let Some(node) = self.node(&path) else { return Property::Missing };
            if node.as_str().is_some_and(unknown::is_unknown) {
                return Property::Unknown;
            }
            path = child(&path, key);
            if self.node(&path).is_none() {
                return Property::Missing;
            }
        }
        if self.deep(&path, 0) {
            return Property::Circular;
        }
        match self.node(&path) {
            Some(value) => Property::Value(value.clone()),
            None => Property::Missing,
        }
    }

    /// How many strings wait for others.
    pub(super) fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// The string being resolved.
    pub(super) fn current(&self) -> &str {
        self.pending.last().map_or("", String::as_str)
    }
}
