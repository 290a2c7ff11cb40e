use crate::graph::{NodeKind, NodeRef, Resource};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// The version behind an alias goes with the next deployment, and nothing is left to go back to.
    ///
    /// Reported are versions of the template that an alias points to and that have no `DeletionPolicy: Retain`.
    /// `AutoPublishAlias` of SAM keeps versions. The Serverless Framework keeps them too, unless
    /// `versionFunctions` is `false`: then it still publishes one for provisioned concurrency and snapshots,
    /// but each deployment deletes the one before.
    ///
    /// ## Why it matters
    ///
    /// A new version takes the place of the old, which CloudFormation deletes once the alias has moved. Pointing
    /// the alias back, which takes a second, is then no way out of a bad deployment: the old code must be
    /// deployed anew, and its environments start cold.
    ///
    /// ## How to fix
    ///
    /// Set `DeletionPolicy: Retain` and `UpdateReplacePolicy: Retain` of the version; in serverless.yml remove
    /// `versionFunctions: false`. Old versions then stay until somebody prunes them, and count against the
    /// storage for code (75 GB).
    ///
    /// ## When to suppress
    ///
    /// When deployments are only undone by deploying.
    ///
    /// ## Source
    ///
    /// AWS CloudFormation template reference, "DeletionPolicy attribute" and `AWS::Lambda::Version`; AWS Lambda
    /// developer guide, "Lambda quotas"; Serverless Framework 3, `provider.versionFunctions`; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, versionFunctions: false}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 2}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, provisionedConcurrency: 2}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Orders}}
    ///   Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   V1: {Type: AWS::Lambda::Version, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {FunctionName: !Ref Orders}}
    ///   Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: !GetAtt V1.Version}}
    /// ```
    pub(super) static POLICY = "version-not-kept" {
        category: WarmUp, severity: Info, profile: Strict, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for alias in graph.existing("AWS::Lambda::Alias") {
        let Some(named) = alias.properties().and_then(|properties| properties.get("FunctionVersion")) else { continue };
        let versions = graph.references_in(named).into_iter().map(|reference| reference.target);
        let versions = versions.filter(|node| node.kind() == NodeKind::Version).filter_map(NodeRef::resource);
        for version in versions.filter(|version| version.exists() != Some(false)) {
            if is_kept(version, "DeletionPolicy") {
                continue;
            }
            let (id, name) = (version.id(), alias.id());
            let generated = version.origin().is_generated();
            let help = if generated {
                "remove `versionFunctions: false`".to_owned()
            } else {
                format!("set DeletionPolicy and UpdateReplacePolicy of {id} to Retain")
            };
            let remedy = (!generated).then(|| {
                Remedy::risky(format!("Keep versions of {id}"))
                    .attribute(version, "DeletionPolicy", "Retain")
                    .attribute(version, "UpdateReplacePolicy", "Retain")
            });
            cx.report(version, format!("the next deployment deletes the version that {name} points to"))
                .help(help)
                .remedy(remedy)
                .related(Place::property(alias, &["FunctionVersion"]), format!("{name} points to {id}"));
        }
    }
}

/// Whether an attribute keeps a version, as far as it is known.
fn is_kept(version: Resource<'_>, attribute: &str) -> bool {
    version.body().get(attribute).is_some_and(|policy| policy.as_str() != Some("Delete"))
}
