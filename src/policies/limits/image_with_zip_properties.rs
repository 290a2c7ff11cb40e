use crate::policy;
use crate::policy::{Context, Place, Remedy};

policy! {
    /// Settings of a function contradict the way it is packaged.
    ///
    /// ## Why it matters
    ///
    /// A function is either a container image or a zip archive. An image brings its own runtime,
    /// entry point and layers, so `Runtime`, `Handler` and `Layers` are refused next to `PackageType:
    /// Image`. A zip archive needs `Runtime` and `Handler`; without one of them the deployment fails.
    ///
    /// ## How to fix
    ///
    /// For an image, remove `Runtime`, `Handler` and `Layers` (the command of the image is set in
    /// `ImageConfig`). For an archive, state both `Runtime` and `Handler`.
    ///
    /// ## When to suppress
    ///
    /// Never: Lambda refuses the function.
    ///
    /// ## Source
    ///
    /// AWS Lambda API reference, `CreateFunction` (`PackageType`, `Handler`, `Runtime`, `Layers`); cfn-lint
    /// E3685, W2533; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {PackageType: Image, Code: {ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {PackageType: Image, Code: {ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       PackageType: Image
    ///       Code: {ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1}
    ///       Handler: app.main
    ///       Role: !GetAtt Role.Arn
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {PackageType: Image, Code: {ImageUri: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1}, Role: !GetAtt Role.Arn}
    /// ```
    pub(super) static POLICY = "image-with-zip-properties" {
        category: Limits, severity: High, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    for function in cx.graph.existing("AWS::Lambda::Function") {
        let kind = function.property(&["PackageType"]);
        if kind.text().is_some_and(|kind| kind == "Image") {
            for name in ["Runtime", "Handler", "Layers"] {
                let value = function.property(&[name]);
                let empty = value.known().and_then(|value| value.as_list()).is_some_and(<[_]>::is_empty);
                if value.known().is_some() && !empty {
                    cx.report(
                        Place::property(function, &[name]),
                        format!("{} is a container image, for which Lambda refuses {name}", function.id()),
                    )
                    .help(format!("remove {name}; the image brings its own, and ImageConfig sets its command"))
                    .remedy(
                        Remedy::safe(format!("Remove {name} from {}", function.id()))
                            .remove_property(function, &[name]),
                    );
                }
            }
        } else if kind.is_absent() || kind.text().is_some_and(|kind| kind == "Zip") {
            let code = function.property(&["Code"]);
            let image = code.borrowed().is_none_or(|code| code.get("ImageUri").is_some() || code.intrinsic().is_some());
            if image {
                continue;
            }
            for name in ["Runtime", "Handler"] {
                if function.property(&[name]).is_absent() {
                    cx.report(function, format!("{} is a zip archive but has no {name}", function.id()))
                        .help(format!("state {name}, or set PackageType: Image if the code is a container image"));
                }
            }
        }
    }
}
