use super::super::read;
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A bucket is shared by an access control list.
    ///
    /// ## Why it matters
    ///
    /// Access control lists are off for new buckets: CloudFormation refuses the bucket unless its ownership
    /// controls turn them on again. They are hard to read beside the policy of the bucket, and open more
    /// than one thinks.
    ///
    /// ## How to fix
    ///
    /// Remove `AccessControl`, and give access with a bucket policy. For logs of load balancers or S3 itself
    /// allow the service's principal.
    ///
    /// ## When to suppress
    ///
    /// When a service can only deliver to a bucket with access control lists.
    ///
    /// ## Source
    ///
    /// Amazon S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket"; cfn-lint
    /// W3045; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Logs:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {AccessControl: LogDeliveryWrite, OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Logs: {Type: AWS::S3::Bucket}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Site:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {AccessControl: PublicRead, OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Site:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {AccessControl: Private}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Site:
    ///       Type: AWS::S3::Bucket
    ///       Properties: {AccessControl: PublicRead, OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Site: {Type: AWS::S3::Bucket}
    /// ```
    pub(super) static POLICY = "bucket-access-control" {
        category: Security, severity: Low, profile: Strict, fix: None, since: "0.1.0", risks: ["SAS-03"], check: check,
    }
}

/// Lists that give nobody else anything.
const OWN: [&str; 2] = ["Private", "BucketOwnerFullControl"];

fn check(cx: &mut Context<'_>) {
    for bucket in cx.graph.existing("AWS::S3::Bucket") {
        if bucket.origin().is_generated() {
            continue;
        }
        let Some(list) = read::text(bucket, &["AccessControl"], |list| !OWN.contains(&list)) else { continue };
        cx.report(
            Place::property(bucket, &["AccessControl"]),
            format!("{} is shared by the access control list {list}", bucket.id()),
        )
        .help("remove it, and give access with AWS::S3::BucketPolicy");
    }
}
