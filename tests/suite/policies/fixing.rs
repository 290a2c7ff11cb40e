//! What must hold of every fix, checked on one finding of one template.

use dewline::document::Document;
use dewline::engine::{Analysis, Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::finding::{Edit, Finding, Fix, Patch, Severity, Taken};
use dewline::policies::Practice;
use dewline::policy::Profile;
use dewline::source::{Files, ReadError, SourceFile};
use dewline::template::Inputs;
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Changed texts over other files.
pub struct Changed<'f> {
    pub files: &'f dyn Files,
    pub texts: BTreeMap<String, String>,
}

impl Files for Changed<'_> {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(Arc::new(SourceFile::new(path, text.as_str()))),
            None => self.files.read(path),
        }
    }
    fn exists(&self, path: &str) -> bool {
        self.files.exists(path)
    }
    fn size(&self, path: &str) -> Option<u64> {
        self.files.size(path)
    }
}

/// Every policy, on the day of the other tests.
pub fn settings(parameters: &[(String, String)]) -> Settings {
    let request = SelectionRequest { profile: Some(Profile::All), ..SelectionRequest::default() };
    let parameters = parameters.iter().cloned().collect();
    Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs { parameters, ..Inputs::default() },
        guard: Vec::new(),
        require_reason: false,
    }
}

/// The texts of `analysis` with edits made.
pub fn edited(analysis: &Analysis, edits: &[Edit]) -> BTreeMap<String, String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| std::cmp::Reverse((edit.span.start, edit.span.end)));
    let mut texts = BTreeMap::new();
    for edit in sorted {
        let file = analysis.sources.get(edit.span.file);
        let text = texts.entry(file.path().to_owned()).or_insert_with(|| file.text().to_owned());
        text.replace_range(edit.span.range(), &edit.text);
    }
    texts
}

/// The template with a fix made.
pub fn fixed(
    analysis: &Analysis,
    fix: &Fix,
    files: &dyn Files,
    settings: &Settings,
) -> (BTreeMap<String, String>, Option<Analysis>) {
    let texts = edited(analysis, &fix.edits);
    let changed = Changed { files, texts };
    let path = analysis.document.source().path();
    let file = changed.read(path).unwrap_or_else(|_| Arc::clone(analysis.document.source()));
    let after = analyze(file, &changed, settings);
    (changed.texts, after)
}

/// What a finding says, without what the number of others adds to it.
fn saying(finding: &Finding) -> (&str, Option<&str>, &str) {
    let message = finding.message.split("; the same for ").next().unwrap_or_default();
    (&finding.policy, finding.resource.as_deref(), message)
}

/// What a finding is about, whatever its numbers are.
fn about(finding: &Finding) -> (String, String) {
    let subject = finding.resource.clone();
    let message = || finding.message.chars().filter(|c| !c.is_ascii_digit()).collect();
    (finding.policy.clone(), subject.unwrap_or_else(message))
}

/// What is wrong with the fix of `finding`; nothing, as it should be.
pub fn faults(analysis: &Analysis, finding: &Finding, files: &dyn Files, settings: &Settings) -> Vec<String> {
    let Some(fix) = &finding.fix else { return Vec::new() };
    let mut wrong = Vec::new();
    let (texts, after) = fixed(analysis, fix, files, settings);
    for (path, text) in &texts {
        let (_, old) = analysis.sources.iter().find(|(_, file)| file.path() == path).unwrap();
        let edits: Vec<&Edit> =
            fix.edits.iter().filter(|edit| analysis.sources.get(edit.span.file).path() == path).collect();
        wrong.extend(touched(old.text(), text, &edits));
        wrong.extend(unsound(old, text, &edits));
    }
    let Some(after) = after else {
        wrong.push("is no template any more".to_owned());
        return wrong;
    };
    let same = |findings: &[Finding]| findings.iter().filter(|other| saying(other) == saying(finding)).count();
    if same(&after.findings) >= same(&analysis.findings) {
        wrong.push(format!("the finding is still there: {}", finding.message));
    }
    let count = |findings: &[Finding], key: &(String, String)| findings.iter().filter(|one| about(one) == *key).count();
    for other in after.findings.iter().filter(|other| other.severity >= Severity::Medium) {
        let key = about(other);
        let said = |findings: &[Finding]| {
            findings.iter().filter(|one| (&one.policy, &one.message) == (&other.policy, &other.message)).count()
        };
        // A hint that stood for many becomes many findings as soon as one of them is mended.
        let hinted = Practice::of(&other.policy).is_some_and(|practice| !practice.is_seen(&analysis.graph))
            && analysis.findings.iter().any(|before| before.policy == other.policy);
        // The logical id of an API's deployment carries a hash of its content.
        let renamed = said(&after.findings) <= said(&analysis.findings);
        if !hinted && !renamed && count(&after.findings, &key) > count(&analysis.findings, &key) {
            wrong.push(format!("new: {}: {}", other.policy, other.message));
        }
    }
    wrong.dedup();
    wrong
}

