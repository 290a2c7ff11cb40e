//! `server-side-website`: a CDN in front of the service's API, with assets from a bucket.

use super::website::{self, CACHING_OPTIMIZED};
use super::{Construct, cut_name};
use crate::template::serverless::output::Output;
use crate::template::serverless::service::Service;
use crate::template::value::{Maker, Map, Value};
use serde_json::json;

/// The managed policies "CachingDisabled" and "AllViewerExceptHostHeader" of `CloudFront`.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_BUT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

pub fn variable(construct: Construct<'_>, attribute: &str, maker: Maker) -> Option<Value> {
    let address = maker.get_att(construct.resource("CDN"), "DomainName");
    match attribute {
        "url" => {
            let domain = website::domains(construct).into_iter().next().unwrap_or(address);
            Some(maker.join("", [maker.str("https://"), domain]))
        }
        "cname" => Some(address),
        "assetsBucketName" => Some(maker.reference(construct.resource("Assets"))),
        _ => None,
    }
}

pub fn resources(construct: Construct<'_>, service: &Service, out: &mut Output) {
    let bucket = construct.resource("Assets");
    let distribution = construct.resource("CDN");
    let control = construct.resource("S3OriginAccessControl");
    let page = construct.setting("errorPage").and_then(Value::as_str);
    let page = page.map(|page| format!("/{}", page.rsplit('/').next().unwrap_or(page)));
    construct.put(
        out,
        bucket.clone(),
        json!({"Type": "AWS::S3::Bucket", "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete"}),
    );
    website::expire_marked(construct, &bucket, out);
    website::edge_function(construct, service, "RequestFunction", "request", out);
    let assets = construct.setting("assets").and_then(Value::as_map);
    let mut patterns: Vec<String> = assets.into_iter().flat_map(Map::keys).map(str::to_owned).collect();
    patterns.extend(page.clone().filter(|page| !patterns.contains(page)));
    if !patterns.is_empty() {
        share(construct, service, &control, out);
    }
    let origin = |number: usize| construct.id(&["CDN", &format!("Origin{number}")]);
    let rest = construct.setting("apiGateway").and_then(Value::as_str) == Some("rest");
    let api = if rest { "ApiGatewayRestApi" } else { "HttpApi" };
    let host = format!("execute-api.{}.amazonaws.com", service.region);
    let mut backend = json!({
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
        "DomainName": {"Fn::Join": [".", [{"Ref": api}, host]]},
        "Id": origin(1),
    });
    if rest {
        backend["OriginPath"] = format!("/{}", service.stage).into();
    }
    let mut origins = vec![backend];
    let mut behaviors = Vec::new();
    for (at, pattern) in patterns.iter().enumerate() {
        let id = origin(at + 2);
        behaviors.push(json!({
            "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
            "CachePolicyId": CACHING_OPTIMIZED,
            "Compress": true,
            "PathPattern": pattern,
            "TargetOriginId": id,
            "ViewerProtocolPolicy": "redirect-to-https",
        }));
        origins.push(json!({
            "DomainName": {"Fn::GetAtt": [bucket, "RegionalDomainName"]},
            "Id": id,
            "OriginAccessControlId": {"Fn::GetAtt": [control, "Id"]},
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }));
    }
    let error = |code: u16| {
        let mut error = json!({"ErrorCachingMinTTL": 0, "ErrorCode": code});
        if let Some(page) = &page {
            error["ResponseCode"] = code.into();
            error["ResponsePagePath"] = page.as_str().into();
        }
        error
    };
    let mut config = json!({
        "Comment": format!("{} {} website CDN", service.stack(), construct.name),
        "CustomErrorResponses": [error(500), error(504)],
        "DefaultCacheBehavior": {
            "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
            "CachePolicyId": CACHING_DISABLED,
            "Compress": true,
            "FunctionAssociations": [website::association(construct, "RequestFunction", "viewer-request")],
            "OriginRequestPolicyId": ALL_BUT_HOST,
            "TargetOriginId": origin(1),
            "ViewerProtocolPolicy": "redirect-to-https",
        },
        "Enabled": true,
        "HttpVersion": "http2and3",
        "IPV6Enabled": true,
        "Origins": origins,
    });
    if !behaviors.is_empty() {
        config["CacheBehaviors"] = behaviors.into();
    }
    construct.put(
        out,
        distribution,
        json!({"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}),
    );
    website::own_domains(construct, out);
    let about = ("AssetsBucketName", "Name of the bucket that stores the website assets.");
    website::outputs(construct, bucket, about, out);
}

/// Lets the distribution read the assets.
fn share(construct: Construct<'_>, service: &Service, control: &str, out: &mut Output) {
    let bucket = construct.resource("Assets");
    construct.put(
        out,
        control.to_owned(),
        json!({
            "Type": "AWS::CloudFront::OriginAccessControl",
            "Properties": {"OriginAccessControlConfig": {
                "Name": cut_name(&format!("{}-{}-oac", service.stack(), construct.name), 64),
                "OriginAccessControlOriginType": "s3",
                "SigningBehavior": "always",
                "SigningProtocol": "sigv4",
            }},
        }),
    );
    let distribution = json!({"Fn::Join": ["", [
        "arn:",
        {"Ref": "AWS::Partition"},
        ":cloudfront::",
        {"Ref": "AWS::AccountId"},
        ":distribution/",
        {"Ref": construct.resource("CDN")},
    ]]});
    let reader = json!({
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
    });
    website::let_read(construct, &["Assets", "Policy", "Resource"], &bucket, reader, out);
}
