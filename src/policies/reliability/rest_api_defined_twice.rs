use crate::graph::NodeRef;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A REST API has a definition, and resources that change it as well.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation writes the definition with `PutRestApi`, which replaces the whole API. Methods, models
    /// and authorizers that other resources added are gone after the next change of the definition, and
    /// nothing in the stack says so.
    ///
    /// ## How to fix
    ///
    /// Move what the other resources add into the definition (in SAM: events, `Auth`, `GatewayResponses`,
    /// `Models`), or write the whole API as resources. `Mode: merge` keeps what the definition does not
    /// have.
    ///
    /// ## When to suppress
    ///
    /// When the definition never changes.
    ///
    /// ## Source
    ///
    /// Amazon API Gateway API reference, "PutRestApi" (`mode`); AWS CloudFormation template reference,
    /// `AWS::ApiGateway::RestApi`, `Mode`; cfn-lint W3660; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Api: {Type: AWS::Serverless::Api, Properties: {StageName: live, DefinitionUri: api.yaml}}
    ///   Orders:
    ///     Type: AWS::ApiGateway::Resource
    ///     Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Api: {Type: AWS::Serverless::Api, Properties: {StageName: live, DefinitionUri: api.yaml}}
    ///   Key: {Type: AWS::ApiGateway::ApiKey, Properties: {StageKeys: [{RestApiId: !Ref Api, StageName: live}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGateway::RestApi
    ///     Properties: {BodyS3Location: {Bucket: definitions, Key: api.yaml}}
    ///   Orders:
    ///     Type: AWS::ApiGateway::Resource
    ///     Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGateway::RestApi
    ///     Properties: {Name: shop}
    ///   Orders:
    ///     Type: AWS::ApiGateway::Resource
    ///     Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
    ///   Merged:
    ///     Type: AWS::ApiGateway::RestApi
    ///     Properties: {Mode: merge, BodyS3Location: {Bucket: definitions, Key: api.yaml}}
    ///   Returns:
    ///     Type: AWS::ApiGateway::Resource
    ///     Properties: {RestApiId: !Ref Merged, ParentId: !GetAtt Merged.RootResourceId, PathPart: returns}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: definitions, Key: api.yaml}}}
    ///     Gone: {Type: AWS::ApiGateway::GatewayResponse, Properties: {RestApiId: !Ref Api, ResponseType: DEFAULT_4XX}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, events: [{http: GET /orders}]}
    /// resources:
    ///   Resources:
    ///     Gone: {Type: AWS::ApiGateway::GatewayResponse, Properties: {RestApiId: !Ref ApiGatewayRestApi, ResponseType: DEFAULT_4XX}}
    /// ```
    pub(super) static POLICY = "rest-api-defined-twice" {
        category: Reliability, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Types whose resources become part of the definition of an API.
const PARTS: [&str; 6] = [
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Resource",
];

fn check(cx: &mut Context<'_>) {
    for ty in PARTS {
        for part in cx.graph.existing(ty) {
            let Some(api) = cx.graph.referred(&part.property(&["RestApiId"])).and_then(NodeRef::resource) else {
                continue;
            };
            let defined = ["Body", "BodyS3Location"].into_iter().find(|name| {
                let value = api.property(&[name]);
                !value.is_absent() && !value.is_unknown()
            });
            // Only an overwriting definition takes away what it does not have.
            let mode = api.property(&["Mode"]);
            let overwrites = mode.is_absent() || mode.text().is_some_and(|mode| mode == "overwrite");
            if api.ty() != "AWS::ApiGateway::RestApi"
                || part.origin().is_generated()
                || !overwrites
                || defined.is_none()
            {
                continue;
            }
            let kind = ty.rsplit("::").next().unwrap_or_default();
            cx.report(
                Place::property(part, &["RestApiId"]),
                format!("the next change of the definition of {} removes the {kind} {}", api.id(), part.id()),
            )
            .help(format!("move it into the definition of {}", api.id()))
            .related(api, "has a definition");
        }
    }
}
