//! Methods.

use super::{Api, authorizer, integration};
use crate::template::serverless::naming;
use crate::template::serverless::output::{Output, Resource};
use crate::template::serverless::service::{is_object, truthy};
use crate::template::value::{Entry, Kind, Maker, Map, Value};

/// A method for every endpoint.
pub fn methods(api: &mut Api<'_>, out: &mut Output) {
    let mut ids = Vec::new();
    for endpoint in &api.endpoints {
        let maker = Maker::new(endpoint.origin);
        let id = api.resources.method_id(&endpoint.path, &endpoint.method);
        let mut depends = vec![format!("{}LambdaPermissionApiGateway", naming::normalized(&endpoint.function.key))];
        depends.extend(endpoint.function.alias_id().map(str::to_owned));
        let (authorization, authorizer) = authorizer::method(endpoint.authorizer.as_ref(), maker);
        if let (Some(authorizer), Some(first)) = (authorizer, depends.first_mut()) {
            *first = authorizer;
        }
        let required = |entry: &Entry| {
            let value = match entry.value.get("required").filter(|value| !value.is_null()) {
                _ if !is_object(&entry.value) => entry.value.clone(),
                Some(required) => required.clone(),
                None => Maker::new(entry.key_origin).bool(true),
            };
            Entry { key: entry.key.clone(), key_origin: entry.key_origin, value }
        };
        let parameters: Map = endpoint.parameters.iter().map(required).collect();
        let mut resource = Resource::new(id.as_str(), "AWS::ApiGateway::Method", maker)
            .set("HttpMethod", Maker::new(endpoint.written).str(endpoint.method.to_uppercase()))
            .set("RequestParameters", Value::new(Kind::Map(parameters), maker.origin()))
            .set("ResourceId", api.resources.reference(api, &endpoint.path, maker))
            .set("RestApiId", api.id(maker))
            .opt("OperationName", endpoint.http.get("operationId").filter(|value| truthy(value)).cloned())
            .set(
                "ApiKeyRequired",
                match endpoint.truthy("private") {
                    Some(value) => Value::new(Kind::Bool(true), value.origin),
                    None => maker.bool(false),
                },
            )
            .set("Integration", integration::integration(endpoint, maker))
            .set("MethodResponses", integration::method_responses(endpoint, maker))
            .after_all(depends);
        for (name, value) in authorization {
            resource = resource.set(name, value);
        }
        out.merge(resource);
        ids.push(id);
    }
    api.methods.extend(ids);
}
