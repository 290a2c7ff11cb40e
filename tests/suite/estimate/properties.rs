//! What must hold for every application: traffic is neither lost nor invented, cost grows with
//! every rate, tiers are continuous, a difference is the negative of the one back.

use crate::estimate::estimating::Application;
use crate::estimate::estimating::random::{Random, application, usage};
use dewline::estimate::traffic::solve::{Arc, Order};
use dewline::estimate::{Comparison, Estimate, Range};
use dewline::facts::prices::Prices;
use std::collections::BTreeSet;

const REGION: &str = "us-east-1";
const SEEDS: u64 = 24;

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1e-9)
}

/// Names that take a rate: where traffic enters and no schedule says how much.
fn open_entries(answer: &Estimate) -> Vec<String> {
    let names: BTreeSet<String> =
        answer.entries.iter().filter(|entry| !entry.scheduled).map(|entry| entry.resource.clone()).collect();
    names.into_iter().collect()
}

/// An application of a seed, with the names of its entries.
fn made(seed: u64) -> (Application, Vec<String>) {
    let mut random = Random::new(seed);
    let functions = 2 + random.below(12);
    let own = Application::new(&application(&mut random, functions, seed.is_multiple_of(3)), REGION);
    let names = open_entries(&own.cost("", REGION, false));
    (own, names)
}

#[test]
fn traffic_is_neither_lost_nor_invented() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let count = 3 + random.below(30);
        // Every site but the last passes all of its events on, to later sites alone.
        let mut arcs: Vec<Vec<Arc>> = vec![Vec::new(); count];
        for (from, own) in arcs.iter_mut().enumerate().take(count - 1) {
            let ways = 1 + random.below(3);
            let weights: Vec<f64> = (0..ways).map(|_| random.share() + 0.01).collect();
            let sum: f64 = weights.iter().sum();
            for weight in weights {
                let to = from + 1 + random.below(count - from - 1);
                own.push(Arc { to, factor: weight / sum, known: true });
            }
        }
        let ends: Vec<Vec<usize>> = arcs.iter().map(|own| own.iter().map(|arc| arc.to).collect()).collect();
        let order = Order::new(&ends);
        let entering: Vec<(usize, f64)> =
            (0..=random.below(3)).map(|_| (random.below(count - 1), 1.0 + random.share() * 1e6)).collect();
        let visits = order.carry(&entering, |site| &arcs[site]);
        let entered: f64 = entering.iter().map(|(_, events)| events).sum();
        assert!(near(visits.at(count - 1), entered), "seed {seed}: {} of {entered} arrive", visits.at(count - 1));
        // What arrives at a site is what its ways bring and what enters there.
        for site in 0..count {
            let brought: f64 = (0..count)
                .flat_map(|from| arcs[from].iter().map(move |arc| (from, arc)))
                .filter(|(_, arc)| arc.to == site)
                .map(|(from, arc)| visits.at(from) * arc.factor)
                .sum();
            let own: f64 = entering.iter().filter(|(at, _)| *at == site).map(|(_, events)| events).sum();
            assert!(near(visits.at(site), brought + own), "seed {seed}, site {site}");
        }
    }
}

#[test]
fn a_loop_comes_to_its_geometric_sum() {
    for seed in 0..50 {
        let share = Random::new(seed).share() * 0.8;
        let arcs = [
            vec![Arc { to: 1, factor: 1.0, known: true }],
            vec![Arc { to: 0, factor: share, known: true }, Arc { to: 2, factor: 1.0 - share, known: true }],
            vec![],
        ];
        let ends: Vec<Vec<usize>> = arcs.iter().map(|own| own.iter().map(|arc| arc.to).collect()).collect();
        let visits = Order::new(&ends).carry(&[(0, 1.0)], |site| &arcs[site]);
        // The loop ends after 16 rounds: what is left by then is at most the share to that power.
        let lost = share.powi(16);
        assert!((visits.at(2) - 1.0).abs() <= lost + 1e-9, "seed {seed}: {}", visits.at(2));
        assert!((visits.at(0) - 1.0 / (1.0 - share)).abs() <= lost / (1.0 - share) + 1e-9, "seed {seed}");
    }
}

