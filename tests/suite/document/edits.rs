//! Edits change what they say and nothing else, in samples written here and, where reference
//! data is there, in real templates.

use dewline::document::edit::{Edit, Tree, apply};
use dewline::document::{Document, Kind, NodeRef, Scalar, Schema, Style, resolve};
use dewline::source::{FileId, SourceFile};
use std::sync::Arc;

fn parse(text: &str) -> Document {
    Document::parse(FileId(0), &Arc::new(SourceFile::new("template.yaml", text)))
}

/// A tree without spans.
#[derive(Clone, Debug, PartialEq)]
enum Model {
    Str(String),
    Plain(String),
    Map(String, Vec<(String, Model)>),
    Seq(String, Vec<Model>),
}

fn model(node: NodeRef<'_>) -> Model {
    let tag = node.tag().unwrap_or_default().to_owned();
    match node.kind() {
        Kind::Map => Model::Map(tag, node.pairs().map(|(key, value)| (key.text().to_owned(), model(value))).collect()),
        Kind::Seq => Model::Seq(tag, node.children().map(model).collect()),
        Kind::Alias => Model::Plain(format!("*{:?}", node.target().map(|target| target.anchor().map(str::to_owned)))),
        _ => {
            let text = node.text();
            let plain = node.style() == Style::Plain && !matches!(resolve(text, Schema::Yaml11), Scalar::Str(_));
            let shown = format!("{tag}{text}");
            match text {
                "" | "~" | "null" if plain => Model::Plain(format!("{tag}null")),
                _ if plain => Model::Plain(shown),
                _ => Model::Str(shown),
            }
        }
    }
}

fn of_tree(tree: &Tree) -> Model {
    match tree {
        Tree::Null => Model::Plain("null".into()),
        Tree::Bool(value) => Model::Plain(value.to_string()),
        Tree::Int(value) => Model::Plain(value.to_string()),
        Tree::Str(text) => Model::Str(text.clone()),
        Tree::Tagged(tag, text) => Model::Str(format!("{tag}{text}")),
        Tree::Seq(items) => Model::Seq(String::new(), items.iter().map(of_tree).collect()),
        Tree::Map(entries) => Model::Map(String::new(), entries.iter().map(|(k, v)| (k.clone(), of_tree(v))).collect()),
    }
}

fn at<'m>(root: &'m mut Model, path: &[usize]) -> &'m mut Model {
    path.iter().fold(root, |model, index| match model {
        Model::Map(_, pairs) => &mut pairs[*index].1,
        Model::Seq(_, items) => &mut items[*index],
        _ => panic!("no collection"),
    })
}

fn nested() -> Tree {
    Tree::Map(vec![
        ("Mode".into(), Tree::Str("PerRequest".into())),
        (
            "Sizes".into(),
            Tree::Seq(vec![
                Tree::Int(1),
                Tree::Map(vec![("a: b".into(), Tree::Str("yes".into())), ("c".into(), Tree::Bool(true))]),
            ]),
        ),
        ("Empty".into(), Tree::Map(vec![])),
    ])
}

fn comments(document: &Document) -> Vec<String> {
    let text = document.source().text();
    document.comments().map(|span| text[span.range()].trim_end().to_owned()).collect()
}

#[derive(Default, Debug)]
struct Tally {
    made: usize,
    refused: usize,
}

