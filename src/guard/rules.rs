//! Guard files: their rules with what their headers say.

use super::evaluate;
use super::header::{Header, Mistake};
use crate::finding::{Category, Severity};
use crate::policy::Meta;
use crate::policy::own::{self, OwnRule};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A file with rules.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Where it comes from, for messages.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// Its rules, in order. Those that take arguments are parts of others.
    pub rules: Vec<Rule>,
    /// What is wrong with it. A file with mistakes is not run.
    pub mistakes: Vec<RuleMistake>,
    /// Its rules outside of `rule`, which Guard calls `default`.
    pub(super) default: &'static Meta,
    /// Whether it took too long once: it is not tried again.
    pub(super) is_slow: Arc<AtomicBool>,
}

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its description; the name is the one that findings carry.
    pub meta: &'static Meta,
    /// What it is called in the file.
    pub written: &'static str,
}

/// Something wrong in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMistake {
    /// The bytes at fault.
    pub range: Range<usize>,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The next step.
    pub help: String,
}

impl RuleFile {
    /// Reads a Guard file, and checks that its rules parse.
    pub fn parse(path: impl Into<String>, text: &str) -> Self {
        let path = path.into();
        let mut mistakes = Vec::new();
        let (file, rules) = headers(text, &mut mistakes);
        let stem = path.rsplit('/').next().unwrap_or(&path);
        let stem = stem.split('.').next().unwrap_or(stem);
        let default = describe(&Header { name: file.name.clone(), ..Header::default() }.over(&file), stem, &path);
        let only = rules.len() == 1;
        let rules: Vec<Rule> = rules
            .into_iter()
            .map(|(written, header)| {
                let mut header = header.over(&file);
                if only && header.name.is_none() {
                    header.name.clone_from(&file.name);
                }
                let meta = describe(&header, &written, &path);
                Rule { meta, written: own::text(&written) }
            })
            .collect();
        if let Some((range, message)) = evaluate::syntax_error(text) {
            let help = "the Guard language writes `rule name { Resources.*.Properties exists }`".to_owned();
            mistakes.push((range, format!("the Guard rules cannot be read: {message}"), help));
        }
        let mistakes = mistakes.into_iter().map(|(range, message, help)| RuleMistake { range, message, help });
        let is_slow = Arc::new(AtomicBool::new(false));
        Self { path, text: text.into(), rules, mistakes: mistakes.collect(), default, is_slow }
    }

    /// The descriptions of everything that findings of this file may be called.
    pub fn metas(&self) -> impl Iterator<Item = &'static Meta> {
        let named = self.rules.iter().map(|rule| rule.meta);
        named.chain(has_default(&self.text).then_some(self.default))
    }

    /// Adds a mistake of the whole file, which is then not run.
    pub fn refuse(&mut self, message: impl Into<String>, help: impl Into<String>) {
        let first = self.text.lines().next().map_or(0, str::len);
        self.mistakes.push(RuleMistake { range: 0..first, message: message.into(), help: help.into() });
    }

    /// The rule that the file calls `written`.
    pub(super) fn rule(&self, written: &str) -> &'static Meta {
        let found = self.rules.iter().find(|rule| rule.written == written);
        found.map_or(self.default, |rule| rule.meta)
    }
}

/// The header of the file, and its rules with theirs.
fn headers(text: &str, mistakes: &mut Vec<Mistake>) -> (Header, Vec<(String, Header)>) {
    let mut file = Header::default();
    let mut rules = Vec::new();
    let mut block: Vec<(usize, &str)> = Vec::new();
    let mut at_start = true;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('#') {
            block.push((offset, line.trim_end()));
        } else {
            let name = rule_name(trimmed);
            match name {
                Some(name) => rules.push((name.to_owned(), Header::read(&block, mistakes))),
                None if at_start && !block.is_empty() => file = Header::read(&block, mistakes),
                None => {}
            }
            at_start &= block.is_empty() && trimmed.is_empty();
            block.clear();
        }
        offset += line.len();
    }
    (file, rules)
}

