//! Data flows one way: a module imports only what its row allows. The table stands in
//! `docs/architecture.md` as well.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Modules and what they may import, besides themselves.
const ALLOWED: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("document", &["source"]),
    ("finding", &["source"]),
    ("schema", &[]),
    ("facts", &[]),
    ("template", &["document", "source", "schema", "finding"]),
    ("graph", &["template", "source"]),
    ("estimate", &["graph", "facts", "document", "source"]),
    ("observe", &["estimate", "graph", "facts", "finding", "source"]),
    ("policy", &["graph", "estimate", "facts", "finding", "source"]),
    ("policies", &["policy", "graph", "estimate", "facts", "finding", "schema", "template"]),
    ("guard", &["policy", "graph", "template", "document", "finding", "source"]),
    ("fix", &["policy", "template", "document", "finding", "source"]),
    ("config", &["policy", "finding", "source", "document"]),
    (
        "engine",
        &[
            "source", "document", "finding", "schema", "template", "graph", "facts", "estimate", "policy", "policies",
            "guard", "config", "fix",
        ],
    ),
    ("report", &["finding", "policy", "estimate", "source"]),
    (
        "server",
        &[
            "engine", "report", "graph", "policy", "source", "finding", "document", "template", "schema", "config",
            "policies",
        ],
    ),
];

/// What only the outermost modules may touch.
const OUTSIDE: [&str; 5] = ["std::fs", "std::env", "std::io::stdin", "std::io::stdout", "SystemTime"];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test(&path) {
            let text = fs::read_to_string(&path).unwrap();
            // Tests may use what they like; they stand last in a file.
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push((path.display().to_string(), code.join("\n")));
        }
    }
}

/// Test modules with a file of their own may use what they like.
fn is_test(path: &Path) -> bool {
    path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| stem == "tests" || stem.ends_with("_tests"))
}

/// Modules named after `crate::`, in paths and in groups.
fn imports(code: &str) -> Vec<String> {
    let mut heads = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with('$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap().split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            heads.push(name);
        }
    }
    heads
}

#[test]
fn modules_import_only_what_lies_below_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    for (module, may) in &allowed {
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        for (path, code) in files {
            for target in imports(&code) {
                // `crate::policy!` is the macro, which policies use by that name.
                if target != *module && root.join(&target).is_dir() && !may.contains(&target.as_str()) {
                    wrong.push(format!("{path}: `{module}` must not import `{target}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name == "cli" || ALLOWED.iter().any(|(module, _)| *module == name), "{name} is missing in the table");
    }
}

#[test]
fn only_the_outermost_modules_touch_the_machine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (module, _) in ALLOWED.iter().filter(|(module, _)| *module != "server") {
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        for (path, code) in files {
            wrong.extend(OUTSIDE.iter().filter(|name| code.contains(**name)).map(|name| format!("{path} uses {name}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dialects_are_not_named_outside_the_template_module() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for module in ["graph", "policy", "policies", "fix", "estimate", "engine", "report"] {
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        for (path, code) in files {
            for name in ["Dialect::Sam", "Dialect::Serverless", "Dialect::CloudFormation"] {
                if code.contains(name) {
                    wrong.push(format!("{path} asks for {name}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
