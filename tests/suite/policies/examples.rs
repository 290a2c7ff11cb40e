//! Documentation examples are tests: every `fail` fence must yield its policy, every `pass`
//! fence must not.

use crate::beside::Beside;
use dewline::engine::{Analysis, Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::finding::Category;
use dewline::policies;
use dewline::policy::{Example, Meta};
use dewline::source::SourceFile;
use dewline::template::Inputs;
use std::sync::Arc;

fn findings(meta: &Meta, example: &Example) -> Option<Vec<String>> {
    let analysis = analysis(meta, example)?;
    Some(analysis.findings.iter().map(|finding| finding.message.clone()).collect())
}

fn analysis(meta: &Meta, example: &Example) -> Option<Analysis> {
    let request = SelectionRequest { select: vec![meta.name.to_owned()], ..SelectionRequest::default() };
    let parameters = example.parameters.iter().cloned().collect();
    let settings = Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs { parameters, ..Inputs::default() },
        guard: Vec::new(),
        require_reason: false,
    };
    let name = match &*example.dialect {
        "serverless" => "serverless.yml",
        "json" => "template.json",
        _ => "template.yaml",
    };
    let file = Arc::new(SourceFile::new(name, example.text.as_str()));
    analyze(file, &Beside(meta.example_files()), &settings)
}

#[test]
fn documented_examples_behave_as_documented() {
    let mut wrong = Vec::new();
    for policy in policies::ALL.iter() {
        let meta = &policy.meta;
        let examples = meta.examples();
        for example in &examples {
            let label = format!("{} ({}, {})", meta.name, example.dialect, if example.fails { "fail" } else { "pass" });
            match findings(meta, example) {
                None => wrong.push(format!("{label}: not recognised as a template")),
                Some(found) if found.is_empty() == example.fails => {
                    wrong.push(format!("{label}: found {found:?} in\n{}", example.text));
                }
                Some(_) => {}
            }
        }
        let mut dialects: Vec<&str> = examples.iter().map(|example| &*example.dialect).collect();
        dialects.sort_unstable();
        dialects.dedup();
        for dialect in dialects {
            for fails in [true, false] {
                if !examples.iter().any(|example| example.dialect == dialect && example.fails == fails) {
                    wrong.push(format!(
                        "{}: no {} example for {dialect}",
                        meta.name,
                        if fails { "failing" } else { "passing" }
                    ));
                }
            }
        }
        if examples.is_empty() {
            wrong.push(format!("{}: no example at all", meta.name));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A comment above what is reported answers for it, in every example.
#[test]
fn every_policy_can_be_suppressed_where_it_reports() {
    let mut wrong = Vec::new();
    for policy in policies::ALL.iter().filter(|policy| policy.meta.category != Category::Validity) {
        let name = policy.meta.name;
        let examples = policy.meta.examples().into_iter();
        for mut example in examples.filter(|example| example.fails && example.dialect != "json") {
            // A finding that stood for others gives way to the next of them.
            for _ in 0..10 {
                let Some(analysis) = analysis(&policy.meta, &example) else { break };
                let text = &mut example.text;
                let Some(finding) = analysis.findings.first() else { break };
                let start = finding.span.start as usize;
                let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
                let indent: String = text[line..].chars().take_while(|c| *c == ' ').collect();
                text.insert_str(line, &format!("{indent}# dewline: ignore[{name}] known\n"));
            }
            match findings(&policy.meta, &example) {
                Some(left) if left.is_empty() => {}
                left => wrong.push(format!("{name} ({}): {left:?} in\n{}", example.dialect, example.text)),
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn policies_are_documented_named_and_registered() {
    let mut names: Vec<&str> = Vec::new();
    for policy in policies::ALL.iter() {
        let meta = &policy.meta;
        names.push(meta.name);
        assert!(
            meta.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{}",
            meta.name
        );
        assert!(
            meta.file.ends_with(&format!("{}.rs", meta.name.replace('-', "_"))),
            "{} lives in {}",
            meta.name,
            meta.file
        );
        assert!(meta.summary().ends_with('.'), "{}: the first line is a sentence", meta.name);
        assert!(!meta.section("Why it matters").is_empty(), "{}: `## Why it matters`", meta.name);
        assert!(!meta.section("How to fix").is_empty(), "{}: `## How to fix`", meta.name);
        // What makes a template invalid explains itself, and there is no reason to live with it.
        if meta.category != Category::Validity {
            for title in ["When to suppress", "Source"] {
                assert!(!meta.section(title).is_empty(), "{}: `## {title}`", meta.name);
            }
            let source = meta.section("Source");
            assert!(source.contains("20"), "{}: the source has a date", meta.name);
        }
        if matches!(meta.category, Category::Security) {
            assert!(!meta.risks.is_empty(), "{}: the risks it addresses", meta.name);
        }
        let known = |risk: &&str| risk.strip_prefix("SAS-").is_some_and(|number| matches!(number.parse(), Ok(1..=12)));
        assert!(meta.risks.iter().all(known), "{}: {:?}", meta.name, meta.risks);
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "names are unique");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policies");
    let mut files = 0;
    for category in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(category).unwrap().map(|entry| entry.unwrap().path()) {
            let text = std::fs::read_to_string(&file).unwrap();
            files += usize::from(text.contains("policy! {"));
        }
    }
    assert_eq!(files, count, "a policy file is not in the registry");
}
