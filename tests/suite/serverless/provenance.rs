//! Findings on what the Serverless Framework makes point at what the author wrote.

use crate::checked::checked;
use dewline::engine::Analysis;
use dewline::graph::{EdgeKind, NodeKind};
use dewline::policies;

/// The resource and the line of each finding, the line with its file where that is another one.
fn shown(analysis: &Analysis) -> Vec<(String, String)> {
    let found = analysis.findings.iter().map(|finding| {
        let file = analysis.sources.get(finding.span.file);
        let start = file.text()[..finding.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let line = file.text()[start..].lines().next().unwrap_or_default().trim();
        let line = if finding.span.file.0 == 0 { line.to_owned() } else { format!("{}: {line}", file.path()) };
        (finding.resource.clone().unwrap_or_default(), line)
    });
    found.collect()
}

const SERVICE: &str = "\
service: shop
provider:
  name: aws
  runtime: python3.9
  logRetentionInDays: 3
  deploymentBucket:
    blockPublicAccess: false
  environment:
    API_TOKEN: hunter2hunter2hunter2
  iam:
    role:
      statements:
        - Effect: Allow
          Action: 's3:*'
          Resource: '*'
functions:
  orders:
    handler: orders.main
    url: true
    events:
      - httpApi: GET /orders
      - sqs: !GetAtt Jobs.Arn
  mail: ${file(mail.yml)}
resources:
  - ${file(resources.yml)}
";
const FILES: &[(&str, &str)] = &[
    (
        "mail.yml",
        "handler: mail.main\nenvironment:\n  DB_PASSWORD: q8Zt3vR1pLx7Wm2K\nevents:\n  - httpApi: GET /mail\n",
    ),
    ("resources.yml", "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 1\n"),
];

fn service(select: &[&str], guard: &str) -> Vec<(String, String)> {
    shown(&checked("serverless.yml", SERVICE, FILES, select, guard))
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(id, line)| ((*id).to_owned(), (*line).to_owned())).collect()
}

#[test]
fn a_log_group_is_shown_at_the_providers_retention_or_the_function() {
    let kept = "rule logs_are_kept { Resources.*[ Type == 'AWS::Logs::LogGroup' ].Properties.RetentionInDays >= 30 }";
    let found = service(&["retired-runtime"], kept);
    assert!(found.iter().all(|(_, line)| line == "logRetentionInDays: 3"), "{found:?}");
    assert!(!found.is_empty());
    let text = "service: shop\nprovider: {name: aws, runtime: nodejs24.x}\nfunctions:\n  orders: {handler: a.b}\n";
    let found = shown(&checked("serverless.yml", text, &[], &["log-group-no-retention"], ""));
    assert_eq!(found, pairs(&[("OrdersLogGroup", "orders: {handler: a.b}")]));
}

#[test]
fn the_shared_role_is_shown_at_its_settings() {
    assert_eq!(service(&["lambda-role-wildcard-action"], ""), pairs(&[("IamRoleLambdaExecution", "Action: 's3:*'")]));
    let bounded =
        "rule roles_have_a_boundary { Resources.*[ Type == 'AWS::IAM::Role' ].Properties.PermissionsBoundary exists }";
    assert_eq!(service(&["retired-runtime"], bounded), pairs(&[("IamRoleLambdaExecution", "iam:")]));
}

#[test]
fn the_deployment_bucket_is_shown_at_its_settings() {
    let versioned = "rule buckets_have_versions { Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.VersioningConfiguration exists }";
    let found = service(&["retired-runtime"], versioned);
    assert_eq!(found, pairs(&[("ServerlessDeploymentBucket", "deploymentBucket:")]));
    let text = "service: shop\nprovider:\n  name: aws\n  runtime: nodejs24.x\n";
    let found = shown(&checked("serverless.yml", text, &[], &["retired-runtime"], versioned));
    assert_eq!(found, pairs(&[("ServerlessDeploymentBucket", "provider:")]));
}

#[test]
fn what_an_event_makes_is_shown_at_the_event() {
    let found = service(&["http-route-no-auth", "esm-no-partial-batch", "function-url-no-auth"], "");
    let expected = [
        ("OrdersLambdaFunctionUrl", "url: true"),
        ("HttpApiRouteGetOrders", "- httpApi: GET /orders"),
        ("OrdersEventSourceMappingSQSJobs", "- sqs: !GetAtt Jobs.Arn"),
    ];
    // The other route is part of the first one's finding: no route here asks callers for anything.
    assert_eq!(found, pairs(&expected));
}

#[test]
fn values_are_shown_where_they_are_written_in_included_files_too() {
    let expected = [
        ("MailLambdaFunction", "API_TOKEN: hunter2hunter2hunter2"),
        ("OrdersLambdaFunction", "API_TOKEN: hunter2hunter2hunter2"),
        ("MailLambdaFunction", "mail.yml: DB_PASSWORD: q8Zt3vR1pLx7Wm2K"),
    ];
    assert_eq!(service(&["env-plaintext-secret"], ""), pairs(&expected));
    let visible = service(&["sqs-visibility-below-1x"], "");
    assert_eq!(visible, pairs(&[("Jobs", "resources.yml: VisibilityTimeout: 1")]));
}

