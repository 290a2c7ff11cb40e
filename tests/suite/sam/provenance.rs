//! Findings on what the SAM transform makes point at what its author wrote.

use crate::checked::checked;
use dewline::finding::Finding;

const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.7
    Timeout: 60
    Environment:
      Variables:
        API_TOKEN: hunter2hunter2hunter2
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: orders.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: NONE
      AutoPublishAlias: live
      EventInvokeConfig:
        MaximumRetryAttempts: 2
        DestinationConfig:
          OnFailure:
            Type: SQS
      Policies:
        - AdministratorAccess
        - Statement:
            - Effect: Allow
              Action: 's3:*'
              Resource: '*'
        - SQSPollerPolicy:
            QueueName: '*'
      Events:
        List:
          Type: Api
          Properties:
            Path: /orders
            Method: get
        Page:
          Type: HttpApi
          Properties:
            Path: /page
            Method: get
        Jobs:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
        Told:
          Type: SNS
          Properties:
            Topic: !Ref Topic
        Rule:
          Type: EventBridgeRule
          Properties:
            Pattern: {source: [shop]}
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Mail:
    Type: AWS::Serverless::Function
    Properties: {Handler: mail.handler, CodeUri: src/}
";

fn findings(select: &[&str], guard: &str) -> Vec<Finding> {
    checked("template.yaml", TEMPLATE, &[], select, guard).findings
}

fn line(offset: u32) -> &'static str {
    let start = TEMPLATE[..offset as usize].rfind('\n').map_or(0, |at| at + 1);
    TEMPLATE[start..].lines().next().unwrap_or_default().trim()
}

/// The resource, the line, and the lines of related places of each finding of `policy`.
fn shown(policy: &str) -> Vec<(String, &'static str, Vec<&'static str>)> {
    let found = findings(&[policy], "");
    let places = found.iter().map(|finding| {
        let related = finding.related.iter().map(|related| line(related.span.start)).collect();
        (finding.resource.clone().unwrap_or_default(), line(finding.span.start), related)
    });
    places.collect()
}

#[test]
fn a_generated_role_is_shown_at_the_entry_of_its_policies() {
    assert_eq!(shown("lambda-role-admin"), [("OrdersRole".into(), "- AdministratorAccess", vec![])]);
    assert_eq!(shown("lambda-role-wildcard-action"), [("OrdersRole".into(), "Action: 's3:*'", vec![])]);
}

#[test]
fn an_implied_api_is_shown_at_the_event_that_made_it() {
    // One finding for both stages: what a template does nowhere is said once.
    assert_eq!(shown("api-access-log-missing"), [("ServerlessRestApiProdStage".into(), "List:", vec!["Page:"])]);
    assert_eq!(shown("rest-method-no-auth"), [("ServerlessRestApi".into(), "Method: get", vec!["Orders:"])]);
}

#[test]
fn what_an_event_makes_is_shown_at_the_event() {
    assert_eq!(shown("esm-no-partial-batch"), [("OrdersJobs".into(), "Jobs:", vec![])]);
    assert_eq!(
        shown("sns-subscription-no-redrive"),
        [("OrdersTold".into(), "Told:", vec!["Topic: {Type: AWS::SNS::Topic}"])]
    );
    assert_eq!(shown("eventbridge-target-no-dlq"), [("OrdersRule".into(), "Rule:", vec!["Orders:"])]);
}

#[test]
fn a_url_and_a_destination_are_shown_at_their_properties() {
    assert_eq!(shown("function-url-no-auth"), [("OrdersUrl".into(), "AuthType: NONE", vec![])]);
    let queue = "OrdersEventInvokeConfigOnFailureQueue".to_owned();
    assert_eq!(shown("dlq-no-depth-alarm"), [(queue, "Type: SQS", vec![])]);
}

#[test]
fn a_value_of_globals_is_shown_there_with_the_resource_beside_it() {
    let expected = [
        ("Mail".to_owned(), "API_TOKEN: hunter2hunter2hunter2", vec!["Mail:"]),
        ("Orders".to_owned(), "API_TOKEN: hunter2hunter2hunter2", vec!["Orders:"]),
    ];
    assert_eq!(shown("env-plaintext-secret"), expected);
    let timeout = shown("rest-api-timeout-exceeded");
    assert_eq!(timeout, [("Orders".into(), "Timeout: 60", vec!["Method: get", "Orders:"])]);
    // Of a value that is wrong wherever it is used, its users are named.
    assert_eq!(shown("retired-runtime"), [(String::new(), "Runtime: python3.7", vec!["Orders:", "Mail:"])]);
}

#[test]
fn every_generated_permission_role_and_alias_has_a_place_of_its_own() {
    let rules = "
rule permissions_name_an_account { Resources.*[ Type == 'AWS::Lambda::Permission' ].Properties.SourceAccount exists }
rule roles_have_a_boundary { Resources.*[ Type == 'AWS::IAM::Role' ].Properties.PermissionsBoundary exists }
rule aliases_are_described { Resources.*[ Type == 'AWS::Lambda::Alias' ].Properties.Description exists }
";
    let found = findings(&["retired-runtime"], rules);
    let place = |id: &str| {
        let mut of = found.iter().filter(|finding| finding.resource.as_deref() == Some(id));
        of.next().map(|finding| line(finding.span.start)).unwrap_or_default()
    };
    assert_eq!(place("OrdersListPermissionProd"), "List:");
    assert_eq!(place("OrdersPagePermission"), "Page:");
    assert_eq!(place("OrdersToldPermission"), "Told:");
    assert_eq!(place("OrdersRulePermission"), "Rule:");
    assert_eq!(place("OrdersUrlPublicPermissions"), "AuthType: NONE");
    assert_eq!(place("OrdersRole"), "Policies:");
    assert_eq!(place("MailRole"), "Mail:");
    assert_eq!(place("OrdersAliaslive"), "AutoPublishAlias: live");
}
