//! How much of a template survives an editing accident: real templates are broken in fifteen
//! ways, and the key paths outside the edited line must still be there.

use dewline::document::{Document, Kind, NodeRef};
use dewline::source::{FileId, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

fn parse(text: &str) -> Document {
    Document::parse(FileId(0), &Arc::new(SourceFile::new("template.yaml", text)))
}

/// Key paths with the line each key stands on.
fn paths(document: &Document) -> BTreeMap<String, u32> {
    fn walk(node: NodeRef<'_>, path: &str, source: &SourceFile, out: &mut BTreeMap<String, u32>) {
        for (key, value) in node.pairs() {
            let path = format!("{path}/{}", key.text());
            walk(value, &path, source, out);
            out.insert(path, source.line_of(key.span().start));
        }
        if node.kind() == Kind::Seq {
            node.children().enumerate().for_each(|(i, item)| walk(item, &format!("{path}/{i}"), source, out));
        }
    }
    let mut out = BTreeMap::new();
    document.roots().take(1).for_each(|root| walk(root, "", document.source(), &mut out));
    out
}

/// A small generator of numbers, so that every run breaks the same places.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

const BREAKAGES: [&str; 15] = [
    "truncated",
    "no colon",
    "half key",
    "open double",
    "open single",
    "open sub",
    "open bracket",
    "open brace",
    "indent +1",
    "indent -1",
    "tab",
    "bare alias",
    "at sign",
    "second colon",
    "bare tag",
];

/// `lines` with line `at` broken; `None` where that line does not lend itself.
fn broken(kind: &str, lines: &[&str], at: usize) -> Option<String> {
    let line = lines[at];
    let indent = line.len() - line.trim_start().len();
    let (key, value) =
        line.split_once(": ").filter(|(key, _)| !key.trim().is_empty() && !key.contains(['"', '\'', '#', '{']))?;
    if value.trim().is_empty() || value.starts_with(['|', '>', '"', '\'', '&', '#', '[', '{']) {
        return None;
    }
    let new = match kind {
        "truncated" => return Some(lines[..at].join("\n") + "\n" + &line[..indent + (line.len() - indent) / 2]),
        "no colon" => key.to_owned(),
        "half key" => format!("{line}\n{}Prop", &line[..indent]),
        "open double" => format!("{key}: \"{value}"),
        "open single" => format!("{key}: '{value}"),
        "open sub" => format!("{key}: !Sub \"${{AWS::"),
        "open bracket" => format!("{key}: [{value}"),
        "open brace" => format!("{key}: {{{value}"),
        "indent +1" => format!(" {line}"),
        "indent -1" if indent > 0 => line[1..].to_owned(),
        "tab" if indent > 0 => format!("\t{}", line.trim_start()),
        "bare alias" => format!("{key}: *"),
        "at sign" => format!("{key}: @{value}"),
        "second colon" => format!("{key}: a: {value}"),
        "bare tag" => format!("{key}: !"),
        _ => return None,
    };
    let mut out = lines.to_vec();
    out[at] = &new;
    Some(out.join("\n") + "\n")
}

#[derive(Default)]
struct Tally {
    cases: usize,
    expected: usize,
    found: usize,
    perfect: usize,
    invented: usize,
    unlocated: usize,
}

#[test]
fn most_of_a_broken_template_is_still_read() {
    let Ok(root) = std::env::var("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let corpus = Path::new(&root).join("corpus");
    let manifest = std::fs::read_to_string(corpus.join("manifest.tsv")).expect("the manifest");
    let rows = manifest.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let files: Vec<String> = rows
        .filter(|row| row[8] == "template" && row[9] == "real" && row[10] == "1")
        .map(|row| row[11].to_owned())
        .collect();
    let texts: Vec<String> = files
        .iter()
        .step_by(files.len() / 150 + 1)
        .filter_map(|path| std::fs::read_to_string(corpus.join(path)).ok())
        .filter(|text| {
            !text.trim_start().starts_with('{') && text.len() < 20_000 && text.is_ascii() && !text.contains('\r')
        })
        .collect();
    let mut numbers = Numbers(0x9E37_79B9);
    let mut table: BTreeMap<&str, Tally> = BTreeMap::new();
    for text in &texts {
        let lines: Vec<&str> = text.lines().collect();
        let good = paths(&parse(text));
        let last = |line: &u32| *line as usize;
        let keyed: BTreeSet<usize> = good.values().map(last).collect();
        let keyed: Vec<usize> = keyed.into_iter().collect();
        for kind in BREAKAGES {
            let tries = (0..30).filter_map(|_| {
                let at = *keyed.get(numbers.below(keyed.len()))?;
                Some((at, broken(kind, &lines, at)?))
            });
            for (at, broken) in tries.take(2) {
                let document = parse(&broken);
                let found = paths(&document);
                let kept = |line: &u32| if kind == "truncated" { (*line as usize) < at } else { *line as usize != at };
                let edited: BTreeSet<&String> =
                    good.iter().filter(|(_, line)| **line as usize == at).map(|(path, _)| path).collect();
                let expected: Vec<&String> = good.iter().filter(|(_, line)| kept(line)).map(|(path, _)| path).collect();
                let hits = expected.iter().filter(|path| found.contains_key(**path)).count();
                let invented = found
                    .keys()
                    .filter(|path| !good.contains_key(*path) && !edited.iter().any(|e| path.starts_with(e.as_str())))
                    .count();
                let tally = table.entry(kind).or_default();
                tally.cases += 1;
                tally.expected += expected.len();
                tally.found += hits;
                tally.perfect += usize::from(hits == expected.len() && invented == 0);
                tally.invented += invented;
                tally.unlocated += usize::from(document.errors().iter().any(|e| e.span.end as usize > broken.len()));
            }
        }
    }
    let mut all = Tally::default();
    for (kind, tally) in &table {
        eprintln!(
            "{kind:13} cases {:4}  recall {:6.2} %  perfect {:5.1} %  invented {:.2}",
            tally.cases,
            100.0 * tally.found as f64 / tally.expected as f64,
            100.0 * tally.perfect as f64 / tally.cases as f64,
            tally.invented as f64 / tally.cases as f64
        );
        all.cases += tally.cases;
        all.expected += tally.expected;
        all.found += tally.found;
        all.perfect += tally.perfect;
        all.invented += tally.invented;
        all.unlocated += tally.unlocated;
    }
    let recall = all.found as f64 / all.expected as f64;
    eprintln!(
        "{} cases, recall {:.4}, perfect {:.3}, invented {:.2}",
        all.cases,
        recall,
        all.perfect as f64 / all.cases as f64,
        all.invented as f64 / all.cases as f64
    );
    assert!(all.cases > 2000, "only {} cases", all.cases);
    assert!(recall > 0.998, "recall {recall}");
    let perfect = all.perfect as f64 / all.cases as f64;
    assert!(perfect > 0.98, "perfect {perfect}");
    assert_eq!(all.unlocated, 0);
}
