use super::super::written;
use crate::graph::{Graph, NodeKind, NodeRef, Resource};
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use crate::template::unknown;

policy! {
    /// An alarm watches a metric of a resource that does not exist.
    ///
    /// ## Why it matters
    ///
    /// CloudWatch takes any text as a dimension. When it is not exactly the name the service reports
    /// under (a logical id, an ARN or URL instead of the name, a slip of the pen), the alarm finds no
    /// data and never goes off.
    ///
    /// ## How to fix
    ///
    /// Refer to the resource instead of spelling its name: `!Ref Function`, `!GetAtt Queue.QueueName`,
    /// `!GetAtt Topic.TopicName`, `!Ref StateMachine`. For REST APIs `ApiName` is the name, not the id.
    ///
    /// ## When to suppress
    ///
    /// When a resource of that name really exists in another stack.
    ///
    /// ## Source
    ///
    /// Amazon CloudWatch user guide, "Create a CloudWatch alarm based on a static threshold" (alarms on
    /// metrics without data), and AWS's pages on the dimensions of each service; measured on planted
    /// defects, 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// resources:
    ///   Resources:
    ///     Lost: {Type: AWS::SQS::Queue}
    ///     Failing:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{Name: QueueName, Value: {Ref: Lost}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [{Ref: OnCall}]}
    ///     OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, timeout: 10}
    /// resources:
    ///   Resources:
    ///     Lost: {Type: AWS::SQS::Queue}
    ///     Failing:
    ///       Type: AWS::CloudWatch::Alarm
    ///       Properties: {Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{Name: QueueName, Value: {Fn::GetAtt: [Lost, QueueName]}}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [{Ref: OnCall}]}
    ///     OnCall: {Type: AWS::SNS::Topic}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, FunctionName: shop-orders}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: shop-order}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, FunctionName: shop-orders}
    ///   Failing:
    ///     Type: AWS::CloudWatch::Alarm
    ///     Properties: {Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: shop-orders}], Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: [!Ref OnCall]}
    /// ```
    pub(super) static POLICY = "alarm-dangling-dimension" {
        category: Monitoring, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-05"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for metric in graph.alarm_metrics() {
        let Some(alarm) = metric.alarm().resource().filter(|alarm| alarm.exists() != Some(false)) else { continue };
        if !metric.namespace().is_some_and(|namespace| namespace.starts_with("AWS/")) {
            continue;
        }
        for dimension in metric.dimensions() {
            let Some(form) = FORMS.iter().find(|form| form.dimension == dimension.name) else { continue };
            let Some(text) = &dimension.value else { continue };
            let Some((problem, target)) = wrong_form(graph, form, text).or_else(|| near_miss(graph, form, text)) else {
                continue;
            };
            let id = target.id();
            let report = cx
                .report(
                    Place::within(alarm, dimension.origin),
                    format!("{} watches no metric: its {} {problem}", alarm.id(), form.dimension),
                )
                .help(format!("set {} to {}", form.dimension, form.written(id)))
                .remedy(form.data(id).map(|value| {
                    Remedy::safe(format!("Set {} to {}", form.dimension, form.written(id)))
                        .rewrite(dimension.origin, value)
                }));
            report.related(target, format!("{id} is meant, as it seems"));
        }
    }
}

/// How a dimension names a resource.
struct Form {
    dimension: &'static str,
    kinds: &'static [NodeKind],
    /// Attributes whose value is what the service reports under; empty for `Ref`.
    right: &'static [&'static str],
    /// What a wrong `Ref` yields.
    reference: &'static str,
    /// The property that is the name, where no attribute is.
    name: &'static str,
}

