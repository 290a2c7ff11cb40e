//! Hover and completion.

use super::client::capabilities;
use super::fixture::Fixture;
use serde_json::{Value, json};

#[track_caller]
fn hovers(files: &[(&str, &str)], expected: &[&str]) {
    let fixture = Fixture::new(files);
    let found = fixture.request("textDocument/hover", json!({}));
    let text = found["contents"]["value"].as_str().unwrap_or_else(|| panic!("no hover: {found}")).to_owned();
    for words in expected {
        assert!(text.contains(words), "{words:?} is not in:\n{text}");
    }
}

const SAM: &str = "Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 30}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs24.x
      CodeUri: .
      Timeout: 60
      Environment: {Variables: {STAGE: !Sub 'x-${Stage}'}}
      Events:
        Get: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Api}}
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
";

fn sam(from: &str, to: &str) -> String {
    assert_eq!(SAM.matches(from).count(), 1, "{from}");
    SAM.replace(from, to)
}

#[test]
fn a_resource_is_summed_up() {
    hovers(
        &[("template.yaml", &sam("  Worker:", "  Wor▮ker:"))],
        &[
            "**Worker**",
            "`Jobs` (feeds",
            "May run 60 s",
            "Api GET /a after 29 s, too short",
            "Jobs shows it again after 30 s",
            "No alarm on errors",
            "Runs under `WorkerRole`",
        ],
    );
    hovers(&[("template.yaml", &sam("!Ref Api", "!Ref A▮pi"))], &["**Api**", "REST API"]);
    hovers(
        &[(
            "serverless.yml",
            "service: s\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n  wor▮ker: {handler: a.b, timeout: 20, events: [{httpApi: 'GET /x'}]}\n",
        )],
        &["WorkerLambdaFunction", "May run 20 s", "GET /x after 30 s"],
    );
}

