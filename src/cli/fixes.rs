//! Fixes: shown as a difference, or written to the files.

use crate::finding::{Edit, Fix};
use crate::report::Run;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The edits that can be applied together, by path.
fn edits(run: &Run, also_unsafe: bool) -> BTreeMap<String, (String, Vec<Edit>, usize)> {
    let mut by_file: BTreeMap<String, (String, Vec<Edit>, usize)> = BTreeMap::new();
    for (file, finding) in run.findings() {
        let Some(Fix { safe, edits, .. }) = &finding.fix else { continue };
        if !(*safe || also_unsafe) || edits.is_empty() {
            continue;
        }
        let same_file = edits.iter().all(|edit| edit.span.file == edits[0].span.file);
        let path = file.path_of(edits[0].span.file).to_owned();
        let text = file.sources.get(edits[0].span.file).text();
        let (_, taken, count) = by_file.entry(path).or_insert_with(|| (text.to_owned(), Vec::new(), 0));
        let clashes = |edit: &Edit| {
            taken.iter().any(|other| edit.span.start <= other.span.end && other.span.start <= edit.span.end)
        };
        // A fix whose place another has changed comes with the next run.
        if same_file && !edits.iter().any(clashes) {
            taken.extend(edits.iter().cloned());
            *count += 1;
        }
    }
    by_file
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut text = text.to_owned();
    for edit in sorted {
        if text.is_char_boundary(edit.span.start as usize) && text.is_char_boundary(edit.span.end as usize) {
            text.replace_range(edit.span.range(), &edit.text);
        }
    }
    text
}

/// Writes the fixed files; answers how many findings were mended.
pub fn apply(run: &Run, also_unsafe: bool) -> Result<usize, String> {
    let mut fixed = 0;
    for (path, (text, edits, count)) in edits(run, also_unsafe) {
        std::fs::write(&path, applied(&text, &edits)).map_err(|error| format!("cannot write {path}: {error}"))?;
        fixed += count;
    }
    Ok(fixed)
}

/// What [`apply`] would change, as a unified difference without context.
pub fn diff(run: &Run, also_unsafe: bool) -> String {
    let mut out = String::new();
    for (path, (text, mut edits, _)) in edits(run, also_unsafe) {
        let _ = writeln!(out, "--- {path}\n+++ {path}");
        edits.sort_by_key(|edit| edit.span.start);
        for edit in &edits {
            let start = text[..edit.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
            let end = text[edit.span.end as usize..].find('\n').map_or(text.len(), |at| at + edit.span.end as usize);
            let line = text[..start].matches('\n').count() + 1;
            let before = &text[start..end];
            let after =
                [&text[start..edit.span.start as usize], &edit.text, &text[edit.span.end as usize..end]].concat();
            let _ = writeln!(out, "@@ -{line},{} +{line},{} @@", before.lines().count(), after.lines().count());
            before.lines().for_each(|line| out.push_str(&format!("-{line}\n")));
            after.lines().for_each(|line| out.push_str(&format!("+{line}\n")));
        }
    }
    out
}
