//! Functions of a GraphQL API and the resolvers that run them.

use super::{Api, is_none};
use crate::template::sam::python::{self, Lookup};
use crate::template::sam::refusal::{self, Outcome};
use crate::template::sam::resource::Resource;
use crate::template::value::{Entry, Maker, Value};

/// What a resolver without code of its own does: it hands on what its functions made.
const PIPELINE_CODE: &str = include_str!("../../../../schemas/sam-pipeline-resolver.js");

fn refuse<T>(entry: &Entry, text: impl AsRef<str>) -> Outcome<T> {
    refusal::resource(&entry.key, entry.key_origin, text)
}

/// Makes the functions.
pub fn functions(api: &mut Api<'_>, made: &mut Vec<Resource>) -> Outcome<()> {
    for entry in api.node.get("Functions").and_then(Value::as_map).into_iter().flatten() {
        let given = &entry.value;
        if let Some(id) = given.truthy("Id") {
            let others = given.as_map().into_iter().flatten().filter(|other| !other.value.is_null()).count();
            if others != 1 {
                return refuse(entry, "'Id' cannot be defined with other properties in Function.");
            }
            api.functions.push((entry.key.clone(), id.clone()));
            continue;
        }
        let kind = "AWS::AppSync::FunctionConfiguration";
        let mut function = api.part(&entry.key, kind, entry.key_origin)?;
        let make = function.make();
        let name = given.truthy("Name").cloned();
        function.set("Name", name.unwrap_or_else(|| make.str(entry.key.clone())));
        code(entry, &mut function, true)?;
        function.set("DataSourceName", data_source(api, entry)?);
        function.set_some("MaxBatchSize", given.get("MaxBatchSize"));
        function.set_some("Description", given.get("Description"));
        function.set("Runtime", runtime(entry)?);
        function.set_some("SyncConfig", given.truthy("Sync"));
        api.functions.push((entry.key.clone(), function.get_att("FunctionId")));
        made.push(function);
    }
    Ok(())
}

fn code(entry: &Entry, resource: &mut Resource, needed: bool) -> Outcome<bool> {
    let (inline, uri) = (entry.value.truthy("InlineCode"), entry.value.truthy("CodeUri"));
    match (inline, uri) {
        (Some(_), Some(_)) => refuse(entry, "Both 'InlineCode' and 'CodeUri' cannot be defined at the same time."),
        (None, None) if needed => refuse(entry, "One of 'InlineCode' or 'CodeUri' must be set."),
        _ => {
            resource.set_some("Code", inline);
            resource.set_some("CodeS3Location", uri);
            Ok(inline.or(uri).is_some())
        }
    }
}

fn runtime(entry: &Entry) -> Outcome<Value> {
    let Some(runtime) = entry.value.truthy("Runtime") else {
        return refuse(entry, format!("'Runtime' must be defined as a property in {}.", entry.key));
    };
    let make = Maker::new(runtime.origin);
    let part = |key: &str| runtime.get(key).cloned().unwrap_or_else(|| make.null());
    Ok(make.map([("Name", part("Name")), ("RuntimeVersion", part("Version"))]))
}

fn data_source(api: &mut Api<'_>, entry: &Entry) -> Outcome<Value> {
    let Some(source) = entry.value.truthy("DataSource") else {
        return refuse(entry, "'DataSource' must be set.");
    };
    let Some(name) = source.as_str() else { return Ok(source.clone()) };
    if is_none(source) {
        if api.none.is_none() {
            let mut none = api.part("NoneDataSource", "AWS::AppSync::DataSource", source.origin)?;
            let make = none.make();
            none.set("Name", make.str(none.id.clone()));
            none.set("Type", make.str("NONE"));
            api.none = Some(none);
        }
        return Ok(api.none.as_ref().map_or_else(|| source.clone(), |none| none.get_att("Name")));
    }
    match api.sources.iter().find(|(known, _)| known == name) {
        Some((_, value)) => Ok(value.clone()),
        None => refuse(
            entry,
            format!(
                "Either define DataSource '{name}' in 'DataSources' or use intrinsic function like GetAtt, ImportValue, Sub or another one to reference a DataSource defined outside of this GraphQLApi resource."
            ),
        ),
    }
}

/// Makes the resolvers.
pub fn resolvers(api: &Api<'_>, schema: &str, made: &mut Vec<Resource>) -> Outcome<()> {
    for kind in api.node.get("Resolvers").and_then(Value::as_map).into_iter().flatten() {
        for entry in kind.value.as_map().into_iter().flatten() {
            let given = &entry.value;
            let suffix = format!("{}{}", kind.key, entry.key);
            let mut resolver = api.part(&suffix, "AWS::AppSync::Resolver", entry.key_origin)?;
            let make = resolver.make();
            resolver.depends_on = Some(make.list([make.str(schema)]));
            if code(entry, &mut resolver, false)? {
                resolver.set("Runtime", runtime(entry)?);
            } else {
                resolver.set("Code", make.str(PIPELINE_CODE));
                let version = ("RuntimeVersion", make.str("1.0.0"));
                resolver.set("Runtime", make.map([("Name", make.str("APPSYNC_JS")), version]));
            }
            let field = given.truthy("FieldName").cloned();
            resolver.set("FieldName", field.unwrap_or_else(|| make.str(entry.key.clone())));
            resolver.set("TypeName", make.str(kind.key.clone()));
            let Some(pipeline) = given.truthy("Pipeline").and_then(Value::as_list) else {
                return refuse(
                    entry,
                    format!(
                        "Resolver '{}' must have Pipeline defined. Unit resolvers are not supported. If you need a Unit resolver you can use AppSync resource.",
                        entry.key
                    ),
                );
            };
            let mut ids = Vec::new();
            for item in pipeline {
                let name = python::display(item);
                match api.functions.iter().find(|(known, _)| *known == name) {
                    Some((_, id)) => ids.push(id.clone()),
                    None => return refuse(entry, format!("Function '{name}' does not exist.")),
                }
            }
            resolver.set("Kind", make.str("PIPELINE"));
            resolver.set("PipelineConfig", make.map([("Functions", make.list(ids))]));
            resolver.set_some("CachingConfig", given.truthy("Caching"));
            resolver.set_some("MaxBatchSize", given.truthy("MaxBatchSize"));
            made.push(resolver);
        }
    }
    Ok(())
}
