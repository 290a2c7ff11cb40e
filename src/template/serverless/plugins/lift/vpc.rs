//! `vpc`: a network of two zones with a gateway each, which all functions run in.

use super::Construct;
use crate::template::serverless::output::Output;
use crate::template::serverless::service::Service;
use serde_json::json;

/// Puts all functions into the network, unless the service names another one.
pub fn configure(construct: Construct<'_>, service: &mut Service) {
    let maker = construct.maker();
    let subnet = |name| maker.reference(construct.id(&[name, "Subnet"]));
    let vpc = maker.map([
        ("securityGroupIds", maker.list([maker.get_att(construct.resource("AppSecurityGroup"), "GroupId")])),
        ("subnetIds", maker.list([subnet("PrivateSubnet1"), subnet("PrivateSubnet2")])),
    ]);
    if let Some(provider) = service.provider.as_map_mut().filter(|provider| !provider.contains_key("vpc")) {
        provider.insert_at("vpc", maker.origin(), vpc);
    }
}

pub fn resources(construct: Construct<'_>, out: &mut Output) {
    let name = format!("Default/{}", construct.name);
    let tags = |name: &str| json!([{"Key": "Name", "Value": name}]);
    let vpc = construct.id(&["Resource"]);
    let (gateway, attachment) = (construct.id(&["IGW"]), construct.id(&["VPCGW"]));
    construct.put(
        out,
        vpc.clone(),
        json!({
            "Type": "AWS::EC2::VPC",
            "Properties": {
                "CidrBlock": "10.0.0.0/16",
                "EnableDnsHostnames": true,
                "EnableDnsSupport": true,
                "InstanceTenancy": "default",
                "Tags": tags(&name),
            },
        }),
    );
    construct.put(
        out,
        gateway.clone(),
        json!({"Type": "AWS::EC2::InternetGateway", "Properties": {"Tags": tags(&name)}}),
    );
    construct.put(
        out,
        attachment.clone(),
        json!({
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"InternetGatewayId": {"Ref": gateway}, "VpcId": {"Ref": vpc}},
        }),
    );
    for (at, (kind, number)) in [("Public", 1), ("Public", 2), ("Private", 1), ("Private", 2)].into_iter().enumerate() {
        let part = format!("{kind}Subnet{number}");
        let id = |name: &str| construct.id(&[&part, name]);
        let name = format!("{name}/{part}");
        let public = kind == "Public";
        construct.put(
            out,
            id("Subnet"),
            json!({
                "Type": "AWS::EC2::Subnet",
                "Properties": {
                    "AvailabilityZone": {"Fn::Select": [number - 1, {"Fn::GetAZs": ""}]},
                    "CidrBlock": format!("10.0.{}.0/18", at * 64),
                    "MapPublicIpOnLaunch": public,
                    "Tags": [
                        {"Key": "aws-cdk:subnet-name", "Value": kind},
                        {"Key": "aws-cdk:subnet-type", "Value": kind},
                        {"Key": "Name", "Value": name},
                    ],
                    "VpcId": {"Ref": vpc},
                },
            }),
        );
        construct.put(
            out,
            id("RouteTable"),
            json!({
                "Type": "AWS::EC2::RouteTable",
                "Properties": {"Tags": tags(&name), "VpcId": {"Ref": vpc}},
            }),
        );
        construct.put(
            out,
            id("RouteTableAssociation"),
            json!({
                "Type": "AWS::EC2::SubnetRouteTableAssociation",
                "Properties": {"RouteTableId": {"Ref": id("RouteTable")}, "SubnetId": {"Ref": id("Subnet")}},
            }),
        );
        let mut route = json!({
            "Type": "AWS::EC2::Route",
            "Properties": {"DestinationCidrBlock": "0.0.0.0/0", "RouteTableId": {"Ref": id("RouteTable")}},
        });
        if public {
            route["Properties"]["GatewayId"] = json!({"Ref": gateway});
            route["DependsOn"] = json!([attachment]);
            construct.put(
                out,
                id("EIP"),
                json!({"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc", "Tags": tags(&name)}}),
            );
            construct.put(
                out,
                id("NATGateway"),
                json!({
                    "Type": "AWS::EC2::NatGateway",
                    "Properties": {
                        "AllocationId": {"Fn::GetAtt": [id("EIP"), "AllocationId"]},
                        "SubnetId": {"Ref": id("Subnet")},
                        "Tags": tags(&name),
                    },
                    "DependsOn": [id("DefaultRoute"), id("RouteTableAssociation")],
                }),
            );
        } else {
            let translator = construct.id(&[&format!("PublicSubnet{number}"), "NATGateway"]);
            route["Properties"]["NatGatewayId"] = json!({"Ref": translator});
        }
        construct.put(out, id("DefaultRoute"), route);
    }
    construct.put(
        out,
        construct.resource("AppSecurityGroup"),
        json!({
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": format!("{name}/AppSecurityGroup"),
                "SecurityGroupEgress": [{
                    "CidrIp": "0.0.0.0/0",
                    "Description": "Allow all outbound traffic by default",
                    "IpProtocol": "-1",
                }],
                "Tags": tags(&name),
                "VpcId": {"Ref": vpc},
            },
        }),
    );
}
