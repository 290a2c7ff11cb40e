use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A Serverless Framework plugin may change the template in ways not known here.
    ///
    /// ## Why it matters
    ///
    /// Plugins are JavaScript that edits the template while it is packaged. dewline knows the
    /// effects of the common ones and runs none. Findings of the kind "X is missing" that this
    /// plugin could answer are withheld.
    ///
    /// ## How to fix
    ///
    /// Nothing needs fixing. Check the packaged template
    /// (`.serverless/cloudformation-template-update-stack.json`) as well if the plugin adds
    /// resources.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs20.x}
    /// plugins: [serverless-made-by-us]
    /// functions:
    ///   get: {handler: a.b}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs20.x}
    /// plugins: [serverless-offline]
    /// functions:
    ///   get: {handler: a.b}
    /// ```
    pub(super) static POLICY = "unknown-plugin" {
        category: Validity, severity: Info, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    super::report(cx, &[ProblemKind::UnknownPlugin]);
}
