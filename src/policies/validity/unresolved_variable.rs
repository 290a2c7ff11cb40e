use crate::policy;
use crate::policy::Context;
use crate::template::ProblemKind;

policy! {
    /// A variable in serverless.yml has no value.
    ///
    /// ## Why it matters
    ///
    /// `serverless package` stops at the first variable it cannot resolve. dewline goes on with an
    /// unknown value, so that everything else is still checked.
    ///
    /// ## How to fix
    ///
    /// Give the variable a value or a fallback, such as `${param:key, 'default'}`, or pass it
    /// (`--stage`, `--param key=value`).
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs20.x}
    /// custom: {table: '${self:custom.tabel}'}
    /// functions:
    ///   get: {handler: a.b, environment: {TABLE: '${self:custom.nowhere}'}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs20.x}
    /// custom: {table: orders}
    /// functions:
    ///   get: {handler: a.b, environment: {TABLE: '${self:custom.table}'}}
    /// ```
    pub(super) static POLICY = "unresolved-variable" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    super::report(cx, &[ProblemKind::UnresolvedVariable]);
}
