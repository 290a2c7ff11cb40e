//! Roles with their statements, what they grant, and policies of resources.

use super::super::edge::{Certainty, EdgeKind, Qualifier};
use super::super::node::{NodeId, NodeKind, NodeRef};
use super::super::part::Part;
use super::super::view::managed;
use super::super::view::role::{ResourcePolicyData, RoleData};
use super::super::view::statement::{self, Effect, Statement, Term};
use super::super::{Graph, Resource};
use super::{Links, edge};
use crate::template::unknown;

/// Reads roles and all policies attached to them.
pub(super) fn roles(links: &mut Links<'_>) {
    let graph = links.graph;
    let attached: Vec<Attached> = graph
        .template()
        .resources()
        .filter(|one| matches!(one.ty(), "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::RolePolicy"))
        .map(|resource| attached(graph, resource))
        .collect();
    for node in graph.nodes_of(NodeKind::Role) {
        let Some(resource) = node.resource() else { continue };
        let part = Part::of(resource);
        let id = resource.id();
        let mut role = RoleData {
            node: node.index(),
            trust: statement::read(graph, &part, &["AssumeRolePolicyDocument"], id),
            statements: Vec::new(),
            managed: Vec::new(),
            complete: part.is_known() && !resource.is_incomplete(),
        };
        for policy in part.each(&["Policies"]) {
            role.complete &= policy.is_known();
            role.statements.extend(statement::read(graph, &policy, &["PolicyDocument"], id));
        }
        for item in part.each(&["ManagedPolicyArns"]) {
            let text = item.eval().symbolic();
            let target = graph.find(item.eval(), None).node();
            if let Some(policy) = target.and_then(|node| attached.iter().find(|one| one.node == node)) {
                role.statements.extend(policy.statements.iter().cloned());
                continue;
            }
            let name = text.as_deref().and_then(|arn| arn.rsplit('/').next());
            role.complete &= name.is_some_and(managed::is_known);
            role.managed.push(Term { text, origin: item.origin(), target });
        }
        for policy in &attached {
            if policy.roles.contains(&node.index()) {
                role.statements.extend(policy.statements.iter().cloned());
            }
            role.complete &= policy.complete;
        }
        role.complete &= role.statements.iter().all(|one| !one.unknown);
        links.details.roles.push(role);
    }
}

/// A policy resource with the roles it is attached to.
struct Attached {
    node: NodeId,
    roles: Vec<NodeId>,
    statements: Vec<Statement>,
    /// Whether all roles it is attached to are known.
    complete: bool,
}

fn attached(graph: &Graph, resource: Resource<'_>) -> Attached {
    let part = Part::of(resource);
    let mut found = Attached {
        node: graph.by_id.get(resource.id()).copied().unwrap_or_default(),
        roles: Vec::new(),
        statements: statement::read(graph, &part, &["PolicyDocument"], resource.id()),
        complete: true,
    };
    let mut names = part.each(&["Roles"]);
    names.extend(part.all(&["RoleName"]));
    for name in names {
        match graph.find(name.eval(), Some(NodeKind::Role)) {
            super::super::resolve::Found::Node(role, _) => found.roles.push(role),
            super::super::resolve::Found::Unknown => found.complete = false,
            _ => {}
        }
    }
    found
}

