//! Published worked examples, recomputed by the estimator: from a template and a usage file
//! where the example can be written as such, else from its quantities at the level of meters.

use crate::estimate::estimating::Application;
use dewline::facts::prices::{FREE, Prices};
use serde_json::{Value, json};

/// Rows whose published figure holds something that is wrong in itself: quantities of
/// replicated writes that do not follow from the usage. Their bills are recomputed all the
/// same, and may differ.
const DOUBTFUL: [&str; 2] = ["X036", "X039"];
/// Kilobytes of a decimal gigabyte, for examples that reckon so.
const DECIMAL: f64 = 1_048_576.0 / 1e6;
/// Days of the month that prices are stated for.
const MONTH_DAYS: f64 = 730.0 / 24.0;

/// One example as a template with its usage, the free tier, and the template's region.
struct Case {
    resources: Value,
    usage: Value,
    free_tier: bool,
}

fn case(resources: Value, usage: Value) -> Case {
    Case { resources, usage, free_tier: false }
}

fn resource(ty: &str, properties: Value) -> Value {
    json!({"Type": ty, "Properties": properties})
}

/// A function that does nothing but run.
fn function(memory: f64, arm: bool, more: &Value) -> Value {
    let mut properties = json!({
        "Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": "x"}, "Role": "arn:aws:iam::1:role/r",
        "Timeout": 900, "MemorySize": memory as i64, "Architectures": [if arm { "arm64" } else { "x86_64" }]
    });
    for (key, value) in more.as_object().unwrap() {
        properties[key] = value.clone();
    }
    resource("AWS::Lambda::Function", properties)
}

fn calls(requests: f64, duration_ms: f64) -> Value {
    json!({
        "monthly_requests": requests, "request_duration_ms": duration_ms, "log_kb_per_request": 0,
        "cold_start_share": 0, "error_rate": 0
    })
}

fn lambda(input: &Value) -> Option<Case> {
    let number = |key: &str| input[key].as_f64();
    let arm = input["arch"] == "arm64";
    if input.get("segments").is_some() {
        let memory = number("memory_mb")?;
        let (warm, cold) = (&input["segments"][0], &input["segments"][1]);
        let alias = json!({
            "FunctionName": {"Ref": "Warm"}, "FunctionVersion": "1", "Name": "live",
            "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": input["provisioned_concurrency"]}
        });
        return Some(case(
            json!({"Warm": function(memory, arm, &json!({})), "Alias": resource("AWS::Lambda::Alias", alias),
                   "Cold": function(memory, arm, &json!({}))}),
            json!({"Warm": calls(warm["requests"].as_f64()?, warm["duration_ms"].as_f64()?),
                   "Alias": {"provisioned_hours": input["provisioned_hours"]},
                   "Cold": calls(cold["requests"].as_f64()?, cold["duration_ms"].as_f64()?)}),
        ));
    }
    if input.get("streaming").is_some() {
        return None;
    }
    if let Some(share) = number("cold_fraction") {
        let mut usage = calls(number("requests")?, number("duration_ms")?);
        usage["cold_start_share"] = json!(share);
        // The example's month has 744 hours.
        usage["kept_versions"] = json!(number("month_hours")? / 730.0);
        let snapstart = json!({"SnapStart": {"ApplyOn": "PublishedVersions"}});
        return Some(case(json!({"F": function(number("memory_mb")?, arm, &snapstart)}), json!({"F": usage})));
    }
    if let Some(memory) = number("memory_mb") {
        let more = match number("ephemeral_storage_mb") {
            Some(size) => json!({"EphemeralStorage": {"Size": size as i64}}),
            None => json!({}),
        };
        let usage = calls(number("requests")?, number("duration_ms")?);
        return Some(case(json!({"F": function(memory, arm, &more)}), json!({"F": usage})));
    }
    // Bills by component: the memory follows from the quantities.
    let usage = &input["usage"];
    let (requests, duration) = (usage["monthly_requests"].as_f64()?, usage["request_duration_ms"].as_f64()?);
    let components = input["components"].as_array()?;
    let units = |name: &str| -> f64 {
        let of = components.iter().filter(|part| part["item"].as_str().unwrap().starts_with(name));
        of.map(|part| part["quantity"].as_f64().unwrap()).sum()
    };
    let has_tier = |tier: &str| components.iter().any(|part| part["item"].as_str().unwrap().contains(tier));
    let arm = usage["architecture"] == "arm64" || ["7.5B", "11.25B", "18.75B"].into_iter().any(has_tier);
    let memory = (units("Duration") / (requests * duration / 1000.0) * 1024.0).round();
    let kept = units("Provisioned");
    if kept > 0.0 {
        let hours = usage["monthly_duration_hrs"].as_f64()?;
        let environments = (kept / hours / 3600.0 / (memory / 1024.0)).round() as i64;
        let alias = json!({"FunctionName": {"Ref": "F"}, "FunctionVersion": "1", "Name": "live",
            "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": environments}});
        return Some(case(
            json!({"F": function(memory, arm, &json!({})), "Alias": resource("AWS::Lambda::Alias", alias)}),
            json!({"F": calls(requests, duration), "Alias": {"provisioned_hours": hours}}),
        ));
    }
    Some(case(json!({"F": function(memory, arm, &json!({}))}), json!({"F": calls(requests, duration)})))
}

