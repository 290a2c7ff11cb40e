//! Files with values of template parameters, in the forms that deployment tools read:
//! CloudFormation's list of `ParameterKey` and `ParameterValue`, CodePipeline's map under
//! `Parameters`, a list of `Name=Value`, and a plain map.

use crate::document::settings::{SettingsProblem, SettingsProblems, is_null, parse_settings};
use crate::document::{Kind, NodeRef};
use crate::source::{SourceFile, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

const HELP: &str = "write a list of `ParameterKey` and `ParameterValue`, or a map of names and values, \
                    optionally under `Parameters`";

/// Reads the parameter file `file`, JSON or YAML: values by name.
///
/// # Errors
/// Every problem of the file, by place.
pub fn read_parameters(file: &Arc<SourceFile>) -> Result<BTreeMap<String, String>, Vec<SettingsProblem>> {
    let (document, problems) = parse_settings(file);
    let mut reader = Reader { values: BTreeMap::new(), problems };
    if reader.problems.is_empty() {
        match document.root() {
            Some(root) if root.kind() == Kind::Seq => reader.list(root),
            Some(root) if root.kind() == Kind::Map => match root.get("Parameters") {
                Some(inner) if inner.kind() == Kind::Map => reader.map(inner),
                _ => reader.map(root),
            },
            Some(root) if !is_null(root) => {
                reader.problems.add(root.span(), "this is no list and no map of parameters".to_owned(), HELP);
            }
            _ => {}
        }
    }
    reader.problems.or(reader.values)
}

struct Reader {
    values: BTreeMap<String, String>,
    problems: SettingsProblems,
}

impl Reader {
    fn map(&mut self, map: NodeRef<'_>) {
        for (name, value) in map.pairs() {
            self.set(name, name.text(), value);
        }
    }

    fn list(&mut self, list: NodeRef<'_>) {
        for item in list.children() {
            if item.kind() == Kind::Scalar
                && let Some((name, value)) = item.text().split_once('=')
            {
                self.insert(item.span(), name, value.to_owned());
                continue;
            }
            match (item.get("ParameterKey"), item.get("ParameterValue")) {
                (Some(name), Some(value)) => self.set(name, name.text(), value),
                // A stack that exists keeps its value, which is not known here.
                (Some(_), None) if item.get("UsePreviousValue").is_some() => {}
                _ => self.problems.add(item.span(), "this item names no parameter and value".to_owned(), HELP),
            }
        }
    }

    fn set(&mut self, at: NodeRef<'_>, name: &str, value: NodeRef<'_>) {
        match value.kind() {
            Kind::Scalar if !is_null(value) => self.insert(at.span(), name, value.text().to_owned()),
            Kind::Seq if value.children().all(|item| item.kind() == Kind::Scalar) => {
                let items: Vec<&str> = value.children().map(NodeRef::text).collect();
                self.insert(at.span(), name, items.join(","));
            }
            _ => self.problems.add(
                value.span(),
                format!("the value of the parameter `{name}` is no text"),
                "write a text, a number, a boolean, or a list of them",
            ),
        }
    }

    fn insert(&mut self, span: Span, name: &str, value: String) {
        if self.values.insert(name.to_owned(), value).is_some() {
            self.problems.add(span, format!("the parameter `{name}` is given twice"), "remove one of the two");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, String>, Vec<String>> {
        read_parameters(&Arc::new(SourceFile::new("parameters.json", text)))
            .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn every_form_gives_the_same_values() {
        let wanted = BTreeMap::from([("Stage".to_owned(), "prod".to_owned()), ("Size".to_owned(), "5".to_owned())]);
        for text in [
            r#"[{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Size", "ParameterValue": "5"}]"#,
            r#"["Stage=prod", "Size=5"]"#,
            r#"{"Parameters": {"Stage": "prod", "Size": "5"}, "Tags": {"Team": "a"}}"#,
            "Stage: prod\nSize: 5\n",
        ] {
            assert_eq!(read(text).as_ref(), Ok(&wanted), "{text}");
        }
        let kept = r#"[{"ParameterKey": "Stage", "UsePreviousValue": true}]"#;
        assert_eq!(read(kept), Ok(BTreeMap::new()));
        let lists = BTreeMap::from([("Subnets".to_owned(), "a,b".to_owned())]);
        assert_eq!(read("Subnets: [a, b]"), Ok(lists));
    }

    #[test]
    fn mistakes_are_told() {
        assert_eq!(read("text").unwrap_err(), ["this is no list and no map of parameters"]);
        assert_eq!(read("[{Key: a}]").unwrap_err(), ["this item names no parameter and value"]);
        assert_eq!(read("A: {b: c}").unwrap_err(), ["the value of the parameter `A` is no text"]);
        assert_eq!(read("[A=1, A=2]").unwrap_err(), ["the parameter `A` is given twice"]);
        assert_eq!(read("{\"A\": ").unwrap_err().len(), 1);
    }
}
