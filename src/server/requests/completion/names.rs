//! Names a function may take: parameters, resources, attributes, conditions, mappings.

use super::{Candidate, Request};
use crate::schema::Table;
use crate::server::place::Step;
use crate::template::symbols::{Space, Symbols};
use lsp_types::CompletionItemKind as Kind;
use std::collections::BTreeSet;

/// Rank of attributes, which stand behind a dot.
pub(super) const ATTRIBUTE: u8 = 1;

const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];
/// Functions with the snippet of their short form.
const FUNCTIONS: [(&str, &str); 17] = [
    ("Ref", "!Ref $0"),
    ("GetAtt", "!GetAtt $0"),
    ("Sub", "!Sub '$0'"),
    ("If", "!If [${1:condition}, ${2:then}, ${3:else}]"),
    ("Join", "!Join ['$1', [$0]]"),
    ("Select", "!Select [${1:0}, $0]"),
    ("Split", "!Split ['$1', $0]"),
    ("FindInMap", "!FindInMap [${1:map}, ${2:first}, ${3:second}]"),
    ("ImportValue", "!ImportValue $0"),
    ("Base64", "!Base64 $0"),
    ("Cidr", "!Cidr [${1:block}, ${2:count}, ${3:bits}]"),
    ("GetAZs", "!GetAZs ''"),
    ("Equals", "!Equals [${1:left}, ${2:right}]"),
    ("And", "!And [$0]"),
    ("Or", "!Or [$0]"),
    ("Not", "!Not [$0]"),
    ("Condition", "!Condition $0"),
];

fn symbols<'r>(request: &'r Request<'_>) -> Option<&'r Symbols> {
    Some(request.part.as_ref()?.checked.symbols())
}

fn declared(request: &Request<'_>, space: Space, kind: Kind, rank: u8) -> Vec<Candidate> {
    let own = symbols(request).into_iter().flat_map(Symbols::symbols).filter(|symbol| symbol.name.space == space);
    own.map(|symbol| Candidate::new(&symbol.name.text, kind).detail(&symbol.detail).rank(rank)).collect()
}

/// Resources that are written, and those a framework makes.
pub(super) fn resources(request: &Request<'_>, rank: u8) -> Vec<Candidate> {
    let mut found = declared(request, Space::Resource, Kind::CLASS, rank);
    let Some(part) = request.part.as_ref().filter(|_| request.is_service()) else { return found };
    let known: BTreeSet<String> = found.iter().map(|candidate| candidate.label.clone()).collect();
    let made = part.template().resources().filter(|resource| !known.contains(resource.id()));
    found.extend(made.map(|r| Candidate::new(r.id(), Kind::CLASS).detail(r.ty()).rank(rank + 1)));
    found
}

fn pseudo() -> impl Iterator<Item = Candidate> {
    PSEUDO.into_iter().map(|name| Candidate::new(name, Kind::CONSTANT).rank(4))
}

/// What `Ref` may name.
pub(super) fn references(request: &Request<'_>) -> Vec<Candidate> {
    let mut found = declared(request, Space::Parameter, Kind::VARIABLE, 1);
    found.extend(resources(request, 2));
    found.extend(pseudo());
    found
}

/// The attributes of a resource.
pub(super) fn attributes(request: &Request<'_>, id: &str) -> Vec<Candidate> {
    let Some(part) = &request.part else { return Vec::new() };
    let Some(resource) = part.template().resource(id) else { return Vec::new() };
    let names = Table::embedded().resource_type(resource.ty()).map(crate::schema::ResourceType::attribute_names);
    let one = |name: &str| Candidate::new(name, Kind::FIELD).detail(resource.ty()).rank(ATTRIBUTE);
    names.unwrap_or_default().into_iter().map(one).collect()
}

/// The candidates for an argument of a function; `None` when it takes anything.
pub(super) fn arguments(
    request: &Request<'_>,
    function: &str,
    argument: usize,
    before: &[String],
) -> Option<Vec<Candidate>> {
    let first = before.first().map(String::as_str).unwrap_or_default();
    Some(match (function, argument) {
        ("Ref", 0) => references(request),
        ("GetAtt", 0) => match request.word.before.split_once('.') {
            Some((id, _)) => attributes(request, id),
            None => resources(request, 2),
        },
        ("GetAtt", 1) => attributes(request, first),
        ("If", 0) | ("Condition", _) => declared(request, Space::Condition, Kind::ENUM, 1),
        ("FindInMap", 0) => declared(request, Space::Mapping, Kind::STRUCT, 1),
        ("FindInMap", 1 | 2) => {
            let prefix = format!("{}.", before.join("."));
            let keys = symbols(request).into_iter().flat_map(Symbols::symbols);
            let keys = keys.filter(|symbol| symbol.name.space == Space::MappingKey);
            let keys = keys.filter_map(|symbol| symbol.name.text.strip_prefix(&prefix));
            keys.filter(|key| !key.contains('.')).map(|key| Candidate::new(key, Kind::FIELD).rank(1)).collect()
        }
        ("GetAZs", 0) => vec![Candidate::new("AWS::Region", Kind::CONSTANT)],
        _ => return None,
    })
}

/// Names that stand plain: `DependsOn`, `Condition`.
pub(super) fn plain(request: &Request<'_>, inner: &[Step]) -> Vec<Candidate> {
    let names: Vec<&str> = inner.iter().map(|step| step.key().unwrap_or("*")).collect();
    match names.as_slice() {
        ["Resources", own, "DependsOn"] | ["Resources", own, "DependsOn", "*"] => {
            resources(request, 2).into_iter().filter(|candidate| candidate.label != *own).collect()
        }
        ["Resources" | "Outputs", _, "Condition"] => declared(request, Space::Condition, Kind::ENUM, 1),
        _ => Vec::new(),
    }
}

/// Functions in their short form, once a `!` is written or nothing is.
pub(super) fn functions(request: &Request<'_>) -> Vec<Candidate> {
    let typed = &request.word.before;
    if request.word.quoted || request.file.path().ends_with(".json") || !typed.is_empty() && !typed.starts_with('!') {
        return Vec::new();
    }
    let one = |(name, snippet): &(&str, &str)| {
        Candidate::new(format!("!{name}"), Kind::FUNCTION).text(format!("!{name} ")).snippet(*snippet).rank(8)
    };
    FUNCTIONS.iter().map(one).collect()
}
