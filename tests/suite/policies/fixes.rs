//! Every policy that declares a fix offers one on its failing examples, and the fix holds what
//! a fix promises: the finding is gone, the text parses, nothing of severity medium or above is
//! new, no other line changed, and once it is made there is nothing left to make.

use crate::beside::Beside;
use crate::policies::fixing;
use dewline::engine::{Analysis, Settings, analyze};
use dewline::policies;
use dewline::policy::{Example, FixKind, Meta};
use dewline::source::SourceFile;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

fn analysis(meta: &Meta, example: &Example, text: &str) -> Option<(Analysis, Settings, Beside)> {
    let settings = fixing::settings(&example.parameters);
    let name = match &*example.dialect {
        "serverless" => "serverless.yml",
        "json" => "template.json",
        _ => "template.yaml",
    };
    let files = Beside(meta.example_files());
    let file = Arc::new(SourceFile::new(name, text));
    Some((analyze(file, &files, &settings)?, settings, files))
}

#[test]
fn fixes_hold_what_they_promise_on_every_example() {
    let mut wrong = Vec::new();
    let mut offering = BTreeSet::new();
    for policy in policies::ALL.iter() {
        let meta = &policy.meta;
        for example in meta.examples().into_iter().filter(|example| example.fails) {
            let label = format!("{} ({})", meta.name, example.dialect);
            let Some((analysis, settings, files)) = analysis(meta, &example, &example.text) else { continue };
            let own = analysis.findings.iter().filter(|finding| finding.policy == meta.name);
            let mut offered = false;
            for finding in own.filter(|finding| finding.fix.is_some()) {
                let fix = finding.fix.as_ref().unwrap();
                offered = true;
                let kept = match meta.fix {
                    FixKind::None => false,
                    FixKind::Safe => fix.safe,
                    FixKind::Unsafe => !fix.safe,
                    FixKind::Sometimes => true,
                };
                if !kept {
                    wrong.push(format!(
                        "{label}: declares {:?}, but offers `{}`, safe: {}",
                        meta.fix, fix.title, fix.safe
                    ));
                }
                for fault in fixing::faults(&analysis, finding, &files, &settings) {
                    let text = fixing::edited(&analysis, &fix.edits);
                    wrong.push(format!("{label}: `{}`: {fault}\n{}", fix.title, text.values().next().unwrap()));
                }
            }
            if offered {
                offering.insert(meta.name);
            } else if matches!(meta.fix, FixKind::Safe | FixKind::Unsafe)
                && !WITHOUT.contains(&(meta.name, &example.dialect))
            {
                wrong.push(format!("{label}: no fix is offered for\n{}", example.text));
            }
        }
        if meta.fix != FixKind::None && !offering.contains(meta.name) {
            wrong.push(format!("{}: declares {:?}, but no example shows a fix", meta.name, meta.fix));
        }
    }
    println!("{} policies offer fixes", offering.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(offering.len() >= AT_LEAST, "{} policies offer fixes", offering.len());
}

/// Examples of policies with fixes whose place no author can edit.
const WITHOUT: &[(&str, &str)] = &[];

/// Policies that offer fixes.
const AT_LEAST: usize = 90;

/// Comments, blank lines and line ends make no difference to what a fix writes.
#[test]
fn fixes_keep_comments_and_line_ends() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for policy in policies::ALL.iter().filter(|policy| policy.meta.fix != FixKind::None) {
        let meta = &policy.meta;
        for example in meta.examples().into_iter().filter(|example| example.fails && example.dialect != "json") {
            let label = format!("{} ({})", meta.name, example.dialect);
            if example.text.contains(['|', '>']) || example.text.contains("\n---") {
                continue;
            }
            let plain = fixes(meta, &example, &example.text);
            let windows = example.text.replace('\n', "\r\n");
            let other = fixes(meta, &example, &windows);
            seen += plain.len();
            let expected: Vec<String> = plain.iter().map(|text| text.replace('\n', "\r\n")).collect();
            if other != expected {
                wrong.push(format!("{label}: with CRLF {other:?}, but without {plain:?}"));
            }
            let mut noted = String::new();
            for (at, line) in example.text.lines().enumerate() {
                writeln!(noted, "{line} # n{at}\n# note {at}").expect("a string takes everything");
            }
            let Some((analysis, settings, files)) = analysis(meta, &example, &noted) else { continue };
            let own = analysis.findings.iter().filter(|finding| finding.policy == meta.name && finding.fix.is_some());
            for finding in own {
                for fault in fixing::faults(&analysis, finding, &files, &settings) {
                    let text = fixing::edited(&analysis, &finding.fix.as_ref().unwrap().edits);
                    wrong.push(format!("{label} with comments: {fault}\n{}", text.values().next().unwrap()));
                }
            }
        }
    }
    assert!(seen > 10, "{seen} fixes seen");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn fixes(meta: &Meta, example: &Example, text: &str) -> Vec<String> {
    let Some((analysis, ..)) = analysis(meta, example, text) else { return Vec::new() };
    let own = analysis.findings.iter().filter(|finding| finding.policy == meta.name);
    own.filter_map(|finding| fixing::edited(&analysis, &finding.fix.as_ref()?.edits).into_values().next()).collect()
}

/// All fixes together come to rest.
#[test]
fn all_fixes_together_come_to_rest() {
    const ROUNDS: usize = 30;
    let wrong: Vec<String> = policies::ALL
        .par_iter()
        .filter(|policy| policy.meta.fix != FixKind::None)
        .flat_map_iter(|policy| {
            let failing = policy.meta.examples().into_iter().filter(|example| example.fails);
            failing.filter_map(|example| {
                let (analysis, settings, files) = analysis(&policy.meta, &example, &example.text)?;
                let before = analysis.document.errors().len();
                let (after, rounds) = fixing::all_fixed(analysis, &files, &settings, ROUNDS);
                let text = after.document.source().text();
                let rest = rounds < ROUNDS && after.document.errors().len() <= before;
                (!rest).then(|| format!("{} ({}): {rounds} rounds\n{text}", policy.meta.name, example.dialect))
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