#[test]
fn an_unknown_plugin_is_one_note_and_withholds_what_it_might_answer() {
    let text = |plugins: &str| {
        format!(
            "service: shop\nprovider: {{name: aws, runtime: nodejs24.x}}\nplugins: [{plugins}]\n\
             functions:\n  orders: {{handler: a.b, events: [{{httpApi: GET /}}]}}\n"
        )
    };
    let missing = [
        "function-no-error-alarm",
        "function-no-throttle-alarm",
        "api-no-5xx-alarm",
        "log-group-no-retention",
        "unknown-plugin",
    ];
    let names = |plugins: &str| -> Vec<String> {
        let analysis = checked("serverless.yml", &text(plugins), &[], &missing, "");
        analysis.findings.into_iter().map(|finding| finding.policy).collect()
    };
    let known = names("serverless-offline");
    assert!(known.contains(&"function-no-error-alarm".to_owned()), "{known:?}");
    let unknown = names("made-by-us");
    assert_eq!(unknown.iter().filter(|name| *name == "unknown-plugin").count(), 1);
    assert!(!unknown.contains(&"function-no-error-alarm".to_owned()), "{unknown:?}");
    assert!(!unknown.contains(&"api-no-5xx-alarm".to_owned()), "{unknown:?}");
}

const ELSEWHERE: &str = "\
service: shop
provider:
  name: azure
  runtime: nodejs12
  environment: {API_TOKEN: hunter2hunter2hunter2}
  apim:
    cors:
      allowedOrigins:
        - '*'
functions:
  orders:
    handler: orders.main
    events:
      - http: true
        x-azure-settings:
          authLevel: anonymous
";

#[test]
fn policies_without_facts_of_aws_hold_for_other_providers() {
    let analysis = checked("serverless.yml", ELSEWHERE, &[], &["all"], "");
    let names: Vec<&str> = analysis.findings.iter().map(|finding| &*finding.policy).collect();
    assert_eq!(
        names,
        ["unsupported-provider", "deprecated-runtime", "env-plaintext-secret", "cors-any-origin", "anonymous-trigger"]
    );
    let expected = [
        ("", "name: azure"),
        ("orders", "runtime: nodejs12"),
        ("orders", "environment: {API_TOKEN: hunter2hunter2hunter2}"),
        ("Api", "- '*'"),
        ("ordersHttp1", "authLevel: anonymous"),
    ];
    assert_eq!(shown(&analysis), pairs(&expected));
    for policy in names {
        assert!(policies::holds_elsewhere(policy));
    }
    let google = "service: jobs\nprovider: {name: google, runtime: nodejs24}\nfunctions:\n  run: {handler: h}\n";
    let analysis = checked("serverless.yml", google, &[], &["default-memory", "default-timeout"], "");
    assert_eq!(shown(&analysis), pairs(&[("run", "run: {handler: h}"), ("run", "run: {handler: h}")]));
}

#[test]
fn functions_of_other_providers_are_nodes_with_their_triggers() {
    let analysis = checked("serverless.yml", ELSEWHERE, &[], &["all"], "");
    let function = analysis.graph.node("orders").unwrap();
    assert_eq!(function.kind(), NodeKind::Function);
    let route = function.sources(EdgeKind::InvokesSync).next().unwrap();
    assert_eq!((route.kind(), route.name()), (NodeKind::Route, "ordersHttp1"));
}

const COMPOSED: &str = "services:\n  orders: {path: orders, params: {url: '${mail.QueueUrl}', none: '${mail.Nothing}'}}\n  mail: {path: mail}\n";
const COMPOSED_FILES: &[(&str, &str)] = &[
    (
        "orders/serverless.yml",
        "service: orders\nprovider: {name: aws}\nfunctions: {f: {handler: h, environment: {URL: '${param:url}'}}}\n",
    ),
    (
        "mail/serverless.yml",
        "service: mail\nprovider: {name: aws}\nresources:\n  Resources: {Q: {Type: AWS::SQS::Queue}}\n  Outputs: {QueueUrl: {Value: !Ref Q}}\n",
    ),
];

#[test]
fn composed_services_are_linked_by_their_outputs() {
    let analysis = checked("serverless-compose.yml", COMPOSED, COMPOSED_FILES, &["all"], "");
    let graph = &analysis.graph;
    let orders = graph.node("orders").unwrap();
    let linked: Vec<_> = orders.targets(EdgeKind::DependsOn).map(|node| node.name().to_owned()).collect();
    assert_eq!(linked, ["mail"]);
    // The output leads to the resource behind it.
    let url = orders.property(&["Parameters", "url"]).symbolic().unwrap();
    assert_eq!(graph.inside(&url).unwrap().name(), "Q");
    assert!(graph.child("orders").unwrap().node("FLambdaFunction").is_some());
    // One of the outputs is none of the service's.
    let found: Vec<_> = analysis.findings.iter().map(|finding| (&*finding.policy, &*finding.message)).collect();
    assert_eq!(found, [("nested-stack-output", "`mail` has no output `Nothing`")]);
}

#[test]
fn the_region_of_the_provider_is_that_of_the_template() {
    let region = |region: &str| {
        let text = format!("service: s\nprovider: {{name: aws, runtime: nodejs22.x{region}}}\nfunctions: {{}}\n");
        let analysis = checked("serverless.yml", &text, &[], &[], "");
        analysis.graph.template().pseudo_parameter("AWS::Region").map(|region| region.to_string())
    };
    assert_eq!(region(", region: eu-central-1").as_deref(), Some("eu-central-1"));
    // The framework's own default.
    assert_eq!(region("").as_deref(), Some("us-east-1"));
    assert_eq!(region(", region: '${opt:where}'"), None);
}
