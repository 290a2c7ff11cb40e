use super::super::machines;
use crate::facts::quotas::step_functions::{DEFINITION_BYTES, INLINE_MAP_CONCURRENCY};
use crate::finding::Severity;
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use crate::template::json;

policy! {
    /// A state machine is larger than Step Functions takes, or asks for more at a time than it does.
    ///
    /// Names are checked with the other names of the template, and the number of events of an execution
    /// cannot be told from the definition.
    ///
    /// ## Why it matters
    ///
    /// A definition has 1 MB at most; a larger one fails the deployment. An inline map runs 40 items at a
    /// time at most: a `MaxConcurrency` above that promises what does not come, and throughput that was
    /// planned with it is missing.
    ///
    /// ## How to fix
    ///
    /// Move a part of the definition into a machine of its own and call it with `states:startExecution.sync`.
    /// For more than 40 items at a time use a map in distributed mode.
    ///
    /// ## When to suppress
    ///
    /// Never for the size. For the concurrency when the number is a wish for the future.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Service quotas" (definition size 1 MB) and "Map state in inline
    /// mode" (up to 40 concurrent iterations); read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Each, States: {Each: {Type: Map, MaxConcurrency: 100, ItemProcessor: {StartAt: One, States: {One: {Type: Succeed}}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// plugins: [serverless-step-functions]
    /// functions:
    ///   orders: {handler: app.main}
    /// stepFunctions:
    ///   stateMachines:
    ///     flow: {name: flow, definition: {StartAt: Each, States: {Each: {Type: Map, MaxConcurrency: 100, ItemProcessor: {StartAt: One, States: {One: {Type: Succeed}}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Each, States: {Each: {Type: Map, MaxConcurrency: 100, ItemProcessor: {StartAt: One, States: {One: {Type: Succeed}}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Each, States: {Each: {Type: Map, MaxConcurrency: 40, ItemProcessor: {StartAt: One, States: {One: {Type: Succeed}}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// plugins: [serverless-step-functions]
    /// functions:
    ///   orders: {handler: app.main}
    /// stepFunctions:
    ///   stateMachines:
    ///     flow: {name: flow, definition: {StartAt: Each, States: {Each: {Type: Map, MaxConcurrency: 40, ItemProcessor: {StartAt: One, States: {One: {Type: Succeed}}}, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Each, States: {Each: {Type: Map, MaxConcurrency: 40, ItemProcessor: {StartAt: One, States: {One: {Type: Succeed}}}, End: true}}}}
    /// ```
    pub(super) static POLICY = "statemachine-definition-size" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (machine, resource) in machines::known(cx.graph) {
        let definition = machine.definition();
        let size = match resource.property(&["DefinitionString"]).text() {
            Some(text) => text.len(),
            // Nobody writes a megabyte in one template by hand: printing it is rarely needed.
            None if definition.states().len() < 500 => 0,
            None => resource.property(&["Definition"]).known().map_or(0, |tree| json::to_json(tree).to_string().len()),
        };
        if size > DEFINITION_BYTES {
            cx.report(
                Place::within(resource, definition.origin),
                format!(
                    "the definition of {} has {size} bytes, but Step Functions takes {DEFINITION_BYTES}",
                    resource.id()
                ),
            )
            .help("move a part of it into a state machine of its own");
        }
        for state in definition.states() {
            let (Some(number), Some(place)) = (state.max_concurrency.value(), state.max_concurrency.origin()) else {
                continue;
            };
            if state.distributed == Some(false) && number > INLINE_MAP_CONCURRENCY {
                cx.report(
                    Place::within(resource, place),
                    format!(
                        "{} asks for {number} items at a time, but an inline map runs {INLINE_MAP_CONCURRENCY} at most",
                        state.name
                    ),
                )
                .severity(Severity::Low)
                .help(format!("set MaxConcurrency to {INLINE_MAP_CONCURRENCY} or less, or use Mode: DISTRIBUTED"))
                .remedy(
                    Remedy::safe(format!("Set MaxConcurrency of {} to {INLINE_MAP_CONCURRENCY}", state.name)).replace(
                        place,
                        number,
                        INLINE_MAP_CONCURRENCY,
                    ),
                );
            }
        }
    }
}
