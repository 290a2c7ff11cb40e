//! The order of the expansion, and what resources share while they are expanded.

use super::api::usage_plan::SharedUsagePlan;
use super::deployment_preference::Deployments;
use super::intrinsics::{Parameters, Rewrites};
use super::refusal::{Failure, Outcome, Refusal, Refusals};
use super::resource::{Node, Resource};
use super::{
    api, application, capacity_provider, connector, function, graphql, implicit, layer, microvm_image,
    network_connector, order, policies, property, specification, state_machine, structure, table, web_function,
};
use crate::template::lowering::Inputs;
use crate::template::value::{Entry, Kind, Maker, Map, Origin, Text, Value};

/// The state of one expansion.
pub struct Expander {
    /// Parameter values.
    pub parameters: Parameters,
    /// The `Mappings` section.
    pub mappings: Option<Value>,
    /// The resources as SAM has them. Events write into APIs here before these are expanded.
    pub resources: Map,
    /// The resources as CloudFormation gets them.
    pub output: Map,
    /// The `Conditions` section.
    pub conditions: Option<Value>,
    /// What is refused.
    pub refusals: Refusals,
    /// The partition.
    pub partition: &'static str,
    /// References to be rewritten at the end.
    pub rewrites: Rewrites,
    /// Gradual deployments.
    pub deployments: Deployments,
    /// The usage plan that APIs share.
    pub usage_plan: SharedUsagePlan,
    /// Record sets that APIs share.
    pub record_sets: Vec<Resource>,
    /// Whether the reference goes through names in an order of its own.
    pub keeps_order: bool,
    /// Where `Globals` stand.
    pub globals: Option<Origin>,
    /// SAM resources that are refused, wholly or in part.
    pub refused: Vec<Text>,
    /// Destinations that were made for what stands in `Globals`, by its place.
    pub destinations: Vec<(Origin, Value)>,
}

/// What a resource becomes. A failure beside resources leaves a part of them out.
pub struct Expansion {
    /// The resources.
    pub resources: Vec<Resource>,
    /// Why some are missing.
    pub failure: Option<Failure>,
}

impl From<Vec<Resource>> for Expansion {
    fn from(resources: Vec<Resource>) -> Self {
        Self { resources, failure: None }
    }
}

/// Expands `root`.
pub fn run(mut root: Value, inputs: &Inputs) -> (Value, Refusals) {
    let mut refusals = Refusals::default();
    if let Err(failure) = structure::check(&root) {
        refusals.add(failure);
        if root.get("Resources").is_none_or(|resources| resources.as_map().is_none()) {
            return (root, refusals);
        }
    }
    if let Some(mappings) = root.get("Mappings").filter(|mappings| mappings.as_map().is_none()) {
        let text = "'Mappings' or 'Parameters' is either null or not a valid dictionary.";
        refusals.add(Failure::Document(vec![Refusal::template(mappings.origin, text)]));
    }
    let partition = partition(inputs.region_or_default());
    let parameters = parameter_values(&root, inputs, partition);
    let mappings = root.get("Mappings").cloned();
    let globals = root.get("Globals").map(|globals| globals.origin);
    let keeps_order = order::is_kept(&root);
    application::resolve_locations(&mut root, &parameters, &mut refusals);
    implicit::add_bodies(&mut root);
    for kind in [implicit::Kind::Rest, implicit::Kind::Http] {
        if let Err(failure) = implicit::run(&mut root, kind, keeps_order) {
            refusals.add(failure);
        }
    }
    match super::globals::sections(&root) {
        Ok(sections) => {
            for entry in root.get_mut("Resources").and_then(Value::as_map_mut).into_iter().flat_map(Map::iter_mut) {
                if structure::short_type(&entry.value).is_some()
                    && let Err(failure) = super::globals::merge(&entry.key, &mut entry.value, &sections)
                {
                    refusals.add(failure);
                }
            }
        }
        Err(failure) => refusals.add(failure),
    }
    implicit::fix_openapi_versions(&mut root);
    let Some(map) = root.as_map_mut() else { return (root, refusals) };
    map.remove("Globals");
    map.remove("Transform");
    let place = map.get("Resources").map_or(Origin::default(), |resources| resources.origin);
    let Some(Value { kind: Kind::Map(mut resources), .. }) = map.get("Resources").cloned() else {
        return (root, refusals);
    };
    connector::extract_embedded(&mut resources, &mut refusals);
    let mut expander = Expander {
        parameters,
        mappings,
        output: resources.clone(),
        resources,
        conditions: map.remove("Conditions"),
        refusals,
        partition,
        rewrites: Rewrites::default(),
        deployments: Deployments::default(),
        usage_plan: SharedUsagePlan::default(),
        record_sets: Vec::new(),
        keeps_order,
        globals,
        refused: Vec::new(),
        destinations: Vec::new(),
    };
    expander.resources();
    expander.deployments();
    let Expander { output, conditions, refusals, rewrites, .. } = expander;
    map.insert("Resources", Value::new(Kind::Map(output), place));
    if let Some(conditions) = conditions {
        map.insert("Conditions", conditions);
    }
    rewrites.apply(&mut root);
    (root, refusals)
}

