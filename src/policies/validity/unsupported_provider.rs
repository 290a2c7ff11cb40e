use super::report;
use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// The service is for a provider of which no facts are known here.
    ///
    /// ## Why it matters
    ///
    /// Functions and triggers are read, and the policies that need no fact about AWS hold for them: open
    /// triggers, secrets in environment variables, languages past their end, memory and timeout left to
    /// defaults, CORS for any origin. Nothing else is checked, and there is no template to expand.
    ///
    /// ## How to fix
    ///
    /// Nothing needs fixing. Switch the policy off, or exclude the file, where the note is known.
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
        category: Validity, severity: Info, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    report(cx, &[ProblemKind::UnsupportedProvider]);
}
