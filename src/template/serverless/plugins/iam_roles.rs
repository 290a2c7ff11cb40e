//! `serverless-iam-roles-per-function`: a role of its own for each function with statements.

use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, allow};
use crate::template::serverless::role::log_arn;
use crate::template::serverless::schema::coerce_statements;
use crate::template::serverless::service::{Function, Service, get, is_unknown, text, truthy};
use crate::template::value::{Kind, Maker, Value};

const SETTINGS: &str = "serverless-iam-roles-per-function";

/// Splits roles off the shared one.
pub fn roles(service: &Service, out: &mut Output) {
    let mut changed: Vec<(String, String)> = Vec::new();
    for function in &service.functions {
        let Some(entry) = function.config.as_map().and_then(|map| map.entry("iamRoleStatements")) else { continue };
        if function.truthy("role").is_some() {
            continue;
        }
        let maker = Maker::new(entry.key_origin);
        let mut statements = entry.value.clone();
        coerce_statements(&mut statements);
        let Some(role) = role(service, function, &statements, out, maker) else { continue };
        let id = format!("{}{}", naming::normalized(&function.key), naming::ROLE);
        out.resources.insert_at(id.as_str(), entry.key_origin, role);
        let function_id = naming::function(&function.key);
        if let Some(resource) = out.resources.get_mut(&function_id).and_then(Value::as_map_mut) {
            let mut depends = vec![maker.str(id.as_str())];
            if let Some(known) = resource.get("DependsOn").and_then(Value::as_list) {
                depends.extend(known.iter().filter(|known| known.as_str() != Some(naming::ROLE)).cloned());
            }
            resource.insert("DependsOn", maker.list(depends));
            if let Some(properties) = resource.get_mut("Properties").and_then(Value::as_map_mut) {
                properties.insert("Role", maker.get_att(id.as_str(), "Arn"));
            }
        }
        changed.push((function_id, id));
    }
    for entry in out.resources.iter_mut() {
        if entry.value.get("Type").and_then(Value::as_str) != Some("AWS::Lambda::EventSourceMapping") {
            continue;
        }
        let target = entry.value.at(&["Properties", "FunctionName", "Fn::GetAtt"]).and_then(Value::as_list);
        let target = target.and_then(<[Value]>::first).and_then(Value::as_str);
        let role = target.and_then(|target| changed.iter().find(|(function, _)| function == target));
        if let (Some((_, role)), Some(mapping)) = (role.cloned(), entry.value.as_map_mut()) {
            let value = Maker::new(entry.key_origin).str(role);
            mapping.insert("DependsOn", value);
        }
    }
}

/// The function's role: the shared one as a pattern, with other statements and name.
fn role(service: &Service, function: &Function, statements: &Value, out: &Output, maker: Maker) -> Option<Value> {
    let mut role = out.resources.get(naming::ROLE)?.clone();
    role.origin = maker.origin();
    let properties = role.get_mut("Properties")?.as_map_mut()?;
    let setting = |name: &str| get(&service.config, &["custom", SETTINGS, name]);
    let mut own = vec![allow(
        maker,
        &["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"],
        vec![log_arn(maker, &naming::log_group_name(&text(&function.name).unwrap_or_default()), ":*:*")],
    )];
    own.extend(source_statements(function));
    if let Some(target) = function.truthy("onError") {
        own.push(maker.map([
            ("Effect", maker.str("Allow")),
            ("Action", maker.list([maker.str("sns:Publish")])),
            ("Resource", target.clone()),
        ]));
    }
    let inherits = match function.get("iamRoleStatementsInherit") {
        Some(value) if truthy(value) => true,
        Some(_) => false,
        None => setting("defaultInherit").is_some_and(truthy),
    };
    let shared = match service.setting(&["iam"]) {
        Some(iam) => get(iam, &["role", "statements"]),
        None => service.setting(&["iamRoleStatements"]),
    };
    if inherits {
        own.extend(shared.and_then(Value::as_list).unwrap_or_default().iter().cloned());
    }
    own.extend(statements.as_list().unwrap_or_default().iter().cloned());
    let mut list = maker.list(own);
    if is_unknown(statements) || inherits && shared.is_some_and(is_unknown) {
        list.origin = list.origin.incomplete();
    }
    let document = properties.get_mut("Policies")?.as_list_mut()?.first_mut()?.get_mut("PolicyDocument")?;
    document.as_map_mut()?.insert("Statement", list);
    let in_vpc = [function.get("vpc"), service.setting(&["vpc"])]
        .into_iter()
        .flatten()
        .any(|vpc| is_unknown(vpc) || vpc.as_map().is_some_and(|map| !map.is_empty()));
    let managed = in_vpc.then(|| {
        maker.join(
            "",
            [
                maker.str("arn:"),
                maker.reference("AWS::Partition"),
                maker.str(":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"),
            ],
        )
    });
    properties.insert("ManagedPolicyArns", maker.list(managed));
    let boundary = function
        .truthy("iamPermissionsBoundary")
        .or_else(|| setting("iamGlobalPermissionsBoundary").filter(|value| truthy(value)));
    if let Some(boundary) = boundary {
        properties.insert("PermissionsBoundary", boundary.clone());
    }
    properties.insert("RoleName", name(service, function, maker));
    Some(role)
}

fn name(service: &Service, function: &Function, maker: Maker) -> Value {
    if let Some(name) = function.truthy("iamRoleStatementsName") {
        return name.clone();
    }
    let parts = [service.name.as_str(), service.stage.as_str(), &*function.key];
    let length: usize = parts.iter().map(|part| part.chars().count() + 1).sum::<usize>() + service.region.len();
    let mut values: Vec<Value> = parts.iter().map(|part| maker.str(*part)).collect();
    values.push(maker.reference("AWS::Region"));
    // A role's name has 64 characters; the word at its end goes first.
    if length + "-lambdaRole".len() <= 64 {
        values.push(maker.str("lambdaRole"));
    }
    maker.join("-", values)
}

/// What the function's event sources need.
fn source_statements(function: &Function) -> Vec<Value> {
    let (mut tables, mut streams, mut queues) = (Vec::new(), Vec::new(), Vec::new());
    let mut maker = function.maker();
    for event in function.events("stream") {
        maker = event.maker();
        let arn = event.truthy("arn").unwrap_or(event.value);
        let kind = event
            .truthy("type")
            .and_then(text)
            .or_else(|| arn.as_str().and_then(|arn| arn.split(':').nth(2)).map(str::to_owned));
        match kind.as_deref() {
            Some("dynamodb") => tables.push(arn.clone()),
            Some("kinesis") => streams.push(arn.clone()),
            _ => {}
        }
    }
    for event in function.events("sqs") {
        maker = event.maker();
        queues.push(match &event.value.kind {
            Kind::Map(_) => event.truthy("arn").unwrap_or(event.value).clone(),
            _ => event.value.clone(),
        });
    }
    let table = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"];
    let stream = ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream", "kinesis:ListStreams"];
    let queue = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    [(&table[..], tables), (&stream[..], streams), (&queue[..], queues)]
        .into_iter()
        .filter(|(_, resources)| !resources.is_empty())
        .map(|(actions, resources)| allow(maker, actions, resources))
        .collect()
}
