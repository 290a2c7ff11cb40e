use super::super::parameters;
use super::super::secret_properties::secret_properties;
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use std::collections::BTreeSet;

policy! {
    /// A parameter that becomes a password is not hidden.
    ///
    /// ## Why it matters
    ///
    /// Without `NoEcho`, CloudFormation shows the value in the console and in the answer of
    /// `DescribeStacks`, to everyone who may look at the stack.
    ///
    /// ## How to fix
    ///
    /// Add `NoEcho: true` to the parameter. Better still, keep the password in Secrets Manager and write a
    /// dynamic reference.
    ///
    /// ## When to suppress
    ///
    /// When what it protects holds nothing, for example in a test.
    ///
    /// ## Source
    ///
    /// AWS CloudFormation user guide, "Parameters" (`NoEcho`); cfn-lint W2501; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Parameters: {DbPassword: {Type: String}}
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: !Ref DbPassword}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Parameters: {DbPassword: {Type: String, NoEcho: true}}
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: !Ref DbPassword}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters: {DbPassword: {Type: String, NoEcho: false}}
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: !Ref DbPassword}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters: {DbPassword: {Type: String, NoEcho: true}, SecretName: {Type: String}}
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: !Ref DbPassword}
    ///   Other:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: !Sub '{{resolve:secretsmanager:${SecretName}:SecretString:password}}'}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters: {CacheToken: {Type: String}}
    ///   Resources:
    ///     Cache:
    ///       Type: AWS::ElastiCache::ReplicationGroup
    ///       Properties: {ReplicationGroupDescription: sessions, TransitEncryptionEnabled: true, AuthToken: !Ref CacheToken}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters: {CacheToken: {Type: String, NoEcho: true}}
    ///   Resources:
    ///     Cache:
    ///       Type: AWS::ElastiCache::ReplicationGroup
    ///       Properties: {ReplicationGroupDescription: sessions, TransitEncryptionEnabled: true, AuthToken: !Ref CacheToken}
    /// ```
    pub(super) static POLICY = "password-parameter-shown" {
        category: Security, severity: Medium, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let template = cx.template();
    let mut told = BTreeSet::new();
    for property in secret_properties(cx.graph) {
        // The name of a secret inside a dynamic reference is no secret.
        if property.value.single().is_some_and(|(_, text)| holds_reference(text)) {
            continue;
        }
        for reference in property.parameters() {
            let Some(declared) = parameters::declared(template, reference.name) else { continue };
            // Of these the value is the name of a parameter in Parameter Store.
            let kind = declared.get("Type").and_then(|kind| kind.as_str()).unwrap_or_default();
            if parameters::is_hidden(template, reference.name)
                || declared.get("NoEcho").is_some_and(|hidden| hidden.as_map().is_some())
                || kind.starts_with("AWS::SSM::")
                || declared.origin.is_generated()
                || !told.insert(reference.name)
            {
                continue;
            }
            let name = template.section("Parameters").and_then(|section| section.entry(reference.name));
            let origin = name.map_or(declared.origin, |entry| entry.key_origin);
            cx.report(
                Place::from(origin),
                format!(
                    "the parameter {} becomes the {} of {}, and its value is shown",
                    reference.name,
                    property.name,
                    property.resource.id()
                ),
            )
            .resource(property.resource.id())
            .help("add `NoEcho: true`, or keep the password in Secrets Manager and write a dynamic reference")
            .related(Place::within(property.resource, reference.origin), "used here")
            .remedy(Remedy::safe("Hide the value").put_within(declared.origin, &["NoEcho"], true));
        }
    }
}

fn holds_reference(value: &crate::graph::Value) -> bool {
    match value.as_list() {
        Some(items) => items.iter().any(holds_reference),
        None => value.as_str().is_some_and(|text| text.contains("{{resolve:")),
    }
}
