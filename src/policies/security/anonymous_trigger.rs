use super::super::read;
use crate::graph::EdgeKind;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A trigger of a function for another provider than AWS answers anybody on the internet.
    ///
    /// ## Why it matters
    ///
    /// `authLevel: anonymous` (Azure), `allowUnauthenticated: true` (Google), `access: public` (Spotinst) and
    /// `web-export: true` without `require-whisk-auth` (OpenWhisk) let everyone who learns the address run the
    /// function, on your bill. For services on AWS other policies look at the same thing.
    ///
    /// ## How to fix
    ///
    /// Ask for a key or a token (`authLevel: function`, an identity with the right to invoke, `require-whisk-auth`), or
    /// put an API that knows its callers in front.
    ///
    /// ## When to suppress
    ///
    /// Public content, and webhooks that check a signature in code.
    ///
    /// ## Source
    ///
    /// OWASP Serverless Top 10, SAS-02 (broken authentication); documentation of the providers' plugins, from knowledge, as of
    /// 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: azure, runtime: nodejs22}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: true, authLevel: anonymous}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: azure, runtime: nodejs22}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: true, authLevel: function}]}
    /// ```
    pub(super) static POLICY = "anonymous-trigger" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for route in cx.graph.existing("Elsewhere::Route") {
        if read::text(route, &["Auth"], |auth| auth == "anonymous").is_none() {
            continue;
        }
        let node = cx.graph.node(route.id());
        let function = node.and_then(|node| node.targets(EdgeKind::InvokesSync).next());
        let name = function.map_or(route.id(), |function| function.name());
        cx.report(Place::property(route, &["Auth"]), format!("anybody on the internet can run {name}"))
            .help("ask callers for a key or a token, or put an API that knows them in front");
    }
}