#[test]
fn every_dollar_has_a_resource_a_service_and_a_path() {
    for seed in 0..SEEDS {
        let (own, names) = made(seed);
        let mut random = Random::new(seed + 1000);
        let answer = own.cost(&usage(&names, |_| random.share() * 1e7), REGION, seed % 2 == 0);
        for (bound, total) in [(0, answer.total.low), (1, answer.total.expected), (2, answer.total.high)] {
            let at = |range: &Range| [range.low, range.expected, range.high][bound];
            let services: f64 = answer.services.values().map(at).sum();
            let resources: f64 = answer.resources.iter().map(|one| at(&one.monthly)).sum();
            // Bounds of parts enclose their expected value; the middle adds up exactly.
            if bound == 1 {
                assert!(near(services, total), "seed {seed}: services {services} of {total}");
                assert!(near(resources, total), "seed {seed}: resources {resources} of {total}");
            }
        }
        assert!(answer.entries.iter().all(|entry| entry.monthly.is_some()), "seed {seed}: every rate is given");
        let paths: f64 = answer.entries.iter().filter_map(|entry| entry.monthly).map(|cost| cost.expected).sum();
        let sum = paths + answer.baseline;
        if seed % 2 == 1 {
            assert!(near(sum, answer.total.expected), "seed {seed}: paths {sum} of {}", answer.total.expected);
        }
        for entry in &answer.entries {
            let payers: f64 = entry.resources.values().sum();
            assert!(near(payers, entry.per_million.expected), "seed {seed}: {}", entry.name);
        }
    }
}

#[test]
fn cost_grows_with_every_rate() {
    for seed in 0..SEEDS / 2 {
        let (own, names) = made(seed);
        for (raised, name) in names.iter().enumerate().take(3) {
            let mut before = 0.0;
            for factor in [0.0, 1.0, 1e3] {
                let mut random = Random::new(seed + 2000);
                let text = usage(&names, |index| {
                    let rate = random.share() * 1e4;
                    if index == raised { rate * factor } else { rate }
                });
                let cost = own.cost(&text, REGION, seed % 2 == 0).total.expected;
                assert!(cost >= before * (1.0 - 1e-12), "seed {seed}: {name} at {factor}: {before} to {cost}");
                before = cost;
            }
        }
    }
}

#[test]
fn tiers_are_continuous_and_never_fall() {
    let prices = Prices::embedded();
    let mut seen = 0;
    for meter in prices.meters() {
        for region in prices.regions(meter) {
            let price = prices.get(meter, region).unwrap();
            for (from, _) in &price.tiers {
                let step = from.abs().max(1.0) * 1e-9;
                let (below, at, above) = (price.cost(from - step), price.cost(*from), price.cost(from + step));
                let dearest = price.tiers.iter().map(|(_, price)| *price).fold(0.0, f64::max);
                assert!(below <= at && at <= above, "{meter} {region}: falls at {from}");
                assert!(above - below <= 2.0 * step * dearest * (1.0 + 1e-6), "{meter} {region}: jumps at {from}");
                seen += 1;
            }
        }
    }
    assert!(seen > 400, "{seen} tiers");
}

#[test]
fn a_difference_is_the_negative_of_the_one_back() {
    let estimates: Vec<Estimate> = (0..SEEDS)
        .map(|seed| {
            let (own, names) = made(seed);
            let mut random = Random::new(seed + 3000);
            own.cost(&usage(&names, |_| random.share() * 1e6), REGION, false)
        })
        .collect();
    for (index, one) in estimates.iter().enumerate() {
        let same = Comparison::new(one, one);
        assert!(same.is_empty(), "{same:?}");
        let other = &estimates[(index + 1) % estimates.len()];
        let (there, back) = (Comparison::new(one, other), Comparison::new(other, one));
        assert!(!there.is_empty());
        let opposite = |a: f64, b: f64| assert!((a + b).abs() <= f64::EPSILON * a.abs(), "{a} and {b}");
        opposite(there.total.change.expected, back.total.change.expected);
        opposite(there.total.change.low, back.total.change.low);
        opposite(there.total.change.high, back.total.change.high);
        opposite(there.baseline.change.expected, back.baseline.change.expected);
        assert_eq!(there.resources.len(), back.resources.len());
        for (a, b) in there.resources.iter().zip(&back.resources) {
            assert_eq!((&a.name, a.monthly.before, a.monthly.after), (&b.name, b.monthly.after, b.monthly.before));
            opposite(a.monthly.change.expected, b.monthly.change.expected);
        }
        for (a, b) in there.paths.iter().zip(&back.paths) {
            assert_eq!(a.name, b.name);
            opposite(a.per_million.change.expected, b.per_million.change.expected);
        }
        // The change of the whole is that of its parts.
        let parts: f64 = there.resources.iter().map(|one| one.monthly.change.expected).sum();
        assert!(near(parts, there.total.change.expected), "{parts} of {}", there.total.change.expected);
    }
}

