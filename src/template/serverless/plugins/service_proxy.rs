//! `serverless-apigateway-service-proxy`: endpoints that call services of AWS directly.

use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::serverless::api::rest::foreign::{Foreign, methods, path_and_method};
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{Service, get, text, truthy};
use crate::template::unknown;
use crate::template::value::{Kind, Maker, Map, Value};

/// One service: its key, the suffix of its role's id, the setting that names its target, the
/// ARN of a target, and what the role may do.
struct Target {
    key: &'static str,
    role: &'static str,
    setting: &'static str,
    arn: &'static str,
    actions: &'static [&'static str],
    uri: &'static str,
}

const TARGETS: [Target; 6] = [
    Target {
        key: "kinesis",
        role: "ApigatewayToKinesisRole",
        setting: "streamName",
        arn: "arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${streamName}",
        actions: &["kinesis:PutRecord", "kinesis:PutRecords"],
        uri: "arn:${AWS::Partition}:apigateway:${AWS::Region}:kinesis:action/",
    },
    Target {
        key: "sqs",
        role: "ApigatewayToSqsRole",
        setting: "queueName",
        arn: "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${queueName}",
        actions: &["sqs:SendMessage"],
        uri: "arn:${AWS::Partition}:apigateway:${AWS::Region}:sqs:path//${AWS::AccountId}/${queueName}",
    },
    Target {
        key: "s3",
        role: "ApigatewayToS3Role",
        setting: "bucket",
        arn: "arn:${AWS::Partition}:s3:::${bucket}",
        actions: &[],
        uri: "arn:${AWS::Partition}:apigateway:${AWS::Region}:s3:path/{bucket}/{object}",
    },
    Target {
        key: "sns",
        role: "ApigatewayToSnsRole",
        setting: "topicName",
        arn: "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${topicName}",
        actions: &["sns:Publish"],
        uri: "arn:${AWS::Partition}:apigateway:${AWS::Region}:sns:path//",
    },
    Target {
        key: "dynamodb",
        role: "ApigatewayToDynamodbRole",
        setting: "tableName",
        arn: "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${tableName}",
        actions: &[],
        uri: "arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/",
    },
    Target {
        key: "eventbridge",
        role: "ApigatewayToEventBridgeRole",
        setting: "eventBusName",
        arn: "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${eventBusName}",
        actions: &["events:PutEvents"],
        uri: "arn:${AWS::Partition}:apigateway:${AWS::Region}:events:action/PutEvents",
    },
];

/// Adds endpoints and the roles by which they call.
pub fn proxies(service: &Service, out: &mut Output, cx: &mut Lowering<'_>) {
    let listed = get(&service.config, &["custom", "apiGatewayServiceProxies"]).and_then(Value::as_list);
    let mut endpoints = Vec::new();
    let mut statements: Vec<(&Target, Maker, Vec<Value>, bool)> = Vec::new();
    for entry in listed.unwrap_or_default().iter().filter_map(Value::as_map).flatten() {
        let maker = Maker::new(entry.key_origin);
        let Some(target) = TARGETS.iter().find(|target| entry.key == target.key) else { continue };
        let Some((path, method)) = path_and_method(&entry.value) else {
            cx.report(
                Problem::new(
                    ProblemKind::FrameworkConfiguration,
                    entry.key_origin,
                    format!("a `{}` service proxy has no `path` or `method`", entry.key),
                )
                .help("give both; the plugin stops without them"),
            );
            continue;
        };
        let own_role = get(&entry.value, &["roleArn"]).filter(|role| truthy(role)).cloned();
        let at = statements.iter().position(|(known, ..)| known.key == target.key).unwrap_or_else(|| {
            statements.push((target, maker, Vec::new(), false));
            statements.len() - 1
        });
        statements[at].2.extend(permission(target, &entry.value, maker));
        statements[at].3 |= own_role.is_none();
        let cors = get(&entry.value, &["cors"]).filter(|cors| truthy(cors)).cloned();
        let properties = properties(target, &entry.value, own_role, maker);
        endpoints.push(Foreign { path, method, maker, cors, properties });
    }
    methods(service, endpoints, true, out);
    for (target, maker, permissions, needed) in statements {
        if needed {
            out.merge(role(target, maker, permissions));
        }
    }
}

fn arn(target: &Target, written: &Value, maker: Maker) -> Option<Value> {
    let name = get(written, &[target.setting])?.clone();
    if target.key == "s3"
        && let Some(id) = name.get("Ref").and_then(text)
    {
        return Some(maker.get_att(id, "Arn"));
    }
    Some(maker.map([("Fn::Sub", maker.list([maker.str(target.arn), maker.map([(target.setting, name)])]))]))
}

/// What one endpoint needs: a resource where all share their actions, else a statement.
fn permission(target: &Target, written: &Value, maker: Maker) -> Option<Value> {
    let arn = arn(target, written, maker)?;
    if !target.actions.is_empty() {
        return Some(arn);
    }
    let action = get(written, &["action"]).and_then(text).unwrap_or_default();
    let (action, resource) = if target.key == "s3" {
        (format!("s3:{action}*"), maker.join("", [arn, maker.str("/*")]))
    } else {
        (format!("{}:{action}", target.key), arn)
    };
    Some(maker.map([("Effect", maker.str("Allow")), ("Action", maker.str(action)), ("Resource", resource)]))
}

