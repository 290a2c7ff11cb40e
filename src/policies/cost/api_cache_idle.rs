use super::super::read;
use crate::facts::prices::HOURS_PER_MONTH;
use crate::graph::{Api, NodeKind, Part, Resource};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A stage pays for a cache that keeps no answers.
    ///
    /// Reported is a stage with a cache cluster whose settings turn caching off for all methods, or whose API
    /// has no method that is cached by default: only `GET` is.
    ///
    /// ## Why it matters
    ///
    /// A cache cluster is billed by the hour from its creation on, whether anything is kept in it or not, and
    /// has no free tier.
    ///
    /// ## How to fix
    ///
    /// Remove `CacheClusterEnabled`, or turn caching on in `MethodSettings` for the methods whose answers may be
    /// old for a while.
    ///
    /// ## When to suppress
    ///
    /// While the cache is about to be used: making it takes minutes.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway developer guide, "Cache settings for REST APIs in API Gateway" (only GET is cached by
    /// default; charged by the hour); Amazon API Gateway pricing, "Caching"; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Api
    ///     Properties:
    ///       StageName: prod
    ///       CacheClusterEnabled: true
    ///       CacheClusterSize: "1.6"
    ///       MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: false, LoggingLevel: ERROR}]
    ///   Get:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Orders, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Api
    ///     Properties:
    ///       StageName: prod
    ///       CacheClusterEnabled: true
    ///       MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: true}]
    ///   Get:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Orders, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
    ///     Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: {Ref: Orders}, StageName: live, CacheClusterEnabled: true, MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: false}]}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
    ///     Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: {Ref: Orders}, StageName: live, CacheClusterEnabled: true, MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", CachingEnabled: false}, {ResourcePath: "/~1prices", HttpMethod: GET, CachingEnabled: true}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
    ///   Paths: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Orders, ParentId: !GetAtt Orders.RootResourceId, PathPart: orders}}
    ///   Put: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Orders, ResourceId: !Ref Paths, HttpMethod: POST, AuthorizationType: AWS_IAM, Integration: {Type: MOCK}}}
    ///   Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Orders, StageName: live, CacheClusterEnabled: true}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
    ///   Paths: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Orders, ParentId: !GetAtt Orders.RootResourceId, PathPart: orders}}
    ///   Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Orders, ResourceId: !Ref Paths, HttpMethod: GET, AuthorizationType: AWS_IAM, Integration: {Type: MOCK}}}
    ///   Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Orders, StageName: live, CacheClusterEnabled: true}}
    /// ```
    pub(super) static POLICY = "api-cache-idle" {
        category: Cost, severity: Low, profile: Recommended, fix: Unsafe, since: "0.1.0", check: check,
    }
}

const CLUSTER: [&str; 1] = ["CacheClusterEnabled"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for stage in graph.existing("AWS::ApiGateway::Stage") {
        let on = read::values(stage, &CLUSTER).iter().all(|value| value.bool() == Some(true));
        let Some(why) = on.then(|| idle(graph.apis(), stage)).flatten() else { continue };
        let size = stage.property(&["CacheClusterSize"]);
        let size = if size.is_absent() { Some("0.5".into()) } else { size.symbolic() };
        let costs = cx.costs();
        let price = size.and_then(|size| {
            let price = costs.price(&format!("apigateway.cache.{size}"))?;
            Some(format!(" of {size} GB for {} a month{}", costs.money(price * HOURS_PER_MONTH), costs.basis()))
        });
        let id = stage.id();
        cx.report(
            Place::property(stage, &CLUSTER),
            format!("{id} keeps a cache{}, and {why}", price.unwrap_or_default()),
        )
        .help(format!("remove CacheClusterEnabled of {id}, or set CachingEnabled for the methods to be cached"))
        .remedy(Remedy::risky(format!("Do without the cache of {id}")).put(stage, &CLUSTER, false));
    }
}

/// Why a stage surely keeps nothing in its cache.
fn idle<'g>(apis: impl Iterator<Item = Api<'g>>, stage: Resource<'g>) -> Option<&'static str> {
    let settings = Part::of(stage).each(&["MethodSettings"]);
    let mut off = false;
    for setting in &settings {
        let caching = setting.get(&["CachingEnabled"]);
        let all = ["ResourcePath", "HttpMethod"].map(|key| setting.text(&[key]));
        match (caching.is_absent(), caching.bool()) {
            (true, _) => {}
            (false, Some(false)) => {
                off |= matches!(&all, [Some(path), Some(method)] if matches!(&**path, "/*" | "*") && &**method == "*");
            }
            (false, _) => return None,
        }
        if !setting.is_known() {
            return None;
        }
    }
    if off {
        return Some("its settings turn caching off for every method");
    }
    let mut apis = apis.filter(|api| api.node().kind() == NodeKind::RestApi);
    let api = apis.find(|api| api.stages().any(|one| one.logical_id() == Some(stage.id())))?;
    let mut methods = api.routes().map(|route| route.method().map(str::to_owned)).peekable();
    let cached = |method: Option<String>| method.is_none_or(|method| matches!(&*method, "GET" | "ANY"));
    let some = methods.peek().is_some();
    (some && api.is_complete() && !methods.any(cached))
        .then_some("no method of its API is a GET, which alone is cached by default")
}
