//! SAM templates against what AWS's own transform makes of them.
//!
//! Needs the reference data: set `DEWLINE_SHARED` to its folder. Ids of REST deployments hold
//! a hash of a printed form that only the reference has; everything else is compared to the
//! letter, lists without their order.

use dewline::source::{NoFiles, SourceFile};
use dewline::template::{Inputs, ProblemKind, json, load, sam};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Functions whose arguments have an order.
const ORDERED: [&str; 9] = [
    "Fn::Join",
    "Fn::If",
    "Fn::GetAtt",
    "Fn::Select",
    "Fn::Sub",
    "Fn::FindInMap",
    "Fn::Split",
    "Fn::Cidr",
    "Fn::Equals",
];

/// `value` with unordered lists sorted.
fn canonical(value: &Value, ordered: bool) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| canonical(item, false)).collect();
            if !ordered {
                items.sort_by_cached_key(ToString::to_string);
            }
            Value::Array(items)
        }
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map
                .iter()
                .map(|(key, value)| {
                    let value = match value {
                        Value::Array(items) if ORDERED.contains(&key.as_str()) => {
                            Value::Array(items.iter().map(|item| canonical(item, true)).collect())
                        }
                        other => canonical(other, false),
                    };
                    (key.clone(), value)
                })
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => (float as i64).into(),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

/// The template as text that can be compared.
fn comparable(template: &Value) -> String {
    let mut template = template.clone();
    let mut ids = Vec::new();
    for (id, resource) in template["Resources"].as_object_mut().into_iter().flatten() {
        match resource["Type"].as_str() {
            Some("AWS::ApiGateway::Deployment") if id.len() > 10 && id.is_char_boundary(id.len() - 10) => {
                if let Some(description) = resource["Properties"].get_mut("Description") {
                    *description = "".into();
                }
                ids.push(id.clone());
            }
            // The place of an application of the repository is known to the service alone.
            Some("AWS::CloudFormation::Stack") => {
                let url = resource["Properties"]["TemplateURL"].as_str().unwrap_or_default();
                if url.contains("serverlessrepo") {
                    resource["Properties"]["TemplateURL"] = "".into();
                }
            }
            _ => {}
        }
    }
    let mut text = template.to_string();
    for id in ids {
        text = text.replace(&id, &id[..id.len() - 10]);
    }
    canonical(&serde_json::from_str(&text).unwrap_or(Value::Null), false).to_string()
}

#[derive(Default)]
struct Score {
    expand: usize,
    same: usize,
    refuse: usize,
    refused: usize,
    same_message: usize,
    failed: Vec<String>,
    micros: Vec<u128>,
}

fn score(root: &Path) -> Score {
    let mut score = Score::default();
    let manifest = std::fs::read_to_string(root.join("manifest.jsonl")).expect("manifest");
    for line in manifest.lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let needs = case["needs"].as_array().cloned().unwrap_or_default();
        if needs.iter().any(|need| need != "no-localize") {
            continue;
        }
        let id = case["id"].as_str().unwrap_or_default();
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        let read = |path: String| std::fs::read(root.join(path)).expect("a file");
        let expected: Value = serde_json::from_slice(&read(text("expected"))).expect("JSON");
        let inputs = Inputs { region: Some(text("region")), localize: case["localize"] == true, ..Inputs::default() };
        let file = Arc::new(SourceFile::from_bytes(&*text("input"), read(text("input"))));
        let start = Instant::now();
        let loaded = load::load(file, &NoFiles, &inputs);
        score.micros.push(start.elapsed().as_micros());
        let refusals: Vec<&str> = loaded
            .iter()
            .flat_map(|loaded| &loaded.problems)
            .filter(|problem| matches!(problem.kind, ProblemKind::TransformRefused | ProblemKind::TransformUndecided))
            .map(|problem| &*problem.message)
            .collect();
        let passed = if case["kind"] == "error" {
            score.refuse += 1;
            score.refused += usize::from(!refusals.is_empty());
            let same = expected["errorMessage"] == sam::error_message(refusals);
            score.same_message += usize::from(same);
            same
        } else {
            score.expand += 1;
            let got = loaded.as_ref().map_or(Value::Null, |loaded| json::to_json(&loaded.root));
            let same = refusals.is_empty() && comparable(&expected) == comparable(&got);
            score.same += usize::from(same);
            same
        };
        if !passed {
            score.failed.push(id.to_owned());
        }
    }
    score.micros.sort_unstable();
    score
}

#[test]
fn templates_expand_as_the_reference_expands_them() {
    let Ok(shared) = std::env::var("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    for set in ["real", "extra", "translator"] {
        let score = score(&Path::new(&shared).join("oracle/sam/dev").join(set));
        let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        eprintln!(
            "{set}: {}/{} the same, {}/{} refused, {}/{} in the same words; median {} µs a template; not: {:?}",
            score.same,
            score.expand,
            score.refused,
            score.refuse,
            score.same_message,
            score.refuse,
            score.micros.get(score.micros.len() / 2).copied().unwrap_or_default(),
            score.failed
        );
        assert!(share(score.same, score.expand) >= 1.0, "{set}: {:?}", score.failed);
        assert!(share(score.refused, score.refuse) >= 0.99, "{set}: {:?}", score.failed);
        assert!(share(score.same_message, score.refuse) >= 0.95, "{set}: {:?}", score.failed);
    }
}
