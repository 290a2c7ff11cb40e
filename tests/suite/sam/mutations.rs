//! Whatever becomes of a SAM template under somebody's hands, expanding it answers with a
//! template or with refusals that have a place, and never panics.
//!
//! Templates of this file are mutated always; with `DEWLINE_SHARED` set, real ones as well.

use dewline::source::{NoFiles, SourceFile};
use dewline::template::load::{Loaded, load};
use dewline::template::{Inputs, ProblemKind, json};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or_default()
    }
}

const TEMPLATES: [&str; 3] = [
    r#"{"Transform": "AWS::Serverless-2016-10-31",
"Parameters": {"Stage": {"Type": "String", "Default": "live"}},
"Conditions": {"Big": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
"Globals": {"Function": {"Runtime": "python3.13", "Timeout": 5, "Tags": {"team": "shop"}, "Environment": {"Variables": {"A": "b"}}},
  "Api": {"Cors": "'*'", "Auth": {"DefaultAuthorizer": "Pool", "Authorizers": {"Pool": {"UserPoolArn": {"Fn::GetAtt": ["Users", "Arn"]}}}}}},
"Resources": {
  "Users": {"Type": "AWS::Cognito::UserPool"}, "Store": {"Type": "AWS::S3::Bucket"}, "Topic": {"Type": "AWS::SNS::Topic"}, "Jobs": {"Type": "AWS::SQS::Queue"},
  "Orders": {"Type": "AWS::Serverless::Function", "Condition": "Big", "DeletionPolicy": "Retain",
    "Connectors": {"ToJobs": {"Properties": {"Destination": {"Id": "Jobs"}, "Permissions": ["Write"]}}},
    "Properties": {"Handler": "a.b", "CodeUri": "s3://b/k", "AutoPublishAlias": {"Ref": "Stage"}, "PropagateTags": true, "VpcConfig": {"SubnetIds": ["s"], "SecurityGroupIds": ["g"]},
      "DeploymentPreference": {"Type": "Canary10Percent5Minutes", "Alarms": [{"Ref": "Alarm"}], "Hooks": {"PreTraffic": {"Ref": "Hook"}}},
      "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}, "FunctionUrlConfig": {"AuthType": "NONE", "Cors": {"AllowOrigins": ["*"]}},
      "EventInvokeConfig": {"MaximumRetryAttempts": 1, "DestinationConfig": {"OnSuccess": {"Type": "SQS"}, "OnFailure": {"Type": "Lambda", "Destination": {"Fn::GetAtt": ["Hook", "Arn"]}}}},
      "DeadLetterQueue": {"Type": "SQS", "TargetArn": {"Fn::GetAtt": ["Jobs", "Arn"]}}, "Tracing": "Active",
      "Policies": ["AWSLambdaExecute", {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}, {"SQSPollerPolicy": {"QueueName": {"Fn::GetAtt": ["Jobs", "QueueName"]}}}, {"Fn::If": ["Big", "AmazonS3FullAccess", {"Ref": "AWS::NoValue"}]}],
      "Events": {
        "List": {"Type": "Api", "Properties": {"Path": "/orders/{id}", "Method": "get", "RequestParameters": ["method.request.header.x"], "Auth": {"ApiKeyRequired": true, "ResourcePolicy": {"IpRangeWhitelist": ["1.2.3.4"]}}}},
        "Page": {"Type": "HttpApi", "Properties": {"Path": "/page", "Method": "post", "TimeoutInMillis": 100}},
        "Put": {"Type": "S3", "Properties": {"Bucket": {"Ref": "Store"}, "Events": "s3:ObjectCreated:*", "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "a"}]}}}},
        "Told": {"Type": "SNS", "Properties": {"Topic": {"Ref": "Topic"}, "SqsSubscription": true, "FilterPolicy": {"a": ["b"]}}},
        "Jobs": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Jobs", "Arn"]}, "FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}},
        "Kafka": {"Type": "SelfManagedKafka", "Properties": {"Topics": ["t"], "KafkaBootstrapServers": ["a:1"], "SourceAccessConfigurations": [{"Type": "SASL_SCRAM_512_AUTH", "URI": "arn"}]}},
        "Broker": {"Type": "MQ", "Properties": {"Broker": "arn", "Queues": ["q"], "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": "arn"}]}},
        "Stream": {"Type": "Kinesis", "Properties": {"Stream": "arn:aws:kinesis:us-east-1:1:stream/s", "StartingPosition": "LATEST", "DestinationConfig": {"OnFailure": {"Type": "SNS", "Destination": {"Ref": "Topic"}}}}},
        "Daily": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)", "DeadLetterConfig": {"Type": "SQS"}}},
        "Later": {"Type": "ScheduleV2", "Properties": {"ScheduleExpression": "rate(1 day)", "PermissionsBoundary": "arn"}},
        "Rule": {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["x"]}, "InputPath": "$.a"}},
        "Users": {"Type": "Cognito", "Properties": {"UserPool": {"Ref": "Users"}, "Trigger": ["PreSignUp", "PostConfirmation"]}},
        "Log": {"Type": "CloudWatchLogs", "Properties": {"LogGroupName": "g", "FilterPattern": ""}},
        "Thing": {"Type": "IoTRule", "Properties": {"Sql": "SELECT *"}}, "Skill": {"Type": "AlexaSkill"}}}},
  "Hook": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b", "InlineCode": "x", "Layers": [{"Ref": "Shared"}]}},
  "Shared": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "s3://b/k", "CompatibleRuntimes": ["python3.13"], "RetentionPolicy": "Delete"}},
  "Alarm": {"Type": "AWS::CloudWatch::Alarm"}},
