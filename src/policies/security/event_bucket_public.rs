use super::super::{flows, read};
use crate::finding::Severity;
use crate::graph::{Effect, Eval, NodeKind, Setting};
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use flows::Way;

policy! {
    /// A bucket whose objects start a function may be open to the public.
    ///
    /// ## Why it matters
    ///
    /// Whoever can write to the bucket decides what the function works on, and how often it runs. The
    /// four settings of the public access block keep later policies and access lists from opening it.
    ///
    /// ## How to fix
    ///
    /// Remove public access lists and policies, and set `PublicAccessBlockConfiguration` with
    /// `BlockPublicAcls`, `BlockPublicPolicy`, `IgnorePublicAcls` and `RestrictPublicBuckets` all `true`.
    /// A bucket without the property takes what S3 sets for new buckets, which is reported with low
    /// severity.
    ///
    /// ## When to suppress
    ///
    /// When everybody may put objects there, and the function treats each as hostile.
    ///
    /// ## Source
    ///
    /// Amazon S3 user guide, "Blocking public access to your Amazon S3 storage"; checkov CKV_AWS_53 to 56;
    /// as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Uploads:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {PublicAccessBlockConfiguration: {BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false}}
    ///   Resize:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Upload: {Type: S3, Properties: {Bucket: !Ref Uploads, Events: 's3:ObjectCreated:*'}}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Uploads:
    ///     Type: AWS::S3::Bucket
    ///     Properties:
    ///       PublicAccessBlockConfiguration: {BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false}
    ///       NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Worker.Arn}]}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Uploads:
    ///     Type: AWS::S3::Bucket
    ///     Properties:
    ///       PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
    ///       NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Worker.Arn}]}
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/r'}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Uploads:
    ///     Type: AWS::S3::Bucket
    ///     Properties: {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}}
    ///   Resize:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/, Events: {Upload: {Type: S3, Properties: {Bucket: !Ref Uploads, Events: 's3:ObjectCreated:*'}}}}
    /// ```
    pub(super) static POLICY = "event-bucket-public" {
        category: Security, severity: Critical, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-03", "SAS-09"], check: check,
    }
}

/// The settings of the public access block.
const BLOCKS: [&str; 4] = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    let flows = flows::flows(cx);
    for bucket in graph.nodes_of(NodeKind::Bucket) {
        let Some(resource) = bucket.resource().filter(|bucket| bucket.exists() != Some(false)) else { continue };
        let feeds = |flow: &&flows::Flow<'_>| {
            matches!(flow.way, Way::Notification | Way::BucketEvent)
                && flow.source.is_some_and(|source| source == bucket)
        };
        let Some(flow) = flows.iter().find(feeds) else { continue };
        // A bucket that the framework makes is configured at the framework.
        if resource.origin().is_generated() {
            continue;
        }
        let target = flow.target.name();
        let public = |acl: &str| matches!(acl, "PublicRead" | "PublicReadWrite" | "AuthenticatedRead");
        let opened =
            graph.resource_policies().filter(|policy| policy.targets().any(|node| node == bucket)).find_map(|policy| {
                let statements = policy.statements().iter();
                let mut open =
                    statements.filter(|one| one.effect == Effect::Allow && one.conditions.is_empty() && !one.unknown);
                open.find(|one| one.anybody().is_some()).map(|one| one.origin)
            });
        let block = |name: &str| resource.property(&["PublicAccessBlockConfiguration", name]);
        let off = |name: &&str| {
            matches!(Setting::read(&block(name), false, resource.origin(), Eval::bool).value(), Some(false))
        };
        let missing: Vec<&str> = BLOCKS.into_iter().filter(|name| off(name)).collect();
        let (place, message, severity) = if let Some(acl) = read::text(resource, &["AccessControl"], public) {
            let place = Place::property(resource, &["AccessControl"]);
            (
                place,
                format!("{} has the public access list {acl} and its objects start {target}", bucket.name()),
                Severity::Critical,
            )
        } else if let Some(origin) = opened {
            let message = format!("a policy opens {}, whose objects start {target}, to everybody", bucket.name());
            (Place::within(resource, origin), message, Severity::Critical)
        } else if resource.property(&["PublicAccessBlockConfiguration"]).is_absent() {
            let message =
                format!("{}, whose objects start {target}, does not say that it blocks public access", bucket.name());
            (Place::from(resource), message, Severity::Low)
        } else if !missing.is_empty() {
            let message = format!(
                "{}, whose objects start {target}, leaves public access possible: {} not true",
                bucket.name(),
                missing.join(", ")
            );
            (Place::property(resource, &["PublicAccessBlockConfiguration"]), message, Severity::High)
        } else {
            continue;
        };
        // A public access list or policy is for somebody to think about.
        let closed = severity == Severity::Low || severity == Severity::High;
        let remedy = closed.then(|| {
            let remedy = Remedy::risky(format!("Block public access to {}", bucket.name()));
            missing
                .iter()
                .fold(remedy, |remedy, name| remedy.put(resource, &["PublicAccessBlockConfiguration", name], true))
        });
        let remedy = if severity == Severity::Low {
            let all: serde_json::Map<_, _> = BLOCKS.iter().map(|name| ((*name).to_owned(), true.into())).collect();
            let title = format!("Block public access to {}", bucket.name());
            Some(Remedy::risky(title).put(resource, &["PublicAccessBlockConfiguration"], all))
        } else {
            remedy
        };
        cx.report(place, message)
            .severity(severity)
            .help("set PublicAccessBlockConfiguration with all four settings true, and drop public access lists and policies")
            .remedy(remedy)
            .related(flow.origin, format!("events go to {target} from here"));
    }
}
