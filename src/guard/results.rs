//! Guard's report to findings at the author's lines.
//!
//! A clause that fails on a value that is not known, or for want of one that may be there, says
//! nothing about what is deployed, and is passed over.

use super::evaluate::{Failed, Wanted};
use super::place::{Place, holds_unknown, place};
use super::rules::RuleFile;
use super::trouble;
use crate::finding::{Category, Finding, Severity};
use crate::graph::{Graph, Resource};
use crate::policy::Meta;
use crate::source::Span;
use crate::template::value::{Origin, Value};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::time::Duration;

/// Resources that are tried alone to find the one that a filter leaves nothing of.
const MOST_ALONE: usize = 200;

/// One clause that does not hold, and where. Of what filters leave, Guard says only the query.
struct Failure<'r> {
    message: String,
    path: Cow<'r, str>,
    query: Option<&'r str>,
}

/// What became of a part of a rule.
enum Verdict<'r> {
    Fails(Vec<Failure<'r>>),
    /// It fails on something that is not known.
    Unknown,
}

/// One finding for each failed clause of a report.
pub(super) fn findings(
    file: &RuleFile,
    report: &Json,
    graph: &Graph,
    tree: &Value,
    wanted: &[Wanted<'_>],
    alone: &mut dyn FnMut(&str) -> Option<Json>,
) -> Vec<Finding> {
    let reader = Reader { graph, tree, text: &file.text };
    let mut found: Vec<Finding> = Vec::new();
    let documents = report.as_array().into_iter().flatten();
    for rule in documents.flat_map(|document| document["not_compliant"].as_array().into_iter().flatten()) {
        let written = rule["Rule"]["name"].as_str().unwrap_or("default");
        let meta = file.rule(written.rsplit('/').next().unwrap_or(written));
        let asked = wanted.iter().find(|wanted| wanted.meta.name == meta.name);
        // Clauses outside of rules that nobody saw when the file was read have no setting of their own.
        let unseen = asked.is_none() && !file.metas().any(|known| known.name == meta.name);
        if asked.is_none() && !unseen {
            continue;
        }
        let checks = &rule["Rule"]["checks"];
        let failures = match reader.all(checks) {
            Verdict::Unknown => continue,
            // A rule that is made of other rules only has no clause to show.
            Verdict::Fails(failures) if failures.is_empty() && checks.as_array().is_none_or(Vec::is_empty) => {
                vec![Failure {
                    message: format!("the rule `{}` does not hold", meta.name),
                    path: "".into(),
                    query: None,
                }]
            }
            Verdict::Fails(failures) => failures,
        };
        let mut placed: Vec<Failure<'_>> = Vec::new();
        for failure in failures {
            match failure.query {
                None => placed.push(failure),
                Some(query) if placed.iter().any(|known| known.query == Some(query)) => {}
                Some(query) => placed.extend(reader.placed(written, &failure.message, query, alone)),
            }
        }
        for failure in placed {
            let place = place(tree, &failure.path);
            let severity = asked.and_then(|wanted| wanted.severity).unwrap_or(meta.severity);
            let finding = finding(meta, severity, failure.message, place.origin, place.resource.clone());
            // What is asked of some item of a list fails on each of them.
            let same = |known: &Finding| {
                known.policy == finding.policy
                    && known.message == finding.message
                    && (known.span == finding.span || place.in_list && known.resource == finding.resource)
            };
            if !found.iter().any(same) {
                found.push(finding);
            }
        }
    }
    found
}

/// What is said when the engine cannot run a file on a template.
pub(super) fn failed(file: &RuleFile, failed: &Failed, limit: Duration, graph: &Graph) -> Finding {
    let (policy, message, help) = match failed {
        Failed::Broken(message) => (
            trouble::FAILED,
            format!("the rules of {} could not be run on this template: {message}", file.path),
            "run the rules with the cfn-guard command on the output of `dewline expand` to see why",
        ),
        Failed::Slow => (
            trouble::SLOW,
            format!(
                "the rules of {} take more than {} s on one template, and were given up",
                file.path,
                limit.as_secs_f64()
            ),
            "narrow the queries of the rules: select resources by type once, in a `let` at the top",
        ),
    };
    Finding {
        policy: policy.to_owned(),
        category: Category::Validity,
        severity: Severity::High,
        message,
        span: start(graph.template().root.origin),
        label: None,
        help: Some(help.to_owned()),
        resource: None,
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
    }
}

fn finding(meta: &Meta, severity: Severity, message: String, origin: Origin, resource: Option<String>) -> Finding {
    let help = [meta.section("How to fix"), meta.section("Why it matters")].into_iter().find(|text| !text.is_empty());
    let span = if resource.is_some() { origin.span() } else { start(origin) };
    Finding {
        policy: meta.name.to_owned(),
        category: meta.category,
        severity,
        message,
        span,
        label: None,
        help: help.or_else(|| Some(format!("this is a rule of your organisation, from {}", meta.file))),
        resource,
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
    }
}

/// What is about no resource is shown where it begins.
fn start(origin: Origin) -> Span {
    let mut span = origin.span();
    span.end = span.start;
    span
}

struct Reader<'g> {
    graph: &'g Graph,
    tree: &'g Value,
    /// The rules as written.
    text: &'g str,
}

