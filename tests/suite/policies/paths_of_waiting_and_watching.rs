//! Policies over several resources: what their messages say, and where they keep silent because
//! something is not known.

use dewline::engine::{Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::source::{NoFiles, SourceFile};
use dewline::template::Inputs;
use std::sync::Arc;

/// `marked text: message` of every finding of `policy`.
fn findings(policy: &str, text: &str) -> Vec<String> {
    let request = SelectionRequest { select: vec![policy.to_owned()], ..SelectionRequest::default() };
    let settings = Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    };
    let analysis = analyze(Arc::new(SourceFile::new("template.yaml", text)), &NoFiles, &settings).unwrap();
    let marked = |finding: &dewline::finding::Finding| analysis.sources.text(finding.span).to_owned();
    analysis.findings.iter().map(|finding| format!("{}: {}", marked(finding), finding.message)).collect()
}

/// A function and a queue it reads; `timeout` and `visibility` as YAML.
fn feed(timeout: &str, visibility: &str, window: &str) -> String {
    format!(
        "Parameters:\n  Seconds: {{Type: Number}}\n  Stage: {{Type: String}}\nConditions:\n  Live: !Equals [!Ref Stage, live]\n\
         Resources:\n  Jobs: {{Type: AWS::SQS::Queue, Properties: {{VisibilityTimeout: {visibility}}}}}\n  \
         Worker:\n    Type: AWS::Lambda::Function\n    Properties: {{Runtime: nodejs24.x, Handler: a.b, Role: !ImportValue r, \
         Code: {{S3Bucket: b, S3Key: k}}, Timeout: {timeout}}}\n  \
         Feed:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties: {{EventSourceArn: !GetAtt Jobs.Arn, \
         FunctionName: !GetAtt Worker.Arn, MaximumBatchingWindowInSeconds: {window}}}\n"
    )
}

#[test]
fn visibility_is_measured_against_six_runs_and_the_window() {
    let six = |timeout, visibility, window| findings("sqs-visibility-below-6x", &feed(timeout, visibility, window));
    assert_eq!(
        six("20", "124", "5"),
        ["124: Jobs hides a message for 124 s, but Worker needs 125 s (6 x its timeout of 20 s + 5 s of batching)"]
    );
    assert!(six("20", "125", "5").is_empty());
    assert!(six("!Ref Seconds", "30", "0").is_empty(), "an unknown timeout");
    assert!(six("20", "!Ref Seconds", "0").is_empty(), "an unknown visibility timeout");
    assert!(six("20", "30", "!Ref Seconds").is_empty(), "an unknown window");
    assert!(six("!If [Live, 20, 5]", "30", "0").is_empty(), "the shorter timeout fits");
    assert_eq!(six("!If [Live, 20, 10]", "30", "0").len(), 1, "neither timeout fits");
}

#[test]
fn only_the_worse_of_two_visibility_findings_is_reported() {
    let template = feed("60", "59", "0");
    assert_eq!(
        findings("sqs-visibility-below-1x", &template),
        ["59: Jobs hides a message for 59 s, but Worker may work on it for 60 s"]
    );
    assert!(findings("sqs-visibility-below-6x", &template).is_empty());
    assert!(findings("sqs-visibility-below-1x", &feed("60", "60", "0")).is_empty());
}

fn watched(alarm: &str) -> String {
    format!(
        "Parameters:\n  Name: {{Type: String}}\nResources:\n  Worker:\n    Type: AWS::Lambda::Function\n    Properties: \
         {{FunctionName: shop-worker, Runtime: nodejs24.x, Handler: a.b, Role: !ImportValue r, Code: {{S3Bucket: b, S3Key: k}}}}\n{alarm}"
    )
}

fn alarm(metric: &str, value: &str) -> String {
    watched(&format!(
        "  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties: {{Namespace: AWS/Lambda, MetricName: {metric}, \
         Dimensions: [{{Name: FunctionName, Value: {value}}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, \
         ComparisonOperator: GreaterThanThreshold}}\n"
    ))
}

