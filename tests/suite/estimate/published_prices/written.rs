//! Published examples as templates with their usage.

use serde_json::{Value, json};

/// Kilobytes of a decimal gigabyte, for examples that reckon so.
const DECIMAL: f64 = 1_048_576.0 / 1e6;
/// Days of the month that prices are stated for.
const MONTH_DAYS: f64 = 730.0 / 24.0;

/// One example as a template with its usage, the free tier, and the template's region.
pub struct Case {
    pub resources: Value,
    pub usage: Value,
    pub free_tier: bool,
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

pub fn written(id: &str, service: &str, input: &Value) -> Option<Case> {
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
