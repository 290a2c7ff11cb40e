use super::warm;
use crate::graph::{Eval, Origin, Resource, Template, Value};
use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// Environments are kept warm in a stage that serves no users.
    ///
    /// What tells the stage: the stage or a parameter given for the check (`--stage`, `--param`), a mapping
    /// with one entry a stage, or a condition that holds for such a stage alone. The default of a
    /// parameter, or the framework's default stage `dev`, tells nothing.
    ///
    /// ## Why it matters
    ///
    /// Provisioned concurrency is billed by the hour whether anybody calls or not: 1 GB kept warm costs
    /// about 11 dollars a month (us-east-1, x86, 4.1667 micro-dollars a GB-second, 2026-10), in a stage
    /// where a cold start hurts nobody.
    ///
    /// ## How to fix
    ///
    /// Make it depend on the stage: 0 for the others in the mapping, or a condition for production.
    ///
    /// ## When to suppress
    ///
    /// When load tests run in that stage and must meet the environments of production.
    ///
    /// ## Source
    ///
    /// AWS Lambda pricing, "Provisioned concurrency"; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Parameters:
    ///   Stage: {Type: String}
    /// Mappings:
    ///   Warm: {dev: {Count: 2}, prod: {Count: 10}}
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: !FindInMap [Warm, !Ref Stage, Count]}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Parameters:
    ///   Stage: {Type: String, Default: dev}
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Serverless::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, CodeUri: src/, AutoPublishAlias: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 10}}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters:
    ///     Stage: {Type: String}
    ///   Conditions:
    ///     Testing: !Equals [!Ref Stage, test]
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: java21, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     Live:
    ///       Type: AWS::Lambda::Alias
    ///       Condition: Testing
    ///       Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: '1', ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Parameters:
    ///     Stage: {Type: String}
    ///   Conditions:
    ///     Live: !Equals [!Ref Stage, prod]
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::Lambda::Function
    ///       Properties: {Runtime: java21, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///     Alias:
    ///       Type: AWS::Lambda::Alias
    ///       Condition: Live
    ///       Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: '1', ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Parameters:
    ///   Stage: {Type: String}
    /// Conditions:
    ///   Testing: !Equals [!Ref Stage, test]
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Live:
    ///     Type: AWS::Lambda::Alias
    ///     Condition: Testing
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: '1', ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters:
    ///   Stage: {Type: String}
    /// Conditions:
    ///   Live: !Equals [!Ref Stage, prod]
    /// Resources:
    ///   Orders:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Runtime: java21, Handler: app.Main, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
    ///   Alias:
    ///     Type: AWS::Lambda::Alias
    ///     Condition: Live
    ///     Properties: {FunctionName: !Ref Orders, Name: live, FunctionVersion: '1', ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}
    /// ```
    pub(super) static POLICY = "provisioned-in-non-prod" {
        category: WarmUp, severity: Low, profile: Recommended, fix: None, since: "0.1.0", check: check,
    }
}

/// Names of stages that serve no users.
const STAGES: [&str; 10] =
    ["dev", "develop", "development", "test", "testing", "qa", "staging", "stage", "sandbox", "int"];

/// Names of parameters that hold a stage.
const PARAMETERS: [&str; 8] =
    ["stage", "stagename", "env", "environment", "environmentname", "envname", "deploymentstage", "deployenv"];

const COUNT: [&str; 2] = ["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"];

fn check(cx: &mut Context<'_>) {
    let template = cx.template();
    for holder in template.resources().filter(|one| matches!(one.ty(), "AWS::Lambda::Alias" | "AWS::Lambda::Version")) {
        if holder.exists() == Some(false) || holder.property(&["ProvisionedConcurrencyConfig"]).is_absent() {
            continue;
        }
        let found = mapped(template, holder).or_else(|| {
            let count = warm::instances(holder).map(|instances| instances.min).filter(|count| *count > 0)?;
            let (stage, why) = given(template).or_else(|| conditional(template, holder))?;
            Some((stage, count, why))
        });
        let Some((stage, count, why)) = found else { continue };
        let of = warm::function_of(cx.graph, holder).map_or(holder.id(), |function| function.name());
        let report = cx
            .report(
                Place::property(holder, &COUNT),
                format!("{of} keeps {count} environments warm in the stage {stage}, which serves no users"),
            )
            .help("keep none there: make the number depend on the stage");
        if let Some(origin) = why {
            report.related(origin, format!("this is for {stage}"));
        }
    }
}

fn is_stage(text: &str) -> bool {
    STAGES.contains(&&*text.to_ascii_lowercase())
}

/// The stage the user named for this check.
fn given(template: &Template) -> Option<(String, Option<Origin>)> {
    let inputs = template.inputs();
    let stage = inputs.stage.iter().find(|stage| is_stage(stage));
    let named = |name: &str| PARAMETERS.contains(&&*name.to_ascii_lowercase());
    let value =
        || inputs.parameters.iter().find(|(name, value)| named(name) && is_stage(value)).map(|(_, value)| value);
    stage.or_else(value).map(|stage| (stage.clone(), None))
}

/// The stage whose entry of a mapping is above 0.
fn mapped(template: &Template, holder: Resource<'_>) -> Option<(String, i64, Option<Origin>)> {
    let written = holder.properties()?.at(&COUNT)?;
    let [map, key, attribute] = written.get("Fn::FindInMap")?.as_list()? else { return None };
    // A literal key chooses by itself; a stage that is not known may be any of the mapping's.
    if key.as_str().is_some() {
        return None;
    }
    let entries = template.section("Mappings")?.get(map.as_str()?)?.as_map()?;
    entries.iter().filter(|entry| is_stage(&entry.key)).find_map(|entry| {
        let count = template.eval(entry.value.get(attribute.as_str()?)?).int().filter(|count| *count > 0)?;
        Some((entry.key.to_string(), count, Some(entry.value.origin)))
    })
}

/// The stage that the condition of the resource, a comparison with its name, holds for.
fn conditional(template: &Template, holder: Resource<'_>) -> Option<(String, Option<Origin>)> {
    let name = holder.body().get("Condition")?.as_str()?;
    let condition = template.section("Conditions")?.get(name)?;
    let [left, right] = condition.get("Fn::Equals")?.as_list()? else { return None };
    let literal = |one: &Value, other: &Value| {
        let parameter = other.get("Ref").and_then(Value::as_str).is_some();
        match template.eval(one) {
            Eval::Known(value) if parameter => value.as_str().filter(|text| is_stage(text)).map(str::to_owned),
            _ => None,
        }
    };
    let stage = literal(left, right).or_else(|| literal(right, left))?;
    Some((stage, Some(condition.origin)))
}
