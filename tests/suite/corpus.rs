//! Real templates, where the reference data is there: every one gets an answer, sound YAML is
//! read without an error, spans are exact, and the dialect is recognised.

use dewline::document::{Document, Kind, Schema, Style};
use dewline::source::{FileId, SourceFile};
use dewline::template::dialect::{self, Dialect};
use dewline::template::{ProblemKind, lower};
use std::path::PathBuf;
use std::sync::Arc;

struct Row {
    format: String,
    role: String,
    kind: String,
    parses: bool,
    path: String,
    bytes: Vec<u8>,
}

/// The files of the corpus; `None` where it is not there.
fn corpus() -> Option<Vec<Row>> {
    let Ok(shared) = std::env::var("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return None;
    };
    let root = PathBuf::from(shared).join("corpus");
    let manifest = std::fs::read_to_string(root.join("manifest.tsv")).expect("the manifest");
    let rows = manifest.lines().skip(1).filter_map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let bytes = std::fs::read(root.join(columns[11])).ok()?;
        let (format, role, kind) = (columns[1].to_owned(), columns[8].to_owned(), columns[9].to_owned());
        Some(Row { format, role, kind, parses: columns[10] == "1", path: columns[11].to_owned(), bytes })
    });
    let rows: Vec<Row> = rows.collect();
    assert!(rows.len() > 2000, "{} files", rows.len());
    Some(rows)
}

fn parse(row: &Row) -> Document {
    Document::parse(FileId(0), &Arc::new(SourceFile::from_bytes(row.path.clone(), row.bytes.clone())))
}

fn expected(row: &Row) -> Dialect {
    match &*row.format {
        "sam" => Dialect::Sam,
        "sls" => Dialect::Serverless,
        _ => Dialect::CloudFormation,
    }
}

