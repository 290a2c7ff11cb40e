use crate::graph::{Map, NodeKind, Origin, ReferenceTo, Resource};
use crate::policy;
use crate::policy::{Context, Place, closest};

policy! {
    /// A reference asks a nested stack for an output that its template does not have.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation makes the nested stack first and fails when it reads the output, after everything
    /// inside it was made. Neither template is wrong alone, so checks of single files pass.
    ///
    /// ## How to fix
    ///
    /// Add the output to the nested template, or correct its name.
    ///
    /// ## Examples
    ///
    /// The examples nest this template, `queue.yaml`:
    ///
    /// ```yaml,file:queue.yaml
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue}
    /// Outputs:
    ///   QueueUrl: {Value: !Ref Jobs}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Jobs: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: queue.yaml}}
    ///   Url: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Jobs.Outputs.QueueURL}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Jobs: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: queue.yaml}}
    ///   Url: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Jobs.Outputs.QueueUrl}}
    /// ```
    pub(super) static POLICY = "nested-stack-output" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    if graph.children().next().is_none() {
        return;
    }
    for resource in graph.template().resources().filter(|resource| resource.exists() != Some(false)) {
        for reference in graph.references(resource) {
            follow(cx, reference, Some(resource.id()));
        }
    }
    for output in graph.template().section("Outputs").into_iter().flat_map(Map::values) {
        for reference in graph.references_in(output) {
            follow(cx, reference, None);
        }
    }
}

fn follow(cx: &mut Context<'_>, reference: ReferenceTo<'_>, from: Option<&str>) {
    let name = reference.attribute.and_then(|attribute| attribute.strip_prefix("Outputs."));
    let stack = reference.target.resource().filter(|_| reference.target.kind() == NodeKind::Stack);
    if let (Some(name), Some(stack)) = (name, stack) {
        asked(cx, from, stack, name, reference.origin);
    }
}

fn asked(cx: &mut Context<'_>, from: Option<&str>, stack: Resource<'_>, name: &str, origin: Origin) {
    let Some(child) = cx.graph.child(stack.id()) else { return };
    let composed = cx.template().elsewhere().is_some();
    if composed && child.is_open() {
        return;
    }
    let root = &child.template().root;
    let outputs = root.get("Outputs");
    if root.origin.is_incomplete() || outputs.is_some_and(|outputs| outputs.origin.is_incomplete()) {
        return;
    }
    let outputs = outputs.and_then(|outputs| outputs.as_map());
    if outputs.is_some_and(|outputs| outputs.contains_key(name) || outputs.keys().any(|key| key.starts_with("Fn::"))) {
        return;
    }
    let help = match closest(name, outputs.into_iter().flat_map(Map::keys), 1).first() {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if composed => "add the output to the service".to_owned(),
        None => "add the output to the nested template".to_owned(),
    };
    let place = Place { origin, resource: from.map(str::to_owned) };
    let path = stack.body().at(&["Properties", "TemplateURL"]).map_or(stack.origin(), |value| value.origin);
    cx.report(place, format!("`{}` has no output `{name}`", stack.id()))
        .help(help)
        .related(path, if composed { "the service" } else { "the nested template" });
}
