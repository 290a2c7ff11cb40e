//! Keys and values of CloudFormation and SAM templates, from the table of resource types.

use super::{Candidate, Request, choice};
use crate::document::NodeRef;
use crate::schema::{Place, Table, Types};
use crate::server::context::Context;
use crate::server::place::{self, Step};
use crate::server::requests::hover;
use crate::template::Dialect;
use lsp_types::CompletionItemKind;

/// Enumerations longer than this make no snippet of choices.
const MAX_CHOICES: usize = 12;

const SECTIONS: [(&str, &str); 10] = [
    ("AWSTemplateFormatVersion", "The version of the format, `2010-09-09`."),
    ("Description", "What the template is for."),
    ("Transform", "Macros that run over the template."),
    ("Globals", "Defaults of SAM resources."),
    ("Metadata", "Data about the template."),
    ("Parameters", "Values given at deployment."),
    ("Mappings", "Values by key."),
    ("Conditions", "When resources and outputs exist."),
    ("Resources", "What is deployed."),
    ("Outputs", "Values that the stack gives."),
];
const ATTRIBUTES: [(&str, &str); 8] = [
    ("Type", "The resource type."),
    ("Properties", "Its settings."),
    ("DependsOn", "Resources that are made before it."),
    ("Condition", "The condition under which it exists."),
    ("DeletionPolicy", "What happens to it when it leaves the stack."),
    ("UpdateReplacePolicy", "What happens to the old one when it is replaced."),
    ("Metadata", "Data about it."),
    ("UpdatePolicy", "How it is updated."),
];
const PARAMETER: [&str; 11] = [
    "Type",
    "Default",
    "Description",
    "AllowedValues",
    "AllowedPattern",
    "ConstraintDescription",
    "MaxLength",
    "MinLength",
    "MaxValue",
    "MinValue",
    "NoEcho",
];
const OUTPUT: [&str; 4] = ["Value", "Description", "Export", "Condition"];
const POLICIES: [&str; 4] = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
const GLOBALS: [&str; 9] = [
    "Function",
    "Api",
    "HttpApi",
    "SimpleTable",
    "StateMachine",
    "LayerVersion",
    "CapacityProvider",
    "WebSocketApi",
    "GraphQLApi",
];

/// The candidates of a path below a template.
pub(super) fn candidates(request: &Request<'_>, context: &Context, base: &[Step], inner: &[Step]) -> Vec<Candidate> {
    let names: Vec<&str> = inner.iter().map(|step| step.key().unwrap_or("*")).collect();
    let found = if context.is_key {
        keys(request, context, base, inner, &names)
    } else {
        values(request, context, base, inner, &names)
    };
    found.into_iter().filter(|candidate| !context.is_key || !context.siblings.contains(&candidate.label)).collect()
}

fn keys(request: &Request<'_>, context: &Context, base: &[Step], inner: &[Step], names: &[&str]) -> Vec<Candidate> {
    let plain = |list: &[&str]| list.iter().map(|name| key(request, context, name, None)).collect();
    let told = |list: &[(&str, &str)]| {
        let one = |(name, help): &(&str, &str)| key(request, context, name, None).documentation(*help);
        list.iter().map(one).collect::<Vec<_>>()
    };
    match names {
        [] if !request.is_service() => told(&SECTIONS),
        ["Resources", _] => {
            let ty = resource_type(context, base, inner);
            let properties = ty.map(|ty| required(context, &ty.place()));
            let mut found = told(&ATTRIBUTES);
            for candidate in &mut found {
                if candidate.label == "Properties" && !context.flow && !request.word.has_colon {
                    candidate.snippet = properties.clone().filter(|text| !text.is_empty());
                }
                candidate.rank = if matches!(&*candidate.label, "Type" | "Properties") { 1 } else { 5 };
            }
            found
        }
        ["Parameters", _] => plain(&PARAMETER),
        ["Outputs", _] => plain(&OUTPUT),
        ["Globals"] => plain(&GLOBALS),
        _ => {
            let Some(place) = place::schema(&context.document, base, inner) else { return Vec::new() };
            let properties = place.properties().into_iter().filter(|property| !property.place.is_read_only());
            properties
                .map(|property| {
                    let candidate = key(request, context, property.name, Some(&property.place))
                        .detail(property.place.types().words())
                        .documentation(hover::property(property.name, &property.place, property.required));
                    candidate.rank(if property.required { 0 } else { 5 })
                })
                .collect()
        }
    }
}

