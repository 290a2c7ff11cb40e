//! What prices and traffic an answer is reckoned with: arguments that `estimate` and `diff` share.

use super::deployment::Deployment;
use super::problem::Problem;
use super::usage::{self, Given};
use crate::estimate::usage::Usage;
use crate::estimate::{self, Options, USUAL_REGION};
use crate::facts::prices::Prices;
use crate::graph::Graph;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The arguments.
#[derive(clap::Args, Debug)]
pub struct Pricing {
    /// The usage file; `dewline.usage.yaml` beside the template where there is one.
    #[arg(long, value_name = "FILE")]
    usage: Option<PathBuf>,
    /// Traffic of an entry, a second; may be repeated.
    #[arg(long = "rate", value_name = "ENTRY=PER_SECOND")]
    rates: Vec<String>,
    /// Prices that replace those compiled in: tab-separated, or an offer file of AWS.
    #[arg(long, value_name = "FILE")]
    prices: Vec<PathBuf>,
    /// Take off what every account has free each month.
    #[arg(long)]
    free_tier: bool,
}

impl Pricing {
    /// The traffic of the application of `graph`, whose template is at `template`.
    pub fn usage(&self, template: &Path, graph: &Graph) -> Result<Given, Problem> {
        let mut given = usage::load(self.usage.as_deref(), template)?;
        if let Some(file) = &given.file {
            usage::check(&given.usage, file, graph)?;
        }
        usage::add_rates(&mut given.usage, &self.rates, graph)?;
        Ok(given)
    }

    /// The compiled-in prices, with those of the files that are named in their place.
    pub fn prices(&self) -> Result<Cow<'static, Prices>, Problem> {
        let mut prices = Cow::Borrowed(Prices::embedded());
        for path in &self.prices {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| Problem::new(&shown, format!("it cannot be read: {error}"), "check the path"))?;
            let help = "write tab-separated lines of meter, unit, region, tier_from, price_usd, source, date";
            let own = prices.into_owned().with(&text).map_err(|error| Problem::new(&shown, error.to_string(), help))?;
            prices = Cow::Owned(own);
        }
        Ok(prices)
    }

    /// All of it for the estimator.
    pub fn options<'u>(&self, region: String, usage: &'u Usage, prices: &'u Prices) -> Options<'u> {
        Options { region, usage, free_tier: self.free_tier, prices }
    }
}

/// The region of the command line, else of the usage file, else of the template.
pub fn region(deployment: &Deployment, usage: &Usage, graph: &Graph) -> String {
    let own = deployment.region.clone().filter(|region| !region.is_empty());
    own.or_else(|| estimate::region(usage, graph)).unwrap_or_else(|| USUAL_REGION.to_owned())
}
