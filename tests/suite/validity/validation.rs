//! What validation says about small templates, and what it must not say.

use dewline::source::{NoFiles, SourceFile};
use dewline::template::validate::{Subject, validate};
use dewline::template::{Inputs, ProblemKind, load};
use std::sync::Arc;

/// Kind and first line of every problem of `text`.
fn problems(text: &str) -> Vec<(ProblemKind, u32, String)> {
    let file = Arc::new(SourceFile::new("template.yaml", text));
    let inputs = Inputs::default();
    let loaded = load::load(file, &NoFiles, &inputs).unwrap();
    let written = loaded.written.as_ref().unwrap_or(&loaded.root);
    let subject =
        Subject { dialect: loaded.dialect, written, expanded: &loaded.root, broken: false, today: "2026-11-23" };
    let found = validate(subject, &inputs);
    let line = |span: dewline::source::Span| loaded.sources.get(span.file).position(span.start).line;
    let advice = [ProblemKind::UnusedParameter, ProblemKind::UnusedCondition, ProblemKind::RedundantDependsOn];
    let found = loaded.problems.iter().cloned().chain(found);
    found
        .filter(|problem| !advice.contains(&problem.kind))
        .map(|problem| (problem.kind, line(problem.origin.span()), problem.message))
        .collect()
}

fn queue(properties: &str) -> String {
    let header =
        "Parameters: {P: {Type: String}, L: {Type: CommaDelimitedList}}\nConditions: {C: !Equals [!Ref P, a]}\n";
    format!("{header}Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      {properties}\n")
}

#[test]
fn what_is_not_known_is_no_problem() {
    for properties in [
        "DelaySeconds: !Ref P",
        "DelaySeconds: !If [C, 5, !Ref 'AWS::NoValue']",
        "DelaySeconds: '{{resolve:ssm:delay}}'",
        "DelaySeconds: !FindInMap [!Ref P, a, b]",
        "Tags: !If [C, [{Key: a, Value: b}], !Ref 'AWS::NoValue']",
        "RedrivePolicy: {deadLetterTargetArn: !ImportValue arn, maxReceiveCount: !Ref P}",
        "Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://bucket/queue.yaml'}}",
    ] {
        assert_eq!(problems(&queue(properties)), [], "{properties}");
    }
}

#[test]
fn both_branches_of_a_condition_are_checked() {
    let found = problems(&queue("DelaySeconds: !If [C, soon, 5000]"));
    let kinds: Vec<ProblemKind> = found.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(kinds, [ProblemKind::WrongType, ProblemKind::OutOfRange]);
}

#[test]
fn a_list_does_not_fit_where_one_value_is_expected() {
    let found = problems(&queue("QueueName: !Ref L"));
    assert!(matches!(found.as_slice(), [(ProblemKind::WrongType, 7, _)]), "{found:?}");
    let found = problems(&queue("Tags: !Ref P"));
    assert!(matches!(found.as_slice(), [(ProblemKind::WrongType, 7, _)]), "{found:?}");
    let found = problems(&queue("QueueName: !Join ['-', [a, !Ref L]]"));
    assert!(matches!(found.as_slice(), [(ProblemKind::WrongType, 7, _)]), "{found:?}");
}

#[test]
fn a_property_that_may_be_there_satisfies_and_excludes_nothing() {
    let alias = |version: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nConditions: {{C: !Equals [!Ref P, a]}}\nResources:\n  Live:\n    Type: AWS::Lambda::Alias\n    Properties: {{FunctionName: f, Name: live, FunctionVersion: {version}}}\n"
        )
    };
    let found = problems(&alias("!Ref 'AWS::NoValue'"));
    assert!(matches!(found.as_slice(), [(ProblemKind::RequiredProperty, 6, _)]), "{found:?}");
    // What excludes another property may not be there.
    let device = |name: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nConditions: {{C: !Equals [!Ref P, a]}}\nResources:\n  Host:\n    Type: AWS::EC2::Instance\n    Properties: {{BlockDeviceMappings: [{{DeviceName: a, VirtualName: {name}, Ebs: {{VolumeSize: 8}}}}]}}\n"
        )
    };
    assert_eq!(problems(&device("!If [C, b, !Ref 'AWS::NoValue']")), []);
    assert!(!problems(&device("b")).is_empty());
}

