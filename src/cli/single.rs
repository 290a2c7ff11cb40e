//! Verbs that look at one template.

use super::clock;
use super::deployment::Deployment;
use super::files::{self, DiskFiles, project_root};
use super::problem::Problem;
use crate::engine::{self, Analysis, Selection, SelectionRequest, Settings};
use crate::source::{ReadError, SourceFile};
use std::path::Path;
use std::sync::Arc;

/// Reads the template at `path`, with the files around it.
pub fn open(path: &Path) -> Result<(Arc<SourceFile>, DiskFiles), Problem> {
    let current = std::env::current_dir().unwrap_or_default();
    let joined = current.join(path);
    let text = crate::source::normalize("", &joined.to_string_lossy());
    let full = text.map_or(joined, std::path::PathBuf::from);
    let shown = files::shown(&full, &current);
    let file = files::read(&shown, &full).map_err(|error| {
        let help = match error {
            ReadError::Missing => "check the path; it is relative to the working directory",
            _ => "name one template",
        };
        Problem::new(&shown, error.to_string(), help)
    })?;
    Ok((file, DiskFiles::new(&project_root(&full))))
}

/// The problem of a file that is no template.
pub fn not_a_template(path: &Path) -> Problem {
    let help = "a template has `Resources`, or `service` and `provider` in a serverless.yml";
    let message = "it is not a SAM, Serverless Framework or CloudFormation template";
    Problem::new(path.display().to_string(), message, help)
}

/// Analyses the template at `path` without running any policy.
pub fn analyze(path: &Path, deployment: &Deployment) -> Result<Analysis, Problem> {
    let (file, files) = open(path)?;
    let request = SelectionRequest { ignore: vec!["all".to_owned()], ..SelectionRequest::default() };
    let selection = Selection::new(&request).map_err(|error| Problem::new("", error.to_string(), ""))?;
    let settings = Settings {
        selection,
        today: clock::today(),
        inputs: deployment.inputs_for(path)?,
        guard: Vec::new(),
        require_reason: false,
    };
    engine::analyze(file, &files, &settings).ok_or_else(|| not_a_template(path))
}
