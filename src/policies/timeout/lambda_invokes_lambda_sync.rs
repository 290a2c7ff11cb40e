use super::super::measure;
use crate::graph::{NodeKind, NodeRef, Origin, Part};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A function calls another function and waits for it.
    ///
    /// ## Why it matters
    ///
    /// While the caller waits, both are billed. The caller's timeout must cover the callee's, cold start
    /// and retries included; a throttled callee fails the caller as well, and both count against the
    /// concurrency of the account. The policy takes a permission to invoke the other function together
    /// with its name in an environment variable as a sign that the code calls it.
    ///
    /// ## How to fix
    ///
    /// Put a queue, a topic or an event between the two when the caller needs no answer. When it needs
    /// one, let a state machine call both, or make the shared part a library.
    ///
    /// ## When to suppress
    ///
    /// When the code invokes with `InvocationType: Event` and so does not wait, or the callee belongs
    /// to another team and is an interface of its own.
    ///
    /// ## Source
    ///
    /// AWS Lambda operator guide, "Anti-patterns in Lambda-based applications" (functions calling
    /// functions); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Order:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [LambdaInvokePolicy: {FunctionName: !Ref Price}], Environment: {Variables: {PRICE: !Ref Price}}}
    ///   Price:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: price.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Order:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [SQSSendMessagePolicy: {QueueName: !GetAtt Prices.QueueName}], Environment: {Variables: {PRICES: !Ref Prices}}}
    ///   Prices: {Type: AWS::SQS::Queue}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Price.Arn}]}}]
    ///     Order:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {PRICE: !Ref Price}}}
    ///     Price:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Order:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue order-role, Environment: {Variables: {PRICE: !Ref Price}}}
    ///     Price:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Price.Arn}]}}]
    ///   Order:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {PRICE: !Ref Price}}}
    ///   Price:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Order:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue order-role, Environment: {Variables: {PRICE: !Ref Price}}}
    ///   Price:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue price-role}
    /// ```
    pub(super) static POLICY = "lambda-invokes-lambda-sync" {
        category: Timeout, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let hints: Vec<Hint<'_>> = graph.nodes_of(NodeKind::Function).flat_map(hints).collect();
    for (index, hint) in hints.iter().enumerate() {
        // A variable that several functions share says little about any one of them.
        let shared =
            hints.iter().enumerate().any(|(other, one)| other != index && one.place.span() == hint.place.span());
        let (caller, callee) = (hint.caller, hint.callee);
        let Some((from, to)) = measure::function(caller).zip(measure::function(callee)) else { continue };
        // Waiting inside a durable function is not billed, a durable function is started rather than
        // waited for, and a deployment hook is a test.
        let durable = [from, to].iter().any(|one| !one.property(&["DurableConfig"]).is_absent());
        if durable || is_deployment_hook(cx, caller) {
            continue;
        }
        if shared
            || graph.may(caller, "lambda:InvokeFunction", Some(callee)) != Some(true)
            || is_asynchronous(cx, callee)
        {
            continue;
        }
        let (from_id, to_id) = (from.id(), to.id());
        let times = match (measure::timeout(from), measure::timeout(to)) {
            (Some(from), Some(to)) if from.max < to.min => {
                format!("; {from_id} is stopped after {} s although {to_id} may run {} s", from.max, to.min)
            }
            _ => String::new(),
        };
        cx.report(
            Place::within(from, hint.place),
            format!(
                "{from_id} may invoke {to_id} and gets its name in {}: both are billed while one waits{times}",
                hint.variable
            ),
        )
        .help(format!("decouple {from_id} from {to_id} with a queue or an event, or let a state machine call both"))
        .related(to, format!("{to_id} is called"));
    }
}

/// A variable of a function that names another.
struct Hint<'g> {
    caller: NodeRef<'g>,
    callee: NodeRef<'g>,
    variable: &'g str,
    place: Origin,
}

fn hints<'g>(caller: NodeRef<'g>) -> Vec<Hint<'g>> {
    let Some(function) = measure::function(caller) else { return Vec::new() };
    let hint = |(variable, place, value): (&'g str, Origin, Part<'g>)| {
        let target = caller.graph().resolve_eval(value.eval(), Some(NodeKind::Function));
        let callee = target.node().filter(|node| node.kind() == NodeKind::Function && *node != caller)?;
        Some(Hint { caller, callee, variable, place })
    };
    Part::of(function).entries(&["Environment", "Variables"]).into_iter().filter_map(hint).collect()
}

/// Whether a deployment calls the function before or after it shifts traffic.
fn is_deployment_hook(cx: &Context<'_>, function: NodeRef<'_>) -> bool {
    cx.graph.resources_of("AWS::Lambda::Alias").any(|alias| {
        let hooks = alias.body().at(&["UpdatePolicy", "CodeDeployLambdaAliasUpdate"]);
        let named = |hook: &str| {
            let value = hooks.and_then(|hooks| hooks.get(hook))?;
            let text = alias.template().eval(value);
            cx.graph.resolve_eval(&text, Some(NodeKind::Function)).node()
        };
        ["BeforeAllowTrafficHook", "AfterAllowTrafficHook"].into_iter().any(|hook| named(hook) == Some(function))
    })
}

/// Whether the template prepares the callee for events that nobody waits for.
fn is_asynchronous(cx: &Context<'_>, callee: NodeRef<'_>) -> bool {
    let configured = cx.graph.resources_of("AWS::Lambda::EventInvokeConfig").any(|config| {
        let target = cx.graph.resolve_eval(&config.property(&["FunctionName"]), Some(NodeKind::Function));
        target.node() == Some(callee)
    });
    configured || !callee.property(&["DeadLetterConfig"]).is_absent()
}