/// Makes every kind of edit at `node`, whose path is `path`.
fn try_all(
    document: &Document,
    node: NodeRef<'_>,
    path: &[usize],
    salt: usize,
    tally: &mut Tally,
    errors: &mut Vec<String>,
) {
    let text = document.source().text();
    let root = model(document.root().expect("a root"));
    let mut check = |what: &str, edits: Option<Vec<Edit>>, change: &dyn Fn(&mut Model), keep_comments: bool| {
        let Some(edits) = edits else {
            tally.refused += 1;
            return;
        };
        tally.made += 1;
        let mut expected = root.clone();
        change(at(&mut expected, path));
        let Some(new) = apply(text, &edits) else {
            errors.push(format!("{what}: edits overlap {edits:?}"));
            return;
        };
        let after = parse(&new);
        let found = after.root().map(model);
        let sound = after.errors().is_empty() && found.as_ref() == Some(&expected);
        let kept = !keep_comments || comments(document) == comments(&after);
        if !sound || !kept {
            errors.push(format!(
                "{what} at {path:?} in {}: {edits:?} kept={kept} {:?}",
                document.source().path(),
                after.errors().first()
            ));
        }
    };
    let values = [
        Tree::Str("new text".into()),
        Tree::Str("it's: \"ü\" #x".into()),
        Tree::Int(7),
        Tree::Bool(false),
        nested(),
        Tree::Seq(vec![Tree::Str("0123".into())]),
    ];
    let value = &values[salt % values.len()];
    match node.kind() {
        Kind::Map => {
            let pairs: Vec<_> = node.pairs().collect();
            check(
                "insert",
                document.insert(node, "NewKey", value, None),
                &|m| {
                    if let Model::Map(_, pairs) = m {
                        pairs.push(("NewKey".into(), of_tree(value)));
                    }
                },
                true,
            );
            if pairs.is_empty() {
                return;
            }
            let index = salt % pairs.len();
            let (key, old) = pairs[index];
            let simple =
                key.kind() == Kind::Scalar && pairs.iter().filter(|(other, _)| other.text() == key.text()).count() == 1;
            if !simple {
                return;
            }
            check(
                "insert after",
                document.insert(node, "New Key", value, Some(key.text())),
                &|m| {
                    if let Model::Map(_, pairs) = m {
                        pairs.insert(index + 1, ("New Key".into(), of_tree(value)));
                    }
                },
                true,
            );
            check(
                "rename",
                document.rename(node, key.text(), "Renamed: x"),
                &|m| {
                    if let Model::Map(_, pairs) = m {
                        pairs[index].0 = "Renamed: x".into();
                    }
                },
                true,
            );
            check(
                "remove",
                document.remove(node, key.text()),
                &|m| {
                    if let Model::Map(_, pairs) = m {
                        pairs.remove(index);
                    }
                },
                false,
            );
            let scalar = !matches!(old.kind(), Kind::Map | Kind::Seq);
            check(
                "set",
                document.set(node, key.text(), value),
                &|m| {
                    if let Model::Map(_, pairs) = m {
                        pairs[index].1 = of_tree(value);
                    }
                },
                scalar,
            );
        }
        Kind::Seq => {
            let count = node.children().len();
            check(
                "append",
                document.append(node, value),
                &|m| {
                    if let Model::Seq(_, items) = m {
                        items.push(of_tree(value));
                    }
                },
                true,
            );
            if count > 0 {
                check(
                    "remove item",
                    document.remove_item(node, salt % count),
                    &|m| {
                        if let Model::Seq(_, items) = m {
                            items.remove(salt % count);
                        }
                    },
                    false,
                );
            }
        }
        _ => {}
    }
}

fn walk<'d>(node: NodeRef<'d>, path: &mut Vec<usize>, out: &mut Vec<(NodeRef<'d>, Vec<usize>)>) {
    out.push((node, path.clone()));
    let step = if node.kind() == Kind::Map { 2 } else { 1 };
    for (index, child) in node.children().skip(step - 1).step_by(step).enumerate() {
        path.push(index);
        walk(child, path, out);
        path.pop();
    }
}

fn try_text(document: &Document, every: usize, salts: usize, tally: &mut Tally) -> Vec<String> {
    let mut nodes = Vec::new();
    if let Some(root) = document.root() {
        walk(root, &mut Vec::new(), &mut nodes);
    }
    let mut errors = Vec::new();
    let collections = nodes.iter().filter(|(node, _)| matches!(node.kind(), Kind::Map | Kind::Seq));
    for (index, (node, path)) in collections.enumerate().filter(|(index, _)| index % every == 0) {
        (0..salts).for_each(|salt| try_all(document, *node, path, salt + index, tally, &mut errors));
    }
    errors
}

