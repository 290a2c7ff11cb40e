use super::super::{read, secrets};
use crate::graph::Value;
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};

policy! {
    /// An environment variable holds a secret in clear text.
    ///
    /// ## Why it matters
    ///
    /// The value is in the repository, in the template that CloudFormation keeps, in the console, and
    /// in the answer of `lambda:GetFunctionConfiguration`. Everyone with read access to one of them
    /// has the secret, and it cannot be rotated without a deployment.
    ///
    /// ## How to fix
    ///
    /// Store the secret in Secrets Manager or as a SecureString, pass its name, and read it at run
    /// time (the Parameters and Secrets extension caches it). Rotate the secret that was committed.
    /// The value is recognised by its form, or by a secret-like name together with a random-looking
    /// value; it is never printed.
    ///
    /// ## When to suppress
    ///
    /// When the value is a test value that opens nothing.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Working with Lambda environment variables" (Secrets Manager in place of
    /// environment variables for credentials); checkov CKV_AWS_45; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {PAYMENT_API_KEY: q8Zt3vR1pLx7Wm2K}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {PAYMENT_API_KEY_SECRET_NAME: shop/payment, TOKEN_TTL_SECONDS: 3600}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, environment: {DB_PASSWORD: q8Zt3vR1pLx7Wm2K}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, environment: {DB_PASSWORD: "${env:DB_PASSWORD}"}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {DATABASE_URL: "postgres://app:q8Zt3vR1pLx7Wm2K@db.internal/shop"}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {DATABASE_URL: "postgres://db.internal/shop", DB_PASSWORD: changeme}}}
    /// ```
    pub(super) static POLICY = "env-plaintext-secret" {
        category: Security, severity: Critical, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-07"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "allowed-names",
    help: "names of variables whose values are known to be no secrets",
    default: OptionDefault::List(&[]),
}];

fn check(cx: &mut Context<'_>) {
    let allowed = cx.option_list("allowed-names");
    for function in read::functions(cx.graph) {
        let variables = function.property(&["Environment", "Variables"]);
        let Some(variables) = variables.borrowed().and_then(Value::as_map) else { continue };
        for entry in variables {
            // A reference to a parameter is no literal, whatever its default says.
            let Some(text) = entry.value.as_str() else { continue };
            if allowed.iter().any(|name| *name == *entry.key) {
                continue;
            }
            if crate::template::unknown::is_unknown(text) || text.contains("{{resolve:") {
                continue;
            }
            let Some(kind) = secrets::named(&entry.key, text) else { continue };
            cx.report(
                Place::within(function, entry.value.origin),
                format!("the variable {} of {} holds {kind} in clear text", entry.key, function.id()),
            )
            .help(
                "keep it in Secrets Manager or Parameter Store, pass its name, and rotate the value that was committed",
            );
        }
    }
}
