//! Fixes: edits of findings, applied until nothing is left to apply.

use super::batch;
use super::discover::Target;
use crate::finding::{Edit, Finding, Patch, Taken};
use crate::report::Failure;
use crate::source::{Files, ReadError, SourceFile, Sources};
use similar::TextDiff;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One fix may make room for another; this many rounds are enough for any that come to rest.
const ROUNDS: usize = 100;

/// Files that were changed in memory, over those on disk.
pub struct Overlay<'f> {
    disk: &'f dyn Files,
    changed: &'f BTreeMap<String, Arc<SourceFile>>,
}

impl<'f> Overlay<'f> {
    /// `changed` over `disk`.
    pub fn new(disk: &'f dyn Files, changed: &'f BTreeMap<String, Arc<SourceFile>>) -> Self {
        Self { disk, changed }
    }
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        self.changed.get(path).map_or_else(|| self.disk.read(path), |file| Ok(Arc::clone(file)))
    }

    fn exists(&self, path: &str) -> bool {
        self.disk.exists(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.disk.size(path)
    }
}

/// What fixing has changed, in memory.
#[derive(Default)]
pub struct Fixes {
    /// Changed files by path.
    pub changed: BTreeMap<String, Arc<SourceFile>>,
    /// The texts they had.
    pub originals: BTreeMap<String, Arc<SourceFile>>,
    /// How many findings were mended.
    pub count: usize,
}

impl Fixes {
    /// Applies the fixes of the findings in `target`; unsafe ones only if `all`.
    pub fn apply(&mut self, target: &Target, all: bool) -> Result<(), Failure> {
        for _ in 0..ROUNDS {
            let overlay = Overlay::new(&*target.project.files, &self.changed);
            // Problems with reading are reported by the check itself.
            let Ok(file) = overlay.read(&target.path) else { return Ok(()) };
            let Some(analysis) = batch::analyze(file, &overlay, target)? else { return Ok(()) };
            let edits = choose(&analysis.findings, &analysis.sources, all);
            if edits.1 == 0 {
                return Ok(());
            }
            self.count += edits.1;
            for (path, edits) in edits.0 {
                let Some((_, file)) = analysis.sources.iter().find(|(_, file)| file.path() == path) else { continue };
                let text = edited(file.text(), edits);
                self.originals.entry(path.clone()).or_insert_with(|| Arc::clone(file));
                self.changed.insert(path.clone(), Arc::new(SourceFile::new(path, text)));
            }
        }
        Ok(())
    }

    /// All changes as one unified diff.
    pub fn diff(&self) -> String {
        let mut text = String::new();
        for (path, changed) in &self.changed {
            let Some(original) = self.originals.get(path) else { continue };
            let diff = TextDiff::from_lines(original.text(), changed.text());
            text += &diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string();
        }
        text
    }

    /// Writes the changed files.
    pub fn write(&self) -> Vec<Failure> {
        let write = |(path, file): (&String, &Arc<SourceFile>)| {
            std::fs::write(path, file.text()).err().map(|error| Failure {
                path: path.clone(),
                message: format!("the fixed text cannot be written: {error}"),
                help: "check the permissions of the file".to_owned(),
            })
        };
        self.changed.iter().filter_map(write).collect()
    }
}

/// The edits of as many fixes as do not touch each other, by file, and the count of fixes.
fn choose(findings: &[Finding], sources: &Sources, all: bool) -> (BTreeMap<String, Vec<Edit>>, usize) {
    let mut patch = Patch::default();
    let mut count = 0;
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.safe || all) {
        // Text that was not UTF-8 would lose bytes.
        let sound = |edit: &Edit| {
            let file = sources.get(edit.span.file);
            file.invalid_utf8().is_none() && !file.is_utf16() && file.text().get(edit.span.range()).is_some()
        };
        let changes = |edit: &Edit| sources.text(edit.span) != edit.text;
        if fix.edits.iter().all(sound) && fix.edits.iter().any(changes) {
            count += usize::from(patch.add(fix) != Taken::Clashes);
        }
    }
    let mut chosen: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for edit in patch.into_edits() {
        chosen.entry(sources.get(edit.span.file).path().to_owned()).or_default().push(edit);
    }
    (chosen, count)
}

fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        result += text.get(at..range.start).unwrap_or_default();
        result += &edit.text;
        at = range.end.max(at);
    }
    result + text.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Category, Fix, Severity};
    use crate::source::Span;

    fn finding(sources: &Sources, safe: bool, edits: &[(&str, &str)]) -> Finding {
        let (file, source) = sources.iter().next().unwrap();
        let edit = |(old, new): &(&str, &str)| {
            let start = source.text().find(old).unwrap() as u32;
            Edit { span: Span::new(file, start, start + old.len() as u32), text: (*new).to_owned() }
        };
        Finding {
            policy: "p".to_owned(),
            category: Category::Limits,
            severity: Severity::High,
            message: String::new(),
            span: Span::default(),
            label: None,
            help: None,
            resource: None,
            related: Vec::new(),
            fix: Some(Fix { safe, title: String::new(), edits: edits.iter().map(edit).collect() }),
            fingerprint: String::new(),
        }
    }

    fn sources(bytes: &[u8]) -> Sources {
        let mut sources = Sources::default();
        sources.add(Arc::new(SourceFile::from_bytes("a.yaml", bytes.to_vec())));
        sources
    }

    fn fixed(sources: &Sources, findings: &[Finding], all: bool) -> (String, usize) {
        let (mut edits, count) = choose(findings, sources, all);
        let text = sources.iter().next().unwrap().1.text();
        (edited(text, edits.remove("a.yaml").unwrap_or_default()), count)
    }

    #[test]
    fn fixes_apply_whole_and_apart_from_each_other() {
        let sources = sources("a: 1 # één\nb: 2\nc: 3\n".as_bytes());
        let first = finding(&sources, true, &[("1", "10"), ("3", "30")]);
        let clash = finding(&sources, true, &[("2", "20"), ("3", "33")]);
        let unsafe_one = finding(&sources, false, &[("2", "22")]);
        let all = [first, clash, unsafe_one];
        assert_eq!(fixed(&sources, &all, false), ("a: 10 # één\nb: 2\nc: 30\n".to_owned(), 1));
        assert_eq!(fixed(&sources, &all, true), ("a: 10 # één\nb: 22\nc: 30\n".to_owned(), 2));
    }

    #[test]
    fn nothing_is_fixed_that_would_stay_as_it_is_or_lose_bytes() {
        let sound = sources(b"a: 1\n");
        assert_eq!(fixed(&sound, &[finding(&sound, true, &[("1", "1")])], true).1, 0);
        let broken = sources(b"a: 1 # \xff\n");
        assert_eq!(fixed(&broken, &[finding(&broken, true, &[("1", "2")])], true).1, 0);
    }
}
