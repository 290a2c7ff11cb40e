use crate::graph::{Effect, Graph, NodeKind, Origin, Part, Resource, Role};
use crate::policy;
use crate::policy::{Context, Place};
use crate::template::unknown;

policy! {
    /// An identity pool gives credentials to anybody, and with them more than guests need.
    ///
    /// `mobileanalytics`, `cognito-sync`, `cognito-identity` and `rum` are what guests are for; a role that
    /// allows nothing else is no finding.
    ///
    /// ## Why it matters
    ///
    /// The id of an identity pool stands in every copy of the web page or app. Whoever reads it there gets
    /// AWS credentials without signing in, and may do from any machine what the unauthenticated role
    /// allows: read the bucket, call the function, write to the table.
    ///
    /// ## How to fix
    ///
    /// Set `AllowUnauthenticatedIdentities: false`, or let guests call an API that checks what they may do
    /// instead of the services themselves.
    ///
    /// ## When to suppress
    ///
    /// When the data is meant for everybody, and the actions are narrow and only read.
    ///
    /// ## Source
    ///
    /// Amazon Cognito developer guide, "Identity pools (federated identities)" (guest access); checkov
    /// CKV_AWS_366, cfn_nag W57; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
    ///   Guest:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}]}
    ///       Policies: [{PolicyName: data, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}]}}]
    ///   Roles: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: !Ref Pool, Roles: {unauthenticated: !GetAtt Guest.Arn}}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
    ///   Guest:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}]}
    ///       Policies: [{PolicyName: data, PolicyDocument: {Statement: [{Effect: Allow, Action: ['mobileanalytics:PutEvents', 'cognito-sync:*'], Resource: '*'}]}}]
    ///   Roles: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: !Ref Pool, Roles: {unauthenticated: !GetAtt Guest.Arn}}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
    ///   Guest:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}]}
    ///       Policies: [{PolicyName: data, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}]}}]
    ///   Roles: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: !Ref Pool, Roles: {unauthenticated: !GetAtt Guest.Arn}}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
    ///   Guest:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}]}
    ///       Policies: [{PolicyName: data, PolicyDocument: {Statement: [{Effect: Allow, Action: ['mobileanalytics:PutEvents', 'cognito-sync:*'], Resource: '*'}]}}]
    ///   Roles: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: !Ref Pool, Roles: {unauthenticated: !GetAtt Guest.Arn}}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
    ///     Guest:
    ///       Type: AWS::IAM::Role
    ///       Properties:
    ///         AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}]}
    ///         Policies: [{PolicyName: call, PolicyDocument: {Statement: [{Effect: Allow, Action: lambda:InvokeFunction, Resource: {Fn::GetAtt: [OrdersLambdaFunction, Arn]}}]}}]
    ///     Roles: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: {Ref: Pool}, Roles: {unauthenticated: {Fn::GetAtt: [Guest, Arn]}}}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// functions:
    ///   orders: {handler: app.main}
    /// resources:
    ///   Resources:
    ///     Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: false}}
    /// ```
    pub(super) static POLICY = "cognito-unauthenticated-identities" {
        category: Security, severity: High, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-02", "SAS-04"], check: check,
    }
}

/// Services whose actions are made for guests.
const GUESTS: [&str; 4] = ["mobileanalytics:", "cognito-sync:", "cognito-identity:", "rum:"];

fn check(cx: &mut Context<'_>) {
    for pool in cx.graph.existing("AWS::Cognito::IdentityPool") {
        if pool.property(&["AllowUnauthenticatedIdentities"]).bool() != Some(true) {
            continue;
        }
        let Some((role, attached)) = guest_role(cx.graph, pool) else { continue };
        let Some((actions, origin)) = beyond(role) else { continue };
        let (id, name) = (pool.id(), role.node().name());
        cx.report(
            Place::property(pool, &["AllowUnauthenticatedIdentities"]),
            format!("{id} gives anybody credentials of {name}, which allows {actions}"),
        )
        .help("set AllowUnauthenticatedIdentities to false, or leave guests nothing but what they need")
        .related(attached, format!("{name} is the role of guests"))
        .related(origin, format!("{name} allows {actions}"));
    }
}

/// The role that those who have not signed in get, and where it is attached.
fn guest_role<'g>(graph: &'g Graph, pool: Resource<'g>) -> Option<(Role<'g>, Origin)> {
    graph.existing("AWS::Cognito::IdentityPoolRoleAttachment").find_map(|attachment| {
        let part = Part::of(attachment);
        let of = graph.referred(&part.get(&["IdentityPoolId"]))?;
        let role = part.get(&["Roles", "unauthenticated"]);
        let node = graph.referred(&role).filter(|node| node.kind() == NodeKind::Role)?;
        (of.logical_id() == Some(pool.id())).then_some((graph.role(node)?, role.origin()?))
    })
}

/// The actions that go beyond what guests are for, and where the first stands.
fn beyond(role: Role<'_>) -> Option<(String, Origin)> {
    let allowed = role.statements().iter().filter(|statement| statement.effect == Effect::Allow);
    let actions = allowed.flat_map(|statement| &statement.actions).filter_map(|action| {
        let text = action.text.as_deref().filter(|text| !unknown::is_unknown(text))?;
        let lower = text.to_ascii_lowercase();
        (!GUESTS.iter().any(|guest| lower.starts_with(guest))).then_some((text, action.origin))
    });
    let actions: Vec<(&str, Origin)> = actions.collect();
    let (first, origin) = *actions.first()?;
    Some(match actions.len() {
        1 => (first.to_owned(), origin),
        count => (format!("{first} and {} more", count - 1), origin),
    })
}
