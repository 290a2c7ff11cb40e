use super::super::{measure, read};
use crate::facts::quotas::lambda::UNZIPPED_BYTES;
use crate::graph::{NodeKind, Part};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// The built package of a function, with its layers, is larger than Lambda takes.
    ///
    /// Only where the package is at hand: an archive that the template names, or a folder that `sam build`
    /// made. The size of an archive counts as it is, which is less than what it unpacks to; a folder of
    /// sources is no package. Templates upload through S3, so that the limit of 50 MB for direct uploads is
    /// none here.
    ///
    /// ## Why it matters
    ///
    /// A function and its layers unpack to 250 MB at most. More fails the deployment, after an upload of
    /// minutes; and much before that every cold start pays for the size.
    ///
    /// ## How to fix
    ///
    /// Leave out what the function does not use: development dependencies, tests, the AWS SDK that the
    /// runtime brings, other functions' code. Use a container image (10 GB) where that is not enough.
    ///
    /// ## When to suppress
    ///
    /// Never: the function cannot be deployed.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda quotas" (deployment package: 250 MB unzipped, layers included);
    /// read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: dist/300-mb.zip}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: dist/3-mb.zip}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// package: {artifact: dist/300-mb.zip}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// package: {artifact: dist/3-mb.zip}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Tools: {Type: AWS::Lambda::LayerVersion, Properties: {Content: dist/300-mb.zip}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: dist/3-mb.zip, Role: !GetAtt Role.Arn, Layers: [!Ref Tools]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Tools: {Type: AWS::Lambda::LayerVersion, Properties: {Content: dist/3-mb.zip}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: dist/3-mb.zip, Role: !GetAtt Role.Arn, Layers: [!Ref Tools]}
    /// ```
    pub(super) static POLICY = "package-size" {
        category: Limits, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let template = cx.template();
    for node in cx.graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node) else { continue };
        let own = template.artifact(function.id());
        let layers = Part::of(function).each(&["Layers"]);
        let layers = layers.iter().filter_map(|layer| cx.graph.target_of(layer.eval(), Some(NodeKind::Layer)).node());
        let layers: Vec<_> = layers.filter_map(|layer| template.artifact(layer.logical_id()?)).collect();
        let parts: Vec<_> = own.into_iter().chain(layers).collect();
        let bytes: u64 = parts.iter().map(|part| part.bytes).sum();
        let Some(largest) = parts.iter().max_by_key(|part| part.bytes).filter(|_| bytes > UNZIPPED_BYTES) else {
            continue;
        };
        let id = function.id();
        let zipped = if parts.iter().any(|part| part.archive) { " zipped" } else { "" };
        let layers = match parts.len() - usize::from(own.is_some()) {
            0 => String::new(),
            count => format!(" with {}", read::count(count, "layer")),
        };
        cx.report(
            Place::within(function, largest.origin),
            format!(
                "the package of {id}{layers} has {} MB{zipped}, but a function unpacks to {} MB at most",
                bytes >> 20,
                UNZIPPED_BYTES >> 20
            ),
        )
        .help(format!("make {} smaller, or use a container image", largest.path));
    }
}
