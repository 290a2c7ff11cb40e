//! Properties of SAM resources.

use crate::template::sam::property::{Property, Type};

/// Properties of `AWS::Serverless::Function`.
pub const FUNCTION: &[Property] = &[
    Property::new("FunctionName", Type::StrOrMap),
    Property::new("Handler", Type::Any),
    Property::new("Runtime", Type::Any),
    Property::new("CodeUri", Type::Any),
    Property::new("ImageUri", Type::Any),
    Property::new("PackageType", Type::Any),
    Property::new("InlineCode", Type::Any),
    Property::new("DeadLetterQueue", Type::Map),
    Property::new("Description", Type::Any),
    Property::new("MemorySize", Type::Any),
    Property::new("Timeout", Type::Any),
    Property::new("VpcConfig", Type::Any),
    Property::new("Role", Type::Str),
    Property::new("AssumeRolePolicyDocument", Type::Map),
    Property::new("Policies", Type::Policies),
    Property::new("RolePath", Type::Any),
    Property::new("PermissionsBoundary", Type::Str),
    Property::new("Environment", Type::MapOfMaps),
    Property::new("Events", Type::MapOfMaps),
    Property::new("Tags", Type::Map),
    Property::new("PropagateTags", Type::Bool),
    Property::new("Tracing", Type::StrOrMap),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("DeploymentPreference", Type::Map),
    Property::new("ReservedConcurrentExecutions", Type::Any),
    Property::new("Layers", Type::StrsOrMaps),
    Property::new("EventInvokeConfig", Type::Map),
    Property::new("EphemeralStorage", Type::Any),
    Property::new("AutoPublishAlias", Type::OneOfStr),
    Property::new("AutoPublishCodeSha256", Type::OneOfStr),
    Property::new("AutoPublishAliasAllProperties", Type::Bool).literal(),
    Property::new("VersionDescription", Type::Any),
    Property::new("ProvisionedConcurrencyConfig", Type::Any),
    Property::new("FileSystemConfigs", Type::Any),
    Property::new("ImageConfig", Type::Any),
    Property::new("CodeSigningConfigArn", Type::Any),
    Property::new("Architectures", Type::Any),
    Property::new("SnapStart", Type::Map),
    Property::new("FunctionUrlConfig", Type::Map),
    Property::new("RuntimeManagementConfig", Type::Any),
    Property::new("LoggingConfig", Type::Any),
    Property::new("RecursiveLoop", Type::Any),
    Property::new("SourceKMSKeyArn", Type::Any),
    Property::new("CapacityProviderConfig", Type::Map),
    Property::new("FunctionScalingConfig", Type::Map),
    Property::new("VersionDeletionPolicy", Type::Enum(&["Delete", "Retain"])),
    Property::new("PublishToLatestPublished", Type::Any),
    Property::new("TenancyConfig", Type::Any),
    Property::new("DurableConfig", Type::Map),
];

/// Properties of `AWS::Serverless::CapacityProvider`.
pub const CAPACITY_PROVIDER: &[Property] = &[
    Property::new("CapacityProviderName", Type::StrOrMap).literal(),
    Property::new("VpcConfig", Type::Map).required().literal(),
    Property::new("OperatorRole", Type::StrOrMap).literal(),
    Property::new("Tags", Type::Map).literal(),
    Property::new("PropagateTags", Type::Bool).literal(),
    Property::new("InstanceRequirements", Type::Map).literal(),
    Property::new("ScalingConfig", Type::Map).literal(),
    Property::new("KmsKeyArn", Type::StrOrMap).literal(),
    Property::new("LoggingConfig", Type::Map).literal(),
    Property::new("ManagedResourceTags", Type::Map).literal(),
];

/// Properties of `AWS::Serverless::NetworkConnector`.
pub const NETWORK_CONNECTOR: &[Property] = &[
    Property::new("Name", Type::StrOrMap).literal(),
    Property::new("VpcConfig", Type::Map).required().literal(),
    Property::new("ComputeTypes", Type::List).literal(),
    Property::new("OperatorRole", Type::StrOrMap).literal(),
    Property::new("Tags", Type::Map).literal(),
    Property::new("PropagateTags", Type::Bool).literal(),
];

/// Properties of `AWS::Serverless::MicrovmImage`.
pub const MICROVM_IMAGE: &[Property] = &[
    Property::new("Name", Type::StrOrMap).required().literal(),
    Property::new("CodeUri", Type::StrOrMap).required().literal(),
    Property::new("BaseImageArn", Type::StrOrMap).required().literal(),
    Property::new("BuildRoleArn", Type::StrOrMap).literal(),
    Property::new("BaseImageVersion", Type::StrOrMap).required().literal(),
    Property::new("Description", Type::StrOrMap).literal(),
    Property::new("Tags", Type::Map).literal(),
    Property::new("Logging", Type::Map).literal(),
    Property::new("EgressNetworkConnectors", Type::List).literal(),
    Property::new("CpuConfigurations", Type::List).literal(),
    Property::new("Resources", Type::List).literal(),
    Property::new("AdditionalOsCapabilities", Type::List).literal(),
    Property::new("Hooks", Type::Map).literal(),
    Property::new("EnvironmentVariables", Type::Map).literal(),
    Property::new("PropagateTags", Type::Bool).literal(),
];

