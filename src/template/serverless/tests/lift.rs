//! Constructs of `serverless-lift`. Ids and properties are those of the plugin, version 1.36.

use super::*;

fn service(constructs: &str, environment: &str) -> Loaded {
    expand(&format!(
        "service: shop\nprovider: {{name: aws}}\nplugins: [serverless-lift]\nconstructs:\n{constructs}\
         functions: {{f: {{handler: h, environment: {{{environment}}}, events: [{{httpApi: 'GET /'}}]}}}}\n"
    ))
}

fn has(loaded: &Loaded, ids: &[&str]) {
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    for id in ids {
        assert!(loaded.resources().contains_key(id), "{id}");
    }
}

fn variables(loaded: &Loaded) -> String {
    loaded.shown(&["Resources", "FLambdaFunction", "Properties", "Environment", "Variables"])
}

#[test]
fn queues() {
    let loaded = service(
        "  jobs: {type: queue, worker: {handler: w}, encryption: kms, encryptionKey: mine, alarm: a@example.com}\n",
        "URL: '${construct:jobs.queueUrl}'",
    );
    has(&loaded, &["JobsWorkerLambdaFunction", "jobsQueueCEDBAE3E", "jobsDlqD18CF374", "jobsmine53A71122"]);
    assert_eq!(variables(&loaded), r#"{"URL":{"Ref":"jobsQueueCEDBAE3E"}}"#);
    assert_eq!(
        loaded.shown(&["Resources", "jobsQueueCEDBAE3E", "Properties", "KmsMasterKeyId"]),
        r#"{"Fn::GetAtt":["jobsmine53A71122","Arn"]}"#
    );
}

#[test]
fn storage() {
    let loaded = service(
        "  files: {type: storage, extensions: {bucket: {Properties: {BucketName: mine}}}}\n  pub: {type: storage, publicPath: assets, cors: '*', allowAcl: true, lifecycleRules: [{prefix: tmp/}]}\n",
        "B: '${construct:files.bucketName}', U: '${construct:pub.publicUrl}'",
    );
    has(&loaded, &["filesBucket23E7585D", "filesBucketPolicy74DE0A5B", "pubBucket02CFA6A3", "pubBucketPolicy698CD111"]);
    let access = |id: &str| loaded.shown(&["Resources", id, "Properties", "PublicAccessBlockConfiguration"]);
    assert!(!access("filesBucket23E7585D").contains("false"));
    assert!(access("pubBucket02CFA6A3").contains(r#""BlockPublicPolicy":false"#));
    assert_eq!(loaded.shown(&["Resources", "filesBucket23E7585D", "Properties", "BucketName"]), "\"mine\"");
    let rules = loaded.shown(&["Resources", "pubBucket02CFA6A3", "Properties", "LifecycleConfiguration", "Rules"]);
    assert!(rules.contains(r#"{"Prefix":"tmp/","Status":"Enabled"}"#), "{rules}");
    let role = loaded.shown(&["Resources", "IamRoleLambdaExecution"]);
    assert!(role.contains("s3:ListBucketMultipartUploads"), "{role}");
    assert!(variables(&loaded).contains("RegionalDomainName"));
}

#[test]
fn tables() {
    let loaded = service(
        "  data: {type: database/dynamodb-single-table, localSecondaryIndexes: true, gsiCount: 2}\n",
        "T: '${construct:data.tableName}', S: '${construct:data.tableStreamArn}'",
    );
    has(&loaded, &["dataTable09E9821C"]);
    let indexes =
        |name: &str| loaded.at(&["Resources", "dataTable09E9821C", "Properties", name]).as_list().map(<[_]>::len);
    assert_eq!(indexes("LocalSecondaryIndexes"), Some(5));
    assert_eq!(indexes("GlobalSecondaryIndexes"), Some(2));
    assert_eq!(indexes("AttributeDefinitions"), Some(11));
    assert_eq!(loaded.shown(&["Outputs", "dataTableName55EFE97A", "Value"]), r#"{"Ref":"dataTable09E9821C"}"#);
}

#[test]
fn webhooks() {
    let loaded = service(
        "  hook: {type: webhook, path: /hook, insecure: true}\n  safe: {type: webhook, path: /safe, method: PUT, authorizer: {handler: a}}\n",
        "",
    );
    has(
        &loaded,
        &[
            "hookHttpApiFF34875E",
            "hookHttpApiDefaultStage00133A0B",
            "hookBusA949382F",
            "hookApiGatewayRoleD345C827",
            "hookIntegration4C2E5FB3",
            "hookRoute78C51D86",
            "safeAuthorizer70BCB746",
            "safeApiGatewayRoleDefaultPolicy3C1B1584",
            "SafeAuthorizerLambdaFunction",
        ],
    );
    let auth = |id: &str| loaded.shown(&["Resources", id, "Properties", "AuthorizationType"]);
    assert_eq!((auth("hookRoute78C51D86"), auth("safeRouteF957127C")), ("\"NONE\"".into(), "\"CUSTOM\"".into()));
    assert_eq!(loaded.shown(&["Resources", "safeBus6C3779E8", "Properties", "Name"]), "\"safeBus52DD590A\"");
    let open = service("  hook: {type: webhook, path: /hook}\n", "");
    assert!(open.problems[0].message.contains("has no authorizer"));
}

#[test]
fn websites() {
    let loaded = service(
        "  site: {type: static-website, path: public}\n  app: {type: single-page-app, path: dist, domain: [a.example.com], certificate: c}\n\
         \x20 web: {type: server-side-website, assets: {'/css/*': css}}\n",
        "C: '${construct:site.cname}'",
    );
    has(
        &loaded,
        &[
            "siteBucket9649E592",
            "siteBucketPolicy0C71C997",
            "siteResponseFunction8F48D5B0",
            "siteCDN99AB230C",
            "appBucket672F90F4",
            "appCDNOrigin1S3Origin9126D5C3",
            "appCDN7AD2C001",
            "appRequestFunction26931B51",
            "webAssets20630B06",
            "webAssetsPolicy27654E8D",
            "webS3OriginAccessControl00B98432",
            "webCDND7809CE6",
        ],
    );
    assert!(!loaded.resources().contains_key("siteRequestFunction"));
    assert_eq!(loaded.shown(&["Outputs", "appDomain27230DAE", "Value"]), "\"a.example.com\"");
    assert_eq!(variables(&loaded), r#"{"C":{"Fn::GetAtt":["siteCDN99AB230C","DomainName"]}}"#);
    let origins = loaded.shown(&["Resources", "webCDND7809CE6", "Properties", "DistributionConfig", "Origins"]);
    assert!(origins.contains("webCDNOrigin1AA4E5088") && origins.contains("webCDNOrigin2689333A2"), "{origins}");
}

#[test]
fn networks() {
    let loaded = service("  net: {type: vpc}\n", "");
    has(&loaded, &["netD62CF713", "netPrivateSubnet2DefaultRoute3AD234C6", "netPublicSubnet1NATGateway49C9585D"]);
    assert_eq!(
        loaded.shown(&["Resources", "FLambdaFunction", "Properties", "VpcConfig", "SubnetIds"]),
        r#"[{"Ref":"netPrivateSubnet1SubnetCE880968"},{"Ref":"netPrivateSubnet2Subnet70946A9F"}]"#
    );
    assert!(loaded.shown(&["Resources", "IamRoleLambdaExecution"]).contains("AWSLambdaVPCAccessExecutionRole"));
}

#[test]
fn a_type_nobody_knows_is_one_problem() {
    let loaded = service("  odd: {type: made-up}\n", "");
    assert_eq!(loaded.kinds(), [ProblemKind::UnknownPlugin]);
    assert_eq!(loaded.written(loaded.problems[0].origin.span()), "odd");
}
