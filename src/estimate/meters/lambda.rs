//! Lambda: requests, duration, initialisation, provisioned concurrency, storage, `SnapStart`,
//! streaming, durable executions, pollers, managed instances, functions at the edge.

use super::{KB_PER_GB, SECONDS, cloudwatch, xray};
use crate::estimate::cold;
use crate::estimate::model::{Charge, Model, index};
use crate::estimate::traffic::ty;
use crate::estimate::usage::Key;
use crate::estimate::variables::{Point, Quantity, Var, Variables, fixed, varying};
use crate::facts::cold_starts;
use crate::facts::prices::HOURS_PER_MONTH;
use crate::facts::quotas;
use crate::graph::{EdgeKind, NodeKind, NodeRef};

/// Seconds after which an environment is replaced even when it is busy; measured, not
/// documented (Xebia, 2021).
const RECYCLE_S: f64 = 7200.0;
/// Response text that is streamed without charge, KB a request.
const FREE_STREAM_KB: f64 = 6.0 * 1024.0;

/// What a function is configured to.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionShape {
    /// Memory, MB.
    pub memory_mb: f64,
    /// Timeout, seconds.
    pub timeout_s: f64,
    /// Whether it runs on arm64.
    pub arm: bool,
    /// The runtime; none for an image or when unknown.
    pub runtime: Option<String>,
    /// Whether the code is a container image.
    pub image: bool,
}

/// Reads the configuration of a function.
pub fn shape(node: NodeRef<'_>) -> FunctionShape {
    let number = |name: &str, default: i64| node.property(&[name]).int().filter(|n| *n > 0).unwrap_or(default) as f64;
    let arm = node
        .property(&["Architectures"])
        .known()
        .and_then(|value| value.as_list().map(|items| items.iter().any(|item| item.as_str() == Some("arm64"))));
    FunctionShape {
        memory_mb: number("MemorySize", quotas::lambda::DEFAULT_MEMORY_MB),
        timeout_s: number("Timeout", quotas::lambda::DEFAULT_TIMEOUT),
        arm: arm.unwrap_or(false),
        runtime: node.property(&["Runtime"]).text().map(|text| text.to_string()),
        image: node.property(&["PackageType"]).text().is_some_and(|text| text == "Image"),
    }
}

/// Mean duration of a call, ms; never beyond the timeout.
pub fn duration_ms(variables: &mut Variables<'_>, node: NodeRef<'_>) -> Quantity {
    let limit = shape(node).timeout_s * 1000.0;
    let duration = variables.of(node, Key::RequestDurationMs);
    Box::new(move |point| point.at(duration).min(limit))
}

/// Seconds that a warm call of a function keeps an environment busy, at `point`; none for
/// functions on managed instances.
pub fn busy_seconds(model: &Model<'_, '_>, node: NodeRef<'_>, point: &Point) -> Option<f64> {
    let ms = model.variables.value(node, Key::RequestDurationMs, point)?;
    node.property(&["CapacityProviderConfig"]).is_absent().then(|| (ms / 1000.0).min(shape(node).timeout_s))
}

/// Environments of provisioned concurrency on all versions and aliases of a function.
pub fn provisioned_of(function: NodeRef<'_>) -> u32 {
    function.sources(EdgeKind::Qualifies).map(kept).sum()
}

/// Environments of provisioned concurrency of a version or alias.
pub fn kept(node: NodeRef<'_>) -> u32 {
    let read = |name: &str| node.property(&[name, "ProvisionedConcurrentExecutions"]).int();
    // An alias and a version call the property by different names.
    let kept = read("ProvisionedConcurrencyConfig").or_else(|| read("ProvisionedConcurrencyConfiguration"));
    kept.unwrap_or(0).clamp(0, 1_000_000) as u32
}

fn at_edge(node: NodeRef<'_>) -> bool {
    node.sources(EdgeKind::InvokesSync).any(|source| ty(source) == "AWS::CloudFront::Distribution")
}

