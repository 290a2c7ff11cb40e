//! What HTTP and WebSocket APIs share: authorizers, custom domains, permissions.

use super::record_set::{self, Records};
use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics;
use crate::template::sam::naming;
use crate::template::sam::property::{Expect, Owner, expect_strs};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Value};

/// An authorizer of an HTTP API.
#[derive(Clone, Debug)]
pub struct Authorizer<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where the name stands.
    pub key_origin: Origin,
    /// Its scopes.
    pub scopes: Option<&'a Value>,
    config: Option<&'a Map>,
    api: &'a str,
    partition: &'static str,
}

/// Properties of authorizers, and whether `OAuth2` or Lambda authorizers have them.
const PROPERTIES: [(&str, bool, &str); 9] = [
    ("AuthorizationScopes", true, "OAuth2 Authorizer"),
    ("JwtConfiguration", true, "OAuth2 Authorizer"),
    ("IdentitySource", true, "OAuth2 Authorizer. For Lambda Authorizer, use the 'Identity' property instead"),
    ("FunctionArn", false, "Lambda Authorizer"),
    ("FunctionInvokeRole", false, "Lambda Authorizer"),
    ("Identity", false, "Lambda Authorizer"),
    ("AuthorizerPayloadFormatVersion", false, "Lambda Authorizer"),
    ("EnableSimpleResponses", false, "Lambda Authorizer"),
    ("EnableFunctionDefaultPermissions", false, "Lambda Authorizer"),
];

impl<'a> Authorizer<'a> {
    /// IAM as an authorizer.
    pub fn iam(api: &'a str, origin: Origin, partition: &'static str) -> Self {
        Self { name: "AWS_IAM", key_origin: origin, scopes: None, config: None, api, partition }
    }

    /// The authorizer of `entry`, checked.
    pub fn new(api: &'a str, entry: &'a Entry, config: &'a Map, partition: &'static str) -> Outcome<Self> {
        let name = entry.key.as_str();
        let refuse = |origin: Origin, text: String| refusal::resource(api, origin, text);
        let owner = Owner::Resource(api);
        let jwt = config.truthy("JwtConfiguration");
        if let Some(jwt) = jwt {
            jwt.expect_map(owner, "JwtConfiguration")?;
        }
        if let Some(scopes) = config.some("AuthorizationScopes").filter(|scopes| scopes.as_list().is_none()) {
            return refuse(scopes.origin, "AuthorizationScopes must be a list.".to_owned());
        }
        let is_jwt = jwt.is_some_and(|jwt| jwt.as_map().is_some_and(|map| !map.is_empty()));
        for (property, for_jwt, allowed) in PROPERTIES {
            // An empty JWT configuration counts as none.
            let given = if property == "JwtConfiguration" { jwt } else { config.some(property) };
            if let Some(given) = given.filter(|_| for_jwt != is_jwt) {
                return refuse(given.origin, format!("{property} is only supported for {allowed}."));
            }
        }
        let needed: &[&str] =
            if is_jwt { &["IdentitySource"] } else { &["FunctionArn", "AuthorizerPayloadFormatVersion"] };
        let sort = if is_jwt { "OAuth2" } else { "Lambda" };
        if let Some(missing) = needed.iter().find(|property| config.truthy(property).is_none()) {
            return refuse(entry.key_origin, format!("{name} {sort} Authorizer must define '{missing}'."));
        }
        if let Some(enabled) = config.some("EnableFunctionDefaultPermissions") {
            enabled.expect_bool(owner, &format!("Authorizers.{name}.EnableFunctionDefaultPermissions"))?;
        }
        Ok(Self {
            name,
            key_origin: entry.key_origin,
            scopes: config.some("AuthorizationScopes"),
            config: Some(config),
            api,
            partition,
        })
    }

