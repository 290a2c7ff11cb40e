use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A variable is not well formed, or refers to itself.
    ///
    /// ## Why it matters
    ///
    /// The framework stops with an error before it deploys anything.
    ///
    /// ## How to fix
    ///
    /// Correct the variable: `${source:address, 'default'}`.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: jobs
    /// custom: {a: '${self:custom.b}', b: '${self:custom.a}'}
    /// provider: {name: aws, runtime: nodejs20.x, environment: {KEY: '${self:custom.a}'}}
    /// functions:
    ///   run: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: jobs
    /// custom: {a: one}
    /// provider: {name: aws, runtime: nodejs20.x, environment: {KEY: '${self:custom.a}'}}
    /// functions:
    ///   run: {handler: app.main}
    /// ```
    pub(super) static POLICY = "invalid-variable" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::InvalidVariable]);
}
