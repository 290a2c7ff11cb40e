//! Observed calls of a function become the rate of what brings them, unless the usage file has it.

use crate::estimate::estimating::Application;
use dewline::estimate::forecast::{self, Series};
use dewline::estimate::usage::ObservedLoad;
use dewline::estimate::{Entry, Estimate, Usage};
use std::sync::Arc;

const REGION: &str = "us-east-1";
/// Hours of a month.
const MONTH: f64 = 730.0;

/// Four weeks of a load that is `day` by day and `night` by night, every day alike.
fn observe(usage: &mut Usage, function: &str, day: f64, night: f64) {
    let points = (0..4 * 168).map(|hour| {
        let calls = if (8..20).contains(&(hour % 24)) { day } else { night };
        format!("{},{calls}\n", 1_790_553_600_i64 + hour * 3600)
    });
    let file = Arc::new(dewline::source::SourceFile::new("calls.csv", points.collect::<String>()));
    let series = Series::new(forecast::read(&file).unwrap()).unwrap();
    let forecast = Arc::new(forecast::forecast(series).unwrap());
    usage.loads.insert(function.to_owned(), ObservedLoad { forecast, chance: 0.05 });
}

fn entry<'e>(estimate: &'e Estimate, name: &str) -> &'e Entry {
    let named = |entry: &&Entry| entry.name == name;
    estimate.entries.iter().find(named).unwrap_or_else(|| panic!("{name} is not in {:?}", estimate.entries))
}

fn rate(estimate: &Estimate, name: &str) -> f64 {
    entry(estimate, name).monthly_requests.unwrap().expected
}

fn near(is: f64, wanted: f64) {
    assert!((is - wanted).abs() <= wanted * 0.01, "{is} is not {wanted}");
}

const FUNCTION: &str =
    "Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src/, Events: ";

fn template(functions: &[(&str, &str)]) -> String {
    let one = |(name, events): &(&str, &str)| format!("  {name}: {{{FUNCTION}{events}}}}}\n");
    let functions: String = functions.iter().map(one).collect();
    format!("Transform: AWS::Serverless-2016-10-31\nResources:\n  Jobs: {{Type: AWS::SQS::Queue}}\n{functions}")
}

const API: &str = "{Api: {Type: HttpApi, Properties: {Path: /orders, Method: POST}}}";
const API_AND_QUEUE: &str = "{Api: {Type: HttpApi, Properties: {Path: /orders, Method: POST}}, Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 1}}}";

#[test]
fn an_entry_without_a_rate_gets_the_one_that_was_observed() {
    let application = Application::new(&template(&[("Orders", API)]), REGION);
    let mut usage = application.usage("version: 1\n");
    observe(&mut usage, "Orders", 3000.0, 1000.0);
    let observed = application.estimate_with(&usage, REGION, false);
    near(rate(&observed, "ServerlessHttpApi POST /orders"), 2000.0 * MONTH);
    // The bill is the same as if the usage file had said so.
    let said = application
        .usage(&format!("resource_usage: {{ServerlessHttpApi: {{monthly_requests: {}}}}}\n", 2000.0 * MONTH));
    let said = application.estimate_with(&said, REGION, false);
    near(observed.total.expected, said.total.expected);
    assert!(observed.total.expected > 2.0 * observed.baseline + 1.0, "{:?}", observed.total);
    // What was observed is told among what entered the figures.
    let told = observed.assumptions.iter().find(|one| one.key == "observed_calls").unwrap();
    assert!(told.given && told.of.as_deref() == Some("Orders"));
    near(told.value.expected, 2000.0 * MONTH);
}

#[test]
fn the_usage_file_goes_before_what_was_observed() {
    let application = Application::new(&template(&[("Orders", API)]), REGION);
    let mut usage = application.usage("resource_usage: {ServerlessHttpApi: {monthly_requests: 1000}}\n");
    observe(&mut usage, "Orders", 3000.0, 1000.0);
    let estimate = application.estimate_with(&usage, REGION, false);
    near(rate(&estimate, "ServerlessHttpApi POST /orders"), 1000.0);
    // Cold starts go by the calls that were observed all the same.
    near(estimate.cold_starts[0].rate_per_second, 2000.0 / 3600.0);
}

#[test]
fn what_is_known_is_taken_off() {
    let application = Application::new(&template(&[("Orders", API_AND_QUEUE)]), REGION);
    let mut usage = application.usage(&format!("resource_usage: {{Jobs: {{monthly_requests: {}}}}}\n", 500.0 * MONTH));
    observe(&mut usage, "Orders", 3000.0, 1000.0);
    let estimate = application.estimate_with(&usage, REGION, false);
    let queue = entry(&estimate, "Jobs").reaches.iter().find(|one| one.name == "Orders").unwrap().events;
    near(rate(&estimate, "ServerlessHttpApi POST /orders"), (2000.0 - 500.0 * queue) * MONTH);
}

#[test]
fn where_nothing_tells_entries_apart_the_calls_enter_at_the_function() {
    let application = Application::new(&template(&[("Orders", API_AND_QUEUE)]), REGION);
    let mut usage = application.usage("version: 1\n");
    observe(&mut usage, "Orders", 3000.0, 1000.0);
    let estimate = application.estimate_with(&usage, REGION, false);
    near(rate(&estimate, "Orders"), 2000.0 * MONTH);
    for open in ["Jobs", "ServerlessHttpApi POST /orders"] {
        assert!(entry(&estimate, open).monthly_requests.is_none(), "{open}");
    }
}

#[test]
fn what_one_function_tells_helps_with_the_next() {
    // The queue also feeds Work, whose calls tell its rate; what remains came through the API.
    let jobs = "{Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 1}}}";
    let application = Application::new(&template(&[("Orders", API_AND_QUEUE), ("Work", jobs)]), REGION);
    let mut usage = application.usage("version: 1\n");
    observe(&mut usage, "Orders", 3000.0, 1000.0);
    observe(&mut usage, "Work", 300.0, 100.0);
    let estimate = application.estimate_with(&usage, REGION, false);
    let events = |name: &str| entry(&estimate, "Jobs").reaches.iter().find(|one| one.name == name).unwrap().events;
    let queue = 200.0 * MONTH / events("Work");
    near(rate(&estimate, "Jobs"), queue);
    near(rate(&estimate, "ServerlessHttpApi POST /orders"), 2000.0 * MONTH - queue * events("Orders"));
    assert!(estimate.entries.iter().all(|entry| entry.name != "Orders"), "{:?}", estimate.entries);
}
