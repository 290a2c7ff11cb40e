//! `textDocument/hover`: findings, suppressions, names, properties, functions, keys.

use super::call_hierarchy::node_of;
use crate::document::Kind;
use crate::engine::is_selector;
use crate::finding::Category;
use crate::graph::{Eval, Template, Value};
use crate::policies;
use crate::policy::Meta;
use crate::schema::{Field, Place, Table, Types, Update};
use crate::server::dispatch::Answer;
use crate::server::insight;
use crate::server::place::{self, Spot, Step};
use crate::server::snapshot::{Part, Snapshot};
use crate::source::Span;
use crate::template::intrinsic::is_function;
use crate::template::serverless::keys;
use crate::template::symbols::{Mention, Space};
use crate::template::{Dialect, unknown};
use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};
use std::fmt::Write;

/// Values of an enumeration that are listed.
const MAX_VALUES: usize = 30;

pub(in crate::server) fn hover(snapshot: &Snapshot, params: HoverParams) -> Answer<Option<Hover>> {
    for (part, offset) in snapshot.cursors(&params.text_document_position_params) {
        let mut parts: Vec<String> = Vec::new();
        let mut range = None;
        if let Some((span, text)) = suppression(&part, offset) {
            range = Some(span);
            parts.push(text);
        } else {
            parts.extend(findings(&part, offset));
            let named = name(&part, offset).or_else(|| function(&part, offset)).or_else(|| written(&part, offset));
            if let Some((span, text)) = named {
                range = Some(span);
                parts.insert(0, text);
            }
        }
        if !parts.is_empty() {
            let value = parts.join("\n\n---\n\n");
            return Ok(Some(Hover {
                contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
                range: range.map(|span| snapshot.range(part.file(), span)),
            }));
        }
    }
    Ok(None)
}

/// A policy in short, with the way to its whole documentation.
pub(in crate::server) fn policy(meta: &Meta) -> String {
    let mut text = format!("**{}** ({}, {})\n\n{}", meta.name, meta.category, meta.severity, meta.summary());
    for title in ["Why it matters", "How to fix"] {
        let section = meta.section(title);
        if !section.is_empty() {
            let _ = write!(text, "\n\n*{title}*\n\n{section}");
        }
    }
    text
}

/// The name in a suppression comment.
fn suppression(part: &Part, offset: u32) -> Option<(Span, String)> {
    let document = part.document()?;
    if !document.comments().any(|comment| comment.contains(part.id, offset)) {
        return None;
    }
    let found = document.suppressions().covered;
    let name = found.iter().flat_map(|covered| &covered.suppression.names);
    let name = name.into_iter().find(|name| name.span.contains(part.id, offset))?;
    let text = match policies::find(&name.name) {
        Some(policy) => self::policy(&policy.meta),
        None if name.name.parse::<Category>().is_ok() => format!("All policies of the category `{}`", name.name),
        None if is_selector(&name.name) => "All policies".to_owned(),
        None => return None,
    };
    Some((name.span, text))
}

/// What policies say at a place, each once.
fn findings(part: &Part, offset: u32) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let here = part.checked.shown().filter(|finding| finding.span.contains(part.id, offset));
    for finding in here {
        let text = policies::find(&finding.policy).map(|known| policy(&known.meta));
        found.extend(text.filter(|text| !found.contains(text)));
    }
    found
}

/// A name, where it is declared or mentioned.
fn name(part: &Part, offset: u32) -> Option<(Span, String)> {
    let symbols = part.checked.symbols();
    let mention = symbols.at(part.id, offset)?;
    if let Some((attribute, span)) = mention.attribute.as_ref().filter(|(_, span)| span.contains(part.id, offset)) {
        let ty = part.template().resource(&mention.name.text).map(|resource| resource.ty().to_owned());
        return Some((*span, format!("The attribute `{attribute}` of `{}` ({})", mention.name.text, ty?)));
    }
    let text = described(part, mention)?;
    Some((mention.span, text))
}

