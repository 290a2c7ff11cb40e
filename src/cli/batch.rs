//! Many files at once: parallel, each on its own, with progress for long walks.

use super::discover::Target;
use super::files;
use crate::engine::{self, Analysis};
use crate::graph::{Graph, NodeRef};
use crate::report::monitoring::{Monitored, Signal};
use crate::report::{self, Failure, Run};
use crate::source::{Files, ReadError, SourceFile, Sources};
use rayon::prelude::*;
use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// With fewer files a pool of threads costs more than it saves.
const FEW: usize = 4;
/// Deeply nested templates need deep recursion.
const STACK: usize = 16 << 20;

/// What came of one file.
#[derive(Debug)]
pub enum Outcome {
    /// A template, with the count of suppressed findings.
    Checked(Box<report::File>, usize),
    /// Something else.
    NotATemplate,
    /// It could not be read.
    Failed(Failure),
}

/// Checks every target; outcomes come in the order of the targets.
pub fn check(targets: &[Target], run: &Run, progress: bool) -> Vec<Outcome> {
    quiet_panics();
    let progress = Progress::new(targets.len(), progress);
    let one = |target: &Target| {
        let outcome = check_file(target, run);
        progress.step();
        outcome
    };
    let outcomes = if targets.len() < FEW {
        targets.iter().map(one).collect()
    } else {
        match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
            Ok(pool) => pool.install(|| targets.par_iter().map(one).collect()),
            Err(_) => targets.iter().map(one).collect(),
        }
    };
    progress.clear();
    outcomes
}

/// Reads and checks one target.
pub fn check_file(target: &Target, run: &Run) -> Outcome {
    match files::read(&target.path, &target.full) {
        Ok(file) => check_source(file, &*target.project.files, target, run),
        Err(error) => Outcome::Failed(unreadable(&target.path, &error)),
    }
}

fn unreadable(path: &str, error: &ReadError) -> Failure {
    let help = match error {
        ReadError::TooLarge(_) => "exclude it in `dewline.yaml`: CloudFormation takes templates up to 1 MB",
        _ => "check its permissions, or exclude it in `dewline.yaml`",
    };
    Failure { path: path.to_owned(), message: format!("it cannot be read: {error}"), help: help.to_owned() }
}

/// Checks one text; a defect of ours in it costs no other file its findings.
pub fn check_source(file: Arc<SourceFile>, files: &dyn Files, target: &Target, run: &Run) -> Outcome {
    let path = file.path().to_owned();
    match analyze(file, files, target) {
        Ok(None) => Outcome::NotATemplate,
        Ok(Some(Analysis { dialect, sources, findings, suppressed, graph, .. })) => {
            let monitored = if run.monitoring { monitored(&graph) } else { Vec::new() };
            // Texts are kept only where a report will show them.
            let sources = if findings.is_empty() { Sources::default() } else { sources };
            Outcome::Checked(
                Box::new(report::File { path, dialect: dialect.name(), sources, findings, monitored }),
                suppressed,
            )
        }
        Err(failure) => Outcome::Failed(failure),
    }
}

/// What ought to be watched in a template, and what is.
pub fn monitored(graph: &Graph) -> Vec<Monitored> {
    let names = |nodes: Vec<NodeRef<'_>>| nodes.into_iter().map(|node| node.name().to_owned()).collect();
    let coverage = graph.coverage().into_iter();
    let monitored = coverage.map(|one| Monitored {
        resource: one.node.name().to_owned(),
        kind: one.node.kind().noun(),
        signals: one
            .signals
            .into_iter()
            .map(|signal| Signal {
                name: signal.signal.name,
                means: signal.signal.means.name(),
                metrics: signal.signal.metrics,
                watched: signal.watched,
                by: names(signal.by),
                unheard: names(signal.unheard),
            })
            .collect(),
    });
    monitored.collect()
}

/// Analyses one text, with a panic turned into a failure.
pub fn analyze(file: Arc<SourceFile>, files: &dyn Files, target: &Target) -> Result<Option<Analysis>, Failure> {
    let path = file.path().to_owned();
    catch_unwind(AssertUnwindSafe(|| engine::analyze(file, files, &target.project.settings))).map_err(|_| Failure {
        path,
        message: format!("dewline failed on this file: {}", PANIC.with(|panic| panic.borrow().clone())),
        help: "this is a defect of dewline; please report it with the file, and exclude the file until it is mended"
            .to_owned(),
    })
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps the text of a panic for the report in place of printing it.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|info| {
        PANIC.with(|panic| *panic.borrow_mut() = info.to_string().replace('\n', " "));
    }));
}

/// A line on standard error that counts files, shown on terminals when a walk takes long.
struct Progress {
    total: usize,
    done: AtomicUsize,
    started: Instant,
    shown: AtomicUsize,
    enabled: bool,
}

impl Progress {
    fn new(total: usize, wanted: bool) -> Self {
        let enabled = wanted && total >= FEW && std::io::stderr().is_terminal();
        Self { total, done: AtomicUsize::new(0), started: Instant::now(), shown: AtomicUsize::new(0), enabled }
    }

    fn step(&self) {
        if !self.enabled {
            return;
        }
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Ten times a second, the first time after half a second.
        let tenth = (self.started.elapsed().as_millis() / 100) as usize;
        if self.started.elapsed() > Duration::from_millis(500) && self.shown.swap(tenth, Ordering::Relaxed) != tenth {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[Kchecking {done} of {} files", self.total);
        }
    }

    fn clear(&self) {
        if self.shown.load(Ordering::Relaxed) > 0 {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}
