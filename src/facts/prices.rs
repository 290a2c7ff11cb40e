//! Public list prices by meter, region and tier.

use super::offers;
use super::table::rows;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Hours of the month that monthly prices are stated for.
pub const HOURS_PER_MONTH: f64 = 730.0;
/// The newest date in the table. Many rows are older: each carries its own date.
pub const AS_OF: &str = "2026-09-17";

/// Prices of one meter in one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// What is counted.
    pub unit: String,
    /// Where tiers begin, in units a month, with the price of a unit; ascending from 0.
    pub tiers: Vec<(f64, f64)>,
    /// Where the price was read.
    pub source: String,
    /// When it was read or took effect.
    pub date: String,
}

impl Price {
    /// What `quantity` units cost in a month.
    pub fn cost(&self, quantity: f64) -> f64 {
        let ends = self.tiers.iter().skip(1).map(|(from, _)| *from).chain([f64::INFINITY]);
        self.tiers.iter().zip(ends).map(|((from, price), end)| (quantity.min(end) - from).max(0.0) * price).sum()
    }
}

/// Why there is no price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum PriceError {
    /// The meter is priced elsewhere, not in this region.
    #[error("no price for {meter} in {region}")]
    NoRegion {
        /// The meter.
        meter: String,
        /// The region.
        region: String,
    },
    /// A line of a price file cannot be read.
    #[error("line {0} of the price file is not `meter, unit, region, tier_from, price_usd, source, date` by tabs")]
    Line(usize),
    /// A price file that is JSON, and no offer file that can be read.
    #[error("the offer file cannot be used: {0}")]
    Offer(String),
}

/// The currency that a region is billed in.
pub fn currency(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("eusc") => "EUR",
        Some("cn") => "CNY",
        _ => "USD",
    }
}

/// A table of prices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    by_meter: BTreeMap<String, BTreeMap<String, Price>>,
}

static EMBEDDED: LazyLock<Prices> = LazyLock::new(|| {
    let mut prices = Prices::default();
    for row in rows(include_str!("data/prices.tsv")) {
        prices.add(row.cells());
    }
    prices
});

impl Prices {
    /// The table that is compiled in.
    pub fn embedded() -> &'static Prices {
        &EMBEDDED
    }

    /// This table with the meters and regions of `text` in place of its own. The form is that
    /// of the compiled-in table (tab-separated, one header line, `#` comments), or that of an
    /// offer file of AWS.
    ///
    /// # Errors
    /// The first line, or the product, that cannot be read.
    pub fn with(mut self, text: &str) -> Result<Prices, PriceError> {
        let mut own = Prices::default();
        if offers::is_offer(text) {
            let (tiers, date, _) = offers::read(text)?;
            for ((meter, region), tiers) in tiers {
                let unit = self.by_meter.get(&meter).and_then(|regions| regions.values().next());
                let unit = unit.map(|price| price.unit.clone()).unwrap_or_default();
                let price = Price { unit, tiers, source: "offer file of AWS".into(), date: date.clone() };
                own.by_meter.entry(meter).or_default().insert(region, price);
            }
        } else {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
            for (index, line) in lines.skip(1) {
                let mut cells = [""; 7];
                for (cell, text) in cells.iter_mut().zip(line.split('\t')) {
                    *cell = text.trim();
                }
                if !own.add(cells) {
                    return Err(PriceError::Line(index + 1));
                }
            }
        }
        for (meter, regions) in own.by_meter {
            self.by_meter.entry(meter).or_default().extend(regions);
        }
        Ok(self)
    }

    fn add(&mut self, cells: [&str; 7]) -> bool {
        let [meter, unit, region, from, price, source, date] = cells;
        let (Ok(from), Ok(price)) = (from.parse::<f64>(), price.parse::<f64>()) else { return false };
        if meter.is_empty() || region.is_empty() || !(from >= 0.0 && price >= 0.0 && price.is_finite()) {
            return false;
        }
        let regions = self.by_meter.entry(meter.to_owned()).or_default();
        let entry = regions.entry(region.to_owned()).or_insert_with(|| Price {
            unit: unit.to_owned(),
            tiers: Vec::new(),
            source: source.to_owned(),
            date: date.to_owned(),
        });
        entry.tiers.push((from, price));
        entry.tiers.sort_by(|a, b| a.0.total_cmp(&b.0));
        true
    }

    /// The price of `meter` in `region`. Never derived from another region.
    pub fn get(&self, meter: &str, region: &str) -> Result<&Price, PriceError> {
        self.by_meter
            .get(meter)
            .and_then(|regions| regions.get(region))
            .ok_or_else(|| PriceError::NoRegion { meter: meter.to_owned(), region: region.to_owned() })
    }

    /// What `quantity` units of `meter` cost in a month in `region`.
    pub fn cost(&self, meter: &str, region: &str, quantity: f64) -> Result<f64, PriceError> {
        Ok(self.get(meter, region)?.cost(quantity))
    }

    /// The regions that a meter has a price in.
    pub fn regions(&self, meter: &str) -> impl Iterator<Item = &str> {
        self.by_meter.get(meter).into_iter().flat_map(|regions| regions.keys().map(String::as_str))
    }

    /// Every meter.
    pub fn meters(&self) -> impl Iterator<Item = &str> {
        self.by_meter.keys().map(String::as_str)
    }
}

