//! What a task calls.

use super::super::edge::Qualifier;
use super::super::node::NodeKind;
use super::super::part::Part;
use super::super::resolve::Found;
use super::super::{Eval, Graph, Text};
use super::{Pattern, Task, parse};
use crate::template::unknown;

/// Arguments that name the resource an action works on.
const NAMES: &[(&[&str], NodeKind)] = &[
    (&["FunctionName"], NodeKind::Function),
    (&["QueueUrl"], NodeKind::Queue),
    (&["TopicArn"], NodeKind::Topic),
    (&["TargetArn"], NodeKind::Topic),
    (&["TableName"], NodeKind::Table),
    (&["StateMachineArn"], NodeKind::StateMachine),
    (&["StreamName"], NodeKind::Stream),
    (&["DeliveryStreamName"], NodeKind::Firehose),
    (&["Bucket"], NodeKind::Bucket),
    (&["ApiEndpoint"], NodeKind::RestApi),
    (&["SecretId"], NodeKind::Secret),
];

/// Reads a task; `text` evaluates with the definition's substitutions.
pub(super) fn read(graph: &Graph, part: &Part<'_>, text: &dyn Fn(&Eval<'_>) -> Option<Text>) -> Task {
    let resource = part.get(&["Resource"]);
    let origin = resource.origin().unwrap_or(part.origin());
    let mut task = Task {
        resource: text(&resource),
        action: Text::default(),
        pattern: Pattern::Unknown,
        arguments: parse::arguments(part),
        origin,
        target: None,
        qualifier: Qualifier::None,
    };
    let Some(arn) = task.resource.clone() else { return task };
    let Some((_, service)) = arn.split_once(":states:::") else {
        direct(graph, &arn, &mut task);
        return task;
    };
    let (service, pattern) = match service.split_once('.') {
        Some((action, "waitForTaskToken")) => (action, Pattern::Token),
        Some((action, _)) => (action, Pattern::Sync),
        None => (service, Pattern::Response),
    };
    task.pattern = if unknown::is_unknown(service) { Pattern::Unknown } else { pattern };
    task.action = service.strip_prefix("aws-sdk:").unwrap_or(service).into();
    let mut arguments = Vec::new();
    for name in ["Parameters", "Arguments"] {
        for branch in part.all(&[name]) {
            arguments.extend(branch.each(&["Entries"]));
            arguments.push(branch);
        }
    }
    for branch in &arguments {
        let names = NAMES.iter().chain(&[(&["EventBusName"] as &[&str], NodeKind::Bus)]);
        for (name, kind) in names {
            let Some(value) = text(&branch.get(name)) else { continue };
            if let Found::Node(node, qualifier) = graph.find_text(&value, Some(*kind)) {
                task.target = Some(node);
                task.qualifier = qualifier;
                return task;
            }
            if *kind == NodeKind::Function {
                task.qualifier = Qualifier::Unknown;
            }
        }
    }
    task
}

/// A resource that is itself the function or activity.
fn direct(graph: &Graph, arn: &str, task: &mut Task) {
    if let Found::Node(node, qualifier) = graph.find_text(arn, Some(NodeKind::Function)) {
        (task.target, task.qualifier) = (Some(node), qualifier);
        if graph.net[node].kind == NodeKind::Function {
            task.action = "lambda:invoke".into();
            task.pattern = Pattern::Response;
        } else if graph.node_ref(node).resource().is_some_and(|one| one.ty() == "AWS::StepFunctions::Activity") {
            task.action = "activity".into();
            task.pattern = Pattern::Activity;
        }
    } else if arn.contains(":lambda:") && arn.contains(":function:") {
        task.action = "lambda:invoke".into();
        task.pattern = Pattern::Response;
        task.qualifier = Qualifier::Unknown;
    } else if arn.contains(":activity:") {
        task.action = "activity".into();
        task.pattern = Pattern::Activity;
    }
}
