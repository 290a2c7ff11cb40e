//! How often every policy fires on real templates, and how many of them the policies cost.
//! Needs the reference data; without `DEWLINE_SHARED` the tests say so and pass.
//! `DEWLINE_UPDATE=1 cargo test --test suite noise` writes `docs/noise.md`.

use crate::folder::Folder;
use dewline::engine::{Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::finding::{Category, Finding, Severity};
use dewline::graph::{EdgeKind, Graph, Map, NodeKind, NodeRef, Route, SourceKind, StateMachine, Task, Template, Value};
use dewline::policies;
use dewline::policy::Profile;
use dewline::source::Files;
use dewline::template::{Inputs, load};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most a policy of severity medium or above may fire on, of what it applies to.
const LIMIT: f64 = 0.6;

/// Folder this many resources a share says nothing.
const ENOUGH: usize = 20;

/// What one template says.
struct Report {
    path: String,
    findings: Vec<Finding>,
    /// Lines of the findings, by file and offset.
    lines: BTreeMap<(u16, u32), usize>,
    /// Resources by type.
    types: BTreeMap<String, usize>,
    /// Type of each resource.
    resources: BTreeMap<String, String>,
    /// What the policies with subjects of their own apply to.
    subjects: BTreeMap<&'static str, usize>,
}

fn corpus() -> Option<Folder> {
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return None;
    };
    Some(Folder(PathBuf::from(shared).join("corpus")))
}

/// The templates people wrote for use: kind `real`, role `template`.
fn real(corpus: &Folder) -> Vec<String> {
    let text = std::fs::read_to_string(corpus.0.join("manifest.tsv")).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let at = |name: &str| head.iter().position(|cell| *cell == name).unwrap();
    let (role, kind, path) = (at("role"), at("kind"), at("corpus_path"));
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[role] == "template" && row[kind] == "real").map(|row| row[path].to_owned()).collect()
}

fn settings(profile: Profile) -> Settings {
    let request = SelectionRequest { profile: Some(profile), ..SelectionRequest::default() };
    Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    }
}

fn report(corpus: &Folder, path: &str, settings: &Settings) -> Option<Report> {
    let file = corpus.read(path).ok()?;
    let loaded = load::load(Arc::clone(&file), corpus, &settings.inputs)?;
    let template = Template::new(loaded.dialect, loaded.root, loaded.problems, settings.inputs.clone());
    let graph = Graph::new(template.with_definitions(loaded.definitions));
    let mut types = BTreeMap::new();
    let mut resources = BTreeMap::new();
    for resource in graph.template().resources().filter(|resource| resource.exists() != Some(false)) {
        *types.entry(resource.ty().to_owned()).or_default() += 1;
        resources.insert(resource.id().to_owned(), resource.ty().to_owned());
    }
    let subjects = subjects(&graph);
    let analysis = analyze(file, corpus, settings)?;
    let lines = analysis.findings.iter().map(|finding| {
        let text = analysis.sources.get(finding.span.file).text();
        let line = text[..finding.span.start as usize].matches('\n').count() + 1;
        ((finding.span.file.0, finding.span.start), line)
    });
    let lines = lines.collect();
    Some(Report { path: path.to_owned(), findings: analysis.findings, lines, types, resources, subjects })
}

