//! The pipeline of one file.

use super::cfn_lint::Ignored;
use super::settings::Settings;
use super::shared_values::Written;
use super::{consequences, fold, suppress};
use crate::document::Document;
use crate::estimate::{Usage, usage};
use crate::finding::{Finding, Fix, Related, Severity, assign_fingerprints};
use crate::fix;
use crate::graph::Graph;
use crate::guard;
use crate::policies::holds_elsewhere;
use crate::policy::{Context, Draft, Known, Remedy};
use crate::source::{Files, SourceFile, Sources};
use crate::template::authored::Texts;
use crate::template::{Dialect, ProblemKind, Template, load, nested, validate};
use std::sync::Arc;

/// Everything known about one template.
#[derive(Debug)]
pub struct Analysis {
    /// The dialect it is written in.
    pub dialect: Dialect,
    /// Its files; the template itself is file 0.
    pub sources: Sources,
    /// The parse of the template's own file.
    pub document: Document,
    /// The parses of the files it includes.
    pub included: Vec<Document>,
    /// The graph, which owns the template.
    pub graph: Graph,
    /// Findings by path, offset and policy.
    pub findings: Vec<Finding>,
    /// How many findings suppressions answered for.
    pub suppressed: usize,
}

impl Analysis {
    /// The edits of a remedy, as a fix that somebody chose; `None` when it cannot be placed.
    pub fn place(&self, remedy: &Remedy) -> Option<Fix> {
        places(&self.graph, &self.document, &self.included).fix(remedy)
    }
}

fn places<'a>(graph: &'a Graph, document: &'a Document, included: &'a [Document]) -> fix::Places<'a> {
    fix::Places::new(graph.template(), Texts::new(document, included))
}

/// An analysis whose organisation rules are still to run. They take far longer than everything
/// else, and an editor does not wait for them.
#[derive(Debug)]
pub struct Staged {
    /// The analysis with the findings of the built-in policies.
    pub analysis: Analysis,
    /// The findings before suppression.
    raw: Vec<Finding>,
}

impl Staged {
    /// Analyses `file` without organisation rules; `None` when it is not a template.
    pub fn new(file: Arc<SourceFile>, files: &dyn Files, settings: &Settings) -> Option<Self> {
        let mut analysis = examine(file, files, settings)?;
        let raw = if settings.guard.is_empty() { Vec::new() } else { analysis.findings.clone() };
        conclude(&mut analysis, settings, suppress::Stage::BeforeGuard);
        Some(Self { analysis, raw })
    }

    /// All findings, those of organisation rules among them.
    pub fn with_guard(&self, settings: &Settings) -> Vec<Finding> {
        if settings.guard.is_empty() {
            return self.analysis.findings.clone();
        }
        let Analysis { document, included, graph, sources, .. } = &self.analysis;
        let mut findings = self.raw.clone();
        findings.extend(organisation_rules(graph, settings));
        let documents: Vec<&Document> = std::iter::once(document).chain(included).collect();
        suppress::apply(&mut findings, &documents, graph, settings, suppress::Stage::Complete);
        put_in_order(&mut findings, sources, graph, settings);
        findings
    }
}

/// Analyses `file`; `None` when it is not a template.
pub fn analyze(file: Arc<SourceFile>, files: &dyn Files, settings: &Settings) -> Option<Analysis> {
    let mut analysis = examine(file, files, settings)?;
    let found = organisation_rules(&analysis.graph, settings);
    analysis.findings.extend(found);
    conclude(&mut analysis, settings, suppress::Stage::Complete);
    Some(analysis)
}

/// What the organisation rules that run find.
fn organisation_rules(graph: &Graph, settings: &Settings) -> Vec<Finding> {
    let selected = settings.selection.rules().iter();
    let rules: Vec<guard::Wanted<'_>> = selected
        .map(|selected| guard::Wanted { meta: selected.meta, severity: selected.severity, options: &selected.options })
        .collect();
    guard::run(&settings.guard, graph, &rules)
}

/// Suppresses, sorts and marks what was found.
fn conclude(analysis: &mut Analysis, settings: &Settings, stage: suppress::Stage) {
    let Analysis { document, included, graph, sources, findings, suppressed, .. } = analysis;
    let documents: Vec<&Document> = std::iter::once(&*document).chain(&*included).collect();
    *suppressed = suppress::apply(findings, &documents, graph, settings, stage);
    put_in_order(findings, sources, graph, settings);
}

