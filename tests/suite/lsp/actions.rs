//! Code actions, inlay hints, code lenses, commands.

use super::client::{Client, capabilities};
use super::fixture::Fixture;
use serde_json::{Value, json};

fn actions(fixture: &Fixture, only: Option<&str>) -> Vec<Value> {
    let mut context = json!({ "diagnostics": [] });
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let params = json!({ "range": { "start": fixture.cursor, "end": fixture.cursor }, "context": context });
    let found = fixture.request("textDocument/codeAction", params);
    found.as_array().unwrap().clone()
}

fn titles(list: &[Value]) -> Vec<&str> {
    list.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

/// The text of the file with the cursor after the action of this title.
#[track_caller]
fn after(files: &[(&str, &str)], title: &str) -> String {
    let fixture = Fixture::new(files);
    let found = actions(&fixture, None);
    let action = found.iter().find(|action| action["title"] == title);
    let action = action.unwrap_or_else(|| panic!("{title:?} is not among {:?}", titles(&found)));
    let texts = fixture.applied(&action["edit"]);
    texts.into_iter().find(|(name, _)| *name == fixture.file).unwrap().1
}

const CFN: &str = "Resources:
  Jobs:
    Type: AWS::SQS::Queue
    DeletionPolicy: retain
    Properties:
      QueueName: jobs
      Tags: [{Key: a, Value: b}]
";

#[test]
fn a_fix_is_offered_and_preferred_when_it_is_safe() {
    // The example of a policy that offers a safe fix, whichever that is.
    let policies = dewline::policies::ALL.iter();
    let fixable = policies.filter(|policy| policy.meta.fix == dewline::policy::FixKind::Safe);
    let mut seen = 0;
    for policy in fixable.take(6) {
        let Some(example) = policy.meta.examples().into_iter().find(|example| example.fails) else { continue };
        let name = if example.dialect == "serverless" { "serverless.yml" } else { "template.yaml" };
        let able = capabilities();
        let options = json!({ "select": [policy.meta.name] });
        let client = Client::with(&[(name, &example.text)], able, options);
        client.open(name, &example.text);
        let found = client.diagnostics(name);
        let Some(diagnostic) = found["diagnostics"].as_array().unwrap().iter().find(|d| !d["data"]["fix"].is_null())
        else {
            continue;
        };
        let params = json!({
            "textDocument": { "uri": client.uri(name) },
            "range": diagnostic["range"],
            "context": { "diagnostics": [diagnostic] },
        });
        let actions = client.request("textDocument/codeAction", params);
        let fix = &actions[0];
        assert_eq!(fix["title"], diagnostic["data"]["fix"]["title"], "{actions}");
        assert_eq!(fix["isPreferred"], diagnostic["data"]["fix"]["safe"]);
        assert_eq!(fix["diagnostics"][0]["code"], policy.meta.name);
        let edits = &fix["edit"]["documentChanges"][0]["edits"];
        let mended = super::fixture::apply(&example.text, edits);
        client.replace(name, 2, &mended);
        let after = client.diagnostics_when(name, |params| params["version"] == 2);
        let before = found["diagnostics"].as_array().unwrap().len();
        assert!(after["diagnostics"].as_array().unwrap().len() < before, "{}: {mended}", policy.meta.name);
        seen += 1;
    }
    let any = dewline::policies::ALL.iter().any(|policy| policy.meta.fix == dewline::policy::FixKind::Safe);
    assert!(seen > 0 || !any, "no policy offers the fix it promises");
}

#[test]
fn a_finding_is_suppressed_here_or_in_the_file() {
    let sam = "Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs24.x
      CodeUri: .
      Timeout: 10▮00
";
    let text = after(&[("t.yaml", sam)], "Suppress `function-timeout-range` here");
    assert!(
        text.contains("      # dewline: ignore[function-timeout-range] TODO: say why\n      Timeout: 1000\n"),
        "{text}"
    );
    let text = after(&[("t.yaml", sam)], "Suppress `function-timeout-range` in this file");
    assert!(text.starts_with("# dewline: ignore-file[function-timeout-range] TODO: say why\nTransform"), "{text}");
    let twice = sam.replace("      Timeout", "      # dewline: ignore[out-of-range] known\n      Timeout");
    let text = after(&[("t.yaml", &twice)], "Suppress `function-timeout-range` here");
    assert!(text.contains("# dewline: ignore[out-of-range, function-timeout-range] known\n"), "{text}");
    let service = "service: s\r\nprovider: {name: aws, runtime: nodejs22.x}\r\nfunctions:\r\n  f: {handler: a.b, timeout: 10▮00}\r\n";
    let text = after(&[("serverless.yml", service)], "Suppress `function-timeout-range` here");
    assert!(text.contains("  # dewline: ignore[function-timeout-range] TODO: say why\r\n  f:"), "{text}");
    let json = r#"{
  "Resources": {
    "F": {
      "Type": "AWS::Lambda::Function",
      "Properties": {"Role": "arn:aws:iam::111122223333:role/r", "Code": {"ZipFile": "x"}, "Timeout": 10▮00}
    }
  }
}
"#;
    let text = after(&[("t.json", json)], "Suppress `function-timeout-range` here");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["Resources"]["F"]["Metadata"]["dewline"]["ignore"][0]["policy"], "function-timeout-range");
}

