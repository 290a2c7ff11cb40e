//! Writing into the document of a REST API.

use super::authorizer::Authorizer;
use super::document::{self, INTEGRATION, Route};
use crate::template::sam::intrinsics;
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::value::{Maker, Map, Text, Value};

/// Fields beside the methods of a path.
const NOT_METHODS: [&str; 3] = ["summary", "description", "parameters"];

/// Whether `body` is a document that can be written into.
pub fn is_valid(body: &Value) -> bool {
    body.get("paths").is_some_and(|paths| paths.as_map().is_some())
        && (body.truthy("swagger").is_some() || body.truthy("openapi").is_some_and(document::is_openapi_3))
}

/// Refuses a body that cannot be written into.
pub fn check(body: &mut Value) -> Outcome<()> {
    if !is_valid(body) {
        return refusal::document(
            body.origin,
            "Invalid Swagger document or the Swagger document is not explicitly defined in 'DefinitionBody'.",
        );
    }
    for entry in document::paths(body)?.iter_mut() {
        let path = entry.key.clone();
        for item in document::contents(&mut entry.value)? {
            document::path_item(item, &path)?;
        }
    }
    Ok(())
}

/// An empty document.
pub fn skeleton(make: Maker) -> Value {
    let info = make.map([("version", make.str("1.0")), ("title", make.reference("AWS::StackName"))]);
    make.map([("swagger", make.str("2.0")), ("info", info), ("paths", make.map::<Text>([]))])
}

/// Adds the integration with a function.
#[derive(Debug)]
pub struct LambdaIntegration<'a> {
    /// The route.
    pub route: Route<'a>,
    /// The URI of the integration.
    pub uri: Value,
    /// The `Auth` of the event.
    pub event_auth: Option<&'a Map>,
    /// The `Auth` of the API.
    pub api_auth: Option<&'a Map>,
    /// The condition of the function.
    pub condition: Option<&'a Value>,
    /// Whether the response is streamed.
    pub streamed: bool,
    /// The partition.
    pub partition: &'static str,
}

impl LambdaIntegration<'_> {
    /// Writes it into `body`.
    pub fn write(self, body: &mut Value, make: Maker) -> Outcome<()> {
        let path = self.route.path;
        let method = document::normalize_method(self.route.method);
        document::add_path(body, self.route)?;
        let uri = match self.condition {
            Some(condition) => intrinsics::conditional(make, condition.clone(), self.uri.clone()),
            None => self.uri.clone(),
        };
        let credentials = self.credentials(make);
        let Some(item) = document::paths(body)?.get_mut(path) else { return Ok(()) };
        for item in document::contents(item)? {
            let item = document::path_item(item, path)?;
            let Some(definition) = item.get_mut(&method) else { continue };
            if definition.is_null() {
                *definition = make.map::<Text>([]);
            }
            let Some(map) = definition.as_map_mut() else { continue };
            let mut integration =
                vec![("type", make.str("aws_proxy")), ("httpMethod", make.str("POST")), ("uri", uri.clone())];
            if self.streamed {
                integration.push(("responseTransferMode", make.str("STREAM")));
            }
            if let Some(credentials) = &credentials {
                integration.push(("credentials", credentials.clone()));
            }
            map.insert(INTEGRATION, make.map(integration));
            map.get_or_insert_with("responses", || make.map::<Text>([]));
            wrap(definition, self.condition, make);
        }
        Ok(())
    }

    fn credentials(&self, make: Maker) -> Option<Value> {
        let is_iam = |auth: Option<&Map>, key: &str| auth.is_some_and(|auth| auth.is(key, "AWS_IAM"));
        let has_event_auth = self.event_auth.is_some_and(|auth| !auth.is_empty());
        if !is_iam(self.event_auth, "Authorizer") && (has_event_auth || !is_iam(self.api_auth, "DefaultAuthorizer")) {
            return None;
        }
        // A role that is given but empty means none.
        let role = |auth: Option<&Map>| {
            let auth = auth?;
            let role = auth.get("InvokeRole")?;
            Some(if python::truthy(role) { role.clone() } else { Maker::new(role.origin).str("NONE") })
        };
        let role = role(self.event_auth).or_else(|| role(self.api_auth));
        match role {
            Some(role) if role.as_str() == Some("NONE") => None,
            Some(role) if role.as_str() != Some("CALLER_CREDENTIALS") => Some(role),
            _ => Some(make.str(format!("arn:{}:iam::*:user/*", self.partition))),
        }
    }
}

