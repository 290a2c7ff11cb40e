//! Data sources: tables and functions, with the roles that reach them.

use super::Api;
use crate::template::sam::connector;
use crate::template::sam::expander::Expander;
use crate::template::sam::intrinsics;
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::Resource;
use crate::template::value::{Entry, Maker, Value};

/// Makes the data sources of `api`.
pub fn expand(cx: &mut Expander, api: &mut Api<'_>, made: &mut Vec<Resource>) -> Outcome<()> {
    let Some(sources) = api.node.truthy("DataSources") else { return Ok(()) };
    for entry in sources.get("DynamoDb").and_then(Value::as_map).into_iter().flatten() {
        table(cx, api, entry, made)?;
    }
    for entry in sources.get("Lambda").and_then(Value::as_map).into_iter().flatten() {
        function(cx, api, entry, made)?;
    }
    Ok(())
}

fn source(api: &mut Api<'_>, entry: &Entry, suffix: &str, kind: &str) -> Outcome<Resource> {
    let suffix = format!("{}{suffix}DataSource", entry.key);
    let mut source = api.part(&suffix, "AWS::AppSync::DataSource", entry.key_origin)?;
    let make = source.make();
    let name = entry.value.truthy("Name").cloned();
    source.set("Name", name.unwrap_or_else(|| make.str(entry.key.clone())));
    source.set("Type", make.str(kind));
    source.set_some("Description", entry.value.get("Description"));
    api.sources.retain(|(known, _)| *known != entry.key);
    api.sources.push((entry.key.clone(), source.get_att("Name")));
    Ok(source)
}

/// The source, its role, and what lets the role reach `target`.
fn connect(
    cx: &mut Expander,
    api: &Api<'_>,
    entry: &Entry,
    mut source: Resource,
    ends: (&str, &str, Value, Value),
    made: &mut Vec<Resource>,
) -> Outcome<()> {
    let (suffix, kind, target, permissions) = ends;
    if let Some(role) = entry.value.truthy("ServiceRoleArn") {
        source.set("ServiceRoleArn", role.clone());
        made.push(source);
        return Ok(());
    }
    let make = Maker::new(entry.key_origin);
    let own = source.id.strip_prefix(&*api.node.id).unwrap_or(&source.id);
    let role = api.role(&format!("{own}Role"), entry.key_origin)?;
    source.set("ServiceRoleArn", role.get_att("Arn"));
    let from = make.map([
        ("Type", make.str("AWS::AppSync::DataSource")),
        ("Arn", source.get_att("DataSourceArn")),
        ("RoleName", role.reference()),
    ]);
    let to = make.map([("Type", make.str(kind)), ("Arn", target)]);
    let id = format!("{}{suffix}", source.id);
    let node = connector::implied(api.node, id, from, to, permissions);
    made.push(source);
    made.push(role);
    made.extend(connector::expand(cx, &node)?);
    Ok(())
}

fn table(cx: &mut Expander, api: &mut Api<'_>, entry: &Entry, made: &mut Vec<Resource>) -> Outcome<()> {
    let given = &entry.value;
    let mut source = source(api, entry, "DynamoDB", "AMAZON_DYNAMODB")?;
    let make = source.make();
    let region = given.truthy("Region").cloned().unwrap_or_else(|| make.reference("AWS::Region"));
    let name = given.get("TableName").cloned().unwrap_or_else(|| make.null());
    let mut config = vec![("AwsRegion", region.clone()), ("TableName", name.clone())];
    for (key, new) in
        [("UseCallerCredentials", "UseCallerCredentials"), ("Versioned", "Versioned"), ("DeltaSync", "DeltaSyncConfig")]
    {
        config.extend(given.truthy(key).map(|value| (new, value.clone())));
    }
    source.set("DynamoDBConfig", make.map(config));
    let arn = given.truthy("TableArn").cloned().unwrap_or_else(|| {
        let text = "arn:${AWS::Partition}:dynamodb:${__Region__}:${AWS::AccountId}:table/${__TableName__}";
        intrinsics::sub_with(make, text, vec![("__TableName__", name), ("__Region__", region)])
    });
    let permissions = given.truthy("Permissions").cloned();
    let permissions = permissions.unwrap_or_else(|| make.list([make.str("Read"), make.str("Write")]));
    connect(cx, api, entry, source, ("ToTableConnector", "AWS::DynamoDB::Table", arn, permissions), made)
}

fn function(cx: &mut Expander, api: &mut Api<'_>, entry: &Entry, made: &mut Vec<Resource>) -> Outcome<()> {
    let mut source = source(api, entry, "Lambda", "AWS_LAMBDA")?;
    let make = source.make();
    let arn = entry.value.get("FunctionArn").cloned().unwrap_or_else(|| make.null());
    source.set("LambdaConfig", make.map([("LambdaFunctionArn", arn.clone())]));
    let permissions = make.list([make.str("Write")]);
    connect(cx, api, entry, source, ("ToLambdaConnector", "AWS::Lambda::Function", arn, permissions), made)
}
