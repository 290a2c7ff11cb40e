//! What is said about a deployment: arguments that several verbs share.

use crate::template::Inputs;

/// Region, stage and parameters.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Deployment {
    /// The region that is deployed to, e.g. `eu-central-1`.
    #[arg(long)]
    pub region: Option<String>,
    /// The stage of a Serverless Framework service.
    #[arg(long)]
    pub stage: Option<String>,
    /// The value of a template parameter; may be repeated.
    #[arg(long = "param", value_name = "KEY=VALUE", value_parser = pair)]
    pub parameters: Vec<(String, String)>,
    /// An environment variable that serverless.yml may read; may be repeated.
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Vec<String>,
}

impl Deployment {
    /// The inputs of lowering.
    pub fn inputs(&self) -> Inputs {
        let allowed = self.environment.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
        Inputs {
            environment: allowed.collect(),
            region: self.region.clone(),
            stage: self.stage.clone(),
            parameters: self.parameters.iter().cloned().collect(),
            ..Inputs::default()
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}
