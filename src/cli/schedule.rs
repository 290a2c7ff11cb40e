//! A schedule of provisioned concurrency as a patch of the template.

use super::problem::Problem;
use crate::document::NodeRef as Node;
use crate::document::edit::{Edit, Tree, apply};
use crate::engine::Analysis;
use crate::estimate::forecast::Action;
use crate::estimate::{Estimate, LoadForecast};
use crate::graph::{EdgeKind, NodeKind, NodeRef};
use crate::source::FileId;
use crate::template::Dialect;
use similar::TextDiff;

/// The alias that a function without one gets.
const ALIAS: &str = "live";

/// The alias that environments are kept for.
struct Alias {
    id: String,
    name: String,
}

/// A unified diff that gives every forecast function a scalable target with its scheduled actions,
/// and an alias where it has none.
pub fn patch(analysis: &Analysis, estimate: &Estimate) -> Result<String, Problem> {
    let path = analysis.sources.get(FileId(0)).path().to_owned();
    let mut edits = Vec::new();
    let forecasts = estimate.cold_starts.iter().filter_map(|cold| Some((cold, cold.forecast.as_ref()?)));
    let mut count = 0;
    for (cold, forecast) in forecasts {
        count += 1;
        let Some(function) = analysis.graph.node(&cold.function) else { continue };
        if forecast.actions.is_empty() {
            continue;
        }
        let own = schedule(analysis, function, forecast).ok_or_else(|| {
            let help = "add the AWS::ApplicationAutoScaling::ScalableTarget by hand; `--format json` has the actions";
            Problem::new(&path, format!("the schedule of {} cannot be written into this text", cold.function), help)
        })?;
        edits.extend(own);
    }
    if count == 0 {
        return Err(Problem::new("", "there is no forecast to make a schedule of", "give `--load [FUNCTION=]FILE`"));
    }
    let text = analysis.document.source().text();
    let changed = apply(text, &merged(edits)).ok_or_else(|| {
        Problem::new(&path, "the changes of several functions overlap", "give one `--load` after the other")
    })?;
    let diff = TextDiff::from_lines(text, &changed);
    Ok(diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string())
}

/// Insertions at one place follow each other.
fn merged(edits: Vec<Edit>) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    for edit in edits {
        let same = |other: &&mut Edit| other.start == edit.start && other.end == other.start && edit.end == edit.start;
        match all.iter_mut().find(same) {
            Some(other) => other.text.push_str(&edit.text),
            None => all.push(edit),
        }
    }
    all
}

fn schedule(analysis: &Analysis, function: NodeRef<'_>, forecast: &LoadForecast) -> Option<Vec<Edit>> {
    let document = &analysis.document;
    let root = document.root()?;
    let id = function.logical_id()?;
    let mut edits = Vec::new();
    let alias = match existing(function) {
        Some(alias) => alias?,
        None => added(analysis, root, id, forecast, &mut edits)?,
    };
    let actions = Tree::Seq(forecast.actions.iter().map(action).collect());
    if let Some(target) = target_of(analysis, function, &alias) {
        let written = resources(analysis.dialect).iter().try_fold(root, |node, name| node.get(name))?.get(target)?;
        let properties = written.get("Properties")?;
        let change = if properties.get("ScheduledActions").is_some() {
            document.set(properties, "ScheduledActions", &actions)?
        } else {
            document.insert(properties, "ScheduledActions", &actions, None)?
        };
        edits.extend(change);
        return Some(edits);
    }
    let most = forecast.actions.iter().map(|action| action.environments).max()?;
    let least = forecast.actions.iter().map(|action| action.environments).min()?;
    let resource_id = [text("function"), map(vec![("Ref", text(id))]), text(&alias.name)];
    let resource_id = map(vec![("Fn::Join", Tree::Seq(vec![text(":"), Tree::Seq(resource_id.to_vec())]))]);
    let target = map(vec![
        ("Type", text("AWS::ApplicationAutoScaling::ScalableTarget")),
        ("DependsOn", text(&alias.id)),
        (
            "Properties",
            map(vec![
                ("ServiceNamespace", text("lambda")),
                ("ScalableDimension", text("lambda:function:ProvisionedConcurrency")),
                ("ResourceId", resource_id),
                ("MinCapacity", Tree::Int(i64::from(least))),
                ("MaxCapacity", Tree::Int(i64::from(most))),
                ("ScheduledActions", actions),
            ]),
        ),
    ]);
    let name = format!("{}WarmSchedule", id.trim_end_matches("LambdaFunction"));
    edits.extend(document.insert_at(root, resources(analysis.dialect), &name, &target)?);
    Some(edits)
}

