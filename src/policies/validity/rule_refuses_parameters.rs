use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// The parameters given for the deployment break a rule of the template.
    ///
    /// ## Why it matters
    ///
    /// CloudFormation checks the `Rules` section before it makes anything and refuses the deployment.
    /// Only parameters that are given (`--param`, the configuration, a parameter file) are held against the
    /// rules: a default may be there to be replaced.
    ///
    /// ## How to fix
    ///
    /// Give other values, or mend the rule.
    ///
    /// ## Examples
    ///
    /// ```yaml,cloudformation,fail,Size=s
    /// Parameters:
    ///   Size: {Type: String}
    /// Rules:
    ///   Large:
    ///     Assertions:
    ///       - Assert: {'Fn::Contains': [[l, xl], !Ref Size]}
    ///         AssertDescription: the queue of this team is large
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: size, Value: !Ref Size}]}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass,Size=xl
    /// Parameters:
    ///   Size: {Type: String}
    /// Rules:
    ///   Large:
    ///     Assertions:
    ///       - Assert: {'Fn::Contains': [[l, xl], !Ref Size]}
    ///         AssertDescription: the queue of this team is large
    /// Resources:
    ///   Jobs: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: size, Value: !Ref Size}]}}
    /// ```
    pub(super) static POLICY = "rule-refuses-parameters" {
        category: Validity, severity: High, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let graph = cx.graph;
    for refusal in graph.template().rule_refusals() {
        let message = match refusal.description {
            Some(description) => format!("the rule `{}` refuses the given parameters: {description}", refusal.rule),
            None => format!("the rule `{}` refuses the given parameters", refusal.rule),
        };
        let names: Vec<String> = refusal.parameters.iter().map(|name| format!("`{name}`")).collect();
        let help = format!("give another value for {}", names.join(" or "));
        cx.report(Place { origin: refusal.origin, resource: None }, message).help(help);
    }
}
