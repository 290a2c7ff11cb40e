//! `serverless-plugin-aws-alerts`: alarms and topics.

use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::merge::merge_into;
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{Function, Service, get, is_object, text, truthy};
use crate::template::value::{Kind, Maker, Map, Value};

/// Alarms that need no definition: name, metric, threshold, statistic.
const DEFINITIONS: [(&str, &str, i64, &str); 4] = [
    ("functionInvocations", "Invocations", 100, "Sum"),
    ("functionErrors", "Errors", 1, "Sum"),
    ("functionDuration", "Duration", 500, "Average"),
    ("functionThrottles", "Throttles", 1, "Sum"),
];

/// Adds topics, alarms and metric filters.
pub fn alerts(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let Some(config) = get(&service.config, &["custom", "alerts"]) else { return };
    let stages = get(config, &["stages"]).and_then(Value::as_list);
    if stages.is_some_and(|stages| !stages.iter().any(|stage| stage.as_str() == Some(&service.stage))) {
        return;
    }
    let topics = topics(config, out);
    let shared: Vec<&Value> = ["alarms", "global", "function"]
        .iter()
        .flat_map(|name| get(config, &[name]).and_then(Value::as_list).unwrap_or_default())
        .collect();
    for function in &service.functions {
        let own = function.get("alarms").and_then(Value::as_list).unwrap_or_default();
        for written in shared.iter().copied().chain(own) {
            let Some(definition) = definition(config, written, cx) else { continue };
            let name = definition.get("name").and_then(text).unwrap_or_default();
            let id = format!("{}{}Alarm", naming::normalized(&function.key), naming::normalized(&name));
            if definition.get("enabled").is_some_and(|enabled| !truthy(enabled)) {
                out.resources.remove(&id);
                continue;
            }
            alarm(service, function, config, &definition, &topics, id, out);
            filters(service, function, &definition, &name, out);
        }
    }
}

/// One alarm's settings: defaults, then the service's definition, then the entry itself.
fn definition(config: &Value, written: &Value, cx: &mut Lowering<'_>) -> Option<Value> {
    let maker = Maker::new(written.origin);
    let name = written.as_str().map(str::to_owned).or_else(|| get(written, &["name"]).and_then(text))?;
    let mut map = Map::new();
    map.insert("enabled", maker.bool(true));
    map.insert("type", maker.str("static"));
    let default = DEFINITIONS.iter().find(|(known, ..)| *known == name);
    let custom = get(config, &["definitions", &name]).and_then(Value::as_map);
    if let Some((_, metric, threshold, statistic)) = default {
        map.insert("namespace", maker.str("AWS/Lambda"));
        map.insert("actionsEnabled", maker.bool(true));
        map.insert("metric", maker.str(*metric));
        map.insert("threshold", maker.int(*threshold));
        map.insert("statistic", maker.str(*statistic));
        map.insert("period", maker.int(60));
        map.insert("evaluationPeriods", maker.int(1));
        map.insert("datapointsToAlarm", maker.int(1));
        map.insert("comparisonOperator", maker.str("GreaterThanOrEqualToThreshold"));
    } else if custom.is_none() && written.as_str().is_some() {
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                written.origin,
                format!("the alarm `{name}` is not defined"),
            )
            .help("define it in `custom.alerts.definitions`"),
        );
        return None;
    }
    merge_into(&mut map, custom.cloned().unwrap_or_default());
    merge_into(&mut map, written.as_map().cloned().unwrap_or_default());
    map.insert("name", maker.str(name));
    Some(Value::new(Kind::Map(map), written.origin))
}

/// Topics by the name of their group (empty for the shared ones) and kind.
type Topics = Vec<(String, String, Value)>;

fn topics(config: &Value, out: &mut Output) -> Topics {
    let mut topics = Topics::new();
    for entry in get(config, &["topics"]).and_then(Value::as_map).into_iter().flatten() {
        if matches!(&*entry.key, "ok" | "alarm" | "insufficientData") {
            topic("", &entry.key, &entry.value, &mut topics, out);
            continue;
        }
        for inner in entry.value.as_map().into_iter().flatten() {
            topic(&entry.key, &inner.key, &inner.value, &mut topics, out);
        }
    }
    topics
}

