//! Organisation rules: the starter pack by its own tests, places in all dialects, what is not
//! known, facts of the graph, and rules that break down.

use dewline::engine::{Analysis, Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::finding::Severity;
use dewline::graph::Graph;
use dewline::guard::{self, RuleFile, packs, suite};
use dewline::policy::{OptionValue, Options};
use dewline::source::{NoFiles, SourceFile};
use dewline::template::Inputs;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

fn settings(rules: &[RuleFile], change: impl FnOnce(&mut SelectionRequest, &mut Inputs)) -> Settings {
    let metas: Vec<_> = rules.iter().flat_map(RuleFile::metas).collect();
    let select = metas.iter().map(|meta| meta.name.to_owned()).chain(["unused-suppression".to_owned()]).collect();
    let mut request = SelectionRequest { rules: metas, select, ..SelectionRequest::default() };
    let mut inputs = Inputs::default();
    change(&mut request, &mut inputs);
    Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs,
        guard: rules.to_vec(),
        require_reason: false,
    }
}

fn run(name: &str, template: &str, settings: &Settings) -> Analysis {
    analyze(Arc::new(SourceFile::new(name, template)), &NoFiles, settings).unwrap()
}

/// `policy @ marked text: message` of every finding.
fn shown(analysis: &Analysis) -> Vec<String> {
    let text = |finding: &dewline::finding::Finding| analysis.sources.text(finding.span).to_owned();
    analysis.findings.iter().map(|one| format!("{} @ {}: {}", one.policy, text(one), one.message)).collect()
}

fn check(name: &str, template: &str, rules: &str) -> Vec<String> {
    let file = RuleFile::parse("house.guard", rules);
    assert!(file.mistakes.is_empty(), "{:?}", file.mistakes);
    shown(&run(name, template, &settings(&[file], |_, _| ())))
}

fn pack(name: &str) -> RuleFile {
    packs::find(name).unwrap().remove(0)
}

