//! `serverless-plugin-canary-deployments`: traffic moves to new versions step by step.

use crate::template::serverless::naming;
use crate::template::serverless::service::{Function, Service, get, text, truthy};
use crate::template::value::{Kind, Maker, Map, Value};

/// Attributes of event resources that name the function they call.
const TARGETS: [&str; 7] = [
    "AWS::Lambda::EventSourceMapping",
    "AWS::SNS::Topic",
    "AWS::SNS::Subscription",
    "AWS::S3::Bucket",
    "AWS::Events::Rule",
    "AWS::Logs::SubscriptionFilter",
    "AWS::IoT::TopicRule",
];

/// Adds aliases, deployment groups and roles, and points events at the aliases.
pub fn deployments(service: &Service, template: &mut Value) {
    let shared = get(&service.config, &["custom", "deploymentSettings"]);
    let stages = shared.and_then(|shared| get(shared, &["stages"])).and_then(Value::as_list).unwrap_or_default();
    if !stages.is_empty() && !stages.iter().any(|stage| stage.as_str() == Some(&service.stage)) {
        return;
    }
    let application = format!("{}DeploymentApplication", naming::alphanumeric(&service.stack()));
    let mut groups = Vec::new();
    let mut triggers = false;
    let mut first: Option<Maker> = None;
    for function in &service.functions {
        let Some(entry) = function.config.as_map().and_then(|map| map.entry("deploymentSettings")) else { continue };
        let maker = Maker::new(entry.key_origin);
        first.get_or_insert(maker);
        let mut settings = shared.and_then(Value::as_map).cloned().unwrap_or_default();
        super::super::merge::assign(&mut settings, entry.value.as_map().unwrap_or(&Map::new()));
        let settings = Value::new(Kind::Map(settings), entry.value.origin);
        triggers |= get(&settings, &["triggerConfigurations"]).is_some();
        let group = deployment_group(service, function, &settings, &application, maker, template);
        if ["preTrafficHook", "postTrafficHook"].iter().any(|name| get(&settings, &[name]).is_some_and(truthy)) {
            groups.push(group.clone());
        }
        alias(function, &settings, &application, &group, maker, template);
    }
    let Some(maker) = first else { return };
    let put = |template: &mut Value, id: &str, value: Value| {
        if let Some(resources) = template.get_mut("Resources").and_then(Value::as_map_mut) {
            resources.insert(id, value);
        }
    };
    let computes = maker.map([("ComputePlatform", maker.str("Lambda"))]);
    let app = maker.map([("Type", maker.str("AWS::CodeDeploy::Application")), ("Properties", computes)]);
    put(template, &application, app);
    if shared.and_then(|shared| get(shared, &["codeDeployRole"])).is_none() {
        put(template, "CodeDeployServiceRole", service_role(shared, triggers, maker));
    }
    if groups.is_empty() {
        return;
    }
    let arns = groups.iter().map(|group| {
        let name = group_name(service, group);
        maker.sub(format!(
            "arn:${{AWS::Partition}}:codedeploy:${{AWS::Region}}:${{AWS::AccountId}}:deploymentgroup:${{{application}}}/{name}"
        ))
    });
    let statement = maker.map([
        ("Action", maker.list([maker.str("codedeploy:PutLifecycleEventHookExecutionStatus")])),
        ("Effect", maker.str("Allow")),
        ("Resource", maker.list(arns)),
    ]);
    let statements = template
        .get_mut("Resources")
        .and_then(|resources| resources.get_mut(naming::ROLE)?.get_mut("Properties")?.get_mut("Policies"))
        .and_then(Value::as_list_mut)
        .and_then(|policies| policies.first_mut()?.get_mut("PolicyDocument")?.get_mut("Statement")?.as_list_mut());
    if let Some(statements) = statements {
        statements.push(statement);
    }
}

fn group_name(service: &Service, group: &str) -> String {
    naming::cut(&format!("{}-{group}", service.stack()), 100).to_owned()
}

