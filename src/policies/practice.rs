//! Practices: what one does for all resources of a kind, or for none.
//!
//! A function without an alarm among functions that have one is a gap. In a template without any
//! alarm every function lacks one: to say so once is enough, and a hint is all it is.

use crate::graph::{Auth, EdgeKind, Graph, NodeKind, Part, Resource};

/// Policies that look for gaps in one practice.
#[derive(Debug)]
pub struct Practice {
    policies: &'static [&'static str],
    seen: fn(&Graph) -> bool,
    /// Whether its absence is a hint only, of severity low.
    pub hint: bool,
}

static PRACTICES: [Practice; 10] = [
    Practice {
        policies: &[
            "api-no-5xx-alarm",
            "dlq-no-depth-alarm",
            "function-no-error-alarm",
            "function-no-throttle-alarm",
            "state-machine-no-failed-alarm",
            "stream-consumer-no-iterator-age-alarm",
        ],
        seen: |graph| graph.nodes_of(NodeKind::Alarm).next().is_some(),
        hint: true,
    },
    Practice {
        policies: &["api-tracing-off", "appsync-tracing-off", "function-tracing-off", "state-machine-tracing-off"],
        seen: |graph| {
            graph.template().resources().any(|one| {
                let active = one.property(&["TracingConfig", "Mode"]).text().is_some_and(|mode| mode == "Active");
                let on = [&["TracingEnabled"][..], &["XrayEnabled"], &["TracingConfiguration", "Enabled"]];
                active || on.iter().any(|path| one.property(path).bool() == Some(true))
            })
        },
        hint: true,
    },
    Practice {
        policies: &["log-group-no-retention"],
        seen: |graph| any(graph, "AWS::Logs::LogGroup", &["RetentionInDays"]),
        hint: true,
    },
    Practice {
        policies: &["api-access-log-missing"],
        seen: |graph| stages(graph).any(|stage| has(stage, &["AccessLogSetting", "AccessLogSettings"])),
        hint: true,
    },
    Practice {
        policies: &["api-no-throttling"],
        seen: |graph| stages(graph).any(limits) || graph.resources_of("AWS::ApiGateway::UsagePlan").next().is_some(),
        hint: true,
    },
    Practice {
        policies: &["eventbridge-target-no-dlq", "sns-subscription-no-redrive"],
        seen: keeps_failures,
        hint: true,
    },
    // Messages that keep failing come back for days: more than a hint.
    Practice { policies: &["sqs-source-no-redrive"], seen: keeps_failures, hint: false },
    Practice {
        policies: &["stream-esm-no-bisect", "stream-esm-no-failure-destination"],
        seen: handles_stream_errors,
        hint: true,
    },
    // A batch that keeps failing blocks its shard: more than a hint.
    Practice { policies: &["stream-esm-unbounded-retry"], seen: handles_stream_errors, hint: false },
    Practice {
        policies: &["http-route-no-auth", "rest-method-no-auth"],
        seen: |graph| {
            graph
                .routes()
                .any(|route| route.authorizer().is_some() || route.auth().value().is_none_or(|auth| auth != Auth::None))
        },
        hint: false,
    },
];

impl Practice {
    /// The practice that a policy looks for gaps in.
    pub fn of(policy: &str) -> Option<&'static Self> {
        PRACTICES.iter().find(|practice| practice.policies.contains(&policy))
    }

    /// Whether the template follows it anywhere.
    pub fn is_seen(&self, graph: &Graph) -> bool {
        (self.seen)(graph)
    }
}

fn keeps_failures(graph: &Graph) -> bool {
    graph.edges().any(|edge| edge.kind() == EdgeKind::DeadLettersTo)
}

fn handles_stream_errors(graph: &Graph) -> bool {
    let names =
        ["BisectBatchOnFunctionError", "DestinationConfig", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts"];
    graph.resources_of("AWS::Lambda::EventSourceMapping").any(|mapping| has(mapping, &names))
}

fn any(graph: &Graph, ty: &'static str, path: &[&str]) -> bool {
    graph.resources_of(ty).any(|resource| has(resource, path))
}

fn stages(graph: &Graph) -> impl Iterator<Item = Resource<'_>> {
    graph.resources_of("AWS::ApiGateway::Stage").chain(graph.resources_of("AWS::ApiGatewayV2::Stage"))
}

/// Whether a stage limits the rate of some requests.
fn limits(stage: Resource<'_>) -> bool {
    let part = Part::of(stage);
    let limit = |one: &Part<'_>| {
        ["ThrottlingRateLimit", "ThrottlingBurstLimit"].iter().any(|name| !one.get(&[name]).is_absent())
    };
    part.each(&["MethodSettings"]).iter().chain(&part.each(&["DefaultRouteSettings"])).any(limit)
        || part.entries(&["RouteSettings"]).iter().any(|(_, _, route)| limit(route))
}

/// Whether one of the properties is written.
fn has(resource: Resource<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| !resource.property(&[name]).is_absent())
}
