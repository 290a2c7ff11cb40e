use crate::graph::{Graph, Map, NodeKind, NodeRef, Resource, Value};
use crate::policy;
use crate::policy::{Context, Place, closest};

policy! {
    /// A nested stack passes a parameter that its template does not have, or leaves out one that it needs.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation finds out when it makes the nested stack, in the middle of the deployment:
    /// `Parameters: [X] do not exist in the template` or `Parameters: [X] must have values`. Everything
    /// that was made until then is rolled back. No check of either file alone can see it.
    ///
    /// ## How to fix
    ///
    /// Pass what the nested template declares without a default, and nothing else.
    ///
    /// ## Examples
    ///
    /// The examples nest this template, `queue.yaml`:
    ///
    /// ```yaml,file:queue.yaml
    /// Parameters:
    ///   Team: {Type: String}
    ///   Delay: {Type: Number, Default: 0}
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay, Tags: [{Key: team, Value: !Ref Team}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::CloudFormation::Stack
    ///     Properties: {TemplateURL: queue.yaml, Parameters: {Delay: 5}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::CloudFormation::Stack
    ///     Properties: {TemplateURL: queue.yaml, Parameters: {Team: orders, Delay: 5}}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::Serverless::Application
    ///     Properties: {Location: queue.yaml, Parameters: {Team: orders, Delays: 5}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Jobs:
    ///     Type: AWS::Serverless::Application
    ///     Properties: {Location: queue.yaml, Parameters: {Team: orders}}
    /// ```
    pub(super) static POLICY = "nested-stack-parameters" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for stack in graph.nodes_of(NodeKind::Stack).filter_map(NodeRef::resource) {
        if let Some(child) = graph.child(stack.id()).filter(|_| stack.exists() != Some(false)) {
            compare(cx, stack, child);
        }
    }
}

fn compare(cx: &mut Context<'_>, stack: Resource<'_>, child: &Graph) {
    let template = child.template();
    let passed = stack.property(&["Parameters"]);
    let passed = match passed.borrowed() {
        _ if passed.is_absent() => None,
        Some(value) if value.as_map().is_some() && !value.origin.is_incomplete() => value.as_map(),
        _ => return,
    };
    let declared = template.section("Parameters");
    let known = !template.root.origin.is_incomplete()
        && template.root.get("Parameters").is_none_or(|section| !section.origin.is_incomplete());
    if !known || passed.is_some_and(|map| map.keys().any(|key| key.starts_with("Fn::"))) {
        return;
    }
    let path = stack.body().at(&["Properties", "TemplateURL"]).map_or(stack.origin(), |value| value.origin);
    for entry in passed.into_iter().flat_map(Map::iter) {
        if declared.is_some_and(|declared| declared.contains_key(&entry.key)) {
            continue;
        }
        let names = declared.into_iter().flat_map(Map::keys);
        let help = match closest(&entry.key, names, 1).first() {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "declare it in the nested template, or do not pass it".to_owned(),
        };
        let place = Place { origin: entry.key_origin, resource: Some(stack.id().to_owned()) };
        let message = format!("`{}` passes `{}`, which its template does not declare", stack.id(), entry.key);
        cx.report(place, message).help(help).related(path, "the nested template");
    }
    for entry in declared.into_iter().flat_map(Map::iter) {
        let optional = entry.value.get("Default").is_some() || entry.value.as_map().is_none();
        if optional || passed.is_some_and(|passed| passed.contains_key(&entry.key)) {
            continue;
        }
        let message = format!("`{}` leaves out `{}`, which its template needs", stack.id(), entry.key);
        let kind = entry.value.get("Type").and_then(Value::as_str).unwrap_or("String");
        let given = stack.properties().and_then(|properties| properties.as_map()?.entry("Parameters"));
        let place =
            given.map_or(Place::property(stack, &["Parameters"]), |given| Place::within(stack, given.key_origin));
        cx.report(place, message)
            .help(format!("pass `{}` ({kind}) below `Parameters`, or give it a default", entry.key))
            .related(entry.key_origin, "declared here without a default");
    }
}
