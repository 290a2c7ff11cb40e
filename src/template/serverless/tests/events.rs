//! What each kind of event adds.

use super::*;

/// Ids that the event `event` (flow style) adds to a service with one function `my-fn`.
fn added(event: &str) -> Vec<String> {
    let base =
        "service: svc\nconfigValidationMode: off\nprovider: {name: aws}\nfunctions: {my-fn: {handler: h, events: [";
    let plain = expand(&format!("{base}]}}}}\n"));
    let loaded = expand(&format!("{base}{event}]}}}}\n"));
    assert!(loaded.problems.is_empty(), "{event}: {:?}", loaded.problems);
    let mut ids: Vec<String> = loaded
        .resources()
        .keys()
        .filter(|id| !plain.resources().contains_key(id))
        .map(|id| {
            if id.contains("Deployment") {
                id.split("Deployment").next().unwrap_or_default().to_owned()
            } else {
                id.to_owned()
            }
        })
        .collect();
    ids.sort();
    ids
}

#[test]
fn ids() {
    let table: [(&str, &[&str]); 17] = [
        (
            "http: 'GET /a/{id}'",
            &[
                "ApiGateway",
                "ApiGatewayMethodAIdVarGet",
                "ApiGatewayResourceA",
                "ApiGatewayResourceAIdVar",
                "ApiGatewayRestApi",
                "MyDashfnLambdaPermissionApiGateway",
            ],
        ),
        (
            "httpApi: '*'",
            &[
                "HttpApi",
                "HttpApiIntegrationMyDashfn",
                "HttpApiRouteDefault",
                "HttpApiStage",
                "MyDashfnLambdaPermissionHttpApi",
            ],
        ),
        (
            "websocket: $connect",
            &[
                "MyDashfnLambdaPermissionWebsockets",
                "MyDashfnWebsocketsIntegration",
                "SconnectWebsocketsRoute",
                "Websockets",
                "Websockets",
                "WebsocketsApi",
            ],
        ),
        ("schedule: rate(1 hour)", &["MyDashfnEventsRuleSchedule1", "MyDashfnLambdaPermissionEventsRuleSchedule1"]),
        ("schedule: {rate: rate(1 hour), method: scheduler}", &["MyDashfnSchedulerSchedule1"]),
        ("sqs: arn:aws:sqs:eu-west-1:1:q-1", &["MyDashfnEventSourceMappingSQSQ1"]),
        ("sns: news", &["MyDashfnLambdaPermissionNewsSNS", "SNSTopicNews"]),
        ("sns: arn:aws:sns:eu-west-1:1:news", &["MyDashfnLambdaPermissionNewsSNS", "MyDashfnSnsSubscriptionNews"]),
        ("s3: my-bucket", &["MyDashfnLambdaPermissionMybucketS3", "S3BucketMybucket"]),
        (
            "s3: {bucket: old, existing: true}",
            &[
                "CustomDashresourceDashexistingDashs3LambdaFunction",
                "IamRoleCustomResourcesLambdaExecution",
                "MyDashfnCustomS31",
            ],
        ),
        ("stream: arn:aws:dynamodb:eu-west-1:1:table/t-1/stream/x", &["MyDashfnEventSourceMappingDynamodbT1"]),
        ("alexaSkill: amzn1.x", &["MyDashfnLambdaPermissionAlexaSkill1"]),
        ("iot: {sql: SELECT 1}", &["MyDashfnIotTopicRule1", "MyDashfnLambdaPermissionIotTopicRule1"]),
        (
            "eventBridge: {pattern: {source: [a]}, eventBus: b-us}",
            &["BDashusEventBridgeEventBus", "MyDashfnEventBridgeLambdaPermission1", "SdevmyfnruleId"],
        ),
        (
            "cognitoUserPool: {pool: p, trigger: PreSignUp}",
            &["CognitoUserPoolP", "MyDashfnLambdaPermissionCognitoUserPoolPTriggerSourcePreSignUp"],
        ),
        (
            "cloudwatchLog: /g",
            &[
                "MyDashfnLambdaPermissionLogsSubscriptionFilterCloudWatchLog",
                "MyDashfnLogsSubscriptionFilterCloudWatchLog1",
            ],
        ),
        ("activemq: {arn: a, queue: q, basicAuthArn: b}", &["MyDashfnEventSourceMappingActiveMQQ"]),
    ];
    for (event, expected) in table {
        let expected: Vec<String> =
            expected.iter().map(|id| id.replace("SdevmyfnruleId", "Svcdevmyfnrule1EventBridgeRule")).collect();
        assert_eq!(added(&format!("{{{event}}}")), expected, "{event}");
    }
}

#[test]
fn cors_adds_a_preflight() {
    let ids = added("{http: {path: a, method: post, cors: true}}");
    assert!(ids.contains(&"ApiGatewayMethodAOptions".to_owned()), "{ids:?}");
}

#[test]
fn events_go_to_the_alias_of_provisioned_functions() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws}\n\
         functions: {f: {handler: h, provisionedConcurrency: 2, events: [{sqs: 'arn:aws:sqs:eu-west-1:1:q'}]}}\n",
    );
    let target = loaded.shown(&["Resources", "FEventSourceMappingSQSQ", "Properties", "FunctionName"]);
    assert_eq!(target, r#"{"Fn::Join":[":",[{"Fn::GetAtt":["FLambdaFunction","Arn"]},"provisioned"]]}"#);
    assert!(loaded.resources().contains_key("FProvConcLambdaAlias"));
}

#[test]
fn the_author_has_the_last_word() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws}\nfunctions: {f: {handler: h}}\nresources:\n  Resources:\n    FLambdaFunction:\n\
         \x20     Type: AWS::Lambda::Function\n      Properties: {MemorySize: 256, Description: null}\n  extensions:\n    FLogGroup: {Properties: {RetentionInDays: 3}}\n\
         \x20   Nothing: {Properties: {}}\n",
    );
    assert_eq!(loaded.shown(&["Resources", "FLambdaFunction", "Properties", "MemorySize"]), "256");
    assert_eq!(loaded.shown(&["Resources", "FLogGroup", "Properties", "RetentionInDays"]), "3");
    assert!(loaded.at(&["Resources", "FLambdaFunction", "Properties"]).get("Description").is_none());
    assert_eq!(loaded.kinds(), [ProblemKind::FrameworkConfiguration]);
}

#[test]
fn values_get_the_types_the_framework_gives_them() {
    let loaded = expand(
        "service: svc\nprovider: {name: aws, environment: {PORT: 8080, ON: true}}\n\
         functions: {f: {handler: h, timeout: '30', layers: 'arn:aws:lambda:x'}}\n",
    );
    let properties = |name: &str| loaded.shown(&["Resources", "FLambdaFunction", "Properties", name]);
    assert_eq!(properties("Timeout"), "30");
    assert_eq!(properties("Layers"), "[\"arn:aws:lambda:x\"]");
    assert_eq!(properties("Environment"), r#"{"Variables":{"PORT":"8080","ON":"true"}}"#);
}