/// Subjects of policies that apply to fewer resources than those of a type.
fn subjects(graph: &Graph) -> BTreeMap<&'static str, usize> {
    let functions = |wanted: &dyn Fn(NodeRef<'_>) -> bool| {
        graph.nodes_of(NodeKind::Function).filter(|node| node.resource().is_some() && wanted(*node)).count()
    };
    let mappings = |kinds: &[SourceKind]| graph.mappings().filter(|one| kinds.contains(&one.source_kind())).count();
    let streams = mappings(&[SourceKind::Stream, SourceKind::TableStream]);
    let queues = |wanted: &dyn Fn(NodeRef<'_>) -> bool| {
        graph.nodes_of(NodeKind::Queue).filter(|node| node.resource().is_some() && wanted(*node)).count()
    };
    let fed = queues(&|queue| graph.mappings_from(queue).next().is_some());
    let apis = |kinds: &[NodeKind]| graph.apis().filter(|api| kinds.contains(&api.node().kind())).count();
    let called = |kind: NodeKind| {
        let routes = graph.routes().filter(|route| route.api_kind() == Some(kind));
        routes.filter_map(Route::target).map(NodeRef::index).collect::<BTreeSet<_>>().len()
    };
    let machines = |wanted: &dyn Fn(&Task) -> bool| {
        let has = |machine: &StateMachine<'_>| {
            machine.definition().states().iter().any(|state| state.task.as_ref().is_some_and(wanted))
        };
        graph.state_machines().filter(has).count()
    };
    let parameters = |wanted: &dyn Fn(&Value) -> bool| {
        let section = graph.template().section("Parameters").into_iter().flat_map(Map::iter);
        section.filter(|entry| wanted(&entry.value)).count()
    };
    let mut found = BTreeMap::from([
        ("password-parameter-shown", parameters(&|_| true)),
        ("no-echo-parameter-shown", parameters(&|parameter| parameter.get("NoEcho").is_some())),
        ("esm-no-partial-batch", mappings(&[SourceKind::Queue]) + streams),
        ("sqs-source-no-redrive", fed),
        ("sqs-visibility-below-1x", fed),
        ("sqs-visibility-below-6x", fed),
        ("dlq-no-depth-alarm", queues(&|queue| queue.sources(EdgeKind::DeadLettersTo).next().is_some())),
        ("async-no-failure-destination", functions(&|node| node.async_triggers().next().is_some())),
        ("rest-api-timeout-exceeded", called(NodeKind::RestApi)),
        ("http-api-timeout-exceeded", called(NodeKind::HttpApi)),
        ("websocket-timeout-exceeded", called(NodeKind::WebSocketApi)),
        ("sfn-task-no-retry", machines(&Task::is_function)),
        (
            "snapstart-missed",
            functions(&|node| {
                let runtime = node.property(&["Runtime"]).text();
                runtime.is_some_and(|text| text.starts_with("java") || text.starts_with("dotnet"))
            }),
        ),
        ("function-url-no-auth", graph.resources_of("AWS::Lambda::Url").count()),
        ("api-no-5xx-alarm", apis(&[NodeKind::RestApi, NodeKind::HttpApi])),
        (
            "stream-consumer-no-iterator-age-alarm",
            functions(&|node| {
                node.polled_sources().any(|edge| matches!(edge.source().kind(), NodeKind::Stream | NodeKind::Table))
            }),
        ),
        ("lambda-permission-missing-source", graph.permissions().count()),
        ("alarm-unknown-metric", graph.alarm_metrics().count()),
        ("alarm-dangling-dimension", graph.alarm_metrics().count()),
    ]);
    for name in ["stream-esm-no-bisect", "stream-esm-no-failure-destination", "stream-esm-unbounded-retry"] {
        found.insert(name, streams);
    }
    found
}

#[derive(Default)]
struct Row {
    findings: usize,
    serious: usize,
    subjects: usize,
    templates: usize,
}

