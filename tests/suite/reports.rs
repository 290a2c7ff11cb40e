//! Reports for machines are what their readers expect.

use dewline::engine::{Selection, SelectionRequest, Settings, analyze};
use dewline::facts::date::Date;
use dewline::finding::{Edit, Fix, Related};
use dewline::policies;
use dewline::report::{self, Failure, File, Format, Rule, Run, Style};
use dewline::source::{NoFiles, SourceFile, Span};
use dewline::template::Inputs;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const TEMPLATE: &str = "\
# größer 😀 als erlaubt
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: 'größer 😀', VisibilityTimeout: 50000}}
  Worker: {Type: AWS::Lambda::Function, Properties: {Description: '😀', Timeout: 901}}
";

/// A run with every policy, findings, a related place, a fix and a failure.
fn run() -> Run {
    let selection = Selection::new(&SelectionRequest { select: vec!["all".into()], ..SelectionRequest::default() });
    let settings = Settings {
        selection: selection.unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    };
    let path = "services/a b/täst #1.yaml";
    let analysis = analyze(Arc::new(SourceFile::new(path, TEMPLATE)), &NoFiles, &settings).unwrap();
    let (sources, mut findings) = (analysis.sources, analysis.findings);
    let finding = findings.iter_mut().find(|finding| finding.policy == "function-timeout-range").unwrap();
    let queue = Span::new(finding.span.file, TEMPLATE.find("Orders").unwrap() as u32, 50);
    finding.related = vec![Related { span: queue, message: "fed by the queue [Orders]".into() }];
    let edits = vec![Edit { span: finding.span, text: "900".into() }];
    finding.fix = Some(Fix { safe: true, title: "Set Timeout to 900".into(), edits });
    Run {
        files: vec![File { path: path.into(), dialect: "cloudformation", sources, findings, monitored: Vec::new() }],
        policies: policies::ALL
            .iter()
            .map(|policy| Rule { meta: &policy.meta, severity: policy.meta.severity })
            .collect(),
        failures: vec![Failure { path: "x y.yaml".into(), message: "it cannot be read".into(), help: "h".into() }],
        folder: "work".into(),
        ..Run::default()
    }
}

fn json(run: &Run, format: Format) -> Value {
    let mut text = Vec::new();
    report::write(format, run, &Style::PLAIN, &mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The JSON schema of SARIF 2.1.0, out of the registry's copy of a package that carries it.
fn sarif_schema() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let metadata = |offline: &[&str]| {
        let mut command = Command::new(&cargo);
        command.args(["metadata", "--format-version", "1", "--locked"]).args(offline);
        let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).ok()
    };
    let metadata = metadata(&["--offline"]).or_else(|| metadata(&[])).expect("the packages of this project");
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == "serde-sarif").expect("the package with the schema");
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let text = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    // The published pattern has a bracket too many and is no regular expression; no report of
    // ours says its language.
    for part in ["run", "toolComponent"] {
        let language = schema["definitions"][part]["properties"]["language"].as_object_mut().unwrap();
        assert!(language.remove("pattern").is_some());
    }
    schema
}

#[test]
fn sarif_is_valid_against_its_schema() {
    let schema = jsonschema::validator_for(&sarif_schema()).unwrap();
    let full = json(&run(), Format::Sarif);
    let empty = json(&Run::default(), Format::Sarif);
    for report in [&full, &empty] {
        let wrong: Vec<String> =
            schema.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    let mut broken = full;
    broken["runs"][0]["results"][0]["message"] = Value::Null;
    assert!(!schema.is_valid(&broken), "the schema does not look into results");
}

#[test]
fn sarif_holds_what_code_scanning_asks_for() {
    let report = json(&run(), Format::Sarif);
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), policies::ALL.len());
    for rule in rules {
        for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            let text = rule.pointer(text).and_then(Value::as_str).unwrap_or_default();
            assert!(!text.is_empty(), "{rule}");
        }
        assert!(rule["shortDescription"]["text"].as_str().unwrap().len() <= 1024);
        assert!(rule["fullDescription"]["text"].as_str().unwrap().len() <= 1024);
        let is_security = rule["properties"]["tags"][0] == "security";
        let score = rule["properties"]["security-severity"].as_str().and_then(|score| score.parse::<f64>().ok());
        assert_eq!(is_security, score.is_some_and(|score| (0.1..=10.0).contains(&score)), "{rule}");
    }
    let results = run["results"].as_array().unwrap();
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "work/services/a%20b/t%C3%A4st%20%231.yaml");
        for number in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][number].as_u64().unwrap() >= 1);
        }
        assert!(fingerprints.insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()));
    }
    let result = results.iter().find(|result| result["ruleId"] == "function-timeout-range").unwrap();
    // The emoji before the number counts two code units.
    let line = TEMPLATE.lines().nth(3).unwrap();
    let column = line[..line.find("901").unwrap()].encode_utf16().count() as u64 + 1;
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startColumn"], column);
    assert!(result["message"]["text"].as_str().unwrap().contains(r"[fed by the queue \[Orders\]](1)"));
    assert_eq!(result["relatedLocations"][0]["id"], 1);
    assert_eq!(result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap().len(), 2);
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "900");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn json_spans_count_characters_and_bytes() {
    let report = json(&run(), Format::Json);
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["policy"] == "function-timeout-range").unwrap();
    let offset = TEMPLATE.find("901").unwrap();
    let line = TEMPLATE.lines().nth(3).unwrap();
    let start = &finding["span"]["start"];
    assert_eq!(start["offset"], offset);
    assert_eq!(start["line"], 4);
    assert_eq!(start["column"], line[..line.find("901").unwrap()].chars().count() + 1);
    assert_eq!(finding["fix"]["edits"][0]["start"], offset);
    assert_eq!(finding["related"][0]["path"], "services/a b/täst #1.yaml");
    assert_eq!(report["errors"][0]["path"], "x y.yaml");
    let rdjson = json(&run(), Format::Rdjson);
    let diagnostics = rdjson["diagnostics"].as_array().unwrap();
    let finding = diagnostics.iter().find(|finding| finding["code"]["value"] == "function-timeout-range").unwrap();
    assert_eq!(finding["location"]["range"]["start"]["column"], line.find("901").unwrap() + 1);
}

#[test]
fn the_same_run_gives_the_same_bytes_in_every_format() {
    for format in Format::ALL {
        let write = || {
            let mut text = Vec::new();
            report::write(format, &run(), &Style::PLAIN, &mut text).unwrap();
            text
        };
        assert_eq!(write(), write(), "{format}");
        assert!(!write().is_empty());
    }
}