#[test]
fn properties_and_types_are_described() {
    hovers(
        &[("template.yaml", &sam("VisibilityTimeout: 30", "Visibility▮Timeout: 30"))],
        &["**VisibilityTimeout**", "an integer", "A change keeps the resource", "https://docs.aws.amazon.com/"],
    );
    hovers(
        &[("template.yaml", &sam("Type: AWS::SQS::Queue", "Type: AWS::SQS▮::Queue"))],
        &["**AWS::SQS::Queue**", "Documentation"],
    );
    hovers(
        &[("template.yaml", &sam("Type: AWS::Serverless::Api", "Type: AWS::Serverless▮::Api"))],
        &["Required: `StageName`"],
    );
    hovers(&[("template.yaml", &sam("Path: /a", "Pa▮th: /a"))], &["**Path**: a string, required"]);
    hovers(
        &[("template.json", r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Queue▮Name": "a"}}}}"#)],
        &["**QueueName**", "A change replaces the resource"],
    );
    hovers(
        &[("serverless.yml", "service: s\nprovider: {name: aws, mem▮orySize: 512}\nfunctions: {a: {handler: a.b}}\n")],
        &["**memorySize**", "1024 by default"],
    );
    hovers(
        &[(
            "serverless.yml",
            "service: s\nprovider: {name: aws}\nresources:\n  Resources:\n    Q: {Type: 'AWS::SQS::Queue', Properties: {Queue▮Name: a}}\n",
        )],
        &["**QueueName**"],
    );
}

#[test]
fn functions_and_names_show_their_values() {
    hovers(&[("template.yaml", &sam("!Sub", "!S▮ub"))], &["`Fn::Sub` gives `\"x-dev\"`"]);
    hovers(
        &[("template.yaml", &sam("!Ref Stage", "!Ref Sta▮ge"))],
        &["parameter `String`", "Value here: `\"dev\"`", "prod"],
    );
    hovers(&[("template.yaml", &sam("  IsProd:", "  IsPr▮od:"))], &["does not hold"]);
    hovers(
        &[("template.yaml", &sam("!GetAtt Jobs.Arn", "!GetAtt Jobs.Ar▮n"))],
        &["`Arn` of `Jobs`", "AWS::SQS::Queue"],
    );
    hovers(
        &[(
            "serverless.yml",
            "service: s\nprovider: {name: aws, runtime: nodejs22.x}\ncustom: {table: orders}\nfunctions: {a: {handler: a.b, description: '${self:custom.ta▮ble}'}}\n",
        )],
        &["`table`: `orders`"],
    );
    // A value that must not be seen is not shown.
    let fixture = Fixture::new(&[(
        "template.yaml",
        "Parameters:\n  Key: {Type: String, NoEcho: true, Default: hunter2}\nResources:\n  T: {Type: 'AWS::SNS::Topic', Properties: {TopicName: !Ref K▮ey}}\n",
    )]);
    assert!(!fixture.request("textDocument/hover", json!({})).to_string().contains("hunter2"));
}

#[test]
fn findings_and_suppressions_show_their_policy() {
    hovers(&[("template.yaml", &sam("Timeout: 60", "Timeout: 6▮0"))], &["rest-api-timeout-exceeded", "*How to fix*"]);
    let text = sam("  Worker:", "  # dewline: ignore[rest-api-timeout-ex▮ceeded] waits\n  Worker:");
    hovers(&[("template.yaml", &text)], &["**rest-api-timeout-exceeded**", "*Why it matters*"]);
}

fn labels(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

/// The completions are offered, and the first of them gives `result` when it is accepted
/// (a snippet's `$0` and placeholders as they stand).
#[track_caller]
fn completes(files: &[(&str, &str)], accepted: &str, result: &str) {
    let fixture = Fixture::new(files);
    let found = fixture.request("textDocument/completion", json!({}));
    let item = found.as_array().unwrap().iter().find(|item| item["label"] == accepted);
    let item = item.unwrap_or_else(|| panic!("{accepted} is not among {:?}", labels(&found)));
    let text = super::fixture::apply(fixture.text(&fixture.file), &json!([item["textEdit"]]));
    assert!(text.contains(result), "{result:?} is not in:\n{text}");
}

#[track_caller]
fn offers(files: &[(&str, &str)], present: &[&str], absent: &[&str]) {
    let fixture = Fixture::new(files);
    let found = labels(&fixture.request("textDocument/completion", json!({})));
    for name in present {
        assert!(found.iter().any(|label| label == name), "{name} is not among {found:?}");
    }
    for name in absent {
        assert!(!found.iter().any(|label| label == name), "{name} is among {found:?}");
    }
}

const HEAD: &str = "Transform: AWS::Serverless-2016-10-31\nParameters: {Stage: {Type: String}}\nMappings: {Sizes: {dev: {memory: 1}}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\nResources:\n  Jobs: {Type: 'AWS::SQS::Queue'}\n";

fn after(text: &str) -> String {
    format!("{HEAD}{text}")
}

#[test]
fn types_properties_and_values_are_offered() {
    completes(
        &[("t.yaml", &after("  W:\n    Type: AWS::Lambda::Fu▮\n"))],
        "AWS::Lambda::Function",
        "    Type: AWS::Lambda::Function\n",
    );
    completes(
        &[("t.yaml", &after("  W:\n    Type: ▮\n"))],
        "AWS::Serverless::Function",
        "    Type: AWS::Serverless::Function\n",
    );
    let body = "  W:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: r\n      ▮\n";
    offers(&[("t.yaml", &after(body))], &["Code", "Timeout", "Runtime"], &["Role", "Arn", "Type"]);
    let fixture = Fixture::new(&[("t.yaml", &after(body))]);
    let found = fixture.request("textDocument/completion", json!({}));
    assert_eq!(found[0]["label"], "Code", "what is required comes first");
    assert!(found[0]["documentation"]["value"].as_str().unwrap().contains("required"));
    completes(&[("t.yaml", &after(&body.replace('▮', "Trac▮")))], "TracingConfig", "      TracingConfig:\n  $0\n");
    let nested = "  W:\n    Type: AWS::Lambda::Function\n    Properties:\n      TracingConfig:\n        Mode: ▮\n";
    offers(&[("t.yaml", &after(nested))], &["Active", "PassThrough"], &["Jobs"]);
    completes(&[("t.yaml", &after(&nested.replace('▮', "Act▮")))], "Active", "Mode: Active\n");
    offers(
        &[("t.yaml", &after("  W:\n    Type: AWS::SQS::Queue\n    ▮\n"))],
        &["Properties", "DependsOn", "DeletionPolicy"],
        &["Type"],
    );
    completes(
        &[("t.yaml", &after("  W:\n    Type: AWS::IAM::Policy\n    Prop▮\n"))],
        "Properties",
        "    Properties:\n  PolicyDocument: ${1}\n  PolicyName: ${2}",
    );
    offers(&[("t.yaml", "Res▮\n")], &[], &["Resources"]);
    offers(
        &[("t.yaml", "AWSTemplateFormatVersion: 2010-09-09\nRes▮\n")],
        &["Resources", "Outputs"],
        &["AWSTemplateFormatVersion"],
    );
    // In flow style, and in JSON.
    offers(&[("t.yaml", &after("  W: {Type: 'AWS::SQS::Queue', Properties: {Vis▮}}\n"))], &["VisibilityTimeout"], &[]);
    completes(
        &[("t.json", r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Vis▮"}}}}"#)],
        "VisibilityTimeout",
        r#"{"VisibilityTimeout"}"#,
    );
    completes(
        &[("t.json", r#"{"Resources": {"Q": {"Type": "AWS::SQ▮"}}}"#)],
        "AWS::SQS::Queue",
        r#""Type": "AWS::SQS::Queue""#,
    );
}

#[test]
fn sam_events_and_globals_are_offered() {
    let event =
        "  W:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        E:\n          Type: ▮\n";
    offers(&[("t.yaml", &after(event))], &["Api", "SQS", "Schedule"], &[]);
    let event = event.replace("Type: ▮", "Type: SQS\n          Properties:\n            ▮");
    offers(&[("t.yaml", &after(&event))], &["Queue", "BatchSize"], &["RestApiId", "Bucket"]);
    offers(&[("t.yaml", &after("Globals:\n  ▮\n"))], &["Function", "Api"], &[]);
    offers(&[("t.yaml", &after("Globals:\n  Function:\n    ▮\n"))], &["Timeout", "Runtime"], &[]);
}

#[test]
fn names_are_offered_where_they_may_stand() {
    let topic = |value: &str| after(&format!("  T:\n    Type: AWS::SNS::Topic\n    {value}\n"));
    let property = |value: &str| topic(&format!("Properties:\n      TopicName: {value}"));
    offers(&[("t.yaml", &property("!Ref ▮"))], &["Stage", "Jobs", "AWS::Region"], &["IsProd"]);
    completes(&[("t.yaml", &property("!Ref Jo▮"))], "Jobs", "TopicName: !Ref Jobs\n");
    offers(&[("t.yaml", &property("!GetAtt ▮"))], &["Jobs"], &["Stage"]);
    completes(&[("t.yaml", &property("!GetAtt Jobs.Q▮"))], "QueueName", "TopicName: !GetAtt Jobs.QueueName\n");
    completes(&[("t.yaml", &property("!GetAtt [Jobs, ▮]"))], "QueueName", "[Jobs, QueueName]");
    completes(&[("t.yaml", &property("!Sub 'a-${St▮}'"))], "Stage", "'a-${Stage}'");
    completes(&[("t.yaml", &property("!Sub 'a-${Jobs.▮}'"))], "QueueName", "'a-${Jobs.QueueName}'");
    completes(&[("t.yaml", &property("!If [▮, a, b]"))], "IsProd", "[IsProd, a, b]");
    completes(&[("t.yaml", &property("!FindInMap [S▮]"))], "Sizes", "[Sizes]");
    completes(&[("t.yaml", &property("!FindInMap [Sizes, dev, ▮]"))], "memory", "[Sizes, dev, memory]");
    completes(&[("t.yaml", &property("!G▮"))], "!GetAtt", "TopicName: !GetAtt $0");
    offers(&[("t.yaml", &topic("DependsOn: ▮"))], &["Jobs"], &["T", "Stage"]);
    offers(&[("t.yaml", &topic("DependsOn:\n      - ▮"))], &["Jobs"], &["Stage"]);
    offers(&[("t.yaml", &topic("Condition: ▮"))], &["IsProd"], &["Jobs"]);
    offers(
        &[(
            "t.json",
            r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "▮"}}}}}"#,
        )],
        &["Q", "T"],
        &[],
    );
    offers(
        &[(
            "t.json",
            r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::GetAtt": ["Q", "▮"]}}}}}"#,
        )],
        &["QueueName"],
        &[],
    );
}

#[test]
fn services_are_completed() {
    let head = "service: shop\nprovider: {name: aws, runtime: nodejs22.x}\ncustom: {table: {name: orders}, key: k}\n";
    let with = |text: &str| format!("{head}{text}");
    offers(&[("serverless.yml", &with("▮\n"))], &["functions", "plugins", "resources"], &["service", "provider"]);
    let function = "functions:\n  worker:\n    handler: a.b\n    ▮\n";
    offers(&[("serverless.yml", &with(function))], &["events", "timeout", "memorySize"], &["handler", "service"]);
    offers(&[("serverless.yml", &with(&function.replace('▮', "architecture: ▮")))], &["arm64", "x86_64"], &[]);
    offers(
        &[("serverless.yml", &with(&function.replace('▮', "events:\n      - ▮")))],
        &["http", "sqs", "schedule"],
        &["handler"],
    );
    offers(
        &[("serverless.yml", &with(&function.replace('▮', "events:\n      - sqs:\n          ▮")))],
        &["arn", "batchSize"],
        &["method"],
    );
    offers(
        &[("serverless.yml", &with(&function.replace('▮', "events:\n      - sqs:\n          arn: !GetAtt ▮")))],
        &["WorkerLambdaFunction"],
        &[],
    );
    let value = |text: &str| with(&function.replace('▮', &format!("description: {text}")));
    offers(&[("serverless.yml", &value("${▮}"))], &["self:", "file(", "opt:", "AWS::Region"], &[]);
    completes(&[("serverless.yml", &value("${self:cu▮}"))], "custom", "${self:custom}");
    completes(&[("serverless.yml", &value("${self:custom.▮}"))], "table", "${self:custom.table}");
    completes(&[("serverless.yml", &value("x-${self:custom.table.na▮}"))], "name", "x-${self:custom.table.name}");
    let files = [("serverless.yml", value("${file(./▮)}")), ("more.yml", "deep: {size: 1}\n".to_owned())];
    completes(&[(files[0].0, &files[0].1), (files[1].0, &files[1].1)], "./more.yml", "${file(./more.yml)}");
    let service = value("${file(./more.yml):deep.▮}");
    completes(
        &[("serverless.yml", &service), ("more.yml", "deep: {size: 1}\n")],
        "size",
        "${file(./more.yml):deep.size}",
    );
    offers(
        &[(
            "serverless.yml",
            &with("resources:\n  Resources:\n    Q:\n      Type: AWS::SQS::Queue\n      Properties:\n        ▮\n"),
        )],
        &["QueueName"],
        &[],
    );
}

#[test]
fn policies_are_offered_in_suppressions_and_configuration() {
    let text = sam("  Worker:", "  # dewline: ignore[rest-▮] waits\n  Worker:");
    completes(
        &[("template.yaml", &text)],
        "rest-api-timeout-exceeded",
        "# dewline: ignore[rest-api-timeout-exceeded] waits",
    );
    offers(
        &[("template.yaml", &sam("  Worker:", "  # dewline: ignore[▮]\n  Worker:"))],
        &["security", "all"],
        &["Timeout"],
    );
    offers(&[("dewline.yaml", "profile: ▮\n")], &["strict", "recommended"], &[]);
    offers(&[("dewline.yaml", "profile: strict\n▮\n")], &["ignore", "fail-on"], &["profile"]);
    offers(&[("dewline.yaml", "ignore: [▮]\n")], &["function-timeout-range", "security"], &[]);
    offers(&[("dewline.yaml", "ignore:\n  - func▮\n")], &["function-timeout-range"], &[]);
    offers(&[("dewline.yaml", "severity:\n  function-timeout-range: ▮\n")], &["low", "critical"], &[]);
    offers(&[("dewline.yaml", "paths:\n  a/*:\n    ▮\n")], &["ignore", "severity"], &["profile"]);
}

#[test]
fn a_client_without_snippets_gets_plain_text() {
    let mut able = capabilities();
    able["textDocument"]["completion"] = json!({});
    let text = after("  W:\n    Type: AWS::Lambda::Function\n    Properties:\n      Trac▮\n");
    let fixture = Fixture::with(&[("t.yaml", &text)], able);
    let found = fixture.request("textDocument/completion", json!({}));
    let item = found.as_array().unwrap().iter().find(|item| item["label"] == "TracingConfig").unwrap();
    assert_eq!(item["textEdit"]["newText"], "TracingConfig: ");
    assert!(item.get("insertTextFormat").is_none());
}