impl Reader<'_> {
    /// All parts of a rule; unknown where something fails and nothing that is known does.
    fn all<'r>(&self, checks: &'r Json) -> Verdict<'r> {
        let (mut failures, mut unknown) = (Vec::new(), false);
        for check in checks.as_array().into_iter().flatten() {
            match self.one(check) {
                Verdict::Fails(more) => failures.extend(more),
                Verdict::Unknown => unknown = true,
            }
        }
        if failures.is_empty() && unknown { Verdict::Unknown } else { Verdict::Fails(failures) }
    }

    fn one<'r>(&self, check: &'r Json) -> Verdict<'r> {
        let Some((kind, body)) = check.as_object().and_then(|map| map.iter().next()) else {
            return Verdict::Fails(Vec::new());
        };
        match kind.as_str() {
            "Rule" => self.all(&body["checks"]),
            "Disjunctions" => self.either(&body["checks"]),
            "Clause" => match body.as_object().and_then(|map| map.values().next()) {
                Some(clause) => self.clause(clause, &clause["check"]),
                None => Verdict::Fails(Vec::new()),
            },
            "Block" => self.clause(body, &body["unresolved"]),
            _ => Verdict::Fails(Vec::new()),
        }
    }

    /// One of several would do: the first is shown, and an unknown one may hold.
    fn either<'r>(&self, checks: &'r Json) -> Verdict<'r> {
        let mut first = None;
        for check in checks.as_array().into_iter().flatten() {
            match self.one(check) {
                Verdict::Unknown => return Verdict::Unknown,
                Verdict::Fails(failures) => {
                    if first.is_none() && !failures.is_empty() {
                        first = Some(failures);
                    }
                }
            }
        }
        Verdict::Fails(first.unwrap_or_default())
    }

    fn clause<'r>(&self, clause: &'r Json, check: &'r Json) -> Verdict<'r> {
        let context = clause["context"].as_str().unwrap_or_default().trim();
        let custom = clause["messages"]["custom_message"].as_str().map(str::trim).filter(|text| !text.is_empty());
        let custom = custom.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        // `UnResolved` says how far a query came, the others what was compared.
        let inner = match check.as_object() {
            Some(map) if map.len() == 1 => map.values().next().unwrap_or(check),
            _ => check,
        };
        let operator = inner["comparison"][0].as_str().unwrap_or_default();
        if let Some(query) = check["UnResolvedContext"].as_str() {
            let message = custom.unwrap_or_else(|| format!("`{context}` does not hold"));
            return Verdict::Fails(vec![Failure { message, path: "".into(), query: Some(query) }]);
        }
        if check.is_null() {
            // A function of the rule could not be computed, from what is known or not.
            if holds_unknown(self.tree) {
                return Verdict::Unknown;
            }
            let said = clause["messages"]["error_message"].as_str().unwrap_or_default();
            let message = custom.unwrap_or_else(|| format!("`{context}` does not hold: {said}"));
            return Verdict::Fails(vec![Failure { message, path: "".into(), query: None }]);
        }
        let missing = [&inner["value"]["traversed_to"], &inner["traversed_to"]].into_iter().find(|one| one.is_object());
        if let Some(reached) = missing {
            let path = reached["path"].as_str().unwrap_or_default();
            let place = place(self.tree, path);
            if self.may_be_there(&place) {
                return Verdict::Unknown;
            }
            let rest = [&inner["value"]["remaining_query"], &inner["remaining_query"]];
            let rest = rest.into_iter().find_map(Json::as_str).filter(|rest| !rest.is_empty());
            let message = custom.unwrap_or_else(|| match rest {
                Some(rest) => format!("`{context}` does not hold: there is no `{rest}`"),
                None => format!("`{context}` does not hold"),
            });
            return Verdict::Fails(vec![Failure { message, path: path.into(), query: None }]);
        }
        let from = if inner["from"].is_object() { &inner["from"] } else { &inner["value"] };
        let others: Vec<&'r Json> = match &inner["to"] {
            Json::Array(items) => items.iter().collect(),
            Json::Object(_) => vec![&inner["to"]],
            _ => Vec::new(),
        };
        let paths: Vec<&'r str> =
            std::iter::once(from).chain(others).filter_map(|value| value["path"].as_str()).collect();
        // What the rule itself writes has no path.
        let paths: Vec<&'r str> = paths.into_iter().filter(|path| !path.is_empty()).collect();
        if paths.iter().any(|path| self.is_unknown(path, operator)) {
            return Verdict::Unknown;
        }
        // What is compared may come from a parameter: then the other side says where.
        let path = paths.iter().copied().find(|path| path.starts_with("/Resources/")).or(paths.first().copied());
        let is = &from["value"];
        let message = custom.unwrap_or_else(|| match is {
            Json::String(_) | Json::Number(_) | Json::Bool(_) => format!("`{context}` does not hold: it is {is}"),
            _ => format!("`{context}` does not hold"),
        });
        Verdict::Fails(vec![Failure { message, path: path.unwrap_or_default().into(), query: None }])
    }

    /// Finds the resources on which a query with a filter leaves nothing: those that have what is
    /// filtered, and fail alone. Where none does, the template as a whole fails.
    fn placed<'r>(
        &self,
        rule: &str,
        message: &str,
        query: &'r str,
        alone: &mut dyn FnMut(&str) -> Option<Json>,
    ) -> Vec<Failure<'r>> {
        let keys = filtered(query);
        let at = |path: String| Failure { message: message.to_owned(), path: path.into(), query: Some(query) };
        let mut found = Vec::new();
        let mut unknown = false;
        let resources = self.tree.get("Resources").and_then(Value::as_map).into_iter().flatten();
        let resources = resources.filter(|entry| !keys.is_empty() && entry.value.at(&keys).is_some());
        for entry in resources.take(MOST_ALONE) {
            let fails = alone(&entry.key).is_some_and(|report| fails_on(&report, rule, query));
            if !fails {
                continue;
            }
            if entry.value.at(&keys).is_some_and(holds_unknown) {
                unknown = true;
            } else {
                found.push(at(format!("/Resources/{}/{}", entry.key, keys.join("/"))));
            }
        }
        // A filter on types leaves out what is surely of another; one on properties may not.
        let by_type = keys.first().is_none_or(|key| *key == "Resources") && !filters_on_properties(self.text);
        let is_open = if by_type { self.graph.is_open() } else { holds_unknown(self.tree) };
        if found.is_empty() && !unknown && !is_open {
            found.push(at(String::new()));
        }
        found
    }

    /// Whether what a query looks for below a place may be there all the same.
    fn may_be_there(&self, place: &Place<'_>) -> bool {
        let resource = place.resource.as_deref().and_then(|id| self.graph.template().resource(id));
        place.value.intrinsic().is_some()
            || place.value.origin.is_incomplete()
            || resource.is_some_and(Resource::is_incomplete)
            || resource.is_none() && self.graph.is_open()
    }

    /// Whether a comparison of the value at `path` says nothing, because it is not known.
    fn is_unknown(&self, path: &str, operator: &str) -> bool {
        let place = place(self.tree, path);
        if !place.is_exact {
            return false;
        }
        // A reference is there, whatever it stands for; a choice of conditions may be nothing.
        let is_choice = place.value.single().is_some_and(|(key, _)| key == "Fn::If");
        if operator == "Exists" { is_choice } else { holds_unknown(place.value) }
    }
}

