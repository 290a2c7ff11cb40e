use super::super::parameters;
use crate::graph::{Template, Value};
use crate::policy;
use crate::policy::{Context, Place};
use crate::template::intrinsic::{Intrinsic, SubPart, sub_parts};

policy! {
    /// A secret is resolved at deployment and stored in an environment variable in clear text.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation keeps the value of a dynamic reference or a `NoEcho` parameter out of its own
    /// logs, but the service that receives it stores and shows it: the CloudFormation user guide
    /// warns of this for `secretsmanager` references. Everyone with `lambda:GetFunctionConfiguration`
    /// reads the secret in the configuration of the function, and a rotated secret reaches the
    /// function only with the next deployment.
    ///
    /// ## How to fix
    ///
    /// Pass the name or the ARN of the secret, and read the value at run time; the Parameters and
    /// Secrets extension caches it. A plain `ssm` reference is no secret and passes.
    ///
    /// ## When to suppress
    ///
    /// When whoever may read the configuration of the function may read the secret as well.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Working with Lambda environment variables" (Secrets Manager in place of
    /// environment variables for credentials); AWS CloudFormation user guide, "Get values stored in other
    /// services using dynamic references" (the value is retrieved when the stack is deployed); read
    /// 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {DB_PASSWORD: '{{resolve:secretsmanager:shop/db:SecretString:password}}'}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {DB_SECRET: shop/db, DB_HOST: '{{resolve:ssm:/shop/db-host}}'}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters:
    ///     DbPassword: {Type: String, NoEcho: true}
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {DB_PASSWORD: !Ref DbPassword}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters:
    ///     DbSecretName: {Type: String}
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {DB_SECRET: !Ref DbSecretName}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   DbPassword: {Type: String, NoEcho: true}
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {DB_PASSWORD: !Ref DbPassword}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters:
    ///   DbSecretName: {Type: String}
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {DB_SECRET: !Ref DbSecretName}}}
    /// ```
    pub(super) static POLICY = "env-resolved-secret-in-template" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let variables = function.property(&["Environment", "Variables"]);
        let Some(variables) = variables.borrowed().and_then(Value::as_map) else { continue };
        for entry in variables {
            let Some(what) = resolved_secret(cx.template(), &entry.value) else { continue };
            cx.report(
                Place::within(function, entry.value.origin),
                format!(
                    "the variable {} of {} gets the value of {what}, stored in clear text",
                    entry.key,
                    function.id()
                ),
            )
            .help("pass the name or ARN of the secret, and read it at run time");
        }
    }
}

/// What the value is resolved from, when that is a secret.
fn resolved_secret(template: &Template, value: &Value) -> Option<String> {
    let text = match value.intrinsic() {
        Some(Intrinsic::Ref(name)) => return no_echo(template, name),
        Some(Intrinsic::Sub(text, names)) => {
            let found = sub_parts(text).find_map(|part| match part {
                SubPart::Name(name, _) if names.is_none_or(|names| names.get(name).is_none()) => {
                    no_echo(template, name)
                }
                _ => None,
            });
            if found.is_some() {
                return found;
            }
            text
        }
        Some(_) => return None,
        None => value.as_str()?,
    };
    if text.contains("{{resolve:secretsmanager:") {
        Some("a Secrets Manager secret".to_owned())
    } else if text.contains("{{resolve:ssm-secure:") {
        Some("a SecureString parameter".to_owned())
    } else {
        None
    }
}

/// The parameter `name`, when its value is hidden.
fn no_echo(template: &Template, name: &str) -> Option<String> {
    parameters::is_hidden(template, name).then(|| format!("the NoEcho parameter {name}"))
}
