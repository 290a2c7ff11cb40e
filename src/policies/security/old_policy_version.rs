use crate::finding::Severity;
use crate::graph::{PolicyDocument, Value};
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use std::collections::BTreeSet;

policy! {
    /// A policy document is of the old version of the policy language.
    ///
    /// ## Why it matters
    ///
    /// Under `2008-10-17` policy variables such as `${aws:username}` are plain text: a resource or condition
    /// that uses them matches nothing, or the literal text. A document without a version is of the old
    /// one.
    ///
    /// ## How to fix
    ///
    /// Write `Version: '2012-10-17'`. A document without variables and without a version is left alone.
    ///
    /// ## When to suppress
    ///
    /// When the document must keep the text `${…}` as it is.
    ///
    /// ## Source
    ///
    /// AWS IAM user guide, "IAM JSON policy elements: Version" (do not use 2008-10-17 for any new policy);
    /// cfn-lint W2511; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Topic: {Type: AWS::SNS::Topic}
    ///   Policy:
    ///     Type: AWS::SNS::TopicPolicy
    ///     Properties:
    ///       Topics: [!Ref Topic]
    ///       PolicyDocument: {Version: '2008-10-17', Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sns:Publish, Resource: !Ref Topic}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Topic: {Type: AWS::SNS::Topic}
    ///   Policy:
    ///     Type: AWS::SNS::TopicPolicy
    ///     Properties:
    ///       Topics: [!Ref Topic]
    ///       PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sns:Publish, Resource: !Ref Topic}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Home:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::homes/${aws:username}/*'}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Home:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument: {Version: 2012-10-17, Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::homes/${aws:username}/*'}]}
    ///   Shared:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shared/*'}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Reading:
    ///       Type: AWS::IAM::ManagedPolicy
    ///       Properties:
    ///         PolicyDocument: {Version: '2008-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shared/*'}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Reading:
    ///       Type: AWS::IAM::ManagedPolicy
    ///       Properties:
    ///         PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shared/*'}]}
    /// ```
    pub(super) static POLICY = "old-policy-version" {
        category: Security, severity: Low, profile: Recommended, fix: Sometimes, since: "0.1.0", risks: ["SAS-04"], check: check,
    }
}

const OLD: &str = "2008-10-17";
const NEW: &str = "2012-10-17";
/// Prefixes of the keys that policy variables begin with, all services' own keys left out.
const VARIABLES: [&str; 5] =
    ["${aws:", "${saml:", "${cognito-identity.amazonaws.com:", "${www.amazon.com:", "${accounts.google.com:"];
/// Values within values; what is nested deeper is left alone.
const MAX_DEPTH: u32 = 60;

fn check(cx: &mut Context<'_>) {
    let mut seen = BTreeSet::new();
    for document in cx.policy_documents() {
        let version = document.part.get(&["Version"]);
        let written = version.text();
        let old = written.as_deref() == Some(OLD);
        if !old && !(version.is_absent() && document.part.has(&["Version"]) == Some(false)) {
            continue;
        }
        // What a transform writes is not looked through.
        if !old && document.value.origin.is_generated() {
            continue;
        }
        let variable = variable(document.value, 0);
        if !old && variable.is_none() {
            continue;
        }
        let origin = if old { version.origin().unwrap_or(document.value.origin) } else { document.value.origin };
        let span = origin.span();
        if origin.is_generated() || document.value.origin.is_incomplete() || !seen.insert((span.file, span.start)) {
            continue;
        }
        report(cx, document, origin, old, variable);
    }
}

fn report(
    cx: &mut Context<'_>,
    document: &PolicyDocument<'_>,
    origin: crate::graph::Origin,
    old: bool,
    variable: Option<&str>,
) {
    let id = document.resource.id();
    let which = if old { format!("is of the version {OLD}") } else { format!("has no version, which means {OLD}") };
    let message = match variable {
        Some(variable) => format!("a policy of {id} {which}, under which `{variable}` is plain text"),
        None => format!("a policy of {id} {which}"),
    };
    // With variables the new version changes what the policy says, to what was meant.
    let remedy = if variable.is_some() { Remedy::risky } else { Remedy::safe };
    let remedy = remedy(format!("Write the version {NEW}"));
    let remedy = if old {
        remedy.replace(origin, OLD, NEW)
    } else {
        remedy.put_within(document.value.origin, &["Version"], NEW)
    };
    let severity = if variable.is_some() { Severity::Medium } else { Severity::Low };
    cx.report(Place::within(document.resource, origin), message)
        .severity(severity)
        .help(format!("write `Version: '{NEW}'`"))
        .remedy(remedy);
}

/// The first policy variable in the texts of `value`.
fn variable(value: &Value, depth: u32) -> Option<&str> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(text) = value.as_str() {
        let at = VARIABLES.iter().find_map(|start| text.find(start))?;
        let end = text[at..].find('}')?;
        return text.get(at..=at + end);
    }
    let items = value.as_list().unwrap_or_default().iter();
    let entries = value.as_map().into_iter().flat_map(|map| map.iter()).map(|entry| &entry.value);
    items.chain(entries).find_map(|below| variable(below, depth + 1))
}
