//! Extracting a value into a parameter, or, in a service, into a key of `custom`.

use super::Request;
use crate::document::edit::{Edit, Tree};
use crate::document::{Document, Kind, Scalar, Schema, Style, resolve};
use crate::server::place::{self, Spot, Step};
use crate::template::Dialect;
use crate::template::symbols::{Name, Space};
use lsp_types::{CodeAction, CodeActionKind};

pub(super) fn actions(request: &Request<'_>) -> Option<CodeAction> {
    let part = request.part;
    let document = part.document().filter(|_| part.id.0 == 0)?;
    let Spot { node, steps, is_key } = place::spot(document, request.span.start)?;
    let text = node.text();
    let simple = node.kind() == Kind::Scalar
        && !is_key
        && node.tag().is_none()
        && !matches!(node.style(), Style::Literal | Style::Folded)
        && !text.is_empty()
        && !text.contains("${")
        && !text.contains('\n');
    if !simple || steps.iter().any(|step| step.key().is_some_and(|key| key == "Ref" || key.starts_with("Fn::"))) {
        return None;
    }
    // Inside a function a value is an argument, which often has to be literal.
    let mut around = node.parent();
    while let Some(outer) = around {
        if outer.tag().is_some() {
            return None;
        }
        around = outer.parent();
    }
    if part.analysis().dialect == Dialect::Serverless {
        return to_custom(request, document, &steps, node.span(), text);
    }
    let [Step::Key(section), Step::Key(id), Step::Key(properties), rest @ ..] = steps.as_slice() else { return None };
    if section != "Resources" || properties != "Properties" || rest.is_empty() {
        return None;
    }
    let wanted = rest.iter().rev().find_map(Step::key).map(|key| format!("{id}{}", camel(key)))?;
    let symbols = part.checked.symbols();
    let is_free = |name: &str| {
        [Space::Parameter, Space::Resource].iter().all(|space| symbols.symbol(&Name::new(*space, name)).is_none())
    };
    let name = (1..100).map(|n| if n == 1 { wanted.clone() } else { format!("{wanted}{n}") }).find(|n| is_free(n))?;
    let scalar = if node.style() == Style::Plain { resolve(text, Schema::Yaml11) } else { Scalar::Str(text) };
    let (ty, default) = match scalar {
        Scalar::Int(number) => ("Number", Tree::Int(number)),
        Scalar::Float(_) => ("Number", Tree::Str(text.to_owned())),
        _ => ("String", Tree::Str(text.to_owned())),
    };
    let body = Tree::Map(vec![("Type".to_owned(), Tree::Str(ty.to_owned())), ("Default".to_owned(), default)]);
    let root = document.root()?;
    let mut edits = match root.get("Parameters") {
        Some(_) => document.insert_at(root, &["Parameters"], &name, &body)?,
        None => before_resources(document, &name, ty, text)?,
    };
    let is_json = document.source().path().ends_with(".json");
    let reference = if is_json { format!("{{\"Ref\": \"{name}\"}}") } else { format!("!Ref {name}") };
    edits.push(Edit { start: node.span().start, end: node.span().end, text: reference });
    Some(super::action(
        format!("Extract to parameter `{name}`"),
        CodeActionKind::REFACTOR_EXTRACT,
        request.edit(&edits),
    ))
}

/// A `Parameters` section where people look for it: before the resources.
fn before_resources(document: &Document, name: &str, ty: &str, text: &str) -> Option<Vec<Edit>> {
    let root = document.root()?;
    let (resources, _) = root.pairs().find(|(key, _)| key.text() == "Resources")?;
    if root.style() == Style::Flow {
        let default = Tree::Map(vec![
            ("Type".to_owned(), Tree::Str(ty.to_owned())),
            ("Default".to_owned(), Tree::Str(text.to_owned())),
        ]);
        return document.insert(root, "Parameters", &Tree::Map(vec![(name.to_owned(), default)]), None);
    }
    let end = if document.source().text().contains("\r\n") { "\r\n" } else { "\n" };
    let value = document.source().text().get(..0).map(|_| quoted(ty, text))?;
    let lines =
        ["Parameters:".to_owned(), format!("  {name}:"), format!("    Type: {ty}"), format!("    Default: {value}")];
    let at = resources.outer_start();
    Some(vec![Edit { start: at, end: at, text: lines.join(end) + end }])
}

/// A default as YAML.
fn quoted(ty: &str, text: &str) -> String {
    if ty == "Number"
        || text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
            && !text.is_empty()
            && matches!(resolve(text, Schema::Yaml11), Scalar::Str(_))
    {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

fn to_custom(
    request: &Request<'_>,
    document: &Document,
    steps: &[Step],
    span: crate::source::Span,
    text: &str,
) -> Option<CodeAction> {
    let first = steps.first().and_then(Step::key)?;
    if !matches!(first, "provider" | "functions" | "resources") || steps.len() < 2 {
        return None;
    }
    // The framework reads the name of the provider before it resolves anything.
    if steps == [Step::Key("provider".into()), Step::Key("name".into())] {
        return None;
    }
    let key = steps.iter().rev().find_map(Step::key)?;
    let wanted: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    let wanted = wanted.chars().next().map(|c| c.to_ascii_lowercase().to_string() + &wanted[1..])?;
    let root = document.root()?;
    let custom = root.get("custom");
    let is_free = |name: &str| custom.is_none_or(|custom| custom.get(name).is_none());
    let name = (1..100).map(|n| if n == 1 { wanted.clone() } else { format!("{wanted}{n}") }).find(|n| is_free(n))?;
    let value = match resolve(text, Schema::JsYaml) {
        Scalar::Int(number) => Tree::Int(number),
        Scalar::Bool(value) => Tree::Bool(value),
        _ => Tree::Str(text.to_owned()),
    };
    let mut edits = document.insert_at(root, &["custom"], &name, &value)?;
    let variable = format!("${{self:custom.{name}}}");
    let flow = document.node_at(span.start)?.parent()?.style() == Style::Flow;
    let variable = if flow { format!("'{variable}'") } else { variable };
    edits.push(Edit { start: span.start, end: span.end, text: variable });
    let title = format!("Extract to `custom.{name}`");
    Some(super::action(title, CodeActionKind::REFACTOR_EXTRACT, request.edit(&edits)))
}

fn camel(key: &str) -> String {
    let letters: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut chars = letters.chars();
    chars.next().map(|c| c.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}
