//! `storage`: a bucket.

use super::{Construct, capitalized};
use crate::template::serverless::output::{Output, allow};
use crate::template::value::{Kind, Maker, Value};
use serde_json::json;

const ACTIONS: [&str; 14] = [
    "s3:PutObject",
    "s3:GetObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "s3:GetObjectAcl",
    "s3:PutObjectAcl",
    "s3:GetObjectTagging",
    "s3:PutObjectTagging",
    "s3:DeleteObjectTagging",
    "s3:GetObjectAttributes",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
    "s3:ListBucketMultipartUploads",
    "s3:RestoreObject",
];

pub fn variable(construct: Construct<'_>, attribute: &str, maker: Maker) -> Option<Value> {
    let bucket = construct.resource("Bucket");
    Some(match attribute {
        "bucketName" => maker.reference(bucket),
        "bucketArn" => maker.get_att(bucket, "Arn"),
        "publicUrl" if construct.setting("publicPath").is_some() => {
            maker.join("", [maker.str("https://"), maker.get_att(bucket, "RegionalDomainName")])
        }
        _ => return None,
    })
}

pub fn statement(construct: Construct<'_>) -> Value {
    let maker = construct.maker();
    let arn = || maker.get_att(construct.resource("Bucket"), "Arn");
    allow(maker, &ACTIONS, vec![arn(), maker.join("/", [arn(), maker.str("*")])])
}

/// The objects below `publicPath`.
fn public_objects(construct: Construct<'_>) -> Option<String> {
    let path = construct.setting("publicPath")?.as_str()?.trim_matches('/');
    Some(if path.is_empty() || path == "*" { "/*".to_owned() } else { format!("/{path}/*") })
}

pub fn resources(construct: Construct<'_>, out: &mut Output) {
    let maker = construct.maker();
    let id = construct.resource("Bucket");
    let public = public_objects(construct);
    let (open, acl) = (public.is_some(), construct.flag("allowAcl"));
    let algorithm = match construct.setting("encryption").and_then(Value::as_str) {
        Some("kms") => "aws:kms",
        _ => "AES256",
    };
    construct.put(
        out,
        id.clone(),
        json!({
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}},
                ]},
                "LifecycleConfiguration": {"Rules": [
                    {"Status": "Enabled", "Transitions": [
                        {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0},
                    ]},
                    {"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
                ]},
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": !open || !acl,
                    "BlockPublicPolicy": !open,
                    "IgnorePublicAcls": true,
                    "RestrictPublicBuckets": !open,
                },
                "VersioningConfiguration": {"Status": "Enabled"},
            },
            "UpdateReplacePolicy": "Retain",
            "DeletionPolicy": "Retain",
        }),
    );
    if let Some(properties) = out.properties(&id) {
        let rules = properties.get_mut("LifecycleConfiguration").and_then(|rules| rules.get_mut("Rules"));
        if let Some(rules) = rules.and_then(Value::as_list_mut) {
            for rule in construct.setting("lifecycleRules").and_then(Value::as_list).unwrap_or_default() {
                let mut rule = capitalized(rule);
                if let Some(map) = rule.as_map_mut() {
                    map.get_or_insert_with("Status", || maker.str("Enabled"));
                }
                rules.push(rule);
            }
        }
        if let Some(cors) = construct.setting("cors") {
            let rules = match &cors.kind {
                Kind::List(_) => capitalized(cors),
                _ => maker.list([maker.map([
                    ("AllowedOrigins", maker.list([cors.clone()])),
                    ("AllowedMethods", maker.list(["GET", "PUT", "DELETE"].map(|method| maker.str(method)))),
                    ("AllowedHeaders", maker.list([maker.str("*")])),
                ])]),
            };
            properties.insert("CorsConfiguration", maker.map([("CorsRules", rules)]));
        }
        if acl {
            let rule = maker.map([("ObjectOwnership", maker.str("BucketOwnerPreferred"))]);
            properties.insert("OwnershipControls", maker.map([("Rules", maker.list([rule]))]));
        }
    }
    let arn = json!({"Fn::GetAtt": [id, "Arn"]});
    let below = |path: &str| json!({"Fn::Join": ["", [arn, path]]});
    let mut statements = vec![json!({
        "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Resource": [arn, below("/*")],
    })];
    if let Some(path) = &public {
        statements.push(json!({
            "Action": "s3:GetObject",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Resource": below(path),
        }));
    }
    construct.put(
        out,
        construct.id(&["Bucket", "Policy", "Resource"]),
        json!({
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": id},
                "PolicyDocument": {"Statement": statements, "Version": "2012-10-17"},
            },
        }),
    );
    out.output(&construct.id(&["BucketName"]), maker, None, maker.reference(id));
}
