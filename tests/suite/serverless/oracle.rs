//! Serverless Framework services against the templates that the framework itself makes.
//!
//! Needs the reference data: set `DEWLINE_SHARED` to its folder.

use dewline::graph::{Graph, NodeKind, Template};
use dewline::source::{Files, ReadError, SourceFile};
use dewline::template::load::{Loaded, load, load_service};
use dewline::template::{Inputs, ProblemKind, json};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files below one folder.
struct Below(PathBuf);

impl Below {
    fn full(&self, path: &str) -> Result<PathBuf, ReadError> {
        let full = Path::new(path).canonicalize().map_err(|_| ReadError::Missing)?;
        if full.starts_with(&self.0) { Ok(full) } else { Err(ReadError::Outside) }
    }
}

impl Files for Below {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        let bytes = std::fs::read(self.full(path)?).map_err(|error| ReadError::Io(error.to_string()))?;
        Ok(Arc::new(SourceFile::from_bytes(path, bytes)))
    }

    fn exists(&self, path: &str) -> bool {
        self.full(path).is_ok()
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.full(path).ok()?.metadata().ok().map(|meta| meta.len())
    }
}

struct Case {
    id: String,
    tier: String,
    folder: PathBuf,
    file: String,
    lenient: bool,
    strict_error: Option<String>,
    /// Whether the service names plugins.
    plugins: bool,
    warnings: Vec<String>,
    /// Settings whose variables have no value.
    unresolved: Vec<String>,
}

fn cases(root: &Path) -> Vec<Case> {
    let manifest = std::fs::read_to_string(root.join("manifest.json")).expect("manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("manifest is JSON");
    let text = |case: &Value, key: &str| case[key].as_str().unwrap_or_default().to_owned();
    let texts =
        |list: &Value| list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let case = |case: &Value| Case {
        id: text(case, "id"),
        tier: text(case, "tier"),
        folder: root.join("cases").join(text(case, "id")),
        file: text(case, "file"),
        lenient: case["mode"] == "lenient",
        strict_error: case["strict_error"]["code"].as_str().map(str::to_owned),
        plugins: case["plugins_declared"].as_array().is_some_and(|names| !names.is_empty()),
        warnings: texts(&case["config_warnings"]),
        unresolved: case["lenient"].as_array().into_iter().flatten().map(|entry| text(entry, "property")).collect(),
    };
    manifest["cases"].as_array().expect("cases").iter().map(case).collect()
}

fn expand(case: &Case, plugins: bool) -> Option<Loaded> {
    let files = Below(case.folder.canonicalize().ok()?);
    let path = files.0.join("input").join(&case.file);
    let file = files.read(&path.to_string_lossy()).ok()?;
    let inputs = &Inputs {
        stage: case.lenient.then(|| "dev".to_owned()),
        account: Some("123456789012".into()),
        plugins,
        ..Inputs::default()
    };
    load(Arc::clone(&file), &files, inputs).or_else(|| load_service(&file, &files, inputs))
}

/// Ids that end in a hash or a moment, without their end.
fn plain(id: &str) -> String {
    for stem in ["LambdaVersion", "WebsocketsDeployment", "ApiGatewayDeployment"] {
        if let Some(at) = id.find(stem) {
            let rest = &id[at + stem.len()..];
            if rest.len() >= 8 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return format!("{}#", &id[..at + stem.len()]);
            }
        }
    }
    id.to_owned()
}

