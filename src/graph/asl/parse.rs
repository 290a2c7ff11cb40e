//! Value trees to definitions.

use super::super::part::Part;
use super::super::{Eval, Graph, Origin, Text, Value};
use super::{Catcher, Definition, Limit, Retrier, Scope, State, check, task};
use crate::template::{json, unknown};

/// Maps and parallels within each other; deeper ones are not read.
const MAX_DEPTH: u8 = 24;

/// What `${Name}` in a definition stands for.
pub(super) type Substitutions = Vec<(Text, Option<Text>)>;

/// Reads the definition in a value: a map, or JSON text.
pub(in crate::graph) fn read(graph: &Graph, part: &Part<'_>, substitutions: &Substitutions) -> Definition {
    let origin = part.origin();
    if let Some(text) = part.eval().symbolic() {
        let text = substitute(&text, substitutions);
        return match json::tree(&text, origin) {
            Some(tree) => from_tree(graph, &Part::new(graph.template(), &tree), &Vec::new(), origin),
            // Text that is not known in full may come out as JSON.
            None if unknown::is_unknown(&text) => unreadable(origin),
            None => {
                let mut definition = unreadable(origin);
                definition.defects.push(check::syntax(origin));
                definition
            }
        };
    }
    if part.eval().borrowed().is_some_and(|value| value.as_map().is_some()) {
        return from_tree(graph, part, substitutions, origin);
    }
    unreadable(origin)
}

/// A definition nothing is known about.
pub(in crate::graph) fn unreadable(origin: Origin) -> Definition {
    Definition { scope: Scope::default(), timeout: Limit::Dynamic(origin), known: false, defects: Vec::new(), origin }
}

fn from_tree(graph: &Graph, part: &Part<'_>, substitutions: &Substitutions, origin: Origin) -> Definition {
    let reader = Reader { graph, substitutions };
    let scope = reader.scope(part, 0);
    let mut definition =
        Definition { timeout: reader.limit(part, "TimeoutSeconds"), known: true, defects: Vec::new(), origin, scope };
    definition.known = definition.scope.complete;
    definition.defects = check::scope(&definition.scope);
    definition
}

/// `${Name}` replaced; names without a known value become unknown parts.
fn substitute(text: &str, substitutions: &Substitutions) -> Text {
    if !text.contains("${") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let name = after.split('}').next().unwrap_or_default();
        let is_name = !name.is_empty()
            && name.len() < after.len()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
        if !is_name {
            out.push_str("${");
            rest = after;
            continue;
        }
        match substitutions.iter().find(|(known, _)| known == name) {
            Some((_, Some(value))) => out.push_str(value),
            _ => out.push_str(&unknown::mark(name)),
        }
        rest = &after[name.len() + 1..];
    }
    out.push_str(rest);
    out.into()
}

struct Reader<'r> {
    graph: &'r Graph,
    substitutions: &'r Substitutions,
}