/// The partition of `region` as the reference tells it.
fn partition(region: &str) -> &'static str {
    let region = region.to_lowercase();
    [
        ("cn-", "aws-cn"),
        ("us-iso-", "aws-iso"),
        ("us-isob", "aws-iso-b"),
        ("us-gov", "aws-us-gov"),
        ("eu-isoe", "aws-iso-e"),
        ("us-isof", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ]
    .iter()
    .find(|(prefix, _)| region.starts_with(prefix))
    .map_or("aws", |(_, partition)| partition)
}

fn parameter_values(root: &Value, inputs: &Inputs, partition: &str) -> Parameters {
    let make = Maker::new(root.origin);
    let mut values = Map::new();
    for (name, value) in &inputs.parameters {
        values.insert(name.as_str(), make.str(value.as_str()));
    }
    for entry in root.get("Parameters").and_then(Value::as_map).into_iter().flatten() {
        if let Some(default) = entry.value.get("Default")
            && !values.contains_key(&entry.key)
        {
            values.insert(entry.key.clone(), default.clone());
        }
    }
    values.get_or_insert_with("AWS::Region", || make.str(inputs.region_or_default()));
    values.get_or_insert_with("AWS::Partition", || make.str(partition));
    Parameters::new(values)
}

/// The order in which types are expanded.
fn rank(kind: &str) -> Option<u8> {
    Some(match kind {
        "Function" => 0,
        "WebFunction" => 1,
        "StateMachine" => 2,
        "Api" | "HttpApi" | "WebSocketApi" => 3,
        "SimpleTable" | "Application" | "LayerVersion" | "CapacityProvider" | "MicrovmImage" | "NetworkConnector"
        | "GraphQLApi" => 4,
        "Connector" => 5,
        _ => return None,
    })
}

/// Types of CloudFormation that may take the place of a resource of the second type.
const REPLACES: [(&str, &str); 20] = [
    ("AWS::Lambda::Function", "AWS::Serverless::Function"),
    ("AWS::Lambda::WebFunction", "AWS::Serverless::WebFunction"),
    ("AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion"),
    ("AWS::Lambda::CapacityProvider", "AWS::Serverless::CapacityProvider"),
    ("AWS::Lambda::MicrovmImage", "AWS::Serverless::MicrovmImage"),
    ("AWS::Lambda::NetworkConnector", "AWS::Serverless::NetworkConnector"),
    ("AWS::ApiGateway::RestApi", "AWS::Serverless::Api"),
    ("AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi"),
    ("AWS::ApiGatewayV2::Api", "AWS::Serverless::WebSocketApi"),
    ("AWS::S3::Bucket", "AWS::S3::Bucket"),
    ("AWS::SNS::Topic", "AWS::SNS::Topic"),
    ("AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable"),
    ("AWS::CloudFormation::Stack", "AWS::Serverless::Application"),
    ("AWS::Cognito::UserPool", "AWS::Cognito::UserPool"),
    ("AWS::ApiGateway::DomainName", "AWS::ApiGateway::DomainName"),
    ("AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::BasePathMapping"),
    ("AWS::ApiGateway::DomainNameV2", "AWS::ApiGateway::DomainNameV2"),
    ("AWS::ApiGateway::BasePathMappingV2", "AWS::ApiGateway::BasePathMappingV2"),
    ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"),
    ("AWS::AppSync::GraphQLApi", "AWS::Serverless::GraphQLApi"),
];