/// Properties of `AWS::Serverless::WebFunction`.
pub const WEB_FUNCTION: &[Property] = &[
    Property::new("FunctionName", Type::StrOrMap),
    Property::new("Tags", Type::Map),
    Property::new("ReplicaRegions", Type::ListOrMap),
    Property::new("AuthType", Type::Any),
    Property::new("Runtime", Type::Any),
    Property::new("CodeUri", Type::Any),
    Property::new("InlineCode", Type::Any),
    Property::new("RevisionDescription", Type::Any),
    Property::new("KmsKeyArn", Type::Any),
    Property::new("ExecutionRoleArn", Type::Str),
    Property::new("EnvironmentVariables", Type::Map),
    Property::new("EntryPoint", Type::Any),
    Property::new("MaxConcurrencyPerEnvironment", Type::Any),
    Property::new("EgressNetworkConnectorArn", Type::Any),
    Property::new("Timeout", Type::Int),
    Property::new("LoggingConfig", Type::Any),
    Property::new("RevisionWeights", Type::Any),
    Property::new("EndpointName", Type::Any),
    Property::new("EndpointType", Type::Any),
    Property::new("EndpointDescription", Type::Any),
    Property::new("ScalingConfig", Type::Any),
    Property::new("ThrottleConfig", Type::Any),
    Property::new("AutoDeploymentMode", Type::Any),
];

/// Properties of `AWS::Serverless::Api`.
pub const API: &[Property] = &[
    Property::new("__MANAGE_SWAGGER", Type::Bool),
    Property::new("Name", Type::StrOrMap),
    Property::new("StageName", Type::StrOrMap).required(),
    Property::new("Tags", Type::Map),
    Property::new("PropagateTags", Type::Bool),
    Property::new("DefinitionBody", Type::Map),
    Property::new("DefinitionUri", Type::StrOrMap),
    Property::new("MergeDefinitions", Type::Bool).literal(),
    Property::new("CacheClusterEnabled", Type::Bool),
    Property::new("CacheClusterSize", Type::Str),
    Property::new("Variables", Type::Map),
    Property::new("EndpointConfiguration", Type::StrOrMap),
    Property::new("MethodSettings", Type::List),
    Property::new("BinaryMediaTypes", Type::List),
    Property::new("MinimumCompressionSize", Type::Int),
    Property::new("Cors", Type::StrOrMap),
    Property::new("Auth", Type::Map),
    Property::new("GatewayResponses", Type::Map),
    Property::new("AccessLogSetting", Type::Map),
    Property::new("CanarySetting", Type::Map),
    Property::new("TracingEnabled", Type::Bool),
    Property::new("OpenApiVersion", Type::Str),
    Property::new("Models", Type::Map),
    Property::new("Domain", Type::Map),
    Property::new("FailOnWarnings", Type::Bool),
    Property::new("Description", Type::Str),
    Property::new("Mode", Type::Str),
    Property::new("DisableExecuteApiEndpoint", Type::Bool),
    Property::new("ApiKeySourceType", Type::Str),
    Property::new("AlwaysDeploy", Type::Bool).literal(),
    Property::new("Policy", Type::StrOrMap),
    Property::new("SecurityPolicy", Type::Str),
    Property::new("EndpointAccessMode", Type::Str),
];

/// Properties of `AWS::Serverless::HttpApi`.
pub const HTTP_API: &[Property] = &[
    Property::new("__MANAGE_SWAGGER", Type::Bool),
    Property::new("Name", Type::Any),
    Property::new("StageName", Type::StrOrMap),
    Property::new("Tags", Type::Map),
    Property::new("PropagateTags", Type::Bool),
    Property::new("DefinitionBody", Type::Map),
    Property::new("DefinitionUri", Type::StrOrMap),
    Property::new("StageVariables", Type::Map),
    Property::new("CorsConfiguration", Type::BoolOrMap),
    Property::new("AccessLogSettings", Type::Map),
    Property::new("DefaultRouteSettings", Type::Map),
    Property::new("Auth", Type::Map),
    Property::new("RouteSettings", Type::Map),
    Property::new("Domain", Type::Map),
    Property::new("FailOnWarnings", Type::Bool),
    Property::new("Description", Type::Str),
    Property::new("DisableExecuteApiEndpoint", Type::Bool),
];

