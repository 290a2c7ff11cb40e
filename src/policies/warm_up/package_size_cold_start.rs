use super::starts;
use crate::estimate::init;
use crate::facts::cold_starts::MS_PER_ZIPPED_MB;
use crate::graph::{NodeRef, Resource};
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};

policy! {
    /// A large package makes every cold start slow, while somebody waits.
    ///
    /// Only where the package is at hand: an archive that the template names, or a folder that `sam build` made,
    /// which counts as a third of its size. Reported are functions on Node.js, Python and Ruby that an API, a
    /// function URL, a resolver, an authorizer, a user pool or a load balancer waits for, and that nothing keeps
    /// warm; one finding for a package that several share.
    ///
    /// ## Why it matters
    ///
    /// An interpreted runtime reads and compiles what it loads in each new environment. Published measurements
    /// rose by a tenth of a second for each megabyte of zipped dependencies.
    ///
    /// ## How to fix
    ///
    /// Bundle the code and leave out what is not reached (esbuild; `sam build` and the framework both run it).
    /// Leave out the AWS SDK that the runtime brings, type declarations, tests, and source maps that are not
    /// used. Package functions one by one where they share an archive: `package.individually: true` in
    /// serverless.yml, a `CodeUri` for each in SAM.
    ///
    /// ## When to suppress
    ///
    /// When most of the package is data that the start does not read.
    ///
    /// ## Source
    ///
    /// Measurements by mikhail.io, 2021 (JavaScript of 1 KB, 14 MB and 35 MB zipped: 0.26, 1.70 and 3.87 s), from
    /// which the 100 ms a megabyte of the model come; rough, and only by analogy for other languages. AWS Lambda
    /// developer guide, "Best practices for working with AWS Lambda functions" (minimise the package); read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: dist/24-mb.zip, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: dist/3-mb.zip, Events: {Get: {Type: HttpApi, Properties: {Path: /orders, Method: get}}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// package: {artifact: dist/24-mb.zip}
    /// functions:
    ///   orders: {handler: app.main, events: [{httpApi: GET /orders}]}
    ///   stock: {handler: stock.main, events: [{httpApi: GET /stock}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// package: {artifact: dist/24-mb.zip}
    /// functions:
    ///   orders: {handler: app.main, events: [{schedule: rate(1 hour)}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: python3.13, Handler: app.main, Code: dist/24-mb.zip, Role: !GetAtt Role.Arn}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, Code: dist/24-mb.zip, Role: !GetAtt Role.Arn}
    ///   Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: AWS_IAM}}
    /// ```
    pub(super) static POLICY = "package-size-cold-start" {
        category: WarmUp, severity: Low, profile: Recommended, fix: None, since: "0.1.0", options: OPTIONS, check: check,
    }
}

static OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "limit-mb",
    help: "megabytes of zipped code from which on a package is large",
    default: OptionDefault::Int(10),
}];

/// Megabytes of a package that is large for its runtime.
pub(super) fn large(function: Resource<'_>, node: NodeRef<'_>, limit: f64) -> Option<f64> {
    let interpreted = |runtime: &str| ["nodejs", "python", "ruby"].iter().any(|one| runtime.starts_with(one));
    let runtime = function.property(&["Runtime"]).text()?;
    init::zipped_mb(node).filter(|megabytes| interpreted(&runtime) && *megabytes > limit)
}

fn check(cx: &mut Context<'_>) {
    let limit = cx.option_int("limit-mb") as f64;
    let template = cx.template();
    let mut told: Vec<(&str, usize)> = Vec::new();
    let mut found = Vec::new();
    for (node, function) in starts::cold(cx) {
        let Some(megabytes) = large(function, node, limit) else { continue };
        let Some((caller, package)) = starts::waiting(node).zip(template.artifact(function.id())) else { continue };
        if let Some((_, others)) = told.iter_mut().find(|(path, _)| *path == &*package.path) {
            *others += 1;
            continue;
        }
        told.push((&package.path, 0));
        found.push((function, caller, package, megabytes));
    }
    for ((function, caller, package, megabytes), (_, others)) in found.into_iter().zip(told) {
        let id = function.id();
        let more = match others {
            0 => String::new(),
            1 => " and another function".to_owned(),
            _ => format!(" and {others} more functions"),
        };
        let whose = if others > 0 { "package them one by one, and leave out" } else { "leave out" };
        cx.report(
            Place::within(function, package.origin),
            format!(
                "{} waits for {id}, whose package of {megabytes:.0} MB adds about {} to each cold start of it{more}",
                caller.name(),
                starts::time(megabytes * MS_PER_ZIPPED_MB),
            ),
        )
        .help(format!(
            "{whose} what {id} does not load; reckoned at {MS_PER_ZIPPED_MB:.0} ms for each zipped megabyte, rough \
             (mikhail.io, 2021)"
        ))
        .related(caller, format!("{} waits for {id}", caller.name()));
    }
}
