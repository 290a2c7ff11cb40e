use super::super::{flows, grants};
use crate::graph::{Effect, Graph, NodeKind, NodeRef, Part, RoleOf, Statement, Term, matches_pattern};
use crate::policy;
use crate::policy::{Context, Place};
use flows::{Flow, Way};

policy! {
    /// A rule matches the events that its own target puts on the bus.
    ///
    /// ## Why it matters
    ///
    /// A function that answers an event with an event which the same rule matches starts itself
    /// again, without end. Lambda's loop detection does not follow EventBridge.
    ///
    /// ## How to fix
    ///
    /// Name `source` and `detail-type` in the pattern so that the function's own events do not match,
    /// or let the function put its events on another bus.
    ///
    /// ## When to suppress
    ///
    /// The function puts events only for some inputs and cannot repeat itself.
    ///
    /// ## Source
    ///
    /// Amazon EventBridge user guide, "Best practices when defining Amazon EventBridge rules" (avoid
    /// endless loops); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Shop: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
    ///   Audit:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [EventBridgePutEventsPolicy: {EventBusName: !Ref Shop}],
    ///        Events: {All: {Type: EventBridgeRule, Properties: {EventBusName: !Ref Shop, Pattern: {account: ['123456789012']}}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Shop: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'events:PutEvents', Resource: !GetAtt Shop.Arn}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   All: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref Shop, EventPattern: {account: ['123456789012']}, Targets: [{Id: audit, Arn: !GetAtt Worker.Arn}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Shop: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'events:PutEvents', Resource: !GetAtt Shop.Arn}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   All: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref Shop, EventPattern: {source: [shop.orders]}, Targets: [{Id: audit, Arn: !GetAtt Worker.Arn}]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Shop: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
    ///   Audit:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [EventBridgePutEventsPolicy: {EventBusName: !Ref Shop}],
    ///        Events: {All: {Type: EventBridgeRule, Properties: {EventBusName: !Ref Shop, Pattern: {source: [shop.orders]}}}}}
    /// ```
    pub(super) static POLICY = "recursion-eventbridge" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let flows = flows::flows(cx);
    for flow in flows.iter().filter(|flow| flow.way == Way::RuleTarget && flow.target.kind() == NodeKind::Function) {
        let pattern = Part::of(flow.owner).part(&["EventPattern"]);
        if !pattern.is_known() {
            continue;
        }
        let function = flow.target;
        let Some((statement, term)) = puts_on(graph, flow, function) else { continue };
        let RoleOf::Role(role) = graph.role_of(function) else { continue };
        let consumes = |node| {
            let bus = bus_of(graph, flow);
            flows
                .iter()
                .any(|other| other.way == Way::RuleTarget && other.target == node && bus_of(graph, other) == bus)
        };
        if grants::is_explained_elsewhere(role, consumes) || role.allows("events:PutEvents", None) == Some(false) {
            continue;
        }
        let Some(how) = matches_own(&pattern, statement) else { continue };
        cx.report(
            Place::within(flow.owner, pattern.origin()),
            format!(
                "{} starts {} for {how}, and {} may put such events on the same bus",
                flow.owner.id(),
                function.name(),
                function.name()
            ),
        )
        .help("name in the pattern a source and detail-type that the function does not send itself")
        .related(term.origin, "events:PutEvents is allowed here");
    }
}

/// The bus of a rule: a resource, a name, or the default one.
#[derive(PartialEq)]
enum Bus {
    Node(crate::graph::NodeId),
    Default,
}

fn bus_of(graph: &Graph, flow: &Flow<'_>) -> Option<Bus> {
    let name = flow.owner.property(&["EventBusName"]);
    if name.is_absent() || name.text().is_some_and(|name| name == "default") {
        return Some(Bus::Default);
    }
    graph.resolve_eval(&name, Some(NodeKind::Bus)).node().map(|node| Bus::Node(node.index()))
}

/// The statement by which `function` may put events on the bus of the rule.
fn puts_on<'g>(graph: &'g Graph, flow: &Flow<'g>, function: NodeRef<'g>) -> Option<(&'g Statement, &'g Term)> {
    let bus = bus_of(graph, flow)?;
    let RoleOf::Role(role) = graph.role_of(function) else { return None };
    for statement in role.statements() {
        let everything = statement.actions.iter().any(Term::is_wildcard);
        if statement.effect != Effect::Allow || everything || statement.covers_action("events:PutEvents") != Some(true)
        {
            continue;
        }
        let covers = |term: &&Term| match &bus {
            Bus::Node(index) => term.target(graph).is_some_and(|node| node.index() == *index),
            Bus::Default => term.text.as_deref().is_some_and(|text| text.ends_with(":event-bus/default")),
        };
        if let Some(term) = statement.resources.iter().find(covers) {
            return Some((statement, term));
        }
    }
    None
}

/// What the pattern matches that the function may send; `None` when nothing surely does.
fn matches_own(pattern: &Part<'_>, statement: &Statement) -> Option<String> {
    let keys: Vec<&str> = pattern.entries(&[]).iter().map(|(key, ..)| *key).collect();
    // Anything about the event's own content may leave out what the function sends.
    if keys.iter().any(|key| !matches!(*key, "source" | "detail-type" | "account" | "region" | "version")) {
        return None;
    }
    let sources = pattern.each(&["source"]);
    let types = pattern.each(&["detail-type"]);
    if sources.is_empty() && types.is_empty() {
        return Some("every event".to_owned());
    }
    // Where the role says what the function sends, that can be compared.
    let allowed = |key: &str, given: &[Part<'_>]| {
        if given.is_empty() {
            return Some("any".to_owned());
        }
        let conditions = statement.conditions.iter().filter(|one| one.key.eq_ignore_ascii_case(key));
        let mut values = conditions.flat_map(|one| &one.values).filter_map(|value| value.text.as_deref());
        values.find_map(|value| {
            let same = |part: &&Part<'_>| part.eval().text().is_some_and(|text| matches_pattern(value, &text));
            given.iter().find(same).and_then(|part| part.eval().text()).map(|text| text.to_string())
        })
    };
    let source = allowed("events:source", &sources)?;
    let sort = allowed("events:detail-type", &types)?;
    Some(format!("{source} events of type {sort}"))
}
