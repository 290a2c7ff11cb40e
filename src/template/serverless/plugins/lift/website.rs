//! `static-website` and `single-page-app`: a bucket behind a CDN.

use super::{Construct, Type, cut_name};
use crate::template::serverless::output::Output;
use crate::template::serverless::service::{Service, truthy};
use crate::template::unknown;
use crate::template::value::{Kind, Maker, Value};
use serde_json::{Value as Json, json};

/// The managed cache policy "CachingOptimized" of `CloudFront`.
pub const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";

pub fn variable(construct: Construct<'_>, attribute: &str, maker: Maker) -> Option<Value> {
    match attribute {
        "cname" => Some(maker.get_att(construct.resource("CDN"), "DomainName")),
        "assetsBucketName" => Some(maker.reference(construct.resource("Bucket"))),
        _ => None,
    }
}

/// The domains that the author names.
pub fn domains(construct: Construct<'_>) -> Vec<Value> {
    match construct.setting("domain").map(|domain| &domain.kind) {
        Some(Kind::List(items)) => items.clone(),
        Some(_) => construct.setting("domain").filter(|domain| truthy(domain)).cloned().into_iter().collect(),
        None => Vec::new(),
    }
}

/// A function at the edge, whose code is the plugin's.
pub fn edge_function(construct: Construct<'_>, service: &Service, part: &str, suffix: &str, out: &mut Output) {
    let name = format!("{}-{}-{}-{suffix}", service.stack(), service.region, construct.name);
    let name = cut_name(&name, 64);
    construct.put(
        out,
        construct.resource(part),
        json!({
            "Type": "AWS::CloudFront::Function",
            "Properties": {
                "AutoPublish": true,
                "FunctionCode": unknown::mark("plugin code").as_str(),
                "FunctionConfig": {"Comment": name, "Runtime": "cloudfront-js-1.0"},
                "Name": name,
            },
        }),
    );
}

/// The reference to an edge function from a behaviour of the distribution.
pub fn association(construct: Construct<'_>, part: &str, event: &str) -> serde_json::Value {
    json!({"EventType": event, "FunctionARN": {"Fn::GetAtt": [construct.resource(part), "FunctionARN"]}})
}

/// Sets domains and their certificate.
pub fn own_domains(construct: Construct<'_>, out: &mut Output) {
    let maker = construct.maker();
    let domains = domains(construct);
    let distribution = out.properties(&construct.resource("CDN")).and_then(|p| p.get_mut("DistributionConfig"));
    let Some(config) = distribution.and_then(Value::as_map_mut) else { return };
    if !domains.is_empty() {
        config.insert("Aliases", maker.list(domains));
    }
    if let Some(certificate) = construct.setting("certificate").filter(|value| truthy(value)) {
        let settings = maker.map([
            ("AcmCertificateArn", certificate.clone()),
            ("MinimumProtocolVersion", maker.str("TLSv1.2_2021")),
            ("SslSupportMethod", maker.str("sni-only")),
        ]);
        config.insert("ViewerCertificate", settings);
    }
}

/// Lets somebody read the objects of a bucket; `reader` has the principal, and perhaps a condition.
pub fn let_read(construct: Construct<'_>, id: &[&str], bucket: &str, mut reader: Json, out: &mut Output) {
    reader["Action"] = json!("s3:GetObject");
    reader["Effect"] = json!("Allow");
    reader["Resource"] = json!({"Fn::Join": ["", [{"Fn::GetAtt": [bucket, "Arn"]}, "/*"]]});
    let policy = json!({"Statement": [reader], "Version": "2012-10-17"});
    let properties = json!({"Bucket": {"Ref": bucket}, "PolicyDocument": policy});
    construct.put(out, construct.id(id), json!({"Type": "AWS::S3::BucketPolicy", "Properties": properties}));
}

/// The rule that removes objects the plugin marks as old.
pub fn expire_marked(construct: Construct<'_>, bucket: &str, out: &mut Output) {
    if !construct.flag("versionedAssets") {
        return;
    }
    let maker = construct.maker();
    let tag = maker.map([("Key", maker.str("Obsolete")), ("Value", maker.str("true"))]);
    let rule = maker.map([
        ("ExpirationInDays", maker.int(1)),
        ("Status", maker.str("Enabled")),
        ("TagFilters", maker.list([tag])),
    ]);
    let rules = maker.map([("Rules", maker.list([rule]))]);
    if let Some(resource) = out.resources.get_mut(bucket).and_then(Value::as_map_mut) {
        let properties = resource.get_or_insert_with("Properties", || maker.map::<&str>([]));
        if let Some(properties) = properties.as_map_mut() {
            properties.insert("LifecycleConfiguration", rules);
        }
    }
}

