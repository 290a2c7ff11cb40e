//! Configuration of cfn-lint in templates is honoured, and one mistake is one finding.

use dewline::engine::{Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::source::{NoFiles, SourceFile};
use dewline::template::Inputs;
use std::sync::Arc;

/// The policies that report something about `text`, of the categories `select`.
fn found(text: &str, select: &[&str]) -> Vec<String> {
    let select = select.iter().map(|name| (*name).to_owned()).collect();
    let settings = Settings {
        selection: Selection::new(&SelectionRequest { select, ..SelectionRequest::default() }).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    };
    let analysis = analyze(Arc::new(SourceFile::new("template.yaml", text)), &NoFiles, &settings).unwrap();
    analysis.findings.into_iter().map(|finding| finding.policy).collect()
}

fn function(metadata: &str, properties: &str) -> String {
    format!(
        "{metadata}Resources:\n  Report:\n    Type: AWS::Lambda::Function\n    Properties: {{Handler: a.b, Code: {{S3Bucket: bucket, S3Key: k}}, Role: !Sub 'arn:aws:iam::${{AWS::AccountId}}:role/r', {properties}}}\n"
    )
}

#[test]
fn a_rule_that_is_ignored_in_the_template_is_left_out() {
    let text = "Resources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {Delay: 5, DelaySeconds: soon}}\n";
    assert_eq!(found(text, &["validity"]), ["unknown-property", "wrong-type"]);
    for (ignored, left) in [("E3002", "wrong-type"), ("E3012", "unknown-property")] {
        let text = format!("Metadata: {{cfn-lint: {{config: {{ignore_checks: [{ignored}]}}}}}}\n{text}");
        assert_eq!(found(&text, &["validity"]), [left]);
    }
    let all = format!("Metadata: {{cfn-lint: {{config: {{ignore_checks: [E30]}}}}}}\n{text}");
    assert_eq!(found(&all, &["validity"]), [""; 0]);
}

#[test]
fn a_rule_that_is_ignored_in_a_resource_is_left_out_there() {
    let text = "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Metadata: {cfn-lint: {config: {ignore_checks: [E3002]}}}\n    Properties: {Delay: 5}\n  Mails: {Type: AWS::SQS::Queue, Properties: {Delay: 5}}\n";
    assert_eq!(found(text, &["validity"]), ["unknown-property"]);
}

#[test]
fn rules_behind_policies_of_other_categories_are_honoured() {
    let old = "Runtime: python3.9";
    let name = "deprecated-runtime";
    assert_eq!(found(&function("", old), &[name]), [name]);
    let ignoring = "Metadata: {cfn-lint: {config: {ignore_checks: [W2531]}}}\n";
    assert_eq!(found(&function(ignoring, old), &[name]), [""; 0]);
}

#[test]
fn rules_are_configured() {
    let timeout = "Runtime: nodejs24.x, Timeout: '30'";
    let strict = "Metadata: {cfn-lint: {config: {configure_rules: {E3012: {strict: true}}}}}\n";
    assert_eq!(found(&function("", timeout), &["wrong-type"]), [""; 0]);
    assert_eq!(found(&function(strict, timeout), &["wrong-type"]), ["wrong-type"]);
    let text = "Parameters: {Stage: {Type: String}}\nResources: {Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: 'a-${Stage}'}}}\n";
    assert_eq!(found(text, &["missing-sub"]), ["missing-sub"]);
    let foreign = "Metadata: {cfn-lint: {config: {configure_rules: {E1029: {custom_excludes: '^\\$\\{Stage\\}$'}}}}}\n";
    assert_eq!(found(&format!("{foreign}{text}"), &["missing-sub"]), [""; 0]);
}

#[test]
fn regions_of_the_configuration_are_looked_up() {
    let text = "Metadata: {cfn-lint: {config: {regions: [us-east-1, ap-southeast-7]}}}\nResources: {Ledger: {Type: AWS::DevOpsGuru::LogAnomalyDetectionIntegration}}\n";
    assert_eq!(found(text, &["unknown-resource-type"]), ["unknown-resource-type"]);
    assert_eq!(found(&text.replace(", ap-southeast-7", ""), &["unknown-resource-type"]), [""; 0]);
}

#[test]
fn one_mistake_is_one_finding() {
    for (properties, policy) in [
        ("Runtime: nodejs24.x, Timeout: 1200", "function-timeout-range"),
        ("Runtime: nodejs24.x, Timeout: 9000", "function-timeout-range"),
        ("Runtime: nodejs24.x, MemorySize: 64", "function-memory-range"),
        ("Runtime: nodejs24.x, EphemeralStorage: {Size: 64}", "ephemeral-storage-range"),
    ] {
        assert_eq!(found(&function("", properties), &["validity", "limits"]), [policy], "{properties}");
        assert_eq!(found(&function("", properties), &["validity"]).len(), 1, "{properties}");
    }
    let bucket =
        |name: &str| format!("Resources: {{Store: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}}}}}}}\n");
    assert_eq!(found(&bucket(&"a".repeat(70)), &["validity", "limits"]), ["out-of-range"]);
    assert_eq!(found(&bucket("a..b"), &["validity", "limits"]).len(), 1);
}