/// Families of types that cost nothing by themselves by the public price pages, or whose cost is
/// that of another resource. Written down apart from the program's own list.
const FREE: &[&str] = &[
    "AWS::ApiGateway::A",
    "AWS::ApiGateway::B",
    "AWS::ApiGateway::C",
    "AWS::ApiGateway::D",
    "AWS::ApiGateway::G",
    "AWS::ApiGateway::M",
    "AWS::ApiGateway::Re",
    "AWS::ApiGateway::S",
    "AWS::ApiGateway::U",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::D",
    "AWS::ApiGatewayV2::I",
    "AWS::ApiGatewayV2::M",
    "AWS::ApiGatewayV2::R",
    "AWS::ApiGatewayV2::S",
    "AWS::ApiGatewayV2::A",
    "AWS::AppSync::D",
    "AWS::AppSync::F",
    "AWS::AppSync::GraphQLS",
    "AWS::AppSync::Re",
    "AWS::AppSync::ApiKey",
    "AWS::ApplicationAutoScaling::",
    "AWS::AutoScaling::L",
    "AWS::AutoScaling::S",
    "AWS::AutoScaling::W",
    "AWS::Athena::NamedQuery",
    "AWS::Athena::WorkGroup",
    "AWS::CDK::",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFormation::I",
    "AWS::CloudFormation::M",
    "AWS::CloudFormation::StackSet",
    "AWS::CloudFormation::W",
    "AWS::CloudFront::C",
    "AWS::CloudFront::O",
    "AWS::CloudFront::Re",
    "AWS::CloudFront::Function",
    "AWS::CloudWatch::AnomalyDetector",
    "AWS::CodeDeploy::",
    "AWS::CodeStar",
    "AWS::Cognito::IdentityPool",
    "AWS::Cognito::UserPoolC",
    "AWS::Cognito::UserPoolD",
    "AWS::Cognito::UserPoolG",
    "AWS::Cognito::UserPoolId",
    "AWS::Cognito::UserPoolRes",
    "AWS::Cognito::UserPoolUser",
    "AWS::EC2::CustomerGateway",
    "AWS::EC2::D",
    "AWS::EC2::EIPAssociation",
    "AWS::EC2::EgressOnly",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::KeyPair",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::PrefixList",
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::TransitGatewayRoute",
    "AWS::EC2::VPCC",
    "AWS::EC2::VPCD",
    "AWS::EC2::VPCG",
    "AWS::EC2::VPCEndpointService",
    "AWS::EC2::VPCPeering",
    "AWS::EC2::VolumeAttachment",
    "AWS::ECS::Cluster",
    "AWS::ECS::TaskDef",
    "AWS::EFS::AccessPoint",
    "AWS::EFS::MountTarget",
    "AWS::ElastiCache::ParameterGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::Target",
    "AWS::EventSchemas::",
    "AWS::Events::ApiDestination",
    "AWS::Events::Connection",
    "AWS::Events::Rule",
    "AWS::Events::EventBusPolicy",
    "AWS::Glue::C",
    "AWS::Glue::Trigger",
    "AWS::Glue::Workflow",
    "AWS::IAM::",
    "AWS::IoT::Certificate",
    "AWS::IoT::Policy",
    "AWS::IoT::Thing",
    "AWS::KMS::Alias",
    "AWS::LakeFormation::",
    "AWS::Lambda::A",
    "AWS::Lambda::Code",
    "AWS::Lambda::EventInvoke",
    "AWS::Lambda::EventSource",
    "AWS::Lambda::Layer",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::Lambda::V",
    "AWS::Logs::Dest",
    "AWS::Logs::LogStream",
    "AWS::Logs::QueryDefinition",
    "AWS::Logs::ResourcePolicy",
    "AWS::Logs::Sub",
    "AWS::OpenSearchServerless::AccessPolicy",
    "AWS::OpenSearchServerless::SecurityPolicy",
    "AWS::Organizations::",
    "AWS::RAM::",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::EventSubscription",
    "AWS::RDS::OptionGroup",
    "AWS::Redshift::ClusterP",
    "AWS::Redshift::ClusterS",
    "AWS::ResourceGroups::",
    "AWS::Route53::RecordSet",
    "AWS::S3::AccessPoint",
    "AWS::S3::BucketPolicy",
    "AWS::SES::",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SNS::TopicInline",
    "AWS::SQS::QueuePolicy",
    "AWS::SQS::QueueInline",
    "AWS::SSM::Association",
    "AWS::SSM::Document",
    "AWS::SSM::Maintenance",
    "AWS::SSM::PatchBaseline",
    "AWS::SSM::Parameter",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SecretsManager::R",
    "AWS::SecretsManager::SecretTarget",
    "AWS::ServiceCatalog::",
    "AWS::ServiceDiscovery::HttpNamespace",
    "AWS::Signer::",
    "AWS::StepFunctions::Activity",
    "AWS::StepFunctions::StateMachineA",
    "AWS::StepFunctions::StateMachineV",
    "AWS::WAFv2::IPSet",
    "AWS::WAFv2::Logging",
    "AWS::WAFv2::Regex",
    "AWS::WAFv2::WebACLAssociation",
    "AWS::XRay::",
];

