//! Names that people write in policies and IAM does not know: operations of an API whose permission
//! is called otherwise, and services whose prefix is not the name their SDK has.
//!
//! Sources: AWS Service Authorization Reference; Amazon S3 user guide, "Required permissions for
//! Amazon S3 API operations"; Amazon SQS developer guide, "Using identity-based policies" (batch
//! operations need the permission of the single one); Amazon Bedrock API reference, "Converse"
//! (permissions); the access policy that Amazon SNS made for topics. Read 2026-11.

/// Operation, and the permissions that a call of it needs.
const OPERATIONS: &[(&str, &[&str])] = &[
    ("bedrock:Converse", &["bedrock:InvokeModel"]),
    ("bedrock:ConverseStream", &["bedrock:InvokeModelWithResponseStream"]),
    ("lambda:Invoke", &["lambda:InvokeFunction"]),
    ("s3:CompleteMultipartUpload", &["s3:PutObject"]),
    ("s3:CopyObject", &["s3:GetObject", "s3:PutObject"]),
    ("s3:CreateMultipartUpload", &["s3:PutObject"]),
    ("s3:DeleteBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("s3:DeleteObjects", &["s3:DeleteObject"]),
    ("s3:GetBucketEncryption", &["s3:GetEncryptionConfiguration"]),
    ("s3:GetBucketLifecycleConfiguration", &["s3:GetLifecycleConfiguration"]),
    ("s3:GetBucketReplication", &["s3:GetReplicationConfiguration"]),
    ("s3:HeadBucket", &["s3:ListBucket"]),
    ("s3:HeadObject", &["s3:GetObject"]),
    ("s3:ListBuckets", &["s3:ListAllMyBuckets"]),
    ("s3:ListMultipartUploads", &["s3:ListBucketMultipartUploads"]),
    ("s3:ListObjectVersions", &["s3:ListBucketVersions"]),
    ("s3:ListObjects", &["s3:ListBucket"]),
    ("s3:ListObjectsV2", &["s3:ListBucket"]),
    ("s3:ListParts", &["s3:ListMultipartUploadParts"]),
    ("s3:PutBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    ("s3:PutBucketLifecycleConfiguration", &["s3:PutLifecycleConfiguration"]),
    ("s3:PutBucketReplication", &["s3:PutReplicationConfiguration"]),
    ("s3:UploadPart", &["s3:PutObject"]),
    ("sqs:ChangeMessageVisibilityBatch", &["sqs:ChangeMessageVisibility"]),
    ("sqs:DeleteMessageBatch", &["sqs:DeleteMessage"]),
    ("sqs:SendMessageBatch", &["sqs:SendMessage"]),
];

/// Name of a service in an SDK or in speech, and its prefix in IAM.
const PREFIXES: &[(&str, &str)] = &[
    ("apigatewayv2", "apigateway"),
    ("bedrock-agent", "bedrock"),
    ("bedrock-agent-runtime", "bedrock"),
    ("bedrock-runtime", "bedrock"),
    ("cloudwatchevents", "events"),
    ("cloudwatchlogs", "logs"),
    ("cognito-identity-provider", "cognito-idp"),
    ("efs", "elasticfilesystem"),
    ("elbv2", "elasticloadbalancing"),
    ("emr", "elasticmapreduce"),
    ("eventbridge", "events"),
    ("sfn", "states"),
    ("stepfunctions", "states"),
];

/// Actions that a service has in the policies that it makes itself, and takes from others, although IAM
/// does not list them.
const TAKEN: &[&str] = &["sns:Receive"];

/// Whether a service takes `action`, although IAM does not list it.
pub fn is_taken(action: &str) -> bool {
    TAKEN.iter().any(|known| known.eq_ignore_ascii_case(action))
}

/// The permissions that calling `operation` (`s3:HeadObject`, any letter case) needs, where they are
/// called otherwise.
pub fn of_operation(operation: &str) -> Option<&'static [&'static str]> {
    OPERATIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(operation)).map(|(_, needed)| *needed)
}

/// The prefix in IAM of the service that is called `name` elsewhere.
pub fn prefix_of(name: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, prefix)| *prefix)
}

/// Every operation with its permissions.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    OPERATIONS.iter().copied()
}

/// Every name of a service with its prefix.
pub fn prefixes() -> impl Iterator<Item = (&'static str, &'static str)> {
    PREFIXES.iter().copied()
}
