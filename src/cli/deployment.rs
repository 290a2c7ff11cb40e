//! What is said about a deployment: arguments that several verbs share, and the files they name.

use super::files;
use super::problem::Problem;
use crate::config::{self, SAM_CONFIG, SamEnvironment};
use crate::schema::Table;
use crate::source::closest;
use crate::template::Inputs;
use std::path::{Path, PathBuf};

/// Region, stage and parameters.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Deployment {
    /// The region that is deployed to, e.g. `eu-central-1`.
    #[arg(long)]
    pub region: Option<String>,
    /// Regions that are deployed to; resource types are looked up in each.
    #[arg(long, value_name = "REGION", value_delimiter = ',', value_parser = region, conflicts_with = "region")]
    pub regions: Vec<String>,
    /// The stage of a Serverless Framework service.
    #[arg(long)]
    pub stage: Option<String>,
    /// The value of a template parameter; may be repeated.
    #[arg(long = "param", value_name = "KEY=VALUE", value_parser = pair)]
    pub parameters: Vec<(String, String)>,
    /// A file with values of template parameters, JSON or YAML: CloudFormation's list,
    /// CodePipeline's `Parameters`, or a plain map; may be repeated.
    #[arg(long = "parameter-file", value_name = "FILE")]
    pub parameter_files: Vec<PathBuf>,
    /// Take region and parameters from this environment of the samconfig.toml beside the
    /// template.
    #[arg(long, value_name = "NAME")]
    pub config_env: Option<String>,
    /// An environment variable that serverless.yml may read; may be repeated.
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Vec<String>,
}

impl Deployment {
    /// The inputs of lowering that hold for every template. `--param` counts before files, and
    /// a later file before an earlier one.
    pub fn inputs(&self) -> Result<Inputs, Problem> {
        let allowed = self.environment.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
        let mut inputs = Inputs {
            environment: allowed.collect(),
            region: self.region.clone(),
            regions: self.regions.clone(),
            stage: self.stage.clone(),
            ..Inputs::default()
        };
        if let ([only], None) = (self.regions.as_slice(), &inputs.region) {
            inputs.region = Some(only.clone());
        }
        for path in &self.parameter_files {
            let file = read(path, "check the path of `--parameter-file`")?;
            let values = config::read_parameters(&file).map_err(|problems| Problem::Config(file, problems))?;
            inputs.parameters.extend(values);
        }
        inputs.parameters.extend(self.parameters.iter().cloned());
        Ok(inputs)
    }

    /// The inputs of lowering for the template at `path`.
    pub fn inputs_for(&self, path: &Path) -> Result<Inputs, Problem> {
        let mut inputs = self.inputs()?;
        if let Some(name) = &self.config_env {
            let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let folder = full.parent().unwrap_or(Path::new("/"));
            match sam_environment(folder, name)? {
                Some(environment) => fill(&mut inputs, environment),
                None => return Err(no_sam_config(&path.display().to_string())),
            }
        }
        Ok(inputs)
    }
}

/// The environment `name` of the samconfig.toml in `folder`; `None` when there is no such file.
pub fn sam_environment(folder: &Path, name: &str) -> Result<Option<SamEnvironment>, Problem> {
    let path = folder.join(SAM_CONFIG);
    if !path.is_file() {
        return Ok(None);
    }
    let file = read(&path, "check that the file can be read")?;
    config::read_sam_config(&file, name).map(Some).map_err(|problems| Problem::Config(file, problems))
}

/// Adds what an environment says and the command line does not.
pub fn fill(inputs: &mut Inputs, environment: SamEnvironment) {
    if inputs.regions.is_empty() {
        inputs.region = inputs.region.take().or(environment.region);
    }
    for (name, value) in environment.parameters {
        inputs.parameters.entry(name).or_insert(value);
    }
}

/// `--config-env` without a file that has environments.
pub fn no_sam_config(path: &str) -> Problem {
    Problem::new(
        path,
        format!("there is no {SAM_CONFIG} beside the template"),
        "leave out `--config-env`, or write the file",
    )
}

fn read(path: &Path, help: &str) -> Result<std::sync::Arc<crate::source::SourceFile>, Problem> {
    let shown = files::shown(path, &std::env::current_dir().unwrap_or_default());
    files::read(&shown, path).map_err(|error| Problem::new(&shown, format!("the file cannot be read: {error}"), help))
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

fn region(text: &str) -> Result<String, String> {
    let regions = Table::embedded().regions();
    if regions.has(text) {
        return Ok(text.to_owned());
    }
    Err(match closest(text, regions.texts(), 1).first() {
        Some(meant) => format!("there is no such region; did you mean `{meant}`?"),
        None => "there is no such region; write e.g. eu-central-1,us-east-1".to_owned(),
    })
}
