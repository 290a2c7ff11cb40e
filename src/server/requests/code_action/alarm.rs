//! Adding an alarm that nobody set.

use super::Request;
use crate::policies;
use crate::server::edits::Edits;
use crate::server::insight;
use crate::server::requests::call_hierarchy::node_of;
use lsp_types::{CodeAction, CodeActionKind};

/// One alarm per metric that is not watched, for the resource under the cursor.
pub(super) fn actions(request: &Request<'_>) -> Vec<CodeAction> {
    let part = request.part;
    let analysis = part.analysis();
    let symbols = part.checked.symbols();
    let Some(node) = symbols.owner(request.span).and_then(|symbol| node_of(part, symbol)) else { return Vec::new() };
    let Some(coverage) = insight::coverage(&analysis.graph, node) else { return Vec::new() };
    let action = |name: &&'static str| {
        let metric = insight::metric(&analysis.graph, node, name)?;
        let fix = analysis.place(&policies::add_alarm(node, metric)?)?;
        let edit = Edits::of_fix(request.snapshot, analysis, &fix).finish();
        Some(super::action(fix.title, CodeActionKind::QUICKFIX, edit))
    };
    coverage.missing.iter().filter_map(action).collect()
}