#[test]
fn a_required_property_is_there_in_every_deployment_of_its_resource() {
    let alias = |own: &str, version: &str| {
        let conditions =
            "{C: !Equals [!Ref P, a], D: !Not [!Condition C], E: !And [!Condition C, !Equals [!Ref Q, b]]}";
        let text = format!(
            "Parameters: {{P: {{Type: String}}, Q: {{Type: String}}}}\nConditions: {conditions}\nResources:\n  Live:\n    Type: AWS::Lambda::Alias\n    {own}\n    Properties: {{FunctionName: f, Name: live, FunctionVersion: {version}}}\n"
        );
        let found = problems(&text).into_iter();
        found.filter(|(kind, ..)| *kind == ProblemKind::RequiredProperty).collect::<Vec<_>>()
    };
    let nothing = "!Ref 'AWS::NoValue'";
    let found = alias("", &format!("!If [C, '1', {nothing}]"));
    let said = "AWS::Lambda::Alias lacks the required property `FunctionVersion` where the condition `C` does not hold";
    assert_eq!(found, [(ProblemKind::RequiredProperty, 7, said.to_owned())]);
    // Where the resource exists, the condition holds, or the one that implies it.
    assert_eq!(alias("Condition: C", &format!("!If [C, '1', {nothing}]")), []);
    assert_eq!(alias("Condition: E", &format!("!If [C, '1', {nothing}]")), []);
    assert_eq!(alias("", &format!("!If [C, '1', !If [D, '2', {nothing}]]")), []);
    assert_eq!(alias("Condition: D", &format!("!If [C, '1', {nothing}]")).len(), 1);
    // A condition that is not declared is told by itself.
    assert_eq!(alias("", &format!("!If [X, '1', {nothing}]")), []);
}

#[test]
fn what_a_function_always_gives_is_checked() {
    for (properties, fits) in [
        ("DelaySeconds: !FindInMap [M, a, b]", false),
        ("DelaySeconds: !FindInMap [M, a, c]", true),
        ("DelaySeconds: !FindInMap [M, !Ref P, b]", true),
        ("DelaySeconds: !Select [1, [5, 5000]]", false),
        ("DelaySeconds: !Join ['', ['50', '00']]", false),
        ("DelaySeconds: !Join ['', ['50', !Ref P]]", true),
        ("QueueName: !Sub ['${A}!', {A: jobs}]", true),
    ] {
        let found = problems(&format!("Mappings: {{M: {{a: {{b: 5000, c: 5}}}}}}\n{}", queue(properties)));
        let kinds = found.iter().map(|(kind, ..)| *kind).filter(|kind| *kind != ProblemKind::UnusedMapping);
        let kinds: Vec<ProblemKind> = kinds.collect();
        assert_eq!(kinds.is_empty(), fits, "{properties}: {found:?}");
        assert!(kinds.iter().all(|kind| *kind == ProblemKind::UnfitParameterValue), "{found:?}");
    }
}

#[test]
fn names_of_pseudo_parameters_are_no_values() {
    let found = problems(&queue("QueueName: AWS::StackName"));
    assert!(matches!(found.as_slice(), [(ProblemKind::PlainPseudoParameter, 7, _)]), "{found:?}");
    assert_eq!(problems(&queue("QueueName: !Ref AWS::StackName")), []);
}

#[test]
fn dynamic_references_that_stay_text_are_found() {
    for (properties, fits) in
        [("QueueName: '{{ resolve:ssm:name }}'", false), ("QueueName: '{{resolve:ssm:name}}'", true)]
    {
        let kinds: Vec<ProblemKind> = problems(&queue(properties)).into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds.is_empty(), fits, "{properties}: {kinds:?}");
        assert!(kinds.iter().all(|kind| *kind == ProblemKind::DynamicReference), "{kinds:?}");
    }
}

#[test]
fn a_misspelt_property_is_found_where_it_is_written() {
    let found = problems("Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySecond: 5\n");
    assert_eq!(
        found,
        [(ProblemKind::UnknownProperty, 5, "`DelaySecond` is not a property of AWS::SQS::Queue".to_owned())]
    );
}

#[test]
fn sam_resources_are_checked_as_written_and_known_as_expanded() {
    let text = "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Runtime: nodejs24.x, Handler: app.main}}\nResources:\n  Report:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: src/, AutoPublishAlias: live}\nOutputs:\n  Role: {Value: !GetAtt ReportRole.Arn}\n  Alias: {Value: !Ref Report.Alias}\n  Name: {Value: !Ref Reports}\n";
    let found = problems(text);
    assert!(matches!(found.as_slice(), [(ProblemKind::UnresolvedReference, 10, _)]), "{found:?}");
}

#[test]
fn a_cycle_is_drawn() {
    let found = problems(
        "Resources:\n  A: {Type: AWS::SQS::Queue, DependsOn: B}\n  B: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt C.QueueName}}\n  C: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${A.QueueName}'}}\n",
    );
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].2, "`A` waits for itself: A → B → C → A");
}

