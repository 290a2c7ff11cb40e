//! What a machine's role must be allowed, by its tasks.

use super::definition::{is_intrinsic, translate};
use crate::template::serverless::output::Output;
use crate::template::serverless::service::{Service, get, text, truthy};
use crate::template::value::{Entry, Kind, Maker, Value};

/// Actions (comma separated) on a resource or a list of them.
struct Permission {
    actions: String,
    resource: Value,
}

/// The statements of the role of the machine `entry`.
pub fn statements(service: &Service, entry: &Entry, out: &Output) -> Vec<Value> {
    let maker = Maker::new(entry.key_origin);
    let config = &entry.value;
    let mut found = Vec::new();
    let name = get(config, &["name"]).and_then(text).unwrap_or_else(|| entry.key.to_string());
    if let Some(states) = get(config, &["definition", "States"]) {
        tasks(service, states, &name, out, &mut found, 0);
    }
    let all = |actions: &str| Permission { actions: actions.to_owned(), resource: maker.str("*") };
    if get(config, &["loggingConfig"]).is_some() {
        found.push(all("logs:CreateLogDelivery,logs:GetLogDelivery,logs:UpdateLogDelivery,logs:DeleteLogDelivery,\
             logs:ListLogDeliveries,logs:PutResourcePolicy,logs:DescribeResourcePolicies,logs:DescribeLogGroups"));
    }
    if get(config, &["tracingConfig"]).is_some() {
        found.push(all("xray:PutTraceSegments,xray:PutTelemetryRecords,xray:GetSamplingRules,xray:GetSamplingTargets"));
    }
    let own = get(config, &["iamRoleStatements"]).and_then(Value::as_list).unwrap_or_default();
    if found.is_empty() && own.is_empty() {
        return vec![maker.map([
            ("Effect", maker.str("Deny")),
            ("Action", maker.str("*")),
            ("Resource", maker.str("*")),
        ])];
    }
    let mut statements: Vec<Value> = by_resource(by_action(found))
        .into_iter()
        .map(|permission| {
            let maker = Maker::new(permission.resource.origin);
            maker.map([
                ("Effect", maker.str("Allow")),
                ("Action", maker.list(permission.actions.split(',').map(|action| maker.str(action)))),
                ("Resource", permission.resource),
            ])
        })
        .collect();
    statements.extend(own.iter().cloned());
    statements
}

/// One permission for all resources of the same actions.
fn by_action(found: Vec<Permission>) -> Vec<Permission> {
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for Permission { actions, resource } in found {
        let resources = match resource.kind {
            Kind::List(items) => items,
            _ => vec![resource],
        };
        let at = groups.iter().position(|(known, _)| *known == actions).unwrap_or_else(|| {
            groups.push((actions, Vec::new()));
            groups.len() - 1
        });
        for resource in resources {
            if !groups[at].1.contains(&resource) {
                groups[at].1.push(resource);
            }
        }
    }
    groups
        .into_iter()
        .map(|(actions, resources)| {
            let everything = resources.iter().find(|resource| resource.as_str() == Some("*")).cloned();
            let origin = resources.first().map_or_else(Default::default, |resource| resource.origin);
            Permission { actions, resource: everything.unwrap_or_else(|| Maker::new(origin).list(resources)) }
        })
        .collect()
}

/// One permission for all actions on the same resources.
fn by_resource(found: Vec<Permission>) -> Vec<Permission> {
    let mut groups: Vec<Permission> = Vec::new();
    for permission in found {
        match groups.iter_mut().find(|known| known.resource == permission.resource) {
            Some(known) => {
                for action in permission.actions.split(',') {
                    if !known.actions.split(',').any(|known| known == action) {
                        known.actions = format!("{},{action}", known.actions);
                    }
                }
            }
            None => groups.push(permission),
        }
    }
    groups
}

