//! Nested stacks whose templates are files of the project.
//!
//! A child is lowered like any template, with the parameters its parent passes. What a parent
//! passes and is not known (a reference to one of its resources, mostly) stays unknown inside
//! the child, under a name from which it can be followed back (`unknown::of_parent`).

use super::eval::Eval;
use super::load::{self, Loaded};
use super::lowering::{Inputs, Lowering};
use super::model::Template;
use super::problem::{Problem, ProblemKind};
use super::unknown;
use super::value::{Kind, Map, Origin, Text, Value};
use crate::source::{FileId, Files, ReadError, Sources, normalize};
use std::collections::BTreeMap;

/// Stacks within stacks.
const MAX_DEPTH: usize = 8;
/// Templates that are read for one parent at most.
const MAX_CHILDREN: usize = 200;

/// A nested stack whose template is a local file.
#[derive(Clone, Debug)]
pub struct NestedStack {
    /// Logical id of the stack in its parent.
    pub id: Text,
    /// The path as written.
    pub path: Text,
    /// Where it is written.
    pub origin: Origin,
}

/// The nested stacks of `root`, before a transform replaces their paths.
pub(super) fn find(root: &Value) -> Vec<NestedStack> {
    let resources = root.get("Resources").and_then(Value::as_map).into_iter().flat_map(Map::iter);
    let stacks = resources.filter_map(|entry| {
        let property = match entry.value.get("Type").and_then(Value::as_str)? {
            "AWS::CloudFormation::Stack" => "TemplateURL",
            "AWS::Serverless::Application" => "Location",
            "Elsewhere::Service" => "Path",
            _ => return None,
        };
        let value = entry.value.at(&["Properties", property])?;
        let path = value.as_str().filter(|path| !path.contains("://") && !unknown::is_unknown(path))?;
        Some(NestedStack { id: entry.key.clone(), path: path.into(), origin: value.origin })
    });
    stacks.collect()
}

/// Gives `template` the children that `stacks` name, and theirs. Files that are not there stay
/// unknown, because a build step may make them.
pub fn attach(template: Template, stacks: &[NestedStack], sources: &mut Sources, files: &dyn Files) -> Template {
    let mut reader = Reader { sources, files, trail: vec![FileId(0)], left: MAX_CHILDREN };
    reader.attach(template, stacks)
}

struct Reader<'a> {
    sources: &'a mut Sources,
    files: &'a dyn Files,
    /// The files of the templates that are being read, the outermost first.
    trail: Vec<FileId>,
    left: usize,
}

impl Reader<'_> {
    fn attach(&mut self, mut template: Template, stacks: &[NestedStack]) -> Template {
        let mut children = BTreeMap::new();
        for stack in stacks {
            match self.child(&template, stack) {
                Ok(Some(child)) => drop(children.insert(stack.id.clone(), child)),
                Ok(None) => {}
                Err(problem) => template.problems.push(*problem),
            }
        }
        template.with_children(children)
    }

    fn child(&mut self, parent: &Template, stack: &NestedStack) -> Result<Option<Template>, Box<Problem>> {
        let base = self.sources.get(stack.origin.span().file).path();
        let base = base.rfind('/').map_or("", |at| &base[..at]);
        let refused = |error: &ReadError| -> Box<Problem> {
            let outside = *error == ReadError::Outside;
            let kind = if outside { ProblemKind::OutsideProject } else { ProblemKind::Include };
            Problem::new(kind, stack.origin, format!("the nested template `{}` cannot be read: {error}", stack.path))
                .help("check the path; it is read relative to the template and must stay inside the project")
                .resource(stack.id.clone())
                .into()
        };
        let path = normalize(base, &stack.path).ok_or_else(|| refused(&ReadError::Outside))?;
        let file = match self.files.read(&path) {
            Ok(file) => file,
            Err(ReadError::Missing) => return Ok(None),
            Err(error) => return Err(refused(&error)),
        };
        let id = self.sources.add(std::sync::Arc::clone(&file));
        if self.trail.contains(&id) {
            let message = format!("the nested template `{}` contains itself", stack.path);
            return Err(Problem::new(ProblemKind::Include, stack.origin, message)
                .help("nest another template, or move what both need into a third one")
                .resource(stack.id.clone())
                .into());
        }
        if self.trail.len() >= MAX_DEPTH || self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let inputs = inputs(parent, stack);
        let mut cx = Lowering::new(self.files, &inputs, std::mem::take(self.sources));
        let loaded = load::file(id, &file, &mut cx);
        *self.sources = cx.sources;
        let Some(Loaded { dialect, root, definitions, stacks, .. }) = loaded else { return Ok(None) };
        // What is wrong inside the child is said when the child is checked; here it only matters
        // whether there is more to it than its text shows.
        let mut open = std::mem::take(&mut cx.problems);
        open.retain(|problem| matches!(problem.kind, ProblemKind::UnknownPlugin | ProblemKind::UnknownTransform));
        let child = Template::new(dialect, root, open, inputs).with_definitions(definitions);
        self.trail.push(id);
        let mut child = self.attach(child, &stacks);
        self.trail.pop();
        child
            .problems
            .retain(|problem| matches!(problem.kind, ProblemKind::UnknownPlugin | ProblemKind::UnknownTransform));
        Ok(Some(child))
    }
}

/// The deployment of a child: its parent's, with the parameters that the stack passes.
fn inputs(parent: &Template, stack: &NestedStack) -> Inputs {
    let mut inputs = Inputs { parameters: BTreeMap::new(), ..parent.inputs().clone() };
    let Some(resource) = parent.resource(&stack.id) else { return inputs };
    let passed = resource.property(&["Parameters"]);
    for entry in passed.known().and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        let value = passed_text(parent, resource.property(&["Parameters", &entry.key]));
        let value = value.unwrap_or_else(|| unknown::mark(&format!("{}.Parameters.{}", stack.id, entry.key)));
        inputs.parameters.insert(entry.key.to_string(), unknown::for_child(&value));
    }
    inputs
}

/// The text a parameter receives; lists are joined, as CloudFormation asks its authors to do.
fn passed_text(parent: &Template, value: Eval<'_>) -> Option<Text> {
    match value.known().map(|value| &value.kind) {
        Some(Kind::List(items)) => {
            let parts: Option<Vec<Text>> = items.iter().map(|item| parent.eval(item).symbolic()).collect();
            parts.map(|parts| parts.join(",").into())
        }
        _ => value.symbolic(),
    }
}
