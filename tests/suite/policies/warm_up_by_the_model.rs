//! Policies that need the estimate: what they say with a usage file, and that they keep silent
//! where something is not known.

use dewline::engine::{Selection, SelectionRequest, Settings, analyze};
use dewline::estimate::{Options, Strategy, estimate, usage};
use dewline::facts::date::Date;
use dewline::facts::prices::Prices;
use dewline::source::{Files, ReadError, SourceFile};
use dewline::template::Inputs;
use std::sync::Arc;

/// A usage file beside the template; nothing where it is empty.
struct Usage(&'static str);

impl Files for Usage {
    fn read(&self, path: &str) -> Result<Arc<SourceFile>, ReadError> {
        let known = path == "app/dewline.usage.yaml" && !self.0.is_empty();
        if known { Ok(Arc::new(SourceFile::new(path, self.0))) } else { Err(ReadError::Missing) }
    }
    fn exists(&self, path: &str) -> bool {
        self.read(path).is_ok()
    }
    fn size(&self, path: &str) -> Option<u64> {
        path.ends_with("app.zip").then_some(12_000_000)
    }
}

fn settings(policy: &str) -> Settings {
    let request = SelectionRequest { select: vec![policy.to_owned()], ..SelectionRequest::default() };
    Settings {
        selection: Selection::new(&request).unwrap(),
        today: Date { year: 2026, month: 11, day: 23 },
        inputs: Inputs::default(),
        guard: Vec::new(),
        require_reason: false,
    }
}

fn findings(policy: &str, template: &str, usage: &'static str) -> Vec<String> {
    let file = Arc::new(SourceFile::new("app/template.yaml", template));
    let analysis = analyze(file, &Usage(usage), &settings(policy)).unwrap();
    let said = |finding: &dewline::finding::Finding| {
        let marked = analysis.sources.text(finding.span);
        format!("{marked}: {} ({})", finding.message, finding.help.clone().unwrap_or_default())
    };
    analysis.findings.iter().map(said).collect()
}

fn kept(count: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Count: {{Type: Number}}\nResources:\n  Orders:\n    \
         Type: AWS::Serverless::Function\n    Properties: {{Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, \
         AutoPublishAlias: live, ProvisionedConcurrencyConfig: {{ProvisionedConcurrentExecutions: {count}}}}}\n"
    )
}

const BUSY: &str = "resource_usage: {Orders: {monthly_requests: 5000000, request_duration_ms: 500}}\n";

#[test]
fn provisioned_concurrency_below_the_pool_changes_nothing() {
    let few = |count, usage| findings("provisioned-concurrency-too-small", &kept(count), usage);
    let said = few("2", BUSY);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("2: OrdersAliaslive keeps 2 of Orders warm, which holds 6."), "{said:?}");
    assert!(said[0].contains("% of calls start cold, 0.0") && said[0].contains("without (keep "), "{said:?}");
    assert!(few("9", BUSY).is_empty(), "enough of them");
    assert!(few("2", "").is_empty(), "no usage file");
    assert!(few("2", "region: eu-west-1\n").is_empty(), "no rate");
    assert!(few("2", "resource_usage: [1]\n").is_empty(), "a usage file with mistakes");
    assert!(few("!Ref Count", BUSY).is_empty(), "an unknown count");
    let rare = "resource_usage: {Orders: {monthly_requests: 500, request_duration_ms: 500}}\n";
    assert!(few("1", rare).is_empty(), "the first environment is what rare calls need");
    let observed =
        "resource_usage: {Orders: {monthly_requests: 5000000, request_duration_ms: 500, cold_start_share: 0.01}}\n";
    assert!(few("2", observed).is_empty(), "an observed share is not the model's");
    let scaled = kept("2")
        + "  Scaled:\n    Type: AWS::ApplicationAutoScaling::ScalableTarget\n    Properties: {ServiceNamespace: lambda, \
           ScalableDimension: 'lambda:function:ProvisionedConcurrency', ResourceId: !Sub 'function:${Orders}:live', \
           MinCapacity: 1, MaxCapacity: 20}\n";
    assert!(findings("provisioned-concurrency-too-small", &scaled, BUSY).is_empty(), "it is scaled");
}

fn pinged(rate: &str, targets: usize) -> String {
    let target = |i: usize| format!("{{Id: t{i}, Arn: !GetAtt Orders.Arn, Input: '{{\"warmer\": true}}'}}");
    let targets: Vec<String> = (0..targets).map(target).collect();
    format!(
        "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties: {{Runtime: nodejs24.x, Handler: a.b, \
         Timeout: 30, Role: !ImportValue r, Code: {{S3Bucket: code, S3Key: k}}}}\n  Warm:\n    Type: AWS::Events::Rule\n    \
         Properties: {{ScheduleExpression: {rate}, Targets: [{}]}}\n",
        targets.join(", ")
    )
}