/// Real templates, where the reference data is there: none makes the estimator fail, and what AWS
/// charges for is priced, or named with a reason.
#[test]
fn what_is_charged_in_real_templates_is_priced_or_named() {
    let Ok(shared) = std::env::var("DEWLINE_SHARED") else {
        eprintln!("skipped: DEWLINE_SHARED is not set");
        return;
    };
    let root = std::path::PathBuf::from(shared).join("corpus");
    let manifest = std::fs::read_to_string(root.join("manifest.tsv")).unwrap();
    let rows = manifest.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let rows = rows.filter(|row| row[8] == "template" && row[9] == "real" && row[10] == "1");
    let (mut templates, mut charged, mut silent) = (0, 0, std::collections::BTreeMap::new());
    for row in rows {
        // Every second one: the others add minutes and no kind of template.
        let Ok(bytes) = std::fs::read(root.join(row[11])) else { continue };
        templates += 1;
        if templates % 2 == 0 {
            continue;
        }
        let name = row[11].rsplit('/').next().unwrap();
        let Some(own) = Application::read(name, &String::from_utf8_lossy(&bytes), REGION) else { continue };
        let answer = own.estimate("", REGION, false);
        let mut told: BTreeSet<String> = answer.resources.iter().map(|one| one.name.clone()).collect();
        told.extend(answer.entries.iter().flat_map(|entry| entry.resources.keys().cloned()));
        told.extend(answer.entries.iter().map(|entry| entry.resource.clone()));
        // A meter without a price in the region is named, too.
        told.extend(answer.entries.iter().flat_map(|entry| &entry.reaches).map(|one| one.name.clone()));
        told.extend(answer.open.iter().map(|one| one.resource.clone()));
        told.extend(answer.unpriced.iter().chain(&answer.idle).map(|one| one.name.clone()));
        for resource in own.graph.template().resources() {
            let ty = resource.ty();
            let gateway = ty == "AWS::EC2::VPCEndpoint"
                && resource.property(&["VpcEndpointType"]).text().is_none_or(|kind| kind == "Gateway");
            if ty.is_empty() || ty == "AWS::EC2::VPC" || gateway || FREE.iter().any(|free| ty.starts_with(free)) {
                continue;
            }
            charged += 1;
            if !told.contains(resource.id()) {
                *silent.entry(ty.to_owned()).or_insert(0) += 1;
            }
        }
    }
    let missing: usize = silent.values().sum();
    let share = 1.0 - missing as f64 / f64::from(charged);
    println!("{templates} templates, {charged} charged resources, {:.2} % priced or named\n{silent:#?}", share * 100.0);
    assert!(charged > 1000 && share >= 0.95, "{share}");
}
