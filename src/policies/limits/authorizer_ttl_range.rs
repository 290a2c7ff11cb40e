use super::super::{read, remedies};
use crate::policy;
use crate::policy::{Context, Place};

/// Seconds an answer may be kept (API Gateway quotas page, 2026-09).
const MAXIMUM: i64 = 3600;

policy! {
    /// An authorizer caches its answers for longer than API Gateway allows.
    ///
    /// ## Why it matters
    ///
    /// API Gateway keeps the answer of an authorizer for at most 3,600 seconds; a longer time fails
    /// the deployment. A long time also means that a revoked token keeps working until the cached
    /// answer expires.
    ///
    /// ## How to fix
    ///
    /// Set the time to live to 3,600 seconds or less; 300 is the default. Zero switches the cache
    /// off.
    ///
    /// ## When to suppress
    ///
    /// Never: API Gateway refuses the value.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway API reference, `CreateAuthorizer` (0 to 3600 s); cfn-lint E3718; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: {path: orders, method: get, authorizer: {arn: "arn:aws:lambda:eu-west-1:123456789012:function:auth", resultTtlInSeconds: 7200}}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: {path: orders, method: get, authorizer: {arn: "arn:aws:lambda:eu-west-1:123456789012:function:auth", resultTtlInSeconds: 300}}}]}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Auth:
    ///     Type: AWS::ApiGateway::Authorizer
    ///     Properties: {RestApiId: !Ref Api, Type: TOKEN, Name: token, IdentitySource: method.request.header.Authorization, AuthorizerResultTtlInSeconds: 7200}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Auth:
    ///     Type: AWS::ApiGateway::Authorizer
    ///     Properties: {RestApiId: !Ref Api, Type: TOKEN, Name: token, IdentitySource: method.request.header.Authorization, AuthorizerResultTtlInSeconds: 300}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Auth:
    ///     Type: AWS::ApiGateway::Authorizer
    ///     Properties: {RestApiId: !Ref Api, Type: TOKEN, Name: token, IdentitySource: method.request.header.Authorization, AuthorizerResultTtlInSeconds: 7200}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Auth:
    ///     Type: AWS::ApiGateway::Authorizer
    ///     Properties: {RestApiId: !Ref Api, Type: TOKEN, Name: token, IdentitySource: method.request.header.Authorization, AuthorizerResultTtlInSeconds: 300}
    /// ```
    pub(super) static POLICY = "authorizer-ttl-range" {
        category: Limits, severity: High, profile: Recommended, fix: Safe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for ty in ["AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"] {
        for authorizer in cx.graph.existing(ty) {
            let path = ["AuthorizerResultTtlInSeconds"];
            let outside = |ttl: i64| !(0..=MAXIMUM).contains(&ttl);
            let Some(ttl) = read::number(authorizer, &path, outside) else { continue };
            cx.report(
                Place::property(authorizer, &path),
                format!("{} caches answers for {ttl} s, but API Gateway accepts 0 to {MAXIMUM} s", authorizer.id()),
            )
            .help(format!(
                "set AuthorizerResultTtlInSeconds to {} or another number in that range",
                ttl.clamp(0, MAXIMUM)
            ))
            .remedy(remedies::set(authorizer, &path, ttl.clamp(0, MAXIMUM)));
        }
    }
}
