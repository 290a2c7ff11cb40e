use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The service is for a provider that is not read.
    ///
    /// ## Why it matters
    ///
    /// Only services for AWS are checked.
    ///
    /// ## How to fix
    ///
    /// Exclude the file, when it is meant for another provider.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: jobs
    /// provider: {name: google, runtime: nodejs20}
    /// functions:
    ///   run: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: jobs
    /// provider: {name: aws, runtime: nodejs20.x}
    /// functions:
    ///   run: {handler: app.main}
    /// ```
    pub(super) static POLICY = "unsupported-provider" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnsupportedProvider]);
}