#[test]
fn the_explanation_is_a_command() {
    let fixture =
        Fixture::new(&[("t.yaml", &CFN.replace("    DeletionPolicy: retain", "    DeletionPolicy: ret▮ain"))]);
    let found = actions(&fixture, None);
    let explain = found.iter().find(|action| action["command"]["command"] == "dewline.explain");
    let explain = explain.unwrap_or_else(|| panic!("{:?}", titles(&found)));
    let page = fixture.client.request("workspace/executeCommand", explain["command"].clone());
    let name = explain["command"]["arguments"][0].as_str().unwrap();
    assert!(page.as_str().unwrap().starts_with(&format!("# {name}")), "{page}");
    let refused = fixture.client.refusal("workspace/executeCommand", json!({ "command": "dewline.nothing" }));
    assert!(refused["message"].as_str().unwrap().contains("dewline.nothing"));
}

#[test]
fn a_missing_alarm_is_added() {
    let text = after(
        &[("t.yaml", &CFN.replace("  Jobs:", "  Jo▮bs:"))],
        "Add an alarm on ApproximateAgeOfOldestMessage of Jobs",
    );
    assert!(text.contains("Type: AWS::CloudWatch::Alarm") && text.contains("ApproximateAgeOfOldestMessage"), "{text}");
    let fixture = Fixture::new(&[("t.yaml", &text.replace("  Jobs:", "  Jo▮bs:"))]);
    assert!(!titles(&actions(&fixture, None)).iter().any(|title| title.starts_with("Add an alarm")), "{text}");
    let service = "service: s\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n  wor▮ker:\n    handler: a.b\n";
    let text = after(&[("serverless.yml", service)], "Add an alarm on Errors of WorkerLambdaFunction");
    assert!(text.contains("resources:\n  Resources:\n") && text.contains("\n    WorkerLambdaFunctionErrorsAlarm:\n"));
    assert!(text.contains("\n    AlarmTopic:\n") && text.contains("AlarmActions:"), "{text}");
    let hints = Fixture::new(&[("serverless.yml", &text)]).client;
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let params = json!({ "textDocument": { "uri": hints.uri("serverless.yml") }, "range": all });
    let found = hints.request("textDocument/inlayHint", params);
    // The new topic has no subscriber in the template; somebody may subscribe by hand.
    assert!(found.to_string().contains("alarms 0/3, 1 unsure"), "{found}");
}

#[test]
fn a_value_becomes_a_parameter() {
    let text = after(
        &[("t.yaml", &CFN.replace("QueueName: jobs", "QueueName: jo▮bs"))],
        "Extract to parameter `JobsQueueName`",
    );
    assert!(
        text.starts_with("Parameters:\n  JobsQueueName:\n    Type: String\n    Default: jobs\nResources:"),
        "{text}"
    );
    assert!(text.contains("QueueName: !Ref JobsQueueName\n"), "{text}");
    let with = format!("Parameters:\n  JobsQueueName: {{Type: String}}\n{CFN}");
    let text = after(
        &[("t.yaml", &with.replace("QueueName: jobs", "QueueName: jo▮bs"))],
        "Extract to parameter `JobsQueueName2`",
    );
    assert!(text.contains("  JobsQueueName2:\n    Type: String\n    Default: jobs\n"), "{text}");
    let json = "{\"Parameters\": {\"A\": {\"Type\": \"String\"}}, \"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\", \"Properties\": {\"VisibilityTimeout\": 3▮0}}}}\n";
    let text = after(&[("t.json", json)], "Extract to parameter `QVisibilityTimeout`");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["Parameters"]["QVisibilityTimeout"], json!({ "Type": "Number", "Default": 30 }));
    let service = "service: s\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n  worker:\n    handler: a.b\n    timeout: 2▮0\n";
    let text = after(&[("serverless.yml", service)], "Extract to `custom.timeout`");
    assert!(text.contains("timeout: ${self:custom.timeout}\n") && text.contains("custom:\n  timeout: 20"), "{text}");
}

