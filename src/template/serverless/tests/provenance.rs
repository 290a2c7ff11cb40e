//! Every value knows the line its author can edit.

use super::*;

const SERVICE: &str = "\
service: shop
provider:
  name: aws
  runtime: nodejs20.x
  memorySize: 512
  logRetentionInDays: 14
  iam:
    role:
      statements:
        - Effect: Allow
          Action: s3:GetObject
          Resource: '*'
functions:
  order:
    handler: order.main
    timeout: 29
    events:
      - httpApi: POST /orders
      - sqs: arn:aws:sqs:us-east-1:1:jobs
  mail:
    handler: mail.main
resources:
  - Resources:
      Jobs:
        Type: AWS::SQS::Queue
        Properties:
          QueueName: jobs
  - ${file(more.yml)}
";

fn service() -> Loaded {
    let more = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";
    expand_with(SERVICE, &[("app/more.yml", more)], &Inputs::default())
}

fn property<'l>(loaded: &'l Loaded, id: &str, name: &str) -> &'l Value {
    loaded.at(&["Resources", id, "Properties", name])
}

#[test]
fn written_values_keep_their_places() {
    let loaded = service();
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    for (id, name, text) in [
        ("OrderLambdaFunction", "Timeout", "29"),
        ("OrderLambdaFunction", "MemorySize", "512"),
        ("MailLambdaFunction", "MemorySize", "512"),
        ("OrderLambdaFunction", "Handler", "order.main"),
        ("OrderLambdaFunction", "Runtime", "nodejs20.x"),
        ("OrderLogGroup", "RetentionInDays", "14"),
        ("Jobs", "QueueName", "jobs"),
    ] {
        let value = property(&loaded, id, name);
        assert!(!value.origin.is_generated(), "{id} {name}");
        assert_eq!(loaded.written(value.span()), text, "{id} {name}");
    }
}

#[test]
fn defaults_point_at_the_function() {
    let loaded = service();
    let timeout = property(&loaded, "MailLambdaFunction", "Timeout");
    assert_eq!(timeout.as_int(), Some(6));
    assert!(timeout.origin.is_generated());
    assert_eq!(loaded.written(timeout.span()), "mail");
}

#[test]
fn generated_resources_name_their_cause() {
    let loaded = service();
    for (id, cause) in [
        ("OrderLambdaFunction", "order"),
        ("OrderLogGroup", "order"),
        ("IamRoleLambdaExecution", "iam"),
        ("ServerlessDeploymentBucket", "provider"),
        ("OrderLambdaPermissionHttpApi", "httpApi"),
        ("HttpApiRoutePostOrders", "httpApi"),
        ("HttpApi", "httpApi"),
        ("OrderEventSourceMappingSQSJobs", "sqs"),
    ] {
        let entry = loaded.resources().entry(id).unwrap_or_else(|| panic!("no {id}"));
        assert!(entry.key_origin.is_generated(), "{id}");
        assert_eq!(loaded.written(entry.key_origin.span()), cause, "{id}");
    }
    let queue = loaded.resources().entry("Jobs").expect("the queue");
    assert!(!queue.key_origin.is_generated());
}

#[test]
fn included_resources_point_into_their_file() {
    let loaded = service();
    let topic = loaded.resources().entry("Topic").expect("the topic");
    let span = topic.key_origin.span();
    assert_eq!(loaded.sources.get(span.file).path(), "app/more.yml");
    assert_eq!(loaded.written(span), "Topic");
}

#[test]
fn statements_of_the_author_are_found_in_the_role() {
    let loaded = service();
    let policies = property(&loaded, "IamRoleLambdaExecution", "Policies");
    let statements = policies.as_list().and_then(|list| list.first()).expect("a policy");
    let statements = statements.at(&["PolicyDocument", "Statement"]).and_then(Value::as_list).expect("statements");
    let own = statements.get(2).and_then(|statement| statement.get("Resource")).expect("the author's statement");
    assert_eq!(loaded.written(own.span()), "'*'");
}
