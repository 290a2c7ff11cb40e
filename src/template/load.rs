//! From one file to a CloudFormation-level tree, whatever the dialect.

use super::artifacts::{self, Artifact};
use super::dialect::{self, Dialect};
use super::lowering::{Inputs, Lowering, Warmed};
use super::nested::NestedStack;
use super::problem::{Problem, ProblemKind};
use super::value::{Text, Value};
use super::{cloudformation, lower, nested, sam, serverless};
use crate::document::{Document, Schema};
use crate::source::{FileId, Files, SourceFile, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One template, lowered.
#[derive(Debug)]
pub struct Loaded {
    /// The dialect it is written in.
    pub dialect: Dialect,
    /// Its files; the template itself is file 0.
    pub sources: Sources,
    /// The parse of the template's own file.
    pub document: Document,
    /// The parses of the files it includes.
    pub included: Vec<Document>,
    /// What lowering had to say.
    pub problems: Vec<Problem>,
    /// The tree before the dialect's transform; `None` where there is none, and it is `root`.
    pub written: Option<Value>,
    /// The CloudFormation-level tree.
    pub root: Value,
    /// State machine definitions that stand in files, by logical id.
    pub definitions: BTreeMap<Text, Value>,
    /// Built code that is at hand, by logical id.
    pub artifacts: BTreeMap<Text, Artifact>,
    /// Functions that others call to keep them warm.
    pub warmed: Vec<Warmed>,
    /// The region that the template itself names.
    pub region: Option<String>,
    /// Nested stacks whose templates are local files.
    pub stacks: Vec<NestedStack>,
}

/// Lowers `file`; `None` when it is not a template.
pub fn load(file: Arc<SourceFile>, files: &dyn Files, inputs: &Inputs) -> Option<Loaded> {
    let mut sources = Sources::default();
    let id = sources.add(Arc::clone(&file));
    let mut cx = Lowering::new(files, inputs, sources);
    let loaded = self::file(id, &file, &mut cx)?;
    let Lowering { sources, problems, included, .. } = cx;
    Some(Loaded { sources, included, problems, ..loaded })
}

/// Lowers `file` as the service that its name says it is, whatever it holds; `None` for other
/// names.
pub fn load_service(file: &Arc<SourceFile>, files: &dyn Files, inputs: &Inputs) -> Option<Loaded> {
    let name = file.path().rsplit('/').next().unwrap_or_default();
    if !matches!(name, "serverless.yml" | "serverless.yaml" | "serverless.json") {
        return None;
    }
    let mut sources = Sources::default();
    let id = sources.add(Arc::clone(file));
    let document = Document::parse(id, file);
    let mut cx = Lowering::new(files, inputs, sources);
    let loaded = lower_as(Dialect::Serverless, document, &mut cx);
    let Lowering { sources, problems, included, .. } = cx;
    Some(Loaded { sources, included, problems, ..loaded })
}

/// Lowers `file`, which is `id` among the sources of `cx`; sources, problems and included
/// files stay there.
pub(super) fn file(id: FileId, file: &Arc<SourceFile>, cx: &mut Lowering<'_>) -> Option<Loaded> {
    if !dialect::may_be_template(file.text()) {
        return None;
    }
    let document = Document::parse(id, file);
    let dialect = dialect::detect(&document)?;
    Some(lower_as(dialect, document, cx))
}

fn lower_as(dialect: Dialect, document: Document, cx: &mut Lowering<'_>) -> Loaded {
    let schema = if dialect == Dialect::Serverless { Schema::JsYaml } else { Schema::Yaml11 };
    let written = lower::document(&document, schema, &mut cx.problems);
    let kept = (dialect == Dialect::Sam).then(|| written.clone());
    let artifacts = artifacts::read(&written, dialect, cx);
    let (mut definitions, mut stacks) = (BTreeMap::new(), Vec::new());
    let mut preprocess = |written, cx: &mut Lowering<'_>| {
        let root = cloudformation::preprocess(written, cx);
        definitions = super::definitions::read(&root, cx);
        stacks = nested::find(&root);
        root
    };
    let root = match dialect {
        Dialect::CloudFormation => preprocess(written, cx),
        Dialect::Sam => {
            let written = preprocess(written, cx);
            sam::expand(written, cx)
        }
        Dialect::Serverless => {
            // The framework reads no configuration that its YAML reader refuses.
            for problem in &mut cx.problems {
                if matches!(problem.kind, ProblemKind::Syntax | ProblemKind::DuplicateKey) {
                    problem.code = Some("CONFIGURATION_PARSE_ERROR");
                }
            }
            let root = serverless::expand(written, cx);
            stacks = nested::find(&root);
            root
        }
    };
    Loaded {
        dialect,
        sources: Sources::default(),
        document,
        included: Vec::new(),
        problems: Vec::new(),
        written: kept,
        root,
        definitions,
        artifacts,
        warmed: std::mem::take(&mut cx.warmed),
        region: cx.region.take(),
        stacks,
    }
}
