//! Definition, references, highlight, rename.

use super::fixture::Fixture;
use serde_json::{Value, json};

/// Places as (address, range), sorted.
fn places(list: &Value) -> Vec<(String, Value)> {
    let mut found: Vec<(String, Value)> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|place| {
            let uri = place.get("uri").or_else(|| place.get("targetUri")).unwrap();
            let range = place.get("range").or_else(|| place.get("targetSelectionRange")).unwrap();
            (uri.as_str().unwrap().to_owned(), range.clone())
        })
        .collect();
    found.sort_by_key(|(uri, range)| {
        (uri.clone(), range["start"]["line"].as_u64(), range["start"]["character"].as_u64())
    });
    found
}

#[track_caller]
fn defines(files: &[(&str, &str)]) {
    let fixture = Fixture::new(files);
    let found = fixture.request("textDocument/definition", json!({}));
    assert_eq!(places(&found), fixture.ranges, "{}", files.last().unwrap().1);
}

#[track_caller]
fn refers(files: &[(&str, &str)]) {
    let fixture = Fixture::new(files);
    let context = json!({ "context": { "includeDeclaration": true } });
    let found = fixture.request("textDocument/references", context);
    let mut expected = fixture.ranges.clone();
    expected.sort_by_key(|(uri, range)| {
        (uri.clone(), range["start"]["line"].as_u64(), range["start"]["character"].as_u64())
    });
    assert_eq!(places(&found), expected);
    let highlights = fixture.request("textDocument/documentHighlight", json!({}));
    let own = fixture.client.uri(&fixture.file);
    let own = expected.iter().filter(|(uri, _)| *uri == own).count();
    assert_eq!(highlights.as_array().unwrap().len(), own);
}

pub const CFN: &str = "Parameters:
  Stage: {Type: String, Default: dev}
Mappings:
  Sizes:
    dev: {memory: 128}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Condition: IsProd
  Topic:
    Type: AWS::SNS::Topic
    DependsOn: [Queue]
    Properties:
      TopicName: !Sub '${Stage}-${Queue.QueueName}'
      DisplayName: !If [IsProd, !GetAtt Queue.QueueName, !FindInMap [Sizes, dev, memory]]
Outputs:
  Url: {Value: !Ref Queue}
";

fn cfn(from: &str, to: &str) -> String {
    assert_eq!(CFN.matches(from).count(), 1, "{from}");
    CFN.replace(from, to)
}

#[test]
fn every_way_to_name_something_leads_to_its_declaration() {
    for (from, to, declared) in [
        ("!Equals [!Ref Stage", "!Equals [!Ref St▮age", ("  Stage: {", "  «Stage»: {")),
        ("Condition: IsProd", "Condition: IsP▮rod", ("  IsProd: !E", "  «IsProd»: !E")),
        ("DependsOn: [Queue]", "DependsOn: [▮Queue]", ("  Queue:\n", "  «Queue»:\n")),
        ("${Stage}", "${Sta▮ge}", ("  Stage: {", "  «Stage»: {")),
        ("${Queue.QueueName}", "${Qu▮eue.QueueName}", ("  Queue:\n", "  «Queue»:\n")),
        ("!If [IsProd", "!If [IsPro▮d", ("  IsProd: !E", "  «IsProd»: !E")),
        ("!GetAtt Queue.QueueName", "!GetAtt Queue▮.QueueName", ("  Queue:\n", "  «Queue»:\n")),
        ("[Sizes, dev, memory]", "[Si▮zes, dev, memory]", ("  Sizes:\n", "  «Sizes»:\n")),
        ("[Sizes, dev, memory]", "[Sizes, d▮ev, memory]", ("    dev: {", "    «dev»: {")),
        ("[Sizes, dev, memory]", "[Sizes, dev, mem▮ory]", ("{memory: 128}", "{«memory»: 128}")),
        ("Value: !Ref Queue", "Value: !Ref Queue▮", ("  Queue:\n", "  «Queue»:\n")),
    ] {
        let text = cfn(from, to);
        let text = text.replacen(declared.0, declared.1, 1);
        defines(&[("template.yaml", &text)]);
    }
}