fn topic(group: &str, kind: &str, config: &Value, topics: &mut Topics, out: &mut Output) {
    let intrinsic = config.single().is_some_and(|(key, _)| key == "Ref" || key.starts_with("Fn::"));
    let (target, notifications) = if config.as_map().is_some() && !intrinsic {
        (get(config, &["topic"]), get(config, &["notifications"]))
    } else {
        (Some(config), None)
    };
    let Some(target) = target.filter(|target| truthy(target)) else { return };
    let exists = is_object(target) || target.as_str().is_some_and(|name| name.starts_with("arn:"));
    if exists {
        topics.push((group.to_owned(), kind.to_owned(), target.clone()));
        return;
    }
    let maker = Maker::new(target.origin);
    let id = format!("AwsAlerts{}{}", naming::upper_first(group), naming::upper_first(kind));
    topics.push((group.to_owned(), kind.to_owned(), maker.reference(id.as_str())));
    let subscriptions = notifications.and_then(Value::as_list).unwrap_or_default().iter().map(|notification| {
        let maker = Maker::new(notification.origin);
        let names = [("protocol", "Protocol"), ("endpoint", "Endpoint")];
        maker.map(names.iter().filter_map(|(name, property)| Some((*property, get(notification, &[name])?.clone()))))
    });
    out.merge(
        Resource::new(id, "AWS::SNS::Topic", maker)
            .set("TopicName", target.clone())
            .set("Subscription", maker.list(subscriptions)),
    );
}

fn actions(definition: &Value, topics: &Topics, kind: &str, setting: &str) -> Vec<Value> {
    let find = |group: &str| {
        topics.iter().find(|(known, of, _)| known == group && of == kind).map(|(_, _, topic)| topic.clone())
    };
    let mut actions: Vec<Value> = find("").into_iter().collect();
    for group in get(definition, &[setting]).and_then(Value::as_list).unwrap_or_default() {
        actions.extend(text(group).and_then(|group| find(&group)));
    }
    actions
}

fn metric_name(definition: &Value, function: &str) -> Value {
    let metric = definition.get("metric").cloned().unwrap_or_else(|| Maker::new(definition.origin).str(""));
    if definition.get("pattern").is_none() {
        return metric;
    }
    let name = format!("{}{function}", naming::upper_first(&text(&metric).unwrap_or_default()));
    Value::new(Kind::Str(name.into()), metric.origin)
}

fn alarm(
    service: &Service,
    function: &Function,
    config: &Value,
    definition: &Value,
    topics: &Topics,
    id: String,
    out: &mut Output,
) {
    let maker = Maker::new(definition.origin);
    let function_id = naming::function(&function.key);
    let setting = |name: &str| get(definition, &[name]).cloned();
    let pattern = definition.get("pattern").is_some_and(truthy);
    let namespace = if pattern { Some(maker.str(service.stack())) } else { setting("namespace") };
    let metric = metric_name(definition, &function_id);
    let mut dimensions: Vec<Value> = Vec::new();
    if !pattern {
        let plain = definition.get("omitDefaultDimension").is_some_and(truthy);
        let given = get(definition, &["dimensions"]).and_then(Value::as_list).unwrap_or_default();
        let is_function = |item: &&Value| item.get("Name").and_then(Value::as_str) == Some("FunctionName");
        dimensions.extend(given.iter().filter(|item| plain || !is_function(item)).cloned());
        if !plain {
            let name = maker.reference(function_id.as_str());
            dimensions.push(maker.map([("Name", maker.str("FunctionName")), ("Value", name)]));
        }
    }
    let mut resource = Resource::new(id, "AWS::CloudWatch::Alarm", maker)
        .opt("ActionsEnabled", setting("actionsEnabled"))
        .opt("AlarmDescription", setting("description"))
        .opt("EvaluationPeriods", setting("evaluationPeriods"))
        .opt("DatapointsToAlarm", setting("datapointsToAlarm"))
        .opt("ComparisonOperator", setting("comparisonOperator"))
        .set("TreatMissingData", setting("treatMissingData").filter(truthy).unwrap_or_else(|| maker.str("missing")))
        .set("OKActions", maker.list(actions(definition, topics, "ok", "okActions")))
        .set("AlarmActions", maker.list(actions(definition, topics, "alarm", "alarmActions")))
        .set(
            "InsufficientDataActions",
            maker.list(actions(definition, topics, "insufficientData", "insufficientDataActions")),
        );
    if definition.get("type").and_then(Value::as_str) == Some("anomalyDetection") {
        let shown = text(&metric).unwrap_or_default();
        let band = setting("threshold").as_ref().and_then(text).unwrap_or_default();
        let mut measured = Vec::new();
        measured.extend(namespace.map(|namespace| ("Namespace", namespace)));
        measured.push(("MetricName", metric));
        measured.push(("Dimensions", maker.list(dimensions)));
        let mut stat = vec![("Metric", maker.map(measured))];
        stat.extend(setting("period").map(|period| ("Period", period)));
        stat.extend(setting("statistic").map(|statistic| ("Stat", statistic)));
        let metrics = [
            maker.map([("Id", maker.str("m1")), ("ReturnData", maker.bool(true)), ("MetricStat", maker.map(stat))]),
            maker.map([
                ("Id", maker.str("ad1")),
                ("Expression", maker.str(format!("ANOMALY_DETECTION_BAND(m1, {band})"))),
                ("Label", maker.str(format!("{shown} (expected)"))),
                ("ReturnData", maker.bool(true)),
            ]),
        ];
        resource = resource.set("Metrics", maker.list(metrics)).set("ThresholdMetricId", maker.str("ad1"));
    } else {
        let plain = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
        let statistic = setting("statistic");
        let is_plain = statistic.as_ref().and_then(Value::as_str).is_some_and(|name| plain.contains(&name));
        resource = resource
            .opt("Namespace", namespace)
            .set("MetricName", metric)
            .opt("Threshold", setting("threshold"))
            .opt("Period", setting("period"))
            .set("Dimensions", maker.list(dimensions))
            .opt(if is_plain { "Statistic" } else { "ExtendedStatistic" }, statistic);
        if !is_plain {
            resource = resource.opt("EvaluateLowSampleCountPercentile", setting("evaluateLowSampleCountPercentile"));
        }
    }
    out.merge(resource.opt("AlarmName", name(service, function, config, definition, maker)));
}

