//! Where names are mentioned: intrinsic functions, `DependsOn`, `Condition`.

use super::scan::placeholders;
use super::{Mention, Name, Space, Subject, Symbol, inner, real};
use crate::document::{Kind, NodeRef};
use crate::source::Span;
use std::collections::BTreeSet;

/// Nesting deeper than any template's.
const MAX_DEPTH: usize = 400;

/// Every mention in every document.
pub(super) fn collect(subject: Subject<'_>, symbols: &[Symbol], found: &mut Vec<Mention>) {
    let of = |space| symbols.iter().filter(move |s| s.name.space == space).map(|s| s.name.text.as_str()).collect();
    let mut collector = Collector { subject, parameters: of(Space::Parameter), resources: of(Space::Resource), found };
    for document in subject.documents {
        for root in document.roots() {
            collector.node(root, 0);
        }
    }
}

struct Collector<'a, 's> {
    subject: Subject<'a>,
    parameters: BTreeSet<&'s str>,
    resources: BTreeSet<&'s str>,
    found: &'s mut Vec<Mention>,
}

impl<'a> Collector<'a, '_> {
    fn add(&mut self, space: Space, text: impl Into<String>, span: Span) {
        self.found.push(Mention { name: Name::new(space, text), span, declares: false, attribute: None });
    }

    fn node(&mut self, node: NodeRef<'a>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(function) = node.tag().and_then(|tag| tag.strip_prefix('!')) {
            self.function(function, node);
        }
        for (key, value) in node.pairs() {
            match key.text() {
                "Ref" if value.kind() == Kind::Scalar && value.tag().is_none() => self.function("Ref", value),
                "Condition" | "condition" if value.kind() == Kind::Scalar && value.tag().is_none() => {
                    self.function("Condition", value);
                }
                "DependsOn" | "dependsOn" => self.depends_on(value),
                // Ends of a connector, and the like, where a plain logical id is meant.
                "Id" if value.kind() == Kind::Scalar && self.resources.contains(value.text()) => {
                    self.add(Space::Resource, value.text(), inner(value));
                }
                name => {
                    if let Some(function) = name.strip_prefix("Fn::") {
                        self.function(function, value);
                    }
                }
            }
        }
        for child in node.children() {
            self.node(child, depth + 1);
        }
    }

    fn function(&mut self, function: &str, argument: NodeRef<'a>) {
        let argument = real(argument);
        let items: Vec<NodeRef<'a>> = argument.children().filter(|_| argument.kind() == Kind::Seq).collect();
        match (function, items.as_slice()) {
            ("Ref", []) if argument.kind() == Kind::Scalar => self.name(argument.text(), inner(argument), None),
            ("Condition", []) if argument.kind() == Kind::Scalar => {
                self.add(Space::Condition, argument.text(), inner(argument));
            }
            ("GetAtt", []) if argument.kind() == Kind::Scalar => {
                let span = inner(argument);
                self.dotted(argument.text(), span);
            }
            ("GetAtt", [id, attribute, ..]) if id.kind() == Kind::Scalar => {
                let attribute = (attribute.kind() == Kind::Scalar && attribute.tag().is_none())
                    .then(|| (attribute.text().to_owned(), inner(*attribute)));
                self.name(id.text(), inner(*id), attribute);
            }
            ("GetAtt", [id]) if id.kind() == Kind::Scalar => self.name(id.text(), inner(*id), None),
            ("If", [condition, ..]) if condition.kind() == Kind::Scalar && condition.tag().is_none() => {
                self.add(Space::Condition, condition.text(), inner(*condition));
            }
            ("FindInMap", [map, rest @ ..]) if map.kind() == Kind::Scalar && map.tag().is_none() => {
                self.add(Space::Mapping, map.text(), inner(*map));
                let mut path = map.text().to_owned();
                for key in rest.iter().take(2) {
                    if key.kind() != Kind::Scalar || key.tag().is_some() {
                        break;
                    }
                    path = format!("{path}.{}", key.text());
                    self.add(Space::MappingKey, path.clone(), inner(*key));
                }
            }
            ("Sub", []) if argument.kind() == Kind::Scalar => self.sub(argument, None),
            ("Sub", [text, rest @ ..]) if text.kind() == Kind::Scalar => self.sub(*text, rest.first().copied()),
            _ => {}
        }
    }

    /// `Id.Attribute`, or a name alone.
    fn dotted(&mut self, text: &str, span: Span) {
        let Some((id, attribute)) = text.split_once('.') else { return self.name(text, span, None) };
        let dot = span.start + id.len() as u32;
        let attribute = (attribute.to_owned(), Span { start: dot + 1, ..span });
        self.name(id, Span { end: dot, ..span }, Some(attribute));
    }

    fn name(&mut self, text: &str, span: Span, attribute: Option<(String, Span)>) {
        if text.is_empty() || text.contains("${") {
            return;
        }
        let (space, text) = if text.starts_with("AWS::") {
            (Space::Pseudo, text)
        } else if self.parameters.contains(text) {
            (Space::Parameter, text)
        } else {
            (Space::Resource, text)
        };
        // SAM asks for generated parts as `Function.Version`.
        if attribute.is_none() && space == Space::Resource && text.contains('.') {
            return self.dotted(text, span);
        }
        self.found.push(Mention { name: Name::new(space, text), span, declares: false, attribute });
    }

    fn depends_on(&mut self, value: NodeRef<'a>) {
        let value = real(value);
        let items: Vec<NodeRef<'a>> = if value.kind() == Kind::Seq { value.children().collect() } else { vec![value] };
        for item in items.into_iter().filter(|item| item.kind() == Kind::Scalar && !item.text().is_empty()) {
            self.name(item.text(), inner(item), None);
        }
    }

    /// The names in the text of a `Fn::Sub`; read from the raw text, so that spans are exact
    /// whatever the style.
    fn sub(&mut self, node: NodeRef<'a>, locals: Option<NodeRef<'a>>) {
        let whole = node.span();
        let raw = self.subject.sources.text(whole);
        for part in placeholders(raw) {
            let inside = &raw[part.inner_start..part.inner_end];
            let name = inside.trim();
            if name.is_empty() || name.starts_with('!') || name.contains(|c: char| !is_name(c)) {
                continue;
            }
            if name.contains(':') && !name.starts_with("AWS::") {
                continue;
            }
            let lead = inside.len() - inside.trim_start().len();
            let start = whole.start + (part.inner_start + lead) as u32;
            let span = Span { start, end: start + name.len() as u32, ..whole };
            let local = locals.and_then(|locals| locals.pairs().find(|(key, _)| key.text() == name));
            match local {
                Some((key, _)) => {
                    let text = format!("{}:{name}", key.span().start);
                    self.found.push(Mention {
                        name: Name::new(Space::Local, text.clone()),
                        span: inner(key),
                        declares: true,
                        attribute: None,
                    });
                    self.add(Space::Local, text, span);
                }
                None if name.starts_with("AWS::") => self.name(name, span, None),
                None => self.dotted(name, span),
            }
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.' || c == ':'
}