"Outputs": {"V": {"Value": {"Ref": "Orders.Version"}}, "L": {"Value": {"Fn::Sub": "${Shared} ${Orders.Alias}"}}}}"#,
    r#"{"Transform": "AWS::Serverless-2016-10-31", "Resources": {
  "Rest": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "prod", "OpenApiVersion": "3.0.1", "Cors": {"AllowOrigin": "'*'", "AllowMethods": "'GET'", "AllowCredentials": false},
    "Models": {"M": {"type": "object"}}, "GatewayResponses": {"DEFAULT_4XX": {"ResponseParameters": {"Headers": {"a": "'b'"}}}}, "MethodSettings": [{"HttpMethod": "*", "ResourcePath": "/*"}],
    "Auth": {"AddDefaultAuthorizerToCorsPreflight": false, "DefaultAuthorizer": "Lam", "UsagePlan": {"CreateUsagePlan": "SHARED"}, "ResourcePolicy": {"CustomStatements": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]},
      "Authorizers": {"Lam": {"FunctionArn": {"Fn::GetAtt": ["F", "Arn"]}, "FunctionPayloadType": "REQUEST", "Identity": {"Headers": ["a"], "ReauthorizeEvery": 5}}}},
    "Domain": {"DomainName": "a.b", "CertificateArn": "arn", "EndpointConfiguration": "EDGE", "BasePath": ["x"], "Route53": {"HostedZoneId": "Z"}},
    "DefinitionBody": {"openapi": "3.0.1", "info": {"title": "t"}, "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}}}, "Fn::If": ["C", {"post": {}}, {"Ref": "AWS::NoValue"}]}}}}},
  "Http": {"Type": "AWS::Serverless::HttpApi", "Properties": {"StageName": "$default", "CorsConfiguration": {"AllowOrigins": ["https://a"]}, "Tags": {"k": "v"}, "RouteSettings": {"GET /x": {"ThrottlingBurstLimit": 1}},
    "Auth": {"DefaultAuthorizer": "Jwt", "EnableIamAuthorizer": true, "Authorizers": {"Jwt": {"IdentitySource": "$request.header.Authorization", "JwtConfiguration": {"issuer": "i", "audience": ["a"]}}}},
    "Domain": {"DomainName": {"Fn::Sub": "a.${AWS::Region}"}, "CertificateArn": "arn", "Route53": {"HostedZoneName": "b."}}}},
  "Socket": {"Type": "AWS::Serverless::WebSocketApi", "Properties": {"RouteSelectionExpression": "$request.body.a", "Routes": {"$connect": {"FunctionArn": {"Fn::GetAtt": ["F", "Arn"]}}}, "Auth": {"AuthType": "AWS_IAM"}}},
  "F": {"Type": "AWS::Serverless::Function", "Properties": {"PackageType": "Image", "ImageUri": "1.dkr.ecr.us-east-1.amazonaws.com/r", "Events": {
    "A": {"Type": "Api", "Properties": {"Path": "/b", "Method": "any", "RestApiId": {"Ref": "Rest"}, "RequestModel": {"Model": "M", "Required": true}}},
    "H": {"Type": "HttpApi", "Properties": {"Path": "/x", "Method": "get", "ApiId": {"Ref": "Http"}}}}}},
  "Flow": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, "DefinitionSubstitutions": {"a": {"Ref": "F"}}, "Policies": [{"LambdaInvokePolicy": {"FunctionName": {"Ref": "F"}}}], "Logging": {"Level": "ALL"}, "Tracing": {"Enabled": true}, "AutoPublishAlias": "live",
    "Events": {"D": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}, "E": {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["a"]}, "DeadLetterConfig": {"Type": "SQS", "QueueLogicalId": "Q"}}}, "P": {"Type": "Api", "Properties": {"Path": "/flow", "Method": "post", "RestApiId": {"Ref": "Rest"}}}}}},
  "Table": {"Type": "AWS::Serverless::SimpleTable", "Properties": {"PrimaryKey": {"Name": "id", "Type": "String"}, "SSESpecification": {"SSEEnabled": true}}},
  "Link": {"Type": "AWS::Serverless::Connector", "Properties": {"Source": {"Id": "F"}, "Destination": [{"Id": "Table"}, {"Id": "Flow"}], "Permissions": ["Read", "Write"]}}}}"#,
    r#"{"Transform": "AWS::Serverless-2016-10-31", "Globals": {"CapacityProvider": {"ManagedResourceTags": {"Tags": {"a": "b"}}}, "MicrovmImage": {"Tags": {"k": "v"}}}, "Resources": {
  "App": {"Type": "AWS::Serverless::Application", "Properties": {"Location": {"ApplicationId": "arn:aws:serverlessrepo:us-east-1:1:applications/a", "SemanticVersion": "1.0.0"}, "Parameters": {"A": "b"}}},
  "Graph": {"Type": "AWS::Serverless::GraphQLApi", "Properties": {"SchemaInline": "type Query { a: String }", "Auth": {"Type": "API_KEY", "Additional": [{"Type": "AWS_LAMBDA", "LambdaAuthorizer": {"AuthorizerUri": "arn"}}]}, "ApiKeys": {"K": {"Description": "d"}}, "Logging": true, "Cache": {"ApiCachingBehavior": "FULL_REQUEST_CACHING", "Ttl": 5, "Type": "SMALL"},
    "DataSources": {"DynamoDb": {"T": {"TableName": "t", "TableArn": "arn", "Permissions": ["Read"]}}, "Lambda": {"L": {"FunctionArn": "arn"}}}, "Functions": {"Fn": {"Runtime": {"Name": "APPSYNC_JS", "Version": "1.0.0"}, "DataSource": "T", "InlineCode": "x"}}, "Resolvers": {"Query": {"a": {"Runtime": {"Name": "APPSYNC_JS", "Version": "1.0.0"}, "Pipeline": ["Fn"]}}}, "DomainName": {"CertificateArn": "c", "DomainName": "d"}}},
  "Provider": {"Type": "AWS::Serverless::CapacityProvider", "Properties": {"VpcConfig": {"SubnetIds": ["s"], "SecurityGroupIds": ["g"]}, "InstanceRequirements": {"Architectures": ["x86_64"]}, "ScalingConfig": {"MaxVCpuCount": 10, "AverageCPUUtilization": 50}, "Tags": {"a": "b"}, "PropagateTags": true}},
  "Image": {"Type": "AWS::Serverless::MicrovmImage", "Properties": {"Name": "n", "CodeUri": "s3://b/k", "BaseImageArn": "arn", "BaseImageVersion": "1", "Hooks": {"Port": 80, "MicrovmHooks": {"Run": "ENABLED"}}, "Resources": [{"MinimumMemoryInMiB": 512}], "CpuConfigurations": [{"Architecture": "ARM_64"}], "EnvironmentVariables": {"A": "b"}}},
  "Net": {"Type": "AWS::Serverless::NetworkConnector", "Properties": {"VpcConfig": {"SubnetIds": ["s"], "SecurityGroupIds": ["g"], "NetworkProtocol": "IPv4"}, "ComputeTypes": ["MicroVm"]}},
  "Web": {"Type": "AWS::Serverless::WebFunction", "Properties": {"Runtime": "nodejs24.x", "CodeUri": "s3://b/k", "AuthType": "IamAuth", "AutoDeploymentMode": "Disabled", "EndpointType": "PerRegion", "RevisionWeights": {"r": 100}, "ReplicaRegions": ["us-west-2"], "EnvironmentVariables": {"A": "b"}}},
  "Managed": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b", "Runtime": "python3.13", "CodeUri": {"Bucket": "b", "Key": "k"}, "CapacityProviderConfig": {"Arn": {"Fn::GetAtt": ["Provider", "Arn"]}}, "DurableConfig": {"ExecutionTimeout": 5}}, "IgnoreGlobals": "*"}}}"#,
];