/// Lines that changed although no edit is on them, and line ends that are not as they were.
fn touched(old: &str, new: &str, edits: &[&Edit]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut starts = vec![0];
    starts.extend(old.match_indices('\n').map(|(at, _)| at + 1));
    let line_of = |at: u32| starts.partition_point(|start| *start <= at as usize) - 1;
    let diff = TextDiff::configure().algorithm(similar::Algorithm::Myers).diff_lines(old, new);
    let mut gone: Vec<String> = Vec::new();
    let mut come: Vec<String> = Vec::new();
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => {
                let line = change.old_index().unwrap();
                let is_touched = edits.iter().any(|edit| {
                    let (first, last) = (line_of(edit.span.start), line_of(edit.span.end));
                    (first..=last).contains(&line)
                });
                if !is_touched {
                    gone.push(change.value().to_owned());
                }
            }
            ChangeTag::Insert => come.push(change.value().to_owned()),
            ChangeTag::Equal => {}
        }
    }
    // A line may be matched with an equal one elsewhere.
    for line in gone {
        match come.iter().position(|other| *other == line) {
            Some(at) => drop(come.remove(at)),
            None => wrong.push(format!("a line changed that no edit is on: {line:?}")),
        }
    }
    let windows = old.contains("\r\n") && !old.replace("\r\n", "").contains('\n');
    if windows && new.replace("\r\n", "").contains('\n') || !old.contains('\r') && new.contains('\r') {
        wrong.push("the line ends changed".to_owned());
    }
    wrong
}

/// Errors of syntax that were not there, and comments that are not there any more.
fn unsound(old: &Arc<SourceFile>, new: &str, edits: &[&Edit]) -> Vec<String> {
    let mut wrong = Vec::new();
    let before = Document::parse(dewline::source::FileId(0), old);
    let new = Arc::new(SourceFile::new(old.path(), new));
    let after = Document::parse(dewline::source::FileId(0), &new);
    if after.errors().len() > before.errors().len() {
        wrong.push(format!("{} in\n{}", after.errors()[0].message, new.text()));
    }
    if before.json_deviation().is_none() && after.json_deviation().is_some() {
        wrong.push("it is no JSON any more".to_owned());
    }
    if after.duplicate_keys().count() > before.duplicate_keys().count() {
        wrong.push("a key stands twice".to_owned());
    }
    let texts = |document: &Document| -> Vec<String> {
        document.comments().map(|span| document.source().text()[span.range()].to_owned()).collect()
    };
    let mut left = texts(&after);
    for span in before.comments() {
        if edits.iter().any(|edit| edit.span.start <= span.start && span.end <= edit.span.end) {
            continue;
        }
        let comment = &old.text()[span.range()];
        match left.iter().position(|other| other == comment) {
            Some(at) => drop(left.swap_remove(at)),
            None => wrong.push(format!("a comment is gone: {comment}")),
        }
    }
    wrong
}

/// Makes all fixes until none is left, as the command line does; the texts, and how many
/// rounds that took.
pub fn all_fixed(analysis: Analysis, files: &dyn Files, settings: &Settings, rounds: usize) -> (Analysis, usize) {
    let mut analysis = analysis;
    let mut changed = Changed { files, texts: BTreeMap::new() };
    for round in 0..rounds {
        let mut patch = Patch::default();
        let mut taken = 0;
        for fix in analysis.findings.iter().filter_map(|finding| finding.fix.as_ref()) {
            taken += usize::from(patch.add(fix) == Taken::Added);
        }
        if taken == 0 {
            return (analysis, round);
        }
        changed.texts.extend(edited(&analysis, patch.edits()));
        let path = analysis.document.source().path().to_owned();
        let file = changed.read(&path).unwrap();
        let Some(after) = analyze(file, &changed, settings) else { return (analysis, usize::MAX) };
        analysis = after;
    }
    (analysis, rounds)
}
