//! Reader of the offer files in which AWS publishes its prices
//! (`docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html`).
//!
//! A file is one service in one region or in all. Products are recognised by the end of their
//! usage type, in front of which stands the short name of a region; what is not recognised is
//! left alone.

use super::prices::PriceError;
use serde_json::Value;
use std::collections::BTreeMap;

/// Tiers by meter and region: where each begins, and the price of a unit.
pub(super) type Tiers = BTreeMap<(String, String), Vec<(f64, f64)>>;

/// Offer code, end of the usage type, meter, and how many units of the meter one unit of the
/// file is.
const MEANS: &[(&str, &str, &str, f64)] = &[
    ("AWSLambda", "Request", "lambda.requests", 1.0),
    ("AWSLambda", "Lambda-GB-Second", "lambda.duration.x86", 1.0),
    ("AWSLambda", "Lambda-GB-Second-ARM", "lambda.duration.arm", 1.0),
    ("AWSLambda", "Lambda-Provisioned-Concurrency", "lambda.provisioned.x86", 1.0),
    ("AWSLambda", "Lambda-Provisioned-Concurrency-ARM", "lambda.provisioned.arm", 1.0),
    ("AWSLambda", "Lambda-Provisioned-GB-Second", "lambda.provisioned-duration.x86", 1.0),
    ("AWSLambda", "Lambda-Provisioned-GB-Second-ARM", "lambda.provisioned-duration.arm", 1.0),
    ("AWSLambda", "Lambda-Storage-GB-Second", "lambda.ephemeral-storage", 1.0),
    ("AmazonApiGateway", "ApiGatewayRequest", "apigateway.rest-requests", 1.0),
    ("AmazonApiGateway", "ApiGatewayHttpRequest", "apigateway.http-requests", 1.0),
    ("AmazonApiGateway", "ApiGatewayMessage", "apigateway.websocket-messages", 1.0),
    ("AmazonApiGateway", "ApiGatewayMinute", "apigateway.websocket-minutes", 1.0),
    ("AWSQueueService", "Requests-RBP", "sqs.standard", 1.0),
    ("AWSQueueService", "Requests-FIFO-RBP", "sqs.fifo", 1.0),
    ("AmazonSNS", "Requests-Tier1", "sns.publishes", 1.0),
    ("AmazonSNS", "DeliveryAttempts-HTTP", "sns.delivery.http", 1.0),
    ("AmazonStates", "StateTransition", "states.transitions", 1.0),
    ("AmazonStates", "StepFunctions-Request", "states.express-requests", 1.0),
    ("AmazonDynamoDB", "WriteRequestUnits", "dynamodb.write-units", 1.0),
    ("AmazonDynamoDB", "ReadRequestUnits", "dynamodb.read-units", 1.0),
    ("AmazonDynamoDB", "WriteCapacityUnit-Hrs", "dynamodb.write-capacity", 1.0),
    ("AmazonDynamoDB", "ReadCapacityUnit-Hrs", "dynamodb.read-capacity", 1.0),
    ("AmazonDynamoDB", "TimedStorage-ByteHrs", "dynamodb.storage", 1.0),
    ("AmazonDynamoDB", "TimedPITRStorage-ByteHrs", "dynamodb.pitr", 1.0),
    ("AmazonKinesis", "Storage-ShardHour", "kinesis.shard-hours", 1.0),
    ("AmazonKinesis", "PutRequestPayloadUnits", "kinesis.put-units", 1.0),
    ("AmazonKinesis", "OnDemand-StreamHour", "kinesis.on-demand-hours", 1.0),
    ("AmazonCloudWatch", "DataProcessing-Bytes", "logs.ingested", 1.0),
    ("AmazonCloudWatch", "VendedLog-Bytes", "logs.lambda-ingested", 1.0),
    ("AmazonCloudWatch", "TimedStorage-ByteHrs", "logs.stored", 1.0),
    ("AmazonCloudWatch", "CW:AlarmMonitorUsage", "cloudwatch.alarms", 1.0),
    ("AmazonCloudWatch", "CW:HighResAlarmMonitorUsage", "cloudwatch.high-resolution-alarms", 1.0),
    ("AmazonCloudWatch", "CW:MetricMonitorUsage", "cloudwatch.metrics", 1.0),
    ("AWSSecretsManager", "AWSSecretsManager-Secrets", "secrets.secrets", 1.0),
    ("AWSSecretsManager", "AWSSecretsManagerAPIRequest", "secrets.requests", 1.0),
    ("awskms", "KMS-Keys", "kms.keys", 1.0),
    ("awskms", "KMS-Requests", "kms.requests", 1.0),
    ("AmazonS3", "TimedStorage-ByteHrs", "s3.storage", 1.0),
    ("AmazonS3", "Requests-Tier1", "s3.puts", 1.0),
    ("AmazonS3", "Requests-Tier2", "s3.gets", 1.0),
    ("AmazonEC2", "NatGateway-Hours", "vpc.nat-hours", 1.0),
    ("AmazonEC2", "NatGateway-Bytes", "vpc.nat-data", 1.0),
    ("AmazonVPC", "VpcEndpoint-Hours", "vpc.endpoint-hours", 1.0),
    ("AmazonVPC", "VpcEndpoint-Bytes", "vpc.endpoint-data", 1.0),
    ("AWSEvents", "Event-64K-Chunks", "events.custom", 1.0),
    ("AWSEvents", "Scheduler-Invocations", "events.scheduler", 1.0),
    ("AWSXRay", "XRay-TracesStored", "xray.recorded", 1.0),
];

