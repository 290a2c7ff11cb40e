//! Authorizers of REST APIs.

use crate::template::sam::intrinsics;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::value::{Kind, Maker, Map, Origin, Text, Value};

/// One authorizer.
#[derive(Clone, Debug)]
pub struct Authorizer {
    /// Its name.
    pub name: Text,
    /// Where the name stands.
    pub key_origin: Origin,
    /// What it is configured as; `None` for IAM.
    config: Option<Map>,
    api: Text,
    partition: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Iam,
    Cognito,
    Lambda,
}

impl Authorizer {
    /// IAM as an authorizer.
    pub fn iam(api: &Text, origin: Origin, partition: &'static str) -> Self {
        Self { name: "AWS_IAM".into(), key_origin: origin, config: None, api: api.clone(), partition }
    }

    /// The authorizer `name` with its configuration, checked.
    pub fn new(api: &Text, name: &Text, key_origin: Origin, config: &Map, partition: &'static str) -> Outcome<Self> {
        let payload = config.some("FunctionPayloadType");
        if let Some(payload) = payload.filter(|payload| !matches!(payload.as_str(), Some("TOKEN" | "REQUEST"))) {
            return refusal::resource(
                api,
                payload.origin,
                format!("{name} Authorizer has invalid 'FunctionPayloadType': {}.", python::display(payload)),
            );
        }
        let identity = config.truthy("Identity");
        if payload.and_then(Value::as_str) == Some("REQUEST") && lacks_identity(api, name, identity)? {
            return refusal::resource(
                api,
                identity.map_or(key_origin, |identity| identity.origin),
                format!(
                    "{name} Authorizer must specify Identity with at least one of Headers, QueryStrings, StageVariables, or Context."
                ),
            );
        }
        let owner = Owner::Resource(api);
        if let Some(scopes) = config.some("AuthorizationScopes") {
            scopes.expect_list(owner, &format!("Authorizers.{name}.AuthorizationScopes"))?;
        }
        if let Some(disabled) = config.some("DisableFunctionDefaultPermissions") {
            disabled.expect_bool(owner, &format!("Authorizers.{name}.DisableFunctionDefaultPermissions"))?;
        }
        Ok(Self { name: name.clone(), key_origin, config: Some(config.clone()), api: api.clone(), partition })
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.config.as_ref().and_then(|config| config.some(key))
    }

    fn make(&self) -> Maker {
        Maker::new(self.key_origin)
    }

    /// Its scopes.
    pub fn scopes(&self) -> Value {
        self.get("AuthorizationScopes").cloned().unwrap_or_else(|| self.make().list([]))
    }

    /// The function that the API needs a permission for.
    pub fn function_to_permit(&self) -> Option<&Value> {
        let config = self.config.as_ref()?;
        if config.truthy("DisableFunctionDefaultPermissions").is_some() {
            return None;
        }
        config.truthy("FunctionArn")
    }

    fn sort(&self) -> Sort {
        match &self.config {
            None => Sort::Iam,
            Some(config) if config.truthy("UserPoolArn").is_some() => Sort::Cognito,
            Some(_) => Sort::Lambda,
        }
    }

    fn identity(&self, key: &str) -> Option<&Value> {
        self.config.as_ref()?.truthy("Identity")?.some(key)
    }

