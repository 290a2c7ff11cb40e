//! Text that is not YAML: what is said about it, and what is still read.

use dewline::document::{Document, Kind, NodeRef};
use dewline::source::{FileId, SourceFile};
use std::fmt::Write;
use std::sync::Arc;

fn parse(path: &str, text: &str) -> Document {
    Document::parse(FileId(0), &Arc::new(SourceFile::new(path, text)))
}

/// Errors as `line:column text-of-the-span: message`.
fn errors(document: &Document) -> Vec<String> {
    let source = document.source();
    let show = |span: dewline::source::Span| {
        let place = source.position(span.start);
        format!("{}:{} `{}`", place.line, place.column, source.text().get(span.range()).unwrap_or("?"))
    };
    document.errors().iter().map(|error| format!("{}: {}", show(error.span), error.message)).collect()
}

fn paths(document: &Document) -> Vec<String> {
    fn walk(node: NodeRef<'_>, path: &str, out: &mut Vec<String>) {
        match node.kind() {
            Kind::Map => {
                for (key, value) in node.pairs() {
                    walk(value, &format!("{path}/{}", key.text()), out);
                }
            }
            Kind::Seq => node.children().enumerate().for_each(|(i, item)| walk(item, &format!("{path}/{i}"), out)),
            _ => out.push(format!("{path}={}", node.text())),
        }
    }
    let mut out = Vec::new();
    document.roots().for_each(|root| walk(root, "", &mut out));
    out
}

