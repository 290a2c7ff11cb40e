//! From quantities to money. Tiers and free amounts count over all resources of a meter.

use super::model::{Meter, Model};
use crate::facts::prices::FREE;

/// One line: what somebody pays for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// The site whose traffic causes it.
    pub cause: usize,
    /// The site whose bill it is on.
    pub payer: usize,
    /// What is counted.
    pub meter: Meter,
    /// Units a month.
    pub units: f64,
}

/// Units of each meter, over all who cause them.
#[derive(Clone, Debug)]
pub struct Totals(Vec<f64>);

impl Totals {
    /// Nothing of any meter.
    pub fn new(model: &Model<'_, '_>) -> Self {
        Self(vec![0.0; model.meters.len()])
    }

    /// The totals of `lines`.
    pub fn of(model: &Model<'_, '_>, lines: &[Line]) -> Self {
        let mut totals = Self::new(model);
        lines.iter().for_each(|line| totals.add(line.meter, line.units));
        totals
    }

    /// Adds units of a meter.
    pub fn add(&mut self, meter: Meter, units: f64) {
        self.0[meter.0] += units;
    }

    /// What all of it costs; nothing where the region has no price.
    pub fn cost(&self, model: &Model<'_, '_>, free_tier: bool) -> f64 {
        let prices = model.prices.iter().enumerate().filter(|(meter, _)| self.0[*meter] > 0.0);
        prices.filter_map(|(meter, price)| Some(price.as_ref()?.cost(self.charged(model, meter, free_tier)))).sum()
    }

    /// Units of a meter that are charged.
    fn charged(&self, model: &Model<'_, '_>, meter: usize, free_tier: bool) -> f64 {
        let (name, total) = (model.meters[meter].0, self.0[meter]);
        let Some((group, free)) = FREE.iter().find(|(group, _)| free_tier && group.contains(&name)) else {
            return total;
        };
        // A free amount that several meters share is taken off in proportion.
        let members = model.meters.iter().zip(&self.0).filter(|((name, _), _)| group.contains(name));
        let all: f64 = members.map(|(_, total)| total).sum();
        if all > 0.0 { (total - free * total / all).max(0.0) } else { total }
    }
}

/// Mean price of a unit of each meter; none where the region has no price.
#[derive(Clone, Debug, Default)]
pub struct UnitPrices(Vec<Option<f64>>);

impl UnitPrices {
    /// The mean prices at which `lines` together are billed.
    pub fn new(model: &Model<'_, '_>, lines: &[Line], free_tier: bool) -> Self {
        let totals = Totals::of(model, lines);
        let prices = model.prices.iter().enumerate().map(|(meter, price)| {
            let price = price.as_ref()?;
            let total = totals.0[meter];
            Some(if total > 0.0 { price.cost(totals.charged(model, meter, free_tier)) / total } else { 0.0 })
        });
        Self(prices.collect())
    }

    /// What a line costs; nothing where the region has no price.
    pub fn cost(&self, line: &Line) -> f64 {
        self.0[line.meter.0].unwrap_or(0.0) * line.units
    }

    /// What all lines cost.
    pub fn total(&self, lines: &[Line]) -> f64 {
        lines.iter().map(|line| self.cost(line)).sum()
    }
}

/// The service a meter belongs to.
pub fn service(meter: &str) -> &'static str {
    const SERVICES: &[(&str, &str)] = &[
        ("apigateway", "API Gateway"),
        ("appsync", "AppSync"),
        ("cloudfront", "CloudFront"),
        ("cloudwatch", "CloudWatch"),
        ("cognito", "Cognito"),
        ("dynamodb", "DynamoDB"),
        ("events", "EventBridge"),
        ("firehose", "Firehose"),
        ("kinesis", "Kinesis"),
        ("kms", "KMS"),
        ("lambda", "Lambda"),
        ("logs", "CloudWatch Logs"),
        ("route53", "Route 53"),
        ("s3", "S3"),
        ("secrets", "Secrets Manager"),
        ("sns", "SNS"),
        ("sqs", "SQS"),
        ("ssm", "Systems Manager"),
        ("states", "Step Functions"),
        ("transfer", "Data transfer"),
        ("vpc", "VPC"),
        ("waf", "WAF"),
        ("xray", "X-Ray"),
    ];
    let family = meter.split('.').next().unwrap_or_default();
    SERVICES.iter().find(|(name, _)| *name == family).map_or("other", |(_, service)| service)
}
