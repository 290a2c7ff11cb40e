use super::super::remedies;
use crate::graph::{Graph, NodeRef, RoleOf};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function takes no part in tracing.
    ///
    /// ## Why it matters
    ///
    /// Without active tracing, X-Ray shows neither cold starts of the function nor the time it spends
    /// in other services, and a trace that begins at an API ends there. The first 100,000 traces a
    /// month are free.
    ///
    /// ## How to fix
    ///
    /// Set `Tracing: Active` (SAM), `provider.tracing.lambda: true` (serverless.yml) or
    /// `TracingConfig: {Mode: Active}`, and allow the role to write to X-Ray.
    ///
    /// ## When to suppress
    ///
    /// Functions that are traced with OpenTelemetry or a vendor layer need no X-Ray.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray";
    /// serverless-rules WS1000; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Tracing: Active}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, tracing: {lambda: true}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, TracingConfig: {Mode: PassThrough}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, TracingConfig: {Mode: Active}}
    /// ```
    pub(super) static POLICY = "function-tracing-off" {
        category: Monitoring, severity: Low, profile: Strict, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

const ACTION: &str = "xray:PutTraceSegments";

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let mode = function.property(&["TracingConfig", "Mode"]);
        if mode.is_absent() || mode.text().is_some_and(|mode| mode == "PassThrough") {
            let id = function.id();
            let remedy = Remedy::risky(format!("Switch the tracing of {id} on"));
            let remedy = remedy.put(function, &["TracingConfig", "Mode"], "Active");
            // SAM and the framework give the permission to roles of their own.
            let remedy =
                cx.graph.node(id).filter(|node| !others_lack(cx.graph, *node)).and_then(|node| {
                    remedies::let_function(remedy, node, &format!("{id}Tracing"), ACTION, &"*".into())
                });
            cx.report(Place::property(function, &["TracingConfig", "Mode"]), format!("{id} takes no part in tracing"))
                .help("switch tracing to Active")
                .remedy(remedy);
        }
    }
}

/// Whether a fix that is written for all functions at once, where none says anything of its own, would
/// trace a function whose role does not allow it.
fn others_lack<'g>(graph: &'g Graph, function: NodeRef<'g>) -> bool {
    let role = |node: NodeRef<'g>| match graph.role_of(node) {
        RoleOf::Role(role) => Some(role.node()),
        _ => None,
    };
    let all = || graph.existing("AWS::Lambda::Function").filter_map(|one| graph.node(one.id()));
    let said = all().any(|node| !node.property(&["TracingConfig", "Mode"]).is_absent());
    let lacks = |node: NodeRef<'g>| {
        node != function && role(node) != role(function) && graph.may(node, ACTION, None) == Some(false)
    };
    !said && all().any(lacks)
}
