//! What an `AWS::Serverless::GraphQLApi` may hold.

use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Node;
use crate::template::value::{Kind, Map, Origin, Value};

/// The shape of a value.
enum Shape {
    /// Anything.
    Any,
    /// Text, or a number or boolean that is taken for text.
    Text,
    /// A boolean, or what is taken for one.
    Flag,
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// Text or any map.
    TextOrMap,
    /// Any map.
    AnyMap,
    /// A map of known keys.
    Fields(&'static [Field]),
    /// A map of known keys, or a boolean.
    FieldsOrFlag(&'static [Field]),
    /// A map of values of one shape.
    Each(&'static Shape),
    /// A list of values of one shape.
    List(&'static Shape),
}

struct Field(&'static str, bool, Shape);

const ANY: bool = false;
const NEEDED: bool = true;

const RUNTIME: &[Field] = &[Field("Name", NEEDED, Shape::Any), Field("Version", NEEDED, Shape::Any)];
const CONFLICT: &[Field] = &[Field("LambdaConflictHandlerArn", NEEDED, Shape::Any)];
const SYNC: &[Field] = &[
    Field("ConflictDetection", NEEDED, Shape::Any),
    Field("ConflictHandler", ANY, Shape::Any),
    Field("LambdaConflictHandlerConfig", ANY, Shape::Fields(CONFLICT)),
];
const LAMBDA_AUTHORIZER: &[Field] = &[
    Field("AuthorizerResultTtlInSeconds", ANY, Shape::Any),
    Field("AuthorizerUri", NEEDED, Shape::Any),
    Field("IdentityValidationExpression", ANY, Shape::Any),
];
const OPEN_ID: &[Field] = &[
    Field("AuthTTL", ANY, Shape::Any),
    Field("ClientId", ANY, Shape::Any),
    Field("IatTTL", ANY, Shape::Any),
    Field("Issuer", ANY, Shape::Any),
];
const USER_POOL: &[Field] = &[
    Field("AppIdClientRegex", ANY, Shape::Any),
    Field("AwsRegion", ANY, Shape::Any),
    Field("DefaultAction", ANY, Shape::Any),
    Field("UserPoolId", NEEDED, Shape::Any),
];
const AUTH_TYPES: &[&str] = &["AWS_IAM", "API_KEY", "AWS_LAMBDA", "OPENID_CONNECT", "AMAZON_COGNITO_USER_POOLS"];
const AUTHORIZER: Shape = Shape::Fields(&[
    Field("Type", NEEDED, Shape::Enum(AUTH_TYPES)),
    Field("LambdaAuthorizer", ANY, Shape::Fields(LAMBDA_AUTHORIZER)),
    Field("OpenIDConnect", ANY, Shape::Fields(OPEN_ID)),
    Field("UserPool", ANY, Shape::Fields(USER_POOL)),
]);
const AUTH: &[Field] = &[
    Field("Type", NEEDED, Shape::Enum(AUTH_TYPES)),
    Field("LambdaAuthorizer", ANY, Shape::Fields(LAMBDA_AUTHORIZER)),
    Field("OpenIDConnect", ANY, Shape::Fields(OPEN_ID)),
    Field("UserPool", ANY, Shape::Fields(USER_POOL)),
    Field("Additional", ANY, Shape::List(&AUTHORIZER)),
];
const LOGGING: &[Field] = &[
    Field("CloudWatchLogsRoleArn", ANY, Shape::Any),
    Field("ExcludeVerboseContent", ANY, Shape::Any),
    Field("FieldLogLevel", ANY, Shape::Any),
];
const DELTA_SYNC: &[Field] = &[
    Field("BaseTableTTL", NEEDED, Shape::Any),
    Field("DeltaSyncTableName", NEEDED, Shape::Any),
    Field("DeltaSyncTableTTL", NEEDED, Shape::Any),
];
const PERMISSION: Shape = Shape::Enum(&["Read", "Write"]);
const DYNAMO_DB: Shape = Shape::Fields(&[
    Field("TableName", NEEDED, Shape::Any),
    Field("ServiceRoleArn", ANY, Shape::Any),
    Field("TableArn", ANY, Shape::Any),
    Field("Permissions", ANY, Shape::List(&PERMISSION)),
    Field("Name", ANY, Shape::Any),
    Field("Description", ANY, Shape::Any),
    Field("Region", ANY, Shape::Any),
    Field("DeltaSync", ANY, Shape::Fields(DELTA_SYNC)),
    Field("UseCallerCredentials", ANY, Shape::Any),
    Field("Versioned", ANY, Shape::Any),
]);
const LAMBDA: Shape = Shape::Fields(&[
    Field("FunctionArn", NEEDED, Shape::Any),
    Field("ServiceRoleArn", ANY, Shape::Any),
    Field("Name", ANY, Shape::Any),
    Field("Description", ANY, Shape::Any),
]);
const DATA_SOURCES: &[Field] =
    &[Field("DynamoDb", ANY, Shape::Each(&DYNAMO_DB)), Field("Lambda", ANY, Shape::Each(&LAMBDA))];
const FUNCTION: Shape = Shape::Fields(&[
    Field("DataSource", ANY, Shape::TextOrMap),
    Field("Runtime", ANY, Shape::Fields(RUNTIME)),
    Field("InlineCode", ANY, Shape::Any),
    Field("CodeUri", ANY, Shape::Any),
    Field("Description", ANY, Shape::Any),
    Field("MaxBatchSize", ANY, Shape::Any),
    Field("Name", ANY, Shape::Text),
    Field("Id", ANY, Shape::Any),
    Field("Sync", ANY, Shape::Fields(SYNC)),
]);
const CACHING: &[Field] = &[Field("Ttl", NEEDED, Shape::Any), Field("CachingKeys", ANY, Shape::List(&Shape::Any))];
const RESOLVER: Shape = Shape::Fields(&[
    Field("FieldName", ANY, Shape::Text),
    Field("Caching", ANY, Shape::Fields(CACHING)),
    Field("InlineCode", ANY, Shape::Any),
    Field("CodeUri", ANY, Shape::Any),
    Field("MaxBatchSize", ANY, Shape::Any),
    Field("Pipeline", ANY, Shape::List(&Shape::Text)),
    Field("Runtime", ANY, Shape::Fields(RUNTIME)),
    Field("Sync", ANY, Shape::Fields(SYNC)),
]);
const TYPE_RESOLVERS: Shape = Shape::Each(&RESOLVER);
const API_KEY: Shape = Shape::Fields(&[
    Field("ApiKeyId", ANY, Shape::Any),
    Field("Description", ANY, Shape::Any),
    Field("ExpiresOn", ANY, Shape::Any),
]);
const DOMAIN_NAME: &[Field] = &[
    Field("CertificateArn", NEEDED, Shape::Any),
    Field("DomainName", NEEDED, Shape::Any),
    Field("Description", ANY, Shape::Any),
];
const CACHE: &[Field] = &[
    Field("ApiCachingBehavior", NEEDED, Shape::Any),
    Field("Ttl", NEEDED, Shape::Any),
    Field("Type", NEEDED, Shape::Any),
    Field("AtRestEncryptionEnabled", ANY, Shape::Any),
    Field("TransitEncryptionEnabled", ANY, Shape::Any),
];
const PROPERTIES: &[Field] = &[
    Field("Auth", NEEDED, Shape::Fields(AUTH)),
    Field("Tags", ANY, Shape::AnyMap),
    Field("XrayEnabled", ANY, Shape::Flag),
    Field("Logging", ANY, Shape::FieldsOrFlag(LOGGING)),
    Field("DataSources", ANY, Shape::Fields(DATA_SOURCES)),
    Field("Functions", ANY, Shape::Each(&FUNCTION)),
    Field("Resolvers", ANY, Shape::Each(&TYPE_RESOLVERS)),
    Field("ApiKeys", ANY, Shape::Each(&API_KEY)),
    Field("DomainName", ANY, Shape::Fields(DOMAIN_NAME)),
    Field("Cache", ANY, Shape::Fields(CACHE)),
];

/// Refuses the first value that has another shape.
pub fn check(node: &Node) -> Outcome<()> {
    for Field(name, _, shape) in PROPERTIES {
        let Some(value) = node.get(name) else { continue };
        if let Err((path, origin)) = shape.check(value, name) {
            return node.refuse(origin, format!("Property '{path}' is invalid."));
        }
    }
    Ok(())
}

impl Shape {
    fn check(&self, value: &Value, path: &str) -> Result<(), (String, Origin)> {
        let wrong = || Err((path.to_owned(), value.origin));
        let fits = match self {
            Self::Any => true,
            Self::Text => !matches!(value.kind, Kind::Map(_) | Kind::List(_) | Kind::Null),
            Self::Flag => match &value.kind {
                Kind::Bool(_) | Kind::Int(0 | 1) => true,
                Kind::Str(text) => {
                    let known = ["true", "false", "yes", "no", "on", "off", "t", "f", "y", "n", "1", "0"];
                    known.contains(&text.to_lowercase().as_str())
                }
                _ => false,
            },
            Self::Enum(texts) => value.as_str().is_some_and(|text| texts.contains(&text)),
            Self::TextOrMap => !matches!(value.kind, Kind::List(_) | Kind::Null),
            Self::AnyMap => value.as_map().is_some(),
            Self::Fields(fields) => return fields_of(fields, value, path),
            Self::FieldsOrFlag(_) if value.as_bool().is_some() => true,
            Self::FieldsOrFlag(fields) => return fields_of(fields, value, path),
            Self::Each(shape) => {
                let Some(map) = value.as_map() else { return wrong() };
                return map.iter().try_for_each(|entry| shape.check(&entry.value, &format!("{path}.{}", entry.key)));
            }
            Self::List(shape) => {
                let Some(items) = value.as_list() else { return wrong() };
                let mut items = items.iter().enumerate();
                return items.try_for_each(|(index, item)| shape.check(item, &format!("{path}.{index}")));
            }
        };
        if fits { Ok(()) } else { wrong() }
    }
}

fn fields_of(fields: &[Field], value: &Value, path: &str) -> Result<(), (String, Origin)> {
    let Some(map) = value.as_map() else { return Err((path.to_owned(), value.origin)) };
    for Field(name, needed, shape) in fields {
        let path = format!("{path}.{name}");
        match map.some(name) {
            Some(value) => shape.check(value, &path)?,
            None if *needed => return Err((path, value.origin)),
            None => {}
        }
    }
    let unknown = |map: &Map| {
        map.iter()
            .find(|entry| !fields.iter().any(|Field(name, ..)| *name == entry.key))
            .map(|entry| (format!("{path}.{}", entry.key), entry.key_origin))
    };
    unknown(map).map_or(Ok(()), Err)
}
