use super::super::written;
use crate::finding::Severity;
use crate::graph::Resource;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A state machine writes no log.
    ///
    /// ## Why it matters
    ///
    /// An Express workflow keeps no history of its own: without logs a failed execution leaves
    /// nothing to look at. A Standard workflow keeps its history for 90 days, but it cannot be
    /// searched or alarmed on.
    ///
    /// ## How to fix
    ///
    /// Set `LoggingConfiguration` (SAM: `Logging`) with level ERROR for Standard, ALL for Express,
    /// and a log group.
    ///
    /// ## When to suppress
    ///
    /// For standard workflows when the history that Step Functions keeps for 90 days is enough.
    ///
    /// ## Source
    ///
    /// AWS Step Functions developer guide, "Logging to CloudWatch Logs" (express workflows keep no history
    /// elsewhere); trivy AWS-0119; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', StateMachineType: EXPRESS}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', StateMachineType: EXPRESS, LoggingConfiguration: {Level: ALL, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Log.Arn}}]}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', StateMachineType: EXPRESS}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Flow:
    ///       Type: AWS::StepFunctions::StateMachine
    ///       Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', StateMachineType: EXPRESS, LoggingConfiguration: {Level: ALL, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Log.Arn}}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', StateMachineType: EXPRESS}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Flow:
    ///     Type: AWS::StepFunctions::StateMachine
    ///     Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', StateMachineType: EXPRESS, LoggingConfiguration: {Level: ALL, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Log.Arn}}]}}
    /// ```
    pub(super) static POLICY = "state-machine-log-off" {
        category: Monitoring, severity: Medium, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for machine in cx.graph.existing("AWS::StepFunctions::StateMachine") {
        let path = ["LoggingConfiguration", "Level"];
        let level = machine.property(&path);
        if !(level.is_absent() || level.text().is_some_and(|level| level == "OFF")) {
            continue;
        }
        let express = machine.property(&["StateMachineType"]).text().is_some_and(|kind| kind == "EXPRESS");
        let (message, severity) = if express {
            ("writes no log, and an Express workflow keeps no history either", Severity::High)
        } else {
            ("writes no log", Severity::Low)
        };
        let remedy = remedy(cx, machine, if express { "ALL" } else { "ERROR" });
        cx.report(Place::property(machine, &path), format!("{} {message}", machine.id()))
            .help(format!(
                "set LoggingConfiguration with level {} and a log group",
                if express { "ALL" } else { "ERROR" }
            ))
            .severity(severity)
            .remedy(remedy);
    }
}

/// A log group and the configuration that writes there; the right to write is for the role.
fn remedy(cx: &Context<'_>, machine: Resource<'_>, level: &str) -> Option<Remedy> {
    let id = machine.id();
    let remedy = Remedy::risky(format!("Log {level} of {id}; its role needs the right to deliver logs"));
    if cx.template().is_service() && machine.origin().is_generated() {
        return None;
    }
    if !machine.property(&["LoggingConfiguration", "Destinations"]).is_absent() {
        return Some(remedy.put(machine, &["LoggingConfiguration", "Level"], level));
    }
    let group = cx.fresh_id(&format!("{id}LogGroup"));
    let name = serde_json::json!({ "Fn::Sub": format!("/aws/vendedlogs/states/${{AWS::StackName}}-{id}") });
    let properties = serde_json::json!({ "LogGroupName": name, "RetentionInDays": 30 });
    let remedy = remedy.add(group.clone(), machine, "AWS::Logs::LogGroup", properties);
    let destinations = serde_json::json!([
        { "CloudWatchLogsLogGroup": { "LogGroupArn": written::attribute(&group, "Arn") } }
    ]);
    if machine.property(&["LoggingConfiguration"]).is_absent() {
        let whole = serde_json::json!({ "Level": level, "IncludeExecutionData": false, "Destinations": destinations });
        return Some(remedy.put(machine, &["LoggingConfiguration"], whole));
    }
    Some(remedy.put(machine, &["LoggingConfiguration", "Level"], level).put(
        machine,
        &["LoggingConfiguration", "Destinations"],
        destinations,
    ))
}
