//! Arguments that say how a template is deployed.

use crate::template::Inputs;

/// Region, stage and parameters.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Deployment {
    /// Region the template is deployed to; without it, what depends on the region stays unknown.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Stage of a Serverless Framework service.
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// A parameter value; may be repeated.
    #[arg(long = "param", value_name = "KEY=VALUE", value_parser = pair)]
    pub parameters: Vec<(String, String)>,
    /// An environment variable that serverless.yml may read; its value is never printed.
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Vec<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl Deployment {
    /// What lowering needs.
    pub fn inputs(&self) -> Inputs {
        let allowed = self.environment.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
        Inputs {
            region: self.region.clone(),
            stage: self.stage.clone(),
            parameters: self.parameters.iter().cloned().collect(),
            environment: allowed.collect(),
            ..Inputs::default()
        }
    }
}