const FORMS: [Form; 8] = [
    form("FunctionName", &[NodeKind::Function], &[""], "name", "FunctionName"),
    form("QueueName", &[NodeKind::Queue], &["QueueName"], "URL", "QueueName"),
    form("TopicName", &[NodeKind::Topic], &["TopicName"], "ARN", "TopicName"),
    form("StateMachineArn", &[NodeKind::StateMachine], &["", "Arn"], "ARN", "StateMachineName"),
    form("TableName", &[NodeKind::Table], &[""], "name", "TableName"),
    form("StreamName", &[NodeKind::Stream], &[""], "name", "Name"),
    form("ApiName", &[NodeKind::RestApi], &[], "id", "Name"),
    form("ApiId", &[NodeKind::HttpApi, NodeKind::WebSocketApi], &["", "ApiId"], "id", "Name"),
];

const fn form(
    dimension: &'static str,
    kinds: &'static [NodeKind],
    right: &'static [&'static str],
    reference: &'static str,
    name: &'static str,
) -> Form {
    Form { dimension, kinds, right, reference, name }
}

impl Form {
    /// The value of the dimension of `id`.
    fn data(&self, id: &str) -> Option<serde_json::Value> {
        Some(match *self.right.first()? {
            "" => written::reference(id),
            attribute => written::attribute(id, attribute),
        })
    }

    /// How the dimension of `id` is written.
    fn written(&self, id: &str) -> String {
        match self.right.first() {
            Some(&"") => format!("!Ref {id}"),
            Some(attribute) => format!("!GetAtt {id}.{attribute}"),
            None => format!("the Name of {id}"),
        }
    }
}

/// A reference that yields something else than the name.
fn wrong_form<'g>(graph: &'g Graph, form: &Form, text: &str) -> Option<(String, Resource<'g>)> {
    let mut marks = unknown::marks(text);
    let (mark, rest) = marks.next()?;
    if !rest.is_empty() || unknown::mark(mark) != text {
        return None;
    }
    let (id, attribute) = mark.split_once('.').unwrap_or((mark, ""));
    let node = graph.node(id).filter(|node| form.kinds.contains(&node.kind()))?;
    if form.right.contains(&attribute) {
        return None;
    }
    let yields = match attribute {
        "" => format!("is the {} of {id}", form.reference),
        _ => format!("is the {attribute} of {id}"),
    };
    let wanted =
        if form.dimension.ends_with("Arn") { "ARN" } else { form.dimension.trim_start_matches(char::is_lowercase) };
    let wanted = if wanted.ends_with("Name") { "name" } else { wanted };
    Some((format!("{yields}, not its {wanted}"), node.resource()?))
}

/// A text that is no resource's name, but nearly so, or is a logical id.
fn near_miss<'g>(graph: &'g Graph, form: &Form, text: &str) -> Option<(String, Resource<'g>)> {
    let candidates: Vec<Resource<'g>> = graph
        .nodes()
        .filter(|node| form.kinds.contains(&node.kind()))
        .filter_map(NodeRef::resource)
        .filter(|resource| resource.exists() != Some(false))
        .collect();
    // The title of an OpenAPI definition names an API that has no name of its own.
    let name = |resource: &Resource<'g>| {
        resource.property(&[form.name]).symbolic().or_else(|| resource.property(&["Body", "info", "title"]).symbolic())
    };
    if candidates.iter().any(|resource| name(resource).is_some_and(|name| name == text)) {
        return None;
    }
    let shown = unknown::shown(text);
    if let Some(resource) = candidates.iter().find(|resource| resource.id() == text) {
        return Some((format!("is the logical id {shown}, which is not what the service calls it"), *resource));
    }
    let resource = candidates.into_iter().find(|resource| name(resource).is_some_and(|name| is_slip(&name, text)))?;
    let real = name(&resource)?;
    Some((format!("is {shown}, but {} is called {}", resource.id(), unknown::shown(&real)), resource))
}

/// Whether two names differ by no more than two neighbouring letters.
fn is_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let shared = a.len().min(b.len());
    let tail = tail.min(shared - head);
    let middles = [&a[head..a.len() - tail], &b[head..b.len() - tail]];
    let letters = middles
        .iter()
        .all(|middle| middle.len() <= 2 && middle.iter().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')));
    letters && shared > 5
}
