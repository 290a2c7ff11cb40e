use crate::graph::{Part, Resource};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Scripts of any website may call an API and read its answers.
    ///
    /// ## Why it matters
    ///
    /// With the origin `*` a browser hands the answers of the API to every page its user visits. Where
    /// the API trusts the network its callers are in, or identifies them by anything the browser
    /// adds by itself, that is access for every website.
    ///
    /// ## How to fix
    ///
    /// Name the origins of your own pages.
    ///
    /// ## When to suppress
    ///
    /// A public API that answers everybody the same.
    ///
    /// ## Source
    ///
    /// OWASP HTML5 Security Cheat Sheet, "Cross Origin Resource Sharing" (no `*` for what is not public); AWS Lambda developer
    /// guide, "Function URLs" (`Cors`); from knowledge, as of 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: azure, runtime: nodejs22, apim: {cors: {allowedOrigins: ['*']}}}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: true}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: azure, runtime: nodejs22, apim: {cors: {allowedOrigins: ['https://shop.example.com']}}}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: true}]}
    /// ```
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionUrlConfig: {AuthType: AWS_IAM, Cors: {AllowOrigins: ['*']}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, FunctionUrlConfig: {AuthType: AWS_IAM, Cors: {AllowOrigins: ['https://shop.example.com']}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['*']}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['https://shop.example.com']}}}
    /// ```
    pub(super) static POLICY = "cors-any-origin" {
        category: Security, severity: Low, profile: Strict, fix: None, since: "0.1.0", risks: ["SAS-02"], check: check,
    }
}

/// Where origins are allowed, by type.
const PLACES: [(&str, &str); 4] = [
    ("AWS::Lambda::Url", "Cors"),
    ("AWS::ApiGatewayV2::Api", "CorsConfiguration"),
    ("Elsewhere::Api", "Cors"),
    ("Elsewhere::Route", "Cors"),
];

fn check(cx: &mut Context<'_>) {
    for (ty, property) in PLACES {
        for resource in cx.graph.existing(ty) {
            any_origin(cx, resource, property);
        }
    }
}

fn any_origin(cx: &mut Context<'_>, resource: Resource<'_>, property: &str) {
    let origins = Part::of(resource).each(&[property, "AllowOrigins"]);
    if let Some(any) = origins.iter().find(|origin| origin.eval().text().is_some_and(|text| text == "*")) {
        cx.report(
            Place::within(resource, any.origin()),
            format!("pages of any website may call {} and read its answers", resource.id()),
        )
        .help("name the origins of your own pages");
    }
}
