//! `AWS::Serverless::GraphQLApi`

mod auth;
mod data_sources;
mod resolvers;
mod shape;

use super::connector;
use super::expander::Expander;
use super::iam;
use super::python::{self, Lookup};
use super::refusal::Outcome;
use super::resource::{Node, Resource, tag_list};
use crate::template::value::{Maker, Map, Origin, Text, Value};

/// What the parts of one API share.
pub struct Api<'n> {
    node: &'n Node,
    /// The API's id as a value.
    id: Value,
    /// Names of data sources by how functions call them.
    sources: Vec<(Text, Value)>,
    /// Ids of functions by how resolvers call them.
    functions: Vec<(Text, Value)>,
    /// The data source that is none.
    none: Option<Resource>,
}

impl Api<'_> {
    /// A resource of the API, with all of its attributes.
    fn made(&self, suffix: &str, kind: &'static str, cause: Origin) -> Outcome<Resource> {
        let node = self.node;
        let id = format!("{}{suffix}", node.id);
        let mut resource = Resource::new(id, kind, node.key_origin, cause, node.attributes.clone())?;
        resource.depends_on.clone_from(&node.depends_on);
        Ok(resource)
    }

    /// The same with the API's id as its first property.
    fn part(&self, suffix: &str, kind: &'static str, cause: Origin) -> Outcome<Resource> {
        let mut resource = self.made(suffix, kind, cause)?;
        resource.set("ApiId", self.id.clone());
        Ok(resource)
    }

    /// A role that the service assumes.
    fn role(&self, suffix: &str, cause: Origin) -> Outcome<Resource> {
        let mut role = self.made(suffix, "AWS::IAM::Role", cause)?;
        role.set("AssumeRolePolicyDocument", iam::assume_role(role.make(), "appsync.amazonaws.com"));
        Ok(role)
    }
}

/// Expands the API `node`.
pub fn expand(cx: &mut Expander, node: &Node) -> Outcome<Vec<Resource>> {
    let node = &Node { properties: shape::read(node)?, ..node.clone() };
    let mut api = Api {
        node,
        id: node.make().get_att(node.id.clone(), "ApiId"),
        sources: Vec::new(),
        functions: Vec::new(),
        none: None,
    };
    let mut main = node.main("AWS::AppSync::GraphQLApi");
    let make = node.make();
    for name in ["Visibility", "OwnerContact", "IntrospectionConfig", "QueryDepthLimit", "ResolverCountLimit"] {
        if node.truthy(name).is_some() {
            main.copy(&node.properties, &[name]);
        }
    }
    main.copy(&node.properties, &["XrayEnabled"]);
    main.set("Name", node.truthy("Name").cloned().unwrap_or_else(|| make.str(node.id.clone())));
    let authorizers = auth::write(node, &mut main)?;
    let mut tags = node.get("Tags").and_then(Value::as_map).cloned().unwrap_or_default();
    tags.insert("graphqlapi:createdBy", make.str("SAM"));
    main.set("Tags", make.list(tag_list(Some(&tags))));
    let logging_role = logging(&api, &mut main)?;
    let schema = schema(&api)?;
    let schema_id = schema.id.clone();
    let mut made = vec![main, schema];
    for (number, function) in (1..).zip(authorizers) {
        made.extend(authorizer_connection(cx, node, number, function)?);
    }
    made.extend(logging_role);
    simple_parts(&api, &mut made)?;
    data_sources::expand(cx, &mut api, &mut made)?;
    if let Some(domain) = node.truthy("DomainName") {
        made.extend(domain_name(&api, domain)?);
    }
    resolvers::functions(&mut api, &mut made)?;
    resolvers::resolvers(&api, &schema_id, &mut made)?;
    made.extend(api.none);
    Ok(made)
}

fn authorizer_connection(cx: &mut Expander, node: &Node, number: usize, function: Value) -> Outcome<Vec<Resource>> {
    let make = Maker::new(function.origin);
    let source = make.map([
        ("Type", make.str("AWS::AppSync::GraphQLApi")),
        ("Arn", make.reference(node.id.clone())),
        ("ResourceId", make.get_att(node.id.clone(), "ApiId")),
    ]);
    let destination = make.map([("Type", make.str("AWS::Lambda::Function")), ("Arn", function)]);
    let id = format!("{}ToLambdaAuthConnector{number}", node.id);
    let permissions = make.list([make.str("Write")]);
    connector::expand(cx, &connector::implied(node, id, source, destination, permissions))
}

