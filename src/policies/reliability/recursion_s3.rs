use super::super::{flows, grants};
use crate::finding::Severity;
use crate::graph::{NodeKind, Text};
use crate::policy;
use crate::policy::{Context, Place};
use crate::template::unknown;
use flows::{Flow, Way};

policy! {
    /// A function that a bucket triggers may write to the same bucket.
    ///
    /// ## Why it matters
    ///
    /// Every object the function writes can trigger it again. Such a loop grows with each round and
    /// ran up bills of thousands of dollars within hours; Lambda's own loop detection needs a recent
    /// SDK in the function and steps in only after about 16 rounds of each chain.
    ///
    /// ## How to fix
    ///
    /// Write to a second bucket. Where it must be one bucket, give the notification a prefix or
    /// suffix filter and restrict the role's `Resource` to keys that the filter does not match.
    ///
    /// ## When to suppress
    ///
    /// The function surely writes under keys that the filter leaves out, and the role has to stay wide.
    ///
    /// ## Source
    ///
    /// AWS Lambda developer guide, "Process Amazon S3 event notifications with Lambda" (recursive
    /// invocation) and "Use Lambda recursive loop detection to prevent infinite loops"; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Images:
    ///     Type: AWS::S3::Bucket
    ///   Resize:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [S3CrudPolicy: {BucketName: images-of-shop}],
    ///        Events: {Upload: {Type: S3, Properties: {Bucket: !Ref Originals, Events: 's3:ObjectCreated:*'}}}}
    ///   Originals:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {BucketName: images-of-shop}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Images:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {BucketName: images-of-shop}
    ///   Resize:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Policies: [S3CrudPolicy: {BucketName: images-of-shop}],
    ///        Events: {Upload: {Type: S3, Properties: {Bucket: !Ref Originals, Events: 's3:ObjectCreated:*'}}}}
    ///   Originals:
    ///     Type: AWS::S3::Bucket
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Images:
    ///       Type: AWS::S3::Bucket
    ///       Properties: {BucketName: images-of-shop, NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Resize.Arn}]}}
    ///     Resize:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: s3:PutObject, Resource: 'arn:aws:s3:::images-of-shop/*'}]}}]
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Images:
    ///       Type: AWS::S3::Bucket
    ///       Properties:
    ///         BucketName: images-of-shop
    ///         NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Resize.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: uploads/}]}}}]}
    ///     Resize:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///         Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: s3:PutObject, Resource: 'arn:aws:s3:::images-of-shop/thumbnails/*'}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Images:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {BucketName: images-of-shop, NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Resize.Arn}]}}
    ///   Resize:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: s3:PutObject, Resource: 'arn:aws:s3:::images-of-shop/*'}]}}]
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Images:
    ///     Type: AWS::S3::Bucket
    ///     Properties:
    ///       BucketName: images-of-shop
    ///       NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Resize.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: uploads/}]}}}]}
    ///   Resize:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: s3:PutObject, Resource: 'arn:aws:s3:::images-of-shop/thumbnails/*'}]}}]
    /// ```
    pub(super) static POLICY = "recursion-s3" {
        category: Reliability, severity: Critical, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-08", "SAS-09"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let flows = flows::flows(cx);
    for bucket in cx.graph.nodes_of(NodeKind::Bucket) {
        let mut reported = Vec::new();
        // Each notification on its own: one may loop where another does not.
        for first in flows.iter().filter(|flow| flow.source.is_some_and(|source| source == bucket)) {
            let Some(trigger) = Trigger::read(first) else { continue };
            let mut ends = flows::reached(flows, first.target);
            if first.target.kind() == NodeKind::Function {
                ends = vec![(first.target, Vec::new())];
            }
            for (function, path) in ends {
                if reported.contains(&function.index()) {
                    continue;
                }
                let consumes = |node| {
                    let mut all = flows::reached(flows, bucket).into_iter();
                    all.any(|(consumer, _)| consumer == node)
                };
                let mut grants = grants::grants(function, bucket, trigger.actions());
                grants.retain(|grant| {
                    !grants::is_explained_elsewhere(grant.role, consumes)
                        && trigger.overlaps(grant.term.text.as_deref().unwrap_or_default())
                });
                let Some(grant) = grants.first() else { continue };
                reported.push(function.index());
                let (help, severity) = if trigger.is_filtered() {
                    (
                        "allow the role only keys that the notification's filter does not match, or write to another bucket",
                        Severity::Medium,
                    )
                } else {
                    (
                        "write to another bucket, or filter the notification by prefix and allow the role other keys only",
                        Severity::Critical,
                    )
                };
                let which = if trigger.is_filtered() {
                    "an object that the filter lets through"
                } else {
                    "each object written"
                };
                let message = format!(
                    "{} triggers {} and its role allows {} on the same bucket: {which} can start it again",
                    bucket.name(),
                    function.name(),
                    grant.action,
                );
                let mut report = cx
                    .report(Place::from(grant.origin()), message)
                    .resource(function.name())
                    .help(help)
                    .severity(severity)
                    .related(first.origin, format!("{} reports new objects here", bucket.name()));
                for flow in path {
                    report = report.related(flow.origin, format!("and from here on to {}", flow.target.name()));
                }
            }
        }
    }
}

/// Which objects start the function.
#[derive(Default)]
struct Trigger {
    created: bool,
    removed: bool,
    prefixes: Vec<Text>,
    suffixes: Vec<Text>,
}

impl Trigger {
    /// `None` where a part that matters is not known.
    fn read(flow: &Flow<'_>) -> Option<Self> {
        let mut trigger = Self::default();
        match flow.way {
            Way::Notification => {
                let event = flow.settings.text(&["Event"])?;
                trigger.created = event.starts_with("s3:ObjectCreated");
                trigger.removed = event.starts_with("s3:ObjectRemoved");
                for rule in flow.settings.each(&["Filter", "S3Key", "Rules"]) {
                    let (name, value) = (rule.text(&["Name"])?, rule.text(&["Value"])?);
                    let list =
                        if name.eq_ignore_ascii_case("prefix") { &mut trigger.prefixes } else { &mut trigger.suffixes };
                    list.push(value);
                }
            }
            Way::BucketEvent => {
                let types = flow.settings.each(&["detail-type"]);
                let has =
                    |name: &str| types.is_empty() || types.iter().any(|one| one.eval().text().as_deref() == Some(name));
                (trigger.created, trigger.removed) = (has("Object Created"), has("Object Deleted"));
                for key in flow.settings.each(&["detail", "object", "key"]) {
                    match (key.text(&["prefix"]), key.text(&["suffix"])) {
                        (Some(prefix), None) => trigger.prefixes.push(prefix),
                        (None, Some(suffix)) => trigger.suffixes.push(suffix),
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
        (trigger.created || trigger.removed).then_some(trigger)
    }

    fn is_filtered(&self) -> bool {
        !self.prefixes.is_empty() || !self.suffixes.is_empty()
    }

    /// What a function does to cause such an event.
    fn actions(&self) -> &'static [&'static str] {
        match (self.created, self.removed) {
            (true, true) => &["s3:PutObject", "s3:DeleteObject"],
            (true, false) => &["s3:PutObject"],
            _ => &["s3:DeleteObject"],
        }
    }

    /// Whether keys that the ARN `resource` covers may match the filter.
    fn overlaps(&self, resource: &str) -> bool {
        if resource == "*" {
            return true;
        }
        // Without a key the ARN is the bucket's own, which holds no objects.
        let Some(at) = unknown::find_outside(resource, |c| c == '/') else { return resource.ends_with('*') };
        let keys = &resource[at + 1..];
        if unknown::is_unknown(keys) {
            return false;
        }
        let wild = |c| matches!(c, '*' | '?');
        let head = keys.split(wild).next().unwrap_or_default();
        let tail = keys.rsplit(wild).next().unwrap_or_default();
        let (prefixes, suffixes) = (&self.prefixes, &self.suffixes);
        let heads = |prefix: &Text| prefix.starts_with(head) || head.starts_with(&**prefix);
        let tails = |suffix: &Text| suffix.ends_with(tail) || tail.ends_with(&**suffix);
        (prefixes.is_empty() || prefixes.iter().any(heads)) && (suffixes.is_empty() || suffixes.iter().any(tails))
    }
}