#[test]
fn an_alarm_that_may_exist_counts() {
    let errors = |template: &str| findings("function-no-error-alarm", template);
    assert_eq!(errors(&watched("")), ["Worker: nobody is told when Worker fails: no alarm watches its Errors"]);
    assert!(errors(&alarm("Errors", "shop-worker")).is_empty(), "by name");
    assert!(errors(&alarm("Errors", "!Ref Worker")).is_empty(), "by reference");
    assert!(errors(&alarm("Errors", "!Ref Name")).is_empty(), "the alarm of a name that is not known");
    assert_eq!(errors(&alarm("Duration", "!Ref Worker")).len(), 1, "another metric");
    let nested = watched(
        "  Alarms: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://b.s3.amazonaws.com/t}}\n",
    );
    assert!(errors(&nested).is_empty(), "a nested stack may hold alarms");
    let custom = watched("  Setup: {Type: Custom::Setup, Properties: {ServiceToken: !GetAtt Worker.Arn}}\n");
    assert!(errors(&custom).is_empty(), "it runs in deployments only");
}

#[test]
fn a_dimension_must_be_the_name_the_service_reports_under() {
    let dangling = |value| findings("alarm-dangling-dimension", &alarm("Errors", value));
    assert_eq!(
        dangling("!GetAtt Worker.Arn"),
        ["!GetAtt Worker.Arn: Alarm watches no metric: its FunctionName is the Arn of Worker, not its name"]
    );
    assert_eq!(
        dangling("shop-wroker"),
        ["shop-wroker: Alarm watches no metric: its FunctionName is shop-wroker, but Worker is called shop-worker"]
    );
    for fine in ["!Ref Worker", "shop-worker", "!Ref Name", "billing-nightly", "!Sub '${Name}-worker'"] {
        assert!(dangling(fine).is_empty(), "{fine}");
    }
}

fn warm(reserved: &str, kept: &str, feed: &str) -> String {
    format!(
        "Parameters:\n  Count: {{Type: Number}}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {{Runtime: nodejs24.x, \
         Handler: a.b, Role: !ImportValue r, Code: {{S3Bucket: b, S3Key: k}}, ReservedConcurrentExecutions: {reserved}}}\n  \
         V: {{Type: AWS::Lambda::Version, Properties: {{FunctionName: !Ref F}}}}\n  \
         Live: {{Type: AWS::Lambda::Alias, Properties: {{Name: live, FunctionName: !Ref F, FunctionVersion: !GetAtt V.Version, \
         ProvisionedConcurrencyConfig: {{ProvisionedConcurrentExecutions: {kept}}}}}}}\n  \
         Jobs: {{Type: AWS::SQS::Queue}}\n  \
         Feed: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{EventSourceArn: !GetAtt Jobs.Arn, FunctionName: {feed}}}}}\n"
    )
}

#[test]
fn provisioned_concurrency_is_compared_with_what_is_reserved() {
    let over = |reserved, kept| findings("provisioned-over-reserved", &warm(reserved, kept, "!Ref Live"));
    assert_eq!(over("4", "7"), ["4: F reserves 4 instances, but 7 are to be kept warm"]);
    assert!(over("7", "7").is_empty());
    assert!(over("!Ref Count", "7").is_empty());
    assert!(over("4", "!Ref Count").is_empty());
}

#[test]
fn a_trigger_past_the_warm_alias_is_found() {
    let past = |feed| findings("unqualified-trigger-bypasses-warm-alias", &warm("9", "7", feed));
    let found = past("!GetAtt F.Arn");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].ends_with("Feed calls F unqualified, so it never reaches Live, which has provisioned concurrency")
    );
    for fine in ["!Ref Live", "!Sub '${F.Arn}:live'", "!Sub '${F}:${Count}'"] {
        assert!(past(fine).is_empty(), "{fine}");
    }
}
