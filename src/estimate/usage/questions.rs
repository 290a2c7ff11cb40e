//! A first usage file: the questions that a template leaves open.

use super::{Key, Usage};
use crate::estimate::USUAL_REGION;
use crate::estimate::model::Model;
use crate::estimate::traffic::{self, rate_keys};
use crate::estimate::variables::{Scope, Variables};
use crate::facts::prices::Prices;
use crate::graph::{Graph, NodeRef};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A usage file with the questions that `usage` leaves open for the template of `graph`.
pub fn template(graph: &Graph, usage: &Usage) -> String {
    let model = Model::new(graph, Variables::new(usage), Prices::embedded(), USUAL_REGION);
    // In template order, each resource with its keys.
    let mut asked: BTreeMap<usize, (NodeRef<'_>, Vec<Key>)> = BTreeMap::new();
    let mut routes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut ask = |node: NodeRef<'_>, key: Key| {
        let Some(node) = node.logical_id().and_then(|id| graph.node(id)) else { return };
        let (_, keys) = asked.entry(node.index().index()).or_insert_with(|| (node, Vec::new()));
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    for entry in model.entering.iter().filter(|entry| entry.rate.is_none()) {
        let node = graph.at(crate::graph::NodeId::new(entry.site));
        match traffic::api_of(node) {
            Some(api) => {
                rate_keys(api).iter().for_each(|key| ask(api, *key));
                routes.entry(api.index().index()).or_default().push(traffic::route_name(node));
            }
            None => rate_keys(node).iter().for_each(|key| ask(node, *key)),
        }
    }
    for question in model.variables.open() {
        if let Some(node) = graph.node(&question.resource) {
            ask(node, question.key);
        }
    }
    let mut out = String::from(
        "# What only you know about the traffic of this application. Write a number behind a key, or a range:\n\
         #   monthly_requests: {low: 100000, expected: 200000, high: 1000000}\n\
         # Rates are those of what comes in from outside: what follows from them is found along the graph, and\n\
         # schedules are read from the template. What stays empty stays unknown.\nversion: 1\n",
    );
    if asked.is_empty() {
        out += "\n# The template leaves no question open.\n";
    } else {
        out += "\nresource_usage:\n";
    }
    for (index, (node, keys)) in &asked {
        let _ = writeln!(out, "  {}: # {}", node.name(), node.kind().noun());
        for key in keys {
            let _ = writeln!(out, "    {}: # {}", key.name(), key.help());
        }
        let names = routes.get(index).filter(|names| names.len() > 1);
        for (index, name) in names.into_iter().flatten().enumerate() {
            if index == 0 {
                let _ = writeln!(out, "    # {}", Key::RouteShare.help());
                out += "    routes:\n";
            }
            let _ = writeln!(out, "      {}:\n        {}:", quoted(name), Key::RouteShare.name());
        }
    }
    assumptions(&model, &mut out);
    out += "\n# What may be spent. A run that finds more ends with exit code 1.\n#budget:\n#  monthly_usd: 100\n\
            #  increase_percent: 20\n";
    out
}

fn assumptions(model: &Model<'_, '_>, out: &mut String) {
    let assumed = model.variables.list().iter().filter(|one| !one.given && one.scope == Scope::All);
    let mut assumed: Vec<_> = assumed.collect();
    assumed.sort_by(|a, b| a.name.cmp(&b.name));
    if assumed.is_empty() {
        return;
    }
    *out +=
        "\n# Assumed for every resource that has no value of its own above. Take the # away to change one.\n#assume:\n";
    for one in assumed {
        let (low, expected, high) = (one.range.low, one.range.expected, one.range.high);
        let _ = writeln!(out, "#  {}: {{low: {low}, expected: {expected}, high: {high}}} # {}", one.name, one.help);
    }
}

/// A key of YAML; routes hold characters that mean something there.
fn quoted(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '/' | '_' | '-' | '.' | '+'))
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if plain { name.to_owned() } else { serde_json::Value::from(name).to_string() }
}
