use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// An event source mapping has two settings that exclude each other.
    ///
    /// ## Why it matters
    ///
    /// Lambda takes either a maximum concurrency or provisioned pollers for a queue; both together
    /// fail the deployment.
    ///
    /// ## How to fix
    ///
    /// Remove `ScalingConfig` or `ProvisionedPollerConfig`. With pollers, `MaximumPollers` bounds the
    /// concurrency.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the mapping.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `CreateEventSourceMapping` (`ScalingConfig`, `ProvisionedPollerConfig`);
    /// as of 2026-09.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs", ScalingConfig: {MaximumConcurrency: 10}, ProvisionedPollerConfig: {MinimumPollers: 2, MaximumPollers: 10}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs", ScalingConfig: {MaximumConcurrency: 10}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Consumer:
    ///       Type: AWS::Lambda::EventSourceMapping
    ///       Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs", ScalingConfig: {MaximumConcurrency: 10}, ProvisionedPollerConfig: {MinimumPollers: 2, MaximumPollers: 10}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Consumer:
    ///       Type: AWS::Lambda::EventSourceMapping
    ///       Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs", ScalingConfig: {MaximumConcurrency: 10}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs", ScalingConfig: {MaximumConcurrency: 10}, ProvisionedPollerConfig: {MinimumPollers: 2, MaximumPollers: 10}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Consumer:
    ///     Type: AWS::Lambda::EventSourceMapping
    ///     Properties: {FunctionName: !Ref Orders, EventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:jobs", ScalingConfig: {MaximumConcurrency: 10}}
    /// ```
    pub(super) static POLICY = "max-concurrency-with-provisioned-pollers" {
        category: Reliability, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for mapping in cx.graph.existing("AWS::Lambda::EventSourceMapping") {
        let concurrency = mapping.property(&["ScalingConfig", "MaximumConcurrency"]);
        let pollers = mapping.property(&["ProvisionedPollerConfig"]);
        if concurrency.known().is_some() && pollers.known().is_some() {
            cx.report(
                Place::property(mapping, &["ProvisionedPollerConfig"]),
                format!(
                    "{} sets both a maximum concurrency and provisioned pollers, which exclude each other",
                    mapping.id()
                ),
            )
            .help("remove one of them; MaximumPollers bounds the concurrency as well")
            .remedy(
                Remedy::risky(format!("Remove ScalingConfig from {}", mapping.id()))
                    .remove_property(mapping, &["ScalingConfig"]),
            )
            .related(Place::property(mapping, &["ScalingConfig", "MaximumConcurrency"]), "the maximum concurrency");
        }
    }
}
