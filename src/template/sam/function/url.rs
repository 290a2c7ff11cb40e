//! The URL of a function and who may call it.

use crate::template::sam::intrinsics::is_intrinsic;
use crate::template::sam::property::{Expect, Owner};
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Kind, Value};

/// The URL with its permissions goes to `made`.
pub fn expand(node: &Node, alias: Option<&Resource>, made: &mut Vec<Resource>) -> Outcome<()> {
    let Some(config) = node.truthy("FunctionUrlConfig") else { return Ok(()) };
    if !is_intrinsic(config) {
        check_auth(node, config)?;
        check_cors(node, config)?;
    }
    let mut url = node.made(format!("{}Url", node.id), "AWS::Lambda::Url", node.place("FunctionUrlConfig"))?;
    let make = url.make();
    let target = || alias.map_or_else(|| make.reference(node.id.clone()), Resource::reference);
    if config.truthy("Cors").is_some() {
        url.set_some("Cors", config.get("Cors"));
    }
    if let Some(map) = config.as_map() {
        url.copy(map, &["AuthType", "InvokeMode"]);
    }
    url.set("TargetFunctionArn", target());
    made.push(url);
    let auth = config.get("AuthType");
    if is_intrinsic(config) || auth.and_then(Value::as_str) != Some("NONE") {
        return Ok(());
    }
    let cause = auth.map_or(node.place("FunctionUrlConfig"), |auth| auth.origin);
    let mut public = node.made(format!("{}UrlPublicPermissions", node.id), "AWS::Lambda::Permission", cause)?;
    let make = public.make();
    public.set("Action", make.str("lambda:InvokeFunctionUrl"));
    public.set("FunctionName", target());
    public.set("Principal", make.str("*"));
    public.set_some("FunctionUrlAuthType", auth);
    made.push(public);
    let mut invoke = node.made(format!("{}URLInvokeAllowPublicAccess", node.id), "AWS::Lambda::Permission", cause)?;
    invoke.set("Action", make.str("lambda:InvokeFunction"));
    invoke.set("Principal", make.str("*"));
    invoke.set("FunctionName", target());
    invoke.set("InvokedViaFunctionUrl", make.bool(true));
    made.push(invoke);
    Ok(())
}

fn check_auth(node: &Node, config: &Value) -> Outcome<()> {
    let auth = config.truthy("AuthType");
    if auth.is_some_and(is_intrinsic) {
        return Ok(());
    }
    if auth.and_then(Value::as_str).is_some_and(|auth| matches!(auth, "AWS_IAM" | "NONE")) {
        return Ok(());
    }
    node.refuse(
        auth.map_or(config.origin, |auth| auth.origin),
        "AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE.",
    )
}

fn check_cors(node: &Node, config: &Value) -> Outcome<()> {
    let Some(cors) = config.truthy("Cors").filter(|cors| !is_intrinsic(cors)) else { return Ok(()) };
    for entry in cors.expect_map(Owner::Resource(&node.id), "FunctionUrlConfig.Cors")? {
        let (wanted, fits) = match &*entry.key {
            "AllowOrigins" | "AllowMethods" | "AllowHeaders" | "ExposeHeaders" => {
                ("list", matches!(entry.value.kind, Kind::List(_)))
            }
            "AllowCredentials" => ("bool", matches!(entry.value.kind, Kind::Bool(_))),
            "MaxAge" => ("int", matches!(entry.value.kind, Kind::Int(_) | Kind::Bool(_))),
            _ => {
                let text = format!("{} is not a valid property for configuring Cors.", entry.key);
                return node.refuse(entry.key_origin, text);
            }
        };
        if !fits && !is_intrinsic(&entry.value) {
            return node.refuse(entry.value.origin, format!("{} must be of type {wanted}.", entry.key));
        }
    }
    Ok(())
}