/// Properties of `AWS::Serverless::WebSocketApi`.
pub const WEB_SOCKET_API: &[Property] = &[
    Property::new("ApiKeySelectionExpression", Type::Str),
    Property::new("AccessLogSettings", Type::Map),
    Property::new("Auth", Type::Map),
    Property::new("DefaultRouteSettings", Type::Map),
    Property::new("Description", Type::Str),
    Property::new("DisableExecuteApiEndpoint", Type::Bool),
    Property::new("Domain", Type::Map),
    Property::new("DisableSchemaValidation", Type::Bool),
    Property::new("FailOnWarnings", Type::Bool),
    Property::new("IpAddressType", Type::Str),
    Property::new("Name", Type::Str),
    Property::new("PropagateTags", Type::Bool),
    Property::new("Routes", Type::Map).required(),
    Property::new("RouteSettings", Type::Map),
    Property::new("RouteSelectionExpression", Type::Str).required(),
    Property::new("StageName", Type::StrOrMap),
    Property::new("StageVariables", Type::Map),
    Property::new("Tags", Type::Map),
];

/// Properties of `AWS::Serverless::SimpleTable`.
pub const SIMPLE_TABLE: &[Property] = &[
    Property::new("PointInTimeRecoverySpecification", Type::Any),
    Property::new("PrimaryKey", Type::MapOfStrs),
    Property::new("ProvisionedThroughput", Type::MapOfInts),
    Property::new("TableName", Type::StrOrMap),
    Property::new("Tags", Type::Map),
    Property::new("SSESpecification", Type::Map),
];

/// Properties of `AWS::Serverless::Application`.
pub const APPLICATION: &[Property] = &[
    Property::new("Location", Type::StrOrMap).required(),
    Property::new("TemplateUrl", Type::Str),
    Property::new("Parameters", Type::Map),
    Property::new("NotificationARNs", Type::StrsOrMaps),
    Property::new("Tags", Type::Map),
    Property::new("TimeoutInMinutes", Type::Int),
];

/// Properties of `AWS::Serverless::LayerVersion`.
pub const LAYER_VERSION: &[Property] = &[
    Property::new("LayerName", Type::StrOrMap),
    Property::new("Description", Type::Str),
    Property::new("PublishLambdaVersion", Type::Bool),
    Property::new("ContentUri", Type::StrOrMap).required(),
    Property::new("CompatibleArchitectures", Type::StrsOrMaps),
    Property::new("CompatibleRuntimes", Type::StrsOrMaps),
    Property::new("LicenseInfo", Type::Str),
    Property::new("RetentionPolicy", Type::Str),
];

/// Properties of `AWS::Serverless::StateMachine`.
pub const STATE_MACHINE: &[Property] = &[
    Property::new("Definition", Type::Map),
    Property::new("DefinitionUri", Type::StrOrMap),
    Property::new("Logging", Type::Map),
    Property::new("Role", Type::Str),
    Property::new("RolePath", Type::Any),
    Property::new("DefinitionSubstitutions", Type::Map),
    Property::new("Events", Type::MapOfMaps),
    Property::new("Name", Type::Str),
    Property::new("Type", Type::Str),
    Property::new("Tags", Type::Map),
    Property::new("PropagateTags", Type::Bool),
    Property::new("Policies", Type::MachinePolicies),
    Property::new("Tracing", Type::Map),
    Property::new("PermissionsBoundary", Type::Str),
    Property::new("AutoPublishAlias", Type::Any),
    Property::new("DeploymentPreference", Type::Any),
    Property::new("UseAliasAsEventTarget", Type::Bool).literal(),
];

/// Properties of `AWS::Serverless::Connector`.
pub const CONNECTOR: &[Property] = &[
    Property::new("Source", Type::AnyMap).required(),
    Property::new("Destination", Type::MapOrMaps).required(),
    Property::new("Permissions", Type::Strs).required(),
];

/// Properties of `AWS::Serverless::GraphQLApi`.
pub const GRAPHQL_API: &[Property] = &[
    Property::new("Name", Type::Any),
    Property::new("Tags", Type::Map).literal(),
    Property::new("XrayEnabled", Type::Any),
    Property::new("Auth", Type::Map).required().literal(),
    Property::new("SchemaInline", Type::Str).literal(),
    Property::new("SchemaUri", Type::Str).literal(),
    Property::new("Logging", Type::BoolOrMap).literal(),
    Property::new("DataSources", Type::Map).literal(),
    Property::new("Functions", Type::Map).literal(),
    Property::new("Resolvers", Type::Map).literal(),
    Property::new("ApiKeys", Type::Map).literal(),
    Property::new("DomainName", Type::Map).literal(),
    Property::new("Cache", Type::Map).literal(),
    Property::new("Visibility", Type::Any),
    Property::new("OwnerContact", Type::Any),
    Property::new("IntrospectionConfig", Type::Any),
    Property::new("QueryDepthLimit", Type::Any),
    Property::new("ResolverCountLimit", Type::Any),
];
