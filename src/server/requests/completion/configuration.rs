//! Keys and values of `dewline.yaml`.

use super::{Candidate, Request, choice, suppressions};
use crate::config::{KEYS, KeyKind};
use crate::finding::Severity;
use crate::policies;
use crate::policy::Profile;
use crate::server::context::{self, Context};
use lsp_types::CompletionItemKind as Kind;

pub(super) fn candidates(request: &Request<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    for context in context::contexts(&request.file, &request.word) {
        let path: Vec<&str> = context.steps.iter().map(|step| step.key().unwrap_or("*")).collect();
        // Below a glob the keys are those that hold by path.
        let (path, by_path) = match path.as_slice() {
            ["paths", _, rest @ ..] => (rest.to_vec(), true),
            path => (path.to_vec(), false),
        };
        found.extend(if context.is_key { keys(&context, &path, by_path) } else { values(&path) });
    }
    found
}

fn keys(context: &Context, path: &[&str], by_path: bool) -> Vec<Candidate> {
    let found: Vec<Candidate> = match path {
        [] => KEYS
            .iter()
            .filter(|key| !by_path || key.by_path)
            .map(|key| {
                let behind = match key.kind {
                    KeyKind::Profile => format!(" {}", choice(&Profile::ALL.map(Profile::name))),
                    KeyKind::Severity => format!(" {}", choice(&Severity::ALL.map(Severity::name))),
                    KeyKind::Bool => " ${1|true,false|}".to_owned(),
                    KeyKind::Text => " $0".to_owned(),
                    KeyKind::Selectors | KeyKind::Globs | KeyKind::Files => "\n  - $0".to_owned(),
                    KeyKind::Severities | KeyKind::Options | KeyKind::Instances | KeyKind::Paths | KeyKind::Texts => {
                        "\n  $0".to_owned()
                    }
                };
                let candidate = Candidate::new(key.name, Kind::PROPERTY).documentation(key.help);
                candidate.text(format!("{}: ", key.name)).snippet(format!("{}:{behind}", key.name))
            })
            .collect(),
        ["severity"] => suppressions::selectors()
            .into_iter()
            .filter(|candidate| candidate.label != "all")
            .map(|candidate| {
                let label = candidate.label.clone();
                let severities = choice(&Severity::ALL.map(Severity::name));
                candidate.text(format!("{label}: ")).snippet(format!("{label}: {severities}"))
            })
            .collect(),
        ["policies"] => policies::ALL
            .iter()
            .filter(|policy| !policy.meta.options.is_empty())
            .map(|policy| {
                let name = policy.meta.name;
                Candidate::new(name, Kind::VALUE).text(format!("{name}: ")).snippet(format!("{name}:\n  $0"))
            })
            .collect(),
        ["instances", _] => ["policy", "severity", "reason", "parameters", "paths"]
            .into_iter()
            .map(|name| Candidate::new(name, Kind::PROPERTY).text(format!("{name}: ")))
            .collect(),
        ["policies", name] => policies::find(name)
            .into_iter()
            .flat_map(|policy| policy.meta.options)
            .map(|option| {
                let candidate = Candidate::new(option.name, Kind::PROPERTY).documentation(option.help);
                candidate.text(format!("{}: ", option.name))
            })
            .collect(),
        _ => Vec::new(),
    };
    found.into_iter().filter(|candidate| !context.siblings.contains(&candidate.label)).collect()
}

fn values(path: &[&str]) -> Vec<Candidate> {
    let plain = |names: &[&str]| names.iter().map(|name| Candidate::new(*name, Kind::ENUM_MEMBER).rank(1)).collect();
    match path {
        ["profile"] => plain(&Profile::ALL.map(Profile::name)),
        ["fail-on" | "min-severity"] | ["severity", _] => plain(&Severity::ALL.map(Severity::name)),
        ["instances", _, "severity"] => plain(&Severity::ALL.map(Severity::name)),
        ["instances", _, "policy"] => {
            policies::ALL.iter().map(|policy| Candidate::new(policy.meta.name, Kind::VALUE).rank(1)).collect()
        }
        ["require-suppression-reason"] => plain(&["true", "false"]),
        ["select" | "extend-select" | "ignore"] | ["select" | "extend-select" | "ignore", "*"] => {
            suppressions::selectors()
        }
        _ => Vec::new(),
    }
}
