//! `textDocument/completion`: what could be written at the cursor.

mod configuration;
mod names;
mod properties;
mod service;
mod suppressions;
mod variables;

use crate::server::context::{self, Context, Word};
use crate::server::dispatch::Answer;
use crate::server::place;
use crate::server::publish::is_configuration;
use crate::server::snapshot::{Part, Snapshot};
use crate::server::uri;
use crate::source::{SourceFile, Span};
use crate::template::Dialect;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, CompletionTextEdit, Documentation,
    InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};
use std::sync::Arc;

/// One thing that could be written.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub label: String,
    pub kind: CompletionItemKind,
    pub detail: Option<String>,
    pub documentation: Option<String>,
    /// What is inserted; a snippet where `snippet` says so.
    pub text: String,
    pub snippet: Option<String>,
    /// The smaller, the earlier.
    pub rank: u8,
}

impl Candidate {
    pub fn new(label: impl Into<String>, kind: CompletionItemKind) -> Self {
        let label = label.into();
        Self { text: label.clone(), label, kind, detail: None, documentation: None, snippet: None, rank: 5 }
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|detail: &String| !detail.is_empty());
        self
    }

    pub fn documentation(mut self, text: impl Into<String>) -> Self {
        self.documentation = Some(text.into());
        self
    }

    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub fn snippet(mut self, text: impl Into<String>) -> Self {
        self.snippet = Some(text.into());
        self
    }

    pub fn rank(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }
}

/// What all providers of candidates read.
pub(super) struct Request<'s> {
    pub snapshot: &'s Snapshot,
    pub file: Arc<SourceFile>,
    pub offset: u32,
    pub word: Word,
    /// The template that the file belongs to; none while nothing in it says what it is.
    pub part: Option<Part>,
}

impl Request<'_> {
    pub fn is_service(&self) -> bool {
        self.part.as_ref().is_some_and(|part| part.analysis().dialect == Dialect::Serverless)
    }
}

pub(in crate::server) fn completion(
    snapshot: &Snapshot,
    params: CompletionParams,
) -> Answer<Option<CompletionResponse>> {
    let at = params.text_document_position;
    let path = uri::path_of(&at.text_document.uri);
    let Some(file) = snapshot.file(&at.text_document.uri).cloned() else { return Ok(None) };
    let offset = snapshot.offset(&file, at.position);
    let word = context::word(&file, offset);
    let part = snapshot.parts(&path).into_iter().next();
    let request = Request { snapshot, file, offset, word, part };
    let (span, mut found) = candidates(&request, &path);
    found.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    found.dedup_by(|a, b| a.label == b.label);
    let items = found.into_iter().map(|candidate| item(&request, span, candidate)).collect();
    Ok(Some(CompletionResponse::Array(items)))
}

/// The candidates, and the bytes that one of them takes the place of.
fn candidates(request: &Request<'_>, path: &str) -> (Span, Vec<Candidate>) {
    let own = request.word.span;
    if let Some((span, found)) = suppressions::candidates(request) {
        return (span, found);
    }
    if is_configuration(path) {
        return (own, configuration::candidates(request));
    }
    if request.part.is_none() {
        return (own, Vec::new());
    }
    if let Some((start, inside)) = context::open_placeholder(&request.file, request.offset) {
        return variables::candidates(request, start, inside);
    }
    let mut found = Vec::new();
    for context in context::contexts(&request.file, &request.word) {
        found.extend(of_context(request, &context));
    }
    // `Queue.Arn` as the argument of `GetAtt`: the attribute alone is offered.
    let dotted = request.word.before.rfind('.').filter(|_| found.iter().any(|c| c.rank == names::ATTRIBUTE));
    let start = dotted.map_or(own.start, |dot| own.start + dot as u32 + 1);
    (Span { start, ..own }, found)
}

fn of_context(request: &Request<'_>, context: &Context) -> Vec<Candidate> {
    if let Some((function, argument, before)) = &context.function {
        let found = names::arguments(request, function, *argument, before);
        if let Some(found) = found {
            return found;
        }
    }
    let Some(inner) = place::in_template(&context.steps, request.is_service()) else {
        let mut found = service::candidates(context);
        if !context.is_key {
            found.extend(names::functions(request));
        }
        return found;
    };
    let base = &context.steps[..context.steps.len() - inner.len()];
    let mut found = properties::candidates(request, context, base, inner);
    if inner.is_empty() && request.is_service() && context.is_key {
        found.extend(service::candidates(context));
    }
    if !context.is_key {
        found.extend(names::plain(request, inner));
        found.extend(names::functions(request));
    }
    found
}

fn item(request: &Request<'_>, span: Span, candidate: Candidate) -> CompletionItem {
    let snapshot = request.snapshot;
    let support = snapshot.client.capabilities.text_document.as_ref().and_then(|text| text.completion.as_ref());
    let support = support.and_then(|completion| completion.completion_item.as_ref());
    let snippets = support.is_some_and(|item| item.snippet_support == Some(true));
    let snippet = candidate.snippet.filter(|_| snippets);
    let format = snippet.is_some().then_some(InsertTextFormat::SNIPPET);
    let new_text = snippet.unwrap_or(candidate.text);
    let range = snapshot.range(&request.file, span);
    CompletionItem {
        sort_text: Some(format!("{}{}", candidate.rank, candidate.label)),
        filter_text: Some(candidate.label.clone()),
        label: candidate.label,
        kind: Some(candidate.kind),
        detail: candidate.detail,
        documentation: candidate
            .documentation
            .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
        insert_text_format: format,
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
        ..CompletionItem::default()
    }
}

/// Texts that are taken literally inside a snippet.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// A choice in a snippet.
pub(super) fn choice(values: &[&str]) -> String {
    let values: Vec<String> =
        values.iter().map(|value| escaped(value).replace(',', "\\,").replace('|', "\\|")).collect();
    format!("${{1|{}|}}", values.join(","))
}
