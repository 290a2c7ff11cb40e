use super::super::read;
use crate::policy;
use crate::policy::{Context, Place, Remedy};

/// List property, greatest number of entries, noun (resource schema of 2026-10-20).
const LISTS: [(&[&str], usize, &str); 3] = [
    (&["VpcConfig", "SubnetIds"], 16, "subnet"),
    (&["VpcConfig", "SecurityGroupIds"], 5, "security group"),
    (&["FileSystemConfigs"], 1, "file system"),
];

policy! {
    /// A function has more network attachments than Lambda allows.
    ///
    /// ## Why it matters
    ///
    /// A function takes at most 16 subnets, 5 security groups and one file system, whose mount path
    /// begins with `/mnt/`. More, or another path, fails the deployment.
    ///
    /// ## How to fix
    ///
    /// Two or three subnets in different availability zones are enough. Merge security groups. Mount
    /// one file system and use folders in it.
    ///
    /// ## When to suppress
    ///
    /// When the quota was raised for the account.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `VpcConfig` (16 subnets, 5 security groups); cfn-lint E3032; as of
    /// 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1, sg-2, sg-3, sg-4, sg-5, sg-6]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, vpc: {subnetIds: [subnet-1], securityGroupIds: [sg-1, sg-2, sg-3, sg-4, sg-5, sg-6]}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main, vpc: {subnetIds: [subnet-1, subnet-2], securityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, FileSystemConfigs: [{Arn: !GetAtt Files.Arn, LocalMountPath: /data}], VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn, FileSystemConfigs: [{Arn: !GetAtt Files.Arn, LocalMountPath: /mnt/data}], VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}
    /// ```
    pub(super) static POLICY = "vpc-config-counts" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        for (path, maximum, noun) in LISTS {
            let number = read::list(function, path).known.len();
            if number > maximum {
                cx.report(
                    Place::property(function, path),
                    format!(
                        "{} is attached to {}, but Lambda takes at most {maximum}",
                        function.id(),
                        read::count(number, noun)
                    ),
                )
                .help(format!("keep at most {}", read::count(maximum, noun)));
            }
        }
        for system in read::list(function, &["FileSystemConfigs"]).borrowed() {
            let path = cx.template().walk(system, &["LocalMountPath"]);
            let Some(text) = path.text().filter(|text| !text.starts_with("/mnt/")) else { continue };
            let place = path.origin().unwrap_or(system.origin);
            let mounted = text
                .starts_with('/')
                .then(|| Remedy::risky(format!("Mount it at /mnt{text}")).replace(place, &text, format!("/mnt{text}")));
            cx.report(
                Place::within(function, place),
                format!("{} mounts a file system at {text}, but mount paths begin with /mnt/", function.id()),
            )
            .help(format!("mount it at /mnt{text}"))
            .remedy(mounted);
        }
    }
}
