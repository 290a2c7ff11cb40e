//! Files made from the registry of policies and the table of keys are up to date.
//! `DEWLINE_UPDATE=1 cargo test --test suite generated` writes them.

use dewline::config;
use dewline::policies;
use dewline::policy::Meta;
use dewline::report::docs;
use std::collections::BTreeMap;
use std::path::Path;

fn metas() -> Vec<&'static Meta> {
    policies::ALL.iter().map(|policy| &policy.meta).collect()
}

#[test]
fn the_configuration_schema_is_up_to_date() {
    let text = serde_json::to_string_pretty(&config::json_schema(&metas())).unwrap() + "\n";
    same(Path::new("schemas/dewline.schema.json"), &text);
}

#[test]
fn the_schema_of_usage_files_is_up_to_date() {
    let text = serde_json::to_string_pretty(&dewline::estimate::usage::json_schema()).unwrap() + "\n";
    same(Path::new("schemas/usage.schema.json"), &text);
}

#[test]
fn the_schema_of_usage_files_takes_what_the_reader_takes() {
    let schema = jsonschema::validator_for(&dewline::estimate::usage::json_schema()).unwrap();
    let takes = |text: &str| {
        let data: serde_json::Value = serde_yaml::from_str(text).unwrap();
        let file = std::sync::Arc::new(dewline::source::SourceFile::new("dewline.usage.yaml", text));
        let read = dewline::estimate::usage::read(&file).is_ok();
        assert_eq!(schema.is_valid(&data), read, "{text}");
        read
    };
    let hours = |count: usize| format!("profiles: {{p: [{}]}}", vec!["1"; count].join(", "));
    for text in [
        "",
        "version: 1\nregion: eu-west-1",
        "resource_usage: {Api: {monthly_requests: 1000}}",
        "resource_usage: {Api: {monthly_requests: 1e6}}",
        "resource_usage: {Api: {monthly_requests: {low: 1, expected: 2, high: 3}}}",
        "resource_usage: {Api: {monthly_requests: , routes: {GET /x: {share: 0.5}}}}",
        "resource_usage: {F: {calls: {Table: {reads: 2}, Queue: 0.5}}}",
        "resource_usage: {Flow: {choices: {Paid?: {Ship: 0.9}}, items: {Each: 4}}}",
        "resource_type_default_usage: {AWS::Lambda::Function: {log_kb_per_request: 2}}",
        "assume: {error_rate: 0.1}",
        "slo: {Api: {p95_ms: 500, cold_start_probability: 0.01}}",
        "budget: {monthly_usd: 20, per_path: {Api: 5}, increase_usd: 3, increase_percent: 10}",
        &hours(24),
        &hours(168),
    ] {
        assert!(takes(text), "{text}");
    }
    for text in [
        "versions: 1",
        "version: 2",
        "resource_usage: {Api: {monthly_request: 1000}}",
        "resource_usage: {Api: {monthly_requests: -1}}",
        "resource_usage: {Api: {monthly_requests: 5 GB}}",
        "resource_usage: {Api: {monthly_requests: {low: 1}}}",
        "resource_usage: {Api: {monthly_requests: {expected: 1, most: 2}}}",
        "resource_usage: {Api: {monthly_requests: [1]}}",
        "assume: {error_rate: 5}",
        "assume: {calls: {Table: 1}}",
        "slo: {Api: {p90_ms: 500}}",
        "budget: {total: 20}",
        &hours(23),
    ] {
        assert!(!takes(text), "{text}");
    }
}