/// Adds what a call of a function costs.
pub fn function(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let shape = shape(node);
    let edge = at_edge(node);
    if !node.property(&["CapacityProviderConfig"]).is_absent() {
        // Managed instances: requests are charged, the instances are the capacity provider's.
        model.per_event(node, "lambda.requests", Model::once());
        cloudwatch::function_logs(model, node);
        return;
    }
    model.per_event(node, if edge { "lambda.edge-requests" } else { "lambda.requests" }, Model::once());
    let extra = node.property(&["EphemeralStorage", "Size"]).int().unwrap_or(512) as f64 - 512.0;
    if extra > 0.0 {
        let duration = duration_ms(&mut model.variables, node);
        let storage = move |point: &_| duration(point) / 1000.0 * extra / 1024.0;
        model.per_event(node, "lambda.ephemeral-storage", Box::new(storage));
    }
    duration(model, node, &shape, edge);
    snapstart(model, node, &shape);
    durable(model, node);
    if streams(node) {
        let size = model.variables.of(node, Key::ResponseKb);
        let over = move |point: &Point| (point.at(size) - FREE_STREAM_KB).max(0.0) / KB_PER_GB;
        model.per_event(node, "lambda.streaming", Box::new(over));
    }
    if node.property(&["TracingConfig", "Mode"]).text().is_some_and(|mode| mode == "Active") {
        xray::traced(model, node);
    }
    cloudwatch::function_logs(model, node);
}

fn streams(node: NodeRef<'_>) -> bool {
    node.incoming().any(|edge| {
        let source = edge.source();
        ty(source) == "AWS::Lambda::Url"
            && source.property(&["InvokeMode"]).text().is_some_and(|mode| mode == "RESPONSE_STREAM")
    }) || node.graph().routes_to(node).any(|route| route.streams().value() == Some(true))
}

/// Duration with initialisation. Calls that provisioned concurrency serves have a price of
/// their own; those that find it busy are charged on demand.
fn duration(model: &mut Model<'_, '_>, node: NodeRef<'_>, shape: &FunctionShape, edge: bool) {
    let on_demand = model.meter(match (edge, shape.arm) {
        (true, _) => "lambda.edge-duration",
        (_, true) => "lambda.duration.arm",
        _ => "lambda.duration.x86",
    });
    let provisioned =
        model.meter(if shape.arm { "lambda.provisioned-duration.arm" } else { "lambda.provisioned-duration.x86" });
    let kept = provisioned_of(node);
    let snapstart = has_snapstart(node, shape).then(|| model.meter("lambda.snapstart-restore"));
    let gb = shape.memory_mb / 1024.0;
    let expiry = model.variables.of(node, Key::IdleExpiryS);
    let cold = model.variables.said(node, Key::ColdStartShare);
    let given = model.variables.said(node, Key::InitDurationMs);
    let measured = measured_init(shape);
    let warm = duration_ms(&mut model.variables, node);
    model.sites[index(node)].by_load = Some(Box::new(move |point, events| {
        let seconds = warm(point) / 1000.0;
        let calls = events.unwrap_or(1.0);
        let rate = events.map(|events| events / SECONDS);
        let spill = match rate {
            Some(rate) if kept > 0 => cold::spill(rate * seconds, kept),
            _ if kept > 0 => 0.0,
            _ => 1.0,
        };
        let starts = match (cold, rate) {
            (Some(share), _) => calls * spill * point.at(share),
            (None, Some(rate)) => cold_starts_a_second(rate * spill, seconds, point.at(expiry)) * SECONDS,
            (None, None) => 0.0,
        };
        let init = given.map_or(measured, |given| Some(point.at(given))).unwrap_or(0.0) / 1000.0;
        let mut used = vec![(on_demand, gb * (calls * spill * seconds))];
        match snapstart {
            // A snapshot is restored in place of initialisation.
            Some(restore) => used.push((restore, starts * gb)),
            None => used[0].1 += starts * init * gb,
        }
        if kept > 0 {
            used.push((provisioned, gb * calls * (1.0 - spill) * seconds));
        }
        used
    }));
}

/// Median init of the runtime's hello world, ms: a lower bound for real code.
pub fn measured_init(shape: &FunctionShape) -> Option<f64> {
    let arch = if shape.arm { "arm64" } else { "x86_64" };
    let row = cold_starts::nearest(shape.runtime.as_deref()?, arch, shape.memory_mb as u32, shape.image)?;
    Some(row.p50_ms)
}

/// Cold starts a second, for the price of initialisation: those of a single environment that
/// expires, which are most frequent at one call an expiry and do not fall from there on, and
/// those of environments replaced when they are old. It grows with the rate, as a price must;
/// the cold-start model proper is in [`cold`].
pub fn cold_starts_a_second(rate: f64, service_s: f64, expiry_s: f64) -> f64 {
    let expired = if rate * expiry_s <= 1.0 { rate * (-rate * expiry_s).exp() } else { (-1.0f64).exp() / expiry_s };
    (expired + rate * service_s / RECYCLE_S).min(rate)
}

fn has_snapstart(node: NodeRef<'_>, shape: &FunctionShape) -> bool {
    let on = node.property(&["SnapStart", "ApplyOn"]).text().is_some_and(|text| text == "PublishedVersions");
    // SnapStart is free for Java.
    on && !shape.runtime.as_deref().is_some_and(|runtime| runtime.starts_with("java"))
}

