use super::super::secrets;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A parameter of Parameter Store is created with a secret in clear text.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation creates parameters of type `String` only, not `SecureString`. The secret is
    /// then readable for everyone with `ssm:GetParameter`, without a key in between, and it stands in
    /// the template.
    ///
    /// ## How to fix
    ///
    /// Create the secret outside the template, or as `AWS::SecretsManager::Secret` with
    /// `GenerateSecretString`, and refer to it by name. The value is never printed.
    ///
    /// ## When to suppress
    ///
    /// When the value is a placeholder that somebody replaces after the deployment.
    ///
    /// ## Source
    ///
    /// AWS Systems Manager user guide, "What is a parameter?" (`SecureString` cannot be made by
    /// CloudFormation); checkov CKV_AWS_384; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   DbPassword:
    ///     Type: AWS::SSM::Parameter
    ///     Properties: {Type: String, Name: /shop/db-password, Value: q8Zt3vR1pLx7Wm2K}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   DbHost:
    ///     Type: AWS::SSM::Parameter
    ///     Properties: {Type: String, Name: /shop/db-host, Value: db.internal}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     DbPassword:
    ///       Type: AWS::SSM::Parameter
    ///       Properties: {Type: String, Name: /shop/db-password, Value: q8Zt3vR1pLx7Wm2K}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     DbHost:
    ///       Type: AWS::SSM::Parameter
    ///       Properties: {Type: String, Name: /shop/db-host, Value: db.internal}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   DbPassword:
    ///     Type: AWS::SSM::Parameter
    ///     Properties: {Type: String, Name: /shop/db-password, Value: q8Zt3vR1pLx7Wm2K}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   DbHost:
    ///     Type: AWS::SSM::Parameter
    ///     Properties: {Type: String, Name: /shop/db-host, Value: db.internal}
    /// ```
    pub(super) static POLICY = "secret-in-ssm-parameter" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for parameter in cx.graph.existing("AWS::SSM::Parameter") {
        let Some(properties) = parameter.properties() else { continue };
        // Only what is written here: a parameter's default is reported where it is declared.
        let Some(value) = properties.get("Value").and_then(|value| value.as_str()) else { continue };
        let name = parameter.property(&["Name"]).text().unwrap_or_else(|| parameter.id().into());
        if crate::template::unknown::is_unknown(value) || value.contains("{{resolve:") {
            continue;
        }
        let Some(kind) = secrets::named(&name, value).or_else(|| secrets::named(parameter.id(), value)) else {
            continue;
        };
        cx.report(
            Place::property(parameter, &["Value"]),
            format!("{} stores {kind} in clear text", parameter.id()),
        )
        .help("create it as AWS::SecretsManager::Secret, or as a SecureString outside the template, and rotate the value");
    }
}
