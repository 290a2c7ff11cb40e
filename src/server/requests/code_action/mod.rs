//! `textDocument/codeAction`: mend, suppress, explain, add what is missing, rewrite.

mod alarm;
mod forms;
mod parameter;
mod suppress;

use crate::finding::{Finding, Fix, Patch};
use crate::policies;
use crate::server::dispatch::Answer;
use crate::server::edits::Edits;
use crate::server::snapshot::{Part, Snapshot};
use crate::source::Span;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Command, Diagnostic,
    NumberOrString, WorkspaceEdit,
};

/// The kind of the action that mends everything that is safe to mend.
pub(in crate::server) const FIX_ALL: &str = "source.fixAll.dewline";
/// The command that shows a policy's documentation.
pub(in crate::server) const EXPLAIN: &str = "dewline.explain";

/// What the providers of actions read.
pub(super) struct Request<'s> {
    pub snapshot: &'s Snapshot,
    pub part: &'s Part,
    /// The selection.
    pub span: Span,
    diagnostics: &'s [Diagnostic],
}

impl Request<'_> {
    fn diagnostics_of(&self, finding: &Finding) -> Option<Vec<Diagnostic>> {
        let range = self.snapshot.range(self.part.file(), finding.span);
        let code = NumberOrString::String(finding.policy.clone());
        let own = self.diagnostics.iter().filter(|d| d.range == range && d.code.as_ref() == Some(&code));
        let own: Vec<Diagnostic> = own.cloned().collect();
        (!own.is_empty()).then_some(own)
    }

    /// Edits of the document of the part, by byte ranges.
    pub fn edit(&self, edits: &[crate::document::edit::Edit]) -> WorkspaceEdit {
        let mut all = Edits::new(self.snapshot);
        for edit in edits {
            all.add_in(self.part.file(), Span::new(self.part.id, edit.start, edit.end), edit.text.clone());
        }
        all.finish()
    }
}

/// An action that changes text.
fn action(title: impl Into<String>, kind: CodeActionKind, edit: WorkspaceEdit) -> CodeAction {
    CodeAction { title: title.into(), kind: Some(kind), edit: Some(edit), ..CodeAction::default() }
}

pub(in crate::server) fn actions(snapshot: &Snapshot, params: CodeActionParams) -> Answer<Option<CodeActionResponse>> {
    let mut found: Vec<CodeAction> = Vec::new();
    for part in snapshot.parts(&crate::server::uri::path_of(&params.text_document.uri)) {
        let file = part.file();
        let (start, end) = (snapshot.offset(file, params.range.start), snapshot.offset(file, params.range.end));
        let span = Span::new(part.id, start, end.max(start));
        let request = Request { snapshot, part: &part, span, diagnostics: &params.context.diagnostics };
        of_findings(&request, &mut found);
        found.extend(alarm::actions(&request));
        found.extend(parameter::actions(&request));
        found.extend(forms::actions(&request));
    }
    let wanted = |action: &CodeAction| {
        let Some(only) = &params.context.only else {
            // Actions on the whole file are offered only where they are asked for.
            return action.kind.as_ref().is_none_or(|kind| !kind.as_str().starts_with("source"));
        };
        let kind = action.kind.as_ref().map_or("", CodeActionKind::as_str);
        only.iter().any(|only| kind == only.as_str() || kind.starts_with(&format!("{}.", only.as_str())))
    };
    let mut titles: Vec<String> = Vec::new();
    found.retain(|action| {
        let is_new = wanted(action) && !titles.contains(&action.title);
        titles.push(action.title.clone());
        is_new
    });
    Ok(Some(found.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
}

fn of_findings(request: &Request<'_>, found: &mut Vec<CodeAction>) {
    let (snapshot, part) = (request.snapshot, request.part);
    let analysis = part.analysis();
    let own: Vec<&Finding> = part.checked.shown().filter(|finding| finding.span.file == part.id).collect();
    let all: Vec<&Finding> = part.checked.shown().collect();
    let touches = |finding: &&&Finding| {
        let (a, b) = (finding.span, request.span);
        a.start <= b.end && b.start <= a.end
    };
    let here: Vec<&Finding> = own.iter().filter(touches).copied().collect();
    for finding in &here {
        let Some(fix) = &finding.fix else { continue };
        let edit = Edits::of_fix(snapshot, analysis, fix).finish();
        let mut made = action(&fix.title, CodeActionKind::QUICKFIX, edit);
        made.is_preferred = Some(fix.safe);
        made.diagnostics = request.diagnostics_of(finding);
        found.push(made);
    }
    for finding in &here {
        let fixes: Vec<&Fix> =
            own.iter().filter(|other| other.policy == finding.policy).filter_map(|other| other.fix.as_ref()).collect();
        if fixes.len() > 1 {
            let edit = together(snapshot, part, &fixes);
            let title = format!("Fix all `{}` in this file", finding.policy);
            found.push(action(title, CodeActionKind::QUICKFIX, edit));
        }
    }
    for finding in &here {
        for mut action in suppress::actions(request, finding) {
            action.diagnostics = request.diagnostics_of(finding);
            found.push(action);
        }
    }
    for finding in &here {
        if policies::find(&finding.policy).is_none() {
            continue;
        }
        let title = format!("Explain `{}`", finding.policy);
        let arguments = Some(vec![finding.policy.clone().into()]);
        found.push(CodeAction {
            title: title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: request.diagnostics_of(finding),
            command: Some(Command { title, command: EXPLAIN.to_owned(), arguments }),
            ..CodeAction::default()
        });
    }
    let safe: Vec<&Fix> = all.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.safe).collect();
    if !safe.is_empty() {
        let edit = together(snapshot, part, &safe);
        found.push(action("Fix everything that is safe to fix", CodeActionKind::from(FIX_ALL.to_owned()), edit));
    }
}

/// Several fixes at once; one that touches what another has changed is left for the next time.
fn together(snapshot: &Snapshot, part: &Part, fixes: &[&Fix]) -> WorkspaceEdit {
    let mut patch = Patch::default();
    for fix in fixes {
        patch.add(fix);
    }
    let mut edits = Edits::new(snapshot);
    for edit in patch.into_edits() {
        edits.add(part.analysis(), edit.span, edit.text);
    }
    edits.finish()
}
