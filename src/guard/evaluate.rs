//! The one place that calls cfn-guard.

use super::results;
use super::rules::RuleFile;
use crate::finding::Finding;
use crate::template::{Template, json};
use cfn_guard::commands::Executable;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder, ValidateBuilder};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Findings of all `files` on `template`. A rule file on which the evaluation breaks down
/// yields one finding that names it, and the others still run.
pub fn run(files: &[RuleFile], template: &Template) -> Vec<Finding> {
    if files.is_empty() {
        return Vec::new();
    }
    let data = json::to_json(&template.root).to_string();
    files
        .iter()
        .flat_map(|file| match evaluate(&file.text, &data) {
            Ok(report) => results::findings(file, &report, template),
            Err(message) => vec![results::broken(file, &message, template)],
        })
        .collect()
}

/// The structured report of one rule file on one document.
fn evaluate(rules: &str, data: &str) -> Result<serde_json::Value, String> {
    let (out, _) = execute(rules, data, false)?;
    serde_json::from_str(&out).map_err(|error| error.to_string())
}

/// What the Guard parser says about rules it cannot read.
pub(super) fn syntax_error(rules: &str) -> Option<String> {
    match execute(rules, "{}", true) {
        Err(message) => Some(message),
        Ok((errors, code)) if code != 0 && code != 19 => Some(clean(&errors)),
        Ok((errors, _)) if errors.contains("Parsing error") || errors.contains("Parser Error") => Some(clean(&errors)),
        Ok(_) => None,
    }
}

fn clean(errors: &str) -> String {
    let text = errors.split("Error = ").last().unwrap_or(errors).replace("RULES_STDIN[1] ", "").replace("---", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs cfn-guard; answers its output (or, with `errors`, its error stream) and exit code.
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
