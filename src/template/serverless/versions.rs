//! Versions of functions and the aliases that events go to.

use super::functions::json_text;
use super::naming;
use super::output::{Output, Resource};
use super::service::{Alias, Function, Service, truthy};
use crate::template::lowering::Lowering;
use crate::template::problem::{Problem, ProblemKind};
use crate::template::value::{Kind, Maker, Value};

/// The version of a function, and the alias that keeps instances of it ready.
pub fn version(
    service: &Service,
    function: &Function,
    edge: bool,
    out: &mut Output,
    cx: &mut Lowering<'_>,
) -> Option<Alias> {
    let maker = function.maker();
    let wanted = match function.get("versionFunction") {
        _ if edge => true,
        Some(value) => truthy(value),
        None => service.setting(&["versionFunctions"]).is_none_or(truthy),
    };
    let provisioned = function.truthy("provisionedConcurrency");
    let snap = function.truthy("snapStart");
    if !wanted && provisioned.is_none() && snap.is_none() {
        return None;
    }
    let function_id = naming::function(&function.key);
    // What a version is made of: everything but where its code lies, tags and reservations.
    let mut properties = out.properties(&function_id).cloned().unwrap_or_default();
    for name in ["Code", "Tags", "ReservedConcurrentExecutions"] {
        properties.remove(name);
    }
    let mut content = json_text(&Value::new(Kind::Map(properties), maker.origin()));
    content.push_str(&function_id);
    let id =
        format!("{}LambdaVersion{}", naming::normalized(&function.key), naming::version_suffix(content.as_bytes()));
    let mut version = Resource::new(id.as_str(), "AWS::Lambda::Version", maker);
    if wanted || provisioned.is_none() && snap.is_none() {
        version = version.attribute("DeletionPolicy", maker.str("Retain"));
    }
    let code = crate::template::unknown::mark("code hash");
    out.put(
        version
            .set("FunctionName", maker.reference(function_id.as_str()))
            .set("CodeSha256", maker.str(code))
            .opt("Description", function.truthy("description").cloned()),
    );
    out.output(
        &format!("{function_id}QualifiedArn"),
        maker,
        Some("Current Lambda function version"),
        maker.reference(id.as_str()),
    );
    if let (Some(provisioned), Some(_)) = (provisioned, snap) {
        cx.report(
            Problem::new(
                ProblemKind::FrameworkConfiguration,
                provisioned.origin,
                format!("the function `{}` has both `provisionedConcurrency` and `snapStart`", function.key),
            )
            .help("remove one of the two; SnapStart does not work with provisioned concurrency")
            .code("FUNCTION_BOTH_PROVISIONED_CONCURRENCY_AND_SNAPSTART_ENABLED_ERROR")
            .resource(function_id.as_str()),
        );
    }
    let (cause, name, suffix) = match (provisioned, snap) {
        (_, Some(snap)) => (snap, "snapstart", "SnapStartLambdaAlias"),
        (Some(provisioned), None) => (provisioned, "provisioned", "ProvConcLambdaAlias"),
        (None, None) => return None,
    };
    let maker = Maker::new(cause.origin);
    let alias = Alias { name, id: format!("{}{suffix}", naming::normalized(&function.key)) };
    let mut resource = Resource::new(alias.id.as_str(), "AWS::Lambda::Alias", maker)
        .set("FunctionName", maker.reference(function_id.as_str()))
        .set("FunctionVersion", maker.get_att(id, "Version"))
        .set("Name", maker.str(name))
        .after(Some(&function_id));
    if let (Some(provisioned), None) = (provisioned, snap) {
        resource = resource
            .set("ProvisionedConcurrencyConfig", maker.map([("ProvisionedConcurrentExecutions", provisioned.clone())]));
    }
    out.put(resource);
    Some(alias)
}