#[test]
fn the_page_of_the_configuration_lists_its_keys() {
    let path = Path::new("docs/configuration.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (head, rest) = page.split_once("<!-- keys -->").unwrap();
    let tail = rest.find("\n## ").map(|at| &rest[at..]).unwrap();
    let mut table = "\n\n| Key | Meaning |\n|---|---|\n".to_owned();
    for key in config::KEYS {
        table += &format!("| `{}` | {} |\n", key.name, key.help);
    }
    same(path, &format!("{head}<!-- keys -->{table}{tail}"));
}

#[test]
fn the_pages_of_policies_are_up_to_date() {
    let mut pages: BTreeMap<String, String> =
        metas().iter().map(|meta| (format!("{}.md", meta.name), docs::page(meta))).collect();
    pages.insert("README.md".to_owned(), docs::index(metas().into_iter()));
    let folder = Path::new("docs/policies");
    let there =
        std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.file_name()).collect::<Vec<_>>());
    for name in there.unwrap_or_default() {
        let name = name.to_string_lossy().into_owned();
        if !pages.contains_key(&name) {
            assert!(is_update(), "docs/policies/{name} is the page of no policy");
            std::fs::remove_file(folder.join(name)).unwrap();
        }
    }
    for (name, text) in pages {
        same(&folder.join(name), &text);
    }
}

/// Numbers of rules; a shorter one stands for several.
fn shown(rules: &[&str]) -> String {
    let shown = rules.iter().map(|rule| if rule.len() < 5 { format!("{rule}…") } else { (*rule).to_owned() });
    shown.collect::<Vec<String>>().join(", ")
}

#[test]
fn the_page_about_cfn_lint_has_the_table_of_rules() {
    for (name, _) in policies::CFN_LINT {
        assert!(policies::find(name).is_some(), "{name}");
    }
    let path = Path::new("docs/cfn-lint.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (head, rest) = page.split_once("<!-- rules -->").unwrap();
    let tail = rest.find("\n\n## Expected").map(|at| &rest[at..]).unwrap();
    let mut table = "\n\n| Policy | Rules of cfn-lint |\n|---|---|".to_owned();
    for (name, rules) in policies::CFN_LINT {
        table += &format!("\n| [{name}](policies/{name}.md) | {} |", shown(rules));
    }
    table += "\n\nRules without a policy:\n\n| Rules of cfn-lint | Why |\n|---|---|";
    for (rules, why) in policies::WITHOUT_POLICY {
        table += &format!("\n| {} | {why} |", shown(rules));
    }
    same(path, &format!("{head}<!-- rules -->{table}{tail}"));
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema = jsonschema::validator_for(&config::json_schema(&metas())).unwrap();
    let takes = |text: &str| {
        let data: serde_json::Value = serde_yaml::from_str(text).unwrap();
        let file = std::sync::Arc::new(dewline::source::SourceFile::new("dewline.yaml", text));
        let read = config::read(&file, &metas()).is_ok();
        assert_eq!(schema.is_valid(&data), read, "{text}");
        read
    };
    for text in [
        "",
        "profile: strict",
        "select: all",
        "select: [timeout, function-timeout-range]",
        "severity: {monitoring: low, function-timeout-range: critical}",
        "paths: {'a/**': {ignore: security, severity: {limits: info}}}",
        "exclude: [a, 'b/**']",
        "fail-on: medium",
        "parameters: {Stage: prod, Count: 3, Flag: true}",
        "require-suppression-reason: true",
        "region: eu-central-1",
    ] {
        assert!(takes(text), "{text}");
    }
    for text in [
        "profil: strict",
        "profile: hard",
        "select: [nothing]",
        "select: {a: b}",
        "severity: {all: low}",
        "severity: {limits: grave}",
        "paths: {'a/**': {region: x}}",
        "fail-on: [high]",
        "require-suppression-reason: maybe",
        "policies: {nothing: {}}",
        "policies: {function-timeout-range: {x: 1}}",
        "parameters: [a]",
    ] {
        assert!(!takes(text), "{text}");
    }
}

fn is_update() -> bool {
    std::env::var_os("DEWLINE_UPDATE").is_some()
}

fn same(path: &Path, text: &str) {
    if is_update() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    let advice = "run `DEWLINE_UPDATE=1 cargo test --test suite generated`";
    assert!(found == text, "{} is not up to date; {advice}", path.display());
}
