//! `samconfig.toml`: what the SAM CLI deploys with, by environment.

use crate::document::settings::SettingsProblem;
use crate::source::{FileId, SourceFile, Span, closest};
use std::collections::BTreeMap;
use toml_edit::{Document, Item, TableLike, TomlError};

/// The name of the file, beside the template.
pub const SAM_CONFIG: &str = "samconfig.toml";
/// Commands whose settings say how a template is deployed, the most specific last.
const COMMANDS: [&str; 4] = ["global", "validate", "build", "deploy"];

/// What an environment of `samconfig.toml` says about a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SamEnvironment {
    /// The region.
    pub region: Option<String>,
    /// Values of template parameters, by name.
    pub parameters: BTreeMap<String, String>,
}

/// Reads the environment `name` of `file`.
///
/// # Errors
/// Every problem of the file that matters to the environment, by place.
pub fn read_sam_config(file: &SourceFile, name: &str) -> Result<SamEnvironment, Vec<SettingsProblem>> {
    let document = Document::parse(file.text()).map_err(|error| vec![syntax(&error)])?;
    let mut reader = Reader::default();
    let root = document.as_table();
    let Some(environment) = root.get(name).and_then(Item::as_table_like) else {
        let names: Vec<&str> = root.iter().filter(|(_, item)| item.is_table_like()).map(|(name, _)| name).collect();
        let help = match closest(name, names.iter().copied(), 1).first() {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if names.is_empty() => format!("add `[{name}.deploy.parameters]`"),
            None => format!("it has `{}`", names.join("`, `")),
        };
        reader.problem(None, format!("there is no environment `{name}`"), help);
        return Err(reader.problems);
    };
    for command in COMMANDS {
        let settings = environment.get(command).and_then(|item| item.get("parameters"));
        if let Some(settings) = settings.and_then(Item::as_table_like) {
            reader.settings(settings);
        }
    }
    if reader.problems.is_empty() { Ok(reader.environment) } else { Err(reader.problems) }
}

#[derive(Default)]
struct Reader {
    environment: SamEnvironment,
    problems: Vec<SettingsProblem>,
}

impl Reader {
    fn problem(&mut self, span: Option<std::ops::Range<usize>>, message: String, help: impl Into<String>) {
        self.problems.push(SettingsProblem { span: located(span), message, help: Some(help.into()) });
    }

    fn settings(&mut self, settings: &dyn TableLike) {
        if let Some(region) = settings.get("region") {
            match region.as_str() {
                Some(region) => self.environment.region = Some(region.to_owned()),
                None => self.problem(region.span(), "`region` must be text".to_owned(), "write `region = \"…\"`"),
            }
        }
        let Some(overrides) = settings.get("parameter_overrides") else { return };
        if let Some(text) = overrides.as_str() {
            self.overrides(overrides.span(), text);
        } else if let Some(list) = overrides.as_array() {
            for item in list {
                match item.as_str() {
                    Some(text) => self.overrides(item.span(), text),
                    None => self.not_text(item.span()),
                }
            }
        } else if let Some(table) = overrides.as_table_like() {
            for (name, item) in table.iter() {
                match item.as_value().and_then(plain) {
                    Some(value) => _ = self.environment.parameters.insert(name.to_owned(), value),
                    None => self.not_text(item.span()),
                }
            }
        } else {
            self.not_text(overrides.span());
        }
    }

    fn not_text(&mut self, span: Option<std::ops::Range<usize>>) {
        let help = "write `parameter_overrides = \"Name=Value …\"`, a list of such texts, or a table";
        self.problem(span, "`parameter_overrides` must name parameters and their values".to_owned(), help);
    }

    /// `Name=Value` or `ParameterKey=Name,ParameterValue=Value`, separated by spaces; values may
    /// stand between quotes.
    fn overrides(&mut self, span: Option<std::ops::Range<usize>>, text: &str) {
        for word in words(text) {
            let pair = match word.strip_prefix("ParameterKey=") {
                Some(rest) => rest.split_once(",ParameterValue="),
                None => word.split_once('='),
            };
            match pair {
                Some((name, value)) if !name.is_empty() => {
                    self.environment.parameters.insert(name.to_owned(), value.to_owned());
                }
                _ if word.starts_with("file://") => {
                    let help = "name the file with `--parameters` instead";
                    self.problem(span.clone(), format!("`{word}` is not read"), help);
                }
                _ => self.problem(span.clone(), format!("`{word}` is no `Name=Value`"), "write `Name=Value`"),
            }
        }
    }
}

/// The words of `text`: separated by white space, without the quotes around values.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(|next| matches!(next, '"' | '\'' | '\\')) => {
                word.get_or_insert_default().extend(letters.next());
            }
            '"' | '\'' if quote.is_none() => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            _ if quote == Some(letter) => quote = None,
            _ if letter.is_whitespace() && quote.is_none() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

fn plain(value: &toml_edit::Value) -> Option<String> {
    match value {
        toml_edit::Value::String(text) => Some(text.value().clone()),
        toml_edit::Value::Integer(number) => Some(number.value().to_string()),
        toml_edit::Value::Float(number) => Some(number.value().to_string()),
        toml_edit::Value::Boolean(value) => Some(value.value().to_string()),
        _ => None,
    }
}

fn located(span: Option<std::ops::Range<usize>>) -> Span {
    let span = span.unwrap_or(0..0);
    Span::new(FileId(0), span.start as u32, span.end as u32)
}

fn syntax(error: &TomlError) -> SettingsProblem {
    let message = error.message().lines().next().unwrap_or("this is not TOML").to_owned();
    SettingsProblem { span: located(error.span()), message, help: Some("correct the TOML".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
version = 0.1
[default.global.parameters]
region = "eu-west-1"
stack_name = "shop"
[default.deploy.parameters]
parameter_overrides = "Stage=dev Title=\"a b\" ParameterKey=Size,ParameterValue=5"
[prod.deploy.parameters]
region = "us-east-1"
parameter_overrides = ["Stage=prod", "Url=https://a/?b=c"]
[test.deploy.parameters.parameter_overrides]
Size = 7
[odd.deploy.parameters]
region = 5
parameter_overrides = "Stage"
"#;

    fn read(name: &str) -> Result<SamEnvironment, Vec<String>> {
        read_sam_config(&SourceFile::new(SAM_CONFIG, FILE), name)
            .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect())
    }

    fn parameters<const N: usize>(given: [(&str, &str); N]) -> BTreeMap<String, String> {
        given.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn environments_are_read_in_every_form() {
        let found = read("default").unwrap();
        assert_eq!(found.region.as_deref(), Some("eu-west-1"));
        assert_eq!(found.parameters, parameters([("Size", "5"), ("Stage", "dev"), ("Title", "a b")]));
        let found = read("prod").unwrap();
        assert_eq!(found.region.as_deref(), Some("us-east-1"));
        assert_eq!(found.parameters, parameters([("Stage", "prod"), ("Url", "https://a/?b=c")]));
        assert_eq!(read("test").unwrap().parameters, parameters([("Size", "7")]));
    }

    #[test]
    fn mistakes_are_told() {
        assert_eq!(read("prodd").unwrap_err(), ["there is no environment `prodd`"]);
        assert_eq!(read("odd").unwrap_err(), ["`region` must be text", "`Stage` is no `Name=Value`"]);
        let broken = SourceFile::new(SAM_CONFIG, "[default\n");
        let problems = read_sam_config(&broken, "default").unwrap_err();
        assert_eq!(problems.len(), 1);
        assert!(!problems[0].message.is_empty());
    }
}