/// The type of the resource around a path.
fn resource_type(context: &Context, base: &[Step], inner: &[Step]) -> Option<crate::schema::ResourceType> {
    let mut path = base.to_vec();
    path.extend_from_slice(inner.get(..2)?);
    let name = place::node(&context.document, &path)?.get("Type").map(NodeRef::text)?;
    Table::embedded().resource_type(name)
}

/// `Properties` with what is required, as a snippet.
fn required(_: &Context, place: &Place) -> String {
    let lines: Vec<String> = place
        .properties()
        .iter()
        .filter(|property| property.required)
        .enumerate()
        .map(|(at, property)| format!("\n  {}: ${{{}}}", property.name, at + 1))
        .collect();
    if lines.is_empty() { String::new() } else { format!("Properties:{}", lines.concat()) }
}

/// A key with what comes behind it.
fn key(request: &Request<'_>, context: &Context, name: &str, place: Option<&Place>) -> Candidate {
    let candidate = Candidate::new(name, CompletionItemKind::PROPERTY);
    if request.word.has_colon || request.word.quoted {
        return candidate;
    }
    let is_json = request.file.path().ends_with(".json");
    let written = if is_json { format!("\"{name}\"") } else { name.to_owned() };
    let types = place.map(Place::types);
    let is_only = |kind| types.is_some_and(|types| types.any(kind) && !types.is_any() && !types.any(Types::SCALAR));
    let behind = match place.and_then(Place::allowed) {
        Some(values) if values.len() <= MAX_CHOICES && !is_json => format!(" {}", choice(&values)),
        _ if context.flow || is_json => " $0".to_owned(),
        _ if is_only(Types::OBJECT) && !is_only(Types::ARRAY) => "\n  $0".to_owned(),
        _ if is_only(Types::ARRAY) && !is_only(Types::OBJECT) => "\n  - $0".to_owned(),
        None if place.is_none() && starts_block(name) => "\n  $0".to_owned(),
        _ => " $0".to_owned(),
    };
    candidate.text(format!("{written}: ")).snippet(format!("{written}:{behind}"))
}

/// Whether a map follows one of the template's own keys.
fn starts_block(name: &str) -> bool {
    !matches!(
        name,
        "AWSTemplateFormatVersion"
            | "Description"
            | "Transform"
            | "Type"
            | "DependsOn"
            | "Condition"
            | "Value"
            | "DeletionPolicy"
            | "UpdateReplacePolicy"
            | "Default"
            | "AllowedValues"
            | "AllowedPattern"
            | "NoEcho"
            | "ConstraintDescription"
            | "MaxLength"
            | "MinLength"
            | "MaxValue"
            | "MinValue"
    )
}

fn values(request: &Request<'_>, context: &Context, base: &[Step], inner: &[Step], names: &[&str]) -> Vec<Candidate> {
    let plain = |list: &[&str]| {
        list.iter().map(|name| Candidate::new(*name, CompletionItemKind::ENUM_MEMBER).rank(1)).collect()
    };
    match names {
        ["AWSTemplateFormatVersion"] => plain(&["2010-09-09"]),
        ["Transform"] => plain(&["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"]),
        ["Resources", _, "Type"] => {
            let sam = request.part.as_ref().is_some_and(|part| part.analysis().dialect == Dialect::Sam);
            let types = Table::embedded().resource_types();
            types
                .filter(|ty| sam || !ty.name().starts_with("AWS::Serverless::"))
                .map(|ty| {
                    let rank = if ty.name().starts_with("AWS::Serverless::") { 1 } else { 2 };
                    Candidate::new(ty.name(), CompletionItemKind::CLASS).rank(rank)
                })
                .collect()
        }
        ["Resources", _, "DeletionPolicy" | "UpdateReplacePolicy"] => plain(&POLICIES),
        ["Parameters", _, "Type"] => {
            let types: Vec<&str> = Table::embedded().parameter_types().collect();
            plain(&types)
        }
        ["Parameters", _, "NoEcho"] => plain(&["true", "false"]),
        _ => {
            let Some(place) = place::schema(&context.document, base, inner) else { return Vec::new() };
            if let Some(values) = place.allowed() {
                return plain(&values);
            }
            let types = place.types();
            if types.any(Types::BOOLEAN) && !types.is_any() && !types.any(Types::STRING) {
                return plain(&["true", "false"]);
            }
            Vec::new()
        }
    }
}