fn service_role(shared: Option<&Value>, triggers: bool, maker: Maker) -> Value {
    let mut policies = vec![
        maker.str("arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited"),
        maker.str("arn:aws:iam::aws:policy/AWSLambda_FullAccess"),
    ];
    if triggers {
        policies.push(maker.str("arn:aws:iam::aws:policy/AmazonSNSFullAccess"));
    }
    let statement = maker.map([
        ("Action", maker.list([maker.str("sts:AssumeRole")])),
        ("Effect", maker.str("Allow")),
        ("Principal", maker.map([("Service", maker.list([maker.str("codedeploy.amazonaws.com")]))])),
    ]);
    let document = maker.map([("Version", maker.str("2012-10-17")), ("Statement", maker.list([statement]))]);
    let mut properties = vec![("ManagedPolicyArns", maker.list(policies)), ("AssumeRolePolicyDocument", document)];
    let boundary = shared.and_then(|shared| get(shared, &["codeDeployRolePermissionsBoundary"]));
    properties.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary.clone())));
    maker.map([("Type", maker.str("AWS::IAM::Role")), ("Properties", maker.map(properties))])
}

fn deployment_group(
    service: &Service,
    function: &Function,
    settings: &Value,
    application: &str,
    maker: Maker,
    template: &mut Value,
) -> String {
    let id = format!("{}DeploymentGroup", naming::function(&function.key));
    let strings = |items: &[&str]| maker.list(items.iter().map(|item| maker.str(*item)));
    let kind = get(settings, &["type"]).cloned().unwrap_or_else(|| maker.str(""));
    let name = maker.map([(
        "Fn::Sub",
        maker.list([maker.str("CodeDeployDefault.Lambda${ConfigName}"), maker.map([("ConfigName", kind)])]),
    )]);
    let role = get(settings, &["codeDeployRole"]).cloned();
    let events = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];
    let mut properties = vec![
        ("ApplicationName", maker.reference(application)),
        ("AutoRollbackConfiguration", maker.map([("Enabled", maker.bool(true)), ("Events", strings(&events))])),
        ("DeploymentGroupName", maker.str(group_name(service, &id))),
        ("DeploymentConfigName", name),
        (
            "DeploymentStyle",
            maker.map([
                ("DeploymentType", maker.str("BLUE_GREEN")),
                ("DeploymentOption", maker.str("WITH_TRAFFIC_CONTROL")),
            ]),
        ),
        ("ServiceRoleArn", role.unwrap_or_else(|| maker.get_att("CodeDeployServiceRole", "Arn"))),
    ];
    if let Some(alarms) = get(settings, &["alarms"]).and_then(Value::as_list) {
        let alarms = alarms.iter().map(|alarm| {
            let maker = Maker::new(alarm.origin);
            let name = match (get(alarm, &["name"]), text(alarm)) {
                (Some(name), _) => name.clone(),
                (None, Some(id)) => maker.reference(id),
                (None, None) => alarm.clone(),
            };
            maker.map([("Name", name)])
        });
        let alarms = [("Alarms", maker.list(alarms)), ("Enabled", maker.bool(true))];
        properties.push(("AlarmConfiguration", maker.map(alarms)));
    }
    let triggers = get(settings, &["triggerConfigurations"]);
    properties.extend(triggers.map(|triggers| ("TriggerConfigurations", triggers.clone())));
    let resource =
        maker.map([("Type", maker.str("AWS::CodeDeploy::DeploymentGroup")), ("Properties", maker.map(properties))]);
    if let Some(resources) = template.get_mut("Resources").and_then(Value::as_map_mut) {
        resources.insert(id.as_str(), resource);
    }
    id
}