impl Reader<'_> {
    fn text(&self, eval: &Eval<'_>) -> Option<Text> {
        eval.symbolic().map(|text| substitute(&text, self.substitutions))
    }

    fn known(&self, eval: &Eval<'_>) -> Option<Text> {
        self.text(eval).filter(|text| !unknown::is_unknown(text))
    }

    fn scope(&self, part: &Part<'_>, depth: u8) -> Scope {
        let states = part.part(&["States"]);
        let mut scope = Scope {
            start_at: self.known(&part.get(&["StartAt"])),
            states: Vec::new(),
            origin: part.origin(),
            complete: part.is_known() && !part.origin().is_incomplete() && !states.eval().is_unknown(),
        };
        if depth > MAX_DEPTH {
            scope.complete = false;
            return scope;
        }
        scope.complete &= !states.origin().is_incomplete() && !part.get(&["StartAt"]).is_unknown();
        for (name, origin, state) in states.entries(&[]) {
            scope.complete &= state.is_known();
            scope.states.push(self.state(name, origin, &state, depth));
        }
        scope
    }

    fn state(&self, name: &str, origin: Origin, part: &Part<'_>, depth: u8) -> State {
        let kind = self.known(&part.get(&["Type"])).unwrap_or_default();
        // An unknown transition may lead anywhere.
        let unclear = |eval: &Eval<'_>| !eval.is_absent() && self.known(eval).is_none();
        let mut open = ["Next", "Default"].iter().any(|name| unclear(&part.get(&[name])))
            || part.get(&["End"]).is_unknown()
            || part.origin().is_incomplete()
            || !part.is_known();
        let onward = part.each(&["Choices"]).into_iter().chain(part.each(&["Catch"]));
        open |= onward.into_iter().any(|one| !one.is_known() || unclear(&one.get(&["Next"])));
        let mut choices: Vec<(Text, Origin)> = Vec::new();
        for choice in part.each(&["Choices"]) {
            let next = choice.get(&["Next"]);
            choices.extend(self.known(&next).map(|name| (name, next.origin().unwrap_or_default())));
        }
        let default = part.get(&["Default"]);
        choices.extend(self.known(&default).map(|name| (name, default.origin().unwrap_or_default())));
        let mut scopes: Vec<Scope> =
            part.each(&["Branches"]).iter().map(|branch| self.scope(branch, depth + 1)).collect();
        let mut distributed = Some(false);
        for name in ["ItemProcessor", "Iterator"] {
            for processor in part.all(&[name]) {
                let mode = processor.get(&["ProcessorConfig", "Mode"]);
                distributed =
                    if mode.is_absent() { Some(false) } else { self.known(&mode).map(|text| text == "DISTRIBUTED") };
                scopes.push(self.scope(&processor, depth + 1));
            }
        }
        let task = (&*kind == "Task").then(|| task::read(self.graph, part, &|eval| self.text(eval)));
        State {
            name: name.into(),
            kind,
            origin,
            place: part.origin(),
            task,
            timeout: self.limit(part, "TimeoutSeconds"),
            heartbeat: self.limit(part, "HeartbeatSeconds"),
            wait: self.limit(part, "Seconds"),
            retry: part.each(&["Retry"]).iter().map(|item| self.retrier(item)).collect(),
            catch: part.each(&["Catch"]).iter().map(|item| self.catcher(item)).collect(),
            next: self.known(&part.get(&["Next"])),
            end: part.get(&["End"]).bool(),
            choices,
            scopes,
            max_concurrency: self.limit(part, "MaxConcurrency"),
            distributed,
            open,
        }
    }

    /// A number by its own name, or by the name with `Path` for one taken from the input.
    fn limit(&self, part: &Part<'_>, name: &str) -> Limit {
        let eval = part.get(&[name]);
        if let Some(origin) = eval.origin() {
            let number = eval.int().or_else(|| self.known(&eval)?.trim().parse().ok());
            return number.map_or(Limit::Dynamic(origin), |number| Limit::Set(number, origin));
        }
        match part.get(&[&format!("{name}Path")]).origin() {
            Some(origin) => Limit::Dynamic(origin),
            None => Limit::Absent,
        }
    }

    fn errors(&self, part: &Part<'_>) -> Vec<Text> {
        part.each(&["ErrorEquals"]).iter().filter_map(|item| self.known(item.eval())).collect()
    }

    fn retrier(&self, part: &Part<'_>) -> Retrier {
        let number = |name: &str, default: i64| match self.limit(part, name) {
            Limit::Absent => Some(default),
            Limit::Set(value, _) => Some(value),
            Limit::Dynamic(_) => None,
        };
        let backoff = part.get(&["BackoffRate"]);
        Retrier {
            errors: self.errors(part),
            max_attempts: number("MaxAttempts", 3),
            interval_seconds: number("IntervalSeconds", 1),
            backoff_rate: if backoff.is_absent() {
                Some(2.0)
            } else {
                backoff.text().and_then(|text| text.parse().ok())
            },
            origin: part.origin(),
        }
    }

    fn catcher(&self, part: &Part<'_>) -> Catcher {
        Catcher { errors: self.errors(part), next: self.known(&part.get(&["Next"])), origin: part.origin() }
    }
}

/// The arguments of a task as they are written.
pub(super) fn arguments(part: &Part<'_>) -> Option<Value> {
    ["Parameters", "Arguments"].iter().find_map(|name| part.get(&[name]).known().cloned())
}
