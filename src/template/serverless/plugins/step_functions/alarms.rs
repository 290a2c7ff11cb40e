//! Alarms of state machines.

use super::machine_id;
use crate::template::serverless::naming::upper_first;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{Service, get, text, truthy};
use crate::template::value::{Entry, Maker, Value};

const METRICS: [(&str, &str); 5] = [
    ("executionsTimedOut", "executions timed out"),
    ("executionsFailed", "executions failed"),
    ("executionsAborted", "executions were aborted"),
    ("executionThrottled", "execution were throttled"),
    ("executionsSucceeded", "executions succeeded"),
];

/// The alarms that the machine `entry` asks for.
pub fn alarms(service: &Service, entry: &Entry, out: &mut Output) {
    let Some(config) = get(&entry.value, &["alarms"]).filter(|config| config.as_map().is_some()) else { return };
    let machine = machine_id(entry);
    let name = get(&entry.value, &["name"]).and_then(text).unwrap_or_else(|| entry.key.to_string());
    for written in get(config, &["metrics"]).and_then(Value::as_list).unwrap_or_default() {
        let metric = get(written, &["metric"]).unwrap_or(written);
        let Some((key, what)) = METRICS.iter().find(|(key, _)| metric.as_str() == Some(key)) else { continue };
        let maker = Maker::new(written.origin);
        let setting = |name: &str| get(written, &[name]).or_else(|| get(config, &[name])).cloned();
        let actions = |kind: &str| maker.list(get(config, &["topics", kind]).filter(|topic| truthy(topic)).cloned());
        let id = get(written, &["logicalId"])
            .and_then(text)
            .unwrap_or_else(|| format!("{machine}{}Alarm", upper_first(key)));
        let dimension =
            maker.map([("Name", maker.str("StateMachineArn")), ("Value", maker.reference(machine.as_str()))]);
        out.merge(
            Resource::new(id, "AWS::CloudWatch::Alarm", maker)
                .set("Namespace", maker.str("AWS/States"))
                .set("MetricName", maker.str(upper_first(key)))
                .set("AlarmDescription", maker.str(format!("{name}[{}][{}]: {what}", service.stage, service.region)))
                .set("Threshold", maker.int(1))
                .set("Period", setting("period").unwrap_or_else(|| maker.int(60)))
                .set("EvaluationPeriods", maker.int(1))
                .set("ComparisonOperator", maker.str("GreaterThanOrEqualToThreshold"))
                .set("Statistic", maker.str("Sum"))
                .set("OKActions", actions("ok"))
                .set("AlarmActions", actions("alarm"))
                .set("InsufficientDataActions", actions("insufficientData"))
                .set("TreatMissingData", setting("treatMissingData").unwrap_or_else(|| maker.str("missing")))
                .set("Dimensions", maker.list([dimension])),
        );
    }
}
