//! What has no price here, and why. A type is named unless it is known to cost nothing by
//! itself: an unknown service is more likely charged than free.

use crate::estimate::traffic::ty;
use crate::graph::{NodeKind, NodeRef};

/// Types, or families of types ending in `::`, that cost nothing by themselves, or whose cost
/// is that of another resource.
const FREE: &[&str] = &[
    "AWS::ApiGateway::",
    "AWS::ApiGatewayV2::",
    "AWS::AppSync::",
    "AWS::ApplicationAutoScaling::",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::AutoScaling::LifecycleHook",
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::AutoScaling::ScheduledAction",
    "AWS::CDK::Metadata",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFormation::",
    "AWS::CloudFront::CloudFrontOriginAccessIdentity",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::CodeDeploy::",
    "AWS::CodeStarConnections::",
    "AWS::CodeStarNotifications::",
    "AWS::Cognito::",
    "AWS::DAX::ParameterGroup",
    "AWS::DAX::SubnetGroup",
    "AWS::DLM::",
    "AWS::EC2::CustomerGateway",
    "AWS::EC2::DHCPOptions",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::EIPAssociation",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::KeyPair",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::PlacementGroup",
    "AWS::EC2::PrefixList",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetCidrBlock",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::TransitGatewayRoute",
    "AWS::EC2::TransitGatewayRouteTable",
    "AWS::EC2::TransitGatewayRouteTableAssociation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::VPCDHCPOptionsAssociation",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::VolumeAttachment",
    "AWS::ECS::Cluster",
    "AWS::ECS::TaskDefinition",
    "AWS::EFS::AccessPoint",
    "AWS::EFS::MountTarget",
    "AWS::EventSchemas::",
    "AWS::Events::",
    "AWS::ElastiCache::ParameterGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Glue::Classifier",
    "AWS::Glue::Connection",
    "AWS::Glue::Trigger",
    "AWS::Glue::Workflow",
    "AWS::IAM::",
    "AWS::IoT::Certificate",
    "AWS::IoT::Policy",
    "AWS::IoT::PolicyPrincipalAttachment",
    "AWS::IoT::Thing",
    "AWS::IoT::ThingPrincipalAttachment",
    "AWS::IoT::ThingType",
    "AWS::KMS::Alias",
    "AWS::Kinesis::ResourcePolicy",
    "AWS::LakeFormation::",
    "AWS::Lambda::",
    "AWS::Logs::",
    "AWS::Organizations::",
    "AWS::OpenSearchServerless::AccessPolicy",
    "AWS::OpenSearchServerless::SecurityPolicy",
    "AWS::RAM::",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::EventSubscription",
    "AWS::RDS::OptionGroup",
    "AWS::Redshift::ClusterParameterGroup",
    "AWS::Redshift::ClusterSubnetGroup",
    "AWS::ResourceGroups::",
    "AWS::Route53::RecordSet",
    "AWS::Route53::RecordSetGroup",
    "AWS::S3::AccessPoint",
    "AWS::S3::BucketPolicy",
    "AWS::SAM::",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::EmailIdentity",
    "AWS::SES::ReceiptFilter",
    "AWS::SES::ReceiptRule",
    "AWS::SES::ReceiptRuleSet",
    "AWS::SES::Template",
    "AWS::SNS::",
    "AWS::SQS::",
    "AWS::SSM::Association",
    "AWS::SSM::Document",
    "AWS::SSM::MaintenanceWindow",
    "AWS::SSM::MaintenanceWindowTarget",
    "AWS::SSM::MaintenanceWindowTask",
    "AWS::SSM::PatchBaseline",
    "AWS::Scheduler::",
    "AWS::SecretsManager::",
    "AWS::ServiceCatalog::",
    "AWS::ServiceDiscovery::HttpNamespace",
    "AWS::Signer::",
    "AWS::StepFunctions::",
    "AWS::WAFv2::IPSet",
    "AWS::WAFv2::LoggingConfiguration",
    "AWS::WAFv2::RegexPatternSet",
    "AWS::WAFv2::WebACLAssociation",
    "AWS::XRay::",
];

