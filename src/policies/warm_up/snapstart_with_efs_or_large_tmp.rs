use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// A function combines SnapStart with storage that it does not support.
    ///
    /// ## Why it matters
    ///
    /// SnapStart supports neither a mounted file system nor more than 512 MB of `/tmp`: the
    /// deployment fails.
    ///
    /// ## How to fix
    ///
    /// Remove SnapStart, or the file system, or reduce `/tmp` to 512 MB.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses it.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Improving startup performance with Lambda SnapStart" (no EFS, no more
    /// than 512 MB of `/tmp`); as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Handler: app.main, CodeUri: src/, AutoPublishAlias: live, Runtime: java21, EphemeralStorage: {Size: 1024}, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Handler: app.main, CodeUri: src/, AutoPublishAlias: live, Runtime: java21, EphemeralStorage: {Size: 512}, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Runtime: java21, FileSystemConfigs: [{Arn: !GetAtt Files.Arn, LocalMountPath: /mnt/data}], SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Runtime: java21, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Runtime: java21, FileSystemConfigs: [{Arn: !GetAtt Files.Arn, LocalMountPath: /mnt/data}], SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, Runtime: java21, SnapStart: {ApplyOn: PublishedVersions}}
    /// ```
    pub(super) static POLICY = "snapstart-with-efs-or-large-tmp" {
        category: WarmUp, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        if read::text(function, &["SnapStart", "ApplyOn"], |on| on == "PublishedVersions").is_none() {
            continue;
        }
        if let Some(size) = read::number(function, &["EphemeralStorage", "Size"], |size| size > 512) {
            cx.report(
                Place::property(function, &["EphemeralStorage", "Size"]),
                format!("{} has {size} MB of /tmp, but SnapStart supports 512 MB", function.id()),
            )
            .help("set the size to 512, or remove SnapStart")
            .remedy(Remedy::risky(format!("Give {} 512 MB of /tmp", function.id())).put_own(
                function,
                &["EphemeralStorage", "Size"],
                512,
            ));
        }
        if !read::list(function, &["FileSystemConfigs"]).known.is_empty() {
            cx.report(
                Place::property(function, &["FileSystemConfigs"]),
                format!("{} mounts a file system, which SnapStart does not support", function.id()),
            )
            .help("remove the file system or SnapStart");
        }
    }
}
