//! How long validation takes when everything is warm.
//!
//! `DEWLINE_SHARED=… cargo bench --bench validation`. Targets: a median of 60 µs a real template,
//! 0.25 s over the reference list of templates, 50 ms for a template with twenty conditions and
//! choices within choices.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a measurement prints and may fail

#[path = "../tests/suite/folder.rs"]
mod folder;
#[path = "../tests/suite/validity/condition_heavy/templates.rs"]
mod templates;

use dewline::source::{Files, SourceFile};
use dewline::template::load::{Loaded, load};
use dewline::template::validate::{Subject, validate};
use dewline::template::{Inputs, ProblemKind};
use folder::Folder;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs of each template, of which the fastest counts.
const RUNS: usize = 5;

fn time(loaded: &Loaded) -> Duration {
    let inputs = Inputs::default();
    let subject = Subject {
        dialect: loaded.dialect,
        written: loaded.written.as_ref().unwrap_or(&loaded.root),
        expanded: &loaded.root,
        broken: loaded.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax),
        today: "2026-11-23",
    };
    let run = || {
        let start = Instant::now();
        black_box(validate(subject, &inputs));
        start.elapsed()
    };
    (0..RUNS).map(|_| run()).min().unwrap()
}

fn main() {
    for (name, text) in templates::all() {
        let file = Arc::new(SourceFile::new("template.yaml", text));
        let loaded = load(file, &Folder(PathBuf::new()), &Inputs::default()).unwrap();
        println!("conditions ({name}): {:?}", time(&loaded));
    }
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        println!("real templates skipped: DEWLINE_SHARED is not set");
        return;
    };
    let corpus = Folder(PathBuf::from(shared).join("corpus"));
    let list = std::fs::read_to_string(corpus.0.join("bench/many500.lst")).unwrap();
    let loaded = list.lines().filter_map(|path| load(corpus.read(path).ok()?, &corpus, &Inputs::default()));
    let mut times: Vec<Duration> = loaded.map(|loaded| time(&loaded)).collect();
    times.sort();
    println!(
        "{} real templates: median {:?}, 95 % below {:?}, at most {:?}, all {:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 95 / 100],
        times[times.len() - 1],
        times.iter().sum::<Duration>()
    );
}
