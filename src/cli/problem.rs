//! What stops a run, and what it says on standard error.

use super::terminal;
use crate::document::settings::SettingsProblem;
use crate::report::{self, Failure};
use crate::source::SourceFile;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Why a run could not be made.
#[derive(Debug, Clone)]
pub enum Problem {
    /// Something about a file or an argument.
    Failure(Failure),
    /// A configuration file with mistakes.
    Config(Arc<SourceFile>, Vec<SettingsProblem>),
}

impl Problem {
    /// A problem with a next step; `path` may be empty.
    pub fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Failure(Failure { path: path.into(), message: message.into(), help: help.into() })
    }

    /// A file that cannot be written.
    pub fn cannot_write(path: &Path, error: &std::io::Error) -> Self {
        let help = "check that the folder exists and may be written to";
        Self::new(path.display().to_string(), format!("the file cannot be written: {error}"), help)
    }

    /// Says it on standard error; the answer is the exit code of errors.
    pub fn print(&self, color: terminal::Color) -> ExitCode {
        let style = terminal::stderr(color);
        let mut err = std::io::stderr().lock();
        match self {
            Self::Failure(failure) => {
                let _ = write!(err, "{}", failure.text(&style));
            }
            Self::Config(file, problems) => {
                for problem in problems {
                    let help = problem.help.as_deref();
                    let _ = report::diagnostic(file, problem.span, &problem.message, help, &style, &mut err);
                }
            }
        }
        ExitCode::from(terminal::ERROR)
    }
}