fn wrap(definition: &mut Value, condition: Option<&Value>, make: Maker) {
    if let Some(condition) = condition {
        let old = std::mem::replace(definition, make.null());
        *definition = intrinsics::conditional(make, condition.clone(), old);
    }
}

/// Adds the integration that starts a state machine.
pub fn add_state_machine(
    body: &mut Value,
    route: Route<'_>,
    role: &Value,
    template: &Value,
    condition: Option<&Value>,
    make: Maker,
) -> Outcome<()> {
    let method = document::normalize_method(route.method);
    document::add_path(body, route)?;
    let uri = make.sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution");
    let uri = match condition {
        Some(condition) => intrinsics::conditional(make, condition.clone(), uri),
        None => uri,
    };
    let Some(item) = document::paths(body)?.get_mut(route.path) else { return Ok(()) };
    for item in document::contents(item)? {
        let item = document::path_item(item, route.path)?;
        let Some(definition) = item.get_mut(&method) else { continue };
        if definition.is_null() {
            *definition = make.map::<Text>([]);
        }
        let Some(map) = definition.as_map_mut() else { continue };
        let status = |code: &str| make.map([("statusCode", make.str(code))]);
        let described = |text: &str| make.map([("description", make.str(text))]);
        map.insert(
            INTEGRATION,
            make.map([
                ("type", make.str("aws")),
                ("httpMethod", make.str("POST")),
                ("uri", uri.clone()),
                ("responses", make.map([("200", status("200")), ("400", status("400"))])),
                ("credentials", role.clone()),
                ("requestTemplates", template.clone()),
            ]),
        );
        map.get_or_insert_with("responses", || make.map([("200", described("OK")), ("400", described("Bad Request"))]));
        wrap(definition, condition, make);
    }
    Ok(())
}

/// Calls `visit` with the name and definition of every method of the path that has an
/// integration.
fn each_integration(body: &mut Value, path: &str, mut visit: impl FnMut(&str, &mut Map) -> Outcome<()>) -> Outcome<()> {
    let Some(item) = document::paths(body)?.get_mut(path) else { return Ok(()) };
    for item in document::contents(item)? {
        for entry in document::path_item(item, path)?.iter_mut() {
            if NOT_METHODS.contains(&&*entry.key) {
                continue;
            }
            let name = entry.key.clone();
            for definition in document::contents(&mut entry.value)? {
                let definition = document::method_definition(definition, path, &name)?;
                if definition.truthy(INTEGRATION).is_some() {
                    visit(&document::normalize_method(&name), definition)?;
                }
            }
        }
    }
    Ok(())
}

/// The section `key` of the document, made when it is not there.
pub fn section<'v>(body: &'v mut Value, key: &str, make: Maker) -> Option<&'v mut Map> {
    let map = body.as_map_mut()?;
    if map.truthy(key).is_none() {
        map.insert(key, make.map::<Text>([]));
    }
    map.get_mut(key)?.as_map_mut()
}

fn security_definitions(body: &mut Value, make: Maker) -> Outcome<&mut Map> {
    let origin = body.origin;
    match section(body, "securityDefinitions", make) {
        Some(map) => Ok(map),
        None => refusal::template(origin, "securityDefinitions must be a dictionary."),
    }
}

/// Defines the authorizers.
pub fn add_authorizers(body: &mut Value, authorizers: &[Authorizer], make: Maker) -> Outcome<()> {
    if authorizers.is_empty() {
        return Ok(());
    }
    for authorizer in authorizers {
        let swagger = authorizer.swagger()?;
        security_definitions(body, make)?.insert_at(authorizer.name.clone(), authorizer.key_origin, swagger);
    }
    Ok(())
}

fn add_iam_definition(body: &mut Value, make: Maker) -> Outcome<()> {
    let definition = make.map([
        ("x-amazon-apigateway-authtype", make.str("awsSigv4")),
        ("type", make.str("apiKey")),
        ("name", make.str("Authorization")),
        ("in", make.str("header")),
    ]);
    security_definitions(body, make)?.get_or_insert_with("AWS_IAM", || definition);
    Ok(())
}

/// Defines the API key.
pub fn add_api_key_definition(body: &mut Value, make: Maker) -> Outcome<()> {
    let definition =
        make.map([("type", make.str("apiKey")), ("name", make.str("x-api-key")), ("in", make.str("header"))]);
    security_definitions(body, make)?.get_or_insert_with("api_key", || definition);
    Ok(())
}

fn check_security(items: &[Value], path: &str, method: &str) -> Outcome<()> {
    match items.iter().find(|item| item.as_map().is_none()) {
        Some(item) => refusal::document(
            item.origin,
            format!("{} in Security for path {path} method {method} is not a valid dictionary.", python::display(item)),
        ),
        None => Ok(()),
    }
}

