//! Places in a template that lead to files: code, handlers, definitions, includes.

use super::declarations::templates;
use super::{Subject, inner, real};
use crate::document::{Kind, NodeRef};
use crate::source::{Span, normalize};
use crate::template::Dialect;

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// A file that is included or read.
    File,
    /// The source file of a handler.
    Handler,
    /// A folder or archive with code.
    Code,
}

/// A place that leads to a file.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it is written.
    pub span: Span,
    /// What it leads to.
    pub kind: LinkKind,
    /// Paths that it may lead to, the likeliest first.
    pub candidates: Vec<String>,
}

/// Properties that hold a path.
const FILES: [&str; 8] = [
    "DefinitionUri",
    "SchemaUri",
    "BodyS3Location",
    "DefinitionS3Location",
    "DefinitionSchemaUri",
    "Location",
    "TemplateURL",
    "Definition",
];
const CODE: [&str; 4] = ["CodeUri", "ContentUri", "Code", "Content"];

/// Every link of the template's own file.
pub(super) fn collect(subject: Subject<'_>, found: &mut Vec<Link>) {
    let Some(document) = subject.documents.first() else { return };
    let path = document.source().path();
    let folder = path.rfind('/').map_or("", |at| &path[..at]);
    for root in templates(subject) {
        let globals = root.get("Globals").and_then(|globals| real(globals).get("Function")).map(real);
        for (_, body) in root.get("Resources").into_iter().flat_map(|section| real(section).pairs()) {
            resource(real(body), globals, folder, found);
        }
        includes(root, folder, found, 0);
    }
    if subject.dialect == Dialect::Serverless {
        service(document.root(), folder, found);
    }
}

fn resource(body: NodeRef<'_>, globals: Option<NodeRef<'_>>, folder: &str, found: &mut Vec<Link>) {
    let Some(properties) = body.get("Properties").map(real) else { return };
    for (key, value) in properties.pairs() {
        let kind = match key.text() {
            name if FILES.contains(&name) => LinkKind::File,
            name if CODE.contains(&name) => LinkKind::Code,
            _ => continue,
        };
        if let Some(path) = local(value).and_then(|path| normalize(folder, path)) {
            found.push(Link { span: inner(value), kind, candidates: vec![path] });
        }
    }
    let setting = |name: &str| {
        let own = properties.get(name);
        own.or_else(|| globals.and_then(|globals| globals.get(name))).map(|value| real(value).text())
    };
    let (Some(handler), Some(runtime)) = (properties.get("Handler"), setting("Runtime")) else { return };
    let code = setting("CodeUri").filter(|code| !code.contains("://")).unwrap_or(".");
    let Some(code) = normalize(folder, code) else { return };
    self::handler(handler, runtime, &code, found);
}

/// The functions of a service: handlers are relative to its folder.
fn service(root: Option<NodeRef<'_>>, folder: &str, found: &mut Vec<Link>) {
    let Some(root) = root else { return };
    let runtime = root.get("provider").and_then(|provider| real(provider).get("runtime")).map(NodeRef::text);
    for (_, function) in root.get("functions").into_iter().flat_map(|functions| real(functions).pairs()) {
        let function = real(function);
        let runtime = function.get("runtime").map(NodeRef::text).or(runtime).unwrap_or("nodejs");
        if let Some(value) = function.get("handler") {
            handler(value, runtime, folder, found);
        }
    }
}

/// The source files a handler may stand in.
fn handler(value: NodeRef<'_>, runtime: &str, folder: &str, found: &mut Vec<Link>) {
    let text = value.text();
    if value.kind() != Kind::Scalar || value.tag().is_some() || text.contains("${") {
        return;
    }
    let Some((module, _)) = text.rsplit_once('.') else { return };
    let endings: &[&str] = match runtime.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == 'x') {
        "nodejs" => &["js", "mjs", "cjs", "ts", "mts", "cts", "tsx"],
        "python" => &["py"],
        "ruby" => &["rb"],
        _ => return,
    };
    // Python writes packages with dots.
    let module = if endings == ["py"] { module.replace('.', "/") } else { module.to_owned() };
    let mut candidates = Vec::new();
    for ending in endings {
        candidates.extend(normalize(folder, &format!("{module}.{ending}")));
    }
    found.push(Link { span: inner(value), kind: LinkKind::Handler, candidates });
}

/// `AWS::Include` anywhere.
fn includes(node: NodeRef<'_>, folder: &str, found: &mut Vec<Link>, depth: usize) {
    if depth > 100 {
        return;
    }
    if node.get("Name").is_some_and(|name| name.text() == "AWS::Include") {
        let location = node.get("Parameters").and_then(|parameters| real(parameters).get("Location"));
        let path = location.and_then(|location| Some((location, normalize(folder, local(location)?)?)));
        if let Some((location, path)) = path {
            found.push(Link { span: inner(location), kind: LinkKind::File, candidates: vec![path] });
        }
    }
    for child in node.children() {
        includes(child, folder, found, depth + 1);
    }
}

/// A text that can be a local path.
fn local(value: NodeRef<'_>) -> Option<&str> {
    let text = value.text();
    let plain = value.kind() == Kind::Scalar && value.tag().is_none();
    let is_path = !text.is_empty() && !text.contains("://") && !text.contains("${") && !text.contains('\n');
    (plain && is_path && !text.starts_with("arn:")).then_some(text)
}
