use super::super::machines;
use crate::facts::quotas::step_functions::EXPRESS_DURATION;
use crate::finding::Severity;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// An express workflow may need more than the five minutes it has.
    ///
    /// The worst case is the path of states that takes the longest: waits, and tasks until their own limit
    /// or the timeout of the function they call. Retries and loops are not counted. It is a finding of
    /// severity medium; `TimeoutSeconds` above 300 is one of severity high, because it promises what the
    /// service does not keep.
    ///
    /// ## Why it matters
    ///
    /// An express workflow ends after 300 seconds, whatever its states are doing: the execution fails with
    /// `States.Timeout`, work that was done is not undone, and the function that was running runs on and is
    /// billed.
    ///
    /// ## How to fix
    ///
    /// Lower the timeouts of the tasks so that the path fits into 300 seconds, set `TimeoutSeconds` of the
    /// machine to what is left to its caller, or make it a standard workflow.
    ///
    /// ## When to suppress
    ///
    /// When the long path is one that real executions never take.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Choosing workflow type" and "Service quotas" (maximum execution
    /// time of express workflows: 5 minutes); read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 400, End: true}}}, Type: EXPRESS}
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
    ///     flow: {type: EXPRESS, name: flow, definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 400, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 400, End: true}}}, StateMachineType: EXPRESS}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties:
    ///       RoleArn: !GetAtt Role.Arn
    ///       StateMachineType: EXPRESS
    ///       Definition:
    ///         StartAt: Pause
    ///         TimeoutSeconds: 600
    ///         States: {Pause: {Type: Wait, Seconds: 100, End: true}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 100, End: true}}}, Type: EXPRESS}
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
    ///     flow: {type: EXPRESS, name: flow, definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 100, End: true}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Pause, States: {Pause: {Type: Wait, Seconds: 100, End: true}}}, StateMachineType: EXPRESS}
    /// ```
    pub(super) static POLICY = "sfn-express-over-5min" {
        category: Timeout, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for (machine, resource) in machines::known(cx.graph) {
        if machine.express().value() != Some(true) {
            continue;
        }
        let (definition, id) = (machine.definition(), resource.id());
        if let Some(limit) = definition.timeout.value() {
            if limit > EXPRESS_DURATION {
                let place = definition.timeout.origin().unwrap_or(definition.origin);
                cx.report(
                    Place::within(resource, place),
                    format!("{id} allows itself {limit} s, but an express workflow ends after {EXPRESS_DURATION} s"),
                )
                .help(format!("set TimeoutSeconds to {EXPRESS_DURATION} or less, or make it a standard workflow"))
                .remedy(
                    Remedy::safe(format!("Set TimeoutSeconds of {id} to {EXPRESS_DURATION}")).replace(
                        place,
                        limit,
                        EXPRESS_DURATION,
                    ),
                );
            }
            continue;
        }
        let steps = machines::longest(cx.graph, &definition.scope);
        let seconds = machines::total(&steps);
        if !definition.timeout.is_absent() || seconds <= EXPRESS_DURATION {
            continue;
        }
        let path = machines::text(&steps);
        let mut report = cx
            .report(
                resource,
                format!("{id} may need {seconds} s ({path}), but an express workflow ends after {EXPRESS_DURATION} s"),
            )
            .severity(Severity::Medium)
            .help("lower the timeouts along the path, or make it a standard workflow");
        for step in steps.iter().take(3) {
            let place = step.state.timeout.origin().or(step.state.wait.origin()).unwrap_or(step.state.place);
            report = report
                .related(Place::within(resource, place), format!("{} may take {} s", step.state.name, step.seconds));
        }
    }
}