fn put_in_order(findings: &mut Vec<Finding>, sources: &Sources, graph: &Graph, settings: &Settings) {
    let written = Written::of(graph.template());
    findings.iter_mut().for_each(|finding| written.complete(finding, graph.template()));
    sort(findings, sources);
    findings.dedup_by(|a, b| a.policy == b.policy && a.span == b.span && a.message == b.message);
    fold::apply(findings, graph, settings);
    assign_fingerprints(findings, sources);
}

/// Reads the template, builds its graph and runs the built-in policies.
fn examine(file: Arc<SourceFile>, files: &dyn Files, settings: &Settings) -> Option<Analysis> {
    let file_path = file.path().to_owned();
    let load::Loaded {
        dialect,
        mut sources,
        document,
        included,
        mut problems,
        written,
        root,
        definitions,
        artifacts,
        warmed,
        region,
        stacks,
    } = load::load(file, files, &settings.inputs)?;
    let today = format!("{:04}-{:02}-{:02}", settings.today.year, settings.today.month, settings.today.day);
    let broken = problems.iter().any(|problem| problem.kind == ProblemKind::Syntax);
    let subject = validate::Subject {
        dialect,
        written: written.as_ref().unwrap_or(&root),
        expanded: &root,
        broken,
        today: &today,
    };
    problems.extend(validate::validate(subject, &settings.inputs));
    consequences::of_problems(&mut problems);
    let ignored = Ignored::of(subject.written);
    let mut inputs = settings.inputs.clone();
    inputs.region = inputs.region.or(region);
    let template = Template::new(dialect, root, problems, inputs);
    let template = template.with_definitions(definitions).with_artifacts(artifacts).with_warmed(warmed);
    let graph = Graph::new(nested::attach(template, &stacks, &mut sources, files));
    let known = Known::new(&graph, usage_beside(&file_path, files));
    let mut findings = Vec::new();
    let places = places(&graph, &document, &included);
    for selected in settings.selection.policies() {
        let name = selected.meta.base().unwrap_or(selected.meta.name);
        if graph.template().elsewhere().is_some() && !holds_elsewhere(name) {
            continue;
        }
        let mut cx = Context::new(&known, &sources, settings.today, selected.meta, &selected.options);
        (selected.check)(&mut cx);
        findings.extend(cx.finish().into_iter().map(|draft| {
            let fix = draft.remedy.as_ref().and_then(|remedy| places.fix(remedy));
            finding(draft, selected.severity, &sources, fix)
        }));
    }
    consequences::of_findings(&mut findings, &sources);
    ignored.apply(&mut findings);
    let suppressed = 0;
    Some(Analysis { dialect, sources, document, included, graph, findings, suppressed })
}

/// The usage file beside a template. What is wrong with one, `dewline estimate` says.
fn usage_beside(template: &str, files: &dyn Files) -> Option<Usage> {
    let folder = template.rfind('/').map_or("", |at| &template[..=at]);
    let read = |name: &&str| files.read(&format!("{folder}{name}")).ok();
    let file = usage::FILE_NAMES.iter().find_map(read)?;
    usage::read(&file).ok()
}

fn finding(draft: Draft, severity: Option<Severity>, sources: &Sources, fix: Option<Fix>) -> Finding {
    let Draft { meta, severity: own, message, place, label, help, related, remedy: _ } = draft;
    let mut span = place.origin.span();
    // A value that runs over lines is marked on its first line only, which is where one looks.
    if let Some(first) = sources.text(span).lines().next() {
        span.end = span.start + first.trim_end().len() as u32;
    }
    Finding {
        policy: meta.name.to_owned(),
        category: meta.category,
        severity: severity.or(own).unwrap_or(meta.severity),
        message,
        span,
        label,
        help,
        resource: place.resource,
        related: related.into_iter().map(|(span, message)| Related { span, message }).collect(),
        fix,
        fingerprint: String::new(),
    }
}

fn sort(findings: &mut [Finding], sources: &Sources) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            (finding.span.file.0 != 0, sources.get(finding.span.file).path().to_owned(), finding.span.start)
        };
        key(a).cmp(&key(b)).then_with(|| a.policy.cmp(&b.policy)).then_with(|| a.message.cmp(&b.message))
    });
}
