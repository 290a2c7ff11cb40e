//! The `Globals` section: which properties it may hold, and how it is merged into resources.

use super::intrinsics;
use super::python::{self, repr_texts};
use super::refusal::{Failure, Outcome, Refusal};
use crate::template::value::{Kind, Map, Origin, Value};

const SUPPORTED: [(&str, &[&str]); 10] = [
    (
        "Api",
        &[
            "Auth",
            "Name",
            "DefinitionUri",
            "CacheClusterEnabled",
            "CacheClusterSize",
            "MergeDefinitions",
            "Variables",
            "EndpointConfiguration",
            "MethodSettings",
            "BinaryMediaTypes",
            "MinimumCompressionSize",
            "Cors",
            "GatewayResponses",
            "AccessLogSetting",
            "CanarySetting",
            "TracingEnabled",
            "OpenApiVersion",
            "Domain",
            "AlwaysDeploy",
            "PropagateTags",
            "SecurityPolicy",
            "EndpointAccessMode",
        ],
    ),
    (
        "CapacityProvider",
        &[
            "VpcConfig",
            "OperatorRole",
            "Tags",
            "InstanceRequirements",
            "ScalingConfig",
            "KmsKeyArn",
            "PropagateTags",
            "LoggingConfig",
            "ManagedResourceTags",
        ],
    ),
    (
        "Function",
        &[
            "Handler",
            "Runtime",
            "CodeUri",
            "DeadLetterQueue",
            "Description",
            "MemorySize",
            "Timeout",
            "VpcConfig",
            "Environment",
            "Tags",
            "PropagateTags",
            "Tracing",
            "KmsKeyArn",
            "AutoPublishAlias",
            "AutoPublishAliasAllProperties",
            "Layers",
            "DeploymentPreference",
            "RolePath",
            "PermissionsBoundary",
            "ReservedConcurrentExecutions",
            "ProvisionedConcurrencyConfig",
            "AssumeRolePolicyDocument",
            "EventInvokeConfig",
            "FileSystemConfigs",
            "CodeSigningConfigArn",
            "Architectures",
            "SnapStart",
            "EphemeralStorage",
            "FunctionUrlConfig",
            "RuntimeManagementConfig",
            "LoggingConfig",
            "RecursiveLoop",
            "SourceKMSKeyArn",
            "TenancyConfig",
            "DurableConfig",
            "CapacityProviderConfig",
            "FunctionScalingConfig",
            "PublishToLatestPublished",
            "VersionDeletionPolicy",
        ],
    ),
    (
        "HttpApi",
        &[
            "Auth",
            "AccessLogSettings",
            "StageVariables",
            "Tags",
            "CorsConfiguration",
            "DefaultRouteSettings",
            "Domain",
            "RouteSettings",
            "FailOnWarnings",
            "PropagateTags",
        ],
    ),
    ("LayerVersion", &["PublishLambdaVersion"]),
    (
        "MicrovmImage",
        &[
            "BuildRoleArn",
            "BaseImageArn",
            "BaseImageVersion",
            "Logging",
            "EgressNetworkConnectors",
            "CpuConfigurations",
            "Resources",
            "AdditionalOsCapabilities",
            "Hooks",
            "EnvironmentVariables",
            "Tags",
            "PropagateTags",
        ],
    ),
    ("NetworkConnector", &["OperatorRole", "Tags", "PropagateTags"]),
    ("SimpleTable", &["SSESpecification"]),
    ("StateMachine", &["PropagateTags"]),
    (
        "WebSocketApi",
        &[
            "AccessLogSettings",
            "ApiKeySelectionExpression",
            "DefaultRouteSettings",
            "DisableExecuteApiEndpoint",
            "DisableSchemaValidation",
            "Domain",
            "FailOnWarnings",
            "IpAddressType",
            "PropagateTags",
            "RouteSelectionExpression",
            "RouteSettings",
            "StageVariables",
            "Tags",
        ],
    ),
];

/// A path whose value in a resource replaces the one in `Globals`.
const REPLACED: [&str; 2] = ["Function.Architectures", "CapacityProvider.InstanceRequirements.Architectures"];
/// A path under which only the keys of the resource stay.
const PRUNED: &str = "CapacityProvider.ManagedResourceTags";

/// Whether `Globals` may hold `property` in `section`; the transform's own list knows more than its schema.
pub fn supports(section: &str, property: &str) -> bool {
    SUPPORTED.iter().any(|(name, properties)| *name == section && properties.contains(&property))
}

