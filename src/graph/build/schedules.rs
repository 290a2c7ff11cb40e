//! Buses, rules, schedules and pipes.

use super::super::edge::EdgeKind;
use super::super::node::{NodeId, NodeKind};
use super::super::part::Part;
use super::super::resolve::Found;
use super::super::view::delivery::DeliveryKind;
use super::super::{Graph, Resource};
use super::deliveries::{blank, push};
use super::{Links, edge};

/// Rules with their buses and targets.
pub(super) fn rules(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Rule) {
        let Some(resource) = node.resource() else { continue };
        let part = Part::of(resource);
        links.from(&part.get(&["EventBusName"]), EdgeKind::Publishes, node.index(), Some(NodeKind::Bus), None);
        links.to(node.index(), EdgeKind::Assumes, &part.get(&["RoleArn"]), Some(NodeKind::Role), None);
        for target in part.each(&["Targets"]) {
            deliver(links, DeliveryKind::RuleTarget, node.index(), resource, &target);
        }
    }
    for node in graph.nodes_of(NodeKind::Bus) {
        let dead_letter = node.property(&["DeadLetterConfig", "Arn"]);
        links.to(node.index(), EdgeKind::DeadLettersTo, &dead_letter, Some(NodeKind::Queue), None);
    }
}

/// Schedules of the scheduler.
pub(super) fn schedules(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Schedule) {
        let Some(resource) = node.resource() else { continue };
        for target in Part::of(resource).all(&["Target"]) {
            deliver(links, DeliveryKind::Schedule, node.index(), resource, &target);
        }
    }
}

fn deliver<'g>(links: &mut Links<'g>, kind: DeliveryKind, source: NodeId, resource: Resource<'g>, target: &Part<'_>) {
    let graph = links.graph;
    let mut delivery = blank(kind, Some(source), resource, target.origin());
    delivery.dead_letter = target.has(&["DeadLetterConfig", "Arn"]);
    let dead_letter = target.get(&["DeadLetterConfig", "Arn"]);
    delivery.dead_letter_node = graph.find(&dead_letter, Some(NodeKind::Queue)).node();
    links.to(source, EdgeKind::DeadLettersTo, &dead_letter, Some(NodeKind::Queue), None);
    links.to(source, EdgeKind::Assumes, &target.get(&["RoleArn"]), Some(NodeKind::Role), None);
    // Universal targets name the resource in their input.
    let arn = target.get(&["Arn"]);
    let universal = arn.symbolic().filter(|text| text.contains(":aws-sdk:"));
    match universal.and_then(|_| named_by_input(graph, target)) {
        Some(named) => push(links, delivery, &named, None, None),
        None => push(links, delivery, &arn, None, None),
    }
}

fn named_by_input(graph: &Graph, target: &Part<'_>) -> Option<super::super::Eval<'static>> {
    let input = target.get(&["Input"]);
    let text = input.symbolic()?;
    let node = *graph.mentioned(&text, &[]).first()?;
    let id = graph.net[node].id.as_deref()?;
    Some(super::super::Eval::Symbolic(crate::template::unknown::mark(id), input.origin()?))
}

/// Pipes: source, enrichment, target.
pub(super) fn pipes(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::Pipe) {
        let Some(resource) = node.resource() else { continue };
        let part = Part::of(resource);
        links.from(&part.get(&["Source"]), EdgeKind::Polls, node.index(), None, None);
        links.to(node.index(), EdgeKind::Assumes, &part.get(&["RoleArn"]), Some(NodeKind::Role), None);
        let enrichment = part.get(&["Enrichment"]);
        links.to(node.index(), EdgeKind::InvokesSync, &enrichment, Some(NodeKind::Function), None);
        let parameters = part.part(&["SourceParameters"]);
        let mut delivery = blank(DeliveryKind::Pipe, Some(node.index()), resource, resource.origin());
        delivery.filtered = parameters.has(&["FilterCriteria"]);
        delivery.dead_letter = Some(false);
        for (_, _, source) in parameters.entries(&[]) {
            let place = source.get(&["DeadLetterConfig", "Arn"]);
            if !place.is_absent() {
                delivery.dead_letter = Some(true);
                delivery.dead_letter_node = graph.find(&place, Some(NodeKind::Queue)).node();
                links.to(node.index(), EdgeKind::DeadLettersTo, &place, Some(NodeKind::Queue), None);
            }
        }
        let target = part.get(&["Target"]);
        let found = graph.find(&target, None);
        if let Found::Node(to, qualifier) = found {
            // Functions are called and waited for, unless the pipe says otherwise.
            let name = match graph.net[to].kind {
                NodeKind::Function => "LambdaFunctionParameters",
                NodeKind::StateMachine => "StepFunctionStateMachineParameters",
                _ => "",
            };
            let waits = match part.text(&["TargetParameters", name, "InvocationType"]).as_deref() {
                Some("FIRE_AND_FORGET") => false,
                Some(_) => true,
                None => name == "LambdaFunctionParameters",
            };
            if waits {
                let origin = target.origin().unwrap_or(resource.origin());
                links.add_edge(node.index(), to, edge(EdgeKind::InvokesSync, qualifier, origin, None));
                (delivery.target, delivery.qualifier) = (Some(to), qualifier);
                links.details.deliveries.push(delivery);
                continue;
            }
        }
        push(links, delivery, &target, None, None);
    }
}
