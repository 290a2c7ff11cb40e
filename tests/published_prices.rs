//! Published worked examples, recomputed from the compiled-in price table at meter level.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // a test may fail

use dewline::facts::prices::{FREE, Prices};
use serde_json::Value;
use std::collections::BTreeMap;

/// The meter behind a component of a published bill.
fn meter(service: &str, item: &str, arm: bool) -> Option<&'static str> {
    let starts = |prefix: &str| item.starts_with(prefix);
    Some(match service {
        "lambda" if starts("Requests") => "lambda.requests",
        "lambda" if starts("Provisioned") => "lambda.provisioned.arm",
        "lambda" if item == "Duration" => "lambda.provisioned-duration.arm",
        "lambda" if starts("Duration") && arm => "lambda.duration.arm",
        "lambda" if starts("Duration") => "lambda.duration.x86",
        "apigateway-rest" => "apigateway.rest-requests",
        "apigateway-cache" if item.contains("(0.5") => "apigateway.cache.0.5",
        "apigateway-cache" if item.contains("(237") => "apigateway.cache.237",
        "apigatewayv2" if starts("Messages") => "apigateway.websocket-messages",
        "apigatewayv2" if starts("Connection") => "apigateway.websocket-minutes",
        "apigatewayv2" if starts("Requests") => "apigateway.http-requests",
        "dynamodb" if starts("Write request") => "dynamodb.write-units",
        "dynamodb" if starts("Read request") => "dynamodb.read-units",
        "dynamodb" if starts("Data storage") => "dynamodb.storage",
        "dynamodb" if starts("Point") => "dynamodb.pitr",
        "dynamodb" if starts("On-demand backup") => "dynamodb.backup",
        "dynamodb" if starts("Table data") => "dynamodb.restored",
        "dynamodb" if starts("Streams") => "dynamodb.stream-reads",
        "stepfunctions" if starts("Requests") => "states.express-requests",
        "stepfunctions" if starts("Duration") => "states.express-duration",
        "stepfunctions" if starts("Transitions") => "states.transitions",
        "sqs" => "sqs.standard",
        "sns" if starts("API requests") => "sns.publishes",
        "sns" if starts("FIFO Publish API requests") => "sns.fifo-publishes",
        "sns" if starts("FIFO Publish API payload") => "sns.fifo-payload",
        "eventbridge" if starts("Custom") => "events.custom",
        "eventbridge" if starts("Third") => "events.partner",
        "eventbridge" if starts("Archive processing") => "events.archive-processing",
        "eventbridge" if starts("Archive storage") => "events.archive-storage",
        "eventbridge" if starts("Schema") => "events.schema-discovery",
        "cloudwatch-logs" if starts("Data") => "logs.ingested",
        "cloudwatch-logs" if starts("Archival") => "logs.stored",
        "cloudwatch-logs" if starts("Insights") => "logs.insights",
        "cloudwatch-alarm" if starts("High") => "cloudwatch.high-resolution-alarms",
        "cloudwatch-alarm" => "cloudwatch.alarms",
        "cloudwatch-dashboard" => "cloudwatch.dashboards",
        "kinesis" if item == "PROVISIONED" => "kinesis.shard-hours",
        "kinesis" if item == "ON_DEMAND" => "kinesis.on-demand-hours",
        "secretsmanager" if starts("Secret") => "secrets.secrets",
        "secretsmanager" => "secrets.requests",
        "nat" if starts("NAT") => "vpc.nat-hours",
        "vpc-endpoint" if starts("Data") => "vpc.endpoint-data",
        "vpc-endpoint" => "vpc.endpoint-hours",
        _ => return None,
    })
}

/// Units in one of what the bill counts, as in `1M requests`; gigabyte-hours are 3600 s.
fn scale(unit: &str) -> f64 {
    let first = unit.split(' ').next().unwrap_or_default();
    match first {
        "1M" => 1e6,
        "1K" | "1k" => 1e3,
        "10k" => 1e4,
        "100k" => 1e5,
        "GB-hours" => 3600.0,
        _ => 1.0,
    }
}

