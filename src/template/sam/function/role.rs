//! The execution role of a function.

use super::{created_tags, is_traced};
use crate::template::sam::expander::Expander;
use crate::template::sam::iam;
use crate::template::sam::intrinsics::{self, IF_ARGUMENTS};
use crate::template::sam::policies::{self, RoleParts};
use crate::template::sam::python::Lookup;
use crate::template::sam::refusal::Outcome;
use crate::template::sam::resource::{Node, Resource};
use crate::template::value::{Maker, Value};

/// The role that the function has unless it names one. `inline` is granted by its
/// destinations.
pub fn construct(cx: &Expander, node: &mut Node, inline: Vec<Value>) -> Outcome<Resource> {
    let traced = is_traced(cx, node)?;
    let make = node.make();
    let basic = match node.truthy("DurableConfig") {
        Some(durable) => {
            cx.managed(Maker::new(durable.origin), "service-role/AWSLambdaBasicDurableExecutionRolePolicy")
        }
        None => cx.managed(make, "service-role/AWSLambdaBasicExecutionRole"),
    };
    let mut managed = vec![basic];
    if let Some(tracing) = node.get("Tracing").filter(|_| traced) {
        managed.push(cx.managed(Maker::new(tracing.origin), iam::tracing_policy(cx.partition)));
    }
    if let Some(vpc) = node.truthy("VpcConfig") {
        managed.push(cx.managed(Maker::new(vpc.origin), "service-role/AWSLambdaVPCAccessExecutionRole"));
    }
    let mut documents = Vec::new();
    if let Some(queue) = node.truthy("DeadLetterQueue")
        && let Some(target) = queue.get("TargetArn")
    {
        let action = if queue.is("Type", "SNS") { "sns:Publish" } else { "sqs:SendMessage" };
        documents.push(iam::dead_letter(Maker::new(queue.origin), action, target.clone()));
    }
    documents.extend(inline);
    let assume =
        node.get("AssumeRolePolicyDocument").cloned().unwrap_or_else(|| iam::assume_role(make, "lambda.amazonaws.com"));
    let policies = node.get("Policies");
    let cause = node.place("Policies");
    policies::role(
        node,
        cx.partition,
        cause,
        RoleParts {
            assume,
            managed,
            inline: documents,
            policies,
            path: node.get("RolePath"),
            boundary: node.get("PermissionsBoundary"),
            tags: created_tags(node)?,
        },
    )
}

/// Lets the function use `role` where it names none; answers whether it does.
pub fn attach(cx: &mut Expander, node: &mut Node, function: &mut Resource, role: &mut Resource) -> Outcome<bool> {
    let Some(written) = function.properties.get_mut("Role") else {
        function.set("Role", role.get_att("Arn"));
        return Ok(true);
    };
    if intrinsics::if_argument(written).is_none() {
        return Ok(false);
    }
    cx.parameters.resolve(written)?;
    let make = Maker::new(written.origin);
    let Some(argument) = intrinsics::if_argument(written) else { return Ok(false) };
    let Some((condition, then, otherwise)) = intrinsics::if_arguments(argument) else {
        return node.refuse(written.origin, format!("Malformed 'Role' property: {IF_ARGUMENTS}."));
    };
    let own = role.get_att("Arn");
    let (value, condition) = match (intrinsics::is_no_value(then), intrinsics::is_no_value(otherwise)) {
        (true, true) => (own, None),
        (true, false) => {
            let value = intrinsics::either(make, condition.clone(), own, otherwise.clone());
            (value, Some(condition.clone()))
        }
        (false, true) => {
            let name = condition.as_str().unwrap_or_default();
            let not = format!("NOT{name}");
            let definition = make.map([("Fn::Not", make.list([make.map([("Condition", condition.clone())])]))]);
            let value = intrinsics::either(make, condition.clone(), then.clone(), own);
            cx.add_condition(not.as_str(), definition);
            (value, Some(make.str(not)))
        }
        (false, false) => return Ok(false),
    };
    if let Some(condition) = condition {
        role.attributes.insert("Condition", condition);
    }
    function.set("Role", value);
    Ok(true)
}