fn described(part: &Part, mention: &Mention) -> Option<String> {
    let (template, graph) = (part.template(), &part.analysis().graph);
    let symbols = part.checked.symbols();
    let name = &mention.name.text;
    match mention.name.space {
        Space::Resource | Space::Function => {
            let node = match symbols.symbol(&mention.name) {
                Some(symbol) => node_of(part, symbol)?,
                None => graph.node(name)?,
            };
            Some(insight::summary(graph, node))
        }
        Space::Parameter => Some(parameter(template, name)),
        Space::Pseudo => {
            let value = template.pseudo_parameter(name);
            Some(value.map_or_else(
                || format!("`{name}` is known when the stack is deployed"),
                |value| format!("`{name}` is `{value}`"),
            ))
        }
        Space::Condition => {
            let verdict = match template.condition(name) {
                Some(true) => "holds",
                Some(false) => "does not hold",
                None => "depends on the deployment",
            };
            Some(format!("The condition `{name}` {verdict}"))
        }
        Space::MappingKey | Space::Mapping => {
            let mut value = template.root.get("Mappings")?;
            for key in name.split('.') {
                value = value.get(key)?;
            }
            Some(format!("`{name}`: {}", shown(value)?))
        }
        Space::Output => None,
        Space::Key | Space::Outside => {
            let spans = symbols.definitions(&mention.name, template);
            let span = spans.first()?;
            let document = part.checked.document(span.file)?;
            let key = document.node_at(span.start)?;
            let (_, value) = key.parent()?.pairs().find(|(known, _)| known.id() == key.id())?;
            (value.kind() == Kind::Scalar).then(|| format!("`{}`: `{}`", key.text(), value.text()))
        }
        Space::Local | Space::File => None,
    }
}

fn parameter(template: &Template, name: &str) -> String {
    let mut text = format!("**{name}**: parameter");
    let Some(body) = template.section("Parameters").and_then(|section| section.get(name)) else { return text };
    if let Some(ty) = body.get("Type").and_then(Value::as_str) {
        let _ = write!(text, " `{ty}`");
    }
    let secret = body.get("NoEcho").is_some_and(|value| value.as_bool() != Some(false));
    if let Some(value) = template.parameter_value(name).filter(|_| !secret).and_then(shown) {
        let _ = write!(text, "\n\nValue here: {value}");
    }
    if let Some(values) = body.get("AllowedValues").and_then(shown) {
        let _ = write!(text, "\n\nAllowed: {values}");
    }
    if let Some(description) = body.get("Description").and_then(Value::as_str) {
        let _ = write!(text, "\n\n{description}");
    }
    text
}

/// A value that may be shown, as JSON.
fn shown(value: &Value) -> Option<String> {
    if value.origin.is_secret() {
        return None;
    }
    let text = unknown::shown(&crate::template::json::to_json(value).to_string()).into_owned();
    let text = if text.len() > 400 { format!("{}…", &text[..text.floor_char_boundary(400)]) } else { text };
    Some(format!("`{text}`"))
}

/// The value of the innermost function around a place, where it is known.
fn function(part: &Part, offset: u32) -> Option<(Span, String)> {
    // Only on the function's own name: its arguments have hovers of their own.
    let document = part.document()?;
    let node = document.node_at(offset)?;
    let on_tag = node.tag_span().is_some_and(|span| span.contains(part.id, offset) && offset < span.end);
    let is_long = is_function(node.text()) && node.parent().is_some_and(|parent| parent.get(node.text()).is_some());
    if !on_tag && !is_long {
        return None;
    }
    let mut best: Option<&Value> = None;
    innermost(&part.template().root, part, offset, &mut best, 0);
    let value = best?;
    let (name, _) = value.single()?;
    let text = match part.template().eval(value) {
        Eval::Known(known) => format!("`{name}` gives {}", shown(&known)?),
        Eval::Symbolic(text, origin) if !origin.is_secret() && !value.origin.is_secret() => {
            format!("`{name}` gives `{}`", unknown::shown(&text))
        }
        Eval::Absent => format!("`{name}` takes the property away"),
        _ => format!("What `{name}` gives is known when the stack is deployed"),
    };
    Some((value.span(), text))
}

fn innermost<'v>(value: &'v Value, part: &Part, offset: u32, best: &mut Option<&'v Value>, depth: usize) {
    if depth > 200 {
        return;
    }
    let size = |value: &Value| value.span().end - value.span().start;
    if value.intrinsic().is_some()
        && value.span().contains(part.id, offset)
        && best.is_none_or(|known| size(value) <= size(known))
    {
        *best = Some(value);
    }
    if let Some(map) = value.as_map() {
        map.values().for_each(|below| innermost(below, part, offset, best, depth + 1));
    }
    for item in value.as_list().unwrap_or_default() {
        innermost(item, part, offset, best, depth + 1);
    }
}

