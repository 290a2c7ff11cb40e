use crate::finding::Severity;
use crate::graph::{Part, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A deployment shifts traffic step by step, and nothing stops it when the new version fails.
    ///
    /// Reported are canary and linear deployments of functions without an alarm; with a hook that tests before or
    /// after the shift the severity is low.
    ///
    /// ## Why it matters
    ///
    /// The steps are there to see errors while few requests meet them. Without an alarm nobody looks: the rest of
    /// the traffic follows a version that fails, some minutes later than without the steps.
    ///
    /// ## How to fix
    ///
    /// Give the deployment an alarm on errors of the function, or better of the alias and version: `Alarms` of
    /// `DeploymentPreference` in SAM, `alarms` in the plugin for serverless.yml, `AlarmConfiguration` of the
    /// deployment group.
    ///
    /// ## When to suppress
    ///
    /// When something outside the template watches the deployment and stops it.
    ///
    /// ## Source
    ///
    /// AWS SAM developer guide, "Deploying serverless applications gradually with AWS SAM"; AWS CodeDeploy user
    /// guide, "Monitoring deployments with CloudWatch alarms in CodeDeploy"; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, DeploymentPreference: {Type: Canary10Percent5Minutes}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, DeploymentPreference: {Type: Canary10Percent5Minutes, Alarms: [!Ref Errors]}}
    ///   Errors:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: GreaterThanThreshold}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// plugins: [serverless-plugin-canary-deployments]
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: GET /orders}], deploymentSettings: {type: Linear10PercentEvery1Minute, alias: live}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// plugins: [serverless-plugin-canary-deployments]
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: GET /orders}], deploymentSettings: {type: Linear10PercentEvery1Minute, alias: live, alarms: [OrdersErrors]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   App: {Type: AWS::CodeDeploy::Application, Properties: {ComputePlatform: Lambda}}
    ///   Group:
    ///     Type: AWS::CodeDeploy::DeploymentGroup
    ///     Properties: {ApplicationName: !Ref App, ServiceRoleArn: "arn:aws:iam::123456789012:role/r", DeploymentConfigName: CodeDeployDefault.LambdaCanary10Percent5Minutes}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   App: {Type: AWS::CodeDeploy::Application, Properties: {ComputePlatform: Lambda}}
    ///   Group:
    ///     Type: AWS::CodeDeploy::DeploymentGroup
    ///     Properties: {ApplicationName: !Ref App, ServiceRoleArn: "arn:aws:iam::123456789012:role/r", DeploymentConfigName: CodeDeployDefault.LambdaAllAtOnce}
    /// ```
    pub(super) static POLICY = "deployment-no-rollback-alarm" {
        category: Monitoring, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for group in graph.existing("AWS::CodeDeploy::DeploymentGroup") {
        let gradual = |name: &str| name.contains("Lambda") && (name.contains("Canary") || name.contains("Linear"));
        let Some(shift) = shift(group).filter(|shift| gradual(shift)) else { continue };
        let part = Part::of(group);
        let watched = part.has(&["AlarmConfiguration", "Alarms"]) != Some(false)
            && !part.each(&["AlarmConfiguration", "Alarms"]).is_empty();
        if watched || group.is_incomplete() {
            continue;
        }
        let alias = graph.resources_of("AWS::Lambda::Alias").find(|alias| updates(*alias, group.id()));
        let hook = alias.is_some_and(|alias| {
            let update = alias.body().at(&["UpdatePolicy", "CodeDeployLambdaAliasUpdate"]);
            ["BeforeAllowTrafficHook", "AfterAllowTrafficHook"]
                .iter()
                .any(|name| update.is_some_and(|update| update.get(name).is_some()))
        });
        let what = alias.map_or_else(|| group.id().to_owned(), |alias| format!("the traffic of {}", alias.id()));
        let shift = shift.rsplit("Lambda").next().unwrap_or(&shift).to_owned();
        let report = cx
            .report(
                Place::property(group, &["DeploymentConfigName"]),
                format!("{what} shifts by {shift}, and no alarm stops it when the new version fails"),
            )
            .help("give the deployment an alarm on errors of the function");
        if hook {
            report.severity(Severity::Low);
        }
    }
}

/// The name of the deployment configuration, as far as it is written out.
fn shift(group: Resource<'_>) -> Option<String> {
    let name = group.property(&["DeploymentConfigName"]);
    name.symbolic().map(|name| name.to_string())
}

/// Whether CodeDeploy moves an alias by the deployment group `id`.
fn updates(alias: Resource<'_>, id: &str) -> bool {
    let update = alias.body().at(&["UpdatePolicy", "CodeDeployLambdaAliasUpdate", "DeploymentGroupName"]);
    update.and_then(|name| name.get("Ref")).and_then(crate::graph::Value::as_str) == Some(id)
}