fn alias(function: &Function, settings: &Value, application: &str, group: &str, maker: Maker, template: &mut Value) {
    let function_id = naming::function(&function.key);
    let Some(resources) = template.get_mut("Resources").and_then(Value::as_map_mut) else { return };
    let is_version = |value: &Value| {
        value.get("Type").and_then(Value::as_str) == Some("AWS::Lambda::Version")
            && value.at(&["Properties", "FunctionName", "Ref"]).and_then(Value::as_str) == Some(&function_id)
    };
    let version = resources.iter().find(|entry| is_version(&entry.value)).map(|entry| entry.key.clone());
    let name = get(settings, &["alias"]).cloned();
    let id = format!("{function_id}Alias{}", name.as_ref().and_then(text).unwrap_or_default());
    let mut properties = Vec::new();
    properties.extend(version.map(|version| ("FunctionVersion", maker.get_att(version, "Version"))));
    properties.push(("FunctionName", maker.reference(function_id.as_str())));
    properties.extend(name.map(|name| ("Name", name)));
    let mut update = vec![("ApplicationName", maker.reference(application))];
    for (setting, property) in
        [("postTrafficHook", "AfterAllowTrafficHook"), ("preTrafficHook", "BeforeAllowTrafficHook")]
    {
        let hook = get(settings, &[setting]).filter(|hook| truthy(hook)).and_then(text);
        update.extend(hook.map(|hook| (property, maker.reference(naming::function(&hook)))));
    }
    update.push(("DeploymentGroupName", maker.reference(group)));
    let alias = maker.map([
        ("Type", maker.str("AWS::Lambda::Alias")),
        ("Properties", maker.map(properties)),
        ("UpdatePolicy", maker.map([("CodeDeployLambdaAliasUpdate", maker.map(update))])),
    ]);
    for entry in resources.iter_mut() {
        let kind = entry.value.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(properties) = entry.value.get_mut("Properties") else { continue };
        if kind == "AWS::Lambda::Permission" {
            let calls = properties.get("FunctionName").is_some_and(|name| names(name, &function_id));
            if let Some(map) = properties.as_map_mut().filter(|_| calls) {
                map.insert("FunctionName", maker.reference(id.as_str()));
            }
        } else if let Some((path, property, partition)) = uri_of(&kind) {
            let holder = path.iter().try_fold(&mut *properties, |value, key| value.get_mut(key));
            let Some(holder) = holder.and_then(Value::as_map_mut) else { continue };
            let calls = holder.get(property).is_some_and(|uri| mentions(uri, &function_id, 0));
            if calls {
                holder.insert(property, alias_uri(maker, &id, partition));
            }
        } else if TARGETS.contains(&kind.as_str()) {
            redirect(properties, &function_id, &id, 0);
        }
    }
    resources.insert(id, alias);
}

/// Where resources of APIs hold the URI they call, and whether it names the partition.
fn uri_of(kind: &str) -> Option<(&'static [&'static str], &'static str, bool)> {
    match kind {
        "AWS::ApiGateway::Method" => Some((&["Integration"], "Uri", false)),
        "AWS::ApiGatewayV2::Integration" => Some((&[], "IntegrationUri", true)),
        "AWS::ApiGatewayV2::Authorizer" => Some((&[], "AuthorizerUri", true)),
        _ => None,
    }
}

fn alias_uri(maker: Maker, alias: &str, partition: bool) -> Value {
    let mut parts = if partition {
        vec![maker.str("arn:"), maker.reference("AWS::Partition"), maker.str(":apigateway:")]
    } else {
        vec![maker.str("arn:aws:apigateway:")]
    };
    parts.extend([
        maker.reference("AWS::Region"),
        maker.str(":lambda:path/2015-03-31/functions/"),
        maker.reference(alias),
        maker.str("/invocations"),
    ]);
    maker.join("", parts)
}

/// Whether `value` holds the ARN of `function` anywhere.
fn mentions(value: &Value, function: &str, depth: usize) -> bool {
    depth < 100
        && (names(value, function)
            || match &value.kind {
                Kind::Map(map) => map.values().any(|inner| mentions(inner, function, depth + 1)),
                Kind::List(items) => items.iter().any(|inner| mentions(inner, function, depth + 1)),
                _ => false,
            })
}

fn names(value: &Value, function: &str) -> bool {
    let id = value.get("Fn::GetAtt").and_then(Value::as_list).and_then(<[Value]>::first).and_then(Value::as_str);
    id == Some(function) || value.get("Ref").and_then(Value::as_str) == Some(function)
}

/// Puts the alias where the function's ARN stood.
fn redirect(value: &mut Value, function: &str, alias: &str, depth: usize) {
    if depth > 300 {
        return;
    }
    if value.get("Fn::GetAtt").is_some() && names(value, function) {
        *value = Maker::new(value.origin).reference(alias);
        return;
    }
    match &mut value.kind {
        Kind::Map(map) => {
            map.iter_mut().for_each(|entry| redirect(&mut entry.value, function, alias, depth + 1));
        }
        Kind::List(items) => items.iter_mut().for_each(|item| redirect(item, function, alias, depth + 1)),
        _ => {}
    }
}