fn other(random: &mut Random) -> Value {
    match random.below(16) {
        0 => Value::Null,
        1 => json!(7),
        2 => json!("text"),
        3 => json!([]),
        4 => json!({}),
        5 => json!([1, {"a": "b"}]),
        6 => json!({"Ref": "Nothing"}),
        7 => json!(true),
        8 => json!({"Fn::If": ["Big", "a", {"Ref": "AWS::NoValue"}]}),
        9 => json!({"Fn::GetAtt": ["Nothing", "Arn"]}),
        10 => json!({"a": {"b": ["c"]}, "d": 1}),
        11 => json!(1.5),
        12 => json!(""),
        13 => json!({"Fn::Sub": "${Nothing}-x"}),
        14 => json!(["a", ["b"]]),
        _ => json!({"Ref": null}),
    }
}

/// How many nodes are below `value`.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(|item| 1 + size(item)).sum(),
        Value::Object(map) => map.values().map(|value| 1 + size(value)).sum(),
        _ => 0,
    }
}

/// Removes, renames or retypes the node below `value` with the number `at`.
fn change(value: &mut Value, mut at: usize, random: &mut Random) {
    match value {
        Value::Array(items) => {
            for index in 0..items.len() {
                if at == 0 {
                    match random.below(2) {
                        0 => drop(items.remove(index)),
                        _ => items[index] = other(random),
                    }
                    return;
                }
                let below = size(&items[index]);
                if at <= below {
                    return change(&mut items[index], at - 1, random);
                }
                at -= 1 + below;
            }
        }
        Value::Object(map) => {
            let keys: Vec<String> = map.keys().cloned().collect();
            for key in keys {
                if at == 0 {
                    return change_entry(map, &key, random);
                }
                let Some(entry) = map.get_mut(&key) else { return };
                let below = size(entry);
                if at <= below {
                    return change(entry, at - 1, random);
                }
                at -= 1 + below;
            }
        }
        _ => {}
    }
}

