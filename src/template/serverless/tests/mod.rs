//! Small services, expanded.

mod compose;
mod elsewhere;
mod events;
mod hostile;
mod lift;
mod plugins;
mod provenance;
mod validation;
mod variables;

use crate::source::{Files, ReadError, SourceFile, Span};
use crate::template::load::{Loaded, load};
use crate::template::value::{Map, Value};
use crate::template::{Inputs, ProblemKind, json};
use std::sync::Arc;

/// Files in memory; everything outside `app/` is outside the project.
struct Memory(Vec<(&'static str, &'static str)>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        if !path.starts_with("app/") {
            return Err(ReadError::Outside);
        }
        let found = self.0.iter().find(|(known, _)| *known == path).ok_or(ReadError::Missing)?;
        Ok(Arc::new(SourceFile::new(path, found.1)))
    }

    fn exists(&self, path: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == path)
    }

    fn size(&self, _path: &str) -> Option<u64> {
        None
    }
}

fn expand_with(text: &str, others: &[(&'static str, &'static str)], inputs: &Inputs) -> Loaded {
    let files = Memory(others.to_vec());
    let file = Arc::new(SourceFile::new("app/serverless.yml", text));
    load(file, &files, inputs).expect("a service")
}

fn expand(text: &str) -> Loaded {
    expand_with(text, &[], &Inputs::default())
}

impl Loaded {
    fn resources(&self) -> &Map {
        self.root.get("Resources").and_then(Value::as_map).expect("resources")
    }

    fn at(&self, path: &[&str]) -> &Value {
        self.root.at(path).unwrap_or_else(|| panic!("nothing at {path:?}"))
    }

    /// The text of `span`.
    fn written(&self, span: Span) -> &str {
        self.sources.text(span)
    }

    fn kinds(&self) -> Vec<ProblemKind> {
        self.problems.iter().map(|problem| problem.kind).collect()
    }

    fn shown(&self, path: &[&str]) -> String {
        json::to_json(self.at(path)).to_string()
    }
}

#[test]
fn junk_is_survived() {
    for text in [
        "service: avc\nprovider: aws\n",
        "service: [a]\nprovider: [aws]\nfunctions: 3\n",
        "service: avc\nprovider: {name: aws}\nfunctions: [a, {b: {events: 3}}, null]\nresources: 7\n",
        "service: avc\nprovider: {name: aws, vpc: 1, iam: {role: {statements: {a: b}}}, environment: [1]}\n\
         functions: {f: {handler: {}, events: [1, a, {http: 3}, {http: {}}, {sqs: {}}, {s3: {}}, {stream: 1},\n\
         {sns: {}}, {schedule: {}}, {alb: {}}, {websocket: {}}, {httpApi: 'x'}, {cognitoUserPool: 1}, {kafka: 1},\n\
         {msk: 1}, {eventBridge: 1}, {cloudFront: 1}, {iot: 1}, {cloudwatchLog: {}}, {alexaSkill: 1}]}}\n\
         layers: {l: 1}\nplugins: 3\nstepFunctions: 1\nconstructs: {q: {type: queue}}\nresources: {extensions: {F: 1}}\n",
        "service: ${self:service}\nprovider: ${self:provider}\nfunctions: ${self:functions}\n",
        "service: avc\nprovider: {name: aws}\nfunctions:\n  ? {a: b}\n  : {handler: x}\n",
    ] {
        let loaded = expand(text);
        assert!(json::to_json(&loaded.root).is_object(), "{text}");
    }
}
