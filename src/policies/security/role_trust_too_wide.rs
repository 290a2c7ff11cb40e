use super::super::grants;
use crate::graph::{EdgeKind, Effect, NodeKind, Role, Value};
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};
use crate::template::unknown;

policy! {
    /// Anybody can assume a role, or more than the function can assume a function's role.
    ///
    /// A principal `*` is reported for every role; services and foreign accounts for roles that functions
    /// of the template run under.
    ///
    /// ## Why it matters
    ///
    /// Whoever may assume the role has all rights of the function. A principal `*` gives them to any AWS
    /// account, a foreign account without `sts:ExternalId` to anyone that account can be talked into
    /// serving, and a service that nothing here uses to whoever can configure that service.
    ///
    /// ## How to fix
    ///
    /// Leave `lambda.amazonaws.com` as the only principal of the role, and give other services roles
    /// of their own.
    ///
    /// ## When to suppress
    ///
    /// When another account of yours assumes the role on purpose and an external id or organisation
    /// condition stands elsewhere.
    ///
    /// ## Source
    ///
    /// AWS IAM user guide, "The confused deputy problem"; checkov CKV_AWS_60, CKV_AWS_61; as of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: [lambda.amazonaws.com, ec2.amazonaws.com]}, Action: sts:AssumeRole}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: [lambda.amazonaws.com]}, Action: sts:AssumeRole}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: [lambda.amazonaws.com, ec2.amazonaws.com]}, Action: sts:AssumeRole}]}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     Role:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: [lambda.amazonaws.com]}, Action: sts:AssumeRole}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: [lambda.amazonaws.com, ec2.amazonaws.com]}, Action: sts:AssumeRole}]}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: [lambda.amazonaws.com]}, Action: sts:AssumeRole}]}
    /// ```
    pub(super) static POLICY = "role-trust-too-wide" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02", "SAS-04"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[OptionSpec {
    name: "trusted-accounts",
    help: "numbers of accounts that may assume roles without an external id",
    default: OptionDefault::List(&[]),
}];

fn check(cx: &mut Context<'_>) {
    let trusted = cx.option_list("trusted-accounts");
    let account = cx.template().inputs().account.clone();
    for role in cx.graph.roles() {
        if role.node().resource().is_some_and(|resource| resource.exists() == Some(false)) {
            continue;
        }
        let functions: Vec<_> = role.users().filter(|user| user.kind() == NodeKind::Function).collect();
        let who = if functions.is_empty() {
            role.node().name().to_owned()
        } else {
            format!("the role of {}", grants::names(&functions))
        };
        for statement in role.trust().iter().filter(|one| one.effect == Effect::Allow && !one.unknown) {
            for principal in &statement.principals {
                let Some(name) = principal.who.text.as_deref() else { continue };
                let place = Place::from(principal.who.origin);
                let id = role.node().name();
                if principal.who.is_wildcard()
                    && matches!(&*principal.kind, "*" | "AWS")
                    && statement.conditions.is_empty()
                {
                    cx.report(place, format!("any AWS account may assume {who}"))
                        .resource(id)
                        .help("name the service or the account that is to assume it, and nobody else");
                } else if functions.is_empty() {
                    // Who else may assume a role of no function is its author's business.
                } else if &*principal.kind == "AWS" {
                    // Whether an account is foreign shows only when the own one is known.
                    let foreign = account_of(name).filter(|other| account.as_deref().is_some_and(|own| own != *other));
                    if let Some(other) = foreign
                        && !trusted.iter().any(|known| known == other)
                        && statement.narrowed_by(&["sts:ExternalId"]) == Some(false)
                    {
                        cx.report(place, format!("account {other} may assume {who} without an external id"))
                            .resource(id)
                            .help("require sts:ExternalId in a condition, or remove the account");
                    }
                } else if &*principal.kind == "Service"
                    && !unknown::is_unknown(name)
                    && !matches!(name, "lambda.amazonaws.com" | "edgelambda.amazonaws.com")
                    && !used_elsewhere(role)
                {
                    cx.report(place, format!("{name} may assume {who}, but nothing else here uses it"))
                        .resource(id)
                        .help(format!("remove {name} from the role's trust policy"));
                }
            }
        }
    }
}

/// The account of an ARN or a bare account number.
fn account_of(principal: &str) -> Option<&str> {
    let account = principal.split(':').nth(4).unwrap_or(principal);
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

/// Whether something that is no function uses the role, or may: another resource, an output, or
/// what lies outside of the template.
fn used_elsewhere(role: Role<'_>) -> bool {
    let node = role.node();
    let (graph, Some(id)) = (node.graph(), node.logical_id()) else { return true };
    let named = role.node().property(&["RoleName"]);
    if graph.is_open()
        || !named.is_absent()
        || node.sources(EdgeKind::Assumes).any(|user| user.kind() != NodeKind::Function)
    {
        return true;
    }
    let policies = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::Lambda::Function"];
    let others = graph.template().resources().filter(|one| one.id() != id && !policies.contains(&one.ty()));
    let outputs = graph.template().section("Outputs").into_iter().flat_map(crate::template::value::Map::values);
    others.map(crate::template::model::Resource::body).chain(outputs).any(|value| mentions(value, id, 0))
}

/// Whether a text below `value` names `id`: in `Ref`, `Fn::GetAtt` or `Fn::Sub`.
fn mentions(value: &Value, id: &str, depth: u8) -> bool {
    if depth > 64 {
        return true;
    }
    let named = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == id);
    value.as_str().is_some_and(named)
        || value.as_list().unwrap_or_default().iter().any(|item| mentions(item, id, depth + 1))
        || value.as_map().is_some_and(|map| map.values().any(|below| mentions(below, id, depth + 1)))
}
