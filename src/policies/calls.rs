//! Functions that call functions and wait.

use super::measure;
use crate::graph::{Graph, NodeKind, NodeRef, Origin, Part, Resource};

/// A call that the code surely makes, as far as a template can tell: the caller has the name of
/// the other function in a variable and may invoke it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'g> {
    /// The caller.
    pub from: Resource<'g>,
    /// Whom it calls.
    pub to: Resource<'g>,
    /// The callee's node.
    pub callee: NodeRef<'g>,
    /// The caller's node.
    pub caller: NodeRef<'g>,
    /// The variable with the name.
    pub variable: &'g str,
    /// Where the variable is written.
    pub place: Origin,
}

/// All calls of the template, in the order of their callers.
pub(super) fn calls(graph: &Graph) -> Vec<Call<'_>> {
    let hints: Vec<Call<'_>> = graph.nodes_of(NodeKind::Function).flat_map(hints).collect();
    let sure = |(index, call): (usize, &Call<'_>)| {
        // A variable that several functions share says little about any one of them.
        let shared =
            hints.iter().enumerate().any(|(other, one)| other != index && one.place.span() == call.place.span());
        // Waiting inside a durable function is not billed, a durable function is started rather than
        // waited for, and a deployment hook is a test.
        let durable = [call.from, call.to].iter().any(|one| !one.property(&["DurableConfig"]).is_absent());
        !shared
            && !durable
            && !is_deployment_hook(graph, call.caller)
            && graph.may(call.caller, "lambda:InvokeFunction", Some(call.callee)) == Some(true)
            && !is_asynchronous(graph, call.callee)
    };
    hints.iter().enumerate().filter(|hint| sure(*hint)).map(|(_, call)| *call).collect()
}

fn hints<'g>(caller: NodeRef<'g>) -> Vec<Call<'g>> {
    let Some(from) = measure::function(caller) else { return Vec::new() };
    let hint = |(variable, place, value): (&'g str, Origin, Part<'g>)| {
        let target = caller.graph().resolve_eval(value.eval(), Some(NodeKind::Function));
        let callee = target.node().filter(|node| node.kind() == NodeKind::Function && *node != caller)?;
        Some(Call { from, to: measure::function(callee)?, callee, caller, variable, place })
    };
    Part::of(from).entries(&["Environment", "Variables"]).into_iter().filter_map(hint).collect()
}

/// Whether a deployment calls the function before or after it shifts traffic.
fn is_deployment_hook(graph: &Graph, function: NodeRef<'_>) -> bool {
    graph.resources_of("AWS::Lambda::Alias").any(|alias| {
        let hooks = alias.body().at(&["UpdatePolicy", "CodeDeployLambdaAliasUpdate"]);
        let named = |hook: &str| {
            let value = hooks.and_then(|hooks| hooks.get(hook))?;
            let text = alias.template().eval(value);
            graph.resolve_eval(&text, Some(NodeKind::Function)).node()
        };
        ["BeforeAllowTrafficHook", "AfterAllowTrafficHook"].into_iter().any(|hook| named(hook) == Some(function))
    })
}

/// Whether the template prepares the callee for events that nobody waits for.
fn is_asynchronous(graph: &Graph, callee: NodeRef<'_>) -> bool {
    let configured = graph.resources_of("AWS::Lambda::EventInvokeConfig").any(|config| {
        let target = graph.resolve_eval(&config.property(&["FunctionName"]), Some(NodeKind::Function));
        target.node() == Some(callee)
    });
    configured || !callee.property(&["DeadLetterConfig"]).is_absent()
}
