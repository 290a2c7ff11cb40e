use super::super::{measure, remedies};
use crate::graph::{NodeKind, Part};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A trigger of a user pool may run longer than Cognito waits.
    ///
    /// ## Why it matters
    ///
    /// Cognito waits five seconds for a trigger, then calls it again, three times in all, and finally
    /// turns the user away. Runs that take longer happen several times, one beside the other: two mails,
    /// two accounts.
    ///
    /// ## How to fix
    ///
    /// Set the function's timeout to 5 seconds or less, and move slow work (mails, calls of other
    /// systems) behind a queue. Give it enough memory to start quickly.
    ///
    /// ## When to suppress
    ///
    /// When the function also serves a trigger that needs the time.
    ///
    /// ## Source
    ///
    /// Amazon Cognito developer guide, "Customizing user pool workflows with Lambda triggers" (5 seconds,
    /// up to three tries, cannot be changed); read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 30}
    ///   Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Timeout: 5}
    ///   Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 30, events: [{cognitoUserPool: {pool: users, trigger: PreSignUp}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 5, events: [{cognitoUserPool: {pool: users, trigger: PreSignUp}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 30}
    ///   Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Orders.Arn}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Timeout: 5}
    ///   Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Orders.Arn}}}
    /// ```
    pub(super) static POLICY = "cognito-trigger-timeout" {
        category: Timeout, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

/// Seconds Cognito waits for a trigger (from knowledge; to be checked against the developer guide of Cognito).
const BUDGET: i64 = 5;

fn check(cx: &mut Context<'_>) {
    for pool in cx.graph.existing("AWS::Cognito::UserPool") {
        for (trigger, _, value) in Part::of(pool).entries(&["LambdaConfig"]) {
            // Sender triggers and the newer form of token generation are maps with the ARN inside.
            let nested = value.part(&["LambdaArn"]);
            let value =
                if value.eval().borrowed().is_some_and(|value| value.as_map().is_some()) { nested } else { value };
            let target = cx.graph.resolve_eval(value.eval(), Some(NodeKind::Function));
            let Some(function) = target.node().and_then(measure::function) else { continue };
            let timeout = measure::timeout(function).map(|bounds| bounds.min).filter(|timeout| *timeout > BUDGET);
            let Some(timeout) = timeout else { continue };
            let (id, name) = (function.id(), pool.id());
            cx.report(
                Place::property(function, &["Timeout"]),
                format!("{id} may run {timeout} s, but {name} waits {BUDGET} s for its trigger {trigger} and then calls again"),
            )
            .help(format!("set the timeout of {id} to {BUDGET} s or less"))
            .remedy(remedies::timeout(function, BUDGET))
            .related(Place::within(pool, value.origin()), format!("{name} calls {id} for {trigger}"));
        }
    }
}
