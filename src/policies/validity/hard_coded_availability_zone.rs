use crate::finding::Severity;
use crate::graph::{Resource, Value};
use crate::policy;
use crate::policy::{Context, Place, Remedy};
use crate::schema::Table;
use serde_json::json;

policy! {
    /// An availability zone is written out.
    ///
    /// ## Why it matters
    ///
    /// The template deploys in one region only, and only in accounts that have the zone: which zones an
    /// account may use differs, and new ones are opened to some.
    ///
    /// ## How to fix
    ///
    /// Choose a zone of the region of the deployment, `!Select [0, !GetAZs '']`, or take it from a
    /// parameter of the type `AWS::EC2::AvailabilityZone::Name`. Where the region of the deployment is
    /// known, zones of that region pass, and zones of another one are errors.
    ///
    /// ## When to suppress
    ///
    /// When the resource must be in the very zone of something that exists already.
    ///
    /// ## Source
    ///
    /// Amazon EC2 user guide, "Regions and Zones" (zones differ between accounts); AWS CloudFormation user
    /// guide, `Fn::GetAZs`; cfn-lint W3010; read 2026-11.
    ///
    /// ## Examples
    ///
    /// ```yaml,sam,fail
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Subnet:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0a1b2c3d, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}
    /// ```
    ///
    /// ```yaml,sam,pass
    /// Transform: AWS::Serverless-2016-10-31
    /// Resources:
    ///   Subnet:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0a1b2c3d, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Select [0, !GetAZs '']}
    /// ```
    ///
    /// ```yaml,cloudformation,fail
    /// Resources:
    ///   Subnet:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0a1b2c3d, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}
    /// ```
    ///
    /// ```yaml,cloudformation,pass
    /// Parameters: {Zone: {Type: 'AWS::EC2::AvailabilityZone::Name'}}
    /// Resources:
    ///   Subnet:
    ///     Type: AWS::EC2::Subnet
    ///     Properties: {VpcId: vpc-0a1b2c3d, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Ref Zone}
    ///   Targets:
    ///     Type: AWS::ElasticLoadBalancingV2::TargetGroup
    ///     Properties: {TargetType: ip, Port: 80, Protocol: HTTP, VpcId: vpc-0a1b2c3d, Targets: [{Id: 10.1.0.4, AvailabilityZone: all}]}
    /// ```
    ///
    /// ```yaml,serverless,fail
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, region: eu-central-1}
    /// resources:
    ///   Resources:
    ///     Subnet:
    ///       Type: AWS::EC2::Subnet
    ///       Properties: {VpcId: vpc-0a1b2c3d, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-west-1a}
    /// ```
    ///
    /// ```yaml,serverless,pass
    /// service: shop
    /// provider: {name: aws, runtime: nodejs22.x, region: eu-west-1}
    /// resources:
    ///   Resources:
    ///     Subnet:
    ///       Type: AWS::EC2::Subnet
    ///       Properties: {VpcId: vpc-0a1b2c3d, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Select [0, !GetAZs '']}
    /// ```
    pub(super) static POLICY = "hard-coded-availability-zone" {
        category: Validity, severity: Low, profile: Recommended, fix: Sometimes, since: "0.1.0", check: check,
    }
}

/// Values within values; what is nested deeper is left alone.
const MAX_DEPTH: u32 = 60;

fn check(cx: &mut Context<'_>) {
    let mut zones = Vec::new();
    for resource in cx.template().resources().filter(|resource| resource.exists() != Some(false)) {
        if let Some(properties) = resource.properties() {
            collect(resource, properties, "", 0, &mut zones);
        }
    }
    let deployed = cx.template().pseudo_parameter("AWS::Region");
    for (resource, value, zone, region) in zones {
        let elsewhere = deployed.as_deref().map(|deployed| deployed != region);
        if elsewhere == Some(false) || value.origin.is_generated() {
            continue;
        }
        let message = match &deployed {
            Some(deployed) => format!("{} asks for the zone {zone}, and is deployed to {deployed}", resource.id()),
            None => format!("{} asks for the zone {zone}, which ties the template to {region}", resource.id()),
        };
        let index = zone.bytes().next_back().map_or(0, |letter| letter.saturating_sub(b'a'));
        let choice = json!({ "Fn::Select": [index, { "Fn::GetAZs": "" }] });
        let severity = if elsewhere.is_some() { Severity::High } else { Severity::Low };
        cx.report(Place::within(resource, value.origin), message)
            .severity(severity)
            .help("choose a zone of the region of the deployment: `!Select [0, !GetAZs '']`")
            .remedy(Remedy::risky("Choose a zone of the region").wrap(value.origin, choice));
    }
}

/// The zones written out below `value`: resource, value, zone and the region of the zone.
fn collect<'t>(
    resource: Resource<'t>,
    value: &'t Value,
    name: &str,
    depth: u32,
    found: &mut Vec<(Resource<'t>, &'t Value, &'t str, &'t str)>,
) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(zone) = value.as_str().filter(|_| matches!(name, "AvailabilityZone" | "AvailabilityZones")) {
        let region = zone.strip_suffix(|letter: char| letter.is_ascii_lowercase());
        if let Some(region) = region.filter(|region| Table::embedded().regions().has(region)) {
            found.push((resource, value, zone, region));
        }
        return;
    }
    for item in value.as_list().unwrap_or_default() {
        collect(resource, item, name, depth + 1, found);
    }
    for entry in value.as_map().into_iter().flat_map(|map| map.iter()) {
        match &*entry.key {
            // Both branches stand for the value itself; what other functions make is not written out.
            "Fn::If" => collect(resource, &entry.value, name, depth + 1, found),
            key if key == "Ref" || key.starts_with("Fn::") => {}
            key => collect(resource, &entry.value, key, depth + 1, found),
        }
    }
}
