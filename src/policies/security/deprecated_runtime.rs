use crate::facts::languages;
use crate::facts::runtimes::{self, Runtime, Stage};
use crate::finding::Severity;
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place, Remedy};
use crate::template::ProblemKind;

policy! {
    /// A function runs on a runtime past, or close to, the end of its support.
    ///
    /// ## Why it matters
    ///
    /// From its deprecation date on a runtime gets no security patches, and AWS support no longer
    /// helps with it. Some weeks later functions can no longer be created with it, then no longer
    /// updated: on that day a hotfix cannot be deployed. AWS has moved single dates before; the
    /// dates here are dewline's table of 2026-08-22, and `--today` sets the day they are compared
    /// with. For functions on other providers than AWS the end of the language itself counts.
    ///
    /// ## How to fix
    ///
    /// Move to the successor that the help text names, and run the tests on it: a major version of
    /// a language may remove functions the code uses.
    ///
    /// ## When to suppress
    ///
    /// A function that is about to be deleted.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Lambda runtimes" (deprecation policy and dates); cfn-lint W2531, E2531;
    /// endoflife.date; table of 2026-10-20.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs18.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Report:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: reports
    /// provider: {name: aws, runtime: python3.9}
    /// functions:
    ///   report: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: reports
    /// provider: {name: aws, runtime: python3.13}
    /// functions:
    ///   report: {handler: app.main}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet6, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Report:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: dotnet10, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: 'arn:aws:iam::123456789012:role/r'}
    /// ```
    pub(super) static POLICY = "deprecated-runtime" {
        category: Security, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-06"],
        options: &[OptionSpec { name: "notice-days", help: "days before the deprecation date from which it is announced, 0 to 730", default: OptionDefault::Int(90) }],
        check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let (today, notice) = (cx.today, cx.option_int("notice-days"));
    let retired: Vec<_> = cx
        .template()
        .problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::RetiredRuntime)
        .map(|problem| problem.origin)
        .collect();
    for function in cx.graph.resources_of("AWS::Lambda::Function") {
        let value = function.property(&["Runtime"]);
        let Some(runtime) = value.text().and_then(|name| runtimes::get(&name)) else { continue };
        let place = Place::property(function, &["Runtime"]);
        // The framework's own helpers run on what it chooses.
        let helper = cx.template().is_service() && function.id().starts_with("CustomDashresource");
        // A runtime that can no longer be deployed is reported as that.
        if helper || function.exists() == Some(false) || retired.contains(&place.origin) {
            continue;
        }
        let Some((severity, state)) = state(runtime, today, notice) else { continue };
        let message = format!("{} runs on {}, {state}", function.id(), runtime.name);
        let successor = runtime.successor.or_else(|| runtimes::newest(runtime.family, today).map(|newest| newest.name));
        let help = match successor {
            Some(successor) => format!("move to {successor}"),
            None => "move to a supported runtime, or to a container image".to_owned(),
        };
        let remedy = successor.map(|successor| {
            Remedy::risky(format!("Run {} on {successor}", function.id())).put(function, &["Runtime"], successor)
        });
        cx.report(place, message).severity(severity).help(help).remedy(remedy);
    }
    elsewhere(cx, today, notice);
}

/// Other providers: what counts is when the language itself stops getting fixes.
fn elsewhere(cx: &mut Context<'_>, today: crate::facts::date::Date, notice: i64) {
    for function in cx.graph.existing("Elsewhere::Function") {
        let Some(runtime) = function.property(&["Runtime"]).text() else { continue };
        let Some(version) = languages::of_runtime(&runtime) else { continue };
        let (severity, state) = match today.days_until(version.end) {
            days if days < 0 => {
                (Severity::High, format!("{} has had no security fixes since {}", version.name(), version.end))
            }
            days if days <= notice => {
                (Severity::Low, format!("{} gets its last fixes on {}", version.name(), version.end))
            }
            _ => continue,
        };
        let message = format!("{} runs on {runtime}, and {state}", function.id());
        cx.report(Place::property(function, &["Runtime"]), message)
            .severity(severity)
            .help("move to a version of the language that is supported");
    }
}

/// How bad the stage of a runtime is, and what to say about it.
fn state(runtime: &Runtime, today: crate::facts::date::Date, notice: i64) -> Option<(Severity, String)> {
    let deprecation = runtime.deprecation?;
    Some(match runtime.stage(today) {
        Stage::UpdateBlocked => {
            (Severity::Critical, format!("which cannot be updated since {}", runtime.block_update?))
        }
        Stage::CreateBlocked => {
            (Severity::High, format!("which no new function can use since {}", runtime.block_create?))
        }
        Stage::Deprecated => {
            let next =
                runtime.block_update.map_or(String::new(), |day| format!(", and updates are blocked from {day} on"));
            (Severity::High, format!("which has had no security patches since {deprecation}{next}"))
        }
        _ if today.days_until(deprecation) <= notice => (Severity::Low, format!("whose support ends on {deprecation}")),
        _ => return None,
    })
}
