use super::super::read;
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place, Remedy};

policy! {
    /// A function URL answers anybody on the internet.
    ///
    /// ## Why it matters
    ///
    /// `AuthType: NONE` puts the function on a public address without authentication, throttling per
    /// client, or a firewall in front. Everyone who learns the address can run the function, on your
    /// bill, up to the concurrency limit of the account.
    ///
    /// ## How to fix
    ///
    /// Set the authentication to `AWS_IAM` (in serverless.yml, `url: {authorizer: aws_iam}`) and sign
    /// the requests, or put CloudFront with origin access control or an API in front.
    ///
    /// ## When to suppress
    ///
    /// A webhook that checks a signature in code needs a public address. Limit its reserved
    /// concurrency.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Control access to Lambda function URLs" (`AuthType`); checkov
    /// CKV_AWS_258; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionUrlConfig: {AuthType: NONE}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionUrlConfig: {AuthType: AWS_IAM}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, url: true}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, url: {authorizer: aws_iam}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   OrdersUrl:
    ///     Type: AWS::Lambda::Url
    ///     Properties: {TargetFunctionArn: !Ref Orders, AuthType: NONE}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   OrdersUrl:
    ///     Type: AWS::Lambda::Url
    ///     Properties: {TargetFunctionArn: !Ref Orders, AuthType: AWS_IAM}
    /// ```
    pub(super) static POLICY = "function-url-no-auth" {
        category: Security, severity: High, profile: Recommended, fix: Unsafe, since: "0.1.0", risks: ["SAS-02"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "open-functions",
    help: "logical ids of functions whose URL is meant for everybody",
    default: OptionDefault::List(&[]),
}];

fn check(cx: &mut Context<'_>) {
    let meant = cx.option_list("open-functions");
    for url in cx.graph.existing("AWS::Lambda::Url") {
        let function = cx.graph.referred(&url.property(&["TargetFunctionArn"]));
        if function.is_some_and(|function| meant.iter().any(|name| name == function.name())) {
            continue;
        }
        if read::text(url, &["AuthType"], |kind| kind == "NONE").is_some() {
            cx.report(
                Place::property(url, &["AuthType"]),
                format!("{} lets anybody on the internet run the function", url.id()),
            )
            .help("set the authentication to AWS_IAM, or put CloudFront or an API in front of the function")
            .remedy(Remedy::risky(format!("Let {} ask for IAM credentials", url.id())).put(
                url,
                &["AuthType"],
                "AWS_IAM",
            ));
        }
    }
}
