//! Compares verdicts with those that other linters expect on their own test templates, by the
//! table in `docs/peers.md`. Needs the reference data; without `DEWLINE_SHARED` the tests say so
//! and pass.

use dewline::engine::{Analysis, Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::graph::{EdgeKind, Graph, NodeKind, Role};
use dewline::policies;
use dewline::policy::Profile;
use dewline::source::{NoFiles, SourceFile};
use dewline::template::Inputs;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Templates of serverless-rules on which the verdict is another one, with the reason.
const DELIBERATE: [(&str, &str); 1] =
    [("es6000.fail.yaml", "a queue that nobody works on may be a dead-letter queue itself")];

fn peers() -> Option<PathBuf> {
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return None;
    };
    Some(PathBuf::from(shared).join("oracle/peers"))
}

/// Rule to policies, from the table; a rule without one has an empty list.
fn table() -> BTreeMap<String, Vec<String>> {
    let page = std::fs::read_to_string("docs/peers.md").unwrap();
    let mut found = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        // The table of other names has the policies in its second and last column.
        let (Some(rule), Some(policies)) = (cells.first(), cells.get(2).or(cells.get(1))) else { continue };
        let Some(rule) = rule.strip_prefix('`').and_then(|rule| rule.strip_suffix('`')) else { continue };
        let names = policies.split('[').skip(1).filter_map(|link| link.split(']').next());
        found.insert(rule.to_owned(), names.map(str::to_owned).collect());
    }
    found
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn analysis(path: &Path, name: &str) -> Option<Analysis> {
    let request = SelectionRequest { profile: Some(Profile::All), ..SelectionRequest::default() };
    let settings = Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    };
    analyze(Arc::new(SourceFile::from_bytes(name, std::fs::read(path).ok()?)), &NoFiles, &settings)
}

#[test]
fn the_table_names_policies_that_exist() {
    for (rule, names) in table() {
        for name in names {
            assert!(policies::find(&name).is_some(), "{rule}: {name}");
        }
    }
}

#[test]
fn verdicts_are_those_of_serverless_rules_own_tests() {
    let Some(peers) = peers() else { return };
    let table = table();
    let (mut same, mut other, mut total) = (0, Vec::new(), 0);
    for row in rows(&peers.join("serverless_rules_expected.tsv")) {
        let [template, rule, expected, ..] = row.as_slice() else { panic!("{row:?}") };
        let policies = &table[rule];
        let analysis = analysis(&peers.join("templates/serverless-rules").join(template), template).unwrap();
        let fired = analysis.findings.iter().any(|finding| policies.contains(&finding.policy));
        total += 1;
        if fired == (expected == "fail") {
            same += 1;
        } else if !DELIBERATE.iter().any(|(known, _)| known == template) {
            other.push(format!("{template}: {rule} expects {expected}"));
        }
    }
    println!("serverless-rules: the same verdict on {same} of {total} templates");
    assert!(other.is_empty(), "{}", other.join("\n"));
}

/// A role that functions run under, or that only waits for one.
fn serves_functions(role: Role<'_>) -> bool {
    let lambda = |name: Option<&str>| name == Some("lambda.amazonaws.com");
    role.users().any(|user| user.kind() == NodeKind::Function)
        || role.trust().iter().flat_map(|one| &one.principals).any(|one| lambda(one.who.text.as_deref()))
}

/// Whether the policies that answer to `rule` are about the resource `id`.
fn is_subject(rule: &str, graph: &Graph, id: &str) -> bool {
    let Some(node) = graph.node(id) else { return true };
    match rule {
        "CKV_AWS_62" | "CKV_AWS_63" | "CKV_AWS_110" => {
            let own = graph.role(node).is_some_and(serves_functions);
            let attached = node.outgoing().any(|edge| graph.role(edge.target()).is_some_and(serves_functions));
            own || attached
                || graph
                    .roles()
                    .filter(|role| serves_functions(*role))
                    .any(|role| role.statements().iter().any(|statement| &*statement.holder == id))
        }
        "CKV_AWS_20" | "CKV_AWS_53" | "CKV_AWS_54" | "CKV_AWS_55" | "CKV_AWS_56" | "CKV_AWS_57" => {
            node.outgoing().any(|edge| edge.kind() == EdgeKind::InvokesAsync)
        }
        _ => true,
    }
}

#[test]
fn verdicts_are_mostly_those_of_checkov_on_serverless_resources() {
    let Some(peers) = peers() else { return };
    let table = table();
    let mut analyses: BTreeMap<String, Option<Analysis>> = BTreeMap::new();
    let mut scores: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut other = Vec::new();
    let mut unmapped = Vec::new();
    for row in rows(&peers.join("checkov_observed_serverless.tsv")) {
        let [rule, template, resource, _, expected] = row.as_slice() else { panic!("{row:?}") };
        let Some(policies) = table.get(rule) else {
            unmapped.push(rule.clone());
            continue;
        };
        let path = peers.join("templates/checkov").join(template);
        let analysis = analyses.entry(template.clone()).or_insert_with(|| analysis(&path, template));
        let id = resource.rsplit('.').next().unwrap();
        let Some(analysis) = analysis.as_ref().filter(|analysis| is_subject(rule, &analysis.graph, id)) else {
            continue;
        };
        if policies.is_empty() {
            continue;
        }
        // A resource that SAM generates is shown at the author's line, under an id of its own; a
        // finding that stands for several shows the others beside.
        let generates = resource.starts_with("AWS::Serverless::");
        let fired = analysis.findings.iter().filter(|finding| policies.contains(&finding.policy)).any(|finding| {
            let is = |name: &str| name == id || generates && name.starts_with(id);
            let beside = |text: &str| text.strip_prefix("the same for ").is_some_and(is);
            finding.resource.as_deref().is_some_and(is) || finding.related.iter().any(|one| beside(&one.message))
        });
        let score = scores.entry(rule.clone()).or_default();
        score.1 += 1;
        if fired == (expected == "failed") {
            score.0 += 1;
        } else {
            other.push(format!("{rule} {template} {resource}: checkov says {expected}"));
        }
    }
    unmapped.sort_unstable();
    unmapped.dedup();
    assert!(unmapped.is_empty(), "rules that the table does not have: {unmapped:?}");
    let (same, total) = scores.values().fold((0, 0), |sum, score| (sum.0 + score.0, sum.1 + score.1));
    println!("checkov: the same verdict on {same} of {total} rows\n{scores:?}\n{}", other.join("\n"));
    assert!(same * 10 >= total * 9, "{same} of {total}");
}

#[test]
fn every_row_of_the_first_tier_has_a_policy() {
    let Some(peers) = peers() else { return };
    let text = std::fs::read_to_string(peers.join("../../facts/policies/catalogue.tsv")).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let at = |name: &str| head.iter().position(|cell| *cell == name).unwrap();
    let (slug, tier) = (at("slug"), at("tier"));
    let renamed = table();
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>()).filter(|row| row[tier] == "1");
    let slugs: Vec<&str> = rows.map(|row| row[slug]).collect();
    let missing: Vec<&&str> = slugs
        .iter()
        .filter(|slug| policies::find(slug).is_none())
        .filter(|slug| renamed.get(**slug).is_none_or(Vec::is_empty))
        .collect();
    assert_eq!(slugs.len(), 129);
    assert!(missing.is_empty(), "{missing:?}");
}
