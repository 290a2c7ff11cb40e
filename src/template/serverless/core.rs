//! What every stack has: the bucket that code is deployed from.

use super::functions::tag_list;
use super::output::{Output, Resource};
use super::service::{Service, truthy};
use crate::template::value::Value;

/// The deployment bucket with its policy, unless the author names a bucket.
pub fn bucket(service: &Service, out: &mut Output) {
    let maker = if service.provider.get("deploymentBucket").is_some() {
        service.maker_of("deploymentBucket")
    } else {
        service.maker()
    };
    if let Some(bucket) = &service.bucket {
        out.output("ServerlessDeploymentBucketName", maker, None, bucket.clone());
        return;
    }
    let settings = service.setting(&["deploymentBucket"]);
    let on = |name: &str| settings.and_then(|settings| settings.get(name)).is_some_and(truthy);
    let encryption = maker.map([("SSEAlgorithm", maker.str("AES256"))]);
    let mut bucket = Resource::new("ServerlessDeploymentBucket", "AWS::S3::Bucket", maker).set(
        "BucketEncryption",
        maker.map([(
            "ServerSideEncryptionConfiguration",
            maker.list([maker.map([("ServerSideEncryptionByDefault", encryption)])]),
        )]),
    );
    if let Some(tags) = settings.and_then(|settings| settings.get("tags")).and_then(Value::as_map)
        && !tags.is_empty()
    {
        bucket = bucket.set("Tags", tag_list(maker, [tags]));
    }
    if on("blockPublicAccess") {
        let names = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
        bucket = bucket.set("PublicAccessBlockConfiguration", maker.map(names.map(|name| (name, maker.bool(true)))));
    }
    if on("versioning") {
        bucket = bucket.set("VersioningConfiguration", maker.map([("Status", maker.str("Enabled"))]));
    }
    out.put(bucket);
    if !on("skipPolicySetup") {
        let arn = |rest: Option<&str>| {
            let mut parts = vec![
                maker.str("arn:"),
                maker.reference("AWS::Partition"),
                maker.str(":s3:::"),
                maker.reference("ServerlessDeploymentBucket"),
            ];
            parts.extend(rest.map(|rest| maker.str(rest)));
            maker.join("", parts)
        };
        let statement = maker.map([
            ("Action", maker.str("s3:*")),
            ("Effect", maker.str("Deny")),
            ("Principal", maker.str("*")),
            ("Resource", maker.list([arn(Some("/*")), arn(None)])),
            ("Condition", maker.map([("Bool", maker.map([("aws:SecureTransport", maker.bool(false))]))])),
        ]);
        out.put(
            Resource::new("ServerlessDeploymentBucketPolicy", "AWS::S3::BucketPolicy", maker)
                .set("Bucket", maker.reference("ServerlessDeploymentBucket"))
                .set("PolicyDocument", maker.map([("Statement", maker.list([statement]))])),
        );
    }
    out.output("ServerlessDeploymentBucketName", maker, None, maker.reference("ServerlessDeploymentBucket"));
}