    /// The function that the API needs a permission for.
    pub fn function_to_permit(&self) -> Option<&'a Value> {
        let config = self.config?;
        config.truthy("EnableFunctionDefaultPermissions")?;
        config.truthy("FunctionArn")
    }

    /// Its security scheme.
    pub fn openapi(&self) -> Outcome<Value> {
        const KEY: &str = "x-amazon-apigateway-authorizer";
        let make = Maker::new(self.key_origin);
        let Some(config) = self.config else {
            return Ok(make.map([
                ("type", make.str("apiKey")),
                ("name", make.str("Authorization")),
                ("in", make.str("header")),
                ("x-amazon-apigateway-authtype", make.str("awsSigv4")),
            ]));
        };
        if let Some(jwt) = config.truthy("JwtConfiguration") {
            let lowered = jwt.as_map().into_iter().flatten().map(|entry| Entry {
                key: entry.key.to_lowercase().into(),
                key_origin: entry.key_origin,
                value: entry.value.clone(),
            });
            let lowered = Value::new(Kind::Map(lowered.collect()), jwt.origin);
            let source = config.get("IdentitySource").cloned().unwrap_or_else(|| make.null());
            let inner =
                make.map([("jwtConfiguration", lowered), ("identitySource", source), ("type", make.str("jwt"))]);
            return Ok(make.map([("type", make.str("oauth2")), (KEY, inner)]));
        }
        let arn = format!(
            "arn:{}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{__FunctionArn__}}/invocations",
            self.partition
        );
        let function = config.get("FunctionArn").cloned().unwrap_or_else(|| make.null());
        let mut inner = vec![
            ("type", make.str("request")),
            ("authorizerUri", intrinsics::sub_with(make, arn, vec![("__FunctionArn__", function)])),
        ];
        let role = config.truthy("FunctionInvokeRole").filter(|role| role.as_str() != Some("NONE"));
        inner.extend(role.map(|role| ("authorizerCredentials", role.clone())));
        if let Some(identity) = config.truthy("Identity") {
            let path = format!("Auth.Authorizers.{}.Identity", self.name);
            let identity = identity.expect_map(Owner::Resource(self.api), &path)?;
            let ttl = identity.some("ReauthorizeEvery");
            inner.extend(ttl.map(|ttl| ("authorizerResultTtlInSeconds", ttl.clone())));
            inner.push(("identitySource", self.identity_source(identity, make)?));
        }
        if let Some(version) = config.get("AuthorizerPayloadFormatVersion") {
            inner.push(("authorizerPayloadFormatVersion", version.clone()));
        }
        let simple = config.truthy("EnableSimpleResponses");
        inner.extend(simple.map(|simple| ("enableSimpleResponses", simple.clone())));
        Ok(make.map([
            ("type", make.str("apiKey")),
            ("name", make.str("Unused")),
            ("in", make.str("header")),
            (KEY, make.map(inner)),
        ]))
    }

    fn identity_source(&self, identity: &Map, make: Maker) -> Outcome<Value> {
        let mut out = Vec::new();
        for (prefix, key) in [
            ("$request.header.", "Headers"),
            ("$request.querystring.", "QueryStrings"),
            ("$stageVariables.", "StageVariables"),
            ("$context.", "Context"),
        ] {
            let Some(values) = identity.truthy(key) else { continue };
            expect_strs(values, Owner::Resource(self.api), &format!("Authorizers.{}.Identity.{key}", self.name))?;
            for value in values.as_list().into_iter().flatten() {
                let place = Maker::new(value.origin);
                out.push(place.str(format!("{prefix}{}", value.as_str().unwrap_or_default())));
            }
        }
        Ok(make.list(out))
    }
}

/// Lets API Gateway call the function of an authorizer.
pub fn authorizer_permission(node: &Node, id: String, cause: Origin, function: &Value) -> Outcome<Resource> {
    let mut permission = node.made(id, "AWS::Lambda::Permission", cause)?;
    let make = permission.make();
    let arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*";
    let api = make.reference(node.id.clone());
    permission.set("Action", make.str("lambda:InvokeFunction"));
    permission.set("FunctionName", function.clone());
    permission.set("Principal", make.str("apigateway.amazonaws.com"));
    permission.set("SourceArn", intrinsics::sub_with(make, arn, vec![("__ApiId__", api)]));
    Ok(permission)
}

