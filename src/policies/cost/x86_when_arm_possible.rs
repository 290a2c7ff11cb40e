use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function runs on x86 where arm64 would be cheaper.
    ///
    /// ## Why it matters
    ///
    /// arm64 costs 20 % less per GB-second than `x86_64`, and interpreted code mostly runs as it is.
    /// Only functions without layers and with an interpreted or Java runtime are reported, since
    /// native code has to be built again.
    ///
    /// ## How to fix
    ///
    /// Set `Architectures: [arm64]` (in serverless.yml, `architecture: arm64`), and build native
    /// dependencies for arm64.
    ///
    /// ## When to suppress
    ///
    /// When a library or an extension of the function exists for x86 only.
    ///
    /// ## Source
    ///
    /// AWS Lambda pricing (arm64 a fifth cheaper a GB-second than x86) and developer guide, "Selecting and
    /// configuring an instruction set architecture"; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Architectures: [arm64]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, architecture: arm64}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Architectures: [x86_64]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Architectures: [arm64]}
    /// ```
    pub(super) static POLICY = "x86-when-arm-possible" {
        category: Cost, severity: Info, profile: Strict, fix: Unsafe, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let written = function.property(&["Architectures"]);
        let architectures = read::list(function, &["Architectures"]);
        let x86 = written.is_absent() || architectures.texts().any(|name| name == "x86_64");
        let runtime = function.property(&["Runtime"]).text();
        let portable = runtime.is_some_and(|runtime| has_arm(&runtime));
        if x86 && portable && function.property(&["Layers"]).is_absent() {
            cx.report(
                Place::property(function, &["Architectures"]),
                format!("{} runs on x86_64; arm64 costs 20 % less for the same memory and time", function.id()),
            )
            .help("set Architectures: [arm64], and build native dependencies for it")
            .remedy(Remedy::risky(format!("Run {} on arm64", function.id())).put(
                function,
                &["Architectures"],
                serde_json::json!(["arm64"]),
            ));
        }
    }
}

/// Whether the runtime exists on arm64 and runs code that is not compiled for a processor.
fn has_arm(runtime: &str) -> bool {
    ["nodejs", "python3", "java", "ruby"].iter().any(|family| runtime.starts_with(family))
        && !matches!(
            runtime,
            "nodejs10.x" | "nodejs8.10" | "nodejs6.10" | "python3.6" | "python3.7" | "java8" | "ruby2.5" | "nodejs4.3"
        )
}
