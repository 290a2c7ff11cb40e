//! Queues with the functions that take messages from them.

use super::super::{measure, remedies};
use crate::graph::{EdgeKind, Graph, NodeKind, Resource};
use crate::policy::{Place, Remedy};

/// The longest visibility timeout, in seconds (SQS quotas page, 2026-09).
const LONGEST: i64 = 43_200;

/// One queue, one function, and the mapping between them.
#[derive(Debug)]
pub(super) struct Feed<'g> {
    pub queue: Resource<'g>,
    pub function: Resource<'g>,
    pub mapping: Resource<'g>,
    /// The longest the queue may hide a message, in seconds.
    pub visibility: i64,
    /// The shortest the function may be allowed to run.
    pub timeout: i64,
    /// The shortest batching window.
    pub window: i64,
}

/// All feeds whose numbers are known. Where conditions choose, the numbers are those of the
/// branches that are the least wrong.
pub(super) fn feeds(graph: &Graph) -> impl Iterator<Item = Feed<'_>> {
    let polls = graph.edges().filter(|edge| edge.kind() == EdgeKind::Polls);
    polls.filter_map(|edge| {
        let source = edge.source().through_stacks();
        let queue = source.resource().filter(|_| source.kind() == NodeKind::Queue)?;
        let function = measure::function(edge.target())?;
        let mapping = edge.via().filter(|mapping| mapping.ty() == "AWS::Lambda::EventSourceMapping")?;
        if [queue, mapping].iter().any(|resource| resource.exists() == Some(false)) {
            return None;
        }
        Some(Feed {
            queue,
            function,
            mapping,
            visibility: measure::bounds(queue, &["VisibilityTimeout"], 30)?.max,
            timeout: measure::timeout(function)?.min,
            window: measure::bounds(mapping, &["MaximumBatchingWindowInSeconds"], 0)?.min,
        })
    })
}

impl Feed<'_> {
    /// Whether Lambda would refuse the mapping.
    pub fn below_timeout(&self) -> bool {
        self.visibility < self.timeout
    }

    /// The visibility timeout AWS asks for.
    pub fn wanted(&self) -> i64 {
        self.timeout.saturating_mul(6).saturating_add(self.window)
    }

    /// Raises the visibility timeout to what AWS asks for, if a queue can have it.
    pub fn remedy(&self) -> Option<Remedy> {
        let wanted = self.wanted();
        (wanted <= LONGEST).then(|| remedies::set(self.queue, &["VisibilityTimeout"], wanted))
    }

    /// Where the mapping names the queue.
    pub fn mapping_place(&self) -> Place {
        Place::property(self.mapping, &["EventSourceArn"])
    }
}
