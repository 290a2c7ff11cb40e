//! One template with chosen policies and organisation rules.

use crate::beside::Beside;
use dewline::engine::{Analysis, Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::guard::RuleFile;
use dewline::source::SourceFile;
use dewline::template::Inputs;
use std::sync::Arc;

/// Checks `text`, with other files beside it, by the policies of `select` and the rules of `guard`.
pub fn checked(path: &str, text: &str, files: &[(&str, &str)], select: &[&str], guard: &str) -> Analysis {
    let guard = if guard.is_empty() { Vec::new() } else { vec![RuleFile::parse("rules.guard", guard)] };
    let rules: Vec<_> = guard.iter().flat_map(RuleFile::metas).collect();
    let own = rules.iter().map(|meta| meta.name.to_owned());
    let request = SelectionRequest {
        select: select.iter().map(|name| (*name).to_owned()).chain(own).collect(),
        rules,
        ..SelectionRequest::default()
    };
    let settings = Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard,
        require_reason: false,
    };
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    analyze(Arc::new(SourceFile::new(path, text)), &Beside(files), &settings).unwrap()
}
