//! Adding an alarm that nobody set.

use super::Request;
use crate::document::edit::Tree;
use crate::graph::{NodeKind, NodeRef, namespace_of};
use crate::server::insight;
use crate::server::requests::call_hierarchy::node_of;
use crate::template::Dialect;
use lsp_types::{CodeAction, CodeActionKind};

/// One alarm per metric that is not watched, for the resource under the cursor.
pub(super) fn actions(request: &Request<'_>) -> Vec<CodeAction> {
    let part = request.part;
    let symbols = part.checked.symbols();
    let Some(symbol) = symbols.owner(request.span) else { return Vec::new() };
    let Some(node) = node_of(part, symbol) else { return Vec::new() };
    let Some(coverage) = insight::coverage(&part.analysis().graph, node) else { return Vec::new() };
    coverage.missing.iter().filter_map(|name| action(request, node, name)).collect()
}

fn action(request: &Request<'_>, node: NodeRef<'_>, name: &str) -> Option<CodeAction> {
    let id = node.logical_id()?;
    let metric = insight::metric(&request.part.analysis().graph, node, name)?;
    let alarm = format!("{id}{}Alarm", metric.replace('.', ""));
    if request.part.template().resource(&alarm).is_some() {
        return None;
    }
    let document = &request.part.analysis().document;
    let root = document.root()?;
    let body = body(node, metric)?;
    let edits = if request.part.analysis().dialect == Dialect::Serverless {
        document.insert_at(root, &["resources", "Resources"], &alarm, &body)
    } else {
        document.insert_at(root, &["Resources"], &alarm, &body)
    }?;
    let mut all = crate::server::edits::Edits::new(request.snapshot);
    for edit in edits {
        let span = crate::source::Span::new(document.file(), edit.start, edit.end);
        all.add_in(document.source(), span, edit.text);
    }
    let title = format!("Add an alarm on {name} of `{id}`");
    Some(super::action(title, CodeActionKind::QUICKFIX, all.finish()))
}

fn text(text: &str) -> Tree {
    Tree::Str(text.to_owned())
}

fn map(entries: Vec<(&str, Tree)>) -> Tree {
    Tree::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// An alarm that goes off at the first sign. Whom it tells is for the author to say.
fn body(node: NodeRef<'_>, metric: &str) -> Option<Tree> {
    let id = node.logical_id()?;
    let reference = || map(vec![("Ref", text(id))]);
    let attribute = |name: &str| map(vec![("Fn::GetAtt", Tree::Seq(vec![text(id), text(name)]))]);
    let (dimension, value) = match node.kind() {
        NodeKind::Function => ("FunctionName", reference()),
        NodeKind::Queue => ("QueueName", attribute("QueueName")),
        NodeKind::StateMachine => ("StateMachineArn", reference()),
        NodeKind::HttpApi => ("ApiId", reference()),
        NodeKind::Table => ("TableName", reference()),
        NodeKind::Topic => ("TopicName", attribute("TopicName")),
        NodeKind::Rule => ("RuleName", reference()),
        _ => return None,
    };
    let (statistic, threshold) = match metric {
        "Duration" | "Latency" => return None,
        "ApproximateAgeOfOldestMessage" => ("Maximum", 300),
        _ => ("Sum", 0),
    };
    let properties = map(vec![
        ("Namespace", text(namespace_of(node.kind())?)),
        ("MetricName", text(metric)),
        ("Dimensions", Tree::Seq(vec![map(vec![("Name", text(dimension)), ("Value", value)])])),
        ("Statistic", text(statistic)),
        ("Period", Tree::Int(60)),
        ("EvaluationPeriods", Tree::Int(1)),
        ("Threshold", Tree::Int(threshold)),
        ("ComparisonOperator", text("GreaterThanThreshold")),
        ("TreatMissingData", text("notBreaching")),
    ]);
    Some(map(vec![("Type", text("AWS::CloudWatch::Alarm")), ("Properties", properties)]))
}
