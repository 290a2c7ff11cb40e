//! State machines and what their tasks call.

use super::super::asl::{self, Definition, Pattern};
use super::super::edge::EdgeKind;
use super::super::node::NodeKind;
use super::super::part::{Part, Setting};
use super::super::view::machine::MachineData;
use super::super::{Graph, Text, Value};
use super::integrations::action_edge;
use super::{Links, edge};

/// Definitions, roles and the calls of tasks.
pub(super) fn machines(links: &mut Links<'_>) {
    let graph = links.graph;
    for node in graph.nodes_of(NodeKind::StateMachine) {
        let Some(resource) = node.resource() else { continue };
        let part = Part::of(resource);
        links.to(node.index(), EdgeKind::Assumes, &part.get(&["RoleArn"]), Some(NodeKind::Role), None);
        for destination in part.each(&["LoggingConfiguration", "Destinations"]) {
            let group = destination.get(&["CloudWatchLogsLogGroup", "LogGroupArn"]);
            links.to(node.index(), EdgeKind::LogsTo, &group, Some(NodeKind::LogGroup), None);
        }
        let express = Setting::read(&part.get(&["StateMachineType"]), false, resource.origin(), |eval| {
            eval.text().map(|text| text == "EXPRESS")
        });
        let file = node.logical_id().and_then(|id| graph.template().definition_file(id));
        let definition = definition(graph, &part, file);
        for state in definition.states() {
            let Some(task) = &state.task else { continue };
            let Some(target) = task.target else { continue };
            let kind = task_edge(&task.action, task.pattern);
            links.add_edge(node.index(), target, edge(kind, task.qualifier, task.origin, None));
        }
        links.details.machines.push(MachineData { node: node.index(), express, definition });
    }
}

fn definition(graph: &Graph, part: &Part<'_>, file: Option<&Value>) -> Definition {
    let substitutions: Vec<(Text, Option<Text>)> = part
        .entries(&["DefinitionSubstitutions"])
        .into_iter()
        .map(|(name, _, value)| (name.into(), value.eval().symbolic()))
        .collect();
    let written = ["Definition", "DefinitionString"].iter().find_map(|name| part.all(&[name]).into_iter().next());
    let written = written.or_else(|| file.map(|file| Part::new(graph.template(), file)));
    match written {
        Some(written) => asl::read(graph, &written, &substitutions),
        None => asl::unreadable(part.part(&["DefinitionS3Location"]).origin()),
    }
}

fn task_edge(action: &str, pattern: Pattern) -> EdgeKind {
    let (service, name) = action.split_once(':').unwrap_or((action, ""));
    let mut upper = name.chars();
    let name: String = upper.next().into_iter().flat_map(char::to_uppercase).chain(upper).collect();
    match (service, &*name) {
        ("states" | "sfn", "StartExecution") if pattern != Pattern::Response => EdgeKind::InvokesSync,
        ("states" | "sfn", _) => action_edge(&format!("states:{name}")),
        ("s3", "GetObject" | "ListObjectsV2" | "HeadObject") => EdgeKind::Reads,
        ("s3", "PutObject" | "CopyObject" | "DeleteObject") => EdgeKind::Writes,
        ("eventbridge", _) => EdgeKind::Publishes,
        ("apigateway", _) => EdgeKind::InvokesSync,
        ("secretsmanager" | "ssm", _) => EdgeKind::Reads,
        _ => action_edge(&format!("{service}:{name}")),
    }
}
