use crate::facts::quotas::lambda::RESERVED_ENVIRONMENT;
use crate::graph::{Text, Value};
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// An environment variable has a name that Lambda reserves or does not accept.
    ///
    /// ## Why it matters
    ///
    /// Lambda sets names such as `AWS_REGION`, `AWS_LAMBDA_FUNCTION_NAME` and `_HANDLER` itself and
    /// refuses a function that brings its own value. Other names must begin with a letter and hold at
    /// least two letters, digits or underscores. A wrong name fails the deployment.
    ///
    /// ## How to fix
    ///
    /// Choose another name. The function can read the reserved variables at run time without
    /// declaring them. Names documented as settings, such as `AWS_LAMBDA_EXEC_WRAPPER`, are allowed.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the name or overwrites the value.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Working with Lambda environment variables" (reserved variables, names);
    /// cfn-lint E3663; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {AWS_REGION: eu-west-1}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Environment: {Variables: {TABLE_REGION: eu-west-1, AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-handler}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, environment: {AWS_SESSION_TOKEN: none}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, environment: {AWS_NODEJS_CONNECTION_REUSE_ENABLED: "1"}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {api-url: https://example.com}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Environment: {Variables: {API_URL: https://example.com}}}
    /// ```
    pub(super) static POLICY = "env-reserved-key" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let variables = function.property(&["Environment", "Variables"]);
        let Some(variables) = variables.borrowed().and_then(Value::as_map) else { continue };
        for entry in variables {
            let key: &Text = &entry.key;
            if crate::template::unknown::is_unknown(key) || crate::template::intrinsic::is_function(key) {
                continue;
            }
            if RESERVED_ENVIRONMENT.contains(&&**key) {
                cx.report(
                    Place::within(function, entry.key_origin),
                    format!("{} sets {key}, a variable that Lambda reserves for itself", function.id()),
                )
                .help("choose another name; the function can read the reserved variable without declaring it")
                .remedy(Remedy::risky(format!("Remove {key} from {}", function.id())).remove(entry.key_origin));
            } else if !is_acceptable(key) {
                cx.report(
                    Place::within(function, entry.key_origin),
                    format!(
                        "{} sets the variable `{key}`, but names begin with a letter, have at least two characters, and \
                         hold letters, digits and underscores only",
                        function.id()
                    ),
                )
                .help("rename the variable, here and in the code that reads it");
            }
        }
    }
}

fn is_acceptable(key: &str) -> bool {
    key.len() > 1
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
