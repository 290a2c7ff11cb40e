//! What an `AWS::Serverless::GraphQLApi` may hold.

use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Node;
use crate::template::sam::shape::{Field, MAY, MUST, Shape, TEXT, read_first};
use crate::template::value::Map;

const RUNTIME: &[Field] = &[Field("Name", MUST, Shape::Any), Field("Version", MUST, Shape::Any)];
const CONFLICT: &[Field] = &[Field("LambdaConflictHandlerArn", MUST, Shape::Any)];
const SYNC: &[Field] = &[
    Field("ConflictDetection", MUST, Shape::Any),
    Field("ConflictHandler", MAY, Shape::Any),
    Field("LambdaConflictHandlerConfig", MAY, Shape::Fields(CONFLICT)),
];
const LAMBDA_AUTHORIZER: &[Field] = &[
    Field("AuthorizerResultTtlInSeconds", MAY, Shape::Any),
    Field("AuthorizerUri", MUST, Shape::Any),
    Field("IdentityValidationExpression", MAY, Shape::Any),
];
const OPEN_ID: &[Field] = &[
    Field("AuthTTL", MAY, Shape::Any),
    Field("ClientId", MAY, Shape::Any),
    Field("IatTTL", MAY, Shape::Any),
    Field("Issuer", MAY, Shape::Any),
];
const USER_POOL: &[Field] = &[
    Field("AppIdClientRegex", MAY, Shape::Any),
    Field("AwsRegion", MAY, Shape::Any),
    Field("DefaultAction", MAY, Shape::Any),
    Field("UserPoolId", MUST, Shape::Any),
];
const AUTH_TYPES: &[&str] = &["AWS_IAM", "API_KEY", "AWS_LAMBDA", "OPENID_CONNECT", "AMAZON_COGNITO_USER_POOLS"];
const AUTHORIZER: Shape = Shape::Fields(&[
    Field("Type", MUST, Shape::Enum(AUTH_TYPES)),
    Field("LambdaAuthorizer", MAY, Shape::Fields(LAMBDA_AUTHORIZER)),
    Field("OpenIDConnect", MAY, Shape::Fields(OPEN_ID)),
    Field("UserPool", MAY, Shape::Fields(USER_POOL)),
]);
const AUTH: &[Field] = &[
    Field("Type", MUST, Shape::Enum(AUTH_TYPES)),
    Field("LambdaAuthorizer", MAY, Shape::Fields(LAMBDA_AUTHORIZER)),
    Field("OpenIDConnect", MAY, Shape::Fields(OPEN_ID)),
    Field("UserPool", MAY, Shape::Fields(USER_POOL)),
    Field("Additional", MAY, Shape::List(&AUTHORIZER)),
];
const LOGGING: &[Field] = &[
    Field("CloudWatchLogsRoleArn", MAY, Shape::Any),
    Field("ExcludeVerboseContent", MAY, Shape::Any),
    Field("FieldLogLevel", MAY, Shape::Any),
];
const DELTA_SYNC: &[Field] = &[
    Field("BaseTableTTL", MUST, Shape::Any),
    Field("DeltaSyncTableName", MUST, Shape::Any),
    Field("DeltaSyncTableTTL", MUST, Shape::Any),
];
const PERMISSION: Shape = Shape::Enum(&["Read", "Write"]);
const DYNAMO_DB: Shape = Shape::Fields(&[
    Field("TableName", MUST, Shape::Any),
    Field("ServiceRoleArn", MAY, Shape::Any),
    Field("TableArn", MAY, Shape::Any),
    Field("Permissions", MAY, Shape::List(&PERMISSION)),
    Field("Name", MAY, Shape::Any),
    Field("Description", MAY, Shape::Any),
    Field("Region", MAY, Shape::Any),
    Field("DeltaSync", MAY, Shape::Fields(DELTA_SYNC)),
    Field("UseCallerCredentials", MAY, Shape::Any),
    Field("Versioned", MAY, Shape::Any),
]);
const LAMBDA: Shape = Shape::Fields(&[
    Field("FunctionArn", MUST, Shape::Any),
    Field("ServiceRoleArn", MAY, Shape::Any),
    Field("Name", MAY, Shape::Any),
    Field("Description", MAY, Shape::Any),
]);
const DATA_SOURCES: &[Field] =
    &[Field("DynamoDb", MAY, Shape::Each(&DYNAMO_DB)), Field("Lambda", MAY, Shape::Each(&LAMBDA))];
const FUNCTION: Shape = Shape::Fields(&[
    Field("DataSource", MAY, TEXT),
    Field("Runtime", MAY, Shape::Fields(RUNTIME)),
    Field("InlineCode", MAY, Shape::Any),
    Field("CodeUri", MAY, Shape::Any),
    Field("Description", MAY, Shape::Any),
    Field("MaxBatchSize", MAY, Shape::Any),
    Field("Name", MAY, Shape::Text),
    Field("Id", MAY, Shape::Any),
    Field("Sync", MAY, Shape::Fields(SYNC)),
]);
const CACHING: &[Field] = &[Field("Ttl", MUST, Shape::Any), Field("CachingKeys", MAY, Shape::List(&Shape::Any))];
const RESOLVER: Shape = Shape::Fields(&[
    Field("FieldName", MAY, Shape::Text),
    Field("Caching", MAY, Shape::Fields(CACHING)),
    Field("InlineCode", MAY, Shape::Any),
    Field("CodeUri", MAY, Shape::Any),
    Field("MaxBatchSize", MAY, Shape::Any),
    Field("Pipeline", MAY, Shape::List(&Shape::Text)),
    Field("Runtime", MAY, Shape::Fields(RUNTIME)),
    Field("Sync", MAY, Shape::Fields(SYNC)),
]);
const TYPE_RESOLVERS: Shape = Shape::Each(&RESOLVER);
const API_KEY: Shape = Shape::Fields(&[
    Field("ApiKeyId", MAY, Shape::Any),
    Field("Description", MAY, Shape::Any),
    Field("ExpiresOn", MAY, Shape::Any),
]);
const DOMAIN_NAME: &[Field] = &[
    Field("CertificateArn", MUST, Shape::Any),
    Field("DomainName", MUST, Shape::Any),
    Field("Description", MAY, Shape::Any),
];
const CACHE: &[Field] = &[
    Field("ApiCachingBehavior", MUST, Shape::Any),
    Field("Ttl", MUST, Shape::Any),
    Field("Type", MUST, Shape::Any),
    Field("AtRestEncryptionEnabled", MAY, Shape::Any),
    Field("TransitEncryptionEnabled", MAY, Shape::Any),
];
const PROPERTIES: &[Field] = &[
    Field("Auth", MUST, Shape::Fields(AUTH)),
    Field("Tags", MAY, Shape::Map),
    Field("XrayEnabled", MAY, Shape::Flag),
    Field("Logging", MAY, Shape::Either(&[Shape::Fields(LOGGING), Shape::Flag])),
    Field("DataSources", MAY, Shape::Fields(DATA_SOURCES)),
    Field("Functions", MAY, Shape::Each(&FUNCTION)),
    Field("Resolvers", MAY, Shape::Each(&TYPE_RESOLVERS)),
    Field("ApiKeys", MAY, Shape::Each(&API_KEY)),
    Field("DomainName", MAY, Shape::Fields(DOMAIN_NAME)),
    Field("Cache", MAY, Shape::Fields(CACHE)),
];

/// The properties as the reference reads them; the first value that has another shape is refused.
pub fn read(node: &Node) -> Outcome<Map> {
    read_first(node, PROPERTIES)
}
