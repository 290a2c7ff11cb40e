//! Plugins that change the template.

use super::*;

#[test]
fn unknown_plugins_are_one_problem_each() {
    let loaded = expand("service: svc\nprovider: {name: aws}\nplugins: [serverless-offline, my-own-plugin]\n");
    assert_eq!(loaded.kinds(), [ProblemKind::UnknownPlugin]);
    assert_eq!(loaded.written(loaded.problems[0].origin.span()), "my-own-plugin");
}

#[test]
fn plugins_can_be_switched_off() {
    let text = "service: svc\nprovider: {name: aws}\nplugins: [serverless-iam-roles-per-function]\n\
                functions: {f: {handler: h, iamRoleStatements: [{Effect: Allow, Action: a:b, Resource: '*'}]}}\n";
    let with = expand(text);
    assert!(with.resources().contains_key("FIamRoleLambdaExecution"));
    assert_eq!(
        with.shown(&["Resources", "FLambdaFunction", "Properties", "Role"]),
        r#"{"Fn::GetAtt":["FIamRoleLambdaExecution","Arn"]}"#
    );
    let entry = with.resources().entry("FIamRoleLambdaExecution").expect("a role");
    assert_eq!(with.written(entry.key_origin.span()), "iamRoleStatements");
    let without = expand_with(text, &[], &Inputs { plugins: false, ..Inputs::default() });
    assert!(!without.resources().contains_key("FIamRoleLambdaExecution"));
}

#[test]
fn state_machines() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws}\nplugins: [serverless-step-functions]\nfunctions: {my-fn: {handler: h}}\n\
         stepFunctions:\n  stateMachines:\n    flow:\n      events: [{http: POST start}, {schedule: rate(1 day)}]\n\
         \x20     definition: {StartAt: A, States: {A: {Type: Task, Resource: {Fn::GetAtt: [my-fn, Arn]}, End: true}}}\n",
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    for id in [
        "FlowStepFunctionsStateMachine",
        "FlowStepFunctionsStateMachineRole",
        "FlowStepFunctionsEventsRuleSchedule1",
        "FlowScheduleToStepFunctionsRole",
        "ApiGatewayRestApi",
        "ApiGatewayMethodStartPost",
        "ApigatewayToStepFunctionsRole",
    ] {
        assert!(loaded.resources().contains_key(id), "{id}");
    }
    let definition = loaded.shown(&["Resources", "FlowStepFunctionsStateMachine", "Properties", "DefinitionString"]);
    assert!(definition.contains("MyDashfnLambdaFunction"), "{definition}");
}

#[test]
fn log_groups_are_kept_as_long_as_the_plugin_says() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws}\nplugins: [serverless-plugin-log-retention]\ncustom: {logRetentionInDays: 30}\n\
         functions: {f: {handler: h}, g: {handler: h, logRetentionInDays: 7}}\n",
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    for (id, days) in [("FLogGroup", "30"), ("GLogGroup", "7")] {
        let value = loaded.at(&["Resources", id, "Properties", "RetentionInDays"]);
        assert_eq!(loaded.written(value.span()), days);
    }
}

#[test]
fn statements_of_functions_have_lists_of_actions() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws}\nplugins: [serverless-iam-roles-per-function]\n\
         functions: {f: {handler: h, iamRoleStatements: [{Effect: Allow, Action: a:b, Resource: '*'}]}}\n",
    );
    let policies = loaded.shown(&["Resources", "FIamRoleLambdaExecution", "Properties", "Policies"]);
    assert!(policies.contains(r#""Action":["a:b"],"Resource":"*""#), "{policies}");
}

#[test]
fn alarms_warmers_and_canaries() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws, environment: {ARN: 'x:#{AWS::Region}'}}\n\
         plugins: [serverless-plugin-aws-alerts, serverless-plugin-warmup, serverless-plugin-canary-deployments, serverless-pseudo-parameters]\n\
         custom: {alerts: {topics: {alarm: t}, alarms: [functionErrors]}, warmup: {w: {enabled: true}}}\n\
         functions: {f: {handler: h, deploymentSettings: {type: Linear, alias: Live}}}\n",
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    for id in [
        "FFunctionErrorsAlarm",
        "AwsAlertsAlarm",
        "WarmUpPluginWLambdaFunction",
        "WarmUpPluginWRole",
        "FLambdaFunctionAliasLive",
        "FLambdaFunctionDeploymentGroup",
        "SvcdevDeploymentApplication",
        "CodeDeployServiceRole",
    ] {
        assert!(loaded.resources().contains_key(id), "{id}");
    }
    assert_eq!(
        loaded.shown(&["Resources", "FLambdaFunction", "Properties", "Environment", "Variables", "ARN"]),
        r#"{"Fn::Sub":"x:${AWS::Region}"}"#
    );
}

#[test]
fn service_proxies() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws}\nplugins: [serverless-apigateway-service-proxy]\ncustom:\n  apiGatewayServiceProxies:\n\
         \x20   - sqs: {path: /in, method: post, queueName: {Fn::GetAtt: [Q, QueueName]}, cors: true}\n",
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    for id in ["ApigatewayToSqsRole", "ApiGatewayMethodInPost", "ApiGatewayMethodInOptions", "ApiGatewayResourceIn"] {
        assert!(loaded.resources().contains_key(id), "{id}");
    }
}
