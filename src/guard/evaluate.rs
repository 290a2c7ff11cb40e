//! The one place that calls cfn-guard.
//!
//! Its engine has no limit of its own, and breaks down on some input. It runs on a thread that is
//! left behind when it takes too long, with room for rules that nest deeply.

use super::data;
use super::results;
use super::rules::RuleFile;
use crate::finding::{Finding, Severity};
use crate::graph::Graph;
use crate::policy::{Meta, Options};
use cfn_guard::commands::Executable;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder, ValidateBuilder};
use serde_json::{Map, Value as Json};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

/// How long the rules of one file may take on one template.
pub const LIMIT: Duration = Duration::from_secs(10);
/// Rules may nest.
const STACK: usize = 64 << 20;

/// An organisation rule that is to run.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'o> {
    /// Its description.
    pub meta: &'static Meta,
    /// Its severity where configuration changes it.
    pub severity: Option<Severity>,
    /// Its parameters.
    pub options: &'o Options,
}

/// Why rules came to no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// The engine broke down, or answered what nobody can read.
    Broken(String),
    /// They took too long.
    Slow,
}

/// Findings of the rules that are `wanted`. A rule file on which the evaluation breaks down or
/// takes too long yields one finding that names it, and the others still run.
pub fn run(files: &[RuleFile], graph: &Graph, wanted: &[Wanted<'_>]) -> Vec<Finding> {
    run_within(files, graph, wanted, LIMIT)
}

/// As [`run`], with a limit of its own.
pub fn run_within(files: &[RuleFile], graph: &Graph, wanted: &[Wanted<'_>], limit: Duration) -> Vec<Finding> {
    let named = |file: &&RuleFile| {
        file.mistakes.is_empty() && file.metas().any(|meta| wanted.iter().any(|one| one.meta.name == meta.name))
    };
    let files: Vec<&RuleFile> = files.iter().filter(named).collect();
    if files.is_empty() {
        return Vec::new();
    }
    let (tree, mut facts) = data::of(graph, Json::Null);
    let mut documents = Vec::new();
    let jobs = files.iter().map(|file| {
        let rules = file.rules.iter().filter_map(|rule| {
            let one = wanted.iter().find(|one| one.meta.name == rule.meta.name)?;
            Some((rule.written.to_owned(), data::parameters(rule.meta, one.options)))
        });
        let parameters = Json::Object(rules.collect::<Map<String, Json>>());
        if let Some(own) = facts.get_mut(data::KEY) {
            own["Parameters"] = parameters;
        }
        let skip = file.is_slow.load(Ordering::Relaxed);
        documents.push(facts.clone());
        (file.text.to_string(), facts.to_string(), skip)
    });
    let jobs: Vec<(String, String, bool)> = jobs.collect();
    let reports = evaluate_all(jobs, limit);
    let mut found = Vec::new();
    for ((file, report), data) in files.iter().zip(reports).zip(documents) {
        match report {
            Ok(report) => {
                let mut alone = |id: &str| {
                    let mut one = data.clone();
                    if let Some(resources) = one.get_mut("Resources").and_then(Json::as_object_mut) {
                        resources.retain(|known, _| known == id);
                    }
                    self::report(&file.text, &one.to_string(), limit).ok()
                };
                found.extend(results::findings(file, &report, graph, &tree, wanted, &mut alone));
            }
            Err(failed) => {
                if failed == Failed::Slow {
                    file.is_slow.store(true, Ordering::Relaxed);
                }
                found.push(results::failed(file, &failed, limit, graph));
            }
        }
    }
    found
}

/// The reports of rules on data, each within `limit`.
fn evaluate_all(jobs: Vec<(String, String, bool)>, limit: Duration) -> Vec<Result<Json, Failed>> {
    let count = jobs.len();
    let mut results: Vec<Result<Json, Failed>> = Vec::with_capacity(count);
    let jobs = std::sync::Arc::new(jobs);
    while results.len() < count {
        let (sender, receiver) = mpsc::channel();
        let (jobs, start) = (std::sync::Arc::clone(&jobs), results.len());
        let work = move || {
            for (rules, data, skip) in jobs.iter().skip(start) {
                let result = if *skip { Err(Failed::Slow) } else { evaluate(rules, data) };
                if sender.send(result).is_err() {
                    return;
                }
            }
        };
        if let Err(error) = std::thread::Builder::new().stack_size(STACK).spawn(work) {
            results.resize(count, Err(Failed::Broken(error.to_string())));
            return results;
        }
        while results.len() < count {
            match receiver.recv_timeout(limit) {
                Ok(result) => results.push(result),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    results.push(Err(Failed::Slow));
                    break;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    results.push(Err(Failed::Broken("it ended without an answer".to_owned())));
                    break;
                }
            }
        }
    }
    results
}

/// The structured report of one rule file on one document, within `limit`.
pub(super) fn report(rules: &str, data: &str, limit: Duration) -> Result<Json, Failed> {
    let jobs = vec![(rules.to_owned(), data.to_owned(), false)];
    evaluate_all(jobs, limit).pop().unwrap_or(Err(Failed::Slow))
}

fn evaluate(rules: &str, data: &str) -> Result<Json, Failed> {
    let (out, _) = execute(rules, data, false).map_err(Failed::Broken)?;
    serde_json::from_str(&out).map_err(|error| Failed::Broken(error.to_string()))
}

/// What the Guard parser says about rules it cannot read, with the bytes it means.
pub(super) fn syntax_error(rules: &str) -> Option<(Range<usize>, String)> {
    let (sender, receiver) = mpsc::channel();
    let text = rules.to_owned();
    let work = move || sender.send(execute(&text, "{}", true));
    let spawned = std::thread::Builder::new().stack_size(STACK).spawn(work);
    let message = match spawned.map(|_| receiver.recv_timeout(LIMIT)) {
        Ok(Ok(Ok((errors, code)))) => {
            let refused = errors.contains("Parsing error") || errors.contains("Parser Error");
            if !refused && matches!(code, 0 | 19) {
                return None;
            }
            clean(&errors)
        }
        Ok(Ok(Err(message))) => message,
        Ok(Err(_)) => "the Guard parser does not come to an end".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(located(rules, &message))
}

/// The bytes and the words of `… at line 3 at column 5, when handling …, fragment …`.
fn located(rules: &str, message: &str) -> (Range<usize>, String) {
    let number = |after: &str| -> Option<usize> {
        let rest = message.split(after).nth(1)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    let first = rules.lines().next().map_or(0, str::len);
    let Some(line) = number("at line ").filter(|line| *line > 0) else { return (0..first, message.to_owned()) };
    let start: usize = rules.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let text = rules.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let column = number("at column ").unwrap_or(1).saturating_sub(1);
    let from = text.char_indices().nth(column).map_or(text.trim_end().len(), |(at, _)| at);
    let end = text.trim_end().len().max(from);
    // Only what it was reading is news: the place is marked, and the rest of the file is known.
    let handling = message.split("when handling ").nth(1).and_then(|rest| rest.split(", fragment").next());
    let what = match handling.map(str::trim).filter(|what| !what.is_empty()) {
        Some(what) => what.to_owned(),
        None => "this is not understood".to_owned(),
    };
    (start + from..start + end, what)
}

fn clean(errors: &str) -> String {
    let text = errors.split("Error = ").last().unwrap_or(errors).replace("RULES_STDIN[1] ", "").replace("---", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs cfn-guard; answers its output (or, with `errors`, its error stream) and its exit code.
fn execute(rules: &str, data: &str, errors: bool) -> Result<(String, i32), String> {
    let payload = serde_json::json!({ "rules": [rules], "data": [data] }).to_string();
    let run = || -> Result<(String, i32), cfn_guard::Error> {
        let command = ValidateBuilder::default()
            .payload(true)
            .structured(true)
            .output_format(OutputFormatType::JSON)
            .show_summary(vec![ShowSummaryType::None])
            .try_build()?;
        let mut reader = Reader::new(ReadBuffer::Cursor(std::io::Cursor::new(payload.into_bytes())));
        let mut writer = Writer::new_with_err(WriteBuffer::Vec(Vec::new()), WriteBuffer::Vec(Vec::new()))?;
        let code = command.execute(&mut writer, &mut reader)?;
        let text = if errors { writer.err_to_stripped()? } else { writer.into_string()? };
        Ok((text, code))
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("the Guard engine broke down on these rules".to_owned()),
    }
}