/// The custom domain with its mappings and records.
pub fn domain(cx: &mut Expander, node: &Node, tag_name: &str) -> Outcome<Vec<Resource>> {
    let Some(given) = node.get("Domain") else { return Ok(Vec::new()) };
    let Some(domain) = given.as_map() else { return Ok(Vec::new()) };
    let (Some(name), Some(certificate)) = (domain.some("DomainName"), domain.some("CertificateArn")) else {
        return node
            .refuse(given.origin, "Custom Domains only works if both DomainName and CertificateArn are provided.");
    };
    let id = format!("ApiGatewayDomainNameV2{}", naming::hash(name));
    let mut resource = node.made(id, "AWS::ApiGatewayV2::DomainName", node.place("Domain"))?;
    let make = resource.make();
    resource.copy(domain, &["DomainName"]);
    resource.set("Tags", make.map([(tag_name, make.str("SAM"))]));
    let endpoint = domain.some("EndpointConfiguration");
    if let Some(endpoint) = endpoint.filter(|endpoint| endpoint.as_str() != Some("REGIONAL")) {
        return node.refuse(endpoint.origin, "EndpointConfiguration for Custom Domains must be one of ['REGIONAL'].");
    }
    let mut config = vec![
        ("CertificateArn", certificate.clone()),
        ("EndpointType", endpoint.cloned().unwrap_or_else(|| make.str("REGIONAL"))),
    ];
    for key in ["OwnershipVerificationCertificateArn", "SecurityPolicy"] {
        config.extend(domain.truthy(key).map(|value| (key, value.clone())));
    }
    resource.set("DomainNameConfigurations", make.list([make.map(config)]));
    if let Some(mutual) = domain.truthy("MutualTlsAuthentication") {
        resource.set("MutualTlsAuthentication", mutual_tls(node, mutual)?);
    }
    let mappings = mappings(node, domain, &resource, given.origin)?;
    let records =
        Records { domain, target: make.str(resource.id.clone()), endpoint: "REGIONAL".to_owned(), both_zones: false };
    let group = record_set::expand(cx, node, &records)?;
    let mut made = vec![resource];
    made.extend(mappings);
    made.extend(group);
    Ok(made)
}

fn mutual_tls(node: &Node, mutual: &Value) -> Outcome<Value> {
    const KEYS: [&str; 2] = ["TruststoreUri", "TruststoreVersion"];
    let Some(map) = mutual.as_map() else {
        return node.refuse(
            mutual.origin,
            format!(
                "MutualTlsAuthentication must be a map with at least one of the following fields {}.",
                python::repr_texts(&KEYS)
            ),
        );
    };
    let mut unknown: Vec<&str> = map.keys().filter(|key| !KEYS.contains(key)).collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        // The reference puts the keys where the logical id stands.
        return refusal::resource(
            &unknown.join(","),
            mutual.origin,
            format!("Available MutualTlsAuthentication fields are {}.", python::repr_texts(&KEYS)),
        );
    }
    let kept = KEYS.iter().filter_map(|key| map.truthy(key).map(|value| (*key, value.clone())));
    Ok(Maker::new(mutual.origin).map(kept))
}

fn mappings(node: &Node, domain: &Map, resource: &Resource, origin: Origin) -> Outcome<Vec<Resource>> {
    let mapping = |id: String, cause: Origin| -> Outcome<Resource> {
        let mut mapping = node.made(id, "AWS::ApiGatewayV2::ApiMapping", cause)?;
        let make = mapping.make();
        mapping.set("DomainName", make.reference(resource.id.clone()));
        mapping.set("ApiId", make.reference(node.id.clone()));
        mapping.set("Stage", make.reference(format!("{}.Stage", node.id)));
        Ok(mapping)
    };
    let Some(paths) = record_set::base_paths(domain) else {
        return Ok(vec![mapping(format!("{}ApiMapping", node.id), origin)?]);
    };
    let mut out = Vec::new();
    for path in &paths {
        let Some(text) = path.as_str() else {
            return node.refuse(path.origin, "Basepath must be a string.");
        };
        if text.contains(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_'))) {
            return node.refuse(path.origin, "Invalid Basepath name provided.");
        }
        let plain = text.replace(['-', '_', '/'], "");
        let mut made = mapping(format!("{}{plain}ApiMapping", node.id), path.origin)?;
        made.set("ApiMappingKey", Value::new(Kind::Str(text.trim_matches('/').into()), path.origin));
        out.push(made);
    }
    Ok(out)
}

/// A map of tags with the transform's own.
pub fn tags(node: &Node, tag_name: &str) -> Map {
    let make = node.make();
    let mut tags = node.truthy("Tags").and_then(Value::as_map).cloned().unwrap_or_default();
    tags.insert(tag_name, make.str("SAM"));
    tags
}
