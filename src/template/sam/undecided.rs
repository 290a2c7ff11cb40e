//! Refusals that rest on a parameter without a value.
//!
//! The transform is handed the values of all parameters. Where none is known here, it sees the
//! reference itself and refuses it in places that ask for text; a deployment, which has the
//! value, may well pass.

use crate::source::Span;
use crate::template::lowering::Inputs;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Kind, Map, Value};

/// Whether `problem` refuses a part of `written` that refers to a parameter which has neither
/// a default nor a value in `inputs`.
pub fn is_undecided(problem: &Problem, written: &Value, inputs: &Inputs) -> bool {
    if problem.kind != ProblemKind::TransformRefused {
        return false;
    }
    let Some(refused) = find(written, problem.origin.span()) else { return false };
    let parameters = written.get("Parameters").and_then(Value::as_map);
    let open = |name: &str| {
        let declared = parameters.and_then(|parameters| parameters.get(name));
        declared.is_some_and(|parameter| parameter.get("Default").is_none()) && !inputs.parameters.contains_key(name)
    };
    refers(refused, &open)
}

fn find(value: &Value, span: Span) -> Option<&Value> {
    if value.origin.span() == span {
        return Some(value);
    }
    match &value.kind {
        Kind::List(items) => items.iter().find_map(|item| find(item, span)),
        Kind::Map(map) => map.values().find_map(|value| find(value, span)),
        _ => None,
    }
}

fn refers(value: &Value, open: &impl Fn(&str) -> bool) -> bool {
    if let Some(("Ref", name)) = value.single() {
        return name.as_str().is_some_and(open);
    }
    match &value.kind {
        Kind::List(items) => items.iter().any(|item| refers(item, open)),
        Kind::Map(map) => Map::values(map).any(|value| refers(value, open)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{Files, ReadError, SourceFile};
    use crate::template::{Inputs, load};
    use std::sync::Arc;

    struct NoFiles;

    impl Files for NoFiles {
        fn read(&self, _: &str) -> Result<Arc<SourceFile>, ReadError> {
            Err(ReadError::Missing)
        }
        fn exists(&self, _: &str) -> bool {
            false
        }
        fn size(&self, _: &str) -> Option<u64> {
            None
        }
    }

    fn refused(parameter: &str) -> (usize, usize) {
        let text = format!(
            "Transform: AWS::Serverless-2016-10-31\nParameters: {{Stage: {parameter}}}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {{Handler: a.b, Runtime: python3.13, CodeUri: s3://b/k, AutoPublishAlias: !Ref Stage}}\n"
        );
        let inputs = Inputs::default();
        let mut loaded = load::load(Arc::new(SourceFile::new("t.yaml", &text)), &NoFiles, &inputs).expect("a template");
        let all = loaded.problems.len();
        loaded.drop_undecided(&inputs);
        (all, loaded.problems.len())
    }

    #[test]
    fn what_rests_on_a_parameter_without_a_value_is_undecided() {
        assert_eq!(refused("{Type: String}"), (1, 0));
        assert_eq!(refused("{Type: String, Default: live}"), (0, 0));
        assert_eq!(refused("{Type: Number, Default: 7}"), (1, 1));
    }
}
