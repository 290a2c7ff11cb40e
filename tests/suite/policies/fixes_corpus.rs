//! Fixes on real templates: every one that is offered holds what it promises. A sample is drawn
//! so that the test stays below a minute; `DEWLINE_SEED` draws another, `DEWLINE_FIXES=all` takes
//! every file. Needs the reference data; without `DEWLINE_SHARED` the test says so and passes.

use crate::folder::Folder;
use crate::policies::fixing;
use dewline::engine::analyze;
use dewline::policies;
use dewline::policy::FixKind;
use dewline::source::Files;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Findings of one policy that are tried in one file.
const PER_POLICY: usize = 2;
/// Rounds in which all fixes of a file come to rest.
const ROUNDS: usize = 60;
/// Files of a sample: the same ones on a fast machine as on a slow one.
const FILES: usize = 250;
/// How long new files are begun.
const TIME: Duration = Duration::from_secs(40);

#[test]
fn fixes_hold_what_they_promise_on_real_templates() {
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let corpus = Folder(PathBuf::from(shared).join("corpus"));
    let seed: u64 = std::env::var("DEWLINE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let all = std::env::var("DEWLINE_FIXES").is_ok_and(|mode| mode == "all");
    println!("seed {seed}");
    let manifest = std::fs::read_to_string(corpus.0.join("manifest.tsv")).unwrap();
    let mut lines = manifest.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let at = |name: &str| head.iter().position(|cell| *cell == name).unwrap();
    let (role, path, parses) = (at("role"), at("corpus_path"), at("parses"));
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    let mut paths: Vec<String> =
        rows.filter(|row| row[role] == "template" && row[parses] == "1").map(|row| row[path].to_owned()).collect();
    // A shuffle that is the same on every machine.
    paths.sort_by_key(|path| {
        path.bytes().fold(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    });
    let settings = fixing::settings(&[]);
    let started = Instant::now();
    let results: Vec<(String, Vec<(String, Vec<String>)>)> = paths
        .par_iter()
        .take(if all { usize::MAX } else { FILES })
        .filter(|_| all || started.elapsed() < TIME)
        .filter_map(|path| {
            let file = corpus.read(path).ok()?;
            if file.text().len() > 40_000 && !all {
                return None;
            }
            let analysis = analyze(file, &corpus, &settings)?;
            let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
            let mut found = Vec::new();
            for finding in analysis.findings.iter().filter(|finding| finding.fix.is_some()) {
                if !all && started.elapsed() > TIME {
                    break;
                }
                let count = tried.entry(&finding.policy).or_default();
                *count += 1;
                if *count <= PER_POLICY || all {
                    let mut faults = fixing::faults(&analysis, finding, &corpus, &settings);
                    let declared = policies::find(&finding.policy).map(|policy| policy.meta.fix);
                    let safe = finding.fix.as_ref().is_some_and(|fix| fix.safe);
                    match (declared, safe) {
                        (Some(FixKind::Sometimes), _)
                        | (Some(FixKind::Safe), true)
                        | (Some(FixKind::Unsafe), false) => {}
                        (declared, safe) => faults.push(format!("declares {declared:?}, offers safe: {safe}")),
                    }
                    found.push((finding.policy.clone(), faults));
                }
            }
            // The command line makes all of them, round by round.
            let small = analysis.document.source().text().len() < 6_000 && started.elapsed() < TIME;
            if path.bytes().map(usize::from).sum::<usize>() % 8 == 0 && (small || all) {
                let errors = analysis.document.errors().len();
                let (after, rounds) = fixing::all_fixed(analysis, &corpus, &settings, ROUNDS);
                let mut faults = Vec::new();
                if rounds >= ROUNDS {
                    faults.push(format!("not at rest after {rounds} rounds"));
                }
                if after.document.errors().len() > errors {
                    faults.push("all fixes together leave a syntax error".to_owned());
                }
                found.push(("all".to_owned(), faults));
            }
            Some((path.clone(), found))
        })
        .collect();
    let mut by_policy: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (path, found) in &results {
        for (policy, faults) in found {
            let entry = by_policy.entry(policy).or_default();
            entry.0 += 1;
            entry.1 += usize::from(!faults.is_empty());
            wrong.extend(faults.iter().map(|fault| format!("{path}: {policy}: {fault}")));
        }
    }
    let tried: usize = by_policy.values().map(|(tried, _)| tried).sum();
    for (policy, (tried, failed)) in &by_policy {
        println!("{tried:6} {failed:4} {policy}");
    }
    println!("{} files, {tried} fixes of {} policies, {:?}", results.len(), by_policy.len(), started.elapsed());
    assert!(results.len() > 10 && tried > 20, "{} files, {tried} fixes", results.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
