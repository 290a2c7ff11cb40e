//! What is wrong with the structure of a definition.

use super::super::{Origin, Text};
use super::{Defect, DefectKind, Scope, State};

const TYPES: [&str; 8] = ["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"];

/// Text that is no JSON.
pub(super) fn syntax(origin: Origin) -> Defect {
    Defect { kind: DefectKind::Syntax, message: "the definition is not valid JSON".into(), origin, state: None }
}

/// The defects of a scope and all within it.
pub(super) fn scope(scope: &Scope) -> Vec<Defect> {
    let mut found = Vec::new();
    collect(scope, &mut found);
    found
}

fn collect(scope: &Scope, found: &mut Vec<Defect>) {
    let mut report = |kind, message: String, origin, state: Option<&State>| {
        found.push(Defect { kind, message, origin, state: state.map(|state| state.name.clone()) });
    };
    if scope.complete {
        match &scope.start_at {
            _ if scope.states.is_empty() => {
                report(DefectKind::Start, "there are no states".into(), scope.origin, None);
            }
            None => report(DefectKind::Start, "there is no `StartAt`".into(), scope.origin, None),
            Some(start) if scope.state(start).is_none() => {
                report(
                    DefectKind::Start,
                    format!("`StartAt` names `{start}`, which is no state here"),
                    scope.origin,
                    None,
                );
            }
            Some(_) => {}
        }
        for state in &scope.states {
            for (name, origin) in transitions(state) {
                if scope.state(name).is_none() {
                    let message = format!("state `{}` goes on to `{name}`, which does not exist here", state.name);
                    report(DefectKind::Target, message, origin, Some(state));
                }
            }
            if !TYPES.contains(&&*state.kind) {
                let message = if state.kind.is_empty() {
                    format!("state `{}` has no type", state.name)
                } else {
                    format!("state `{}` has the unknown type `{}`", state.name, state.kind)
                };
                report(DefectKind::Type, message, state.origin, Some(state));
            } else if !matches!(&*state.kind, "Choice" | "Succeed" | "Fail") {
                match (&state.next, state.end) {
                    (None, None | Some(false)) if !state.open => {
                        let message = format!("state `{}` has neither `Next` nor `End`", state.name);
                        report(DefectKind::End, message, state.origin, Some(state));
                    }
                    (Some(_), Some(true)) => {
                        let message = format!("state `{}` has both `Next` and `End`", state.name);
                        report(DefectKind::End, message, state.origin, Some(state));
                    }
                    _ => {}
                }
            }
        }
        for state in unreachable(scope) {
            let message = format!("no transition leads to state `{}`", state.name);
            report(DefectKind::Unreachable, message, state.origin, Some(state));
        }
    }
    for state in &scope.states {
        for inner in &state.scopes {
            collect(inner, found);
        }
    }
}

fn transitions(state: &State) -> Vec<(&Text, Origin)> {
    let mut found: Vec<(&Text, Origin)> = state.next.iter().map(|name| (name, state.place)).collect();
    found.extend(state.choices.iter().map(|(name, origin)| (name, *origin)));
    found.extend(state.catch.iter().filter_map(|one| Some((one.next.as_ref()?, one.origin))));
    found
}

/// States no path from the start reaches; none when the start itself is wrong.
fn unreachable(scope: &Scope) -> Vec<&State> {
    if scope.states.iter().any(|state| state.open) {
        return Vec::new();
    }
    let Some(start) = scope.start_at.as_ref().filter(|start| scope.state(start).is_some()) else { return Vec::new() };
    let mut reached: Vec<&Text> = vec![start];
    let mut next = 0;
    while let Some(name) = reached.get(next) {
        next += 1;
        let Some(state) = scope.state(name) else { continue };
        for (to, _) in transitions(state) {
            if !reached.contains(&to) {
                reached.push(to);
            }
        }
    }
    scope.states.iter().filter(|state| !reached.contains(&&state.name)).collect()
}
