//! SARIF 2.1.0, complete for code scanning on GitHub.

use super::{File, Rule, Run, page_url, place, write_json};
use crate::finding::{Category, Finding, Severity};
use crate::source::Span;
use serde_json::{Value, json};
use std::io;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Longest description that GitHub shows.
const LONGEST: usize = 1024;

pub(super) fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<()> {
    let mut rules: Vec<Value> = run.policies.iter().map(rule).collect();
    let mut names: Vec<&str> = run.policies.iter().map(|rule| rule.meta.name).collect();
    let mut results = Vec::new();
    for (file, finding) in run.findings() {
        let index = names.iter().position(|name| *name == finding.policy).unwrap_or_else(|| {
            rules.push(unlisted_rule(finding));
            names.push(&finding.policy);
            names.len() - 1
        });
        results.push(result(run, file, finding, index));
    }
    let notifications: Vec<Value> = run
        .failures
        .iter()
        .map(|failure| {
            let text = format!("{}. {}", failure.message, failure.help);
            let uri = place::uri(&run.repository_path(&failure.path));
            let mut notification = json!({ "level": "error", "message": { "text": text } });
            if !failure.path.is_empty() {
                notification["locations"] = json!([{ "physicalLocation": { "artifactLocation": { "uri": uri } } }]);
            }
            notification
        })
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let mut driver = json!({ "name": "dewline", "version": version, "semanticVersion": version, "rules": rules });
    if !env!("CARGO_PKG_REPOSITORY").is_empty() {
        driver["informationUri"] = env!("CARGO_PKG_REPOSITORY").into();
    }
    let report = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "invocations": [{
                "executionSuccessful": run.failures.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    write_json(&report, out)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Low => "warning",
        Severity::Info => "note",
    }
}

fn rule(rule: &Rule) -> Value {
    let meta = rule.meta;
    let summary = meta.summary();
    let why = plain(&meta.section("Why it matters"));
    let full = if why.is_empty() { summary.to_owned() } else { why };
    let help = format!("{summary}\n\n{}\n\n{}", meta.section("Why it matters"), meta.section("How to fix"));
    let mut tags = vec![meta.category.name(), "serverless"];
    tags.extend(meta.risks);
    let mut described = json!({
        "id": meta.name,
        "name": pascal_case(meta.name),
        "shortDescription": { "text": cut(summary) },
        "fullDescription": { "text": cut(&full) },
        "help": { "text": plain(&help), "markdown": meta.markdown().trim() },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties(meta.category, rule.severity, &tags),
    });
    if let Some(url) = page_url(meta.name) {
        described["helpUri"] = url.into();
    }
    described
}

/// The description of a policy that is known only by its finding.
fn unlisted_rule(finding: &Finding) -> Value {
    let text = finding.policy.replace('-', " ");
    let help = finding.help.as_ref().unwrap_or(&finding.message);
    json!({
        "id": finding.policy,
        "name": pascal_case(&finding.policy),
        "shortDescription": { "text": cut(&text) },
        "fullDescription": { "text": cut(&text) },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": level(finding.severity) },
        "properties": properties(finding.category, finding.severity, &[finding.category.name(), "serverless"]),
    })
}

fn properties(category: Category, severity: Severity, tags: &[&str]) -> Value {
    let problem = match level(severity) {
        "note" => "recommendation",
        level => level,
    };
    let mut properties = json!({ "tags": tags, "precision": "high", "problem.severity": problem });
    if category == Category::Security {
        let score = match severity {
            Severity::Critical => "9.5",
            Severity::High => "8.0",
            Severity::Medium => "5.5",
            Severity::Low => "3.0",
            Severity::Info => "1.0",
        };
        properties["security-severity"] = score.into();
    }
    properties
}

fn result(run: &Run, file: &File, finding: &Finding, rule: usize) -> Value {
    let physical = |span: Span| physical(run, file, span);
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message = format!("{message}. {help}");
    }
    // The viewer shows related places only where the message links to them.
    for (index, related) in finding.related.iter().enumerate() {
        let lead = if index == 0 { "\nSee " } else { ", " };
        message = format!("{message}{lead}[{}]({})", bracketed(&related.message), index + 1);
    }
    let mut main = json!({ "physicalLocation": physical(finding.span) });
    if let Some(resource) = &finding.resource {
        main["logicalLocations"] = json!([{ "name": resource, "kind": "resource" }]);
    }
    let mut result = json!({
        "ruleId": finding.policy,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": { "text": message },
        "locations": [main],
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:1", finding.fingerprint),
            "dewline/v1": finding.fingerprint,
        },
        "properties": { "category": finding.category.name(), "severity": finding.severity.name() },
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(index, related)| {
            let message = json!({ "text": related.message });
            json!({ "id": index + 1, "physicalLocation": physical(related.span), "message": message })
        });
        result["relatedLocations"] = related.collect();
        let start = json!({ "location": { "physicalLocation": physical(finding.span), "message": { "text": finding.message } } });
        let path = finding.related.iter().map(|related| {
            let message = json!({ "text": related.message });
            json!({ "location": { "physicalLocation": physical(related.span), "message": message } })
        });
        let path: Vec<Value> = std::iter::once(start).chain(path).collect();
        result["codeFlows"] = json!([{ "threadFlows": [{ "locations": path }] }]);
    }
    if let Some(fix) = &finding.fix {
        let mut changes: Vec<(String, Vec<Value>)> = Vec::new();
        for edit in &fix.edits {
            let uri = place::uri(&run.repository_path(file.path_of(edit.span.file)));
            let replacement =
                json!({ "deletedRegion": region(file, edit.span), "insertedContent": { "text": edit.text } });
            match changes.iter_mut().find(|(known, _)| *known == uri) {
                Some((_, replacements)) => replacements.push(replacement),
                None => changes.push((uri, vec![replacement])),
            }
        }
        let changes: Vec<Value> = changes
            .into_iter()
            .map(|(uri, replacements)| json!({ "artifactLocation": { "uri": uri }, "replacements": replacements }))
            .collect();
        result["fixes"] = json!([{ "description": { "text": fix.title }, "artifactChanges": changes }]);
    }
    result
}

fn physical(run: &Run, file: &File, span: Span) -> Value {
    let uri = place::uri(&run.repository_path(file.path_of(span.file)));
    json!({ "artifactLocation": { "uri": uri }, "region": region(file, span) })
}

fn region(file: &File, span: Span) -> Value {
    let source = file.sources.get(span.file);
    let ((line, column), (end_line, end_column)) = (place::utf16(source, span.start), place::utf16(source, span.end));
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

/// Text of a link in a message.
fn bracketed(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// Markdown as text: without fences, marks of code and headings.
fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.starts_with("```"));
    let lines = lines.map(|line| line.trim_start_matches('#').trim_end().replace('`', ""));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(LONGEST - 1);
    let end = text[..end].rfind(['.', ' ']).map_or(end, |at| at + 1);
    text[..end].trim_end().to_owned()
}

fn pascal_case(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
        })
        .collect()
}