/// Whether the text looks like an offer file.
pub(super) fn is_offer(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// What an offer file says, and the date that it was published.
pub(super) fn read(text: &str) -> Result<(Tiers, String, usize), PriceError> {
    let root: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| PriceError::Offer(format!("it is not JSON: {error}")))?;
    let missing = |name: &str| PriceError::Offer(format!("it has no `{name}`: it is not an offer file of AWS"));
    let code = root["offerCode"].as_str().ok_or_else(|| missing("offerCode"))?;
    let products = root["products"].as_object().ok_or_else(|| missing("products"))?;
    let terms = root["terms"]["OnDemand"].as_object().ok_or_else(|| missing("terms.OnDemand"))?;
    let date: String = root["publicationDate"].as_str().unwrap_or("undated").chars().take(10).collect();
    let mut tiers = Tiers::new();
    for (sku, product) in products {
        let attributes = &product["attributes"];
        let (Some(usage), Some(region)) = (attributes["usagetype"].as_str(), attributes["regionCode"].as_str()) else {
            continue;
        };
        let Some((_, _, meter, scale)) = MEANS.iter().find(|(of, end, ..)| *of == code && is_usage(usage, end)) else {
            continue;
        };
        let mut own = Vec::new();
        for term in terms.get(sku).and_then(Value::as_object).into_iter().flat_map(|terms| terms.values()) {
            for dimension in term["priceDimensions"].as_object().into_iter().flat_map(|all| all.values()) {
                let from = dimension["beginRange"].as_str().and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
                let price = dimension["pricePerUnit"].as_object().and_then(|prices| prices.values().next());
                let price = price.and_then(Value::as_str).and_then(|text| text.parse::<f64>().ok());
                let Some(price) = price.filter(|price| *price >= 0.0 && from >= 0.0) else {
                    return Err(PriceError::Offer(format!("the product {sku} has a price that is no number")));
                };
                own.push((from * scale, price / scale));
            }
        }
        // The part that is free is told apart from prices; a table holds prices alone.
        own.sort_by(|a, b| a.0.total_cmp(&b.0));
        while own.len() > 1 && own[0].1 <= 0.0 {
            own.remove(0);
            own[0].0 = 0.0;
        }
        if own.first().is_some_and(|(from, _)| *from <= 0.0) {
            tiers.insert(((*meter).to_owned(), region.to_owned()), own);
        }
    }
    let count = products.len();
    if tiers.is_empty() {
        return Err(PriceError::Offer(format!("none of the {count} products of `{code}` is one that is priced here")));
    }
    Ok((tiers, date, count))
}

/// Whether a usage type is `end`, with or without the short name of a region in front.
fn is_usage(usage: &str, end: &str) -> bool {
    let Some(front) = usage.strip_suffix(end) else { return false };
    let is_region = |name: &str| {
        name.len() <= 5 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) && !name.is_empty()
    };
    front.is_empty() || front.strip_suffix('-').is_some_and(is_region)
}

#[cfg(test)]
mod tests {
    use super::super::prices::Prices;
    use super::*;

    #[test]
    fn usage_types_end_in_what_they_count() {
        assert!(is_usage("Request", "Request") && is_usage("EUC1-Request", "Request"));
        assert!(!is_usage("Lambda-Edge-Request", "Request") && !is_usage("USE1-ApiGatewayHttpRequest", "Request"));
    }

    #[test]
    fn a_file_replaces_prices_of_its_region_alone() {
        let text = include_str!("data/offer-example.json");
        let prices = Prices::embedded().clone().with(text).unwrap();
        let is = |meter: &str, region: &str, quantity: f64, cost: f64| {
            let found = prices.cost(meter, region, quantity).unwrap();
            assert!((found - cost).abs() < 1e-9, "{meter} {region}: {found}");
        };
        is("lambda.requests", "eu-north-1", 1e6, 0.25);
        // The first 10 GB-s of the file are free, then there are two tiers.
        is("lambda.duration.arm", "eu-north-1", 150.0, 100.0 * 0.5 + 50.0 * 0.25);
        is("lambda.requests", "us-east-1", 1e6, 0.2);
        assert_eq!(prices.get("lambda.requests", "eu-north-1").unwrap().date, "2026-10-05");
    }

    #[test]
    fn what_is_no_offer_file_says_so() {
        let error = |text: &str| Prices::embedded().clone().with(text).unwrap_err().to_string();
        assert!(error("{").contains("not JSON"));
        assert!(error("{}").contains("no `offerCode`"));
        assert!(error(r#"{"offerCode":"AWSLambda","products":{},"terms":{"OnDemand":{}}}"#).contains("none of the 0"));
        let bad = include_str!("data/offer-example.json").replace("0.00000025", "much");
        assert!(error(&bad).contains("no number"));
    }
}