/// Ids and types of all resources whose id is known.
fn resources(template: &Value) -> BTreeSet<(String, String)> {
    let map = template["Resources"].as_object().cloned().unwrap_or_default();
    map.iter()
        .filter(|(id, _)| !id.contains("<<"))
        .map(|(id, resource)| (plain(id), resource["Type"].as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn reference() -> Option<PathBuf> {
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return None;
    };
    Some(PathBuf::from(shared).join("oracle/serverless/dev"))
}

fn matching(tier: &str, plugins: bool) -> Option<(usize, usize)> {
    let root = reference()?;
    let (mut right, mut all) = (0, 0);
    for case in cases(&root).iter().filter(|case| case.tier == tier) {
        let Ok(expected) = std::fs::read_to_string(case.folder.join("expected.json")) else { continue };
        let expected: Value = serde_json::from_str(&expected).expect("expected template is JSON");
        all += 1;
        let got = expand(case, plugins).map(|loaded| json::to_json(&loaded.root)).unwrap_or_default();
        if resources(&expected) == resources(&got) {
            right += 1;
        } else {
            eprintln!("{} differs", case.id);
        }
    }
    Some((right, all))
}

#[test]
fn resources_of_services() {
    let Some((right, all)) = matching("core", false) else { return };
    assert!(all > 300, "only {all} cases");
    assert!(right * 1000 >= all * 995, "{right} of {all}");
}

#[test]
fn resources_of_services_with_plugins() {
    let Some((right, all)) = matching("plugins", true) else { return };
    assert!(all > 20, "only {all} cases");
    assert!(right * 100 >= all * 90, "{right} of {all}");
}

/// The framework's warnings about the configuration, apart from its lists of runtimes and
/// regions, which dewline has newer ones of, and from those about texts that stand for a
/// variable without a value: dewline says that the value is missing.
fn warnings(case: &Case) -> BTreeSet<String> {
    let dated =
        |text: &str| text.contains("allowed values [") && (text.contains("nodejs18.x") || text.contains("us-east-1"));
    let unresolved = |text: &str| case.unresolved.iter().any(|place| text.starts_with(&format!("at '{place}':")));
    case.warnings.iter().filter(|text| !dated(text) && !unresolved(text)).cloned().collect()
}

#[test]
fn validation_of_configurations() {
    let Some(root) = reference() else { return };
    let (mut found, mut all) = (0, 0);
    let mut others = Vec::new();
    for case in cases(&root).iter().filter(|case| case.tier == "core" && !case.plugins) {
        let Some(loaded) = expand(case, false) else { continue };
        let expected = warnings(case);
        let said = loaded.problems.iter().filter(|problem| problem.kind == ProblemKind::FrameworkConfiguration);
        let said: BTreeSet<String> = said.map(|problem| problem.message.clone()).collect();
        all += expected.len();
        found += expected.intersection(&said).count();
        for message in expected.difference(&said) {
            eprintln!("{} not said: {message}", case.id);
        }
        // What a strict run refuses is more than a warning.
        if !case.lenient {
            others.extend(said.difference(&expected).map(|message| format!("{} {message}", case.id)));
        }
    }
    assert!(all > 40, "only {all} warnings");
    assert!(found * 100 >= all * 90, "{found} of {all}");
    assert!(others.is_empty(), "{others:#?}");
}

/// What the framework refuses is a problem that names the framework's own code.
#[test]
fn refused_services() {
    let Some(root) = reference() else { return };
    let (mut right, mut all) = (0, 0);
    for case in cases(&root).iter().filter(|case| case.tier == "error") {
        let Some(code) = &case.strict_error else { continue };
        all += 1;
        let problems = expand(case, false).map(|loaded| loaded.problems).unwrap_or_default();
        let codes: BTreeSet<&str> = problems.iter().filter_map(|problem| problem.code).collect();
        if codes.contains(code.as_str()) {
            right += 1;
        } else {
            eprintln!("{}: {code}, not {codes:?}", case.id);
        }
    }
    assert!(all > 10, "only {all} cases");
    assert!(right * 100 >= all * 85, "{right} of {all}");
}

/// Every function of a service for another provider is a node, and nothing of AWS is made up.
#[test]
fn other_providers() {
    let Some(root) = reference() else { return };
    let (mut all, mut wrong) = (0, Vec::new());
    for case in cases(&root).iter().filter(|case| case.tier == "other-provider") {
        let Some(loaded) = expand(case, false) else { continue };
        let named = loaded.problems.iter().any(|problem| {
            problem.kind == ProblemKind::UnsupportedProvider
                || problem.code == Some("INVALID_CONFIGURATION_PROVIDER_NAME_MISSING")
        });
        let text = loaded.sources.get(dewline::source::FileId(0)).text().to_owned();
        let written: serde_yaml::Value = serde_yaml::from_str(&text).unwrap_or_default();
        let keys = written["functions"].as_mapping().into_iter().flat_map(|map| map.keys());
        let functions: Vec<String> = keys.filter_map(|key| key.as_str().map(str::to_owned)).collect();
        let template = Template::new(loaded.dialect, loaded.root, loaded.problems, Inputs::default());
        let graph = Graph::new(template);
        let nodes: BTreeSet<&str> = graph.nodes_of(NodeKind::Function).map(dewline::graph::NodeRef::name).collect();
        all += functions.len();
        let invented = graph.template().resources().any(|resource| resource.ty().starts_with("AWS::"));
        if !named || invented || functions.iter().any(|key| !nodes.contains(key.as_str())) {
            wrong.push(case.id.clone());
        }
    }
    assert!(all > 30, "only {all} functions");
    assert!(wrong.is_empty(), "{wrong:?}");
}
