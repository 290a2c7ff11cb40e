//! Compares what validation reports with the recorded verdicts of another linter on the same
//! templates. Needs the reference data; without `DEWLINE_SHARED` the test says so and passes.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a test may fail

use dewline::source::{Files, ReadError, SourceFile};
use dewline::template::validate::{Subject, validate};
use dewline::template::{Inputs, ProblemKind, load};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<Arc<SourceFile>, ReadError> {
        Err(ReadError::Missing)
    }

    fn exists(&self, _: &str) -> bool {
        false
    }

    fn size(&self, _: &str) -> Option<u64> {
        None
    }
}

/// Kinds that are advice, not errors.
fn is_advice(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::UnusedParameter
            | ProblemKind::UnusedMapping
            | ProblemKind::UnusedCondition
            | ProblemKind::NeedlessSub
            | ProblemKind::IgnoredAttribute
            | ProblemKind::MismatchedDefault
            | ProblemKind::ReadOnlyProperty
            | ProblemKind::RedundantDependsOn
            | ProblemKind::UnavailableResourceType
            | ProblemKind::Include
            | ProblemKind::OutsideProject
            | ProblemKind::UnknownTransform
            | ProblemKind::UnresolvedVariable
            | ProblemKind::UnknownPlugin
            | ProblemKind::FrameworkConfiguration
            | ProblemKind::UnsupportedProvider
    )
}

/// Templates whose `Fn::GetAtt` of a SAM GraphQL API the recorded verdicts call wrong, though
/// the API it expands to has the attribute.
const VALID_ATTRIBUTES: [&str; 4] = ["base_029", "m029_", "base_082", "m082_"];

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
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
    let Some(shared) = std::env::var_os("DEWLINE_SHARED").map(PathBuf::from) else {
        println!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let oracle = shared.join("oracle/cloudformation");
    let split = oracle.join("dev");
    let scope: BTreeMap<String, usize> =
        rows(&oracle.join("scope.tsv")).into_iter().map(|row| (row[0].clone(), usize::from(row[1] == "2"))).collect();
    let mut every: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    let mut wanted: BTreeMap<String, BTreeMap<(u32, usize), String>> = BTreeMap::new();
    for row in rows(&split.join("expected.tsv")) {
        if row[2] == "error" {
            let line = row[3].parse().unwrap();
            every.entry(row[0].clone()).or_default().insert(line);
            if let Some(tier) = scope.get(&row[1]) {
                let valid =
                    matches!(&*row[1], "E1010" | "E1019") && VALID_ATTRIBUTES.iter().any(|name| row[0].contains(name));
                if !valid {
                    wanted.entry(row[0].clone()).or_default().insert((line, *tier), row[1].clone());
                }
            }
        }
    }
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let (mut log, mut times, mut unexplained) = (String::new(), Vec::new(), 0);
    for row in rows(&split.join("manifest.tsv")) {
        let (name, kind) = (&row[0], &row[1]);
        let bytes = std::fs::read(split.join("inputs").join(name)).unwrap();
        let is_sam = String::from_utf8_lossy(&bytes).contains("AWS::Serverless-2016-10-31");
        let (ours, time) = lines(name, bytes);
        if let Some(time) = time {
            times.push(time);
        }
        let empty = BTreeSet::new();
        let errors = every.get(name).unwrap_or(&empty);
        // The other linter looks into SAM resources by their own schemas only: it neither follows
        // references there nor checks what they expand to, so only the rest must be equal.
        unexplained += usize::from(errors.is_empty() && !ours.is_empty() && !is_sam);
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
        for (line, (problem, message)) in &ours {
            if !errors.contains(line) {
                let clean = if errors.is_empty() { "clean" } else { "" };
                let _ = writeln!(log, "extra\t{clean}\t{kind}\t{name}:{line}\t{problem:?}: {message}");
            }
        }
    }
    times.sort();
    for (kind, s) in &scores {
        println!(
            "{kind}: templates {}, clean {}, flagged {} | tier 1 {}/{}, tier 2 {}/{} | our lines {}, agreeing {}",
            s.templates, s.clean, s.flagged, s.hit[0], s.wanted[0], s.hit[1], s.wanted[1], s.ours, s.agreeing
        );
    }
    let total: Duration = times.iter().sum();
    println!(
        "validation: median {:?}, p95 {:?}, total {total:?}",
        times[times.len() / 2],
        times[times.len() * 95 / 100]
    );
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/schema-oracle.tsv");
    let _ = std::fs::write(target, log);
    let (all, bad, mutants) = (&scores["ALL"], &scores["fixtures-bad"], &scores["mutant"]);
    assert_eq!(unexplained, 0, "clean templates without SAM flagged");
    assert!(all.flagged * 100 <= all.clean * 8, "clean templates flagged");
    assert!(bad.hit[0] * 100 >= bad.wanted[0] * 90, "fixtures-bad below 90 %");
    assert!(mutants.hit[0] * 100 >= mutants.wanted[0] * 97, "mutants below 97 %");
    assert!(all.agreeing * 100 >= all.ours * 85, "agreement below 85 %");
}

/// Lines with an error, and how long validation took when everything is warm.
fn lines(name: &str, bytes: Vec<u8>) -> (BTreeMap<u32, (ProblemKind, String)>, Option<Duration>) {
    let file = Arc::new(SourceFile::from_bytes(name, bytes));
    let inputs = Inputs::default();
    let Some(loaded) = load::load(Arc::clone(&file), &NoFiles, &inputs) else { return (BTreeMap::new(), None) };
    let written = loaded.written.as_ref().unwrap_or(&loaded.root);
    let broken = loaded.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax);
    let subject = Subject { dialect: loaded.dialect, written, expanded: &loaded.root, broken, today: "2026-11-23" };
    validate(subject, &inputs);
    let start = Instant::now();
    let problems = validate(subject, &inputs);
    let time = start.elapsed();
    let mut lines = BTreeMap::new();
    for problem in loaded.problems.iter().chain(&problems).filter(|problem| !is_advice(problem.kind)) {
        let span = problem.origin.span();
        if span.file.0 == 0 {
            let line = loaded.sources.get(span.file).position(span.start).line;
            lines.entry(line).or_insert_with(|| (problem.kind, problem.message.clone()));
        }
    }
    (lines, Some(time))
}