fn tasks(service: &Service, states: &Value, machine: &str, out: &Output, found: &mut Vec<Permission>, depth: usize) {
    if depth > 100 {
        return;
    }
    for entry in states.as_map().into_iter().flatten() {
        let state = &entry.value;
        match get(state, &["Type"]).and_then(Value::as_str) {
            Some("Task") => found.extend(task(service, state, out)),
            Some("Parallel") => {
                for branch in get(state, &["Branches"]).and_then(Value::as_list).unwrap_or_default() {
                    if let Some(states) = branch.get("States") {
                        tasks(service, states, machine, out, found, depth + 1);
                    }
                }
            }
            Some("Map") => {
                let inner = get(state, &["ItemProcessor"]).or_else(|| get(state, &["Iterator"]));
                if let Some(states) = inner.and_then(|inner| inner.get("States")) {
                    tasks(service, states, machine, out, found, depth + 1);
                }
                let mode = get(state, &["ItemProcessor", "ProcessorConfig", "Mode"]);
                if let Some(mode) = mode.filter(|mode| mode.as_str() == Some("DISTRIBUTED")) {
                    let maker = Maker::new(mode.origin);
                    let arn = sub(
                        maker,
                        &format!(
                            "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:stateMachine:{machine}"
                        ),
                    );
                    found.extend(executions(maker, "states:StartExecution", arn));
                }
                for name in ["ItemReader", "ResultWriter"] {
                    found.extend(
                        get(state, &[name]).map(|task_like| task(service, task_like, out)).into_iter().flatten(),
                    );
                }
            }
            _ => {}
        }
    }
}

/// `Fn::Sub` with an empty map of parameters.
fn sub(maker: Maker, text: &str) -> Value {
    maker.map([("Fn::Sub", maker.list([maker.str(text), maker.map::<&str>([])]))])
}

fn regional(maker: Maker, service: &str, rest: Value) -> Value {
    maker.join(
        ":",
        [
            maker.str("arn"),
            maker.reference("AWS::Partition"),
            maker.str(service),
            maker.reference("AWS::Region"),
            maker.reference("AWS::AccountId"),
            rest,
        ],
    )
}

