//! Names in the text of a template: where each is declared and everywhere it is mentioned, with
//! exact spans, in the template's own file and in the files it includes.
//!
//! Nothing here is needed to check a template; editors ask for it (definition, references,
//! rename, symbols), and it is made only when they do.

mod declarations;
mod links;
mod references;
mod scan;
mod variables;

pub use links::{Link, LinkKind};
pub use scan::{Placeholder, placeholders};

use super::serverless::naming;
use super::{Dialect, Template};
use crate::document::{Document, NodeRef, Style};
use crate::source::{FileId, Sources, Span};
use std::collections::BTreeMap;

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// A resource, by logical id.
    Resource,
    /// A template parameter.
    Parameter,
    /// What CloudFormation declares itself, `AWS::Region`.
    Pseudo,
    /// A mapping.
    Mapping,
    /// A key of a mapping, `Map.First` or `Map.First.Second`.
    MappingKey,
    /// A condition.
    Condition,
    /// An output.
    Output,
    /// A function of a service.
    Function,
    /// A local name of one `Fn::Sub`.
    Local,
    /// A key that variables lead to, as `file#path.to.key`.
    Key,
    /// An included file, by path.
    File,
    /// A variable whose value comes from elsewhere, `opt:stage`.
    Outside,
}

/// A name in its space.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The space.
    pub space: Space,
    /// The name, unique within the space.
    pub text: String,
}

impl Name {
    /// The name `text` of `space`.
    pub fn new(space: Space, text: impl Into<String>) -> Self {
        Self { space, text: text.into() }
    }
}

/// Something that is declared.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: Name,
    /// Where the name is written, without quotes.
    pub key: Span,
    /// The whole entry, key included.
    pub body: Span,
    /// Its type or the like; may be empty.
    pub detail: String,
}

/// One place where a name is written.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The name.
    pub name: Name,
    /// Where, without quotes.
    pub span: Span,
    /// Whether the name is declared here.
    pub declares: bool,
    /// What is asked of a resource (`Fn::GetAtt`), with its place.
    pub attribute: Option<(String, Span)>,
}

/// All names of a template.
#[derive(Debug, Default)]
pub struct Symbols {
    symbols: Vec<Symbol>,
    mentions: Vec<Mention>,
    links: Vec<Link>,
}

/// What symbols are read from.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The dialect.
    pub dialect: Dialect,
    /// The template's own document first, then those it includes.
    pub documents: &'a [&'a Document],
    /// The texts.
    pub sources: &'a Sources,
    /// The expanded template.
    pub template: &'a Template,
}

impl Symbols {
    /// Reads the names of a template.
    pub fn new(subject: Subject<'_>) -> Self {
        let mut symbols = Self::default();
        declarations::collect(subject, &mut symbols.symbols);
        let declared = symbols.symbols.iter().map(|symbol| Mention {
            name: symbol.name.clone(),
            span: symbol.key,
            declares: true,
            attribute: None,
        });
        symbols.mentions = declared.collect();
        references::collect(subject, &symbols.symbols, &mut symbols.mentions);
        if subject.dialect == Dialect::Serverless {
            variables::collect(subject, &mut symbols.mentions, &mut symbols.links);
        }
        links::collect(subject, &mut symbols.links);
        symbols.mentions.sort_by(|a, b| (a.span, &a.name).cmp(&(b.span, &b.name)));
        symbols.mentions.dedup_by(|a, b| a.span == b.span && a.name == b.name);
        symbols
    }

    /// Everything declared, by place.
    pub fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// Every mention, by place.
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// Places that lead to files.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The name at an offset, the innermost.
    pub fn at(&self, file: FileId, offset: u32) -> Option<&Mention> {
        let here = self.mentions.iter().filter(|mention| {
            let attribute = mention.attribute.as_ref().is_some_and(|(_, span)| span.contains(file, offset));
            mention.span.contains(file, offset) || attribute
        });
        here.min_by_key(|mention| (mention.span.end - mention.span.start, !mention.declares))
    }

    /// The symbol of a name.
    pub fn symbol(&self, name: &Name) -> Option<&Symbol> {
        self.symbols.iter().find(|symbol| symbol.name == *name)
    }

    /// Where a name is declared. For a resource that a transform makes, what causes it.
    pub fn definitions(&self, name: &Name, template: &Template) -> Vec<Span> {
        let written: Vec<Span> =
            self.mentions.iter().filter(|m| m.declares && m.name == *name).map(|mention| mention.span).collect();
        if !written.is_empty() || name.space != Space::Resource {
            return written;
        }
        let id = name.text.split('.').next().unwrap_or_default();
        template.resource(id).map(|resource| self.cause(resource.origin().span())).into_iter().collect()
    }

    /// The key of the entry that a generated part comes from.
    fn cause(&self, span: Span) -> Span {
        self.owner(span).map_or(span, |symbol| symbol.key)
    }

    /// The declared resource or function that `span` lies in.
    pub fn owner(&self, span: Span) -> Option<&Symbol> {
        let mut own = self.symbols.iter().filter(|symbol| {
            matches!(symbol.name.space, Space::Resource | Space::Function) && symbol.body.encloses(span)
        });
        own.next()
    }

    /// Names of what a transform makes of a declared resource or function, with the part of
    /// the name that follows the declared one.
    pub fn generated(&self, symbol: &Symbol, template: &Template) -> BTreeMap<String, String> {
        let prefix = generated_prefix(symbol);
        let made = template.resources().filter(|resource| resource.id() != symbol.name.text);
        let made = made.filter(|resource| symbol.body.encloses(resource.origin().span()));
        made.filter_map(|resource| Some((resource.id().to_owned(), resource.id().strip_prefix(&*prefix)?.to_owned())))
            .collect()
    }

    /// Every mention of a name, and of what a transform makes of it.
    pub fn references(&self, name: &Name, template: &Template) -> Vec<&Mention> {
        let generated = match self.symbol(name).filter(|_| matches!(name.space, Space::Resource | Space::Function)) {
            Some(symbol) => self.generated(symbol, template),
            None => BTreeMap::new(),
        };
        let is_meant = |mention: &Mention| {
            mention.name == *name
                || mention.name.space == Space::Resource && generated.contains_key(mention.name.text.as_str())
        };
        self.mentions.iter().filter(|mention| is_meant(mention)).collect()
    }
}

/// How names begin that a transform makes of a declared one.
pub fn generated_prefix(symbol: &Symbol) -> String {
    match symbol.name.space {
        Space::Function => naming::normalized(&symbol.name.text),
        _ => symbol.name.text.clone(),
    }
}

/// The bytes of a scalar without its quotes.
pub fn inner(node: NodeRef<'_>) -> Span {
    let span = node.span();
    let quoted = matches!(node.style(), Style::SingleQuoted | Style::DoubleQuoted) && span.end - span.start >= 2;
    if quoted { Span { start: span.start + 1, end: span.end - 1, ..span } } else { span }
}

/// A node, or what its alias stands for.
fn real(node: NodeRef<'_>) -> NodeRef<'_> {
    node.target().unwrap_or(node)
}
