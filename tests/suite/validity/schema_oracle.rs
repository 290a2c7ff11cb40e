//! Compares what validation reports with the recorded verdicts of another linter on the same
//! templates. Needs the reference data; without `DEWLINE_SHARED` the tests say so and pass.

use crate::folder::Folder;
use crate::validity::schema_exceptions::{is_argued, is_wrong_there};
use dewline::engine::{Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::finding::Severity;
use dewline::policies::cfn_lint_rules;
use dewline::policy::Profile;
use dewline::source::SourceFile;
use dewline::template::Inputs;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn oracle() -> Option<PathBuf> {
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return None;
    };
    Some(PathBuf::from(shared).join("oracle"))
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Findings of a template by policy and first line, those of files it includes left out.
fn findings(folder: &Path, name: &str, request: &SelectionRequest) -> Vec<(String, Severity, u32, String)> {
    let Ok(bytes) = std::fs::read(folder.join(name)) else { return Vec::new() };
    findings_in(folder, name, bytes, request)
}

fn findings_in(
    folder: &Path,
    name: &str,
    bytes: Vec<u8>,
    request: &SelectionRequest,
) -> Vec<(String, Severity, u32, String)> {
    let settings = Settings {
        selection: Selection::new(request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    };
    let file = Arc::new(SourceFile::from_bytes(name, bytes));
    let Some(analysis) = analyze(file, &Folder(folder.to_owned()), &settings) else { return Vec::new() };
    let own = analysis.findings.iter().filter(|finding| finding.span.file.0 == 0);
    own.map(|finding| {
        let line = analysis.sources.get(finding.span.file).position(finding.span.start).line;
        (finding.policy.clone(), finding.severity, line, finding.message.clone())
    })
    .collect()
}

#[derive(Default)]
struct Score {
    templates: usize,
    clean: usize,
    flagged: usize,
    wanted: [usize; 2],
    hit: [usize; 2],
    ours: usize,
    agreeing: usize,
}

#[test]
fn validation_agrees_with_the_recorded_verdicts() {
    let Some(oracle) = oracle() else { return };
    let split = oracle.join("cloudformation/dev");
    let scope: BTreeMap<String, usize> = rows(&oracle.join("cloudformation/scope.tsv"))
        .into_iter()
        .map(|row| (row[0].clone(), usize::from(row[1] == "2")))
        .collect();
    let mut every: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    let mut wanted: BTreeMap<String, BTreeMap<(u32, usize), String>> = BTreeMap::new();
    for row in rows(&split.join("expected.tsv")) {
        if row[2] == "error" {
            let line = row[3].parse().unwrap();
            every.entry(row[0].clone()).or_default().insert(line);
            if let Some(tier) = scope.get(&row[1]).filter(|_| !is_wrong_there(&row[0], &row[1])) {
                wanted.entry(row[0].clone()).or_default().insert((line, *tier), row[1].clone());
            }
        }
    }
    let request = SelectionRequest { select: vec!["validity".to_owned()], ..SelectionRequest::default() };
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut log = String::new();
    for row in rows(&split.join("manifest.tsv")) {
        let (name, kind) = (&row[0], &row[1]);
        let mut ours: BTreeMap<u32, (String, String)> = BTreeMap::new();
        for (policy, severity, line, message) in findings(&split.join("inputs"), name, &request) {
            if severity >= Severity::High && !is_argued(name, line) {
                ours.entry(line).or_insert((policy, message));
            }
        }
        let empty = BTreeSet::new();
        let errors = every.get(name).unwrap_or(&empty);
        for label in [kind.as_str(), "ALL"] {
            let score = scores.entry(label.to_owned()).or_default();
            score.templates += 1;
            score.clean += usize::from(errors.is_empty());
            score.flagged += usize::from(errors.is_empty() && !ours.is_empty());
            for (line, tier) in wanted.get(name).into_iter().flat_map(BTreeMap::keys) {
                score.wanted[*tier] += 1;
                score.hit[*tier] += usize::from(ours.contains_key(line));
            }
            score.ours += ours.len();
            score.agreeing += ours.keys().filter(|line| errors.contains(line)).count();
        }
        for ((line, tier), rule) in wanted.get(name).into_iter().flatten() {
            if !ours.contains_key(line) {
                let _ = writeln!(log, "missed\t{}\t{kind}\t{name}:{line}\t{rule}", tier + 1);
            }
        }
        for (line, (policy, message)) in &ours {
            if !errors.contains(line) {
                let clean = if errors.is_empty() { "clean" } else { "" };
                let _ = writeln!(log, "extra\t{clean}\t{kind}\t{name}:{line}\t{policy}: {message}");
            }
        }
    }
    for (kind, s) in &scores {
        println!(
            "{kind}: templates {}, clean {}, flagged {} | tier 1 {}/{}, tier 2 {}/{} | our lines {}, agreeing {}",
            s.templates, s.clean, s.flagged, s.hit[0], s.wanted[0], s.hit[1], s.wanted[1], s.ours, s.agreeing
        );
    }
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/schema-oracle.tsv");
    let _ = std::fs::write(target, log);
    let (all, bad, mutants) = (&scores["ALL"], &scores["fixtures-bad"], &scores["mutant"]);
    assert_eq!(all.flagged, 0, "clean templates flagged, and no exception argued");
    assert!(bad.hit[0] * 100 >= bad.wanted[0] * 90, "fixtures-bad below 90 %");
    assert!(mutants.hit[0] * 100 >= mutants.wanted[0] * 97, "mutants below 97 %");
    assert!(all.hit[1] * 100 >= all.wanted[1] * 90, "second tier below 90 %");
    assert!(all.agreeing * 100 >= all.ours * 98, "agreement below 98 %");
}

/// The template with the configuration under which its results were recorded: text for numbers
/// is an error. Answers the line behind which a line was added as well.
fn strictly(text: &str) -> (String, u32) {
    let configuration = "cfn-lint: {config: {configure_rules: {E3012: {strict: true}}}}";
    match text.lines().position(|line| line.trim_end() == "Metadata:") {
        Some(at) => {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.insert(at + 1, format!("  {configuration}"));
            (lines.join("\n"), at as u32 + 1)
        }
        None => (format!("{text}\nMetadata:\n  {configuration}\n"), u32::MAX),
    }
}

/// Lines behind an expected one that still belong to it: what a property holds.
const INSIDE: u32 = 2;

#[test]
fn the_page_shows_the_share_of_expected_results_that_is_matched() {
    let Some(oracle) = oracle() else { return };
    let peers = oracle.join("peers");
    let request = SelectionRequest { profile: Some(Profile::All), ..SelectionRequest::default() };
    let folder = peers.join("templates/cfn-lint");
    let mut found: BTreeMap<String, Vec<(String, Severity, u32, String)>> = BTreeMap::new();
    let mut shares: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in rows(&peers.join("cfnlint_expected_results.tsv")) {
        let [template, _, rule, _, line, ..] = row.as_slice() else { panic!("{row:?}") };
        let policies: Vec<&str> = dewline::policies::CFN_LINT
            .iter()
            .map(|(policy, _)| *policy)
            .filter(|policy| cfn_lint_rules(policy).iter().any(|own| rule.starts_with(own)))
            .collect();
        if policies.is_empty() {
            continue;
        }
        let short = template.strip_prefix("test/fixtures/templates/").unwrap_or(template);
        let ours = found.entry(template.clone()).or_insert_with(|| {
            let (text, added) = strictly(&std::fs::read_to_string(folder.join(short)).unwrap_or_default());
            let at = |line: u32| if line > added { line - 1 } else { line };
            let all = findings_in(&folder, short, text.into_bytes(), &request);
            all.into_iter().map(|(policy, severity, line, message)| (policy, severity, at(line), message)).collect()
        });
        let line: u32 = line.parse().unwrap_or_default();
        let same = ours
            .iter()
            .any(|(policy, _, at, _)| policies.contains(&policy.as_str()) && (line..=line + INSIDE).contains(at));
        let share = shares.entry(rule.clone()).or_default();
        share.1 += 1;
        share.0 += usize::from(same);
        if !same {
            println!("not matched: {short}:{line} {rule}");
        }
    }
    let mut table = "\n\n| Rule | Matched | Expected |\n|---|---|---|\n".to_owned();
    for (rule, (same, all)) in &shares {
        let _ = writeln!(table, "| {rule} | {same} | {all} |");
    }
    let (same, all) = shares.values().fold((0, 0), |sum, share| (sum.0 + share.0, sum.1 + share.1));
    println!("{same} of {all} expected results matched\n{table}");
    let page = Path::new("docs/cfn-lint.md");
    let text = std::fs::read_to_string(page).unwrap();
    let (head, rest) = text.split_once("<!-- shares -->").unwrap();
    let tail = rest.find("\n\n## ").map_or("\n", |at| &rest[at..]);
    let made = format!("{head}<!-- shares -->{}{tail}", table.trim_end());
    if std::env::var_os("DEWLINE_UPDATE").is_some() {
        std::fs::write(page, &made).unwrap();
    }
    assert!(made == text || std::env::var_os("DEWLINE_UPDATE").is_some(), "run with DEWLINE_UPDATE=1");
}
