use super::super::open_routes::open_routes;
use super::super::read;
use crate::estimate::SECONDS_PER_MONTH;
use crate::estimate::meters::lambda;
use crate::facts::quotas;
use crate::graph::{EdgeKind, NodeKind, NodeRef, Part};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Anybody on the internet can make a function cost more than the budget allows.
    ///
    /// Reported where a `dewline.usage.yaml` beside the template has a budget (`budget: {monthly_usd: …}`), for
    /// functions behind a URL or a route that asks for no authorization. What bounds the cost is the function's
    /// reserved concurrency, and the rate limit of its API times its timeout.
    ///
    /// ## Why it matters
    ///
    /// Scaling without an end is paid for without an end: a thousand environments of 1 GB that work all day cost
    /// about 1,400 dollars a day (us-east-1, x86, 2026). Alarms on billing come hours late.
    ///
    /// ## How to fix
    ///
    /// Reserve concurrency for the function, limit the rate of the API, or ask for authorization; put a web
    /// application firewall with a rate rule in front.
    ///
    /// ## When to suppress
    ///
    /// When something in front of it limits the rate: CloudFront with a firewall, or a quota.
    ///
    /// ## Source
    ///
    /// OWASP Serverless Top 10, SAS-08 (denial of service and financial exhaustion); AWS Lambda pricing; read
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,file:dewline.usage.yaml
    /// budget: {monthly_usd: 500}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 1024, Timeout: 30, FunctionUrlConfig: {AuthType: NONE}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, MemorySize: 1024, Timeout: 30, ReservedConcurrentExecutions: 5, FunctionUrlConfig: {AuthType: NONE}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, memorySize: 1024, timeout: 30, url: true}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, memorySize: 1024, timeout: 30, url: {authorizer: aws_iam}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 1024, Timeout: 30}
    ///   Url:
    ///     Type: AWS::Lambda::Url
    ///     Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: NONE}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, MemorySize: 1024, Timeout: 30}
    ///   Url:
    ///     Type: AWS::Lambda::Url
    ///     Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}
    /// ```
    pub(super) static POLICY = "denial-of-wallet-exposure" {
        category: Cost, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

/// Environments that an account may run at once, unless it asked for more.
const ACCOUNT: f64 = quotas::lambda::ACCOUNT_CONCURRENCY as f64;

fn check(cx: &mut Context<'_>) {
    let costs = cx.costs();
    let graph = cx.graph;
    let urls = graph
        .existing("AWS::Lambda::Url")
        .filter(|url| read::text(*url, &["AuthType"], |kind| kind == "NONE").is_some())
        .filter_map(|url| {
            Some((Place::property(url, &["AuthType"]), url.id().to_owned(), None, graph.node(url.id())?))
        });
    let urls = urls.filter_map(|(place, name, limit, node)| {
        Some((place, name, limit, node.targets(EdgeKind::InvokesSync).find(|one| one.kind() == NodeKind::Function)?))
    });
    let routes = open_routes(graph, &[NodeKind::HttpApi, NodeKind::RestApi]).into_iter().filter_map(|route| {
        let target = route.target().filter(|target| target.kind() == NodeKind::Function)?;
        let api = route.api()?.node();
        let mut place = Place::from(route.origin());
        place.resource = Some(api.name().to_owned());
        Some((place, format!("{} of {}", route.name(), api.name()), rate_limit(api)?, target))
    });
    let entries: Vec<(Place, String, Option<f64>, NodeRef<'_>)> = urls.chain(routes).collect();
    if entries.is_empty() {
        return;
    }
    let Some(budget) = costs.usage().budget.monthly_usd else { return };
    let mut told: Vec<NodeRef<'_>> = Vec::new();
    for (place, name, limit, function) in entries {
        let reserved = function.property(&["ReservedConcurrentExecutions"]);
        // What is set and not known may be enough.
        if told.contains(&function) || !(reserved.is_absent() || reserved.int().is_some()) {
            continue;
        }
        let shape = lambda::shape(function);
        let by_rate = limit.map_or(f64::INFINITY, |limit| limit * shape.timeout_s);
        let at_once = reserved.int().map_or(ACCOUNT, |count| count as f64).min(by_rate);
        let meter = if shape.arm { "lambda.duration.arm" } else { "lambda.duration.x86" };
        let Some(price) = costs.price(meter).filter(|_| costs.estimate().currency == "USD") else { continue };
        let worst = at_once * shape.memory_mb / 1024.0 * SECONDS_PER_MONTH * price;
        if worst <= budget.value {
            continue;
        }
        told.push(function);
        let bound = match (reserved.int(), limit) {
            _ if by_rate <= at_once => "its rate limit and timeout",
            (Some(_), _) => "its reserved concurrency",
            _ => "the account's concurrency",
        };
        cx.report(
            place,
            format!(
                "anybody may keep {} busy through {name}: up to {} a month by {bound}, above the budget of {}{}",
                function.name(),
                costs.money(worst),
                costs.money(budget.value),
                costs.basis()
            ),
        )
        .help("set ReservedConcurrentExecutions, limit the rate of the API, or ask for authorization")
        .related(function, format!("{} runs with {} MB", function.name(), shape.memory_mb));
    }
}

/// Requests a second that the stages of an API let through; none inside where they set no
/// limit, none at all where that is not known.
fn rate_limit(api: NodeRef<'_>) -> Option<Option<f64>> {
    let mut highest: Option<f64> = None;
    for stage in api.targets(EdgeKind::Contains).filter(|node| node.kind() == NodeKind::Stage) {
        let part = Part::of(stage.resource()?);
        let mut limits = part.each(&["MethodSettings"]);
        limits.extend(part.each(&["DefaultRouteSettings"]));
        let mut own = None;
        for limit in limits {
            let rate = limit.get(&["ThrottlingRateLimit"]);
            if rate.is_absent() {
                continue;
            }
            own = Some(own.unwrap_or(0.0f64).max(rate.int()? as f64));
        }
        highest = Some(highest.unwrap_or(0.0).max(own.unwrap_or(f64::INFINITY)));
    }
    Some(highest.filter(|rate| rate.is_finite()))
}