#[test]
fn functions_change_their_form() {
    let topic = |value: &str| {
        format!(
            "Resources:\n  Q: {{Type: 'AWS::SQS::Queue'}}\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: {value}\n"
        )
    };
    for (short, long, name) in [
        ("!Ref Q", "{Ref: Q}", "Ref"),
        ("!GetAtt Q.QueueName", "{Fn::GetAtt: [Q, QueueName]}", "GetAtt"),
        ("!Sub 'a-${Q}'", "{Fn::Sub: 'a-${Q}'}", "Sub"),
        ("!Join ['-', [a, b]]", "{Fn::Join: ['-', [a, b]]}", "Join"),
    ] {
        let cursor = |text: &str| text.replacen(['!', '{'], if text.starts_with('!') { "!▮" } else { "{▮" }, 1);
        let text = after(&[("t.yaml", &topic(&cursor(short)))], &format!("Write `!{name}` in its long form"));
        assert_eq!(text, topic(long));
        let full = if name == "Ref" { name.to_owned() } else { format!("Fn::{name}") };
        let text = after(&[("t.yaml", &topic(&cursor(long)))], &format!("Write `{full}` in its short form"));
        assert_eq!(text, topic(short));
    }
    let block = topic("\n        Fn::G▮etAtt: [Q, QueueName]");
    assert_eq!(after(&[("t.yaml", &block)], "Write `Fn::GetAtt` in its short form"), topic("!GetAtt Q.QueueName"));
    // What would no longer be read by CloudFormation is not offered.
    let nested = topic("{Fn::Base64: {Fn::S▮ub: 'a'}}");
    let fixture = Fixture::new(&[("t.yaml", &nested)]);
    let found = actions(&fixture, Some("refactor.rewrite"));
    assert!(!titles(&found).contains(&"Write `Fn::Sub` in its short form"), "{:?}", titles(&found));
}

const FLOW: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs24.x
      CodeUri: .
      Timeout: 60
      Events:
        Get: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Api}}
";

fn hints(client: &Client, name: &str) -> Vec<(u64, String)> {
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let params = json!({ "textDocument": { "uri": client.uri(name) }, "range": all });
    let found = client.request("textDocument/inlayHint", params);
    let one = |hint: &Value| (hint["position"]["line"].as_u64().unwrap(), hint["label"].as_str().unwrap().to_owned());
    found.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn hints_show_timeouts_and_alarms_and_can_be_switched_off() {
    let fixture = Fixture::new(&[("t.yaml", FLOW)]);
    let found = hints(&fixture.client, "t.yaml");
    assert!(found.contains(&(5, "up to 60 s, caller waits 29 s".to_owned())), "{found:?}");
    assert!(found.contains(&(5, "no alarm".to_owned())) && found.contains(&(2, "no alarm".to_owned())), "{found:?}");
    let settings = json!({ "settings": { "dewline": { "inlayHints": { "alarms": false }, "codeLens": { "flow": false, "references": false, "cost": false } } } });
    fixture.client.notify("workspace/didChangeConfiguration", settings);
    let found = hints(&fixture.client, "t.yaml");
    assert!(found.contains(&(5, "up to 60 s, caller waits 29 s".to_owned())), "{found:?}");
    assert!(!found.iter().any(|(_, label)| label.contains("alarm")), "{found:?}");
    let document = json!({ "textDocument": { "uri": fixture.client.uri("t.yaml") } });
    assert_eq!(fixture.client.request("textDocument/codeLens", document), json!([]));
    fixture.client.wait_for(|message| message["method"] == "workspace/inlayHint/refresh");
}

#[test]
fn hints_show_what_a_function_costs_and_how_it_starts() {
    let text = "Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs24.x
      CodeUri: .
      MemorySize: 1024
      Timeout: 60
      Events:
        Tick: {Type: Schedule, Properties: {Schedule: rate(1 minute)}}
";
    let fixture = Fixture::new(&[("t.yaml", text)]);
    let labels: Vec<String> = hints(&fixture.client, "t.yaml").into_iter().map(|(_, label)| label).collect();
    let has = |words: &str| labels.iter().any(|label| label.contains(words));
    assert!(has("/month (") && has(" to $") && has("cold "), "{labels:?}");
    let lenses = fixture.request("textDocument/codeLens", json!({}));
    let titles: Vec<&str> =
        lenses.as_array().unwrap().iter().map(|lens| lens["command"]["title"].as_str().unwrap()).collect();
    assert!(titles.iter().any(|title| title.contains(" a million (") && title.contains("/month")), "{titles:?}");
    let settings = json!({ "settings": { "dewline": { "inlayHints": { "cost": false, "coldStarts": false } } } });
    fixture.client.notify("workspace/didChangeConfiguration", settings);
    let labels: Vec<String> = hints(&fixture.client, "t.yaml").into_iter().map(|(_, label)| label).collect();
    assert!(!labels.iter().any(|label| label.contains("/month") || label.contains("cold ")), "{labels:?}");
}

#[test]
fn lenses_show_flow_and_references() {
    let fixture = Fixture::new(&[("t.yaml", FLOW)]);
    let found = fixture.request("textDocument/codeLens", json!({}));
    let titles: Vec<&str> =
        found.as_array().unwrap().iter().map(|lens| lens["command"]["title"].as_str().unwrap()).collect();
    assert!(
        titles.contains(&"1 reference") && titles.iter().any(|title| title.starts_with("reached from")),
        "{titles:?}"
    );
    let lens = found.as_array().unwrap().iter().find(|lens| lens["command"]["title"] == "1 reference").unwrap();
    let places = fixture.client.request("workspace/executeCommand", lens["command"].clone());
    assert_eq!(places.as_array().unwrap().len(), 1, "{places}");
}
