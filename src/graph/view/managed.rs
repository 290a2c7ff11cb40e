//! What well-known AWS managed policies allow, as far as functions use them.

/// Name and actions, on every resource.
const POLICIES: &[(&str, &[&str])] = &[
    ("AdministratorAccess", &["*"]),
    ("AWSLambdaBasicExecutionRole", LOGS),
    ("AWSLambdaExecute", &["logs:*", "s3:GetObject", "s3:PutObject"]),
    (
        "AWSLambdaSQSQueueExecutionRole",
        &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", LOGS[0], LOGS[1], LOGS[2]],
    ),
    (
        "AWSLambdaKinesisExecutionRole",
        &[
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
            "kinesis:ListStreams",
            "kinesis:SubscribeToShard",
            LOGS[0],
            LOGS[1],
            LOGS[2],
        ],
    ),
    (
        "AWSLambdaDynamoDBExecutionRole",
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
            LOGS[0],
            LOGS[1],
            LOGS[2],
        ],
    ),
    (
        "AWSLambdaVPCAccessExecutionRole",
        &[
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
            LOGS[0],
            LOGS[1],
            LOGS[2],
        ],
    ),
    (
        "AWSLambdaENIManagementAccess",
        &[
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
        ],
    ),
    ("AWSLambdaRole", &["lambda:InvokeFunction"]),
    ("AWSXrayWriteOnlyAccess", XRAY),
    ("AWSXRayDaemonWriteAccess", XRAY),
    (
        "CloudWatchLambdaInsightsExecutionRolePolicy",
        &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    ),
    ("AmazonDynamoDBFullAccess", &["dynamodb:*"]),
    (
        "AmazonDynamoDBReadOnlyAccess",
        &[
            "dynamodb:BatchGetItem",
            "dynamodb:Describe*",
            "dynamodb:List*",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
        ],
    ),
    ("AmazonS3FullAccess", &["s3:*"]),
    ("AmazonS3ReadOnlyAccess", &["s3:Get*", "s3:List*", "s3:Describe*"]),
    ("AmazonSQSFullAccess", &["sqs:*"]),
    ("AmazonSNSFullAccess", &["sns:*"]),
    ("AmazonKinesisFullAccess", &["kinesis:*"]),
    ("AWSStepFunctionsFullAccess", &["states:*"]),
    ("AmazonEventBridgeFullAccess", &["events:*", "schemas:*", "scheduler:*", "pipes:*"]),
    ("CloudWatchLogsFullAccess", &["logs:*"]),
    ("SecretsManagerReadWrite", &["secretsmanager:*"]),
    (
        "AWSLambda_FullAccess",
        &["lambda:*", "logs:DescribeLogGroups", "states:DescribeStateMachine", "states:ListStateMachines"],
    ),
    (
        "AmazonAPIGatewayPushToCloudWatchLogs",
        &[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            "logs:GetLogEvents",
            "logs:FilterLogEvents",
        ],
    ),
];

const LOGS: &[&str] = &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const XRAY: &[&str] = &[
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
];

/// Whether the policy's contents are known.
pub(in crate::graph) fn is_known(name: &str) -> bool {
    POLICIES.iter().any(|(known, _)| *known == name)
}

/// Whether the policy allows `action`; `None` when its contents are not known. Policies that
/// read as full access to one service may allow more than is listed here.
pub fn allows(name: &str, action: &str) -> Option<bool> {
    let (_, actions) = POLICIES.iter().find(|(known, _)| *known == name)?;
    Some(actions.iter().any(|pattern| super::statement::matches_pattern(pattern, action)))
}
