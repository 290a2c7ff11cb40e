//! State machine definitions that stand in files of their own.
//!
//! The transform turns a local `DefinitionUri` into the place it is uploaded to; what the
//! machine does is in the file, which is read here before that happens.

use super::lowering::Lowering;
use super::value::{Map, Text, Value};
use crate::document::{Document, Schema};
use crate::source::FileId;
use std::collections::BTreeMap;

/// Definitions by logical id, for machines whose definition is a readable local file.
pub(super) fn read(root: &Value, cx: &mut Lowering<'_>) -> BTreeMap<Text, Value> {
    let mut found = BTreeMap::new();
    for entry in root.get("Resources").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        let property = match entry.value.get("Type").and_then(Value::as_str) {
            Some("AWS::Serverless::StateMachine") => "DefinitionUri",
            Some("AWS::StepFunctions::StateMachine") => "DefinitionS3Location",
            _ => continue,
        };
        let path = entry.value.at(&["Properties", property]).and_then(Value::as_str);
        let Some(path) = path.filter(|path| !path.contains("://")) else { continue };
        let base = cx.directory(entry.value.span().file);
        // A file that is not there may be made by a build step; one with placeholders outside
        // of texts is no JSON until it is deployed. Either way the definition is not known.
        let Ok(file) = cx.read(&base, path) else { continue };
        if let Some(definition) = parsed(file, cx) {
            found.insert(entry.key.clone(), definition);
        }
    }
    found
}

fn parsed(file: FileId, cx: &mut Lowering<'_>) -> Option<Value> {
    let document = Document::parse(file, cx.sources.get(file));
    if !document.errors().is_empty() {
        return None;
    }
    let definition = super::lower::document(&document, Schema::Yaml11, &mut Vec::new());
    cx.included.push(document);
    definition.as_map().is_some().then_some(definition)
}

#[cfg(test)]
mod tests {
    use crate::graph::{EdgeKind, Graph};
    use crate::source::{Files, ReadError, SourceFile};
    use crate::template::{Inputs, Template, load};
    use std::sync::Arc;

    struct One;

    impl Files for One {
        fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
            let text =
                r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "Resource": "${Worker}", "End": true}}}"#;
            if path == "app/flow.asl.json" {
                Ok(Arc::new(SourceFile::new(path, text)))
            } else {
                Err(ReadError::Missing)
            }
        }
        fn exists(&self, path: &str) -> bool {
            path == "app/flow.asl.json"
        }
        fn size(&self, _: &str) -> Option<u64> {
            None
        }
    }

    #[test]
    fn a_definition_file_gives_the_machine_its_edges() {
        let text = "Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flow.asl.json
      DefinitionSubstitutions: {Worker: !GetAtt Work.Arn}
  Work:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: nodejs24.x, CodeUri: src/}
";
        let inputs = Inputs::default();
        let loaded = load::load(Arc::new(SourceFile::new("app/template.yaml", text)), &One, &inputs).unwrap();
        let template = Template::new(loaded.dialect, loaded.root, loaded.problems, inputs);
        let graph = Graph::new(template.with_definitions(loaded.definitions));
        let targets: Vec<_> =
            graph.node("Flow").unwrap().targets(EdgeKind::InvokesSync).map(|node| node.name().to_owned()).collect();
        assert_eq!(targets, ["Work"]);
    }
}
