use super::super::{new_alarm, read};
use super::alarms;
use crate::graph::{NodeKind, Resource};
use crate::policy;
use crate::policy::Context;

policy! {
    /// No alarm tells when executions of a state machine fail.
    ///
    /// ## Why it matters
    ///
    /// Whoever starts an execution does not wait for it, as a rule. When it fails, half of the work is
    /// done, and nothing but a metric shows it.
    ///
    /// ## How to fix
    ///
    /// Add an alarm on `ExecutionsFailed` of namespace `AWS/States` with the dimension
    /// `StateMachineArn`; `ExecutionsTimedOut` deserves one as well. A rule on the status changes of
    /// executions (source `aws.states`) serves too, for standard workflows.
    ///
    /// ## When to suppress
    ///
    /// When alarms live in another stack, or every caller waits for the result.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Monitoring metrics with Amazon CloudWatch"
    /// (`ExecutionsFailed`); slic-watch makes this alarm by default; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::Serverless::StateMachine
    ///     Properties: {Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/States, MetricName: ExecutionsFailed, Dimensions: [{Name: StateMachineArn, Value: !Ref Flow}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
    ///     Failing:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/States, MetricName: ExecutionsFailed, Dimensions: [{Name: StateMachineArn, Value: !Ref Flow}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///     OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/States, MetricName: ExecutionsFailed, Dimensions: [{Name: StateMachineArn, Value: !Ref Flow}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    ///   OnCall: {Type: AWS::SNS::Topic}
    /// ```
    pub(super) static POLICY = "state-machine-no-failed-alarm" {
        category: Monitoring, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    if cx.graph.resources_of("AWS::Events::Rule").any(tells_of_executions) {
        return;
    }
    for node in cx.graph.nodes_of(NodeKind::StateMachine) {
        let Some(machine) = alarms::unwatched(cx.graph, node, &["ExecutionsFailed"]) else { continue };
        let id = machine.id();
        let remedy = new_alarm::add_alarm(node, "ExecutionsFailed");
        cx.report(
            machine,
            format!("nobody is told when an execution of {id} fails: no alarm watches its ExecutionsFailed"),
        )
        .help(format!("add an alarm on ExecutionsFailed of AWS/States with StateMachineArn {id}"))
        .remedy(remedy);
    }
}

/// Whether a rule may be for status changes of executions.
fn tells_of_executions(rule: Resource<'_>) -> bool {
    let pattern = rule.property(&["EventPattern"]);
    let sources = read::list(rule, &["EventPattern", "source"]);
    let named = sources.texts().any(|source| source == "aws.states");
    named || !sources.complete || pattern.is_unknown() || pattern.text().is_some()
}
