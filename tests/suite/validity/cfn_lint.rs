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

/// The numbers that a cell of rules names: `E1150-E1164`, `E3001,E3002`.
fn numbers(cell: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in cell.split(',').map(str::trim) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (kind, range) = (&first[..1], (first[1..].parse::<u32>(), last[1..].parse::<u32>()));
        let (Ok(first), Ok(last)) = range else { panic!("{cell}") };
        found.extend((first..=last).map(|number| format!("{kind}{number:04}")));
    }
    found
}

/// Every rule that a survey of cfn-lint marks as one for general templates, for serverless ones or for
/// security has a policy or a reason.
#[test]
fn rules_that_matter_have_a_policy_or_a_reason() {
    let Some(shared) = std::env::var_os("DEWLINE_SHARED") else {
        println!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let survey = std::fs::read_to_string(std::path::Path::new(&shared).join("research/cfn-lint-rules.md")).unwrap();
    let (mut with, mut reasoned, mut without) = (0, Vec::new(), Vec::new());
    for row in survey.lines().filter_map(|line| line.strip_prefix("| ")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let matters = ["core", "serverless", "security"].iter().any(|word| cells[2].contains(word));
        if !matters || !cells[0].starts_with(['E', 'W']) {
            continue;
        }
        for number in numbers(cells[0]) {
            let named = |rules: &[&str]| rules.iter().any(|rule| number.starts_with(rule));
            if dewline::policies::CFN_LINT.iter().any(|(_, rules)| named(rules)) {
                with += 1;
            } else if dewline::policies::WITHOUT_POLICY.iter().any(|(rules, _)| named(rules)) {
                reasoned.push(number);
            } else {
                without.push(number);
            }
        }
    }
    println!("{with} with a policy, with a reason: {reasoned:?}");
    assert!(without.is_empty(), "neither policy nor reason: {without:?}");
    // A reason for many is no excuse for those that matter.
    assert!(with > 150 && reasoned.len() <= 1, "{with} {reasoned:?}");
}