#[test]
fn every_kind_of_error_is_located_and_explained() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "a:\n  b: \"x\n  c: 1\nd: 2\n",
            "2:6 `\"x`: the string that starts here with \" is not closed on its line",
            &["/a/b=", "/a/c=1", "/d=2"],
        ),
        (
            "a:\n  b: 'x\n  c: 1\nd: it's\n",
            "2:6 `'x`: the string that starts here with ' is not closed on its line",
            &["/a/b=", "/a/c=1", "/d=it's"],
        ),
        ("a:\n\tb: 1\nc: 2\n", "2:1 `\t`: a tab indents this line", &["/a/b=1", "/c=2"]),
        ("a:\n\tb: 1\n\tc:\n\t\td: 2\ne: 3\n", "2:1 `\t`: a tab indents this line", &["/a/b=1", "/a/c/d=2", "/e=3"]),
        ("a: 1\nb\nc: 2\n", "2:1 `b`: `b` has no colon behind it", &["/a=1", "/c=2"]),
        ("a:\n  Typ\n  c: 1\n", "2:3 `Typ`: `Typ` has no colon behind it", &["/a/c=1"]),
        ("a: b: c\nd: 1\n", "1:4 `b: c`: a second `: ` follows in the same line", &["/a=", "/d=1"]),
        ("a: [1, 2\nb: 3\nc: 4\n", "1:4 `[1, 2`: the `[` that opens here is not closed", &["/a=", "/b=3", "/c=4"]),
        ("a: {x: 1\nb: 3\n", "1:4 `{x: 1`: the `{` that opens here is not closed", &["/a=", "/b=3"]),
        ("a: @x\nb: 1\n", "1:4 `@`: a plain value cannot start with `@`", &["/a=", "/b=1"]),
        ("a: *\nb: 1\n", "1:4 `*`: `*` and `&` start an alias or anchor, and no name follows", &["/a=", "/b=1"]),
        (
            "a:\n  b: 1\n c: 2\nd: 3\n",
            "3:2 `c: 2`: the indentation of this line matches no line above it",
            &["/a/b=1", "/d=3"],
        ),
        (
            "a:\n  b: 1\n   c: 2\nd: 3\n",
            "3:4 `c: 2`: this line is indented deeper than the key above it",
            &["/a/b=1", "/d=3"],
        ),
        ("a: \"x\" y\nb: 1\n", "1:4 `\"x\" y`: text follows behind the closing quote", &["/a=", "/b=1"]),
        ("a: \"\\d\"\nb: 1\n", "1:", &["/a=", "/b=1"]),
        ("{\"a\": 1,\n \"b\": {\"c\": 2", "2:7 `{`: the `{` that opens here is not closed", &["/a=1", "/b/c=2"]),
        ("{\"a\": \"x\"\n \"b\": 2}", "1:9 `\"`: a comma is missing behind this entry", &["/a=x", "/b=2"]),
        ("{\"a\": 1} x\n", "1:10 `x`: text follows behind the end of the document", &["/a=1"]),
        ("a: 1\u{1}\nb: 2\n", "1:5 `\u{1}`: the control character U+0001", &["/a=1", "/b=2"]),
        ("{\"a\": 1}}\n", "1:9 `}`: this closing bracket has no partner", &["/a=1"]),
    ];
    let mut wrong = String::new();
    for (text, message, expected) in cases {
        let document = parse("t.yaml", text);
        let found = errors(&document);
        if found.len() != 1
            || !found[0].starts_with(message)
            || !expected.iter().all(|path| paths(&document).iter().any(|p| p == path))
        {
            let _ = writeln!(wrong, "{text:?}\n  {found:?}\n  expected {message}\n  {:?}", paths(&document));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_lone_dash_in_brackets_is_text() {
    let text = "a: !Join [-, [b, -]]\nc: {d: -, e: -}\nf: \"g\n";
    let document = parse("t.yaml", text);
    assert_eq!(paths(&document), ["/a/0=-", "/a/1/0=b", "/a/1/1=-", "/c/d=-", "/c/e=-", "/f="]);
    assert_eq!(document.errors().len(), 1);
    assert_eq!(document.repaired(), [(39, 42)]);
}

#[test]
fn spans_never_cut_a_character() {
    let text = "a:\n  b:\n\u{fffd}\u{fffd}\u{17}  c: 1\n  d: 2\ne: '\u{fffd}\\\n";
    let document = parse("t.yaml", text);
    assert!(!document.errors().is_empty());
    for error in document.errors() {
        assert!(text.get(error.span.range()).is_some(), "{error:?}");
    }
    assert_eq!(&text[document.errors()[0].span.range()], "\u{17}");
}

#[test]
fn errors_lie_inside_the_file_when_brackets_were_appended() {
    let text = "{\n  \"a\": {\n    \"b\": \"x {\n    \"c\": {\n      \"d\": \"y\"\n    }\n z\"\n    }\n  }\n}\n";
    for length in 1..text.len() {
        let document = parse("t.json", &text[..length]);
        assert!(!document.errors().is_empty(), "{length}");
        for error in document.errors() {
            assert!(text[..length].get(error.span.range()).is_some(), "{length} {error:?}");
        }
        for (start, end) in document.repaired() {
            assert!(start <= end && *end as usize <= length, "{length} {start} {end}");
        }
    }
}

/// A line that is aligned with nothing is read where it was probably meant, and takes nothing away from
/// the lines around it.
#[test]
fn a_line_with_the_wrong_indentation_keeps_its_neighbours() {
    let whole = [
        "/Resources/Jobs/Type=AWS::SQS::Queue",
        "/Resources/Jobs/Properties/DelaySeconds=5",
        "/Resources/Jobs/Properties/Tags/0/Key=a",
        "/Resources/Jobs/Properties/Tags/0/Value=b",
        "/Resources/Jobs/DeletionPolicy=Retain",
        "/Resources/Mails/Type=AWS::SNS::Topic",
        "/Outputs/Name/Value=x",
    ];
    let text = "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: 5\n      Tags:\n        - Key: a\n          Value: b\n    DeletionPolicy: Retain\n  Mails:\n    Type: AWS::SNS::Topic\nOutputs:\n  Name:\n    Value: x\n";
    assert_eq!(paths(&parse("t.yaml", text)), whole);
    let mut wrong = String::new();
    for (line, old, new) in [
        (3, "    Properties:", "   Properties:"),
        (3, "    Properties:", "     Properties:"),
        (2, "    Type: AWS::SQS::Queue", "   Type: AWS::SQS::Queue"),
        (7, "          Value: b", "         Value: b"),
        (7, "          Value: b", "           Value: b"),
        (8, "    DeletionPolicy: Retain", "   DeletionPolicy: Retain"),
        (9, "  Mails:", " Mails:"),
        (11, "Outputs:", " Outputs:"),
        (3, "    Properties:", "\tProperties:"),
        (4, "      DelaySeconds: 5", "\tDelaySeconds: 5"),
        (7, "          Value: b", "\t\tValue: b"),
    ] {
        let mut lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[line], old);
        lines[line] = new;
        let broken = lines.join("\n") + "\n";
        let document = parse("t.yaml", &broken);
        let found = paths(&document);
        if document.errors().len() != 1 || found != whole {
            let _ = writeln!(wrong, "{new:?}\n  {:?}\n  {found:?}", errors(&document));
        }
        for (key, _) in document.root().unwrap().pairs() {
            assert_eq!(&broken[key.span().range()], key.text(), "places are those of the file");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn lines_that_are_moved_together_stay_together() {
    let text = "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n   Properties:\n     DelaySeconds: 5\n     QueueName: jobs\n  Mails:\n    Type: AWS::SNS::Topic\n";
    let document = parse("t.yaml", text);
    assert_eq!(
        paths(&document),
        [
            "/Resources/Jobs/Type=AWS::SQS::Queue",
            "/Resources/Jobs/Properties/DelaySeconds=5",
            "/Resources/Jobs/Properties/QueueName=jobs",
            "/Resources/Mails/Type=AWS::SNS::Topic",
        ]
    );
    assert_eq!(errors(&document).len(), 1);
    let line = |span: dewline::source::Span| document.source().position(span.start).line;
    let mails = document.root().unwrap().pairs().next().unwrap().1.pairs().nth(1).unwrap().0;
    assert_eq!((mails.text(), line(mails.span())), ("Mails", 7));
}

#[test]
fn a_string_that_is_not_closed_is_told_together_with_what_it_swallowed() {
    let text = "a:\n  b: \"open\n  half\n  c: 1\nd:\n  e: \"closed\"\n  f: 'one'\n  g: \"two\"\n";
    let document = parse("t.yaml", text);
    let found = errors(&document);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("2:6 `\"open`: the string that starts here"), "{found:?}");
    assert!(found[1].starts_with("3:3 `half`: `half` has no colon behind it"), "{found:?}");
    assert_eq!(paths(&document), ["/a/b=", "/a/c=1", "/d/e=closed", "/d/f=one", "/d/g=two"]);
}
