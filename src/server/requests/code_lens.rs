//! `textDocument/codeLens`: what a resource is reached from and reaches, and who names it.

use super::call_hierarchy::node_of;
use crate::graph::{EdgeRef, NodeRef};
use crate::server::dispatch::Answer;
use crate::server::host::PathEstimate;
use crate::server::insight;
use crate::server::snapshot::{Part, Snapshot};
use crate::source::Span;
use crate::template::symbols::{Space, Symbol};
use lsp_types::{CodeLens, CodeLensParams, Command, Location};
use serde_json::json;

/// The command that shows places; its arguments are an address, a position and locations.
pub(in crate::server) const SHOW: &str = "dewline.showLocations";

pub(in crate::server) fn lenses(snapshot: &Snapshot, params: CodeLensParams) -> Answer<Option<Vec<CodeLens>>> {
    let Some(part) = snapshot.part(&params.text_document.uri) else { return Ok(None) };
    let options = snapshot.options.code_lens;
    let mut found = Vec::new();
    for symbol in part.checked.symbols().symbols().iter().filter(|symbol| symbol.key.file == part.id) {
        let is_resource = matches!(symbol.name.space, Space::Resource | Space::Function);
        if options.flow
            && is_resource
            && let Some(node) = node_of(&part, symbol)
        {
            let from: Vec<_> = node.incoming().filter(|edge| insight::is_flow(edge)).collect();
            let to: Vec<_> = node.outgoing().filter(|edge| insight::is_flow(edge)).collect();
            found.extend(flow(snapshot, &part, symbol, &from, EdgeRef::source, "reached from"));
            found.extend(flow(snapshot, &part, symbol, &to, EdgeRef::target, "reaches"));
        }
        if options.references && (is_resource || matches!(symbol.name.space, Space::Parameter | Space::Condition)) {
            let mentions = part.checked.symbols().references(&symbol.name, part.template());
            let places = mentions.iter().filter(|mention| !mention.declares);
            let places: Vec<Location> =
                places.filter_map(|mention| snapshot.location(part.analysis(), mention.span)).collect();
            let count = places.len();
            let title = if count == 1 { "1 reference".to_owned() } else { format!("{count} references") };
            found.extend(lens(snapshot, &part, symbol, title, &places));
        }
    }
    if options.cost {
        let estimates = part.checked.estimates.get_or_init(|| snapshot.host.estimates(part.analysis()));
        found.extend(estimates.iter().filter_map(|estimate| cost(snapshot, &part, estimate.path.as_ref()?)));
    }
    Ok(Some(found))
}

/// What an entry costs; the lens leads to what its events reach.
fn cost(snapshot: &Snapshot, part: &Part, path: &PathEstimate) -> Option<CodeLens> {
    if path.span.file != part.id {
        return None;
    }
    let graph = &part.analysis().graph;
    let nodes = path.reaches.iter().filter_map(|name| graph.node(name));
    let places: Vec<Location> =
        nodes.filter_map(|node| snapshot.location(part.analysis(), node.origin().span())).collect();
    at(snapshot, part, path.span, path.title.clone(), &places)
}

fn flow<'g>(
    snapshot: &Snapshot,
    part: &Part,
    symbol: &Symbol,
    edges: &[EdgeRef<'g>],
    end: fn(EdgeRef<'g>) -> NodeRef<'g>,
    words: &str,
) -> Option<CodeLens> {
    let mut nodes: Vec<NodeRef<'g>> = Vec::new();
    for edge in edges {
        if !nodes.contains(&end(*edge)) {
            nodes.push(end(*edge));
        }
    }
    let first = nodes.first()?;
    let title = match nodes.len() {
        1 => format!("{words} {}", first.name()),
        count => format!("{words} {} and {} more", first.name(), count - 1),
    };
    let places: Vec<Location> =
        nodes.iter().filter_map(|node| snapshot.location(part.analysis(), node.origin().span())).collect();
    lens(snapshot, part, symbol, title, &places)
}

fn lens(snapshot: &Snapshot, part: &Part, symbol: &Symbol, title: String, places: &[Location]) -> Option<CodeLens> {
    at(snapshot, part, symbol.key, title, places)
}

fn at(snapshot: &Snapshot, part: &Part, place: Span, title: String, places: &[Location]) -> Option<CodeLens> {
    let range = snapshot.range(part.file(), place);
    let uri = snapshot.uri(part.file().path())?;
    let arguments = Some(vec![json!(uri), json!(range.start), json!(places)]);
    Some(CodeLens { range, command: Some(Command { title, command: SHOW.to_owned(), arguments }), data: None })
}
