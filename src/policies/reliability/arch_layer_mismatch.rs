use super::super::{measure, read};
use crate::facts::layers;
use crate::finding::Severity;
use crate::graph::{NodeKind, Origin, Part, Resource, Target};
use crate::policy;
use crate::policy::{Context, Place, Report};
use std::collections::BTreeMap;

policy! {
    /// A layer is made for another architecture or another runtime than the function that uses it.
    ///
    /// Layers of the template are judged by their `CompatibleArchitectures` and `CompatibleRuntimes`, others by
    /// the architecture in their name (`…-Arm64`, `…-x86_64`) and by a list of extensions whose name tells it.
    /// A layer that declares nothing is left alone.
    ///
    /// ## Why it matters
    ///
    /// Lambda does not compare the two: the deployment succeeds. An extension of the other architecture then
    /// stops every start (`exec format error`), and a library with native code fails when it is loaded. A
    /// layer for another language is not on the function's search path at all.
    ///
    /// ## How to fix
    ///
    /// Use the layer that is built for the function's architecture and runtime, or change the architecture of
    /// the function. Where the layer fits although it says otherwise, add the value to its list.
    ///
    /// ## When to suppress
    ///
    /// When the layer holds only files that fit everywhere and is not yours to change.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Selecting and configuring an instruction set architecture" and "Managing
    /// Lambda dependencies with layers" (compatible runtimes and architectures are for search); names of
    /// extensions as their makers list them; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Images: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: images/, CompatibleArchitectures: [x86_64]}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: python3.13, Handler: app.main, CodeUri: src/, Architectures: [arm64], Layers: [!Ref Images]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Images: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: images/, CompatibleArchitectures: [x86_64, arm64]}}
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: python3.13, Handler: app.main, CodeUri: src/, Architectures: [arm64], Layers: [!Ref Images]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, architecture: arm64}
    /// functions:
    ///   orders: {handler: app.main, layers: ["arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53"]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, architecture: arm64}
    /// functions:
    ///   orders: {handler: app.main, layers: ["arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20"]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Shared: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: k}, CompatibleRuntimes: [python3.12, python3.13]}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Layers: [!Ref Shared]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Shared: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: k}}}
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Layers: [!Ref Shared]}
    /// ```
    pub(super) static POLICY = "arch-layer-mismatch" {
        category: Reliability, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    // Functions by the layer of the template that they use, with where they name it.
    let mut users: Vec<(Resource<'_>, Vec<(Resource<'_>, Origin)>)> = Vec::new();
    for node in graph.nodes_of(NodeKind::Function) {
        let Some(function) = measure::function(node).filter(|function| !function.is_incomplete()) else { continue };
        for layer in Part::of(function).each(&["Layers"]) {
            match graph.target_of(layer.eval(), Some(NodeKind::Layer)) {
                Target::Node(node, _) => {
                    let Some(own) = node.resource() else { continue };
                    architecture_of(cx, function, layer.origin(), own);
                    match users.iter_mut().find(|(known, _)| known.id() == own.id()) {
                        Some((_, users)) => users.push((function, layer.origin())),
                        None => users.push((own, vec![(function, layer.origin())])),
                    }
                }
                _ => {
                    let Some(arn) = layer.eval().symbolic() else { continue };
                    let built = layers::name_of(&arn).and_then(|name| Some((name, layers::built_for(name)?)));
                    let Some(((name, built), arch)) = built.zip(architecture(function)) else { continue };
                    if arch != built {
                        wrong_architecture(cx, function, layer.origin(), (name, built, &arch));
                    }
                }
            }
        }
    }
    for (layer, users) in users {
        runtimes_of(cx, layer, &users);
    }
}

/// Compares with what a layer of the template says of its architectures.
fn architecture_of(cx: &mut Context<'_>, function: Resource<'_>, place: Origin, layer: Resource<'_>) {
    let Some((made, arch)) = listed(layer, "CompatibleArchitectures").zip(architecture(function)) else { return };
    if !made.contains(&arch) {
        wrong_architecture(cx, function, place, (layer.id(), &made.join(" and "), &arch))
            .related(Place::property(layer, &["CompatibleArchitectures"]), format!("{} says so", layer.id()));
    }
}

fn wrong_architecture<'c>(
    cx: &'c mut Context<'_>,
    function: Resource<'_>,
    place: Origin,
    (layer, made, arch): (&str, &str, &str),
) -> Report<'c> {
    let id = function.id();
    cx.report(Place::within(function, place), format!("{id} runs on {arch}, but its layer {layer} is made for {made}"))
        .help(format!("use the layer that is built for {arch}, or let {id} run on {made}"))
}

/// Compares what a layer of the template says of its runtimes with those of its users.
fn runtimes_of(cx: &mut Context<'_>, layer: Resource<'_>, users: &[(Resource<'_>, Origin)]) {
    let Some(made) = listed(layer, "CompatibleRuntimes") else { return };
    // A runtime of one's own looks for layers wherever it likes, and their files fit others as well.
    let own = |runtime: &str| runtime.starts_with("provided");
    if made.iter().any(|one| own(one)) {
        return;
    }
    let other = |runtime: &str| !own(runtime) && !made.iter().any(|one| one == runtime);
    let mut found: BTreeMap<String, Vec<(Resource<'_>, Origin)>> = BTreeMap::new();
    for (function, place) in users {
        if let Some(runtime) = read::text(*function, &["Runtime"], other) {
            found.entry(runtime.to_string()).or_default().push((*function, *place));
        }
    }
    for (runtime, functions) in found {
        let Some((first, others)) = functions.split_first() else { continue };
        let more = match others.len() {
            0 => String::new(),
            count => format!(" and {}", read::count(count, "more function")),
        };
        let same = made.iter().any(|one| language(one) == language(&runtime));
        let id = layer.id();
        let use_it = if others.is_empty() { "uses it" } else { "use it" };
        cx.report(
            Place::property(layer, &["CompatibleRuntimes"]),
            format!("{id} is made for {}, but {}{more} on {runtime} {use_it}", made.join(", "), first.0.id()),
        )
        .severity(if same { Severity::Low } else { Severity::Medium })
        .help(format!("build {id} for {runtime}, and add it to CompatibleRuntimes"))
        .related(Place::within(first.0, first.1), format!("{} on {runtime} uses it", first.0.id()));
    }
}

/// `python` of `python3.13`.
fn language(runtime: &str) -> &str {
    runtime.split(|c: char| c.is_ascii_digit()).next().unwrap_or(runtime)
}

/// The architecture of a function, where it is the same in every branch.
fn architecture(function: Resource<'_>) -> Option<String> {
    let mut found: Option<String> = None;
    for value in read::values(function, &["Architectures"]) {
        let one = if value.is_absent() {
            "x86_64".to_owned()
        } else {
            let [only] = value.known()?.as_list()? else { return None };
            function.template().eval(only).text()?.to_string()
        };
        if found.as_ref().is_some_and(|known| *known != one) {
            return None;
        }
        found = Some(one);
    }
    found
}

/// The texts of a list that is known as a whole and not empty.
fn listed(layer: Resource<'_>, name: &str) -> Option<Vec<String>> {
    let items = read::list(layer, &[name]);
    let texts: Option<Vec<String>> = items.known.iter().map(|item| Some(item.text()?.to_string())).collect();
    texts.filter(|texts| items.complete && !texts.is_empty())
}
