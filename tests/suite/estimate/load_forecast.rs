//! `estimate --load`: from observed calls to a schedule in the template, in every dialect.

use crate::estimate::estimating;
use dewline::estimate::forecast::{self, Series};
use dewline::estimate::usage::ObservedLoad;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// Calls by the hour of eight weeks: office hours, a little at night, less on weekends. The noise
/// is a fixed sequence.
fn load() -> String {
    let mut text = "time,count\n".to_owned();
    // 2026-09-28 was a Monday.
    let monday = 1_790_553_600_i64;
    let mut noise = 12_345_u64;
    for hour in 0..8 * 168 {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let spread = (noise >> 33) as f64 / f64::from(1u32 << 31) - 0.5;
        let (day, clock) = (hour / 24 % 7, hour % 24);
        let mean = match (day < 5, (8..18).contains(&clock)) {
            (true, true) => 40_000.0,
            (false, true) => 4_000.0,
            _ => 400.0,
        };
        let _ = writeln!(text, "{},{:.0}", monday + hour * 3600, mean * (1.0 + 0.1 * spread));
    }
    text
}

fn dewline(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dewline"));
    command.args(arguments).current_dir(folder).env_clear().env("COLUMNS", "120").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// `text` with a unified diff made.
fn patched(text: &str, diff: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut out, mut at) = (String::new(), 0);
    for line in diff.split_inclusive('\n').skip(2) {
        if let Some(head) = line.strip_prefix("@@ -") {
            let start: usize = head.split([',', ' ']).next().unwrap().parse().unwrap();
            out.extend(lines[at..start - 1].iter().copied());
            at = start - 1;
        } else if let Some(added) = line.strip_prefix('+') {
            out.push_str(added);
        } else if let Some(removed) = line.strip_prefix('-') {
            assert_eq!(lines[at], removed);
            at += 1;
        } else {
            assert_eq!(lines[at], &line[1..]);
            out.push_str(lines[at]);
            at += 1;
        }
    }
    out.extend(lines[at..].iter().copied());
    out
}

const SAM: &str = "# orders\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Orders: # the function\n    \
    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: app.main\n      \
    CodeUri: src/\n      Events:\n        Api: {Type: HttpApi, Properties: {Path: /orders, Method: POST}}\n";
const CLOUDFORMATION: &str = "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties:\n      \
    Runtime: python3.13\n      Handler: app.main\n      Code: {S3Bucket: code-of-orders, S3Key: k}\n      \
    Role: arn:aws:iam::123456789012:role/orders\n";
const SERVERLESS: &str = "service: shop\nprovider:\n  name: aws\n  runtime: python3.13\nfunctions:\n  orders: # the function\n    \
    handler: app.main\n    events:\n      - httpApi: POST /orders\n";
const JSON: &str = "{\n  \"Resources\": {\n    \"Orders\": {\n      \"Type\": \"AWS::Lambda::Function\",\n      \"Properties\": \
    {\n        \"Runtime\": \"python3.13\",\n        \"Handler\": \"app.main\",\n        \"Code\": {\"S3Bucket\": \"code-of-orders\", \"S3Key\": \
    \"k\"},\n        \"Role\": \"arn:aws:iam::123456789012:role/orders\"\n      }\n    }\n  }\n}\n";

#[test]
fn the_schedule_is_written_into_every_dialect() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calls.csv"), load()).unwrap();
    for (name, template, alias) in [
        ("sam.yaml", SAM, "OrdersAliaslive"),
        ("plain.yaml", CLOUDFORMATION, "OrdersAlias"),
        ("serverless.yml", SERVERLESS, "OrdersProvConcLambdaAlias"),
        ("plain.json", JSON, "OrdersAlias"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, template).unwrap();
        let run = dewline(folder.path(), &["estimate", name, "--load", "calls.csv", "--schedule-patch"]);
        let diff = text(&run.stdout);
        assert!(run.status.success(), "{name}: {}", text(&run.stderr));
        assert!(diff.starts_with(&format!("--- a/{name}\n+++ b/{name}\n")), "{diff}");
        let after = patched(template, &diff);
        for part in ["lambda:function:ProvisionedConcurrency", "cron(50 7 ? * MON-FRI *)", alias] {
            assert!(after.contains(part), "{name} lacks {part}:\n{after}");
        }
        assert!(!template.contains('#') || after.contains("# the function"));
        // What it makes is sound, and its alias is the one that it scales.
        std::fs::write(&path, &after).unwrap();
        let check =
            dewline(folder.path(), &["check", name, "--format", "json", "--select", "validity", "--select", "warm-up"]);
        let found: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
        let found = found["findings"].as_array().unwrap();
        let broken: Vec<_> = found.iter().filter(|one| one["severity"] != "info" && one["severity"] != "low").collect();
        assert!(broken.is_empty(), "{name}: {broken:#?}\n{after}");
        // Once more changes only what is there already.
        let again = dewline(folder.path(), &["estimate", name, "--load", "calls.csv", "--schedule-patch"]);
        let again = patched(&after, &text(&again.stdout));
        assert_eq!(
            again.matches("ScalableTarget\"").count() + again.matches("ScalableTarget\n").count(),
            1,
            "{name}:\n{again}"
        );
    }
}