fn resources(dialect: Dialect) -> &'static [&'static str] {
    if dialect == Dialect::Serverless { &["resources", "Resources"] } else { &["Resources"] }
}

/// The alias of a function: the one that is kept warm already, else the only one; `Some(None)`
/// where there is one whose name is not known.
fn existing(function: NodeRef<'_>) -> Option<Option<Alias>> {
    let aliases: Vec<NodeRef<'_>> =
        function.sources(EdgeKind::Qualifies).filter(|node| node.kind() == NodeKind::Alias).collect();
    let warm = |node: &&NodeRef<'_>| !node.property(&["ProvisionedConcurrencyConfig"]).is_absent();
    let alias = aliases.iter().find(warm).or(aliases.first())?;
    let name = alias.property(&["Name"]).text();
    let id = alias.logical_id();
    Some(id.zip(name).map(|(id, name)| Alias { id: id.to_owned(), name: name.to_string() }))
}

/// Adds an alias in the way of the dialect.
fn added(
    analysis: &Analysis,
    root: Node<'_>,
    id: &str,
    forecast: &LoadForecast,
    edits: &mut Vec<Edit>,
) -> Option<Alias> {
    let document = &analysis.document;
    let written = |name: &str| root.get("Resources")?.get(name);
    match analysis.dialect {
        Dialect::Sam if written(id)?.get("Type")?.text() == "AWS::Serverless::Function" => {
            edits.extend(document.insert(written(id)?.get("Properties")?, "AutoPublishAlias", &text(ALIAS), None)?);
            Some(Alias { id: format!("{id}Alias{ALIAS}"), name: ALIAS.to_owned() })
        }
        Dialect::Sam | Dialect::CloudFormation => {
            let (version, alias) = (format!("{id}Version"), format!("{id}Alias"));
            let reference = || map(vec![("Ref", text(id))]);
            let number = map(vec![("Fn::GetAtt", Tree::Seq(vec![text(&version), text("Version")]))]);
            let resources = root.get("Resources")?;
            let body = map(vec![
                ("Type", text("AWS::Lambda::Version")),
                ("Properties", map(vec![("FunctionName", reference())])),
            ]);
            edits.extend(document.insert(resources, &version, &body, None)?);
            let body = map(vec![
                ("Type", text("AWS::Lambda::Alias")),
                (
                    "Properties",
                    map(vec![("FunctionName", reference()), ("FunctionVersion", number), ("Name", text(ALIAS))]),
                ),
            ]);
            edits.extend(document.insert(resources, &alias, &body, None)?);
            Some(Alias { id: alias, name: ALIAS.to_owned() })
        }
        Dialect::Serverless => {
            let own = id.strip_suffix("LambdaFunction")?;
            let functions = root.get("functions")?;
            // The framework writes the first letter of a name large, and some marks as words.
            let body = functions.pairs().find(|(key, _)| key.text().eq_ignore_ascii_case(own)).map(|(_, body)| body)?;
            // The alias comes with the setting, which takes one environment or more.
            let first = forecast.hours.first().map_or(1, |hour| hour.environments.max(1));
            edits.extend(document.insert(body, "provisionedConcurrency", &Tree::Int(i64::from(first)), None)?);
            Some(Alias { id: format!("{own}ProvConcLambdaAlias"), name: "provisioned".to_owned() })
        }
    }
}

/// The scalable target that the template has for the alias.
fn target_of<'a>(analysis: &'a Analysis, function: NodeRef<'_>, alias: &Alias) -> Option<&'a str> {
    let graph = &analysis.graph;
    let ending = format!(":{}", alias.name);
    graph.resources_of("AWS::ApplicationAutoScaling::ScalableTarget").find_map(|target| {
        let id = target.property(&["ResourceId"]);
        let ends = id.symbolic().is_some_and(|text| text.ends_with(&ending));
        let of = graph.resolve_eval(&id, None).node() == Some(function)
            || function
                .property(&["FunctionName"])
                .symbolic()
                .is_some_and(|name| id.symbolic().is_some_and(|text| *text == *format!("function:{name}{ending}")));
        (ends && of).then(|| target.id())
    })
}

fn action(action: &Action) -> Tree {
    let count = || Tree::Int(i64::from(action.environments));
    map(vec![
        ("ScheduledActionName", text(&action.name)),
        ("Schedule", text(&action.schedule)),
        ("ScalableTargetAction", map(vec![("MinCapacity", count()), ("MaxCapacity", count())])),
    ])
}

fn text(text: &str) -> Tree {
    Tree::Str(text.to_owned())
}

fn map(entries: Vec<(&str, Tree)>) -> Tree {
    Tree::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}