fn task(service: &Service, state: &Value, out: &Output) -> Vec<Permission> {
    let Some(resource) = get(state, &["Resource"]) else { return Vec::new() };
    let maker = Maker::new(resource.origin);
    let one = |actions: &str, resource: Value| vec![Permission { actions: actions.to_owned(), resource }];
    let everything = || maker.str("*");
    let arguments = || get(state, &["Parameters"]).or_else(|| get(state, &["Arguments"]));
    let argument = |name: &str| arguments().and_then(|arguments| get(arguments, &[name])).cloned();
    let at_run_time = |name: &str| {
        arguments().is_some_and(|arguments| arguments.get(&format!("{name}.$")).is_some())
            || argument(name).is_some_and(|value| value.as_str().is_some_and(|text| text.trim().starts_with("{%")))
    };
    if is_intrinsic(resource) {
        return invoked(maker, translate(service, resource, out));
    }
    let Some(written) = resource.as_str() else { return Vec::new() };
    let Some(rest) = written.strip_prefix("arn:").and_then(|rest| rest.split_once(':')).map(|(_, rest)| rest) else {
        return Vec::new();
    };
    if rest.starts_with("lambda") {
        let parts: Vec<&str> = written.split(':').collect();
        let plain = if parts.len() == 8 { parts[..7].join(":") } else { written.to_owned() };
        return invoked(maker, maker.str(plain));
    }
    let action = rest.strip_prefix("states:::").unwrap_or_default();
    let action = action.strip_prefix("aws-sdk:").unwrap_or(action);
    let (api, call) = action.split_once(':').unwrap_or((action, ""));
    let call = call.split('.').next().unwrap_or_default();
    let rule = |name: &str| Permission {
        actions: "events:PutTargets,events:PutRule,events:DescribeRule".into(),
        resource: regional(maker, "events", maker.str(format!("rule/{name}"))),
    };
    match (api, call) {
        ("sqs", "sendMessage") => one(
            "sqs:SendMessage",
            if at_run_time("QueueUrl") {
                everything()
            } else {
                argument("QueueUrl").map_or_else(everything, |url| queue_arn(maker, &url))
            },
        ),
        ("sns", "publish") => {
            let topic = argument("TopicArn").filter(|_| !at_run_time("TopicArn"));
            one("sns:Publish", topic.unwrap_or_else(everything))
        }
        ("dynamodb", "batchGetItem" | "batchWriteItem") => {
            let action = format!("dynamodb:{}", super::naming::upper_first(call));
            let items = argument("RequestItems");
            let tables = items.as_ref().and_then(Value::as_map);
            let arns = tables.into_iter().flatten().map(|entry| {
                let name = entry.key.strip_suffix(".$").unwrap_or(&entry.key);
                table_arn(maker, &maker.str(name), "")
            });
            let arns = maker.list(arns);
            one(&action, if at_run_time("RequestItems") { everything() } else { arns })
        }
        ("dynamodb", call) if !call.is_empty() => {
            let action = format!("dynamodb:{}", super::naming::upper_first(call));
            let resource = match argument("TableName").filter(|_| !at_run_time("TableName")) {
                None => everything(),
                Some(table) if at_run_time("IndexName") => table_arn(maker, &table, "/index/*"),
                Some(table) => {
                    let index = argument("IndexName").and_then(|index| text(&index));
                    table_arn(maker, &table, &index.map(|index| format!("/index/{index}")).unwrap_or_default())
                }
            };
            one(&action, resource)
        }
        ("batch", "submitJob") => vec![
            Permission {
                actions: "batch:SubmitJob,batch:DescribeJobs,batch:TerminateJob".into(),
                resource: everything(),
            },
            rule("StepFunctionsGetEventsForBatchJobsRule"),
        ],
        ("glue", "startJobRun") => {
            one("glue:StartJobRun,glue:GetJobRun,glue:GetJobRuns,glue:BatchStopJobRun", everything())
        }
        ("ecs", "runTask") => vec![
            Permission {
                actions: "ecs:RunTask,ecs:StopTask,ecs:DescribeTasks,ecs:TagResource,iam:PassRole".into(),
                resource: everything(),
            },
            rule("StepFunctionsGetEventsForECSTaskRule"),
        ],
        ("lambda", "invoke") => {
            lambda_invoke(service, maker, argument("FunctionName"), at_run_time("FunctionName"), out)
        }
        ("states", "startExecution") | ("sfn", "startSyncExecution") => {
            let arn = argument("StateMachineArn").filter(|_| !at_run_time("StateMachineArn"));
            let action = if api == "sfn" { "states:StartSyncExecution" } else { "states:StartExecution" };
            executions(maker, action, arn.unwrap_or_else(everything))
        }
        ("codebuild", "startBuild") => {
            let project = argument("ProjectName").and_then(|name| text(&name)).unwrap_or_else(|| "*".into());
            let arn =
                format!("arn:${{AWS::Partition}}:codebuild:${{AWS::Region}}:${{AWS::AccountId}}:project/{project}");
            vec![
                Permission {
                    actions: "codebuild:StartBuild,codebuild:StopBuild,codebuild:BatchGetBuilds".into(),
                    resource: sub(maker, &arn),
                },
                Permission {
                    actions: "events:PutTargets,events:PutRule,events:DescribeRule".into(),
                    resource: sub(
                        maker,
                        "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventForCodeBuildStartBuildRule",
                    ),
                },
            ]
        }
        ("events", "putEvents") => {
            let entries = argument("Entries");
            let mut buses: Vec<Value> = Vec::new();
            for entry in entries.as_ref().and_then(Value::as_list).unwrap_or_default() {
                let bus = get(entry, &["EventBusName"]).filter(|bus| truthy(bus)).cloned();
                let bus = bus.unwrap_or_else(|| maker.str("default"));
                let arn = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${eventBus}";
                buses.push(maker.map([("Fn::Sub", maker.list([maker.str(arn), maker.map([("eventBus", bus)])]))]));
            }
            one("events:PutEvents", maker.list(buses))
        }
        ("sesv2", "sendEmail") => one("ses:SendEmail", everything()),
        ("s3", "getObject" | "putObject") => {
            let bucket = argument("Bucket").and_then(|bucket| text(&bucket)).unwrap_or_else(|| "*".into());
            let key = argument("Key").and_then(|key| text(&key)).unwrap_or_else(|| "*".into());
            let arn = if bucket == "*" && key == "*" {
                everything()
            } else {
                maker.sub(format!("arn:${{AWS::Partition}}:s3:::{bucket}/{key}"))
            };
            one(&format!("s3:{}", super::naming::upper_first(call)), maker.list([arn]))
        }
        _ => Vec::new(),
    }
}