/// The keys that a query names before its filter: `Properties.Tags` of `%f[*].Properties.Tags. (filter-clauses) …`.
fn filtered(query: &str) -> Vec<&str> {
    let query = query.trim().trim_start_matches("some ");
    let query = match query.strip_prefix('%') {
        Some(rest) => rest.split_once('.').map_or("", |(_, rest)| rest),
        None => query,
    };
    let key = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    query.split('.').map(|part| part.trim_end_matches("[*]")).take_while(key).collect()
}

/// Whether a filter of some rule reads properties.
fn filters_on_properties(rules: &str) -> bool {
    let mut filters = rules.split('[').skip(1).filter_map(|rest| rest.split(']').next());
    filters.any(|filter| filter.contains("Properties"))
}

/// Whether a rule fails on a query without a place in a report.
fn fails_on(report: &Json, rule: &str, query: &str) -> bool {
    fn holds(value: &Json, query: &str) -> bool {
        match value {
            Json::Object(map) => {
                map.get("UnResolvedContext").and_then(Json::as_str) == Some(query)
                    || map.values().any(|value| holds(value, query))
            }
            Json::Array(items) => items.iter().any(|item| holds(item, query)),
            _ => false,
        }
    }
    let documents = report.as_array().into_iter().flatten();
    let mut rules = documents.flat_map(|document| document["not_compliant"].as_array().into_iter().flatten());
    rules.any(|one| one["Rule"]["name"].as_str() == Some(rule) && holds(&one["Rule"]["checks"], query))
}
