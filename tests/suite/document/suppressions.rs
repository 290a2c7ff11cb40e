//! Suppression comments: what they say and what they cover.

use dewline::document::Document;
use dewline::source::suppression::Scope;
use dewline::source::{FileId, SourceFile};
use std::sync::Arc;

fn parse(text: &str) -> Document {
    Document::parse(FileId(0), &Arc::new(SourceFile::new("template.yaml", text)))
}

fn covered(text: &str) -> Vec<String> {
    let document = parse(text);
    let found = document.suppressions();
    assert!(found.malformed.is_empty(), "{:?}", found.malformed);
    found.covered.iter().map(|covered| text[covered.covers.range()].to_owned()).collect()
}

#[test]
fn a_comment_behind_a_value_covers_its_line() {
    let text = "a:\n  b: 1 # dewline: ignore[x]\n  c: 2\n";
    assert_eq!(covered(text), ["  b: 1 "]);
    let block = "a:\n  b: | # dewline: ignore[x]\n    one\n    two\n  c: 2\n";
    assert_eq!(covered(block), ["  b: | # dewline: ignore[x]\n    one\n    two"]);
    let key = "a: # dewline: ignore[x]\n  b: 1\n";
    assert_eq!(covered(key), ["a: "]);
    let flow = "a: [ # dewline: ignore[x]\n  1,\n  2 ]\nb: 1\n";
    assert_eq!(covered(flow), ["a: [ # dewline: ignore[x]\n  1,\n  2 ]"]);
}

#[test]
fn a_comment_above_covers_the_whole_entry() {
    let text =
        "Resources:\n  # dewline: ignore[x]\n  # more words\n  A:\n    Type: T\n    P:\n      - 1\n  B:\n    Type: U\n";
    assert_eq!(covered(text), ["A:\n    Type: T\n    P:\n      - 1"]);
    let items = "a:\r\n  # dewline: ignore[x]\r\n  - b: 1\r\n    c: 2\r\n  - d: 3\r\n";
    assert_eq!(covered(items), ["- b: 1\r\n    c: 2"]);
    let tagged = "a:\n  # dewline: ignore[x]\n  - !Sub\n    - b\n    - {}\n  - d\n";
    assert_eq!(covered(tagged), ["- !Sub\n    - b\n    - {}"]);
    let stacked = "\u{feff}# dewline: ignore[x]\n# dewline: ignore[y]\na:\n  ü: ä\nb: 1\n";
    assert_eq!(covered(stacked), ["a:\n  ü: ä", "a:\n  ü: ä"]);
    let last = "a: 1\n# dewline: ignore[x]";
    assert_eq!(covered(last), ["# dewline: ignore[x]"]);
}

#[test]
fn names_reasons_and_scopes_are_read() {
    let text = "# dewline: ignore-file[one, two-2]  - because: of it \na: 1 #dewline:ignore[all]\nb: '# dewline: nothing'\n# dewline is a linter\n";
    let found = parse(text).suppressions();
    assert!(found.malformed.is_empty());
    let [file, node] = found.covered.as_slice() else { panic!("{found:?}") };
    assert_eq!(file.suppression.scope, Scope::File);
    assert_eq!(file.suppression.reason.as_deref(), Some("because: of it"));
    let names: Vec<&str> = file.suppression.names.iter().map(|name| &text[name.span.range()]).collect();
    assert_eq!(names, ["one", "two-2"]);
    assert_eq!(file.covers.range(), 0..text.len());
    assert_eq!(node.suppression.scope, Scope::Node);
    assert_eq!(node.suppression.reason, None);
    assert_eq!(node.suppression.names[0].name, "all");
}

#[test]
fn malformed_comments_are_located() {
    let cases = [
        ("# dewline: silence[x]", "silence"),
        ("# dewline: ignore x", "ignore"),
        ("# dewline: ignore[x", "[x"),
        ("# dewline: ignore[]", "[]"),
        ("# dewline: ignore[a,,b]", ","),
        ("# dewline: ignore[A_b]", "A_b"),
        ("# dewline ignore[x]", "ignore"),
        ("# dewline:", "# dewline:"),
        ("# dewline: ignore[ü]", "ü"),
    ];
    for (text, place) in cases {
        let found = parse(text).suppressions();
        assert!(found.covered.is_empty(), "{text}");
        let [malformed] = found.malformed.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!(&text[malformed.span.range()], place, "{text}");
    }
}
