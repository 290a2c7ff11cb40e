use crate::policy;
use crate::policy::{Context, Place};

policy! {
    /// A table does not say how it is billed and pays for capacity by the hour.
    ///
    /// Reported is a table with `ProvisionedThroughput`, without `BillingMode` and without auto scaling.
    ///
    /// ## Why it matters
    ///
    /// Without `BillingMode` a table is `PROVISIONED`: its capacity is paid by the hour whether it is used or
    /// not, and requests beyond it are refused. On demand a table costs nothing without traffic, and takes what
    /// comes.
    ///
    /// ## How to fix
    ///
    /// Set `BillingMode: PAY_PER_REQUEST` and remove `ProvisionedThroughput`; or write `BillingMode: PROVISIONED`
    /// and let it scale, where the load is steady.
    ///
    /// ## When to suppress
    ///
    /// Not needed: `BillingMode: PROVISIONED` says that it is meant.
    ///
    /// ## Source
    ///
    /// Amazon DynamoDB pricing and developer guide, "Read/write capacity mode"; cfn_nag W73; read 2026-10.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], ProvisionedThroughput: {ReadCapacityUnits: 20, WriteCapacityUnits: 20}}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], ProvisionedThroughput: {ReadCapacityUnits: 20, WriteCapacityUnits: 20}}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x}
    /// resources:
    ///   Resources:
    ///     Orders:
    ///       Type: AWS::DynamoDB::Table
    ///       Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], ProvisionedThroughput: {ReadCapacityUnits: 20, WriteCapacityUnits: 20}}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Resources:
    ///   Orders:
    ///     Type: AWS::DynamoDB::Table
    ///     Properties: {BillingMode: PROVISIONED, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}], ProvisionedThroughput: {ReadCapacityUnits: 20, WriteCapacityUnits: 20}}
    /// ```
    pub(super) static POLICY = "table-billing-mode-missing" {
        category: Cost, severity: Info, profile: Strict, fix: None, since: "0.1.0", check: check,
    }
}

/// Where scaling of a table is declared.
const SCALING: &str = "AWS::ApplicationAutoScaling::ScalableTarget";

fn check(cx: &mut Context<'_>) {
    let costs = cx.costs();
    // What scales may be named by an expression that cannot be read: then nothing is said.
    let scales = cx.graph.existing(SCALING).any(|target| {
        let dimension = target.property(&["ScalableDimension"]).text();
        dimension.is_none_or(|dimension| dimension.starts_with("dynamodb:"))
    });
    if scales {
        return;
    }
    for table in cx.graph.existing("AWS::DynamoDB::Table") {
        let units = |name: &str| table.property(&["ProvisionedThroughput", name]).int();
        let (Some(read), Some(write)) = (units("ReadCapacityUnits"), units("WriteCapacityUnits")) else { continue };
        if !table.property(&["BillingMode"]).is_absent() {
            continue;
        }
        let paid = costs.estimate().resources.iter().find(|one| one.name == table.id());
        let cost = paid.map_or(String::new(), |one| {
            format!(": {} a month without any traffic{}", costs.money(one.baseline), costs.basis())
        });
        cx.report(
            Place::property(table, &["ProvisionedThroughput"]),
            format!("{} is billed for {read} read and {write} write units by the hour{cost}", table.id()),
        )
        .help("set BillingMode: PAY_PER_REQUEST and remove the throughput, or say PROVISIONED where it is meant");
    }
}
