//! `Fn::ForEach`: loops unrolled.

use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Entry, Kind, Map, Origin, Text, Value};

/// Copies all loops of a template may make together.
const BUDGET: usize = 20_000;

/// Unrolls every loop whose collection is known; the others stay, in maps marked incomplete.
pub(super) fn run(root: &mut Value, cx: &mut Lowering<'_>) {
    let outside = Outside { parameters: root.get("Parameters").cloned(), mappings: root.get("Mappings").cloned() };
    let mut unroller = Unroller { cx, outside, budget: BUDGET };
    unroller.value(root, &mut Vec::new());
}

/// Reports the loops of a template that does not ask for them to be unrolled.
pub(super) fn without_transform(at: &Value, cx: &mut Lowering<'_>) {
    for item in at.as_list().unwrap_or_default() {
        without_transform(item, cx);
    }
    for entry in at.as_map().into_iter().flatten() {
        if entry.key.starts_with("Fn::ForEach::") {
            let message = format!("`{}` needs the transform `AWS::LanguageExtensions`", entry.key);
            let problem = Problem::new(ProblemKind::Intrinsic, entry.key_origin, message);
            cx.report(problem.help("add it to `Transform`, before any other"));
        }
        without_transform(&entry.value, cx);
    }
}

/// What a collection may refer to.
struct Outside {
    parameters: Option<Value>,
    mappings: Option<Value>,
}

struct Unroller<'c, 'a> {
    cx: &'c mut Lowering<'a>,
    outside: Outside,
    budget: usize,
}

/// The loop variables in force, the innermost last.
type Scope = Vec<(Text, Text)>;

impl Unroller<'_, '_> {
    fn value(&mut self, at: &mut Value, scope: &mut Scope) {
        match &mut at.kind {
            Kind::Str(text) => *text = replace(text, scope),
            Kind::List(items) => items.iter_mut().for_each(|item| self.value(item, scope)),
            Kind::Map(map) => {
                if let Some(replaced) = variable_reference(map, scope) {
                    at.kind = Kind::Str(replaced);
                    return;
                }
                if let Some(text) = settled_sub(map, scope) {
                    at.kind = Kind::Str(text);
                    return;
                }
                let (map, complete) = self.map(std::mem::take(map), scope);
                at.kind = Kind::Map(map);
                if !complete {
                    at.origin = at.origin.incomplete();
                }
            }
            _ => {}
        }
    }

    /// The map with its loops unrolled, and whether all could be.
    fn map(&mut self, map: Map, scope: &mut Scope) -> (Map, bool) {
        let mut out = Map::new();
        let mut complete = true;
        for mut entry in map {
            if entry.key.starts_with("Fn::ForEach::") {
                complete &= self.unroll(&entry, scope, &mut out);
                continue;
            }
            self.value(&mut entry.value, scope);
            out.insert_at(replace(&entry.key, scope), entry.key_origin, entry.value);
        }
        (out, complete)
    }

    fn unroll(&mut self, entry: &Entry, scope: &mut Scope, out: &mut Map) -> bool {
        let Some([variable, collection, body]) = entry.value.as_list() else {
            return self.malformed(entry, entry.value.origin, "takes a list of a variable, a collection and a map");
        };
        let (Some(variable), Some(body)) = (variable.as_str(), body.as_map()) else {
            return self.malformed(entry, entry.value.origin, "takes the variable as text and the body as a map");
        };
        let Some(items) = self.items(collection, scope) else {
            out.insert_at(entry.key.clone(), entry.key_origin, entry.value.clone());
            return false;
        };
        let mut complete = true;
        for item in items {
            scope.push((variable.into(), item));
            for body in body {
                self.budget = self.budget.saturating_sub(1);
                if self.budget == 0 {
                    scope.pop();
                    return self.malformed(entry, entry.value.origin, &format!("makes more than {BUDGET} copies"));
                }
                if body.key.starts_with("Fn::ForEach::") {
                    complete &= self.unroll(body, scope, out);
                    continue;
                }
                let mut value = body.value.clone();
                self.value(&mut value, scope);
                out.insert_at(replace(&body.key, scope), body.key_origin, value);
            }
            scope.pop();
        }
        complete
    }

    fn malformed(&mut self, entry: &Entry, origin: Origin, what: &str) -> bool {
        let message = format!("`{}` {what}", entry.key);
        let help = "write it as `Fn::ForEach::Name: [Variable, [a, b], {Key${Variable}: …}]`";
        self.cx.report(Problem::new(ProblemKind::Intrinsic, origin, message).help(help));
        false
    }