fn dynamodb(id: &str, input: &Value) -> Option<Case> {
    let keys = json!([{"AttributeName": "id", "KeyType": "HASH"}]);
    let table = |read: i64, write: i64| {
        resource(
            "AWS::DynamoDB::Table",
            json!({"KeySchema": keys, "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write}}),
        )
    };
    let target = |dimension: &str, least: i64| {
        resource(
            "AWS::ApplicationAutoScaling::ScalableTarget",
            json!({
            "ServiceNamespace": "dynamodb", "ScalableDimension": format!("dynamodb:table:{dimension}"),
            "ResourceId": {"Fn::Sub": "table/${T}"}, "MinCapacity": least, "MaxCapacity": 1000}),
        )
    };
    if let Some(wcu) = input["wcu"].as_i64() {
        return Some(case(json!({"T": table(0, wcu)}), json!({})));
    }
    let units = |name: &str, scaled: bool| -> Option<i64> {
        let found = input["components"].as_array()?.iter().find(|part| {
            let item = part["item"].as_str().unwrap();
            item.starts_with(name) && item.contains("autoscaling") == scaled
        })?;
        Some(found["quantity"].as_f64()? as i64)
    };
    if input["usage"].as_object()?.is_empty() {
        let mut resources = json!({"T": table(
            units("Read capacity", false).unwrap_or(5), units("Write capacity", false).unwrap_or(5))});
        for (name, dimension) in [("Read capacity", "ReadCapacityUnits"), ("Write capacity", "WriteCapacityUnits")] {
            if let Some(least) = units(name, true) {
                resources[dimension] = target(dimension, least);
            }
        }
        if id == "X039" {
            let scaling = |units: i64| {
                json!({"MinCapacity": units, "MaxCapacity": 100,
                "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70}})
            };
            resources["T"] = resource(
                "AWS::DynamoDB::GlobalTable",
                json!({
                "KeySchema": keys, "BillingMode": "PROVISIONED",
                "ReadProvisionedThroughputSettings": {"ReadCapacityAutoScalingSettings": scaling(30)},
                "WriteProvisionedThroughputSettings": {"WriteCapacityAutoScalingSettings": scaling(20)},
                "Replicas": [{"Region": "us-east-1"}, {"Region": "us-east-2"}, {"Region": "us-west-1"}]}),
            );
        }
        return Some(case(resources, json!({})));
    }
    let replicas = json!([{"Region": "us-east-1"}, {"Region": "us-east-2"}, {"Region": "us-west-1"}]);
    let properties = json!({"KeySchema": keys, "BillingMode": "PAY_PER_REQUEST", "Replicas": replicas});
    Some(case(json!({"T": resource("AWS::DynamoDB::GlobalTable", properties)}), json!({"T": input["usage"]})))
}

fn sns(id: &str, input: &Value) -> Option<Case> {
    let usage = &input["usage"];
    let requests = usage["monthly_requests"].as_f64()?;
    let topic = |more: Value| json!({"T": resource("AWS::SNS::Topic", more)});
    let size = usage["request_size_kb"].as_f64().unwrap_or(1.0);
    match id {
        "X049" => {
            // The first hundred messages are free in the bill.
            let messages = usage["sms_subscriptions"].as_f64()? * requests - 100.0;
            let subscription = json!([{"Protocol": "sms", "Endpoint": "+15555550100"}]);
            let price = &usage["sms_notification_price"];
            Some(case(
                topic(json!({"Subscription": subscription})),
                json!({"T": {"monthly_requests": messages, "sms_notification_price": price}}),
            ))
        }
        "X051" => Some(case(
            topic(json!({"FifoTopic": true})),
            json!({"T": {"monthly_requests": requests, "request_size_kb": size * DECIMAL}}),
        )),
        // The bill begins behind the first million requests.
        "X052" => Some(Case {
            free_tier: true,
            ..case(topic(json!({})), json!({"T": {"monthly_requests": requests, "request_size_kb": size}}))
        }),
        _ => None,
    }
}

fn written(id: &str, service: &str, input: &Value) -> Option<Case> {
    let usage = input.get("usage").cloned().unwrap_or(json!({}));
    let number = |key: &str| input[key].as_f64();
    let one = |ty: &str, properties: Value, usage: Value| {
        Some(case(json!({"R": resource(ty, properties)}), json!({"R": usage})))
    };
    match service {
        "lambda" => lambda(input),
        "lambda-edge" => {
            let association =
                json!([{"EventType": "viewer-request", "LambdaFunctionARN": {"Fn::GetAtt": ["F", "Arn"]}}]);
            let distribution = resource(
                "AWS::CloudFront::Distribution",
                json!({"DistributionConfig": {
                "Enabled": true, "DefaultCacheBehavior": {"LambdaFunctionAssociations": association}}}),
            );
            Some(case(
                json!({"F": function(number("memory_mb")?, false, &json!({})), "D": distribution}),
                json!({"F": calls(number("requests")?, number("duration_ms")?)}),
            ))
        }
        "lambda-durable" => {
            let invocations = number("executions")? * number("invocations_per_execution")?;
            let per = number("invocations_per_execution")?;
            let mut used = calls(invocations, number("compute_s_per_execution")? / per * 1000.0);
            used["durable_operations"] = json!(number("operations_per_execution")? / per);
            used["durable_data_kb"] = json!(number("data_kb_per_execution")? / per * DECIMAL);
            // Kept while it waits, and afterwards; the example's month has 30 days.
            used["durable_retention_days"] =
                json!((number("wait_days")? + number("retention_days")?) / 30.0 * MONTH_DAYS);
            let durable = json!({"DurableConfig": {"ExecutionTimeout": 86400}});
            Some(case(json!({"F": function(number("memory_mb")?, true, &durable)}), json!({"F": used})))
        }
        "lambda-managed-instances" => Some(case(
            json!({"F": function(1024.0, false, &json!({"CapacityProviderConfig": {}})),
                   "P": resource("AWS::Lambda::CapacityProvider", json!({}))}),
            json!({"F": calls(number("requests")?, 1.0),
                   "P": {"instance_hours": number("instance_hours")?, "instance_price_usd": number("instance_price")?,
                         "instance_paid_price_usd": number("discounted_price")?}}),
        )),
        "apigateway-rest" => {
            let requests = usage["monthly_requests"].as_f64().or(number("requests"))?;
            let size = number("response_kb").unwrap_or(0.0);
            one(
                "AWS::ApiGateway::RestApi",
                json!({"Name": "a"}),
                json!({"monthly_requests": requests, "response_kb": size}),
            )
        }
        "apigateway-cache" => {
            let item = input["components"][0]["item"].as_str()?;
            let size = item.split('(').nth(1)?.split(' ').next()?;
            one(
                "AWS::ApiGateway::Stage",
                json!({"RestApiId": "x", "CacheClusterEnabled": true, "CacheClusterSize": size}),
                json!({}),
            )
        }
        "apigatewayv2" | "apigatewayv2-http" => {
            let requests = number("requests").or(usage["monthly_requests"].as_f64());
            let mut used = usage;
            match requests {
                Some(requests) => {
                    used["response_kb"] = json!(0);
                    used["monthly_requests"] = json!(requests);
                    one("AWS::ApiGatewayV2::Api", json!({"Name": "a", "ProtocolType": "HTTP"}), used)
                }
                None => one("AWS::ApiGatewayV2::Api", json!({"Name": "a", "ProtocolType": "WEBSOCKET"}), used),
            }
        }
        "dynamodb" => dynamodb(id, input),
        "stepfunctions" => {
            let ty = if usage.get("workflow_duration_ms").is_some() { "EXPRESS" } else { "STANDARD" };
            one(
                "AWS::StepFunctions::StateMachine",
                json!({"StateMachineType": ty, "RoleArn": "arn:aws:iam::1:role/r"}),
                usage,
            )
        }
        "sqs" => one("AWS::SQS::Queue", json!({}), usage),
        "sns" => sns(id, input),
        "eventbridge" => match number("custom_events") {
            Some(events) => {
                let mut used = json!({"monthly_custom_events": events});
                if input["schema_discovery"] == true {
                    used["monthly_schema_discovery_events"] = json!(events);
                }
                one("AWS::Events::EventBus", json!({"Name": "b"}), used)
            }
            None => one("AWS::Events::EventBus", json!({"Name": "b"}), usage),
        },
        "eventbridge-scheduler" => one(
            "AWS::Scheduler::Schedule",
            json!({"ScheduleExpression": "rate(1 minute)", "FlexibleTimeWindow": {"Mode": "OFF"},
                   "Target": {"Arn": "arn:aws:sqs:us-west-2:1:q", "RoleArn": "arn:aws:iam::1:role/r"}}),
            json!({"monthly_requests": number("invocations")?}),
        ),
        "eventbridge-apidest" => Some(case(
            json!({"D": resource("AWS::Events::ApiDestination", json!({"HttpMethod": "POST",
                       "InvocationEndpoint": "https://example.com", "ConnectionArn": "arn:aws:events:x"})),
                   "R": resource("AWS::Events::Rule", json!({"EventPattern": {"source": ["a"]},
                       "Targets": [{"Id": "t", "Arn": {"Fn::GetAtt": ["D", "Arn"]}}]}))}),
            json!({"R": {"monthly_requests": number("events")?}}),
        )),
        "cloudwatch-logs" => one("AWS::Logs::LogGroup", json!({}), usage),
        "cloudwatch-alarm" => {
            let metric = |id: &str, period: i64| json!({"Id": id, "MetricStat": {"Metric": {"MetricName": "M", "Namespace": "N"}, "Period": period, "Stat": "Sum"}});
            let fast = input["components"][0]["item"] == "High resolution";
            let period = if fast { 10 } else { 60 };
            let count = input["components"][0]["quantity"].as_f64()? as usize;
            let mut metrics: Vec<Value> = (0..count).map(|index| metric(&format!("m{index}"), period)).collect();
            metrics.push(json!({"Id": "e", "Expression": "m0"}));
            one(
                "AWS::CloudWatch::Alarm",
                json!({"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1,
                "Threshold": 1, "Metrics": metrics}),
                json!({}),
            )
        }
        "cloudwatch-dashboard" => one("AWS::CloudWatch::Dashboard", json!({"DashboardBody": "{}"}), json!({})),
        "kinesis" => {
            let on_demand = input["components"][0]["item"] == "ON_DEMAND";
            let shards = input["components"][0]["quantity"].as_f64()? / 730.0;
            let properties = if on_demand {
                json!({"StreamModeDetails": {"StreamMode": "ON_DEMAND"}})
            } else {
                json!({"ShardCount": shards.round() as i64})
            };
            one("AWS::Kinesis::Stream", properties, usage)
        }
        "secretsmanager" => one("AWS::SecretsManager::Secret", json!({}), usage),
        "nat" => one("AWS::EC2::NatGateway", json!({"SubnetId": "subnet-1"}), usage),
        "vpc-endpoint" => {
            let hours = input["components"].as_array()?.iter().find(|part| part["unit"] == "hours")?;
            let count = (hours["quantity"].as_f64()? / 730.0).round() as usize;
            let subnets: Vec<String> = (0..count).map(|index| format!("subnet-{index}")).collect();
            one(
                "AWS::EC2::VPCEndpoint",
                json!({"VpcEndpointType": "Interface", "SubnetIds": subnets,
                "ServiceName": "com.amazonaws.us-east-1.sqs", "VpcId": "vpc-1"}),
                usage,
            )
        }
        "appsync" => {
            let requests = number("queries").or(number("mutations"))?;
            let size = number("response_kb").unwrap_or_else(|| number("transfer_kb").unwrap() / requests);
            let mut used = json!({"monthly_requests": requests, "response_kb": size});
            if let Some(updates) = number("realtime_updates") {
                used["monthly_realtime_updates"] = json!(updates);
                used["monthly_connection_mins"] = json!(number("connection_minutes")?);
            }
            one("AWS::AppSync::GraphQLApi", json!({"Name": "a", "AuthenticationType": "API_KEY"}), used)
        }
        _ => None,
    }
}

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
        // Bills round each part to a cent; unit prices of older bills have fewer digits.
        let held = (cost - expected).abs() <= tolerance.max(expected * 0.001);
        if !held {
            let doubt = if DOUBTFUL.contains(&id) { " (excepted)" } else { "" };
            let line = format!("{id} {service}: {cost:.4}, published {expected}{doubt}");
            eprintln!("{line}");
            if !DOUBTFUL.contains(&id) {
                failed.push(line);
            }
        }
    }
    eprintln!("{by_template} from templates, {by_meter} from meters");
    assert!(failed.is_empty(), "{failed:#?}");
}