/// The name of the rule that a line begins; rules with arguments have none of their own.
fn rule_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("rule ")?.trim_start();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    (end > 0 && !rest[end..].starts_with('(')).then(|| &rest[..end])
}

/// Whether clauses stand outside of all rules.
fn has_default(text: &str) -> bool {
    let mut depth = 0_i32;
    // A rule may open its block some lines below its name.
    let mut in_head = false;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if depth == 0 {
            in_head |= line.starts_with("rule ");
            let goes_on = ["let ", "}", "]", "<<", ">>"].iter().any(|start| line.starts_with(start));
            if !in_head && !goes_on {
                return true;
            }
            in_head &= !line.contains('{');
        }
        let code = line.split(" #").next().unwrap_or(line);
        depth += code.matches(['{', '[']).count() as i32 - code.matches(['}', ']']).count() as i32;
    }
    false
}

fn describe(header: &Header, written: &str, path: &str) -> &'static Meta {
    let name = header.name.clone().unwrap_or_else(|| written.to_lowercase().replace(['_', ' '], "-"));
    let mut docs = format!("`{name}`, a rule of your organisation, does not hold.\n");
    for (title, text) in [("Why it matters", &header.reason), ("How to fix", &header.help)] {
        if let Some(text) = text {
            docs += &format!("\n## {title}\n\n{text}\n");
        }
    }
    docs += &format!("\n## Source\n\nThe Guard rule `{written}` of {path}.\n");
    own::rule(&OwnRule {
        name,
        category: header.category.unwrap_or(Category::Security),
        severity: header.severity.unwrap_or(Severity::Medium),
        docs,
        file: path.to_owned(),
        parameters: header.parameters.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_belong_to_the_file_or_to_the_rule_below() {
        let text = "# category: cost\n# reason: for all\n\nlet all = Resources.*\n\n# name: first-one\n# severity: high\n\
                    rule first { Resources exists }\n\nrule second_rule when %all !empty { Resources exists }\n\
                    rule helper(x) { %x exists }\n";
        let file = RuleFile::parse("a/house.guard", text);
        assert!(file.mistakes.is_empty(), "{:?}", file.mistakes);
        let shown: Vec<_> =
            file.rules.iter().map(|rule| (rule.meta.name, rule.meta.severity, rule.meta.category)).collect();
        assert_eq!(
            shown,
            [("first-one", Severity::High, Category::Cost), ("second-rule", Severity::Medium, Category::Cost)]
        );
        assert_eq!(file.rules[0].meta.section("Why it matters"), "for all");
        assert_eq!(file.metas().count(), 2);
    }

    #[test]
    fn clauses_outside_of_rules_are_called_after_the_file() {
        for text in ["Resources.*.Type exists\n", "let a = Resources.*\nwhen %a !empty {\n  %a.Type exists\n}\n"] {
            let file = RuleFile::parse("a/house.guard", text);
            assert_eq!(file.metas().map(|meta| meta.name).collect::<Vec<_>>(), ["house"], "{text}");
        }
        let file = RuleFile::parse(
            "house.guard",
            "let a = Resources.*[\n  Type exists\n]\nrule r\n  when %a !empty\n{\n  %a exists\n}\n",
        );
        assert_eq!(file.metas().map(|meta| meta.name).collect::<Vec<_>>(), ["r"]);
    }

    #[test]
    fn mistakes_are_located() {
        let text = "# severity: grave\nrule r { Resources exists }\n";
        let file = RuleFile::parse("a.guard", text);
        assert_eq!(file.mistakes[0].message, "`grave` is no severity");
        let text = "rule fine { Resources exists }\n\nrule broken {\n  Resources.* is_string ==\n";
        let file = RuleFile::parse("a.guard", text);
        let mistake = file.mistakes.first().expect("a mistake");
        assert!(text[..mistake.range.start].matches('\n').count() >= 2, "{mistake:?}");
        assert!(mistake.message.starts_with("the Guard rules cannot be read"), "{mistake:?}");
    }
}
