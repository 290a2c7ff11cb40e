use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The Serverless Framework warns about or refuses a setting.
    ///
    /// ## Why it matters
    ///
    /// What the framework does not know it ignores or refuses, so that the setting has no effect or
    /// the deployment stops.
    ///
    /// ## How to fix
    ///
    /// Correct the setting that the message names.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: jobs
    /// provider: {name: aws, runtime: nodejs20.x}
    /// functions:
    ///   run:
    ///     handler: app.main
    ///     events:
    ///       - httpApi: {method: FETCH, path: /run}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: jobs
    /// provider: {name: aws, runtime: nodejs20.x}
    /// functions:
    ///   run:
    ///     handler: app.main
    ///     events:
    ///       - httpApi: {method: GET, path: /run}
    /// ```
    pub(super) static POLICY = "invalid-framework-configuration" {
        category: Validity, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::FrameworkConfiguration]);
}
