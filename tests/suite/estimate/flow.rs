//! From a template to prices, traffic and cold starts.

use crate::estimate::estimating::Application;
use dewline::estimate::Estimate;

fn run(template: &str, region: &str, usage: &str) -> Estimate {
    Application::new(template, region).estimate(usage, region, false)
}

/// A usage file with one rate, a second.
fn rate(of: &str, per_second: f64) -> String {
    format!("resource_usage: {{{of}: {{monthly_requests: {}}}}}", per_second * 2_628_000.0)
}

/// What a million calls of 100 ms at `gb` cost with their logs, kept for a year.
fn million(gb: f64) -> f64 {
    let logs = 1e6 / 1024.0 / 1024.0;
    0.2 + 1e6 * 0.1 * gb * 0.000_016_666_7 + logs * 0.5 + logs * 0.2 * 12.0 * 0.03
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
    let answer = run(APPLICATION, "us-east-1", "assume: {error_rate: 0}");
    let queue = answer.entries.iter().find(|entry| entry.name == "Orders").unwrap();
    // Three requests a message: sent, received, deleted.
    let expected = 1.2 + million(0.5);
    assert!((queue.per_million.expected - expected).abs() < 1e-6, "{queue:?}");
    assert!(queue.per_million.low < expected && queue.per_million.high > expected);
    assert!(queue.monthly.is_none() && answer.cold_starts.is_empty(), "no rate is ever assumed");
    let rates: Vec<f64> = queue.at_monthly_requests.iter().map(|sample| sample.monthly_requests).collect();
    assert_eq!(rates, [1e4, 1e6, 1e7]);
    assert!((queue.at_monthly_requests[1].monthly.expected - expected).abs() < 1e-6);
    assert!((answer.total.expected - answer.baseline).abs() < 1e-9, "only idle polls are paid");
}

#[test]
fn a_route_pays_for_its_api_and_its_function() {
    let usage = rate("ServerlessHttpApi", 2.0) + "\nassume: {response_kb: 0}";
    let answer = run(APPLICATION, "us-east-1", &usage);
    let route = answer.entries.iter().find(|entry| entry.resource == "ServerlessHttpApi").unwrap();
    assert_eq!(route.name, "ServerlessHttpApi GET /x");
    assert!((route.per_million.expected - 1.0 - million(1.0)).abs() < 1e-6, "{route:?}");
    let cold = answer.cold_starts.iter().find(|cold| cold.function == "Web").unwrap();
    assert!((cold.rate_per_second - 2.0).abs() < 1e-9 && cold.share.low <= cold.share.high);
    let api = answer.resources.iter().find(|one| one.name == "ServerlessHttpApi").unwrap();
    assert!((api.monthly.expected - 5.256).abs() < 1e-9 && api.complete);
    // The path costs what its resources cost: nothing else has traffic.
    let paid = answer.total.expected - answer.baseline;
    assert!((route.monthly.unwrap().expected - paid).abs() < 1e-9);
}

#[test]
fn a_region_without_prices_says_so() {
    let answer = run(APPLICATION, "sa-east-1", "");
    let queue = answer.entries.iter().find(|entry| entry.name == "Orders").unwrap();
    assert!(queue.missing.contains(&"sqs.standard"));
    let missing = answer.missing_prices.iter().find(|one| one.name == "sqs.standard").unwrap();
    assert_eq!(missing.reason, "no price in sa-east-1");
}

#[test]
fn cost_grows_with_the_rate() {
    let cost = |per_second| run(APPLICATION, "us-east-1", &rate("Orders", per_second)).total;
    let costs: Vec<f64> = [0.0, 0.001, 0.1, 1.0, 50.0].into_iter().map(|rate| cost(rate).expected).collect();
    assert!(costs.windows(2).all(|pair| pair[0] <= pair[1]), "{costs:?}");
}
