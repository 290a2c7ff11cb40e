//! Traces and logs that a resource keeps by its own settings.

use crate::graph::{EdgeKind, Eval, Graph, NodeKind, NodeRef, Resource};

/// Whether the resource sends traces.
pub(super) fn traced(graph: &Graph, node: NodeRef<'_>) -> Option<bool> {
    match node.kind() {
        NodeKind::Function => is_on(&node.property(&["TracingConfig", "Mode"]), |mode| mode == "Active"),
        NodeKind::StateMachine => is_on(&node.property(&["TracingConfiguration", "Enabled"]), |on| on == "true"),
        NodeKind::GraphQlApi => is_on(&node.property(&["XrayEnabled"]), |on| on == "true"),
        _ => of_all(stages(graph, node).into_iter().map(|stage| {
            let path: &[&str] =
                if is_deployment(stage) { &["StageDescription", "TracingEnabled"] } else { &["TracingEnabled"] };
            is_on(&stage.property(path), |on| on == "true")
        })),
    }
}

/// Whether the resource keeps a log, for a time that somebody chose where it would else be kept
/// for ever; and the log group.
pub(super) fn logged<'g>(graph: &'g Graph, node: NodeRef<'g>) -> (Option<bool>, Vec<NodeRef<'g>>) {
    match node.kind() {
        NodeKind::Function => function_log(graph, node),
        NodeKind::StateMachine => {
            (is_on(&node.property(&["LoggingConfiguration", "Level"]), |level| level != "OFF"), Vec::new())
        }
        NodeKind::GraphQlApi => {
            (is_on(&node.property(&["LogConfig", "FieldLogLevel"]), |level| level != "NONE"), Vec::new())
        }
        _ => {
            let written = stages(graph, node).into_iter().map(|stage| {
                let path: &[&str] = match stage.ty() {
                    "AWS::ApiGateway::Deployment" => &["StageDescription", "AccessLogSetting", "DestinationArn"],
                    "AWS::ApiGatewayV2::Stage" => &["AccessLogSettings", "DestinationArn"],
                    _ => &["AccessLogSetting", "DestinationArn"],
                };
                match stage.property(path) {
                    Eval::Unknown(_) => None,
                    written => Some(!written.is_absent()),
                }
            });
            (of_all(written), Vec::new())
        }
    }
}

fn function_log<'g>(graph: &'g Graph, node: NodeRef<'g>) -> (Option<bool>, Vec<NodeRef<'g>>) {
    let groups: Vec<NodeRef<'g>> =
        node.targets(EdgeKind::LogsTo).filter(|group| group.kind() == NodeKind::LogGroup).collect();
    if groups.is_empty() {
        // A group of another stack, or one whose name is not known, may be the function's.
        let elsewhere = !node.property(&["LoggingConfig", "LogGroup"]).is_absent();
        let stray = graph.nodes_of(NodeKind::LogGroup).any(|group| {
            group.sources(EdgeKind::LogsTo).next().is_none() && group.property(&["LogGroupName"]).is_unknown()
        });
        let custom = graph.template().resources().any(|resource| resource.ty() == "Custom::LogRetention");
        return ((!(elsewhere || stray || custom || graph.is_open())).then_some(false), groups);
    }
    let kept = of_all(groups.iter().map(|group| match group.property(&["RetentionInDays"]) {
        Eval::Unknown(_) => None,
        days => Some(!days.is_absent()),
    }));
    (kept, groups)
}

/// The stages of an API: resources, or deployments that make one themselves.
fn stages<'g>(graph: &'g Graph, api: NodeRef<'g>) -> Vec<Resource<'g>> {
    let of_api = |resource: &Resource<'g>| {
        let keys = ["RestApiId", "ApiId"];
        resource.exists() != Some(false)
            && keys.iter().any(|key| graph.referred(&resource.property(&[key])) == Some(api))
    };
    let stages = graph.resources_of("AWS::ApiGateway::Stage").chain(graph.resources_of("AWS::ApiGatewayV2::Stage"));
    let mut found: Vec<Resource<'g>> = stages.filter(of_api).collect();
    let deployments = graph.resources_of("AWS::ApiGateway::Deployment").filter(of_api).filter(|deployment| {
        let id = Some(deployment.id());
        let uses = |stage: &Resource<'g>| {
            graph.referred(&stage.property(&["DeploymentId"])).and_then(NodeRef::logical_id) == id
        };
        !deployment.property(&["StageName"]).is_absent() && !found.iter().any(uses)
    });
    let deployments: Vec<Resource<'g>> = deployments.collect();
    found.extend(deployments);
    found
}

fn is_deployment(stage: Resource<'_>) -> bool {
    stage.ty() == "AWS::ApiGateway::Deployment"
}

/// Whether a setting that is off unless written is on.
fn is_on(setting: &Eval<'_>, on: impl Fn(&str) -> bool) -> Option<bool> {
    if setting.is_absent() { Some(false) } else { setting.text().map(|text| on(&text)) }
}

/// Whether all are on; `None` where there are none, or some are not known and no one is off.
fn of_all(settings: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut answer = None;
    for (index, setting) in settings.enumerate() {
        match setting {
            Some(false) => return Some(false),
            Some(true) if index == 0 || answer == Some(true) => answer = Some(true),
            _ => answer = None,
        }
    }
    answer
}
