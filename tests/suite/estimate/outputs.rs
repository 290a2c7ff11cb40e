//! What `estimate` and `diff` print: data by the published schemas, a page that is whole, and
//! revisions of a repository.

use crate::estimate::estimating::random::{Random, application, usage};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

const TEMPLATE: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: x
      MemorySize: 512
      AutoPublishAlias: live
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
      Events: {Get: {Type: HttpApi, Properties: {Path: /x, Method: get}}}
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}]
  Nightly:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: x
      Events: {Timer: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {maxReceiveCount: 3, deadLetterTargetArn: !GetAtt Dead.Arn}}}
  Dead: {Type: AWS::SQS::Queue}
  Store: {Type: AWS::S3::Bucket}
  Server: {Type: AWS::EC2::Instance}
";

fn dewline(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dewline")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A schema of `schemas/`, with every object closed: what the program prints and the schema does
/// not tell is an error here. What other tests are about stays open.
fn closed(name: &str) -> Value {
    fn close(schema: &mut Value) {
        match schema {
            Value::Object(members) => {
                let open = ["cold_starts", "latency"];
                for (name, value) in members.iter_mut().filter(|(name, _)| !open.contains(&name.as_str())) {
                    let _ = name;
                    close(value);
                }
                if members.get("properties").is_some_and(Value::is_object) && members.contains_key("required") {
                    members.entry("additionalProperties").or_insert(json!(false));
                }
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            _ => {}
        }
    }
    let path = format!("schemas/{name}.schema.json");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    close(&mut schema);
    schema
}

fn assert_valid(schema: &str, data: &str) -> Value {
    let data: Value = serde_json::from_str(data).unwrap();
    let validator = jsonschema::validator_for(&closed(schema)).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&data).map(|error| format!("{}: {error:.300}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    data
}

#[test]
fn data_follows_the_published_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("template.yaml"), TEMPLATE).unwrap();
    let answer = assert_valid("estimate", &text(&dewline(at, &["estimate", "--format", "json"])));
    let entries = answer["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["monthly"].is_null()), "no rate is assumed");
    assert!(answer["open"].as_array().is_some_and(|open| !open.is_empty()));
    assert_eq!(answer["unpriced"][0]["name"], "Server");
    let usage_file = "resource_usage:\n  ServerlessHttpApi:\n    monthly_requests: {low: 1e5, expected: 1e6, high: 2e6}\n\
                      budget: {monthly_usd: 1, per_path: {ServerlessHttpApi: 1000}, increase_percent: 10}\n";
    std::fs::write(at.join("dewline.usage.yaml"), usage_file).unwrap();
    let output = dewline(at, &["estimate", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "the budget is exceeded");
    let answer = assert_valid("estimate", &text(&output));
    assert_eq!(answer["budget"][0]["state"], "exceeded");
    assert_eq!(answer["budget"][1]["state"], "within");
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("above its budget of $1.00") && message.contains("template.yaml"), "{message}");
    std::fs::write(at.join("next.yaml"), TEMPLATE.replace("MemorySize: 512", "MemorySize: 2048")).unwrap();
    let output = dewline(at, &["diff", "template.yaml", "next.yaml", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "it grows by more than 10 %");
    let change = assert_valid("diff", &text(&output));
    assert!(change["cost"]["total"]["change"]["expected"].as_f64().unwrap() > 1.0);
    assert_eq!(change["findings"]["new"], json!([]));
}

#[test]
fn made_applications_follow_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..3 {
        let mut random = Random::new(seed);
        let functions = 3 + random.below(5);
        std::fs::write(folder.path().join("template.json"), application(&mut random, functions, seed % 2 == 0))
            .unwrap();
        let first = text(&dewline(folder.path(), &["estimate", "template.json", "--format", "json"]));
        let answer = assert_valid("estimate", &first);
        let names: Vec<String> = answer["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["scheduled"] == false)
            .map(|entry| entry["resource"].as_str().unwrap().to_owned())
            .collect();
        std::fs::write(folder.path().join("u.yaml"), usage(&names, |_| 1000.0 + random.share() * 1e5)).unwrap();
        let arguments = ["estimate", "template.json", "--usage", "u.yaml", "--format", "json", "--free-tier"];
        let second = text(&dewline(folder.path(), &arguments));
        assert_valid("estimate", &second);
        assert_eq!(second, text(&dewline(folder.path(), &arguments)), "the same input, the same output");
    }
}

#[test]
fn a_page_is_whole_and_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("template.yaml"), TEMPLATE).unwrap();
    for usage_file in ["", "resource_usage: {ServerlessHttpApi: {monthly_requests: 1000000}}\n"] {
        std::fs::write(folder.path().join("dewline.usage.yaml"), usage_file).unwrap();
        let page = text(&dewline(folder.path(), &["estimate", "--format", "html"]));
        for foreign in ["http:", "https:", "src=", "href=", "<script", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(page.matches("<svg").count() >= 2, "bars and the graph");
        // Every element that is opened is closed.
        for name in
            ["svg", "table", "div", "tr", "td", "th", "p", "h2", "g", "text", "span", "title", "body", "ul", "li"]
        {
            let opened = page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
            assert_eq!(opened, page.matches(&format!("</{name}>")).count(), "{name}");
        }
    }
}

#[test]
fn revisions_are_read_through_git() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
        Command::new("git").arg("-C").arg(root).args(identity).args(arguments).output()
    };
    let Ok(output) = git(&["init", "-q"]) else {
        eprintln!("skipped: there is no git");
        return;
    };
    assert!(output.status.success());
    let app = root.join("app");
    std::fs::create_dir(&app).unwrap();
    std::fs::write(app.join("template.yaml"), TEMPLATE).unwrap();
    std::fs::write(
        app.join("dewline.usage.yaml"),
        "resource_usage: {ServerlessHttpApi: {monthly_requests: 1000000}}\n",
    )
    .unwrap();
    assert!(git(&["add", "."]).unwrap().status.success() && git(&["commit", "-qm", "a"]).unwrap().status.success());
    let diff = |arguments: &[&str]| dewline(&app, &[&["diff"], arguments, &["--format", "json"]].concat());
    let value = |output: &Output| -> Value { serde_json::from_slice(&output.stdout).unwrap() };
    let same = diff(&["HEAD"]);
    assert_eq!(same.status.code(), Some(0), "{}", String::from_utf8_lossy(&same.stderr));
    assert_eq!(value(&same)["cost"]["resources"], json!([]));
    std::fs::write(app.join("template.yaml"), TEMPLATE.replace("rate(1 hour)", "rate(1 minute)")).unwrap();
    let changed = value(&diff(&["HEAD"]));
    assert!(changed["cost"]["total"]["change"]["expected"].as_f64().unwrap() > 0.0);
    assert_eq!((&changed["base"], &changed["head"]), (&json!("HEAD"), &json!("template.yaml")));
    let back = value(&diff(&["template.yaml", "HEAD:app/template.yaml"]));
    let amount = |value: &Value| value["cost"]["total"]["change"]["expected"].as_f64().unwrap();
    assert!((amount(&changed) + amount(&back)).abs() < 1e-12);
    for (arguments, said) in [
        (&["nothing"][..], "no revision of git"),
        (&["--", "--upload-pack=x"], "no revision"),
        (&["HEAD:app/other.yaml"], "there is no such file"),
        (&["HEAD:../../etc/passwd"], "outside the project"),
    ] {
        let output = dewline(&app, &[&["diff"], arguments].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
}
