use super::super::grants;
use crate::graph::{Effect, Term};
use crate::policy;
use crate::policy::{Context, OptionDefault, OptionSpec, Place};

policy! {
    /// A function's role allows all actions of a service.
    ///
    /// ## Why it matters
    ///
    /// `dynamodb:*` lets a function that only reads also delete the table. Whatever goes wrong in the
    /// code, or with its dependencies, can then go as far as the role allows.
    ///
    /// ## How to fix
    ///
    /// Name the actions the code calls. SAM has policy templates for common sets of them, such as
    /// `DynamoDBReadPolicy`.
    ///
    /// ## When to suppress
    ///
    /// When the function really manages the service, for example cleans up all its resources.
    ///
    /// ## Source
    ///
    /// AWS IAM user guide, "Security best practices in IAM" (least privilege); serverless-rules WS1003; as
    /// of 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/,
    ///        Policies: [{Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: !Sub 'arn:aws:dynamodb:*:${AWS::AccountId}:table/orders'}]}]}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties:
    ///       {Runtime: nodejs24.x, Handler: app.main, CodeUri: src/,
    ///        Policies: [{Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !Sub 'arn:aws:dynamodb:*:${AWS::AccountId}:table/orders'}]}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: !Sub 'arn:aws:dynamodb:*:${AWS::AccountId}:table/orders'}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Role:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}
    ///       Policies: [{PolicyName: use, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !Sub 'arn:aws:dynamodb:*:${AWS::AccountId}:table/orders'}]}}]
    ///   Worker:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: nodejs24.x, Handler: app.main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: ["s3:*"], Resource: "arn:aws:s3:::orders/*"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider:
    ///   name: aws
    ///   runtime: nodejs22.x
    ///   iam: {role: {statements: [{Effect: Allow, Action: ["s3:GetObject"], Resource: "arn:aws:s3:::orders/*"}]}}
    /// functions:
    ///   orders: {handler: app.main}
    /// ```
    pub(super) static POLICY = "lambda-role-wildcard-action" {
        category: Security, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-04"],
        options: OPTIONS, check: check,
    }
}

const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "broad-actions",
        help: "patterns that count as too broad besides service:*",
        default: OptionDefault::List(&[
            "s3:Put*",
            "s3:Delete*",
            "dynamodb:Delete*",
            "iam:Create*",
            "iam:Put*",
            "iam:Attach*",
        ]),
    },
    OptionSpec {
        name: "allowed-services",
        help: "services of which all actions may be allowed",
        default: OptionDefault::List(&["logs", "xray"]),
    },
];

fn check(cx: &mut Context<'_>) {
    let broad = cx.option_list("broad-actions");
    let allowed = cx.option_list("allowed-services");
    for (role, functions) in grants::function_roles(cx.graph) {
        let who = match functions.as_slice() {
            [] => role.node().name().to_owned(),
            functions => format!("the role of {}", grants::names(functions)),
        };
        for statement in role.statements().iter().filter(|one| one.effect == Effect::Allow) {
            // Everything on everything is another matter, with a policy of its own.
            let admin = statement.resources.iter().any(Term::is_wildcard) && statement.conditions.is_empty();
            let is_broad = |action: &str| match action.split_once(':') {
                Some((service, rest)) if !allowed.iter().any(|name| name.eq_ignore_ascii_case(service)) => {
                    rest == "*" || broad.iter().any(|pattern| pattern.eq_ignore_ascii_case(action))
                }
                None => action == "*" && !admin && !statement.resources.is_empty(),
                _ => false,
            };
            let found: Vec<(&str, _)> = statement
                .actions
                .iter()
                .filter_map(|term| Some((term.text.as_deref()?, term.origin)))
                .filter(|(action, _)| is_broad(action))
                .collect();
            let Some((_, origin)) = found.first() else { continue };
            let actions: Vec<&str> = found.iter().map(|(action, _)| *action).collect();
            cx.report(Place::from(*origin), format!("{who} allows {}", actions.join(", ")))
                .resource(role.node().name())
                .help("name the actions that the code calls");
        }
    }
}
