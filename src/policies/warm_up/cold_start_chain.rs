use super::super::calls;
use super::starts;
use crate::estimate::init::Init;
use crate::finding::Severity;
use crate::graph::{Authorizer, Graph, IntegrationKind, NodeId, NodeKind, NodeRef, Route};
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};

policy! {
    /// A request waits for several cold starts, one after the other, and together they take too long.
    ///
    /// A chain is the function of a route, the function of its authorizer, and the functions that these surely
    /// call and wait for. Starts are medians by the model of `dewline estimate`; functions that something keeps
    /// warm do not count. Reported are chains whose parts each keep to the budget while their sum does not, and
    /// chains whose starts, at their 99th percentiles, outlast the patience of the API: these are of severity medium.
    ///
    /// ## Why it matters
    ///
    /// After a quiet time, and after every deployment, all functions of a chain are cold at once. Each is fast
    /// enough for itself, and whoever sends the first request waits for the sum.
    ///
    /// ## How to fix
    ///
    /// Shorten the chain: a JWT authorizer in place of a function, a library in place of a function that is
    /// called, an event where no answer is needed. Or shorten its longest start, by SnapStart or provisioned
    /// concurrency.
    ///
    /// ## When to suppress
    ///
    /// When the first request may take that long; or set the budget to what is good enough.
    ///
    /// ## Source
    ///
    /// Measurements of maxday/lambda-perf, May to August 2026, and of mikhail.io, 2021 (`docs/cold-starts.md`);
    /// Amazon API Gateway developer guide, "Quotas" (integration timeouts); as of 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Auth: {DefaultAuthorizer: Own, Authorizers: {Own: {FunctionArn: !GetAtt Check.Arn}}}}}
    ///   Check:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, CodeUri: src/}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, CodeUri: src/, Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, Auth: {DefaultAuthorizer: Own, Authorizers: {Own: {FunctionArn: !GetAtt Check.Arn}}}}}
    ///   Check:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, CodeUri: src/, MemorySize: 1024, Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: dotnet8, memorySize: 128}
    /// functions:
    ///   check: {handler: app.Check}
    ///   orders: {handler: app.Main, events: [{http: {path: orders, method: get, authorizer: check}}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, memorySize: 128}
    /// functions:
    ///   check: {handler: app.check}
    ///   orders: {handler: app.main, events: [{http: {path: orders, method: get, authorizer: check}}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Shop: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Shop, RouteKey: GET /orders, Target: !Sub "integrations/${Call}"}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Shop, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Orders.Arn, PayloadFormatVersion: "2.0"}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {PRICE: !Ref Price}}}
    ///   Price:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: "arn:aws:iam::123456789012:role/r"}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]}
    ///       Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Price.Arn}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Shop: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
    ///   Get: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Shop, RouteKey: GET /orders, Target: !Sub "integrations/${Call}"}}
    ///   Call: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Shop, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Orders.Arn, PayloadFormatVersion: "2.0"}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet8, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: "arn:aws:iam::123456789012:role/r"}
    /// ```
    pub(super) static POLICY = "cold-start-chain" {
        category: WarmUp, severity: Low, profile: Recommended, fix: None, since: "0.1.0", options: OPTIONS, check: check,
    }
}

static OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "budget-ms",
    help: "milliseconds that the cold starts of a chain may take together, each at its median",
    default: OptionDefault::Int(1000),
}];

/// One route with the functions that start cold for it, in the order of their starts.
struct Chain<'g> {
    route: Route<'g>,
    functions: Vec<(NodeRef<'g>, Init)>,
    /// Further routes with the same functions.
    others: usize,
}

fn check(cx: &mut Context<'_>) {
    let budget = cx.option_int("budget-ms") as f64;
    for chain in chains(cx) {
        let [first, .., last] = chain.functions.as_slice() else { continue };
        let sum = |of: fn(&Init) -> f64| chain.functions.iter().map(|(_, init)| of(init)).sum::<f64>();
        let (median, worst) = (sum(|init| init.p50_ms), sum(|init| init.p99_ms));
        let longest = chain.functions.iter().map(|(_, init)| init.p50_ms).fold(0.0, f64::max);
        let patience = chain.route.timeout_ms().value().filter(|limit| worst > *limit as f64);
        if patience.is_none() && (median <= budget || longest > budget) {
            continue;
        }
        let parts = chain.functions.iter().map(|(node, init)| format!("{} {}", node.name(), starts::time(init.p50_ms)));
        let more = match chain.others {
            0 => String::new(),
            1 => " and another route".to_owned(),
            others => format!(" and {others} more routes"),
        };
        let gives_up = patience.map_or(String::new(), |limit| {
            format!(
                "; one in a hundred takes {} and the API gives up after {}",
                starts::time(worst),
                starts::time(limit as f64)
            )
        });
        let bound = starts::bound(&first.1);
        let mut place = Place::from(chain.route.origin());
        place.resource = chain.route.resource().map(|resource| resource.id().to_owned());
        let api = chain.route.api().map_or(String::new(), |api| format!(" of {}", api.node().name()));
        let name = chain.route.name();
        let severity = if patience.is_some() { Severity::Medium } else { Severity::Low };
        let mut report = cx
            .report(
                place,
                format!(
                    "the first request of {name}{api}{more} waits for {} cold starts in a row, {}{bound}: {}{gives_up}",
                    chain.functions.len(),
                    starts::time(median),
                    parts.collect::<Vec<_>>().join(", "),
                ),
            )
            .severity(severity)
            .help(format!(
                "shorten the chain, or keep the longest of its starts warm; {} alone is reckoned from: {}",
                last.0.name(),
                last.1.parts.join("; ")
            ));
        for (node, init) in &chain.functions {
            report = report.related(*node, format!("{} starts in {}", node.name(), starts::time(init.p50_ms)));
        }
    }
}

fn chains<'g>(cx: &Context<'g>) -> Vec<Chain<'g>> {
    let graph: &'g Graph = cx.graph;
    let mut found: Vec<Chain<'g>> = Vec::new();
    let calls = calls::calls(graph);
    let cold = starts::cold(cx);
    for route in graph.routes().filter(|route| route.api_kind() != Some(NodeKind::WebSocketApi)) {
        if route.integration() != IntegrationKind::Function || route.waits() != Some(true) {
            continue;
        }
        let Some(function) = route.target().filter(|target| target.kind() == NodeKind::Function) else { continue };
        let guard = route.authorizer().and_then(|guard| graph.authorizers().find(|one| one.node() == guard));
        let mut order: Vec<NodeRef<'g>> = guard.and_then(Authorizer::function).into_iter().collect();
        order.push(function);
        // Those that are called, each once: by then its environment is there.
        let mut at = 0;
        while let Some(caller) = order.get(at).copied() {
            for call in calls.iter().filter(|call| call.caller == caller) {
                if !order.contains(&call.callee) {
                    order.push(call.callee);
                }
            }
            at += 1;
        }
        let mut functions: Vec<(NodeRef<'g>, Init)> = Vec::new();
        for node in order {
            let starts_cold = cold.iter().any(|(one, _)| *one == node);
            if starts_cold
                && functions.iter().all(|(one, _)| *one != node)
                && let Some(init) = starts::init(cx, node)
            {
                functions.push((node, init));
            }
        }
        let key =
            |functions: &[(NodeRef<'_>, Init)]| functions.iter().map(|(node, _)| node.index()).collect::<Vec<NodeId>>();
        match found.iter_mut().find(|known| key(&known.functions) == key(&functions)) {
            Some(known) => known.others += 1,
            None => found.push(Chain { route, functions, others: 0 }),
        }
    }
    found
}