/// What AWS gives every account free each month, by meter; counted over the whole account.
pub const FREE: &[(&[&str], f64)] = &[
    (&["lambda.requests"], 1e6),
    (&["lambda.duration.x86", "lambda.duration.arm"], 400_000.0),
    (&["lambda.streaming"], 100.0),
    (&["sqs.standard", "sqs.fifo"], 1e6),
    (&["sns.publishes"], 1e6),
    (&["sns.delivery.http"], 100_000.0),
    (&["sns.delivery.email"], 1000.0),
    (&["states.transitions"], 4000.0),
    (&["dynamodb.storage"], 25.0),
    (&["logs.ingested", "logs.lambda-ingested", "logs.stored", "logs.insights"], 5.0),
    (&["cloudwatch.alarms"], 10.0),
    (&["cloudwatch.metrics"], 10.0),
    (&["cloudwatch.dashboards"], 3.0),
    (&["xray.recorded"], 100_000.0),
    (&["xray.scanned"], 1e6),
    (&["events.scheduler"], 14e6),
    (&["events.schema-discovery"], 5e6),
    (&["kms.requests"], 20_000.0),
    (&["transfer.out"], 100.0),
    (&["cloudfront.https-requests"], 1e7),
    (&["cloudfront.data"], 1024.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meter_starts_at_zero_and_is_continuous() {
        let prices = Prices::embedded();
        assert!(prices.meters().count() > 60);
        for (meter, regions) in &prices.by_meter {
            for (region, price) in regions {
                assert!(price.tiers[0].0.abs() < f64::EPSILON, "{meter} {region}");
                for (from, _) in price.tiers.iter().skip(1) {
                    let (below, above) = (price.cost(from - 1.0), price.cost(from + 1.0));
                    assert!(above >= below && above - below < 3.0, "{meter} {region}");
                }
            }
        }
        for (meters, _) in FREE {
            assert!(meters.iter().all(|meter| prices.by_meter.contains_key(*meter)), "{meters:?}");
        }
    }

    #[test]
    fn the_stated_date_is_the_newest_row() {
        let days = Prices::embedded().by_meter.values().flat_map(BTreeMap::values).map(|price| price.date.as_str());
        assert_eq!(days.filter(|date| date.len() == 10 && date.starts_with("20")).max(), Some(AS_OF));
    }

    #[test]
    fn tiers_add_up() {
        let rest = Prices::embedded().cost("apigateway.rest-requests", "us-east-1", 21e9).unwrap();
        assert!((rest - 49_763.1).abs() < 0.01, "{rest}");
    }

    #[test]
    fn a_region_without_a_price_says_so() {
        let error = Prices::embedded().cost("sqs.standard", "sa-east-1", 1.0).unwrap_err();
        assert_eq!(error.to_string(), "no price for sqs.standard in sa-east-1");
        let own =
            "meter\tunit\tregion\ttier_from\tprice_usd\tsource\tdate\nsqs.standard\trequest\tsa-east-1\t0\t1\tx\ty\n";
        assert_eq!(Prices::embedded().clone().with(own).unwrap().cost("sqs.standard", "sa-east-1", 2.0), Ok(2.0));
        assert_eq!(Prices::embedded().clone().with("h\na\tb"), Err(PriceError::Line(2)));
    }
}
