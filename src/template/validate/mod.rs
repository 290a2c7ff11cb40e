//! Whether CloudFormation would take a template: its sections, its references and the
//! properties of its resources.
//!
//! What is checked is what the author wrote: of a SAM template the resources before they are
//! expanded, of a service the resources written in it. Everything a transform adds is known as
//! something to refer to.

mod absent;
mod attributes;
mod call;
mod checker;
mod compose;
mod conditions;
mod configured;
mod cross;
mod cycles;
mod duplicates;
mod dynamic;
mod expansion;
mod formats;
mod fragment;
mod functions;
mod index;
mod lambda;
mod object;
mod output;
mod parameters;
mod references;
mod resources;
mod scalar;
mod sections;
mod unused;
mod words;
mod worlds;

use crate::schema::{Patterns, Table};
use crate::template::value::{Entry, Kind, Map, Origin, Value};
use crate::template::{Dialect, Inputs, Problem, ProblemKind, Repair};
use configured::Configured;
use index::Index;
use unused::Used;
pub use words::nearest;
use worlds::Worlds;

/// A template as its author wrote it, and what it expands to.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'v> {
    /// The dialect.
    pub dialect: Dialect,
    /// The tree before expansion.
    pub written: &'v Value,
    /// The CloudFormation-level tree.
    pub expanded: &'v Value,
    /// Whether the text was broken, so that declarations may have been lost.
    pub broken: bool,
    /// The day of the deployment, `YYYY-MM-DD`.
    pub today: &'v str,
}

thread_local! {
    /// Patterns compiled so far; templates share most of them.
    static PATTERNS: Patterns = Patterns::default();
}

/// Everything that is wrong with a template, in no particular order.
pub fn validate(subject: Subject<'_>, inputs: &Inputs) -> Vec<Problem> {
    // What is not deployed by CloudFormation need not be a template of it.
    if subject.dialect == Dialect::Serverless && subject.expanded.get("Elsewhere").is_some() {
        return Vec::new();
    }
    PATTERNS.with(|patterns| run(subject, inputs, patterns))
}

fn run(subject: Subject<'_>, inputs: &Inputs, patterns: &Patterns) -> Vec<Problem> {
    let empty = Value::new(Kind::Map(Map::new()), Origin::default());
    let table = Table::embedded();
    let mut index = Index::new(table, subject.written, subject.expanded, subject.dialect, inputs);
    index.open |=
        subject.broken || subject.dialect == Dialect::CloudFormation && fragment::is_fragment(subject.written);
    let mut validation = Validation {
        table,
        patterns,
        root: subject.written,
        expanded: subject.expanded,
        today: subject.today,
        broken: subject.broken,
        inputs,
        empty: &empty,
        index,
        resource: None,
        in_resources: true,
        in_outputs: false,
        worlds: Worlds::default(),
        configured: Configured::read(subject.written),
        expanding: false,
        substituted: Vec::new(),
        used: Used::default(),
        problems: Vec::new(),
    };
    validation.run();
    validation.problems
}

/// One run over one template.
struct Validation<'a, 'v> {
    table: Table,
    patterns: &'a Patterns,
    root: &'v Value,
    expanded: &'v Value,
    /// The day of the deployment, `YYYY-MM-DD`.
    today: &'a str,
    /// Whether the text was broken.
    broken: bool,
    inputs: &'a Inputs,
    empty: &'v Value,
    index: Index<'v>,
    /// The resource being checked.
    resource: Option<&'v str>,
    /// Whether what the transform made is being checked.
    expanding: bool,
    /// Whether the place may refer to resources.
    in_resources: bool,
    /// Whether the place is in the outputs.
    in_outputs: bool,
    worlds: Worlds<'v>,
    configured: Configured,
    /// Names that the resource itself replaces in its texts.
    substituted: Vec<&'v str>,
    used: Used<'v>,
    problems: Vec<Problem>,
}

impl<'v> Validation<'_, 'v> {
    fn run(&mut self) {
        let Some(root) = self.root.as_map() else { return };
        self.sections(root);
        for (name, check) in [
            ("Parameters", Self::parameters as fn(&mut Self, &'v Entry)),
            ("Mappings", Self::mappings),
            ("Conditions", Self::conditions),
            ("Resources", Self::resources),
            ("Outputs", Self::outputs),
        ] {
            if let Some(section) = root.entry(name) {
                check(self, section);
            }
        }
        for name in ["Rules", "Metadata", "Globals"] {
            if let Some(section) = root.entry(name) {
                self.quietly(&section.value, name);
            }
        }
        self.expansion();
        self.cycles();
        self.redundant_dependencies();
        self.duplicates();
        self.unused();
    }

    /// Notes that something refers to `name`.
    fn used(&mut self, name: &'v str) {
        self.used.names.insert(name);
    }

    /// Notes what `value` refers to, in a section whose functions are not checked.
    fn quietly(&mut self, value: &'v Value, name: &'v str) {
        let before = self.problems.len();
        self.walk(value, name, 0);
        self.problems.truncate(before);
    }

    fn report(&mut self, kind: ProblemKind, origin: Origin, message: impl Into<String>, help: &str) {
        if origin.is_incomplete() {
            return;
        }
        let mut problem = Problem::new(kind, origin, message).help(help);
        if let Some(id) = self.resource {
            problem = problem.resource(id);
        }
        self.problems.push(problem);
    }

    /// Says what would mend the problem reported since there were `before`.
    fn repair(&mut self, before: usize, repair: Option<Repair>) {
        if let Some(problem) = self.problems.get_mut(before) {
            problem.repair = repair;
        }
    }

    fn parameters_of_text(&self) -> Option<&'v Map> {
        self.root.get("Parameters").and_then(Value::as_map)
    }

    /// A place that names a condition.
    fn condition_name(&mut self, name: &'v str, origin: Origin) {
        self.used.conditions.insert(name);
        if self.index.open || self.index.conditions.contains_key(name) {
            return;
        }
        let meant = words::nearest(name, self.index.conditions.keys().copied());
        let before = self.problems.len();
        let help = meant.map_or("define it under `Conditions`".to_owned(), |meant| format!("did you mean `{meant}`?"));
        self.report(
            ProblemKind::UnknownCondition,
            origin,
            format!("the condition {} is not defined", words::quoted(name)),
            &help,
        );
        self.repair(before, Repair::respell(origin, name, meant));
    }
}