    /// The texts of a collection, when they are known.
    fn items(&self, collection: &Value, scope: &Scope) -> Option<Vec<Text>> {
        match &collection.kind {
            Kind::List(items) => items
                .iter()
                .map(|item| match &item.kind {
                    Kind::Map(map) => {
                        variable_reference(map, scope).map(|text| vec![text]).or_else(|| self.items(item, scope))
                    }
                    _ => crate::template::eval::scalar_text(item).map(|text| vec![replace(&text, scope)]),
                })
                .collect::<Option<Vec<_>>>()
                .map(|lists| lists.concat()),
            Kind::Map(map) => match map.iter().next() {
                Some(entry) if map.len() == 1 && entry.key == "Ref" => self.parameter(entry.value.as_str()?),
                Some(entry) if map.len() == 1 && entry.key == "Fn::FindInMap" => {
                    let mut at = self.outside.mappings.as_ref()?;
                    for key in entry.value.as_list()? {
                        at = at.get(&replace(key.as_str()?, scope))?;
                    }
                    self.items(at, scope)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn parameter(&self, name: &str) -> Option<Vec<Text>> {
        let given = self.cx.inputs.parameters.get(name).map(String::as_str);
        let text = given.or_else(|| self.outside.parameters.as_ref()?.get(name)?.get("Default")?.as_str())?;
        Some(text.split(',').map(|item| item.trim().into()).collect())
    }
}

/// The text behind `{"Ref": variable}` of a loop variable.
fn variable_reference(map: &Map, scope: &Scope) -> Option<Text> {
    let entry = map.iter().next().filter(|entry| map.len() == 1 && entry.key == "Ref")?;
    let name = entry.value.as_str()?;
    scope.iter().rev().find(|(variable, _)| variable == name).map(|(_, value)| value.clone())
}

/// The text of an `Fn::Sub` in which a loop leaves no variable. The transforms that come later
/// ask for text in places where they take no function.
fn settled_sub(map: &Map, scope: &Scope) -> Option<Text> {
    let entry = map.iter().next().filter(|entry| map.len() == 1 && entry.key == "Fn::Sub")?;
    let written = entry.value.as_str()?;
    let text = replace(written, scope);
    (*text != *written && !text.contains("${")).then_some(text)
}

/// `text` with `${Variable}` and `&{Variable}` (letters and digits only) replaced.
fn replace(text: &str, scope: &Scope) -> Text {
    if scope.is_empty() || !text.contains('{') {
        return text.into();
    }
    let mut out = text.to_owned();
    for (variable, value) in scope.iter().rev() {
        out = out.replace(&format!("${{{variable}}}"), value);
        let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
        out = out.replace(&format!("&{{{variable}}}"), &plain);
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use crate::source::{Files, ReadError, SourceFile};
    use crate::template::{Inputs, json, load};
    use std::sync::Arc;

    struct One(&'static str, &'static str);

    impl Files for One {
        fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
            if path == self.0 { Ok(Arc::new(SourceFile::new(path, self.1))) } else { Err(ReadError::Missing) }
        }
        fn exists(&self, path: &str) -> bool {
            path == self.0
        }
        fn size(&self, _: &str) -> Option<u64> {
            None
        }
    }

    fn expanded(text: &str, files: &One) -> (serde_json::Value, Vec<String>) {
        let loaded =
            load::load(Arc::new(SourceFile::new("app/template.yaml", text)), files, &Inputs::default()).unwrap();
        (json::to_json(&loaded.root), loaded.problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn loops_unroll_in_keys_texts_and_references() {
        let text = "Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a-1, b'}}
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - Queue&{Name}:
        Type: AWS::SQS::Queue
        Properties: {QueueName: !Sub 'q-${Name}', DelaySeconds: !Sub '${Name}${Delay}', Tags: [{Key: n, Value: !Ref Name}]}
";
        let (json, problems) = expanded(text, &One("", ""));
        assert_eq!(problems, Vec::<String>::new());
        let resources = json["Resources"].as_object().unwrap();
        assert_eq!(resources.keys().collect::<Vec<_>>(), ["Queuea1", "Queueb"]);
        assert_eq!(resources["Queuea1"]["Properties"]["QueueName"], "q-a-1");
        assert_eq!(resources["Queuea1"]["Properties"]["DelaySeconds"]["Fn::Sub"], "a-1${Delay}");
        assert_eq!(resources["Queueb"]["Properties"]["Tags"][0]["Value"], "b");
    }

    #[test]
    fn a_collection_that_is_not_known_stays_and_is_no_problem() {
        let text = "Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Queues: [Name, !Ref Names, {'Q${Name}': {Type: 'AWS::SQS::Queue'}}]
";
        let (json, problems) = expanded(text, &One("", ""));
        assert_eq!(problems, Vec::<String>::new());
        assert!(json["Resources"]["Fn::ForEach::Queues"].is_array());
    }

    #[test]
    fn includes_are_put_in_place_and_circles_are_named() {
        let text = "Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: 3
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}
";
        let (json, problems) = expanded(text, &One("app/part.yaml", "VisibilityTimeout: 60\n"));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            json["Resources"]["Queue"]["Properties"],
            serde_json::json!({"DelaySeconds": 3, "VisibilityTimeout": 60})
        );
        let circle = "A: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: part.yaml}}}\n";
        let (_, problems) = expanded(text, &One("app/part.yaml", circle));
        assert!(problems.iter().any(|problem| problem.contains("includes itself")), "{problems:?}");
        let (_, problems) = expanded(text, &One("app/other.yaml", ""));
        assert_eq!(problems, ["`part.yaml` cannot be included: there is no such file"]);
    }
}
