use super::super::parameters;
use crate::policy;
use crate::policy::{Context, Place};
use std::collections::BTreeSet;

policy! {
    /// A hidden parameter stands where its value is shown.
    ///
    /// ## Why it matters
    ///
    /// `NoEcho` hides the value of a parameter where CloudFormation lists the parameters. It does not hide
    /// it in `Outputs`, in `Metadata` and in the metadata of resources: everyone who may describe the
    /// stack or its resources reads it there.
    ///
    /// ## How to fix
    ///
    /// Put out the name or ARN of the secret instead, and let instances read the secret themselves.
    ///
    /// ## When to suppress
    ///
    /// When the parameter is hidden for another reason than being a secret.
    ///
    /// ## Source
    ///
    /// AWS CloudFormation user guide, "Parameters" (`NoEcho` does not mask what is in `Metadata` and
    /// `Outputs`); cfn-lint W2010; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Parameters: {ApiKey: {Type: String, NoEcho: true}}
    /// Resources:
    ///   Topic: {Type: AWS::SNS::Topic}
    /// Outputs:
    ///   Call: {Value: !Sub 'curl -H "x-api-key: ${ApiKey}" https://api.example.com'}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Parameters: {ApiKeyName: {Type: String}}
    /// Resources:
    ///   Topic: {Type: AWS::SNS::Topic}
    /// Outputs:
    ///   Key: {Value: !Ref ApiKeyName}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters: {DbPassword: {Type: String, NoEcho: true}}
    /// Resources:
    ///   Topic:
    ///     Type: AWS::SNS::Topic
    ///     Metadata: {Setup: {Password: !Ref DbPassword}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters: {DbPassword: {Type: String, NoEcho: true}}
    /// Conditions: {HasPassword: !Not [!Equals [!Ref DbPassword, '']]}
    /// Resources:
    ///   Topic:
    ///     Type: AWS::SNS::Topic
    ///     Metadata: {Setup: {Password: /shop/db-password}}
    /// Outputs:
    ///   Protected: {Value: !If [HasPassword, 'yes', 'no']}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters: {CacheToken: {Type: String, NoEcho: true}}
    ///   Resources:
    ///     Topic: {Type: AWS::SNS::Topic}
    ///   Outputs:
    ///     Token: {Value: !Ref CacheToken}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters: {CacheToken: {Type: String, NoEcho: true}}
    ///   Resources:
    ///     Topic: {Type: AWS::SNS::Topic}
    ///   Outputs:
    ///     Topic: {Value: !Ref Topic}
    /// ```
    pub(super) static POLICY = "no-echo-parameter-shown" {
        category: Security, severity: Medium, profile: Recommended, fix: None, since: "0.1.0", risks: ["SAS-07"], check: check,
    }
}

fn check(cx: &mut Context<'_>) {
    let template = cx.template();
    let sections = ["Outputs", "Metadata"].into_iter().filter_map(|name| Some((name, None, template.root.get(name)?)));
    let resources = template.resources().filter(|resource| resource.exists() != Some(false));
    let own = resources.filter_map(|resource| Some(("metadata", Some(resource), resource.body().get("Metadata")?)));
    let mut seen = BTreeSet::new();
    for (section, resource, value) in sections.chain(own) {
        for reference in parameters::references(template, value) {
            let holder = resource.map_or(section, |resource| resource.id());
            if !parameters::is_hidden(template, reference.name)
                || reference.origin.is_generated()
                || !seen.insert((holder, reference.name))
            {
                continue;
            }
            let place = match resource {
                Some(resource) => Place::within(resource, reference.origin),
                None => Place::from(reference.origin),
            };
            let shown = match resource {
                Some(resource) => format!("the metadata of {}", resource.id()),
                None => format!("`{section}`"),
            };
            cx.report(place, format!("the NoEcho parameter {} is shown in {shown}", reference.name))
                .help("write the name or ARN of the secret there, and read its value where it is needed");
        }
    }
}