#[test]
fn long_forms_and_json_are_read_alike() {
    defines(&[(
        "template.json",
        r#"{"Resources": {"«Queue»": {"Type": "AWS::SQS::Queue"},
  "Topic": {"Type": "AWS::SNS::Topic", "Properties": {
    "TopicName": {"Fn::GetAtt": ["Qu▮eue", "QueueName"]}}}}}
"#,
    )]);
    defines(&[(
        "template.json",
        r#"{"Resources": {"«Queue»": {"Type": "AWS::SQS::Queue"},
  "Topic": {"Type": "AWS::SNS::Topic", "Properties": {
    "TopicName": {"Fn::Sub": ["x-${Qu▮eue.QueueName}-${Own}", {"Own": {"Ref": "AWS::Region"}}]}}}}}
"#,
    )]);
    defines(&[(
        "template.yaml",
        "Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub
        - 'a-${O▮wn}'
        - «Own»: !Ref AWS::Region
",
    )]);
    // In a text over lines, and in broken text.
    defines(&[(
        "template.yaml",
        "Resources:
  «Queue»: {Type: 'AWS::SQS::Queue'}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Handler: 'a
      Role: r
      Code:
        ZipFile: !Sub |
          const queue = 'ä';
          const url = '${Que▮ue}';
",
    )]);
}

#[test]
fn what_sam_generates_leads_to_what_causes_it() {
    let sam = "Transform: AWS::Serverless-2016-10-31
Resources:
  «Worker»:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: nodejs24.x, CodeUri: ., AutoPublishAlias: live}
Outputs:
  Role: {Value: !GetAtt Worker▮Role.Arn}
";
    defines(&[("template.yaml", sam)]);
    refers(&[(
        "template.yaml",
        "Transform: AWS::Serverless-2016-10-31
Resources:
  «Wor▮ker»:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: nodejs24.x, CodeUri: ., AutoPublishAlias: live}
Outputs:
  Role: {Value: !GetAtt «WorkerRole».Arn}
  Alias: {Value: !Ref «Worker».Alias}
",
    )]);
}

#[test]
fn variables_lead_to_keys_through_includes() {
    let service = "service: shop
provider: {name: aws, runtime: nodejs22.x, stage: dev}
custom:
  table: orders
  more: ${file(more.yml)}
functions:
  worker:
    handler: src/worker.main
    environment:
      TABLE: ${self:custom.table}
      NAME: ${self:custom.more.names.queue, 'none'}
      SIZE: ${file(more.yml):sizes.small}
resources:
  Resources:
    Queue: {Type: 'AWS::SQS::Queue'}
  Outputs:
    Worker: {Value: !GetAtt WorkerLambdaFunction.Arn}
    Url: {Value: !Ref Queue}
";
    let more = "names: {queue: q}\nsizes: {small: 128}\n";
    let with = |from: &str, to: &str, from2: &str, to2: &str, more2: (&str, &str)| {
        let service = service.replacen(from, to, 1).replacen(from2, to2, 1);
        let more = more.replacen(more2.0, more2.1, 1);
        defines(&[("serverless.yml", &service), ("more.yml", &more)]);
    };
    with("self:custom.table", "self:custom.ta▮ble", "  table:", "  «table»:", ("", ""));
    with("self:custom.more.names", "self:custom.mo▮re.names", "  more:", "  «more»:", ("", ""));
    with("more.names.queue", "more.names.qu▮eue", "", "", ("{queue:", "{«queue»:"));
    with("yml):sizes.small", "yml):sizes.sm▮all", "", "", ("{small:", "{«small»:"));
    with("WorkerLambdaFunction", "Worker▮LambdaFunction", "  worker:", "  «worker»:", ("", ""));
    with("!Ref Queue", "!Ref Que▮ue", "    Queue:", "    «Queue»:", ("", ""));
    refers(&[
        (
            "serverless.yml",
            "service: shop
provider: {name: aws, runtime: nodejs22.x}
custom: ${file(custom.yml)}
functions:
  worker: {handler: a.b, environment: {A: '${self:custom.«table»}', B: '${file(custom.yml):«ta▮ble», self:custom.«table»}'}}
",
        ),
        ("custom.yml", "«table»: orders\nother: 1\n"),
    ]);
    // From the included file, with the template on disk only by being open too.
    refers(&[
        (
            "serverless.yml",
            "service: shop
provider: {name: aws, runtime: nodejs22.x}
custom: ${file(custom.yml)}
functions:
  worker: {handler: a.b, environment: {A: '${self:custom.«table»}'}}
",
        ),
        ("custom.yml", "«tab▮le»: orders\nother: 1\n"),
    ]);
}

#[test]
fn references_are_found_in_every_form() {
    let text = CFN
        .replace("  Queue:\n", "  «Que▮ue»:\n")
        .replace("[Queue]", "[«Queue»]")
        .replace("${Queue.", "${«Queue».")
        .replace("!GetAtt Queue.", "!GetAtt «Queue».")
        .replace("!Ref Queue", "!Ref «Queue»");
    refers(&[("template.yaml", &text)]);
    let text = CFN
        .replace("  Stage: {", "  «Stage»: {")
        .replace("!Ref Stage", "!Ref «Sta▮ge»")
        .replace("${Stage}", "${«Stage»}");
    refers(&[("template.yaml", &text)]);
}