#[test]
fn the_starter_pack_passes_its_tests_and_every_rule_is_tested_both_ways() {
    let mut wrong = Vec::new();
    for pack in &packs::PACKS {
        let file = pack.file();
        assert!(file.mistakes.is_empty(), "{}: {:?}", pack.name, file.mistakes);
        let path = format!("policies/tests/{}_tests.yaml", pack.name);
        let cases = suite::read(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut seen = Vec::new();
        for case in &cases {
            seen.extend(case.expectations.rules.iter().map(|(rule, verdict)| (rule.clone(), *verdict)));
            let outcome = suite::run(&file, case);
            wrong.extend(outcome.wrong.iter().map(|one| format!("{path}: {}: {one}", case.name)));
        }
        for rule in &file.rules {
            for verdict in [suite::Verdict::Pass, suite::Verdict::Fail] {
                let tested = seen.contains(&(rule.written.to_owned(), verdict));
                assert!(tested, "{path}: no case where {} is {}", rule.written, verdict.name());
            }
            assert!(!rule.meta.section("Why it matters").is_empty(), "{} has no reason", rule.meta.name);
            assert!(!rule.meta.section("How to fix").is_empty(), "{} has no help", rule.meta.name);
            assert!(dewline::policies::find(rule.meta.name).is_none(), "{} is taken", rule.meta.name);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(packs::find("starter").unwrap().len(), packs::PACKS.len());
}

const RULES: &str = "# category: cost

let functions = Resources.*[ Type == 'AWS::Lambda::Function' ]

# name: small-functions
# severity: high
# help: ask for less memory
rule memory when %functions !empty {
  %functions.Properties.MemorySize <= 1024 <<functions stay below a gigabyte here>>
}
rule traced when %functions !empty {
  %functions.Properties.TracingConfig exists
}
";

#[test]
fn one_rule_holds_for_three_dialects_and_points_at_the_authors_line() {
    let sam = "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    MemorySize: 2048\nResources:\n  Report:\n    \
               Type: AWS::Serverless::Function\n    Properties: {Runtime: nodejs24.x, Handler: a.b, CodeUri: src/, Tracing: Active}\n";
    assert_eq!(check("template.yaml", sam, RULES), ["small-functions @ 2048: functions stay below a gigabyte here"]);
    let service = "service: shop\nprovider: {name: aws, runtime: nodejs24.x, tracing: {lambda: true}}\nfunctions:\n  \
                   report: {handler: a.b, memorySize: 3008}\n";
    assert_eq!(
        check("serverless.yml", service, RULES),
        ["small-functions @ 3008: functions stay below a gigabyte here"]
    );
    let plain = "Resources:\n  Report:\n    Type: AWS::Lambda::Function\n    Properties:\n      MemorySize: 2048\n";
    let found = check("template.yaml", plain, RULES);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[1], "small-functions @ 2048: functions stay below a gigabyte here");
    assert!(found[0].starts_with("traced @ Properties: `") && found[0].contains("TracingConfig"), "{found:?}");
}

#[test]
fn headers_configuration_and_suppressions_count_as_for_any_policy() {
    let plain = "Resources:\n  Report:\n    Type: AWS::Lambda::Function\n    Properties:\n      MemorySize: 2048\n";
    let file = RuleFile::parse("house.guard", RULES);
    let found = run("t.yaml", plain, &settings(std::slice::from_ref(&file), |_, _| ())).findings;
    let [traced, small] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&*small.policy, small.severity, small.category.name()), ("small-functions", Severity::High, "cost"));
    assert_eq!((small.help.as_deref(), small.resource.as_deref()), (Some("ask for less memory"), Some("Report")));
    assert_eq!((&*traced.policy, traced.severity), ("traced", Severity::Medium));
    assert!(found.iter().all(|finding| finding.fingerprint.len() == 32));
    let set = settings(std::slice::from_ref(&file), |request, _| {
        request.severities.insert("small-functions".into(), Severity::Info);
        request.ignore.push("traced".into());
    });
    let found = run("t.yaml", plain, &set).findings;
    assert_eq!(
        found.iter().map(|one| (&*one.policy, one.severity)).collect::<Vec<_>>(),
        [("small-functions", Severity::Info)]
    );
    let quiet = plain.replace("      Mem", "      # dewline: ignore[small-functions] measured\n      Mem");
    let quiet = quiet.replace("  Report:", "  # dewline: ignore[traced] no\n  Report:");
    assert_eq!(shown(&run("t.yaml", &quiet, &settings(std::slice::from_ref(&file), |_, _| ()))), Vec::<String>::new());
    let unused = quiet.replace("2048", "128");
    let found = shown(&run("t.yaml", &unused, &settings(&[file], |_, _| ())));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("this suppression of `small-functions` suppresses nothing"), "{found:?}");
}