fn change_entry(map: &mut Map<String, Value>, key: &str, random: &mut Random) {
    match random.below(3) {
        0 => {
            map.remove(key);
        }
        1 => {
            let value = map.remove(key).unwrap_or_default();
            let name = if random.below(2) == 0 { format!("{key}X") } else { key.to_lowercase() };
            map.insert(name, value);
        }
        _ => {
            map.insert(key.to_owned(), other(random));
        }
    }
}

const KNOWN: [&str; 14] = [
    "Function",
    "WebFunction",
    "StateMachine",
    "Api",
    "HttpApi",
    "WebSocketApi",
    "SimpleTable",
    "Application",
    "LayerVersion",
    "CapacityProvider",
    "MicrovmImage",
    "NetworkConnector",
    "GraphQLApi",
    "Connector",
];

/// What is wrong with the answer to `text`.
fn complaint(text: &str, loaded: &Loaded) -> Option<String> {
    let refused = |kind| matches!(kind, ProblemKind::TransformRefused | ProblemKind::TransformUndecided);
    let refusals: Vec<_> = loaded.problems.iter().filter(|problem| refused(problem.kind)).collect();
    for problem in &refusals {
        let span = problem.origin.span();
        let place = text.get(span.start as usize..span.end as usize);
        if place.is_none_or(|place| place.trim().is_empty()) || problem.message.is_empty() {
            return Some(format!("a refusal without a place: {}", problem.message));
        }
    }
    if !refusals.is_empty() {
        return None;
    }
    let root = json::to_json(&loaded.root);
    let Some(resources) = root["Resources"].as_object() else {
        return Some("neither resources nor refusals".to_owned());
    };
    let left = resources.iter().find(|(_, resource)| {
        let kind = resource["Type"].as_str().and_then(|kind| kind.strip_prefix("AWS::Serverless::"));
        kind.is_some_and(|kind| KNOWN.contains(&kind))
    });
    left.map(|(id, _)| format!("{id} is neither expanded nor refused"))
}