/// Names and addresses as outputs.
pub fn outputs(construct: Construct<'_>, bucket: String, bucket_output: (&str, &str), out: &mut Output) {
    let maker = construct.maker();
    let id = |name: &str| construct.id(&[name]);
    let distribution = construct.resource("CDN");
    let address = || maker.get_att(distribution.as_str(), "DomainName");
    let domain = domains(construct).into_iter().next().unwrap_or_else(address);
    out.output(&id(bucket_output.0), maker, Some(bucket_output.1), maker.reference(bucket));
    out.output(&id("Domain"), maker, Some("Website domain name."), domain);
    out.output(&id("CloudFrontCName"), maker, Some("CloudFront CNAME."), address());
    let about = "ID of the CloudFront distribution.";
    out.output(&id("DistributionId"), maker, Some(about), maker.reference(distribution.as_str()));
}

pub fn resources(construct: Construct<'_>, service: &Service, out: &mut Output) {
    let fixed = construct.ty == Type::Static;
    let bucket = construct.resource("Bucket");
    let origin = construct.id(&["CDN", "Origin1"]);
    let identity = construct.id(&["CDN", "Origin1", "S3Origin", "Resource"]);
    let page =
        construct.setting("errorPage").and_then(Value::as_str).map(|page| format!("/{}", page.trim_start_matches('/')));
    let mut resource = json!({"Type": "AWS::S3::Bucket", "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete"});
    if fixed {
        let mut site = json!({"IndexDocument": "index.html"});
        if let Some(page) = &page {
            site["ErrorDocument"] = page.as_str().into();
        }
        resource["Properties"] = json!({
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": false,
                "BlockPublicPolicy": false,
                "IgnorePublicAcls": false,
                "RestrictPublicBuckets": false,
            },
            "WebsiteConfiguration": site,
        });
    }
    construct.put(out, bucket.clone(), resource);
    expire_marked(construct, &bucket, out);
    let principal = if fixed {
        json!({"AWS": "*"})
    } else {
        json!({"CanonicalUser": {"Fn::GetAtt": [identity, "S3CanonicalUserId"]}})
    };
    let reader = json!({ "Principal": principal });
    let_read(construct, &["Bucket", "Policy", "Resource"], &bucket, reader, out);
    edge_function(construct, service, "ResponseFunction", "response", out);
    let mut associations = vec![association(construct, "ResponseFunction", "viewer-response")];
    // A static website needs no function for requests unless they go to another domain.
    if !fixed || construct.flag("redirectToMainDomain") && domains(construct).len() > 1 {
        edge_function(construct, service, "RequestFunction", "request", out);
        associations.push(association(construct, "RequestFunction", "viewer-request"));
    }
    let source = if fixed {
        let address = json!({"Fn::Split": ["/", {"Fn::GetAtt": [bucket, "WebsiteURL"]}]});
        json!({
            "CustomOriginConfig": {"OriginProtocolPolicy": "http-only", "OriginSSLProtocols": ["TLSv1.2"]},
            "DomainName": {"Fn::Select": [2, address]},
            "Id": origin,
        })
    } else {
        construct.put(
            out,
            identity.clone(),
            json!({
                "Type": "AWS::CloudFront::CloudFrontOriginAccessIdentity",
                "Properties": {
                    "CloudFrontOriginAccessIdentityConfig": {"Comment": format!("Identity for {origin}")},
                },
            }),
        );
        let path = json!({"Fn::Join": ["", ["origin-access-identity/cloudfront/", {"Ref": identity}]]});
        json!({
            "DomainName": {"Fn::GetAtt": [bucket, "RegionalDomainName"]},
            "Id": origin,
            "S3OriginConfig": {"OriginAccessIdentity": path},
        })
    };
    let (code, path) = page.map_or((200, "/index.html".to_owned()), |page| (404, page));
    construct.put(
        out,
        construct.resource("CDN"),
        json!({
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": {
                "Comment": format!("{} {} website CDN", service.stack(), construct.name),
                "CustomErrorResponses": [
                    {"ErrorCachingMinTTL": 0, "ErrorCode": 404, "ResponseCode": code, "ResponsePagePath": path},
                ],
                "DefaultCacheBehavior": {
                    "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
                    "CachePolicyId": CACHING_OPTIMIZED,
                    "Compress": true,
                    "FunctionAssociations": associations,
                    "TargetOriginId": origin,
                    "ViewerProtocolPolicy": "redirect-to-https",
                },
                "DefaultRootObject": "index.html",
                "Enabled": true,
                "HttpVersion": "http2",
                "IPV6Enabled": true,
                "Origins": [source],
            }},
        }),
    );
    own_domains(construct, out);
    outputs(construct, bucket, ("BucketName", "Name of the bucket that stores the static website."), out);
}
