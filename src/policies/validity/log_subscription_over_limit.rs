use crate::facts::quotas::cloud_watch::SUBSCRIPTION_FILTERS;
use crate::graph::{NodeKind, Resource, Target};
use crate::policy;
use crate::policy::{Context, Place};
use std::collections::BTreeMap;

policy! {
    /// A log group has more subscription filters than it can.
    ///
    /// ## Why it matters
    ///
    /// A log group takes two subscription filters. The third fails the deployment, and the quota cannot be
    /// raised; logs that were to go to that destination never arrive.
    ///
    /// ## How to fix
    ///
    /// Send the log to one stream and fan out behind it, or use an account-level subscription for what all
    /// groups share.
    ///
    /// ## When to suppress
    ///
    /// Never: the stack cannot be deployed.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch Logs user guide, "CloudWatch Logs quotas" (subscription filters: 2 per log group);
    /// cfn-lint E2529; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
    ///     One: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: '', DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    ///     Two: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: ERROR, DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    ///     Three: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: WARN, DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
    ///     One: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: '', DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    ///     Two: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: ERROR, DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
    ///   One: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: '', DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    ///   Two: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: ERROR, DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    ///   Three: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: WARN, DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
    ///   One: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: '', DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    ///   Two: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, FilterPattern: ERROR, DestinationArn: !GetAtt Stream.Arn, RoleArn: !GetAtt Role.Arn}}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Watch:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: app.main
    ///       CodeUri: src/
    ///       Events:
    ///         A: {Type: CloudWatchLogs, Properties: {LogGroupName: orders, FilterPattern: A}}
    ///         B: {Type: CloudWatchLogs, Properties: {LogGroupName: orders, FilterPattern: B}}
    ///         C: {Type: CloudWatchLogs, Properties: {LogGroupName: orders, FilterPattern: C}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Watch:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: app.main
    ///       CodeUri: src/
    ///       Events:
    ///         A: {Type: CloudWatchLogs, Properties: {LogGroupName: orders, FilterPattern: A}}
    ///         B: {Type: CloudWatchLogs, Properties: {LogGroupName: orders, FilterPattern: B}}
    ///         C: {Type: CloudWatchLogs, Properties: {LogGroupName: payments, FilterPattern: C}}
    /// ```
    pub(super) static POLICY = "log-subscription-over-limit" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let mut groups: BTreeMap<String, Vec<Resource<'_>>> = BTreeMap::new();
    for filter in cx.graph.existing("AWS::Logs::SubscriptionFilter").filter(|one| one.exists() == Some(true)) {
        let name = match cx.graph.resolve_eval(&filter.property(&["LogGroupName"]), Some(NodeKind::LogGroup)) {
            Target::Node(node, _) => node.name().to_owned(),
            Target::Outside(name) => name.to_string(),
            Target::Unknown | Target::Absent => continue,
        };
        groups.entry(name).or_default().push(filter);
    }
    for (group, filters) in groups {
        let Some(over) = filters.get(SUBSCRIPTION_FILTERS) else { continue };
        let group = crate::template::unknown::shown(&group).into_owned();
        let mut report = cx
            .report(
                Place::property(*over, &["LogGroupName"]),
                format!(
                    "{group} has {} subscription filters, but a log group takes {SUBSCRIPTION_FILTERS}",
                    filters.len()
                ),
            )
            .help("send the log to one stream and fan out behind it");
        for filter in filters.iter().filter(|filter| filter.id() != over.id()) {
            report = report.related(Place::property(*filter, &["LogGroupName"]), format!("{} is another", filter.id()));
        }
    }
}
