use super::super::{measure, written};
use super::warm;
use crate::graph::{Certainty, EdgeKind, NodeKind, Qualifier};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A trigger calls the unpublished version, past the alias that is kept warm.
    ///
    /// ## Why it matters
    ///
    /// Provisioned concurrency and snapshots belong to an alias or a published version. A trigger that
    /// names the function without it reaches `$LATEST`: those calls start cold, and the warm instances
    /// are paid for without being used.
    ///
    /// ## How to fix
    ///
    /// Let the trigger name the alias: `!Ref Alias` instead of `!Ref Function`, or the ARN followed by
    /// `:alias`. The permission that lets the service call must be for the alias as well.
    ///
    /// ## When to suppress
    ///
    /// When the trigger is not in a hurry and only other callers need the warm alias.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Configuring provisioned concurrency for a function" and "Lambda
    /// function versions" (an ARN without a qualifier is `$LATEST`); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Jobs.Arn}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Orders.Alias, EventSourceArn: !GetAtt Jobs.Arn}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 5}
    /// resources:
    ///   Resources:
    ///     Jobs: {Type: AWS::SQS::Queue}
    ///     Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: {Ref: OrdersLambdaFunction}, EventSourceArn: {Fn::GetAtt: [Jobs, Arn]}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 5, events: [{sqs: "arn:aws:sqs:eu-west-1:123456789012:jobs"}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Orders, EventSourceArn: !GetAtt Jobs.Arn}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    ///   Jobs: {Type: AWS::SQS::Queue}
    ///   Feed: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Live, EventSourceArn: !GetAtt Jobs.Arn}}
    /// ```
    pub(super) static POLICY = "unqualified-trigger-bypasses-warm-alias" {
        category: WarmUp, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let mut published = warm::published(node);
        let warmed = match published.find(|alias| warm::is_provisioned(*alias)) {
            Some(alias) => (alias, "has provisioned concurrency"),
            None if warm::has_snapshots(function) => match warm::published(node).next() {
                Some(alias) => (alias, "starts from a snapshot"),
                None => continue,
            },
            None => continue,
        };
        let (alias, means) = warmed;
        let calls = [EdgeKind::InvokesSync, EdgeKind::InvokesAsync, EdgeKind::Polls];
        let id = function.id();
        for edge in node.incoming().filter(|edge| calls.contains(&edge.kind())) {
            let declared = edge.certainty() == Certainty::Declared && edge.qualifier() == Qualifier::Unqualified;
            let owner = edge.via().or_else(|| edge.source().resource());
            if !declared || owner.is_some_and(|owner| owner.exists() == Some(false)) {
                continue;
            }
            let source = edge.via().map_or(edge.source().name(), |via| via.id());
            let place = match owner {
                Some(owner) => Place::within(owner, edge.origin()),
                None => Place::from(edge.origin()),
            };
            // A call of the alias needs a permission of its own; a mapping needs none.
            let polls = edge.kind() == EdgeKind::Polls && edge.via().is_some();
            let name = if alias.origin().is_generated() && !cx.template().is_service() {
                format!("{id}.Alias")
            } else {
                alias.id().to_owned()
            };
            let place_of_name = edge.via().map(|via| via.place(&["FunctionName"]));
            let remedy = place_of_name.filter(|_| polls && alias.ty() == "AWS::Lambda::Alias").map(|place| {
                Remedy::risky(format!("Let {source} call {}", alias.id())).rewrite(place, written::reference(&name))
            });
            cx.report(
                place,
                format!("{source} calls {id} unqualified, so it never reaches {}, which {means}", alias.id()),
            )
            .help(format!("let {source} name the alias {} instead of {id}", alias.id()))
            .remedy(remedy)
            .related(alias, format!("{} {means}", alias.id()));
        }
    }
}
