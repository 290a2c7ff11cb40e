use super::super::flows;
use crate::graph::{EdgeKind, Graph, NodeKind, NodeRef, Origin, Part, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A dead-letter queue is of a type that its source cannot send to.
    ///
    /// ## Why it matters
    ///
    /// SQS refuses a redrive policy between a FIFO and a standard queue, which fails the deployment.
    /// A FIFO topic needs a FIFO dead-letter queue and a standard topic a standard one. Lambda and
    /// EventBridge cannot send failures to FIFO queues at all.
    ///
    /// ## How to fix
    ///
    /// Make the dead-letter queue of the type the source needs: `FifoQueue: true` and a name that
    /// ends in `.fifo`, or neither.
    ///
    /// ## When to suppress
    ///
    /// Never: SQS refuses the redrive policy.
    ///
    /// ## Source
    ///
    /// Amazon SQS developer guide, "Using dead-letter queues" (a FIFO queue needs a FIFO dead-letter
    /// queue); cfn-lint E3502; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///     Failed: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Work: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///     Failed: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///   Failed: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Work: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
    ///   Failed: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Failed: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Failed.Arn}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Failed: {Type: AWS::SQS::Queue}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Failed.Arn}}
    /// ```
    pub(super) static POLICY = "dlq-type-mismatch" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// A source of failures: its name and noun, whether its dead-letter queue must be FIFO, where
/// that queue is set.
struct Source<'g> {
    owner: Resource<'g>,
    noun: &'static str,
    fifo: bool,
    queue: NodeRef<'g>,
    place: Origin,
}

fn check(cx: &mut Context<'_>) {
    for source in sources(cx.graph) {
        let Some(fifo) = flows::is_fifo(source.queue).filter(|fifo| *fifo != source.fifo) else { continue };
        let sort = |fifo| if fifo { "FIFO" } else { "standard" };
        cx.report(
            Place::within(source.owner, source.place),
            format!(
                "{} is a {} {}, but {} can only send what fails to a {} one",
                source.queue.name(),
                sort(fifo),
                source.queue.kind().noun(),
                source.noun,
                sort(source.fifo),
            ),
        )
        .help(if source.fifo {
            format!("set FifoQueue: true on {}, with a name that ends in .fifo if it has one", source.queue.name())
        } else {
            format!("remove FifoQueue from {}, or send to a standard queue", source.queue.name())
        })
        .related(source.queue, format!("{} is defined here", source.queue.name()));
    }
}

fn sources(graph: &Graph) -> Vec<Source<'_>> {
    let mut found = Vec::new();
    for owner in graph.existing("AWS::SQS::Queue") {
        let policy = Part::of(owner).part(&["RedrivePolicy"]);
        let fifo = graph.node(owner.id()).and_then(flows::is_fifo);
        let (Some(queue), Some(fifo)) = (flows::dead_letter_queue(graph, &policy), fifo) else { continue };
        let noun = if fifo { "a FIFO queue" } else { "a standard queue" };
        found.push(Source { owner, noun, fifo, queue, place: policy.origin() });
    }
    for owner in graph.existing("AWS::SNS::Subscription") {
        let part = Part::of(owner);
        let policy = part.part(&["RedrivePolicy"]);
        let topic = graph.resolve_eval(&part.get(&["TopicArn"]), Some(NodeKind::Topic)).node();
        let fifo = topic.filter(|node| node.kind() == NodeKind::Topic).and_then(flows::is_fifo);
        let (Some(queue), Some(fifo)) = (flows::dead_letter_queue(graph, &policy), fifo) else { continue };
        let noun = if fifo { "a FIFO topic" } else { "a standard topic" };
        found.push(Source { owner, noun, fifo, queue, place: policy.origin() });
    }
    for function in graph.nodes_of(NodeKind::Function) {
        let Some(owner) = function.resource() else { continue };
        for edge in function.outgoing().filter(|edge| edge.kind() == EdgeKind::DeadLettersTo) {
            let queue = edge.target();
            // Event source mappings have failure destinations of their own.
            let asynchronous = edge.via().is_none_or(|via| via.ty() == "AWS::Lambda::EventInvokeConfig");
            if asynchronous && matches!(queue.kind(), NodeKind::Queue | NodeKind::Topic) {
                let owner = edge.via().unwrap_or(owner);
                found.push(Source { owner, noun: "Lambda", fifo: false, queue, place: edge.origin() });
            }
        }
    }
    for owner in graph.existing("AWS::Events::Rule") {
        for target in Part::of(owner).each(&["Targets"]) {
            let arn = target.get(&["DeadLetterConfig", "Arn"]);
            let Some(queue) = graph.resolve_eval(&arn, Some(NodeKind::Queue)).node() else { continue };
            if queue.kind() == NodeKind::Queue {
                let place = arn.origin().unwrap_or_default();
                found.push(Source { owner, noun: "EventBridge", fifo: false, queue, place });
            }
        }
    }
    found.retain(|source| source.owner.exists() != Some(false));
    found
}