const SAMPLES: &[&str] = &[
    "a: 1\nb:\n  c: 'x' # one\n  # two\n  d: \"y\"\n\n# three\ne:\n- 1\n- f: 2\n  g: 3\n-\n  - h\n",
    "a: 1\r\nb:\r\n    c: x # one\r\n    d:\r\n        - y\r\n        # two\r\n        - z\r\n",
    "\u{feff}ä: ö\nb: {c: 1, d: [2, 3], e: {}} # one\nf: []\ng: {a: }\n",
    "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [1, 2],\n    \"d\": []\n  },\n  \"e\": {}\n}\n",
    "{\"a\": 1, \"b\": [{\"c\": 2}, {\"d\": null}]}",
    "a: {\n  b: 1, # one\n  c: 2 # two\n}\nd: [\n  1,\n  # three\n  2,\n]\n",
    "a: |\n  text\n\nb: >-\n  folded\n  text\nc:\nd: ~ # one\ne: !Sub\n  - x\n  - y: 1\n",
    "a: !Ref b\nc: !GetAtt d.e # one\nf: !If [x, !Ref y, {z: 1}]\ng: &h 1\ni: *h\n",
    "a:\n  - b: 1\n    # one\n    c: 2\n  # two\n  - d: 3 # three\n    e:\n      - 4\n  - !Ref f\n",
    "a: x\nb: |\n  no newline at the end",
    "a: x\nb: |+\n  kept\n\nc: 1\n",
    "a:\n# one\n- b\nc: [d, e: f]\ng:\n  # two\n  h: 1\n",
    "- a\n- b:\n    c: 1\n- [d, e]\n",
    "a:\n  b: multi\n    line\n  c: \"two\n    lines\"\n",
];

#[test]
fn samples_change_as_asked() {
    let mut tally = Tally::default();
    let mut errors = Vec::new();
    for text in SAMPLES {
        let document = parse(text);
        assert!(document.errors().is_empty(), "{text:?} {:?}", document.errors());
        errors.extend(try_text(&document, 1, 6, &mut tally).into_iter().map(|error| format!("{text:?}\n   {error}")));
    }
    assert!(errors.is_empty(), "{} wrong\n{}", errors.len(), errors[..errors.len().min(12)].join("\n"));
    assert!(tally.refused * 12 < tally.made, "{tally:?}");
}

#[test]
fn real_templates_change_as_asked() {
    let Ok(shared) = std::env::var("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let corpus = std::path::Path::new(&shared).join("corpus");
    let manifest = std::fs::read_to_string(corpus.join("manifest.tsv")).expect("the manifest");
    let rows: Vec<Vec<&str>> = manifest.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let real = rows.iter().filter(|row| row[9] == "real" && row[10] == "1").step_by(5);
    let (mut tally, mut errors) = (Tally::default(), Vec::new());
    for row in real {
        let Ok(text) = std::fs::read_to_string(corpus.join(row[11])) else { continue };
        if text.len() > 12_000 {
            continue;
        }
        let document = Document::parse(FileId(0), &Arc::new(SourceFile::new(row[11], text)));
        if !document.errors().is_empty() {
            continue;
        }
        let count = document.root().map_or(0, |root| root.span().end as usize / 60);
        errors.extend(try_text(&document, count / 4 + 1, 1, &mut tally));
    }
    eprintln!("{tally:?}");
    assert!(errors.is_empty(), "{} wrong\n{}", errors.len(), errors[..errors.len().min(12)].join("\n"));
    assert!(tally.made > 2000 && tally.refused * 20 < tally.made, "{tally:?}");
}
