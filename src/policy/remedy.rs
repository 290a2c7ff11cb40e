//! What would mend a finding, said of the model: which property of which resource gets which
//! value. Where that is in the text of the author is for others to find.

use crate::graph::{Origin, Resource};
use serde_json::{Value as Json, json};

/// Changes of the template that mend a finding together.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// Whether everything else keeps its meaning.
    pub safe: bool,
    /// What it does, imperative.
    pub title: String,
    /// The changes.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug)]
pub enum Change {
    /// A property gets a value, whether it had one or not.
    Put {
        /// Logical id.
        resource: String,
        /// Keys, and numbers of list items.
        path: Vec<String>,
        /// CloudFormation data.
        value: Json,
        /// Whether a value that other resources share is left as it is, and the resource gets
        /// its own.
        own: bool,
    },
    /// A property goes, unless other resources share it.
    Drop {
        /// Logical id.
        resource: String,
        /// Keys.
        path: Vec<String>,
    },
    /// A key below a map that is written at a place gets a value.
    PutWithin {
        /// Where the map is written.
        place: Origin,
        /// Keys below it.
        path: Vec<String>,
        /// CloudFormation data.
        value: Json,
    },
    /// A list gets one more item.
    Append {
        /// Where the list is written.
        place: Origin,
        /// CloudFormation data.
        item: Json,
    },
    /// A scalar is written otherwise.
    Replace {
        /// Where it is written.
        place: Origin,
        /// What is written there.
        old: String,
        /// The new scalar.
        value: Json,
    },
    /// A reference, or the text in its place, is written otherwise.
    Rewrite {
        /// Where it is written.
        place: Origin,
        /// CloudFormation data.
        value: Json,
    },
    /// A word, as it stands at a place, is written otherwise.
    Respell {
        /// Where it is written.
        place: Origin,
        /// What is written there.
        old: String,
        /// The new word.
        new: String,
    },
    /// A text is put under a function, or gives way to one.
    Wrap {
        /// Where the text is written.
        place: Origin,
        /// CloudFormation data.
        value: Json,
    },
    /// A function gives way to its text.
    Unwrap {
        /// Where the text is written.
        place: Origin,
        /// The text.
        text: String,
    },
    /// An entry or item goes.
    Remove {
        /// Where its key or value is written.
        place: Origin,
    },
    /// An attribute of a resource beside its properties gets a value.
    Attribute {
        /// Logical id.
        resource: String,
        /// The attribute.
        name: &'static str,
        /// Its value.
        value: Json,
    },
    /// The template gets one more resource.
    Add {
        /// Logical id.
        id: String,
        /// The whole body.
        body: Json,
    },
}

impl Remedy {
    /// One that may be applied unasked.
    pub fn safe(title: impl Into<String>) -> Self {
        Self { safe: true, title: title.into(), changes: Vec::new() }
    }

    /// One that a person should look at.
    pub fn risky(title: impl Into<String>) -> Self {
        Self { safe: false, title: title.into(), changes: Vec::new() }
    }

    fn with(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Gives the property of `resource` at `path` a value.
    pub fn put(self, resource: Resource<'_>, path: &[&str], value: impl Into<Json>) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        self.with(Change::Put { resource: resource.id().to_owned(), path, value: value.into(), own: false })
    }

    /// As [`Remedy::put`], but never where other resources get the value from.
    pub fn put_own(self, resource: Resource<'_>, path: &[&str], value: impl Into<Json>) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        self.with(Change::Put { resource: resource.id().to_owned(), path, value: value.into(), own: true })
    }

    /// Gives a key below the map at `place` a value.
    pub fn put_within(self, place: Origin, path: &[&str], value: impl Into<Json>) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        self.with(Change::PutWithin { place, path, value: value.into() })
    }

    /// Appends an item to the list at `place`.
    pub fn append(self, place: Origin, item: impl Into<Json>) -> Self {
        self.with(Change::Append { place, item: item.into() })
    }

    /// Writes the scalar `old` at `place` otherwise.
    pub fn replace(self, place: Origin, old: impl ToString, value: impl Into<Json>) -> Self {
        self.with(Change::Replace { place, old: old.to_string(), value: value.into() })
    }

    /// Writes the reference at `place` otherwise.
    pub fn rewrite(self, place: Origin, value: impl Into<Json>) -> Self {
        self.with(Change::Rewrite { place, value: value.into() })
    }

    /// Writes the word `old` at `place`, a key or a text or a part of it, otherwise.
    pub fn respell(self, place: Origin, old: &str, new: &str) -> Self {
        self.with(Change::Respell { place, old: old.to_owned(), new: new.to_owned() })
    }

    /// Puts the text at `place` under a function.
    pub fn wrap(self, place: Origin, value: Json) -> Self {
        self.with(Change::Wrap { place, value })
    }

    /// Lets the function whose argument is at `place` give way to `text`.
    pub fn unwrap_function(self, place: Origin, text: &str) -> Self {
        self.with(Change::Unwrap { place, text: text.to_owned() })
    }

    /// Removes the entry or item at `place`.
    pub fn remove(self, place: Origin) -> Self {
        self.with(Change::Remove { place })
    }

    /// Removes the property of `resource` at `path`.
    pub fn remove_property(self, resource: Resource<'_>, path: &[&str]) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        self.with(Change::Drop { resource: resource.id().to_owned(), path })
    }

    /// Gives an attribute of `resource`, such as `DeletionPolicy`, a value.
    pub fn attribute(self, resource: Resource<'_>, name: &'static str, value: impl Into<Json>) -> Self {
        self.with(Change::Attribute { resource: resource.id().to_owned(), name, value: value.into() })
    }

    /// Adds a resource of type `ty` that exists always.
    pub fn add_unconditional(self, id: impl Into<String>, ty: &str, properties: Json) -> Self {
        let mut body = json!({ "Type": ty });
        if properties.as_object().is_some_and(|map| !map.is_empty()) {
            body["Properties"] = properties;
        }
        self.with(Change::Add { id: id.into(), body })
    }

    /// Adds a resource of type `ty` that exists where `subject` does.
    pub fn add(self, id: impl Into<String>, subject: Resource<'_>, ty: &str, properties: Json) -> Self {
        let mut body = json!({ "Type": ty });
        if let Some(condition) = subject.condition() {
            body["Condition"] = condition.into();
        }
        if properties.as_object().is_some_and(|map| !map.is_empty()) {
            body["Properties"] = properties;
        }
        self.with(Change::Add { id: id.into(), body })
    }
}
