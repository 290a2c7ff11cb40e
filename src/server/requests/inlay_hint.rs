//! `textDocument/inlayHint`: alarms, timeouts and estimates behind the name of a resource.

use super::call_hierarchy::node_of;
use crate::graph::NodeRef;
use crate::server::dispatch::Answer;
use crate::server::insight;
use crate::server::snapshot::{Part, Snapshot};
use crate::source::Span;
use crate::template::symbols::Space;
use lsp_types::{InlayHint, InlayHintLabel, InlayHintParams, InlayHintTooltip, MarkupContent, MarkupKind};

pub(in crate::server) fn hints(snapshot: &Snapshot, params: InlayHintParams) -> Answer<Option<Vec<InlayHint>>> {
    let Some(part) = snapshot.part(&params.text_document.uri) else { return Ok(None) };
    let file = part.file();
    let wanted = Span::new(part.id, snapshot.offset(file, params.range.start), snapshot.offset(file, params.range.end));
    let options = snapshot.options.inlay_hints;
    let estimates = if options.cost || options.cold_starts {
        part.checked.estimates.get_or_init(|| snapshot.host.estimates(part.analysis())).as_slice()
    } else {
        &[]
    };
    let mut found = Vec::new();
    for symbol in part.checked.symbols().symbols() {
        let is_meant = matches!(symbol.name.space, Space::Resource | Space::Function);
        if !is_meant || symbol.key.file != part.id || !wanted.encloses(symbol.key) {
            continue;
        }
        let Some(node) = node_of(&part, symbol) else { continue };
        let mut labels: Vec<(String, String)> = Vec::new();
        if options.timeouts {
            labels.extend(timeout(&part, node));
        }
        if options.alarms {
            labels.extend(alarms(&part, node));
        }
        for estimate in estimates.iter().filter(|estimate| Some(&*estimate.resource) == node.logical_id()) {
            let cost = estimate.cost.clone().filter(|_| options.cost);
            let cold = estimate.cold_start.clone().filter(|_| options.cold_starts);
            labels.extend(cost.into_iter().chain(cold).map(|label| (label, estimate.explanation.clone())));
        }
        let line = file.line_of(symbol.key.start);
        let start = file.line_starts().get(line as usize).copied().unwrap_or(0);
        let end = start + file.line_text(line).trim_end().len() as u32;
        for (label, tooltip) in labels {
            found.push(InlayHint {
                position: snapshot.range(file, Span::new(part.id, end, end)).start,
                label: InlayHintLabel::String(label),
                kind: None,
                text_edits: None,
                tooltip: Some(InlayHintTooltip::MarkupContent(MarkupContent {
                    kind: MarkupKind::Markdown,
                    value: tooltip,
                })),
                padding_left: Some(true),
                padding_right: Some(false),
                data: None,
            });
        }
    }
    Ok(Some(found))
}

/// The longest that the path through a function may take, and who does not wait that long.
fn timeout(part: &Part, node: NodeRef<'_>) -> Option<(String, String)> {
    let graph = &part.analysis().graph;
    let chain = insight::downstream(node, &mut Vec::new());
    let own = chain.first()?.seconds;
    let callers = insight::callers(graph, node);
    let shortest = callers.iter().min_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let mut label = format!("up to {}", insight::seconds(own));
    if let Some(wait) = shortest.filter(|wait| wait.seconds < own) {
        label += &format!(", caller waits {}", insight::seconds(wait.seconds));
    }
    let mut lines: Vec<String> =
        callers.iter().map(|w| format!("- {} after {}", w.name, insight::seconds(w.seconds))).collect();
    lines.extend(chain.iter().map(|wait| format!("- {} may run {}", wait.name, insight::seconds(wait.seconds))));
    Some((label, format!("Who waits, and how long:\n\n{}", lines.join("\n"))))
}

/// How many of the metrics that matter an alarm watches.
fn alarms(part: &Part, node: NodeRef<'_>) -> Option<(String, String)> {
    let coverage = insight::coverage(&part.analysis().graph, node)?;
    let (watched, all) = (coverage.watched.len(), coverage.len());
    let label = match (watched, coverage.unheard.len(), coverage.unsure.len()) {
        (0, 0, 0) => "no alarm".to_owned(),
        (_, 0, 0) => format!("alarms {watched}/{all}"),
        (_, 0, unsure) => format!("alarms {watched}/{all}, {unsure} unsure"),
        (_, unheard, _) => format!("alarms {watched}/{all}, {unheard} unheard"),
    };
    let list = |title: &str, names: &[&str]| {
        if names.is_empty() { String::new() } else { format!("{title}: {}\n\n", names.join(", ")) }
    };
    let lists = [
        list("Watched", &coverage.watched),
        list("Not watched", &coverage.missing),
        list("Nobody receives the alarm", &coverage.unheard),
        list("Perhaps watched or received elsewhere", &coverage.unsure),
    ];
    Some((label, lists.concat()))
}
