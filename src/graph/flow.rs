//! How events and calls travel: callers, triggers, paths, cycles.

use super::{Certainty, EdgeKind, EdgeRef, Graph, NodeId, NodeRef};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

impl EdgeKind {
    /// Whether an event or call goes along edges of this kind.
    pub fn carries(self) -> bool {
        matches!(
            self,
            Self::InvokesSync | Self::InvokesAsync | Self::Polls | Self::Publishes | Self::Writes | Self::Contains
        )
    }
}

impl<'g> NodeRef<'g> {
    /// Edges by which something calls the node and waits for it.
    pub fn sync_callers(self) -> impl Iterator<Item = EdgeRef<'g>> {
        self.incoming().filter(|edge| edge.kind() == EdgeKind::InvokesSync)
    }

    /// Declared edges by which something hands the node an event and goes on.
    pub fn async_triggers(self) -> impl Iterator<Item = EdgeRef<'g>> {
        self.incoming().filter(|edge| edge.kind() == EdgeKind::InvokesAsync && edge.certainty() == Certainty::Declared)
    }

    /// Edges by which an event source mapping or pipe feeds the node.
    pub fn polled_sources(self) -> impl Iterator<Item = EdgeRef<'g>> {
        self.incoming().filter(|edge| edge.kind() == EdgeKind::Polls)
    }

    /// Edges to what the node calls and waits for.
    pub fn waits_for(self) -> impl Iterator<Item = EdgeRef<'g>> {
        self.outgoing().filter(|edge| edge.kind() == EdgeKind::InvokesSync)
    }

    /// Everything that waits for the node, directly or through others, nearest first; only
    /// declared calls.
    pub fn waiting(self) -> Vec<NodeRef<'g>> {
        let mut found: Vec<NodeRef<'g>> = Vec::new();
        let mut queue = VecDeque::from([self]);
        while let Some(node) = queue.pop_front() {
            for edge in node.sync_callers().filter(|edge| edge.certainty() == Certainty::Declared) {
                let caller = edge.source();
                if caller != self && !found.contains(&caller) {
                    found.push(caller);
                    queue.push_back(caller);
                }
            }
        }
        found
    }
}

impl Graph {
    /// The shortest way from one node to another along edges that `follow` accepts.
    pub fn path<'g>(
        &'g self,
        from: NodeRef<'g>,
        to: NodeRef<'g>,
        follow: impl Fn(EdgeRef<'g>) -> bool,
    ) -> Option<Vec<EdgeRef<'g>>> {
        let mut came: BTreeMap<NodeId, EdgeRef<'g>> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            for edge in node.outgoing().filter(|edge| follow(*edge)) {
                let next = edge.target();
                if next == to {
                    let mut path = vec![edge];
                    let mut at = edge.source();
                    while at != from {
                        let edge = *came.get(&at.index())?;
                        path.push(edge);
                        at = edge.source();
                    }
                    path.reverse();
                    return Some(path);
                }
                if next != from && !came.contains_key(&next.index()) {
                    came.insert(next.index(), edge);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// The shortest cycle of events through `node`; calls that are only hinted do not count.
    pub fn cycle_through<'g>(&'g self, node: NodeRef<'g>) -> Option<Vec<EdgeRef<'g>>> {
        self.path(node, node, |edge| edge.kind().carries() && edge.certainty() != Certainty::Hinted)
    }

    /// All cycles of events, each once, the shortest through its first node in template order.
    pub fn cycles(&self) -> Vec<Vec<EdgeRef<'_>>> {
        let mut seen: BTreeSet<NodeId> = BTreeSet::new();
        let mut found = Vec::new();
        for node in self.nodes() {
            if seen.contains(&node.index()) {
                continue;
            }
            if let Some(cycle) = self.cycle_through(node) {
                seen.extend(cycle.iter().map(|edge| edge.source().index()));
                found.push(cycle);
            }
        }
        found
    }
}

/// The nodes along a path, for messages: `OrdersApi → OrdersFunction`.
pub fn path_text(path: &[EdgeRef<'_>]) -> String {
    let first = path.first().map(|edge| edge.source().name());
    let names: Vec<&str> = first.into_iter().chain(path.iter().map(|edge| edge.target().name())).collect();
    names.join(" → ")
}
