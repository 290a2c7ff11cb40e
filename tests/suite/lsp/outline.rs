//! Symbols, links, folding, call hierarchy.

use super::client::capabilities;
use super::fixture::Fixture;
use super::navigation::CFN;
use serde_json::{Value, json};

#[test]
fn symbols_have_their_sections_and_types() {
    let fixture = Fixture::new(&[
        ("template.yaml", CFN),
        (
            "b/serverless.yml",
            "service: s\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n  worker: {handler: a.b}\n",
        ),
    ]);
    let found = fixture.request("textDocument/documentSymbol", json!({}));
    let shape: Vec<String> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|section| {
            let children = section["children"].as_array().unwrap();
            let names: Vec<&str> = children.iter().map(|child| child["name"].as_str().unwrap()).collect();
            format!("{}: {}", section["name"].as_str().unwrap(), names.join(" "))
        })
        .collect();
    assert_eq!(
        shape,
        ["Parameters: Stage", "Mappings: Sizes", "Conditions: IsProd", "Resources: Queue Topic", "Outputs: Url"]
    );
    assert_eq!(found[3]["children"][0]["detail"], "AWS::SQS::Queue");
    let all = fixture.client.request("workspace/symbol", json!({ "query": "wkr" }));
    assert_eq!(all.as_array().unwrap().len(), 1, "{all}");
    assert_eq!(all[0]["location"]["uri"], fixture.client.uri("b/serverless.yml"));
    // A client that knows no trees gets a list.
    let mut able = capabilities();
    able["textDocument"]["documentSymbol"] = json!({});
    let fixture = Fixture::with(&[("template.yaml", CFN)], able);
    let found = fixture.request("textDocument/documentSymbol", json!({}));
    assert!(found[0]["location"].is_object() && found.as_array().unwrap().len() == 6, "{found}");
}

#[test]
fn paths_are_links() {
    let sam = "Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: nodejs24.x}}
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {Handler: «app.main▮», CodeUri: src/}
  Py:
    Type: AWS::Serverless::Function
    Properties: {Handler: «jobs.nightly.run», CodeUri: py/, Runtime: python3.13}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: «flow.asl.json», Role: r}
  Missing:
    Type: AWS::Serverless::Function
    Properties: {Handler: gone.main, CodeUri: src/}
";
    let files = [
        ("template.yaml", sam),
        ("src/app.ts", "import x\nexport const main = async () => {};\n"),
        ("py/jobs/nightly.py", "def run(event, context):\n    pass\n"),
        ("flow.asl.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}"),
    ];
    let fixture = Fixture::new(&files);
    let links = fixture.request("textDocument/documentLink", json!({}));
    let ranges: Vec<Value> = links.as_array().unwrap().iter().map(|link| link["range"].clone()).collect();
    assert_eq!(ranges, fixture.ranges.iter().map(|(_, range)| range.clone()).collect::<Vec<_>>(), "{links}");
    assert_eq!(links[1]["target"], fixture.client.uri("py/jobs/nightly.py"));
    // The definition of a handler is the line of its function.
    let found = fixture.request("textDocument/definition", json!({}));
    assert_eq!(found[0]["targetUri"], fixture.client.uri("src/app.ts"));
    assert_eq!(found[0]["targetRange"]["start"]["line"], 1);
}

#[test]
fn sections_and_comments_fold() {
    let fixture = Fixture::new(&[("template.yaml", &format!("# one\n# two\n{CFN}"))]);
    let found = fixture.request("textDocument/foldingRange", json!({}));
    let lines: Vec<(u64, u64)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|range| (range["startLine"].as_u64().unwrap(), range["endLine"].as_u64().unwrap()))
        .collect();
    assert_eq!(found[0]["kind"], "comment");
    assert_eq!(lines, [(0, 1), (2, 3), (4, 6), (5, 6), (7, 8), (9, 18), (10, 12), (13, 18), (16, 18), (19, 20)]);
}

#[test]
fn the_event_path_is_a_call_hierarchy() {
    for (name, text) in [
        (
            "template.yaml",
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: 'AWS::SQS::Queue'}
  Done: {Type: 'AWS::SNS::Topic'}
  Work▮er:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs24.x
      CodeUri: .
      Policies: [{SNSPublishMessagePolicy: {TopicName: !GetAtt Done.TopicName}}]
      Environment: {Variables: {DONE: !Ref Done}}
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
",
        ),
        (
            "serverless.yml",
            "service: shop
provider:
  name: aws
  runtime: nodejs22.x
  iam: {role: {statements: [{Effect: Allow, Action: 'sns:Publish', Resource: !Ref Done}]}}
functions:
  work▮er:
    handler: a.b
    environment: {DONE: !Ref Done}
    events: [{sqs: {arn: !GetAtt Jobs.Arn}}]
resources:
  Resources:
    Jobs: {Type: 'AWS::SQS::Queue'}
    Done: {Type: 'AWS::SNS::Topic'}
",
        ),
    ] {
        let fixture = Fixture::new(&[(name, text)]);
        let items = fixture.request("textDocument/prepareCallHierarchy", json!({}));
        let item = json!({ "item": items[0] });
        let incoming = fixture.client.request("callHierarchy/incomingCalls", item.clone());
        let names = |list: &Value, end: &str| {
            let items = list.as_array().unwrap().iter();
            items.map(|call| call[end]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&incoming, "from"), ["Jobs"], "{name}: {incoming}");
        assert!(incoming[0]["from"]["detail"].as_str().unwrap().contains("feeds"), "{incoming}");
        let outgoing = fixture.client.request("callHierarchy/outgoingCalls", item);
        assert!(names(&outgoing, "to").contains(&"Done".to_owned()), "{name}: {outgoing}");
    }
}
