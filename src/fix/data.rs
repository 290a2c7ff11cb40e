//! Data in the form the author writes functions in.

use crate::document::Document;
use crate::document::edit::Tree;
use serde_json::Value as Json;

/// How a text writes functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forms {
    /// `!Ref Queue` instead of `Ref: Queue`.
    short: bool,
}

impl Forms {
    /// The form of `document`; `short` where it uses no function.
    pub fn of(document: &Document, short: bool) -> Self {
        let text = document.source().text();
        if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            return Self { short: false };
        }
        let tagged = ["!Ref ", "!GetAtt ", "!Sub "].iter().any(|tag| text.contains(tag));
        let long = ["Ref:", "Fn::"].iter().any(|name| text.contains(name));
        Self { short: tagged || short && !long }
    }

    /// `data` as it is written.
    pub fn tree(self, data: &Json) -> Option<Tree> {
        Some(match data {
            Json::Null => Tree::Null,
            Json::Bool(value) => Tree::Bool(*value),
            Json::Number(number) => Tree::Int(number.as_i64()?),
            Json::String(text) => Tree::Str(text.clone()),
            Json::Array(items) => Tree::Seq(items.iter().map(|item| self.tree(item)).collect::<Option<_>>()?),
            Json::Object(map) => {
                if let Some(tagged) = self.tagged(data) {
                    return Some(tagged);
                }
                let entries = map.iter().map(|(key, value)| Some((key.clone(), self.tree(value)?)));
                Tree::Map(entries.collect::<Option<_>>()?)
            }
        })
    }

    fn tagged(self, data: &Json) -> Option<Tree> {
        let (name, argument) = data.as_object().filter(|map| self.short && map.len() == 1)?.iter().next()?;
        match (name.as_str(), argument) {
            ("Ref", Json::String(id)) => Some(Tree::Tagged("!Ref", id.clone())),
            ("Fn::Sub", Json::String(text)) => Some(Tree::Tagged("!Sub", text.clone())),
            ("Fn::GetAtt", Json::Array(parts)) => {
                let parts: Option<Vec<&str>> = parts.iter().map(Json::as_str).collect();
                Some(Tree::Tagged("!GetAtt", parts?.join(".")))
            }
            _ => None,
        }
    }
}