/// A function and all its versions.
fn invoked(maker: Maker, arn: Value) -> Vec<Permission> {
    let versions = maker
        .map([("Fn::Sub", maker.list([maker.str("${functionArn}:*"), maker.map([("functionArn", arn.clone())])]))]);
    vec![Permission { actions: "lambda:InvokeFunction".into(), resource: maker.list([arn, versions]) }]
}

fn lambda_invoke(
    service: &Service,
    maker: Maker,
    name: Option<Value>,
    at_run_time: bool,
    out: &Output,
) -> Vec<Permission> {
    let one = |resource: Value| vec![Permission { actions: "lambda:InvokeFunction".into(), resource }];
    let Some(name) = name.filter(|_| !at_run_time) else { return one(maker.str("*")) };
    if let Some(written) = name.as_str() {
        if written.starts_with("arn:") {
            return one(maker.list([name.clone(), maker.str(format!("{written}:*"))]));
        }
        let segments: Vec<&str> = written.split(':').collect();
        let partial = segments.len() == 3 && segments[0].bytes().all(|byte| byte.is_ascii_digit());
        let base = if partial {
            format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:{written}")
        } else {
            format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{written}")
        };
        return one(maker.list([maker.sub(base.as_str()), maker.sub(format!("{base}:*"))]));
    }
    let target = translate(service, &name, out);
    if target.get("Fn::GetAtt").is_some() {
        return invoked(maker, target);
    }
    if target.get("Ref").is_some() {
        let base = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${functionArn}";
        let of = |suffix: &str| {
            let parameters = maker.map([("functionArn", target.clone())]);
            maker.map([("Fn::Sub", maker.list([maker.str(format!("{base}{suffix}")), parameters]))])
        };
        return one(maker.list([of(""), of(":*")]));
    }
    one(target)
}

fn executions(maker: Maker, action: &str, arn: Value) -> Vec<Permission> {
    let renamed = |text: &str| format!("{}:*", text.replacen(":stateMachine:", ":execution:", 1));
    let runs = match (arn.as_str(), arn.get("Fn::Sub")) {
        (Some("*"), _) => maker.str("*"),
        (Some(text), _) => maker.str(renamed(text)),
        (None, Some(inner)) => match (inner.as_str(), inner.as_list()) {
            (Some(text), _) => maker.sub(renamed(text)),
            (None, Some([pattern, parameters])) => {
                let pattern = maker.str(renamed(pattern.as_str().unwrap_or_default()));
                maker.map([("Fn::Sub", maker.list([pattern, parameters.clone()]))])
            }
            _ => maker.str("*"),
        },
        _ => maker.str("*"),
    };
    let rule = sub(
        maker,
        "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
    );
    vec![
        Permission { actions: action.to_owned(), resource: arn },
        Permission { actions: "states:DescribeExecution,states:StopExecution".into(), resource: runs },
        Permission { actions: "events:PutTargets,events:PutRule,events:DescribeRule".into(), resource: rule },
    ]
}

fn queue_arn(maker: Maker, url: &Value) -> Value {
    if let Some(id) = url.get("Ref").and_then(text) {
        return maker.get_att(id, "Arn");
    }
    let parts = url.as_str().and_then(|url| url.strip_prefix("https://sqs.")).and_then(|rest| {
        let (region, rest) = rest.split_once(".amazonaws.com/")?;
        let (account, name) = rest.split_once('/')?;
        Some(format!("arn:aws:sqs:{region}:{account}:{name}"))
    });
    maker.str(parts.unwrap_or_else(|| "*".into()))
}

fn table_arn(maker: Maker, table: &Value, suffix: &str) -> Value {
    if let Some(id) = table.get("Ref").and_then(text).filter(|_| suffix.is_empty()) {
        return maker.get_att(id, "Arn");
    }
    let rest = match text(table) {
        Some(name) => maker.str(format!("table/{name}{suffix}")),
        None => maker.join("/", [maker.str("table"), table.clone()]),
    };
    regional(maker, "dynamodb", rest)
}
