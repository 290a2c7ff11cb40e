use super::super::secret_properties::secret_properties;
use crate::policy;
use crate::policy::{Context, Place};
use crate::template::unknown;

policy! {
    /// A property that takes a password has it in clear text.
    ///
    /// ## Why it matters
    ///
    /// The password of the database, broker or directory is in the repository, in the template that
    /// CloudFormation keeps, and in the answer of `GetTemplate`. It is the same in every deployment, and
    /// changing it takes a deployment.
    ///
    /// ## How to fix
    ///
    /// Let the service make and rotate the password where it can (`ManageMasterUserPassword`), or keep it in
    /// Secrets Manager and write a dynamic reference:
    /// `{{resolve:secretsmanager:shop/db:SecretString:password}}`. Change the password that was
    /// committed. The value is never printed.
    ///
    /// ## When to suppress
    ///
    /// When what it protects holds nothing, for example in a test.
    ///
    /// ## Source
    ///
    /// AWS CloudFormation user guide, "Security best practices" (do not embed credentials in templates);
    /// cfn-lint W2501; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: changeme1}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, ManageMasterUserPassword: true}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: changeme1}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: '{{resolve:secretsmanager:shop/db:SecretString:password}}'}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Cache:
    ///       Type: AWS::ElastiCache::ReplicationGroup
    ///       Properties: {ReplicationGroupDescription: sessions, TransitEncryptionEnabled: true, AuthToken: q8Zt3vR1pLx7Wm2K}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Cache:
    ///       Type: AWS::ElastiCache::ReplicationGroup
    ///       Properties: {ReplicationGroupDescription: sessions, TransitEncryptionEnabled: true, AuthToken: "${env:CACHE_TOKEN}"}
    /// ```
    pub(super) static POLICY = "hard-coded-password" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for property in secret_properties(cx.graph) {
        let Some(text) = property.value.as_str() else { continue };
        let origin = property.value.origin;
        // Another tool may replace a variable before the deployment.
        let open = text.contains("{{") || text.contains("${") || unknown::is_unknown(text) || origin.is_secret();
        if text.trim().is_empty() || open || origin.is_generated() {
            continue;
        }
        cx.report(
            Place::within(property.resource, origin),
            format!("the property {} of {} holds a secret in clear text", property.name, property.resource.id()),
        )
        .help("keep it in Secrets Manager, write a dynamic reference to it, and change the one that was committed");
    }
}
