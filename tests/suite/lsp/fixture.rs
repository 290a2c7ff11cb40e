//! Files with marks: `▮` is the cursor, `«…»` a range that an answer must name.

use super::client::{Client, capabilities};
use serde_json::{Value, json};

pub struct Fixture {
    pub client: Client,
    pub file: String,
    pub cursor: Value,
    /// Marked ranges, by address, in the order of the text.
    pub ranges: Vec<(String, Value)>,
    pub texts: Vec<(String, String)>,
}

impl Fixture {
    /// Opens every file; the one with the cursor is asked about.
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, capabilities())
    }

    pub fn with(files: &[(&str, &str)], capabilities: Value) -> Self {
        let mut cursor = None;
        let mut marked = Vec::new();
        let mut texts: Vec<(String, String)> = Vec::new();
        for (name, text) in files {
            let mut clean = String::new();
            let mut open = Vec::new();
            for c in text.chars() {
                match c {
                    '▮' => cursor = Some(((*name).to_owned(), position(&clean))),
                    '«' => open.push(position(&clean)),
                    '»' => {
                        let range = json!({ "start": open.pop().unwrap(), "end": position(&clean) });
                        marked.push(((*name).to_owned(), range));
                    }
                    c => clean.push(c),
                }
            }
            assert!(open.is_empty(), "an open range in {name}");
            texts.push(((*name).to_owned(), clean));
        }
        let on_disk: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let client = Client::with(&on_disk, capabilities, json!({}));
        for (name, text) in &texts {
            client.open(name, text);
        }
        let (file, cursor) = cursor.unwrap_or((files[0].0.to_owned(), json!({ "line": 0, "character": 0 })));
        let ranges = marked.into_iter().map(|(name, range)| (client.uri(&name), range)).collect();
        Self { client, file, cursor, ranges, texts }
    }

    pub fn at(&self) -> Value {
        json!({ "textDocument": { "uri": self.client.uri(&self.file) }, "position": self.cursor })
    }

    pub fn request(&self, method: &str, more: Value) -> Value {
        let mut params = self.at();
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        self.client.request(method, params)
    }

    pub fn text(&self, name: &str) -> &str {
        &self.texts.iter().find(|(known, _)| known == name).unwrap().1
    }

    /// The texts after a workspace edit, by name.
    pub fn applied(&self, edit: &Value) -> Vec<(String, String)> {
        let mut texts = self.texts.clone();
        let by_file: Vec<(String, Value)> = match edit.get("documentChanges").and_then(Value::as_array) {
            Some(changes) => changes
                .iter()
                .filter(|change| change.get("edits").is_some())
                .map(|change| (change["textDocument"]["uri"].as_str().unwrap().to_owned(), change["edits"].clone()))
                .collect(),
            None => edit["changes"]
                .as_object()
                .unwrap_or_else(|| panic!("no changes: {edit}"))
                .iter()
                .map(|(uri, edits)| (uri.clone(), edits.clone()))
                .collect(),
        };
        for (uri, edits) in by_file {
            let at = texts.iter().position(|(name, _)| self.client.uri(name) == uri).expect("an unknown file");
            texts[at].1 = apply(&texts[at].1, &edits);
        }
        texts
    }
}

/// The position of the end of `text`, in bytes.
fn position(text: &str) -> Value {
    let line = text.matches('\n').count();
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text.len() - start })
}

/// The byte offset of a position.
pub fn offset(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().unwrap() as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    start + position["character"].as_u64().unwrap() as usize
}

pub fn apply(text: &str, edits: &Value) -> String {
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(text, &range["start"]), offset(text, &range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|edit| (edit.0, edit.1));
    let mut out = String::new();
    let mut at = 0;
    for (start, end, new) in edits {
        out.push_str(&text[at..start]);
        out.push_str(new);
        at = end;
    }
    out + &text[at..]
}