/// Types with a meter of their own in [`super::charge`], outside the families above.
const PRICED: &[&str] = &[
    "AWS::CloudFront::Distribution",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::EIP",
    "AWS::EC2::NatGateway",
    "AWS::KMS::Key",
    "AWS::KMS::ReplicaKey",
    "AWS::Kinesis::Stream",
    "AWS::Kinesis::StreamConsumer",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::Pipes::Pipe",
    "AWS::Route53::HostedZone",
    "AWS::S3::Bucket",
    "AWS::SSM::Parameter",
    "AWS::WAFv2::WebACL",
];

/// Why a type, or a family of types, has no price here; the first that fits counts.
const REASONS: &[(&str, &str)] = &[
    ("AWS::AppSync::Api", "an event API is charged by operations; no price in the table"),
    ("AWS::AppSync::ChannelNamespace", "charged with its event API"),
    ("AWS::Lambda::MicrovmImage", "snapshots are charged by their size"),
    ("AWS::Lambda::NetworkConnector", "no price of its kind in the table"),
    ("AWS::AppSync::ApiCache", "instance prices of its cache are not in the table"),
    ("AWS::Cognito::UserPoolRiskConfigurationAttachment", "advanced security is charged by active users"),
    ("AWS::CloudFormation::Stack", "a nested stack: estimate its own template"),
    ("AWS::CloudFormation::CustomResource", "what a custom resource creates is not known"),
    ("AWS::Serverless::Application", "a nested application: estimate its own template"),
    ("AWS::ApiGateway::VpcLink", "its load balancer is charged by the hour and by traffic"),
    ("AWS::ApiGateway::DomainNameV2", "no price of private domain names in the table"),
    ("AWS::AutoScaling::", "charged by the instances that run"),
    ("AWS::EC2::Instance", "instance prices are not in the table"),
    ("AWS::EC2::Volume", "charged by the storage provisioned"),
    ("AWS::EC2::", "no price of its service in the table"),
    ("AWS::ECS::Service", "charged by the tasks that run"),
    ("AWS::RDS::", "instance and storage prices are not in the table"),
    ("AWS::ElastiCache::", "node prices are not in the table"),
    ("AWS::ECR::", "charged by the images stored"),
    ("AWS::S3::", "charged by what is stored and scanned"),
    ("AWS::IoT::", "charged by messages and rule actions; no price in the table"),
    ("AWS::CodeBuild::", "charged by the minutes of builds"),
    ("AWS::CodePipeline::", "charged by active pipelines and action minutes"),
    ("AWS::ElasticLoadBalancingV2::", "charged by the hour and by capacity units; no price in the table"),
    ("AWS::CodeCommit::", "charged by active users beyond the fifth"),
    ("AWS::SDB::", "charged by the hours of its machines"),
    ("AWS::Budgets::", "the first budgets are free, actions are charged by the day"),
];

/// Why there is no price of `node`; none for what is priced, or costs nothing by itself.
pub fn reason(node: NodeRef<'_>) -> Option<&'static str> {
    let ty = ty(node);
    if ty.is_empty() || PRICED.contains(&ty) {
        return None;
    }
    let fits = |family: &str| ty == family || family.ends_with("::") && ty.starts_with(family);
    if node.kind() == NodeKind::Custom {
        return Some("what a custom resource creates is not known");
    }
    if let Some((_, reason)) = REASONS.iter().find(|(family, _)| fits(family) && !free_exactly(ty)) {
        return Some(reason);
    }
    if FREE.iter().any(|family| fits(family)) {
        return None;
    }
    Some("no price of its service in the table")
}

/// Whether resources of the type of `node` may be on a bill at all.
pub fn is_charged(node: NodeRef<'_>) -> bool {
    let ty = ty(node);
    let by_kind = matches!(
        node.kind(),
        NodeKind::Function
            | NodeKind::RestApi
            | NodeKind::HttpApi
            | NodeKind::WebSocketApi
            | NodeKind::GraphQlApi
            | NodeKind::Queue
            | NodeKind::Topic
            | NodeKind::Bus
            | NodeKind::StateMachine
            | NodeKind::Schedule
            | NodeKind::Secret
            | NodeKind::LogGroup
    );
    by_kind || PRICED.contains(&ty) || reason(node).is_some()
}

/// A type that is free although its family is not.
fn free_exactly(ty: &str) -> bool {
    FREE.contains(&ty)
}
