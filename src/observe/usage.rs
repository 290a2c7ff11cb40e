//! From what was observed to the usage file that `estimate` reads.

use super::Observed;
use super::function::{FunctionLog, HOUR, Summary};
use crate::graph::{Certainty, EdgeKind, Graph, NodeKind, NodeRef};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The log of one function with the function of the template it belongs to.
#[derive(Debug)]
pub struct Observation<'g, 'o> {
    /// Name in the logs.
    pub name: &'o str,
    /// What was read.
    pub log: &'o FunctionLog,
    /// Its figures.
    pub summary: Summary,
    /// The function of the template.
    pub node: Option<NodeRef<'g>>,
}

/// Places each log that has calls at a function of the template, where there is one.
pub fn place<'g, 'o>(graph: Option<&'g Graph>, observed: &'o Observed) -> Vec<Observation<'g, 'o>> {
    let functions: Vec<NodeRef<'g>> = graph
        .into_iter()
        .flat_map(|graph| graph.nodes_of(NodeKind::Function))
        .filter(|node| node.logical_id().is_some())
        .collect();
    let mut found = Vec::new();
    for (name, log) in &observed.functions {
        let Some(summary) = log.summary() else { continue };
        found.push(Observation { name, log, summary, node: matching(&functions, name) });
    }
    found
}

/// The function whose name, or generated name (`stack-LogicalId-1A2B3C4D5E6F`), a log has.
fn matching<'g>(functions: &[NodeRef<'g>], name: &str) -> Option<NodeRef<'g>> {
    let named = |node: &NodeRef<'g>| node.property(&["FunctionName"]).text().is_some_and(|known| &*known == name);
    if let Some(node) = functions.iter().find(|node| named(node)) {
        return Some(*node);
    }
    if let Some(node) = functions.iter().find(|node| node.logical_id() == Some(name)) {
        return Some(*node);
    }
    let generated = |id: &str| {
        let (before, random) = name.rsplit_once('-')?;
        let random = random.len() >= 8 && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
        // CloudFormation shortens a long logical id from its end.
        let part = before.rsplit_once('-').map_or(before, |(_, part)| part);
        (random && (part == id || part.len() >= 8 && id.starts_with(part))).then_some(part.len())
    };
    // A serverless.yml function is called `service-stage-name`.
    let framework = |id: &str| {
        let own = id.strip_suffix("LambdaFunction")?;
        let last = name.rsplit_once('-').map_or(name, |(_, last)| last);
        last.eq_ignore_ascii_case(own).then_some(own.len())
    };
    let score = |node: &&NodeRef<'g>| node.logical_id().and_then(|id| generated(id).or_else(|| framework(id)));
    let mut best: Vec<(usize, NodeRef<'g>)> =
        functions.iter().filter_map(|node| Some((score(&node)?, *node))).collect();
    best.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    // Two that fit equally well are no answer.
    match best.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, node), ..] => Some(*node),
        [] => None,
    }
}

