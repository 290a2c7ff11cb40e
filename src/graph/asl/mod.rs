//! Definitions of state machines (Amazon States Language).

mod check;
mod parse;
mod task;

use super::node::NodeId;
use super::{Graph, NodeRef, Origin, Qualifier, Text, Value};
pub(super) use parse::{read, unreadable};

/// A definition, as far as it can be read.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The states at the top.
    pub scope: Scope,
    /// `TimeoutSeconds` of the whole machine.
    pub timeout: Limit,
    /// Whether the definition is known: not so when it lies in a file that is not read, or
    /// is not well formed.
    pub known: bool,
    /// What is wrong with its structure.
    pub defects: Vec<Defect>,
    /// Where it is written.
    pub origin: Origin,
}

/// States that start and end together: the machine's, a branch's, a map's.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// `StartAt`
    pub start_at: Option<Text>,
    /// The states, in order.
    pub states: Vec<State>,
    /// Where it is written.
    pub origin: Origin,
    /// Whether all states are known.
    pub complete: bool,
}

/// One state.
#[derive(Clone, Debug)]
pub struct State {
    /// Its name.
    pub name: Text,
    /// `Task`, `Choice`, …; empty when it is not known.
    pub kind: Text,
    /// Where its name is written; for a definition inside a text, the text.
    pub origin: Origin,
    /// Where its body is written.
    pub place: Origin,
    /// What a task calls.
    pub task: Option<Task>,
    /// `TimeoutSeconds`, `TimeoutSecondsPath`
    pub timeout: Limit,
    /// `HeartbeatSeconds`, `HeartbeatSecondsPath`
    pub heartbeat: Limit,
    /// `Seconds` of a wait.
    pub wait: Limit,
    /// `Retry`, in order.
    pub retry: Vec<Retrier>,
    /// `Catch`, in order.
    pub catch: Vec<Catcher>,
    /// `Next`
    pub next: Option<Text>,
    /// `End`
    pub end: Option<bool>,
    /// `Next` of each choice, and `Default`.
    pub choices: Vec<(Text, Origin)>,
    /// Branches of a parallel state, the processor of a map.
    pub scopes: Vec<Scope>,
    /// `MaxConcurrency` of a map.
    pub max_concurrency: Limit,
    /// Whether a map runs its items as executions of their own.
    pub distributed: Option<bool>,
    /// Whether some transition of it is written but not known.
    pub open: bool,
}

/// What a task calls.
#[derive(Clone, Debug)]
pub struct Task {
    /// `Resource`, unknown parts marked.
    pub resource: Option<Text>,
    /// The action as IAM writes it: `lambda:invoke`, `sqs:sendMessage`; `activity` for
    /// activities; empty when it is not known.
    pub action: Text,
    /// Whether it waits for the answer.
    pub pattern: Pattern,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Value>,
    /// Where the resource is written.
    pub origin: Origin,
    pub(in crate::graph) target: Option<NodeId>,
    /// Which version of a target function.
    pub qualifier: Qualifier,
}

/// How a task waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// For the response of the call.
    Response,
    /// For the job to end (`.sync`).
    Sync,
    /// For a token to come back (`.waitForTaskToken`).
    Token,
    /// For a worker of an activity.
    Activity,
    /// Not known.
    Unknown,
}

/// A number of seconds or items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Not written.
    Absent,
    /// Written.
    Set(i64, Origin),
    /// Computed at run time, or not known.
    Dynamic(Origin),
}

/// One entry of `Retry`.
#[derive(Clone, Debug)]
pub struct Retrier {
    /// `ErrorEquals`; empty when it is not known.
    pub errors: Vec<Text>,
    /// `MaxAttempts`, 3 by default.
    pub max_attempts: Option<i64>,
    /// `IntervalSeconds`, 1 by default.
    pub interval_seconds: Option<i64>,
    /// `BackoffRate`, 2 by default.
    pub backoff_rate: Option<f64>,
    /// Where it is written.
    pub origin: Origin,
}

/// One entry of `Catch`.
#[derive(Clone, Debug)]
pub struct Catcher {
    /// `ErrorEquals`; empty when it is not known.
    pub errors: Vec<Text>,
    /// `Next`
    pub next: Option<Text>,
    /// Where it is written.
    pub origin: Origin,
}

/// What sort of defect a definition has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefectKind {
    /// The definition is no JSON.
    Syntax,
    /// There is no `StartAt`, or no `States`.
    Start,
    /// A transition leads to a state that does not exist.
    Target,
    /// No transition leads to the state.
    Unreachable,
    /// The state has neither `Next` nor `End`, or both.
    End,
    /// The state has no type, or one nobody knows.
    Type,
}

/// A defect of the structure.
#[derive(Clone, Debug)]
pub struct Defect {
    /// What sort it is.
    pub kind: DefectKind,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub origin: Origin,
    /// The state it is about.
    pub state: Option<Text>,
}

impl Limit {
    /// The number, when written.
    pub fn value(self) -> Option<i64> {
        if let Self::Set(value, _) = self { Some(value) } else { None }
    }

    /// Whether nothing is written.
    pub fn is_absent(self) -> bool {
        self == Self::Absent
    }

    /// Where it is written.
    pub fn origin(self) -> Option<Origin> {
        match self {
            Self::Absent => None,
            Self::Set(_, origin) | Self::Dynamic(origin) => Some(origin),
        }
    }
}

impl Task {
    /// The resource of the template it works on.
    pub fn target<'g>(&self, graph: &'g Graph) -> Option<NodeRef<'g>> {
        self.target.map(|node| graph.node_ref(node))
    }

    /// Whether it calls a function.
    pub fn is_function(&self) -> bool {
        self.action.starts_with("lambda:")
    }
}

impl Definition {
    /// All states, outer before inner, in order.
    pub fn states(&self) -> Vec<&State> {
        let mut found = Vec::new();
        self.scope.collect(&mut found);
        found
    }
}

impl Scope {
    fn collect<'s>(&'s self, found: &mut Vec<&'s State>) {
        for state in &self.states {
            found.push(state);
            for scope in &state.scopes {
                scope.collect(found);
            }
        }
    }

    /// The state of a name.
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|state| state.name == name)
    }
}
