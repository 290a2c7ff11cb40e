//! Names of policies in suppression comments.

use super::{Candidate, Request};
use crate::finding::Category;
use crate::policies;
use crate::server::requests::hover;
use crate::source::Span;
use lsp_types::CompletionItemKind as Kind;

/// Policies, categories and `all`.
pub(super) fn selectors() -> Vec<Candidate> {
    let policies = policies::ALL.iter().map(|policy| {
        let meta = &policy.meta;
        Candidate::new(meta.name, Kind::VALUE)
            .detail(format!("{}, {}", meta.category, meta.severity))
            .documentation(hover::policy(meta))
            .rank(2)
    });
    let categories = Category::ALL.into_iter().map(|c| Candidate::new(c.name(), Kind::FOLDER).rank(3));
    policies.chain(categories).chain([Candidate::new("all", Kind::KEYWORD).rank(4)]).collect()
}

/// The candidates in a comment; `None` where no suppression is written.
pub(super) fn candidates(request: &Request<'_>) -> Option<(Span, Vec<Candidate>)> {
    let before = &request.file.text()[..request.offset as usize];
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let comment = &line[line.rfind('#')?..];
    let rest = comment.trim_start_matches('#').trim_start();
    let span = request.word.span;
    let Some(directive) = rest.strip_prefix("dewline:") else {
        let begun = "dewline".starts_with(rest) && !rest.is_empty();
        let one = |text: &str| Candidate::new(text, Kind::SNIPPET).snippet(format!("{text}[$1] $0"));
        let words = ["dewline: ignore", "dewline: ignore-file"];
        return begun.then(|| (span, words.into_iter().map(one).collect()));
    };
    match directive.split_once('[') {
        Some((_, names)) if names.contains(']') => None,
        Some((_, names)) => {
            let written: Vec<&str> = names.split(',').map(str::trim).collect();
            let found = selectors().into_iter().filter(|candidate| !written.contains(&candidate.label.as_str()));
            // Findings near the comment come first.
            let near = nearby(request);
            Some((span, found.map(|c| if near.contains(&c.label) { c.rank(0) } else { c }).collect()))
        }
        None => {
            let one = |(word, help): (&str, &str)| {
                Candidate::new(word, Kind::KEYWORD).documentation(help).snippet(format!("{word}[$1] $0"))
            };
            let words = [("ignore", "For what stands on or below the line."), ("ignore-file", "For the whole file.")];
            Some((span, words.into_iter().map(one).collect()))
        }
    }
}

/// Policies with findings on the comment's line or in what begins below it.
fn nearby(request: &Request<'_>) -> Vec<String> {
    let Some(part) = &request.part else { return Vec::new() };
    let line = request.file.line_of(request.offset);
    let near = |span: Span| span.file == part.id && (line..=line + 12).contains(&request.file.line_of(span.start));
    part.checked.shown().filter(|finding| near(finding.span)).map(|finding| finding.policy.clone()).collect()
}
