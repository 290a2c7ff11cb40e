//! Published worked examples, recomputed by the estimator: from a template and a usage file
//! where the example can be written as such, else from its quantities at the level of meters.

mod written;

use crate::estimate::estimating::Application;
use dewline::facts::prices::{FREE, Prices};
use serde_json::{Value, json};
use written::written;

/// Quantities by meter of the examples that no template says.
fn quantities(id: &str, input: &Value) -> Option<Vec<(&'static str, f64)>> {
    let number = |key: &str| input[key].as_f64();
    let run = || -> Option<Vec<(&'static str, f64)>> {
        let gb_s = number("requests")? * number("duration_ms")? / 1000.0 * number("memory_mb")? / 1024.0;
        Some(vec![("lambda.requests", number("requests")?), ("lambda.duration.x86", gb_s)])
    };
    Some(match id {
        // What is streamed beyond 6 MB; the free 100 GB are used up.
        "X007" => {
            let mut used = run()?;
            let batches = input["streaming"].as_array()?.iter();
            let over = |batch: &Value| (batch["mb"].as_f64().unwrap() - 6.0).max(0.0);
            let gb: f64 = batches.map(|batch| batch["requests"].as_f64().unwrap() * over(batch) / 1024.0).sum();
            used.push(("lambda.streaming", gb + 100.0));
            used
        }
        // Hours of pollers that change over the month.
        "X009" => [run()?, vec![("lambda.poller.sqs", number("sqs_epu_hours")?)]].concat(),
        "X010" => [run()?, vec![("lambda.poller.kafka", number("kafka_epu_hours")?)]].concat(),
        // More subscriptions than a template has room for.
        "X048" => {
            let usage = &input["usage"];
            let sent = |key: &str| usage[key].as_f64().unwrap() * usage["monthly_requests"].as_f64().unwrap();
            vec![
                ("sns.delivery.http", sent("http_subscriptions") - 100_000.0),
                ("sns.delivery.email", sent("email_subscriptions") - 1000.0),
                ("sns.delivery.firehose", sent("kinesis_subscriptions")),
                ("sns.delivery.mobile", sent("mobile_push_subscriptions")),
                ("sns.delivery.macos", sent("macos_subscriptions")),
            ]
        }
        // Traces alone, of whatever makes them.
        "X085" => {
            let recorded = number("requests_per_hour")? * number("sampling")? * number("hours")?;
            let read = number("queries_per_day")? * number("days")?;
            let traces = number("traces_scanned_per_query")? + number("traces_retrieved_per_query")?;
            vec![("xray.recorded", recorded), ("xray.scanned", read * traces)]
        }
        // Log text alone.
        "X093" => vec![("logs.lambda-ingested", number("vended_log_gb")?)],
        _ => return None,
    })
}

/// Seconds at the base of 1 vCPU and 2 GB, and at the peak, which is four times that.
fn microvm(input: &Value, region: &str) -> f64 {
    let size = input["base_s"].as_f64().unwrap() + 4.0 * input["peak_s"].as_f64().unwrap();
    at_meters(&[("lambda.microvm-vcpu.arm", size), ("lambda.microvm-memory.arm", 2.0 * size)], region, false)
}

fn at_meters(used: &[(&'static str, f64)], region: &str, free_tier: bool) -> f64 {
    let cost = |(meter, quantity): &(&'static str, f64)| {
        let free = FREE.iter().find(|(group, _)| free_tier && group.contains(meter)).map_or(0.0, |(_, free)| *free);
        Prices::embedded().cost(meter, region, (quantity - free).max(0.0)).unwrap()
    };
    used.iter().map(cost).sum()
}

#[test]
fn published_examples() {
    let Some(folder) = std::env::var_os("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("facts/cost/examples.tsv")).unwrap();
    let (mut by_template, mut by_meter, mut failed) = (0, 0, Vec::new());
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (id, service, region) = (cells[0], cells[2], cells[3]);
        let input: Value = serde_json::from_str(cells[4]).unwrap();
        let free_tier = cells[5] == "True";
        if service == "lambda-microvm" {
            // Snapshots have sizes that the example does not give: what runs is compared alone.
            by_meter += 1;
            let parts: Value = serde_json::from_str(cells[7]).unwrap();
            let (cost, expected) = (microvm(&input, region), parts["compute"].as_f64().unwrap());
            assert!((cost - expected).abs() < 0.05, "{id}: {cost}, published {expected}");
            continue;
        }
        let cost = if let Some(case) = written(id, service, &input) {
            by_template += 1;
            let template = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": case.resources}).to_string();
            let usage = json!({"resource_usage": case.usage}).to_string();
            let application = Application::new(&template, region);
            let answer = application.estimate(&usage, region, free_tier || case.free_tier);
            assert!(answer.missing_prices.is_empty(), "{id}: {:?}", answer.missing_prices);
            answer.total.expected
        } else if let Some(used) = quantities(id, &input) {
            by_meter += 1;
            at_meters(&used, region, free_tier)
        } else {
            failed.push(format!("{id} {service}: not written"));
            continue;
        };
        let (expected, tolerance): (f64, f64) = (cells[6].parse().unwrap(), cells[8].parse().unwrap());
        let line = format!("{id} {service}: {cost:.4}, published {expected} within {tolerance}");
        if (cost - expected).abs() > tolerance {
            failed.push(line);
        }
    }
    eprintln!("{by_template} from templates, {by_meter} from meters");
    assert!(failed.is_empty(), "{failed:#?}");
}
