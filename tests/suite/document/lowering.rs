//! Documents that hold more, or less, than one plain template.

#![allow(clippy::format_collect)] // short texts

use dewline::document::{Document, Schema};
use dewline::source::{FileId, SourceFile};
use dewline::template::value::Value;
use dewline::template::{Problem, ProblemKind, json, lower};
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn lowered(path: &str, text: &str, schema: Schema) -> (Value, Vec<Problem>) {
    let document = Document::parse(FileId(0), &Arc::new(SourceFile::new(path, text)));
    let mut problems = Vec::new();
    let value = lower::document(&document, schema, &mut problems);
    (value, problems)
}

fn yaml(text: &str) -> (String, Vec<(ProblemKind, String)>) {
    let (value, problems) = lowered("t.yaml", text, Schema::Yaml11);
    let show = |problem: &Problem| {
        let place = text.get(problem.origin.span().range()).unwrap_or("?");
        (problem.kind, format!("{place}|{}", problem.message))
    };
    (json::to_json(&value).to_string(), problems.iter().map(show).collect())
}

#[test]
fn further_documents_are_reported_where_they_start() {
    let (value, problems) = yaml("a: 1\n---\nb: 2\n---\nc: 3\n");
    assert_eq!(value, r#"{"a":1}"#);
    assert_eq!(problems, [(ProblemKind::Structure, "---|a second YAML document starts here".to_owned())]);
    assert_eq!(yaml("---\na: 1\n...\n").1, []);
    assert_eq!(yaml("%YAML 1.2\n---\na: yes\n"), (r#"{"a":true}"#.to_owned(), vec![]));
}

#[test]
fn keys_without_a_name_are_reported() {
    for (text, place) in
        [("? [a, b]\n: 1\n", "[a, b]"), ("~: 1\n", "~"), ("{{a: 1}: 2}\n", "{a: 1}"), ("null: 1\n", "null")]
    {
        let (_, problems) = yaml(text);
        let [(ProblemKind::Structure, message)] = problems.as_slice() else { panic!("{text}: {problems:?}") };
        assert!(message.starts_with(&format!("{place}|")), "{message}");
    }
    assert_eq!(yaml("&k a: 1\nb: {*k : 2}\n"), (r#"{"a":1,"b":{"a":2}}"#.to_owned(), vec![]));
}

#[test]
fn merge_and_value_signs_are_refused_as_values() {
    for (text, place) in [("a: =\n", "="), ("a: <<\n", "<<")] {
        let (_, problems) = yaml(text);
        let [(ProblemKind::Structure, message)] = problems.as_slice() else { panic!("{text}: {problems:?}") };
        assert!(message.starts_with(&format!("{place}|")), "{message}");
        assert!(lowered("serverless.yml", text, Schema::JsYaml).1.is_empty());
    }
    assert_eq!(yaml("a: '='\n").1, []);
    assert_eq!(yaml("b: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n").0, r#"{"b":{"x":1,"y":2},"c":{"y":3,"x":1}}"#);
}

#[test]
fn tags_of_no_known_type_are_reported() {
    let (_, problems) = yaml("a: !!python/object x\nb: !!str 1\nc: !Foo x\nd: !<tag:yaml.org,2002:str> 2\ne: ! 3\n");
    let [(ProblemKind::Structure, message)] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(message.starts_with("!!python/object|"), "{message}");
    assert_eq!(yaml("a: !!int \"5\"\nb: !!str 5\nc: !!bool yes\n").0, r#"{"a":5,"b":"5","c":true}"#);
}

#[test]
fn expanding_aliases_ends_soon_with_one_problem() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{items}]");
    }
    let start = Instant::now();
    let (_, problems) = lowered("t.yaml", &text, Schema::Yaml11);
    assert!(start.elapsed() < Duration::from_secs(5));
    let kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::Alias]);
    let merges = "a: &a {x: &b {<<: *a}}\n";
    assert_eq!(yaml(merges).1.len(), 1);
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let blocks: String = (0..10_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let cases = [
        blocks,
        "[".repeat(10_000),
        "{a: ".repeat(10_000),
        "{\"a\":[".repeat(10_000),
        "- ".repeat(10_000),
        "? ".repeat(10_000),
        "a: ".repeat(10_000),
        "]".repeat(10_000),
        "!".repeat(10_000),
        "&a ".repeat(10_000),
        "[".repeat(10_000) + &"]".repeat(10_000),
    ];
    for text in cases {
        let start = Instant::now();
        let (_, problems) = lowered("t.yaml", &text, Schema::Yaml11);
        assert!(!problems.is_empty(), "{text:.20}");
        assert!(problems.len() <= 10, "{:.20} {}", text, problems.len());
        assert!(start.elapsed() < Duration::from_secs(8), "{:.20} {:?}", text, start.elapsed());
    }
}

#[test]
fn json_is_read_with_its_own_mistakes() {
    let (value, problems) = lowered("t.json", "\u{feff}{\t\"a\": 1,\r\n\t\"a\": \"x\\u00e9\\/\"}\r\n", Schema::Yaml11);
    assert_eq!(json::to_json(&value).to_string(), "{\"a\":\"xé/\"}");
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(problem.kind, ProblemKind::DuplicateKey);
    assert_eq!(problem.origin.span().range(), 15..18);
    let (_, problems) = lowered("t.json", "{\"a\": 1} x", Schema::Yaml11);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::Syntax);
}

#[test]
fn json_files_that_are_only_yaml_are_noted() {
    let deviation = |path: &str, text: &str| {
        let document = Document::parse(FileId(0), &Arc::new(SourceFile::new(path, text)));
        assert!(document.errors().is_empty(), "{text}");
        document.json_deviation().map(|note| (note.span.start, note.message))
    };
    assert_eq!(deviation("t.json", "{\"a\": 1}"), None);
    assert_eq!(deviation("t.json", "\u{feff}{\"a\": 1}"), None);
    assert_eq!(deviation("t.yaml", "{a: 1}"), None);
    assert_eq!(deviation("t.json", "{\"a\": 1,\n}").map(|(at, _)| at), Some(9));
    assert_eq!(deviation("t.JSON", "# hi\n{\"a\": 1}").map(|(at, _)| at), Some(0));
    assert!(deviation("t.json", "a: 1").is_some());
}