#[test]
fn local_code_paths_are_left_to_packaging() {
    let text = "Resources:\n  Report:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: nodejs24.x, Handler: app.main, Code: ./src, Role: 'arn:aws:iam::123456789012:role/r'}\n";
    assert_eq!(problems(text), []);
}

#[test]
fn a_circle_through_what_sam_makes_is_told_once() {
    let text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Report}}\n  Report:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: nodejs24.x, Handler: a.b, InlineCode: x, Policies: [{Statement: [{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Jobs.Arn}]}]}\n";
    let found = problems(text);
    assert!(matches!(found.as_slice(), [(ProblemKind::CircularDependency, 3, _)]), "{found:?}");
}

#[test]
fn defaults_that_do_not_fit_are_advice_wherever_they_are_used() {
    let text = "Parameters: {Arn: {Type: String, Default: nowhere}}\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:*', Resource: !Ref Arn}]}\n";
    let kinds: Vec<_> = problems(text).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [ProblemKind::UnfitParameterValue]);
}

#[test]
fn statements_of_resource_policies_may_share_a_name() {
    let statement = "{Sid: A, Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}";
    let bucket = format!(
        "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: bucket\n      PolicyDocument: {{Statement: [{statement}, {statement}]}}\n"
    );
    assert!(problems(&bucket).iter().all(|(_, _, message)| !message.contains("Sid")), "{:?}", problems(&bucket));
    let own = "{Sid: A, Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}";
    let role = format!(
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {{Statement: [{own}, {own}]}}\n"
    );
    assert!(problems(&role).iter().any(|(_, _, message)| message.contains("Sid")), "{:?}", problems(&role));
}

#[test]
fn loops_need_their_transform() {
    let text = "Resources:\n  Fn::ForEach::Queues: [Name, [a, b], {'Q${Name}': {Type: AWS::SQS::Queue}}]\n";
    let found = problems(text);
    assert!(matches!(found.as_slice(), [(ProblemKind::Intrinsic, 2, _)]), "{found:?}");
    assert_eq!(problems(&format!("Transform: AWS::LanguageExtensions\n{text}")), []);
}

#[test]
fn equal_names_are_found_where_both_resources_exist() {
    let group = |condition: &str, name: &str| {
        format!("{{Type: AWS::Logs::LogGroup{condition}, Properties: {{LogGroupName: {name}}}}}")
    };
    let text = |one: &str, other: &str| {
        format!(
            "Parameters: {{P: {{Type: String}}}}\nConditions:\n  C: !Equals [!Ref P, a]\n  D: !Not [!Condition C]\nResources:\n  A: {one}\n  B: {other}\n"
        )
    };
    let duplicate = |text: &str| {
        problems(text).iter().any(|(kind, line, _)| (*kind, *line) == (ProblemKind::DuplicateIdentifier, 7))
    };
    assert!(duplicate(&text(&group("", "/a"), &group("", "/a"))));
    assert!(duplicate(&text(&group("", "!Sub '/${P}'"), &group(", Condition: C", "!Sub '/${P}'"))));
    assert!(!duplicate(&text(&group(", Condition: C", "/a"), &group(", Condition: D", "/a"))));
    assert!(!duplicate(&text(&group("", "/a"), &group("", "/b"))));
    assert!(!duplicate(&text(&group("", "/a"), &group("", "!If [C, /a, /b]"))));
}

#[test]
fn parts_of_two_apis_do_not_go_together() {
    let text = |api: &str| {
        format!(
            "Resources:\n  A: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: a}}}}\n  B: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: b}}}}\n  D: {{Type: AWS::ApiGateway::Deployment, Properties: {{RestApiId: !Ref {api}}}}}\n  S: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref A, DeploymentId: !Ref D, StageName: s}}}}\n"
        )
    };
    assert_eq!(problems(&text("A")), []);
    assert!(matches!(problems(&text("B")).as_slice(), [(ProblemKind::PropertyConflict, 5, _)]));
}

#[test]
fn odd_templates_do_not_stop_validation() {
    for text in [
        "Resources: {A: {Type: AWS::SQS::Queue, Properties: []}}\n",
        "Resources: {A: {Type: [a], Properties: {Fn::If: [1]}}}\n",
        "Resources: {A: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [[], null, 5]}}}}\nOutputs: {B: [1]}\n",
        "Resources: {A: {Type: AWS::SQS::Queue, DependsOn: {a: b}}, B: null}\nParameters: {P: {Type: null, Default: []}}\n",
        "Resources: {'': {Type: ''}}\nMappings: {M: {K: {}}, N: 5}\nConditions: {C: {Fn::And: [{Fn::And: x}]}}\n",
    ] {
        let _ = problems(text);
    }
}
