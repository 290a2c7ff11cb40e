//! Verbs that look at one template.

use super::clock;
use super::deployment::Deployment;
use super::files::{self, DiskFiles, project_root};
use super::problem::Problem;
use super::terminal;
use crate::engine::{self, Analysis, Selection, SelectionRequest, Settings};
use crate::report;
use crate::source::{ReadError, SourceFile, Sources};
use crate::template::{self, ProblemKind};
use std::io::Write;
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
            ReadError::Io(_) => "check the path and its permissions, and name one template",
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

/// What a verb that does not check says of a template that it cannot read as it stands: places
/// shown before it refers to `check`.
const TOLD: usize = 5;

/// Says on standard error what of the template cannot be read, and is therefore missing from
/// what the verb prints. Answers whether its text is broken, so that nobody could deploy it.
pub fn tell_unread(problems: &[template::Problem], sources: &Sources, color: terminal::Color) -> bool {
    use ProblemKind::{Alias, Encoding, Include, OutsideProject, Structure, Syntax, TemplateSection};
    let is_told =
        |kind| matches!(kind, Syntax | Encoding | Alias | Include | OutsideProject | Structure | TemplateSection);
    let told: Vec<&template::Problem> = problems.iter().filter(|problem| is_told(problem.kind)).collect();
    let style = terminal::stderr(color);
    let mut err = std::io::stderr().lock();
    // A closed standard error is no reason to keep the answer back.
    for problem in told.iter().take(TOLD) {
        let span = problem.origin.span();
        let _ = report::diagnostic(
            sources.get(span.file),
            span,
            &problem.message,
            problem.help.as_deref(),
            &style,
            &mut err,
        );
    }
    if told.len() > TOLD {
        let _ = writeln!(err, "{} more; `dewline check` shows all", told.len() - TOLD);
    }
    told.iter().any(|problem| matches!(problem.kind, Syntax | Encoding))
}

/// Analyses the template at `path` without running any policy, and says what of it cannot be read.
pub fn analyze(path: &Path, deployment: &Deployment, color: terminal::Color) -> Result<Analysis, Problem> {
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
    let analysis = engine::analyze(file, &files, &settings).ok_or_else(|| not_a_template(path))?;
    tell_unread(&analysis.graph.template().problems, &analysis.sources, color);
    Ok(analysis)
}