/// What a grant of an action on a kind of resource means.
const GRANTS: &[(NodeKind, EdgeKind, &[&str])] = &[
    (NodeKind::Queue, EdgeKind::Publishes, &["sqs:SendMessage"]),
    (NodeKind::Queue, EdgeKind::Reads, &["sqs:ReceiveMessage"]),
    (NodeKind::Topic, EdgeKind::Publishes, &["sns:Publish"]),
    (NodeKind::Bus, EdgeKind::Publishes, &["events:PutEvents"]),
    (
        NodeKind::Table,
        EdgeKind::Reads,
        &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem"],
    ),
    (
        NodeKind::Table,
        EdgeKind::Writes,
        &[
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:PartiQLInsert",
        ],
    ),
    (NodeKind::Stream, EdgeKind::Publishes, &["kinesis:PutRecord", "kinesis:PutRecords"]),
    (NodeKind::Stream, EdgeKind::Reads, &["kinesis:GetRecords"]),
    (NodeKind::Firehose, EdgeKind::Publishes, &["firehose:PutRecord", "firehose:PutRecordBatch"]),
    (NodeKind::Bucket, EdgeKind::Reads, &["s3:GetObject", "s3:ListBucket"]),
    (NodeKind::Bucket, EdgeKind::Writes, &["s3:PutObject", "s3:DeleteObject"]),
    (NodeKind::Function, EdgeKind::InvokesSync, &["lambda:InvokeFunction"]),
    (NodeKind::StateMachine, EdgeKind::InvokesAsync, &["states:StartExecution"]),
    (NodeKind::StateMachine, EdgeKind::InvokesSync, &["states:StartSyncExecution"]),
    (
        NodeKind::Secret,
        EdgeKind::Reads,
        &["secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
    ),
    (NodeKind::Key, EdgeKind::Reads, &["kms:Decrypt", "kms:GenerateDataKey"]),
    (NodeKind::RestApi, EdgeKind::InvokesSync, &["execute-api:Invoke"]),
    (NodeKind::HttpApi, EdgeKind::InvokesSync, &["execute-api:Invoke"]),
    (NodeKind::WebSocketApi, EdgeKind::Publishes, &["execute-api:ManageConnections"]),
];

/// Edges from functions to what their roles name. State machines, rules and pipes say
/// themselves what they call.
pub(super) fn grants(links: &mut Links<'_>) {
    let graph = links.graph;
    for role in graph.roles() {
        let users: Vec<NodeRef<'_>> = role.users().filter(|user| user.kind() == NodeKind::Function).collect();
        if users.is_empty() {
            continue;
        }
        let mut granted: Vec<(NodeId, EdgeKind)> = Vec::new();
        for statement in role.statements().iter().filter(|one| one.effect == Effect::Allow) {
            for term in &statement.resources {
                let Some(target) = term.target else { continue };
                // The stream of a table is not its items.
                if term.text.as_deref().is_some_and(|text| unknown::marks(text).any(|(m, _)| m.ends_with(".StreamArn")))
                {
                    continue;
                }
                let kind = graph.net[target].kind;
                for (_, means, actions) in GRANTS.iter().filter(|(of, ..)| *of == kind) {
                    let covered = actions.iter().any(|action| statement.covers_action(action) == Some(true));
                    if !covered || granted.contains(&(target, *means)) {
                        continue;
                    }
                    granted.push((target, *means));
                    for user in &users {
                        let mut edge = edge(*means, Qualifier::None, term.origin, role.node().resource());
                        edge.certainty = Certainty::Granted;
                        links.add_edge(user.index(), target, edge);
                    }
                }
            }
        }
    }
}

/// Policies that guard resources, and permissions of functions.
pub(super) fn guards(links: &mut Links<'_>) {
    let graph = links.graph;
    for resource in graph.template().resources() {
        let (targets, document): (&str, &[&str]) = match resource.ty() {
            "AWS::SQS::QueuePolicy" | "AWS::SQS::QueueInlinePolicy" => ("Queues", &["PolicyDocument"]),
            "AWS::SNS::TopicPolicy" | "AWS::SNS::TopicInlinePolicy" => ("Topics", &["PolicyDocument"]),
            "AWS::S3::BucketPolicy" => ("Bucket", &["PolicyDocument"]),
            "AWS::SecretsManager::ResourcePolicy" => ("SecretId", &["ResourcePolicy"]),
            "AWS::Events::EventBusPolicy" => ("EventBusName", &["Statement"]),
            "AWS::Kinesis::ResourcePolicy" => ("ResourceArn", &["ResourcePolicy"]),
            "AWS::KMS::Key" => ("", &["KeyPolicy"]),
            "AWS::ApiGateway::RestApi" => ("", &["Policy"]),
            "AWS::Events::EventBus" => ("", &["Policy"]),
            "AWS::DynamoDB::Table" => ("", &["ResourcePolicy", "PolicyDocument"]),
            "AWS::Lambda::Permission" => {
                permission(links, resource);
                continue;
            }
            _ => continue,
        };
        let Some(&own) = graph.by_id.get(resource.id()) else { continue };
        let part = Part::of(resource);
        let statements = match document {
            // The statement of a bus policy stands without a document around it.
            ["Statement"] => statement::read(graph, &part, &[], resource.id()),
            _ => statement::read(graph, &part, document, resource.id()),
        };
        let mut complete = true;
        let targets: Vec<NodeId> = if targets.is_empty() {
            vec![own]
        } else {
            let kind = match targets {
                "Queues" | "Queue" => NodeKind::Queue,
                "Topics" => NodeKind::Topic,
                "Bucket" => NodeKind::Bucket,
                "EventBusName" => NodeKind::Bus,
                _ => NodeKind::Secret,
            };
            let mut items = part.each(&[targets]);
            items.extend(part.each(&["Queue"]).into_iter().filter(|_| targets == "Queues"));
            items.extend(part.each(&["TopicArn"]).into_iter().filter(|_| targets == "Topics"));
            let mut nodes = Vec::new();
            for item in items {
                let found = graph.find(item.eval(), Some(kind));
                complete &= !matches!(found, super::super::resolve::Found::Unknown);
                nodes.extend(found.node());
            }
            nodes
        };
        if statements.is_empty() {
            continue;
        }
        for target in &targets {
            if *target != own {
                links.add(own, EdgeKind::Protects, *target, resource.origin(), None);
            }
        }
        links.details.resource_policies.push(ResourcePolicyData {
            targets,
            statements,
            holder: resource.id().into(),
            complete,
        });
    }
}

fn permission<'g>(links: &mut Links<'g>, resource: Resource<'g>) {
    let graph = links.graph;
    let Some(&own) = graph.by_id.get(resource.id()) else { return };
    let function = resource.property(&["FunctionName"]);
    links.to(own, EdgeKind::Protects, &function, Some(NodeKind::Function), None);
}
