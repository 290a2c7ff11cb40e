//! `webhook`: a route that puts what it gets on an event bus.

use super::{Construct, add_function};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::naming;
use crate::template::serverless::output::Output;
use crate::template::serverless::service::{Service, text};
use crate::template::value::{Maker, Value};
use serde_json::json;

pub fn variable(construct: Construct<'_>, attribute: &str, maker: Maker) -> Option<Value> {
    (attribute == "busName").then(|| maker.reference(construct.resource("Bus")))
}

fn authorizer(construct: Construct<'_>) -> String {
    format!("{}Authorizer", construct.name)
}

/// Adds the function that decides who may call.
pub fn configure(construct: Construct<'_>, service: &mut Service, cx: &mut Lowering<'_>) {
    match (construct.flag("insecure"), construct.setting("authorizer")) {
        (false, Some(function)) => add_function(service, construct, &authorizer(construct), function),
        (true, None) => {}
        (insecure, _) => {
            let name = construct.name;
            let (message, help) = if insecure {
                (format!("the webhook `{name}` is `insecure` and has an authorizer"), "remove one of the two")
            } else {
                (format!("the webhook `{name}` has no authorizer"), "add `authorizer`, or say `insecure: true`")
            };
            cx.report(Problem::new(ProblemKind::FrameworkConfiguration, construct.origin, message).help(help));
        }
    }
}

pub fn resources(construct: Construct<'_>, service: &Service, out: &mut Output) {
    let id = |name: &str| construct.resource(name);
    let (api, bus, role) = (id("HttpApi"), id("Bus"), id("ApiGatewayRole"));
    let (integration, route) = (construct.id(&["Integration"]), construct.id(&["Route"]));
    let known =
        |name: &str, default: &str| construct.setting(name).and_then(text).unwrap_or_else(|| default.to_owned());
    let key = format!("{} {}", known("method", "POST"), known("path", ""));
    let policy = |statement: serde_json::Value| json!({"Statement": [statement], "Version": "2012-10-17"});
    construct.put(
        out,
        api.clone(),
        json!({"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "HttpApi", "ProtocolType": "HTTP"}}),
    );
    construct.put(
        out,
        construct.id(&["HttpApi", "DefaultStage", "Resource"]),
        json!({
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"ApiId": {"Ref": api}, "AutoDeploy": true, "StageName": "$default"},
        }),
    );
    construct.put(
        out,
        bus.clone(),
        json!({"Type": "AWS::Events::EventBus", "Properties": {"Name": construct.id(&["Bus"])}}),
    );
    construct.put(
        out,
        role.clone(),
        json!({
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": policy(json!({
                    "Action": "sts:AssumeRole",
                    "Effect": "Allow",
                    "Principal": {"Service": "apigateway.amazonaws.com"},
                })),
                "Policies": [{
                    "PolicyDocument": policy(json!({
                        "Action": "events:PutEvents",
                        "Effect": "Allow",
                        "Resource": {"Fn::GetAtt": [bus, "Arn"]},
                    })),
                    "PolicyName": "EventBridge",
                }],
            },
        }),
    );
    construct.put(
        out,
        integration.clone(),
        json!({
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": api},
                "ConnectionType": "INTERNET",
                "CredentialsArn": {"Fn::GetAtt": [role, "Arn"]},
                "IntegrationSubtype": "EventBridge-PutEvents",
                "IntegrationType": "AWS_PROXY",
                "PayloadFormatVersion": "1.0",
                "RequestParameters": {
                    "DetailType": known("eventType", "Webhook"),
                    "Detail": "$request.body",
                    "Source": construct.name,
                    "EventBusName": {"Ref": bus},
                },
            },
        }),
    );
    let guarded = !construct.flag("insecure") && construct.setting("authorizer").is_some();
    let mut properties = json!({
        "ApiId": {"Ref": api},
        "AuthorizationType": if guarded { "CUSTOM" } else { "NONE" },
        "RouteKey": key,
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
    });
    if guarded {
        properties["AuthorizerId"] = json!({"Ref": construct.id(&["Authorizer"])});
        guard(construct, service, out);
    }
    construct.put(out, route, json!({"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}));
    let maker = construct.maker();
    out.output(&construct.id(&["HttpApiEndpoint"]), maker, None, maker.get_att(api, "ApiEndpoint"));
    out.output(&construct.id(&["Endpoint"]), maker, None, maker.str(key));
}

/// The authorizer with its right to run the function.
fn guard(construct: Construct<'_>, service: &Service, out: &mut Output) {
    let (api, role) = (construct.resource("HttpApi"), construct.resource("ApiGatewayRole"));
    let policy = construct.id(&["ApiGatewayRole", "DefaultPolicy", "Resource"]);
    let arn = json!({"Fn::GetAtt": [naming::function(&authorizer(construct)), "Arn"]});
    construct.put(
        out,
        policy.clone(),
        json!({
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyDocument": {
                    "Statement": [{
                        "Action": "lambda:InvokeFunction",
                        "Effect": "Allow",
                        "Resource": [arn, {"Fn::Join": ["", [arn, ":*"]]}],
                    }],
                    "Version": "2012-10-17",
                },
                "PolicyName": policy,
                "Roles": [{"Ref": role}],
            },
        }),
    );
    let uri = format!("arn:aws:apigateway:{}:lambda:path/2015-03-31/functions", service.region);
    construct.put(
        out,
        construct.id(&["Authorizer"]),
        json!({
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": api},
                "AuthorizerCredentialsArn": {"Fn::GetAtt": [role, "Arn"]},
                "AuthorizerPayloadFormatVersion": "2.0",
                "AuthorizerType": "REQUEST",
                "AuthorizerUri": {"Fn::Join": ["/", [uri, arn, "invocations"]]},
                "EnableSimpleResponses": true,
                "Name": format!("{}-authorizer", construct.name),
            },
        }),
    );
}
