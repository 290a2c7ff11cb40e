//! Functions of the framework itself that handle what `CloudFormation` cannot.

use super::generation::Generation;
use super::naming;
use super::output::{Output, Resource, allow};
use super::role::{log_arn, trust};
use super::service::{Service, truthy};
use crate::template::value::{Maker, Value};

const ROLE: &str = "IamRoleCustomResourcesLambdaExecution";
const ID: &str = "CustomApiGatewayAccountCloudWatchRole";

/// One of the framework's handlers.
#[derive(Clone, Copy)]
pub struct Handler {
    name: &'static str,
    entry: &'static str,
}

/// Notifications of buckets that exist already.
pub const S3: Handler = Handler { name: "custom-resource-existing-s3", entry: "s3/handler.handler" };
/// Triggers of user pools that exist already.
pub const USER_POOL: Handler =
    Handler { name: "custom-resource-existing-cup", entry: "cognito-user-pool/handler.handler" };
/// Rules that are not made by `CloudFormation`.
pub const EVENT_BRIDGE: Handler =
    Handler { name: "custom-resource-event-bridge", entry: "event-bridge/handler.handler" };
const CLOUD_WATCH_ROLE: Handler =
    Handler { name: "custom-resource-apigw-cw-role", entry: "api-gateway-cloud-watch-role/handler.handler" };

impl Handler {
    /// The id of its function.
    pub fn function(self) -> String {
        naming::function(self.name)
    }
}

/// Adds the handler's function and role, with `statements` in the role.
pub fn add(service: &Service, handler: Handler, statements: Vec<Value>, maker: Maker, out: &mut Output) {
    let logs = service.setting(&["logs", "frameworkLambda"]).is_some_and(truthy);
    let prefix = format!("{}-{}", service.name, service.stage);
    let mut name = format!("{prefix}-{}", handler.name);
    if name.chars().count() > 64 {
        name = format!("{}{}", naming::cut(&name, 32), naming::md5(&name));
    }
    let deployment_role = service
        .setting(&["iam", "deploymentRole"])
        .or_else(|| service.setting(&["cfnRole"]))
        .filter(|role| truthy(role));
    let mut depends = Vec::new();
    let role = if let Some(role) = deployment_role {
        role.clone()
    } else {
        add_role(service, statements, logs, &prefix, maker, out);
        depends.push(ROLE.to_owned());
        maker.get_att(ROLE, "Arn")
    };
    if logs {
        let id = naming::log_group(handler.name);
        depends.push(id.clone());
        let mut group = Resource::new(id, "AWS::Logs::LogGroup", maker)
            .set("LogGroupName", maker.str(naming::log_group_name(&name)));
        for (property, value) in service.log_settings(None) {
            group = group.opt(property, value);
        }
        out.put(group);
    }
    let key = maker.str(format!("{}/custom-resources.zip", service.artifact_directory()));
    out.put(
        Resource::new(handler.function(), "AWS::Lambda::Function", maker)
            .set("Code", maker.map([("S3Bucket", service.code_bucket(maker)), ("S3Key", key)]))
            .set("FunctionName", maker.str(name))
            .set("Handler", maker.str(handler.entry))
            .set("MemorySize", maker.int(1024))
            .set("Runtime", Generation::of(&service.config).handler_runtime(service, maker))
            .set("Timeout", maker.int(180))
            .set("Role", role)
            .after_all(depends),
    );
}

fn add_role(service: &Service, statements: Vec<Value>, logs: bool, prefix: &str, maker: Maker, out: &mut Output) {
    if !out.resources.contains_key(ROLE) {
        let name = maker.join(
            "-",
            [maker.str(service.stage.as_str()), maker.str(service.name.as_str()), maker.str("custom-resources-lambda")],
        );
        let mut first = Vec::new();
        if logs {
            let group = format!("{}*", naming::log_group_name(prefix));
            let create = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"];
            first.push(allow(maker, &create, vec![log_arn(maker, &group, ":*")]));
            first.push(allow(maker, &["logs:PutLogEvents"], vec![log_arn(maker, &group, ":*:*")]));
        }
        let document = maker.map([("Version", maker.str("2012-10-17")), ("Statement", maker.list(first))]);
        let policy = maker.map([("PolicyName", name), ("PolicyDocument", document)]);
        out.put(
            Resource::new(ROLE, "AWS::IAM::Role", maker)
                .set("AssumeRolePolicyDocument", trust(maker))
                .set("Policies", maker.list([policy])),
        );
    }
    let known = out
        .properties(ROLE)
        .and_then(|role| role.get_mut("Policies")?.as_list_mut()?.first_mut())
        .and_then(|policy| policy.get_mut("PolicyDocument")?.get_mut("Statement")?.as_list_mut());
    let Some(known) = known else { return };
    for statement in statements {
        // Only plain texts are recognised as the same resource.
        let resource = statement.get("Resource").and_then(Value::as_str);
        let seen =
            resource.is_some() && known.iter().any(|known| known.get("Resource").and_then(Value::as_str) == resource);
        if !seen {
            known.push(statement);
        }
    }
}

/// The account-wide role by which API Gateway writes logs.
pub fn cloud_watch_role(service: &Service, maker: Maker, out: &mut Output) {
    let rest = ["logs", "restApi"];
    let setting = |name: &str| service.setting(&[rest[0], rest[1], name]).filter(|value| truthy(value));

    if setting("roleManagedExternally").is_some() || out.resources.contains_key(ID) {
        return;
    }
    out.put(
        Resource::new(ID, "Custom::ApiGatewayAccountRole", maker)
            .attribute("Version", maker.int(1))
            .set("ServiceToken", maker.get_att(CLOUD_WATCH_ROLE.function(), "Arn"))
            .opt("RoleArn", setting("role").cloned()),
    );
    let join = |parts: Vec<Value>| maker.join(":", parts);
    let roles = join(vec![
        maker.str("arn"),
        maker.reference("AWS::Partition"),
        maker.str("iam:"),
        maker.reference("AWS::AccountId"),
        maker.str("role/*"),
    ]);
    let account = join(vec![maker.str("arn"), maker.reference("AWS::Partition"), maker.str("apigateway:*::/account")]);
    let statement = |resource: Value, actions: &[&str]| {
        maker.map([
            ("Effect", maker.str("Allow")),
            ("Resource", resource),
            ("Action", maker.list(actions.iter().map(|action| maker.str(*action)))),
        ])
    };
    let statements = vec![
        statement(roles, &["iam:AttachRolePolicy", "iam:CreateRole", "iam:ListAttachedRolePolicies", "iam:PassRole"]),
        statement(account, &["apigateway:GET", "apigateway:PATCH"]),
    ];
    add(service, CLOUD_WATCH_ROLE, statements, maker, out);
}
