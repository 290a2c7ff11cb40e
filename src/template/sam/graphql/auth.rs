//! Who may call a GraphQL API.

use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Maker, Value};

/// SAM name, name in CloudFormation, type of authentication, keys in order.
const SORTS: [(&str, &str, &str); 3] = [
    ("LambdaAuthorizer", "LambdaAuthorizerConfig", "AWS_LAMBDA"),
    ("OpenIDConnect", "OpenIDConnectConfig", "OPENID_CONNECT"),
    ("UserPool", "UserPoolConfig", "AMAZON_COGNITO_USER_POOLS"),
];

/// Sets the authentication of `api`; answers the functions that authorize.
pub fn write(node: &Node, api: &mut Resource) -> Outcome<Vec<Value>> {
    let Some(auth) = node.get("Auth") else { return Ok(Vec::new()) };
    let mut functions = Vec::new();
    if let Some((name, config)) = config(node, auth, None)? {
        functions.extend(function(name, &config));
        api.set(name, config);
    }
    api.set_some("AuthenticationType", auth.get("Type"));
    let mut more = Vec::new();
    for (index, additional) in auth.get("Additional").and_then(Value::as_list).into_iter().flatten().enumerate() {
        let make = Maker::new(additional.origin);
        let mut provider = Vec::new();
        provider.extend(additional.get("Type").map(|kind| ("AuthenticationType", kind.clone())));
        if let Some((name, config)) = config(node, additional, Some(index))? {
            functions.extend(function(name, &config));
            provider.push((name, config));
        }
        more.push(make.map(provider));
    }
    if !more.is_empty() {
        api.set("AdditionalAuthenticationProviders", Maker::new(auth.origin).list(more));
    }
    Ok(functions)
}

fn function(name: &str, config: &Value) -> Option<Value> {
    (name == "LambdaAuthorizerConfig").then(|| config.get("AuthorizerUri").cloned()).flatten()
}

fn config(node: &Node, auth: &Value, index: Option<usize>) -> Outcome<Option<(&'static str, Value)>> {
    let given = SORTS.iter().filter(|(name, ..)| auth.some(name).is_some()).count();
    if given > 1 {
        // The reference takes the first of the additional ones for the main one.
        let place = match index {
            Some(index @ 1..) => format!("'Auth.Additional.{index}'"),
            _ => "'Auth'".to_owned(),
        };
        let text = format!("{place} has more than one authentication configuration defined.");
        return node.refuse(auth.origin, text);
    }
    let Some((name, config_name, kind)) = SORTS.iter().find(|(_, _, kind)| auth.is("Type", kind)) else {
        return Ok(None);
    };
    let Some(config) = auth.some(name) else {
        return node.refuse(auth.origin, format!("'{name}' must be defined if type is '{kind}'."));
    };
    let mut config = config.clone();
    if let Some(map) = config.as_map_mut() {
        map.retain(|entry| !entry.value.is_null());
        if index.is_some() && *name == "UserPool" {
            map.remove("DefaultAction");
        }
    }
    Ok(Some((*config_name, config)).filter(|(_, config)| crate::template::sam::python::truthy(config)))
}