/// Properties that stand for a generated resource (`Function.Version`), by SAM type.
const REFERABLE: [(&str, &str, &str); 15] = [
    ("Function", "Alias", "AWS::Lambda::Alias"),
    ("Function", "Version", "AWS::Lambda::Version"),
    ("Function", "DestinationTopic", "AWS::SNS::Topic"),
    ("Function", "DestinationQueue", "AWS::SQS::Queue"),
    ("Api", "Stage", "AWS::ApiGateway::Stage"),
    ("Api", "Deployment", "AWS::ApiGateway::Deployment"),
    ("Api", "DomainName", "AWS::ApiGateway::DomainName"),
    ("Api", "DomainNameV2", "AWS::ApiGateway::DomainNameV2"),
    ("Api", "UsagePlan", "AWS::ApiGateway::UsagePlan"),
    ("Api", "UsagePlanKey", "AWS::ApiGateway::UsagePlanKey"),
    ("Api", "ApiKey", "AWS::ApiGateway::ApiKey"),
    ("HttpApi", "Stage", "AWS::ApiGatewayV2::Stage"),
    ("HttpApi", "DomainName", "AWS::ApiGatewayV2::DomainName"),
    ("WebSocketApi", "Stage", "AWS::ApiGatewayV2::Stage"),
    ("WebSocketApi", "DomainName", "AWS::ApiGatewayV2::DomainName"),
];

impl Expander {
    fn resources(&mut self) {
        let mut order: Vec<(u8, Text, Text)> =
            order::of_resources(&self.resources, &["ServerlessRestApi", "ServerlessHttpApi"], self.keeps_order)
                .into_iter()
                .filter_map(|id| {
                    let kind = self.resources.get(&id)?.get("Type")?.as_str()?;
                    let kind = kind.strip_prefix("AWS::Serverless::")?;
                    Some((rank(kind)?, id, kind.into()))
                })
                .collect();
        order.sort_by_key(|(rank, ..)| *rank);
        for (_, id, kind) in order {
            match self.resource(&id, &kind) {
                Ok(expansion) => {
                    if let Some(failure) = expansion.failure {
                        self.refusals.add(failure);
                        self.refused.push(id.clone());
                    }
                    self.replace(&id, &kind, expansion.resources);
                }
                Err(failure) => {
                    self.refusals.add(failure);
                    self.refused.push(id);
                }
            }
        }
    }

