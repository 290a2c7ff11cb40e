//! Events other than those of APIs, one file per kind.

mod alb;
mod alexa;
mod cloud_front;
mod cloudwatch_event;
mod cloudwatch_log;
mod cognito;
mod event_bridge;
mod iot;
mod kafka;
mod mq;
mod msk;
mod s3;
mod s3_existing;
mod schedule;
mod sns;
mod sqs;
mod stream;

use super::api;
use super::output::Output;
use super::service::{Event, Service, get};
use crate::template::json;
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Maker, Value};

/// Adds what all events cause, in the framework's order: statements of the shared role come
/// in it.
pub fn events(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    schedule::events(service, out, cx);
    s3::events(service, out, cx);
    s3_existing::events(service, out, cx);
    api::rest::api(service, out, cx);
    api::websocket::api(service, out, cx);
    sns::events(service, out, cx);
    stream::events(service, out, cx);
    kafka::events(service, out);
    mq::events(service, "activemq", out);
    mq::events(service, "rabbitmq", out);
    msk::events(service, out);
    alb::events(service, out, cx);
    alexa::skills(service, out);
    alexa::smart_homes(service, out);
    iot::rules(service, out);
    iot::provisioning(service, out);
    cloudwatch_event::events(service, out);
    cloudwatch_log::events(service, out);
    cognito::events(service, out);
    cognito::existing(service, out, cx);
    event_bridge::events(service, out, cx);
    sqs::events(service, out);
    cloud_front::events(service, out, cx);
    api::http::api(service, out, cx);
}

/// `FilterCriteria` of an event source mapping.
fn filters(event: &Event<'_>) -> Option<Value> {
    let patterns = event.truthy("filterPatterns")?;
    let maker = Maker::new(patterns.origin);
    let filters = patterns.as_list()?.iter().map(|pattern| {
        let maker = Maker::new(pattern.origin);
        maker.map([("Pattern", maker.str(json::to_json(pattern).to_string()))])
    });
    Some(maker.map([("Filters", maker.list(filters))]))
}

/// What an event source mapping waits for.
fn mapping_dependencies(service: &Service, event: &Event<'_>) -> Vec<String> {
    let mut ids: Vec<String> = service.role_resource(event.function).into_iter().collect();
    ids.extend(event.function.alias_id().map(str::to_owned));
    ids
}

/// The permission to work in a VPC.
fn network_statement(maker: Maker) -> Value {
    const ACTIONS: [&str; 6] = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeVpcs",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    ];
    maker.map([
        ("Effect", maker.str("Allow")),
        ("Action", maker.list(ACTIONS.map(|action| maker.str(action)))),
        ("Resource", maker.str("*")),
    ])
}

/// The last part of a `Fn::Join`, and other ways to name a thing by function.
fn name_in(arn: &Value) -> Option<String> {
    if let Some(target) = get(arn, &["Fn::GetAtt"]) {
        return match target.as_list() {
            Some(parts) => parts.first()?.as_str().map(str::to_owned),
            None => target.as_str().and_then(|text| text.split('.').next()).map(str::to_owned),
        };
    }
    if let Some(import) = get(arn, &["Fn::ImportValue"]) {
        return Some(import.as_str().map_or_else(|| json::to_json(import).to_string(), str::to_owned));
    }
    let joined = get(arn, &["Fn::Join"])?.as_list()?.get(1)?.as_list()?.last()?;
    Some(joined.as_str().map_or_else(|| json::to_json(joined).to_string(), str::to_owned))
}

/// Says that an event lacks what it cannot do without.
fn incomplete(event: &Event<'_>, code: Option<&'static str>, what: &str, cx: &mut Lowering<'_>) {
    if event.value.origin.is_incomplete() || super::service::is_unknown(event.value) {
        return;
    }
    let key = &event.function.key;
    let mut problem = Problem::new(
        ProblemKind::FrameworkConfiguration,
        event.origin,
        format!("an event of the function `{key}` {what}"),
    )
    .help("complete the event; without it the framework stops while it packages the service")
    .resource(super::naming::function(key));
    problem.code = code;
    cx.report(problem);
}