#[track_caller]
fn renames(files: &[(&str, &str)], new: &str, expected: &[&str]) {
    let fixture = Fixture::new(files);
    assert!(fixture.request("textDocument/prepareRename", json!({}))["placeholder"].is_string());
    let edit = fixture.request("textDocument/rename", json!({ "newName": new }));
    let texts: Vec<String> = fixture.applied(&edit).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, expected);
}

#[test]
fn a_new_name_goes_everywhere() {
    renames(
        &[("template.yaml", &cfn("DependsOn: [Queue]", "DependsOn: [Que▮ue]"))],
        "Jobs",
        &[&CFN
            .replace("Queue.", "Jobs.")
            .replace("Queue]", "Jobs]")
            .replace("  Queue:", "  Jobs:")
            .replace("Ref Queue", "Ref Jobs")],
    );
    renames(
        &[("template.yaml", &cfn("[Sizes, dev, memory]", "[Sizes, dev, mem▮ory]"))],
        "mb",
        &[&CFN.replace("memory", "mb")],
    );
    renames(&[("template.yaml", &cfn("  IsProd: !E", "  ▮IsProd: !E"))], "Live", &[&CFN.replace("IsProd", "Live")]);
    // What SAM generates is named after its function.
    let sam = "Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: nodejs24.x, CodeUri: ., Policies: [{DynamoDBReadPolicy: {TableName: !Ref Workers}}]}
  Workers: {Type: 'AWS::Serverless::SimpleTable'}
Outputs:
  Role: {Value: !GetAtt WorkerRole.Arn}
";
    renames(
        &[("template.yaml", &sam.replace("  Worker:", "  Work▮er:"))],
        "Clerk",
        &[&sam.replace("  Worker:", "  Clerk:").replace("WorkerRole", "ClerkRole")],
    );
    let service = "service: shop
provider: {name: aws, runtime: nodejs22.x}
functions:
  pay-out: {handler: a.b, environment: {KEY: '${self:custom.key}'}}
custom:
  key: 1
resources:
  Outputs:
    A: {Value: !GetAtt PayDashoutLambdaFunction.Arn}
    B: {Value: '${self:custom.key}'}
";
    renames(
        &[("serverless.yml", &service.replace("PayDashout", "PayDash▮out"))],
        "refund",
        &[&service.replace("pay-out", "refund").replace("PayDashout", "Refund")],
    );
    renames(
        &[("serverless.yml", &service.replacen("custom.key", "custom.k▮ey", 1))],
        "no",
        &[&service.replace("custom.key", "custom.no").replace("  key:", "  no:")],
    );
    renames(
        &[
            (
                "serverless.yml",
                "service: s\nprovider: {name: aws, runtime: nodejs22.x}\ncustom: {a: '${file(x.yml):deep.k▮ey}'}\n",
            ),
            ("x.yml", "deep: {key: 1}\n"),
        ],
        "other",
        &[
            "service: s\nprovider: {name: aws, runtime: nodejs22.x}\ncustom: {a: '${file(x.yml):deep.other}'}\n",
            "deep: {other: 1}\n",
        ],
    );
}

#[test]
fn a_file_is_renamed_with_every_mention() {
    let service = "service: s\nprovider: {name: aws, runtime: nodejs22.x}\ncustom: {a: '${file(x▮.yml):key}', b: '${file(./x.yml):key}'}\n";
    let fixture = Fixture::new(&[("serverless.yml", service), ("x.yml", "key: 1\n")]);
    let edit = fixture.request("textDocument/rename", json!({ "newName": "config/y.yml" }));
    assert!(fixture.applied(&edit)[0].1.contains("file(config/y.yml):key}', b: '${file(config/y.yml):key"));
    let changes = edit["documentChanges"].as_array().unwrap();
    let rename = changes.iter().find(|change| change["kind"] == "rename").unwrap();
    assert_eq!(rename["newUri"], fixture.client.uri("config/y.yml"));
}

#[test]
fn impossible_names_are_refused_with_a_reason() {
    let refuse = |text: &str, new: &str, word: &str| {
        let fixture = Fixture::new(&[("template.yaml", text)]);
        let mut params = fixture.at();
        params["newName"] = json!(new);
        let error = fixture.client.refusal("textDocument/rename", params);
        assert!(error["message"].as_str().unwrap().contains(word), "{error}");
    };
    let text = cfn("DependsOn: [Queue]", "DependsOn: [Que▮ue]");
    refuse(&text, "my-queue", "letters and digits");
    refuse(&text, "Topic", "exists already");
    refuse(&cfn("${Stage}", "${AWS::Re▮gion}"), "X", "own name");
    refuse(&cfn("!Ref Queue", "!Ref Nothi▮ng"), "X", "not declared");
}
