//! From a template to prices, traffic and cold starts.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a test may fail

use dewline::estimate::{Assumptions, Estimate, Options, Range, estimate};
use dewline::facts::prices::Prices;
use dewline::graph::{Graph, Template};
use dewline::source::{Files, ReadError, SourceFile};
use dewline::template::{Inputs, load};
use std::collections::BTreeMap;
use std::sync::Arc;

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<Arc<SourceFile>, ReadError> {
        Err(ReadError::Missing)
    }
    fn exists(&self, _: &str) -> bool {
        false
    }
    fn size(&self, _: &str) -> Option<u64> {
        None
    }
}

fn run(template: &str, region: &str, rates: &[(&str, f64)]) -> Estimate {
    let file = Arc::new(SourceFile::from_bytes("template.yaml", template.as_bytes().to_vec()));
    let inputs = Inputs { region: Some(region.to_owned()), ..Inputs::default() };
    let loaded = load::load(file, &NoFiles, &inputs).unwrap();
    let graph = Graph::new(Template::new(loaded.dialect, loaded.root, loaded.problems, inputs));
    let options = Options {
        region: region.to_owned(),
        rates: rates.iter().map(|(name, rate)| ((*name).to_owned(), Range::exact(*rate))).collect::<BTreeMap<_, _>>(),
        assumptions: Assumptions::default(),
        free_tier: false,
        prices: Prices::embedded(),
    };
    estimate(&graph, &options)
}

const APPLICATION: &str = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Web:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: nodejs22.x, Handler: a.b, InlineCode: x, MemorySize: 1024, Timeout: 10,
       Events: {Get: {Type: HttpApi, Properties: {Path: /x, Method: get}}}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      {Runtime: python3.13, Handler: a.b, InlineCode: x, MemorySize: 512, Timeout: 10,
       Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn, BatchSize: 5}}}}
  Orders: {Type: AWS::SQS::Queue}
";

#[test]
fn a_queue_pays_for_its_function() {
    let answer = run(APPLICATION, "us-east-1", &[]);
    let queue = answer.entries.iter().find(|entry| entry.name == "Orders").unwrap();
    // Three requests a message; a call of 100 ms at 0.5 GB; 1 KB of log.
    let expected = 1.2 + 0.2 + 1e6 * 0.1 * 0.5 * 0.000_016_666_7 + 1e6 / 1024.0 / 1024.0 * 0.5;
    assert!((queue.per_million.expected - expected).abs() < 1e-6, "{queue:?}");
    assert!(queue.per_million.low < expected && queue.per_million.high > expected);
    assert!(answer.monthly.is_empty() && answer.cold_starts.is_empty(), "no rate is ever assumed");
}

#[test]
fn a_route_pays_for_its_api_and_its_function() {
    let answer = run(APPLICATION, "us-east-1", &[("ServerlessHttpApi", 2.0)]);
    let route = answer.entries.iter().find(|entry| entry.api.is_some()).unwrap();
    let expected = 1.0 + 0.2 + 1e6 * 0.1 * 0.000_016_666_7 + 1e6 / 1024.0 / 1024.0 * 0.5;
    assert!((route.per_million.expected - expected).abs() < 1e-6, "{route:?}");
    let cold = answer.cold_starts.iter().find(|cold| cold.function == "Web").unwrap();
    assert!((cold.rate_per_second - 2.0).abs() < 1e-9 && cold.share.low <= cold.share.high);
    assert!(answer.monthly["ServerlessHttpApi"].expected > 5.0);
}

#[test]
fn a_region_without_prices_says_so() {
    let answer = run(APPLICATION, "sa-east-1", &[]);
    let queue = answer.entries.iter().find(|entry| entry.name == "Orders").unwrap();
    assert!(queue.missing.contains(&"sqs.standard"));
    assert!(answer.unpriced.iter().any(|item| item.reason == "no price for sqs.standard in sa-east-1"));
}

#[test]
fn cost_grows_with_the_rate() {
    let cost =
        |rate| run(APPLICATION, "us-east-1", &[("Orders", rate)]).monthly.values().map(|c| c.expected).sum::<f64>();
    let costs: Vec<f64> = [0.0, 0.001, 0.1, 1.0, 50.0].into_iter().map(cost).collect();
    assert!(costs.windows(2).all(|pair| pair[0] <= pair[1]), "{costs:?}");
}