fn names(item: &Value, names: &[&str]) -> bool {
    item.as_map().is_some_and(|map| map.keys().any(|key| names.contains(&key)))
}

/// Gives the methods of the path that say nothing of their own the default authorizer.
pub fn set_default_authorizer(
    body: &mut Value,
    path: &str,
    default: &str,
    authorizers: &[Authorizer],
    preflight: bool,
    make: Maker,
) -> Outcome<()> {
    let mut known = vec!["AWS_IAM"];
    known.extend(authorizers.iter().map(|authorizer| &*authorizer.name));
    let mut uses_iam = false;
    each_integration(body, path, |method, definition| {
        if !preflight && method == "options" {
            return Ok(());
        }
        let existing = document::security(definition, path, method)?;
        check_security(&existing, path, method)?;
        let (chosen, mut others): (Vec<Value>, Vec<Value>) = existing.into_iter().partition(|item| names(item, &known));
        let none = others.iter().position(|item| names(item, &["NONE"]));
        if let Some(none) = none {
            others.remove(none);
        } else if chosen.is_empty() {
            let scopes = authorizers.iter().find(|authorizer| authorizer.name == default).map(Authorizer::scopes);
            others.push(make.map([(default, scopes.unwrap_or_else(|| make.list([])))]));
        } else {
            others.extend(chosen);
        }
        if let Some(first) = others.first() {
            uses_iam |= names(first, &["AWS_IAM"]);
            definition.insert("security", make.list(others));
        }
        Ok(())
    })?;
    if uses_iam { add_iam_definition(body, make) } else { Ok(()) }
}

/// Asks for an API key at the methods of the path that say nothing of their own.
pub fn set_default_api_key(body: &mut Value, path: &str, preflight: bool, make: Maker) -> Outcome<()> {
    each_integration(body, path, |method, definition| {
        let existing = document::security(definition, path, method)?;
        check_security(&existing, path, method)?;
        let (keys, mut security): (Vec<Value>, Vec<Value>) =
            existing.iter().cloned().partition(|item| names(item, &["api_key", "api_key_false"]));
        let refused = keys.iter().any(|item| names(item, &["api_key_false"]));
        if !refused && !(method == "options" && !preflight) {
            security.push(make.map([("api_key", make.list([]))]));
        }
        if security != existing {
            definition.insert("security", make.list(security));
        }
        Ok(())
    })
}

/// Sets the authorizer and the API key that an event asks for.
pub fn add_auth(
    body: &mut Value,
    path: &str,
    method: &str,
    auth: &Map,
    api_auth: Option<&Value>,
    make: Maker,
) -> Outcome<()> {
    if let Some(authorizer) = auth.truthy("Authorizer") {
        set_authorizer(body, path, method, authorizer, auth, api_auth, make)?;
    }
    let Some(required) = auth.some("ApiKeyRequired") else { return Ok(()) };
    let key = if python::truthy(required) {
        add_api_key_definition(body, make)?;
        "api_key"
    } else {
        "api_key_false"
    };
    document::each_method(body, path, method, false, |definition| {
        let mut security = document::security(definition, path, method)?;
        security.push(make.map([(key, make.list([]))]));
        definition.insert("security", make.list(security));
        Ok(())
    })
}

fn set_authorizer(
    body: &mut Value,
    path: &str,
    method: &str,
    authorizer: &Value,
    auth: &Map,
    api_auth: Option<&Value>,
    make: Maker,
) -> Outcome<()> {
    let name = python::display(authorizer);
    let place = Maker::new(authorizer.origin);
    let authorizers = api_auth.and_then(|auth| auth.truthy("Authorizers"));
    let mut uses_iam = false;
    document::each_method(body, path, method, false, |definition| {
        let mut scopes = place.list([]);
        let mut security = document::security(definition, path, method)?;
        if name != "NONE"
            && let Some(defined) = authorizers.and_then(|authorizers| authorizers.get(&name))
        {
            if defined.as_map().is_none() {
                return refusal::document(defined.origin, format!("Type of authorizer '{name}' must be a dictionary"));
            }
            let given = auth.some("AuthorizationScopes").or_else(|| defined.some("AuthorizationScopes"));
            if let Some(given) = given {
                scopes = given.clone();
            }
        }
        security.push(place.map([(name.as_str(), scopes)]));
        uses_iam |= security.first().is_some_and(|first| names(first, &["AWS_IAM"]));
        definition.insert("security", make.list(security));
        Ok(())
    })?;
    if uses_iam { add_iam_definition(body, make) } else { Ok(()) }
}