#[test]
fn the_forecast_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("calls.csv"), load()).unwrap();
    std::fs::write(folder.path().join("template.yaml"), SAM).unwrap();
    let run = dewline(folder.path(), &["estimate", "--load", "Orders=calls.csv"]);
    let human = text(&run.stdout);
    for part in [
        "Orders: load to come",
        "Monday",
        "Backtest: told the last 168 hours",
        "cron(50 7 ? * MON-FRI *)",
        "by the forecast",
    ] {
        assert!(human.contains(part), "{part} is not in\n{human}");
    }
    let markdown = dewline(folder.path(), &["estimate", "--load", "calls.csv", "--format", "markdown"]);
    let markdown = text(&markdown.stdout);
    for part in
        ["| `Orders` | ", "Load of `Orders` in the week from 2026-11-23 00:00 UTC on", "| `cron(50 7 ? * MON-FRI *)` |"]
    {
        assert!(markdown.contains(part), "{part} is not in\n{markdown}");
    }
    let json = dewline(folder.path(), &["estimate", "--load", "calls.csv", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let forecast = &json["cold_starts"][0]["forecast"];
    let hours = forecast["hours"].as_array().unwrap();
    assert_eq!((hours.len(), forecast["from_hour_of_week"].as_u64()), (168, Some(0)));
    for hour in hours {
        let of = |name: &str| hour[name].as_f64().unwrap();
        assert!(of("low") <= of("calls") && of("calls") <= of("high") && of("short") <= 0.0501, "{hour}");
        assert!(of("enough_for") >= of("calls"), "{hour}");
    }
    let test = &forecast["backtest"];
    assert!(test["short"].as_f64().unwrap() <= 0.1 && test["error"].as_f64() < test["naive_error"].as_f64(), "{test}");
}

#[test]
fn what_is_no_load_is_said_with_a_next_step() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("template.yaml"), SAM).unwrap();
    let two = SAM.to_owned()
        + "  Other:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src/}\n";
    std::fs::write(folder.path().join("two.yaml"), two).unwrap();
    std::fs::write(folder.path().join("good.csv"), load()).unwrap();
    std::fs::write(folder.path().join("short.csv"), "2026-09-28T00:00:00Z,1\n2026-09-28T01:00:00Z,2\n").unwrap();
    std::fs::write(folder.path().join("broken.csv"), "time,count\n2026-09-28T00:00:00Z,1\nnoon,2\n").unwrap();
    std::fs::write(folder.path().join("broken.json"), "{\"MetricDataResults\": [{\"Timestamps\": [").unwrap();
    for (arguments, said) in [
        (&["template.yaml", "--load", "short.csv"][..], "too few to forecast from"),
        (&["template.yaml", "--load", "broken.csv"], "broken.csv:3:1"),
        (&["template.yaml", "--load", "broken.json"], "broken.json"),
        (&["template.yaml", "--load", "missing.csv"], "cannot be read"),
        (&["template.yaml", "--load", "Order=good.csv"], "functions are Orders"),
        (&["two.yaml", "--load", "good.csv"], "does not say which function"),
        (&["template.yaml", "--schedule-patch"], "no forecast"),
        (&["template.yaml", "--load", "good.csv", "--short-chance", "0.9"], "--short-chance"),
    ] {
        let run = dewline(folder.path(), &[&["estimate"], arguments].concat());
        let err = text(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}: {err}");
        assert!(err.contains(said) && err.contains("help"), "{arguments:?}: {err}");
    }
}

#[test]
fn the_part_of_a_page_is_whole() {
    let template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Jobs: {Type: AWS::SQS::Queue}\n  Orders:\n    \
        Type: AWS::Serverless::Function\n    Properties: {Runtime: java21, MemorySize: 512, Timeout: 5, Handler: a.B, CodeUri: src/, \
        Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}}], \
        Events: {Api: {Type: HttpApi, Properties: {Path: /orders, Method: POST}}}}\n  Work:\n    Type: AWS::Serverless::Function\n    \
        Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src/, Events: {Jobs: {Type: SQS, Properties: {Queue: \
        !GetAtt Jobs.Arn, MaximumBatchingWindowInSeconds: 5}}}}\n";
    let application = estimating::Application::new(template, "eu-west-1");
    let mut usage = application.usage(
        "resource_usage:\n  ServerlessHttpApi: {monthly_requests: 2000000}\n  Orders: {request_duration_ms: 120}\n\
         slo: {ServerlessHttpApi: {p99_ms: 700}}\n",
    );
    let file = std::sync::Arc::new(dewline::source::SourceFile::new("calls.csv", load()));
    let series = Series::new(forecast::read(&file).unwrap()).unwrap();
    let forecast = std::sync::Arc::new(forecast::forecast(series).unwrap());
    usage.loads.insert("Orders".to_owned(), ObservedLoad { forecast, chance: 0.05 });
    let page = dewline::report::estimate::timing(&application.estimate_with(&usage, "eu-west-1", false));
    for part in
        ["What to do about the cold starts of Orders", "The load of Orders to come", "How long it takes", "Backtest"]
    {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert!(!page.contains("<script") && !page.contains("http:") && !page.contains("NaN") && !page.contains("inf "));
    // Every element that opens closes.
    let mut open: Vec<&str> = Vec::new();
    for tag in page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{tag}"),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split_whitespace().next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