#[test]
fn pings_hold_as_many_as_they_are() {
    let slow = "resource_usage: {Orders: {monthly_requests: 500000, request_duration_ms: 3000}}\n";
    let narrow =
        |targets, usage| findings("warmer-insufficient-concurrency", &pinged("rate(5 minutes)", targets), usage);
    let said = narrow(1, slow);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("rate(5 minutes): Warm keeps 1 of Orders warm, which holds "), "{said:?}");
    assert!(said[0].contains("pings at once would leave "), "{said:?}");
    assert!(narrow(12, slow).is_empty(), "wide enough");
    assert!(narrow(1, "").is_empty(), "no usage file");
}

#[test]
fn pings_come_before_environments_end() {
    let late = |rate, usage| findings("warmer-interval-too-long", &pinged(rate, 1), usage);
    assert_eq!(
        late("rate(30 minutes)", ""),
        [
            "rate(30 minutes): Warm pings Orders every 30 minutes, but idle environments end after 5 to 10 minutes: at most 33 % of \
          the time one is warm (ping every 5 minutes, or use SnapStart or provisioned concurrency)"
        ]
    );
    assert!(late("rate(10 minutes)", "").is_empty(), "within the range that was seen");
    let long = "resource_usage: {Orders: {idle_expiry_s: 2400}}\n";
    assert!(late("rate(30 minutes)", long).is_empty(), "the usage file knows better");
    assert!(late("!Ref AWS::Region", "").is_empty(), "an unknown schedule");
}

const API: &str = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Shop: {Type: AWS::Serverless::HttpApi}\n  Orders:\n    \
    Type: AWS::Serverless::Function\n    Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: \
    {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /orders, Method: get}}}}\n";

#[test]
fn objectives_are_held_against_the_model() {
    let reach = |usage| findings("latency-objective-out-of-reach", API, usage);
    let said = reach(
        "resource_usage: {Orders: {request_duration_p50_ms: 400, request_duration_p99_ms: 900}}\nslo: {Shop: {p99_ms: 500}}\n",
    );
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("Shop GET /orders takes 9") && said[0].contains("the objective is 500 ms"), "{said:?}");
    assert!(reach("slo: {Shop: {p99_ms: 50}}\n").is_empty(), "the duration is assumed");
    let cold = |usage| findings("cold-starts-break-objective", API, usage);
    let said = cold(
        "resource_usage:\n  Shop: {monthly_requests: 3000}\n  Orders: {request_duration_p50_ms: 20, request_duration_p99_ms: 60, \
         init_duration_ms: 2500}\nslo: {Shop: {p95_ms: 500}}\n",
    );
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("of the calls of Orders start cold; the objective is 500 ms (the cheapest that keeps it: "),
        "{said:?}"
    );
    let said = cold(
        "resource_usage:\n  Shop: {monthly_requests: 3000}\n  Orders: {request_duration_ms: 20}\n\
         slo: {Shop: {cold_start_probability: 0.01}}\n",
    );
    assert!(said.len() == 1 && said[0].contains("the objective of Shop GET /orders is 1.0 %"), "{said:?}");
    let unknown = "resource_usage: {Orders: {request_duration_ms: 20}}\nslo: {Shop: {cold_start_probability: 0.01}}\n";
    assert!(cold(unknown).is_empty(), "no rate");
}

/// A package that is at hand makes starts longer, and leaving out half of it is one of the means.
#[test]
fn packages_at_hand_count() {
    let starts = |code: &str| {
        let template = format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties: \
             {{Runtime: nodejs24.x, MemorySize: 512, Handler: app.main, CodeUri: {code}}}\n"
        );
        let file = Arc::new(SourceFile::new("app/template.yaml", template));
        let analysis = analyze(file, &Usage(""), &settings("all")).unwrap();
        let text = Arc::new(SourceFile::new("usage", "resource_usage: {Orders: {monthly_requests: 3000}}\n"));
        let usage = usage::read(&text).unwrap();
        let options =
            Options { region: "us-east-1".to_owned(), usage: &usage, free_tier: false, prices: Prices::embedded() };
        estimate(&analysis.graph, &options).cold_starts.remove(0)
    };
    let (packed, sources) = (starts("dist/app.zip"), starts("src/"));
    let init = packed.init.clone().unwrap();
    assert!(init.parts.iter().any(|part| part.contains("12.0 MB of zipped code")), "{init:?}");
    assert!(init.p50_ms > sources.init.unwrap().p50_ms + 1000.0 && init.rough, "{init:?}");
    let means = |cold: &[Strategy], kind: &str| cold.iter().find(|one| one.kind == kind).cloned();
    let (smaller, nothing) =
        (means(&packed.strategies, "package").unwrap(), means(&packed.strategies, "nothing").unwrap());
    assert!(smaller.text == "a package of 6.0 instead of 12.0 MB" && smaller.p99_ms < nothing.p99_ms, "{smaller:?}");
    assert!(smaller.monthly.unwrap() <= nothing.monthly.unwrap() && !smaller.assumptions.is_empty());
    assert!(means(&sources.strategies, "package").is_none(), "a folder of sources is no package");
}
