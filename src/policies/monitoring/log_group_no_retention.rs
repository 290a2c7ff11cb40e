use super::super::measure;
use crate::estimate::meters::{KB_PER_GB, cloudwatch};
use crate::estimate::usage::Key;
use crate::graph::{EdgeKind, Graph, NodeKind, NodeRef, Resource};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// Logs are kept, and paid for, for ever.
    ///
    /// ## Why it matters
    ///
    /// A log group without `RetentionInDays` never forgets. Lambda makes such a group by itself on the
    /// first call of a function whose group the template does not declare. Storage grows by the month, at a
    /// price for each gigabyte (with the traffic in a `dewline.usage.yaml` the message says what that comes to),
    /// and personal data in the logs outlives every promise to delete it.
    ///
    /// ## How to fix
    ///
    /// Declare the log group (`/aws/lambda/NAME`, or one named in `LoggingConfig`) and set
    /// `RetentionInDays`. In serverless.yml set `provider.logRetentionInDays`.
    ///
    /// ## When to suppress
    ///
    /// When logs must be kept, or another stack or an account-wide job sets the retention.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch Logs user guide, "Change log data retention" (never expires by default);
    /// serverless-rules WS1004; as of 2026-10.
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
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}", RetentionInDays: 30}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, logRetentionInDays: 30}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}"}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}", RetentionInDays: 30}}
    /// ```
    pub(super) static POLICY = "log-group-no-retention" {
        category: Monitoring, severity: Medium, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

/// Dollars a month that are worth naming.
const WORTH: f64 = 0.5;

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let serverless = cx.template().is_service();
    let endless: Vec<Resource<'_>> = graph.existing("AWS::Logs::LogGroup").filter(|group| is_endless(*group)).collect();
    // The framework makes one group a function; one key of the provider is for all of them.
    let (made, written): (Vec<_>, Vec<_>) =
        endless.into_iter().partition(|group| serverless && group.origin().is_generated());
    for group in written {
        let id = group.id();
        let functions = graph.node(id).into_iter().flat_map(|node| node.sources(EdgeKind::LogsTo));
        let price = price(cx, functions);
        cx.report(Place::property(group, &["RetentionInDays"]), format!("{id} keeps its logs for ever{price}"))
            .help(format!("set RetentionInDays of {id}, for example to 30"))
            .remedy(Remedy::risky(format!("Delete logs of {id} after 30 days")).put(group, &["RetentionInDays"], 30));
    }
    if let Some((first, others)) = made.split_first() {
        let more = match others.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let functions = made.iter().filter_map(|group| graph.node(group.id()));
        let price = price(cx, functions.flat_map(|node| node.sources(EdgeKind::LogsTo)));
        let keep = if others.is_empty() { "keeps its" } else { "keep their" };
        cx.report(*first, format!("{}{more} {keep} logs for ever{price}", first.id()))
            .help("set provider.logRetentionInDays, for example to 30")
            .remedy(Remedy::risky("Delete logs of functions after 30 days").put(*first, &["RetentionInDays"], 30));
    }
    if graph.is_open() || may_be_elsewhere(graph) {
        return;
    }
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let declared = node.targets(EdgeKind::LogsTo).next().is_some();
        if declared
            || !function.property(&["LoggingConfig", "LogGroup"]).is_absent()
            || serverless && function.origin().is_generated()
        {
            continue;
        }
        let id = function.id();
        let group = serde_json::json!({ "LogGroupName": { "Fn::Sub": format!("/aws/lambda/${{{id}}}") }, "RetentionInDays": 30 });
        let remedy = Remedy::risky(format!("Declare the log group of {id} and delete logs after 30 days")).add(
            cx.fresh_id(&format!("{id}LogGroup")),
            function,
            "AWS::Logs::LogGroup",
            group,
        );
        let price = price(cx, std::iter::once(node));
        cx.report(
            function,
            format!("Lambda makes the log group of {id} by itself, and keeps its logs for ever{price}"),
        )
        .help(format!("declare a log group with RetentionInDays and name it in LoggingConfig of {id}"))
        .remedy(remedy);
    }
}

/// What it costs to keep the logs of `functions`: for each gigabyte, or where the traffic is known
/// what a month costs after a year.
fn price<'g>(cx: &Context<'g>, functions: impl Iterator<Item = NodeRef<'g>>) -> String {
    let costs = cx.costs();
    let Some(price) = costs.price("logs.stored") else { return String::new() };
    // Reckoning the traffic of a template is worth it where somebody told it.
    let usage = cx.usage();
    let written = |node: NodeRef<'g>| {
        let size = usage?.range(node.name(), node.resource()?.ty(), Key::LogKbPerRequest)?;
        Some(costs.events(node.name())? * size.expected / KB_PER_GB)
    };
    let written: f64 = if usage.is_some() { functions.filter_map(written).sum() } else { 0.0 };
    let yearly = 12.0 * written * cloudwatch::COMPRESSED * price;
    if yearly < WORTH {
        return format!(", at {} a month for each GB stored{}", costs.money(price), costs.basis());
    }
    format!(
        ": {written:.0} GB a month, of which a fifth is stored, cost {} a month after a year{}",
        costs.money(yearly),
        costs.basis()
    )
}

fn is_endless(group: Resource<'_>) -> bool {
    // Groups of the class DELIVERY have a retention of their own.
    let class = group.property(&["LogGroupClass"]);
    let ordinary = class.is_absent() || class.text().is_some_and(|class| class != "DELIVERY");
    ordinary && group.property(&["RetentionInDays"]).is_absent()
}

/// Whether a log group whose name is not known, or a custom resource, may be the one of a function.
fn may_be_elsewhere(graph: &Graph) -> bool {
    let stray = graph.nodes_of(NodeKind::LogGroup).any(|group| {
        let named = group.property(&["LogGroupName"]);
        group.sources(EdgeKind::LogsTo).next().is_none() && named.is_unknown()
    });
    stray || graph.template().resources().any(|resource| resource.ty() == "Custom::LogRetention")
}