    /// Its security definition.
    pub fn swagger(&self) -> Outcome<Value> {
        let make = self.make();
        let sort = self.sort();
        let is_request = self.get("FunctionPayloadType").and_then(Value::as_str) == Some("REQUEST");
        let identity = self.config.as_ref().and_then(|config| config.truthy("Identity"));
        let header = if sort == Sort::Lambda && is_request {
            make.str("Unused")
        } else {
            if let Some(identity) = identity.filter(|identity| identity.as_map().is_none()) {
                return refusal::resource(
                    &self.api,
                    identity.origin,
                    "Auth.Authorizers.<Authorizer>.Identity must be a dict (LambdaTokenAuthorizationIdentity, LambdaRequestAuthorizationIdentity or CognitoAuthorizationIdentity).",
                );
            }
            let header = self.identity("Header").filter(|header| python::truthy(header));
            header.cloned().unwrap_or_else(|| make.str("Authorization"))
        };
        let kind = match sort {
            Sort::Iam => "awsSigv4",
            Sort::Cognito => "cognito_user_pools",
            Sort::Lambda => "custom",
        };
        let mut out = vec![
            ("type", make.str("apiKey")),
            ("name", header),
            ("in", make.str("header")),
            ("x-amazon-apigateway-authtype", make.str(kind)),
        ];
        let mut inner = match sort {
            Sort::Iam => return Ok(make.map(out)),
            Sort::Cognito => {
                let arns = match self.get("UserPoolArn") {
                    Some(list @ Value { kind: Kind::List(_), .. }) => list.clone(),
                    Some(one) => make.list([one.clone()]),
                    None => make.list([]),
                };
                vec![("type", make.str("cognito_user_pools")), ("providerARNs", arns)]
            }
            Sort::Lambda => self.lambda(is_request)?,
        };
        if !(sort == Sort::Lambda && is_request)
            && let Some(expression) = self.identity("ValidationExpression").filter(|value| python::truthy(value))
        {
            inner.push(("identityValidationExpression", expression.clone()));
        }
        out.push(("x-amazon-apigateway-authorizer", make.map(inner)));
        Ok(make.map(out))
    }

    fn lambda(&self, is_request: bool) -> Outcome<Vec<(&'static str, Value)>> {
        let make = self.make();
        let arn = format!(
            "arn:{}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{__FunctionArn__}}/invocations",
            self.partition
        );
        let function = self.get("FunctionArn").cloned().unwrap_or_else(|| make.null());
        let uri = intrinsics::sub_with(make, arn, vec![("__FunctionArn__", function)]);
        let mut inner = vec![("type", make.str(if is_request { "request" } else { "token" })), ("authorizerUri", uri)];
        if let Some(ttl) = self.identity("ReauthorizeEvery") {
            inner.push(("authorizerResultTtlInSeconds", ttl.clone()));
        }
        let role = self.config.as_ref().and_then(|config| config.truthy("FunctionInvokeRole"));
        if let Some(role) = role.filter(|role| role.as_str() != Some("NONE")) {
            inner.push(("authorizerCredentials", role.clone()));
        }
        if is_request {
            let source = self.identity_source()?;
            if !source.is_empty() {
                inner.push(("identitySource", make.str(source)));
            }
        }
        Ok(inner)
    }

    fn identity_source(&self) -> Outcome<String> {
        let mut parts = Vec::new();
        for (key, prefix) in [
            ("Headers", "method.request.header."),
            ("QueryStrings", "method.request.querystring."),
            ("StageVariables", "stageVariables."),
            ("Context", "context."),
        ] {
            let Some(values) = self.identity(key).filter(|values| python::truthy(values)) else { continue };
            let path = format!("Auth.Authorizers.{}.Identity.{key}", self.name);
            let owner = Owner::Resource(&self.api);
            for (index, item) in values.expect_list(owner, &path)?.iter().enumerate() {
                parts.push(format!("{prefix}{}", item.expect_str(owner, &format!("{path}[{index}]"))?));
            }
        }
        Ok(parts.join(", "))
    }
}

fn lacks_identity(api: &Text, name: &str, identity: Option<&Value>) -> Outcome<bool> {
    let Some(identity) = identity else { return Ok(true) };
    let map = identity.expect_map(Owner::Resource(api), &format!("Authorizer.{name}.Identity"))?;
    let missing = ["Headers", "QueryStrings", "StageVariables", "Context"].iter().all(|key| map.truthy(key).is_none());
    let ttl = match map.some("ReauthorizeEvery").map(|ttl| &ttl.kind) {
        Some(Kind::Int(number)) => Some(*number),
        Some(Kind::Bool(value)) => Some(i64::from(*value)),
        Some(Kind::Float(number)) => Some(*number as i64),
        Some(Kind::Str(text)) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(missing && ttl.is_none_or(|ttl| ttl > 0))
}