#[test]
fn what_is_not_known_is_no_finding() {
    let rules = "let f = Resources.*[ Type == 'AWS::Lambda::Function' ]
rule few { %f.Properties.MemorySize <= 1024 }
rule plain { %f.Properties.Tracing not exists }
rule tagged { some %f.Properties.Tags[*].Key == 'Owner' }
rule filtered { %f.Properties.Tags[ Key == 'Owner' ] !empty }
rule named { %f.Properties.FunctionName == /^shop-/ }
rule either { %f.Properties.MemorySize <= 1024 or %f.Properties.Timeout <= 3 }
";
    let template = "Parameters: {Size: {Type: Number}, Prod: {Type: String}, Key: {Type: String}, Small: {Type: Number, Default: 128}}
Conditions: {Prod: !Equals [!Ref Prod, 'yes']}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: !Ref Size
      Tracing: !If [Prod, x, !Ref AWS::NoValue]
      Tags: [{Key: !Ref Key, Value: a}]
      FunctionName: !Sub '${Prod}-orders'
      Timeout: 60
";
    assert_eq!(check("t.yaml", template, rules), Vec::<String>::new());
    // What a default says is known.
    let known = template.replace("!Ref Size", "!Ref Small").replace("Timeout: 60", "Timeout: !If [Prod, 60, 60]");
    assert_eq!(check("t.yaml", &known, "rule big { Resources.F.Properties.MemorySize >= 1024 }").len(), 1);
    assert_eq!(check("t.yaml", &known, "rule quick { Resources.F.Properties.Timeout <= 3 }").len(), 1);
    // A property that a condition takes away is not there; a resource that never exists is not checked.
    let never = "Conditions: {Never: !Equals [a, b]}\nResources:\n  F: {Type: AWS::Lambda::Function, Condition: Never, Properties: {MemorySize: 4096}}\n  \
                 G: {Type: AWS::Lambda::Function, Properties: {MemorySize: 128, Timeout: !If [Never, 60, 3]}}\n";
    assert_eq!(
        check(
            "t.yaml",
            never,
            "rule a { Resources.*.Properties.MemorySize <= 1024 }\nrule b { Resources.G.Properties.Timeout <= 3 }\n"
        ),
        Vec::<String>::new()
    );
    // With an unknown plugin there may be more resources than one sees.
    let service =
        "service: s\nprovider: {name: aws, runtime: nodejs24.x}\nplugins: [PLUGIN]\nfunctions: {f: {handler: a.b}}\n";
    for alarms in [
        "rule alarmed { Resources.*[ Type == 'AWS::CloudWatch::Alarm' ] !empty <<there is no alarm>> }",
        "let alarms = Resources.*[ Type == 'AWS::CloudWatch::Alarm' ]\nrule alarmed { %alarms !empty <<there is no alarm>> }",
    ] {
        let found = check("serverless.yml", &service.replace("PLUGIN", "serverless-offline"), alarms);
        assert_eq!(found, ["alarmed @ : there is no alarm"], "{alarms}");
        let found = check("serverless.yml", &service.replace("PLUGIN", "serverless-plugin-nobody-knows"), alarms);
        assert_eq!(found, Vec::<String>::new(), "{alarms}");
    }
}

#[test]
fn some_item_of_a_list_is_missed_once() {
    let template = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      Tags: [{Key: a, Value: b}, {Key: c, Value: d}]\n";
    let found = shown(&run("t.yaml", template, &settings(&[pack("tags")], |_, _| ())));
    let owner: Vec<_> = found.iter().filter(|one| one.starts_with("owner-tag")).collect();
    assert_eq!(
        owner,
        ["owner-tag @ [{Key: a, Value: b}, {Key: c, Value: d}]: nobody is named as the owner: the tag is missing"]
    );
    // The one that fails is found among those that do not.
    let fine =
        "  P:\n    Type: AWS::SQS::Queue\n    Properties:\n      Tags: [{Key: Owner, Value: !Ref AWS::StackName}]\n";
    let found = run("t.yaml", &format!("{template}{fine}"), &settings(&[pack("tags")], |_, _| ())).findings;
    let owner: Vec<_> =
        found.iter().filter(|one| one.policy == "owner-tag").map(|one| one.resource.as_deref()).collect();
    assert_eq!(owner, [Some("Q")]);
    let bare = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: a\n";
    let found = shown(&run("t.yaml", bare, &settings(&[pack("tags")], |_, _| ())));
    assert!(
        found.contains(&"owner-tag @ Properties: nobody is named as the owner: the tag is missing".to_owned()),
        "{found:?}"
    );
    let none = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n";
    let found = shown(&run("t.yaml", none, &settings(&[pack("tags")], |_, _| ())));
    assert!(found.contains(&"owner-tag @ Q: nobody is named as the owner: the tag is missing".to_owned()), "{found:?}");
}

