//! What every dialect is handed to lower a document, and where it says what went wrong.

use super::problem::{Problem, ProblemKind};
use super::value::{Origin, Text, Value};
use crate::document::{Document, Schema};
use crate::source::{FileId, Files, ReadError, Sources, normalize};
use std::collections::BTreeMap;

/// What the user says about a deployment, beside the template.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The region; `None` leaves `AWS::Region` unknown to evaluation. Transforms that must
    /// have one take `us-east-1`.
    pub region: Option<String>,
    /// All regions that are deployed to, when there are several; resource types are looked up
    /// in each.
    pub regions: Vec<String>,
    /// The stage (Serverless Framework, `--stage`).
    pub stage: Option<String>,
    /// Parameter values (`--param`), by name.
    pub parameters: BTreeMap<String, String>,
    /// Environment variables that the user allowed to be read, by name.
    pub environment: BTreeMap<String, String>,
    /// Whether local code paths are replaced as `sam validate` replaces them.
    pub localize: bool,
    /// The account, where it matters to transforms; `None` leaves it unknown.
    pub account: Option<String>,
    /// Whether plugins of a Serverless Framework service take effect.
    pub plugins: bool,
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            region: None,
            regions: Vec::new(),
            stage: None,
            parameters: BTreeMap::new(),
            environment: BTreeMap::new(),
            localize: true,
            account: None,
            plugins: true,
        }
    }
}

impl Inputs {
    /// The region, `us-east-1` when none is given.
    pub fn region_or_default(&self) -> &str {
        self.region.as_deref().unwrap_or("us-east-1")
    }

    /// The partition of the region: `aws`, `aws-cn`, `aws-us-gov`, …
    pub fn partition(&self) -> &'static str {
        match self.region_or_default() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            region if region.starts_with("us-isob-") => "aws-iso-b",
            region if region.starts_with("us-iso-") => "aws-iso",
            region if region.starts_with("eusc-") => "aws-eusc",
            _ => "aws",
        }
    }
}

/// The state of one lowering: files read so far and problems met.
pub struct Lowering<'a> {
    /// Where included files come from.
    pub files: &'a dyn Files,
    /// What the user said about the deployment.
    pub inputs: &'a Inputs,
    /// The files of this analysis; the template itself is file 0.
    pub sources: Sources,
    /// What went wrong so far.
    pub problems: Vec<Problem>,
    /// Further files that were parsed, kept for editors and fixes; the template's own
    /// document is not among them.
    pub included: Vec<Document>,
    /// Functions that others call to keep them warm.
    pub warmed: Vec<Warmed>,
    /// The region that the template itself names.
    pub region: Option<String>,
}

/// A function that another calls by a plugin's code to keep it warm, which no resource shows.
#[derive(Clone, Debug)]
pub struct Warmed {
    /// Logical id of the function that calls.
    pub warmer: Text,
    /// Logical id of the function that is called.
    pub function: Text,
    /// The alias that is called; none for the unpublished version.
    pub alias: Option<Text>,
    /// Where the warmer is set up.
    pub origin: Origin,
}

impl<'a> Lowering<'a> {
    /// Nothing read but `sources`, and no problem met.
    pub fn new(files: &'a dyn Files, inputs: &'a Inputs, sources: Sources) -> Self {
        let (problems, included, warmed) = (Vec::new(), Vec::new(), Vec::new());
        Self { files, inputs, sources, problems, included, warmed, region: None }
    }

    /// Notes a problem.
    pub fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The directory of a file, as a path prefix without a trailing slash.
    pub fn directory(&self, file: FileId) -> String {
        let path = self.sources.get(file).path();
        path.rfind('/').map_or(String::new(), |at| path[..at].to_owned())
    }

    /// Reads `relative` (against the directory `base`) without parsing it.
    pub fn read(&mut self, base: &str, relative: &str) -> Result<FileId, ReadError> {
        let path = normalize(base, relative).ok_or(ReadError::Outside)?;
        let file = self.files.read(&path)?;
        Ok(self.sources.add(file))
    }

    /// Reads and parses `relative`; syntax errors of the included file become problems.
    pub fn include(&mut self, base: &str, relative: &str, schema: Schema) -> Result<Value, ReadError> {
        let file = self.read(base, relative)?;
        if let Some(index) = self.included.iter().position(|known| known.file() == file) {
            let document = self.included.swap_remove(index);
            let value = super::lower::document(&document, schema, &mut Vec::new());
            self.included.push(document);
            return Ok(value);
        }
        let document = Document::parse(file, self.sources.get(file));
        let value = super::lower::document(&document, schema, &mut self.problems);
        self.included.push(document);
        Ok(value)
    }

    /// Notes that a file could not be included from `origin`.
    pub fn report_unreadable(&mut self, origin: Origin, path: &str, error: &ReadError) {
        let kind = if *error == ReadError::Outside { ProblemKind::OutsideProject } else { ProblemKind::Include };
        self.report(
            Problem::new(kind, origin, format!("`{path}` cannot be included: {error}"))
                .help("check the path; it is read relative to the template and must stay inside the project"),
        );
    }
}