fn name(service: &Service, function: &Function, config: &Value, definition: &Value, maker: Maker) -> Option<Value> {
    let template = |name: &str| {
        let own = get(definition, &[name]).or_else(|| get(config, &[name]));
        own.and_then(text)
    };
    let function_id = naming::function(&function.key);
    let metric = definition.get("metric").and_then(text).unwrap_or_default();
    let (pattern, shown) = match (template("nameTemplate"), template("prefixTemplate")) {
        (Some(pattern), _) => (pattern, metric),
        (None, Some(_)) => {
            ("$[functionName]-$[metricName]".to_owned(), definition.get("name").and_then(text).unwrap_or(metric))
        }
        (None, None) => return None,
    };
    let id = text(&metric_name(definition, &function_id)).unwrap_or_default();
    let filled = pattern
        .replacen("$[functionName]", &function.key, 1)
        .replacen("$[functionId]", &function_id, 1)
        .replacen("$[metricName]", &shown, 1)
        .replacen("$[metricId]", &id, 1);
    let prefix = template("prefixTemplate").unwrap_or_else(|| "$[stackName]".into());
    let prefix = prefix.replacen("$[stackName]", &service.stack(), 1);
    Some(maker.str(if prefix.is_empty() { filled } else { format!("{prefix}-{filled}") }))
}

/// Filters that turn log lines into the metric of an alarm with a pattern.
fn filters(service: &Service, function: &Function, definition: &Value, name: &str, out: &mut Output) {
    let Some(pattern) = get(definition, &["pattern"]).filter(|pattern| truthy(pattern)) else { return };
    let maker = Maker::new(definition.origin);
    let function_id = naming::function(&function.key);
    let group = naming::log_group_name(&text(&function.name).unwrap_or_default());
    for (suffix, pattern, value) in [("ALERT", pattern.clone(), 1), ("OK", maker.str(""), 0)] {
        let transformation = maker.map([
            ("MetricValue", maker.int(value)),
            ("MetricNamespace", maker.str(service.stack())),
            ("MetricName", metric_name(definition, &function_id)),
        ]);
        out.merge(
            Resource::new(
                format!("{function_id}{}LogMetricFilter{suffix}", naming::upper_first(name)),
                "AWS::Logs::MetricFilter",
                maker,
            )
            .set("FilterPattern", pattern)
            .set("LogGroupName", maker.str(group.as_str()))
            .set("MetricTransformations", maker.list([transformation]))
            .after(Some(&naming::log_group(&function.key))),
        );
    }
}
