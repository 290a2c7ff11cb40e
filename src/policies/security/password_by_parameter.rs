use super::super::parameters;
use super::super::secret_properties::secret_properties;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A password comes from a parameter, and not from a secret.
    ///
    /// ## Why it matters
    ///
    /// Somebody has to know the password to deploy, and it passes through shells, scripts and pipelines. A
    /// plain parameter of Parameter Store shows it to everyone with `ssm:GetParameter`. Neither is
    /// rotated.
    ///
    /// ## How to fix
    ///
    /// Let the service make the password where it can (`ManageMasterUserPassword`), or keep it in Secrets
    /// Manager and write `{{resolve:secretsmanager:shop/db:SecretString:password}}`.
    ///
    /// ## When to suppress
    ///
    /// When a pipeline that keeps secrets itself passes the value.
    ///
    /// ## Source
    ///
    /// AWS CloudFormation user guide, "Security best practices" (dynamic references in place of parameters);
    /// cfn-lint W1011; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: '{{resolve:ssm:/shop/db-password}}'}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: '{{resolve:ssm-secure:/shop/db-password}}'}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters: {DbPassword: {Type: String, NoEcho: true}}
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: !Ref DbPassword}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters: {SecretName: {Type: String}}
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBInstance
    ///     Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, AllocatedStorage: '20', MasterUsername: app, MasterUserPassword: !Sub '{{resolve:secretsmanager:${SecretName}:SecretString:password}}'}
    /// ```
    pub(super) static POLICY = "password-by-parameter" {
        category: Security, severity: Info, profile: Strict, fix: None, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for property in secret_properties(cx.graph) {
        let stored = property.value.as_str().is_some_and(|text| text.trim_start().starts_with("{{resolve:ssm:"));
        let whole =
            property.value.single().filter(|(function, _)| *function == "Ref").and_then(|(_, name)| name.as_str());
        let given = whole.filter(|name| parameters::declared(cx.template(), name).is_some());
        let from = match given {
            Some(name) => format!("the parameter {name}"),
            None if stored => "a plain parameter of Parameter Store".to_owned(),
            None => continue,
        };
        cx.report(
            Place::within(property.resource, property.value.origin),
            format!("the {} of {} comes from {from}", property.name, property.resource.id()),
        )
        .help("keep it in Secrets Manager and write a dynamic reference to it");
    }
}
