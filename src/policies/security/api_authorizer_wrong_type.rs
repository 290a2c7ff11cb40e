use crate::graph::{Graph, NodeRef, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A method or route names an authorizer of another type, or of another API.
    ///
    /// ## Why it matters
    ///
    /// API Gateway refuses a method whose `AuthorizationType` does not fit the authorizer it names, and one
    /// that belongs to another API: the deployment fails. Where only the type is written and nothing fits,
    /// the route is not guarded by what the author had in mind.
    ///
    /// ## How to fix
    ///
    /// Set `AuthorizationType` to what the authorizer is: `CUSTOM` for `TOKEN` and `REQUEST`,
    /// `COGNITO_USER_POOLS` for user pools, `JWT` for `JWT`. Declare the authorizer in the same API.
    ///
    /// ## When to suppress
    ///
    /// Never: the stack cannot be deployed, or the route is not guarded.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway, reference of `AWS::ApiGateway::Method` and `AWS::ApiGatewayV2::Route`
    /// (`AuthorizationType`, `AuthorizerId`); cfn-lint E3708; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Users: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: users, Type: COGNITO_USER_POOLS, IdentitySource: method.request.header.Authorization, ProviderARNs: [!GetAtt Pool.Arn]}}
    ///   Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !Ref Users, Integration: {Type: MOCK}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Users: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: users, Type: COGNITO_USER_POOLS, IdentitySource: method.request.header.Authorization, ProviderARNs: [!GetAtt Pool.Arn]}}
    ///   Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Users, Integration: {Type: MOCK}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Users: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: users, Type: COGNITO_USER_POOLS, IdentitySource: method.request.header.Authorization, ProviderARNs: [!GetAtt Pool.Arn]}}
    ///   Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !Ref Users, Integration: {Type: MOCK}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
    ///   Users: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: users, Type: COGNITO_USER_POOLS, IdentitySource: method.request.header.Authorization, ProviderARNs: [!GetAtt Pool.Arn]}}
    ///   Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Users, Integration: {Type: MOCK}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///     Other: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: other, ProtocolType: HTTP}}
    ///     Users: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: {Ref: Other}, Name: users, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Issuer: "https://issuer.example.com", Audience: [shop]}}}
    ///     Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: {Ref: Api}, RouteKey: GET /orders, AuthorizationType: JWT, AuthorizerId: {Ref: Users}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///     Users: {Type: AWS::ApiGatewayV2::Authorizer, Properties: {ApiId: {Ref: Api}, Name: users, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Issuer: "https://issuer.example.com", Audience: [shop]}}}
    ///     Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: {Ref: Api}, RouteKey: GET /orders, AuthorizationType: JWT, AuthorizerId: {Ref: Users}}}
    /// ```
    pub(super) static POLICY = "api-authorizer-wrong-type" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02"], check: check,
    }
}

/// Type of the route, key of its API, type of the authorizer, key of its type.
const SORTS: [(&str, &str, &str, &str); 2] = [
    ("AWS::ApiGateway::Method", "RestApiId", "AWS::ApiGateway::Authorizer", "Type"),
    ("AWS::ApiGatewayV2::Route", "ApiId", "AWS::ApiGatewayV2::Authorizer", "AuthorizerType"),
];

fn check(cx: &mut Context<'_>) {
    for (route_type, api, authorizer_type, key) in SORTS {
        for route in cx.graph.existing(route_type) {
            let authorizer = cx.graph.referred(&route.property(&["AuthorizerId"])).and_then(NodeRef::resource);
            let Some(authorizer) = authorizer.filter(|one| one.ty() == authorizer_type) else { continue };
            let (id, guard) = (route.id(), authorizer.id());
            if let Some((own, other)) = apart(cx.graph, route, authorizer, api) {
                cx.report(
                    Place::property(route, &["AuthorizerId"]),
                    format!("{id} belongs to {own}, but its authorizer {guard} to {other}"),
                )
                .help(format!("declare an authorizer in {own} and name it here"))
                .related(Place::property(authorizer, &[api]), format!("{guard} belongs to {other}"));
                continue;
            }
            let kind = authorizer.property(&[key]).text();
            let Some(wanted) = kind.as_deref().and_then(wanted) else { continue };
            let written = route.property(&["AuthorizationType"]);
            let Some(found) = written.text().filter(|found| found != wanted) else { continue };
            let kind = kind.unwrap_or_default();
            cx.report(
                Place::property(route, &["AuthorizationType"]),
                format!("{id} says {found}, but its authorizer {guard} is of type {kind}, which takes {wanted}"),
            )
            .help(format!("set AuthorizationType of {id} to {wanted}"))
            .related(Place::property(authorizer, &[key]), format!("{guard} is of type {kind}"));
        }
    }
}

/// What a route says whose authorizer is of type `kind`.
fn wanted(kind: &str) -> Option<&'static str> {
    match kind {
        "TOKEN" | "REQUEST" => Some("CUSTOM"),
        "COGNITO_USER_POOLS" => Some("COGNITO_USER_POOLS"),
        "JWT" => Some("JWT"),
        _ => None,
    }
}

/// The APIs of the two, where they are surely different.
fn apart<'g>(graph: &'g Graph, route: Resource<'g>, authorizer: Resource<'g>, key: &str) -> Option<(&'g str, &'g str)> {
    let api =
        |resource: Resource<'g>| graph.referred(&resource.property(&[key])).filter(|node| node.logical_id().is_some());
    let (own, other) = (api(route)?, api(authorizer)?);
    (own != other).then(|| (own.name(), other.name()))
}