/// Where the calls of a function enter the template: the function itself when nothing in the
/// template calls it, the one entry that calls it one to one, or nowhere that is sure.
enum Enters<'g> {
    Own,
    At(NodeRef<'g>),
    Route(NodeRef<'g>, String),
    Scheduled,
    Unsure,
}

fn enters<'g>(graph: &'g Graph, node: NodeRef<'g>) -> Enters<'g> {
    let kinds = [EdgeKind::InvokesSync, EdgeKind::InvokesAsync, EdgeKind::Polls];
    let callers: Vec<_> = node
        .incoming()
        .filter(|edge| kinds.contains(&edge.kind()) && edge.certainty() == Certainty::Declared)
        .filter(|edge| edge.source().kind() != NodeKind::External)
        .collect();
    let [edge] = callers.as_slice() else {
        return if callers.is_empty() { Enters::Own } else { Enters::Unsure };
    };
    let source = edge.source();
    let fed = source.incoming().any(|edge| {
        matches!(edge.kind(), EdgeKind::Publishes | EdgeKind::InvokesSync | EdgeKind::InvokesAsync | EdgeKind::Polls)
    });
    match source.kind() {
        NodeKind::Route => {
            let api = source.sources(EdgeKind::Contains).next();
            let name = graph.routes().find(|route| route.node() == source).map(|route| route.name().to_string());
            match (api, name) {
                (Some(api), Some(name)) => Enters::Route(api, name),
                _ => Enters::Unsure,
            }
        }
        NodeKind::Rule | NodeKind::Schedule if !source.property(&["ScheduleExpression"]).is_absent() => {
            Enters::Scheduled
        }
        NodeKind::Topic | NodeKind::Rule if !fed => Enters::At(source),
        _ => Enters::Unsure,
    }
}

/// The text of a usage file with everything that was observed of functions of the template.
pub fn usage_file(graph: Option<&Graph>, observations: &[Observation<'_, '_>], unplaced: bool) -> String {
    let mut out = String::from("# Observed by `dewline observe`; edit freely.\nversion: 1\n");
    let mut profiles = String::new();
    let mut resources: BTreeMap<String, String> = BTreeMap::new();
    let mut routes: BTreeMap<String, String> = BTreeMap::new();
    for one in observations {
        let id = match one.node.and_then(NodeRef::logical_id) {
            Some(id) => id,
            None if unplaced => one.name,
            None => continue,
        };
        let summary = &one.summary;
        let mut text = String::new();
        let _ = writeln!(text, "    # {} calls in the logs of {}", summary.calls, one.name);
        let mut amount = |key: &str, value: f64| {
            let _ = writeln!(text, "    {key}: {}", rounded(value));
        };
        amount("request_duration_ms", summary.duration_ms[0]);
        amount("request_duration_p50_ms", summary.duration_ms[1]);
        amount("request_duration_p99_ms", summary.duration_ms[3]);
        if let Some([mean, _, p99]) = summary.init_ms {
            amount("init_duration_ms", mean);
            amount("init_duration_p99_ms", p99);
        }
        amount("cold_start_share", summary.cold_share);
        amount("error_rate", summary.errors_per_thousand / 1000.0);
        if summary.memory_used_mb > 0 {
            amount("memory_used_mb", f64::from(summary.memory_used_mb));
        }
        amount("log_kb_per_request", summary.log_kb);
        if let Some(monthly) = summary.monthly {
            let profile = profile(one.log);
            let spread = profile.as_ref().map_or(String::new(), |_| format!(", profile: {}", profile_name(id)));
            if let Some(hours) = &profile {
                let hours: Vec<String> = hours.iter().map(|hour| rounded(*hour)).collect();
                let _ = writeln!(profiles, "  {}: [{}]", profile_name(id), hours.join(", "));
            }
            let requests = format!("monthly_requests: {{expected: {}{spread}}}", rounded(monthly));
            match (graph, one.node) {
                (Some(graph), Some(node)) => match enters(graph, node) {
                    Enters::Own => {
                        let _ = writeln!(text, "    {requests}");
                    }
                    Enters::At(entry) => {
                        resources.entry(entry.name().to_owned()).or_default().push_str(&format!("    {requests}\n"));
                    }
                    Enters::Route(api, route) => {
                        let name = serde_json::to_string(&route).unwrap_or(route);
                        let line = format!("      {name}:\n        {requests}\n");
                        routes.entry(api.name().to_owned()).or_default().push_str(&line);
                    }
                    Enters::Scheduled => {}
                    Enters::Unsure => {
                        let _ = writeln!(
                            text,
                            "    # {} calls a month; several ways lead here, so give `monthly_requests` where they enter",
                            rounded(monthly)
                        );
                    }
                },
                _ => {
                    let _ = writeln!(text, "    {requests}");
                }
            }
        }
        resources.entry(id.to_owned()).or_default().push_str(&text);
    }
    for (api, text) in routes {
        resources.entry(api).or_default().push_str(&format!("    routes:\n{text}"));
    }
    if !profiles.is_empty() {
        out.push_str(&format!("profiles:\n{profiles}"));
    }
    if resources.is_empty() {
        out.push_str("resource_usage: {}\n");
    } else {
        out.push_str("resource_usage:\n");
    }
    for (id, text) in resources {
        let _ = writeln!(out, "  {id}:\n{}", text.trim_end());
    }
    out
}

fn profile_name(id: &str) -> String {
    format!("{id}_hours")
}

/// Calls by the hour of the week where the log spans two weeks, of the day where it spans two
/// days; weeks begin on Monday, UTC.
fn profile(log: &FunctionLog) -> Option<Vec<f64>> {
    let (first, last) = log.span?;
    let days = (last - first) / (24 * HOUR);
    let size = match days {
        14.. => 168,
        2.. => 24,
        _ => return None,
    };
    // 1970-01-01 was a Thursday. Only whole cycles count, so that no hour is seen more often.
    let offset = if size == 168 { 72 } else { 0 };
    let whole = (days / (size / 24)) * size;
    let end = first.div_euclid(HOUR) + 1 + whole;
    let mut hours = vec![0.0; size as usize];
    for (hour, count) in log.hours.range(first.div_euclid(HOUR) + 1..end) {
        hours[(hour + offset).rem_euclid(size) as usize] += f64::from(*count);
    }
    let mean = hours.iter().sum::<f64>() / size as f64;
    (mean > 0.0).then(|| hours.iter().map(|hour| hour / mean).collect())
}

/// Four significant digits.
fn rounded(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let digits = (3 - value.abs().log10().floor() as i32).clamp(0, 9);
    let text = format!("{value:.*}", digits as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