/// Sets the logging; answers the role that is made for it.
fn logging(api: &Api<'_>, main: &mut Resource) -> Outcome<Option<Resource>> {
    let given = api.node.get("Logging");
    if given.and_then(Value::as_bool) == Some(false) {
        return Ok(None);
    }
    let cause = given.map_or(api.node.key_origin, |given| given.origin);
    let make = Maker::new(cause);
    let mut config = Vec::new();
    let map = given.and_then(Value::as_map);
    let verbose = map.and_then(|map| map.truthy("ExcludeVerboseContent"));
    config.extend(verbose.map(|verbose| ("ExcludeVerboseContent", verbose.clone())));
    let level = map.and_then(|map| map.truthy("FieldLogLevel")).cloned();
    config.push(("FieldLogLevel", level.unwrap_or_else(|| make.str("ALL"))));
    if let Some(role) = map.and_then(|map| map.truthy("CloudWatchLogsRoleArn")) {
        config.push(("CloudWatchLogsRoleArn", role.clone()));
        main.set("LogConfig", make.map(config));
        return Ok(None);
    }
    let mut role = api.role("CloudWatchRole", cause)?;
    let policy = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs";
    role.set("ManagedPolicyArns", make.list([make.sub(policy)]));
    config.push(("CloudWatchLogsRoleArn", role.get_att("Arn")));
    main.set("LogConfig", make.map(config));
    Ok(Some(role))
}

fn schema(api: &Api<'_>) -> Outcome<Resource> {
    let node = api.node;
    let (inline, uri) = (node.truthy("SchemaInline"), node.truthy("SchemaUri"));
    let cause = match (inline, uri) {
        (None, None) => {
            return node.refuse(node.properties_origin, "One of 'SchemaInline' or 'SchemaUri' must be set.");
        }
        (Some(_), Some(uri)) => {
            let text = "Both 'SchemaInline' and 'SchemaUri' cannot be defined at the same time.";
            return node.refuse(uri.origin, text);
        }
        (Some(one), None) | (None, Some(one)) => one.origin,
    };
    let mut schema = api.part("Schema", "AWS::AppSync::GraphQLSchema", cause)?;
    schema.copy_as(&node.properties, "SchemaInline", "Definition");
    schema.copy_as(&node.properties, "SchemaUri", "DefinitionS3Location");
    Ok(schema)
}

/// Keys and cache.
fn simple_parts(api: &Api<'_>, made: &mut Vec<Resource>) -> Outcome<()> {
    for entry in api.node.get("ApiKeys").and_then(Value::as_map).into_iter().flatten() {
        let mut key = api.part(&entry.key, "AWS::AppSync::ApiKey", entry.key_origin)?;
        if let Some(map) = entry.value.as_map() {
            key.copy(map, &["ApiKeyId", "Description"]);
            key.copy_as(map, "ExpiresOn", "Expires");
        }
        made.push(key);
    }
    if let Some(cache) = api.node.truthy("Cache")
        && let Some(map) = cache.as_map()
    {
        let mut resource = api.part("ApiCache", "AWS::AppSync::ApiCache", cache.origin)?;
        resource
            .copy(map, &["ApiCachingBehavior", "Type", "Ttl", "AtRestEncryptionEnabled", "TransitEncryptionEnabled"]);
        made.push(resource);
    }
    Ok(())
}

fn domain_name(api: &Api<'_>, domain: &Value) -> Outcome<[Resource; 2]> {
    let empty = Map::new();
    let mut name = api.made("DomainName", "AWS::AppSync::DomainName", domain.origin)?;
    name.copy(domain.as_map().unwrap_or(&empty), &["CertificateArn", "DomainName", "Description"]);
    let mut association =
        api.part("DomainNameApiAssociation", "AWS::AppSync::DomainNameApiAssociation", domain.origin)?;
    association.set("DomainName", name.reference());
    Ok([name, association])
}

/// Whether `value` names no data source.
fn is_none(value: &Value) -> bool {
    python::truthy(value) && value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("none"))
}