#[test]
fn sound_files_are_read_and_broken_ones_located() {
    let Some(rows) = corpus() else { return };
    let mut wrong = Vec::new();
    for row in rows.iter().filter(|row| row.role == "template") {
        let document = parse(row);
        let schema = if row.format == "sls" { Schema::JsYaml } else { Schema::Yaml11 };
        let mut problems = Vec::new();
        lower::document(&document, schema, &mut problems);
        let errors = document.errors();
        if row.parses && !errors.is_empty() {
            wrong.push(format!("{}: {:?}", row.path, errors[0]));
        }
        let located = problems.iter().any(|problem| {
            let structural = matches!(problem.kind, ProblemKind::Syntax | ProblemKind::Structure | ProblemKind::Alias);
            structural && !problem.message.is_empty() && problem.origin.span().range().end <= row.bytes.len()
        });
        if !row.parses && !located && row.kind == "real" {
            wrong.push(format!("{}: no located problem", row.path));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn dialects_are_recognised() {
    let Some(rows) = corpus() else { return };
    let real: Vec<&Row> = rows.iter().filter(|row| row.role == "template" && row.kind == "real").collect();
    let mut wrong = Vec::new();
    for row in &real {
        let document = parse(row);
        let text = document.source().text();
        let found = if dialect::may_be_template(text) { dialect::detect(&document) } else { None };
        if found != Some(expected(row)) {
            wrong.push(format!("{}: {found:?}", row.path));
        }
    }
    eprintln!("{} of {} recognised\n{}", real.len() - wrong.len(), real.len(), wrong.join("\n"));
    assert!(wrong.len() * 200 <= real.len(), "{} of {}\n{}", wrong.len(), real.len(), wrong.join("\n"));
}

/// The text between the start and the end of every plain or quoted scalar is that scalar.
fn check_spans(document: &Document, path: &str, wrong: &mut Vec<String>) -> usize {
    let text = document.source().text();
    let mut open: Vec<_> = document.roots().collect();
    let mut count = 0;
    while let Some(node) = open.pop() {
        open.extend(node.children());
        let written = text.get(node.span().range()).unwrap_or("<no text>");
        let mut fail = |what: &str| wrong.push(format!("{path} at {}: {what} {written:.60?}", node.span().start));
        if let Some(parent) = node.parent()
            && !parent.span().encloses(node.span())
        {
            fail("outside of its parent");
        }
        if let Some(tag) = node.tag_span()
            && text.get(tag.range()) != node.tag()
        {
            fail("tag");
        }
        match node.kind() {
            Kind::Map if node.style() == Style::Plain => {
                let first = node.pairs().next().map(|(key, _)| key.span().start);
                if first.is_some_and(|first| node.span().start > first) {
                    fail("map starts behind its first key");
                }
            }
            Kind::Seq if node.style() == Style::Plain => {
                let dashed = written.starts_with('-');
                if !dashed {
                    fail("list without dash");
                }
            }
            Kind::Map | Kind::Seq => {
                let pair = !written.starts_with(['{', '[']);
                let single = node.kind() == Kind::Map && node.pairs().count() == 1;
                if !(written.ends_with(['}', ']']) || pair) || pair && !single {
                    fail("brackets");
                }
            }
            Kind::Scalar => {
                count += 1;
                let lines: String = written.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
                let folded = |text: &str| text.split_whitespace().collect::<String>();
                let sound = match node.style() {
                    Style::Plain if written.contains('\n') => folded(written) == folded(node.text()),
                    Style::Plain => written == node.text(),
                    Style::SingleQuoted => {
                        let inner = lines.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
                        inner.is_some_and(|inner| folded(&inner.replace("''", "'")) == folded(node.text()))
                    }
                    Style::DoubleQuoted => {
                        let inner = lines.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                        inner.is_some_and(|inner| inner.contains('\\') || folded(inner) == folded(node.text()))
                    }
                    Style::Literal => {
                        written.starts_with('|')
                            && written.lines().next_back().map(str::trim_end).is_some_and(|last| {
                                node.text().trim_end().is_empty() || node.text().trim_end().ends_with(last.trim())
                            })
                    }
                    Style::Folded => written.starts_with('>'),
                    Style::Flow => false,
                };
                if !sound {
                    fail("scalar");
                }
            }
            _ => {}
        }
    }
    for comment in document.comments() {
        if !text.get(comment.range()).is_some_and(|comment| comment.starts_with('#')) {
            wrong.push(format!("{path} at {}: comment", comment.start));
        }
    }
    count
}

#[test]
fn spans_are_exact() {
    let Some(rows) = corpus() else { return };
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (index, row) in rows.iter().filter(|row| row.role == "template" && row.parses).enumerate() {
        let document = parse(row);
        count += check_spans(&document, &row.path, &mut wrong);
        // The same text with a byte order mark, Windows line ends and characters of two bytes.
        if index % 5 == 0 && !document.source().text().contains('\r') {
            let changed = document.source().text().replace('\n', "\r\n").replace('e', "é");
            let changed = format!("\u{feff}{}", changed.trim_start_matches('\u{feff}'));
            let other = Document::parse(FileId(0), &Arc::new(SourceFile::new(row.path.clone(), changed)));
            if other.errors().is_empty() {
                count += check_spans(&other, &format!("changed {}", row.path), &mut wrong);
            }
        }
    }
    eprintln!("{count} scalars");
    assert!(count > 100_000);
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}

#[test]
fn line_ends_and_marks_change_nothing() {
    let Some(rows) = corpus() else { return };
    let real = rows.iter().filter(|row| row.role == "template" && row.kind == "real" && row.parses);
    for row in real.step_by(3) {
        let text = String::from_utf8_lossy(&row.bytes).replace("\r\n", "\n").replace('\r', "");
        let text = text.trim_start_matches('\u{feff}');
        let read = |text: String| {
            let document = Document::parse(FileId(0), &Arc::new(SourceFile::new(row.path.clone(), text)));
            let errors = document.errors().len();
            let dialect = dialect::detect(&document);
            (errors, dialect, lower::document(&document, Schema::Yaml11, &mut Vec::new()))
        };
        let plain = read(text.to_owned());
        assert!(plain == read(format!("\u{feff}{}", text.replace('\n', "\r\n"))), "{}", row.path);
    }
}

#[test]
fn a_look_at_the_bytes_skips_no_template() {
    let Some(rows) = corpus() else { return };
    let real = rows.iter().filter(|row| row.role == "template" && row.kind == "real" && row.parses);
    let skipped: Vec<&str> = real
        .filter(|row| !dialect::may_be_template(&String::from_utf8_lossy(&row.bytes)))
        .map(|row| &*row.path)
        .collect();
    assert!(skipped.is_empty(), "{} skipped\n{}", skipped.len(), skipped.join("\n"));
}