/// Checks the section and answers its maps by short type name.
pub fn sections(root: &Value) -> Outcome<Vec<(&'static str, Map)>> {
    let Some(globals) = root.get("Globals") else { return Ok(Vec::new()) };
    let refuse = |origin: Origin, text: &str| Err(Failure::Document(vec![Refusal::section("Globals", origin, text)]));
    let Some(map) = globals.as_map() else {
        return refuse(globals.origin, "It must be a non-empty dictionary");
    };
    let mut out = Vec::new();
    for entry in map {
        let Some((name, supported)) = SUPPORTED.iter().find(|(name, _)| *name == entry.key) else {
            let names: Vec<&str> = SUPPORTED.iter().map(|(name, _)| *name).collect();
            return refuse(
                entry.key_origin,
                &format!(
                    "'{}' is not supported. Must be one of the following values - {}",
                    entry.key,
                    repr_texts(&names)
                ),
            );
        };
        let Some(properties) = entry.value.as_map() else {
            return refuse(entry.value.origin, "Value of ${section} must be a dictionary");
        };
        if let Some(unknown) = properties.iter().find(|property| !supported.contains(&&*property.key)) {
            return refuse(
                unknown.key_origin,
                &format!(
                    "'{}' is not a supported property of '{name}'. Must be one of the following values - {}",
                    unknown.key,
                    repr_texts(supported)
                ),
            );
        }
        out.push((*name, properties.clone()));
    }
    Ok(out)
}

/// Merges `sections` into the resource `id`.
pub fn merge(id: &str, resource: &mut Value, sections: &[(&'static str, Map)]) -> Outcome<()> {
    let Some(kind) =
        resource.get("Type").and_then(Value::as_str).and_then(|kind| kind.strip_prefix("AWS::Serverless::"))
    else {
        return Ok(());
    };
    let Some((name, global)) = sections.iter().find(|(name, _)| *name == kind) else { return Ok(()) };
    let mut global = global.clone();
    if let Some(ignored) = resource.get("IgnoreGlobals").filter(|ignored| python::truthy(ignored)) {
        let refuse = |origin: Origin, more: &str| {
            let text = format!("Resource {id} has invalid resource attribute 'IgnoreGlobals'{more}.");
            Err(Failure::Document(vec![Refusal::resource(id, origin, &text)]))
        };
        match &ignored.kind {
            Kind::Str(text) if text == "*" => return Ok(()),
            Kind::List(items) => {
                for item in items {
                    let known = item.as_str().is_some_and(|key| global.remove(key).is_some());
                    if !known {
                        return refuse(item.origin, &format!(" on item '{}'", python::display(item)));
                    }
                }
            }
            _ => return refuse(ignored.origin, ""),
        }
    }
    let origin = resource.origin;
    let Some(map) = resource.as_map_mut() else { return Ok(()) };
    let local = map.get_or_insert_with("Properties", || Value::new(Kind::Map(Map::new()), origin));
    let place = local.origin;
    let taken = std::mem::replace(&mut local.kind, Kind::Null);
    let merged = merged(&Value::new(Kind::Map(global), place), Value::new(taken, place), name);
    local.kind = merged.kind;
    Ok(())
}

fn is_plain_map(value: &Value) -> bool {
    value.as_map().is_some() && !intrinsics::is_intrinsic(value)
}

fn merged(global: &Value, local: Value, path: &str) -> Value {
    if is_plain_map(global) && is_plain_map(&local) {
        let (Kind::Map(global), Kind::Map(map)) = (&global.kind, local.kind) else {
            return Value::new(Kind::Null, local.origin);
        };
        let prune = path == PRUNED && !map.is_empty();
        let mut out = if prune { Map::new() } else { global.clone() };
        for entry in map {
            let value = match global.get(&entry.key) {
                Some(value) => merged(value, entry.value, &format!("{path}.{}", entry.key)),
                None => entry.value,
            };
            // The resource's own key is where an author looks first.
            match out.iter_mut().find(|known| known.key == entry.key) {
                Some(known) => {
                    known.key_origin = entry.key_origin;
                    known.value = value;
                }
                None => {
                    out.insert_at(entry.key, entry.key_origin, value);
                }
            }
        }
        return Value::new(Kind::Map(out), local.origin);
    }
    if REPLACED.contains(&path) {
        return local;
    }
    match (&global.kind, local.kind) {
        (Kind::List(global), Kind::List(items)) => {
            Value::new(Kind::List(global.iter().cloned().chain(items).collect()), local.origin)
        }
        (_, kind) => Value::new(kind, local.origin),
    }
}
