//! Log groups, and the role that functions share.

use super::naming;
use super::output::{Output, Resource};
use super::service::{Service, existing_role, get, is_unknown, text, truthy};
use crate::template::value::{Kind, Maker, Value};

/// The log group of every function that logs.
pub fn log_groups(service: &Service, out: &mut Output) {
    for function in service.functions.iter().filter(|function| function.truthy("disableLogs").is_none()) {
        let maker = function.maker();
        let name = text(&function.name).unwrap_or_default();
        let mut group = Resource::new(naming::log_group(&function.key), "AWS::Logs::LogGroup", maker)
            .set("LogGroupName", maker.str(naming::log_group_name(&name)));
        for (property, value) in service.log_settings(Some(function)) {
            group = group.opt(property, value);
        }
        out.merge(group);
    }
}

/// The shared role, unless every function has one of its own.
pub fn role(service: &Service, out: &mut Output) {
    if service.functions.is_empty() {
        return;
    }
    let role = service.setting(&["iam", "role"]);
    let given = role.is_some_and(existing_role)
        || service.provider.get("role").is_some()
        || service.functions.iter().all(|function| function.config.get("role").is_some());
    if given {
        return;
    }
    let maker = ["iam", "iamRoleStatements", "iamManagedPolicies"]
        .into_iter()
        .find(|name| service.provider.get(name).is_some())
        .map_or_else(|| service.maker(), |name| service.maker_of(name));
    let setting = |new: &[&str], old: &str| {
        role.and_then(|role| get(role, new)).filter(|value| truthy(value)).or_else(|| service.setting(&[old]))
    };
    let boundary = setting(&["permissionsBoundary"], "rolePermissionsBoundary")
        .or_else(|| role.and_then(|role| get(role, &["permissionBoundary"])))
        .filter(|value| truthy(value));
    let tags = role.and_then(|role| get(role, &["tags"])).and_then(Value::as_map);
    let statements = setting(&["statements"], "iamRoleStatements");
    let managed = setting(&["managedPolicies"], "iamManagedPolicies");

    let mut document = vec![
        log_statement(maker, &["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"], service, ":*"),
        log_statement(maker, &["logs:PutLogEvents"], service, ":*:*"),
    ];
    document.extend(silence(service, maker));
    let mut partial = false;
    match statements.map(|value| &value.kind) {
        Some(Kind::List(items)) => document.extend(items.iter().cloned()),
        Some(_) => partial = statements.is_some_and(is_unknown),
        None => {}
    }
    let mut statement = maker.list(document);
    if partial || statements.is_some_and(|value| value.origin.is_incomplete()) {
        statement.origin = statement.origin.incomplete();
    }
    let mut policies: Vec<Value> = Vec::new();
    let mut policies_partial = false;
    match managed.map(|value| &value.kind) {
        Some(Kind::List(items)) => policies.extend(items.iter().cloned()),
        Some(_) => policies_partial = true,
        None => {}
    }
    let vpc = service.functions.iter().find_map(|function| function.config.as_map()?.entry("vpc"));
    let vpc_origin =
        vpc.map(|entry| entry.key_origin).or_else(|| service.setting(&["vpc"]).map(|_| service.setting_origin("vpc")));
    if let Some(origin) = vpc_origin {
        let maker = Maker::new(origin);
        policies.push(maker.join(
            "",
            [
                maker.str("arn:"),
                maker.reference("AWS::Partition"),
                maker.str(":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"),
            ],
        ));
    }
    let name = match role.and_then(|role| get(role, &["name"])).filter(|name| truthy(name)) {
        Some(name) => name.clone(),
        None => maker.join(
            "-",
            [
                maker.str(service.name.as_str()),
                maker.str(service.stage.as_str()),
                maker.reference("AWS::Region"),
                maker.str("lambdaRole"),
            ],
        ),
    };
    let path = role.and_then(|role| get(role, &["path"])).filter(|path| truthy(path)).cloned();
    let mut managed_list = maker.list(policies);
    if policies_partial {
        managed_list.origin = managed_list.origin.incomplete();
    }
    let has_managed = managed_list.as_list().is_some_and(|items| !items.is_empty());
    let policy = maker.map([
        (
            "PolicyName",
            maker.join("-", [maker.str(service.name.as_str()), maker.str(service.stage.as_str()), maker.str("lambda")]),
        ),
        ("PolicyDocument", maker.map([("Version", maker.str("2012-10-17")), ("Statement", statement)])),
    ]);
    out.merge(
        Resource::new(naming::ROLE, "AWS::IAM::Role", maker)
            .set("AssumeRolePolicyDocument", trust(maker))
            .set("Policies", maker.list([policy]))
            .set("Path", path.unwrap_or_else(|| maker.str("/")))
            .set("RoleName", name)
            .opt("PermissionsBoundary", boundary.cloned())
            .opt("Tags", tags.map(|tags| super::functions::tag_list(maker, [tags])))
            .opt("ManagedPolicyArns", has_managed.then_some(managed_list)),
    );
}

/// The document that lets functions assume a role.
pub fn trust(maker: Maker) -> Value {
    maker.map([
        ("Version", maker.str("2012-10-17")),
        (
            "Statement",
            maker.list([maker.map([
                ("Effect", maker.str("Allow")),
                ("Principal", maker.map([("Service", maker.list([maker.str("lambda.amazonaws.com")]))])),
                ("Action", maker.list([maker.str("sts:AssumeRole")])),
            ])]),
        ),
    ])
}

/// The ARN of log groups whose name starts with `prefix`.
pub fn log_arn(maker: Maker, group: &str, suffix: &str) -> Value {
    maker.sub(format!("arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{group}{suffix}"))
}

fn prefix(service: &Service) -> String {
    format!("{}-{}", service.name, service.stage)
}

fn log_statement(maker: Maker, actions: &[&str], service: &Service, suffix: &str) -> Value {
    let prefix = prefix(service);
    let mut resources = Vec::new();
    let mut canonical = false;
    for function in service.functions.iter().filter(|function| function.truthy("disableLogs").is_none()) {
        let name = text(&function.name).unwrap_or_default();
        if name.starts_with(&prefix) {
            canonical = true;
        } else {
            resources.push(log_arn(function.maker(), &naming::log_group_name(&name), suffix));
        }
    }
    if canonical {
        resources.push(log_arn(maker, &format!("{}*", naming::log_group_name(&prefix)), suffix));
    }
    super::output::allow(maker, actions, resources)
}

/// Functions that must not log although the pattern of the others covers them.
fn silence(service: &Service, maker: Maker) -> Option<Value> {
    let prefix = prefix(service);
    let named =
        |function: &&super::service::Function| text(&function.name).is_some_and(|name| name.starts_with(&prefix));
    let silent = |function: &&super::service::Function| function.truthy("disableLogs").is_some();
    let some_log = service.functions.iter().filter(named).any(|function| !silent(&function));
    let arns: Vec<Value> = service
        .functions
        .iter()
        .filter(named)
        .filter(silent)
        .map(|function| {
            let name = text(&function.name).unwrap_or_default();
            log_arn(function.maker(), &naming::log_group_name(&name), ":*")
        })
        .collect();
    (some_log && !arns.is_empty()).then(|| {
        maker.map([
            ("Effect", maker.str("Deny")),
            ("Action", maker.str("logs:PutLogEvents")),
            ("Resource", maker.list(arns)),
        ])
    })
}
