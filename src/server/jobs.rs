//! The two threads behind the main loop: one for what the user waits for, one for what may
//! take long (organisation rules, the whole workspace).

use super::dispatch::Call;
use super::documents::Text;
use super::publish;
use super::snapshot::Snapshot;
use super::uri;
use crate::source::SourceFile;
use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_types::Diagnostic;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

/// Deeply nested templates need deep recursion.
const STACK: usize = 16 << 20;
/// Files that are looked through for a template that includes an open file.
const MAX_PARENTS: usize = 40;

/// Work for a thread.
pub(super) enum Job {
    /// Answer a request.
    Call(Box<Call>),
    /// Check a text and send its diagnostics.
    Diagnose(Arc<Text>, Snapshot),
    /// Run organisation rules on a checked text.
    Guard(Arc<Text>, Snapshot),
    /// Look for templates that include a text.
    FindParents(Arc<Text>, Snapshot),
}

/// What a thread tells the main loop.
pub(super) enum Event {
    /// The diagnostics of a text, by file.
    Diagnosed { text: Arc<Text>, diagnostics: Vec<(String, Vec<Diagnostic>)>, is_template: bool, waits_for_guard: bool },
    /// Organisation rules have run.
    Guarded(Arc<Text>),
    /// Templates that include a text.
    Parents(Vec<Arc<SourceFile>>),
}

/// The threads and their queues.
pub(super) struct Threads {
    quick: Option<Sender<Job>>,
    slow: Option<Sender<Job>>,
    handles: Vec<JoinHandle<()>>,
    /// What they tell.
    pub events: Receiver<Event>,
}

impl Threads {
    pub fn start() -> std::io::Result<Self> {
        let (tell, events) = unbounded();
        let mut handles = Vec::new();
        let mut queue = |name: &str| {
            let (sender, jobs) = unbounded::<Job>();
            let tell = tell.clone();
            let builder = std::thread::Builder::new().name(name.to_owned()).stack_size(STACK);
            handles.push(builder.spawn(move || work(&jobs, &tell))?);
            std::io::Result::Ok(sender)
        };
        let (quick, slow) = (Some(queue("requests")?), Some(queue("background")?));
        Ok(Self { quick, slow, handles, events })
    }

    /// Hands a job to the thread it belongs to.
    pub fn submit(&self, job: Job) {
        let is_slow = match &job {
            Job::Call(call) => call.is_slow(),
            Job::Diagnose(..) => false,
            Job::Guard(..) | Job::FindParents(..) => true,
        };
        let queue = if is_slow { &self.slow } else { &self.quick };
        if let Some(queue) = queue {
            // The threads live as long as this.
            let _ = queue.send(job);
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        (self.quick, self.slow) = (None, None);
        for handle in self.handles.drain(..) {
            let _ = handle.join();
        }
    }
}

fn work(jobs: &Receiver<Job>, tell: &Sender<Event>) {
    for job in jobs {
        let event = match job {
            Job::Call(call) => {
                call.run();
                None
            }
            Job::Diagnose(text, snapshot) => diagnose(text, &snapshot),
            Job::Guard(text, snapshot) => {
                let run = || snapshot.checked(&text.path).inspect(|checked| checked.run_guard());
                let done = catch_unwind(AssertUnwindSafe(run));
                done.is_ok().then_some(Event::Guarded(text))
            }
            Job::FindParents(text, snapshot) => {
                let parents = catch_unwind(AssertUnwindSafe(|| parents(&text, &snapshot)));
                parents.ok().filter(|parents| !parents.is_empty()).map(Event::Parents)
            }
        };
        if let Some(event) = event {
            let _ = tell.send(event);
        }
    }
}

fn diagnose(text: Arc<Text>, snapshot: &Snapshot) -> Option<Event> {
    if text.is_superseded() {
        return None;
    }
    let checked = snapshot.checked(&text.path);
    let diagnostics = publish::by_file(&text, checked.as_deref(), snapshot);
    let waits_for_guard = checked.as_ref().is_some_and(|checked| checked.waits_for_guard());
    Some(Event::Diagnosed { is_template: checked.is_some(), text, diagnostics, waits_for_guard })
}

/// Templates near `text` that include it: those of its folder and of the folders above, up to
/// the workspace's.
fn parents(text: &Text, snapshot: &Snapshot) -> Vec<Arc<SourceFile>> {
    let mut found = Vec::new();
    let mut folder = uri::folder_of(&text.path);
    let root =
        snapshot.folders.iter().filter(|root| text.path.starts_with(&format!("{root}/"))).max_by_key(|r| r.len());
    let mut looked = 0;
    for _ in 0..8 {
        for path in snapshot.host.siblings(folder) {
            if path == text.path || snapshot.documents.get(&path).is_some() || looked >= MAX_PARENTS {
                continue;
            }
            let project = snapshot.host.project(&path);
            let Ok(file) = project.files.read(&path) else { continue };
            // Who includes a file names it.
            let stem = uri::name_of(&text.path);
            if !file.text().contains(stem) || !crate::engine::may_be_template(file.text()) {
                continue;
            }
            looked += 1;
            let Some(uri) = uri::of_path(&path) else { continue };
            let mut nearby = snapshot.clone();
            nearby.documents.insert(Text::new(uri, None, Arc::clone(&file)));
            let checked = nearby.checked(&path);
            let includes = |checked: &super::documents::Checked| {
                checked.analysis().sources.iter().any(|(_, file)| file.path() == text.path)
            };
            if checked.is_some_and(|checked| includes(&checked)) {
                found.push(file);
            }
        }
        if folder.is_empty() || root.is_none_or(|root| folder == root) {
            break;
        }
        folder = uri::folder_of(folder);
    }
    found
}