#[test]
fn parameters_of_rules_come_from_their_header_or_the_configuration() {
    let template = "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: team, Value: b}]}}\n";
    let rules = [pack("tags")];
    assert_eq!(shown(&run("t.yaml", template, &settings(&rules, |_, _| ()))).len(), 2);
    let team = Options::new(BTreeMap::from([("key".to_owned(), OptionValue::Text("team".to_owned()))]));
    let set = settings(&rules, |request, _| {
        request.options.insert("owner-tag".into(), team.clone());
        request.options.insert("cost-center-tag".into(), team);
    });
    assert_eq!(shown(&run("t.yaml", template, &set)), Vec::<String>::new());
    let regions = [pack("regions")];
    let there = settings(&regions, |_, inputs| inputs.region = Some("us-east-1".into()));
    let found = shown(&run("t.yaml", template, &there));
    assert!(found.len() == 1 && found[0].starts_with("allowed-regions"), "{found:?}");
    assert_eq!(shown(&run("t.yaml", template, &settings(&regions, |_, _| ()))), Vec::<String>::new());
}

#[test]
fn the_graph_is_told_as_data() {
    let service = "service: shop
provider: {name: aws, runtime: nodejs24.x}
functions:
  slow: {handler: a.b, timeout: 60, events: [{http: 'GET /slow'}]}
  quick: {handler: a.b, timeout: 3, events: [{sqs: {arn: !GetAtt Jobs.Arn}}]}
resources:
  Resources:
    Jobs: {Type: AWS::SQS::Queue}
    Alarm:
      Type: AWS::CloudWatch::Alarm
      Properties:
        Namespace: AWS/Lambda
        MetricName: Errors
        AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:on-call']
        Dimensions: [{Name: FunctionName, Value: !Ref QuickLambdaFunction}]
";
    let rules = "let f = Resources.*[ Type == 'AWS::Lambda::Function' ]
rule waits when %f !empty {
  %f[ Dewline.CallersGiveUpAfterSeconds exists ] { Dewline.WorstCaseSeconds <= Dewline.CallersGiveUpAfterSeconds <<the caller does not wait that long>> }
}
rule called when %f !empty { %f.Dewline.Callers !empty }
rule alarmed when %f !empty { %f { some Dewline.Alarms.Watched[*] == 'errors' <<nobody watches its errors>> } }
rule private when %f !empty { %f.Dewline.Exposure != 'public' <<it is open>> }
rule kind when %f !empty { %f.Dewline.Kind == 'function' }
";
    let found = check("serverless.yml", service, rules);
    assert_eq!(
        found,
        [
            "alarmed @ slow: nobody watches its errors",
            "private @ slow: it is open",
            "waits @ slow: the caller does not wait that long"
        ]
    );
}

#[test]
fn rules_that_break_down_or_take_too_long_are_findings_that_name_their_file() {
    let template = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n";
    let fine = RuleFile::parse("fine.guard", "rule fine { Resources.*.Type == 'AWS::SNS::Topic' }\n");
    let broken = RuleFile::parse(
        "broken.guard",
        "rule broken { let x = regex_replace(Resources.Q.Type, \"(((\", \"\")\n  %x == 'a' }\n",
    );
    let set = settings(&[broken, fine.clone()], |_, _| ());
    let found = shown(&run("t.yaml", template, &set));
    assert!(found.iter().any(|one| one.starts_with("fine @")), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("guard-rules-failed") && one.contains("broken.guard")), "{found:?}");
    // No time at all is too little for any rule, and the file is not tried again.
    let graph: Graph = run("t.yaml", template, &set).graph;
    let options = Options::default();
    let wanted = [guard::Wanted { meta: fine.rules[0].meta, severity: None, options: &options }];
    let files = [fine];
    let found = guard::run_within(&files, &graph, &wanted, Duration::ZERO);
    assert_eq!(found[0].policy, "guard-rules-slow");
    assert!(found[0].message.starts_with("the rules of fine.guard take more than"), "{found:?}");
    assert_eq!(guard::run(&files, &graph, &wanted)[0].policy, "guard-rules-slow");
}