/// Mutates `base` `times` times; answers how many mutants were expanded and how many refused.
fn mutate(name: &str, base: &Value, times: usize, random: &mut Random) -> (usize, usize) {
    let (mut expanded, mut refused) = (0, 0);
    for _ in 0..times {
        let mut mutant = base.clone();
        for _ in 0..=random.below(3) {
            let section = ["Resources", "Resources", "Resources", "Globals"][random.below(4)];
            if let Some(section) = mutant.get_mut(section) {
                let at = random.below(size(section));
                change(section, at, random);
            }
        }
        let text = mutant.to_string();
        let file = Arc::new(SourceFile::new("template.json", &*text));
        let answer = std::panic::catch_unwind(|| load(file, &NoFiles, &Inputs::default()));
        let Ok(loaded) = answer else { panic!("{name} panics as {text}") };
        let Some(loaded) = loaded else { continue };
        if let Some(complaint) = complaint(&text, &loaded) {
            panic!("{name}: {complaint}: {text}");
        }
        let is_refused = loaded.problems.iter().any(|problem| problem.message.contains("is invalid"));
        if is_refused { refused += 1 } else { expanded += 1 }
    }
    (expanded, refused)
}

#[test]
fn own_templates_expand_as_they_are() {
    for (index, template) in TEMPLATES.iter().enumerate() {
        let file = Arc::new(SourceFile::new("template.json", *template));
        let loaded = load(file, &NoFiles, &Inputs::default()).expect("a template");
        let messages: Vec<&str> = loaded.problems.iter().map(|problem| &*problem.message).collect();
        assert_eq!(messages, Vec::<&str>::new(), "{index}");
    }
}

#[test]
fn mutants_of_own_templates_are_expanded_or_refused() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (index, template) in TEMPLATES.iter().enumerate() {
        let base: Value = serde_json::from_str(template).expect("JSON");
        let (expanded, refused) = mutate(&format!("template {index}"), &base, 400, &mut random);
        assert!(expanded > 40 && refused > 40, "{index}: {expanded} expanded, {refused} refused");
    }
}

#[test]
fn mutants_of_real_templates_are_expanded_or_refused() {
    let Ok(shared) = std::env::var("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let folder = Path::new(&shared).join("oracle/sam/dev/real/input");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("templates").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let mut random = Random(0x1234_5678_9abc_def1);
    let (mut expanded, mut refused) = (0, 0);
    for path in paths {
        let name = path.display().to_string();
        let file = Arc::new(SourceFile::from_bytes("template.yaml", std::fs::read(&path).expect("a template")));
        let Some(written) = load(file, &NoFiles, &Inputs::default()).and_then(|loaded| loaded.written) else {
            continue;
        };
        let counts = mutate(&name, &json::to_json(&written), 4, &mut random);
        expanded += counts.0;
        refused += counts.1;
    }
    eprintln!("{expanded} mutants expanded, {refused} refused");
    assert!(expanded > 500 && refused > 100, "{expanded} expanded, {refused} refused");
}