#[test]
fn recommended_policies_do_not_fire_on_most_of_what_they_apply_to() {
    let Some(corpus) = corpus() else { return };
    let paths = real(&corpus);
    let recommended = settings(Profile::Recommended);
    let all = settings(Profile::All);
    let reports: Vec<Report> = paths.par_iter().filter_map(|path| report(&corpus, path, &all)).collect();
    // The types a policy reports about are those it applies to, unless it says more precisely.
    let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for report in &reports {
        for finding in &report.findings {
            if let Some(ty) = finding.resource.as_deref().and_then(|id| report.resources.get(id)) {
                types.entry(&finding.policy).or_default().insert(ty);
            }
        }
    }
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for report in &reports {
        for (policy, types) in &types {
            let row = rows.entry(policy).or_default();
            row.subjects += match report.subjects.get(policy) {
                Some(count) => *count,
                None => types.iter().filter_map(|ty| report.types.get(*ty)).sum(),
            };
        }
        let mut fired: BTreeSet<&str> = BTreeSet::new();
        for finding in &report.findings {
            let row = rows.entry(&finding.policy).or_default();
            row.findings += 1;
            row.serious += usize::from(finding.severity >= Severity::Medium);
            row.templates += usize::from(fired.insert(&finding.policy));
        }
    }
    let mut page = format!(
        "# How often policies fire\n\n\
         Measured on {} real templates (SAM, Serverless Framework, CloudFormation) out of public repositories, as of\n\
         2026-11. `Applies to` counts the resources of the types a policy reports about, or fewer where the policy is\n\
         about some of them only (queues that feed a function, mappings of streams, …). `Rate` is findings of severity\n\
         medium and above for each of them: in the profile `recommended` none is above {:.0} %.\n\n\
         | Policy | Category | Severity | Profile | Findings | Medium and above | Applies to | Rate | Templates |\n\
         |---|---|---|---|---:|---:|---:|---:|---:|\n",
        reports.len(),
        LIMIT * 100.0
    );
    let mut loud = Vec::new();
    for policy in policies::ALL.iter().filter(|policy| policy.meta.category != Category::Validity) {
        let meta = &policy.meta;
        let empty = Row::default();
        let row = rows.get(meta.name).unwrap_or(&empty);
        let rate = row.serious as f64 / row.subjects.max(row.findings).max(1) as f64;
        let _ = writeln!(
            page,
            "| [{0}](policies/{0}.md) | {1} | {2} | {3} | {4} | {5} | {6} | {7:.0} % | {8} |",
            meta.name,
            meta.category,
            meta.severity,
            meta.profile.name(),
            row.findings,
            row.serious,
            row.subjects,
            rate * 100.0,
            row.templates
        );
        if recommended.selection.policies().iter().any(|one| one.meta.name == meta.name)
            && row.subjects >= ENOUGH
            && rate > LIMIT
        {
            loud.push(format!("{}: {} of {} ({:.0} %)", meta.name, row.serious, row.subjects, rate * 100.0));
        }
    }
    println!("{page}");
    if std::env::var_os("DEWLINE_UPDATE").is_some() {
        std::fs::write(Path::new("docs/noise.md"), &page).unwrap();
    }
    if let Some(path) = std::env::var_os("DEWLINE_DRAW") {
        draw(&reports, &recommended, Path::new(&path));
    }
    assert!(loud.is_empty(), "these fire on most of what they apply to:\n{}", loud.join("\n"));
}

/// Writes 200 findings drawn at random, for a review by hand.
fn draw(reports: &[Report], recommended: &Settings, path: &Path) {
    let seed: u64 = std::env::var("DEWLINE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_125);
    let selected: BTreeSet<&str> = recommended.selection.policies().iter().map(|one| one.meta.name).collect();
    let findings = reports.iter().flat_map(|report| report.findings.iter().map(move |finding| (report, finding)));
    let mut all: Vec<(&Report, &Finding)> = findings.filter(|(_, one)| selected.contains(&*one.policy)).collect();
    let mut state = seed;
    let mut text = format!("seed {seed}, out of {}\n", all.len());
    for _ in 0..200.min(all.len()) {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let index = usize::try_from((mixed ^ (mixed >> 31)) % all.len() as u64).unwrap();
        let (report, finding) = all.swap_remove(index);
        let _ = writeln!(text, "{}\t{}\t{}\t{}", finding.policy, report.path, line(report, finding), finding.message);
    }
    std::fs::write(path, text).unwrap();
}

/// The line a finding is at, from 1; findings in included files are at the line of that file.
fn line(report: &Report, finding: &Finding) -> usize {
    report.lines.get(&(finding.span.file.0, finding.span.start)).copied().unwrap_or_default()
}
