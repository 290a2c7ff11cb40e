//! Guard's report to findings at the author's lines.

use super::rules::RuleFile;
use crate::finding::{Category, Finding, Severity};
use crate::template::Template;
use crate::template::value::{Kind, Origin, Value};
use serde_json::Value as Json;

/// One finding for each failed clause of a report.
pub(super) fn findings(file: &RuleFile, report: &Json, template: &Template) -> Vec<Finding> {
    let mut found = Vec::new();
    let documents = report.as_array().into_iter().flatten();
    for rule in documents.flat_map(|document| document["not_compliant"].as_array().into_iter().flatten()) {
        let name = rule["Rule"]["name"].as_str().unwrap_or("default").to_owned();
        clauses(&rule["Rule"]["checks"], &mut |clause| {
            let path = failed_path(&clause["check"]).unwrap_or_default();
            let messages = &clause["messages"];
            let text = |key: &str| messages[key].as_str().map(str::trim).filter(|text| !text.is_empty());
            let context = clause["context"].as_str().unwrap_or_default().trim();
            let message = match text("custom_message") {
                Some(custom) => custom.split_whitespace().collect::<Vec<_>>().join(" "),
                None => format!("`{context}` does not hold"),
            };
            found.push(finding(file, &name, message, path, template));
        });
    }
    found.dedup();
    found
}

/// What is said when the engine cannot run a file.
pub(super) fn broken(file: &RuleFile, message: &str, template: &Template) -> Finding {
    let mut finding = finding(
        file,
        "guard-evaluation-failed",
        format!("{} could not be run on this template: {message}", file.path),
        "",
        template,
    );
    finding.category = Category::Validity;
    finding.severity = Severity::Medium;
    finding.help = Some("run the rules with the cfn-guard command on the expanded template to see why".to_owned());
    finding
}

fn finding(file: &RuleFile, rule: &str, message: String, path: &str, template: &Template) -> Finding {
    let (origin, resource) = locate(path, template);
    Finding {
        policy: rule.rsplit('/').next().unwrap_or(rule).to_lowercase().replace('_', "-"),
        category: file.category,
        severity: file.severity,
        message,
        span: origin.span(),
        label: None,
        help: file.help.clone().or_else(|| Some(format!("this is a rule of your organisation, from {}", file.path))),
        resource,
        related: Vec::new(),
        fix: None,
        fingerprint: String::new(),
    }
}

/// Visits every clause in the tree of checks.
fn clauses(checks: &Json, visit: &mut dyn FnMut(&Json)) {
    match checks {
        Json::Array(items) => items.iter().for_each(|item| clauses(item, visit)),
        Json::Object(map) => {
            if map.contains_key("check") && map.contains_key("messages") {
                visit(checks);
            } else {
                map.values().for_each(|value| clauses(value, visit));
            }
        }
        _ => {}
    }
}

/// The path of the value a clause failed on: where the value is, or how far the query came.
fn failed_path(check: &Json) -> Option<&str> {
    match check {
        Json::Object(map) => {
            for key in ["from", "traversed_to", "value"] {
                if let Some(found) =
                    map.get(key).and_then(|value| value["path"].as_str().or_else(|| failed_path(value)))
                {
                    return Some(found);
                }
            }
            map.iter().filter(|(key, _)| *key != "to").find_map(|(_, value)| failed_path(value))
        }
        _ => None,
    }
}

/// Where the value at a JSON-pointer-like path was written, and its resource. As far as the
/// path can be followed: a missing property is shown at the map that lacks it.
fn locate(path: &str, template: &Template) -> (Origin, Option<String>) {
    let mut at: &Value = &template.root;
    let mut origin = template.root.origin;
    let mut keys = path.split('/').filter(|key| !key.is_empty());
    let mut resource = None;
    let mut depth = 0;
    let mut section = "";
    for key in keys.by_ref() {
        let next = match &at.kind {
            Kind::Map(map) => map.entry(key).map(|entry| {
                // Sections and resources are best shown at their names.
                let place =
                    if depth < 2 || entry.value.as_map().is_some() { entry.key_origin } else { entry.value.origin };
                (&entry.value, place)
            }),
            Kind::List(items) => {
                key.parse().ok().and_then(|index: usize| items.get(index)).map(|item| (item, item.origin))
            }
            _ => None,
        };
        let Some((value, place)) = next else { break };
        if depth == 0 {
            section = key;
        } else if depth == 1 && section == "Resources" {
            resource = Some(key.to_owned());
        }
        (at, origin) = (value, place);
        depth += 1;
    }
    (origin, resource)
}

#[cfg(test)]
mod tests {
    use super::super::{GuardError, RuleFile, run};
    use crate::finding::Severity;
    use crate::source::{Files, ReadError, SourceFile};
    use crate::template::{Inputs, Template, load};
    use std::sync::Arc;

    struct NoFiles;

    impl Files for NoFiles {
        fn read(&self, _: &str) -> Result<Arc<SourceFile>, ReadError> {
            Err(ReadError::Missing)
        }
        fn exists(&self, _: &str) -> bool {
            false
        }
        fn size(&self, _: &str) -> Option<u64> {
            None
        }
    }

    const RULES: &str = "# severity: high
let functions = Resources.*[ Type == 'AWS::Lambda::Function' ]
rule memory_limit when %functions !empty {
  %functions.Properties.MemorySize <= 1024 <<functions stay below a gigabyte here>>
}
rule traced when %functions !empty {
  %functions.Properties.TracingConfig exists
}
";

    #[test]
    fn findings_point_at_the_authors_lines() {
        let text = "Resources:\n  Report:\n    Type: AWS::Lambda::Function\n    Properties:\n      MemorySize: 2048\n";
        let inputs = Inputs::default();
        let loaded = load::load(Arc::new(SourceFile::new("template.yaml", text)), &NoFiles, &inputs).unwrap();
        let template = Template::new(loaded.dialect, loaded.root, loaded.problems, inputs);
        let file = RuleFile::parse("rules/house.guard", RULES).unwrap();
        let found = run(&[file], &template);
        let shown: Vec<_> =
            found.iter().map(|finding| (&*finding.policy, &text[finding.span.range()], finding.severity)).collect();
        assert_eq!(shown, [("memory-limit", "2048", Severity::High), ("traced", "Properties", Severity::High)]);
        assert_eq!(found[0].message, "functions stay below a gigabyte here");
        assert_eq!(found[0].resource.as_deref(), Some("Report"));
    }

    #[test]
    fn rules_that_do_not_parse_are_refused_with_their_line() {
        let error = RuleFile::parse("a.guard", "rule broken {\n").unwrap_err();
        assert!(matches!(&error, GuardError::Syntax { message, .. } if message.contains("line")), "{error}");
        let error = RuleFile::parse("a.guard", "# severity: grave\nrule r { Resources exists }\n").unwrap_err();
        assert_eq!(error.to_string(), "a.guard:1: `grave` is no severity");
    }
}
