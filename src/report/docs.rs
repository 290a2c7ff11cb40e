//! What policies are, for `explain` and the documentation pages.

use super::{Style, page_url};
use crate::finding::Category;
use crate::policy::{FixKind, Meta, OptionDefault, OptionSpec};
use serde_json::{Value, json};
use std::fmt::Write;

/// The page of one policy, as Markdown.
pub fn page(meta: &Meta) -> String {
    let mut page = format!("# {}\n\n", meta.name);
    let mut lines = meta.markdown();
    while lines.starts_with('\n') {
        lines.remove(0);
    }
    let facts = format!(
        "| Category | Severity | Profile | Fix | Since |\n|---|---|---|---|---|\n| {} | {} | {} | {} | {} |\n",
        meta.category,
        meta.severity,
        meta.profile.name(),
        meta.fix.name(),
        meta.since
    );
    let (summary, rest) = lines.split_once('\n').unwrap_or((&lines, ""));
    let _ = write!(page, "{}\n\n{facts}\n{}\n", summary.trim(), rest.trim());
    if !meta.options.is_empty() {
        page += "\n## Options\n\n| Name | Default | Meaning |\n|---|---|---|\n";
        for option in meta.options {
            let _ = writeln!(page, "| `{}` | `{}` | {} |", option.name, default_text(option), option.help);
        }
        let _ = write!(page, "\n```yaml\n# dewline.yaml\npolicies:\n  {}:\n", meta.name);
        for option in meta.options {
            let _ = writeln!(page, "    {}: {}", option.name, default_text(option));
        }
        page += "```\n";
    }
    if !meta.risks.is_empty() {
        let _ = write!(page, "\nRisk catalogue: {}.\n", meta.risks.join(", "));
    }
    page
}

/// The table of all policies, as Markdown; links lead to pages in the same folder.
pub fn index<'m>(policies: impl Iterator<Item = &'m Meta> + Clone) -> String {
    let mut page = "# Policies\n".to_owned();
    for category in Category::ALL {
        let mut rows = policies.clone().filter(|meta| meta.category == category).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let _ =
            write!(page, "\n## {category}\n\n| Policy | Severity | Profile | What it reports |\n|---|---|---|---|\n");
        for meta in rows {
            let summary = meta.summary().replace('|', "\\|");
            let (name, severity, profile) = (meta.name, meta.severity, meta.profile.name());
            let _ = writeln!(page, "| [{name}]({name}.md) | {severity} | {profile} | {summary} |");
        }
    }
    page
}

/// One policy as JSON data.
pub fn json(meta: &Meta) -> Value {
    let options: Vec<Value> = meta
        .options
        .iter()
        .map(|option| json!({ "name": option.name, "default": option.default.json(), "help": option.help }))
        .collect();
    let examples: Vec<Value> = meta
        .examples()
        .into_iter()
        .map(|example| json!({ "dialect": example.dialect, "fails": example.fails, "text": example.text }))
        .collect();
    json!({
        "name": meta.name,
        "category": meta.category.name(),
        "severity": meta.severity.name(),
        "profile": meta.profile.name(),
        "fix": meta.fix.name(),
        "since": meta.since,
        "risks": meta.risks,
        "summary": meta.summary(),
        "why": meta.section("Why it matters"),
        "how": meta.section("How to fix"),
        "options": options,
        "examples": examples,
        "markdown": meta.markdown().trim(),
        "url": page_url(meta.name),
    })
}

/// One policy as text for a terminal.
pub fn text(meta: &Meta, style: &Style) -> String {
    let name = style.link(page_url(meta.name).as_deref(), meta.name);
    let mut text = format!("{}  {}\n", style.bold(&name), style.severity(meta.severity, meta.severity.name()));
    let fix = match meta.fix {
        FixKind::None => String::new(),
        kind => format!(", fixes: {}", kind.name()),
    };
    let since = if meta.since.is_empty() { String::new() } else { format!(", since {}", meta.since) };
    let facts = format!("{}, profile {}{fix}{since}", meta.category, meta.profile.name());
    let _ = writeln!(text, "{}", style.dim(&facts));
    let mut fenced = false;
    for line in meta.markdown().trim().lines() {
        if let Some(info) = line.strip_prefix("```") {
            fenced = !fenced;
            if fenced {
                let words: Vec<&str> = info.split(',').collect();
                let verdict = match words.last() {
                    Some(&"fail") => "reported",
                    Some(&"pass") => "not reported",
                    _ => "",
                };
                let dialect = words.get(1).copied().unwrap_or_default();
                let _ = writeln!(text, "  {}", style.dim(format!("{dialect}, {verdict}:").trim_start_matches(", ")));
            }
        } else if let Some(heading) = line.strip_prefix("## ").filter(|_| !fenced) {
            let _ = writeln!(text, "{}", style.bold(heading));
        } else if fenced {
            let _ = writeln!(text, "    {line}");
        } else {
            text += line;
            text.push('\n');
        }
    }
    if !meta.options.is_empty() {
        let _ = writeln!(text, "\n{}", style.bold("Options"));
        for option in meta.options {
            let _ = writeln!(text, "  {} (default {}): {}", option.name, default_text(option), option.help);
        }
    }
    let _ = writeln!(
        text,
        "\n{}",
        style.dim(&format!("To switch it off at one place: # dewline: ignore[{}] reason", meta.name))
    );
    text
}

fn default_text(option: &OptionSpec) -> String {
    match &option.default {
        OptionDefault::Int(number) => number.to_string(),
        OptionDefault::Bool(value) => value.to_string(),
        OptionDefault::Text(text) => (*text).to_owned(),
        OptionDefault::List(items) => format!("[{}]", items.join(", ")),
    }
}