/// Quantities by meter of one example; `None` for kinds not read.
fn quantities(service: &str, input: &Value) -> Option<BTreeMap<&'static str, f64>> {
    let number = |key: &str| input.get(key).and_then(Value::as_f64);
    let mut used = BTreeMap::new();
    let mut add = |meter: &'static str, quantity: f64| *used.entry(meter).or_insert(0.0) += quantity;
    if let Some(components) = input.get("components").and_then(Value::as_array) {
        let arm = components.iter().any(|part| {
            ["7.5B", "11.25B", "18.75B"].iter().any(|tier| part["item"].as_str().unwrap_or_default().contains(tier))
        });
        for part in components {
            let meter = meter(service, part["item"].as_str()?, arm)?;
            add(meter, part["quantity"].as_f64()? * scale(part["unit"].as_str()?));
        }
        return Some(used);
    }
    match service {
        "lambda" | "lambda-esm-provisioned" if input.get("segments").is_none() => {
            let gb = number("memory_mb")? / 1024.0;
            let seconds = number("requests")? * number("duration_ms")? / 1000.0;
            add("lambda.requests", number("requests")?);
            add("lambda.duration.x86", seconds * gb);
            if let Some(storage) = number("ephemeral_storage_mb") {
                add("lambda.ephemeral-storage", seconds * (storage - 512.0) / 1024.0);
            }
            if let Some(share) = number("cold_fraction") {
                add("lambda.snapstart-cache", gb * number("month_hours")? * 3600.0);
                add("lambda.snapstart-restore", gb * number("requests")? * share);
            }
            for batch in input.get("streaming").and_then(Value::as_array).into_iter().flatten() {
                let over = (batch["mb"].as_f64()? - 6.0).max(0.0);
                add("lambda.streaming", batch["requests"].as_f64()? * over / 1024.0);
            }
            if let Some(hours) = number("sqs_epu_hours") {
                add("lambda.poller.sqs", hours);
            }
            if let Some(hours) = number("kafka_epu_hours") {
                add("lambda.poller.kafka", hours);
            }
        }
        "lambda-edge" => {
            add("lambda.edge-requests", number("requests")?);
            add(
                "lambda.edge-duration",
                number("requests")? * number("duration_ms")? / 1000.0 * number("memory_mb")? / 1024.0,
            );
        }
        "eventbridge" => add("events.custom", number("custom_events")?),
        "eventbridge-scheduler" => add("events.scheduler", number("invocations")?),
        "eventbridge-apidest" => add("events.api-destinations", number("events")?),
        "apigatewayv2-http" => add("apigateway.http-requests", number("requests")?),
        "lambda-logs" => add("logs.lambda-ingested", number("vended_log_gb")?),
        "dynamodb" => add("dynamodb.write-capacity", number("wcu")? * number("provisioned_wcu_hours")?),
        _ => return None,
    }
    Some(used)
}

#[test]
fn published_examples() {
    let Some(folder) = std::env::var_os("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("facts/cost/examples.tsv")).unwrap();
    let (mut held, mut all, mut failed) = (0, 0, Vec::new());
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let input: Value = serde_json::from_str(cells[4]).unwrap();
        all += 1;
        let Some(used) = quantities(cells[2], &input) else {
            eprintln!("{} {}: not read", cells[0], cells[2]);
            continue;
        };
        let free = cells[5] == "True" && !input.as_object().unwrap().contains_key("streaming_free_gb_used");
        let mut cost = 0.0;
        for (meter, quantity) in &used {
            let taken = FREE.iter().find(|(group, _)| group.contains(meter)).map_or(0.0, |(_, free)| *free);
            let applies = cells[5] == "True" && (free || *meter != "lambda.streaming");
            let charged = if applies { (quantity - taken).max(0.0) } else { *quantity };
            let Ok(price) = Prices::embedded().cost(meter, cells[3], charged) else {
                eprintln!("{}: no price for {meter} in {}", cells[0], cells[3]);
                cost = f64::NAN;
                break;
            };
            cost += price;
        }
        if cost.is_nan() {
            continue;
        }
        let expected: f64 = cells[6].parse().unwrap();
        let tolerance: f64 = cells[8].parse().unwrap();
        if (cost - expected).abs() <= tolerance.max(expected * 0.001) {
            held += 1;
        } else {
            failed.push(format!("{} {}: {cost:.4}, published {expected}", cells[0], cells[2]));
        }
    }
    eprintln!("{held} of {all} hold");
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(held >= 40, "{held} of {all}");
}
