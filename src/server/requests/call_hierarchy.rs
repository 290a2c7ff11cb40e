//! `textDocument/prepareCallHierarchy`: the event path. Incoming calls are what triggers a
//! resource, outgoing calls what it invokes, publishes to and writes.

use crate::graph::{Certainty, EdgeKind, EdgeRef, NodeKind, NodeRef};
use crate::server::dispatch::Answer;
use crate::server::snapshot::{Part, Snapshot};
use crate::server::uri;
use lsp_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, SymbolKind,
};
use serde_json::json;

pub(in crate::server) fn prepare(
    snapshot: &Snapshot,
    params: CallHierarchyPrepareParams,
) -> Answer<Option<Vec<CallHierarchyItem>>> {
    for (part, offset) in snapshot.cursors(&params.text_document_position_params) {
        if let Some(item) = node_at(&part, offset).and_then(|node| item(snapshot, &part, node)) {
            return Ok(Some(vec![item]));
        }
    }
    Ok(None)
}

/// The node of the name under the cursor, or of the resource around it.
pub(in crate::server) fn node_at(part: &Part, offset: u32) -> Option<NodeRef<'_>> {
    let graph = &part.analysis().graph;
    let symbols = part.checked.symbols();
    let named = symbols.at(part.id, offset).and_then(|mention| graph.node(&mention.name.text));
    named.or_else(|| {
        let at = crate::source::Span::new(part.id, offset, offset);
        node_of(part, symbols.owner(at)?)
    })
}

/// The node of a declared resource or function.
pub(in crate::server) fn node_of<'p>(part: &'p Part, symbol: &crate::template::symbols::Symbol) -> Option<NodeRef<'p>> {
    let graph = &part.analysis().graph;
    let own = graph.node(&symbol.name.text).filter(|node| node.kind() != NodeKind::Other);
    own.or_else(|| {
        let inside = |node: &NodeRef<'_>| symbol.body.encloses(node.origin().span());
        graph.nodes_of(NodeKind::Function).find(inside)
    })
    .or_else(|| graph.node(&symbol.name.text))
}

fn item(snapshot: &Snapshot, part: &Part, node: NodeRef<'_>) -> Option<CallHierarchyItem> {
    let analysis = part.analysis();
    let span = node.origin().span();
    let shown = part.checked.symbols().owner(span).map_or(span, |symbol| symbol.key);
    let file = analysis.sources.get(shown.file);
    let ty = node.resource().map(|resource| resource.ty().to_owned());
    let kind = match node.kind() {
        NodeKind::Function | NodeKind::Version | NodeKind::Alias => SymbolKind::FUNCTION,
        NodeKind::Route | NodeKind::Rule | NodeKind::Schedule => SymbolKind::EVENT,
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebSocketApi | NodeKind::GraphQlApi => SymbolKind::INTERFACE,
        NodeKind::External => SymbolKind::MODULE,
        _ => SymbolKind::CLASS,
    };
    Some(CallHierarchyItem {
        name: node.name().to_owned(),
        kind,
        tags: None,
        detail: Some(ty.unwrap_or_else(|| node.kind().noun().to_owned())),
        uri: snapshot.uri(file.path())?,
        range: snapshot.range(file, shown),
        selection_range: snapshot.range(file, shown),
        data: Some(json!({ "template": part.text.path, "node": node.index().index() })),
    })
}

/// The node an item stands for.
fn resolve<'p>(part: &'p Part, item: &CallHierarchyItem) -> Option<NodeRef<'p>> {
    let number = item.data.as_ref()?.get("node")?.as_u64()?;
    let mut nodes = part.analysis().graph.nodes();
    nodes.find(|node| node.index().index() as u64 == number && node.name() == item.name)
}

fn part(snapshot: &Snapshot, item: &CallHierarchyItem) -> Option<Part> {
    let template = item.data.as_ref().and_then(|data| data.get("template")?.as_str().map(str::to_owned));
    snapshot.parts(&template.unwrap_or_else(|| uri::path_of(&item.uri))).into_iter().next()
}

/// Whether an event or a call goes along the edge.
fn travels(edge: &EdgeRef<'_>) -> bool {
    let kind = edge.kind();
    (kind.carries() || kind == EdgeKind::Notifies || kind == EdgeKind::DeadLettersTo)
        && edge.certainty() != Certainty::Hinted
}

pub(in crate::server) fn incoming(
    snapshot: &Snapshot,
    params: CallHierarchyIncomingCallsParams,
) -> Answer<Option<Vec<CallHierarchyIncomingCall>>> {
    let Some(part) = part(snapshot, &params.item) else { return Ok(None) };
    let Some(node) = resolve(&part, &params.item) else { return Ok(None) };
    let calls = grouped(node.incoming().filter(travels), EdgeRef::source).into_iter();
    let calls = calls.filter_map(|(source, edges)| {
        let from = item(snapshot, &part, source)?;
        // Ranges are relative to the caller's file.
        let from_ranges = ranges(snapshot, &part, &edges, &from);
        Some(CallHierarchyIncomingCall { from: described(from, &edges), from_ranges })
    });
    Ok(Some(calls.collect()))
}

pub(in crate::server) fn outgoing(
    snapshot: &Snapshot,
    params: CallHierarchyOutgoingCallsParams,
) -> Answer<Option<Vec<CallHierarchyOutgoingCall>>> {
    let Some(part) = part(snapshot, &params.item) else { return Ok(None) };
    let Some(node) = resolve(&part, &params.item) else { return Ok(None) };
    let calls = grouped(node.outgoing().filter(travels), EdgeRef::target).into_iter();
    let calls = calls.filter_map(|(target, edges)| {
        let from_ranges = ranges(snapshot, &part, &edges, &params.item);
        Some(CallHierarchyOutgoingCall { to: described(item(snapshot, &part, target)?, &edges), from_ranges })
    });
    Ok(Some(calls.collect()))
}

type Grouped<'g> = Vec<(NodeRef<'g>, Vec<EdgeRef<'g>>)>;

/// Edges by the node at their other end, in order.
fn grouped<'g>(edges: impl Iterator<Item = EdgeRef<'g>>, end: fn(EdgeRef<'g>) -> NodeRef<'g>) -> Grouped<'g> {
    let mut groups: Grouped<'g> = Vec::new();
    for edge in edges {
        match groups.iter_mut().find(|(node, _)| *node == end(edge)) {
            Some((_, known)) => known.push(edge),
            None => groups.push((end(edge), vec![edge])),
        }
    }
    groups
}

fn described(mut item: CallHierarchyItem, edges: &[EdgeRef<'_>]) -> CallHierarchyItem {
    let mut verbs: Vec<&str> = edges.iter().map(|edge| edge.kind().verb()).collect();
    verbs.dedup();
    let detail = item.detail.take().unwrap_or_default();
    item.detail = Some(format!("{detail} ({})", verbs.join(", ")));
    item
}

fn ranges(snapshot: &Snapshot, part: &Part, edges: &[EdgeRef<'_>], item: &CallHierarchyItem) -> Vec<lsp_types::Range> {
    let mut found = Vec::new();
    for edge in edges {
        let location = snapshot.location(part.analysis(), edge.origin().span());
        if let Some(location) = location.filter(|location| location.uri == item.uri && !found.contains(&location.range))
        {
            found.push(location.range);
        }
    }
    found
}