fn snapstart(model: &mut Model<'_, '_>, node: NodeRef<'_>, shape: &FunctionShape) {
    if has_snapstart(node, shape) {
        let versions = model.variables.of(node, Key::KeptVersions);
        let gb = shape.memory_mb / 1024.0;
        model.monthly(node, "lambda.snapstart-cache", Box::new(move |point| point.at(versions) * gb * SECONDS));
    }
}

fn durable(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    if node.property(&["DurableConfig"]).is_absent() {
        return;
    }
    let operations = model.variables.of(node, Key::DurableOperations);
    let data = model.variables.of(node, Key::DurableDataKb);
    let days = node.property(&["DurableConfig", "RetentionPeriodInDays"]).int();
    model.per_event(node, "lambda.durable-operations", varying(operations));
    model.per_event(node, "lambda.durable-written", Box::new(move |point| point.at(data) / KB_PER_GB));
    let kept: Quantity = match days {
        Some(days) => fixed(days as f64),
        None => varying(model.variables.of(node, Key::DurableRetentionDays)),
    };
    let month = HOURS_PER_MONTH / 24.0;
    let retained = move |point: &Point| point.at(data) / KB_PER_GB * kept(point) / month;
    model.per_event(node, "lambda.durable-retained", Box::new(retained));
}

/// Adds what a version or alias with provisioned concurrency costs.
pub fn provisioned(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let kept = kept(node);
    let function = node.targets(EdgeKind::Qualifies).find(|node| node.kind() == NodeKind::Function);
    let Some(shape) = function.map(shape).filter(|_| kept > 0) else { return };
    let meter = if shape.arm { "lambda.provisioned.arm" } else { "lambda.provisioned.x86" };
    let gb = f64::from(kept) * shape.memory_mb / 1024.0;
    match model.variables.said(node, Key::ProvisionedHours) {
        Some(hours) => model.monthly(node, meter, Box::new(move |point| point.at(hours) * 3600.0 * gb)),
        None => model.baseline(node, meter, gb * SECONDS),
    }
}

/// Adds the event pollers that a mapping keeps.
pub fn pollers(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let kept = node.property(&["ProvisionedPollerConfig", "MinimumPollers"]).int().unwrap_or(0).max(0) as f64;
    let queue = node.property(&["EventSourceArn"]).symbolic().is_some_and(|arn| arn.contains(":sqs:"))
        || node.graph().mappings().any(|mapping| {
            mapping.resource().id() == node.name()
                && mapping.source_node().is_some_and(|source| source.kind() == NodeKind::Queue)
        });
    let meter = if queue { "lambda.poller.sqs" } else { "lambda.poller.kafka" };
    model.baseline(node, meter, kept * HOURS_PER_MONTH);
}

/// Adds what leaves through a function URL.
pub fn url(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let Some(function) = node.targets(EdgeKind::InvokesSync).find(|node| node.kind() == NodeKind::Function) else {
        return;
    };
    let size = model.variables.of(function, Key::ResponseKb);
    model.per_event(node, "transfer.out", Box::new(move |point| point.at(size) / KB_PER_GB));
}

/// Adds the instances of a capacity provider, and Lambda's fee on their list price. What an
/// instance costs is the user's to say, so the meters count dollars.
pub fn capacity_provider(model: &mut Model<'_, '_>, node: NodeRef<'_>) {
    let hours = model.variables.given(node, Key::InstanceHours);
    let price = model.variables.given(node, Key::InstancePriceUsd);
    let (Some(hours), Some(price)) = (hours, price) else { return };
    let paid = model.variables.said(node, Key::InstancePaidPriceUsd).unwrap_or(price);
    let product = |a: Var, b: Var| -> Quantity { Box::new(move |point| point.at(a) * point.at(b)) };
    model.monthly(node, "lambda.managed-instances", product(hours, paid));
    model.monthly(node, "lambda.managed-instances-fee", product(hours, price));
}

/// What a large payload of an asynchronous call adds: a request for each 64 KB beyond 256.
pub fn payload(model: &mut Model<'_, '_>, source: NodeRef<'_>, function: NodeRef<'_>) -> Vec<Charge> {
    let size = match source.kind() {
        NodeKind::Bucket | NodeKind::LogGroup | NodeKind::Function => return Vec::new(),
        _ => model.variables.of(source, Key::RequestSizeKb),
    };
    let over = move |point: &Point| ((point.at(size) - 256.0) / 64.0).ceil().max(0.0);
    vec![model.way_charge(function, "lambda.requests", Box::new(over))]
}