fn role(target: &Target, maker: Maker, permissions: Vec<Value>) -> Resource {
    let strings = |items: &[&str]| maker.list(items.iter().map(|item| maker.str(*item)));
    let mut statements = vec![maker.map([
        ("Effect", maker.str("Allow")),
        ("Action", strings(&["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])),
        ("Resource", maker.str("*")),
    ])];
    if target.actions.is_empty() {
        statements.extend(permissions);
    } else {
        statements.push(maker.map([
            ("Effect", maker.str("Allow")),
            ("Action", strings(target.actions)),
            ("Resource", maker.list(permissions)),
        ]));
    }
    let trust = maker.map([
        ("Effect", maker.str("Allow")),
        ("Principal", maker.map([("Service", maker.str("apigateway.amazonaws.com"))])),
        ("Action", maker.str("sts:AssumeRole")),
    ]);
    let document = |statements: Vec<Value>| {
        maker.map([("Version", maker.str("2012-10-17")), ("Statement", maker.list(statements))])
    };
    let policy = maker.map([
        ("PolicyName", maker.str(format!("apigatewayto{}", target.key))),
        ("PolicyDocument", document(statements)),
    ]);
    Resource::new(target.role, "AWS::IAM::Role", maker)
        .set("AssumeRolePolicyDocument", document(vec![trust]))
        .set("Policies", maker.list([policy]))
}

fn properties(target: &Target, written: &Value, role: Option<Value>, maker: Maker) -> Vec<(&'static str, Value)> {
    let setting = |name: &str| get(written, &[name]).filter(|value| truthy(value)).cloned();
    let mut uri = target.uri.to_owned();
    if target.uri.ends_with("action/") {
        let action = setting("action").as_ref().and_then(text);
        uri.push_str(action.as_deref().unwrap_or("PutRecord"));
    }
    let uri = match setting(target.setting).filter(|_| uri.contains(&format!("${{{}}}", target.setting))) {
        Some(name) => maker.map([("Fn::Sub", maker.list([maker.str(uri), maker.map([(target.setting, name)])]))]),
        None => maker.sub(uri),
    };
    let empty = || maker.map::<&str>([]);
    let answer = |status: i64| {
        maker.map([
            ("StatusCode", maker.int(status)),
            ("SelectionPattern", maker.int(status)),
            ("ResponseParameters", empty()),
            ("ResponseTemplates", empty()),
        ])
    };
    let declared = |status: i64| {
        maker.map([("ResponseParameters", empty()), ("ResponseModels", empty()), ("StatusCode", maker.int(status))])
    };
    // The plugin's own mapping text, which names the target.
    let mut parts = vec![maker.str(unknown::mark("plugin request template"))];
    if let Some(arn) = arn(target, written, maker) {
        parts.extend([arn, maker.str(unknown::mark("plugin request template"))]);
    }
    let mut templates = Map::new();
    for content in ["application/json", "application/x-www-form-urlencoded"] {
        templates.insert(content, maker.join("", parts.clone()));
    }
    let own = get(written, &["request", "template"]).and_then(Value::as_map).cloned().unwrap_or_default();
    super::super::merge::assign(&mut templates, &own);
    let through = get(written, &["request", "passThrough"]).cloned();
    // A list of answers is the author's own; a map holds templates for the usual three.
    let own_answers = get(written, &["response"]).and_then(Value::as_list).map(|answers| {
        maker.list(answers.iter().map(|given| {
            let maker = Maker::new(given.origin);
            let setting = |name: &str| get(given, &[name]).filter(|value| truthy(value)).cloned();
            let mut entries = Vec::new();
            entries.extend(setting("statusCode").map(|status| ("StatusCode", status)));
            let pattern = setting("selectionPattern").or_else(|| setting("statusCode"));
            entries.extend(pattern.map(|pattern| ("SelectionPattern", pattern)));
            entries.push(("ResponseParameters", setting("responseParameters").unwrap_or_else(empty)));
            entries.push(("ResponseTemplates", setting("responseTemplates").unwrap_or_else(empty)));
            maker.map(entries)
        }))
    });
    let answers = own_answers.unwrap_or_else(|| maker.list([answer(200), answer(400), answer(500)]));
    let mut integration = vec![
        ("IntegrationHttpMethod", maker.str("POST")),
        ("Type", maker.str("AWS")),
        ("Credentials", role.unwrap_or_else(|| maker.get_att(target.role, "Arn"))),
        ("Uri", uri),
        ("PassthroughBehavior", through.unwrap_or_else(|| maker.str("NEVER"))),
        ("RequestTemplates", Value::new(Kind::Map(templates), maker.origin())),
        ("IntegrationResponses", answers),
    ];
    if target.key == "sns" {
        let form = maker.str("'application/x-www-form-urlencoded'");
        integration.push(("RequestParameters", maker.map([("integration.request.header.Content-Type", form)])));
    }
    if target.key == "sqs" && own.is_empty() {
        integration.retain(|(name, _)| *name != "PassthroughBehavior" && *name != "RequestTemplates");
        let parameters = [
            ("integration.request.querystring.Action", maker.str("'SendMessage'")),
            ("integration.request.querystring.MessageBody", maker.str("method.request.body")),
        ];
        integration.push(("RequestParameters", maker.map(parameters)));
        integration.push(("RequestTemplates", maker.map([("application/json", maker.str("{statusCode:200}"))])));
    }
    let mut properties = vec![
        ("RequestParameters", setting("acceptParameters").unwrap_or_else(empty)),
        ("AuthorizationType", setting("authorizationType").unwrap_or_else(|| maker.str("NONE"))),
        ("ApiKeyRequired", maker.bool(setting("private").is_some())),
        ("Integration", maker.map(integration)),
        ("MethodResponses", maker.list([declared(200), declared(400), declared(500)])),
    ];
    properties.extend(setting("authorizationScopes").map(|scopes| ("AuthorizationScopes", scopes)));
    properties.extend(setting("authorizerId").map(|id| ("AuthorizerId", id)));
    properties
}