/// What may be written at a place: a property, a resource type, a key of a service.
fn written(part: &Part, offset: u32) -> Option<(Span, String)> {
    let document = part.document().filter(|_| part.id.0 == 0)?;
    let Spot { node, steps, is_key } = place::spot(document, offset)?;
    let is_service = part.analysis().dialect == Dialect::Serverless;
    if let Some(inner) = place::in_template(&steps, is_service) {
        let base = &steps[..steps.len() - inner.len()];
        if let [Step::Key(section), Step::Key(_), Step::Key(key)] = inner
            && section == "Resources"
            && key == "Type"
        {
            return Some((node.span(), resource_type(node.text())?));
        }
        let place = place::schema(document, base, inner)?;
        let name = inner.last().and_then(Step::key)?;
        if place.path().is_empty() {
            return None;
        }
        return Some((node.span(), property(name, &place, parent_requires(document, base, inner, name))));
    }
    let path: Vec<String> = steps.iter().map(step_text).collect();
    let (name, map) = path.split_last().filter(|_| is_key && is_service)?;
    let map: Vec<&str> = map.iter().map(String::as_str).collect();
    let key = keys::find(&map, name)?;
    let values = match key.shape {
        keys::Shape::OneOf(values) => format!("\n\nOne of {}", list(values)),
        _ => String::new(),
    };
    Some((node.span(), format!("**{}**\n\n{}{values}", key.name, key.help)))
}

/// A step as the table of keys writes it.
pub(in crate::server) fn step_text(step: &Step) -> String {
    match step {
        Step::Key(key) => key.clone(),
        Step::Item(index) => index.to_string(),
    }
}

fn parent_requires(document: &crate::document::Document, base: &[Step], steps: &[Step], name: &str) -> bool {
    let parent = place::schema(document, base, &steps[..steps.len() - 1]);
    parent.is_some_and(|parent| parent.properties().iter().any(|property| property.name == name && property.required))
}

/// A resource type in a few lines.
pub(in crate::server) fn resource_type(name: &str) -> Option<String> {
    let table = Table::embedded();
    let known = table.resource_type(name).filter(|_| !name.starts_with('#'))?;
    let mut text = format!("**{name}**");
    let required: Vec<&str> = known.place().properties().iter().filter(|p| p.required).map(|p| p.name).collect();
    if !required.is_empty() {
        let _ = write!(text, "\n\nRequired: {}", list(&required));
    }
    if let Some(lifecycle) = table.lifecycle(name) {
        let _ = write!(text, "\n\nThe service is in {} {}", lifecycle.status, lifecycle.date);
    }
    if table.is_stateful(name) {
        text += "\n\nHolds data that is lost with it";
    }
    let _ = write!(text, "\n\n[Documentation]({})", known.place().documentation());
    Some(text)
}

fn list(values: &[&str]) -> String {
    let shown: Vec<String> = values.iter().take(MAX_VALUES).map(|value| format!("`{value}`")).collect();
    let rest = values.len().saturating_sub(MAX_VALUES);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.join(", ") + &more
}

/// A property in a few lines.
pub(in crate::server) fn property(name: &str, place: &Place, required: bool) -> String {
    let mut text = format!("**{name}**");
    let types = place.types();
    if !types.is_any() {
        let _ = write!(text, ": {}", types.words());
    }
    if required {
        text += ", required";
    }
    if place.is_read_only() {
        text += ", set by AWS only";
    }
    if place.is_deprecated() {
        text += ", no longer to be used";
    }
    if let Some(values) = place.allowed() {
        let _ = write!(text, "\n\nOne of {}", list(&values));
    }
    let limits = |from, to, what: &str| match (place.limit(from), place.limit(to)) {
        (Some(from), Some(to)) => Some(format!("\n\n{what} {from} to {to}")),
        (Some(from), None) => Some(format!("\n\n{what} {from} or more")),
        (None, Some(to)) => Some(format!("\n\n{what} at most {to}")),
        (None, None) => None,
    };
    let number = types.any(Types::INTEGER | Types::NUMBER) && !types.is_any();
    let ranges = [
        limits(Field::Minimum, Field::Maximum, "From").filter(|_| number),
        limits(Field::MinLength, Field::MaxLength, "Characters:"),
        limits(Field::MinItems, Field::MaxItems, "Items:"),
    ];
    ranges.into_iter().flatten().for_each(|range| text += &range);
    if let Some(default) = place.default() {
        let _ = write!(text, "\n\nDefault: `{default}`");
    }
    if let Some(pattern) = place.pattern() {
        let _ = write!(text, "\n\nPattern: `{pattern}`");
    }
    text += match place.update() {
        Update::Replaces => "\n\nA change replaces the resource",
        Update::MayReplace => "\n\nA change may replace the resource",
        Update::InPlace => "\n\nA change keeps the resource",
        Update::Unknown => "",
    };
    let _ = write!(text, "\n\n[Documentation]({})", place.documentation());
    text
}