    fn resource(&mut self, id: &Text, kind: &str) -> Outcome<Expansion> {
        use specification::resources as specifications;
        let Some(entry) = self.resources.entry(id) else { return Ok(Vec::new().into()) };
        let mut node = Node::read(id, entry.key_origin, &entry.value)?;
        match kind {
            "Function" | "StateMachine" => policies::expand_templates(&node.id, &mut node.properties)?,
            "Application" => application::locate(&mut node)?,
            _ => {}
        }
        let specification = match kind {
            "Function" => specifications::FUNCTION,
            "WebFunction" => specifications::WEB_FUNCTION,
            "StateMachine" => specifications::STATE_MACHINE,
            "Api" => specifications::API,
            "HttpApi" => specifications::HTTP_API,
            "WebSocketApi" => specifications::WEB_SOCKET_API,
            "SimpleTable" => specifications::SIMPLE_TABLE,
            "Application" => specifications::APPLICATION,
            "LayerVersion" => specifications::LAYER_VERSION,
            "CapacityProvider" => specifications::CAPACITY_PROVIDER,
            "MicrovmImage" => specifications::MICROVM_IMAGE,
            "NetworkConnector" => specifications::NETWORK_CONNECTOR,
            "GraphQLApi" => specifications::GRAPHQL_API,
            _ => specifications::CONNECTOR,
        };
        let full = format!("AWS::Serverless::{kind}");
        let ordered = self.keeps_order && matches!(kind, "Api" | "HttpApi");
        property::check(&node.id, &full, node.properties_origin, &node.properties, specification, ordered)?;
        match kind {
            "Function" => function::expand(self, node),
            "WebFunction" => web_function::expand(self, &mut node).map(Into::into),
            "StateMachine" => state_machine::expand(self, node),
            "Api" => api::rest::expand(self, node).map(Into::into),
            "HttpApi" => api::http::expand(self, node).map(Into::into),
            "WebSocketApi" => api::websocket::expand(self, node).map(Into::into),
            "SimpleTable" => table::expand(&node).map(|table| vec![table].into()),
            "Application" => Ok(vec![application::expand(&node)?].into()),
            "LayerVersion" => layer::expand(self, node).map(|layer| vec![layer].into()),
            "CapacityProvider" => capacity_provider::expand(self, &node).map(Into::into),
            "MicrovmImage" => microvm_image::expand(self, &mut node).map(Into::into),
            "NetworkConnector" => network_connector::expand(self, &node).map(Into::into),
            "GraphQLApi" => graphql::expand(self, &node).map(Into::into),
            _ => connector::expand(self, &node).map(Into::into),
        }
    }

    /// Puts `made` in the place of the SAM resource `id`.
    fn replace(&mut self, id: &Text, kind: &str, made: Vec<Resource>) {
        for (sam, property, cfn) in REFERABLE {
            if sam == kind
                && let Some(resource) = made.iter().rfind(|resource| resource.kind == cfn)
            {
                self.rewrites.properties.push((id.clone(), property, resource.id.clone()));
            }
        }
        if kind == "LayerVersion"
            && let Some(layer) = made.first()
        {
            self.rewrites.ids.push((id.clone(), layer.id.clone()));
        }
        let mut place = self.output.iter().position(|entry| entry.key == *id);
        let mut rest: Vec<Entry> = std::mem::take(&mut self.output).into_iter().collect();
        if let Some(at) = place {
            rest.remove(at);
        }
        for resource in made {
            let known = self.resources.get(&resource.id).and_then(|known| known.get("Type")).and_then(Value::as_str);
            if self.resources.contains_key(&resource.id)
                && !REPLACES.iter().any(|(new, old)| *new == resource.kind && Some(*old) == known)
            {
                self.refusals.push(Refusal::duplicate(id, resource.key_origin, &resource.id, resource.kind));
                continue;
            }
            let entry = resource.into_entry();
            match rest.iter_mut().find(|known| known.key == entry.key) {
                Some(known) => *known = entry,
                None => {
                    // Generated resources stand beside the one that caused them.
                    let at = place.unwrap_or(rest.len()).min(rest.len());
                    rest.insert(at, entry);
                    place = Some(at + 1);
                }
            }
        }
        self.output = rest.into_iter().collect();
    }

    /// Adds a condition to the template.
    pub fn add_condition(&mut self, name: impl Into<Text>, definition: Value) {
        let origin = definition.origin;
        let conditions = self.conditions.get_or_insert_with(|| Value::new(Kind::Map(Map::new()), origin));
        if let Some(map) = conditions.as_map_mut() {
            map.insert(name, definition);
        }
    }

    /// Adds a resource of CloudFormation that no single SAM resource causes.
    pub fn add(&mut self, resource: Resource) {
        let Entry { key, key_origin, value } = resource.into_entry();
        self.output.insert_at(key, key_origin, value);
    }

    /// The ARN of the AWS managed policy at `path`.
    pub fn managed(&self, make: Maker, path: &str) -> Value {
        super::iam::managed(make, self.partition, path)
    }
}
